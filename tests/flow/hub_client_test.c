// SPDX-License-Identifier: EUPL-1.2
//
// A device's line to the hub against a small hub of the test's own: state and stream, gaps and
// cuts, commands with one key for all their tries, the program's own work. Both sides are real
// sockets on the loopback; the hub acts when a command tells it to.
#include "link/http_server.h"
#include "link/hub_client.h"

#include "base/text.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define TICKET "0b6ffb5c-7c1c-4f0e-9d53-1f6b3d0a6a01"

enum { ASKED_MAX = 64, MESSAGES_MAX = 64, DEFINITION_BYTES = 1500 * 1024 };

// One question the hub received.
struct asked {
    char method[8];
    char path[160];
    char query[64];
    char key[64];
    char body[512];
};

struct hub {
    pthread_t thread;
    bool is_started;
    struct loop *loop;
    struct loop_bell *stop;
    struct http_server *server;
    struct http_stream *stream;
    uint64_t seq;
    unsigned gone_count;           // so many streams are refused with 410
    unsigned wrong_count;          // so many calls are answered with a proxy's page
    struct asked asked[ASKED_MAX]; // for the test when both sides rest
    size_t asked_count;
};

struct device {
    struct hub hub;
    struct config config;
    struct mailbox mailbox;
    struct hub_message_private *slots[MESSAGES_MAX];
    struct hub_client *client;
};

static void stream_over(void *ctx, struct http_stream *stream)
{
    struct hub *hub = ctx;
    if (hub->stream == stream) {
        hub->stream = NULL;
    }
}

static void reply_json(struct http_request *request, int status, struct json *json)
{
    char *body = json_write_new(json);
    http_reply(request,
               &(struct http_answer){.status = status, .body = body, .body_len = strlen(body)});
    free(body);
    json_free(json);
}

static void reply_ticket(struct http_request *request)
{
    static const struct api_ticket ticket = {
        .ticket = {.id = TICKET, .service = 'B', .number = "B042", .seq = 42, .due_ms = 1234567}};
    reply_json(request, 200, api_ticket_write(&ticket));
}

static void send_day(struct hub *hub)
{
    const char *name = NULL;
    struct json *json =
        api_event_write(&(struct api_event){.seq = hub->seq, .kind = API_EVENT_DAY}, &name);
    char *data = json_write_new(json);
    http_stream_send(hub->stream, hub->seq, name, data);
    free(data);
    json_free(json);
}

// What the test wants the hub to do comes as the state of a print.
static void act(struct hub *hub, const char *body)
{
    if (strstr(body, "printed") != NULL) {
        hub->seq += 1;
        send_day(hub);
    } else if (strstr(body, "failed") != NULL) {
        hub->seq += 5;
        send_day(hub);
    } else if (strstr(body, "pending") != NULL) {
        hub->seq += 1;
        http_stream_send(hub->stream, hub->seq, "skip", "{}");
    } else {
        http_stream_close(hub->stream);
        hub->stream = NULL;
    }
}

static struct asked remember(struct hub *hub, struct http_request *request)
{
    struct asked asked = {0};
    size_t len = 0;
    const char *body = http_request_body(request, &len);
    assert_true(len < sizeof asked.body);
    memcpy(asked.body, body, len);
    text_copy_cut(asked.method, sizeof asked.method, http_request_method(request));
    text_copy_cut(asked.path, sizeof asked.path, http_request_path(request));
    text_copy_cut(asked.query, sizeof asked.query, http_request_query(request));
    if (http_request_header(request, "Idempotency-Key", asked.key, sizeof asked.key) != OK) {
        asked.key[0] = '\0';
    }
    assert_true(hub->asked_count < ASKED_MAX);
    hub->asked[hub->asked_count++] = asked;
    return asked;
}

// First a page of something in between, then a hub that is still busy with the key.
static void reply_wrongly(struct hub *hub, struct http_request *request)
{
    if (hub->wrong_count == 0) {
        http_reply_problem(request, 503, "try_again", NULL);
        return;
    }
    static const char page[] = "<p>Bad gateway";
    http_reply(request, &(struct http_answer){.status = 502,
                                              .content_type = "text/html",
                                              .body = page,
                                              .body_len = sizeof page - 1});
}

