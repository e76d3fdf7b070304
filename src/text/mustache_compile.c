/* Mustache, first half: text to program (mustache_program.h).
 *
 * One pass over the text: find the next tag, decide what of the text before it belongs to
 * the page, emit. The work is linear: every byte is looked at a fixed number of times,
 * and nothing is ever searched backwards beyond the last tag.
 *
 * A tag stands alone when its line holds only white space besides it; then the whole line
 * goes, with its ending (LF or CRLF). Values never stand alone. For parents and blocks
 * the unit is the pair of tags (specification, inheritance: "need not be on separate
 * lines"):
 *
 *   - a parent stands alone when nothing precedes `{{<p}}` and nothing follows `{{/p}}`
 * on their lines; whatever is between them, save blocks, is no text at all;
 *   - `{{$b}}` alone on its line is a standalone tag; its block is indented as the
 * default's first line is, or as the tag itself where the default is empty;
 *   - `{{$b}}…{{/b}}` alone on one line: the white space before it is the block's
 *     indentation; the line's ending stays;
 *   - any other block is part of a line, and what replaces it is not indented.
 *
 * Whether a pair stands alone is known at its end only, so the white space before it is
 * emitted as two ops of its own (emit_lead), which the end may take back. The body of a
 * block that is given to a parent, or stands alone, loses the indentation of its first
 * line on every line (`dedent`); indentations inside are relative to it.
 *
 * The first error ends the compilation: what follows would mostly be consequences. */
#include "text/mustache_program.h"
#include "text/mustache_scan.h"

enum { TEMPLATE_BYTES_MAX = 1 << 28 };

typedef enum ScopeKind {
    SCOPE_SECTION,
    SCOPE_INVERTED,
    SCOPE_PARENT,
    SCOPE_DEFINE, /* a block given to a parent */
    SCOPE_BLOCK,  /* a block that may be replaced */
} ScopeKind;

/* What was opened and not yet closed. */
typedef struct Scope {
    ScopeKind kind;
    int32_t op;   /* -1: in a part that is not emitted */
    int32_t lead; /* the first op of emit_lead, or -1 */
    TagName name;
    bool dynamic;
    ptrdiff_t line;   /* start of the opening tag's line */
    bool quiet;       /* the compiler's, outside */
    ptrdiff_t dedent; /* the compiler's, outside */
} Scope;

typedef struct Compiler {
    Scanner scan;
    Arena *arena;
    Vec(Op) ops;
    Vec(TagName) names;
    Vec(Name) parts;
    Vec(TemplatePartial) partials;
    Vec(Scope) scopes;
    bool line_pending; /* the line's OP_LINE is not emitted yet */
    bool quiet;        /* between a parent's tags: nothing is emitted */
    ptrdiff_t dedent;  /* white space that lines lose, characters */
} Compiler;

/* ---- messages ---- */

static const char *scope_noun(ScopeKind kind) {
    switch (kind) {
    case SCOPE_SECTION:
    case SCOPE_INVERTED:
        return "section";
    case SCOPE_PARENT:
        return "parent";
    case SCOPE_DEFINE:
    case SCOPE_BLOCK:
        break;
    }
    return "block";
}

static void fail_mismatch(Compiler *c, const Tag *tag, const Scope *scope) {
    Diag *diag = SCAN_FAIL(
        &c->scan, tag->from, "%s '%.*s' is closed by '%.*s'", scope_noun(scope->kind),
        STR_ARG(scan_shown(scope->name.whole.text)), STR_ARG(scan_shown(tag->content)));
    Position opened = loc_position((Loc){c->scan.source, scope->name.tag});
    diag_hint(c->scan.diags, diag, "'%.*s' was opened at line %td, column %td",
              STR_ARG(scan_shown(scope->name.whole.text)), opened.line, opened.column);
}

static void fail_unclosed_scopes(Compiler *c) {
    for (ptrdiff_t i = 0; i < c->scopes.n; i++) {
        const Scope *scope = &c->scopes.items[i];
        Str name = scan_shown(scope->name.whole.text);
        Diag *diag = SCAN_FAIL(&c->scan, scope->name.tag, "%s '%.*s' is not closed",
                               scope_noun(scope->kind), STR_ARG(name));
        diag_hint(c->scan.diags, diag, "'{{/%.*s}}' is missing", STR_ARG(name));
    }
}

