// SPDX-License-Identifier: EUPL-1.2
//
// Requests to and answers from the Klantinteracties API. The order of the steps is
// klantinteracties_delivery.c.
#include "adapters/klantinteracties.h"

#include "base/bytes.h"

#include <string.h>

static const char metadata_key[] = "inloop_key";

static enum err party_from(const struct json *json, const char *party, struct party_private *found,
                           struct fault *fault);
static enum err read_results(const struct source_answer *answer, struct json **json,
                             const struct json **results);
static enum err add_party(const struct json *one, const char *bsn, char party[UUID_TEXT_BYTES],
                          struct party_private *found, size_t *active_count);
static bool find_bsn(const struct json *party, char bsn[BSN_TEXT_BYTES]);
static void two_letters(const char *three, char language[LANGUAGE_BYTES]);
static const char *three_letters(const char *two);
static enum err read_created(const struct source_answer *answer, const char *path, char *uuid,
                             struct fault *fault);
static struct json *contact_json(const struct contact_settings *settings,
                                 const struct contact_private *contact);
static struct json *involved_json(const struct contact_private *contact);
static struct json *subject_json(const char *request);
static struct json *reference(const char *uuid);

// The identity KISS gives a person at a desk, and ours for a machine.
struct actor_identity {
    const char *kind; // soortActor
    const char *name;
    const char *object;
    const char *object_type;
    const char *register_code;
    const char *id_kind;
};
static struct actor_identity identity_of(const struct contact_private *contact);

static const struct {
    const char *three;
    const char *two;
} languages[] = {{"nld", "nl"}, {"dut", "nl"}, {"eng", "en"}, {"ara", "ar"}};

enum err party_request(struct source_request_private *request, const char *party)
{
    *request = (struct source_request_private){.is_repeatable = true};
    struct text path;
    text_init(&path, request->path, sizeof request->path);
    text_format(&path, "/partijen/%s", party);
    return uuid_is_valid(party) && !path.is_cut ? OK : ERR_MALFORMED;
}

enum err party_read(const struct source_answer *answer, const char *party,
                    struct party_private *found, struct fault *fault)
{
    *found = (struct party_private){0};
    if (answer->status != 200) {
        return source_refusal("klantinteracties", answer->status, fault);
    }
    struct json *json = NULL;
    if (json_parse(answer->body, answer->len, &json) != OK) {
        return fault_set(fault, ERR_MALFORMED, "klantinteracties: answer is not JSON");
    }
    const enum err err = party_from(json, party, found, fault);
    json_wipe_free(json);
    if (err != OK) {
        wipe(found, sizeof *found);
    }
    return err;
}

enum err party_find_request(struct source_request_private *request, const char *bsn)
{
    *request = (struct source_request_private){.is_repeatable = true};
    struct text path;
    text_init(&path, request->path, sizeof request->path);
    text_format(&path,
                "/partijen?soortPartij=persoon&partijIdentificator__codeObjecttype="
                "natuurlijk_persoon&partijIdentificator__codeRegister=brp"
                "&partijIdentificator__codeSoortObjectId=bsn&partijIdentificator__objectId=%s",
                bsn);
    return bsn_is_valid(bsn) && !path.is_cut ? OK : ERR_MALFORMED;
}

enum err party_find_read(const struct source_answer *answer, const char *bsn,
                         char party[UUID_TEXT_BYTES], struct party_private *found,
                         struct fault *fault)
{
    *found = (struct party_private){0};
    party[0] = '\0';
    if (answer->status != 200) {
        return source_refusal("klantinteracties", answer->status, fault);
    }
    struct json *json = NULL;
    const struct json *results = NULL;
    enum err err = read_results(answer, &json, &results);
    size_t active_count = 0;
    for (size_t i = 0; err == OK && i < json_len(results); i++) {
        err = add_party(json_at(results, i), bsn, party, found, &active_count);
    }
    json_wipe_free(json);
    if (err != OK || active_count != 1) {
        wipe(found, sizeof *found);
        party[0] = '\0';
    }
    return err == OK ? OK
                     : fault_set(fault, ERR_MALFORMED, "klantinteracties: not a list of parties");
}

