// SPDX-License-Identifier: EUPL-1.2
//
// The hub's face to visitors' own phones: a listener of its own with one kind of path and no way to
// any device's route. Reads a document as it comes, and tells guessers nothing.
#include "apps/hub/hub_uploads.h"

#include "base/bytes.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECTIONS_MAX = 256,
    HEAD_MS = 15000, // phones on a bad line are slow at shaking hands
    OVERHEAD_BYTES = 16 * 1024,
    CONTENT_TYPE_BYTES = 256,
    GUESSES_MAX = 20,      // of one address in a minute
    GUESSES_ALL_MAX = 300, // after these everybody who guessed once this minute has to wait
};

static const char *token_of(const struct http_request *request);
static void on_request(void *ctx, struct http_request *request);
static bool on_begin(void *ctx, struct http_request *request, uint64_t len);
static enum api_upload_reason begin_document(struct hub_upload_private *upload,
                                             const struct http_request *request, uint64_t len);
static void on_piece(void *ctx, struct http_request *request, const char *bytes, size_t len);
static void on_cut(void *ctx, struct http_request *request);
static void on_part(void *ctx, const struct multipart_part *part);
static void on_data(void *ctx, const char *bytes, size_t len);
static void spoil(struct hub_upload_private *upload, enum api_upload_reason reason);
static void take_document(struct hub_upload_private *upload);
static void answer_path(struct hub *hub, struct http_request *request);
static struct hub_guesser *guesser_of(struct hub_uploads *uploads, const char *address);
static bool must_wait(struct hub *hub, const char *address);
static void note_guess(struct hub_uploads *uploads, const char *address);
static void answer(struct hub *hub, struct http_request *request, int status, const char *language,
                   const struct text *page);
static void answer_dead(struct hub *hub, struct http_request *request, bool is_slow);
static void answer_ask(struct hub_upload_private *upload, struct http_request *request,
                       enum api_upload_reason reason);

static const struct http_bodies bodies = {.begin = on_begin, .piece = on_piece, .cut = on_cut};

enum err hub_public_open(struct hub *hub, struct fault *fault)
{
    struct hub_uploads *uploads = hub->uploads;
    const struct config *config = hub->config;
    char own[2][HUB_PATH_BYTES + 32];
    (void)snprintf(own[0], sizeof own[0], "%s/hub.pem", hub->data_dir);
    (void)snprintf(own[1], sizeof own[1], "%s/hub.key", hub->data_dir);
    const char *certificate = config_get(config, "hub.certificate", own[0]);
    const char *key = config_get(config, "hub.key", own[1]);
    struct tls_options tls = {.is_server = true,
                              .certificate_file =
                                  config_get(config, "hub.public_certificate", certificate),
                              .key_file = config_get(config, "hub.public_key", key)};
    int64_t port = 0;
    if (config_get_int(config, "hub.public_port", 0, 65535, &port) != OK) {
        return fault_set(fault, ERR_MALFORMED, "hub.public_port: not a port");
    }
    enum err err = tls_config_new(&uploads->tls, &tls, fault);
    if (err != OK) {
        return err;
    }
    const char *address = config_get(config, "hub.address", "127.0.0.1");
    struct http_server_options options = {
        .loop = hub->loop,
        .address = config_get(config, "hub.public_address", address),
        .port = (uint16_t)port,
        .tls = uploads->tls,
        .request_ms = HEAD_MS,
        .connections_max = CONNECTIONS_MAX,
        .handler = on_request,
        .bodies = &bodies,
        .ctx = hub,
    };
    err = http_server_open(&uploads->server, &options, fault);
    if (err != OK) {
        return err;
    }
    char base[API_URL_BYTES];
    (void)snprintf(base, sizeof base, "https://%s:%u", config_get(config, "hub.host", "127.0.0.1"),
                   http_server_port(uploads->server));
    const char *url = config_get(config, "hub.public_url", base);
    bool is_short = strlen(url) + 2 * HUB_UPLOAD_TOKEN_BYTES + 4 <= sizeof uploads->url;
    return is_short ? text_copy(uploads->url, sizeof uploads->url, url)
                    : fault_set(fault, ERR_TOO_BIG, "hub.public_url is too long");
}

