// SPDX-License-Identifier: EUPL-1.2
//
// A whole fictional municipality behind the real APIs: residents and their matters from files
// anyone can edit, codes as its portal would make them, contacts it is told. Knows no sockets:
// a request goes in, an answer comes out.
#ifndef INLOOP_DEMO_TOWNHALL_TOWN_H
#define INLOOP_DEMO_TOWNHALL_TOWN_H

#include "base/entropy.h"
#include "base/err.h"
#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOWN_CODES_MAX = 512, TOWN_KEYS_MAX = 512, TOWN_CODE_BYTES = 1100, TOWN_SESSIONS_MAX = 64 };
enum { TOWN_FILES_MAX = 64, TOWN_PARTS_MAX = 24, TOWN_BODY_BYTES_MAX = 24 * 1024 * 1024 };
#define TOWN_DOCUMENT_TYPE "b1b0f3a2-6f0a-4c36-9d0c-6d4d3e1f9a10" // of what residents bring
#define TOWN_TASK_TYPE "5f0b6a1c-9a5e-4d0b-8a35-6a2b1a2f7c10"     // of objects that are tasks

enum town_source {
    TOWN_PORTAL,
    TOWN_KLANT,
    TOWN_BRP,
    TOWN_TAKEN,
    TOWN_ZAKEN,
    TOWN_FORMS,
    TOWN_DOCUMENTEN,
    TOWN_OBJECTEN,
    TOWN_MIJNTAKEN,
    TOWN_DEMO,
    TOWN_SOURCES_COUNT
};
enum town_fault {
    FAULT_OFF,
    FAULT_DOWN,
    FAULT_SLOW,
    FAULT_WRONG,
    FAULT_LYING,
    FAULT_LOST,
    FAULT_DIES
};

// One minted code: a token's jti or a letter's reference.
struct town_code {
    char id[64];
    size_t resident;
    bool is_paper;
    int64_t expires_ms; // 0: never
    bool is_other_hall;
    char used_key[UUID_TEXT_BYTES]; // Idempotency-Key that redeemed it; empty: not yet
};

// An answer given before, by key.
struct town_key {
    char key[UUID_TEXT_BYTES];
    char code[64];
    int status;
    struct json *body;
};

// Somebody who continues a submission at the town's Open Forms.
struct town_session {
    char id[UUID_TEXT_BYTES]; // empty: ended
    char csrf[UUID_TEXT_BYTES];
    char submission[UUID_TEXT_BYTES];
    int64_t expires_ms;
};

// A document that was brought.
struct town_file {
    char uuid[UUID_TEXT_BYTES];  // empty: none
    char owner[UUID_TEXT_BYTES]; // the submission; empty: one of the Documenten API
    char name[256];
    char type[128];
    size_t size;
    char sha256[65]; // empty: not whole yet
    char *bytes;     // of `size`, until then
    char lock[UUID_TEXT_BYTES];
    struct {
        char uuid[UUID_TEXT_BYTES];
        bool is_done;
    } parts[TOWN_PARTS_MAX];
    size_t parts_count;
};

struct town {
    struct json *residents; // array
    struct json *tasks;
    struct json *cases;
    struct json *objects;      // tasks of the Objects API
    struct json *portal_tasks; // of the MijnTaken API
    struct json *forms;        // definitions
    struct json *submissions;  // of those forms, started
    struct json *contacts;     // klantcontacten as the API shows them
    struct json *links;        // actorklantcontacten
    struct json *actors;
    struct json *followups;
    struct json *received; // what was told, for GET /demo/contacts
    struct town_session sessions[TOWN_SESSIONS_MAX];
    size_t sessions_count; // ever; the oldest makes room
    struct town_file files[TOWN_FILES_MAX];
    size_t files_count; // ever; the oldest makes room
    bool is_changed;    // tasks or submissions: to be kept before it is told
    struct town_code codes[TOWN_CODES_MAX];
    size_t codes_count;
    struct town_key keys[TOWN_KEYS_MAX];
    size_t keys_count;
    enum town_fault faults[TOWN_SOURCES_COUNT];
    // Signs a token of these claims, or gives a letter's reference when `jti` is NULL.
    enum err (*sign)(void *ctx, const char *jti, const char *acr, const char *audience,
                     int64_t issued_ms, char *out, size_t out_bytes);
    // Gives the jti of a token signed by this town. ERR_CRYPTO: not ours. ERR_MALFORMED: no token.
    enum err (*check)(void *ctx, const char *token, char *jti, size_t jti_bytes);
    void *ctx;
    char audience[64];  // the hall tokens are for
    char base_url[128]; // of this program, for the url fields
};

struct town_request {
    bool is_post;
    const char *method;
    const char *path;          // without query
    const char *query;         // may be NULL
    const char *authorization; // may be NULL
    const char *api_key;
    const char *key;
    const char *content_crs;
    const char *cookie;
    const char *csrf;
    const char *content_type;
    const char *body;
    size_t body_len;
    int64_t now_ms;
};

