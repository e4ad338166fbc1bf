// SPDX-License-Identifier: EUPL-1.2
//
// Opening, the loop, and showing: what changed between two trees is found by id and digest, and
// only those rectangles are drawn and presented.
#include "ui/window.h"

#include "base/bytes.h"
#include "base/text.h"
#include "ui/draw.h"
#include "ui/layout.h"

#include <SDL2/SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WAIT_MS_MAX = 60 * 60 * 1000 };

static enum err open_surface(struct window *window, struct fault *fault);
static void take_event(struct window *window, const SDL_Event *event);
static void end_populating(struct window *window);
static void show(struct window *window);
static void mark_keyboard_focus(struct window *window);
static uint64_t hash_bytes(const void *data, size_t len);

enum err window_open(struct window *window, struct look *look, struct scenes *scenes,
                     const struct window_options *options, struct fault *fault)
{
    CHECK(look != NULL && scenes != NULL && options != NULL);

    *window = (struct window){.look = look, .scenes = scenes, .options = *options};
    window->needs_all = true;
    window->hold_at_ms = SCENE_NEVER;
    if (window->options.clock.monotonic_ms == NULL) {
        window->options.clock = clock_system();
    }
#ifdef INLOOP_DESK
    window->tree_path = getenv("INLOOP_TREE_FILE");
#endif
    enum err err = open_surface(window, fault);
    if (err != OK) {
        goto close_window;
    }
    err = text_open(&window->shaper, options->font_dirs, fault);
    if (err != OK) {
        goto close_window;
    }
    if (options->icons_dir != NULL) {
        err = canvas_icons_open(&window->icons, options->icons_dir, fault);
        if (err != OK) {
            goto close_window;
        }
    }
    canvas_init(&window->canvas, window->surface, window->icons);
    return OK;

close_window:
    window_close(window);
    return err;
}

void window_close(struct window *window)
{
    end_populating(window);
    canvas_icons_close(window->icons);
    text_close(window->shaper);
    if (window->options.surface_only && window->surface != NULL) {
        wipe(window->surface->pixels, (size_t)window->surface->pitch * (size_t)window->surface->h);
        SDL_FreeSurface(window->surface);
    }
    if (window->sdl != NULL) {
        SDL_DestroyWindow(window->sdl);
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
    }
    tree_clear(&window->tree);
    *window = (struct window){0};
}

static int wait_ms(const struct window *window, int64_t next_ms)
{
    int64_t left_ms = next_ms - clock_monotonic_ms(&window->options.clock);
    return (int)SDL_clamp(left_ms, 0, WAIT_MS_MAX);
}

void window_run(struct window *window)
{
    CHECK(window->sdl != NULL);
    while (!window->scenes->is_quitting) {
        window_step(window, clock_monotonic_ms(&window->options.clock));
        if (window->scenes->is_quitting) {
            break;
        }
        SDL_Event event;
        int64_t next_ms = window_next_ms(window);
        int got = next_ms == SCENE_NEVER ? SDL_WaitEvent(&event)
                                         : SDL_WaitEventTimeout(&event, wait_ms(window, next_ms));
        while (got != 0) {
            take_event(window, &event);
            got = SDL_PollEvent(&event);
        }
    }
}

void window_post(void *window)
{
    struct window *posted = window;
    atomic_store(&posted->has_post, true);
    if (posted->sdl != NULL) {
        SDL_Event event = {.type = posted->wake_type};
        (void)SDL_PushEvent(&event); // a full queue wakes us as well
    }
}

static void prepare(struct window *window)
{
    const struct look *look = window->look;
    struct {
        int width_px, height_px;
        float px_per_mm;
        int modes;
        char language[LOOK_LANGUAGE_BYTES];
    } modes = {0};
    modes.width_px = look->width_px;
    modes.height_px = look->height_px;
    modes.px_per_mm = look->px_per_mm;
    modes.modes = look->is_large + 2 * look->is_contrast + 4 * look->is_low + 8 * look->is_mirrored;
    text_copy_cut(modes.language, sizeof modes.language, look->language);
    uint64_t hash = hash_bytes(&modes, sizeof modes);
    if (hash != window->look_hash) {
        window->needs_all = true;
        window->look_hash = hash;
    }
    if (window->shown_changes != window->scenes->changes_count) {
        window->shown_changes = window->scenes->changes_count;
        window->focus_id[0] = '\0';
        window->pressed_id[0] = '\0';
        window->stroke_id[0] = '\0';
        window->hold_at_ms = SCENE_NEVER;
        text_forget(window->shaper);
    }
}

