// SPDX-License-Identifier: EUPL-1.2
//
// The town's Klantinteracties: parties, contacts, actors, follow-up work.
#include "base/text.h"
#include "demo/townhall/town.h"

#include <string.h>

static const char base_path[] = "/klantinteracties/api/v1";

static void show_party(struct town *town, const char *uuid, struct town_answer *answer);
static void list_parties(struct town *town, const struct town_request *request,
                         struct town_answer *answer);
static struct json *party_json(const struct town *town, const struct json *resident);
static void list_contacts(struct town *town, const struct town_request *request,
                          struct town_answer *answer);
static bool is_contact_wanted(const struct json *contact, const struct town_request *request);
static bool same_moment(const char *left, const char *right);
static struct json *contact_now(const struct town *town, const struct json *contact);
static void make_contact(struct town *town, const struct json *body, struct town_answer *answer);
static struct json *involved_json(const struct town *town, const struct json *given,
                                  struct json *contact);
static void list_actors(struct town *town, const struct town_request *request,
                        struct town_answer *answer);
static void make_actor(struct town *town, const struct json *body, struct town_answer *answer);
static void link_actor(struct town *town, const struct json *body, struct town_answer *answer);
static void make_followup(struct town *town, const struct town_request *request,
                          const struct json *body, struct town_answer *answer);
static struct json *reference(const struct town *town, const char *kind, const char *uuid);
static struct json *fresh(const struct town *town, const char *kind);
static void copy(struct json *to, const struct json *from, const char *key);

void town_klant(struct town *town, const struct town_request *request, const char *path,
                struct json *body, struct town_answer *answer)
{
    static const char parties[] = "/partijen/";
    if (!request->is_post && text_starts_with(path, parties)) {
        show_party(town, path + strlen(parties), answer);
    } else if (!request->is_post && strcmp(path, "/partijen") == 0) {
        list_parties(town, request, answer);
    } else if (!request->is_post && strcmp(path, "/klantcontacten") == 0) {
        list_contacts(town, request, answer);
    } else if (!request->is_post && strcmp(path, "/actoren") == 0) {
        list_actors(town, request, answer);
    } else if (request->is_post && strcmp(path, "/maak-klantcontact") == 0) {
        make_contact(town, body, answer);
    } else if (request->is_post && strcmp(path, "/actoren") == 0) {
        make_actor(town, body, answer);
    } else if (request->is_post && strcmp(path, "/actorklantcontacten") == 0) {
        link_actor(town, body, answer);
    } else if (request->is_post && strcmp(path, "/internetaken") == 0) {
        make_followup(town, request, body, answer);
    } else {
        town_problem(answer, 404, "not_found", "Not found.");
    }
}

static void show_party(struct town *town, const char *uuid, struct town_answer *answer)
{
    const struct json *resident = town_find(town->residents, "party", uuid);
    if (answer->fault == FAULT_LYING) {
        resident = json_at(town->residents, 1);
    }
    if (resident == NULL) {
        town_problem(answer, 404, "not_found", "Not found.");
        return;
    }
    town_say(answer, 200, party_json(town, resident));
}

// By a person's number; who has no party yet is not in the list.
static void list_parties(struct town *town, const struct town_request *request,
                         struct town_answer *answer)
{
    char number[16] = "";
    char kind[16] = "";
    struct json *results = json_new_array();
    const bool is_asked =
        town_query(request, "partijIdentificator__objectId", number, sizeof number) == OK &&
        town_query(request, "partijIdentificator__codeSoortObjectId", kind, sizeof kind) == OK &&
        strcmp(kind, "bsn") == 0;
    const struct json *resident = town_find(town->residents, "bsn", number);
    if (answer->fault == FAULT_LYING) {
        resident = json_at(town->residents, 1);
    }
    if (is_asked && resident != NULL && json_get_text(resident, "party") != NULL) {
        json_append(results, party_json(town, resident));
    }
    town_say(answer, 200, town_page(results));
}

static struct json *party_json(const struct town *town, const struct json *resident)
{
    static const char *const lists[] = {"betrokkenen", "categorieRelaties", "digitaleAdressen",
                                        "vertegenwoordigden", "rekeningnummers"};
    const char *uuid = json_get_text(resident, "party");
    bool is_secret = false;
    const bool has_secret = json_get_bool(resident, "secret", &is_secret) == OK;
    struct json *party = reference(town, "partijen", uuid);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        json_set(party, lists[i], json_new_array());
    }
    struct json *group = json_new_object();
    json_set_text(group, "codeObjecttype", "natuurlijk_persoon");
    json_set_text(group, "codeSoortObjectId", "bsn");
    json_set_text(group, "objectId", json_get_text(resident, "bsn"));
    json_set_text(group, "codeRegister", "brp");
    struct json *identity = fresh(town, "partij-identificatoren");
    json_set(identity, "identificeerdePartij", reference(town, "partijen", uuid));
    json_set(identity, "partijIdentificator", group);
    struct json *identities = json_new_array();
    json_append(identities, identity);
    json_set(party, "partijIdentificatoren", identities);
    json_set_text(party, "soortPartij", "persoon");
    json_set_bool(party, "indicatieGeheimhouding", has_secret && is_secret);
    json_set_text(party, "voorkeurstaal", json_get_text(resident, "language"));
    json_set_bool(party, "indicatieActief", true);
    struct json *name = json_new_object();
    json_set(name, "contactnaam", json_new_null());
    json_set_text(name, "volledigeNaam", "");
    json_set(party, "partijIdentificatie", name);
    return party;
}

