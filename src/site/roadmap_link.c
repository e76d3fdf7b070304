/* The graph of steps: see roadmap.h.
 *
 * Edges are `requires`, within a roadmap or across. A cycle is found as an edge back to a
 * step that is still being visited in a depth-first search, so each such edge is reported
 * once, with the whole path; the search keeps its own stack, since a chain of
 * prerequisites may be as long as the file. Everything is linear in steps and edges. */
#include "site/link.h"
#include "site/roadmap.h"

#include <stdlib.h>

enum { HINTS_MAX = 100, CYCLES_MAX = 200, PATH_SHOWN = 40 };

static Loc step_loc(const Step *step, ptrdiff_t offset) {
    return (Loc){step->roadmap->source, offset};
}

void roadmaps_index(Site *site) {
    for (ptrdiff_t r = 0; r < site->roadmaps.n; r++) {
        Roadmap *roadmap = site->roadmaps.items[r];
        roadmap->step_by_id = map_init(&site->arena);
        for (ptrdiff_t i = 0; i < roadmap->steps.n; i++) {
            Step *step = roadmap->steps.items[i];
            void **place = map_at(&roadmap->step_by_id, step->id);
            if (!*place)
                *place = step;
        }
        for (ptrdiff_t i = 0; i < roadmap->steps.n; i++) {
            Step *step = roadmap->steps.items[i];
            for (ptrdiff_t k = 0; k < step->aliases.n; k++) {
                Text alias = step->aliases.items[k];
                void **place = map_at(&roadmap->step_by_id, alias.text);
                if (*place)
                    diag_add(link_diags(site), DIAG_STEP_DUPLICATE,
                             step_loc(step, alias.offset),
                             "the alias '%.*s' is already the name of a step",
                             STR_ARG(alias.text));
                else
                    *place = step;
            }
        }
    }
}

/* ---- references ---- */

static Str nearest_id(Site *site, const Roadmap *roadmap, Str id) {
    Nearest nearest = nearest_init(id);
    if (site->n_hints++ < HINTS_MAX)
        for (ptrdiff_t i = 0; i < roadmap->steps.n; i++)
            nearest_add(&nearest, roadmap->steps.items[i]->id);
    return nearest.best;
}

/* "id", "roadmap:slug#id" or "slug#id". */
static Step *find_step(Site *site, const Step *from, Text reference) {
    DiagList *diags = link_diags(site);
    Str slug = {0}, id = str_trim(reference.text);
    if (str_find_char(id, '#') >= 0) {
        str_cut(id, '#', &slug, &id);
        if (str_has_prefix(slug, S("roadmap:")))
            slug = str_from_offset(slug, S("roadmap:").len);
    }
    const Roadmap *roadmap = slug.len ? link_find_roadmap(site, slug) : from->roadmap;
    Loc loc = step_loc(from, reference.offset);
    if (!roadmap) {
        Diag *diag = diag_add(diags, DIAG_LINK_UNKNOWN, loc, "there is no roadmap '%.*s'",
                              STR_ARG(slug));
        Nearest nearest = nearest_init(slug);
        for (ptrdiff_t i = 0; i < site->roadmaps.n; i++)
            nearest_add(&nearest, site->roadmaps.items[i]->slug);
        diag_hint_nearest(diags, diag, nearest.best);
        return NULL;
    }
    Step *step = map_get(&roadmap->step_by_id, id);
    if (!step) {
        Diag *diag = diag_add(diags, DIAG_STEP_UNKNOWN, loc,
                              "the roadmap '%.*s' has no step '%.*s'",
                              STR_ARG(roadmap->slug), STR_ARG(id));
        diag_hint_nearest(diags, diag, nearest_id(site, roadmap, id));
    }
    return step;
}

static bool is_inside(const Step *step, const Step *ancestor) {
    while (step && step != ancestor)
        step = step->parent;
    return step != NULL;
}

