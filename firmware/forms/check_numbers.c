// SPDX-License-Identifier: EUPL-1.2
//
// Numbers and addresses with arithmetic or a shape of their own: BSN, IBAN, postcode, plate,
// e-mail, phone. Works on text alone.
#include "base/bytes.h"
#include "base/text.h"
#include "forms/check.h"

#include <ctype.h>
#include <string.h>

enum { IBAN_MAX = 34, IBAN_MIN = 15, IBAN_DUTCH = 18, EMAIL_MAX = 254, LOCAL_MAX = 64 };

// The side codes of the vehicle authority (RDW): A a letter, 9 a digit, dashes where they stand.
static const char *const plates[] = {
    "AA-99-99", "99-99-AA", "99-AA-99", "AA-99-AA", "AA-AA-99", "99-AA-AA", "99-AAA-9",
    "9-AAA-99", "AA-999-A", "A-999-AA", "AAA-99-A", "A-99-AAA", "9-AA-999", "999-AA-9",
};

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) && (unsigned char)c < 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Letters and digits in capitals, the `skipped` characters left out. False: others, or too many.
static bool squeeze(const char *words, const char *skipped, char *out, size_t out_bytes)
{
    size_t len = 0;
    for (; *words != '\0'; words++) {
        if (strchr(skipped, *words) != NULL) {
            continue;
        }
        if ((!is_letter(*words) && !is_digit(*words)) || len == out_bytes - 1) {
            return false;
        }
        out[len++] = (char)toupper((unsigned char)*words);
    }
    out[len] = '\0';
    return true;
}

bool check_bsn(const char *digits)
{
    const size_t len = strlen(digits);
    if (len != 8 && len != 9) {
        return false;
    }
    int sum = 0;
    bool has_any = false;
    for (size_t i = 0; i < len; i++) {
        if (!is_digit(digits[i])) {
            return false;
        }
        const int weight = (int)(len - i);
        sum += (digits[i] - '0') * (weight == 1 ? -1 : weight);
        has_any = has_any || digits[i] != '0';
    }
    return has_any && sum % 11 == 0;
}

// The four in front go behind; a letter counts as two digits, A is 10.
static bool iban_adds_up(const char *whole)
{
    const size_t len = strlen(whole);
    if (len < IBAN_MIN || !is_letter(whole[0]) || !is_letter(whole[1]) || !is_digit(whole[2]) ||
        !is_digit(whole[3]) || (text_starts_with(whole, "NL") && len != IBAN_DUTCH)) {
        return false;
    }
    int rest = 0;
    for (size_t i = 0; i < len; i++) {
        const char c = whole[(i + 4) % len];
        rest = is_digit(c) ? (rest * 10 + c - '0') % 97 : (rest * 100 + c - 'A' + 10) % 97;
    }
    return rest == 1;
}

bool check_iban(const char *iban)
{
    char whole[IBAN_MAX + 1] = "";
    const bool is_good = squeeze(iban, " ", whole, sizeof whole) && iban_adds_up(whole);
    wipe(whole, sizeof whole);
    return is_good;
}

bool check_postcode(const char *postcode)
{
    char whole[7] = "";
    bool is_good =
        squeeze(postcode, " ", whole, sizeof whole) && strlen(whole) == 6 && whole[0] != '0';
    for (size_t i = 0; is_good && i < 6; i++) {
        is_good = i < 4 ? is_digit(whole[i]) : is_letter(whole[i]);
    }
    is_good = is_good && !text_equal(whole + 4, "SA") && !text_equal(whole + 4, "SD") &&
              !text_equal(whole + 4, "SS");
    wipe(whole, sizeof whole);
    return is_good;
}

// Its place in the table; NULL: none of these.
static const char *plate_shape(const char *squeezed)
{
    for (size_t i = 0; i < sizeof plates / sizeof plates[0]; i++) {
        size_t at = 0;
        bool is_it = strlen(squeezed) == 6;
        for (const char *c = plates[i]; is_it && *c != '\0'; c++) {
            if (*c != '-') {
                is_it = *c == 'A' ? is_letter(squeezed[at]) : is_digit(squeezed[at]);
                at++;
            }
        }
        if (is_it) {
            return plates[i];
        }
    }
    return NULL;
}

bool check_plate(const char *plate)
{
    char whole[7] = "";
    const bool is_good = squeeze(plate, "- ", whole, sizeof whole) && plate_shape(whole) != NULL;
    wipe(whole, sizeof whole);
    return is_good;
}

