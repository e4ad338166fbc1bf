// SPDX-License-Identifier: EUPL-1.2
//
// A card that lies on the reader: commands in, answers out (ISO/IEC 7816-4, ICAO Doc 9303-10 and
// -11). Knows no sockets. Its arithmetic is OpenSSL's and none of ours, so that it is a judge of
// the kiosk and not its mirror.
#ifndef INLOOP_DEMO_CHIP_CHIP_H
#define INLOOP_DEMO_CHIP_CHIP_H

#include "demo/chip/chip_card.h"

enum { CHIP_ANSWER_BYTES = 4098, CHIP_ATR_BYTES = 33, CHIP_DATA_BYTES = 4080, CHIP_SSC_BYTES = 16 };

// One command, its protection taken off.
struct chip_command {
    uint8_t cla;
    uint8_t ins;
    uint8_t p1;
    uint8_t p2;
    const uint8_t *data;
    size_t len;
    size_t wants; // Ne; 0: nothing
    bool is_extended;
};

// What it answers, protection still to come.
struct chip_reply {
    uint16_t status;
    size_t len;
    uint8_t data[CHIP_DATA_BYTES];
};

struct chip_session {
    struct chip_key encrypt;
    struct chip_key mac;
    uint8_t ssc[CHIP_SSC_BYTES]; // of 8 bytes for 3DES
};

enum chip_pace_step {
    CHIP_PACE_NONE,
    CHIP_PACE_SET,
    CHIP_PACE_NONCED,
    CHIP_PACE_MAPPED,
    CHIP_PACE_AGREED
};

struct chip_pace {
    enum chip_pace_step step;
    struct chip_key password;
    uint8_t nonce[CHIP_KEY_BYTES];
    size_t nonce_len;
    EC_GROUP *group;
    BIGNUM *map_secret;
    EC_POINT *base; // the mapped generator
    struct chip_session session;
    uint8_t token[CHIP_MAC_BYTES];    // to send
    uint8_t expected[CHIP_MAC_BYTES]; // to come
};

struct chip {
    const struct chip_card *card;
    enum chip_lie lie;
    size_t pulled_after; // commands, for CHIP_PULLED
    uint8_t uid[CHIP_UID_BYTES];
    size_t uid_len;
    bool is_open;        // access was granted
    bool is_application; // that of travel documents is selected
    bool is_protected;
    struct chip_session session;
    bool has_next; // after this answer
    struct chip_session next;
    struct chip_pace pace;
    bool is_chip_set; // chip authentication was announced
    bool has_challenge;
    uint8_t challenge[8];
    const struct chip_file *file;
    size_t commands;
    size_t portrait_readings; // must stay 0
};

// Begins as if it just came into the field. Borrows `card` until chip_close.
void chip_open(struct chip *chip, const struct chip_card *card, enum chip_lie lie);
void chip_close(struct chip *chip);
void chip_power(struct chip *chip); // on, or reset: sessions are gone
size_t chip_atr(const struct chip *chip, uint8_t out[CHIP_ATR_BYTES]);
// The answer to one command, 2 bytes at least; 0: it leaves without one (CHIP_PULLED).
size_t chip_answer(struct chip *chip, const uint8_t *apdu, size_t len,
                   uint8_t out[CHIP_ANSWER_BYTES]);

// --- shared by the files of the chip, not for others ---

// chip_secure.c, secure messaging (ICAO Doc 9303-11 section 9.8). False: its protection is wrong.
bool chip_unwrap(struct chip *chip, struct chip_command *command, uint8_t plain[CHIP_DATA_BYTES]);
size_t chip_wrap(struct chip *chip, const struct chip_reply *reply, uint8_t out[CHIP_ANSWER_BYTES]);
// Keys of a new session from a secret, with a counter of zeros.
void chip_session_new(enum chip_cipher cipher, const uint8_t *secret, size_t len,
                      struct chip_session *session);

// chip_access.c: PACE and BAC.
void chip_pace_set(struct chip *chip, const struct chip_command *command, struct chip_reply *reply);
void chip_pace_go_on(struct chip *chip, const struct chip_command *command,
                     struct chip_reply *reply);
void chip_pace_forget(struct chip_pace *pace);
void chip_bac_challenge(struct chip *chip, struct chip_reply *reply);
void chip_bac_authenticate(struct chip *chip, const struct chip_command *command,
                           struct chip_reply *reply);

// chip_proof.c: chip authentication and active authentication.
void chip_proof_set(struct chip *chip, const struct chip_command *command,
                    struct chip_reply *reply);
void chip_proof_agree(struct chip *chip, const struct chip_command *command,
                      struct chip_reply *reply);
void chip_proof_sign(struct chip *chip, const struct chip_command *command,
                     struct chip_reply *reply);
BIGNUM *chip_proof_secret(const struct chip *chip); // of chip authentication; caller frees

#endif
