// SPDX-License-Identifier: EUPL-1.2
//
// Messages of the hub about a form, made by hand.
#include "tests/fakes/told_form.h"

#include "base/text.h"
#include "tests/fakes/told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char told_id[] = "00000000-0000-4000-8000-0000000000f0";

static char *read_file(const char *variable, const char *fallback, const char *below);
static struct json *part_of(const struct json *document, const char *key);

void told_form(struct hub_message_private *message, uint32_t command_id, const char *document)
{
    struct json *told = NULL;
    CHECK(json_parse(document, strlen(document), &told) == OK);
    told_answer(message, command_id, HUB_ANSWER_FORM);
    struct api_form_private *form = &message->form;
    CHECK(text_copy(form->id, sizeof form->id, told_id) == OK);
    CHECK(text_copy(form->request, sizeof form->request, "taken:1") == OK);
    CHECK(text_copy(form->holder, sizeof form->holder, "kiosk-1") == OK);
    form->revision = 1;
    form->is_at_source = true;
    form->place.item = -1;
    form->prefill = part_of(told, "prefill");
    form->data = part_of(told, "data");
    form->definition = json_new_object();
    json_set(form->definition, "steps", json_clone(json_get(told, "steps")));
    const struct json *rules = json_get(told, "rules");
    json_set(form->definition, "rules", rules == NULL ? json_new_array() : json_clone(rules));
    json_free(told);
}

char *told_every_kind(void)
{
    return read_file("INLOOP_ROOT", ".", "tests/fakes/every_kind.json");
}

char *told_people(void)
{
    return read_file("INLOOP_ROOT", ".", "tests/fakes/people.json");
}

struct json *told_published(const char *name)
{
    char below[200];
    (void)snprintf(below, sizeof below, "specs/samples/%s", name);
    char *words = read_file("INLOOP_SHARED", "../shared", below);
    struct json *sample = NULL;
    CHECK(json_parse(words, strlen(words), &sample) == OK);
    free(words);
    return sample;
}

char *told_sample(const char *name)
{
    struct json *sample = told_published(name);
    struct json *document = json_new_object();
    struct json *steps = json_new_array();
    bool is_one = json_has_keys(sample); // a definition by itself, else a list of steps
    for (size_t i = 0; i < (is_one ? 1 : json_len(sample)); i++) {
        const struct json *parts = is_one
                                       ? json_get(sample, "components")
                                       : json_path(json_at(sample, i), "configuration.components");
        struct json *step = json_new_object();
        json_set_text(step, "id", "");
        json_set_text(step, "name", "");
        json_set(step, "components", json_clone(parts));
        json_append(steps, step);
    }
    json_set(document, "steps", steps);
    char *words = json_write_new(document);
    json_free(document);
    json_free(sample);
    return words;
}

void told_saved(struct hub_message_private *message, uint32_t command_id, uint64_t revision,
                bool is_at_source)
{
    told_answer(message, command_id, HUB_ANSWER_FORM_SAVED);
    message->saved.revision = revision;
    message->saved.is_at_source = is_at_source;
}

void told_sent(struct hub_message_private *message, uint32_t command_id, enum api_form_state state,
               const char *reference)
{
    told_answer(message, command_id, HUB_ANSWER_FORM_SENT);
    message->sent.state = state;
    CHECK(text_copy(message->sent.reference, sizeof message->sent.reference, reference) == OK);
}

void told_no(struct hub_message_private *message, uint32_t command_id, const char *code)
{
    told_answer(message, command_id, HUB_ANSWER_PROBLEM);
    CHECK(text_copy(message->problem.code, sizeof message->problem.code, code) == OK);
}

void told_upload(struct hub_message_private *message, uint32_t command_id, int64_t expires_ms)
{
    told_answer(message, command_id, HUB_ANSWER_UPLOAD);
    CHECK(text_copy(message->upload.url, sizeof message->upload.url,
                    "https://inloop.voorbeeldstad.example/u/Qm9vbSByb29zIHZpcyB2dX") == OK);
    message->upload.expires_ms = expires_ms;
}

void told_uploads(struct hub_message_private *message, uint32_t command_id, const char *key,
                  size_t count)
{
    told_answer(message, command_id, HUB_ANSWER_UPLOADS);
    message->uploads.uploads_count = count;
    for (size_t i = 0; i < count; i++) {
        struct api_uploaded_private *one = &message->uploads.uploads[i];
        char url[64];
        (void)snprintf(url, sizeof url, "https://bron.example/files/%u", (unsigned)i % 100);
        CHECK(text_copy(one->key, sizeof one->key, key) == OK);
        one->item = -1;
        one->value = json_new_object();
        json_set_text(one->value, "url", url);
        json_set_text(one->value, "originalName", "IMG_0001.jpg");
        json_set_text(one->value, "type", i % 2 == 0 ? "image/jpeg" : "application/pdf");
        json_set_int(one->value, "size", 2400000 + (int64_t)i * 1048576);
    }
}

void told_upload_news(struct hub_message_private *message, const char *key, bool is_refused)
{
    memset(message, 0, sizeof *message);
    message->kind = HUB_EVENT;
    message->event.kind = API_EVENT_UPLOAD;
    struct api_upload_news *news = &message->event.upload;
    CHECK(text_copy(news->form, sizeof news->form, told_id) == OK);
    CHECK(text_copy(news->key, sizeof news->key, key) == OK);
    news->item = -1;
    news->state = is_refused ? API_UPLOAD_REFUSED : API_UPLOAD_ARRIVED;
    news->reason = is_refused ? API_UPLOAD_TOO_BIG : API_UPLOAD_NO_REASON;
}

void told_silence(struct hub_message_private *message, uint32_t command_id)
{
    told_answer(message, command_id, HUB_ANSWER_NO_HUB);
}

static struct json *part_of(const struct json *document, const char *key)
{
    const struct json *part = json_get(document, key);
    return part == NULL ? json_new_object() : json_clone(part);
}

static char *read_file(const char *variable, const char *fallback, const char *below)
{
    enum { BYTES_MAX = 256 * 1024 };
    char path[600];
    const char *root = getenv(variable);
    (void)snprintf(path, sizeof path, "%s/%s", root == NULL ? fallback : root, below);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    char *words = calloc(1, BYTES_MAX);
    CHECK(words != NULL);
    size_t len = fread(words, 1, BYTES_MAX - 1, file);
    CHECK(len > 0 && len < BYTES_MAX - 1);
    (void)fclose(file); // read to its end
    return words;
}
