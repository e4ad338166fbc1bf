// SPDX-License-Identifier: EUPL-1.2
//
// Linux' input events (Documentation/input/event-codes and multi-touch-protocol). Their numbers are
// written out: the kernel's own names (KEY_ENTER) are ours too, for other numbers (ui/tree.h).
#include "ui/evdev_events.h"

#include "ui/rotate.h"

#include <math.h>
#include <string.h>

enum { KIND_REPORT = 0, KIND_KEY = 1, KIND_ABSOLUTE = 3 };
enum { REPORT_END = 0, REPORT_DROPPED = 3 };
enum { BUTTON_LEFT = 0x110, BUTTON_TOUCH = 0x14a };
enum { AXIS_X = 0, AXIS_Y = 1, AXIS_SLOT = 0x2f, AXIS_SLOT_X = 0x35, AXIS_SLOT_Y = 0x36 };
enum { AXIS_SLOT_ID = 0x39 };
enum { CODE_CAPS_LOCK = 58, CODE_TAB = 15 };

// Held modifiers, a bit for each key.
enum { SHIFTS = 3, OTHERS = ~3 };

struct modifier {
    uint16_t code;
    unsigned bit;
};
static const struct modifier modifiers[] = {
    {42, 1},   {54, 2},    // shift
    {29, 4},   {97, 8},    // control
    {56, 16},  {100, 32},  // alt
    {125, 64}, {126, 128}, // meta
    {99, 256},             // system request
};

struct key_meaning {
    uint16_t code;
    enum tree_key key;
};
static const struct key_meaning keys[] = {
    {1, KEY_ESCAPE}, {14, KEY_BACKSPACE}, {28, KEY_ENTER}, {96, KEY_ENTER},
    {59, KEY_F1},    {60, KEY_F2},        {61, KEY_F3},    {62, KEY_F4},
    {63, KEY_F5},    {64, KEY_F6},        {65, KEY_F7},    {66, KEY_F8},
    {67, KEY_F9},    {68, KEY_F10},       {87, KEY_F11},   {88, KEY_F12},
};

struct move_meaning {
    uint16_t code;
    enum window_move move;
};
static const struct move_meaning moves[] = {
    {103, WINDOW_UPWARD}, {105, WINDOW_LEFT}, {106, WINDOW_RIGHT}, {108, WINDOW_DOWNWARD}};

