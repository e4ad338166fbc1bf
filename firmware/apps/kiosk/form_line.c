// SPDX-License-Identifier: EUPL-1.2
//
// What goes to the hub of a form and what comes back: one save at a time, each on the revision of
// the one before; a save whose outcome is unknown is looked up before the next.
#include "apps/kiosk/kiosk.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

// Without a hub (tests) the saves have an id of their own.
enum { SAVE_ID_ALONE = 2 };

static bool may_save(const struct kiosk_form_private *form);
static void give_answers(struct kiosk *kiosk, uint64_t revision);
static void give_send(struct kiosk *kiosk);
static void read_form(struct kiosk *kiosk, enum form_wish wish);
static void take_opened(struct kiosk *kiosk, struct api_form_private *told);
static enum err take_document(struct kiosk *kiosk, struct api_form_private *told);
static void take_polled(struct kiosk *kiosk, const struct api_form_private *told);
static void take_save(struct kiosk *kiosk, struct hub_message_private *message);
static void take_saved(struct kiosk *kiosk, const struct api_form_saved_private *saved);
static void take_looked_up(struct kiosk *kiosk, const struct api_form_private *told);
static void take_sent(struct kiosk *kiosk, enum api_form_state state, const char *reference);
static void take_no(struct kiosk *kiosk, const struct hub_message_private *message);
static void take_invalid(struct kiosk *kiosk, const struct api_problem *problem);
static enum form_trouble trouble_of(const struct api_problem *problem);
static void go_on(struct kiosk *kiosk);

void kiosk_form_open(struct kiosk *kiosk)
{
    struct kiosk_visit_private *visit = &kiosk->visit;
    struct api_form_open open = {0};
    if (kiosk->waits_for != 0) {
        return;
    }
    kiosk_form_close(&visit->form);
    CHECK(text_copy(open.request, sizeof open.request, visit->request) == OK);
    kiosk_wait(kiosk,
               kiosk->client == NULL ? 1 : hub_form_open(kiosk->client, visit->visit.id, &open));
    visit->form.wish = FORM_WISH_OPEN;
    scenes_replace(kiosk->scenes, &kiosk_scene_wait);
}

void kiosk_form_save(struct kiosk *kiosk)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    if (!may_save(form)) {
        return;
    }
    form->owes_save = true;
    form->saved_ms = kiosk->now_ms;
    if (form->save_id != 0) {
        return; // follows on the one in flight
    }
    form->saving = FORM_SAVING;
    form->is_looking = form->checks_first;
    if (form->checks_first) {
        kiosk->commands_count += 1;
        form->save_id =
            kiosk->client == NULL ? SAVE_ID_ALONE : hub_form_read(kiosk->client, form->id);
        return;
    }
    give_answers(kiosk, form->revision);
}

void kiosk_form_keep(struct kiosk *kiosk)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    if (!may_save(form)) {
        return;
    }
    enum err err = kiosk_form_store(kiosk);
    (void)err; // what cannot be an answer is not one yet
    struct json *now = kiosk_form_answers(form);
    bool is_known = form->given_private != NULL && json_same(now, form->given_private) &&
                    form->saving != FORM_NOT_SAVED;
    json_wipe_free(now);
    if (!is_known) {
        kiosk_form_save(kiosk);
    }
}

// Behind a save in flight the last answers follow on what it will become: commands go one after the
// other. Should that one fail, the hub says no and overwrites nothing.
void kiosk_form_end(struct kiosk *kiosk)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    kiosk_form_keep(kiosk);
    if (form->owes_save && form->save_id != 0 && may_save(form)) {
        give_answers(kiosk, form->is_looking ? form->revision : form->revision + 1);
    }
}

void kiosk_form_send(struct kiosk *kiosk)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    if (kiosk->waits_for != 0 || form->owes_send || form->state != API_FORM_OPEN) {
        return; // pressed twice
    }
    form->trouble = FORM_NO_TROUBLE;
    form->wish = FORM_WISH_SEND;
    scenes_replace(kiosk->scenes, &kiosk_scene_form_done);
    kiosk->waits_since_ms = kiosk->now_ms;
    form->owes_send = form->save_id != 0 || form->owes_save || form->checks_first;
    if (!form->owes_send) {
        give_send(kiosk);
    } else if (form->save_id == 0) {
        kiosk_form_save(kiosk);
    }
}

void kiosk_form_read_again(struct kiosk *kiosk)
{
    if (kiosk->waits_for == 0) {
        read_form(kiosk, FORM_WISH_READ);
        scenes_replace(kiosk->scenes, &kiosk_scene_wait);
    }
}

