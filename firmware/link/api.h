// SPDX-License-Identifier: EUPL-1.2
//
// The messages between hub and devices as structs, and their JSON. One description for both sides;
// assets/api/hub-1.yaml is the same contract for people and other programs, and a test holds the
// three together. Parsing is strict and bounded: unknown members are ignored, wrong ones refused.
//
// All paths start with /v1/locations/{location}; {id} are UUIDs. Roles in brackets; deny by
// default.
//   POST /visits                     [kiosk]   visit_open   -> 201 visit
//   POST /visits/{id}/second-fact    [kiosk]   second_fact  -> 200 visit
//   GET  /visits/{id}                [kiosk]   -> 200 visit (requests_ready turns true by itself)
//   POST /visits/{id}/end            [kiosk]   {}           -> 200 {}
//   POST /visits/{id}/requests       [kiosk]   begin        -> 201 visit, with what was begun
//   POST /visits/{id}/forms          [kiosk]   form_open    -> 201 form; takes the pen
//   GET  /catalogue                  [kiosk]   -> 200 catalogue: the forms one may begin
//   GET  /forms/{id}                 [kiosk, counter: who holds the pen] -> 200 form
//   POST /forms/{id}/answers         [kiosk, counter: likewise] form_answers -> 200 form_saved
//   POST /forms/{id}/send            [kiosk, counter: likewise] form_send    -> 200 form_sent
//   POST /forms/{id}/pen             [kiosk, counter: likewise] form_pen     -> 200 {}
//   POST /forms/{id}/uploads         [kiosk, counter: likewise] upload_open  -> 201 upload
//   GET  /forms/{id}/uploads         [kiosk, counter: likewise] -> 200 uploads
//   POST /tickets/{id}/form          [counter] {}           -> 200 form; takes the pen
//   POST /tickets                    [kiosk]   issue        -> 201 ticket
//   POST /tickets/{id}/print         [kiosk]   print        -> 200 ticket
//   POST /calls                      [counter] call         -> 200 called
//   POST /tickets/{id}/transitions   [counter] transition   -> 200 ticket
//   GET  /tickets/{id}/context       [counter] -> 200 context, only of a ticket its desk called
//   GET  /tickets/{id}/why           [kiosk, counter] -> 200 why
//   POST /counters/{desk}/session    [counter] session      -> 200 counter; desk of the device only
//   GET  /state                      [all]     -> 200 state, as the role may see it
//   GET  /events?from={seq}          [all]     -> 200 text/event-stream; 410 on a gap
//   POST /devices/health             [all]     health or report -> 200 orders (link/api_fleet.h)
//   GET  /v1/health                  [nobody in particular] -> 200 {"status":"ok"}
// Every POST carries Idempotency-Key (16 to 63 characters of [A-Za-z0-9-]). Same key and body: the
// same answer with header `Idempotent-Replayed: true`; same key, other body: 422.
#ifndef INLOOP_LINK_API_H
#define INLOOP_LINK_API_H

#include "base/json.h"
#include "core/catalogue.h"
#include "core/hall.h"
#include "core/wait.h"

enum {
    API_CODE_BYTES = 1100,
    API_NAME_BYTES = 64,
    API_PROBLEM_CODE_BYTES = 40,
    API_TICKETS_MAX = 512, // open tickets told in one state
    API_CALLS_MAX = 16,
    API_REASON_BYTES = 64,
    API_PIN_BYTES = 16,
    API_REFERENCE_BYTES = 64,
    API_FORM_ANSWERS_BYTES_MAX = 60 * 1024, // of the text of all answers; a body holds 64 KiB
    API_FORM_BYTES_MAX = 2 * 1024 * 1024,   // of the text of a whole form
    API_INVALID_MAX = 16,                   // the first ones a source refuses
    API_INVALID_REASON_BYTES = 200,
    API_URL_BYTES = 512,
    API_PASS_BYTES = 21,  // ten bytes in hexadecimal
    API_UPLOADS_MAX = 16, // documents of one form
    API_FILE_NAME_BYTES = 128,
};

