/* Places in files: see source.h. */
#include "base/source.h"

Position loc_position(Loc loc) {
    Position position = {.line = 1, .column = 1};
    if (!loc.source)
        return position;
    Str rest = loc.source->text, line;
    ptrdiff_t offset = loc.offset < 0 ? 0 : loc.offset;
    if (offset > rest.len)
        offset = rest.len;
    const char *target = rest.data + offset;
    while (str_next_line(&rest, &line)) {
        position.text = line;
        if (rest.len == 0 || target < rest.data) {
            if (target > line.data + line.len)
                target = line.data + line.len;
            for (const char *c = line.data; c < target; c++)
                position.column += ((unsigned char)*c & 0xC0) != 0x80;
            return position;
        }
        position.line++;
    }
    return position;
}

ptrdiff_t source_offset(const Source *source, ptrdiff_t line, ptrdiff_t column) {
    Str rest = source->text, text;
    while (line > 1 && str_next_line(&rest, &text))
        line--;
    ptrdiff_t offset = rest.data ? rest.data - source->text.data : source->text.len;
    offset += column > 1 ? column - 1 : 0;
    return offset < source->text.len ? offset : source->text.len;
}
