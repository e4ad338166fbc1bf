// SPDX-License-Identifier: EUPL-1.2
//
// Every page of a form on the kiosk, every kind of question, in every language and mode; and a form
// filled in with the keypad alone.
#include "apps/kiosk/kiosk.h"
#include "base/text.h"
#include "tests/fakes/at_kiosk.h"
#include "tests/fakes/hand.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/keypad.h"
#include "tests/fakes/told_form.h"
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
static struct kiosk kiosk;
static struct scenes scenes;
static struct hub_message_private message;
static int64_t november_ms = 1795438320000; // 23 November 2026, 13.52
static char *every_kind;
static char *people;
static const char begun_form[] =
    "{\"steps\":[{\"id\":\"\",\"name\":\"\",\"components\":[{\"type\":\"textfield\",\"key\":"
    "\"merk\","
    "\"label\":\"Welk merk is uw auto?\"}]}],\"data\":{\"merk\":\"Opel\"}}";

static const char foreign_plate[] =
    "{\"steps\":[{\"id\":\"\",\"name\":\"\",\"components\":[{\"type\":\"licenseplate\",\"key\":"
    "\"kenteken\",\"label\":\"Wat is uw "
    "kenteken?\",\"validate\":{\"pattern\":\"^[A-Z0-9-]{4,10}$\"}}]"
    "}]}";

static void tap(const char *id)
{
    hand_tap(&scenes, id, &kiosk.now_ms);
}

static void type(const char *words)
{
    hand_type(&scenes, words, kiosk.now_ms);
}

static void dress(const char *language, enum stage_mode mode)
{
    at_kiosk_dress(&stage, &kiosk, language, mode);
}

// A visitor at the page of her parking permit.
static void begin(const char *language, enum stage_mode mode)
{
    kiosk_end(&kiosk);
    hand_put(kiosk.state.town, API_NAME_BYTES, "Gemeente Voorbeeldstad");
    kiosk.is_connected = true;
    kiosk.visit.has_visit = true;
    kiosk.visit.visit.state = VISIT_OPEN;
    kiosk.visit.visit.level = LEVEL_3;
    hand_put(kiosk.visit.visit.initials, PERSON_INITIALS_BYTES, "N. H.");
    struct request_private *request = &kiosk.visit.visit.list.requests[0];
    kiosk.visit.visit.list.requests_count = 1;
    request->kind = REQUEST_FORM;
    request->subject = SUBJECT_PARKING;
    request->state = REQUEST_MISSING;
    request->steps_count = 4;
    request->steps_done = 3;
    request->missing_count = 1;
    hand_put(request->missing[0], REQUEST_MISSING_BYTES, "Kenteken");
    hand_put(request->id, REQUEST_ID_BYTES, "taken:1");
    hand_put(request->title, REQUEST_TITLE_BYTES, "Parkeervergunning");
    hand_put(kiosk.visit.request, REQUEST_ID_BYTES, "taken:1");
    scenes_reset(&scenes, &kiosk_scene_requests);
    scenes_push(&scenes, &kiosk_scene_request);
    dress(language, mode);
}

static void open_form(const char *document)
{
    tap("finish");
    told_form(&message, kiosk.waits_for, document);
    kiosk_take(&kiosk, &message);
    api_form_free(&message.form);
}

static void begin_form(const char *language, enum stage_mode mode)
{
    begin(language, mode);
    open_form(every_kind);
}

static void go_to(const char *key)
{
    struct walk_page page;
    assert_true(walk_find(&kiosk.visit.form.walk, key, &page));
    fill_show(&kiosk.visit.form, page);
}

static size_t show(const char *name)
{
    return stage_findings(&stage, scenes_top(&scenes), &kiosk, name, &audit_kiosk);
}

static const char *const keys[] = {"kenteken", "merk",         "reden",    "autos",     "inkomen",
                                   "ingang",   "afspraak",     "tijd",     "mail",      "telefoon",
                                   "bsn",      "rekening",     "postcode", "adres",     "soort",
                                   "straat",   "dagen",        "eigen",    "bezoekers", "kinderen",
                                   "foto",     "handtekening", "plek"};
enum { KEYS_COUNT = sizeof keys / sizeof keys[0] };

