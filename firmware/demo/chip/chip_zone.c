// SPDX-License-Identifier: EUPL-1.2
//
// Lines of A-Z, 0-9 and the filler, with check digits.
#include "demo/chip/chip_zone.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { TD1_LINE = 30, TD3_LINE = 44, DAY_S = 24 * 60 * 60 };

static enum err read_number(const struct json *card, struct chip_zone *zone);
static enum err read_birth(const char *words, char out[7]);
static enum err read_expiry(const char *words, int64_t now_s, char out[7]);
static enum err put(char *line, size_t pos, size_t len, const char *words);
static char check_digit(const char *from, size_t len);
static enum err put_names(const struct json *card, char *out, size_t out_len);
static enum err make_td1(const struct json *card, struct chip_zone *zone);
static enum err make_td3(const struct json *card, struct chip_zone *zone);

enum err chip_zone_make(const struct json *resident, int64_t now_s, struct chip_zone *zone)
{
    const struct json *card = json_get(resident, "card");
    *zone = (struct chip_zone){0};
    enum err err = read_number(card, zone);
    if (err == OK) {
        err = read_birth(json_get_text(resident, "birth"), zone->birth);
    }
    if (err == OK) {
        err = read_expiry(json_get_text(card, "expires"), now_s, zone->expiry);
    }
    if (err != OK) {
        return err;
    }
    char padded[10] = "<<<<<<<<<";
    memcpy(padded, zone->number, strlen(zone->number));
    struct text key;
    text_init(&key, zone->key, sizeof zone->key);
    text_format(&key, "%s%c%s%c%s%c", padded, check_digit(padded, 9), zone->birth,
                check_digit(zone->birth, 6), zone->expiry, check_digit(zone->expiry, 6));
    const char *kind = json_get_text(card, "kind");
    return kind != NULL && text_equal(kind, "passport") ? make_td3(card, zone)
                                                        : make_td1(card, zone);
}

static enum err read_number(const struct json *card, struct chip_zone *zone)
{
    const char *number = json_get_text(card, "number");
    return number == NULL || number[0] == '\0' ||
                   text_copy(zone->number, sizeof zone->number, number) != OK
               ? ERR_MALFORMED
               : OK;
}

// "1984-05-17", "1999-03", "1966" or nothing: what is unknown is filler (part 3 section 4.8).
static enum err read_birth(const char *words, char out[7])
{
    if (words == NULL || strspn(words, "0123456789-") != strlen(words)) {
        return ERR_MALFORMED;
    }
    const size_t len = strlen(words);
    memcpy(out, "<<<<<<", 7);
    if (len >= 4) {
        memcpy(out, words + 2, 2);
    }
    if (len >= 7) {
        memcpy(out + 2, words + 5, 2);
    }
    if (len == 10) {
        memcpy(out + 4, words + 8, 2);
    }
    return len == 0 || len == 4 || len == 7 || len == 10 ? OK : ERR_MALFORMED;
}

static enum err read_expiry(const char *words, int64_t now_s, char out[7])
{
    struct date date;
    if (words == NULL) {
        return ERR_MALFORMED;
    }
    if (words[0] == '+' || words[0] == '-') {
        date = date_from_days(now_s / DAY_S + strtol(words, NULL, 10));
    } else if (date_from_text(words, &date) != OK) {
        return ERR_MALFORMED;
    }
    text_put_digits(out, 2, (unsigned)date.year % 100);
    text_put_digits(out + 2, 2, date.month);
    text_put_digits(out + 4, 2, date.day);
    out[6] = '\0';
    return OK;
}

// The line is filler already. NULL words: nothing to put.
static enum err put(char *line, size_t pos, size_t len, const char *words)
{
    const size_t words_len = words == NULL ? 0 : strlen(words);
    if (words_len > len) {
        return ERR_MALFORMED;
    }
    if (words_len > 0) {
        memcpy(line + pos, words, words_len);
    }
    return OK;
}

