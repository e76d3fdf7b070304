/* URLs in Markdown: which are safe to link to, and how they are written.
 *
 * A browser decides by the URL Standard (4.4): it ignores tabs and line ends anywhere and
 * control characters and spaces at the start, and takes for the scheme what stands before
 * the first colon if that looks like one. Entities are decoded by cmark-gfm already;
 * decoding what is left once more costs nothing and closes the door to other readers.
 * TRUST.md, promise 9. */
#include "base/utf8.h"
#include "text/tree.h"

#include <arpa/inet.h>
#include <string.h>
#include <utf8proc.h>

/* Moves *at behind a character reference and returns its ASCII character; 0 if it is none
 * or no ASCII. */
static char read_reference(Str s, ptrdiff_t *at) {
    static const struct {
        Str name;
        char c;
    } names[] = {{STR_INIT("&colon;"), ':'},    {STR_INIT("&tab;"), '\t'},
                 {STR_INIT("&newline;"), '\n'}, {STR_INIT("&sol;"), '/'},
                 {STR_INIT("&num;"), '#'},      {STR_INIT("&quest;"), '?'}};
    Str rest = str_from_offset(s, *at);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal_nocase(str_slice(rest, 0, names[i].name.len), names[i].name)) {
            *at += names[i].name.len;
            return names[i].c;
        }
    }
    if (!str_has_prefix(rest, S("&#")))
        return 0;
    bool hex = rest.len > 2 && char_lower(rest.data[2]) == 'x';
    ptrdiff_t i = hex ? 3 : 2;
    uint32_t value = 0;
    for (; i < rest.len && value < 0x110000; i++) {
        char c = char_lower(rest.data[i]);
        int digit = char_is_digit(c)              ? c - '0'
                    : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                                                  : -1;
        if (digit < 0)
            break;
        value = value * (hex ? 16 : 10) + (uint32_t)digit;
    }
    if (value == 0 || value > 0x7F)
        return 0;
    *at += i + (i < rest.len && rest.data[i] == ';');
    return (char)value;
}

enum { SCHEME_MAX = 64 };

/* The scheme in lower case, or the empty Str where the URL is relative. A scheme too long
 * for the buffer is returned cut, and so is none that is known. */
static Str read_scheme(Str url, char buffer[SCHEME_MAX]) {
    ptrdiff_t n = 0;
    for (ptrdiff_t i = 0; i < url.len;) {
        char c = url.data[i] == '&' ? read_reference(url, &i) : 0;
        if (c == 0)
            c = url.data[i++];
        if ((unsigned char)c <= ' ' || c == 0x7F)
            continue;
        if (c == ':')
            return (Str){buffer, n};
        bool allowed = char_is_alpha(c) ||
                       (n > 0 && (char_is_digit(c) || c == '+' || c == '-' || c == '.'));
        if (!allowed)
            return (Str){0};
        if (n < SCHEME_MAX)
            buffer[n++] = char_lower(c);
    }
    return (Str){0};
}

bool url_is_safe(Str url) {
    static const Str allowed[] = {STR_INIT("http"), STR_INIT("https"), STR_INIT("mailto"),
                                  STR_INIT("tel")};
    char buffer[SCHEME_MAX];
    Str scheme = read_scheme(url, buffer);
    if (scheme.len == 0)
        return true;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (str_equal(scheme, allowed[i]))
            return true;
    return false;
}

bool url_is_external(Str url) {
    char buffer[SCHEME_MAX];
    return read_scheme(url, buffer).len || str_has_prefix(str_trim(url), S("//"));
}

/* ---- hosts ---- */

/* Letters of one direction and digits, by utf8proc. What IDNA (UTS 46) allows beyond
 * that, no real name needs. */
static bool is_label(Str label) {
    bool leftward = false, rightward = false;
    for (ptrdiff_t at = 0; at < label.len;) {
        uint32_t c = utf8_next(label, &at);
        if (c < 0x80) {
            if (!char_is_alpha((char)c) && !char_is_digit((char)c) && c != '-' &&
                c != '_')
                return false;
            rightward = true;
            continue;
        }
        const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)c);
        if (property->category < UTF8PROC_CATEGORY_LU ||
            property->category > UTF8PROC_CATEGORY_LO)
            return false;
        bool right_to_left = property->bidi_class == UTF8PROC_BIDI_CLASS_R ||
                             property->bidi_class == UTF8PROC_BIDI_CLASS_AL;
        leftward |= right_to_left;
        rightward |= !right_to_left;
    }
    return label.len > 0 && label.len <= 63 && !(leftward && rightward);
}

static bool is_number(Str s) {
    int64_t value;
    return s.len <= 5 && s.len > 0 && char_is_digit(s.data[0]) && str_to_int(s, &value) &&
           value <= 65535;
}

