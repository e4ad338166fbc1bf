// SPDX-License-Identifier: EUPL-1.2
//
// Whether an answer will do, by what its component says; and the Dutch numbers with their own
// arithmetic. The source has the last word; this saves the visitor the walk.
#ifndef INLOOP_FORMS_CHECK_H
#define INLOOP_FORMS_CHECK_H

#include "forms/logic.h"

enum check_fault {
    CHECK_OK,
    CHECK_MISSING,   // required and empty
    CHECK_TOO_SHORT, // `limit` characters at least
    CHECK_TOO_LONG,
    CHECK_TOO_FEW_WORDS,
    CHECK_TOO_MANY_WORDS,
    CHECK_TOO_LOW, // `limit` or `date`
    CHECK_TOO_HIGH,
    CHECK_TOO_FEW, // of several
    CHECK_TOO_MANY,
    CHECK_NO_NUMBER,
    CHECK_NO_DATE,
    CHECK_TOO_EARLY, // `date`; of a time of day: `limit` minutes after midnight
    CHECK_TOO_LATE,
    CHECK_NO_TIME,
    CHECK_NO_EMAIL,
    CHECK_NO_PHONE,
    CHECK_NO_BSN,
    CHECK_SAME_BSN, // as another person here has
    CHECK_NO_IBAN,
    CHECK_NO_PLATE,
    CHECK_NO_POSTCODE,
    CHECK_NO_ADDRESS,
    CHECK_NO_CHOICE,
    CHECK_PATTERN, // the definition's own words are in `words` when it has any
    CHECK_FAULTS_COUNT,
};
// Stem of the phrase: "form.error.too_short".
const char *check_fault_name(enum check_fault fault);

struct check_result {
    enum check_fault fault;
    double limit;
    struct date date;
    const char *words; // the definition's own message, borrowed; NULL
};

struct check_result check_place(const struct form *form, const struct answers *answers,
                                const struct logic *logic, struct form_place place,
                                struct date today);

// UNKNOWN will not do when it is required and empty; with an answer from elsewhere it will. A
// REPEAT is judged by its number of items, not by what is in them; so are people who are added one
// by one.

bool check_bsn(const char *digits);        // eleven-test, 8 or 9 digits, not all zero
bool check_iban(const char *iban);         // ISO 13616: blanks allowed, remainder 1 of 97
bool check_postcode(const char *postcode); // 1234 AB: no leading zero, not SA SD SS
bool check_plate(const char *plate);       // RDW side codes, with or without dashes
bool check_email(const char *email);
bool check_phone(const char *phone);
// The usual way to write it: "1234 AB", "GV-27-XK", "NL91 ABNA 0417 1643 00". ERR_MALFORMED.
MUST_USE enum err check_write_plate(const char *plate, char *out, size_t out_bytes);
MUST_USE enum err check_write_postcode(const char *postcode, char *out, size_t out_bytes);
MUST_USE enum err check_write_iban(const char *iban, char *out, size_t out_bytes);

#endif
