// SPDX-License-Identifier: EUPL-1.2
//
// Slots as files on FAT: no links, no case, no owner, and a rename that is one entry of a folder. A
// file is whole under its last name or not there; what boots is never opened for writing.
#include "update/slots.h"

#include "base/file.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PIECE_BYTES = 64 * 1024, PATH_BYTES = 512, TRIES_MAX = 99 };

static const char folder_name[] = "EFI/Linux";
static const char prefix[] = "inloop_";
static const char suffix[] = ".efi";
// Not *.efi: the boot loader must not offer half a file.
static const char temporary[] = "inloop.new";

static int open_folder(const char *esp, struct fault *fault);
static enum err read_folder(struct slots *slots, int folder, struct fault *fault);
static bool read_name(const char *file, struct slot *slot);
static bool read_counter(const char *words, struct slot *slot);
static void put_in_order(struct slots *slots, const struct slot *slot);
static bool is_of_version(const struct slot *slot, const char *version);
static bool is_failed(const struct slot *slot, const char *running);
static enum err take_away_all(const char *esp,
                              bool (*is_wrong)(const struct slot *slot, const char *version),
                              const char *version, struct fault *fault);
static enum err make_room(int folder, const char *running, struct fault *fault);
static enum err take_away(int folder, const char *file, struct fault *fault);
static enum err write_new(int folder, const char *bundle_path, const struct bundle_payload *payload,
                          struct fault *fault);
static enum err check_room(int folder, uint64_t bytes_count, struct fault *fault);
static enum err copy_payload(int to, int from, const struct bundle_payload *payload,
                             struct fault *fault);
static enum err write_failed(struct fault *fault);
static enum err read_back(int folder, const struct bundle_payload *payload, struct fault *fault);
static enum err rename_synced(int folder, const char *from, const char *to, struct fault *fault);

enum err slots_read(struct slots *slots, const char *esp, struct fault *fault)
{
    *slots = (struct slots){0};
    int folder = open_folder(esp, fault);
    if (folder < 0) {
        return ERR_IO;
    }
    enum err err = read_folder(slots, folder, fault);
    (void)close(folder); // only read from
    return err;
}

const struct slot *slots_find(const struct slots *slots, const char *version)
{
    const struct slot *found = NULL;
    for (size_t i = 0; i < slots->slots_count; i++) {
        const struct slot *slot = &slots->slots[i];
        if (text_equal(slot->version, version) && (found == NULL || !slot->is_counted)) {
            found = slot;
        }
    }
    return found;
}

const struct slot *slots_older(const struct slots *slots, const char *running)
{
    for (size_t i = 0; i < slots->slots_count; i++) {
        if (!slots->slots[i].is_counted && !text_equal(slots->slots[i].version, running)) {
            return &slots->slots[i];
        }
    }
    return NULL;
}

enum err slots_write(const char *esp, const char *bundle_path, const struct bundle *bundle,
                     const char *running, struct fault *fault)
{
    const struct bundle_payload *payload = bundle_payload_find(bundle, "uki");
    if (payload == NULL) {
        return fault_set(fault, ERR_NOT_FOUND, "no uki in the bundle");
    }
    if (bundle_version_compare(bundle->version, running) == 0) {
        return fault_set(fault, ERR_STATE, "version %s runs now", running);
    }
    int folder = open_folder(esp, fault);
    if (folder < 0) {
        return ERR_IO;
    }
    enum err err = make_room(folder, running, fault);
    err = err == OK ? write_new(folder, bundle_path, payload, fault) : err;
    err = err == OK ? read_back(folder, payload, fault) : err;
    if (err == OK) {
        char name[SLOTS_NAME_BYTES];
        struct text text;
        text_init(&text, name, sizeof name);
        text_format(&text, "%s%s+%d%s", prefix, bundle->version, SLOTS_TRIES, suffix);
        CHECK(!text.is_cut);
        err = rename_synced(folder, temporary, name, fault);
    } else {
        (void)unlinkat(folder, temporary, 0); // slots_tidy comes again
    }
    (void)close(folder); // only names were changed through it
    return err;
}

enum err slots_bless(const char *esp, const char *version, struct fault *fault)
{
    struct slots slots;
    int folder = open_folder(esp, fault);
    if (folder < 0) {
        return ERR_IO;
    }
    enum err err = read_folder(&slots, folder, fault);
    const struct slot *slot = err == OK ? slots_find(&slots, version) : NULL;
    if (err == OK && slot == NULL) {
        err = fault_set(fault, ERR_NOT_FOUND, "no slot of version %s", version);
    }
    if (err == OK && slot->is_counted) {
        char name[SLOTS_NAME_BYTES];
        struct text text;
        text_init(&text, name, sizeof name);
        text_format(&text, "%s%s%s", prefix, version, suffix);
        CHECK(!text.is_cut);
        err = rename_synced(folder, slot->file, name, fault);
    }
    (void)close(folder); // only names were changed through it
    return err;
}

