// SPDX-License-Identifier: EUPL-1.2
//
// How a person was identified, and the level of assurance it earns. Pure.
#ifndef INLOOP_CORE_EVIDENCE_H
#define INLOOP_CORE_EVIDENCE_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

// L0 anonymous, L1 a claim anyone could copy, L2 a live token or a verified chip, L3 a second fact
// confirmed, DigiD on the own phone, or a document seen by staff.
enum level { LEVEL_0, LEVEL_1, LEVEL_2, LEVEL_3 };

enum evidence_kind {
    EVIDENCE_PAPER_CODE,      // the code of a letter: a claim
    EVIDENCE_PORTAL_TOKEN,    // a live token, redeemed once at the portal
    EVIDENCE_PORTAL_DIGID,    // the portal vouches for DigiD substantial or high within this token
    EVIDENCE_BIRTH_DATE,      // the second fact, equal to the register's
    EVIDENCE_DOCUMENT_SEEN,   // staff looked at a document and at the person
    EVIDENCE_RESUME_LINK,     // a link that its form's source accepts: says which form, not who
    EVIDENCE_PASS_NUMBER,     // the number of a municipal pass, which any reader can copy: a claim
    EVIDENCE_CHIP_GENUINE,    // a state signed what the chip says; the data alone can be copied
    EVIDENCE_CHIP_NOT_CLONED, // the chip holds the key that was signed with it; says who only with
                              // EVIDENCE_CHIP_GENUINE
    EVIDENCE_KINDS_COUNT,
};

// A set of kinds: bit n is kind n.
struct evidence {
    uint32_t kinds;
};

void evidence_add(struct evidence *evidence, enum evidence_kind kind);
bool evidence_has(struct evidence evidence, enum evidence_kind kind);
// Something says who this is, so that a second fact can be held against it.
bool evidence_names_person(struct evidence evidence);
// A document's chip, genuine and not cloned. Its birth date came along and the register agreed:
// asking it again would prove nothing.
bool evidence_is_document(struct evidence evidence);
// Birth date alone earns nothing: it counts only on top of a claim or a token. It adds nothing to a
// link, which belongs to no person a register knows, nor to a chip, which says it itself: who holds
// the document can read it from the print. Whose the document is, only a person can see.
enum level evidence_level(struct evidence evidence);
// "paper_code", "portal_token", ...: the names of the hub's API.
const char *evidence_name(enum evidence_kind kind);
MUST_USE enum err evidence_from_name(const char *name, enum evidence_kind *kind);

#endif
