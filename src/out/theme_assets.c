/* Assets of a theme: names with a hash of the content, so that a browser may keep them
 * for ever and still never shows an old one.
 *
 * A style sheet names other assets by url(...). These references are rewritten to the
 * hashed names before the sheet itself is hashed, so what it names is finished first;
 * sheets that import each other in a circle have no such order and are refused. Only
 * url(...) is looked at (CSS Syntax 3, 4.3.6), outside comments and strings; @import
 * takes url(...) too. */
#include "out/theme.h"

#include "base/buf.h"
#include "base/hash.h"
#include "out/href.h"
#include "text/image.h"

enum {
    ASSET_BYTES_MAX = 512 << 20,
    CSS_BYTES_MAX = 4 << 20,
    CSS_DEPTH_MAX = 16,
    HINTS_MAX = 100, /* nearest names looked for: each look is O(assets) */
};

static const Str static_folder = STR_INIT("static/");

/* ---- names ---- */

static Str published_url(Arena *arena, Str name, Str bytes) {
    if (str_has_prefix(name, static_folder))
        return arena_concat(arena, S("/"), str_from_offset(name, static_folder.len));
    ptrdiff_t slash = str_find_last_char(name, '/'), dot = str_find_last_char(name, '.');
    if (dot <= slash + 1)
        dot = name.len;
    char hex[HASH_HEX_LEN + 1];
    hash_hex(hash_128(bytes), hex);
    return arena_printf(arena, "/assets/%.*s.%.8s%.*s", STR_ARG(str_slice(name, 0, dot)),
                        hex, STR_ARG(str_from_offset(name, dot)));
}

/* The name that `reference` means in the file `from`: its folder, then the path with dot
 * segments removed. Empty where it leads out of assets/. */
static Str resolve(Arena *arena, Str from, Str reference) {
    Str folder = str_slice(from, 0, str_find_last_char(from, '/') + 1), part;
    Buf joined = {0};
    Str rest = arena_concat(arena, folder, reference);
    bool inside = true;
    while (rest.len && inside) {
        str_cut(rest, '/', &part, &rest);
        if (str_equal(part, S(".."))) {
            inside = joined.len > 0;
            ptrdiff_t slash = str_find_last_char(buf_view(&joined), '/');
            joined.len = slash < 0 ? 0 : slash;
        } else if (part.len && !str_equal(part, S("."))) {
            if (joined.len)
                buf_char(&joined, '/');
            buf_str(&joined, part);
        }
    }
    Str name = inside ? arena_str(arena, buf_view(&joined)) : (Str){0};
    buf_release(&joined);
    return name;
}

/* ---- style sheets ---- */

typedef struct Sheet {
    Theme *theme;
    ThemeAsset *asset;
    DiagList *diags;
    int depth;
} Sheet;

static void finish(const Sheet *sheet);

static bool is_css(Str name) { return str_has_suffix(name, S(".css")); }

/* Of another host, data: or only a fragment (of an SVG). */
static bool is_elsewhere(Str reference) {
    ptrdiff_t colon = str_find_char(reference, ':'),
              slash = str_find_char(reference, '/');
    return !reference.len || reference.data[0] == '#' || reference.data[0] == '/' ||
           (colon >= 0 && (slash < 0 || colon < slash));
}

static Str nearest_asset(const Theme *theme, Str name) {
    Nearest nearest = nearest_init(name);
    for (ptrdiff_t i = 0; i < theme->assets.entries.n; i++)
        nearest_add(&nearest, theme->assets.entries.items[i].key);
    return nearest.best;
}

