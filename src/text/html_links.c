/* Links and pictures in HTML. Where a link leads is the hook's business; that the address
 * is safe, well-formed and escaped is settled here once more, whatever the hook says. */
#include "text/html.h"

/* Whatever a hook answers, an unsafe address is not written. */
LinkTarget html_target(Html *html, ptrdiff_t index) {
    DocLink link = md_link(html->doc, index, html->arena);
    LinkTarget target = {.href = link.target, .external = url_is_external(link.target)};
    if (html->hooks && html->hooks->link)
        target = html->hooks->link(html->hooks->self, index + html->link_shift, &link);
    target.dropped =
        target.dropped || !url_is_safe(target.href) || !url_is_wellformed(target.href);
    return target;
}

bool html_attr_target(Html *html, const MdNode *node, Str key, LinkTarget *target) {
    const MdAttrs *attrs = node->attrs;
    for (int i = 0; attrs && i < attrs->n; i++) {
        if (attrs->links && attrs->links[i] >= 0 && str_equal(attrs->items[i].key, key)) {
            *target = html_target(html, attrs->links[i]);
            return !target->dropped;
        }
    }
    return false;
}

static void put_attribute(Html *html, const char *name, Str value) {
    buf_cstr(html->out, name);
    buf_html(html->out, value);
    buf_char(html->out, '"');
}

void html_open_link(Html *html, const LinkTarget *target, Str title) {
    PUT(html, "<a href=\"");
    url_put(html->out, target->href);
    PUT(html, "\"");
    if (title.len)
        put_attribute(html, " title=\"", title);
    if (html->sponsored)
        PUT(html, " rel=\"sponsored noopener\"");
    else if (target->external)
        PUT(html, " rel=\"noopener\"");
    PUT(html, ">");
}

/* Does anything below show? A link around nothing would be a trap for the keyboard. */
static bool is_empty(const MdNode *node) {
    for (const MdNode *child = node->child; child; child = child->next)
        if (child->kind == MD_IMAGE || child->kind == MD_REF || child->text.len ||
            !is_empty(child))
            return false;
    return true;
}

void html_link(Html *html, const MdNode *node) {
    LinkTarget target = {.dropped = true};
    if (node->number >= 0 && !html->in_link)
        target = html_target(html, node->number);
    if (target.dropped) {
        html_children(html, node);
        return;
    }
    html_open_link(html, &target, node->title);
    html->in_link = true;
    if (is_empty(node))
        buf_html(html->out, md_clean(html->doc, node->text));
    html_children(html, node);
    html->in_link = false;
    PUT(html, "</a>");
}

void html_wiki(Html *html, const MdNode *node) {
    LinkTarget target = {.dropped = true};
    if (node->number >= 0)
        target = html_target(html, node->number);
    bool link = !target.dropped && !html->in_link;
    if (link)
        html_open_link(html, &target, (Str){0});
    if (node->child)
        html_children(html, node);
    else
        buf_html(html->out, target.text.len ? target.text : node->text);
    if (link)
        PUT(html, "</a>");
}

void html_image(Html *html, const LinkTarget *target, Str alt, Str title, int width) {
    int w = target->width, h = target->height;
    if (width > 0 && (w == 0 || width < w)) {
        h = w > 0 ? (int)((int64_t)h * width / w) : 0;
        w = width;
    }
    PUT(html, "<img src=\"");
    url_put(html->out, target->href);
    put_attribute(html, "\" alt=\"", alt);
    if (title.len)
        put_attribute(html, " title=\"", title);
    if (w > 0)
        buf_printf(html->out, " width=\"%d\"", w);
    if (h > 0)
        buf_printf(html->out, " height=\"%d\"", h);
    PUT(html, " loading=\"lazy\" decoding=\"async\"");
    if (target->external)
        PUT(html, " referrerpolicy=\"no-referrer\"");
    PUT(html, ">");
}

void html_picture_titled(Html *html, const MdNode *node, Str title) {
    Str alt = md_text_str(node, html->arena);
    LinkTarget target = {.dropped = true};
    if (node->number >= 0)
        target = html_target(html, node->number);
    if (target.dropped)
        buf_html(html->out, alt);
    else
        html_image(html, &target, alt, title, 0);
}

void html_picture(Html *html, const MdNode *node) {
    html_picture_titled(html, node, node->title);
}
