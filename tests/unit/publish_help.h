/* Small sites for the tests of publishing: building them, and looking at what is there.
 */
#pragma once

#include "out/publish.h"
#include "out/publish_parts.h"
#include "tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct SiteFile {
    const char *path, *text;
} SiteFile;

#define N_FILES(files) ((ptrdiff_t)(sizeof(files) / sizeof *(files)))

/* An empty directory of its own in `tmp` (NULL: TMPDIR), which becomes the current one,
 * so that all paths of a test are short and relative. */
static inline void enter_workspace(const char *tmp) {
    char path[500];
    if (!tmp && !(tmp = getenv("TMPDIR")))
        tmp = "/tmp";
    snprintf(path, sizeof path, "%s/cairn-publish-XXXXXX", tmp);
    if (!mkdtemp(path) || chdir(path)) {
        perror(path);
        exit(1);
    }
    umask(022);
}

static inline void leave_workspace(void) {
    char path[500], command[600];
    if (getcwd(path, sizeof path) && strstr(path, "/cairn-publish-")) {
        snprintf(command, sizeof command, "rm -rf '%s'", path);
        if (chdir("/") || system(command))
            perror(path);
    }
}

static inline void put_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0 || !fs_write_all(fd, str_from(text)) || close(fd))
        perror(path);
}

/* The content up to 4095 bytes, or "(missing)"; overwritten by the next call. */
static inline const char *content(const char *path) {
    static char text[4096];
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return "(missing)";
    ptrdiff_t n = fs_read_up_to(fd, text, sizeof text - 1);
    text[n < 0 ? 0 : n] = '\0';
    close(fd);
    return text;
}

static inline bool content_is(const char *path, const char *text) {
    return strcmp(content(path), text) == 0;
}

static inline bool is_there(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0;
}

static inline ino_t inode_of(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0 ? st.st_ino : 0;
}

/* Number of entries of a directory, hidden ones too. */
static inline int count_entries(const char *path) {
    DIR *dir = opendir(path);
    int n = 0;
    while (dir && readdir(dir))
        n++;
    if (dir)
        closedir(dir);
    return n - 2;
}

static inline bool add_files(Publish *publish, const SiteFile *files, ptrdiff_t n,
                             Err *err) {
    for (ptrdiff_t i = 0; i < n; i++)
        if (!publish_file(publish, 0, str_from(files[i].path), str_from(files[i].text),
                          err))
            return false;
    return true;
}

static inline bool publish_site(const PublishOptions *options, const SiteFile *files,
                                ptrdiff_t n, PublishResult *result, Err *err) {
    *err = (Err){0};
    *result = (PublishResult){0};
    Publish *publish = publish_begin(options, err);
    if (!publish)
        return false;
    if (add_files(publish, files, n, err))
        return publish_commit(publish, result, err);
    publish_abort(publish);
    return false;
}

/* Whether the directory has exactly these files (and no empty directory besides). */
static inline bool tree_is(const char *path, const SiteFile *files, ptrdiff_t n) {
    Err err;
    Tree tree;
    int root = fs_open_root(path, &err);
    if (root < 0)
        return false;
    bool same = tree_list(&tree, root, 1, &err);
    ptrdiff_t found = 0;
    for (ptrdiff_t i = 0; same && i < tree.entries.n; i++) {
        const TreeEntry *entry = &tree.entries.items[i];
        ptrdiff_t at = 0;
        if (entry->type == DT_DIR) {
            const TreeEntry *next = i + 1 < tree.entries.n ? entry + 1 : NULL;
            for (; next && next < tree.entries.items + tree.entries.n; next++)
                if (str_has_prefix(next->path, entry->path) &&
                    next->path.data[entry->path.len] == '/')
                    break;
            same = next && next < tree.entries.items + tree.entries.n;
            continue;
        }
        while (at < n && !str_equal(str_from(files[at].path), entry->path))
            at++;
        char full[600];
        snprintf(full, sizeof full, "%s/%s", path, entry->path.data);
        same = at < n && content_is(full, files[at].text);
        found++;
    }
    tree_release(&tree);
    close(root);
    return same && found == n;
}
