// SPDX-License-Identifier: EUPL-1.2
//
// Contacts on their way to the municipality's register: durable, one after another, asked again
// until it stands there, never twice.
#include "apps/hub/hub_fleet.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTBOX_MAX = 4096, RETRY_MS_FIRST = 1000, RETRY_MS_MAX = 5 * 60000 };

struct outbox_entry {
    char key[UUID_TEXT_BYTES];
    char *json;
};

struct outbox {
    struct hub *hub;
    struct outbox_entry entries[OUTBOX_MAX];
    size_t entries_count;
    bool is_asking;
    int64_t retry_ms;
    struct config words; // what a contact says, by outcome: assets/contact/<language>.txt
};

static struct outbox *outbox; // one a process; the callbacks of the back office find it here

struct context_copy {
    struct hub *hub;
    const char *ticket;
    struct json *json;
};

static void on_timer(void *ctx);
static void on_delivered(void *ctx, enum err err, const char *contact, const struct fault *fault);
static void drop_first(void);
static void done(struct hub *hub, const char *key, bool is_delivered, const char *reason);
static bool contact_read(const struct json *json, struct contact_private *contact);
static struct json *contact_write(const struct contact_private *contact);
static void copy_context(void *ctx, struct store_blob blob);
static void say(char *out, size_t out_bytes, const char *key, const char *title);

size_t hub_outbox_waiting(void)
{
    return outbox == NULL ? 0 : outbox->entries_count;
}

struct json *hub_contact_json(struct hub *hub, const struct ticket *ticket,
                              enum finish_outcome outcome, const char *staff)
{
    struct contact_private contact = {.happened_ms = hub_now_ms(hub), .outcome = outcome};
    struct context_private *context = calloc(1, sizeof *context);
    CHECK(context != NULL);
    struct context_copy copy = {.hub = hub, .ticket = ticket->id};
    if (ticket->has_context &&
        hub->store->ops->context(hub->store, ticket->id, copy_context, &copy) == OK &&
        copy.json != NULL && api_context_read(copy.json, context, NULL) == OK) {
        memcpy(contact.party, context->person.party, sizeof contact.party);
        contact.is_secret = context->person.is_secret;
    }
    json_wipe_free(copy.json);
    bool is_known = contact.party[0] != '\0';
    if (!is_known && outcome == FINISH_DONE) {
        wipe(context, sizeof *context);
        free(context);
        return NULL; // an anonymous visit without follow-up is not registered (O36)
    }
    memcpy(contact.key, ticket->id, sizeof contact.key);
    memcpy(contact.number, ticket->number, sizeof contact.number);
    memcpy(contact.request, ticket->request, sizeof contact.request);
    memcpy(contact.language, ticket->language, sizeof contact.language);
    memcpy(contact.desk, ticket->desk, sizeof contact.desk);
    CHECK(text_copy(contact.staff, sizeof contact.staff, staff) == OK);
    char key[64];
    const char *title = context->has_request ? context->request.title : "";
    (void)snprintf(key, sizeof key, "%s.%s", "subject", title[0] == '\0' ? "none" : "request");
    say(contact.subject, sizeof contact.subject, key, title);
    (void)snprintf(key, sizeof key, "words.%s", finish_outcome_name(outcome));
    say(contact.words, sizeof contact.words, key, title);
    wipe(context, sizeof *context);
    free(context);
    struct json *json = contact_write(&contact);
    wipe(&contact, sizeof contact);
    return json;
}

void hub_outbox_restore(struct hub *hub, const char *key, int64_t when_ms, struct store_blob blob)
{
    char *plain = NULL;
    size_t len = 0;
    (void)when_ms;
    if (hub_unseal(hub, "outbox", key, blob, &plain, &len) != OK) {
        log_error("hub", "a waiting contact does not open and is given up");
        return;
    }
    hub_outbox_put(hub, key, plain);
    wipe(plain, len);
    free(plain);
}

void hub_outbox_put(struct hub *hub, const char *key, const char *json)
{
    if (outbox->entries_count == OUTBOX_MAX) {
        log_error("hub", "the outbox is full: a contact stays in the store only");
        return;
    }
    struct outbox_entry *entry = &outbox->entries[outbox->entries_count++];
    CHECK(text_copy(entry->key, sizeof entry->key, key) == OK);
    entry->json = strdup(json);
    CHECK(entry->json != NULL);
    if (!outbox->is_asking && outbox->entries_count == 1) {
        loop_timer_start(hub->outbox_timer, 0);
    }
}

enum err hub_outbox_open(struct hub *hub, struct fault *fault)
{
    outbox = calloc(1, sizeof *outbox);
    CHECK(outbox != NULL);
    outbox->hub = hub;
    outbox->retry_ms = RETRY_MS_FIRST;
    hub->outbox_timer = loop_timer_new(hub->loop, on_timer, hub);
    return config_read_file(
        &outbox->words, config_get(hub->config, "contact.words", "assets/contact/nl.txt"), fault);
}

void hub_outbox_close(struct hub *hub)
{
    loop_timer_free(hub->outbox_timer);
    hub->outbox_timer = NULL;
    while (outbox != NULL && outbox->entries_count > 0) {
        drop_first();
    }
    free(outbox);
    outbox = NULL;
}

static void on_timer(void *ctx)
{
    struct hub *hub = ctx;
    if (outbox->entries_count == 0 || outbox->is_asking) {
        return;
    }
    struct json *json = NULL;
    struct contact_private contact;
    const struct outbox_entry *entry = &outbox->entries[0];
    bool is_read =
        json_parse(entry->json, strlen(entry->json), &json) == OK && contact_read(json, &contact);
    json_wipe_free(json);
    if (!is_read) {
        done(hub, entry->key, false, "unreadable");
        return;
    }
    outbox->is_asking = true;
    hub->backoffice->ops->contact(hub->backoffice, &contact, on_delivered, hub);
    wipe(&contact, sizeof contact);
}

