// SPDX-License-Identifier: EUPL-1.2
//
// The form at the counter: every kind of question in every language and mode, and filled in with
// real keys from where the visitor stopped.
#include "apps/counter/desk.h"
#include "base/text.h"
#include "fill/fill.h"
#include "tests/fakes/hand.h"
#include "tests/fakes/noon_hall.h"
#include "tests/fakes/stage.h"
#include "tests/fakes/told_form.h"
#include "ui/window.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct stage stage;
static struct desk desk;
static struct scenes scenes;
static struct hub_message_private message;
static char *every_kind;
static char *people;

static const char two_questions[] =
    "{\"steps\":[{\"id\":\"\",\"name\":\"\",\"components\":["
    "{\"type\":\"textfield\",\"key\":\"merk\",\"label\":\"Welk merk is uw auto?\"},"
    "{\"type\":\"licenseplate\",\"key\":\"kenteken\",\"label\":\"Wat is het kenteken?\","
    "\"validate\":{\"required\":true}}]}],\"data\":{\"merk\":\"Opel\"}}";

static void tap(const char *id)
{
    hand_tap(&scenes, id, &desk.ticked_ms);
}

static void type(const char *words)
{
    hand_type(&scenes, words, 0);
}

static void serve(const char *language, enum stage_mode mode)
{
    stage_phrases(&desk.phrases, language);
    stage_set(&stage, language, mode);
    desk_wipe(&desk);
    memset(&message, 0, sizeof message);
    message.kind = HUB_CONNECTED;
    noon_hall_call(&message.state, TICKET_SERVING);
    desk_take(&desk, &scenes, &message);
    memset(&message, 0, sizeof message);
    message.kind = HUB_ANSWER;
    message.answer = HUB_ANSWER_CONTEXT;
    noon_hall_context(&message.context);
    noon_hall_stuck(&message.context.form);
    message.context.form.tried[0] = '\0';
    desk_take(&desk, &scenes, &message);
    desk.now_ms = NOON_HALL_MS;
}

// As the hub tells it to desk 3; `key` is where the visitor stopped, or NULL.
static void open_form(const char *document, const char *key)
{
    tap("form.fill");
    told_form(&message, desk.waits_for, document);
    hand_put(message.form.holder, sizeof message.form.holder, "counter-3");
    if (key != NULL) {
        hand_put(message.form.place.key, sizeof message.form.place.key, key);
    }
    desk_take(&desk, &scenes, &message);
    api_form_free(&message.form);
}

static void saved(uint64_t revision)
{
    told_saved(&message, desk.form.save_id, revision, true);
    desk_take(&desk, &scenes, &message);
}

static void go_to(const char *key)
{
    struct walk_page page;
    assert_true(walk_find(&desk.form.walk, key, &page));
    fill_show(&desk.form, page);
}

static size_t show(const char *name)
{
    return stage_findings(&stage, &desk_scene_work, &desk, name, &audit_counter);
}

static size_t show_questions(void)
{
    size_t findings = 0;
    char name[64];
    for (int16_t i = 0; i < (int16_t)desk.form.walk.form.fields_count; i++) {
        const struct form_field *field = &desk.form.walk.form.fields[i];
        struct walk_page page;
        if (form_repeat_of(&desk.form.walk.form, field) == NULL &&
            walk_find(&desk.form.walk, field->key, &page)) {
            fill_show(&desk.form, page);
            (void)snprintf(name, sizeof name, "counter-form-%s", field->key);
            findings += show(name);
        }
    }
    go_to("kenteken");
    type("GV2");
    tap("next");
    return findings + show("counter-form-error");
}

