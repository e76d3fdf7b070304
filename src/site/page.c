/* From a file to a Page: front matter by schema, then what the Markdown's outline tells.
 *
 * What the front matter does not say follows from the text: the title from the first `#`
 * heading, the summary from the first paragraph, the minutes from the number of words. */
#include "site/page.h"

#include "site/issue.h"
#include "text/yaml.h"

enum { FRONT_MATTER_MAX = 64 * 1024, WORDS_A_MINUTE = 220 };

#define ROW(T, member, key, type_, text)                                                 \
    { .name = key, .type = type_, .offset = offsetof(T, member), .doc = text }
#define COUNT(array) ((ptrdiff_t)(sizeof(array) / sizeof *(array)))

static const char *const levels[] = {"", "beginner", "intermediate", "advanced", NULL};

typedef struct FrontMatter {
    Text title, summary, author, image, image_alt, slug, series, template;
    Date date, updated, review_by;
    Texts topics, aliases, requires;
    int level;
    int64_t minutes, weight;
    bool draft;
    const Node *params; /* known, not kept: see page_front_matter */
} FrontMatter;

#define FRONT_MATTER_KEYS(T, at)                                                         \
    ROW(T, at title, "title", KEY_TEXT, "The title; else the first # heading."),         \
        ROW(T, at date, "date", KEY_DATE, "When it was published."),                     \
        ROW(T, at updated, "updated", KEY_DATE, "When it was last revised."),            \
        ROW(T, at summary, "summary", KEY_TEXT, "One or two sentences for lists."),      \
        ROW(T, at topics, "topics", KEY_TEXTS, "Topics that it belongs to."),            \
        ROW(T, at author, "author", KEY_TEXT,                                            \
            "Who wrote it, if not the site's author."),                                  \
        ROW(T, at image, "image", KEY_TEXT, "A picture for lists and cards."),           \
        ROW(T, at image_alt, "image_alt", KEY_TEXT, "That picture in words."),           \
        ROW(T, at draft, "draft", KEY_BOOL, "Left out unless --drafts is given."),       \
        ROW(T, at slug, "slug", KEY_TEXT, "The last part of the URL."),                  \
        ROW(T, at aliases, "aliases", KEY_TEXTS, "Old URLs, redirected; other names."),  \
        ROW(T, at series, "series", KEY_TEXT, "The series that it belongs to."),         \
        {.name = "level",                                                                \
         .type = KEY_CHOICE,                                                             \
         .offset = offsetof(T, at level),                                                \
         .doc = "beginner, intermediate or advanced.",                                   \
         .choices = levels},                                                             \
        ROW(T, at minutes, "minutes", KEY_INT, "Reading time; else from the words."),    \
        ROW(T, at review_by, "review_by", KEY_DATE, "When it must be looked at again."), \
        ROW(T, at requires, "requires", KEY_TEXTS, "Explainers to read before."),        \
        ROW(T, at weight, "weight", KEY_INT, "Order among docs and pages."),             \
        ROW(T, at template, "template", KEY_TEXT, "The template, if not its kind's."),   \
        ROW(T, at params, "params", KEY_NODE, "Anything of your own, for templates.")

static const Key front_matter_keys[] = {FRONT_MATTER_KEYS(FrontMatter, )};
const Schema front_matter_schema = {"front matter", front_matter_keys,
                                    COUNT(front_matter_keys)};

typedef struct IssueFrontMatter {
    FrontMatter page;
    int64_t number;
    ptrdiff_t number_offset;
    Text preview;
} IssueFrontMatter;

/* The number with its place, where a number that two issues have is reported. */
static void read_number(SchemaReader *reader, const Node *value, void *member) {
    IssueFrontMatter *front = member;
    front->number_offset = value->offset;
    schema_int(reader, value, &front->number);
}

static const Key issue_keys[] = {
    FRONT_MATTER_KEYS(IssueFrontMatter, page.),
    {.name = "number",
     .type = KEY_READ,
     .doc = "The issue's number.",
     .read = read_number},
    ROW(IssueFrontMatter, preview, "preview", KEY_TEXT, "The line that the inbox shows."),
};
const Schema issue_schema = {"an issue's front matter", issue_keys, COUNT(issue_keys)};

static bool is_fence(Str line) { return str_equal(str_trim(line), S("---")); }

bool front_matter_find(const Source *source, ptrdiff_t *from, ptrdiff_t *to,
                       ptrdiff_t *body, DiagList *diags) {
    static const Str bom = STR_INIT("\xEF\xBB\xBF");
    ptrdiff_t start = str_has_prefix(source->text, bom) ? bom.len : 0;
    Str rest = str_from_offset(source->text, start), line;
    *body = start;
    if (!str_has_prefix(rest, S("---")) || !str_next_line(&rest, &line) ||
        !is_fence(line))
        return false;
    *from = rest.data ? rest.data - source->text.data : source->text.len;
    while (str_next_line(&rest, &line)) {
        *to = line.data - source->text.data;
        if (line.len < 3 || line.data[0] != '-' || !is_fence(line))
            continue;
        *body = rest.data ? rest.data - source->text.data : source->text.len;
        if (*to - *from <= FRONT_MATTER_MAX)
            return true;
        diag_add(diags, DIAG_LIMIT_EXCEEDED, (Loc){source, start},
                 "front matter is longer than %d KB", FRONT_MATTER_MAX / 1024);
        return false;
    }
    Diag *diag = diag_add(diags, DIAG_FRONT_MATTER_UNCLOSED, (Loc){source, start},
                          "front matter is not closed");
    diag_hint(diags, diag, "end it with a line '---'");
    *body = *from;
    return false;
}

