// SPDX-License-Identifier: EUPL-1.2
//
// One question after another to the hub, with this technician's own certificate.
#include "apps/technician/laptop.h"

#include "base/bytes.h"
#include "base/entropy.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATIENCE_MS = 15000, FILE_PATIENCE_MS = 15 * 60000, ANSWER_BYTES_MAX = 4 * 1024 * 1024 };

static const char *const flags[] = {"--json", "--yes", "--last"}; // stand alone

static enum err read_profile(struct config *config, const char *folder, struct fault *fault);
static void own_path(struct config *config, const char *key, const char *folder, const char *name);
static int ask(struct laptop *laptop, struct http_call *call);
static void on_answer(void *ctx, const struct http_result *result);
static int say_refusal(const struct laptop *laptop);

int laptop_open(struct laptop *laptop, int argc, char **argv)
{
    static struct config config; // large
    char home[COMMAND_PATH_BYTES] = ".inloop";
    struct text text;
    struct fault fault = {0};
    *laptop = (struct laptop){.is_json = laptop_has(argc, argv, "--json")};
    if (getenv("HOME") != NULL) {
        text_init(&text, home, sizeof home);
        text_format(&text, "%s/.inloop", getenv("HOME"));
    }
    const char *folder = command_option(argc, argv, "--profile");
    folder = folder != NULL ? folder : getenv("INLOOP_PROFILE");
    folder = folder != NULL ? folder : home;
    laptop->loop = loop_new();
    enum err err = read_profile(&config, folder, &fault);
    err = err != OK ? err : hub_address_open(&laptop->hub, &config, laptop->loop, 1, &fault);
    if (err != OK) {
        log_error("technician", "profile %s: %s", folder, fault.text);
        return LAPTOP_PROFILE;
    }
    return 0;
}

void laptop_close(struct laptop *laptop)
{
    json_free(laptop->body);
    free(laptop->text);
    hub_address_close(&laptop->hub);
    loop_free(laptop->loop);
    *laptop = (struct laptop){0};
}

int laptop_ask(struct laptop *laptop, const char *path, struct json *body)
{
    char *words = body == NULL ? NULL : json_write_new(body);
    json_free(body);
    struct http_call call = {.method = words == NULL ? "GET" : "POST",
                             .target = path,
                             .body = words,
                             .body_len = words == NULL ? 0 : strlen(words),
                             .timeout_ms = PATIENCE_MS};
    const int code = ask(laptop, &call);
    free(words);
    return code;
}

int laptop_ask_quietly(struct laptop *laptop, const char *path)
{
    laptop->is_quiet = true;
    const int code = laptop_ask(laptop, path, NULL);
    laptop->is_quiet = false;
    return code;
}

int laptop_send_file(struct laptop *laptop, const char *path, const char *file)
{
    struct stat status;
    const int fd = open(file, O_RDONLY | O_CLOEXEC);
    void *bytes = MAP_FAILED;
    if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size > 0) {
        bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    if (fd >= 0) {
        (void)close(fd); // only read from
    }
    if (bytes == MAP_FAILED) {
        log_error("technician", "%s: %s", file, fd < 0 ? strerror(errno) : "is empty");
        return LAPTOP_REFUSED;
    }
    struct http_call call = {.method = "POST",
                             .target = path,
                             .content_type = "application/octet-stream",
                             .body = "",
                             .kept = bytes,
                             .kept_len = (size_t)status.st_size,
                             .timeout_ms = FILE_PATIENCE_MS};
    const int code = ask(laptop, &call);
    (void)munmap(bytes, (size_t)status.st_size); // cannot fail: it is ours
    return code;
}

bool laptop_is_told(const struct laptop *laptop)
{
    if (laptop->is_json) {
        printf("%s\n", laptop->text);
    }
    return laptop->is_json;
}

const char *laptop_word(int argc, char **argv, int index)
{
    for (int i = 0; i < argc; i++) {
        bool is_flag = false;
        for (size_t f = 0; f < sizeof flags / sizeof flags[0]; f++) {
            is_flag = is_flag || text_equal(argv[i], flags[f]);
        }
        if (is_flag) {
            continue;
        }
        if (text_starts_with(argv[i], "--")) {
            i += 1; // and its value
        } else if (index-- == 0) {
            return argv[i];
        }
    }
    return NULL;
}

