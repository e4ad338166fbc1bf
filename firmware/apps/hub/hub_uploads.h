// SPDX-License-Identifier: EUPL-1.2
//
// What the files of uploads share: hub_uploads.c (the addresses, what devices ask, the way to the
// source), hub_public.c (what phones ask) and hub_pages.c (what phones show). For those only.
#ifndef INLOOP_APPS_HUB_HUB_UPLOADS_H
#define INLOOP_APPS_HUB_HUB_UPLOADS_H

#include "apps/hub/hub.h"
#include "base/text.h"
#include "forms/upload_kind.h"
#include "link/multipart.h"
#include "ui/phrases.h"

enum {
    HUB_UPLOADS_MAX = 256,                      // addresses, dead ones that are remembered included
    HUB_UPLOADS_BYTES_MAX = 64 * 1024 * 1024,   // of all documents that are on their way together
    HUB_UPLOAD_DRAIN_BYTES = 100 * 1024 * 1024, // of a body that is read on only to answer it
    HUB_UPLOAD_MS = 15 * 60000,
    HUB_UPLOAD_TOKEN_BYTES = 16,
    HUB_UPLOAD_LABEL_BYTES = 256,
    HUB_UPLOAD_LANGUAGES = 3, // nl, en, ar
    HUB_GUESSERS_MAX = 512,
    HUB_PAGE_BYTES = 16 * 1024,
};

enum hub_upload_state {
    HUB_UPLOAD_DEAD, // its hash is remembered: whoever comes back with it is no guesser
    HUB_UPLOAD_OPEN,
    HUB_UPLOAD_COMING,
    HUB_UPLOAD_AT_SOURCE, // `bytes` are the source's until it answers
    HUB_UPLOAD_ARRIVED,
};

// One address on its way from a screen to a phone and back. The document is in memory only, from
// its first byte until the source has it or the form's pen is given on.
struct hub_upload_private {
    struct hub *hub;
    enum hub_upload_state state;
    uint64_t serial;
    uint8_t hash[STORE_HASH_BYTES]; // of the secret in the address
    char form[UUID_TEXT_BYTES];
    char holder[DEVICE_ID_BYTES]; // of the pen when the address was made
    char key[CONTEXT_KEY_BYTES];
    int item;
    char label[HUB_UPLOAD_LABEL_BYTES]; // the question
    size_t language;                    // of the visit
    struct upload_rule rule;
    int64_t expires_ms;
    struct http_request *request; // of the phone that brings it, or NULL
    struct multipart reader;
    enum api_upload_reason reason; // the first thing that was wrong with it
    bool is_in_file;
    bool has_file;
    bool is_over; // with AT_SOURCE: nobody waits for it any more
    char type[MULTIPART_TYPE_BYTES];
    char said_name[MULTIPART_FILE_NAME_BYTES];
    char name[UPLOAD_NAME_BYTES];
    char *bytes;
    size_t len;
    size_t size; // of `bytes`
    struct backoffice_file_private file;
    struct json *value; // with ARRIVED
};

// Who asked for addresses that never were, this minute.
struct hub_guesser {
    char address[16];
    unsigned guesses_count;
};

struct hub_uploads {
    struct http_server *server;
    struct tls_config *tls;
    char url[API_URL_BYTES]; // what an address begins with
    struct phrases phrases[HUB_UPLOAD_LANGUAGES];
    char style[4096];
    char policy[256]; // the pages' Content-Security-Policy
    uint64_t serial;
    size_t bytes_held;
    struct hub_upload_private slots[HUB_UPLOADS_MAX];
    struct hub_guesser guessers[HUB_GUESSERS_MAX];
    size_t guessers_count;
    unsigned guesses_count;
    int64_t minute; // since 1970
};

// --- hub_uploads.c
// By the last part of a path; NULL: there never was such an address, or it is long forgotten.
struct hub_upload_private *hub_upload_find(struct hub *hub, const char *token);
bool hub_upload_is_open(const struct hub_upload_private *upload);
void hub_upload_release(struct hub_upload_private *upload); // wipes the document
// The devices hear it; the address may be tried again.
void hub_upload_refuse(struct hub_upload_private *upload, enum api_upload_reason reason);
void hub_upload_touch(const struct hub_upload_private *upload); // its visitor is busy, not gone
void hub_upload_forward(struct hub_upload_private *upload, enum upload_kind kind);

// --- hub_public.c
MUST_USE enum err hub_public_open(struct hub *hub, struct fault *fault);
// Answers the phone that waits: done (API_UPLOAD_NO_REASON), or why not.
void hub_public_tell(struct hub_upload_private *upload, enum api_upload_reason reason);

// --- hub_pages.c
MUST_USE enum err hub_pages_open(struct hub *hub, struct fault *fault);
// Whole pages. What else they say stands in the answer's headers.
void hub_page_ask(struct text *page, const struct hub_upload_private *upload,
                  enum api_upload_reason reason);
void hub_page_done(struct text *page, const struct hub_upload_private *upload);
// For nobody in particular, so in every language: "dead" or "slow".
void hub_page_dead(struct text *page, const struct hub *hub, const char *word);
const char *hub_page_language(const struct hub_upload_private *upload);

#endif