// What a hand would type there.
static const char *const typings[KEYS_COUNT] = {
    "gv27x", "Opel Zafira", "Ik woon er.", "12",       "2150",     "12",   "12",
    "18",    "noor",        "0612",        "12345678", "nl91abna", "1234", "1234"};

static size_t show_questions(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    char name[64];
    begin_form(language, mode);
    for (size_t i = 0; i < KEYS_COUNT; i++) {
        go_to(keys[i]);
        (void)snprintf(name, sizeof name, "form-%s", keys[i]);
        findings += show(name);
        if (typings[i] == NULL) {
            continue;
        }
        type(typings[i]);
        fill_refuse(&kiosk.visit.form, "form.error.missing",
                    (struct check_result){.fault = CHECK_MISSING});
        (void)snprintf(name, sizeof name, "form-%s-error", keys[i]);
        findings += show(name);
    }
    go_to("kenteken");
    tap("why");
    findings += show("form-why");
    tap("why.close");
    tap("bar.help");
    findings += show("form-help");
    return findings;
}

static void fill_items(void)
{
    go_to("bezoekers");
    tap("add");
    type("Sem");
    tap("next");
    type("GV27XK");
    tap("next");
    tap("add");
    type("Noor");
    tap("next");
    tap("next");
}

static size_t show_pages(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    begin(language, mode);
    findings += show("form-request");
    tap("finish");
    findings += show("form-wait");
    begin_form(language, mode);
    fill_items();
    findings += show("form-items");
    tap("remove.1");
    findings += show("form-items-sure");
    fill_show(&kiosk.visit.form, (struct walk_page){WALK_CHECK, FORM_NOWHERE});
    findings += show("form-check");
    tap("more");
    findings += show("form-check-more");
    begin(language, mode);
    open_form(begun_form);
    findings += show("form-resume");
    begin(language, mode);
    open_form(foreign_plate);
    type("B-AB12");
    findings += show("form-plate-foreign");
    begin(language, mode);
    open_form(begun_form);
    tap("go_on");
    kiosk.visit.form.needs_privacy = true;
    kiosk.visit.form.needs_truth = true;
    findings += show("form-check-agree");
    tap("next");
    findings += show("form-check-agree-error");
    tap("privacy");
    tap("truth");
    tap("next");
    findings += show("form-sending");
    kiosk.now_ms += KIOSK_WAY_OUT_MS;
    findings += show("form-sending-long");
    told_sent(&message, kiosk.waits_for, API_FORM_SENT, "OF-2026-00417");
    kiosk_take(&kiosk, &message);
    findings += show("form-done");
    return findings;
}

static size_t show_troubles(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    char name[64];
    for (enum form_trouble trouble = FORM_NOT_OPENED; trouble <= FORM_CANNOT; trouble++) {
        begin_form(language, mode);
        kiosk.visit.form.saving = trouble == FORM_NOT_SENT ? FORM_NOT_SAVED : FORM_AT_HUB;
        fill_show_trouble(&kiosk.visit.form, trouble);
        (void)snprintf(name, sizeof name, "form-trouble-%u", (unsigned)trouble);
        findings += show(name);
    }
    begin_form(language, mode);
    for (enum form_saving saving = FORM_NOTHING_YET; saving <= FORM_NOT_SAVED; saving++) {
        kiosk.visit.form.saving = saving;
        (void)snprintf(name, sizeof name, "form-saved-%u", (unsigned)saving);
        findings += show(name);
    }
    tap("ask");
    findings += show("form-consent");
    kiosk.visit.form.saving = FORM_AT_SOURCE;
    kiosk.warned_ms = kiosk.now_ms - 6000;
    scenes_push(&scenes, &kiosk_scene_timeout);
    findings += show("form-timeout");
    return findings;
}

// One file, and a question that takes more of them.
static const char file_form[] =
    "{\"steps\":[{\"id\":\"\",\"name\":\"\",\"components\":[{\"type\":\"file\",\"key\":\"foto\","
    "\"label\":\"Foto van uw "
    "kentekenbewijs\",\"filePattern\":\"image/*,.pdf\",\"fileMaxSize\":\"5MB\","
    "\"description\":\"Beide kanten op \\u00e9\\u00e9n foto.\"},"
    "{\"type\":\"file\",\"key\":\"stukken\",\"label\":\"Andere stukken\",\"multiple\":true}]}]}";

