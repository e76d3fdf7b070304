/* Reference pages: see reference.h. What can be said of a feature stands in its table
 * row; the pages are written by `make reference`, and a test checks that they are
 * current, so that the manual can't lag behind the code. */
#include "out/reference.h"

#include "base/diag.h"
#include "out/outputs.h"
#include "out/views.h"
#include "site/schema.h"
#include "text/markdown.h"

/* Text for a cell of a Markdown table. */
static void put_cell(Buf *out, Str text) {
    for (ptrdiff_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '|' || c == '<' || c == '*' || c == '[' || c == '{' || c == '_')
            buf_char(out, '\\');
        buf_char(out, c);
    }
}

static void put_front(Buf *out, const char *title, const char *summary, int weight) {
    buf_printf(out,
               "---\ntitle: %s\nsummary: %s\nweight: %d\n---\n\n"
               "This page is written by `make reference` from the tables in the code.\n",
               title, summary, weight);
}

static void print_diagnostics(Buf *out) {
    put_front(out, "Messages", "Every code that a message can have, and what it means.",
              90);
    buf_cstr(out, "\nA code can be set to `off`, `warning` or `error` under `checks` in "
                  "site.yaml.\n");
    for (int s = SEVERITY_ERROR; s >= SEVERITY_WARNING; s--) {
        buf_printf(out, "\n## %s\n\n| code | meaning |\n|---|---|\n",
                   s == SEVERITY_ERROR ? "Errors by default" : "Warnings by default");
        for (int i = 0; i < DIAG_COUNT; i++) {
            if (diag_infos[i].severity != (Severity)s)
                continue;
            buf_printf(out, "| `%s` | ", diag_infos[i].name);
            put_cell(out, str_from(diag_infos[i].meaning));
            buf_cstr(out, " |\n");
        }
    }
}

static void print_keys(Buf *out) {
    put_front(out, "Keys", "Every key of front matter, site.yaml and roadmaps.", 91);
    buf_cstr(out,
             "\nA key that is not listed is a warning, and stays reachable in templates "
             "as `params.<key>`.\n");
    for (ptrdiff_t i = 0; i < schema_n_infos; i++) {
        Str where = str_from(schema_infos[i].where);
        buf_printf(out, "\n## %c%.*s\n\n| key | value | meaning |\n|---|---|---|\n",
                   where.data[0] >= 'a' && where.data[0] <= 'z' && where.data[1] != 'o'
                       ? where.data[0] - 'a' + 'A'
                       : where.data[0],
                   STR_ARG(str_from_offset(where, 1)));
        const Schema *schema = schema_infos[i].schema;
        for (ptrdiff_t k = 0; k < schema->n_keys; k++) {
            const Key *key = &schema->keys[k];
            buf_printf(out, "| `%s`%s | %s | ", key->name,
                       key->required ? " (required)" : "", key_type_name(key->type));
            put_cell(out, str_from(key->doc));
            buf_cstr(out, " |\n");
        }
    }
}

static void print_directives(Buf *out) {
    put_front(out, "Directives",
              "The blocks of Markdown between colons, and their attributes.", 92);
    buf_cstr(out, "\n| directive | attributes | what it is |\n|---|---|---|\n");
    for (ptrdiff_t i = 0; i < markdown_n_directives; i++) {
        const DirectiveInfo *row = &markdown_directives[i];
        buf_printf(out, "| `%s` | ", row->name);
        for (Str rest = str_from(row->attributes), attr, kind; rest.len;) {
            str_cut(rest, ' ', &attr, &rest);
            str_cut(attr, ':', &attr, &kind);
            bool required = str_has_suffix(attr, S("!"));
            attr.len -= required;
            buf_printf(out, "`%.*s`%s%s", STR_ARG(attr), required ? " (required)" : "",
                       rest.len ? ", " : "");
        }
        buf_cstr(out, " | ");
        put_cell(out, str_from(row->doc));
        buf_cstr(out, " |\n");
    }
}

static void print_variables(Buf *out) {
    put_front(out, "Variables", "What templates can use, by type.", 93);
    buf_cstr(out,
             "\nItems of a list also have `first`, `last`, `index` (from 0), `number` "
             "(from 1) and `odd`; a list has `count`.\n");
    for (ptrdiff_t i = 0; i < view_n_types; i++) {
        const Type *type = view_types[i];
        buf_printf(out, "\n## `%s`\n", type->name);
        if (type->n_fields == 0) {
            buf_cstr(out, "\nIts names are the author's own.\n");
            continue;
        }
        buf_cstr(out, "\n| name | value |\n|---|---|\n");
        for (ptrdiff_t k = 0; k < type->n_fields; k++) {
            buf_printf(out, "| `%s` | ", type->fields[k].name);
            put_cell(out, str_from(type->fields[k].doc));
            buf_cstr(out, " |\n");
        }
    }
}

static void print_outputs(Buf *out) {
    put_front(out, "Outputs", "Everything that a build publishes.", 94);
    buf_cstr(out, "\n| output | what |\n|---|---|\n");
    for (ptrdiff_t i = 0; i < output_n_kinds; i++) {
        buf_printf(out, "| `%s` | ", output_kinds[i].name);
        put_cell(out, str_from(output_kinds[i].doc));
        buf_cstr(out, " |\n");
    }
}

static const struct {
    const char *name;
    void (*print)(Buf *out);
} pages[] = {{"diagnostics", print_diagnostics},
             {"keys", print_keys},
             {"directives", print_directives},
             {"variables", print_variables},
             {"outputs", print_outputs}};

const char *reference_names(void) {
    return "diagnostics, keys, directives, variables, outputs";
}

bool reference_print(Str name, Buf *out) {
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (str_equal(name, str_from(pages[i].name))) {
            pages[i].print(out);
            return true;
        }
    }
    return false;
}
