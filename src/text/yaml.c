/* YAML through libyaml's events: see yaml.h.
 *
 * Events come one at a time, so every limit ends the reading at once. libyaml's scanner
 * itself works ahead of them by at most 1024 characters of a line (the longest key),
 * which bounds what deep nesting costs before the limit on depth is seen: 1 MB of "[" is
 * refused in a millisecond, where reading on would be quadratic. Two things it does in a
 * quadratic way before the first event, or between two, are looked for beforehand: %TAG
 * directives, which it compares with each other. Duplicate keys, aliases and tags it lets
 * pass.
 *
 * libyaml counts characters; a Node has byte offsets. In ASCII they are the same;
 * elsewhere a cursor that knows one pair of both walks along with the events, so that the
 * whole costs one walk over the text. */
#include "text/yaml.h"

#include "base/utf8.h"
#include "text/yaml_problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { DEPTH_MAX = 64 };

const YamlLimits yaml_front_matter_limits = {.depth = DEPTH_MAX, .events = 10000};
const YamlLimits yaml_file_limits = {.depth = DEPTH_MAX, .events = 1000000};

/* An open list or mapping; in a mapping, the key that waits for its value. */
typedef struct Frame {
    NodeBuilder builder;
    bool has_key;
    Str key;
    ptrdiff_t key_offset;
} Frame;

typedef struct Reader {
    const Source *source;
    Str text;       /* what is read, behind a byte order mark */
    ptrdiff_t from; /* its offset in the source */
    YamlLimits limits;
    Arena *arena;
    DiagList *diags;
    yaml_parser_t parser;
    bool ascii;
    size_t cursor_index; /* in characters of text */
    ptrdiff_t cursor;    /* the same in bytes */
    Node *root;
    bool documents; /* one has started */
    int depth;
    Frame open[DEPTH_MAX];
} Reader;

/* ---- places ---- */

