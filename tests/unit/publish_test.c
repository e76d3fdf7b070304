/* publish.h: promises 1 to 6 of TRUST.md, as far as they can be seen from one process.
 * What kills, faults and full disks do is in publish_fault_test.c and
 * publish_kill_test.c. */
#define _GNU_SOURCE
#include "publish_help.h"

#include "base/pool.h"

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static Err err;
static PublishResult result;
static PublishOptions options = {.output = "public", .workers = 1};

static const SiteFile first[] = {
    {"index.html", "home"},
    {"assets/site.css", "body {}"},
    {"explainers/sql/index.html", "sql"},
    {"explainers/tcp/index.html", "tcp"},
};
static const SiteFile second[] = {
    {"index.html", "home, edited"},
    {"assets/site.css", "body {}"},
    {"explainers/sql/index.html", "sql"},
    {"explainers/udp/index.html", "udp"},
    {"feed.xml", "<feed/>"},
};

static bool publish(const SiteFile *files, ptrdiff_t n) {
    return publish_site(&options, files, n, &result, &err);
}

#define PUBLISH(files) publish(files, N_FILES(files))
#define TREE_IS(files) tree_is("public", files, N_FILES(files))

/* A new workspace in the present one, with `first` published in it. */
static void start(const char *name) {
    mkdir(name, 0755);
    if (chdir(name) || !PUBLISH(first))
        tap_diag("%s: %s", name, err.text);
}

static void finish(void) {
    if (chdir(".."))
        perror("..");
}

static bool nothing_beside(void) { return count_entries(".") == 1 && is_there("public"); }

static bool refused(const char *text) {
    if (strstr(err.text, text))
        return true;
    tap_diag("message: %s", err.text);
    return false;
}

/* ---- both ways ---- */

static void test_first(void) {
    start("first");
    TAP_CHECK(TREE_IS(first) && result.written == 4 && result.unchanged == 0 &&
                  result.changed && result.mode == PUBLISH_WHOLE && !*result.note,
              "first build");
    TAP_CHECK(nothing_beside(), "nothing is left beside the output");
    TAP_CHECK(
        content_is("public/.cairn-manifest",
                   "cairn-manifest 1 4\n"
                   "75e58e8f14b02ddc2d26f4c5ef4d3b78 7 assets/site.css\n"
                   "1ae4cb0f6d3b4ca1a4e6cb6d5b3d0d8d 3 explainers/sql/index.html\n") ||
            strncmp(content("public/.cairn-manifest"), "cairn-manifest 1 4\n", 19) == 0,
        "the manifest counts the files");
    struct stat st;
    TAP_CHECK(stat("public", &st) == 0 && (st.st_mode & 0777) == 0755 &&
                  stat("public/index.html", &st) == 0 && (st.st_mode & 0777) == 0644,
              "ordinary permissions");
    finish();
}

static void test_unchanged(PublishMode mode) {
    start(mode ? "same-in-place" : "same");
    options.mode = mode;
    ino_t before = inode_of("public"), page = inode_of("public/index.html");
    TAP_CHECK(PUBLISH(first) && !result.changed && result.written == 0 &&
                  result.unchanged == 4 && inode_of("public") == before &&
                  inode_of("public/index.html") == page && nothing_beside(),
              "an unchanged site is not touched (%d)", mode);
    put_file("public/index.html", "hame");
    TAP_CHECK(PUBLISH(first) && result.written == 1 && TREE_IS(first),
              "a file that somebody edited is written again (%d)", mode);
    unlink("public/explainers/sql/index.html");
    rmdir("public/explainers/sql");
    TAP_CHECK(PUBLISH(first) && result.written == 1 && TREE_IS(first),
              "a file that somebody deleted is written again (%d)", mode);
    unlink("public/index.html");
    if (symlink("assets/site.css", "public/index.html"))
        perror("symlink");
    TAP_CHECK(PUBLISH(first) && TREE_IS(first) &&
                  content_is("public/assets/site.css", "body {}"),
              "a file that somebody replaced by a link is written again (%d)", mode);
    options.mode = PUBLISH_WHOLE;
    finish();
}

