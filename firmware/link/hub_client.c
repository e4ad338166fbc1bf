// SPDX-License-Identifier: EUPL-1.2
//
// The I/O thread of a device: its loop, its two mailboxes and the program's own drivers on it. The
// state and the stream are hub_line.c, commands are hub_commands.c.
#include "link/hub_client.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"
#include "link/hub_client_parts.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { FLUSH_MS = 50, BACKOFF_FIRST_MS = 250, BACKOFF_LAST_MS = 5000 };

static void free_parts(struct hub_client *client);
static void start_thread(struct hub_client *client);
static void *thread_main(void *ctx);
static void on_bell(void *ctx);
static void on_flush(void *ctx);
static void on_readable(void *ctx, bool can_read, bool can_write);
static void watch_fds(struct hub_client *client);
static void unwatch_fds(struct hub_client *client);
static void give(struct hub_client *client, struct hub_command *command);

void hub_message_free(struct hub_message_private *message)
{
    if (message != NULL) {
        if (message->kind == HUB_ANSWER && message->answer == HUB_ANSWER_FORM) {
            api_form_free(&message->form);
        } else if (message->kind == HUB_ANSWER && message->answer == HUB_ANSWER_FORM_SAVED) {
            api_form_saved_free(&message->saved);
        } else if (message->kind == HUB_ANSWER && message->answer == HUB_ANSWER_UPLOADS) {
            api_uploads_free(&message->uploads);
        }
        wipe(message, sizeof *message);
        free(message);
    }
}

enum err hub_client_open(struct hub_client **client, const struct config *config,
                         struct mailbox *mailbox, const struct hub_client_io *io,
                         struct fault *fault)
{
    CHECK(mailbox != NULL);
    CHECK(mailbox->message_bytes == sizeof(struct hub_message_private *));

    struct hub_client *made = calloc(1, sizeof *made);
    CHECK(made != NULL);
    made->mailbox = mailbox;
    made->clock = clock_system();
    made->has_io = io != NULL;
    if (io != NULL) {
        made->io = *io;
    }
    made->loop = loop_new();
    // One for commands, which this client asks one after the other, and one for the state.
    enum err err = hub_address_open(&made->hub, config, made->loop, 2, fault);
    if (err != OK) {
        loop_free(made->loop);
        free(made);
        return err;
    }
    made->bell = loop_bell_new(made->loop, on_bell, made);
    made->flush = loop_timer_new(made->loop, on_flush, made);
    mailbox_init(&made->commands, made->commands_slots, sizeof made->commands_slots[0],
                 HUB_COMMANDS_MAX, loop_bell_ring, made->bell);
    hub_queue_init(made);
    hub_line_init(made);
    start_thread(made);
    *client = made;
    return OK;
}

void hub_client_close(struct hub_client *client)
{
    if (client == NULL) {
        return;
    }
    atomic_store(&client->is_closing, true);
    loop_bell_ring(client->bell);
    CHECK(pthread_join(client->thread, NULL) == 0);
    free_parts(client);
    free(client);
}

void hub_client_run(struct hub_client *client, void (*work)(void *ctx), void *ctx)
{
    CHECK(work != NULL);

    struct hub_command *command = calloc(1, sizeof *command);
    CHECK(command != NULL);
    command->work = work;
    command->ctx = ctx;
    give(client, command);
}

void hub_client_post(struct hub_client *client, int kind, const void *data, size_t len)
{
    struct hub_message_private *message = hub_message_new(HUB_IO);
    CHECK(len <= sizeof message->io.data);
    message->io.kind = kind;
    message->io.len = len;
    if (len > 0) {
        memcpy(message->io.data, data, len);
    }
    if (!hub_post(client, message)) {
        log_warn("hub", "the program takes no messages; one of a driver is lost");
    }
}

struct hub_message_private *hub_message_new(enum hub_message_kind kind)
{
    struct hub_message_private *message = calloc(1, sizeof *message);
    CHECK(message != NULL);
    message->kind = kind;
    return message;
}

bool hub_post(struct hub_client *client, struct hub_message_private *message)
{
    if (client->held_count == 0 && mailbox_send(client->mailbox, &message) == OK) {
        return true;
    }
    if (client->held_count == HUB_HELD_MAX) {
        hub_message_free(message);
        return false;
    }
    client->held[client->held_count++] = message;
    loop_timer_start(client->flush, FLUSH_MS);
    return true;
}

