// SPDX-License-Identifier: EUPL-1.2
//
// Open Forms API v2 (4.0): a started submission that is continued from the link its owner brought,
// or one that is begun here. Pure: requests out, bounded answers in. When each is sent is
// open_forms_errand.c.
//
// The link is a bearer secret that works many times; cookies are as good as the link. Neither is
// logged, and no fault names a path.
#ifndef INLOOP_ADAPTERS_OPEN_FORMS_H
#define INLOOP_ADAPTERS_OPEN_FORMS_H

#include "adapters/source.h"
#include "base/text.h"
#include "ports/backoffice.h"

enum {
    OPEN_FORMS_STEPS_MAX = 40,
    OPEN_FORMS_COOKIES_MAX = 4,
    OPEN_FORMS_URL_BYTES = 256,
    OPEN_FORMS_REFERENCE_BYTES = 64,
    OPEN_FORMS_LOGIN_BYTES = 1024,
    OPEN_FORMS_SLUG_BYTES = 101,
};

// Where it stands: "https://forms.example" or with a path, no '/' at the end.
struct open_forms_place {
    char url[OPEN_FORMS_URL_BYTES];
    char origin[OPEN_FORMS_URL_BYTES]; // without the path
};
// ERR_MALFORMED: not an address, or too long.
MUST_USE enum err open_forms_place_read(struct open_forms_place *place, const char *url);

struct open_forms_cookie_private {
    char name[64];
    char value[320];
};

// What the other side knows us by. Lives in memory alone.
struct open_forms_session_private {
    struct open_forms_cookie_private cookies[OPEN_FORMS_COOKIES_MAX];
    size_t cookies_count;
    char csrf[128];
};

struct open_forms_step_private {
    char id[UUID_TEXT_BYTES];
    char name[160];
    bool is_applicable;
    bool can_submit;
    bool asks_source;
    struct json *components; // owned, as all below; NULL: not read yet
    struct json *rules;
    struct json *data;
};

// What was read of one submission. Finish it on every path.
struct open_forms_view_private {
    char uuid[UUID_TEXT_BYTES];
    char form_path[SOURCE_PATH_BYTES];
    char slug[OPEN_FORMS_SLUG_BYTES]; // the form's short name, may be empty
    char title[200];
    bool needs_privacy;
    bool needs_truth;
    bool may_send;
    struct open_forms_step_private steps[OPEN_FORMS_STEPS_MAX];
    size_t steps_count;
};
void open_forms_view_finish(struct open_forms_view_private *view); // wipes; zeroed allowed

// "<url>/submissions/<uuid>/<token>/resume" of exactly our own place. ERR_NOT_FOUND: any other.
MUST_USE enum err open_forms_link_read(const struct open_forms_place *place, const char *link,
                                       const char *uuid, char *path, size_t path_bytes);
MUST_USE enum err open_forms_resume_request(struct source_request_private *request,
                                            const char *path);
// OK: `session` is good for its submission. ERR_UNSUPPORTED: `login_url` says where to log in
// first, without the link or any other secret. ERR_GONE: the link is used up. Fills `session` anew.
MUST_USE enum err open_forms_resume_read(const struct open_forms_place *place,
                                         const struct source_answer *answer,
                                         struct open_forms_session_private *session,
                                         char login_url[OPEN_FORMS_LOGIN_BYTES],
                                         struct fault *fault);
// Keeps the newest cookies and CSRF token of any answer.
void open_forms_hear_session(struct open_forms_session_private *session,
                             const struct source_answer *answer);

// Requests below carry the session. Finish each.
MUST_USE enum err open_forms_get(struct source_request_private *request,
                                 const struct open_forms_place *place,
                                 const struct open_forms_session_private *session,
                                 const char *path);
MUST_USE enum err open_forms_submission_path(const char *uuid, const char *behind, char *path,
                                             size_t path_bytes); // behind: "", "/summary"
MUST_USE enum err open_forms_step_path(const char *uuid, const char *step, const char *behind,
                                       char *path, size_t path_bytes);
// A body is taken. `method`: "PUT", "POST".
MUST_USE enum err open_forms_write(struct source_request_private *request,
                                   const struct open_forms_place *place,
                                   const struct open_forms_session_private *session,
                                   const char *method, const char *path, struct json *body);

// Of all reads: ERR_EXPIRED: this session may not (any more). ERR_REFUSED with `*told` (caller
// frees): answers are refused. ERR_MALFORMED, ERR_UNAVAILABLE: as source_refusal.
MUST_USE enum err open_forms_refusal(const struct source_answer *answer, struct json **told,
                                     struct fault *fault);
// ERR_MALFORMED: another submission, a step or form elsewhere. ERR_UNSUPPORTED: more steps than
// OPEN_FORMS_STEPS_MAX.
MUST_USE enum err open_forms_submission_read(const struct open_forms_place *place,
                                             const struct source_answer *answer, const char *uuid,
                                             struct open_forms_view_private *view,
                                             struct fault *fault);
