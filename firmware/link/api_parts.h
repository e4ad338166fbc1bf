// SPDX-License-Identifier: EUPL-1.2
//
// What the messages of link/api.h are made of: one table of members per struct that reads and
// writes alike, so that the two cannot drift apart. For link/api_*.c only.
#ifndef INLOOP_LINK_API_PARTS_H
#define INLOOP_LINK_API_PARTS_H

#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum api_kind {
    API_WORDS,    // char[]: printable text
    API_ID,       // char[]: a name for programs, letters, digits and . _ : @ + -
    API_UUID,     // char[UUID_TEXT_BYTES]
    API_NUMBER,   // char[TICKET_NUMBER_BYTES]: "B042"
    API_LANGUAGE, // char[LANGUAGE_BYTES]: two or three small letters
    API_LETTER,   // char: a queue's letter
    API_TRUTH,    // bool
    API_WHOLE,    // any unsigned size, or int: 0 to `max`
    API_TIME,     // int64_t of milliseconds; 0 is no time
    API_DATE,     // struct date, month and day may be 0 (unknown); year 0 is no date
    API_NAME,     // enum: one of `names`
    API_NAMES,    // uint32_t: bit n is `names` n; an array of names
    API_PLACES,   // uint32_t: bit n is the number n, below `max`; an array of numbers
    API_KINDS_COUNT,
};

// The API's words for an enum: `name` is asked for 0 to `count` - 1 only.
struct api_names {
    size_t count;
    const char *(*name)(size_t index);
};

// One member of an object and where it lives in the struct. An optional member that is empty (no
// text, no time, no bits) is omitted; absent and null read as empty.
struct api_field {
    const char *name;
    enum api_kind kind;
    size_t offset;
    size_t size; // in the struct
    bool is_required;
    int64_t max;                   // API_WHOLE, API_PLACES
    const struct api_names *names; // API_NAME, API_NAMES
};

struct api_shape {
    const struct api_field *fields;
    size_t fields_count;
};

#define API_AT(type, member) .offset = offsetof(type, member), .size = sizeof(((type *)0)->member)
#define API_SHAPE(table)                                                                           \
    {                                                                                              \
        .fields = (table), .fields_count = sizeof(table) / sizeof((table)[0])                      \
    }

// Fills the shape's members of the struct at `into` and leaves the others alone. Unknown members of
// `json` are ignored. ERR_MALFORMED: `json` is no object, or the member that `fault` names.
MUST_USE enum err api_shape_read(const struct json *json, const struct api_shape *shape, void *into,
                                 struct fault *fault);
// Puts the shape's members of the struct at `from` into `object`. Characters that cannot be shown
// leave as blanks: what a back office wrote must not make the whole message unreadable.
void api_shape_write(struct json *object, const struct api_shape *shape, const void *from);

// Borrowed list of at most `max`; NULL (and OK) when absent. Its members are read with json_at.
MUST_USE enum err api_list(const struct json *object, const char *name, size_t max,
                           const struct json **list, struct fault *fault);
// One text of a list of texts.
MUST_USE enum err api_words(const struct json *json, char *to, size_t to_bytes);
struct json *api_words_new(const char *words);
// The end of every reader: passes `err` on, and before an error leaves prefixes the fault with
// `name` (NULL: not) and wipes the half-filled struct.
MUST_USE enum err api_within(enum err err, const char *name, struct fault *fault);
MUST_USE enum err api_done(enum err err, void *into, size_t len);

// The parts that several messages share.
struct ticket;
struct wait_band;
struct evidence;
struct consent;
struct request_list_private;
MUST_USE enum err api_part_ticket_read(const struct json *json, struct ticket *ticket,
                                       struct fault *fault);
struct json *api_part_ticket_write(const struct ticket *ticket);
MUST_USE enum err api_part_wait_read(const struct json *json, struct wait_band *wait,
                                     struct fault *fault);
struct json *api_part_wait_write(const struct wait_band *wait);
MUST_USE enum err api_part_consent_read(const struct json *json, struct consent *consent,
                                        struct fault *fault);
struct json *api_part_consent_write(const struct consent *consent);
// "requests" and "sources_failed" of `object`.
MUST_USE enum err api_part_requests_read(const struct json *object,
                                         struct request_list_private *list, struct fault *fault);
void api_part_requests_write(struct json *object, const struct request_list_private *list);

extern const struct api_names api_subject_names;
extern const struct api_names api_request_state_names;
extern const struct api_names api_evidence_names;
extern const struct api_names api_need_names;
extern const struct api_names api_form_state_names;

struct context_form_private;
MUST_USE enum err api_part_context_form_read(const struct json *json,
                                             struct context_form_private *form,
                                             struct fault *fault);
struct json *api_part_context_form_write(const struct context_form_private *form);

struct api_document_private; // link/api.h
MUST_USE enum err api_part_document_read(const struct json *json,
                                         struct api_document_private *document,
                                         struct fault *fault);
struct json *api_part_document_write(const struct api_document_private *document);
bool api_pass_is_valid(const char *pass);

// The item of a repeating group, or -1 for none; it is written only when there is one.
MUST_USE enum err api_item_read(const struct json *json, int *item, struct fault *fault);
void api_item_write(struct json *json, int item);

struct api_upload_news; // link/api.h
MUST_USE enum err api_upload_news_read(const struct json *json, struct api_upload_news *news,
                                       struct fault *fault);
struct json *api_upload_news_write(const struct api_upload_news *news);

#endif
