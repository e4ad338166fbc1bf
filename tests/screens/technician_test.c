// SPDX-License-Identifier: EUPL-1.2
//
// Every page of the technician's screen, on the three kinds of panel a device may have, in every
// language and mode; and a technician who enrols with the keypad alone.
#include "apps/technician/screen_face.h"
#include "tests/fakes/hand.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/keypad.h"
#include "tests/fakes/stage.h"
#include "ui/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct stage stage;
static struct technician screen;
static struct scenes scenes;
static struct config config;
static struct technician_news news;
static int64_t november_ms = 1795438320000; // 23 November 2026, 13.52

// The kiosk's panel, a wall's screen or a large monitor, a counter's monitor. The small one is read
// at a desk: its words may be smaller, its targets not.
static const struct panel {
    const char *name;
    int width_px;
    int height_px;
    float px_per_mm;
    struct audit_profile profile;
} panels[] = {
    {"tall", 1080, 1920, 3.61F, {7.33F, 20.0F, 3.0F}},
    {"wide", 1920, 1080, 3.61F, {7.33F, 20.0F, 3.0F}},
    {"small", 1280, 800, 3.78F, {4.8F, 20.0F, 3.0F}},
};
enum { PANELS_COUNT = sizeof panels / sizeof panels[0] };
static const struct panel *panel;

static void tap(const char *id)
{
    hand_tap(&scenes, id, &screen.now_ms);
}

static void type(const char *words)
{
    hand_type(&scenes, words, screen.now_ms);
}

static void tell(void)
{
    technician_take(&screen, &news);
    memset(&news, 0, sizeof news);
}

static void tell_facts(const struct facts *facts)
{
    news.kind = NEWS_FACTS;
    news.facts = *facts;
    tell();
}

static void tell_hub(enum technician_hub hub)
{
    news.kind = NEWS_HUB;
    news.hub = hub;
    tell();
}

static void tell_scan(const char *code)
{
    news.kind = NEWS_CODE;
    news.code.len = strlen(code);
    hand_put(news.code.words, sizeof news.code.words, code);
    tell();
}

static void tell_enrolled(enum err err)
{
    news.kind = NEWS_ENROLLED;
    news.enrolled.err = err;
    tell();
}

static void tell_cable(enum technician_news_kind kind, enum technician_cable cable)
{
    news.kind = kind;
    news.cable = cable;
    tell();
}

