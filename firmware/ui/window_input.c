// SPDX-License-Identifier: EUPL-1.2
//
// One pipeline for finger, mouse, keypad and keyboard: they end in the activation of a node.
#include "ui/window.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

static void activate(struct window *window, const char *id, int64_t now_ms);
static bool is_double(const struct window *window, const struct node *node, int64_t now_ms);
static bool is_typed_in(const struct window *window, const struct node *node);
static void send(struct window *window, struct scene_event event);
static void move_to(struct window *window, struct node *node, int64_t now_ms);
static const struct node *pad_at(const struct window *window, int x_px, int y_px);
static void stroke(struct window *window, const struct node *pad, enum scene_stroke part, int x_px,
                   int y_px);

static void note_input(struct window *window, bool is_key, int64_t now_ms)
{
    window->last_input_ms = now_ms;
    window->uses_keys = is_key;
}

static struct node *node_at(struct window *window, int x_px, int y_px)
{
    return tree_at(&window->tree, look_mm(window->look, (float)x_px + 0.5f),
                   look_mm(window->look, (float)y_px + 0.5f));
}

static void set_pressed(struct window *window, struct node *node, bool is_pressed)
{
    bool was_pressed = (node->states & NODE_PRESSED) != 0;
    if (was_pressed != is_pressed) {
        node->states ^= NODE_PRESSED;
        window_show_states(window);
    }
}

static void pointer_down(struct window *window, struct node *under, int64_t now_ms)
{
    window->pointer_down = true;
    window->hold_at_ms = SCENE_NEVER;
    struct node *focused =
        window->focus_id[0] == '\0' ? NULL : tree_find(&window->tree, window->focus_id);
    window->focus_id[0] = '\0';
    if (focused != NULL) {
        focused->states &= ~(unsigned)NODE_FOCUSED;
        window_show_states(window);
    }
    if (under != NULL) {
        text_copy_cut(window->pressed_id, sizeof window->pressed_id, under->id);
        if ((under->states & NODE_HOLDS) != 0) {
            window->hold_at_ms = now_ms + WINDOW_HOLD_MS;
        }
        set_pressed(window, under, true);
    }
}

// Moves and the end of a stroke belong to the pad it began on, wherever the finger is.
static void go_on_drawing(struct window *window, enum window_pointer kind, int x_px, int y_px)
{
    const struct node *pad = tree_find(&window->tree, window->stroke_id);
    bool is_move = kind == WINDOW_MOVE;
    if (!is_move) {
        window->pointer_down = false;
        window->stroke_id[0] = '\0';
    }
    if (pad != NULL) {
        stroke(window, pad, is_move ? STROKE_MOVE : STROKE_END, x_px, y_px);
    }
}

void window_pointer(struct window *window, enum window_pointer kind, int x_px, int y_px,
                    int64_t now_ms)
{
    note_input(window, false, now_ms);
    struct node *under = node_at(window, x_px, y_px);
    if (kind == WINDOW_DOWN) {
        pointer_down(window, under, now_ms);
        const struct node *pad = under == NULL ? pad_at(window, x_px, y_px) : NULL;
        if (pad != NULL) {
            text_copy_cut(window->stroke_id, sizeof window->stroke_id, pad->id);
            stroke(window, pad, STROKE_BEGIN, x_px, y_px);
        }
        return;
    }
    if (window->stroke_id[0] != '\0') {
        go_on_drawing(window, kind, x_px, y_px);
        return;
    }
    struct node *pressed =
        window->pressed_id[0] == '\0' ? NULL : tree_find(&window->tree, window->pressed_id);
    if (kind == WINDOW_MOVE) {
        if (pressed != NULL && window->pointer_down) {
            set_pressed(window, pressed, under == pressed);
            if (under != pressed) {
                window->hold_at_ms = SCENE_NEVER;
            }
        }
        return;
    }
    window->pointer_down = false;
    window->hold_at_ms = SCENE_NEVER;
    window->pressed_id[0] = '\0';
    if (pressed == NULL) {
        return;
    }
    set_pressed(window, pressed, false);
    if (kind == WINDOW_UP && under == pressed) {
        activate(window, pressed->id, now_ms);
    }
}

enum err window_tap(struct window *window, const char *id, int64_t now_ms)
{
    const struct node *node = tree_find(&window->tree, id);
    if (node == NULL || !tree_takes_focus(node)) {
        return ERR_NOT_FOUND;
    }
    int x_px = look_px(window->look, node->area.x_mm + node->area.width_mm / 2);
    int y_px = look_px(window->look, node->area.y_mm + node->area.height_mm / 2);
    window_pointer(window, WINDOW_DOWN, x_px, y_px, now_ms);
    window_pointer(window, WINDOW_UP, x_px, y_px, now_ms);
    return OK;
}

