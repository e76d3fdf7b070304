/* Bodies: Markdown to HTML for the page that is being written.
 *
 * The model keeps no bodies, since they are most of a site's bytes and each is needed
 * once; a page's parsed text is unpacked (text/pack.c) when a template asks for it. Where
 * links lead was decided by the linker and is looked up by the link's number.
 *
 * The parsed Doc is kept until another file is asked for: the items of an issue are
 * ranges of one Doc, on the issue's page and on their own pages, which are written one
 * after the other by one worker (outputs.h). So a file of n items is parsed once and not
 * n times. The HTML that was made last is kept too, because templates ask twice:
 * `{{#body}}…{{{body}}}`. */
#include "out/view.h"

#include <string.h>

static Str base_name(Target target, Arena *arena) {
    Str title = target_title(target);
    return title.len ? title : target_url(arena, target);
}

/* ---- hooks ---- */

typedef struct LinkHook {
    RenderEnv *env;
    const Target *targets; /* by number */
    ptrdiff_t n;
} LinkHook;

static Str summary_of(Target target, Arena *arena) {
    if (target.kind == TARGET_PAGE)
        return target.page->summary;
    return target.kind == TARGET_ROADMAP ? view_plain(arena, target.roadmap->summary)
                                         : (Str){0};
}

static LinkTarget link_target(const LinkHook *hook, Target target, const DocLink *link) {
    Arena *arena = hook->env->scratch;
    if (target.kind == TARGET_NONE)
        return (LinkTarget){.dropped = true};
    const HrefBase *base = &env_writer(hook->env)->base;
    LinkTarget out = {.external = target.kind == TARGET_EXTERNAL};
    out.href = href_make(base, arena, target_url(arena, target));
    if (link->kind == DOC_WIKI || link->kind == DOC_CARD)
        out.text = base_name(target, arena);
    if (link->kind == DOC_CARD)
        out.summary = summary_of(target, arena);
    if (target.kind == TARGET_ASSET) {
        out.width = target.asset->width;
        out.height = target.asset->height;
    }
    return out;
}

static LinkTarget link_by_number(void *self, ptrdiff_t index, const DocLink *link) {
    const LinkHook *hook = self;
    return link_target(hook, index < hook->n ? hook->targets[index] : (Target){0}, link);
}

/* ---- pages ---- */

/* The Doc of a file; NULL where it can't be parsed, which was reported when it was
 * loaded. */
static const Doc *doc_of(RenderEnv *env, const Page *page) {
    const Source *source = page->source;
    BodyCache *cache = env_writer(env)->bodies;
    if (cache->doc && cache->source == source)
        return cache->doc;
    if (cache->doc)
        doc_free(cache->doc);
    MarkdownOptions options = {.raw_html = env_site(env)->settings.raw_html};
    cache->source = source;
    cache->doc =
        page->packed.len
            ? doc_unpack(source, page->body, source->text.len, options, page->packed)
            : doc_parse(source, page->body, source->text.len, options, NULL);
    return cache->doc;
}

/* A range of a page's file as HTML, in scratch. */
static Str render(RenderEnv *env, const Page *page, BodyOptions options,
                  const DocOutline *outline, const Target *targets) {
    if (options.range.first >= options.range.last)
        return (Str){0};
    const Doc *doc = doc_of(env, page);
    if (!doc)
        return (Str){0};
    Buf *html = &env_writer(env)->bodies->html;
    LinkHook hook = {env, targets, outline->n_links};
    HtmlHooks hooks = {.link = link_by_number,
                       .self = &hook,
                       .plain_headings = env_writer(env)->base.form == HREF_ABSOLUTE};
    buf_reset(html);
    doc_html(doc, options, &hooks, env->scratch, html);
    return arena_str(env->scratch, buf_view(html));
}

Value view_body(RenderEnv *env, const Page *page) {
    BodyCache *cache = env_writer(env)->bodies;
    if (cache->page != page) {
        cache->body = render(env, page, page->options, &page->outline, page->links);
        cache->page = page;
    }
    return value_html(cache->body);
}

/* ---- issues ---- */

Value view_opening(RenderEnv *env, const Issue *issue) {
    return view_body(env, issue->page);
}

Value view_item_body(RenderEnv *env, const Issue *issue, ptrdiff_t index) {
    const Item *item = &issue->items.items[index];
    BodyCache *cache = env_writer(env)->bodies;
    if (item->kind == ITEM_CARD)
        return value_absent();
    if (cache->item != item) {
        cache->item_body =
            render(env, issue->page, item->options, &item->outline, item->links);
        cache->item = item;
    }
    return value_html(cache->item_body);
}

/* ---- values of a roadmap's YAML ---- */

Value view_markdown(RenderEnv *env, Text text, bool inline_only) {
    BodyCache *cache = env_writer(env)->bodies;
    if (!text.text.len)
        return value_absent();
    if (cache->text != text.text.data || cache->inline_only != inline_only) {
        LinkHook hook = {.env = env};
        if (text.links) {
            hook.targets = text.links->targets;
            hook.n = text.links->n;
        }
        HtmlHooks hooks = {.link = link_by_number, .self = &hook};
        buf_reset(&cache->html);
        markdown_html(text.text, inline_only, &hooks, env->scratch, &cache->html);
        cache->markdown = arena_str(env->scratch, buf_view(&cache->html));
        cache->text = text.text.data;
        cache->inline_only = inline_only;
    }
    return value_html(cache->markdown);
}

Str view_plain(Arena *arena, Text text) {
    static const char markup[] = "*_[]`<>&\\~#!|:";
    bool plain = true;
    for (ptrdiff_t i = 0; i < text.text.len && plain; i++)
        plain = !strchr(markup, text.text.data[i]);
    if (plain)
        return str_trim(text.text);
    Source source = {.path = S("value"), .text = text.text};
    Doc *doc = doc_parse(&source, 0, text.text.len, (MarkdownOptions){0}, NULL);
    if (!doc)
        return (Str){0};
    DocOutline outline;
    doc_outline(doc, (BodyOptions){.range = doc_all(doc)}, arena, &outline);
    doc_free(doc);
    return outline.summary;
}

/* ---- the writer ---- */

void writer_begin(Writer *writer, const Output *output) {
    const Site *site = writer->site;
    BodyCache *cache = writer->bodies;
    arena_reset(writer->scratch);
    cache->page = NULL;
    cache->item = NULL;
    cache->text = NULL;
    writer->output = output;
    if (!site->settings.relative_urls)
        writer->base =
            href_base_prefix(HREF_PATH, writer->scratch, site->base_path, output->url);
    else
        writer->base = href_base_relative(output->url);
}

void writer_release(Writer *writer) {
    BodyCache *cache = writer->bodies;
    if (cache->doc)
        doc_free(cache->doc);
    buf_release(&cache->html);
    arena_release(writer->scratch);
    *cache = (BodyCache){0};
}

RenderEnv views_env(const Writer *writer) {
    return (RenderEnv){.scratch = writer->scratch, .user = writer};
}