static void take_message(void)
{
    kiosk_take(&kiosk, &message);
    if (message.kind == HUB_ANSWER && message.answer == HUB_ANSWER_UPLOADS) {
        api_uploads_free(&message.uploads);
    }
}

static void show_file_code(void)
{
    told_upload(&message, kiosk.visit.form.file.address_id, november_ms + 15 * 60000);
    take_message();
}

static void bring(const char *key, size_t count)
{
    told_upload_news(&message, key, false);
    take_message();
    told_uploads(&message, kiosk.visit.form.file.reading_id, key, count);
    take_message();
}

static void begin_file(const char *language, enum stage_mode mode)
{
    begin(language, mode);
    open_form(file_form);
    show_file_code();
}

static size_t show_documents(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    begin(language, mode);
    open_form(file_form);
    findings += show("form-file-asking");
    told_silence(&message, kiosk.visit.form.file.address_id);
    take_message();
    findings += show("form-file-later");
    tap("file.add");
    show_file_code();
    findings += show("form-file-code");
    told_upload_news(&message, "foto", true);
    take_message();
    findings += show("form-file-refused");
    fill_refuse(&kiosk.visit.form, "form.error.missing",
                (struct check_result){.fault = CHECK_MISSING});
    findings += show("form-file-error");
    bring("foto", 1);
    findings += show("form-file-there");
    tap("next");
    show_file_code();
    bring("stukken", 3);
    findings += show("form-file-several");
    tap("file.add");
    show_file_code();
    findings += show("form-file-another");
    fill_show(&kiosk.visit.form, (struct walk_page){WALK_CHECK, FORM_NOWHERE});
    findings += show("form-file-check");
    begin(language, mode);
    open_form(file_form);
    told_no(&message, kiosk.visit.form.file.address_id, "upload_unavailable");
    take_message();
    findings += show("form-file-counter");
    return findings;
}

static void pick_day(const char *day, const char *month, const char *year)
{
    tap("date.day");
    type(day);
    tap(month);
    type(year);
}

static void add_child(const char *name, const char *bsn)
{
    tap("add");
    type(name);
    tap("next");
    pick_day("02", "month.2", "2022");
    tap("next");
    type(bsn);
    tap("next");
}

static size_t show_children(void)
{
    size_t findings = show("people-none");
    tap("add");
    findings += show("people-first-names");
    tap("next");
    findings += show("people-first-names-error");
    type("Onne");
    tap("next");
    pick_day("02", "month.2", "2027");
    findings += show("people-born");
    tap("next");
    findings += show("people-born-error");
    tap("key.erase");
    type("1");
    tap("next");
    type("999970112");
    findings += show("people-bsn");
    tap("next");
    findings += show("people-selected");
    tap("next");
    findings += show("people-one");
    add_child("Pero", "999970112");
    findings += show("people-same-bsn");
    tap("bar.back");
    tap("bar.back");
    tap("bar.back");
    findings += show("people-items");
    tap("remove.1");
    findings += show("people-sure");
    tap("remove.no");
    return findings;
}

static size_t show_partner(void)
{
    size_t findings = 0;
    tap("next");
    findings += show("people-partner-missing");
    tap("add");
    type("P.");
    findings += show("people-initials");
    tap("next");
    findings += show("people-affixes");
    tap("next");
    type("Pauw");
    findings += show("people-last-name");
    tap("next");
    pick_day("01", "month.4", "1989");
    findings += show("people-partner-born");
    tap("next");
    type("999970136");
    findings += show("people-partner-bsn");
    tap("next");
    return findings + show("people-partner");
}

static void begin_people(const char *language, enum stage_mode mode)
{
    begin(language, mode);
    open_form(people);
    go_to("kinderen");
}

