/* Mustache, second half: running a program (mustache_program.h).
 *
 * One loop over ops, and three stacks of its own instead of recursion, so that depth is a
 * number with a limit and not the C stack:
 *
 *   contexts  what `{{name}}` is looked up in, from the top down
 *   calls     templates and blocks that are being run, with the present indentation
 *   parents   the blocks given to each `{{<parent}}` that is being run
 *
 * A block asks the parents from the outermost in, so that the template which was rendered
 * has the last word (specification, inheritance: "top-level substitutions take
 * precedence"). What replaces a block belongs to the template that wrote it, so it sees
 * only the blocks which that template was given: a block `body` inside a replacement of
 * `body` is another parameter and no endless loop.
 *
 * What a partial writes with only the root on the stack may be kept for the next render
 * (PartialMemo). Whether it may is seen while it runs and not worked out beforehand: a
 * getter whose value varies says so, and without one the next run would be the same.
 * (Rejected: a flag at each field of each type, from which the compiler concludes; it has
 * to know what every name of a template will be found in.)
 *
 * Steps (ops, contexts looked through, work of look-ups) are counted and bounded: nested
 * sections over lists and doubling partials can ask for 2^64 of them and write nothing.
 */
#include "text/mustache_program.h"

enum { REPORTS_MAX = 20, CHAIN_SHOWN_MAX = 6 };

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

/* ---- messages ---- */

static const Call *top_call(const Renderer *r) { return &r->calls.items[r->calls.n - 1]; }

static Context *top_context(const Renderer *r) {
    return &r->contexts.items[r->contexts.n - 1];
}

static Loc name_loc(const Template *template, Str part) {
    return (Loc){template->source, part.data - template->source->text.data};
}

/* The place of the op, or of one before it. */
static Loc op_loc(const Renderer *r, int32_t at) {
    const Template *template = r->template;
    while (at > 0 && template->ops[at].name < 0)
        at--;
    int32_t name = template->ops[at].name;
    return (Loc){template->source, name < 0 ? -1 : template->names[name].offset};
}

static void put_call(const Renderer *r, ptrdiff_t i, Buf *out) {
    const Call *call = &r->calls.items[i];
    const Template *caller = r->calls.items[i - 1].template;
    const TagName *name = &caller->names[caller->ops[call->site].name];
    Position at = loc_position((Loc){caller->source, name->tag});
    Str called = call->kind == CALL_REPLACEMENT ? name->whole.text : call->template->name;
    const char *noun = call->kind == CALL_PARTIAL  ? "partial"
                       : call->kind == CALL_PARENT ? "parent"
                                                   : "block";
    buf_printf(out, "%s%s '%.*s', included at %.*s:%td:%td", out->len ? ", in " : "in ",
               noun, STR_ARG(called), STR_ARG(caller->source->path), at.line, at.column);
}

/* "in partial 'x', included at a.mustache:3:1, …", from the innermost out. */
static void put_chain(const Renderer *r, Buf *out) {
    int shown = 0, hidden = 0;
    for (ptrdiff_t i = r->calls.n - 1; i > 0; i--) {
        if (shown++ < CHAIN_SHOWN_MAX)
            put_call(r, i, out);
        else
            hidden++;
    }
    if (hidden)
        buf_printf(out, ", and %d more", hidden);
}

/* Gives the hint: `help`, the chain of partials, or both. */
static void add_hint(const Renderer *r, Diag *diag, Str help) {
    Buf chain = {0};
    put_chain(r, &chain);
    if (help.len && chain.len)
        diag_hint(r->diags, diag, "%.*s (%.*s)", STR_ARG(help), STR_ARG(chain));
    else if (help.len || chain.len)
        diag_hint(r->diags, diag, "%.*s%.*s", STR_ARG(help), STR_ARG(chain));
    buf_release(&chain);
}

static Str suggestion(const Renderer *r, Str nearest) {
    if (nearest.len == 0)
        return nearest;
    return arena_printf(r->env->scratch, "did you mean '%.*s'?", STR_ARG(nearest));
}

