// SPDX-License-Identifier: EUPL-1.2
//
// Sending to one back office and giving its answer back, with its own way of logging in.
#include "adapters/source.h"

#include "base/bytes.h"
#include "base/text.h"
#include "link/crypto.h"
#include "link/http_client.h"

#include <stdlib.h>
#include <string.h>

enum { SOURCE_NAME_BYTES = 24, SOURCE_SECRET_BYTES = 512, SOURCE_HEADERS_BYTES = 4096 };

struct source {
    struct source *next; // of all that are open
    struct source_counts counts;
    char name[SOURCE_NAME_BYTES];
    enum source_login login;
    char secret[SOURCE_SECRET_BYTES];
    char client_id[128];
    int64_t timeout_ms;
    const struct clock *clock;
    struct tls_config *tls;
    struct http_client *client;
    struct source_call *calls; // running
};

struct source_call {
    struct source *source;
    struct source_call *next;
    struct source_call *previous;
    source_answered_fn done;
    void *ctx;
};

// Counted here and not behind each port: only here every answer comes by.
static struct source *open_sources;

static void count(struct source *source, const struct http_result *result);
static const char *setting(const struct config *config, const char *name, const char *what);
static enum err read_secret(struct source *source, const struct config *config,
                            struct fault *fault);
static enum err open_client(struct source *source, const char *url, struct loop *loop,
                            const struct config *config, struct fault *fault);
static void build_headers(const struct source *source, const struct source_request_private *request,
                          struct text *headers);
static enum err sign_jwt(const struct source *source, char *out, size_t out_bytes);
static void on_done(void *ctx, const struct http_result *result);
static void call_free(struct source_call *call);

enum err source_post(struct source_request_private *request, const char *path, struct json *body)
{
    size_t len = 0;
    enum err err = text_copy(request->path, sizeof request->path, path);
    if (err == OK) {
        err = json_write(body, request->body, sizeof request->body, &len);
    }
    json_wipe_free(body);
    return err;
}

enum err source_write(struct source_request_private *request, const char *method, const char *path,
                      struct json *body)
{
    request->method = method;
    request->long_body = json_write_new(body);
    json_wipe_free(body);
    return text_copy(request->path, sizeof request->path, path);
}

void source_request_finish(struct source_request_private *request)
{
    if (request->long_body != NULL) {
        wipe(request->long_body, strlen(request->long_body));
        free(request->long_body);
    }
    wipe(request, sizeof *request);
}

enum err source_header(const struct source_answer *answer, const char *name, char *out,
                       size_t out_bytes)
{
    return answer->head == NULL ? ERR_NOT_FOUND
                                : http_header_copy(answer->head, name, out, out_bytes);
}

enum err source_open(struct source **source, const char *name, enum source_login login,
                     struct loop *loop, const struct clock *clock, const struct config *config,
                     struct fault *fault)
{
    *source = NULL;
    const char *url = setting(config, name, "url");
    if (url == NULL) {
        return fault_set(fault, ERR_NOT_FOUND, "%s.url is not set", name);
    }
    struct source *fresh = calloc(1, sizeof *fresh);
    CHECK(fresh != NULL);
    text_copy_cut(fresh->name, sizeof fresh->name, name);
    fresh->login = login;
    fresh->clock = clock;
    enum err err = read_secret(fresh, config, fault);
    if (err == OK) {
        err = open_client(fresh, url, loop, config, fault);
    }
    if (err != OK) {
        (void)fault_prefix(fault, name); // the code is already in err
        source_close(fresh);
        return err;
    }
    fresh->next = open_sources;
    open_sources = fresh;
    *source = fresh;
    return OK;
}

void source_close(struct source *source)
{
    if (source == NULL) {
        return;
    }
    for (struct source **at = &open_sources; *at != NULL; at = &(*at)->next) {
        if (*at == source) {
            *at = source->next;
            break;
        }
    }
    http_client_close(source->client);
    tls_config_free(source->tls);
    struct source_call *call = source->calls;
    while (call != NULL) {
        struct source_call *next = call->next;
        call_free(call);
        call = next;
    }
    wipe(source, sizeof *source);
    free(source);
}

// Several may stand for one system: Open Forms is asked with a token and without.
void source_each_count(source_counts_fn each, void *ctx)
{
    for (const struct source *source = open_sources; source != NULL; source = source->next) {
        struct source_counts counts = {0};
        const struct source *first = NULL;
        for (const struct source *other = open_sources; other != NULL; other = other->next) {
            if (text_equal(other->name, source->name)) {
                first = first == NULL ? other : first;
                counts.good += other->counts.good;
                counts.refused += other->counts.refused;
                counts.failed += other->counts.failed;
            }
        }
        if (first == source) {
            each(ctx, source->name, &counts);
        }
    }
}

