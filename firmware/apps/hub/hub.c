// SPDX-License-Identifier: EUPL-1.2
//
// Wiring of the hub: configuration into a hall, the hall out of the store, listening, the minute.
#include "apps/hub/hub_fleet.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PASS_TIME_MS = 10000, PROMISE_MINUTES = 20, BUNDLE_MS = 10 * 60000 };

static enum err configure_services(struct hub *hub, struct fault *fault);
static enum err configure_service(struct hub *hub, const char *id, struct fault *fault);
static enum err configure_counters(struct hub *hub, struct fault *fault);
static enum err restore(struct hub *hub, struct fault *fault);
static enum err start_day(struct hub *hub, int64_t stored_day, struct fault *fault);
static enum err listen_all(struct hub *hub, struct fault *fault);
static enum err listen_one(struct hub *hub, bool is_enrolment, struct fault *fault);
static void load_ticket(void *ctx, const struct ticket *ticket);
static void load_visit(void *ctx, const struct visit *visit, struct store_blob blob);
static void load_counter(void *ctx, const struct counter *counter);
static void load_service(void *ctx, const struct service *service);
static void load_outbox(void *ctx, const char *key, int64_t when_ms, struct store_blob blob);
static void load_answer(void *ctx, const char *key, const char *device, const uint8_t *request_hash,
                        int status, struct store_blob body);
static void load_day_key(void *ctx, int64_t day, struct store_blob wrapped);
static void load_form(void *ctx, const char *id, const char *visit, const char *request,
                      struct store_blob blob);
static void begin_day(struct hub *hub, int64_t day);
static void tell_waits(struct hub *hub);
static uint32_t services_of(const struct hub *hub, const char *letters);

enum err hub_open(struct hub *hub, const struct hub_options *options, struct fault *fault)
{
    memset(hub, 0, sizeof *hub);
    hub->config = options->config;
    hub->loop = options->loop;
    hub->clock = options->clock;
    hub->store = options->store;
    hub->backoffice = options->backoffice;
    hub_keys_open(hub);
    hub_cards_open(hub);
    enum err err = hub_configure(hub, fault);
    err = err != OK ? err : hub_seal_open(hub, fault);
    err = err != OK ? err : hub_authority_open(hub, fault);
    err = err != OK ? err : hub_outbox_open(hub, fault);
    err = err != OK ? err : hub_fleet_open(hub, fault);
    err = err != OK ? err : restore(hub, fault);
    err = err != OK ? err : hub_commit_start(hub);
    err = err != OK ? err : listen_all(hub, fault);
    err = err != OK ? err : hub_fleet_listen(hub, fault);
    if (err != OK) {
        hub_close(hub);
        return err;
    }
    hub_forms_go_on(hub);
    hub->minute = loop_timer_new(hub->loop, hub_pass_time, hub);
    loop_timer_repeat(hub->minute, PASS_TIME_MS);
    return OK;
}

void hub_close(struct hub *hub)
{
    loop_timer_free(hub->minute);
    hub->minute = NULL;
    hub_commit_stop(hub);
    hub_streams_close(hub);
    http_server_close(hub->server);
    http_server_close(hub->enrolment);
    tls_config_free(hub->tls);
    tls_config_free(hub->enrolment_tls);
    hub_uploads_close(hub);
    hub_outbox_close(hub);
    hub_fleet_close(hub);
    crypto_key_free(hub->authority);
    hub_visit_drop(hub, NULL);
    hub_forms_close(hub);
    hub_keys_close(hub);
    wipe(hub, sizeof *hub);
}

int64_t hub_now_ms(const struct hub *hub)
{
    return clock_now_ms(&hub->clock);
}

void hub_pass_time(void *ctx)
{
    struct hub *hub = ctx;
    int64_t day = clock_local_day(hub_now_ms(hub));
    struct fault fault = {0};
    if (day > hub->hall.day) {
        begin_day(hub, day);
    }
    if (hub->keys_are_old) {
        hub->keys_are_old = !hub_keys_clear(hub); // else with the next minute
    }
    if (hub_read_registry(hub, &fault) != OK) {
        log_error("hub", "registry: %s", fault.text);
    }
    hub_visits_expire(hub);
    tell_waits(hub);
    hub_fleet_pass_time(hub);
}

