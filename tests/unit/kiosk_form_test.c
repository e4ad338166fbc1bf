// SPDX-License-Identifier: EUPL-1.2
//
// The way through a form on the kiosk: what is saved when, what is told, what is never lost or sent
// twice. No hub: commands are counted, its answers are made by hand.
#include "apps/kiosk/kiosk.h"
#include "base/text.h"
#include "tests/fakes/hand.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/told_form.h"

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

static struct kiosk kiosk;
static struct look look;
static struct scenes scenes;
static struct hub_message_private message;
static int64_t november_ms = 1795438320000; // 23 November 2026

#define QUESTIONS                                                                                  \
    "{\"type\":\"textfield\",\"key\":\"merk\",\"label\":\"Merk\",\"validate\":{\"required\":true}" \
    "},"                                                                                           \
    "{\"type\":\"bsn\",\"key\":\"bsn\",\"label\":\"BSN\",\"isSensitiveData\":true},"               \
    "{\"type\":\"editgrid\",\"key\":\"gasten\",\"label\":\"Gasten\",\"components\":["              \
    "{\"type\":\"textfield\",\"key\":\"naam\",\"label\":\"Naam\"}]},"                              \
    "{\"type\":\"email\",\"key\":\"mail\",\"label\":\"Mail\"}"
#define FORM(data)                                                                                 \
    "{\"steps\":[{\"id\":\"\",\"name\":\"\",\"components\":[" QUESTIONS "]}],\"rules\":[],"        \
    "\"prefill\":{},\"data\":" data "}"

static const char new_form[] = FORM("{}");
static const char begun_form[] = FORM("{\"merk\":\"Opel\"}");
static const char whole_form[] = FORM("{\"merk\":\"Opel\",\"mail\":\"n@voorbeeld.nl\"}");

static void tap(const char *id)
{
    hand_tap(&scenes, id, &kiosk.now_ms);
}

static void type(const char *words)
{
    hand_type(&scenes, words, kiosk.now_ms);
}

static void open_form(const char *document)
{
    fill_open(&kiosk.visit.form, &kiosk.form_host);
    told_form(&message, kiosk.waits_for, document);
    kiosk_take(&kiosk, &message);
}

// One question answered; the answer is on its way.
static void begin_saving(void)
{
    open_form(new_form);
    type("Opel");
    tap("next");
}

static void saved(uint64_t revision)
{
    told_saved(&message, kiosk.visit.form.save_id, revision, true);
    kiosk_take(&kiosk, &message);
}

static void go_to_check(void)
{
    open_form(whole_form);
    tap("go_on");
    fill_show(&kiosk.visit.form, (struct walk_page){WALK_CHECK, FORM_NOWHERE});
}

static const char *typed(void)
{
    return kiosk.visit.form.entry.edits[0].text;
}

static const char *key(void)
{
    const struct form_field *field = fill_field(&kiosk.visit.form);
    return field == NULL ? "" : field->key;
}

static int set_up(void **state)
{
    (void)state;
    look_init(&look, 1080, 1920, 3.61F);
    memset(&kiosk, 0, sizeof kiosk);
    kiosk_init(&kiosk, &look, &scenes);
    kiosk.clock = hand_clock(&november_ms);
    kiosk.now_ms = 1000000;
    kiosk.is_connected = true;
    kiosk.visit.has_visit = true;
    struct request_private *request = &kiosk.visit.visit.list.requests[0];
    kiosk.visit.visit.list.requests_count = 1;
    request->kind = REQUEST_FORM;
    assert_int_equal(text_copy(request->id, sizeof request->id, "taken:1"), OK);
    assert_int_equal(text_copy(kiosk.visit.request, REQUEST_ID_BYTES, "taken:1"), OK);
    scenes_init(&scenes, &kiosk, &look);
    scenes_push(&scenes, &kiosk_scene_requests);
    scenes_push(&scenes, &kiosk_scene_request);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kiosk_forget(&kiosk);
    return 0;
}

static void a_new_form_begins_at_its_first_question(void **state)
{
    (void)state;
    open_form(new_form);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_question);
    assert_string_equal(key(), "merk");
}

