// SPDX-License-Identifier: EUPL-1.2
//
// The town's BRP, searched by surname and birth date as the register does it: any capitals, marks
// or none (`zoeknaam` is a name without its marks), "*" for the rest of a word, never the deceased,
// ten people at most.
#include "base/text.h"
#include "demo/townhall/town.h"

#include <string.h>
#include <strings.h>

enum { FOUND_MAX = 10 };

static bool is_asked_well(const struct json *body, struct town_answer *answer);
static void refuse(struct town_answer *answer, const char *code, const char *title,
                   const char *name, const char *why);
static bool is_name(const char *words);
static bool is_found(const struct json *resident, const struct json *body);
static bool names_match(const char *asked, const char *theirs);
static struct json *found_json(const struct json *resident);

void town_brp_search(struct town *town, const struct json *body, struct town_answer *answer)
{
    if (!is_asked_well(body, answer)) {
        return;
    }
    struct json *people = json_new_array();
    int64_t found_count = 0;
    for (size_t i = 0; i < json_len(town->residents); i++) {
        const struct json *resident = json_at(town->residents, i);
        const bool is_lie = answer->fault == FAULT_LYING && i == 1;
        if (is_lie || is_found(resident, body)) {
            const int64_t times = town_count(resident, "times");
            found_count += times == 0 ? 1 : times;
            json_append(people, found_json(resident));
        }
    }
    if (found_count > FOUND_MAX) {
        json_free(people);
        town_problem(answer, 400, "tooManyResults", "Teveel zoekresultaten.");
        return;
    }
    struct json *found = json_new_object();
    json_set_text(found, "type", json_get_text(body, "type"));
    json_set(found, "personen", people);
    town_say(answer, 200, found);
}

static bool is_asked_well(const struct json *body, struct town_answer *answer)
{
    static const char wrong[] = "Een of meerdere parameters zijn niet correct.";
    static const char *const needed[] = {"geboortedatum", "geslachtsnaam"};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        const char *value = json_get_text(body, needed[i]);
        if (value == NULL || value[0] == '\0') {
            refuse(answer, "paramsCombination",
                   "Minimale combinatie van parameters moet worden opgegeven.", needed[i],
                   "required");
            return false;
        }
    }
    struct date born = {0};
    if (date_from_text(json_get_text(body, "geboortedatum"), &born) != OK) {
        refuse(answer, "paramsValidation", wrong, "geboortedatum", "date");
        return false;
    }
    if (!is_name(json_get_text(body, "geslachtsnaam"))) {
        refuse(answer, "paramsValidation", wrong, "geslachtsnaam", "pattern");
        return false;
    }
    return true;
}

static void refuse(struct town_answer *answer, const char *code, const char *title,
                   const char *name, const char *why)
{
    town_invalid(answer, name, why, "Waarde is geen geldige parameter.");
    json_set_text(answer->body, "code", code);
    json_set_text(answer->body, "title", title);
}

// Letters, digits, blanks, points, dashes and apostrophes; one wildcard at the end, behind three.
static bool is_name(const char *words)
{
    const size_t len = strlen(words);
    const char *wildcard = strchr(words, '*');
    size_t pos = 0;
    while (pos < len) {
        const uint32_t character = utf8_next(words, len, &pos);
        const bool is_letter =
            (character >= 0xC0 && character <= 0x17E) || (character >= 'a' && character <= 'z') ||
            (character >= 'A' && character <= 'Z') || (character >= '0' && character <= '9');
        if (!is_letter && (character > 127 || strchr(" .-'*", (int)character) == NULL)) {
            return false;
        }
    }
    return wildcard == NULL || (wildcard[1] == '\0' && wildcard - words >= 3);
}

static bool is_found(const struct json *resident, const struct json *body)
{
    const char *born = json_get_text(resident, "birth");
    const char *day = json_get_text(body, "geboortedatum");
    const char *asked = json_get_text(body, "geslachtsnaam");
    const char *name = json_get_text(resident, "geslachtsnaam");
    const char *plain = json_get_text(resident, "zoeknaam");
    bool is_deceased = false;
    const bool has_died = json_get_bool(resident, "deceased", &is_deceased) == OK && is_deceased;
    return !has_died && born != NULL && strcmp(born, day) == 0 &&
           (names_match(asked, name) || (plain != NULL && names_match(asked, plain)));
}

static bool names_match(const char *asked, const char *theirs)
{
    const size_t len = strlen(asked);
    if (asked[len - 1] != '*') {
        return strcasecmp(asked, theirs) == 0;
    }
    return strncasecmp(asked, theirs, len - 1) == 0 && strchr(theirs + len - 1, ' ') == NULL;
}

// PersoonBeperkt, of the fields that are asked for here.
static struct json *found_json(const struct json *resident)
{
    static const char *const parts[] = {"voornamen", "voorvoegsel", "geslachtsnaam"};
    struct json *name = json_new_object();
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *part = json_get_text(resident, parts[i]);
        if (part != NULL) {
            json_set_text(name, parts[i], part);
        }
    }
    struct json *birth = json_new_object();
    json_set(birth, "datum", town_birth(json_get_text(resident, "birth")));
    struct json *person = json_new_object();
    json_set_text(person, "burgerservicenummer", json_get_text(resident, "bsn"));
    json_set(person, "naam", name);
    json_set(person, "geboorte", birth);
    town_mark(person, resident);
    return person;
}
