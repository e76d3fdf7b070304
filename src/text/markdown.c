/* Parsing Markdown: cmark-gfm under a budget, then the tree of tree.h.
 *
 * cmark-gfm cannot be told to stop, and it aborts the program when memory runs out. So
 * the text lives in a Region: when that exceeds its budget, or a limit of TRUST.md is
 * found exceeded while the tree is built, longjmp leaves the parser and its memory is
 * forgotten. What is quadratic in nesting is stopped while lines are read, by the block
 * extension of directives.c, which cmark-gfm calls for the lines that matter.
 *
 * The parser's inline tables are thread-local in our build of cmark-gfm (src/deps). With
 * a distribution's library (CAIRN_SYSTEM_CMARK) they are shared, and the phase that
 * writes to them is serialised.
 *
 * The calls keep no parser between texts: making one costs 0.2 µs in a Region. */
#define CMARK_NO_SHORT_NAMES
#include "base/utf8.h"
#include "text/tree.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <pthread.h>
#include <string.h>

/* With what cmark-gfm and the output take, a page stays under TRUST.md's 256 MB. */
enum { MEMORY_MAX = 192 << 20 };

#ifdef CAIRN_SYSTEM_CMARK
static pthread_mutex_t cmark_mutex = PTHREAD_MUTEX_INITIALIZER;
static void lock_cmark(void) { pthread_mutex_lock(&cmark_mutex); }
static void unlock_cmark(void) { pthread_mutex_unlock(&cmark_mutex); }
#else
static void lock_cmark(void) {}
static void unlock_cmark(void) {}
#endif

static const struct {
    MarkdownExtension extension;
    const char *name;
} gfm_extensions[] = {
    {MARKDOWN_STRIKETHROUGH, "strikethrough"},
    {MARKDOWN_AUTOLINK, "autolink"},
    {MARKDOWN_TASKLIST, "tasklist"},
    {MARKDOWN_TABLE, "table"},
};
enum { N_GFM_EXTENSIONS = sizeof gfm_extensions / sizeof *gfm_extensions };

static cmark_syntax_extension *extensions[N_GFM_EXTENSIONS];

/* The one text that a thread parses at a time, and how far it is. */
typedef struct Parse {
    Doc *doc;
    cmark_parser *parser;
    bool inlines; /* all lines are read */
    jmp_buf escape;
} Parse;
static _Thread_local Parse parse;

void markdown_init(void) {
    if (extensions[0])
        return;
    cmark_gfm_core_extensions_ensure_registered();
    for (int i = 0; i < N_GFM_EXTENSIONS; i++)
        extensions[i] = cmark_find_syntax_extension(gfm_extensions[i].name);
    md_tree_init();
    directives_init();
}

Doc *md_parsing(void) { return parse.doc; }

/* ---- places ---- */

/* Line starts as cmark-gfm counts them: LF, CRLF and a lone CR each end a line. */
static void find_lines(Doc *doc) {
    Str text = str_slice(doc->source->text, doc->from, doc->to);
    bool has_cr = str_find_char(text, '\r') >= 0;
    ptrdiff_t cap = 0, n = 0, at = 0;
    int *lines = NULL;
    do {
        lines = region_grow(doc->region, lines, (ptrdiff_t)sizeof *lines, n, &cap);
        lines[n++] = (int)at;
        if (has_cr) {
            Str rest = str_from_offset(text, at), line;
            at = str_next_line(&rest, &line) ? text.len - rest.len : text.len;
        } else {
            ptrdiff_t end = str_find_char(str_from_offset(text, at), '\n');
            at = end < 0 ? text.len : at + end + 1;
        }
    } while (at < text.len);
    doc->lines = lines;
    doc->n_lines = (int)n;
}