// Part 3 section 4.9: weights 7, 3, 1.
static char check_digit(const char *from, size_t len)
{
    static const unsigned weights[] = {7, 3, 1};
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++) {
        const char letter = from[i];
        const unsigned value = letter >= '0' && letter <= '9'   ? (unsigned)(letter - '0')
                               : letter >= 'A' && letter <= 'Z' ? (unsigned)(letter - 'A') + 10
                                                                : 0;
        sum += value * weights[i % 3];
    }
    return (char)('0' + sum % 10);
}

// Surname, two fillers, given names; spaces become filler; what is too long is cut (part 3 4.6).
static enum err put_names(const struct json *card, char *out, size_t out_len)
{
    const char *surname = json_get_text(card, "surname");
    const char *given = json_get_text(card, "given");
    if (surname == NULL || given == NULL) {
        return ERR_MALFORMED;
    }
    char names[2 * TD3_LINE];
    struct text text;
    text_init(&text, names, sizeof names);
    text_format(&text, "%s<<%s", surname, given);
    for (size_t i = 0; i < text.len; i++) {
        names[i] = names[i] == ' ' ? '<' : names[i];
        if (names[i] != '<' && (names[i] < 'A' || names[i] > 'Z')) {
            return ERR_MALFORMED;
        }
    }
    memcpy(out, names, text.len < out_len ? text.len : out_len);
    return OK;
}

static enum err make_td1(const struct json *card, struct chip_zone *zone)
{
    char *line = zone->lines;
    char *second = line + TD1_LINE;
    const char *code = json_get_text(card, "code");
    memset(line, '<', 3 * (size_t)TD1_LINE);
    if (put(line, 0, 2, code == NULL ? "I" : code) != OK ||
        put(line, 2, 3, json_get_text(card, "issuer")) != OK ||
        put(line, 5, 9, zone->number) != OK ||
        put(line, 15, 15, json_get_text(card, "personal_number")) != OK ||
        put(second, 0, 6, zone->birth) != OK ||
        put(second, 7, 1, json_get_text(card, "sex")) != OK ||
        put(second, 8, 6, zone->expiry) != OK ||
        put(second, 15, 3, json_get_text(card, "nationality")) != OK ||
        put_names(card, line + 2 * (size_t)TD1_LINE, TD1_LINE) != OK) {
        return ERR_MALFORMED;
    }
    line[14] = check_digit(line + 5, 9);
    second[6] = check_digit(second, 6);
    second[14] = check_digit(second + 8, 6);
    char all[50];
    memcpy(all, line + 5, 25);
    memcpy(all + 25, second, 7);
    memcpy(all + 32, second + 8, 7);
    memcpy(all + 39, second + 18, 11);
    second[29] = check_digit(all, sizeof all);
    return OK;
}

static enum err make_td3(const struct json *card, struct chip_zone *zone)
{
    char *line = zone->lines;
    char *second = line + TD3_LINE;
    memset(line, '<', 2 * (size_t)TD3_LINE);
    if (put(line, 0, 2, "P") != OK || put(line, 2, 3, json_get_text(card, "issuer")) != OK ||
        put_names(card, line + 5, TD3_LINE - 5) != OK || put(second, 0, 9, zone->number) != OK ||
        put(second, 10, 3, json_get_text(card, "nationality")) != OK ||
        put(second, 13, 6, zone->birth) != OK ||
        put(second, 20, 1, json_get_text(card, "sex")) != OK ||
        put(second, 21, 6, zone->expiry) != OK ||
        put(second, 28, 14, json_get_text(card, "personal_number")) != OK) {
        return ERR_MALFORMED;
    }
    second[9] = check_digit(second, 9);
    second[19] = check_digit(second + 13, 6);
    second[27] = check_digit(second + 21, 6);
    second[42] = check_digit(second + 28, 14);
    char all[39];
    memcpy(all, second, 10);
    memcpy(all + 10, second + 13, 7);
    memcpy(all + 17, second + 21, 22);
    second[43] = check_digit(all, sizeof all);
    return OK;
}