static struct facts new_facts(void)
{
    struct facts facts = {.has_link = true, .is_synchronised = true};
    hand_put(facts.board, sizeof facts.board, "pc-x86_64");
    hand_put(facts.version, sizeof facts.version, "1.4.0");
    hand_put(facts.serial, sizeof facts.serial, "3f2a91c0");
    hand_put(facts.interface, sizeof facts.interface, "eth0");
    hand_put(facts.address, sizeof facts.address, "192.168.20.31");
    hand_put(facts.hub_url, sizeof facts.hub_url, "https://hub.stadhuis.example:8443");
    hand_put(facts.hub_fingerprint, sizeof facts.hub_fingerprint,
             "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    return facts;
}

static struct facts own_facts(const char *device, const char *role)
{
    struct facts facts = new_facts();
    facts.is_enrolled = true;
    hand_put(facts.device, sizeof facts.device, device);
    hand_put(facts.role, sizeof facts.role, role);
    hand_put(facts.location, sizeof facts.location, "stadhuis");
    hand_put(facts.town, sizeof facts.town, "Gemeente Voorbeeldstad");
    return facts;
}

// A device fresh from its box: network, cables, no name.
static void start(const char *language, enum stage_mode mode)
{
    technician_finish(&screen);
    memset(&screen, 0, sizeof screen);
    technician_init(&screen, &stage.look, &scenes, &config);
    screen.clock = hand_clock(&november_ms);
    const char *build = getenv("INLOOP_BUILD");
    (void)snprintf(screen.setup.strings_dir, sizeof screen.setup.strings_dir, "%s/strings",
                   build == NULL ? "build/release" : build);
    screen.now_ms = 1000000;
    scenes_reset(&scenes, &technician_scene_home);
    stage_set(&stage, language, mode);
    stage_phrases(&screen.phrases, language);
    struct facts facts = new_facts();
    tell_facts(&facts);
    tell_hub(HUB_REACHED);
    tell_cable(NEWS_SCANNER, CABLE_READY);
    tell_cable(NEWS_READER, CABLE_READY);
    news.kind = NEWS_PRINTER;
    tell();
}

static void start_as(const char *device, const char *role, const char *language,
                     enum stage_mode mode)
{
    start(language, mode);
    struct facts facts = own_facts(device, role);
    tell_facts(&facts);
}

static const char *named(const char *name)
{
    static char full[64];
    (void)snprintf(full, sizeof full, "technician-%s-%s", panel->name, name);
    return full;
}

static size_t show(const char *name)
{
    return stage_findings(&stage, scenes_top(&scenes), &screen, named(name), &panel->profile);
}

static void tell_report(void)
{
    struct report *report = &news.report;
    news.kind = NEWS_REPORT;
    hand_put(report->update_state, sizeof report->update_state, "fell_back");
    hand_put(report->update_version, sizeof report->update_version, "1.5.0");
    hand_put(report->update_reason, sizeof report->update_reason, "scanner is missing since 1.5.0");
    hand_put(report->refused[0], FACTS_LINE_BYTES, "0781:5567 storage 2026-11-23T12:40:11Z");
    hand_put(report->refused[1], FACTS_LINE_BYTES, "046d:c31c keyboard 2026-11-23T12:38:02Z");
    report->refused_count = 2;
    hand_put(report->errors[0], FACTS_LINE_BYTES,
             "2026-11-23T12:51:40Z warn kiosk: scanner: usb: no answer within 2000 ms");
    hand_put(report->errors[1], FACTS_LINE_BYTES,
             "2026-11-23T12:50:07Z warn kiosk: printer: paper out");
    hand_put(report->errors[2], FACTS_LINE_BYTES,
             "2026-11-23T11:12:55Z error technician: the hub does not answer: timeout");
    hand_put(report->errors[3], FACTS_LINE_BYTES,
             "2026-11-23T05:01:02Z warn kiosk: card: no reader");
    report->errors_count = 4;
    report->has_health = true;
    report->health.is_drawn = true;
    report->health.is_connected = true;
    report->health.parts[HEALTH_SCANNER] = HEALTH_MISSING;
    report->health.parts[HEALTH_CARD] = HEALTH_OK;
    report->health.parts[HEALTH_PRINTER] = HEALTH_LOW;
    tell();
}

static size_t show_who(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    start(language, mode);
    findings += show("home-new");
    struct facts facts = new_facts();
    facts.has_link = false;
    facts.address[0] = '\0';
    tell_facts(&facts);
    findings += show("home-no-link");
    tap("device");
    findings += show("device-no-link");
    tap("bar.back");
    facts.interface[0] = '\0';
    tell_facts(&facts);
    findings += show("home-no-card");
    assert_string_equal(technician_trouble(&screen), "tech.net.no_card");
    tap("device");
    findings += show("device-no-card");
    start_as("kiosk-3", "kiosk", language, mode);
    findings += show("home");
    tap("device");
    findings += show("device");
    tap("bar.back");
    tell_hub(HUB_IS_OTHER);
    findings += show("home-other-hub");
    tell_hub(HUB_REACHED);
    tell_report();
    findings += show("home-fell-back");
    tap("state");
    findings += show("state");
    tap("errors");
    findings += show("errors");
    start_as("display-1", "display", language, mode);
    tap("state");
    findings += show("state-empty");
    tap("errors");
    findings += show("errors-none");
    screen.is_trouble = true;
    tap("bar.back");
    tap("bar.back");
    findings += show("home-trouble");
    return findings;
}

static size_t show_hub(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    start(language, mode);
    struct facts facts = own_facts("", "hub");
    facts.is_enrolled = false;
    hand_put(facts.hub_code, sizeof facts.hub_code,
             "KE1:laptop-1:0123456789abcdef01234567:"
             "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef:"
             "https://192.168.20.2:8444");
    tell_facts(&facts);
    findings += show("home-hub");
    tap("hub");
    findings += show("hub");
    facts.hub_code[0] = '\0';
    tell_facts(&facts);
    findings += show("hub-later");
    tap("bar.back");
    tap("tests");
    findings += show("tests-hub");
    return findings;
}

static size_t show_enrolling(const char *language, enum stage_mode mode)
{
    static const enum err errors[] = {ERR_REFUSED, ERR_CRYPTO, ERR_IO, ERR_MALFORMED, ERR_TIMEOUT};
    size_t findings = 0;
    start(language, mode);
    tap("enrol");
    findings += show("enrol");
    tell_scan("8710400000013");
    findings += show("enrol-other-code");
    tap("type");
    findings += show("name");
    tap("next");
    findings += show("name-empty");
    type("kiosk-3");
    tap("next");
    type("0123456789abcdef01234567");
    findings += show("code");
    tap("next");
    findings += show("enrolling");
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        char name[32];
        tell_enrolled(errors[i]);
        (void)snprintf(name, sizeof name, "failed-%s", err_name(errors[i]));
        findings += show(name);
    }
    struct facts facts = own_facts("kiosk-3", "kiosk");
    tell_facts(&facts);
    tell_enrolled(OK);
    findings += show("enrolled");
    start(language, mode);
    tell_cable(NEWS_SCANNER, CABLE_MISSING);
    tap("enrol");
    findings += show("enrol-no-scanner");
    return findings;
}