/* ---- names ---- */

const Str mustache_list_names[LIST_NAMES] = {
    [LIST_NAME_FIRST] = STR_INIT("first"), [LIST_NAME_LAST] = STR_INIT("last"),
    [LIST_NAME_INDEX] = STR_INIT("index"), [LIST_NAME_NUMBER] = STR_INIT("number"),
    [LIST_NAME_ODD] = STR_INIT("odd"),
};

static ListName list_name(Str name) {
    for (ListName i = LIST_NAME_FIRST; i < LIST_NAMES; i++)
        if (str_equal(name, mustache_list_names[i]))
            return i;
    return LIST_NAME_NONE;
}

/* Checks and notes the name in a tag, without '*' of a dynamic one. */
static TagName tag_name(Compiler *c, const Tag *tag, Str text) {
    TagName name = {.whole = name_make(text),
                    .tag = tag->from,
                    .offset = text.len ? text.data - c->scan.text.data : tag->from};
    if (text.len == 0)
        SCAN_FAIL(&c->scan, tag->from, "tag has no name");
    else if (text.len > MUSTACHE_NAME_MAX)
        SCAN_FAIL(&c->scan, name.offset, "name is longer than %d bytes",
                  MUSTACHE_NAME_MAX);
    for (ptrdiff_t i = 0; i < text.len && !c->scan.failed; i++)
        if (char_is_space(text.data[i]))
            SCAN_FAIL(&c->scan, name.offset, "name '%.*s' contains white space",
                      STR_ARG(scan_shown(text)));
    return name;
}

/* A name that is looked up: its parts. "." alone has none. */
static TagName dotted_name(Compiler *c, const Tag *tag, Str text) {
    TagName name = tag_name(c, tag, text);
    name.part = (int32_t)c->parts.n;
    if (c->scan.failed || str_equal(text, S(".")))
        return name;
    for (bool more = true; more; name.n_parts++) {
        Str part;
        more = str_cut(text, '.', &part, &text);
        if (part.len == 0) {
            SCAN_FAIL(&c->scan, name.offset, "name '%.*s' has an empty part",
                      STR_ARG(scan_shown(name.whole.text)));
            return name;
        }
        *vec_push(c->arena, &c->parts) = name_make(part);
    }
    if (name.n_parts == 1)
        name.list_name = list_name(name.whole.text);
    return name;
}

/* The name of a partial or parent: as it stands, or '*' and a name that is looked up. */
static TagName template_name(Compiler *c, const Tag *tag, bool *dynamic) {
    *dynamic = str_has_prefix(tag->content, S("*"));
    if (*dynamic)
        return dotted_name(c, tag, str_trim(str_from_offset(tag->content, 1)));
    TagName name = tag_name(c, tag, tag->content);
    Loc loc = {c->scan.source, name.offset};
    if (!c->quiet)
        *vec_push(c->arena, &c->partials) = (TemplatePartial){name.whole.text, loc};
    return name;
}

/* ---- emitting ---- */

/* Returns the op's index, since ops move; -1 where nothing is emitted. */
static int32_t emit(Compiler *c, OpKind kind) {
    if (c->quiet)
        return -1;
    Op *op = vec_push(c->arena, &c->ops);
    *op = (Op){.kind = (uint8_t)kind, .name = -1, .next = -1};
    return (int32_t)c->ops.n - 1;
}

static int32_t emit_named(Compiler *c, OpKind kind, TagName name) {
    int32_t op = emit(c, kind);
    if (op >= 0) {
        c->ops.items[op].name = (int32_t)c->names.n;
        *vec_push(c->arena, &c->names) = name;
    }
    return op;
}

static void emit_bytes(Compiler *c, Str bytes) {
    int32_t op = emit(c, OP_TEXT);
    c->ops.items[op].text = bytes;
}

static void emit_line(Compiler *c) {
    if (c->line_pending)
        emit(c, OP_LINE);
    c->line_pending = false;
}

