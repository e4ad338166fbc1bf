// SPDX-License-Identifier: EUPL-1.2
//
// Idempotency: one entry a key, with the hash of what was asked and the answer it got. A second
// asking waits for the first or gets its answer.
#include "apps/hub/hub.h"

#include "base/bytes.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct hub_key {
    char key[STORE_KEY_BYTES]; // empty: free
    char device[DEVICE_ID_BYTES];
    uint8_t hash[STORE_HASH_BYTES];
    int status; // 0: running, -1: had no effect and may be asked anew
    char *body;
    size_t body_len;
    struct http_request *waiters[HUB_WAITERS_MAX];
    size_t waiters_count;
};

static struct hub_key *place_of(struct hub *hub, const char *key, const char *device);
static void entry_clear(struct hub_key *entry);
static void set_answer(struct hub_key *entry, int status, const char *body, size_t len);

enum hub_key_found hub_key_find(struct hub *hub, const char *key, const char *device,
                                const uint8_t hash[STORE_HASH_BYTES], struct hub_key **entry)
{
    struct hub_key *at = place_of(hub, key, device);
    if (at->key[0] == '\0') {
        if (hub->keys_count >= HUB_KEYS_MAX / 4 * 3) {
            return KEY_FULL;
        }
        *at = (struct hub_key){0};
        CHECK(text_copy(at->key, sizeof at->key, key) == OK);
        CHECK(text_copy(at->device, sizeof at->device, device) == OK);
        memcpy(at->hash, hash, sizeof at->hash);
        hub->keys_count += 1;
        *entry = at;
        return KEY_NEW;
    }
    *entry = at;
    if (memcmp(at->hash, hash, sizeof at->hash) != 0) {
        return KEY_REUSED;
    }
    if (at->status < 0) {
        at->status = 0;
        return KEY_NEW;
    }
    return at->status == 0 ? KEY_RUNNING : KEY_ANSWERED;
}

void hub_key_wait(struct hub_key *entry, struct http_request *request)
{
    if (entry->waiters_count == HUB_WAITERS_MAX) {
        http_reply_problem(request, 429, "too_many", NULL);
        return;
    }
    entry->waiters[entry->waiters_count++] = request;
}

void hub_key_replay(const struct hub_key *entry, struct http_request *request)
{
    http_reply(request,
               &(struct http_answer){.status = entry->status,
                                     .content_type =
                                         entry->status >= 400 ? "application/problem+json" : NULL,
                                     .headers = "Idempotent-Replayed: true\r\n",
                                     .body = entry->body,
                                     .body_len = entry->body_len});
}

void hub_key_answered(struct hub *hub, struct hub_key *entry, int status, const char *body,
                      size_t len, struct hub_work *work)
{
    struct store_blob blob = hub_work_seal(work, "answer", entry->key, body, len);
    struct store_change *change = hub_work_change(work, STORE_ANSWER);
    CHECK(text_copy(change->answer.key, sizeof change->answer.key, entry->key) == OK);
    CHECK(text_copy(change->answer.device, sizeof change->answer.device, entry->device) == OK);
    memcpy(change->answer.request_hash, entry->hash, sizeof change->answer.request_hash);
    change->answer.status = status;
    change->answer.when_ms = hub_now_ms(hub);
    change->answer.body = blob;
}

void hub_key_release(struct hub *hub, struct hub_key *entry, int status, const char *body,
                     size_t len)
{
    (void)hub;
    set_answer(entry, status, body, len);
    for (size_t i = 0; i < entry->waiters_count; i++) {
        hub_key_replay(entry, entry->waiters[i]);
    }
    entry->waiters_count = 0;
}

// The entry stays (open addressing has no holes), but answers like a fresh one: what could not be
// done may be tried again under the same key.
void hub_key_forget(struct hub *hub, struct hub_key *entry)
{
    (void)hub;
    for (size_t i = 0; i < entry->waiters_count; i++) {
        http_reply_problem(entry->waiters[i], 503, "try_again", NULL);
    }
    entry->waiters_count = 0;
    entry->status = -1;
}

void hub_key_restore(struct hub *hub, const char *key, const char *device, const uint8_t *hash,
                     int status, const char *body, size_t len)
{
    struct hub_key *entry = NULL;
    if (hub_key_find(hub, key, device, hash, &entry) == KEY_NEW) {
        set_answer(entry, status, body, len);
    }
}

const char *hub_key_text(const struct hub_key *entry)
{
    return entry->key;
}

void hub_keys_open(struct hub *hub)
{
    hub->keys = calloc(HUB_KEYS_MAX, sizeof hub->keys[0]);
    CHECK(hub->keys != NULL);
}

void hub_keys_close(struct hub *hub)
{
    if (hub->keys != NULL) {
        for (size_t i = 0; i < HUB_KEYS_MAX; i++) {
            entry_clear(&hub->keys[i]);
        }
        free(hub->keys);
        hub->keys = NULL;
    }
}

bool hub_keys_clear(struct hub *hub)
{
    for (size_t i = 0; i < HUB_KEYS_MAX; i++) {
        if (hub->keys[i].key[0] != '\0' && hub->keys[i].status == 0) {
            return false;
        }
    }
    for (size_t i = 0; i < HUB_KEYS_MAX; i++) {
        entry_clear(&hub->keys[i]);
    }
    hub->keys_count = 0;
    return true;
}

static void entry_clear(struct hub_key *entry)
{
    if (entry->body != NULL) {
        wipe(entry->body, entry->body_len);
        free(entry->body);
    }
    *entry = (struct hub_key){0};
}

static struct hub_key *place_of(struct hub *hub, const char *key, const char *device)
{
    uint32_t hash = 2166136261U;
    for (const char *c = key; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * 16777619U;
    }
    for (uint32_t at = hash % HUB_KEYS_MAX;; at = (at + 1) % HUB_KEYS_MAX) {
        struct hub_key *entry = &hub->keys[at];
        if (entry->key[0] == '\0' ||
            (text_equal(entry->key, key) && text_equal(entry->device, device))) {
            return entry;
        }
    }
}

static void set_answer(struct hub_key *entry, int status, const char *body, size_t len)
{
    entry->status = status;
    entry->body = malloc(len + 1);
    CHECK(entry->body != NULL);
    memcpy(entry->body, body, len);
    entry->body[len] = '\0';
    entry->body_len = len;
}
