// SPDX-License-Identifier: EUPL-1.2
//
// Disks found, looked at, and one chosen.
#include "apps/installer/disk.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// GPT (UEFI 2.10, 5.3): the header in sector 1, its table behind it, names in UTF-16.
enum {
    TABLE_ENTRIES_MAX = 128,
    ENTRY_BYTES = 128,
    ENTRY_TYPE_BYTES = 16,
    ENTRY_NAME_OFFSET = 56,
    PATH_BYTES = 512,
    WORDS_BYTES_MAX = 4096,
};

static const char table_sign[] = "EFI PART";
static const char our_name[] = "INLOOP-";

static bool is_zero(const uint8_t *bytes, size_t len);
static bool is_ours(const uint8_t *entry);
static bool is_built_in(const char *sys, const char *name);
static enum err take_disk(struct disks *disks, const char *sys, const char *dev, const char *name,
                          struct fault *fault);
static enum disk_content look(const char *dev, const char *name);
static void read_words(const char *sys, const char *name, const char *what, char *out,
                       size_t out_bytes);
static uint64_t read_number(const char *sys, const char *name, const char *what);
static const struct disk *only_disk(const struct disks *disks, const char *serial);

enum disk_content disk_content(const uint8_t *head, size_t len)
{
    if (is_zero(head, len)) {
        return DISK_EMPTY;
    }
    struct bytes_in in = {0};
    bytes_in_init(&in, head, len);
    (void)bytes_in_take(&in, DISK_SECTOR_BYTES); // the old table; a failure sticks
    const uint8_t *sign = bytes_in_take(&in, DISK_SECTOR_BYTES);
    const uint8_t *table = bytes_in_take(&in, (size_t)TABLE_ENTRIES_MAX * ENTRY_BYTES);
    if (table == NULL || memcmp(sign, table_sign, strlen(table_sign)) != 0) {
        return DISK_OTHER;
    }
    size_t ours_count = 0;
    for (size_t i = 0; i < TABLE_ENTRIES_MAX; i++) {
        const uint8_t *entry = table + i * ENTRY_BYTES;
        if (is_zero(entry, ENTRY_TYPE_BYTES)) {
            continue;
        }
        if (!is_ours(entry)) {
            return DISK_OTHER;
        }
        ours_count += 1;
    }
    return ours_count > 0 ? DISK_INLOOP : DISK_OTHER;
}

enum err disks_find(struct disks *disks, const char *sys, const char *dev, struct fault *fault)
{
    *disks = (struct disks){0};
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/block", sys); // cut: not there
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return fault_set(fault, ERR_IO, "%s: cannot be read", path);
    }
    enum err err = OK;
    for (const struct dirent *entry = readdir(folder); entry != NULL && err == OK;
         entry = readdir(folder)) {
        if (entry->d_name[0] != '.' && is_built_in(sys, entry->d_name)) {
            err = take_disk(disks, sys, dev, entry->d_name, fault);
        }
    }
    (void)closedir(folder); // read to its end
    return err;
}

