// SPDX-License-Identifier: EUPL-1.2
//
// Whatever may come as the first bytes of a bundle: parsed and held against a machine. A first 'S'
// is not part of it: then the rest is a manifest under a signature that holds, so that what a
// signature keeps out is looked at as well.
#include "update/bundle.h"

#include "base/text.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct crypto_key *key;
static struct bundle_keys keys;

static size_t sign(const uint8_t *manifest, size_t len, uint8_t *out);
static void check(const struct bundle *bundle);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (key == NULL) {
        key = crypto_key_new();
        keys.keys_count = 1;
        crypto_key_point(key, keys.keys[0].x, keys.keys[0].y);
    }
    static uint8_t made[BUNDLE_HEAD_BYTES + BUNDLE_MANIFEST_BYTES_MAX];
    struct bundle bundle;
    struct fault fault = {0};
    if (len > 1 && data[0] == 'S' && len - 1 <= BUNDLE_MANIFEST_BYTES_MAX) {
        len = sign(data + 1, len - 1, made);
        data = made;
    }
    enum err err = bundle_parse(&bundle, data, len, &keys, &fault);
    CHECK(err == OK || bundle.payloads_count == 0);
    if (err == OK) {
        check(&bundle);
    }
    return 0;
}

static size_t sign(const uint8_t *manifest, size_t len, uint8_t *out)
{
    static uint8_t covered[12 + BUNDLE_MANIFEST_BYTES_MAX];
    memcpy(covered, "INLBNDL1\0\0", 10);
    covered[10] = (uint8_t)(len >> 8);
    covered[11] = (uint8_t)len;
    memcpy(covered + 12, manifest, len);
    memcpy(out, covered, 12);
    CHECK(crypto_sign(key, covered, 12 + len, out + 12) == OK);
    memcpy(out + BUNDLE_HEAD_BYTES, manifest, len);
    return BUNDLE_HEAD_BYTES + len;
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
