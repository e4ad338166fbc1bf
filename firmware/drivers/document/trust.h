// SPDX-License-Identifier: EUPL-1.2
//
// The states' signers (CSCA) a document's own signer must descend from. They come from a signed
// master list (ICAO Doc 9303-12 section 9) whose own signer descends from a root that is pinned.
#ifndef INLOOP_DRIVERS_DOCUMENT_TRUST_H
#define INLOOP_DRIVERS_DOCUMENT_TRUST_H

#include "drivers/document/document.h"

enum {
    TRUST_SIGNERS_MAX = 1024,
    TRUST_WITHDRAWN_MAX = 8192,
    TRUST_LIST_BYTES_MAX = 2 << 20, // of one list, and of all that is kept together
};

struct trust; // keeps the lists' bytes

struct trust *trust_new(void);
void trust_free(struct trust *trust); // NULL allowed

// Reads a list and adds every signer in it. `root` is the pinned certificate (DER) the list's own
// signer must stand directly below. Copies what it keeps. `added` is how many came in; a
// certificate in it that cannot be read is counted in `left_out` and stops nothing. `now_s` is wall
// time, and only asked where the list does not say when it was signed. ERR_CRYPTO: the list is not
// signed below that root, or not by a signer of master lists. ERR_EXPIRED: not while both were
// valid. ERR_MALFORMED, ERR_TOO_BIG, ERR_UNSUPPORTED, ERR_FULL: nothing has changed either.
MUST_USE enum err trust_add_list(struct trust *trust, const uint8_t *list, size_t len,
                                 const uint8_t *root, size_t root_len, int64_t now_s, size_t *added,
                                 size_t *left_out, struct fault *fault);
// One certificate by itself, for tests and for a state that is not on the list.
MUST_USE enum err trust_add(struct trust *trust, const uint8_t *certificate, size_t len,
                            struct fault *fault);
// Signers that count no more: a CRL (RFC 5280) signed by one of the signers that are known, which
// must be added before it. A CRL past its next update still counts: what was withdrawn stays so.
// ERR_NOT_FOUND: whose it is is not known here. ERR_CRYPTO: they did not sign it. Else as a list.
MUST_USE enum err trust_add_crl(struct trust *trust, const uint8_t *crl, size_t len,
                                struct fault *fault);
size_t trust_count(const struct trust *trust);

// Passive authentication (ICAO Doc 9303-11 section 5.1) of a whole EF.SOD (tag 77). Afterwards
// `sod` holds the hash of every data group it names.
struct sod_hashes {
    int hash;        // enum hash of cipher.h
    uint32_t groups; // bit n: data group n is named
    uint8_t hashes[17][64];
    char state[3]; // whose signer signed, two letters
};
// DOCUMENT_NO_REASON: signed by a signer of `state` (two letters, from the document signer's own
// issuer), valid when it signed. Any other: why not; `hashes` is then not to be used.
enum document_reason trust_check(const struct trust *trust, const uint8_t *sod, size_t len,
                                 int64_t now_s, struct sod_hashes *hashes, struct fault *fault);
// True when `file` (whole, with its own tag) is data group `group` as it was signed.
bool sod_has(const struct sod_hashes *hashes, unsigned group, const uint8_t *file, size_t len);
// True when the state that signed is the one that DG1 names as issuer ("NLD", "D", "GBD"; without
// filling). Any state on the list could sign a zone that names another: DOCUMENT_UNKNOWN_SIGNER.
bool sod_is_of(const struct sod_hashes *hashes, const char *issuer);

#endif
