/* How each directive is written: HTML that reads well without script or style sheet.
 *
 * Boxes are <aside role="note">: not landmarks, of which a page must not have many.
 * Titles are paragraphs, not headings, so that they don't disturb the page's contents
 * list. */
#include "text/html.h"

static void put_text(Html *html, const char *before, Str text, const char *after) {
    buf_cstr(html->out, before);
    buf_html(html->out, text);
    buf_cstr(html->out, after);
}

static Str attr(const MdNode *node, const char *key) {
    return attrs_get(node->attrs, str_from(key));
}

static void put_content(Html *html, const MdNode *node) {
    html_children(html, node);
    html_line(html);
}

static void open_box(Html *html, const char *class, Str label) {
    put_text(html, "<aside class=\"", str_from(class), "\" role=\"note\"");
    put_text(html, " aria-label=\"", label, "\">\n");
}

void html_unknown_directive(Html *html, const MdNode *node) {
    PUT(html, "<div>\n");
    put_content(html, node);
    PUT(html, "</div>\n");
}

/* ---- boxes ---- */

static Str alert_title(Html *html, const MdNode *node) {
    const struct {
        const char *name;
        Str word;
    } words[] = {{"note", html->words->note},
                 {"tip", html->words->tip},
                 {"important", html->words->important},
                 {"warning", html->words->warning},
                 {"caution", html->words->caution}};
    Str title = attr(node, "title");
    for (size_t i = 0; title.len == 0 && i < sizeof words / sizeof *words; i++)
        if (str_equal(str_from(words[i].name), str_from(node->directive->name)))
            title = words[i].word;
    return title;
}

void html_alert(Html *html, const MdNode *node) {
    Str title = alert_title(html, node);
    put_text(html, "<aside class=\"alert ", str_from(node->directive->name), "\"");
    put_text(html, " role=\"note\" aria-label=\"", title, "\">\n");
    put_text(html, "<p class=\"alert-title\">", title, "</p>\n");
    put_content(html, node);
    PUT(html, "</aside>\n");
}

void html_question(Html *html, const MdNode *node) {
    Str title = attr(node, "title");
    if (title.len == 0)
        title = html->words->question;
    open_box(html, "question", title);
    put_text(html, "<p class=\"question-title\">", title, "</p>\n");
    put_content(html, node);
    PUT(html, "</aside>\n");
}

void html_details(Html *html, const MdNode *node) {
    Str summary = attr(node, "summary");
    if (attrs_find(node->attrs, S("open")))
        PUT(html, "<details open>\n");
    else
        PUT(html, "<details>\n");
    put_text(html, "<summary>", summary.len ? summary : html->words->details,
             "</summary>\n");
    put_content(html, node);
    PUT(html, "</details>\n");
}

/* The label stands beside the sponsor's name, and every link inside is marked. */
void html_sponsor(Html *html, const MdNode *node) {
    LinkTarget target;
    Str cta = attr(node, "cta"), name = attr(node, "name");
    bool before = html->sponsored;
    html->sponsored = true;
    open_box(html, "sponsor", html->words->sponsored);
    put_text(html, "<p class=\"sponsor-label\">", html->words->sponsored, "");
    if (name.len)
        put_text(html, ": <strong>", name, "</strong>");
    PUT(html, "</p>\n");
    if (html_attr_target(html, node, S("image"), &target)) {
        PUT(html, "<p>");
        html_image(html, &target, name, (Str){0}, 0);
        PUT(html, "</p>\n");
    }
    put_content(html, node);
    if (html_attr_target(html, node, S("url"), &target)) {
        PUT(html, "<p class=\"sponsor-link\">");
        html_open_link(html, &target, (Str){0});
        buf_html(html->out, cta.len ? cta : name.len ? name : target.href);
        PUT(html, "</a></p>\n");
    }
    PUT(html, "</aside>\n");
    html->sponsored = before;
}

/* ---- pictures ---- */

static int attr_number(const MdNode *node, const char *key) {
    int64_t number;
    return str_to_int(attr(node, key), &number) && number > 0 && number <= 10000
               ? (int)number
               : 0;
}

