/* Publishing under faults, exhaustively: the process is killed at every system call, and
 * every system call fails once with each of several errors. Afterwards the output must be
 * the old site or the new one, what others put there must be untouched, and the next
 * build must succeed. Full disks and mount points follow, where the tests may mount.
 *
 * A parent traces the build with ptrace, counts its system calls and interferes with one
 * of them. The site is small and the file system is in memory where there is one, so that
 * some thousand builds take seconds. */
#define _GNU_SOURCE
#include "publish_help.h"

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>

static const SiteFile old_site[] = {
    {"a", "1"},
    {"assets/site.css", "body {}"},
    {"gone/index.html", "gone"},
    {"index.html", "old"},
    {"same/index.html", "same"},
    {"same/x.png", "png"},
};
static const SiteFile new_site[] = {
    {"a/b/index.html", "1"}, {"assets/new.css", "p {}"}, {"feed.xml", "<feed/>"},
    {"index.html", "new"},   {"new/index.html", "new"},  {"same/index.html", "same"},
    {"same/x.png", "png"},
};
static const SiteFile foreign = {"CNAME", "example.org"};

enum { N_OLD = N_FILES(old_site), N_NEW = N_FILES(new_site) };

typedef enum Setting { FIRST, WHOLE, WITH_SPARE, IN_PLACE, N_SETTINGS } Setting;

static const char *const setting_names[] = {"first build", "whole", "whole, with spare",
                                            "in place"};

static PublishOptions options_for(Setting setting) {
    return (PublishOptions){.output = "public",
                            .site = ".",
                            .workers = 1,
                            .sync = true,
                            .mode =
                                setting == IN_PLACE ? PUBLISH_IN_PLACE : PUBLISH_WHOLE};
}

/* The site with the foreign file, as `tree_is` compares it. */
static bool site_is(const SiteFile *files, ptrdiff_t n) {
    SiteFile all[16];
    memcpy(all, files, (size_t)n * sizeof *files);
    all[n] = foreign;
    return tree_is("public", all, n + 1);
}

static void prepare(Setting setting) {
    Err err;
    PublishResult result;
    PublishOptions options = {.output = "public", .workers = 1};
    int here = open(".", O_RDONLY | O_DIRECTORY);
    fs_remove_tree(here, "public", &err);
    fs_remove_tree(here, ".public.cairn-staging", &err);
    fs_remove_tree(here, ".public.cairn-staging-spare", &err);
    unlink(".public.cairn-lock");
    if (setting == WITH_SPARE) {
        static const SiteFile older[] = {{"index.html", "older"}, {"stray/x", "x"}};
        if (!publish_site(&options, older, 2, &result, &err) ||
            rename("public", ".public.cairn-staging-spare"))
            tap_diag("%s", err.text);
        rename(".public.cairn-staging-spare", ".spare");
    }
    if (setting != FIRST) {
        if (!publish_site(&options, old_site, N_OLD, &result, &err))
            tap_diag("%s", err.text);
        put_file("public/CNAME", foreign.text);
    }
    if (setting == WITH_SPARE &&
        (unlink(".spare/index.html") || link("public/index.html", ".spare/index.html") ||
         rename(".spare", ".public.cairn-staging-spare")))
        perror("rename");
    close(here);
}

/* ---- the traced build ---- */

enum { DONE = 0, FAILED = 1, FAILED_SILENTLY = 2 };

static _Noreturn void traced_child(Setting setting) {
    PublishOptions options = options_for(setting);
    PublishResult result;
    Err err;
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
        _exit(99);
    raise(SIGSTOP);
    if (publish_site(&options, new_site, N_NEW, &result, &err))
        _exit(DONE);
    _exit(*err.text ? FAILED : FAILED_SILENTLY);
}

