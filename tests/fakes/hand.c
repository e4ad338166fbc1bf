// SPDX-License-Identifier: EUPL-1.2
//
// Events as the window makes them of touches and keys.
#include "tests/fakes/hand.h"

#include "base/text.h"

#include <string.h>

void hand_tap(struct scenes *scenes, const char *id, int64_t *now_ms)
{
    *now_ms += 1000;
    const struct scene_event event = {.kind = SCENE_ACTIVATED, .id = id, .now_ms = *now_ms};
    scenes_event(scenes, &event);
}

void hand_type(struct scenes *scenes, const char *words, int64_t now_ms)
{
    for (size_t pos = 0; words[pos] != '\0';) {
        const struct scene_event event = {.kind = SCENE_TYPED,
                                          .id = "",
                                          .character = utf8_next(words, strlen(words), &pos),
                                          .now_ms = now_ms};
        scenes_event(scenes, &event);
    }
}

void hand_put(char *to, size_t size, const char *from)
{
    CHECK(text_copy(to, size, from) == OK);
}
