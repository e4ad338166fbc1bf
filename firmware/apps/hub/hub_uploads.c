// SPDX-License-Identifier: EUPL-1.2
//
// Documents from phones: which address stands for which question, for how long, and the way of the
// document to its source. What comes is held in memory, never on the disk.
#include "apps/hub/hub_uploads.h"

#include "apps/hub/hub_forms.h"
#include "base/bytes.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

enum { QUESTION_DEPTH_MAX = JSON_DEPTH_MAX };

static const struct json *find_question(const struct json *definition, const char *key);
static bool is_file_question(const struct json *component, const char *group, const char *key);
static struct hub_upload_private *take_slot(struct hub *hub, const char *form);
static void make_room(struct hub *hub, const char *form);
static void end_upload(struct hub_upload_private *upload);
static void begin_upload(struct hub_upload_private *upload, const struct hub_form_private *form,
                         const struct api_upload_open *open, const struct json *question);
static void answer_address(struct hub_call *call, struct hub_upload_private *upload);
static void on_stored(void *ctx, enum err err, const struct json *told, const struct fault *fault);
static enum api_upload_reason reason_of(enum err err);
static void tell_news(struct hub_upload_private *upload, enum api_upload_state state,
                      enum api_upload_reason reason);

enum err hub_uploads_open(struct hub *hub, struct fault *fault)
{
    if (config_get(hub->config, "hub.public_port", NULL) == NULL) {
        return OK;
    }
    hub->uploads = calloc(1, sizeof *hub->uploads);
    CHECK(hub->uploads != NULL);
    for (size_t i = 0; i < HUB_UPLOADS_MAX; i++) {
        hub->uploads->slots[i].hub = hub;
    }
    enum err err = hub_pages_open(hub, fault);
    return err != OK ? err : hub_public_open(hub, fault);
}

void hub_uploads_close(struct hub *hub)
{
    struct hub_uploads *uploads = hub->uploads;
    if (uploads == NULL) {
        return;
    }
    http_server_close(uploads->server);
    tls_config_free(uploads->tls);
    for (size_t i = 0; i < HUB_UPLOADS_MAX; i++) {
        hub_upload_release(&uploads->slots[i]);
        json_wipe_free(uploads->slots[i].value);
    }
    wipe(uploads, sizeof *uploads);
    free(uploads);
    hub->uploads = NULL;
}

uint16_t hub_uploads_port(const struct hub *hub)
{
    return hub->uploads == NULL ? 0 : http_server_port(hub->uploads->server);
}

void hub_uploads_end(struct hub *hub, const char *form)
{
    for (size_t i = 0; hub->uploads != NULL && i < HUB_UPLOADS_MAX; i++) {
        if (text_equal(hub->uploads->slots[i].form, form)) {
            end_upload(&hub->uploads->slots[i]);
        }
    }
}

bool hub_upload_may_hear(const struct hub *hub, const char *device, const struct json *event)
{
    const char *id = json_get_text(json_get(event, "upload"), "form");
    const struct hub_form_private *form = id == NULL ? NULL : hub_form_find(hub, id);
    return form != NULL && text_equal(form->holder, device);
}

void hub_post_form_uploads(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct api_upload_open open;
    struct fault fault = {0};
    if (api_upload_open_read(call->body, &open, &fault) != OK) {
        hub_refuse_err(call, ERR_MALFORMED, &fault);
        return;
    }
    struct hub_form_private *form = hub_form_held(call);
    if (form == NULL) {
        return;
    }
    if (form->state != API_FORM_OPEN) {
        hub_refuse(call, 409, "not_now");
        return;
    }
    if (form->definition == NULL) {
        hub_form_read(form); // after a start of the hub; whoever asks again finds it
        hub_refuse(call, 503, "try_again");
        return;
    }
    const struct json *question = find_question(form->definition, open.key);
    if (question == NULL) {
        hub_refuse(call, 404, "not_found");
        return;
    }
    bool is_taken = hub->uploads != NULL && hub->backoffice->ops->form_upload != NULL &&
                    form->takes_files && upload_rule_of(question).kinds != 0;
    struct hub_upload_private *upload = is_taken ? take_slot(hub, form->id) : NULL;
    if (upload == NULL) {
        hub_refuse(call, is_taken ? 503 : 409, is_taken ? "full" : "upload_unavailable");
        return;
    }
    begin_upload(upload, form, &open, question);
    answer_address(call, upload);
}

