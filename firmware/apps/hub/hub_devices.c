// SPDX-License-Identifier: EUPL-1.2
//
// What devices say of themselves, kept in memory and coarsely in the store, and what a technician
// asks of them.
#include "apps/hub/hub_fleet.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/redact.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { HEALTH_EVERY_MS = 10000, REDACT_GROWS = 10 };

static char *redacted(const char *log, size_t len);
static struct hub_seen *seen_of(struct hub *hub, const char *device);
static bool report_is_good(const struct api_report *report);
static void take_report(struct hub *hub, struct hub_work *work, struct hub_seen *seen,
                        const struct api_report *report);
static void note_parts(struct hub_work *work, const struct hub_call *call, struct hub_seen *seen,
                       const struct api_health *health);
static void note_usb(struct hub_work *work, const struct hub_call *call, struct hub_seen *seen,
                     const struct api_report *report);
static bool note_update(struct hub *hub, struct hub_seen *seen, const struct api_update *update);
static struct json *device_json(const struct hub *hub, const struct store_device *device);
static int compare_devices(const void *left, const void *right);
static const struct store_device *named_device(struct hub_call *call);
static void on_revoked(struct hub *hub, const char *device);
static void write_health(struct hub *hub);

enum err hub_fleet_open(struct hub *hub, struct fault *fault)
{
    struct hub_fleet *fleet = calloc(1, sizeof *fleet);
    CHECK(fleet != NULL);
    hub->fleet = fleet;
    char path[HUB_PATH_BYTES + 32];
    (void)snprintf(path, sizeof path, "%s/service.key", hub->data_dir);
    (void)snprintf(fleet->folder, sizeof fleet->folder, "%s/bundles", hub->data_dir);
    if (mkdir(fleet->folder, 0700) != 0 && errno != EEXIST) {
        return fault_set(fault, ERR_IO, "%s: %s", fleet->folder, strerror(errno));
    }
    const struct config *config = hub->config;
    if (text_copy(fleet->town, sizeof fleet->town, config_get(config, "hub.town", "")) != OK ||
        text_copy(fleet->box_dir, sizeof fleet->box_dir, config_get(config, "hub.box_dir", "")) !=
            OK) {
        return fault_set(fault, ERR_TOO_BIG, "hub.town or hub.box_dir is too long");
    }
    enum err err = crypto_key_ensure(&fleet->service_key, path, fault);
    if (err == OK) {
        crypto_public_write(fleet->service_key, fleet->service_pem);
    }
    const char *keys = config_get(config, "update.keys", NULL);
    return err != OK || keys == NULL ? err : bundle_keys_read(&fleet->keys, keys, fault);
}

enum err hub_fleet_listen(struct hub *hub, struct fault *fault)
{
    struct hub_fleet *fleet = hub->fleet;
    const char *host = config_get(hub->config, "hub.host", "127.0.0.1");
    char url[API_URL_BYTES];
    char enrolment_url[API_URL_BYTES];
    (void)snprintf(url, sizeof url, "https://%s:%u", host, http_server_port(hub->server));
    (void)snprintf(enrolment_url, sizeof enrolment_url, "https://%s:%u", host,
                   http_server_port(hub->enrolment));
    if (text_copy(fleet->url, sizeof fleet->url, config_get(hub->config, "hub.url", url)) != OK ||
        text_copy(fleet->enrolment_url, sizeof fleet->enrolment_url,
                  config_get(hub->config, "hub.enrolment_url", enrolment_url)) != OK) {
        return fault_set(fault, ERR_TOO_BIG, "hub.url or hub.enrolment_url is too long");
    }
    enum err err = hub_authority_fingerprint(hub, fleet->fingerprint, fault);
    err = err != OK ? err : hub_bundles_open(hub, fault);
    err = err != OK ? err : hub_box_open(hub, fault);
    if (err == OK) {
        write_health(hub);
    }
    return err;
}

