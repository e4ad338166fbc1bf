// SPDX-License-Identifier: EUPL-1.2
//
// Something new: the forms the municipality publishes. Each is begun here, or on the visitor's own
// phone where it asks for a login.
#include "apps/kiosk/frame.h"

#include "base/text.h"

#include <stdio.h>

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static size_t rows_of(const struct look *look);
static void build_form(struct frame *frame, const struct published *form, size_t index);
static void choose(struct kiosk *kiosk, const struct published *form);

const struct scene kiosk_scene_catalogue = {
    .id = "catalogue", .build = build, .event = event, .tick = kiosk_idle_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct catalogue *catalogue = &kiosk->catalogue;
    struct frame frame = frame_open(kiosk, look, tree, "catalogue", "new.title");
    frame_title(&frame, frame_say(&frame, "new.title"));
    size_t rows = rows_of(look);
    size_t first = kiosk->visit.catalogue_page * rows;
    size_t shown = 0;
    for (; shown < rows && first + shown < catalogue->forms_count; shown++) {
        build_form(&frame, &catalogue->forms[first + shown], first + shown);
    }
    if (catalogue->forms_count == 0) {
        widget_text(frame.maker, frame.content, "none", TYPE_SECTION,
                    frame_say(&frame, "new.none"));
    }
    if (catalogue->forms_count > rows) {
        size_t left = catalogue->forms_count - first - shown;
        widget_button(
            frame.maker, frame.content,
            (struct widget_button){.id = "more",
                                   .words = left > 0 ? frame_count(&frame, "new.more", left)
                                                     : frame_say(&frame, "requests.first_page"),
                                   .icon = "icon-list",
                                   .style = STYLE_BUTTON_SERVICE,
                                   .height_mm = DRAWN(130)})
            ->type = TYPE_STUB;
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
    if (scene_event_item(event, "form", &index) && index < kiosk->catalogue.forms_count) {
        choose(kiosk, &kiosk->catalogue.forms[index]);
    } else if (scene_event_is(event, "more")) {
        size_t next = kiosk->visit.catalogue_page + 1;
        bool has_next = next * rows_of(kiosk->look) < kiosk->catalogue.forms_count;
        kiosk->visit.catalogue_page = has_next ? next : 0;
    }
}

static size_t rows_of(const struct look *look)
{
    return look->is_large || look->is_low ? 3 : 6;
}

static void build_form(struct frame *frame, const struct published *form, size_t index)
{
    const struct look *look = frame->maker.look;
    char id[24];
    (void)snprintf(id, sizeof id, "form.%u", (unsigned)index % CATALOGUE_MAX); // always fits
    bool is_known = form->service != 0;
    widget_card(frame->maker, frame->content,
                (struct widget_card){
                    .kind = WIDGET_CARD_PLAIN,
                    .id = tree_words(frame->maker.tree, id),
                    .title = widget_foreign(frame->maker, form->title),
                    .detail = look->is_large
                                  ? NULL
                                  : frame_say(frame, form->is_here ? "new.here" : "new.phone"),
                    .picture = is_known        ? kiosk_subject_picture(form->subject)
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