// What went wrong, for a program (`code`) and for a person. Codes are stable words:
// code_unknown code_expired code_used code_other_hall code_invalid link_expired link_used
// backoffice_unavailable
// Of cards: person_unsure (several fit, or the name was cut and only resembles) person_unknown
// (nobody fits) document_unproven (what was verified earns too little) pass_unknown; all 422.
// second_fact_wrong visit_locked visit_gone nobody_waits desk_busy not_now not_yours full
// key_reused not_found bad_request too_big unauthorized storage sign_in_wrong; 410 of a stream:
// gone. try_again and too_many: ask again with the same key (link/hub_client.c does).
// Of forms: form_changed (409: changed elsewhere or by another revision; nothing was overwritten,
// read the form again) pen_elsewhere (409: another device edits it) form_gone (410: done, cancelled
// or expired at the source) form_invalid (422: the source refuses answers) form_login (422: it
// wants its own login first) form_unsupported (422: not one we can show) form_unreadable (502: the
// source breaks its own rules).
struct api_problem {
    int status;
    char code[API_PROBLEM_CODE_BYTES];
    unsigned tries_left;           // with second_fact_wrong
    char login_url[API_URL_BYTES]; // with form_login, may be empty
    struct {
        char key[CONTEXT_KEY_BYTES];           // of the question; "" for the form as a whole
        char reason[API_INVALID_REASON_BYTES]; // the source's own sentence; may be empty
    } invalid[API_INVALID_MAX];                // with form_invalid
    size_t invalid_count;
};

enum api_not_cloned {
    API_NOT_CLONED_NONE,
    API_NOT_CLONED_CHIP,
    API_NOT_CLONED_MAPPING,
    API_NOT_CLONED_ACTIVE,
    API_NOT_CLONED_COUNT
};

// What a document's chip says of its holder, in the zone's capitals, and what the kiosk verified.
struct api_document_private {
    char kind[3]; // "P", "I", "ID"
    char issuer[4];
    char surname[40]; // A to Z, one blank between parts
    char given[40];   // the same, may be empty
    bool is_name_cut;
    struct date birth_date; // month and day may be 0; year 0: unknown
    bool is_pace;           // else BAC
    bool is_genuine;
    enum api_not_cloned not_cloned;
};

// Exactly one of `code`, `is_anonymous`, `document` and `pass`.
struct api_visit_open_private {
    char code[API_CODE_BYTES]; // the scanned text: a live token, a reference, a form's link
    bool is_anonymous;         // nobody says who they are; for what is begun here
    bool has_document;
    struct api_document_private document;
    char pass[API_PASS_BYTES]; // a municipal pass: 4, 7 or 10 bytes in capital hexadecimal
    char language[LANGUAGE_BYTES];
};

struct api_second_fact_private {
    struct date birth_date;
};

struct api_visit_private {
    char id[UUID_TEXT_BYTES];
    enum visit_state state;
    enum level level;
    unsigned tries_left;
    bool requests_ready; // false: the sources are still being asked; read the visit again
    char initials[PERSON_INITIALS_BYTES]; // empty before L3 and when secret
    int birth_year;                       // 0 likewise
    char language[LANGUAGE_BYTES];        // preferred by the register, may be empty
    struct request_list_private list;     // redacted by policy; empty until VISIT_OPEN
    unsigned hidden_count;                // requests policy keeps off this screen
    // What there is no need to choose: the form of the link, or what was begun last. May be empty.
    char chosen[REQUEST_ID_BYTES];
};

// Names one form of the catalogue.
struct api_begin {
    char form[UUID_TEXT_BYTES];
};

struct api_issue {
    char visit[UUID_TEXT_BYTES]; // empty: anonymous
    char request[REQUEST_ID_BYTES];
    char service; // used when request is empty, else the request's own
    char language[LANGUAGE_BYTES];
    uint32_t needs;
    struct consent consent;
    // A hand-over: where the visitor got stuck, as the kiosk knows it; `id` empty: none. The form
    // must be the request's and the pen the kiosk's: it is given back with this.
    struct context_form_private form;
};

struct api_ticket {
    struct ticket ticket;
    char reference[API_REFERENCE_BYTES]; // text of the slip's code: "KQ1:B042:<128 random bits>"
    struct wait_band wait;
};

enum api_call_kind { API_CALL_NEXT, API_CALL_TICKET };

struct api_call {
    enum api_call_kind kind;
    char ticket[UUID_TEXT_BYTES];
    char reason[API_REASON_BYTES]; // required out of order
};

// "recall" "arrived" "absent" "return" "park" "resume" "requeue" "transfer" "document_seen"
// "finish" "cancel"
struct api_transition {
    enum hall_event_kind action;
    char to_service;
    char to_desk[DESK_BYTES];
    enum finish_outcome outcome;
};

struct api_session {
    bool is_open;
    bool is_paused;
    char staff[STAFF_ID_BYTES];
    char pin_private[API_PIN_BYTES]; // with is_open
};

