/* Dates: what is read is written so that it reads as the same. */
#include "base/date.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena arena = {0};
    Date date = {0}, again = {0};
    if (date_parse(fuzz_input(data, size), &date)) {
        FUZZ_CHECK(date_parse(date_iso(&arena, date), &again));
        FUZZ_CHECK(again.has_time == date.has_time && again.offset == date.offset);
        FUZZ_CHECK(date_compare(date, again) == 0);
        FUZZ_CHECK(date_parse(date_rfc3339(&arena, date), &again));
        FUZZ_CHECK(date_compare(date, again) == 0);
        FUZZ_CHECK(date_rfc822(&arena, date).len == 31);
        Date utc = date_from_seconds(date_seconds(date));
        bool inside = utc.year > 0 && utc.year < 9999; /* not moved over the edge */
        FUZZ_CHECK(!inside || date_compare(date, utc) == 0);
    } else {
        FUZZ_CHECK(!date.set);
    }
    arena_release(&arena);
    return 0;
}
