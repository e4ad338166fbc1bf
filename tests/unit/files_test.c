// SPDX-License-Identifier: EUPL-1.2
//
// What a chip says it can do: what is chosen, what is skipped, what is refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "drivers/document/ber.h"
#include "drivers/document/files.h"

#include <string.h>

enum { FILE_BYTES = 1024 };

// 0.4.0.127.0.7.2.2. and then
#define GENERIC_3DES "\x04\x00\x7f\x00\x07\x02\x02\x04\x02\x01"
#define GENERIC_AES128 "\x04\x00\x7f\x00\x07\x02\x02\x04\x02\x02"
#define GENERIC_AES256 "\x04\x00\x7f\x00\x07\x02\x02\x04\x02\x04"
#define INTEGRATED "\x04\x00\x7f\x00\x07\x02\x02\x04\x04\x02"
#define MAPPING_AES128 "\x04\x00\x7f\x00\x07\x02\x02\x04\x06\x02"
#define MAPPING_3DES "\x04\x00\x7f\x00\x07\x02\x02\x04\x06\x01"
#define CHIP_AES192 "\x04\x00\x7f\x00\x07\x02\x02\x03\x02\x03"

struct file {
    uint8_t bytes[FILE_BYTES];
    size_t len;
};

static void add_info(struct file *file, const char *oid, const uint8_t *numbers, size_t count)
{
    uint8_t inside[64];
    size_t len = ber_put(0x06, oid, 10, inside, sizeof inside);
    for (size_t i = 0; i < count; i++) {
        len += ber_put(0x02, &numbers[i], 1, inside + len, sizeof inside - len);
    }
    file->len += ber_put(0x30, inside, len, file->bytes + file->len, FILE_BYTES - file->len);
}

static void wrap(struct file *file, uint32_t tag)
{
    uint8_t inside[FILE_BYTES];
    memcpy(inside, file->bytes, file->len);
    file->len = ber_put(tag, inside, file->len, file->bytes, FILE_BYTES);
}

static struct file offer(const char *const *oids, const uint8_t (*numbers)[2], size_t count)
{
    struct file file = {.len = 0};
    for (size_t i = 0; i < count; i++) {
        add_info(&file, oids[i], numbers[i], 2);
    }
    wrap(&file, 0x31);
    return file;
}

static void the_best_offer_we_know_is_chosen(void **state)
{
    (void)state;
    static const char *const oids[] = {INTEGRATED, GENERIC_3DES, GENERIC_AES256, MAPPING_AES128,
                                       MAPPING_3DES};
    static const uint8_t numbers[][2] = {{2, 13}, {2, 12}, {2, 16}, {2, 13}, {2, 13}};
    struct pace_info info;

    struct file file = offer(oids, numbers, 5);
    assert_int_equal(files_pace(file.bytes, file.len, &info), OK);
    assert_true(info.is_chip_mapping);
    assert_int_equal(info.cipher, CIPHER_AES128);
    assert_memory_equal(info.oid, MAPPING_AES128, 10);

    file = offer(oids, numbers, 3);
    assert_int_equal(files_pace(file.bytes, file.len, &info), OK);
    assert_false(info.is_chip_mapping);
    assert_int_equal(info.cipher, CIPHER_AES256);
    assert_int_equal(info.curve, CURVE_BRAINPOOL384);
    assert_int_equal(info.parameter, 16);
}

static void an_offer_of_nothing_we_know_is_none(void **state)
{
    (void)state;
    static const char *const oids[] = {INTEGRATED, GENERIC_AES128, GENERIC_AES128, MAPPING_3DES};
    static const uint8_t numbers[][2] = {{2, 13}, {1, 13}, {2, 10}, {2, 13}};
    struct pace_info info;
    struct file file = offer(oids, numbers, 4);

    assert_int_equal(files_pace(file.bytes, file.len, &info), ERR_NOT_FOUND);

    file.bytes[2] = 0x31; // no list of infos
    assert_int_equal(files_pace(file.bytes, file.len, &info), ERR_MALFORMED);
    file.bytes[0] = 0x30;
    assert_int_equal(files_pace(file.bytes, file.len, &info), ERR_MALFORMED);
    assert_int_equal(files_pace(file.bytes, 0, &info), ERR_MALFORMED);
}

