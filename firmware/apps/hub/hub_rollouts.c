// SPDX-License-Identifier: EUPL-1.2
//
// Who runs what: a rollout names a bundle, a ring of devices and a window. It is on the disk before
// anybody is told; the first device that falls back stops it.
#include "apps/hub/hub_fleet.h"

#include "base/bytes.h"
#include "base/entropy.h"
#include "base/log.h"
#include "base/text.h"

#include <string.h>

enum { TENTH_BELOW = 26 }; // of 256

static const char *const ring_names[RINGS_COUNT] = {"one", "tenth", "all"};

static const char *wish_fault(const struct hub_call *call, struct store_rollout *rollout);
static const char *window_fault(const struct hub_call *call, struct store_rollout *rollout);
static const char *device_fault(const struct hub_seen *seen, const struct store_bundle *bundle);
static struct store_rollout *place_for(struct hub *hub, struct hub_work *work);
static struct store_rollout *find(const struct hub *hub, const char *id);
static void stop(struct hub *hub, struct store_rollout *rollout, const char *reason,
                 struct hub_work *work);
static bool is_for(const struct hub *hub, const struct store_rollout *rollout,
                   const struct hub_seen *seen);
static bool is_tenth(const struct hub *hub, const char *board, const struct hub_seen *seen);
static bool is_of_board(const struct hub *hub, const struct hub_seen *seen, const char *board);
static bool has_failed(const struct store_rollout *rollout, const struct hub_seen *seen);
static struct json *rollout_json(const struct hub *hub, const struct store_rollout *rollout);

void hub_fleet_load_rollout(void *ctx, const struct store_rollout *rollout)
{
    struct hub_fleet *fleet = ((struct hub *)ctx)->fleet;
    if (fleet->rollouts_count < HUB_ROLLOUTS_MAX && bundle_version_is(rollout->version) &&
        api_clock_is(rollout->from) && api_clock_is(rollout->to)) {
        fleet->rollouts[fleet->rollouts_count++] = *rollout;
    }
}

bool hub_rollout_needs(const struct hub *hub, const char *bundle)
{
    for (size_t i = 0; i < hub->fleet->rollouts_count; i++) {
        const struct store_rollout *rollout = &hub->fleet->rollouts[i];
        if (!rollout->is_stopped && text_equal(rollout->bundle, bundle)) {
            return true;
        }
    }
    return false;
}

void hub_rollouts_pick(const struct hub *hub, const struct hub_seen *seen,
                       struct api_orders *orders)
{
    const struct store_rollout *best = NULL;
    const struct store_bundle *bundle = NULL;
    const char *version = seen->row.version;
    for (size_t i = 0; version[0] != '\0' && i < hub->fleet->rollouts_count; i++) {
        const struct store_rollout *rollout = &hub->fleet->rollouts[i];
        const struct store_bundle *its = hub_bundle_find(hub, rollout->bundle);
        if (rollout->is_stopped || its == NULL || !is_for(hub, rollout, seen) ||
            has_failed(rollout, seen) || bundle_version_compare(rollout->version, version) <= 0 ||
            bundle_version_compare(its->minimum, version) > 0) {
            continue;
        }
        if (best == NULL || bundle_version_compare(rollout->version, best->version) >= 0) {
            best = rollout; // of the same version the window that was said last
            bundle = its;
        }
    }
    orders->has_run = best != NULL;
    if (best != NULL) {
        memcpy(orders->run.bundle, bundle->id, sizeof orders->run.bundle);
        memcpy(orders->run.version, bundle->version, sizeof orders->run.version);
        orders->run.bytes = (uint64_t)bundle->bytes_count;
        CHECK(hex_encode(bundle->sha256, sizeof bundle->sha256, orders->run.sha256,
                         sizeof orders->run.sha256) == OK);
        memcpy(orders->run.from, best->from, sizeof orders->run.from);
        memcpy(orders->run.to, best->to, sizeof orders->run.to);
    }
}

