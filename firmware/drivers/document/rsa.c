// SPDX-License-Identifier: EUPL-1.2
//
// RSA with open keys. Nothing secret is in here, so nothing needs to take equal time.
#include "drivers/document/rsa.h"

#include "drivers/document/ber.h"

#include <mbedtls/version.h>

#include <mbedtls/md.h>
#include <mbedtls/rsa.h>

static bool begin(mbedtls_rsa_context *rsa, const struct rsa_key *key);
static mbedtls_md_type_t md_of(enum hash hash);

enum err rsa_key_read(const uint8_t *der, size_t len, struct rsa_key *key)
{
    CHECK(der != NULL || len == 0);
    *key = (struct rsa_key){0};
    struct ber sequence;
    if (!ber_only(der, len, 0x30, &sequence)) {
        return ERR_MALFORMED;
    }
    struct bytes_in inside = ber_inside(&sequence);
    struct ber modulus;
    struct ber exponent;
    if (!ber_expect(&inside, 0x02, &modulus) || !ber_expect(&inside, 0x02, &exponent) ||
        bytes_in_left(&inside) != 0 || !ber_magnitude(&modulus, &key->modulus, &key->modulus_len) ||
        !ber_magnitude(&exponent, &key->exponent, &key->exponent_len)) {
        return ERR_MALFORMED;
    }
    const bool is_ours = key->modulus_len >= RSA_BYTES_MIN && key->modulus_len <= RSA_BYTES_MAX &&
                         key->exponent_len <= RSA_EXPONENT_BYTES_MAX;
    return is_ours ? OK : ERR_UNSUPPORTED;
}

enum err rsa_open(const struct rsa_key *key, const uint8_t *in, size_t in_len,
                  uint8_t out[RSA_BYTES_MAX])
{
    if (in_len != key->modulus_len) {
        return ERR_CRYPTO;
    }
    mbedtls_rsa_context rsa;
    const bool is_open = begin(&rsa, key) && mbedtls_rsa_public(&rsa, in, out) == 0;
    mbedtls_rsa_free(&rsa);
    return is_open ? OK : ERR_CRYPTO;
}

enum err rsa_verify(const struct rsa_key *key, enum hash hash, const uint8_t *digest,
                    const uint8_t *signature, size_t signature_len)
{
    if (signature_len != key->modulus_len) {
        return ERR_CRYPTO;
    }
    mbedtls_rsa_context rsa;
    const unsigned digest_len = (unsigned)hash_bytes(hash);
    bool is_signed = begin(&rsa, key);
    if (is_signed) {
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
        is_signed = mbedtls_rsa_rsassa_pkcs1_v15_verify(&rsa, md_of(hash), digest_len, digest,
                                                        signature) == 0;
#else
        is_signed =
            mbedtls_rsa_rsassa_pkcs1_v15_verify(&rsa, NULL, NULL, MBEDTLS_RSA_PUBLIC, md_of(hash),
                                                digest_len, digest, signature) == 0;
#endif
    }
    mbedtls_rsa_free(&rsa);
    return is_signed ? OK : ERR_CRYPTO;
}

enum err rsa_verify_pss(const struct rsa_key *key, const struct rsa_pss *pss, const uint8_t *digest,
                        const uint8_t *signature, size_t signature_len)
{
    if (signature_len != key->modulus_len || pss->salt_bytes > RSA_BYTES_MAX) {
        return ERR_CRYPTO;
    }
    mbedtls_rsa_context rsa;
    const unsigned digest_len = (unsigned)hash_bytes(pss->hash);
    const mbedtls_md_type_t md = md_of(pss->hash);
    const int salt_bytes = (int)pss->salt_bytes;
    bool is_signed = begin(&rsa, key);
    if (is_signed) {
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
        is_signed = mbedtls_rsa_rsassa_pss_verify_ext(&rsa, md, digest_len, digest, md, salt_bytes,
                                                      signature) == 0;
#else
        is_signed =
            mbedtls_rsa_rsassa_pss_verify_ext(&rsa, NULL, NULL, MBEDTLS_RSA_PUBLIC, md, digest_len,
                                              digest, md, salt_bytes, signature) == 0;
#endif
    }
    mbedtls_rsa_free(&rsa);
    return is_signed ? OK : ERR_CRYPTO;
}

// Leaves a context that must be freed, also when it says no.
static bool begin(mbedtls_rsa_context *rsa, const struct rsa_key *key)
{
    CHECK(key->modulus_len <= RSA_BYTES_MAX);
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    mbedtls_rsa_init(rsa);
#else
    mbedtls_rsa_init(rsa, MBEDTLS_RSA_PKCS_V15, MBEDTLS_MD_NONE);
#endif
    return mbedtls_rsa_import_raw(rsa, key->modulus, key->modulus_len, NULL, 0, NULL, 0, NULL, 0,
                                  key->exponent, key->exponent_len) == 0 &&
           mbedtls_rsa_complete(rsa) == 0 && mbedtls_rsa_check_pubkey(rsa) == 0;
}

static mbedtls_md_type_t md_of(enum hash hash)
{
    switch (hash) {
    case HASH_SHA1:
        return MBEDTLS_MD_SHA1;
    case HASH_SHA224:
        return MBEDTLS_MD_SHA224;
    case HASH_SHA256:
        return MBEDTLS_MD_SHA256;
    case HASH_SHA384:
        return MBEDTLS_MD_SHA384;
    case HASH_SHA512:
        return MBEDTLS_MD_SHA512;
    case HASHES_COUNT:
        break;
    }
    return MBEDTLS_MD_NONE;
}
