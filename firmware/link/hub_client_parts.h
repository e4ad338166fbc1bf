// SPDX-License-Identifier: EUPL-1.2
//
// What the three files of the hub client share: hub_client.c (thread, mailboxes, the program's own
// work), hub_line.c (state and stream), hub_commands.c (commands and their answers).
#ifndef INLOOP_LINK_HUB_CLIENT_PARTS_H
#define INLOOP_LINK_HUB_CLIENT_PARTS_H

#include "base/clock.h"
#include "link/hub_address.h"
#include "link/hub_client.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    HUB_COMMANDS_MAX = 64, // given by the program and not yet seen by the I/O thread
    HUB_HELD_MAX = 256,    // messages that wait because the program does not take them
    HUB_FDS_MAX = 16,
    HUB_TARGET_BYTES = 320,
    HUB_SILENCE_MS = 12000, // two heartbeats and a bit more
    HUB_STATE_MS = 5000,
};

// Heap memory that travels from the program to the I/O thread.
struct hub_command {
    struct hub_command *next;
    uint32_t id;
    enum hub_answer_kind answer; // when the hub says yes
    // Fills the message from the answer; NULL: nothing to read.
    enum err (*read)(const struct json *json, struct hub_message_private *message,
                     struct fault *fault);
    bool is_post;
    char target[HUB_TARGET_BYTES];
    char key[UUID_TEXT_BYTES]; // one for all tries
    char *body;                // may hold personal data: wiped before it is freed
    size_t body_len;
    int64_t patience_ms;
    int64_t deadline_ms;
    void (*work)(void *ctx); // instead of a question to the hub
    void *ctx;
};

// Waits between tries: doubling, with jitter so that a hall of screens does not knock in step.
struct hub_backoff {
    int64_t step_ms;
};
int64_t hub_backoff_next_ms(struct hub_backoff *backoff);

struct hub_line {
    struct http_events *events;
    struct hub_message_private *fresh; // a state that waits for its stream to open
    uint64_t seq;                      // the last seen
    bool is_lost;                      // and told so
    struct hub_backoff backoff;
    struct loop_timer *retry;
};

struct hub_queue {
    struct hub_command *first; // the one in work
    struct hub_command *last;
    bool is_asked; // the first is on its way
    struct hub_backoff backoff;
    struct loop_timer *retry;
    struct loop_timer *expiry;
};

struct hub_client {
    // Any thread.
    struct mailbox commands; // of struct hub_command *
    struct hub_command *commands_slots[HUB_COMMANDS_MAX];
    atomic_uint ids_count;
    atomic_bool is_closing;
    struct mailbox *mailbox; // the program's
    struct clock clock;
    pthread_t thread;
    // The I/O thread only.
    struct loop *loop;
    struct loop_bell *bell;
    struct hub_address hub;
    struct hub_line line;
    struct hub_queue queue;
    struct hub_message_private *held[HUB_HELD_MAX]; // oldest first
    size_t held_count;
    struct loop_timer *flush;
    bool has_io;
    struct hub_client_io io;
    struct loop_watch *watches[HUB_FDS_MAX];
    int fds[HUB_FDS_MAX];
    size_t fds_count;
};

// Stops the process when memory is out, as the libraries around us do.
struct hub_message_private *hub_message_new(enum hub_message_kind kind);
// Takes the message to the program. What the program has no room for is held; false: not even that,
// the message is gone.
bool hub_post(struct hub_client *client, struct hub_message_private *message);
bool hub_is_held(const struct hub_client *client); // the program does not keep up

void hub_line_init(struct hub_client *client);
void hub_line_finish(struct hub_client *client);
void hub_queue_init(struct hub_client *client);
void hub_queue_finish(struct hub_client *client);
void hub_queue_add(struct hub_client *client, struct hub_command *command); // takes it
void hub_command_free(struct hub_command *command);

#endif
