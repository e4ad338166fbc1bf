// SPDX-License-Identifier: EUPL-1.2
//
// The counter's screens in every language and mode, and what its keys and the hub's messages do.
#include "apps/counter/desk.h"
#include "base/text.h"
#include "tests/fakes/hand.h"
#include "tests/fakes/noon_hall.h"
#include "tests/fakes/stage.h"
#include "ui/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct stage stage;
static struct desk desk;
static struct scenes scenes;
static struct hub_message_private message;

static void connect(void)
{
    memset(&message, 0, sizeof message);
    message.kind = HUB_CONNECTED;
    noon_hall_state(&message.state);
    desk_take(&desk, &scenes, &message);
    desk.now_ms = NOON_HALL_MS;
}

static void call_nadia(enum ticket_state state)
{
    memset(&message, 0, sizeof message);
    message.kind = HUB_CONNECTED;
    noon_hall_call(&message.state, state);
    desk_take(&desk, &scenes, &message);
    desk.now_ms = NOON_HALL_MS;
}

static void give_context(void)
{
    memset(&message, 0, sizeof message);
    message.kind = HUB_ANSWER;
    message.answer = HUB_ANSWER_CONTEXT;
    noon_hall_context(&message.context);
    desk_take(&desk, &scenes, &message);
}

static void give_stuck(void)
{
    noon_hall_stuck(&desk.context.form);
}

// Whoever is called has shown this, and nothing else yet.
static struct ticket *prove_again(enum evidence_kind kind)
{
    struct ticket *called = &desk.state.tickets[desk.state.tickets_count - 1];
    called->evidence = (struct evidence){0};
    evidence_add(&called->evidence, kind);
    return called;
}

// Somebody who continued a form by its link: what it is about is known, who she is is not.
static void call_by_link(void)
{
    call_nadia(TICKET_CALLED);
    struct ticket *called = prove_again(EVIDENCE_RESUME_LINK);
    called->level = evidence_level(called->evidence);
    called->subject = SUBJECT_LETTER;
    called->needs = 0;
    memset(&message, 0, sizeof message);
    message.kind = HUB_ANSWER;
    message.answer = HUB_ANSWER_CONTEXT;
    message.context.has_request = true;
    message.context.request.state = REQUEST_QUESTION;
    hand_put(message.context.request.title, REQUEST_TITLE_BYTES, "Vraag of klacht");
    desk_take(&desk, &scenes, &message);
    give_stuck();
    hand_put(desk.context.form.label, CONTEXT_LABEL_BYTES, "Waar gaat het over?");
    hand_put(desk.context.form.error, CONTEXT_ERROR_BYTES, "");
    hand_put(desk.context.form.tried, CONTEXT_TRIED_BYTES, "");
}

// Nadia laid her identity card down; nobody has compared the photograph with her face yet.
static void call_by_document(enum ticket_state state)
{
    call_nadia(state);
    struct ticket *called = prove_again(EVIDENCE_CHIP_GENUINE);
    evidence_add(&called->evidence, EVIDENCE_CHIP_NOT_CLONED);
    called->level = evidence_level(called->evidence);
}

static void call_by_claim(enum evidence_kind claim)
{
    call_by_document(TICKET_CALLED);
    struct ticket *called = prove_again(claim);
    evidence_add(&called->evidence, EVIDENCE_BIRTH_DATE);
}

static void close_desk(void)
{
    desk.state.counters[1].state = COUNTER_CLOSED;
    desk.state.counters[1].staff[0] = '\0';
    desk.state.counter_staff_name[1][0] = '\0';
    memset(&desk.sign_in, 0, sizeof desk.sign_in);
}

static void desk_refuse(const char *code)
{
    memset(&message, 0, sizeof message);
    message.kind = HUB_ANSWER;
    message.answer = HUB_ANSWER_PROBLEM;
    hand_put(message.problem.code, API_PROBLEM_CODE_BYTES, code);
    desk_take(&desk, &scenes, &message);
}