struct api_health {
    bool printer_ok;
    bool paper_low;
    bool scanner_ok;
    bool refused_keyboard; // a device presented itself as a keyboard and was refused
    char version[24];
};

struct api_state_service {
    char letter;
    char id[SERVICE_ID_BYTES];
    char names[3][API_NAME_BYTES]; // nl, en, ar
    enum request_subject subject;
    struct wait_band wait; // for one issued now
    unsigned waiting;
};

struct api_state_call {
    char number[TICKET_NUMBER_BYTES];
    char desk[DESK_BYTES];
    int64_t called_ms;
    uint16_t calls_count;
};

// What a screen starts from. Displays get no tickets but `calls`; kiosks no tickets; counters all
// open tickets without names (context is asked per ticket).
struct api_state {
    uint64_t seq; // events after this one follow
    int64_t now_ms;
    char location[LOCATION_ID_BYTES];
    char town[API_NAME_BYTES];
    bool has_catalogue; // there are forms one may begin: GET /catalogue
    struct api_state_service services[HALL_SERVICES_MAX];
    size_t services_count;
    struct counter counters[HALL_COUNTERS_MAX];
    char counter_staff_name[HALL_COUNTERS_MAX][API_NAME_BYTES]; // own desk only
    size_t counters_count;
    struct ticket tickets[API_TICKETS_MAX];
    size_t tickets_count;
    struct api_state_call calls[API_CALLS_MAX]; // newest first
    size_t calls_count;
};

// Names one request of the visit.
struct api_form_open {
    char request[REQUEST_ID_BYTES];
};

enum api_form_state { API_FORM_OPEN, API_FORM_SENDING, API_FORM_SENT };

// One question of a form: key and item of the group that repeats it.
struct api_form_place {
    char key[CONTEXT_KEY_BYTES]; // empty: nowhere
    int item;                    // -1: not within a repeating group
};

// A form as a device gets it. Owns its documents: api_form_free.
struct api_form_private {
    char id[UUID_TEXT_BYTES];        // the hub's name of this filling-in
    char request[REQUEST_ID_BYTES];  // "taken:<uuid>" or "forms:<uuid>"
    char title[REQUEST_TITLE_BYTES]; // may be empty
    uint64_t revision;               // of the answers; goes with every write
    char holder[DEVICE_ID_BYTES];    // who has the pen
    enum api_form_state state;
    char reference[API_REFERENCE_BYTES]; // when sent, what the source calls it; may be empty
    struct api_form_place place;         // where somebody stopped
    bool asks_source;   // it works out its own rules: what it says comes with every save
    bool needs_privacy; // what has to be agreed to before sending
    bool needs_truth;
    bool is_at_source;       // false: the hub still has to bring answers to the source
    struct json *definition; // {"steps","rules"}, as form_read of forms/form.h takes it (set this
                             // NULL when it did)
    struct json *prefill;    // an object, never NULL
    struct json *data;       // an object, never NULL
};
void api_form_free(struct api_form_private *form); // wipes; zeroed memory allowed

// All answers so far, hidden ones left out, never a part of them. Owns `data`.
struct api_form_answers_private {
    uint64_t revision;           // they follow on this one
    struct json *data;           // an object, at most API_FORM_ANSWERS_BYTES_MAX as text
    struct api_form_place place; // where the visitor is now
};
void api_form_answers_free(struct api_form_answers_private *answers);

// The answers are on the hub's disk. Owns `told`.
struct api_form_saved_private {
    uint64_t revision;
    bool is_at_source; // false: the source did not take them yet; the hub goes on trying
    struct json
        *told; // what the source said to them (asks_source), as logic_hear takes it; or NULL
};
void api_form_saved_free(struct api_form_saved_private *saved);

// Owns `data`.
struct api_form_send_private {
    uint64_t revision;
    struct json *data;
    bool privacy; // agreed to
    bool truth;
};
void api_form_send_free(struct api_form_send_private *send);

// API_FORM_SENDING: on its way; the event `form`, or reading the form, tells when it arrived.
struct api_form_sent {
    enum api_form_state state;
    char reference[API_REFERENCE_BYTES]; // may be empty
};

enum api_pen { API_PEN_GIVE };

// A question that asks for a document.
struct api_upload_open {
    char key[CONTEXT_KEY_BYTES];
    int item; // of the group that repeats it; -1: none
};

// Where the visitor's own phone brings it. The address is a secret that works once.
struct api_upload_private {
    char url[API_URL_BYTES];
    int64_t expires_ms;
};

