// SPDX-License-Identifier: EUPL-1.2
//
// Asking for the list of forms and reading it.
#include "adapters/open_forms_catalogue.h"

#include "adapters/fields.h"

#include <stdlib.h>
#include <string.h>

struct open_forms_catalogue {
    struct source *source;
    struct open_forms_place place;
    const struct config *config;
    struct asking *askings; // running
};

struct asking {
    struct open_forms_catalogue *house;
    struct asking *next;
    struct asking *previous;
    backoffice_catalogue_fn done;
    void *ctx;
};

static void on_answer(void *ctx, enum err err, const struct source_answer *answer,
                      const struct fault *fault);
static void asking_free(struct asking *asking);
static bool read_form(const struct open_forms_place *place, const struct config *config,
                      const struct json *json, struct published *form);

enum err open_forms_catalogue_open(struct open_forms_catalogue **catalogue, struct loop *loop,
                                   const struct clock *clock, const struct config *config,
                                   struct fault *fault)
{
    *catalogue = NULL;
    if (config_get(config, "open_forms.token", NULL) == NULL) {
        return fault_set(fault, ERR_NOT_FOUND, "open_forms.token is not set");
    }
    struct open_forms_catalogue *house = calloc(1, sizeof *house);
    CHECK(house != NULL);
    house->config = config;
    enum err err =
        source_open(&house->source, "open_forms", LOGIN_TOKEN, loop, clock, config, fault);
    if (err == OK) {
        err = open_forms_place_read(&house->place, config_get(config, "open_forms.url", ""));
    }
    if (err != OK) {
        open_forms_catalogue_close(house);
        return err;
    }
    *catalogue = house;
    return OK;
}

void open_forms_catalogue_close(struct open_forms_catalogue *catalogue)
{
    if (catalogue == NULL) {
        return;
    }
    source_close(catalogue->source);
    struct asking *asking = catalogue->askings;
    while (asking != NULL) {
        struct asking *next = asking->next;
        asking_free(asking);
        asking = next;
    }
    free(catalogue);
}

void open_forms_catalogue_ask(struct open_forms_catalogue *house, backoffice_catalogue_fn done,
                              void *ctx)
{
    struct asking *asking = calloc(1, sizeof *asking);
    CHECK(asking != NULL);
    *asking = (struct asking){.house = house, .next = house->askings, .done = done, .ctx = ctx};
    if (house->askings != NULL) {
        house->askings->previous = asking;
    }
    house->askings = asking;
    const struct source_request_private request = {.is_repeatable = true,
                                                   .answer_bytes_max = OPEN_FORMS_LIST_BYTES_MAX,
                                                   .path = "/api/v2/forms"};
    source_send(house->source, &request, on_answer, asking);
}

static void on_answer(void *ctx, enum err err, const struct source_answer *answer,
                      const struct fault *fault)
{
    struct asking *asking = ctx;
    struct fault found = *fault;
    struct catalogue *catalogue = calloc(1, sizeof *catalogue);
    CHECK(catalogue != NULL);
    if (err == OK) {
        err = open_forms_catalogue_read(&asking->house->place, asking->house->config, answer,
                                        catalogue, &found);
    } else {
        err = err == ERR_TOO_BIG ? ERR_MALFORMED : err == ERR_TIMEOUT ? err : ERR_UNAVAILABLE;
    }
    const backoffice_catalogue_fn done = asking->done;
    void *asker = asking->ctx;
    asking_free(asking);
    done(asker, err, err == OK ? catalogue : NULL, &found);
    free(catalogue);
}

static void asking_free(struct asking *asking)
{
    if (asking->previous != NULL) {
        asking->previous->next = asking->next;
    } else {
        asking->house->askings = asking->next;
    }
    if (asking->next != NULL) {
        asking->next->previous = asking->previous;
    }
    free(asking);
}

enum err open_forms_catalogue_read(const struct open_forms_place *place,
                                   const struct config *config, const struct source_answer *answer,
                                   struct catalogue *catalogue, struct fault *fault)
{
    memset(catalogue, 0, sizeof *catalogue);
    if (answer->status != 200) {
        return source_refusal("open_forms", answer->status, fault);
    }
    struct json *json = NULL;
    if (json_parse(answer->body, answer->len, &json) != OK || !json_is_list(json)) {
        json_free(json);
        return fault_set(fault, ERR_MALFORMED, "open_forms: not a list of forms");
    }
    for (size_t i = 0; i < json_len(json); i++) {
        struct published form = {0};
        if (read_form(place, config, json_at(json, i), &form)) {
            catalogue_add(catalogue, &form);
        }
    }
    json_free(json);
    return OK;
}

static bool read_form(const struct open_forms_place *place, const struct config *config,
                      const struct json *json, struct published *form)
{
    char slug[OPEN_FORMS_SLUG_BYTES];
    struct about about;
    field_words(json, "name", form->title, sizeof form->title);
    field_words(json, "slug", slug, sizeof slug);
    if (field_uuid(json, "uuid", form->id) != OK || form->title[0] == '\0' ||
        !open_forms_is_open(json, &form->is_here)) {
        return false;
    }
    open_forms_page(place, slug, form->url, sizeof form->url);
    if (about_form(config, slug, &about)) {
        form->subject = about.subject;
        form->service = about.service;
    }
    return true;
}
