// SPDX-License-Identifier: EUPL-1.2
//
// The answers to one form: a JSON object in the shape the source wants back, addressed by places.
// Holds personal data: freed with a wipe.
#ifndef INLOOP_FORMS_ANSWERS_H
#define INLOOP_FORMS_ANSWERS_H

#include "forms/form.h"

enum {
    ANSWERS_ITEMS_MAX = 32,
    ANSWERS_BYTES_MAX = 256 * 1024, // of all answers, as text
    ANSWERS_DEPTH_MAX = 12,
    ANSWERS_VALUES_MAX = 32, // of a field with several
};

// A question as it is asked: a field, and of which item of the group that repeats it.
struct form_place {
    int16_t field;
    int16_t item; // -1: not within a repeating group
};
#define FORM_NOWHERE ((struct form_place){-1, -1})

// The members of an address, in the order they are typed and read.
enum { ANSWERS_ADDRESS_PARTS = 4 };
extern const char *const answers_address_parts[ANSWERS_ADDRESS_PARTS];

struct answers {
    struct json *data_private; // an object, owned
};

// From defaults, then `prefill` (what the form asks for only), then `data` with all it holds
// (borrowed, each may be NULL), a later one winning key by key. `answers` may be uninitialised.
// ERR_MALFORMED: not an object; ERR_TOO_BIG.
MUST_USE enum err answers_open(struct answers *answers, const struct form *form,
                               const struct json *prefill, const struct json *data,
                               struct fault *fault);
void answers_close(struct answers *answers); // wipes; zeroed memory allowed

// Borrowed until the next change; NULL when unanswered.
const struct json *answers_get(const struct answers *answers, const struct form *form,
                               struct form_place place);
// Takes `value` (NULL clears it, which leaves the kind's empty value behind: "" or null or []).
void answers_set(struct answers *answers, const struct form *form, struct form_place place,
                 struct json *value);
// What a kind holds when nothing was given. Caller's.
struct json *answers_empty_value(const struct form_field *field);
bool answers_value_is_empty(const struct form_field *field, const struct json *value);
bool answers_is_empty(const struct answers *answers, const struct form *form,
                      struct form_place place);
// Items of a repeating group, or people. Full at ANSWERS_ITEMS_MAX or at what the form allows, and
// where the register gave people: the source takes nobody beside them.
// Rules may look at them: logic_apply after adding and removing.
size_t answers_items_count(const struct answers *answers, const struct form *form, int16_t repeat);
bool answers_may_add(const struct answers *answers, const struct form *form, int16_t repeat);
MUST_USE enum err answers_add_item(struct answers *answers, const struct form *form,
                                   int16_t repeat); // ERR_FULL
void answers_remove_item(struct answers *answers, const struct form *form, int16_t repeat,
                         size_t item);

// As a person types and reads it: "30 november 2026" is the screen's, here it is the plain text of
// the value ("2026-11-30", "12,5", a choice's label, labels joined by ", ", "" for none). Masking
// is the screen's too. Several typed values stand one a line; an address as postcode, number,
// letter and addition, blanks between; people by name. Marks that turn the reading direction are
// left out.
void answers_text(const struct answers *answers, const struct form *form, struct form_place place,
                  char *out, size_t out_bytes);
// From what was typed or picked to the source's shape and type: "12,5" -> 12.5, "gv 27 xk" ->
// "GV-27-XK". A choice goes by its value, several one a line, an address as four lines (postcode,
// number, letter, addition), yes as "true". "" gives the kind's empty value. Fills `*value`
// (caller's). ERR_MALFORMED: cannot be such a value; then check.h says in what words.
MUST_USE enum err answers_value(const struct form_field *field, const char *typed,
                                struct json **value);

// Children and partners. The name of one; false: no such position.
size_t answers_people_count(const struct answers *answers, const struct form *form,
                            struct form_place place);
bool answers_person(const struct answers *answers, const struct form *form, struct form_place place,
                    size_t index, char *name, size_t name_bytes);
bool answers_person_is_ticked(const struct answers *answers, const struct form *form,
                              struct form_place place, size_t index);
// Added by hand: may be changed and taken away again. What the register gave stays.
bool answers_person_is_by_hand(const struct answers *answers, const struct form *form,
                               struct form_place place, size_t index);
// True when the register gave nobody, or when somebody was added by hand.
bool answers_people_are_by_hand(const struct answers *answers, const struct form *form,
                                struct form_place place);
// The same people with one ticked or not: the new value, for walk_answer. Caller's.
struct json *answers_tick_person(const struct answers *answers, const struct form *form,
                                 struct form_place place, size_t index, bool is_ticked);
// How much all answers are, as bytes of text (a close estimate from above).
size_t answers_bytes(const struct answers *answers);

// What a source gets: the answers of one step, or of all (`step` -1), without what is hidden and
// clears when hidden; what it gave us for no question of ours goes back with all. `logic` NULL:
// nothing is hidden. Caller frees with json_wipe_free.
struct logic; // logic.h
struct json *answers_write(const struct answers *answers, const struct form *form,
                           const struct logic *logic, int step);

#endif
