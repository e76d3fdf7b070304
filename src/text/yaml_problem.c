/* Messages for malformed YAML: see yaml_problem.h.
 *
 * libyaml says what its scanner missed ("mapping values are not allowed in this
 * context"), not what the author did (forgot to quote a value that contains ": "). Each
 * row of the table below recognises one of its texts and knows the mistakes that commonly
 * lead there; some look at the source around the place to tell them apart. The texts are
 * those of libyaml 0.2.5; one that is in no row is passed on as it is. */
#include "text/yaml_problem.h"

#include <string.h>

enum { QUOTED_MAX = 60 };

/* The line that contains the byte at `offset`: [*from, *to). */
static Str line_around(Str text, ptrdiff_t offset, ptrdiff_t *from) {
    ptrdiff_t start = offset, end = offset;
    while (start > 0 && text.data[start - 1] != '\n' && text.data[start - 1] != '\r')
        start--;
    while (end < text.len && text.data[end] != '\n' && text.data[end] != '\r')
        end++;
    *from = start;
    return str_slice(text, start, end);
}

static ptrdiff_t line_number(const YamlProblem *problem, ptrdiff_t offset) {
    return loc_position((Loc){problem->source, offset}).line;
}

static Diag *add(const YamlProblem *problem, DiagList *diags, ptrdiff_t offset,
                 const char *message) {
    return diag_add(diags, DIAG_YAML_SYNTAX, (Loc){problem->source, offset}, "%s",
                    message);
}

/* `value` as it should have been written, for a hint. */
static Str quoted(Arena *arena, Str value) {
    bool plain = str_find_char(value, '"') < 0 && str_find_char(value, '\\') < 0;
    if (plain)
        return arena_printf(arena, "\"%.*s\"", STR_ARG(value));
    if (str_find_char(value, '\'') < 0)
        return arena_printf(arena, "'%.*s'", STR_ARG(value));
    return (Str){0};
}

static void hint_quote(Diag *diag, DiagList *diags, Str key, Str value) {
    Str better = value.len <= QUOTED_MAX ? quoted(&diags->arena, value) : (Str){0};
    if (better.len)
        diag_hint(diags, diag, "quote the value: %.*s: %.*s", STR_ARG(key),
                  STR_ARG(better));
    else
        diag_hint(diags, diag, "put the whole value in quotes");
}

/* "title: Kubernetes: the hard way", or a line that is indented too far. */
static void explain_colon(const YamlProblem *problem, DiagList *diags) {
    ptrdiff_t from;
    Str line = line_around(problem->source->text, problem->problem_at, &from);
    ptrdiff_t first = str_find(line, S(": "));
    if (first >= 0 && from + first < problem->problem_at) {
        Diag *diag = add(problem, diags, problem->problem_at,
                         "unexpected ':' in a value that is not in quotes");
        Str key = str_trim(str_slice(line, 0, first));
        if (str_has_prefix(key, S("- ")))
            key = str_trim(str_from_offset(key, 2));
        hint_quote(diag, diags, key, str_trim(str_from_offset(line, first + 2)));
        return;
    }
    Diag *diag = add(problem, diags, problem->problem_at, "unexpected ':' after a key");
    diag_hint(diags, diag,
              "the line before goes on here: look for a missing space after ':', a wrong "
              "indentation, or a value that needs quotes");
}

/* A line that should be a key and has no colon, or no space behind it. */
static void explain_missing_colon(const YamlProblem *problem, DiagList *diags) {
    Str text = problem->source->text;
    ptrdiff_t from;
    Str line = line_around(text, problem->context_at, &from);
    ptrdiff_t colon =
        str_find_char(str_from_offset(line, problem->context_at - from), ':');
    if (colon >= 0) {
        Diag *diag =
            add(problem, diags, problem->context_at + colon, "missing space after ':'");
        diag_hint(diags, diag, "write 'key: value'");
        return;
    }
    Diag *diag = add(problem, diags, problem->context_at, "expected 'key: value'");
    diag_hint(diags, diag,
              "indent the further lines of a longer value, or start them with '|'");
}

