/* What a compiled template is: shared by mustache_compile.c and the renderer only.
 *
 * A Template is one array of ops in the order of the text, without its comments, its
 * delimiters and the lines that hold only tags. Sections jump over or back by index. A
 * block's default is run where it stands, or jumped over for the DEFINE of another
 * template, which ends with OP_RETURN.
 *
 *     {{#a}}x{{/a}}            SECTION a → past END ; TEXT x ; SECTION_END → TEXT
 *     {{<p}}{{$b}}x{{/b}}{{/p}}  PARENT p → past it ; DEFINE b ; TEXT x ; RETURN
 *     {{$b}}x{{/b}}            BLOCK b → past it ; TEXT x
 *
 * Indentation. A partial that stands alone on a line indents every line of its template,
 * "before rendering" (specification, partials): lines of the template, not of the data.
 * So the compiler marks where lines of the template begin: with OP_LINE before a line's
 * first op, and by '\n' inside a TEXT that goes on. The renderer writes the present
 * indentation at both, and has nothing to do while there is none. A block replaced by
 * another is indented like a partial; what it held and what replaces it lose the
 * indentation that they were written with (specification, inheritance: "block
 * reindentation"). */
#pragma once

#include "text/mustache.h"

typedef enum OpKind {
    OP_NOTHING,
    OP_TEXT,        /* text: bytes as they are */
    OP_LINE,        /* a line of the template begins; the last that is no tag */
    OP_VALUE,       /* name */
    OP_VALUE_RAW,   /* name, not escaped */
    OP_SECTION,     /* name; jump: past the section's end */
    OP_INVERTED,    /* name; jump: past its body, which has no end op */
    OP_SECTION_END, /* jump: the body's first op */
    OP_PARTIAL,     /* name; text: indentation */
    OP_PARENT,      /* name; text; jump: past it; next: its first DEFINE */
    OP_DEFINE, /* name; a block given to a parent, body behind it; next: another one */
    OP_BLOCK,  /* name; text; jump: past it; the default behind it */
    OP_RETURN, /* end of the template, of a DEFINE, of an indented BLOCK */
} OpKind;

typedef struct Op {
    uint8_t kind;
    bool dynamic;    /* PARTIAL, PARENT: the template's name is the value of `name` */
    bool standalone; /* PARTIAL, PARENT, BLOCK: lines inside are indented by `text` */
    int32_t name;    /* index in Template.names, -1: none */
    int32_t jump;    /* index of an op */
    int32_t next;    /* index of an op, -1: none */
    Str text;
} Op;

/* Which name of a list's own (value.h) a name is. */
typedef enum ListName {
    LIST_NAME_NONE,
    LIST_NAME_FIRST,
    LIST_NAME_LAST,
    LIST_NAME_INDEX,
    LIST_NAME_NUMBER,
    LIST_NAME_ODD,
    LIST_NAMES,
} ListName;

extern const Str mustache_list_names[LIST_NAMES]; /* the first is empty */

typedef struct TagName {
    Name whole;         /* without white space and '*'; "a.b" */
    ListName list_name; /* where it has one part only */
    int32_t part;       /* index in Template.parts; "." has none */
    int32_t n_parts;
    ptrdiff_t tag;    /* bytes from the start of the Source: the tag */
    ptrdiff_t offset; /* the name in it */
} TagName;

struct Template {
    const Source *source;
    Str name;
    const Op *ops;
    const TagName *names;
    const Name *parts; /* of dotted names; their text points into the Source */
    FieldHint *hints;  /* as many as parts: all that a render changes (value.h) */
    const TemplatePartial *partials;
    ptrdiff_t n_partials;
};
