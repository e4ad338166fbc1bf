// SPDX-License-Identifier: EUPL-1.2
//
// The fictional residents' pockets: whose phone or letter is held under the kiosk's scanner, whose
// card lies on its reader. The model of the one scene, and the thread that asks the fictional town,
// writes to the scanner and lays the cards.
#ifndef INLOOP_DEMO_POCKET_H
#define INLOOP_DEMO_POCKET_H

#include "base/config.h"
#include "base/mailbox.h"
#include "demo/pocket/pocket_card.h"
#include "ui/phrases.h"
#include "ui/scene.h"

enum {
    POCKET_RESIDENTS_MAX = 32,
    POCKET_ID_BYTES = POCKET_CARD_ID_BYTES,
    POCKET_NAME_BYTES = 80,
    POCKET_TEXT_BYTES = 4097, // the scanner refuses longer codes
    POCKET_KINDS = 6,
    POCKET_KIND_CARD = 5, // of pocket_kinds: what lies on the reader
    POCKET_OTHERS = 4,
};

struct pocket_resident {
    char id[POCKET_ID_BYTES];
    char name[POCKET_NAME_BYTES];
    char birth[16]; // as typed at the kiosk: "17-05-1984"; shorter when the register knows less
    bool has_phone; // and letters; else known by a card alone
    struct pocket_card card;
};

// From the thread.
struct pocket_answer {
    enum pocket_answer_kind { POCKET_LIST, POCKET_HELD, POCKET_LAID } kind;
    enum err err; // ERR_UNAVAILABLE: no town; ERR_NOT_FOUND: no such person; ERR_IO: no scanner, no
                  // reader
    struct pocket_resident residents[POCKET_RESIDENTS_MAX];
    size_t residents_count;
    char laid[POCKET_ID_BYTES]; // whose card, of LAID
    bool is_laid;               // else it lies there no more
};

// To the thread: with a resident, a code of that kind is asked for and held up, or the card laid or
// lifted; else `text` is held up.
struct pocket_command {
    char resident[POCKET_ID_BYTES];
    char kind[16];
    char text[POCKET_TEXT_BYTES];
};

// What the town says, bounded. Fills the residents, not their cards. ERR_MALFORMED.
MUST_USE enum err pocket_read_residents(const char *body, size_t len, struct pocket_answer *answer);
MUST_USE enum err pocket_read_code(const char *body, size_t len, char text[POCKET_TEXT_BYTES]);

// Keys: pocket.townhall ("http://127.0.0.1:PORT"), pocket.socket (the scanner's). Keeps `answers`,
// a mailbox of struct pocket_answer; those of pocket_card.h. With `asks_list`, asks for the
// residents until they are known.
struct pocket_io;
MUST_USE enum err pocket_io_open(struct pocket_io **io, const struct config *config,
                                 struct mailbox *answers, bool asks_list, struct fault *fault);
void pocket_io_close(struct pocket_io *io); // NULL allowed
// Every command is answered by one POCKET_HELD or POCKET_LAID; another POCKET_LAID tells of a card
// that went by itself. ERR_FULL.
MUST_USE enum err pocket_io_send(struct pocket_io *io, const struct pocket_command *command);

struct pocket {
    struct phrases phrases;
    struct pocket_io *io; // NULL in tests
    struct pocket_resident residents[POCKET_RESIDENTS_MAX];
    size_t residents_count;
    size_t kind;                // of pocket_kinds
    const char *said;           // phrase key of what happened last; NULL: nothing
    const char *named;          // fills "{name}"; NULL: nobody
    char laid[POCKET_ID_BYTES]; // whose card lies on the reader; empty: nobody's
};
extern const char *const pocket_kinds[POCKET_KINDS]; // "live", as the town names them

void pocket_take(struct pocket *pocket, const struct pocket_answer *answer);
extern const struct scene pocket_scene;

#endif
