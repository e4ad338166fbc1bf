// SPDX-License-Identifier: EUPL-1.2
//
// Bundles: they come in pieces straight to a file, are checked while they come, and only a whole
// and good one gets its name; devices read them from where they stopped. None is ever held in
// memory, and none keeps the loop for longer than a piece.
#include "apps/hub/hub_fleet.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    FLUSH_BYTES = 1024 * 1024,     // so much is on its way to the disk before the end
    FREE_BYTES = 64 * 1024 * 1024, // stay for the store
    HEAD_BYTES_MAX = BUNDLE_HEAD_BYTES + BUNDLE_MANIFEST_BYTES_MAX,
    RANGE_BYTES = 64,
};

static const char coming_name[] = ".coming-";

struct hub_coming {
    struct hub *hub;
    int fd;
    char path[HUB_PATH_BYTES + 64];
    uint64_t len; // as the head said
    uint64_t got;
    uint64_t flushed;
    uint8_t head[HEAD_BYTES_MAX];
    size_t head_len;
    bool is_known; // `bundle` is read and its signature held
    struct bundle bundle;
    size_t payload;                // the one that comes now
    uint64_t payload_left;         // of it
    struct crypto_digest *whole;   // of the file
    struct crypto_digest *partial; // of that payload
    uint8_t sha256[CRYPTO_HASH_BYTES];
    struct fault fault; // the first thing that was wrong
    bool is_disk;       // that was the disk's, not the bundle's
};

static bool takes(void *ctx, const char *method, const char *target);
static bool on_begin(void *ctx, struct http_request *request, uint64_t len);
static void on_piece(void *ctx, struct http_request *request, const char *bytes, size_t len);
static void on_cut(void *ctx, struct http_request *request);
static struct hub_coming *coming_new(struct hub *hub, uint64_t len);
static size_t coming_place(const struct hub *hub);
static bool has_room(const struct hub *hub, uint64_t len);
static void write_piece(struct hub_coming *coming, const char *bytes, size_t len);
static void read_head(struct hub_coming *coming, const char *bytes, size_t len);
static void check_head(struct hub_coming *coming);
static void check_payload(struct hub_coming *coming, const uint8_t *bytes, size_t len);
static void wrong(struct hub_coming *coming, const char *words);
static void end(struct hub_coming *coming);
static void keep(struct hub_call *call);
static void refuse(struct hub_call *call, const struct hub_coming *coming);
static const struct store_bundle *drop_oldest(struct hub *hub, struct hub_work *work);
static struct json *bundle_json(const struct store_bundle *bundle);
static int compare_bundles(const void *left, const void *right);
static const char *path_of(const struct hub *hub, const char *id, char *path, size_t path_bytes);
static bool range_from(const struct http_request *request, uint64_t *from);

const struct http_bodies hub_bundle_bodies = {
    .takes = takes, .begin = on_begin, .piece = on_piece, .cut = on_cut};

// What a hub before us left half, or did not come to remember.
enum err hub_bundles_open(struct hub *hub, struct fault *fault)
{
    char path[HUB_PATH_BYTES + 300];
    DIR *folder = opendir(hub->fleet->folder);
    if (folder == NULL) {
        return fault_set(fault, ERR_IO, "%s: %s", hub->fleet->folder, strerror(errno));
    }
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_type == DT_REG && hub_bundle_find(hub, entry->d_name) == NULL) {
            (void)unlink(path_of(hub, entry->d_name, path, sizeof path)); // else next time
        }
    }
    (void)closedir(folder); // only read from
    return OK;
}

void hub_bundles_close(struct hub *hub)
{
    for (size_t i = 0; i < HUB_BUNDLES_COMING_MAX; i++) {
        hub_coming_end(hub->fleet->coming[i]);
    }
}

void hub_fleet_load_bundle(void *ctx, const struct store_bundle *bundle)
{
    struct hub *hub = ctx;
    char path[HUB_PATH_BYTES + 80];
    struct stat status;
    if (!bundle_word_is(bundle->board) || !bundle_version_is(bundle->version) ||
        !bundle_version_is(bundle->minimum) ||
        stat(path_of(hub, bundle->id, path, sizeof path), &status) != 0 ||
        status.st_size != bundle->bytes_count || hub->fleet->bundles_count == HUB_BUNDLES_MAX) {
        log_warn("hub", "bundle %s: its file is not there, or not whole", bundle->id);
        return;
    }
    hub->fleet->bundles[hub->fleet->bundles_count++] = *bundle;
}