static size_t show_people(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    begin_people(language, mode);
    findings += show_children();
    go_to("partner");
    findings += show_partner();
    go_to("gezin");
    findings += show("people-given");
    go_to("beide");
    findings += show("people-both");
    tap("item.0");
    findings += show("people-both-selected");
    fill_show(&kiosk.visit.form, (struct walk_page){WALK_CHECK, FORM_NOWHERE});
    findings += show("people-check");
    tap("more");
    return findings + show("people-check-more");
}

static size_t show_all(const char *language, enum stage_mode mode)
{
    size_t findings = 0;
    findings += show_questions(language, mode);
    findings += show_pages(language, mode);
    findings += show_troubles(language, mode);
    findings += show_documents(language, mode);
    findings += show_people(language, mode);
    return findings;
}

static void every_language_and_mode_passes_the_audit(void **state)
{
    (void)state;

    assert_int_equal(stage_every(show_all), 0);
}

static size_t differs(const char *name)
{
    return stage_differs(&stage, scenes_top(&scenes), &kiosk, name);
}

static void questions_equal_their_golden_pictures(void **state)
{
    (void)state;
    size_t different = 0;
    begin_form("nl", STAGE_NORMAL);
    go_to("kenteken");
    type("gv27");
    different += differs("form-plate");
    tap("next");
    different += differs("form-plate-error");
    tap("why");
    go_to("merk");
    different += differs("form-text");
    go_to("inkomen");
    different += differs("form-number");
    go_to("ingang");
    different += differs("form-date");
    go_to("adres");
    different += differs("form-address");
    go_to("soort");
    different += differs("form-one");
    go_to("straat");
    different += differs("form-list");
    go_to("dagen");
    tap("choice.1");
    different += differs("form-some");
    go_to("eigen");
    tap("yes");
    different += differs("form-yes");
    go_to("handtekening");
    different += differs("form-sign");
    go_to("plek");
    different += differs("form-beyond");

    assert_int_equal(different, 0);
}

static void pages_equal_their_golden_pictures(void **state)
{
    (void)state;
    size_t different = 0;
    begin("nl", STAGE_NORMAL);
    different += differs("form-request");
    begin_form("nl", STAGE_NORMAL);
    fill_items();
    different += differs("form-items");
    fill_show(&kiosk.visit.form, (struct walk_page){WALK_CHECK, FORM_NOWHERE});
    different += differs("form-check");
    begin("nl", STAGE_NORMAL);
    open_form(begun_form);
    different += differs("form-resume");
    tap("go_on");
    kiosk.visit.form.needs_truth = true;
    different += differs("form-check-ready");
    tap("truth");
    tap("next");
    different += differs("form-sending");
    told_sent(&message, kiosk.waits_for, API_FORM_SENT, "OF-2026-00417");
    kiosk_take(&kiosk, &message);
    different += differs("form-done");
    begin_form("nl", STAGE_NORMAL);
    fill_show_trouble(&kiosk.visit.form, FORM_NOT_SENT);
    different += differs("form-not-sent");
    fill_show_trouble(&kiosk.visit.form, FORM_CHANGED);
    different += differs("form-changed");

    assert_int_equal(different, 0);
}

static void modes_equal_their_golden_pictures(void **state)
{
    (void)state;
    size_t different = 0;
    begin_form("ar", STAGE_NORMAL);
    go_to("kenteken");
    different += differs("form-plate-ar");
    go_to("merk");
    different += differs("form-text-ar");
    begin_form("nl", STAGE_LARGE_CONTRAST);
    go_to("kenteken");
    different += differs("form-plate-large-contrast");
    fill_show(&kiosk.visit.form, (struct walk_page){WALK_CHECK, FORM_NOWHERE});
    different += differs("form-check-large-contrast");
    begin_form("nl", STAGE_LOW);
    go_to("kenteken");
    different += differs("form-plate-low");
    begin_form("nl", STAGE_OTHER_TOWN);
    go_to("kenteken");
    different += differs("form-plate-voorbeeld");

    assert_int_equal(different, 0);
}