/* The asset that is meant, finished; NULL after a diagnostic. */
static const ThemeAsset *referenced(const Sheet *sheet, Str path, ptrdiff_t offset) {
    Theme *theme = sheet->theme;
    Loc loc = {&sheet->asset->source, offset};
    Str name = resolve(theme->arena, sheet->asset->name, path);
    ThemeAsset *found = name.len ? map_get(&theme->assets, name) : NULL;
    if (!found) {
        Diag *diag = diag_add(sheet->diags, DIAG_ASSET_MISSING, loc,
                              "there is no asset '%.*s'", STR_ARG(path));
        if (sheet->diags->diags.n < HINTS_MAX)
            diag_hint_nearest(sheet->diags, diag, nearest_asset(theme, name));
        return NULL;
    }
    if (!found->url.len) {
        Sheet inner = {theme, found, sheet->diags, sheet->depth + 1};
        if (inner.depth < CSS_DEPTH_MAX)
            finish(&inner);
    }
    if (!found->url.len) {
        diag_add(sheet->diags, DIAG_LIMIT_EXCEEDED, loc,
                 "style sheets import each other, or more than %d deep", CSS_DEPTH_MAX);
        return NULL;
    }
    return found;
}

static void put_reference(const Sheet *sheet, Str reference, ptrdiff_t offset, Buf *out) {
    ptrdiff_t end = 0;
    while (end < reference.len && reference.data[end] != '#' &&
           reference.data[end] != '?')
        end++;
    const ThemeAsset *target =
        is_elsewhere(reference) ? NULL
                                : referenced(sheet, str_slice(reference, 0, end), offset);
    if (!target) {
        buf_str(out, reference);
        return;
    }
    Arena *arena = sheet->theme->arena;
    HrefBase base =
        href_base_relative(arena_concat(arena, S("/assets/"), sheet->asset->name));
    buf_str(out, href_make(&base, arena, target->url));
    buf_str(out, str_from_offset(reference, end));
}

/* Behind a comment or string that starts at `at`, or `at` itself. */
static ptrdiff_t skip_opaque(Str css, ptrdiff_t at) {
    char c = css.data[at];
    if (c == '/' && at + 1 < css.len && css.data[at + 1] == '*') {
        ptrdiff_t end = str_find(str_from_offset(css, at + 2), S("*/"));
        return end < 0 ? css.len : at + 2 + end + 2;
    }
    if (c != '"' && c != '\'')
        return at;
    for (at++; at < css.len && css.data[at] != c && css.data[at] != '\n'; at++)
        at += css.data[at] == '\\';
    return at < css.len ? at + 1 : css.len;
}

/* Writes url(...) at `at`; returns where it ends. */
static ptrdiff_t put_url(const Sheet *sheet, Str css, ptrdiff_t at, Buf *out) {
    ptrdiff_t from = at + S("url(").len;
    while (from < css.len && char_is_space(css.data[from]))
        from++;
    bool quoted = from < css.len && (css.data[from] == '"' || css.data[from] == '\'');
    char close = quoted ? css.data[from] : ')';
    from += quoted;
    ptrdiff_t to = from;
    while (to < css.len && css.data[to] != close)
        to++;
    Str reference = str_trim(str_slice(css, from, to));
    buf_str(out, str_slice(css, at, from));
    put_reference(sheet, reference, from, out);
    return to;
}

static bool is_name_char(char c) {
    return char_is_alpha(c) || char_is_digit(c) || c == '-' || c == '_';
}

static void rewrite(const Sheet *sheet, Buf *out) {
    Str css = sheet->asset->source.text;
    ptrdiff_t plain = 0, at = 0;
    while (at < css.len) {
        ptrdiff_t behind = skip_opaque(css, at);
        if (behind > at) {
            at = behind;
        } else if (str_equal_nocase(str_slice(css, at, at + 4), S("url(")) &&
                   (at == 0 || !is_name_char(css.data[at - 1]))) {
            buf_str(out, str_slice(css, plain, at));
            plain = at = put_url(sheet, css, at, out);
        } else {
            at++;
        }
    }
    buf_str(out, str_slice(css, plain, css.len));
}

/* Rewrites a style sheet and names it. is_read, which says that it is still to be done,
 * is taken away first: a sheet without it and without URL is one that leads to itself. */
