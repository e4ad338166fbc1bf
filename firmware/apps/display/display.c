// SPDX-License-Identifier: EUPL-1.2
//
// The rules of the wall display.
#include "apps/display/display.h"

#include "base/text.h"

#include <string.h>

static void show(struct display *display, const struct api_state_call *call, int64_t now_ms);
static int64_t newest_known_ms(const struct display *display);

void display_take_state(struct display *display, const struct api_state *state)
{
    text_copy_cut(display->town, sizeof display->town, state->town);
    memcpy(display->services, state->services, sizeof display->services);
    display->services_count = state->services_count;
    display->is_lost = false;
    if (!display->had_state || state->calls_count == 0) {
        display->had_state = true;
        display->pending_count = 0;
        display->is_new = false;
        display->rows_count = 0;
        while (display->rows_count < DISPLAY_ROWS && display->rows_count < state->calls_count) {
            display->rows[display->rows_count] = state->calls[display->rows_count];
            display->rows_count += 1;
        }
        return;
    }
    int64_t known_ms = newest_known_ms(display);
    for (size_t i = state->calls_count; i > 0; i--) {
        if (state->calls[i - 1].called_ms > known_ms) {
            display_take_call(display, &state->calls[i - 1]);
        }
    }
}

void display_take_call(struct display *display, const struct api_state_call *call)
{
    if (display->pending_count == DISPLAY_PENDING_MAX) {
        display->pending_count -= 1;
        memmove(display->pending, display->pending + 1,
                display->pending_count * sizeof display->pending[0]);
    }
    display->pending[display->pending_count++] = *call;
}

void display_take_service(struct display *display, const struct api_state_service *service)
{
    for (size_t i = 0; i < display->services_count; i++) {
        if (display->services[i].letter == service->letter) {
            display->services[i] = *service;
        }
    }
}

void display_lose(struct display *display)
{
    display->is_lost = true;
    display->is_new = false;
}

int64_t display_step(struct display *display, int64_t now_ms)
{
    int64_t shown_ms = now_ms - display->new_since_ms;
    bool had_its_time = !display->is_new || shown_ms >= DISPLAY_LEAST_MS;
    if (display->pending_count > 0 && had_its_time) {
        show(display, &display->pending[0], now_ms);
        display->pending_count -= 1;
        memmove(display->pending, display->pending + 1,
                display->pending_count * sizeof display->pending[0]);
    } else if (display->is_new && shown_ms >= DISPLAY_NEW_MS) {
        display->is_new = false;
    }
    if (!display->is_new) {
        return SCENE_NEVER;
    }
    return display->new_since_ms + (display->pending_count > 0 ? DISPLAY_LEAST_MS : DISPLAY_NEW_MS);
}

struct health display_health(const struct display *display, bool is_drawn)
{
    return (struct health){.role = "display",
                           .is_drawn = is_drawn,
                           .is_connected = display->had_state && !display->is_lost};
}

bool display_wait(const struct display *display, unsigned *minutes_min, unsigned *minutes_max)
{
    bool is_known = false;
    for (size_t i = 0; i < display->services_count; i++) {
        const struct wait_band *wait = &display->services[i].wait;
        if (!wait->is_known) {
            continue;
        }
        if (!is_known || wait->minutes_min < *minutes_min) {
            *minutes_min = wait->minutes_min;
        }
        if (!is_known || wait->minutes_max > *minutes_max) {
            *minutes_max = wait->minutes_max;
        }
        is_known = true;
    }
    return is_known;
}

// Puts a call on top; the same number further down moves up instead of standing there twice.
static void show(struct display *display, const struct api_state_call *call, int64_t now_ms)
{
    size_t gap = display->rows_count < DISPLAY_ROWS ? display->rows_count : DISPLAY_ROWS - 1;
    for (size_t i = 0; i < display->rows_count; i++) {
        if (text_equal(display->rows[i].number, call->number)) {
            gap = i;
        }
    }
    if (gap == display->rows_count) {
        display->rows_count += 1;
    }
    memmove(display->rows + 1, display->rows, gap * sizeof display->rows[0]);
    display->rows[0] = *call;
    display->is_new = true;
    display->new_since_ms = now_ms;
    display->chimes_count += 1;
}

static int64_t newest_known_ms(const struct display *display)
{
    int64_t newest_ms = 0;
    for (size_t i = 0; i < display->rows_count; i++) {
        if (display->rows[i].called_ms > newest_ms) {
            newest_ms = display->rows[i].called_ms;
        }
    }
    for (size_t i = 0; i < display->pending_count; i++) {
        if (display->pending[i].called_ms > newest_ms) {
            newest_ms = display->pending[i].called_ms;
        }
    }
    return newest_ms;
}
