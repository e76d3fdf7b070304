/* Publishing as a whole: complete the staging directory, sync it, exchange it for the
 * site.
 *
 * What has to be in it beside the new files: the unchanged ones, as hard links; what
 * others put into the output, which a listing of the old tree finds; the manifest. Links
 * cost an mkdirat and a linkat a page, and removing the old tree as much again and more:
 * 10,000 pages in directories of their own take 300 ms and 650 ms, and ext4 slows down
 * every build of the following minutes, since it does not reuse inodes that were just
 * freed. So the old tree of a large site is kept as the spare, and the next build
 * corrects it: files that are still the same inode as in the output stay, everything else
 * is replaced or removed. The spare is never believed: an inode that is also in the
 * output, where its bytes have just been compared, is the proof for each single file.
 *
 * After the exchange the old tree is listed once more. What appeared in it after the
 * first listing is moved into the new site, so that nothing that others wrote is lost.
 *
 * Specification: TRUST.md, promises 1, 2 and 4; DEPENDENCIES.md, "What the disk costs".
 */
#define _GNU_SOURCE
#include "base/pool.h"
#include "out/publish_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Whole {
    Publish *publish;
    const Plan *plan;
    Tree old;                       /* the output, as it was found */
    Vec(const TreeEntry *) carried; /* of `old`: what is not ours */
    Map carried_paths;              /* with the directories above */
    pthread_mutex_t mutex;
    int error; /* errno of the first link that failed */
    Str error_path;
} Whole;

/* What a failed call means: `errno` may say "not on this file system", not "went wrong".
 */
static CommitState state_of_errno(const Publish *publish, const char *verb, Str path,
                                  Err *err) {
    publish_failed(publish, err, verb, path);
    switch (err->number) {
    case EXDEV:
    case EPERM:
    case EMLINK:
    case EOPNOTSUPP:
    case ENOSYS:
    case EINVAL:
    case EBUSY:
        return COMMIT_NOT_POSSIBLE;
    default:
        return COMMIT_FAILED;
    }
}

/* ---- what others put into the output ---- */

static void carry(Whole *whole, const TreeEntry *entry) {
    *vec_push(&whole->publish->arena, &whole->carried) = entry;
    Str path = entry->path;
    for (; path.len; path = str_slice(path, 0, str_find_last_char(path, '/')))
        map_put(&whole->carried_paths, path, whole);
}

static bool is_ours(const Whole *whole, const Map *gone, const TreeEntry *entry) {
    const Plan *plan = whole->plan;
    if (entry->type == DT_DIR)
        return map_get(&plan->directories, entry->path) ||
               manifest_lists_below(&whole->publish->old, entry->path);
    return map_get(&plan->by_path, entry->path) || map_get(gone, entry->path);
}

static CommitState find_carried(Whole *whole, PublishResult *result, Err *err) {
    Publish *publish = whole->publish;
    const Plan *plan = whole->plan;
    whole->carried_paths = map_init(&publish->arena);
    if (!tree_list(&whole->old, publish->target.old, publish->n_workers, err))
        return err->number == EXDEV || err->number == EACCES ? COMMIT_NOT_POSSIBLE
                                                             : COMMIT_FAILED;
    Map gone = map_init(&publish->arena);
    for (ptrdiff_t i = 0; i < plan->gone.n; i++)
        map_put(&gone, plan->gone.items[i]->path, whole);
    result->kept = 0;
    for (ptrdiff_t i = 0; i < whole->old.entries.n; i++) {
        const TreeEntry *entry = &whole->old.entries.items[i];
        if (is_ours(whole, &gone, entry))
            continue;
        if (plan_collides(plan, entry->path)) {
            publish_refused(publish, err, entry->path,
                            "not by this program, and in the way");
            return COMMIT_FAILED;
        }
        carry(whole, entry);
        result->kept += entry->type != DT_DIR;
    }
    return COMMIT_DONE;
}

