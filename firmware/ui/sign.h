// SPDX-License-Identifier: EUPL-1.2
//
// A signature drawn with the finger: strokes, the pad as a node, and the picture as PNG. Whoever
// cannot sign by hand gets another way from the caller.
#ifndef INLOOP_UI_SIGN_H
#define INLOOP_UI_SIGN_H

#include "base/err.h"
#include "ui/keyboard.h"
#include "ui/scene.h"
#include "ui/widget.h"

#include <stddef.h>
#include <stdint.h>

enum {
    SIGN_POINTS_MAX = 4096,
    SIGN_URL_BYTES = 48 * 1024, // room for any data URL it gives, terminator included
};

// A point in hundredths of the pad's height, from its left and top edge.
struct sign_point {
    int16_t x;
    int16_t y;
    bool begins; // a stroke
};

struct sign_private {
    struct sign_point points[SIGN_POINTS_MAX];
    size_t points_count;
    bool is_down; // a finger is drawing
};

struct sign_words {
    const char *pad;   // its name: "Zet hier uw handtekening"
    const char *empty; // spoken while nothing stands there: "Nog leeg"
    const char *done;  // spoken once something does: "Er staat een handtekening"
    const char *erase; // "Wis"
    bool is_invalid;
};

void sign_init(struct sign_private *sign);
void sign_finish(struct sign_private *sign); // wipes
void sign_clear(struct sign_private *sign);
bool sign_is_empty(const struct sign_private *sign); // a mere dot is empty
// Adds pad ("sign.pad") and erase key ("sign.erase") to `parent`. `sign` is borrowed until the tree
// is cleared.
struct node *sign_build(struct maker maker, struct node *parent, const struct sign_private *sign,
                        const struct sign_words *words);
enum keyboard_result sign_event(struct sign_private *sign, const struct scene_event *event);
// The signature in black on white as "data:image/png;base64,...", terminated. ERR_TOO_BIG: `out` is
// too small. ERR_STATE: it is empty.
MUST_USE enum err sign_data_url(const struct sign_private *sign, char *out, size_t out_bytes,
                                struct fault *fault);

#endif