// As large as a definition may be.
static void reply_form(struct http_request *request, const char *path)
{
    if (strstr(path, "/answers") != NULL) {
        struct json *told = json_new_object();
        json_set_text(told, "said", "by the source");
        reply_json(request, 200,
                   api_form_saved_write(&(struct api_form_saved_private){
                       .revision = 8, .is_at_source = true, .told = told}));
        json_free(told);
    } else if (strstr(path, "/send") != NULL) {
        reply_json(request, 200,
                   api_form_sent_write(&(struct api_form_sent){.state = API_FORM_SENDING}));
    } else if (strstr(path, "/pen") != NULL) {
        reply_json(request, 200, json_new_object());
    } else {
        static char words[DEFINITION_BYTES + 1];
        memset(words, 'x', DEFINITION_BYTES);
        struct api_form_private form = {.id = TICKET, .request = "taken:1", .revision = 7};
        form.definition = json_new_object();
        form.prefill = json_new_object();
        form.data = json_new_object();
        json_set(form.definition, "steps", json_new_array());
        json_set(form.definition, "rules", json_new_array());
        json_set_text(form.prefill, "long", words);
        reply_json(request, 200, api_form_write(&form));
        api_form_free(&form);
    }
}

static void handle(void *ctx, struct http_request *request)
{
    struct hub *hub = ctx;
    struct asked asked = remember(hub, request);
    const char *path = asked.path;
    if (strstr(path, "/state") != NULL) {
        static struct api_state state;
        state = (struct api_state){.seq = hub->seq, .now_ms = 1000, .location = "voorbeeld"};
        reply_json(request, 200, api_state_write(&state));
    } else if (strstr(path, "/events") != NULL && hub->gone_count > 0) {
        hub->gone_count -= 1;
        http_reply_problem(request, 410, "gone", NULL);
    } else if (strstr(path, "/events") != NULL) {
        hub->stream = http_stream_start(request, stream_over, hub);
    } else if (strstr(path, "/print") != NULL) {
        act(hub, asked.body);
        reply_ticket(request);
    } else if (strstr(path, "/calls") != NULL && hub->wrong_count > 0) {
        hub->wrong_count -= 1;
        reply_wrongly(hub, request);
    } else if (strstr(path, "/calls") != NULL) {
        reply_ticket(request);
    } else if (strstr(path, "/session") != NULL) {
        http_reply_problem(request, 409, "desk_busy", NULL);
    } else if (strstr(path, "/why") != NULL) {
        reply_json(request, 200,
                   api_why_write(&(struct hall_why){.earlier_promise = 3, .desks_open = 2}));
    } else if (strstr(path, "/forms") != NULL || strstr(path, "/form") != NULL) {
        reply_form(request, path);
    } else {
        reply_json(request, 200, json_new_object());
    }
}

static void stop_loop(void *ctx)
{
    loop_stop(ctx);
}

static void *hub_main(void *ctx)
{
    loop_run(((struct hub *)ctx)->loop);
    return NULL;
}

static void hub_open(struct hub *hub)
{
    hub->seq = 7;
    hub->loop = loop_new();
    hub->stop = loop_bell_new(hub->loop, stop_loop, hub->loop);
    struct http_server_options options = {
        .loop = hub->loop, .address = "127.0.0.1", .handler = handle, .ctx = hub};
    assert_int_equal(http_server_open(&hub->server, &options, NULL), OK);
}

static void hub_start(struct hub *hub)
{
    assert_int_equal(pthread_create(&hub->thread, NULL, hub_main, hub), 0);
    hub->is_started = true;
}

static void hub_stop(struct hub *hub)
{
    if (hub->is_started) {
        loop_bell_ring(hub->stop);
        assert_int_equal(pthread_join(hub->thread, NULL), 0);
        hub->is_started = false;
    }
}

static void hub_close(struct hub *hub)
{
    hub_stop(hub);
    http_server_close(hub->server);
    loop_bell_free(hub->stop);
    loop_free(hub->loop);
}

static struct device *device_new(void)
{
    struct device *device = calloc(1, sizeof *device);
    assert_non_null(device);
    hub_open(&device->hub);
    mailbox_init(&device->mailbox, device->slots, sizeof device->slots[0], MESSAGES_MAX, NULL,
                 NULL);
    return device;
}