enum err disks_choose(const struct disks *disks, uint64_t image_bytes, const char *serial,
                      const struct disk **chosen, struct fault *fault)
{
    *chosen = NULL;
    if (disks->disks_count == 0) {
        return fault_set(fault, ERR_NOT_FOUND, "no disk is built in");
    }
    if (serial == NULL && disks->disks_count > 1) {
        return fault_set(fault, ERR_FULL, "%zu disks are built in", disks->disks_count);
    }
    const struct disk *disk = only_disk(disks, serial);
    if (disk == NULL) {
        return fault_set(fault, ERR_NOT_FOUND, "no disk has the serial number %s", serial);
    }
    if (serial == NULL && disk->content == DISK_OTHER) {
        return fault_set(fault, ERR_REFUSED, "%s carries something that is not Inloop", disk->name);
    }
    if (disk->bytes_count < image_bytes) {
        return fault_set(fault, ERR_TOO_BIG, "%s is too small", disk->name);
    }
    if (disk->sector_bytes != DISK_SECTOR_BYTES) {
        return fault_set(fault, ERR_UNSUPPORTED, "%s has sectors of %llu bytes", disk->name,
                         (unsigned long long)disk->sector_bytes);
    }
    *chosen = disk;
    return OK;
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static bool is_ours(const uint8_t *entry)
{
    for (size_t i = 0; i < strlen(our_name); i++) {
        const uint8_t *unit = entry + ENTRY_NAME_OFFSET + 2 * i;
        if (unit[0] != (uint8_t)our_name[i] || unit[1] != 0) {
            return false;
        }
    }
    return true;
}

static bool is_built_in(const char *sys, const char *name)
{
    static const char *const made[] = {"loop", "ram", "zram", "sr", "fd", "dm-", "md", "nbd"};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        if (text_starts_with(name, made[i])) {
            return false;
        }
    }
    if (text_starts_with(name, "mmcblk") && (strstr(name, "boot") || strstr(name, "rpmb"))) {
        return false; // the small ones inside an eMMC
    }
    char path[PATH_BYTES];
    char real[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/block/%s", sys, name); // cut: not there
    return realpath(path, real) != NULL && strstr(real, "/usb") == NULL &&
           read_number(sys, name, "removable") == 0 && read_number(sys, name, "ro") == 0 &&
           read_number(sys, name, "size") > 0;
}

static enum err take_disk(struct disks *disks, const char *sys, const char *dev, const char *name,
                          struct fault *fault)
{
    if (disks->disks_count == DISKS_MAX) {
        return fault_set(fault, ERR_IO, "more than %d disks", DISKS_MAX);
    }
    struct disk *disk = &disks->disks[disks->disks_count];
    if (text_copy(disk->name, sizeof disk->name, name) != OK) {
        return fault_set(fault, ERR_IO, "%s: too long a name", name);
    }
    // virtio and eMMC tell it here, NVMe and SATA below `device`.
    read_words(sys, name, "serial", disk->serial, sizeof disk->serial);
    if (disk->serial[0] == '\0') {
        read_words(sys, name, "device/serial", disk->serial, sizeof disk->serial);
    }
    if (disk->serial[0] == '\0') {
        read_words(sys, name, "device/vpd_pg80", disk->serial, sizeof disk->serial);
    }
    read_words(sys, name, "device/model", disk->model, sizeof disk->model);
    disk->bytes_count = read_number(sys, name, "size") * DISK_SECTOR_BYTES;
    disk->sector_bytes = read_number(sys, name, "queue/logical_block_size");
    disk->content = look(dev, name);
    disks->disks_count += 1;
    return OK;
}

static enum disk_content look(const char *dev, const char *name)
{
    static uint8_t head[DISK_HEAD_BYTES];
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", dev, name); // cut: cannot be opened
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : file_take(fd, head, sizeof head);
    if (fd >= 0) {
        (void)close(fd); // read only
    }
    // What cannot be read is not taken for empty.
    return got < (ssize_t)sizeof head ? DISK_OTHER : disk_content(head, sizeof head);
}

// Printable words only: SATA's serial number has a head of four bytes, makers fill up with blanks.
static void read_words(const char *sys, const char *name, const char *what, char *out,
                       size_t out_bytes)
{
    char path[PATH_BYTES];
    char *bytes = NULL;
    size_t len = 0;
    size_t count = 0;
    out[0] = '\0';
    (void)snprintf(path, sizeof path, "%s/block/%s/%s", sys, name, what); // cut: not there
    if (file_read(path, WORDS_BYTES_MAX, &bytes, &len) != OK) {
        return;
    }
    for (size_t i = 0; i < len && count + 1 < out_bytes; i++) {
        bool is_word = bytes[i] > ' ' && bytes[i] <= '~';
        if (is_word || (bytes[i] == ' ' && count > 0)) {
            out[count++] = bytes[i];
        }
    }
    while (count > 0 && out[count - 1] == ' ') {
        count -= 1;
    }
    out[count] = '\0';
    free(bytes);
}

static uint64_t read_number(const char *sys, const char *name, const char *what)
{
    char words[DISK_WORDS_BYTES];
    int64_t number = 0;
    read_words(sys, name, what, words, sizeof words);
    return text_to_int64(words, 0, INT64_MAX / DISK_SECTOR_BYTES, &number) == OK ? (uint64_t)number
                                                                                 : 0;
}

static const struct disk *only_disk(const struct disks *disks, const char *serial)
{
    for (size_t i = 0; i < disks->disks_count; i++) {
        if (serial == NULL || text_equal(disks->disks[i].serial, serial)) {
            return &disks->disks[i];
        }
    }
    return NULL;
}
