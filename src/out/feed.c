/* The Atom feed (RFC 4287): the newest issues and explainers with their full text.
 *
 * An entry's id is its canonical URL, which an author changes only together with the
 * page's identity. An explainer whose text is an item of an issue is left out: the issue
 * carries it. Undated pages are left out, since an entry must say when it was updated
 * (4.1.2), and because a date of our own making would change from build to build. Links
 * in the text are absolute; what still starts with '#' is relative to xml:base, the page
 * itself. */
#include "out/machine.h"

#include "out/view.h"

enum { ENTRIES_MAX = 20 };

void buf_xml(Buf *out, Str text) {
    ptrdiff_t plain = 0;
    for (ptrdiff_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
        bool noncharacter = c == 0xEF && text.len - i >= 3 &&
                            (unsigned char)text.data[i + 1] == 0xBF &&
                            (unsigned char)text.data[i + 2] >= 0xBE;
        if (!control && !noncharacter)
            continue;
        buf_html(out, str_slice(text, plain, i));
        i += noncharacter ? 2 : 0;
        plain = i + 1;
    }
    buf_html(out, str_slice(text, plain, text.len));
}

static void put_element(Buf *out, const char *indent, const char *name, Str text) {
    if (!text.len)
        return;
    buf_printf(out, "%s<%s>", indent, name);
    buf_xml(out, text);
    buf_printf(out, "</%s>\n", name);
}

static void put_link(Buf *out, const char *indent, const char *rel, Str href) {
    buf_printf(out, "%s<link rel=\"%s\" href=\"", indent, rel);
    buf_xml(out, href);
    buf_cstr(out, "\"/>\n");
}

static Date changed(const Page *page) {
    return page->updated.set ? page->updated : page->date;
}

/* ---- choosing ---- */

typedef struct Entries {
    const Page *pages[2 * ENTRIES_MAX]; /* of an issue its page */
    ptrdiff_t n;
} Entries;

static bool is_own(const Page *page) {
    return page->kind == PAGE_ISSUE || !page->issue ||
           page->issue->page->source != page->source;
}

static bool is_newer(const Page *a, const Page *b) {
    int order = date_compare(a->date, b->date);
    return order ? order > 0 : str_compare(a->url, b->url) < 0;
}

/* Keeps the newest, sorted: an insertion into at most ENTRIES_MAX. */
static void offer(Entries *entries, const Page *page) {
    if (!page->date.set || !is_own(page))
        return;
    ptrdiff_t at = entries->n;
    while (at > 0 && is_newer(page, entries->pages[at - 1]))
        at--;
    if (at == ENTRIES_MAX)
        return;
    entries->n += entries->n < ENTRIES_MAX;
    for (ptrdiff_t i = entries->n - 1; i > at; i--)
        entries->pages[i] = entries->pages[i - 1];
    entries->pages[at] = page;
}

static Entries choose(const Site *site) {
    static const PageKind kinds[] = {PAGE_ISSUE, PAGE_EXPLAINER};
    Entries entries = {0};
    for (int k = 0; k < 2; k++)
        for (ptrdiff_t i = 0; i < site->pages[kinds[k]].n; i++)
            offer(&entries, site->pages[kinds[k]].items[i]);
    return entries;
}

/* ---- writing ---- */

static void put_html(Buf *out, Value html) {
    if (html.kind == VALUE_HTML)
        buf_xml(out, html.text);
}

static void put_heading(Buf *html, Str title, Str href) {
    buf_cstr(html, "<h2>");
    if (href.len) {
        buf_cstr(html, "<a href=\"");
        buf_html(html, href);
        buf_cstr(html, "\">");
    }
    buf_html(html, title);
    buf_cstr(html, href.len ? "</a></h2>\n" : "</h2>\n");
}

/* An item's heading; of a card also what stands for its text. */
static void put_item(Writer *writer, const Item *item, Buf *html) {
    Str url = target_url(writer->scratch, item->target), summary = {0};
    put_heading(html, item->title, href_make(&writer->base, writer->scratch, url));
    if (item->kind == ITEM_CARD && item->page)
        summary = item->page->summary;
    if (summary.len) {
        buf_cstr(html, "<p>");
        buf_html(html, summary);
        buf_cstr(html, "</p>\n");
    }
}

