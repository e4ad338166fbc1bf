// SPDX-License-Identifier: EUPL-1.2
//
// Bundles and the keys they are believed by, made in a folder of their own.
#ifndef INLOOP_TESTS_FAKES_BUNDLES_H
#define INLOOP_TESTS_FAKES_BUNDLES_H

#include "link/crypto.h"
#include "update/bundle.h"

enum { BUNDLES_PATH_BYTES = 160, BUNDLES_UKI_BYTES = 200 * 1000 };

struct bundles {
    char folder[64];
    struct crypto_key *key;
    struct bundle_keys keys; // believes `key`
};

void bundles_open(struct bundles *bundles);
void bundles_close(struct bundles *bundles); // and the folder is gone
const char *bundles_path(const struct bundles *bundles, const char *name,
                         char path[BUNDLES_PATH_BYTES]);
void bundles_put(const struct bundles *bundles, const char *name, const void *bytes, size_t len);
// A bundle of one payload "uki" whose bytes follow from the version; gives its path.
const char *bundles_make(const struct bundles *bundles, const char *version,
                         char path[BUNDLES_PATH_BYTES]);
// What a bundle of that version says, but for what making fills in.
struct bundle bundles_words(const char *version);

#endif