static void documents_equal_their_golden_pictures(void **state)
{
    (void)state;
    size_t different = 0;
    begin_file("nl", STAGE_NORMAL);
    different += differs("form-file-code");
    told_upload_news(&message, "foto", true);
    take_message();
    different += differs("form-file-refused");
    bring("foto", 1);
    different += differs("form-file-there");
    tap("next");
    show_file_code();
    bring("stukken", 3);
    different += differs("form-file-several");
    begin_file("ar", STAGE_NORMAL);
    different += differs("form-file-code-ar");
    begin_file("nl", STAGE_LARGE_CONTRAST);
    different += differs("form-file-code-large-contrast");
    begin_file("nl", STAGE_LOW);
    different += differs("form-file-code-low");

    assert_int_equal(different, 0);
}

static void people_equal_their_golden_pictures(void **state)
{
    (void)state;
    static const struct {
        const char *language;
        enum stage_mode mode;
        const char *name;
    } rows[] = {
        {"nl", STAGE_NORMAL, "people-items"},
        {"ar", STAGE_NORMAL, "people-items-ar"},
        {"nl", STAGE_LARGE_CONTRAST, "people-items-large-contrast"},
        {"nl", STAGE_LOW, "people-items-low"},
    };
    size_t different = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin_people(rows[i].language, rows[i].mode);
        add_child("Onne", "999970112");
        tap("next");
        add_child("Olle", "999970100");
        tap("next");
        different += differs(rows[i].name);
    }
    begin_people("nl", STAGE_NORMAL);
    add_child("Onne", "99997");
    different += differs("people-bsn");
    go_to("gezin");
    different += differs("people-given");
    go_to("beide");
    different += differs("people-both");
    tap("item.1");
    different += differs("people-first-names");

    assert_int_equal(different, 0);
}

static void press(struct window *window, const char *id)
{
    assert_true(keypad_press(window, id, &kiosk.now_ms));
}

static void press_words(struct window *window, const char *words)
{
    assert_true(keypad_type(window, words, &kiosk.now_ms));
}

static const char *answered(const char *key)
{
    return json_get_text(kiosk.visit.form.walk.answers.data_private, key);
}

static void the_keypad_alone_fills_in_and_sends_a_real_form(void **state)
{
    (void)state;
    static struct window window;
    struct fault fault = {0};
    struct window_options options = {
        .title = "kiosk", .surface_only = true, .icons_dir = "assets/icons"};
    begin("nl", STAGE_NORMAL);
    char *document = told_sample("open-forms-simple-form.formDefinitions.json");
    open_form(document);
    free(document);
    assert_int_equal(window_open(&window, &stage.look, &scenes, &options, &fault), OK);
    (void)window_refresh(&window);

    press_words(&window, "kapot");
    press(&window, "next");
    press_words(&window, "noor");
    press(&window, "next");
    press_words(&window, "voorbeeld");
    press(&window, "next");
    press_words(&window, "noor@voorbeeld.nl");
    press(&window, "next");
    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_check);
    told_saved(&message, kiosk.visit.form.save_id, 2, true);
    kiosk_take(&kiosk, &message);
    told_saved(&message, kiosk.visit.form.save_id, 3, true);
    kiosk_take(&kiosk, &message);
    assert_string_equal(answered("voornaam"), "Noor");
    assert_string_equal(answered("achternaam"), "Voorbeeld");
    assert_string_equal(answered("email"), "noor@voorbeeld.nl");
    (void)window_refresh(&window);
    press(&window, "next");

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_done);
    assert_int_equal(kiosk.visit.form.wish, FORM_WISH_SEND);
    window_close(&window);
}

// A published form and what a resident answers; `answers` NULL: the data that was published with
// it.
struct sample {
    const char *name;
    const char *definitions;
    const char *rules;
    const char *answers;
    size_t handed_over; // pages nobody can answer on a screen here
};

static const struct sample samples[] = {
    {"simple", "open-forms-simple-form.formDefinitions.json", NULL,
     "{\"omschrijving\":\"De lantaarn voor mijn deur is kapot.\",\"voornaam\":\"Noor\","
     "\"achternaam\":\"Voorbeeld\",\"email\":\"noor@voorbeeld.nl\"}",
     0},
    {"address", "open-forms-autofill-address.formDefinitions.json", NULL,
     "{\"postcode\":\"1234 AB\",\"huisnummer\":\"12\",\"straat\":\"Kerkstraat\","
     "\"stad\":\"Voorbeeldstad\"}",
     0},
    {"logic", "open-forms-advanced-logic.formDefinitions.json",
     "open-forms-advanced-logic.formLogic.json",
     "{\"geslacht\":\"m\",\"leeftijd\":40,\"uwInkomen\":50000.5,\"partnerInkomen\":30000}", 0},
    {"all", "open-forms-all-components.json", NULL, NULL, 4},
};

