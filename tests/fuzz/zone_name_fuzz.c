// SPDX-License-Identifier: EUPL-1.2
//
// A document's name against whatever a register may answer: the zone's two names, then the
// register's three, a line each. A name that fits whole also fits when it could have been cut.
#include "adapters/zone_name.h"
#include "base/err.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char lines[5][512];
    memset(lines, 0, sizeof lines);
    size_t line = 0;
    size_t at = 0;
    for (size_t i = 0; i < size && line < 5; i++) {
        if (data[i] == '\n') {
            line++;
            at = 0;
        } else if (at < (line < 2 ? ZONE_NAME_BYTES : sizeof lines[0]) - 1 && data[i] != '\0') {
            lines[line][at++] = (char)data[i];
        }
    }
    const struct register_name known = {.given = lines[2], .prefix = lines[3], .surname = lines[4]};
    struct zone_holder zone = {.surname = lines[0], .given = lines[1]};
    const enum zone_fit whole = zone_name_fits(&zone, &known);
    zone.is_name_cut = true;
    const enum zone_fit cut = zone_name_fits(&zone, &known);
    CHECK(whole != ZONE_RESEMBLES);
    CHECK(whole != ZONE_FITS || cut == ZONE_FITS);

    // The reader of the API lets capitals and single blanks through and nothing else.
    if (strspn(lines[0], "ABCDEFGHIJKLMNOPQRSTUVWXYZ ") == strlen(lines[0]) &&
        lines[0][0] != '\0') {
        struct zone_spellings_private list;
        zone_spellings(lines[0], size % 2 == 0, &list);
        CHECK(list.count > 0 && list.count <= ZONE_SPELLINGS_MAX);
        CHECK(list.plain_count > 0 && list.plain_count <= list.count);
        for (size_t i = 0; i < list.count; i++) {
            CHECK(memchr(list.words[i], '\0', sizeof list.words[i]) != NULL);
        }
    }
    return 0;
}
