// SPDX-License-Identifier: EUPL-1.2
//
// The lies by name.
#include "demo/chip/chip_lie.h"

#include "base/text.h"

static const char *const names[CHIP_LIES_COUNT] = {
    [CHIP_HONEST] = "none",
    [CHIP_WRONG_POINT] = "wrong-point",
    [CHIP_INFINITY] = "infinity",
    [CHIP_EQUAL_KEYS] = "equal-keys",
    [CHIP_BAD_TOKEN] = "bad-token",
    [CHIP_BAD_MAPPING] = "bad-mapping",
    [CHIP_PLAIN_STATUS] = "plain-status",
    [CHIP_TRUNCATED_FILE] = "truncated-file",
    [CHIP_ENDLESS_FILE] = "endless-file",
    [CHIP_DRIPPING_FILE] = "dripping-file",
    [CHIP_HUGE_LENGTH] = "huge-length",
    [CHIP_WRONG_SSC] = "wrong-ssc",
    [CHIP_BAD_MAC] = "bad-mac",
    [CHIP_TAMPERED_DG1] = "tampered-dg1",
    [CHIP_TAMPERED_SOD] = "tampered-sod",
    [CHIP_UNKNOWN_SIGNER] = "unknown-signer",
    [CHIP_EXPIRED_SIGNER] = "expired-signer",
    [CHIP_CLONED] = "cloned",
    [CHIP_SILENT] = "silent",
    [CHIP_PULLED] = "pulled",
};

const char *chip_lie_name(enum chip_lie lie)
{
    return names[lie];
}

enum err chip_lie_from_name(const char *name, enum chip_lie *lie)
{
    size_t index = 0;
    enum err err = text_find(names, CHIP_LIES_COUNT, name, &index);
    if (err == OK) {
        *lie = (enum chip_lie)index;
    }
    return err;
}
