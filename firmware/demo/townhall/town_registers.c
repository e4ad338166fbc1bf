// SPDX-License-Identifier: EUPL-1.2
//
// What the town knows: BRP Personen and Zaken, with the fields their descriptions require.
#include "base/text.h"
#include "demo/townhall/town.h"

#include <string.h>

static struct json *person_json(const struct json *resident, const char *bsn);
static struct json *case_json(const struct town *town, const struct json *a_case, int64_t now_ms);
static struct json *case_expansion(const struct town *town, const struct json *a_case,
                                   const char *url, int64_t now_ms);
static bool is_case_wanted(const struct json *a_case, const struct json *search, int64_t now_ms);
static void set_empty_list(struct json *object, const char *key);

void town_brp(struct town *town, const struct town_request *request, const char *path,
              struct json *body, struct town_answer *answer)
{
    if (!request->is_post || strcmp(path, "/personen") != 0) {
        town_problem(answer, 404, "notFound", "Opgevraagde resource bestaat niet.");
        return;
    }
    const char *type = json_get_text(body, "type");
    const char *bsn = json_text(json_path(body, "burgerservicenummer.0"));
    if (type != NULL && strcmp(type, "ZoekMetGeslachtsnaamEnGeboortedatum") == 0 &&
        json_len(json_get(body, "fields")) > 0) {
        town_brp_search(town, body, answer);
        return;
    }
    if (type == NULL || strcmp(type, "RaadpleegMetBurgerservicenummer") != 0 || bsn == NULL ||
        json_len(json_get(body, "fields")) == 0) {
        town_problem(answer, 400, "paramsValidation",
                     "Een of meerdere parameters zijn niet correct.");
        return;
    }
    struct json *people = json_new_array();
    const struct json *resident = town_find(town->residents, "bsn", bsn);
    if (answer->fault == FAULT_LYING) {
        resident = json_at(town->residents, 1);
        bsn = json_get_text(resident, "bsn");
    }
    if (resident != NULL) {
        json_append(people, person_json(resident, bsn));
    }
    struct json *found = json_new_object();
    json_set_text(found, "type", type);
    json_set(found, "personen", people);
    town_say(answer, 200, found);
}

static struct json *person_json(const struct json *resident, const char *bsn)
{
    char full[200];
    struct text text;
    text_init(&text, full, sizeof full);
    const char *prefix = json_get_text(resident, "voorvoegsel");
    text_format(&text, "%s %s%s%s", json_get_text(resident, "voornamen"),
                prefix == NULL ? "" : prefix, prefix == NULL ? "" : " ",
                json_get_text(resident, "geslachtsnaam"));
    struct json *name = json_new_object();
    json_set_text(name, "volledigeNaam", full);
    json_set_text(name, "voorletters", json_get_text(resident, "voorletters"));
    json_set_text(name, "geslachtsnaam", json_get_text(resident, "geslachtsnaam"));
    struct json *birth = json_new_object();
    json_set(birth, "datum", town_birth(json_get_text(resident, "birth")));
    struct json *person = json_new_object();
    json_set_text(person, "burgerservicenummer", bsn);
    json_set(person, "naam", name);
    json_set(person, "geboorte", birth);
    town_mark(person, resident);
    return person;
}

// What the register says of everybody without being asked.
void town_mark(struct json *person, const struct json *resident)
{
    bool is_so = false;
    if (json_get_bool(resident, "secret", &is_so) == OK && is_so) {
        json_set_bool(person, "geheimhoudingPersoonsgegevens", true);
    }
    if (json_get_bool(resident, "deceased", &is_so) == OK && is_so) {
        struct json *reason = json_new_object();
        json_set_text(reason, "code", "O");
        json_set_text(reason, "omschrijving", "overlijden");
        struct json *suspended = json_new_object();
        json_set(suspended, "reden", reason);
        json_set(person, "opschortingBijhouding", suspended);
    }
}

