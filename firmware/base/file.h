// SPDX-License-Identifier: EUPL-1.2
//
// Files that are read and written whole.
#ifndef INLOOP_BASE_FILE_H
#define INLOOP_BASE_FILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// Reads at most `most` + 1 bytes: a `len` above `most` says that the file is too long. The caller
// frees `bytes`. ERR_NOT_FOUND: it cannot be opened. ERR_IO: or not read. errno says why.
MUST_USE enum err file_read(const char *path, size_t most, char **bytes, size_t *len);

// Under a temporary name beside it (".<name>.new"), synced, renamed, the folder synced: after a
// power cut there is the old file or the new one. `mode` is the new file's. ERR_IO, ERR_TOO_BIG
// (the path).
MUST_USE enum err file_write(const char *path, unsigned mode, const void *bytes, size_t len,
                             struct fault *fault);
// All of it, or false and errno.
MUST_USE bool file_put(int fd, const void *bytes, size_t len);
// As many bytes as there are, up to `len`; -1 and errno.
MUST_USE ssize_t file_take(int fd, void *bytes, size_t len);
// Syncs the folder that `path` lies in, so that a name in it lasts. ERR_IO.
MUST_USE enum err file_sync_folder(const char *path);

#endif