static bool is_address(int family, Str s) {
    char text[64] = "", address[16];
    if (s.len == 0 || s.len >= (ptrdiff_t)sizeof text)
        return false;
    memcpy(text, s.data, (size_t)s.len);
    return inet_pton(family, text, address) == 1;
}

/* Labels apart by dots, of which the last may be empty. A name that ends in a number is
 * an IPv4 address. */
static bool is_host(Str host) {
    if (host.len > 253)
        return false;
    Str rest = host, label = {0};
    while (rest.len) {
        str_cut(rest, '.', &label, &rest);
        if (!is_label(label))
            return false;
    }
    bool numeric = label.len && char_is_digit(label.data[0]);
    return label.len > 0 && (!numeric || is_address(AF_INET, host));
}

static bool is_authority(Str s) {
    ptrdiff_t end = 0;
    while (end < s.len && !strchr("/?#", s.data[end]))
        end++;
    s.len = end;
    if (s.len && s.data[0] == '[') {
        ptrdiff_t close = str_find_char(s, ']');
        if (close < 0 || !is_address(AF_INET6, str_slice(s, 1, close)))
            return false;
        s = str_from_offset(s, close + 1);
        return s.len == 0 || (s.data[0] == ':' && is_number(str_from_offset(s, 1)));
    }
    Str host, port;
    bool ported = str_cut(s, ':', &host, &port);
    return is_host(host) && (!ported || is_number(port));
}

bool url_is_wellformed(Str url) {
    static const Str schemes[] = {STR_INIT("http:"), STR_INIT("https:")};
    url = str_trim(url);
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (!str_equal_nocase(str_slice(url, 0, schemes[i].len), schemes[i]))
            continue;
        url = str_from_offset(url, schemes[i].len);
        if (!str_has_prefix(url, S("//")))
            return false;
    }
    return !str_has_prefix(url, S("//")) || is_authority(str_from_offset(url, 2));
}

/* ---- writing ---- */

/* 1: as it is; 2: an escape of HTML; 0: percent-encoded (RFC 3986, 2: unreserved and
 * reserved characters without the brackets, of which only hosts have any). */
static const uint8_t classes[256] = {
    ['!'] = 1, ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 2, ['\''] = 2, ['('] = 1,
    [')'] = 1, ['*'] = 1, ['+'] = 1, [','] = 1, ['-'] = 1, ['.'] = 1,  ['/'] = 1,
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1,  ['6'] = 1,
    ['7'] = 1, ['8'] = 1, ['9'] = 1, [':'] = 1, [';'] = 1, ['='] = 1,  ['?'] = 1,
    ['@'] = 1, ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1,  ['F'] = 1,
    ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1,  ['M'] = 1,
    ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1,  ['T'] = 1,
    ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1,  ['_'] = 1,
    ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1,  ['g'] = 1,
    ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1,  ['n'] = 1,
    ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1,  ['u'] = 1,
    ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1, ['~'] = 1};

static bool is_hex(char c) {
    return char_is_digit(c) || (char_lower(c) >= 'a' && char_lower(c) <= 'f');
}

static bool is_escape(Str s, ptrdiff_t at) {
    return at + 2 < s.len && is_hex(s.data[at + 1]) && is_hex(s.data[at + 2]);
}

/* The end of "//[…]" at the start of an address with an IPv6 host, else 0. */
static ptrdiff_t ipv6_host(Str url) {
    ptrdiff_t at = str_find(url, S("//["));
    ptrdiff_t end = str_find_char(url, ']');
    if (at < 0 || end < at || str_find_char(str_slice(url, 0, at), '/') >= 0)
        return 0;
    for (ptrdiff_t i = at + 3; i < end; i++)
        if (!is_hex(url.data[i]) && url.data[i] != ':' && url.data[i] != '.')
            return 0;
    return end + 1;
}

static void put_byte(Buf *out, unsigned char c) {
    static const char digits[] = "0123456789ABCDEF";
    char escape[3] = {'%', digits[c >> 4], digits[c & 15]};
    buf_str(out, (Str){escape, 3});
}

void url_put(Buf *out, Str url) {
    url = str_trim(url);
    ptrdiff_t plain = 0, host = ipv6_host(url);
    bool fragment = false;
    for (ptrdiff_t i = host; i < url.len; i++) {
        unsigned char c = (unsigned char)url.data[i];
        bool again = c == '#' && fragment;
        fragment |= c == '#';
        if (classes[c] == 1 && !again && (c != '%' || is_escape(url, i)))
            continue;
        buf_str(out, str_slice(url, plain, i));
        plain = i + 1;
        if (c == '&')
            buf_str(out, S("&amp;"));
        else if (c == '\'')
            buf_str(out, S("&#x27;"));
        else
            put_byte(out, c);
    }
    buf_str(out, str_slice(url, plain, url.len));
}
