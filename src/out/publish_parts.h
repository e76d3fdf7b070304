/* What the files of publish.c share; nobody else includes this.
 *
 *     publish.c          the life of a Publish; comparing with the old site
 *     publish_plan.c     what the new site consists of, what becomes of old files
 *     publish_target.c   which directory, whether it may be overwritten, the lock
 *     publish_staging.c  the staging directory: creating, writing, linking, syncing
 *     publish_tree.c     lists a directory tree with several threads
 *     publish_whole.c    commit by exchange
 *     publish_in_place.c commit in place: what has to be done, written as a journal
 *     publish_journal.c  carrying a journal out, also one that an interrupted run left
 *
 * Everything here happens while the lock of the target is held. */
#pragma once

#include "base/arena.h"
#include "out/manifest.h"
#include "out/publish.h"

#include <pthread.h>
#include <stdatomic.h>

/* ---- publish_target.c ---- */

typedef struct Target {
    const char *name;      /* as the user wrote it, for messages */
    int parent;            /* the directory that the output lies in */
    const char *base;      /* the output's name there */
    const char *lock_name; /* beside the output; NULL: the output itself is locked */
    int lock;
    bool locked;
    int old;                   /* the output, or -1 where it doesn't exist yet */
    bool first;                /* the output is missing or empty: a first build */
    const char *only_in_place; /* why it can't be replaced as a whole, or NULL */
} Target;

/* Finds, checks, locks and opens the target; true with an empty Target to close after a
 * failure too. */
bool target_open(Target *target, const PublishOptions *options, Arena *arena, Err *err);
void target_close(Target *target);

/* Sets target->first; false and *err where the output has files but no manifest. */
bool target_check_content(Target *target, bool has_manifest, Err *err);

/* ---- publish_staging.c ---- */

#define STAGING_INSIDE ".cairn-staging" /* in place: inside the output */

/* A thread that calls syncfs again and again while files are written, so that little is
 * left to wait for at the end. */
typedef struct Flusher {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool running, stop;
    int fd;
    int error; /* errno of a syncfs that failed, or 0 */
} Flusher;

typedef struct Staging {
    int parent; /* borrowed: the directory it lies in */
    const char *name;
    const char *spare; /* whole: name of the tree that may be reused, or NULL */
    atomic_int fd;     /* -1 until something is staged */
    bool reused; /* was the spare: may have older entries, links into the output too */
    bool sync;
    atomic_int n_files;
    pthread_mutex_t mutex; /* of creation */
    Flusher flusher;
} Staging;

/* A file of the new site. */
typedef struct NewFile {
    PublishedFile file; /* path with a NUL behind it */
    bool listed;        /* in the old manifest */
    int number; /* 0: the output has these bytes. Otherwise staged: whole, under its
                   path; in place, under this number */
} NewFile;

typedef struct PublishWorker {
    Arena arena;
    Vec(NewFile) files;
    Map directories;    /* of the staging directory, known to exist */
    char *chunk;        /* of an old file, for comparing */
    char separate[128]; /* workers don't share a cache line */
} PublishWorker;

enum { CHUNK_BYTES = 1 << 16 };

void staging_init(Staging *staging, int parent, const char *name, const char *spare,
                  bool sync);

/* Creates it, or takes the spare. Thread-safe; nothing happens when it exists. */
bool staging_open(Staging *staging, Err *err);

/* Its descriptor, -1 before it is open. */
int staging_fd(Staging *staging);

/* A number for a file that will be staged: 1, 2, 3 … Thread-safe; it must be open. */
int staging_number(Staging *staging);

/* Writes a new file. `path` has a NUL behind it. Never writes into a file that exists.
 * False and errno on failure. */
bool staging_write(Staging *staging, PublishWorker *worker, Str path, Str bytes);

/* Makes `path` a hard link of `path` in `from`. False and errno on failure. */
bool staging_link(Staging *staging, PublishWorker *worker, int from, Str path);

/* Makes `path` a symbolic link to `destination`. */
bool staging_symlink(Staging *staging, PublishWorker *worker, Str path,
                     const char *destination);

bool staging_make_directory(Staging *staging, PublishWorker *worker, Str path);

/* Everything staged is on the disk when this returns; nothing to wait for without `sync`.
 * False and errno on failure. */