void hub_get_form_uploads(struct hub_call *call)
{
    const struct hub_form_private *form = hub_form_held(call);
    struct api_uploads_private told = {0};
    if (form == NULL) {
        return;
    }
    uint64_t behind = 0;
    const struct hub_upload_private *next = NULL;
    do {
        next = NULL;
        for (size_t i = 0; call->hub->uploads != NULL && i < HUB_UPLOADS_MAX; i++) {
            const struct hub_upload_private *slot = &call->hub->uploads->slots[i];
            if (slot->state == HUB_UPLOAD_ARRIVED && text_equal(slot->form, form->id) &&
                slot->serial > behind && (next == NULL || slot->serial < next->serial)) {
                next = slot;
            }
        }
        if (next != NULL) {
            struct api_uploaded_private *one = &told.uploads[told.uploads_count++];
            memcpy(one->key, next->key, sizeof one->key);
            memcpy(one->name, next->name, sizeof one->name);
            one->item = next->item;
            one->bytes = next->len;
            one->value = next->value;
            behind = next->serial;
        }
    } while (next != NULL && told.uploads_count < API_UPLOADS_MAX);
    struct hub_work *work = hub_work_new(call->hub);
    hub_work_answer(work, call->request, NULL, 200, api_uploads_write(&told));
    hub_work_commit(work);
    wipe(&told, sizeof told);
}

struct hub_upload_private *hub_upload_find(struct hub *hub, const char *token)
{
    uint8_t raw[HUB_UPLOAD_TOKEN_BYTES];
    uint8_t hash[STORE_HASH_BYTES];
    size_t len = 0;
    if (base64url_decode(token, strlen(token), raw, sizeof raw, &len) != OK || len != sizeof raw) {
        return NULL;
    }
    crypto_sha256(raw, sizeof raw, hash);
    wipe(raw, sizeof raw);
    for (size_t i = 0; i < HUB_UPLOADS_MAX; i++) {
        struct hub_upload_private *upload = &hub->uploads->slots[i];
        if (upload->serial != 0 && memcmp(upload->hash, hash, sizeof hash) == 0) {
            return upload;
        }
    }
    return NULL;
}

bool hub_upload_is_open(const struct hub_upload_private *upload)
{
    return upload->state == HUB_UPLOAD_OPEN && hub_now_ms(upload->hub) < upload->expires_ms;
}

void hub_upload_release(struct hub_upload_private *upload)
{
    if (upload->bytes != NULL) {
        wipe(upload->bytes, upload->size);
        free(upload->bytes);
        upload->hub->uploads->bytes_held -= upload->size;
    }
    upload->bytes = NULL;
    upload->size = 0;
    wipe(&upload->reader, sizeof upload->reader);
    wipe(upload->said_name, sizeof upload->said_name);
}

void hub_upload_refuse(struct hub_upload_private *upload, enum api_upload_reason reason)
{
    hub_upload_release(upload);
    upload->state = HUB_UPLOAD_OPEN;
    tell_news(upload, API_UPLOAD_REFUSED, reason);
}

void hub_upload_touch(const struct hub_upload_private *upload)
{
    const struct hub_form_private *form = hub_form_find(upload->hub, upload->form);
    struct hub_visit_private *visit =
        form == NULL ? NULL : hub_visit_find(upload->hub, form->visit);
    if (visit != NULL) {
        visit->touched_ms = hub_now_ms(upload->hub);
    }
}

void hub_upload_forward(struct hub_upload_private *upload, enum upload_kind kind)
{
    struct backoffice *backoffice = upload->hub->backoffice;
    const struct hub_form_private *form = hub_form_find(upload->hub, upload->form);
    CHECK(form != NULL); // hub_uploads_end would have ended this one with it

    struct backoffice_form_private named = {0};
    memcpy(named.key, form->id, sizeof named.key);
    memcpy(named.request, form->request, sizeof named.request);
    memcpy(named.party, form->party, sizeof named.party);
    memcpy(named.link_private, form->link, sizeof named.link_private);
    upload_name(kind, upload->said_name, upload->name);
    upload->file = (struct backoffice_file_private){.bytes = upload->bytes,
                                                    .len = upload->len,
                                                    .type = upload_kind_type(kind),
                                                    .name = upload->name};
    upload->state = HUB_UPLOAD_AT_SOURCE;
    upload->is_over = false;
    backoffice->ops->form_upload(backoffice, &named, upload->key, &upload->file, on_stored, upload);
    wipe(&named, sizeof named);
}

