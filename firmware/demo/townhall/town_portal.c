// SPDX-License-Identifier: EUPL-1.2
//
// The town's portal (assets/api/portal-1.yaml) and the small extra door through which the pocket
// gets its codes and tests their faults.
#include "base/text.h"
#include "demo/townhall/town.h"

#include <stdio.h>
#include <string.h>

enum { TOWN_LATE_MS = 3600 * 1000, TOWN_LIFE_MS = 300 * 1000 };

static void redeem(struct town *town, const struct town_request *request, const char *jti,
                   bool is_paper, struct town_answer *answer);
static void redeem_once(struct town *town, const struct town_request *request,
                        struct town_code *code, struct town_answer *answer);
static void redeem_pass(struct town *town, const struct town_request *request,
                        const struct json *body, struct town_answer *answer);
static struct town_code *find_code(struct town *town, const char *id);
static const struct town_key *find_key(const struct town *town, const char *key);
static void remember(struct town *town, const struct town_request *request, const char *code,
                     const struct town_answer *answer);
static void list_residents(struct town *town, struct town_answer *answer);
static void mint(struct town *town, const struct town_request *request, const struct json *body,
                 struct town_answer *answer);
static enum err mint_code(struct town *town, const struct town_request *request,
                          struct town_code *code, const char *kind, char *out);
static void set_fault(struct town *town, const struct json *body, struct town_answer *answer);

void town_portal(struct town *town, const struct town_request *request, const char *path,
                 struct json *body, struct town_answer *answer)
{
    if (request->is_post && strcmp(path, "/redemptions/passes") == 0) {
        redeem_pass(town, request, body, answer);
        return;
    }
    const bool is_paper = strcmp(path, "/redemptions/references") == 0;
    if (!request->is_post || (!is_paper && strcmp(path, "/redemptions/tokens") != 0)) {
        town_problem(answer, 404, "unknown", "No such address.");
        return;
    }
    const char *given = json_get_text(body, is_paper ? "reference" : "token");
    if (given == NULL || request->key == NULL || strlen(request->key) != UUID_TEXT_BYTES - 1) {
        town_problem(answer, 400, "malformed", "A code and an Idempotency-Key are needed.");
        return;
    }
    char jti[64];
    const enum err err = is_paper ? text_copy(jti, sizeof jti, given)
                                  : town->check(town->ctx, given, jti, sizeof jti);
    if (err == ERR_CRYPTO) {
        town_problem(answer, 422, "signature", "Not a code of this portal.");
    } else if (err != OK) {
        town_problem(answer, 400, "malformed", "Not a code.");
    } else {
        redeem(town, request, jti, is_paper, answer);
    }
}

static void redeem(struct town *town, const struct town_request *request, const char *jti,
                   bool is_paper, struct town_answer *answer)
{
    const struct town_key *before = find_key(town, request->key);
    if (before != NULL && strcmp(before->code, jti) == 0) {
        town_say(answer, before->status, json_clone(before->body));
        return;
    }
    if (before != NULL) {
        town_problem(answer, 409, "key_reused", "This key came with another code.");
        return;
    }
    struct town_code *code = find_code(town, jti);
    if (code == NULL || code->is_paper != is_paper) {
        town_problem(answer, 404, "unknown", "Unknown code.");
    } else {
        redeem_once(town, request, code, answer);
    }
    remember(town, request, jti, answer);
}

static void redeem_once(struct town *town, const struct town_request *request,
                        struct town_code *code, struct town_answer *answer)
{
    if (code->is_other_hall) {
        town_problem(answer, 403, "audience", "Meant for another hall.");
        return;
    }
    if (code->expires_ms != 0 && request->now_ms > code->expires_ms) {
        town_problem(answer, 410, "expired", "Expired.");
        return;
    }
    if (!code->is_paper && code->used_key[0] != '\0') {
        town_problem(answer, 410, "used", "Used before.");
        return;
    }
    text_copy_cut(code->used_key, sizeof code->used_key, request->key);
    const size_t who = answer->fault == FAULT_LYING ? 1 : code->resident;
    const struct json *resident = json_at(town->residents, who);
    struct json *body = json_new_object();
    json_set_text(body, "party", json_get_text(resident, "party"));
    if (!code->is_paper) {
        json_set_text(body, "acr", json_get_text(resident, "acr"));
    }
    town_say(answer, 200, body);
}

