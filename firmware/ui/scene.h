// SPDX-License-Identifier: EUPL-1.2
//
// Scenes and their stack. A scene is six functions over the app's model; build is pure. The old
// scene always leaves (and wipes) before the new one enters.
#ifndef INLOOP_UI_SCENE_H
#define INLOOP_UI_SCENE_H

#include "ui/look.h"
#include "ui/tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum scene_event_kind {
    SCENE_ACTIVATED, // a node was pressed and released, or chosen by key: `id`
    SCENE_TYPED,     // a character from a keyboard or keypad that no node's key took: `character`
    SCENE_KEY,       // a key of enum tree_key that no node took: `key`
    SCENE_FOCUSED,   // the keyboard's focus moved to `id` (for speech)
    SCENE_POSTED,    // window_post was called since the last time
    SCENE_HELD,      // a node with NODE_HOLDS was pressed for long; its release then does nothing
    SCENE_STROKE,    // a finger draws on a node with NODE_STROKES: `id`, `stroke`, `x_mm`, `y_mm`
};

enum scene_stroke { STROKE_BEGIN, STROKE_MOVE, STROKE_END };

struct scene_event {
    enum scene_event_kind kind;
    const char *id; // of the node; borrowed for the call; "" when none
    enum tree_key key;
    uint32_t character;
    enum scene_stroke stroke;
    float x_mm; // from the node's left and top edge, never outside it
    float y_mm;
    float height_mm; // of that node
    int64_t now_ms;  // monotonic
};
// For items of lists: "request.3" is item 3 of "request".
bool scene_event_is(const struct scene_event *event, const char *id);
bool scene_event_item(const struct scene_event *event, const char *stem, size_t *index);

#define SCENE_NEVER INT64_MAX

struct scenes;
struct scene {
    const char *id;
    void (*enter)(void *model, struct scenes *scenes); // may be NULL
    void (*build)(const void *model, const struct look *look, struct tree *tree);
    void (*event)(void *model, struct scenes *scenes, const struct scene_event *event);
    // Called when its time has come; returns the next time (monotonic ms) or SCENE_NEVER. Also
    // called after enter and after each event. NULL: never.
    int64_t (*tick)(void *model, struct scenes *scenes, int64_t now_ms);
    void (*leave)(void *model); // wipes what the scene holds; may be NULL
};

enum { SCENES_DEPTH_MAX = 12 };

// The stack, and what its scenes work on. Changes asked for inside event or tick are done when that
// function has returned.
struct scenes {
    void *model;       // kept
    struct look *look; // kept; scenes may switch modes and language
    const struct scene *stack[SCENES_DEPTH_MAX];
    size_t depth;
    const struct scene *wanted[SCENES_DEPTH_MAX]; // the stack to be, while `is_busy`
    size_t wanted_depth;
    bool is_busy;
    bool is_quitting;
    int64_t tick_at_ms;
    uint32_t changes_count; // grows with every change of scene
    uint32_t settled_count; // changes done
};

void scenes_init(struct scenes *scenes, void *model, struct look *look);
// `push` covers the present scene, which leaves and enters again at `pop`.
void scenes_push(struct scenes *scenes, const struct scene *scene);
void scenes_pop(struct scenes *scenes);
void scenes_replace(struct scenes *scenes, const struct scene *scene);
// Leaves everything and starts over with one scene: end of a visit, time-out.
void scenes_reset(struct scenes *scenes, const struct scene *scene);
void scenes_quit(struct scenes *scenes);
const struct scene *scenes_top(const struct scenes *scenes); // NULL when empty

// For the window and for tests.
void scenes_event(struct scenes *scenes, const struct scene_event *event);
// Runs the tick when it is due; gives the next time.
int64_t scenes_tick(struct scenes *scenes, int64_t now_ms);
void scenes_build(const struct scenes *scenes, struct tree *tree); // clears the tree first

#endif