static void a_draft_with_answers_is_gone_on_with_or_begun_again(void **state)
{
    (void)state;
    open_form(begun_form);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_resume);

    tap("go_on");

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_check); // nothing else must be answered
    open_form(begun_form);
    tap("again");
    assert_string_equal(key(), "merk");
    assert_string_equal(typed(), "");
}

static void one_goes_on_where_somebody_stopped(void **state)
{
    (void)state;
    fill_open(&kiosk.visit.form, &kiosk.form_host);
    told_form(&message, kiosk.waits_for, begun_form);
    assert_int_equal(text_copy(message.form.place.key, CONTEXT_KEY_BYTES, "bsn"), OK);
    kiosk_take(&kiosk, &message);

    tap("go_on");

    assert_string_equal(key(), "bsn");
}

static void beginning_again_overwrites_nothing_before_a_page_is_left(void **state)
{
    (void)state;
    open_form(begun_form);
    tap("again");
    unsigned before = kiosk.commands_count;

    tap("bar.back");

    assert_int_equal(kiosk.commands_count, before);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_requests);
}

static void every_page_left_is_saved_with_the_place_one_comes_to(void **state)
{
    (void)state;
    open_form(new_form);
    unsigned before = kiosk.commands_count;
    type("Opel");

    tap("next");

    assert_string_equal(key(), "bsn");
    assert_int_equal(kiosk.commands_count, before + 1);
    assert_int_equal(kiosk.visit.form.saving, FORM_SAVING);
    saved(2);
    assert_int_equal(kiosk.visit.form.saving, FORM_AT_SOURCE);
    assert_string_equal(json_get_text(kiosk.visit.form.given_private, "merk"), "Opel");
}

static void a_source_that_does_not_take_it_yet_is_told_as_it_is(void **state)
{
    (void)state;
    begin_saving();

    told_saved(&message, kiosk.visit.form.save_id, 2, false);
    kiosk_take(&kiosk, &message);

    assert_int_equal(kiosk.visit.form.saving, FORM_AT_HUB);
}

static void what_will_not_do_is_said_and_stays_as_it_was_typed(void **state)
{
    (void)state;
    open_form(new_form);
    tap("next");
    assert_string_equal(kiosk.visit.form.error, "form.error.missing");
    assert_int_equal(kiosk.visit.form.tries, 1);

    type("Opel");
    assert_string_equal(kiosk.visit.form.error, "");
    tap("next");
    type("123456789"); // no BSN
    tap("next");

    assert_string_equal(key(), "bsn");
    assert_string_equal(kiosk.visit.form.error, "form.error.no_bsn");
    assert_string_equal(typed(), "123456789");
}

static void back_loses_nothing(void **state)
{
    (void)state;
    begin_saving();
    type("12345");

    tap("bar.back");
    assert_string_equal(typed(), "Opel");
    tap("next");

    assert_string_equal(key(), "bsn");
    assert_string_equal(typed(), "12345");
}

static void pages_left_while_a_save_is_on_its_way_are_saved_behind_it(void **state)
{
    (void)state;
    begin_saving();
    unsigned before = kiosk.commands_count;
    tap("next");
    assert_int_equal(kiosk.commands_count, before);

    saved(2);

    assert_int_equal(kiosk.commands_count, before + 1);
    assert_int_not_equal(kiosk.visit.form.save_id, 0);
    saved(3);
    assert_int_equal(kiosk.visit.form.revision, 3);
    assert_int_equal(kiosk.visit.form.saving, FORM_AT_SOURCE);
}

static void a_save_nobody_answered_is_looked_up_before_the_next(void **state)
{
    (void)state;
    begin_saving();
    told_silence(&message, kiosk.visit.form.save_id);
    kiosk_take(&kiosk, &message);
    assert_int_equal(kiosk.visit.form.saving, FORM_NOT_SAVED);

    (void)fill_tick(&kiosk.visit.form, kiosk.now_ms + FORM_RETRY_MS);
    char *stands = json_write_new(kiosk.visit.form.given_private);
    char document[2000];
    (void)snprintf(document, sizeof document, "{\"steps\":[],\"data\":%s}", stands);
    told_form(&message, kiosk.visit.form.save_id, document);
    message.form.revision = 2; // it had arrived
    kiosk_take(&kiosk, &message);
    api_form_free(&message.form);
    free(stands);

    assert_int_equal(kiosk.visit.form.trouble, FORM_NO_TROUBLE);
    saved(3);
    assert_int_equal(kiosk.visit.form.saving, FORM_AT_SOURCE);
}

