/* Mustache by files: the official specification's JSON files, where they are at hand, and
 * our own cases, the .txt files of tests/spec/mustache.
 *
 * A case file is a list of cases with an empty line between them. Lines up to the first
 * "=== " are a comment. A case is
 *
 *     === name of the case
 *     --- template
 *     Hello {{name}}
 *     --- data
 *     name: world
 *     --- expected
 *     Hello world
 *
 * with these parts, each at most once save `partial`:
 *     template       the text to render; its path in messages is template.mustache
 *     partial NAME   another template; NAME.mustache in messages
 *     data           YAML; without it the model below
 *     options        words: strict, list_names_last, max_bytes=N
 *     expected       the whole output (also of a render that fails, where it is given)
 *     diagnostics    what diags_print writes, without source lines and carets
 * A part's heading may end in " (escaped)": then \n \r \t \\ stand for what they say, and
 * the ends of the part's lines stand for nothing.
 *
 * The model is a typed context, as a site's pages have: names outside it are unknown. */
#include "base/json.h"
#include "base/map.h"
#include "tap.h"
#include "text/mustache.h"
#include "text/yaml.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const char *const official_files[] = {
    "comments", "delimiters", "interpolation",  "inverted",
    "partials", "sections",   "~dynamic-names", "~inheritance",
};

/* ---- the model ---- */

typedef struct Book {
    const char *title;
    int pages;
    bool has_author;
} Book;

static const Book books[] = {
    {"Knots", 120, true}, {"Tides & Winds", 80, false}, {"Sails", 64, true}};

static Value author_name(const void *self, RenderEnv *env) {
    (void)self, (void)env;
    return value_text(S("Ada"));
}
static const Field author_fields[] = {{"name", author_name, "Name."}};
static const Type author_type = {
    .name = "author", .fields = author_fields, .n_fields = 1};

static Value book_title(const void *self, RenderEnv *env) {
    (void)env;
    return value_text(str_from(((const Book *)self)->title));
}
static Value book_pages(const void *self, RenderEnv *env) {
    (void)env;
    return value_int(((const Book *)self)->pages);
}
static Value book_author(const void *self, RenderEnv *env) {
    (void)env;
    return value_object(((const Book *)self)->has_author ? self : NULL, &author_type);
}
static const Field book_fields[] = {{"title", book_title, "Title."},
                                    {"pages", book_pages, "Number of pages."},
                                    {"author", book_author, "Author."}};
static Value book_text(const void *self, RenderEnv *env) { return book_title(self, env); }
static const Type book_type = {
    .name = "book", .fields = book_fields, .n_fields = 3, .self_text = book_text};

static Value book_item(const void *self, ptrdiff_t index, RenderEnv *env) {
    (void)env;
    return value_object((const Book *)self + index, &book_type);
}
static const ListType book_list = {.item = book_item};

static Value site_title(const void *self, RenderEnv *env) {
    (void)self, (void)env;
    return value_text(S("Harbour & Sea"));
}
static Value site_subtitle(const void *self, RenderEnv *env) {
    (void)self, (void)env;
    return value_absent();
}
static Value site_body(const void *self, RenderEnv *env) {
    (void)self, (void)env;
    return value_html(S("<p>1\n2</p>\n"));
}
static Value site_books(const void *self, RenderEnv *env) {
    (void)self, (void)env;
    return value_list(books, 3, &book_list);
}
static const Node *params_node;
static Value site_params(const void *self, RenderEnv *env) {
    (void)self, (void)env;
    return value_of_node(params_node);
}
static const Field site_fields[] = {{"title", site_title, "Title."},
                                    {"subtitle", site_subtitle, "Never there."},
                                    {"body", site_body, "HTML."},
                                    {"books", site_books, "Books."},
                                    {"params", site_params, "The author's own."}};
static const Type site_type = {.name = "site", .fields = site_fields, .n_fields = 5};

/* ---- running one case ---- */

typedef struct Case {
    Str name, template, options, expected, diagnostics;
    Value data;
    bool has_expected;
    Map partials; /* name to Str * */
} Case;

typedef struct Partials {
    Map templates;
    Arena *arena;
    DiagList *diags;
} Partials;

static const Template *find_partial(const void *self, Str name) {
    return map_get(&((const Partials *)self)->templates, name);
}

static Str nearest_partial(const void *self, Str name) {
    const Map *templates = &((const Partials *)self)->templates;
    Nearest nearest = nearest_init(name);
    for (ptrdiff_t i = 0; i < templates->entries.n; i++)
        nearest_add(&nearest, templates->entries.items[i].key);
    return nearest.best;
}

static const Template *compile(Arena *arena, Str name, Str text, DiagList *diags) {
    Source *source = arena_new(arena, Source);
    *source = (Source){arena_printf(arena, "%.*s.mustache", STR_ARG(name)), text};
    return mustache_compile(source, name, arena, diags);
}

