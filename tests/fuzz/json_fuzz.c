/* JSON: a tree or an error with its place; what is read can be written and read again,
 * and is the same. */
#include "base/json.h"

#include "base/utf8.h"
#include "fuzz.h"

static void write_node(JsonWriter *json, Arena *arena, const Node *node) {
    switch (node->kind) {
    case NODE_NULL:
        json_null(json);
        break;
    case NODE_BOOL:
        json_bool(json, node->boolean);
        break;
    case NODE_INT:
        json_int(json, node->integer);
        break;
    case NODE_FLOAT:
        json_number(json, node->number);
        break;
    case NODE_STRING:
        json_string(json, node->text);
        break;
    case NODE_LIST:
        json_open_list(json);
        for (const Node *item = node->child; item; item = item->next)
            write_node(json, arena, item);
        json_close_list(json);
        break;
    case NODE_MAP:
        json_open_object(json);
        for (const Node *entry = node->child; entry; entry = entry->next) {
            json_key(json, arena_cstr(arena, entry->key));
            write_node(json, arena, entry);
        }
        json_close_object(json);
        break;
    }
}

/* A key with a NUL can't be written with json_key, which takes C strings. */
static bool is_writable(const Node *node) {
    for (const Node *child = node->child; child; child = child->next)
        if (str_find_char(child->key, '\0') >= 0 || !is_writable(child))
            return false;
    return true;
}

static void check_same(const Node *a, const Node *b) {
    /* A float without a fraction is written as an integer. */
    bool numbers = a->kind == NODE_FLOAT && b->kind == NODE_INT;
    FUZZ_CHECK(numbers || a->kind == b->kind);
    FUZZ_CHECK(str_equal(a->key, b->key) && a->n == b->n);
    if (a->kind == NODE_STRING)
        FUZZ_CHECK(str_equal(a->text, b->text));
    if (a->kind == NODE_INT)
        FUZZ_CHECK(a->integer == b->integer);
    if (a->kind == NODE_FLOAT)
        FUZZ_CHECK(a->number == (numbers ? (double)b->integer : b->number));
    const Node *left = a->child, *right = b->child;
    for (; left && right; left = left->next, right = right->next)
        check_same(left, right);
    FUZZ_CHECK(!left && !right);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena arena = {0};
    Buf out = {0};
    Str text = fuzz_input(data, size);
    JsonError error = {.offset = -1};
    const Node *root = json_read(text, &arena, &error);
    if (!root)
        FUZZ_CHECK(error.offset >= 0 && error.offset <= text.len && error.message);
    if (root && is_writable(root)) {
        write_node(&(JsonWriter){.out = &out}, &arena, root);
        const Node *again = json_read(buf_view(&out), &arena, &error);
        FUZZ_CHECK(again);
        check_same(root, again);
    }
    buf_reset(&out);
    json_put_string(&out, text); /* any bytes become a string that can be read */
    const Node *string = json_read(buf_view(&out), &arena, &error);
    FUZZ_CHECK(string && string->kind == NODE_STRING);
    if (utf8_find_invalid(text) < 0)
        FUZZ_CHECK(str_equal(string->text, text));
    buf_release(&out);
    arena_release(&arena);
    return 0;
}
