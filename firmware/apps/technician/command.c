// SPDX-License-Identifier: EUPL-1.2
//
// What the commands have in common.
#include "apps/technician/command.h"

#include "base/text.h"

const char *command_option(int argc, char **argv, const char *name)
{
    for (int i = 0; i + 1 < argc; i++) {
        if (text_equal(argv[i], name)) {
            return argv[i + 1];
        }
    }
    return NULL;
}
