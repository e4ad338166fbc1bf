// SPDX-License-Identifier: EUPL-1.2
//
// Words of a form are the source's: another language than the screen's, and private.
#include "fill/fill_words.h"

#include "base/bytes.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_BYTES = 1024, SEEN_AT_END = 2, ITEM_BYTES = 60, NAME_CHARS = 40 };

static const char *person_name(struct fill_say say, size_t item);
static const char *person_key(const struct form_field *people, const struct form_field *field);
static const char *phrase(struct fill_say say, const char *key);
static const char *filled(struct fill_say say, const char *key, const struct phrases_value *values,
                          size_t count);
static const char *counted(struct fill_say say, const char *key, uint64_t count);
static const char *cut(char *words, size_t chars_max);
static const char *limit_of(struct fill_say say, const struct check_result *result);
static const char *date_answer(struct fill_say say, const char *typed);
static void mask(char *words, size_t size);

const char *fill_words(struct fill_say say, const char *html, size_t chars_max)
{
    static char words[WORDS_BYTES];
    fill_plain(html, words, sizeof words);
    const char *kept = widget_foreign(say.maker, cut(words, chars_max));
    kept = kept == words ? tree_words(say.maker.tree, words) : kept;
    wipe(words, sizeof words);
    return kept;
}

const char *fill_words_label(struct fill_say say, const struct form_field *field, size_t chars_max)
{
    const struct form *form = &say.form->walk.form;
    if (form_is_of_person(form, field)) {
        return fill_words(say, phrase(say, person_key(form_repeat_of(form, field), field)),
                          chars_max);
    }
    bool has_none = field->label == NULL || field->label[0] == '\0';
    return has_none ? phrase(say, "consent.question") : fill_words(say, field->label, chars_max);
}

const char *fill_words_answer(struct fill_say say, struct form_place place, size_t chars_max)
{
    const struct walk *walk = &say.form->walk;
    const struct form_field *field = &walk->form.fields[place.field];
    static char typed[WORDS_BYTES];
    if (field->kind == FORM_YES) {
        return phrase(say, fill_is_yes(say.form, place) ? "form.yes" : "form.no");
    }
    if (answers_is_empty(&walk->answers, &walk->form, place)) {
        return phrase(say, "form.check.empty");
    }
    bool has_items = field->kind == FORM_REPEAT ||
                     logic_asks_people(&walk->logic, &walk->form, &walk->answers, place.field);
    if (has_items) {
        size_t count = answers_items_count(&walk->answers, &walk->form, place.field);
        (void)snprintf(typed, sizeof typed, "%u", (unsigned)count % 1000); // always fits
        return tree_words(say.maker.tree, typed);
    }
    if (field->kind == FORM_SIGNATURE) {
        return phrase(say, "form.signed");
    }
    if (field->kind == FORM_UNKNOWN || field->kind == FORM_FILE) {
        return phrase(say, "form.given");
    }
    answers_text(&walk->answers, &walk->form, place, typed, sizeof typed);
    const char *date = date_answer(say, typed);
    bool is_date = field->kind == FORM_DATE && date != NULL;
    if (field->is_sensitive) {
        mask(typed, sizeof typed);
    }
    for (char *at = typed; *at != '\0'; at++) {
        *at = *at == '\n' ? ' ' : *at;
    }
    const char *kept = widget_foreign(say.maker, cut(typed, chars_max));
    kept = kept == typed ? tree_words(say.maker.tree, typed) : kept;
    wipe(typed, sizeof typed);
    return is_date && !field->is_sensitive ? date : kept;
}

const char *fill_words_fixed(struct fill_say say, size_t chars_max)
{
    const struct form_entry_private *entry = &say.form->entry;
    char names[WORDS_BYTES];
    struct text text;
    if (entry->people_count == 0) {
        return fill_words_answer(say, say.form->page.place, chars_max);
    }
    text_init(&text, names, sizeof names);
    for (size_t i = 0; i < entry->people_count; i++) {
        text_format(&text, "%s%s", i == 0 ? "" : ", ", entry->people[i]);
    }
    const char *kept = fill_words(say, names, chars_max);
    wipe(names, sizeof names);
    return kept;
}