// A page of the API. `json` is the caller's to free, also on ERR_MALFORMED.
static enum err read_results(const struct source_answer *answer, struct json **json,
                             const struct json **results)
{
    const enum err err = json_parse(answer->body, answer->len, json);
    *results = json_get(*json, "results");
    return err == OK && !json_is_list(*results) ? ERR_MALFORMED : err;
}

static enum err add_party(const struct json *one, const char *bsn, char party[UUID_TEXT_BYTES],
                          struct party_private *found, size_t *active_count)
{
    char uuid[UUID_TEXT_BYTES];
    struct party_private read = {0};
    if (field_uuid(one, "uuid", uuid) != OK) {
        return ERR_MALFORMED;
    }
    const enum err err = party_from(one, uuid, &read, NULL);
    const bool is_theirs = err == OK && text_equal(read.bsn, bsn);
    if (is_theirs) {
        memcpy(party, uuid, sizeof uuid);
        *found = read;
        *active_count += 1;
    }
    wipe(&read, sizeof read);
    return is_theirs || err == ERR_NOT_FOUND ? OK : ERR_MALFORMED;
}

static enum err party_from(const struct json *json, const char *party, struct party_private *found,
                           struct fault *fault)
{
    char uuid[UUID_TEXT_BYTES];
    if (field_uuid(json, "uuid", uuid) != OK || strcmp(uuid, party) != 0) {
        return fault_set(fault, ERR_MALFORMED, "klantinteracties: answer about another party");
    }
    bool is_active = false;
    const char *kind = json_get_text(json, "soortPartij");
    if (json_get_bool(json, "indicatieActief", &is_active) != OK || !is_active || kind == NULL ||
        strcmp(kind, "persoon") != 0 || !find_bsn(json, found->bsn)) {
        return fault_set(fault, ERR_NOT_FOUND, "klantinteracties: not an active person with BSN");
    }
    // Absent or null: not secret here; the BRP has the last word.
    const struct json *secrecy = json_get(json, "indicatieGeheimhouding");
    found->is_secret = false;
    if (!json_is_absent(secrecy) && json_truth(secrecy, &found->is_secret) != OK) {
        found->is_secret = true;
    }
    const char *language = json_get_text(json, "voorkeurstaal");
    two_letters(language == NULL ? "" : language, found->language);
    return OK;
}

static bool find_bsn(const struct json *party, char bsn[BSN_TEXT_BYTES])
{
    const struct json *list = json_get(party, "partijIdentificatoren");
    for (size_t i = 0; i < json_len(list); i++) {
        const struct json *one = json_get(json_at(list, i), "partijIdentificator");
        const char *kind = json_get_text(one, "codeSoortObjectId");
        const char *source = json_get_text(one, "codeRegister");
        const char *number = json_get_text(one, "objectId");
        if (kind != NULL && strcmp(kind, "bsn") == 0 && source != NULL &&
            strcmp(source, "brp") == 0 && number != NULL && bsn_is_valid(number)) {
            return text_copy(bsn, BSN_TEXT_BYTES, number) == OK;
        }
    }
    return false;
}

static void two_letters(const char *three, char language[LANGUAGE_BYTES])
{
    language[0] = '\0';
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        if (strcmp(three, languages[i].three) == 0) {
            text_copy_cut(language, LANGUAGE_BYTES, languages[i].two);
            return;
        }
    }
    if (strlen(three) < LANGUAGE_BYTES &&
        strspn(three, "abcdefghijklmnopqrstuvwxyz") == strlen(three)) {
        text_copy_cut(language, LANGUAGE_BYTES, three);
    }
}

static const char *three_letters(const char *two)
{
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        if (strcmp(two, languages[i].two) == 0) {
            return languages[i].three;
        }
    }
    return strlen(two) == 3 ? two : "nld";
}