/* `s` without the first `dedent` blanks of each line. */
static Str dedented(Compiler *c, Str s, bool at_line_start) {
    if (c->dedent == 0)
        return s;
    char *bytes = arena_alloc(c->arena, s.len);
    ptrdiff_t n = 0, blanks = at_line_start ? 0 : c->dedent;
    for (ptrdiff_t i = 0; i < s.len; i++) {
        bool lost = blanks < c->dedent && (s.data[i] == ' ' || s.data[i] == '\t');
        blanks = s.data[i] == '\n' ? 0 : lost ? blanks + 1 : c->dedent;
        if (!lost)
            bytes[n++] = s.data[i];
    }
    return (Str){bytes, n};
}

static void emit_text(Compiler *c, ptrdiff_t from, ptrdiff_t to) {
    if (c->quiet || from >= to)
        return;
    Str text = dedented(c, str_slice(c->scan.text, from, to), c->line_pending);
    emit_line(c);
    if (text.len)
        emit_bytes(c, text);
    c->line_pending = c->scan.text.data[to - 1] == '\n';
}

/* White space [from, to) at the start of a line, without what the line loses. */
static Str indentation(const Compiler *c, ptrdiff_t from, ptrdiff_t to) {
    return str_slice(c->scan.text, from + c->dedent, to);
}

/* The text before a pair of tags. The white space of its line gets two ops that can be
 * taken back; returns the first, or -1 where something else precedes on the line. */
static int32_t emit_lead(Compiler *c, const Tag *tag) {
    if (!tag->starts_line || c->quiet) {
        emit_text(c, c->scan.at, tag->from);
        emit_line(c);
        return -1;
    }
    emit_text(c, c->scan.at, tag->lead);
    int32_t lead = emit(c, OP_LINE);
    emit_bytes(c, indentation(c, tag->lead, tag->from));
    c->line_pending = false;
    return lead;
}

static void take_lead_back(Compiler *c, int32_t lead) {
    c->ops.items[lead].kind = OP_NOTHING;
    c->ops.items[lead + 1].kind = OP_NOTHING;
}

/* Goes on behind the tag's line, or at a place that counts as a line's start. */
static void pass_line(Compiler *c, ptrdiff_t line) {
    scan_pass_line(&c->scan, line);
    c->line_pending = true;
}

/* The text before a tag that takes its line away where it stands alone. */
static void finish_text(Compiler *c, const Tag *tag) {
    if (tag->starts_line && tag->ends_line) {
        emit_text(c, c->scan.at, tag->lead);
        pass_line(c, tag->next_line);
    } else {
        emit_text(c, c->scan.at, tag->from);
        emit_line(c);
        scan_pass_tag(&c->scan, tag);
    }
}

/* ---- tags ---- */

static Scope *push_scope(Compiler *c, ScopeKind kind, int32_t op, TagName name) {
    if (c->scopes.n == MUSTACHE_NESTING_MAX)
        SCAN_FAIL(&c->scan, name.tag, "sections are nested more than %d deep",
                  MUSTACHE_NESTING_MAX);
    Scope *scope = vec_push(c->arena, &c->scopes);
    *scope = (Scope){.kind = kind,
                     .op = op,
                     .lead = -1,
                     .name = name,
                     .line = c->scan.line,
                     .quiet = c->quiet,
                     .dedent = c->dedent};
    return scope;
}

static void compile_value(Compiler *c, const Tag *tag) {
    emit_text(c, c->scan.at, tag->from);
    emit_line(c);
    scan_pass_tag(&c->scan, tag);
    emit_named(c, tag->sigil ? OP_VALUE_RAW : OP_VALUE,
               dotted_name(c, tag, tag->content));
}

static void compile_section(Compiler *c, const Tag *tag) {
    bool inverted = tag->sigil == '^';
    TagName name = dotted_name(c, tag, tag->content);
    finish_text(c, tag);
    int32_t op = emit_named(c, inverted ? OP_INVERTED : OP_SECTION, name);
    push_scope(c, inverted ? SCOPE_INVERTED : SCOPE_SECTION, op, name);
}

static void compile_partial(Compiler *c, const Tag *tag) {
    bool dynamic;
    TagName name = template_name(c, tag, &dynamic);
    finish_text(c, tag);
    int32_t at = emit_named(c, OP_PARTIAL, name);
    if (at < 0)
        return;
    Op *op = &c->ops.items[at];
    op->dynamic = dynamic;
    op->standalone = tag->starts_line && tag->ends_line;
    op->text = indentation(c, tag->lead, tag->from);
}

