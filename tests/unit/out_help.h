/* Small sites for the tests of output: written to a temporary directory, loaded, listed,
 * and one output of them made at a time. */
#pragma once

#include "out/build.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct OutFile {
    const char *path, *text;
} OutFile;

typedef struct OutSite {
    char root[64];
    Site site;
    Theme theme;
    Outputs outputs;
    Arena arena, scratch;
    BodyCache bodies;
    Buf out;
    Writer writer;
} OutSite;

static inline void out_die(const char *text) {
    fprintf(stderr, "%s\n", text);
    exit(2);
}

static inline void out_write_file(int root, const OutFile *file) {
    Err err;
    const char *slash = strrchr(file->path, '/');
    char folder[256];
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - file->path), file->path);
    if (!fs_make_dirs(root, folder, &err) ||
        !fs_create(root, file->path, str_from(file->text), &err))
        out_die(err.text);
}

/* Writes `files` (up to a null path), loads the site and lists its outputs. */
static inline void out_open(OutSite *s, const OutFile *files) {
    Err err = {0};
    *s = (OutSite){.root = "/tmp/cairn-out-XXXXXX"};
    if (!mkdtemp(s->root))
        out_die("no temporary directory");
    int root = fs_open_root(s->root, &err);
    fs_make_dirs(root, "content", &err);
    for (; files->path; files++)
        out_write_file(root, files);
    close(root);
    SiteOptions options = {.root = s->root, .workers = 1};
    date_parse(S("2025-06-01"), &options.now);
    if (!site_load(&s->site, &options, &err) ||
        !theme_load(&s->theme, &s->site, &s->arena, &s->site.diags[0], &err))
        out_die(err.text);
    outputs_list(&s->outputs, &s->site, &s->theme, &s->arena, &s->site.diags[0]);
    s->writer = (Writer){.site = &s->site,
                         .theme = &s->theme,
                         .outputs = &s->outputs,
                         .scratch = &s->scratch,
                         .bodies = &s->bodies,
                         .diags = &s->site.diags[0]};
}

static inline void out_close(OutSite *s) {
    Err err;
    writer_release(&s->writer);
    buf_release(&s->out);
    site_release(&s->site);
    arena_release(&s->arena);
    int tmp = fs_open_root("/tmp", &err);
    fs_remove_tree(tmp, s->root + strlen("/tmp/"), &err);
    close(tmp);
}

/* The output at `url`, or NULL. */
static inline const Output *out_find(const OutSite *s, const char *url) {
    for (ptrdiff_t i = 0; i < s->outputs.list.n; i++)
        if (str_equal(s->outputs.list.items[i].url, str_from(url)))
            return &s->outputs.list.items[i];
    return NULL;
}

/* The published bytes of `url`, until the next call; empty where there is no such output.
 */
static inline Str out_bytes(OutSite *s, const char *url) {
    const Output *output = out_find(s, url);
    Err err;
    Str bytes = {0};
    if (output && !output_make(&s->writer, output, &s->out, &bytes, &err))
        out_die(err.text);
    return bytes;
}

/* `text` rendered as the template of the output at `url`, until the next call. */
static inline Str out_show(OutSite *s, const char *url, const char *text) {
    const Output *output = out_find(s, url);
    if (!output)
        return S("(no such output)");
    Source *source = arena_new(&s->arena, Source);
    *source = (Source){.path = S("test"), .text = str_from(text)};
    const Template *template =
        mustache_compile(source, S("test"), &s->arena, &s->site.diags[0]);
    if (!template)
        return S("(wrong template)");
    writer_begin(&s->writer, output);
    buf_reset(&s->out);
    RenderEnv env = views_env(&s->writer);
    bool ok = mustache_render(template, views_root(), theme_partials(&s->theme),
                              (MustacheOptions){.strict = true}, &env, &s->out,
                              &s->site.diags[0]);
    return ok ? buf_view(&s->out) : S("(error)");
}

/* Messages so far, in the human format, until the next call. */
static inline Str out_messages(OutSite *s) {
    static Buf text;
    Arena scratch = {0};
    DiagReport report = site_report(&s->site, &scratch);
    buf_reset(&text);
    diags_print(&report, DIAG_HUMAN, false, &text);
    arena_release(&scratch);
    return buf_view(&text);
}

static inline bool out_has(Str text, const char *part) {
    return str_find(text, str_from(part)) >= 0;
}

/* A check that two texts are equal; both are shown where they are not. */
static inline void out_is(Str text, const char *expected, const char *name) {
    if (!TAP_CHECK(str_equal(text, str_from(expected)), "%s", name)) {
        tap_diag("is        %.*s", STR_ARG(text));
        tap_diag("should be %s", expected);
    }
}