void kiosk_form_retry(struct kiosk *kiosk)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    switch (form->trouble) {
    case FORM_NOT_OPENED:
        kiosk_form_open(kiosk);
        break;
    case FORM_NOT_SENT:
    case FORM_UNSURE:
        kiosk_form_send(kiosk);
        break;
    case FORM_CHANGED:
        kiosk_form_read_again(kiosk);
        break;
    case FORM_NO_TROUBLE:
    case FORM_PEN:
    case FORM_GONE:
    case FORM_CANNOT:
        kiosk_form_leave(kiosk);
        break;
    }
}

bool kiosk_form_take(struct kiosk *kiosk, struct hub_message_private *message)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    if (form->save_id != 0 && message->command_id == form->save_id) {
        form->save_id = 0;
        take_save(kiosk, message);
        return true;
    }
    if (form->wish == FORM_NO_WISH || message->command_id != kiosk->waits_for) {
        return false;
    }
    kiosk->waits_for = 0;
    kiosk->has_news = true;
    if (message->answer == HUB_ANSWER_FORM && form->wish == FORM_WISH_POLL) {
        take_polled(kiosk, &message->form);
    } else if (message->answer == HUB_ANSWER_FORM) {
        take_opened(kiosk, &message->form);
    } else if (message->answer == HUB_ANSWER_FORM_SENT) {
        take_sent(kiosk, message->sent.state, message->sent.reference);
    } else {
        take_no(kiosk, message);
    }
    return true;
}

void kiosk_form_news(struct kiosk *kiosk, const struct api_form_news *news)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    bool is_ours = form->is_open && text_equal(news->id, form->id);
    if (!is_ours || form->trouble != FORM_NO_TROUBLE) {
        return;
    }
    if (news->holder[0] != '\0' && !text_equal(news->holder, form->holder)) {
        kiosk_form_show_trouble(kiosk, FORM_PEN);
    } else if (news->state == API_FORM_SENT && form->state == API_FORM_SENDING &&
               kiosk->waits_for == 0) {
        read_form(kiosk, FORM_WISH_POLL); // for its reference
    }
}

int64_t kiosk_form_tick(struct kiosk *kiosk, int64_t now_ms)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    bool owes = form->owes_save && form->save_id == 0 && may_save(form);
    bool polls = form->state == API_FORM_SENDING && kiosk->waits_for == 0;
    if (owes && now_ms - form->saved_ms >= FORM_RETRY_MS) {
        kiosk_form_save(kiosk);
        owes = false;
    }
    if (polls && now_ms - form->saved_ms >= FORM_POLL_MS) {
        form->saved_ms = now_ms;
        read_form(kiosk, FORM_WISH_POLL);
        polls = false;
    }
    return owes    ? form->saved_ms + FORM_RETRY_MS
           : polls ? form->saved_ms + FORM_POLL_MS
                   : SCENE_NEVER;
}

// What stands elsewhere is never overwritten, and what is sent is the source's.
static bool may_save(const struct kiosk_form_private *form)
{
    bool is_ours = form->trouble == FORM_NO_TROUBLE || form->trouble == FORM_NOT_SENT ||
                   form->trouble == FORM_UNSURE;
    return form->is_open && form->state == API_FORM_OPEN && is_ours;
}

static void give_answers(struct kiosk *kiosk, uint64_t revision)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    struct api_form_answers_private answers = {.revision = revision,
                                               .data = kiosk_form_answers(form)};
    kiosk_form_name(form, answers.place.key, sizeof answers.place.key, &answers.place.item);
    kiosk->commands_count += 1;
    form->owes_save = false;
    form->save_id =
        kiosk->client == NULL ? SAVE_ID_ALONE : hub_form_answers(kiosk->client, form->id, &answers);
    json_wipe_free(form->given_private);
    form->given_private = answers.data;
    answers.data = NULL;
    api_form_answers_free(&answers);
}

static void give_send(struct kiosk *kiosk)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    struct api_form_send_private send = {.revision = form->revision,
                                         .data = kiosk_form_answers(form),
                                         .privacy = form->agrees_privacy,
                                         .truth = form->agrees_truth};
    form->owes_send = false;
    kiosk_wait(kiosk, kiosk->client == NULL ? 1 : hub_form_send(kiosk->client, form->id, &send));
    form->wish = FORM_WISH_SEND;
    api_form_send_free(&send);
}