static void finish(const Sheet *sheet) {
    ThemeAsset *asset = sheet->asset;
    Arena *arena = sheet->theme->arena;
    if (!asset->is_read || asset->url.len)
        return;
    Buf css = {0};
    asset->is_read = false;
    rewrite(sheet, &css);
    asset->bytes = arena_str(arena, buf_view(&css));
    buf_release(&css);
    asset->url = published_url(arena, asset->name, asset->bytes);
}

/* ---- reading ---- */

/* Files that are no style sheets are only hashed, and read again when they are published:
 * they may be large. */
static bool read_asset(Theme *theme, ThemeAsset *asset, const ThemeFile *file,
                       DiagList *diags, Err *err) {
    Arena scratch = {0};
    bool css = is_css(file->name);
    bool ok = theme_read(theme, file, css ? CSS_BYTES_MAX : ASSET_BYTES_MAX,
                         css ? theme->arena : &scratch, &asset->source, diags, err);
    if (ok && !css) {
        asset->url = published_url(theme->arena, file->name, asset->source.text);
        asset->source.text = (Str){0};
    }
    arena_release(&scratch);
    return ok;
}

static bool add_asset(Theme *theme, const ThemeFile *file, DiagList *diags, Err *err) {
    ThemeAsset *asset = arena_new(theme->arena, ThemeAsset);
    asset->name = file->name;
    asset->is_read = !file->embedded || is_css(file->name);
    if (file->embedded) {
        asset->source = *file->embedded;
        if (!asset->is_read) {
            asset->bytes = asset->source.text;
            asset->url = published_url(theme->arena, file->name, asset->bytes);
        }
    } else if (!read_asset(theme, asset, file, diags, err)) {
        return false;
    }
    map_put(&theme->assets, asset->name, asset);
    return true;
}

/* ---- logo ---- */

/* `logo: mark.svg` or `logo: assets/mark.svg`; an address of another host is left alone.
 */
static bool find_logo(Theme *theme, const Site *site, DiagList *diags, Err *err) {
    Text logo = site->settings.logo;
    Str name = str_trim(logo.text), folder = S("assets/"), bytes;
    if (str_has_prefix(name, S("/")))
        name = str_from_offset(name, 1);
    if (str_has_prefix(name, folder))
        name = str_from_offset(name, folder.len);
    if (!name.len || str_find(name, S("://")) >= 0)
        return true;
    theme->logo = map_get(&theme->assets, name);
    if (!theme->logo) {
        Diag *diag =
            diag_add(diags, DIAG_ASSET_MISSING, (Loc){site->settings_source, logo.offset},
                     "there is no asset '%.*s' for the logo", STR_ARG(name));
        diag_hint_nearest(diags, diag, nearest_asset(theme, name));
        return true;
    }
    Arena scratch = {0};
    bool ok = theme_asset_bytes(theme, theme->logo, &scratch, &bytes, err);
    if (ok)
        image_size(bytes, &theme->logo_width, &theme->logo_height);
    arena_release(&scratch);
    return ok;
}

bool theme_load_assets(Theme *theme, const Site *site, DiagList *diags, Err *err) {
    ThemeFiles files = {0};
    if (!theme_files(theme, "assets", &files, diags, err))
        return false;
    for (ptrdiff_t i = 0; i < files.n; i++)
        if (!add_asset(theme, &files.items[i], diags, err))
            return false;
    for (ptrdiff_t i = 0; i < theme->assets.entries.n; i++) {
        Sheet sheet = {theme, theme->assets.entries.items[i].value, diags, 0};
        finish(&sheet);
    }
    return find_logo(theme, site, diags, err);
}

Str theme_asset_url(const Theme *theme, Str name) {
    const ThemeAsset *asset = map_get(&theme->assets, name);
    return asset ? asset->url : (Str){0};
}

bool theme_asset_bytes(const Theme *theme, const ThemeAsset *asset, Arena *arena,
                       Str *out, Err *err) {
    *out = asset->bytes;
    if (!asset->is_read)
        return true;
    const char *path = arena_cstr(arena, asset->source.path);
    return fs_read(theme->root, path, ASSET_BYTES_MAX, arena, out, err);
}
