// SPDX-License-Identifier: EUPL-1.2
//
// Commands: written on the caller's thread, asked one after the other on the I/O thread, with one
// key for all tries, until the hub answers or patience is over.
#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"
#include "link/hub_client_parts.h"
#include "link/token.h"

#include <stdlib.h>
#include <string.h>

enum { VISIT_PATIENCE_MS = 8000, TICKET_PATIENCE_MS = 3000, FORM_PATIENCE_MS = 20000 };

// What a command is made of before it is heap memory.
struct wish {
    const char *before; // "/tickets/"
    const char *id;     // encoded into the path; NULL: none
    const char *after;  // "/print"; NULL: none
    struct json *body;  // taken; NULL: GET
    int64_t patience_ms;
    enum hub_answer_kind answer;
    enum err (*read)(const struct json *json, struct hub_message_private *message,
                     struct fault *fault);
};

static uint32_t give(struct hub_client *client, const struct wish *wish);
static void refuse(struct hub_client *client, uint32_t id);
static enum err read_visit(const struct json *json, struct hub_message_private *message,
                           struct fault *fault);
static enum err read_catalogue(const struct json *json, struct hub_message_private *message,
                               struct fault *fault);
static enum err read_ticket(const struct json *json, struct hub_message_private *message,
                            struct fault *fault);
static enum err read_context(const struct json *json, struct hub_message_private *message,
                             struct fault *fault);
static enum err read_why(const struct json *json, struct hub_message_private *message,
                         struct fault *fault);
static enum err read_counter(const struct json *json, struct hub_message_private *message,
                             struct fault *fault);
static enum err read_form(const struct json *json, struct hub_message_private *message,
                          struct fault *fault);
static enum err read_saved(const struct json *json, struct hub_message_private *message,
                           struct fault *fault);
static enum err read_upload(const struct json *json, struct hub_message_private *message,
                            struct fault *fault);
static enum err read_uploads(const struct json *json, struct hub_message_private *message,
                             struct fault *fault);
static enum err read_sent(const struct json *json, struct hub_message_private *message,
                          struct fault *fault);
static void ask_first(void *ctx);
static void on_answer(void *ctx, const struct http_result *result);
static bool is_final(const struct http_result *result, const struct json *json,
                     struct api_problem *problem);
static void tell(struct hub_client *client, const struct http_result *result,
                 const struct json *json, const struct api_problem *problem);
static void give_up(struct hub_client *client, struct hub_command *command);
static void on_expiry(void *ctx);
static void set_expiry(struct hub_client *client);
static void remove_command(struct hub_queue *queue, struct hub_command *command);

uint32_t hub_visit_open(struct hub_client *client, const struct api_visit_open_private *open)
{
    bool is_link = token_classify(open->code, strlen(open->code)) == TOKEN_RESUME;
    return give(client,
                &(struct wish){.before = "/visits",
                               .body = api_visit_open_write(open),
                               .patience_ms = is_link ? FORM_PATIENCE_MS : VISIT_PATIENCE_MS,
                               .answer = HUB_ANSWER_VISIT,
                               .read = read_visit});
}

uint32_t hub_second_fact(struct hub_client *client, const char *visit,
                         const struct api_second_fact_private *fact)
{
    return give(client, &(struct wish){.before = "/visits/",
                                       .id = visit,
                                       .after = "/second-fact",
                                       .body = api_second_fact_write(fact),
                                       .patience_ms = VISIT_PATIENCE_MS,
                                       .answer = HUB_ANSWER_VISIT,
                                       .read = read_visit});
}

uint32_t hub_visit_read(struct hub_client *client, const char *visit)
{
    return give(client, &(struct wish){.before = "/visits/",
                                       .id = visit,
                                       .patience_ms = VISIT_PATIENCE_MS,
                                       .answer = HUB_ANSWER_VISIT,
                                       .read = read_visit});
}

uint32_t hub_visit_end(struct hub_client *client, const char *visit)
{
    return give(client, &(struct wish){.before = "/visits/",
                                       .id = visit,
                                       .after = "/end",
                                       .body = json_new_object(),
                                       .patience_ms = VISIT_PATIENCE_MS,
                                       .answer = HUB_ANSWER_DONE});
}