static size_t show(const struct scene *scene, const char *name)
{
    return stage_findings(&stage, scene, &desk, name, &audit_counter);
}

static size_t show_by_card(void)
{
    size_t findings = 0;
    give_context();
    call_by_document(TICKET_SERVING);
    findings += show(&desk_scene_work, "counter-by-document");
    desk.sheet = SHEET_FINISH;
    findings += show(&desk_scene_work, "counter-by-document-finish");
    desk.sheet = SHEET_NONE;
    call_by_claim(EVIDENCE_PASS_NUMBER);
    findings += show(&desk_scene_work, "counter-by-pass");
    call_by_claim(EVIDENCE_PAPER_CODE);
    findings += show(&desk_scene_work, "counter-by-letter");
    return findings;
}

static size_t show_all(void)
{
    size_t findings = 0;
    desk_wipe(&desk);
    connect();
    close_desk();
    scenes_reset(&scenes, &desk_scene_sign_in);
    findings += show(&desk_scene_sign_in, "counter-sign-in");
    hand_put(desk.sign_in.staff, DESK_STAFF_BYTES, "s3");
    desk_refuse("sign_in_wrong");
    findings += show(&desk_scene_sign_in, "counter-sign-in-wrong");
    connect();
    findings += show(&desk_scene_work, "counter-free");
    desk.state.counters[1].state = COUNTER_PAUSED;
    findings += show(&desk_scene_work, "counter-paused");
    connect();
    desk.state.tickets_count = 0;
    findings += show(&desk_scene_work, "counter-nobody");
    connect();
    desk.state.tickets[1].state = TICKET_NO_SHOW;
    desk.state.tickets[2].state = TICKET_PARKED;
    hand_put(desk.state.tickets[1].desk_only, DESK_BYTES, "3");
    hand_put(desk.state.tickets[2].desk_only, DESK_BYTES, "3");
    findings += show(&desk_scene_work, "counter-aside");
    connect();
    desk_ask_why(&desk);
    desk.why =
        (struct hall_why){.earlier_promise = 5, .same_promise = 1, .granted = 1, .desks_open = 2};
    desk.has_why = true;
    findings += show(&desk_scene_work, "counter-why");
    call_nadia(TICKET_CALLED);
    findings += show(&desk_scene_work, "counter-called-coming");
    desk_refuse("not_yours");
    findings += show(&desk_scene_work, "counter-called-refused");
    desk.context_refused = false;
    desk.problem[0] = '\0';
    give_context();
    findings += show(&desk_scene_work, "counter-called");
    give_stuck();
    findings += show(&desk_scene_work, "counter-stuck");
    call_by_link();
    findings += show(&desk_scene_work, "counter-by-link");
    findings += show_by_card();
    call_nadia(TICKET_SERVING);
    findings += show(&desk_scene_work, "counter-serving");
    desk.sheet = SHEET_FINISH;
    findings += show(&desk_scene_work, "counter-finish");
    desk.sheet = SHEET_TRANSFER;
    findings += show(&desk_scene_work, "counter-transfer");
    desk.is_connected = false;
    findings += show(&desk_scene_work, "counter-lost-transfer");
    desk.sheet = SHEET_NONE;
    findings += show(&desk_scene_work, "counter-lost");
    desk_wipe(&desk);
    connect();
    desk.is_connected = false;
    findings += show(&desk_scene_work, "counter-lost-free");
    desk.is_connected = true;
    return findings;
}

static void every_language_and_mode_passes_the_audit(void **state)
{
    (void)state;
    size_t findings = 0;
    for (size_t i = 0; i < STAGE_LANGUAGES_COUNT; i++) {
        stage_phrases(&desk.phrases, stage_languages[i]);
        for (enum stage_mode mode = 0; mode < STAGE_MODES_COUNT; mode++) {
            stage_set(&stage, stage_languages[i], mode);
            findings += show_all();
        }
    }

    assert_int_equal(findings, 0);
}

