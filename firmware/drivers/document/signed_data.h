// SPDX-License-Identifier: EUPL-1.2
//
// Signed data as documents and master lists carry it (CMS, RFC 5652 section 5): one content, one
// signer, signed attributes. In definite lengths only: ICAO Doc 9303-10 section 4.7 asks for DER,
// and who writes otherwise is read at the counter.
#ifndef INLOOP_DRIVERS_DOCUMENT_SIGNED_DATA_H
#define INLOOP_DRIVERS_DOCUMENT_SIGNED_DATA_H

#include "drivers/document/certificate.h"

// Borrows the bytes it was read from.
struct signed_data {
    struct ber content_type; // OBJECT IDENTIFIER, the same in the signed attributes
    struct ber content;
    struct ber certificates;  // those that came with it
    struct ber signer_issuer; // by name and serial number, or
    struct ber signer_serial;
    struct ber signer_key; // by key identifier; no length: by name
    enum hash digest;
    struct ber attributes;
    struct ber message_digest;
    bool has_signing_time;
    int64_t signing_time_s;
    struct signature_algorithm algorithm;
    struct ber signature;
};

// A whole ContentInfo. ERR_MALFORMED: not signed data as above. ERR_UNSUPPORTED: in order, with an
// algorithm we do not take.
MUST_USE enum err signed_data_read(const uint8_t *der, size_t len, struct signed_data *data,
                                   struct fault *fault);
// The signer's certificate among those that came with it, or the only one. ERR_NOT_FOUND.
MUST_USE enum err signed_data_signer(const struct signed_data *data, struct certificate *signer);
// That the content is the one the attributes name and `signer` signed those. ERR_CRYPTO: no.
// ERR_UNSUPPORTED: its key is none we know.
MUST_USE enum err signed_data_verify(const struct signed_data *data,
                                     const struct certificate *signer);

#endif
