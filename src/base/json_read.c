/* The JSON reader: see json.h. Open lists and objects are kept on a stack of fixed depth,
 * so that no input makes the program recurse. Sections are those of RFC 8259. */
#include "base/json.h"

#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>

enum { DEPTH_MAX = 64 };

typedef struct Reader {
    Str text;
    ptrdiff_t at;
    Arena *arena;
    JsonError *error;
    int depth;
    NodeBuilder open[DEPTH_MAX];
} Reader;

static bool fail(Reader *reader, ptrdiff_t offset, const char *message) {
    *reader->error = (JsonError){.offset = offset, .message = message};
    return false;
}

/* The byte at the cursor; -1 at the end. */
static int peek(const Reader *reader) {
    return reader->at < reader->text.len ? (unsigned char)reader->text.data[reader->at]
                                         : -1;
}

static void skip_space(Reader *reader) {
    int c = peek(reader);
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        reader->at++;
        c = peek(reader);
    }
}

static int hex_digit(int c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hexadecimal digits; -1 (and the cursor anywhere) if they are not there. */
static int32_t take_hex4(Reader *reader) {
    int32_t value = 0;
    for (int i = 0; i < 4; i++, reader->at++) {
        int digit = hex_digit(peek(reader));
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* Behind "\u": one code unit, or two that make a pair (section 7). */
static bool take_unicode_escape(Reader *reader, char out[4], int *len) {
    ptrdiff_t start = reader->at - 2;
    int32_t unit = take_hex4(reader);
    if (unit < 0)
        return fail(reader, start, "'\\u' needs four hexadecimal digits");
    uint32_t code_point = (uint32_t)unit;
    if (unit >= 0xD800 && unit < 0xE000) {
        bool escape = str_has_prefix(str_from_offset(reader->text, reader->at), S("\\u"));
        reader->at += escape ? 2 : 0;
        int32_t low = escape ? take_hex4(reader) : -1;
        if (unit >= 0xDC00 || low < 0xDC00 || low > 0xDFFF)
            return fail(reader, start, "a surrogate that is not one of a pair");
        code_point = 0x10000 + (((uint32_t)unit & 0x3FF) << 10 | ((uint32_t)low & 0x3FF));
    }
    *len = utf8_encode(code_point, out);
    return true;
}

static bool take_escape(Reader *reader, char out[4], int *len) {
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    int name = (reader->at++, peek(reader));
    if (name == 'u') {
        reader->at++;
        return take_unicode_escape(reader, out, len);
    }
    ptrdiff_t row = name > 0 ? str_find_char(str_from(names), (char)name) : -1;
    if (row < 0)
        return fail(reader, reader->at - 1, "unknown escape in a string");
    reader->at++;
    out[0] = values[row];
    *len = 1;
    return true;
}

/* The end of the string whose first byte is at the cursor: its quote. -1 on failure. */
static ptrdiff_t find_quote(Reader *reader, bool *escaped) {
    for (ptrdiff_t i = reader->at; i < reader->text.len; i++) {
        unsigned char c = (unsigned char)reader->text.data[i];
        if (c == '"')
            return i;
        if (c < 0x20) {
            fail(reader, i, "a control character in a string; write it as an escape");
            return -1;
        }
        if (c == '\\') {
            *escaped = true;
            i++;
        }
    }
    fail(reader, reader->at - 1, "unclosed string");
    return -1;
}

/* The string that starts with the quote at the cursor, unescaped. */
static bool take_string(Reader *reader, Str *out) {
    bool escaped = false;
    reader->at++;
    ptrdiff_t end = find_quote(reader, &escaped);
    if (end < 0)
        return false;
    Str raw = str_slice(reader->text, reader->at, end);
    if (!escaped) {
        *out = arena_str(reader->arena, raw);
        reader->at = end + 1;
        return true;
    }
    char *text = arena_alloc(reader->arena, raw.len + 1), *to = text;
    while (reader->at < end) {
        int len = 1;
        char bytes[4] = {reader->text.data[reader->at]};
        if (bytes[0] != '\\')
            reader->at++;
        else if (!take_escape(reader, bytes, &len))
            return false;
        for (int i = 0; i < len; i++)
            *to++ = bytes[i];
    }
    *out = (Str){text, to - text};
    reader->at = end + 1;
    return true;
}

static bool take_digits(Reader *reader) {
    ptrdiff_t start = reader->at;
    while (peek(reader) >= '0' && peek(reader) <= '9')
        reader->at++;
    return reader->at > start;
}

/* Section 6. */
static bool take_number(Reader *reader, Node *node) {
    ptrdiff_t start = reader->at;
    bool integer = true;
    reader->at += peek(reader) == '-';
    bool zero = peek(reader) == '0';
    ptrdiff_t first = reader->at;
    bool ok = take_digits(reader) && (!zero || reader->at == first + 1);
    if (ok && peek(reader) == '.') {
        integer = false;
        reader->at++;
        ok = take_digits(reader);
    }
    if (ok && (peek(reader) == 'e' || peek(reader) == 'E')) {
        integer = false;
        reader->at++;
        reader->at += peek(reader) == '+' || peek(reader) == '-';
        ok = take_digits(reader);
    }
    if (!ok)
        return fail(reader, start, "malformed number");
    node->text = arena_str(reader->arena, str_slice(reader->text, start, reader->at));
    node->kind = NODE_INT;
    if (integer && str_to_int(node->text, &node->integer))
        return true;
    node->kind = NODE_FLOAT;
    node->number = strtod(node->text.data, NULL);
    return isfinite(node->number) || fail(reader, start, "a number out of range");
}

static bool take_word(Reader *reader, Node *node) {
    static const struct {
        Str word;
        NodeKind kind;
        bool boolean;
    } words[] = {{STR_INIT("null"), NODE_NULL, false},
                 {STR_INIT("true"), NODE_BOOL, true},
                 {STR_INIT("false"), NODE_BOOL, false}};
    ptrdiff_t end = reader->at;
    while (end < reader->text.len && char_is_alpha(reader->text.data[end]))
        end++;
    Str word = str_slice(reader->text, reader->at, end);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!str_equal(word, words[i].word))
            continue;
        node->kind = words[i].kind;
        node->boolean = words[i].boolean;
        node->text = words[i].word;
        reader->at = end;
        return true;
    }
    return fail(reader, reader->at, "expected a value");
}

/* A whole scalar, or the opening bracket of a list or object, which becomes the innermost
 * open one. */
static bool take_value(Reader *reader, Node *node) {
    int c = peek(reader);
    node->offset = reader->at;
    if (c == '"') {
        node->kind = NODE_STRING;
        node->quoted = true;
        return take_string(reader, &node->text);
    }
    if (c == '-' || (c >= '0' && c <= '9'))
        return take_number(reader, node);
    if (c != '[' && c != '{')
        return take_word(reader, node);
    if (reader->depth == DEPTH_MAX)
        return fail(reader, reader->at, "nested more than 64 deep");
    node->kind = c == '[' ? NODE_LIST : NODE_MAP;
    reader->open[reader->depth++] = node_builder(node);
    reader->at++;
    return true;
}

/* The key of an object's entry and its colon. */
static bool take_key(Reader *reader, NodeBuilder *object, Node *entry) {
    entry->key_offset = reader->at;
    if (peek(reader) != '"')
        return fail(reader, reader->at, "expected a key in double quotes");
    if (!take_string(reader, &entry->key))
        return false;
    if (node_builder_find(object, entry->key))
        return fail(reader, entry->key_offset, "duplicate key");
    skip_space(reader);
    if (peek(reader) != ':')
        return fail(reader, reader->at, "expected ':' after the key");
    reader->at++;
    skip_space(reader);
    return true;
}

static int closing_bracket(const NodeBuilder *builder) {
    return builder->node->kind == NODE_LIST ? ']' : '}';
}

/* Behind a value: closes what ends here. True with *more set where another item follows,
 * behind its comma; without it at the end of the outermost value. */
static bool take_ends(Reader *reader, bool *more) {
    while (reader->depth > 0) {
        const NodeBuilder *inner = &reader->open[reader->depth - 1];
        skip_space(reader);
        if (peek(reader) == ',') {
            reader->at++;
            skip_space(reader);
            *more = true;
            return true;
        }
        if (peek(reader) != closing_bracket(inner))
            return fail(reader, reader->at,
                        inner->node->kind == NODE_LIST ? "expected ',' or ']'"
                                                       : "expected ',' or '}'");
        reader->at++;
        reader->depth--;
    }
    *more = false;
    return true;
}

/* The next item of the innermost open list or object, or the outermost value. */
static Node *take_item(Reader *reader) {
    Node *node = arena_new(reader->arena, Node);
    NodeBuilder *parent = reader->depth ? &reader->open[reader->depth - 1] : NULL;
    if (parent && parent->node->kind == NODE_MAP && !take_key(reader, parent, node))
        return NULL;
    if (!take_value(reader, node))
        return NULL;
    if (parent)
        node_builder_add(parent, reader->arena, node);
    return node;
}

static const Node *read_document(Reader *reader) {
    const Node *root = NULL;
    bool more = true;
    while (more) {
        const Node *node = take_item(reader);
        if (!node)
            return NULL;
        root = root ? root : node;
        skip_space(reader);
        bool opened = node->kind == NODE_LIST || node->kind == NODE_MAP;
        if (opened && peek(reader) != closing_bracket(&reader->open[reader->depth - 1]))
            continue;
        if (!take_ends(reader, &more))
            return NULL;
    }
    skip_space(reader);
    if (reader->at < reader->text.len) {
        fail(reader, reader->at, "text after the end of the document");
        return NULL;
    }
    return root;
}

const Node *json_read(Str text, Arena *arena, JsonError *error) {
    Reader reader = {.text = text, .arena = arena, .error = error};
    ptrdiff_t invalid = utf8_find_invalid(text);
    if (invalid >= 0) {
        fail(&reader, invalid, "invalid UTF-8");
        return NULL;
    }
    if (str_has_prefix(text, S("\xEF\xBB\xBF")))
        reader.at = 3;
    skip_space(&reader);
    return read_document(&reader);
}