#if defined(__x86_64__)
enum { CAN_FAIL = true };
typedef struct user_regs_struct Registers;
static long call_number(const Registers *registers) { return (long)registers->orig_rax; }
static void skip_call(Registers *registers) { registers->orig_rax = ~0ULL; }
static void set_result(Registers *registers, int error) {
    registers->rax = (unsigned long long)-(long long)error;
}
static void get_registers(pid_t child, Registers *registers) {
    ptrace(PTRACE_GETREGS, child, NULL, registers);
}
static void set_registers(pid_t child, const Registers *registers) {
    Registers copy = *registers;
    ptrace(PTRACE_SETREGS, child, NULL, &copy);
}
#else
enum { CAN_FAIL = false };
typedef long Registers;
static long call_number(const Registers *registers) { return *registers; }
static void skip_call(Registers *registers) { *registers = 0; }
static void set_result(Registers *registers, int error) { *registers = error; }
static void get_registers(pid_t child, Registers *registers) { *registers = child * 0; }
static void set_registers(pid_t child, const Registers *registers) {
    (void)child, (void)registers;
}
#endif

/* Memory, signals, threads and time are the C library's and the sanitisers' affair. */
static bool is_about_files(long number) {
    static const long calls[] = {
        SYS_openat,   SYS_openat2,   SYS_close,      SYS_read,      SYS_write,
        SYS_mkdirat,  SYS_unlinkat,  SYS_linkat,     SYS_symlinkat, SYS_renameat2,
        SYS_renameat, SYS_fstat,     SYS_newfstatat, SYS_statx,     SYS_getdents64,
        SYS_syncfs,   SYS_fsync,     SYS_flock,      SYS_fchmod,    SYS_fchmodat,
        SYS_fchown,   SYS_faccessat, SYS_readlinkat, SYS_fcntl,
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i] == number)
            return true;
    return false;
}

typedef struct Fault {
    int at; /* which system call, from 1; of those about files where `error` is given */
    int error; /* errno that it fails with; 0: the process is killed instead */
    bool late; /* instead of both: somebody creates a file before the exchange */
    long call; /* out: the call's number */
    bool reached;
} Fault;

/* Handles a stop at a system call's beginning. Returns whether its result is to be set.
 */
static bool meddle(pid_t child, Fault *fault, int *n) {
    Registers registers = {0};
    if (fault->late) {
        get_registers(child, &registers);
        if (call_number(&registers) == SYS_renameat2 && !fault->reached) {
            mkdir("public/late", 0755);
            put_file("public/late/x", "late");
            put_file("public/same/late", "late, too");
            fault->reached = true;
        }
        return false;
    }
    if (!fault->error) {
        if (++*n == fault->at) {
            fault->reached = true;
            kill(child, SIGKILL);
        }
        return false;
    }
    get_registers(child, &registers);
    if (!is_about_files(call_number(&registers)) || ++*n != fault->at)
        return false;
    fault->reached = true;
    fault->call = call_number(&registers);
    skip_call(&registers);
    set_registers(child, &registers);
    return true;
}

/* Builds the new site with a fault. Returns the wait status. */
static int build_with(Setting setting, Fault *fault) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        traced_child(setting);
    int status, n = 0;
    bool entering = true, set = false;
    waitpid(child, &status, 0);
    if (!WIFSTOPPED(status))
        return status;
    ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
    for (;;) {
        ptrace(PTRACE_SYSCALL, child, NULL, NULL);
        if (waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status))
            return status;
        if (WSTOPSIG(status) != (SIGTRAP | 0x80))
            continue;
        if (entering) {
            set = meddle(child, fault, &n);
        } else if (set) {
            Registers registers = {0};
            get_registers(child, &registers);
            set_result(&registers, fault->error);
            set_registers(child, &registers);
            set = false;
        }
        entering = !entering;
    }
}

/* ---- what must be true afterwards ---- */

static bool is_old(Setting setting) {
    return setting == FIRST ? !is_there("public") : site_is(old_site, N_OLD);
}

static bool is_new(Setting setting) {
    return setting == FIRST ? tree_is("public", new_site, N_NEW)
                            : site_is(new_site, N_NEW);
}

static bool is_one_of(const SiteFile *files, ptrdiff_t n, const char *path,
                      const char *text) {
    for (ptrdiff_t i = 0; i < n; i++)
        if (strcmp(files[i].path, path) == 0 && strcmp(files[i].text, text) == 0)
            return true;
    return false;
}

/* In place: what a page needs is there before it, a feed comes after the pages that it
 * announces, and nothing goes before that. */
