/* The linker: see link.h. Until here every file stood alone; after site_link the model is
 * complete and immutable. */
#include "site/link.h"

#include "site/issue.h"
#include "site/roadmap.h"
#include "text/yaml.h"

/* ---- links of pages ---- */

static const Target *resolve_all(Site *site, const Page *page,
                                 const DocOutline *outline) {
    Target *targets = arena_array(&site->arena, Target, outline->n_links);
    for (ptrdiff_t i = 0; i < outline->n_links; i++)
        targets[i] =
            link_resolve(site, page->source, page, page->url, &outline->links[i]);
    return targets;
}

static void resolve_page(Site *site, Page *page) {
    page->links = resolve_all(site, page, &page->outline);
    if (page->image.text.len)
        page->image_target = link_resolve_image(site, page->source, page->image);
    for (ptrdiff_t i = 0; i < page->requires.n; i++) {
        Text name = page->requires.items[i];
        Target target =
            link_find(site, name.text, (1u << PAGE_KINDS) - 1, DIAG_EXPLAINER_UNKNOWN,
                      (Loc){page->source, name.offset});
        if (target.kind != TARGET_PAGE)
            continue;
        page->requires.items[page->required.n] = name;
        *vec_push(&site->arena, &page->required) = target.page;
    }
    page->requires.n = page->required.n;
}

static bool is_local_anchor(const DocLink *link) {
    return link->target.len && link->target.data[0] == '#' && link->kind == DOC_LINK;
}

/* An item's body is the same range in the issue as on its explainer's page, whose links
 * were resolved before: they are the same, but for anchors of the page itself. */
static void resolve_item(Site *site, Issue *issue, Item *item) {
    if (item->kind == ITEM_CARD) {
        DocLink link = {
            .kind = DOC_WIKI, .target = item->wiki_target, .offset = item->loc.offset};
        Target target =
            link_resolve(site, item->loc.source, issue->page, issue->page->url, &link);
        item->target = target;
        if (target.kind == TARGET_PAGE) {
            item->page = (Page *)(uintptr_t)target.page;
            item->title = target.page->title;
        } else if (target.kind) {
            item->title = target_title(target);
        }
        return;
    }
    if (!item->page) {
        item->links = resolve_all(site, issue->page, &item->outline);
        return;
    }
    item->page->issue = issue;
    item->page->item = (int)(item - issue->items.items);
    Target *targets = arena_array(&site->arena, Target, item->outline.n_links);
    for (ptrdiff_t i = 0; i < item->outline.n_links; i++) {
        targets[i] = item->page->links[i];
        if (is_local_anchor(&item->outline.links[i]) && targets[i].anchor.len)
            targets[i] =
                (Target){.kind = TARGET_PAGE,
                         .page = issue->page,
                         .anchor = arena_concat(&site->arena, item->options.id_prefix,
                                                targets[i].anchor)};
    }
    item->links = targets;
}

static void resolve_issue(Site *site, Issue *issue) {
    for (ptrdiff_t i = 0; i < issue->items.n; i++)
        resolve_item(site, issue, &issue->items.items[i]);
}

/* ---- issues ---- */

/* Where the number was written; a number from the file's name has no place of its own. */
static Loc number_loc(const Issue *issue) {
    Loc loc = issue->page->loc;
    if (issue->number_offset)
        loc.offset = issue->number_offset;
    return loc;
}

static void check_numbers(Site *site) {
    DiagList *diags = link_diags(site);
    for (ptrdiff_t i = 0; i + 1 < site->issues.n; i++) {
        const Issue *newer = site->issues.items[i], *older = site->issues.items[i + 1];
        if (newer->number < 0 || older->number < 0)
            continue;
        if (newer->number == older->number)
            diag_add(diags, DIAG_ISSUE_NUMBER_DUPLICATE, number_loc(newer),
                     "issue number %lld is also that of '%.*s'", (long long)newer->number,
                     STR_ARG(older->page->source->path));
        else if (newer->number > older->number + 1)
            diag_add(diags, DIAG_ISSUE_NUMBER_GAP, number_loc(newer),
                     "the issue before number %lld is number %lld",
                     (long long)newer->number, (long long)older->number);
    }
}

/* A card makes its explainer appear in the issue too: the oldest issue is the first. */
static void link_appearances(Site *site) {
    for (ptrdiff_t i = site->issues.n - 1; i >= 0; i--) {
        Issue *issue = site->issues.items[i];
        for (ptrdiff_t k = 0; k < issue->items.n; k++) {
            Item *item = &issue->items.items[k];
            if (item->kind == ITEM_CARD && item->page &&
                item->page->kind == PAGE_EXPLAINER && !item->page->issue) {
                item->page->issue = issue;
                item->page->item = (int)k;
            }
        }
    }
}