const char *source_name(const struct source *source)
{
    return source->name;
}

static const char *setting(const struct config *config, const char *name, const char *what)
{
    char key[CONFIG_KEY_BYTES];
    struct text text;
    text_init(&text, key, sizeof key);
    text_format(&text, "%s.%s", name, what);
    return text.is_cut ? NULL : config_get(config, key, NULL);
}

static enum err read_secret(struct source *source, const struct config *config, struct fault *fault)
{
    static const char *const keys[] = {[LOGIN_TOKEN] = "token",
                                       [LOGIN_BEARER] = "token",
                                       [LOGIN_API_KEY] = "key",
                                       [LOGIN_JWT] = "secret"};
    const char *secret =
        source->login == LOGIN_NONE ? "" : setting(config, source->name, keys[source->login]);
    const char *client_id = setting(config, source->name, "client_id");
    if (secret == NULL || !text_is_printable(secret) ||
        text_copy(source->secret, sizeof source->secret, secret) != OK) {
        return fault_set(fault, ERR_MALFORMED, "%s is not set", keys[source->login]);
    }
    if (source->login == LOGIN_JWT &&
        (client_id == NULL ||
         text_copy(source->client_id, sizeof source->client_id, client_id) != OK)) {
        return fault_set(fault, ERR_MALFORMED, "client_id is not set");
    }
    source->timeout_ms = SOURCE_TIMEOUT_MS;
    const char *timeout = setting(config, source->name, "timeout_ms");
    if (timeout != NULL && text_to_int64(timeout, 100, 30000, &source->timeout_ms) != OK) {
        return fault_set(fault, ERR_MALFORMED, "timeout_ms must be 100 to 30000");
    }
    return OK;
}

// Without a file of its own an https source is held against the system's authorities, never against
// nothing.
static enum err open_client(struct source *source, const char *url, struct loop *loop,
                            const struct config *config, struct fault *fault)
{
    if (text_starts_with(url, "https:")) {
        const char *ca = setting(config, source->name, "ca");
        const struct tls_options options = {
            .ca_file = ca == NULL ? "/etc/ssl/certs/ca-certificates.crt" : ca};
        const enum err err = tls_config_new(&source->tls, &options, fault);
        if (err != OK) {
            return err;
        }
    }
    const struct http_client_options options = {.loop = loop, .origin = url, .tls = source->tls};
    return http_client_open(&source->client, &options, fault);
}

void source_send(struct source *source, const struct source_request_private *request,
                 source_answered_fn done, void *ctx)
{
    struct source_call *call = calloc(1, sizeof *call);
    CHECK(call != NULL);
    *call = (struct source_call){.source = source, .next = source->calls, .done = done, .ctx = ctx};
    if (source->calls != NULL) {
        source->calls->previous = call;
    }
    source->calls = call;
    char headers[SOURCE_HEADERS_BYTES];
    struct text text;
    text_init(&text, headers, sizeof headers);
    build_headers(source, request, &text);
    CHECK(!text.is_cut); // every part is bounded
    const char *body = request->long_body != NULL ? request->long_body
                       : request->is_post         ? request->body
                                                  : NULL;
    const struct http_call http = {
        .method = request->method != NULL ? request->method
                  : request->is_post      ? "POST"
                                          : "GET",
        .target = request->path,
        .headers = headers,
        .content_type = request->content_type[0] == '\0' ? NULL : request->content_type,
        .body = body,
        .body_len = body == NULL ? 0 : strlen(body),
        .kept = request->kept,
        .kept_len = request->kept_len,
        .tail = request->kept == NULL ? NULL : request->tail,
        .timeout_ms = request->timeout_ms == 0 ? source->timeout_ms : request->timeout_ms,
        .answer_bytes_max =
            request->answer_bytes_max == 0 ? SOURCE_ANSWER_BYTES_MAX : request->answer_bytes_max,
        .may_repeat = request->is_repeatable,
        .done = on_done,
        .ctx = call,
    };
    (void)http_client_call(source->client, &http); // never cancelled one by one
    wipe(headers, sizeof headers);
}

