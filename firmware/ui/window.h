// SPDX-License-Identifier: EUPL-1.2
//
// The window: one pointer pipeline, keyboard focus, timers, dirty rectangles, presenting. Sleeps
// until something happens. Without a window (surface only) the same code serves tests and pictures.
#ifndef INLOOP_UI_WINDOW_H
#define INLOOP_UI_WINDOW_H

#include "base/clock.h"
#include "base/err.h"
#include "base/watchdog.h"
#include "ui/canvas.h"
#include "ui/look.h"
#include "ui/scene.h"
#include "ui/screen.h"
#include "ui/text.h"
#include "ui/tree.h"
#include "ui/window_input.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WINDOW_DIRTY_MAX = SCREEN_RECTS_MAX,
    WINDOW_DOUBLE_PRESS_MS = 500,
    WINDOW_HOLD_MS = 600, // a press this long means what holding means (NODE_HOLDS)
    WINDOW_FOCUSABLES_MAX = 160,
    WINDOW_FOUND_SLOTS = 2048, // a power of two, over twice TREE_NODES_MAX
};

struct window_options {
    const char *title;
    struct screen_options screen; // title, size, keyboard and clock are filled in by window_open
    // A desk's keyboard: Enter is the main action until Tab has gone to something else than the
    // field that is typed in.
    bool has_action_keys;
    bool surface_only; // no window, no video driver: for tests and pictures
    const char *icons_dir;
    const char *const *font_dirs; // NULL: the built-in list
    struct clock clock;           // zeroed: the system's
    // Called on the UI thread before the scene's SCENE_POSTED: take the mailbox here. May be NULL.
    void (*posted)(void *ctx);
    // Called once in every turn of window_run; gives the monotonic time of the next turn it wants
    // at the latest, SCENE_NEVER: none. May be NULL.
    int64_t (*turn)(void *ctx, int64_t now_ms);
    void *ctx;
    struct watchdog *watchdog; // kept, and fed by window_run; NULL: none
};

// What was shown, to find out what changed. Holds no words.
struct window_shown {
    uint64_t id_hash;
    uint64_t digest;
    struct rect_px reach;
};

struct window {
    struct look *look;     // kept
    struct scenes *scenes; // kept
    struct window_options options;
    struct screen_port *screen; // NULL: surface only
    struct SDL_Surface *surface;
    struct canvas canvas;
    struct canvas_icons *icons;
    struct text_shaper *shaper;
    struct tree tree;
    struct window_shown shown[TREE_NODES_MAX];
    size_t shown_count;
    uint32_t shown_changes; // of the scenes, when last shown
    struct rect_px dirty[WINDOW_DIRTY_MAX];
    size_t dirty_count;
    char focus_id[TREE_ID_BYTES];   // the keyboard's focus; "" is none
    bool focus_is_key;              // of a keyboard on the screen, whose keys come and go
    size_t focus_position;          // in reading order, to find the key that took its place
    char pressed_id[TREE_ID_BYTES]; // under the finger now
    char last_id[TREE_ID_BYTES];    // last activated, for the double-press filter
    char stroke_id[TREE_ID_BYTES];  // drawn upon by the finger now
    int64_t hold_at_ms;             // when the press becomes a hold; SCENE_NEVER: it does not
    bool drops_text;                // a key is held down: what it types again is not taken
    int64_t last_activated_ms;
    uint32_t last_changes; // of the scenes, before that activation
    int64_t last_input_ms; // any touch or key
    bool pointer_down;
    bool uses_keys; // the last input was a key: a new scene then shows its focus
    bool needs_all;
    bool is_presented;                 // a picture has reached the screen
    uint64_t look_hash;                // of the modes when last shown
    atomic_bool has_post;              // window_post was called
    const char *tree_path;             // desks only: where scripts read the tree
    int16_t found[WINDOW_FOUND_SLOTS]; // id hash -> position in `shown`, while comparing
};

// Keeps `look` and `scenes`. Opens the video driver, the window and the fonts' folders (no font is
// read before words are drawn). The look's panel size is taken over from the window when it
// differs.
MUST_USE enum err window_open(struct window *window, struct look *look, struct scenes *scenes,
                              const struct window_options *options, struct fault *fault);
void window_close(struct window *window);
// Runs until scenes_quit or the window is closed. The scenes hold at least one scene.
void window_run(struct window *window);
// Wakes the UI thread; callable from any thread at any time between open and close. Fits
// mailbox_wake_fn.
void window_post(void *window);

// Builds, lays out, finds what changed and draws only that. Gives true when pixels changed.
bool window_refresh(struct window *window);
// Draws everything anew at the next refresh (theme, language or size changed). Changes of look
// fields made inside scenes are noticed by themselves.
void window_refresh_all(struct window *window);
// Puts the keyboard's focus on a node, for instance a field with an error; "" takes it away.
void window_focus(struct window *window, const char *id);
// Monotonic ms of the last touch or key.
int64_t window_last_input_ms(const struct window *window);

// The pipeline itself; real events and tests both come in here. Times are monotonic ms.
void window_pointer(struct window *window, enum window_pointer kind, int x_px, int y_px,
                    int64_t now_ms);
void window_move_focus(struct window *window, enum window_move move, int64_t now_ms);
void window_press_key(struct window *window, enum tree_key key, int64_t now_ms);
void window_type(struct window *window, uint32_t character, int64_t now_ms);
// Tells the scene of a press that has become a hold. Called by window_step.
void window_hold(struct window *window, int64_t now_ms);
// Shows changed states (pressed, focused) without building anew.
void window_show_states(struct window *window);
// A key of a keyboard went down, or its character came again because it is held (EN 301 549, 5.7:
// holding never repeats). The text of a repeat is dropped.
void window_key_down(struct window *window, bool is_repeat);
// When window_step has something to do by itself: the scene's tick or a hold.
int64_t window_next_ms(const struct window *window);
// One turn of the loop without waiting: posted messages, ticks, refresh. For tests.
void window_step(struct window *window, int64_t now_ms);
// Presses and releases in the middle of a node. ERR_NOT_FOUND: no such node or not actionable.
MUST_USE enum err window_tap(struct window *window, const char *id, int64_t now_ms);
MUST_USE enum err window_save_png(struct window *window, const char *path, struct fault *fault);

#endif
