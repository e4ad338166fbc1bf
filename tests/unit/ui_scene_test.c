// SPDX-License-Identifier: EUPL-1.2
//
// The stack of scenes: leaving before entering, changes asked for inside events, ticks.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "ui/scene.h"

#include <string.h>

struct model {
    char log[128]; // what was called, one letter each
    const struct scene *next;
    int64_t tick_after_ms;
    int ticks_count;
};

static void note(struct model *model, const char *letter)
{
    size_t len = strlen(model->log);
    text_copy_cut(model->log + len, sizeof model->log - len, letter);
}

static void enter_a(void *model, struct scenes *scenes)
{
    (void)scenes;
    note(model, "A");
}

static void leave_a(void *model)
{
    note(model, "a");
}

static void enter_b(void *model, struct scenes *scenes)
{
    (void)scenes;
    note(model, "B");
}

static void leave_b(void *model)
{
    note(model, "b");
}

static void go_on(void *context, struct scenes *scenes, const struct scene_event *event)
{
    (void)event;
    struct model *model = context;
    scenes_push(scenes, model->next);
    note(model, "."); // still this scene's turn
}

static int64_t count_tick(void *context, struct scenes *scenes, int64_t now_ms)
{
    (void)scenes;
    struct model *model = context;
    model->ticks_count += 1;
    return now_ms + model->tick_after_ms;
}

static int64_t go_on_in_tick(void *context, struct scenes *scenes, int64_t now_ms)
{
    (void)now_ms;
    struct model *model = context;
    scenes_push(scenes, model->next);
    return SCENE_NEVER;
}

static void build(const void *model, const struct look *look, struct tree *tree)
{
    (void)model;
    (void)look;
    (void)tree_add(tree, NULL, "screen", ROLE_SCREEN, "x");
}

static const struct scene scene_a = {
    .id = "a", .enter = enter_a, .build = build, .event = go_on, .leave = leave_a};
static const struct scene scene_b = {
    .id = "b", .enter = enter_b, .build = build, .tick = count_tick, .leave = leave_b};
static const struct scene scene_c = {.id = "c", .build = build, .tick = go_on_in_tick};

static struct model model;
static struct look look;
static struct scenes scenes;

static int start(void **state)
{
    (void)state;
    model = (struct model){.next = &scene_b, .tick_after_ms = 1000};
    look_init(&look, 100, 100, 1.0f);
    scenes_init(&scenes, &model, &look);
    scenes_reset(&scenes, &scene_a);
    return 0;
}

static void the_old_scene_leaves_before_the_new_one_enters(void **state)
{
    (void)state;
    scenes_push(&scenes, &scene_b);
    scenes_pop(&scenes);
    scenes_replace(&scenes, &scene_b);
    scenes_reset(&scenes, &scene_a);
    assert_string_equal(model.log, "AaBbAaBbA");
    assert_int_equal(scenes.depth, 1);
}

static void a_change_asked_for_inside_an_event_waits_for_its_end(void **state)
{
    (void)state;
    const struct scene_event event = {.kind = SCENE_ACTIVATED, .id = "go"};
    scenes_event(&scenes, &event);
    assert_string_equal(model.log, "A.aB");
    assert_ptr_equal(scenes_top(&scenes), &scene_b);
}

static void a_tick_comes_after_entering_and_then_at_its_time_only(void **state)
{
    (void)state;
    assert_int_equal(scenes_tick(&scenes, 5000), SCENE_NEVER);
    scenes_push(&scenes, &scene_b);

    assert_int_equal(scenes_tick(&scenes, 5000), 6000);
    assert_int_equal(scenes_tick(&scenes, 5999), 6000);
    assert_int_equal(model.ticks_count, 1);
    assert_int_equal(scenes_tick(&scenes, 6000), 7000);
    assert_int_equal(model.ticks_count, 2);
}

static void a_scene_that_a_tick_brought_ticks_as_well(void **state)
{
    (void)state;
    model.next = &scene_b;
    model.tick_after_ms = 10;
    scenes_reset(&scenes, &scene_c);

    assert_int_equal(scenes_tick(&scenes, 100), 110);

    assert_ptr_equal(scenes_top(&scenes), &scene_b);
    assert_int_equal(model.ticks_count, 1);
}

static void items_of_lists_are_known_by_their_number(void **state)
{
    (void)state;
    const struct scene_event event = {.kind = SCENE_ACTIVATED, .id = "request.12"};
    size_t index = 0;
    assert_true(scene_event_item(&event, "request", &index));
    assert_int_equal(index, 12);
    assert_false(scene_event_item(&event, "req", &index));
    assert_false(scene_event_is(&event, "request"));
    assert_true(scene_event_is(&event, "request.12"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_old_scene_leaves_before_the_new_one_enters, start),
        cmocka_unit_test_setup(a_change_asked_for_inside_an_event_waits_for_its_end, start),
        cmocka_unit_test_setup(a_tick_comes_after_entering_and_then_at_its_time_only, start),
        cmocka_unit_test_setup(a_scene_that_a_tick_brought_ticks_as_well, start),
        cmocka_unit_test_setup(items_of_lists_are_known_by_their_number, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