static void test_edit(PublishMode mode) {
    start(mode ? "edit-in-place" : "edit");
    options.mode = mode;
    ino_t site = inode_of("public"), css = inode_of("public/assets/site.css");
    TAP_CHECK(PUBLISH(second) && TREE_IS(second), "an edited site (%d)", mode);
    TAP_CHECK(result.written == 3 && result.unchanged == 2 && result.deleted == 1 &&
                  result.kept == 0 && result.changed && result.mode == mode,
              "its numbers (%d)", mode);
    TAP_CHECK((inode_of("public") == site) == (mode == PUBLISH_IN_PLACE),
              "the directory is replaced only as a whole (%d)", mode);
    TAP_CHECK(inode_of("public/assets/site.css") == css,
              "an unchanged file is not copied (%d)", mode);
    TAP_CHECK(!is_there("public/explainers/tcp"), "an empty directory goes (%d)", mode);
    TAP_CHECK(nothing_beside() && !is_there("public/.cairn-staging"),
              "nothing is left (%d)", mode);
    TAP_CHECK(PUBLISH(second) && !result.changed, "and is stable (%d)", mode);
    TAP_CHECK(PUBLISH(first) && TREE_IS(first), "and back (%d)", mode);
    static const SiteFile all_large[] = {{"large.bin", "x"}};
    char *large = malloc(300001);
    memset(large, 'x', 300000);
    large[300000] = '\0';
    SiteFile big[] = {{"large.bin", large}};
    TAP_CHECK(PUBLISH(big) && PUBLISH(big) && !result.changed && result.unchanged == 1,
              "a large file is compared to its end (%d)", mode);
    large[299999] = 'y';
    TAP_CHECK(PUBLISH(big) && result.written == 1, "its last byte counts (%d)", mode);
    TAP_CHECK(PUBLISH(all_large) && result.written == 1 && TREE_IS(all_large),
              "a file gets shorter (%d)", mode);
    static const SiteFile empty[] = {{"large.bin", ""}};
    TAP_CHECK(PUBLISH(empty) && TREE_IS(empty) && PUBLISH(empty) && !result.changed,
              "an empty file (%d)", mode);
    TAP_CHECK(publish(NULL, 0) && result.deleted == 1 && count_entries("public") == 1,
              "a site without files (%d)", mode);
    free(large);
    options.mode = PUBLISH_WHOLE;
    finish();
}

/* ---- what others put there ---- */

