/* Mustache, second half: running a program (mustache_program.h). Names are looked up in
 * mustache_lookup.c.
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
#include "text/mustache_renderer.h"

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
    Value value = renderer_resolve(r, op);
    if (!value_is_true(value))
        return op->jump;
    if (r->contexts.n >= MUSTACHE_NESTING_MAX) {
        renderer_stop(r, diag_add(r->diags, DIAG_LIMIT_EXCEEDED, renderer_op_loc(r, at),
                                  "sections are nested more than %d deep",
                                  MUSTACHE_NESTING_MAX));
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
        renderer_stop(r, diag_add(r->diags, DIAG_LIMIT_EXCEEDED, renderer_op_loc(r, site),
                                  "blocks are nested more than %d deep",
                                  MUSTACHE_NESTING_MAX));
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
    Loc loc = renderer_name_loc(caller, tag->whole.text);
    Str name = tag->whole.text;
    if (op->dynamic) {
        Value value = renderer_resolve(r, op);
        if (value.kind != VALUE_TEXT)
            return NULL;
        name = value.text;
    }
    const Template *found = r->partials.find(r->partials.self, name);
    if (!found && r->options.strict && renderer_may_report(r, op)) {
        Diag *diag = diag_add(r->diags, DIAG_TEMPLATE_PARTIAL_MISSING, loc,
                              "there is no partial '%.*s'",
                              STR_ARG(str_slice(name, 0, MUSTACHE_NAME_MAX)));
        Str nearest = {0};
        if (r->partials.nearest)
            nearest = r->partials.nearest(r->partials.self, name);
        renderer_hint(r, diag, renderer_suggestion(r, nearest));
    }
    if (found && r->depth == MUSTACHE_PARTIALS_MAX) {
        renderer_stop(r, diag_add(r->diags, DIAG_TEMPLATE_RECURSION, loc,
                                  "partials are nested more than %d deep",
                                  MUSTACHE_PARTIALS_MAX));
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
        put_value(r, renderer_resolve(r, op), op->kind == OP_VALUE);
        break;
    case OP_SECTION:
        return open_section(r, op, at);
    case OP_INVERTED:
        return value_is_true(renderer_resolve(r, op)) ? op->jump : at + 1;
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
            renderer_stop(
                r, diag_add(r->diags, DIAG_LIMIT_EXCEEDED, renderer_op_loc(r, at),
                            "output is larger than %td bytes", r->options.max_bytes));
        else if (++r->steps + r->env->work > r->steps_limit)
            renderer_stop(
                r, diag_add(r->diags, DIAG_LIMIT_EXCEEDED, renderer_op_loc(r, at),
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
