// SPDX-License-Identifier: EUPL-1.2
//
// Sets of evidence and the level each earns.
#include "core/evidence.h"

#include "base/text.h"

static const char *const names[EVIDENCE_KINDS_COUNT] = {
    [EVIDENCE_PAPER_CODE] = "paper_code",           [EVIDENCE_PORTAL_TOKEN] = "portal_token",
    [EVIDENCE_PORTAL_DIGID] = "portal_digid",       [EVIDENCE_BIRTH_DATE] = "birth_date",
    [EVIDENCE_DOCUMENT_SEEN] = "document_seen",     [EVIDENCE_RESUME_LINK] = "resume_link",
    [EVIDENCE_PASS_NUMBER] = "pass_number",         [EVIDENCE_CHIP_GENUINE] = "chip_genuine",
    [EVIDENCE_CHIP_NOT_CLONED] = "chip_not_cloned",
};

static bool is_code(struct evidence evidence);

void evidence_add(struct evidence *evidence, enum evidence_kind kind)
{
    CHECK(kind < EVIDENCE_KINDS_COUNT);
    evidence->kinds |= 1U << kind;
}

bool evidence_has(struct evidence evidence, enum evidence_kind kind)
{
    CHECK(kind < EVIDENCE_KINDS_COUNT);
    return (evidence.kinds >> kind & 1) != 0;
}

bool evidence_names_person(struct evidence evidence)
{
    return is_code(evidence) || evidence_has(evidence, EVIDENCE_PORTAL_TOKEN) ||
           evidence_has(evidence, EVIDENCE_CHIP_GENUINE) ||
           evidence_has(evidence, EVIDENCE_DOCUMENT_SEEN);
}

bool evidence_is_document(struct evidence evidence)
{
    return evidence_has(evidence, EVIDENCE_CHIP_GENUINE) &&
           evidence_has(evidence, EVIDENCE_CHIP_NOT_CLONED);
}

enum level evidence_level(struct evidence evidence)
{
    bool has_date = evidence_has(evidence, EVIDENCE_BIRTH_DATE);
    if (evidence_has(evidence, EVIDENCE_DOCUMENT_SEEN)) {
        return LEVEL_3;
    }
    if (evidence_has(evidence, EVIDENCE_PORTAL_TOKEN)) {
        return has_date ? LEVEL_3 : LEVEL_2;
    }
    if (evidence_is_document(evidence) || (is_code(evidence) && has_date)) {
        return LEVEL_2;
    }
    return is_code(evidence) || evidence_has(evidence, EVIDENCE_CHIP_GENUINE) ||
                   evidence_has(evidence, EVIDENCE_RESUME_LINK)
               ? LEVEL_1
               : LEVEL_0;
}

const char *evidence_name(enum evidence_kind kind)
{
    CHECK(kind < EVIDENCE_KINDS_COUNT);
    return names[kind];
}

enum err evidence_from_name(const char *name, enum evidence_kind *kind)
{
    size_t index = 0;
    enum err err = text_find(names, EVIDENCE_KINDS_COUNT, name, &index);
    if (err == OK) {
        *kind = (enum evidence_kind)index;
    }
    return err;
}

// A claim that anyone could copy: the letter or the pass itself says whose it is.
static bool is_code(struct evidence evidence)
{
    return evidence_has(evidence, EVIDENCE_PAPER_CODE) ||
           evidence_has(evidence, EVIDENCE_PASS_NUMBER);
}
