// SPDX-License-Identifier: EUPL-1.2
//
// The form a visitor fills in: what is asked now, what was typed, and what the hub has of it.
// form.c walks, form_entry.c turns typing into answers, form_line.c speaks with the hub.
#ifndef INLOOP_APPS_KIOSK_FORM_H
#define INLOOP_APPS_KIOSK_FORM_H

#include "forms/walk.h"
#include "link/hub_client.h"
#include "ui/pick_date.h"
#include "ui/pick_list.h"
#include "ui/sign.h"

enum {
    FORM_EDITS_MAX = 4, // an address: postcode, number, letter, addition
    FORM_TYPED_BYTES = 8192,
    FORM_STEM_BYTES = 48,
    FORM_RETRY_MS = 5000, // a save that did not arrive is tried again
    FORM_POLL_MS = 4000,  // whether it is sent
};

// What the hub said of the last save, as the line below the question tells it.
enum form_saving { FORM_NOTHING_YET, FORM_SAVING, FORM_AT_SOURCE, FORM_AT_HUB, FORM_NOT_SAVED };

// What is awaited in the open; saves are answered in the background.
enum form_wish { FORM_NO_WISH, FORM_WISH_OPEN, FORM_WISH_READ, FORM_WISH_SEND, FORM_WISH_POLL };

// Why the visitor cannot go on here: each has its own honest page.
enum form_trouble {
    FORM_NO_TROUBLE,
    FORM_NOT_OPENED,
    FORM_NOT_SENT,
    FORM_UNSURE,  // sent or not: nobody answered
    FORM_CHANGED, // elsewhere, meanwhile
    FORM_PEN,     // the counter has it
    FORM_GONE,
    FORM_CANNOT, // not one we can show whole
};

// What is being typed, picked or drawn on the present page.
struct form_entry_private {
    bool is_loaded;
    struct form_place place;
    struct edit_private edits[FORM_EDITS_MAX];
    size_t edits_count;
    size_t active;
    struct keyboard keyboard;
    struct pick_date_private date;
    struct pick_date_private time; // of a moment: asked after its date
    struct pick_list_private list;
    struct sign_private sign;
    char people[ANSWERS_VALUES_MAX][PERSON_NAME_BYTES];
    size_t people_count;
};

// Typing that could not become an answer, for who comes back to it.
struct form_held_private {
    bool is_held;
    struct form_place place;
    struct edit_private edits[FORM_EDITS_MAX];
    struct pick_date_private date;
    struct pick_date_private time;
};

struct kiosk_form_private {
    bool is_open; // `walk` holds a form
    char id[UUID_TEXT_BYTES];
    uint64_t revision;
    bool asks_source;
    bool needs_privacy;
    bool needs_truth;
    bool agrees_privacy;
    bool agrees_truth;
    struct walk walk;
    struct json *prefill_private;  // to begin again with
    struct json *stored_private;   // what stood there when it was opened
    struct api_form_place stopped; // where somebody did, before
    struct walk_page page;
    struct form_entry_private entry;
    struct form_held_private held;
    char error[FORM_STEM_BYTES]; // stem of the phrases over the question; empty: none
    struct check_result result;  // what fills them
    unsigned tries;              // on this page
    bool returns;                // to the check page, where it was asked to change this
    bool shows_why;
    bool is_removing; // asks whether the item is to go
    size_t item;      // that one
    size_t check_first;
    size_t items_first;
    // The line to the hub.
    enum form_wish wish;
    enum form_trouble trouble;
    enum form_saving saving;
    uint32_t save_id;             // in flight; 0: none
    bool owes_save;               // answers changed since
    bool is_looking;              // what is in flight is that reading
    bool checks_first;            // what became of the last save is unknown: read, then save
    bool goes_on;                 // to the next page once the source has said what it asks
    bool owes_send;               // once the save in flight has arrived
    struct json *given_private;   // the answers of the last save, to know them again
    int64_t saved_ms;             // monotonic, of the last try
    enum api_form_state state;    // as the source has it
    char holder[DEVICE_ID_BYTES]; // this device, as the hub names it
    char reference[API_REFERENCE_BYTES];
};

struct kiosk;
struct scene;