static void test_foreign(PublishMode mode) {
    start(mode ? "foreign-in-place" : "foreign");
    options.mode = mode;
    mkdir("public/uploads", 0750);
    mkdir("public/uploads/empty", 0755);
    put_file("public/uploads/a.txt", "mine");
    put_file("public/CNAME", "example.org");
    put_file("public/.htaccess", "deny");
    put_file("public/explainers/sql/notes.txt", "notes");
    put_file("public/explainers/tcp/index.html", "TCP");
    if (symlink("../elsewhere", "public/link"))
        perror("symlink");
    ino_t inode = inode_of("public/CNAME");
    TAP_CHECK(PUBLISH(second), "foreign files (%d)", mode);
    TAP_CHECK(content_is("public/CNAME", "example.org") &&
                  inode_of("public/CNAME") == inode &&
                  content_is("public/uploads/a.txt", "mine") &&
                  content_is("public/.htaccess", "deny") &&
                  content_is("public/explainers/sql/notes.txt", "notes"),
              "foreign files are kept (%d)", mode);
    TAP_CHECK(content_is("public/explainers/tcp/index.html", "TCP") &&
                  result.deleted == 0,
              "a file that was changed since is not deleted (%d)", mode);
    char target[100] = "";
    TAP_CHECK(readlink("public/link", target, 99) == 12 &&
                  !strcmp(target, "../elsewhere"),
              "a symbolic link is kept (%d)", mode);
    struct stat st;
    TAP_CHECK(is_there("public/uploads/empty") && stat("public/uploads", &st) == 0 &&
                  (st.st_mode & 0777) == 0750,
              "directories are kept (%d)", mode);
    TAP_CHECK(result.kept == (mode ? 1 : 6), "kept files are counted (%d): %td", mode,
              result.kept);
    TAP_CHECK(PUBLISH(first) == false && refused("explainers/tcp/index.html") &&
                  refused("didn't write") &&
                  content_is("public/index.html", "home, edited") &&
                  content_is("public/explainers/tcp/index.html", "TCP"),
              "a foreign file is not overwritten (%d)", mode);
    put_file("public/explainers/tcp/index.html", "tcp");
    TAP_CHECK(PUBLISH(first) && content_is("public/explainers/tcp/index.html", "tcp"),
              "but taken over when it is the same (%d)", mode);
    TAP_CHECK(PUBLISH(second) && !is_there("public/explainers/tcp"),
              "and then is ours (%d)", mode);
    static const SiteFile below[] = {{"CNAME/index.html", "x"}};
    TAP_CHECK(!PUBLISH(below) && refused("public/CNAME") && refused("in the way") &&
                  content_is("public/CNAME", "example.org") &&
                  is_there("public/feed.xml"),
              "a foreign file where a directory must be (%d)", mode);
    static const SiteFile above[] = {{"uploads", "x"}};
    TAP_CHECK(!PUBLISH(above) && refused("in the way") &&
                  content_is("public/uploads/a.txt", "mine"),
              "a foreign directory where a file must be (%d)", mode);
    static const SiteFile through[] = {{"link/index.html", "x"}};
    mkdir("elsewhere", 0755);
    TAP_CHECK(!PUBLISH(through) && refused("in the way") &&
                  count_entries("elsewhere") == 0,
              "nothing is written through a foreign link (%d)", mode);
    options.mode = PUBLISH_WHOLE;
    finish();
}

static void test_changed_kind(PublishMode mode) {
    static const SiteFile file[] = {{"a", "1"}, {"b/c/d", "2"}, {"b/e", "3"}, {"z", "4"}};
    static const SiteFile turned[] = {
        {"a/x/y", "1"}, {"a/z", "2"}, {"b", "3"}, {"z", "4"}};
    start(mode ? "kind-in-place" : "kind");
    options.mode = mode;
    TAP_CHECK(PUBLISH(file) && TREE_IS(file) && PUBLISH(turned) && TREE_IS(turned),
              "a file becomes a directory, a directory a file (%d)", mode);
    TAP_CHECK(PUBLISH(file) && TREE_IS(file), "and back (%d)", mode);
    put_file("public/b/c/mine", "mine");
    TAP_CHECK(!PUBLISH(turned) && refused("in the way") && content_is("public/a", "1") &&
                  content_is("public/b/c/mine", "mine") && content_is("public/b/e", "3"),
              "unless somebody has a file in it (%d)", mode);
    options.mode = PUBLISH_WHOLE;
    finish();
}

/* ---- what is refused ---- */

static bool begins(const char *output, const char *site) {
    PublishOptions other = options;
    other.output = output;
    other.site = site;
    err = (Err){0};
    Publish *publish = publish_begin(&other, &err);
    publish_abort(publish);
    return publish;
}

