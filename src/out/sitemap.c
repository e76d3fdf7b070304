/* Sitemap and robots.txt.
 *
 * The sitemap lists every page for readers with its canonical URL, percent-encoded and
 * escaped, and the date of its last change where the author gave one (sitemaps.org,
 * protocol 0.9; W3C date format). More than 50,000 URLs are split into parts behind an
 * index. */
#include "out/machine.h"

#include "out/href.h"
#include "out/views.h"

static const Str sitemap_head =
    STR_INIT("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
static const Str index_head =
    STR_INIT("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");

/* When the subject was last changed, as far as its author says. */
static Date last_change(const Output *output) {
    Date date = {0}, updated = {0};
    if (output->kind->subject == SUBJECT_ROADMAP) {
        const Roadmap *roadmap = output->subject;
        date = roadmap->date;
        updated = roadmap->updated;
    } else if (output->kind->subject == SUBJECT_PAGE ||
               output->kind->subject == SUBJECT_ISSUE) {
        const Page *page = output->kind->subject == SUBJECT_PAGE
                               ? output->subject
                               : ((const Issue *)output->subject)->page;
        date = page->date;
        updated = page->updated;
    }
    return updated.set ? updated : date;
}

/* Nothing else lies in the scratch of a sitemap, and 50,000 entries would be 8 MB of it.
 */
static void put_entry(Writer *writer, const char *element, Str url, Date date, Buf *out) {
    arena_reset(writer->scratch);
    buf_printf(out, "<%s><loc>", element);
    buf_xml(out, href_absolute(writer->site, writer->scratch, url));
    buf_cstr(out, "</loc>");
    if (date.set) {
        buf_cstr(out, "<lastmod>");
        buf_str(out, date_iso(writer->scratch, date));
        buf_cstr(out, "</lastmod>");
    }
    buf_printf(out, "</%s>\n", element);
}

static void put_index(Writer *writer, Buf *out) {
    buf_str(out, index_head);
    for (ptrdiff_t i = 0; i < writer->outputs->list.n; i++) {
        const Output *part = &writer->outputs->list.items[i];
        if (part->kind == writer->output->kind && part->number > 0)
            put_entry(writer, "sitemap", part->url, (Date){0}, out);
    }
    buf_cstr(out, "</sitemapindex>\n");
}

static void put_pages(Writer *writer, Buf *out) {
    const Output *output = writer->output;
    ptrdiff_t from =
        output->number ? (ptrdiff_t)(output->number - 1) * SITEMAP_URLS_MAX : 0;
    ptrdiff_t index = 0;
    buf_str(out, sitemap_head);
    for (ptrdiff_t i = 0; i < writer->outputs->list.n; i++) {
        const Output *page = &writer->outputs->list.items[i];
        if (!page->kind->indexed)
            continue;
        if (index >= from && index < from + SITEMAP_URLS_MAX)
            put_entry(writer, "url", page->url, last_change(page), out);
        index++;
    }
    buf_cstr(out, "</urlset>\n");
}

bool sitemap_write(Writer *writer, Buf *out, Str *bytes, Err *err) {
    (void)err;
    if (writer->output->count > 0 && writer->output->number == 0)
        put_index(writer, out);
    else
        put_pages(writer, out);
    *bytes = buf_view(out);
    return true;
}

/* RFC 9309: everything may be fetched; and where the sitemap is. */
bool robots_write(Writer *writer, Buf *out, Str *bytes, Err *err) {
    (void)err;
    Str sitemap = outputs_first_url(writer->outputs, "sitemap");
    buf_cstr(out, "User-agent: *\nDisallow:\n");
    if (sitemap.len) {
        buf_cstr(out, "\nSitemap: ");
        buf_str(out, href_absolute(writer->site, writer->scratch, sitemap));
        buf_char(out, '\n');
    }
    *bytes = buf_view(out);
    return true;
}
