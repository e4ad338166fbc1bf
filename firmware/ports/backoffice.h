// SPDX-License-Identifier: EUPL-1.2
//
// What the hub asks of the municipality's systems. Asynchronous: every question is answered exactly
// once, later, on the loop thread, also when the other side is slow, down, wrong or lying. The BSN
// never crosses this port: a person is named by the party's UUID.
#ifndef INLOOP_PORTS_BACKOFFICE_H
#define INLOOP_PORTS_BACKOFFICE_H

#include "base/json.h"
#include "core/catalogue.h"
#include "core/context.h"

// What the visitor showed, after the hub checked its form and (for a token) its signature.
enum backoffice_code_kind { BACKOFFICE_TOKEN, BACKOFFICE_PAPER, BACKOFFICE_PASS };
struct backoffice_code_private {
    enum backoffice_code_kind kind;
    char text[1100];           // the whole token or reference, or the number of a municipal pass
    char key[UUID_TEXT_BYTES]; // idempotency key: the same key is answered the same
};

// What the chip of a document says, in the zone's capitals (ICAO Doc 9303-3); the hub checked that
// the chip was proven.
struct backoffice_document_private {
    char surname[40];
    char given[40];         // may be empty
    bool is_name_cut;       // the register's name may go on
    struct date birth_date; // whole: a register searches by no other
};

// OK: `party` is known at `evidence`. ERR_EXPIRED, ERR_GONE (used before), ERR_REFUSED (other
// audience), ERR_NOT_FOUND (unknown), ERR_CRYPTO: the visitor's code is no good. ERR_TIMEOUT,
// ERR_UNAVAILABLE, ERR_MALFORMED: the portal is.
typedef void (*backoffice_redeemed_fn)(void *ctx, enum err err, const char *party,
                                       struct evidence evidence, const struct fault *fault);
// ERR_NOT_FOUND: the register does not know this party, or not as a living resident.
typedef void (*backoffice_person_fn)(void *ctx, enum err err, const struct person_private *person,
                                     const struct fault *fault);
// OK: the one person it means; `person->party` is empty when the register of parties does not know
// her. ERR_NOT_FOUND: nobody fits. ERR_DUPLICATE: several do, or the one that was found only
// resembles; nobody was chosen.
typedef void (*backoffice_identified_fn)(void *ctx, enum err err,
                                         const struct person_private *person,
                                         const struct fault *fault);
// Always with a list, perhaps incomplete (sources_failed) or empty; sorted, normalised, bounded.
typedef void (*backoffice_requests_fn)(void *ctx, const struct request_list_private *list,
                                       const struct fault *fault);
// OK: the contact stands in the register; `contact` is its UUID. ERR_UNKNOWN, ERR_TIMEOUT,
// ERR_UNAVAILABLE: ask again with the same record. Others: will never work, a person must look.
typedef void (*backoffice_contact_fn)(void *ctx, enum err err, const char *contact,
                                      const struct fault *fault);

enum { CONTACT_SUBJECT_BYTES = 201, CONTACT_WORDS_BYTES = 1001 };

// One contact about one subject (klantcontact). Comes from the hub's durable outbox; retries carry
// the same `key`, which travels to the register (metadata) so that a repeat is recognised.
struct contact_private {
    char key[UUID_TEXT_BYTES]; // the ticket's id
    char number[TICKET_NUMBER_BYTES];
    char party[UUID_TEXT_BYTES];    // empty: nobody known (then only sent with follow-up)
    char request[REQUEST_ID_BYTES]; // its id, may be empty
    char subject[CONTACT_SUBJECT_BYTES];
    char words[CONTACT_WORDS_BYTES]; // fit for the resident to read
    char language[LANGUAGE_BYTES];
    char staff[STAFF_ID_BYTES]; // who served
    char desk[DESK_BYTES];
    int64_t happened_ms;
    enum finish_outcome outcome; // not DONE: an internetaak follows
    bool is_secret;
};