enum err hub_configure(struct hub *hub, struct fault *fault)
{
    const struct config *config = hub->config;
    const char *location = config_get(config, "location", NULL);
    if (location == NULL || strlen(location) >= LOCATION_ID_BYTES || location[0] == '\0') {
        return fault_set(fault, ERR_MALFORMED, "location: a short name is needed");
    }
    hall_init(&hub->hall, location, clock_local_day(hub_now_ms(hub)));
    if (text_copy(hub->town, sizeof hub->town, config_get(config, "town", "")) != OK ||
        text_copy(hub->data_dir, sizeof hub->data_dir, config_get(config, "data.dir", "data")) !=
            OK ||
        text_copy(hub->portal_issuer, sizeof hub->portal_issuer,
                  config_get(config, "portal.issuer", "")) != OK) {
        return fault_set(fault, ERR_TOO_BIG, "town, data.dir or portal.issuer is too long");
    }
    if (mkdir(hub->data_dir, 0700) != 0 && errno != EEXIST) {
        return fault_set(fault, ERR_IO, "%s: %s", hub->data_dir, strerror(errno));
    }
    enum err err = configure_services(hub, fault);
    return err != OK ? err : configure_counters(hub, fault);
}

enum err hub_open_aside(struct hub *hub, const struct hub_options *options, struct fault *fault)
{
    memset(hub, 0, sizeof *hub);
    hub->config = options->config;
    hub->clock = options->clock;
    hub->store = options->store;
    struct store_state state;
    enum err err = hub_configure(hub, fault);
    err = err != OK ? err : hub_authority_open(hub, fault);
    return err != OK ? err : hub->store->ops->open(hub->store, hub->hall.location, &state, fault);
}

static enum err configure_services(struct hub *hub, struct fault *fault)
{
    // services = parking moving ...: the order of the choice on the kiosk
    char list[CONFIG_VALUE_BYTES];
    CHECK(text_copy(list, sizeof list, config_get(hub->config, "services", "")) == OK);
    char *rest = NULL;
    for (char *id = strtok_r(list, " ", &rest); id != NULL; id = strtok_r(NULL, " ", &rest)) {
        enum err err = configure_service(hub, id, fault);
        if (err != OK) {
            return err;
        }
    }
    return hub->hall.services_count == 0 ? fault_set(fault, ERR_MALFORMED, "services: none") : OK;
}

static enum err configure_service(struct hub *hub, const char *id, struct fault *fault)
{
    static const char *const languages[3] = {"nl", "en", "ar"};
    char key[CONFIG_KEY_BYTES];
    size_t at = hub->hall.services_count;
    struct service service = {.promise_ms = PROMISE_MINUTES * 60000};
    if (text_copy(service.id, sizeof service.id, id) != OK || at == HALL_SERVICES_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "services: %s", id);
    }
    (void)snprintf(key, sizeof key, "service.%s.letter", id);
    service.letter = config_get(hub->config, key, "?")[0];
    int64_t minutes = 0;
    (void)snprintf(key, sizeof key, "service.%s.promise_minutes", id);
    if (config_get_int(hub->config, key, 1, 240, &minutes) == OK) {
        service.promise_ms = minutes * 60000;
    }
    (void)snprintf(key, sizeof key, "service.%s.mean_minutes", id);
    if (config_get_int(hub->config, key, 1, 240, &minutes) == OK) {
        service.mean_ms_prior = minutes * 60000;
    }
    (void)snprintf(key, sizeof key, "service.%s.subject", id);
    const char *subject = config_get(hub->config, key, "letter");
    if (request_subject_from_name(subject, &hub->subjects[at]) != OK) {
        return fault_set(fault, ERR_MALFORMED, "%s: no subject is called %s", key, subject);
    }
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(key, sizeof key, "service.%s.name.%s", id, languages[i]);
        if (text_copy(hub->names[at][i], sizeof hub->names[at][i],
                      config_get(hub->config, key, id)) != OK) {
            return fault_set(fault, ERR_TOO_BIG, "%s", key);
        }
    }
    enum err err = hall_add_service(&hub->hall, &service);
    return err == OK ? OK : fault_set(fault, err, "service %s: its letter will not do", id);
}

static enum err configure_counters(struct hub *hub, struct fault *fault)
{
    // counter.3.services = A B: desk 3 serves these letters; * serves all
    for (size_t i = 0; i < hub->config->entries_count; i++) {
        const struct config_entry *entry = &hub->config->entries[i];
        char desk[DESK_BYTES + 2] = {0};
        int behind = 0;
        if (sscanf(entry->key, "counter.%9[^.].services%n", desk, &behind) != 1 ||
            behind != (int)strlen(entry->key)) {
            continue;
        }
        enum err err = hall_add_counter(&hub->hall, desk, services_of(hub, entry->value));
        if (err != OK) {
            return fault_set(fault, err, "%s: no such desk can be", entry->key);
        }
    }
    return OK;
}

