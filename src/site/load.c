/* Load and parse: from a directory to pages and roadmaps, in parallel.
 *
 * The walk lists the files of each kind's folder; then every file is one job: read, check
 * the encoding, parse. Jobs write only to their own entry of `files` and to their
 * worker's arena and diagnostics, so nothing is locked; the order of the entries, not of
 * the work, decides everything that follows. */
#include "site/site.h"

#include "base/pool.h"
#include "base/utf8.h"
#include "site/issue.h"
#include "site/link.h"
#include "site/page.h"
#include "site/roadmap.h"
#include "text/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROADMAP_KIND = PAGE_KINDS, YAML_BYTES_MAX = 64 << 20 };

typedef struct FileResult {
    int kind; /* PageKind or ROADMAP_KIND */
    Str path; /* relative to the site */
    Str name; /* below the kind's folder, without the ending */
    int problem;
    Page *page;
    Issue *issue;
    Roadmap *roadmap;
    Err *err; /* set where the file couldn't be read */
} FileResult;

typedef struct Loader {
    Site *site;
    const SiteOptions *options;
    LoadSettings settings;
    Vec(FileResult *) files;
    Buf *scratch; /* one for each worker */
    Arena arena;  /* for what is forgotten when all is loaded */
} Loader;

/* Encoding: the first thing that is wrong with the bytes, at its place. */
static bool check_text(const Source *source, DiagList *diags) {
    ptrdiff_t bad = utf8_find_invalid(source->text);
    ptrdiff_t nul = str_find_char(source->text, '\0');
    if (bad >= 0) {
        Diag *diag = diag_add(diags, DIAG_INVALID_UTF8, (Loc){source, bad},
                              "byte 0x%02x is not valid UTF-8",
                              (unsigned char)source->text.data[bad]);
        diag_hint(diags, diag, "save the file as UTF-8");
        return false;
    }
    if (nul >= 0) {
        diag_add(diags, DIAG_NUL_BYTE, (Loc){source, nul},
                 "the file contains a NUL byte");
        return false;
    }
    return true;
}

/* A diagnostic about the file as a whole, where it is the author who can mend what made
 * reading fail with `number` (an errno). False for all else. */
static bool report_problem(Str path, int number, ptrdiff_t limit, Arena *arena,
                           DiagList *diags) {
    Source *source = arena_new(arena, Source);
    source->path = path;
    Loc loc = {source, -1};
    if (number == ENOENT)
        diag_add(diags, DIAG_SYMLINK_DANGLING, loc, "the symbolic link leads nowhere");
    else if (number == ENAMETOOLONG)
        diag_add(diags, DIAG_PATH_TOO_LONG, loc, "the name is too long");
    else if (number == EXDEV || number == ELOOP)
        diag_add(diags, DIAG_PATH_ESCAPE, loc,
                 "the symbolic link leads out of the site or into itself");
    else if (number == EFBIG)
        diag_hint(diags,
                  diag_add(diags, DIAG_LIMIT_EXCEEDED, loc,
                           "the file is larger than %td bytes", limit),
                  "split it, or raise limits: page_bytes in site.yaml");
    else
        return false;
    return true;
}

/* Reads `path`; NULL after a diagnostic, or with err->text set where the system failed.
 */
static Source *read_source(const Site *site, Str path, ptrdiff_t limit, Arena *arena,
                           DiagList *diags, Err *err) {
    Source *source = arena_new(arena, Source);
    source->path = path;
    if (!fs_read(site->root, path.data, limit, arena, &source->text, err)) {
        if (report_problem(path, err->number, limit, arena, diags))
            *err = (Err){0};
        return NULL;
    }
    return check_text(source, diags) ? source : NULL;
}

static void parse_with(const Loader *loader, FileResult *file, Arena *arena, Buf *scratch,
                       DiagList *diags) {
    Site *site = loader->site;
    if (file->problem) {
        if (!report_problem(file->path, file->problem, 0, arena, diags))
            report_problem(file->path, EXDEV, 0, arena, diags);
        return;
    }
    bool is_roadmap = file->kind == ROADMAP_KIND;
    ptrdiff_t limit = is_roadmap ? YAML_BYTES_MAX : (ptrdiff_t)site->settings.page_bytes;
    Err err = {0};
    const Source *source = read_source(site, file->path, limit, arena, diags, &err);
    if (!source && err.text[0]) {
        file->err = arena_new(arena, Err);
        *file->err = err;
    }
    if (!source)
        return;
    if (is_roadmap) {
        file->roadmap = roadmap_parse(source, arena, diags);
        file->roadmap->name = file->name;
        return;
    }
    ParseJob job = {.kind = (PageKind)file->kind,
                    .name = file->name,
                    .source = source,
                    .load = &loader->settings,
                    .settings = &site->settings,
                    .now = loader->options->now,
                    .future = loader->options->future,
                    .arena = arena,
                    .scratch = scratch,
                    .diags = diags};
    file->page = page_parse(&job, &file->issue);
}