static void compile_parent(Compiler *c, const Tag *tag) {
    bool dynamic;
    TagName name = template_name(c, tag, &dynamic);
    int32_t lead = emit_lead(c, tag);
    int32_t at = emit_named(c, OP_PARENT, name);
    if (at >= 0) {
        c->ops.items[at].dynamic = dynamic;
        c->ops.items[at].text = indentation(c, tag->lead, tag->from);
    }
    scan_pass_tag(&c->scan, tag);
    Scope *scope = push_scope(c, SCOPE_PARENT, at, name);
    scope->lead = lead;
    scope->dynamic = dynamic;
    c->quiet = true;
}

/* A block directly in a parent: what replaces the parent's block of that name. */
static void compile_define(Compiler *c, const Tag *tag) {
    Scope *parent = &c->scopes.items[c->scopes.n - 1];
    int32_t parent_op = parent->op;
    TagName name = tag_name(c, tag, tag->content);
    c->quiet = parent_op < 0;
    int32_t op = emit_named(c, OP_DEFINE, name);
    if (op >= 0) {
        c->ops.items[op].next = c->ops.items[parent_op].next;
        c->ops.items[parent_op].next = op;
    }
    c->quiet = true;
    push_scope(c, SCOPE_DEFINE, op, name);
    c->quiet = parent_op < 0;
    pass_line(c, tag->ends_line ? tag->next_line : tag->to);
    c->dedent = tag->ends_line ? scan_first_indentation(&c->scan, c->scan.at).len : 0;
}

/* A block that may be replaced. */
static void compile_block(Compiler *c, const Tag *tag) {
    TagName name = tag_name(c, tag, tag->content);
    bool alone = tag->starts_line && tag->ends_line;
    Str indent = indentation(c, tag->lead, tag->from);
    int32_t lead = -1;
    if (alone) {
        finish_text(c, tag);
        Str first = scan_first_indentation(&c->scan, c->scan.at);
        if (first.data)
            indent = str_from_offset(first, c->dedent);
    } else {
        lead = emit_lead(c, tag);
        scan_pass_tag(&c->scan, tag);
    }
    int32_t op = emit_named(c, OP_BLOCK, name);
    push_scope(c, SCOPE_BLOCK, op, name)->lead = lead;
    if (op >= 0) {
        c->ops.items[op].standalone = alone;
        c->ops.items[op].text = indent;
    }
}

static void compile_dollar(Compiler *c, const Tag *tag) {
    ScopeKind kind = c->scopes.n ? c->scopes.items[c->scopes.n - 1].kind : SCOPE_SECTION;
    if (kind == SCOPE_PARENT) {
        compile_define(c, tag);
    } else if (c->quiet && (kind == SCOPE_SECTION || kind == SCOPE_INVERTED)) {
        Diag *diag = SCAN_FAIL(&c->scan, tag->from,
                               "block '%.*s' in a section of a parent is not used",
                               STR_ARG(scan_shown(tag->content)));
        diag_hint(c->scan.diags, diag, "put the section into the block");
    } else {
        compile_block(c, tag);
    }
}

static void close_section(Compiler *c, const Tag *tag, const Scope *scope) {
    finish_text(c, tag);
    if (scope->op < 0)
        return;
    if (scope->kind == SCOPE_SECTION) {
        int32_t end = emit(c, OP_SECTION_END);
        c->ops.items[end].jump = scope->op + 1;
    }
    c->ops.items[scope->op].jump = (int32_t)c->ops.n;
}

static void close_parent(Compiler *c, const Tag *tag, const Scope *scope) {
    scan_pass_tag(&c->scan, tag);
    c->quiet = scope->quiet;
    c->line_pending = false;
    if (scope->op < 0)
        return;
    c->ops.items[scope->op].jump = (int32_t)c->ops.n;
    if (scope->lead >= 0 && tag->ends_line) {
        take_lead_back(c, scope->lead);
        c->ops.items[scope->op].standalone = true;
        pass_line(c, tag->next_line);
    }
}

static void close_define(Compiler *c, const Tag *tag, const Scope *scope) {
    emit_text(c, c->scan.at, tag->starts_line ? tag->lead : tag->from);
    emit(c, OP_RETURN);
    scan_pass_tag(&c->scan, tag);
    c->quiet = scope->quiet;
    c->dedent = scope->dedent;
}

