// SPDX-License-Identifier: EUPL-1.2
//
// A form being filled in at a screen, whoever stands before it: what is asked now, what was typed,
// and what the hub has of it. fill.c walks, fill_entry.c turns typing into answers, fill_file.c has
// documents come from the visitor's phone, fill_line.c speaks with the hub. Which page is drawn,
// and how, is the program's.
#ifndef INLOOP_FILL_FILL_H
#define INLOOP_FILL_FILL_H

#include "base/clock.h"
#include "forms/walk.h"
#include "link/hub_client.h"
#include "ui/look.h"
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

// How a document for the question on the page may come.
enum form_file_way {
    FILE_NO_WAY_YET, // nobody asked: one is there already, or it is no such question
    FILE_ASKING,     // the hub for an address
    FILE_CODE,       // the address stands on the screen
    FILE_COUNTER,    // not by phone: by hand
    FILE_LATER,      // not now
};

struct form_file_private {
    struct form_place place;
    enum form_file_way way;
    char url[API_URL_BYTES]; // with CODE: a secret that works once
    int64_t ends_ms;         // monotonic: a fresh one then
    uint32_t address_id;     // command in flight that asks for one; 0: none
    uint32_t reading_id;     // likewise for what has arrived
    bool owes_reading;       // more arrived meanwhile
    bool is_refused;         // the last one that was brought
};

// What the program shows next.
enum fill_step {
    FILL_WAITS,   // for the form
    FILL_RESUMES, // or begins again: fill_start
    FILL_PAGE,
    FILL_SENDING,
    FILL_SENT,
    FILL_TROUBLE,
    FILL_LEFT,
    FILL_VISIT_GONE,
};

// The program round it. All borrowed; must stay while the form is open.
struct fill_host {
    uint32_t (*open)(void *ctx); // asks the hub for the form; the command's id
    void (*tell)(void *ctx, enum fill_step step);
    // An address for a phone to scan; "": it works no more. NULL: this screen shows none.
    void (*show_code)(void *ctx, const char *url);
    void *ctx;
    struct hub_client **client; // points to NULL in tests: commands are only counted
    struct look *look;
    const struct clock *clock;
    const int64_t *now_ms; // monotonic
    uint32_t *waits_for;   // command whose answer moves the screen on; 0: none
    int64_t *waits_since_ms;
    bool *has_news;
    unsigned *commands_count;
};

struct fill_private {
    const struct fill_host *host; // survives closing
    bool is_open;                 // `walk` holds a form
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
    struct form_file_private file;
    struct json *files_private;  // addresses of all documents that ever arrived here
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

// Wipes and frees everything; zeroed memory allowed. Saves nothing.
void fill_close(struct fill_private *form);

// Nothing happens while an answer is awaited.
void fill_open(struct fill_private *form, const struct fill_host *host);
void fill_start(struct fill_private *form, bool from_nothing); // the draft, or all anew
void fill_next(struct fill_private *form);
void fill_next_page(struct fill_private *form); // whatever the present one says
void fill_back(struct fill_private *form);
void fill_change(struct fill_private *form, struct walk_page page); // and back to the check page
void fill_show(struct fill_private *form, struct walk_page page);
void fill_leave(struct fill_private *form); // to the list of requests
void fill_show_trouble(struct fill_private *form, enum form_trouble trouble);
const struct form_field *fill_field(const struct fill_private *form); // of the page, or NULL
bool fill_is_fixed(const struct fill_private *form); // shown, not to be changed here
// A question we have no way to answer on this screen.
bool fill_is_beyond(const struct fill_private *form, struct form_place place);
// Where the visitor is, for the counter. Nothing typed in a sensitive question goes with it.
void fill_place(const struct fill_private *form, struct context_form_private *place);
// The hub's words for the present page's place.
void fill_name(const struct fill_private *form, char *key, size_t key_bytes, int *item);
// Says what stopped her.
void fill_refuse(struct fill_private *form, const char *stem, struct check_result result);

// What was typed, and the answers.
void fill_load(struct fill_private *form);
// ERR_MALFORMED: it cannot be such a value; what is typed stays.
MUST_USE enum err fill_store(struct fill_private *form);
// Parts that are asked one after the other: a moment's date and time; in large type and low mode
// the fields of an address. False: the last one is shown.
bool fill_next_part(struct fill_private *form);
bool fill_shows_time(const struct fill_private *form);                      // of a moment
bool fill_type(struct fill_private *form, const struct scene_event *event); // true: it was ours
struct pick_list_choices fill_choices(const struct fill_private *form);
void fill_toggle(struct fill_private *form); // of a question of yes or nothing
bool fill_is_yes(const struct fill_private *form, struct form_place place);
// Items of the page's group. The people whom a register gave stay: of them only the tick is asked.
bool fill_may_add_item(const struct fill_private *form);
bool fill_may_change_item(const struct fill_private *form, size_t item);
bool fill_may_remove_item(const struct fill_private *form, size_t item);
void fill_add_item(struct fill_private *form);
void fill_change_item(struct fill_private *form,
                      size_t item); // nothing when nothing is asked of it
void fill_ask_removing(struct fill_private *form, size_t item); // nothing when it stays
void fill_remove_item(struct fill_private *form);
// Words of a definition without their HTML.
void fill_plain(const char *html, char *out, size_t out_bytes);

// Documents. `begin`: the page was shown.
void fill_file_begin(struct fill_private *form);
bool fill_is_file(const struct fill_private *form); // the page asks for one that may come by phone
size_t fill_files_count(const struct fill_private *form); // of the page's answer
bool fill_may_add_file(const struct fill_private *form);
void fill_add_file(struct fill_private *form); // asks for an address, or a fresh one
void fill_remove_file(struct fill_private *form, size_t index);
bool fill_take_file(struct fill_private *form, const struct hub_message_private *message);
void fill_file_news(struct fill_private *form, const struct api_upload_news *news);
void fill_file_catch_up(struct fill_private *form); // the line was lost for a while
int64_t fill_file_tick(struct fill_private *form, int64_t now_ms);

// All answers before sending, in the order they were asked: hidden questions left out, items one
// after the other. Borrowed until the next call; positions only.
enum { FILL_ROWS_MAX = FORM_FIELDS_MAX + 1024 };
struct fill_rows {
    struct form_place places[FILL_ROWS_MAX];
    size_t count;
};
const struct fill_rows *fill_rows(const struct fill_private *form);
bool fill_is_missing(const struct fill_private *form, struct form_place place);
// What stops the sending; a question that may stay open does not count.
size_t fill_missing_count(const struct fill_private *form);
void fill_send_checked(struct fill_private *form); // sends, or says what must be agreed to first

void fill_tell(struct fill_private *form, enum fill_step step);

// The line. Save: what is typed goes along where it can be an answer.
void fill_save(struct fill_private *form);
// All answers as the hub gets them; caller's.
struct json *fill_answers(const struct fill_private *form);
void fill_keep(struct fill_private *form); // stores and saves; right without a form too
void fill_end(struct fill_private *form);  // the same for the last time: nobody waits any more
void fill_send(struct fill_private *form);
void fill_read_again(struct fill_private *form); // shows what was changed elsewhere
void fill_retry(struct fill_private *form);      // what the trouble page offers
enum form_trouble fill_trouble_of(const struct api_problem *problem);
// True when the answer was for the form. Takes the documents of `message`.
bool fill_take(struct fill_private *form, struct hub_message_private *message);
void fill_news(struct fill_private *form, const struct api_form_news *news);
// What is due: a save or a poll again. Gives the next time.
int64_t fill_tick(struct fill_private *form, int64_t now_ms);

#endif
