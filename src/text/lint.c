/* What an author should know before readers see it: the style warnings.
 *
 * One walk over the tree, on the first parse only. Rules look at nodes, so code is never
 * taken for prose; places are looked up in the source (md_locate), because cmark-gfm's
 * columns of inlines are approximate. CONTENT.md, "Diagnostics". */
#include "text/tree.h"

#include <string.h>

/* The numbers that a sequence of items, headings or paragraphs had last; 0: none yet. */
typedef struct Numbers {
    int64_t items, paragraphs, headings[7];
} Numbers;

typedef struct Lint {
    Doc *doc;
    DiagList *diags;
    int wrong_line;  /* the last line with wrongly decoded text */
    Str last_word;   /* of the text before, while only white space came since */
    int level;       /* of the heading before; 1 is the page's title */
    Numbers numbers; /* of the top level and of directives */
} Lint;

#define WARN(lint, code, offset, ...)                                                    \
    md_report((lint)->doc, (code), (offset), __VA_ARGS__)

static ptrdiff_t place(const Lint *lint, const MdNode *node) {
    return md_offset(lint->doc, node->line, node->column);
}

/* ---- text ---- */

static void check_decoding(Lint *lint, const MdNode *node) {
    Mojibake found;
    if (node->line == lint->wrong_line || !mojibake_find(node->text, 0, &found))
        return;
    lint->wrong_line = node->line;
    Str wrong = str_slice(node->text, found.from, found.to);
    Diag *diag = WARN(lint, DIAG_WRONG_DECODING, md_locate(lint->doc, node, wrong),
                      "'%.*s' should be '%s'", STR_ARG(wrong), found.meant);
    if (diag)
        diag_hint(lint->diags, diag, "the text is UTF-8 that was read as %s",
                  found.charset);
}

/* Words that may well stand twice. */
static bool may_repeat(Str word) {
    static const Str words[] = {STR_INIT("that"), STR_INIT("had"),  STR_INIT("very"),
                                STR_INIT("so"),   STR_INIT("no"),   STR_INIT("bla"),
                                STR_INIT("blah"), STR_INIT("ha"),   STR_INIT("bye"),
                                STR_INIT("nous"), STR_INIT("vous"), STR_INIT("die"),
                                STR_INIT("das"),  STR_INIT("der"),  STR_INIT("sie")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_equal_nocase(word, words[i]))
            return true;
    return false;
}

/* What a byte is between words: letters and all that is not ASCII make words. A table,
 * since every byte of every page is looked up. */
enum { BYTE_OTHER, BYTE_SPACE, BYTE_WORD };
#define FOUR(kind) kind, kind, kind, kind
#define SIXTEEN(kind) FOUR(kind), FOUR(kind), FOUR(kind), FOUR(kind)
#define LETTERS                                                                          \
    BYTE_OTHER, BYTE_WORD, BYTE_WORD, BYTE_WORD, FOUR(BYTE_WORD), FOUR(BYTE_WORD),       \
        FOUR(BYTE_WORD), FOUR(BYTE_WORD), FOUR(BYTE_WORD), BYTE_WORD, BYTE_WORD,         \
        BYTE_WORD, BYTE_OTHER, FOUR(BYTE_OTHER)
static const unsigned char byte_kinds[256] = {
    FOUR(BYTE_OTHER),
    FOUR(BYTE_OTHER),
    BYTE_OTHER,
    FOUR(BYTE_SPACE),
    BYTE_SPACE,
    BYTE_OTHER,
    BYTE_OTHER,
    SIXTEEN(BYTE_OTHER), /* 0x00: \t to \r are white space */
    BYTE_SPACE,
    BYTE_OTHER,
    BYTE_OTHER,
    BYTE_OTHER,
    FOUR(BYTE_OTHER),
    FOUR(BYTE_OTHER),
    FOUR(BYTE_OTHER),
    SIXTEEN(BYTE_OTHER), /* 0x20 */
    LETTERS,
    LETTERS, /* 0x40, 0x60 */
    SIXTEEN(BYTE_WORD),
    SIXTEEN(BYTE_WORD),
    SIXTEEN(BYTE_WORD),
    SIXTEEN(BYTE_WORD),
    SIXTEEN(BYTE_WORD),
    SIXTEEN(BYTE_WORD),
    SIXTEEN(BYTE_WORD),
    SIXTEEN(BYTE_WORD)};

