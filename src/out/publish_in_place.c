/* Publishing in place: only what differs is renamed over the old files, behind a journal.
 *
 * The format of the journal, and how it is carried out, is in publish_journal.c. Here it
 * is written. Its order is that of ranks[]: nobody is sent a page whose style sheet isn't
 * there yet, feeds announce pages that exist, deletions come last. Only what stands in
 * the way of a new file (a file where a directory must be, or the reverse) is deleted
 * first.
 *
 * Once the journal counts there is no way back, so all that can fail comes before: what
 * others put in the way of a new file is looked for, and directories are made, so that a
 * full disk is met while the old site is whole. Renaming needs next to no space.
 *
 * Specification: TRUST.md, promises 1, 2 and 4. */
#define _GNU_SOURCE
#include "out/publish_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the journal ---- */

/* In which order files are put: by the ending of their names. */
static const struct {
    Str ending;
    int rank;
} ranks[] = {
    {STR_INIT(".html"), 1}, /* pages, when what they need is there */
    {STR_INIT(".xml"), 2},  /* feeds and site maps announce pages */
    {STR_INIT(".txt"), 2},
    {STR_INIT(".json"), 2},
};

enum { RANK_OTHER = 0, N_RANKS = 3 };

static int rank_of(Str path) {
    for (size_t i = 0;
         !str_has_prefix(path, S("assets/")) && i < sizeof ranks / sizeof *ranks; i++)
        if (str_has_suffix(path, ranks[i].ending))
            return ranks[i].rank;
    return RANK_OTHER;
}

static void write_delete(Buf *out, const PublishedFile *file) {
    buf_cstr(out, "delete ");
    manifest_add(out, file);
}

static void write_journal(const Plan *plan, Buf *out) {
    buf_cstr(out, "cairn-journal 1\n");
    for (ptrdiff_t i = 0; i < plan->gone.n; i++)
        if (plan_collides(plan, plan->gone.items[i]->path))
            write_delete(out, plan->gone.items[i]);
    for (int rank = 0; rank < N_RANKS; rank++)
        for (ptrdiff_t i = 0; i < plan->files.n; i++) {
            const NewFile *file = &plan->files.items[i];
            if (file->number && rank_of(file->file.path) == rank)
                buf_printf(out, "put %d %.*s\n", file->number, STR_ARG(file->file.path));
        }
    for (ptrdiff_t i = 0; i < plan->gone.n; i++)
        if (!plan_collides(plan, plan->gone.items[i]->path))
            write_delete(out, plan->gone.items[i]);
    buf_cstr(out, "put " STAGED_MANIFEST " " MANIFEST_NAME "\nend\n");
}

/* ---- what is in the way ---- */

typedef struct Checked {
    const Publish *publish;
    const Plan *plan;
    Map gone;
    Arena arena;
    Map directories;        /* that exist or were made */
    Vec(const char *) made; /* in order */
    Err *err;
} Checked;

static bool in_the_way(Checked *checked, Str path) {
    return publish_refused(checked->publish, checked->err, path,
                           "not by this program, and in the way");
}

/* Makes the directory `path`, whose parent exists, unless it exists or a file of ours
 * that will be deleted has its name. Sets *blocked in that case. */
