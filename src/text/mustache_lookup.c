/* Names in a render: what a tag stands for, and what to say where it stands for nothing.
 *
 * A name is looked up from the top of the context stack down, its further parts in what
 * was found. Most tags are answered by the hint beside their name (value.h), so the way
 * there is kept short. In strict mode a name that no type knows is a diagnostic with the
 * nearest known one and the chain of partials, once for each tag; where a type that was
 * asked is open (value.h), it is no mistake. Specification: mustache(5), "Tag types:
 * Variables". */
#include "text/mustache_renderer.h"

enum { CHAIN_SHOWN_MAX = 6 };

/* ---- messages ---- */

Loc renderer_name_loc(const Template *template, Str part) {
    return (Loc){template->source, part.data - template->source->text.data};
}

Loc renderer_op_loc(const Renderer *r, int32_t at) {
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

void renderer_hint(const Renderer *r, Diag *diag, Str help) {
    Buf chain = {0};
    put_chain(r, &chain);
    if (help.len && chain.len)
        diag_hint(r->diags, diag, "%.*s (%.*s)", STR_ARG(help), STR_ARG(chain));
    else if (help.len || chain.len)
        diag_hint(r->diags, diag, "%.*s%.*s", STR_ARG(help), STR_ARG(chain));
    buf_release(&chain);
}

Str renderer_suggestion(const Renderer *r, Str nearest) {
    if (nearest.len == 0)
        return nearest;
    return arena_printf(r->env->scratch, "did you mean '%.*s'?", STR_ARG(nearest));
}

void renderer_stop(Renderer *r, Diag *diag) {
    renderer_hint(r, diag, (Str){0});
    r->stopped = true;
}

bool renderer_may_report(Renderer *r, const Op *op) {
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
        help = renderer_suggestion(r, type_nearest(type, part));
    } else {
        diag = diag_add(r->diags, DIAG_TEMPLATE_UNKNOWN_NAME, loc,
                        "unknown name '%.*s': '%.*s' is %s", STR_ARG(part),
                        STR_ARG(before), value_kind_name(owner.kind));
        if (owner.kind == VALUE_LIST)
            help = arena_printf(r->env->scratch,
                                "'{{#%.*s}}' goes through it, 'count' is its length",
                                STR_ARG(before));
    }
    renderer_hint(r, diag, help);
}

/* Part `i` of an op's name is not there. */
static void report_unknown(Renderer *r, const Op *op, int32_t i, Value owner) {
    if (!renderer_may_report(r, op))
        return;
    const Template *template = r->template;
    const TagName *name = &template->names[op->name];
    Str whole = name->whole.text, part = template->parts[name->part + i].text;
    Loc loc = renderer_name_loc(template, part);
    if (i > 0) {
        Str before = {whole.data, part.data - 1 - whole.data};
        report_unknown_part(r, loc, part, before, owner);
        return;
    }
    Diag *diag = diag_add(r->diags, DIAG_TEMPLATE_UNKNOWN_NAME, loc,
                          "unknown name '%.*s'", STR_ARG(part));
    renderer_hint(r, diag, renderer_suggestion(r, nearest_in_stack(r, part)));
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

Value renderer_resolve(Renderer *r, const Op *op) {
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
