// SPDX-License-Identifier: EUPL-1.2
//
// The hub: holds the hall, asks the back office, makes decisions durable and tells them. One loop
// thread decides, one commit thread writes. This header is for apps/hub/*.c only.
#ifndef INLOOP_APPS_HUB_HUB_H
#define INLOOP_APPS_HUB_HUB_H

#include "base/clock.h"
#include "base/config.h"
#include "base/mailbox.h"
#include "link/api_fleet.h"
#include "link/http_server.h"
#include "link/loop.h"
#include "link/token.h"
#include "ports/backoffice.h"
#include "link/problem.h"
#include "ports/store.h"

enum {
    HUB_VISITS_MAX = 128, // open at the same time, with their private parts in memory
    HUB_FORMS_MAX = 256,  // being filled in, or waiting for their source
    HUB_DEVICES_MAX = 256,
    HUB_STAFF_MAX = 128,
    HUB_CODES_MAX = 64, // more are never on their way to the disk at once
    HUB_KEYS_MAX = 65536,
    HUB_STREAMS_MAX = 512,
    HUB_WAITERS_MAX = 4,
    HUB_CARDS_FOR_A_LOCK = 12, // what three wrong birth dates of a pass cost its kiosk, in cards
    HUB_VISIT_MS_MAX = 10 * 60000,
    HUB_KEEP_ANSWERS_MS = 24 * 3600 * 1000,
    HUB_PATH_BYTES = 400,
};

struct hub_work;
struct hub_key;
struct hub_keys;

// What belongs to a visit beside the hall's row. Heap; wiped and freed when the visit ends.
struct hub_visit_private {
    char id[UUID_TEXT_BYTES];
    // Empty: opened without a person, by a link or without anything, or by the document of somebody
    // who has none; `person` tells the two apart.
    char party[UUID_TEXT_BYTES];
    char language[LANGUAGE_BYTES];
    char link[FORM_LINK_BYTES];    // of the one form it may continue; empty: by another code
    char form[UUID_TEXT_BYTES];    // what that filling-in is called here
    char chosen[REQUEST_ID_BYTES]; // that form, or the one she began here last; may be empty
    struct person_private person;
    struct request_list_private list;
    bool requests_ready;
    int64_t touched_ms;
};

// A visit on its way: what the callbacks of the back office need.
enum hub_way { HUB_BY_CODE, HUB_BY_PASS, HUB_BY_DOCUMENT };
struct hub_opening_private {
    struct hub *hub;
    struct http_request *request;
    struct hub_key *entry;
    struct store_device device;
    enum hub_way way;
    struct evidence evidence;
    struct hub_visit_private *visit;
    char id[UUID_TEXT_BYTES]; // of that visit, which the hub owns once it is open
    bool is_listing;          // its list still comes by this
};

// How many cards a kiosk has read of late: its time is spent up to then (monotonic).
struct hub_cards_of {
    char device[DEVICE_ID_BYTES];
    int64_t spent_ms;
    bool is_slowed;
};

struct hub_form_private; // hub_forms.h
struct hub_uploads;      // hub_uploads.h
struct hub_fleet;        // hub_fleet.h

struct hub_stream {
    struct http_stream *stream;
    struct store_device device;
    uint64_t told_seq; // what it knows already; the next is one more
};

// What is being made durable and what is told afterwards.
struct hub_batch;