bool window_refresh(struct window *window)
{
    prepare(window);
    scenes_build(window->scenes, &window->tree);
    mark_keyboard_focus(window);
    struct node *pressed = tree_find(&window->tree, window->pressed_id);
    if (pressed != NULL && window->pressed_id[0] != '\0') {
        pressed->states |= NODE_PRESSED;
    }
    layout_tree(&window->tree, window->look, window->shaper);
    show(window);
    return window->dirty_count > 0;
}

void window_refresh_all(struct window *window)
{
    window->needs_all = true;
}

void window_focus(struct window *window, const char *id)
{
    if (text_copy(window->focus_id, sizeof window->focus_id, id) != OK) {
        window->focus_id[0] = '\0';
    }
    window->uses_keys = window->focus_id[0] != '\0';
}

int64_t window_last_input_ms(const struct window *window)
{
    return window->last_input_ms;
}

void window_show_states(struct window *window)
{
    layout_resolve(&window->tree, window->look);
    show(window);
}

void window_step(struct window *window, int64_t now_ms)
{
    if (atomic_exchange(&window->has_post, false)) {
        if (window->options.posted != NULL) {
            window->options.posted(window->options.ctx);
        }
        if (scenes_top(window->scenes) != NULL) {
            const struct scene_event event = {.kind = SCENE_POSTED, .id = "", .now_ms = now_ms};
            scenes_event(window->scenes, &event);
        }
    }
    window_hold(window, now_ms);
    (void)scenes_tick(window->scenes, now_ms);
    if (!window->scenes->is_quitting) {
        (void)window_refresh(window);
    }
}

enum err window_save_png(struct window *window, const char *path, struct fault *fault)
{
    return canvas_save_png(&window->canvas, path, fault);
}

static void fit_look(struct window *window)
{
    struct look *look = window->look;
    look->width_px = window->surface->w;
    look->height_px = window->surface->h;
    look->width_mm = (float)look->width_px / look->px_per_mm;
    look->height_mm = (float)look->height_px / look->px_per_mm;
}

// All its pages at once and beside the words, which are laid out meanwhile: one by one, at the
// first touch, they cost more than the picture. A virtual machine knows them only when they were
// read.
static void *populate(void *ctx)
{
    const struct SDL_Surface *surface = ctx;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = (uintptr_t)surface->pixels & ~(page - 1);
    uintptr_t end = (uintptr_t)surface->pixels + (size_t)surface->pitch * (size_t)surface->h;
    (void)madvise((void *)start, end - start, MADV_POPULATE_WRITE); // older kernels: as before
    for (uintptr_t at = (uintptr_t)surface->pixels; at < end; at += page) {
        (void)*(const volatile uint8_t *)at;
    }
    return NULL;
}

static void start_populating(struct window *window)
{
    window->is_populating =
        pthread_create(&window->populating, NULL, populate, window->surface) == 0;
}

// Before anything is drawn on it.
static void end_populating(struct window *window)
{
    if (window->is_populating) {
        CHECK(pthread_join(window->populating, NULL) == 0);
        window->is_populating = false;
    }
}

static enum err take_window_surface(struct window *window, struct fault *fault)
{
    end_populating(window);
    window->surface = SDL_GetWindowSurface(window->sdl);
    if (window->surface == NULL || window->surface->format->BytesPerPixel != 4) {
        return fault_set(fault, ERR_UNSUPPORTED, "window: no 32-bit surface: %s", SDL_GetError());
    }
    start_populating(window);
    fit_look(window);
    return OK;
}

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
static void leave_desktop_alone(const struct window_options *options)
{
    CHECK(setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:", 0) == 0);
    if (!options->has_action_keys) {
        CHECK(setenv("XCOMPOSEFILE", "/dev/null", 0) == 0);
    }
}

static enum err open_surface(struct window *window, struct fault *fault)
{
    struct look *look = window->look;
    if (window->options.surface_only) {
        window->surface = SDL_CreateRGBSurfaceWithFormat(0, look->width_px, look->height_px, 32,
                                                         SDL_PIXELFORMAT_RGB888);
        CHECK(window->surface != NULL);
        return OK;
    }
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0");
    leave_desktop_alone(&window->options);
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) {
        return fault_set(fault, ERR_UNAVAILABLE, "window: %s", SDL_GetError());
    }
    avoid_graphics_card();
    uint32_t flags = window->options.is_fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0;
    const struct window_options *options = &window->options;
    window->sdl = SDL_CreateWindow(
        options->title, options->has_place ? options->x_px : (int)SDL_WINDOWPOS_UNDEFINED,
        options->has_place ? options->y_px : (int)SDL_WINDOWPOS_UNDEFINED, look->width_px,
        look->height_px, flags);
    if (window->sdl == NULL) {
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        return fault_set(fault, ERR_UNAVAILABLE, "window: %s", SDL_GetError());
    }
    if (window->options.is_fullscreen) {
        (void)SDL_ShowCursor(SDL_DISABLE); // a finger needs no arrow
    }
    window->wake_type = SDL_RegisterEvents(1);
    SDL_StartTextInput();
    return take_window_surface(window, fault);
}

