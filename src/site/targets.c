/* Where a link leads: see link.h.
 *
 * An author may write a path to a source file (relative to the file that has the link), a
 * name in double brackets, a URL of the site, or an address elsewhere. Whatever is not
 * elsewhere must exist, and its anchor too; a link to a file that is no content is an
 * asset, which is published with it. RFC 3986, 3 and 5.2.4 (dot segments). */
#include "site/link.h"

#include "base/hash.h"
#include "base/pool.h"
#include "text/image.h"
#include "text/unicode.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ASSET_BYTES_MAX = 512 << 20 };

typedef struct Lookup {
    Site *site;
    const Source *from;
    const Page *self;
    Str url; /* of the page that has the link */
    bool image;
    Loc loc;
    Str written; /* the whole destination, for messages */
} Lookup;

/* ---- anchors ---- */

static bool has_heading(const DocOutline *outline, Str id, Str prefix) {
    for (ptrdiff_t i = 0; i < outline->n_headings; i++) {
        Str known = outline->headings[i].id;
        if (str_equal(known, id) || (str_has_prefix(id, prefix) &&
                                     str_equal(known, str_from_offset(id, prefix.len))))
            return true;
    }
    return false;
}

static bool page_has_anchor(const Page *page, Str id) {
    if (has_heading(&page->outline, id, (Str){0}))
        return true;
    if (page->kind != PAGE_ISSUE)
        return false;
    for (ptrdiff_t i = 0; i < page->issue->items.n; i++) {
        const Item *item = &page->issue->items.items[i];
        if (str_equal(item->id, id) || has_heading(&item->outline, id, (Str){0}))
            return true;
    }
    return false;
}

static void nearest_heading(Nearest *nearest, const DocOutline *outline) {
    for (ptrdiff_t i = 0; i < outline->n_headings; i++)
        nearest_add(nearest, outline->headings[i].id);
}

static Str nearest_anchor(const Page *page, Str id) {
    Nearest nearest = nearest_init(id);
    nearest_heading(&nearest, &page->outline);
    for (ptrdiff_t i = 0; page->kind == PAGE_ISSUE && i < page->issue->items.n; i++) {
        nearest_add(&nearest, page->issue->items.items[i].id);
        nearest_heading(&nearest, &page->issue->items.items[i].outline);
    }
    return nearest.best;
}

static Str nearest_step(const Roadmap *roadmap, Str id) {
    Nearest nearest = nearest_init(id);
    for (ptrdiff_t i = 0; i < roadmap->steps.n; i++)
        nearest_add(&nearest, roadmap->steps.items[i]->id);
    return nearest.best;
}

static bool is_section_of(const Roadmap *roadmap, Str id) {
    for (ptrdiff_t i = 0; i < roadmap->phases.n; i++)
        if (str_equal(roadmap->phases.items[i]->id, id))
            return true;
    return false;
}

/* The target with its anchor, if it has one; an unknown anchor is an error, and the link
 * then leads to the page. */
static Target with_anchor(const Lookup *look, Target target, Str anchor) {
    DiagList *diags = link_diags(look->site);
    if (anchor.len == 0)
        return target;
    if (target.kind == TARGET_ROADMAP) {
        const Step *step = map_get(&target.roadmap->step_by_id, anchor);
        if (step)
            return (Target){.kind = TARGET_STEP, .step = step};
        if (!is_section_of(target.roadmap, anchor)) {
            Diag *diag = diag_add(diags, DIAG_ANCHOR_UNKNOWN, look->loc,
                                  "the roadmap '%.*s' has no step '%.*s'",
                                  STR_ARG(target.roadmap->slug), STR_ARG(anchor));
            diag_hint_nearest(diags, diag, nearest_step(target.roadmap, anchor));
            return target;
        }
    } else if (target.kind == TARGET_PAGE && !page_has_anchor(target.page, anchor)) {
        Diag *diag = diag_add(diags, DIAG_ANCHOR_UNKNOWN, look->loc,
                              "'%.*s' has no heading '#%.*s'",
                              STR_ARG(target.page->source->path), STR_ARG(anchor));
        diag_hint_nearest(diags, diag, nearest_anchor(target.page, anchor));
        return target;
    }
    target.anchor = anchor;
    return target;
}

/* ---- paths ---- */

/* The folder of `path` joined with `relative`, dot segments removed. False where it would
 * lead out of the site. */
