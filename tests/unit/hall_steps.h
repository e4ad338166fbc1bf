// SPDX-License-Identifier: EUPL-1.2
//
// Short words for what happens in a hall, for the tests of the hall and of its waiting times: a
// hall with two services and two desks, and one function a step.
#ifndef INLOOP_TESTS_HALL_STEPS_H
#define INLOOP_TESTS_HALL_STEPS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "base/text.h"
#include "core/hall.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEPS_DAY = 20000,
    STEPS_MINUTE_MS = 60 * 1000,
    STEPS_PROMISE_MS = 20 * STEPS_MINUTE_MS,
    STEPS_SERVICE_A = 1 << 0,
    STEPS_SERVICE_B = 1 << 1,
    STEPS_EVERY_SERVICE = STEPS_SERVICE_A | STEPS_SERVICE_B,
};

#define STEPS_START_MS INT64_C(1728000000000)
#define STEPS_KIOSK "kiosk-1"

// The hall is large, so it lives on the heap.
static inline struct hall *steps_hall_new(void)
{
    struct hall *hall = malloc(sizeof *hall);
    assert_non_null(hall);
    hall_init(hall, "hall", STEPS_DAY);
    const struct service parking = {.letter = 'A',
                                    .id = "parking",
                                    .promise_ms = STEPS_PROMISE_MS,
                                    .mean_ms_prior = 6 * STEPS_MINUTE_MS};
    const struct service moving = {.letter = 'B',
                                   .id = "moving",
                                   .promise_ms = STEPS_PROMISE_MS,
                                   .mean_ms_prior = 6 * STEPS_MINUTE_MS};
    assert_int_equal(hall_add_service(hall, &parking), OK);
    assert_int_equal(hall_add_service(hall, &moving), OK);
    assert_int_equal(hall_add_counter(hall, "1", STEPS_EVERY_SERVICE), OK);
    assert_int_equal(hall_add_counter(hall, "2", STEPS_EVERY_SERVICE), OK);
    return hall;
}

static inline enum err steps_open_desk(struct hall *hall, const char *desk, const char *staff)
{
    struct hall_effects effects;
    struct hall_event event = {.kind = HALL_COUNTER_OPEN, .now_ms = STEPS_START_MS};
    assert_int_equal(text_copy(event.counter.desk, sizeof event.counter.desk, desk), OK);
    assert_int_equal(text_copy(event.counter.staff, sizeof event.counter.staff, staff), OK);
    return hall_apply(hall, &event, &effects);
}

static inline struct hall_event steps_issue_event(const char *id, char service, int64_t now_ms)
{
    struct hall_event event = {.kind = HALL_ISSUE, .now_ms = now_ms};
    assert_int_equal(text_copy(event.actor, sizeof event.actor, STEPS_KIOSK), OK);
    assert_int_equal(text_copy(event.issue.id, sizeof event.issue.id, id), OK);
    assert_int_equal(text_copy(event.issue.language, sizeof event.issue.language, "nl"), OK);
    event.issue.service = service;
    return event;
}

static inline const struct ticket *steps_issue(struct hall *hall, const char *id, char service,
                                               int64_t now_ms)
{
    struct hall_effects effects;
    const struct hall_event event = steps_issue_event(id, service, now_ms);
    assert_int_equal(hall_apply(hall, &event, &effects), OK);
    return hall_find_ticket(hall, id);
}

// Every event that names a desk, a ticket or both, with its effects.
static inline enum err steps_at(struct hall *hall, enum hall_event_kind kind, const char *desk,
                                const char *ticket, int64_t now_ms)
{
    struct hall_effects effects;
    struct hall_event event = {.kind = kind, .now_ms = now_ms};
    assert_int_equal(text_copy(event.call.desk, sizeof event.call.desk, desk), OK);
    assert_int_equal(text_copy(event.call.ticket, sizeof event.call.ticket, ticket), OK);
    return hall_apply(hall, &event, &effects);
}

static inline const struct hall_effect *steps_effect(const struct hall_effects *effects,
                                                     enum hall_effect_kind kind)
{
    for (size_t i = 0; i < effects->count; i++) {
        if (effects->list[i].kind == kind) {
            return &effects->list[i];
        }
    }
    return NULL;
}

static inline enum err steps_open_visit(struct hall *hall, const char *id,
                                        enum evidence_kind evidence)
{
    struct hall_effects effects;
    struct hall_event event = {.kind = HALL_VISIT_OPEN, .now_ms = STEPS_START_MS};
    assert_int_equal(text_copy(event.actor, sizeof event.actor, STEPS_KIOSK), OK);
    assert_int_equal(text_copy(event.visit_open.id, sizeof event.visit_open.id, id), OK);
    evidence_add(&event.visit_open.evidence, evidence);
    return hall_apply(hall, &event, &effects);
}

static inline enum err steps_second_fact(struct hall *hall, const char *visit, const char *kiosk,
                                         bool is_equal)
{
    struct hall_effects effects;
    struct hall_event event = {.kind = HALL_SECOND_FACT, .now_ms = STEPS_START_MS};
    assert_int_equal(text_copy(event.actor, sizeof event.actor, kiosk), OK);
    assert_int_equal(text_copy(event.second_fact.visit, sizeof event.second_fact.visit, visit), OK);
    event.second_fact.is_equal = is_equal;
    return hall_apply(hall, &event, &effects);
}

#endif
