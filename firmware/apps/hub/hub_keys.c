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
    char key[STORE_KEY_BYTES];
    char device[DEVICE_ID_BYTES];
    uint8_t hash[STORE_HASH_BYTES];
    int status; // 0: running, -1: had no effect and may be asked anew
    char *body;
    size_t body_len;
    struct http_request *waiters[HUB_WAITERS_MAX];
    size_t waiters_count;
};

// Entries lie one behind the other and never move; the places of the hash table only say which. A
// table of whole entries would touch a fresh page of memory for every key.
enum { BLOCK_KEYS = 256, BLOCKS_MAX = HUB_KEYS_MAX / BLOCK_KEYS };

struct hub_keys {
    uint32_t places[HUB_KEYS_MAX]; // 1 + the entry's position; 0: free
    struct hub_key *blocks[BLOCKS_MAX];
    size_t count;
};

static struct hub_key *entry_at(const struct hub_keys *keys, size_t position);
static struct hub_key *entry_add(struct hub_keys *keys);
static uint32_t *place_of(struct hub_keys *keys, const char *key, const char *device);
static void forget_all(struct hub_keys *keys);
static void entry_clear(struct hub_key *entry);
static void set_answer(struct hub_key *entry, int status, const char *body, size_t len);

enum hub_key_found hub_key_find(struct hub *hub, const char *key, const char *device,
                                const uint8_t hash[STORE_HASH_BYTES], struct hub_key **entry)
{
    struct hub_keys *keys = hub->keys;
    uint32_t *place = place_of(keys, key, device);
    if (*place == 0) {
        if (keys->count >= HUB_KEYS_MAX / 4 * 3) {
            return KEY_FULL;
        }
        struct hub_key *fresh = entry_add(keys);
        CHECK(text_copy(fresh->key, sizeof fresh->key, key) == OK);
        CHECK(text_copy(fresh->device, sizeof fresh->device, device) == OK);
        memcpy(fresh->hash, hash, sizeof fresh->hash);
        *place = (uint32_t)keys->count;
        *entry = fresh;
        return KEY_NEW;
    }
    struct hub_key *at = entry_at(keys, *place - 1);
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
    hub->keys = calloc(1, sizeof *hub->keys);
    CHECK(hub->keys != NULL);
}

void hub_keys_close(struct hub *hub)
{
    if (hub->keys != NULL) {
        forget_all(hub->keys);
        for (size_t i = 0; i < BLOCKS_MAX; i++) {
            free(hub->keys->blocks[i]);
        }
        free(hub->keys);
        hub->keys = NULL;
    }
}

bool hub_keys_clear(struct hub *hub)
{
    for (size_t i = 0; i < hub->keys->count; i++) {
        if (entry_at(hub->keys, i)->status == 0) {
            return false;
        }
    }
    forget_all(hub->keys);
    return true;
}

static void forget_all(struct hub_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        entry_clear(entry_at(keys, i));
    }
    memset(keys->places, 0, sizeof keys->places);
    keys->count = 0;
}

static struct hub_key *entry_at(const struct hub_keys *keys, size_t position)
{
    return &keys->blocks[position / BLOCK_KEYS][position % BLOCK_KEYS];
}

static struct hub_key *entry_add(struct hub_keys *keys)
{
    struct hub_key **block = &keys->blocks[keys->count / BLOCK_KEYS];
    if (*block == NULL) {
        *block = calloc(BLOCK_KEYS, sizeof **block);
        CHECK(*block != NULL);
    }
    keys->count += 1;
    return entry_at(keys, keys->count - 1);
}

static void entry_clear(struct hub_key *entry)
{
    if (entry->body != NULL) {
        wipe(entry->body, entry->body_len);
        free(entry->body);
    }
    *entry = (struct hub_key){0};
}

static uint32_t *place_of(struct hub_keys *keys, const char *key, const char *device)
{
    uint32_t hash = 2166136261U;
    for (const char *c = key; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * 16777619U;
    }
    for (uint32_t at = hash % HUB_KEYS_MAX;; at = (at + 1) % HUB_KEYS_MAX) {
        if (keys->places[at] == 0) {
            return &keys->places[at];
        }
        const struct hub_key *entry = entry_at(keys, keys->places[at] - 1);
        if (text_equal(entry->key, key) && text_equal(entry->device, device)) {
            return &keys->places[at];
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