static void somebody_elses_answers_found_there_are_not_overwritten(void **state)
{
    (void)state;
    begin_saving();
    told_silence(&message, kiosk.visit.form.save_id);
    kiosk_take(&kiosk, &message);
    (void)fill_tick(&kiosk.visit.form, kiosk.now_ms + FORM_RETRY_MS);
    unsigned before = kiosk.commands_count;

    told_form(&message, kiosk.visit.form.save_id, whole_form);
    message.form.revision = 5;
    kiosk_take(&kiosk, &message);
    api_form_free(&message.form);

    assert_int_equal(kiosk.visit.form.trouble, FORM_CHANGED);
    tap("bar.stop");
    assert_int_equal(kiosk.commands_count, before);
}

static void a_change_made_elsewhere_is_shown(void **state)
{
    (void)state;
    begin_saving();
    told_no(&message, kiosk.visit.form.save_id, "form_changed");
    kiosk_take(&kiosk, &message);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_trouble);

    tap("retry");
    told_form(&message, kiosk.waits_for, whole_form);
    kiosk_take(&kiosk, &message);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_check);
    assert_string_equal(json_get_text(kiosk.visit.form.walk.answers.data_private, "mail"),
                        "n@voorbeeld.nl");
}

static void sending_cannot_be_pressed_twice(void **state)
{
    (void)state;
    go_to_check();
    unsigned before = kiosk.commands_count;

    fill_send(&kiosk.visit.form);
    fill_send(&kiosk.visit.form);

    assert_int_equal(kiosk.commands_count, before + 1);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_done);
}

static void sending_waits_for_the_save_before_it(void **state)
{
    (void)state;
    open_form(whole_form);
    tap("go_on");
    fill_save(&kiosk.visit.form);
    fill_show(&kiosk.visit.form, (struct walk_page){WALK_CHECK, FORM_NOWHERE});
    tap("next");
    assert_int_equal(kiosk.waits_for, 0);

    saved(7);

    assert_int_not_equal(kiosk.waits_for, 0);
}

static void what_has_to_be_agreed_to_is_asked_first(void **state)
{
    (void)state;
    go_to_check();
    kiosk.visit.form.needs_truth = true;
    tap("next");
    assert_string_equal(kiosk.visit.form.error, "form.error.agree");
    assert_int_equal(kiosk.waits_for, 0);

    tap("truth");
    tap("next");

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_done);
}

static void what_is_sent_is_told_with_its_reference(void **state)
{
    (void)state;
    go_to_check();
    tap("next");
    told_sent(&message, kiosk.waits_for, API_FORM_SENDING, "");
    kiosk_take(&kiosk, &message);
    assert_int_equal(kiosk.visit.form.state, API_FORM_SENDING);

    (void)fill_tick(&kiosk.visit.form, kiosk.now_ms + FORM_POLL_MS);
    told_form(&message, kiosk.waits_for, whole_form);
    message.form.state = API_FORM_SENT;
    assert_int_equal(text_copy(message.form.reference, API_REFERENCE_BYTES, "OF-2026-7"), OK);
    kiosk_take(&kiosk, &message);
    api_form_free(&message.form);

    assert_int_equal(kiosk.visit.form.state, API_FORM_SENT);
    assert_string_equal(kiosk.visit.form.reference, "OF-2026-7");
}

static void silence_after_sending_is_told_as_not_known_and_sent_again_safely(void **state)
{
    (void)state;
    go_to_check();
    tap("next");
    told_silence(&message, kiosk.waits_for);
    kiosk_take(&kiosk, &message);
    assert_int_equal(kiosk.visit.form.trouble, FORM_UNSURE);

    tap("retry");

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_done);
    assert_true(kiosk.waits_for != 0 || kiosk.visit.form.save_id != 0);
}

