// SPDX-License-Identifier: EUPL-1.2
//
// The two codes a technician gets from the hub: the one-time code that enrols a device, and the
// service code that opens a device's own screen.
#include "apps/hub/hub_fleet.h"

#include "base/bytes.h"
#include "base/entropy.h"
#include "base/text.h"
#include "link/service.h"

#include <string.h>

// What may stand in a code between colons, and in a certificate's URN.
static const char name_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

static const char *wish_fault(const struct hub_call *call, enum store_role *role,
                              const char **desk);

void hub_post_codes(struct hub_call *call)
{
    struct hub *hub = call->hub;
    enum store_role role = ROLE_NONE;
    const char *desk = "";
    const char *fault = wish_fault(call, &role, &desk);
    if (fault != NULL) {
        hub_refuse_words(call, 400, "bad_request", fault);
        return;
    }
    char code[HUB_CODE_TEXT_BYTES];
    char qr[HUB_QR_BYTES];
    int64_t expires_ms = 0;
    struct hub_work *work = hub_work_new(hub);
    hub_code_make(hub, work, call->id, role, desk, code, &expires_ms);
    hub_code_qr(hub, call->id, code, qr);
    hub_work_audit(work, "issue_code", call->id, hub_role_name(role), call->device->id,
                   call->device->id);
    struct json *body = json_new_object();
    json_set_text(body, "code", code);
    json_set_text(body, "fingerprint", hub->fleet->fingerprint);
    json_set_text(body, "qr", qr);
    hub_set_time(body, "expires_at", expires_ms);
    hub_work_answer(work, call->request, NULL, 201, body);
    hub_work_commit(work);
    wipe(code, sizeof code);
    wipe(qr, sizeof qr);
}

void hub_post_service_codes(struct hub_call *call)
{
    struct hub *hub = call->hub;
    const struct store_device *device = hub_device_find(hub, call->id);
    if (device == NULL || device->is_revoked) {
        hub_refuse(call, 404, "not_found");
        return;
    }
    char code[SERVICE_CODE_BYTES];
    const int64_t now_s = hub_now_ms(hub) / 1000;
    CHECK(service_mint(hub->fleet->service_key, hub->hall.location, call->id, now_s, code) == OK);
    struct hub_work *work = hub_work_new(hub);
    hub_work_audit(work, "issue_service", call->id, "made", call->device->id, call->device->id);
    struct json *body = json_new_object();
    json_set_text(body, "qr", code);
    hub_set_time(body, "expires_at", (now_s + SERVICE_LIFE_S_MAX) * 1000);
    hub_work_answer(work, call->request, NULL, 201, body);
    hub_work_commit(work);
    wipe(code, sizeof code);
}

void hub_code_qr(const struct hub *hub, const char *device, const char *code,
                 char out[HUB_QR_BYTES])
{
    struct text text;
    text_init(&text, out, HUB_QR_BYTES);
    text_format(&text, "KE1:%s:%s:%s:%s", device, code, hub->fleet->fingerprint,
                hub->fleet->enrolment_url);
    CHECK(!text.is_cut); // every part is bounded
}

static const char *wish_fault(const struct hub_call *call, enum store_role *role, const char **desk)
{
    const char *role_name = json_get_text(call->body, "role");
    const struct json *desk_json = json_get(call->body, "desk");
    const size_t len = strlen(call->id);
    if (len >= DEVICE_ID_BYTES || strspn(call->id, name_letters) != len) {
        return "a device's name is at most 31 letters, digits and . _ -";
    }
    if (role_name == NULL || !hub_role_find(role_name, role)) {
        return "role: must be kiosk, counter, display, technician, integrator or hub";
    }
    if (!json_is_absent(desk_json)) {
        *desk = json_text(desk_json) == NULL ? "?" : json_text(desk_json);
    }
    if (*role == ROLE_COUNTER && hall_find_counter(&call->hub->hall, *desk) == NULL) {
        return "desk: a counter needs one of the hub's desks";
    }
    return *role != ROLE_COUNTER && (*desk)[0] != '\0' ? "desk: only a counter has one" : NULL;
}