static size_t show_parts(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    start(language, mode); // may still become anything: all there is
    screen.results[TECHNICIAN_SCANNER] = (struct technician_result){OUTCOME_GOOD, november_ms};
    screen.results[TECHNICIAN_PRINTER] = (struct technician_result){OUTCOME_BAD, november_ms};
    tap("tests");
    findings += show("tests");
    tap("test.0");
    findings += show("scanner");
    tell_scan("KT1:INLOOP");
    findings += show("scanner-own");
    tell_scan("8710400000013");
    findings += show("scanner-read");
    tap("bar.back");
    tap("test.0");
    tell_cable(NEWS_SCANNER, CABLE_REFUSED);
    findings += show("scanner-refused");
    tell_cable(NEWS_SCANNER, CABLE_MISSING);
    findings += show("scanner-missing");
    tap("bar.back");
    tap("test.1");
    findings += show("card");
    news.kind = NEWS_CARD;
    news.card = CARD_LIES;
    tell();
    findings += show("card-lies");
    news.kind = NEWS_CARD;
    news.card = CARD_SAYS_NOTHING;
    tell();
    findings += show("card-mute");
    tell_cable(NEWS_READER, CABLE_MISSING);
    findings += show("card-missing");
    tap("bar.back");
    tap("test.4");
    findings += show("chime");
    screen.sound.device = 1;
    findings += show("chime-hear");
    screen.sound.device = 0;
    tap("bar.back");
    tap("test.5");
    findings += show("picture");
    return findings;
}

static size_t show_printer(const char *language, enum stage_mode mode)
{
    static const struct {
        const char *name;
        struct printer_status status;
    } states[] = {
        {"printer", {0}},
        {"printer-missing", {.is_offline = true}},
        {"printer-cover", {.cover_open = true}},
        {"printer-out", {.paper_out = true}},
        {"printer-cutter", {.cutter_error = true}},
        {"printer-fault", {.other_error = true}},
        {"printer-mouth", {.slip_in_mouth = true}},
        {"printer-low", {.paper_low = true}},
    };
    size_t findings = 0;
    start_as("kiosk-3", "kiosk", language, mode);
    tap("tests");
    findings += show("tests-kiosk");
    tap("test.2");
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        news.kind = NEWS_PRINTER;
        news.status = states[i].status;
        tell();
        findings += show(states[i].name);
    }
    tap("print");
    findings += show("printer-prints");
    news.kind = NEWS_SLIP;
    news.slip = SLIP_IS_OUT;
    tell();
    findings += show("printer-look");
    news.kind = NEWS_SLIP;
    news.slip = SLIP_FAILS;
    tell();
    findings += show("printer-fails");
    return findings;
}

