// SPDX-License-Identifier: EUPL-1.2
//
// What Prometheus reads (text format 0.0.4): counts and times of the hub and its devices. SPEC.md
// has the table. Names of devices and services, states and numbers; nothing of a visitor.
#include "apps/hub/hub_fleet.h"

#include "adapters/source.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { METRICS_BYTES = 1024 * 1024 };

static const int64_t steps_us[HUB_LATENCY_STEPS] = {500,   1000,  2500,   5000,   10000,
                                                    25000, 50000, 100000, 250000, 1000000};

static void tell_hub(const struct hub *hub, struct text *out);
static void tell_hall(const struct hub *hub, struct text *out);
static void tell_commits(const struct hub *hub, struct text *out);
static void tell_outside(const struct hub *hub, struct text *out);
static void tell_source(void *ctx, const char *name, const struct source_counts *counts);
static void tell_fleet(const struct hub *hub, struct text *out);
static void tell_devices(const struct hub *hub, struct text *out);
static void tell_parts(const struct hub *hub, struct text *out);
static void tell_updates(const struct hub *hub, struct text *out);
static void head(struct text *out, const char *name, const char *kind, const char *help);
static void label(struct text *out, const char *name, const char *value);
static void value(struct text *out, int64_t number);
static bool is_told(const struct hub *hub, const struct store_device *device);
static bool is_up(const struct hub *hub, const struct store_device *device);

void hub_get_metrics(struct hub_call *call)
{
    const struct hub *hub = call->hub;
    char *words = malloc(METRICS_BYTES);
    CHECK(words != NULL);
    struct text out;
    text_init(&out, words, METRICS_BYTES);
    tell_hub(hub, &out);
    tell_hall(hub, &out);
    tell_commits(hub, &out);
    tell_outside(hub, &out);
    tell_fleet(hub, &out);
    tell_devices(hub, &out);
    tell_parts(hub, &out);
    tell_updates(hub, &out);
    CHECK(!out.is_cut); // every table is bounded
    http_reply(call->request,
               &(struct http_answer){.status = 200,
                                     .content_type = "text/plain; version=0.0.4; charset=utf-8",
                                     .body = words,
                                     .body_len = out.len});
    free(words);
}

void hub_count_commit(struct hub *hub, int64_t us)
{
    struct hub_counts *counts = &hub->fleet->counts;
    size_t step = 0;
    while (step < HUB_LATENCY_STEPS && us > steps_us[step]) {
        step += 1;
    }
    counts->commit_steps[step] += 1;
    counts->commits += 1;
    counts->commit_us += (uint64_t)us;
}

static void tell_hub(const struct hub *hub, struct text *out)
{
    head(out, "inloop_build_info", "gauge", "Version of the image the hub runs from.");
    text_add(out, "inloop_build_info");
    label(out, "{version", config_get(hub->config, "version", "unknown"));
    label(out, ",location", hub->hall.location);
    text_add(out, "}");
    value(out, 1);
    head(out, "inloop_connections", "gauge", "Lines from devices.");
    text_add(out, "inloop_connections");
    value(out, (int64_t)http_server_connections(hub->server));
    head(out, "inloop_streams", "gauge", "Devices that follow the events.");
    text_add(out, "inloop_streams");
    value(out, (int64_t)hub->streams_count);
}

static void tell_hall(const struct hub *hub, struct text *out)
{
    static const char *const states[] = {"closed", "free", "busy", "paused"};
    int64_t desks[sizeof states / sizeof states[0]] = {0};
    head(out, "inloop_waiting", "gauge", "Tickets that wait, by service.");
    for (size_t i = 0; i < hub->hall.services_count; i++) {
        const char letter[2] = {hub->hall.services[i].letter, '\0'};
        text_add(out, "inloop_waiting");
        label(out, "{service", hub->hall.services[i].id);
        label(out, ",letter", letter);
        text_add(out, "}");
        value(out, (int64_t)queue_count(&hub->hall.queues[i]));
    }
    for (size_t i = 0; i < hub->hall.counters_count; i++) {
        desks[hub->hall.counters[i].state] += 1;
    }
    head(out, "inloop_desks", "gauge", "Desks, by state.");
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        text_add(out, "inloop_desks");
        label(out, "{state", states[i]);
        text_add(out, "}");
        value(out, desks[i]);
    }
    head(out, "inloop_tickets_total", "counter", "Tickets issued.");
    text_add(out, "inloop_tickets_total");
    value(out, (int64_t)hub->fleet->counts.tickets);
    head(out, "inloop_calls_total", "counter", "Calls to a desk, repeated ones too.");
    text_add(out, "inloop_calls_total");
    value(out, (int64_t)hub->fleet->counts.calls);
}

