// SPDX-License-Identifier: EUPL-1.2
//
// A folder of made-up signers for the length of a test.
#include "tests/fakes/signers.h"

#include "base/err.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COMMAND_BYTES = 512, FILE_BYTES_MAX = 1 << 20 };

static char folder[64];

static void run(const char *command, const char *argument);

void signers_make(void)
{
    (void)strcpy(folder, "/tmp/inloop-signers-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    run("/usr/bin/python3 tests/tools/signers.py", folder);
}

void signers_remove(void)
{
    run("rm -rf", folder);
}

uint8_t *signers_read(const char *name, const char *ending, size_t *len)
{
    char path[COMMAND_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s%s", folder, name, ending);
    char *bytes = NULL;
    CHECK(file_read(path, FILE_BYTES_MAX, &bytes, len) == OK);
    return (uint8_t *)bytes;
}

static void run(const char *command, const char *argument)
{
    char line[COMMAND_BYTES];
    (void)snprintf(line, sizeof line, "%s %s", command, argument);
    CHECK(system(line) == 0);
}
