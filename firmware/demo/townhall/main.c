// SPDX-License-Identifier: EUPL-1.2
//
// inloop-townhall: serves the town, signs its codes, writes down what was said. For a desk only.
#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "demo/townhall/town.h"
#include "link/http_server.h"
#include "link/token.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SLOW_MS = 20000, LATE_MAX = 64 };

static const char key_id[] = "voorbeeld-1";
static const char issuer[] = "https://portaal.voorbeeldstad.example";

struct late { // an answer that waits: FAULT_SLOW
    struct loop_timer *timer;
    struct http_request *request;
    struct hall_demo *demo;
};

struct hall_demo {
    struct town town;
    struct clock clock;
    struct loop *loop;
    struct http_server *server;
    struct crypto_key *key;
    struct token_keys keys;
    FILE *transcript;
    FILE *contacts;
    size_t contacts_written;
    struct late late[LATE_MAX];
    const char *keep; // where tasks and submissions are kept as they were left; NULL: nowhere
};

struct sent { // a body that comes in pieces
    size_t len;
    size_t size;
    char bytes[];
};

struct options {
    const char *data; // residents and requests
    const char *dir;  // our own: key, JWKS, contacts
    const char *transcript;
    const char *keep; // tasks and submissions survive in this file
    const char *audience;
    const char *certificate;
    const char *certificate_key;
    int64_t port;
};

static bool read_options(int argc, char **argv, struct options *options);
static enum err open_demo(struct hall_demo *demo, const struct options *options,
                          struct fault *fault);
static enum err open_keys(struct hall_demo *demo, const char *dir, struct fault *fault);
static enum err open_server(struct hall_demo *demo, const struct options *options,
                            struct fault *fault);
static void close_demo(struct hall_demo *demo);
static bool on_begin(void *ctx, struct http_request *request, uint64_t len);
static void on_piece(void *ctx, struct http_request *request, const char *bytes, size_t len);
static void on_cut(void *ctx, struct http_request *request);
static void on_request(void *ctx, struct http_request *request);
static void answer_request(struct hall_demo *demo, struct http_request *http, const char *body,
                           size_t body_len);
static void reply(struct http_request *http, struct town_answer *answer);
static void write_transcript(struct hall_demo *demo, const struct http_request *http,
                             const struct town_request *request, const struct town_answer *answer);
static struct json *sent_json(const struct town_request *request);
static void write_contacts(struct hall_demo *demo);
static void answer_late(struct hall_demo *demo, struct http_request *request);
static void on_late(void *ctx);
static void on_stop(void *ctx);
static enum err sign(void *ctx, const char *jti, const char *acr, const char *audience,
                     int64_t issued_ms, char *out, size_t out_bytes);
static enum err check(void *ctx, const char *token, char *jti, size_t jti_bytes);

int main(int argc, char **argv)
{
    struct options options = {.data = "assets/demo/townhall",
                              .dir = "build/townhall",
                              .audience = "voorbeeldstad",
                              .port = 8600};
    if (!read_options(argc, argv, &options)) {
        fprintf(stderr, "usage: inloop-townhall [--data FOLDER] [--dir FOLDER] [--port N]\n"
                        "    [--audience HALL] [--transcript FILE] [--keep FILE] [--certificate "
                        "PEM --key PEM]\n");
        return 2;
    }
    struct hall_demo *demo = calloc(1, sizeof *demo);
    CHECK(demo != NULL);
    struct fault fault = {0};
    const enum err err = open_demo(demo, &options, &fault);
    if (err == OK) {
        printf("townhall: %s (keys for the hub: %s/portal.jwks)\n", demo->town.base_url,
               options.dir);
        (void)fflush(stdout); // a reader waits for this line; nothing to do when it is gone
        loop_run(demo->loop);
    } else {
        log_error("townhall", "%s", fault.text);
    }
    close_demo(demo);
    return err == OK ? 0 : 1;
}

static bool read_options(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {{"data", required_argument, NULL, 'd'},
                                          {"dir", required_argument, NULL, 'o'},
                                          {"port", required_argument, NULL, 'p'},
                                          {"audience", required_argument, NULL, 'a'},
                                          {"transcript", required_argument, NULL, 't'},
                                          {"keep", required_argument, NULL, 'r'},
                                          {"certificate", required_argument, NULL, 'c'},
                                          {"key", required_argument, NULL, 'k'},
                                          {NULL, 0, NULL, 0}};
    for (int letter = getopt_long(argc, argv, "", known, NULL); letter != -1;
         letter = getopt_long(argc, argv, "", known, NULL)) {
        switch (letter) {
        case 'd':
            options->data = optarg;
            break;
        case 'o':
            options->dir = optarg;
            break;
        case 'p':
            if (text_to_int64(optarg, 0, 65535, &options->port) != OK) {
                return false;
            }
            break;
        case 'a':
            options->audience = optarg;
            break;
        case 't':
            options->transcript = optarg;
            break;
        case 'r':
            options->keep = optarg;
            break;
        case 'c':
            options->certificate = optarg;
            break;
        case 'k':
            options->certificate_key = optarg;
            break;
        default:
            return false;
        }
    }
    return optind == argc;
}