static void list_contacts(struct town *town, const struct town_request *request,
                          struct town_answer *answer)
{
    struct json *results = json_new_array();
    for (size_t i = 0; i < json_len(town->contacts); i++) {
        const struct json *contact = json_at(town->contacts, i);
        if (is_contact_wanted(contact, request)) {
            json_append(results, contact_now(town, contact));
        }
    }
    town_say(answer, 200, town_page(results));
}

static bool is_contact_wanted(const struct json *contact, const struct town_request *request)
{
    char value[128];
    const char *channel = json_get_text(contact, "kanaal");
    const char *moment = json_get_text(contact, "plaatsgevondenOp");
    if (town_query(request, "kanaal", value, sizeof value) == OK &&
        !text_equal(value, channel == NULL ? "" : channel)) {
        return false;
    }
    if (town_query(request, "plaatsgevondenOp", value, sizeof value) == OK &&
        (moment == NULL || !same_moment(value, moment))) {
        return false;
    }
    if (town_query(request, "hadBetrokkene__wasPartij__uuid", value, sizeof value) == OK) {
        const char *party = json_get_text(contact, "_party");
        return party != NULL && strcmp(party, value) == 0;
    }
    return true;
}

static bool same_moment(const char *left, const char *right)
{
    int64_t left_ms = 0;
    int64_t right_ms = 0;
    return time_from_text(left, &left_ms) == OK && time_from_text(right, &right_ms) == OK &&
           left_ms == right_ms;
}

// As the API shows it today: with the actors and work that were added since.
static struct json *contact_now(const struct town *town, const struct json *contact)
{
    const char *uuid = json_get_text(contact, "uuid");
    struct json *shown = json_new_object();
    void *iter = NULL;
    const char *key = NULL;
    const struct json *value = NULL;
    while (json_each(contact, &iter, &key, &value)) {
        if (key[0] != '_') {
            json_set(shown, key, json_clone(value));
        }
    }
    struct json *actors = json_new_array();
    for (size_t i = 0; i < json_len(town->links); i++) {
        const struct json *link = json_at(town->links, i);
        const char *whose = json_get_text(json_get(link, "klantcontact"), "uuid");
        const char *who = json_get_text(json_get(link, "actor"), "uuid");
        const struct json *actor = town_find(town->actors, "uuid", who);
        if (whose != NULL && strcmp(whose, uuid) == 0 && actor != NULL) {
            json_append(actors, json_clone(actor));
        }
    }
    struct json *work = json_new_array();
    for (size_t i = 0; i < json_len(town->followups); i++) {
        const struct json *one = json_at(town->followups, i);
        const char *cause = json_get_text(json_get(one, "aanleidinggevendKlantcontact"), "uuid");
        if (cause != NULL && strcmp(cause, uuid) == 0) {
            json_append(work, reference(town, "internetaken", json_get_text(one, "uuid")));
        }
    }
    json_set(shown, "hadBetrokkenActoren", actors);
    json_set(shown, "leiddeTotInterneTaken", work);
    return shown;
}

static void make_contact(struct town *town, const struct json *body, struct town_answer *answer)
{
    static const char *const needed[] = {"kanaal", "onderwerp", "taal"};
    static const char *const same[] = {"kanaal",           "onderwerp",
                                       "inhoud",           "taal",
                                       "vertrouwelijk",    "indicatieContactGelukt",
                                       "plaatsgevondenOp", "metadata"};
    const struct json *given = json_get(body, "klantcontact");
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (json_get_text(given, needed[i]) == NULL) {
            town_problem(answer, 400, "invalid", "Invalid input.");
            return;
        }
    }
    struct json *contact = fresh(town, "klantcontacten");
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        copy(contact, given, same[i]);
    }
    json_set(contact, "omvatteBijlagen", json_new_array());
    json_set(contact, "gingOverOnderwerpobjecten", json_new_array());
    json_set(contact, "hadBetrokkenen", json_new_array());
    struct json *made = json_new_object();
    const struct json *involved = json_get(body, "betrokkene");
    if (!json_is_absent(involved)) {
        const char *party = json_get_text(json_get(involved, "wasPartij"), "uuid");
        json_set_text(contact, "_party", party);
        json_set(made, "betrokkene", involved_json(town, involved, contact));
    }
    const struct json *subject = json_get(body, "onderwerpobject");
    if (!json_is_absent(subject)) {
        struct json *about = fresh(town, "onderwerpobjecten");
        json_set(about, "klantcontact",
                 reference(town, "klantcontacten", json_get_text(contact, "uuid")));
        copy(about, subject, "wasKlantcontact");
        copy(about, subject, "onderwerpobjectidentificator");
        json_set(made, "onderwerpobject", about);
    }
    json_append(town->contacts, json_clone(contact));
    json_append(town->received, json_clone(body));
    json_set(made, "klantcontact", contact_now(town, contact));
    json_free(contact);
    town_say(answer, 201, made);
}

