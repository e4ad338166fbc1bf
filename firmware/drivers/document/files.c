// SPDX-License-Identifier: EUPL-1.2
//
// Reads them. All are the chip's own words until a signature covers them.
#include "drivers/document/files.h"

#include "drivers/document/ber.h"
#include "drivers/document/public_key.h"

#include <string.h>

enum {
    TAG_SEQUENCE = 0x30,
    TAG_SET = 0x31,
    TAG_INTEGER = 0x02,
    TAG_OID = 0x06,
    TAG_DG14 = 0x6e,
    TAG_COM = 0x60,
    TAG_COM_VERSION = 0x5f01,
    TAG_COM_UNICODE = 0x5f36,
    TAG_COM_GROUPS = 0x5c,
    TAG_EXTENDED_LENGTHS = 0x7f66,
    PACE_VERSION = 2,
    CHIP_VERSION = 1,
    GROUPS = 16,
};

// 0.4.0.127.0.7.2.2.: bsi-de, protocols, smart card. Then 4.2 PACE with generic mapping on curves,
// 4.6 with chip-authentication mapping, 3.2 chip authentication, 1.2 its keys; then the cipher.
static const uint8_t oid_pace_generic[] = {0x04, 0, 0x7f, 0, 7, 2, 2, 4, 2};
static const uint8_t oid_pace_chip[] = {0x04, 0, 0x7f, 0, 7, 2, 2, 4, 6};
static const uint8_t oid_chip[] = {0x04, 0, 0x7f, 0, 7, 2, 2, 3, 2};
static const uint8_t oid_chip_key[] = {0x04, 0, 0x7f, 0, 7, 2, 2, 1, 2};
// 2.23.136.1.1.5 and 0.4.0.127.0.7.1.1.4.1.: ecdsa-plain with a hash.
static const uint8_t oid_active[] = {0x67, 0x81, 0x08, 1, 1, 5};
static const uint8_t oid_plain_signature[] = {0x04, 0, 0x7f, 0, 7, 1, 1, 4, 1};

// One SecurityInfo: its protocol and what stands behind it.
struct info {
    struct ber oid;
    struct bytes_in rest;
};

static bool read_info(struct bytes_in *set, struct info *info);
static bool is_below(const struct ber *oid, const uint8_t *stem, size_t stem_len, uint8_t *last);
static bool read_version(struct info *info, uint32_t version);
static bool read_pace(struct info *info, struct pace_info *pace, unsigned *rank);
static bool read_id(struct bytes_in *rest, bool *has_id, uint8_t *id);
static enum err read_chip(struct info *info, struct chip_infos *infos);
static enum err read_chip_key(struct info *info, struct chip_infos *infos);
static enum err read_chip_info(struct info *info, enum cipher cipher, struct chip_infos *infos);
static void read_active(struct info *info, struct chip_infos *infos);
static uint32_t group_of(uint8_t tag);

enum err files_pace(const uint8_t *file, size_t len, struct pace_info *pace)
{
    struct bytes_in in;
    struct ber ber;
    struct info info;
    unsigned best = 0;
    bytes_in_init(&in, file, len);
    if (!ber_expect(&in, TAG_SET, &ber)) {
        return ERR_MALFORMED;
    }
    struct bytes_in set = ber_inside(&ber);
    while (read_info(&set, &info)) {
        struct pace_info found = {.parameter = 0};
        unsigned rank = 0;
        if (read_pace(&info, &found, &rank) && rank > best) {
            *pace = found;
            best = rank;
        }
    }
    if (set.failed) {
        return ERR_MALFORMED;
    }
    return best > 0 ? OK : ERR_NOT_FOUND;
}