static void tell_commits(const struct hub *hub, struct text *out)
{
    const struct hub_counts *counts = &hub->fleet->counts;
    uint64_t sum = 0;
    head(out, "inloop_commit_seconds", "histogram", "Time until a transaction is on the disk.");
    for (size_t i = 0; i < HUB_LATENCY_STEPS; i++) {
        sum += counts->commit_steps[i];
        text_format(out, "inloop_commit_seconds_bucket{le=\"%lld.%04lld\"} %llu\n",
                    (long long)(steps_us[i] / 1000000), (long long)(steps_us[i] % 1000000 / 100),
                    (unsigned long long)sum);
    }
    text_format(out, "inloop_commit_seconds_bucket{le=\"+Inf\"} %llu\n",
                (unsigned long long)counts->commits);
    text_format(out, "inloop_commit_seconds_sum %llu.%06llu\n",
                (unsigned long long)(counts->commit_us / 1000000),
                (unsigned long long)(counts->commit_us % 1000000));
    text_format(out, "inloop_commit_seconds_count %llu\n", (unsigned long long)counts->commits);
}

static void tell_outside(const struct hub *hub, struct text *out)
{
    head(out, "inloop_outbox_waiting", "gauge", "Contacts on their way to the register.");
    text_add(out, "inloop_outbox_waiting");
    value(out, (int64_t)hub_outbox_waiting());
    head(out, "inloop_contacts_total", "counter", "Contacts that left the outbox.");
    text_add(out, "inloop_contacts_total{result=\"delivered\"}");
    value(out, (int64_t)hub->fleet->counts.contacts_delivered);
    text_add(out, "inloop_contacts_total{result=\"given_up\"}");
    value(out, (int64_t)hub->fleet->counts.contacts_given_up);
    head(out, "inloop_backoffice_answers_total", "counter",
         "Answers of the municipality's systems.");
    source_each_count(tell_source, out);
}

static void tell_source(void *ctx, const char *name, const struct source_counts *counts)
{
    struct text *out = ctx;
    const struct {
        const char *result;
        uint64_t number;
    } lines[] = {{"good", counts->good}, {"refused", counts->refused}, {"failed", counts->failed}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        text_add(out, "inloop_backoffice_answers_total");
        label(out, "{source", name);
        label(out, ",result", lines[i].result);
        text_add(out, "}");
        value(out, (int64_t)lines[i].number);
    }
}

static void tell_fleet(const struct hub *hub, struct text *out)
{
    int64_t counts[ROLES_COUNT][3] = {{0}}; // up, down, revoked
    static const char *const states[3] = {"up", "down", "revoked"};
    for (size_t i = 0; i < hub->devices_count; i++) {
        const struct store_device *device = &hub->devices[i];
        if (hub_device_find(hub, device->id) == device) {
            counts[device->role][device->is_revoked ? 2 : is_up(hub, device) ? 0 : 1] += 1;
        }
    }
    head(out, "inloop_devices", "gauge", "Devices of the registry, by role and state.");
    for (size_t role = ROLE_KIOSK; role < ROLES_COUNT; role++) {
        for (size_t state = 0; state < 3; state++) {
            text_add(out, "inloop_devices");
            label(out, "{role", hub_role_name((enum store_role)role));
            label(out, ",state", states[state]);
            text_add(out, "}");
            value(out, counts[role][state]);
        }
    }
}

