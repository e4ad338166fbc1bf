// SPDX-License-Identifier: EUPL-1.2
//
// Enrolling: who the hub is, then a key and a request for a certificate (RFC 7030's addresses),
// then what the hub answered as files. Nothing is asked twice: the code is good once.
#include "apps/technician/enrol.h"

#include "apps/technician/command.h"
#include "base/bytes.h"
#include "base/config.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "link/crypto.h"
#include "link/http_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATIENCE_MS = 10000, PUBLIC_FILE = 0644, CONF_BYTES = 4096 };

struct enrolment {
    struct loop *loop;
    const struct enrol_request *request;
    struct enrol_result *result;
    enum err err;
    struct fault *fault;
    char answer[16 * 1024];
};

static enum err fetch_authority(struct enrolment *enrolment);
static enum err send_request(struct enrolment *enrolment);
static enum err request_headers(const struct enrol_request *request, char *headers,
                                size_t headers_bytes);
static enum err request_body(struct enrolment *enrolment, char *body, size_t body_bytes);
static enum err ask(struct enrolment *enrolment, struct tls_config *tls, struct http_call *call);
static void on_answer(void *ctx, const struct http_result *result);
static enum err keep_answer(struct enrolment *enrolment);
static enum err take_words(const struct json *json, const char *key, char *out, size_t out_bytes);
static bool is_role(const char *role);
static enum err write_conf(struct enrolment *enrolment);
static enum err write_out(struct enrolment *enrolment, const char *name, const char *words);
static const char *path_out(const struct enrolment *enrolment, const char *name, char *path,
                            size_t path_bytes);
static char *cut(char **rest);

enum err enrol_run(const struct enrol_request *request, struct enrol_result *result,
                   struct fault *fault)
{
    *result = (struct enrol_result){0};
    struct enrolment *enrolment = calloc(1, sizeof *enrolment);
    CHECK(enrolment != NULL);
    enrolment->loop = loop_new();
    enrolment->request = request;
    enrolment->result = result;
    enrolment->fault = fault;
    (void)mkdir(request->folder, 0700); // there already is fine; writing tells
    enum err err = fetch_authority(enrolment);
    if (err == OK) {
        err = send_request(enrolment);
    }
    if (err == OK) {
        err = keep_answer(enrolment);
    }
    loop_free(enrolment->loop);
    free(enrolment);
    return err;
}

enum err enrol_code_read(char *text, struct enrol_request *request)
{
    if (!text_starts_with(text, "KE1:") || !text_is_printable(text)) {
        return ERR_MALFORMED;
    }
    char *rest = text + 4;
    const char *device = cut(&rest);
    const char *code = cut(&rest);
    const char *fingerprint = cut(&rest);
    if (device == NULL || code == NULL || fingerprint == NULL || device[0] == '\0' ||
        code[0] == '\0' || strlen(fingerprint) != (size_t)CRYPTO_HASH_BYTES * 2 ||
        !text_starts_with(rest, "https://") || strlen(rest) >= ENROL_URL_BYTES) {
        return ERR_MALFORMED;
    }
    request->device = device;
    request->code = code;
    request->fingerprint = fingerprint;
    request->url = rest;
    return OK;
}

int enrol_command(int argc, char **argv)
{
    struct enrol_request request = {.url = command_option(argc, argv, "--hub-url"),
                                    .device = command_option(argc, argv, "--device"),
                                    .code = command_option(argc, argv, "--code"),
                                    .fingerprint = command_option(argc, argv, "--fingerprint"),
                                    .folder = command_option(argc, argv, "--out")};
    if (request.url == NULL || request.device == NULL || request.code == NULL ||
        request.fingerprint == NULL || request.folder == NULL) {
        return COMMAND_USAGE;
    }
    struct enrol_result result;
    struct fault fault = {0};
    if (enrol_run(&request, &result, &fault) != OK) {
        log_error("technician", "enrol: %s", fault.text);
        return EXIT_FAILURE;
    }
    printf("%s is enrolled\n", request.device);
    return EXIT_SUCCESS;
}

