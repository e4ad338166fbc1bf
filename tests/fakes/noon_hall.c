// SPDX-License-Identifier: EUPL-1.2
//
// A hall at noon and its visitor, as the hub would tell a counter.
#include "tests/fakes/noon_hall.h"

#include "tests/fakes/hand.h"

#include <stdio.h>
#include <string.h>

static void service(struct api_state *state, char letter, const char *nl, const char *en,
                    const char *ar, enum request_subject subject)
{
    struct api_state_service *made = &state->services[state->services_count++];
    *made = (struct api_state_service){.letter = letter, .subject = subject};
    hand_put(made->names[0], sizeof made->names[0], nl);
    hand_put(made->names[1], sizeof made->names[1], en);
    hand_put(made->names[2], sizeof made->names[2], ar);
}

static struct ticket *ticket(struct api_state *state, const char *number, char letter,
                             enum request_subject subject, int minutes_ago)
{
    struct ticket *made = &state->tickets[state->tickets_count++];
    *made = (struct ticket){.service = letter,
                            .seq = (uint32_t)state->tickets_count,
                            .issued_ms = NOON_HALL_MS - minutes_ago * 60000LL,
                            .due_ms = NOON_HALL_MS - minutes_ago * 60000LL + 20 * 60000LL,
                            .subject = subject,
                            .language = "nl",
                            .version = 1};
    hand_put(made->number, sizeof made->number, number);
    (void)snprintf(made->id, sizeof made->id, "00000000-0000-4000-8000-0000000000%02u",
                   (unsigned)state->tickets_count % 100);
    return made;
}

void noon_hall_state(struct api_state *state)
{
    memset(state, 0, sizeof *state);
    state->now_ms = NOON_HALL_MS;
    hand_put(state->town, sizeof state->town, "Gemeente Voorbeeldstad");
    service(state, 'A', "Paspoort", "Passport", "جواز السفر", SUBJECT_PASSPORT);
    service(state, 'B', "Parkeren en verhuizen", "Parking and moving", "وقوف السيارات",
            SUBJECT_PARKING);
    service(state, 'C', "Rijbewijs", "Driving licence", "رخصة القيادة", SUBJECT_LICENCE);
    state->counters_count = 2;
    hand_put(state->counters[0].desk, DESK_BYTES, "1");
    hand_put(state->counters[1].desk, DESK_BYTES, "3");
    state->counters[1].services = 7;
    state->counters[1].state = COUNTER_FREE;
    hand_put(state->counters[1].staff, STAFF_ID_BYTES, "s3");
    hand_put(state->counter_staff_name[1], API_NAME_BYTES, "M. de Wit");
    ticket(state, "B043", 'B', SUBJECT_MOVING, 5);
    ticket(state, "C018", 'C', SUBJECT_LICENCE, 4);
    ticket(state, "B044", 'B', SUBJECT_MONEY, 4)->language[0] = 'a';
    ticket(state, "A102", 'A', SUBJECT_PASSPORT, 3)->needs = NEED_HEARING;
    ticket(state, "B045", 'B', SUBJECT_PARKING, 2);
    ticket(state, "A103", 'A', SUBJECT_PASSPORT, 1);
}

void noon_hall_call(struct api_state *state, enum ticket_state ticket_state)
{
    noon_hall_state(state);
    struct ticket *called = ticket(state, "B042", 'B', SUBJECT_PARKING, 6);
    called->state = ticket_state;
    called->called_ms = NOON_HALL_MS - 20000;
    called->serving_ms = NOON_HALL_MS - 10000;
    called->has_context = true;
    called->level = LEVEL_3;
    evidence_add(&called->evidence, EVIDENCE_PORTAL_TOKEN);
    evidence_add(&called->evidence, EVIDENCE_BIRTH_DATE);
    called->needs = NEED_WHEELCHAIR;
    hand_put(called->language, LANGUAGE_BYTES, "ar");
    hand_put(called->desk, DESK_BYTES, "3");
}

void noon_hall_stuck(struct context_form_private *form)
{
    hand_put(form->id, UUID_TEXT_BYTES, "5f0c9a52-6a58-4d0e-8f0e-0d6a1c3f2b10");
    form->step = 2;
    form->steps = 4;
    form->answered = 1;
    form->asked = 4;
    hand_put(form->key, CONTEXT_KEY_BYTES, "kenteken");
    form->item = -1;
    hand_put(form->label, CONTEXT_LABEL_BYTES, "Wat is het kenteken van uw auto?");
    hand_put(form->error, CONTEXT_ERROR_BYTES, "no_plate");
    hand_put(form->tried, CONTEXT_TRIED_BYTES, "GV-27-1");
}

void noon_hall_context(struct context_private *context)
{
    memset(context, 0, sizeof *context);
    hand_put(context->person.name, PERSON_NAME_BYTES, "Nadia Haddad");
    context->person.birth_date = (struct date){1984, 5, 17};
    context->has_request = true;
    struct request_private *request = &context->request;
    request->subject = SUBJECT_PARKING;
    hand_put(request->title, REQUEST_TITLE_BYTES, "Parkeervergunning");
    hand_put(request->reference, REQUEST_REFERENCE_BYTES, "10442");
    request->started_ms = NOON_HALL_MS - 21 * 86400000LL;
    request->deadline_ms = NOON_HALL_MS + 6 * 86400000LL;
    request->steps_done = 3;
    request->steps_count = 4;
    hand_put(request->missing[request->missing_count++], REQUEST_MISSING_BYTES, "Kenteken");
    static const char *const facts[4][2] = {{"Adres", "Kerkstraat 12"},
                                            {"Gebied", "Centrum, zone B"},
                                            {"Betalen", "Per maand"},
                                            {"Gestart", "Thuis, op 3 november"}};
    for (size_t i = 0; i < 4; i++) {
        hand_put(request->facts[i].label, REQUEST_LABEL_BYTES, facts[i][0]);
        hand_put(request->facts[i].value, REQUEST_VALUE_BYTES, facts[i][1]);
    }
    request->facts_count = 4;
    static const char *const titles[3] = {"Rijbewijs ophalen", "Verhuizing", "Kwijtschelding"};
    for (size_t i = 0; i < 3; i++) {
        hand_put(context->others[i].title, REQUEST_TITLE_BYTES, titles[i]);
        context->others[i].subject = i == 0   ? SUBJECT_LICENCE
                                     : i == 1 ? SUBJECT_MOVING
                                              : SUBJECT_MONEY;
        context->others[i].state = i == 0   ? REQUEST_MISSING
                                   : i == 1 ? REQUEST_QUESTION
                                            : REQUEST_BUSY;
    }
    context->others_count = 3;
}
