// SPDX-License-Identifier: EUPL-1.2
//
// Answers, to be filled in by the test.
#include "tests/fakes/told.h"

#include <string.h>

void told_answer(struct hub_message_private *message, uint32_t command_id,
                 enum hub_answer_kind kind)
{
    memset(message, 0, sizeof *message);
    message->kind = HUB_ANSWER;
    message->command_id = command_id;
    message->answer = kind;
}
