/* text/image: headers built by hand, one for each form that a format has, and each cut at
 * every length right before a protected page. */
#include "text/image.h"

#include "base/buf.h"
#include "guard.h"
#include "tap.h"
#include "timing.h"

static Buf bytes;

static void put(const char *data, size_t n) {
    buf_str(&bytes, (Str){data, (ptrdiff_t)n});
}

#define PUT(literal) put("" literal, sizeof(literal) - 1)

static void be(uint32_t value, int n) {
    while (n-- > 0)
        buf_char(&bytes, (char)(value >> (8 * n) & 0xFF));
}

static void le(uint32_t value, int n) {
    for (int i = 0; i < n; i++)
        buf_char(&bytes, (char)(value >> (8 * i) & 0xFF));
}

/* The size is right when the header is whole, right or unknown when it is cut. */
static void is(const char *name, int width, int height) {
    int w = -1, h = -1;
    bool ok = image_size(guard_str(buf_view(&bytes)), &w, &h);
    if (!TAP_CHECK(ok && w == width && h == height, "%s: %d x %d", name, width, height))
        tap_diag("%s %d x %d", ok ? "got" : "refused", w, h);
    int wrong = 0;
    for (ptrdiff_t n = 0; n < bytes.len; n++) {
        w = h = -1;
        ok = image_size(guard_str((Str){bytes.data, n}), &w, &h);
        wrong += ok ? (w < 1 || h < 1) : (w != -1 || h != -1);
    }
    TAP_CHECK(wrong == 0, "%s: cut at every length", name);
    buf_reset(&bytes);
}

static void refused(const char *name) {
    int w = -1, h = -1;
    TAP_CHECK(!image_size(guard_str(buf_view(&bytes)), &w, &h) && w == -1 && h == -1,
              "%s is refused", name);
    buf_reset(&bytes);
}

static void png(uint32_t width, uint32_t height) {
    PUT("\x89PNG\r\n\x1A\n\0\0\0\rIHDR");
    be(width, 4);
    be(height, 4);
    PUT("\x08\x06\0\0\0crc!");
}

static void simple_formats(void) {
    png(640, 70000);
    is("PNG", 640, 70000);
    png(0, 5);
    refused("PNG of no width");
    png(0xFFFFFFFF, 5);
    refused("PNG of an impossible width");
    PUT("GIF89a");
    le(320, 2);
    le(256, 2);
    is("GIF", 320, 256);
    PUT("GIF87a");
    le(1, 2);
    le(65535, 2);
    is("GIF 87", 1, 65535);
    PUT("GIF88a\x01\0\x01\0");
    refused("GIF of no known version");
}

static void webp(void) {
    PUT("RIFF\x30\0\0\0WEBPVP8 \x20\0\0\0\x30\x01\0\x9D\x01\x2A");
    le(800 | 1u << 14, 2);
    le(600, 2);
    is("WebP, lossy", 800, 600);
    PUT("RIFF\x30\0\0\0WEBPVP8L\x20\0\0\0\x2F");
    le((801 - 1) | (601u - 1) << 14 | 1u << 28, 4);
    is("WebP, lossless", 801, 601);
    PUT("RIFF\x30\0\0\0WEBPVP8X\x0A\0\0\0\x10\0\0\0");
    le(70000 - 1, 3);
    le(2 - 1, 3);
    is("WebP, extended", 70000, 2);
    PUT("RIFF\x30\0\0\0WEBPVP8 \x20\0\0\0\x30\x01\0\0\0\0\x10\0\x10\0");
    refused("WebP without start code");
    PUT("RIFF\x30\0\0\0WAVEfmt \x20\0\0\0\x30\x01\0\x9D\x01\x2A\x10\0\x10\0");
    refused("another RIFF file");
}

