// SPDX-License-Identifier: EUPL-1.2
//
// A device's report and its orders.
#include "link/api_fleet.h"

#include "base/bytes.h"
#include "base/text.h"
#include "link/api_parts.h"

#include <string.h>

static const char *update_word(size_t index);
static const char *part_state_word(size_t index);
static enum err read_lists(const struct json *json, struct api_report *report, struct fault *fault);
static enum err read_parts(const struct json *json, struct api_report *report, struct fault *fault);
static bool is_usb(const char *words);

static const struct api_names update_names = {API_UPDATE_STATES_COUNT, update_word};
static const struct api_names part_state_names = {HEALTH_STATES_COUNT, part_state_word};

static const struct api_field report_fields[] = {
    {"board", API_ID, API_AT(struct api_report, board)},
    {"uptime_s", API_WHOLE, API_AT(struct api_report, uptime_s), .max = UINT32_MAX},
    {"is_drawn", API_TRUTH, API_AT(struct api_report, is_drawn)},
    {"is_connected", API_TRUTH, API_AT(struct api_report, is_connected)},
    {"is_busy", API_TRUTH, API_AT(struct api_report, is_busy)},
};
static const struct api_shape report_shape = API_SHAPE(report_fields);

static const struct api_field usb_fields[] = {
    {"usb", API_ID, API_AT(struct api_usb_refused, usb), .is_required = true},
    {"kind", API_WORDS, API_AT(struct api_usb_refused, kind)},
    {"at", API_TIME, API_AT(struct api_usb_refused, at_ms)},
};
static const struct api_shape usb_shape = API_SHAPE(usb_fields);

static const struct api_field update_fields[] = {
    {"state", API_NAME, API_AT(struct api_update, state), .is_required = true,
     .names = &update_names},
    {"version", API_ID, API_AT(struct api_update, version)},
    {"reason", API_WORDS, API_AT(struct api_update, reason)},
};
static const struct api_shape update_shape = API_SHAPE(update_fields);

struct part_of {
    enum health_state state;
};
static const struct api_field part_fields[] = {
    {"state", API_NAME, API_AT(struct part_of, state), .is_required = true,
     .names = &part_state_names},
};

static const struct api_field orders_fields[] = {
    {"wants_log", API_TRUTH, API_AT(struct api_orders, wants_log), .is_required = true},
    {"now", API_TIME, API_AT(struct api_orders, now_ms), .is_required = true},
};
static const struct api_shape orders_shape = API_SHAPE(orders_fields);

static const struct api_field run_fields[] = {
    {"bundle", API_ID, API_AT(struct api_orders, run.bundle), .is_required = true},
    {"version", API_ID, API_AT(struct api_orders, run.version), .is_required = true},
    {"bytes", API_WHOLE, API_AT(struct api_orders, run.bytes), .is_required = true,
     .max = INT32_MAX},
    {"sha256", API_ID, API_AT(struct api_orders, run.sha256), .is_required = true},
    {"from", API_ID, API_AT(struct api_orders, run.from), .is_required = true},
    {"to", API_ID, API_AT(struct api_orders, run.to), .is_required = true},
};
static const struct api_shape run_shape = API_SHAPE(run_fields);

const char *api_update_state_name(enum api_update_state state)
{
    return update_word((size_t)state);
}

enum err api_report_read(const struct json *json, struct api_report *report, struct fault *fault)
{
    memset(report, 0, sizeof *report);
    enum err err = api_health_read(json, &report->health, fault);
    err = err != OK ? err : api_shape_read(json, &report_shape, report, fault);
    err = err != OK ? err : read_parts(json, report, fault);
    err = err != OK ? err : read_lists(json, report, fault);
    const struct json *update = json_get(json, "update");
    if (err == OK && !json_is_absent(update)) {
        err = api_within(api_shape_read(update, &update_shape, &report->update, fault), "update",
                         fault);
    }
    if (err == OK && report->board[0] == '\0') {
        const struct api_health health = report->health; // the rest is not its to say
        memset(report, 0, sizeof *report);
        report->health = health;
    }
    return api_done(err, report, sizeof *report);
}

struct json *api_report_write(const struct api_report *report)
{
    struct json *json = api_health_write(&report->health);
    if (report->board[0] != '\0') {
        api_report_add(json, report);
    }
    return json;
}

void api_report_add(struct json *json, const struct api_report *report)
{
    api_shape_write(json, &report_shape, report);
    struct json *parts = json_new_object();
    for (size_t i = 0; i < HEALTH_PARTS_COUNT; i++) {
        json_set_text(parts, health_part_name((enum health_part)i),
                      health_state_name(report->parts[i]));
    }
    json_set(json, "parts", parts);
    struct json *list = json_new_array();
    for (size_t i = 0; i < report->usb_refused_count; i++) {
        struct json *refused = json_new_object();
        api_shape_write(refused, &usb_shape, &report->usb_refused[i]);
        json_append(list, refused);
    }
    json_set(json, "usb_refused", list);
    list = json_new_array();
    for (size_t i = 0; i < report->faults_count; i++) {
        json_append(list, api_words_new(report->faults[i]));
    }
    json_set(json, "faults", list);
    struct json *update = json_new_object();
    api_shape_write(update, &update_shape, &report->update);
    json_set(json, "update", update);
}

