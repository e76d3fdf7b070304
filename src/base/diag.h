/* Diagnostics: what is wrong with an author's files, where, and what may help.
 *
 * An author's mistake never stops a phase. Each worker collects into a DiagList of its
 * own; at the end all are merged, and sorted by path and offset, so that the output is
 * the same for any number of threads. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/source.h"

#include <stdio.h>

typedef enum Severity { SEVERITY_OFF, SEVERITY_WARNING, SEVERITY_ERROR } Severity;

typedef enum DiagCode {
#define DIAG(code, name, severity, meaning) DIAG_##code,
#include "base/diag_codes.h"
#undef DIAG
    DIAG_COUNT
} DiagCode;

typedef struct DiagInfo {
    const char *name, *meaning;
    Severity severity; /* the default */
} DiagInfo;

/* One row for each DiagCode, in order. */
extern const DiagInfo diag_infos[DIAG_COUNT];

/* The code of `name`, or DIAG_COUNT. */
DiagCode diag_code(Str name);

typedef struct Diag {
    DiagCode code;
    Severity severity; /* set by diags_finish */
    Loc loc;
    Str message; /* lower case, subject in quotes, no full stop */
    Str hint;    /* a sentence of the same form, or empty */
} Diag;

typedef struct DiagList {
    Arena arena; /* owns the messages */
    Vec(Diag) diags;
    ptrdiff_t dropped[DIAG_COUNT]; /* beyond DIAG_LIST_MAX they are only counted */
    Diag spare;                    /* what diag_add returns for those */
} DiagList;

/* The first bounds memory, the second what is shown: the first in order of a whole
 * report, so that it does not depend on which worker found how many. */
enum { DIAG_LIST_MAX = 200000, DIAG_REPORT_MAX = 10000 };

/* Adds a message. Returns it so that a hint can be given with diag_hint, until the next
 * is added; never NULL. The format's arguments are copied. */
Diag *diag_add(DiagList *list, DiagCode code, Loc loc, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void diag_hint(DiagList *list, Diag *diag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds the hint "did you mean 'nearest'?" unless `nearest` is empty. */
void diag_hint_nearest(DiagList *list, Diag *diag, Str nearest);

void diag_list_release(DiagList *list);

typedef enum DiagFormat { DIAG_HUMAN, DIAG_JSON, DIAG_GITHUB } DiagFormat;

typedef struct DiagReport {
    Vec(Diag) diags; /* sorted by path, offset, code, message; no two equal */
    ptrdiff_t errors, warnings;
    ptrdiff_t dropped; /* counted among these, but not in diags */
} DiagReport;

/* Merges `n` lists into one sorted report without duplicates, applying `severities`
 * (indexed by DiagCode; NULL for the defaults); those that are off are left out. The
 * report lives in `arena` and borrows the lists' texts. */
DiagReport diags_finish(Arena *arena, const DiagList *lists, ptrdiff_t n,
                        const Severity *severities);

/* Appends the report in `format`:
 * human   path:line:col: error: text [code], the source line with a caret, the hint;
 *         1:1 and no line where a file as a whole is meant
 * github  ::error file=…,line=…,col=…,title=…::text  (workflow commands)
 * json    {"diagnostics": [{severity, code, message, hint, path, line, column}],
 * "errors", "warnings"} `colour` uses terminal escapes in the human format. */
void diags_print(const DiagReport *report, DiagFormat format, bool colour, Buf *out);