static unsigned char byte_kind(Str text, ptrdiff_t at) {
    return byte_kinds[(unsigned char)text.data[at]];
}

static bool is_doubled(const Lint *lint, Str text, ptrdiff_t from, ptrdiff_t to) {
    Str word = {text.data + from, to - from};
    return word.len > 1 && str_equal_nocase(word, lint->last_word) &&
           (to == text.len || text.data[to] != '-') && !may_repeat(word);
}

/* Every byte of every page comes by here, so words are only compared where their length
 * and first letter agree. */
static void check_words(Lint *lint, const MdNode *node) {
    Str text = node->text, *last = &lint->last_word;
    for (ptrdiff_t at = 0; at < text.len;) {
        ptrdiff_t from = at;
        while (at < text.len && byte_kind(text, at) == BYTE_WORD)
            at++;
        if (at - from == last->len && at > from &&
            ((text.data[from] ^ last->data[0]) & ~0x20) == 0 &&
            is_doubled(lint, text, from, at))
            WARN(lint, DIAG_DOUBLED_WORD,
                 md_locate(lint->doc, node, str_slice(text, from, at)),
                 "'%.*s' stands twice in a row", (int)(at - from), text.data + from);
        if (at > from) {
            bool alone = from == 0 || byte_kind(text, from - 1) == BYTE_SPACE;
            *last = (Str){text.data + from, alone ? at - from : 0};
        }
        for (; at < text.len && byte_kind(text, at) != BYTE_WORD; at++)
            if (byte_kind(text, at) == BYTE_OTHER)
                last->len = 0;
    }
}

/* ---- links and pictures ---- */

static void check_destination(Lint *lint, const MdNode *node) {
    ptrdiff_t at = place(lint, node);
    if (node->problem == MD_EMPTY)
        WARN(lint, DIAG_EMPTY_LINK, at, "this link leads nowhere");
    if (node->problem == MD_MALFORMED)
        WARN(lint, DIAG_UNSAFE_LINK, at, "the address '%.*s' is malformed",
             STR_ARG(node->text));
    if (node->problem == MD_UNSAFE)
        WARN(lint, DIAG_UNSAFE_LINK, at, "the link to '%.*s' is not allowed",
             STR_ARG(node->text));
}

/* What editors and converters put where a description should stand. */
static bool is_placeholder(Str alt, Str url) {
    static const Str words[] = {
        STR_INIT("alt text"),
        STR_INIT("alt"),
        STR_INIT("image"),
        STR_INIT("img"),
        STR_INIT("picture"),
        STR_INIT("photo"),
        STR_INIT("screenshot"),
        STR_INIT("diagram"),
        STR_INIT("figure"),
        STR_INIT("untitled"),
        STR_INIT("todo"),
        STR_INIT("image description"),
        STR_INIT("no alternative text description for this image")};
    static const Str endings[] = {STR_INIT(".png"), STR_INIT(".jpg"),  STR_INIT(".jpeg"),
                                  STR_INIT(".gif"), STR_INIT(".webp"), STR_INIT(".svg"),
                                  STR_INIT(".avif")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_equal_nocase(alt, words[i]))
            return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (alt.len > endings[i].len &&
            str_equal_nocase(str_from_offset(alt, alt.len - endings[i].len), endings[i]))
            return true;
    Str file = str_from_offset(url, str_find_last_char(url, '/') + 1);
    ptrdiff_t dot = str_find_last_char(file, '.');
    return str_equal_nocase(alt, dot > 0 ? str_slice(file, 0, dot) : file);
}

