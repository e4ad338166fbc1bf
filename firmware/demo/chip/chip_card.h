// SPDX-License-Identifier: EUPL-1.2
//
// One fictional card as it lies in the folder: its files, its keys, what it speaks. Written by
// --make, read by --lay.
#ifndef INLOOP_DEMO_CHIP_CARD_H
#define INLOOP_DEMO_CHIP_CARD_H

#include "base/json.h"
#include "demo/chip/chip_crypto.h"
#include "demo/chip/chip_lie.h"
#include "demo/chip/chip_signers.h"

enum { CHIP_FILES_MAX = 9, CHIP_UID_BYTES = 10, CHIP_PATH_BYTES = 400 };

// Identifiers within their folder on the chip (ICAO Doc 9303-10 section 4.7); the low five bits are
// the short ones.
enum chip_file_id {
    CHIP_EF_CARD_ACCESS = 0x011c,
    CHIP_EF_CARD_SECURITY = 0x1011d, // 011d, beside the application
    CHIP_EF_ATR_INFO = 0x12f01,      // 2f01, short 01, beside the application
    CHIP_EF_COM = 0x011e,
    CHIP_EF_SOD = 0x011d,
    CHIP_EF_DG1 = 0x0101,
    CHIP_EF_DG2 = 0x0102,
    CHIP_EF_DG14 = 0x010e,
    CHIP_EF_DG15 = 0x010f,
};

struct chip_file {
    unsigned id;
    uint8_t *bytes;
    size_t len;
};

struct chip_card {
    bool is_pass; // a number and nothing else
    uint8_t uid[CHIP_UID_BYTES];
    size_t uid_len; // 0: a new one each time it is powered
    char can[8];    // empty: an old passport without
    char zone_key[32];
    bool has_pace;
    bool has_bac;
    bool has_mapping; // PACE with chip-authentication mapping
    const struct chip_curve *curve;
    enum chip_cipher cipher;
    EVP_PKEY *chip_key;   // of chip authentication; NULL: none
    EVP_PKEY *active_key; // of active authentication; NULL: none
    struct chip_file files[CHIP_FILES_MAX];
    size_t files_count;
};

// Makes the files of one resident's card in `folder`/`id`. ERR_NOT_FOUND: the resident has none.
MUST_USE enum err chip_card_make(const struct json *resident, const struct chip_signers *signers,
                                 const char *folder, int64_t now_s, struct fault *fault);
// Reads them. What `lie` needs instead is taken instead.
MUST_USE enum err chip_card_open(struct chip_card *card, const char *folder, const char *id,
                                 enum chip_lie lie, struct fault *fault);
void chip_card_close(struct chip_card *card);
const struct chip_file *chip_card_file(const struct chip_card *card, unsigned id); // NULL: none

// In a folder of ours. Secret: mode 0600.
MUST_USE enum err chip_write(const char *folder, const char *name, const void *bytes, size_t len,
                             struct fault *fault);

#endif