// A pass says whose it is and nothing of how she was known: it works until it is withdrawn.
static void redeem_pass(struct town *town, const struct town_request *request,
                        const struct json *body, struct town_answer *answer)
{
    const char *pass = json_get_text(body, "pass");
    if (pass == NULL || request->key == NULL || strlen(request->key) != UUID_TEXT_BYTES - 1) {
        town_problem(answer, 400, "malformed", "A pass and an Idempotency-Key are needed.");
        return;
    }
    for (size_t i = 0; i < json_len(town->residents); i++) {
        const struct json *resident = json_at(town->residents, i);
        const struct json *card = json_get(resident, "card");
        const char *number = json_get_text(card, "number");
        if (number == NULL || strcmp(number, pass) != 0 ||
            !text_equal(json_get_text(card, "kind"), "pass")) {
            continue;
        }
        bool is_withdrawn = false;
        if (json_get_bool(card, "is_withdrawn", &is_withdrawn) == OK && is_withdrawn) {
            town_problem(answer, 410, "expired", "This pass was withdrawn.");
            return;
        }
        struct json *found = json_new_object();
        json_set_text(found, "party", json_get_text(resident, "party"));
        town_say(answer, 200, found);
        return;
    }
    town_problem(answer, 404, "unknown", "Unknown pass.");
}

static struct town_code *find_code(struct town *town, const char *id)
{
    for (size_t i = 0; i < town->codes_count; i++) {
        if (strcmp(town->codes[i].id, id) == 0) {
            return &town->codes[i];
        }
    }
    return NULL;
}

static const struct town_key *find_key(const struct town *town, const char *key)
{
    for (size_t i = 0; i < town->keys_count; i++) {
        if (strcmp(town->keys[i].key, key) == 0) {
            return &town->keys[i];
        }
    }
    return NULL;
}

// A demonstration lives a day; when its memory is full the oldest key makes room.
static void remember(struct town *town, const struct town_request *request, const char *code,
                     const struct town_answer *answer)
{
    if (town->keys_count == TOWN_KEYS_MAX) {
        json_free(town->keys[0].body);
        memmove(&town->keys[0], &town->keys[1], (TOWN_KEYS_MAX - 1) * sizeof town->keys[0]);
        town->keys_count--;
    }
    struct town_key *key = &town->keys[town->keys_count];
    *key = (struct town_key){.status = answer->status, .body = json_clone(answer->body)};
    text_copy_cut(key->key, sizeof key->key, request->key);
    text_copy_cut(key->code, sizeof key->code, code);
    town->keys_count++;
}

void town_demo(struct town *town, const struct town_request *request, const char *path,
               struct json *body, struct town_answer *answer)
{
    if (!request->is_post && strcmp(path, "/residents") == 0) {
        list_residents(town, answer);
    } else if (!request->is_post && strcmp(path, "/contacts") == 0) {
        town_say(answer, 200, json_clone(town->received));
    } else if (request->is_post && strcmp(path, "/tokens") == 0) {
        mint(town, request, body, answer);
    } else if (request->is_post && strcmp(path, "/faults") == 0) {
        set_fault(town, body, answer);
    } else if (!request->is_post && strcmp(path, "/forms") == 0) {
        town_forms_list(town, answer);
    } else if (!request->is_post && strcmp(path, "/tasks") == 0) {
        town_say(answer, 200, json_clone(town->tasks));
    } else if (!request->is_post && strcmp(path, "/files") == 0) {
        town_files_list(town, answer);
    } else if (request->is_post && strcmp(path, "/forms") == 0) {
        town_forms_act(town, body, answer);
    } else {
        town_problem(answer, 404, "not_found", "Not found.");
    }
}

static void list_residents(struct town *town, struct town_answer *answer)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < json_len(town->residents); i++) {
        const struct json *resident = json_at(town->residents, i);
        bool has_phone = true; // and letters, in the demonstration
        if (json_get_bool(resident, "pocket", &has_phone) != OK) {
            has_phone = true;
        }
        if (!has_phone && json_is_absent(json_get(resident, "card"))) {
            continue; // known to the registers only
        }
        struct json *shown = json_new_object();
        json_set_text(shown, "id", json_get_text(resident, "id"));
        json_set_text(shown, "voornamen", json_get_text(resident, "voornamen"));
        json_set_text(shown, "voorvoegsel", json_get_text(resident, "voorvoegsel"));
        json_set_text(shown, "geslachtsnaam", json_get_text(resident, "geslachtsnaam"));
        json_set_bool(shown, "has_phone", has_phone);
        json_set_text(shown, "birth", json_get_text(resident, "birth"));
        json_set_text(shown, "language", json_get_text(resident, "language"));
        json_set_text(shown, "party", json_get_text(resident, "party"));
        json_append(list, shown);
    }
    town_say(answer, 200, list);
}