void hub_fleet_close(struct hub *hub)
{
    struct hub_fleet *fleet = hub->fleet;
    if (fleet == NULL) {
        return;
    }
    hub_bundles_close(hub);
    for (size_t i = 0; i < fleet->seen_count; i++) {
        free(fleet->seen[i]->log);
        free(fleet->seen[i]);
    }
    crypto_key_free(fleet->service_key);
    free(fleet);
    hub->fleet = NULL;
}

void hub_fleet_pass_time(struct hub *hub)
{
    write_health(hub);
    hub_box_pass_time(hub);
}

void hub_fleet_load_seen(void *ctx, const struct store_seen *row)
{
    struct hub_seen *seen = seen_of(ctx, row->device);
    if (seen != NULL && row->update_state < API_UPDATE_STATES_COUNT) {
        seen->row = *row;
        seen->usb_ms = row->at_ms; // what it refused before was audited then
    }
}

struct hub_seen *hub_seen_find(const struct hub *hub, const char *device)
{
    for (size_t i = 0; i < hub->fleet->seen_count; i++) {
        if (text_equal(hub->fleet->seen[i]->row.device, device)) {
            return hub->fleet->seen[i];
        }
    }
    return NULL;
}

const struct store_device *hub_device_find(const struct hub *hub, const char *device)
{
    const struct store_device *found = NULL;
    for (size_t i = 0; i < hub->devices_count; i++) {
        const struct store_device *at = &hub->devices[i];
        if (!text_equal(at->id, device)) {
            continue;
        }
        const bool is_better =
            found == NULL || (found->is_revoked && !at->is_revoked) ||
            (found->is_revoked == at->is_revoked && at->enrolled_ms > found->enrolled_ms);
        found = is_better ? at : found;
    }
    return found;
}

int64_t hub_seen_ms(const struct hub_seen *seen)
{
    return seen->seen_ms > seen->row.at_ms ? seen->seen_ms : seen->row.at_ms;
}

void hub_set_time(struct json *json, const char *name, int64_t time_ms)
{
    char words[TIME_TEXT_BYTES];
    time_to_text(time_ms, words);
    json_set_text(json, name, words);
}

bool hub_is_busy(const struct hub *hub)
{
    for (size_t i = 0; i < hub->hall.tickets_count; i++) {
        enum ticket_state state = hub->hall.tickets[i].state;
        if (state == TICKET_CALLED || state == TICKET_SERVING) {
            return true;
        }
    }
    return false; // who waits is in the store, and nobody misses the hub for half a minute
}

void hub_refuse_words(struct hub_call *call, int status, const char *code, const char *detail)
{
    if (call->entry != NULL) {
        hub_key_forget(call->hub, call->entry);
    }
    http_reply_problem(call->request, status, code, detail);
}

void hub_answer(struct hub_call *call, int status, struct json *body)
{
    struct hub_work *work = hub_work_new(call->hub);
    hub_work_answer(work, call->request, NULL, status, body);
    hub_work_commit(work);
}

void hub_post_health(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct api_report report;
    struct fault fault = {0};
    if (api_report_read(call->body, &report, &fault) != OK || !report_is_good(&report)) {
        hub_refuse_words(call, 400, "bad_request",
                         fault.text[0] != '\0' ? fault.text : "a version is not 1 to 3 numbers");
        return;
    }
    struct hub_seen *seen = seen_of(hub, call->device->id);
    if (seen == NULL) {
        hub_refuse(call, 503, "full");
        return;
    }
    struct hub_work *work = hub_work_new(hub);
    note_parts(work, call, seen, &report.health);
    seen->report.health = report.health;
    seen->has_health = true;
    seen->seen_ms = hub_now_ms(hub);
    struct api_orders orders = {.now_ms = seen->seen_ms};
    if (report.board[0] != '\0') {
        note_usb(work, call, seen, &report);
        take_report(hub, work, seen, &report);
        hub_rollouts_pick(hub, seen, &orders);
        orders.wants_log = seen->wants_log;
    }
    hub_work_answer(work, call->request, NULL, 200, api_orders_write(&orders));
    hub_work_commit(work);
}