static bool in_order(void) {
    bool styled = is_there("public/assets/new.css");
    bool pages = is_there("public/new/index.html") && is_there("public/a/b/index.html") &&
                 content_is("public/index.html", "new");
    bool a_page = is_there("public/new/index.html") ||
                  is_there("public/a/b/index.html") ||
                  content_is("public/index.html", "new");
    bool announced = is_there("public/feed.xml");
    return (styled || !a_page) && (pages || !announced) &&
           (announced ||
            (is_there("public/gone/index.html") && is_there("public/assets/site.css")));
}

/* In place: between the old site and the new, but each file whole. */
static bool each_file_is_whole(void) {
    Tree tree;
    Err err;
    int root = fs_open_root("public", &err);
    bool whole = root >= 0 && tree_list(&tree, root, 1, &err) &&
                 content_is("public/CNAME", foreign.text);
    for (ptrdiff_t i = 0; whole && i < tree.entries.n; i++) {
        const TreeEntry *entry = &tree.entries.items[i];
        char full[300];
        snprintf(full, sizeof full, "public/%s", entry->path.data);
        whole = entry->type == DT_DIR || str_equal(entry->path, S("CNAME")) ||
                is_one_of(old_site, N_OLD, entry->path.data, content(full)) ||
                is_one_of(new_site, N_NEW, entry->path.data, content(full));
    }
    tree_release(&tree);
    close(root);
    return whole;
}

/* The next run repairs: after begin and abort the site is one of the two. Empty
 * directories may be left of an interrupted build in place, so that files are compared by
 * a build. */
static bool repairs(Setting setting) {
    PublishOptions options = options_for(setting);
    PublishResult result;
    Err err;
    Publish *publish = publish_begin(&options, &err);
    if (!publish) {
        tap_diag("%s", err.text);
        return false;
    }
    publish_abort(publish);
    if (setting == FIRST ? is_there("public") && !is_new(setting) : !each_file_is_whole())
        return false;
    bool was_new = content_is("public/index.html", "new");
    if (setting != FIRST &&
        !content_is("public/gone/index.html", was_new ? "(missing)" : "gone"))
        return false;
    if (!publish_site(&options, new_site, N_NEW, &result, &err)) {
        tap_diag("%s", err.text);
        return false;
    }
    return result.changed != was_new && is_new(setting) &&
           !is_there("public/.cairn-staging") && !is_there(".public.cairn-staging") &&
           !is_there(".public.cairn-lock");
}

static bool after_kill(Setting setting) {
    bool whole = setting == IN_PLACE ? each_file_is_whole() && in_order()
                                     : is_old(setting) || is_new(setting);
    return whole && repairs(setting);
}

static bool after_failure(Setting setting, int status, const Fault *fault) {
    bool ok = WIFEXITED(status) &&
              ((WEXITSTATUS(status) == DONE && is_new(setting)) ||
               (WEXITSTATUS(status) == FAILED &&
                (is_old(setting) || (setting == IN_PLACE && each_file_is_whole()))));
    ok = ok && repairs(setting);
    if (!ok)
        tap_diag("%s: system call %ld, the %dth, fails with %s: status %x",
                 setting_names[setting], fault->call, fault->at, strerror(fault->error),
                 (unsigned)status);
    return ok;
}

/* ---- tests ---- */

static bool can_trace(void) {
    Fault none = {.at = 1 << 30};
    prepare(WHOLE);
    int status = build_with(WHOLE, &none);
    return WIFEXITED(status) && WEXITSTATUS(status) == DONE && is_new(WHOLE);
}

static void test_kills(Setting setting) {
    int n = 0, wrong = 0;
    Fault fault = {.reached = true};
    while (fault.reached && n < 5000) {
        fault = (Fault){.at = ++n};
        prepare(setting);
        build_with(setting, &fault);
        if (fault.reached && !after_kill(setting) && ++wrong < 5)
            tap_diag("%s: killed at system call %d", setting_names[setting], n);
    }
    TAP_CHECK(wrong == 0 && n > 50, "%s: killed at each of %d system calls",
              setting_names[setting], n - 1);
}

