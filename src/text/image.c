/* Sizes of pictures: see image.h.
 *
 * A library for each format would be four dependencies and decoders that untrusted files
 * could attack; the size stands in the first bytes and takes a page of code. Every read
 * goes through get_be and get_le, which answer 0 outside of the bytes; 0 is no valid
 * size, length or type anywhere here, so that a truncated file fails by itself. */
#include "text/image.h"

#include <stdlib.h>
#include <string.h>

enum { SIDE_MAX = 1 << 30 };

typedef struct Size {
    double width, height; /* 0: unknown */
} Size;

/* ---- numbers of n bytes ---- */

static bool has(Str s, ptrdiff_t at, ptrdiff_t n) {
    return at >= 0 && n <= s.len && at <= s.len - n;
}

static uint32_t get_be(Str s, ptrdiff_t at, int n) {
    uint32_t value = 0;
    for (int i = 0; has(s, at, n) && i < n; i++)
        value = value << 8 | (unsigned char)s.data[at + i];
    return value;
}

static uint32_t get_le(Str s, ptrdiff_t at, int n) {
    uint32_t value = 0;
    for (int i = n - 1; has(s, at, n) && i >= 0; i--)
        value = value << 8 | (unsigned char)s.data[at + i];
    return value;
}

static bool has_tag(Str s, ptrdiff_t at, Str tag) {
    return has(s, at, tag.len) && str_equal((Str){s.data + at, tag.len}, tag);
}

/* ---- PNG (ISO 15948, 11.2.2), GIF 89a (17, 18) ---- */

static Size png_size(Str s) {
    if (!has_tag(s, 12, S("IHDR")))
        return (Size){0};
    return (Size){get_be(s, 16, 4), get_be(s, 20, 4)};
}

static Size gif_size(Str s) { return (Size){get_le(s, 6, 2), get_le(s, 8, 2)}; }

/* ---- WebP (RFC 9649, 2.5 to 2.7) ---- */

