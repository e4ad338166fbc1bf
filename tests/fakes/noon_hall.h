// SPDX-License-Identifier: EUPL-1.2
//
// A hall at noon and its visitor, as the hub would tell a counter. Desk 3 is M. de Wit's.
#ifndef INLOOP_TESTS_FAKES_NOON_HALL_H
#define INLOOP_TESTS_FAKES_NOON_HALL_H

#include "link/api.h"

// 24 November 2026, 12:58 in Amsterdam.
#define NOON_HALL_MS (1795521480 * 1000LL)

void noon_hall_state(struct api_state *state);
// The same with B042 at desk 3, CALLED or SERVING.
void noon_hall_call(struct api_state *state, enum ticket_state ticket_state);
void noon_hall_context(struct context_private *context);
// She came from the kiosk's form.
void noon_hall_stuck(struct context_form_private *form);

#endif
