/* The journal of publishing in place: carrying it out, now or after an interruption.
 *
 * What is new lies in OUTPUT/.cairn-staging/, named by numbers, the manifest as
 * "manifest": inside the output, so that renaming works where the output is a mount
 * point. All of it is synced before the journal gets its name, which is the moment from
 * which on the new site is decided: until then a later run removes the staging directory,
 * from then on it completes the journal. Its lines are carried out in order:
 *
 *     cairn-journal 1
 *     delete ad3ad9d91c5a7c0c3b6b2d0a8f3fe0aa 3487 a
 *     put 2 assets/site.3f1c.css
 *     put 1 a/index.html
 *     put manifest .cairn-manifest
 *     end
 *
 * Each line may be carried out twice: a staged file that is gone has been put already,
 * and only what still has the hash is deleted. Anybody may have edited the journal: its
 * paths are checked as if hostile, and resolved beneath the output.
 *
 * Specification: TRUST.md, promises 1, 2 and 4. */
#define _GNU_SOURCE
#include "out/publish_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { JOURNAL_BYTES_MAX = 1 << 29 };

typedef struct Journal {
    const Publish *publish;
    int output, staging;
    int parent; /* the directory of the last path, or -1 */
    Str parent_path;
    Arena arena; /* of parent_path and names */
    Err *err;
} Journal;

/* Opens the directory that `path` lies in, beneath the output. It is made where `make`
 * says so. Returns -1 and errno on failure. */
static int open_parent(Journal *journal, Str path, bool make) {
    Str parent = str_slice(path, 0, str_find_last_char(path, '/'));
    if (journal->parent >= 0 && str_equal(parent, journal->parent_path))
        return journal->parent;
    if (journal->parent >= 0)
        close(journal->parent);
    journal->parent = -1;
    arena_reset(&journal->arena);
    journal->parent_path = arena_str(&journal->arena, parent);
    const char *name = parent.len ? journal->parent_path.data : ".";
    Err err;
    int flags = O_PATH | O_DIRECTORY;
    journal->parent = fs_open_beneath(journal->output, name, flags, 0);
    if (journal->parent < 0 && errno == ENOENT && make) {
        if (fs_make_dirs(journal->output, name, &err))
            journal->parent = fs_open_beneath(journal->output, name, flags, 0);
        else
            errno = err.number;
    }
    return journal->parent;
}

/* What is behind the last '/', NUL-terminated. */
static const char *base_name(Journal *journal, Str path) {
    return arena_cstr(&journal->arena,
                      str_from_offset(path, str_find_last_char(path, '/') + 1));
}

static bool put(Journal *journal, Str name, Str path) {
    int parent = open_parent(journal, path, true);
    if (parent >= 0 && renameat(journal->staging, arena_cstr(&journal->arena, name),
                                parent, base_name(journal, path)) == 0)
        return true;
    if (parent >= 0 && errno == ENOENT) /* an earlier run has put it */
        return true;
    return publish_failed(journal->publish, journal->err, "replace", path);
}

/* Removes the directories of `path` that are empty now. */
static bool remove_empty(const Journal *journal, Str path) {
    char text[PUBLISH_PATH_MAX + 1];
    while ((path = str_slice(path, 0, str_find_last_char(path, '/'))).len) {
        memcpy(text, path.data, (size_t)path.len);
        text[path.len] = '\0';
        if (unlinkat(journal->output, text, AT_REMOVEDIR) == 0 || errno == ENOENT)
            continue;
        return errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR ||
               errno == EBUSY;
    }
    return true;
}