void hub_post_log(struct hub_call *call)
{
    const char *log = json_get_text(call->body, "log");
    const size_t len = log == NULL ? 0 : strlen(log);
    struct hub_seen *seen = seen_of(call->hub, call->device->id);
    if (log == NULL || len > API_LOG_BYTES_MAX || seen == NULL) {
        hub_refuse_words(call, 400, "bad_request", "log: must be a text within its limit");
        return;
    }
    free(seen->log);
    seen->log = redacted(log, len);
    seen->log_ms = hub_now_ms(call->hub);
    seen->wants_log = false;
    hub_answer(call, 200, json_new_object());
}

void hub_get_devices(struct hub_call *call)
{
    const struct hub *hub = call->hub;
    const struct store_device *devices[HUB_DEVICES_MAX] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < hub->devices_count; i++) {
        if (hub_device_find(hub, hub->devices[i].id) == &hub->devices[i]) {
            devices[count++] = &hub->devices[i];
        }
    }
    qsort(devices, count, sizeof devices[0], compare_devices);
    struct json *list = json_new_array();
    for (size_t i = 0; i < count; i++) {
        json_append(list, device_json(hub, devices[i]));
    }
    struct json *body = json_new_object();
    json_set(body, "devices", list);
    hub_set_time(body, "now", hub_now_ms(hub));
    hub_answer(call, 200, body);
}

void hub_post_revoke(struct hub_call *call)
{
    struct hub *hub = call->hub;
    const struct store_device *device = named_device(call);
    if (device == NULL) {
        return;
    }
    if (hub->fleet->box_dir[0] != '\0' && device->role == ROLE_HUB) {
        hub_refuse_words(call, 409, "not_now", "the hub's own box would only enrol itself again");
        return;
    }
    struct hub_work *work = hub_work_new(hub);
    enum { REVOKED_MAX = 8 };
    size_t count = 0;
    for (size_t i = 0; i < hub->devices_count && count < REVOKED_MAX; i++) {
        if (text_equal(hub->devices[i].id, call->id) && !hub->devices[i].is_revoked) {
            hub->devices[i].is_revoked = true;
            hub_work_change(work, STORE_DEVICE)->device = hub->devices[i];
            count += 1;
        }
    }
    struct hub_seen *seen = hub_seen_find(hub, call->id);
    if (seen != NULL) {
        free(seen->log);
        seen->log = NULL;
        seen->wants_log = false;
    }
    hub_work_audit(work, "revoke", call->id, "done", call->device->id, call->device->id);
    hub_work_then(work, on_revoked, call->id);
    hub_work_answer(work, call->request, call->entry, 200, json_new_object());
    hub_work_commit(work);
    hub_streams_end_revoked(hub);
    log_info("hub", "%s revoked by %s", call->id, call->device->id);
}

void hub_post_log_requests(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct hub_seen *seen = named_device(call) == NULL ? NULL : seen_of(hub, call->id);
    if (seen == NULL) {
        return; // refused: a device of the registry has its place
    }
    seen->wants_log = true;
    struct hub_work *work = hub_work_new(hub);
    hub_work_audit(work, "request_log", call->id, "asked", call->device->id, call->device->id);
    hub_work_answer(work, call->request, call->entry, 202, json_new_object());
    hub_work_commit(work);
}

void hub_get_log(struct hub_call *call)
{
    struct hub *hub = call->hub;
    const struct hub_seen *seen = hub_seen_find(hub, call->id);
    if (seen == NULL || seen->log == NULL) {
        hub_refuse(call, 404, "not_found");
        return;
    }
    struct json *body = json_new_object();
    json_set_text(body, "log", seen->log);
    hub_set_time(body, "at", seen->log_ms);
    json_set_bool(body, "is_requested", seen->wants_log);
    struct hub_work *work = hub_work_new(hub);
    hub_work_audit(work, "see_log", call->id, "shown", call->device->id, call->device->id);
    hub_work_answer(work, call->request, NULL, 200, body);
    hub_work_commit(work);
}

