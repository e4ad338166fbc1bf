// SPDX-License-Identifier: EUPL-1.2
//
// No code, or something else: choose what it is about, then a number; or begin it here.
#include "apps/kiosk/frame.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);

const struct scene kiosk_scene_subject = {
    .id = "subject", .build = build, .event = event, .tick = kiosk_idle_tick};

static size_t rows_of(const struct kiosk *kiosk, const struct look *look)
{
    size_t rows = look->is_large ? 3 : look->is_low ? 3 : 6;
    return kiosk->state.has_catalogue ? rows - 1 : rows;
}

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    struct frame frame = frame_open(kiosk, look, tree, "subject", "subject.title");
    frame_title(&frame, frame_say(&frame, "subject.title"));
    if (kiosk->state.has_catalogue) {
        widget_card(
            frame.maker, frame.content,
            (struct widget_card){.kind = WIDGET_CARD_STRONG,
                                 .id = "new",
                                 .title = frame_say(&frame, "new.title"),
                                 .detail = look->is_large ? NULL : frame_say(&frame, "new.detail"),
                                 .picture = "picto-touch"});
    }
    size_t rows = rows_of(kiosk, look);
    size_t first = kiosk->visit.subject_page * rows;
    size_t count = kiosk->state.services_count;
    for (size_t i = first; i < count && i < first + rows; i++) {
        const struct api_state_service *service = &kiosk->state.services[i];
        char id[16] = "service.00";
        id[8] = (char)('0' + i / 10);
        id[9] = (char)('0' + i % 10);
        widget_card(frame.maker, frame.content,
                    (struct widget_card){.kind = WIDGET_CARD_PLAIN,
                                         .id = tree_words(tree, id),
                                         .title = kiosk_service_name(kiosk, service),
                                         .detail = service->wait.is_known && !look->is_large
                                                       ? frame_wait(&frame, &service->wait)
                                                       : NULL,
                                         .picture = kiosk_subject_picture(service->subject)});
    }
    if (count > rows) {
        widget_button(frame.maker, frame.content,
                      (struct widget_button){.id = "more",
                                             .words = frame_say(&frame, "common.more"),
                                             .style = STYLE_BUTTON_OUTLINED,
                                             .arrow = "icon-next"});
    }
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    size_t index = 0;
    if (kiosk_common_event(kiosk, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_item(event, "service", &index) && index < kiosk->state.services_count) {
        kiosk->visit.service = kiosk->state.services[index].letter;
        kiosk->visit.request[0] = '\0';
        kiosk_to_counter(kiosk);
    } else if (scene_event_is(event, "new")) {
        kiosk_ask_catalogue(kiosk);
    } else if (scene_event_is(event, "more")) {
        size_t rows = rows_of(kiosk, kiosk->look);
        size_t next = kiosk->visit.subject_page + 1;
        kiosk->visit.subject_page = next * rows < kiosk->state.services_count ? next : 0;
    }
}
