/* out/outputs, feed, sitemap: which files a site has, and those that no template makes.
 */
#include "out/machine.h"
#include "out_help.h"

static const OutFile files[] = {
    {"content/site.yaml",
     "title: Weekly & co\nbase_url: https://example.org/w/\npaginate: 2\n"
     "author: {name: Ann}\n"},
    {"content/pages/index.md", "Home.\n"},
    {"content/pages/about.md", "---\ntitle: About\ntemplate: special\n---\nUs.\n"},
    {"content/docs/start/one.md", "---\ntitle: One\n---\nSo.\n"},
    {"content/explainers/a.md", "---\ntitle: A < B\ndate: 2025-01-01\ntopics: [x, y]\n"
                                "summary: \"a\\x01b\"\nauthor: Bob\n---\nSee [b](b.md) & "
                                "[c](#c).\n\n## C\n"},
    {"content/explainers/b.md", "---\ntitle: B\ndate: 2025-01-03\nupdated: 2025-04-05\n"
                                "topics: [x]\naliases: [/old/b/, old/b.html]\n---\nB.\n"},
    {"content/explainers/c.md", "---\ntitle: C\ntopics: [x]\n---\n![p](../i.svg) "
                                "![q](../j.svg)\n"},
    {"content/i.svg", "<svg/>"},
    {"content/j.svg", "<svg width=\"1\" height=\"1\"/>"},
    {"content/issues/n1.md", "---\nnumber: 1\ntitle: N1\ndate: 2025-01-02\n---\nHi.\n\n"
                             "# Item\n\nText & [b](../explainers/b.md).\n\n# [[a]]\n"},
    {"content/roadmaps/r.yaml", "title: R\nsteps: [{id: s, title: S}]\n"},
    {"templates/special.mustache", "special {{plain.title}}"},
    {"assets/static/.hidden", "x"},
    {"assets/static/feed.xml", "my own feed"},
    {NULL, NULL}};

static void lists(OutSite *s, const char *kind, const char *expected) {
    Buf urls = {0};
    for (ptrdiff_t i = 0; i < s->outputs.list.n; i++) {
        const Output *output = &s->outputs.list.items[i];
        if (strcmp(output->kind->name, kind) != 0)
            continue;
        if (urls.len)
            buf_char(&urls, ' ');
        buf_str(&urls, output->url);
    }
    out_is(buf_view(&urls), expected, kind);
    buf_release(&urls);
}

static void test_lists(OutSite *s) {
    lists(s, "home", "/");
    lists(s, "explainer",
          "/explainers/b/ /explainers/a/ /explainers/c/ /explainers/item/");
    lists(s, "explainers", "/explainers/ /explainers/page/2/");
    lists(s, "issue", "/issues/n1/");
    lists(s, "issues", "/issues/");
    lists(s, "roadmap", "/roadmaps/r/");
    lists(s, "roadmaps", "/roadmaps/");
    lists(s, "topic", "/topics/x/ /topics/x/page/2/ /topics/y/");
    lists(s, "topics", "/topics/");
    lists(s, "doc", "/docs/start/one/");
    lists(s, "page", "/about/");
    lists(s, "redirect", "/old/b.html /old/b/");
    lists(s, "not-found", "/404.html");
    lists(s, "feed", "");
    lists(s, "sitemap", "/sitemap.xml");
    lists(s, "robots", "/robots.txt");
    const Output *issue = out_find(s, "/issues/n1/"),
                 *item = out_find(s, "/explainers/item/");
    TAP_CHECK(issue && item == issue + 1 && issue->source == item->source,
              "an item's explainer follows its issue");
    out_is(outputs_first_url(&s->outputs, "doc"), "/docs/start/one/",
           "where the manual starts");
    out_is(out_bytes(s, "/about/"), "special About", "a template named in front matter");
    out_is(out_bytes(s, "/feed.xml"), "my own feed", "a static file replaces the feed");
    out_is(list_page_url(&s->arena, S("/topics/x.html"), 3), "/topics/x/page/3.html",
           "pages of a list with flat URLs");
    out_is(out_bytes(s, "/robots.txt"),
           "User-agent: *\nDisallow:\n\nSitemap: https://example.org/w/sitemap.xml\n",
           "robots.txt");
    Str messages = out_messages(s);
    if (!TAP_CHECK(!out_has(messages, "error"), "no errors"))
        tap_diag("%.*s", STR_ARG(messages));
}

