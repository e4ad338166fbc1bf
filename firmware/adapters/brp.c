// SPDX-License-Identifier: EUPL-1.2
//
// Persons from the BRP.
#include "adapters/brp.h"

#include "adapters/fields.h"
#include "base/bytes.h"

#include <string.h>

static enum err read_person(const struct json *json, const char *bsn, struct person_private *person,
                            struct fault *fault);
static bool is_secret(const struct json *found);
static struct date read_birth_date(const struct json *birth);
static void spaced_initials(const struct json *name, struct person_private *person);
static enum err post_query(struct source_request_private *request, struct json *body,
                           const char *const fields[], size_t fields_count);
static bool says_too_many(const struct source_answer *answer);
static enum err add_found(const struct json *found, const struct zone_holder *zone,
                          struct date birth_date, struct brp_search_private *search);
static const char *text_of(const struct json *object, const char *key);

static const char search_type[] = "ZoekMetGeslachtsnaamEnGeboortedatum";

enum err brp_request(struct source_request_private *request, const char *bsn)
{
    // The number itself is asked back so that an answer about somebody else is noticed.
    static const char *const fields[] = {"burgerservicenummer", "naam.volledigeNaam",
                                         "naam.voorletters", "naam.geslachtsnaam",
                                         "geboorte.datum"};
    struct json *numbers = json_new_array();
    json_append(numbers, json_new_text(bsn));
    struct json *body = json_new_object();
    json_set_text(body, "type", "RaadpleegMetBurgerservicenummer");
    json_set(body, "burgerservicenummer", numbers);
    return post_query(request, body, fields, sizeof fields / sizeof fields[0]);
}

static enum err post_query(struct source_request_private *request, struct json *body,
                           const char *const fields[], size_t fields_count)
{
    *request = (struct source_request_private){.is_post = true, .is_repeatable = true};
    struct json *list = json_new_array();
    for (size_t i = 0; i < fields_count; i++) {
        json_append(list, json_new_text(fields[i]));
    }
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

enum err brp_search_request(struct source_request_private *request, const char *spelling,
                            struct date birth_date)
{
    CHECK(date_is_valid(birth_date));

    // What the comparison needs; who it is in full is asked of the one that was found.
    static const char *const fields[] = {"burgerservicenummer", "naam.voornamen",
                                         "naam.voorvoegsel", "naam.geslachtsnaam",
                                         "geboorte.datum"};
    char day[DATE_TEXT_BYTES];
    date_to_text(birth_date, day);
    struct json *body = json_new_object();
    json_set_text(body, "type", search_type);
    json_set_text(body, "geslachtsnaam", spelling);
    json_set_text(body, "geboortedatum", day);
    wipe(day, sizeof day);
    return post_query(request, body, fields, sizeof fields / sizeof fields[0]);
}

enum err brp_search_read(const struct source_answer *answer, const struct zone_holder *zone,
                         struct date birth_date, struct brp_search_private *search,
                         struct fault *fault)
{
    if (answer->status == 400 && says_too_many(answer)) {
        search->has_others = true;
        return OK;
    }
    if (answer->status != 200) {
        return source_refusal("brp", answer->status, fault);
    }
    struct json *json = NULL;
    if (json_parse(answer->body, answer->len, &json) != OK) {
        return fault_set(fault, ERR_MALFORMED, "brp: answer is not JSON");
    }
    const struct json *people = json_get(json, "personen");
    enum err err =
        text_equal(text_of(json, "type"), search_type) && json_is_list(people) ? OK : ERR_MALFORMED;
    for (size_t i = 0; err == OK && i < json_len(people); i++) {
        err = add_found(json_at(people, i), zone, birth_date, search);
    }
    json_wipe_free(json);
    return err == OK ? OK : fault_set(fault, err, "brp: not the answer to a search");
}

// The register tells ten people at most, and a refusal of its own for more.
static bool says_too_many(const struct source_answer *answer)
{
    struct json *json = NULL;
    const bool is_so = json_parse(answer->body, answer->len, &json) == OK &&
                       text_equal(text_of(json, "code"), "tooManyResults");
    json_wipe_free(json);
    return is_so;
}

static enum err add_found(const struct json *found, const struct zone_holder *zone,
                          struct date birth_date, struct brp_search_private *search)
{
    const char *bsn = text_of(found, "burgerservicenummer");
    if (!bsn_is_valid(bsn)) {
        return ERR_MALFORMED;
    }
    const struct json *name = json_get(found, "naam");
    const struct register_name known = {.given = text_of(name, "voornamen"),
                                        .prefix = text_of(name, "voorvoegsel"),
                                        .surname = text_of(name, "geslachtsnaam")};
    const struct date born = read_birth_date(json_path(found, "geboorte.datum"));
    const bool is_same_day = born.year == birth_date.year && born.month == birth_date.month &&
                             born.day == birth_date.day;
    const enum zone_fit fit = zone_name_fits(zone, &known);
    if (!is_same_day || fit == ZONE_DIFFERS || text_equal(search->bsn, bsn) ||
        !json_is_absent(json_get(found, "opschortingBijhouding"))) {
        return OK;
    }
    if (search->bsn[0] != '\0') {
        search->has_others = true;
        return OK;
    }
    search->fits = fit == ZONE_FITS;
    return text_copy(search->bsn, sizeof search->bsn, bsn);
}

static const char *text_of(const struct json *object, const char *key)
{
    const char *text = json_get_text(object, key);
    return text == NULL ? "" : text;
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
