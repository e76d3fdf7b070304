/* out/theme: what shadows what, names with hashes, and style sheets that name other
 * assets. */
#include "out_help.h"

static const char png[] = "not a picture, but bytes";

static const OutFile files[] = {
    {"content/explainers/a.md", "# A\n"},
    {"templates/explainer.mustache",
     "mine: {{#explainer}}{{>level}}{{/explainer}}{{>own}}"},
    {"templates/partials/own.mustache", "partial"},
    {"templates/extra.mustache", "extra {{page.title}}"},
    {"templates/notes.txt", "no template {{"},
    {"assets/cairn.css",
     "/* url(nothing) */ @import url( \"css/more.css\" );\n"
     "a { background: URL(img/a.png?v=1#f) } b { content: \"url(x)\" }\n"
     "c { src: url('data:x'), url(https://a.b/c), url(#d), url(/e) }\n"},
    {"assets/css/more.css", "d { background: url('../img/a.png') }\n"},
    {"assets/img/a.png", png},
    {"assets/noending", "x"},
    {"assets/static/favicon.ico", "icon"},
    {"assets/static/robots.txt", "mine"},
    {NULL, NULL}};

static Str bytes_of(OutSite *s, const char *name) {
    char url[256];
    Str at = theme_asset_url(&s->theme, str_from(name));
    snprintf(url, sizeof url, "%.*s", STR_ARG(at));
    return out_bytes(s, url);
}

static void test_templates(OutSite *s) {
    out_is(out_bytes(s, "/explainers/a/"), "mine: partial",
           "the site's template shadows");
    TAP_CHECK(theme_template(&s->theme, S("home")) != NULL, "the others are embedded");
    TAP_CHECK(theme_template(&s->theme, S("extra")) != NULL, "a template of its own");
    TAP_CHECK(theme_template(&s->theme, S("notes")) == NULL &&
                  !theme_has_template(&s->theme, S("notes.txt")),
              "other files are no templates");
    TAP_CHECK(str_equal(theme_nearest(&s->theme, S("explaner")), S("explainer")),
              "the nearest name");
    out_is(out_show(s, "/", "{{>extra}} {{>partials/own}}"),
           "extra Untitled site partial", "any template is a partial too");
}

static void test_names(OutSite *s) {
    Str a = theme_asset_url(&s->theme, S("img/a.png"));
    Str css = theme_asset_url(&s->theme, S("cairn.css"));
    TAP_CHECK(str_has_prefix(a, S("/assets/img/a.")) && str_has_suffix(a, S(".png")) &&
                  a.len == S("/assets/img/a.12345678.png").len,
              "eight digits of the hash: %.*s", STR_ARG(a));
    TAP_CHECK(str_has_prefix(css, S("/assets/cairn.")), "a style sheet's: %.*s",
              STR_ARG(css));
    Str plain = theme_asset_url(&s->theme, S("noending"));
    TAP_CHECK(plain.len == S("/assets/noending.12345678").len, "without an ending: %.*s",
              STR_ARG(plain));
    out_is(theme_asset_url(&s->theme, S("static/favicon.ico")), "/favicon.ico",
           "a static file keeps its name");
    out_is(bytes_of(s, "img/a.png"), png, "its bytes");
    out_is(out_bytes(s, "/robots.txt"), "mine", "robots.txt of the site replaces ours");
    TAP_CHECK(theme_asset_url(&s->theme, S("nothing")).len == 0, "an unknown asset");
}

static void test_css(OutSite *s) {
    Str css = bytes_of(s, "cairn.css");
    Str a = str_from_offset(theme_asset_url(&s->theme, S("img/a.png")), 8);
    Str more = str_from_offset(theme_asset_url(&s->theme, S("css/more.css")), 8);
    char part[256];
    TAP_CHECK(out_has(css, "/* url(nothing) */"), "comments stay");
    TAP_CHECK(out_has(css, "content: \"url(x)\""), "strings stay");
    TAP_CHECK(out_has(css, "url('data:x'), url(https://a.b/c), url(#d), url(/e)"),
              "what is elsewhere stays");
    snprintf(part, sizeof part, "URL(%.*s?v=1#f)", STR_ARG(a));
    TAP_CHECK(out_has(css, part), "a picture, with query and fragment: %s", part);
    snprintf(part, sizeof part, "@import url( \"%.*s\" )", STR_ARG(more));
    TAP_CHECK(out_has(css, part), "another style sheet: %s", part);
    Str inner = bytes_of(s, "css/more.css");
    snprintf(part, sizeof part, "url('../%.*s')", STR_ARG(a));
    TAP_CHECK(out_has(inner, part), "relative to the sheet: %s", part);
    Str messages = out_messages(s);
    if (!TAP_CHECK(!out_has(messages, "error"), "no errors"))
        tap_diag("%.*s", STR_ARG(messages));
}

static void test_mistakes(void) {
    static const OutFile wrong[] = {
        {"templates/home.mustache", "{{>partials/pagr}}"},
        {"templates/page.mustache", "{{#open}}"},
        {"templates/binary.mustache", "\xFF"},
        {"assets/a.css", "a { b: url(b.css) }"},
        {"assets/b.css", "a { b: url(a.css) }"},
        {"assets/cairn.css", "\na { b: url(favicon.svgg) url( \"../../x\" ) url("},
        {NULL, NULL}};
    OutSite s;
    out_open(&s, wrong);
    Str messages = out_messages(&s);
    TAP_CHECK(out_has(messages, "templates/home.mustache:1:") &&
                  out_has(messages, "no partial 'partials/pagr'") &&
                  out_has(messages, "did you mean"),
              "a partial that does not exist, and the nearest");
    TAP_CHECK(out_has(messages, "templates/page.mustache:1:1: error"),
              "a template that is not closed");
    TAP_CHECK(out_has(messages, "templates/binary.mustache:1:1: error") &&
                  out_has(messages, "[invalid_utf8]"),
              "a template that is not UTF-8");
    TAP_CHECK(out_has(messages, "assets/cairn.css:2:12: error: there is no asset "
                                "'favicon.svgg'") &&
                  out_has(messages, "did you mean 'favicon.svg'"),
              "a url() that leads nowhere");
    TAP_CHECK(out_has(messages, "there is no asset '../../x'"), "one that leads out");
    TAP_CHECK(out_has(messages, "style sheets import each other"), "a circle of imports");
    if (!TAP_CHECK(!out_has(out_bytes(&s, "/"), "x"), "a broken home page is empty"))
        tap_diag("%.*s", STR_ARG(messages));
    out_close(&s);
}

int main(void) {
    OutSite s;
    markdown_init();
    out_open(&s, files);
    test_templates(&s);
    test_names(&s);
    test_css(&s);
    out_close(&s);
    test_mistakes();
    return tap_done();
}
