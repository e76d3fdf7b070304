/* Our own Markdown by text cases: the .txt files of tests/spec/markdown.
 *
 * A file is a list of cases; lines up to the first "=== " are a comment. A case is
 *
 *     === name of the case
 *     --- options
 *     lint title="The title"
 *     --- markdown
 *     See [[name]].
 *     --- html
 *     <p>See <a href="/name/">Title of name</a>.</p>
 *     --- outline
 *     wiki name @4 (See Title of name.)
 *     --- diagnostics
 *     1:5: warning: … [code]
 *
 * with these parts, each at most once:
 *     options      words: lint, raw_html, drop_first_h1, shift=N, title="…", id_prefix=…,
 *                  short (markdown_html), inline (the same, inline_only)
 *     markdown     the text; its path in messages is left out
 *     html         the whole HTML
 *     outline      a line for the title, the summary, each heading and each link
 *     diagnostics  what diags_print writes, without path, source lines and carets
 * Parts other than markdown are compared where they are given; diagnostics that are not
 * given must be none. A part's heading may end in " (escaped)": then \n \r \t \\ stand
 * for what they say and the ends of the part's lines for nothing.
 *
 * Every link named by a wiki link or a card leads to "/NAME/", with "Title of NAME" and
 * "Summary of NAME."; a target that starts with "missing" to nothing; a picture of the
 * site is 640 by 480. All HTML passes html_check.h, but raw HTML. */
#include "base/utf8.h"
#include "html_check.h"
#include "tap.h"
#include "text/markdown.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

typedef enum Part { OPTIONS, MARKDOWN, HTML, OUTLINE, DIAGNOSTICS, PARTS } Part;
static const char *const part_names[PARTS] = {"options", "markdown", "html", "outline",
                                              "diagnostics"};

typedef struct Case {
    Str name;
    Buf parts[PARTS];
    bool given[PARTS], escaped[PARTS];
    Str written[PARTS]; /* as in the file */
    Buf *blessed;       /* NULL: the case is checked */
} Case;

typedef struct CaseOptions {
    MarkdownOptions markdown;
    BodyOptions body;
    bool is_short, is_inline;
} CaseOptions;

/* ---- links ---- */

static LinkTarget answer(void *self, ptrdiff_t index, const DocLink *link) {
    Arena *arena = self;
    (void)index;
    Str target = link->target;
    if (str_has_prefix(target, S("missing")))
        return (LinkTarget){.dropped = true};
    if (link->kind == DOC_WIKI || link->kind == DOC_CARD) {
        Str name, anchor;
        bool anchored = str_cut(target, '#', &name, &anchor);
        return (LinkTarget){.href = arena_printf(arena, "/%.*s/%s%.*s", STR_ARG(name),
                                                 anchored ? "#" : "", STR_ARG(anchor)),
                            .text = arena_printf(arena, "Title of %.*s", STR_ARG(name)),
                            .summary =
                                arena_printf(arena, "Summary of %.*s.", STR_ARG(name))};
    }
    bool external = str_find(target, S("//")) >= 0;
    bool sized = link->kind == DOC_IMAGE && !external;
    return (LinkTarget){.href = target,
                        .external = external,
                        .width = sized ? 640 : 0,
                        .height = sized ? 480 : 0};
}

/* ---- running a case ---- */

static Str option_value(Str word, const char *key) {
    Str before, value;
    if (!str_cut(word, '=', &before, &value) || !str_equal(before, str_from(key)))
        return (Str){0};
    return value.len > 1 && value.data[0] == '"' ? str_slice(value, 1, value.len - 1)
                                                 : value;
}

static CaseOptions read_options(Str text) {
    CaseOptions options = {.body.shift = -1};
    text = str_trim(text);
    Str title = S("title=\"");
    while (text.len) {
        Str word;
        ptrdiff_t quoted = str_has_prefix(text, title)
                               ? str_find_char(str_from_offset(text, title.len), '"')
                               : -1;
        if (quoted >= 0) {
            word = str_slice(text, 0, title.len + quoted + 1);
            text = str_from_offset(text, word.len + 1);
        } else {
            str_cut(text, ' ', &word, &text);
        }
        int64_t shift;
        options.markdown.lint |= str_equal(word, S("lint"));
        options.markdown.raw_html |= str_equal(word, S("raw_html"));
        options.body.drop_first_h1 |= str_equal(word, S("drop_first_h1"));
        options.is_inline |= str_equal(word, S("inline"));
        options.is_short |= options.is_inline || str_equal(word, S("short"));
        if (option_value(word, "title").len)
            options.body.title = option_value(word, "title");
        if (option_value(word, "id_prefix").len)
            options.body.id_prefix = option_value(word, "id_prefix");
        if (str_to_int(option_value(word, "shift"), &shift))
            options.body.shift = (int)shift;
    }
    return options;
}