static void an_answer_the_source_refuses_is_shown_with_its_question(void **state)
{
    (void)state;
    go_to_check();
    tap("next");
    told_no(&message, kiosk.waits_for, "form_invalid");
    message.problem.invalid_count = 1;
    assert_int_equal(text_copy(message.problem.invalid[0].key, CONTEXT_KEY_BYTES, "mail"), OK);
    kiosk_take(&kiosk, &message);

    assert_string_equal(key(), "mail");
    assert_string_equal(kiosk.visit.form.error, "form.error.refused");
    tap("next");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_check);
}

static void a_change_asked_for_on_the_check_page_leads_back_to_it(void **state)
{
    (void)state;
    go_to_check();
    tap("answer.0");
    assert_string_equal(key(), "merk");

    tap("next");

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_check);
}

static void an_item_is_added_filled_in_and_taken_away(void **state)
{
    (void)state;
    begin_saving();
    tap("next");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_items);
    tap("add");
    type("Sem");
    tap("next");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_items);
    const struct walk *walk = &kiosk.visit.form.walk;
    int16_t repeat = kiosk.visit.form.page.place.field;
    assert_int_equal(answers_items_count(&walk->answers, &walk->form, repeat), 1);

    tap("remove.0");
    tap("remove.no");
    assert_int_equal(answers_items_count(&walk->answers, &walk->form, repeat), 1);
    tap("remove.0");
    tap("remove.yes");

    assert_int_equal(answers_items_count(&walk->answers, &walk->form, repeat), 0);
    tap("next");
    assert_string_equal(key(), "mail");
}

static void a_source_with_rules_of_its_own_is_heard_before_the_next_page(void **state)
{
    (void)state;
    fill_open(&kiosk.visit.form, &kiosk.form_host);
    told_form(&message, kiosk.waits_for, new_form);
    message.form.asks_source = true;
    kiosk_take(&kiosk, &message);
    type("Opel");

    tap("next");
    tap("next");
    assert_string_equal(key(), "merk");
    saved(2);

    assert_string_equal(key(), "bsn");
}

static void the_counter_hears_where_she_is_what_was_wrong_and_tried(void **state)
{
    (void)state;
    struct context_form_private place;
    begin_saving();
    tap("next");
    tap("next");
    type("geen mail");
    tap("next");
    assert_string_equal(key(), "mail");

    fill_place(&kiosk.visit.form, &place);

    assert_string_equal(place.key, "mail");
    assert_string_equal(place.label, "Mail");
    assert_string_equal(place.error, "no_email");
    assert_string_equal(place.tried, "geenmail");
    assert_int_equal(place.steps, 4);
    assert_int_equal(place.item, -1);
}

static void a_sensitive_answer_does_not_go_with_a_ticket(void **state)
{
    (void)state;
    struct context_form_private place;
    begin_saving();
    type("123456789");
    tap("next");

    fill_place(&kiosk.visit.form, &place);

    assert_string_equal(place.key, "bsn");
    assert_string_equal(place.tried, "");
}

static void asking_the_counter_saves_and_leads_to_what_it_will_see(void **state)
{
    (void)state;
    open_form(new_form);
    type("Opel");
    unsigned before = kiosk.commands_count;

    tap("ask");

    assert_int_equal(kiosk.commands_count, before + 1);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_consent);
    tap("bar.back");
    assert_string_equal(typed(), "Opel");
}

static void the_pen_at_the_counter_ends_typing_here(void **state)
{
    (void)state;
    open_form(new_form);
    memset(&message, 0, sizeof message);
    message.kind = HUB_EVENT;
    message.event.kind = API_EVENT_FORM;
    memcpy(message.event.form.id, kiosk.visit.form.id, UUID_TEXT_BYTES);
    assert_int_equal(text_copy(message.event.form.holder, DEVICE_ID_BYTES, "counter-3"), OK);

    kiosk_take(&kiosk, &message);

    assert_int_equal(kiosk.visit.form.trouble, FORM_PEN);
    unsigned before = kiosk.commands_count;
    fill_keep(&kiosk.visit.form);
    assert_int_equal(kiosk.commands_count, before);
}