static uint32_t services_of(const struct hub *hub, const char *letters)
{
    uint32_t services = 0;
    for (size_t i = 0; i < hub->hall.services_count; i++) {
        if (strchr(letters, '*') != NULL || strchr(letters, hub->hall.services[i].letter) != NULL) {
            services |= 1U << i;
        }
    }
    return services;
}

static enum err restore(struct hub *hub, struct fault *fault)
{
    struct store_state state;
    enum err err = hub->store->ops->open(hub->store, hub->hall.location, &state, fault);
    if (err != OK) {
        return err;
    }
    hub->event_seq = state.event_seq;
    hub->committed_seq = state.event_seq;
    err = start_day(hub, state.day, fault);
    err = err != OK ? err : hub_read_registry(hub, fault);
    // The day's key first: the sealed halves of all else need it.
    struct store_loader keys = {.day_key = load_day_key, .ctx = hub};
    err = err != OK ? err : hub->store->ops->load(hub->store, hub->hall.day, &keys, fault);
    err = err != OK ? err : hub_seal_day(hub, fault);
    struct store_loader loader = {
        .ticket = load_ticket,
        .visit = load_visit,
        .counter = load_counter,
        .service = load_service,
        .outbox = load_outbox,
        .answer = load_answer,
        .form = load_form,
        .seen = hub_fleet_load_seen,
        .bundle = hub_fleet_load_bundle,
        .rollout = hub_fleet_load_rollout,
        .ctx = hub,
    };
    err = err != OK ? err : hub->store->ops->load(hub->store, hub->hall.day, &loader, fault);
    if (err == OK && hub->fault.err != OK) {
        *fault = hub->fault;
        err = hub->fault.err;
    }
    const char *jwks = config_get(hub->config, "portal.jwks", NULL);
    if (err == OK && jwks != NULL) {
        err = token_keys_read_file(&hub->portal_keys, jwks, fault);
    }
    return err;
}

// A hub that was off at midnight closes the day it missed before it looks at what is stored.
static enum err start_day(struct hub *hub, int64_t stored_day, struct fault *fault)
{
    if (stored_day > hub->hall.day) {
        return fault_set(fault, ERR_STATE, "the clock stands before the last day of the store");
    }
    struct store_change change = {.kind = STORE_DAY, .day = hub->hall.day};
    return stored_day == hub->hall.day ? OK : hub->store->ops->apply(hub->store, &change, 1, fault);
}

static enum err listen_all(struct hub *hub, struct fault *fault)
{
    enum err err = listen_one(hub, false, fault);
    err = err != OK ? err : listen_one(hub, true, fault);
    return err != OK ? err : hub_uploads_open(hub, fault);
}

static enum err listen_one(struct hub *hub, bool is_enrolment, struct fault *fault)
{
    char ca[HUB_PATH_BYTES + 32];
    char pem[HUB_PATH_BYTES + 32];
    char key[HUB_PATH_BYTES + 32];
    (void)snprintf(ca, sizeof ca, "%s/ca.pem", hub->data_dir);
    (void)snprintf(pem, sizeof pem, "%s/hub.pem", hub->data_dir);
    (void)snprintf(key, sizeof key, "%s/hub.key", hub->data_dir);
    struct tls_options options = {
        .is_server = true,
        .wants_peer_certificate = !is_enrolment,
        .ca_file = is_enrolment ? NULL : config_get(hub->config, "hub.client_ca", ca),
        .certificate_file = config_get(hub->config, "hub.certificate", pem),
        .key_file = config_get(hub->config, "hub.key", key)};
    struct tls_config **tls = is_enrolment ? &hub->enrolment_tls : &hub->tls;
    enum err err = tls_config_new(tls, &options, fault);
    if (err != OK) {
        return err;
    }
    int64_t port = 0;
    err = config_get_int(hub->config, is_enrolment ? "hub.enrolment_port" : "hub.port", 0, 65535,
                         &port);
    if (err == ERR_MALFORMED) {
        return fault_set(fault, err, "hub.port: not a port");
    }
    struct http_server_options server = {
        .loop = hub->loop,
        .address = config_get(hub->config, "hub.address", "127.0.0.1"),
        .port = (uint16_t)port,
        .tls = *tls,
        .handler = is_enrolment ? hub_handle_enrolment : hub_handle,
        .bodies = is_enrolment ? NULL : &hub_bundle_bodies,
        .body_ms = BUNDLE_MS,
        .ctx = hub,
    };
    return http_server_open(is_enrolment ? &hub->enrolment : &hub->server, &server, fault);
}