// A document that stands at the source. `value`, owned, is what the question's answer gets: one
// more entry of its list.
struct api_uploaded_private {
    char key[CONTEXT_KEY_BYTES];
    int item;
    char name[API_FILE_NAME_BYTES]; // as the phone called it
    uint64_t bytes;
    struct json *value;
};
struct api_uploads_private {
    struct api_uploaded_private uploads[API_UPLOADS_MAX]; // the oldest first
    size_t uploads_count;
};
void api_uploads_free(struct api_uploads_private *uploads); // wipes; zeroed memory allowed

enum api_upload_state { API_UPLOAD_ARRIVED, API_UPLOAD_REFUSED };
// Why it was refused; the phone says so in words and may try again.
enum api_upload_reason {
    API_UPLOAD_NO_REASON,
    API_UPLOAD_EMPTY,       // no file, or one without bytes
    API_UPLOAD_TOO_BIG,     // more than the question allows
    API_UPLOAD_WRONG_KIND,  // not a kind of file the question allows
    API_UPLOAD_LIES,        // its first bytes are of another kind than it says
    API_UPLOAD_BROKEN,      // the request breaks off or its format
    API_UPLOAD_BUSY,        // too many at the same time
    API_UPLOAD_SOURCE_DOWN, // the source did not take it now
    API_UPLOAD_SOURCE_SAYS_NO,
};

// One line of the stream: a full fact. "ticket" (counters), "call" (all), "counter" (counters),
// "service" (all: new waiting band), "visit" (the kiosk that opened it: requests are ready; id
// only), "day" (all: read the state again), "form" (the devices that hold or held the pen),
// "upload" (who holds the pen: a document arrived or was refused; what it is called stands in
// GET /forms/{id}/uploads only, for events are stored as they are). Every stream is dense: what a
// role may not see comes to it as "skip" with an empty object, so that a missing id is always a
// loss.
enum api_event_kind {
    API_EVENT_TICKET,
    API_EVENT_CALL,
    API_EVENT_COUNTER,
    API_EVENT_SERVICE,
    API_EVENT_VISIT,
    API_EVENT_DAY,
    API_EVENT_FORM,
    API_EVENT_UPLOAD,
};

struct api_form_news {
    char id[UUID_TEXT_BYTES];
    uint64_t revision;
    enum api_form_state state;
    char holder[DEVICE_ID_BYTES]; // empty: nobody
};

struct api_upload_news {
    char form[UUID_TEXT_BYTES];
    char key[CONTEXT_KEY_BYTES];
    int item;
    enum api_upload_state state;
    enum api_upload_reason reason; // with API_UPLOAD_REFUSED
    uint64_t bytes;
};

struct api_event {
    uint64_t seq;
    enum api_event_kind kind;
    union {
        struct ticket ticket;
        struct api_state_call call;
        struct counter counter;
        struct api_state_service service;
        char visit[UUID_TEXT_BYTES];
        struct api_form_news form;
        struct api_upload_news upload;
    };
};

// Each pair: `_read` fills the struct from JSON (ERR_MALFORMED names the member in `fault`),
// `_write` gives a new value, caller frees. Private ones with json_wipe_free.
MUST_USE enum err api_visit_open_read(const struct json *json, struct api_visit_open_private *open,
                                      struct fault *fault);
struct json *api_visit_open_write(const struct api_visit_open_private *open);
MUST_USE enum err api_second_fact_read(const struct json *json,
                                       struct api_second_fact_private *fact, struct fault *fault);
struct json *api_second_fact_write(const struct api_second_fact_private *fact);
MUST_USE enum err api_visit_read(const struct json *json, struct api_visit_private *visit,
                                 struct fault *fault);
struct json *api_visit_write(const struct api_visit_private *visit);
MUST_USE enum err api_begin_read(const struct json *json, struct api_begin *begin,
                                 struct fault *fault);
struct json *api_begin_write(const struct api_begin *begin);
MUST_USE enum err api_catalogue_read(const struct json *json, struct catalogue *catalogue,
                                     struct fault *fault);
struct json *api_catalogue_write(const struct catalogue *catalogue);
MUST_USE enum err api_issue_read(const struct json *json, struct api_issue *issue,
                                 struct fault *fault);
struct json *api_issue_write(const struct api_issue *issue);
MUST_USE enum err api_ticket_read(const struct json *json, struct api_ticket *ticket,
                                  struct fault *fault);
