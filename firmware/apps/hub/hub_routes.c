// SPDX-License-Identifier: EUPL-1.2
//
// The one table of routes and roles, and the way every request goes: device, route, role, body,
// key, handler. What is not in the table is refused.
#include "apps/hub/hub.h"

#include "base/log.h"
#include "base/text.h"

#include <string.h>

enum { KEY_CHARS_MIN = 16, PATH_PARTS_MAX = 8 };

#define ROLE(role) (1U << (role))
#define EVERY_ROLE                                                                                 \
    (ROLE(ROLE_KIOSK) | ROLE(ROLE_COUNTER) | ROLE(ROLE_DISPLAY) | ROLE(ROLE_TECHNICIAN))

const struct hub_route hub_routes[] = {
    {"POST", "/visits", ROLE(ROLE_KIOSK), hub_post_visits},
    {"POST", "/visits/{}/second-fact", ROLE(ROLE_KIOSK), hub_post_second_fact},
    {"GET", "/visits/{}", ROLE(ROLE_KIOSK), hub_get_visit},
    {"POST", "/visits/{}/end", ROLE(ROLE_KIOSK), hub_post_visit_end},
    {"POST", "/visits/{}/requests", ROLE(ROLE_KIOSK), hub_post_visit_requests},
    {"POST", "/visits/{}/forms", ROLE(ROLE_KIOSK), hub_post_visit_forms},
    {"GET", "/catalogue", ROLE(ROLE_KIOSK), hub_get_catalogue},
    {"GET", "/forms/{}", ROLE(ROLE_KIOSK) | ROLE(ROLE_COUNTER), hub_get_form},
    {"POST", "/forms/{}/answers", ROLE(ROLE_KIOSK) | ROLE(ROLE_COUNTER), hub_post_form_answers},
    {"POST", "/forms/{}/send", ROLE(ROLE_KIOSK) | ROLE(ROLE_COUNTER), hub_post_form_send},
    {"POST", "/forms/{}/pen", ROLE(ROLE_KIOSK) | ROLE(ROLE_COUNTER), hub_post_form_pen},
    {"POST", "/forms/{}/uploads", ROLE(ROLE_KIOSK) | ROLE(ROLE_COUNTER), hub_post_form_uploads},
    {"GET", "/forms/{}/uploads", ROLE(ROLE_KIOSK) | ROLE(ROLE_COUNTER), hub_get_form_uploads},
    {"POST", "/tickets/{}/form", ROLE(ROLE_COUNTER), hub_post_ticket_form},
    {"POST", "/tickets", ROLE(ROLE_KIOSK), hub_post_tickets},
    {"POST", "/tickets/{}/print", ROLE(ROLE_KIOSK), hub_post_print},
    {"POST", "/calls", ROLE(ROLE_COUNTER), hub_post_calls},
    {"POST", "/tickets/{}/transitions", ROLE(ROLE_COUNTER), hub_post_transitions},
    {"GET", "/tickets/{}/context", ROLE(ROLE_COUNTER), hub_get_context},
    {"GET", "/tickets/{}/why", ROLE(ROLE_KIOSK) | ROLE(ROLE_COUNTER), hub_get_why},
    {"POST", "/counters/{}/session", ROLE(ROLE_COUNTER), hub_post_session},
    {"GET", "/state", EVERY_ROLE, hub_get_state},
    {"GET", "/events", EVERY_ROLE, hub_get_events},
    {"POST", "/devices/health", EVERY_ROLE | ROLE(ROLE_HUB), hub_post_health},
    {"POST", "/devices/log", EVERY_ROLE | ROLE(ROLE_HUB), hub_post_log},
    {"GET", "/devices", ROLE(ROLE_TECHNICIAN), hub_get_devices},
    {"POST", "/devices/{}/codes", ROLE(ROLE_TECHNICIAN), hub_post_codes},
    {"POST", "/devices/{}/revoke", ROLE(ROLE_TECHNICIAN), hub_post_revoke},
    {"POST", "/devices/{}/service-codes", ROLE(ROLE_TECHNICIAN), hub_post_service_codes},
    {"POST", "/devices/{}/log-requests", ROLE(ROLE_TECHNICIAN), hub_post_log_requests},
    {"GET", "/devices/{}/log", ROLE(ROLE_TECHNICIAN), hub_get_log},
    {"POST", "/staff", ROLE(ROLE_TECHNICIAN), hub_post_staff},
    {"GET", "/bundles", ROLE(ROLE_TECHNICIAN), hub_get_bundles},
    {"POST", "/bundles", ROLE(ROLE_TECHNICIAN), hub_post_bundles},
    {"GET", "/bundles/{}", EVERY_ROLE | ROLE(ROLE_HUB), hub_get_bundle},
    {"GET", "/rollouts", ROLE(ROLE_TECHNICIAN), hub_get_rollouts},
    {"POST", "/rollouts", ROLE(ROLE_TECHNICIAN), hub_post_rollouts},
    {"POST", "/rollouts/{}/stop", ROLE(ROLE_TECHNICIAN), hub_post_rollout_stop},
};
const size_t hub_routes_count = sizeof hub_routes / sizeof hub_routes[0];

