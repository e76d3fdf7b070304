/* base/diag: codes, merging and sorting, the three formats. */
#include "base/diag.h"

#include "base/json.h"
#include "tap.h"

#include <string.h>

static Arena arena;

static Buf out;

static Source source = {.path = STR_INIT("b/x.md"),
                        .text = STR_INIT("one\ntwo é three\n\tlast\n")};
static Source earlier = {.path = STR_INIT("a.md"), .text = STR_INIT("")};

static void codes(void) {
    int wrong = 0;
    for (int i = 0; i < DIAG_COUNT; i++) {
        const DiagInfo *info = &diag_infos[i];
        wrong += diag_code(str_from(info->name)) != (DiagCode)i || !info->meaning[0] ||
                 info->severity == SEVERITY_OFF;
    }
    TAP_CHECK(wrong == 0, "every code has a name of its own, a meaning and a severity");
    TAP_CHECK(diag_code(S("nonsense")) == DIAG_COUNT, "an unknown name");
    TAP_CHECK(diag_code(S("yaml_syntax")) == DIAG_YAML_SYNTAX, "a known one");
}

static bool printed(const DiagReport *report, DiagFormat format, const char *expected) {
    buf_reset(&out);
    diags_print(report, format, false, &out);
    bool same = str_equal(buf_view(&out), str_from(expected));
    if (!same)
        fprintf(stderr, "# got:\n%.*s", STR_ARG(buf_view(&out)));
    return same;
}

static void formats(void) {
    DiagList list = {0};
    Diag *diag =
        diag_add(&list, DIAG_LINK_UNKNOWN, (Loc){&source, 8}, "no page '%s'", "é:,%");
    diag_hint_nearest(&list, diag, S("e"));
    diag_hint_nearest(&list,
                      diag_add(&list, DIAG_MISSING_ALT, (Loc){&source, 18}, "no \"alt\""),
                      (Str){0});
    diag_add(&list, DIAG_PATH_ESCAPE, (Loc){&earlier, -1},
             "a\033[31m\xC2\x9B"
             "b\nc");
    diag_add(&list, DIAG_LIMIT_EXCEEDED, (Loc){NULL, 0}, "too much");
    DiagReport report = diags_finish(&arena, &list, 1, NULL);
    TAP_CHECK(report.errors == 3 && report.warnings == 1 && report.dropped == 0,
              "counts");
    TAP_CHECK(printed(&report, DIAG_HUMAN,
                      "cairn: error: too much [limit_exceeded]\n"
                      "a.md:1:1: error: a?[31m?b?c [path_escape]\n"
                      "b/x.md:2:5: error: no page 'é:,%' [link_unknown]\n"
                      "    two é three\n"
                      "        ^\n"
                      "    hint: did you mean 'e'?\n"
                      "b/x.md:3:2: warning: no \"alt\" [missing_alt]\n"
                      "    \tlast\n"
                      "    \t^\n"),
              "human format");
    TAP_CHECK(
        printed(&report, DIAG_GITHUB,
                "::error title=limit_exceeded::too much\n"
                "::error file=a.md,line=1,col=1,title=path_escape::a\033[31m\xC2\x9B"
                "b%0Ac\n"
                "::error file=b/x.md,line=2,col=5,title=link_unknown::no page 'é:,%25'"
                " (did you mean 'e'?)\n"
                "::warning file=b/x.md,line=3,col=2,title=missing_alt::no \"alt\"\n"),
        "github format");
    buf_reset(&out);
    diags_print(&report, DIAG_JSON, false, &out);
    JsonError error;
    const Node *root = json_read(buf_view(&out), &arena, &error);
    const Node *rows = node_get(root, S("diagnostics"));
    TAP_CHECK(rows && rows->n == 4 && node_get(root, S("errors"))->integer == 3,
              "json format is JSON");
    const Node *row = rows ? rows->child->next->next : NULL;
    TAP_CHECK(row && str_equal(node_get(row, S("code"))->text, S("link_unknown")) &&
                  str_equal(node_get(row, S("message"))->text, S("no page 'é:,%'")) &&
                  str_equal(node_get(row, S("path"))->text, S("b/x.md")) &&
                  node_get(row, S("line"))->integer == 2 &&
                  node_get(row, S("column"))->integer == 5 &&
                  node_get(row->next, S("hint"))->kind == NODE_NULL,
              "its members");
    buf_reset(&out);
    diags_print(&report, DIAG_HUMAN, true, &out);
    TAP_CHECK(str_find(buf_view(&out), S("\033[1;31m error")) < 0 &&
                  str_find(buf_view(&out), S("\033[1;31merror:\033[0m")) >= 0,
              "colours");
    diag_list_release(&list);
}

static void no_messages(void) {
    DiagReport report = diags_finish(&arena, NULL, 0, NULL);
    TAP_CHECK(printed(&report, DIAG_HUMAN, "") && printed(&report, DIAG_GITHUB, ""),
              "no messages, no output");
    TAP_CHECK(printed(&report, DIAG_JSON,
                      "{\"diagnostics\": [], \"errors\": 0, \"warnings\": 0}\n"),
              "no messages as JSON");
}

