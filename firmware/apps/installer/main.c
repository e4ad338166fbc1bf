// SPDX-License-Identifier: EUPL-1.2
//
// The installing stick's program: which disk, and the image onto it. Says it in lines that the
// stick's script (board/common/stick/install) turns into words for a person.
#include "apps/installer/copy.h"
#include "apps/installer/disk.h"
#include "base/config.h"
#include "base/log.h"
#include "base/text.h"
#include "update/bundle.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAP_BYTES_MAX = 64 * 1024 };

// Exit codes, told in SPEC.md.
enum {
    EXIT_USAGE = 2,
    EXIT_BUNDLE = 10,
    EXIT_NO_DISK = 11,
    EXIT_SEVERAL = 12,
    EXIT_OTHER = 13,
    EXIT_NO_ROOM = 14,
};

static const char usage[] =
    "usage: inloop-installer choose --bundle FILE --keys PEM --image FILE [--site FILE]\n"
    "                               [--sys FOLDER] [--dev FOLDER]\n"
    "       inloop-installer write --bundle FILE --keys PEM --image FILE --disk DEVICE\n";

static const char *option(int argc, char **argv, const char *name, const char *fallback);
static enum err open_bundle(int argc, char **argv, struct bundle *bundle, struct copy_map *map,
                            struct fault *fault);
static enum err read_map(const char *path, const struct bundle *bundle, struct copy_map *map,
                         struct fault *fault);
static enum err check_board(const struct bundle *bundle, const char *path, struct fault *fault);
static int choose(int argc, char **argv, const struct copy_map *map);
static int code_of(enum err err);
static void print_disk(const struct disk *disk);
static int write_disk(int argc, char **argv, const struct bundle *bundle,
                      const struct copy_map *map);
static void on_progress(void *ctx, uint64_t done, uint64_t total);
static int failed(int code, const struct fault *fault);

int main(int argc, char **argv)
{
    static struct bundle bundle;
    static struct copy_map map;
    struct fault fault = {0};
    bool is_choose = argc > 1 && text_equal(argv[1], "choose");
    bool is_write =
        argc > 1 && text_equal(argv[1], "write") && option(argc, argv, "--disk", NULL) != NULL;
    if ((!is_choose && !is_write) || option(argc, argv, "--bundle", NULL) == NULL ||
        option(argc, argv, "--keys", NULL) == NULL || option(argc, argv, "--image", NULL) == NULL) {
        (void)fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (open_bundle(argc, argv, &bundle, &map, &fault) != OK) {
        return failed(EXIT_BUNDLE, &fault);
    }
    return is_choose ? choose(argc, argv, &map) : write_disk(argc, argv, &bundle, &map);
}

static const char *option(int argc, char **argv, const char *name, const char *fallback)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (text_equal(argv[i], name)) {
            return argv[i + 1];
        }
    }
    return fallback;
}

static enum err open_bundle(int argc, char **argv, struct bundle *bundle, struct copy_map *map,
                            struct fault *fault)
{
    struct bundle_keys keys;
    const char *path = option(argc, argv, "--bundle", "");
    enum err err = bundle_keys_read(&keys, option(argc, argv, "--keys", ""), fault);
    if (err == OK) {
        err = bundle_check_file(bundle, path, &keys, fault);
    }
    if (err == OK) {
        err = check_board(bundle, option(argc, argv, "--image", ""), fault);
    }
    return err == OK ? read_map(path, bundle, map, fault) : err;
}

static enum err check_board(const struct bundle *bundle, const char *path, struct fault *fault)
{
    static struct config config; // too large for the stack
    enum err err = config_read_file(&config, path, fault);
    if (err == OK && !text_equal(config_get(&config, "board", ""), bundle->board)) {
        err = fault_set(fault, ERR_REFUSED, "the image is for %s", bundle->board);
    }
    return err;
}