static void test_errors(Setting setting, int error) {
    int n = 0, wrong = 0;
    Fault fault = {.reached = true};
    while (fault.reached && n < 5000 && wrong < 5) {
        fault = (Fault){.at = ++n, .error = error};
        prepare(setting);
        int status = build_with(setting, &fault);
        if (fault.reached)
            wrong += !after_failure(setting, status, &fault);
    }
    TAP_CHECK(wrong == 0 && n > 40, "%s: each of %d system calls fails with %s",
              setting_names[setting], n - 1, strerror(error));
}

/* Reads and writes that are interrupted by a signal must just go on. */
static void test_interrupts(Setting setting) {
    int n = 0, wrong = 0, tried = 0;
    Fault fault = {.reached = true};
    while (fault.reached && n < 5000) {
        fault = (Fault){.at = ++n, .error = EINTR};
        prepare(setting);
        int status = build_with(setting, &fault);
        bool must = fault.call == SYS_read || fault.call == SYS_write ||
                    fault.call == SYS_close || fault.call == SYS_flock;
        if (!fault.reached || !must)
            continue;
        tried++;
        if (status != 0 || !is_new(setting)) {
            tap_diag("system call %ld, the %dth: status %x", fault.call, n,
                     (unsigned)status);
            wrong++;
        }
    }
    TAP_CHECK(wrong == 0 && tried >= 10, "%s: %d calls are interrupted",
              setting_names[setting], tried);
}

/* A file that appears after the output was listed is in the new site nevertheless. */
static void test_late(Setting setting) {
    Fault fault = {.late = true};
    prepare(setting);
    int status = build_with(setting, &fault);
    TAP_CHECK(fault.reached && status == 0 && content_is("public/late/x", "late") &&
                  content_is("public/same/late", "late, too") &&
                  content_is("public/index.html", "new"),
              "%s: a file that appears just before the exchange is kept",
              setting_names[setting]);
}

