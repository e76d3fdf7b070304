/* A render that is going on: shared by mustache_render.c and mustache_lookup.c only.
 * mustache_render.c says what its parts are for. */
#pragma once

#include "text/mustache_program.h"

enum { REPORTS_MAX = 20 };

typedef struct Context {
    Value value;
    Value list; /* of which `value` is an item; else no list */
    const void *cursor;
    ptrdiff_t index;
} Context;

typedef enum CallKind {
    CALL_TEMPLATE, /* the first */
    CALL_PARTIAL,
    CALL_PARENT,
    CALL_REPLACEMENT,
} CallKind;

typedef struct Call {
    const Template *template;
    CallKind kind;
    int32_t site;      /* the op that called, in the template of the call below */
    int32_t resume;    /* where that goes on */
    ptrdiff_t indent;  /* where the present indentation starts in Renderer.indents */
    int32_t parent;    /* the innermost parent that blocks see, -1: none */
    int32_t n_parents; /* of the caller */
    bool kept;         /* what it writes goes to the memo, if it does not vary */
    bool varied;       /* env->varies before a call that may be kept */
    ptrdiff_t from;    /* length of the output then, */
    int64_t steps;     /* and steps */
} Call;

typedef struct Parent {
    const Template *template; /* whose DEFINE ops */
    int32_t define;           /* the first, -1: none */
    int32_t outer;            /* parents visible where it was called, -1: none */
} Parent;

typedef struct Renderer {
    MustacheOptions options;
    TemplateSet partials;
    RenderEnv *env;
    Buf *out;
    DiagList *diags;
    Vec(Context) contexts;
    Vec(Call) calls;
    const Template *template; /* of the top call */
    Vec(Parent) parents;
    Buf indents; /* the present indentation is its end, from the call's `indent` */
    int depth;   /* partials and parents being run */
    int64_t steps, steps_limit; /* with env->work */
    ptrdiff_t out_limit;        /* length of `out` */
    const Op *reported[REPORTS_MAX];
    ptrdiff_t n_reported;
    bool stopped;
} Renderer;

static inline const Call *top_call(const Renderer *r) {
    return &r->calls.items[r->calls.n - 1];
}

static inline Context *top_context(const Renderer *r) {
    return &r->contexts.items[r->contexts.n - 1];
}

/* ---- mustache_lookup.c ---- */

/* The value of an op's name; of kind VALUE_UNKNOWN where there is none, which in strict
 * mode was reported. */
Value renderer_resolve(Renderer *r, const Op *op);

/* The place of a name in its template, and of the op or of one before it. */
Loc renderer_name_loc(const Template *template, Str part);
Loc renderer_op_loc(const Renderer *r, int32_t at);

/* Gives the hint: `help`, the chain of partials, or both. */
void renderer_hint(const Renderer *r, Diag *diag, Str help);

/* "did you mean …?", in scratch; empty for an empty name. */
Str renderer_suggestion(const Renderer *r, Str nearest);

/* Ends the render with a diagnostic just added. */
void renderer_stop(Renderer *r, Diag *diag);

/* Whether `op` may add a message: each tag once, so that a loop does not repeat it. */
bool renderer_may_report(Renderer *r, const Op *op);
