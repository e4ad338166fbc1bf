// SPDX-License-Identifier: EUPL-1.2
//
// The languages, each in its own words.
#include "apps/kiosk/frame.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);

const struct scene kiosk_scene_language = {
    .id = "language", .build = build, .event = event, .tick = kiosk_idle_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    static const char *const names[KIOSK_LANGUAGES] = {"Nederlands", "English", "العربية"};
    const struct kiosk *kiosk = model;
    struct frame frame = frame_open(kiosk, look, tree, "language", "language.title");
    frame_title(&frame, frame_say(&frame, "language.title"));
    for (size_t i = 0; i < KIOSK_LANGUAGES; i++) {
        char id[16] = "language.0";
        id[9] = (char)('0' + i);
        bool is_on = look->language[0] == kiosk_languages[i][0];
        struct node *button =
            widget_button(frame.maker, frame.content,
                          (struct widget_button){.id = tree_words(tree, id),
                                                 .words = names[i],
                                                 .icon = is_on ? "icon-check" : NULL,
                                                 .style = STYLE_BUTTON_OUTLINED,
                                                 .height_mm = DRAWN(160)});
        button->type = TYPE_BUTTON;
        button->states |= is_on ? NODE_CHECKED : 0U;
    }
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    size_t index = 0;
    bool is_item = event->kind == SCENE_ACTIVATED && scene_event_item(event, "language", &index) &&
                   index < KIOSK_LANGUAGES;
    bool is_bar = event->kind == SCENE_ACTIVATED && scene_event_is(event, "bar.language");
    if (is_item) {
        kiosk_set_language(kiosk, kiosk_languages[index]);
    }
    if (is_item || is_bar) {
        kiosk_touch(kiosk, event->now_ms);
        scenes_pop(scenes);
        return;
    }
    (void)kiosk_common_event(kiosk, scenes, event); // nothing else can be touched here
}