Str title_from_name(Arena *arena, Str name) {
    ptrdiff_t slash = str_find_last_char(name, '/');
    Str title = arena_str(arena, str_from_offset(name, slash + 1));
    char *c = (char *)(uintptr_t)title.data;
    for (ptrdiff_t i = 0; i < title.len; i++)
        if (c[i] == '-' || c[i] == '_')
            c[i] = ' ';
    if (title.len && c[0] >= 'a' && c[0] <= 'z')
        c[0] = (char)(c[0] - 'a' + 'A');
    return title;
}

/* The nodes are needed only until the schema has taken its values; what templates ask for
 * under `params` is read again (page_front_matter). */
static void read_front_matter(const ParseJob *job, Page *page, void *target,
                              const Schema *schema) {
    if (!front_matter_find(job->source, &page->front_from, &page->front_to, &page->body,
                           job->diags)) {
        page->front_from = page->front_to = 0;
        return;
    }
    page->loc.offset = page->front_from;
    Arena scratch = {0};
    const Node *node = yaml_read(job->source, page->front_from, page->front_to,
                                 yaml_front_matter_limits, &scratch, job->diags);
    SchemaReader reader = {.source = job->source,
                           .arena = job->arena,
                           .diags = job->diags,
                           .aliases = job->load->aliases,
                           .n_aliases = job->load->n_aliases,
                           .copies = true};
    if (node)
        schema_read(&reader, schema, node, target);
    arena_release(&scratch);
}

const Node *page_front_matter(const Page *page, Arena *arena) {
    DiagList diags = {0};
    const Node *node = page->front_from < page->front_to
                           ? yaml_read(page->source, page->front_from, page->front_to,
                                       yaml_front_matter_limits, arena, &diags)
                           : NULL;
    diag_list_release(&diags);
    return node;
}

static void take_front_matter(Page *page, const FrontMatter *front) {
    page->title = str_trim(front->title.text);
    page->summary = str_trim(front->summary.text);
    page->date = front->date;
    page->updated = front->updated;
    page->review_by = front->review_by;
    page->level = (Level)front->level;
    page->minutes = front->minutes;
    page->weight = front->weight;
    page->draft = front->draft;
    page->author = front->author;
    page->image = front->image;
    page->image_alt = front->image_alt;
    page->series = front->series;
    page->template = front->template;
    page->given_slug = front->slug;
    page->topic_names = front->topics;
    page->aliases = front->aliases;
    page->requires = front->requires;
}

int64_t minutes_of_words(int64_t words) {
    return words > WORDS_A_MINUTE ? (words + WORDS_A_MINUTE - 1) / WORDS_A_MINUTE : 1;
}

void page_take_outline(Page *page, const Doc *doc, Arena *arena) {
    doc_outline(doc, page->options, arena, &page->outline);
    if (page->title.len == 0)
        page->title = page->outline.title;
    if (page->summary.len == 0)
        page->summary = page->outline.summary;
    page->words = page->outline.words;
    if (page->minutes == 0)
        page->minutes = minutes_of_words(page->words);
}

static void check_review(const ParseJob *job, const Page *page) {
    if (!page->review_by.set || !job->now.set ||
        date_compare(page->review_by, job->now) >= 0)
        return;
    Str due = date_iso(job->arena, page->review_by);
    diag_add(job->diags, DIAG_REVIEW_DUE, page->loc,
             "this page was to be reviewed by %.*s", STR_ARG(due));
}

Page *page_parse(const ParseJob *job, Issue **issue) {
    Page *page = arena_new(job->arena, Page);
    page->kind = job->kind;
    page->source = job->source;
    page->name = job->name;
    page->loc = (Loc){job->source, 0};
    IssueFrontMatter front = {.number = -1};
    const Schema *schema = job->kind == PAGE_ISSUE ? &issue_schema : &front_matter_schema;
    read_front_matter(job, page, &front, schema);
    take_front_matter(page, &front.page);
    MarkdownOptions options = {.raw_html = job->settings->raw_html, .lint = true};
    Doc *doc =
        doc_parse(job->source, page->body, job->source->text.len, options, job->diags);
    if (job->kind == PAGE_ISSUE) {
        *issue = issue_parse(job, page, doc);
        (*issue)->number = front.number;
        (*issue)->number_offset = front.number_offset;
        (*issue)->preview = front.preview;
    } else if (doc) {
        page->options = (BodyOptions){.range = doc_all(doc),
                                      .title = page->title,
                                      .drop_first_h1 = page->title.len == 0,
                                      .shift = -1};
        page_take_outline(page, doc, job->arena);
        page->packed = doc_pack(doc, job->scratch, job->arena);
    }
    if (doc)
        doc_free(doc);
    if (page->title.len == 0)
        page->title = title_from_name(job->arena, job->name);
    check_review(job, page);
    return page;
}