// How long ago, on our own clock, SDL says it happened.
static int64_t event_time(const struct window *window, uint32_t timestamp_ms)
{
    uint32_t age_ms = SDL_GetTicks() - timestamp_ms;
    return clock_monotonic_ms(&window->options.clock) - (age_ms > WAIT_MS_MAX ? 0 : age_ms);
}

static void take_mouse(struct window *window, const SDL_Event *event, enum window_pointer kind)
{
    bool is_move = event->type == SDL_MOUSEMOTION;
    uint32_t which = is_move ? event->motion.which : event->button.which;
    bool is_left = is_move || event->button.button == SDL_BUTTON_LEFT;
    // A touch also arrives as a mouse: one tap must not press twice.
    if (which == SDL_TOUCH_MOUSEID || !is_left || (is_move && !window->pointer_down)) {
        return;
    }
    window_pointer(window, kind, is_move ? event->motion.x : event->button.x,
                   is_move ? event->motion.y : event->button.y,
                   event_time(window, event->common.timestamp));
}

static void take_finger(struct window *window, const SDL_Event *event, enum window_pointer kind)
{
    const SDL_TouchFingerEvent *finger = &event->tfinger;
    bool is_other = window->pointer_down && finger->fingerId != window->pointer_id;
    if (finger->touchId == SDL_MOUSE_TOUCHID || is_other) {
        return;
    }
    window->pointer_id = finger->fingerId;
    window_pointer(window, kind, (int)(finger->x * (float)window->look->width_px),
                   (int)(finger->y * (float)window->look->height_px),
                   event_time(window, event->common.timestamp));
}

static void take_text(struct window *window, const SDL_Event *event)
{
    size_t len = strlen(event->text.text);
    size_t pos = 0;
    while (pos < len) {
        uint32_t character = utf8_next(event->text.text, len, &pos);
        window_type(window, character, event_time(window, event->common.timestamp));
    }
}

static bool take_move_key(struct window *window, const SDL_Event *event, int64_t now_ms)
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
        window_move_focus(window, is_back ? WINDOW_PREVIOUS : WINDOW_NEXT, now_ms);
        return true;
    }
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        if (code == moves[i].code) {
            window_move_focus(window, moves[i].move, now_ms);
            return true;
        }
    }
    return false;
}

static void take_key(struct window *window, const SDL_Event *event)
{
    SDL_Keycode code = event->key.keysym.sym;
    int64_t now_ms = event_time(window, event->common.timestamp);
    // A key held down does nothing more: slow hands must not act twice (EN 301 549, 5.7).
    window_key_down(window, event->key.repeat != 0);
    if (event->key.repeat != 0 || take_move_key(window, event, now_ms)) {
        return;
    }
    if (code >= SDLK_F1 && code <= SDLK_F12) {
        window_press_key(window, (enum tree_key)(KEY_F1 + (code - SDLK_F1)), now_ms);
    } else if (code == SDLK_RETURN || code == SDLK_KP_ENTER) {
        window_press_key(window, KEY_ENTER, now_ms);
    } else if (code == SDLK_ESCAPE) {
        window_press_key(window, KEY_ESCAPE, now_ms);
    } else if (code == SDLK_BACKSPACE) {
        window_press_key(window, KEY_BACKSPACE, now_ms);
    }
}

static void take_window_event(struct window *window, const SDL_Event *event)
{
    if (event->window.event == SDL_WINDOWEVENT_SIZE_CHANGED) {
        struct fault fault;
        if (take_window_surface(window, &fault) == OK) {
            canvas_init(&window->canvas, window->surface, window->icons);
        }
        window->needs_all = true;
    } else if (event->window.event == SDL_WINDOWEVENT_EXPOSED) {
        window->needs_all = true;
    }
}

