// SPDX-License-Identifier: EUPL-1.2
//
// No code, or something else: choose what it is about, then a number; or begin it here.
#include "apps/kiosk/list.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static struct list subjects(const struct kiosk *kiosk);
static const char *title_of(const struct kiosk *kiosk, size_t index);

const struct scene kiosk_scene_subject = {
    .id = "subject", .build = build, .event = event, .tick = kiosk_idle_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct list list = subjects(kiosk);
    struct frame frame = frame_open(kiosk, look, tree, "subject", "subject.title");
    frame_title(&frame, frame_say(&frame, "subject.title"));
    if (list.has_head) {
        struct node *card = widget_card(
            frame.maker, frame.content,
            (struct widget_card){.kind = WIDGET_CARD_ROW,
                                 .id = "new",
                                 .title = frame_say(&frame, "new.title"),
                                 .detail = look->is_large ? NULL : frame_say(&frame, "new.detail"),
                                 .picture = "picto-touch"});
        card->style = STYLE_CARD_STRONG;
    }
    size_t first = kiosk->visit.subject_first;
    size_t shown = list_page(kiosk, &list, first);
    for (size_t i = first; i < first + shown; i++) {
        const struct api_state_service *service = &kiosk->state.services[i];
        list_card(&frame, "service", i,
                  (struct widget_card){.title = kiosk_service_name(kiosk, service),
                                       .detail = service->wait.is_known && !look->is_large
                                                     ? frame_wait(&frame, &service->wait)
                                                     : NULL,
                                       .picture = request_subject_picture(service->subject)});
    }
    list_more(&frame, &list, first, "subject.more");
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
        const struct list list = subjects(kiosk);
        kiosk->visit.subject_first = list_next(kiosk, &list, kiosk->visit.subject_first);
    }
}

static struct list subjects(const struct kiosk *kiosk)
{
    return (struct list){.title = title_of,
                         .count = kiosk->state.services_count,
                         .has_head = kiosk->state.has_catalogue};
}

static const char *title_of(const struct kiosk *kiosk, size_t index)
{
    return kiosk_service_name(kiosk, &kiosk->state.services[index]);
}
