// SPDX-License-Identifier: EUPL-1.2
//
// What the files of forms share: hub_forms.c (what devices ask), hub_links.c and hub_begin.c
// (visits for one form), hub_forms_keep.c (the forms in memory and in the store, and who has the
// pen), hub_forms_source.c (the way to the source and back), hub_uploads.c (documents from phones).
// For those only.
#ifndef INLOOP_APPS_HUB_HUB_FORMS_H
#define INLOOP_APPS_HUB_HUB_FORMS_H

#include "apps/hub/hub.h"

enum { HUB_FORM_DEVICES_MAX = 4 };

// Who waits for the end of a save or a send; `request` NULL: nobody.
struct hub_form_waiter {
    struct http_request *request;
    struct hub_key *entry;
    bool is_send;
    uint64_t revision; // of what it gave
};

// A form that is being filled in. Heap; wiped and freed when it is over.
struct hub_form_private {
    struct hub *hub;
    char id[UUID_TEXT_BYTES];
    char visit[UUID_TEXT_BYTES]; // the last that opened it
    char party[UUID_TEXT_BYTES];
    char request[REQUEST_ID_BYTES];
    char link[FORM_LINK_BYTES];
    char ticket[UUID_TEXT_BYTES]; // it was handed over with; may be empty
    char title[REQUEST_TITLE_BYTES];
    uint64_t revision;
    char holder[DEVICE_ID_BYTES];                        // who has the pen; empty: nobody
    bool is_at_desk;                                     // the holder is a counter
    char devices[HUB_FORM_DEVICES_MAX][DEVICE_ID_BYTES]; // that held it, the newest first
    enum api_form_state state;
    char reference[API_REFERENCE_BYTES];
    struct api_form_place place;
    bool asks_source;
    bool needs_privacy;
    bool needs_truth;
    bool takes_files;                  // likewise: false until the definition is read
    struct backoffice_consent consent; // with API_FORM_SENDING
    bool is_pending;                   // the source still has to hear of `data`
    bool is_at_source;                 // it has it
    bool may_be_sent;                  // nobody heard the end of an earlier sending
    struct json *definition;           // NULL: not read since the hub started
    struct json *prefill;              // likewise
    struct json *base;                 // as it stands at the source
    struct json *data;
    bool is_being_read; // from its source, for whoever asks next
    struct json *asked; // what the source is being told; NULL: it is not asked now
    bool is_over;       // nobody finds it any more; freed when the source has answered
    int64_t retry_ms;
    struct loop_timer *retry;
    struct hub_form_waiter waiter;
    struct loop_timer *patience;
};

// --- hub_forms.c
// The form of the path when this device has its pen, else a refusal.
struct hub_form_private *hub_form_held(struct hub_call *call);
// Reads the definition from its source, for whoever asks next. Nothing when that goes on already.
void hub_form_read(struct hub_form_private *form);
// What is wrong with a whole form as its source tells it.
MUST_USE enum err hub_form_document_fault(const struct json *told);
// Takes it over. `revision`: of the answers when the source was asked.
void hub_form_take_document(struct hub_form_private *form,
                            const struct backoffice_form_private *named, uint64_t revision,
                            const struct json *told);
// As it stands in a visit's list.
void hub_form_request(const struct json *told, const char *id, enum request_class class,
                      struct request_private *request);

// --- hub_forms_keep.c
// NULL: no room.
struct hub_form_private *hub_form_new(struct hub *hub, const char *id);
struct hub_form_private *hub_form_find(const struct hub *hub, const char *id);
struct hub_form_private *hub_form_of_request(const struct hub *hub, const char *party,
                                             const char *request);
struct hub_form_private *hub_form_of_ticket(const struct hub *hub, const char *ticket);
// False: another device has it.
bool hub_form_take_pen(struct hub_form_private *form, const struct store_device *device);
void hub_form_give_pen(struct hub_form_private *form);
// The row and, for the devices concerned, the event.
void hub_form_put(struct hub_work *work, const struct hub_form_private *form);
struct json *hub_form_json(const struct hub_form_private *form);
// Erases it when nobody needs it any more: it stands at the source, the visit is over, and no
// ticket waits with it. Takes the work and commits it.
void hub_form_settle(struct hub_work *work, struct hub_form_private *form);
// Erases it whatever it is: there is nothing more to do at the source. Likewise.
void hub_form_end(struct hub_work *work, struct hub_form_private *form);
void hub_form_free(struct hub_form_private *form);

// --- hub_forms_source.c
// As the source is asked about it; a link that `named` has already stays.
void hub_form_name(const struct hub_form_private *form, struct backoffice_form_private *named);
// Under what it is found at its source from now on, when the source says so.
void hub_form_take_link(struct hub_form_private *form, const struct json *told);
void hub_form_ask(struct hub_form_private *form); // tells the source what it has not heard yet
// Whoever waited longer than this device hears that the hub has it.
void hub_form_wait(struct hub_form_private *form, const struct hub_call *call, bool is_send);
void hub_form_stop_waiting(struct hub_form_private *form);
void hub_form_on_retry(void *form);
void hub_form_on_patience(void *form);
// Answers without keeping the answer under its key: it is large, and asking again gives the same.
// Takes `body`.
void hub_form_answer(struct hub_work *work, const struct hub_call *call, int status,
                     struct json *body);
// The problem that fits what the source said; caller owns.
struct json *hub_form_problem(enum err err, const struct json *told, int *status);

#endif
