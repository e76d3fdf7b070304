/* The model: small sites in a temporary directory, loaded and linked, looked at in C. */
#include "site/link.h"
#include "site/roadmap.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Fixture {
    char root[64];
    int fd;
    Site site;
    DiagReport report;
    Arena arena;
} Fixture;

typedef struct FileText {
    const char *path, *text;
} FileText;

static void fixture_open(Fixture *f) {
    *f = (Fixture){.root = "/tmp/cairn-site-XXXXXX"};
    Err err;
    if (!mkdtemp(f->root) || (f->fd = fs_open_root(f->root, &err)) < 0)
        exit(2);
    fs_make_dirs(f->fd, "content", &err);
}

static void fixture_write(Fixture *f, const char *path, const char *text) {
    Err err;
    const char *slash = strrchr(path, '/');
    char folder[256];
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    if (!fs_make_dirs(f->fd, folder, &err) ||
        !fs_create(f->fd, path, str_from(text), &err)) {
        fprintf(stderr, "%s\n", err.text);
        exit(2);
    }
}

/* Writes files until a null path, loads and links. */
static Fixture load(const FileText *files) {
    Fixture f;
    fixture_open(&f);
    for (; files->path; files++)
        fixture_write(&f, files->path, files->text);
    SiteOptions options = {.root = f.root, .workers = 2};
    date_parse(S("2025-06-01"), &options.now);
    Err err;
    TAP_CHECK(site_load(&f.site, &options, &err), "the site loads");
    f.report = site_report(&f.site, &f.arena);
    return f;
}

static void fixture_close(Fixture *f) {
    Err err;
    site_release(&f->site);
    arena_release(&f->arena);
    close(f->fd);
    int tmp = fs_open_root("/tmp", &err);
    fs_remove_tree(tmp, f->root + strlen("/tmp/"), &err);
    close(tmp);
}

static const Page *find_page(const Site *site, PageKind kind, const char *slug) {
    for (ptrdiff_t i = 0; i < site->pages[kind].n; i++)
        if (str_equal(site->pages[kind].items[i]->slug, str_from(slug)))
            return site->pages[kind].items[i];
    return NULL;
}

/* The diagnostic of that code at "path:line:column", or NULL. */
static const Diag *find_diag(const Fixture *f, DiagCode code, const char *place) {
    for (ptrdiff_t i = 0; i < f->report.diags.n; i++) {
        const Diag *diag = &f->report.diags.items[i];
        Position at = loc_position(diag->loc);
        char text[512];
        snprintf(text, sizeof text, "%.*s:%td:%td",
                 STR_ARG(diag->loc.source ? diag->loc.source->path : (Str){0}), at.line,
                 at.column);
        if (diag->code == code && strcmp(text, place) == 0)
            return diag;
    }
    return NULL;
}

static void show_diags(const Fixture *f) {
    Buf text = {0};
    diags_print(&f->report, DIAG_HUMAN, false, &text);
    for (Str rest = buf_view(&text), line; str_next_line(&rest, &line);)
        printf("# %.*s\n", STR_ARG(line));
    buf_release(&text);
}

static void test_front_matter(void) {
    static const FileText files[] = {
        {"content/explainers/db/sql.md",
         "---\ntitle: The SQL language\ndate: 2025-01-02\ntopics: [Databases, sql]\n"
         "level: advanced\nminutes: 7\nextra: 1\n---\n\nFirst words.\n\n## Joins\n"},
        {"content/explainers/plain.md", "# A plain *one*\n\nIts summary.\n\n# Again\n"},
        {"content/explainers/wip.md", "---\ndraft: true\n---\nx\n"},
        {"content/explainers/later.md", "---\ndate: 2025-06-02\n---\nx\n"},
        {NULL, NULL}};
    Fixture f = load(files);
    const Page *sql = find_page(&f.site, PAGE_EXPLAINER, "db/sql");
    const Page *plain = find_page(&f.site, PAGE_EXPLAINER, "plain");
    TAP_CHECK(sql && str_equal(sql->url, S("/explainers/db/sql/")),
              "folders stay in the URL");
    TAP_CHECK(sql && str_equal(sql->title, S("The SQL language")), "the title is taken");
    TAP_CHECK(sql && sql->level == LEVEL_ADVANCED && sql->minutes == 7,
              "level and minutes");
    TAP_CHECK(sql && str_equal(sql->summary, S("First words.")),
              "the first paragraph is the summary");
    TAP_CHECK(sql && sql->topics.n == 2 && f.site.topics.n == 2, "topics are linked");
    TAP_CHECK(plain && str_equal(plain->title, S("A plain one")),
              "the first heading is the title");
    TAP_CHECK(plain && plain->outline.n_headings == 1 &&
                  plain->outline.headings[0].level == 2,
              "further # headings move down one level");
    TAP_CHECK(!find_page(&f.site, PAGE_EXPLAINER, "wip"), "a draft waits");
    TAP_CHECK(!find_page(&f.site, PAGE_EXPLAINER, "later"), "tomorrow's page waits");
    TAP_CHECK(find_diag(&f, DIAG_UNKNOWN_KEY, "content/explainers/db/sql.md:7:1"),
              "an unknown key is a warning at the key");
    fixture_close(&f);
}