struct hub {
    const struct config *config;
    struct clock clock;
    struct loop *loop;
    struct store *store;
    struct backoffice *backoffice;
    struct http_server *server;
    struct http_server *enrolment;
    struct tls_config *tls;
    struct tls_config *enrolment_tls;
    struct hall hall;
    char town[API_NAME_BYTES];
    char names[HALL_SERVICES_MAX][3][API_NAME_BYTES]; // nl, en, ar
    enum request_subject subjects[HALL_SERVICES_MAX];
    struct token_keys portal_keys;
    char portal_issuer[TOKEN_CLAIM_BYTES];
    struct hub_visit_private *visits[HUB_VISITS_MAX];
    struct hub_form_private *forms[HUB_FORMS_MAX];
    struct hub_uploads *uploads; // NULL: no documents come from phones
    struct hub_fleet *fleet;
    struct hub_cards_of cards[HUB_DEVICES_MAX];
    int64_t card_ms;            // of a kiosk's time for one card
    struct catalogue catalogue; // as it was told last
    int64_t catalogue_ms;       // when; monotonic, 0: not yet
    struct store_device devices[HUB_DEVICES_MAX];
    size_t devices_count;
    struct store_staff staff[HUB_STAFF_MAX];
    size_t staff_count;
    struct store_code codes[HUB_CODES_MAX]; // the last that were tried, ahead of the disk
    size_t codes_count;
    struct hub_stream streams[HUB_STREAMS_MAX];
    size_t streams_count;
    struct hub_keys *keys;
    bool keys_are_old;                         // of a day that is over
    uint64_t event_seq;                        // last given out
    uint64_t committed_seq;                    // last made durable
    struct wait_band waits[HALL_SERVICES_MAX]; // as last told
    uint8_t master_key[CRYPTO_KEY_BYTES];
    uint8_t asked_key[CRYPTO_KEY_BYTES]; // under it the store knows again what was asked
    uint8_t day_key[CRYPTO_KEY_BYTES];
    char data_dir[HUB_PATH_BYTES];
    struct crypto_key *authority;
    struct hub_batch *gathering;  // the next transaction
    struct hub_batch *writing;    // in the commit thread's hands
    struct hub_batch *written;    // waiting to be told, the oldest first
    struct hub_work *spare_works; // emptied, for the next
    struct hub_batch *spare_batches;
    pthread_t commit_thread;
    struct mailbox to_commit;
    struct mailbox from_commit;
    struct hub_batch *to_commit_slots[2];
    struct hub_batch *from_commit_slots[2];
    struct loop_bell *committed;
    struct loop_timer *minute;
    struct loop_timer *outbox_timer;
    uint8_t sign_in_failures[HALL_COUNTERS_MAX]; // by desk, of this minute
    int64_t sign_in_minute;                      // since 1970
    struct fault fault;                          // why it stopped
    bool has_failed;
};

struct hub_options {
    const struct config *config;
    struct loop *loop;
    struct clock clock;
    struct store *store;           // opened by the hub, closed by its owner
    struct backoffice *backoffice; // borrowed
};

// Opens the store, restores the hall, starts the commit thread and listens. Large: static or heap.
MUST_USE enum err hub_open(struct hub *hub, const struct hub_options *options, struct fault *fault);
// Writes and answers what has been decided; after that tells nobody any more.
void hub_close(struct hub *hub);
int64_t hub_now_ms(const struct hub *hub);
// What time alone changes: the day, visits left behind, waiting bands. The hub calls it every ten
// seconds.
void hub_pass_time(void *hub);

// --- hub_commit.c: one decision's consequences, gathered, written together, then told.
struct hub_work *hub_work_new(struct hub *hub);
// Takes over the request's answer: `entry` NULL without an Idempotency-Key.
void hub_work_answer(struct hub_work *work, struct http_request *request, struct hub_key *entry,
                     int status, struct json *body); // takes and wipes `body`
struct store_change *hub_work_change(struct hub_work *work, enum store_change_kind kind);
// Copies and seals; the blob belongs to the work.
struct store_blob hub_work_seal(struct hub_work *work, const char *kind, const char *id,
                                const void *data, size_t len);
// Copies unsealed; the blob belongs to the work.
struct store_blob hub_work_keep_bytes(struct hub_work *work, const void *data, size_t len);
struct store_blob hub_work_seal_json(struct hub_work *work, const char *kind, const char *id,
                                     struct json *json); // takes and wipes
// An event of the stream; gets the next sequence number. Takes nothing.
void hub_work_event(struct hub_work *work, const struct api_event *event);
// Turns the hall's effects into changes and events. `context` and `contact` may be NULL when no
// effect asks for them.
void hub_work_effects(struct hub_work *work, const struct hall_effects *effects,
                      struct json *context, struct json *contact);
void hub_work_audit(struct hub_work *work, const char *action, const char *object,
                    const char *result, const char *origin, const char *actor);
// `then` is called with a copy of `id` once this is on the disk; not when that fails.
void hub_work_then(struct hub_work *work, void (*then)(struct hub *hub, const char *id),
                   const char *id);
// Hands it over; it is written with everything that came during the last write, then answered.
void hub_work_commit(struct hub_work *work);
enum err hub_commit_start(struct hub *hub);
void hub_commit_stop(struct hub *hub);

// --- hub_seal.c: keys of the hub and of the day.
MUST_USE enum err hub_seal_open(struct hub *hub, struct fault *fault); // the lasting keys
MUST_USE enum err hub_seal_day(struct hub *hub, struct fault *fault);  // day key, made when new
void hub_seal_loaded_day(struct hub *hub, int64_t day, struct store_blob wrapped);
// Opens a sealed blob into new memory, terminated; caller wipes and frees. ERR_CRYPTO.
MUST_USE enum err hub_unseal(const struct hub *hub, const char *kind, const char *id,
                             struct store_blob blob, char **plain, size_t *len);
