// SPDX-License-Identifier: EUPL-1.2
//
// The states' signers (CSCA) a document's own signer must descend from. They come from a signed
// master list (ICAO Doc 9303-12 section 9) whose own signer descends from a root that is pinned.
#ifndef INLOOP_DRIVERS_DOCUMENT_TRUST_H
#define INLOOP_DRIVERS_DOCUMENT_TRUST_H

#include "drivers/document/document.h"

enum { TRUST_SIGNERS_MAX = 1024, TRUST_LIST_BYTES_MAX = 2 << 20 };

struct trust; // keeps the lists' bytes

struct trust *trust_new(void);
void trust_free(struct trust *trust); // NULL allowed

// Reads a list and adds every signer in it. `root` is the pinned certificate (DER) the list's own
// signer must chain to. Copies what it keeps. `added` is how many came in; a certificate in it that
// cannot be read is counted in `left_out` and stops nothing. `now_s` is wall time. ERR_CRYPTO: the
// list is not signed below that root. ERR_MALFORMED, ERR_TOO_BIG, ERR_FULL.
MUST_USE enum err trust_add_list(struct trust *trust, const uint8_t *list, size_t len,
                                 const uint8_t *root, size_t root_len, int64_t now_s, size_t *added,
                                 size_t *left_out, struct fault *fault);
// One certificate by itself, for tests and for a state that is not on the list.
MUST_USE enum err trust_add(struct trust *trust, const uint8_t *certificate, size_t len,
                            struct fault *fault);
// Signers that count no more: a CRL (RFC 5280) signed by one of the signers that are known.
MUST_USE enum err trust_add_crl(struct trust *trust, const uint8_t *crl, size_t len,
                                struct fault *fault);
size_t trust_count(const struct trust *trust);

// Passive authentication (ICAO Doc 9303-11 section 5.1) of a whole EF.SOD (tag 77). Afterwards
// `sod` holds the hash of every data group it names.
struct sod_hashes {
    int hash;        // enum hash of cipher.h
    uint32_t groups; // bit n: data group n is named
    uint8_t hashes[17][64];
};
// DOCUMENT_NO_REASON: signed by a signer of `state` (two letters, from the document signer's own
// issuer), valid when it signed. Any other: why not; `hashes` is then not to be used.
enum document_reason trust_check(const struct trust *trust, const uint8_t *sod, size_t len,
                                 int64_t now_s, struct sod_hashes *hashes, struct fault *fault);
// True when `file` (whole, with its own tag) is data group `group` as it was signed.
bool sod_has(const struct sod_hashes *hashes, unsigned group, const uint8_t *file, size_t len);

#endif