/* Ends the render with a diagnostic just added. */
static void stop(Renderer *r, Diag *diag) {
    add_hint(r, diag, (Str){0});
    r->stopped = true;
}

/* Whether `op` may add a message: each tag once, so that a loop does not repeat it. */
static bool may_report(Renderer *r, const Op *op) {
    r->env->varies = true;
    for (ptrdiff_t i = 0; i < r->n_reported; i++)
        if (r->reported[i] == op)
            return false;
    r->reported[r->n_reported++] = op;
    r->stopped = r->stopped || r->n_reported == REPORTS_MAX;
    return true;
}

static Str nearest_in_stack(const Renderer *r, Str name) {
    Nearest nearest = nearest_init(name);
    bool in_list = false;
    for (ptrdiff_t i = r->contexts.n - 1; i >= 0; i--) {
        const Context *context = &r->contexts.items[i];
        in_list = in_list || context->list.kind == VALUE_LIST;
        if (context->value.kind != VALUE_OBJECT)
            continue;
        const Type *type = context->value.object.type;
        for (ptrdiff_t f = 0; f < type->n_fields; f++)
            nearest_add(&nearest, str_from(type->fields[f].name));
    }
    for (ListName i = LIST_NAME_FIRST; in_list && i < LIST_NAMES; i++)
        nearest_add(&nearest, mustache_list_names[i]);
    return nearest.best;
}

/* A part after the first is not there; `owner` is the value of the parts before it. */
static void report_unknown_part(Renderer *r, Loc loc, Str part, Str before, Value owner) {
    Diag *diag;
    Str help = {0};
    if (owner.kind == VALUE_OBJECT) {
        const Type *type = owner.object.type;
        diag = diag_add(r->diags, DIAG_TEMPLATE_UNKNOWN_NAME, loc,
                        "unknown name '%.*s': '%.*s' is of type '%s' and has none such",
                        STR_ARG(part), STR_ARG(before), type->name);
        help = suggestion(r, type_nearest(type, part));
    } else {
        diag = diag_add(r->diags, DIAG_TEMPLATE_UNKNOWN_NAME, loc,
                        "unknown name '%.*s': '%.*s' is %s", STR_ARG(part),
                        STR_ARG(before), value_kind_name(owner.kind));
        if (owner.kind == VALUE_LIST)
            help = arena_printf(r->env->scratch,
                                "'{{#%.*s}}' goes through it, 'count' is its length",
                                STR_ARG(before));
    }
    add_hint(r, diag, help);
}

/* Part `i` of an op's name is not there. */
static void report_unknown(Renderer *r, const Op *op, int32_t i, Value owner) {
    if (!may_report(r, op))
        return;
    const Template *template = r->template;
    const TagName *name = &template->names[op->name];
    Str whole = name->whole.text, part = template->parts[name->part + i].text;
    Loc loc = name_loc(template, part);
    if (i > 0) {
        Str before = {whole.data, part.data - 1 - whole.data};
        report_unknown_part(r, loc, part, before, owner);
        return;
    }
    Diag *diag = diag_add(r->diags, DIAG_TEMPLATE_UNKNOWN_NAME, loc,
                          "unknown name '%.*s'", STR_ARG(part));
    add_hint(r, diag, suggestion(r, nearest_in_stack(r, part)));
}

/* ---- look-up ---- */

static Value list_value(const Context *context, ListName name) {
    ptrdiff_t index = context->index;
    switch (name) {
    case LIST_NAME_FIRST:
        return value_bool(index == 0);
    case LIST_NAME_LAST:
        return value_bool(index == context->list.list.n - 1);
    case LIST_NAME_INDEX:
        return value_int(index);
    case LIST_NAME_NUMBER:
        return value_int(index + 1);
    case LIST_NAME_ODD:
        return value_bool(index % 2 == 0);
    case LIST_NAME_NONE:
    case LIST_NAMES:
        break;
    }
    return (Value){.kind = VALUE_UNKNOWN};
}

/* Whether a name may be missing in the value, or in one of the stack. */
static bool is_open(const Value *value) {
    return value->kind == VALUE_OBJECT && value->object.type->open;
}