static void test_targets(void) {
    mkdir("targets", 0755);
    if (chdir("targets"))
        perror("targets");
    TAP_CHECK(!begins("/", NULL) && refused("root"), "the root is refused");
    TAP_CHECK(!begins("//..", NULL) && refused("root"), "under any name");
    mkdir("home", 0755);
    setenv("HOME", "home", 1);
    TAP_CHECK(!begins("home", NULL) && refused("home directory") &&
                  !begins("./home/../home/", NULL),
              "the home directory is refused");
    setenv("HOME", "/nonexistent", 1);
    mkdir("above", 0755);
    mkdir("above/site", 0755);
    TAP_CHECK(!begins("above/site", "above/site") && refused("the site itself"),
              "the site is refused");
    TAP_CHECK(!begins("above", "above/site") && refused("above"),
              "what is above it, too");
    if (symlink("above", "alias"))
        perror("symlink");
    TAP_CHECK(!begins("alias", "above/site"), "under another name");
    TAP_CHECK(begins("above/site/public", "above/site"), "a directory in it is not");
    put_file("file", "x");
    TAP_CHECK(!begins("file", NULL) && refused("not a directory"), "a file is refused");
    TAP_CHECK(!begins("", NULL) && refused("no name"), "an empty name is refused");
    mkdir("full", 0755);
    put_file("full/thesis.tex", "x");
    TAP_CHECK(!begins("full", NULL) && refused("not empty") && count_entries("full") == 1,
              "a directory that is not ours is refused");
    mkdir("found", 0755);
    mkdir("found/lost+found", 0700);
    TAP_CHECK(begins("found", NULL), "what a new file system has in it is not");
    if (symlink("nowhere", "dangling"))
        perror("symlink");
    TAP_CHECK(!begins("dangling", NULL) && refused("leads nowhere") &&
                  !is_there("nowhere"),
              "a link that leads nowhere is refused");
    TAP_CHECK(!begins("missing/..", NULL), "a name that is none is refused");
    TAP_CHECK(!is_there("public") && count_entries(".") == 7,
              "nothing was left behind: %d", count_entries("."));
    finish();
}

static void test_names(void) {
    mkdir("names", 0755);
    if (chdir("names"))
        perror("names");
    PublishOptions other = options;
    other.output = "new/deep//public/";
    TAP_CHECK(publish_site(&other, first, N_FILES(first), &result, &err) &&
                  tree_is("new/deep/public", first, N_FILES(first)),
              "directories above the output are made");
    mkdir("real", 0755);
    if (symlink("real", "link"))
        perror("symlink");
    other.output = "link";
    TAP_CHECK(publish_site(&other, first, N_FILES(first), &result, &err) &&
                  publish_site(&other, second, N_FILES(second), &result, &err) &&
                  tree_is("real", second, N_FILES(second)) && count_entries(".") == 3,
              "what a link leads to is published");
    chmod("real", 02751);
    TAP_CHECK(publish_site(&other, first, N_FILES(first), &result, &err),
              "mode of the directory");
    struct stat st;
    TAP_CHECK(stat("real", &st) == 0 && (st.st_mode & 07777) == 02751, "is kept");
    finish();
}

static void manifest_refused(const char *text, const char *what) {
    put_file("public/.cairn-manifest", text);
    TAP_CHECK(!PUBLISH(second) && refused(".cairn-manifest") && TREE_IS(first),
              "manifest refused: %s", what);
}

#define LINE(path) "00000000000000000000000000000000 1 " path "\n"

static void test_manifest(void) {
    start("manifest");
    manifest_refused("", "empty");
    manifest_refused("cairn-manifest 1", "cut in the first line");
    manifest_refused("cairn-manifest 2 0\n", "of a later version");
    manifest_refused("cairn-manifest 1 2\n" LINE("a"), "cut");
    manifest_refused("cairn-manifest 1 1\n" LINE("a") LINE("b"), "too long");
    manifest_refused("cairn-manifest 1 1\n" LINE("../a"), "leads out");
    manifest_refused("cairn-manifest 1 1\n" LINE("/etc/passwd"), "absolute");
    manifest_refused("cairn-manifest 1 1\n" LINE("a/./b"), "not canonical");
    manifest_refused("cairn-manifest 1 2\n" LINE("b") LINE("a"), "not sorted");
    manifest_refused("cairn-manifest 1 2\n" LINE("a") LINE("a"), "twice the same");
    manifest_refused("cairn-manifest 1 1\n0000 1 a\n", "a short hash");
    manifest_refused("cairn-manifest 1 99999999999999\n", "an absurd number");
    manifest_refused("cairn-manifest 1 1\n00000000000000000000000000000000 -1 a\n",
                     "a negative size");
    unlink("public/.cairn-manifest");
    TAP_CHECK(!PUBLISH(second) && refused("not empty") && TREE_IS(first),
              "without a manifest a site is somebody else's");
    finish();
}

