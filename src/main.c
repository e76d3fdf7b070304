/* cairn: the command line.
 *
 * A table of commands and a table of options; both print the help, so that there is
 * nothing to keep in step. Exit status: 0 done; 1 the content has errors, nothing was
 * published; 2 wrong usage, or the environment failed, nothing was published. Results go
 * to standard output, diagnostics to standard error. */
#include "base/pool.h"
#include "out/build.h"
#include "out/list.h"
#include "out/reference.h"
#include "out/render.h"
#include "out/views.h"
#include "site/site.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_DONE = 0, EXIT_CONTENT = 1, EXIT_USAGE = 2 };

typedef struct Command Command;

typedef struct Options {
    const Command *command;
    const char *arguments[3];
    int n_arguments;
    const char *output, *base_url, *data, *partials;
    int workers, wait_seconds;
    bool drafts, future, strict, quiet, verbose, stats, in_place, no_sync, json, help;
    bool relative_urls;
    Date now;
    DiagFormat format;
} Options;

struct Command {
    const char *name, *arguments, *doc;
    int min_arguments, max_arguments;
    int (*run)(const Options *options);
    unsigned bit;
};

/* ---- options ---- */

enum {
    BUILD = 1,
    CHECK = 2,
    RENDER = 4,
    LIST = 8,
    VARS = 16,
    REFERENCE = 32,
    SITE = BUILD | CHECK | LIST,
    ANY = 63
};

typedef struct OptionRow {
    const char *name, *letter, *argument, *doc;
    unsigned commands;
    bool (*apply)(Options *options, const char *value); /* false: a bad value */
} OptionRow;

static bool set_output(Options *o, const char *v) { return (o->output = v)[0] != '\0'; }
static bool set_base_url(Options *o, const char *v) {
    return (o->base_url = v)[0] != '\0';
}
static bool set_data(Options *o, const char *v) { return (o->data = v)[0] != '\0'; }
static bool set_partials(Options *o, const char *v) {
    return (o->partials = v)[0] != '\0';
}

static bool set_number(const char *value, int64_t from, int64_t to, int *out) {
    int64_t number;
    if (!str_to_int(str_from(value), &number) || number < from || number > to)
        return false;
    *out = (int)number;
    return true;
}
static bool set_workers(Options *o, const char *v) {
    return set_number(v, 1, 64, &o->workers);
}
static bool set_wait(Options *o, const char *v) {
    return set_number(v, 0, 86400, &o->wait_seconds);
}
static bool set_now(Options *o, const char *v) {
    return date_parse(str_from(v), &o->now);
}
static bool set_format(Options *o, const char *v) {
    static const char *const names[] = {"human", "json", "github"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(v, names[i]) == 0) {
            o->format = (DiagFormat)i;
            return true;
        }
    }
    return false;
}

#define FLAG(member)                                                                     \
    static bool set_##member(Options *o, const char *v) {                                \
        (void)v;                                                                         \
        return o->member = true;                                                         \
    }
FLAG(drafts)
FLAG(future)
FLAG(strict)
FLAG(quiet)
FLAG(verbose)
FLAG(stats)
FLAG(in_place)
FLAG(no_sync)
FLAG(json)
FLAG(help)
FLAG(relative_urls)

static const OptionRow option_rows[] = {
    {"output", "o", "DIR", "where to publish; SITE/public", BUILD, set_output},
    {"jobs", "j", "N", "threads, 1 to 64; as many as there are processors", SITE,
     set_workers},
    {"base-url", NULL, "URL", "instead of base_url in site.yaml", SITE, set_base_url},
    {"relative-urls", NULL, NULL, "links that open from file:// too", SITE,
     set_relative_urls},
    {"drafts", NULL, NULL, "with pages that say draft: true", SITE, set_drafts},
    {"future", NULL, NULL, "with pages dated later than today", SITE, set_future},
    {"now", NULL, "DATE", "what today is; else SOURCE_DATE_EPOCH, else the clock", SITE,
     set_now},
    {"strict", NULL, NULL, "warnings fail", BUILD | CHECK, set_strict},
    {"format", NULL, "NAME", "of messages: human, json or github", ANY, set_format},
    {"in-place", NULL, NULL, "change only files that differ, one by one", BUILD,
     set_in_place},
    {"no-sync", NULL, NULL, "don't wait for the disk", BUILD, set_no_sync},
    {"wait", NULL, "SECONDS", "for another build of the same output; 10", BUILD,
     set_wait},
    {"stats", NULL, NULL, "print how long each phase took", BUILD | CHECK, set_stats},
    {"json", NULL, NULL, "as JSON", LIST | VARS, set_json},
    {"data", NULL, "FILE", "the data, .json or .yaml", RENDER, set_data},
    {"partials", NULL, "DIR", "where NAME.mustache of {{>NAME}} is", RENDER,
     set_partials},
    {"quiet", "q", NULL, "print nothing but errors", BUILD | CHECK, set_quiet},
    {"verbose", "v", NULL, "also print what the site has", BUILD | CHECK, set_verbose},
    {"help", "h", NULL, "print this", ANY, set_help},
};
enum { N_OPTIONS = sizeof option_rows / sizeof *option_rows };