// True when the scene looks as it did when somebody last looked at it. To renew the pictures:
// INLOOP_GOLDEN=write, then look at each of them beside the drawn design.
static size_t differs(const struct scene *scene, const char *name)
{
    return stage_differs(&stage, scene, &desk, name);
}

static void dress(const char *language, enum stage_mode mode)
{
    stage_phrases(&desk.phrases, language);
    stage_set(&stage, language, mode);
    desk_wipe(&desk);
    connect();
}

static void scenes_equal_their_golden_pictures(void **state)
{
    (void)state;
    size_t different = 0;
    dress("nl", STAGE_NORMAL);
    different += differs(&desk_scene_work, "counter-free");
    desk_ask_why(&desk);
    desk.why =
        (struct hall_why){.earlier_promise = 5, .same_promise = 1, .granted = 1, .desks_open = 2};
    desk.has_why = true;
    different += differs(&desk_scene_work, "counter-why");
    call_nadia(TICKET_CALLED);
    give_context();
    different += differs(&desk_scene_work, "counter-called");
    stage_set(&stage, "nl", STAGE_OTHER_TOWN);
    different += differs(&desk_scene_work, "counter-called-voorbeeld");
    stage_set(&stage, "nl", STAGE_NORMAL);
    give_stuck();
    different += differs(&desk_scene_work, "counter-stuck");
    call_by_link();
    different += differs(&desk_scene_work, "counter-by-link");
    desk_wipe(&desk);
    connect();
    call_by_document(TICKET_SERVING);
    give_context();
    different += differs(&desk_scene_work, "counter-by-document");
    desk_wipe(&desk);
    connect();
    call_nadia(TICKET_CALLED);
    give_context();
    call_nadia(TICKET_SERVING);
    different += differs(&desk_scene_work, "counter-serving");
    desk.sheet = SHEET_FINISH;
    different += differs(&desk_scene_work, "counter-finish");
    desk.sheet = SHEET_TRANSFER;
    different += differs(&desk_scene_work, "counter-transfer");

    assert_int_equal(different, 0);
}

static void a_missing_part_equals_its_golden_picture(void **state)
{
    (void)state;
    size_t different = 0;
    dress("nl", STAGE_NORMAL);
    close_desk();
    different += differs(&desk_scene_sign_in, "counter-sign-in");
    connect();
    desk.state.tickets[1].state = TICKET_NO_SHOW;
    desk.state.tickets[2].state = TICKET_PARKED;
    different += differs(&desk_scene_work, "counter-aside");
    call_nadia(TICKET_CALLED);
    desk_refuse("not_yours");
    different += differs(&desk_scene_work, "counter-refused");
    desk_wipe(&desk);
    call_nadia(TICKET_SERVING);
    give_context();
    desk.is_connected = false;
    different += differs(&desk_scene_work, "counter-lost");
    desk.is_connected = true;

    assert_int_equal(different, 0);
}

static const char *cap_of(enum tree_key key)
{
    static const char *const caps[] = {
        [KEY_F1] = "F1",      [KEY_F2] = "F2",   [KEY_F3] = "F3",       [KEY_F4] = "F4",
        [KEY_F5] = "F5",      [KEY_F6] = "F6",   [KEY_F7] = "F7",       [KEY_F8] = "F8",
        [KEY_F9] = "F9",      [KEY_F10] = "F10", [KEY_F11] = "F11",     [KEY_F12] = "F12",
        [KEY_1] = "1",        [KEY_2] = "2",     [KEY_3] = "3",         [KEY_4] = "4",
        [KEY_5] = "5",        [KEY_6] = "6",     [KEY_7] = "7",         [KEY_8] = "8",
        [KEY_9] = "9",        [KEY_0] = "0",     [KEY_ENTER] = "Enter", [KEY_ESCAPE] = "Esc",
        [KEY_NONE] = "no key"};
    return caps[key];
}

