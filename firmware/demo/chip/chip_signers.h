// SPDX-License-Identifier: EUPL-1.2
//
// The demo's states: signing authorities, the signers below them, a signed list of them. Made new
// for every folder; their secrets are forgotten with the program.
#ifndef INLOOP_DEMO_CHIP_SIGNERS_H
#define INLOOP_DEMO_CHIP_SIGNERS_H

#include "base/err.h"
#include "demo/chip/chip_der.h"
#include "demo/chip/chip_openssl.h"

enum chip_signer_kind {
    CHIP_SIGNER_RSA, // PKCS#1
    CHIP_SIGNER_PSS,
    CHIP_SIGNER_ECDSA,          // parameters by name
    CHIP_SIGNER_ECDSA_EXPLICIT, // parameters written out, as most states do
    CHIP_SIGNER_EXPIRED,        // ended before it signs
    CHIP_SIGNER_UNKNOWN,        // below an authority that is on no list
    CHIP_SIGNERS_COUNT,
};

struct chip_signer {
    X509 *certificate;
    EVP_PKEY *key;
};

struct chip_signers {
    struct chip_signer authority; // of the Netherlands of this demo; the pinned root
    struct chip_signer elsewhere; // of another state, on the list as well
    struct chip_signer hidden;    // on no list
    struct chip_signer list;      // signs the list
    struct chip_signer documents[CHIP_SIGNERS_COUNT];
};

void chip_signers_open(struct chip_signers *signers);
void chip_signers_close(struct chip_signers *signers);
// "rsa", "pss", "ecdsa", "ecdsa-explicit".
MUST_USE enum err chip_signer_from_name(const char *name, enum chip_signer_kind *kind);

// A new key on a curve. `is_explicit`: its parameters are written out.
EVP_PKEY *chip_curve_key(const char *group_name, bool is_explicit);
EVP_PKEY *chip_rsa_key(unsigned bits);
// CMS SignedData over `content` (RFC 5652), with the signer's certificate in it.
void chip_sign(const struct chip_signer *signer, bool is_pss, const char *content_oid,
               const struct chip_der *content, struct chip_der *out);
// ICAO Doc 9303-12 section 9.
void chip_sign_list(const struct chip_signers *signers, struct chip_der *out);

#endif