const char *fill_words_item(struct fill_say say, size_t item)
{
    const struct walk *walk = &say.form->walk;
    const struct form_field *repeat = &walk->form.fields[say.form->page.place.field];
    char words[PHRASE_BYTES];
    struct text text;
    text_init(&text, words, sizeof words);
    // A person is known by name and birth date: no number in sight of the hall.
    bool is_person = repeat->kind == FORM_PEOPLE;
    if (is_person) {
        text_add(&text, person_name(say, item));
    }
    for (size_t i = 0; i < walk->form.fields_count && text.len < ITEM_BYTES; i++) {
        const struct form_field *field = &walk->form.fields[i];
        struct form_place place = {(int16_t)i, (int16_t)item};
        bool is_of_it = form_is_question(field) && form_repeat_of(&walk->form, field) == repeat;
        is_of_it = is_of_it && (!is_person || field->kind == FORM_DATE);
        if (is_of_it && !answers_is_empty(&walk->answers, &walk->form, place)) {
            text_format(&text, "%s%s", text.len == 0 ? "" : ", ",
                        fill_words_answer(say, place, ITEM_BYTES));
        }
    }
    const char *kept =
        text.len == 0 ? phrase(say, "form.check.empty") : tree_words(say.maker.tree, words);
    wipe(words, sizeof words);
    return kept;
}

const char *fill_words_how(struct fill_say say)
{
    const struct check_result *result = &say.form->result;
    bool has_own =
        result->fault == CHECK_PATTERN && result->words != NULL && result->words[0] != '\0';
    if (has_own) {
        return fill_words(say, result->words, 120);
    }
    char key[FORM_STEM_BYTES + 8];
    (void)snprintf(key, sizeof key, "%s.so", say.form->error); // room for the three characters more
    switch (result->fault) {
    case CHECK_TOO_SHORT:
    case CHECK_TOO_LONG:
    case CHECK_TOO_FEW_WORDS:
    case CHECK_TOO_MANY_WORDS:
        return counted(say, key, result->limit < 1 ? 1 : (uint64_t)result->limit);
    case CHECK_TOO_LOW:
    case CHECK_TOO_HIGH:
    case CHECK_TOO_FEW:
    case CHECK_TOO_MANY:
        return filled(say, key, &(struct phrases_value){"limit", limit_of(say, result)}, 1);
    case CHECK_TOO_EARLY:
    case CHECK_TOO_LATE:
        return filled(say, key, &(struct phrases_value){"date", limit_of(say, result)}, 1);
    case CHECK_OK:
    case CHECK_MISSING:
    case CHECK_NO_NUMBER:
    case CHECK_NO_DATE:
    case CHECK_NO_TIME:
    case CHECK_NO_EMAIL:
    case CHECK_NO_PHONE:
    case CHECK_NO_BSN:
    case CHECK_SAME_BSN:
    case CHECK_NO_IBAN:
    case CHECK_NO_PLATE:
    case CHECK_NO_POSTCODE:
    case CHECK_NO_ADDRESS:
    case CHECK_NO_CHOICE:
    case CHECK_PATTERN:
    case CHECK_FAULTS_COUNT:
        break;
    }
    return phrase(say, key);
}

const char *fill_words_step(struct fill_say say)
{
    size_t step = 0;
    size_t steps = 0;
    char numbers[2][12];
    walk_position(&say.form->walk, say.form->page, &step, &steps);
    (void)snprintf(numbers[0], sizeof numbers[0], "%u", (unsigned)step % 10000);  // always fits
    (void)snprintf(numbers[1], sizeof numbers[1], "%u", (unsigned)steps % 10000); // always fits
    struct phrases_value values[] = {{"step", numbers[0]}, {"steps", numbers[1]}};
    return steps == 0 ? NULL : filled(say, "form.step", values, 2);
}

const char *fill_words_date(struct fill_say say, struct date date)
{
    char month[32];
    char words[PHRASE_BYTES];
    char day[8];
    (void)snprintf(month, sizeof month, "common.month.%u", date.month % 13U); // always fits
    (void)snprintf(day, sizeof day, "%u", date.day % 32U);                    // always fits
    struct phrases_value values[] = {{"day", day}, {"month", phrase(say, month)}};
    struct text text;
    text_init(&text, words, sizeof words);
    text_format(&text, "%s %d", filled(say, "common.date", values, 2), date.year);
    return tree_words(say.maker.tree, words);
}