/* Arena and buffer are written to all the time: on the stack they share no cache line
 * with those of the other workers. */
static void parse_file(void *context, int worker, ptrdiff_t index) {
    Loader *loader = context;
    Site *site = loader->site;
    Arena arena = site->worker_arenas[worker];
    Buf scratch = loader->scratch[worker];
    parse_with(loader, loader->files.items[index], &arena, &scratch,
               &site->diags[worker]);
    site->worker_arenas[worker] = arena;
    loader->scratch[worker] = scratch;
}

static Str folder_of(const Loader *loader, int kind) {
    return kind == ROADMAP_KIND ? loader->settings.roadmaps
                                : loader->settings.folders[kind];
}

typedef struct Walk {
    const Loader *loader;
    int kind;
} Walk;

/* A folder inside another kind's folder belongs to the more specific kind. */
static bool is_other_kind(void *context, Str path) {
    const Walk *walk = context;
    Str folder = folder_of(walk->loader, walk->kind);
    for (int kind = 0; kind <= ROADMAP_KIND; kind++) {
        Str other = folder_of(walk->loader, kind);
        if (kind == walk->kind || str_equal(other, folder))
            continue;
        Str below = other;
        if (!str_equal(folder, S("."))) {
            if (!str_has_prefix(other, folder) || other.len <= folder.len ||
                other.data[folder.len] != '/')
                continue;
            below = str_from_offset(other, folder.len + 1);
        }
        if (str_equal(below, path))
            return true;
    }
    return false;
}

/* The file's name without an ending that its kind takes; false for other files. */
static bool strip_ending(int kind, Str path, Str *name) {
    static const Str pages[] = {STR_INIT(".md"), STR_INIT(".markdown"), {0}};
    static const Str roadmaps[] = {STR_INIT(".yaml"), STR_INIT(".yml"), {0}};
    ptrdiff_t slash = str_find_last_char(path, '/');
    if (path.len > slash + 1 && path.data[slash + 1] == '_')
        return false;
    for (const Str *ending = kind == ROADMAP_KIND ? roadmaps : pages; ending->len;
         ending++) {
        if (str_has_suffix(path, *ending) && path.len > ending->len) {
            *name = str_slice(path, 0, path.len - ending->len);
            return true;
        }
    }
    return false;
}

static bool list_folder(Loader *loader, int kind, Err *err) {
    Site *site = loader->site;
    Str folder = folder_of(loader, kind);
    const char *path = arena_cstr(&site->arena, folder);
    int exists = fs_open_beneath(site->root, path, O_DIRECTORY, 0);
    if (exists < 0)
        return errno == ENOENT ||
               report_problem(folder, errno, 0, &site->arena, link_diags(site)) ||
               err_set(err, "open", path);
    close(exists);
    Walk walk = {loader, kind};
    FsEntries entries = {0};
    if (!fs_walk(site->root, path, &loader->arena, is_other_kind, &walk, &entries, err))
        return false;
    for (ptrdiff_t i = 0; i < entries.n; i++) {
        Str name = entries.items[i].path;
        if (!strip_ending(kind, entries.items[i].path, &name) &&
            !entries.items[i].problem)
            continue; /* a link that leads out may have led to a folder of pages */
        FileResult *file = arena_new(&loader->arena, FileResult);
        file->kind = kind;
        file->problem = entries.items[i].problem;
        file->path = str_equal(folder, S("."))
                         ? arena_str(&site->arena, entries.items[i].path)
                         : arena_printf(&site->arena, "%.*s/%.*s", STR_ARG(folder),
                                        STR_ARG(entries.items[i].path));
        file->name = str_slice(file->path, file->path.len - entries.items[i].path.len,
                               file->path.len - entries.items[i].path.len + name.len);
        *vec_push(&loader->arena, &loader->files) = file;
    }
    return true;
}

/* True where the page waits for its day, or for its author. */
static bool is_held_back(const SiteOptions *options, bool draft, Date date) {
    return (draft && !options->drafts) ||
           (!options->future && date.set && options->now.set &&
            date_compare(date, options->now) > 0);
}

/* Content that is found by its path: what links lead to. */
static void add_path(Site *site, const FileResult *file) {
    Target *target = arena_new(&site->arena, Target);
    if (file->roadmap)
        *target = (Target){.kind = TARGET_ROADMAP, .roadmap = file->roadmap};
    else
        *target = (Target){.kind = TARGET_PAGE, .page = file->page};
    map_put(&site->by_path, file->path, target);
}