// A multipart body, taken apart.
struct town_sent {
    struct json *words; // every field; a file by its length
    char file_field[64];
    char name[256]; // of the file
    char type[128];
    char *bytes;
    size_t len;
};

struct town_answer {
    int status;
    struct json *body;  // the caller frees; NULL: none; a text: plain words
    char headers[1024]; // more of them, whole lines
    enum town_source source;
    enum town_fault fault; // FAULT_SLOW and FAULT_DOWN are the server's to play
};

// Reads residents.json, requests.json and forms.json of `folder`. Keeps nothing of the arguments.
MUST_USE enum err town_open(struct town *town, const char *folder, struct fault *fault);
void town_close(struct town *town);
// Tasks and submissions as they were left, so that a town that falls over loses nothing it told.
// ERR_IO. Loading without such a file changes nothing.
MUST_USE enum err town_keep(struct town *town, const char *path);
MUST_USE enum err town_recall(struct town *town, const char *path, struct fault *fault);
void town_answer(struct town *town, const struct town_request *request, struct town_answer *answer);
const char *town_source_name(enum town_source source);

// --- shared by the files of the town, not for others ---

// An answer of `status` with `body` (taken).
void town_say(struct town_answer *answer, int status, struct json *body);
// A problem document as these APIs give it.
void town_problem(struct town_answer *answer, int status, const char *code, const char *title);
// The value of a query parameter, percent-decoded. ERR_NOT_FOUND: absent.
MUST_USE enum err town_query(const struct town_request *request, const char *name, char *out,
                             size_t out_bytes);
// "+7d" of today as "2026-12-01"; anything else as it stands; absent as null.
struct json *town_day(const struct json *object, const char *key, int64_t now_ms);
char *town_url(const struct town *town, const char *path, const char *uuid, char *out,
               size_t out_bytes);
// A page that holds everything.
struct json *town_page(struct json *results);
const struct json *town_find(const struct json *list, const char *key, const char *value);
int64_t town_count(const struct json *object, const char *key); // 0 when absent
// What the town owns may be changed by it.
struct json *town_change(const struct json *owned);
// A problem about one answer, as Taken and Open Forms tell it.
void town_invalid(struct town_answer *answer, const char *name, const char *code,
                  const char *reason);

void town_portal(struct town *town, const struct town_request *request, const char *path,
                 struct json *body, struct town_answer *answer);
void town_klant(struct town *town, const struct town_request *request, const char *path,
                struct json *body, struct town_answer *answer);
void town_brp(struct town *town, const struct town_request *request, const char *path,
              struct json *body, struct town_answer *answer);
void town_brp_search(struct town *town, const struct json *body, struct town_answer *answer);
struct json *town_birth(const char *birth); // as the BRP writes what it knows of a date
void town_mark(struct json *person, const struct json *resident);
void town_taken(struct town *town, const struct town_request *request, const char *path,
                struct json *body, struct town_answer *answer);
void town_zaken(struct town *town, const struct town_request *request, const char *path,
                struct json *body, struct town_answer *answer);
void town_forms(struct town *town, const struct town_request *request, const char *path,
                struct json *body, struct town_answer *answer);
// What a test sees and does behind the back of Open Forms: {submission, action}.
void town_forms_list(const struct town *town, struct town_answer *answer);
void town_forms_draft(const struct town *town, const char *resident, struct town_answer *answer);
void town_forms_act(struct town *town, const struct json *body, struct town_answer *answer);
bool town_is_multipart(const struct town_request *request);
// False: not one we can read. Finish `sent` when true.
bool town_sent_read(const struct town_request *request, struct town_sent *sent);
void town_sent_finish(struct town_sent *sent);
void town_documenten(struct town *town, const struct town_request *request, const char *path,
                     struct json *body, struct town_answer *answer);
// Open Forms' own way: for a submission in whose session the caller is.
void town_files_upload(struct town *town, const struct town_request *request,
                       const char *submission, struct town_answer *answer);
// True when every document one answer names was brought for `owner` (a submission; "": a task).
bool town_files_know(const struct town *town, const char *owner, const struct json *answers);
void town_files_list(const struct town *town, struct town_answer *answer);
// One JsonLogic expression over answers, as far as the town's own forms use it.
bool town_logic_is_true(const struct json *rule, const struct json *data);
void town_objecten(struct town *town, const struct town_request *request, const char *path,
                   struct json *body, struct town_answer *answer);
void town_mijntaken(struct town *town, const struct town_request *request, const char *path,
                    struct json *body, struct town_answer *answer);
void town_demo(struct town *town, const struct town_request *request, const char *path,
               struct json *body, struct town_answer *answer);

#endif