static void what_does_not_open_says_so_and_can_be_tried_again(void **state)
{
    (void)state;
    fill_open(&kiosk.visit.form, &kiosk.form_host);
    told_no(&message, kiosk.waits_for, "backoffice_unavailable");
    kiosk_take(&kiosk, &message);
    assert_int_equal(kiosk.visit.form.trouble, FORM_NOT_OPENED);

    tap("retry");

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_wait);
}

static void a_number_taken_while_a_form_is_slow_to_open_is_shown(void **state)
{
    (void)state;
    fill_open(&kiosk.visit.form, &kiosk.form_host);
    kiosk.now_ms += KIOSK_WAY_OUT_MS;
    tap("number");
    kiosk_issue(&kiosk, false);

    memset(&message, 0, sizeof message);
    message.kind = HUB_ANSWER;
    message.command_id = kiosk.waits_for;
    message.answer = HUB_ANSWER_TICKET;
    assert_int_equal(text_copy(message.ticket.reference, API_REFERENCE_BYTES, "KQ1:A001:X"), OK);
    kiosk_take(&kiosk, &message);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_ticket);
}

static void a_definition_that_cannot_be_read_is_handed_over(void **state)
{
    (void)state;
    open_form("{\"steps\":[{\"id\":\"\",\"name\":\"\",\"components\":[{\"type\":\"textfield\","
              "\"key\":7,\"label\":\"Merk\"}]}]}");

    assert_int_equal(kiosk.visit.form.trouble, FORM_CANNOT);
    tap("ask");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_consent);
}

static void whoever_walks_away_is_saved_then_wiped(void **state)
{
    (void)state;
    open_form(new_form);
    type("Opel Zafira");
    kiosk_touch(&kiosk, kiosk.now_ms);
    unsigned before = kiosk.commands_count;
    int64_t now_ms = kiosk.now_ms;

    (void)scenes_tick(&scenes, now_ms + KIOSK_IDLE_MS);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_timeout);
    assert_int_equal(kiosk.commands_count, before + 1);
    saved(2);
    scenes.tick_at_ms = now_ms;
    (void)scenes_tick(&scenes, now_ms + KIOSK_IDLE_MS + KIOSK_WARNING_MS);

    static const struct kiosk_visit_private nothing;
    assert_memory_equal(&kiosk.visit, &nothing, sizeof nothing);
    assert_null(memmem(&kiosk, sizeof kiosk, "Zafira", 6));
}

static void what_was_typed_behind_a_save_on_its_way_still_goes_at_the_end(void **state)
{
    (void)state;
    begin_saving();
    tap("next");
    tap("next");
    type("noor@voorbeeld.nl");
    assert_int_not_equal(kiosk.visit.form.save_id, 0);
    unsigned before = kiosk.commands_count;

    tap("bar.stop");

    assert_int_equal(kiosk.commands_count, before + 1);
    assert_false(kiosk.visit.form.is_open);
}

static void words_of_a_definition_lose_their_markup(void **state)
{
    (void)state;
    char words[64];
    fill_plain("<p>Uw <b>auto</b>&nbsp;&amp;\n uw&euml;</p><p>Straat<br/></p>", words,
               sizeof words);
    assert_string_equal(words, "Uw auto & uwë Straat");
    fill_plain("<p unclosed", words, sizeof words);
    assert_string_equal(words, "");
    fill_plain(NULL, words, sizeof words);
    assert_string_equal(words, "");
}

// --- documents ---

static const char file_form[] =
    "{\"steps\":[{\"id\":\"\",\"name\":\"\",\"components\":["
    "{\"type\":\"file\",\"key\":\"foto\",\"label\":\"Foto\",\"fileMaxSize\":\"5MB\",\"validate\":"
    "{\"required\":true}},"
    "{\"type\":\"file\",\"key\":\"stukken\",\"label\":\"Stukken\",\"multiple\":true,"
    "\"maxNumberOfFiles\":2},"
    "{\"type\":\"textfield\",\"key\":\"merk\",\"label\":\"Merk\"}]}],\"rules\":[],\"prefill\":{},"
    "\"data\":{}}";

static struct form_file_private *file(void)
{
    return &kiosk.visit.form.file;
}

