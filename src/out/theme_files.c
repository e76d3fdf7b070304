/* The files of a theme: those that are embedded in the program, shadowed one by one by
 * those of the site. Both come sorted by path, so that one merge makes the list. */
#include "out/theme.h"

#include "base/embed.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* What the site has in `folder`; nothing where the folder does not exist. */
static bool walk_site(Theme *theme, const char *folder, FsEntries *out, Err *err) {
    if (fs_walk(theme->root, folder, theme->arena, NULL, NULL, out, err))
        return true;
    *out = (FsEntries){0};
    if (err->number != ENOENT)
        return false;
    *err = (Err){0};
    return true;
}

static void report_problem(Theme *theme, Str path, int problem, DiagList *diags) {
    Source *source = arena_new(theme->arena, Source);
    source->path = path;
    if (problem == ENOENT)
        diag_add(diags, DIAG_SYMLINK_DANGLING, (Loc){source, -1},
                 "the symbolic link leads nowhere");
    else
        diag_add(diags, DIAG_PATH_ESCAPE, (Loc){source, -1},
                 "the symbolic link leads out of the site or into itself");
}

static void add_embedded(Theme *theme, const EmbeddedFile *file, Str name,
                         ThemeFiles *out) {
    Source *source = arena_new(theme->arena, Source);
    Str path = str_from(file->path);
    source->path = arena_concat(theme->arena, S("cairn:"), path);
    source->text = (Str){(const char *)file->data, (ptrdiff_t)file->len};
    *vec_push(theme->arena, out) = (ThemeFile){path, name, source};
}

bool theme_files(Theme *theme, const char *folder, ThemeFiles *out, DiagList *diags,
                 Err *err) {
    FsEntries own = {0};
    Str prefix = arena_concat(theme->arena, str_from(folder), S("/"));
    if (!walk_site(theme, folder, &own, err))
        return false;
    size_t e = 0;
    ptrdiff_t i = 0;
    while (e < embedded_files_n &&
           !str_has_prefix(str_from(embedded_files[e].path), prefix))
        e++;
    for (;;) {
        Str name = {0};
        bool has_embedded = e < embedded_files_n &&
                            str_has_prefix(str_from(embedded_files[e].path), prefix);
        if (has_embedded)
            name = str_from_offset(str_from(embedded_files[e].path), prefix.len);
        if (i == own.n && !has_embedded)
            return true;
        int order = i == own.n      ? 1
                    : !has_embedded ? -1
                                    : str_compare(own.items[i].path, name);
        if (order > 0) {
            add_embedded(theme, &embedded_files[e++], name, out);
            continue;
        }
        const FsEntry *entry = &own.items[i++];
        Str path = arena_concat(theme->arena, prefix, entry->path);
        e += order == 0;
        if (entry->problem)
            report_problem(theme, path, entry->problem, diags);
        else
            *vec_push(theme->arena, out) =
                (ThemeFile){.path = path, .name = str_from_offset(path, prefix.len)};
    }
}

bool theme_read(Theme *theme, const ThemeFile *file, ptrdiff_t limit, Arena *arena,
                Source *source, DiagList *diags, Err *err) {
    source->path = file->path;
    source->text = (Str){0};
    const char *path = arena_cstr(theme->arena, file->path);
    if (fs_read(theme->root, path, limit, arena, &source->text, err))
        return true;
    if (err->number != EFBIG)
        return false;
    *err = (Err){0};
    source->text = (Str){0};
    diag_add(diags, DIAG_LIMIT_EXCEEDED, (Loc){source, -1}, "the file is over %td KB",
             limit / 1024);
    return true;
}