void hub_public_tell(struct hub_upload_private *upload, enum api_upload_reason reason)
{
    struct http_request *request = upload->request;
    upload->request = NULL;
    if (request == NULL) {
        return;
    }
    if (upload->state == HUB_UPLOAD_OPEN) {
        answer_ask(upload, request, reason);
    } else if (upload->state == HUB_UPLOAD_ARRIVED) {
        char bytes[HUB_PAGE_BYTES];
        struct text page;
        text_init(&page, bytes, sizeof bytes);
        hub_page_done(&page, upload);
        answer(upload->hub, request, 200, hub_page_language(upload), &page);
    } else {
        answer_dead(upload->hub, request, false);
    }
}

// NULL: not a path of ours.
static const char *token_of(const struct http_request *request)
{
    static const char start[] = "/u/";
    const char *path = http_request_path(request);
    return text_starts_with(path, start) ? path + sizeof start - 1 : NULL;
}

static void on_request(void *ctx, struct http_request *request)
{
    struct hub_upload_private *upload = http_request_user(request);
    if (upload == NULL) {
        answer_path(ctx, request);
    } else if (upload->state == HUB_UPLOAD_COMING) {
        take_document(upload);
    } else {
        hub_public_tell(upload, API_UPLOAD_BROKEN); // the form was closed meanwhile
    }
}

static bool on_begin(void *ctx, struct http_request *request, uint64_t len)
{
    struct hub *hub = ctx;
    const char *token = token_of(request);
    bool is_post = text_equal(http_request_method(request), "POST");
    if (token == NULL || !is_post || len > HUB_UPLOAD_DRAIN_BYTES ||
        must_wait(hub, http_request_address(request))) {
        return false;
    }
    struct hub_upload_private *upload = hub_upload_find(hub, token);
    if (upload == NULL || upload->request != NULL) {
        return false; // a guess, or a second one while the first is on its way
    }
    if (!hub_upload_is_open(upload)) {
        return true; // it was good once: heard out like the others, or the phone shows no page
    }
    upload->state = HUB_UPLOAD_COMING;
    upload->request = request;
    upload->reason = begin_document(upload, request, len);
    http_request_set_user(request, upload);
    hub_upload_touch(upload);
    return true;
}

// What is wrong is read on all the same: a phone that is not heard out shows an error of its own.
static enum api_upload_reason begin_document(struct hub_upload_private *upload,
                                             const struct http_request *request, uint64_t len)
{
    struct hub_uploads *uploads = upload->hub->uploads;
    char type[CONTENT_TYPE_BYTES];
    upload->is_in_file = false;
    upload->has_file = false;
    upload->len = 0;
    if (http_request_header(request, "Content-Type", type, sizeof type) != OK ||
        multipart_init(&upload->reader, type) != OK) {
        return API_UPLOAD_BROKEN;
    }
    if (len > upload->rule.bytes_max + OVERHEAD_BYTES) {
        return API_UPLOAD_TOO_BIG;
    }
    size_t size = len < upload->rule.bytes_max ? (size_t)len : upload->rule.bytes_max;
    if (uploads->bytes_held + size > HUB_UPLOADS_BYTES_MAX) {
        return API_UPLOAD_BUSY;
    }
    upload->bytes = malloc(size);
    CHECK(upload->bytes != NULL);
    upload->size = size;
    uploads->bytes_held += size;
    return API_UPLOAD_NO_REASON;
}

static void on_piece(void *ctx, struct http_request *request, const char *bytes, size_t len)
{
    (void)ctx;
    struct hub_upload_private *upload = http_request_user(request);
    if (upload == NULL || upload->state != HUB_UPLOAD_COMING ||
        upload->reason != API_UPLOAD_NO_REASON) {
        return;
    }
    const struct multipart_events events = {.part = on_part, .data = on_data, .ctx = upload};
    if (multipart_feed(&upload->reader, bytes, len, &events) != OK) {
        spoil(upload, API_UPLOAD_BROKEN);
    }
}