static struct json *parsed(const char *words)
{
    struct json *json = NULL;
    assert_int_equal(json_parse(words, strlen(words), &json), OK);
    return json;
}

static bool is_typed(const struct form_field *field)
{
    bool is_drawn =
        field->kind == FORM_SIGNATURE; // with the finger; who cannot goes to the counter
    bool is_elsewhere = field->kind == FORM_FILE || field->kind == FORM_PEOPLE ||
                        field->kind == FORM_UNKNOWN || field->kind == FORM_CONTENT;
    return !is_drawn && !is_elsewhere && !field->is_disabled;
}

// Begins it with the answers that no keypad gives; `wanted` holds all of them.
static void begin_sample(const struct sample *sample, const struct json *answers,
                         struct walk *wanted)
{
    const struct date today = {2026, 11, 23};
    char *words = told_sample(sample->definitions);
    struct json *document = parsed(words);
    free(words);
    if (sample->rules != NULL) {
        json_set(document, "rules", told_published(sample->rules));
    }
    struct json *full = json_clone(document);
    json_set(full, "data", json_clone(answers));
    assert_int_equal(walk_open(wanted, full, today, NULL), OK);
    struct json *begun = json_clone(answers);
    for (size_t i = 0; i < wanted->form.fields_count; i++) {
        if (is_typed(&wanted->form.fields[i])) {
            json_remove(begun, wanted->form.fields[i].key);
        }
    }
    json_set(document, "data", begun);
    words = json_write_new(document);
    json_free(document);
    begin("nl", STAGE_NORMAL);
    open_form(words);
    free(words);
    fill_start(&kiosk.visit.form, false);
    fill_show(&kiosk.visit.form, walk_first(&kiosk.visit.form.walk));
}

static void press_choices(struct window *window, const struct form_field *field,
                          const struct json *answer)
{
    struct form_choice choice;
    for (size_t i = 0; form_choice(field, i, &choice); i++) {
        char id[24];
        bool is_on = false;
        const char *one = json_text(answer);
        (void)snprintf(id, sizeof id, "choice.%zu", i);
        if ((one != NULL && text_equal(one, choice.value)) ||
            (json_get_bool(answer, choice.value, &is_on) == OK && is_on)) {
            press(window, id);
        }
    }
}

static void press_address(struct window *window, const struct json *answer)
{
    for (size_t i = 0; i < ANSWERS_ADDRESS_PARTS; i++) {
        char id[24];
        (void)snprintf(id, sizeof id, "part.%zu", i);
        press(window, id);
        press_words(window, json_get_text(answer, answers_address_parts[i]));
    }
}

// "2021-12-24", the month by its name.
static void press_date(struct window *window, const char *typed)
{
    char part[24];
    press(window, "date.day");
    press_words(window, (char[]){typed[8], typed[9], '\0'});
    (void)snprintf(part, sizeof part, "month.%d", (typed[5] - '0') * 10 + typed[6] - '0');
    press(window, part);
    (void)snprintf(part, sizeof part, "%.4s", typed);
    press_words(window, part);
}

static void press_time(struct window *window, const char *typed)
{
    press(window, "date.hour");
    press_words(window, (char[]){typed[0], typed[1], typed[3], typed[4], '\0'});
}

static void press_answer(struct window *window, const struct walk *wanted)
{
    const struct fill_private *form = &kiosk.visit.form;
    const struct form_field *field = fill_field(form);
    const struct json *answer = answers_get(&wanted->answers, &wanted->form, form->page.place);
    char typed[512];
    answers_text(&wanted->answers, &wanted->form, form->page.place, typed, sizeof typed);
    if (fill_is_fixed(form) || !is_typed(field)) {
        return;
    }
    if (field->kind == FORM_ONE || field->kind == FORM_SOME) {
        press_choices(window, field, answer);
    } else if (field->kind == FORM_ADDRESS) {
        press_address(window, answer);
    } else if (field->kind == FORM_DATE) {
        press_date(window, typed);
    } else if (field->kind == FORM_DATE_TIME) {
        press_date(window, typed);
        press(window, "next");
        press_time(window, typed + DATE_TEXT_BYTES);
    } else if (field->kind == FORM_TIME) {
        press_time(window, typed);
    } else {
        press_words(window, typed);
    }
}

