// SPDX-License-Identifier: EUPL-1.2
//
// A visitor without a finger on the glass: the focus moves step by step, Enter chooses.
#ifndef INLOOP_TESTS_KEYPAD_H
#define INLOOP_TESTS_KEYPAD_H

#include "ui/window.h"

// Goes to a node and presses Enter on it; a second passes. False: the focus does not come there.
bool keypad_press(struct window *window, const char *id, int64_t *now_ms);
bool keypad_has(struct window *window, const char *id);
// The same on the keys of the keyboard on the screen, one after the other. What it has no key for
// and puts in by itself (blanks and dashes of a number) is passed over.
bool keypad_type(struct window *window, const char *words, int64_t *now_ms);

#endif