static void take(void)
{
    kiosk_take(&kiosk, &message);
    if (message.kind == HUB_ANSWER && message.answer == HUB_ANSWER_UPLOADS) {
        api_uploads_free(&message.uploads);
    }
}

static void show_code(void)
{
    assert_int_equal(file()->way, FILE_ASKING);
    told_upload(&message, file()->address_id, november_ms + 15 * 60000);
    take();
}

static void arrives(const char *where, size_t count)
{
    told_upload_news(&message, where, false);
    take();
    told_uploads(&message, file()->reading_id, where, count);
    take();
}

static size_t given(const char *where)
{
    return json_len(json_get(kiosk.visit.form.walk.answers.data_private, where));
}

static void a_question_for_a_document_shows_a_code_for_the_phone(void **state)
{
    (void)state;
    open_form(file_form);
    assert_string_equal(key(), "foto");
    assert_int_equal(kiosk.visit.file_code.modules_count, 0);

    show_code();

    assert_int_equal(file()->way, FILE_CODE);
    assert_true(kiosk.visit.file_code.modules_count > 20);
    tap("next");
    assert_string_equal(kiosk.visit.form.error, "form.error.missing");
}

static void what_arrives_is_the_answer_and_is_saved(void **state)
{
    (void)state;
    open_form(file_form);
    show_code();
    unsigned before = kiosk.commands_count;

    arrives("foto", 1);

    assert_int_equal(given("foto"), 1);
    assert_int_equal(kiosk.commands_count, before + 2); // what came, and the answers
    assert_int_not_equal(kiosk.visit.form.save_id, 0);
    assert_int_equal(file()->way, FILE_NO_WAY_YET);
    assert_int_equal(kiosk.visit.file_code.modules_count, 0); // it worked once
    assert_true(kiosk.has_news);                              // somebody is there
    tap("next");
    assert_string_equal(key(), "stukken");
}

static void what_arrives_after_its_page_was_left_is_the_answer_too(void **state)
{
    (void)state;
    open_form(file_form);
    show_code();
    told_upload_news(&message, "foto", false);
    take();
    uint32_t reading = file()->reading_id;
    fill_next_page(&kiosk.visit.form);
    assert_string_equal(key(), "stukken");

    told_uploads(&message, reading, "foto", 1);
    take();

    assert_int_equal(given("foto"), 1);
    assert_int_equal(file()->way, FILE_ASKING); // this page's own code is on its way
}

static void what_was_taken_away_stays_away(void **state)
{
    (void)state;
    open_form(file_form);
    fill_next_page(&kiosk.visit.form);
    show_code();
    arrives("stukken", 1);

    tap("file.remove.0");

    assert_int_equal(given("stukken"), 0);
    show_code(); // for another one
    arrives("stukken", 2);
    assert_int_equal(given("stukken"), 1);
    const struct json *list = json_get(kiosk.visit.form.walk.answers.data_private, "stukken");
    assert_string_equal(json_get_text(json_at(list, 0), "url"), "https://bron.example/files/1");
}

static void as_many_documents_come_as_the_question_takes(void **state)
{
    (void)state;
    open_form(file_form);
    fill_next_page(&kiosk.visit.form);
    show_code();
    arrives("stukken", 1);
    assert_true(fill_may_add_file(&kiosk.visit.form));

    tap("file.add");
    show_code();
    arrives("stukken", 2);

    assert_int_equal(given("stukken"), 2);
    assert_false(fill_may_add_file(&kiosk.visit.form));
    unsigned before = kiosk.commands_count;
    tap("file.add");
    assert_int_equal(kiosk.commands_count, before);
    arrives("stukken", 3); // two phones at once
    assert_int_equal(given("stukken"), 2);
}

static void a_refused_document_is_told_and_its_code_works_on(void **state)
{
    (void)state;
    open_form(file_form);
    show_code();

    told_upload_news(&message, "stukken", true); // of another question
    take();
    assert_false(file()->is_refused);
    told_upload_news(&message, "foto", true);
    take();

    assert_true(file()->is_refused);
    assert_int_equal(file()->way, FILE_CODE);
    arrives("foto", 1);
    assert_false(file()->is_refused);
}