// The authority comes over a line nobody vouches for yet, so its fingerprint must be the one that
// came with the code; only then does the code leave this device.
static enum err fetch_authority(struct enrolment *enrolment)
{
    struct tls_config *tls = NULL;
    struct tls_options options = {.is_server = false};
    enum err err = tls_config_new(&tls, &options, enrolment->fault);
    if (err != OK) {
        return err;
    }
    struct http_call call = {.method = "GET", .target = "/.well-known/est/cacerts"};
    err = ask(enrolment, tls, &call);
    tls_config_free(tls);
    if (err != OK) {
        return err;
    }
    uint8_t print[CRYPTO_HASH_BYTES];
    char words[CRYPTO_HASH_BYTES * 2 + 1];
    if (crypto_fingerprint(enrolment->answer, print) != OK ||
        hex_encode(print, sizeof print, words, sizeof words) != OK ||
        !text_equal(words, enrolment->request->fingerprint)) {
        return fault_set(enrolment->fault, ERR_CRYPTO,
                         "this is not the hub that the code was made for");
    }
    return write_out(enrolment, "ca.pem", enrolment->answer);
}

static enum err send_request(struct enrolment *enrolment)
{
    char path[COMMAND_PATH_BYTES];
    char body[4096];
    char headers[400];
    enum err err = request_body(enrolment, body, sizeof body);
    if (err != OK) {
        return err;
    }
    if (request_headers(enrolment->request, headers, sizeof headers) != OK) {
        return fault_set(enrolment->fault, ERR_TOO_BIG, "the name or the code is too long");
    }
    struct tls_config *tls = NULL;
    struct tls_options options = {.ca_file = path_out(enrolment, "ca.pem", path, sizeof path)};
    err = tls_config_new(&tls, &options, enrolment->fault);
    if (err == OK) {
        struct http_call call = {.method = "POST",
                                 .target = "/.well-known/est/simpleenroll",
                                 .headers = headers,
                                 .content_type = "application/pkcs10",
                                 .body = body,
                                 .body_len = strlen(body)};
        err = ask(enrolment, tls, &call);
        tls_config_free(tls);
    }
    wipe(headers, sizeof headers);
    return err;
}

static enum err request_body(struct enrolment *enrolment, char *body, size_t body_bytes)
{
    char path[COMMAND_PATH_BYTES];
    struct crypto_key *key = NULL;
    enum err err = crypto_key_ensure(&key, path_out(enrolment, "device.key", path, sizeof path),
                                     enrolment->fault);
    if (err != OK) {
        return err;
    }
    uint8_t der[2048];
    size_t der_len = 0;
    err = crypto_request(key, enrolment->request->device, der, sizeof der, &der_len);
    crypto_key_free(key);
    if (err != OK || crypto_base64_encode(der, der_len, body, body_bytes) != OK) {
        return fault_set(enrolment->fault, ERR_TOO_BIG, "the request cannot be made");
    }
    return OK;
}

static enum err request_headers(const struct enrol_request *request, char *headers,
                                size_t headers_bytes)
{
    char plain[200];
    char basic[300];
    struct text text;
    text_init(&text, plain, sizeof plain);
    text_format(&text, "%s:%s", request->device, request->code);
    enum err err =
        text.is_cut ? ERR_TOO_BIG : crypto_base64_encode(plain, text.len, basic, sizeof basic);
    text_init(&text, headers, headers_bytes);
    if (err == OK) {
        text_format(&text, "Authorization: Basic %s\r\n", basic);
    }
    wipe(plain, sizeof plain);
    wipe(basic, sizeof basic);
    return text.is_cut ? ERR_TOO_BIG : err;
}

static enum err ask(struct enrolment *enrolment, struct tls_config *tls, struct http_call *call)
{
    struct http_client *client = NULL;
    struct http_client_options options = {
        .loop = enrolment->loop, .origin = enrolment->request->url, .tls = tls};
    enum err err = http_client_open(&client, &options, enrolment->fault);
    if (err != OK) {
        return err;
    }
    call->timeout_ms = PATIENCE_MS;
    call->done = on_answer;
    call->ctx = enrolment;
    (void)http_client_call(client, call);
    loop_run(enrolment->loop);
    http_client_close(client);
    return enrolment->err;
}

static void on_answer(void *ctx, const struct http_result *result)
{
    struct enrolment *enrolment = ctx;
    enrolment->err = OK;
    if (result->err != OK) {
        enrolment->err = fault_set(enrolment->fault, result->err, "hub: %s", err_name(result->err));
    } else if (result->status != 200) {
        enrolment->err =
            fault_set(enrolment->fault, ERR_REFUSED, "hub: refused (%d)", result->status);
    } else if (result->body_len >= sizeof enrolment->answer) {
        enrolment->err = fault_set(enrolment->fault, ERR_TOO_BIG, "hub: answer too long");
    } else {
        memcpy(enrolment->answer, result->body, result->body_len);
        enrolment->answer[result->body_len] = '\0';
    }
    loop_stop(enrolment->loop);
}