enum err slots_forget(const char *esp, const char *version, struct fault *fault)
{
    return take_away_all(esp, is_of_version, version, fault);
}

enum err slots_tidy(const char *esp, const char *running, struct fault *fault)
{
    return take_away_all(esp, is_failed, running, fault);
}

static bool is_of_version(const struct slot *slot, const char *version)
{
    return slot->is_counted && text_equal(slot->version, version);
}

static bool is_failed(const struct slot *slot, const char *running)
{
    return slot->is_counted && slot->tries_left == 0 && !text_equal(slot->version, running);
}

// The temporary file, and every slot that `is_wrong`.
static enum err take_away_all(const char *esp,
                              bool (*is_wrong)(const struct slot *slot, const char *version),
                              const char *version, struct fault *fault)
{
    struct slots slots;
    int folder = open_folder(esp, fault);
    if (folder < 0) {
        return ERR_IO;
    }
    enum err err = take_away(folder, temporary, fault);
    err = err == OK ? read_folder(&slots, folder, fault) : err;
    for (size_t i = 0; err == OK && i < slots.slots_count; i++) {
        if (is_wrong(&slots.slots[i], version)) {
            err = take_away(folder, slots.slots[i].file, fault);
        }
    }
    if (err == OK && (fsync(folder) != 0 || syncfs(folder) != 0)) {
        err = fault_set(fault, ERR_IO, "%s: %s", folder_name, strerror(errno));
    }
    (void)close(folder); // only names were changed through it
    return err;
}

static int open_folder(const char *esp, struct fault *fault)
{
    char path[PATH_BYTES];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/%s", esp, folder_name);
    int folder = text.is_cut ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        (void)fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno)); // told by the -1
    }
    return folder;
}

static enum err read_folder(struct slots *slots, int folder, struct fault *fault)
{
    *slots = (struct slots){0};
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *names = again < 0 ? NULL : fdopendir(again);
    if (names == NULL) {
        if (again >= 0) {
            (void)close(again); // nothing was read yet
        }
        return fault_set(fault, ERR_IO, "%s: %s", folder_name, strerror(errno));
    }
    const struct dirent *entry = NULL;
    errno = 0;
    while ((entry = readdir(names)) != NULL) {
        struct slot slot;
        if (read_name(entry->d_name, &slot)) {
            put_in_order(slots, &slot);
        }
    }
    int why = errno;
    (void)closedir(names); // only read from
    return why == 0 ? OK : fault_set(fault, ERR_IO, "%s: %s", folder_name, strerror(why));
}

// inloop_<version>[+<left>[-<done>]].efi
static bool read_name(const char *file, struct slot *slot)
{
    *slot = (struct slot){0};
    size_t len = strlen(file);
    size_t around = strlen(prefix) + strlen(suffix);
    if (len >= sizeof slot->file || len <= around ||
        strncasecmp(file, prefix, strlen(prefix)) != 0 ||
        strcasecmp(file + len - strlen(suffix), suffix) != 0) {
        return false;
    }
    memcpy(slot->file, file, len);
    char words[SLOTS_NAME_BYTES] = {0};
    memcpy(words, file + strlen(prefix), len - around);
    char *counter = strchr(words, '+');
    if (counter != NULL) {
        *counter = '\0';
        slot->is_counted = true;
    }
    return (counter == NULL || read_counter(counter + 1, slot)) && bundle_version_is(words) &&
           text_copy(slot->version, sizeof slot->version, words) == OK;
}

static bool read_counter(const char *words, struct slot *slot)
{
    char left[SLOTS_NAME_BYTES];
    int64_t count = 0;
    const char *dash = strchr(words, '-');
    size_t left_len = dash == NULL ? strlen(words) : (size_t)(dash - words);
    memcpy(left, words, left_len);
    left[left_len] = '\0';
    if (text_to_int64(left, 0, TRIES_MAX, &count) != OK) {
        return false;
    }
    slot->tries_left = (unsigned)count;
    if (dash != NULL && text_to_int64(dash + 1, 0, TRIES_MAX, &count) != OK) {
        return false;
    }
    slot->tries_done = dash == NULL ? 0 : (unsigned)count;
    return true;
}

static void put_in_order(struct slots *slots, const struct slot *slot)
{
    if (slots->slots_count == SLOTS_MAX) {
        return;
    }
    size_t at = slots->slots_count;
    while (at > 0 && bundle_version_compare(slots->slots[at - 1].version, slot->version) < 0) {
        slots->slots[at] = slots->slots[at - 1];
        at -= 1;
    }
    slots->slots[at] = *slot;
    slots->slots_count += 1;
}

// Everything goes before anything is written: should two names have come to share their bytes in a
// power cut, none of those is reused under a name that still stands.
static enum err make_room(int folder, const char *running, struct fault *fault)
{
    struct slots slots;
    enum err err = take_away(folder, temporary, fault);
    err = err == OK ? read_folder(&slots, folder, fault) : err;
    const struct slot *older = err == OK ? slots_older(&slots, running) : NULL;
    for (size_t i = 0; err == OK && i < slots.slots_count; i++) {
        const struct slot *slot = &slots.slots[i];
        if (slot != older && !text_equal(slot->version, running)) {
            err = take_away(folder, slot->file, fault);
        }
    }
    if (err == OK && fsync(folder) != 0) {
        err = fault_set(fault, ERR_IO, "%s: %s", folder_name, strerror(errno));
    }
    return err;
}