static bool has_option(const Case *test, Str word) {
    return str_find(test->options, word) >= 0;
}

static MustacheOptions case_options(const Case *test) {
    ptrdiff_t at = str_find(test->options, S("max_bytes="));
    Str number = str_from_offset(test->options, at + 10), rest;
    int64_t max = 0;
    str_cut(number, ' ', &number, &rest);
    if (at >= 0)
        str_to_int(number, &max);
    return (MustacheOptions){.strict = has_option(test, S("strict")),
                             .list_names_last = has_option(test, S("list_names_last")),
                             .max_bytes = max};
}

/* What diags_print says, without the lines that show the source. */
static Str printed(Arena *arena, const DiagList *diags) {
    DiagReport report = diags_finish(arena, diags, 1, NULL);
    Buf all = {0}, kept = {0};
    diags_print(&report, DIAG_HUMAN, false, &all);
    Str rest = buf_view(&all), line;
    while (str_next_line(&rest, &line)) {
        bool hint = str_has_prefix(str_trim(line), S("hint:"));
        if (!hint && (line.len == 0 || line.data[0] == ' '))
            continue;
        buf_str(&kept, line);
        buf_char(&kept, '\n');
    }
    Str result = arena_str(arena, buf_view(&kept));
    buf_release(&all);
    buf_release(&kept);
    return result;
}

static void show(const char *what, Str s) {
    Buf quoted = {0};
    json_put_string(&quoted, s);
    tap_diag("%s %.*s", what, STR_ARG(quoted));
    buf_release(&quoted);
}

static void run_case(const Case *test, const char *file) {
    Arena arena = {0};
    DiagList diags = {0};
    Buf out = {0};
    Partials partials = {.templates = map_init(&arena)};
    for (ptrdiff_t i = 0; i < test->partials.entries.n; i++) {
        const MapEntry *entry = &test->partials.entries.items[i];
        const Template *made =
            compile(&arena, entry->key, *(const Str *)entry->value, &diags);
        map_put(&partials.templates, entry->key, (void *)(uintptr_t)made);
    }
    const Template *template = compile(&arena, S("template"), test->template, &diags);
    RenderEnv env = {.scratch = &arena};
    TemplateSet set = {find_partial, &partials, nearest_partial};
    bool ok = template && mustache_render(template, test->data, set, case_options(test),
                                          &env, &out, &diags);
    ok = ok && diags.diags.n == 0;
    Str messages = printed(&arena, &diags);
    bool right = ok == (test->diagnostics.len == 0) &&
                 (!test->has_expected || str_equal(buf_view(&out), test->expected)) &&
                 str_equal(messages, test->diagnostics);
    if (!TAP_CHECK(right, "%s: %.*s", file, STR_ARG(test->name))) {
        show("template", test->template);
        show("expected", test->expected);
        show("got     ", buf_view(&out));
        show("expected", test->diagnostics);
        show("got     ", messages);
    }
    buf_release(&out);
    diag_list_release(&diags);
    arena_release(&arena);
}

/* ---- the official files ---- */

static bool read_all(Arena *arena, const char *path, Str *out) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    Buf text = {0};
    char bytes[4096];
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, file)) > 0;)
        buf_str(&text, (Str){bytes, (ptrdiff_t)n});
    bool ok = !ferror(file);
    fclose(file);
    *out = arena_str(arena, buf_view(&text));
    buf_release(&text);
    return ok;
}

static Str member(const Node *map, Str key) {
    const Node *found = node_get(map, key);
    return found ? found->text : (Str){0};
}

static void run_official(const char *name) {
    Arena arena = {0};
    Str text;
    JsonError error;
    Str path = arena_printf(&arena, "../shared/mustache-spec/specs/%s.json", name);
    if (!read_all(&arena, path.data, &text)) {
        tap_skip("no ../shared/mustache-spec");
        arena_release(&arena);
        return;
    }
    const Node *root = json_read(text, &arena, &error);
    const Node *tests = node_get(root, S("tests"));
    TAP_CHECK(tests && tests->n > 0, "%s: the file can be read", name);
    for (const Node *test = tests ? tests->child : NULL; test; test = test->next) {
        Case one = {.name = member(test, S("name")),
                    .template = member(test, S("template")),
                    .expected = member(test, S("expected")),
                    .has_expected = true,
                    .options = S("list_names_last"),
                    .data = value_of_node(node_get(test, S("data"))),
                    .partials = map_init(&arena)};
        const Node *partials = node_get(test, S("partials"));
        for (const Node *p = partials ? partials->child : NULL; p; p = p->next)
            map_put(&one.partials, p->key, (void *)(uintptr_t)&p->text);
        run_case(&one, name);
    }
    arena_release(&arena);
}