static void device_open(struct device *device, const struct hub_client_io *io)
{
    char words[128];
    (void)snprintf(words, sizeof words, "hub.url = http://127.0.0.1:%u\nhub.location = voorbeeld\n",
                   http_server_port(device->hub.server));
    assert_int_equal(config_parse(&device->config, words, strlen(words), NULL), OK);
    struct fault fault = {0};
    if (hub_client_open(&device->client, &device->config, &device->mailbox, io, &fault) != OK) {
        fail_msg("%s", fault.text);
    }
}

static struct device *device_with_hub(void)
{
    struct device *device = device_new();
    hub_start(&device->hub);
    device_open(device, NULL);
    return device;
}

static struct hub_message_private *next_message(struct device *device)
{
    struct hub_message_private *message = NULL;
    mailbox_wait(&device->mailbox, &message);
    return message;
}

static void expect_kind(struct device *device, enum hub_message_kind kind)
{
    struct hub_message_private *message = next_message(device);
    assert_int_equal(message->kind, kind);
    hub_message_free(message);
}

// Events and answers come by two connections: in any order between the two.
static struct hub_message_private *next_of(struct device *device, enum hub_message_kind kind)
{
    struct hub_message_private *message = next_message(device);
    while (message->kind != kind) {
        hub_message_free(message);
        message = next_message(device);
    }
    return message;
}

static void expect_answer(struct device *device, uint32_t id, enum hub_answer_kind answer)
{
    struct hub_message_private *message = next_of(device, HUB_ANSWER);
    assert_int_equal(message->command_id, id);
    assert_int_equal(message->answer, answer);
    hub_message_free(message);
}

// Both threads are gone: what the hub was asked may be read.
static void rest(struct device *device)
{
    hub_client_close(device->client);
    device->client = NULL;
    hub_stop(&device->hub);
}

static void device_close(struct device *device)
{
    rest(device);
    struct hub_message_private *message = NULL;
    while (mailbox_take(&device->mailbox, &message) == OK) {
        hub_message_free(message);
    }
    mailbox_finish(&device->mailbox);
    hub_close(&device->hub);
    free(device);
}

static size_t asked_count(const struct device *device, const char *path)
{
    size_t count = 0;
    for (size_t i = 0; i < device->hub.asked_count; i++) {
        count += strstr(device->hub.asked[i].path, path) != NULL;
    }
    return count;
}

static void state_comes_first_and_the_stream_goes_on_from_it(void **state)
{
    (void)state;
    struct device *device = device_with_hub();

    struct hub_message_private *message = next_message(device);
    assert_int_equal(message->kind, HUB_CONNECTED);
    assert_int_equal(message->state.seq, 7);
    assert_string_equal(message->state.location, "voorbeeld");
    hub_message_free(message);
    (void)hub_print(device->client, TICKET, PRINT_PRINTED);
    message = next_of(device, HUB_EVENT);

    assert_int_equal(message->event.seq, 8);
    assert_int_equal(message->event.kind, API_EVENT_DAY);
    hub_message_free(message);
    rest(device);
    assert_string_equal(device->hub.asked[0].path, "/v1/locations/voorbeeld/state");
    assert_string_equal(device->hub.asked[1].path, "/v1/locations/voorbeeld/events");
    assert_string_equal(device->hub.asked[1].query, "from=7");
    device_close(device);
}

static void gap_in_the_stream_brings_a_fresh_state_without_alarm(void **state)
{
    (void)state;
    struct device *device = device_with_hub();
    expect_kind(device, HUB_CONNECTED);

    uint32_t id = hub_print(device->client, TICKET, PRINT_FAILED);

    expect_answer(device, id, HUB_ANSWER_TICKET);
    struct hub_message_private *message = next_message(device);
    assert_int_equal(message->kind, HUB_CONNECTED);
    assert_int_equal(message->state.seq, 12);
    hub_message_free(message);
    device_close(device);
}

