/* fs.h: what is read and written, what leads out, what a walk finds; the same once more
 * in a process whose kernel refuses openat2. */
#define _GNU_SOURCE
#include "base/fs.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char top[] = "/tmp/cairn-fs-test-XXXXXX";
static int root; /* top/site */
static Arena arena;
static Err err;

static void put(const char *path, const char *text) {
    if (!fs_create(root, path, str_from(text), &err))
        tap_diag("%s", err.text);
}

static void put_link(const char *path, const char *target) {
    if (symlinkat(target, root, path))
        tap_diag("%s: %s", path, strerror(errno));
}

static bool content_is(const char *path, const char *text) {
    Str read;
    return fs_read(root, path, 1 << 20, &arena, &read, &err) &&
           str_equal(read, str_from(text)) && read.data[read.len] == '\0';
}

static bool opens(const char *path) {
    int fd = fs_open_beneath(root, path, O_RDONLY, 0);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static bool fails_with(const char *path, int number) {
    return !opens(path) && errno == number;
}

static void test_messages(void) {
    errno = ENOSPC;
    bool result = err_set(&err, "write", "a/b.html");
    TAP_CHECK(!result && err.number == ENOSPC &&
                  strcmp(err.text, "cannot write 'a/b.html': No space left on device") ==
                      0,
              "a message names verb, file and reason");
    char big[3000];
    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    err_set(&err, "write", big);
    TAP_CHECK(strlen(err.text) == sizeof err.text - 1, "a long path is cut, not overrun");
    TAP_CHECK(fs_open_root("/nonexistent/x", &err) < 0 && err.number == ENOENT,
              "a root that is missing");
}

static void test_files(void) {
    TAP_CHECK(fs_make_dirs(root, "a/b/c", &err) &&
                  fs_make_dirs(root, "a//b/./c/d/", &err) && opens("a/b/c/d"),
              "directories are made with those above");
    TAP_CHECK(fs_create(root, "a/b/file", S("text"), &err) &&
                  content_is("a/b/file", "text"),
              "what is written is read");
    TAP_CHECK(!fs_create(root, "a/b/file", S("other"), &err) && err.number == EEXIST &&
                  content_is("a/b/file", "text"),
              "create doesn't overwrite");
    TAP_CHECK(!fs_make_dirs(root, "a/b/file/x", &err) && err.number == ENOTDIR,
              "a file in the way of a directory");
    TAP_CHECK(!fs_make_dirs(root, "/x", &err) && err.number == EXDEV &&
                  !fs_make_dirs(root, "../x", &err) && access(top, F_OK) == 0,
              "no directory is made outside");
    put("empty", "");
    TAP_CHECK(content_is("empty", ""), "an empty file");
    Str read;
    TAP_CHECK(fs_read(root, "a/b/file", 4, &arena, &read, &err) &&
                  !fs_read(root, "a/b/file", 3, &arena, &read, &err) &&
                  err.number == EFBIG,
              "the limit is the last size that is read");
    TAP_CHECK(!fs_read(root, "a", 99, &arena, &read, &err) && err.number == EISDIR,
              "a directory is no file");
    mkfifoat(root, "pipe", 0600);
    TAP_CHECK(!fs_read(root, "pipe", 99, &arena, &read, &err), "a pipe is no file");
    int proc = fs_open_root("/proc/self", &err);
    TAP_CHECK(fs_read(proc, "status", 1 << 20, &arena, &read, &err) && read.len > 100,
              "a file whose size the system doesn't tell");
    TAP_CHECK(!fs_read(proc, "status", 100, &arena, &read, &err) && err.number == EFBIG,
              "its limit");
    close(proc);
}

static void test_full(void) {
    struct rlimit old, small = {100, RLIM_INFINITY};
    getrlimit(RLIMIT_FSIZE, &old);
    small.rlim_max = old.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    static char bytes[1000];
    bool ok = fs_create(root, "large", (Str){bytes, sizeof bytes}, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    TAP_CHECK(!ok && err.number == EFBIG && strstr(err.text, "'large'") &&
                  !opens("large"),
              "a write that fails leaves no file");
}

static void test_beneath(void) {
    put_link("out", "/etc");
    put_link("up", "../outside");
    put_link("inside", "a/b/file");
    put_link("dangling", "nowhere");
    put_link("self", "self");
    TAP_CHECK(fails_with("../outside", EXDEV), "'..' leads out");
    TAP_CHECK(fails_with("a/../../outside", EXDEV), "'..' in the middle leads out");
    TAP_CHECK(fails_with("/etc/passwd", EXDEV), "an absolute path leads out");
    TAP_CHECK(!opens("out/passwd") && !opens("up"), "links lead out");
    TAP_CHECK(!opens("dangling") && !opens("self"), "links lead nowhere");
    TAP_CHECK(fails_with("missing", ENOENT) && fails_with("", ENOENT), "a missing file");
    TAP_CHECK(opens("a/b/file") && opens("a//b/./file") && opens("."), "what is beneath");
}

static FsEntry *entry(FsEntries *entries, const char *path) {
    for (ptrdiff_t i = 0; i < entries->n; i++)
        if (str_equal(entries->items[i].path, str_from(path)))
            return &entries->items[i];
    return NULL;
}

static int problem(FsEntries *entries, const char *path) {
    FsEntry *found = entry(entries, path);
    return !found || (found->problem && !S_ISLNK(found->mode)) ? -1 : found->problem;
}

static bool skip_b(void *context, Str path) {
    ++*(int *)context;
    return str_equal(path, S("a/b"));
}

static void test_walk(void) {
    FsEntries found;
    put("a-b", "sorts before a/");
    put(".hidden", "");
    fs_make_dirs(root, ".git/x", &err);
    put(".git/x/file", "");
    put_link("a/loop", "..");
    put_link("zz", "a/b");
    bool ok = fs_walk(root, "", &arena, NULL, NULL, &found, &err);
    TAP_CHECK(ok, "walk");
    bool sorted = true;
    for (ptrdiff_t i = 1; i < found.n; i++)
        sorted &= str_compare(found.items[i - 1].path, found.items[i].path) < 0;
    TAP_CHECK(sorted && found.n > 5, "sorted by whole path");
    TAP_CHECK(entry(&found, "a/b/file") && problem(&found, "a/b/file") == 0, "a file");
    TAP_CHECK(!entry(&found, ".hidden") && !entry(&found, ".git/x/file"), "hidden files");
    TAP_CHECK(!entry(&found, "pipe"), "a pipe");
    TAP_CHECK(problem(&found, "inside") == 0 && S_ISREG(entry(&found, "inside")->mode),
              "a link to a file");
    TAP_CHECK(problem(&found, "zz/file") == 0, "a link to a directory");
    TAP_CHECK(problem(&found, "dangling") == ENOENT, "a link that dangles");
    TAP_CHECK(problem(&found, "up") == EXDEV && problem(&found, "out") == EXDEV,
              "links that lead out");
    TAP_CHECK(problem(&found, "a/loop") == ELOOP && problem(&found, "self") == ELOOP,
              "links in a circle");
    int asked = 0;
    ok = fs_walk(root, "", &arena, skip_b, &asked, &found, &err);
    TAP_CHECK(ok && asked > 5 && !entry(&found, "a/b/file") && entry(&found, "zz/file"),
              "what is skipped is not entered");
    ok = fs_walk(root, "a", &arena, NULL, NULL, &found, &err);
    TAP_CHECK(ok && entry(&found, "b/file"), "a sub-directory's own paths");
    TAP_CHECK(!fs_walk(root, "nope", &arena, NULL, NULL, &found, &err) &&
                  err.number == ENOENT && strstr(err.text, "'nope'"),
              "a directory that is missing");
}

static void test_bounds(void) {
    FsEntries found;
    char path[1000] = "deep";
    for (int i = 0; i < 140; i++)
        strcat(path, "/d");
    fs_make_dirs(root, path, &err);
    TAP_CHECK(!fs_walk(root, "deep", &arena, NULL, NULL, &found, &err) &&
                  err.number == ENAMETOOLONG,
              "a tree that is too deep");
    path[4 + 2 * 100] = '\0';
    TAP_CHECK(fs_remove_tree(root, path, &err) &&
                  fs_walk(root, "deep", &arena, NULL, NULL, &found, &err),
              "cut to size");
    /* 8 directories, in each 8 links to the next: 8 to the power of 8 ways down, but only
     * 8 to the power of 5 with no more than four links on each. */
    for (int i = 0; i < 8; i++) {
        char name[64], target[64];
        snprintf(name, sizeof name, "many/d%d", i);
        fs_make_dirs(root, name, &err);
        for (int link = 0; link < 8; link++) {
            snprintf(name, sizeof name, "many/d%d/l%d", i, link);
            snprintf(target, sizeof target, "../d%d", i + 1);
            put_link(name, target);
        }
    }
    TAP_CHECK(fs_walk(root, "many", &arena, NULL, NULL, &found, &err) && found.n < 300000,
              "links that multiply are bounded");
}

static void test_remove(void) {
    put("a/b/c/keep", "");
    fs_make_dirs(root, "gone/x/y", &err);
    put("gone/x/file", "");
    put_link("gone/link", "../a");
    put_link("gone/etc", "/etc");
    put_link("link", "a");
    TAP_CHECK(fs_remove_tree(root, "gone", &err) && !opens("gone"), "a tree is removed");
    TAP_CHECK(opens("a/b/c/keep") && access("/etc/passwd", F_OK) == 0,
              "what its links lead to is not");
    TAP_CHECK(fs_remove_tree(root, "link", &err) && !opens("link") && opens("a"),
              "a link is removed by itself");
    TAP_CHECK(fs_remove_tree(root, "gone", &err) && fs_remove_tree(root, "x/y/z", &err),
              "what does not exist is removed");
    TAP_CHECK(fs_remove_tree(root, "a/b/c", &err) && !opens("a/b/c") && opens("a/b/file"),
              "a sub-directory is removed");
}

/* In a child whose openat2 fails with `number`: what the fallback promises. */
static bool fallback_works(int number) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct sock_filter filter[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)number),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = {4, filter};
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
            _exit(77);
        FsEntries found;
        bool ok = opens("a/b/file") && opens("a//b/./file") && opens(".") &&
                  fails_with("../outside", EXDEV) &&
                  fails_with("a/../../outside", EXDEV) &&
                  fails_with("/etc/passwd", EXDEV) && !opens("out/passwd") &&
                  !opens("out") && !opens("up") && fails_with("missing", ENOENT) &&
                  fs_make_dirs(root, "fallback/x", &err) &&
                  fs_create(root, "fallback/x/f", S("1"), &err) &&
                  fs_walk(root, "fallback", &arena, NULL, NULL, &found, &err) &&
                  found.n == 1 && fs_remove_tree(root, "fallback", &err);
        _exit(!ok);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(void) {
    if (!mkdtemp(top))
        return 1;
    int above = fs_open_root(top, &err);
    fs_make_dirs(above, "site", &err);
    fs_create(above, "outside", S("secret"), &err);
    root = openat(above, "site", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    test_messages();
    test_files();
    test_full();
    test_beneath();
    test_walk();
    test_bounds();
    test_remove();
    TAP_CHECK(fallback_works(ENOSYS), "without openat2 (ENOSYS)");
    TAP_CHECK(fallback_works(EPERM), "without openat2 (EPERM)");
    fs_remove_tree(above, "site", &err);
    TAP_CHECK(fs_remove_tree(above, "../none", &err) == false,
              "nothing above is removed");
    close(root);
    close(above);
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", top);
    arena_release(&arena);
    return system(command) ? 1 : tap_done();
}
