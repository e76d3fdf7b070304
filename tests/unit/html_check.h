/* A strict check of HTML fragments that the Markdown renderer writes: tags are balanced,
 * attributes quoted and not repeated, references and text escaped, ids unique, no element
 * where its parent does not allow it, no script, no style, no event handler.
 *
 * It knows the elements that the renderer uses and no others, and is stricter than the
 * Nu checker where that makes it simpler. */
#ifndef CAIRN_TESTS_HTML_CHECK_H
#define CAIRN_TESTS_HTML_CHECK_H

#include "base/map.h"

#include <string.h>

enum { HTML_CHECK_DEPTH = 2048, HTML_CHECK_ATTRIBUTES = 16 };

typedef struct HtmlCheck {
    Str html;
    ptrdiff_t at;
    const char *fault;
    Str open[HTML_CHECK_DEPTH];
    int depth;
    Arena *arena;
    Map ids;
} HtmlCheck;

/* Elements by what they are and what they may hold. */
typedef enum HtmlModel { HTML_VOID, HTML_PHRASING, HTML_FLOW, HTML_ITEMS } HtmlModel;

static const struct HtmlElement {
    const char *name;
    bool phrasing; /* may stand in phrasing content */
    HtmlModel holds;
} html_elements[] = {
    {"a", true, HTML_PHRASING},        {"aside", false, HTML_FLOW},
    {"blockquote", false, HTML_FLOW},  {"br", true, HTML_VOID},
    {"code", true, HTML_PHRASING},     {"del", true, HTML_PHRASING},
    {"details", false, HTML_FLOW},     {"div", false, HTML_FLOW},
    {"em", true, HTML_PHRASING},       {"figcaption", false, HTML_FLOW},
    {"figure", false, HTML_FLOW},      {"h2", false, HTML_PHRASING},
    {"h3", false, HTML_PHRASING},      {"h4", false, HTML_PHRASING},
    {"h5", false, HTML_PHRASING},      {"h6", false, HTML_PHRASING},
    {"hr", false, HTML_VOID},          {"img", true, HTML_VOID},
    {"input", true, HTML_VOID},        {"label", true, HTML_PHRASING},
    {"li", false, HTML_FLOW},          {"ol", false, HTML_ITEMS},
    {"p", false, HTML_PHRASING},       {"pre", false, HTML_PHRASING},
    {"span", true, HTML_PHRASING},     {"strong", true, HTML_PHRASING},
    {"summary", false, HTML_PHRASING}, {"sup", true, HTML_PHRASING},
    {"table", false, HTML_ITEMS},      {"tbody", false, HTML_ITEMS},
    {"td", false, HTML_FLOW},          {"th", false, HTML_FLOW},
    {"thead", false, HTML_ITEMS},      {"tr", false, HTML_ITEMS},
    {"ul", false, HTML_ITEMS},
};

/* Which parents an element of lists and tables needs; others stand anywhere. */
static const char *const html_parents[][3] = {
    {"li", "ul", "ol"},           {"tr", "thead", "tbody"},
    {"td", "tr", NULL},           {"th", "tr", NULL},
    {"thead", "table", NULL},     {"tbody", "table", NULL},
    {"summary", "details", NULL}, {"figcaption", "figure", NULL},
};

static const struct HtmlElement *html_element(Str name) {
    for (size_t i = 0; i < sizeof html_elements / sizeof *html_elements; i++)
        if (str_equal(name, str_from(html_elements[i].name)))
            return &html_elements[i];
    return NULL;
}

static bool html_fail(HtmlCheck *check, const char *fault) {
    if (!check->fault)
        check->fault = fault;
    return false;
}

static bool html_is_open(const HtmlCheck *check, const char *name) {
    for (int i = 0; i < check->depth; i++)
        if (str_equal(check->open[i], str_from(name)))
            return true;
    return false;
}

static bool html_may_stand(HtmlCheck *check, const struct HtmlElement *element) {
    Str parent = check->depth ? check->open[check->depth - 1] : (Str){0};
    const struct HtmlElement *around = parent.len ? html_element(parent) : NULL;
    for (size_t i = 0; i < sizeof html_parents / sizeof *html_parents; i++)
        if (strcmp(html_parents[i][0], element->name) == 0)
            return str_equal(parent, str_from(html_parents[i][1])) ||
                   str_equal(parent, str_from(html_parents[i][2])) ||
                   html_fail(check, "an element outside its parent");
    if (around && around->holds == HTML_ITEMS)
        return html_fail(check, "an element between items");
    if (around && around->holds == HTML_PHRASING && !element->phrasing)
        return html_fail(check, "a block inside text");
    bool interactive = strcmp(element->name, "a") == 0;
    if (interactive && html_is_open(check, "a"))
        return html_fail(check, "a link inside a link");
    return true;
}

static char html_peek(const HtmlCheck *check) {
    return check->at < check->html.len ? check->html.data[check->at] : '\0';
}

static Str html_name(HtmlCheck *check) {
    ptrdiff_t from = check->at;
    while (char_is_alpha(html_peek(check)) || char_is_digit(html_peek(check)) ||
           html_peek(check) == '-')
        check->at++;
    return str_slice(check->html, from, check->at);
}