static void test_file_size(Setting setting) {
    Err err = {0};
    PublishResult result;
    PublishOptions options = options_for(setting);
    struct rlimit old, small;
    static char large[3001];
    memset(large, 'x', sizeof large - 1);
    SiteFile files[] = {{"index.html", "new"}, {"large.html", large}};
    prepare(setting);
    getrlimit(RLIMIT_FSIZE, &old);
    small = (struct rlimit){2000, old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    bool ok = publish_site(&options, files, 2, &result, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    TAP_CHECK(!ok && err.number == EFBIG && strstr(err.text, "public/large.html") &&
                  is_old(setting) && repairs(setting),
              "%s: a write that stops in the middle: %s", setting_names[setting],
              err.text);
}

static void test_full_disk(Setting setting) {
    Err err = {0};
    PublishResult result;
    PublishOptions options = options_for(setting);
    options.output = "public";
    static char large[400001];
    memset(large, 'x', sizeof large - 1);
    SiteFile files[] = {{"index.html", "new"}, {"large.html", large}};
    mkdir("small", 0755);
    if (mount("tmpfs", "small", "tmpfs", 0, "size=300k") || chdir("small")) {
        tap_skip("a full disk needs the right to mount");
        return;
    }
    prepare(setting);
    bool ok = publish_site(&options, files, 2, &result, &err);
    TAP_CHECK(!ok && err.number == ENOSPC && strstr(err.text, "public/large.html") &&
                  is_old(setting) && repairs(setting),
              "%s: a full disk: %s", setting_names[setting], err.text);
    if (chdir("..") || umount("small"))
        perror("umount");
}

/* The output is a mount point: whole is not possible, in place is. */
static void test_mount(const char *from, const char *type, unsigned long flags,
                       const char *name) {
    Err err = {0};
    PublishResult result;
    PublishOptions options = options_for(WHOLE);
    prepare(FIRST);
    mkdir("public", 0755);
    mkdir("elsewhere", 0755);
    if (mount(from, "public", type, flags, NULL)) {
        tap_skip("a mount point needs the right to mount");
        return;
    }
    TAP_CHECK(publish_site(&options, old_site, N_OLD, &result, &err) &&
                  result.mode == PUBLISH_IN_PLACE && strstr(result.note, "mount point") &&
                  tree_is("public", old_site, N_OLD),
              "%s: a first build: %s %s", name, result.note, err.text);
    put_file("public/CNAME", foreign.text);
    TAP_CHECK(publish_site(&options, new_site, N_NEW, &result, &err) &&
                  result.mode == PUBLISH_IN_PLACE && site_is(new_site, N_NEW) &&
                  result.written == 5 && result.deleted == 3,
              "%s: a second: %s %s", name, result.note, err.text);
    if (umount("public"))
        perror("umount");
}

/* Something is mounted inside the output: it can't be carried over. */
static void test_mount_inside(void) {
    Err err = {0};
    PublishResult result;
    PublishOptions options = options_for(WHOLE);
    prepare(WHOLE);
    mkdir("public/data", 0755);
    if (mount("tmpfs", "public/data", "tmpfs", 0, "size=100k")) {
        tap_skip("a mount point needs the right to mount");
        return;
    }
    put_file("public/data/x", "x");
    bool ok = publish_site(&options, new_site, N_NEW, &result, &err);
    TAP_CHECK(ok && result.mode == PUBLISH_IN_PLACE && *result.note &&
                  content_is("public/data/x", "x") &&
                  content_is("public/index.html", "new") && !is_there("public/gone") &&
                  !is_there(".public.cairn-staging"),
              "a mount point in the output is left alone: %s %s", result.note, err.text);
    if (umount("public/data"))
        perror("umount");
}

/* A site in the lower layer of an overlay, as in a container image: its directory can't
 * be renamed. */
static void test_overlay(void) {
    Err err = {0};
    PublishResult result;
    PublishOptions options = options_for(WHOLE);
    prepare(WHOLE);
    mkdir("layers", 0755);
    if (mount("tmpfs", "layers", "tmpfs", 0, NULL)) {
        tap_skip("an overlay needs the right to mount");
        return;
    }
    if (system("cd layers && mkdir lower upper work merged && cp -a ../public lower") ||
        mount("overlay", "layers/merged", "overlay", 0,
              "lowerdir=layers/lower,upperdir=layers/upper,workdir=layers/work") ||
        chdir("layers/merged")) {
        tap_skip("no overlays here");
    } else {
        TAP_CHECK(publish_site(&options, new_site, N_NEW, &result, &err) &&
                      result.mode == PUBLISH_IN_PLACE && *result.note &&
                      site_is(new_site, N_NEW) && count_entries(".") == 1,
                  "a lower layer of an overlay: %s %s", result.note, err.text);
        if (chdir("../..") || umount("layers/merged"))
            perror("umount");
    }
    if (umount("layers"))
        perror("umount");
}

/* As another user, from whom the directory with the output is protected. */
static void test_read_only(void) {
    prepare(WHOLE);
    if (getuid() != 0) {
        tap_skip("needs root, to become somebody else");
        return;
    }
    if (system("chown -R 65534:65534 public") || chmod(".", 0755))
        perror("chown");
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        Err err;
        PublishResult result;
        PublishOptions options = options_for(WHOLE);
        PublishOptions other = options;
        other.output = "other";
        if (setgid(65534) || setuid(65534))
            _exit(9);
        if (publish_site(&other, new_site, N_NEW, &result, &err) || err.number != EACCES)
            _exit(8);
        bool ok = publish_site(&options, new_site, N_NEW, &result, &err) &&
                  result.mode == PUBLISH_IN_PLACE && strstr(result.note, "beside");
        _exit(ok ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    TAP_CHECK(status == 0 && site_is(new_site, N_NEW),
              "where nothing can be written beside the output: %x", (unsigned)status);
}

int main(void) {
    enter_workspace(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NULL);
    bool traced = can_trace();
    for (Setting setting = FIRST; setting < N_SETTINGS; setting++) {
        if (!traced || !CAN_FAIL) {
            tap_skip("system calls can't be traced here");
        } else {
            test_kills(setting);
            test_errors(setting, EIO);
            test_errors(setting, ENOSPC);
            test_errors(setting, EPERM);
            test_interrupts(setting);
            if (setting == WHOLE || setting == WITH_SPARE)
                test_late(setting);
        }
        test_file_size(setting);
        test_full_disk(setting);
    }
    test_mount("tmpfs", "tmpfs", 0, "another file system");
    test_mount("elsewhere", NULL, MS_BIND, "a bind mount");
    test_mount_inside();
    test_overlay();
    test_read_only();
    leave_workspace();
    return tap_done();
}