enum err api_orders_read(const struct json *json, struct api_orders *orders, struct fault *fault)
{
    memset(orders, 0, sizeof *orders);
    enum err err = api_shape_read(json, &orders_shape, orders, fault);
    const struct json *run = json_get(json, "run");
    if (err == OK && !json_is_absent(run)) {
        orders->has_run = true;
        err = api_within(api_shape_read(run, &run_shape, orders, fault), "run", fault);
    }
    if (err == OK && orders->has_run &&
        (!api_clock_is(orders->run.from) || !api_clock_is(orders->run.to) ||
         strlen(orders->run.sha256) != API_SHA256_TEXT_BYTES - 1 || orders->run.bytes == 0)) {
        err = fault_set(fault, ERR_MALFORMED, "run: its window, hash or size cannot be");
    }
    return api_done(err, orders, sizeof *orders);
}

struct json *api_orders_write(const struct api_orders *orders)
{
    struct json *json = json_new_object();
    struct json *run = json_new_null();
    if (orders->has_run) {
        json_free(run);
        run = json_new_object();
        api_shape_write(run, &run_shape, orders);
    }
    json_set(json, "run", run);
    api_shape_write(json, &orders_shape, orders);
    return json;
}

bool api_clock_is(const char *words)
{
    int64_t hour = 0;
    int64_t minute = 0;
    char digits[API_CLOCK_BYTES];
    if (text_copy(digits, sizeof digits, words) != OK || strlen(digits) != 5 || digits[2] != ':') {
        return false;
    }
    digits[2] = '\0';
    return text_to_int64(digits, 0, 23, &hour) == OK &&
           text_to_int64(digits + 3, 0, 59, &minute) == OK;
}

static const char *update_word(size_t index)
{
    static const char *const words[API_UPDATE_STATES_COUNT] = {
        "none", "downloading", "waiting", "installing", "trying", "blessed", "refused", "fell_back",
    };
    CHECK(index < API_UPDATE_STATES_COUNT);
    return words[index];
}

static const char *part_state_word(size_t index)
{
    return health_state_name((enum health_state)index);
}

static enum err read_parts(const struct json *json, struct api_report *report, struct fault *fault)
{
    const struct json *parts = json_get(json, "parts");
    if (json_is_absent(parts)) {
        return OK;
    }
    if (!json_has_keys(parts)) {
        return fault_set(fault, ERR_MALFORMED, "parts: must be an object");
    }
    for (size_t i = 0; i < HEALTH_PARTS_COUNT; i++) {
        struct api_field field = part_fields[0];
        field.name = health_part_name((enum health_part)i);
        field.is_required = false;
        const struct api_shape shape = {.fields = &field, .fields_count = 1};
        struct part_of part = {0};
        enum err err = api_within(api_shape_read(parts, &shape, &part, fault), "parts", fault);
        if (err != OK) {
            return err;
        }
        report->parts[i] = part.state;
    }
    return OK;
}

static enum err read_lists(const struct json *json, struct api_report *report, struct fault *fault)
{
    const struct json *refused = NULL;
    const struct json *faults = NULL;
    enum err err = api_list(json, "usb_refused", API_USB_REFUSED_MAX, &refused, fault);
    err = err != OK ? err : api_list(json, "faults", API_FAULTS_MAX, &faults, fault);
    for (size_t i = 0; err == OK && i < json_len(refused); i++) {
        struct api_usb_refused *into = &report->usb_refused[i];
        err = api_shape_read(json_at(refused, i), &usb_shape, into, fault);
        if (err == OK && !is_usb(into->usb)) {
            err = fault_set(fault, ERR_MALFORMED, "usb: must be vendor:product");
        }
        err = api_within(err, "usb_refused", fault);
        report->usb_refused_count = i + 1;
    }
    for (size_t i = 0; err == OK && i < json_len(faults); i++) {
        if (api_words(json_at(faults, i), report->faults[i], sizeof report->faults[i]) != OK ||
            report->faults[i][0] == '\0') {
            err = fault_set(fault, ERR_MALFORMED, "faults: must be printable texts in their limit");
        }
        report->faults_count = i + 1;
    }
    return err;
}

static bool is_usb(const char *words)
{
    static const char hex[] = "0123456789abcdef";
    return strlen(words) == 9 && strspn(words, hex) == 4 && words[4] == ':' &&
           strspn(words + 5, hex) == 4;
}