static enum err take_away(int folder, const char *file, struct fault *fault)
{
    if (unlinkat(folder, file, 0) != 0 && errno != ENOENT) {
        return fault_set(fault, ERR_IO, "%s: %s", file, strerror(errno));
    }
    return OK;
}

static enum err write_new(int folder, const char *bundle_path, const struct bundle_payload *payload,
                          struct fault *fault)
{
    enum err err = check_room(folder, payload->bytes_count, fault);
    if (err != OK) {
        return err;
    }
    int from = open(bundle_path, O_RDONLY | O_CLOEXEC);
    if (from < 0 || lseek(from, (off_t)payload->offset, SEEK_SET) < 0) {
        err = fault_set(fault, ERR_IO, "%s: %s", bundle_path, strerror(errno));
        goto close_from;
    }
    int to = openat(folder, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (to < 0) {
        err = write_failed(fault);
        goto close_from;
    }
    err = copy_payload(to, from, payload, fault);
    if (err == OK && fsync(to) != 0) {
        err = write_failed(fault);
    }
    // What is read back shall come from the disk.
    (void)posix_fadvise(to, 0, 0, POSIX_FADV_DONTNEED);
    if (close(to) != 0 && err == OK) {
        err = write_failed(fault);
    }
close_from:
    if (from >= 0) {
        (void)close(from); // only read from
    }
    return err;
}

static enum err check_room(int folder, uint64_t bytes_count, struct fault *fault)
{
    struct statvfs room;
    if (fstatvfs(folder, &room) != 0) {
        return fault_set(fault, ERR_IO, "%s: %s", folder_name, strerror(errno));
    }
    uint64_t free_bytes = (uint64_t)room.f_bavail * room.f_frsize;
    return free_bytes >= bytes_count
               ? OK
               : fault_set(fault, ERR_FULL, "the boot partition has %llu KiB left, %llu are needed",
                           (unsigned long long)free_bytes / 1024,
                           (unsigned long long)bytes_count / 1024);
}

static enum err copy_payload(int to, int from, const struct bundle_payload *payload,
                             struct fault *fault)
{
    uint8_t *piece = malloc(PIECE_BYTES);
    CHECK(piece != NULL);
    uint64_t left = payload->bytes_count;
    enum err err = OK;
    while (err == OK && left > 0) {
        ssize_t got = file_take(from, piece, left < PIECE_BYTES ? (size_t)left : PIECE_BYTES);
        if (got < 0) {
            err = fault_set(fault, ERR_IO, "bundle: %s", strerror(errno));
        } else if (got == 0) {
            err = fault_set(fault, ERR_CRYPTO, "the bundle has become shorter");
        } else if (!file_put(to, piece, (size_t)got)) {
            err = write_failed(fault);
        } else {
            left -= (uint64_t)got;
        }
    }
    free(piece);
    return err;
}

static enum err write_failed(struct fault *fault)
{
    bool is_full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    return fault_set(fault, is_full ? ERR_FULL : ERR_IO, "%s/%s: %s", folder_name, temporary,
                     strerror(errno));
}

static enum err read_back(int folder, const struct bundle_payload *payload, struct fault *fault)
{
    int fd = openat(folder, temporary, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fault_set(fault, ERR_IO, "%s: %s", temporary, strerror(errno));
    }
    uint8_t *piece = malloc(PIECE_BYTES);
    CHECK(piece != NULL);
    struct crypto_digest *digest = crypto_digest_new();
    uint64_t count = 0;
    ssize_t got = 0;
    while ((got = file_take(fd, piece, PIECE_BYTES)) > 0) {
        crypto_digest_add(digest, piece, (size_t)got);
        count += (uint64_t)got;
    }
    int why = errno;
    uint8_t hash[CRYPTO_HASH_BYTES];
    crypto_digest_end(digest, hash);
    crypto_digest_free(digest);
    free(piece);
    (void)close(fd); // only read from
    if (got < 0) {
        return fault_set(fault, ERR_IO, "%s: read back: %s", temporary, strerror(why));
    }
    return count == payload->bytes_count && memcmp(hash, payload->sha256, sizeof hash) == 0
               ? OK
               : fault_set(fault, ERR_CRYPTO, "what was written reads back differently");
}

static enum err rename_synced(int folder, const char *from, const char *to, struct fault *fault)
{
    // The folder's own sync is not enough on FAT for what stands in its table.
    if (renameat(folder, from, folder, to) != 0 || fsync(folder) != 0 || syncfs(folder) != 0) {
        return fault_set(fault, ERR_IO, "%s: %s", to, strerror(errno));
    }
    return OK;
}
