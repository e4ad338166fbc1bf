// SPDX-License-Identifier: EUPL-1.2
//
// What the kiosk knows and where a visit stands. Scenes draw it; kiosk.c moves it on by what the
// hub, the scanner and the printer say. Everything of a visitor is in one struct that is wiped on
// every way out.
#ifndef INLOOP_APPS_KIOSK_KIOSK_H
#define INLOOP_APPS_KIOSK_KIOSK_H

#include "apps/kiosk/card.h"
#include "base/clock.h"
#include "base/health.h"
#include "drivers/qr.h"
#include "fill/fill.h"
#include "link/hub_client.h"
#include "link/service.h"
#include "ports/printer.h"
#include "ui/phrases.h"
#include "ui/scene.h"
#include "ui/setup.h"

enum {
    KIOSK_LANGUAGES = 3,
    KIOSK_DIGITS_BYTES = 9, // ddmmyyyy
    KIOSK_KEY_BYTES = 48,
    KIOSK_IDLE_MS = 45000,    // then the warning
    KIOSK_PHONE_MS = 180000,  // instead, while a code waits for the visitor's phone
    KIOSK_WARNING_MS = 30000, // then the wipe
    KIOSK_EXTENSIONS_MAX = 10,
    KIOSK_MESSAGE_MS = 20000, // a message returns to the welcome by itself
    KIOSK_LOGIN_MS = 60000,   // one with a code for the visitor's phone stays longer
    KIOSK_TICKET_MS = 40000,
    KIOSK_LEAVE_MS = 2000,   // what was typed is on its way to the hub when the program ends
    KIOSK_WAY_OUT_MS = 8000, // waiting longer shows a way to the counter
    KIOSK_CARDS_MAX = 4,     // requests on a page
};

extern const char *const kiosk_languages[KIOSK_LANGUAGES];

enum slip_state { SLIP_NONE, SLIP_PRINTING, SLIP_PRINTED, SLIP_FAILED };

// What the program's own I/O posts through the hub's line: a code, or bytes of 0 and 1. IO_PRINTER
// has four: can print, paper is low, paper is out, nobody answers.
enum kiosk_io {
    IO_CODE,
    IO_SCANNER,
    IO_PRINTER,
    IO_PRINTED,
    IO_NOT_PRINTED,
    IO_KEYBOARD,
    IO_CARD, // struct card_news_private
};

struct kiosk_visit_private {
    struct api_visit_private visit;
    bool has_visit;
    char digits[KIOSK_DIGITS_BYTES];
    char error[KIOSK_KEY_BYTES]; // phrase over the field; empty: none
    size_t page;                 // of the requests
    size_t subject_first;        // the first shown of each list there is to choose from
    size_t catalogue_first;
    bool wants_catalogue;           // the hub is asked for it
    char begins[UUID_TEXT_BYTES];   // the form she chose to begin; empty once it is begun
    char request[REQUEST_ID_BYTES]; // chosen; empty: something else
    char service;                   // chosen without a request
    bool shares_others;
    bool wants_wheelchair;
    struct api_ticket ticket;
    bool has_ticket;
    struct qr qr;
    struct qr phone;     // of what goes on on the visitor's own phone, a login too
    struct qr file_code; // the address a document may be brought to
    enum slip_state slip;
    char problem[KIOSK_KEY_BYTES]; // what a message scene says: stem of its phrases
    bool may_retry;                // the same code may be tried again
    char code[API_CODE_BYTES];     // kept only while it may be tried again
    unsigned extensions;
    struct fill_private form; // being filled in
    struct card_private card; // she identifies herself with one
};

struct kiosk {
    struct setup setup;
    struct look *look;
    struct scenes *scenes;
    struct phrases phrases;
    struct hub_client *client; // NULL in tests: commands are only counted
    unsigned commands_count;
    bool is_connected;
    bool has_state;
    struct api_state state;     // town and services
    struct catalogue catalogue; // as told last
    bool printer_ok;
    bool paper_low;
    bool paper_out;
    bool printer_gone;
    bool printer_told; // by its driver: before that nothing is known of it
    bool scanner_ok;
    bool scanner_told;
    struct service_reader service; // whose codes let a technician in
    bool has_service;
    bool lets_in;      // a technician was: the program ends
    int64_t leaves_ms; // monotonic: no sooner than this
    struct card_place card;
    bool owes_alarm; // a device was refused and the hub has not heard of it yet
    struct kiosk_visit_private visit;
    struct fill_host form_host; // the program round `visit.form`
    uint32_t waits_for;         // command whose answer moves the scene on; 0: none
    int64_t waits_since_ms;     // monotonic
    int64_t touched_ms;         // monotonic, of the last sign of life
    bool has_news;              // a scan or an awaited answer came: the visitor looks at it now
    int64_t warned_ms;          // monotonic, of the present warning
    int64_t now_ms;             // monotonic, of the last tick or event
    struct clock clock;         // wall time; tests hold it still
    // Draws and prints the slip of `visit.ticket`; the program's, NULL in tests.
    void (*print)(void *ctx);
    void *print_ctx;
    // Hands an order to the card reader's thread; the program's, NULL in tests.
    void (*order)(void *ctx, const struct card_order_private *order);
    void *order_ctx;
};

