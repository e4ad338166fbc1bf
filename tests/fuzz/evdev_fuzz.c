// SPDX-License-Identifier: EUPL-1.2
//
// A device's descriptor and firmware decide what the kernel tells us. Whatever that is, a pointer
// lies on the surface, goes down once before it goes up, and no key means nothing.
#include "ui/evdev_events.h"

#include "base/bytes.h"

#include <stdlib.h>

enum { WIDTH_PX = 1080, HEIGHT_PX = 1920 };

static bool is_down;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(void *ctx, const struct window_input *input)
{
    (void)ctx;
    if (input->kind == INPUT_POINTER) {
        bool goes_down = input->pointer == WINDOW_DOWN;
        if (goes_down == is_down || input->x_px < 0 || input->x_px >= WIDTH_PX || input->y_px < 0 ||
            input->y_px >= HEIGHT_PX) {
            abort();
        }
        is_down = goes_down || input->pointer == WINDOW_MOVE;
    } else if (input->kind == INPUT_KEY && input->key == KEY_NONE) {
        abort();
    } else if (input->kind == INPUT_TYPED && (input->character < ' ' || input->character > '~')) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes_in in;
    bytes_in_init(&in, data, size);
    uint8_t kinds = bytes_in_u8(&in);
    const struct evdev_kind kind = {
        .has_keys = (kinds & 1) != 0,
        .has_pointer = (kinds & 2) != 0,
        .has_slots = (kinds & 4) != 0,
        .x = {(int32_t)bytes_in_u32le(&in), (int32_t)bytes_in_u32le(&in)},
        .y = {(int32_t)bytes_in_u32le(&in), (int32_t)bytes_in_u32le(&in)},
    };
    struct evdev_target target = {.width_px = WIDTH_PX,
                                  .height_px = HEIGHT_PX,
                                  .rotation_degrees = (kinds >> 3 & 3) * 90,
                                  .calibration = {1, 0, 0, 0, 1, 0}};
    for (size_t i = 0; i < 6 && (kinds & 32) != 0; i++) {
        target.calibration[i] = (float)bytes_in_u8(&in) / 12.8F - 10;
    }
    struct evdev_device devices[2];
    evdev_device_init(&devices[0], &kind);
    evdev_device_init(&devices[1], &kind);
    is_down = false;
    while (bytes_in_left(&in) > 0) {
        uint8_t which = bytes_in_u8(&in);
        struct evdev_event event = {.type = which >> 1 & 31};
        event.code = bytes_in_u16le(&in);
        event.value = (int32_t)bytes_in_u32le(&in);
        evdev_take(&devices[which & 1], &target, &event, look_at, NULL);
        if ((which & 64) != 0) {
            evdev_forget(&devices[which & 1], &target, 0, look_at, NULL);
        }
    }
    return 0;
}
