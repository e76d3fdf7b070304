/* base/hash: known values of XXH3 (so that a manifest is the same everywhere) and the
 * hexadecimal form. */
#include "base/hash.h"

#include "guard.h"
#include "tap.h"

static bool hex_is(Str bytes, const char *expected) {
    char hex[HASH_HEX_LEN + 1];
    hash_hex(hash_128(bytes), hex);
    return strcmp(hex, expected) == 0;
}

int main(void) {
    TAP_CHECK(hash_64((Str){0}) == 0x2d06800538d394c2, "64 bits of nothing");
    TAP_CHECK(hex_is(S(""), "99aa06d3014798d86001c324468d497f"), "128 bits of nothing");
    TAP_CHECK(hash_equal(hash_128((Str){0}), hash_128(S(""))), "null and empty");
    char bytes[5000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7);
    int collisions = 0;
    uint64_t before = hash_64(S("x"));
    for (ptrdiff_t n = 0; n < (ptrdiff_t)sizeof bytes; n++) {
        uint64_t now = hash_64(guard_str((Str){bytes, n}));
        collisions += now == before;
        before = now;
    }
    TAP_CHECK(collisions == 0, "each length has another hash, none is read behind");
    Hash hash = hash_128(S("abc")), again = {0};
    char hex[HASH_HEX_LEN + 1];
    hash_hex(hash, hex);
    TAP_CHECK(strlen(hex) == HASH_HEX_LEN, "32 digits");
    TAP_CHECK(hash_parse(str_from(hex), &again) && hash_equal(hash, again),
              "there and back");
    TAP_CHECK(!hash_equal(hash, hash_128(S("abd"))), "other bytes, another hash");
    Hash high = hash, low = hash;
    high.high ^= 1;
    low.low ^= 1;
    TAP_CHECK(!hash_equal(hash, high) && !hash_equal(hash, low), "both halves count");
    static const char *const bad[] = {"",
                                      "99aa06d3014798d86001c324468d497",
                                      "99aa06d3014798d86001c324468d497f0",
                                      "99AA06D3014798D86001C324468D497F",
                                      "99aa06d3014798d86001c324468d497g",
                                      " 9aa06d3014798d86001c324468d497f"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Hash out = hash;
        TAP_CHECK(!hash_parse(guard_str(str_from(bad[i])), &out) && hash_equal(out, hash),
                  "'%s' is no hash", bad[i]);
    }
    return tap_done();
}
