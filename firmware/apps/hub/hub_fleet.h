// SPDX-License-Identifier: EUPL-1.2
//
// What the files about devices share: hub_devices.c (what devices report and technicians ask of
// them), hub_codes.c (one-time and service codes, the hub's own box), hub_bundles.c (updates that
// come and go), hub_rollouts.c (who runs what) and hub_metrics.c. For those only.
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
};

// A device as it said it is. Heap, from its first report or from the store, by its name.
struct hub_seen {
    struct store_seen row; // as the store has it, or is about to
    int64_t seen_ms;       // 0: not since the hub started; then the row's time stands
    int64_t usb_ms;        // newest refused device that was audited
    bool has_health;       // of the program that serves visitors, or of the agent
    bool has_report;       // of the agent
    struct api_report report;
    bool wants_log;
    char *log; // redacted; NULL: none
    size_t log_len;
    int64_t log_ms;
};

struct hub_coming; // hub_bundles.c: a bundle on its way

struct hub_fleet {
    struct hub_seen *seen[HUB_DEVICES_MAX];
    size_t seen_count;
    struct store_bundle bundles[HUB_BUNDLES_MAX]; // the oldest first
    size_t bundles_count;
    struct store_rollout rollouts[HUB_ROLLOUTS_MAX]; // the oldest first
    size_t rollouts_count;
    struct hub_coming *coming[HUB_BUNDLES_COMING_MAX];
    char folder[HUB_PATH_BYTES + 16]; // of the bundles
    char town[STORE_TOWN_BYTES];      // short; "": only bundles of every town
    char fingerprint[STORE_HASH_BYTES * 2 + 1];
    char url[API_URL_BYTES / 2];           // where devices are served
    char enrolment_url[API_URL_BYTES / 2]; // where they get their certificate
    struct crypto_key *service_key;
    char service_pem[CRYPTO_PEM_BYTES]; // its public half
};

#endif