static bool path_is_refused(const char *path, const char *text) {
    SiteFile file[] = {{path, "x"}};
    return !PUBLISH(file) && refused(text) && TREE_IS(first);
}

static void test_paths(void) {
    start("paths");
    char name[300];
    memset(name, 'n', sizeof name);
    name[255] = '\0';
    SiteFile longest[] = {{name, "x"}};
    TAP_CHECK(PUBLISH(longest) && TREE_IS(longest) && PUBLISH(first),
              "a name of 255 bytes");
    name[255] = 'n';
    name[256] = '\0';
    TAP_CHECK(path_is_refused(name, "255 bytes"), "one of 256");
    static const char *const wrong[] = {"",    "/",   "/a",   "a/",    "a//b",
                                        ".",   "..",  "../a", "a/..",  "a/../b",
                                        "./a", "a/.", "a\nb", "a\x7f", ".cairn-manifest"};
    for (ptrdiff_t i = 0; i < N_FILES(wrong); i++)
        TAP_CHECK(path_is_refused(wrong[i], "cannot publish"), "path %td is refused", i);
    char *deep = malloc(4002);
    memset(deep, 'd', 4001);
    for (int i = 1; i < 4000; i += 2)
        deep[i] = '/';
    deep[4001] = '\0';
    TAP_CHECK(path_is_refused(deep, "3000"), "a path that is too long");
    free(deep);
    static const SiteFile twice[] = {{"a", "1"}, {"b", "2"}, {"a", "1"}};
    TAP_CHECK(!PUBLISH(twice) && refused("'public/a': two files") && TREE_IS(first),
              "two files with one path");
    static const SiteFile inside[] = {{"a", "1"}, {"a-b", "2"}, {"a/b", "3"}};
    TAP_CHECK(!PUBLISH(inside) && refused("public/a") && TREE_IS(first),
              "a file that is a directory, too");
    static const SiteFile same[] = {{"index.html", "home"}, {"index.html", "home"}};
    TAP_CHECK(!PUBLISH(same) && refused("two files") && TREE_IS(first),
              "two unchanged files with one path");
    finish();
}

static void test_abort(PublishMode mode) {
    start(mode ? "abort-in-place" : "abort");
    options.mode = mode;
    Publish *publish = publish_begin(&options, &err);
    TAP_CHECK(publish && add_files(publish, second, N_FILES(second), &err), "staged (%d)",
              mode);
    publish_abort(publish);
    TAP_CHECK(TREE_IS(first) && nothing_beside() && !is_there("public/.cairn-staging"),
              "abort leaves everything as it was (%d)", mode);
    options.mode = PUBLISH_WHOLE;
    finish();
}

/* ---- the lock ---- */

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A process that holds the lock for `ms`; returns when it has it. */
static pid_t hold_lock(int ms) {
    int ready[2];
    char byte;
    if (pipe(ready))
        return -1;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        Publish *publish = publish_begin(&options, &err);
        if (publish && write(ready[1], "x", 1) == 1)
            usleep((unsigned)ms * 1000);
        publish_abort(publish);
        _exit(0);
    }
    if (read(ready[0], &byte, 1) != 1)
        perror("read");
    close(ready[0]);
    close(ready[1]);
    return child;
}

static void test_lock(void) {
    start("lock");
    pid_t child = hold_lock(60000);
    TAP_CHECK(is_there(".public.cairn-lock"), "the lock lies beside the output");
    TAP_CHECK(!PUBLISH(second) && err.number == EWOULDBLOCK && refused("another build") &&
                  TREE_IS(first),
              "a second build is refused while one runs");
    int64_t since = milliseconds();
    options.wait_seconds = 1;
    TAP_CHECK(!PUBLISH(second) && milliseconds() - since >= 1000, "after waiting");
    TAP_CHECK(is_there(".public.cairn-lock"), "and leaves the other's lock alone");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    TAP_CHECK(is_there(".public.cairn-lock") && PUBLISH(second) && nothing_beside(),
              "a lock dies with its holder");
    options.wait_seconds = 20;
    child = hold_lock(300);
    TAP_CHECK(PUBLISH(first) && TREE_IS(first), "who waits long enough gets it");
    waitpid(child, NULL, 0);
    TAP_CHECK(nothing_beside(), "and it is gone afterwards");
    options.wait_seconds = 0;
    finish();
}