static bool stack_is_open(const Renderer *r) {
    for (ptrdiff_t i = 0; i < r->contexts.n; i++)
        if (is_open(&r->contexts.items[i].value))
            return true;
    return false;
}

/* The first part of a name, from the top of the stack down. */
static Value find_in_stack(Renderer *r, const TagName *name) {
    const Name *part = &r->template->parts[name->part];
    FieldHint *hint = &r->template->hints[name->part];
    const Context *list = NULL;
    Value value = {.kind = VALUE_UNKNOWN};
    const Context *context = r->contexts.items + r->contexts.n;
    while (context > r->contexts.items) {
        context--;
        r->steps++;
        if (context->value.kind == VALUE_OBJECT) {
            value = value_get_hinted(&context->value, part, hint, r->env);
            if (value.kind != VALUE_UNKNOWN)
                return value;
        }
        if (name->list_name != LIST_NAME_NONE && !list &&
            context->list.kind == VALUE_LIST) {
            list = context;
            if (!r->options.list_names_last)
                break;
        }
    }
    if (list)
        value = list_value(list, name->list_name);
    return value;
}

/* The parts after the first, whose value is `value`. Not inlined, since most names have
 * one part and then need less of the stack. */
__attribute__((noinline)) static Value find_parts(Renderer *r, const Op *op,
                                                  const TagName *name, Value value) {
    const Name *parts = &r->template->parts[name->part];
    FieldHint *hints = &r->template->hints[name->part];
    for (int32_t i = 1; i < name->n_parts && value.kind != VALUE_ABSENT; i++) {
        Value owner = value;
        r->steps++;
        value = value_get_hinted(&owner, &parts[i], &hints[i], r->env);
        if (value.kind == VALUE_UNKNOWN) {
            if (r->options.strict && !is_open(&owner))
                report_unknown(r, op, i, owner);
            break;
        }
    }
    return value;
}

/* The value of an op's name. */
static Value resolve(Renderer *r, const Op *op) {
    const TagName *name = &r->template->names[op->name];
    if (name->n_parts == 0)
        return top_context(r)->value;
    Value value = find_in_stack(r, name);
    if (value.kind == VALUE_UNKNOWN) {
        if (r->options.strict && !stack_is_open(r))
            report_unknown(r, op, 0, value);
    } else if (name->n_parts > 1) {
        value = find_parts(r, op, name, value);
    }
    return value;
}

/* ---- output ---- */

static void put_indent(Renderer *r) {
    Str all = buf_view(&r->indents);
    buf_str(r->out, str_from_offset(all, top_call(r)->indent));
}

/* Text of the template: each line after the first is indented. */
static void put_text(Renderer *r, Str text) {
    if (r->indents.len > top_call(r)->indent) {
        ptrdiff_t end;
        while (r->out->len <= r->out_limit && (end = str_find_char(text, '\n') + 1) > 0 &&
               end < text.len) {
            buf_str(r->out, str_slice(text, 0, end));
            put_indent(r);
            text = str_from_offset(text, end);
        }
    }
    buf_str(r->out, text);
}

static void put_value(Renderer *r, Value value, bool escape) {
    if (value.kind == VALUE_OBJECT && value.object.type->self_text)
        value = value.object.type->self_text(value.object.self, r->env);
    switch (value.kind) {
    case VALUE_BOOL:
        buf_str(r->out, value.boolean ? S("true") : S("false"));
        break;
    case VALUE_INT:
        buf_int(r->out, value.integer);
        break;
    case VALUE_TEXT:
    case VALUE_NUMBER:
        if (escape)
            buf_html(r->out, value.text);
        else
            buf_str(r->out, value.text);
        break;
    case VALUE_HTML:
        buf_str(r->out, value.text);
        break;
    case VALUE_UNKNOWN:
    case VALUE_ABSENT:
    case VALUE_LIST:
    case VALUE_OBJECT:
        break;
    }
}

/* ---- sections ---- */

