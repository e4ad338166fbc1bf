// SPDX-License-Identifier: EUPL-1.2
//
// Whatever somebody with an enrolment code may send as a certificate request: DER, base64 of it, or
// PEM where a certificate is expected.
#include "base/text.h"
#include "link/crypto.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { FROM_S = 1764000000, DAY_S = 86400, DER_BYTES_MAX = 4096 };

static void certify(const struct crypto_key *authority, const uint8_t *der, size_t len);
static void read_pem(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct crypto_key *authority;
    if (authority == NULL) {
        authority = crypto_key_new();
    }
    certify(authority, data, len);
    uint8_t der[DER_BYTES_MAX];
    size_t der_len = 0;
    if (crypto_base64_decode((const char *)data, len, der, sizeof der, &der_len) == OK) {
        CHECK(der_len <= sizeof der && der_len <= len);
        certify(authority, der, der_len);
    }
    read_pem(data, len);
    return 0;
}

static void certify(const struct crypto_key *authority, const uint8_t *der, size_t len)
{
    char pem[CRYPTO_PEM_BYTES];
    uint8_t fingerprint[CRYPTO_HASH_BYTES];
    uint8_t again[CRYPTO_HASH_BYTES];
    const struct crypto_subject subject = {.name = "kiosk-1",
                                           .uri = "urn:inloop:device:kiosk-1",
                                           .from_s = FROM_S,
                                           .to_s = FROM_S + DAY_S};
    const enum err err =
        crypto_certify_request(der, len, &subject, authority, "Hal", pem, fingerprint);
    CHECK(err == OK || err == ERR_MALFORMED || err == ERR_CRYPTO);
    if (err == OK) {
        CHECK(text_starts_with(pem, "-----BEGIN CERTIFICATE-----"));
        CHECK(crypto_fingerprint(pem, again) == OK);
        CHECK(memcmp(again, fingerprint, sizeof again) == 0);
    }
}

static void read_pem(const uint8_t *data, size_t len)
{
    uint8_t fingerprint[CRYPTO_HASH_BYTES];
    char *words = malloc(len + 1);
    CHECK(words != NULL);
    memcpy(words, data, len);
    words[len] = '\0';
    const enum err err = crypto_fingerprint(words, fingerprint);
    CHECK(err == OK || err == ERR_MALFORMED);
    free(words);
}
