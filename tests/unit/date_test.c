/* base/date: what is accepted and refused, the calendar, and each written form. */
#include "base/date.h"

#include "tap.h"

static Arena arena;

static void check_parses(const char *text, const char *rfc3339) {
    Date date = {0};
    bool ok = date_parse(str_from(text), &date);
    Str got = ok ? date_rfc3339(&arena, date) : S("refused");
    if (!TAP_CHECK(str_equal(got, str_from(rfc3339)), "'%s' is %s", text, rfc3339))
        tap_diag("got %.*s", STR_ARG(got));
}

static void parse_accepts(void) {
    check_parses("2025-04-19", "2025-04-19T00:00:00Z");
    check_parses("2025-04-19T08:30", "2025-04-19T08:30:00Z");
    check_parses("2025-04-19 08:30:07", "2025-04-19T08:30:07Z");
    check_parses("2025-04-19T08:30:07.123456789Z", "2025-04-19T08:30:07Z");
    check_parses("2025-04-19T08:30:07+02:00", "2025-04-19T08:30:07+02:00");
    check_parses("2025-04-19T08:30:07-0930", "2025-04-19T08:30:07-09:30");
    check_parses("2025-04-19 08:30:07 +0200", "2025-04-19T08:30:07+02:00");
    check_parses("2025-04-19T08:30:07+00:00", "2025-04-19T08:30:07Z");
    check_parses("2025-04-19T08:30:07-00:30", "2025-04-19T08:30:07-00:30");
    check_parses("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z");
    check_parses("2024-02-29", "2024-02-29T00:00:00Z");
    check_parses("2000-02-29", "2000-02-29T00:00:00Z");
    check_parses("0000-02-29", "0000-02-29T00:00:00Z");
    check_parses("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z");
}

static void parse_refuses(void) {
    static const char *const bad[] = {
        "",
        "2025",
        "2025-04",
        "2025-4-19",
        "25-04-19",
        "2025/04/19",
        "19 April 2025",
        "2025-02-29",
        "1900-02-29",
        "2025-04-31",
        "2025-13-01",
        "2025-00-10",
        "2025-01-00",
        "2025-04-19T",
        "2025-04-19 ",
        "2025-04-19T08",
        "2025-04-19T08:3",
        "2025-04-19T24:00",
        "2025-04-19T08:60",
        "2025-04-19T08:30:61",
        "2025-04-19T08:30:",
        "2025-04-19T08:30:00.",
        "2025-04-19T08:30:00.Z",
        "2025-04-19  08:30",
        "2025-04-19t08:30",
        "2025-04-19T08:30z",
        "2025-04-19Z",
        "2025-04-19T08:30+2",
        "2025-04-19T08:30+02",
        "2025-04-19T08:30+24:00",
        "2025-04-19T08:30+02:60",
        "2025-04-19T08:30Zx",
        "2025-04-19T08:30  Z",
        "-2025-04-19",
        " 2025-04-19",
        "2025-04-19x",
        "+025-04-19",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Date date = {.year = 7};
        bool ok = date_parse(str_from(bad[i]), &date);
        TAP_CHECK(!ok && !date.set && date.year == 7, "'%s' is refused", bad[i]);
    }
    Date date;
    TAP_CHECK(!date_parse((Str){"2025-04-1\0009", 11}, &date), "a NUL inside is refused");
}

static Date parsed(const char *text) {
    Date date = {0};
    date_parse(str_from(text), &date);
    return date;
}

static void seconds(void) {
    TAP_CHECK(date_seconds(parsed("1970-01-01")) == 0, "the epoch is 0");
    TAP_CHECK(date_seconds(parsed("1969-12-31T23:59:59Z")) == -1, "before the epoch");
    TAP_CHECK(date_seconds(parsed("2001-09-09T01:46:40Z")) == 1000000000, "10^9");
    TAP_CHECK(date_seconds(parsed("2001-09-09T03:46:40+02:00")) == 1000000000,
              "an offset east is subtracted");
    TAP_CHECK(date_seconds(parsed("0000-01-01")) == -62167219200, "year 0");
    TAP_CHECK(date_seconds((Date){0}) == 0, "no date is 0");
    TAP_CHECK(date_from_seconds(INT64_MIN).year == 0, "clamped at year 0");
    Date last = date_from_seconds(INT64_MAX);
    TAP_CHECK(last.year == 9999 && last.month == 12 && last.second == 59,
              "clamped at year 9999");
}

