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

static enum err open_surface(struct window *window, struct fault *fault);
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
    canvas_icons_close(window->icons);
    text_close(window->shaper);
    if (window->options.surface_only && window->surface != NULL) {
        wipe(window->surface->pixels, (size_t)window->surface->pitch * (size_t)window->surface->h);
        SDL_FreeSurface(window->surface);
    }
    screen_close(window->screen);
    tree_clear(&window->tree);
    *window = (struct window){0};
}

void window_run(struct window *window)
{
    CHECK(window->screen != NULL);
    struct watchdog *watchdog = window->options.watchdog;
    while (!window->scenes->is_quitting) {
        int64_t now_ms = clock_monotonic_ms(&window->options.clock);
        int64_t until_ms = INT64_MAX;
        if (watchdog != NULL) {
            watchdog_feed(watchdog, now_ms);
            until_ms = watchdog_next_ms(watchdog);
        }
        window_step(window, now_ms);
        if (window->scenes->is_quitting) {
            break;
        }
        if (window->options.turn != NULL) {
            int64_t turn_ms = window->options.turn(window->options.ctx, now_ms);
            until_ms = turn_ms < until_ms ? turn_ms : until_ms;
        }
        int64_t next_ms = window_next_ms(window);
        window->screen->ops->wait(window->screen, next_ms < until_ms ? next_ms : until_ms);
    }
}

void window_post(void *window)
{
    struct window *posted = window;
    atomic_store(&posted->has_post, true);
    if (posted->screen != NULL) {
        posted->screen->ops->wake(posted->screen);
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

// Everything is drawn anew on what the screen gives us now.
static void take_surface(struct window *window)
{
    struct look *look = window->look;
    window->surface = window->screen->surface;
    if (window->screen->px_per_mm > 0 && !window->options.screen.keeps_density) {
        look->px_per_mm = window->screen->px_per_mm;
    }
    look->width_px = window->surface->w;
    look->height_px = window->surface->h;
    look->width_mm = (float)look->width_px / look->px_per_mm;
    look->height_mm = (float)look->height_px / look->px_per_mm;
    window->needs_all = true;
}

static void take_input(void *ctx, const struct window_input *input)
{
    struct window *window = ctx;
    switch (input->kind) {
    case INPUT_POINTER:
        window_pointer(window, input->pointer, input->x_px, input->y_px, input->at_ms);
        return;
    case INPUT_KEY_DOWN:
        window_key_down(window, input->is_repeat);
        return;
    case INPUT_MOVE:
        window_move_focus(window, input->move, input->at_ms);
        return;
    case INPUT_KEY:
        window_press_key(window, input->key, input->at_ms);
        return;
    case INPUT_TYPED:
        window_type(window, input->character, input->at_ms);
        return;
    }
}

static void take_change(void *ctx, enum screen_change change)
{
    struct window *window = ctx;
    switch (change) {
    case SCREEN_RESIZED:
        take_surface(window);
        canvas_init(&window->canvas, window->surface, window->icons);
        return;
    case SCREEN_EXPOSED:
        window->needs_all = true;
        return;
    case SCREEN_CLOSED:
        scenes_quit(window->scenes);
        return;
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
    struct screen_options options = window->options.screen;
    options.title = window->options.title;
    options.has_keyboard = window->options.has_action_keys;
    options.width_px = look->width_px;
    options.height_px = look->height_px;
    options.clock = window->options.clock;
    const struct screen_hooks hooks = {.input = take_input, .changed = take_change, .ctx = window};
    enum err err = screen_open(&window->screen, &options, &hooks, fault);
    if (err == OK) {
        take_surface(window);
    }
    return err;
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

static void show(struct window *window)
{
    find_changes(window);
    remember(window);
    if (window->dirty_count == 0) {
        return;
    }
    if (window->screen != NULL) {
        screen_begin_drawing(window->screen);
    }
    for (size_t i = 0; i < window->dirty_count; i++) {
        canvas_set_clip(&window->canvas, window->dirty[i]);
        draw_tree(&window->tree, window->look, window->shaper, &window->canvas);
    }
    canvas_set_clip(&window->canvas,
                    (struct rect_px){0, 0, window->look->width_px, window->look->height_px});
    if (window->screen != NULL) {
        window->screen->ops->present(window->screen, window->dirty, window->dirty_count);
    }
    if (window->tree_path != NULL) {
        export_tree(window);
    }
    window->is_presented = true;
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