enum err files_dg14(const uint8_t *file, size_t len, struct chip_infos *infos)
{
    struct bytes_in in;
    struct ber ber;
    struct info info;
    *infos = (struct chip_infos){.keys_count = 0};
    bytes_in_init(&in, file, len);
    if (!ber_expect(&in, TAG_DG14, &ber) || bytes_in_left(&in) != 0) {
        return ERR_MALFORMED;
    }
    in = ber_inside(&ber);
    if (!ber_expect(&in, TAG_SET, &ber)) {
        return ERR_MALFORMED;
    }
    struct bytes_in set = ber_inside(&ber);
    enum err err = OK;
    while (err == OK && read_info(&set, &info)) {
        err = read_chip(&info, infos);
    }
    return set.failed ? ERR_MALFORMED : err;
}

enum err files_com(const uint8_t *file, size_t len, uint32_t *groups)
{
    struct bytes_in in;
    struct ber com;
    struct ber ber;
    *groups = 0;
    bytes_in_init(&in, file, len);
    if (!ber_expect(&in, TAG_COM, &com)) {
        return ERR_MALFORMED;
    }
    in = ber_inside(&com);
    if (!ber_expect(&in, TAG_COM_VERSION, &ber) || !ber_expect(&in, TAG_COM_UNICODE, &ber) ||
        !ber_expect(&in, TAG_COM_GROUPS, &ber)) {
        return ERR_MALFORMED;
    }
    for (size_t i = 0; i < ber.len; i++) {
        *groups |= group_of(ber.value[i]);
    }
    return OK;
}

enum err files_extended(const uint8_t *file, size_t len, size_t *command_bytes,
                        size_t *answer_bytes)
{
    struct bytes_in in;
    struct ber ber;
    uint32_t command = 0;
    uint32_t answer = 0;
    bytes_in_init(&in, file, len);
    if (!ber_find(&in, TAG_EXTENDED_LENGTHS, &ber)) {
        return ERR_NOT_FOUND;
    }
    in = ber_inside(&ber);
    if (!ber_expect(&in, TAG_INTEGER, &ber) || !ber_number(&ber, &command) ||
        !ber_expect(&in, TAG_INTEGER, &ber) || !ber_number(&ber, &answer)) {
        return ERR_NOT_FOUND;
    }
    *command_bytes = command;
    *answer_bytes = answer;
    return OK;
}

static bool read_info(struct bytes_in *set, struct info *info)
{
    struct ber ber;
    if (bytes_in_left(set) == 0 || !ber_expect(set, TAG_SEQUENCE, &ber)) {
        return false;
    }
    info->rest = ber_inside(&ber);
    if (!ber_expect(&info->rest, TAG_OID, &info->oid)) {
        set->failed = true;
        return false;
    }
    return true;
}

// One number below the stem.
static bool is_below(const struct ber *oid, const uint8_t *stem, size_t stem_len, uint8_t *last)
{
    if (oid->len != stem_len + 1 || memcmp(oid->value, stem, stem_len) != 0) {
        return false;
    }
    *last = oid->value[stem_len];
    return true;
}

static bool read_version(struct info *info, uint32_t version)
{
    struct ber ber;
    uint32_t number = 0;
    return ber_expect(&info->rest, TAG_INTEGER, &ber) && ber_number(&ber, &number) &&
           number == version;
}

// The higher the rank the better: the mapping that also proves the chip saves two commands.
static bool read_pace(struct info *info, struct pace_info *pace, unsigned *rank)
{
    static const enum cipher ciphers[] = {CIPHER_3DES, CIPHER_AES128, CIPHER_AES192, CIPHER_AES256};
    struct ber parameter;
    uint32_t number = 0;
    uint8_t last = 0;
    pace->is_chip_mapping =
        is_below(&info->oid, oid_pace_chip, sizeof oid_pace_chip, &last) && last != 1;
    if (!pace->is_chip_mapping &&
        !is_below(&info->oid, oid_pace_generic, sizeof oid_pace_generic, &last)) {
        return false;
    }
    if (last < 1 || last > 4 || !read_version(info, PACE_VERSION) ||
        !ber_expect(&info->rest, TAG_INTEGER, &parameter) || !ber_number(&parameter, &number) ||
        curve_from_parameter(number, &pace->curve) != OK) {
        return false;
    }
    pace->cipher = ciphers[last - 1];
    pace->parameter = (uint8_t)number;
    memcpy(pace->oid, info->oid.value, FILES_OID_BYTES);
    *rank = last + (pace->is_chip_mapping ? 4U : 0U);
    return true;
}