void kiosk_init(struct kiosk *kiosk, struct look *look, struct scenes *scenes);
// The visit is over: tells the hub, wipes, and shows the welcome in the first language.
void kiosk_end(struct kiosk *kiosk);
// Takes the documents a message carries.
void kiosk_take(struct kiosk *kiosk, struct hub_message_private *message);
// Wipes the visit and frees what it holds; tells nobody.
void kiosk_forget(struct kiosk *kiosk);
void kiosk_scan(struct kiosk *kiosk, const char *code, size_t len);
void kiosk_set_language(struct kiosk *kiosk, const char *language);

// A command was given whose answer moves the scene on.
void kiosk_wait(struct kiosk *kiosk, uint32_t command_id);
void kiosk_message(struct kiosk *kiosk, const char *stem); // the honest page for what did not work
// Asks the hub to open the visit by what is known of the visitor.
void kiosk_open_visit(struct kiosk *kiosk);
// How the program is, for the file (base/health.h); `has_slot`: a card reader is configured.
struct health kiosk_health(const struct kiosk *kiosk, bool is_drawn, bool has_slot);
// Nobody is in the middle of anything: a code or a card begins a visit.
bool kiosk_is_at_rest(const struct kiosk *kiosk);

// Something new: the forms to choose from, and beginning one. Both wait for the hub.
void kiosk_ask_catalogue(struct kiosk *kiosk);
void kiosk_begin(struct kiosk *kiosk, const struct published *form);
void kiosk_begin_on(struct kiosk *kiosk); // once more, or now that there is a visit for it
void kiosk_take_catalogue(struct kiosk *kiosk, const struct catalogue *catalogue);
// A code for the visitor's phone; false: it does not fit into one.
bool kiosk_show_phone(struct kiosk *kiosk, const char *url);

// A form being filled in; what a page does is fill_...
void kiosk_form_init(struct kiosk *kiosk);
void kiosk_form_ask_counter(struct kiosk *kiosk);

// Commands of the scenes.
void kiosk_send_birth_date(struct kiosk *kiosk);
void kiosk_issue(struct kiosk *kiosk, bool with_details);
// A number for what was chosen: after asking what the counter may see, when something is known.
void kiosk_to_counter(struct kiosk *kiosk);
void kiosk_retry(struct kiosk *kiosk);
void kiosk_touch(struct kiosk *kiosk, int64_t now_ms);
// Of a scene that came by itself: whoever waited for it is there.
void kiosk_enter(void *model, struct scenes *scenes);
// Service bar and time-out; true when the event was one of theirs.
bool kiosk_common_event(struct kiosk *kiosk, struct scenes *scenes,
                        const struct scene_event *event);
int64_t kiosk_idle_tick(void *model, struct scenes *scenes, int64_t now_ms); // a scene's tick

// Looking.
const struct request_private *kiosk_request(const struct kiosk *kiosk); // chosen, or NULL
// The visit was opened without a person: by a form's link, or for something new.
bool kiosk_knows_nobody(const struct kiosk *kiosk);
// The chosen request was begun here: there is nowhere else to go on with it.
bool kiosk_is_begun_here(const struct kiosk *kiosk);
const struct api_state_service *kiosk_service(const struct kiosk *kiosk, char letter);
const char *kiosk_service_name(const struct kiosk *kiosk, const struct api_state_service *service);

extern const struct scene kiosk_scene_welcome;
extern const struct scene kiosk_scene_wait;
extern const struct scene kiosk_scene_birth_date;
extern const struct scene kiosk_scene_requests;
extern const struct scene kiosk_scene_request;
extern const struct scene kiosk_scene_consent;
extern const struct scene kiosk_scene_ticket;
extern const struct scene kiosk_scene_subject;
extern const struct scene kiosk_scene_catalogue;
extern const struct scene kiosk_scene_message;
extern const struct scene kiosk_scene_help;
extern const struct scene kiosk_scene_language;
extern const struct scene kiosk_scene_timeout;
extern const struct scene kiosk_scene_card_lay;
extern const struct scene kiosk_scene_card_code;
extern const struct scene kiosk_scene_card_zone;
extern const struct scene kiosk_scene_card_read;
extern const struct scene kiosk_scene_card_locked;
extern const struct scene kiosk_scene_card_take;
extern const struct scene kiosk_scene_phone;
extern const struct scene kiosk_scene_question;
extern const struct scene kiosk_scene_form_items;
extern const struct scene kiosk_scene_form_check;
extern const struct scene kiosk_scene_form_done;
extern const struct scene kiosk_scene_form_resume;
extern const struct scene kiosk_scene_form_trouble;

#endif
