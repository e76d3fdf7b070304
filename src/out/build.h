/* From a linked site to a published one: templates are checked, every output is made and
 * handed to the publisher, and all of it takes effect in one step or not at all. */
#pragma once

#include "out/publish.h"
#include "out/views.h"

typedef struct BuildOptions {
    const char *root;   /* the site's directory */
    const char *output; /* what is published to; NULL: root/public */
    int workers;        /* threads, at most the site's n_workers */
    bool publish;       /* false: make everything, write nothing (`check`) */
    bool in_place;      /* see publish.h, as the following */
    bool sync;
    bool strict; /* warnings count as errors */
    int wait_seconds;
} BuildOptions;

typedef struct BuildResult {
    ptrdiff_t n_outputs; /* files that the site has */
    int64_t bytes;       /* in all of them */
    bool published;      /* false: check only, or there are errors */
    const char *output;  /* where */
    ptrdiff_t n_written, n_unchanged, n_deleted; /* see PublishResult */
    const char *notes[2]; /* what the user should know, a line each, without '\n' */
    ptrdiff_t n_notes;
} BuildResult;

/* Makes all outputs of `site`, and publishes them if there are no errors, neither before
 * nor in this. Authors' mistakes are added to site->diags, so site_report has all. False
 * where the environment fails: *err says why, and what was published before is as it was.
 * The result, and the sources that diagnostics name, live in `arena`. What is published
 * depends on the site alone, not on the number of workers. */
bool build_run(const Site *site, const BuildOptions *options, Arena *arena,
               BuildResult *result, Err *err);

/* Makes one output: *bytes lie in `out`, in writer->scratch or in the theme until the
 * writer's next output. Authors' mistakes go to writer->diags. False where a file can't
 * be read. */
bool output_make(Writer *writer, const Output *output, Buf *out, Str *bytes, Err *err);