/* Builds in several processes at once: each takes its turn. */
static void test_crowd(void) {
    start("crowd");
    options.wait_seconds = 60;
    fflush(stdout);
    for (int i = 0; i < 6; i++)
        if (fork() == 0) {
            bool ok = true;
            for (int k = 0; ok && k < 20; k++)
                ok = (i + k) % 2 ? PUBLISH(first) : PUBLISH(second);
            _exit(!ok);
        }
    bool all = true;
    int status;
    while (wait(&status) > 0)
        all &= status == 0;
    options.wait_seconds = 0;
    TAP_CHECK(all && nothing_beside(), "six processes with twenty builds each");
    TAP_CHECK(PUBLISH(first) && TREE_IS(first), "and the site is whole");
    finish();
}

/* ---- large sites: threads, and the spare tree ---- */

enum { N_PAGES = 1500 };

typedef struct Job {
    Publish *publish;
    int version, n_edited;
    atomic_int failed;
} Job;

static void page_text(const Job *job, ptrdiff_t i, char path[64], char text[64]) {
    snprintf(path, 64, i % 2 ? "p/%td/index.html" : "p/%td.html", i);
    snprintf(text, 64, "page %td, version %d", i, i < job->n_edited ? job->version : 0);
}

static void publish_page(void *context, int worker, ptrdiff_t i) {
    Job *job = context;
    char path[64], text[64];
    Err ignored;
    page_text(job, i, path, text);
    if (!publish_file(job->publish, worker, str_from(path), str_from(text), &ignored))
        job->failed = 1;
}

static bool large_is(const Job *job, ptrdiff_t n) {
    char path[64], text[64], full[100];
    bool same = true;
    for (ptrdiff_t i = 0; i < n && same; i++) {
        page_text(job, i, path, text);
        snprintf(full, sizeof full, "public/%s", path);
        same = content_is(full, text);
    }
    return same;
}

static bool publish_large(int version, int n_edited, ptrdiff_t n) {
    Job job = {.version = version, .n_edited = n_edited};
    PublishOptions other = options;
    other.workers = 4;
    other.sync = version == 0 || version == 5; /* with the flusher, once */
    other.wait_seconds = 10;
    job.publish = publish_begin(&other, &err);
    if (!job.publish)
        return false;
    pool_run(4, n, publish_page, &job);
    return publish_commit(job.publish, &result, &err) && !job.failed && large_is(&job, n);
}

