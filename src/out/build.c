/* The write phase: see build.h and DESIGN.md, "Layers of src/".
 *
 * One job is a run of outputs that share a source file: an issue and the explainers that
 * its items are. The worker that takes it parses the file once (view_body.c). Workers
 * share nothing that is written; each has its scratch, its buffers and its diagnostics,
 * and reuses them from page to page, so that the work of a page asks the system for no
 * memory.
 *
 * A template with a mistake makes a diagnostic for each page that uses it; they are all
 * the same and become one when they are sorted. */
#include "out/build.h"

#include "base/pool.h"

#include <stdatomic.h>

enum { PAGE_BYTES_MIN = 4 << 20, PAGE_GROWTH = 32, LIST_ENTRY_BYTES = 1024 };

typedef struct Worker {
    Writer writer;
    Arena scratch;
    BodyCache bodies;
    PartialMemo memo;
    Buf out;
    int64_t bytes;
    Err err;
    ptrdiff_t failed; /* the output that `err` is about, -1 where there is none */
} Worker;

typedef struct Build {
    const Outputs *outputs;
    Publish *publish; /* NULL: nothing is written */
    Worker *workers;
    const ptrdiff_t *starts; /* of job i the first output; of the last + 1 the end */
    atomic_bool stop;        /* a worker failed */
} Build;

/* ---- one output ---- */

/* A rendered page is at most 32 times its input (TRUST.md, "Limits"). Pages that have no
 * file of their own are made of the whole site. */
static ptrdiff_t bytes_max(const Writer *writer) {
    const Source *source = writer->output->source;
    ptrdiff_t input =
        source ? source->text.len : writer->outputs->list.n * LIST_ENTRY_BYTES;
    ptrdiff_t max = input * PAGE_GROWTH;
    return max > PAGE_BYTES_MIN ? max : PAGE_BYTES_MIN;
}

static void render(Writer *writer, Buf *out) {
    const Output *output = writer->output;
    Str name = output->template ? output->template->text : str_from(output->kind->name);
    const Template *template = theme_template(writer->theme, name);
    if (!template) /* it was reported when the theme was loaded */
        return;
    RenderEnv env = views_env(writer);
    MustacheOptions options = {.strict = true, .max_bytes = bytes_max(writer)};
    if (writer->base.form == HREF_PATH) /* others depend on the page */
        options.memo = writer->memo;
    mustache_render(template, views_root(), theme_partials(writer->theme), options, &env,
                    out, writer->diags);
}

bool output_make(Writer *writer, const Output *output, Buf *out, Str *bytes, Err *err) {
    writer_begin(writer, output);
    buf_reset(out);
    *bytes = (Str){0};
    if (output->kind->write)
        return output->kind->write(writer, out, bytes, err);
    render(writer, out);
    *bytes = buf_view(out);
    return true;
}

/* ---- jobs ---- */

static bool write_output(const Build *build, int number, const Output *output) {
    Worker *worker = &build->workers[number];
    Str bytes;
    if (!output_make(&worker->writer, output, &worker->out, &bytes, &worker->err))
        return false;
    worker->bytes += bytes.len;
    return !build->publish ||
           publish_file(build->publish, number, output_file(&worker->scratch, output),
                        bytes, &worker->err);
}

static void run_job(void *context, int number, ptrdiff_t job) {
    Build *build = context;
    for (ptrdiff_t i = build->starts[job]; i < build->starts[job + 1]; i++) {
        if (atomic_load_explicit(&build->stop, memory_order_relaxed))
            return;
        if (!write_output(build, number, &build->outputs->list.items[i])) {
            build->workers[number].failed = i;
            atomic_store_explicit(&build->stop, true, memory_order_relaxed);
            return;
        }
    }
}

static ptrdiff_t find_jobs(const Outputs *outputs, Arena *arena,
                           const ptrdiff_t **starts) {
    ptrdiff_t n = outputs->list.n, n_jobs = 0;
    ptrdiff_t *all = arena_array(arena, ptrdiff_t, n + 1);
    const Source *before = NULL;
    for (ptrdiff_t i = 0; i < n; i++) {
        const Source *source = outputs->list.items[i].source;
        if (i == 0 || !source || source != before)
            all[n_jobs++] = i;
        before = source;
    }
    all[n_jobs] = n;
    *starts = all;
    return n_jobs;
}