static size_t show_ends(void)
{
    size_t findings = 0;
    char name[64];
    go_to("bezoekers");
    tap("add");
    type("Sem");
    tap("next");
    type("GV27XK");
    tap("next");
    findings += show("counter-form-items");
    tap("remove.0");
    findings += show("counter-form-sure");
    fill_show(&desk.form, (struct walk_page){WALK_CHECK, FORM_NOWHERE});
    findings += show("counter-form-missing");
    for (enum form_trouble trouble = FORM_NOT_OPENED; trouble <= FORM_CANNOT; trouble++) {
        fill_show_trouble(&desk.form, trouble);
        (void)snprintf(name, sizeof name, "counter-form-trouble-%u", (unsigned)trouble);
        findings += show(name);
    }
    return findings;
}

static void type_born(const char *day, const char *month, const char *year)
{
    tap("date.day");
    type(day);
    tap("date.month");
    type(month);
    tap("date.year");
    type(year);
}

static void add_child(const char *name, const char *bsn)
{
    tap("add");
    type(name);
    tap("next");
    type_born("02", "02", "2022");
    tap("next");
    type(bsn);
    tap("next");
}

static size_t show_people(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    serve(language, mode);
    open_form(people, "kinderen");
    findings += show("counter-people-none");
    add_child("Onne", "999970112");
    findings += show("counter-people-selected");
    tap("next");
    add_child("Pero", "999970112");
    findings += show("counter-people-same-bsn");
    go_to("kinderen");
    findings += show("counter-people-items");
    tap("remove.1");
    findings += show("counter-people-sure");
    go_to("partner");
    tap("add");
    for (size_t i = 0; i < 3; i++) {
        type(i == 1 ? "" : "Pa");
        findings += show(i == 0 ? "counter-people-initials"
                                : (i == 1 ? "counter-people-affixes" : "counter-people-last-name"));
        tap("next");
    }
    type_born("01", "04", "1989");
    findings += show("counter-people-born");
    go_to("partner");
    findings += show("counter-people-partner");
    go_to("gezin");
    findings += show("counter-people-given");
    go_to("beide");
    findings += show("counter-people-both");
    fill_show(&desk.form, (struct walk_page){WALK_CHECK, FORM_NOWHERE});
    return findings + show("counter-people-missing");
}

static size_t show_all(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    serve(language, mode);
    findings += show("counter-form-offered");
    tap("form.fill");
    findings += show("counter-form-waits");
    serve(language, mode);
    open_form(every_kind, NULL);
    findings += show_questions();
    findings += show_ends();
    serve(language, mode);
    open_form(two_questions, "kenteken");
    type("GV27XK");
    desk.form.needs_privacy = true;
    desk.form.needs_truth = true;
    tap("next");
    findings += show("counter-form-ready");
    saved(2);
    tap("next");
    findings += show("counter-form-agree");
    tap("privacy");
    tap("truth");
    tap("next");
    findings += show("counter-form-sending");
    told_sent(&message, desk.waits_for, API_FORM_SENT, "OF-2026-00417");
    desk_take(&desk, &scenes, &message);
    findings += show("counter-form-sent");
    tap("form.back");
    return findings + show("counter-form-after");
}

static void every_language_and_mode_passes_the_audit(void **state)
{
    (void)state;
    size_t findings = 0;
    for (size_t i = 0; i < STAGE_LANGUAGES_COUNT; i++) {
        for (enum stage_mode mode = 0; mode < STAGE_MODES_COUNT; mode++) {
            findings += show_all(stage_languages[i], mode);
            findings += show_people(stage_languages[i], mode);
        }
    }

    assert_int_equal(findings, 0);
}

static size_t differs(const char *name)
{
    return stage_differs(&stage, &desk_scene_work, &desk, name);
}

static void scenes_equal_their_golden_pictures(void **state)
{
    (void)state;
    size_t different = 0;
    serve("nl", STAGE_NORMAL);
    different += differs("counter-form-offered");
    open_form(every_kind, "kenteken");
    different += differs("counter-form-plate");
    go_to("straat");
    different += differs("counter-form-list");
    go_to("adres");
    different += differs("counter-form-address");
    go_to("ingang");
    different += differs("counter-form-date");
    serve("nl", STAGE_NORMAL);
    open_form(two_questions, "kenteken");
    type("GV27XK");
    tap("next");
    different += differs("counter-form-ready");
    serve("nl", STAGE_NORMAL);
    open_form(people, "kinderen");
    add_child("Onne", "999970112");
    tap("next");
    add_child("Olle", "999970100");
    tap("next");
    different += differs("counter-people-items");
    go_to("beide");
    different += differs("counter-people-both");

    assert_int_equal(different, 0);
}