// Counts what can be done without a key, without its cap, or with a key something else has.
static size_t keyless(const struct scene *scene)
{
    size_t found = 0;
    stage_lay(&stage, scene, &desk, "counter-keys");
    struct tree *tree = &stage.tree;
    for (size_t i = 0; i < tree->nodes_count; i++) {
        const struct node *node = &tree->nodes[i];
        if (!tree_takes_focus(node) || node->role == ROLE_FIELD) {
            continue; // a field is typed in
        }
        bool is_shown = false;
        bool is_alone = true;
        for (size_t j = 0; j < tree->nodes_count; j++) {
            const struct node *other = &tree->nodes[j];
            is_shown =
                is_shown || (other->style == STYLE_KEYCAP && tree_is_within(tree, other, node) &&
                             text_equal(other->name, cap_of(node->key)));
            is_alone = is_alone && (other == node || other->key != node->key);
        }
        if (!is_shown || !is_alone) {
            printf("%s: %s\n", node->id, cap_of(node->key));
            found += 1;
        }
    }
    return found;
}

static void everything_the_mouse_can_do_has_its_own_key_and_shows_it(void **state)
{
    (void)state;
    size_t found = 0;
    dress("nl", STAGE_NORMAL);
    found += keyless(&desk_scene_sign_in);
    found += keyless(&desk_scene_work);
    desk.state.tickets[1].state = TICKET_NO_SHOW;
    desk.state.tickets[2].state = TICKET_PARKED;
    found += keyless(&desk_scene_work);
    desk_ask_why(&desk);
    found += keyless(&desk_scene_work);
    call_nadia(TICKET_CALLED);
    found += keyless(&desk_scene_work);
    call_nadia(TICKET_SERVING);
    desk.state.tickets[desk.state.tickets_count - 1].level = LEVEL_1;
    found += keyless(&desk_scene_work);
    desk.state.tickets[0].state = TICKET_PARKED;
    desk.sheet = SHEET_FINISH;
    found += keyless(&desk_scene_work);
    desk.sheet = SHEET_TRANSFER;
    found += keyless(&desk_scene_work);

    assert_int_equal(found, 0);
}

static void open_window(struct window *window, struct look *look, struct scenes *shown)
{
    struct fault fault = {0};
    look_init(look, 1280, 800, 3.78F);
    scenes_init(shown, &desk, look);
    struct window_options options = {.title = "counter",
                                     .surface_only = true,
                                     .has_action_keys = true,
                                     .icons_dir = "assets/icons"};
    assert_int_equal(window_open(window, look, shown, &options, &fault), OK);
}

static void a_visit_is_served_by_keys_alone(void **state)
{
    (void)state;
    static struct window window;
    static struct look look;
    static struct scenes shown;
    dress("nl", STAGE_NORMAL);
    open_window(&window, &look, &shown);
    scenes_push(&shown, &desk_scene_work);
    window_step(&window, 1000);
    unsigned before = desk.commands_count;

    window_press_key(&window, KEY_F2, 2000);
    assert_int_equal(desk.commands_count, before + 1);
    call_nadia(TICKET_CALLED);
    window_step(&window, 3000);
    window_press_key(&window, KEY_ENTER, 4000);
    assert_int_equal(desk.commands_count, before + 2);
    call_nadia(TICKET_SERVING);
    window_step(&window, 5000);
    window_press_key(&window, KEY_ENTER, 6000);
    assert_int_equal(desk.sheet, SHEET_FINISH);
    window_step(&window, 7000);
    window_type(&window, '2', 8000);
    assert_int_equal(desk.outcome, FINISH_VISITOR_MUST_ACT);
    window_step(&window, 9000);
    window_press_key(&window, KEY_ENTER, 10000);

    assert_int_equal(desk.commands_count, before + 3);
    assert_true(desk.calls_next_after);
    window_close(&window);
}