const struct store_bundle *hub_bundle_find(const struct hub *hub, const char *id)
{
    for (size_t i = 0; i < hub->fleet->bundles_count; i++) {
        if (text_equal(hub->fleet->bundles[i].id, id)) {
            return &hub->fleet->bundles[i];
        }
    }
    return NULL;
}

void hub_get_bundles(struct hub_call *call)
{
    const struct hub_fleet *fleet = call->hub->fleet;
    const struct store_bundle *bundles[HUB_BUNDLES_MAX];
    for (size_t i = 0; i < fleet->bundles_count; i++) {
        bundles[i] = &fleet->bundles[i];
    }
    qsort(bundles, fleet->bundles_count, sizeof bundles[0], compare_bundles);
    struct json *list = json_new_array();
    for (size_t i = 0; i < fleet->bundles_count; i++) {
        json_append(list, bundle_json(bundles[i]));
    }
    struct json *body = json_new_object();
    json_set(body, "bundles", list);
    hub_answer(call, 200, body);
}

// The whole body has come, or nobody wanted it.
void hub_post_bundles(struct hub_call *call)
{
    struct hub_coming *coming = http_request_user(call->request);
    if (coming == NULL) {
        char length[RANGE_BYTES] = "0";
        int64_t bytes = 0;
        const bool is_read =
            http_request_header(call->request, "Content-Length", length, sizeof length) == OK &&
            text_to_int64(length, 1, INT64_MAX, &bytes) == OK;
        if (!is_read) {
            hub_refuse_words(call, 400, "bad_request", "the body is empty");
        } else if (bytes > HUB_BUNDLE_BYTES_MAX) {
            hub_refuse_words(call, 413, "too_big", "a bundle has at most 128 MiB");
        } else {
            hub_refuse_words(call, 503, "full", "no room on the disk, or two are coming already");
        }
        return;
    }
    hub_run_once(call, coming->sha256, keep);
}

// Whatever became of it: under its temporary name there is nothing any more.
void hub_coming_end(struct hub_coming *coming)
{
    if (coming == NULL) {
        return;
    }
    for (size_t i = 0; i < HUB_BUNDLES_COMING_MAX; i++) {
        if (coming->hub->fleet->coming[i] == coming) {
            coming->hub->fleet->coming[i] = NULL;
        }
    }
    (void)close(coming->fd);    // synced where it mattered
    (void)unlink(coming->path); // has its own name, or is to go
    crypto_digest_free(coming->whole);
    crypto_digest_free(coming->partial);
    free(coming);
}

void hub_get_bundle(struct hub_call *call)
{
    const struct store_bundle *bundle = hub_bundle_find(call->hub, call->id);
    char path[HUB_PATH_BYTES + 80];
    uint64_t from = 0;
    if (bundle == NULL) {
        hub_refuse(call, 404, "not_found");
        return;
    }
    const uint64_t bytes_count = (uint64_t)bundle->bytes_count;
    const bool is_rest = range_from(call->request, &from);
    if (is_rest && from >= bytes_count) {
        hub_refuse(call, 416, "range_wrong");
        return;
    }
    const int fd = open(path_of(call->hub, bundle->id, path, sizeof path), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        hub_refuse(call, 404, "not_found");
        return;
    }
    char headers[160] = "Accept-Ranges: bytes\r\n";
    if (is_rest) {
        (void)snprintf(headers, sizeof headers,
                       "Accept-Ranges: bytes\r\nContent-Range: bytes %llu-%llu/%llu\r\n",
                       (unsigned long long)from, (unsigned long long)bytes_count - 1,
                       (unsigned long long)bytes_count);
    }
    call->hub->fleet->counts.bundle_bytes += bytes_count - from;
    http_reply_file(call->request, &(struct http_file){.status = is_rest ? 206 : 200,
                                                       .content_type = "application/octet-stream",
                                                       .headers = headers,
                                                       .fd = fd,
                                                       .from = from,
                                                       .bytes_count = bytes_count - from});
}

static bool takes(void *ctx, const char *method, const char *target)
{
    const struct hub *hub = ctx;
    char path[96];
    (void)snprintf(path, sizeof path, "/v1/locations/%s/bundles", hub->hall.location);
    return text_equal(method, "POST") && text_equal(target, path);
}

