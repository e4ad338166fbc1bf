// SPDX-License-Identifier: EUPL-1.2
//
// Whatever may stand where a certificate or an open key is expected.
#include "drivers/document/certificate.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_inside(const struct ber *ber, const uint8_t *data, size_t len)
{
    CHECK(ber->len == 0 || (ber->value >= data && ber->value + ber->len <= data + len));
}

static void check_key(const uint8_t *data, size_t len)
{
    struct public_key key;
    if (public_key_read(data, len, &key) != OK) {
        return;
    }
    if (key.kind == PUBLIC_KEY_RSA) {
        CHECK(key.rsa.modulus >= data && key.rsa.modulus + key.rsa.modulus_len <= data + len);
        CHECK(key.rsa.exponent >= data && key.rsa.exponent + key.rsa.exponent_len <= data + len);
    } else {
        CHECK(key.point.len == 1 + 2 * curve_bytes(key.curve));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    check_key(data, len);
    struct certificate certificate;
    const enum err err = certificate_read(data, len, &certificate);
    CHECK(err == OK || err == ERR_MALFORMED);
    if (err != OK) {
        return 0;
    }
    const struct ber *parts[] = {
        &certificate.signed_part, &certificate.serial,      &certificate.issuer,
        &certificate.subject,     &certificate.key,         &certificate.algorithm,
        &certificate.signature,   &certificate.subject_key, &certificate.authority_key};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        check_inside(parts[i], data, len);
    }
    CHECK(certificate.state[2] == '\0' && certificate.subject_state[2] == '\0');
    check_key(certificate.key.whole, certificate.key.whole_len);
    const enum err verified = certificate_verify(&certificate, &certificate);
    CHECK(verified == OK || verified == ERR_CRYPTO || verified == ERR_UNSUPPORTED);
    return 0;
}
