/* Fenced code, by the first word of its info string.
 *
 * A kind of fence is a row and a function: what is drawn or set at build time (diagrams,
 * formulas) and what is only shown differ in nothing else. The last row takes every
 * language. `title="…"` is a caption. */
#include "text/html.h"

enum {
    LINE_MAX_SHOWN = 30
}; /* longer lines may scroll, so the keyboard must reach them */

typedef struct Fence {
    const MdNode *node;
    Str language; /* lower case is the author's business */
    const MdAttrs *attrs;
} Fence;

static bool has_long_line(Str code) {
    Str line;
    while (str_next_line(&code, &line))
        if (line.len > LINE_MAX_SHOWN)
            return true;
    return false;
}

static void put_code(Html *html, const Fence *fence, bool named) {
    if (has_long_line(fence->node->text)) {
        PUT(html, "<pre tabindex=\"0\"><code");
    } else {
        PUT(html, "<pre><code");
    }
    if (named && fence->language.len) {
        PUT(html, " class=\"language-");
        buf_html(html->out, fence->language);
        PUT(html, "\"");
    }
    PUT(html, ">");
    buf_html(html->out, fence->node->text);
    PUT(html, "</code></pre>");
}

static void put_language(Html *html, const Fence *fence) { put_code(html, fence, true); }
static void put_plain(Html *html, const Fence *fence) { put_code(html, fence, false); }

static const struct {
    const char *name;
    void (*html)(Html *html, const Fence *fence);
} fence_kinds[] = {
    {"text", put_plain},
    {"txt", put_plain},
    {"plain", put_plain},
    {NULL, put_language},
};

static Fence read_fence(Html *html, const MdNode *node) {
    Str info = str_trim(node->title);
    ptrdiff_t end = 0;
    while (end < info.len && !char_is_space(info.data[end]) && info.data[end] != '{' &&
           info.data[end] != ',')
        end++;
    Fence fence = {.node = node, .language = str_slice(info, 0, end)};
    if (end < info.len)
        fence.attrs = attrs_read(html->doc->region, str_from_offset(info, end), 0);
    return fence;
}

void html_fence(Html *html, const MdNode *node) {
    Fence fence = read_fence(html, node);
    Str title = attrs_get(fence.attrs, S("title"));
    int kind = 0;
    while (fence_kinds[kind].name &&
           !str_equal(fence.language, str_from(fence_kinds[kind].name)))
        kind++;
    html_line(html);
    if (title.len) {
        PUT(html, "<figure class=\"code\"><figcaption>");
        buf_html(html->out, title);
        PUT(html, "</figcaption>\n");
    }
    fence_kinds[kind].html(html, &fence);
    if (title.len)
        PUT(html, "</figure>");
    PUT(html, "\n");
}