static bool is_continuation(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

/* Byte offset in the source of the character `index`. */
static ptrdiff_t offset_of(Reader *reader, size_t index) {
    Str text = reader->text;
    if (reader->ascii)
        return reader->from + ((ptrdiff_t)index < text.len ? (ptrdiff_t)index : text.len);
    ptrdiff_t at = reader->cursor;
    for (; reader->cursor_index < index && at < text.len; reader->cursor_index++) {
        at++;
        while (at < text.len && is_continuation(text.data[at]))
            at++;
    }
    for (; reader->cursor_index > index && at > 0; reader->cursor_index--) {
        at--;
        while (at > 0 && is_continuation(text.data[at]))
            at--;
    }
    reader->cursor = at;
    return reader->from + at;
}

static Loc loc_of(Reader *reader, yaml_mark_t mark) {
    return (Loc){reader->source, offset_of(reader, mark.index)};
}

/* ---- the core schema, YAML 1.2.2 section 10.3.2 ---- */

static bool is_one_of(Str text, const char *lower, const char *title, const char *upper) {
    return str_equal(text, str_from(lower)) || str_equal(text, str_from(title)) ||
           str_equal(text, str_from(upper));
}

static ptrdiff_t skip_digits(Str text, ptrdiff_t at) {
    while (at < text.len && char_is_digit(text.data[at]))
        at++;
    return at;
}

static bool is_sign(Str text, ptrdiff_t at) {
    return at < text.len && (text.data[at] == '-' || text.data[at] == '+');
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_decimal(Str text) {
    ptrdiff_t start = is_sign(text, 0), whole = skip_digits(text, start), at = whole;
    bool digits = whole > start;
    if (at < text.len && text.data[at] == '.') {
        at = skip_digits(text, whole + 1);
        digits = digits || at > whole + 1;
    }
    if (digits && at < text.len && (text.data[at] == 'e' || text.data[at] == 'E')) {
        ptrdiff_t exponent = at + 1 + is_sign(text, at + 1);
        at = skip_digits(text, exponent);
        digits = at > exponent;
    }
    return digits && at == text.len;
}

/* 0o17 and 0xff; false for what is neither, and left as text. */
static bool read_based(Str text, int64_t *integer, double *number, bool *fits) {
    int base = text.len < 3 || text.data[0] != '0' ? 0
               : text.data[1] == 'o'               ? 8
               : text.data[1] == 'x'               ? 16
                                                   : 0;
    *integer = 0;
    *number = 0;
    *fits = true;
    for (ptrdiff_t i = 2; base && i < text.len; i++) {
        char c = char_lower(text.data[i]);
        int digit = char_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
        if (digit >= base)
            return false;
        *number = *number * base + digit;
        *fits = *fits && !__builtin_mul_overflow(*integer, base, integer) &&
                !__builtin_add_overflow(*integer, digit, integer);
    }
    return base != 0;
}

static bool read_special_float(Str text, double *out) {
    if (is_one_of(text, ".nan", ".NaN", ".NAN")) {
        *out = (double)NAN;
        return true;
    }
    bool negative = text.data[0] == '-';
    Str rest = is_sign(text, 0) ? str_from_offset(text, 1) : text;
    *out = negative ? -(double)INFINITY : (double)INFINITY;
    return is_one_of(rest, ".inf", ".Inf", ".INF");
}

static void resolve_number(Node *node) {
    bool fits;
    if (str_to_int(node->text, &node->integer)) {
        node->kind = NODE_INT;
    } else if (is_decimal(node->text)) {
        node->kind = NODE_FLOAT;
        node->number = strtod(node->text.data, NULL); /* "C" locale, see base/json.c */
    } else if (read_special_float(node->text, &node->number)) {
        node->kind = NODE_FLOAT;
    } else {
        int64_t integer;
        double number;
        if (!read_based(node->text, &integer, &number, &fits))
            return;
        node->kind = fits ? NODE_INT : NODE_FLOAT;
        if (fits)
            node->integer = integer;
        else
            node->number = number;
    }
}

/* The kind of a plain scalar, whose first character tells nearly all apart. */
static void resolve(Node *node) {
    Str text = node->text;
    node->kind = NODE_STRING;
    switch (text.len ? text.data[0] : '~') {
    case '~':
        if (text.len <= 1)
            node->kind = NODE_NULL;
        break;
    case 'n':
    case 'N':
        if (is_one_of(text, "null", "Null", "NULL"))
            node->kind = NODE_NULL;
        break;
    case 't':
    case 'T':
    case 'f':
    case 'F':
        node->boolean = is_one_of(text, "true", "True", "TRUE");
        if (node->boolean || is_one_of(text, "false", "False", "FALSE"))
            node->kind = NODE_BOOL;
        break;
    case '-':
    case '+':
    case '.':
        resolve_number(node);
        break;
    default:
        if (char_is_digit(text.data[0]))
            resolve_number(node);
        break;
    }
}

/* ---- events to nodes ---- */

static bool refuse(Reader *reader, DiagCode code, yaml_mark_t mark, const char *message,
                   const char *hint) {
    Diag *diag = diag_add(reader->diags, code, loc_of(reader, mark), "%s", message);
    if (hint)
        diag_hint(reader->diags, diag, "%s", hint);
    return false;
}

static Frame *innermost(Reader *reader) {
    return reader->depth ? &reader->open[reader->depth - 1] : NULL;
}

static bool wants_key(const Frame *frame) {
    return frame && frame->builder.node->kind == NODE_MAP && !frame->has_key;
}

/* Puts a value where it belongs: behind its key, at the end of its list, at the root. */
static void place(Reader *reader, Node *node) {
    Frame *frame = innermost(reader);
    if (!frame) {
        reader->root = node;
        return;
    }
    if (frame->has_key) {
        node->key = frame->key;
        node->key_offset = frame->key_offset;
        frame->has_key = false;
    }
    node_builder_add(&frame->builder, reader->arena, node);
}

static bool take_key(Reader *reader, Frame *frame, Str key, const yaml_event_t *event) {
    yaml_mark_t mark = event->start_mark;
    if (key.len == 0 && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        return refuse(reader, DIAG_YAML_SYNTAX, mark, "expected a key before ':'", NULL);
    const Node *earlier = node_builder_find(&frame->builder, key);
    if (earlier) {
        Loc first = {reader->source, earlier->key_offset};
        Diag *diag = diag_add(reader->diags, DIAG_YAML_DUPLICATE_KEY,
                              loc_of(reader, mark), "duplicate key '%.*s'", STR_ARG(key));
        diag_hint(reader->diags, diag, "it is set in line %td already",
                  loc_position(first).line);
        return false;
    }
    frame->has_key = true;
    frame->key = key;
    frame->key_offset = offset_of(reader, mark.index);
    return true;
}

static bool take_scalar(Reader *reader, const yaml_event_t *event) {
    Str bytes = {(const char *)event->data.scalar.value,
                 (ptrdiff_t)event->data.scalar.length};
    if (str_find_char(bytes, '\0') >= 0)
        return refuse(reader, DIAG_NUL_BYTE, event->start_mark, "a NUL in a value", NULL);
    Str text = arena_str(reader->arena, bytes);
    Frame *frame = innermost(reader);
    if (wants_key(frame))
        return take_key(reader, frame, text, event);
    Node *node = arena_new(reader->arena, Node);
    node->offset = offset_of(reader, event->start_mark.index);
    node->text = text;
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (node->quoted)
        node->kind = NODE_STRING;
    else
        resolve(node);
    place(reader, node);
    return true;
}

static bool take_start(Reader *reader, const yaml_event_t *event, NodeKind kind) {
    if (wants_key(innermost(reader)))
        return refuse(reader, DIAG_YAML_SYNTAX, event->start_mark,
                      "a key can't be a list or a mapping",
                      "quote a value that starts with '[' or '{'");
    if (reader->depth >= reader->limits.depth) {
        diag_add(reader->diags, DIAG_YAML_LIMIT, loc_of(reader, event->start_mark),
                 "nested more than %d deep", reader->limits.depth);
        return false;
    }
    Node *node = arena_new(reader->arena, Node);
    node->kind = kind;
    node->offset = offset_of(reader, event->start_mark.index);
    place(reader, node);
    reader->open[reader->depth++] = (Frame){.builder = node_builder(node)};
    return true;
}

static bool take_document(Reader *reader, const yaml_event_t *event) {
    if (reader->documents)
        return refuse(reader, DIAG_YAML_SYNTAX, event->start_mark,
                      "more than one document", "remove the line '---' or '...'");
    reader->documents = true;
    return true;
}

/* Anchors and tags, which any value may have. */
static bool is_decorated(Reader *reader, const yaml_event_t *event,
                         const yaml_char_t *anchor, const yaml_char_t *tag) {
    if (anchor)
        refuse(reader, DIAG_YAML_ALIAS, event->start_mark, "anchors are refused",
               "quote a value that starts with '&'");
    else if (tag)
        refuse(reader, DIAG_YAML_TAG, event->start_mark, "tags are refused",
               "quote a value that starts with '!'");
    return anchor || tag;
}

static bool take_event(Reader *reader, const yaml_event_t *event) {
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return take_document(reader, event);
    case YAML_ALIAS_EVENT:
        return refuse(reader, DIAG_YAML_ALIAS, event->start_mark, "aliases are refused",
                      "write the value out, or quote a value that starts with '*'");
    case YAML_SCALAR_EVENT:
        return !is_decorated(reader, event, event->data.scalar.anchor,
                             event->data.scalar.tag) &&
               take_scalar(reader, event);
    case YAML_SEQUENCE_START_EVENT:
        return !is_decorated(reader, event, event->data.sequence_start.anchor,
                             event->data.sequence_start.tag) &&
               take_start(reader, event, NODE_LIST);
    case YAML_MAPPING_START_EVENT:
        return !is_decorated(reader, event, event->data.mapping_start.anchor,
                             event->data.mapping_start.tag) &&
               take_start(reader, event, NODE_MAP);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        reader->depth--;
        return true;
    default:
        return true;
    }
}

/* libyaml gives a mark, or for what its reader refuses a byte offset. */
static void report(Reader *reader) {
    const yaml_parser_t *parser = &reader->parser;
    bool in_reader = parser->error == YAML_READER_ERROR;
    YamlProblem problem = {
        .source = reader->source,
        .problem = parser->problem,
        .context = parser->context,
        .problem_at = in_reader ? reader->from + (ptrdiff_t)parser->problem_offset
                                : offset_of(reader, parser->problem_mark.index),
        .context_at =
            parser->context ? offset_of(reader, parser->context_mark.index) : -1,
        .character = parser->problem_value,
    };
    yaml_problem_add(&problem, reader->diags);
}

static bool read_events(Reader *reader) {
    bool more = true;
    for (ptrdiff_t n = 0; more; n++) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reader->parser, &event)) {
            report(reader);
            return false;
        }
        bool ok = n < reader->limits.events;
        if (!ok)
            diag_add(reader->diags, DIAG_YAML_LIMIT, loc_of(reader, event.start_mark),
                     "more than %td YAML events", reader->limits.events);
        more = event.type != YAML_STREAM_END_EVENT;
        ok = ok && take_event(reader, &event);
        yaml_event_delete(&event);
        if (!ok)
            return false;
    }
    return true;
}