static void test_links(void) {
    static const FileText files[] = {
        {"content/explainers/a.md",
         "# A\n\nSee [b](b.md#part), [[b]], [[The B page|it]], [x](/explainers/b/).\n\n"
         "[bad](c.md) [[nope]] [anchor](b.md#wrong) [out](../../../etc/passwd)\n\n"
         "![A small square](../images/i.svg)\n"},
        {"content/explainers/b.md", "---\ntitle: The B page\n---\n\n## Part\n\nText.\n"},
        {"content/images/i.svg",
         "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='4'></svg>"},
        {NULL, NULL}};
    Fixture f = load(files);
    const Page *a = find_page(&f.site, PAGE_EXPLAINER, "a");
    const Page *b = find_page(&f.site, PAGE_EXPLAINER, "b");
    TAP_CHECK(a && a->outline.n_links == 9, "every link is in the outline");
    int to_b = 0;
    for (ptrdiff_t i = 0; a && i < a->outline.n_links; i++)
        to_b += a->links[i].kind == TARGET_PAGE && a->links[i].page == b;
    TAP_CHECK(to_b == 5, "by path, by name, by title, by URL, and with a wrong anchor");
    TAP_CHECK(b && b->backlinks.n == 1 && b->backlinks.items[0].page == a,
              "one backlink a page");
    TAP_CHECK(f.site.assets.n == 1 && f.site.assets.items[0]->width == 8 &&
                  f.site.assets.items[0]->height == 4,
              "the picture is an asset with its size");
    TAP_CHECK(find_diag(&f, DIAG_LINK_UNKNOWN, "content/explainers/a.md:5:1"),
              "an unknown path is an error at the link");
    TAP_CHECK(find_diag(&f, DIAG_LINK_UNKNOWN, "content/explainers/a.md:5:13"),
              "an unknown name too");
    const Diag *anchor =
        find_diag(&f, DIAG_ANCHOR_UNKNOWN, "content/explainers/a.md:5:22");
    TAP_CHECK(anchor, "an unknown anchor too");
    TAP_CHECK(find_diag(&f, DIAG_PATH_ESCAPE, "content/explainers/a.md:5:43"),
              "nothing outside the site");
    if (f.report.errors != 4)
        show_diags(&f);
    TAP_CHECK(f.report.errors == 4, "and no other error");
    fixture_close(&f);
}

