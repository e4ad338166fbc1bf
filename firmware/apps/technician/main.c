// SPDX-License-Identifier: EUPL-1.2
//
// The technician's tool. So far one task: enrol, which gives a device its key and certificate.
#include "base/bytes.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "link/crypto.h"
#include "link/http_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATIENCE_MS = 10000 };

static const char usage[] =
    "usage: inloop-technician enrol --hub-url URL --device ID --code CODE --fingerprint HEX"
    " --out FOLDER\n";

struct enrolment {
    struct loop *loop;
    const char *url;
    const char *device;
    const char *code;
    const char *fingerprint;
    const char *out;
    enum err err;
    struct fault *fault;
    char answer[16 * 1024];
};

static const char *option(int argc, char **argv, const char *name);
static enum err enrol(struct enrolment *enrolment);
static enum err ask(struct enrolment *enrolment, struct tls_config *tls, struct http_call *call);
static void on_answer(void *ctx, const struct http_result *result);
static enum err fetch_authority(struct enrolment *enrolment);
static enum err send_request(struct enrolment *enrolment);
static enum err write_out(struct enrolment *enrolment, const char *name, const char *words);
static const char *path_out(const struct enrolment *enrolment, const char *name, char *path,
                            size_t path_bytes);

int main(int argc, char **argv)
{
    static struct enrolment enrolment;
    struct fault fault = {0};
    enrolment = (struct enrolment){.url = option(argc, argv, "--hub-url"),
                                   .device = option(argc, argv, "--device"),
                                   .code = option(argc, argv, "--code"),
                                   .fingerprint = option(argc, argv, "--fingerprint"),
                                   .out = option(argc, argv, "--out"),
                                   .fault = &fault};
    if (argc < 2 || !text_equal(argv[1], "enrol") || enrolment.url == NULL ||
        enrolment.device == NULL || enrolment.code == NULL || enrolment.fingerprint == NULL ||
        enrolment.out == NULL) {
        (void)fputs(usage, stderr);
        return 2;
    }
    enrolment.loop = loop_new();
    enum err err = enrol(&enrolment);
    loop_free(enrolment.loop);
    if (err != OK) {
        log_error("technician", "enrol: %s", fault.text);
        return EXIT_FAILURE;
    }
    printf("%s is enrolled\n", enrolment.device);
    return EXIT_SUCCESS;
}

static const char *option(int argc, char **argv, const char *name)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (text_equal(argv[i], name)) {
            return argv[i + 1];
        }
    }
    return NULL;
}

static enum err enrol(struct enrolment *enrolment)
{
    (void)mkdir(enrolment->out, 0700); // there already is fine; writing tells
    enum err err = fetch_authority(enrolment);
    return err == OK ? send_request(enrolment) : err;
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
        !text_equal(words, enrolment->fingerprint)) {
        return fault_set(enrolment->fault, ERR_CRYPTO,
                         "this is not the hub that the code was made for");
    }
    return write_out(enrolment, "ca.pem", enrolment->answer);
}

static enum err send_request(struct enrolment *enrolment)
{
    char path[600];
    struct crypto_key *key = NULL;
    enum err err = crypto_key_ensure(&key, path_out(enrolment, "device.key", path, sizeof path),
                                     enrolment->fault);
    if (err != OK) {
        return err;
    }
    uint8_t der[2048];
    size_t der_len = 0;
    char body[4096];
    char plain[200];
    char basic[300];
    char headers[400];
    err = crypto_request(key, enrolment->device, der, sizeof der, &der_len);
    crypto_key_free(key);
    (void)snprintf(plain, sizeof plain, "%s:%s", enrolment->device, enrolment->code);
    if (err != OK || crypto_base64_encode(der, der_len, body, sizeof body) != OK ||
        crypto_base64_encode(plain, strlen(plain), basic, sizeof basic) != OK) {
        return fault_set(enrolment->fault, ERR_TOO_BIG, "the request cannot be made");
    }
    (void)snprintf(headers, sizeof headers, "Authorization: Basic %s\r\n", basic);
    struct tls_config *tls = NULL;
    struct tls_options options = {.ca_file = path_out(enrolment, "ca.pem", path, sizeof path)};
    err = tls_config_new(&tls, &options, enrolment->fault);
    if (err != OK) {
        return err;
    }
    struct http_call call = {.method = "POST",
                             .target = "/.well-known/est/simpleenroll",
                             .headers = headers,
                             .content_type = "application/pkcs10",
                             .body = body,
                             .body_len = strlen(body)};
    err = ask(enrolment, tls, &call);
    tls_config_free(tls);
    wipe(plain, sizeof plain);
    wipe(basic, sizeof basic);
    wipe(headers, sizeof headers);
    if (err != OK) {
        return err;
    }
    struct json *json = NULL;
    const char *pem = NULL;
    if (json_parse(enrolment->answer, strlen(enrolment->answer), &json) == OK) {
        pem = json_get_text(json, "certificate");
    }
    err = pem == NULL ? fault_set(enrolment->fault, ERR_MALFORMED, "no certificate in the answer")
                      : write_out(enrolment, "device.pem", pem);
    json_free(json);
    return err;
}

static enum err ask(struct enrolment *enrolment, struct tls_config *tls, struct http_call *call)
{
    struct http_client *client = NULL;
    struct http_client_options options = {
        .loop = enrolment->loop, .origin = enrolment->url, .tls = tls};
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

static enum err write_out(struct enrolment *enrolment, const char *name, const char *words)
{
    char path[600];
    FILE *file = fopen(path_out(enrolment, name, path, sizeof path), "w");
    if (file == NULL) {
        return fault_set(enrolment->fault, ERR_IO, "%s: cannot be written", path);
    }
    bool is_written = fputs(words, file) >= 0;
    return fclose(file) == 0 && is_written
               ? OK
               : fault_set(enrolment->fault, ERR_IO, "%s: not written", path);
}

static const char *path_out(const struct enrolment *enrolment, const char *name, char *path,
                            size_t path_bytes)
{
    struct text text;
    text_init(&text, path, path_bytes);
    text_format(&text, "%s/%s", enrolment->out, name);
    return path;
}
