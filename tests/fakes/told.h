// SPDX-License-Identifier: EUPL-1.2
//
// What the hub answers to a screen, made by hand.
#ifndef INLOOP_TESTS_TOLD_H
#define INLOOP_TESTS_TOLD_H

#include "link/hub_client.h"

// Makes `message` an answer to that command, otherwise empty.
void told_answer(struct hub_message_private *message, uint32_t command_id,
                 enum hub_answer_kind kind);

#endif
