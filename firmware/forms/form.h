// SPDX-License-Identifier: EUPL-1.2
//
// A form as Open Forms and Open VTB carry it (form.io JSON): its questions in reading order, what
// each asks and allows. Knows no answers (answers.h), no rules (logic.h), no screen. Pure.
#ifndef INLOOP_FORMS_FORM_H
#define INLOOP_FORMS_FORM_H

#include "base/json.h"
#include "base/text.h"

enum {
    FORM_BYTES_MAX = 1024 * 1024, // of the steps' text, and of the rules'
    FORM_STEPS_MAX = 40,
    FORM_FIELDS_MAX = 1024,
    FORM_DEPTH_MAX = 8, // fieldsets in columns in repeating groups in ...
    FORM_CHOICES_MAX = 1000,
    FORM_KEY_BYTES = 128, // of a key, dots included
    FORM_KEY_POINTS_MAX = 5,
    FORM_RULES_MAX = 256,
    FORM_LABEL_BYTES_MAX = 2000,      // of a label; longer is no label
    FORM_WORDS_BYTES_MAX = 64 * 1024, // of any other words
};

// What a question is answered with. The names of form.io's types stand in form.c only.
enum form_kind {
    FORM_TEXT,
    FORM_LONG_TEXT,
    FORM_NUMBER,
    FORM_MONEY,
    FORM_DATE,
    FORM_DATE_TIME,
    FORM_TIME,
    FORM_EMAIL,
    FORM_PHONE,
    FORM_BSN,
    FORM_IBAN,
    FORM_PLATE,
    FORM_POSTCODE,
    FORM_ADDRESS,   // addressNL: an object of postcode, houseNumber, ...
    FORM_ONE,       // radio, select
    FORM_SOME,      // selectboxes, and a select that takes several
    FORM_YES,       // checkbox
    FORM_SIGNATURE, // a PNG as a data URL
    FORM_FILE,
    FORM_PEOPLE,      // children, partners: given by the register and ticked, or added one by one
    FORM_CONTENT,     // asks nothing: words to read
    FORM_GROUP,       // fieldset, columns: a place in the tree, no page of its own
    FORM_REPEAT,      // editgrid: its children are asked once for every item
    FORM_SOFT_ERRORS, // shown, asks nothing: says what is still missing where that does not stop
                      // the visitor
    FORM_UNKNOWN,     // a type or option we cannot honour: never guessed, handed over
};

// One component. Words are borrowed from the definition, NULL or empty when it has none.
struct form_field {
    enum form_kind kind;
    const char *type; // as the definition spells it, for the record of a hand-over
    const char *key;  // "a.b": a member of an object; within a repeating group: of the item
    const char *label;
    const char *description; // what is told with the question; of CONTENT: its HTML
    const char *tooltip;     // help: why we ask
    const char *placeholder;
    int16_t parent; // group or repeat around it; -1 is none
    int16_t step;
    bool is_required;
    // Several values of a kind that is usually one, then an array. SOME: an array of values
    // (select) instead of an object of true and false (selectboxes).
    bool is_multiple;
    bool is_hidden;   // before any rule
    bool is_disabled; // shown, not to be changed
    bool is_sensitive;
    bool clears_when_hidden;
    bool has_min;
    bool has_max;
    double min;
    double max;
    uint16_t decimals_max; // of NUMBER and MONEY
    uint32_t length_min;   // characters; 0: none
    uint32_t length_max;   // 0: none
    uint32_t words_min;
    uint32_t words_max;
    uint32_t chosen_min; // of SOME; items of REPEAT; files of FILE
    uint32_t chosen_max;
    const char *pattern;           // a whole-value regular expression
    const struct json *definition; // the component itself
};

struct form_step {
    const char *id;   // of the source; "" for a form of one step
    const char *name; // as a resident reads it, may be empty
    uint16_t first_field;
    uint16_t fields_count;
    bool is_skipped; // "isApplicable" false: before any rule
};

struct form {
    struct json *root;   // owned
    struct json *people; // likewise: what we ask about a person who is added; NULL: nobody may be
    struct form_step steps[FORM_STEPS_MAX];
    size_t steps_count;
    struct form_field fields[FORM_FIELDS_MAX]; // parents before their children
    size_t fields_count;
    uint16_t by_key[FORM_FIELDS_MAX]; // positions in order of repeating group and key
    const struct json *rules;         // JsonLogic rules of all steps: an array, or NULL
};

struct form_choice {
    const char *value;
    const char *label;
};

// Takes `root`: {"steps":[{"id","name","components":[...]}],"rules":[...]} (what the hub tells,
// see SPEC.md). Large: keep `form` in static or heap memory. Keys must be unique, labels text,
// numbers numbers; only what asks nothing (content, groups) may share a key. A button and a hidden
// value are left out. ERR_MALFORMED names the component's key and member in `fault`; ERR_TOO_BIG: a
// limit above. On any error nothing is held.
MUST_USE enum err form_read(struct form *form, struct json *root, struct fault *fault);
void form_free(struct form *form); // wipes and frees the definition; zeroed memory allowed
// "group.key" finds a member of a repeating group, and so does its own key when nothing outside is
// named so. NULL when there is no such key.
const struct form_field *form_find(const struct form *form, const char *key);
// The same within a repeating group (position of the group, or -1 for outside any).
const struct form_field *form_find_in(const struct form *form, int16_t repeat, const char *key);
size_t form_index(const struct form *form, const struct form_field *field);
// Of ONE and SOME, in order. False: no such position.
bool form_choice(const struct form_field *field, size_t index, struct form_choice *choice);
size_t form_choices_count(const struct form_field *field);
const char *form_choice_label(const struct form_field *field, const char *value); // NULL: none
// True when it is within a repeating group, or asked about a person; gives that group.
const struct form_field *form_repeat_of(const struct form *form, const struct form_field *field);
// Asked once for every item: REPEAT, and PEOPLE outside any group.
bool form_has_items(const struct form *form, const struct form_field *field);
// People of whom it is asked, one by one, whether they belong to it.
bool form_is_ticked(const struct form_field *field);
// One of our own questions about a person: the definition names it nowhere, nor do its rules.
bool form_is_of_person(const struct form *form, const struct form_field *field);
// True when somebody has to answer it on a page. False for REPEAT, whose children are.
bool form_is_question(const struct form_field *field);
// True when it has a place among the answers: questions, REPEAT and UNKNOWN.
bool form_has_answer(const struct form_field *field);

#endif