// Only for who may bring one, so that a stranger fills nothing; the route says why not.
static bool on_begin(void *ctx, struct http_request *request, uint64_t len)
{
    struct hub *hub = ctx;
    uint8_t print[TLS_FINGERPRINT_BYTES];
    struct store_device device;
    const bool may = http_request_fingerprint(request, print) &&
                     hub_find_device(hub, print, &device) && device.role == ROLE_TECHNICIAN;
    if (!may || len > HUB_BUNDLE_BYTES_MAX || coming_place(hub) == HUB_BUNDLES_COMING_MAX ||
        !has_room(hub, len)) {
        return false;
    }
    struct hub_coming *coming = coming_new(hub, len);
    if (coming == NULL) {
        return false;
    }
    http_request_set_user(request, coming);
    return true;
}

static void on_piece(void *ctx, struct http_request *request, const char *bytes, size_t len)
{
    struct hub_coming *coming = http_request_user(request);
    (void)ctx;
    crypto_digest_add(coming->whole, bytes, len);
    if (coming->fault.err == OK) {
        write_piece(coming, bytes, len);
    }
    if (coming->fault.err == OK && !coming->is_known) {
        read_head(coming, bytes, len);
    } else if (coming->fault.err == OK) {
        check_payload(coming, (const uint8_t *)bytes, len);
    }
    coming->got += len;
    if (coming->got == coming->len) {
        end(coming);
    }
}

static void on_cut(void *ctx, struct http_request *request)
{
    (void)ctx;
    hub_coming_end(http_request_user(request));
}