static enum err open_demo(struct hall_demo *demo, const struct options *options,
                          struct fault *fault)
{
    char path[512];
    struct text text;
    demo->clock = clock_system();
    demo->loop = loop_new();
    enum err err = town_open(&demo->town, options->data, fault);
    if (err == OK) {
        (void)mkdir(options->dir, 0700); // it may be there; what cannot be written shows below
        err = open_keys(demo, options->dir, fault);
    }
    if (err != OK) {
        return err;
    }
    demo->keep = options->keep;
    if (demo->keep != NULL) {
        err = town_recall(&demo->town, demo->keep, fault);
    }
    if (err != OK) {
        return err;
    }
    demo->town.sign = sign;
    demo->town.check = check;
    demo->town.ctx = demo;
    text_copy_cut(demo->town.audience, sizeof demo->town.audience, options->audience);
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/contacts.jsonl", options->dir);
    demo->contacts = fopen(path, "a");
    if (options->transcript != NULL) {
        demo->transcript = fopen(options->transcript, "a");
    }
    if (demo->contacts == NULL || (options->transcript != NULL && demo->transcript == NULL)) {
        return fault_set(fault, ERR_IO, "cannot write contacts or transcript");
    }
    return open_server(demo, options, fault);
}

static enum err open_keys(struct hall_demo *demo, const char *dir, struct fault *fault)
{
    char path[512];
    char jwks[2048];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/portal.key", dir);
    enum err err = crypto_key_ensure(&demo->key, path, fault);
    if (err == OK) {
        err = token_keys_write(demo->key, key_id, jwks, sizeof jwks);
    }
    if (err == OK) {
        err = token_keys_parse(&demo->keys, jwks, strlen(jwks));
    }
    if (err != OK) {
        return err;
    }
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/portal.jwks", dir);
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs(jwks, file) == EOF || fclose(file) != 0) {
        return fault_set(fault, ERR_IO, "cannot write portal.jwks");
    }
    return OK;
}

static enum err open_server(struct hall_demo *demo, const struct options *options,
                            struct fault *fault)
{
    struct tls_config *tls = NULL;
    if (options->certificate != NULL) {
        const struct tls_options secure = {.is_server = true,
                                           .certificate_file = options->certificate,
                                           .key_file = options->certificate_key};
        const enum err err = tls_config_new(&tls, &secure, fault);
        if (err != OK) {
            return err;
        }
    }
    static const struct http_bodies bodies = {.begin = on_begin, .piece = on_piece, .cut = on_cut};
    const struct http_server_options server = {.loop = demo->loop,
                                               .address = "127.0.0.1",
                                               .port = (uint16_t)options->port,
                                               .tls = tls,
                                               .handler = on_request,
                                               .bodies = &bodies,
                                               .ctx = demo};
    const enum err err = http_server_open(&demo->server, &server, fault);
    if (err != OK) {
        return err;
    }
    struct text text;
    text_init(&text, demo->town.base_url, sizeof demo->town.base_url);
    text_format(&text, "%s://127.0.0.1:%u", tls == NULL ? "http" : "https",
                (unsigned)http_server_port(demo->server));
    loop_on_signal(demo->loop, SIGINT, on_stop, demo);
    loop_on_signal(demo->loop, SIGTERM, on_stop, demo);
    return OK;
}

static void close_demo(struct hall_demo *demo)
{
    for (size_t i = 0; i < LATE_MAX; i++) {
        loop_timer_free(demo->late[i].timer);
    }
    http_server_close(demo->server);
    town_close(&demo->town);
    crypto_key_free(demo->key);
    if (demo->transcript != NULL) {
        (void)fclose(demo->transcript); // flushed after every line
    }
    if (demo->contacts != NULL) {
        (void)fclose(demo->contacts); // as above
    }
    loop_free(demo->loop);
    free(demo);
}

static const char *header(const struct http_request *request, const char *name, char *out,
                          size_t out_bytes)
{
    return http_request_header(request, name, out, out_bytes) == OK ? out : NULL;
}

static bool on_begin(void *ctx, struct http_request *request, uint64_t len)
{
    (void)ctx;
    if (len > TOWN_BODY_BYTES_MAX) {
        return false;
    }
    struct sent *sent = malloc(sizeof *sent + (size_t)len);
    CHECK(sent != NULL);
    *sent = (struct sent){.size = (size_t)len};
    http_request_set_user(request, sent);
    return true;
}