void hub_rollouts_fell_back(struct hub *hub, const struct hub_seen *seen)
{
    char reason[STORE_ROLLOUT_REASON_BYTES];
    struct text text;
    text_init(&text, reason, sizeof reason);
    text_format(&text, "%s fell back: %s", seen->row.device,
                seen->row.update_reason[0] == '\0' ? "it does not say why"
                                                   : seen->row.update_reason);
    for (size_t i = 0; i < hub->fleet->rollouts_count; i++) {
        struct store_rollout *rollout = &hub->fleet->rollouts[i];
        if (rollout->is_stopped || !text_equal(rollout->board, seen->row.board) ||
            !text_equal(rollout->version, seen->row.update_version)) {
            continue;
        }
        struct hub_work *work = hub_work_new(hub);
        stop(hub, rollout, reason, work);
        hub_work_audit(work, "stop_rollout", rollout->id, "fell back", seen->row.device, "hub");
        hub_work_commit(work);
        log_warn("hub", "rollout of %s stopped: %s", rollout->bundle, reason);
    }
}

void hub_get_rollouts(struct hub_call *call)
{
    const struct hub_fleet *fleet = call->hub->fleet;
    struct json *list = json_new_array();
    for (size_t i = fleet->rollouts_count; i > 0; i--) {
        json_append(list, rollout_json(call->hub, &fleet->rollouts[i - 1]));
    }
    struct json *body = json_new_object();
    json_set(body, "rollouts", list);
    hub_answer(call, 200, body);
}

void hub_post_rollouts(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct store_rollout rollout = {.started_ms = hub_now_ms(hub)};
    const char *fault = wish_fault(call, &rollout);
    fault = fault != NULL ? fault : window_fault(call, &rollout);
    if (fault != NULL) {
        hub_refuse_words(call, 400, "bad_request", fault);
        return;
    }
    const struct store_bundle *bundle = hub_bundle_find(hub, rollout.bundle);
    const struct store_device *device =
        rollout.ring == RING_ONE ? hub_device_find(hub, rollout.device) : NULL;
    if (bundle == NULL || (rollout.ring == RING_ONE && (device == NULL || device->is_revoked))) {
        hub_refuse_words(call, 404, "not_found",
                         bundle == NULL ? "the hub has no such bundle" : "no such device");
        return;
    }
    fault = device == NULL ? NULL : device_fault(hub_seen_find(hub, device->id), bundle);
    if (fault != NULL) {
        hub_refuse_words(call, 409, "not_now", fault);
        return;
    }
    struct hub_work *work = hub_work_new(hub);
    struct store_rollout *place = place_for(hub, work);
    if (place == NULL) {
        hub_work_commit(work);
        hub_refuse_words(call, 503, "full", "too many rollouts are running: stop one");
        return;
    }
    entropy_uuid_in_order(rollout.started_ms, rollout.id);
    memcpy(rollout.version, bundle->version, sizeof rollout.version);
    memcpy(rollout.board, bundle->board, sizeof rollout.board);
    memcpy(rollout.started_by, call->device->id, sizeof rollout.started_by);
    *place = rollout;
    hub_work_change(work, STORE_ROLLOUT)->rollout = rollout;
    hub_work_audit(work, "start_rollout", rollout.bundle, ring_names[rollout.ring],
                   call->device->id, call->device->id);
    hub_work_answer(work, call->request, call->entry, 201, rollout_json(hub, place));
    hub_work_commit(work);
    log_info("hub", "rollout of %s to %s started by %s", rollout.bundle, ring_names[rollout.ring],
             call->device->id);
}

void hub_post_rollout_stop(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct store_rollout *rollout = find(hub, call->id);
    if (rollout == NULL) {
        hub_refuse(call, 404, "not_found");
        return;
    }
    if (rollout->is_stopped) {
        hub_refuse_words(call, 409, "not_now", "it is stopped already");
        return;
    }
    char reason[STORE_ROLLOUT_REASON_BYTES];
    struct text text;
    text_init(&text, reason, sizeof reason);
    text_format(&text, "stopped by %s", call->device->id);
    struct hub_work *work = hub_work_new(hub);
    stop(hub, rollout, reason, work);
    hub_work_audit(work, "stop_rollout", rollout->id, "done", call->device->id, call->device->id);
    hub_work_answer(work, call->request, call->entry, 200, rollout_json(hub, rollout));
    hub_work_commit(work);
}

