/* out/view_*: what templates see, asked through templates, and the tables of fields. */
#include "out_help.h"

static const OutFile files[] = {
    {"content/site.yaml",
     "title: Weekly <W>\nbase_url: https://example.org/w/\nlanguage: en-GB\n"
     "description: About it\nauthor: {name: Ann, url: 'javascript:x'}\npaginate: 2\n"
     "logo: mark.svg\n"
     "nav: [{title: All, url: /explainers/}, {title: Else, url: 'https://a.b/'}]\n"},
    {"content/pages/index.md",
     "---\ntitle: Home\n---\nWelcome to [sql](../explainers/sql.md).\n"},
    {"content/pages/about.md",
     "---\ntitle: About\nparams: {colour: red}\nown: 7\n---\nUs.\n"},
    {"content/docs/index.md",
     "---\ntitle: Manual\nweight: 2\n---\nRead [[sql#joins]].\n"},
    {"content/docs/install.md", "---\ntitle: Install\nweight: 1\n---\nSo.\n"},
    {"content/explainers/sql.md",
     "---\ntitle: SQL & co\ndate: 2025-01-02\nupdated: 2025-02-03\ntopics: [Databases]\n"
     "level: advanced\nminutes: 7\nrequires: [git]\nsummary: All of <it>\n---\n\n"
     "See [git](git.md) and [[process]].\n\n## Joins\n\n### Inner\n\n## Views\n\n"
     "[here](#joins) ![A tree](../images/tree.svg)\n"},
    {"content/explainers/git.md",
     "---\ntitle: Git\ndate: 2024-12-31\naliases: [/old/git/]\n"
     "topics: [databases, tools]\n---\nGit is.\n"},
    {"content/explainers/undated.md", "# Undated\n\nWords.\n"},
    {"content/images/tree.svg",
     "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\"/>"},
    {"assets/mark.svg",
     "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 8\"/>"},
    {"content/issues/ep2.md", "---\nnumber: 2\ntitle: Two\ndate: 2025-03-01\ntopics: "
                              "[tools]\npreview: The line\n---\n"
                              "Opening [sql](../explainers/sql.md).\n\n# Process "
                              "{slug=process}\n\nA [process](#more).\n\n"
                              "## More\n\n# Only here {inline}\n\nInline words.\n\n# "
                              "[[git]]\n\n# [[roadmap:data]]\n"},
    {"content/issues/ep1.md",
     "---\nnumber: 1\ntitle: One\ndate: 2024-03-01\n---\nHello.\n"},
    {"content/roadmaps/data.yaml",
     "title: Data\nsummary: Learn *data* with [sql](../explainers/sql.md)\nlevel: "
     "beginner\n"
     "pace: 1.5\nphases:\n  - title: First\n    description: Begin [[git]]\n    steps:\n"
     "      - id: s1\n        title: SQL first\n        weeks: 1-2\n        explainers: "
     "[sql]\n"
     "        learn: ['Use `joins`']\n        tools: [{title: Pg, url: "
     "'https://pg.org'}, Duck]\n"
     "        exercises: [{title: Do, details: 'With **care**', solution: No, hours: "
     "2}]\n"
     "        resources: [{title: R, url: 'javascript:1', kind: video, minutes: 5, free: "
     "true},"
     " {title: Q, url: 'https://q.r', kind: book, minutes: 10}]\n"
     "        steps: [{id: s2, title: Deeper, hours: 0.25, kind: optional}]\n"
     "  - title: Second\n    steps: [{id: s3, title: Last, requires: [s1, "
     "'roadmap:other#o1'],"
     " weeks: 3}]\n"
     "challenges: [{title: Grows, challenge: It *grows*, solution: Cut it}]\n"
     "sections: [{title: Notes, body: 'See [[sql]]'}]\n"},
    {"content/roadmaps/other.yaml", "title: Other\nsteps: [{id: o1, title: Begin}]\n"},
    {NULL, NULL}};

typedef struct Case {
    const char *url, *template, *expected;
} Case;

