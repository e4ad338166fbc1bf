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
//   POST /tickets                    [kiosk]   issue        -> 201 ticket
//   POST /tickets/{id}/print         [kiosk]   print        -> 200 ticket
//   POST /calls                      [counter] call         -> 200 called
//   POST /tickets/{id}/transitions   [counter] transition   -> 200 ticket
//   GET  /tickets/{id}/context       [counter] -> 200 context, only of a ticket its desk called
//   GET  /tickets/{id}/why           [kiosk, counter] -> 200 why
//   POST /counters/{desk}/session    [counter] session      -> 200 counter; desk of the device only
//   GET  /state                      [all]     -> 200 state, as the role may see it
//   GET  /events?from={seq}          [all]     -> 200 text/event-stream; 410 on a gap
//   POST /devices/health             [all]     health       -> 200 {}
//   GET  /v1/health                  [nobody in particular] -> 200 {"status":"ok"}
// Every POST carries Idempotency-Key (16 to 63 characters of [A-Za-z0-9-]). Same key and body: the
// same answer with header `Idempotent-Replayed: true`; same key, other body: 422.
#ifndef INLOOP_LINK_API_H
#define INLOOP_LINK_API_H

#include "base/json.h"
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
};

// What went wrong, for a program (`code`) and for a person. Codes are stable words:
// code_unknown code_expired code_used code_other_hall code_invalid backoffice_unavailable
// second_fact_wrong visit_locked visit_gone nobody_waits desk_busy not_now not_yours full
// key_reused not_found bad_request too_big unauthorized storage sign_in_wrong; 410 of a stream:
// gone. try_again and too_many: ask again with the same key (link/hub_client.c does).
struct api_problem {
    int status;
    char code[API_PROBLEM_CODE_BYTES];
    unsigned tries_left; // with second_fact_wrong
};

struct api_visit_open_private {
    char code[API_CODE_BYTES]; // the scanned text
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
};

struct api_issue {
    char visit[UUID_TEXT_BYTES]; // empty: anonymous
    char request[REQUEST_ID_BYTES];
    char service; // used when request is empty, else the request's own
    char language[LANGUAGE_BYTES];
    uint32_t needs;
    struct consent consent;
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

// One line of the stream: a full fact. "ticket" (counters), "call" (all), "counter" (counters),
// "service" (all: new waiting band), "visit" (the kiosk that opened it: requests are ready; id
// only), "day" (all: read the state again). Every stream is dense: what a role may not see comes to
// it as "skip" with an empty object, so that a missing id is always a loss.
enum api_event_kind {
    API_EVENT_TICKET,
    API_EVENT_CALL,
    API_EVENT_COUNTER,
    API_EVENT_SERVICE,
    API_EVENT_VISIT,
    API_EVENT_DAY,
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