// Not of a location.
static const struct hub_route bare_routes[] = {
    {"GET", "/metrics", ROLE(ROLE_TECHNICIAN) | ROLE(ROLE_INTEGRATOR), hub_get_metrics},
};

enum hub_post_way {
    HUB_POST_ONCE,  // its answer is kept under its key
    HUB_POST_AGAIN, // asked twice is done twice, and no harm
    HUB_POST_BYTES, // its body came in pieces (hub_bundles.c)
};

// All others once.
static const struct {
    void (*handle)(struct hub_call *call);
    enum hub_post_way way;
} ways[] = {
    {hub_post_health, HUB_POST_AGAIN}, {hub_post_log, HUB_POST_AGAIN},
    {hub_post_codes, HUB_POST_AGAIN},  {hub_post_service_codes, HUB_POST_AGAIN},
    {hub_post_staff, HUB_POST_AGAIN},  {hub_post_bundles, HUB_POST_BYTES},
};

static void serve(struct hub *hub, struct http_request *request);
static bool known_device(const struct hub *hub, const struct http_request *request,
                         struct store_device *device);
static bool path_matches(const char *pattern, const char *path, char *id, size_t id_bytes);
static bool is_bare(const char *path);
static const struct hub_route *find_route(const char *method, const char *path, char *id,
                                          size_t id_bytes, bool *path_is_known);
static void run_post(struct hub_call *call, const struct hub_route *route);
static enum hub_post_way way_of(const struct hub_route *route);
static bool is_key(const char *key);

void hub_handle(void *ctx, struct http_request *request)
{
    struct hub_coming *coming = http_request_user(request); // a bundle, whoever brought it
    serve(ctx, request);
    hub_coming_end(coming);
}

static void serve(struct hub *hub, struct http_request *request)
{
    char prefix[64];
    struct text text;
    text_init(&text, prefix, sizeof prefix);
    text_format(&text, "/v1/locations/%s", hub->hall.location);
    const char *path = http_request_path(request);
    struct hub_call call = {.hub = hub, .request = request};
    if (text_equal(path, "/v1/health") && text_equal(http_request_method(request), "GET")) {
        static const char ok[] = "{\"status\":\"ok\"}";
        http_reply(request,
                   &(struct http_answer){.status = 200, .body = ok, .body_len = sizeof ok - 1});
        return;
    }
    // A copy: a handler may read the registry again, and its rows move.
    struct store_device device;
    call.device = &device;
    if (!known_device(hub, request, &device)) {
        hub_refuse(&call, 403, "unauthorized");
        return;
    }
    const size_t prefix_len = is_bare(path) ? 0 : text.len;
    if (prefix_len > 0 && !text_starts_with(path, prefix)) {
        hub_refuse(&call, 404, "not_found");
        return;
    }
    char id[API_BUNDLE_BYTES];
    bool path_is_known = false;
    const struct hub_route *route =
        find_route(http_request_method(request), path + prefix_len, id, sizeof id, &path_is_known);
    if (route == NULL) {
        hub_refuse(&call, path_is_known ? 405 : 404, path_is_known ? "not_now" : "not_found");
        return;
    }
    if ((route->roles & ROLE(call.device->role)) == 0) {
        hub_refuse(&call, 403, "unauthorized");
        return;
    }
    call.id = id;
    if (text_equal(route->method, "POST")) {
        run_post(&call, route);
    } else {
        route->handle(&call);
    }
}

// By the certificate's fingerprint in the registry, never by text inside the certificate.
bool hub_find_device(const struct hub *hub, const uint8_t fingerprint[STORE_HASH_BYTES],
                     struct store_device *device)
{
    for (size_t i = 0; i < hub->devices_count; i++) {
        if (memcmp(hub->devices[i].fingerprint, fingerprint, STORE_HASH_BYTES) == 0) {
            *device = hub->devices[i];
            return !device->is_revoked;
        }
    }
    return false;
}

void hub_refuse(struct hub_call *call, int status, const char *code)
{
    if (call->entry != NULL) {
        hub_key_forget(call->hub, call->entry);
    }
    http_reply_problem(call->request, status, code, NULL);
}

void hub_refuse_err(struct hub_call *call, enum err err, const struct fault *fault)
{
    static const struct {
        enum err err;
        int status;
        const char *code;
    } table[] = {
        {ERR_NOT_FOUND, 404, "not_found"}, {ERR_STATE, 409, "not_now"},
        {ERR_REFUSED, 403, "not_yours"},   {ERR_EMPTY, 404, "nobody_waits"},
        {ERR_FULL, 503, "full"},           {ERR_MALFORMED, 400, "bad_request"},
        {ERR_DUPLICATE, 409, "not_now"},
    };
    if (call->entry != NULL) {
        hub_key_forget(call->hub, call->entry);
    }
    const char *detail = fault != NULL && fault->text[0] != '\0' ? fault->text : NULL;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].err == err) {
            http_reply_problem(call->request, table[i].status, table[i].code, detail);
            return;
        }
    }
    http_reply_problem(call->request, 500, "other", detail);
}