bool hub_is_held(const struct hub_client *client)
{
    return client->held_count > 0;
}

int64_t hub_backoff_next_ms(struct hub_backoff *backoff)
{
    int64_t step_ms = backoff->step_ms == 0 ? BACKOFF_FIRST_MS : backoff->step_ms;
    backoff->step_ms = step_ms * 2 > BACKOFF_LAST_MS ? BACKOFF_LAST_MS : step_ms * 2;
    uint16_t random = 0;
    entropy_fill(&random, sizeof random);
    return step_ms / 2 + random % (step_ms / 2 + 1);
}

static void free_parts(struct hub_client *client)
{
    hub_line_finish(client);
    hub_queue_finish(client);
    struct hub_command *command = NULL;
    while (mailbox_take(&client->commands, &command) == OK) {
        hub_command_free(command);
    }
    for (size_t i = 0; i < client->held_count; i++) {
        hub_message_free(client->held[i]);
    }
    hub_address_close(&client->hub);
    mailbox_finish(&client->commands);
    loop_timer_free(client->flush);
    loop_bell_free(client->bell);
    loop_free(client->loop);
}

// Signals are the program's; the I/O thread takes none.
static void start_thread(struct hub_client *client)
{
    sigset_t all;
    sigset_t before;
    CHECK(sigfillset(&all) == 0);
    CHECK(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    CHECK(pthread_create(&client->thread, NULL, thread_main, client) == 0);
    CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
}

static void *thread_main(void *ctx)
{
    struct hub_client *client = ctx;
    if (client->has_io) {
        client->io.start(client->io.ctx, client);
        watch_fds(client);
    }
    loop_run(client->loop);
    unwatch_fds(client);
    if (client->has_io) {
        client->io.stop(client->io.ctx);
    }
    return NULL;
}

static void on_bell(void *ctx)
{
    struct hub_client *client = ctx;
    if (atomic_load(&client->is_closing)) {
        loop_stop(client->loop);
        return;
    }
    struct hub_command *command = NULL;
    while (mailbox_take(&client->commands, &command) == OK) {
        if (command->work == NULL) {
            hub_queue_add(client, command);
            continue;
        }
        command->work(command->ctx);
        hub_command_free(command);
        watch_fds(client);
    }
}

static void on_flush(void *ctx)
{
    struct hub_client *client = ctx;
    size_t sent = 0;
    while (sent < client->held_count && mailbox_send(client->mailbox, &client->held[sent]) == OK) {
        sent++;
    }
    client->held_count -= sent;
    memmove(client->held, client->held + sent, client->held_count * sizeof client->held[0]);
    if (client->held_count > 0) {
        loop_timer_start(client->flush, FLUSH_MS);
    }
}

static void on_readable(void *ctx, bool can_read, bool can_write)
{
    (void)can_write;
    struct hub_client *client = ctx;
    if (can_read) {
        client->io.poll(client->io.ctx);
        watch_fds(client);
    }
}

static void watch_fds(struct hub_client *client)
{
    int fds[HUB_FDS_MAX];
    size_t count = client->has_io ? client->io.fds(client->io.ctx, fds, HUB_FDS_MAX) : 0;
    CHECK(count <= HUB_FDS_MAX);
    if (count == client->fds_count && memcmp(fds, client->fds, count * sizeof fds[0]) == 0) {
        return;
    }
    unwatch_fds(client);
    for (size_t i = 0; i < count; i++) {
        client->fds[i] = fds[i];
        client->watches[i] = loop_watch_new(client->loop, fds[i], on_readable, client);
        loop_watch_set(client->watches[i], true, false);
    }
    client->fds_count = count;
}

static void unwatch_fds(struct hub_client *client)
{
    for (size_t i = 0; i < client->fds_count; i++) {
        loop_watch_free(client->watches[i]);
        client->watches[i] = NULL;
    }
    client->fds_count = 0;
}

// For work only: commands of the hub answer when they are refused, see hub_commands.c.
static void give(struct hub_client *client, struct hub_command *command)
{
    if (mailbox_send(&client->commands, &command) != OK) {
        log_warn("hub", "more than %d commands wait; work is dropped", HUB_COMMANDS_MAX);
        hub_command_free(command);
    }
}
