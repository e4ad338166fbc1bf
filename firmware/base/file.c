// SPDX-License-Identifier: EUPL-1.2
//
// Reading a file into as much memory as it needs: more would be touched for nothing when it is
// freed, for freed memory is overwritten. Writing so that a power cut leaves the old or the new
// one.
#include "base/file.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 600 };

static bool path_beside(const char *path, char *beside, size_t beside_bytes);

enum err file_read(const char *path, size_t most, char **bytes, size_t *len)
{
    *bytes = NULL;
    *len = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return ERR_NOT_FOUND;
    }
    struct stat facts;
    // The kernel's own files (/proc) have words in them and no size.
    bool is_sized = fstat(fileno(file), &facts) == 0 && S_ISREG(facts.st_mode) &&
                    facts.st_size > 0 && (uintmax_t)facts.st_size < most;
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

enum err file_write(const char *path, unsigned mode, const void *bytes, size_t len,
                    struct fault *fault)
{
    char beside[PATH_BYTES];
    if (!path_beside(path, beside, sizeof beside)) {
        return fault_set(fault, ERR_TOO_BIG, "%s: too long a path", path);
    }
    // What a cut left, or somebody laid there for us to write through, goes first.
    if (unlink(beside) != 0 && errno != ENOENT) {
        return fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno));
    }
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
    if (fd < 0) {
        return fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno));
    }
    // Whatever the process's mask takes away from it.
    bool is_written = fchmod(fd, (mode_t)mode) == 0 && file_put(fd, bytes, len) && fsync(fd) == 0;
    int why = errno;
    if (close(fd) != 0 && is_written) {
        is_written = false;
        why = errno;
    }
    if (is_written && rename(beside, path) != 0) {
        is_written = false;
        why = errno;
    }
    if (!is_written) {
        (void)unlink(beside); // the next write makes it anew anyway
        return fault_set(fault, ERR_IO, "%s: %s", path, strerror(why));
    }
    return file_sync_folder(path) == OK ? OK : fault_set(fault, ERR_IO, "%s: not synced", path);
}

bool file_put(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    size_t done = 0;
    while (done < len) {
        ssize_t put = write(fd, at + done, len - done);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return false;
        }
        done += (size_t)put;
    }
    return true;
}

ssize_t file_take(int fd, void *bytes, size_t len)
{
    char *at = bytes;
    size_t done = 0;
    while (done < len) {
        ssize_t got = read(fd, at + done, len - done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        done += (size_t)got;
    }
    return (ssize_t)done;
}

enum err file_sync_folder(const char *path)
{
    char folder[PATH_BYTES];
    if (text_copy(folder, sizeof folder, path) != OK) {
        return ERR_IO;
    }
    char *slash = strrchr(folder, '/');
    if (slash == NULL) {
        memcpy(folder, ".", 2);
    } else {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return ERR_IO;
    }
    bool is_synced = fsync(fd) == 0;
    (void)close(fd); // only read from
    return is_synced ? OK : ERR_IO;
}

static bool path_beside(const char *path, char *beside, size_t beside_bytes)
{
    const char *slash = strrchr(path, '/');
    size_t folder_len = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    struct text text;
    text_init(&text, beside, beside_bytes);
    text_add_bytes(&text, path, folder_len);
    text_format(&text, ".%s.new", path + folder_len);
    return !text.is_cut;
}
