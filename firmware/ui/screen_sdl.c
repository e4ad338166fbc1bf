// SPDX-License-Identifier: EUPL-1.2
//
// A window of SDL's: on a desk, or on a bare console by SDL's own kmsdrm.
#include "ui/screen.h"

#include "base/text.h"

#include <SDL2/SDL.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_MS_MAX = 60 * 60 * 1000 };

struct sdl_screen {
    struct screen_port screen; // first: the two are cast into each other
    struct clock clock;
    SDL_Window *window;
    uint32_t wake_type;    // of the event that wakes us
    int64_t finger_id;     // the finger that counts; others are ignored
    bool has_pointer_down; // finger or mouse
};

static const struct screen_ops sdl_ops;
static enum err take_surface(struct sdl_screen *sdl, struct fault *fault);
static void take_event(struct sdl_screen *sdl, const SDL_Event *event);

// Left alone SDL hands our finished pixels to OpenGL: 90 MB and a quarter of a second for nothing.
// Only the bare console (KMSDRM) has no other way to the screen.
static void avoid_graphics_card(void)
{
    if (!text_equal(SDL_GetCurrentVideoDriver(), "KMSDRM")) {
        (void)SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0"); // false: someone set it already
    }
}

// Where there is no message bus, D-Bus starts a program that looks for one. And the 14,000 lines
// of X11's accents are for those who type on a keyboard of their own.
static void leave_desktop_alone(const struct screen_options *options)
{
    CHECK(setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:", 0) == 0);
    if (!options->has_keyboard) {
        CHECK(setenv("XCOMPOSEFILE", "/dev/null", 0) == 0);
    }
}

static enum err open_window(struct sdl_screen *sdl, const struct screen_options *options,
                            struct fault *fault)
{
    sdl->window = SDL_CreateWindow(
        options->title, options->has_place ? options->x_px : (int)SDL_WINDOWPOS_UNDEFINED,
        options->has_place ? options->y_px : (int)SDL_WINDOWPOS_UNDEFINED, options->width_px,
        options->height_px, options->is_fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
    if (sdl->window == NULL) {
        return fault_set(fault, ERR_UNAVAILABLE, "window: %s", SDL_GetError());
    }
    if (options->is_fullscreen) {
        (void)SDL_ShowCursor(SDL_DISABLE); // a finger needs no arrow
    }
    sdl->wake_type = SDL_RegisterEvents(1);
    SDL_StartTextInput();
    return take_surface(sdl, fault);
}

enum err screen_sdl_open(struct screen_port **screen, const struct screen_options *options,
                         const struct screen_hooks *hooks, struct fault *fault)
{
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0");
    SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1"); // the first touch counts
    leave_desktop_alone(options);
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) {
        return fault_set(fault, ERR_UNAVAILABLE, "window: %s", SDL_GetError());
    }
    avoid_graphics_card();
    struct sdl_screen *sdl = calloc(1, sizeof *sdl);
    CHECK(sdl != NULL);
    *sdl =
        (struct sdl_screen){.screen = {.ops = &sdl_ops, .hooks = *hooks}, .clock = options->clock};
    enum err err = open_window(sdl, options, fault);
    if (err != OK) {
        screen_close(&sdl->screen);
        return err;
    }
    *screen = &sdl->screen;
    return OK;
}

static struct sdl_screen *sdl_of(struct screen_port *screen)
{
    return (struct sdl_screen *)screen;
}

static void sdl_close(struct screen_port *screen)
{
    struct sdl_screen *sdl = sdl_of(screen);
    if (sdl->window != NULL) {
        SDL_DestroyWindow(sdl->window);
    }
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
    free(sdl);
}

static void sdl_wait(struct screen_port *screen, int64_t until_ms)
{
    struct sdl_screen *sdl = sdl_of(screen);
    SDL_Event event;
    int got = 0;
    if (until_ms == INT64_MAX) {
        got = SDL_WaitEvent(&event);
    } else {
        int64_t left_ms = until_ms - clock_monotonic_ms(&sdl->clock);
        got = SDL_WaitEventTimeout(&event, (int)SDL_clamp(left_ms, 0, WAIT_MS_MAX));
    }
    while (got != 0) {
        take_event(sdl, &event);
        got = SDL_PollEvent(&event);
    }
}

static void sdl_present(struct screen_port *screen, const struct rect_px *rects, size_t count)
{
    CHECK(count <= SCREEN_RECTS_MAX);
    SDL_Rect parts[SCREEN_RECTS_MAX];
    for (size_t i = 0; i < count; i++) {
        parts[i] = (SDL_Rect){rects[i].x, rects[i].y, rects[i].width, rects[i].height};
    }
    // A window that vanished under us is told by an event; nothing to do here.
    (void)SDL_UpdateWindowSurfaceRects(sdl_of(screen)->window, parts, (int)count);
}

static void sdl_wake(struct screen_port *screen)
{
    SDL_Event event = {.type = sdl_of(screen)->wake_type};
    (void)SDL_PushEvent(&event); // a full queue wakes us as well
}

static const struct screen_ops sdl_ops = {
    .wait = sdl_wait, .present = sdl_present, .wake = sdl_wake, .close = sdl_close};

static enum err take_surface(struct sdl_screen *sdl, struct fault *fault)
{
    screen_begin_drawing(&sdl->screen);
    sdl->screen.surface = SDL_GetWindowSurface(sdl->window);
    if (sdl->screen.surface == NULL || sdl->screen.surface->format->BytesPerPixel != 4) {
        return fault_set(fault, ERR_UNSUPPORTED, "window: no 32-bit surface: %s", SDL_GetError());
    }
    screen_populate(&sdl->screen);
    return OK;
}

static void tell(struct sdl_screen *sdl, struct window_input input)
{
    sdl->screen.hooks.input(sdl->screen.hooks.ctx, &input);
}

// How long ago, on our own clock, SDL says it happened.
static int64_t event_time(const struct sdl_screen *sdl, uint32_t timestamp_ms)
{
    uint32_t age_ms = SDL_GetTicks() - timestamp_ms;
    return clock_monotonic_ms(&sdl->clock) - (age_ms > WAIT_MS_MAX ? 0 : age_ms);
}

static void point(struct sdl_screen *sdl, enum window_pointer kind, int x_px, int y_px,
                  uint32_t timestamp_ms)
{
    if (kind != WINDOW_MOVE) {
        sdl->has_pointer_down = kind == WINDOW_DOWN;
    }
    tell(sdl, (struct window_input){.kind = INPUT_POINTER,
                                    .pointer = kind,
                                    .x_px = x_px,
                                    .y_px = y_px,
                                    .at_ms = event_time(sdl, timestamp_ms)});
}

static void take_mouse(struct sdl_screen *sdl, const SDL_Event *event, enum window_pointer kind)
{
    bool is_move = event->type == SDL_MOUSEMOTION;
    uint32_t which = is_move ? event->motion.which : event->button.which;
    bool is_left = is_move || event->button.button == SDL_BUTTON_LEFT;
    // A touch also arrives as a mouse: one tap must not press twice.
    if (which == SDL_TOUCH_MOUSEID || !is_left || (is_move && !sdl->has_pointer_down)) {
        return;
    }
    point(sdl, kind, is_move ? event->motion.x : event->button.x,
          is_move ? event->motion.y : event->button.y, event->common.timestamp);
}

static void take_finger(struct sdl_screen *sdl, const SDL_Event *event, enum window_pointer kind)
{
    const SDL_TouchFingerEvent *finger = &event->tfinger;
    bool is_other = sdl->has_pointer_down && finger->fingerId != sdl->finger_id;
    if (finger->touchId == SDL_MOUSE_TOUCHID || is_other) {
        return;
    }
    sdl->finger_id = finger->fingerId;
    point(sdl, kind, (int)(finger->x * (float)sdl->screen.surface->w),
          (int)(finger->y * (float)sdl->screen.surface->h), event->common.timestamp);
}

static void take_text(struct sdl_screen *sdl, const SDL_Event *event)
{
    size_t len = strlen(event->text.text);
    size_t pos = 0;
    while (pos < len) {
        tell(sdl, (struct window_input){.kind = INPUT_TYPED,
                                        .character = utf8_next(event->text.text, len, &pos),
                                        .at_ms = event_time(sdl, event->common.timestamp)});
    }
}

static void move(struct sdl_screen *sdl, enum window_move move, int64_t at_ms)
{
    tell(sdl, (struct window_input){.kind = INPUT_MOVE, .move = move, .at_ms = at_ms});
}

static bool take_move_key(struct sdl_screen *sdl, const SDL_Event *event, int64_t at_ms)
{
    static const struct {
        SDL_Keycode code;
        enum window_move move;
    } moves[] = {
        {SDLK_LEFT, WINDOW_LEFT},
        {SDLK_RIGHT, WINDOW_RIGHT},
        {SDLK_UP, WINDOW_UPWARD},
        {SDLK_DOWN, WINDOW_DOWNWARD},
    };
    SDL_Keycode code = event->key.keysym.sym;
    if (code == SDLK_TAB) {
        bool is_back = (event->key.keysym.mod & KMOD_SHIFT) != 0;
        move(sdl, is_back ? WINDOW_PREVIOUS : WINDOW_NEXT, at_ms);
        return true;
    }
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        if (code == moves[i].code) {
            move(sdl, moves[i].move, at_ms);
            return true;
        }
    }
    return false;
}