MUST_USE enum err hub_unseal_json(const struct hub *hub, const char *kind, const char *id,
                                  struct store_blob blob, struct json **json);
// The key for what is sealed as `kind`: the day's, or for waiting contacts one of the hub's own.
// Caller wipes.
void hub_seal_key(const struct hub *hub, const char *kind, uint8_t key[CRYPTO_KEY_BYTES]);
void hub_seal_bound_to(const struct hub *hub, const char *kind, const char *id, char *out,
                       size_t out_bytes);

// --- hub_keys.c: the same key gets the same answer.
enum hub_key_found { KEY_NEW, KEY_RUNNING, KEY_ANSWERED, KEY_REUSED, KEY_FULL };
enum hub_key_found hub_key_find(struct hub *hub, const char *key, const char *device,
                                const uint8_t hash[STORE_HASH_BYTES], struct hub_key **entry);
void hub_key_wait(struct hub_key *entry, struct http_request *request);
void hub_key_replay(const struct hub_key *entry, struct http_request *request);
void hub_key_answered(struct hub *hub, struct hub_key *entry, int status, const char *body,
                      size_t len, struct hub_work *work);
void hub_key_release(struct hub *hub, struct hub_key *entry, int status, const char *body,
                     size_t len);
void hub_key_forget(struct hub *hub, struct hub_key *entry); // the command had no effect
void hub_key_restore(struct hub *hub, const char *key, const char *device, const uint8_t *hash,
                     int status, const char *body, size_t len);
const char *hub_key_text(const struct hub_key *entry);
void hub_keys_open(struct hub *hub);
void hub_keys_close(struct hub *hub);
// A new day. False: a command is still running and holds its entry; nothing was cleared.
bool hub_keys_clear(struct hub *hub);

// --- hub_routes.c: who may ask what.
struct hub_call {
    struct hub *hub;
    struct http_request *request;
    const struct store_device *device;
    const char *id;            // {id} or {desk} of the path, may be ""
    struct json *body;         // of a POST; owned by the dispatcher
    char key[STORE_KEY_BYTES]; // of a POST
    struct hub_key *entry;
};
struct hub_route {
    const char *method;
    const char *path; // after /v1/locations/{location}; "{}" is one part
    unsigned roles;   // bit n: enum store_role n
    void (*handle)(struct hub_call *call);
};
extern const struct hub_route hub_routes[];
extern const size_t hub_routes_count;
void hub_handle(void *hub, struct http_request *request);
// Handles a POST whose key is new; else it waits for, or gets, the answer of the first.
void hub_run_once(struct hub_call *call, const uint8_t body_hash[STORE_HASH_BYTES],
                  void (*handle)(struct hub_call *call));
// False: no such device, or it was revoked.
bool hub_find_device(const struct hub *hub, const uint8_t fingerprint[STORE_HASH_BYTES],
                     struct store_device *device);
void hub_refuse(struct hub_call *call, int status, const char *code);
void hub_refuse_err(struct hub_call *call, enum err err, const struct fault *fault);
// Lets the hall decide. False: it would not, and the call is refused.
bool hub_decide(struct hub_call *call, const struct hall_event *event,
                struct hall_effects *effects);
// The device's own desk with somebody signed in, or a refusal.
const struct counter *hub_own_counter(struct hub_call *call);
// The ticket of the call's id when this desk called it and may see what travels with it; or NULL,
// refused and, where it was not this desk's, audited.
const struct ticket *hub_called_ticket(struct hub_call *call, const struct counter **counter);

