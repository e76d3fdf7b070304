/* base/buf: appending, and the escapes of HTML and URLs. */
#include "base/buf.h"

#include "guard.h"
#include "tap.h"

static Buf buf;

static bool is(const char *expected) {
    return str_equal(buf_view(&buf), str_from(expected));
}

static void appending(void) {
    TAP_CHECK(buf_view(&buf).len == 0, "a zeroed Buf is empty");
    buf_str(&buf, (Str){0});
    buf_fill(&buf, 'x', 0);
    buf_fill(&buf, 'x', -1);
    TAP_CHECK(buf.len == 0, "nothing appended");
    buf_char(&buf, 'a');
    buf_str(&buf, S("bc"));
    buf_cstr(&buf, "de");
    buf_fill(&buf, '-', 3);
    buf_int(&buf, INT64_MIN);
    buf_printf(&buf, "%s%03d", "!", 7);
    buf_printf(&buf, "%s", "");
    TAP_CHECK(is("abcde----9223372036854775808!007"), "all of them");
    TAP_CHECK(strlen(buf_cstr_view(&buf)) == (size_t)buf.len, "as a C string");
    buf_reset(&buf);
    TAP_CHECK(buf.len == 0 && buf.cap > 0, "reset keeps the memory");
    for (int i = 0; i < 100000; i++)
        buf_char(&buf, (char)('a' + i % 26));
    bool right = buf.len == 100000;
    for (int i = 0; i < 100000; i++)
        right = right && buf.data[i] == 'a' + i % 26;
    TAP_CHECK(right, "100,000 bytes");
    buf_reset(&buf);
    buf_printf(&buf, "%10000d", 5);
    TAP_CHECK(buf.len == 10000 && buf.data[9999] == '5', "printf of much");
    buf_release(&buf);
    TAP_CHECK(!buf.data && buf.cap == 0, "released");
    TAP_CHECK(*buf_cstr_view(&buf) == '\0', "an empty C string");
}

static void html(const char *text, const char *expected) {
    buf_reset(&buf);
    buf_html(&buf, guard_str(str_from(text)));
    TAP_CHECK(is(expected), "html: %s", expected);
}

/* One byte to escape at every place of texts of every length: eight bytes are looked at
 * at once, and the ends are not. */
static void html_anywhere(char c, const char *escape) {
    enum { LEN = 40 };
    int wrong = 0;
    for (ptrdiff_t len = 1; len <= LEN; len++) {
        for (ptrdiff_t at = 0; at < len; at++) {
            char text[LEN], expected[LEN + 8];
            memset(text, 'x' + (int)(at & 1) * 0x3f, sizeof text);
            text[at] = c;
            int n = snprintf(expected, sizeof expected, "%.*s%s%.*s", (int)at, text,
                             escape, (int)(len - at - 1), text + at + 1);
            buf_reset(&buf);
            buf_html(&buf, guard_str((Str){text, len}));
            wrong += !str_equal(buf_view(&buf), (Str){expected, n});
        }
    }
    TAP_CHECK(wrong == 0, "html: %s at every place", escape);
}

int main(void) {
    appending();
    html("", "");
    html("plain", "plain");
    html("<a href=\"x\">'&amp;'</a>",
         "&lt;a href=&quot;x&quot;&gt;'&amp;amp;'&lt;/a&gt;");
    html("&&é<", "&amp;&amp;é&lt;");
    html_anywhere('&', "&amp;");
    html_anywhere('<', "&lt;");
    html_anywhere('>', "&gt;");
    html_anywhere('"', "&quot;");
    html_anywhere('\'', "'");
    buf_release(&buf);
    return tap_done();
}
