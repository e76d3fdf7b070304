// Files that are part of the program: the default theme, so that one binary is a
// whole installation.
//
// What lies below templates/ and assets/ when the program is built, without hidden
// files. src/deps/embed.sh writes the table; it belongs to no layer's sources because
// it is generated into the build directory.
//
// The table is sorted by the bytes of `path` (strcmp), so a binary search finds a file
// and a prefix is one run of neighbours. Everything is constant for the life of the
// process and may be read by all threads.
#ifndef CAIRN_BASE_EMBED_H
#define CAIRN_BASE_EMBED_H

#include <stddef.h>

typedef struct EmbeddedFile {
    const char *path;          // relative, with slashes: "templates/layout.mustache"
    const unsigned char *data; // `len` bytes, then one NUL that is not part of the file
    size_t len;
} EmbeddedFile;

extern const EmbeddedFile embedded_files[];
extern const size_t embedded_files_n;

#endif