static void read_form(struct kiosk *kiosk, enum form_wish wish)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    int64_t since_ms = kiosk->waits_since_ms;
    kiosk_wait(kiosk, kiosk->client == NULL ? 1 : hub_form_read(kiosk->client, form->id));
    form->wish = wish;
    if (wish == FORM_WISH_POLL) {
        kiosk->waits_since_ms = since_ms; // it is one long wait for whoever stands there
    }
}

struct json *kiosk_form_answers(const struct kiosk_form_private *form)
{
    return answers_write(&form->walk.answers, &form->walk.form, &form->walk.logic, -1);
}

// The form is here: at its end already, begun before, or new.
static void take_opened(struct kiosk *kiosk, struct api_form_private *told)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    bool is_again = form->wish == FORM_WISH_READ;
    if (take_document(kiosk, told) != OK) {
        kiosk_form_show_trouble(kiosk, FORM_CANNOT);
        return;
    }
    bool is_unsure = form->walk.logic.is_unsure && !form->asks_source;
    if (form->state != API_FORM_OPEN) {
        take_sent(kiosk, form->state, told->reference);
    } else if (is_unsure) {
        kiosk_form_show_trouble(kiosk, FORM_CANNOT); // a rule nobody here knows: never guessed
    } else if (is_again) {
        form->given_private = kiosk_form_answers(form);
        kiosk_form_show(kiosk, (struct walk_page){WALK_CHECK, FORM_NOWHERE});
    } else if (json_len(form->stored_private) > 0) {
        scenes_replace(kiosk->scenes, &kiosk_scene_form_resume);
    } else {
        kiosk_form_start(kiosk, true);
    }
}

static enum err take_document(struct kiosk *kiosk, struct api_form_private *told)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    struct fault fault = {0};
    kiosk_form_close(form);
    memcpy(form->id, told->id, sizeof form->id);
    memcpy(form->holder, told->holder, sizeof form->holder);
    form->revision = told->revision;
    form->asks_source = told->asks_source;
    form->needs_privacy = told->needs_privacy;
    form->needs_truth = told->needs_truth;
    form->state = told->state;
    form->stopped = told->place;
    form->prefill_private = json_clone(told->prefill);
    form->stored_private = json_clone(told->data);
    form->saving = json_len(told->data) == 0 ? FORM_NOTHING_YET
                   : told->is_at_source      ? FORM_AT_SOURCE
                                             : FORM_AT_HUB;
    struct json *document = told->definition;
    told->definition = NULL;
    json_set(document, "prefill", told->prefill);
    json_set(document, "data", told->data);
    told->prefill = NULL;
    told->data = NULL;
    struct clock_local now = clock_local(clock_now_ms(&kiosk->clock));
    struct date today = {(int16_t)now.year, (uint8_t)now.month, (uint8_t)now.day};
    enum err err = walk_open(&form->walk, document, today, &fault);
    form->is_open = err == OK;
    return err;
}

static void take_polled(struct kiosk *kiosk, const struct api_form_private *told)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    form->saved_ms = kiosk->now_ms;
    kiosk->has_news = false; // nobody asked for this one
    if (told->state != API_FORM_OPEN) {
        take_sent(kiosk, told->state, told->reference);
    } else {
        form->state = API_FORM_OPEN; // the source did not take it after all
        kiosk_form_show_trouble(kiosk, FORM_NOT_SENT);
    }
}

static void take_save(struct kiosk *kiosk, struct hub_message_private *message)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    if (message->answer == HUB_ANSWER_FORM_SAVED) {
        take_saved(kiosk, &message->saved);
        return;
    }
    if (message->answer == HUB_ANSWER_FORM) {
        take_looked_up(kiosk, &message->form);
        return;
    }
    bool is_unknown = message->answer == HUB_ANSWER_NO_HUB;
    enum form_trouble trouble = is_unknown ? FORM_NO_TROUBLE : trouble_of(&message->problem);
    form->saving = FORM_NOT_SAVED;
    form->owes_save = true;
    form->checks_first = form->checks_first || is_unknown;
    form->saved_ms = kiosk->now_ms;
    if (trouble == FORM_CHANGED || trouble == FORM_PEN || trouble == FORM_GONE) {
        kiosk_form_show_trouble(kiosk, trouble);
    } else if (form->owes_send) {
        kiosk_form_show_trouble(kiosk, FORM_NOT_SENT);
    } else {
        go_on(kiosk); // what the source would have said is then not known; it checks at the end
    }
}