/* APP1 with an orientation among other entries. */
static void exif(bool little, uint32_t orientation) {
    void (*number)(uint32_t, int) = little ? le : be;
    PUT("\xFF\xE1");
    be(2 + 6 + 8 + 2 + 2 * 12 + 4, 2);
    PUT("Exif\0\0");
    if (little)
        PUT("II*\0");
    else
        PUT("MM\0*");
    number(8, 4);
    number(2, 2);
    number(0x0100, 2);
    number(4, 2);
    number(1, 4);
    number(99, 4);
    number(0x0112, 2);
    number(3, 2);
    number(1, 4);
    number(orientation, 2);
    number(0, 2);
    number(0, 4);
}

static void frame(int marker) {
    PUT("\xFF\xE0\0\x10JFIF\0\x01\x02\0\0\x01\0\x01\0\0\xFF\xFE\0\x06note");
    PUT("\xFF\xC4\0\x05\x01\x02\x03\xFF\xFF");
    buf_char(&bytes, (char)marker);
    PUT("\0\x0B\x08");
    be(480, 2);
    be(640, 2);
    PUT("\x01\x01\x11\0\xFF\xDA");
}

static void jpeg(void) {
    PUT("\xFF\xD8");
    frame(0xC0);
    is("JPEG", 640, 480);
    PUT("\xFF\xD8");
    frame(0xC2);
    is("JPEG, progressive", 640, 480);
    for (uint32_t orientation = 0; orientation <= 9; orientation++) {
        bool turned = orientation >= 5 && orientation <= 8;
        PUT("\xFF\xD8");
        exif(orientation % 2, orientation);
        frame(0xC0);
        is("JPEG with orientation", turned ? 480 : 640, turned ? 640 : 480);
    }
    PUT("\xFF\xD8\xFF\xE1\0\x12"
        "Exif\0\0II*\0\xFF\xFF\xFF\xFF\x01\0");
    frame(0xC0);
    is("JPEG with a directory far away", 640, 480);
    PUT("\xFF\xD8\xFF\xDA\0\x04\x01\x02\xFF\xC0\0\x0B\x08\0\x10\0\x10\x01\x01\x11\0");
    refused("JPEG whose scan comes first");
    PUT("\xFF\xD8\xFF\xE0\0\x01\xFF\xC0\0\x0B\x08\0\x10\0\x10\x01\x01\x11\0");
    refused("JPEG with a segment of length 1");
    PUT("\xFF\xD8\xFF\xE0\0\x04xxyy\xFF\xC0\0\x0B\x08\0\x10\0\x10");
    refused("JPEG with bytes between segments");
    PUT("\xFF\xD8\xFF\xC0\0\x0B\x08\0\0\0\x10\x01\x01\x11\0");
    refused("JPEG of no height");
}

static void box(const char *type, uint32_t size) {
    be(size, 4);
    put(type, 4);
}

static void ispe(uint32_t width, uint32_t height) {
    box("ispe", 20);
    be(0, 4);
    be(width, 4);
    be(height, 4);
}

/* Sizes of a thumbnail, the picture and a tile; `more` bytes of other properties follow.
 */
static void avif(uint32_t more) {
    box("ftyp", 20);
    PUT("avif\0\0\0\0mif1");
    box("free", 12);
    PUT("xxxx");
    box("meta", 8 + 4 + 9 + 8 + 8 + 60 + more);
    be(0, 4);
    box("hdlr", 9);
    PUT("x");
    box("iprp", 8 + 8 + 60 + more);
    box("ipco", 8 + 60 + more);
    ispe(160, 90);
    ispe(1600, 900);
    ispe(800, 900);
}

static void avifs(void) {
    avif(0);
    is("AVIF", 1600, 900);
    avif(9);
    box("irot", 9);
    PUT("\x01");
    is("AVIF, turned by 90 degrees", 900, 1600);
    avif(9);
    box("irot", 9);
    PUT("\x02");
    is("AVIF, turned by 180 degrees", 1600, 900);
    box("ftyp", 24);
    PUT("mif1\0\0\0\0miafavif");
    box("meta", 0);
    be(0, 4);
    be(1, 4);
    PUT("iprp");
    be(0, 4);
    be(16 + 8 + 20, 4);
    box("ipco", 0);
    ispe(3, 4);
    is("AVIF with sizes of 64 bits and to the end", 3, 4);
    box("ftyp", 20);
    PUT("heic\0\0\0\0mif1");
    box("meta", 0);
    refused("HEIC");
    box("ftyp", 20);
    PUT("avif\0\0\0\0mif1");
    box("meta", 4);
    refused("AVIF with a box smaller than its header");
}