static void take_event(struct window *window, const SDL_Event *event)
{
    switch (event->type) {
    case SDL_QUIT:
        scenes_quit(window->scenes);
        return;
    case SDL_WINDOWEVENT:
        take_window_event(window, event);
        return;
    case SDL_MOUSEBUTTONDOWN:
        take_mouse(window, event, WINDOW_DOWN);
        return;
    case SDL_MOUSEMOTION:
        take_mouse(window, event, WINDOW_MOVE);
        return;
    case SDL_MOUSEBUTTONUP:
        take_mouse(window, event, WINDOW_UP);
        return;
    case SDL_FINGERDOWN:
        take_finger(window, event, WINDOW_DOWN);
        return;
    case SDL_FINGERMOTION:
        take_finger(window, event, WINDOW_MOVE);
        return;
    case SDL_FINGERUP:
        take_finger(window, event, WINDOW_UP);
        return;
    case SDL_TEXTINPUT:
        take_text(window, event);
        return;
    case SDL_KEYDOWN:
        take_key(window, event);
        return;
    default: // other devices' events: nothing to us
        return;
    }
}

static int area_px(struct rect_px rect)
{
    return rect.width * rect.height;
}

// Notes a rectangle to be drawn; close ones become one, so that little is drawn twice.
static void add_dirty(struct window *window, struct rect_px rect)
{
    rect = rect_px_common(rect,
                          (struct rect_px){0, 0, window->look->width_px, window->look->height_px});
    if (rect_px_is_empty(rect)) {
        return;
    }
    for (size_t i = 0; i < window->dirty_count; i++) {
        struct rect_px both = rect_px_union(window->dirty[i], rect);
        int apart = area_px(window->dirty[i]) + area_px(rect);
        if (area_px(both) <= apart + apart / 4) {
            window->dirty[i] = both;
            return;
        }
    }
    if (window->dirty_count < WINDOW_DIRTY_MAX) {
        window->dirty[window->dirty_count] = rect;
        window->dirty_count += 1;
    } else {
        window->dirty[0] = rect_px_union(window->dirty[0], rect);
    }
}

static int16_t *slot_of(struct window *window, uint64_t id_hash)
{
    size_t slot = id_hash % WINDOW_FOUND_SLOTS;
    while (window->found[slot] >= 0 && window->shown[window->found[slot]].id_hash != id_hash) {
        slot = (slot + 1) % WINDOW_FOUND_SLOTS;
    }
    return &window->found[slot];
}

static void compare_node(struct window *window, const struct node *node)
{
    struct rect_px reach = draw_reach(node, window->look);
    int16_t found = *slot_of(window, hash_bytes(node->id, strlen(node->id)));
    if (found < 0) {
        add_dirty(window, reach);
        return;
    }
    struct window_shown *shown = &window->shown[found];
    bool is_same =
        shown->digest == node->digest && memcmp(&shown->reach, &reach, sizeof reach) == 0;
    if (!is_same) {
        add_dirty(window, shown->reach);
        add_dirty(window, reach);
    }
    shown->reach = (struct rect_px){0}; // seen: whatever keeps its reach has gone
}

static void find_changes(struct window *window)
{
    window->dirty_count = 0;
    if (window->needs_all) {
        window->needs_all = false;
        add_dirty(window, (struct rect_px){0, 0, window->look->width_px, window->look->height_px});
        return;
    }
    memset(window->found, -1, sizeof window->found);
    for (size_t i = 0; i < window->shown_count; i++) {
        *slot_of(window, window->shown[i].id_hash) = (int16_t)i;
    }
    for (size_t i = 0; i < window->tree.nodes_count; i++) {
        compare_node(window, &window->tree.nodes[i]);
    }
    for (size_t i = 0; i < window->shown_count; i++) {
        add_dirty(window, window->shown[i].reach);
    }
}

static void remember(struct window *window)
{
    window->shown_count = window->tree.nodes_count;
    for (size_t i = 0; i < window->shown_count; i++) {
        const struct node *node = &window->tree.nodes[i];
        window->shown[i] = (struct window_shown){hash_bytes(node->id, strlen(node->id)),
                                                 node->digest, draw_reach(node, window->look)};
    }
}