static void on_piece(void *ctx, struct http_request *request, const char *bytes, size_t len)
{
    (void)ctx;
    struct sent *sent = http_request_user(request);
    CHECK(len <= sent->size - sent->len);
    memcpy(sent->bytes + sent->len, bytes, len);
    sent->len += len;
}

static void on_cut(void *ctx, struct http_request *request)
{
    (void)ctx;
    free(http_request_user(request));
}

static void on_request(void *ctx, struct http_request *http)
{
    struct sent *sent = http_request_user(http);
    char length[24];
    if (sent == NULL && header(http, "Content-Length", length, sizeof length) != NULL &&
        strcmp(length, "0") != 0) {
        http_reply_problem(http, 413, "too_big", "Too big.");
        return;
    }
    answer_request(ctx, http, sent == NULL ? "" : sent->bytes, sent == NULL ? 0 : sent->len);
    free(sent);
}

static void answer_request(struct hall_demo *demo, struct http_request *http, const char *body,
                           size_t body_len)
{
    char login[1100];
    char api_key[128];
    char key[64];
    char crs[32];
    char cookie[512];
    char csrf[64];
    char content_type[128];
    struct town_request request = {
        .is_post = strcmp(http_request_method(http), "POST") == 0,
        .method = http_request_method(http),
        .path = http_request_path(http),
        .query = http_request_query(http),
        .authorization = header(http, "Authorization", login, sizeof login),
        .api_key = header(http, "X-API-KEY", api_key, sizeof api_key),
        .key = header(http, "Idempotency-Key", key, sizeof key),
        .content_crs = header(http, "Content-Crs", crs, sizeof crs),
        .cookie = header(http, "Cookie", cookie, sizeof cookie),
        .csrf = header(http, "X-CSRFToken", csrf, sizeof csrf),
        .content_type = header(http, "Content-Type", content_type, sizeof content_type),
        .body = body,
        .body_len = body_len,
        .now_ms = clock_now_ms(&demo->clock),
    };
    struct town_answer answer;
    town_answer(&demo->town, &request, &answer);
    if (demo->keep != NULL && demo->town.is_changed && town_keep(&demo->town, demo->keep) != OK) {
        log_error("townhall", "cannot keep what was told");
    }
    // The power goes, after it is done and before it is told.
    if (answer.fault == FAULT_DIES && strcmp(request.method, "GET") != 0) {
        (void)raise(SIGKILL);
    }
    // Lost: done and not told, the cruellest case; reading still works.
    if (answer.fault == FAULT_LOST && strcmp(request.method, "GET") != 0) {
        town_problem(&answer, 502, "lost", "Lost.");
    }
    if (answer.fault == FAULT_SLOW) {
        json_free(answer.body);
        answer_late(demo, http);
        return;
    }
    write_transcript(demo, http, &request, &answer);
    write_contacts(demo);
    reply(http, &answer);
    json_free(answer.body);
}

static void reply(struct http_request *http, struct town_answer *answer)
{
    const char *plain = json_text(answer->body);
    char *body = answer->body == NULL || plain != NULL ? NULL : json_write_new(answer->body);
    const char *words = plain != NULL ? plain : body != NULL ? body : "";
    if (answer->source != TOWN_DEMO && answer->source != TOWN_FORMS) {
        text_copy_cut(answer->headers, sizeof answer->headers, "API-version: 1.0.0\r\n");
    }
    const struct http_answer told = {
        .status = answer->status,
        .content_type = plain != NULL                ? "text/plain; charset=utf-8"
                        : answer->status >= 400      ? "application/problem+json"
                        : answer->source == TOWN_BRP ? "application/json; charset=utf-8"
                                                     : NULL,
        .headers = answer->headers[0] == '\0' ? NULL : answer->headers,
        .body = words,
        .body_len = strlen(words)};
    http_reply(http, &told);
    free(body);
}