static bool join(Arena *arena, Str path, Str relative, Str *out) {
    Str folder = str_slice(path, 0, str_find_last_char(path, '/') + 1);
    char *joined = arena_alloc(arena, folder.len + relative.len + 2);
    ptrdiff_t len = 0;
    bool inside = true;
    Str parts[2] = {folder, relative};
    for (int p = 0; p < 2; p++) {
        for (Str rest = parts[p], part; rest.len;) {
            str_cut(rest, '/', &part, &rest);
            if (part.len == 0 || str_equal(part, S(".")))
                continue;
            if (str_equal(part, S(".."))) {
                inside = inside && len > 0;
                while (len > 0 && joined[--len] != '/') {
                }
                continue;
            }
            if (len > 0)
                joined[len++] = '/';
            for (ptrdiff_t i = 0; i < part.len; i++)
                joined[len++] = part.data[i];
        }
    }
    *out = (Str){joined, len};
    return inside;
}

static int hex_value(char c) {
    if (char_is_digit(c))
        return c - '0';
    c = char_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent-decoded (RFC 3986, 2.1); malformed escapes and %00 stay as they are. */
static Str decode(Arena *arena, Str s) {
    if (str_find_char(s, '%') < 0)
        return s;
    char *out = arena_alloc(arena, s.len + 1);
    ptrdiff_t len = 0;
    for (ptrdiff_t i = 0; i < s.len; i++) {
        int high = i + 2 < s.len && s.data[i] == '%' ? hex_value(s.data[i + 1]) : -1;
        int low = high >= 0 ? hex_value(s.data[i + 2]) : -1;
        bool is_escape = low >= 0 && high * 16 + low != 0;
        out[len++] = is_escape ? (char)(high * 16 + low) : s.data[i];
        i += is_escape ? 2 : 0;
    }
    return (Str){out, len};
}

static bool has_hidden_part(Str path) {
    for (Str rest = path, part; rest.len;) {
        str_cut(rest, '/', &part, &rest);
        if (part.len && part.data[0] == '.')
            return true;
    }
    return false;
}

/* An existing file as an asset; TARGET_NONE with errno set where there is none. */
static Target find_asset(Site *site, Str path) {
    Target *known = map_get(&site->by_path, path);
    if (known)
        return *known;
    struct stat status;
    const char *z = arena_cstr(&site->arena, path);
    int fd = has_hidden_part(path)
                 ? (errno = ENOENT, -1)
                 : fs_open_beneath(site->root, z, O_RDONLY | O_NONBLOCK, 0);
    if (fd < 0)
        return (Target){0};
    bool regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    close(fd);
    if (!regular) {
        errno = ENOENT;
        return (Target){0};
    }
    Asset *asset = arena_new(&site->arena, Asset);
    asset->path = (Str){z, path.len};
    asset->size = (ptrdiff_t)status.st_size;
    *vec_push(&site->arena, &site->assets) = asset;
    Target *target = arena_new(&site->arena, Target);
    *target = (Target){.kind = TARGET_ASSET, .asset = asset};
    map_put(&site->by_path, asset->path, target);
    return *target;
}

static Str file_name(Str path) {
    return str_from_offset(path, str_find_last_char(path, '/') + 1);
}

/* Among the files that links led to before and, unless a picture is meant, all content.
 * Names are compared without their folders, which all files share and which would make
 * anything near. */
static Str nearest_path(const Site *site, Str path, bool image) {
    Nearest nearest = nearest_init(file_name(path));
    Str best = {0};
    for (ptrdiff_t i = 0; i < site->by_path.entries.n; i++) {
        const MapEntry *entry = &site->by_path.entries.items[i];
        ptrdiff_t before = nearest.distance;
        if (!image || ((const Target *)entry->value)->kind == TARGET_ASSET)
            nearest_add(&nearest, file_name(entry->key));
        if (nearest.distance < before)
            best = entry->key;
    }
    return best;
}

enum { HINTS_MAX = 100 };

static Target report_missing(const Lookup *look, Str path) {
    Site *site = look->site;
    DiagList *diags = link_diags(site);
    Diag *diag;
    if (look->image || (!str_has_suffix(path, S(".md")) &&
                        !str_has_suffix(path, S("/")) && str_find_char(path, '.') >= 0))
        diag = diag_add(diags, DIAG_ASSET_MISSING, look->loc, "there is no file '%.*s'",
                        STR_ARG(path));
    else
        diag = diag_add(diags, DIAG_LINK_UNKNOWN, look->loc, "'%.*s' leads to nothing",
                        STR_ARG(look->written));
    if (map_get(&site->held_back, path))
        diag_hint(diags, diag, "'%.*s' is a draft or dated in the future", STR_ARG(path));
    else if (site->n_hints++ < HINTS_MAX)
        diag_hint_nearest(diags, diag, nearest_path(site, path, look->image));
    return (Target){0};
}

/* The owner of `url`, also where it is written with an ending, or without a slash, that
 * this site's URLs don't have. */
static const UrlOwner *owner_of(Site *site, Str url) {
    static const Str endings[] = {STR_INIT("index.html"), STR_INIT("/"),
                                  STR_INIT(".html")};
    const UrlOwner *owner = link_url_owner(site, url);
    for (int i = 0; i < 3 && !owner && url.len > 1; i++) {
        if (str_has_suffix(url, endings[i]))
            owner = link_url_owner(site, str_slice(url, 0, url.len - endings[i].len));
        else if (i > 0)
            owner = link_url_owner(site, arena_concat(&site->arena, url, endings[i]));
    }
    return owner;
}

static Target target_of_url(const Lookup *look, Str url, Str anchor) {
    const UrlOwner *owner = owner_of(look->site, url);
    if (!owner)
        return (Target){0};
    if (owner->target.kind == TARGET_URL) {
        Target target = owner->target;
        target.anchor = anchor;
        return target;
    }
    return with_anchor(look, owner->target, anchor);
}

/* "/explainers/x/": a URL of the site, with or without base_url's path. A file may stand
 * behind it in content/ or assets/. */
static Target resolve_absolute(const Lookup *look, Str path, Str anchor) {
    Site *site = look->site;
    Str base = site->base_path;
    if (base.len && str_has_prefix(path, base) && path.len > base.len &&
        path.data[base.len] == '/') {
        Target target = target_of_url(look, str_from_offset(path, base.len), anchor);
        if (target.kind)
            return target;
    }
    Target target = target_of_url(look, path, anchor);
    static const Str folders[] = {STR_INIT("content/"), STR_INIT("assets/"), {0}};
    for (int i = 0; i < 3 && !target.kind; i++) {
        Str file;
        if (join(&site->arena, folders[i], str_from_offset(path, 1), &file))
            target = find_asset(site, file);
        if (target.kind && target.kind != TARGET_ASSET)
            target = with_anchor(look, target, anchor);
    }
    return target.kind ? target : report_missing(look, path);
}

static Target resolve_path(const Lookup *look, Str path, Str anchor) {
    Site *site = look->site;
    Str file;
    if (!join(&site->arena, look->from->path, path, &file)) {
        diag_add(link_diags(site), DIAG_PATH_ESCAPE, look->loc,
                 "'%.*s' leads out of the site", STR_ARG(look->written));
        return (Target){0};
    }
    const Target *content = map_get(&site->by_path, file);
    if (content && content->kind != TARGET_ASSET)
        return with_anchor(look, *content, anchor);
    Target target = {0};
    if (!str_has_suffix(path, S("/")) && !map_get(&site->held_back, file))
        target = find_asset(site, file);
    int reason = errno;
    if (target.kind)
        return target;
    if (reason == EXDEV || reason == ELOOP) {
        diag_add(link_diags(site), DIAG_PATH_ESCAPE, look->loc,
                 "'%.*s' leads out of the site", STR_ARG(look->written));
        return (Target){0};
    }
    /* Relative to the page's URL, as a browser would see it. */
    Str url;
    if (!look->image && look->url.len && join(&site->arena, look->url, path, &url)) {
        url = arena_printf(&site->arena, "/%.*s%s", STR_ARG(url),
                           str_has_suffix(path, S("/")) && url.len ? "/" : "");
        target = target_of_url(look, url, anchor);
    }
    return target.kind ? target : report_missing(look, file);
}

static bool has_scheme(Str s) {
    ptrdiff_t i = 0;
    while (i < s.len && (char_is_alpha(s.data[i]) || char_is_digit(s.data[i]) ||
                         s.data[i] == '+' || s.data[i] == '-' || s.data[i] == '.'))
        i++;
    return i > 1 && i < s.len && s.data[i] == ':' && char_is_alpha(s.data[0]);
}

static Target resolve_destination(const Lookup *look) {
    Site *site = look->site;
    Str written = look->written;
    if (written.len == 0 || !url_is_safe(written))
        return (Target){0};
    if (has_scheme(written) || str_has_prefix(written, S("//")))
        return (Target){.kind = TARGET_EXTERNAL, .url = written};
    Str path, anchor, query;
    str_cut(written, '#', &path, &anchor);
    str_cut(path, '?', &path, &query);
    path = decode(&site->arena, path);
    anchor = decode(&site->arena, anchor);
    if (path.len == 0 && look->self)
        return with_anchor(look, (Target){.kind = TARGET_PAGE, .page = look->self},
                           anchor);
    if (path.len == 0) {
        Target self = target_of_url(look, look->url, anchor);
        return self.kind ? self : report_missing(look, written);
    }
    return path.data[0] == '/' ? resolve_absolute(look, path, anchor)
                               : resolve_path(look, path, anchor);
}

/* ---- names ---- */

/* "roadmap:sql" means only roadmaps; takes the prefix off. */
static unsigned take_kind(Str *name) {
    static const struct {
        const char *prefix;
        unsigned kinds;
    } prefixes[] = {{"roadmap:", NAME_ROADMAPS},
                    {"explainer:", 1u << PAGE_EXPLAINER},
                    {"issue:", 1u << PAGE_ISSUE},
                    {"page:", 1u << PAGE_PLAIN},
                    {"doc:", 1u << PAGE_DOC}};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        Str prefix = str_from(prefixes[i].prefix);
        if (str_has_prefix(*name, prefix)) {
            *name = str_from_offset(*name, prefix.len);
            return prefixes[i].kinds;
        }
    }
    return NAME_ALL;
}

