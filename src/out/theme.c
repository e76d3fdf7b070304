/* Templates of a site: see theme.h.
 *
 * All of them are compiled before anything is rendered, also those that no page of this
 * site uses: a template that is wrong today should not wait for its first page. Names of
 * partials that are written out are checked here too; unknown names of values can only be
 * seen while rendering, because they depend on the type of what is on the context stack.
 */
#include "out/theme.h"

#include "base/utf8.h"

enum { TEMPLATE_BYTES_MAX = 1 << 20 };

static const Str partials_folder = STR_INIT("partials/");

/* ---- reading ---- */

static bool text_is_valid(const Source *source, DiagList *diags) {
    ptrdiff_t invalid = utf8_find_invalid(source->text);
    ptrdiff_t nul = str_find_char(source->text, '\0');
    if (invalid >= 0)
        diag_add(diags, DIAG_INVALID_UTF8, (Loc){source, invalid},
                 "byte 0x%02x is not valid UTF-8",
                 (unsigned char)source->text.data[invalid]);
    else if (nul >= 0)
        diag_add(diags, DIAG_NUL_BYTE, (Loc){source, nul},
                 "the file contains a NUL byte");
    return invalid < 0 && nul < 0;
}

static bool add_template(Theme *theme, const ThemeFile *file, Str name, DiagList *diags,
                         Err *err) {
    ThemeTemplate *entry = arena_new(theme->arena, ThemeTemplate);
    entry->name = name;
    if (file->embedded)
        entry->source = *file->embedded;
    else if (!theme_read(theme, file, TEMPLATE_BYTES_MAX, theme->arena, &entry->source,
                         diags, err))
        return false;
    if (text_is_valid(&entry->source, diags))
        entry->template = mustache_compile(&entry->source, name, theme->arena, diags);
    map_put(&theme->templates, name, entry);
    if (str_has_prefix(name, partials_folder))
        map_put(&theme->partials, str_from_offset(name, partials_folder.len), entry);
    return true;
}

static bool load_templates(Theme *theme, DiagList *diags, Err *err) {
    ThemeFiles files = {0};
    Str ending = S(".mustache");
    if (!theme_files(theme, "templates", &files, diags, err))
        return false;
    for (ptrdiff_t i = 0; i < files.n; i++) {
        Str name = files.items[i].name;
        if (!str_has_suffix(name, ending))
            continue;
        name = str_slice(name, 0, name.len - ending.len);
        if (!add_template(theme, &files.items[i], name, diags, err))
            return false;
    }
    return true;
}

/* ---- partials ---- */

static const ThemeTemplate *find_partial(const Theme *theme, Str name) {
    const ThemeTemplate *entry = map_get(&theme->partials, name);
    return entry ? entry : map_get(&theme->templates, name);
}

static const Template *find_for_render(const void *self, Str name) {
    const ThemeTemplate *entry = find_partial(self, name);
    return entry ? entry->template : NULL;
}

static void add_names(Nearest *nearest, const Map *map) {
    for (ptrdiff_t i = 0; i < map->entries.n; i++)
        nearest_add(nearest, map->entries.items[i].key);
}

static Str nearest_partial(const void *self, Str name) {
    const Theme *theme = self;
    Nearest nearest = nearest_init(name);
    add_names(&nearest, &theme->partials);
    add_names(&nearest, &theme->templates);
    return nearest.best;
}

TemplateSet theme_partials(const Theme *theme) {
    return (TemplateSet){find_for_render, theme, nearest_partial};
}

static void check_partials(const Theme *theme, DiagList *diags) {
    for (ptrdiff_t i = 0; i < theme->templates.entries.n; i++) {
        const ThemeTemplate *entry = theme->templates.entries.items[i].value;
        ptrdiff_t n = 0;
        const TemplatePartial *partials =
            entry->template ? template_partials(entry->template, &n) : NULL;
        for (ptrdiff_t k = 0; k < n; k++) {
            Str name = partials[k].name;
            if (find_partial(theme, name))
                continue;
            Diag *diag = diag_add(diags, DIAG_TEMPLATE_PARTIAL_MISSING, partials[k].loc,
                                  "there is no partial '%.*s'", STR_ARG(name));
            diag_hint_nearest(diags, diag, nearest_partial(theme, name));
        }
    }
}

/* ---- the theme ---- */

bool theme_load(Theme *theme, const Site *site, Arena *arena, DiagList *diags, Err *err) {
    *theme = (Theme){.arena = arena, .root = site->root};
    theme->templates = map_init(theme->arena);
    theme->partials = map_init(theme->arena);
    theme->assets = map_init(theme->arena);
    if (!load_templates(theme, diags, err))
        return false;
    check_partials(theme, diags);
    return theme_load_assets(theme, site, diags, err);
}

const Template *theme_template(const Theme *theme, Str name) {
    const ThemeTemplate *entry = map_get(&theme->templates, name);
    return entry ? entry->template : NULL;
}

bool theme_has_template(const Theme *theme, Str name) {
    return map_get(&theme->templates, name) != NULL;
}

Str theme_nearest(const Theme *theme, Str name) {
    Nearest nearest = nearest_init(name);
    add_names(&nearest, &theme->templates);
    return nearest.best;
}