// One line an exchange, as tests/tools/openapi.py reads them.
static void write_transcript(struct hall_demo *demo, const struct http_request *http,
                             const struct town_request *request, const struct town_answer *answer)
{
    if (demo->transcript == NULL || answer->fault != FAULT_OFF || answer->source == TOWN_DEMO ||
        answer->body == NULL) {
        return;
    }
    static const char *const names[] = {"Content-Type", "Accept",          "Accept-Crs",
                                        "Content-Crs",  "Idempotency-Key", "Authorization",
                                        "X-API-KEY",    "X-CSRFToken"};
    struct json *headers = json_new_object();
    char value[1100];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (http_request_header(http, names[i], value, sizeof value) == OK) {
            json_set_text(headers, names[i], value);
        }
    }
    struct json *line = json_new_object();
    // Where this town has them; the API begins behind it.
    static const char *const places[TOWN_SOURCES_COUNT] = {[TOWN_FORMS] = "/openforms",
                                                           [TOWN_OBJECTEN] = "/objecten",
                                                           [TOWN_MIJNTAKEN] = "/mijntaken"};
    const char *place = places[answer->source];
    const char *path = request->path + (place == NULL ? 0 : strlen(place));
    json_set_text(line, "api", town_source_name(answer->source));
    json_set_text(line, "method", http_request_method(http));
    json_set_text(line, "path", path);
    json_set_text(line, "query", request->query == NULL ? "" : request->query);
    json_set(line, "request_headers", headers);
    json_set(line, "request_body", sent_json(request));
    json_set_int(line, "status", answer->status);
    json_set(line, "response_body", json_clone(answer->body));
    char *words = json_write_new(line);
    fprintf(demo->transcript, "%s\n", words);
    (void)fflush(demo->transcript); // a full disk only shortens a demonstration's notes
    free(words);
    json_free(line);
}

static struct json *sent_json(const struct town_request *request)
{
    struct town_sent sent;
    struct json *words = NULL;
    if (town_is_multipart(request) && town_sent_read(request, &sent)) {
        words = json_clone(sent.words);
        town_sent_finish(&sent);
    } else if (json_parse(request->body, request->body_len, &words) != OK) {
        words = json_new_null();
    }
    return words;
}

static void write_contacts(struct hall_demo *demo)
{
    for (; demo->contacts_written < json_len(demo->town.received); demo->contacts_written++) {
        char *words = json_write_new(json_at(demo->town.received, demo->contacts_written));
        fprintf(demo->contacts, "%s\n", words);
        free(words);
    }
    (void)fflush(demo->contacts); // as above
}

static void answer_late(struct hall_demo *demo, struct http_request *request)
{
    for (size_t i = 0; i < LATE_MAX; i++) {
        struct late *late = &demo->late[i];
        if (late->request == NULL) {
            late->demo = demo;
            late->request = request;
            if (late->timer == NULL) {
                late->timer = loop_timer_new(demo->loop, on_late, late);
            }
            loop_timer_start(late->timer, SLOW_MS);
            return;
        }
    }
    http_reply_problem(request, 503, "busy", "Too many wait already.");
}

static void on_late(void *ctx)
{
    struct late *late = ctx;
    struct http_request *request = late->request;
    late->request = NULL;
    http_reply_problem(request, 503, "slow", "Too late.");
}

static void on_stop(void *ctx)
{
    struct hall_demo *demo = ctx;
    loop_stop(demo->loop);
}

// Without a jti: a letter's reference.
static enum err sign(void *ctx, const char *jti, const char *acr, const char *audience,
                     int64_t issued_ms, char *out, size_t out_bytes)
{
    struct hall_demo *demo = ctx;
    if (jti == NULL) {
        uint8_t raw[TOKEN_REFERENCE_RAW_BYTES];
        char reference[TOKEN_REFERENCE_BYTES];
        entropy_fill(raw, sizeof raw);
        token_reference(raw, reference);
        return text_copy(out, out_bytes, reference);
    }
    struct token_claims claims = {.iat_s = issued_ms / 1000};
    claims.exp_s = claims.iat_s + TOKEN_LIFE_S_MAX;
    if (text_copy(claims.iss, sizeof claims.iss, issuer) != OK ||
        text_copy(claims.aud, sizeof claims.aud, audience) != OK ||
        text_copy(claims.jti, sizeof claims.jti, jti) != OK ||
        text_copy(claims.acr, sizeof claims.acr, acr) != OK) {
        return ERR_TOO_BIG;
    }
    char token[TOKEN_BYTES_MAX + 1];
    const enum err err = token_mint(&claims, demo->key, key_id, token);
    return err == OK ? text_copy(out, out_bytes, token) : err;
}

// Times and halls are the portal's own to judge, by jti, so that it can say which is wrong; here
// the signature alone counts, after which the claims are filled whatever the verdict.
static enum err check(void *ctx, const char *token, char *jti, size_t jti_bytes)
{
    const struct hall_demo *demo = ctx;
    struct token_claims claims;
    const struct token_expect expect = {.issuer = issuer,
                                        .audience = demo->town.audience,
                                        .now_s = clock_now_ms(&demo->clock) / 1000};
    const enum err err = token_verify(token, strlen(token), &demo->keys, &expect, &claims);
    if (err != OK && err != ERR_REFUSED && err != ERR_EXPIRED) {
        return err;
    }
    return text_copy(jti, jti_bytes, claims.jti);
}
