// SPDX-License-Identifier: EUPL-1.2
//
// Two places name the size: whole centimetres for the screen, millimetres with its best mode.
// Makers write ratios, zeros and other screens' sizes into both.
#include "ui/edid.h"

#include "base/bytes.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    SIZE_AT = 21,      // table 3.11: centimetres across and down
    DETAILED_AT = 54,  // section 3.10.2: the preferred mode
    DETAILED_MM = 12,  // of it: low bytes of both, then their high halves
    SIZE_MM_MIN = 40,  // of the shorter side: a hand's terminal
    SIZE_MM_MAX = 4000 // a wall
};

struct size {
    int width_mm;
    int height_mm;
};

static bool is_edid(const uint8_t *data, size_t len)
{
    static const uint8_t header[] = {0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0};
    if (len < EDID_BLOCK_BYTES || memcmp(data, header, sizeof header) != 0) {
        return false;
    }
    unsigned sum = 0;
    for (size_t i = 0; i < EDID_BLOCK_BYTES; i++) {
        sum += data[i];
    }
    return sum % 256 == 0;
}

static bool can_be(struct size size)
{
    // Ratios, written where millimetres belong.
    static const struct size ratios[] = {{160, 90}, {160, 100}, {1600, 900}, {1600, 1000}};
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
        if (size.width_mm == ratios[i].width_mm && size.height_mm == ratios[i].height_mm) {
            return false;
        }
    }
    return size.width_mm >= SIZE_MM_MIN && size.height_mm >= SIZE_MM_MIN &&
           size.width_mm <= SIZE_MM_MAX && size.height_mm <= SIZE_MM_MAX;
}

// Within the centimetre that the other is rounded to, on either side.
static bool agree(struct size fine, struct size coarse)
{
    return abs(fine.width_mm - coarse.width_mm) <= 10 &&
           abs(fine.height_mm - coarse.height_mm) <= 10;
}

enum err edid_parse(const uint8_t *data, size_t len, struct edid *edid)
{
    *edid = (struct edid){0};
    if (!is_edid(data, len)) {
        return ERR_MALFORMED;
    }
    struct bytes_in in;
    bytes_in_init(&in, data, EDID_BLOCK_BYTES);
    (void)bytes_in_take(&in, SIZE_AT); // as long as a block
    struct size coarse = {.width_mm = bytes_in_u8(&in) * 10};
    coarse.height_mm = bytes_in_u8(&in) * 10;
    bytes_in_init(&in, data, EDID_BLOCK_BYTES);
    (void)bytes_in_take(&in, DETAILED_AT);
    bool is_mode = bytes_in_u16le(&in) != 0; // a clock; else it describes something else
    (void)bytes_in_take(&in, DETAILED_MM - 2);
    struct size fine = {.width_mm = bytes_in_u8(&in)};
    fine.height_mm = bytes_in_u8(&in);
    int high = bytes_in_u8(&in);
    fine.width_mm += (high >> 4) * 256;
    fine.height_mm += (high & 15) * 256;

    bool has_coarse = can_be(coarse);
    if (is_mode && can_be(fine) && (!has_coarse || agree(fine, coarse))) {
        *edid = (struct edid){fine.width_mm, fine.height_mm};
    } else if (has_coarse) {
        *edid = (struct edid){coarse.width_mm, coarse.height_mm};
    }
    return OK;
}

float edid_px_per_mm(const struct edid *edid, int width_px, int height_px)
{
    if (edid->width_mm == 0 || edid->height_mm == 0) {
        return 0;
    }
    float across = (float)width_px / (float)edid->width_mm;
    float down = (float)height_px / (float)edid->height_mm;
    float both = (across + down) / 2;
    bool is_one = fabsf(across - down) <= 0.1F * fmaxf(across, down);
    return is_one && both >= 1 && both <= 20 ? both : 0;
}