static bool make_directory(Checked *checked, const char *path, bool *blocked) {
    int output = checked->publish->target.old;
    struct stat st;
    if (mkdirat(output, path, 0777) == 0) {
        *vec_push(&checked->arena, &checked->made) = path;
        return true;
    }
    if (errno != EEXIST || fstatat(output, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return publish_failed(checked->publish, checked->err, "create directory",
                              str_from(path));
    *blocked = !S_ISDIR(st.st_mode);
    return !*blocked || map_get(&checked->gone, str_from(path)) ||
           in_the_way(checked, str_from(path));
}

static bool make_directories(Checked *checked, Str path) {
    bool blocked = false;
    for (ptrdiff_t at = 1; at < path.len && !blocked; at++) {
        Str prefix = {path.data, at};
        if (path.data[at] != '/' || map_get(&checked->directories, prefix))
            continue;
        prefix = arena_str(&checked->arena, prefix);
        if (!make_directory(checked, prefix.data, &blocked))
            return false;
        if (!blocked)
            map_put(&checked->directories, prefix, checked);
    }
    return true;
}

/* A directory with the name of a new file: all in it must be ours and about to go. */
static bool check_directory(Checked *checked, Str path) {
    Tree tree = {0};
    int fd = fs_open_beneath(checked->publish->target.old, path.data,
                             O_RDONLY | O_DIRECTORY, 0);
    bool ok = fd >= 0 ? tree_list(&tree, fd, 1, checked->err)
                      : publish_failed(checked->publish, checked->err, "open", path);
    for (ptrdiff_t i = 0; ok && i < tree.entries.n; i++) {
        const TreeEntry *entry = &tree.entries.items[i];
        Str full = arena_printf(&checked->arena, "%.*s/%.*s", STR_ARG(path),
                                STR_ARG(entry->path));
        ok = (entry->type == DT_DIR ? manifest_lists_below(&checked->publish->old, full)
                                    : map_get(&checked->gone, full) != NULL) ||
             in_the_way(checked, full);
    }
    if (ok && tree.entries.n == 0)
        ok = in_the_way(checked, path);
    if (fd >= 0)
        close(fd);
    tree_release(&tree);
    return ok;
}

static bool check_file(Checked *checked, Str path) {
    struct stat st;
    return make_directories(checked, path) &&
           (fstatat(checked->publish->target.old, path.data, &st, AT_SYMLINK_NOFOLLOW) <
                0 ||
            !S_ISDIR(st.st_mode) || check_directory(checked, path));
}

/* Makes the directories of all new files, and checks that nothing is in their way. */
static bool clear_the_way(Checked *checked) {
    const Plan *plan = checked->plan;
    checked->gone = checked->directories = map_init(&checked->arena);
    for (ptrdiff_t i = 0; i < plan->gone.n; i++)
        map_put(&checked->gone, plan->gone.items[i]->path, checked);
    bool ok = true;
    for (ptrdiff_t i = 0; ok && i < plan->files.n; i++)
        ok = !plan->files.items[i].number ||
             check_file(checked, plan->files.items[i].file.path);
    return ok;
}

static void remove_made(Checked *checked) {
    while (checked->made.n > 0)
        unlinkat(checked->publish->target.old, checked->made.items[--checked->made.n],
                 AT_REMOVEDIR);
}

/* ---- commit ---- */

bool restage_in_place(Publish *publish, Plan *plan, Err *err) {
    int from = staging_fd(&publish->beside);
    if (!staging_open(publish->staging, err))
        return false;
    for (ptrdiff_t i = 0; i < plan->files.n; i++) {
        NewFile *file = &plan->files.items[i];
        if (!file->number)
            continue;
        file->number = staging_number(publish->staging);
        char name[16];
        snprintf(name, sizeof name, "%d", file->number);
        if (renameat(from, file->file.path.data, staging_fd(publish->staging), name) == 0)
            continue;
        Arena arena = {0};
        Str bytes;
        bool ok =
            fs_read(from, file->file.path.data, file->file.size, &arena, &bytes, err) &&
            fs_create(staging_fd(publish->staging), name, bytes, err);
        arena_release(&arena);
        if (!ok)
            return false;
    }
    return true;
}

static bool write_synced(const Publish *publish, int staging, const char *name, Str text,
                         Err *err) {
    if (!fs_create(staging, name, text, err))
        return false;
    int fd = openat(staging, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool ok = fd >= 0 && (!publish->sync || fsync(fd) == 0);
    if (!ok)
        err_set(err, "sync", name);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Stages manifest and journal. When this returns true, the journal counts. */
static bool stage_journal(const Publish *publish, const Plan *plan, Str journal,
                          Err *err) {
    int staging = staging_fd(publish->staging);
    Buf manifest = {0};
    plan_manifest(plan, &manifest);
    bool ok = fs_create(staging, STAGED_MANIFEST, buf_view(&manifest), err);
    buf_release(&manifest);
    if (ok && !staging_sync(publish->staging))
        ok = publish_failed(publish, err, "sync", S(""));
    if (!ok || !write_synced(publish, staging, JOURNAL_NEW, journal, err))
        return false;
    if (renameat(staging, JOURNAL_NEW, staging, JOURNAL) < 0 ||
        (publish->sync && fsync(staging) < 0)) {
        publish_failed(publish, err, "write", S(STAGING_INSIDE "/" JOURNAL));
        unlinkat(staging, JOURNAL, 0); /* before any file that it names is removed */
        return false;
    }
    return true;
}

bool commit_in_place(Publish *publish, const Plan *plan, Err *err) {
    Buf journal = {0};
    Checked checked = {.publish = publish, .plan = plan, .err = err};
    write_journal(plan, &journal);
    bool ok = staging_open(publish->staging, err) && clear_the_way(&checked) &&
              stage_journal(publish, plan, buf_view(&journal), err);
    if (ok) {
        int staging = staging_fd(publish->staging);
        ok = journal_carry_out(publish, staging, buf_view(&journal), err);
        staging_close(publish->staging); /* what is left, a later run completes */
    } else {
        remove_made(&checked);
    }
    arena_release(&checked.arena);
    buf_release(&journal);
    return ok;
}