static void event_of_another_role_is_counted_and_not_told(void **state)
{
    (void)state;
    struct device *device = device_with_hub();
    expect_kind(device, HUB_CONNECTED);

    (void)hub_print(device->client, TICKET, PRINT_PENDING);
    (void)hub_print(device->client, TICKET, PRINT_PRINTED);
    struct hub_message_private *message = next_of(device, HUB_EVENT);

    assert_int_equal(message->event.seq, 9);
    hub_message_free(message);
    rest(device);
    assert_int_equal(asked_count(device, "/state"), 1);
    device_close(device);
}

static void stream_refused_with_410_brings_a_fresh_state(void **state)
{
    (void)state;
    struct device *device = device_new();
    device->hub.gone_count = 1;
    hub_start(&device->hub);
    device_open(device, NULL);

    expect_kind(device, HUB_CONNECTED);

    rest(device);
    assert_int_equal(asked_count(device, "/state"), 2);
    device_close(device);
}

static void cut_line_is_told_at_once_and_healed(void **state)
{
    (void)state;
    struct device *device = device_with_hub();
    expect_kind(device, HUB_CONNECTED);

    uint32_t id = hub_print(device->client, TICKET, PRINT_NONE);

    bool is_answered = false;
    bool is_lost = false;
    for (int i = 0; i < 3; i++) {
        struct hub_message_private *message = next_message(device);
        is_answered |= message->kind == HUB_ANSWER && message->command_id == id;
        is_lost |= message->kind == HUB_LOST;
        assert_true(message->kind != HUB_CONNECTED || is_lost);
        hub_message_free(message);
    }
    assert_true(is_answered && is_lost);
    device_close(device);
}

static void command_keeps_its_key_through_all_its_tries(void **state)
{
    (void)state;
    struct device *device = device_new();
    device->hub.wrong_count = 2;
    hub_start(&device->hub);
    device_open(device, NULL);
    expect_kind(device, HUB_CONNECTED);

    uint32_t first = hub_call(device->client, &(struct api_call){.kind = API_CALL_NEXT});
    expect_answer(device, first, HUB_ANSWER_CALLED);
    uint32_t second = hub_call(device->client, &(struct api_call){.kind = API_CALL_NEXT});
    expect_answer(device, second, HUB_ANSWER_CALLED);

    rest(device);
    const struct asked *calls[4] = {0};
    size_t count = 0;
    for (size_t i = 0; i < device->hub.asked_count; i++) {
        if (strstr(device->hub.asked[i].path, "/calls") != NULL) {
            assert_true(count < 4);
            calls[count++] = &device->hub.asked[i];
        }
    }
    assert_int_equal(count, 4);
    assert_int_equal(strlen(calls[0]->key), UUID_TEXT_BYTES - 1);
    assert_string_equal(calls[0]->key, calls[1]->key);
    assert_string_equal(calls[0]->key, calls[2]->key);
    assert_string_equal(calls[0]->body, calls[2]->body);
    assert_string_not_equal(calls[0]->key, calls[3]->key);
    device_close(device);
}

static void commands_are_asked_and_answered_in_order(void **state)
{
    (void)state;
    struct device *device = device_with_hub();
    expect_kind(device, HUB_CONNECTED);

    uint32_t why = hub_why(device->client, TICKET);
    uint32_t end = hub_visit_end(device->client, TICKET);
    uint32_t health = hub_health(device->client, &(struct api_health){.version = "1.0"});
    uint32_t session = hub_session(device->client, "3", &(struct api_session){.is_open = true});

    struct hub_message_private *message = next_message(device);
    assert_int_equal(message->command_id, why);
    assert_int_equal(message->answer, HUB_ANSWER_WHY);
    assert_int_equal(message->why.earlier_promise, 3);
    hub_message_free(message);
    expect_answer(device, end, HUB_ANSWER_DONE);
    expect_answer(device, health, HUB_ANSWER_DONE);
    message = next_message(device);
    assert_int_equal(message->command_id, session);
    assert_int_equal(message->answer, HUB_ANSWER_PROBLEM);
    assert_int_equal(message->problem.status, 409);
    assert_string_equal(message->problem.code, "desk_busy");
    hub_message_free(message);
    rest(device);
    assert_int_equal(asked_count(device, "/counters/3/session"), 1);
    assert_int_equal(asked_count(device, "/visits/" TICKET "/end"), 1);
    device_close(device);
}

