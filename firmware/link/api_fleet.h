// SPDX-License-Identifier: EUPL-1.2
//
// What a device's agent tells the hub of the device, and what the hub answers it to run. The lists
// a technician reads are plain JSON (assets/api/hub-1.yaml): only people read those.
//
//   POST /devices/health   [device roles, hub]  report   -> 200 orders
//   POST /devices/log      [device roles, hub]  {"log"}  -> 200 {}
//   GET  /bundles/{bundle} [device roles, hub]  -> 200 or, with "Range: bytes=N-", 206
#ifndef INLOOP_LINK_API_FLEET_H
#define INLOOP_LINK_API_FLEET_H

#include "base/health.h"
#include "link/api.h"

enum {
    API_VERSION_BYTES = 24,
    API_BOARD_BYTES = 24,
    API_BUNDLE_BYTES = 48, // "<board>-<version>"
    API_USB_REFUSED_MAX = 8,
    API_FAULTS_MAX = 8,
    API_FAULT_BYTES = 121,
    API_UPDATE_REASON_BYTES = 120,
    API_LOG_BYTES_MAX = 48 * 1024,
    API_CLOCK_BYTES = 6, // "22:00"
    API_SHA256_TEXT_BYTES = 65,
};

enum api_update_state {
    API_UPDATE_NONE,
    API_UPDATE_DOWNLOADING,
    API_UPDATE_WAITING,
    API_UPDATE_INSTALLING,
    API_UPDATE_TRYING,
    API_UPDATE_BLESSED,
    API_UPDATE_REFUSED,
    API_UPDATE_FELL_BACK,
    API_UPDATE_STATES_COUNT,
};
const char *api_update_state_name(enum api_update_state state);

struct api_update {
    enum api_update_state state;
    char version[API_VERSION_BYTES];
    char reason[API_UPDATE_REASON_BYTES];
};

struct api_usb_refused {
    char usb[10];  // "0781:5567"
    char kind[16]; // "storage"; may be empty
    int64_t at_ms;
};

// Without a `board` it is of the program that serves visitors: then only `health` counts.
struct api_report {
    struct api_health health;
    char board[API_BOARD_BYTES];
    uint32_t uptime_s;
    bool is_drawn;
    bool is_connected;
    bool is_busy;
    enum health_state parts[HEALTH_PARTS_COUNT];
    struct api_usb_refused usb_refused[API_USB_REFUSED_MAX];
    size_t usb_refused_count;
    char faults[API_FAULTS_MAX][API_FAULT_BYTES];
    size_t faults_count;
    struct api_update update;
};
MUST_USE enum err api_report_read(const struct json *json, struct api_report *report,
                                  struct fault *fault);
struct json *api_report_write(const struct api_report *report);
// Puts its parts, faults and so on into an object of the caller's.
void api_report_add(struct json *json, const struct api_report *report);

struct api_orders {
    bool has_run; // false: what runs is right
    struct {
        char bundle[API_BUNDLE_BYTES];
        char version[API_VERSION_BYTES];
        uint64_t bytes;
        char sha256[API_SHA256_TEXT_BYTES];
        char from[API_CLOCK_BYTES]; // local time; the same as `to`: at any time
        char to[API_CLOCK_BYTES];
    } run;
    bool wants_log;
    int64_t now_ms; // the hub's clock
};
MUST_USE enum err api_orders_read(const struct json *json, struct api_orders *orders,
                                  struct fault *fault);
struct json *api_orders_write(const struct api_orders *orders);

// "HH:MM", 00:00 to 23:59.
bool api_clock_is(const char *words);

#endif