static void take_key(struct sdl_screen *sdl, const SDL_Event *event)
{
    SDL_Keycode code = event->key.keysym.sym;
    int64_t at_ms = event_time(sdl, event->common.timestamp);
    bool is_repeat = event->key.repeat != 0;
    tell(sdl,
         (struct window_input){.kind = INPUT_KEY_DOWN, .is_repeat = is_repeat, .at_ms = at_ms});
    // A key held down does nothing more: slow hands must not act twice (EN 301 549, 5.7).
    if (is_repeat || take_move_key(sdl, event, at_ms)) {
        return;
    }
    enum tree_key key = KEY_NONE;
    if (code >= SDLK_F1 && code <= SDLK_F12) {
        key = (enum tree_key)(KEY_F1 + (code - SDLK_F1));
    } else if (code == SDLK_RETURN || code == SDLK_KP_ENTER) {
        key = KEY_ENTER;
    } else if (code == SDLK_ESCAPE) {
        key = KEY_ESCAPE;
    } else if (code == SDLK_BACKSPACE) {
        key = KEY_BACKSPACE;
    }
    if (key != KEY_NONE) {
        tell(sdl, (struct window_input){.kind = INPUT_KEY, .key = key, .at_ms = at_ms});
    }
}

static void tell_change(struct sdl_screen *sdl, enum screen_change change)
{
    sdl->screen.hooks.changed(sdl->screen.hooks.ctx, change);
}

