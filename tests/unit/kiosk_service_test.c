// SPDX-License-Identifier: EUPL-1.2
//
// A technician's code at the kiosk: it lets in once, on the right device, and ends a visit as its
// time-out would; and what the kiosk, the counter and the display say of themselves.
#include "apps/counter/desk.h"
#include "apps/display/display.h"
#include "apps/kiosk/kiosk.h"
#include "base/text.h"
#include "tests/fakes/hand_clock.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

static struct kiosk kiosk;
static struct scenes scenes;
static struct look look;
static struct crypto_key *key;
static int64_t now_ms = 1795438320000;
static char code[SERVICE_CODE_BYTES];

static int set_up(void **state)
{
    (void)state;
    memset(&kiosk, 0, sizeof kiosk);
    look_init(&look, 1080, 1920, 3.61F);
    kiosk_init(&kiosk, &look, &scenes);
    kiosk.clock = hand_clock(&now_ms);
    kiosk.is_connected = true;
    scenes_init(&scenes, &kiosk, &look);
    scenes_push(&scenes, &kiosk_scene_welcome);
    key = crypto_key_new();
    crypto_key_point(key, kiosk.service.x, kiosk.service.y);
    assert_int_equal(
        text_copy(kiosk.service.audience, sizeof kiosk.service.audience, "stadhuis/kiosk-1"), OK);
    kiosk.has_service = true;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kiosk_forget(&kiosk);
    crypto_key_free(key);
    return 0;
}

static void scan_code_for(const char *device)
{
    assert_int_equal(service_mint(key, "stadhuis", device, now_ms / 1000, code), OK);
    kiosk_scan(&kiosk, code, strlen(code));
}

static void begin_visit(void)
{
    kiosk.visit.has_visit = true;
    kiosk.visit.visit.state = VISIT_OPEN;
    assert_int_equal(
        text_copy(kiosk.visit.visit.initials, sizeof kiosk.visit.visit.initials, "N. H."), OK);
    scenes_reset(&scenes, &kiosk_scene_requests);
}

static void a_technician_is_let_in_at_once_when_nobody_is_there(void **state)
{
    (void)state;
    scan_code_for("kiosk-1");

    assert_true(kiosk.lets_in);
    assert_true(kiosk.leaves_ms <= kiosk.now_ms);
}

static void a_visit_is_ended_and_wiped_before_the_technician_comes(void **state)
{
    (void)state;
    kiosk.now_ms = 5000;
    begin_visit();
    scan_code_for("kiosk-1");

    assert_true(kiosk.lets_in);
    assert_int_equal(kiosk.leaves_ms, 5000 + KIOSK_LEAVE_MS); // what was typed is on its way
    assert_false(kiosk.visit.has_visit);
    assert_string_equal(kiosk.visit.visit.initials, "");
}

static void a_code_of_another_device_is_a_strange_code(void **state)
{
    (void)state;
    scan_code_for("kiosk-2");

    assert_false(kiosk.lets_in);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_message);
    assert_string_equal(kiosk.visit.problem, "message.code_unknown");
}

static void a_wrong_code_leaves_a_visit_alone(void **state)
{
    (void)state;
    begin_visit();
    scan_code_for("kiosk-2");

    assert_false(kiosk.lets_in);
    assert_true(kiosk.visit.has_visit);
}

static void a_code_lets_in_once(void **state)
{
    (void)state;
    scan_code_for("kiosk-1");
    kiosk.lets_in = false; // as after the next start, were the memory kept
    kiosk_scan(&kiosk, code, strlen(code));

    assert_false(kiosk.lets_in);
}

static void an_old_code_lets_nobody_in(void **state)
{
    (void)state;
    assert_int_equal(service_mint(key, "stadhuis", "kiosk-1", now_ms / 1000 - 3600, code), OK);
    kiosk_scan(&kiosk, code, strlen(code));

    assert_false(kiosk.lets_in);
}

static void without_the_hubs_key_nobody_is_let_in(void **state)
{
    (void)state;
    kiosk.has_service = false;
    scan_code_for("kiosk-1");

    assert_false(kiosk.lets_in);
}

static void the_kiosk_says_its_parts_once_they_were_told(void **state)
{
    (void)state;
    struct health health = kiosk_health(&kiosk, true, true);
    assert_string_equal(health.role, "kiosk");
    assert_true(health.is_drawn && health.is_connected);
    assert_false(health.is_busy);
    assert_int_equal(health.parts[HEALTH_SCANNER], HEALTH_MISSING);
    assert_int_equal(health.parts[HEALTH_PRINTER], HEALTH_MISSING);
    assert_int_equal(health.parts[HEALTH_CARD], HEALTH_MISSING);

    static struct hub_message_private message;
    message.kind = HUB_IO;
    message.io.kind = IO_SCANNER;
    message.io.data[0] = 1;
    message.io.len = 1;
    kiosk_take(&kiosk, &message);
    const uint8_t paper_low[4] = {1, 1, 0, 0};
    message.io.kind = IO_PRINTER;
    memcpy(message.io.data, paper_low, sizeof paper_low);
    message.io.len = sizeof paper_low;
    kiosk_take(&kiosk, &message);
    kiosk.card.has_reader = true;
    health = kiosk_health(&kiosk, true, false);

    assert_int_equal(health.parts[HEALTH_SCANNER], HEALTH_OK);
    assert_int_equal(health.parts[HEALTH_PRINTER], HEALTH_LOW);
    assert_int_equal(health.parts[HEALTH_CARD], HEALTH_OK);
    kiosk.paper_out = true;
    assert_int_equal(kiosk_health(&kiosk, true, false).parts[HEALTH_PRINTER], HEALTH_OUT);
    kiosk.printer_gone = true;
    assert_int_equal(kiosk_health(&kiosk, true, false).parts[HEALTH_PRINTER], HEALTH_MISSING);
}

static void a_kiosk_with_a_visitor_is_busy(void **state)
{
    (void)state;
    begin_visit();

    assert_true(kiosk_health(&kiosk, true, false).is_busy);
    assert_int_equal(kiosk_health(&kiosk, true, false).parts[HEALTH_CARD], HEALTH_UNUSED);
}

static void a_counter_is_busy_with_a_called_ticket_and_a_display_never(void **state)
{
    (void)state;
    static struct desk desk;
    static struct display display;
    memset(&desk, 0, sizeof desk);
    desk.is_connected = true;
    assert_false(desk_health(&desk, true).is_busy);
    assert_int_equal(text_copy(desk.ticket, sizeof desk.ticket, "a-ticket"), OK);
    display.had_state = true;

    assert_true(desk_health(&desk, true).is_busy);
    assert_true(display_health(&display, true).is_connected);
    assert_false(display_health(&display, true).is_busy);
    display_lose(&display);
    assert_false(display_health(&display, true).is_connected);
}

#define WITH_KIOSK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KIOSK(a_technician_is_let_in_at_once_when_nobody_is_there),
        WITH_KIOSK(a_visit_is_ended_and_wiped_before_the_technician_comes),
        WITH_KIOSK(a_code_of_another_device_is_a_strange_code),
        WITH_KIOSK(a_wrong_code_leaves_a_visit_alone),
        WITH_KIOSK(a_code_lets_in_once),
        WITH_KIOSK(an_old_code_lets_nobody_in),
        WITH_KIOSK(without_the_hubs_key_nobody_is_let_in),
        WITH_KIOSK(the_kiosk_says_its_parts_once_they_were_told),
        WITH_KIOSK(a_kiosk_with_a_visitor_is_busy),
        WITH_KIOSK(a_counter_is_busy_with_a_called_ticket_and_a_display_never),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