static void a_document_that_was_compared_is_sure_with_one_key(void **state)
{
    (void)state;
    static struct window window;
    static struct look look;
    static struct scenes shown;
    dress("nl", STAGE_NORMAL);
    open_window(&window, &look, &shown);
    scenes_push(&shown, &desk_scene_work);
    call_by_document(TICKET_SERVING);
    window_step(&window, 1000);
    unsigned before = desk.commands_count;
    assert_non_null(tree_find(&window.tree, "document"));

    window_press_key(&window, KEY_F5, 2000);
    assert_int_equal(desk.commands_count, before + 1);
    struct ticket *seen = &desk.state.tickets[desk.state.tickets_count - 1];
    evidence_add(&seen->evidence, EVIDENCE_DOCUMENT_SEEN);
    seen->level = evidence_level(seen->evidence);
    window_step(&window, 3000);

    assert_int_equal(seen->level, LEVEL_3);
    assert_null(tree_find(&window.tree, "document"));
    window_close(&window);
}

static void who_was_not_there_comes_back_with_one_key(void **state)
{
    (void)state;
    static struct window window;
    static struct look look;
    static struct scenes shown;
    dress("nl", STAGE_NORMAL);
    call_nadia(TICKET_CALLED);
    open_window(&window, &look, &shown);
    scenes_push(&shown, &desk_scene_work);
    window_step(&window, 1000);
    unsigned before = desk.commands_count;
    window_press_key(&window, KEY_F9, 2000);
    assert_int_equal(desk.commands_count, before + 1);
    connect();
    desk.state.tickets[0].state = TICKET_NO_SHOW;
    window_step(&window, 3000);
    assert_string_equal(desk_aside(&desk, 0)->number, "B043");

    window_type(&window, '1', 4000);

    assert_int_equal(desk.commands_count, before + 2);
    window_close(&window);
}

static void a_context_the_desk_may_not_see_is_said_and_no_name_is_shown(void **state)
{
    (void)state;
    dress("nl", STAGE_NORMAL);
    call_nadia(TICKET_CALLED);

    desk_refuse("not_yours");

    stage_lay(&stage, &desk_scene_work, &desk, "counter-keys");
    bool is_said = false;
    for (size_t i = 0; i < stage.tree.nodes_count; i++) {
        const char *words = stage.tree.nodes[i].name;
        is_said =
            is_said || text_equal(words, phrases_get(&desk.phrases, "counter.context.refused"));
        assert_null(strstr(words, "Haddad"));
    }
    assert_true(is_said);
}

static void the_queue_stands_in_the_order_of_its_promises(void **state)
{
    (void)state;
    desk_wipe(&desk);
    connect();

    assert_string_equal(desk_waiting(&desk, 0)->number, "B043");
    assert_string_equal(desk_waiting(&desk, 1)->number, "C018");
    assert_string_equal(desk_waiting(&desk, 2)->number, "B044");
    assert_string_equal(desk_waiting(&desk, 5)->number, "A103");
    assert_null(desk_waiting(&desk, 6));
    assert_int_equal(desk_waiting_count(&desk), 6);
}

static void calling_next_with_a_visitor_here_is_refused_in_words(void **state)
{
    (void)state;
    desk_wipe(&desk);
    call_nadia(TICKET_SERVING);
    unsigned before = desk.commands_count;

    desk_next(&desk);

    assert_int_equal(desk.commands_count, before);
    assert_string_equal(desk.problem, "counter.problem.finish_first");
}

static void the_context_is_wiped_when_its_ticket_leaves_the_desk(void **state)
{
    (void)state;
    desk_wipe(&desk);
    call_nadia(TICKET_CALLED);
    give_context();
    assert_true(desk.has_context);

    memset(&message, 0, sizeof message);
    message.kind = HUB_EVENT;
    message.event.kind = API_EVENT_TICKET;
    message.event.ticket = *desk_current(&desk);
    message.event.ticket.state = TICKET_PARKED;
    message.event.ticket.version += 1;
    desk_take(&desk, &scenes, &message);

    static const struct context_private nothing;
    assert_false(desk.has_context);
    assert_memory_equal(&desk.context, &nothing, sizeof nothing);
    assert_null(desk_current(&desk));
    assert_string_equal(desk_aside(&desk, 0)->number, "B042");
}