static void take_window_event(struct sdl_screen *sdl, const SDL_Event *event)
{
    if (event->window.event == SDL_WINDOWEVENT_SIZE_CHANGED) {
        struct fault fault;
        tell_change(sdl, take_surface(sdl, &fault) == OK ? SCREEN_RESIZED : SCREEN_EXPOSED);
    } else if (event->window.event == SDL_WINDOWEVENT_EXPOSED) {
        tell_change(sdl, SCREEN_EXPOSED);
    }
}

static void take_event(struct sdl_screen *sdl, const SDL_Event *event)
{
    switch (event->type) {
    case SDL_QUIT:
        tell_change(sdl, SCREEN_CLOSED);
        return;
    case SDL_WINDOWEVENT:
        take_window_event(sdl, event);
        return;
    case SDL_MOUSEBUTTONDOWN:
        take_mouse(sdl, event, WINDOW_DOWN);
        return;
    case SDL_MOUSEMOTION:
        take_mouse(sdl, event, WINDOW_MOVE);
        return;
    case SDL_MOUSEBUTTONUP:
        take_mouse(sdl, event, WINDOW_UP);
        return;
    case SDL_FINGERDOWN:
        take_finger(sdl, event, WINDOW_DOWN);
        return;
    case SDL_FINGERMOTION:
        take_finger(sdl, event, WINDOW_MOVE);
        return;
    case SDL_FINGERUP:
        take_finger(sdl, event, WINDOW_UP);
        return;
    case SDL_TEXTINPUT:
        take_text(sdl, event);
        return;
    case SDL_KEYDOWN:
        take_key(sdl, event);
        return;
    default: // other devices' events: nothing to us
        return;
    }
}