/* A pair alone on its line: the white space before it becomes part of the default, since
 * a replacement brings its own. */
static void move_lead_into_block(Compiler *c, const Scope *scope) {
    Op *ops = &c->ops.items[scope->lead];
    Op lead[] = {ops[0], ops[1]};
    bool empty = c->ops.n == scope->op + 1;
    ops[0] = ops[2];
    ops[0].standalone = true;
    ops[1] = empty ? (Op){.kind = OP_NOTHING} : lead[0];
    ops[2] = empty ? (Op){.kind = OP_NOTHING} : lead[1];
}

static void close_block(Compiler *c, const Tag *tag, const Scope *scope) {
    bool one_line = scope->lead >= 0 && scope->line == c->scan.line && tag->ends_line;
    if (one_line) {
        emit_text(c, c->scan.at, tag->from);
        scan_pass_tag(&c->scan, tag);
    } else {
        finish_text(c, tag);
    }
    if (scope->op < 0)
        return;
    if (one_line)
        move_lead_into_block(c, scope);
    c->ops.items[one_line ? scope->lead : scope->op].jump = (int32_t)c->ops.n;
}

static bool closes(const Tag *tag, const Scope *scope) {
    Str name = tag->content;
    if (scope->dynamic && str_has_prefix(name, S("*")))
        name = str_trim(str_from_offset(name, 1));
    return str_equal(name, scope->name.whole.text);
}

static void compile_close(Compiler *c, const Tag *tag) {
    if (tag->content.len == 0) {
        SCAN_FAIL(&c->scan, tag->from, "tag has no name");
        return;
    }
    if (c->scopes.n == 0) {
        SCAN_FAIL(&c->scan, tag->from, "'%.*s' is closed but was not opened",
                  STR_ARG(scan_shown(tag->content)));
        return;
    }
    const Scope *scope = &c->scopes.items[--c->scopes.n];
    if (!closes(tag, scope)) {
        fail_mismatch(c, tag, scope);
        return;
    }
    switch (scope->kind) {
    case SCOPE_SECTION:
    case SCOPE_INVERTED:
        close_section(c, tag, scope);
        break;
    case SCOPE_PARENT:
        close_parent(c, tag, scope);
        break;
    case SCOPE_DEFINE:
        close_define(c, tag, scope);
        break;
    case SCOPE_BLOCK:
        close_block(c, tag, scope);
        break;
    }
}

static void compile_tag(Compiler *c, const Tag *tag) {
    switch (tag->sigil) {
    case '!':
        finish_text(c, tag);
        break;
    case '=':
        finish_text(c, tag);
        scan_set_delimiters(&c->scan, tag);
        break;
    case '#':
    case '^':
        compile_section(c, tag);
        break;
    case '/':
        compile_close(c, tag);
        break;
    case '>':
        compile_partial(c, tag);
        break;
    case '<':
        compile_parent(c, tag);
        break;
    case '$':
        compile_dollar(c, tag);
        break;
    default:
        compile_value(c, tag);
    }
}

const Template *mustache_compile(const Source *source, Str name, Arena *arena,
                                 DiagList *diags) {
    if (source->text.len > TEMPLATE_BYTES_MAX) {
        diag_add(diags, DIAG_LIMIT_EXCEEDED, (Loc){source, -1},
                 "template is larger than 256 MB");
        return NULL;
    }
    Compiler c = {
        .scan = scan_start(source, diags), .arena = arena, .line_pending = true};
    for (Tag tag; !c.scan.failed && scan_tag(&c.scan, &tag);)
        compile_tag(&c, &tag);
    if (!c.scan.failed)
        fail_unclosed_scopes(&c);
    if (c.scan.failed)
        return NULL;
    emit_text(&c, c.scan.at, c.scan.text.len);
    emit(&c, OP_RETURN);
    Template *template = arena_new(arena, Template);
    *template = (Template){source,           name,
                           c.ops.items,      c.names.items,
                           c.parts.items,    arena_array(arena, FieldHint, c.parts.n),
                           c.partials.items, c.partials.n};
    return template;
}

const TemplatePartial *template_partials(const Template *template, ptrdiff_t *n) {
    *n = template->n_partials;
    return template->partials;
}
