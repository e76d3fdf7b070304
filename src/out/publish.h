/* Publishing: files become the site, or nothing changes.
 *
 *     publish_begin     refuses dangerous targets, locks, repairs what a killed run left
 *     publish_file      once for each file of the new site, from any number of workers
 *     publish_commit    the new site replaces the old one; ends the Publish
 *     publish_abort     instead of commit: the old site stays as it is; ends the Publish
 *
 * A Publish that was begun is ended by exactly one call of commit or abort. A process
 * that is killed at any moment needs no other care: the next publish_begin repairs what
 * is left.
 *
 * Two ways. **Whole**: the new site is put together in `.NAME.cairn-staging` beside the
 * output NAME, files that did not change as hard links, synced once, and exchanged with
 * the old one in a single step. **In place**: only files that differ are staged, inside
 * the output, and renamed over the old ones behind a journal. A first build is always
 * whole. What is compared is always the bytes on the disk, never times.
 *
 * A site of PUBLISH_SPARE_MIN files or more keeps its previous tree as
 * `.NAME.cairn-staging-spare`: the next whole build corrects that tree where it differs
 * instead of making thousands of directories and deleting as many (DEPENDENCIES.md, "What
 * the disk costs"). It may be deleted at any time while no build runs.
 *
 * Specification: TRUST.md, promises 1 to 6. */
#pragma once

#include "base/fs.h"
#include "base/str.h"

typedef enum PublishMode { PUBLISH_WHOLE, PUBLISH_IN_PLACE } PublishMode;

enum { PUBLISH_SPARE_MIN = 500, PUBLISH_WAIT_SECONDS = 10, PUBLISH_WORKERS_MAX = 64 };

typedef struct PublishOptions {
    /* The directory that becomes the site, as the user named it; messages call it so. It
     * and the directories above it are made where they are missing. A symbolic link is
     * resolved: what it leads to is published, and lock and staging lie beside that. */
    const char *output;
    const char
        *site;   /* the site's directory, which must not be overwritten; may be NULL */
    int workers; /* threads that call publish_file, 1 to PUBLISH_WORKERS_MAX */
    PublishMode mode;
    int wait_seconds; /* how long to wait for another build on the same output */
    bool sync;        /* survive a power failure too, not only a crash of the program */
} PublishOptions;

typedef struct PublishResult {
    ptrdiff_t written;   /* files that are new or have other bytes than before */
    ptrdiff_t unchanged; /* files whose bytes were there already */
    ptrdiff_t deleted;   /* files of the old site that the new one doesn't have */
    ptrdiff_t kept;   /* files that are not the site's and stay: those that were changed
                         since they were written, and (whole) all that others put there */
    PublishMode mode; /* the way that was really taken */
    bool changed;     /* false: the site was the same already, nothing was touched */
    char note[512];   /* what the user should know, empty or a line without '\n' */
} PublishResult;

typedef struct Publish Publish;

/* Begins to publish. NULL and *err where that is refused or fails; nothing was changed
 * then, but an interrupted run may have been repaired. Refused are: "/", the home
 * directory, the site and the directories above it, what is no directory, and a directory
 * that is not empty and has no (readable) manifest of ours; err->number is then 0. Waits
 * for another build on the same output; after wait_seconds err->number is EWOULDBLOCK.
 * `options` is not needed afterwards, except for its output and site texts. */
Publish *publish_begin(const PublishOptions *options, Err *err);

/* Adds a file of the new site. Thread-safe as long as each thread has its own `worker`
 * number, from 0 to options.workers - 1. `path` is relative to the output (see
 * publish_path_check in manifest.h for what is refused); both arguments are only borrowed
 * for the call. Refused as well: a path at which the output has a file that we did not
 * write and whose bytes differ. On failure the Publish can only be aborted. */
bool publish_file(Publish *publish, int worker, Str path, Str bytes, Err *err);

/* Makes what was added the site. Files of the old site that were not added are deleted;
 * all else in the output is kept. On failure (*err names the file) the output is as
 * before, with one exception: when in place publishing fails in the middle of renaming,
 * the next publish_begin completes it. Two files with one path, and a file whose path is
 * a directory of another, are errors that name them. The Publish is gone in either case.
 * All calls of publish_file must have returned. */
bool publish_commit(Publish *publish, PublishResult *result, Err *err);

/* Removes what was staged and ends the Publish; NULL is allowed. */
void publish_abort(Publish *publish);