void hub_post_visits(struct hub_call *call);
void hub_post_second_fact(struct hub_call *call);
void hub_get_visit(struct hub_call *call);
void hub_post_visit_end(struct hub_call *call);
void hub_post_tickets(struct hub_call *call);
void hub_post_print(struct hub_call *call);
void hub_post_calls(struct hub_call *call);
void hub_post_transitions(struct hub_call *call);
void hub_get_context(struct hub_call *call);
void hub_get_why(struct hub_call *call);
void hub_post_session(struct hub_call *call);
void hub_get_state(struct hub_call *call);
void hub_get_events(struct hub_call *call);
void hub_post_visit_requests(struct hub_call *call);
void hub_post_visit_forms(struct hub_call *call);
void hub_get_catalogue(struct hub_call *call);
void hub_get_form(struct hub_call *call);
void hub_post_form_answers(struct hub_call *call);
void hub_post_form_send(struct hub_call *call);
void hub_post_form_pen(struct hub_call *call);
void hub_post_form_uploads(struct hub_call *call);
void hub_get_form_uploads(struct hub_call *call);
void hub_post_ticket_form(struct hub_call *call);
void hub_post_health(struct hub_call *call);
void hub_post_log(struct hub_call *call);
void hub_get_devices(struct hub_call *call);
void hub_post_codes(struct hub_call *call);
void hub_post_revoke(struct hub_call *call);
void hub_post_staff(struct hub_call *call);
void hub_post_service_codes(struct hub_call *call);
void hub_post_log_requests(struct hub_call *call);
void hub_get_log(struct hub_call *call);
void hub_get_bundles(struct hub_call *call);
void hub_post_bundles(struct hub_call *call);
void hub_get_bundle(struct hub_call *call);
void hub_get_rollouts(struct hub_call *call);
void hub_post_rollouts(struct hub_call *call);
void hub_post_rollout_stop(struct hub_call *call);
void hub_get_metrics(struct hub_call *call);

// --- hub_bundles.c
struct hub_coming;
// Whatever became of it, it is over: nothing of it is left but what was kept. NULL allowed.
void hub_coming_end(struct hub_coming *coming);

// --- hub_links.c
// Of hub_post_visits, for a code with the shape of a form's link.
void hub_post_visit_link(struct hub_call *call, const struct api_visit_open_private *open);

// --- hub_cards.c
// Of hub_post_visits, for a document.
void hub_post_visit_document(struct hub_call *call, const struct api_visit_open_private *open);
void hub_cards_open(struct hub *hub);
// False: this kiosk has read too many of late; refused with 429.
bool hub_cards_take(struct hub_call *call);
// A card that led to nobody: audited without its content, and dearer than one that did.
void hub_cards_miss(struct hub *hub, const char *device, const char *why);
void hub_cards_charge(struct hub *hub, const char *device, int cards_count);
void hub_card_refused(struct hub *hub, const char *device, const char *why);

// --- hub_visits.c, for the ways a visit opens
struct hub_opening_private *hub_opening_new(const struct hub_call *call, const char *language);
// Opens the visit with this person at `opening->evidence`, or gives up. Both take `opening`, but
// leave it to who still brings its list.
void hub_opening_person(struct hub_opening_private *opening, const struct person_private *person);
void hub_opening_give_up(struct hub_opening_private *opening, enum err err,
                         const struct fault *fault);
void hub_visit_listed(struct hub *hub, const char *id, const struct request_list_private *list,
                      const struct fault *fault);

// --- hub_begin.c
// Of hub_post_visits, for somebody anonymous.
void hub_post_visit_nobody(struct hub_call *call, const struct api_visit_open_private *open);
bool hub_has_catalogue(const struct hub *hub);

// --- hub_visits.c
// False: no room. Takes `visit` when there is.
bool hub_visit_keep(struct hub *hub, struct hub_visit_private *visit);
// Wipes and frees it, kept or not.
void hub_visit_give_up(struct hub *hub, struct hub_visit_private *visit);
// The row with its sealed half; without `visit` the sealed half goes.
void hub_visit_put(struct hub_work *work, const struct visit *row,
                   const struct hub_visit_private *visit);
// What the kiosk may know, by policy.
struct json *hub_visit_json(const struct visit *row, const struct hub_visit_private *visit);
struct hub_visit_private *hub_visit_find(struct hub *hub, const char *id);
void hub_visit_drop(struct hub *hub, const char *id);
struct json *hub_visit_seal_json(const struct hub_visit_private *visit);
void hub_visit_restore(struct hub *hub, const struct visit *visit, struct store_blob blob);
void hub_visits_expire(struct hub *hub);
// What was sent asks nothing of the visitor any more; the visit may be over.
void hub_visit_request_sent(struct hub_work *work, struct hub *hub, const char *id,
                            const char *request);
// The device's own visit that has not ended, or a refusal.
bool hub_visit_own(struct hub_call *call, const struct visit **row,
                   struct hub_visit_private **visit);

// --- hub_forms.c, hub_forms_keep.c
// A hand-over: NULL, or the problem's code. With it the kiosk's pen is given back.
const char *hub_form_hand_over_problem(struct hub *hub, const struct api_issue *issue,
                                       const char *device);