static void svg(const char *text, int width, int height) {
    buf_cstr(&bytes, text);
    is(text, width, height);
}

static void no_svg(const char *text) {
    buf_cstr(&bytes, text);
    refused(text);
}

static void svgs(void) {
    svg("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"120\" height=\"80px\">", 120,
        80);
    svg("<svg height='8' width='12'/>", 12, 8);
    svg("<svg viewBox=\"0 0 300 150\"></svg>", 300, 150);
    svg("<svg viewBox='-10,-20, 30.4 , 15.6'>", 30, 16);
    svg("<svg width=\"100%\" height=\"100%\" viewBox=\"0 0 300 150\">", 300, 150);
    svg("<svg width=\"10em\" height=\"4em\" viewBox=\"0 0 30 15\">", 30, 15);
    svg("<svg width=\"100\" viewBox=\"0 0 300 150\">", 100, 50);
    svg("<svg height = \"100\"\n viewBox = \"0 0 300 150\">", 200, 100);
    svg("<svg width=\"1e2\" height=\"0.2\">", 100, 1);
    svg("\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- <svg width='1' height='1'> -->"
        "<!DOCTYPE svg PUBLIC \"x\" \"y\">\n<svg data-width='9' width='7' height='6'>",
        7, 6);
    no_svg("");
    no_svg("<svg>");
    no_svg("<svg width=\"100\">");
    no_svg("<svg width=\"-1\" height=\"5\">");
    no_svg("<svg width=\"0\" height=\"0\">");
    no_svg("<svg width=\"nan\" height=\"inf\">");
    no_svg("<svg width=\"1e300\" height=\"5\">");
    no_svg("<svg viewBox=\"0 0 10\">");
    no_svg("<svg width=100 height=50>");
    no_svg("<svgx width=\"1\" height=\"1\">");
    no_svg("<html><svg width=\"1\" height=\"1\">");
    no_svg("<!-- <svg width='1' height='1'>");
    no_svg("<svg><g width=\"1\" height=\"1\"/></svg>");
    no_svg("plain text");
}

/* A megabyte of one unit behind a head: the time stays small. */
static void linear(const char *name, const char *head, size_t head_len, const char *unit,
                   size_t n) {
    put(head, head_len);
    while (bytes.len < (1 << 20) - 64)
        put(unit, n);
    int w, h;
    double start = timing_now();
    image_size(guard_str(buf_view(&bytes)), &w, &h);
    TAP_CHECK(timing_now() - start < 0.5, "a megabyte of %s", name);
    buf_reset(&bytes);
}

#define LINEAR(name, head, unit)                                                         \
    linear(name, "" head, sizeof(head) - 1, "" unit, sizeof(unit) - 1)

int main(void) {
    simple_formats();
    webp();
    jpeg();
    avifs();
    svgs();
    LINEAR("EXIF segments", "\xFF\xD8",
           "\xFF\xE1\0\x14"
           "Exif\0\0II*\0\x08\0\0\0\xFF\xFF");
    LINEAR("fill bytes", "\xFF\xD8", "\xFF");
    LINEAR("boxes",
           "\0\0\0\x10"
           "ftypavif\0\0\0\0",
           "\0\0\0\x08"
           "free");
    LINEAR("comments", "", "<!-- -->");
    LINEAR("white space", "", " ");
    LINEAR("attributes", "<svg ", "a='' ");
    LINEAR("a number", "<svg width='", "1");
    buf_release(&bytes);
    return tap_done();
}