static Size webp_size(Str s) {
    if (has_tag(s, 12, S("VP8X")) && has(s, 24, 6))
        return (Size){get_le(s, 24, 3) + 1.0, get_le(s, 27, 3) + 1.0};
    if (has_tag(s, 12, S("VP8L")) && get_le(s, 20, 1) == 0x2F && has(s, 21, 4)) {
        uint32_t bits = get_le(s, 21, 4);
        return (Size){(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
    }
    if (has_tag(s, 12, S("VP8 ")) && has_tag(s, 23, S("\x9D\x01\x2A")))
        return (Size){get_le(s, 26, 2) & 0x3FFF, get_le(s, 28, 2) & 0x3FFF};
    return (Size){0};
}

/* ---- JPEG (ITU T.81, annex B) and its EXIF orientation ---- */

/* Whether the orientation in IFD 0 of a TIFF structure turns the picture by a quarter. */
static bool tiff_swaps_sides(Str tiff) {
    bool little = has_tag(tiff, 0, S("II*\0"));
    uint32_t (*get)(Str, ptrdiff_t, int) = little ? get_le : get_be;
    if (!little && !has_tag(tiff, 0, S("MM\0*")))
        return false;
    ptrdiff_t directory = get(tiff, 4, 4);
    ptrdiff_t entries = get(tiff, directory, 2);
    for (ptrdiff_t i = 0; i < entries; i++) {
        ptrdiff_t entry = directory + 2 + i * 12;
        if (!has(tiff, entry, 12))
            return false; /* thousands of such segments must not cost their claims */
        if (get(tiff, entry, 2) == 0x0112)
            return get(tiff, entry + 8, 2) >= 5 && get(tiff, entry + 8, 2) <= 8;
    }
    return false;
}

static bool is_frame_header(uint32_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 &&
           marker != 0xCC;
}

static Size jpeg_size(Str s) {
    bool swap = false;
    ptrdiff_t at = 2;
    while (get_be(s, at, 1) == 0xFF) {
        uint32_t marker = get_be(s, at + 1, 1);
        if (marker == 0xFF || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
            at += marker == 0xFF ? 1 : 2; /* a fill byte, or a marker without a segment */
            continue;
        }
        ptrdiff_t length = get_be(s, at + 2, 2);
        if (is_frame_header(marker)) {
            Size size = {get_be(s, at + 7, 2), get_be(s, at + 5, 2)};
            return swap ? (Size){size.height, size.width} : size;
        }
        if (length < 2 || marker == 0xDA || marker == 0xD9)
            break;
        if (marker == 0xE1 && has_tag(s, at + 4, S("Exif\0\0")))
            swap = tiff_swaps_sides(str_slice(s, at + 10, at + 2 + length));
        at += 2 + length;
    }
    return (Size){0};
}

/* ---- AVIF: boxes of ISO 14496-12, properties of ISO 23008-12 ---- */

typedef struct Box {
    Str type, body;
} Box;

/* Takes the next box off *rest. */
static bool next_box(Str *rest, Box *box) {
    ptrdiff_t size = get_be(*rest, 0, 4), head = 8;
    if (size == 1) {
        size = get_be(*rest, 8, 4) ? PTRDIFF_MAX : (ptrdiff_t)get_be(*rest, 12, 4);
        head = 16;
    }
    if (size == 0)
        size = rest->len;
    if (rest->len < head || size < head)
        return false;
    *box = (Box){str_slice(*rest, 4, 8), str_slice(*rest, head, size)};
    *rest = str_from_offset(*rest, size);
    return true;
}

static Str find_box(Str boxes, Str type) {
    Box box;
    while (next_box(&boxes, &box))
        if (str_equal(box.type, type))
            return box.body;
    return (Str){0};
}

/* The largest of the sizes: the others are those of tiles and thumbnails. */
static Size avif_size(Str s) {
    Str meta = str_from_offset(find_box(s, S("meta")), 4);
    Str properties = find_box(find_box(meta, S("iprp")), S("ipco"));
    Size size = {0};
    bool swap = false;
    Box box;
    while (next_box(&properties, &box)) {
        if (str_equal(box.type, S("ispe"))) {
            Size other = {get_be(box.body, 4, 4), get_be(box.body, 8, 4)};
            if (other.width * other.height > size.width * size.height)
                size = other;
        }
        if (str_equal(box.type, S("irot")))
            swap = get_be(box.body, 0, 1) & 1;
    }
    return swap ? (Size){size.height, size.width} : size;
}

static bool is_avif(Str s) {
    return has_tag(s, 4, S("ftyp")) &&
           (has_tag(s, 8, S("avif")) || has_tag(s, 8, S("avis")) ||
            str_find(str_slice(s, 16, get_be(s, 0, 4)), S("avif")) >= 0);
}

/* ---- SVG 2 (8.2 and 8.6), as far as the root element's attributes ---- */

/* A number that *s starts with, and what follows it. */
static bool take_number(Str *s, double *out) {
    char text[40];
    ptrdiff_t n = 0;
    while (n < s->len && n < (ptrdiff_t)sizeof text - 1 && s->data[n] &&
           strchr("+-.0123456789eE", s->data[n])) {
        /* "2em" is no exponent */
        bool exponent = char_lower(s->data[n]) == 'e';
        if (exponent && n + 1 < s->len && char_is_alpha(s->data[n + 1]))
            break;
        text[n] = s->data[n];
        n++;
    }
    text[n] = '\0';
    char *end = text;
    *out = strtod(text, &end);
    *s = str_from_offset(*s, end - text);
    return end > text;
}

/* A length in pixels; 0 for one in other units or in per cent. */
static double pixels(Str value) {
    double number;
    value = str_trim(value);
    if (!take_number(&value, &number) || number < 0)
        return 0;
    return value.len == 0 || str_equal_nocase(value, S("px")) ? number : 0;
}

static Size view_box(Str value) {
    double numbers[4];
    for (int i = 0; i < 4; i++) {
        while (value.len && (char_is_space(value.data[0]) || value.data[0] == ','))
            value = str_from_offset(value, 1);
        if (!take_number(&value, &numbers[i]))
            return (Size){0};
    }
    return (Size){numbers[2], numbers[3]};
}

/* Behind `end`, or behind the whole if it is not there. */
static Str skip_past(Str s, Str end) {
    ptrdiff_t at = str_find(s, end);
    return at < 0 ? (Str){0} : str_from_offset(s, at + end.len);
}

/* Behind "<svg": comments, processing instructions and a document type may come before.
 */
static Str find_root(Str s) {
    if (str_has_prefix(s, S("\xEF\xBB\xBF")))
        s = str_from_offset(s, 3);
    for (;;) {
        s = str_trim(s);
        if (str_has_prefix(s, S("<!--")))
            s = skip_past(s, S("-->"));
        else if (str_has_prefix(s, S("<?")))
            s = skip_past(s, S("?>"));
        else if (str_has_prefix(s, S("<!")))
            s = skip_past(s, S(">"));
        else
            break;
    }
    return str_has_prefix(s, S("<svg")) ? str_from_offset(s, 4) : (Str){0};
}

/* Takes name="value" off *s, which is behind a tag's name. False at the tag's end. */
static bool next_attribute(Str *s, Str *name, Str *value) {
    *s = str_trim(*s);
    ptrdiff_t n = 0;
    while (n < s->len && !char_is_space(s->data[n]) && !strchr("=/>\"'<", s->data[n]))
        n++;
    *name = str_slice(*s, 0, n);
    *s = str_trim(str_from_offset(*s, n));
    if (n == 0 || s->len == 0 || s->data[0] != '=')
        return false;
    *s = str_trim(str_from_offset(*s, 1));
    if (s->len == 0 || (s->data[0] != '"' && s->data[0] != '\''))
        return false;
    return str_cut(str_from_offset(*s, 1), s->data[0], value, s);
}

static Size svg_size(Str s) {
    Size size = {0}, box = {0};
    Str rest = find_root(s), name, value;
    if (rest.len == 0 || !char_is_space(rest.data[0]))
        return size;
    while (next_attribute(&rest, &name, &value)) {
        if (str_equal(name, S("width")))
            size.width = pixels(value);
        else if (str_equal(name, S("height")))
            size.height = pixels(value);
        else if (str_equal(name, S("viewBox")))
            box = view_box(value);
    }
    if (size.width > 0 && size.height > 0)
        return size;
    if (!(box.width > 0) || !(box.height > 0))
        return (Size){0};
    if (size.width > 0)
        return (Size){size.width, size.width * box.height / box.width};
    if (size.height > 0)
        return (Size){size.height * box.width / box.height, size.height};
    return box;
}

static Size any_size(Str s) {
    if (has_tag(s, 0, S("\x89PNG\r\n\x1A\n")))
        return png_size(s);
    if (has_tag(s, 0, S("\xFF\xD8\xFF")))
        return jpeg_size(s);
    if (has_tag(s, 0, S("GIF87a")) || has_tag(s, 0, S("GIF89a")))
        return gif_size(s);
    if (has_tag(s, 0, S("RIFF")) && has_tag(s, 8, S("WEBP")))
        return webp_size(s);
    return is_avif(s) ? avif_size(s) : svg_size(s);
}

bool image_size(Str bytes, int *width, int *height) {
    Size size = any_size(bytes);
    if (!(size.width > 0 && size.width <= SIDE_MAX && size.height > 0 &&
          size.height <= SIDE_MAX))
        return false;
    /* To the nearest pixel, and no side vanishes. */
    *width = size.width < 1 ? 1 : (int)(size.width + 0.5);
    *height = size.height < 1 ? 1 : (int)(size.height + 0.5);
    return true;
}
