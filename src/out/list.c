/* Lists of the model for other programs: see list.h. A list is a row of columns and a
 * function that visits its entries; text and JSON are written from the same cells. */
#include "out/list.h"

#include "base/json.h"
#include "out/href.h"
#include "out/outputs.h"

enum { COLUMNS_MAX = 6 };

typedef struct Lister {
    const Site *site;
    Buf *out;
    JsonWriter json;
    bool is_json;
    const char *const *columns;
    Arena scratch;
    Err *err;
    bool failed;
} Lister;

/* A cell of text; an empty one is null in JSON and '-' in text. */
static void put_row(Lister *lister, const Str *cells) {
    if (lister->is_json)
        json_open_object(&lister->json);
    for (int i = 0; lister->columns[i]; i++) {
        if (lister->is_json) {
            json_key(&lister->json, lister->columns[i]);
            if (cells[i].len)
                json_string(&lister->json, cells[i]);
            else
                json_null(&lister->json);
            continue;
        }
        if (i)
            buf_char(lister->out, '\t');
        for (ptrdiff_t k = 0; k < cells[i].len; k++)
            buf_char(lister->out,
                     (unsigned char)cells[i].data[k] < ' ' ? ' ' : cells[i].data[k]);
        if (cells[i].len == 0)
            buf_char(lister->out, '-');
    }
    if (lister->is_json)
        json_close_object(&lister->json);
    else
        buf_char(lister->out, '\n');
    arena_reset(&lister->scratch);
}

static Str number(Lister *lister, ptrdiff_t value) {
    return arena_printf(&lister->scratch, "%td", value);
}

static void list_explainers(Lister *lister) {
    for (ptrdiff_t i = 0; i < lister->site->pages[PAGE_EXPLAINER].n; i++) {
        const Page *page = lister->site->pages[PAGE_EXPLAINER].items[i];
        put_row(lister,
                (Str[]){page->slug, page->title, page->url,
                        date_iso(&lister->scratch, page->date), page->source->path});
    }
}

static void list_issues(Lister *lister) {
    for (ptrdiff_t i = 0; i < lister->site->issues.n; i++) {
        const Issue *issue = lister->site->issues.items[i];
        put_row(lister,
                (Str[]){issue->number < 0 ? (Str){0}
                                          : number(lister, (ptrdiff_t)issue->number),
                        issue->page->title, issue->page->url,
                        date_iso(&lister->scratch, issue->page->date),
                        issue->page->source->path});
    }
}

static void list_roadmaps(Lister *lister) {
    for (ptrdiff_t i = 0; i < lister->site->roadmaps.n; i++) {
        const Roadmap *roadmap = lister->site->roadmaps.items[i];
        put_row(lister, (Str[]){roadmap->slug, roadmap->title.text, roadmap->url,
                                number(lister, roadmap->steps.n), roadmap->source->path});
    }
}

static void list_steps(Lister *lister) {
    for (ptrdiff_t r = 0; r < lister->site->roadmaps.n; r++) {
        const Roadmap *roadmap = lister->site->roadmaps.items[r];
        for (ptrdiff_t i = 0; i < roadmap->steps.n; i++) {
            const Step *step = roadmap->steps.items[i];
            Target target = {.kind = TARGET_STEP, .step = step};
            put_row(lister, (Str[]){roadmap->slug, step->id, step->number, step->title,
                                    target_url(&lister->scratch, target)});
        }
    }
}

static void list_topics(Lister *lister) {
    for (ptrdiff_t i = 0; i < lister->site->topics.n; i++) {
        const Topic *topic = lister->site->topics.items[i];
        put_row(lister, (Str[]){topic->slug, topic->name, topic->url,
                                number(lister, topic->pages.n + topic->roadmaps.n)});
    }
}

static void put_link(Lister *lister, const Page *page, const DocLink *link,
                     Target target) {
    Position at = loc_position((Loc){page->source, link->offset});
    put_row(lister, (Str[]){page->url, link->target, target_url(&lister->scratch, target),
                            page->source->path, number(lister, at.line)});
}

static void list_links(Lister *lister) {
    for (int kind = 0; kind < PAGE_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < lister->site->pages[kind].n; i++) {
            const Page *page = lister->site->pages[kind].items[i];
            for (ptrdiff_t k = 0; k < page->outline.n_links; k++)
                put_link(lister, page, &page->outline.links[k], page->links[k]);
        }
    }
}

static void list_backlinks(Lister *lister) {
    for (int kind = 0; kind < PAGE_KINDS; kind++) {
        for (ptrdiff_t i = 0; i < lister->site->pages[kind].n; i++) {
            const Page *page = lister->site->pages[kind].items[i];
            for (ptrdiff_t k = 0; k < page->backlinks.n; k++)
                put_row(lister, (Str[]){page->url, page->backlinks.items[k].page->url,
                                        page->backlinks.items[k].context});
        }
    }
}

/* Every file that a build publishes. What is wrong with the theme, a build says. */
static void list_outputs(Lister *lister) {
    Arena arena = {0};
    DiagList diags = {0};
    Theme theme;
    Outputs outputs = {0};
    lister->failed = !theme_load(&theme, lister->site, &arena, &diags, lister->err);
    if (!lister->failed)
        outputs_list(&outputs, lister->site, &theme, &arena, &diags);
    for (ptrdiff_t i = 0; i < outputs.list.n; i++) {
        const Output *output = &outputs.list.items[i];
        put_row(lister, (Str[]){str_from(output->kind->name), output->url,
                                output_file(&lister->scratch, output),
                                output->source ? output->source->path : (Str){0}});
    }
    diag_list_release(&diags);
    arena_release(&arena);
}

static const struct {
    const char *name;
    void (*list)(Lister *lister);
    const char *columns[COLUMNS_MAX];
} lists[] = {
    {"explainers", list_explainers, {"slug", "title", "url", "date", "path"}},
    {"issues", list_issues, {"number", "title", "url", "date", "path"}},
    {"roadmaps", list_roadmaps, {"slug", "title", "url", "steps", "path"}},
    {"steps", list_steps, {"roadmap", "id", "number", "title", "url"}},
    {"topics", list_topics, {"slug", "name", "url", "entries"}},
    {"links", list_links, {"from", "written", "to", "path", "line"}},
    {"backlinks", list_backlinks, {"to", "from", "context"}},
    {"outputs", list_outputs, {"kind", "url", "path", "source"}},
};
enum { N_LISTS = sizeof lists / sizeof *lists };

static bool unknown_list(Str what, Err *err) {
    Buf names = {0};
    for (int i = 0; i < N_LISTS; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", lists[i].name);
    err_format(err, "there is no list '%.*s'; there are %s", STR_ARG(what),
               buf_cstr_view(&names));
    buf_release(&names);
    return false;
}

bool list_print(const Site *site, Str what, bool json, Buf *out, Err *err) {
    for (int i = 0; i < N_LISTS; i++) {
        if (!str_equal(what, str_from(lists[i].name)))
            continue;
        Lister lister = {.site = site,
                         .out = out,
                         .json = {.out = out},
                         .is_json = json,
                         .err = err,
                         .columns = lists[i].columns};
        if (json)
            json_open_list(&lister.json);
        lists[i].list(&lister);
        if (json) {
            json_close_list(&lister.json);
            buf_char(out, '\n');
        }
        arena_release(&lister.scratch);
        return !lister.failed;
    }
    return unknown_list(what, err);
}