static const char *key(void)
{
    const struct form_field *field = fill_field(&desk.form);
    return field == NULL ? "" : field->key;
}

static void the_form_opens_at_the_question_where_the_visitor_stopped(void **state)
{
    (void)state;
    serve("nl", STAGE_NORMAL);

    open_form(two_questions, "kenteken");

    assert_int_equal(desk.form_view, DESK_FORM_PAGE);
    assert_string_equal(key(), "kenteken");
}

static void what_the_kiosk_could_not_take_is_mended_not_typed_again(void **state)
{
    (void)state;
    serve("nl", STAGE_NORMAL);
    hand_put(desk.context.form.tried, CONTEXT_TRIED_BYTES, "GV27X");

    open_form(two_questions, "kenteken");
    type("K");
    tap("next");

    assert_int_equal(desk.form.page.kind, WALK_CHECK);
}

static void a_visitor_who_is_only_called_has_no_form_to_fill_in_yet(void **state)
{
    (void)state;
    serve("nl", STAGE_NORMAL);
    memset(&message, 0, sizeof message);
    message.kind = HUB_CONNECTED;
    noon_hall_call(&message.state, TICKET_CALLED);
    desk_take(&desk, &scenes, &message);

    tap("form.fill");

    assert_int_equal(desk.form_view, DESK_FORM_NONE);
}

static void press(struct window *window, enum tree_key pressed, int64_t *now_ms)
{
    *now_ms += 1000;
    window_step(window, *now_ms);
    *now_ms += 1000;
    window_press_key(window, pressed, *now_ms);
}

// A visitor is being served; F3 asks for the form.
static void open_window(struct window *window, struct look *look, struct scenes *shown,
                        int64_t *now_ms)
{
    const struct window_options options = {.title = "counter",
                                           .surface_only = true,
                                           .has_action_keys = true,
                                           .icons_dir = "assets/icons"};
    struct fault fault = {0};
    serve("nl", STAGE_NORMAL);
    look_init(look, 1280, 800, 3.78F);
    scenes_init(shown, &desk, look);
    assert_int_equal(window_open(window, look, shown, &options, &fault), OK);
    scenes_push(shown, &desk_scene_work);
    press(window, KEY_F3, now_ms);
}

static void take_form(struct window *window, const char *document, const char *key, int64_t *now_ms)
{
    told_form(&message, desk.waits_for, document);
    hand_put(message.form.place.key, sizeof message.form.place.key, key);
    desk_take(&desk, NULL, &message);
    api_form_free(&message.form);
    *now_ms += 1000;
    window_step(window, *now_ms);
}

static void a_form_is_finished_with_the_keyboard_alone(void **state)
{
    (void)state;
    static struct window window;
    static struct look look;
    static struct scenes shown;
    int64_t now_ms = 1000;
    open_window(&window, &look, &shown, &now_ms);
    take_form(&window, two_questions, "kenteken", &now_ms);

    for (const char *at = "gv27xk"; *at != '\0'; at++) {
        window_type(&window, (unsigned char)*at, now_ms += 1000);
        window_step(&window, now_ms += 1000);
    }
    press(&window, KEY_ENTER, &now_ms);
    assert_int_equal(desk.form.page.kind, WALK_CHECK);
    saved(2);
    press(&window, KEY_ENTER, &now_ms);
    assert_int_equal(desk.form_view, DESK_FORM_SENDING);
    told_sent(&message, desk.waits_for, API_FORM_SENT, "OF-2026-00417");
    desk_take(&desk, NULL, &message);
    assert_int_equal(desk.form_view, DESK_FORM_SENT);
    press(&window, KEY_ENTER, &now_ms);

    assert_int_equal(desk.form_view, DESK_FORM_NONE);
    assert_string_equal(desk.form_reference, "OF-2026-00417");
    assert_false(desk_may_fill(&desk));
    window_close(&window);
}

