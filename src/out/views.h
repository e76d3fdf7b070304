/* Views: what templates can see of a site.
 *
 * The context is lazy: a Type is a table of {name, getter, doc} rows (text/value.h),
 * `self` is a struct of the model, and a getter runs when a template asks. The rows are
 * in view_*.c, one file a subject; `cairn vars` prints them. A getter finds the page that
 * is being written through env->user, a Writer: URLs depend on it, and is_current.
 *
 * The doc string of a row begins with the type of the value and a colon: "text: …",
 * "[explainer]: …" for a list, "explainer: …" for an object. */
#pragma once

#include "out/href.h"
#include "out/outputs.h"
#include "text/mustache.h"

/* What was parsed and rendered last (view_body.c). A zeroed one is empty and ready. */
typedef struct BodyCache {
    Buf html;             /* what is being rendered */
    const Source *source; /* of `doc` */
    Doc *doc;             /* kept from one output to the next */
    const Page *page; /* whose body `body` is, or NULL; like the following in scratch */
    Str body;
    const Item *item;
    Str item_body;
    const char *text; /* start of the Markdown value that `markdown` is, or NULL */
    bool inline_only;
    Str markdown;
} BodyCache;

/* What a worker needs to write outputs, one after the other. */
struct Writer {
    const Site *site;
    const Theme *theme;
    const Outputs *outputs;
    const Output *output; /* that is being written */
    HrefBase base;        /* for URLs in it */
    Arena *scratch;       /* reset after each output */
    BodyCache *bodies;
    PartialMemo *memo; /* of this site and theme; NULL: none */
    DiagList *diags;
};

/* Begins `output`: scratch and what lies in it are emptied, URLs take its form. */
void writer_begin(Writer *writer, const Output *output);

/* Gives back what a writer's scratch and cache hold. */
void writer_release(Writer *writer);

/* The root object of the templates: site, page, explainer, issue …. The environment to
 * render it with is views_env(writer). */
Value views_root(void);
RenderEnv views_env(const Writer *writer);

/* Prints the types and their fields for `cairn vars`: all of them, or the one called
 * `name`; as text or as JSON ({"types": [{name, open, fields: [{name, type, doc}]}]}).
 * False if there is no type of that name. */
bool vars_print(Str name, bool json, Buf *out);

/* All types, in the order of the manual, for its reference. */
extern const Type *const view_types[];
extern const ptrdiff_t view_n_types;