static void on_delivered(void *ctx, enum err err, const char *contact, const struct fault *fault)
{
    struct hub *hub = ctx;
    (void)contact;
    outbox->is_asking = false;
    bool may_work_later = err == ERR_UNKNOWN || err == ERR_TIMEOUT || err == ERR_UNAVAILABLE;
    if (may_work_later) {
        log_warn("hub", "contact waits: %s", fault == NULL ? err_name(err) : fault->text);
        loop_timer_start(hub->outbox_timer, outbox->retry_ms);
        outbox->retry_ms =
            outbox->retry_ms * 2 > RETRY_MS_MAX ? RETRY_MS_MAX : outbox->retry_ms * 2;
        return;
    }
    if (err != OK) {
        log_error("hub", "a contact is given up: %s", fault == NULL ? err_name(err) : fault->text);
    }
    outbox->retry_ms = RETRY_MS_FIRST;
    done(hub, outbox->entries[0].key, err == OK, err == OK ? "delivered" : err_name(err));
}

static void drop_first(void)
{
    wipe(outbox->entries[0].json, strlen(outbox->entries[0].json));
    free(outbox->entries[0].json);
    outbox->entries_count -= 1;
    memmove(outbox->entries, outbox->entries + 1,
            outbox->entries_count * sizeof outbox->entries[0]);
}

static void done(struct hub *hub, const char *key, bool is_delivered, const char *reason)
{
    struct hub_counts *counts = &hub->fleet->counts;
    counts->contacts_delivered += is_delivered ? 1 : 0;
    counts->contacts_given_up += is_delivered ? 0 : 1;
    struct hub_work *work = hub_work_new(hub);
    struct store_change *change = hub_work_change(work, STORE_OUTBOX_DONE);
    text_copy_cut(change->outbox_done.key, sizeof change->outbox_done.key, key);
    change->outbox_done.is_delivered = is_delivered;
    text_copy_cut(change->outbox_done.reason, sizeof change->outbox_done.reason, reason);
    hub_work_audit(work, "register_contact", key, is_delivered ? "delivered" : "given up", "hub",
                   "hub");
    hub_work_commit(work);
    drop_first();
    if (outbox->entries_count > 0) {
        loop_timer_start(hub->outbox_timer, 0);
    }
}

static bool contact_read(const struct json *json, struct contact_private *contact)
{
    static const struct {
        const char *name;
        size_t offset;
        size_t size;
    } table[] = {
        {"key", offsetof(struct contact_private, key), sizeof contact->key},
        {"number", offsetof(struct contact_private, number), sizeof contact->number},
        {"party", offsetof(struct contact_private, party), sizeof contact->party},
        {"request", offsetof(struct contact_private, request), sizeof contact->request},
        {"subject", offsetof(struct contact_private, subject), sizeof contact->subject},
        {"words", offsetof(struct contact_private, words), sizeof contact->words},
        {"language", offsetof(struct contact_private, language), sizeof contact->language},
        {"staff", offsetof(struct contact_private, staff), sizeof contact->staff},
        {"desk", offsetof(struct contact_private, desk), sizeof contact->desk},
    };
    *contact = (struct contact_private){0};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *words = json_get_text(json, table[i].name);
        if (words == NULL ||
            text_copy((char *)contact + table[i].offset, table[i].size, words) != OK) {
            return false;
        }
    }
    const char *outcome = json_get_text(json, "outcome");
    return outcome != NULL && finish_outcome_from_name(outcome, &contact->outcome) == OK &&
           json_get_int(json, "happened_ms", &contact->happened_ms) == OK &&
           json_get_bool(json, "is_secret", &contact->is_secret) == OK;
}

static struct json *contact_write(const struct contact_private *contact)
{
    struct json *json = json_new_object();
    json_set_text(json, "key", contact->key);
    json_set_text(json, "number", contact->number);
    json_set_text(json, "party", contact->party);
    json_set_text(json, "request", contact->request);
    json_set_text(json, "subject", contact->subject);
    json_set_text(json, "words", contact->words);
    json_set_text(json, "language", contact->language);
    json_set_text(json, "staff", contact->staff);
    json_set_text(json, "desk", contact->desk);
    json_set_text(json, "outcome", finish_outcome_name(contact->outcome));
    json_set_int(json, "happened_ms", contact->happened_ms);
    json_set_bool(json, "is_secret", contact->is_secret);
    return json;
}

static void copy_context(void *ctx, struct store_blob blob)
{
    struct context_copy *copy = ctx;
    if (hub_unseal_json(copy->hub, "context", copy->ticket, blob, &copy->json) != OK) {
        copy->json = NULL;
    }
}

// "{title}" in the file's line is the request's title.
static void say(char *out, size_t out_bytes, const char *key, const char *title)
{
    const char *words = config_get(&outbox->words, key, "-");
    const char *mark = strstr(words, "{title}");
    char whole[CONTACT_WORDS_BYTES];
    struct text text;
    text_init(&text, whole, sizeof whole);
    if (mark == NULL) {
        text_add(&text, words);
    } else {
        text_add_bytes(&text, words, (size_t)(mark - words));
        text_add(&text, title);
        text_add(&text, mark + strlen("{title}"));
    }
    text_copy_cut(out, out_bytes, whole);
    wipe(whole, sizeof whole);
}
