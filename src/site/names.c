/* Finding content by what an author calls it: see link.h and CONTENT.md, "Paths and
 * names".
 *
 * Nearly every name is a slug, and nearly every site has no [[links]] by title. So the
 * index of slugs is made with the first look-up, and the one of path suffixes, titles and
 * aliases only when a slug was not found. */
#include "site/link.h"

#include "text/unicode.h"

#include <stdlib.h>

typedef enum NameRank { RANK_SLUG, RANK_SUFFIX, RANK_TITLE, RANK_ALIAS, RANKS } NameRank;

/* All that one folded name may mean, by rank. */
typedef struct NameEntry NameEntry;
struct NameEntry {
    Target target;
    NameRank rank;
    unsigned kind; /* a bit as in link_find */
    NameEntry *next;
};

typedef struct NameIndex {
    Map entries; /* folded name → NameEntry list */
    bool has_slugs, has_all;
    int hints; /* nearest names looked for so far */
} NameIndex;

enum { HINTS_MAX = 100 };

static void add(Site *site, NameIndex *index, Str name, Target target, unsigned kind,
                NameRank rank) {
    if (name.len == 0)
        return;
    void **place = map_at(&index->entries, unicode_fold(&site->arena, name));
    /* One target's names are added one after the other, so its entries lead the list. */
    for (const NameEntry *entry = *place; entry && entry->target.page == target.page;
         entry = entry->next)
        if (entry->rank <= rank)
            return;
    NameEntry *entry = arena_new(&site->arena, NameEntry);
    *entry = (NameEntry){target, rank, kind, *place};
    *place = entry;
}

/* "a/b/c" is also called "b/c" and "c". */
static void add_suffixes(Site *site, NameIndex *index, Str name, Target target,
                         unsigned kind) {
    for (ptrdiff_t slash; (slash = str_find_char(name, '/')) >= 0;) {
        name = str_from_offset(name, slash + 1);
        add(site, index, name, target, kind, RANK_SUFFIX);
    }
}

static void add_names(Site *site, NameIndex *index, Target target, unsigned kind,
                      Str slug, Str name, Str title, const Texts *aliases, bool slugs) {
    if (slugs) {
        add(site, index, slug, target, kind, RANK_SLUG);
        return;
    }
    add(site, index, name, target, kind, RANK_SUFFIX);
    add_suffixes(site, index, slug, target, kind);
    add_suffixes(site, index, name, target, kind);
    add(site, index, title, target, kind, RANK_TITLE);
    for (ptrdiff_t i = 0; i < aliases->n; i++)
        add(site, index, aliases->items[i].text, target, kind, RANK_ALIAS);
}

static void fill(Site *site, NameIndex *index, bool slugs) {
    for (int kind = 0; kind < PAGE_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->pages[kind].n; i++) {
            const Page *page = site->pages[kind].items[i];
            Target target = {.kind = TARGET_PAGE, .page = page};
            add_names(site, index, target, 1u << kind, page->slug, page->name,
                      page->title, &page->aliases, slugs);
        }
    }
    for (ptrdiff_t i = 0; i < site->roadmaps.n; i++) {
        const Roadmap *roadmap = site->roadmaps.items[i];
        Target target = {.kind = TARGET_ROADMAP, .roadmap = roadmap};
        add_names(site, index, target, NAME_ROADMAPS, roadmap->slug, roadmap->name,
                  roadmap->title.text, &roadmap->aliases, slugs);
    }
}

static NameIndex *index_of(Site *site, bool all) {
    if (!site->names) {
        site->names = arena_new(&site->arena, NameIndex);
        site->names->entries = map_init(&site->arena);
    }
    NameIndex *index = site->names;
    if (!index->has_slugs)
        fill(site, index, true);
    index->has_slugs = true;
    if (all && !index->has_all) {
        index->has_all = true;
        fill(site, index, false);
    }
    return index;
}

/* The matches of the best rank; returns how many there are. */
static int matches(const NameIndex *index, Str folded, unsigned kinds, Target *first,
                   NameRank *rank) {
    int n = 0;
    *rank = RANKS;
    for (const NameEntry *entry = map_get(&index->entries, folded); entry;
         entry = entry->next) {
        if (!(entry->kind & kinds) || entry->rank > *rank)
            continue;
        n = entry->rank < *rank ? 1 : n + 1;
        *rank = entry->rank;
        *first = entry->target;
    }
    return n;
}

static Str path_of(Target target) {
    return target.kind == TARGET_ROADMAP ? target.roadmap->source->path
                                         : target.page->source->path;
}

static int compare_paths(const void *a, const void *b) {
    return str_compare(*(const Str *)a, *(const Str *)b);
}

static void report_ambiguous(Site *site, const NameIndex *index, Str name, Str folded,
                             unsigned kinds, NameRank rank, Loc loc) {
    Str paths[8];
    ptrdiff_t n = 0;
    for (const NameEntry *entry = map_get(&index->entries, folded); entry;
         entry = entry->next)
        if ((entry->kind & kinds) && entry->rank == rank && n < 8)
            paths[n++] = path_of(entry->target);
    qsort(paths, (size_t)n, sizeof *paths, compare_paths);
    Buf list = {0};
    for (ptrdiff_t i = 0; i < n; i++)
        buf_printf(&list, "%s'%.*s'", i ? ", " : "", STR_ARG(paths[i]));
    Diag *diag = diag_add(link_diags(site), DIAG_LINK_AMBIGUOUS, loc,
                          "'%.*s' may be any of %s", STR_ARG(name), buf_cstr_view(&list));
    diag_hint(link_diags(site), diag,
              "write more of the path, or the kind as in "
              "[[roadmap:name]]");
    buf_release(&list);
}

static void report_unknown(Site *site, NameIndex *index, Str name, unsigned kinds,
                           DiagCode code, Loc loc) {
    Diag *diag =
        diag_add(link_diags(site), code, loc, "nothing is called '%.*s'", STR_ARG(name));
    if (index->hints++ >= HINTS_MAX)
        return;
    Nearest nearest = nearest_init(name);
    for (ptrdiff_t i = 0; i < index->entries.entries.n; i++) {
        const MapEntry *entry = &index->entries.entries.items[i];
        const NameEntry *meaning = entry->value;
        if (meaning->kind & kinds)
            nearest_add(&nearest, entry->key);
    }
    diag_hint_nearest(link_diags(site), diag, nearest.best);
}

Target link_find(Site *site, Str name, unsigned kinds, DiagCode unknown, Loc loc) {
    Str folded = unicode_fold(&site->arena, str_trim(name));
    Target found = {0};
    NameRank rank;
    NameIndex *index = index_of(site, false);
    int n = matches(index, folded, kinds, &found, &rank);
    if (n == 0) {
        index = index_of(site, true);
        n = matches(index, folded, kinds, &found, &rank);
    }
    if (n == 1)
        return found;
    if (n > 1)
        report_ambiguous(site, index, name, folded, kinds, rank, loc);
    else
        report_unknown(site, index, name, kinds, unknown, loc);
    return (Target){0};
}

const Roadmap *link_find_roadmap(Site *site, Str name) {
    Str folded = unicode_fold(&site->arena, str_trim(name));
    Target found = {0};
    NameRank rank;
    for (int all = 0; all < 2; all++)
        if (matches(index_of(site, all), folded, NAME_ROADMAPS, &found, &rank) == 1)
            return found.roadmap;
    return NULL;
}