// The certificate last: who finds one finds the rest too.
static enum err keep_answer(struct enrolment *enrolment)
{
    struct enrol_result *result = enrolment->result;
    struct json *json = NULL;
    if (json_parse(enrolment->answer, strlen(enrolment->answer), &json) != OK) {
        return fault_set(enrolment->fault, ERR_MALFORMED, "hub: an answer we do not read");
    }
    const char *pem = json_get_text(json, "certificate");
    const char *service = json_get_text(json, "service_key");
    enum err err = OK;
    if (pem == NULL) {
        err = fault_set(enrolment->fault, ERR_MALFORMED, "no certificate in the answer");
    } else if (take_words(json, "role", result->role, sizeof result->role) != OK ||
               take_words(json, "location", result->location, sizeof result->location) != OK ||
               take_words(json, "town", result->town, sizeof result->town) != OK ||
               take_words(json, "hub_url", result->hub_url, sizeof result->hub_url) != OK ||
               !is_role(result->role)) {
        err = fault_set(enrolment->fault, ERR_MALFORMED, "hub: words we do not read");
    }
    if (err == OK && service != NULL) {
        result->has_service_key = true;
        err = write_out(enrolment, "service.pem", service);
    }
    err = err == OK ? write_conf(enrolment) : err;
    err = err == OK ? write_out(enrolment, "device.pem", pem) : err;
    json_free(json);
    return err;
}

// Absent is the empty string. What does not fit a line of device.conf is refused.
static enum err take_words(const struct json *json, const char *key, char *out, size_t out_bytes)
{
    const char *words = json_get_text(json, key);
    if (words == NULL) {
        return json_is_absent(json_get(json, key)) ? OK : ERR_MALFORMED;
    }
    return text_is_printable(words) ? text_copy(out, out_bytes, words) : ERR_MALFORMED;
}

// Becomes part of a program's name.
static bool is_role(const char *role)
{
    return strspn(role, "abcdefghijklmnopqrstuvwxyz") == strlen(role);
}

static enum err write_conf(struct enrolment *enrolment)
{
    const struct enrol_result *result = enrolment->result;
    char path[COMMAND_PATH_BYTES];
    char conf[CONF_BYTES];
    struct text text;
    text_init(&text, conf, sizeof conf);
    text_add(&text, "# Written by enrolling; the hub decides what stands here.\n");
    text_format(&text, "id = %s\n", enrolment->request->device);
    const char *const pairs[][2] = {{"role", result->role},
                                    {"location", result->location},
                                    {"hub.location", result->location},
                                    {"town", result->town},
                                    {"hub.url", result->hub_url}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (pairs[i][1][0] != '\0') {
            text_format(&text, "%s = %s\n", pairs[i][0], pairs[i][1]);
        }
    }
    text_format(&text, "hub.ca = %s\n", path_out(enrolment, "ca.pem", path, sizeof path));
    text_format(&text, "device.certificate = %s\n",
                path_out(enrolment, "device.pem", path, sizeof path));
    text_format(&text, "device.key = %s\n", path_out(enrolment, "device.key", path, sizeof path));
    if (text.is_cut) {
        return fault_set(enrolment->fault, ERR_TOO_BIG, "device.conf: too long");
    }
    return write_out(enrolment, "device.conf", conf);
}

static enum err write_out(struct enrolment *enrolment, const char *name, const char *words)
{
    char path[COMMAND_PATH_BYTES];
    return file_write(path_out(enrolment, name, path, sizeof path), PUBLIC_FILE, words,
                      strlen(words), enrolment->fault);
}

static const char *path_out(const struct enrolment *enrolment, const char *name, char *path,
                            size_t path_bytes)
{
    struct text text;
    text_init(&text, path, path_bytes);
    text_format(&text, "%s/%s", enrolment->request->folder, name);
    return path;
}

// The words before the next ':', which it ends; NULL: there is none.
static char *cut(char **rest)
{
    char *words = *rest;
    char *colon = strchr(words, ':');
    if (colon == NULL) {
        return NULL;
    }
    *colon = '\0';
    *rest = colon + 1;
    return words;
}
