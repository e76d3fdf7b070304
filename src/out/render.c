/* One template, one file of data: see render.h.
 *
 * Partials are read when the template asks for them, since names can be dynamic; each is
 * read and compiled once, beneath the directory that was given and nowhere else. Limits
 * are those of pages (TRUST.md). */
#include "out/render.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/map.h"
#include "base/utf8.h"
#include "text/mustache.h"
#include "text/yaml.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    TEMPLATE_MAX = 1 << 20,
    DATA_MAX = 64 << 20,
    OUTPUT_MIN = 4 << 20, /* what may be written at least, else OUTPUT_FACTOR × input */
    OUTPUT_FACTOR = 32,
};

typedef struct Run {
    Arena arena;
    DiagList diags;
    Err err; /* err.text is set where the environment failed */
    const char *partials_dir;
    int partials_root; /* -1: none */
    Map partials;      /* name → Template, NULL where there is none */
    ptrdiff_t input;   /* bytes of the template and the data */
} Run;

/* ---- input ---- */

static void add_too_large(Run *run, const Source *source, ptrdiff_t limit) {
    diag_add(&run->diags, DIAG_LIMIT_EXCEEDED, (Loc){source, -1},
             "file is larger than %td MB", limit >> 20);
}

/* Valid UTF-8 without NUL, or a diagnostic. */
static bool check_text(Run *run, const Source *source) {
    ptrdiff_t invalid = utf8_find_invalid(source->text);
    ptrdiff_t nul = str_find_char(source->text, '\0');
    if (invalid >= 0)
        diag_add(&run->diags, DIAG_INVALID_UTF8, (Loc){source, invalid},
                 "file is not valid UTF-8");
    else if (nul >= 0)
        diag_add(&run->diags, DIAG_NUL_BYTE, (Loc){source, nul}, "file contains NUL");
    return invalid < 0 && nul < 0;
}

/* Reads a file that the user named; NULL after a diagnostic or with run->err set. */
static const Source *read_given(Run *run, const char *path, ptrdiff_t limit) {
    Source *source = arena_new(&run->arena, Source);
    bool is_stdin = strcmp(path, "-") == 0;
    source->path = is_stdin ? S("standard input") : str_from(path);
    Err err = {0};
    if (!fs_read_given(is_stdin ? "/dev/stdin" : path, limit, &run->arena, &source->text,
                       &err)) {
        if (err.number == EFBIG)
            add_too_large(run, source, limit);
        else
            run->err = err;
        return NULL;
    }
    run->input += source->text.len;
    return check_text(run, source) ? source : NULL;
}

static const Node *read_json(Run *run, const Source *source) {
    JsonError error;
    const Node *root = json_read(source->text, &run->arena, &error);
    if (!root)
        diag_add(&run->diags, DIAG_JSON_SYNTAX, (Loc){source, error.offset}, "%s",
                 error.message);
    return root;
}

static bool read_data(Run *run, const char *path, Value *out) {
    *out = value_absent();
    if (!path)
        return true;
    const Source *source = read_given(run, path, DATA_MAX);
    if (!source)
        return false;
    Str start = str_trim(source->text);
    bool stdin_json =
        strcmp(path, "-") == 0 && start.len && strchr("{[\"", start.data[0]);
    const Node *root = stdin_json || str_has_suffix(source->path, S(".json"))
                           ? read_json(run, source)
                           : yaml_read(source, 0, source->text.len, yaml_file_limits,
                                       &run->arena, &run->diags);
    *out = value_of_node(root);
    return root != NULL;
}

/* ---- partials ---- */

static const Template *read_partial(Run *run, Str name) {
    Arena *arena = &run->arena;
    Source *source = arena_new(arena, Source);
    Str file = arena_printf(arena, "%.*s.mustache", STR_ARG(name));
    source->path = arena_printf(arena, "%s/%.*s", run->partials_dir, STR_ARG(file));
    Err err = {0};
    if (fs_read(run->partials_root, file.data, TEMPLATE_MAX, arena, &source->text, &err))
        return check_text(run, source)
                   ? mustache_compile(source, arena_str(arena, name), arena, &run->diags)
                   : NULL;
    if (err.number == EFBIG)
        add_too_large(run, source, TEMPLATE_MAX);
    else if (err.number == EXDEV)
        diag_add(&run->diags, DIAG_PATH_ESCAPE, (Loc){NULL, -1},
                 "partial '%.*s' leads out of '%s'", STR_ARG(name), run->partials_dir);
    else if (err.number != ENOENT && err.number != ENOTDIR && err.number != ENAMETOOLONG)
        run->err = err;
    return NULL;
}

static const Template *find_partial(const void *self, Str name) {
    Run *run = *(Run *const *)self;
    if (run->partials_root < 0 || name.len == 0 || str_find_char(name, '\0') >= 0)
        return NULL;
    ptrdiff_t known = run->partials.entries.n;
    void **place = map_at(&run->partials, name);
    if (run->partials.entries.n > known) {
        const Template *made = read_partial(run, name);
        *place = (void *)(uintptr_t)made;
    }
    return *place;
}

/* ---- output ---- */

static bool render(Run *run, const Source *source, Value data, Buf *out) {
    const Template *template =
        mustache_compile(source, source->path, &run->arena, &run->diags);
    if (!template)
        return false;
    RenderEnv env = {.scratch = &run->arena};
    Run *self = run;
    TemplateSet partials = {.find = find_partial, .self = &self};
    MustacheOptions options = {.list_names_last = true, .max_bytes = OUTPUT_MIN};
    if (run->input > OUTPUT_MIN / OUTPUT_FACTOR)
        options.max_bytes = run->input * OUTPUT_FACTOR;
    return mustache_render(template, data, partials, options, &env, out, &run->diags);
}

static int report(Run *run, DiagFormat format, Buf *out) {
    DiagReport report = diags_finish(&run->arena, &run->diags, 1, NULL);
    if (report.errors) {
        buf_reset(out);
        diags_print(&report, format, isatty(STDERR_FILENO) == 1, out);
        fs_write_all(STDERR_FILENO, buf_view(out));
    }
    if (run->err.text[0]) {
        fprintf(stderr, "cairn: error: %s\n", run->err.text);
        return 2;
    }
    if (report.errors)
        return 1;
    if (fs_write_all(STDOUT_FILENO, buf_view(out)))
        return 0;
    fprintf(stderr, "cairn: error: cannot write standard output: %s\n", strerror(errno));
    return 2;
}

int render_command(const char *template_path, const char *data_path,
                   const char *partials_dir, DiagFormat format) {
    Run run = {.partials_dir = partials_dir, .partials_root = -1};
    run.partials = map_init(&run.arena);
    Buf out = {0};
    const Source *source = read_given(&run, template_path, TEMPLATE_MAX);
    Value data;
    bool ready = read_data(&run, data_path, &data) && source;
    if (ready && partials_dir)
        run.partials_root = fs_open_root(partials_dir, &run.err);
    if (ready && !run.err.text[0])
        render(&run, source, data, &out);
    int status = report(&run, format, &out);
    if (run.partials_root >= 0)
        close(run.partials_root);
    buf_release(&out);
    diag_list_release(&run.diags);
    arena_release(&run.arena);
    return status;
}