/* With a picture, the content is the caption; without, it is what the figure shows. */
void html_figure(Html *html, const MdNode *node) {
    LinkTarget target;
    Str caption = attr(node, "caption");
    bool picture = html_attr_target(html, node, S("src"), &target);
    PUT(html, "<figure>\n");
    if (picture)
        html_image(html, &target, attr(node, "alt"), (Str){0},
                   attr_number(node, "width"));
    else
        put_content(html, node);
    if (caption.len || (picture && node->child)) {
        put_text(html, "<figcaption>", caption, "");
        if (picture)
            html_children(html, node);
        PUT(html, "</figcaption>");
    }
    PUT(html, "</figure>\n");
}

/* A link with a picture: nothing is loaded from the video's host. */
void html_video(Html *html, const MdNode *node) {
    LinkTarget url, poster;
    Str title = attr(node, "title");
    bool linked = html_attr_target(html, node, S("url"), &url);
    PUT(html, "<figure class=\"video\">");
    if (linked)
        html_open_link(html, &url, (Str){0});
    if (html_attr_target(html, node, S("poster"), &poster))
        html_image(html, &poster, (Str){0}, (Str){0}, 0);
    put_text(html, "<span class=\"video-title\">", title.len ? title : html->words->video,
             "</span>");
    if (linked)
        PUT(html, "</a>");
    if (node->child) {
        PUT(html, "<figcaption>");
        html_children(html, node);
        PUT(html, "</figcaption>");
    }
    PUT(html, "</figure>\n");
}

void html_explainer(Html *html, const MdNode *node) {
    LinkTarget target;
    PUT(html, "<div class=\"card\">\n<p class=\"card-title\">");
    if (html_attr_target(html, node, S("slug"), &target)) {
        html_open_link(html, &target, (Str){0});
        buf_html(html->out, target.text.len ? target.text : attr(node, "slug"));
        PUT(html, "</a></p>\n");
    } else {
        put_text(html, "", attr(node, "slug"), "</p>\n");
        target = (LinkTarget){0};
    }
    if (node->child)
        put_content(html, node);
    else if (target.summary.len)
        put_text(html, "<p class=\"card-summary\">", target.summary, "</p>\n");
    PUT(html, "</div>\n");
}

/* ---- structure ---- */

/* Radio buttons, each before its panel: a style sheet makes tabs of them, and without one
 * every panel stands under its title. */
void html_tabs(Html *html, const MdNode *node) {
    int outer_tabs = html->tabs, outer_tab = html->tab;
    html->tabs = ++html->n_tabs;
    html->tab = 0;
    PUT(html, "<div class=\"tabs\">\n");
    put_content(html, node);
    PUT(html, "</div>\n");
    html->tabs = outer_tabs;
    html->tab = outer_tab;
}

static void put_tab_id(Html *html, const char *kind, int tabs, int tab) {
    buf_html(html->out, html->id_prefix);
    buf_printf(html->out, tab ? "%s:%d:%d" : "%s:%d", kind, tabs, tab);
}

void html_tab(Html *html, const MdNode *node) {
    if (!directive_is(node->parent, "tabs")) {
        html_unknown_directive(html, node);
        return;
    }
    int tabs = html->tabs, tab = ++html->tab;
    PUT(html, "<div class=\"tab\"><input type=\"radio\" name=\"");
    put_tab_id(html, "tabs", tabs, 0);
    PUT(html, "\" id=\"");
    put_tab_id(html, "tab", tabs, tab);
    buf_cstr(html->out, tab == 1 ? "\" checked>" : "\">");
    PUT(html, "<label for=\"");
    put_tab_id(html, "tab", tabs, tab);
    Str title = attr(node, "title");
    put_text(html, "\">", title.len ? title : S("…"),
             "</label>\n<div class=\"tab-panel\">\n");
    put_content(html, node);
    PUT(html, "</div></div>\n");
}