// Level by level, not by recursion: a definition is as deep as its author likes.
static const struct json *find_question(const struct json *definition, const char *key)
{
    static const char *const inside[] = {"components", "columns"};
    struct {
        const struct json *list;
        size_t at;
        const char *group; // the repeating one around it
    } stack[QUESTION_DEPTH_MAX + 2] = {{.list = json_get(definition, "steps")}};
    size_t depth = 1;
    while (depth > 0) {
        const struct json *one = json_at(stack[depth - 1].list, stack[depth - 1].at);
        if (one == NULL) {
            depth -= 1;
            continue;
        }
        stack[depth - 1].at += 1;
        const char *group = stack[depth - 1].group;
        const char *type = json_get_text(one, "type");
        if (is_file_question(one, group, key)) {
            return one;
        }
        if (type != NULL && text_equal(type, "editgrid")) {
            group = json_get_text(one, "key");
        }
        for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
            const struct json *list = json_get(one, inside[i]);
            if (json_len(list) > 0 && depth < sizeof stack / sizeof stack[0]) {
                stack[depth].list = list;
                stack[depth].at = 0;
                stack[depth].group = group;
                depth += 1;
            }
        }
    }
    return NULL;
}

// Within a repeating group a question is called "group.key", as in the answers' place.
static bool is_file_question(const struct json *component, const char *group, const char *key)
{
    const char *type = json_get_text(component, "type");
    const char *own = json_get_text(component, "key");
    char name[CONTEXT_KEY_BYTES];
    if (type == NULL || own == NULL || !text_equal(type, "file")) {
        return false;
    }
    struct text text;
    text_init(&text, name, sizeof name);
    text_format(&text, "%s%s%s", group == NULL ? "" : group, group == NULL ? "" : ".", own);
    return !text.is_cut && text_equal(name, key);
}

// A dead one that nobody works with any more, the longest forgotten first. NULL: none.
static struct hub_upload_private *take_slot(struct hub *hub, const char *form)
{
    struct hub_upload_private *oldest = NULL;
    size_t count = 0;
    make_room(hub, form);
    for (size_t i = 0; i < HUB_UPLOADS_MAX; i++) {
        struct hub_upload_private *slot = &hub->uploads->slots[i];
        bool is_late = slot->state == HUB_UPLOAD_OPEN && !hub_upload_is_open(slot);
        if (is_late) {
            end_upload(slot);
        }
        count += slot->state != HUB_UPLOAD_DEAD && text_equal(slot->form, form) ? 1 : 0;
        if (slot->state == HUB_UPLOAD_DEAD && slot->request == NULL &&
            (oldest == NULL || slot->serial < oldest->serial)) {
            oldest = slot;
        }
    }
    return count < API_UPLOADS_MAX ? oldest : NULL;
}

// With as many as can be told, the first that arrived is forgotten: its device heard of it long
// ago.
static void make_room(struct hub *hub, const char *form)
{
    struct hub_upload_private *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < HUB_UPLOADS_MAX; i++) {
        struct hub_upload_private *slot = &hub->uploads->slots[i];
        if (slot->state == HUB_UPLOAD_DEAD || !text_equal(slot->form, form)) {
            continue;
        }
        count += 1;
        if (slot->state == HUB_UPLOAD_ARRIVED && (first == NULL || slot->serial < first->serial)) {
            first = slot;
        }
    }
    if (count >= API_UPLOADS_MAX && first != NULL) {
        end_upload(first);
    }
}

static void end_upload(struct hub_upload_private *upload)
{
    if (upload->state == HUB_UPLOAD_AT_SOURCE) {
        upload->is_over = true; // the source still reads it; wiped when it answers
        return;
    }
    hub_upload_release(upload);
    json_wipe_free(upload->value);
    upload->value = NULL;
    wipe(upload->label, sizeof upload->label);
    wipe(upload->name, sizeof upload->name);
    upload->state = HUB_UPLOAD_DEAD;
}