// OK: `catalogue`, borrowed until return, may be empty. ERR_TIMEOUT, ERR_UNAVAILABLE,
// ERR_MALFORMED: NULL.
typedef void (*backoffice_catalogue_fn)(void *ctx, enum err err, const struct catalogue *catalogue,
                                        const struct fault *fault);

enum { FORM_LINK_BYTES = 512 };

// Names one filling-in of a form. `key` is the hub's own name of it: under that name a session at
// the source (cookies) is kept in memory; a lost one is resumed from the link.
struct backoffice_form_private {
    char key[UUID_TEXT_BYTES];
    char request[REQUEST_ID_BYTES]; // "taken:<uuid>" or "forms:<uuid>" (a submission)
    char party[UUID_TEXT_BYTES]; // "taken": whose task it must be; "forms": not used, may be empty
    // "forms": the continue-later link the visitor brought, or what was told as "link" last; a
    // bearer secret both. "taken": empty.
    char link_private[FORM_LINK_BYTES];
    // An earlier form_send of these answers ended in ERR_UNKNOWN or in "sending", or nobody heard
    // its end (a restart). Open Forms shows a completed submission to nobody: with this, one that
    // is gone counts as sent.
    bool may_be_sent;
};

// What the visitor agreed to on the last page.
struct backoffice_consent {
    bool privacy;
    bool truth;
};

// One shape for all questions about a form; `told` is borrowed until return and is NULL where
// nothing is said of it below. Where it holds "link", that is what names the filling-in from then
// on (link_private): a form that was begun here has no link of its own, and the source forgets it
// after a quarter of an hour without a word. It is begun anew then, also by a save.
//
// Codes of all:
// ERR_GONE: done by others, cancelled or expired at the source; the filling-in is over.
// ERR_NOT_FOUND: the source does not know it, or it is somebody else's; a link that names another
//   host or breaks its form is ERR_NOT_FOUND too. The two are not told apart on purpose.
// ERR_UNSUPPORTED: the source wants its own login first; `told` {"login_url": text}. Also, without
//   `told`: a source that is not configured, a task that is no form, a form too large for us.
// ERR_TIMEOUT, ERR_UNAVAILABLE: not now, nothing was changed that a repeat does not mend.
// ERR_UNKNOWN: of form_send alone: ending it was asked and nobody said how it went.
// After these three ask again with the same words.
// ERR_MALFORMED: the source breaks its own API; a repeat does not help.
typedef void (*backoffice_form_fn)(void *ctx, enum err err, const struct json *told,
                                   const struct fault *fault);

// A document for a question of a form, read into memory once and never written to a disk.
struct backoffice_file_private {
    const char *bytes;
    size_t len; // 1 to 20 MiB
    const char
        *type; // by its first bytes: "image/jpeg", "image/png", "application/pdf", "image/heic"
    const char *name; // as its owner calls it, without folders, with an ending that fits
};

struct backoffice {
    const struct backoffice_ops *ops;
};

struct backoffice_ops {
    void (*redeem)(struct backoffice *backoffice, const struct backoffice_code_private *code,
                   backoffice_redeemed_fn done, void *ctx);
    // Whom a document means. After OK without a party `listed` follows, once, with what is open: it
    // cannot be asked for later, since only this question knows the number. Otherwise never.
    void (*identify)(struct backoffice *backoffice,
                     const struct backoffice_document_private *document,
                     backoffice_identified_fn done, backoffice_requests_fn listed, void *ctx);
    void (*person)(struct backoffice *backoffice, const char *party, backoffice_person_fn done,
                   void *ctx);
    void (*requests)(struct backoffice *backoffice, const char *party, backoffice_requests_fn done,
                     void *ctx);
    void (*contact)(struct backoffice *backoffice, const struct contact_private *contact,
                    backoffice_contact_fn done, void *ctx);