static void a_form_comes_whole_and_what_is_taken_out_of_its_message_stays(void **state)
{
    (void)state;
    struct device *device = device_with_hub();
    expect_kind(device, HUB_CONNECTED);
    struct json *data = json_new_object();
    const struct api_form_open open = {.request = "taken:1"};
    const struct api_form_answers_private answers = {
        .revision = 7, .data = data, .place = {.key = "a", .item = -1}};
    const struct api_form_send_private send = {.revision = 8, .data = data, .truth = true};

    uint32_t opened = hub_form_open(device->client, TICKET, &open);
    uint32_t saved = hub_form_answers(device->client, TICKET, &answers);
    uint32_t sent = hub_form_send(device->client, TICKET, &send);
    uint32_t pen = hub_form_pen(device->client, TICKET, API_PEN_GIVE);
    uint32_t read = hub_form_read(device->client, TICKET);
    uint32_t taken = hub_ticket_form(device->client, TICKET);

    struct hub_message_private *message = next_message(device);
    assert_int_equal(message->command_id, opened);
    assert_int_equal(message->answer, HUB_ANSWER_FORM);
    struct json *prefill = message->form.prefill;
    message->form.prefill = NULL;
    hub_message_free(message);
    assert_int_equal(strlen(json_get_text(prefill, "long")), DEFINITION_BYTES);
    json_free(prefill);
    message = next_message(device);
    assert_int_equal(message->command_id, saved);
    assert_int_equal(message->answer, HUB_ANSWER_FORM_SAVED);
    assert_true(message->saved.is_at_source);
    assert_string_equal(json_get_text(message->saved.told, "said"), "by the source");
    hub_message_free(message);
    message = next_message(device);
    assert_int_equal(message->command_id, sent);
    assert_int_equal(message->answer, HUB_ANSWER_FORM_SENT);
    assert_int_equal(message->sent.state, API_FORM_SENDING);
    hub_message_free(message);
    expect_answer(device, pen, HUB_ANSWER_DONE);
    expect_answer(device, read, HUB_ANSWER_FORM);
    expect_answer(device, taken, HUB_ANSWER_FORM);
    rest(device);
    assert_int_equal(asked_count(device, "/visits/" TICKET "/forms"), 1);
    assert_int_equal(asked_count(device, "/forms/" TICKET "/answers"), 1);
    assert_int_equal(asked_count(device, "/tickets/" TICKET "/form"), 1);
    json_free(data);
    device_close(device);
}

static void answer_that_cannot_be_read_is_an_unknown_outcome(void **state)
{
    (void)state;
    struct device *device = device_with_hub();
    expect_kind(device, HUB_CONNECTED);

    uint32_t id = hub_context(device->client, TICKET); // this hub answers {}

    expect_answer(device, id, HUB_ANSWER_NO_HUB);
    device_close(device);
}

static void without_a_hub_the_line_is_lost_and_patience_ends(void **state)
{
    (void)state;
    struct device *device = device_new();
    device_open(device, NULL); // its hub is bound, but nobody serves
    http_server_close(device->hub.server);
    device->hub.server = NULL;

    uint32_t first = hub_why(device->client, TICKET);
    uint32_t second = hub_why(device->client, TICKET);

    expect_kind(device, HUB_LOST);
    struct hub_message_private *message = next_message(device);
    assert_int_equal(message->command_id, first);
    assert_int_equal(message->answer, HUB_ANSWER_NO_HUB);
    hub_message_free(message);
    expect_answer(device, second, HUB_ANSWER_NO_HUB);
    device_close(device);
}

static void closing_with_commands_open_answers_none_and_leaves_nothing(void **state)
{
    (void)state;
    struct device *device = device_new();
    device_open(device, NULL);

    for (int i = 0; i < 10; i++) {
        (void)hub_visit_open(device->client, &(struct api_visit_open_private){.code = "KQ1:x"});
    }

    device_close(device); // the sanitizer counts what is left
    hub_client_close(NULL);
}