// The American layout, which is also the Dutch one. A keypad's digits are digits whatever its lock
// says: nobody in a hall looks for that light.
struct row {
    uint16_t code; // of the first
    const char *plain;
    const char *shifted;
};
static const struct row rows[] = {
    {2, "1234567890-=", "!@#$%^&*()_+"},
    {16, "qwertyuiop[]", "QWERTYUIOP{}"},
    {30, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
    {43, "\\zxcvbnm,./", "|ZXCVBNM<>?"},
    {55, "*", "*"},
    {57, " ", " "},
    {71, "789-456+1230.", "789-456+1230."},
    {86, "\\", "|"},
    {98, "/", "/"},
};

static void take_key(struct evdev_device *device, const struct evdev_event *event,
                     window_input_fn input, void *ctx);
static void take_axis(struct evdev_device *device, const struct evdev_event *event);
static void report(struct evdev_device *device, struct evdev_target *target, int64_t at_ms,
                   window_input_fn input, void *ctx);

void evdev_device_init(struct evdev_device *device, const struct evdev_kind *kind)
{
    *device = (struct evdev_device){.kind = *kind};
    if (kind->x.max <= kind->x.min || kind->y.max <= kind->y.min) {
        device->kind.has_pointer = false;
    }
}

void evdev_take(struct evdev_device *device, struct evdev_target *target,
                const struct evdev_event *event, window_input_fn input, void *ctx)
{
    if (event->type == KIND_REPORT && event->code == REPORT_DROPPED) {
        evdev_forget(device, target, event->at_ms, input, ctx);
        device->is_dropping = true;
    } else if (event->type == KIND_REPORT && event->code == REPORT_END) {
        if (!device->is_dropping && device->kind.has_pointer) {
            report(device, target, event->at_ms, input, ctx);
        }
        device->is_dropping = false;
    } else if (device->is_dropping) {
        return;
    } else if (event->type == KIND_ABSOLUTE && device->kind.has_pointer) {
        take_axis(device, event);
    } else if (event->type == KIND_KEY) {
        take_key(device, event, input, ctx);
    }
}

static void point(const struct evdev_device *device, enum window_pointer kind, int64_t at_ms,
                  window_input_fn input, void *ctx)
{
    input(ctx, &(struct window_input){.kind = INPUT_POINTER,
                                      .pointer = kind,
                                      .x_px = device->x_px,
                                      .y_px = device->y_px,
                                      .at_ms = at_ms});
}

void evdev_forget(struct evdev_device *device, struct evdev_target *target, int64_t at_ms,
                  window_input_fn input, void *ctx)
{
    if (device->counts) {
        target->pointing = NULL;
        point(device, WINDOW_CANCEL, at_ms, input, ctx);
    }
    struct evdev_device fresh = {.kind = device->kind, .has_capitals = device->has_capitals};
    // The slot stays as the kernel last said it; places are told only when they change.
    fresh.slot = device->slot;
    for (size_t i = 0; i < EVDEV_FINGERS_MAX; i++) {
        fresh.fingers[i].x = device->fingers[i].x;
        fresh.fingers[i].y = device->fingers[i].y;
    }
    *device = fresh;
}

static void set_down(struct evdev_device *device, size_t slot, bool is_down)
{
    struct evdev_finger *finger = &device->fingers[slot];
    if (device->counts && slot == device->counting) {
        device->was_lifted = true; // another finger in its place is another finger
    }
    finger->is_down = is_down;
    finger->is_new = is_down;
}

static void take_axis(struct evdev_device *device, const struct evdev_event *event)
{
    bool has_slots = device->kind.has_slots;
    if (has_slots && event->code == AXIS_SLOT) {
        device->slot = event->value < 0 ? EVDEV_FINGERS_MAX : (size_t)event->value;
    }
    if (device->slot >= EVDEV_FINGERS_MAX) {
        return;
    }
    struct evdev_finger *finger = &device->fingers[device->slot];
    if (event->code == (has_slots ? AXIS_SLOT_X : AXIS_X)) {
        finger->x = event->value;
        device->has_moved = true;
    } else if (event->code == (has_slots ? AXIS_SLOT_Y : AXIS_Y)) {
        finger->y = event->value;
        device->has_moved = true;
    } else if (has_slots && event->code == AXIS_SLOT_ID) {
        set_down(device, device->slot, event->value >= 0);
    }
}

// The middle of the step that the device tells, 0..1.
static double share(int32_t value, struct evdev_range range)
{
    double steps = (double)range.max - range.min + 1;
    return fmin(fmax(((double)value - range.min + 0.5) / steps, 0), 1);
}

static int pixel(double share, int length_px)
{
    int at_px = (int)floor(fmin(fmax(share, 0), 1) * length_px);
    return at_px < length_px ? at_px : length_px - 1;
}

static void place(struct evdev_device *device, const struct evdev_target *target)
{
    const struct evdev_finger *finger = &device->fingers[device->counting];
    const float *m = target->calibration;
    double x = share(finger->x, device->kind.x);
    double y = share(finger->y, device->kind.y);
    double across = m[0] * x + m[1] * y + m[2];
    double down = m[3] * x + m[4] * y + m[5];
    rotate_back(target->rotation_degrees, &across, &down);
    device->x_px = pixel(across, target->width_px);
    device->y_px = pixel(down, target->height_px);
}

// A finger that was there already when the counting one left does not count: a resting hand.
static bool find_new_finger(struct evdev_device *device)
{
    for (size_t i = 0; i < EVDEV_FINGERS_MAX; i++) {
        if (device->fingers[i].is_new) {
            device->counting = i;
            return true;
        }
    }
    return false;
}

static void report(struct evdev_device *device, struct evdev_target *target, int64_t at_ms,
                   window_input_fn input, void *ctx)
{
    if (device->counts && device->was_lifted) {
        device->counts = false;
        target->pointing = NULL;
        point(device, WINDOW_UP, at_ms, input, ctx);
    }
    if (device->counts && device->has_moved) {
        int x_px = device->x_px;
        int y_px = device->y_px;
        place(device, target);
        if (x_px != device->x_px || y_px != device->y_px) {
            point(device, WINDOW_MOVE, at_ms, input, ctx);
        }
    }
    if (!device->counts && target->pointing == NULL && find_new_finger(device)) {
        device->counts = true;
        target->pointing = device;
        place(device, target);
        point(device, WINDOW_DOWN, at_ms, input, ctx);
    }
    device->was_lifted = false;
    device->has_moved = false;
    for (size_t i = 0; i < EVDEV_FINGERS_MAX; i++) {
        device->fingers[i].is_new = false;
    }
}

static bool take_modifier(struct evdev_device *device, const struct evdev_event *event)
{
    for (size_t i = 0; i < sizeof modifiers / sizeof modifiers[0]; i++) {
        if (event->code == modifiers[i].code) {
            unsigned bit = modifiers[i].bit;
            device->held = event->value != 0 ? device->held | bit : device->held & ~bit;
            return true;
        }
    }
    return false;
}

static uint32_t character_of(const struct evdev_device *device, uint16_t code)
{
    bool is_shifted = (device->held & SHIFTS) != 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        if (code >= row->code && code < row->code + strlen(row->plain)) {
            size_t at = (size_t)(code - row->code);
            bool is_letter = row->plain[at] >= 'a' && row->plain[at] <= 'z';
            bool is_upper = is_letter ? is_shifted != device->has_capitals : is_shifted;
            return (uint8_t)(is_upper ? row->shifted : row->plain)[at];
        }
    }
    return 0;
}

