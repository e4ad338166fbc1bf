// SPDX-License-Identifier: EUPL-1.2
//
// The panel, the model and the scenes, put together as the program does.
#include "tests/fakes/at_kiosk.h"

#include "tests/fakes/hand.h"

#include <stdio.h>
#include <stdlib.h>

void at_kiosk_open(struct stage *stage, struct kiosk *kiosk, struct scenes *scenes,
                   struct clock clock)
{
    stage_open(stage, 1080, 1920, 3.61F);
    kiosk_init(kiosk, &stage->look, scenes);
    kiosk->clock = clock;
    const char *build = getenv("INLOOP_BUILD");
    (void)snprintf(kiosk->setup.strings_dir, sizeof kiosk->setup.strings_dir, "%s/strings",
                   build == NULL ? "build/release" : build);
    hand_put(kiosk->setup.language, sizeof kiosk->setup.language, "nl");
    kiosk->now_ms = 1000000;
    scenes_init(scenes, kiosk, &stage->look);
}

void at_kiosk_dress(struct stage *stage, struct kiosk *kiosk, const char *language,
                    enum stage_mode mode)
{
    stage_set(stage, language, mode);
    stage_phrases(&kiosk->phrases, language);
}
