/* The manifest: which files of an output directory are ours, and what was in them.
 *
 * `.cairn-manifest` lies in the output. It is text, so that `diff` and `grep` work on it:
 * a line with format version and number of files, then a line for each file, sorted
 * bytewise by path:
 *
 *     cairn-manifest 1 2
 *     ad3ad9d91c5a7c0c3b6b2d0a8f3fe0aa 3487 explainers/sql/index.html
 *     2cb4ba2a0bdc7d1a0f0e3ff2e1c2d8aa 911 index.html
 *
 * A file that is not listed, or whose bytes differ from its hash, is somebody else's. The
 * manifest may have been edited by anybody, so what is read is checked as if hostile. */
#pragma once

#include "base/buf.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/map.h"

#define MANIFEST_NAME ".cairn-manifest"

typedef struct PublishedFile {
    Str path; /* relative to the output; see publish_path_check */
    ptrdiff_t size;
    Hash hash;
} PublishedFile;

typedef struct Manifest {
    Vec(PublishedFile) files; /* sorted bytewise by path, no two equal */
    Map by_path;              /* to PublishedFile */
} Manifest;

enum { PUBLISH_PATH_MAX = 3000, PUBLISH_NAME_MAX = 255 };

/* Whether `path` may be published: not empty, relative, at most PUBLISH_PATH_MAX bytes;
 * no component empty, ".", ".." or longer than PUBLISH_NAME_MAX bytes; no control
 * character; the first component doesn't start with ".cairn-". Otherwise false and *err,
 * whose number is EINVAL or ENAMETOOLONG. */
bool publish_path_check(Str path, Err *err);

/* Reads a manifest; it borrows `text`. False and *err on any other text than
 * manifest_write's. */
bool manifest_read(Str text, Arena *arena, Manifest *out, Err *err);

/* Appends the manifest's text. Files are sorted already. */
void manifest_start(Buf *out, ptrdiff_t n_files);
void manifest_add(Buf *out, const PublishedFile *file);

/* The file listed as `path`, or NULL. */
const PublishedFile *manifest_find(const Manifest *manifest, Str path);

/* Whether a file in `directory` (without '/' at its end), at any depth, is listed. */
bool manifest_lists_below(const Manifest *manifest, Str directory);