// "1984-05-17", "1984-05", "1984" or "" for what the register does not know.
struct json *town_birth(const char *birth)
{
    static const char *const months[] = {"januari",   "februari", "maart",    "april",
                                         "mei",       "juni",     "juli",     "augustus",
                                         "september", "oktober",  "november", "december"};
    const size_t len = birth == NULL ? 0 : strlen(birth);
    char digits[12] = "";
    text_copy_cut(digits, sizeof digits, birth == NULL ? "" : birth);
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    digits[len >= 4 ? 4 : len] = '\0';
    const bool has_year = len >= 4 && text_to_int64(digits, 1, 9999, &year) == OK;
    if (len >= 7) {
        month = (birth[5] - '0') * 10 + birth[6] - '0';
    }
    if (len == 10) {
        day = (birth[8] - '0') * 10 + birth[9] - '0';
    }
    char words[40];
    struct text text;
    text_init(&text, words, sizeof words);
    struct json *date = json_new_object();
    if (!has_year || month < 0 || month > 12) {
        json_set_text(date, "type", "DatumOnbekend");
        json_set_bool(date, "onbekend", true);
        text_add(&text, "onbekend");
    } else if (month == 0) {
        json_set_text(date, "type", "JaarDatum");
        json_set_int(date, "jaar", year);
        text_format(&text, "%d", (int)year);
    } else if (day == 0) {
        json_set_text(date, "type", "JaarMaandDatum");
        json_set_int(date, "jaar", year);
        json_set_int(date, "maand", month);
        text_format(&text, "%s %d", months[month - 1], (int)year);
    } else {
        json_set_text(date, "type", "Datum");
        json_set_text(date, "datum", birth);
        text_format(&text, "%d %s %d", (int)day, months[month - 1], (int)year);
    }
    json_set_text(date, "langFormaat", words);
    return date;
}

void town_zaken(struct town *town, const struct town_request *request, const char *path,
                struct json *body, struct town_answer *answer)
{
    if (!request->is_post || strcmp(path, "/zaken/_zoek") != 0) {
        town_problem(answer, 404, "not_found", "Niet gevonden.");
        return;
    }
    if (request->content_crs == NULL || strcmp(request->content_crs, "EPSG:4326") != 0) {
        town_problem(answer, 412, "missing_crs", "Content-Crs ontbreekt.");
        return;
    }
    const char *bsn =
        json_get_text(body, "rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn");
    const char *id = json_get_text(town_find(town->residents, "bsn", bsn), "id");
    struct json *results = json_new_array();
    for (size_t i = 0; id != NULL && i < json_len(town->cases); i++) {
        const struct json *a_case = json_at(town->cases, i);
        const char *whose = json_get_text(a_case, "resident");
        if (whose != NULL && strcmp(whose, id) == 0 &&
            is_case_wanted(a_case, body, request->now_ms)) {
            json_append(results, case_json(town, a_case, request->now_ms));
        }
    }
    town_say(answer, 200, town_page(results));
}

static bool is_case_wanted(const struct json *a_case, const struct json *search, int64_t now_ms)
{
    struct json *ended = town_day(a_case, "einddatum", now_ms);
    const char *day = json_text(ended);
    const char *after = json_get_text(search, "einddatum__gt");
    bool wants_open = false;
    bool is_wanted = true;
    if (json_get_bool(search, "einddatum__isnull", &wants_open) == OK) {
        is_wanted = wants_open == (day == NULL);
    }
    if (after != NULL) {
        is_wanted = is_wanted && day != NULL && strcmp(day, after) > 0;
    }
    json_free(ended);
    return is_wanted;
}