static struct node *focused_node(struct window *window)
{
    for (size_t i = 0; i < window->tree.nodes_count; i++) {
        if ((window->tree.nodes[i].states & NODE_FOCUSED) != 0) {
            return &window->tree.nodes[i];
        }
    }
    return NULL;
}

static size_t position_in(const struct window *window, const int16_t *order, size_t count,
                          const struct node *node)
{
    for (size_t i = 0; i < count; i++) {
        if (&window->tree.nodes[order[i]] == node) {
            return i;
        }
    }
    return count;
}

// How far `to` lies in the wanted direction; sideways counts double. Negative: not that way.
static float distance(const struct area *from, const struct area *to, enum window_move move)
{
    float across = to->x_mm + to->width_mm / 2 - from->x_mm - from->width_mm / 2;
    float down = to->y_mm + to->height_mm / 2 - from->y_mm - from->height_mm / 2;
    bool is_flat = move == WINDOW_LEFT || move == WINDOW_RIGHT;
    float ahead = is_flat ? across : down;
    float aside = is_flat ? down : across;
    ahead = move == WINDOW_LEFT || move == WINDOW_UPWARD ? -ahead : ahead;
    // Only what begins beyond our own edge is "that way".
    float reach =
        is_flat ? (from->width_mm + to->width_mm) / 4 : (from->height_mm + to->height_mm) / 4;
    return ahead < reach ? -1.0f : ahead + 2.0f * fabsf(aside);
}

static struct node *nearest(struct window *window, const int16_t *order, size_t count,
                            enum window_move move)
{
    const struct node *from = focused_node(window);
    struct node *best = NULL;
    float best_mm = 0;
    for (size_t i = 0; i < count; i++) {
        struct node *node = &window->tree.nodes[order[i]];
        float far_mm = distance(&from->area, &node->area, move);
        if (node != from && far_mm >= 0 && (best == NULL || far_mm < best_mm)) {
            best = node;
            best_mm = far_mm;
        }
    }
    return best;
}

void window_move_focus(struct window *window, enum window_move move, int64_t now_ms)
{
    int16_t order[WINDOW_FOCUSABLES_MAX];
    size_t count = tree_focus_order(&window->tree, order, WINDOW_FOCUSABLES_MAX);
    note_input(window, true, now_ms);
    if (count == 0) {
        return;
    }
    size_t at = position_in(window, order, count, focused_node(window));
    bool is_step = move == WINDOW_NEXT || move == WINDOW_PREVIOUS;
    struct node *node = is_step || at == count ? NULL : nearest(window, order, count, move);
    bool is_back = move == WINDOW_PREVIOUS || move == WINDOW_UPWARD ||
                   move == (window->look->is_mirrored ? WINDOW_RIGHT : WINDOW_LEFT);
    if (node == NULL) {
        // Nothing that way: on in reading order, round the end, so that no place is a trap.
        size_t next = is_back ? (at == count ? count - 1 : at + count - 1) : at + 1;
        node = &window->tree.nodes[order[at == count && !is_back ? 0 : next % count]];
    }
    move_to(window, node, now_ms);
}

static struct node *node_of_key(struct window *window, enum tree_key key)
{
    for (size_t i = 0; i < window->tree.nodes_count; i++) {
        struct node *node = &window->tree.nodes[i];
        if (node->key == key && tree_takes_focus(node)) {
            return node;
        }
    }
    return NULL;
}

void window_press_key(struct window *window, enum tree_key key, int64_t now_ms)
{
    CHECK(key != KEY_NONE);
    note_input(window, true, now_ms);
    const struct node *focused =
        window->focus_id[0] == '\0' ? NULL : tree_find(&window->tree, window->focus_id);
    bool presses = key == KEY_ENTER && focused != NULL && tree_takes_focus(focused) &&
                   !is_typed_in(window, focused);
    const struct node *node = presses ? focused : node_of_key(window, key);
    if (node != NULL) {
        activate(window, node->id, now_ms);
        return;
    }
    send(window, (struct scene_event){.kind = SCENE_KEY, .id = "", .key = key, .now_ms = now_ms});
}

void window_key_down(struct window *window, bool is_repeat)
{
    window->drops_text = is_repeat;
}

void window_hold(struct window *window, int64_t now_ms)
{
    if (now_ms < window->hold_at_ms) {
        return;
    }
    window->hold_at_ms = SCENE_NEVER;
    struct node *held = tree_find(&window->tree, window->pressed_id);
    window->pressed_id[0] = '\0'; // letting go does nothing any more
    if (held == NULL || !tree_takes_focus(held)) {
        return;
    }
    char id[TREE_ID_BYTES]; // the tree is built anew while the scene still reads it
    text_copy_cut(id, sizeof id, held->id);
    set_pressed(window, held, false);
    send(window, (struct scene_event){.kind = SCENE_HELD, .id = id, .now_ms = now_ms});
}

int64_t window_next_ms(const struct window *window)
{
    int64_t tick_ms = window->scenes->tick_at_ms;
    return window->hold_at_ms < tick_ms ? window->hold_at_ms : tick_ms;
}

