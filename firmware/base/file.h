// SPDX-License-Identifier: EUPL-1.2
//
// Files that are read whole.
#ifndef INLOOP_BASE_FILE_H
#define INLOOP_BASE_FILE_H

#include "base/err.h"

#include <stddef.h>

// Reads at most `most` + 1 bytes: a `len` above `most` says that the file is too long. The caller
// frees `bytes`. ERR_NOT_FOUND: it cannot be opened. ERR_IO: or not read. errno says why.
MUST_USE enum err file_read(const char *path, size_t most, char **bytes, size_t *len);

#endif
