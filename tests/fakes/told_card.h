// SPDX-License-Identifier: EUPL-1.2
//
// What the card's thread tells the screens, made by hand.
#ifndef INLOOP_TESTS_TOLD_CARD_H
#define INLOOP_TESTS_TOLD_CARD_H

#include "apps/kiosk/kiosk.h"

void told_card(struct kiosk *kiosk, enum card_news_kind kind);
void told_pass(struct kiosk *kiosk, const char *number);
// Of the reading that is awaited.
void told_step(struct kiosk *kiosk, enum document_step step);
void told_end(struct kiosk *kiosk, enum document_end end, enum document_reason reason);
// Verified: Noor Haverkamp, born on 17 May 1984, or a person of that name.
void told_holder(struct kiosk *kiosk, const char *surname);

#endif
