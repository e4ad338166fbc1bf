// SPDX-License-Identifier: EUPL-1.2
//
// Lists of withdrawn certificates (RFC 5280 section 5, ICAO Doc 9303-12 section 7.2): what one
// says. Whose signature counts is trust.c.
#ifndef INLOOP_DRIVERS_DOCUMENT_CRL_H
#define INLOOP_DRIVERS_DOCUMENT_CRL_H

#include "drivers/document/certificate.h"

// Borrows the bytes it was read from.
struct crl {
    struct ber signed_part;
    struct ber algorithm;
    struct ber signature;
    struct ber issuer;
    struct ber authority_key; // no length: none
    struct ber entries;       // no length: nobody was withdrawn
    char state[CERTIFICATE_STATE_BYTES];
};

// ERR_MALFORMED. ERR_UNSUPPORTED: a part of a list, or one about others' certificates.
MUST_USE enum err crl_read(const uint8_t *der, size_t len, struct crl *crl);
// The next serial number; `in` is ber_inside(&crl.entries). crl_read has seen all of them.
bool crl_next(struct bytes_in *in, struct ber *serial);

#endif