// "@" becomes "<address>": what does not fit after that is cut at a whole character. Caller frees.
static char *redacted(const char *log, size_t len)
{
    const size_t size = (len + 1) * REDACT_GROWS;
    char *words = malloc(size);
    CHECK(words != NULL);
    struct text text;
    text_init(&text, words, size);
    redact(log, len, &text);
    CHECK(!text.is_cut);
    const size_t kept_size = text.len < API_LOG_BYTES_MAX ? text.len + 1 : API_LOG_BYTES_MAX + 1;
    char *kept = malloc(kept_size);
    CHECK(kept != NULL);
    text_copy_cut(kept, kept_size, words);
    free(words);
    return kept;
}

// NULL: more devices than the registry holds were heard of.
static struct hub_seen *seen_of(struct hub *hub, const char *device)
{
    struct hub_fleet *fleet = hub->fleet;
    struct hub_seen *seen = hub_seen_find(hub, device);
    if (seen != NULL || fleet->seen_count == HUB_DEVICES_MAX) {
        return seen;
    }
    seen = calloc(1, sizeof *seen);
    CHECK(seen != NULL);
    crypto_sha256(device, strlen(device), seen->hash);
    text_copy_cut(seen->row.device, sizeof seen->row.device, device);
    fleet->seen[fleet->seen_count++] = seen;
    return seen;
}

static bool report_is_good(const struct api_report *report)
{
    const struct api_update *update = &report->update;
    return (report->health.version[0] == '\0' || bundle_version_is(report->health.version)) &&
           (update->version[0] == '\0' || bundle_version_is(update->version));
}

static void take_report(struct hub *hub, struct hub_work *work, struct hub_seen *seen,
                        const struct api_report *report)
{
    const bool is_moved = !text_equal(seen->row.version, report->health.version) ||
                          !text_equal(seen->row.board, report->board);
    const bool is_news = note_update(hub, seen, &report->update);
    seen->report = *report;
    seen->has_report = true;
    if (!is_moved && !is_news && seen->seen_ms - seen->row.at_ms < HUB_SEEN_MS) {
        return; // no write a report: the disk is for tickets
    }
    seen->row.at_ms = seen->seen_ms;
    memcpy(seen->row.version, report->health.version, sizeof seen->row.version);
    memcpy(seen->row.board, report->board, sizeof seen->row.board);
    hub_work_change(work, STORE_SEEN)->seen = seen->row;
    if (is_news && report->update.state == API_UPDATE_FELL_BACK) {
        hub_work_audit(work, "fell_back", seen->row.device, report->update.version,
                       seen->row.device, "device");
        hub_rollouts_fell_back(hub, seen);
    }
}

// True when it is not what was known: also of the hub before us.
static bool note_update(struct hub *hub, struct hub_seen *seen, const struct api_update *update)
{
    struct store_seen *row = &seen->row;
    if (row->update_state == (unsigned)update->state &&
        text_equal(row->update_version, update->version) &&
        text_equal(row->update_reason, update->reason)) {
        return false;
    }
    row->update_state = (unsigned)update->state;
    row->update_ms = hub_now_ms(hub);
    memcpy(row->update_version, update->version, sizeof row->update_version);
    memcpy(row->update_reason, update->reason, sizeof row->update_reason);
    return true;
}

static void note_parts(struct hub_work *work, const struct hub_call *call, struct hub_seen *seen,
                       const struct api_health *health)
{
    const struct api_health *last = &seen->report.health;
    const bool is_same = seen->has_health && last->printer_ok == health->printer_ok &&
                         last->paper_low == health->paper_low &&
                         last->scanner_ok == health->scanner_ok;
    if (health->refused_keyboard) {
        log_warn("hub", "%s refused a device that types like a keyboard", call->device->id);
        hub_work_audit(work, "keyboard_refused", call->device->id, "refused", call->device->id,
                       "device");
    }
    const bool is_whole = health->printer_ok && !health->paper_low && health->scanner_ok;
    if (call->device->role == ROLE_KIOSK && !is_same && !is_whole) { // nobody else has such parts
        log_warn("hub", "%s: printer %s%s, scanner %s", call->device->id,
                 health->printer_ok ? "good" : "needs help", health->paper_low ? ", paper low" : "",
                 health->scanner_ok ? "good" : "needs help");
    }
}