struct json *api_ticket_write(const struct api_ticket *ticket);
MUST_USE enum err api_print_read(const struct json *json, enum print_state *state,
                                 struct fault *fault);
struct json *api_print_write(enum print_state state);
MUST_USE enum err api_call_read(const struct json *json, struct api_call *call,
                                struct fault *fault);
struct json *api_call_write(const struct api_call *call);
MUST_USE enum err api_transition_read(const struct json *json, struct api_transition *transition,
                                      struct fault *fault);
struct json *api_transition_write(const struct api_transition *transition);
MUST_USE enum err api_context_read(const struct json *json, struct context_private *context,
                                   struct fault *fault);
struct json *api_context_write(const struct context_private *context);
MUST_USE enum err api_why_read(const struct json *json, struct hall_why *why, struct fault *fault);
struct json *api_why_write(const struct hall_why *why);
MUST_USE enum err api_session_read(const struct json *json, struct api_session *session,
                                   struct fault *fault);
struct json *api_session_write(const struct api_session *session);
MUST_USE enum err api_counter_read(const struct json *json, struct counter *counter,
                                   struct fault *fault);
struct json *api_counter_write(const struct counter *counter);
// A counter as its own desk hears it: with the name of who is signed in, "" for nobody.
MUST_USE enum err api_own_counter_read(const struct json *json, struct counter *counter,
                                       char staff_name[API_NAME_BYTES], struct fault *fault);
struct json *api_own_counter_write(const struct counter *counter, const char *staff_name);
MUST_USE enum err api_health_read(const struct json *json, struct api_health *health,
                                  struct fault *fault);
struct json *api_health_write(const struct api_health *health);
MUST_USE enum err api_state_read(const struct json *json, struct api_state *state,
                                 struct fault *fault);
struct json *api_state_write(const struct api_state *state);
// `name` is the SSE event name.
MUST_USE enum err api_event_read(const char *name, const struct json *json, struct api_event *event,
                                 struct fault *fault);
struct json *api_event_write(const struct api_event *event, const char **name);
// The documents of a struct that was read are its own; those of one that is written are borrowed.
MUST_USE enum err api_form_open_read(const struct json *json, struct api_form_open *open,
                                     struct fault *fault);
struct json *api_form_open_write(const struct api_form_open *open);
MUST_USE enum err api_form_read(const struct json *json, struct api_form_private *form,
                                struct fault *fault);
struct json *api_form_write(const struct api_form_private *form);
MUST_USE enum err api_form_answers_read(const struct json *json,
                                        struct api_form_answers_private *answers,
                                        struct fault *fault);
struct json *api_form_answers_write(const struct api_form_answers_private *answers);
MUST_USE enum err api_form_saved_read(const struct json *json, struct api_form_saved_private *saved,
                                      struct fault *fault);
struct json *api_form_saved_write(const struct api_form_saved_private *saved);
MUST_USE enum err api_form_send_read(const struct json *json, struct api_form_send_private *send,
                                     struct fault *fault);
struct json *api_form_send_write(const struct api_form_send_private *send);
MUST_USE enum err api_form_sent_read(const struct json *json, struct api_form_sent *sent,
                                     struct fault *fault);
struct json *api_form_sent_write(const struct api_form_sent *sent);
MUST_USE enum err api_form_pen_read(const struct json *json, enum api_pen *pen,
                                    struct fault *fault);
struct json *api_form_pen_write(enum api_pen pen);
MUST_USE enum err api_upload_open_read(const struct json *json, struct api_upload_open *open,
                                       struct fault *fault);
struct json *api_upload_open_write(const struct api_upload_open *open);
MUST_USE enum err api_upload_read(const struct json *json, struct api_upload_private *upload,
                                  struct fault *fault);
struct json *api_upload_write(const struct api_upload_private *upload);
MUST_USE enum err api_uploads_read(const struct json *json, struct api_uploads_private *uploads,
                                   struct fault *fault);
struct json *api_uploads_write(const struct api_uploads_private *uploads);
MUST_USE enum err api_problem_read(const struct json *json, int status,
                                   struct api_problem *problem);

// The same JSON also is what the hub seals into its store for visits (person with full name and
// whole birth date, unredacted list) and outbox contacts.
struct json *api_person_write(const struct person_private *person);
MUST_USE enum err api_person_read(const struct json *json, struct person_private *person,
                                  struct fault *fault);
struct json *api_requests_write(const struct request_list_private *list);
MUST_USE enum err api_requests_read(const struct json *json, struct request_list_private *list,
                                    struct fault *fault);

#endif
