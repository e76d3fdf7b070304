/* Places in files: see source.h. */
#include "base/source.h"

/* Makes the line that starts at `start` the cursor's. */
static void enter_line(LocCursor *cursor, ptrdiff_t start, ptrdiff_t number) {
    Str text = cursor->source->text, rest = str_from_offset(text, start), line = {0};
    str_next_line(&rest, &line);
    cursor->start = start;
    cursor->next = text.len - rest.len;
    cursor->position = (Position){.line = number, .column = 1, .text = line};
}

Position loc_position_next(LocCursor *cursor, Loc loc) {
    if (!loc.source)
        return (Position){.line = 1, .column = 1};
    ptrdiff_t len = loc.source->text.len, offset = loc.offset < 0 ? 0 : loc.offset;
    if (offset > len)
        offset = len;
    if (cursor->source != loc.source || offset < cursor->start + cursor->position.at) {
        cursor->source = loc.source;
        enter_line(cursor, 0, 1);
    }
    while (offset >= cursor->next && cursor->next < len)
        enter_line(cursor, cursor->next, cursor->position.line + 1);
    Position *position = &cursor->position;
    ptrdiff_t at = offset - cursor->start;
    if (at > position->text.len)
        at = position->text.len;
    for (; position->at < at; position->at++)
        position->column +=
            ((unsigned char)position->text.data[position->at] & 0xC0) != 0x80;
    return *position;
}

Position loc_position(Loc loc) {
    LocCursor cursor = {0};
    return loc_position_next(&cursor, loc);
}