static struct window_input meaning_of(const struct evdev_device *device, uint16_t code)
{
    if (code == CODE_TAB) {
        bool is_back = (device->held & SHIFTS) != 0;
        return (struct window_input){.kind = INPUT_MOVE,
                                     .move = is_back ? WINDOW_PREVIOUS : WINDOW_NEXT};
    }
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        if (code == moves[i].code) {
            return (struct window_input){.kind = INPUT_MOVE, .move = moves[i].move};
        }
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (code == keys[i].code) {
            return (struct window_input){.kind = INPUT_KEY, .key = keys[i].key};
        }
    }
    return (struct window_input){.kind = INPUT_TYPED, .character = character_of(device, code)};
}

static void take_key(struct evdev_device *device, const struct evdev_event *event,
                     window_input_fn input, void *ctx)
{
    bool is_down = event->value == 1; // 2: it is held, which does nothing more
    if (event->code == BUTTON_TOUCH || event->code == BUTTON_LEFT) {
        if (device->kind.has_pointer && !device->kind.has_slots && event->value != 2) {
            set_down(device, 0, is_down);
        }
        return;
    }
    if (take_modifier(device, event) || !is_down || !device->kind.has_keys) {
        return;
    }
    if ((device->held & (unsigned)OTHERS) != 0) {
        return;
    }
    if (event->code == CODE_CAPS_LOCK) {
        device->has_capitals = !device->has_capitals;
        return;
    }
    struct window_input meaning = meaning_of(device, event->code);
    meaning.at_ms = event->at_ms;
    if (meaning.kind != INPUT_TYPED || meaning.character != 0) {
        input(ctx, &meaning);
    }
}
