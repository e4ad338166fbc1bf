// SPDX-License-Identifier: EUPL-1.2
//
// Two soft notes, each rising fast and dying away, through SDL's audio queue.
#include "ui/sound.h"

#include "base/err.h"

#include <SDL2/SDL.h>
#include <math.h>

#define FIRST_HZ 880.0
#define SECOND_HZ 660.0
#define LOUDEST 0.5 // of full scale: room for the loudspeaker's own amplifier
enum { NOTE_SAMPLES = SOUND_CHIME_SAMPLES / 2 + 1, RISE_SAMPLES = SOUND_RATE / 100 };

enum err sound_open(struct sound *sound, struct fault *fault)
{
    *sound = (struct sound){.is_wanted = true};
    if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) {
        return fault_set(fault, ERR_UNAVAILABLE, "sound: %s", SDL_GetError());
    }
    const SDL_AudioSpec wanted = {
        .freq = SOUND_RATE, .format = AUDIO_S16SYS, .channels = 1, .samples = 512};
    sound->device = SDL_OpenAudioDevice(NULL, 0, &wanted, NULL, 0);
    if (sound->device == 0) {
        SDL_QuitSubSystem(SDL_INIT_AUDIO);
        return fault_set(fault, ERR_UNAVAILABLE, "sound: %s", SDL_GetError());
    }
    return OK;
}

void sound_close(struct sound *sound)
{
    if (sound->device != 0) {
        SDL_CloseAudioDevice(sound->device);
        SDL_QuitSubSystem(SDL_INIT_AUDIO);
    }
    *sound = (struct sound){0};
}

void sound_chime(struct sound *sound, int volume)
{
    struct fault silent;
    // On a device the sound card's driver comes after the first picture.
    if (!sound->is_wanted || (sound->device == 0 && sound_open(sound, &silent) != OK)) {
        return;
    }
    static int16_t samples[SOUND_CHIME_SAMPLES]; // one UI thread
    sound_synthesize_chime(samples, volume);
    SDL_ClearQueuedAudio(sound->device);
    // A device that went away is silent; the call is on the screen all the same.
    (void)SDL_QueueAudio(sound->device, samples, sizeof samples);
    SDL_PauseAudioDevice(sound->device, 0);
}

void sound_stop(struct sound *sound)
{
    if (sound->device != 0) {
        SDL_ClearQueuedAudio(sound->device);
        SDL_PauseAudioDevice(sound->device, 1); // else the device wakes us for silence
    }
}

static double note(int at, double hz)
{
    const double turn = 6.283185307179586;
    double second = (double)at / SOUND_RATE;
    double rise = at < RISE_SAMPLES ? (double)at / RISE_SAMPLES : 1.0;
    double left = 1.0 - (double)at / NOTE_SAMPLES; // ends at nothing: no click
    double tone = sin(turn * hz * second) + 0.25 * sin(2 * turn * hz * second);
    return rise * left * exp(-3.0 * second) * tone / 1.25;
}

void sound_synthesize_chime(int16_t samples[SOUND_CHIME_SAMPLES], int volume)
{
    CHECK(volume >= 0 && volume <= 100);
    for (int i = 0; i < SOUND_CHIME_SAMPLES; i++) {
        double level = i < NOTE_SAMPLES ? note(i, FIRST_HZ) : note(i - NOTE_SAMPLES, SECOND_HZ);
        samples[i] = (int16_t)lround(level * LOUDEST * 32767.0 * volume / 100.0);
    }
}