static bool delete_file(Journal *journal, const PublishedFile *file) {
    int parent = open_parent(journal, file->path, false);
    bool ok = parent >= 0 || errno == ENOENT || errno == ENOTDIR;
    if (parent >= 0) {
        const char *name = base_name(journal, file->path);
        PublishedFile here = {str_from(name), file->size, file->hash};
        FileState state = published_file_state(parent, &here);
        ok = state == FILE_INTACT ? unlinkat(parent, name, 0) == 0 || errno == ENOENT
                                  : state != FILE_UNREADABLE;
        if (ok)
            close(parent); /* it may be removed and made again */
        journal->parent = ok ? -1 : parent;
    }
    return (ok && remove_empty(journal, file->path)) ||
           publish_failed(journal->publish, journal->err, "delete", file->path);
}

static bool carry_out_line(Journal *journal, Str line) {
    Str verb, name, size, path;
    PublishedFile file;
    int64_t n;
    Err ignored;
    str_cut(line, ' ', &verb, &line);
    if (!str_cut(line, ' ', &name, &path))
        return err_format(journal->err,
                          "the journal in '%s/" STAGING_INSIDE "' is damaged",
                          journal->publish->target.name);
    if (str_equal(verb, S("put")) && str_equal(name, S(STAGED_MANIFEST)) &&
        str_equal(path, S(MANIFEST_NAME)))
        return put(journal, name, path);
    if (str_equal(verb, S("put")) && str_to_int(name, &n) &&
        publish_path_check(path, &ignored))
        return put(journal, name, path);
    if (str_equal(verb, S("delete")) && hash_parse(name, &file.hash) &&
        str_cut(path, ' ', &size, &file.path) && str_to_int(size, &n) && n >= 0 &&
        publish_path_check(file.path, &ignored)) {
        file.size = n;
        return delete_file(journal, &file);
    }
    return err_format(journal->err, "the journal in '%s/" STAGING_INSIDE "' is damaged",
                      journal->publish->target.name);
}

/* Carries out all lines between the first and the last. */
static bool carry_out_lines(const Publish *publish, int staging, Str text, Err *err) {
    Journal journal = {.publish = publish, .output = publish->target.old, .err = err};
    journal.staging = staging;
    journal.parent = -1;
    Str line;
    bool ok = true;
    str_cut(text, '\n', &line, &text);
    while (ok && str_cut(text, '\n', &line, &text) && !str_equal(line, S("end")))
        ok = carry_out_line(&journal, line);
    if (journal.parent >= 0)
        close(journal.parent);
    arena_release(&journal.arena);
    return ok;
}

/* After the journal is carried out: all of it is durable before the journal goes. */
static bool finish(const Publish *publish, int staging, Err *err) {
    if (publish->sync && syncfs(publish->target.old) < 0)
        return publish_failed(publish, err, "sync", S(""));
    if (unlinkat(staging, JOURNAL, 0) < 0 && errno != ENOENT)
        return publish_failed(publish, err, "remove", S(STAGING_INSIDE "/" JOURNAL));
    return fs_remove_tree(publish->target.old, STAGING_INSIDE, err);
}

bool journal_carry_out(const Publish *publish, int staging, Str text, Err *err) {
    return carry_out_lines(publish, staging, text, err) && finish(publish, staging, err);
}

bool journal_recover(Publish *publish, Err *err) {
    int output = publish->target.old;
    int staging = output < 0 ? -1
                             : openat(output, STAGING_INSIDE,
                                      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (staging < 0)
        return output < 0 || errno == ENOENT ||
               publish_failed(publish, err, "open", S(STAGING_INSIDE));
    Arena arena = {0};
    Str text;
    bool ok;
    if (fs_read(staging, JOURNAL, JOURNAL_BYTES_MAX, &arena, &text, err)) {
        ok = true;
        if (str_has_prefix(text, S("cairn-journal 1\n")) &&
            str_has_suffix(text, S("\nend\n")))
            ok = carry_out_lines(publish, staging, text, err);
        ok = ok && finish(publish, staging, err);
    } else {
        ok = err->number == ENOENT && fs_remove_tree(output, STAGING_INSIDE, err);
    }
    close(staging);
    arena_release(&arena);
    return ok;
}