static Value next_item(Renderer *r, Context *context) {
    const ListType *type = context->list.list.type;
    if (type->next)
        return type->next(&context->cursor, r->env);
    return type->item(context->list.list.self, context->index, r->env);
}

static int32_t open_section(Renderer *r, const Op *op, int32_t at) {
    Value value = resolve(r, op);
    if (!value_is_true(value))
        return op->jump;
    if (r->contexts.n >= MUSTACHE_NESTING_MAX) {
        stop(r, diag_add(r->diags, DIAG_LIMIT_EXCEEDED, op_loc(r, at),
                         "sections are nested more than %d deep", MUSTACHE_NESTING_MAX));
        return op->jump;
    }
    Context context = {.value = value};
    if (value.kind == VALUE_LIST) {
        context.list = value;
        context.cursor = value.list.self;
        context.value = next_item(r, &context);
    }
    *vec_push(r->env->scratch, &r->contexts) = context;
    return at + 1;
}

static int32_t end_section(Renderer *r, const Op *op, int32_t at) {
    Context *context = top_context(r);
    if (context->list.kind == VALUE_LIST && context->index + 1 < context->list.list.n) {
        context->index++;
        context->value = next_item(r, context);
        return op->jump;
    }
    r->contexts.n--;
    return at + 1;
}

/* ---- the memo ---- */

static int64_t steps_so_far(const Renderer *r) { return r->steps + r->env->work; }

/* Whether what the op's partial writes depends on the root alone. */
static bool may_keep(const Renderer *r, const Op *op) {
    return r->options.memo && r->contexts.n == 1 && r->indents.len == 0 &&
           !(op->standalone && op->text.len);
}

static const struct MemoEntry *memo_find(const Renderer *r, const Template *template) {
    const PartialMemo *memo = r->options.memo;
    for (int i = 0; i < memo->n; i++)
        if (memo->entries[i].template == template)
            return &memo->entries[i];
    return NULL;
}

/* Writes what the template wrote before; false where that is not known, or would go
 * beyond a limit: then the render must stop at the same tag as without a memo. */
static bool put_kept(Renderer *r, const Template *template) {
    const struct MemoEntry *entry = memo_find(r, template);
    if (!entry || entry->n_calls != r->calls.n || entry->depth != r->depth ||
        entry->steps > r->steps_limit - steps_so_far(r) ||
        entry->bytes.len > r->out_limit - r->out->len)
        return false;
    r->steps += entry->steps;
    buf_str(r->out, buf_view(&entry->bytes));
    return true;
}

/* Marks the call just made: leave() will keep what it writes. */
static void start_keeping(Renderer *r) {
    Call *call = &r->calls.items[r->calls.n - 1];
    call->kept = true;
    call->varied = r->env->varies;
    call->from = r->out->len;
    call->steps = steps_so_far(r);
    r->env->varies = false;
}

/* At the end of a call, when that is taken off the stack. */
static void keep(Renderer *r, const Call *call) {
    PartialMemo *memo = r->options.memo;
    Str bytes = str_from_offset(buf_view(r->out), call->from);
    if (!r->env->varies && memo->n < MEMO_PARTIALS && bytes.len <= MEMO_BYTES_MAX &&
        !memo_find(r, call->template)) {
        struct MemoEntry *entry = &memo->entries[memo->n++];
        *entry = (struct MemoEntry){.template = call->template,
                                    .n_calls = r->calls.n,
                                    .depth = r->depth,
                                    .steps = steps_so_far(r) - call->steps};
        buf_str(&entry->bytes, bytes);
    }
    r->env->varies = r->env->varies || call->varied;
}

void partial_memo_release(PartialMemo *memo) {
    for (int i = 0; i < memo->n; i++)
        buf_release(&memo->entries[i].bytes);
    memo->n = 0;
}

/* ---- calls ---- */

