// SPDX-License-Identifier: EUPL-1.2
//
// Redeeming a code at the portal.
#include "adapters/portal.h"

#include "adapters/fields.h"

#include <string.h>

static enum err portal_refusal(const struct source_answer *answer, struct fault *fault);
static struct evidence evidence_of(const char *acr, enum backoffice_code_kind kind);

static const struct {
    const char *member;
    const char *path;
    enum evidence_kind evidence;
} calls[] = {
    [BACKOFFICE_TOKEN] = {"token", "/redemptions/tokens", EVIDENCE_PORTAL_TOKEN},
    [BACKOFFICE_PAPER] = {"reference", "/redemptions/references", EVIDENCE_PAPER_CODE},
    [BACKOFFICE_PASS] = {"pass", "/redemptions/passes", EVIDENCE_PASS_NUMBER},
};

enum err portal_request(struct source_request_private *request,
                        const struct backoffice_code_private *code)
{
    *request = (struct source_request_private){.is_post = true, .is_repeatable = true};
    enum err err = text_copy(request->key, sizeof request->key, code->key);
    if (err != OK) {
        return err;
    }
    struct json *body = json_new_object();
    json_set_text(body, calls[code->kind].member, code->text);
    return source_post(request, calls[code->kind].path, body);
}

enum err portal_read(const struct source_answer *answer, enum backoffice_code_kind kind,
                     struct portal_redeemed *redeemed, struct fault *fault)
{
    *redeemed = (struct portal_redeemed){0};
    if (answer->status != 200) {
        return portal_refusal(answer, fault);
    }
    struct json *json = NULL;
    enum err err = json_parse(answer->body, answer->len, &json);
    if (err == OK) {
        err = field_uuid(json, "party", redeemed->party);
    }
    const char *acr = json_get_text(json, "acr");
    if (err != OK || (acr == NULL && kind == BACKOFFICE_TOKEN)) {
        json_wipe_free(json);
        *redeemed = (struct portal_redeemed){0};
        return fault_set(fault, ERR_MALFORMED, "portal: answer without party or acr");
    }
    redeemed->evidence = evidence_of(acr, kind);
    json_wipe_free(json);
    return OK;
}

// The visitor's code is no good only when the portal says so in its own words; a bare status can
// come from anything in between and must not cost a person their visit.
static enum err portal_refusal(const struct source_answer *answer, struct fault *fault)
{
    static const struct {
        int status;
        const char *code;
        enum err err;
    } refusals[] = {
        {410, "used", ERR_GONE},           {410, "expired", ERR_EXPIRED},
        {403, "audience", ERR_REFUSED},    {404, "unknown", ERR_NOT_FOUND},
        {422, "signature", ERR_CRYPTO},    {409, "key_reused", ERR_DUPLICATE},
        {400, "malformed", ERR_MALFORMED},
    };
    struct json *json = NULL;
    const char *code = NULL;
    if (json_parse(answer->body, answer->len, &json) == OK) {
        code = json_get_text(json, "code");
    }
    enum err err = OK;
    for (size_t i = 0; code != NULL && i < sizeof refusals / sizeof refusals[0]; i++) {
        if (answer->status == refusals[i].status && strcmp(code, refusals[i].code) == 0) {
            err = fault_set(fault, refusals[i].err, "portal: code refused: %s", refusals[i].code);
        }
    }
    json_free(json);
    if (err != OK) {
        return err;
    }
    err = source_refusal("portal", answer->status, fault);
    return err == ERR_NOT_FOUND ? fault_set(fault, ERR_UNAVAILABLE, "portal: no such address")
                                : err;
}

// DigiD's names of its levels (SAML), and eIDAS's. An unknown acr earns a plain token: never more.
static struct evidence evidence_of(const char *acr, enum backoffice_code_kind kind)
{
    static const char *const high[] = {
        "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
        "http://eidas.europa.eu/LoA/substantial",
        "http://eidas.europa.eu/LoA/high",
    };
    struct evidence evidence = {0};
    evidence_add(&evidence, calls[kind].evidence);
    for (size_t i = 0; kind == BACKOFFICE_TOKEN && i < sizeof high / sizeof high[0]; i++) {
        if (strcmp(acr, high[i]) == 0) {
            evidence_add(&evidence, EVIDENCE_PORTAL_DIGID);
        }
    }
    return evidence;
}
