/* Finding tags: see mustache_scan.h.
 *
 * Linear: the text before a tag is looked at once for the start of its line, the white
 * space behind it once for the end. A tag that holds another opening delimiter was not
 * closed; noticing it there names the right place instead of the next one's. */
#include "text/mustache_scan.h"

#include <string.h>

enum { SHOWN_MAX = 60 };

Str scan_shown(Str s) {
    if (s.len <= SHOWN_MAX)
        return s;
    ptrdiff_t end = SHOWN_MAX;
    while (end > 0 && ((unsigned char)s.data[end] & 0xC0) == 0x80)
        end--;
    return str_slice(s, 0, end);
}

static ptrdiff_t skip_blank(Str text, ptrdiff_t at) {
    while (at < text.len && (text.data[at] == ' ' || text.data[at] == '\t'))
        at++;
    return at;
}

/* Past the line ending at `at` (the end of the text is one too); -1 if there is none. */
static ptrdiff_t skip_line_end(Str text, ptrdiff_t at) {
    if (at == text.len)
        return at;
    if (text.data[at] == '\n')
        return at + 1;
    if (text.data[at] == '\r' && at + 1 < text.len && text.data[at + 1] == '\n')
        return at + 2;
    return -1;
}

/* The delimiter's first place from `at` on, or -1. Not str_find: its memmem is declared
 * to read the whole rest, so that the sanitisers' check of that makes a template
 * quadratic. */
static ptrdiff_t find_delimiter(Str text, ptrdiff_t at, Str delimiter) {
    for (ptrdiff_t hit;
         (hit = str_find_char(str_from_offset(text, at), delimiter.data[0])) >= 0; at++) {
        at += hit;
        if (str_has_prefix(str_from_offset(text, at), delimiter))
            return at;
    }
    return -1;
}

static bool fail_unclosed(Scanner *scan, ptrdiff_t at, Str end, const char *why) {
    Diag *diag = SCAN_FAIL(scan, at, "tag is not closed");
    diag_hint(scan->diags, diag, "'%.*s' is missing%s", STR_ARG(end), why);
    return false;
}

/* Reads what stands in the tag that begins at tag->from. */
static bool read_content(Scanner *scan, Tag *tag) {
    Str text = scan->text;
    ptrdiff_t at = tag->from + scan->open.len;
    while (at < text.len && char_is_space(text.data[at]))
        at++;
    if (at < text.len && text.data[at] && strchr("#^/><$&{!=", text.data[at]))
        tag->sigil = text.data[at++];
    char bytes[1 + MUSTACHE_DELIMITER_MAX] = {tag->sigil == '{' ? '}' : '='};
    memcpy(bytes + 1, scan->close.data, (size_t)scan->close.len);
    bool longer = tag->sigil == '{' || tag->sigil == '=';
    Str end = {bytes + !longer, scan->close.len + longer};
    ptrdiff_t stop = find_delimiter(text, at, end);
    if (stop < 0)
        return fail_unclosed(scan, tag->from, end, "");
    tag->content = str_trim(str_slice(text, at, stop));
    tag->to = stop + end.len;
    bool any_content = tag->sigil == '!' || tag->sigil == '=';
    if (!any_content && find_delimiter(tag->content, 0, scan->open) >= 0)
        return fail_unclosed(scan, tag->from, end, " before the next tag");
    return true;
}

static void place_on_line(Scanner *scan, Tag *tag) {
    Str before = str_slice(scan->text, scan->at, tag->from);
    ptrdiff_t newline = str_find_last_char(before, '\n');
    if (newline >= 0) {
        scan->line = scan->at + newline + 1;
        scan->line_has_tag = false;
    }
    tag->lead = scan->line;
    tag->starts_line =
        !scan->line_has_tag && skip_blank(scan->text, scan->line) >= tag->from;
    tag->next_line = skip_line_end(scan->text, skip_blank(scan->text, tag->to));
    tag->ends_line = tag->next_line >= 0;
}

Scanner scan_start(const Source *source, DiagList *diags) {
    return (Scanner){.source = source,
                     .text = source->text,
                     .diags = diags,
                     .open = S("{{"),
                     .close = S("}}")};
}

bool scan_tag(Scanner *scan, Tag *tag) {
    *tag = (Tag){.from = find_delimiter(scan->text, scan->at, scan->open)};
    if (tag->from < 0 || !read_content(scan, tag))
        return false;
    place_on_line(scan, tag);
    return true;
}

void scan_pass_tag(Scanner *scan, const Tag *tag) {
    scan->at = tag->to;
    scan->line_has_tag = true;
}

void scan_pass_line(Scanner *scan, ptrdiff_t line) {
    scan->at = scan->line = line;
    scan->line_has_tag = false;
}

void scan_set_delimiters(Scanner *scan, const Tag *tag) {
    ptrdiff_t end = 0, spaces = 0;
    while (end < tag->content.len && !char_is_space(tag->content.data[end]))
        end++;
    Str open = str_slice(tag->content, 0, end);
    Str close = str_trim(str_from_offset(tag->content, end));
    for (ptrdiff_t i = 0; i < close.len; i++)
        spaces += char_is_space(close.data[i]);
    if (open.len == 0 || close.len == 0 || spaces > 0) {
        Diag *diag = SCAN_FAIL(scan, tag->from, "delimiters must be two words");
        diag_hint(scan->diags, diag, "for example '{{=<%% %%>=}}'");
    } else if (str_find_char(tag->content, '=') >= 0) {
        SCAN_FAIL(scan, tag->from, "a delimiter must not contain '='");
    } else if (open.len > MUSTACHE_DELIMITER_MAX || close.len > MUSTACHE_DELIMITER_MAX) {
        SCAN_FAIL(scan, tag->from, "a delimiter is longer than %d bytes",
                  MUSTACHE_DELIMITER_MAX);
    } else {
        scan->open = open;
        scan->close = close;
    }
}

Str scan_first_indentation(const Scanner *scan, ptrdiff_t at) {
    Str text = scan->text;
    ptrdiff_t end = skip_blank(text, at), next;
    while (end < text.len && (next = skip_line_end(text, end)) >= 0)
        end = skip_blank(text, at = next);
    Str rest = str_from_offset(text, end);
    if (str_has_prefix(rest, scan->open) &&
        str_has_prefix(str_trim(str_slice(rest, scan->open.len, SHOWN_MAX)), S("/")))
        return (Str){0};
    return (Str){text.data + at, end - at};
}
