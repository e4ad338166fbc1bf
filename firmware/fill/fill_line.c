// SPDX-License-Identifier: EUPL-1.2
//
// What goes to the hub of a form and what comes back: one save at a time, each on the revision of
// the one before; a save whose outcome is unknown is looked up before the next.
#include "fill/fill.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

// Without a hub (tests) the saves have an id of their own.
enum { SAVE_ID_ALONE = 2 };

static bool may_save(const struct fill_private *form);
static void ask(struct fill_private *form, enum form_wish wish, uint32_t command_id);
static void give_answers(struct fill_private *form, uint64_t revision);
static void give_send(struct fill_private *form);
static void read_form(struct fill_private *form, enum form_wish wish);
static void take_opened(struct fill_private *form, struct api_form_private *told);
static enum err take_document(struct fill_private *form, struct api_form_private *told);
static void take_polled(struct fill_private *form, const struct api_form_private *told);
static void take_save(struct fill_private *form, struct hub_message_private *message);
static void take_saved(struct fill_private *form, const struct api_form_saved_private *saved);
static void take_looked_up(struct fill_private *form, const struct api_form_private *told);
static void take_sent(struct fill_private *form, enum api_form_state state, const char *reference);
static void take_no(struct fill_private *form, const struct hub_message_private *message);
static void take_invalid(struct fill_private *form, const struct api_problem *problem);
static void go_on(struct fill_private *form);

void fill_open(struct fill_private *form, const struct fill_host *host)
{
    if (*host->waits_for != 0) {
        return;
    }
    fill_close(form);
    form->host = host;
    ask(form, FORM_WISH_OPEN, host->open(host->ctx));
    fill_tell(form, FILL_WAITS);
}

void fill_save(struct fill_private *form)
{
    if (!may_save(form)) {
        return;
    }
    form->owes_save = true;
    form->saved_ms = *form->host->now_ms;
    if (form->save_id != 0) {
        return; // follows on the one in flight
    }
    form->saving = FORM_SAVING;
    form->is_looking = form->checks_first;
    if (form->checks_first) {
        *form->host->commands_count += 1;
        form->save_id = *form->host->client == NULL ? SAVE_ID_ALONE
                                                    : hub_form_read(*form->host->client, form->id);
        return;
    }
    give_answers(form, form->revision);
}

void fill_keep(struct fill_private *form)
{
    if (!may_save(form)) {
        return;
    }
    enum err err = fill_store(form);
    (void)err; // what cannot be an answer is not one yet
    struct json *now = fill_answers(form);
    bool is_known = form->given_private != NULL && json_same(now, form->given_private) &&
                    form->saving != FORM_NOT_SAVED;
    json_wipe_free(now);
    if (!is_known) {
        fill_save(form);
    }
}

// Behind a save in flight the last answers follow on what it will become: commands go one after the
// other. Should that one fail, the hub says no and overwrites nothing.
void fill_end(struct fill_private *form)
{
    fill_keep(form);
    if (form->owes_save && form->save_id != 0 && may_save(form)) {
        give_answers(form, form->is_looking ? form->revision : form->revision + 1);
    }
}

void fill_send(struct fill_private *form)
{
    if (*form->host->waits_for != 0 || form->owes_send || form->state != API_FORM_OPEN) {
        return; // pressed twice
    }
    form->trouble = FORM_NO_TROUBLE;
    form->wish = FORM_WISH_SEND;
    fill_tell(form, FILL_SENDING);
    *form->host->waits_since_ms = *form->host->now_ms;
    form->owes_send = form->save_id != 0 || form->owes_save || form->checks_first;
    if (!form->owes_send) {
        give_send(form);
    } else if (form->save_id == 0) {
        fill_save(form);
    }
}

void fill_read_again(struct fill_private *form)
{
    if (*form->host->waits_for == 0) {
        read_form(form, FORM_WISH_READ);
        fill_tell(form, FILL_WAITS);
    }
}