static void address_or_keys_that_are_missing_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *config;
        const char *fault;
    } cases[] = {
        {"hub.url = http://127.0.0.1:1\n", "hub.location: "},
        {"hub.location = a\n", "hub.ca, device.certificate and device.key"},
        {"hub.location = a\nhub.url = https://127.0.0.1:1\n", "hub.ca, "},
        {"hub.location = a\nhub.url = http://\n", "hub.url: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static struct config config;
        struct mailbox mailbox;
        struct hub_message_private *slot = NULL;
        struct hub_client *client = NULL;
        struct fault fault = {0};
        mailbox_init(&mailbox, &slot, sizeof slot, 1, NULL, NULL);
        assert_int_equal(config_parse(&config, cases[i].config, strlen(cases[i].config), NULL), OK);

        assert_int_not_equal(hub_client_open(&client, &config, &mailbox, NULL, &fault), OK);

        if (!text_starts_with(fault.text, cases[i].fault)) {
            fail_msg("said \"%s\"", fault.text);
        }
        mailbox_finish(&mailbox);
    }
}

struct driver {
    struct hub_client *client;
    int pipe[2];
    atomic_bool is_stopped;
};

static void driver_start(void *ctx, struct hub_client *client)
{
    struct driver *driver = ctx;
    driver->client = client;
    hub_client_post(client, 1, NULL, 0);
}

static size_t driver_fds(void *ctx, int *fds, size_t fds_max)
{
    assert_true(fds_max > 0);
    fds[0] = ((struct driver *)ctx)->pipe[0];
    return 1;
}

static void driver_poll(void *ctx)
{
    struct driver *driver = ctx;
    char data[16];
    ssize_t len = read(driver->pipe[0], data, sizeof data);
    if (len > 0) {
        hub_client_post(driver->client, 2, data, (size_t)len);
    }
}

static void driver_stop(void *ctx)
{
    atomic_store(&((struct driver *)ctx)->is_stopped, true);
}

static void driver_work(void *ctx)
{
    hub_client_post(((struct driver *)ctx)->client, 3, "done", 4);
}

static void expect_io(struct device *device, int kind, const char *data)
{
    struct hub_message_private *message = next_of(device, HUB_IO);
    assert_int_equal(message->io.kind, kind);
    assert_int_equal(message->io.len, strlen(data));
    assert_memory_equal(message->io.data, data, strlen(data));
    hub_message_free(message);
}

static void own_drivers_work_on_the_io_thread(void **state)
{
    (void)state;
    struct device *device = device_new();
    struct driver driver = {0};
    assert_int_equal(pipe2(driver.pipe, O_NONBLOCK | O_CLOEXEC), 0);
    hub_start(&device->hub);
    device_open(device, &(struct hub_client_io){.start = driver_start,
                                                .fds = driver_fds,
                                                .poll = driver_poll,
                                                .stop = driver_stop,
                                                .ctx = &driver});

    expect_io(device, 1, "");
    assert_int_equal(write(driver.pipe[1], "scan", 4), 4);
    expect_io(device, 2, "scan");
    hub_client_run(device->client, driver_work, &driver);
    expect_io(device, 3, "done");

    device_close(device);
    assert_true(atomic_load(&driver.is_stopped));
    (void)close(driver.pipe[0]);
    (void)close(driver.pipe[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(state_comes_first_and_the_stream_goes_on_from_it),
        cmocka_unit_test(gap_in_the_stream_brings_a_fresh_state_without_alarm),
        cmocka_unit_test(event_of_another_role_is_counted_and_not_told),
        cmocka_unit_test(stream_refused_with_410_brings_a_fresh_state),
        cmocka_unit_test(cut_line_is_told_at_once_and_healed),
        cmocka_unit_test(command_keeps_its_key_through_all_its_tries),
        cmocka_unit_test(commands_are_asked_and_answered_in_order),
        cmocka_unit_test(a_form_comes_whole_and_what_is_taken_out_of_its_message_stays),
        cmocka_unit_test(answer_that_cannot_be_read_is_an_unknown_outcome),
        cmocka_unit_test(without_a_hub_the_line_is_lost_and_patience_ends),
        cmocka_unit_test(closing_with_commands_open_answers_none_and_leaves_nothing),
        cmocka_unit_test(address_or_keys_that_are_missing_are_named),
        cmocka_unit_test(own_drivers_work_on_the_io_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