/* Every file of a kind and every path is listed once. */
static void test_unique(OutSite *s) {
    Map seen = map_init(&s->arena);
    int twice = 0;
    for (ptrdiff_t i = 0; i < s->outputs.list.n; i++) {
        Str file = output_file(&s->arena, &s->outputs.list.items[i]);
        twice += map_put(&seen, file, s) != NULL;
    }
    TAP_CHECK(twice == 0 && seen.entries.n > 25, "%td files, none twice", seen.entries.n);
}

static void test_sitemap(OutSite *s) {
    Str map = out_bytes(s, "/sitemap.xml");
    TAP_CHECK(
        str_has_prefix(map, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset ")),
        "it is a sitemap");
    TAP_CHECK(out_has(map, "<url><loc>https://example.org/w/explainers/b/</loc>"
                           "<lastmod>2025-04-05</lastmod></url>"),
              "the date of the last change");
    TAP_CHECK(out_has(map, "<loc>https://example.org/w/explainers/item/</loc>"
                           "<lastmod>2025-01-02</lastmod>"),
              "an item's date is the issue's");
    TAP_CHECK(out_has(map, "<url><loc>https://example.org/w/</loc></url>"), "home");
    TAP_CHECK(!out_has(map, "404") && !out_has(map, "/old/") && !out_has(map, ".svg"),
              "no redirects, no 404, no assets");
}

/* More pages than one file may list: the outputs are made up. */
static void test_large_sitemap(OutSite *s) {
    enum { PAGES = 2 * SITEMAP_URLS_MAX + 1 };
    Outputs large = s->outputs;
    large.list.items = arena_array(&s->arena, Output, PAGES + 4);
    large.list.n = 0;
    for (int i = 0; i < PAGES; i++)
        large.list.items[large.list.n++] = (Output){
            .kind = output_kind("home"), .url = arena_printf(&s->arena, "/p%d/", i)};
    large.list.cap = PAGES + 4;
    const OutputKind *kind = output_kind("sitemap");
    kind->list(&large, kind);
    TAP_CHECK(large.list.n == PAGES + 4, "an index and three parts");
    Writer writer = s->writer;
    writer.outputs = &large;
    const char *first[] = {"/sitemap-1.xml", "/p0/", "/p50000/", "/p100000/"};
    const char *not_in[] = {"/p0/", "/p50000/", "/p49999/", "/p99999/"};
    for (int i = 0; i < 4; i++) {
        Err err;
        Str bytes = {0};
        output_make(&writer, &large.list.items[PAGES + i], &s->out, &bytes, &err);
        TAP_CHECK(out_has(bytes, first[i]) && !out_has(bytes, not_in[i]),
                  "part %d has %s and not %s", i, first[i], not_in[i]);
    }
}

static void test_feed(void) {
    static OutFile without_own[sizeof files / sizeof *files];
    int n = 0;
    for (const OutFile *file = files; file->path; file++)
        if (strcmp(file->path, "assets/static/feed.xml") != 0)
            without_own[n++] = *file;
    OutSite s;
    out_open(&s, without_own);
    Str feed = out_bytes(&s, "/feed.xml");
    TAP_CHECK(out_has(feed, "<title>Weekly &amp; co</title>\n"
                            "  <id>https://example.org/w/</id>"),
              "the feed's title and id");
    TAP_CHECK(out_has(feed,
                      "<link rel=\"self\" href=\"https://example.org/w/feed.xml\"/>\n"
                      "  <updated>2025-04-05T00:00:00Z</updated>"),
              "the newest change");
    ptrdiff_t b = str_find(feed, S("<title>B<")), issue = str_find(feed, S("<title>N1<"));
    ptrdiff_t a = str_find(feed, S("<title>A &lt; B</title>"));
    TAP_CHECK(0 < b && b < issue && issue < a, "newest first, issues and explainers");
    TAP_CHECK(str_find(feed, S("<title>C<")) < 0 && str_find(feed, S("<title>Item<")) < 0,
              "neither the undated nor what stands in an issue");
    TAP_CHECK(out_has(feed, "<summary>ab</summary>"), "no control characters");
    TAP_CHECK(out_has(feed, "<author>\n      <name>Bob</name>"), "an author of its own");
    TAP_CHECK(out_has(feed, "<category term=\"x\"/>\n    <category term=\"y\"/>"),
              "topics");
    TAP_CHECK(out_has(feed,
                      "xml:base=\"https://example.org/w/explainers/a/\">&lt;p&gt;See "
                      "&lt;a href=&quot;https://example.org/w/explainers/b/&quot;&gt;b"
                      "&lt;/a&gt; &amp;amp;"),
              "the text, escaped, its links absolute");
    TAP_CHECK(out_has(feed, "&lt;p&gt;Hi.&lt;/p&gt;\n&lt;h2&gt;Item&lt;/h2&gt;\n"
                            "&lt;p&gt;Text &amp;amp; "),
              "an issue with its items");
    TAP_CHECK(out_has(feed,
                      "&lt;h2&gt;&lt;a href=&quot;https://example.org/w/explainers/a/"
                      "&quot;&gt;A &amp;lt; B&lt;/a&gt;&lt;/h2&gt;\n&lt;p&gt;a"),
              "a card");
    out_close(&s);
}

static void test_mistakes(void) {
    static const OutFile wrong[] = {
        {"content/explainers/a.md", "---\ntemplate: explaner\n---\nA.\n"},
        {"content/explainers/b.md", "B.\n"},
        {"content/explainers/c.md", "C.\n"},
        {"content/explainers/page/2.md", "Two.\n"},
        {"content/site.yaml",
         "paginate: 2\nlogo: assets/favicon.sgv\nnav:\n"
         "  - {title: A, url: /topics/}\n  - {title: B, url: /explaners/}\n"
         "  - {title: C, url: 'mailto:a@b.c'}\n"},
        {"content/explainers/d.md", "[feed](/feed.xml) [file](/404.html)\n"},
        {"assets/static/explainers/b/index.html", "x"},
        {"assets/static/404.html", "mine"},
        {NULL, NULL}};
    OutSite s;
    out_open(&s, wrong);
    Str messages = out_messages(&s);
    TAP_CHECK(out_has(messages,
                      "content/explainers/a.md:2:11: error: there is no template "
                      "'explaner' [bad_value]") &&
                  out_has(messages, "did you mean 'explainer'?"),
              "a template that does not exist");
    TAP_CHECK(out_has(messages, "assets/static/explainers/b/index.html") &&
                  out_has(messages, "the URL '/explainers/b/' is claimed twice"),
              "a static file in the place of a page");
    TAP_CHECK(out_has(messages, "content/explainers/page/2.md") &&
                  out_has(messages, "the URL '/explainers/page/2/' is claimed twice"),
              "a page in the place of a list's page");
    TAP_CHECK(out_has(messages, "content/site.yaml:2:7: error: there is no asset "
                                "'favicon.sgv' for the logo") &&
                  out_has(messages, "did you mean 'favicon.svg'?"),
              "a logo that does not exist");
    TAP_CHECK(out_has(messages,
                      "content/site.yaml:4:21: error: the navigation's '/topics/' "
                      "leads to nothing") &&
                  out_has(messages, "content/site.yaml:5:21: error: the navigation's "
                                    "'/explaners/' leads to nothing") &&
                  out_has(messages, "did you mean '/explainers/'?") &&
                  !out_has(messages, "mailto"),
              "navigation that leads nowhere");
    TAP_CHECK(out_has(messages, "content/explainers/d.md:1:") &&
                  out_has(messages, "'/feed.xml'") && !out_has(messages, "'/404.html'"),
              "a link to a feed that the site has not");
    out_is(out_bytes(&s, "/404.html"), "mine", "a static 404.html is used");
    TAP_CHECK(!out_find(&s, "/feed.xml") && !out_find(&s, "/sitemap.xml") &&
                  out_find(&s, "/robots.txt"),
              "without base_url no feed and no sitemap");
    out_is(out_bytes(&s, "/robots.txt"), "User-agent: *\nDisallow:\n",
           "robots.txt without sitemap");
    out_close(&s);
}

/* ---- what partials wrote before ---- */

static const Template *find_partial(const void *self, Str name) {
    (void)name;
    return self;
}

/* The bytes of a page that holds only the partial. */
static Str show_partial(OutSite *s, const Output *output, const Template *page,
                        const Template *partial, PartialMemo *memo) {
    writer_begin(&s->writer, output);
    buf_reset(&s->out);
    RenderEnv env = views_env(&s->writer);
    TemplateSet set = {.find = find_partial, .self = partial};
    MustacheOptions options = {.memo = memo};
    mustache_render(page, views_root(), set, options, &env, &s->out, s->writer.diags);
    return buf_view(&s->out);
}

/* Whether a partial that shows the value `name` is right on every page, although what it
 * wrote on another may have been kept. Returns how often it was not; *kept counts. */
static int memo_mistakes(OutSite *s, const char *name, ptrdiff_t *kept) {
    static const Source page_source = {.path = STR_INIT("page"),
                                       .text = STR_INIT("<{{>it}}>")};
    Source source = {.path = S("partial")};
    source.text = arena_printf(
        &s->arena,
        "{{%s}}{{{%s}}}{{#%s}}{{title}} {{url}} {{number}} {{is_current}} {{is_here}} "
        "{{#explainers}}{{url}}{{/explainers}}{{#roadmaps}}{{url}}{{/roadmaps}}{{body}}"
        "{{#contents}}{{url}}{{/contents}}{{/%s}}",
        name, name, name, name);
    DiagList *diags = s->writer.diags;
    const Template *page = mustache_compile(&page_source, S("page"), &s->arena, diags);
    const Template *partial = mustache_compile(&source, S("partial"), &s->arena, diags);
    PartialMemo memo = {0};
    int mistakes = 0;
    for (ptrdiff_t i = 0; i < s->outputs.list.n; i++) {
        const Output *output = &s->outputs.list.items[i];
        Str alone = arena_str(&s->arena, show_partial(s, output, page, partial, NULL));
        mistakes += !str_equal(alone, show_partial(s, output, page, partial, &memo));
    }
    *kept += memo.n;
    partial_memo_release(&memo);
    return mistakes;
}

static void test_memo(OutSite *s) {
    for (ptrdiff_t t = 0; t < view_n_types; t++) {
        const Type *type = view_types[t];
        bool is_site = strcmp(type->name, "site") == 0;
        if (!is_site && strcmp(type->name, "root") != 0)
            continue;
        ptrdiff_t kept = 0;
        for (ptrdiff_t i = 0; i < type->n_fields; i++) {
            char name[64];
            snprintf(name, sizeof name, "%s%s", is_site ? "site." : "",
                     type->fields[i].name);
            TAP_CHECK(memo_mistakes(s, name, &kept) == 0, "kept partials: {{%s}}", name);
        }
        TAP_CHECK(is_site ? kept > 15 : kept <= 1,
                  "kept partials: %td of the %td values of %s", kept, type->n_fields,
                  type->name);
    }
}

static void test_pagination(void) {
    Site site = {.settings.paginate = 10};
    ListSlice slice = list_slice(&site, 25, 3);
    TAP_CHECK(slice.from == 20 && slice.n == 5, "the last page of a list");
    slice = list_slice(&site, 10, 1);
    TAP_CHECK(slice.from == 0 && slice.n == 10, "a list that just fits");
    site.settings.paginate = 0;
    slice = list_slice(&site, 25, 1);
    TAP_CHECK(slice.from == 0 && slice.n == 25, "no pages");
}

int main(void) {
    OutSite s;
    markdown_init();
    out_open(&s, files);
    test_lists(&s);
    test_unique(&s);
    test_sitemap(&s);
    test_memo(&s);
    test_large_sitemap(&s);
    out_close(&s);
    test_feed();
    test_mistakes();
    test_pagination();
    for (ptrdiff_t i = 0; i < output_n_kinds; i++)
        TAP_CHECK(output_kind(output_kinds[i].name) == &output_kinds[i] &&
                      output_kinds[i].doc && output_kinds[i].list,
                  "row %s", output_kinds[i].name);
    return tap_done();
}
