// SPDX-License-Identifier: EUPL-1.2
//
// The hub's master key and the key of the day. What the day's key sealed is gone when the key is.
#include "apps/hub/hub.h"

#include "base/bytes.h"
#include "base/entropy.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool outlives_the_day(const char *kind);
static enum err read_master_key(struct hub *hub, const char *path, struct fault *fault);
static enum err make_master_key(struct hub *hub, const char *path, struct fault *fault);

enum err hub_seal_open(struct hub *hub, struct fault *fault)
{
    char path[HUB_PATH_BYTES + 32];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/hub.secret", hub->data_dir);
    enum err err = read_master_key(hub, path, fault);
    err = err == ERR_NOT_FOUND ? make_master_key(hub, path, fault) : err;
    if (err == OK) {
        static const char asked[] = "asked key";
        crypto_hmac(hub->master_key, sizeof hub->master_key, asked, strlen(asked), hub->asked_key);
    }
    return err;
}

void hub_seal_key(const struct hub *hub, const char *kind, uint8_t key[CRYPTO_KEY_BYTES])
{
    static const char outbox[] = "outbox key";
    if (outlives_the_day(kind)) {
        crypto_hmac(hub->master_key, sizeof hub->master_key, outbox, strlen(outbox), key);
    } else {
        memcpy(key, hub->day_key, CRYPTO_KEY_BYTES);
    }
}

enum err hub_seal_day(struct hub *hub, struct fault *fault)
{
    static const uint8_t none[CRYPTO_KEY_BYTES];
    if (!bytes_equal_secret(hub->day_key, none, sizeof none)) {
        return OK;
    }
    entropy_fill(hub->day_key, sizeof hub->day_key);
    uint8_t wrapped[CRYPTO_KEY_BYTES + CRYPTO_SEAL_BYTES];
    crypto_seal(hub->master_key, "day key", hub->day_key, sizeof hub->day_key, wrapped);
    struct store_change change = {.kind = STORE_DAY_KEY};
    change.day_key.day = hub->hall.day;
    change.day_key.wrapped = (struct store_blob){.data = wrapped, .len = sizeof wrapped};
    return hub->store->ops->apply(hub->store, &change, 1, fault);
}

void hub_seal_loaded_day(struct hub *hub, int64_t day, struct store_blob wrapped)
{
    uint8_t key[CRYPTO_KEY_BYTES + CRYPTO_SEAL_BYTES];
    if (day == hub->hall.day && wrapped.len == sizeof key &&
        crypto_open(hub->master_key, "day key", wrapped.data, wrapped.len, key) == OK) {
        memcpy(hub->day_key, key, sizeof hub->day_key);
    }
    wipe(key, sizeof key);
}

enum err hub_unseal(const struct hub *hub, const char *kind, const char *id, struct store_blob blob,
                    char **plain, size_t *len)
{
    if (blob.len < CRYPTO_SEAL_BYTES || blob.len > STORE_BODY_BYTES_MAX * 4) {
        return ERR_MALFORMED;
    }
    char bound_to[200];
    hub_seal_bound_to(hub, kind, id, bound_to, sizeof bound_to);
    size_t plain_len = blob.len - CRYPTO_SEAL_BYTES;
    char *out = malloc(plain_len + 1);
    CHECK(out != NULL);
    uint8_t key[CRYPTO_KEY_BYTES];
    hub_seal_key(hub, kind, key);
    enum err err = crypto_open(key, bound_to, blob.data, blob.len, (uint8_t *)out);
    wipe(key, sizeof key);
    if (err != OK) {
        free(out);
        return err;
    }
    out[plain_len] = '\0';
    *plain = out;
    *len = plain_len;
    return OK;
}

enum err hub_unseal_json(const struct hub *hub, const char *kind, const char *id,
                         struct store_blob blob, struct json **json)
{
    char *plain = NULL;
    size_t len = 0;
    enum err err = hub_unseal(hub, kind, id, blob, &plain, &len);
    if (err != OK) {
        return err;
    }
    err = json_parse(plain, len, json);
    wipe(plain, len);
    free(plain);
    return err;
}

// A sealed value belongs to its location, day, kind and row, and opens nowhere else.
void hub_seal_bound_to(const struct hub *hub, const char *kind, const char *id, char *out,
                       size_t out_bytes)
{
    struct text text;
    text_init(&text, out, out_bytes);
    long long day = outlives_the_day(kind) ? 0 : (long long)hub->hall.day;
    text_format(&text, "%s|%lld|%s|%s", hub->hall.location, day, kind, id);
    CHECK(!text.is_cut);
}

// A contact the register could not take tonight is still owed to the resident tomorrow.
static bool outlives_the_day(const char *kind)
{
    return text_equal(kind, "outbox");
}

static enum err read_master_key(struct hub *hub, const char *path, struct fault *fault)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return ERR_NOT_FOUND;
    }
    ssize_t got = read(fd, hub->master_key, sizeof hub->master_key);
    (void)close(fd); // only read from
    return got == (ssize_t)sizeof hub->master_key
               ? OK
               : fault_set(fault, ERR_CRYPTO, "%s: damaged", path);
}

static enum err make_master_key(struct hub *hub, const char *path, struct fault *fault)
{
    entropy_fill(hub->master_key, sizeof hub->master_key);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno));
    }
    bool is_written =
        write(fd, hub->master_key, sizeof hub->master_key) == (ssize_t)sizeof hub->master_key &&
        fsync(fd) == 0;
    return close(fd) == 0 && is_written ? OK : fault_set(fault, ERR_IO, "%s: not written", path);
}
