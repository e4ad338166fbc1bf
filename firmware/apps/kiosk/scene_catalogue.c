// SPDX-License-Identifier: EUPL-1.2
//
// Something new: the forms the municipality publishes. Each is begun here, or on the visitor's own
// phone where it asks for a login.
#include "apps/kiosk/list.h"

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static struct list forms(const struct kiosk *kiosk);
static const char *title_of(const struct kiosk *kiosk, size_t index);
static void build_form(struct frame *frame, size_t index);
static void choose(struct kiosk *kiosk, const struct published *form);

const struct scene kiosk_scene_catalogue = {
    .id = "catalogue", .build = build, .event = event, .tick = kiosk_idle_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct list list = forms(kiosk);
    struct frame frame = frame_open(kiosk, look, tree, "catalogue", "new.title");
    frame_title(&frame, frame_say(&frame, "new.title"));
    size_t first = kiosk->visit.catalogue_first;
    size_t shown = list_page(kiosk, &list, first);
    for (size_t i = first; i < first + shown; i++) {
        build_form(&frame, i);
    }
    if (list.count == 0) {
        widget_text(frame.maker, frame.content, "none", TYPE_SECTION,
                    frame_say(&frame, "new.none"));
        frame_number_card(&frame, "number", WIDGET_CARD_FILLED);
    }
    list_more(&frame, &list, first, "new.more");
    frame_close(&frame, FRAME_BAR_BACK);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    size_t index = 0;
    if (kiosk_common_event(kiosk, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_item(event, "form", &index) && index < kiosk->catalogue.forms_count) {
        choose(kiosk, &kiosk->catalogue.forms[index]);
    } else if (scene_event_is(event, "more")) {
        const struct list list = forms(kiosk);
        kiosk->visit.catalogue_first = list_next(kiosk, &list, kiosk->visit.catalogue_first);
    } else if (scene_event_is(event, "number")) {
        scenes_replace(scenes, &kiosk_scene_subject);
    }
}

static struct list forms(const struct kiosk *kiosk)
{
    return (struct list){.title = title_of, .count = kiosk->catalogue.forms_count};
}

static const char *title_of(const struct kiosk *kiosk, size_t index)
{
    return kiosk->catalogue.forms[index].title;
}

static void build_form(struct frame *frame, size_t index)
{
    const struct published *form = &frame->kiosk->catalogue.forms[index];
    bool is_known = form->service != 0;
    list_card(frame, "form", index,
              (struct widget_card){
                  .title = widget_foreign(frame->maker, list_title(frame, form->title)),
                  .detail = frame->maker.look->is_large
                                ? NULL
                                : frame_say(frame, form->is_here ? "new.here" : "new.phone"),
                  .picture = is_known        ? request_subject_picture(form->subject)
                             : form->is_here ? "picto-touch"
                                             : "picto-phoneqr"});
}

static void choose(struct kiosk *kiosk, const struct published *form)
{
    kiosk->visit.request[0] = '\0';
    kiosk->visit.service = form->service;
    if (form->is_here) {
        kiosk_begin(kiosk, form);
    } else if (!kiosk_show_phone(kiosk, form->url)) {
        kiosk_to_counter(kiosk);
    }
}