static void keep_issue(Site *site, const FileResult *file) {
    Issue *issue = file->issue;
    *vec_push(&site->arena, &site->issues) = issue;
    if (issue->number < 0)
        issue->number = issue_number_from_name(file->name);
    for (ptrdiff_t i = 0; i < issue->items.n; i++)
        if (issue->items.items[i].page)
            *vec_push(&site->arena, &site->pages[PAGE_EXPLAINER]) =
                issue->items.items[i].page;
}

static void keep(Loader *loader, const FileResult *file) {
    Site *site = loader->site;
    const Page *page = file->page;
    const Roadmap *roadmap = file->roadmap;
    if (!page && !roadmap)
        return;
    if (page ? is_held_back(loader->options, page->draft, page->date)
             : is_held_back(loader->options, roadmap->draft, roadmap->date)) {
        map_put(&site->held_back, file->path,
                file->page ? (void *)file->page : file->roadmap);
        return;
    }
    add_path(site, file);
    if (file->roadmap)
        *vec_push(&site->arena, &site->roadmaps) = file->roadmap;
    else
        *vec_push(&site->arena, &site->pages[file->kind]) = file->page;
    if (file->issue)
        keep_issue(site, file);
}

/* Reads a file that may be missing: then true and *source is NULL, as after a diagnostic.
 */
static bool read_optional(Site *site, Str path, const Source **source, Err *err) {
    *source = NULL;
    int fd = fs_open_beneath(site->root, path.data, O_PATH | O_NOFOLLOW, 0);
    if (fd < 0 && errno == ENOENT)
        return true;
    if (fd >= 0)
        close(fd);
    *source =
        read_source(site, path, YAML_BYTES_MAX, &site->arena, link_diags(site), err);
    return *source || !err->text[0];
}

static bool load_settings(Loader *loader, Err *err) {
    Site *site = loader->site;
    const Source *source;
    int fd = fs_open_beneath(site->root, "content", O_DIRECTORY, 0);
    if (fd < 0)
        return err_format(err, "there is no site in '%s': it has no folder 'content'",
                          loader->options->root);
    close(fd);
    if (!read_optional(site, S("content/site.yaml"), &source, err))
        return false;
    settings_read(site, source, loader->options, &loader->settings, link_diags(site));
    if (!read_optional(site, S("content/glossary.yaml"), &source, err))
        return false;
    if (source)
        link_glossary(site, source);
    return true;
}

static bool load_files(Loader *loader, Err *err) {
    Site *site = loader->site;
    for (int kind = 0; kind <= ROADMAP_KIND; kind++)
        if (!list_folder(loader, kind, err))
            return false;
    loader->scratch = arena_array(&site->arena, Buf, site->n_workers);
    pool_run(site->n_workers, loader->files.n, parse_file, loader);
    for (int i = 0; i < site->n_workers; i++)
        buf_release(&loader->scratch[i]);
    map_reserve(&site->by_path, loader->files.n);
    map_reserve(&site->by_url, loader->files.n + loader->files.n / 4);
    for (ptrdiff_t i = 0; i < loader->files.n; i++) {
        FileResult *file = loader->files.items[i];
        if (file->err) {
            *err = *file->err;
            return false;
        }
        keep(loader, file);
    }
    return true;
}

bool site_load(Site *site, const SiteOptions *options, Err *err) {
    *site = (Site){.n_workers = options->workers, .root = -1};
    site->worker_arenas = arena_array(&site->arena, Arena, site->n_workers);
    site->diags = arena_array(&site->arena, DiagList, site->n_workers + 1);
    site->by_url = map_init(&site->arena);
    site->by_path = map_init(&site->arena);
    site->held_back = map_init(&site->arena);
    *err = (Err){0};
    site->root = fs_open_root(options->root, err);
    if (site->root < 0)
        return false;
    Loader loader = {.site = site, .options = options};
    bool loaded = load_settings(&loader, err) && load_files(&loader, err);
    arena_release(&loader.arena);
    return loaded && site_link(site, &loader.settings, err);
}

void site_release(Site *site) {
    for (int i = 0; i < site->n_workers; i++)
        arena_release(&site->worker_arenas[i]);
    for (int i = 0; i <= site->n_workers && site->diags; i++)
        diag_list_release(&site->diags[i]);
    if (site->root >= 0)
        close(site->root);
    arena_release(&site->arena);
    *site = (Site){.root = -1};
}

DiagReport site_report(const Site *site, Arena *arena) {
    return diags_finish(arena, site->diags, site->n_workers + 1, site->severities);
}