static bool read_id(struct bytes_in *rest, bool *has_id, uint8_t *id)
{
    struct ber ber;
    uint32_t number = 0;
    *has_id = bytes_in_left(rest) > 0;
    if (*has_id &&
        (!ber_expect(rest, TAG_INTEGER, &ber) || !ber_number(&ber, &number) || number > 0xff)) {
        return false;
    }
    *id = (uint8_t)number;
    return true;
}

static enum err read_chip(struct info *info, struct chip_infos *infos)
{
    static const enum cipher ciphers[] = {CIPHER_3DES, CIPHER_AES128, CIPHER_AES192, CIPHER_AES256};
    uint8_t last = 0;
    if (ber_is_oid(&info->oid, oid_chip_key, sizeof oid_chip_key)) {
        return read_chip_key(info, infos);
    }
    if (is_below(&info->oid, oid_chip, sizeof oid_chip, &last) && last >= 1 && last <= 4) {
        return read_chip_info(info, ciphers[last - 1], infos);
    }
    if (ber_is_oid(&info->oid, oid_active, sizeof oid_active)) {
        read_active(info, infos);
    }
    return OK;
}

static enum err read_chip_key(struct info *info, struct chip_infos *infos)
{
    struct ber ber;
    struct public_key key;
    struct chip_key chip = {.has_id = false};
    if (!ber_expect(&info->rest, TAG_SEQUENCE, &ber) ||
        !read_id(&info->rest, &chip.has_id, &chip.id)) {
        return ERR_MALFORMED;
    }
    if (public_key_read(ber.whole, ber.whole_len, &key) != OK || key.kind != PUBLIC_KEY_CURVE) {
        return OK; // on no curve of ours
    }
    if (infos->keys_count == FILES_KEYS_MAX) {
        return ERR_FULL;
    }
    chip.curve = key.curve;
    chip.point = key.point;
    infos->keys[infos->keys_count++] = chip;
    return OK;
}

static enum err read_chip_info(struct info *info, enum cipher cipher, struct chip_infos *infos)
{
    struct chip_info chip = {.cipher = cipher};
    memcpy(chip.oid, info->oid.value, FILES_OID_BYTES);
    if (!read_version(info, CHIP_VERSION)) {
        return info->rest.failed ? ERR_MALFORMED : OK; // other versions are none of ours
    }
    if (!read_id(&info->rest, &chip.has_id, &chip.id)) {
        return ERR_MALFORMED;
    }
    if (infos->infos_count == FILES_INFOS_MAX) {
        return ERR_FULL;
    }
    infos->infos[infos->infos_count++] = chip;
    return OK;
}

static void read_active(struct info *info, struct chip_infos *infos)
{
    static const enum hash hashes[] = {HASH_SHA1, HASH_SHA224, HASH_SHA256, HASH_SHA384,
                                       HASH_SHA512};
    struct ber ber;
    uint8_t last = 0;
    if (read_version(info, CHIP_VERSION) && ber_expect(&info->rest, TAG_OID, &ber) &&
        is_below(&ber, oid_plain_signature, sizeof oid_plain_signature, &last) && last >= 1 &&
        last <= 5) {
        infos->has_active_hash = true;
        infos->active_hash = hashes[last - 1];
    }
}

static uint32_t group_of(uint8_t tag)
{
    static const uint8_t tags[GROUPS] = {0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68,
                                         0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70};
    for (unsigned i = 0; i < GROUPS; i++) {
        if (tags[i] == tag) {
            return 1U << (i + 1);
        }
    }
    return 0;
}