static void load_ticket(void *ctx, const struct ticket *ticket)
{
    struct hub *hub = ctx;
    if (hall_restore_ticket(&hub->hall, ticket) != OK && hub->fault.err == OK) {
        (void)fault_set(&hub->fault, ERR_MALFORMED, "store: ticket %s cannot be", ticket->number);
    }
}

static void load_visit(void *ctx, const struct visit *visit, struct store_blob blob)
{
    struct hub *hub = ctx;
    if (hall_restore_visit(&hub->hall, visit) == OK) {
        hub_visit_restore(hub, visit, blob);
    }
}

static void load_counter(void *ctx, const struct counter *counter)
{
    struct hub *hub = ctx;
    if (hall_restore_counter(&hub->hall, counter) != OK && hub->fault.err == OK) {
        (void)fault_set(&hub->fault, ERR_MALFORMED, "store: desk %s cannot be", counter->desk);
    }
}

static void load_service(void *ctx, const struct service *service)
{
    struct hub *hub = ctx;
    for (size_t i = 0; i < hub->hall.services_count; i++) {
        if (hub->hall.services[i].letter == service->letter) {
            hub->hall.services[i].mean_ms = service->mean_ms;
            hub->hall.services[i].served_count = service->served_count;
            hub->hall.services[i].last_number = service->last_number;
        }
    }
}

static void load_outbox(void *ctx, const char *key, int64_t when_ms, struct store_blob blob)
{
    hub_outbox_restore(ctx, key, when_ms, blob);
}

static void load_answer(void *ctx, const char *key, const char *device, const uint8_t *request_hash,
                        int status, struct store_blob body)
{
    struct hub *hub = ctx;
    char *plain = NULL;
    size_t len = 0;
    if (hub_unseal(hub, "answer", key, body, &plain, &len) == OK) {
        hub_key_restore(hub, key, device, request_hash, status, plain, len);
        wipe(plain, len);
        free(plain);
    }
}

static void load_day_key(void *ctx, int64_t day, struct store_blob wrapped)
{
    hub_seal_loaded_day(ctx, day, wrapped);
}

static void load_form(void *ctx, const char *id, const char *visit, const char *request,
                      struct store_blob blob)
{
    hub_form_restore(ctx, id, visit, request, blob);
}

// Yesterday's tickets close, its key is destroyed, numbers start again.
static void begin_day(struct hub *hub, int64_t day)
{
    struct hall_event event = {.kind = HALL_DAY, .now_ms = hub_now_ms(hub), .day = day};
    struct hall_effects effects;
    CHECK(hall_apply(&hub->hall, &event, &effects) == OK);
    hub_visit_drop(hub, NULL);
    hub_forms_drop(hub);
    hub->keys_are_old = true;
    struct hub_work *work = hub_work_new(hub);
    hub_work_effects(work, &effects, NULL, NULL);
    hub_work_audit(work, "day", hub->hall.location, "closed", "hub", "hub");
    uint8_t wrapped[CRYPTO_KEY_BYTES + CRYPTO_SEAL_BYTES];
    entropy_fill(hub->day_key, sizeof hub->day_key);
    crypto_seal(hub->master_key, "day key", hub->day_key, sizeof hub->day_key, wrapped);
    struct store_change *change = hub_work_change(work, STORE_DAY_KEY);
    change->day_key.day = day;
    change->day_key.wrapped = hub_work_keep_bytes(work, wrapped, sizeof wrapped);
    hub_work_commit(work);
}

// New waiting bands, told when they changed.
static void tell_waits(struct hub *hub)
{
    for (size_t i = 0; i < hub->hall.services_count; i++) {
        const struct service *service = &hub->hall.services[i];
        struct wait_band band = wait_estimate(&hub->hall, NULL, service->letter, hub_now_ms(hub));
        struct wait_band *last = &hub->waits[i];
        bool is_same = band.is_known == last->is_known && band.minutes_min == last->minutes_min &&
                       band.minutes_max == last->minutes_max;
        *last = band;
        if (is_same) {
            continue;
        }
        struct api_event event = {.kind = API_EVENT_SERVICE};
        event.service.letter = service->letter;
        memcpy(event.service.id, service->id, sizeof event.service.id);
        memcpy(event.service.names, hub->names[i], sizeof event.service.names);
        event.service.subject = hub->subjects[i];
        event.service.wait = band;
        event.service.waiting = (unsigned)queue_count(&hub->hall.queues[i]);
        struct hub_work *work = hub_work_new(hub);
        hub_work_event(work, &event);
        hub_work_commit(work);
    }
}