static void tell_devices(const struct hub *hub, struct text *out)
{
    head(out, "inloop_device_up", "gauge", "1: it reported within three minutes.");
    for (size_t i = 0; i < hub->devices_count; i++) {
        const struct store_device *device = &hub->devices[i];
        if (is_told(hub, device)) {
            text_add(out, "inloop_device_up");
            label(out, "{device", device->id);
            label(out, ",role", hub_role_name(device->role));
            text_add(out, "}");
            value(out, is_up(hub, device));
        }
    }
    head(out, "inloop_device_last_seen_seconds", "gauge", "When it reported last, since 1970.");
    for (size_t i = 0; i < hub->devices_count; i++) {
        const struct store_device *device = &hub->devices[i];
        const struct hub_seen *seen = hub_seen_find(hub, device->id);
        if (is_told(hub, device) && seen != NULL && hub_seen_ms(seen) > 0) {
            text_add(out, "inloop_device_last_seen_seconds");
            label(out, "{device", device->id);
            text_add(out, "}");
            value(out, hub_seen_ms(seen) / 1000);
        }
    }
}

static void tell_parts(const struct hub *hub, struct text *out)
{
    head(out, "inloop_device_part_ok", "gauge", "0: the part needs somebody.");
    for (size_t i = 0; i < hub->fleet->seen_count; i++) {
        const struct hub_seen *seen = hub->fleet->seen[i];
        const struct store_device *device = hub_device_find(hub, seen->row.device);
        for (size_t part = 0;
             device != NULL && !device->is_revoked && seen->has_report && part < HEALTH_PARTS_COUNT;
             part++) {
            if (seen->report.parts[part] == HEALTH_UNUSED) {
                continue;
            }
            text_add(out, "inloop_device_part_ok");
            label(out, "{device", device->id);
            label(out, ",part", health_part_name((enum health_part)part));
            label(out, ",state", health_state_name(seen->report.parts[part]));
            text_add(out, "}");
            value(out, seen->report.parts[part] == HEALTH_OK);
        }
    }
}

static void tell_updates(const struct hub *hub, struct text *out)
{
    int64_t counts[API_UPDATE_STATES_COUNT] = {0};
    int64_t running = 0;
    for (size_t i = 0; i < hub->fleet->seen_count; i++) {
        const struct hub_seen *seen = hub->fleet->seen[i];
        const struct store_device *device = hub_device_find(hub, seen->row.device);
        counts[seen->row.update_state] += device != NULL && !device->is_revoked;
    }
    for (size_t i = 0; i < hub->fleet->rollouts_count; i++) {
        running += !hub->fleet->rollouts[i].is_stopped;
    }
    head(out, "inloop_devices_updating", "gauge", "Devices, by the state of their update.");
    for (size_t i = 0; i < API_UPDATE_STATES_COUNT; i++) {
        text_add(out, "inloop_devices_updating");
        label(out, "{state", api_update_state_name((enum api_update_state)i));
        text_add(out, "}");
        value(out, counts[i]);
    }
    head(out, "inloop_rollouts_running", "gauge", "Rollouts that are not stopped.");
    text_add(out, "inloop_rollouts_running");
    value(out, running);
    head(out, "inloop_bundle_bytes_total", "counter", "Bytes of updates that devices asked for.");
    text_add(out, "inloop_bundle_bytes_total");
    value(out, (int64_t)hub->fleet->counts.bundle_bytes);
}

static void head(struct text *out, const char *name, const char *kind, const char *help)
{
    text_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

// `name` with the bracket or comma before it.
static void label(struct text *out, const char *name, const char *words)
{
    text_format(out, "%s=\"", name);
    for (const char *c = words; *c != '\0'; c++) {
        if (*c == '\\' || *c == '"') {
            text_add(out, "\\");
        }
        text_add_bytes(out, *c == '\n' ? "\\n" : c, *c == '\n' ? 2 : 1);
    }
    text_add(out, "\"");
}

static void value(struct text *out, int64_t number)
{
    text_format(out, " %lld\n", (long long)number);
}

// Once a name, and not what was revoked.
static bool is_told(const struct hub *hub, const struct store_device *device)
{
    return !device->is_revoked && hub_device_find(hub, device->id) == device;
}

static bool is_up(const struct hub *hub, const struct store_device *device)
{
    const struct hub_seen *seen = hub_seen_find(hub, device->id);
    return seen != NULL && hub_now_ms(hub) - hub_seen_ms(seen) < HUB_SILENT_MS;
}