static void on_cut(void *ctx, struct http_request *request)
{
    (void)ctx;
    struct hub_upload_private *upload = http_request_user(request);
    if (upload == NULL) {
        return;
    }
    upload->request = NULL;
    if (upload->state == HUB_UPLOAD_COMING) {
        hub_upload_refuse(upload, API_UPLOAD_BROKEN);
    }
}

static void on_part(void *ctx, const struct multipart_part *part)
{
    struct hub_upload_private *upload = ctx;
    upload->is_in_file = part->is_file && text_equal(part->name, "file");
    if (upload->is_in_file && upload->has_file) {
        spoil(upload, API_UPLOAD_BROKEN); // which of the two is meant?
    } else if (upload->is_in_file) {
        upload->has_file = true;
        memcpy(upload->type, part->type, sizeof upload->type);
        memcpy(upload->said_name, part->file_name, sizeof upload->said_name);
    }
}

static void on_data(void *ctx, const char *bytes, size_t len)
{
    struct hub_upload_private *upload = ctx;
    if (!upload->is_in_file || upload->reason != API_UPLOAD_NO_REASON) {
        return;
    }
    if (len > upload->size - upload->len) {
        spoil(upload, API_UPLOAD_TOO_BIG); // the body as a whole was just short enough
        return;
    }
    memcpy(upload->bytes + upload->len, bytes, len);
    upload->len += len;
}

// Its memory is somebody else's from here on; the reader stays, it is being used.
static void spoil(struct hub_upload_private *upload, enum api_upload_reason reason)
{
    if (upload->reason == API_UPLOAD_NO_REASON) {
        upload->reason = reason;
        struct multipart reader = upload->reader;
        hub_upload_release(upload);
        upload->reader = reader;
    }
}

static void take_document(struct hub_upload_private *upload)
{
    enum upload_kind kind = UPLOAD_KINDS_COUNT;
    if (upload->reason == API_UPLOAD_NO_REASON && !multipart_is_whole(&upload->reader)) {
        upload->reason = API_UPLOAD_BROKEN;
    }
    if (upload->reason == API_UPLOAD_NO_REASON && upload->len == 0) {
        upload->reason = API_UPLOAD_EMPTY;
    }
    if (upload->reason == API_UPLOAD_NO_REASON) {
        kind = upload_kind_of(upload->bytes, upload->len);
        bool is_allowed = kind < UPLOAD_KINDS_COUNT && (upload->rule.kinds & (1U << kind)) != 0;
        upload->reason = !is_allowed ? API_UPLOAD_WRONG_KIND
                         : upload_kind_is_denied(kind, upload->type, upload->said_name)
                             ? API_UPLOAD_LIES
                             : API_UPLOAD_NO_REASON;
    }
    if (upload->reason == API_UPLOAD_NO_REASON) {
        hub_upload_forward(upload, kind);
        return;
    }
    hub_upload_refuse(upload, upload->reason);
    hub_public_tell(upload, upload->reason);
}

static void answer_path(struct hub *hub, struct http_request *request)
{
    const char *token = token_of(request);
    const char *address = http_request_address(request);
    const char *method = http_request_method(request);
    if (must_wait(hub, address)) {
        answer_dead(hub, request, true);
        return;
    }
    struct hub_upload_private *upload = token == NULL ? NULL : hub_upload_find(hub, token);
    if (token != NULL && upload == NULL) {
        note_guess(hub->uploads, address);
    }
    if (upload == NULL || !hub_upload_is_open(upload)) {
        answer_dead(hub, request, false);
    } else if (text_equal(method, "GET")) {
        hub_upload_touch(upload);
        answer_ask(upload, request, API_UPLOAD_NO_REASON);
    } else if (text_equal(method, "POST")) {
        char length[24];
        bool has_body =
            http_request_header(request, "Content-Length", length, sizeof length) == OK &&
            !text_equal(length, "0");
        answer_ask(upload, request, has_body ? API_UPLOAD_TOO_BIG : API_UPLOAD_EMPTY);
    } else {
        answer_dead(hub, request, false);
    }
}

