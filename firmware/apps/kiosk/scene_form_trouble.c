// SPDX-License-Identifier: EUPL-1.2
//
// One honest page for whatever stops a form: what it is, what became of the answers, what helps.
#include "apps/kiosk/form_frame.h"

// What a trouble says and offers. `so_key` NULL: what became of the answers; "": nothing more.
struct page {
    const char *title_key;
    const char *cause_key;
    const char *so_key;
    const char *picture;
    const char *retry_key; // NULL: nothing to try
    bool has_counter;
};

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static const struct page *page_of(const struct kiosk *kiosk);

const struct scene kiosk_scene_form_trouble = {
    .id = "form_trouble", .build = build, .event = event, .tick = form_frame_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct kiosk *kiosk = model;
    const struct page *page = page_of(kiosk);
    bool is_saved = kiosk->visit.form.saving != FORM_NOT_SAVED;
    struct frame frame = frame_open(kiosk, look, tree, "form_trouble", page->title_key);
    widget_heading(frame.maker, frame.field, "title", TYPE_QUESTION,
                   frame_say(&frame, page->title_key));
    const char *so_key = page->so_key != NULL ? page->so_key
                         : is_saved           ? "form.fault.saved"
                                              : "form.fault.unsaved";
    bool is_only_here = kiosk_is_begun_here(kiosk) && text_equal(page->cause_key, "form.cannot.so");
    widget_notice(
        frame.maker, frame_info(&frame),
        (struct widget_notice){
            .id = "so",
            .tone = TONE_TODO,
            .icon = page->picture,
            .cause = frame_say(&frame, is_only_here ? "form.cannot.here" : page->cause_key),
            .consequence = so_key[0] == '\0' ? NULL : frame_say(&frame, so_key)});
    bool has_counter = page->has_counter && kiosk->is_connected;
    if (page->retry_key != NULL) {
        widget_button(frame.maker, frame.content,
                      (struct widget_button){.id = "retry",
                                             .words = frame_say(&frame, page->retry_key),
                                             .style = STYLE_BUTTON_FILLED});
    }
    if (has_counter) {
        widget_button(frame.maker, frame.content,
                      (struct widget_button){.id = "ask",
                                             .words = frame_say(&frame, "form.counter"),
                                             .icon = "icon-desk",
                                             .style = page->retry_key == NULL
                                                          ? STYLE_BUTTON_FILLED
                                                          : STYLE_BUTTON_OUTLINED});
    }
    bool is_only = page->retry_key == NULL && !has_counter;
    widget_button(
        frame.maker, frame.content,
        (struct widget_button){.id = "list",
                               .words = frame_say(&frame, "form.list"),
                               .icon = "icon-list",
                               .style = is_only ? STYLE_BUTTON_FILLED : STYLE_BUTTON_OUTLINED});
    frame_close(&frame, FRAME_BAR_STOP);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct kiosk *kiosk = model;
    if (kiosk_common_event(kiosk, scenes, event)) {
        return;
    }
    if (scene_event_is(event, "retry")) {
        fill_retry(&kiosk->visit.form);
    } else if (scene_event_is(event, "ask")) {
        kiosk_form_ask_counter(kiosk);
    } else if (scene_event_is(event, "list")) {
        fill_leave(&kiosk->visit.form);
    }
}

static const struct page *page_of(const struct kiosk *kiosk)
{
    static const struct page pages[] = {
        [FORM_NO_TROUBLE] = {"form.cannot.title", "form.cannot.so", "form.kept", "picto-desk2",
                             NULL, true},
        [FORM_NOT_OPENED] = {"form.not_opened.title", "form.fault", "form.fault.opening",
                             "picto-plugoff", "form.retry", true},
        [FORM_NOT_SENT] = {"form.not_sent.title", "form.fault", NULL, "picto-plugoff", "form.retry",
                           true},
        [FORM_UNSURE] = {"form.unsure.title", "form.fault", "form.unsure.so", "picto-plugoff",
                         "form.retry", true},
        [FORM_CHANGED] = {"form.changed.title", "form.changed.so", "form.changed.look",
                          "picto-phoneqr", "form.changed.show", true},
        [FORM_PEN] = {"form.pen.title", "form.pen.so", "form.kept", "picto-desk2", NULL, false},
        [FORM_GONE] = {"form.gone.title", "form.gone.so", "", "picto-letterqr", NULL, false},
        [FORM_CANNOT] = {"form.cannot.title", "form.cannot.so", "form.kept", "picto-desk2", NULL,
                         true},
    };
    CHECK((size_t)kiosk->visit.form.trouble < sizeof pages / sizeof pages[0]);
    return &pages[kiosk->visit.form.trouble];
}
