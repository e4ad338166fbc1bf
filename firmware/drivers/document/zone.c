// SPDX-License-Identifier: EUPL-1.2
//
// Reads zones by one table of where each field stands.
#include "drivers/document/zone.h"

#include "base/bytes.h"
#include "drivers/document/ber.h"

#include <string.h>

enum {
    TAG_GROUP = 0x61,
    TAG_ZONE = 0x5f1f,
    ZONE_BYTES_MAX = 90,
    PARTS_MAX = 4,      // that one check digit covers
    LONG_NUMBER_AT = 9, // a number of more characters goes on in the optional data
    EXPIRY_YEARS = 50,  // no document lives longer: beyond it stands for the century before
};

struct part {
    size_t at;
    size_t len;
};

// Where the fields stand, all lines behind each other. A date's check digit stands behind it.
struct form {
    size_t len;
    struct part name;
    size_t number;
    size_t birth;
    size_t expiry;
    struct part optional; // where a long number goes on; none in the largest form
    struct part personal; // with its own check digit behind it; none in the smaller forms
    struct part whole[PARTS_MAX];
    size_t whole_digit;
};

static const struct form forms[] = {
    {.len = 90,
     .name = {60, 30},
     .number = 5,
     .birth = 30,
     .expiry = 38,
     .optional = {15, 15},
     .whole = {{5, 25}, {30, 7}, {38, 7}, {48, 11}},
     .whole_digit = 59},
    {.len = 72,
     .name = {5, 31},
     .number = 36,
     .birth = 49,
     .expiry = 57,
     .optional = {64, 7},
     .whole = {{36, 10}, {49, 7}, {57, 14}},
     .whole_digit = 71},
    {.len = 88,
     .name = {5, 39},
     .number = 44,
     .birth = 57,
     .expiry = 65,
     .personal = {72, 14},
     .whole = {{44, 10}, {57, 7}, {65, 22}},
     .whole_digit = 87},
};

static const struct form *find_form(size_t len);
static enum err check_digits(const struct form *form, const char *zone);
static bool has_digit(const char *zone, size_t at, size_t len);
static bool has_number(const struct form *form, const char *zone);
static bool has_whole(const struct form *form, const char *zone);
static bool read_words(const char *field, size_t len, char *out, size_t out_bytes);
static bool read_names(const struct form *form, const char *zone,
                       struct document_holder_private *holder);
static bool join_name(const char *field, size_t len, char out[DOCUMENT_NAME_BYTES]);
static bool read_date(const char *field, char iso[11], unsigned *year, bool may_be_unknown);
static bool read_dates(const struct form *form, const char *zone, struct date today,
                       struct document_holder_private *holder);
static bool set_century(char iso[11], int year);

char zone_check_digit(const char *field, size_t len)
{
    static const unsigned weights[] = {7, 3, 1};
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++) {
        const char c = field[i];
        unsigned value = 0;
        if (c >= '0' && c <= '9') {
            value = (unsigned)(c - '0');
        } else if (c >= 'A' && c <= 'Z') {
            value = (unsigned)(c - 'A') + 10;
        } else if (c != '<') {
            return '\0';
        }
        sum += value * weights[i % 3];
    }
    return (char)('0' + sum % 10);
}

enum err zone_read(const uint8_t *file, size_t len, struct date today,
                   struct document_holder_private *holder)
{
    struct ber group;
    struct ber ber;
    wipe(holder, sizeof *holder);
    if (!ber_only(file, len, TAG_GROUP, &group)) {
        return ERR_MALFORMED;
    }
    struct bytes_in in = ber_inside(&group);
    const struct form *form = ber_expect(&in, TAG_ZONE, &ber) ? find_form(ber.len) : NULL;
    if (form == NULL || bytes_in_left(&in) != 0) {
        return ERR_MALFORMED;
    }
    const char *zone = (const char *)ber.value;
    enum err err = check_digits(form, zone);
    if (err == OK && !(read_words(zone, 2, holder->kind, sizeof holder->kind) &&
                       read_words(zone + 2, 3, holder->issuer, sizeof holder->issuer) &&
                       read_names(form, zone, holder) && read_dates(form, zone, today, holder))) {
        err = ERR_MALFORMED;
    }
    if (err != OK) {
        wipe(holder, sizeof *holder);
    }
    return err;
}

static const struct form *find_form(size_t len)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (forms[i].len == len) {
            return &forms[i];
        }
    }
    return NULL;
}

static enum err check_digits(const struct form *form, const char *zone)
{
    if (zone_check_digit(zone, form->len) == '\0') {
        return ERR_MALFORMED; // a character that no zone has
    }
    // An empty personal number may go without its digit (part 4 section 4.2.2).
    const struct part personal = form->personal;
    const bool has_personal = personal.len == 0 || has_digit(zone, personal.at, personal.len) ||
                              (zone[personal.at + personal.len] == '<' &&
                               zone_check_digit(zone + personal.at, personal.len) == '0');
    return has_number(form, zone) && has_digit(zone, form->birth, 6) &&
                   has_digit(zone, form->expiry, 6) && has_personal && has_whole(form, zone)
               ? OK
               : ERR_CRYPTO;
}

static bool has_digit(const char *zone, size_t at, size_t len)
{
    return zone_check_digit(zone + at, len) == zone[at + len];
}