// Tab goes on to the next field: so does what is typed, a blank too, and Enter goes on.
static void typing_goes_where_tab_went(void **state)
{
    (void)state;
    static struct window window;
    static struct look look;
    static struct scenes shown;
    int64_t now_ms = 1000;
    open_window(&window, &look, &shown, &now_ms);
    take_form(&window, every_kind, "adres", &now_ms);
    static const char *const typed[3] = {"1234 AB", "12", "C"};
    for (size_t i = 0; i < 3; i++) {
        char id[8];
        (void)snprintf(id, sizeof id, "part.%u", (unsigned)i % 10);
        for (size_t j = 0; j < WINDOW_FOCUSABLES_MAX && !text_equal(window.focus_id, id); j++) {
            window_move_focus(&window, WINDOW_NEXT, now_ms += 1000);
        }
        for (const char *at = typed[i]; *at != '\0'; at++) {
            window_type(&window, (unsigned char)*at, now_ms += 1000);
        }
        assert_string_equal(desk.form.entry.edits[i].text, typed[i]);
    }
    assert_string_equal(key(), "adres");

    press(&window, KEY_ENTER, &now_ms);

    assert_string_equal(key(), "soort");
    window_close(&window);
}

static void key_in(struct window *window, const char *words, int64_t *now_ms)
{
    for (const char *at = words; *at != '\0'; at++) {
        window_type(window, (unsigned char)*at, *now_ms += 1000);
        window_step(window, *now_ms += 1000);
    }
}

static void tab_to(struct window *window, const char *id, int64_t *now_ms)
{
    window_step(window, *now_ms += 1000);
    for (size_t i = 0; i < WINDOW_FOCUSABLES_MAX && !text_equal(window->focus_id, id); i++) {
        window_move_focus(window, WINDOW_NEXT, *now_ms += 1000);
    }
    assert_string_equal(window->focus_id, id);
}

static void key_in_child(struct window *window, const char *name, const char *bsn, int64_t *now_ms)
{
    static const char *const parts[] = {"date.day", "date.month", "date.year"};
    static const char *const born[] = {"02", "02", "2022"};
    press(window, KEY_F9, now_ms);
    key_in(window, name, now_ms);
    press(window, KEY_ENTER, now_ms);
    for (size_t i = 0; i < 3; i++) {
        tab_to(window, parts[i], now_ms);
        key_in(window, born[i], now_ms);
    }
    press(window, KEY_ENTER, now_ms);
    key_in(window, bsn, now_ms);
    press(window, KEY_ENTER, now_ms);
    press(window, KEY_F10, now_ms); // the tick stands
}

static void expect_children(const char *words)
{
    struct json *wanted = NULL;
    assert_int_equal(json_parse(words, strlen(words), &wanted), OK);
    const struct json *given = json_get(desk.form.walk.answers.data_private, "kinderen");
    if (!json_same(given, wanted)) {
        fail_msg("%s", json_write_new(given));
    }
    json_free(wanted);
}

#define CHILD(name, bsn, number)                                                                   \
    "{\"bsn\":\"" bsn "\",\"firstNames\":\"" name                                                  \
    "\",\"dateOfBirth\":\"2022-02-02\",\"selected\":true,\"_OF_INTERNAL_id\":\"" number            \
    "\",\"_OF_INTERNAL_addedManually\":true,\"__addedManually\":true}"