bool hub_decide(struct hub_call *call, const struct hall_event *event, struct hall_effects *effects)
{
    enum err err = hall_apply(&call->hub->hall, event, effects);
    if (err != OK) {
        hub_refuse_err(call, err, NULL);
    }
    return err == OK;
}

static bool known_device(const struct hub *hub, const struct http_request *request,
                         struct store_device *device)
{
    uint8_t print[TLS_FINGERPRINT_BYTES];
    return http_request_fingerprint(request, print) && hub_find_device(hub, print, device);
}

static bool is_bare(const char *path)
{
    for (size_t i = 0; i < sizeof bare_routes / sizeof bare_routes[0]; i++) {
        if (text_equal(bare_routes[i].path, path)) {
            return true;
        }
    }
    return false;
}

static const struct hub_route *find_route(const char *method, const char *path, char *id,
                                          size_t id_bytes, bool *path_is_known)
{
    const bool bare = is_bare(path);
    const struct hub_route *routes = bare ? bare_routes : hub_routes;
    const size_t count = bare ? sizeof bare_routes / sizeof bare_routes[0] : hub_routes_count;
    for (size_t i = 0; i < count; i++) {
        // Only a bundle's name is longer than a UUID.
        size_t most = text_starts_with(routes[i].path, "/bundles/") ? id_bytes : UUID_TEXT_BYTES;
        if (path_matches(routes[i].path, path, id, most)) {
            *path_is_known = true;
            if (text_equal(routes[i].method, method)) {
                return &routes[i];
            }
        }
    }
    return NULL;
}

static bool path_matches(const char *pattern, const char *path, char *id, size_t id_bytes)
{
    id[0] = '\0';
    while (*pattern != '\0') {
        if (text_starts_with(pattern, "{}")) {
            size_t len = strcspn(path, "/");
            if (len == 0 || len >= id_bytes) {
                return false;
            }
            memcpy(id, path, len);
            id[len] = '\0';
            path += len;
            pattern += 2;
            continue;
        }
        if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

static void run_post(struct hub_call *call, const struct hub_route *route)
{
    if (http_request_header(call->request, "Idempotency-Key", call->key, sizeof call->key) != OK ||
        !is_key(call->key)) {
        http_reply_problem(call->request, 400, "bad_request", "Idempotency-Key is needed");
        return;
    }
    const enum hub_post_way way = way_of(route);
    if (way == HUB_POST_BYTES) {
        route->handle(call);
        return;
    }
    size_t len = 0;
    const char *body = http_request_body(call->request, &len);
    if (json_parse(body, len, &call->body) != OK || !json_has_keys(call->body)) {
        json_free(call->body);
        http_reply_problem(call->request, 400, "bad_request", "the body is no JSON object");
        return;
    }
    if (way == HUB_POST_AGAIN) {
        route->handle(call);
    } else {
        uint8_t hash[STORE_HASH_BYTES];
        crypto_sha256(body, len, hash);
        hub_run_once(call, hash, route->handle);
    }
    json_wipe_free(call->body);
}

static enum hub_post_way way_of(const struct hub_route *route)
{
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (ways[i].handle == route->handle) {
            return ways[i].way;
        }
    }
    return HUB_POST_ONCE;
}

// Finds out whether this key was seen before.
void hub_run_once(struct hub_call *call, const uint8_t body_hash[STORE_HASH_BYTES],
                  void (*handle)(struct hub_call *call))
{
    // The path is part of what was asked; the body alone could serve two routes.
    uint8_t hashes[2][STORE_HASH_BYTES];
    uint8_t hash[STORE_HASH_BYTES];
    const char *path = http_request_path(call->request);
    // It stands in the store, where a birth date or a name could be found by trying; under a key it
    // cannot. The day's would not do: what is asked before midnight may be repeated after it.
    crypto_sha256(path, strlen(path), hashes[0]);
    memcpy(hashes[1], body_hash, sizeof hashes[1]);
    const struct hub *hub = call->hub;
    crypto_hmac(hub->asked_key, sizeof hub->asked_key, hashes, sizeof hashes, hash);
    struct http_request *request = call->request;
    switch (hub_key_find(call->hub, call->key, call->device->id, hash, &call->entry)) {
    case KEY_NEW:
        handle(call);
        break;
    case KEY_RUNNING:
        hub_key_wait(call->entry, request);
        break;
    case KEY_ANSWERED:
        hub_key_replay(call->entry, request);
        break;
    case KEY_REUSED:
        log_warn("hub", "%s sent one key with two bodies", call->device->id);
        http_reply_problem(request, 422, "key_reused", NULL);
        break;
    case KEY_FULL:
        http_reply_problem(request, 503, "full", NULL);
        break;
    }
}

static bool is_key(const char *key)
{
    size_t len = strlen(key);
    return len >= KEY_CHARS_MIN &&
           strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") == len;
}
