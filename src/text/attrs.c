/* Attributes: `key=value key="quoted value" flag`, in the opening lines of directives, in
 * info strings of fences and in the braces behind headings and links.
 *
 * A bare value ends at white space and holds no quotes; a quoted one (double or single
 * quotes) may hold anything, with a backslash before the quote itself or a backslash.
 * `#name` is short for `id=name`. CONTENT.md, "Directive attributes". */
#include "text/tree.h"

static bool is_key_start(char c) { return char_is_alpha(c) || c == '_'; }

static bool is_key_char(char c) {
    return is_key_start(c) || char_is_digit(c) || c == '-';
}

static bool is_quote(char c) { return c == '"' || c == '\''; }

/* The content of a quoted value without its backslashes. */
static Str unescaped(Region *region, Str s) {
    if (str_find_char(s, '\\') < 0)
        return s;
    char *copy = region_alloc(region, s.len);
    ptrdiff_t n = 0;
    for (ptrdiff_t i = 0; i < s.len; i++) {
        char after = i + 1 < s.len ? s.data[i + 1] : '\0';
        if (s.data[i] == '\\' && (is_quote(after) || after == '\\'))
            i++;
        copy[n++] = s.data[i];
    }
    return (Str){copy, n};
}

static bool read_quoted(AttrReader *reader, Region *region, Str *value) {
    char quote = reader->text.data[reader->at++];
    ptrdiff_t from = reader->at;
    for (; reader->at < reader->text.len; reader->at++) {
        char c = reader->text.data[reader->at];
        if (c == '\\' && reader->at + 1 < reader->text.len) {
            reader->at++;
        } else if (c == quote) {
            *value = unescaped(region, str_slice(reader->text, from, reader->at++));
            return reader->at == reader->text.len ||
                   char_is_space(reader->text.data[reader->at]);
        }
    }
    return false;
}

static bool read_bare(AttrReader *reader, Str *value) {
    ptrdiff_t from = reader->at;
    while (reader->at < reader->text.len && !char_is_space(reader->text.data[reader->at]))
        if (is_quote(reader->text.data[reader->at++]))
            return false;
    *value = str_slice(reader->text, from, reader->at);
    return value->len > 0;
}

static Str read_key(AttrReader *reader) {
    ptrdiff_t from = reader->at;
    if (from < reader->text.len && is_key_start(reader->text.data[from]))
        while (reader->at < reader->text.len &&
               is_key_char(reader->text.data[reader->at]))
            reader->at++;
    return str_slice(reader->text, from, reader->at);
}

AttrStatus attr_next(AttrReader *reader, Region *region, DocAttr *out) {
    Str text = reader->text;
    while (reader->at < text.len && char_is_space(text.data[reader->at]))
        reader->at++;
    *out = (DocAttr){.offset = reader->base + reader->at};
    if (reader->at == text.len)
        return ATTR_END;
    if (text.data[reader->at] == '#') {
        reader->at++;
        out->key = S("id");
        return read_bare(reader, &out->value) ? ATTR_READ : ATTR_BAD;
    }
    out->key = read_key(reader);
    if (out->key.len == 0)
        return ATTR_BAD;
    if (reader->at == text.len || char_is_space(text.data[reader->at]))
        return ATTR_READ;
    if (text.data[reader->at++] != '=')
        return ATTR_BAD;
    bool quoted = reader->at < text.len && is_quote(text.data[reader->at]);
    bool read = quoted ? read_quoted(reader, region, &out->value)
                       : read_bare(reader, &out->value);
    return read ? ATTR_READ : ATTR_BAD;
}

const MdAttrs *attrs_read(Region *region, Str text, ptrdiff_t base) {
    AttrReader reader = {.text = text, .base = base};
    DocAttr *items = NULL, attr;
    ptrdiff_t n = 0, cap = 0;
    AttrStatus status;
    while ((status = attr_next(&reader, region, &attr)) == ATTR_READ) {
        if (n == MD_ATTRS_MAX)
            return NULL;
        items = region_grow(region, items, (ptrdiff_t)sizeof *items, n, &cap);
        items[n++] = attr;
    }
    if (status == ATTR_BAD || n == 0)
        return NULL;
    MdAttrs *attrs = region_new(region, MdAttrs);
    *attrs = (MdAttrs){.items = items, .n = (int)n};
    return attrs;
}

const DocAttr *attrs_find(const MdAttrs *attrs, Str key) {
    for (int i = 0; attrs && i < attrs->n; i++)
        if (str_equal(attrs->items[i].key, key))
            return &attrs->items[i];
    return NULL;
}

Str attrs_get(const MdAttrs *attrs, Str key) {
    const DocAttr *attr = attrs_find(attrs, key);
    return attr ? attr->value : (Str){0};
}