enum err contact_settings_read(struct contact_settings *settings, const struct config *config,
                               struct fault *fault)
{
    *settings = (struct contact_settings){0};
    const char *actor = config_get(config, "klantinteracties.followup_actor", "");
    if (text_copy(settings->channel, sizeof settings->channel,
                  config_get(config, "klantinteracties.channel", "balie")) != OK ||
        // KISS gives every request for follow-up this name, and ITA looks for it.
        text_copy(settings->followup_action, sizeof settings->followup_action,
                  config_get(config, "klantinteracties.followup_action",
                             "Contact opnemen met betrokkene")) != OK ||
        (actor[0] != '\0' && !uuid_is_valid(actor)) ||
        text_copy(settings->followup_actor, sizeof settings->followup_actor, actor) != OK) {
        return fault_set(fault, ERR_MALFORMED, "klantinteracties: channel or followup setting");
    }
    // The channel stands in a query: letters, digits and dashes need no escaping.
    for (const char *at = settings->channel; *at != '\0'; at++) {
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", *at) ==
            NULL) {
            return fault_set(fault, ERR_MALFORMED, "klantinteracties.channel: letters and digits");
        }
    }
    return OK;
}

enum err contact_find_request(struct source_request_private *request,
                              const struct contact_settings *settings,
                              const struct contact_private *contact, unsigned page)
{
    *request = (struct source_request_private){.is_repeatable = true};
    char moment[TIME_TEXT_BYTES];
    time_to_text(contact->happened_ms, moment);
    struct text path;
    text_init(&path, request->path, sizeof request->path);
    text_format(&path, "/klantcontacten?kanaal=%s&plaatsgevondenOp=", settings->channel);
    for (const char *at = moment; *at != '\0'; at++) {
        text_format(&path, *at == ':' ? "%%3A" : "%c", *at);
    }
    if (contact->party[0] != '\0') {
        text_format(&path, "&hadBetrokkene__wasPartij__uuid=%s", contact->party);
    }
    text_format(&path, "&page=%u", page);
    return path.is_cut ? ERR_TOO_BIG : OK;
}

enum err contact_find_read(const struct source_answer *answer, const char *key,
                           struct contact_progress *progress, struct fault *fault)
{
    *progress = (struct contact_progress){0};
    if (answer->status != 200) {
        return source_refusal("klantinteracties", answer->status, fault);
    }
    struct json *json = NULL;
    const struct json *results = NULL;
    enum err err = read_results(answer, &json, &results);
    for (size_t i = 0; err == OK && i < json_len(results); i++) {
        const struct json *one = json_at(results, i);
        const char *theirs = json_get_text(json_get(one, "metadata"), metadata_key);
        if (theirs != NULL && strcmp(theirs, key) == 0) {
            err = field_uuid(one, "uuid", progress->contact);
            progress->has_actor = json_len(json_get(one, "hadBetrokkenActoren")) > 0;
            progress->has_followup = json_len(json_get(one, "leiddeTotInterneTaken")) > 0;
            break;
        }
    }
    progress->has_more = !json_is_absent(json_get(json, "next"));
    json_wipe_free(json);
    return err == OK
               ? OK
               : fault_set(fault, ERR_UNAVAILABLE, "klantinteracties: not a list of contacts");
}

enum err contact_make_request(struct source_request_private *request,
                              const struct contact_settings *settings,
                              const struct contact_private *contact)
{
    *request = (struct source_request_private){.is_post = true};
    struct json *body = json_new_object();
    json_set(body, "klantcontact", contact_json(settings, contact));
    if (contact->party[0] != '\0') {
        json_set(body, "betrokkene", involved_json(contact));
    }
    struct json *subject = subject_json(contact->request);
    if (subject != NULL) {
        json_set(body, "onderwerpobject", subject);
    }
    return source_post(request, "/maak-klantcontact", body);
}