static int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int usage_error(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("cairn: error: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return EXIT_USAGE;
}

/* ---- phases ---- */

typedef struct Clock {
    double start, last;
    bool shown;
} Clock;

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void clock_lap(Clock *clock, const char *phase) {
    double now = seconds_now();
    if (clock->shown)
        fprintf(stderr, "%-8s %8.1f ms\n", phase, (now - clock->last) * 1e3);
    clock->last = now;
}

static SiteOptions site_options(const Options *options, const char *root) {
    return (SiteOptions){.root = root,
                         .base_url = options->base_url,
                         .workers = options->workers,
                         .drafts = options->drafts,
                         .future = options->future,
                         .now = options->now,
                         .relative_urls = options->relative_urls};
}

static void print_summary(const DiagReport *report) {
    fprintf(stderr, "%td error%s, %td warning%s\n", report->errors,
            report->errors == 1 ? "" : "s", report->warnings,
            report->warnings == 1 ? "" : "s");
}

/* An empty Buf may have no data, which fwrite must not be given. */
static void print_buf(const Buf *text, FILE *to) {
    if (text->len)
        fwrite(text->data, 1, (size_t)text->len, to);
}

/* Prints the report; returns the exit status that it asks for. */
static int print_report(const Options *options, const DiagReport *report) {
    Buf text = {0};
    DiagReport shown = *report;
    if (options->quiet) {
        ptrdiff_t kept = 0;
        Diag *items = shown.diags.items;
        for (ptrdiff_t i = 0; i < shown.diags.n; i++)
            if (items[i].severity == SEVERITY_ERROR)
                items[kept++] = items[i];
        shown.diags.n = kept;
    }
    bool json = options->format == DIAG_JSON;
    diags_print(&shown, options->format, isatty(STDERR_FILENO) && !getenv("NO_COLOR"),
                &text);
    print_buf(&text, json ? stdout : stderr);
    buf_release(&text);
    if (options->format == DIAG_HUMAN && report->errors + report->warnings > 0 &&
        !options->quiet)
        print_summary(report);
    bool failed = report->errors > 0 || (options->strict && report->warnings > 0);
    return failed ? EXIT_CONTENT : EXIT_DONE;
}

/* ---- build and check ---- */

static void print_result(const Options *options, const BuildResult *result) {
    if (options->quiet || options->format == DIAG_JSON)
        return;
    for (ptrdiff_t i = 0; i < result->n_notes; i++)
        fprintf(stderr, "cairn: note: %s\n", result->notes[i]);
    printf("%td files in %s: %td written, %td unchanged, %td deleted\n",
           result->n_outputs, result->output, result->n_written, result->n_unchanged,
           result->n_deleted);
}

static void print_content(const Site *site) {
    ptrdiff_t steps = 0;
    for (ptrdiff_t i = 0; i < site->roadmaps.n; i++)
        steps += site->roadmaps.items[i]->steps.n;
    fprintf(stderr,
            "explainers: %td, issues: %td, roadmaps: %td with %td steps, topics: %td, "
            "docs: %td, pages: %td, terms: %td, redirects: %td\n",
            site->pages[PAGE_EXPLAINER].n, site->issues.n, site->roadmaps.n, steps,
            site->topics.n, site->pages[PAGE_DOC].n, site->pages[PAGE_PLAIN].n,
            site->terms.n, site->redirects.n);
}

static int build_or_check(const Options *options, bool publish) {
    const char *root = options->n_arguments ? options->arguments[0] : ".";
    SiteOptions load = site_options(options, root);
    Clock clock = {.start = seconds_now(), .shown = options->stats};
    clock.last = clock.start;
    Site site;
    Arena arena = {0};
    Err err = {0};
    int status = EXIT_USAGE;
    if (!site_load(&site, &load, &err)) {
        usage_error("%s", err.text);
    } else {
        clock_lap(&clock, "load");
        if (options->verbose)
            print_content(&site);
        BuildOptions build = {.root = root,
                              .output = options->output,
                              .workers = options->workers,
                              .publish = publish,
                              .in_place =
                                  options->in_place || site.settings.publish_in_place,
                              .sync = !options->no_sync,
                              .strict = options->strict,
                              .wait_seconds = options->wait_seconds};
        BuildResult result = {0};
        bool ran = build_run(&site, &build, &arena, &result, &err);
        clock_lap(&clock, "write");
        DiagReport report = site_report(&site, &arena);
        status = print_report(options, &report);
        if (!ran)
            status = usage_error("%s", err.text);
        else if (status == EXIT_DONE && publish)
            print_result(options, &result);
        else if (status != EXIT_DONE && publish && options->format == DIAG_HUMAN)
            fputs("cairn: nothing was published\n", stderr);
    }
    site_release(&site);
    arena_release(&arena);
    clock_lap(&clock, "release");
    return status;
}

static int run_build(const Options *options) { return build_or_check(options, true); }
static int run_check(const Options *options) { return build_or_check(options, false); }

/* ---- the others ---- */

static int run_render(const Options *options) {
    return render_command(options->arguments[0], options->data, options->partials,
                          options->format);
}

static int run_list(const Options *options) {
    SiteOptions load =
        site_options(options, options->n_arguments > 1 ? options->arguments[1] : ".");
    Site site;
    Err err = {0};
    Buf out = {0};
    int status = EXIT_DONE;
    if (!site_load(&site, &load, &err) ||
        !list_print(&site, str_from(options->arguments[0]), options->json, &out, &err))
        status = usage_error("%s", err.text);
    print_buf(&out, stdout);
    buf_release(&out);
    site_release(&site);
    return status;
}

static int run_vars(const Options *options) {
    Buf out = {0};
    bool known =
        vars_print(options->n_arguments ? str_from(options->arguments[0]) : (Str){0},
                   options->json, &out);
    print_buf(&out, stdout);
    buf_release(&out);
    return known ? EXIT_DONE
                 : usage_error("there is no type '%s'; 'cairn vars' lists all",
                               options->arguments[0]);
}

static int run_reference(const Options *options) {
    Buf out = {0};
    bool known = reference_print(str_from(options->arguments[0]), &out);
    print_buf(&out, stdout);
    buf_release(&out);
    return known ? EXIT_DONE
                 : usage_error("there is no reference '%s'; there are %s",
                               options->arguments[0], reference_names());
}

static const Command commands[] = {
    {"build", "[SITE]", "build SITE (default .) into SITE/public", 0, 1, run_build,
     BUILD},
    {"check", "[SITE]", "all the messages of a build, nothing written", 0, 1, run_check,
     CHECK},
    {"render", "TEMPLATE", "one template to standard output", 1, 1, run_render, RENDER},
    {"list", "WHAT [SITE]",
     "explainers, issues, roadmaps, steps, topics, links, backlinks or outputs", 1, 2,
     run_list, LIST},
    {"vars", "[TYPE]", "what templates can use", 0, 1, run_vars, VARS},
    {"reference", "PAGE", "a reference page of the manual, as Markdown", 1, 1,
     run_reference, REFERENCE},
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

/* ---- help ---- */

static void print_option(const OptionRow *row) {
    char left[64];
    snprintf(left, sizeof left, "%s%s%s--%s%s%s", row->letter ? "-" : "",
             row->letter ? row->letter : "", row->letter ? ", " : "    ", row->name,
             row->argument ? " " : "", row->argument ? row->argument : "");
    printf("  %-24s %s\n", left, row->doc);
}

static int print_help(const Command *command) {
    if (command) {
        printf("usage: cairn %s %s [OPTION…]\n\n%s\n\n", command->name,
               command->arguments, command->doc);
        for (int i = 0; i < N_OPTIONS; i++)
            if (option_rows[i].commands & command->bit)
                print_option(&option_rows[i]);
        return EXIT_DONE;
    }
    puts("usage: cairn [-C DIR] COMMAND [ARGUMENT…] [OPTION…]\n");
    for (int i = 0; i < N_COMMANDS; i++)
        printf("  cairn %-9s %-12s %s\n", commands[i].name, commands[i].arguments,
               commands[i].doc);
    puts("\n'cairn COMMAND --help' has the options; -C DIR changes the directory first.\n"
         "Exit status: 0 done; 1 the content has errors, nothing published; 2 wrong "
         "usage\n"
         "or the environment failed, nothing published.");
    return EXIT_DONE;
}

/* ---- parsing ---- */

static const OptionRow *find_option(Str name, bool is_letter) {
    for (int i = 0; i < N_OPTIONS; i++) {
        const char *known = is_letter ? option_rows[i].letter : option_rows[i].name;
        if (known && str_equal(name, str_from(known)))
            return &option_rows[i];
    }
    return NULL;
}

static int unknown_option(const char *argument, Str name) {
    Nearest nearest = nearest_init(name);
    for (int i = 0; i < N_OPTIONS; i++)
        nearest_add(&nearest, str_from(option_rows[i].name));
    if (nearest.best.len)
        return usage_error("there is no option '%s'; did you mean '--%.*s'?", argument,
                           STR_ARG(nearest.best));
    return usage_error("there is no option '%s'", argument);
}

/* Takes the option at argv[*at], and its value; 0, or the exit status of a mistake. */
static int take_option(Options *options, char **argv, int *at) {
    const char *argument = argv[*at];
    bool is_letter = argument[1] != '-';
    Str name = str_from(argument + (is_letter ? 1 : 2)), value = {0};
    bool has_value = !is_letter && str_cut(name, '=', &name, &value);
    if (is_letter && name.len > 1) { /* -j4 */
        value = str_from_offset(name, 1);
        name.len = 1;
        has_value = true;
    }
    const OptionRow *row = find_option(name, is_letter);
    if (!row)
        return unknown_option(argument, name);
    if (!(row->commands & options->command->bit))
        return usage_error("'cairn %s' has no option '--%s'", options->command->name,
                           row->name);
    if (!row->argument && has_value)
        return usage_error("the option '--%s' takes no value", row->name);
    const char *text = has_value ? value.data : NULL;
    if (row->argument && !has_value && !(text = argv[++*at]))
        return usage_error("the option '--%s' needs a value", row->name);
    if (!row->apply(options, text))
        return usage_error("'%s' is not a value of '--%s'", text, row->name);
    return 0;
}

static int parse(Options *options, char **argv) {
    bool only_arguments = false;
    for (int i = 0; argv[i]; i++) {
        if (!only_arguments && strcmp(argv[i], "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && argv[i][0] == '-' && argv[i][1]) {
            int status = take_option(options, argv, &i);
            if (status)
                return status;
        } else if (options->n_arguments == options->command->max_arguments) {
            return usage_error("'cairn %s' takes no further argument '%s'",
                               options->command->name, argv[i]);
        } else {
            options->arguments[options->n_arguments++] = argv[i];
        }
    }
    if (!options->help && options->n_arguments < options->command->min_arguments)
        return usage_error("usage: cairn %s %s", options->command->name,
                           options->command->arguments);
    return 0;
}

/* Today in UTC, or SOURCE_DATE_EPOCH (reproducible-builds.org); no time of day, so that a
 * build depends on the day at most. False where the variable is no number. */
static bool today(Date *out) {
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds = (int64_t)time(NULL);
    if (epoch && epoch[0] && !str_to_int(str_from(epoch), &seconds))
        return false;
    *out = date_from_seconds(seconds);
    return true;
}

static const Command *find_command(const char *name) {
    for (int i = 0; i < N_COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int unknown_command(const char *name) {
    Nearest nearest = nearest_init(str_from(name));
    for (int i = 0; i < N_COMMANDS; i++)
        nearest_add(&nearest, str_from(commands[i].name));
    if (nearest.best.len)
        return usage_error("there is no command '%s'; did you mean '%.*s'?", name,
                           STR_ARG(nearest.best));
    return usage_error("there is no command '%s'; 'cairn --help' lists them", name);
}

static int run(const Command *command, char **arguments) {
    Options options = {
        .command = command, .workers = pool_default_workers(), .wait_seconds = 10};
    if (!today(&options.now))
        return usage_error("SOURCE_DATE_EPOCH is not a number");
    int status = parse(&options, arguments);
    if (status)
        return status;
    if (options.help)
        return print_help(command);
    markdown_init();
    status = command->run(&options);
    if (fflush(stdout) != 0 && status == EXIT_DONE)
        return usage_error("cannot write to standard output");
    return status;
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    int at = 1;
    while (at + 1 < argc && strcmp(argv[at], "-C") == 0) {
        if (chdir(argv[at + 1]) != 0)
            return usage_error("cannot change to '%s': %s", argv[at + 1],
                               strerror(errno));
        at += 2;
    }
    if (at >= argc)
        return print_help(NULL), EXIT_USAGE;
    const char *first = argv[at];
    if (strcmp(first, "--version") == 0) {
        puts("cairn " CAIRN_VERSION);
        return EXIT_DONE;
    }
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0 ||
        strcmp(first, "help") == 0)
        return print_help(at + 1 < argc ? find_command(argv[at + 1]) : NULL);
    const Command *command = find_command(first);
    return command ? run(command, argv + at + 1) : unknown_command(first);
}
