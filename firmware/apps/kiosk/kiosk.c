// SPDX-License-Identifier: EUPL-1.2
//
// The way of a visit through the kiosk.
#include "apps/kiosk/kiosk.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"
#include "link/token.h"

#include <string.h>

const char *const kiosk_languages[KIOSK_LANGUAGES] = {"nl", "en", "ar"};

static void take_answer(struct kiosk *kiosk, struct hub_message_private *message);
static void take_visit(struct kiosk *kiosk, const struct api_visit_private *visit);
static void take_ticket(struct kiosk *kiosk, const struct api_ticket *ticket);
static void take_problem(struct kiosk *kiosk, const struct api_problem *problem);
static void take_event(struct kiosk *kiosk, const struct api_event *event);
static void take_io(struct kiosk *kiosk, const struct hub_message_private *message);
static void take_card(struct kiosk *kiosk, const struct hub_message_private *message);
static bool let_in(struct kiosk *kiosk, const char *code, size_t len);
static enum health_state printer_health(const struct kiosk *kiosk);
static void show_message(struct kiosk *kiosk, const char *stem, bool may_retry);
static void show_aside(struct scenes *scenes, const struct scene *scene);
static void take(struct kiosk *kiosk, struct hub_message_private *message);
static void say_health(struct kiosk *kiosk);

void kiosk_init(struct kiosk *kiosk, struct look *look, struct scenes *scenes)
{
    kiosk->look = look;
    kiosk->scenes = scenes;
    kiosk->clock = clock_system();
    kiosk->printer_ok = true;
    kiosk->scanner_ok = true;
    kiosk_form_init(kiosk);
}

void kiosk_end(struct kiosk *kiosk)
{
    fill_end(&kiosk->visit.form);
    if (kiosk->visit.has_visit && kiosk->client != NULL) {
        (void)hub_visit_end(kiosk->client,
                            kiosk->visit.visit.id); // the hub's own clock ends it too
    }
    bool is_card_left = kiosk->visit.card.stage != CARD_NOT_USED && kiosk_card_lies(kiosk);
    kiosk_card_drop(kiosk);
    kiosk_forget(kiosk);
    kiosk->waits_for = 0;
    look_reset(kiosk->look, kiosk->setup.language);
    kiosk_set_language(kiosk, kiosk->setup.language);
    scenes_reset(kiosk->scenes, is_card_left ? &kiosk_scene_card_take : &kiosk_scene_welcome);
}

void kiosk_take(struct kiosk *kiosk, struct hub_message_private *message)
{
    kiosk_card_step_aside(kiosk);
    take(kiosk, message);
    kiosk_card_watch(kiosk);
}

// What the world holds under a scanner is told apart here; only what can be a key to a visit goes
// to the hub, everything else gets a polite page at once.
void kiosk_scan(struct kiosk *kiosk, const char *code, size_t len)
{
    if (kiosk->lets_in || let_in(kiosk, code, len) || !kiosk_is_at_rest(kiosk)) {
        return; // one visitor at a time
    }
    kiosk->has_news = true;
    kiosk_card_drop(kiosk);
    kiosk_forget(kiosk);
    switch (token_classify(code, len)) {
    case TOKEN_UNKNOWN:
        show_message(kiosk, "message.code_unknown", false);
        return;
    case TOKEN_TICKET:
        show_message(kiosk, "message.code_ticket", false);
        return;
    case TOKEN_BSN:
        show_message(kiosk, "message.code_card", false);
        return;
    case TOKEN_LIVE:
    case TOKEN_PAPER:
    case TOKEN_RESUME:
        break;
    }
    if (!kiosk->is_connected) {
        show_message(kiosk, "message.no_hub", false);
        return;
    }
    CHECK(text_copy(kiosk->visit.code, sizeof kiosk->visit.code, code) == OK);
    kiosk_open_visit(kiosk);
}

void kiosk_forget(struct kiosk *kiosk)
{
    fill_close(&kiosk->visit.form);
    wipe(&kiosk->visit, sizeof kiosk->visit);
}

void kiosk_set_language(struct kiosk *kiosk, const char *language)
{
    struct fault fault = {0};
    look_set_language(kiosk->look, language);
    if (phrases_read(&kiosk->phrases, kiosk->setup.strings_dir, language, &fault) != OK) {
        phrases_init(&kiosk->phrases); // keys on the screen: seen by the first person who looks
    }
}

