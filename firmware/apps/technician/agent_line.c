// SPDX-License-Identifier: EUPL-1.2
//
// Three questions to the hub. Bytes of a bundle go to the disk as they come; nothing of them is
// believed here.
#include "apps/technician/agent_line.h"

#include "base/entropy.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    REPORT_MS = 10000,
    FETCH_MS = 15 * 60 * 1000, // then it goes on where it was
    TARGET_BYTES = 320,
    SPARE_BYTES = 4 * 1024 * 1024, // left for what else must be written there
};

struct agent_line {
    struct hub_address hub;
    struct agent_line_events events;
    bool is_reporting;
    // Of a fetch.
    bool is_fetching;
    uint64_t call;
    int fd;
    uint64_t have_bytes;
    uint64_t bytes_count; // that the hub said
    bool has_begun;       // its answer was looked at
    enum err err;
    struct fault fault;
};

static void post(struct agent_line *line, const char *what, struct json *json, http_done_fn done);
static void on_reported(void *ctx, const struct http_result *result);
static void on_logged(void *ctx, const struct http_result *result);
static const char *refusal(const struct http_result *result, char *words, size_t words_bytes);
static enum err open_file(struct agent_line *line, const char *path);
static bool on_piece(void *ctx, const struct http_head *head, const char *bytes, size_t len);
static enum err begin_body(struct agent_line *line, const struct http_head *head);
static enum err put_piece(struct agent_line *line, const char *bytes, size_t len);
static void on_fetched(void *ctx, const struct http_result *result);
static void end_fetch(struct agent_line *line, enum err err, const char *why);

enum err agent_line_open(struct agent_line **line, struct loop *loop, const struct config *config,
                         const struct agent_line_events *events, struct fault *fault)
{
    struct agent_line *made = calloc(1, sizeof *made);
    CHECK(made != NULL);
    made->events = *events;
    made->fd = -1;
    // One for reports, which must not wait behind the other, which fetches.
    enum err err = hub_address_open(&made->hub, config, loop, 2, fault);
    if (err != OK) {
        free(made);
        return err;
    }
    *line = made;
    return OK;
}

void agent_line_close(struct agent_line *line)
{
    if (line == NULL) {
        return;
    }
    hub_address_close(&line->hub);
    if (line->fd >= 0) {
        (void)close(line->fd); // it goes on where it is
    }
    free(line);
}

void agent_line_report(struct agent_line *line, const struct api_report *report)
{
    if (line->is_reporting) {
        return; // the hub is slow; the next one says it all again
    }
    line->is_reporting = true;
    post(line, "health", api_report_write(report), on_reported);
}

void agent_line_log(struct agent_line *line, const char *log)
{
    struct json *json = json_new_object();
    json_set_text(json, "log", log);
    post(line, "log", json, on_logged);
}

void agent_line_fetch(struct agent_line *line, const struct api_orders *orders, const char *path)
{
    CHECK(!line->is_fetching);

    line->is_fetching = true;
    line->has_begun = false;
    line->err = OK;
    line->bytes_count = orders->run.bytes;
    enum err err = open_file(line, path);
    char name[3 * API_BUNDLE_BYTES];
    if (err == OK && http_url_encode(orders->run.bundle, name, sizeof name) != OK) {
        err = fault_set(&line->fault, ERR_MALFORMED, "the bundle's name");
    }
    char target[TARGET_BYTES];
    char range[64];
    struct text text;
    text_init(&text, target, sizeof target);
    text_format(&text, "%s/bundles/%s", line->hub.base, name);
    if (err == OK && text.is_cut) {
        err = fault_set(&line->fault, ERR_MALFORMED, "the bundle's name");
    }
    if (err != OK) {
        end_fetch(line, err, line->fault.text);
        return;
    }
    text_init(&text, range, sizeof range);
    text_format(&text, "Range: bytes=%" PRIu64 "-\r\n", line->have_bytes);
    struct http_call call = {.method = "GET",
                             .target = target,
                             .headers = line->have_bytes > 0 ? range : NULL,
                             .timeout_ms = FETCH_MS,
                             .answer_bytes_max = (size_t)line->bytes_count,
                             .may_repeat = true,
                             .piece = on_piece,
                             .done = on_fetched,
                             .ctx = line};
    line->call = http_client_call(line->hub.http, &call);
}

bool agent_line_is_fetching(const struct agent_line *line)
{
    return line->is_fetching;
}

void agent_line_stop(struct agent_line *line)
{
    if (line->is_fetching) {
        http_client_cancel(line->hub.http, line->call);
        (void)close(line->fd); // of no use any more
        line->fd = -1;
        line->is_fetching = false;
    }
}

// Takes `json`.
static void post(struct agent_line *line, const char *what, struct json *json, http_done_fn done)
{
    char target[TARGET_BYTES];
    char header[80];
    char key[UUID_TEXT_BYTES];
    struct text text;
    entropy_uuid(key);
    text_init(&text, header, sizeof header);
    text_format(&text, "Idempotency-Key: %s\r\n", key);
    text_init(&text, target, sizeof target);
    text_format(&text, "%s/devices/%s", line->hub.base, what);
    char *body = json_write_new(json);
    json_free(json);
    struct http_call call = {.method = "POST",
                             .target = target,
                             .headers = header,
                             .body = body,
                             .body_len = strlen(body),
                             .timeout_ms = REPORT_MS,
                             .may_repeat = true,
                             .done = done,
                             .ctx = line};
    (void)http_client_call(line->hub.http, &call); // ends with the line
    free(body);
}