uint32_t hub_catalogue(struct hub_client *client)
{
    return give(client, &(struct wish){.before = "/catalogue",
                                       .patience_ms = FORM_PATIENCE_MS,
                                       .answer = HUB_ANSWER_CATALOGUE,
                                       .read = read_catalogue});
}

uint32_t hub_begin(struct hub_client *client, const char *visit, const struct api_begin *begin)
{
    return give(client, &(struct wish){.before = "/visits/",
                                       .id = visit,
                                       .after = "/requests",
                                       .body = api_begin_write(begin),
                                       .patience_ms = FORM_PATIENCE_MS,
                                       .answer = HUB_ANSWER_VISIT,
                                       .read = read_visit});
}

uint32_t hub_issue(struct hub_client *client, const struct api_issue *issue)
{
    return give(client, &(struct wish){.before = "/tickets",
                                       .body = api_issue_write(issue),
                                       .patience_ms = TICKET_PATIENCE_MS,
                                       .answer = HUB_ANSWER_TICKET,
                                       .read = read_ticket});
}

uint32_t hub_print(struct hub_client *client, const char *ticket, enum print_state state)
{
    return give(client, &(struct wish){.before = "/tickets/",
                                       .id = ticket,
                                       .after = "/print",
                                       .body = api_print_write(state),
                                       .patience_ms = TICKET_PATIENCE_MS,
                                       .answer = HUB_ANSWER_TICKET,
                                       .read = read_ticket});
}

uint32_t hub_call(struct hub_client *client, const struct api_call *call)
{
    return give(client, &(struct wish){.before = "/calls",
                                       .body = api_call_write(call),
                                       .patience_ms = TICKET_PATIENCE_MS,
                                       .answer = HUB_ANSWER_CALLED,
                                       .read = read_ticket});
}

uint32_t hub_transition(struct hub_client *client, const char *ticket,
                        const struct api_transition *transition)
{
    return give(client, &(struct wish){.before = "/tickets/",
                                       .id = ticket,
                                       .after = "/transitions",
                                       .body = api_transition_write(transition),
                                       .patience_ms = TICKET_PATIENCE_MS,
                                       .answer = HUB_ANSWER_TICKET,
                                       .read = read_ticket});
}

uint32_t hub_context(struct hub_client *client, const char *ticket)
{
    return give(client, &(struct wish){.before = "/tickets/",
                                       .id = ticket,
                                       .after = "/context",
                                       .patience_ms = TICKET_PATIENCE_MS,
                                       .answer = HUB_ANSWER_CONTEXT,
                                       .read = read_context});
}

uint32_t hub_why(struct hub_client *client, const char *ticket)
{
    return give(client, &(struct wish){.before = "/tickets/",
                                       .id = ticket,
                                       .after = "/why",
                                       .patience_ms = TICKET_PATIENCE_MS,
                                       .answer = HUB_ANSWER_WHY,
                                       .read = read_why});
}

uint32_t hub_session(struct hub_client *client, const char *desk, const struct api_session *session)
{
    return give(client, &(struct wish){.before = "/counters/",
                                       .id = desk,
                                       .after = "/session",
                                       .body = api_session_write(session),
                                       .patience_ms = TICKET_PATIENCE_MS,
                                       .answer = HUB_ANSWER_COUNTER,
                                       .read = read_counter});
}

uint32_t hub_health(struct hub_client *client, const struct api_health *health)
{
    return give(client, &(struct wish){.before = "/devices/health",
                                       .body = api_health_write(health),
                                       .patience_ms = TICKET_PATIENCE_MS,
                                       .answer = HUB_ANSWER_DONE});
}

uint32_t hub_form_open(struct hub_client *client, const char *visit,
                       const struct api_form_open *open)
{
    return give(client, &(struct wish){.before = "/visits/",
                                       .id = visit,
                                       .after = "/forms",
                                       .body = api_form_open_write(open),
                                       .patience_ms = FORM_PATIENCE_MS,
                                       .answer = HUB_ANSWER_FORM,
                                       .read = read_form});
}

uint32_t hub_form_read(struct hub_client *client, const char *form)
{
    return give(client, &(struct wish){.before = "/forms/",
                                       .id = form,
                                       .patience_ms = FORM_PATIENCE_MS,
                                       .answer = HUB_ANSWER_FORM,
                                       .read = read_form});
}