void kiosk_wait(struct kiosk *kiosk, uint32_t command_id)
{
    kiosk->commands_count += 1;
    kiosk->waits_for = command_id;
    kiosk->waits_since_ms = kiosk->now_ms;
    kiosk->visit.form.wish = FORM_NO_WISH; // of a form only when its caller says so
}

void kiosk_message(struct kiosk *kiosk, const char *stem)
{
    show_message(kiosk, stem, false);
}

void kiosk_open_visit(struct kiosk *kiosk)
{
    struct api_visit_open_private open = {0};
    memcpy(open.code, kiosk->visit.code, sizeof open.code);
    kiosk_card_fill(kiosk, &open);
    CHECK(text_copy(open.language, sizeof open.language, kiosk->look->language) == OK);
    kiosk_wait(kiosk, kiosk->client == NULL ? 1 : hub_visit_open(kiosk->client, &open));
    wipe(&open, sizeof open);
    scenes_reset(kiosk->scenes, &kiosk_scene_wait);
}

struct health kiosk_health(const struct kiosk *kiosk, bool is_drawn, bool has_slot)
{
    struct health health = {.role = "kiosk",
                            .is_drawn = is_drawn,
                            .is_connected = kiosk->is_connected,
                            .is_busy = !kiosk_is_at_rest(kiosk)};
    bool has_scanner = kiosk->scanner_told && kiosk->scanner_ok;
    health.parts[HEALTH_SCANNER] = has_scanner ? HEALTH_OK : HEALTH_MISSING;
    health.parts[HEALTH_PRINTER] = printer_health(kiosk);
    health.parts[HEALTH_CARD] = kiosk->card.has_reader ? HEALTH_OK
                                : has_slot             ? HEALTH_MISSING
                                                       : HEALTH_UNUSED;
    return health;
}

bool kiosk_is_at_rest(const struct kiosk *kiosk)
{
    static const struct scene *const quiet[] = {&kiosk_scene_welcome,  &kiosk_scene_message,
                                                &kiosk_scene_help,     &kiosk_scene_language,
                                                &kiosk_scene_card_lay, &kiosk_scene_card_take};
    const struct scene *top = scenes_top(kiosk->scenes);
    bool is_aside = top == &kiosk_scene_help || top == &kiosk_scene_language;
    bool is_visit = kiosk->visit.has_visit || kiosk->visit.has_ticket || kiosk->waits_for != 0 ||
                    (is_aside && kiosk->visit.card.stage != CARD_NOT_USED);
    bool is_quiet = false;
    for (size_t i = 0; i < sizeof quiet / sizeof quiet[0]; i++) {
        is_quiet = is_quiet || top == quiet[i];
    }
    return is_quiet && !is_visit;
}

void kiosk_send_birth_date(struct kiosk *kiosk)
{
    struct kiosk_visit_private *visit = &kiosk->visit;
    const char *d = visit->digits;
    struct api_second_fact_private fact = {0};
    if (strlen(d) == KIOSK_DIGITS_BYTES - 1) {
        fact.birth_date = (struct date){
            .year = (int16_t)((d[4] - '0') * 1000 + (d[5] - '0') * 100 + (d[6] - '0') * 10 +
                              (d[7] - '0')),
            .month = (uint8_t)((d[2] - '0') * 10 + (d[3] - '0')),
            .day = (uint8_t)((d[0] - '0') * 10 + (d[1] - '0')),
        };
    }
    if (!date_is_valid(fact.birth_date)) {
        CHECK(text_copy(visit->error, sizeof visit->error,
                        strlen(d) < KIOSK_DIGITS_BYTES - 1 ? "birth.error.short"
                                                           : "birth.error.no_date") == OK);
        return;
    }
    kiosk_wait(kiosk,
               kiosk->client == NULL ? 1 : hub_second_fact(kiosk->client, visit->visit.id, &fact));
    wipe(&fact, sizeof fact);
}

void kiosk_issue(struct kiosk *kiosk, bool with_details)
{
    struct kiosk_visit_private *visit = &kiosk->visit;
    if (kiosk->waits_for != 0) {
        return;
    }
    struct api_issue issue = {.service = visit->service};
    const struct request_private *request = kiosk_request(kiosk);
    CHECK(text_copy(issue.language, sizeof issue.language, kiosk->look->language) == OK);
    issue.needs = visit->wants_wheelchair ? NEED_WHEELCHAIR : 0;
    if (visit->has_visit && with_details) {
        memcpy(issue.visit, visit->visit.id, sizeof issue.visit);
        memcpy(issue.request, visit->request, sizeof issue.request);
        issue.consent = (struct consent){.person = !kiosk_knows_nobody(kiosk),
                                         .request = request != NULL,
                                         .others = visit->shares_others};
        fill_place(&kiosk->visit.form, &issue.form);
    } else if (request != NULL) {
        issue.service = request->service; // the queue is no secret; the rest stays here
    }
    if (issue.service == 0 && issue.request[0] == '\0' && kiosk->state.services_count > 0) {
        issue.service = kiosk->state.services[kiosk->state.services_count - 1].letter;
    }
    kiosk_wait(kiosk, kiosk->client == NULL ? 1 : hub_issue(kiosk->client, &issue));
}