static void test_issue(void) {
    static const FileText files[] = {
        {"content/explainers/version.md", "# Version numbers\n\nWords.\n"},
        {"content/issues/ep7.md",
         "---\ntitle: Seven\ndate: 2025-01-07\n---\n\nHello.\n\n"
         "# Process and thread {slug=process topics=os,linux}\n\nText [here](#more).\n\n"
         "## More\n\nMore.\n\n# [[version]]\n\n# Channels {inline}\n\n- one\n"},
        {"content/issues/ep6.md",
         "---\ntitle: Six\nnumber: 6\n---\n\n# Only {inline}\n\nx\n"},
        {NULL, NULL}};
    Fixture f = load(files);
    TAP_CHECK(f.site.issues.n == 2 && f.site.issues.items[0]->number == 7,
              "the number comes from the name, newest first");
    const Issue *issue = f.site.issues.items[0];
    TAP_CHECK(issue->items.n == 3, "each heading is an item");
    const Item *text = &issue->items.items[0], *card = &issue->items.items[1];
    const Page *page = find_page(&f.site, PAGE_EXPLAINER, "process");
    TAP_CHECK(text->kind == ITEM_TEXT && text->page == page && page,
              "text is an explainer");
    TAP_CHECK(page && page->issue == issue && page->topics.n == 2 &&
                  str_equal(page->title, S("Process and thread")),
              "which knows its issue, topics and title");
    TAP_CHECK(page && page->outline.n_headings == 1 &&
                  page->outline.headings[0].level == 2,
              "its headings stand as written");
    TAP_CHECK(text->outline.n_headings == 1 && text->outline.headings[0].level == 3,
              "and one level down in the issue");
    TAP_CHECK(text->outline.n_links == 1 && text->links[0].page == issue->page &&
                  str_equal(text->links[0].anchor, S("process-more")),
              "a link within the item stays within the issue");
    TAP_CHECK(page && page->outline.n_links == 1 && page->links[0].page == page,
              "and within the explainer there");
    TAP_CHECK(card->kind == ITEM_CARD && card->page &&
                  str_equal(card->page->slug, S("version")) && card->page->issue == issue,
              "a link alone is a card, and makes its explainer appear");
    TAP_CHECK(issue->items.items[2].kind == ITEM_INLINE && !issue->items.items[2].page,
              "an inline item has no page");
    TAP_CHECK(issue->previous == f.site.issues.items[1] && !issue->next,
              "previous, next");
    if (f.report.errors)
        show_diags(&f);
    TAP_CHECK(f.report.errors == 0, "no errors");
    fixture_close(&f);
}

static void test_roadmap(void) {
    static const FileText files[] = {
        {"content/explainers/joins.md", "# Joins\n\nWords.\n"},
        {"content/roadmaps/data.yaml",
         "title: Data\npace: 8\nphases:\n  - title: One\n    steps:\n"
         "      - id: sql\n        title: SQL\n        weeks: 1-2\n"
         "        learn: [\"see [joins](../explainers/joins.md)\"]\n"
         "        explainers: [joins]\n        aliases: [sql-basics]\n"
         "        steps: [Selecting, {title: Joining, hours: 3}]\n"
         "      - title: Python scripts\n        weeks: 3\n        requires: "
         "[sql-basics]\n"},
        {"content/roadmaps/short.yaml", "title: Short\nsteps:\n  - First\n  - {title: "
                                        "Second, requires: ['roadmap:data#sql']}\n"},
        {NULL, NULL}};
    Fixture f = load(files);
    TAP_CHECK(f.site.roadmaps.n == 2, "two roadmaps");
    const Roadmap *data = f.site.roadmaps.items[0], *brief = f.site.roadmaps.items[1];
    TAP_CHECK(data->steps.n == 4 && data->phases.items[0]->steps.n == 2,
              "steps at all depths");
    const Step *sql = data->steps.items[0], *python = data->steps.items[3];
    TAP_CHECK(sql->steps.n == 2 && str_equal(sql->steps.items[1]->number, S("1.2")),
              "sub-steps are numbered");
    TAP_CHECK(str_equal(python->id, S("python-scripts")), "an id is made from the title");
    TAP_CHECK(python->requires.n == 1 && python->requires.items[0] == sql,
              "an alias resolves");
    TAP_CHECK(sql->unlocks.n == 2, "and is unlocked in both roadmaps");
    TAP_CHECK(sql->total_hours > 15.9 && sql->total_hours < 16.1 && data->weeks == 3,
              "weeks at the pace are hours");
    TAP_CHECK(brief->phases.n == 1 && brief->phases.items[0]->implicit &&
                  brief->steps.n == 2,
              "the short form");
    const Page *joins = find_page(&f.site, PAGE_EXPLAINER, "joins");
    TAP_CHECK(joins && joins->steps.n == 1 && joins->steps.items[0] == sql,
              "the explainer knows its step");
    TAP_CHECK(sql->learn.n == 1 && sql->learn.items[0].links &&
                  sql->learn.items[0].links->targets[0].page == joins,
              "links of Markdown values are resolved");
    if (f.report.errors)
        show_diags(&f);
    TAP_CHECK(f.report.errors == 0, "no errors");
    fixture_close(&f);
}