    // The forms to choose from. NULL: this back office publishes none.
    void (*catalogue)(struct backoffice *backoffice, backoffice_catalogue_fn done, void *ctx);
    // Begins one for somebody who is not known to the source, under the name `form->key`; the rest
    // of `form` is not used. `id` is of the catalogue. OK: `told` as form_open, and {"request":
    // "forms:<uuid>", "link": text}. ERR_UNSUPPORTED: it wants a login or a payment; ERR_GONE: it
    // is not published any more. Asking again begins another; the source forgets what was never
    // filled in. NULL together with `catalogue`.
    void (*form_begin)(struct backoffice *backoffice, const struct backoffice_form_private *form,
                       const char *id, backoffice_form_fn done, void *ctx);

    // Reads the form as it stands at the source. OK: `told` {"title": text, "steps":
    // [{"id","name","components":[...]}], "rules":[...], "prefill":{}, "data":{}, "asks_source":
    // bool, "takes_files": bool (absent: false), "needs_consent":{"privacy":bool,"truth":bool}}.
    // `data` holds what was answered before,
    // key by key over all steps ("a.b" is member b of a); the hub hands it back as `base`. Of Open
    // Forms also, when the municipality says what the form is about, "subject" and "service" (as
    // request_subject_name, and the queue's letter). "is_anew": true: what stood there was
    // forgotten and nothing stands there now. Borrows `form` until return, as the others do.
    void (*form_open)(struct backoffice *backoffice, const struct backoffice_form_private *form,
                      backoffice_form_fn done, void *ctx);
    // Writes all answers, unfinished ones too. `base` is `data` as last told from there: it is
    // compared with what stands there before anything is written. What already stands there equal
    // to `data` is success, so a repeat after a lost answer is safe. Borrows `base` and `data`
    // until return. OK: `told` {"data": what now stands there, the `base` of the next}; of a source
    // that evaluates its own rules also "steps": [{"id","name","is_applicable":bool,
    // "can_submit":bool,"components":[...]}], as it sees them after these answers.
    // ERR_STATE: it is neither `base` nor `data`; nothing was written; `told` {"data": what stands
    // there}. ERR_REFUSED: the source refuses answers; `told` as form_send.
    void (*form_save)(struct backoffice *backoffice, const struct backoffice_form_private *form,
                      const struct json *base, const struct json *data, backoffice_form_fn done,
                      void *ctx);
    // Writes all answers and ends the filling-in. Repeating it never sends twice: what stands there
    // done with these answers counts as sent. OK: `told` {"state":"sent","reference": text, "" when
    // the source gives none} or {"state":"sending"}: it took them and is at work, repeat to hear.
    // ERR_STATE: as form_save. ERR_REFUSED: `told` {"invalid":[{"key": of the question, "" for the
    // form as a whole, "reason": the source's own sentence for a person, may be ""}]}.
    // ERR_GONE: done, but with other answers than these.
    void (*form_send)(struct backoffice *backoffice, const struct backoffice_form_private *form,
                      const struct json *base, const struct json *data,
                      struct backoffice_consent consent, backoffice_form_fn done, void *ctx);

    // Brings a document to the source, for the question `key`. NULL: no source of this back office
    // takes documents; otherwise form_open's `told` has "takes_files": true for those that do.
    // Borrows `form` and `key` until return; keeps `file` and all it points to until `done`, and
    // not one byte of it afterwards. `done` comes within two minutes. OK: `told` is what the answer
    // to the question gets, an object: one more entry of its list (form.io's file value). The
    // source holds it apart until the answers that name it are saved, and forgets it when they
    // never are; nothing else has to be undone. ERR_REFUSED: the source takes no such document.
    // ERR_TIMEOUT, ERR_UNAVAILABLE, ERR_UNKNOWN: not now; asking again leaves at most a copy that
    // the source forgets. Others as above.
    void (*form_upload)(struct backoffice *backoffice, const struct backoffice_form_private *form,
                        const char *key, const struct backoffice_file_private *file,
                        backoffice_form_fn done, void *ctx);
};

#endif
