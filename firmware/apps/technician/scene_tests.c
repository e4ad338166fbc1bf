// SPDX-License-Identifier: EUPL-1.2
//
// The self-test's list: one peripheral a row, with how it went last.
#include "apps/technician/screen_face.h"

#include <stdio.h>

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void begin(struct technician *screen, struct scenes *scenes, enum technician_test test);

const struct scene technician_scene_tests = {
    .id = "tests", .build = build, .event = event, .tick = technician_clock_tick};

static const char *result_words(const struct face *face, const struct technician_result *result)
{
    switch (result->outcome) {
    case OUTCOME_GOOD:
        return face_fill(face, "tech.test.was_good", "moment", face_moment(face, result->at_ms));
    case OUTCOME_BAD:
        return face_fill(face, "tech.test.was_bad", "moment", face_moment(face, result->at_ms));
    case OUTCOME_NONE:
        break;
    }
    return face_say(face, "tech.test.not_yet");
}

static void build(const void *model, const struct look *look, struct tree *tree)
{
    static const char *const pictures[TECHNICIAN_TESTS_COUNT] = {"picto-codes", "picto-cardread",
                                                                 "picto-slip",  "picto-touch",
                                                                 "picto-sound", "picto-screen"};
    const struct technician *screen = model;
    struct face face = face_open(screen, look, tree, FACE_PAGE, "tests");
    face_title(&face, face_say(&face, "tech.home.tests"));
    face_lead(&face, face_say(&face, "tech.tests.lead"));
    struct node *choices = face_choices(&face);
    bool is_tight = look->is_large; // the sign at the end says it too
    for (unsigned i = 0; i < TECHNICIAN_TESTS_COUNT; i++) {
        if (!technician_has_test(screen, (enum technician_test)i)) {
            continue;
        }
        char id[TECHNICIAN_KEY_BYTES];
        char key[TECHNICIAN_KEY_BYTES];
        const char *name = technician_test_name((enum technician_test)i);
        (void)snprintf(id, sizeof id, "test.%u", i);           // always fits
        (void)snprintf(key, sizeof key, "tech.test.%s", name); // likewise
        const struct technician_result *result = &screen->results[i];
        bool is_good = result->outcome == OUTCOME_GOOD;
        bool is_bad = result->outcome == OUTCOME_BAD;
        widget_card(face.maker, choices,
                    (struct widget_card){.kind = WIDGET_CARD_PLAIN,
                                         .id = id,
                                         .title = tree_words(tree, face_say(&face, key)),
                                         .detail = is_tight ? NULL : result_words(&face, result),
                                         .picture = pictures[i],
                                         .end_icon = is_good  ? "icon-done"
                                                     : is_bad ? "icon-warn"
                                                              : NULL})
            ->box.min_height_mm = DRAWN(150);
    }
    face_close(&face, true);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct technician *screen = model;
    size_t test = 0;
    if (technician_common_event(screen, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_item(event, "test", &test) && test < TECHNICIAN_TESTS_COUNT) {
        begin(screen, scenes, (enum technician_test)test);
    }
}

static void begin(struct technician *screen, struct scenes *scenes, enum technician_test test)
{
    screen->test = test;
    screen->scanned_len = 0;
    screen->slip = SLIP_NOT_ASKED;
    if (test == TECHNICIAN_TOUCH) {
        screen->touch = (struct touch_try){0};
        scenes_push(scenes, &technician_scene_touch);
    } else if (test == TECHNICIAN_PICTURE) {
        scenes_push(scenes, &technician_scene_picture);
    } else {
        scenes_push(scenes, &technician_scene_test);
    }
}
