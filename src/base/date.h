/* Dates: ISO 8601 in, ISO 8601, RFC 822 and RFC 3339 out. No locale, no time zone of the
 * machine: an offset is what the author wrote, UTC where none is written. */
#pragma once

#include "base/arena.h"

typedef struct Date {
    bool set;      /* false in a zeroed Date: no date */
    bool has_time; /* written with a time */
    int16_t year;  /* 0 to 9999, proleptic Gregorian */
    int8_t month, day;
    int8_t hour, minute, second;
    int16_t offset; /* minutes east of UTC */
} Date;

/* Parses YYYY-MM-DD, optionally with 'T' or one space, HH:MM[:SS[.fraction]], and then
 * optionally, after one space or none, 'Z' or +HH:MM, -HH:MM, +HHMM, -HHMM. The day must
 * exist; a leap second becomes :59; the fraction is dropped. False (and *out unchanged)
 * otherwise. */
bool date_parse(Str s, Date *out);

/* Seconds since 1970-01-01T00:00:00Z. A date without a time is midnight UTC; one that is
 * not set gives 0. */
int64_t date_seconds(Date date);

/* The inverse, with a time, in UTC; outside the years 0 to 9999 the nearest date in them.
 */
Date date_from_seconds(int64_t seconds);

/* <0, 0, >0 by instant; a date that is not set sorts first. */
int date_compare(Date a, Date b);

/* 0 is Sunday; by the day as written. 0 for a date that is not set. */
int date_weekday(Date date);

/* Texts, in `arena`; empty for a date that is not set. */

/* "2025-04-19", with a time "2025-04-19T08:30:00+02:00" (RFC 3339; 'Z' for UTC). */
Str date_iso(Arena *arena, Date date);
/* RFC 3339 with a time always: "2025-04-19T00:00:00Z", for Atom (RFC 4287, 3.3). */
Str date_rfc3339(Arena *arena, Date date);
/* "Sat, 19 Apr 2025 00:00:00 +0000" (RFC 822 as amended by RFC 5322, for RSS and mail).
 */
Str date_rfc822(Arena *arena, Date date);
/* "19 April 2025" and "19 Apr 2025". */
Str date_long(Arena *arena, Date date);
Str date_short(Arena *arena, Date date);