static void build_headers(const struct source *source, const struct source_request_private *request,
                          struct text *headers)
{
    char jwt[1024] = "";
    text_add(headers, "Accept: application/json\r\n");
    switch (source->login) {
    case LOGIN_TOKEN:
        text_format(headers, "Authorization: Token %s\r\n", source->secret);
        break;
    case LOGIN_BEARER:
        text_format(headers, "Authorization: Bearer %s\r\n", source->secret);
        break;
    case LOGIN_API_KEY:
        text_format(headers, "X-API-KEY: %s\r\n", source->secret);
        break;
    case LOGIN_JWT: {
        const enum err err = sign_jwt(source, jwt, sizeof jwt);
        CHECK(err == OK); // bounded by the settings
        text_format(headers, "Authorization: Bearer %s\r\n", jwt);
        break;
    }
    case LOGIN_NONE:
        break;
    }
    text_add(headers, request->more_headers);
    if (request->wants_crs) {
        text_add(headers, "Accept-Crs: EPSG:4326\r\nContent-Crs: EPSG:4326\r\n");
    }
    if (request->key[0] != '\0') {
        text_format(headers, "Idempotency-Key: %s\r\n", request->key);
    }
    wipe(jwt, sizeof jwt);
}

// The ZGW way (HS256): fresh for every request, because the other side bounds its age.
static enum err sign_jwt(const struct source *source, char *out, size_t out_bytes)
{
    static const char header[] = "{\"typ\":\"JWT\",\"alg\":\"HS256\"}";
    char claims[512];
    size_t claims_len = 0;
    struct json *json = json_new_object();
    json_set_text(json, "iss", source->client_id);
    json_set_int(json, "iat", clock_now_ms(source->clock) / 1000);
    json_set_text(json, "client_id", source->client_id);
    json_set_text(json, "user_id", "inloop");
    json_set_text(json, "user_representation", "Inloop");
    enum err err = json_write(json, claims, sizeof claims, &claims_len);
    json_free(json);
    char part[720];
    struct text text;
    text_init(&text, out, out_bytes);
    if (err == OK) {
        err = base64url_encode((const uint8_t *)header, sizeof header - 1, part, sizeof part);
        text_format(&text, "%s.", part);
    }
    if (err == OK) {
        err = base64url_encode((const uint8_t *)claims, claims_len, part, sizeof part);
        text_add(&text, part);
    }
    uint8_t mac[CRYPTO_HASH_BYTES];
    crypto_hmac(source->secret, strlen(source->secret), out, text.len, mac);
    if (err == OK) {
        err = base64url_encode(mac, sizeof mac, part, sizeof part);
        text_format(&text, ".%s", part);
    }
    wipe(mac, sizeof mac);
    return err == OK && text.is_cut ? ERR_TOO_BIG : err;
}

static void on_done(void *ctx, const struct http_result *result)
{
    struct source_call *call = ctx;
    const source_answered_fn done = call->done;
    void *asker = call->ctx;
    count(call->source, result);
    struct fault fault = {0};
    if (result->err != OK) {
        (void)fault_set(&fault, result->err, "%s: no answer (%s)", call->source->name,
                        err_name(result->err)); // the code travels beside it
    }
    call_free(call);
    const struct source_answer answer = {.status = result->status,
                                         .body = result->body,
                                         .len = result->body_len,
                                         .head = result->head};
    done(asker, result->err, result->err == OK ? &answer : NULL, &fault);
}

static void count(struct source *source, const struct http_result *result)
{
    if (result->err != OK || result->status >= 500) {
        source->counts.failed += 1;
    } else if (result->status >= 400) {
        source->counts.refused += 1;
    } else {
        source->counts.good += 1;
    }
}

static void call_free(struct source_call *call)
{
    if (call->previous != NULL) {
        call->previous->next = call->next;
    } else {
        call->source->calls = call->next;
    }
    if (call->next != NULL) {
        call->next->previous = call->previous;
    }
    free(call);
}

enum err source_upload_ms(const struct config *config, const char *name, int64_t *upload_ms,
                          struct fault *fault)
{
    const char *words = setting(config, name, "upload_timeout_ms");
    *upload_ms = SOURCE_UPLOAD_MS;
    return words == NULL || text_to_int64(words, 100, SOURCE_UPLOAD_MS, upload_ms) == OK
               ? OK
               : fault_set(fault, ERR_MALFORMED, "%s.upload_timeout_ms must be 100 to %d", name,
                           SOURCE_UPLOAD_MS);
}

enum err source_refusal(const char *name, int status, struct fault *fault)
{
    if (status == 404) {
        return fault_set(fault, ERR_NOT_FOUND, "%s: answered 404", name);
    }
    const bool is_busy = status >= 500 || status == 429 || status == 408;
    const bool is_login = status == 401 || status == 403;
    return fault_set(fault, is_busy || is_login ? ERR_UNAVAILABLE : ERR_MALFORMED,
                     "%s: answered %d", name, status);
}