/* ---- backlinks ---- */

/* A new backlink of the page that `target` is; NULL where it is none, or has one from
 * there. */
static Backlink *add_backlink(Site *site, const Page *from, Target target) {
    if (target.kind != TARGET_PAGE || target.page == from)
        return NULL;
    Page *to = (Page *)(uintptr_t)target.page;
    if (to->backlinks.n && to->backlinks.items[to->backlinks.n - 1].page == from)
        return NULL;
    Backlink *backlink = vec_push(&site->arena, &to->backlinks);
    backlink->page = from;
    return backlink;
}

static Str title_of_wiki(const DocOutline *outline, const Target *targets, Str written) {
    for (ptrdiff_t i = 0; i < outline->n_links; i++) {
        const DocLink *link = &outline->links[i];
        if (link->kind == DOC_WIKI && link->label.len == 0 &&
            str_equal(link->target, written) && targets[i].kind)
            return target_title(targets[i]);
    }
    return written;
}

/* The sentence with titles where [[names]] stand, as readers see it. */
static Str with_titles(Site *site, const DocOutline *outline, const Target *targets,
                       Str context) {
    ptrdiff_t open = str_find(context, S("[["));
    if (open < 0)
        return context;
    Buf text = {0};
    for (; open >= 0; open = str_find(context, S("[["))) {
        ptrdiff_t close = str_find(str_from_offset(context, open), S("]]"));
        if (close < 0)
            break;
        buf_str(&text, str_slice(context, 0, open));
        buf_str(&text, title_of_wiki(outline, targets,
                                     str_slice(context, open + 2, open + close)));
        context = str_from_offset(context, open + close + 2);
    }
    buf_str(&text, context);
    Str copy = arena_str(&site->arena, buf_view(&text));
    buf_release(&text);
    return copy;
}

static void link_back(Site *site, const Page *from, const DocOutline *outline,
                      const Target *targets) {
    for (ptrdiff_t i = 0; i < outline->n_links; i++) {
        Backlink *backlink = outline->links[i].kind == DOC_IMAGE
                                 ? NULL
                                 : add_backlink(site, from, targets[i]);
        if (backlink)
            backlink->context =
                with_titles(site, outline, targets, outline->links[i].context);
    }
}

static void link_backlinks(Site *site) {
    for (int kind = 0; kind < PAGE_KINDS; kind++)
        for (ptrdiff_t i = 0; i < site->pages[kind].n; i++) {
            const Page *page = site->pages[kind].items[i];
            link_back(site, page, &page->outline, page->links);
        }
    for (ptrdiff_t i = 0; i < site->issues.n; i++) {
        const Issue *issue = site->issues.items[i];
        for (ptrdiff_t k = 0; k < issue->items.n; k++) {
            const Item *item = &issue->items.items[k];
            if (item->kind == ITEM_INLINE)
                link_back(site, issue->page, &item->outline, item->links);
            if (item->kind == ITEM_CARD)
                add_backlink(site, issue->page, item->target);
        }
    }
}

/* ---- all of it ---- */

static void check_unlinked(Site *site) {
    for (ptrdiff_t i = 0; site->roadmaps.n && i < site->pages[PAGE_EXPLAINER].n; i++) {
        const Page *page = site->pages[PAGE_EXPLAINER].items[i];
        if (page->steps.n == 0)
            diag_add(link_diags(site), DIAG_UNLINKED_EXPLAINERS, page->loc,
                     "no roadmap leads to the explainer '%.*s'", STR_ARG(page->slug));
    }
}

bool site_link(Site *site, const LoadSettings *settings, Err *err) {
    link_urls(site, settings);
    link_claim_all(site);
    link_order(site);
    roadmaps_index(site);
    link_topics(site);
    link_check_nav(site);
    for (int kind = 0; kind < PAGE_KINDS; kind++)
        for (ptrdiff_t i = 0; i < site->pages[kind].n; i++)
            resolve_page(site, site->pages[kind].items[i]);
    for (ptrdiff_t i = 0; i < site->issues.n; i++)
        resolve_issue(site, site->issues.items[i]);
    link_check_requires(site);
    roadmaps_link(site);
    link_terms(site);
    link_appearances(site);
    check_numbers(site);
    link_backlinks(site);
    check_unlinked(site);
    return link_finish_assets(site, err);
}
