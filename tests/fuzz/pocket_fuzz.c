// SPDX-License-Identifier: EUPL-1.2
//
// Whatever something that is not the fictional town may answer the pocket.
#include "base/text.h"
#include "demo/pocket/pocket.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct pocket_answer answer;
    static char text[POCKET_TEXT_BYTES];
    if (pocket_read_residents((const char *)data, len, &answer) == OK) {
        for (size_t i = 0; i < answer.residents_count; i++) {
            CHECK(text_is_printable(answer.residents[i].name));
        }
    }
    CHECK(answer.residents_count <= POCKET_RESIDENTS_MAX);
    struct pocket_card card;
    CHECK(pocket_card_read((const char *)data, len, &card) == OK || card.kind == POCKET_CARD_NONE);
    CHECK(pocket_read_code((const char *)data, len, text) == OK || text[0] == '\0');
    return 0;
}