/* ---- before the events ---- */

/* The first line that starts with "%TAG": libyaml compares each with all before it. */
static ptrdiff_t find_tag_directive(Str text) {
    for (ptrdiff_t at = 0; at < text.len; at++) {
        ptrdiff_t hit = str_find_char(str_from_offset(text, at), '%');
        if (hit < 0)
            return -1;
        at += hit;
        bool line_start =
            at == 0 || text.data[at - 1] == '\n' || text.data[at - 1] == '\r';
        if (line_start && str_has_prefix(str_from_offset(text, at), S("%TAG")))
            return at;
    }
    return -1;
}

static bool is_readable(Reader *reader) {
    Str text = reader->text;
    DiagCode code = DIAG_INVALID_UTF8;
    const char *message = "invalid UTF-8";
    ptrdiff_t at = utf8_find_invalid(text);
    if (at < 0) {
        code = DIAG_NUL_BYTE;
        message = "a NUL byte";
        at = str_find_char(text, '\0');
    }
    if (at < 0) {
        code = DIAG_YAML_TAG;
        message = "tags are refused";
        at = find_tag_directive(text);
    }
    if (at >= 0)
        diag_add(reader->diags, code, (Loc){reader->source, reader->from + at}, "%s",
                 message);
    return at < 0;
}

