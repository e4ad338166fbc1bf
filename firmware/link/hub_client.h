// SPDX-License-Identifier: EUPL-1.2
//
// A device's line to the hub: one I/O thread that keeps the state and the stream, sends commands
// with their keys, asks again while the outcome is unknown, and posts what happened into the
// program's mailbox. The UI thread never waits for it.
#ifndef INLOOP_LINK_HUB_CLIENT_H
#define INLOOP_LINK_HUB_CLIENT_H

#include "base/config.h"
#include "base/mailbox.h"
#include "link/api.h"

enum hub_message_kind {
    HUB_CONNECTED, // `state` is fresh (after start, a gap, or a lost line)
    HUB_LOST,      // three heartbeats missed or the line is cut; `lost_since_ms`
    HUB_EVENT,     // `event`, already applied to no one's state: the app keeps its own
    HUB_ANSWER,    // to the command `command_id`
    HUB_IO,        // from the program's own I/O callbacks (scanner, printer): see hub_client_post
};

enum hub_answer_kind {
    HUB_ANSWER_PROBLEM, // the hub said no: `problem`
    HUB_ANSWER_NO_HUB,  // given up after the command's patience; outcome unknown
    HUB_ANSWER_VISIT,
    HUB_ANSWER_TICKET,
    HUB_ANSWER_CALLED, // ticket
    HUB_ANSWER_CONTEXT,
    HUB_ANSWER_WHY,
    HUB_ANSWER_COUNTER,
    HUB_ANSWER_FORM,       // `form`
    HUB_ANSWER_FORM_SAVED, // `saved`
    HUB_ANSWER_FORM_SENT,  // `sent`
    HUB_ANSWER_UPLOAD,     // `upload`
    HUB_ANSWER_UPLOADS,    // `uploads`
    HUB_ANSWER_CATALOGUE,  // `catalogue`
    HUB_ANSWER_DONE,
};

// Heap memory owned by the receiver of the message; hub_message_free wipes and frees.
struct hub_message_private {
    enum hub_message_kind kind;
    int64_t lost_since_ms; // monotonic
    uint32_t command_id;
    enum hub_answer_kind answer;
    struct api_problem problem;
    union {
        struct api_state state;
        struct api_event event;
        struct api_visit_private visit;
        struct api_ticket ticket;
        struct context_private context;
        struct hall_why why;
        struct api_form_private form;        // its documents go with the message, unless the
                                             // program takes them and leaves NULL behind
        struct api_form_saved_private saved; // likewise
        struct api_form_sent sent;
        struct catalogue catalogue;
        struct api_upload_private upload;
        struct api_uploads_private uploads; // their values go with the message likewise
        struct {
            struct counter counter;
            char staff_name[API_NAME_BYTES];
        } own;
        struct {
            int kind; // the program's own
            uint8_t data[4400];
            size_t len;
        } io;
    };
};
void hub_message_free(struct hub_message_private *message);

struct hub_client;

// The program's own work on the I/O thread (drivers): called once at start, then whenever one of
// its file descriptors is readable, and once at the end.
struct hub_client_io {
    void (*start)(void *ctx, struct hub_client *client);
    size_t (*fds)(void *ctx, int *fds, size_t fds_max);
    void (*poll)(void *ctx);
    void (*stop)(void *ctx);
    void *ctx;
};

// Reads from `config`: hub.url, hub.ca (PEM file), device.certificate, device.key, hub.location.
// Keeps `mailbox` (of struct hub_message_private *) and `io` (may be NULL). Starts the thread.
MUST_USE enum err hub_client_open(struct hub_client **client, const struct config *config,
                                  struct mailbox *mailbox, const struct hub_client_io *io,
                                  struct fault *fault);
void hub_client_close(struct hub_client *client); // joins the thread; NULL allowed

// Commands: thread-safe, never block, give an id for the answer. Each carries one fresh key for all
// its tries; patience 8 s for visits, 3 s for tickets and calls, 20 s for forms, their links
// and their catalogue (the hub asks the source meanwhile, but answers a save or a send within a few
// seconds), then HUB_ANSWER_NO_HUB. The ops borrow their arguments.
uint32_t hub_visit_open(struct hub_client *client, const struct api_visit_open_private *open);
uint32_t hub_second_fact(struct hub_client *client, const char *visit,
                         const struct api_second_fact_private *fact);
uint32_t hub_visit_read(struct hub_client *client, const char *visit);
uint32_t hub_visit_end(struct hub_client *client, const char *visit);
uint32_t hub_catalogue(struct hub_client *client); // HUB_ANSWER_CATALOGUE
// Begins a form of the catalogue: one more request of the visit. HUB_ANSWER_VISIT.
uint32_t hub_begin(struct hub_client *client, const char *visit, const struct api_begin *begin);
uint32_t hub_issue(struct hub_client *client, const struct api_issue *issue);
uint32_t hub_print(struct hub_client *client, const char *ticket, enum print_state state);
uint32_t hub_call(struct hub_client *client, const struct api_call *call);
uint32_t hub_transition(struct hub_client *client, const char *ticket,
                        const struct api_transition *transition);
uint32_t hub_context(struct hub_client *client, const char *ticket);
uint32_t hub_why(struct hub_client *client, const char *ticket);
uint32_t hub_session(struct hub_client *client, const char *desk,
                     const struct api_session *session);
uint32_t hub_health(struct hub_client *client, const struct api_health *health);

// Forms. `form` is the hub's id of it.
uint32_t hub_form_open(struct hub_client *client, const char *visit,
                       const struct api_form_open *open);            // HUB_ANSWER_FORM
uint32_t hub_form_read(struct hub_client *client, const char *form); // HUB_ANSWER_FORM
uint32_t hub_form_answers(struct hub_client *client, const char *form,
                          const struct api_form_answers_private *answers); // HUB_ANSWER_FORM_SAVED
uint32_t hub_form_send(struct hub_client *client, const char *form,
                       const struct api_form_send_private *send); // HUB_ANSWER_FORM_SENT
uint32_t hub_form_pen(struct hub_client *client, const char *form,
                      enum api_pen pen); // HUB_ANSWER_DONE
// Where the visitor's own phone brings a document; what came stands in hub_form_uploads.
uint32_t hub_form_upload(struct hub_client *client, const char *form,
                         const struct api_upload_open *open);            // HUB_ANSWER_UPLOAD
uint32_t hub_form_uploads(struct hub_client *client, const char *form);  // HUB_ANSWER_UPLOADS
uint32_t hub_ticket_form(struct hub_client *client, const char *ticket); // HUB_ANSWER_FORM

// Runs `work(ctx)` on the I/O thread (to start a print job, say). The UI thread calls it.
void hub_client_run(struct hub_client *client, void (*work)(void *ctx), void *ctx);
// Called on the I/O thread by the program's own drivers: posts a HUB_IO message to the mailbox.
void hub_client_post(struct hub_client *client, int kind, const void *data, size_t len);

#endif
