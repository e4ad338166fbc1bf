// SPDX-License-Identifier: EUPL-1.2
//
// The machine-readable zone of a fictional document (ICAO Doc 9303 parts 3, 4 and 5).
#ifndef INLOOP_DEMO_CHIP_ZONE_H
#define INLOOP_DEMO_CHIP_ZONE_H

#include "base/err.h"
#include "base/json.h"

#include <stdbool.h>

enum { CHIP_ZONE_BYTES = 91, CHIP_ZONE_KEY_BYTES = 25 };

struct chip_zone {
    char lines[CHIP_ZONE_BYTES];   // TD1: three of 30; TD3: two of 44
    char key[CHIP_ZONE_KEY_BYTES]; // number, birth and expiry with their check digits
    char number[10];
    char birth[7];
    char expiry[7];
};

// `resident` as residents.json has one: its "birth", and its "card" with "kind" (id or passport),
// "surname" and "given" as printed in capitals, "number", "expires" ("+1500d" or a date), "sex",
// "issuer", "nationality"; "code" when it is none of I and P; "personal_number" in old ones.
// ERR_MALFORMED.
MUST_USE enum err chip_zone_make(const struct json *resident, int64_t now_s,
                                 struct chip_zone *zone);

#endif