static const char *wish_fault(const struct hub_call *call, struct store_rollout *rollout)
{
    const char *bundle = json_get_text(call->body, "bundle");
    const char *ring = json_get_text(call->body, "ring");
    const char *device = json_get_text(call->body, "device");
    if (bundle == NULL || text_copy(rollout->bundle, sizeof rollout->bundle, bundle) != OK) {
        return "bundle: must be the name of a bundle";
    }
    rollout->ring = RINGS_COUNT;
    for (size_t i = 0; ring != NULL && i < RINGS_COUNT; i++) {
        rollout->ring = text_equal(ring, ring_names[i]) ? (enum store_ring)i : rollout->ring;
    }
    if (rollout->ring == RINGS_COUNT) {
        return "ring: must be one, tenth or all";
    }
    if ((rollout->ring == RING_ONE) != (device != NULL)) {
        return "device: needed with the ring one, and only with it";
    }
    return device != NULL && text_copy(rollout->device, sizeof rollout->device, device) != OK
               ? "device: too long"
               : NULL;
}

static const char *window_fault(const struct hub_call *call, struct store_rollout *rollout)
{
    const struct config *config = call->hub->config;
    const char *from = json_get_text(call->body, "from");
    const char *to = json_get_text(call->body, "to");
    if ((from == NULL) != (to == NULL)) {
        return "from and to: both or none";
    }
    from = from != NULL ? from : config_get(config, "update.from", "22:00");
    to = to != NULL ? to : config_get(config, "update.to", "05:00");
    if (!api_clock_is(from) || !api_clock_is(to)) {
        return "from and to: must be times, as in 22:00";
    }
    CHECK(text_copy(rollout->from, sizeof rollout->from, from) == OK);
    CHECK(text_copy(rollout->to, sizeof rollout->to, to) == OK);
    return NULL;
}

// Why that one device would never take it; a device that has not told its version yet may.
static const char *device_fault(const struct hub_seen *seen, const struct store_bundle *bundle)
{
    if (seen == NULL || seen->row.version[0] == '\0') {
        return NULL;
    }
    if (!text_equal(seen->row.board, bundle->board)) {
        return "the device is another board";
    }
    if (bundle_version_compare(bundle->version, seen->row.version) <= 0) {
        return "the device runs this version or a newer one";
    }
    return bundle_version_compare(bundle->minimum, seen->row.version) > 0
               ? "the device's version is older than this bundle can follow"
               : NULL;
}

// At the end; the oldest that stopped makes room. NULL: all are running.
static struct store_rollout *place_for(struct hub *hub, struct hub_work *work)
{
    struct hub_fleet *fleet = hub->fleet;
    size_t at = 0;
    while (fleet->rollouts_count == HUB_ROLLOUTS_MAX && at < fleet->rollouts_count &&
           !fleet->rollouts[at].is_stopped) {
        at += 1;
    }
    if (at == HUB_ROLLOUTS_MAX) {
        return NULL;
    }
    if (fleet->rollouts_count == HUB_ROLLOUTS_MAX) {
        hub_work_change(work, STORE_ROLLOUT_ERASE)->rollout = fleet->rollouts[at];
        fleet->rollouts_count -= 1;
        memmove(fleet->rollouts + at, fleet->rollouts + at + 1,
                (fleet->rollouts_count - at) * sizeof fleet->rollouts[0]);
    }
    return &fleet->rollouts[fleet->rollouts_count++];
}

static struct store_rollout *find(const struct hub *hub, const char *id)
{
    for (size_t i = 0; i < hub->fleet->rollouts_count; i++) {
        if (text_equal(hub->fleet->rollouts[i].id, id)) {
            return &hub->fleet->rollouts[i];
        }
    }
    return NULL;
}