bool staging_sync(Staging *staging);

/* Removes the directory; a spare that was reused becomes the spare again. */
bool staging_discard(Staging *staging, Err *err);

/* Ends the flusher, closes the descriptor; removes nothing. */
void staging_close(Staging *staging);

/* ---- publish_tree.c ---- */

typedef struct TreeEntry {
    Str path;           /* with a NUL behind it */
    unsigned char type; /* DT_REG, DT_DIR, DT_LNK … */
} TreeEntry;

typedef struct Tree {
    Vec(TreeEntry) entries; /* sorted bytewise by path */
    Arena arenas[PUBLISH_WORKERS_MAX];
} Tree;

/* Lists everything below `root`, hidden or not, but not the names at its top that start
 * with ".cairn-". Symbolic links are not followed. False and *err on failure, with number
 * EXDEV where something is mounted below. The tree must be released in either case. */
bool tree_list(Tree *tree, int root, int workers, Err *err);
void tree_release(Tree *tree);

/* ---- publish.c ---- */

struct Publish {
    Arena arena;
    Target target;
    PublishMode mode;
    bool sync;
    int n_workers;
    PublishWorker *workers;
    Manifest old;                     /* empty for a first build */
    Staging beside, inside, *staging; /* one of the two */
    char note[sizeof((PublishResult *)0)->note];
};

/* All of the new site, and what becomes of the old one's files. */
typedef struct Plan {
    Vec(NewFile) files;              /* sorted bytewise by path, no two equal */
    Map by_path;                     /* to NewFile */
    Map directories;                 /* of all files, at every level */
    Vec(const PublishedFile *) gone; /* listed files that are to be deleted */
    Vec(const PublishedFile *) kept; /* listed, not in the new site, changed since */
} Plan;

/* "cannot VERB 'OUTPUT/PATH': REASON" from errno. Returns false. */
bool publish_failed(const Publish *publish, Err *err, const char *verb, Str path);

/* "cannot publish 'OUTPUT/PATH': WHY". Returns false. */
bool publish_refused(const Publish *publish, Err *err, Str path, const char *why);

/* Adds to the note that the user gets. */
void publish_note(Publish *publish, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- publish_plan.c ---- */

/* Opens a file for reading: not through a link at its end, and not waiting for a pipe. */
int publish_open_old(int dir, const char *path);

typedef enum FileState {
    FILE_INTACT,
    FILE_CHANGED, /* or not ours to read */
    FILE_ABSENT,
    FILE_UNREADABLE /* errno says why */
} FileState;

/* Whether the file still has the bytes that we wrote. */
FileState published_file_state(int root, const PublishedFile *file);

/* Plans the commit of what all workers added. The plan lives as long as the Publish. */
bool plan_make(Publish *publish, Plan *plan, Err *err);

/* Appends the manifest of the plan. */
void plan_manifest(const Plan *plan, Buf *out);

/* Whether a file that stays at `path` is in the way of the plan: is a directory of it, or
 * lies below one of its files. */
bool plan_collides(const Plan *plan, Str path);

/* ---- publish_whole.c, publish_in_place.c and publish_journal.c ---- */

typedef enum CommitState {
    COMMIT_DONE,
    COMMIT_FAILED,      /* *err says why; the output is as it was */
    COMMIT_NOT_POSSIBLE /* *err says why; this way can't be taken here, the other may */
} CommitState;

/* Adds what it carries over to result->kept. */
CommitState commit_whole(Publish *publish, const Plan *plan, PublishResult *result,
                         Err *err);

bool commit_in_place(Publish *publish, const Plan *plan, Err *err);

/* Moves what is staged beside the output into the staging directory inside it. */
bool restage_in_place(Publish *publish, Plan *plan, Err *err);

#define JOURNAL "journal" /* in STAGING_INSIDE; counts from when it has this name */
#define JOURNAL_NEW "journal.new" /* before */
#define STAGED_MANIFEST "manifest"

/* Carries out the lines of `text`, the journal in the staging directory `staging`, and
 * removes that directory. */
bool journal_carry_out(const Publish *publish, int staging, Str text, Err *err);

/* Completes what an interrupted run left in the output, if it had come so far that all
 * was staged, and otherwise takes it back. */
bool journal_recover(Publish *publish, Err *err);