static struct json *involved_json(const struct town *town, const struct json *given,
                                  struct json *contact)
{
    struct json *involved = fresh(town, "betrokkenen");
    const char *party = json_get_text(json_get(given, "wasPartij"), "uuid");
    json_set(involved, "wasPartij",
             party == NULL ? json_new_null() : reference(town, "partijen", party));
    json_set(involved, "hadKlantcontact",
             reference(town, "klantcontacten", json_get_text(contact, "uuid")));
    json_set(involved, "digitaleAdressen", json_new_array());
    json_set_text(involved, "volledigeNaam", "");
    copy(involved, given, "rol");
    copy(involved, given, "initiator");
    return involved;
}

static void list_actors(struct town *town, const struct town_request *request,
                        struct town_answer *answer)
{
    char object[128] = "";
    struct json *results = json_new_array();
    const bool is_asked =
        town_query(request, "actoridentificatorObjectId", object, sizeof object) == OK;
    for (size_t i = 0; i < json_len(town->actors); i++) {
        const struct json *actor = json_at(town->actors, i);
        const char *theirs = json_get_text(json_get(actor, "actoridentificator"), "objectId");
        if (!is_asked || (theirs != NULL && strcmp(theirs, object) == 0)) {
            json_append(results, json_clone(actor));
        }
    }
    town_say(answer, 200, town_page(results));
}

static void make_actor(struct town *town, const struct json *body, struct town_answer *answer)
{
    if (json_get_text(body, "naam") == NULL || json_get_text(body, "soortActor") == NULL) {
        town_problem(answer, 400, "invalid", "Invalid input.");
        return;
    }
    struct json *actor = fresh(town, "actoren");
    copy(actor, body, "naam");
    copy(actor, body, "soortActor");
    copy(actor, body, "indicatieActief");
    copy(actor, body, "actoridentificator");
    json_append(town->actors, json_clone(actor));
    town_say(answer, 201, actor);
}

static void link_actor(struct town *town, const struct json *body, struct town_answer *answer)
{
    const char *actor = json_get_text(json_get(body, "actor"), "uuid");
    const char *contact = json_get_text(json_get(body, "klantcontact"), "uuid");
    if (town_find(town->actors, "uuid", actor) == NULL ||
        town_find(town->contacts, "uuid", contact) == NULL) {
        town_problem(answer, 400, "does_not_exist", "Invalid input.");
        return;
    }
    struct json *link = fresh(town, "actorklantcontacten");
    json_set(link, "actor", reference(town, "actoren", actor));
    json_set(link, "klantcontact", reference(town, "klantcontacten", contact));
    json_append(town->links, json_clone(link));
    town_say(answer, 201, link);
}

static void make_followup(struct town *town, const struct town_request *request,
                          const struct json *body, struct town_answer *answer)
{
    char moment[TIME_TEXT_BYTES];
    const char *cause = json_get_text(json_get(body, "aanleidinggevendKlantcontact"), "uuid");
    const char *actor = json_text(json_path(body, "toegewezenAanActoren.0.uuid"));
    if (town_find(town->contacts, "uuid", cause) == NULL || actor == NULL ||
        json_get_text(body, "gevraagdeHandeling") == NULL) {
        town_problem(answer, 400, "invalid", "Invalid input.");
        return;
    }
    struct json *actors = json_new_array();
    json_append(actors, reference(town, "actoren", actor));
    struct json *work = fresh(town, "internetaken");
    copy(work, body, "gevraagdeHandeling");
    copy(work, body, "toelichting");
    copy(work, body, "status");
    json_set(work, "aanleidinggevendKlantcontact", reference(town, "klantcontacten", cause));
    json_set(work, "toegewezenAanActor", reference(town, "actoren", actor));
    json_set(work, "toegewezenAanActoren", actors);
    time_to_text(request->now_ms, moment);
    json_set_text(work, "toegewezenOp", moment);
    json_set(work, "afgehandeldOp", json_new_null());
    json_append(town->followups, json_clone(work));
    town_say(answer, 201, work);
}

static struct json *reference(const struct town *town, const char *kind, const char *uuid)
{
    char path[80];
    char url[300];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/%s", base_path, kind);
    struct json *json = json_new_object();
    json_set_text(json, "uuid", uuid);
    json_set_text(json, "url", town_url(town, path, uuid, url, sizeof url));
    return json;
}

static struct json *fresh(const struct town *town, const char *kind)
{
    char uuid[UUID_TEXT_BYTES];
    entropy_uuid(uuid);
    return reference(town, kind, uuid);
}

static void copy(struct json *to, const struct json *from, const char *key)
{
    const struct json *value = json_get(from, key);
    if (value != NULL) {
        json_set(to, key, json_clone(value));
    }
}
