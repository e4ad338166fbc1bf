// SPDX-License-Identifier: EUPL-1.2
//
// One person from the BRP.
#include "adapters/brp.h"

#include "adapters/fields.h"
#include "base/bytes.h"

#include <string.h>

static enum err read_person(const struct json *json, const char *bsn, struct person_private *person,
                            struct fault *fault);
static bool is_secret(const struct json *found);
static struct date read_birth_date(const struct json *birth);
static void spaced_initials(const struct json *name, struct person_private *person);

enum err brp_request(struct source_request_private *request, const char *bsn)
{
    // The number itself is asked back so that an answer about somebody else is noticed.
    static const char *const fields[] = {"burgerservicenummer", "naam.volledigeNaam",
                                         "naam.voorletters", "naam.geslachtsnaam",
                                         "geboorte.datum"};
    *request = (struct source_request_private){.is_post = true, .is_repeatable = true};
    struct json *list = json_new_array();
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        json_append(list, json_new_text(fields[i]));
    }
    struct json *numbers = json_new_array();
    json_append(numbers, json_new_text(bsn));
    struct json *body = json_new_object();
    json_set_text(body, "type", "RaadpleegMetBurgerservicenummer");
    json_set(body, "burgerservicenummer", numbers);
    json_set(body, "fields", list);
    return source_post(request, "/personen", body);
}

enum err brp_read(const struct source_answer *answer, const char *bsn,
                  struct person_private *person, struct fault *fault)
{
    if (answer->status != 200) {
        return source_refusal("brp", answer->status, fault);
    }
    struct json *json = NULL;
    if (json_parse(answer->body, answer->len, &json) != OK) {
        return fault_set(fault, ERR_MALFORMED, "brp: answer is not JSON");
    }
    const enum err err = read_person(json, bsn, person, fault);
    json_wipe_free(json);
    return err;
}

static enum err read_person(const struct json *json, const char *bsn, struct person_private *person,
                            struct fault *fault)
{
    const struct json *people = json_get(json, "personen");
    const char *type = json_get_text(json, "type");
    if (!text_equal(type == NULL ? "" : type, "RaadpleegMetBurgerservicenummer") ||
        !json_is_list(people) || json_len(people) > 1) {
        return fault_set(fault, ERR_MALFORMED, "brp: not the answer to one number");
    }
    if (json_len(people) == 0) {
        return fault_set(fault, ERR_NOT_FOUND, "brp: unknown number");
    }
    const struct json *found = json_at(people, 0);
    const char *number = json_get_text(found, "burgerservicenummer");
    if (number == NULL || strcmp(number, bsn) != 0) {
        return fault_set(fault, ERR_MALFORMED, "brp: answer about another person");
    }
    // Suspended: deceased (O), emigrated (E), erroneous (F) and the like. None of them stands here.
    if (!json_is_absent(json_get(found, "opschortingBijhouding"))) {
        return fault_set(fault, ERR_NOT_FOUND, "brp: registration suspended");
    }
    person->is_secret = is_secret(found);
    person->birth_date = read_birth_date(json_path(found, "geboorte.datum"));
    wipe(person->name, sizeof person->name);
    wipe(person->initials, sizeof person->initials);
    if (!person->is_secret) {
        const struct json *name = json_get(found, "naam");
        field_words(name, "volledigeNaam", person->name, sizeof person->name);
        spaced_initials(name, person);
    }
    return OK;
}

// Present only when true; an unreadable value counts as true, the careful side.
static bool is_secret(const struct json *found)
{
    const struct json *secrecy = json_get(found, "geheimhoudingPersoonsgegevens");
    bool value = true;
    return !json_is_absent(secrecy) && (json_truth(secrecy, &value) != OK || value);
}

// Datum, JaarMaandDatum, JaarDatum, DatumOnbekend: what the register does not know is 0.
static struct date read_birth_date(const struct json *birth)
{
    struct date date = {0};
    const char *full = json_get_text(birth, "datum");
    if (full != NULL) {
        return date_from_text(full, &date) == OK ? date : (struct date){0};
    }
    int64_t year = 0;
    int64_t month = 0;
    if (json_get_int(birth, "jaar", &year) != OK || year < 1800 || year > 9999) {
        return date;
    }
    date.year = (int16_t)year;
    if (json_get_int(birth, "maand", &month) == OK && month >= 1 && month <= 12) {
        date.month = (uint8_t)month;
    }
    return date;
}

// The register's "N.M." and "Haddad" become "N. M. H." for the chip on the kiosk. A surname's own
// initial is its first character, whatever the alphabet.
static void spaced_initials(const struct json *name, struct person_private *person)
{
    char letters[PERSON_INITIALS_BYTES];
    char surname[PERSON_NAME_BYTES];
    field_words(name, "voorletters", letters, sizeof letters);
    field_words(name, "geslachtsnaam", surname, sizeof surname);
    struct text text;
    text_init(&text, person->initials, sizeof person->initials);
    char *rest = NULL;
    for (const char *part = strtok_r(letters, ". ", &rest); part != NULL;
         part = strtok_r(NULL, ". ", &rest)) {
        text_format(&text, "%s. ", part);
    }
    size_t first_len = 0;
    (void)utf8_next(surname, strlen(surname), &first_len); // only its length matters
    if (surname[0] != '\0') {
        text_add_bytes(&text, surname, first_len);
        text_add(&text, ".");
    } else if (text.len > 0) {
        person->initials[text.len - 1] = '\0';
    }
    if (text.is_cut) {
        wipe(person->initials, sizeof person->initials);
    }
    wipe(letters, sizeof letters);
    wipe(surname, sizeof surname);
}
