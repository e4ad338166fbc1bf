// SPDX-License-Identifier: EUPL-1.2
//
// A device's report and its orders: they come back as they were written, the program beside the
// agent says only its own, and what cannot be is refused.
#include "link/api_fleet.h"
#include "tests/unit/api_expect.h"

#define HEALTH                                                                                     \
    "\"printer_ok\":true,\"paper_low\":false,\"scanner_ok\":true,\"refused_keyboard\":false"
#define HASH "abababababababababababababababababababababababababababababababab"
#define RUN_FROM(from)                                                                             \
    "{\"wants_log\":false,\"now\":\"2026-11-27T14:00:00Z\",\"run\":{\"bundle\":\"pc-1.1\","        \
    "\"version\":\"1.1\",\"bytes\":7,\"sha256\":\"" HASH "\",\"from\":\"" from                     \
    "\",\"to\":\"05:00\"}}"

static void a_report_comes_back_whole(void **state)
{
    (void)state;
    static const struct api_report in = {
        .health = {.printer_ok = true, .scanner_ok = true, .version = "1.0.0"},
        .board = "pc-x86_64",
        .uptime_s = UINT32_MAX,
        .is_drawn = true,
        .is_busy = true,
        .parts = {HEALTH_MISSING, HEALTH_UNUSED, HEALTH_OUT},
        .usb_refused = {{.usb = "0781:5567", .kind = "storage", .at_ms = 1795733445000},
                        {.usb = "0c2e:0907", .at_ms = 1795733446000}},
        .usb_refused_count = 2,
        .faults = {"printer: no answer"},
        .faults_count = 1,
        .update = {.state = API_UPDATE_FELL_BACK, .version = "1.1.0", .reason = "drew nothing"},
    };
    static struct api_report out;

    EXPECT_ROUND_TRIP(api_report_write, api_report_read, &in, &out);
}

static void a_program_without_a_board_says_only_its_own(void **state)
{
    (void)state;
    static const char words[] =
        "{" HEALTH ",\"version\":\"1.0.0\",\"uptime_s\":7,\"is_drawn\":true,"
        "\"faults\":[\"x\"],\"update\":{\"state\":\"trying\"}}";
    static struct api_report out;
    struct json *json = parsed(words);

    assert_int_equal(api_report_read(json, &out, NULL), OK);
    json_free(json);
    assert_true(out.health.printer_ok);
    assert_string_equal(out.health.version, "1.0.0");
    assert_int_equal(out.uptime_s, 0);
    assert_false(out.is_drawn);
    assert_int_equal(out.faults_count, 0);
    assert_int_equal(out.update.state, API_UPDATE_NONE);
}

static void a_report_that_cannot_be_is_refused(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"{}", "printer_ok: is missing"},
        {"{" HEALTH ",\"board\":\"a b\"}", "board: "},
        {"{" HEALTH ",\"board\":\"pc\",\"uptime_s\":4294967296}", "uptime_s: "},
        {"{" HEALTH ",\"board\":\"pc\",\"parts\":[]}", "parts: must be an object"},
        {"{" HEALTH ",\"board\":\"pc\",\"parts\":{\"card\":\"wet\"}}", "parts: card: "},
        {"{" HEALTH ",\"board\":\"pc\",\"usb_refused\":[{}]}", "usb_refused: usb: is missing"},
        {"{" HEALTH ",\"board\":\"pc\",\"usb_refused\":[{\"usb\":\"0781:556X\"}]}",
         "usb_refused: usb: must be vendor:product"},
        {"{" HEALTH ",\"board\":\"pc\",\"faults\":[\"\"]}", "faults: "},
        {"{" HEALTH ",\"board\":\"pc\",\"faults\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\","
         "\"9\"]}",
         "faults: holds more than 8"},
        {"{" HEALTH ",\"board\":\"pc\",\"update\":{}}", "update: state: is missing"},
        {"{" HEALTH ",\"board\":\"pc\",\"update\":{\"state\":\"fell back\"}}", "update: state: "},
    };
    static struct api_report out;

    EXPECT_REFUSED(api_report_read, &out, refusals);
}

static void orders_come_back_with_something_to_run_and_without(void **state)
{
    (void)state;
    static const struct api_orders nothing = {.wants_log = true, .now_ms = 1795733445000};
    static const struct api_orders in = {.has_run = true,
                                         .run = {.bundle = "pc-x86_64-1.1.0",
                                                 .version = "1.1.0",
                                                 .bytes = 2400000,
                                                 .sha256 = HASH,
                                                 .from = "22:00",
                                                 .to = "05:00"},
                                         .now_ms = 1795733445000};
    static const struct refusal refusals[] = {
        {"{\"wants_log\":false}", "now: is missing"},
        {"{\"now\":\"2026-11-27T14:00:00Z\"}", "wants_log: is missing"},
        {"{\"wants_log\":false,\"now\":\"2026-11-27T14:00:00Z\",\"run\":{}}", "run: bundle: "},
        {RUN_FROM("24:00"), "run: its window"},
        {RUN_FROM("9:00"), "run: its window"},
        {RUN_FROM("09:60"), "run: its window"},
    };
    static struct api_orders out;

    EXPECT_ROUND_TRIP(api_orders_write, api_orders_read, &nothing, &out);
    EXPECT_ROUND_TRIP(api_orders_write, api_orders_read, &in, &out);
    EXPECT_REFUSED(api_orders_read, &out, refusals);
}

static void a_clock_is_two_digits_and_two(void **state)
{
    (void)state;
    static const char *const good[] = {"00:00", "23:59", "05:07"};
    static const char *const bad[] = {"",     "0:00",   "24:00", "12:60", "12.30",
                                      "12:3", "12:300", " 1:30", "-1:30"};
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(api_clock_is(good[i]));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(api_clock_is(bad[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_comes_back_whole),
        cmocka_unit_test(a_program_without_a_board_says_only_its_own),
        cmocka_unit_test(a_report_that_cannot_be_is_refused),
        cmocka_unit_test(orders_come_back_with_something_to_run_and_without),
        cmocka_unit_test(a_clock_is_two_digits_and_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