void fill_retry(struct fill_private *form)
{
    switch (form->trouble) {
    case FORM_NOT_OPENED:
        fill_open(form, form->host);
        break;
    case FORM_NOT_SENT:
    case FORM_UNSURE:
        fill_send(form);
        break;
    case FORM_CHANGED:
        fill_read_again(form);
        break;
    case FORM_NO_TROUBLE:
    case FORM_PEN:
    case FORM_GONE:
    case FORM_CANNOT:
        fill_leave(form);
        break;
    }
}

enum form_trouble fill_trouble_of(const struct api_problem *problem)
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

bool fill_take(struct fill_private *form, struct hub_message_private *message)
{
    if (fill_take_file(form, message)) {
        return true;
    }
    if (form->save_id != 0 && message->command_id == form->save_id) {
        form->save_id = 0;
        take_save(form, message);
        return true;
    }
    if (form->wish == FORM_NO_WISH || message->command_id != *form->host->waits_for) {
        return false;
    }
    *form->host->waits_for = 0;
    *form->host->has_news = true;
    if (message->answer == HUB_ANSWER_FORM && form->wish == FORM_WISH_POLL) {
        take_polled(form, &message->form);
    } else if (message->answer == HUB_ANSWER_FORM) {
        take_opened(form, &message->form);
    } else if (message->answer == HUB_ANSWER_FORM_SENT) {
        take_sent(form, message->sent.state, message->sent.reference);
    } else {
        take_no(form, message);
    }
    return true;
}

void fill_news(struct fill_private *form, const struct api_form_news *news)
{
    bool is_ours = form->is_open && text_equal(news->id, form->id);
    if (!is_ours || form->trouble != FORM_NO_TROUBLE) {
        return;
    }
    if (news->holder[0] != '\0' && !text_equal(news->holder, form->holder)) {
        fill_show_trouble(form, FORM_PEN);
    } else if (news->state == API_FORM_SENT && form->state == API_FORM_SENDING &&
               *form->host->waits_for == 0) {
        read_form(form, FORM_WISH_POLL); // for its reference
    }
}

int64_t fill_tick(struct fill_private *form, int64_t now_ms)
{
    bool owes = form->owes_save && form->save_id == 0 && may_save(form);
    bool polls = form->state == API_FORM_SENDING && *form->host->waits_for == 0;
    if (owes && now_ms - form->saved_ms >= FORM_RETRY_MS) {
        fill_save(form);
        owes = false;
    }
    if (polls && now_ms - form->saved_ms >= FORM_POLL_MS) {
        form->saved_ms = now_ms;
        read_form(form, FORM_WISH_POLL);
        polls = false;
    }
    int64_t file_ms = fill_file_tick(form, now_ms);
    int64_t line_ms = owes    ? form->saved_ms + FORM_RETRY_MS
                      : polls ? form->saved_ms + FORM_POLL_MS
                              : SCENE_NEVER;
    return line_ms < file_ms ? line_ms : file_ms;
}

// What stands elsewhere is never overwritten, and what is sent is the source's.
static bool may_save(const struct fill_private *form)
{
    bool is_ours = form->trouble == FORM_NO_TROUBLE || form->trouble == FORM_NOT_SENT ||
                   form->trouble == FORM_UNSURE;
    return form->is_open && form->state == API_FORM_OPEN && is_ours;
}

// What the person at the screen waits for.
static void ask(struct fill_private *form, enum form_wish wish, uint32_t command_id)
{
    const struct fill_host *host = form->host;
    *host->commands_count += 1;
    *host->waits_for = command_id;
    *host->waits_since_ms = *host->now_ms;
    form->wish = wish;
}

