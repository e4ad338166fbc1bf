// SPDX-License-Identifier: EUPL-1.2
//
// A kiosk on its upright panel, without a hub: what screen tests stand before.
#ifndef INLOOP_TESTS_AT_KIOSK_H
#define INLOOP_TESTS_AT_KIOSK_H

#include "apps/kiosk/kiosk.h"
#include "tests/fakes/stage.h"

// Nobody is before it; no scene is on it yet. Close with kiosk_forget and stage_close.
void at_kiosk_open(struct stage *stage, struct kiosk *kiosk, struct scenes *scenes,
                   struct clock clock);
// The look that a visitor chose stays until the visit ends: set it after each start.
void at_kiosk_dress(struct stage *stage, struct kiosk *kiosk, const char *language,
                    enum stage_mode mode);

#endif