static bool carry_directory(const Publish *publish, Str path) {
    struct stat st;
    return staging_make_directory(publish->staging, &publish->workers[0], path) &&
           fstatat(publish->target.old, path.data, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           fchmodat(staging_fd(publish->staging), path.data, st.st_mode & 07777, 0) == 0;
}

static bool carry_symlink(const Publish *publish, Str path) {
    char destination[PATH_MAX];
    ssize_t len =
        readlinkat(publish->target.old, path.data, destination, sizeof destination - 1);
    if (len < 0)
        return false;
    destination[len] = '\0';
    return staging_symlink(publish->staging, &publish->workers[0], path, destination);
}

static CommitState place_carried(const Whole *whole, Err *err) {
    const Publish *publish = whole->publish;
    for (ptrdiff_t i = 0; i < whole->carried.n; i++) {
        const TreeEntry *entry = whole->carried.items[i];
        bool ok = entry->type == DT_DIR ? carry_directory(publish, entry->path)
                  : entry->type == DT_LNK
                      ? carry_symlink(publish, entry->path)
                      : staging_link(publish->staging, publish->workers,
                                     publish->target.old, entry->path);
        if (!ok)
            return state_of_errno(publish, "keep", entry->path, err);
    }
    return COMMIT_DONE;
}

/* ---- our own files ---- */

/* Removes what the spare has and the new site hasn't. Directories last, deepest first. */
static bool remove_strays(const Whole *whole, Err *err) {
    const Publish *publish = whole->publish;
    const Plan *plan = whole->plan;
    int dir = staging_fd(publish->staging);
    Tree tree;
    bool ok = tree_list(&tree, dir, publish->n_workers, err);
    for (int directories = 0; directories < 2; directories++)
        for (ptrdiff_t i = tree.entries.n - 1; ok && i >= 0; i--) {
            const TreeEntry *entry = &tree.entries.items[i];
            bool is_directory = entry->type == DT_DIR;
            const Map *wanted = is_directory ? &plan->directories : &plan->by_path;
            if (is_directory != directories || map_get(wanted, entry->path) ||
                map_get(&whole->carried_paths, entry->path))
                continue;
            ok = unlinkat(dir, entry->path.data, is_directory ? AT_REMOVEDIR : 0) == 0 ||
                 err_set(err, "remove", entry->path.data);
        }
    tree_release(&tree);
    return ok;
}

static void link_unchanged(void *context, int worker, ptrdiff_t index) {
    Whole *whole = context;
    Publish *publish = whole->publish;
    const NewFile *file = &whole->plan->files.items[index];
    if (file->number || staging_link(publish->staging, &publish->workers[worker],
                                     publish->target.old, file->file.path))
        return;
    int number = errno;
    pthread_mutex_lock(&whole->mutex);
    if (!whole->error) {
        whole->error = number;
        whole->error_path = file->file.path;
    }
    pthread_mutex_unlock(&whole->mutex);
}

static CommitState place_unchanged(Whole *whole, Err *err) {
    const Publish *publish = whole->publish;
    pthread_mutex_init(&whole->mutex, NULL);
    pool_run(publish->n_workers, whole->plan->files.n, link_unchanged, whole);
    pthread_mutex_destroy(&whole->mutex);
    errno = whole->error;
    return errno ? state_of_errno(publish, "link", whole->error_path, err) : COMMIT_DONE;
}

/* The manifest; and mode and owner of the directory that is replaced. */
static bool finish_staging(const Whole *whole, Err *err) {
    const Publish *publish = whole->publish;
    int dir = staging_fd(publish->staging);
    Buf text = {0};
    plan_manifest(whole->plan, &text);
    bool ok = staging_write(publish->staging, publish->workers, S(MANIFEST_NAME),
                            buf_view(&text)) ||
              publish_failed(publish, err, "write", S(MANIFEST_NAME));
    buf_release(&text);
    struct stat old, new;
    if (!ok || publish->target.old < 0)
        return ok;
    if (fstat(publish->target.old, &old) < 0 || fstat(dir, &new) < 0 ||
        ((old.st_uid != new.st_uid || old.st_gid != new.st_gid) &&
         fchown(dir, old.st_uid, old.st_gid) < 0 && errno != EPERM) ||
        fchmod(dir, old.st_mode & 07777) < 0)
        return publish_failed(publish, err, "create", S(""));
    return true;
}

/* ---- the exchange ---- */

static CommitState exchange(const Publish *publish, Err *err) {
    const Target *target = &publish->target;
    const char *name = publish->staging->name;
    int failed = target->first
                     ? renameat(target->parent, name, target->parent, target->base)
                     : renameat2(target->parent, name, target->parent, target->base,
                                 RENAME_EXCHANGE);
    return failed ? state_of_errno(publish, "replace", S(""), err) : COMMIT_DONE;
}

/* Moves a file that came too late to be carried from the old tree to the new one. */
static void rescue(Publish *publish, int site, Str path) {
    Arena arena = {0};
    Err err;
    Str above = str_slice(path, 0, str_find_last_char(path, '/'));
    if ((above.len && !fs_make_dirs(site, arena_cstr(&arena, above), &err)) ||
        renameat2(publish->target.old, path.data, site, path.data, RENAME_NOREPLACE) < 0)
        publish_note(publish, "'%s/%.*s' appeared during the build and could not be kept",
                     publish->target.name, STR_ARG(path));
    arena_release(&arena);
}

/* Looks for late files. False where the old tree can't be listed. */
static bool rescue_all(Whole *whole) {
    Publish *publish = whole->publish;
    const Target *target = &publish->target;
    int site = openat(target->parent, target->base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    Tree now;
    Err err;
    bool ok = tree_list(&now, target->old, publish->n_workers, &err) && site >= 0;
    for (ptrdiff_t i = 0, before = 0; ok && i < now.entries.n; i++) {
        const TreeEntry *entry = &now.entries.items[i];
        int order = -1;
        while (before < whole->old.entries.n &&
               (order = str_compare(whole->old.entries.items[before].path, entry->path)) <
                   0)
            before++;
        if (order != 0 && entry->type != DT_DIR)
            rescue(publish, site, entry->path);
    }
    tree_release(&now);
    if (site >= 0)
        close(site);
    return ok;
}

/* The old tree now has the staging directory's name: it becomes the spare, or goes. The
 * site is published, so that a failure is only worth a note. */
static void part_with_tree(Whole *whole) {
    Publish *publish = whole->publish;
    const Staging *staging = publish->staging;
    Err err;
    if (!rescue_all(whole))
        publish_note(publish, "'%s' could not be read and stays", staging->name);
    else if (publish->old.files.n >= PUBLISH_SPARE_MIN)
        renameat(staging->parent, staging->name, staging->parent, staging->spare);
    else if (!fs_remove_tree(staging->parent, staging->name, &err))
        publish_note(publish, "%s", err.text);
}

static CommitState prepare(Whole *whole, PublishResult *result, Err *err) {
    Publish *publish = whole->publish;
    CommitState state = COMMIT_DONE;
    if (!publish->target.first)
        state = find_carried(whole, result, err);
    if (state == COMMIT_DONE &&
        (!staging_open(publish->staging, err) ||
         (publish->staging->reused && !remove_strays(whole, err))))
        state = COMMIT_FAILED;
    if (state == COMMIT_DONE && !publish->target.first)
        state = place_unchanged(whole, err);
    if (state == COMMIT_DONE)
        state = place_carried(whole, err);
    if (state == COMMIT_DONE && !finish_staging(whole, err))
        state = COMMIT_FAILED;
    if (state == COMMIT_DONE && !staging_sync(publish->staging)) {
        publish_failed(publish, err, "sync", S(""));
        state = COMMIT_FAILED;
    }
    return state;
}

CommitState commit_whole(Publish *publish, const Plan *plan, PublishResult *result,
                         Err *err) {
    Whole whole = {.publish = publish, .plan = plan};
    CommitState state = prepare(&whole, result, err);
    if (state == COMMIT_DONE)
        state = exchange(publish, err);
    if (state == COMMIT_DONE) {
        staging_close(publish->staging);
        if (!publish->target.first)
            part_with_tree(&whole);
    }
    tree_release(&whole.old);
    return state;
}
