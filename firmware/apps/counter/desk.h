// SPDX-License-Identifier: EUPL-1.2
//
// What the counter terminal knows and does: who waits, who is called, what their context says, and
// the commands a key press sends. Drawing is the scenes'; deciding is the hub's.
#ifndef INLOOP_APPS_COUNTER_DESK_H
#define INLOOP_APPS_COUNTER_DESK_H

#include "base/clock.h"
#include "base/health.h"
#include "fill/fill.h"
#include "link/hub_client.h"
#include "ui/phrases.h"
#include "ui/scene.h"

enum {
    DESK_STAFF_BYTES = STAFF_ID_BYTES,
    DESK_TIME_BYTES = 8,
    DESK_ASIDE_MAX = 4, // parked and absent tickets shown
    DESK_PHRASE_KEY_BYTES = 48,
};

// What covers the context column.
enum desk_sheet { SHEET_NONE, SHEET_FINISH, SHEET_TRANSFER, SHEET_WHY };

// What of the visitor's form covers the context.
enum desk_form_view {
    DESK_FORM_NONE,
    DESK_FORM_WAITS,
    DESK_FORM_PAGE,
    DESK_FORM_SENDING,
    DESK_FORM_SENT,
    DESK_FORM_TROUBLE,
};

enum desk_field { DESK_FIELD_STAFF, DESK_FIELD_PIN };

struct desk_sign_in_private {
    char staff[DESK_STAFF_BYTES];
    char pin[API_PIN_BYTES];
    enum desk_field active;
    bool was_wrong;
};

struct desk {
    struct phrases phrases;
    struct hub_client *client; // NULL in tests: commands are only counted
    char desk[DESK_BYTES];     // "3"
    bool is_connected;
    struct api_state state; // the hall as the hub told it, kept up by events
    struct desk_sign_in_private sign_in;
    char ticket[UUID_TEXT_BYTES]; // called to or served here; empty: free
    bool has_context;
    bool context_refused;
    struct context_private context; // of that ticket only; wiped when it leaves the desk
    enum desk_sheet sheet;
    enum finish_outcome outcome;
    bool calls_next_after; // finish, then next
    struct hall_why why;
    char why_number[TICKET_NUMBER_BYTES];
    bool has_why;
    enum desk_form_view form_view;
    struct fill_private form; // goes on where the kiosk's was left
    struct fill_host form_host;
    size_t form_first;                        // of the list of answers
    size_t list_first;                        // of the choices
    char form_reference[API_REFERENCE_BYTES]; // of the one sent from here; empty: none
    struct look *look;
    struct clock clock;     // wall time; tests hold it still
    int64_t ticked_ms;      // monotonic, of the last tick or event
    int64_t waits_since_ms; // monotonic
    bool has_news;
    uint32_t reads_context;              // command whose answer brings it; 0: none
    uint32_t reads_why;                  // likewise
    uint32_t waits_for;                  // command that must be answered before the next; 0: none
    char problem[DESK_PHRASE_KEY_BYTES]; // phrase of what went wrong last; empty: nothing
    unsigned commands_count;
    int64_t now_ms; // wall time of the last tick, for "waits 5 min"
};

void desk_init(struct desk *desk, struct look *look);
// Messages from the hub. Wipes what no longer belongs here; takes the documents of a form.
void desk_take(struct desk *desk, struct scenes *scenes, struct hub_message_private *message);

// Actions; each sends one command, or says in `problem` why not.
void desk_sign_in(struct desk *desk);
void desk_sign_out(struct desk *desk);
void desk_pause(struct desk *desk, bool is_paused);
void desk_next(struct desk *desk);
void desk_pick(struct desk *desk, const char *ticket); // out of order, or back from aside
void desk_do(struct desk *desk, enum hall_event_kind action);
void desk_transfer(struct desk *desk, char to_service);
void desk_finish(struct desk *desk, bool calls_next_after);
void desk_ask_why(struct desk *desk);
// The form the visitor left unfinished. Opens where it was left.
bool desk_may_fill(const struct desk *desk);
void desk_fill(struct desk *desk);
void desk_fill_close(struct desk *desk); // what was typed is saved first
// Forgets the person: context, form, sheet, sign-in fields.
void desk_wipe(struct desk *desk);

void desk_form_init(struct desk *desk);
size_t desk_form_rows(const struct look *look); // of the list of answers, at once
void desk_form_drop(struct desk *desk);         // the ticket left this desk

// Looking. Borrowed until the next message.
struct health desk_health(const struct desk *desk, bool is_drawn); // for the file, base/health.h
const struct counter *desk_own(const struct desk *desk);           // NULL before the first state
const struct ticket *desk_ticket(const struct desk *desk, const char *id);
const struct ticket *desk_current(const struct desk *desk); // NULL when free
// Waiting tickets this desk may serve come first, in promise order; then nothing. NULL at the end.
const struct ticket *desk_waiting(const struct desk *desk, size_t position);
size_t desk_waiting_count(const struct desk *desk);
// Parked here or absent: may be brought back. NULL at the end.
const struct ticket *desk_aside(const struct desk *desk, size_t position);
const struct api_state_service *desk_service(const struct desk *desk, char letter);
// The service's name in the screen's language.
const char *desk_service_name(const struct desk *desk, const struct look *look, char letter);
// The phrase of what is wrong now, a lost line included; empty: nothing.
const char *desk_problem(const struct desk *desk);
void desk_time(int64_t time_ms, char out[DESK_TIME_BYTES]); // "14.05"

extern const struct scene desk_scene_sign_in;
extern const struct scene desk_scene_work;

#endif
