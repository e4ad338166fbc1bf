// SPDX-License-Identifier: EUPL-1.2
//
// What the slip of a visit's ticket says, and the one of a form that was sent.
#ifndef INLOOP_APPS_KIOSK_PAPER_H
#define INLOOP_APPS_KIOSK_PAPER_H

#include "apps/kiosk/kiosk.h"
#include "drivers/slip.h"

// Fills `slip` for the ticket of the present visit, or, without one, for the form it sent. Its
// words live in `words` until that is cleared, and in `kiosk`. The kind of request is on it only
// where the policy lets it be printed.
void kiosk_paper(const struct kiosk *kiosk, struct tree *words, struct slip *slip);

#endif
