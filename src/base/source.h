/* Source: one input file; Loc: a place in it.
 *
 * A Loc is a byte offset. Line and column are computed only when a message is printed,
 * since nearly all places are never printed. */
#pragma once

#include "base/str.h"

typedef struct Source {
    Str path; /* relative to the site, '/' between components, for messages */
    Str text; /* the whole file */
} Source;

typedef struct Loc {
    const Source *source; /* NULL: a message about no file */
    ptrdiff_t offset;     /* bytes; -1: the file as a whole */
} Loc;

typedef struct Position {
    ptrdiff_t line;   /* from 1; LF, CRLF and CR end a line */
    ptrdiff_t column; /* from 1, in Unicode code points */
    Str text;         /* the line without its ending */
    ptrdiff_t at;     /* the place in `text`, in bytes */
} Position;

/* Where `loc` is: the last line's end for an offset behind the text (or behind its last
 * line break), line 1, column 1 for -1 or no source. O(offset). */
Position loc_position(Loc loc);

/* The same for many places that come in order: the walk goes on where the last one ended.
 * A zeroed cursor is ready; places out of order only cost a new walk. */
typedef struct LocCursor {
    const Source *source;
    Position position; /* of the last place */
    ptrdiff_t start;   /* offset of its line */
    ptrdiff_t next;    /* offset of the line after it */
} LocCursor;

Position loc_position_next(LocCursor *cursor, Loc loc);
