// SPDX-License-Identifier: EUPL-1.2
//
// Gives every node its place: columns, rows, grids and stacks, by start and end so that right to
// left needs no second design. Also resolves colours and digests. No recursion, no allocation.
#ifndef INLOOP_UI_LAYOUT_H
#define INLOOP_UI_LAYOUT_H

#include "ui/look.h"
#include "ui/text.h"
#include "ui/tree.h"

// Fills `area`, `seen_*` and `digest` of every node. The first node fills the panel.
void layout_tree(struct tree *tree, const struct look *look, struct text_shaper *shaper);
// Only colours and digests again, after state bits changed: no place moves.
void layout_resolve(struct tree *tree, const struct look *look);
// The words a node draws itself: its name or, of a field, its value; "" when none.
const char *layout_words(const struct node *node);
// How a node's words are set. What somebody types goes its own way, whatever the screen's language:
// an address in Latin letters stays in order on an Arabic screen.
struct text_setting layout_setting(const struct node *node, const struct look *look);
// A node's place inside its padding.
struct area layout_inner(const struct node *node, const struct look *look);
// Where a node's own icon and words go: inside its padding, icon before, after or above the words.
struct layout_content {
    struct area icon;
    struct area words;
};
struct layout_content layout_content(const struct node *node, const struct look *look,
                                     struct text_shaper *shaper);

#endif