static void explain_tab(const YamlProblem *problem, DiagList *diags) {
    Diag *diag =
        add(problem, diags, problem->problem_at, "a tab is used for indentation");
    diag_hint(diags, diag, "indent with spaces");
}

static void explain_first_character(const YamlProblem *problem, DiagList *diags) {
    Str at = str_from_offset(problem->source->text, problem->problem_at);
    if (at.len && at.data[0] == '\t') {
        explain_tab(problem, diags);
        return;
    }
    Diag *diag =
        diag_add(diags, DIAG_YAML_SYNTAX, (Loc){problem->source, problem->problem_at},
                 "a value can't start with '%.*s'", at.len > 0, at.data);
    diag_hint(diags, diag, "put the value in quotes");
}

static void explain_open_quote(const YamlProblem *problem, DiagList *diags) {
    Diag *diag = add(problem, diags, problem->context_at, "unclosed quote");
    diag_hint(diags, diag, "the quote that opens here is never closed");
}

/* Where a block mapping or list goes on with something else. */
static void explain_block(const YamlProblem *problem, DiagList *diags) {
    Str before = str_trim(str_slice(problem->source->text, 0, problem->problem_at));
    char last = before.len ? before.data[before.len - 1] : '\0';
    ptrdiff_t line_start;
    line_around(problem->source->text, problem->problem_at, &line_start);
    if ((last == '"' || last == '\'') && before.len > line_start) {
        Diag *diag = add(problem, diags, problem->problem_at,
                         "unexpected text after a closing quote");
        diag_hint(diags, diag,
                  "a quote before this one is not closed, or a quote inside the value is "
                  "not escaped");
        return;
    }
    if (str_has_prefix(str_from_offset(problem->source->text, problem->problem_at),
                       S(":"))) {
        add(problem, diags, problem->problem_at, "expected a key before ':'");
        return;
    }
    bool list = strstr(problem->problem, "'-'") != NULL;
    Diag *diag = add(problem, diags, problem->problem_at,
                     list ? "expected '- ' where the list's items start"
                          : "expected a key where the mapping's keys start");
    diag_hint(diags, diag, "align it with what is above: the %s starts in line %td",
              list ? "list" : "mapping", line_number(problem, problem->context_at));
}

/* "[a, b" and "{a: b": the opening bracket if it is on another line. */
static void explain_flow(const YamlProblem *problem, DiagList *diags) {
    const char *bracket = strstr(problem->problem, "]") ? "[" : "{";
    const char *closing = *bracket == '[' ? "]" : "}";
    ptrdiff_t opened = line_number(problem, problem->context_at);
    ptrdiff_t noticed = line_number(problem, problem->problem_at);
    if (opened != noticed) {
        Diag *diag =
            diag_add(diags, DIAG_YAML_SYNTAX, (Loc){problem->source, problem->context_at},
                     "unclosed '%s'", bracket);
        diag_hint(diags, diag, "expected ',' or '%s' by line %td", closing, noticed);
        return;
    }
    Diag *diag =
        diag_add(diags, DIAG_YAML_SYNTAX, (Loc){problem->source, problem->problem_at},
                 "expected ',' or '%s'", closing);
    diag_hint(diags, diag, "quote the value if '%s' is meant as text", bracket);
}

static void explain_control(const YamlProblem *problem, DiagList *diags) {
    diag_add(diags, DIAG_YAML_SYNTAX, (Loc){problem->source, problem->problem_at},
             "the control character U+%04X is not allowed", (unsigned)problem->character);
}

typedef enum Place { AT_PROBLEM, AT_CONTEXT } Place;

/* The first row whose texts are part of libyaml's context and problem tells the message:
 * by its function, or else `message` and `hint`. */