static const Case cases[] = {
    /* site */
    {"/", "{{site.title}}|{{site.language}}|{{site.url}}|{{site.base_url}}",
     "Weekly &lt;W&gt;|en-GB|/w/|https://example.org/w/"},
    {"/", "{{site.author.name}} {{site.author.url}}", "Ann "},
    {"/", "{{site.logo.width}}x{{site.logo.height}}", "9x8"},
    {"/", "{{#site.nav}}{{title}} {{url}} {{is_current}}{{is_here}};{{/site.nav}}",
     "All /w/explainers/ falsefalse;Else https://a.b/ falsefalse;"},
    {"/explainers/git/", "{{#site.nav}}{{is_current}}{{is_here}};{{/site.nav}}",
     "falsetrue;falsefalse;"},
    {"/explainers/", "{{#site.nav}}{{is_current}}{{is_here}};{{/site.nav}}",
     "truetrue;falsefalse;"},
    {"/", "{{{site.home_body}}}",
     "<p>Welcome to <a href=\"/w/explainers/sql/\">sql</a>.</p>\n"},
    {"/",
     "{{#site.pages}}{{title}};{{/site.pages}}{{#site.footer_pages}}{{url}};"
     "{{/site.footer_pages}}",
     "About;/w/about/;"},
    {"/",
     "{{site.explainer_count}} {{site.issue_count}} {{site.roadmap_count}} "
     "{{site.step_count}}",
     "4 2 2 4"},
    {"/", "{{#site.latest_issue}}{{number}} {{title}} {{preview}}{{/site.latest_issue}}",
     "2 Two The line"},
    {"/", "{{#site.newest_explainers}}{{title}};{{/site.newest_explainers}}",
     "Process;SQL &amp; co;Git;Undated;"},
    {"/", "{{#site.topics}}{{title}} {{count}} {{url}};{{/site.topics}}",
     "Databases 2 /w/topics/databases/;tools 2 /w/topics/tools/;"},
    {"/", "{{#site.main_topics}}{{slug}};{{/site.main_topics}}", "databases;tools;"},
    {"/", "{{#site.docs}}{{title}}{{is_current}};{{/site.docs}}",
     "Installfalse;Manualfalse;"},
    {"/docs/", "{{#site.docs_near}}{{title}}{{is_current}};{{/site.docs_near}}",
     "Installfalse;Manualtrue;"},
    {"/", "{{site.docs_url}} {{site.feed_url}} {{site.issues_url}} {{site.topics_url}}",
     "/w/docs/ /w/feed.xml /w/issues/ /w/topics/"},
    /* page */
    {"/", "{{page.title}}|{{page.head_title}}|{{page.kind}}|{{page.is_home}}",
     "Weekly &lt;W&gt;|Weekly &lt;W&gt;|home|true"},
    {"/explainers/sql/", "{{page.head_title}}|{{page.canonical}}|{{page.description}}",
     "SQL &amp; co \u00b7 Weekly &lt;W&gt;|https://example.org/w/explainers/sql/|All of "
     "&lt;it&gt;"},
    {"/explainers/page/2/", "{{page.head_title}}|{{page.url}}|{{page.is_explainers}}",
     "Explainers, page 2 \u00b7 Weekly &lt;W&gt;|/w/explainers/page/2/|true"},
    {"/explainers/sql/",
     "{{#page.breadcrumbs}}{{title}} {{url}} {{is_current}};"
     "{{/page.breadcrumbs}}",
     "Home /w/ false;Explainers /w/explainers/ false;SQL &amp; co /w/explainers/sql/ "
     "true;"},
    {"/docs/", "{{#page.breadcrumbs}}{{title}};{{/page.breadcrumbs}}", "Home;Manual;"},
    {"/docs/install/", "{{#page.breadcrumbs}}{{title}} {{url}};{{/page.breadcrumbs}}",
     "Home /w/;Manual /w/docs/;Install /w/docs/install/;"},
    {"/", "{{#page.breadcrumbs}}x{{/page.breadcrumbs}}", ""},
    {"/404.html", "{{page.title}} {{page.canonical}} {{site.url}}",
     "Page not found  /w/"},
    {"/old/git/", "{{page.url}} {{page.canonical}} {{page.title}} {{page.is_redirect}}",
     "/w/explainers/git/ https://example.org/w/explainers/git/ Git true"},
    {"/issues/ep2/", "{{page.description}} {{page.date}} {{page.is_issue}}",
     "The line 1 March 2025 true"},
    /* listing, pagination */
    {"/explainers/",
     "{{#listing.explainers}}{{title}};{{/listing.explainers}}"
     "{{listing.count}}",
     "Process;SQL &amp; co;4"},
    {"/explainers/page/2/",
     "{{#listing.explainers}}{{title}};{{/listing.explainers}}"
     "{{pagination.number}}/{{pagination.count}} "
     "{{pagination.previous_url}} {{pagination.next_url}}",
     "Git;Undated;2/2 /w/explainers/ "},
    {"/explainers/",
     "{{#pagination.pages}}{{number}} {{url}} {{is_current}} {{is_gap}};"
     "{{/pagination.pages}}{{pagination.has_pages}}",
     "1 /w/explainers/ true false;2 /w/explainers/page/2/ false false;true"},
    {"/explainers/sql/", "[{{#listing}}x{{/listing}}{{#pagination}}y{{/pagination}}]",
     "[]"},
    {"/issues/",
     "{{#listing.years}}{{year}}:{{#issues}}{{title}},{{/issues}};"
     "{{/listing.years}}",
     "2025:Two,;2024:One,;"},
    {"/topics/tools/",
     "{{#listing.explainers}}{{title}};{{/listing.explainers}}"
     "{{#listing.issues}}{{title}};{{/listing.issues}}",
     "Git;Two;"},
    {"/topics/", "{{#listing.topics}}{{title}};{{/listing.topics}}", "Databases;tools;"},
    {"/roadmaps/", "{{#listing.roadmaps}}{{title}};{{/listing.roadmaps}}", "Data;Other;"},
    /* explainer */
    {"/explainers/sql/",
     "{{#explainer}}{{level}} {{is_advanced}} {{is_beginner}} {{minutes}} "
     "{{author}} {{is_item}}{{/explainer}}",
     "advanced true false 7 Ann false"},
    {"/explainers/sql/",
     "{{#explainer}}{{date}}|{{date.iso}}|{{date.short}}|{{updated.year}}|"
     "{{date.rfc3339}}|{{date.rfc822}}{{/explainer}}",
     "2 January 2025|2025-01-02|2 Jan 2025|2025|2025-01-02T00:00:00Z|"
     "Thu, 02 Jan 2025 00:00:00 +0000"},
    {"/explainers/sql/",
     "{{#explainer.contents}}{{text}} {{url}} {{level}}["
     "{{#children}}{{text}}{{/children}}];{{/explainer.contents}}"
     "{{page.has_contents}}",
     "Joins #joins 2[Inner];Views #views 2[];true"},
    {"/explainers/sql/",
     "{{#explainer.requires}}{{title}} {{url}}{{/explainer.requires}}",
     "Git /w/explainers/git/"},
    {"/explainers/git/",
     "{{#explainer.backlinks}}{{title}} {{url}} {{kind}} {{context}};"
     "{{/explainer.backlinks}}",
     "SQL &amp; co /w/explainers/sql/ explainer See git and Process.;"
     "Two /w/issues/ep2/ issue ;"},
    {"/explainers/sql/", "{{#explainer}}{{previous.title}} {{next.title}}{{/explainer}}",
     "Git Process"},
    {"/explainers/sql/",
     "{{#explainer.steps}}{{full_title}} {{url}} {{roadmap.title}} "
     "{{phase.title}} {{is_elsewhere}}{{/explainer.steps}}",
     "Data: SQL first /w/roadmaps/data/#s1 Data First true"},
    {"/explainers/process/",
     "{{#explainer.issue}}{{title}} {{number}}{{/explainer.issue}} "
     "{{explainer.is_item}} {{explainer.source_path}}",
     "Two 2 true content/issues/ep2.md"},
    {"/explainers/process/", "{{{explainer.body}}}|{{{explainer.body}}}",
     "<p>A <a href=\"/w/explainers/process/#more\">process</a>.</p>\n"
     "<h2 id=\"more\">More <a class=\"anchor\" href=\"#more\" aria-label=\"Link to "
     "More\"></a></h2>\n|<p>A <a href=\"/w/explainers/process/#more\">process</a>.</p>\n"
     "<h2 id=\"more\">More <a class=\"anchor\" href=\"#more\" aria-label=\"Link to "
     "More\"></a></h2>\n"},
    {"/explainers/git/",
     "{{explainer.is_current}}{{#site.explainers}}{{is_current}}"
     "{{/site.explainers}}",
     "truefalsefalsetruefalse"},
    {"/about/",
     "{{plain.params.colour}} {{plain.params.own}} {{plain.params.none}} "
     "{{#explainer}}x{{/explainer}}{{#doc}}y{{/doc}}",
     "red 7  "},
    /* issue */
    {"/issues/ep2/", "{{#issue}}{{{opening}}}{{previous.title}} {{next.title}}{{/issue}}",
     "<p>Opening <a href=\"/w/explainers/sql/\">sql</a>.</p>\nOne "},
    {"/issues/ep2/",
     "{{#issue.items}}{{number}} {{id}} {{url}} {{title}} {{is_text}}{{is_inline}}"
     "{{is_card}} {{explainer.url}}{{roadmap.url}};{{/issue.items}}",
     "1 process #process Process truefalsefalse /w/explainers/process/;"
     "2 only-here #only-here Only here falsetruefalse ;"
     "3 git #git Git falsefalsetrue /w/explainers/git/;"
     "4 roadmap-data #roadmap-data Data falsefalsetrue /w/roadmaps/data/;"},
    {"/issues/ep2/",
     "{{#issue.items}}{{#is_inline}}{{{body}}}{{/is_inline}}{{#is_card}}"
     "[{{{body}}}]{{/is_card}}{{/issue.items}}",
     "<p>Inline words.</p>\n[][]"},
    {"/",
     "{{#site.latest_issue.items}}{{#first}}{{url}}{{/first}}{{/"
     "site.latest_issue.items}}",
     "/w/issues/ep2/#process"},
    /* roadmap */
    {"/roadmaps/data/",
     "{{#roadmap}}{{{summary}}}{{pace}} {{weeks}} {{step_count}} "
     "{{is_beginner}} {{has_phases}} {{is_current}}{{/roadmap}}",
     "<p>Learn <em>data</em> with <a href=\"/w/explainers/sql/\">sql</a></p>\n1.5 3 3 "
     "true "
     "true true"},
    {"/roadmaps/data/",
     "{{#roadmap.phases}}{{number}} {{id}} {{title}} {{weeks}} {{{description}}};"
     "{{/roadmap.phases}}",
     "1 phase-1 First Weeks 1\u20132 <p>Begin <a "
     "href=\"/w/explainers/git/\">Git</a></p>\n;"
     "2 phase-2 Second Week 3 ;"},
    {"/roadmaps/data/",
     "{{#roadmap.steps}}{{number}} {{id}} {{url}} {{weeks}} {{kind}} {{depth}} "
     "{{parent.id}};{{/roadmap.steps}}",
     "1 s1 #s1 Weeks 1\u20132 required 0 ;1.1 s2 #s2  optional 1 s1;2 s3 #s3 Week 3 "
     "required 0 "
     ";"},
    {"/roadmaps/data/",
     "{{#roadmap.steps}}{{#learn}}{{{.}}};{{/learn}}{{#tools}}{{title}} "
     "{{url}};{{/tools}}{{/roadmap.steps}}",
     "Use <code>joins</code>;Pg https://pg.org;Duck ;"},
    {"/roadmaps/data/",
     "{{#roadmap.steps}}{{#exercises}}{{number}} {{title}} {{{details}}}"
     "{{{solution}}}{{hours}}{{/exercises}}{{/roadmap.steps}}",
     "1 Do <p>With <strong>care</strong></p>\n<p>No</p>\n2"},
    {"/roadmaps/data/",
     "{{#roadmap.steps}}{{resource_minutes}}{{#resources}} {{title}} [{{url}}] "
     "{{kind}} {{is_video}}{{is_book}}{{is_free}};{{/resources}}"
     "{{/roadmap.steps}}",
     "15 R [] video truefalsetrue; Q [https://q.r] book falsetruefalse;"},
    {"/roadmaps/data/",
     "{{#roadmap.steps}}{{#requires}}{{full_title}} {{url}} {{is_elsewhere}};"
     "{{/requires}}{{#unlocks}}->{{title}};{{/unlocks}}{{/roadmap.steps}}",
     "->Last;SQL first #s1 false;Other: Begin /w/roadmaps/other/#o1 true;"},
    {"/roadmaps/data/",
     "{{#roadmap.challenges}}{{title}} {{{challenge}}}{{{solution}}}"
     "{{/roadmap.challenges}}{{#roadmap.sections}}{{id}} {{title}} {{{body}}}"
     "{{/roadmap.sections}}",
     "Grows <p>It <em>grows</em></p>\n<p>Cut it</p>\nsection-1 Notes <p>See <a "
     "href=\"/w/explainers/sql/\">SQL &amp; co</a></p>\n"},
    {"/roadmaps/data/", "{{roadmap.summary_text}}|{{page.description}}",
     "Learn data with sql|Learn data with sql"},
    {"/roadmaps/other/",
     "{{#roadmap}}{{has_phases}}{{#phases}}{{is_implicit}}{{/phases}} "
     "{{previous.title}} {{next.title}} [{{hours}}]{{/roadmap}}",
     "falsetrue Data  []"},
};