static void test_graph(void) {
    static const FileText files[] = {{"content/roadmaps/g.yaml",
                                      "title: G\n"
                                      "steps:\n"
                                      "  - {id: a, requires: [c]}\n"
                                      "  - {id: b, requires: [a]}\n"
                                      "  - {id: c, requires: [b, x]}\n"
                                      "  - {id: a}\n"
                                      "  - {id: d, weeks: 1-3}\n"
                                      "  - {id: e, weeks: 3-4}\n"
                                      "  - {id: f, weeks: 7}\n"
                                      "  - {id: self, requires: [self]}\n"},
                                     {NULL, NULL}};
    Fixture f = load(files);
    const Diag *cycle =
        find_diag(&f, DIAG_PREREQUISITE_CYCLE, "content/roadmaps/g.yaml:4:24");
    TAP_CHECK(cycle && str_find(cycle->message, S("a \xE2\x86\x92 c \xE2\x86\x92 b "
                                                  "\xE2\x86\x92 a")) > 0,
              "the whole circle, at the edge that closes it");
    TAP_CHECK(find_diag(&f, DIAG_PREREQUISITE_CYCLE, "content/roadmaps/g.yaml:10:27"),
              "a step that requires itself");
    TAP_CHECK(find_diag(&f, DIAG_STEP_UNKNOWN, "content/roadmaps/g.yaml:5:27"),
              "a dangling id");
    TAP_CHECK(find_diag(&f, DIAG_STEP_DUPLICATE, "content/roadmaps/g.yaml:6:10"),
              "a duplicate id");
    TAP_CHECK(find_diag(&f, DIAG_WEEKS_OVERLAP, "content/roadmaps/g.yaml:8:20"),
              "an overlap");
    TAP_CHECK(find_diag(&f, DIAG_WEEKS_GAP, "content/roadmaps/g.yaml:9:20"), "a gap");
    fixture_close(&f);
}

static void test_urls(void) {
    static const FileText files[] = {
        {"content/site.yaml",
         "base_url: https://example.org/w\nurls: flat\n"
         "permalinks: {explainers: \"/g/:year/:slug/\"}\n"
         "front_matter: {date: createdAt, topics: [categories, tags]}\n"
         "checks: {unlinked_explainers: off}\n"},
        {"content/explainers/One.md", "---\ncreatedAt: '2024-02-01'\ncategories: "
                                      "[x]\ntags: [y, X]\naliases: [/old/]\n---\nx\n"},
        {"content/pages/one.md", "# One\n\nx\n"},
        {"content/pages/ONE.md", "# One\n\nx\n"},
        {"content/docs/index.md", "# Manual\n\nx\n"},
        {NULL, NULL}};
    Fixture f = load(files);
    const Page *one = find_page(&f.site, PAGE_EXPLAINER, "one");
    TAP_CHECK(one && str_equal(one->url, S("/g/2024/one.html")),
              "permalinks and flat URLs");
    TAP_CHECK(one && one->topics.n == 2, "keys by other names, lists joined");
    TAP_CHECK(str_equal(f.site.base_path, S("/w")), "the base path");
    TAP_CHECK(f.site.redirects.n == 1 &&
                  str_equal(f.site.redirects.items[0].from, S("/old/")),
              "an alias is a redirect");
    TAP_CHECK(f.site.pages[PAGE_DOC].n == 1 &&
                  str_equal(f.site.pages[PAGE_DOC].items[0]->url, S("/docs/")),
              "index is its folder");
    TAP_CHECK(f.report.errors == 1 && f.report.diags.items[0].code == DIAG_URL_COLLISION,
              "two sources, one URL");
    fixture_close(&f);
}

static void test_clean_urls(void) {
    static const FileText files[] = {{"content/site.yaml", "urls: clean\n"},
                                     {"content/explainers/a.md",
                                      "# A\n\n[1](/explainers/b) [2](/explainers/b/) "
                                      "[3](/explainers/b.html) [4](b.md)\n"},
                                     {"content/explainers/b.md", "# B\n\nx\n"},
                                     {NULL, NULL}};
    Fixture f = load(files);
    const Page *a = find_page(&f.site, PAGE_EXPLAINER, "a");
    const Page *b = find_page(&f.site, PAGE_EXPLAINER, "b");
    TAP_CHECK(b && str_equal(b->url, S("/explainers/b")), "no ending");
    int to_b = 0;
    for (ptrdiff_t i = 0; a && i < a->outline.n_links; i++)
        to_b += a->links[i].kind == TARGET_PAGE && a->links[i].page == b;
    TAP_CHECK(to_b == 4 && f.report.errors == 0, "found however it is written");
    fixture_close(&f);
}

int main(void) {
    markdown_init();
    test_clean_urls();
    test_front_matter();
    test_links();
    test_issue();
    test_roadmap();
    test_graph();
    test_urls();
    return tap_done();
}
