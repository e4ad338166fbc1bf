// SPDX-License-Identifier: EUPL-1.2
//
// The small files that say what a chip holds and can do: EF.CardAccess, EF.DG14 (both
// SecurityInfos, ICAO Doc 9303-11 section 9.2), EF.COM and EF.ATR/INFO (9303-10 section 4.6, 3.11).
#ifndef INLOOP_DRIVERS_DOCUMENT_FILES_H
#define INLOOP_DRIVERS_DOCUMENT_FILES_H

#include "drivers/document/cipher.h"
#include "drivers/document/curve.h"

enum { FILES_OID_BYTES = 10, FILES_KEYS_MAX = 4, FILES_INFOS_MAX = 8 };

// How PACE is to be done.
struct pace_info {
    uint8_t oid[FILES_OID_BYTES]; // the protocol's, as the chip is told it
    enum cipher cipher;
    bool is_chip_mapping;
    uint8_t parameter;
    enum curve curve;
};
// Chooses among what EF.CardAccess offers. ERR_NOT_FOUND: nothing we know; ERR_MALFORMED.
MUST_USE enum err files_pace(const uint8_t *file, size_t len, struct pace_info *info);

// A key of the chip's for chip authentication, and how it is done.
struct chip_key {
    enum curve curve;
    struct curve_point point;
    bool has_id;
    uint8_t id;
};
struct chip_info {
    uint8_t oid[FILES_OID_BYTES];
    enum cipher cipher;
    bool has_id;
    uint8_t id;
};
struct chip_infos {
    struct chip_key keys[FILES_KEYS_MAX]; // on curves we know only
    size_t keys_count;
    struct chip_info infos[FILES_INFOS_MAX];
    size_t infos_count;
    bool has_active_hash; // of active authentication with a curve
    enum hash active_hash;
};
// Reads a whole EF.DG14; what is none of ours is skipped. ERR_MALFORMED; ERR_FULL: more keys or
// infos than a chip could mean.
MUST_USE enum err files_dg14(const uint8_t *file, size_t len, struct chip_infos *infos);

// Bit n: data group n is there, says EF.COM. ERR_MALFORMED.
MUST_USE enum err files_com(const uint8_t *file, size_t len, uint32_t *groups);
// The longest extended command and answer, says EF.ATR/INFO (status not counted). ERR_NOT_FOUND:
// it says nothing of them.
MUST_USE enum err files_extended(const uint8_t *file, size_t len, size_t *command_bytes,
                                 size_t *answer_bytes);

#endif
