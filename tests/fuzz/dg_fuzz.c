// SPDX-License-Identifier: EUPL-1.2
//
// Any bytes as one of a chip's files. The first byte says which: '1' DG1, 'e' DG14, 'f' DG15 with a
// signature behind it, 'c' EF.COM, 'a' EF.CardAccess, 'l' EF.ATR/INFO.
#include "base/bytes.h"
#include "base/text.h"
#include "drivers/document/active_auth.h"
#include "drivers/document/files.h"
#include "drivers/document/zone.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void try_zone(const uint8_t *file, size_t len);
static void try_name(const char *name);
static void try_infos(const uint8_t *file, size_t len);
static void try_active(const uint8_t *file, size_t len);
static void try_others(uint8_t kind, const uint8_t *file, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len == 0) {
        return 0;
    }
    if (data[0] == '1') {
        try_zone(data + 1, len - 1);
    } else if (data[0] == 'e') {
        try_infos(data + 1, len - 1);
    } else if (data[0] == 'f') {
        try_active(data + 1, len - 1);
    } else {
        try_others(data[0], data + 1, len - 1);
    }
    return 0;
}

static void try_zone(const uint8_t *file, size_t len)
{
    static const struct document_holder_private nobody;
    const struct date today = {.year = 2026, .month = 11, .day = 27};
    struct document_holder_private holder;
    const enum err err = zone_read(file, len, today, &holder);
    if (err != OK) {
        CHECK(memcmp(&holder, &nobody, sizeof holder) == 0);
        return;
    }
    struct date expiry;
    try_name(holder.surname);
    try_name(holder.given);
    CHECK(holder.surname[0] != '\0');
    CHECK(strlen(holder.birth_iso) == 10 && strlen(holder.birth) == 6);
    CHECK(date_from_text(holder.expiry_iso, &expiry) == OK);
    CHECK(strcmp(holder.birth_iso, "2026-11-27") <= 0);
}

static void try_name(const char *name)
{
    const size_t len = strlen(name);
    CHECK(len < DOCUMENT_NAME_BYTES);
    CHECK(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ") == len);
    CHECK(len == 0 || (name[0] != ' ' && name[len - 1] != ' '));
    CHECK(strstr(name, "  ") == NULL);
}

static void try_infos(const uint8_t *file, size_t len)
{
    struct chip_infos infos;
    const enum err err = files_dg14(file, len, &infos);
    CHECK(infos.keys_count <= FILES_KEYS_MAX && infos.infos_count <= FILES_INFOS_MAX);
    for (size_t i = 0; err == OK && i < infos.keys_count; i++) {
        CHECK(infos.keys[i].curve < CURVES_COUNT);
        CHECK(infos.keys[i].point.len <= CURVE_POINT_BYTES);
        (void)curve_has_point(infos.keys[i].curve, &infos.keys[i].point);
    }
}

// The last bytes are the signature, as many as the key's kind takes.
static void try_active(const uint8_t *file, size_t len)
{
    static struct active_auth auth;
    const struct chip_infos infos = {.has_active_hash = true, .active_hash = HASH_SHA256};
    struct apdu apdu;
    uint32_t tag = 0;
    size_t whole = 0;
    if (!ber_whole_len(file, len, &tag, &whole) || whole > len ||
        active_auth_begin(&auth, file, whole, &infos) != OK) {
        return;
    }
    active_auth_ask(&auth, false, &apdu);
    CHECK(apdu.len == ACTIVE_CHALLENGE_BYTES);
    // A key of the chip's own choosing may be one for which anything is signed: no matter here.
    const enum err err = active_auth_take(&auth, file + whole, len - whole);
    CHECK(err == OK || err == ERR_CRYPTO);
}

static void try_others(uint8_t kind, const uint8_t *file, size_t len)
{
    uint32_t groups = 0;
    struct pace_info info;
    size_t command_bytes = 0;
    size_t answer_bytes = 0;
    if (kind == 'c' && files_com(file, len, &groups) == OK) {
        CHECK((groups & ~0x1fffeU) == 0);
    } else if (kind == 'a' && files_pace(file, len, &info) == OK) {
        CHECK(info.curve < CURVES_COUNT && info.cipher <= CIPHER_AES256);
        CHECK(!info.is_chip_mapping || info.cipher != CIPHER_3DES);
    } else if (kind == 'l' && files_extended(file, len, &command_bytes, &answer_bytes) == OK) {
        CHECK(command_bytes <= UINT32_MAX && answer_bytes <= UINT32_MAX);
    }
}
