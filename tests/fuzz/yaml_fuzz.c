/* YAML: a tree or one diagnostic; places that are where the value is; values that stand
 * in the source as written. */
#include "text/yaml.h"

#include "base/utf8.h"
#include "fuzz.h"

#include <string.h>

/* Folding of a scalar of several lines changes it; so do breaks other than LF. */
static bool is_folded(Str text) {
    return str_find_char(text, ' ') >= 0 || str_find_char(text, '\n') >= 0 ||
           str_find(text, S("\u2028")) >= 0 || str_find(text, S("\u2029")) >= 0;
}

static void check_place(Str source, ptrdiff_t offset, Str text, bool quoted) {
    FUZZ_CHECK(offset >= 0 && offset <= source.len);
    FUZZ_CHECK(utf8_find_invalid(text) < 0);
    Str at = str_from_offset(source, offset);
    if (quoted)
        FUZZ_CHECK(at.len && strchr("\"'|>", at.data[0]));
    else if (text.len && !is_folded(text))
        FUZZ_CHECK(str_has_prefix(at, text));
}

static void check_tree(Str source, const Node *node, int depth) {
    FUZZ_CHECK(depth <= 64);
    if (node->kind != NODE_LIST && node->kind != NODE_MAP) {
        check_place(source, node->offset, node->text, node->quoted);
        FUZZ_CHECK(!node->child && node->n == 0);
        return;
    }
    ptrdiff_t n = 0;
    for (const Node *child = node->child; child; child = child->next, n++) {
        if (node->kind == NODE_MAP) {
            FUZZ_CHECK(child->key_offset >= 0 && child->key_offset < source.len);
            char first = source.data[child->key_offset];
            check_place(source, child->key_offset, child->key,
                        first && strchr("\"'|>", first));
            FUZZ_CHECK(node_get(node, child->key) == child || n > 100);
        }
        check_tree(source, child, depth + 1);
    }
    FUZZ_CHECK(n == node->n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena arena = {0};
    DiagList diags = {0};
    Buf out = {0};
    Source source = {.path = S("fuzz.yaml"), .text = fuzz_input(data, size)};
    const Node *root =
        yaml_read(&source, 0, source.text.len, yaml_front_matter_limits, &arena, &diags);
    FUZZ_CHECK(diags.diags.n == !root);
    if (root) {
        check_tree(source.text, root, 0);
    } else {
        const Diag *diag = &diags.diags.items[0];
        FUZZ_CHECK(diag->loc.offset >= 0 && diag->loc.offset <= source.text.len);
        FUZZ_CHECK(diag->message.len > 0);
        DiagReport report = diags_finish(&arena, &diags, 1, NULL);
        diags_print(&report, DIAG_HUMAN, true, &out);
        diags_print(&report, DIAG_JSON, false, &out);
    }
    buf_release(&out);
    diag_list_release(&diags);
    arena_release(&arena);
    return 0;
}
