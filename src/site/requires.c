/* What explainers require of each other: see link.h.
 *
 * `requires:` in front matter is rare and its chains are short, so only pages that have
 * it take part; but nothing keeps a chain from being as long as the site, so the search
 * has a stack of its own. Each edge back to a page that is still being visited is one
 * circle, reported at the name that closes it. */
#include "site/link.h"

enum { CYCLES_MAX = 200, PATH_SHOWN = 40 };

typedef enum Mark { MARK_NEW, MARK_OPEN, MARK_DONE } Mark;

/* A page that requires others; `edge` is the next of page->required to follow. */
typedef struct Visit {
    const Page *page;
    Mark mark;
    ptrdiff_t edge;
} Visit;

typedef struct Search {
    Site *site;
    Map visits; /* URL → Visit */
    Visit **stack;
    ptrdiff_t depth;
    int n_cycles;
} Search;

/* The stack from `first` on is a circle. */
static void report_circle(Search *search, const Visit *first) {
    if (search->n_cycles++ >= CYCLES_MAX)
        return;
    ptrdiff_t from = search->depth - 1;
    while (search->stack[from] != first)
        from--;
    Buf path = {0};
    for (ptrdiff_t i = from; i < search->depth; i++)
        if (i - from < PATH_SHOWN)
            buf_printf(&path, "%.*s \xE2\x86\x92 ",
                       STR_ARG(search->stack[i]->page->slug));
    if (search->depth - from > PATH_SHOWN)
        buf_cstr(&path, "… \xE2\x86\x92 ");
    buf_str(&path, first->page->slug);
    const Visit *last = search->stack[search->depth - 1];
    Text name = last->page->requires.items[last->edge - 1];
    diag_add(link_diags(search->site), DIAG_PREREQUISITE_CYCLE,
             (Loc){last->page->source, name.offset},
             "explainers require each other in a circle: %s", buf_cstr_view(&path));
    buf_release(&path);
}

static void open_visit(Search *search, Visit *visit) {
    visit->mark = MARK_OPEN;
    search->stack[search->depth++] = visit;
}

static void visit_from(Search *search, Visit *start) {
    open_visit(search, start);
    while (search->depth > 0) {
        Visit *visit = search->stack[search->depth - 1];
        if (visit->edge == visit->page->required.n) {
            visit->mark = MARK_DONE;
            search->depth--;
            continue;
        }
        const Page *required = visit->page->required.items[visit->edge++];
        Visit *next = map_get(&search->visits, required->url);
        if (next && next->mark == MARK_OPEN)
            report_circle(search, next);
        else if (next && next->mark == MARK_NEW)
            open_visit(search, next);
    }
}

void link_check_requires(Site *site) {
    Arena scratch = {0};
    Search search = {.site = site, .visits = map_init(&scratch)};
    for (int kind = 0; kind < PAGE_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < site->pages[kind].n; i++) {
            const Page *page = site->pages[kind].items[i];
            if (page->required.n == 0)
                continue;
            Visit *visit = arena_new(&scratch, Visit);
            visit->page = page;
            map_put(&search.visits, page->url, visit);
        }
    }
    ptrdiff_t n = search.visits.entries.n;
    search.stack = arena_array(&scratch, Visit *, n);
    for (ptrdiff_t i = 0; i < n; i++) {
        Visit *visit = search.visits.entries.items[i].value;
        if (visit->mark == MARK_NEW)
            visit_from(&search, visit);
    }
    arena_release(&scratch);
}