static void start_workers(Build *build, Arena *arena, int n) {
    const Site *site = build->outputs->site;
    build->workers = arena_array(arena, Worker, n);
    for (int i = 0; i < n; i++) {
        Worker *worker = &build->workers[i];
        worker->failed = -1;
        worker->writer = (Writer){.site = site,
                                  .theme = build->outputs->theme,
                                  .outputs = build->outputs,
                                  .scratch = &worker->scratch,
                                  .bodies = &worker->bodies,
                                  .memo = &worker->memo,
                                  .diags = &site->diags[i]};
    }
}

/* Releases the workers. False and *err of the first output that failed. */
static bool end_workers(Build *build, int n, BuildResult *result, Err *err) {
    ptrdiff_t failed = -1;
    for (int i = 0; i < n; i++) {
        Worker *worker = &build->workers[i];
        result->bytes += worker->bytes;
        if (worker->failed >= 0 && (failed < 0 || worker->failed < failed)) {
            failed = worker->failed;
            *err = worker->err;
        }
        writer_release(&worker->writer);
        partial_memo_release(&worker->memo);
        buf_release(&worker->out);
    }
    return failed < 0;
}

/* ---- the phase ---- */

static bool has_errors(const Site *site, const BuildOptions *options) {
    Arena scratch = {0};
    DiagReport report = site_report(site, &scratch);
    arena_release(&scratch);
    return report.errors || (options->strict && report.warnings);
}

static const char *output_path(const BuildOptions *options, Arena *arena) {
    Str root = str_from(options->root);
    if (options->output)
        return options->output;
    return arena_cstr(
        arena, arena_concat(arena, root,
                            str_has_suffix(root, S("/")) ? S("public") : S("/public")));
}

/* Nothing is begun where nothing will be published. */
static bool begin(Build *build, const BuildOptions *options, const char *output,
                  Err *err) {
    if (!options->publish || has_errors(build->outputs->site, options))
        return true;
    PublishOptions publish = {.output = output,
                              .site = options->root,
                              .workers = options->workers,
                              .mode =
                                  options->in_place ? PUBLISH_IN_PLACE : PUBLISH_WHOLE,
                              .wait_seconds = options->wait_seconds,
                              .sync = options->sync};
    build->publish = publish_begin(&publish, err);
    return build->publish != NULL;
}

static bool commit(Publish *publish, Arena *arena, BuildResult *result, Err *err) {
    PublishResult done = {0};
    if (!publish_commit(publish, &done, err))
        return false;
    result->published = true;
    result->n_written = done.written;
    result->n_unchanged = done.unchanged;
    result->n_deleted = done.deleted;
    if (done.note[0])
        result->notes[result->n_notes++] = arena_cstr(arena, str_from(done.note));
    return true;
}

static bool make_all(const Outputs *outputs, const BuildOptions *options, Arena *arena,
                     BuildResult *result, Err *err) {
    Build build = {.outputs = outputs};
    result->n_outputs = outputs->list.n;
    result->output = output_path(options, arena);
    if (!begin(&build, options, result->output, err))
        return false;
    ptrdiff_t n_jobs = find_jobs(outputs, arena, &build.starts);
    start_workers(&build, arena, options->workers);
    pool_run(options->workers, n_jobs, run_job, &build);
    bool ok = end_workers(&build, options->workers, result, err);
    if (ok && build.publish && !has_errors(outputs->site, options))
        return commit(build.publish, arena, result, err);
    publish_abort(build.publish);
    return ok;
}

bool build_run(const Site *site, const BuildOptions *options, Arena *arena,
               BuildResult *result, Err *err) {
    Theme theme;
    Outputs outputs;
    DiagList *diags = &site->diags[0];
    *result = (BuildResult){0};
    if (!theme_load(&theme, site, arena, diags, err))
        return false;
    outputs_list(&outputs, site, &theme, arena, diags);
    return make_all(&outputs, options, arena, result, err);
}