static struct json *contact_json(const struct contact_settings *settings,
                                 const struct contact_private *contact)
{
    char moment[TIME_TEXT_BYTES];
    time_to_text(contact->happened_ms, moment);
    struct json *metadata = json_new_object();
    json_set_text(metadata, metadata_key, contact->key);
    json_set_text(metadata, "inloop_number", contact->number);
    struct json *json = json_new_object();
    json_set_text(json, "kanaal", settings->channel);
    json_set_text(json, "onderwerp", contact->subject);
    json_set_text(json, "inhoud", contact->words);
    json_set_bool(json, "indicatieContactGelukt", true);
    json_set_text(json, "taal", three_letters(contact->language));
    json_set_bool(json, "vertrouwelijk", contact->is_secret);
    json_set_text(json, "plaatsgevondenOp", moment);
    json_set(json, "metadata", metadata);
    return json;
}

static struct json *involved_json(const struct contact_private *contact)
{
    struct json *json = json_new_object();
    json_set(json, "wasPartij", reference(contact->party));
    json_set_text(json, "rol", "klant");
    json_set_bool(json, "initiator", true);
    return json;
}

// The codes by which KISS finds the case again; a task has none there, so the standard's word. What
// no register there could know (a form's draft) is left out.
static struct json *subject_json(const char *request)
{
    static const struct {
        const char *prefix;
        const char *kind;
        const char *registry;
    } subjects[] = {
        {"zaken:", "zgw-Zaak", "openzaak"},
        {"taken:", "klanttaak", "openvtb"},
        {"objecten:", "klanttaak", "objecten"},
        {"mijntaken:", "klanttaak", "mijntaken"},
    };
    size_t at = 0;
    while (at < sizeof subjects / sizeof subjects[0] &&
           !text_starts_with(request, subjects[at].prefix)) {
        at++;
    }
    if (at == sizeof subjects / sizeof subjects[0]) {
        return NULL;
    }
    struct json *identity = json_new_object();
    json_set_text(identity, "objectId", request + strlen(subjects[at].prefix));
    json_set_text(identity, "codeObjecttype", subjects[at].kind);
    json_set_text(identity, "codeRegister", subjects[at].registry);
    json_set_text(identity, "codeSoortObjectId", "uuid");
    struct json *json = json_new_object();
    json_set(json, "wasKlantcontact", json_new_null());
    json_set(json, "onderwerpobjectidentificator", identity);
    return json;
}

enum err contact_make_read(const struct source_answer *answer, struct contact_progress *progress,
                           struct fault *fault)
{
    return read_created(answer, "klantcontact", progress->contact, fault);
}

static enum err read_created(const struct source_answer *answer, const char *path, char *uuid,
                             struct fault *fault)
{
    if (answer->status != 201) {
        return source_refusal("klantinteracties", answer->status, fault);
    }
    struct json *json = NULL;
    enum err err = json_parse(answer->body, answer->len, &json);
    const struct json *made = path == NULL ? json : json_get(json, path);
    if (err == OK) {
        err = field_uuid(made, "uuid", uuid);
    }
    json_wipe_free(json);
    // It was made, only we cannot tell which: the next try finds it.
    return err == OK ? OK : fault_set(fault, ERR_UNKNOWN, "klantinteracties: made without uuid");
}

static struct actor_identity identity_of(const struct contact_private *contact)
{
    if (contact->staff[0] == '\0') {
        return (struct actor_identity){.kind = "geautomatiseerde_actor",
                                       .name = "Inloop",
                                       .object = "inloop",
                                       .object_type = "geautomatiseerde_actor",
                                       .register_code = "inloop",
                                       .id_kind = "idf"};
    }
    const bool is_mail = strchr(contact->staff, '@') != NULL;
    return (struct actor_identity){.kind = "medewerker",
                                   .name = contact->staff,
                                   .object = contact->staff,
                                   .object_type = "mdw",
                                   .register_code = is_mail ? "msei" : "obj",
                                   .id_kind = is_mail ? "email" : "idf"};
}