size_t fill_words_chars(const char *words)
{
    size_t len = strlen(words);
    size_t count = 0;
    for (size_t pos = 0; pos < len; count++) {
        (void)utf8_next(words, len, &pos);
    }
    return count;
}

static const char *person_name(struct fill_say say, size_t item)
{
    const struct walk *walk = &say.form->walk;
    char name[PERSON_NAME_BYTES];
    (void)answers_person(&walk->answers, &walk->form, say.form->page.place, item, name,
                         sizeof name); // a nameless one has none
    const char *kept = fill_words(say, name, NAME_CHARS);
    wipe(name, sizeof name);
    return kept;
}

// Our own words for what we ask about a child or a partner.
static const char *person_key(const struct form_field *people, const struct form_field *field)
{
    static const struct {
        const char *member;
        const char *of_child;
        const char *of_partner;
    } rows[] = {
        {"firstNames", "form.child.first_names", ""},
        {"initials", "", "form.partner.initials"},
        {"affixes", "", "form.partner.affixes"},
        {"lastName", "", "form.partner.last_name"},
        {"dateOfBirth", "form.child.born", "form.partner.born"},
        {"bsn", "form.child.bsn", "form.partner.bsn"},
        {"selected", "form.child.selected", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (text_equal(rows[i].member, field->key)) {
            return text_equal(people->type, "partners") ? rows[i].of_partner : rows[i].of_child;
        }
    }
    return "consent.question";
}

static const char *phrase(struct fill_say say, const char *key)
{
    return phrases_get(say.phrases, key);
}

static const char *filled(struct fill_say say, const char *key, const struct phrases_value *values,
                          size_t count)
{
    char words[PHRASE_BYTES];
    return phrases_fill(phrase(say, key), values, count, words, sizeof words) == OK
               ? tree_words(say.maker.tree, words)
               : "";
}

static const char *counted(struct fill_say say, const char *key, uint64_t count)
{
    char words[PHRASE_BYTES];
    return phrases_fill_count(say.phrases, key, count, words, sizeof words) == OK
               ? tree_words(say.maker.tree, words)
               : "";
}

static const char *cut(char *words, size_t chars_max)
{
    size_t len = strlen(words);
    size_t pos = 0;
    for (size_t i = 0; i < chars_max && pos < len; i++) {
        (void)utf8_next(words, len, &pos);
    }
    if (pos + sizeof "\u2026" <= len) {
        memcpy(words + pos, "\u2026", sizeof "\u2026");
    }
    return words;
}

// A number with the Dutch comma, a date in words, or a time of day.
static const char *limit_of(struct fill_say say, const struct check_result *result)
{
    char words[40];
    bool is_date = date_is_valid(result->date);
    if (is_date) {
        return fill_words_date(say, result->date);
    }
    if (result->fault == CHECK_TOO_EARLY || result->fault == CHECK_TOO_LATE) {
        unsigned minutes = (unsigned)result->limit % 1440U;
        (void)snprintf(words, sizeof words, "%u.%02u", minutes / 60, minutes % 60); // always fits
        return tree_words(say.maker.tree, words);
    }
    (void)snprintf(words, sizeof words, "%.10g", result->limit); // always fits
    char *point = strchr(words, '.');
    if (point != NULL) {
        *point = ',';
    }
    return tree_words(say.maker.tree, words);
}

static const char *date_answer(struct fill_say say, const char *typed)
{
    struct date date;
    return date_from_text(typed, &date) == OK ? fill_words_date(say, date) : NULL;
}

// All but the last two characters of a number or name become dots.
static void mask(char *words, size_t size)
{
    char masked[256];
    struct text text;
    size_t len = strlen(words);
    size_t count = fill_words_chars(words);
    size_t pos = 0;
    text_init(&text, masked, sizeof masked);
    for (size_t i = 0; i < count; i++) {
        size_t from = pos;
        (void)utf8_next(words, len, &pos);
        if (count > 4 && i + SEEN_AT_END >= count) {
            text_add_bytes(&text, words + from, pos - from);
        } else if (i < 24) {
            text_add(&text, "\u2022");
        }
    }
    text_copy_cut(words, size, masked);
    wipe(masked, sizeof masked);
}
