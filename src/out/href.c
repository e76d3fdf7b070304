/* Links in published files: see href.h.
 *
 * A relative link climbs from the directory of the file that is written to the longest
 * directory that both share, then descends. It names index.html, since a file:// URL of a
 * directory shows a listing. */
#include "out/href.h"

#include <string.h>

static bool is_folder(Str url) { return url.len && url.data[url.len - 1] == '/'; }

static Str directory(Str url) {
    return str_slice(url, 0, str_find_last_char(url, '/') + 1);
}

HrefBase href_base_relative(Str url) {
    return (HrefBase){.form = HREF_RELATIVE, .url = url, .dir = directory(url)};
}

static bool is_hex(char c) {
    return char_is_digit(c) || (char_lower(c) >= 'a' && char_lower(c) <= 'f');
}

/* RFC 3986, section 2: unreserved and reserved. */
static const bool plain[256] = {
    ['!'] = 1, ['#'] = 1, ['$'] = 1, ['&'] = 1, ['\''] = 1, ['('] = 1, [')'] = 1,
    ['*'] = 1, ['+'] = 1, [','] = 1, ['-'] = 1, ['.'] = 1,  ['/'] = 1, ['0'] = 1,
    ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1,  ['6'] = 1, ['7'] = 1,
    ['8'] = 1, ['9'] = 1, [':'] = 1, [';'] = 1, ['='] = 1,  ['?'] = 1, ['@'] = 1,
    ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1,  ['F'] = 1, ['G'] = 1,
    ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1,  ['M'] = 1, ['N'] = 1,
    ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1,  ['T'] = 1, ['U'] = 1,
    ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1,  ['['] = 1, [']'] = 1,
    ['_'] = 1, ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1,  ['e'] = 1, ['f'] = 1,
    ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1,  ['l'] = 1, ['m'] = 1,
    ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1,  ['s'] = 1, ['t'] = 1,
    ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1,  ['z'] = 1, ['~'] = 1,
};

static bool is_plain_byte(char c) { return plain[(unsigned char)c]; }

/* Nor is the '%' of an existing escape encoded. */
static bool is_plain(Str s, ptrdiff_t at) {
    return is_plain_byte(s.data[at]) ||
           (s.data[at] == '%' && at + 2 < s.len && is_hex(s.data[at + 1]) &&
            is_hex(s.data[at + 2]));
}

static ptrdiff_t count_encoded(Str s) {
    ptrdiff_t at = 0, n = 0;
    while (s.len - at >= 4 && is_plain_byte(s.data[at]) & is_plain_byte(s.data[at + 1]) &
                                  is_plain_byte(s.data[at + 2]) &
                                  is_plain_byte(s.data[at + 3]))
        at += 4;
    for (; at < s.len; at++)
        n += !is_plain(s, at);
    return n;
}

static char *put(char *to, Str s) {
    if (s.len)
        memcpy(to, s.data, (size_t)s.len);
    return to + s.len;
}

static char *put_encoded(char *to, Str s) {
    static const char hex[] = "0123456789ABCDEF";
    for (ptrdiff_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (is_plain(s, i)) {
            *to++ = (char)c;
            continue;
        }
        *to++ = '%';
        *to++ = hex[c >> 4];
        *to++ = hex[c & 15];
    }
    return to;
}

/* before + s, percent-encoded + after; no allocation where that is `s`. */
static Str encode(Arena *arena, Str before, Str s, Str after) {
    ptrdiff_t encoded = count_encoded(s);
    if (!encoded && !before.len && !after.len)
        return s;
    char *data = arena_alloc(arena, before.len + s.len + 2 * encoded + after.len);
    char *end = put(data, before);
    end = put(encoded ? put_encoded(end, s) : put(end, s), after);
    return (Str){data, end - data};
}

HrefBase href_base_prefix(HrefForm form, Arena *arena, Str prefix, Str url) {
    prefix = encode(arena, S(""), prefix, S(""));
    return (HrefBase){.form = form, .prefix = prefix, .url = url};
}

/* The bytes of `path` that are also the start of `dir`, up to and with a '/'. */
static ptrdiff_t common_directory(Str dir, Str path) {
    ptrdiff_t common = 0;
    for (ptrdiff_t i = 0; i < dir.len && i < path.len && dir.data[i] == path.data[i]; i++)
        if (dir.data[i] == '/')
            common = i + 1;
    return common;
}

static Str relative(const HrefBase *base, Arena *arena, Str path, Str suffix) {
    if (str_equal(path, base->url) && suffix.len)
        return encode(arena, S(""), suffix, S(""));
    ptrdiff_t common = common_directory(base->dir, path), ups = 0;
    for (ptrdiff_t i = common; i < base->dir.len; i++)
        ups += base->dir.data[i] == '/';
    Str rest = str_from_offset(path, common);
    bool folder = is_folder(path);
    /* A first segment with a colon would be read as a scheme (RFC 3986, 4.2). */
    bool here = ups == 0 && str_find_char(rest, ':') >= 0;
    char *up = arena_alloc(arena, 3 * ups + 2);
    for (ptrdiff_t i = 0; i < ups; i++)
        memcpy(up + 3 * i, "../", 3);
    if (here)
        memcpy(up, "./", 2);
    Str name = encode(arena, (Str){up, here ? 2 : 3 * ups}, rest,
                      folder ? S("index.html") : S(""));
    return suffix.len ? encode(arena, name, suffix, S("")) : name;
}

Str href_place(const HrefBase *base, Arena *arena, Str url, Str id) {
    if (str_equal(url, base->url))
        return encode(arena, S("#"), id, S(""));
    Str page = href_make(base, arena, url);
    return encode(arena, arena_concat(arena, page, S("#")), id, S(""));
}

Str href_make(const HrefBase *base, Arena *arena, Str url) {
    if (!url.len || url.data[0] != '/' || (url.len > 1 && url.data[1] == '/'))
        return encode(arena, S(""), url, S(""));
    if (base->form != HREF_RELATIVE)
        return encode(arena, base->prefix, url, S(""));
    ptrdiff_t end = 0;
    while (end < url.len && url.data[end] != '#' && url.data[end] != '?')
        end++;
    return relative(base, arena, str_slice(url, 0, end), str_from_offset(url, end));
}

Str href_absolute(const Site *site, Arena *arena, Str url) {
    Str base = site->settings.base_url.text;
    if (!base.len)
        return base;
    while (base.len && base.data[base.len - 1] == '/')
        base.len--;
    HrefBase absolute = href_base_prefix(HREF_ABSOLUTE, arena, base, (Str){0});
    return href_make(&absolute, arena, url);
}

Str href_file(Arena *arena, Str url) {
    Str path = str_from_offset(url, 1);
    return is_folder(url) ? arena_concat(arena, path, S("index.html")) : path;
}
