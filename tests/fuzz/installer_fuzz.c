// SPDX-License-Identifier: EUPL-1.2
//
// Any bytes as the beginning of a disk somebody built in, and as the map an image is written by:
// never taken for ours or for empty when they are not; never a range outside the image.
#include "apps/installer/copy.h"
#include "apps/installer/disk.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_map(const uint8_t *data, size_t len, uint64_t payload_bytes)
{
    static struct copy_map map;
    struct fault fault = {0};
    if (copy_map_parse(&map, (const char *)data, len, payload_bytes, &fault) != OK) {
        CHECK(fault.text[0] != '\0');
        return;
    }
    CHECK(map.ranges_count > 0 && map.ranges_count <= COPY_RANGES_MAX);
    uint64_t behind = 0;
    uint64_t total = 0;
    for (size_t i = 0; i < map.ranges_count; i++) {
        CHECK(map.ranges[i].bytes_count > 0 && map.ranges[i].start >= behind);
        behind = map.ranges[i].start + map.ranges[i].bytes_count;
        total += map.ranges[i].bytes_count;
    }
    CHECK(behind <= map.image_bytes && total == payload_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    enum disk_content content = disk_content(data, len);
    size_t used_count = 0;
    for (size_t i = 0; i < len; i++) {
        used_count += data[i] != 0;
    }
    CHECK((content == DISK_EMPTY) == (used_count == 0));
    CHECK(content != DISK_INLOOP || len >= (size_t)34 * DISK_SECTOR_BYTES);
    check_map(data, len, 1024);
    check_map(data, len, 4096);
    return 0;
}