static void resolve_requires(Site *site, Step *step) {
    for (ptrdiff_t i = 0; i < step->requires_names.n; i++) {
        Step *required = find_step(site, step, step->requires_names.items[i]);
        bool known = !required;
        for (ptrdiff_t k = 0; k < step->requires.n && !known; k++)
        known = step->requires.items[k] == required;
        if (known)
            continue;
        *vec_push(&site->arena, &step->requires) = required;
        *vec_push(&site->arena, &required->unlocks) = step;
    }
}

static void resolve_explainers(Site *site, Roadmap *roadmap, Step *step) {
    for (ptrdiff_t i = 0; i < step->explainer_names.n; i++) {
        Text name = step->explainer_names.items[i];
        Str plain = name.text;
        if (str_has_prefix(plain, S("[[")) && str_has_suffix(plain, S("]]")))
            plain = str_slice(plain, 2, plain.len - 2);
        Target target = link_find(site, plain, (1u << PAGE_KINDS) - 1,
                                  DIAG_EXPLAINER_UNKNOWN, step_loc(step, name.offset));
        if (target.kind != TARGET_PAGE)
            continue;
        Page *page = (Page *)(uintptr_t)target.page;
        const Step *last = page->steps.n ? page->steps.items[page->steps.n - 1] : NULL;
        if (last == step)
            continue;
        if (!last || last->roadmap != roadmap)
            *vec_push(&site->arena, &roadmap->explainers) = page;
        *vec_push(&site->arena, &step->explainers) = page;
        *vec_push(&site->arena, &page->steps) = step;
    }
}

/* ---- totals ---- */

/* Of the alternatives of one group a learner takes one, so only the first counts. */
static double sum_hours(Step *const *steps, ptrdiff_t n, Arena *scratch) {
    double hours = 0;
    Map groups = map_init(scratch);
    for (ptrdiff_t i = 0; i < n; i++) {
        Str group = steps[i]->choose_one.text;
        if (group.len == 0 || !map_put(&groups, group, steps[i]))
            hours += steps[i]->total_hours;
    }
    arena_reset(scratch);
    return hours;
}

/* A step's hours are its own, else its weeks at the roadmap's pace, else its sub-steps'.
 * The steps are in the order of the file, so children are added up before their parents.
 */
static void add_hours(Roadmap *roadmap, Arena *scratch) {
    for (ptrdiff_t i = roadmap->steps.n - 1; i >= 0; i--) {
        Step *step = roadmap->steps.items[i];
        int weeks = step->first_week ? step->last_week - step->first_week + 1 : 0;
        if (step->hours > 0)
            step->total_hours = step->hours;
        else if (weeks && roadmap->pace > 0)
            step->total_hours = weeks * roadmap->pace;
        else
            step->total_hours = sum_hours(step->steps.items, step->steps.n, scratch);
    }
    for (ptrdiff_t p = 0; p < roadmap->phases.n; p++) {
        Phase *phase = roadmap->phases.items[p];
        phase->total_hours = sum_hours(phase->steps.items, phase->steps.n, scratch);
        roadmap->total_hours += phase->total_hours;
    }
}

static void link_steps(Roadmap *roadmap) {
    for (ptrdiff_t i = 0; i < roadmap->steps.n; i++) {
        Step *step = roadmap->steps.items[i];
        step->previous = i > 0 ? roadmap->steps.items[i - 1] : NULL;
        step->next = i + 1 < roadmap->steps.n ? roadmap->steps.items[i + 1] : NULL;
        if (step->last_week > roadmap->weeks)
            roadmap->weeks = step->last_week;
    }
}

/* ---- checks ---- */