uint32_t hub_form_answers(struct hub_client *client, const char *form,
                          const struct api_form_answers_private *answers)
{
    return give(client, &(struct wish){.before = "/forms/",
                                       .id = form,
                                       .after = "/answers",
                                       .body = api_form_answers_write(answers),
                                       .patience_ms = FORM_PATIENCE_MS,
                                       .answer = HUB_ANSWER_FORM_SAVED,
                                       .read = read_saved});
}

uint32_t hub_form_send(struct hub_client *client, const char *form,
                       const struct api_form_send_private *send)
{
    return give(client, &(struct wish){.before = "/forms/",
                                       .id = form,
                                       .after = "/send",
                                       .body = api_form_send_write(send),
                                       .patience_ms = FORM_PATIENCE_MS,
                                       .answer = HUB_ANSWER_FORM_SENT,
                                       .read = read_sent});
}

uint32_t hub_form_pen(struct hub_client *client, const char *form, enum api_pen pen)
{
    return give(client, &(struct wish){.before = "/forms/",
                                       .id = form,
                                       .after = "/pen",
                                       .body = api_form_pen_write(pen),
                                       .patience_ms = FORM_PATIENCE_MS,
                                       .answer = HUB_ANSWER_DONE});
}

uint32_t hub_form_upload(struct hub_client *client, const char *form,
                         const struct api_upload_open *open)
{
    return give(client, &(struct wish){.before = "/forms/",
                                       .id = form,
                                       .after = "/uploads",
                                       .body = api_upload_open_write(open),
                                       .patience_ms = FORM_PATIENCE_MS,
                                       .answer = HUB_ANSWER_UPLOAD,
                                       .read = read_upload});
}

uint32_t hub_form_uploads(struct hub_client *client, const char *form)
{
    return give(client, &(struct wish){.before = "/forms/",
                                       .id = form,
                                       .after = "/uploads",
                                       .patience_ms = FORM_PATIENCE_MS,
                                       .answer = HUB_ANSWER_UPLOADS,
                                       .read = read_uploads});
}

uint32_t hub_ticket_form(struct hub_client *client, const char *ticket)
{
    return give(client, &(struct wish){.before = "/tickets/",
                                       .id = ticket,
                                       .after = "/form",
                                       .body = json_new_object(),
                                       .patience_ms = FORM_PATIENCE_MS,
                                       .answer = HUB_ANSWER_FORM,
                                       .read = read_form});
}

void hub_queue_init(struct hub_client *client)
{
    client->queue.retry = loop_timer_new(client->loop, ask_first, client);
    client->queue.expiry = loop_timer_new(client->loop, on_expiry, client);
}

void hub_queue_finish(struct hub_client *client)
{
    while (client->queue.first != NULL) {
        struct hub_command *command = client->queue.first;
        client->queue.first = command->next;
        hub_command_free(command);
    }
    loop_timer_free(client->queue.retry);
    loop_timer_free(client->queue.expiry);
    client->queue = (struct hub_queue){0};
}

void hub_queue_add(struct hub_client *client, struct hub_command *command)
{
    struct hub_queue *queue = &client->queue;
    if (queue->last == NULL) {
        queue->first = command;
    } else {
        queue->last->next = command;
    }
    queue->last = command;
    if (queue->first == command) {
        queue->backoff = (struct hub_backoff){0};
        ask_first(client);
    }
    set_expiry(client);
}

void hub_command_free(struct hub_command *command)
{
    if (command == NULL) {
        return;
    }
    if (command->body != NULL) {
        wipe(command->body, command->body_len);
        free(command->body);
    }
    wipe(command, sizeof *command);
    free(command);
}

static uint32_t give(struct hub_client *client, const struct wish *wish)
{
    struct hub_command *command = calloc(1, sizeof *command);
    CHECK(command != NULL);
    command->id = atomic_fetch_add(&client->ids_count, 1) + 1;
    command->answer = wish->answer;
    command->read = wish->read;
    command->patience_ms = wish->patience_ms;
    command->deadline_ms = clock_monotonic_ms(&client->clock) + wish->patience_ms;
    entropy_uuid(command->key);
    char id[3 * UUID_TEXT_BYTES] = "";
    CHECK(wish->id == NULL || http_url_encode(wish->id, id, sizeof id) == OK);
    struct text target;
    text_init(&target, command->target, sizeof command->target);
    text_format(&target, "%s%s%s%s", client->hub.base, wish->before, id,
                wish->after == NULL ? "" : wish->after);
    CHECK(!target.is_cut);
    if (wish->body != NULL) {
        command->is_post = true;
        command->body = json_write_new(wish->body);
        command->body_len = strlen(command->body);
        json_wipe_free(wish->body);
    }
    // Once sent, the command is the I/O thread's and may be gone already.
    uint32_t given = command->id;
    if (mailbox_send(&client->commands, &command) != OK) {
        hub_command_free(command);
        refuse(client, given);
    }
    return given;
}

