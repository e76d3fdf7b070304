/* text/value.h: fields, lists, trees of nodes, truth, and the index under many threads.
 */
#include "text/value.h"

#include "base/json.h"
#include "base/pool.h"
#include "tap.h"

#include <string.h>

/* ---- a type with many fields: each returns its own number ---- */

#define TEN(X, t)                                                                        \
    X(t##0) X(t##1) X(t##2) X(t##3) X(t##4) X(t##5) X(t##6) X(t##7) X(t##8) X(t##9)
#define HUNDRED(X)                                                                       \
    TEN(X, 1)                                                                            \
    TEN(X, 2) TEN(X, 3) TEN(X, 4) TEN(X, 5) TEN(X, 6) TEN(X, 7) TEN(X, 8) TEN(X, 9)

#define GETTER(n)                                                                        \
    static Value get_##n(const void *self, RenderEnv *env) {                             \
        (void)env;                                                                       \
        return value_int(*(const int *)self + n);                                        \
    }
HUNDRED(GETTER)
#define ROW(n) {"field_" #n, get_##n, "A number."},
static const Field wide_fields[] = {HUNDRED(ROW)};
static const Type wide_type = {.name = "wide", .fields = wide_fields, .n_fields = 90};

static Value lookup_x(const void *self, Str name, RenderEnv *env) {
    (void)self, (void)env;
    return str_equal(name, S("x")) ? value_int(7) : (Value){.kind = VALUE_UNKNOWN};
}
static const Type open_type = {.name = "open", .lookup = lookup_x, .open = true};
static const Field one_field[] = {{"x", get_10, "Not the lookup's."}};
static const Type both_type = {
    .name = "both", .fields = one_field, .n_fields = 1, .lookup = lookup_x};
static const Type empty_type = {.name = "empty"};

static Value item_square(const void *self, ptrdiff_t index, RenderEnv *env) {
    (void)self, (void)env;
    return value_int(index * index);
}
static const ListType squares = {.item = item_square};

static Arena arena;
static RenderEnv env = {.scratch = &arena};

static bool all_fields_right(const Type *type, int base) {
    bool right = true;
    for (int n = 10; n < 100; n++) {
        char name[16];
        snprintf(name, sizeof name, "field_%d", n);
        RenderEnv own = {0};
        Value value = value_get(value_object(&base, type), str_from(name), &own);
        right = right && value.kind == VALUE_INT && value.integer == base + n;
    }
    return right;
}

static void test_fields(void) {
    TAP_CHECK(all_fields_right(&wide_type, 1000), "every field of a wide type is found");
    int self = 0;
    Value wide = value_object(&self, &wide_type);
    static const char *const missing[] = {"",          "field_",   "field_9",
                                          "field_100", "FIELD_10", "x"};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        TAP_CHECK(value_get(wide, str_from(missing[i]), &env).kind == VALUE_UNKNOWN,
                  "'%s' is unknown", missing[i]);
    TAP_CHECK(value_get(value_object(&self, &open_type), S("x"), &env).integer == 7,
              "a lookup finds");
    TAP_CHECK(value_get(value_object(&self, &open_type), S("y"), &env).kind ==
                  VALUE_UNKNOWN,
              "a lookup does not find");
    TAP_CHECK(value_get(value_object(&self, &both_type), S("x"), &env).integer == 10,
              "fields come before the lookup");
    TAP_CHECK(value_get(value_object(&self, &empty_type), S("x"), &env).kind ==
                  VALUE_UNKNOWN,
              "a type without fields has none");
    TAP_CHECK(value_object(NULL, &wide_type).kind == VALUE_ABSENT, "no object is absent");
}

static void test_nearest(void) {
    TAP_CHECK(str_equal(type_nearest(&wide_type, S("fild_42")), S("field_42")),
              "the nearest name is suggested");
    TAP_CHECK(type_nearest(&wide_type, S("something")).len == 0, "a far one is not");
    TAP_CHECK(type_nearest(&empty_type, S("x")).len == 0, "no name, no suggestion");
}