/* The same messages in other lists, in another order: the same report. */
static void merging(void) {
    DiagList one[1] = {0}, three[3] = {0};
    for (int i = 0; i < 60; i++) {
        Loc loc = {i % 2 ? &source : &earlier, i % 5};
        DiagCode code = i % 3 ? DIAG_EMPTY_LINK : DIAG_BAD_VALUE;
        diag_add(&one[0], code, loc, "m%d", i % 4);
    }
    for (int i = 59; i >= 0; i--) {
        Loc loc = {i % 2 ? &source : &earlier, i % 5};
        DiagCode code = i % 3 ? DIAG_EMPTY_LINK : DIAG_BAD_VALUE;
        Diag *diag = diag_add(&three[i % 3], code, loc, "m%d", i % 4);
        if (i == 7)
            diag_hint(&three[i % 3], diag, "h");
        if (i == 0) /* the same again */
            diag_add(&three[1], code, loc, "m%d", i % 4);
    }
    diag_hint(&one[0], &one[0].diags.items[7], "h");
    DiagReport a = diags_finish(&arena, one, 1, NULL),
               b = diags_finish(&arena, three, 3, NULL);
    Buf other = {0};
    buf_reset(&out);
    diags_print(&a, DIAG_HUMAN, false, &out);
    diags_print(&b, DIAG_HUMAN, false, &other);
    TAP_CHECK(a.diags.n == 40 && str_equal(buf_view(&out), buf_view(&other)),
              "sorted alike, whatever list they came from");
    Severity severities[DIAG_COUNT] = {0};
    severities[DIAG_EMPTY_LINK] = SEVERITY_ERROR;
    DiagReport c = diags_finish(&arena, three, 3, severities);
    TAP_CHECK(c.errors == 20 && c.warnings == 0 && c.diags.n == 20,
              "severities as the site sets them");
    buf_release(&other);
    diag_list_release(&one[0]);
    for (int i = 0; i < 3; i++)
        diag_list_release(&three[i]);
}

/* More than is shown, and more than is kept: nothing that is counted gets lost. */
static void many(void) {
    DiagList lists[2] = {0};
    for (int i = 0; i < DIAG_REPORT_MAX + 5; i++)
        diag_add(&lists[i % 2], DIAG_EMPTY_LINK, (Loc){&source, i}, "m");
    diag_add(&lists[1], DIAG_BAD_VALUE, (Loc){&earlier, 0}, "the only error");
    DiagReport report = diags_finish(&arena, lists, 2, NULL);
    TAP_CHECK(report.diags.n == DIAG_REPORT_MAX && report.dropped == 6 &&
                  report.errors == 1 && report.warnings == DIAG_REPORT_MAX + 5,
              "more than is shown");
    TAP_CHECK(report.diags.items[0].code == DIAG_BAD_VALUE,
              "the first in order are shown");
    buf_reset(&out);
    diags_print(&report, DIAG_HUMAN, false, &out);
    TAP_CHECK(str_has_suffix(buf_view(&out), S("cairn: 6 more messages are not shown\n")),
              "and the others are told");
    diag_list_release(&lists[0]);
    for (int i = 0; i < DIAG_LIST_MAX; i++)
        *vec_push(&lists[0].arena, &lists[0].diags) =
            (Diag){.code = DIAG_EMPTY_LINK, .loc = {&source, 0}, .message = S("m")};
    Diag *over = diag_add(&lists[0], DIAG_BAD_VALUE, (Loc){&source, 0}, "over");
    diag_hint(&lists[0], over, "hint");
    report = diags_finish(&arena, lists, 1, NULL);
    TAP_CHECK(report.errors == 1 && report.warnings == 1 && report.dropped == 1,
              "an error beyond what a list keeps still counts");
    diag_list_release(&lists[0]);
    diag_list_release(&lists[1]);
}

/* The excerpt of a long line is cut around the place, between characters. */
static void long_lines(void) {
    Buf line = {0};
    for (int i = 0; i < 1000; i++)
        buf_cstr(&line, "é");
    Source wide = {.path = S("w"), .text = buf_view(&line)};
    DiagList list = {0};
    diag_add(&list, DIAG_BAD_VALUE, (Loc){&wide, 1000}, "m");
    DiagReport report = diags_finish(&arena, &list, 1, NULL);
    buf_reset(&out);
    diags_print(&report, DIAG_HUMAN, false, &out);
    Str rest = buf_view(&out), head, excerpt, caret;
    str_next_line(&rest, &head);
    str_next_line(&rest, &excerpt);
    str_next_line(&rest, &caret);
    TAP_CHECK(str_has_prefix(head, S("w:1:501: ")), "the column counts characters");
    TAP_CHECK(excerpt.len <= 4 + 164 && excerpt.len % 2 == 0, "at most so long");
    TAP_CHECK(str_has_suffix(caret, S("^")) && caret.len == 4 + 40 + 1,
              "the caret stands under it");
    buf_release(&line);
    diag_list_release(&list);
}

int main(void) {
    codes();
    formats();
    no_messages();
    merging();
    many();
    long_lines();
    buf_release(&out);
    arena_release(&arena);
    return tap_done();
}
