// SPDX-License-Identifier: EUPL-1.2
//
// An update in one file: a head, a manifest, its signature, the payloads. SPEC.md, "The bundle".
//
//   8 bytes   "INLBNDL1"
//   4 bytes   length of the manifest, big-endian, at most BUNDLE_MANIFEST_BYTES_MAX
//   64 bytes  signature: ECDSA P-256, r and s, over SHA-256 of the 12 bytes above and the manifest
//   manifest  lines of `key = value` (base/config.h)
//   payloads  in the manifest's order, nothing between, nothing behind
//
// Manifest: version, minimum (of the version that runs), board, town ("*": every town), made
// (YYYY-MM-DD), payloads (count), payload.N.name, payload.N.bytes, payload.N.sha256 (hex), N
// from 1. Other keys are left alone: a later maker may say more. Reads and writes the files it is
// handed; decides nothing about slots.
#ifndef INLOOP_UPDATE_BUNDLE_H
#define INLOOP_UPDATE_BUNDLE_H

#include "base/err.h"
#include "link/crypto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BUNDLE_HEAD_BYTES = 8 + 4 + CRYPTO_SIGNATURE_BYTES,
    BUNDLE_MANIFEST_BYTES_MAX = 8 * 1024,
    BUNDLE_PAYLOADS_MAX = 4,
    BUNDLE_KEYS_MAX = 4,
    BUNDLE_VERSION_BYTES = 24, // "1.12.3"
    BUNDLE_BOARD_BYTES = 24,
    BUNDLE_TOWN_BYTES = 24,
    BUNDLE_NAME_BYTES = 24, // "uki"
    BUNDLE_PAYLOAD_BYTES_MAX = 256 * 1024 * 1024,
};

struct bundle_payload {
    char name[BUNDLE_NAME_BYTES];
    uint64_t bytes_count;
    uint8_t sha256[CRYPTO_HASH_BYTES];
    uint64_t offset; // from the file's begin
};

struct bundle {
    char version[BUNDLE_VERSION_BYTES];
    char minimum[BUNDLE_VERSION_BYTES];
    char board[BUNDLE_BOARD_BYTES];
    char town[BUNDLE_TOWN_BYTES];
    char made[11];
    struct bundle_payload payloads[BUNDLE_PAYLOADS_MAX];
    size_t payloads_count;
    uint64_t bytes_count; // of the whole file
};

// Whose signatures count: public keys (SubjectPublicKeyInfo, PEM, one after the other).
struct bundle_keys {
    struct {
        uint8_t x[CRYPTO_POINT_BYTES];
        uint8_t y[CRYPTO_POINT_BYTES];
    } keys[BUNDLE_KEYS_MAX];
    size_t keys_count;
};
// ERR_NOT_FOUND, ERR_MALFORMED (none, or not P-256), ERR_FULL.
MUST_USE enum err bundle_keys_read(struct bundle_keys *keys, const char *path, struct fault *fault);

// Versions are one to three whole numbers below a million with dots, without leading zeros; what is
// not said is 0. -1, 0, 1. CHECKs both (bundle_version_is).
int bundle_version_compare(const char *a, const char *b);
bool bundle_version_is(const char *text);
// Boards, towns and names of payloads: small letters, digits, '-', '_'. They become file names.
bool bundle_word_is(const char *text);
const struct bundle_payload *bundle_payload_find(const struct bundle *bundle, const char *name);

// Reads head and manifest from the first `len` bytes of a bundle (BUNDLE_HEAD_BYTES and the
// manifest at most); nothing inside is believed before the signature holds. ERR_NOT_FOUND: more
// bytes are needed. ERR_MALFORMED: no bundle. ERR_CRYPTO: no key of ours.
MUST_USE enum err bundle_parse(struct bundle *bundle, const uint8_t *bytes, size_t len,
                               const struct bundle_keys *keys, struct fault *fault);

// The manifest by itself, for tests and fuzzing: nobody else reads one that nobody signed.
// ERR_MALFORMED; `bundle` is zeroed then.
MUST_USE enum err bundle_manifest_read(struct bundle *bundle, const char *words, size_t len,
                                       struct fault *fault);

// What runs here, against which a bundle is held.
struct bundle_here {
    const char *version;
    const char *board;
    const char *town; // NULL or empty: not known yet; then only a bundle for every town fits
};
// ERR_REFUSED: older than or the same as what runs, needs a newer one first, another board's or
// another town's; the fault says which in words for a technician.
MUST_USE enum err bundle_fits(const struct bundle *bundle, const struct bundle_here *here,
                              struct fault *fault);

// Reads the whole file: head, signature, every payload's hash, nothing behind. ERR_CRYPTO,
// ERR_MALFORMED, ERR_IO, as above.
MUST_USE enum err bundle_check_file(struct bundle *bundle, const char *path,
                                    const struct bundle_keys *keys, struct fault *fault);

// For the maker: `made` has all but hashes, sizes and offsets; `paths` one file a payload. The same
// payloads, words and key give another file each time: a signature has a random part.
// ERR_MALFORMED: words that a reader would refuse. ERR_NOT_FOUND, ERR_TOO_BIG: a payload. ERR_IO.
MUST_USE enum err bundle_make(const struct bundle *made, const char *const *paths,
                              const struct crypto_key *key, const char *out, struct fault *fault);

#endif
