// SPDX-License-Identifier: EUPL-1.2
//
// Bounded text, UTF-8, strict numbers, dates and timestamps. No locale, no allocation.
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static bool is_hidden_control(uint32_t c);
static enum err digits_at(const char *words, size_t count, int *value);
static enum err offset_minutes(const char *words, int *minutes);

void text_init(struct text *text, char *buf, size_t size)
{
    CHECK(text != NULL);
    CHECK(buf != NULL);
    CHECK(size > 0);

    *text = (struct text){.buf = buf, .size = size};
    buf[0] = '\0';
}

void text_add(struct text *text, const char *words)
{
    text_add_bytes(text, words, strlen(words));
}

void text_add_bytes(struct text *text, const char *bytes, size_t len)
{
    size_t room = text->size - 1 - text->len;
    if (len > room) {
        len = room;
        text->is_cut = true;
    }
    memcpy(text->buf + text->len, bytes, len);
    text->len += len;
    text->buf[text->len] = '\0';
}

void text_format(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t room = text->size - text->len;
    int wanted = vsnprintf(text->buf + text->len, room, format, args);
    va_end(args);
    CHECK(wanted >= 0);
    if ((size_t)wanted >= room) {
        text->is_cut = true;
        text->len = text->size - 1;
        return;
    }
    text->len += (size_t)wanted;
}

enum err text_copy(char *to, size_t to_size, const char *from)
{
    CHECK(to_size > 0);

    size_t len = strlen(from);
    if (len >= to_size) {
        to[0] = '\0';
        return ERR_TOO_BIG;
    }
    memcpy(to, from, len + 1);
    return OK;
}

void text_copy_cut(char *to, size_t to_size, const char *from)
{
    CHECK(to_size > 0);

    size_t len = strlen(from);
    if (len >= to_size) {
        len = to_size - 1;
        while (len > 0 && ((unsigned char)from[len] & 0xc0) == 0x80) {
            len--;
        }
    }
    memmove(to, from, len);
    to[len] = '\0';
}

bool text_equal(const char *left, const char *right)
{
    return strcmp(left, right) == 0;
}

enum err text_find(const char *const *words, size_t count, const char *word, size_t *index)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(words[i], word)) {
            *index = i;
            return OK;
        }
    }
    return ERR_NOT_FOUND;
}

bool text_starts_with(const char *words, const char *start)
{
    return strncmp(words, start, strlen(start)) == 0;
}

uint32_t utf8_next(const char *bytes, size_t len, size_t *pos)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)bytes + *pos;
    size_t left = len - *pos;
    if (left == 0) {
        return 0;
    }
    size_t size = at[0] < 0x80             ? 1
                  : (at[0] & 0xe0) == 0xc0 ? 2
                  : (at[0] & 0xf0) == 0xe0 ? 3
                  : (at[0] & 0xf8) == 0xf0 ? 4
                                           : 0;
    uint32_t c = size == 1 ? at[0] : at[0] & (0xffu >> (size + 1));
    bool is_good = size > 0 && size <= left;
    for (size_t i = 1; is_good && i < size; i++) {
        is_good = (at[i] & 0xc0) == 0x80;
        c = c << 6 | (at[i] & 0x3f);
    }
    if (!is_good || c < least[size] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
        *pos += 1;
        return 0xfffd;
    }
    *pos += size;
    return c;
}

bool utf8_is_valid(const char *bytes, size_t len)
{
    size_t pos = 0;
    while (pos < len) {
        size_t before = pos;
        uint32_t c = utf8_next(bytes, len, &pos);
        if (c == 0 || (c == 0xfffd && pos - before == 1)) {
            return false;
        }
    }
    return true;
}

size_t utf8_put(uint32_t character, char bytes[UTF8_BYTES])
{
    memset(bytes, 0, UTF8_BYTES);
    bool is_surrogate = character >= 0xd800 && character <= 0xdfff;
    if (character == 0 || is_surrogate || character > 0x10ffff) {
        return 0;
    }
    if (character < 0x80) {
        bytes[0] = (char)character;
        return 1;
    }
    size_t len = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = len; i > 1; i--) {
        bytes[i - 1] = (char)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    bytes[0] = (char)((0xf00 >> len & 0xff) | character);
    return len;
}

bool text_is_printable(const char *words)
{
    size_t len = strlen(words);
    if (!utf8_is_valid(words, len)) {
        return false;
    }
    size_t pos = 0;
    while (pos < len) {
        if (is_hidden_control(utf8_next(words, len, &pos))) {
            return false;
        }
    }
    return true;
}

enum err text_to_int64(const char *digits, int64_t min, int64_t max, int64_t *value)
{
    CHECK(min <= max);

    bool is_negative = digits[0] == '-';
    if (is_negative && min >= 0) {
        return ERR_MALFORMED;
    }
    const char *at = digits + (is_negative ? 1 : 0);
    size_t len = strlen(at);
    if (len == 0 || len > 18) {
        return ERR_MALFORMED;
    }
    int64_t sum = 0;
    for (size_t i = 0; i < len; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return ERR_MALFORMED;
        }
        sum = sum * 10 + (at[i] - '0');
    }
    sum = is_negative ? -sum : sum;
    if (sum < min || sum > max) {
        return ERR_MALFORMED;
    }
    *value = sum;
    return OK;
}