static struct hub_coming *coming_new(struct hub *hub, uint64_t len)
{
    const size_t at = coming_place(hub);
    struct hub_coming *coming = calloc(1, sizeof *coming);
    CHECK(coming != NULL);
    coming->hub = hub;
    coming->len = len;
    (void)snprintf(coming->path, sizeof coming->path, "%s/%s%zu", hub->fleet->folder, coming_name,
                   at);
    coming->fd = open(coming->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (coming->fd < 0) {
        log_error("hub", "%s: %s", coming->path, strerror(errno));
        free(coming);
        return NULL;
    }
    coming->whole = crypto_digest_new();
    hub->fleet->coming[at] = coming;
    return coming;
}

static size_t coming_place(const struct hub *hub)
{
    size_t at = 0;
    while (at < HUB_BUNDLES_COMING_MAX && hub->fleet->coming[at] != NULL) {
        at += 1;
    }
    return at;
}

static bool has_room(const struct hub *hub, uint64_t len)
{
    struct statvfs disk;
    return statvfs(hub->fleet->folder, &disk) != 0 ||
           (uint64_t)disk.f_bavail * disk.f_frsize >= len + FREE_BYTES;
}

// The disk is set to work now, so that the sync at the end has little left to wait for.
static void write_piece(struct hub_coming *coming, const char *bytes, size_t len)
{
    if (!file_put(coming->fd, bytes, len)) {
        coming->is_disk = true;
        (void)fault_set(&coming->fault, ERR_IO, "%s", strerror(errno));
        return;
    }
    const uint64_t written = coming->got + len;
    if (written - coming->flushed >= FLUSH_BYTES) {
        (void)sync_file_range(coming->fd, (off_t)coming->flushed,
                              (off_t)(written - coming->flushed), SYNC_FILE_RANGE_WRITE);
        coming->flushed = written; // only a hint: the end syncs it all
    }
}

// Bytes are gathered until head and manifest are there; what came with them of payloads is checked
// like the rest.
static void read_head(struct hub_coming *coming, const char *bytes, size_t len)
{
    const size_t room = sizeof coming->head - coming->head_len;
    const size_t taken = len < room ? len : room;
    memcpy(coming->head + coming->head_len, bytes, taken);
    coming->head_len += taken;
    struct fault fault = {0};
    enum err err = bundle_parse(&coming->bundle, coming->head, coming->head_len,
                                &coming->hub->fleet->keys, &fault);
    if (err == ERR_NOT_FOUND && taken == len) {
        return; // more is to come
    }
    if (err != OK) {
        wrong(coming, fault.text[0] != '\0' ? fault.text : "no bundle");
        return;
    }
    coming->is_known = true;
    check_head(coming);
    const uint64_t begin = coming->bundle.payloads[0].offset;
    if (coming->fault.err == OK && begin < coming->head_len) {
        check_payload(coming, coming->head + begin, coming->head_len - (size_t)begin);
    }
    if (coming->fault.err == OK && taken < len) {
        check_payload(coming, (const uint8_t *)bytes + taken, len - taken);
    }
}

static void check_head(struct hub_coming *coming)
{
    const struct bundle *bundle = &coming->bundle;
    const char *town = coming->hub->fleet->town;
    char words[FAULT_TEXT_BYTES];
    if (bundle->bytes_count != coming->len) {
        (void)snprintf(words, sizeof words, "it says %llu bytes and has %llu",
                       (unsigned long long)bundle->bytes_count, (unsigned long long)coming->len);
        wrong(coming, words);
    } else if (!text_equal(bundle->town, "*") && !text_equal(bundle->town, town)) {
        (void)snprintf(words, sizeof words, "it is for the town %s, here is %s", bundle->town,
                       town[0] == '\0' ? "no town set" : town);
        wrong(coming, words);
    } else if (bundle->payloads_count == 0) {
        wrong(coming, "it holds nothing");
    }
}

static void check_payload(struct hub_coming *coming, const uint8_t *bytes, size_t len)
{
    const struct bundle *bundle = &coming->bundle;
    while (coming->fault.err == OK && coming->payload < bundle->payloads_count) {
        const struct bundle_payload *payload = &bundle->payloads[coming->payload];
        if (coming->partial == NULL) {
            coming->partial = crypto_digest_new();
            coming->payload_left = payload->bytes_count;
        }
        const size_t part = len < coming->payload_left ? len : (size_t)coming->payload_left;
        crypto_digest_add(coming->partial, bytes, part);
        coming->payload_left -= part;
        bytes += part;
        len -= part;
        if (coming->payload_left > 0) {
            return;
        }
        uint8_t hash[CRYPTO_HASH_BYTES];
        crypto_digest_end(coming->partial, hash);
        crypto_digest_free(coming->partial);
        coming->partial = NULL;
        if (memcmp(hash, payload->sha256, sizeof hash) != 0) {
            char words[FAULT_TEXT_BYTES];
            (void)snprintf(words, sizeof words, "%s was changed after it was signed",
                           payload->name);
            wrong(coming, words);
        }
        coming->payload += 1;
    }
}

static void wrong(struct hub_coming *coming, const char *words)
{
    (void)fault_set(&coming->fault, ERR_REFUSED, "%s", words);
}

// The last byte has come.
static void end(struct hub_coming *coming)
{
    crypto_digest_end(coming->whole, coming->sha256);
    if (coming->fault.err == OK && !coming->is_known) {
        wrong(coming, "it ends within its head");
    } else if (coming->fault.err == OK && coming->payload < coming->bundle.payloads_count) {
        wrong(coming, "it ends within what it should hold");
    }
    if (coming->fault.err == OK && fdatasync(coming->fd) != 0) {
        coming->is_disk = true;
        (void)fault_set(&coming->fault, ERR_IO, "%s", strerror(errno));
    }
}

static void keep(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct hub_fleet *fleet = hub->fleet;
    struct hub_coming *coming = http_request_user(call->request);
    const struct bundle *bundle = &coming->bundle;
    if (coming->fault.err != OK) {
        refuse(call, coming);
        return;
    }
    struct store_bundle row = {.bytes_count = (int64_t)coming->len, .added_ms = hub_now_ms(hub)};
    (void)snprintf(row.id, sizeof row.id, "%s-%s", bundle->board, bundle->version);
    memcpy(row.version, bundle->version, sizeof row.version);
    memcpy(row.minimum, bundle->minimum, sizeof row.minimum);
    memcpy(row.board, bundle->board, sizeof row.board);
    memcpy(row.town, bundle->town, sizeof row.town);
    memcpy(row.made, bundle->made, sizeof row.made);
    memcpy(row.sha256, coming->sha256, sizeof row.sha256);
    memcpy(row.added_by, call->device->id, sizeof row.added_by);
    const struct store_bundle *known = hub_bundle_find(hub, row.id);
    if (known != NULL && memcmp(known->sha256, row.sha256, sizeof row.sha256) != 0) {
        hub_refuse_words(call, 409, "bundle_exists", row.id);
        return;
    }
    struct hub_work *work = hub_work_new(hub);
    if (known != NULL) {
        hub_work_answer(work, call->request, call->entry, 201, bundle_json(known));
        hub_work_commit(work);
        return;
    }
    char path[HUB_PATH_BYTES + 80];
    path_of(hub, row.id, path, sizeof path);
    const bool has_place = fleet->bundles_count < HUB_BUNDLES_MAX || drop_oldest(hub, work) != NULL;
    if (!has_place || rename(coming->path, path) != 0 || file_sync_folder(path) != OK) {
        hub_work_commit(work);
        hub_refuse_words(call, 503, has_place ? "storage" : "full",
                         has_place ? strerror(errno) : "every bundle is part of a rollout");
        return;
    }
    hub_work_change(work, STORE_BUNDLE)->bundle = row;
    fleet->bundles[fleet->bundles_count++] = row;
    hub_work_audit(work, "add_bundle", row.id, "kept", call->device->id, call->device->id);
    hub_work_answer(work, call->request, call->entry, 201, bundle_json(&row));
    hub_work_commit(work);
    log_info("hub", "bundle %s kept, from %s", row.id, call->device->id);
}

static void refuse(struct hub_call *call, const struct hub_coming *coming)
{
    struct hub_work *work = hub_work_new(call->hub);
    hub_work_audit(work, "add_bundle", "bundle", "refused", call->device->id, call->device->id);
    hub_work_commit(work);
    log_warn("hub", "bundle of %s refused: %s", call->device->id, coming->fault.text);
    hub_refuse_words(call, coming->is_disk ? 503 : 422,
                     coming->is_disk ? "storage" : "bundle_refused", coming->fault.text);
}

// The one that came first of those no rollout needs; NULL: all are needed. A device that is reading
// it reads on.
static const struct store_bundle *drop_oldest(struct hub *hub, struct hub_work *work)
{
    struct hub_fleet *fleet = hub->fleet;
    static struct store_bundle dropped;
    for (size_t i = 0; i < fleet->bundles_count; i++) {
        if (hub_rollout_needs(hub, fleet->bundles[i].id)) {
            continue;
        }
        char path[HUB_PATH_BYTES + 80];
        dropped = fleet->bundles[i];
        (void)unlink(path_of(hub, dropped.id, path, sizeof path)); // else at the next start
        hub_work_change(work, STORE_BUNDLE_ERASE)->bundle = dropped;
        fleet->bundles_count -= 1;
        memmove(fleet->bundles + i, fleet->bundles + i + 1,
                (fleet->bundles_count - i) * sizeof fleet->bundles[0]);
        return &dropped;
    }
    return NULL;
}

static struct json *bundle_json(const struct store_bundle *bundle)
{
    struct json *json = json_new_object();
    char hash[STORE_HASH_BYTES * 2 + 1];
    CHECK(hex_encode(bundle->sha256, sizeof bundle->sha256, hash, sizeof hash) == OK);
    json_set_text(json, "bundle", bundle->id);
    json_set_text(json, "version", bundle->version);
    json_set_text(json, "board", bundle->board);
    json_set_text(json, "minimum", bundle->minimum);
    json_set_text(json, "town", bundle->town);
    if (bundle->made[0] != '\0') {
        json_set_text(json, "made", bundle->made);
    }
    json_set_int(json, "bytes", bundle->bytes_count);
    json_set_text(json, "sha256", hash);
    hub_set_time(json, "added_at", bundle->added_ms);
    json_set_text(json, "added_by", bundle->added_by);
    return json;
}

static int compare_bundles(const void *left, const void *right)
{
    const struct store_bundle *const *first = left;
    const struct store_bundle *const *second = right;
    const int order = bundle_version_compare((*second)->version, (*first)->version);
    return order != 0 ? order : strcmp((*first)->board, (*second)->board);
}

static const char *path_of(const struct hub *hub, const char *id, char *path, size_t path_bytes)
{
    (void)snprintf(path, path_bytes, "%s/%s", hub->fleet->folder, id);
    return path;
}

// "bytes=N-" alone; anything else is as if it were not there (RFC 9110, section 14.2).
static bool range_from(const struct http_request *request, uint64_t *from)
{
    char range[RANGE_BYTES];
    int64_t value = 0;
    if (http_request_header(request, "Range", range, sizeof range) != OK ||
        !text_starts_with(range, "bytes=") || range[strlen(range) - 1] != '-') {
        return false;
    }
    range[strlen(range) - 1] = '\0';
    if (text_to_int64(range + 6, 0, INT64_MAX, &value) != OK) {
        return false;
    }
    *from = (uint64_t)value;
    return true;
}