Str md_line(const Doc *doc, int line) {
    if (line < 1 || line > doc->n_lines)
        return (Str){0};
    ptrdiff_t start = doc->from + doc->lines[line - 1];
    ptrdiff_t end = line < doc->n_lines ? doc->from + doc->lines[line] : doc->to;
    Str text = str_slice(doc->source->text, start, end);
    while (text.len &&
           (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r'))
        text.len--;
    return text;
}

ptrdiff_t md_offset(const Doc *doc, int line, int column) {
    if (line < 1)
        return doc->from;
    if (line > doc->n_lines)
        return doc->to;
    ptrdiff_t most = md_line(doc, line).len;
    ptrdiff_t at = column > 1 ? column - 1 : 0;
    return doc->from + doc->lines[line - 1] + (at < most ? at : most);
}

/* Bounded, so that many places in one long line are not quadratic. */
ptrdiff_t md_locate(const Doc *doc, const MdNode *node, Str part) {
    enum { BEFORE = 64, BEHIND = 256, SHORT_LINE = 4096 };
    ptrdiff_t place = md_offset(doc, node->line, node->column);
    ptrdiff_t start = md_offset(doc, node->line, 1);
    Str line = md_line(doc, node->line);
    bool inside = node->text.len && part.data >= node->text.data &&
                  part.data < node->text.data + node->text.len;
    ptrdiff_t likely = place - start + (inside ? part.data - node->text.data : 0);
    if (likely > line.len)
        likely = line.len;
    if (part.len == 0 || str_has_prefix(str_from_offset(line, likely), part))
        return start + likely;
    ptrdiff_t from = likely > BEFORE ? likely - BEFORE : 0;
    ptrdiff_t found = str_find(str_slice(line, from, likely + BEHIND + part.len), part);
    if (found >= 0)
        return start + from + found;
    found = line.len <= SHORT_LINE ? str_find(line, part) : -1;
    return found < 0 ? place : start + found;
}

bool md_may_report(const Doc *doc) {
    return doc->diags && doc->diags->diags.n - doc->first_diag < MD_DIAGS_MAX;
}

/* ---- characters that HTML forbids ---- */

/* HTML Living Standard, 13.2.3.5, and XML 1.0, 2.2: controls but white space, and
 * noncharacters. */
static bool is_forbidden(uint32_t c) {
    return (c < ' ' && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0) ||
           (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

/* Only these bytes of UTF-8 begin such a character. */
static bool may_begin_forbidden(unsigned char c) {
    return c < ' ' || c == 0x7F || c == 0xC2 || c == 0xEF || c >= 0xF0;
}

/* Printable ASCII in all of eight bytes: none below ' ', none at or above DEL. */
static bool is_printable(const char *eight) {
    const uint64_t ones = 0x0101010101010101u;
    uint64_t bytes;
    memcpy(&bytes, eight, sizeof bytes);
    return ((bytes | (bytes - ones * ' ') | (bytes + ones)) & ones << 7) == 0;
}

static bool has_forbidden(Str text) {
    for (ptrdiff_t i = 0; i < text.len; i++) {
        while (i + 8 <= text.len && is_printable(text.data + i))
            i += 8;
        if (i == text.len)
            break;
        if (!may_begin_forbidden((unsigned char)text.data[i]))
            continue;
        ptrdiff_t at = i;
        uint32_t c = utf8_next(text, &at);
        if (is_forbidden(c) && c != '\r')
            return true;
    }
    return false;
}

static bool has_pair(Str text, char first, char second) {
    for (;;) {
        ptrdiff_t at = str_find_char(text, first);
        if (at < 0)
            return false;
        text = str_from_offset(text, at + 1);
        if (text.len && text.data[0] == second)
            return true;
    }
}

/* Character references make any character, and cmark-gfm cuts the text of a reference to
 * an unknown footnote by columns, perhaps inside a character. */
static bool may_be_unclean(Str text) {
    return has_pair(text, '&', '#') || has_pair(text, '[', '^') || has_forbidden(text);
}

Str md_clean(const Doc *doc, Str text) {
    if (!doc->unclean || (!has_forbidden(text) && utf8_find_invalid(text) < 0))
        return text;
    char *copy = region_alloc(doc->region, text.len * 3);
    ptrdiff_t n = 0;
    for (ptrdiff_t i = 0; i < text.len;) {
        char bytes[4];
        uint32_t c = utf8_next(text, &i);
        int length = utf8_encode(is_forbidden(c) ? UTF8_REPLACEMENT : c, bytes);
        memcpy(copy + n, bytes, (size_t)length);
        n += length;
    }
    return (Str){copy, n};
}

/* ---- parsing ---- */

static void attach_extensions(cmark_parser *parser, const MarkdownOptions *options) {
    if (!options->spec)
        cmark_parser_attach_syntax_extension(parser, directives_extension());
    for (int i = 0; i < N_GFM_EXTENSIONS; i++)
        if (!options->spec || options->spec_extensions & gfm_extensions[i].extension)
            cmark_parser_attach_syntax_extension(parser, extensions[i]);
}

/* Is there a reference to the character '^' behind an opening bracket? */
static bool has_caret_reference(Str text) {
    for (;;) {
        ptrdiff_t at = str_find_char(text, '[');
        if (at < 0)
            return false;
        text = str_from_offset(text, at + 1);
        if (text.len == 0 || text.data[0] != '&')
            continue;
        text = str_from_offset(text, 1);
        ptrdiff_t digits = 1;
        bool hex = text.len > 1 && char_lower(text.data[1]) == 'x';
        digits += hex;
        while (digits < text.len && text.data[digits] == '0')
            digits++;
        Str code = str_slice(text, digits, digits + 2);
        if (str_has_prefix(text, S("Hat;")) ||
            (str_has_prefix(text, S("#")) &&
             (hex ? str_equal_nocase(code, S("5e")) : str_equal(code, S("94")))))
            return true;
    }
}

/* "[&#94;" starts a footnote for cmark-gfm, which then reads its label out of bounds and
 * from freed memory. A text that has it, as none in earnest does, gets no footnotes. */
static int cmark_options(const MarkdownOptions *options, Str text) {
    bool footnotes = !options->spec || options->spec_extensions & MARKDOWN_FOOTNOTES;
    int flags = CMARK_OPT_SOURCEPOS | CMARK_OPT_UNSAFE;
    if (footnotes && !has_caret_reference(text))
        flags |= CMARK_OPT_FOOTNOTES;
    return flags;
}

static void run_parser(Doc *doc) {
    Str text = str_slice(doc->source->text, doc->from, doc->to);
    parse.parser =
        cmark_parser_new_with_mem(cmark_options(&doc->options, text), &region_mem);
    attach_extensions(parse.parser, &doc->options);
    if (text.len)
        cmark_parser_feed(parse.parser, text.data, (size_t)text.len);
    lock_cmark();
    parse.inlines = true;
    cmark_node *root = cmark_parser_finish(parse.parser);
    parse.inlines = false;
    unlock_cmark();
    md_build(doc, root);
    if (doc->options.lint && doc->diags)
        md_lint(doc);
}

static void add_limit(Doc *doc, ptrdiff_t offset, const char *what, int limit) {
    if (doc->diags)
        diag_add(doc->diags, DIAG_LIMIT_EXCEEDED, md_loc(doc, offset), "%s %d", what,
                 limit);
}

/* What is left to do when the parser was left in the middle: its special characters are
 * still set for this thread. */
static void abandon(void) {
    if (!parse.inlines)
        return;
    cmark_manage_extensions_special_characters(parse.parser, 0);
    parse.inlines = false;
    unlock_cmark();
}

void md_refuse(Doc *doc, ptrdiff_t offset, const char *what, int limit) {
    add_limit(doc, offset, what, limit);
    longjmp(parse.escape, 2);
}

static void refuse_memory(Doc *doc) {
    int line = parse.parser ? cmark_parser_get_line_number(parse.parser) : 1;
    region_set_escape(doc->region, NULL);
    add_limit(
        doc, md_offset(doc, parse.inlines ? 1 : line, 1),
        "the text needs more memory than a page may take, in MB:",
        (int)((doc->options.memory_max ? doc->options.memory_max : MEMORY_MAX) >> 20));
}

Doc *doc_parse(const Source *source, ptrdiff_t from, ptrdiff_t to,
               MarkdownOptions options, DiagList *diags) {
    Region *region = region_take(options.memory_max ? options.memory_max : MEMORY_MAX);
    Doc *doc = region_new(region, Doc);
    *doc = (Doc){.source = source,
                 .from = from < 0 ? 0 : from,
                 .to = to > source->text.len ? source->text.len : to,
                 .options = options,
                 .diags = diags,
                 .first_diag = diags ? diags->diags.n : 0,
                 .region = region};
    parse.doc = doc;
    region_use(region);
    int left = setjmp(parse.escape);
    if (left == 0) {
        region_set_escape(region, &parse.escape);
        find_lines(doc);
        doc->unclean =
            !options.spec && may_be_unclean(str_slice(source->text, doc->from, doc->to));
        run_parser(doc);
    } else {
        doc = parse.doc;
        if (left == 1)
            refuse_memory(doc);
        abandon();
        region_give_back(doc->region);
        doc = NULL;
    }
    if (doc)
        region_set_escape(doc->region, NULL);
    region_use(NULL);
    parse.doc = NULL;
    parse.parser = NULL;
    return doc;
}

void doc_free(Doc *doc) {
    if (doc)
        region_give_back(doc->region);
}

int doc_n_blocks(const Doc *doc) { return doc->n_blocks; }

DocRange doc_all(const Doc *doc) { return (DocRange){0, doc->n_blocks}; }