// Touches each ring so many mm beside its middle.
static void touch_beside(float off_mm)
{
    for (size_t i = 0; i < TOUCH_CORNERS; i++) {
        struct touch_point at = touch_corner(i);
        const struct scene_event event = {.kind = SCENE_STROKE,
                                          .id = "touch.pad",
                                          .stroke = STROKE_BEGIN,
                                          .x_mm = at.x * stage.look.width_mm + off_mm,
                                          .y_mm = at.y * stage.look.height_mm,
                                          .now_ms = screen.now_ms};
        scenes_event(&scenes, &event);
    }
}

static size_t show_touch(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    start_as("kiosk-3", "kiosk", language, mode);
    tap("tests");
    tap("test.3");
    findings += show("touch");
    touch_beside(0.5F);
    findings += show("touch-good");
    tap("again");
    touch_beside(7.0F);
    findings += show("touch-not-kept");
    news.kind = NEWS_KEPT;
    news.is_kept = true;
    tell();
    findings += show("touch-set");
    tap("again");
    touch_beside(90.0F);
    findings += show("touch-unsure");
    return findings;
}

static void every_page_passes_the_audit_on_every_panel(void **state)
{
    (void)state;
    static const enum stage_mode modes[] = {STAGE_NORMAL, STAGE_LARGE, STAGE_CONTRAST};
    size_t findings = 0;
    for (size_t i = 0; i < STAGE_LANGUAGES_COUNT; i++) {
        for (size_t j = 0; j < sizeof modes / sizeof modes[0]; j++) {
            findings += show_who(stage_languages[i], modes[j]);
            findings += show_hub(stage_languages[i], modes[j]);
            findings += show_enrolling(stage_languages[i], modes[j]);
            findings += show_parts(stage_languages[i], modes[j]);
            findings += show_printer(stage_languages[i], modes[j]);
            findings += show_touch(stage_languages[i], modes[j]);
        }
    }

    assert_int_equal(findings, 0);
}

// True when the present page looks as it did when somebody last looked at it.
static size_t differs(const char *name)
{
    return stage_differs(&stage, scenes_top(&scenes), &screen, named(name));
}

static void pages_equal_their_golden_pictures(void **state)
{
    (void)state;
    size_t different = 0;
    start("nl", STAGE_NORMAL);
    different += differs("home-new");
    tap("enrol");
    different += differs("enrol");
    tap("type");
    type("kiosk-3");
    different += differs("name");
    tap("next");
    type("0123456789abcdef01234567");
    tap("next");
    tell_enrolled(ERR_REFUSED);
    different += differs("failed");
    start_as("kiosk-3", "kiosk", "en", STAGE_NORMAL);
    tell_report();
    different += differs("home-fell-back");
    tap("state");
    different += differs("state");
    start_as("kiosk-3", "kiosk", "ar", STAGE_CONTRAST);
    tap("tests");
    different += differs("tests-ar-contrast");
    start_as("kiosk-3", "kiosk", "nl", STAGE_LARGE);
    tap("device");
    different += differs("device-large");

    assert_int_equal(different, 0);
}

static void an_enrolment_code_under_the_scanner_enrols_from_the_first_page(void **state)
{
    (void)state;
    start("nl", STAGE_NORMAL);
    tell_scan("KE1:kiosk-3:0123456789abcdef01234567:"
              "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef:"
              "https://192.168.20.2:8444");

    assert_ptr_equal(scenes_top(&scenes), &technician_scene_enrolling);
    assert_int_equal(screen.enrol.stage, ENROL_RUNS);
}

static void an_enrolled_device_takes_no_enrolment_code(void **state)
{
    (void)state;
    start_as("kiosk-3", "kiosk", "nl", STAGE_NORMAL);
    tell_scan("KE1:kiosk-4:0123456789abcdef01234567:"
              "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef:"
              "https://192.168.20.2:8444");

    assert_ptr_equal(scenes_top(&scenes), &technician_scene_home);
    assert_int_equal(screen.enrol.stage, ENROL_NONE);
}

static void a_clock_that_is_wrong_is_blamed_before_the_hub(void **state)
{
    (void)state;
    start("nl", STAGE_NORMAL);
    struct facts facts = new_facts();
    facts.is_clock_wrong = true;
    tell_facts(&facts);
    tell_enrolled(ERR_CRYPTO);
    assert_string_equal(screen.enrol.failure, "tech.fail.clock");
    facts.is_clock_wrong = false;
    tell_facts(&facts);
    tell_enrolled(ERR_CRYPTO);

    assert_string_equal(screen.enrol.failure, "tech.fail.other_hub");
}