// {resident, kind}: live, paper, expired, other_hall, paper_expired, forged; draft is the link of a
// form this resident began at home.
static void mint(struct town *town, const struct town_request *request, const struct json *body,
                 struct town_answer *answer)
{
    const char *who = json_get_text(body, "resident");
    const char *kind = json_get_text(body, "kind");
    size_t index = 0;
    while (index < json_len(town->residents) && who != NULL &&
           !text_equal(json_get_text(json_at(town->residents, index), "id"), who)) {
        index++;
    }
    if (who == NULL || kind == NULL || index == json_len(town->residents)) {
        town_problem(answer, 404, "not_found", "No such resident.");
        return;
    }
    if (strcmp(kind, "draft") == 0) {
        town_forms_draft(town, who, answer);
        return;
    }
    if (town->codes_count == TOWN_CODES_MAX) {
        memmove(&town->codes[0], &town->codes[1], (TOWN_CODES_MAX - 1) * sizeof town->codes[0]);
        town->codes_count--;
    }
    char out[TOWN_CODE_BYTES];
    struct town_code code = {.resident = index};
    const enum err err = mint_code(town, request, &code, kind, out);
    if (err != OK) {
        town_problem(answer, 400, "malformed", "No such kind of code.");
        return;
    }
    town->codes[town->codes_count] = code;
    town->codes_count++;
    struct json *made = json_new_object();
    json_set_text(made, "code", out);
    json_set_text(made, "kind", kind);
    town_say(answer, 201, made);
}

static enum err mint_code(struct town *town, const struct town_request *request,
                          struct town_code *code, const char *kind, char *out)
{
    static const char *const kinds[] = {"live", "expired", "other_hall", "forged"};
    const bool is_late = strcmp(kind, "expired") == 0 || strcmp(kind, "paper_expired") == 0;
    code->is_other_hall = strcmp(kind, "other_hall") == 0;
    code->is_paper = strcmp(kind, "paper") == 0 || strcmp(kind, "paper_expired") == 0;
    if (code->is_paper) {
        code->expires_ms = is_late ? 1 : 0;
        return town->sign(town->ctx, NULL, NULL, NULL, 0, code->id, sizeof code->id) == OK
                   ? text_copy(out, TOWN_CODE_BYTES, code->id)
                   : ERR_CRYPTO;
    }
    bool is_known = false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        is_known = is_known || strcmp(kind, kinds[i]) == 0;
    }
    if (!is_known) {
        return ERR_NOT_FOUND;
    }
    const int64_t issued_ms = request->now_ms - (is_late ? TOWN_LATE_MS : 0);
    code->expires_ms = issued_ms + TOWN_LIFE_MS;
    entropy_uuid(code->id);
    const char *acr = json_get_text(json_at(town->residents, code->resident), "acr");
    const enum err err =
        town->sign(town->ctx, code->id, acr, code->is_other_hall ? "elders" : town->audience,
                   issued_ms, out, TOWN_CODE_BYTES);
    if (err == OK && strcmp(kind, "forged") == 0) {
        // One letter of the signature, not the last: its low bits carry nothing.
        char *signature = strrchr(out, '.') + 1;
        signature[4] = signature[4] == 'A' ? 'B' : 'A';
    }
    return err;
}

static void set_fault(struct town *town, const struct json *body, struct town_answer *answer)
{
    static const char *const kinds[] = {
        [FAULT_OFF] = "off",     [FAULT_DOWN] = "down",   [FAULT_SLOW] = "slow",
        [FAULT_WRONG] = "wrong", [FAULT_LYING] = "lying", [FAULT_LOST] = "lost",
        [FAULT_DIES] = "dies"};
    const char *source = json_get_text(body, "source");
    const char *kind = json_get_text(body, "kind");
    for (size_t i = 0; source != NULL && i < TOWN_DEMO; i++) {
        for (size_t j = 0; kind != NULL && j < sizeof kinds / sizeof kinds[0]; j++) {
            if (strcmp(town_source_name((enum town_source)i), source) == 0 &&
                strcmp(kinds[j], kind) == 0) {
                town->faults[i] = (enum town_fault)j;
                town_say(answer, 200, json_clone(body));
                return;
            }
        }
    }
    town_problem(answer, 400, "malformed", "Unknown source or kind.");
}