static void print_outline(const DocOutline *outline, Buf *out) {
    static const char *const kinds[] = {"link", "image", "wiki", "card"};
    if (outline->title.len)
        buf_printf(out, "title %.*s @%td\n", STR_ARG(outline->title),
                   outline->title_offset);
    if (outline->summary.len)
        buf_printf(out, "summary %.*s\n", STR_ARG(outline->summary));
    for (ptrdiff_t i = 0; i < outline->n_headings; i++) {
        const DocHeading *heading = &outline->headings[i];
        buf_printf(out, "h%d #%.*s %.*s @%td\n", heading->level, STR_ARG(heading->id),
                   STR_ARG(heading->text), heading->offset);
    }
    for (ptrdiff_t i = 0; i < outline->n_links; i++) {
        const DocLink *link = &outline->links[i];
        buf_printf(out, "%s %.*s @%td", kinds[link->kind], STR_ARG(link->target),
                   link->offset);
        if (link->label.len)
            buf_printf(out, " [%.*s]", STR_ARG(link->label));
        if (link->context.len)
            buf_printf(out, " (%.*s)", STR_ARG(link->context));
        buf_char(out, '\n');
    }
}

/* "LINE:COLUMN: severity: message [code]" and hints. */
static void print_diags(const DiagList *diags, Arena *arena, Buf *out) {
    Buf human = {0};
    DiagReport report = diags_finish(arena, diags, 1, NULL);
    diags_print(&report, DIAG_HUMAN, false, &human);
    Str rest = buf_view(&human), line;
    while (str_next_line(&rest, &line)) {
        if (str_has_prefix(line, S("case.md:")))
            line = str_from_offset(line, 8);
        else if (!str_has_prefix(line, S("    hint: ")))
            continue;
        buf_str(out, line);
        buf_char(out, '\n');
    }
    buf_release(&human);
}

static void run_page(const Source *source, CaseOptions options, Arena *arena,
                     Buf out[PARTS]) {
    DiagList diags = {0};
    HtmlHooks hooks = {.link = answer, .self = arena};
    Doc *doc = doc_parse(source, 0, source->text.len, options.markdown, &diags);
    if (doc) {
        DocOutline outline;
        options.body.range = doc_all(doc);
        doc_outline(doc, options.body, arena, &outline);
        print_outline(&outline, &out[OUTLINE]);
        doc_html(doc, options.body, &hooks, arena, &out[HTML]);
        doc_free(doc);
    }
    print_diags(&diags, arena, &out[DIAGNOSTICS]);
    diag_list_release(&diags);
}

static bool same(const Case *test, Part part, const Buf *got) {
    if (!test->given[part] && part != DIAGNOSTICS)
        return true;
    Str expected = buf_view(&test->parts[part]);
    if (str_equal(expected, buf_view(got)))
        return true;
    tap_diag("%s expected:\n%.*s", part_names[part], STR_ARG(expected));
    tap_diag("%s got:\n%.*s", part_names[part], STR_ARG(buf_view(got)));
    return false;
}

static bool is_valid(const Case *test, const CaseOptions *options, const Buf *html,
                     Arena *arena) {
    ptrdiff_t place;
    const char *fault =
        options->markdown.raw_html ? NULL : html_fault(buf_view(html), arena, &place);
    if (fault)
        tap_diag("%.*s: %s at byte %td of:\n%.*s", STR_ARG(test->name), fault, place,
                 STR_ARG(buf_view(html)));
    return !fault;
}

static void bless_case(Case *test, const Buf out[PARTS]) {
    buf_printf(test->blessed, "=== %.*s\n", STR_ARG(test->name));
    for (Part part = 0; part < PARTS; part++) {
        bool fresh = part >= HTML && !test->escaped[part];
        Str text = fresh ? buf_view(&out[part]) : test->written[part];
        if (!test->given[part] && !(part == DIAGNOSTICS && text.len))
            continue;
        buf_printf(test->blessed, "--- %s%s\n", part_names[part],
                   test->escaped[part] ? " (escaped)" : "");
        buf_str(test->blessed, text);
    }
    buf_char(test->blessed, '\n');
}

static void run_case(const char *file, Case *test) {
    Arena arena = {0};
    Buf out[PARTS] = {0};
    CaseOptions options = read_options(buf_view(&test->parts[OPTIONS]));
    Source source = {.path = S("case.md"), .text = buf_view(&test->parts[MARKDOWN])};
    if (options.is_short) {
        HtmlHooks hooks = {.link = answer, .self = &arena};
        Str text = str_trim(source.text);
        markdown_html(text, options.is_inline, &hooks, &arena, &out[HTML]);
        if (!str_has_suffix(buf_view(&out[HTML]), S("\n")))
            buf_char(&out[HTML], '\n');
    } else {
        run_page(&source, options, &arena, out);
    }
    bool ok = test->given[MARKDOWN] && is_valid(test, &options, &out[HTML], &arena);
    for (Part part = HTML; part < PARTS && !test->blessed; part++)
        ok &= same(test, part, &out[part]);
    if (test->blessed)
        bless_case(test, out);
    else
        TAP_CHECK(ok, "%s: %.*s", file, STR_ARG(test->name));
    for (Part part = 0; part < PARTS; part++)
        buf_release(&out[part]);
    arena_release(&arena);
}