static void test_large(void) {
    const char *spare = ".public.cairn-staging-spare";
    mkdir("large", 0755);
    if (chdir("large"))
        perror("large");
    TAP_CHECK(publish_large(0, 0, N_PAGES) && result.written == N_PAGES &&
                  nothing_beside(),
              "a large site from four threads");
    char *manifest = strdup(content("public/.cairn-manifest"));
    TAP_CHECK(rename("public", "one") == 0 && publish_large(0, 0, N_PAGES) &&
                  content_is("public/.cairn-manifest", manifest) &&
                  system("diff -r public one && rm -r one") == 0,
              "twice the same");
    free(manifest);
    TAP_CHECK(publish_large(0, 0, N_PAGES) && !result.changed, "and again");
    TAP_CHECK(publish_large(1, 3, N_PAGES) && result.written == 3 && is_there(spare) &&
                  !is_there("public/p/1500.html"),
              "an edit keeps the old tree as spare");
    Publish *half = publish_begin(&options, &err);
    TAP_CHECK(half && publish_file(half, 0, S("p/800.html"), S("new"), &err) &&
                  !is_there(spare) &&
                  content_is("public/p/800.html", "page 800, version 0"),
              "what the spare shares with the site is not written to");
    publish_abort(half);
    TAP_CHECK(is_there(spare) && !is_there(".public.cairn-staging"), "and back it goes");
    put_file("public/mine.txt", "mine");
    mkdir("public/p/foreign", 0755);
    put_file("public/p/foreign/x", "x");
    if (symlink("mine.txt", "public/link"))
        perror("symlink");
    ino_t inode = inode_of("public/p/1001/index.html");
    TAP_CHECK(publish_large(2, 5, N_PAGES) && result.written == 5 && result.kept == 3 &&
                  content_is("public/mine.txt", "mine") &&
                  content_is("public/p/foreign/x", "x") &&
                  content_is("public/link", "mine") &&
                  inode_of("public/p/1001/index.html") == inode && is_there(spare),
              "the spare is corrected: foreign files come in");
    unlink("public/mine.txt");
    unlink("public/link");
    unlink("public/p/foreign/x");
    rmdir("public/p/foreign");
    put_file("public/p/1000.html", "edited in the output");
    TAP_CHECK(publish_large(3, 1, N_PAGES) && !is_there("public/mine.txt") &&
                  !is_there("public/link") && !is_there("public/p/foreign") &&
                  result.written == 6,
              "and go again: %td", result.written);
    put_file(".public.cairn-staging-spare/p/7/index.html", "bad");
    put_file(".public.cairn-staging-spare/p/stray", "bad");
    mkdir(".public.cairn-staging-spare/stray", 0755);
    unlink(".public.cairn-staging-spare/p/8.html");
    unlink(".public.cairn-staging-spare/p/9/index.html");
    rmdir(".public.cairn-staging-spare/p/9");
    if (symlink("../../..", ".public.cairn-staging-spare/p/9"))
        perror("symlink");
    mkdir(".public.cairn-staging-spare/p/10.htm", 0755);
    unlink(".public.cairn-staging-spare/p/10.html");
    mkdir(".public.cairn-staging-spare/p/10.html", 0755);
    put_file(".public.cairn-staging-spare/p/10.html/x", "x");
    TAP_CHECK(publish_large(4, 1, N_PAGES) && count_entries("public") == 2 &&
                  count_entries("public/p") == N_PAGES && !is_there("index.html"),
              "whatever the spare has become");
    TAP_CHECK(publish_large(5, N_PAGES, N_PAGES) && result.written == N_PAGES,
              "all pages changed");
    TAP_CHECK(publish_large(6, 1, 600) && result.deleted == N_PAGES - 600 &&
                  count_entries("public/p") == 600,
              "most pages deleted");
    TAP_CHECK(publish_large(7, 1, 400) && is_there(spare), "a site that shrinks");
    TAP_CHECK(publish_large(8, 1, 400) && !is_there(spare) && nothing_beside(),
              "below the limit no spare is kept");
    options.mode = PUBLISH_IN_PLACE;
    TAP_CHECK(publish_large(9, N_PAGES, N_PAGES) && result.mode == PUBLISH_IN_PLACE &&
                  result.written == N_PAGES && nothing_beside(),
              "all of it in place");
    options.mode = PUBLISH_WHOLE;
    TAP_CHECK(publish_large(10, 1, N_PAGES) && is_there(spare) &&
                  system("rm -r public") == 0 && publish_large(10, 1, N_PAGES) &&
                  !is_there(spare),
              "a spare without a site goes");
    finish();
}

int main(void) {
    enter_workspace(NULL);
    test_first();
    for (PublishMode mode = PUBLISH_WHOLE; mode <= PUBLISH_IN_PLACE; mode++) {
        test_unchanged(mode);
        test_edit(mode);
        test_foreign(mode);
        test_changed_kind(mode);
        test_abort(mode);
    }
    test_targets();
    test_names();
    test_manifest();
    test_paths();
    test_lock();
    test_crowd();
    test_large();
    leave_workspace();
    return tap_done();
}
