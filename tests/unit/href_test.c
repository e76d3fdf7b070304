/* out/href: the three forms of a link, and the file that a URL is published as. */
#include "guard.h"
#include "out/href.h"
#include "tap.h"

static Arena arena;

static void is(Str result, const char *expected, const char *name) {
    if (!TAP_CHECK(str_equal(result, str_from(expected)), "%s: %s", name, expected))
        tap_diag("is %.*s", STR_ARG(result));
}

static void path(const char *prefix, const char *url, const char *expected) {
    HrefBase base = href_base_prefix(HREF_PATH, &arena, str_from(prefix), S("/"));
    is(href_make(&base, &arena, guard_str(str_from(url))), expected, "path");
}

static void relative(const char *from, const char *url, const char *expected) {
    HrefBase base = href_base_relative(str_from(from));
    is(href_make(&base, &arena, guard_str(str_from(url))), expected, from);
}

static void place(const HrefBase *base, const char *url, const char *expected) {
    is(href_place(base, &arena, str_from(url), S("ü 1")), expected, "place");
}

static void test_path(void) {
    path("", "/explainers/sql/", "/explainers/sql/");
    path("/weekly", "/", "/weekly/");
    path("/weekly", "/explainers/sql/#joins", "/weekly/explainers/sql/#joins");
    path("/weekly", "https://a.b/c?d=e", "https://a.b/c?d=e");
    path("/weekly", "//a.b/c", "//a.b/c");
    path("/weekly", "mailto:a@b.c", "mailto:a@b.c");
    path("/weekly", "#here", "#here");
    path("/weekly", "", "");
    path("", "/schl\xC3\xBCssel/", "/schl%C3%BCssel/");
    path("", "/a b\"<>/", "/a%20b%22%3C%3E/");
    path("/\xC3\xBC", "/a/", "/%C3%BC/a/");
    path("", "/100%/%41/%4", "/100%25/%41/%254");
    Str url = S("/explainers/sql/");
    HrefBase base = href_base_prefix(HREF_PATH, &arena, S(""), S("/"));
    TAP_CHECK(href_make(&base, &arena, url).data == url.data,
              "a URL that serves as it is, is not copied");
}

static void test_relative(void) {
    relative("/", "/", "index.html");
    relative("/", "/explainers/sql/", "explainers/sql/index.html");
    relative("/explainers/sql/", "/", "../../index.html");
    relative("/explainers/sql/", "/explainers/", "../index.html");
    relative("/explainers/sql/", "/explainers/sqlite/", "../sqlite/index.html");
    relative("/explainers/sql/", "/explainers/sql/", "index.html");
    relative("/explainers/sql/", "/explainers/sql/#joins", "#joins");
    relative("/explainers/sql/", "/issues/1/#two", "../../issues/1/index.html#two");
    relative("/explainers/sql/", "/assets/a.svg?x", "../../assets/a.svg?x");
    relative("/explainers/sql.html", "/explainers/git.html", "git.html");
    relative("/explainers/sql.html", "/explainers/sql.html", "sql.html");
    relative("/explainers/sql.html", "/topics/git.html#a", "../topics/git.html#a");
    relative("/404.html", "/a:b.html", "./a:b.html");
    relative("/x/", "https://a.b/", "https://a.b/");
}

static void test_place(void) {
    HrefBase base = href_base_prefix(HREF_PATH, &arena, S("/w"), S("/a/"));
    place(&base, "/a/", "#%C3%BC%201");
    place(&base, "/b/", "/w/b/#%C3%BC%201");
    base = href_base_relative(S("/a/"));
    place(&base, "/a/", "#%C3%BC%201");
    place(&base, "/b/", "../b/index.html#%C3%BC%201");
    base = href_base_prefix(HREF_ABSOLUTE, &arena, S("https://x.y"), (Str){0});
    place(&base, "/a/", "https://x.y/a/#%C3%BC%201");
}

int main(void) {
    test_path();
    test_relative();
    test_place();
    Site site = {.settings.base_url.text = S("https://example.org/weekly/")};
    is(href_absolute(&site, &arena, S("/a/")), "https://example.org/weekly/a/",
       "absolute");
    is(href_absolute(&(Site){0}, &arena, S("/a/")), "", "absolute without base_url");
    is(href_file(&arena, S("/")), "index.html", "file");
    is(href_file(&arena, S("/a/b/")), "a/b/index.html", "file");
    is(href_file(&arena, S("/a/b.html")), "a/b.html", "file");
    arena_release(&arena);
    return tap_done();
}
