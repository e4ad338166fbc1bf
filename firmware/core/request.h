// SPDX-License-Identifier: EUPL-1.2
//
// A request: something open between this person and the municipality, normalised from every back
// office to one shape. Pure.
#ifndef INLOOP_CORE_REQUEST_H
#define INLOOP_CORE_REQUEST_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    REQUESTS_MAX = 24, // of one person; the nearest deadlines are kept
    REQUEST_ID_BYTES = 48,
    REQUEST_TITLE_BYTES = 200,
    REQUEST_WORDS_BYTES = 240,
    REQUEST_LINK_BYTES = 204, // what a QR code of our size holds
    REQUEST_MISSING_MAX = 6,
    REQUEST_MISSING_BYTES = 96,
    REQUEST_FACTS_MAX = 8,
    REQUEST_LABEL_BYTES = 64,
    REQUEST_VALUE_BYTES = 128,
    REQUEST_REFERENCE_BYTES = 48,
};

enum request_source {
    REQUEST_FROM_TAKEN,
    REQUEST_FROM_ZAKEN,
    REQUEST_FROM_FORMS,
    REQUEST_FROM_OBJECTEN,
    REQUEST_FROM_MIJNTAKEN,
    REQUEST_SOURCES_COUNT,
};

enum request_kind { REQUEST_FORM, REQUEST_LINK, REQUEST_PAYMENT, REQUEST_CASE };

// What it asks of the person, in the order a list shows it: something is missing, a question is
// left, we are busy, done.
enum request_state { REQUEST_MISSING, REQUEST_QUESTION, REQUEST_BUSY, REQUEST_DONE };

// What it is about: chooses the pictogram and the queue, never more.
enum request_subject {
    SUBJECT_LETTER, // anything else
    SUBJECT_PARKING,
    SUBJECT_MOVING,
    SUBJECT_LICENCE,
    SUBJECT_PASSPORT,
    SUBJECT_MONEY,
    SUBJECTS_COUNT,
};

// Rules of sight (core/policy.h). Sensitive: health, benefits, debts, youth. By link: the one form
// that the visitor's own link opens, whatever it is about. Begun here: a form that she began at
// this kiosk during this visit.
enum request_class {
    REQUEST_ORDINARY,
    REQUEST_SENSITIVE,
    REQUEST_BY_LINK,
    REQUEST_BEGUN_HERE,
    REQUEST_CLASSES_COUNT,
};

struct request_fact {
    char label[REQUEST_LABEL_BYTES];
    char value[REQUEST_VALUE_BYTES];
};

struct request_private {
    char id[REQUEST_ID_BYTES]; // "<name of its source>:<uuid>"
    enum request_source source;
    enum request_kind kind;
    enum request_state state;
    enum request_subject subject;
    enum request_class class;
    char service; // letter of the queue that can help
    char title[REQUEST_TITLE_BYTES];
    char words[REQUEST_WORDS_BYTES];         // one line of explanation, may be empty
    char reference[REQUEST_REFERENCE_BYTES]; // the case number staff know, may be empty
    char link[REQUEST_LINK_BYTES];           // of REQUEST_LINK: where it is done; https, or empty
    int64_t deadline_ms;                     // end of the last day, 0 when there is none
    int64_t started_ms;                      // 0 when unknown
    uint16_t steps_done;                     // questions answered of a form; 0 of 0 when unknown
    uint16_t steps_count;
    char missing[REQUEST_MISSING_MAX][REQUEST_MISSING_BYTES];
    size_t missing_count;
    struct request_fact facts[REQUEST_FACTS_MAX]; // already filled in; staff only
    size_t facts_count;
};

struct request_list_private {
    struct request_private requests[REQUESTS_MAX];
    size_t requests_count;
    uint32_t sources_failed; // bit n: source n gave no usable answer; the list is then incomplete
};

// Nearest deadline first (none comes last), then state, then the older, then id: a total order.
void request_sort(struct request_list_private *list);
// Puts a copy in. When the list is full the last in request_sort's order falls out.
void request_add(struct request_list_private *list, const struct request_private *request);
// Borrowed, or NULL.
const struct request_private *request_find(const struct request_list_private *list, const char *id);

// Names as the hub's API spells them: "taken", "form", "missing", "parking", "sensitive".
const char *request_source_name(enum request_source source);
const char *request_kind_name(enum request_kind kind);
const char *request_state_name(enum request_state state);
const char *request_subject_name(enum request_subject subject);
// The name of its pictogram, on screens and slips.
const char *request_subject_picture(enum request_subject subject);
const char *request_class_name(enum request_class class);
MUST_USE enum err request_source_from_name(const char *name, enum request_source *source);
MUST_USE enum err request_kind_from_name(const char *name, enum request_kind *kind);
MUST_USE enum err request_state_from_name(const char *name, enum request_state *state);
MUST_USE enum err request_subject_from_name(const char *name, enum request_subject *subject);
MUST_USE enum err request_class_from_name(const char *name, enum request_class *class);

#endif