void hub_form_hand_over(struct hub *hub, struct hub_work *work, const struct api_issue *issue,
                        const char *ticket);
void hub_form_restore(struct hub *hub, const char *id, const char *visit, const char *request,
                      struct store_blob blob);
void hub_forms_go_on(struct hub *hub); // after a start: what the source still has to hear
void hub_forms_visit_ended(struct hub *hub, const char *visit);
void hub_forms_ticket_moved(struct hub *hub, const struct ticket *ticket);
void hub_forms_drop(struct hub *hub); // the day is over
void hub_forms_close(struct hub *hub);
bool hub_form_may_hear(const struct hub *hub, const char *device, const struct json *event);

// --- hub_uploads.c, hub_public.c
// Listens where phones bring documents; nothing happens without hub.public_port.
MUST_USE enum err hub_uploads_open(struct hub *hub, struct fault *fault);
void hub_uploads_close(struct hub *hub);
// 0: there is no such port.
uint16_t hub_uploads_port(const struct hub *hub);
// The form's pen was given on, or it is over: its addresses are dead, what was on its way is wiped.
void hub_uploads_end(struct hub *hub, const char *form);
bool hub_upload_may_hear(const struct hub *hub, const char *device, const struct json *event);

// --- hub_stream.c
void hub_stream_tell(struct hub *hub, uint64_t seq, const char *name, const char *body);
void hub_streams_close(struct hub *hub);
// Ends the streams of devices that the registry no longer trusts.
void hub_streams_end_revoked(struct hub *hub);

// --- hub_devices.c
bool hub_is_busy(const struct hub *hub); // somebody was called, or is served

// --- hub_outbox.c
struct json *hub_contact_json(struct hub *hub, const struct ticket *ticket,
                              enum finish_outcome outcome, const char *staff);
void hub_outbox_restore(struct hub *hub, const char *key, int64_t when_ms, struct store_blob blob);
// Only what is on the disk: the register hears nothing else.
void hub_outbox_put(struct hub *hub, const char *key, const char *json);
size_t hub_outbox_waiting(void);
MUST_USE enum err hub_outbox_open(struct hub *hub, struct fault *fault);
void hub_outbox_close(struct hub *hub);

// --- hub_enrol.c
MUST_USE enum err hub_authority_open(struct hub *hub, struct fault *fault);
void hub_handle_enrolment(void *hub, struct http_request *request);
// For the command line.
MUST_USE enum err hub_print_code(struct hub *hub, const char *device, const char *role,
                                 const char *desk, struct fault *fault);
MUST_USE enum err hub_print_staff(struct hub *hub, const char *id, const char *name,
                                  struct fault *fault);
MUST_USE enum err hub_revoke(struct hub *hub, const char *device, struct fault *fault);
const char *hub_role_name(enum store_role role);
bool hub_role_find(const char *name, enum store_role *role);
// SHA-256 of the authority's certificate, as hex digits.
MUST_USE enum err hub_authority_fingerprint(const struct hub *hub,
                                            char out[CRYPTO_HASH_BYTES * 2 + 1],
                                            struct fault *fault);
// A certificate for `made`, by name and role, from a PKCS#10 request; fills its fingerprint.
MUST_USE enum err hub_certify(const struct hub *hub, const uint8_t *der, size_t der_len,
                              struct store_device *made, char pem[CRYPTO_PEM_BYTES]);
// Into the registry; whatever had this name before is revoked. There must be room.
void hub_device_add(struct hub *hub, struct hub_work *work, const struct store_device *made);
// Makes a one-time code and puts it into `work`. Caller wipes.
enum { HUB_CODE_TEXT_BYTES = 25 };
void hub_code_make(struct hub *hub, struct hub_work *work, const char *device, enum store_role role,
                   const char *desk, char code[HUB_CODE_TEXT_BYTES], int64_t *expires_ms);
// Reads devices and staff again: something may have been added or revoked beside us.
MUST_USE enum err hub_read_registry(struct hub *hub, struct fault *fault);
// The name of who is signed in as `staff`; "" when nobody is, or nobody knows.
const char *hub_staff_name(const struct hub *hub, const char *staff);
bool hub_check_pin(const struct hub *hub, const char *staff, const char *pin,
                   const struct store_staff **found);
// Reads the configuration of location, services and desks into an empty hall.
MUST_USE enum err hub_configure(struct hub *hub, struct fault *fault);
// What the command line needs: configuration, authority and store, without serving.
MUST_USE enum err hub_open_aside(struct hub *hub, const struct hub_options *options,
                                 struct fault *fault);

#endif