bool check_email(const char *email)
{
    const char *at = strchr(email, '@');
    if (at == NULL || strlen(email) > EMAIL_MAX || at == email || at - email > LOCAL_MAX) {
        return false;
    }
    for (const char *c = email; c < at; c++) {
        const bool is_dot = *c == '.';
        const bool is_part = is_letter(*c) || is_digit(*c) || (unsigned char)*c >= 0x80 ||
                             strchr("!#$%&'*+/=?^_`{|}~-", *c) != NULL;
        if (!is_part && !(is_dot && c > email && c + 1 < at && c[1] != '.')) {
            return false;
        }
    }
    const char *last = NULL; // where the last part of the domain starts
    const char *start = at + 1;
    for (const char *c = start;; c++) {
        if (*c == '.' || *c == '\0') {
            if (c == start || *start == '-' || c[-1] == '-' || c - start > 63) {
                return false;
            }
            last = start;
            start = c + 1;
        } else if (!is_letter(*c) && !is_digit(*c) && *c != '-' && (unsigned char)*c < 0x80) {
            return false;
        }
        if (*c == '\0') {
            break;
        }
    }
    return last != at + 1 && strlen(last) >= 2 && !is_digit(last[0]);
}

bool check_phone(const char *phone)
{
    char digits[18] = "";
    const bool is_abroad = phone[0] == '+';
    bool is_good = squeeze(phone + (is_abroad ? 1 : 0), " -()", digits, sizeof digits);
    const size_t len = strlen(digits);
    is_good = is_good && strspn(digits, "0123456789") == len;
    if (is_abroad) {
        is_good = is_good && len >= 8 && len <= 15 && digits[0] != '0';
    } else if (text_starts_with(digits, "00")) {
        is_good = is_good && len >= 10;
    } else {
        is_good = is_good && digits[0] == '0' && len == 10;
    }
    wipe(digits, sizeof digits);
    return is_good;
}

// One we do not know keeps the dashes it was typed with: three parts of one to three.
static enum err write_parts(const char *shape, const char *whole, struct text *text)
{
    size_t at = 0;
    size_t part = 0;
    size_t dashes_count = 0;
    for (const char *c = shape; *c != '\0'; c++) {
        const bool is_dash = *c == '-' || *c == ' ';
        if ((is_dash && part == 0) || (!is_dash && part == 3)) {
            return ERR_MALFORMED;
        }
        part = is_dash ? 0 : part + 1;
        dashes_count += is_dash;
        if (is_dash) {
            text_add(text, "-");
        } else {
            text_add_bytes(text, &whole[at++], 1);
        }
    }
    return dashes_count == 2 && part > 0 && !text->is_cut ? OK : ERR_MALFORMED;
}

enum err check_write_plate(const char *plate, char *out, size_t out_bytes)
{
    char whole[10] = "";
    struct text text;
    text_init(&text, out, out_bytes);
    enum err err = ERR_MALFORMED;
    if (squeeze(plate, "- ", whole, sizeof whole)) {
        const char *shape = plate_shape(whole);
        err = write_parts(shape == NULL ? plate : shape, whole, &text);
    }
    wipe(whole, sizeof whole);
    return err;
}

enum err check_write_postcode(const char *postcode, char *out, size_t out_bytes)
{
    char whole[7] = "";
    struct text text;
    text_init(&text, out, out_bytes);
    const bool is_good = check_postcode(postcode) && squeeze(postcode, " ", whole, sizeof whole);
    if (is_good) {
        text_add_bytes(&text, whole, 4);
        text_add(&text, " ");
        text_add(&text, whole + 4);
    }
    wipe(whole, sizeof whole);
    return !is_good || text.is_cut ? ERR_MALFORMED : OK;
}

enum err check_write_iban(const char *iban, char *out, size_t out_bytes)
{
    char whole[IBAN_MAX + 1] = "";
    struct text text;
    text_init(&text, out, out_bytes);
    const bool is_good = check_iban(iban) && squeeze(iban, " ", whole, sizeof whole);
    for (size_t i = 0; is_good && whole[i] != '\0'; i++) {
        text_add(&text, i > 0 && i % 4 == 0 ? " " : "");
        text_add_bytes(&text, &whole[i], 1);
    }
    wipe(whole, sizeof whole);
    return !is_good || text.is_cut ? ERR_MALFORMED : OK;
}