static void note_usb(struct hub_work *work, const struct hub_call *call, struct hub_seen *seen,
                     const struct api_report *report)
{
    int64_t newest_ms = seen->usb_ms;
    for (size_t i = 0; i < report->usb_refused_count; i++) {
        const struct api_usb_refused *refused = &report->usb_refused[i];
        if (refused->at_ms > seen->usb_ms) {
            hub_work_audit(work, "usb_refused", refused->usb, "refused", call->device->id,
                           "device");
        }
        newest_ms = refused->at_ms > newest_ms ? refused->at_ms : newest_ms;
    }
    seen->usb_ms = newest_ms;
}

static struct json *device_json(const struct hub *hub, const struct store_device *device)
{
    const struct hub_seen *seen = hub_seen_find(hub, device->id);
    struct json *json = json_new_object();
    json_set_text(json, "id", device->id);
    json_set_text(json, "role", hub_role_name(device->role));
    if (device->desk[0] != '\0') {
        json_set_text(json, "desk", device->desk);
    }
    json_set_bool(json, "is_revoked", device->is_revoked);
    hub_set_time(json, "enrolled_at", device->enrolled_ms);
    const int64_t seen_ms = seen == NULL ? 0 : hub_seen_ms(seen);
    json_set_bool(json, "is_up",
                  seen_ms != 0 && hub_now_ms(hub) - seen_ms < HUB_SILENT_MS && !device->is_revoked);
    if (seen_ms == 0) {
        return json;
    }
    hub_set_time(json, "last_seen_at", seen_ms);
    struct api_report told = seen->report;
    if (!seen->has_report) { // what the hub before us knew
        memcpy(told.board, seen->row.board, sizeof told.board);
        told.update.state = (enum api_update_state)seen->row.update_state;
        memcpy(told.update.version, seen->row.update_version, sizeof told.update.version);
        memcpy(told.update.reason, seen->row.update_reason, sizeof told.update.reason);
    }
    if (seen->has_report || told.board[0] != '\0') {
        api_report_add(json, &told);
    }
    const char *version = told.health.version[0] != '\0' ? told.health.version : seen->row.version;
    if (version[0] != '\0') {
        json_set_text(json, "version", version);
    }
    if (seen->has_health) {
        json_set_bool(json, "paper_low", told.health.paper_low);
    }
    json_set_bool(json, "has_log", seen->log != NULL);
    return json;
}

static int compare_devices(const void *left, const void *right)
{
    const struct store_device *const *first = left;
    const struct store_device *const *second = right;
    return strcmp((*first)->id, (*second)->id);
}

// NULL: refused.
static const struct store_device *named_device(struct hub_call *call)
{
    const struct store_device *device = hub_device_find(call->hub, call->id);
    if (device == NULL) {
        hub_refuse(call, 404, "not_found");
        return NULL;
    }
    if (device->is_revoked) {
        hub_refuse_words(call, 409, "not_now", "the device is revoked");
        return NULL;
    }
    return device;
}

// The registry may have been read again before this was on the disk.
static void on_revoked(struct hub *hub, const char *device)
{
    struct fault fault = {0};
    if (hub_read_registry(hub, &fault) != OK) {
        log_error("hub", "registry after %s was revoked: %s", device, fault.text);
    }
}

// For the agent of the hub's own box.
static void write_health(struct hub *hub)
{
    const char *path = config_get(hub->config, "health.file", NULL);
    const int64_t now_ms = hub_now_ms(hub);
    if (path == NULL || now_ms - hub->fleet->health_written_ms < HEALTH_EVERY_MS) {
        return;
    }
    const struct health health = {.role = "hub",
                                  .is_drawn = true, // it serves
                                  .is_connected = !hub->has_failed,
                                  .is_busy = hub_is_busy(hub),
                                  .at_ms = now_ms};
    struct fault fault = {0};
    if (health_write(path, &health, &fault) != OK) {
        log_warn("hub", "health: %s", fault.text);
    }
    hub->fleet->health_written_ms = now_ms;
}