static enum err read_map(const char *path, const struct bundle *bundle, struct copy_map *map,
                         struct fault *fault)
{
    static char bytes[MAP_BYTES_MAX];
    const struct bundle_payload *disk = bundle_payload_find(bundle, "disk");
    const struct bundle_payload *payload = bundle_payload_find(bundle, "map");
    if (disk == NULL || payload == NULL || payload->bytes_count > sizeof bytes) {
        return fault_set(fault, ERR_MALFORMED, "%s: carries no disk", path);
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got =
        fd < 0 ? -1 : pread(fd, bytes, (size_t)payload->bytes_count, (off_t)payload->offset);
    if (fd >= 0) {
        (void)close(fd); // read only
    }
    if (got != (ssize_t)payload->bytes_count) {
        return fault_set(fault, ERR_IO, "%s: cannot be read", path);
    }
    return copy_map_parse(map, bytes, (size_t)got, disk->bytes_count, fault);
}

static int choose(int argc, char **argv, const struct copy_map *map)
{
    static struct disks disks;
    static struct config site; // too large for the stack
    struct fault fault = {0};
    const char *site_path = option(argc, argv, "--site", NULL);
    if (site_path != NULL && config_read_file(&site, site_path, &fault) != OK) {
        return failed(EXIT_OTHER, &fault);
    }
    const struct disk *disk = NULL;
    enum err err = disks_find(&disks, option(argc, argv, "--sys", "/sys"),
                              option(argc, argv, "--dev", "/dev"), &fault);
    if (err == OK) {
        err = disks_choose(&disks, map->image_bytes, config_get(&site, "install.disk", NULL), &disk,
                           &fault);
    }
    for (size_t i = 0; i < disks.disks_count && err != OK; i++) {
        print_disk(&disks.disks[i]); // so that a person can name one
    }
    if (err == OK) {
        print_disk(disk);
        return EXIT_SUCCESS;
    }
    return failed(code_of(err), &fault);
}

static int code_of(enum err err)
{
    static const struct {
        enum err err;
        int code;
    } codes[] = {{ERR_FULL, EXIT_SEVERAL},
                 {ERR_REFUSED, EXIT_OTHER},
                 {ERR_TOO_BIG, EXIT_NO_ROOM},
                 {ERR_UNSUPPORTED, EXIT_NO_ROOM}};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i].err == err) {
            return codes[i].code;
        }
    }
    return EXIT_NO_DISK;
}

static void print_disk(const struct disk *disk)
{
    static const char *const contents[] = {
        [DISK_EMPTY] = "empty", [DISK_INLOOP] = "inloop", [DISK_OTHER] = "other"};
    printf("%s %s %llu %s %s\n", disk->name, contents[disk->content],
           (unsigned long long)(disk->bytes_count / 1000000000),
           disk->serial[0] == '\0' ? "-" : disk->serial,
           disk->model[0] == '\0' ? "-" : disk->model);
}

static int write_disk(int argc, char **argv, const struct bundle *bundle,
                      const struct copy_map *map)
{
    struct fault fault = {0};
    const struct bundle_payload *payload = bundle_payload_find(bundle, "disk");
    const char *word = "write";
    struct copy copy = {.map = map,
                        .from = option(argc, argv, "--bundle", ""),
                        .from_offset = payload->offset,
                        .to = option(argc, argv, "--disk", ""),
                        .progress = on_progress,
                        .ctx = &word};
    enum err err = copy_write(&copy, &fault);
    if (err == OK) {
        word = "verify";
        err = copy_verify(&copy, &fault);
    }
    return err == OK ? EXIT_SUCCESS : failed(EXIT_FAILURE, &fault);
}

// "write 40": a line each time the tens change.
static void on_progress(void *ctx, uint64_t done, uint64_t total)
{
    static unsigned told = 0;
    const char *const *word = ctx;
    unsigned percent = (unsigned)(done * 100 / total);
    if (percent / 10 != told / 10) {
        told = percent;
        printf("%s %u\n", *word, percent);
        (void)fflush(stdout); // whoever reads is a screen
    }
}

static int failed(int code, const struct fault *fault)
{
    log_error("installer", "%s", fault->text);
    return code;
}
