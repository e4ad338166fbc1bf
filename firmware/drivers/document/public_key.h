// SPDX-License-Identifier: EUPL-1.2
//
// Open keys (SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7) and the signatures they check:
// which algorithm an identifier names, with which parameters, and whether the bytes agree.
#ifndef INLOOP_DRIVERS_DOCUMENT_PUBLIC_KEY_H
#define INLOOP_DRIVERS_DOCUMENT_PUBLIC_KEY_H

#include "drivers/document/ber.h"
#include "drivers/document/curve.h"
#include "drivers/document/rsa.h"

enum public_key_kind { PUBLIC_KEY_RSA, PUBLIC_KEY_CURVE };

struct public_key {
    enum public_key_kind kind;
    struct rsa_key rsa;  // borrowed from what was read
    bool is_pss_only;    // the key says it is for PSS alone (RFC 4055 section 1.2),
    bool has_pss_limits; // and with this hash and no shorter salt
    struct rsa_pss pss_limits;
    enum curve curve;
    struct curve_point point;
};

// Reads a whole SubjectPublicKeyInfo: RSA, or a point on one of our curves whose parameters are
// named or written out and then equal byte for byte (a curve of the key's own making would let
// anybody sign: CVE-2020-0601). The point is not checked to lie on it; curve_verify and curve_agree
// do that. ERR_MALFORMED; ERR_UNSUPPORTED: in order, but no key we can use.
MUST_USE enum err public_key_read(const uint8_t *der, size_t len, struct public_key *key);

enum signature_kind { SIGNATURE_RSA, SIGNATURE_RSA_PSS, SIGNATURE_ECDSA };

struct signature_algorithm {
    enum signature_kind kind;
    bool has_hash; // else the hash is named elsewhere (rsaEncryption in a CMS signer)
    enum hash hash;
    struct rsa_pss pss;
};

// Reads a whole AlgorithmIdentifier. ERR_UNSUPPORTED: one we do not take, MD5 among them.
MUST_USE enum err signature_algorithm_read(const struct ber *identifier,
                                           struct signature_algorithm *algorithm);
// As that for a hash.
MUST_USE enum err hash_algorithm_read(const struct ber *identifier, enum hash *hash);

// ERR_CRYPTO: not signed with this key, or not with a key of this kind.
MUST_USE enum err signature_verify(const struct signature_algorithm *algorithm,
                                   const struct public_key *key, const uint8_t *data, size_t len,
                                   const uint8_t *signature, size_t signature_len);

#endif
