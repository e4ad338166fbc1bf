// SPDX-License-Identifier: EUPL-1.2
//
// X.509 certificates as states sign their documents with (ICAO Doc 9303-12 section 7, RFC 5280):
// what one says. Nothing here decides whether it is to be believed; that is trust.c.
#ifndef INLOOP_DRIVERS_DOCUMENT_CERTIFICATE_H
#define INLOOP_DRIVERS_DOCUMENT_CERTIFICATE_H

#include "drivers/document/ber.h"
#include "drivers/document/public_key.h"

enum { CERTIFICATE_STATE_BYTES = 3 };

// Bits of `usage` (RFC 5280 section 4.2.1.3).
enum {
    CERTIFICATE_SIGNS_DATA = 1 << 0,
    CERTIFICATE_SIGNS_CERTIFICATES = 1 << 5,
    CERTIFICATE_SIGNS_CRLS = 1 << 6,
};

// What it is for, where it says so (RFC 5280 section 4.2.1.12).
enum certificate_purpose {
    CERTIFICATE_NO_PURPOSE,  // says nothing: documents, and the states' own signers
    CERTIFICATE_MASTER_LIST, // 2.23.136.1.1.3
    CERTIFICATE_OTHER_PURPOSE,
};

// Borrows the bytes it was read from.
struct certificate {
    struct ber whole;
    struct ber signed_part;
    struct ber serial;
    struct ber issuer;
    struct ber subject;
    int64_t from_s; // seconds since 1970-01-01T00:00Z, both included
    int64_t to_s;
    struct ber key; // for public_key_read
    struct ber algorithm;
    struct ber signature;
    struct ber subject_key; // key identifiers; no length: none
    struct ber authority_key;
    bool is_authority;
    bool has_usage;
    unsigned usage;
    enum certificate_purpose purpose;
    bool has_unknown_demand;                     // an extension that must be understood, and is not
    char state[CERTIFICATE_STATE_BYTES];         // of the issuer, two capitals; empty: none
    char subject_state[CERTIFICATE_STATE_BYTES]; // the same of the subject
};

// ERR_MALFORMED: not a certificate, version 3, in DER.
MUST_USE enum err certificate_read(const uint8_t *der, size_t len, struct certificate *certificate);
// Whether `authority`'s key signed it. ERR_CRYPTO: no. ERR_UNSUPPORTED: algorithm or key is one
// we do not know. Says nothing about validity or what either may do.
MUST_USE enum err certificate_verify(const struct certificate *certificate,
                                     const struct certificate *authority);
// The parts that lists of withdrawn certificates share with certificates. A signed whole: signed
// part, algorithm (the same inside the signed part, which certificate_read checks), signature.
bool certificate_split(const uint8_t *der, size_t len, struct ber *signed_part,
                       struct ber *algorithm, struct ber *signature);
MUST_USE enum err certificate_verify_part(const struct ber *signed_part,
                                          const struct ber *algorithm, const struct ber *signature,
                                          const struct certificate *authority);
// UTCTime and GeneralizedTime, with seconds, in Z (RFC 5280 section 4.1.2.5).
bool certificate_time(const struct ber *ber, int64_t *time_s);
// The country in a Name as two capitals; empty when it has none.
void certificate_state(const struct ber *name, char state[CERTIFICATE_STATE_BYTES]);
// One extension: identifier, whether it must be understood, and what it holds.
struct certificate_extension {
    struct ber oid;
    bool is_critical;
    struct ber value; // contents of its OCTET STRING
};
// The next one; false at the end, and then `in->failed` when it was not in order.
bool certificate_next_extension(struct bytes_in *in, struct certificate_extension *extension);
// The key identifier in an authority key identifier; none leaves `key` without length.
bool certificate_authority_key(const struct ber *value, struct ber *key);
bool certificate_same(const struct ber *left, const struct ber *right); // contents alike

#endif