// A long number has '<' for its digit and goes on in the optional data: the rest, its digit, '<'
// (part 5 section 4.2.4).
static bool has_number(const struct form *form, const char *zone)
{
    if (zone[form->number + LONG_NUMBER_AT] != '<') {
        return has_digit(zone, form->number, LONG_NUMBER_AT);
    }
    char number[DOCUMENT_NUMBER_BYTES];
    size_t rest = 0;
    while (rest < form->optional.len && zone[form->optional.at + rest] != '<') {
        rest += 1;
    }
    if (rest < 2 || LONG_NUMBER_AT + rest > sizeof number) {
        return false;
    }
    memcpy(number, zone + form->number, LONG_NUMBER_AT);
    memcpy(number + LONG_NUMBER_AT, zone + form->optional.at, rest);
    const bool has = has_digit(number, 0, LONG_NUMBER_AT + rest - 1);
    wipe(number, sizeof number);
    return has;
}

static bool has_whole(const struct form *form, const char *zone)
{
    char joined[ZONE_BYTES_MAX];
    size_t len = 0;
    for (size_t i = 0; i < PARTS_MAX; i++) {
        memcpy(joined + len, zone + form->whole[i].at, form->whole[i].len);
        len += form->whole[i].len;
    }
    const bool has = zone_check_digit(joined, len) == zone[form->whole_digit];
    wipe(joined, sizeof joined);
    return has;
}

// Letters, then '<' only.
static bool read_words(const char *field, size_t len, char *out, size_t out_bytes)
{
    CHECK(len < out_bytes);

    size_t end = 0;
    while (end < len && field[end] >= 'A' && field[end] <= 'Z') {
        end += 1;
    }
    for (size_t i = end; i < len; i++) {
        if (field[i] != '<') {
            return false;
        }
    }
    memcpy(out, field, end);
    out[end] = '\0';
    return end > 0;
}

// Surname, "<<", given names; a document of one name has no "<<" (part 3 section 4.6).
static bool read_names(const struct form *form, const char *zone,
                       struct document_holder_private *holder)
{
    const char *field = zone + form->name.at;
    const size_t len = form->name.len;
    size_t surname_len = 0;
    while (surname_len < len && !(field[surname_len] == '<' &&
                                  (surname_len + 1 == len || field[surname_len + 1] == '<'))) {
        surname_len += 1;
    }
    const size_t given_at = surname_len + 2 < len ? surname_len + 2 : len;
    holder->is_name_cut = field[len - 1] != '<';
    return join_name(field, surname_len, holder->surname) &&
           join_name(field + given_at, len - given_at, holder->given) && holder->surname[0] != '\0';
}

static bool join_name(const char *field, size_t len, char out[DOCUMENT_NAME_BYTES])
{
    size_t at = 0;
    bool has_gap = false;
    for (size_t i = 0; i < len; i++) {
        if (field[i] == '<') {
            has_gap = at > 0;
            continue;
        }
        if (field[i] < 'A' || field[i] > 'Z' || at + 2 >= DOCUMENT_NAME_BYTES) {
            return false;
        }
        if (has_gap) {
            out[at++] = ' ';
            has_gap = false;
        }
        out[at++] = field[i];
    }
    out[at] = '\0';
    return true;
}

// Into "00yy-mm-dd"; what is unknown becomes 00. The century is the caller's.
static bool read_date(const char *field, char iso[11], unsigned *year, bool may_be_unknown)
{
    static const size_t places[] = {2, 5, 8};
    memcpy(iso, "0000-00-00", 11);
    for (size_t i = 0; i < 3; i++) {
        const char *pair = field + 2 * i;
        const bool is_unknown = pair[0] == '<' && pair[1] == '<';
        if (is_unknown && may_be_unknown) {
            continue;
        }
        const bool is_zero = i > 0 && pair[0] == '0' && pair[1] == '0'; // some write it so
        if (pair[0] < '0' || pair[0] > '9' || pair[1] < '0' || pair[1] > '9' ||
            (is_zero && !may_be_unknown)) {
            return false;
        }
        memcpy(iso + places[i], pair, 2);
    }
    *year = (unsigned)(iso[2] - '0') * 10 + (unsigned)(iso[3] - '0');
    return true;
}

static bool read_dates(const struct form *form, const char *zone, struct date today,
                       struct document_holder_private *holder)
{
    unsigned birth_year = 0;
    unsigned expiry_year = 0;
    if (!read_date(zone + form->birth, holder->birth_iso, &birth_year, true) ||
        !read_date(zone + form->expiry, holder->expiry_iso, &expiry_year, false)) {
        return false;
    }
    memcpy(holder->birth, zone + form->birth, 6);
    const int century = today.year / 100 * 100;
    // Nobody is born tomorrow: who seems to be is a century older.
    bool is_read = true;
    if (holder->birth[0] != '<') {
        char now[DATE_TEXT_BYTES];
        date_to_text(today, now);
        is_read = set_century(holder->birth_iso, century + (int)birth_year);
        if (strcmp(holder->birth_iso, now) > 0) {
            is_read = set_century(holder->birth_iso, century + (int)birth_year - 100);
        }
    }
    const int expiry = century + (int)expiry_year;
    return is_read && set_century(holder->expiry_iso,
                                  expiry > today.year + EXPIRY_YEARS ? expiry - 100 : expiry);
}

// False: no such day. Unknown months and days are none to judge.
static bool set_century(char iso[11], int year)
{
    const unsigned month = (unsigned)(iso[5] - '0') * 10 + (unsigned)(iso[6] - '0');
    const unsigned day = (unsigned)(iso[8] - '0') * 10 + (unsigned)(iso[9] - '0');
    const struct date date = {.year = (int16_t)year,
                              .month = (uint8_t)(month == 0 ? 1 : month),
                              .day = (uint8_t)(day == 0 ? 1 : day)};
    text_put_digits(iso, 4, (unsigned)year);
    return date_is_valid(date);
}
