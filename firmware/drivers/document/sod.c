// SPDX-License-Identifier: EUPL-1.2
//
// Reads security objects.
#include "drivers/document/sod.h"

#include "drivers/document/ber.h"
#include "drivers/document/cipher.h"
#include "drivers/document/public_key.h"
#include "drivers/document/state.h"

#include <string.h>

enum { SOD_TAG = 0x77, GROUPS_MAX = 16 };

static enum err read_groups(const struct ber *list, struct sod_hashes *hashes);
static bool read_group(const struct ber *whole, struct sod_hashes *hashes);

enum err sod_unwrap(const uint8_t *file, size_t len, const uint8_t **inside, size_t *inside_len)
{
    CHECK(file != NULL || len == 0);
    struct ber whole;
    if (!ber_only(file, len, SOD_TAG, &whole)) {
        return ERR_MALFORMED;
    }
    *inside = whole.value;
    *inside_len = whole.len;
    return OK;
}

enum err sod_read(const uint8_t *content, size_t len, struct sod_hashes *hashes)
{
    *hashes = (struct sod_hashes){0};
    struct ber whole;
    if (!ber_only(content, len, 0x30, &whole)) {
        return ERR_MALFORMED;
    }
    struct bytes_in in = ber_inside(&whole);
    struct ber version;
    struct ber algorithm;
    struct ber list;
    uint32_t number = 0;
    if (!ber_expect(&in, 0x02, &version) || !ber_number(&version, &number) || number > 1 ||
        !ber_expect(&in, 0x30, &algorithm) || !ber_expect(&in, 0x30, &list)) {
        return ERR_MALFORMED;
    }
    // Version 1 tells at the end which edition of the standard it was written by.
    struct ber edition;
    if (bytes_in_left(&in) != 0 && (!ber_expect(&in, 0x30, &edition) || bytes_in_left(&in) != 0)) {
        return ERR_MALFORMED;
    }
    enum hash hash = HASH_SHA256;
    enum err err = hash_algorithm_read(&algorithm, &hash);
    hashes->hash = (int)hash;
    if (err == OK) {
        err = read_groups(&list, hashes);
    }
    if (err != OK) {
        *hashes = (struct sod_hashes){0};
    }
    return err;
}

bool sod_has(const struct sod_hashes *hashes, unsigned group, const uint8_t *file, size_t len)
{
    if (group == 0 || group > GROUPS_MAX || (hashes->groups & 1u << group) == 0) {
        return false;
    }
    uint8_t digest[HASH_BYTES_MAX];
    const enum hash hash = (enum hash)hashes->hash;
    hash_once(hash, file, len, digest);
    return memcmp(hashes->hashes[group], digest, hash_bytes(hash)) == 0;
}

bool sod_is_of(const struct sod_hashes *hashes, const char *issuer)
{
    return state_is_same(hashes->state, issuer);
}

static enum err read_groups(const struct ber *list, struct sod_hashes *hashes)
{
    struct bytes_in in = ber_inside(list);
    struct ber one;
    while (ber_next(&in, &one)) {
        if (!read_group(&one, hashes)) {
            return ERR_MALFORMED;
        }
    }
    return in.failed || hashes->groups == 0 ? ERR_MALFORMED : OK;
}

static bool read_group(const struct ber *whole, struct sod_hashes *hashes)
{
    struct bytes_in in = ber_inside(whole);
    struct ber name;
    struct ber value;
    uint32_t group = 0;
    if (whole->tag != 0x30 || !ber_expect(&in, 0x02, &name) || !ber_number(&name, &group) ||
        !ber_expect(&in, 0x04, &value) || bytes_in_left(&in) != 0 || group == 0 ||
        group > GROUPS_MAX || (hashes->groups & 1u << group) != 0 ||
        value.len != hash_bytes((enum hash)hashes->hash)) {
        return false;
    }
    hashes->groups |= 1u << group;
    memcpy(hashes->hashes[group], value.value, value.len);
    return true;
}