static Target resolve_name(const Lookup *look, DiagCode unknown) {
    Str name, anchor;
    str_cut(look->written, '#', &name, &anchor);
    if (str_trim(name).len == 0 && look->self)
        return with_anchor(look, (Target){.kind = TARGET_PAGE, .page = look->self},
                           str_trim(anchor));
    unsigned kinds = take_kind(&name);
    Target target = link_find(look->site, name, kinds, unknown, look->loc);
    return target.kind ? with_anchor(look, target, str_trim(anchor)) : target;
}

Target link_resolve(Site *site, const Source *from, const Page *self, Str url,
                    const DocLink *link) {
    Lookup look = {.site = site,
                   .from = from,
                   .self = self,
                   .url = url,
                   .image = link->kind == DOC_IMAGE,
                   .loc = {from, link->offset},
                   .written = str_trim(link->target)};
    if (link->kind == DOC_WIKI)
        return resolve_name(&look, DIAG_LINK_UNKNOWN);
    if (link->kind == DOC_CARD)
        return resolve_name(&look, DIAG_EXPLAINER_UNKNOWN);
    return resolve_destination(&look);
}

Target link_resolve_image(Site *site, const Source *from, Text image) {
    Lookup look = {.site = site,
                   .from = from,
                   .image = true,
                   .loc = {from, image.offset},
                   .written = str_trim(image.text)};
    return resolve_destination(&look);
}