void html_steps(Html *html, const MdNode *node) {
    PUT(html, "<div class=\"steps\">\n");
    put_content(html, node);
    PUT(html, "</div>\n");
}

void html_timeline(Html *html, const MdNode *node) {
    PUT(html, "<div class=\"timeline\">\n");
    put_content(html, node);
    PUT(html, "</div>\n");
}

static const MdNode *put_side(Html *html, const MdNode *from, const MdNode *end,
                              Str title) {
    PUT(html, "<div>\n");
    if (title.len)
        put_text(html, "<p class=\"compare-title\">", title, "</p>\n");
    for (; from && from != end; from = from->next)
        html_node(html, from);
    html_line(html);
    PUT(html, "</div>\n");
    return from;
}

void html_compare(Html *html, const MdNode *node) {
    const MdNode *rule = node->child;
    while (rule && rule->kind != MD_RULE)
        rule = rule->next;
    const MdNode *second = rule ? rule->next : node->child ? node->child->next : NULL;
    PUT(html, "<div class=\"compare\">\n");
    put_side(html, node->child, rule ? rule : second, attr(node, "left"));
    put_side(html, second, NULL, attr(node, "right"));
    PUT(html, "</div>\n");
}

/* ---- quiz ---- */

static bool is_task_list(const MdNode *node) {
    return node->kind == MD_LIST && node->child && node->child->task;
}

static void put_choice(Html *html, const MdNode *item) {
    PUT(html, "<li>");
    const MdNode *text = item->child;
    if (text && text->kind == MD_PARAGRAPH)
        html_children(html, text);
    PUT(html, "</li>\n");
}

/* What stands below a choice explains it, and is shown with the answer. */
static void put_explanations(Html *html, const MdNode *list) {
    for (const MdNode *item = list->child; item; item = item->next) {
        const MdNode *first = item->child;
        if (first && first->kind == MD_PARAGRAPH)
            first = first->next;
        for (; first; first = first->next)
            html_node(html, first);
    }
    html_line(html);
}

static void put_answer(Html *html, const MdNode *list) {
    put_text(html, "<details>\n<summary>", html->words->answer, "</summary>\n<ul>\n");
    int number = 0;
    for (const MdNode *item = list->child; item; item = item->next) {
        if (item->checked) {
            PUT(html, "<li>");
            if (number < 26)
                buf_printf(html->out, "%c. ", 'A' + number);
            if (item->child)
                buf_html(html->out, md_text_str(item->child, html->arena));
            PUT(html, "</li>\n");
        }
        number++;
    }
    PUT(html, "</ul>\n");
    put_explanations(html, list);
    PUT(html, "</details>\n");
}

void html_quiz(Html *html, const MdNode *node) {
    put_text(html, "<div class=\"quiz\" role=\"group\" aria-label=\"", html->words->quiz,
             "\">\n");
    if (attr(node, "question").len)
        put_text(html, "<p class=\"quiz-question\">", attr(node, "question"), "</p>\n");
    for (const MdNode *child = node->child; child; child = child->next) {
        if (!is_task_list(child)) {
            html_node(html, child);
            continue;
        }
        html_line(html);
        PUT(html, "<ol class=\"quiz-choices\" type=\"A\">\n");
        for (const MdNode *item = child->child; item; item = item->next)
            put_choice(html, item);
        PUT(html, "</ol>\n");
        put_answer(html, child);
    }
    html_line(html);
    PUT(html, "</div>\n");
}

/* ---- resources ---- */

void html_resources(Html *html, const MdNode *node) {
    PUT(html, "<div class=\"resources\">\n");
    put_content(html, node);
    PUT(html, "</div>\n");
}

void html_resource_attrs(Html *html, const MdNode *node) {
    Str kind = attr(node, "kind"), minutes = attr(node, "minutes");
    if (kind.len)
        put_text(html, " <span class=\"resource-kind\">", kind, "</span>");
    if (minutes.len) {
        put_text(html, " <span class=\"resource-minutes\">", minutes, " ");
        put_text(html, "", html->words->minutes, "</span>");
    }
}
