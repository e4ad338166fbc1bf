// SPDX-License-Identifier: EUPL-1.2
//
// Service codes: a technician shows one to a device that stands in the hall, and its own screen
// opens. "KS1:" and a compact JWS (ES256, header exactly alg, typ, kid; claims exactly aud, exp,
// iat, jti; SPEC.md, "Service codes"), made by the hub, checked by the device itself: it works
// without a hub. Nothing in it is personal.
#ifndef INLOOP_LINK_SERVICE_H
#define INLOOP_LINK_SERVICE_H

#include "base/entropy.h"
#include "link/crypto.h"

enum {
    SERVICE_CODE_BYTES = 512, // terminator included
    SERVICE_AUDIENCE_BYTES = 72,
    SERVICE_LIFE_S_MAX = 600,
    SERVICE_SKEW_S = 60,
    SERVICE_USED_MAX = 64,
};

// The hub's: a code for one device, valid SERVICE_LIFE_S_MAX from now on. ERR_TOO_BIG.
MUST_USE enum err service_mint(const struct crypto_key *key, const char *location,
                               const char *device, int64_t now_s, char out[SERVICE_CODE_BYTES]);

// The device's: whose codes it takes, and which it has taken. Large enough for its life: a code is
// remembered until nobody could use it any more.
struct service_reader {
    uint8_t x[CRYPTO_POINT_BYTES];
    uint8_t y[CRYPTO_POINT_BYTES];
    char audience[SERVICE_AUDIENCE_BYTES];
    struct {
        char jti[UUID_TEXT_BYTES];
        int64_t exp_s;
    } used[SERVICE_USED_MAX];
    size_t used_count;
};
// Reads the hub's public key (PEM, /data/device/service.pem). ERR_NOT_FOUND, ERR_MALFORMED,
// ERR_TOO_BIG.
MUST_USE enum err service_reader_open(struct service_reader *reader, const char *path,
                                      const char *location, const char *device,
                                      struct fault *fault);
// True for what begins as a service code does: no other code of ours may be meant by it.
bool service_code_is(const char *text, size_t len);
// Takes one: OK once. ERR_MALFORMED: not the profile. ERR_CRYPTO: not our hub's. ERR_REFUSED:
// another device's. ERR_EXPIRED: too old, too new, or living longer than allowed. ERR_DUPLICATE:
// used before. ERR_FULL: too many were used of late. The signature is checked before anything
// inside is believed. `now_s` is of the wall.
MUST_USE enum err service_reader_use(struct service_reader *reader, const char *text, size_t len,
                                     int64_t now_s);

#endif