// For scripts on a desk: the tree as it is on the screen now. Written whole, then renamed.
static void export_tree(struct window *window)
{
#ifdef INLOOP_DESK
    char path[512];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s.new", window->tree_path);
    FILE *file = text.is_cut ? NULL : fopen(path, "wb");
    if (file == NULL) {
        return;
    }
    char *words = tree_export(&window->tree, window->look, false);
    bool is_written = fputs(words, file) >= 0;
    is_written = fclose(file) == 0 && is_written;
    if (is_written) {
        (void)rename(path, window->tree_path); // a script that waits will see the next one
    }
    wipe(words, strlen(words));
    free(words);
#else
    (void)window;
#endif
}

static void present(struct window *window)
{
    SDL_Rect rects[WINDOW_DIRTY_MAX];
    for (size_t i = 0; i < window->dirty_count; i++) {
        const struct rect_px *rect = &window->dirty[i];
        rects[i] = (SDL_Rect){rect->x, rect->y, rect->width, rect->height};
    }
    // A window that vanished under us is told by an event; nothing to do here.
    (void)SDL_UpdateWindowSurfaceRects(window->sdl, rects, (int)window->dirty_count);
}

static void show(struct window *window)
{
    find_changes(window);
    remember(window);
    if (window->dirty_count == 0) {
        return;
    }
    end_populating(window);
    for (size_t i = 0; i < window->dirty_count; i++) {
        canvas_set_clip(&window->canvas, window->dirty[i]);
        draw_tree(&window->tree, window->look, window->shaper, &window->canvas);
    }
    canvas_set_clip(&window->canvas,
                    (struct rect_px){0, 0, window->look->width_px, window->look->height_px});
    if (window->sdl != NULL) {
        present(window);
    }
    if (window->tree_path != NULL) {
        export_tree(window);
    }
    if (window->options.presented != NULL) {
        window->options.presented(window->options.ctx, &window->tree);
    }
}

static struct node *focused_by_scene(struct tree *tree)
{
    for (size_t i = 0; i < tree->nodes_count; i++) {
        if ((tree->nodes[i].states & NODE_FOCUSED) != 0) {
            return &tree->nodes[i];
        }
    }
    return NULL;
}

// Where among the keys the focus is, for when this key goes.
static void remember_focus(struct window *window, const struct node *focused)
{
    int16_t order[WINDOW_FOCUSABLES_MAX];
    size_t count = tree_focus_order(&window->tree, order, WINDOW_FOCUSABLES_MAX);
    window->focus_is_key = focused->role == ROLE_KEY;
    for (size_t i = 0; i < count; i++) {
        if (&window->tree.nodes[order[i]] == focused) {
            window->focus_position = i;
        }
    }
}

// A key went (another layer, the variants closed): whoever walks with keys goes on from the key
// that stands there now, not from the top of the page.
static struct node *key_in_its_place(struct window *window)
{
    int16_t order[WINDOW_FOCUSABLES_MAX];
    size_t count = tree_focus_order(&window->tree, order, WINDOW_FOCUSABLES_MAX);
    if (window->focus_position >= count) {
        return NULL;
    }
    struct node *node = &window->tree.nodes[order[window->focus_position]];
    return node->role == ROLE_KEY ? node : NULL;
}

// The keyboard's own focus wins over the one a scene gives (the field being typed in). Whoever uses
// keys finds the focus of a new scene on its first part.
static void mark_keyboard_focus(struct window *window)
{
    struct node *given = focused_by_scene(&window->tree);
    struct node *node =
        window->focus_id[0] == '\0' ? NULL : tree_find(&window->tree, window->focus_id);
    if (node != NULL && !tree_takes_focus(node)) {
        node = NULL;
    }
    if (node == NULL && window->focus_id[0] != '\0' && window->focus_is_key) {
        node = key_in_its_place(window);
    }
    if (node == NULL && window->uses_keys && given == NULL && !window->options.has_action_keys) {
        int16_t first = 0;
        node = tree_focus_order(&window->tree, &first, 1) == 1 ? &window->tree.nodes[first] : NULL;
    }
    if (node == NULL) {
        window->focus_id[0] = '\0';
        return;
    }
    if (given != NULL) {
        given->states &= ~(unsigned)NODE_FOCUSED;
    }
    node->states |= NODE_FOCUSED;
    text_copy_cut(window->focus_id, sizeof window->focus_id, node->id);
    remember_focus(window, node);
}

static uint64_t hash_bytes(const void *data, size_t len)
{
    const uint8_t *bytes = data;
    uint64_t hash = 14695981039346656037ULL;
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ bytes[i]) * 1099511628211ULL;
    }
    return hash;
}
