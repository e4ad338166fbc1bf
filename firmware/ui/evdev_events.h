// SPDX-License-Identifier: EUPL-1.2
//
// From the kernel's input events to what a finger or a key did: one finger that counts, the keys of
// a keypad or keyboard. Pure: no device, no clock.
#ifndef INLOOP_UI_EVDEV_EVENTS_H
#define INLOOP_UI_EVDEV_EVENTS_H

#include "ui/window_input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EVDEV_FINGERS_MAX = 16 };

struct evdev_event {
    uint16_t type;
    uint16_t code;
    int32_t value;
    int64_t at_ms;
};

struct evdev_range {
    int32_t min;
    int32_t max;
};

// What a device is, as the kernel describes it.
struct evdev_kind {
    bool has_keys;
    bool has_pointer; // absolute: a finger, a pen, a virtual machine's tablet
    bool has_slots;   // several fingers (multi-touch protocol B)
    struct evdev_range x;
    struct evdev_range y;
};

struct evdev_finger {
    bool is_down;
    bool is_new; // came down since the last report
    int32_t x;
    int32_t y;
};

struct evdev_device {
    struct evdev_kind kind;
    struct evdev_finger fingers[EVDEV_FINGERS_MAX];
    size_t slot; // events speak of this finger; beyond the last: of one that is not followed
    bool counts; // `counting` is a finger on the screen
    size_t counting;
    bool was_lifted; // that finger, since the last report
    bool has_moved;
    int x_px; // as last told
    int y_px;
    unsigned held; // modifier keys
    bool has_capitals;
    bool is_dropping; // the kernel lost events: until the next report all is old
};

// The surface all devices point at, and the one device whose finger counts now.
struct evdev_target {
    int width_px;
    int height_px;
    int rotation_degrees; // as in rotate.h
    float calibration[6]; // as libinput's matrix, on 0..1 of the device
    const struct evdev_device *pointing;
};

// A device whose ranges are empty has no pointer.
void evdev_device_init(struct evdev_device *device, const struct evdev_kind *kind);
// Borrows all; calls `input` for what an event completes. Keys with Ctrl, Alt or Meta held mean
// nothing: there is no chord on a device.
void evdev_take(struct evdev_device *device, struct evdev_target *target,
                const struct evdev_event *event, window_input_fn input, void *ctx);
// The device went or cannot be followed: its finger is called back, its keys are let go.
void evdev_forget(struct evdev_device *device, struct evdev_target *target, int64_t at_ms,
                  window_input_fn input, void *ctx);

#endif