/* An ampersand must start a character reference of the five that are written. */
static bool html_reference(HtmlCheck *check) {
    static const Str known[] = {STR_INIT("&amp;"), STR_INIT("&lt;"), STR_INIT("&gt;"),
                                STR_INIT("&quot;"), STR_INIT("&#x27;")};
    Str rest = str_from_offset(check->html, check->at);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_has_prefix(rest, known[i])) {
            check->at += known[i].len;
            return true;
        }
    }
    return html_fail(check, "an ampersand that is not escaped");
}

static bool html_url(HtmlCheck *check, Str value) {
    static const char *const safe[] = {"http:", "https:", "mailto:", "tel:"};
    ptrdiff_t end = 0;
    while (end < value.len && !strchr("/?#:", value.data[end]))
        end++;
    for (ptrdiff_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.data[i];
        if (c <= ' ' || c >= 0x7F || strchr("\"<>\\^`{|}", c))
            return html_fail(check, "a character that URLs don't have");
    }
    if (end == 0 || end == value.len || value.data[end] != ':')
        return true;
    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
        if (str_equal_nocase(str_slice(value, 0, end + 1), str_from(safe[i])))
            return true;
    for (ptrdiff_t i = 0; i < end; i++)
        if (!char_is_alpha(value.data[i]) &&
            !(i && (char_is_digit(value.data[i]) || strchr("+-.", value.data[i]))))
            return true; /* no scheme */
    return html_fail(check, "an unsafe scheme");
}

static bool html_attribute(HtmlCheck *check, Str *names, int n) {
    Str name = names[n] = html_name(check);
    if (name.len == 0)
        return html_fail(check, "a malformed attribute");
    if (str_has_prefix(name, S("on")) || str_equal(name, S("style")))
        return html_fail(check, "a forbidden attribute");
    for (int i = 0; i < n; i++)
        if (str_equal(names[i], name))
            return html_fail(check, "an attribute twice");
    if (html_peek(check) != '=')
        return true;
    check->at++;
    if (html_peek(check) != '"')
        return html_fail(check, "an attribute without quotes");
    ptrdiff_t from = ++check->at;
    while (check->at < check->html.len && html_peek(check) != '"') {
        if (html_peek(check) == '<')
            return html_fail(check, "'<' in an attribute");
        if (html_peek(check) != '&')
            check->at++;
        else if (!html_reference(check))
            return false;
    }
    Str value = str_slice(check->html, from, check->at++);
    if (str_equal(name, S("id"))) {
        if (value.len == 0 || map_put(&check->ids, value, check))
            return html_fail(check, "an id that is empty or there twice");
    }
    if (str_equal(name, S("href")) || str_equal(name, S("src")))
        return html_url(check, value);
    return true;
}

static bool html_open_tag(HtmlCheck *check) {
    Str names[HTML_CHECK_ATTRIBUTES];
    int n = 0;
    Str name = html_name(check);
    const struct HtmlElement *element = html_element(name);
    if (!element)
        return html_fail(check, "an unknown element");
    while (html_peek(check) == ' ') {
        check->at++;
        if (n == HTML_CHECK_ATTRIBUTES)
            return html_fail(check, "too many attributes");
        if (!html_attribute(check, names, n++))
            return false;
    }
    if (html_peek(check) != '>')
        return html_fail(check, "a malformed tag");
    check->at++;
    if (!html_may_stand(check, element))
        return false;
    if (element->holds == HTML_VOID)
        return true;
    if (check->depth == HTML_CHECK_DEPTH)
        return html_fail(check, "nested too deeply");
    check->open[check->depth++] = name;
    return true;
}

static bool html_close_tag(HtmlCheck *check) {
    Str name = html_name(check);
    if (check->depth == 0 || !str_equal(check->open[check->depth - 1], name))
        return html_fail(check, "a closing tag that closes nothing");
    check->depth--;
    if (html_peek(check) != '>')
        return html_fail(check, "a malformed closing tag");
    check->at++;
    return true;
}

static bool html_token(HtmlCheck *check) {
    char c = html_peek(check);
    if (c == '&')
        return html_reference(check);
    if (c == '>' || c == '"')
        return html_fail(check, "text that is not escaped");
    if (c != '<') {
        Str parent = check->depth ? check->open[check->depth - 1] : (Str){0};
        const struct HtmlElement *around = parent.len ? html_element(parent) : NULL;
        if (around && around->holds == HTML_ITEMS && !char_is_space(c))
            return html_fail(check, "text between items");
        check->at++;
        return true;
    }
    check->at++;
    if (html_peek(check) != '/')
        return html_open_tag(check);
    check->at++;
    return html_close_tag(check);
}

/* What is wrong with the HTML, or NULL; *place is where. */
static inline const char *html_fault(Str html, Arena *arena, ptrdiff_t *place) {
    HtmlCheck *check = arena_new(arena, HtmlCheck);
    check->html = html;
    check->ids = map_init(arena);
    while (check->at < html.len && html_token(check)) {
    }
    if (!check->fault && check->depth)
        html_fail(check, "an element that is not closed");
    *place = check->at;
    return check->fault;
}

#endif