static void test_scalars(void) {
    TAP_CHECK(value_text((Str){0}).kind == VALUE_ABSENT, "an empty text is absent");
    TAP_CHECK(value_html(S("")).kind == VALUE_ABSENT, "empty HTML is absent");
    TAP_CHECK(value_text(S("a")).kind == VALUE_TEXT, "a text is a text");
    TAP_CHECK(!value_is_true(value_bool(false)) && value_is_true(value_bool(true)),
              "truth of booleans");
    TAP_CHECK(value_is_true(value_int(0)), "0 is true");
    TAP_CHECK(!value_is_true(value_absent()) &&
                  !value_is_true((Value){.kind = VALUE_UNKNOWN}),
              "absent and unknown are false");
    TAP_CHECK(!value_is_true(value_list(NULL, 0, &squares)) &&
                  value_is_true(value_list(NULL, 1, &squares)),
              "truth of lists");
    TAP_CHECK(value_get(value_text(S("abc")), S("count"), &env).kind == VALUE_UNKNOWN,
              "a text has no names");
    for (int kind = VALUE_UNKNOWN; kind <= VALUE_OBJECT; kind++)
        TAP_CHECK(strlen(value_kind_name((ValueKind)kind)) > 0, "kind %d has a name",
                  kind);
}

static void test_lists(void) {
    Value list = value_list(NULL, 5, &squares);
    TAP_CHECK(value_get(list, S("count"), &env).integer == 5, "count of a list");
    TAP_CHECK(value_get(list, S("first"), &env).kind == VALUE_UNKNOWN,
              "other names belong to its items");
}

static void test_nodes(void) {
    JsonError error;
    const Node *root = json_read(
        S("{\"a\": {\"b\": [10, 2.50, \"t\", true, null, \"\"]}, \"e\": [], \"m\": {}}"),
        &arena, &error);
    Value value = value_of_node(root);
    Value list = value_get(value_get(value, S("a"), &env), S("b"), &env);
    TAP_CHECK(list.kind == VALUE_LIST && list.list.n == 6, "a list of a tree");
    static const ValueKind kinds[] = {VALUE_INT,  VALUE_NUMBER, VALUE_TEXT,
                                      VALUE_BOOL, VALUE_ABSENT, VALUE_ABSENT};
    const void *cursor = list.list.self;
    for (int i = 0; list.kind == VALUE_LIST && i < list.list.n; i++) {
        Value in_order = list.list.type->next(&cursor, &env);
        Value by_index = list.list.type->item(list.list.self, i, &env);
        TAP_CHECK(in_order.kind == kinds[i] && by_index.kind == kinds[i], "item %d", i);
    }
    TAP_CHECK(str_equal(list.list.type->item(list.list.self, 1, &env).text, S("2.50")),
              "a float is shown as written");
    TAP_CHECK(!value_is_true(value_get(value, S("e"), &env)), "an empty list is false");
    TAP_CHECK(value_is_true(value_get(value, S("m"), &env)), "an empty mapping is true");
    TAP_CHECK(value_get(value, S("none"), &env).kind == VALUE_UNKNOWN, "a missing key");
    TAP_CHECK(value.kind == VALUE_OBJECT && value.object.type->open, "trees are open");
    TAP_CHECK(value_of_node(NULL).kind == VALUE_ABSENT, "no tree is absent");
}

/* ---- more types than the table of indexes holds, from many threads ---- */

enum { MANY = 700 };
static Type many_types[MANY];
static bool many_right[MANY * 4];

static void look_up(void *context, int worker, ptrdiff_t index) {
    (void)context, (void)worker;
    ptrdiff_t type = index % MANY;
    many_right[index] = all_fields_right(&many_types[type], (int)type);
}

static void test_threads(void) {
    for (int i = 0; i < MANY; i++)
        many_types[i] = (Type){.name = "many", .fields = wide_fields, .n_fields = 90};
    pool_run(8, MANY * 4, look_up, NULL);
    bool right = true;
    for (int i = 0; i < MANY * 4; i++)
        right = right && many_right[i];
    TAP_CHECK(right, "%d types from eight threads", MANY);
    TAP_CHECK(all_fields_right(&wide_type, 5), "and the first one still");
}

int main(void) {
    test_fields();
    test_nearest();
    test_scalars();
    test_lists();
    test_nodes();
    test_threads();
    arena_release(&arena);
    return tap_done();
}