void kiosk_to_counter(struct kiosk *kiosk)
{
    if (kiosk->visit.has_visit && kiosk->visit.visit.state == VISIT_OPEN) {
        scenes_push(kiosk->scenes, &kiosk_scene_consent);
    } else {
        kiosk_issue(kiosk, false);
    }
}

void kiosk_retry(struct kiosk *kiosk)
{
    const struct kiosk_visit_private *visit = &kiosk->visit;
    if (visit->may_retry && (visit->code[0] != '\0' || visit->card.stage == CARD_OPENS)) {
        kiosk_open_visit(kiosk);
    } else if (visit->may_retry && visit->wants_catalogue) {
        scenes_reset(kiosk->scenes,
                     visit->has_visit ? &kiosk_scene_requests : &kiosk_scene_welcome);
        kiosk_ask_catalogue(kiosk);
    } else if (visit->may_retry && visit->begins[0] != '\0') {
        scenes_replace(kiosk->scenes, &kiosk_scene_wait);
        kiosk_begin_on(kiosk);
    } else {
        kiosk_end(kiosk);
    }
}

void kiosk_touch(struct kiosk *kiosk, int64_t now_ms)
{
    kiosk->touched_ms = now_ms;
    kiosk->now_ms = now_ms;
}

void kiosk_enter(void *model, struct scenes *scenes)
{
    struct kiosk *kiosk = model;
    (void)scenes;
    kiosk->touched_ms = kiosk->now_ms;
}

bool kiosk_common_event(struct kiosk *kiosk, struct scenes *scenes, const struct scene_event *event)
{
    kiosk->now_ms = event->now_ms;
    // What the hub and the printer tell of their own accord is no sign of life: a busy hall would
    // keep a visit open that its visitor has left.
    if (event->kind != SCENE_POSTED || kiosk->has_news) {
        kiosk_touch(kiosk, event->now_ms);
    }
    kiosk->has_news = false;
    if (event->kind != SCENE_ACTIVATED) {
        return false;
    }
    struct look *look = kiosk->look;
    if (scene_event_is(event, "bar.larger")) {
        look->is_large = !look->is_large;
    } else if (scene_event_is(event, "bar.contrast")) {
        look_set_contrast(look, !look->is_contrast);
    } else if (scene_event_is(event, "bar.lower")) {
        look->is_low = !look->is_low;
    } else if (scene_event_is(event, "bar.stop") || scene_event_is(event, "bar.not_you")) {
        kiosk_end(kiosk);
    } else if (scene_event_is(event, "bar.help")) {
        show_aside(scenes, &kiosk_scene_help);
    } else if (scene_event_is(event, "bar.language")) {
        show_aside(scenes, &kiosk_scene_language);
    } else if (scene_event_is(event, "bar.back")) {
        scenes_pop(scenes);
    } else {
        return false;
    }
    return true;
}

int64_t kiosk_idle_tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct kiosk *kiosk = model;
    const struct scene *top = scenes_top(scenes);
    kiosk->now_ms = now_ms;
    if (kiosk->touched_ms == 0) {
        kiosk->touched_ms = now_ms;
    }
    bool is_on_phone = top == &kiosk_scene_phone ||
                       (top == &kiosk_scene_question && kiosk->visit.form.file.way == FILE_CODE);
    int64_t idle_ms = is_on_phone ? KIOSK_PHONE_MS : KIOSK_IDLE_MS;
    if (now_ms - kiosk->touched_ms >= idle_ms) {
        kiosk->warned_ms = now_ms;
        scenes_push(scenes, &kiosk_scene_timeout);
        return SCENE_NEVER;
    }
    return kiosk->touched_ms + idle_ms;
}

const struct request_private *kiosk_request(const struct kiosk *kiosk)
{
    return kiosk->visit.request[0] == '\0'
               ? NULL
               : request_find(&kiosk->visit.visit.list, kiosk->visit.request);
}

