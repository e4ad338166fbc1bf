// SPDX-License-Identifier: EUPL-1.2
//
// Whatever hangs on the cable describes itself. A size that is believed is one a screen can have.
#include "ui/edid.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_block(const uint8_t *data, size_t size)
{
    struct edid edid;
    bool is_ok = edid_parse(data, size, &edid) == OK;
    bool has_size = edid.width_mm != 0 || edid.height_mm != 0;
    if (has_size && (!is_ok || edid.width_mm < 40 || edid.height_mm < 40 || edid.width_mm > 4000 ||
                     edid.height_mm > 4000)) {
        abort();
    }
    float px_per_mm = edid_px_per_mm(&edid, 1920, 1080);
    if (px_per_mm != 0 && !(px_per_mm >= 1.0F && px_per_mm <= 20.0F)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_block(data, size);
    if (size >= EDID_BLOCK_BYTES) {
        // The same with header and sum right, which chance seldom finds.
        static const uint8_t header[] = {0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0};
        uint8_t block[EDID_BLOCK_BYTES];
        unsigned sum = 0;
        memcpy(block, data, sizeof block);
        memcpy(block, header, sizeof header);
        for (size_t i = 0; i + 1 < sizeof block; i++) {
            sum += block[i];
        }
        block[sizeof block - 1] = (uint8_t)(0U - sum);
        try_block(block, sizeof block);
    }
    return 0;
}
