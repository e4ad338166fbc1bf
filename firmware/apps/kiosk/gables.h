// SPDX-License-Identifier: EUPL-1.2
//
// The one illustration of the kiosk: a row of gables and a hall with its door open.
#ifndef INLOOP_APPS_KIOSK_GABLES_H
#define INLOOP_APPS_KIOSK_GABLES_H

#include "ui/canvas.h"
#include "ui/tree.h"

#define GABLES_HEIGHT_MM DRAWN(230)

// A node's `draw`: flat shapes in the theme's field tones. Looks the same in both directions.
void gables_draw(const struct node *node, struct canvas *canvas, const struct look *look);

#endif