// On the caller's thread: so many commands wait that this one was not even taken.
static void refuse(struct hub_client *client, uint32_t id)
{
    struct hub_message_private *message = hub_message_new(HUB_ANSWER);
    message->command_id = id;
    message->answer = HUB_ANSWER_NO_HUB;
    if (mailbox_send(client->mailbox, &message) != OK) {
        log_warn("hub", "neither commands nor messages are taken");
        hub_message_free(message);
    }
}

static enum err read_visit(const struct json *json, struct hub_message_private *message,
                           struct fault *fault)
{
    return api_visit_read(json, &message->visit, fault);
}

static enum err read_catalogue(const struct json *json, struct hub_message_private *message,
                               struct fault *fault)
{
    return api_catalogue_read(json, &message->catalogue, fault);
}

static enum err read_ticket(const struct json *json, struct hub_message_private *message,
                            struct fault *fault)
{
    return api_ticket_read(json, &message->ticket, fault);
}

static enum err read_context(const struct json *json, struct hub_message_private *message,
                             struct fault *fault)
{
    return api_context_read(json, &message->context, fault);
}

static enum err read_why(const struct json *json, struct hub_message_private *message,
                         struct fault *fault)
{
    return api_why_read(json, &message->why, fault);
}

static enum err read_counter(const struct json *json, struct hub_message_private *message,
                             struct fault *fault)
{
    return api_own_counter_read(json, &message->own.counter, message->own.staff_name, fault);
}

static enum err read_form(const struct json *json, struct hub_message_private *message,
                          struct fault *fault)
{
    return api_form_read(json, &message->form, fault);
}

static enum err read_saved(const struct json *json, struct hub_message_private *message,
                           struct fault *fault)
{
    return api_form_saved_read(json, &message->saved, fault);
}

static enum err read_sent(const struct json *json, struct hub_message_private *message,
                          struct fault *fault)
{
    return api_form_sent_read(json, &message->sent, fault);
}

static enum err read_upload(const struct json *json, struct hub_message_private *message,
                            struct fault *fault)
{
    return api_upload_read(json, &message->upload, fault);
}

static enum err read_uploads(const struct json *json, struct hub_message_private *message,
                             struct fault *fault)
{
    return api_uploads_read(json, &message->uploads, fault);
}

// Half of the patience for one try: a connection that died silently leaves time for a fresh one.
static void ask_first(void *ctx)
{
    struct hub_client *client = ctx;
    struct hub_command *command = client->queue.first;
    if (command == NULL || client->queue.is_asked) {
        return;
    }
    int64_t left_ms = command->deadline_ms - clock_monotonic_ms(&client->clock);
    if (left_ms <= 0) {
        on_expiry(client);
        return;
    }
    char key[80];
    struct text header;
    text_init(&header, key, sizeof key);
    text_format(&header, "Idempotency-Key: %s\r\n", command->key);
    struct http_call call = {
        .method = command->is_post ? "POST" : "GET",
        .target = command->target,
        .headers = command->is_post ? key : NULL,
        .body = command->body,
        .body_len = command->body_len,
        .answer_bytes_max = API_FORM_BYTES_MAX, // the largest there is
        .timeout_ms = left_ms < command->patience_ms / 2 ? left_ms : command->patience_ms / 2,
        .may_repeat = true, // the key makes it safe
        .done = on_answer,
        .ctx = client,
    };
    client->queue.is_asked = true;
    (void)http_client_call(client->hub.http, &call); // never cancelled
}