// Fills in every page and gives how many there were.
static size_t press_sample(struct window *window, const struct sample *sample,
                           const struct walk *wanted)
{
    struct fill_private *form = &kiosk.visit.form;
    size_t findings = 0;
    size_t handed_over = 0;
    size_t pages = 0;
    for (; form->page.kind != WALK_CHECK; pages++) {
        char name[64];
        struct walk_page page = form->page;
        (void)snprintf(name, sizeof name, "sample-%s-%02zu", sample->name, pages + 1);
        (void)window_refresh(window);
        bool is_handed_over = !keypad_has(window, "next");
        if (!is_handed_over) {
            press_answer(window, wanted);
        }
        findings += show(name); // and its picture, to be looked at
        if (is_handed_over) {
            handed_over += 1;
            fill_next_page(form); // as it goes on at the counter
        } else {
            press(window, "next");
        }
        bool is_next = memcmp(&page, &form->page, sizeof page) != 0;
        if (!is_next || form->trouble != FORM_NO_TROUBLE) {
            fail_msg("%s does not go on: %s", name, form->error);
        }
    }
    char name[64];
    (void)snprintf(name, sizeof name, "sample-%s-check", sample->name);
    assert_int_equal(findings + show(name), 0);
    assert_int_equal(handed_over, sample->handed_over);
    return pages;
}

static void the_keypad_alone_gives_every_sample_its_own_answers(void **state)
{
    (void)state;
    static struct window window;
    static struct walk wanted; // too large for the stack
    struct fault fault = {0};
    struct window_options options = {
        .title = "kiosk", .surface_only = true, .icons_dir = "assets/icons"};
    size_t pages = 0;
    begin("nl", STAGE_NORMAL);
    assert_int_equal(window_open(&window, &stage.look, &scenes, &options, &fault), OK);
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct json *answers = samples[i].answers == NULL
                                   ? told_published("open-forms-all-components-data.json")
                                   : parsed(samples[i].answers);
        begin_sample(&samples[i], answers, &wanted);

        pages += press_sample(&window, &samples[i], &wanted);

        struct json *given = fill_answers(&kiosk.visit.form);
        if (!json_same(given, answers)) {
            fail_msg("%s: %s", samples[i].name, json_write_new(given));
        }
        json_free(given);
        json_free(answers);
        walk_close(&wanted);
    }
    assert_int_equal(pages, 36);
    window_close(&window);
}

// The sample's own questions, where the register knows nobody.
static void begin_unknown(struct window *window)
{
    struct fault fault = {0};
    const struct window_options options = {
        .title = "kiosk", .surface_only = true, .icons_dir = "assets/icons"};
    begin("nl", STAGE_NORMAL);
    char *document = told_sample("open-forms-all-components.json");
    open_form(document);
    free(document);
    assert_int_equal(window_open(window, &stage.look, &scenes, &options, &fault), OK);
}

static void press_person(struct window *window, const char *name, const char *born, const char *bsn)
{
    press_words(window, name);
    press(window, "next");
    press_date(window, born);
    press(window, "next");
    press_words(window, bsn);
    press(window, "next");
}

static void expect_people(const char *key, const char *words)
{
    struct json *wanted = parsed(words);
    const struct json *given = json_get(kiosk.visit.form.walk.answers.data_private, key);
    if (!json_same(given, wanted)) {
        fail_msg("%s: %s", key, json_write_new(given));
    }
    json_free(wanted);
}

#define BY_HAND "\"_OF_INTERNAL_addedManually\":true,\"__addedManually\":true"