/* Runs `template` from op `entry` on; its lines are indented as the op says. */
static int32_t enter(Renderer *r, CallKind kind, const Template *template, int32_t entry,
                     int32_t site, int32_t resume) {
    const Call *caller = top_call(r);
    const Op *op = &caller->template->ops[site];
    if (r->calls.n >= MUSTACHE_NESTING_MAX) {
        stop(r, diag_add(r->diags, DIAG_LIMIT_EXCEEDED, op_loc(r, site),
                         "blocks are nested more than %d deep", MUSTACHE_NESTING_MAX));
        return resume;
    }
    Call call = {.template = template,
                 .kind = kind,
                 .site = site,
                 .resume = resume,
                 .indent = op->standalone ? caller->indent : r->indents.len,
                 .parent = caller->parent,
                 .n_parents = (int32_t)r->parents.n};
    if (op->standalone)
        buf_str(&r->indents, op->text);
    *vec_push(r->env->scratch, &r->calls) = call;
    r->template = template;
    return entry;
}

static int32_t leave(Renderer *r) {
    Call call = *top_call(r);
    r->calls.n--;
    r->parents.n = call.n_parents;
    r->depth -= call.kind == CALL_PARTIAL || call.kind == CALL_PARENT;
    if (call.kept)
        keep(r, &call);
    if (r->calls.n) {
        const Call *caller = top_call(r);
        const Op *op = &caller->template->ops[call.site];
        r->indents.len = op->standalone ? r->indents.len - op->text.len : call.indent;
        r->template = caller->template;
    }
    return call.resume;
}

/* The template that a PARTIAL or PARENT names; NULL where nothing is to be rendered. */
static const Template *find_template(Renderer *r, const Op *op) {
    const Template *caller = r->template;
    const TagName *tag = &caller->names[op->name];
    Loc loc = name_loc(caller, tag->whole.text);
    Str name = tag->whole.text;
    if (op->dynamic) {
        Value value = resolve(r, op);
        if (value.kind != VALUE_TEXT)
            return NULL;
        name = value.text;
    }
    const Template *found = r->partials.find(r->partials.self, name);
    if (!found && r->options.strict && may_report(r, op)) {
        Diag *diag = diag_add(r->diags, DIAG_TEMPLATE_PARTIAL_MISSING, loc,
                              "there is no partial '%.*s'",
                              STR_ARG(str_slice(name, 0, MUSTACHE_NAME_MAX)));
        Str nearest = {0};
        if (r->partials.nearest)
            nearest = r->partials.nearest(r->partials.self, name);
        add_hint(r, diag, suggestion(r, nearest));
    }
    if (found && r->depth == MUSTACHE_PARTIALS_MAX) {
        stop(r, diag_add(r->diags, DIAG_TEMPLATE_RECURSION, loc,
                         "partials are nested more than %d deep", MUSTACHE_PARTIALS_MAX));
        return NULL;
    }
    return found;
}

static int32_t call_partial(Renderer *r, const Op *op, int32_t at) {
    const Template *template = find_template(r, op);
    bool may = template && may_keep(r, op);
    if (!template || (may && put_kept(r, template)))
        return at + 1;
    r->depth++;
    int32_t entry = enter(r, CALL_PARTIAL, template, 0, at, at + 1);
    if (may && !r->stopped)
        start_keeping(r);
    return entry;
}

static int32_t call_parent(Renderer *r, const Op *op, int32_t at) {
    const Template *template = find_template(r, op), *caller = r->template;
    if (!template)
        return op->jump;
    r->depth++;
    int32_t visible = top_call(r)->parent;
    int32_t entry = enter(r, CALL_PARENT, template, 0, at, op->jump);
    if (r->stopped)
        return entry;
    r->calls.items[r->calls.n - 1].parent = (int32_t)r->parents.n;
    *vec_push(r->env->scratch, &r->parents) = (Parent){caller, op->next, visible};
    return entry;
}

/* The DEFINE of that name in one parent, or -1. */
static int32_t find_define(Renderer *r, const Parent *parent, const Name *name) {
    const Template *template = parent->template;
    for (int32_t at = parent->define; at >= 0; at = template->ops[at].next) {
        const Name *whole = &template->names[template->ops[at].name].whole;
        r->steps++;
        if (whole->hash == name->hash && str_equal(whole->text, name->text))
            return at;
    }
    return -1;
}

