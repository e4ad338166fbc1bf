// SPDX-License-Identifier: EUPL-1.2
//
// The one policy table.
#include "core/policy.h"

#include "base/bytes.h"

#include <string.h>

enum {
    NOTHING = 0,
    EXISTS = POLICY_COUNT | POLICY_TICKET,
    TITLES = EXISTS | POLICY_TITLE | POLICY_CONTEXT,
    ALL = TITLES | POLICY_DETAIL | POLICY_PRINT,
};

// L1 and a bare token (L2) are codes a bystander can photograph or read without touching: nothing
// personal follows from them on the kiosk before the second fact; a code of a letter or a pass with
// the birth date (L2) shows titles, a live token with it (L3) shows all. A document's chip, genuine
// and not cloned (L2), shows titles at once: it cannot be photographed, but whoever found it can
// lay it down, and nobody compared a face. Its holder sees all once staff did (L3). Sensitive
// matters are never printed, and by a letter's code alone they are not even named. Who holds the
// link of a form sees that form at its source too, so it is whole here at every level; it says
// nothing of anything else, and nobody knows how sensitive it is, so it is never printed. The same
// goes for what she began at the kiosk herself, whoever she is.
static const unsigned table[REQUEST_CLASSES_COUNT][LEVEL_3 + 1] = {
    [REQUEST_ORDINARY] =
        {
            [LEVEL_0] = NOTHING,
            [LEVEL_1] = EXISTS,
            [LEVEL_2] = TITLES,
            [LEVEL_3] = ALL,
        },
    [REQUEST_SENSITIVE] =
        {
            [LEVEL_0] = NOTHING,
            [LEVEL_1] = NOTHING,
            [LEVEL_2] = EXISTS,
            [LEVEL_3] = TITLES | POLICY_DETAIL,
        },
    [REQUEST_BY_LINK] =
        {
            [LEVEL_0] = NOTHING,
            [LEVEL_1] = TITLES | POLICY_DETAIL,
            [LEVEL_2] = TITLES | POLICY_DETAIL,
            [LEVEL_3] = TITLES | POLICY_DETAIL,
        },
    [REQUEST_BEGUN_HERE] =
        {
            [LEVEL_0] = TITLES | POLICY_DETAIL,
            [LEVEL_1] = TITLES | POLICY_DETAIL,
            [LEVEL_2] = TITLES | POLICY_DETAIL,
            [LEVEL_3] = TITLES | POLICY_DETAIL,
        },
};

unsigned policy_rights(enum request_class class, enum level level)
{
    CHECK(class < REQUEST_CLASSES_COUNT);
    CHECK(level <= LEVEL_3);
    return table[class][level];
}

bool policy_allows(enum request_class class, enum level level, enum policy_right right)
{
    return (policy_rights(class, level) & (unsigned)right) != 0;
}

void policy_redact(struct request_private *request, enum level level)
{
    if (!policy_allows(request->class, level, POLICY_TITLE)) {
        wipe(request->title, sizeof request->title);
        wipe(request->words, sizeof request->words);
        request->subject = SUBJECT_LETTER;
    }
    if (!policy_allows(request->class, level, POLICY_DETAIL)) {
        wipe(request->missing, sizeof request->missing);
        wipe(request->reference, sizeof request->reference);
        wipe(request->link, sizeof request->link);
        request->missing_count = 0;
        request->deadline_ms = 0;
        request->started_ms = 0;
        request->steps_done = 0;
        request->steps_count = 0;
    }
    wipe(request->facts, sizeof request->facts);
    request->facts_count = 0;
}