/* ---- reading case files ---- */

static void put_escaped(Buf *out, Str line) {
    for (ptrdiff_t i = 0; i < line.len; i++) {
        char c = line.data[i];
        if (c == '\\' && i + 1 < line.len) {
            c = line.data[++i];
            c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
        }
        buf_char(out, c);
    }
}

static void put_line(Case *test, Part part, Str line) {
    Str *written = &test->written[part];
    *written = written->data
                   ? (Str){written->data, line.data + line.len + 1 - written->data}
                   : (Str){line.data, line.len + 1};
    if (test->escaped[part]) {
        put_escaped(&test->parts[part], line);
        return;
    }
    buf_str(&test->parts[part], line);
    buf_char(&test->parts[part], '\n');
}

static Part start_part(const char *file, Case *test, Str heading) {
    Str escaped = S(" (escaped)");
    bool is_escaped = str_has_suffix(heading, escaped);
    if (is_escaped)
        heading.len -= escaped.len;
    for (Part part = 0; part < PARTS; part++) {
        if (str_equal(heading, str_from(part_names[part])) && !test->given[part]) {
            test->given[part] = true;
            test->escaped[part] = is_escaped;
            return part;
        }
    }
    TAP_CHECK(false, "%s: a part '%.*s' that cases don't have", file, STR_ARG(heading));
    return PARTS;
}

/* The empty line before the next case belongs to none. */
static void end_case(const char *file, Case *test, Part last) {
    if (last < PARTS && (str_has_suffix(test->written[last], S("\n\n")) ||
                         str_equal(test->written[last], S("\n")))) {
        test->written[last].len--;
        test->parts[last].len -= !test->escaped[last];
    }
    if (test->name.len)
        run_case(file, test);
    for (Part part = 0; part < PARTS; part++) {
        test->parts[part].len = 0;
        test->written[part] = (Str){0};
        test->given[part] = test->escaped[part] = false;
    }
}

static void run_file(const char *name, Str text, Buf *blessed) {
    Case test = {.blessed = blessed};
    if (blessed)
        buf_str(blessed, str_slice(text, 0, str_find(text, S("=== "))));
    Part part = PARTS;
    Str line;
    while (str_next_line(&text, &line)) {
        if (str_has_prefix(line, S("=== "))) {
            end_case(name, &test, part);
            test.name = str_from_offset(line, 4);
            part = PARTS;
        } else if (test.name.len && str_has_prefix(line, S("--- "))) {
            part = start_part(name, &test, str_from_offset(line, 4));
        } else if (part < PARTS) {
            put_line(&test, part, line);
        }
    }
    end_case(name, &test, part);
    for (part = 0; part < PARTS; part++)
        buf_release(&test.parts[part]);
}

static void read_file(const char *path, Buf *out) {
    FILE *file = fopen(path, "rb");
    char bytes[4096];
    size_t n;
    while (file && (n = fread(bytes, 1, sizeof bytes, file)) > 0)
        buf_str(out, (Str){bytes, (ptrdiff_t)n});
    if (file)
        fclose(file);
}

static void write_file(const char *path, Str text) {
    FILE *file = fopen(path, "wb");
    bool written = file &&
                   fwrite(text.data, 1, (size_t)text.len, file) == (size_t)text.len &&
                   fputc('\n', file) != EOF;
    TAP_CHECK(file && fclose(file) == 0 && written, "%s is rewritten", path);
}

static int is_case_file(const struct dirent *entry) {
    return str_has_suffix(str_from(entry->d_name), S(".txt"));
}

int main(int argc, char **argv) {
    const char *directory = argc > 1 ? argv[1] : "tests/spec/markdown";
    const char *environment = getenv("BLESS");
    bool bless = environment && *environment == '1';
    markdown_init();
    struct dirent **entries;
    int n = scandir(directory, &entries, is_case_file, alphasort);
    TAP_CHECK(n > 0, "there are case files in %s", directory);
    for (int i = 0; i < n; i++) {
        char path[1024];
        Buf text = {0}, blessed = {0};
        snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
        read_file(path, &text);
        run_file(entries[i]->d_name, buf_view(&text), bless ? &blessed : NULL);
        if (bless)
            write_file(path, str_trim(buf_view(&blessed)));
        buf_release(&text);
        buf_release(&blessed);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    return tap_done();
}