static void begin_upload(struct hub_upload_private *upload, const struct hub_form_private *form,
                         const struct api_upload_open *open, const struct json *question)
{
    static const char *const languages[HUB_UPLOAD_LANGUAGES] = {"nl", "en", "ar"};
    struct hub *hub = upload->hub;
    const struct hub_visit_private *visit = hub_visit_find(hub, form->visit);
    const char *label = json_get_text(question, "label");
    for (size_t i = 0; i < HUB_UPLOADS_MAX; i++) {
        struct hub_upload_private *slot = &hub->uploads->slots[i];
        if (slot->state == HUB_UPLOAD_OPEN && slot->item == open->item &&
            text_equal(slot->form, form->id) && text_equal(slot->key, open->key)) {
            end_upload(slot); // the screen shows one code a question
        }
    }
    hub->uploads->serial += 1;
    *upload = (struct hub_upload_private){.hub = hub,
                                          .state = HUB_UPLOAD_OPEN,
                                          .serial = hub->uploads->serial,
                                          .item = open->item,
                                          .rule = upload_rule_of(question),
                                          .expires_ms = hub_now_ms(hub) + HUB_UPLOAD_MS};
    memcpy(upload->form, form->id, sizeof upload->form);
    memcpy(upload->holder, form->holder, sizeof upload->holder);
    memcpy(upload->key, open->key, sizeof upload->key);
    text_copy_cut(upload->label, sizeof upload->label,
                  label != NULL && text_is_printable(label) ? label : "");
    for (size_t i = 0; visit != NULL && i < HUB_UPLOAD_LANGUAGES; i++) {
        upload->language = text_equal(visit->language, languages[i]) ? i : upload->language;
    }
}

// The answer is not kept under its key, since it would lie on the disk: asking again gives another
// address, and then the first is dead.
static void answer_address(struct hub_call *call, struct hub_upload_private *upload)
{
    uint8_t raw[HUB_UPLOAD_TOKEN_BYTES];
    char token[2 * HUB_UPLOAD_TOKEN_BYTES];
    struct api_upload_private told = {.expires_ms = upload->expires_ms};
    entropy_fill(raw, sizeof raw);
    crypto_sha256(raw, sizeof raw, upload->hash);
    CHECK(base64url_encode(raw, sizeof raw, token, sizeof token) == OK);
    struct text text;
    text_init(&text, told.url, sizeof told.url);
    text_format(&text, "%s/u/%s", call->hub->uploads->url, token);
    CHECK(!text.is_cut);
    struct hub_work *work = hub_work_new(call->hub);
    hub_form_answer(work, call, 201, api_upload_write(&told));
    hub_work_commit(work);
    wipe(raw, sizeof raw);
    wipe(token, sizeof token);
    wipe(&told, sizeof told);
}

static void on_stored(void *ctx, enum err err, const struct json *told, const struct fault *fault)
{
    struct hub_upload_private *upload = ctx;
    enum api_upload_reason reason =
        err == OK && !json_has_keys(told) ? API_UPLOAD_SOURCE_SAYS_NO : reason_of(err);
    if (err != OK && fault != NULL && fault->text[0] != '\0') {
        log_warn("hub", "a document does not reach its source: %s", fault->text);
    }
    upload->file = (struct backoffice_file_private){0};
    upload->state = HUB_UPLOAD_COMING;
    if (upload->is_over) {
        end_upload(upload);
        hub_public_tell(upload, reason);
        return;
    }
    if (reason != API_UPLOAD_NO_REASON) {
        hub_upload_refuse(upload, reason);
        hub_public_tell(upload, reason);
        return;
    }
    size_t len = upload->len;
    hub_upload_release(upload);
    upload->len = len;
    upload->value = json_clone(told);
    upload->state = HUB_UPLOAD_ARRIVED;
    tell_news(upload, API_UPLOAD_ARRIVED, API_UPLOAD_NO_REASON);
    hub_public_tell(upload, API_UPLOAD_NO_REASON);
}

static enum api_upload_reason reason_of(enum err err)
{
    if (err == OK) {
        return API_UPLOAD_NO_REASON;
    }
    bool is_later = err == ERR_TIMEOUT || err == ERR_UNAVAILABLE || err == ERR_UNKNOWN;
    return is_later ? API_UPLOAD_SOURCE_DOWN : API_UPLOAD_SOURCE_SAYS_NO;
}

static void tell_news(struct hub_upload_private *upload, enum api_upload_state state,
                      enum api_upload_reason reason)
{
    struct api_event event = {.kind = API_EVENT_UPLOAD};
    memcpy(event.upload.form, upload->form, sizeof event.upload.form);
    memcpy(event.upload.key, upload->key, sizeof event.upload.key);
    event.upload.item = upload->item;
    event.upload.state = state;
    event.upload.reason = reason;
    event.upload.bytes = upload->len;
    struct hub_work *work = hub_work_new(upload->hub);
    hub_work_event(work, &event);
    hub_work_audit(work, "upload", upload->form,
                   state == API_UPLOAD_ARRIVED ? "arrived" : "refused", "phone", "visitor");
    hub_work_commit(work);
}
