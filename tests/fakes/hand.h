// SPDX-License-Identifier: EUPL-1.2
//
// A hand before a screen: what it touches and types comes to the scene on top.
#ifndef INLOOP_TESTS_HAND_H
#define INLOOP_TESTS_HAND_H

#include "ui/scene.h"

// A second passes first.
void hand_tap(struct scenes *scenes, const char *id, int64_t *now_ms);
// UTF-8, all in one moment.
void hand_type(struct scenes *scenes, const char *words, int64_t now_ms);
// Copies words that must fit.
void hand_put(char *to, size_t size, const char *from);

#endif
