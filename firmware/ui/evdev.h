// SPDX-License-Identifier: EUPL-1.2
//
// The input devices of a machine without a desk: found, taken for us alone, read, and found again
// when they are plugged in. What their events mean is evdev_events.c.
#ifndef INLOOP_UI_EVDEV_H
#define INLOOP_UI_EVDEV_H

#include "base/err.h"
#include "ui/window_input.h"

#include <stdbool.h>

struct evdev_options {
    const char *folder;   // "/dev/input"; kept
    const char *touch;    // kept; the name of the one pointing device that counts; NULL: all
    int rotation_degrees; // as in rotate.h
    float calibration[6]; // as libinput's matrix
    window_input_fn input;
    void *ctx;
};

struct evdev;

// Devices that are not there yet, or that we may not open yet, come later by themselves. Taken
// devices are ours alone: no chord of theirs reaches the kernel's console. ERR_IO: the kernel has
// no room for us.
MUST_USE enum err evdev_open(struct evdev **evdev, const struct evdev_options *options,
                             struct fault *fault);
void evdev_close(struct evdev *evdev); // NULL allowed
// The surface that is pointed at.
void evdev_fit(struct evdev *evdev, int width_px, int height_px);
// Readable when there is something to take.
int evdev_fd(const struct evdev *evdev);
// Never waits; calls `input` for all that has come.
void evdev_read(struct evdev *evdev);

#endif