static void test_cases(OutSite *s) {
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        out_is(out_show(s, cases[i].url, cases[i].template), cases[i].expected,
               cases[i].template);
    TAP_CHECK(str_equal(out_show(s, "/", "{{site.titel}}"), S("(error)")) &&
                  out_has(out_messages(s), "did you mean 'title'?"),
              "an unknown name is an error with the nearest");
}

/* A picture's published name is found out, not written down. */
static void test_images(OutSite *s) {
    const Asset *asset = s->site.assets.n ? s->site.assets.items[0] : NULL;
    char expected[256];
    snprintf(expected, sizeof expected,
             "<img src=\"/w%.*s\" alt=\"A tree\" width=\"40\" height=\"30\"",
             STR_ARG(asset ? asset->url : (Str){0}));
    Str body = out_show(s, "/explainers/sql/", "{{{explainer.body}}}");
    if (!TAP_CHECK(out_has(body, expected), "a picture with its size"))
        tap_diag("%s in %.*s", expected, STR_ARG(body));
    TAP_CHECK(out_has(body, "<a href=\"/w/explainers/process/\">Process</a>"),
              "a link by name has the title");
}

/* ---- the tables ---- */

static bool is_known_type(Str name) {
    static const char *const plain[] = {"text", "url", "html", "int", "bool"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (str_equal(name, str_from(plain[i])))
            return true;
    for (ptrdiff_t i = 0; i < view_n_types; i++)
        if (str_equal(name, str_from(view_types[i]->name)))
            return true;
    return false;
}

static void test_docs(void) {
    for (ptrdiff_t t = 0; t < view_n_types; t++) {
        const Type *type = view_types[t];
        int wrong = 0;
        for (ptrdiff_t i = 0; i < type->n_fields; i++) {
            Str kind, doc;
            bool cut = str_cut(str_from(type->fields[i].doc), ':', &kind, &doc);
            if (str_has_prefix(kind, S("[")) && str_has_suffix(kind, S("]")))
                kind = str_slice(kind, 1, kind.len - 1);
            if (!cut || doc.len < 3 || !is_known_type(kind)) {
                wrong++;
                tap_diag("%s.%s: %s", type->name, type->fields[i].name,
                         type->fields[i].doc);
            }
            for (ptrdiff_t k = 0; k < i; k++)
                wrong += strcmp(type->fields[i].name, type->fields[k].name) == 0;
        }
        TAP_CHECK(wrong == 0, "rows of %s have documented types and names of their own",
                  type->name);
    }
}

/* What a value is, by its row, against what the getter returned. */
static bool fits(const Field *field, Value value) {
    Str kind, doc;
    str_cut(str_from(field->doc), ':', &kind, &doc);
    switch (value.kind) {
    case VALUE_UNKNOWN:
        return false;
    case VALUE_ABSENT:
        return true;
    case VALUE_BOOL:
        return str_equal(kind, S("bool"));
    case VALUE_INT:
        return str_equal(kind, S("int"));
    case VALUE_NUMBER:
        return false;
    case VALUE_TEXT:
        return str_equal(kind, S("text")) || str_equal(kind, S("url"));
    case VALUE_HTML:
        return str_equal(kind, S("html"));
    case VALUE_LIST:
        return str_has_prefix(kind, S("["));
    case VALUE_OBJECT:
        return str_equal(kind, str_from(value.object.type->name));
    }
    return false;
}

static int n_fields, n_unfit;

/* Runs every getter below `value`, to a depth: for the sanitisers, and for the rows. */
static void walk(Value value, RenderEnv *env, int depth) {
    if (value.kind == VALUE_LIST) {
        const void *cursor = value.list.self;
        for (ptrdiff_t i = 0; i < value.list.n && depth > 0; i++)
            walk(value.list.type->next ? value.list.type->next(&cursor, env)
                                       : value.list.type->item(value.list.self, i, env),
                 env, depth - 1);
    }
    if (value.kind != VALUE_OBJECT || depth == 0)
        return;
    const Type *type = value.object.type;
    for (ptrdiff_t i = 0; i < type->n_fields; i++) {
        Value inner = type->fields[i].get(value.object.self, env);
        n_fields++;
        if (!fits(&type->fields[i], inner)) {
            n_unfit++;
            tap_diag("%s.%s is %s", type->name, type->fields[i].name,
                     value_kind_name(inner.kind));
        }
        walk(inner, env, depth - 1);
    }
}

static void test_all_getters(OutSite *s) {
    for (ptrdiff_t i = 0; i < s->outputs.list.n; i++) {
        if (s->outputs.list.items[i].kind->write)
            continue;
        writer_begin(&s->writer, &s->outputs.list.items[i]);
        RenderEnv env = views_env(&s->writer);
        walk(views_root(), &env, 5);
    }
    TAP_CHECK(n_fields > 10000 && n_unfit == 0,
              "every getter on every page returns what its row says");
    tap_diag("%d fields", n_fields);
}

static void test_print(void) {
    Buf out = {0};
    TAP_CHECK(vars_print((Str){0}, false, &out) && out_has(buf_view(&out), "\nstep\n"),
              "all types as text");
    buf_reset(&out);
    TAP_CHECK(vars_print(S("topic"), false, &out) &&
                  out_has(buf_view(&out), "  slug              text ") &&
                  !out_has(buf_view(&out), "\nstep\n"),
              "one type");
    buf_reset(&out);
    TAP_CHECK(vars_print(S("date"), true, &out) &&
                  out_has(buf_view(&out), "\"name\": \"rfc822\""),
              "one type as JSON");
    buf_reset(&out);
    TAP_CHECK(!vars_print(S("dat"), true, &out) && out.len == 0, "an unknown type");
    buf_release(&out);
}

int main(void) {
    OutSite s;
    markdown_init();
    out_open(&s, files);
    Str messages = out_messages(&s);
    if (!TAP_CHECK(!out_has(messages, "error:"), "the site has no errors"))
        tap_diag("%.*s", STR_ARG(messages));
    test_images(&s);
    test_all_getters(&s);
    test_docs();
    test_print();
    test_cases(&s);
    out_close(&s);
    return tap_done();
}
