// SPDX-License-Identifier: EUPL-1.2
//
// Draws a laid-out tree by its style classes. Nodes outside the clip cost nothing.
#ifndef INLOOP_UI_DRAW_H
#define INLOOP_UI_DRAW_H

#include "ui/canvas.h"
#include "ui/look.h"
#include "ui/text.h"
#include "ui/tree.h"

// Borrows all; the tree has been laid out for this look.
void draw_tree(const struct tree *tree, const struct look *look, struct text_shaper *shaper,
               struct canvas *canvas);
// The pixels a node may touch: its area, its focus ring and its bites.
struct rect_px draw_reach(const struct node *node, const struct look *look);
struct rect_px draw_rect(const struct look *look, struct area area);

#endif
