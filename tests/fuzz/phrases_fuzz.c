// SPDX-License-Identifier: EUPL-1.2
//
// Compiled phrases are files on the device that translators' tools wrote.
#include "ui/phrases.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct phrases phrases;
    enum err err = phrases_parse(&phrases, data, size, NULL);
    (void)err; // refused files leave no phrases: looking up gives the key
    static const char *const keys[] = {"", "common.time", "common.days_left", "zzz"};
    size_t seen = 0;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        seen += strlen(phrases_get(&phrases, keys[i]));
        for (uint64_t count = 0; count < 130; count += 13) {
            char out[PHRASE_BYTES];
            if (phrases_fill_count(&phrases, keys[i], count, out, sizeof out) == OK) {
                seen += strlen(out);
            }
        }
    }
    return seen == SIZE_MAX;
}