static void a_code_is_replaced_before_it_stops_working(void **state)
{
    (void)state;
    open_form(file_form);
    show_code();
    kiosk.now_ms += 14 * 60000;
    assert_true(fill_tick(&kiosk.visit.form, kiosk.now_ms) > kiosk.now_ms);
    assert_int_equal(file()->way, FILE_CODE);

    kiosk.now_ms += 60000;
    (void)fill_tick(&kiosk.visit.form, kiosk.now_ms);

    assert_int_equal(kiosk.visit.file_code.modules_count, 0);
    show_code();
    assert_int_equal(file()->way, FILE_CODE);
}

static void where_no_phone_can_bring_it_the_counter_takes_it(void **state)
{
    (void)state;
    open_form(file_form);
    assert_false(fill_is_beyond(&kiosk.visit.form, kiosk.visit.form.page.place));

    told_no(&message, file()->address_id, "upload_unavailable");
    take();

    assert_true(fill_is_beyond(&kiosk.visit.form, kiosk.visit.form.page.place));
    assert_int_equal(kiosk.visit.form.trouble, FORM_NO_TROUBLE);
}

static void without_an_answer_it_is_tried_again(void **state)
{
    (void)state;
    open_form(file_form);
    told_silence(&message, file()->address_id);
    take();
    assert_int_equal(file()->way, FILE_LATER);

    tap("file.add");

    show_code();
    assert_int_equal(file()->way, FILE_CODE);
    tap("bar.back"); // to the list: the pen goes back, and the address with it
    assert_int_equal(kiosk.visit.file_code.modules_count, 0);
    assert_string_equal(file()->url, "");
}

static void a_form_that_is_elsewhere_gives_no_address(void **state)
{
    (void)state;
    open_form(file_form);

    told_no(&message, file()->address_id, "pen_elsewhere");
    take();

    assert_int_equal(kiosk.visit.form.trouble, FORM_PEN);
}

static void who_holds_a_phone_is_given_time(void **state)
{
    (void)state;
    open_form(file_form);
    show_code();
    kiosk.touched_ms = kiosk.now_ms;

    scenes_tick(&scenes, kiosk.now_ms + KIOSK_IDLE_MS);
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_question);
    scenes_tick(&scenes, kiosk.now_ms + KIOSK_PHONE_MS);

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_timeout);
}

static void after_a_lost_line_what_came_meanwhile_is_asked_for(void **state)
{
    (void)state;
    open_form(file_form);
    show_code();

    memset(&message, 0, sizeof message);
    message.kind = HUB_CONNECTED;
    take();

    told_uploads(&message, file()->reading_id, "foto", 1);
    take();
    assert_int_equal(given("foto"), 1);
}

static bool is_first_ticked(void)
{
    const struct walk *walk = &kiosk.visit.form.walk;
    return answers_person_is_ticked(&walk->answers, &walk->form, kiosk.visit.form.page.place, 0);
}

#define CHILDREN(asked)                                                                            \
    "{\"steps\":[{\"id\":\"\",\"name\":\"\",\"components\":[{\"type\":\"children\",\"key\":"       \
    "\"kinderen\",\"label\":\"Kinderen\"" asked "}]}],\"prefill\":{\"kinderen\":["                 \
    "{\"bsn\":\"999970124\",\"firstNames\":\"Sem\"}]}}"

// The source refuses a tick that it did not ask for.
static void children_are_ticked_only_where_it_is_asked(void **state)
{
    (void)state;
    open_form(CHILDREN(",\"enableSelection\":true"));
    tap("choice.0");
    fill_keep(&kiosk.visit.form);
    assert_true(is_first_ticked());

    open_form(CHILDREN(""));
    tap("choice.0");
    fill_keep(&kiosk.visit.form);

    assert_false(is_first_ticked());
}

