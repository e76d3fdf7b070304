/* Publishing with several threads, killed with SIGKILL at random moments. A child
 * publishes two versions of a site in turns; after each kill the output must be one of
 * the two as a whole, or (in place) be made of whole files and be one of the two after
 * the next publish_begin.
 *
 * CAIRN_KILLS is the number of kills for each setting (KILLS); CAIRN_SEED repeats a run.
 * What happens at every single system call, but with one thread, is in
 * publish_fault_test.c. */
#define _GNU_SOURCE
#include "publish_help.h"

#include "base/pool.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

typedef struct Setting {
    const char *name;
    PublishMode mode;
    int n_files; /* from PUBLISH_SPARE_MIN on, the spare is used */
} Setting;

static const Setting settings[] = {
    {"whole", PUBLISH_WHOLE, 300},
    {"whole, with spare", PUBLISH_WHOLE, 700},
    {"in place", PUBLISH_IN_PLACE, 300},
};

/* Sanitisers look for other mistakes, and slow everything down. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { KILLS = 20 };
#else
enum { KILLS = 70 };
#endif

enum { N_WORKERS = 3, TEXT_MAX_LEN = 9000 };

/* File `i` of version 'A' or 'B': a tenth is only in one of them, a quarter differs, the
 * rest is the same. Returns the length of its text, -1 where the version hasn't it. */
static ptrdiff_t file_of(char version, ptrdiff_t i, char path[64], char *text) {
    snprintf(path, 64,
             i % 3 == 0   ? "assets/%td.css"
             : i % 3 == 1 ? "pages/%td/index.html"
                          : "pages/%td.html",
             i);
    if (i % 20 == 5 && version == 'B')
        return -1;
    if (i % 20 == 6 && version == 'A')
        return -1;
    ptrdiff_t len = 10 + i * 7919 % (TEXT_MAX_LEN - 10);
    memset(text, i % 4 == 0 ? version : 'x', (size_t)len);
    return len;
}

typedef struct Job {
    Publish *publish;
    char version;
    atomic_int failed;
} Job;

static void publish_one(void *context, int worker, ptrdiff_t i) {
    Job *job = context;
    char path[64], text[TEXT_MAX_LEN];
    Err err;
    ptrdiff_t len = file_of(job->version, i, path, text);
    if (len >= 0 &&
        !publish_file(job->publish, worker, str_from(path), (Str){text, len}, &err))
        job->failed = 1;
}

static PublishOptions options_for(const Setting *setting) {
    return (PublishOptions){.output = "public",
                            .site = ".",
                            .workers = N_WORKERS,
                            .mode = setting->mode,
                            .wait_seconds = 10};
}

static bool publish_version(const Setting *setting, char version, bool sync) {
    PublishOptions options = options_for(setting);
    PublishResult result;
    Err err;
    options.sync = sync;
    Job job = {.publish = publish_begin(&options, &err), .version = version};
    if (!job.publish) {
        tap_diag("%s", err.text);
        return false;
    }
    pool_run(N_WORKERS, setting->n_files, publish_one, &job);
    if (publish_commit(job.publish, &result, &err) && !job.failed)
        return true;
    tap_diag("%s", err.text);
    return false;
}

/* ---- looking at the output ---- */

typedef struct Look {
    bool is_a, is_b; /* all of it is that version */
    bool torn;       /* a file is neither's */
} Look;

static bool has_text(const char *path, Str text) {
    static char found[TEXT_MAX_LEN + 1];
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return text.len < 0;
    ptrdiff_t n = fs_read_up_to(fd, found, sizeof found);
    close(fd);
    return n == text.len && memcmp(found, text.data, (size_t)n) == 0;
}

static Look look(const Setting *setting) {
    Look look = {true, true, !content_is("public/mine.txt", "mine")};
    for (ptrdiff_t i = 0; i < setting->n_files; i++) {
        char path[64], full[100], a[TEXT_MAX_LEN], b[TEXT_MAX_LEN];
        Str text_a = {a, file_of('A', i, path, a)},
            text_b = {b, file_of('B', i, path, b)};
        snprintf(full, sizeof full, "public/%s", path);
        bool as_a = has_text(full, text_a), as_b = has_text(full, text_b);
        look.is_a &= as_a;
        look.is_b &= as_b;
        look.torn |= !as_a && !as_b;
    }
    return look;
}

/* ---- kills ---- */

static void kill_one(const Setting *setting, int k, double longest_ms) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        for (int i = k;; i++)
            if (!publish_version(setting, i % 2 ? 'A' : 'B', i % 16 == 0))
                _exit(1);
    usleep((unsigned)(drand48() * longest_ms * 1000));
    int status;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    if (!WIFSIGNALED(status))
        tap_diag("the child ended by itself: %x", (unsigned)status);
}

static bool right_after(const Setting *setting) {
    Look now = look(setting);
    if (setting->mode == PUBLISH_WHOLE)
        return !now.torn && (now.is_a || now.is_b);
    PublishOptions options = options_for(setting);
    Err err;
    Publish *publish = publish_begin(&options, &err);
    publish_abort(publish);
    Look repaired = look(setting);
    return publish && !now.torn && !repaired.torn && (repaired.is_a || repaired.is_b);
}

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void test_setting(const Setting *setting, int n) {
    char name[64];
    snprintf(name, sizeof name, "site-%d-%d", setting->mode, setting->n_files);
    mkdir(name, 0755);
    if (chdir(name) || !publish_version(setting, 'A', false))
        perror(name);
    put_file("public/mine.txt", "mine");
    double start = milliseconds();
    publish_version(setting, 'B', false);
    publish_version(setting, 'A', false);
    double longest = 1.5 * (milliseconds() - start);
    int wrong = 0, seen_a = 0, seen_b = 0;
    for (int k = 0; k < n && wrong < 5; k++) {
        kill_one(setting, k, longest);
        wrong += !right_after(setting);
        Look now = look(setting);
        seen_a += now.is_a;
        seen_b += now.is_b;
    }
    TAP_CHECK(wrong == 0,
              "%s: %d kills, then %d times the one site and %d times the other",
              setting->name, n, seen_a, seen_b);
    TAP_CHECK(seen_a > 0 && seen_b > 0, "%s: both were seen", setting->name);
    bool ok = publish_version(setting, 'A', true) &&
              publish_version(setting, 'B', true) && look(setting).is_b;
    int spare = setting->mode == PUBLISH_WHOLE && setting->n_files >= 600;
    TAP_CHECK(ok && count_entries(".") == 1 + spare && !is_there("public/.cairn-staging"),
              "%s: the next builds leave nothing behind", setting->name);
    if (chdir(".."))
        perror("..");
}

int main(void) {
    const char *kills = getenv("CAIRN_KILLS"), *seed = getenv("CAIRN_SEED");
    int n = kills ? atoi(kills) : KILLS;
    long start = seed ? atol(seed) : (long)time(NULL);
    tap_diag("CAIRN_SEED=%ld", start);
    srand48(start);
    enter_workspace(NULL);
    for (ptrdiff_t i = 0; i < N_FILES(settings); i++)
        test_setting(&settings[i], n);
    leave_workspace();
    return tap_done();
}