static void check_alt(Lint *lint, Str alt, Str url, ptrdiff_t offset) {
    alt = str_trim(alt);
    if (alt.len == 0)
        WARN(lint, DIAG_MISSING_ALT, offset, "picture '%.*s' has no alternative text",
             STR_ARG(url));
    else if (is_placeholder(alt, url))
        WARN(lint, DIAG_PLACEHOLDER_ALT, offset,
             "the alternative text '%.*s' says nothing about the picture", STR_ARG(alt));
    if (url_is_external(url))
        WARN(lint, DIAG_REMOTE_IMAGE, offset,
             "picture '%.*s' is loaded from another host", STR_ARG(url));
}

static void check_image(Lint *lint, const MdNode *node) {
    check_destination(lint, node);
    if (node->problem == MD_FINE)
        check_alt(lint, md_text_str(node, &lint->diags->arena), node->text,
                  place(lint, node));
}

static void check_directive_links(Lint *lint, const MdNode *node) {
    const MdAttrs *attrs = node->attrs;
    for (int i = 0; attrs && i < attrs->n; i++) {
        const DocAttr *attr = &attrs->items[i];
        DocLinkKind kind;
        if (!directive_attr_link(node->directive, attr->key, &kind) || !attr->value.len)
            continue;
        if (kind != DOC_CARD && !url_is_safe(attr->value))
            WARN(lint, DIAG_UNSAFE_LINK, attr->offset,
                 "the link to '%.*s' is not allowed", STR_ARG(attr->value));
        else if (kind != DOC_CARD && !url_is_wellformed(attr->value))
            WARN(lint, DIAG_UNSAFE_LINK, attr->offset, "the address '%.*s' is malformed",
                 STR_ARG(attr->value));
        else if (directive_is(node, "figure"))
            check_alt(lint, attrs_get(attrs, S("alt")), attr->value, attr->offset);
        else if (kind == DOC_IMAGE && url_is_external(attr->value))
            WARN(lint, DIAG_REMOTE_IMAGE, attr->offset,
                 "picture '%.*s' is loaded from another host", STR_ARG(attr->value));
    }
}

/* ---- raw HTML ---- */

/* The tag's name, "</" left out; closing tags were reported with their opening one. */
static void check_html(Lint *lint, const MdNode *node) {
    if (lint->doc->options.raw_html || node->comment)
        return;
    Str html = str_trim(node->text);
    if (str_has_prefix(html, S("</")) && node->kind == MD_HTML_INLINE)
        return;
    ptrdiff_t end = 0;
    while (end < html.len && !char_is_space(html.data[end]) && html.data[end] != '>')
        end++;
    WARN(lint, DIAG_RAW_HTML_DROPPED, md_locate(lint->doc, node, str_slice(html, 0, end)),
         "raw HTML '%.*s>' is left out", (int)(end < 40 ? end : 40), html.data);
}

/* ---- numbers ---- */

/* The number of "7. Something", also in bold; 0 if there is none. */
static int64_t leading_number(const MdNode *node) {
    const MdNode *text = node->child;
    if (text && text->kind == MD_STRONG)
        text = text->child;
    if (!text || text->kind != MD_TEXT)
        return 0;
    ptrdiff_t digits = 0;
    while (digits < text->text.len && digits < 4 &&
           char_is_digit(text->text.data[digits]))
        digits++;
    int64_t number;
    Str rest = str_from_offset(text->text, digits);
    bool marked = rest.len > 1 && (rest.data[0] == '.' || rest.data[0] == ')') &&
                  rest.data[1] == ' ';
    return digits > 0 && digits < 4 && marked &&
                   str_to_int(str_slice(text->text, 0, digits), &number)
               ? number
               : 0;
}

/* A sequence may start anew at 0 or 1, and anywhere once. */
static void check_number(Lint *lint, const MdNode *node, int64_t *last, int64_t number) {
    if (*last > 0 && number != *last + 1 && number > 1)
        WARN(lint, DIAG_LIST_NUMBER_GAP, place(lint, node), "number %lld follows %lld",
             (long long)number, (long long)*last);
    *last = number;
}