bool kiosk_knows_nobody(const struct kiosk *kiosk)
{
    // A code that names a person is worth no less once its visit is open.
    return kiosk->visit.has_visit && kiosk->visit.visit.level < LEVEL_2;
}

bool kiosk_is_begun_here(const struct kiosk *kiosk)
{
    const struct request_private *request = kiosk_request(kiosk);
    return request != NULL && request->class == REQUEST_BEGUN_HERE;
}

const struct api_state_service *kiosk_service(const struct kiosk *kiosk, char letter)
{
    for (size_t i = 0; i < kiosk->state.services_count; i++) {
        if (kiosk->state.services[i].letter == letter) {
            return &kiosk->state.services[i];
        }
    }
    return NULL;
}

const char *kiosk_service_name(const struct kiosk *kiosk, const struct api_state_service *service)
{
    for (size_t i = 0; i < KIOSK_LANGUAGES; i++) {
        if (text_equal(kiosk_languages[i], kiosk->look->language)) {
            return service->names[i];
        }
    }
    return service->names[0];
}

static void take(struct kiosk *kiosk, struct hub_message_private *message)
{
    switch (message->kind) {
    case HUB_CONNECTED:
        kiosk->is_connected = true;
        kiosk->has_state = true;
        kiosk->state = message->state;
        fill_file_catch_up(&kiosk->visit.form);
        say_health(kiosk);
        break;
    case HUB_LOST:
        kiosk->is_connected = false;
        break;
    case HUB_EVENT:
        take_event(kiosk, &message->event);
        break;
    case HUB_ANSWER:
        take_answer(kiosk, message);
        break;
    case HUB_IO:
        take_io(kiosk, message);
        break;
    }
}

// Over each other, help and languages lead back: a finger going to and fro must not pile them up.
static void show_aside(struct scenes *scenes, const struct scene *scene)
{
    if (scenes->depth > 1 && scenes->stack[scenes->depth - 2] == scene) {
        scenes_pop(scenes);
    } else {
        scenes_push(scenes, scene);
    }
}

static void take_answer(struct kiosk *kiosk, struct hub_message_private *message)
{
    if (fill_take(&kiosk->visit.form, message)) {
        return;
    }
    if (message->command_id != kiosk->waits_for) {
        return; // of a visit that is over, or one nobody waits for
    }
    kiosk->waits_for = 0;
    kiosk->has_news = true;
    switch (message->answer) {
    case HUB_ANSWER_VISIT:
        take_visit(kiosk, &message->visit);
        break;
    case HUB_ANSWER_TICKET:
        take_ticket(kiosk, &message->ticket);
        break;
    case HUB_ANSWER_CATALOGUE:
        kiosk_take_catalogue(kiosk, &message->catalogue);
        break;
    case HUB_ANSWER_PROBLEM:
        take_problem(kiosk, &message->problem);
        break;
    case HUB_ANSWER_NO_HUB:
        show_message(kiosk, "message.no_hub", false);
        break;
    case HUB_ANSWER_CALLED:
    case HUB_ANSWER_CONTEXT:
    case HUB_ANSWER_WHY:
    case HUB_ANSWER_COUNTER:
    case HUB_ANSWER_FORM:
    case HUB_ANSWER_FORM_SAVED:
    case HUB_ANSWER_FORM_SENT:
    case HUB_ANSWER_UPLOAD:
    case HUB_ANSWER_UPLOADS:
    case HUB_ANSWER_DONE:
        break;
    }
}

static void take_visit(struct kiosk *kiosk, const struct api_visit_private *told)
{
    struct kiosk_visit_private *visit = &kiosk->visit;
    visit->visit = *told;
    visit->has_visit = true;
    wipe(visit->code, sizeof visit->code);
    wipe(visit->digits, sizeof visit->digits);
    if (told->state == VISIT_OPEN && told->chosen[0] != '\0') {
        wipe(visit->begins, sizeof visit->begins);
        memcpy(visit->request, told->chosen, sizeof visit->request);
        fill_open(&kiosk->visit.form,
                  &kiosk->form_host); // what she came for; there is nothing to choose
    } else if (told->state == VISIT_OPEN && visit->begins[0] != '\0') {
        kiosk_begin_on(kiosk);
    } else if (told->state == VISIT_NEEDS_SECOND_FACT) {
        scenes_reset(kiosk->scenes, &kiosk_scene_birth_date);
    } else if (told->state == VISIT_OPEN && told->requests_ready) {
        scenes_reset(kiosk->scenes, &kiosk_scene_requests);
    } else if (told->state == VISIT_OPEN) {
        scenes_reset(kiosk->scenes, &kiosk_scene_wait); // the event says when they are there
        kiosk->waits_since_ms = kiosk->now_ms;
    } else {
        show_message(kiosk, "message.visit_locked", false);
    }
}

