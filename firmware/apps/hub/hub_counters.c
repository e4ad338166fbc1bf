// SPDX-License-Identifier: EUPL-1.2
//
// Who sits at which desk.
#include "apps/hub/hub.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"

#include <string.h>

enum { SIGN_IN_FAILURES_MAX = 5, MINUTE_MS = 60000 }; // a desk, a minute

static uint8_t *failures_of(struct hub *hub, const struct counter *counter);

void hub_post_session(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct api_session session;
    struct fault fault = {0};
    if (api_session_read(call->body, &session, &fault) != OK) {
        hub_refuse_err(call, ERR_MALFORMED, &fault);
        return;
    }
    if (!text_equal(call->device->desk, call->id)) {
        hub_refuse(call, 403, "not_yours");
        return;
    }
    const struct counter *counter = hall_find_counter(&hub->hall, call->id);
    if (counter == NULL) {
        wipe(&session, sizeof session);
        hub_refuse(call, 404, "not_found");
        return;
    }
    bool is_signed_in =
        counter->state != COUNTER_CLOSED && text_equal(counter->staff, session.staff);
    uint8_t *failures = failures_of(hub, counter);
    const struct store_staff *staff = NULL;
    if (session.is_open && !is_signed_in && hub_read_registry(hub, &fault) != OK) {
        log_error("hub", "registry: %s", fault.text);
    }
    if (session.is_open && !is_signed_in &&
        (*failures >= SIGN_IN_FAILURES_MAX ||
         !hub_check_pin(hub, session.staff, session.pin_private, &staff))) {
        *failures = (uint8_t)(*failures + (*failures < SIGN_IN_FAILURES_MAX));
        wipe(&session, sizeof session);
        struct hub_work *work = hub_work_new(hub);
        hub_work_audit(work, "sign_in", call->id, "refused", call->device->id, "unknown");
        hub_work_commit(work);
        hub_refuse(call, 403, "sign_in_wrong");
        return;
    }
    struct hall_event event = {.kind = !session.is_open    ? HALL_COUNTER_CLOSE
                                       : session.is_paused ? HALL_COUNTER_PAUSE
                                                           : HALL_COUNTER_OPEN,
                               .now_ms = hub_now_ms(hub)};
    text_copy_cut(event.counter.desk, sizeof event.counter.desk, call->id);
    memcpy(event.counter.staff, session.staff, sizeof event.counter.staff);
    char actor[STAFF_ID_BYTES];
    memcpy(actor, session.is_open ? event.counter.staff : counter->staff, sizeof actor);
    wipe(&session, sizeof session);
    struct hall_effects effects;
    if (!hub_decide(call, &event, &effects)) {
        return;
    }
    struct hub_work *work = hub_work_new(hub);
    hub_work_effects(work, &effects, NULL, NULL);
    const char *action = event.kind == HALL_COUNTER_OPEN    ? "sign_in"
                         : event.kind == HALL_COUNTER_PAUSE ? "pause"
                                                            : "sign_out";
    hub_work_audit(work, action, call->id, "done", call->device->id, actor);
    hub_work_answer(work, call->request, call->entry, 200,
                    api_own_counter_write(counter, hub_staff_name(hub, counter->staff)));
    hub_work_commit(work);
}

static uint8_t *failures_of(struct hub *hub, const struct counter *counter)
{
    int64_t minute = hub_now_ms(hub) / MINUTE_MS;
    if (minute != hub->sign_in_minute) {
        hub->sign_in_minute = minute;
        memset(hub->sign_in_failures, 0, sizeof hub->sign_in_failures);
    }
    return &hub->sign_in_failures[counter - hub->hall.counters];
}

const char *hub_staff_name(const struct hub *hub, const char *staff)
{
    for (size_t i = 0; i < hub->staff_count; i++) {
        if (text_equal(hub->staff[i].id, staff)) {
            return hub->staff[i].name;
        }
    }
    return "";
}

bool hub_check_pin(const struct hub *hub, const char *staff, const char *pin,
                   const struct store_staff **found)
{
    enum { PIN_ROUNDS = 20000 };
    static const struct store_staff nobody = {.id = "-"};
    const struct store_staff *row = &nobody; // the same work for an unknown name
    for (size_t i = 0; i < hub->staff_count; i++) {
        if (text_equal(hub->staff[i].id, staff)) {
            row = &hub->staff[i];
        }
    }
    uint8_t hash[STORE_HASH_BYTES];
    crypto_stretch(pin, row->salt, PIN_ROUNDS, hash);
    bool is_equal = bytes_equal_secret(hash, row->pin_hash, sizeof hash) && row != &nobody;
    *found = is_equal ? row : NULL;
    return is_equal;
}
