// SPDX-License-Identifier: EUPL-1.2
//
// An image from a bundle to a disk, and back to compare.
#include "apps/installer/copy.h"

#include "base/config.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_BYTES = 32, DISK_BYTES_MAX_LOG2 = 44 };

// One walk over all pieces: `visit` is told each with its bytes.
struct walk {
    const struct copy *copy;
    int from;
    int to;
    uint8_t *piece;
    uint8_t *other;
    uint64_t done;
    uint64_t total;
    bool is_head; // only what lies in the first MiB, or only what does not
};
typedef enum err (*visit_fn)(struct walk *walk, uint64_t start, size_t len, struct fault *fault);

static enum err parse_range(struct copy_map *map, const struct config *config, size_t index,
                            struct fault *fault);
static enum err walk_open(struct walk *walk, const struct copy *copy, int flags,
                          struct fault *fault);
static void walk_close(struct walk *walk);
static enum err walk_pieces(struct walk *walk, visit_fn visit, struct fault *fault);
static enum err write_piece(struct walk *walk, uint64_t start, size_t len, struct fault *fault);
static enum err compare_piece(struct walk *walk, uint64_t start, size_t len, struct fault *fault);
static bool put_at(int fd, const uint8_t *bytes, size_t len, uint64_t offset);
static bool take_at(int fd, uint8_t *bytes, size_t len, uint64_t offset);

enum err copy_map_parse(struct copy_map *map, const char *bytes, size_t len, uint64_t payload_bytes,
                        struct fault *fault)
{
    static struct config config; // too large for the stack
    *map = (struct copy_map){0};
    enum err err = config_parse(&config, bytes, len, fault);
    if (err != OK) {
        return err;
    }
    int64_t image_bytes = 0;
    int64_t count = 0;
    if (config_get_int(&config, "image.bytes", 1, INT64_C(1) << DISK_BYTES_MAX_LOG2,
                       &image_bytes) != OK ||
        config_get_int(&config, "ranges", 1, COPY_RANGES_MAX, &count) != OK) {
        return fault_set(fault, ERR_MALFORMED, "map: without sizes");
    }
    map->image_bytes = (uint64_t)image_bytes;
    uint64_t total = 0;
    for (size_t i = 0; i < (size_t)count; i++) {
        err = parse_range(map, &config, i, fault);
        if (err != OK) {
            return err;
        }
        total += map->ranges[i].bytes_count;
    }
    if (total != payload_bytes) {
        return fault_set(fault, ERR_MALFORMED, "map: another size than what it maps");
    }
    return OK;
}

enum err copy_write(const struct copy *copy, struct fault *fault)
{
    struct walk walk = {0};
    // O_EXCL: the kernel refuses a disk that something has mounted.
    enum err err = walk_open(&walk, copy, O_WRONLY | O_EXCL, fault);
    if (err != OK) {
        return err;
    }
    memset(walk.piece, 0, COPY_PIECE_BYTES);
    if (!put_at(walk.to, walk.piece, COPY_PIECE_BYTES, 0)) {
        err = fault_set(fault, ERR_IO, "%s: %s", copy->to, strerror(errno));
    }
    for (int turn = 0; turn < 2 && err == OK; turn++) {
        walk.is_head = turn == 1;
        err = walk_pieces(&walk, write_piece, fault);
        if (err == OK && fsync(walk.to) != 0) {
            err = fault_set(fault, ERR_IO, "%s: %s", copy->to, strerror(errno));
        }
    }
    walk_close(&walk);
    return err;
}

enum err copy_verify(const struct copy *copy, struct fault *fault)
{
    struct walk walk = {0};
    enum err err = walk_open(&walk, copy, O_RDONLY, fault);
    if (err != OK) {
        return err;
    }
    // What memory keeps of it goes, so that the disk itself answers.
    (void)ioctl(walk.to, BLKFLSBUF, 0);                      // a file has none
    (void)posix_fadvise(walk.to, 0, 0, POSIX_FADV_DONTNEED); // then it is read as it comes
    for (int turn = 0; turn < 2 && err == OK; turn++) {
        walk.is_head = turn == 1;
        err = walk_pieces(&walk, compare_piece, fault);
    }
    walk_close(&walk);
    return err;
}

static enum err parse_range(struct copy_map *map, const struct config *config, size_t index,
                            struct fault *fault)
{
    char key[KEY_BYTES];
    (void)snprintf(key, sizeof key, "range.%zu", index + 1); // fits
    char words[CONFIG_VALUE_BYTES];
    text_copy_cut(words, sizeof words, config_get(config, key, ""));
    char *blank = strchr(words, ' ');
    int64_t start = 0;
    int64_t count = 0;
    if (blank != NULL) {
        *blank = '\0';
    }
    const int64_t most = (int64_t)map->image_bytes;
    if (blank == NULL || text_to_int64(words, 0, most, &start) != OK ||
        text_to_int64(blank + 1, 1, most - start, &count) != OK) {
        return fault_set(fault, ERR_MALFORMED, "map: %s is no range of the image", key);
    }
    const struct copy_range *before = index == 0 ? NULL : &map->ranges[index - 1];
    if (before != NULL && (uint64_t)start < before->start + before->bytes_count) {
        return fault_set(fault, ERR_MALFORMED, "map: %s is out of order", key);
    }
    map->ranges[index] =
        (struct copy_range){.start = (uint64_t)start, .bytes_count = (uint64_t)count};
    map->ranges_count = index + 1;
    return OK;
}

