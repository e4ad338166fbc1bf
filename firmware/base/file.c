// SPDX-License-Identifier: EUPL-1.2
//
// Reading a file into as much memory as it needs: more would be touched for nothing when it is
// freed, for freed memory is overwritten.
#include "base/file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum err file_read(const char *path, size_t most, char **bytes, size_t *len)
{
    *bytes = NULL;
    *len = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return ERR_NOT_FOUND;
    }
    struct stat facts;
    bool is_sized = fstat(fileno(file), &facts) == 0 && S_ISREG(facts.st_mode) &&
                    (uintmax_t)facts.st_size < most;
    size_t room = (is_sized ? (size_t)facts.st_size : most) + 1;
    char *read = malloc(room);
    CHECK(read != NULL);
    *len = fread(read, 1, room, file);
    bool is_whole = ferror(file) == 0 && (feof(file) != 0 || room > most);
    int why = errno;
    (void)fclose(file); // only read from
    if (!is_whole) {
        free(read); // one that grows while it is read is no better than one that cannot be
        errno = why;
        return ERR_IO;
    }
    *bytes = read;
    return OK;
}