void text_put_digits(char *out, size_t count, unsigned value)
{
    for (size_t i = count; i > 0; i--) {
        out[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
}

bool date_is_valid(struct date date)
{
    if (date.year < 1800 || date.year > 2200 || date.month < 1 || date.month > 12 || date.day < 1) {
        return false;
    }
    struct date back = date_from_days(date_to_days(date));
    return back.month == date.month && back.day == date.day;
}

enum err date_from_text(const char *words, struct date *date)
{
    int year = 0;
    int month = 0;
    int day = 0;
    if (strlen(words) != 10 || words[4] != '-' || words[7] != '-' ||
        digits_at(words, 4, &year) != OK || digits_at(words + 5, 2, &month) != OK ||
        digits_at(words + 8, 2, &day) != OK) {
        return ERR_MALFORMED;
    }
    struct date read = {.year = (int16_t)year, .month = (uint8_t)month, .day = (uint8_t)day};
    if (!date_is_valid(read)) {
        return ERR_MALFORMED;
    }
    *date = read;
    return OK;
}

void date_to_text(struct date date, char out[DATE_TEXT_BYTES])
{
    memcpy(out, "0000-00-00", DATE_TEXT_BYTES);
    text_put_digits(out, 4, date.year < 0 || date.year > 9999 ? 0 : (unsigned)date.year);
    text_put_digits(out + 5, 2, date.month);
    text_put_digits(out + 8, 2, date.day);
}

int64_t date_to_days(struct date date)
{
    // Days from civil: March is month 0, so the leap day falls at the end of the year.
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t month = (date.month + 9) % 12;
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct date date_from_days(int64_t days)
{
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    int64_t day = day_of_year - (153 * month + 2) / 5 + 1;
    int64_t civil_month = month < 10 ? month + 3 : month - 9;
    int64_t year = year_of_era + era * 400 + (civil_month <= 2 ? 1 : 0);
    return (struct date){.year = (int16_t)year, .month = (uint8_t)civil_month, .day = (uint8_t)day};
}

enum err time_from_text(const char *words, int64_t *time_ms)
{
    size_t len = strlen(words);
    if (len < 20 || len > 35 || (words[10] != 'T' && words[10] != 't')) {
        return ERR_MALFORMED;
    }
    char day[DATE_TEXT_BYTES] = {0};
    memcpy(day, words, 10);
    struct date date;
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    if (date_from_text(day, &date) != OK || digits_at(words + 11, 2, &hours) != OK ||
        words[13] != ':' || digits_at(words + 14, 2, &minutes) != OK || words[16] != ':' ||
        digits_at(words + 17, 2, &seconds) != OK || hours > 23 || minutes > 59 || seconds > 60) {
        return ERR_MALFORMED;
    }
    size_t at = 19;
    int64_t part_ms = 0;
    if (words[at] == '.') {
        int64_t unit = 100;
        size_t first = ++at;
        for (; words[at] >= '0' && words[at] <= '9' && at - first < 9; at++) {
            part_ms += (words[at] - '0') * unit;
            unit /= 10;
        }
        if (at == first) {
            return ERR_MALFORMED;
        }
    }
    int offset = 0;
    if (offset_minutes(words + at, &offset) != OK) {
        return ERR_MALFORMED;
    }
    int64_t whole = date_to_days(date) * 86400 + hours * 3600 + minutes * 60 + seconds;
    *time_ms = (whole - (int64_t)offset * 60) * 1000 + part_ms;
    return OK;
}

void time_to_text(int64_t time_ms, char out[TIME_TEXT_BYTES])
{
    const int64_t day_ms = 86400000;
    int64_t of_day_ms =
        (time_ms % day_ms + day_ms) % day_ms; // before 1970 the day still runs forward
    int64_t days = (time_ms - of_day_ms) / day_ms;
    unsigned rest = (unsigned)(of_day_ms / 1000);
    date_to_text(date_from_days(days), out);
    memcpy(out + 10, "T00:00:00Z", TIME_TEXT_BYTES - 10);
    text_put_digits(out + 11, 2, rest / 3600);
    text_put_digits(out + 14, 2, rest / 60 % 60);
    text_put_digits(out + 17, 2, rest % 60);
}

static bool is_hidden_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

static enum err digits_at(const char *words, size_t count, int *value)
{
    int sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (words[i] < '0' || words[i] > '9') {
            return ERR_MALFORMED;
        }
        sum = sum * 10 + (words[i] - '0');
    }
    *value = sum;
    return OK;
}

static enum err offset_minutes(const char *words, int *minutes)
{
    if (text_equal(words, "Z") || text_equal(words, "z")) {
        *minutes = 0;
        return OK;
    }
    int hours = 0;
    int rest = 0;
    if (strlen(words) != 6 || (words[0] != '+' && words[0] != '-') || words[3] != ':' ||
        digits_at(words + 1, 2, &hours) != OK || digits_at(words + 4, 2, &rest) != OK ||
        hours > 23 || rest > 59) {
        return ERR_MALFORMED;
    }
    *minutes = (words[0] == '-' ? -1 : 1) * (hours * 60 + rest);
    return OK;
}