static void give_answers(struct fill_private *form, uint64_t revision)
{
    struct api_form_answers_private answers = {.revision = revision, .data = fill_answers(form)};
    fill_name(form, answers.place.key, sizeof answers.place.key, &answers.place.item);
    *form->host->commands_count += 1;
    form->owes_save = false;
    form->save_id = *form->host->client == NULL
                        ? SAVE_ID_ALONE
                        : hub_form_answers(*form->host->client, form->id, &answers);
    json_wipe_free(form->given_private);
    form->given_private = answers.data;
    answers.data = NULL;
    api_form_answers_free(&answers);
}

static void give_send(struct fill_private *form)
{
    struct api_form_send_private send = {.revision = form->revision,
                                         .data = fill_answers(form),
                                         .privacy = form->agrees_privacy,
                                         .truth = form->agrees_truth};
    form->owes_send = false;
    ask(form, FORM_WISH_SEND,
        *form->host->client == NULL ? 1 : hub_form_send(*form->host->client, form->id, &send));
    api_form_send_free(&send);
}

static void read_form(struct fill_private *form, enum form_wish wish)
{
    int64_t since_ms = *form->host->waits_since_ms;
    ask(form, wish, *form->host->client == NULL ? 1 : hub_form_read(*form->host->client, form->id));
    if (wish == FORM_WISH_POLL) {
        *form->host->waits_since_ms = since_ms; // it is one long wait for whoever stands there
    }
}

struct json *fill_answers(const struct fill_private *form)
{
    return answers_write(&form->walk.answers, &form->walk.form, &form->walk.logic, -1);
}

// The form is here: at its end already, begun before, or new.
static void take_opened(struct fill_private *form, struct api_form_private *told)
{
    bool is_again = form->wish == FORM_WISH_READ;
    if (take_document(form, told) != OK) {
        fill_show_trouble(form, FORM_CANNOT);
        return;
    }
    bool is_unsure = form->walk.logic.is_unsure && !form->asks_source;
    if (form->state != API_FORM_OPEN) {
        take_sent(form, form->state, told->reference);
    } else if (is_unsure) {
        fill_show_trouble(form, FORM_CANNOT); // a rule nobody here knows: never guessed
    } else if (is_again) {
        form->given_private = fill_answers(form);
        fill_show(form, (struct walk_page){WALK_CHECK, FORM_NOWHERE});
    } else if (json_len(form->stored_private) > 0) {
        fill_tell(form, FILL_RESUMES);
    } else {
        fill_start(form, form->stopped.key[0] == '\0'); // nothing was answered where she stopped
    }
}

static enum err take_document(struct fill_private *form, struct api_form_private *told)
{
    struct fault fault = {0};
    fill_close(form);
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
    struct clock_local now = clock_local(clock_now_ms(form->host->clock));
    struct date today = {(int16_t)now.year, (uint8_t)now.month, (uint8_t)now.day};
    enum err err = walk_open(&form->walk, document, today, &fault);
    form->is_open = err == OK;
    return err;
}

static void take_polled(struct fill_private *form, const struct api_form_private *told)
{
    form->saved_ms = *form->host->now_ms;
    *form->host->has_news = false; // nobody asked for this one
    if (told->state != API_FORM_OPEN) {
        take_sent(form, told->state, told->reference);
    } else {
        form->state = API_FORM_OPEN; // the source did not take it after all
        fill_show_trouble(form, FORM_NOT_SENT);
    }
}

static void take_save(struct fill_private *form, struct hub_message_private *message)
{
    if (message->answer == HUB_ANSWER_FORM_SAVED) {
        take_saved(form, &message->saved);
        return;
    }
    if (message->answer == HUB_ANSWER_FORM) {
        take_looked_up(form, &message->form);
        return;
    }
    bool is_unknown = message->answer == HUB_ANSWER_NO_HUB;
    enum form_trouble trouble = is_unknown ? FORM_NO_TROUBLE : fill_trouble_of(&message->problem);
    form->saving = FORM_NOT_SAVED;
    form->owes_save = true;
    form->checks_first = form->checks_first || is_unknown;
    form->saved_ms = *form->host->now_ms;
    if (trouble == FORM_CHANGED || trouble == FORM_PEN || trouble == FORM_GONE) {
        fill_show_trouble(form, trouble);
    } else if (form->owes_send) {
        fill_show_trouble(form, FORM_NOT_SENT);
    } else {
        go_on(form); // what the source would have said is then not known; it checks at the end
    }
}