bool laptop_has(int argc, char **argv, const char *flag)
{
    for (int i = 0; i < argc; i++) {
        if (text_equal(argv[i], flag)) {
            return true;
        }
    }
    return false;
}

// What enrolling wrote there; its files are found beside it wherever the folder went.
static enum err read_profile(struct config *config, const char *folder, struct fault *fault)
{
    char path[COMMAND_PATH_BYTES];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/device.conf", folder);
    enum err err = config_read_file(config, path, fault);
    if (err == OK) {
        own_path(config, "hub.ca", folder, "ca.pem");
        own_path(config, "device.certificate", folder, "device.pem");
        own_path(config, "device.key", folder, "device.key");
    }
    return err;
}

static void own_path(struct config *config, const char *key, const char *folder, const char *name)
{
    for (size_t i = 0; i < config->entries_count; i++) {
        if (text_equal(config->entries[i].key, key)) {
            struct text text; // too long: then it is not found
            text_init(&text, config->entries[i].value, sizeof config->entries[i].value);
            text_format(&text, "%s/%s", folder, name);
        }
    }
}

static int ask(struct laptop *laptop, struct http_call *call)
{
    char target[HUB_BASE_BYTES + COMMAND_PATH_BYTES];
    char key[UUID_TEXT_BYTES];
    char headers[80];
    json_free(laptop->body);
    free(laptop->text);
    laptop->body = NULL;
    laptop->text = NULL;
    laptop->status = 0;
    entropy_uuid(key);
    (void)snprintf(target, sizeof target, "%s%s", laptop->hub.base, call->target);
    (void)snprintf(headers, sizeof headers, "Idempotency-Key: %s\r\n", key);
    const bool is_get = text_equal(call->method, "GET");
    call->target = target;
    call->headers = is_get ? NULL : headers;
    call->may_repeat = is_get;
    call->answer_bytes_max = ANSWER_BYTES_MAX;
    call->done = on_answer;
    call->ctx = laptop;
    (void)http_client_call(laptop->hub.http, call); // never cancelled
    loop_run(laptop->loop);
    if (laptop->status == 0) {
        return LAPTOP_NO_HUB;
    }
    return laptop->status < 300 ? 0 : say_refusal(laptop);
}

static void on_answer(void *ctx, const struct http_result *result)
{
    struct laptop *laptop = ctx;
    loop_stop(laptop->loop);
    if (result->err == OK) {
        laptop->status = result->status;
        laptop->text = strndup(result->body, result->body_len);
        CHECK(laptop->text != NULL);
        if (json_parse(result->body, result->body_len, &laptop->body) != OK) {
            laptop->body = NULL; // no answer of a hub: shown as it came
        }
        return;
    }
    const bool is_sent = result->err == ERR_TIMEOUT || result->err == ERR_UNKNOWN;
    log_error("technician", "%s",
              result->err == ERR_CRYPTO ? "the hub does not know this profile, or it is another hub"
              : result->err == ERR_UNAVAILABLE ? "the hub cannot be reached"
              : is_sent                        ? "the hub did not answer: look whether it was done"
                                               : "the hub's answer cannot be read");
}

static int say_refusal(const struct laptop *laptop)
{
    static const struct {
        const char *code;
        const char *words;
    } table[] = {
        {"unauthorized", "this profile is no technician of this hub, or was revoked"},
        {"not_found", "the hub does not know that"},
        {"not_now", "not possible now"},
        {"bundle_refused", "the bundle is refused"},
        {"bundle_exists", "the hub has other bytes under this board and version"},
        {"too_big", "too big: a bundle has at most 128 MiB"},
        {"full", "there is no room"},
        {"storage", "the hub's disk does not work"},
    };
    const char *code = json_get_text(laptop->body, "code");
    const char *detail = json_get_text(laptop->body, "detail");
    const char *words = "the hub says no";
    for (size_t i = 0; code != NULL && i < sizeof table / sizeof table[0]; i++) {
        words = text_equal(table[i].code, code) ? table[i].words : words;
    }
    if (laptop->is_quiet) {
        return LAPTOP_REFUSED;
    }
    if (laptop->is_json) {
        printf("%s\n", laptop->text);
    }
    log_error("technician", "%s%s%s", words, detail == NULL ? "" : ": ",
              detail == NULL ? "" : detail);
    return LAPTOP_REFUSED;
}
