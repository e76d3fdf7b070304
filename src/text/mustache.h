/* Mustache (specification 1.4): templates compiled once to a flat program.
 *
 * A Template does not change after mustache_compile (but for hints, see value.h) and can
 * be rendered by any number of threads at once. Required modules: comments, delimiters,
 * interpolation, inverted, partials, sections; optional: inheritance (blocks, parents)
 * and dynamic names.
 *
 * Strictness belongs to the caller: rendering specification-wise, a missing name is
 * empty; in strict mode an unknown name is a diagnostic with the chain of partials. */
#pragma once

#include "base/buf.h"
#include "base/diag.h"
#include "text/value.h"

typedef struct Template Template;

/* Finds partials by name while templates are rendered: returns NULL where there is none.
 * It is called from several threads and must be immutable or locked. */
typedef struct TemplateSet {
    const Template *(*find)(const void *self, Str name);
    const void *self;
    Str (*nearest)(const void *self,
                   Str name); /* for hints, see str_nearest; may be NULL */
} TemplateSet;

/* Limits: levels of sections and blocks, in one template and in a render; partials and
 * parents inside each other; bytes of a delimiter and of a name; steps of a render where
 * its caller gives no other number: about half a second. */
enum {
    MUSTACHE_NESTING_MAX = 1000,
    MUSTACHE_PARTIALS_MAX = 64,
    MUSTACHE_DELIMITER_MAX = 32,
    MUSTACHE_NAME_MAX = 1000,
    MUSTACHE_STEPS_MAX = 50000000,
};

/* Compiles source->text. Returns NULL after adding diagnostics (template_syntax: unclosed
 * tag, unclosed or mismatched section, bad name or delimiters, nesting above the limit).
 * The Template lives in `arena` and borrows the Source and `name`, which is what messages
 * call it. Linear in the length of the text. */
const Template *mustache_compile(const Source *source, Str name, Arena *arena,
                                 DiagList *diags);

/* The names of partials and parents that the template includes (static ones), for
 * checking before anything is rendered. Returned array lives with the template. */
typedef struct TemplatePartial {
    Str name;
    Loc loc;
} TemplatePartial;
const TemplatePartial *template_partials(const Template *template, ptrdiff_t *n);

/* What partials wrote that is the same in every render, so that it is made once: the foot
 * of a thousand pages. Kept is what a partial wrote while only the root was on the
 * context stack, if no getter set env->varies and no block or message was met on the way:
 * then the next render would look up the same names, find the same values and go the same
 * way. So all renders with one memo must have the same root, partials and options but for
 * max_bytes, and their getters must say what varies. Belongs to one thread at a time; a
 * zeroed one is empty and ready. */
enum { MEMO_PARTIALS = 16, MEMO_BYTES_MAX = 1 << 16 };
typedef struct PartialMemo {
    struct MemoEntry {
        const Template *template;
        ptrdiff_t n_calls; /* how deep it was called: limits are met at the same place */
        int depth;
        int64_t steps;
        Buf bytes;
    } entries[MEMO_PARTIALS];
    int n;
} PartialMemo;
void partial_memo_release(PartialMemo *memo);

typedef struct MustacheOptions {
    bool strict;          /* unknown names and missing partials are diagnostics */
    bool list_names_last; /* by the specification: `first`, `index`, … of a list (value.h)
                             give way to every name in the data */
    ptrdiff_t max_bytes; /* of output; 0 is no limit */
    int64_t max_steps;   /* tags and look-ups; 0 is MUSTACHE_STEPS_MAX */
    PartialMemo *memo;   /* NULL: nothing is kept */
} MustacheOptions;

/* Renders onto `out` with `root` at the bottom of the context stack. False after a
 * diagnostic (template_unknown_name, template_partial_missing, template_recursion,
 * limit_exceeded); `out` then holds a part. Unknown names and missing partials don't end
 * the render, up to 20 of them, so that an author sees all. No allocation for a tag: what
 * a render needs of its own comes from env->scratch at its start, and grows with nesting.
 */
bool mustache_render(const Template *template, Value root, TemplateSet partials,
                     MustacheOptions options, RenderEnv *env, Buf *out, DiagList *diags);
