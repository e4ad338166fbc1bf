// SPDX-License-Identifier: EUPL-1.2
//
// The way through a form, one question a page: what comes next, what came before, how far we are,
// what is still to be done. Nothing is remembered here; it follows from form, answers and logic.
#ifndef INLOOP_FORMS_WALK_H
#define INLOOP_FORMS_WALK_H

#include "forms/check.h"

// Everything of one form that is being filled in.
struct walk {
    struct form form;
    struct answers answers;
    struct logic logic;
    struct date today;
};

enum walk_page_kind {
    WALK_QUESTION, // `place`
    WALK_ITEMS, // `place.field` is a repeating group, or people who may be added: its items, add,
                // change, remove; walk_item leads into one, and behind its last question one
                // is back here
    WALK_READ,  // content with no question behind it in its step
    WALK_HAND_OVER, // a component we cannot honour: `place`
    WALK_CHECK,     // all answers, before sending
};

struct walk_page {
    enum walk_page_kind kind;
    struct form_place place;
};

// Takes `document` as the hub tells it: steps, rules, prefill, data. Works the rules out. `walk`
// may be uninitialised. As form_read and answers_open; on an error nothing is held. Rules that go
// round are no error here: `logic` then stands as the definition has it and is unsure.
MUST_USE enum err walk_open(struct walk *walk, struct json *document, struct date today,
                            struct fault *fault);

// Content that belongs above the question: the visible FORM_CONTENT fields directly before it.
size_t walk_lead(const struct walk *walk, struct walk_page page, int16_t *fields, size_t max);
struct walk_page walk_first(const struct walk *walk);
// First page whose answer will not do yet, or the check page: where one goes on. The first page
// when nothing was answered yet.
struct walk_page walk_resume(const struct walk *walk);
struct walk_page walk_next(const struct walk *walk, struct walk_page page);
// False at the first page.
bool walk_back(const struct walk *walk, struct walk_page page, struct walk_page *before);
// The page that asks `key` (of an item: its group's page), or that asks exactly this place; false
// when it is not asked now.
bool walk_find(const struct walk *walk, const char *key, struct walk_page *page);
bool walk_at(const struct walk *walk, struct form_place place, struct walk_page *page);
// The first question of an item; false when it has none.
bool walk_item(const struct walk *walk, int16_t repeat, size_t item, struct walk_page *page);
// "Step 2 of 4": pages, the check page and pages within items not counted; questions answered of
// those asked.
void walk_position(const struct walk *walk, struct walk_page page, size_t *step, size_t *steps);
void walk_progress(const struct walk *walk, size_t *answered, size_t *asked);
// The first visible question whose answer will not do; false when all will.
bool walk_first_fault(const struct walk *walk, struct walk_page *page, struct check_result *result);

// Files that the source would like and does not insist on (softRequired), still missing.
size_t walk_soft_missing(const struct walk *walk, int16_t *fields, size_t max);

// Sets an answer and works the rules out anew. Takes `value`. ERR_STATE as logic_apply;
// ERR_TOO_BIG: more than ANSWERS_BYTES_MAX together, then nothing has changed.
MUST_USE enum err walk_answer(struct walk *walk, struct form_place place, struct json *value,
                              struct fault *fault);
void walk_close(struct walk *walk); // wipes and frees all; zeroed memory allowed

#endif
