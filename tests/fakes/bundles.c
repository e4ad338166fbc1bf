// SPDX-License-Identifier: EUPL-1.2
//
// Made by the code under test itself; the folder is below /tmp.
#include "tests/fakes/bundles.h"

#include "base/file.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bundles_open(struct bundles *bundles)
{
    *bundles = (struct bundles){.folder = "/tmp/inloop-bundles-XXXXXX"};
    CHECK(mkdtemp(bundles->folder) != NULL);
    bundles->key = crypto_key_new();
    bundles->keys.keys_count = 1;
    crypto_key_point(bundles->key, bundles->keys.keys[0].x, bundles->keys.keys[0].y);
}

void bundles_close(struct bundles *bundles)
{
    char command[BUNDLES_PATH_BYTES];
    (void)snprintf(command, sizeof command, "rm -rf %s", bundles->folder); // a short name of ours
    CHECK(system(command) == 0);
    crypto_key_free(bundles->key);
}

const char *bundles_path(const struct bundles *bundles, const char *name,
                         char path[BUNDLES_PATH_BYTES])
{
    struct text text;
    text_init(&text, path, BUNDLES_PATH_BYTES);
    text_format(&text, "%s/%s", bundles->folder, name);
    CHECK(!text.is_cut);
    return path;
}

void bundles_put(const struct bundles *bundles, const char *name, const void *bytes, size_t len)
{
    char path[BUNDLES_PATH_BYTES];
    struct fault fault = {0};
    CHECK(file_write(bundles_path(bundles, name, path), 0644, bytes, len, &fault) == OK);
}

const char *bundles_make(const struct bundles *bundles, const char *version,
                         char path[BUNDLES_PATH_BYTES])
{
    static uint8_t uki[BUNDLES_UKI_BYTES];
    char uki_path[BUNDLES_PATH_BYTES];
    uint8_t seed[CRYPTO_HASH_BYTES];
    struct fault fault = {0};
    crypto_sha256(version, strlen(version), seed);
    for (size_t i = 0; i < sizeof uki; i++) {
        uki[i] = (uint8_t)(seed[i % sizeof seed] + i / sizeof seed);
    }
    bundles_put(bundles, "uki", uki, sizeof uki);
    const char *const paths[] = {bundles_path(bundles, "uki", uki_path)};
    struct bundle words = bundles_words(version);
    char name[BUNDLES_PATH_BYTES];
    (void)snprintf(name, sizeof name, "%s.bundle", version); // a short version of ours
    CHECK(bundle_make(&words, paths, bundles->key, bundles_path(bundles, name, path), &fault) ==
          OK);
    return path;
}

struct bundle bundles_words(const char *version)
{
    struct bundle words = {.minimum = "1.0",
                           .board = "qemu-x86_64",
                           .town = "*",
                           .made = "2026-11-27",
                           .payloads = {{.name = "uki"}},
                           .payloads_count = 1};
    CHECK(text_copy(words.version, sizeof words.version, version) == OK);
    return words;
}
