/* Dates: see date.h.
 *
 * The C library's time functions are not used: strftime and strptime follow the locale,
 * mktime and localtime the machine's time zone, and what is published must depend on
 * neither. Days are counted with the proleptic Gregorian calendar, in eras of 400 years
 * (146,097 days) whose years begin in March, so that the leap day is the last of a year.
 */
#include "base/date.h"

enum { DAY_SECONDS = 86400, ERA_DAYS = 146097, UNIX_EPOCH_DAYS = 719468, TEXT_MAX = 32 };

static const char *const month_names[12] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

static const char weekday_names[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

static int days_in_month(int year, int month) {
    static const int8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* Days since 1970-01-01; years from 0. */
static int64_t days_from_civil(int year, int month, int day) {
    int64_t march_year = year - (month <= 2) + 400; /* never negative */
    int64_t era = march_year / 400, year_of_era = march_year % 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (era - 1) * ERA_DAYS + day_of_era - UNIX_EPOCH_DAYS;
}

/* Takes exactly `width` digits off *s. */
static bool take_digits(Str *s, int width, int *out) {
    int value = 0;
    if (s->len < width)
        return false;
    for (int i = 0; i < width; i++) {
        if (!char_is_digit(s->data[i]))
            return false;
        value = value * 10 + (s->data[i] - '0');
    }
    *out = value;
    *s = str_from_offset(*s, width);
    return true;
}

static bool take_char(Str *s, char c) {
    if (s->len == 0 || s->data[0] != c)
        return false;
    *s = str_from_offset(*s, 1);
    return true;
}

static bool take_day(Str *s, Date *date) {
    int year, month, day;
    if (!take_digits(s, 4, &year) || !take_char(s, '-') || !take_digits(s, 2, &month) ||
        !take_char(s, '-') || !take_digits(s, 2, &day) || month < 1 || month > 12 ||
        day < 1 || day > days_in_month(year, month))
        return false;
    date->year = (int16_t)year;
    date->month = (int8_t)month;
    date->day = (int8_t)day;
    return true;
}

static bool take_time(Str *s, Date *date) {
    int hour, minute, second = 0, fraction;
    if (!take_digits(s, 2, &hour) || !take_char(s, ':') || !take_digits(s, 2, &minute))
        return false;
    if (take_char(s, ':')) {
        if (!take_digits(s, 2, &second))
            return false;
        if (take_char(s, '.')) {
            if (!take_digits(s, 1, &fraction))
                return false;
            while (take_digits(s, 1, &fraction))
                continue;
        }
    }
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    date->hour = (int8_t)hour;
    date->minute = (int8_t)minute;
    date->second = (int8_t)(second == 60 ? 59 : second);
    return true;
}

static bool take_offset(Str *s, Date *date) {
    int hours, minutes;
    if (take_char(s, 'Z'))
        return true;
    bool west = s->len && s->data[0] == '-';
    if (!(west ? take_char(s, '-') : take_char(s, '+')) || !take_digits(s, 2, &hours))
        return false;
    take_char(s, ':');
    if (!take_digits(s, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    date->offset = (int16_t)(west ? -(hours * 60 + minutes) : hours * 60 + minutes);
    return true;
}

bool date_parse(Str s, Date *out) {
    Date date = {.set = true};
    if (!take_day(&s, &date))
        return false;
    if (s.len) {
        date.has_time = true;
        if ((!take_char(&s, 'T') && !take_char(&s, ' ')) || !take_time(&s, &date))
            return false;
        if (s.len) {
            take_char(&s, ' ');
            if (!take_offset(&s, &date))
                return false;
        }
    }
    if (s.len)
        return false;
    *out = date;
    return true;
}

int64_t date_seconds(Date date) {
    if (!date.set)
        return 0;
    int64_t minutes = (int64_t)date.hour * 60 + date.minute - date.offset;
    return days_from_civil(date.year, date.month, date.day) * DAY_SECONDS + minutes * 60 +
           date.second;
}

Date date_from_seconds(int64_t seconds) {
    const int64_t first = days_from_civil(0, 1, 1) * DAY_SECONDS;
    const int64_t last = days_from_civil(9999, 12, 31) * DAY_SECONDS + DAY_SECONDS - 1;
    seconds = seconds < first ? first : seconds > last ? last : seconds;
    int64_t days = (seconds - first) / DAY_SECONDS + first / DAY_SECONDS;
    int64_t second_of_day = (seconds - first) % DAY_SECONDS;
    int64_t shifted = days + UNIX_EPOCH_DAYS + ERA_DAYS; /* one era on: never negative */
    int64_t era = shifted / ERA_DAYS - 1, day_of_era = shifted % ERA_DAYS;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    int64_t month = march_month + (march_month < 10 ? 3 : -9);
    return (Date){.set = true,
                  .has_time = true,
                  .year = (int16_t)(era * 400 + year_of_era + (month <= 2)),
                  .month = (int8_t)month,
                  .day = (int8_t)(day_of_year - (153 * march_month + 2) / 5 + 1),
                  .hour = (int8_t)(second_of_day / 3600),
                  .minute = (int8_t)(second_of_day / 60 % 60),
                  .second = (int8_t)(second_of_day % 60)};
}

int date_compare(Date a, Date b) {
    if (!a.set || !b.set)
        return a.set - b.set;
    int64_t left = date_seconds(a), right = date_seconds(b);
    return (left > right) - (left < right);
}

int date_weekday(Date date) {
    if (!date.set)
        return 0;
    /* 1970-01-01 was a Thursday; 7 * 400 years keep the sum positive. */
    int64_t days = days_from_civil(date.year, date.month, date.day) + 7LL * ERA_DAYS;
    return (int)((days + 4) % 7);
}

/* Decimal digits, at least `width`. Pages and lists are full of dates, and printf would
 * take longer over one than everything else about an entry. */
static char *put_number(char *to, int value, int width) {
    char digits[8];
    int n = 0;
    do
        digits[n++] = (char)('0' + value % 10);
    while ((value /= 10) > 0 && n < 8);
    for (; width > n; width--)
        *to++ = '0';
    while (n > 0)
        *to++ = digits[--n];
    return to;
}

static char *put_text(char *to, Str text) {
    for (ptrdiff_t i = 0; i < text.len; i++)
        *to++ = text.data[i];
    return to;
}

/* The offset as "+HH:MM" with ':' as separator, or "+HHMM" with none. */
static Str offset_text(Arena *arena, Date date, const char *separator) {
    int minutes = date.offset < 0 ? -date.offset : date.offset;
    return arena_printf(arena, "%c%02d%s%02d", date.offset < 0 ? '-' : '+', minutes / 60,
                        separator, minutes % 60);
}

Str date_rfc3339(Arena *arena, Date date) {
    if (!date.set)
        return (Str){0};
    Str offset = date.offset ? offset_text(arena, date, ":") : S("Z");
    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%.*s", date.year, date.month,
                        date.day, date.hour, date.minute, date.second, STR_ARG(offset));
}

Str date_iso(Arena *arena, Date date) {
    if (!date.set)
        return (Str){0};
    if (date.has_time)
        return date_rfc3339(arena, date);
    char *text = arena_alloc(arena, TEXT_MAX);
    char *end = put_text(put_number(text, date.year, 4), S("-"));
    end = put_text(put_number(end, date.month, 2), S("-"));
    return (Str){text, put_number(end, date.day, 2) - text};
}

Str date_rfc822(Arena *arena, Date date) {
    if (!date.set)
        return (Str){0};
    Str offset = offset_text(arena, date, "");
    return arena_printf(arena, "%s, %02d %.3s %04d %02d:%02d:%02d %.*s",
                        weekday_names[date_weekday(date)], date.day,
                        month_names[date.month - 1], date.year, date.hour, date.minute,
                        date.second, STR_ARG(offset));
}

Str date_long(Arena *arena, Date date) {
    if (!date.set)
        return (Str){0};
    char *text = arena_alloc(arena, TEXT_MAX);
    char *end = put_text(put_number(text, date.day, 1), S(" "));
    end = put_text(end, str_from(month_names[date.month - 1]));
    return (Str){text, put_number(put_text(end, S(" ")), date.year, 1) - text};
}

Str date_short(Arena *arena, Date date) {
    if (!date.set)
        return (Str){0};
    return arena_printf(arena, "%d %.3s %d", date.day, month_names[date.month - 1],
                        date.year);
}
