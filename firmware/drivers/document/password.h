// SPDX-License-Identifier: EUPL-1.2
//
// What the visitor typed as the secret that keys are derived from (ICAO Doc 9303-11 sections 4.3.2
// and 4.4.3.2).
#ifndef INLOOP_DRIVERS_DOCUMENT_PASSWORD_H
#define INLOOP_DRIVERS_DOCUMENT_PASSWORD_H

#include "drivers/document/document.h"

enum { PASSWORD_BYTES_MAX = 20, PASSWORD_SEED_BYTES = 16 };

struct password_private {
    uint8_t bytes[PASSWORD_BYTES_MAX]; // BAC takes the first PASSWORD_SEED_BYTES
    size_t len;
    bool is_can;
};

// ERR_EMPTY: not given. ERR_MALFORMED: other than six digits, or fields no zone can hold.
MUST_USE enum err password_from_can(const struct document_password_private *typed,
                                    struct password_private *password);
MUST_USE enum err password_from_zone(const struct document_password_private *typed,
                                     struct password_private *password);

#endif