/* Walks the calendar by hand over every day of the 10,000 years. */
static void every_day(void) {
    static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t day_number = date_seconds(parsed("0000-01-01")) / 86400;
    int wrong = 0, weekday = 6; /* 0000-01-01 was a Saturday */
    for (int year = 0; year <= 9999; year++) {
        bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
        for (int month = 1; month <= 12; month++) {
            int days = lengths[month - 1] + (month == 2 && leap);
            for (int day = 1; day <= days; day++, day_number++, weekday++) {
                Date date = date_from_seconds(day_number * 86400 + 3661);
                wrong += date.year != year || date.month != month || date.day != day ||
                         date.hour != 1 || date.minute != 1 || date.second != 1 ||
                         date_seconds(date) != day_number * 86400 + 3661 ||
                         date_weekday(date) != weekday % 7;
            }
        }
    }
    TAP_CHECK(wrong == 0, "every day from 0000 to 9999 there and back");
    TAP_CHECK(day_number * 86400 - 1 == date_seconds(parsed("9999-12-31T23:59:59Z")),
              "the walk ends at the last day");
}

static void order(void) {
    Date none = {0}, early = parsed("2025-04-19T01:00:00+02:00"),
         late = parsed("2025-04-19");
    TAP_CHECK(date_compare(early, late) < 0, "by instant, not by what is written");
    TAP_CHECK(date_compare(late, early) > 0, "and the other way round");
    TAP_CHECK(date_compare(late, parsed("2025-04-19T00:00Z")) == 0, "equal instants");
    TAP_CHECK(date_compare(none, parsed("0000-01-01")) < 0, "no date sorts first");
    TAP_CHECK(date_compare(late, none) > 0, "a date after none");
    TAP_CHECK(date_compare(none, none) == 0, "none equals none");
    TAP_CHECK(date_weekday(late) == 6, "19 April 2025 was a Saturday");
}

static void forms(void) {
    Date day = parsed("2025-04-19"), time = parsed("2025-04-09T08:30:05+02:00");
    TAP_CHECK(str_equal(date_iso(&arena, day), S("2025-04-19")), "iso, day");
    TAP_CHECK(str_equal(date_iso(&arena, time), S("2025-04-09T08:30:05+02:00")),
              "iso, time");
    TAP_CHECK(str_equal(date_rfc3339(&arena, day), S("2025-04-19T00:00:00Z")),
              "rfc 3339, day");
    TAP_CHECK(str_equal(date_rfc822(&arena, day), S("Sat, 19 Apr 2025 00:00:00 +0000")),
              "rfc 822, day");
    TAP_CHECK(str_equal(date_rfc822(&arena, time), S("Wed, 09 Apr 2025 08:30:05 +0200")),
              "rfc 822, time");
    TAP_CHECK(str_equal(date_rfc822(&arena, parsed("2025-04-09T08:30:05-00:30")),
                        S("Wed, 09 Apr 2025 08:30:05 -0030")),
              "rfc 822, west");
    TAP_CHECK(str_equal(date_long(&arena, time), S("9 April 2025")), "long");
    TAP_CHECK(str_equal(date_short(&arena, parsed("2025-09-01")), S("1 Sep 2025")),
              "short");
    Date none = {0};
    TAP_CHECK(date_iso(&arena, none).len == 0 && date_rfc3339(&arena, none).len == 0 &&
                  date_rfc822(&arena, none).len == 0 &&
                  date_long(&arena, none).len == 0 && date_short(&arena, none).len == 0,
              "no date has no text");
}

int main(void) {
    parse_accepts();
    parse_refuses();
    seconds();
    every_day();
    order();
    forms();
    arena_release(&arena);
    return tap_done();
}