static void stop(struct hub *hub, struct store_rollout *rollout, const char *reason,
                 struct hub_work *work)
{
    rollout->is_stopped = true;
    rollout->stopped_ms = hub_now_ms(hub);
    text_copy_cut(rollout->reason, sizeof rollout->reason, reason);
    hub_work_change(work, STORE_ROLLOUT)->rollout = *rollout;
}

static bool is_for(const struct hub *hub, const struct store_rollout *rollout,
                   const struct hub_seen *seen)
{
    if (!is_of_board(hub, seen, rollout->board)) {
        return false;
    }
    switch (rollout->ring) {
    case RING_ONE:
        return text_equal(rollout->device, seen->row.device);
    case RING_TENTH:
        return is_tenth(hub, rollout->board, seen);
    case RING_ALL:
        return true;
    case RINGS_COUNT:
        break;
    }
    return false;
}

// By its name, so it is the same tenth each time; where that is nobody, the one that comes nearest.
static bool is_tenth(const struct hub *hub, const char *board, const struct hub_seen *seen)
{
    if (seen->hash[0] < TENTH_BELOW) {
        return true;
    }
    for (size_t i = 0; i < hub->fleet->seen_count; i++) {
        const struct hub_seen *other = hub->fleet->seen[i];
        if (memcmp(other->hash, seen->hash, sizeof seen->hash) < 0 &&
            is_of_board(hub, other, board)) {
            return false;
        }
    }
    return true;
}

static bool is_of_board(const struct hub *hub, const struct hub_seen *seen, const char *board)
{
    if (!text_equal(seen->row.board, board)) {
        return false;
    }
    const struct store_device *device = hub_device_find(hub, seen->row.device);
    return device != NULL && !device->is_revoked;
}

// Since this rollout began; a technician who starts another means it to be tried again.
static bool has_failed(const struct store_rollout *rollout, const struct hub_seen *seen)
{
    const struct store_seen *row = &seen->row;
    return (row->update_state == API_UPDATE_FELL_BACK || row->update_state == API_UPDATE_REFUSED) &&
           text_equal(row->update_version, rollout->version) &&
           row->update_ms >= rollout->started_ms;
}

static struct json *rollout_json(const struct hub *hub, const struct store_rollout *rollout)
{
    int64_t counts[3] = {0}; // in the ring, with this version or a newer one, fell back
    for (size_t i = 0; i < hub->fleet->seen_count; i++) {
        const struct hub_seen *seen = hub->fleet->seen[i];
        if (!is_for(hub, rollout, seen)) {
            continue;
        }
        const bool is_new = seen->row.version[0] != '\0' &&
                            bundle_version_compare(seen->row.version, rollout->version) >= 0;
        counts[0] += 1;
        counts[1] += is_new ? 1 : 0;
        counts[2] += seen->row.update_state == API_UPDATE_FELL_BACK && has_failed(rollout, seen);
    }
    struct json *json = json_new_object();
    json_set_text(json, "id", rollout->id);
    json_set_text(json, "bundle", rollout->bundle);
    json_set_text(json, "version", rollout->version);
    json_set_text(json, "board", rollout->board);
    json_set_text(json, "ring", ring_names[rollout->ring]);
    if (rollout->ring == RING_ONE) {
        json_set_text(json, "device", rollout->device);
    }
    json_set_text(json, "from", rollout->from);
    json_set_text(json, "to", rollout->to);
    json_set_text(json, "state", rollout->is_stopped ? "stopped" : "running");
    hub_set_time(json, "started_at", rollout->started_ms);
    json_set_text(json, "started_by", rollout->started_by);
    if (rollout->is_stopped) {
        json_set_text(json, "reason", rollout->reason);
        hub_set_time(json, "stopped_at", rollout->stopped_ms);
    }
    json_set_int(json, "devices", counts[0]);
    json_set_int(json, "updated", counts[1]);
    json_set_int(json, "fell_back", counts[2]);
    return json;
}
