// SPDX-License-Identifier: EUPL-1.2
//
// A QR code in a terminal: two rows of modules a line, as half blocks. On a terminal black on white
// whatever its own colours are: many scanners do not read the other way round.
#include "apps/technician/laptop.h"

#include "base/log.h"
#include "drivers/qr.h"

#include <stdio.h>
#include <unistd.h>

enum { WHITE = 4 }; // modules all round (ISO/IEC 18004, section 6.3.8)

static bool is_dark(const struct qr *qr, int x, int y);

void laptop_show_code(const char *text)
{
    static const char *const blocks[4] = {" ", "\u2580", "\u2584", "\u2588"};
    struct qr qr;
    const bool is_terminal = isatty(STDOUT_FILENO) == 1;
    if (qr_make(&qr, text) != OK) {
        log_warn("technician", "too long for a code that can be shown here");
        printf("%s\n", text);
        return;
    }
    const int end = (int)qr.modules_count + WHITE;
    for (int y = -WHITE; y < end; y += 2) {
        printf("%s", is_terminal ? "\033[30;107m" : "");
        for (int x = -WHITE; x < end; x++) {
            const int upper = is_dark(&qr, x, y) ? 1 : 0;
            const int lower = is_dark(&qr, x, y + 1) ? 2 : 0;
            printf("%s", blocks[upper + lower]);
        }
        printf("%s\n", is_terminal ? "\033[0m" : "");
    }
    printf("%s\n", text);
}

static bool is_dark(const struct qr *qr, int x, int y)
{
    const int side = (int)qr->modules_count;
    return x >= 0 && y >= 0 && x < side && y < side && qr->modules[y * side + x] != 0;
}