// Names and numbers of a family stay on this screen.
static void of_a_person_the_counter_hears_where_and_not_who(void **state)
{
    (void)state;
    struct context_form_private place;
    open_form("{\"steps\":[{\"id\":\"\",\"name\":\"\",\"components\":[{\"type\":\"children\","
              "\"key\":\"kinderen\",\"label\":\"Kinderen\",\"isSensitiveData\":true}]}]}");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_items);
    tap("add");
    type("Onne");

    fill_place(&kiosk.visit.form, &place);

    assert_string_equal(place.key, "kinderen.firstNames");
    assert_string_equal(place.label, "Kinderen");
    assert_string_equal(place.tried, "");
    assert_int_equal(place.item, 0);
    struct walk_page page;
    assert_true(walk_find(&kiosk.visit.form.walk, place.key, &page));
    assert_int_equal(page.kind, WALK_ITEMS); // where the counter opens it
}

#define FORM_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORM_TEST(a_new_form_begins_at_its_first_question),
        FORM_TEST(a_draft_with_answers_is_gone_on_with_or_begun_again),
        FORM_TEST(one_goes_on_where_somebody_stopped),
        FORM_TEST(beginning_again_overwrites_nothing_before_a_page_is_left),
        FORM_TEST(every_page_left_is_saved_with_the_place_one_comes_to),
        FORM_TEST(a_source_that_does_not_take_it_yet_is_told_as_it_is),
        FORM_TEST(what_will_not_do_is_said_and_stays_as_it_was_typed),
        FORM_TEST(back_loses_nothing),
        FORM_TEST(pages_left_while_a_save_is_on_its_way_are_saved_behind_it),
        FORM_TEST(a_save_nobody_answered_is_looked_up_before_the_next),
        FORM_TEST(somebody_elses_answers_found_there_are_not_overwritten),
        FORM_TEST(a_change_made_elsewhere_is_shown),
        FORM_TEST(sending_cannot_be_pressed_twice),
        FORM_TEST(sending_waits_for_the_save_before_it),
        FORM_TEST(what_has_to_be_agreed_to_is_asked_first),
        FORM_TEST(what_is_sent_is_told_with_its_reference),
        FORM_TEST(silence_after_sending_is_told_as_not_known_and_sent_again_safely),
        FORM_TEST(an_answer_the_source_refuses_is_shown_with_its_question),
        FORM_TEST(a_change_asked_for_on_the_check_page_leads_back_to_it),
        FORM_TEST(an_item_is_added_filled_in_and_taken_away),
        FORM_TEST(a_source_with_rules_of_its_own_is_heard_before_the_next_page),
        FORM_TEST(the_counter_hears_where_she_is_what_was_wrong_and_tried),
        FORM_TEST(a_sensitive_answer_does_not_go_with_a_ticket),
        FORM_TEST(asking_the_counter_saves_and_leads_to_what_it_will_see),
        FORM_TEST(the_pen_at_the_counter_ends_typing_here),
        FORM_TEST(what_does_not_open_says_so_and_can_be_tried_again),
        FORM_TEST(a_number_taken_while_a_form_is_slow_to_open_is_shown),
        FORM_TEST(a_definition_that_cannot_be_read_is_handed_over),
        FORM_TEST(whoever_walks_away_is_saved_then_wiped),
        FORM_TEST(what_was_typed_behind_a_save_on_its_way_still_goes_at_the_end),
        FORM_TEST(children_are_ticked_only_where_it_is_asked),
        FORM_TEST(of_a_person_the_counter_hears_where_and_not_who),
        cmocka_unit_test(words_of_a_definition_lose_their_markup),
        FORM_TEST(a_question_for_a_document_shows_a_code_for_the_phone),
        FORM_TEST(what_arrives_is_the_answer_and_is_saved),
        FORM_TEST(what_arrives_after_its_page_was_left_is_the_answer_too),
        FORM_TEST(what_was_taken_away_stays_away),
        FORM_TEST(as_many_documents_come_as_the_question_takes),
        FORM_TEST(a_refused_document_is_told_and_its_code_works_on),
        FORM_TEST(a_code_is_replaced_before_it_stops_working),
        FORM_TEST(where_no_phone_can_bring_it_the_counter_takes_it),
        FORM_TEST(without_an_answer_it_is_tried_again),
        FORM_TEST(a_form_that_is_elsewhere_gives_no_address),
        FORM_TEST(who_holds_a_phone_is_given_time),
        FORM_TEST(after_a_lost_line_what_came_meanwhile_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
