// SPDX-License-Identifier: EUPL-1.2
//
// A picture on a panel that hangs on its side or upside down: copying rectangles over, and finding
// the way back from a place on the panel. Pure.
#ifndef INLOOP_UI_ROTATE_H
#define INLOOP_UI_ROTATE_H

#include "ui/canvas.h"

#include <stddef.h>
#include <stdint.h>

// 32 bits a pixel.
struct pixels {
    uint8_t *bytes; // borrowed
    size_t pitch;   // bytes from a row to the next
    int width_px;
    int height_px;
};

// Everywhere `degrees` is 0, 90, 180 or 270: how far the picture is turned clockwise on the panel.
// Where a rectangle of a picture of this size stands on the panel.
struct rect_px rotate_rect(int degrees, int width_px, int height_px, struct rect_px rect);
// Copies that rectangle over. It lies within the picture; the panel is of the picture's size,
// turned.
void rotate_copy(int degrees, const struct pixels *picture, struct rect_px rect,
                 const struct pixels *panel);
// From a place on the panel to the one in the picture, both 0..1.
void rotate_back(int degrees, double *across, double *down);

#endif
