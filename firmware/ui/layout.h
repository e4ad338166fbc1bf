// SPDX-License-Identifier: EUPL-1.2
//
// Gives every node its place: columns, rows, grids and stacks, by start and end so that right to
// left needs no second design. Also resolves colours and digests. No recursion, no allocation.
#ifndef INLOOP_UI_LAYOUT_H
#define INLOOP_UI_LAYOUT_H

#include "ui/look.h"
#include "ui/tree.h"

struct text_shaper;

// Fills `area`, `seen_*` and `digest` of every node. The first node fills the panel.
void layout_tree(struct tree *tree, const struct look *look, struct text_shaper *shaper);
// Only colours and digests again, after state bits changed: no place moves.
void layout_resolve(struct tree *tree, const struct look *look);
// The words a node draws itself: its name or, of a field, its value; "" when none.
const char *layout_words(const struct node *node);
// Where a node's own icon and words go: inside its padding, icon before, after or above the words.
struct layout_content {
    struct area icon;
    struct area words;
};
struct layout_content layout_content(const struct node *node, const struct look *look,
                                     struct text_shaper *shaper);

#endif
