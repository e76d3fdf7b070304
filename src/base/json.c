/* The JSON writer: see json.h. The reader is in json_read.c.
 *
 * Numbers depend on the locale only through the decimal point of printf and strtod; the
 * program never calls setlocale, so that it stays in the "C" locale whatever the
 * environment says. */
#include "base/json.h"

#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The character behind the backslash of a short escape, or 0. */
static char short_escape(unsigned char c) {
    switch (c) {
    case '"':
        return '"';
    case '\\':
        return '\\';
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

/* Bytes that stand for themselves: ASCII but what the caller has to look at. */
static bool is_plain(char c) {
    unsigned char byte = (unsigned char)c;
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\' && byte != '<';
}

static void put_code_point(Buf *out, uint32_t code_point) {
    char bytes[4];
    char escape = code_point < 0x80 ? short_escape((unsigned char)code_point) : 0;
    if (escape) {
        buf_char(out, '\\');
        buf_char(out, escape);
    } else if (code_point < 0x20 || code_point == '<' || code_point == 0x2028 ||
               code_point == 0x2029) {
        buf_printf(out, "\\u%04x", code_point);
    } else {
        buf_str(out, (Str){bytes, utf8_encode(code_point, bytes)});
    }
}

void json_put_string(Buf *out, Str s) {
    buf_reserve(out, s.len + 2);
    buf_char(out, '"');
    for (ptrdiff_t at = 0; at < s.len;) {
        ptrdiff_t plain = at;
        while (at < s.len && is_plain(s.data[at]))
            at++;
        buf_str(out, str_slice(s, plain, at));
        if (at < s.len)
            put_code_point(out, utf8_next(s, &at));
    }
    buf_char(out, '"');
}

enum { INDENT = 2 };

static uint64_t depth_bit(const JsonWriter *json) {
    return (uint64_t)1 << (json->depth & 63);
}

static void new_line(JsonWriter *json) {
    buf_char(json->out, '\n');
    buf_fill(json->out, ' ', (ptrdiff_t)json->depth * INDENT);
}

/* What comes before a key, or before a value that follows none. */
static void start_item(JsonWriter *json) {
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (json->depth == 0)
        return;
    if (json->has_items & depth_bit(json))
        buf_char(json->out, ',');
    json->has_items |= depth_bit(json);
    new_line(json);
}

static void open_container(JsonWriter *json, char bracket) {
    start_item(json);
    buf_char(json->out, bracket);
    json->depth++;
    json->has_items &= ~depth_bit(json);
}

static void close_container(JsonWriter *json, char bracket) {
    bool has_items = json->has_items & depth_bit(json);
    json->depth--;
    if (has_items)
        new_line(json);
    buf_char(json->out, bracket);
}

void json_open_object(JsonWriter *json) { open_container(json, '{'); }
void json_close_object(JsonWriter *json) { close_container(json, '}'); }
void json_open_list(JsonWriter *json) { open_container(json, '['); }
void json_close_list(JsonWriter *json) { close_container(json, ']'); }

void json_key(JsonWriter *json, const char *key) {
    start_item(json);
    json_put_string(json->out, str_from(key));
    buf_cstr(json->out, ": ");
    json->after_key = true;
}

void json_string(JsonWriter *json, Str s) {
    start_item(json);
    json_put_string(json->out, s);
}

void json_int(JsonWriter *json, int64_t value) {
    start_item(json);
    buf_int(json->out, value);
}

void json_number(JsonWriter *json, double value) {
    if (!isfinite(value)) {
        json_null(json);
        return;
    }
    char text[32];
    int precision = 1;
    do
        snprintf(text, sizeof text, "%.*g", precision, value);
    while (strtod(text, NULL) != value && precision++ < 17);
    start_item(json);
    buf_cstr(json->out, text);
}

void json_bool(JsonWriter *json, bool value) {
    start_item(json);
    buf_cstr(json->out, value ? "true" : "false");
}

void json_null(JsonWriter *json) {
    start_item(json);
    buf_cstr(json->out, "null");
}