// Wipes and frees everything; zeroed memory allowed. Saves nothing.
void kiosk_form_close(struct kiosk_form_private *form);

// Of the scenes. Opening is asked of the hub for the visit's chosen request.
void kiosk_form_open(struct kiosk *kiosk);
void kiosk_form_start(struct kiosk *kiosk, bool from_nothing); // the draft, or all anew
void kiosk_form_next(struct kiosk *kiosk);
void kiosk_form_next_page(struct kiosk *kiosk); // whatever the present one says
void kiosk_form_back(struct kiosk *kiosk);
void kiosk_form_change(struct kiosk *kiosk, struct walk_page page); // and back to the check page
void kiosk_form_show(struct kiosk *kiosk, struct walk_page page);
void kiosk_form_ask_counter(struct kiosk *kiosk);
void kiosk_form_leave(struct kiosk *kiosk);                      // to the list of requests
const struct scene *kiosk_form_scene(const struct kiosk *kiosk); // of the present page
void kiosk_form_show_trouble(struct kiosk *kiosk, enum form_trouble trouble);
const struct form_field *kiosk_form_field(const struct kiosk *kiosk); // of the page, or NULL
bool kiosk_form_is_fixed(const struct kiosk *kiosk); // shown, not to be changed here
// A question we have no way to answer on this screen.
bool kiosk_form_is_beyond(const struct kiosk *kiosk, struct form_place place);
// Where the visitor is, for the counter. Nothing typed in a sensitive question goes with it.
void kiosk_form_place(const struct kiosk *kiosk, struct context_form_private *place);
// The hub's words for the present page's place.
void kiosk_form_name(const struct kiosk_form_private *form, char *key, size_t key_bytes, int *item);
// Says what stopped her.
void kiosk_form_refuse(struct kiosk *kiosk, const char *stem, struct check_result result);

// What was typed, and the answers.
void kiosk_form_load(struct kiosk *kiosk);
// ERR_MALFORMED: it cannot be such a value; what is typed stays.
MUST_USE enum err kiosk_form_store(struct kiosk *kiosk);
// Parts that are asked one after the other: a moment's date and time; in large type and low mode
// the fields of an address. False: the last one is shown.
bool kiosk_form_next_part(struct kiosk *kiosk);
bool kiosk_form_shows_time(const struct kiosk *kiosk);                      // of a moment
bool kiosk_form_type(struct kiosk *kiosk, const struct scene_event *event); // true: it was ours
struct pick_list_choices kiosk_form_choices(const struct kiosk *kiosk);
void kiosk_form_toggle(struct kiosk *kiosk); // of a question of yes or nothing
bool kiosk_form_is_yes(const struct kiosk *kiosk, struct form_place place);
void kiosk_form_add_item(struct kiosk *kiosk);
void kiosk_form_remove_item(struct kiosk *kiosk);
// Words of a definition without their HTML.
void kiosk_form_plain(const char *html, char *out, size_t out_bytes);

// The line. Save: what is typed goes along where it can be an answer.
void kiosk_form_save(struct kiosk *kiosk);
// All answers as the hub gets them; caller's.
struct json *kiosk_form_answers(const struct kiosk_form_private *form);
void kiosk_form_keep(struct kiosk *kiosk); // stores and saves; right without a form too
void kiosk_form_end(struct kiosk *kiosk);  // the same for the last time: nobody waits any more
void kiosk_form_send(struct kiosk *kiosk);
void kiosk_form_read_again(struct kiosk *kiosk); // shows what was changed elsewhere
void kiosk_form_retry(struct kiosk *kiosk);      // what the trouble page offers
// True when the answer was for the form. Takes the documents of `message`.
bool kiosk_form_take(struct kiosk *kiosk, struct hub_message_private *message);
void kiosk_form_news(struct kiosk *kiosk, const struct api_form_news *news);
// What is due: a save or a poll again. Gives the next time.
int64_t kiosk_form_tick(struct kiosk *kiosk, int64_t now_ms);

extern const struct scene kiosk_scene_question;
extern const struct scene kiosk_scene_form_items;
extern const struct scene kiosk_scene_form_check;
extern const struct scene kiosk_scene_form_done;
extern const struct scene kiosk_scene_form_resume;
extern const struct scene kiosk_scene_form_trouble;

#endif
