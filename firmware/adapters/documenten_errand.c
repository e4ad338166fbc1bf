// SPDX-License-Identifier: EUPL-1.2
//
// One document's way: made, its parts one after the other, unlocked; all of it within one time.
#include "adapters/documenten_errand.h"

#include "adapters/documenten.h"
#include "adapters/form_file.h"
#include "base/bytes.h"

#include <stdlib.h>

struct documenten {
    const struct clock *clock;
    struct source *source;
    struct documenten_settings settings;
    char url[DOCUMENTEN_URL_BYTES];
    int64_t upload_ms;
    struct storing *storings; // on their way
};

struct storing {
    struct documenten *house;
    struct storing *next;
    struct storing *previous;
    const struct backoffice_file_private *file;
    backoffice_form_fn done;
    void *ctx;
    int64_t ends_ms;
    struct documenten_made made;
    size_t part_at;
};

static void send(struct storing *storing, enum err built, struct source_request_private *request,
                 source_answered_fn answered);
static void on_made(void *ctx, enum err err, const struct source_answer *answer,
                    const struct fault *fault);
static void put_part(struct storing *storing);
static void on_part(void *ctx, enum err err, const struct source_answer *answer,
                    const struct fault *fault);
static void on_unlocked(void *ctx, enum err err, const struct source_answer *answer,
                        const struct fault *fault);
static void finish(struct storing *storing, enum err err, const struct fault *fault);
static void storing_free(struct storing *storing);

enum err documenten_open(struct documenten **documenten, struct loop *loop,
                         const struct clock *clock, const struct config *config,
                         struct fault *fault)
{
    *documenten = NULL;
    struct documenten *house = calloc(1, sizeof *house);
    CHECK(house != NULL);
    house->clock = clock;
    enum err err = source_open(&house->source, "documenten", LOGIN_JWT, loop, clock, config, fault);
    if (err == OK) {
        err = source_upload_ms(config, "documenten", &house->upload_ms, fault);
    }
    if (err == OK) {
        err = documenten_settings_read(&house->settings, config, fault);
    }
    if (err == OK &&
        text_copy(house->url, sizeof house->url, config_get(config, "documenten.url", "")) != OK) {
        err = fault_set(fault, ERR_MALFORMED, "documenten.url: too long");
    }
    if (err != OK) {
        documenten_close(house);
        return err;
    }
    *documenten = house;
    return OK;
}

void documenten_close(struct documenten *documenten)
{
    if (documenten == NULL) {
        return;
    }
    source_close(documenten->source);
    struct storing *storing = documenten->storings;
    while (storing != NULL) {
        struct storing *next = storing->next;
        storing_free(storing);
        storing = next;
    }
    free(documenten);
}

void documenten_store(struct documenten *documenten, const struct backoffice_file_private *file,
                      backoffice_form_fn done, void *ctx)
{
    struct storing *storing = calloc(1, sizeof *storing);
    CHECK(storing != NULL);
    *storing =
        (struct storing){.house = documenten,
                         .next = documenten->storings,
                         .file = file,
                         .done = done,
                         .ctx = ctx,
                         .ends_ms = clock_monotonic_ms(documenten->clock) + documenten->upload_ms};
    if (documenten->storings != NULL) {
        documenten->storings->previous = storing;
    }
    documenten->storings = storing;
    struct source_request_private request;
    const enum err err = documenten_make_request(&request, &documenten->settings, file,
                                                 clock_now_ms(documenten->clock));
    send(storing, err, &request, on_made);
}

// Finishes `request`.
static void send(struct storing *storing, enum err built, struct source_request_private *request,
                 source_answered_fn answered)
{
    CHECK(built == OK); // every path and name was bounded when it was read
    const int64_t left_ms = storing->ends_ms - clock_monotonic_ms(storing->house->clock);
    request->timeout_ms = left_ms > 0 ? left_ms : 1;
    source_send(storing->house->source, request, answered, storing);
    source_request_finish(request);
}

static void on_made(void *ctx, enum err err, const struct source_answer *answer,
                    const struct fault *fault)
{
    struct storing *storing = ctx;
    struct fault found = *fault;
    if (err == OK) {
        err = documenten_make_read(answer, storing->file->len, &storing->made, &found);
    }
    if (err != OK) {
        finish(storing, err, &found);
        return;
    }
    put_part(storing);
}

static void put_part(struct storing *storing)
{
    struct source_request_private request;
    if (storing->part_at < storing->made.parts_count) {
        const enum err err =
            documenten_part_request(&request, &storing->made, storing->part_at, storing->file);
        send(storing, err, &request, on_part);
    } else {
        const enum err err = documenten_unlock_request(&request, &storing->made);
        send(storing, err, &request, on_unlocked);
    }
}

static void on_part(void *ctx, enum err err, const struct source_answer *answer,
                    const struct fault *fault)
{
    struct storing *storing = ctx;
    struct fault found = *fault;
    if (err == OK) {
        err = documenten_part_read(answer, &found);
    }
    if (err != OK) {
        finish(storing, err, &found);
        return;
    }
    storing->part_at++;
    put_part(storing);
}

static void on_unlocked(void *ctx, enum err err, const struct source_answer *answer,
                        const struct fault *fault)
{
    struct fault found = *fault;
    if (err == OK) {
        err = documenten_unlock_read(answer, &found);
    }
    finish(ctx, err, &found);
}

// It is gone before its answer is told.
static void finish(struct storing *storing, enum err err, const struct fault *fault)
{
    const backoffice_form_fn done = storing->done;
    void *asker = storing->ctx;
    struct json *value = err != OK ? NULL
                                   : form_file_value(storing->made.url, storing->house->url,
                                                     storing->file->name, storing->file);
    storing_free(storing);
    done(asker, err, value, fault);
    json_wipe_free(value);
}

static void storing_free(struct storing *storing)
{
    if (storing->previous != NULL) {
        storing->previous->next = storing->next;
    } else {
        storing->house->storings = storing->next;
    }
    if (storing->next != NULL) {
        storing->next->previous = storing->previous;
    }
    wipe(storing, sizeof *storing);
    free(storing);
}