enum err actor_find_request(struct source_request_private *request,
                            const struct contact_private *contact)
{
    *request = (struct source_request_private){.is_repeatable = true};
    const struct actor_identity actor = identity_of(contact);
    struct text path;
    text_init(&path, request->path, sizeof request->path);
    text_format(&path,
                "/actoren?soortActor=%s&actoridentificatorCodeObjecttype=%s"
                "&actoridentificatorCodeRegister=%s&actoridentificatorCodeSoortObjectId=%s"
                "&actoridentificatorObjectId=",
                actor.kind, actor.object_type, actor.register_code, actor.id_kind);
    for (const char *at = actor.object; *at != '\0'; at++) {
        const bool is_plain = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-_.~",
                                     *at) != NULL;
        text_format(&path, is_plain ? "%c" : "%%%02X", (unsigned)(unsigned char)*at);
    }
    return path.is_cut ? ERR_TOO_BIG : OK;
}

enum err actor_find_read(const struct source_answer *answer, struct contact_progress *progress,
                         struct fault *fault)
{
    progress->actor[0] = '\0';
    if (answer->status != 200) {
        return source_refusal("klantinteracties", answer->status, fault);
    }
    struct json *json = NULL;
    const struct json *results = NULL;
    enum err err = read_results(answer, &json, &results);
    if (err == OK && json_len(results) > 0) {
        err = field_uuid(json_at(results, 0), "uuid", progress->actor);
    }
    json_free(json);
    return err == OK ? OK
                     : fault_set(fault, ERR_UNAVAILABLE, "klantinteracties: not a list of actors");
}

enum err actor_make_request(struct source_request_private *request,
                            const struct contact_private *contact)
{
    *request = (struct source_request_private){.is_post = true};
    const struct actor_identity actor = identity_of(contact);
    struct json *identity = json_new_object();
    json_set_text(identity, "objectId", actor.object);
    json_set_text(identity, "codeObjecttype", actor.object_type);
    json_set_text(identity, "codeRegister", actor.register_code);
    json_set_text(identity, "codeSoortObjectId", actor.id_kind);
    struct json *body = json_new_object();
    json_set_text(body, "naam", actor.name);
    json_set_text(body, "soortActor", actor.kind);
    json_set_bool(body, "indicatieActief", true);
    json_set(body, "actoridentificator", identity);
    return source_post(request, "/actoren", body);
}

enum err actor_make_read(const struct source_answer *answer, struct contact_progress *progress,
                         struct fault *fault)
{
    return read_created(answer, NULL, progress->actor, fault);
}

enum err actor_link_request(struct source_request_private *request,
                            const struct contact_progress *progress)
{
    *request = (struct source_request_private){.is_post = true};
    struct json *body = json_new_object();
    json_set(body, "actor", reference(progress->actor));
    json_set(body, "klantcontact", reference(progress->contact));
    return source_post(request, "/actorklantcontacten", body);
}

enum err followup_request(struct source_request_private *request,
                          const struct contact_settings *settings,
                          const struct contact_private *contact,
                          const struct contact_progress *progress)
{
    *request = (struct source_request_private){.is_post = true};
    const bool has_department = settings->followup_actor[0] != '\0';
    struct json *actors = json_new_array();
    json_append(actors, reference(has_department ? settings->followup_actor : progress->actor));
    struct json *body = json_new_object();
    json_set_text(body, "gevraagdeHandeling", settings->followup_action);
    json_set(body, "aanleidinggevendKlantcontact", reference(progress->contact));
    json_set(body, "toegewezenAanActoren", actors);
    json_set_text(body, "toelichting", contact->words);
    json_set_text(body, "status", "te_verwerken");
    return source_post(request, "/internetaken", body);
}

enum err created_read(const struct source_answer *answer, struct fault *fault)
{
    if (answer->status != 201) {
        return source_refusal("klantinteracties", answer->status, fault);
    }
    return OK;
}

static struct json *reference(const char *uuid)
{
    struct json *json = json_new_object();
    json_set_text(json, "uuid", uuid);
    return json;
}