/* An empty text, one of comments only, and one of "---" only: an empty mapping. */
static void fill_empty_root(Reader *reader) {
    Node *root = reader->root;
    if (root && (root->kind != NODE_NULL || root->text.len))
        return;
    reader->root = arena_new(reader->arena, Node);
    reader->root->kind = NODE_MAP;
    reader->root->offset = root ? root->offset : reader->from;
}

const Node *yaml_read(const Source *source, ptrdiff_t from, ptrdiff_t to,
                      YamlLimits limits, Arena *arena, DiagList *diags) {
    Reader reader;
    memset(&reader, 0, offsetof(Reader, open));
    reader.source = source;
    reader.from = from;
    reader.text = str_slice(source->text, from, to);
    reader.limits = limits;
    if (reader.limits.depth > DEPTH_MAX)
        reader.limits.depth = DEPTH_MAX;
    reader.arena = arena;
    reader.diags = diags;
    if (str_has_prefix(reader.text, S("\xEF\xBB\xBF"))) {
        reader.text = str_from_offset(reader.text, 3);
        reader.from += 3;
    }
    if (!is_readable(&reader))
        return NULL;
    reader.ascii = utf8_length(reader.text) == reader.text.len;
    if (!yaml_parser_initialize(&reader.parser)) {
        diag_add(diags, DIAG_YAML_LIMIT, (Loc){source, from}, "out of memory");
        return NULL;
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    const char *input = reader.text.len ? reader.text.data : "";
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)input,
                                 (size_t)reader.text.len);
    bool ok = read_events(&reader);
    yaml_parser_delete(&reader.parser);
    if (!ok)
        return NULL;
    fill_empty_root(&reader);
    return reader.root;
}