static void take_ticket(struct kiosk *kiosk, const struct api_ticket *ticket)
{
    struct kiosk_visit_private *visit = &kiosk->visit;
    visit->ticket = *ticket;
    visit->has_ticket = true;
    fill_close(&visit->form); // saved, and the pen went with the ticket
    if (qr_make(&visit->qr, ticket->reference) != OK) {
        visit->qr.modules_count = 0; // the number alone is valid too
    }
    visit->slip = kiosk->printer_ok ? SLIP_PRINTING : SLIP_FAILED;
    if (kiosk->printer_ok && kiosk->print != NULL) {
        kiosk->print(kiosk->print_ctx);
    } else if (kiosk->client != NULL) {
        (void)hub_print(kiosk->client, ticket->ticket.id, PRINT_FAILED); // its answer moves nothing
    }
    scenes_reset(kiosk->scenes, &kiosk_scene_ticket);
}

static void take_problem(struct kiosk *kiosk, const struct api_problem *problem)
{
    static const struct {
        const char *code;
        const char *stem;
    } known[] = {
        {"code_unknown", "message.code_unknown"}, {"code_expired", "message.code_expired"},
        {"code_used", "message.code_used"},       {"code_other_hall", "message.code_other_hall"},
        {"code_invalid", "message.code_invalid"}, {"visit_locked", "message.visit_locked"},
        {"visit_gone", "message.visit_gone"},     {"full", "message.full"},
        {"link_expired", "message.link_expired"}, {"link_used", "message.link_used"},
        {"form_login", "message.form_login"},     {"form_unsupported", "message.form_cannot"},
        {"form_gone", "message.new_gone"},        {"form_unreadable", "message.form_cannot"},
        {"person_unsure", "message.card_unsure"}, {"person_unknown", "message.card_unknown"},
        {"pass_unknown", "message.card_pass"},    {"document_unproven", "message.card_counter"},
    };
    struct kiosk_visit_private *visit = &kiosk->visit;
    if (text_equal(problem->code, "second_fact_wrong")) {
        visit->visit.tries_left = problem->tries_left;
        wipe(visit->digits, sizeof visit->digits);
        CHECK(text_copy(visit->error, sizeof visit->error, "birth.error.wrong") == OK);
        return;
    }
    if (text_equal(problem->code, "backoffice_unavailable")) {
        bool is_link = token_classify(visit->code, strlen(visit->code)) == TOKEN_RESUME;
        bool is_new = visit->wants_catalogue || visit->begins[0] != '\0';
        show_message(kiosk,
                     is_new    ? "message.new_down"
                     : is_link ? "message.form_down"
                               : "message.backoffice",
                     true);
        return;
    }
    // For her own phone: nobody types a login here.
    if (problem->login_url[0] != '\0' && qr_make(&visit->phone, problem->login_url) != OK) {
        visit->phone.modules_count = 0; // the words alone say it too
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (text_equal(problem->code, known[i].code)) {
            show_message(kiosk, known[i].stem, false);
            return;
        }
    }
    show_message(kiosk, "message.other", false);
}

static void take_event(struct kiosk *kiosk, const struct api_event *event)
{
    if (event->kind == API_EVENT_SERVICE) {
        for (size_t i = 0; i < kiosk->state.services_count; i++) {
            if (kiosk->state.services[i].letter == event->service.letter) {
                kiosk->state.services[i] = event->service;
            }
        }
    } else if (event->kind == API_EVENT_VISIT && kiosk->visit.has_visit &&
               text_equal(event->visit, kiosk->visit.visit.id) &&
               scenes_top(kiosk->scenes) == &kiosk_scene_wait && kiosk->waits_for == 0) {
        kiosk_wait(kiosk, kiosk->client == NULL
                              ? 1
                              : hub_visit_read(kiosk->client, kiosk->visit.visit.id));
    } else if (event->kind == API_EVENT_FORM) {
        fill_news(&kiosk->visit.form, &event->form);
    } else if (event->kind == API_EVENT_UPLOAD) {
        fill_file_news(&kiosk->visit.form, &event->upload);
    }
}

