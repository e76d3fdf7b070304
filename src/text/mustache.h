/* Mustache (specification 1.4): templates compiled once to a flat program.
 *
 * A Template is immutable after mustache_compile and can be rendered by any number of threads
 * at once. Required modules: comments, delimiters, interpolation, inverted, partials,
 * sections; optional: inheritance (blocks, parents) and dynamic names.
 *
 * Strictness belongs to the caller: rendering specification-wise, a missing name is empty;
 * in strict mode an unknown name is a diagnostic with the chain of partials. */
#pragma once

#include "base/buf.h"
#include "base/diag.h"
#include "text/value.h"

typedef struct Template Template;

/* Finds partials by name while templates are rendered: returns NULL where there is none. It
 * is called from several threads and must be immutable or locked. */
typedef struct TemplateSet {
    const Template *(*find)(const void *self, Str name);
    const void *self;
} TemplateSet;

/* Compiles source->text. Returns NULL after adding diagnostics (template_syntax: unclosed
 * tag, unclosed or mismatched section, bad delimiters, nesting above 1,000). The Template
 * lives in `arena` and borrows the Source. `name` is what messages call it. */
const Template *mustache_compile(const Source *source, Str name, Arena *arena,
                                 DiagList *diags);

/* The names of partials and parents that the template includes (static ones), for checking
 * before anything is rendered. Returned array lives with the template. */
typedef struct TemplatePartial {
    Str name;
    Loc loc;
} TemplatePartial;
const TemplatePartial *template_partials(const Template *template, ptrdiff_t *n);

typedef struct MustacheOptions {
    bool strict;         /* unknown names and missing partials are diagnostics */
    ptrdiff_t max_bytes; /* of output; 0 is no limit */
} MustacheOptions;

/* Renders onto `out` with `root` at the bottom of the context stack. False after a
 * diagnostic of kind error (template_unknown_name, template_partial_missing,
 * template_recursion at 64 partials deep, limit_exceeded); `out` then holds a part. */
bool mustache_render(const Template *template, Value root, TemplateSet partials,
                     MustacheOptions options, RenderEnv *env, Buf *out, DiagList *diags);