/* "1. 1. 1." is a habit of those who let the computer count. */
static bool is_lazy(const MdNode *list) {
    const MdNode *first = list->child, *second = first ? first->next : NULL;
    if (!second || second->number != first->number)
        return false;
    for (const MdNode *item = second; item; item = item->next)
        if (item->number != first->number)
            return false;
    return true;
}

static void check_list(Lint *lint, const MdNode *list, int64_t *last) {
    if (!list->ordered || is_lazy(list)) {
        *last = list->ordered ? 0 : *last;
        return;
    }
    for (const MdNode *item = list->child; item; item = item->next)
        check_number(lint, item, last, item->number);
}

/* ---- headings ---- */

static void check_heading(Lint *lint, const MdNode *node) {
    Numbers *numbers = &lint->numbers;
    int level = node->number;
    if (level > lint->level + 1) {
        Diag *diag =
            WARN(lint, DIAG_HEADING_JUMP, place(lint, node),
                 "a heading of level %d follows one of level %d", level, lint->level);
        if (diag)
            diag_hint(lint->diags, diag, "write %.*s", lint->level + 1, "######");
    }
    lint->level = level;
    numbers->items = numbers->paragraphs = 0;
    for (int deeper = level + 1; deeper <= 6; deeper++)
        numbers->headings[deeper] = 0;
    int64_t number = leading_number(node);
    if (number)
        check_number(lint, node, &numbers->headings[level], number);
}

/* ---- the walk ---- */

static void check_children(Lint *lint, const MdNode *parent);

static void check_inline(Lint *lint, const MdNode *node) {
    if (node->kind == MD_TEXT) {
        check_decoding(lint, node);
        check_words(lint, node);
        return;
    }
    if (node->kind == MD_SOFTBREAK)
        return;
    lint->last_word = (Str){0};
    if (node->kind == MD_LINK)
        check_destination(lint, node);
    else if (node->kind == MD_IMAGE)
        check_image(lint, node);
    else if (node->kind == MD_HTML_INLINE)
        check_html(lint, node);
    check_children(lint, node);
    lint->last_word = (Str){0};
}

/* Lists and paragraphs that stand side by side may be one sequence of numbers; inside an
 * item or a quote another one begins. */
static void check_block(Lint *lint, const MdNode *node) {
    lint->last_word = (Str){0};
    int64_t number;
    switch ((MdKind)node->kind) {
    case MD_HEADING:
        check_heading(lint, node);
        break;
    case MD_LIST:
        check_list(lint, node, &lint->numbers.items);
        break;
    case MD_PARAGRAPH:
        number = leading_number(node);
        if (number)
            check_number(lint, node, &lint->numbers.paragraphs, number);
        break;
    case MD_HTML_BLOCK:
        check_html(lint, node);
        break;
    case MD_DIRECTIVE:
        check_directive_links(lint, node);
        break;
    default:
        break;
    }
    Numbers outer = lint->numbers;
    bool inner = node->kind == MD_ITEM || node->kind == MD_QUOTE ||
                 node->kind == MD_DIRECTIVE || node->kind == MD_FOOTNOTE;
    if (inner)
        lint->numbers = (Numbers){0};
    check_children(lint, node);
    if (inner)
        lint->numbers = outer;
}

static void check_node(Lint *lint, const MdNode *node) {
    if (node->kind < MD_TEXT)
        check_block(lint, node);
    else
        check_inline(lint, node);
}

static void check_children(Lint *lint, const MdNode *parent) {
    for (const MdNode *node = parent->child; node; node = node->next)
        check_node(lint, node);
}

void md_lint(Doc *doc) {
    Lint lint = {.doc = doc, .diags = doc->diags, .level = 1};
    for (int i = 0; i < doc->n_blocks + doc->n_footnotes; i++)
        check_node(&lint, doc->blocks[i].node);
}
