// SPDX-License-Identifier: EUPL-1.2
//
// The hall's rules for visits and for who sits at which desk.
#include "core/hall_parts.h"

#include "base/text.h"

#include <string.h>

static void forget_ended_visit(struct hall *hall);

enum err hall_visit_open(struct hall *hall, const struct hall_event *event,
                         struct hall_effects *effects)
{
    if (hall_find_visit(hall, event->visit_open.id) != NULL) {
        return ERR_DUPLICATE;
    }
    const struct evidence evidence = event->visit_open.evidence;
    if (evidence.kinds != 0 && evidence_level(evidence) == LEVEL_0) {
        return ERR_REFUSED; // something was shown, and it says nothing
    }
    forget_ended_visit(hall);
    if (hall->visits_count == HALL_VISITS_MAX) {
        return ERR_FULL;
    }
    struct visit *visit = &hall->visits[hall->visits_count++];
    *visit = (struct visit){
        // Without a person there is nothing to hold a birth date against, and a chip has said it.
        .state = evidence_names_person(evidence) && !evidence_is_document(evidence)
                     ? VISIT_NEEDS_SECOND_FACT
                     : VISIT_OPEN,
        .evidence = evidence,
        .opened_ms = event->now_ms,
    };
    memcpy(visit->id, event->visit_open.id, sizeof visit->id);
    memcpy(visit->kiosk, event->actor, sizeof visit->kiosk);
    hall_tell_visit(effects, visit);
    return OK;
}

enum err hall_second_fact(struct hall *hall, const struct hall_event *event,
                          struct hall_effects *effects)
{
    struct visit *visit = hall_visit(hall, event->second_fact.visit);
    if (visit == NULL) {
        return ERR_NOT_FOUND;
    }
    if (!text_equal(visit->kiosk, event->actor)) {
        return ERR_REFUSED;
    }
    if (visit->state != VISIT_NEEDS_SECOND_FACT) {
        return ERR_STATE;
    }
    if (event->second_fact.is_equal) {
        evidence_add(&visit->evidence, EVIDENCE_BIRTH_DATE);
        visit->state = VISIT_OPEN;
    } else {
        visit->second_fact_tries += 1;
        if (visit->second_fact_tries >= SECOND_FACT_TRIES_MAX) {
            visit->state = VISIT_LOCKED;
        }
    }
    hall_tell_visit(effects, visit);
    return OK;
}

enum err hall_visit_end(struct hall *hall, const struct hall_event *event,
                        struct hall_effects *effects)
{
    struct visit *visit = hall_visit(hall, event->visit);
    if (visit == NULL) {
        return ERR_NOT_FOUND;
    }
    if (!text_equal(visit->kiosk, event->actor)) {
        return ERR_REFUSED;
    }
    visit->state = VISIT_ENDED;
    hall_tell_visit(effects, visit);
    return OK;
}

enum err hall_counter_open(struct hall *hall, const struct hall_event *event,
                           struct hall_effects *effects)
{
    struct counter *counter = hall_counter(hall, event->counter.desk);
    if (counter == NULL) {
        return ERR_NOT_FOUND;
    }
    if (event->counter.staff[0] == '\0') {
        return ERR_REFUSED;
    }
    bool is_other = !text_equal(counter->staff, event->counter.staff);
    if (counter->state == COUNTER_BUSY && is_other) {
        return ERR_STATE; // a visitor's context is open to the person signed in now
    }
    if (event->counter.services != 0) {
        counter->services = event->counter.services;
    }
    memcpy(counter->staff, event->counter.staff, sizeof counter->staff);
    counter->state = counter->ticket[0] == '\0' ? COUNTER_FREE : COUNTER_BUSY;
    hall_tell_counter(effects, counter);
    return OK;
}

enum err hall_counter_pause(struct hall *hall, const struct hall_event *event,
                            struct hall_effects *effects)
{
    struct counter *counter = hall_counter(hall, event->counter.desk);
    if (counter == NULL) {
        return ERR_NOT_FOUND;
    }
    if (counter->state != COUNTER_FREE) {
        return ERR_STATE;
    }
    counter->state = COUNTER_PAUSED;
    hall_tell_counter(effects, counter);
    return OK;
}

enum err hall_counter_close(struct hall *hall, const struct hall_event *event,
                            struct hall_effects *effects)
{
    struct counter *counter = hall_counter(hall, event->counter.desk);
    if (counter == NULL) {
        return ERR_NOT_FOUND;
    }
    if (counter->state == COUNTER_CLOSED || counter->ticket[0] != '\0') {
        return ERR_STATE;
    }
    counter->state = COUNTER_CLOSED;
    memset(counter->staff, 0, sizeof counter->staff);
    hall_tell_counter(effects, counter);
    return OK;
}

// Ended visits keep their row until room is needed; the oldest goes first.
static void forget_ended_visit(struct hall *hall)
{
    for (size_t i = 0; i < hall->visits_count && hall->visits_count == HALL_VISITS_MAX; i++) {
        if (hall->visits[i].state == VISIT_ENDED) {
            memmove(hall->visits + i, hall->visits + i + 1,
                    (hall->visits_count - i - 1) * sizeof hall->visits[0]);
            hall->visits_count -= 1;
        }
    }
}
