/* JSON (RFC 8259): writing onto a Buf, reading into a Node tree. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/node.h"

/* Appends `s` as a string with quotes. Control characters are escaped; '<', U+2028 and
 * U+2029 too, so that the result can stand in an HTML script element. Invalid UTF-8
 * becomes U+FFFD. */
void json_put_string(Buf *out, Str s);

/* A writer that places commas and indents by two spaces. Keys are written in the order
 * given. A zeroed writer with `out` set is ready; depth is at most 64. */
typedef struct JsonWriter {
    Buf *out;
    int depth;
    uint64_t has_items; /* a bit for each depth */
    bool after_key;
} JsonWriter;

void json_open_object(JsonWriter *json);
void json_close_object(JsonWriter *json);
void json_open_list(JsonWriter *json);
void json_close_list(JsonWriter *json);
void json_key(JsonWriter *json, const char *key);
void json_string(JsonWriter *json, Str s);
void json_int(JsonWriter *json, int64_t value);
/* The shortest that reads back equal, with a point in every locale; null for what JSON
 * can't say (infinities, NaN). */
void json_number(JsonWriter *json, double value);
void json_bool(JsonWriter *json, bool value);
void json_null(JsonWriter *json);

typedef struct JsonError {
    ptrdiff_t offset;    /* bytes */
    const char *message; /* lower case, static */
} JsonError;

/* Reads one JSON document. Strict: no comments, no trailing commas, depth at most 64,
 * duplicate keys refused, valid UTF-8 and paired surrogates only; a byte order mark at
 * the start is skipped (section 8.1). An integer that does not fit 64 bits is a
 * NODE_FLOAT; a number that no double can hold is refused. Node offsets are from the
 * start of `text`. Returns NULL and sets *error on failure. The tree lives in `arena`;
 * its strings are copies. */
const Node *json_read(Str text, Arena *arena, JsonError *error);