static void take_io(struct kiosk *kiosk, const struct hub_message_private *message)
{
    struct kiosk_visit_private *visit = &kiosk->visit;
    bool is_good = message->io.len > 0 && message->io.data[0] != 0;
    bool is_own = visit->slip == SLIP_PRINTING;
    switch ((enum kiosk_io)message->io.kind) {
    case IO_CODE:
        kiosk_scan(kiosk, (const char *)message->io.data, message->io.len);
        break;
    case IO_SCANNER:
        kiosk->scanner_told = true;
        kiosk->scanner_ok = is_good;
        say_health(kiosk);
        break;
    case IO_PRINTER:
        kiosk->printer_ok = is_good;
        kiosk->printer_told = true;
        kiosk->paper_low = message->io.len > 1 && message->io.data[1] != 0;
        kiosk->paper_out = message->io.len > 2 && message->io.data[2] != 0;
        kiosk->printer_gone = message->io.len > 3 && message->io.data[3] != 0;
        say_health(kiosk);
        break;
    case IO_PRINTED:
    case IO_NOT_PRINTED:
        if (is_own) {
            bool is_printed = message->io.kind == IO_PRINTED;
            visit->slip = is_printed ? SLIP_PRINTED : SLIP_FAILED;
            if (kiosk->client != NULL && visit->has_ticket) {
                (void)hub_print(kiosk->client, visit->ticket.ticket.id,
                                is_printed ? PRINT_PRINTED : PRINT_FAILED); // moves nothing
            }
        }
        break;
    case IO_CARD:
        take_card(kiosk, message);
        break;
    case IO_KEYBOARD:
        kiosk->owes_alarm = true; // whether a scanner is there is told beside it
        say_health(kiosk);
        break;
    }
}

static void take_card(struct kiosk *kiosk, const struct hub_message_private *message)
{
    struct card_news_private news;
    CHECK(message->io.len == sizeof news);
    memcpy(&news, message->io.data, sizeof news);
    kiosk_card_news(kiosk, &news);
    wipe(&news, sizeof news);
}

static void show_message(struct kiosk *kiosk, const char *stem, bool may_retry)
{
    text_copy_cut(kiosk->visit.problem, sizeof kiosk->visit.problem, stem);
    kiosk->visit.may_retry = may_retry;
    if (!may_retry) {
        wipe(kiosk->visit.code, sizeof kiosk->visit.code);
        wipe(kiosk->visit.begins, sizeof kiosk->visit.begins);
        kiosk->visit.wants_catalogue = false;
        kiosk_card_drop(kiosk);
    }
    kiosk->waits_for = 0;
    scenes_reset(kiosk->scenes, &kiosk_scene_message);
}

// A technician's code ends the visit there is as its time-out would: saved, then wiped. One that is
// not good is nobody's key and goes the way of every strange code.
static bool let_in(struct kiosk *kiosk, const char *code, size_t len)
{
    if (!kiosk->has_service || !service_code_is(code, len)) {
        return false;
    }
    enum err err =
        service_reader_use(&kiosk->service, code, len, clock_now_ms(&kiosk->clock) / 1000);
    if (err != OK) {
        log_warn("kiosk", "a service code was not taken: %s", err_name(err));
        return false;
    }
    log_info("kiosk", "a technician is let in");
    bool is_alone = kiosk_is_at_rest(kiosk);
    kiosk_end(kiosk);
    kiosk->lets_in = true;
    kiosk->leaves_ms = is_alone ? 0 : kiosk->now_ms + KIOSK_LEAVE_MS;
    return true;
}

// The worst first.
static enum health_state printer_health(const struct kiosk *kiosk)
{
    if (!kiosk->printer_told || kiosk->printer_gone) {
        return HEALTH_MISSING;
    }
    if (kiosk->paper_out) {
        return HEALTH_OUT;
    }
    if (!kiosk->printer_ok) {
        return HEALTH_FAULT;
    }
    return kiosk->paper_low ? HEALTH_LOW : HEALTH_OK;
}

static void say_health(struct kiosk *kiosk)
{
    if (kiosk->client != NULL && kiosk->is_connected) {
        struct api_health health = {.printer_ok = kiosk->printer_ok,
                                    .paper_low = kiosk->paper_low,
                                    .scanner_ok = kiosk->scanner_ok,
                                    .refused_keyboard = kiosk->owes_alarm,
                                    .version = "0.1.0"};
        kiosk->owes_alarm = false;
        (void)hub_health(kiosk->client, &health); // told again with the next change
    }
}