static void take_saved(struct kiosk *kiosk, const struct api_form_saved_private *saved)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    struct walk *walk = &form->walk;
    struct fault fault = {0};
    form->revision = saved->revision;
    form->saving = saved->is_at_source ? FORM_AT_SOURCE : FORM_AT_HUB;
    if (saved->told != NULL && form->asks_source && !form->owes_save &&
        logic_hear(&walk->logic, &walk->form, &walk->answers, saved->told, &fault) != OK) {
        kiosk_form_show_trouble(kiosk, FORM_CANNOT);
        return;
    }
    if (form->owes_save) {
        kiosk_form_save(kiosk);
    } else if (form->owes_send) {
        give_send(kiosk);
    } else {
        go_on(kiosk);
    }
}

// The hub was silent when these answers went: what stands there is ours, or somebody else's.
static void take_looked_up(struct kiosk *kiosk, const struct api_form_private *told)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    bool is_ours = told->revision == form->revision ||
                   (form->given_private != NULL && json_same(told->data, form->given_private));
    if (!is_ours) {
        kiosk_form_show_trouble(kiosk, FORM_CHANGED);
        return;
    }
    form->revision = told->revision;
    form->checks_first = false;
    kiosk_form_save(kiosk);
}

static void take_sent(struct kiosk *kiosk, enum api_form_state state, const char *reference)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    form->wish = FORM_NO_WISH;
    form->state = state;
    form->saved_ms = kiosk->now_ms;
    text_copy_cut(form->reference, sizeof form->reference, reference);
    bool has_paper = state == API_FORM_SENT && reference[0] != '\0' && kiosk->printer_ok;
    if (has_paper && kiosk->print != NULL) {
        kiosk->visit.slip = SLIP_PRINTING;
        kiosk->print(kiosk->print_ctx);
    }
    if (scenes_top(kiosk->scenes) != &kiosk_scene_form_done || state == API_FORM_SENT) {
        scenes_replace(kiosk->scenes, &kiosk_scene_form_done);
    }
}

static void take_no(struct kiosk *kiosk, const struct hub_message_private *message)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    enum form_wish wish = form->wish;
    bool is_unknown = message->answer != HUB_ANSWER_PROBLEM;
    enum form_trouble trouble = is_unknown ? FORM_NO_TROUBLE : trouble_of(&message->problem);
    form->wish = FORM_NO_WISH;
    if (wish == FORM_WISH_POLL) {
        form->saved_ms = kiosk->now_ms;
        kiosk->has_news = false;
        return; // it is on its way as before
    }
    if (!is_unknown && text_equal(message->problem.code, "visit_gone")) {
        form->wish = FORM_NO_WISH;
        kiosk_message(kiosk, "message.visit_gone");
    } else if (!is_unknown && text_equal(message->problem.code, "form_invalid")) {
        take_invalid(kiosk, &message->problem);
    } else if (trouble != FORM_NO_TROUBLE) {
        kiosk_form_show_trouble(kiosk, trouble);
    } else if (wish == FORM_WISH_SEND) {
        form->checks_first = form->checks_first || is_unknown;
        kiosk_form_show_trouble(kiosk, is_unknown ? FORM_UNSURE : FORM_NOT_SENT);
    } else {
        kiosk_form_show_trouble(kiosk, FORM_NOT_OPENED);
    }
}

// The first question whose answer the source does not take is shown again, with its answer.
static void take_invalid(struct kiosk *kiosk, const struct api_problem *problem)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    struct check_result result = {.fault = CHECK_OK};
    struct walk_page page = {WALK_CHECK, FORM_NOWHERE};
    for (size_t i = 0; i < problem->invalid_count; i++) {
        if (walk_find(&form->walk, problem->invalid[i].key, &page)) {
            break;
        }
    }
    kiosk_form_change(kiosk, page);
    kiosk_form_refuse(kiosk, "form.error.refused", result);
}

static enum form_trouble trouble_of(const struct api_problem *problem)
{
    static const struct {
        const char *code;
        enum form_trouble trouble;
    } table[] = {
        {"form_changed", FORM_CHANGED},    {"pen_elsewhere", FORM_PEN},
        {"form_gone", FORM_GONE},          {"form_login", FORM_CANNOT},
        {"form_unsupported", FORM_CANNOT}, {"form_unreadable", FORM_CANNOT},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (text_equal(problem->code, table[i].code)) {
            return table[i].trouble;
        }
    }
    return FORM_NO_TROUBLE;
}

// The page was left already; it waited for what the source makes of its answer.
static void go_on(struct kiosk *kiosk)
{
    struct kiosk_form_private *form = &kiosk->visit.form;
    if (form->goes_on) {
        form->goes_on = false;
        kiosk_form_next_page(kiosk);
    }
}
