// SPDX-License-Identifier: EUPL-1.2
//
// Active authentication (ICAO Doc 9303-11 section 6.1): the chip signs a challenge with a key whose
// open half DG15 holds: RSA by ISO/IEC 9796-2 scheme 1, or ECDSA.
#ifndef INLOOP_DRIVERS_DOCUMENT_ACTIVE_AUTH_H
#define INLOOP_DRIVERS_DOCUMENT_ACTIVE_AUTH_H

#include "drivers/document/apdu.h"
#include "drivers/document/files.h"
#include "drivers/document/public_key.h"

enum { ACTIVE_CHALLENGE_BYTES = 8, ACTIVE_KEY_BYTES_MAX = 1200 };

struct active_auth {
    uint8_t der[ACTIVE_KEY_BYTES_MAX]; // `key` borrows from it
    struct public_key key;
    bool has_hash;
    enum hash hash; // with a curve: as DG14 said
    uint8_t challenge[ACTIVE_CHALLENGE_BYTES];
};

// Reads a whole EF.DG15. ERR_MALFORMED, ERR_TOO_BIG; ERR_UNSUPPORTED: no key we can use.
MUST_USE enum err active_auth_begin(struct active_auth *auth, const uint8_t *file, size_t len,
                                    const struct chip_infos *infos);
// With a fresh challenge. An RSA signature of 2048 bits needs a longer answer than a short one.
void active_auth_ask(struct active_auth *auth, bool is_extended, struct apdu *apdu);
// ERR_CRYPTO: not signed by that key.
MUST_USE enum err active_auth_take(const struct active_auth *auth, const uint8_t *answer,
                                   size_t len);

#endif
