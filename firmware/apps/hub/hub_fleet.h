// SPDX-License-Identifier: EUPL-1.2
//
// What the files about devices share: hub_devices.c (what devices report and technicians ask of
// them), hub_codes.c (one-time codes, service codes), hub_box.c (the hub's own box), hub_bundles.c
// (updates that come and go), hub_rollouts.c (who runs what) and hub_metrics.c. For those only.
#ifndef INLOOP_APPS_HUB_HUB_FLEET_H
#define INLOOP_APPS_HUB_HUB_FLEET_H

#include "apps/hub/hub.h"
#include "update/bundle.h"

enum {
    HUB_BUNDLES_MAX = 8,
    HUB_BUNDLE_BYTES_MAX = 128 * 1024 * 1024,
    HUB_BUNDLES_COMING_MAX = 2, // at the same time
    HUB_ROLLOUTS_MAX = 64,
    HUB_SILENT_MS = 3 * 60000, // three reports late: it is down
    HUB_SEEN_MS = 3600000,     // so old may be what the store knows of a device that runs well
    HUB_LATENCY_STEPS = 10,
};

// A device as it said it is. Heap, from its first report or from the store, by its name.
struct hub_seen {
    struct store_seen row;           // as the store has it, or is about to
    uint8_t hash[CRYPTO_HASH_BYTES]; // of its name
    int64_t seen_ms;                 // 0: not since the hub started; then the row's time stands
    int64_t usb_ms;                  // newest refused device that was audited
    bool has_health;                 // of the program that serves visitors, or of the agent
    bool has_report;                 // of the agent
    struct api_report report;
    bool wants_log;
    char *log; // redacted; NULL: none
    int64_t log_ms;
};

// What /metrics counts; since the hub started.
struct hub_counts {
    uint64_t tickets;
    uint64_t calls;
    uint64_t contacts_delivered;
    uint64_t contacts_given_up;
    uint64_t bundle_bytes;
    uint64_t commits;
    uint64_t commit_us;
    uint64_t commit_steps[HUB_LATENCY_STEPS + 1]; // not cumulative; the last: slower than all
};

struct hub_fleet {
    struct hub_counts counts;
    struct hub_seen *seen[HUB_DEVICES_MAX];
    size_t seen_count;
    struct store_bundle bundles[HUB_BUNDLES_MAX]; // the oldest first
    size_t bundles_count;
    struct store_rollout rollouts[HUB_ROLLOUTS_MAX]; // the oldest first
    size_t rollouts_count;
    struct hub_coming *coming[HUB_BUNDLES_COMING_MAX];
    struct bundle_keys keys; // whose bundles are believed; none: no bundle is
    char folder[HUB_PATH_BYTES + 16];
    char town[STORE_TOWN_BYTES]; // short; "": only bundles of every town
    char fingerprint[STORE_HASH_BYTES * 2 + 1];
    char url[API_URL_BYTES / 2];           // where devices are served
    char enrolment_url[API_URL_BYTES / 2]; // where they get their certificate
    struct crypto_key *service_key;
    char service_pem[CRYPTO_PEM_BYTES]; // its public half
    int64_t health_written_ms;
    char box_dir[HUB_PATH_BYTES]; // "": the hub runs on a machine of its own
    int64_t technician_code_ms;   // when the code in that folder ends; 0: there is none
};

// --- hub_devices.c
MUST_USE enum err hub_fleet_open(struct hub *hub, struct fault *fault); // before the store is read
MUST_USE enum err hub_fleet_listen(struct hub *hub, struct fault *fault); // the ports are known
void hub_fleet_close(struct hub *hub);
void hub_fleet_pass_time(struct hub *hub);
void hub_fleet_load_seen(void *hub, const struct store_seen *seen);
// By name; NULL: never heard of.
struct hub_seen *hub_seen_find(const struct hub *hub, const char *device);
// The row of the registry that counts for this name, revoked or not; NULL: no such device.
const struct store_device *hub_device_find(const struct hub *hub, const char *device);
// When it was last heard of; 0: never.
int64_t hub_seen_ms(const struct hub_seen *seen);
void hub_refuse_words(struct hub_call *call, int status, const char *code, const char *detail);
void hub_answer(struct hub_call *call, int status, struct json *body); // takes `body`
void hub_set_time(struct json *json, const char *name, int64_t time_ms);

// --- hub_codes.c
enum { HUB_QR_BYTES = 512 };
// "KE1:..." for one device.
void hub_code_qr(const struct hub *hub, const char *device, const char *code,
                 char out[HUB_QR_BYTES]);

// --- hub_box.c
MUST_USE enum err hub_box_open(struct hub *hub, struct fault *fault);
void hub_box_pass_time(struct hub *hub);

// --- hub_metrics.c
void hub_count_commit(struct hub *hub, int64_t us);

// --- hub_bundles.c
MUST_USE enum err hub_bundles_open(struct hub *hub, struct fault *fault); // the store was read
void hub_bundles_close(struct hub *hub);
void hub_fleet_load_bundle(void *hub, const struct store_bundle *bundle);
const struct store_bundle *hub_bundle_find(const struct hub *hub, const char *id);
extern const struct http_bodies hub_bundle_bodies;

// --- hub_rollouts.c
void hub_fleet_load_rollout(void *hub, const struct store_rollout *rollout);
bool hub_rollout_needs(const struct hub *hub, const char *bundle);
// What this device should run.
void hub_rollouts_pick(const struct hub *hub, const struct hub_seen *seen,
                       struct api_orders *orders);
// It told that `seen->row` fell back: whatever led to it stops.
void hub_rollouts_fell_back(struct hub *hub, const struct hub_seen *seen);

#endif