static enum err walk_open(struct walk *walk, const struct copy *copy, int flags,
                          struct fault *fault)
{
    CHECK(copy->map != NULL && copy->from != NULL && copy->to != NULL);

    *walk = (struct walk){.copy = copy, .from = -1, .to = -1};
    for (size_t i = 0; i < copy->map->ranges_count; i++) {
        walk->total += copy->map->ranges[i].bytes_count;
    }
    walk->piece = malloc(COPY_PIECE_BYTES);
    walk->other = malloc(COPY_PIECE_BYTES);
    CHECK(walk->piece != NULL && walk->other != NULL);
    struct stat state;
    walk->from = open(copy->from, O_RDONLY | O_CLOEXEC);
    // O_EXCL without O_CREAT is for block devices only.
    bool is_disk = stat(copy->to, &state) == 0 && S_ISBLK(state.st_mode);
    walk->to = open(copy->to, (is_disk ? flags : flags & ~O_EXCL) | O_CLOEXEC);
    if (walk->from < 0 || walk->to < 0) {
        enum err err = fault_set(fault, ERR_IO, "%s: %s", walk->from < 0 ? copy->from : copy->to,
                                 strerror(errno));
        walk_close(walk);
        return err;
    }
    return OK;
}

static void walk_close(struct walk *walk)
{
    if (walk->from >= 0) {
        (void)close(walk->from); // read only
    }
    if (walk->to >= 0) {
        (void)close(walk->to); // synced, or failed already
    }
    free(walk->piece);
    free(walk->other);
}

static enum err walk_pieces(struct walk *walk, visit_fn visit, struct fault *fault)
{
    const struct copy *copy = walk->copy;
    uint64_t from = copy->from_offset;
    for (size_t i = 0; i < copy->map->ranges_count; i++) {
        uint64_t start = copy->map->ranges[i].start;
        uint64_t left = copy->map->ranges[i].bytes_count;
        while (left > 0) {
            uint64_t room = COPY_PIECE_BYTES - start % COPY_PIECE_BYTES;
            size_t len = (size_t)(left < room ? left : room);
            if ((start < COPY_PIECE_BYTES) == walk->is_head) {
                if (!take_at(walk->from, walk->piece, len, from)) {
                    return fault_set(fault, ERR_IO, "%s: cannot be read", copy->from);
                }
                enum err err = visit(walk, start, len, fault);
                if (err != OK) {
                    return err;
                }
                walk->done += len;
                if (copy->progress != NULL) {
                    copy->progress(copy->ctx, walk->done, walk->total);
                }
            }
            from += len;
            start += len;
            left -= len;
        }
    }
    return OK;
}

static enum err write_piece(struct walk *walk, uint64_t start, size_t len, struct fault *fault)
{
    if (put_at(walk->to, walk->piece, len, start)) {
        return OK;
    }
    return fault_set(fault, ERR_IO, "%s: at byte %llu: %s", walk->copy->to,
                     (unsigned long long)start, strerror(errno));
}

static enum err compare_piece(struct walk *walk, uint64_t start, size_t len, struct fault *fault)
{
    if (!take_at(walk->to, walk->other, len, start)) {
        return fault_set(fault, ERR_IO, "%s: at byte %llu: cannot be read", walk->copy->to,
                         (unsigned long long)start);
    }
    if (memcmp(walk->piece, walk->other, len) != 0) {
        return fault_set(fault, ERR_CRYPTO, "%s: came back different behind byte %llu",
                         walk->copy->to, (unsigned long long)start);
    }
    return OK;
}

static bool put_at(int fd, const uint8_t *bytes, size_t len, uint64_t offset)
{
    while (len > 0) {
        ssize_t count = pwrite(fd, bytes, len, (off_t)offset);
        if (count <= 0) {
            return false;
        }
        bytes += count;
        len -= (size_t)count;
        offset += (uint64_t)count;
    }
    return true;
}

static bool take_at(int fd, uint8_t *bytes, size_t len, uint64_t offset)
{
    while (len > 0) {
        ssize_t count = pread(fd, bytes, len, (off_t)offset);
        if (count <= 0) {
            return false;
        }
        bytes += count;
        len -= (size_t)count;
        offset += (uint64_t)count;
    }
    return true;
}