static void on_reported(void *ctx, const struct http_result *result)
{
    struct agent_line *line = ctx;
    struct api_orders orders;
    struct json *json = NULL;
    char words[FAULT_TEXT_BYTES];
    line->is_reporting = false;
    if (result->err != OK || result->status != 200) {
        line->events.silent(line->events.ctx, refusal(result, words, sizeof words));
        return;
    }
    struct fault fault = {0};
    enum err err = json_parse(result->body, result->body_len, &json);
    err = err == OK ? api_orders_read(json, &orders, &fault)
                    : fault_set(&fault, err, "orders: not JSON");
    json_free(json);
    if (err == OK) {
        line->events.orders(line->events.ctx, &orders);
    } else {
        line->events.silent(line->events.ctx, fault.text);
    }
}

static void on_logged(void *ctx, const struct http_result *result)
{
    (void)ctx;
    char words[FAULT_TEXT_BYTES];
    if (result->err != OK || result->status != 200) {
        log_warn("agent", "the log was not taken: %s", refusal(result, words, sizeof words));
    }
}

static const char *refusal(const struct http_result *result, char *words, size_t words_bytes)
{
    struct text text;
    text_init(&text, words, words_bytes);
    if (result->err != OK) {
        text_format(&text, "hub: %s", err_name(result->err));
    } else {
        text_format(&text, "hub: refused (%d)", result->status);
    }
    return words;
}

static enum err open_file(struct agent_line *line, const char *path)
{
    struct stat facts;
    struct statvfs room;
    line->fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (line->fd < 0 || fstat(line->fd, &facts) != 0 || fstatvfs(line->fd, &room) != 0) {
        return fault_set(&line->fault, ERR_IO, "%s: %s", path, strerror(errno));
    }
    line->have_bytes = (uint64_t)facts.st_size;
    if (line->have_bytes >= line->bytes_count) {
        return fault_set(&line->fault, ERR_DUPLICATE, "more bytes than the hub said");
    }
    uint64_t needed = line->bytes_count - line->have_bytes + SPARE_BYTES;
    uint64_t free_bytes = (uint64_t)room.f_bavail * room.f_frsize;
    return free_bytes >= needed
               ? OK
               : fault_set(&line->fault, ERR_FULL,
                           "the data partition has %" PRIu64 " KiB left, %" PRIu64 " are needed",
                           free_bytes / 1024, needed / 1024);
}

static bool on_piece(void *ctx, const struct http_head *head, const char *bytes, size_t len)
{
    struct agent_line *line = ctx;
    if (!line->has_begun) {
        line->has_begun = true;
        line->err = begin_body(line, head);
    }
    if (line->err == OK) {
        line->err = put_piece(line, bytes, len);
    }
    return line->err == OK;
}

// A part begins where we asked for it, or everything begins anew.
static enum err begin_body(struct agent_line *line, const struct http_head *head)
{
    char range[80] = "";
    char wanted[40];
    struct text text;
    text_init(&text, wanted, sizeof wanted);
    text_format(&text, "bytes %" PRIu64 "-", line->have_bytes);
    bool is_part = head->status == 206;
    if (is_part && (http_header_copy(head, "Content-Range", range, sizeof range) != OK ||
                    !text_starts_with(range, wanted))) {
        return fault_set(&line->fault, ERR_UNKNOWN, "hub: another part than was asked for");
    }
    if (!is_part) {
        line->have_bytes = 0;
        if (ftruncate(line->fd, 0) != 0) {
            return fault_set(&line->fault, ERR_IO, "%s", strerror(errno));
        }
    }
    return lseek(line->fd, (off_t)line->have_bytes, SEEK_SET) < 0
               ? fault_set(&line->fault, ERR_IO, "%s", strerror(errno))
               : OK;
}

static enum err put_piece(struct agent_line *line, const char *bytes, size_t len)
{
    if (line->have_bytes + len > line->bytes_count) {
        return fault_set(&line->fault, ERR_DUPLICATE, "more bytes than the hub said");
    }
    if (!file_put(line->fd, bytes, len)) {
        bool is_full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
        return fault_set(&line->fault, is_full ? ERR_FULL : ERR_IO, "the data partition: %s",
                         strerror(errno));
    }
    line->have_bytes += len;
    return OK;
}

static void on_fetched(void *ctx, const struct http_result *result)
{
    struct agent_line *line = ctx;
    char words[FAULT_TEXT_BYTES];
    bool is_given = result->err == OK && (result->status == 200 || result->status == 206);
    if (line->err != OK) {
        end_fetch(line, line->err, line->fault.text);
    } else if (result->err == ERR_TOO_BIG) {
        end_fetch(line, ERR_DUPLICATE, "more bytes than the hub said");
    } else if (!is_given) {
        end_fetch(line,
                  result->err == ERR_TIMEOUT || result->err == ERR_UNKNOWN ? result->err
                                                                           : ERR_UNAVAILABLE,
                  refusal(result, words, sizeof words));
    } else if (fsync(line->fd) != 0) {
        end_fetch(line, ERR_IO, strerror(errno));
    } else if (line->have_bytes < line->bytes_count) {
        // Whole by its own word, and less than the hub said before.
        end_fetch(line, ERR_DUPLICATE, "fewer bytes than the hub said");
    } else {
        end_fetch(line, OK, "");
    }
}

static void end_fetch(struct agent_line *line, enum err err, const char *why)
{
    if (line->fd >= 0) {
        if (err == ERR_DUPLICATE && ftruncate(line->fd, 0) != 0) {
            log_warn("agent", "next.bundle: %s", strerror(errno)); // its check refuses it too
        }
        (void)close(line->fd); // synced when it counts
    }
    line->fd = -1;
    line->is_fetching = false;
    line->events.fetched(line->events.ctx, err, why);
}