static void a_typed_code_is_gone_from_memory_once_it_was_used(void **state)
{
    (void)state;
    start("nl", STAGE_NORMAL);
    tap("enrol");
    tap("type");
    type("kiosk-3");
    tap("next");
    type("0123456789abcdef01234567");
    tap("next");

    assert_int_equal(screen.enrol.stage, ENROL_RUNS);
    assert_null(memmem(&screen, sizeof screen, "0123456789ABCDEF01234567", 24));
}

static void only_what_the_role_has_is_tested(void **state)
{
    (void)state;
    start_as("display-1", "display", "nl", STAGE_NORMAL);
    assert_false(technician_has_test(&screen, TECHNICIAN_SCANNER));
    assert_false(technician_has_test(&screen, TECHNICIAN_TOUCH));
    assert_true(technician_has_test(&screen, TECHNICIAN_CHIME));
    start_as("kiosk-3", "kiosk", "nl", STAGE_NORMAL);
    assert_true(technician_has_test(&screen, TECHNICIAN_SCANNER));
    assert_true(technician_has_test(&screen, TECHNICIAN_TOUCH));
    assert_false(technician_has_test(&screen, TECHNICIAN_CHIME));
}

static void the_keypad_alone_types_name_and_code(void **state)
{
    (void)state;
    static struct window window;
    struct fault fault = {0};
    struct window_options options = {
        .title = "technician", .surface_only = true, .icons_dir = "assets/icons"};
    start("nl", STAGE_NORMAL);
    assert_int_equal(window_open(&window, &stage.look, &scenes, &options, &fault), OK);
    (void)window_refresh(&window);
    assert_true(keypad_press(&window, "enrol", &screen.now_ms));
    assert_true(keypad_press(&window, "type", &screen.now_ms));
    assert_true(keypad_type(&window, "kiosk", &screen.now_ms));
    assert_true(keypad_press(&window, "next", &screen.now_ms));
    assert_true(keypad_type(&window, "0123abcd", &screen.now_ms));
    assert_string_equal(screen.enrol.name.text, "KIOSK");
    assert_string_equal(screen.enrol.code.text, "0123ABCD");
    assert_true(keypad_press(&window, "next", &screen.now_ms));

    assert_int_equal(screen.enrol.stage, ENROL_RUNS);
    window_close(&window);
}

static int open_panel(size_t position)
{
    panel = &panels[position];
    stage_open(&stage, panel->width_px, panel->height_px, panel->px_per_mm);
    scenes_init(&scenes, &screen, &stage.look);
    scenes_push(&scenes, &technician_scene_home);
    return 0;
}

static int open_tall(void **state)
{
    (void)state;
    return open_panel(0);
}

static int open_wide(void **state)
{
    (void)state;
    return open_panel(1);
}

static int open_small(void **state)
{
    (void)state;
    return open_panel(2);
}

static int close_panel(void **state)
{
    (void)state;
    technician_finish(&screen);
    stage_close(&stage);
    return 0;
}

#define ON(panel, test)                                                                            \
    {                                                                                              \
#test "_" #panel, test, open_##panel, close_panel, NULL                                    \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON(tall, every_page_passes_the_audit_on_every_panel),
        ON(wide, every_page_passes_the_audit_on_every_panel),
        ON(small, every_page_passes_the_audit_on_every_panel),
        ON(tall, pages_equal_their_golden_pictures),
        ON(wide, pages_equal_their_golden_pictures),
        ON(small, pages_equal_their_golden_pictures),
        ON(tall, an_enrolment_code_under_the_scanner_enrols_from_the_first_page),
        ON(tall, an_enrolled_device_takes_no_enrolment_code),
        ON(tall, a_clock_that_is_wrong_is_blamed_before_the_hub),
        ON(tall, a_typed_code_is_gone_from_memory_once_it_was_used),
        ON(tall, only_what_the_role_has_is_tested),
        ON(tall, the_keypad_alone_types_name_and_code),
        ON(small, the_keypad_alone_types_name_and_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