static void on_answer(void *ctx, const struct http_result *result)
{
    struct hub_client *client = ctx;
    struct hub_command *command = client->queue.first;
    client->queue.is_asked = false;
    struct json *json = NULL;
    if (result->err == OK && json_parse(result->body, result->body_len, &json) != OK) {
        json = NULL;
    }
    struct api_problem problem = {0};
    if (is_final(result, json, &problem)) {
        tell(client, result, json, &problem);
        json_wipe_free(json);
        remove_command(&client->queue, command);
        hub_command_free(command);
        client->queue.backoff = (struct hub_backoff){0};
        ask_first(client);
        set_expiry(client);
        return;
    }
    json_wipe_free(json);
    if (clock_monotonic_ms(&client->clock) >= command->deadline_ms) {
        on_expiry(client);
        return;
    }
    loop_timer_start(client->queue.retry, hub_backoff_next_ms(&client->queue.backoff));
    set_expiry(client);
}

// The hub's own words end a command, whichever they are. Anything else (no answer, a proxy's page)
// leaves the outcome unknown: the same key is asked again.
static bool is_final(const struct http_result *result, const struct json *json,
                     struct api_problem *problem)
{
    if (result->err != OK) {
        return false;
    }
    if (result->status >= 200 && result->status < 300) {
        return json != NULL;
    }
    if (api_problem_read(json, result->status, problem) != OK) {
        return false;
    }
    // An earlier try of the same key was still in work; the hub asks to be asked again.
    return !text_equal(problem->code, "try_again") && !text_equal(problem->code, "too_many");
}

static void tell(struct hub_client *client, const struct http_result *result,
                 const struct json *json, const struct api_problem *problem)
{
    const struct hub_command *command = client->queue.first;
    struct hub_message_private *message = hub_message_new(HUB_ANSWER);
    struct fault fault = {0};
    message->command_id = command->id;
    message->answer = command->answer;
    if (result->status >= 300) {
        message->answer = HUB_ANSWER_PROBLEM;
        message->problem = *problem;
    } else if (command->read != NULL && command->read(json, message, &fault) != OK) {
        // It would read the same again; what came of it is unknown.
        log_warn("hub", "answer: %s", fault.text);
        message->answer = HUB_ANSWER_NO_HUB;
    }
    if (!hub_post(client, message)) {
        log_warn("hub", "the program takes no messages; an answer is lost");
    }
}

static void give_up(struct hub_client *client, struct hub_command *command)
{
    struct hub_message_private *message = hub_message_new(HUB_ANSWER);
    message->command_id = command->id;
    message->answer = HUB_ANSWER_NO_HUB;
    remove_command(&client->queue, command);
    hub_command_free(command);
    if (!hub_post(client, message)) {
        log_warn("hub", "the program takes no messages; an answer is lost");
    }
}

// Everyone whose patience is over hears so in time, also behind a slow first. The first itself,
// while it is asked, ends by the timeout of its call.
static void on_expiry(void *ctx)
{
    struct hub_client *client = ctx;
    struct hub_queue *queue = &client->queue;
    int64_t now_ms = clock_monotonic_ms(&client->clock);
    struct hub_command *next = NULL;
    struct hub_command *first = queue->first;
    for (struct hub_command *command = first; command != NULL; command = next) {
        next = command->next;
        if (command->deadline_ms <= now_ms && !(command == first && queue->is_asked)) {
            give_up(client, command);
        }
    }
    if (queue->first != first) {
        queue->backoff = (struct hub_backoff){0};
        loop_timer_start(queue->retry, 0);
    }
    set_expiry(client);
}

static void set_expiry(struct hub_client *client)
{
    const struct hub_queue *queue = &client->queue;
    int64_t nearest_ms = INT64_MAX;
    for (const struct hub_command *command = queue->first; command != NULL;
         command = command->next) {
        if (!(command == queue->first && queue->is_asked) && command->deadline_ms < nearest_ms) {
            nearest_ms = command->deadline_ms;
        }
    }
    loop_timer_stop(queue->expiry);
    if (nearest_ms != INT64_MAX) {
        int64_t left_ms = nearest_ms - clock_monotonic_ms(&client->clock);
        loop_timer_start(queue->expiry, left_ms < 0 ? 0 : left_ms);
    }
}

static void remove_command(struct hub_queue *queue, struct hub_command *command)
{
    struct hub_command *previous = NULL;
    for (struct hub_command *at = queue->first; at != command; at = at->next) {
        CHECK(at != NULL);
        previous = at;
    }
    if (previous == NULL) {
        queue->first = command->next;
    } else {
        previous->next = command->next;
    }
    if (queue->last == command) {
        queue->last = previous;
    }
    command->next = NULL;
}
