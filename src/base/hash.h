/* Content hashes: xxHash's XXH3. Not for secrets; 128 bits make an accidental collision
 * of two files as unlikely as a disk error. */
#pragma once

#include "base/str.h"

typedef struct Hash {
    uint64_t high, low;
} Hash;

enum { HASH_HEX_LEN = 32 };

uint64_t hash_64(Str bytes);
Hash hash_128(Str bytes);
bool hash_equal(Hash a, Hash b);

/* 32 lower-case hexadecimal digits and a NUL, high half first (XXH128 canonical form). */
void hash_hex(Hash hash, char out[HASH_HEX_LEN + 1]);

/* The inverse; false unless `hex` is 32 lower-case hexadecimal digits. */
bool hash_parse(Str hex, Hash *out);
