// SPDX-License-Identifier: EUPL-1.2
//
// Looks over a laid-out tree for what a person would trip over: words that do not fit, targets too
// small or too close, colours too near, controls the keypad cannot reach. For tests of every scene
// in every language and mode.
#ifndef INLOOP_UI_AUDIT_H
#define INLOOP_UI_AUDIT_H

#include "ui/look.h"
#include "ui/text.h"
#include "ui/tree.h"

#include <stddef.h>

enum audit_kind {
    AUDIT_TEXT_CUT,      // words need more room than their box
    AUDIT_TEXT_SMALL,    // capitals below 7.33 mm (0.7 degree at 600 mm); profile decides
    AUDIT_OUTSIDE,       // a node reaches out of the panel
    AUDIT_OVERLAP,       // two actionable nodes, or two texts, overlap
    AUDIT_TARGET_SMALL,  // below 20 x 20 mm
    AUDIT_TARGETS_CLOSE, // less than 3 mm apart
    AUDIT_CONTRAST,      // words below 4.5:1, however large
    AUDIT_UNREACHABLE,   // actionable but not in the focus order
    AUDIT_READING_ORDER, // the keypad goes back up to reach it
    AUDIT_SPILLS,        // a part reaches out of the part it stands in
    AUDIT_NOT_MIRRORED,  // a row runs against the direction of the language
    AUDIT_NAMELESS,      // actionable without a name
    AUDIT_TWO_FILLED,    // more than one surface carries the action colour
    AUDIT_NO_GLYPH,      // the fonts lack a character
    AUDIT_SAME_ID,       // two nodes with one id
    AUDIT_TOO_HIGH,      // low mode: a control above the lowest 300 mm
};
const char *audit_kind_name(enum audit_kind kind);

struct audit_finding {
    enum audit_kind kind;
    char id[TREE_ID_BYTES];
    char text[96];
};

// What a kind of screen must keep to.
struct audit_profile {
    float cap_mm_min;    // 0: not checked
    float target_mm_min; // 0: not checked (keyboard and mouse screens)
    float gap_mm_min;
};
extern const struct audit_profile audit_kiosk;   // 7.33, 20, 3
extern const struct audit_profile audit_counter; // a desk with a keyboard: no target sizes
extern const struct audit_profile audit_display; // nothing to touch

// Fills at most `findings_max`; gives the number found, which may be more.
size_t audit_tree(struct tree *tree, const struct look *look, struct text_shaper *shaper,
                  const struct audit_profile *profile, struct audit_finding *findings,
                  size_t findings_max);

#endif
