/* The floor that a build is measured against: what every generator must do, and no more.
 *
 * usage: bare LIST SITE OUTPUT WORKERS [sync]
 *
 * LIST has a line "path<TAB>bytes<TAB>source" for each file of a published site. For
 * each, in parallel: the source below SITE, if there is one, is read and parsed by
 * cmark-gfm with GitHub's extensions, and as many bytes as the published file has are
 * written to the path below OUTPUT, which must be empty. There is no front matter, no
 * link, no template, no list and no renderer: only the bytes' number is the same. It
 * takes what makes Cairn fast where that is not Cairn's own work: the allocator that
 * parsing uses, the thread pool. */
#include "base/pool.h"
#include "text/region.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORKERS_MAX = 64, SOURCE_MAX = 1 << 20, REGION_MAX = 64 << 20 };

typedef struct File {
    char *path, *source; /* source: NULL for lists, feeds and assets */
    size_t bytes;
} File;

typedef struct Bare {
    File *files;
    ptrdiff_t n;
    int site, output;
    char *pattern; /* as many bytes as the largest file has */
    char *buffers[WORKERS_MAX];
} Bare;

static void fail(const char *what, const char *path) {
    fprintf(stderr, "bare: cannot %s '%s': %s\n", what, path, strerror(errno));
    exit(2);
}

static void parse(const char *text, size_t len) {
    static const char *const names[] = {"table", "strikethrough", "autolink", "tasklist"};
    Region *region = region_take(REGION_MAX);
    region_use(region);
    cmark_parser *parser = cmark_parser_new_with_mem(
        CMARK_OPT_FOOTNOTES | CMARK_OPT_VALIDATE_UTF8, &region_mem);
    for (int i = 0; i < 4; i++)
        cmark_parser_attach_syntax_extension(parser,
                                             cmark_find_syntax_extension(names[i]));
    cmark_parser_feed(parser, text, len);
    if (!cmark_parser_finish(parser))
        fail("parse", "a page");
    region_use(NULL);
    region_give_back(region);
}

static void read_and_parse(Bare *bare, int worker, const char *path) {
    int fd = openat(bare->site, path, O_RDONLY);
    if (fd < 0)
        fail("open", path);
    ssize_t n = read(fd, bare->buffers[worker], SOURCE_MAX);
    if (n < 0)
        fail("read", path);
    close(fd);
    parse(bare->buffers[worker], (size_t)n);
}

/* The directory of `path`, and those above it where they are missing. */
static void make_parent(int root, const char *path) {
    char parent[4096];
    const char *slash = strrchr(path, '/');
    if (!slash)
        return;
    snprintf(parent, sizeof parent, "%.*s", (int)(slash - path), path);
    if (mkdirat(root, parent, 0777) == 0 || errno == EEXIST)
        return;
    make_parent(root, parent);
    if (mkdirat(root, parent, 0777) != 0 && errno != EEXIST)
        fail("make", parent);
}

static void make_file(void *context, int worker, ptrdiff_t index) {
    Bare *bare = context;
    const File *file = &bare->files[index];
    if (file->source)
        read_and_parse(bare, worker, file->source);
    make_parent(bare->output, file->path);
    int fd = openat(bare->output, file->path, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (fd < 0)
        fail("create", file->path);
    if (write(fd, bare->pattern, file->bytes) != (ssize_t)file->bytes)
        fail("write", file->path);
    if (close(fd) != 0)
        fail("close", file->path);
}

static void read_list(Bare *bare, const char *path) {
    FILE *list = fopen(path, "r");
    char *line = NULL;
    size_t capacity = 0, largest = 0;
    ptrdiff_t room = 0;
    if (!list)
        fail("open", path);
    while (getline(&line, &capacity, list) > 0) {
        if (bare->n == room) {
            room = room ? room * 2 : 1024;
            bare->files = realloc(bare->files, (size_t)room * sizeof *bare->files);
        }
        char *bytes = strchr(line, '\t'),
             *source = bytes ? strchr(bytes + 1, '\t') : NULL;
        if (!source)
            fail("understand", path);
        *bytes++ = *source++ = '\0';
        source[strcspn(source, "\n")] = '\0';
        File file = {.path = strdup(line), .bytes = strtoul(bytes, NULL, 10)};
        file.source = *source ? strdup(source) : NULL;
        bare->files[bare->n++] = file;
        largest = file.bytes > largest ? file.bytes : largest;
    }
    free(line);
    fclose(list);
    bare->pattern = malloc(largest + 1);
    memset(bare->pattern, 'x', largest + 1);
}

int main(int argc, char **argv) {
    Bare bare = {0};
    int workers = argc > 4 ? atoi(argv[4]) : 0;
    if (workers < 1 || workers > WORKERS_MAX) {
        fputs("usage: bare LIST SITE OUTPUT WORKERS [sync]\n", stderr);
        return 2;
    }
    cmark_gfm_core_extensions_ensure_registered();
    read_list(&bare, argv[1]);
    bare.site = open(argv[2], O_RDONLY | O_DIRECTORY);
    bare.output = open(argv[3], O_RDONLY | O_DIRECTORY);
    if (bare.site < 0 || bare.output < 0)
        fail("open", bare.site < 0 ? argv[2] : argv[3]);
    for (int i = 0; i < workers; i++)
        bare.buffers[i] = malloc(SOURCE_MAX);
    pool_run(workers, bare.n, make_file, &bare);
    if (argc > 5 && syncfs(bare.output) != 0)
        fail("sync", argv[3]);
    return 0;
}
