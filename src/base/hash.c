/* The xxHash wrapper: see hash.h. The library's header is compiled in, so its code is
 * inlined here and nowhere else. */
#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_64(Str bytes) { return XXH3_64bits(bytes.data, (size_t)bytes.len); }

Hash hash_128(Str bytes) {
    XXH128_hash_t hash = XXH3_128bits(bytes.data, (size_t)bytes.len);
    return (Hash){.high = hash.high64, .low = hash.low64};
}

bool hash_equal(Hash a, Hash b) { return a.high == b.high && a.low == b.low; }

void hash_hex(Hash hash, char out[HASH_HEX_LEN + 1]) {
    for (int i = 0; i < HASH_HEX_LEN; i++) {
        uint64_t half = i < 16 ? hash.high : hash.low;
        out[i] = "0123456789abcdef"[half >> (60 - 4 * (i % 16)) & 15];
    }
    out[HASH_HEX_LEN] = '\0';
}

static int hex_digit(char c) {
    if (char_is_digit(c))
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hash_parse(Str hex, Hash *out) {
    uint64_t halves[2] = {0, 0};
    if (hex.len != HASH_HEX_LEN)
        return false;
    for (int i = 0; i < HASH_HEX_LEN; i++) {
        int digit = hex_digit(hex.data[i]);
        if (digit < 0)
            return false;
        halves[i / 16] = halves[i / 16] << 4 | (uint64_t)digit;
    }
    *out = (Hash){.high = halves[0], .low = halves[1]};
    return true;
}
