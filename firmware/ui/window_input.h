// SPDX-License-Identifier: EUPL-1.2
//
// What a finger or a key did, whatever it came through: the words in which a screen tells the
// window's one pipeline.
#ifndef INLOOP_UI_WINDOW_INPUT_H
#define INLOOP_UI_WINDOW_INPUT_H

#include "ui/tree.h"

#include <stdbool.h>
#include <stdint.h>

enum window_pointer { WINDOW_DOWN, WINDOW_MOVE, WINDOW_UP, WINDOW_CANCEL };
enum window_move {
    WINDOW_NEXT,
    WINDOW_PREVIOUS,
    WINDOW_LEFT,
    WINDOW_RIGHT,
    WINDOW_UPWARD,
    WINDOW_DOWNWARD
};

enum window_input_kind {
    INPUT_POINTER,  // pointer, x_px, y_px
    INPUT_KEY_DOWN, // is_repeat; comes before what the key means
    INPUT_MOVE,     // move
    INPUT_KEY,      // key
    INPUT_TYPED,    // character
};

struct window_input {
    enum window_input_kind kind;
    enum window_pointer pointer;
    enum window_move move;
    enum tree_key key;
    uint32_t character;
    bool is_repeat;
    int x_px;
    int y_px;
    int64_t at_ms; // monotonic, when it happened
};
typedef void (*window_input_fn)(void *ctx, const struct window_input *input);

#endif