void window_type(struct window *window, uint32_t character, int64_t now_ms)
{
    note_input(window, true, now_ms);
    if (window->drops_text) {
        return;
    }
    const struct node *focused =
        window->focus_id[0] == '\0' ? NULL : tree_find(&window->tree, window->focus_id);
    if (character == ' ' && focused != NULL && !is_typed_in(window, focused)) {
        window_press_key(window, KEY_ENTER, now_ms);
        return;
    }
    if (character >= '0' && character <= '9') {
        enum tree_key key =
            character == '0' ? KEY_0 : (enum tree_key)(KEY_1 + (int)(character - '1'));
        const struct node *node = node_of_key(window, key);
        if (node != NULL) {
            activate(window, node->id, now_ms);
            return;
        }
    }
    send(window, (struct scene_event){
                     .kind = SCENE_TYPED, .id = "", .character = character, .now_ms = now_ms});
}

// With real keys a field that is typed in takes blanks, and Enter there is the page's own.
static bool is_typed_in(const struct window *window, const struct node *node)
{
    return window->options.has_action_keys && node->role == ROLE_FIELD &&
           (node->states & NODE_TYPING) != 0;
}

static void send(struct window *window, struct scene_event event)
{
    scenes_event(window->scenes, &event);
    (void)scenes_tick(window->scenes, event.now_ms);
    if (!window->scenes->is_quitting) {
        (void)window_refresh(window);
    }
}

static void activate(struct window *window, const char *id, int64_t now_ms)
{
    const struct node *node = tree_find(&window->tree, id);
    if (node == NULL || !tree_takes_focus(node) || is_double(window, node, now_ms)) {
        return;
    }
    char own_id[TREE_ID_BYTES]; // the tree is built anew while the scene still reads it
    text_copy_cut(own_id, sizeof own_id, id);
    text_copy_cut(window->last_id, sizeof window->last_id, id);
    window->last_activated_ms = now_ms;
    window->last_changes = window->scenes->changes_count;
    send(window, (struct scene_event){.kind = SCENE_ACTIVATED, .id = own_id, .now_ms = now_ms});
}

// A trembling finger: the same part again, or anything on the screen that the first tap brought.
static bool is_double(const struct window *window, const struct node *node, int64_t now_ms)
{
    if (window->last_id[0] == '\0' ||
        now_ms - window->last_activated_ms >= WINDOW_DOUBLE_PRESS_MS) {
        return false;
    }
    if (window->last_changes != window->scenes->changes_count) {
        return true;
    }
    return (node->states & NODE_REPEATS) == 0 && text_equal(node->id, window->last_id);
}

static void move_to(struct window *window, struct node *node, int64_t now_ms)
{
    struct node *focused = focused_node(window);
    if (focused != NULL) {
        focused->states &= ~(unsigned)NODE_FOCUSED;
    }
    node->states |= NODE_FOCUSED;
    text_copy_cut(window->focus_id, sizeof window->focus_id, node->id);
    window_show_states(window);
    char id[TREE_ID_BYTES];
    text_copy_cut(id, sizeof id, node->id);
    send(window, (struct scene_event){.kind = SCENE_FOCUSED, .id = id, .now_ms = now_ms});
}

// The topmost node that is drawn upon at a place, or NULL.
static const struct node *pad_at(const struct window *window, int x_px, int y_px)
{
    float x_mm = look_mm(window->look, (float)x_px + 0.5f);
    float y_mm = look_mm(window->look, (float)y_px + 0.5f);
    for (size_t i = window->tree.nodes_count; i > 0; i--) {
        const struct node *node = &window->tree.nodes[i - 1];
        const struct area *area = &node->area;
        bool is_drawn_upon = (node->states & (NODE_STROKES | NODE_HIDDEN)) == NODE_STROKES;
        if (is_drawn_upon && x_mm >= area->x_mm && x_mm < area->x_mm + area->width_mm &&
            y_mm >= area->y_mm && y_mm < area->y_mm + area->height_mm) {
            return node;
        }
    }
    return NULL;
}

static void stroke(struct window *window, const struct node *pad, enum scene_stroke part, int x_px,
                   int y_px)
{
    char id[TREE_ID_BYTES]; // the tree is built anew while the scene still reads it
    text_copy_cut(id, sizeof id, pad->id);
    const struct area *area = &pad->area;
    float x_mm = look_mm(window->look, (float)x_px) - area->x_mm;
    float y_mm = look_mm(window->look, (float)y_px) - area->y_mm;
    send(window, (struct scene_event){
                     .kind = SCENE_STROKE,
                     .id = id,
                     .stroke = part,
                     .x_mm = fminf(fmaxf(x_mm, 0), area->width_mm),
                     .y_mm = fminf(fmaxf(y_mm, 0), area->height_mm),
                     .height_mm = area->height_mm,
                     .now_ms = window->last_input_ms,
                 });
}