void link_resolve_texts(Site *site, const Source *from, Str url, const Texts *texts) {
    for (ptrdiff_t i = 0; i < texts->n; i++) {
        Text text = texts->items[i];
        Target *targets = arena_array(&site->arena, Target, text.links->n);
        for (ptrdiff_t k = 0; k < text.links->n; k++) {
            DocLink link = text.links->links[k];
            link.offset = text.offset;
            targets[k] = link_resolve(site, from, NULL, url, &link);
        }
        text.links->targets = targets;
    }
}

/* ---- assets ---- */

typedef struct AssetJobs {
    Site *site;
    Err *errs; /* one for each worker */
} AssetJobs;

static void finish_asset(void *context, int worker, ptrdiff_t index) {
    AssetJobs *jobs = context;
    Site *site = jobs->site;
    Asset *asset = site->assets.items[index];
    Arena scratch = {0};
    Str bytes;
    if (fs_read(site->root, asset->path.data, ASSET_BYTES_MAX, &scratch, &bytes,
                &jobs->errs[worker])) {
        Str name = str_from_offset(asset->path, str_find_last_char(asset->path, '/') + 1);
        ptrdiff_t dot = str_find_last_char(name, '.');
        Str stem = dot > 0 ? str_slice(name, 0, dot) : name;
        Str ending = dot > 0 ? str_from_offset(name, dot) : (Str){0};
        char hex[HASH_HEX_LEN + 1];
        hash_hex(hash_128(bytes), hex);
        image_size(bytes, &asset->width, &asset->height);
        asset->url =
            arena_printf(&site->worker_arenas[worker], "/assets/%.*s.%.8s%.*s",
                         STR_ARG(slug_make(&scratch, stem)), hex, STR_ARG(ending));
    }
    arena_release(&scratch);
}

bool link_finish_assets(Site *site, Err *err) {
    AssetJobs jobs = {site, arena_array(&site->arena, Err, site->n_workers)};
    pool_run(site->n_workers, site->assets.n, finish_asset, &jobs);
    for (int i = 0; i < site->n_workers; i++) {
        if (jobs.errs[i].text[0]) {
            *err = jobs.errs[i];
            return false;
        }
    }
    return true;
}
