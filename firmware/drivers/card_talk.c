// SPDX-License-Identifier: EUPL-1.2
//
// Chaining of messages is CCID 1.1 sections 6.1.4 and 6.2.1 (wLevelParameter, bChainParameter).
#include "drivers/card_talk.h"

#include "base/bytes.h"

#include <string.h>

enum { SHORT_COMMAND_BYTES = 261, LENGTH_AT = 4, STATUS_BYTES = 2 };

static enum card_turn take_part(struct card_talk *talk, const struct ccid_answer *answer);
static enum card_turn take_block(struct card_talk *talk, const struct ccid_answer *answer);

void card_talk_init(struct card_talk *talk, enum card_way way, size_t room)
{
    memset(talk, 0, sizeof *talk);
    talk->way = way;
    talk->room = room;
}

bool card_talk_takes_extended(const struct card_talk *talk)
{
    return talk->way == CARD_WAY_PARTS || talk->way == CARD_WAY_T1;
}

// Extended: the byte where a short command's length would be is zero, and more follows
// (ISO/IEC 7816-4 section 5.1).
enum err card_talk_begin(struct card_talk *talk, const uint8_t *command, size_t len)
{
    bool is_extended =
        len > SHORT_COMMAND_BYTES || (len > LENGTH_AT + 1 && command[LENGTH_AT] == 0);
    if (len > CARD_COMMAND_BYTES || (is_extended && !card_talk_takes_extended(talk)) ||
        (talk->way == CARD_WAY_WHOLE && len > talk->room)) {
        return ERR_TOO_BIG;
    }
    memcpy(talk->command_private, command, len);
    talk->command_len = len;
    talk->sent_bytes = 0;
    talk->part_bytes = 0;
    talk->answer_len = 0;
    talk->pieces = 0;
    if (talk->way == CARD_WAY_T1) {
        card_t1_begin(&talk->t1, talk->command_private, len, talk->answer_private,
                      sizeof talk->answer_private);
    }
    if (talk->way == CARD_WAY_T0 && card_t0_begin(&talk->t0, command, len, talk->answer_private,
                                                  sizeof talk->answer_private) != OK) {
        return ERR_TOO_BIG;
    }
    return OK;
}

void card_talk_piece(struct card_talk *talk, struct card_piece *piece)
{
    *piece = (struct card_piece){.part = CCID_WHOLE, .wait_for = 1};
    if (talk->way == CARD_WAY_T1) {
        piece->data_private = card_t1_block(&talk->t1, &piece->len);
        piece->wait_for = talk->t1.wait_for;
        return;
    }
    if (talk->way == CARD_WAY_T0) {
        piece->data_private = card_t0_command(&talk->t0, &piece->len);
        return;
    }
    size_t left = talk->command_len - talk->sent_bytes;
    talk->part_bytes = left < talk->room ? left : talk->room;
    bool is_first = talk->sent_bytes == 0;
    bool is_last = talk->part_bytes == left;
    piece->data_private = talk->command_private + talk->sent_bytes;
    piece->len = talk->part_bytes;
    if (left == 0) {
        piece->part = CCID_NEXT;
    } else if (!is_first || !is_last) {
        piece->part = is_first ? CCID_BEGINS : is_last ? CCID_ENDS : CCID_GOES_ON;
    }
}

enum card_turn card_talk_take(struct card_talk *talk, const struct ccid_answer *answer)
{
    talk->pieces++;
    if (talk->pieces > CARD_TALK_PIECES_MAX) {
        return CARD_BROKEN;
    }
    enum card_turn turn = talk->way == CARD_WAY_WHOLE || talk->way == CARD_WAY_PARTS
                              ? take_part(talk, answer)
                              : take_block(talk, answer);
    bool has_status = talk->answer_len >= STATUS_BYTES;
    return turn == CARD_DONE && !has_status ? CARD_BROKEN : turn;
}

void card_talk_end(struct card_talk *talk)
{
    card_t1_wipe(&talk->t1);
    card_t0_wipe(&talk->t0);
    wipe(talk->command_private, sizeof talk->command_private);
    talk->command_len = 0;
}

void card_talk_wipe(struct card_talk *talk)
{
    card_talk_end(talk);
    wipe(talk->answer_private, sizeof talk->answer_private);
    talk->answer_len = 0;
}

static enum card_turn take_part(struct card_talk *talk, const struct ccid_answer *answer)
{
    if (answer->has_failed) {
        return CARD_BROKEN;
    }
    talk->sent_bytes += talk->part_bytes;
    talk->part_bytes = 0;
    if (talk->sent_bytes < talk->command_len) {
        return answer->len == 0 ? CARD_SENDS : CARD_BROKEN;
    }
    if (answer->len > sizeof talk->answer_private - talk->answer_len) {
        return CARD_BROKEN;
    }
    if (answer->len > 0) {
        memcpy(talk->answer_private + talk->answer_len, answer->data, answer->len);
        talk->answer_len += answer->len;
    }
    bool goes_on = talk->way == CARD_WAY_PARTS &&
                   (answer->specific == CCID_BEGINS || answer->specific == CCID_GOES_ON);
    return goes_on ? CARD_SENDS : CARD_DONE;
}

// What the reader could not read is for T=1 to ask for again; T=0 has no such way.
static enum card_turn take_block(struct card_talk *talk, const struct ccid_answer *answer)
{
    bool is_unreadable = answer->error == CCID_ERROR_MUTE || answer->error == CCID_ERROR_PARITY ||
                         answer->error == CCID_ERROR_OVERRUN;
    if (answer->has_failed && (talk->way == CARD_WAY_T0 || !is_unreadable)) {
        return CARD_BROKEN;
    }
    if (talk->way == CARD_WAY_T0) {
        enum card_turn turn = card_t0_take(&talk->t0, answer->data, answer->len);
        talk->answer_len = talk->t0.answer_len;
        return turn;
    }
    enum card_turn turn = answer->has_failed ? card_t1_take(&talk->t1, NULL, 0)
                                             : card_t1_take(&talk->t1, answer->data, answer->len);
    talk->answer_len = talk->t1.answer_len;
    return turn;
}