static const struct {
    const char *context, *problem;
    void (*explain)(const YamlProblem *, DiagList *);
    DiagCode code;
    Place place;
    const char *message, *hint;
} rows[] = {
    {"", "mapping values are not allowed", .explain = explain_colon},
    {"", "could not find expected ':'", .explain = explain_missing_colon},
    {"", "cannot start any token", .explain = explain_first_character},
    {"", "tab character", .explain = explain_tab},
    {"quoted scalar", "unexpected end of stream", .explain = explain_open_quote},
    {"quoted scalar", "unexpected document indicator", .explain = explain_open_quote},
    {"block mapping", "did not find expected key", .explain = explain_block},
    {"block collection", "did not find expected '-'", .explain = explain_block},
    {"flow", "did not find expected ',' or", .explain = explain_flow},
    {"", "control characters", .explain = explain_control},
    {"", "did not find expected node content", NULL, DIAG_YAML_SYNTAX, AT_PROBLEM,
     "expected a value", NULL},
    {"", "did not find expected <document start>", NULL, DIAG_YAML_SYNTAX, AT_PROBLEM,
     "unexpected text after the end of the value", NULL},
    {"", "block sequence entries are not allowed", NULL, DIAG_YAML_SYNTAX, AT_PROBLEM,
     "a list can't start here",
     "start the list on the next line, or quote a value that starts with '-'"},
    {"", "mapping keys are not allowed", NULL, DIAG_YAML_SYNTAX, AT_PROBLEM,
     "unexpected '?'", "quote a value that starts with '?'"},
    {"quoted scalar", "unknown escape character", NULL, DIAG_YAML_SYNTAX, AT_PROBLEM,
     "unknown escape in a value in double quotes",
     "write \\\\ for a backslash, or use single quotes"},
    {"quoted scalar", "hexdecimal", NULL, DIAG_YAML_SYNTAX, AT_PROBLEM,
     "an escape that needs more hexadecimal digits",
     "write \\\\ for a backslash, or use single quotes"},
    {"quoted scalar", "invalid Unicode character", NULL, DIAG_YAML_SYNTAX, AT_PROBLEM,
     "an escape that is no Unicode character", NULL},
    {"block scalar", "expected comment or line break", NULL, DIAG_YAML_SYNTAX, AT_PROBLEM,
     "unexpected text after '|' or '>'",
     "start the text on the next line, or quote the value"},
    {"anchor", "", NULL, DIAG_YAML_ALIAS, AT_CONTEXT, "malformed anchor",
     "quote a value that starts with '&'"},
    {"alias", "", NULL, DIAG_YAML_ALIAS, AT_CONTEXT, "malformed alias",
     "quote a value that starts with '*'"},
    {"", "tag handle", NULL, DIAG_YAML_TAG, AT_PROBLEM, "tags are refused",
     "quote a value that starts with '!'"},
    {"tag", "", NULL, DIAG_YAML_TAG, AT_CONTEXT, "tags are refused",
     "quote a value that starts with '!'"},
    {"directive", "", NULL, DIAG_YAML_SYNTAX, AT_CONTEXT, "a line can't start with '%'",
     NULL},
};

static bool contains(const char *text, const char *part) {
    return *part == '\0' || (text && strstr(text, part));
}

void yaml_problem_add(const YamlProblem *given, DiagList *diags) {
    YamlProblem problem = *given;
    ptrdiff_t len = problem.source->text.len;
    if (problem.problem_at < 0 || problem.problem_at > len)
        problem.problem_at = len;
    if (problem.context_at < 0 || problem.context_at > len)
        problem.context_at = problem.problem_at;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!contains(problem.context, rows[i].context) ||
            !contains(problem.problem, rows[i].problem))
            continue;
        if (rows[i].explain) {
            rows[i].explain(&problem, diags);
            return;
        }
        ptrdiff_t at =
            rows[i].place == AT_CONTEXT ? problem.context_at : problem.problem_at;
        Diag *diag = diag_add(diags, rows[i].code, (Loc){problem.source, at}, "%s",
                              rows[i].message);
        if (rows[i].hint)
            diag_hint(diags, diag, "%s", rows[i].hint);
        return;
    }
    add(&problem, diags, problem.problem_at,
        problem.problem ? problem.problem : "the YAML can't be read");
}
