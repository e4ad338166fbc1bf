// SPDX-License-Identifier: EUPL-1.2
//
// Numbers, dates and times in plain text. Pure but for the time zone of the process.
#include "forms/plain.h"

#include "base/bytes.h"
#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool two_digits(const char *words, int max, int *value);
static bool is_turning(uint32_t c);
static bool is_kept(uint32_t c, bool lines);

bool plain_number(const char *words, double *value, size_t *decimals)
{
    const bool is_negative = words[0] == '-';
    double mantissa = 0;
    double scale = 1;
    size_t digits_count = 0;
    size_t decimals_count = 0;
    bool has_point = false;
    for (const char *at = words + (is_negative ? 1 : 0); *at != '\0'; at++) {
        if (*at == '.' && !has_point && digits_count > 0 && at[1] != '\0') {
            has_point = true;
            continue;
        }
        if (*at < '0' || *at > '9' || digits_count == PLAIN_DIGITS_MAX) {
            return false;
        }
        // Both stay below 2^53, so the one division rounds as JSON's own reading does.
        mantissa = mantissa * 10 + (*at - '0');
        digits_count++;
        scale *= has_point ? 10 : 1;
        decimals_count += has_point;
    }
    if (digits_count == 0) {
        return false;
    }
    *value = (is_negative ? -mantissa : mantissa) / scale;
    if (decimals != NULL) {
        *decimals = decimals_count;
    }
    return true;
}

void plain_number_text(double value, uint16_t decimals_min, char out[PLAIN_NUMBER_BYTES])
{
    out[0] = '\0';
    if (!isfinite(value) || fabs(value) >= 1e15) {
        return;
    }
    // The fewest decimals that give the same number back.
    for (int decimals = decimals_min > 15 ? 15 : decimals_min; decimals <= 15; decimals++) {
        (void)snprintf(out, PLAIN_NUMBER_BYTES, "%.*f", decimals, value); // always fits
        char *comma = strchr(out, ',');                                   // some locales write one
        if (comma != NULL) {
            *comma = '.';
        }
        double back = 0;
        if (!plain_number(out, &back, NULL) || back == value) {
            return;
        }
    }
}

bool plain_date(const char *words, struct date *date, const char **rest)
{
    char text[DATE_TEXT_BYTES] = "";
    const size_t len = strlen(words);
    if (len < 10 || (len > 10 && rest == NULL)) {
        return false;
    }
    const bool is_turned = words[2] == '-' && words[5] == '-';
    (void)snprintf(text, sizeof text, "%.4s-%.2s-%.2s", words + (is_turned ? 6 : 0),
                   words + (is_turned ? 3 : 5), words + (is_turned ? 0 : 8)); // always fits
    if (!is_turned && (words[4] != '-' || words[7] != '-')) {
        return false;
    }
    const bool is_date = date_from_text(text, date) == OK;
    wipe(text, sizeof text);
    if (!is_date) {
        return false;
    }
    if (rest != NULL) {
        *rest = words + 10;
    }
    return true;
}

bool plain_time(const char *words, int *seconds, const char **rest)
{
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!two_digits(words, 23, &hour) || words[2] != ':' || !two_digits(words + 3, 59, &minute)) {
        return false;
    }
    const char *at = words + 5;
    if (at[0] == ':') {
        if (!two_digits(at + 1, 59, &second)) {
            return false;
        }
        at += 3;
    }
    if (rest == NULL && *at != '\0') {
        return false;
    }
    if (rest != NULL) {
        *rest = at;
    }
    *seconds = hour * 3600 + minute * 60 + second;
    return true;
}

bool plain_moment(const char *words, struct date *date, int *seconds)
{
    const char *rest = NULL;
    *seconds = 0;
    if (!plain_date(words, date, &rest)) {
        return false;
    }
    if (*rest == '\0') {
        return true;
    }
    if ((*rest != 'T' && *rest != ' ') || !plain_time(rest + 1, seconds, &rest)) {
        return false;
    }
    if (*rest == '.') {
        rest += 1 + strspn(rest + 1, "0123456789");
    }
    int offset = 0;
    const bool has_offset = *rest == '+' || *rest == '-';
    return *rest == '\0' || (*rest == 'Z' && rest[1] == '\0') ||
           (has_offset && plain_time(rest + 1, &offset, NULL));
}

void plain_moment_text(struct date date, int seconds, char *out, size_t out_bytes)
{
    const int64_t wall_ms = date_to_days(date) * INT64_C(86400000) + seconds * INT64_C(1000);
    int64_t offset_min = 0;
    // The offset at that hour by the clock; the second look settles the days it changes.
    for (int look = 0; look < 2; look++) {
        const int64_t utc_ms = wall_ms - offset_min * 60000;
        const struct clock_local local = clock_local(utc_ms);
        const int64_t there_min = clock_local_day(utc_ms) * 1440 + local.hour * 60 + local.minute;
        offset_min = there_min - (utc_ms >= 0 ? utc_ms : utc_ms - 59999) / 60000;
    }
    char day[DATE_TEXT_BYTES];
    date_to_text(date, day);
    const int ahead = (int)(offset_min < 0 ? -offset_min : offset_min);
    struct text text;
    text_init(&text, out, out_bytes);
    text_format(&text, "%sT%02d:%02d:%02d%c%02d:%02d", day, seconds / 3600, seconds / 60 % 60,
                seconds % 60, offset_min < 0 ? '-' : '+', ahead / 60, ahead % 60);
    wipe(day, sizeof day);
}

void plain_words(const char *words, bool lines, char *out, size_t out_bytes)
{
    struct text text;
    text_init(&text, out, out_bytes);
    const size_t len = strlen(words);
    size_t pos = 0;
    size_t end = 0; // behind the last character that is no blank
    while (pos < len) {
        const size_t start = pos;
        const uint32_t c = utf8_next(words, len, &pos);
        const bool is_blank = c == ' ' || c == '\t' || c == '\n' || c == 0xa0;
        if (!is_kept(c, lines) || (is_blank && text.len == 0)) {
            continue;
        }
        if (text.len + (pos - start) >= out_bytes) {
            break;
        }
        text_add_bytes(&text, words + start, pos - start);
        end = is_blank ? end : text.len;
    }
    out[end] = '\0';
}

bool plain_is_readable(const char *words)
{
    const size_t len = strlen(words);
    size_t pos = 0;
    while (pos < len) {
        const uint32_t c = utf8_next(words, len, &pos);
        const bool is_control = (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f;
        if (is_control || is_turning(c)) {
            return false;
        }
    }
    return true;
}

static bool two_digits(const char *words, int max, int *value)
{
    if (words[0] < '0' || words[0] > '9' || words[1] < '0' || words[1] > '9') {
        return false;
    }
    *value = (words[0] - '0') * 10 + (words[1] - '0');
    return *value <= max;
}

// Embeddings, overrides and isolates; the plain marks (U+200E, U+200F) harm nobody.
static bool is_turning(uint32_t c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool is_kept(uint32_t c, bool lines)
{
    if (c == '\n') {
        return lines;
    }
    return c >= 0x20 && (c < 0x7f || c >= 0xa0) && !is_turning(c);
}