MUST_USE enum err open_forms_form_read(const struct source_answer *answer,
                                       struct open_forms_view_private *view, struct fault *fault);
// Of GET, and of PUT, which answers with the step as it now stands.
MUST_USE enum err open_forms_step_read(const struct source_answer *answer,
                                       struct open_forms_view_private *view, size_t step,
                                       struct fault *fault);
// Of _check-logic: which steps apply now, and this one's components and data after its rules.
MUST_USE enum err open_forms_logic_read(const struct source_answer *answer,
                                        struct open_forms_view_private *view, size_t step,
                                        struct fault *fault);
// ERR_STATE: the source is about to send something else than `view` holds.
MUST_USE enum err open_forms_summary_read(const struct source_answer *answer,
                                          const struct open_forms_view_private *view,
                                          struct fault *fault);
// Where the outcome is told.
MUST_USE enum err open_forms_complete_read(const struct open_forms_place *place,
                                           const struct source_answer *answer, const char *uuid,
                                           char *path, size_t path_bytes, struct fault *fault);

// A document for a submission; `file` is kept until the answer.
MUST_USE enum err open_forms_upload_request(struct source_request_private *request,
                                            const struct open_forms_place *place,
                                            const struct open_forms_session_private *session,
                                            const char *uuid,
                                            const struct backoffice_file_private *file);
// `*value`: what the question's answer gets (caller frees). ERR_MALFORMED: it took something else,
// or says it is elsewhere.
MUST_USE enum err open_forms_upload_read(const struct open_forms_place *place,
                                         const struct source_answer *answer,
                                         const struct backoffice_file_private *file,
                                         struct json **value, struct fault *fault);
// ERR_REFUSED: it takes no such document. ERR_EXPIRED and the rest as above.
MUST_USE enum err open_forms_upload_refusal(const struct source_answer *answer,
                                            struct fault *fault);

// --- a form that is begun here (open_forms_begin.c)

// May it be begun here? Of one form as the API tells it, in a list or alone. False: it is none for
// a visitor now (off, under maintenance, full, for appointments, only to look at). `is_here` false:
// it wants a login or a payment.
bool open_forms_is_open(const struct json *form, bool *is_here);
// The page of a form on the visitor's own phone: "<url>/<slug>". "" when it does not fit.
void open_forms_page(const struct open_forms_place *place, const char *slug, char *url,
                     size_t url_bytes);
// `form`: its UUID. The answer also brings the CSRF token that beginning needs.
MUST_USE enum err open_forms_look_request(struct source_request_private *request, const char *form);
// ERR_GONE: not for visitors now. ERR_UNSUPPORTED with `login_url`: it wants a login or a payment;
// that is where its owner goes with the own phone. OK: `view` holds slug and form_path.
MUST_USE enum err open_forms_look_read(const struct open_forms_place *place,
                                       const struct source_answer *answer, const char *form,
                                       struct open_forms_view_private *view,
                                       char login_url[OPEN_FORMS_LOGIN_BYTES], struct fault *fault);
MUST_USE enum err open_forms_begin_request(struct source_request_private *request,
                                           const struct open_forms_place *place,
                                           const struct open_forms_session_private *session,
                                           const struct open_forms_view_private *view);
// `uuid`: of the submission. ERR_GONE: it takes no more.
MUST_USE enum err open_forms_begin_read(const struct source_answer *answer,
                                        char uuid[UUID_TEXT_BYTES], struct fault *fault);

// What a form that was begun here is found by again. There is no link to it: only the session that
// began it may see it, for as long as that lasts.
struct open_forms_begun_private {
    char form[UUID_TEXT_BYTES];
    char submission[UUID_TEXT_BYTES];
    int64_t alive_s; // wall clock: when the other side last knew the session
    struct open_forms_session_private session;
};
// "begun:<form>:<submission>:<alive_s>:<csrf>;<cookie>;<cookie>". A session too large to be written
// down is left out: the form is then begun anew.
void open_forms_begun_write(const struct open_forms_begun_private *begun,
                            char link[FORM_LINK_BYTES]);
// ERR_NOT_FOUND: it is no such text.
MUST_USE enum err open_forms_begun_read(const char *link, struct open_forms_begun_private *begun);

struct open_forms_outcome {
    bool is_done;
    bool is_success;
    char reference[OPEN_FORMS_REFERENCE_BYTES];
    char reason[200]; // of a failure, may be empty
};
MUST_USE enum err open_forms_status_read(const struct source_answer *answer,
                                         struct open_forms_outcome *outcome, struct fault *fault);

// The port's words. Caller frees with json_wipe_free.
struct json *open_forms_document(const struct open_forms_view_private *view);
struct json *open_forms_data(const struct open_forms_view_private *view); // over all steps
struct json *open_forms_told(const struct open_forms_view_private *view); // after a save
bool open_forms_asks_source(const struct open_forms_view_private *view);

#endif