static void put_items(Writer *writer, const Issue *issue, RenderEnv *env, Buf *out) {
    Buf html = {0};
    for (ptrdiff_t i = 0; i < issue->items.n; i++) {
        buf_reset(&html);
        put_item(writer, &issue->items.items[i], &html);
        buf_xml(out, buf_view(&html)); /* what is text in the HTML is escaped twice */
        put_html(out, view_item_body(env, issue, i));
    }
    buf_release(&html);
}

static void put_entry(Writer *writer, const Page *page, Buf *out) {
    RenderEnv env = views_env(writer);
    Str url = href_absolute(writer->site, writer->scratch, page->url);
    buf_cstr(out, "  <entry>\n");
    put_element(out, "    ", "title", page->title);
    put_element(out, "    ", "id", url);
    put_link(out, "    ", "alternate", url);
    put_element(out, "    ", "published", date_rfc3339(writer->scratch, page->date));
    put_element(out, "    ", "updated", date_rfc3339(writer->scratch, changed(page)));
    if (page->author.text.len) {
        buf_cstr(out, "    <author>\n");
        put_element(out, "      ", "name", page->author.text);
        buf_cstr(out, "    </author>\n");
    }
    for (ptrdiff_t i = 0; i < page->topics.n; i++) {
        buf_cstr(out, "    <category term=\"");
        buf_xml(out, page->topics.items[i]->name);
        buf_cstr(out, "\"/>\n");
    }
    put_element(out, "    ", "summary", page->summary);
    buf_cstr(out, "    <content type=\"html\" xml:base=\"");
    buf_xml(out, url);
    buf_cstr(out, "\">");
    put_html(out, view_body(&env, page));
    if (page->kind == PAGE_ISSUE)
        put_items(writer, page->issue, &env, out);
    buf_cstr(out, "</content>\n  </entry>\n");
}

static void put_author(const Site *site, Buf *out) {
    const Person *author = &site->settings.author;
    Str name = author->name.text.len ? author->name.text : site->settings.title.text;
    buf_cstr(out, "  <author>\n");
    put_element(out, "    ", "name", name.len ? name : S("unknown"));
    put_element(out, "    ", "uri", author->url.text);
    buf_cstr(out, "  </author>\n");
}

static void put_head(Writer *writer, const Entries *entries, Buf *out) {
    const Site *site = writer->site;
    Str home = href_absolute(site, writer->scratch, S("/"));
    Date newest = {0};
    for (ptrdiff_t i = 0; i < entries->n; i++)
        if (date_compare(changed(entries->pages[i]), newest) > 0)
            newest = changed(entries->pages[i]);
    buf_cstr(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"");
    buf_xml(out, site_language(site));
    buf_cstr(out, "\">\n");
    Str title = site->settings.title.text;
    put_element(out, "  ", "title", title.len ? title : home);
    put_element(out, "  ", "subtitle", site->settings.description.text);
    put_element(out, "  ", "id", home);
    put_link(out, "  ", "alternate", home);
    put_link(out, "  ", "self",
             href_absolute(site, writer->scratch, writer->output->url));
    put_element(out, "  ", "updated", date_rfc3339(writer->scratch, newest));
    put_author(site, out);
    buf_cstr(out, "  <generator>Cairn</generator>\n");
}

bool feed_write(Writer *writer, Buf *out, Str *bytes, Err *err) {
    Entries entries = choose(writer->site);
    (void)err;
    Str base = href_absolute(writer->site, writer->scratch, S("/"));
    writer->base = href_base_prefix(HREF_ABSOLUTE, writer->scratch,
                                    str_slice(base, 0, base.len - 1), (Str){0});
    put_head(writer, &entries, out);
    for (ptrdiff_t i = 0; i < entries.n; i++)
        put_entry(writer, entries.pages[i], out);
    buf_cstr(out, "</feed>\n");
    *bytes = buf_view(out);
    return true;
}