static void take_saved(struct fill_private *form, const struct api_form_saved_private *saved)
{
    struct walk *walk = &form->walk;
    struct fault fault = {0};
    form->revision = saved->revision;
    form->saving = saved->is_at_source ? FORM_AT_SOURCE : FORM_AT_HUB;
    if (saved->told != NULL && form->asks_source && !form->owes_save &&
        logic_hear(&walk->logic, &walk->form, &walk->answers, saved->told, &fault) != OK) {
        fill_show_trouble(form, FORM_CANNOT);
        return;
    }
    if (form->owes_save) {
        fill_save(form);
    } else if (form->owes_send) {
        give_send(form);
    } else {
        go_on(form);
    }
}

// The hub was silent when these answers went: what stands there is ours, or somebody else's.
static void take_looked_up(struct fill_private *form, const struct api_form_private *told)
{
    bool is_ours = told->revision == form->revision ||
                   (form->given_private != NULL && json_same(told->data, form->given_private));
    if (!is_ours) {
        fill_show_trouble(form, FORM_CHANGED);
        return;
    }
    form->revision = told->revision;
    form->checks_first = false;
    fill_save(form);
}

static void take_sent(struct fill_private *form, enum api_form_state state, const char *reference)
{
    form->wish = FORM_NO_WISH;
    form->state = state;
    form->saved_ms = *form->host->now_ms;
    text_copy_cut(form->reference, sizeof form->reference, reference);
    fill_tell(form, state == API_FORM_SENT ? FILL_SENT : FILL_SENDING);
}

static void take_no(struct fill_private *form, const struct hub_message_private *message)
{
    enum form_wish wish = form->wish;
    bool is_unknown = message->answer != HUB_ANSWER_PROBLEM;
    enum form_trouble trouble = is_unknown ? FORM_NO_TROUBLE : fill_trouble_of(&message->problem);
    form->wish = FORM_NO_WISH;
    if (wish == FORM_WISH_POLL) {
        form->saved_ms = *form->host->now_ms;
        *form->host->has_news = false;
        return; // it is on its way as before
    }
    if (!is_unknown && text_equal(message->problem.code, "visit_gone")) {
        form->wish = FORM_NO_WISH;
        fill_tell(form, FILL_VISIT_GONE);
    } else if (!is_unknown && text_equal(message->problem.code, "form_invalid")) {
        take_invalid(form, &message->problem);
    } else if (trouble != FORM_NO_TROUBLE) {
        fill_show_trouble(form, trouble);
    } else if (wish == FORM_WISH_SEND) {
        form->checks_first = form->checks_first || is_unknown;
        fill_show_trouble(form, is_unknown ? FORM_UNSURE : FORM_NOT_SENT);
    } else {
        fill_show_trouble(form, FORM_NOT_OPENED);
    }
}

// The first question whose answer the source does not take is shown again, with its answer.
static void take_invalid(struct fill_private *form, const struct api_problem *problem)
{
    struct check_result result = {.fault = CHECK_OK};
    struct walk_page page = {WALK_CHECK, FORM_NOWHERE};
    for (size_t i = 0; i < problem->invalid_count; i++) {
        if (walk_find(&form->walk, problem->invalid[i].key, &page)) {
            break;
        }
    }
    fill_change(form, page);
    fill_refuse(form, "form.error.refused", result);
}

// The page was left already; it waited for what the source makes of its answer.
static void go_on(struct fill_private *form)
{
    if (form->goes_on) {
        form->goes_on = false;
        fill_next_page(form);
    }
}
