// SPDX-License-Identifier: EUPL-1.2
//
// The one sound we make ourselves: the chime of a call, 880 then 660 Hz. Every sound has a visual
// twin; without an audio device everything works silently.
#ifndef INLOOP_UI_SOUND_H
#define INLOOP_UI_SOUND_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SOUND_RATE = 22050, SOUND_CHIME_SAMPLES = SOUND_RATE * 9 / 10 };

struct sound {
    uint32_t device; // 0: silent
    bool is_wanted;
};

// ERR_UNAVAILABLE: no audio device yet; the sound is silent until one is there when it chimes.
MUST_USE enum err sound_open(struct sound *sound, struct fault *fault);
void sound_close(struct sound *sound);
// Plays at once, cutting what plays. `volume` 0..100. Stop it a second later: an open device that
// plays silence wakes the machine 43 times a second.
void sound_chime(struct sound *sound, int volume);
void sound_stop(struct sound *sound);
// The samples themselves, mono. For tests.
void sound_synthesize_chime(int16_t samples[SOUND_CHIME_SAMPLES], int volume);

#endif
