// SPDX-License-Identifier: EUPL-1.2
//
// The stack of scenes. Asked-for changes wait until the asking function has returned, so that no
// scene runs after it was left.
#include "ui/scene.h"

#include "base/err.h"
#include "base/text.h"

#include <string.h>

// More changes than this in one go is two scenes pushing each other: our mistake.
enum { SETTLE_MAX = 16 };

static void ask(struct scenes *scenes, const struct scene *const *stack, size_t depth);
static void settle(struct scenes *scenes);

bool scene_event_is(const struct scene_event *event, const char *id)
{
    return event->kind == SCENE_ACTIVATED && text_equal(event->id, id);
}

bool scene_event_item(const struct scene_event *event, const char *stem, size_t *index)
{
    if (event->kind != SCENE_ACTIVATED || !text_starts_with(event->id, stem)) {
        return false;
    }
    const char *rest = event->id + strlen(stem);
    int64_t number = 0;
    if (rest[0] != '.' || text_to_int64(rest + 1, 0, TREE_NODES_MAX, &number) != OK) {
        return false;
    }
    *index = (size_t)number;
    return true;
}

void scenes_init(struct scenes *scenes, void *model, struct look *look)
{
    CHECK(look != NULL);
    *scenes = (struct scenes){.model = model, .look = look, .tick_at_ms = SCENE_NEVER};
}

void scenes_push(struct scenes *scenes, const struct scene *scene)
{
    CHECK(scenes->wanted_depth < SCENES_DEPTH_MAX);
    const struct scene *stack[SCENES_DEPTH_MAX];
    memcpy(stack, scenes->wanted, sizeof stack);
    stack[scenes->wanted_depth] = scene;
    ask(scenes, stack, scenes->wanted_depth + 1);
}

void scenes_pop(struct scenes *scenes)
{
    CHECK(scenes->wanted_depth > 1);
    ask(scenes, scenes->wanted, scenes->wanted_depth - 1);
}

void scenes_replace(struct scenes *scenes, const struct scene *scene)
{
    CHECK(scenes->wanted_depth > 0);
    const struct scene *stack[SCENES_DEPTH_MAX];
    memcpy(stack, scenes->wanted, sizeof stack);
    stack[scenes->wanted_depth - 1] = scene;
    ask(scenes, stack, scenes->wanted_depth);
}

void scenes_reset(struct scenes *scenes, const struct scene *scene)
{
    ask(scenes, &scene, 1);
}

void scenes_quit(struct scenes *scenes)
{
    scenes->is_quitting = true;
}

const struct scene *scenes_top(const struct scenes *scenes)
{
    return scenes->depth == 0 ? NULL : scenes->stack[scenes->depth - 1];
}

void scenes_event(struct scenes *scenes, const struct scene_event *event)
{
    const struct scene *top = scenes_top(scenes);
    CHECK(top != NULL && !scenes->is_busy);
    if (top->event != NULL) {
        scenes->is_busy = true;
        top->event(scenes->model, scenes, event);
        scenes->is_busy = false;
        settle(scenes);
    }
    // The scene may want to be called sooner (or later) after what happened.
    scenes->tick_at_ms = INT64_MIN;
}

int64_t scenes_tick(struct scenes *scenes, int64_t now_ms)
{
    for (int i = 0; now_ms >= scenes->tick_at_ms; i++) {
        CHECK(i < SETTLE_MAX);
        const struct scene *top = scenes_top(scenes);
        scenes->tick_at_ms = SCENE_NEVER;
        if (top == NULL || top->tick == NULL) {
            break;
        }
        scenes->is_busy = true;
        uint32_t changes = scenes->changes_count;
        int64_t next_ms = top->tick(scenes->model, scenes, now_ms);
        scenes->is_busy = false;
        settle(scenes);
        if (changes == scenes->changes_count) {
            CHECK(next_ms > now_ms); // else we would never sleep again
            scenes->tick_at_ms = next_ms;
        }
    }
    return scenes->tick_at_ms;
}

void scenes_build(const struct scenes *scenes, struct tree *tree)
{
    const struct scene *top = scenes_top(scenes);
    CHECK(top != NULL);
    tree_clear(tree);
    top->build(scenes->model, scenes->look, tree);
}

static void ask(struct scenes *scenes, const struct scene *const *stack, size_t depth)
{
    memmove(scenes->wanted, stack, depth * sizeof stack[0]);
    scenes->wanted_depth = depth;
    scenes->changes_count += 1;
    if (!scenes->is_busy) {
        settle(scenes);
    }
}

static bool is_settled(const struct scenes *scenes, uint32_t done)
{
    return done == scenes->changes_count;
}

// Makes the stack what was wanted: the scene on top leaves, the new one enters. Entering may want
// something else again.
static void settle(struct scenes *scenes)
{
    uint32_t done = scenes->settled_count;
    for (int i = 0; !is_settled(scenes, done); i++) {
        CHECK(i < SETTLE_MAX);
        done = scenes->changes_count;
        scenes->is_busy = true;
        const struct scene *old = scenes_top(scenes);
        if (old != NULL && old->leave != NULL) {
            old->leave(scenes->model);
        }
        memcpy(scenes->stack, scenes->wanted, sizeof scenes->stack);
        scenes->depth = scenes->wanted_depth;
        const struct scene *top = scenes_top(scenes);
        if (top != NULL && top->enter != NULL) {
            top->enter(scenes->model, scenes);
        }
        scenes->is_busy = false;
        scenes->tick_at_ms = INT64_MIN;
    }
    scenes->settled_count = done;
}