static int32_t call_block(Renderer *r, const Op *op, int32_t at) {
    r->env->varies = true;
    const Call *call = top_call(r);
    const Name *name = &call->template->names[op->name].whole;
    int32_t found = -1, outermost = -1;
    for (int32_t i = call->parent; i >= 0; i = r->parents.items[i].outer) {
        int32_t define = find_define(r, &r->parents.items[i], name);
        if (define >= 0) {
            found = define;
            outermost = i;
        }
    }
    if (found < 0)
        return at + 1;
    Parent parent = r->parents.items[outermost];
    int32_t entry = enter(r, CALL_REPLACEMENT, parent.template, found + 1, at, op->jump);
    if (!r->stopped)
        r->calls.items[r->calls.n - 1].parent = parent.outer;
    return entry;
}

/* ---- the loop ---- */

/* Texts and lines up to the next tag, while nothing is indented. */
static int32_t put_texts(Renderer *r, const Op *op, int32_t at) {
    const Op *end = op;
    for (; end->kind <= OP_LINE; end++)
        if (end->kind == OP_TEXT)
            buf_str(r->out, end->text);
    r->steps += end - op - 1;
    return at + (int32_t)(end - op);
}

/* Runs the op at `at` of the top call; returns the next one's index. */
static int32_t run_op(Renderer *r, int32_t at) {
    const Op *op = &r->template->ops[at];
    if (op->kind <= OP_LINE && r->indents.len == 0)
        return put_texts(r, op, at);
    switch ((OpKind)op->kind) {
    case OP_TEXT:
        put_text(r, op->text);
        break;
    case OP_LINE:
        put_indent(r);
        break;
    case OP_VALUE:
    case OP_VALUE_RAW:
        put_value(r, resolve(r, op), op->kind == OP_VALUE);
        break;
    case OP_SECTION:
        return open_section(r, op, at);
    case OP_INVERTED:
        return value_is_true(resolve(r, op)) ? op->jump : at + 1;
    case OP_SECTION_END:
        return end_section(r, op, at);
    case OP_PARTIAL:
        return call_partial(r, op, at);
    case OP_PARENT:
        return call_parent(r, op, at);
    case OP_BLOCK:
        return call_block(r, op, at);
    case OP_RETURN:
        return leave(r);
    case OP_DEFINE:
    case OP_NOTHING:
        break;
    }
    return at + 1;
}

static void run(Renderer *r) {
    int64_t max = r->options.max_steps ? r->options.max_steps : MUSTACHE_STEPS_MAX;
    r->steps_limit = INT64_MAX;
    if (max < INT64_MAX - r->env->work)
        r->steps_limit = r->env->work + max;
    int32_t at = 0;
    while (r->calls.n && !r->stopped) {
        if (r->out->len > r->out_limit)
            stop(r, diag_add(r->diags, DIAG_LIMIT_EXCEEDED, op_loc(r, at),
                             "output is larger than %td bytes", r->options.max_bytes));
        else if (++r->steps + r->env->work > r->steps_limit)
            stop(r, diag_add(r->diags, DIAG_LIMIT_EXCEEDED, op_loc(r, at),
                             "rendering takes more than %lld steps", (long long)max));
        else
            at = run_op(r, at);
    }
}

bool mustache_render(const Template *template, Value root, TemplateSet partials,
                     MustacheOptions options, RenderEnv *env, Buf *out, DiagList *diags) {
    Renderer r = {.options = options,
                  .partials = partials,
                  .env = env,
                  .out = out,
                  .diags = diags,
                  .out_limit = PTRDIFF_MAX};
    if (options.max_bytes && out->len <= PTRDIFF_MAX - options.max_bytes)
        r.out_limit = out->len + options.max_bytes;
    *vec_push(env->scratch, &r.contexts) = (Context){.value = root};
    *vec_push(env->scratch, &r.calls) =
        (Call){.template = template, .kind = CALL_TEMPLATE, .parent = -1};
    r.template = template;
    run(&r);
    buf_release(&r.indents);
    return !r.stopped && r.n_reported == 0;
}
