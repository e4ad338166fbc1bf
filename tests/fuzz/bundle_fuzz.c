// SPDX-License-Identifier: EUPL-1.2
//
// Whatever may come as the first bytes of a bundle: parsed and held against a machine. A first 'S'
// is not part of it: then the rest is a manifest as if its signature had held.
#include "update/bundle.h"

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct bundle_keys keys;

static void check(const struct bundle *bundle);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (keys.keys_count == 0) {
        struct crypto_key *key = crypto_key_new();
        keys.keys_count = 1;
        crypto_key_point(key, keys.keys[0].x, keys.keys[0].y);
        crypto_key_free(key);
    }
    struct bundle bundle;
    struct fault fault = {0};
    bool is_manifest = len > 1 && data[0] == 'S' && len - 1 <= BUNDLE_MANIFEST_BYTES_MAX;
    enum err err = is_manifest
                       ? bundle_manifest_read(&bundle, (const char *)data + 1, len - 1, &fault)
                       : bundle_parse(&bundle, data, len, &keys, &fault);
    CHECK(err == OK || bundle.payloads_count == 0);
    if (err == OK) {
        check(&bundle);
    }
    return 0;
}

// What everyone behind the parser relies on.
static void check(const struct bundle *bundle)
{
    uint64_t end = bundle->payloads[0].offset;
    CHECK(bundle->payloads_count >= 1 && bundle->payloads_count <= BUNDLE_PAYLOADS_MAX);
    for (size_t i = 0; i < bundle->payloads_count; i++) {
        const struct bundle_payload *payload = &bundle->payloads[i];
        CHECK(bundle_word_is(payload->name) && payload->bytes_count <= BUNDLE_PAYLOAD_BYTES_MAX);
        CHECK(payload->offset == end && bundle_payload_find(bundle, payload->name) == payload);
        end += payload->bytes_count;
    }
    CHECK(end == bundle->bytes_count);
    CHECK(bundle_version_is(bundle->version) && bundle_word_is(bundle->board));
    const struct bundle_here here = {.version = "1.2", .board = bundle->board, .town = "denhaag"};
    struct fault fault = {0};
    if (bundle_fits(bundle, &here, &fault) == OK) {
        CHECK(bundle_version_compare(bundle->version, "1.2") > 0);
        CHECK(text_equal(bundle->town, "*") || text_equal(bundle->town, "denhaag"));
    }
}
