// SPDX-License-Identifier: EUPL-1.2
//
// Whatever a reader may say to the virtual card: commands in a row, each with two bytes of length
// before it; the high bit of the first means that the card is powered anew before.
#include "demo/chip/chip.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

// A card without keys of its own costs nothing to make: files of zeros, access by both ways.
static void make_card(struct chip_card *card)
{
    static uint8_t bytes[600];
    static const unsigned ids[] = {CHIP_EF_CARD_ACCESS, CHIP_EF_COM, CHIP_EF_SOD, CHIP_EF_DG1};
    *card = (struct chip_card){.can = "123456",
                               .zone_key = "SPECI2014284031243101056",
                               .has_pace = true,
                               .has_bac = true,
                               .curve = chip_curve_find("p256"),
                               .cipher = CHIP_AES128};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        card->files[card->files_count++] =
            (struct chip_file){.id = ids[i], .bytes = bytes, .len = sizeof bytes};
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct chip chip; // large
    static uint8_t answer[CHIP_ANSWER_BYTES];
    struct chip_card card;
    make_card(&card);
    chip_open(&chip, &card, CHIP_HONEST);
    for (size_t pos = 0; len - pos >= 2;) {
        size_t command_len = (size_t)(data[pos] & 0x0f) << 8 | data[pos + 1];
        if ((data[pos] & 0x80) != 0) {
            chip_power(&chip);
        }
        // As if the access had been granted: what is behind it is read too.
        chip.is_open = chip.is_open || (data[pos] & 0x40) != 0;
        pos += 2;
        command_len = command_len < len - pos ? command_len : len - pos;
        // A copy of its own size: a byte read past it is found.
        uint8_t *command = malloc(command_len == 0 ? 1 : command_len);
        CHECK(command != NULL);
        memcpy(command, data + pos, command_len);
        const size_t answer_len = chip_answer(&chip, command, command_len, answer);
        CHECK(answer_len >= 2 && answer_len <= sizeof answer);
        free(command);
        pos += command_len;
    }
    chip_close(&chip);
    return 0;
}
