// SPDX-License-Identifier: EUPL-1.2
//
// The commands byte by byte, a slip cut in bands and put together again, and the status bytes.
#include "drivers/escpos.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

static void commands_are_those_of_the_manual(void **state)
{
    (void)state;
    uint8_t out[ESCPOS_CUT_BYTES];
    escpos_init(out);
    assert_memory_equal(out, "\x1b@", ESCPOS_INIT_BYTES);
    escpos_cut(out);
    assert_memory_equal(out, "\x1dVB\0", ESCPOS_CUT_BYTES);
    escpos_ask(ESCPOS_PAPER, out);
    assert_memory_equal(out, "\x10\x04\x04", ESCPOS_ASK_BYTES);
    escpos_echo(out);
    assert_memory_equal(out, "\x1dr\x01", ESCPOS_ECHO_BYTES);
}

static void bands_together_are_the_raster(void **state)
{
    (void)state;
    enum { LINES = 2 * ESCPOS_BAND_LINES + 5, ROW = PRINTER_WIDTH_DOTS / 8 };
    static uint8_t bits[LINES * ROW];
    static uint8_t joined[LINES * ROW];
    static uint8_t out[ESCPOS_BAND_BYTES];
    for (size_t i = 0; i < sizeof bits; i++) {
        bits[i] = (uint8_t)(i * 7 + i / ROW);
    }
    const struct raster raster = {PRINTER_WIDTH_DOTS, LINES, bits};
    assert_int_equal(escpos_bands(&raster), 3);
    size_t joined_len = 0;
    for (size_t band = 0; band < 3; band++) {
        size_t len = escpos_band(&raster, band, out) - ESCPOS_BAND_HEAD_BYTES;
        assert_memory_equal(out, "\x1dv0\0\x48\0", 6);
        assert_int_equal(out[6] * ROW, len);
        assert_int_equal(out[7], 0);
        memcpy(joined + joined_len, out + ESCPOS_BAND_HEAD_BYTES, len);
        joined_len += len;
    }
    assert_int_equal(joined_len, sizeof bits);
    assert_memory_equal(joined, bits, sizeof bits);
}

static void impossible_rasters_have_no_bands(void **state)
{
    (void)state;
    static const struct raster wrong[] = {
        {0, 8, NULL}, {PRINTER_WIDTH_DOTS + 8, 8, NULL},      {12, 8, NULL},
        {8, 0, NULL}, {8, PRINTER_HEIGHT_DOTS_MAX + 1, NULL},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(escpos_bands(&wrong[i]), 0);
    }
}

static void status_bytes_tell_what_is_wrong(void **state)
{
    (void)state;
    struct printer_status status = {0};
    assert_int_equal(escpos_take_status(ESCPOS_PRINTER, 0x12 | 0x08, &status), OK);
    assert_int_equal(escpos_take_status(ESCPOS_OFFLINE_CAUSE, 0x12 | 0x04, &status), OK);
    assert_int_equal(escpos_take_status(ESCPOS_ERROR, 0x12 | 0x08, &status), OK);
    assert_int_equal(escpos_take_status(ESCPOS_PAPER, 0x12 | 0x0C, &status), OK);
    assert_true(status.is_offline && status.cover_open && status.cutter_error && status.paper_low);
    assert_false(status.paper_out || status.other_error);
    assert_int_equal(escpos_take_status(ESCPOS_PAPER, 0x12 | 0x60, &status), OK);
    assert_true(status.paper_out && !status.paper_low);
    for (int topic = ESCPOS_PRINTER; topic <= ESCPOS_PAPER; topic++) {
        assert_int_equal(escpos_take_status((enum escpos_topic)topic, 0x12, &status), OK);
    }
    static const struct printer_status healthy = {0};
    assert_memory_equal(&status, &healthy, sizeof status);
}

static void noise_is_no_status(void **state)
{
    (void)state;
    static const uint8_t noise[] = {0x00, 0xFF, 0x10, 0x02, 0x13, 0x92};
    struct printer_status status = {.paper_low = true};
    for (size_t i = 0; i < sizeof noise; i++) {
        assert_int_equal(escpos_take_status(ESCPOS_PAPER, noise[i], &status), ERR_MALFORMED);
        assert_true(status.paper_low);
    }
}

static void an_echo_is_told_from_a_status(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte <= UINT8_MAX; byte++) {
        struct printer_status status = {0};
        bool is_status = escpos_take_status(ESCPOS_PAPER, (uint8_t)byte, &status) == OK;
        assert_false(is_status && escpos_is_echo((uint8_t)byte));
    }
    assert_true(escpos_is_echo(0x00) && escpos_is_echo(0x03) && escpos_is_echo(0x0C));
}

static void the_class_s_own_status_knows_three_things(void **state)
{
    (void)state;
    struct printer_status status = {.cover_open = true};
    escpos_take_port_status(0x18, &status);
    assert_true(status.cover_open); // it does not tell that one
    assert_false(status.is_offline || status.paper_out || status.other_error);
    escpos_take_port_status(0x38, &status);
    assert_true(status.paper_out);
    escpos_take_port_status(0x30, &status);
    assert_true(status.paper_out && !status.other_error); // paper is the error
    escpos_take_port_status(0x00, &status);
    assert_true(status.is_offline && status.other_error && !status.paper_out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_those_of_the_manual),
        cmocka_unit_test(bands_together_are_the_raster),
        cmocka_unit_test(impossible_rasters_have_no_bands),
        cmocka_unit_test(status_bytes_tell_what_is_wrong),
        cmocka_unit_test(noise_is_no_status),
        cmocka_unit_test(an_echo_is_told_from_a_status),
        cmocka_unit_test(the_class_s_own_status_knows_three_things),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