static struct hub_guesser *guesser_of(struct hub_uploads *uploads, const char *address)
{
    for (size_t i = 0; i < uploads->guessers_count; i++) {
        if (text_equal(uploads->guessers[i].address, address)) {
            return &uploads->guessers[i];
        }
    }
    return NULL;
}

// A right guess counts no more than a wrong one for who guessed too often. Whoever never guessed is
// let in whatever others do.
static bool must_wait(struct hub *hub, const char *address)
{
    struct hub_uploads *uploads = hub->uploads;
    int64_t minute = hub_now_ms(hub) / 60000;
    if (minute != uploads->minute) {
        uploads->minute = minute;
        uploads->guessers_count = 0;
        uploads->guesses_count = 0;
    }
    const struct hub_guesser *guesser = guesser_of(uploads, address);
    return guesser != NULL &&
           (guesser->guesses_count >= GUESSES_MAX || uploads->guesses_count >= GUESSES_ALL_MAX);
}

static void note_guess(struct hub_uploads *uploads, const char *address)
{
    struct hub_guesser *guesser = guesser_of(uploads, address);
    if (guesser == NULL && uploads->guessers_count < HUB_GUESSERS_MAX) {
        guesser = &uploads->guessers[uploads->guessers_count++];
        *guesser = (struct hub_guesser){0};
        CHECK(text_copy(guesser->address, sizeof guesser->address, address) == OK);
    }
    if (guesser != NULL) {
        guesser->guesses_count += 1;
    }
    uploads->guesses_count += 1;
    if (uploads->guesses_count == GUESSES_ALL_MAX) {
        log_warn("hub", "addresses for documents are being guessed");
    }
}

static void answer(struct hub *hub, struct http_request *request, int status, const char *language,
                   const struct text *page)
{
    char headers[1024];
    struct text text;
    CHECK(!page->is_cut);
    text_init(&text, headers, sizeof headers);
    text_format(&text,
                "Content-Security-Policy: %s\r\nReferrer-Policy: no-referrer\r\n"
                "X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n"
                "Content-Language: %s\r\n%s",
                hub->uploads->policy, language,
                status == 429 || status == 503 ? "Retry-After: 60\r\n" : "");
    CHECK(!text.is_cut);
    http_reply(request, &(struct http_answer){.status = status,
                                              .content_type = "text/html; charset=utf-8",
                                              .body = page->buf,
                                              .body_len = page->len,
                                              .headers = headers,
                                              .closes = status == 429});
}

static void answer_dead(struct hub *hub, struct http_request *request, bool is_slow)
{
    char bytes[HUB_PAGE_BYTES];
    struct text page;
    text_init(&page, bytes, sizeof bytes);
    hub_page_dead(&page, hub, is_slow ? "slow" : "dead");
    answer(hub, request, is_slow ? 429 : 404, "nl, en, ar", &page);
}

static void answer_ask(struct hub_upload_private *upload, struct http_request *request,
                       enum api_upload_reason reason)
{
    static const int statuses[] = {
        [API_UPLOAD_NO_REASON] = 200,      [API_UPLOAD_EMPTY] = 422,
        [API_UPLOAD_TOO_BIG] = 413,        [API_UPLOAD_WRONG_KIND] = 422,
        [API_UPLOAD_LIES] = 422,           [API_UPLOAD_BROKEN] = 400,
        [API_UPLOAD_BUSY] = 503,           [API_UPLOAD_SOURCE_DOWN] = 503,
        [API_UPLOAD_SOURCE_SAYS_NO] = 422,
    };
    char bytes[HUB_PAGE_BYTES];
    struct text page;
    text_init(&page, bytes, sizeof bytes);
    hub_page_ask(&page, upload, reason);
    answer(upload->hub, request, statuses[reason], hub_page_language(upload), &page);
}