// A point on P-256 with a curve by name, and number 7.
static void add_key(struct file *file)
{
    static const char algorithm[] = "\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86"
                                    "\x48\xce\x3d\x03\x01\x07";
    uint8_t inside[160];
    uint8_t key[128];
    uint8_t bits[66] = {0, 0x04};
    size_t len = sizeof algorithm - 1;
    memcpy(key, algorithm, len);
    len += ber_put(0x03, bits, sizeof bits, key + len, sizeof key - len);
    size_t at = ber_put(0x06, "\x04\x00\x7f\x00\x07\x02\x02\x01\x02", 9, inside, sizeof inside);
    at += ber_put(0x30, key, len, inside + at, sizeof inside - at);
    at += ber_put(0x02, "\x07", 1, inside + at, sizeof inside - at);
    file->len += ber_put(0x30, inside, at, file->bytes + file->len, FILE_BYTES - file->len);
}

static void keys_and_ciphers_of_the_chip_are_read(void **state)
{
    (void)state;
    static const uint8_t numbers[] = {1, 7};
    static const uint8_t other_version[] = {2, 7};
    struct file file = {.len = 0};
    struct chip_infos infos;
    add_key(&file);
    add_info(&file, CHIP_AES192, numbers, 2);
    add_info(&file, CHIP_AES192, other_version, 2);
    add_info(&file, GENERIC_AES128, numbers, 2); // none of chip authentication's
    wrap(&file, 0x31);
    wrap(&file, 0x6e);

    assert_int_equal(files_dg14(file.bytes, file.len, &infos), OK);

    assert_int_equal(infos.keys_count, 1);
    assert_int_equal(infos.keys[0].curve, CURVE_P256);
    assert_int_equal(infos.keys[0].point.len, 65);
    assert_true(infos.keys[0].has_id);
    assert_int_equal(infos.keys[0].id, 7);
    assert_int_equal(infos.infos_count, 1);
    assert_int_equal(infos.infos[0].cipher, CIPHER_AES192);
    assert_int_equal(infos.infos[0].id, 7);
    assert_int_equal(files_dg14(file.bytes, file.len - 1, &infos), ERR_MALFORMED);
}

static void more_keys_than_a_chip_could_mean_are_refused(void **state)
{
    (void)state;
    struct file file = {.len = 0};
    struct chip_infos infos;
    for (size_t i = 0; i <= FILES_KEYS_MAX; i++) {
        add_key(&file);
    }
    wrap(&file, 0x31);
    wrap(&file, 0x6e);

    assert_int_equal(files_dg14(file.bytes, file.len, &infos), ERR_FULL);

    assert_int_equal(infos.keys_count, FILES_KEYS_MAX);
}

static void lengths_are_found_among_other_things(void **state)
{
    (void)state;
    static const uint8_t file[] = {0x47, 3, 0,    0,    0x40, 0x7f, 0x66, 8,
                                   2,    2, 0x04, 0x00, 0x02, 0x02, 0x10, 0x00};
    size_t command_bytes = 0;
    size_t answer_bytes = 0;

    assert_int_equal(files_extended(file, sizeof file, &command_bytes, &answer_bytes), OK);
    assert_int_equal(command_bytes, 1024);
    assert_int_equal(answer_bytes, 4096);
    assert_int_equal(files_extended(file, 5, &command_bytes, &answer_bytes), ERR_NOT_FOUND);
    assert_int_equal(files_extended(file, sizeof file - 1, &command_bytes, &answer_bytes),
                     ERR_NOT_FOUND);
}

static void a_list_of_files_names_groups_and_skips_others(void **state)
{
    (void)state;
    static const uint8_t file[] = {0x60, 0x15, 0x5f, 0x01, 4,   '0', '1',  '0', '7',  0x5f, 0x36, 6,
                                   '0',  '4',  '0',  '0',  '0', '0', 0x5c, 3,   0x61, 0x6e, 0x99};
    uint32_t groups = 0;

    assert_int_equal(files_com(file, sizeof file, &groups), OK);
    assert_int_equal(groups, 1U << 1 | 1U << 14);
    assert_int_equal(files_com(file, sizeof file - 1, &groups), ERR_MALFORMED);
    assert_int_equal(files_com(file + 2, sizeof file - 2, &groups), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_offer_we_know_is_chosen),
        cmocka_unit_test(an_offer_of_nothing_we_know_is_none),
        cmocka_unit_test(keys_and_ciphers_of_the_chip_are_read),
        cmocka_unit_test(more_keys_than_a_chip_could_mean_are_refused),
        cmocka_unit_test(lengths_are_found_among_other_things),
        cmocka_unit_test(a_list_of_files_names_groups_and_skips_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