static struct json *case_json(const struct town *town, const struct json *a_case, int64_t now_ms)
{
    static const char *const lists[] = {"deelzaken", "eigenschappen", "rollen",
                                        "zaakinformatieobjecten", "zaakobjecten"};
    char url[300];
    char moment[TIME_TEXT_BYTES];
    const char *uuid = json_get_text(a_case, "uuid");
    struct json *json = json_new_object();
    json_set_text(json, "url", town_url(town, "/zaken/api/v1/zaken", uuid, url, sizeof url));
    json_set_text(json, "uuid", uuid);
    json_set_text(json, "identificatie", json_get_text(a_case, "identificatie"));
    json_set_text(json, "bronorganisatie", "999990639");
    json_set_text(json, "verantwoordelijkeOrganisatie", "999990639");
    json_set_text(json, "omschrijving", json_get_text(a_case, "type_title"));
    json_set_text(json, "vertrouwelijkheidaanduiding", "zaakvertrouwelijk");
    json_set_text(json, "betalingsindicatieWeergave", "");
    json_set(json, "startdatum", town_day(a_case, "startdatum", now_ms));
    json_set(json, "einddatum", town_day(a_case, "einddatum", now_ms));
    json_set(json, "uiterlijkeEinddatumAfdoening",
             town_day(a_case, "uiterlijkeEinddatumAfdoening", now_ms));
    time_to_text(now_ms, moment);
    json_set_text(json, "laatstGemuteerd", moment);
    json_set(json, "resultaat", json_new_null());
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        set_empty_list(json, lists[i]);
    }
    char type[300];
    json_set_text(json, "zaaktype",
                  town_url(town, "/catalogi/api/v1/zaaktypen", uuid, type, sizeof type));
    char status[300];
    json_set_text(json, "status",
                  town_url(town, "/zaken/api/v1/statussen", uuid, status, sizeof status));
    json_set(json, "_expand", case_expansion(town, a_case, url, now_ms));
    return json;
}

static struct json *case_expansion(const struct town *town, const struct json *a_case,
                                   const char *url, int64_t now_ms)
{
    char words[300];
    char moment[TIME_TEXT_BYTES];
    const char *uuid = json_get_text(a_case, "uuid");
    bool is_final = false;
    const bool has_final = json_get_bool(a_case, "isEindstatus", &is_final) == OK;
    struct json *kind = json_new_object();
    json_set_text(kind, "url",
                  town_url(town, "/catalogi/api/v1/statustypen", uuid, words, sizeof words));
    json_set_text(kind, "omschrijving", json_get_text(a_case, "status"));
    json_set_text(kind, "statustekst", json_get_text(a_case, "statustekst"));
    json_set_int(kind, "volgnummer", 1);
    json_set_bool(kind, "isEindstatus", has_final && is_final);
    struct json *inner = json_new_object();
    json_set(inner, "statustype", kind);
    struct json *status = json_new_object();
    json_set_text(status, "url",
                  town_url(town, "/zaken/api/v1/statussen", uuid, words, sizeof words));
    json_set_text(status, "uuid", uuid);
    json_set_text(status, "zaak", url);
    json_set_text(status, "statustype",
                  town_url(town, "/catalogi/api/v1/statustypen", uuid, words, sizeof words));
    time_to_text(now_ms, moment);
    json_set_text(status, "datumStatusGezet", moment);
    json_set_text(status, "statustoelichting", "");
    json_set_bool(status, "indicatieLaatstGezetteStatus", true);
    set_empty_list(status, "zaakinformatieobjecten");
    json_set(status, "_expand", inner);
    struct json *type = json_new_object();
    json_set_text(type, "url",
                  town_url(town, "/catalogi/api/v1/zaaktypen", uuid, words, sizeof words));
    json_set_text(type, "identificatie", json_get_text(a_case, "type"));
    json_set_text(type, "omschrijving", json_get_text(a_case, "type_title"));
    struct json *expand = json_new_object();
    json_set(expand, "zaaktype", type);
    json_set(expand, "status", status);
    return expand;
}

static void set_empty_list(struct json *object, const char *key)
{
    json_set(object, key, json_new_array());
}