/* ---- our own files ---- */

static Str unescape(Arena *arena, Str s) {
    char *bytes = arena_alloc(arena, s.len + 1);
    ptrdiff_t n = 0;
    for (ptrdiff_t i = 0; i < s.len; i++) {
        if (s.data[i] == '\\' && i + 1 < s.len) {
            char c = s.data[++i];
            bytes[n++] = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
        } else if (s.data[i] != '\n') {
            bytes[n++] = s.data[i];
        }
    }
    return (Str){bytes, n};
}

static Value read_data(Arena *arena, Str text, const char *file) {
    DiagList diags = {0};
    Source *source = arena_new(arena, Source);
    *source = (Source){str_from(file), text};
    const Node *node = yaml_read(source, 0, text.len, yaml_file_limits, arena, &diags);
    if (!TAP_CHECK(node != NULL, "%s: a case's data can be read", file))
        show("data", text);
    diag_list_release(&diags);
    return value_of_node(node);
}

static bool set_part(Arena *arena, Case *test, Str heading, Str body, const char *file) {
    if (str_has_suffix(heading, S(" (escaped)"))) {
        heading = str_slice(heading, 0, heading.len - 10);
        body = unescape(arena, body);
    }
    if (str_equal(heading, S("template"))) {
        test->template = body;
    } else if (str_equal(heading, S("expected"))) {
        test->expected = body;
        test->has_expected = true;
    } else if (str_equal(heading, S("diagnostics"))) {
        test->diagnostics = body;
    } else if (str_equal(heading, S("options"))) {
        test->options = str_trim(body);
    } else if (str_equal(heading, S("data"))) {
        test->data = read_data(arena, body, file);
    } else if (str_has_prefix(heading, S("partial "))) {
        Str *copy = arena_new(arena, Str);
        *copy = body;
        map_put(&test->partials, str_from_offset(heading, 8), copy);
    } else {
        return false;
    }
    return true;
}

/* Reads and runs the case at the start of *rest, which begins behind its "=== ". */
static void run_own(Str *rest, const char *file) {
    Arena arena = {0};
    Case test = {.data = value_object(books, &site_type), .partials = map_init(&arena)};
    JsonError error;
    params_node = json_read(S("{\"colour\": \"blue\", \"links\": [{\"url\": \"/a\"}]}"),
                            &arena, &error);
    ptrdiff_t end = str_find(*rest, S("\n\n=== "));
    Str body = str_slice(*rest, 0, end < 0 ? rest->len : end + 1);
    *rest = end < 0 ? (Str){0} : str_from_offset(*rest, end + 6);
    str_cut(body, '\n', &test.name, &body);
    if (str_has_prefix(body, S("--- ")))
        body = str_from_offset(body, 4);
    while (body.len) {
        Str heading, part;
        str_cut(body, '\n', &heading, &part);
        ptrdiff_t next =
            str_has_prefix(part, S("--- ")) ? -1 : str_find(part, S("\n--- "));
        bool empty = str_has_prefix(part, S("--- "));
        body = empty      ? str_from_offset(part, 4)
               : next < 0 ? (Str){0}
                          : str_from_offset(part, next + 5);
        part = empty ? (Str){0} : str_slice(part, 0, next < 0 ? part.len : next + 1);
        if (!set_part(&arena, &test, heading, part, file))
            TAP_CHECK(false, "%s: %.*s: unknown part '%.*s'", file, STR_ARG(test.name),
                      STR_ARG(heading));
    }
    run_case(&test, file);
    arena_release(&arena);
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void run_own_files(const char *folder) {
    Arena arena = {0};
    char *names[64];
    int n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && n < 64 && (entry = readdir(dir));)
        if (str_has_suffix(str_from(entry->d_name), S(".txt")))
            names[n++] = arena_cstr(&arena, str_from(entry->d_name));
    if (dir)
        closedir(dir);
    TAP_CHECK(n > 0, "%s has case files", folder);
    qsort(names, (size_t)n, sizeof *names, compare_names);
    for (int i = 0; i < n; i++) {
        Str text = {0};
        Str path = arena_printf(&arena, "%s/%s", folder, names[i]);
        TAP_CHECK(read_all(&arena, path.data, &text), "%s can be read", names[i]);
        ptrdiff_t first = str_find(text, S("\n=== "));
        Str rest = first < 0 ? (Str){0} : str_from_offset(text, first + 5);
        while (rest.len)
            run_own(&rest, names[i]);
    }
    arena_release(&arena);
}

int main(void) {
    for (size_t i = 0; i < sizeof official_files / sizeof *official_files; i++)
        run_official(official_files[i]);
    run_own_files("tests/spec/mustache");
    return tap_done();
}