static int by_first_week(const void *left, const void *right) {
    const Step *a = *(Step *const *)left, *b = *(Step *const *)right;
    int order = (a->first_week > b->first_week) - (a->first_week < b->first_week);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static bool may_share_weeks(const Step *a, const Step *b) {
    return a->kind != STEP_REQUIRED || b->kind != STEP_REQUIRED;
}

static void report_gap(DiagList *diags, Loc loc, int first, int last) {
    if (first == last)
        diag_add(diags, DIAG_WEEKS_GAP, loc, "no step has week %d", first);
    else
        diag_add(diags, DIAG_WEEKS_GAP, loc, "no step has weeks %d to %d", first, last);
}

static void check_weeks(Site *site, const Roadmap *roadmap, Arena *scratch) {
    DiagList *diags = link_diags(site);
    Step **steps = arena_array(scratch, Step *, roadmap->steps.n);
    ptrdiff_t n = 0;
    for (ptrdiff_t i = 0; i < roadmap->steps.n; i++)
        if (roadmap->steps.items[i]->depth == 0 && roadmap->steps.items[i]->first_week)
            steps[n++] = roadmap->steps.items[i];
    if (n > 1)
        qsort(steps, (size_t)n, sizeof *steps, by_first_week);
    const Step *latest = NULL; /* the one that ends last, so far */
    for (ptrdiff_t i = 0; i < n; i++) {
        const Step *step = steps[i];
        int free_week = latest ? latest->last_week + 1 : 1;
        Loc loc = step_loc(step, step->weeks_offset);
        if (latest && step->first_week < free_week && !may_share_weeks(step, latest))
            diag_add(diags, DIAG_WEEKS_OVERLAP, loc,
                     "week %d also belongs to the step '%.*s'", step->first_week,
                     STR_ARG(latest->id));
        else if (step->first_week > free_week)
            report_gap(diags, loc, free_week, step->first_week - 1);
        if (!latest || step->last_week > latest->last_week)
            latest = step;
    }
}

static void check_step(Site *site, const Step *step) {
    DiagList *diags = link_diags(site);
    int weeks = step->first_week ? step->last_week - step->first_week + 1 : 0;
    double room = weeks * step->roadmap->pace, needed = 0;
    for (ptrdiff_t i = 0; i < step->exercises.n; i++)
        needed += step->exercises.items[i].hours;
    if (needed < step->hours)
        needed = step->hours;
    if (room > 0 && needed > room)
        diag_add(diags, DIAG_HOURS_OVER_PACE, step_loc(step, step->offset),
                 "%g hours don't fit %d week%s at %g hours a week", needed, weeks,
                 weeks == 1 ? "" : "s", step->roadmap->pace);
    if (step->explainers.n == 0 && step->steps.n == 0)
        diag_add(diags, DIAG_UNLINKED_STEPS, step_loc(step, step->offset),
                 "the step '%.*s' has no explainer", STR_ARG(step->id));
}

/* ---- prerequisites ---- */

typedef enum Mark { MARK_NEW, MARK_OPEN, MARK_DONE } Mark;

typedef struct Visit {
    const Step *step;
    ptrdiff_t edge; /* the next of step->requires */
} Visit;

typedef struct Search {
    Site *site;
    Mark *marks; /* by Step.global */
    Visit *stack;
    ptrdiff_t depth;
    int n_cycles;
} Search;

/* Offset of the text in `requires` that names `required`. */
static ptrdiff_t edge_offset(const Step *step, const Step *required) {
    for (ptrdiff_t i = 0; i < step->requires_names.n; i++) {
        Str id = str_trim(step->requires_names.items[i].text);
        Str tail = str_from_offset(id, str_find_last_char(id, '#') + 1);
        if (str_equal(tail, required->id))
            return step->requires_names.items[i].offset;
    }
    return step->requires_names.n ? step->requires_names.items[0].offset : step->offset;
}

static void put_step(Buf *path, const Step *step, const Roadmap *home) {
    if (step->roadmap != home)
        buf_printf(path, "%.*s#", STR_ARG(step->roadmap->slug));
    buf_str(path, step->id);
}

/* The stack from `first` on is a circle. */
static void report_cycle(Search *search, const Step *first) {
    if (search->n_cycles++ >= CYCLES_MAX)
        return;
    ptrdiff_t from = search->depth - 1;
    while (search->stack[from].step != first)
        from--;
    ptrdiff_t n = search->depth - from;
    const Step *last = search->stack[search->depth - 1].step;
    const Roadmap *home = last->roadmap;
    Buf path = {0};
    for (ptrdiff_t i = 0; i < n; i++) {
        if (n > PATH_SHOWN && i == PATH_SHOWN / 2) {
            buf_printf(&path, "… %td more … \xE2\x86\x92 ", n - PATH_SHOWN);
            i += n - PATH_SHOWN;
        }
        put_step(&path, search->stack[from + i].step, home);
        buf_cstr(&path, " \xE2\x86\x92 ");
    }
    put_step(&path, first, home);
    diag_add(link_diags(search->site), DIAG_PREREQUISITE_CYCLE,
             step_loc(last, edge_offset(last, first)),
             "steps require each other in a circle: %s", buf_cstr_view(&path));
    buf_release(&path);
}

static void check_order(Search *search, const Step *step, const Step *required) {
    if (required->roadmap == step->roadmap && required->index > step->index &&
        !is_inside(required, step))
        diag_add(link_diags(search->site), DIAG_TAUGHT_LATER,
                 step_loc(step, edge_offset(step, required)),
                 "'%.*s' requires '%.*s', which comes later", STR_ARG(step->id),
                 STR_ARG(required->id));
}

static void visit_from(Search *search, const Step *start) {
    search->stack[0] = (Visit){start, 0};
    search->depth = 1;
    search->marks[start->global] = MARK_OPEN;
    while (search->depth > 0) {
        Visit *visit = &search->stack[search->depth - 1];
        if (visit->edge == visit->step->requires.n) {
            search->marks[visit->step->global] = MARK_DONE;
            search->depth--;
            continue;
        }
        const Step *required = visit->step->requires.items[visit->edge++];
        Mark *mark = &search->marks[required->global];
        if (*mark == MARK_OPEN) {
            report_cycle(search, required);
            continue;
        }
        check_order(search, visit->step, required);
        if (*mark == MARK_NEW) {
            *mark = MARK_OPEN;
            search->stack[search->depth++] = (Visit){required, 0};
        }
    }
}

static void check_prerequisites(Site *site, ptrdiff_t n_steps, Arena *scratch) {
    Search search = {.site = site,
                     .marks = arena_array(scratch, Mark, n_steps),
                     .stack = arena_array(scratch, Visit, n_steps + 1)};
    for (ptrdiff_t r = 0; r < site->roadmaps.n; r++) {
        const Roadmap *roadmap = site->roadmaps.items[r];
        for (ptrdiff_t i = 0; i < roadmap->steps.n; i++)
            if (search.marks[roadmap->steps.items[i]->global] == MARK_NEW)
                visit_from(&search, roadmap->steps.items[i]);
    }
}

void roadmaps_link(Site *site) {
    Arena scratch = {0};
    ptrdiff_t n_steps = 0;
    for (ptrdiff_t r = 0; r < site->roadmaps.n; r++) {
        Roadmap *roadmap = site->roadmaps.items[r];
        if (roadmap->image.text.len)
            roadmap->image_target =
                link_resolve_image(site, roadmap->source, roadmap->image);
        for (ptrdiff_t i = 0; i < roadmap->steps.n; i++) {
            roadmap->steps.items[i]->global = n_steps++;
            resolve_requires(site, roadmap->steps.items[i]);
            resolve_explainers(site, roadmap, roadmap->steps.items[i]);
        }
        add_hours(roadmap, &scratch);
        link_steps(roadmap);
        link_resolve_texts(site, roadmap->source, roadmap->url, &roadmap->linked_texts);
    }
    for (ptrdiff_t r = 0; r < site->roadmaps.n; r++) {
        const Roadmap *roadmap = site->roadmaps.items[r];
        check_weeks(site, roadmap, &scratch);
        for (ptrdiff_t i = 0; i < roadmap->steps.n; i++)
            check_step(site, roadmap->steps.items[i]);
    }
    check_prerequisites(site, n_steps, &scratch);
    arena_release(&scratch);
}