static void a_child_is_added_changed_and_removed_with_the_keyboard(void **state)
{
    (void)state;
    static struct window window;
    static struct look look;
    static struct scenes shown;
    int64_t now_ms = 1000;
    open_window(&window, &look, &shown, &now_ms);
    take_form(&window, people, "kinderen", &now_ms);

    key_in_child(&window, "Onne", "999970112", &now_ms);
    key_in_child(&window, "Pero", "999970409", &now_ms);
    expect_children("[" CHILD("Onne", "999970112", "1") "," CHILD("Pero", "999970409", "2") "]");
    tab_to(&window, "item.1", &now_ms);
    press(&window, KEY_ENTER, &now_ms);
    key_in(&window, " Jan", &now_ms);
    press(&window, KEY_ENTER, &now_ms);
    assert_string_equal(key(), "dateOfBirth");
    go_to("kinderen");
    window_step(&window, now_ms += 1000);
    tab_to(&window, "remove.0", &now_ms);
    press(&window, KEY_ENTER, &now_ms);
    tab_to(&window, "remove.yes", &now_ms);
    press(&window, KEY_ENTER, &now_ms);

    expect_children("[" CHILD("Pero Jan", "999970409", "2") "]");
    window_close(&window);
}

static void what_was_typed_is_saved_before_one_goes_back_to_the_visitor(void **state)
{
    (void)state;
    serve("nl", STAGE_NORMAL);
    open_form(two_questions, "merk");
    type(" Corsa");
    unsigned before = desk.commands_count;

    tap("form.back");

    assert_int_equal(desk.commands_count, before + 1);
    assert_int_equal(desk.form_view, DESK_FORM_NONE);
    assert_true(desk_may_fill(&desk));
}

static void nothing_of_the_form_stays_when_its_ticket_leaves_the_desk(void **state)
{
    (void)state;
    static const struct fill_private nothing;
    serve("nl", STAGE_NORMAL);
    open_form(two_questions, "merk");
    type(" Corsa");
    memset(&message, 0, sizeof message);
    message.kind = HUB_CONNECTED;
    noon_hall_state(&message.state);

    desk_take(&desk, &scenes, &message);

    desk.form.host = NULL;
    assert_memory_equal(&desk.form, &nothing, sizeof nothing);
    assert_int_equal(desk.form_view, DESK_FORM_NONE);
}

static void a_refusal_of_a_form_that_is_closed_bothers_nobody(void **state)
{
    (void)state;
    serve("nl", STAGE_NORMAL);
    open_form(two_questions, "merk");
    tap("form.back");

    told_no(&message, 77, "form_gone");
    desk_take(&desk, &scenes, &message);

    assert_string_equal(desk.problem, "");
}

static int open_stage(void **state)
{
    (void)state;
    stage_open(&stage, 1280, 800, 3.78F);
    every_kind = told_every_kind();
    people = told_people();
    hand_put(desk.desk, DESK_BYTES, "3");
    desk_init(&desk, &stage.look);
    scenes_init(&scenes, &desk, &stage.look);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    desk_wipe(&desk);
    stage_close(&stage);
    free(every_kind);
    free(people);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_language_and_mode_passes_the_audit),
        cmocka_unit_test(scenes_equal_their_golden_pictures),
        cmocka_unit_test(the_form_opens_at_the_question_where_the_visitor_stopped),
        cmocka_unit_test(what_the_kiosk_could_not_take_is_mended_not_typed_again),
        cmocka_unit_test(a_visitor_who_is_only_called_has_no_form_to_fill_in_yet),
        cmocka_unit_test(a_form_is_finished_with_the_keyboard_alone),
        cmocka_unit_test(typing_goes_where_tab_went),
        cmocka_unit_test(a_child_is_added_changed_and_removed_with_the_keyboard),
        cmocka_unit_test(what_was_typed_is_saved_before_one_goes_back_to_the_visitor),
        cmocka_unit_test(nothing_of_the_form_stays_when_its_ticket_leaves_the_desk),
        cmocka_unit_test(a_refusal_of_a_form_that_is_closed_bothers_nobody),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
