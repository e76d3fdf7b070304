/* Files that are published as they are: the theme's, and those that content names. */
#include "out/machine.h"

#include "out/views.h"

enum { ASSET_BYTES_MAX = 512 << 20 };

bool theme_asset_write(Writer *writer, Buf *out, Str *bytes, Err *err) {
    (void)out;
    return theme_asset_bytes(writer->theme, writer->output->subject, writer->scratch,
                             bytes, err);
}

bool content_asset_write(Writer *writer, Buf *out, Str *bytes, Err *err) {
    const Asset *asset = writer->output->subject;
    (void)out;
    return fs_read(writer->site->root, arena_cstr(writer->scratch, asset->path),
                   ASSET_BYTES_MAX, writer->scratch, bytes, err);
}
