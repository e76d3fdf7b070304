/* Counted strings: see str.h. Everything here is ASCII or bytes; Unicode is in
 * text/unicode.h, which may use utf8proc. */
#define _GNU_SOURCE
#include "base/str.h"

#include <string.h>

bool str_equal_nocase(Str a, Str b) {
    if (a.len != b.len)
        return false;
    for (ptrdiff_t i = 0; i < a.len; i++)
        if (char_lower(a.data[i]) != char_lower(b.data[i]))
            return false;
    return true;
}

int str_compare(Str a, Str b) {
    ptrdiff_t n = a.len < b.len ? a.len : b.len;
    int order = n ? memcmp(a.data, b.data, (size_t)n) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_has_suffix(Str s, Str suffix) {
    return s.len >= suffix.len &&
           str_equal(str_from_offset(s, s.len - suffix.len), suffix);
}

ptrdiff_t str_find_char(Str s, char c) {
    const char *hit = s.len ? memchr(s.data, c, (size_t)s.len) : NULL;
    return hit ? hit - s.data : -1;
}

ptrdiff_t str_find_last_char(Str s, char c) {
    ptrdiff_t i = s.len - 1;
    while (i >= 0 && s.data[i] != c)
        i--;
    return i;
}

enum { WINDOW_FIRST = 256, SHORT_MAX = 4 };

/* Few places of most texts have the first byte of "[^" or "://", and memchr goes past all
 * others many bytes at a time. */
static ptrdiff_t find_short(Str s, Str needle) {
    const char *at = s.data, *end = s.data + s.len - needle.len + 1;
    while (at < end && (at = memchr(at, needle.data[0], (size_t)(end - at)))) {
        if (memcmp(at, needle.data, (size_t)needle.len) == 0)
            return at - s.data;
        at++;
    }
    return -1;
}

/* memmem, since its time is linear for every needle; delimiters come from templates. It
 * looks at windows of growing length, so that a near hit in a long text costs little
 * under the sanitizers too, which check all that is given to memmem. */
ptrdiff_t str_find(Str s, Str needle) {
    if (needle.len == 0)
        return 0;
    if (needle.len <= SHORT_MAX)
        return s.len < needle.len ? -1 : find_short(s, needle);
    ptrdiff_t window = WINDOW_FIRST + 2 * needle.len;
    for (ptrdiff_t at = 0; s.len - at >= needle.len; window *= 2) {
        ptrdiff_t n = s.len - at < window ? s.len - at : window;
        const char *hit = memmem(s.data + at, (size_t)n, needle.data, (size_t)needle.len);
        if (hit)
            return hit - s.data;
        at += n - (needle.len - 1);
    }
    return -1;
}

Str str_trim(Str s) {
    while (s.len && char_is_space(s.data[s.len - 1]))
        s.len--;
    while (s.len && char_is_space(s.data[0])) {
        s.data++;
        s.len--;
    }
    return s;
}

bool str_cut(Str s, char sep, Str *before, Str *after) {
    ptrdiff_t at = str_find_char(s, sep);
    *before = at < 0 ? s : (Str){s.data, at};
    *after = at < 0 ? (Str){0} : str_from_offset(s, at + 1);
    return at >= 0;
}

bool str_next_line(Str *rest, Str *line) {
    if (rest->len == 0)
        return false;
    ptrdiff_t end = 0;
    while (end < rest->len && rest->data[end] != '\n' && rest->data[end] != '\r')
        end++;
    *line = (Str){rest->data, end};
    if (end + 1 < rest->len && rest->data[end] == '\r' && rest->data[end + 1] == '\n')
        end++;
    *rest = str_from_offset(*rest, end + 1);
    return true;
}

bool str_to_int(Str s, int64_t *out) {
    bool negative = s.len && s.data[0] == '-';
    if (s.len && (s.data[0] == '-' || s.data[0] == '+'))
        s = str_from_offset(s, 1);
    if (s.len == 0)
        return false;
    int64_t value = 0;
    for (ptrdiff_t i = 0; i < s.len; i++) {
        if (!char_is_digit(s.data[i]) || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, s.data[i] - '0', &value))
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    *out = negative ? value : -value;
    return true;
}

enum { NEAREST_MAX = 64 };

/* Optimal string alignment distance; three rows suffice for the swap. */
static ptrdiff_t edit_distance(Str a, Str b) {
    ptrdiff_t rows[3][NEAREST_MAX + 1];
    ptrdiff_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (ptrdiff_t j = 0; j <= b.len; j++)
        above[j] = j;
    for (ptrdiff_t i = 1; i <= a.len; i++) {
        row[0] = i;
        for (ptrdiff_t j = 1; j <= b.len; j++) {
            char x = char_lower(a.data[i - 1]), y = char_lower(b.data[j - 1]);
            ptrdiff_t best = above[j - 1] + (x != y);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && x == char_lower(b.data[j - 2]) &&
                y == char_lower(a.data[i - 2]) && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        ptrdiff_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[b.len];
}

Nearest nearest_init(Str name) {
    ptrdiff_t accepted = name.len > 3 ? name.len / 3 : name.len > 1;
    return (Nearest){.name = name, .distance = accepted + 1};
}

void nearest_add(Nearest *nearest, Str candidate) {
    ptrdiff_t difference = candidate.len - nearest->name.len;
    if (candidate.len == 0 || candidate.len > NEAREST_MAX ||
        nearest->name.len > NEAREST_MAX || difference >= nearest->distance ||
        -difference >= nearest->distance)
        return;
    ptrdiff_t distance = edit_distance(nearest->name, candidate);
    if (distance < nearest->distance) {
        nearest->distance = distance;
        nearest->best = candidate;
    }
}

Str str_nearest(Str name, const Str *candidates, ptrdiff_t n) {
    Nearest nearest = nearest_init(name);
    for (ptrdiff_t i = 0; i < n; i++)
        nearest_add(&nearest, candidates[i]);
    return nearest.best;
}
