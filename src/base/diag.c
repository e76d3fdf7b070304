/* Diagnostics: see diag.h. The form of a message follows the GNU Coding Standards, 4.4
 * ("Formatting Error Messages"), which editors and CI know. */
#include "base/diag.h"

#include "base/json.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

const DiagInfo diag_infos[DIAG_COUNT] = {
#define DIAG(code, name, severity, meaning)                                              \
    [DIAG_##code] = {name, meaning, SEVERITY_##severity},
#include "base/diag_codes.h"
#undef DIAG
};

DiagCode diag_code(Str name) {
    DiagCode code = 0;
    while (code < DIAG_COUNT && !str_equal(name, str_from(diag_infos[code].name)))
        code++;
    return code;
}

Diag *diag_add(DiagList *list, DiagCode code, Loc loc, const char *format, ...) {
    if (list->diags.n >= DIAG_LIST_MAX) {
        list->dropped[code]++;
        return &list->spare;
    }
    Diag *diag = vec_push(&list->arena, &list->diags);
    va_list args;
    va_start(args, format);
    *diag = (Diag){.code = code, .loc = loc};
    diag->message = arena_vprintf(&list->arena, format, args);
    va_end(args);
    return diag;
}

void diag_hint(DiagList *list, Diag *diag, const char *format, ...) {
    if (diag == &list->spare)
        return;
    va_list args;
    va_start(args, format);
    diag->hint = arena_vprintf(&list->arena, format, args);
    va_end(args);
}

void diag_hint_nearest(DiagList *list, Diag *diag, Str nearest) {
    if (nearest.len)
        diag_hint(list, diag, "did you mean '%.*s'?", STR_ARG(nearest));
}

void diag_list_release(DiagList *list) {
    arena_release(&list->arena);
    *list = (DiagList){0};
}

static Str loc_path(Loc loc) { return loc.source ? loc.source->path : (Str){0}; }

static int compare(const Diag *a, const Diag *b) {
    int order = str_compare(loc_path(a->loc), loc_path(b->loc));
    if (order == 0)
        order = (a->loc.offset > b->loc.offset) - (a->loc.offset < b->loc.offset);
    if (order == 0)
        order = (a->code > b->code) - (a->code < b->code);
    return order ? order : str_compare(a->message, b->message);
}

/* The order of a report. Of equal ones, that with a hint comes first and is kept. */
static int compare_hints_too(const void *left, const void *right) {
    const Diag *a = left, *b = right;
    int order = compare(a, b);
    return order ? order : str_compare(b->hint, a->hint);
}

static void count(DiagReport *report, Severity severity, ptrdiff_t n) {
    *(severity == SEVERITY_ERROR ? &report->errors : &report->warnings) += n;
}

/* Adds what is not off in `list`; counts what the list has only counted itself. */
static void take_list(DiagReport *report, Arena *arena, const DiagList *list,
                      const Severity severities[DIAG_COUNT]) {
    for (ptrdiff_t i = 0; i < list->diags.n; i++) {
        Diag diag = list->diags.items[i];
        diag.severity = severities[diag.code];
        if (diag.severity != SEVERITY_OFF)
            *vec_push(arena, &report->diags) = diag;
    }
    for (int code = 0; code < DIAG_COUNT; code++) {
        if (severities[code] == SEVERITY_OFF)
            continue;
        count(report, severities[code], list->dropped[code]);
        report->dropped += list->dropped[code];
    }
}

DiagReport diags_finish(Arena *arena, const DiagList *lists, ptrdiff_t n,
                        const Severity *severities) {
    DiagReport report = {0};
    Severity defaults[DIAG_COUNT];
    for (int code = 0; code < DIAG_COUNT; code++)
        defaults[code] = diag_infos[code].severity;
    for (ptrdiff_t i = 0; i < n; i++)
        take_list(&report, arena, &lists[i], severities ? severities : defaults);
    Diag *items = report.diags.items;
    if (report.diags.n)
        qsort(items, (size_t)report.diags.n, sizeof *items, compare_hints_too);
    ptrdiff_t kept = 0;
    for (ptrdiff_t i = 0; i < report.diags.n; i++)
        if (kept == 0 || compare(&items[kept - 1], &items[i]) != 0)
            items[kept++] = items[i];
    for (ptrdiff_t i = 0; i < kept; i++)
        count(&report, items[i].severity, 1);
    report.diags.n = kept < DIAG_REPORT_MAX ? kept : DIAG_REPORT_MAX;
    report.dropped += kept - report.diags.n;
    return report;
}

static const char *severity_name(Severity severity) {
    return severity == SEVERITY_ERROR ? "error" : "warning";
}

typedef struct Style {
    const char *bold, *red, *yellow, *dim, *end;
} Style;

static const Style style_plain = {"", "", "", "", ""};
static const Style style_colour = {"\033[1m", "\033[1;31m", "\033[1;33m", "\033[2m",
                                   "\033[0m"};

/* Control characters in content must not reach a terminal; U+0080 to U+009F are some too.
 * Invalid UTF-8 is shown as U+FFFD, so that the report itself is valid. */
static void put_printable(Buf *out, Str s) {
    for (ptrdiff_t i = 0; i < s.len;) {
        uint32_t c = utf8_next(s, &i);
        bool control = (c < ' ' && c != '\t') || (c >= 0x7f && c < 0xa0);
        char bytes[4];
        int n = utf8_encode(control ? '?' : c, bytes);
        buf_str(out, (Str){bytes, n});
    }
}

enum { EXCERPT_MAX = 160 };

static bool is_continuation(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

/* The source line and a caret under the place, cut around it where the line is long. */
static void put_excerpt(Buf *out, Position position, const Style *style) {
    ptrdiff_t caret = position.at;
    ptrdiff_t from = caret > EXCERPT_MAX / 2 ? caret - EXCERPT_MAX / 2 : 0;
    while (from > 0 && is_continuation(position.text.data[from]))
        from--;
    ptrdiff_t to =
        from + EXCERPT_MAX < position.text.len ? from + EXCERPT_MAX : position.text.len;
    while (to < position.text.len && is_continuation(position.text.data[to]))
        to++;
    Str shown = str_slice(position.text, from, to);
    if (str_trim(shown).len == 0)
        return;
    buf_cstr(out, "    ");
    put_printable(out, shown);
    buf_cstr(out, "\n    ");
    for (ptrdiff_t i = from; i < caret; i++)
        if (!is_continuation(position.text.data[i]))
            buf_char(out, position.text.data[i] == '\t' ? '\t' : ' ');
    buf_printf(out, "%s^%s\n", style->red, style->end);
}

static void print_human(const Diag *diag, Position position, bool colour, Buf *out) {
    const Style *style = colour ? &style_colour : &style_plain;
    buf_cstr(out, style->bold);
    put_printable(out, diag->loc.source ? diag->loc.source->path : S("cairn"));
    if (diag->loc.source)
        buf_printf(out, ":%td:%td", position.line, position.column);
    buf_printf(out, ":%s %s%s:%s ", style->end,
               diag->severity == SEVERITY_ERROR ? style->red : style->yellow,
               severity_name(diag->severity), style->end);
    put_printable(out, diag->message);
    buf_printf(out, " %s[%s]%s\n", style->dim, diag_infos[diag->code].name, style->end);
    if (diag->loc.source && diag->loc.offset >= 0)
        put_excerpt(out, position, style);
    if (diag->hint.len) {
        buf_cstr(out, "    hint: ");
        put_printable(out, diag->hint);
        buf_char(out, '\n');
    }
}

/* Escaping of workflow commands: '%', CR and LF in data, ':' and ',' too in properties.
 */
static void put_github(Buf *out, Str s, bool property) {
    for (ptrdiff_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
            buf_printf(out, "%%%02X", (unsigned char)c);
        else
            buf_char(out, c);
    }
}

static void print_github(const Diag *diag, Position position, Buf *out) {
    buf_printf(out, "::%s ", severity_name(diag->severity));
    if (diag->loc.source) {
        buf_cstr(out, "file=");
        put_github(out, diag->loc.source->path, true);
        buf_printf(out, ",line=%td,col=%td,", position.line, position.column);
    }
    buf_printf(out, "title=%s::", diag_infos[diag->code].name);
    put_github(out, diag->message, false);
    if (diag->hint.len) {
        buf_cstr(out, " (");
        put_github(out, diag->hint, false);
        buf_char(out, ')');
    }
    buf_char(out, '\n');
}

static void put_member(Buf *out, const char *name, Str value) {
    buf_printf(out, ", \"%s\": ", name);
    if (value.len)
        json_put_string(out, value);
    else
        buf_cstr(out, "null");
}

static void print_json(const Diag *diag, Position position, Buf *out) {
    buf_printf(out, "{\"severity\": \"%s\", \"code\": \"%s\"",
               severity_name(diag->severity), diag_infos[diag->code].name);
    put_member(out, "message", diag->message);
    put_member(out, "hint", diag->hint);
    put_member(out, "path", loc_path(diag->loc));
    buf_printf(out, ", \"line\": %td, \"column\": %td}",
               diag->loc.source ? position.line : 0,
               diag->loc.source ? position.column : 0);
}

void diags_print(const DiagReport *report, DiagFormat format, bool colour, Buf *out) {
    LocCursor cursor = {0};
    if (format == DIAG_JSON)
        buf_cstr(out, "{\"diagnostics\": [");
    for (ptrdiff_t i = 0; i < report->diags.n; i++) {
        const Diag *diag = &report->diags.items[i];
        Position position = loc_position_next(&cursor, diag->loc);
        if (format == DIAG_HUMAN)
            print_human(diag, position, colour, out);
        if (format == DIAG_GITHUB)
            print_github(diag, position, out);
        if (format == DIAG_JSON) {
            buf_cstr(out, i ? ",\n  " : "\n  ");
            print_json(diag, position, out);
        }
    }
    if (format == DIAG_JSON)
        buf_printf(out, "%s], \"errors\": %td, \"warnings\": %td}\n",
                   report->diags.n ? "\n" : "", report->errors, report->warnings);
    else if (report->dropped)
        buf_printf(out, "cairn: %td more messages are not shown\n", report->dropped);
}