static void the_keypad_alone_adds_changes_and_removes_a_child(void **state)
{
    (void)state;
    static struct window window;
    begin_unknown(&window);
    go_to("children");
    (void)window_refresh(&window);
    press(&window, "add");
    press_person(&window, "pero", "2023-02-01", "999970409");
    press(&window, "yes"); // not for this one
    press(&window, "next");
    press(&window, "add");
    press_person(&window, "onne", "2022-02-02", "999970112");
    press(&window, "next");
    expect_people("children",
                  "[{\"bsn\":\"999970409\",\"firstNames\":\"Pero\",\"dateOfBirth\":"
                  "\"2023-02-01\",\"selected\":false,\"_OF_INTERNAL_id\":\"1\"," BY_HAND "},"
                  "{\"bsn\":\"999970112\",\"firstNames\":\"Onne\",\"dateOfBirth\":"
                  "\"2022-02-02\",\"selected\":true,\"_OF_INTERNAL_id\":\"2\"," BY_HAND "}]");

    press(&window, "item.1");
    press_words(&window, "bo");
    for (size_t i = 0; i < 4; i++) {
        press(&window, "next");
    }
    press(&window, "remove.0");
    press(&window, "remove.yes");
    expect_people("children",
                  "[{\"bsn\":\"999970112\",\"firstNames\":\"Onnebo\",\"dateOfBirth\":"
                  "\"2022-02-02\",\"selected\":true,\"_OF_INTERNAL_id\":\"2\"," BY_HAND "}]");
    press(&window, "next");

    assert_string_not_equal(fill_field(&kiosk.visit.form)->key, "children");
    window_close(&window);
}

static void the_keypad_alone_adds_one_partner(void **state)
{
    (void)state;
    static struct window window;
    begin_unknown(&window);
    go_to("partners");
    (void)window_refresh(&window);

    press(&window, "add");
    press_words(&window, "p.");
    press(&window, "next");
    press(&window, "next"); // nothing before the name
    press_person(&window, "pauw", "1989-04-01", "999970136");

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_form_items);
    assert_false(keypad_has(&window, "add"));
    expect_people("partners",
                  "[{\"bsn\":\"999970136\",\"initials\":\"P.\",\"affixes\":\"\",\"lastName\":"
                  "\"Pauw\",\"dateOfBirth\":\"1989-04-01\"," BY_HAND "}]");
    press(&window, "remove.0");
    press(&window, "remove.yes");
    expect_people("partners", "[]");
    assert_true(keypad_has(&window, "add"));
    window_close(&window);
}

static void whom_the_register_gave_is_neither_changed_nor_removed(void **state)
{
    (void)state;
    begin_people("nl", STAGE_NORMAL);
    go_to("beide");
    tap("remove.0");
    assert_false(kiosk.visit.form.is_removing);
    tap("item.0");
    assert_string_equal(fill_field(&kiosk.visit.form)->key, "selected");
    tap("bar.back");

    tap("remove.1");
    tap("remove.yes");

    assert_ptr_equal(scenes_top(&scenes), &kiosk_scene_question); // the register's alone
    struct json *given = fill_answers(&kiosk.visit.form);
    assert_int_equal(json_len(json_get(given, "beide")), 1);
    json_free(given);
}

static int open_stage(void **state)
{
    (void)state;
    at_kiosk_open(&stage, &kiosk, &scenes, hand_clock(&november_ms));
    every_kind = told_every_kind();
    people = told_people();
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    kiosk_forget(&kiosk);
    free(every_kind);
    free(people);
    stage_close(&stage);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_language_and_mode_passes_the_audit),
        cmocka_unit_test(questions_equal_their_golden_pictures),
        cmocka_unit_test(pages_equal_their_golden_pictures),
        cmocka_unit_test(modes_equal_their_golden_pictures),
        cmocka_unit_test(documents_equal_their_golden_pictures),
        cmocka_unit_test(people_equal_their_golden_pictures),
        cmocka_unit_test(the_keypad_alone_fills_in_and_sends_a_real_form),
        cmocka_unit_test(the_keypad_alone_gives_every_sample_its_own_answers),
        cmocka_unit_test(the_keypad_alone_adds_changes_and_removes_a_child),
        cmocka_unit_test(the_keypad_alone_adds_one_partner),
        cmocka_unit_test(whom_the_register_gave_is_neither_changed_nor_removed),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