static void an_answer_older_than_its_event_changes_nothing(void **state)
{
    (void)state;
    desk_wipe(&desk);
    call_nadia(TICKET_CALLED);
    struct ticket newer = *desk_current(&desk);
    newer.state = TICKET_SERVING;
    newer.version = 9;
    memset(&message, 0, sizeof message);
    message.kind = HUB_EVENT;
    message.event.kind = API_EVENT_TICKET;
    message.event.ticket = newer;
    desk_take(&desk, &scenes, &message);

    memset(&message, 0, sizeof message);
    message.kind = HUB_ANSWER;
    message.answer = HUB_ANSWER_TICKET;
    message.ticket.ticket = newer;
    message.ticket.ticket.state = TICKET_CALLED;
    message.ticket.ticket.version = 8;
    desk_take(&desk, &scenes, &message);

    assert_int_equal(desk_current(&desk)->state, TICKET_SERVING);
}

static void a_wrong_pin_is_said_and_wiped(void **state)
{
    (void)state;
    desk_wipe(&desk);
    connect();
    hand_put(desk.sign_in.staff, DESK_STAFF_BYTES, "s3");
    hand_put(desk.sign_in.pin, API_PIN_BYTES, "1234");

    desk_refuse("sign_in_wrong");

    assert_string_equal(desk.sign_in.pin, "");
    assert_true(desk.sign_in.was_wrong);
    assert_string_equal(desk.problem, "counter.problem.sign_in_wrong");
}

static void a_typed_digit_arrives_once_and_enter_goes_to_the_pin(void **state)
{
    (void)state;
    static struct window window;
    static struct look look;
    static struct scenes typed;
    desk_wipe(&desk);
    memset(&desk.sign_in, 0, sizeof desk.sign_in);
    connect();
    open_window(&window, &look, &typed);
    scenes_push(&typed, &desk_scene_sign_in);
    window_step(&window, 1000);

    window_type(&window, 's', 1010);
    window_type(&window, '3', 1020);
    window_press_key(&window, KEY_ENTER, 1030);
    window_type(&window, '4', 1040);
    window_type(&window, '4', 1041);

    assert_string_equal(desk.sign_in.staff, "s3");
    assert_string_equal(desk.sign_in.pin, "44");
    window_close(&window);
}

static int open_stage(void **state)
{
    (void)state;
    stage_open(&stage, 1280, 800, 3.78F);
    hand_put(desk.desk, DESK_BYTES, "3");
    desk_init(&desk, &stage.look);
    scenes_init(&scenes, &desk, &stage.look);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&stage);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_language_and_mode_passes_the_audit),
        cmocka_unit_test(scenes_equal_their_golden_pictures),
        cmocka_unit_test(a_missing_part_equals_its_golden_picture),
        cmocka_unit_test(everything_the_mouse_can_do_has_its_own_key_and_shows_it),
        cmocka_unit_test(a_visit_is_served_by_keys_alone),
        cmocka_unit_test(a_document_that_was_compared_is_sure_with_one_key),
        cmocka_unit_test(who_was_not_there_comes_back_with_one_key),
        cmocka_unit_test(a_context_the_desk_may_not_see_is_said_and_no_name_is_shown),
        cmocka_unit_test(the_queue_stands_in_the_order_of_its_promises),
        cmocka_unit_test(calling_next_with_a_visitor_here_is_refused_in_words),
        cmocka_unit_test(the_context_is_wiped_when_its_ticket_leaves_the_desk),
        cmocka_unit_test(an_answer_older_than_its_event_changes_nothing),
        cmocka_unit_test(a_wrong_pin_is_said_and_wiped),
        cmocka_unit_test(a_typed_digit_arrives_once_and_enter_goes_to_the_pin),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
