// SPDX-License-Identifier: EUPL-1.2
//
// The installing stick's decisions: which disk it may write over, what a map may say, and that what
// is written is what comes back.
#include "apps/installer/copy.h"
#include "apps/installer/disk.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_BYTES_MAX = 300, SMALL_BYTES = 4096, IMAGE_BYTES = 3 * 1024 * 1024, SECTOR = 512 };

static char folder[] = "/tmp/inloop-installer-XXXXXX";
static struct fault fault;
static uint8_t head[DISK_HEAD_BYTES];

// Into a path's buffer, or the test ends.
__attribute__((format(printf, 2, 3))) static void join(char *out, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    int len = vsnprintf(out, PATH_BYTES_MAX, format, words);
    va_end(words);
    assert_in_range(len, 1, PATH_BYTES_MAX - 1);
}

static const char *path_of(const char *name)
{
    static char paths[4][PATH_BYTES_MAX];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    join(path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const void *bytes, size_t len)
{
    FILE *file = fopen(path_of(name), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void words(const char *disk, const char *what, const char *said)
{
    char name[PATH_BYTES_MAX];
    join(name, "sys/%s/%s", disk, what);
    put(name, said, strlen(said));
}

// As the kernel tells of a disk; `where` is the bus it hangs on.
static void plug(const char *where, const char *disk, const char *removable, const char *serial)
{
    char name[PATH_BYTES_MAX];
    join(name, "mkdir -p %s/sys/%s/%s/device %s/sys/%s/%s/queue %s/sys/block", folder, where, disk,
         folder, where, disk, folder);
    assert_int_equal(system(name), 0);
    join(name, "%s/%s", where, disk);
    words(name, "removable", removable);
    words(name, "ro", "0\n");
    words(name, "size", "8388608\n");
    words(name, "queue/logical_block_size", "512\n");
    words(name, "device/model", "Quick Disk  \n");
    words(name, "device/serial", serial);
    char link[PATH_BYTES_MAX];
    join(link, "../%s/%s", where, disk);
    join(name, "sys/block/%s", disk);
    assert_int_equal(symlink(link, path_of(name)), 0);
    join(name, "dev/%s", disk);
    put(name, head, sizeof head);
}

static void partition(size_t index, const char *name)
{
    memcpy(head + SECTOR, "EFI PART", 8);
    uint8_t *entry = head + (size_t)2 * SECTOR + index * 128;
    entry[0] = 0x28;
    for (size_t i = 0; name[i] != '\0'; i++) {
        entry[56 + 2 * i] = (uint8_t)name[i];
    }
}

static int set_up(void **state)
{
    (void)state;
    char command[PATH_BYTES_MAX];
    join(command, "rm -rf %s; mkdir -p %s/dev %s/sys/block", folder, folder, folder);
    memset(head, 0, sizeof head);
    return system(command);
}

static enum err choose(const char *serial, const struct disk **chosen)
{
    static struct disks disks;
    char dev[PATH_BYTES_MAX];
    join(dev, "%s", path_of("dev"));
    assert_int_equal(disks_find(&disks, path_of("sys"), dev, &fault), OK);
    return disks_choose(&disks, IMAGE_BYTES, serial, chosen, &fault);
}

static void what_stands_on_a_disk_is_told_by_its_table(void **state)
{
    (void)state;
    assert_int_equal(disk_content(head, sizeof head), DISK_EMPTY);

    partition(0, "INLOOP-ESP");
    partition(1, "INLOOP-DATA");
    assert_int_equal(disk_content(head, sizeof head), DISK_INLOOP);

    partition(2, "photos");
    assert_int_equal(disk_content(head, sizeof head), DISK_OTHER);

    memset(head, 0, sizeof head);
    head[DISK_HEAD_BYTES - 1] = 1;
    assert_int_equal(disk_content(head, sizeof head), DISK_OTHER);
    memcpy(head + SECTOR, "EFI PART", 8); // a table without partitions
    assert_int_equal(disk_content(head, sizeof head), DISK_OTHER);
    assert_int_equal(disk_content(head, SECTOR + 8), DISK_OTHER);
}

static void the_only_empty_disk_is_chosen_and_sticks_are_not(void **state)
{
    (void)state;
    const struct disk *disk = NULL;
    plug("pci/usb1/1-2", "sda", "0\n", "STICK");
    plug("pci/ata1", "sdb", "1\n", "CARD");
    plug("virtual", "loop0", "0\n", "");
    plug("virtual", "dm-0", "0\n", "");
    plug("mmc", "mmcblk0boot0", "0\n", "");
    assert_int_equal(choose(NULL, &disk), ERR_NOT_FOUND);

    plug("pci/nvme", "nvme0n1", "0\n", "S3R1AL \n");

    assert_int_equal(choose(NULL, &disk), OK);
    assert_string_equal(disk->name, "nvme0n1");
    assert_string_equal(disk->serial, "S3R1AL");
    assert_string_equal(disk->model, "Quick Disk");
    assert_int_equal(disk->bytes_count, UINT64_C(8388608) * SECTOR);
}

static void two_disks_are_refused_unless_one_is_named(void **state)
{
    (void)state;
    const struct disk *disk = NULL;
    plug("pci/a", "sda", "0\n", "FIRST");
    plug("pci/b", "sdb", "0\n", "SECOND");

    assert_int_equal(choose(NULL, &disk), ERR_FULL);
    assert_null(disk);
    assert_int_equal(choose("THIRD", &disk), ERR_NOT_FOUND);
    assert_int_equal(choose("SECOND", &disk), OK);
    assert_string_equal(disk->name, "sdb");
}

static void a_disk_with_something_else_is_refused_unless_named(void **state)
{
    (void)state;
    const struct disk *disk = NULL;
    partition(0, "Basic data partition");
    plug("pci/a", "sda", "0\n", "FIRST");

    assert_int_equal(choose(NULL, &disk), ERR_REFUSED);
    assert_int_equal(choose("FIRST", &disk), OK);
}

static void a_disk_that_does_not_fit_is_refused_even_when_named(void **state)
{
    (void)state;
    const struct disk *disk = NULL;
    plug("pci/a", "sda", "0\n", "FIRST");
    words("pci/a/sda", "size", "8\n");
    assert_int_equal(choose("FIRST", &disk), ERR_TOO_BIG);

    words("pci/a/sda", "size", "8388608\n");
    words("pci/a/sda", "queue/logical_block_size", "4096\n");
    assert_int_equal(choose("FIRST", &disk), ERR_UNSUPPORTED);
    words("pci/a/sda", "ro", "1\n");
    assert_int_equal(choose("FIRST", &disk), ERR_NOT_FOUND);
}

static enum err parse(const char *text, uint64_t payload_bytes)
{
    static struct copy_map map;
    return copy_map_parse(&map, text, strlen(text), payload_bytes, &fault);
}

static void a_map_keeps_within_the_image_and_what_it_maps(void **state)
{
    (void)state;
    const char start[] = "image.bytes = 4096\nranges = 2\nrange.1 = 0 512\n";
    char text[PATH_BYTES_MAX];
    static const struct {
        const char *range;
        enum err err;
    } rows[] = {
        {"range.2 = 1024 512", OK},
        {"range.2 = 512 512", OK},
        {"range.2 = 3584 512", OK},
        {"range.2 = 511 512", ERR_MALFORMED},
        {"range.2 = 3585 512", ERR_MALFORMED},
        {"range.2 = 1024 513", ERR_MALFORMED},
        {"range.2 = 1024 0", ERR_MALFORMED},
        {"range.2 = -1 512", ERR_MALFORMED},
        {"range.2 = 9223372036854775807 512", ERR_MALFORMED},
        {"range.2 = 1024", ERR_MALFORMED},
        {"range.3 = 1024 512", ERR_MALFORMED},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        join(text, "%s%s\n", start, rows[i].range);
        assert_int_equal(parse(text, 1024), rows[i].err);
    }

    assert_int_equal(parse("ranges = 1\nrange.1 = 0 1024\n", 1024), ERR_MALFORMED);
    assert_int_equal(parse("image.bytes = 4096\nranges = 501\n", 1024), ERR_MALFORMED);
    assert_int_equal(parse("image.bytes = 4096\nranges = 0\n", 0), ERR_MALFORMED);
}

static void what_is_written_stands_where_the_map_says_and_comes_back(void **state)
{
    (void)state;
    enum { FROM = 100, PAYLOAD = SMALL_BYTES + 1024 * 1024 + 5 };
    static uint8_t from[FROM + PAYLOAD];
    static uint8_t old[IMAGE_BYTES];
    for (size_t i = 0; i < sizeof from; i++) {
        from[i] = (uint8_t)(i * 31 % 251 + 1);
    }
    memset(old, 0xAA, sizeof old);
    put("bundle", from, sizeof from);
    put("disk", old, sizeof old);
    // The second range begins in the first MiB and ends in the third.
    const struct copy_map map = {.image_bytes = IMAGE_BYTES,
                                 .ranges = {{0, SMALL_BYTES}, {1024 * 1024 - 7, 1024 * 1024 + 5}},
                                 .ranges_count = 2};
    char to[PATH_BYTES_MAX];
    join(to, "%s", path_of("disk"));
    struct copy copy = {.map = &map, .from = path_of("bundle"), .from_offset = FROM, .to = to};

    assert_int_equal(copy_write(&copy, &fault), OK);
    assert_int_equal(copy_verify(&copy, &fault), OK);

    char *bytes = NULL;
    size_t len = 0;
    assert_int_equal(file_read(to, IMAGE_BYTES, &bytes, &len), OK);
    assert_memory_equal(bytes, from + FROM, SMALL_BYTES);
    assert_memory_equal(bytes + 1024 * 1024 - 7, from + FROM + SMALL_BYTES, 1024 * 1024 + 5);
    assert_int_equal((uint8_t)bytes[SMALL_BYTES], 0); // blank, no longer what was there
    assert_int_equal((uint8_t)bytes[2 * 1024 * 1024], 0xAA);
    bytes[1024 * 1024 + 77] ^= 1;
    put("disk", bytes, len);
    free(bytes);
    assert_int_equal(copy_verify(&copy, &fault), ERR_CRYPTO);
}

static void a_disk_that_fails_half_way_is_told(void **state)
{
    (void)state;
    static const uint8_t from[SMALL_BYTES] = {1};
    put("bundle", from, sizeof from);
    const struct copy_map map = {
        .image_bytes = IMAGE_BYTES, .ranges = {{0, SMALL_BYTES}}, .ranges_count = 1};
    struct copy copy = {.map = &map, .from = path_of("bundle"), .to = "/dev/full"};

    assert_int_equal(copy_write(&copy, &fault), ERR_IO);

    copy.to = path_of("nothing");
    assert_int_equal(copy_write(&copy, &fault), ERR_IO);
    put("disk", from, 1);
    copy.to = path_of("disk");
    assert_int_equal(copy_verify(&copy, &fault), ERR_IO);
    put("bundle", from, 1);
    assert_int_equal(copy_write(&copy, &fault), ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_stands_on_a_disk_is_told_by_its_table, set_up),
        cmocka_unit_test_setup(the_only_empty_disk_is_chosen_and_sticks_are_not, set_up),
        cmocka_unit_test_setup(two_disks_are_refused_unless_one_is_named, set_up),
        cmocka_unit_test_setup(a_disk_with_something_else_is_refused_unless_named, set_up),
        cmocka_unit_test_setup(a_disk_that_does_not_fit_is_refused_even_when_named, set_up),
        cmocka_unit_test_setup(a_map_keeps_within_the_image_and_what_it_maps, set_up),
        cmocka_unit_test_setup(what_is_written_stands_where_the_map_says_and_comes_back, set_up),
        cmocka_unit_test_setup(a_disk_that_fails_half_way_is_told, set_up),
    };
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    char command[PATH_BYTES_MAX];
    join(command, "rm -rf %s", folder);
    return system(command) == 0 ? failed : 1;
}
