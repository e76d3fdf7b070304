/* Mustache: any text is a template or an error with its place. What renders, renders the
 * same twice, through a partial, and within its limits.
 *
 * An input is four parts with NUL between them: the template, JSON data, and the partials
 * "p" and "q", which may include each other. */
#include "text/mustache.h"

#include "base/json.h"
#include "fuzz.h"

enum { MAX_BYTES = 1 << 16, MAX_STEPS = 100000 };

typedef struct Input {
    Source sources[4]; /* template, p, q, and one that only includes the template */
    const Template *templates[4];
} Input;

static const Template *find(const void *self, Str name) {
    const Input *input = self;
    if (str_equal(name, S("p")))
        return input->templates[1];
    if (str_equal(name, S("q")))
        return input->templates[2];
    return str_equal(name, S("t")) ? input->templates[0] : NULL;
}

static void check_diags(const DiagList *diags) {
    for (ptrdiff_t i = 0; i < diags->diags.n; i++) {
        const Diag *diag = &diags->diags.items[i];
        FUZZ_CHECK(diag->message.len > 0 && diag->loc.source);
        FUZZ_CHECK(diag->loc.offset >= -1 &&
                   diag->loc.offset <= diag->loc.source->text.len);
        loc_position(diag->loc);
    }
}

/* Renders template number `i`; *ok is false where it failed. The text is in `arena`. */
static Str render(const Input *input, int i, Value data, MustacheOptions options,
                  Arena *arena, bool *ok) {
    DiagList diags = {0};
    Buf out = {0};
    RenderEnv env = {.scratch = arena};
    TemplateSet set = {.find = find, .self = input};
    options.max_bytes = MAX_BYTES;
    options.max_steps = MAX_STEPS;
    *ok = mustache_render(input->templates[i], data, set, options, &env, &out, &diags);
    FUZZ_CHECK(*ok == (diags.diags.n == 0));
    FUZZ_CHECK(!*ok || out.len <= MAX_BYTES);
    check_diags(&diags);
    Str text = arena_str(arena, buf_view(&out));
    buf_release(&out);
    diag_list_release(&diags);
    return text;
}

static void check_rendering(const Input *input, Value data, Arena *arena) {
    bool ok, again;
    MustacheOptions lax = {.list_names_last = true};
    Str first = render(input, 0, data, lax, arena, &ok);
    Str second = render(input, 0, data, lax, arena, &again);
    FUZZ_CHECK(ok == again && str_equal(first, second));
    Str through = render(input, 3, data, lax, arena, &again);
    FUZZ_CHECK(!ok || !again || str_equal(first, through));
    Str text = input->sources[0].text;
    if (str_find(text, S("{{")) < 0)
        FUZZ_CHECK(str_equal(first, text) || !ok);
    render(input, 0, data, (MustacheOptions){.strict = true}, arena, &ok);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena arena = {0};
    DiagList diags = {0};
    Input input = {.sources[3] = {S("via"), S("{{>t}}")}};
    static const int order[] = {0, -1, 1, 2};
    Str rest = fuzz_input(data, size), json = {0};
    for (int i = 0; i < 4; i++)
        str_cut(rest, '\0', order[i] < 0 ? &json : &input.sources[order[i]].text, &rest);
    for (int i = 0; i < 4; i++) {
        ptrdiff_t before = diags.diags.n;
        input.templates[i] =
            mustache_compile(&input.sources[i], S("name"), &arena, &diags);
        FUZZ_CHECK((input.templates[i] != NULL) == (diags.diags.n == before));
    }
    check_diags(&diags);
    JsonError error;
    const Node *root = json_read(json, &arena, &error);
    if (!root)
        root = json_read(S("{\"a\": [{\"b\": \"<1>\\n\"}, {\"c\": {\"d\": 2}}], \"e\": "
                           "true, \"n\": \"p\"}"),
                         &arena, &error);
    if (input.templates[0])
        check_rendering(&input, value_of_node(root), &arena);
    diag_list_release(&diags);
    arena_release(&arena);
    return 0;
}
