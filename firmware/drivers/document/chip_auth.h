// SPDX-License-Identifier: EUPL-1.2
//
// Chip authentication, version 1 (ICAO Doc 9303-11 section 6.2): an agreement with the key that
// DG14 holds and the state has signed. Only the chip that holds its secret can go on from there.
#ifndef INLOOP_DRIVERS_DOCUMENT_CHIP_AUTH_H
#define INLOOP_DRIVERS_DOCUMENT_CHIP_AUTH_H

#include "drivers/document/apdu.h"
#include "drivers/document/files.h"
#include "drivers/document/secure.h"

struct chip_auth_private {
    struct chip_key key;
    struct chip_info info;
    bool is_named; // by an info of its own; before that there was 3DES only
    struct curve_pair_private pair;
};

// Chooses key and cipher and makes a pair. ERR_NOT_FOUND: the chip offers nothing that we can do;
// ERR_CRYPTO: its key is no point of its curve.
MUST_USE enum err chip_auth_begin(struct chip_auth_private *auth, const struct chip_infos *infos);
// 3DES takes one command for all; the others a second.
bool chip_auth_has_second(const struct chip_auth_private *auth);
void chip_auth_ask_set(const struct chip_auth_private *auth, struct apdu *apdu);
void chip_auth_ask_agree(const struct chip_auth_private *auth, struct apdu *apdu);
// After the last command: messages go on under the new keys. ERR_CRYPTO.
MUST_USE enum err chip_auth_restart(const struct chip_auth_private *auth,
                                    struct secure_private *secure);

#endif
