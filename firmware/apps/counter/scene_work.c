// SPDX-License-Identifier: EUPL-1.2
//
// The working screen: the queue at the start, the visitor beside it, the keys below. One filled
// action: call the next, the visitor is here, or finish.
#include "apps/counter/form_page.h"

#include "base/clock.h"
#include "base/text.h"

// A thing to do beside the main one.
struct action {
    const char *id;
    const char *phrase;
    const char *icon;
    const char *cap; // its key's name
    enum tree_key key;
};

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);
static void leave(void *model);
static bool has_form(const struct desk *desk);
static void build_free(struct parts parts, struct node *pane);
static void build_visitor(struct parts parts, struct node *pane);
static void called_actions(struct parts parts, struct node *pane);
static void serving_actions(struct parts parts, struct node *pane);
static void finish_actions(struct parts parts, struct node *pane);
static struct node *action_row(struct parts parts, struct node *pane);
static void move_actions(struct parts parts, struct node *row);
static void action(struct parts parts, struct node *row, float height_px, struct action action);
static void act(struct desk *desk, const struct scene_event *event);
static void act_on_ticket(struct desk *desk, const struct scene_event *event);

const struct scene desk_scene_work = {
    .id = "work",
    .build = build,
    .event = event,
    .tick = tick,
    .leave = leave,
};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct desk *desk = model;
    struct parts parts = {.maker = {.tree = tree, .look = look}, .desk = desk};
    struct node *page = widget_page(parts.maker, has_form(desk) ? "form" : "work",
                                    parts_phrase(parts, "counter.title"));
    parts_head(parts, page);
    if (has_form(desk)) {
        form_page_build(parts, page);
        return;
    }
    struct node *body = widget_row(parts.maker, page, 0);
    body->box.grow = 1;
    body->box.across = ALIGN_STRETCH;
    parts_queue(parts, body);
    parts_rule(parts, body);
    struct node *pane = widget_column(parts.maker, body, DESK_PX(12));
    pane->box.grow = 1;
    pane->box.pad = (struct edges){DESK_PX(20), DESK_PX(18), DESK_PX(20), DESK_PX(14)};
    parts_problem(parts, pane);
    if (desk_current(desk) == NULL) {
        build_free(parts, pane);
    } else {
        build_visitor(parts, pane);
    }
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct desk *desk = model;
    (void)scenes;
    desk->ticked_ms = event->now_ms;
    if (has_form(desk)) {
        form_page_event(desk, event);
    } else if (event->kind == SCENE_ACTIVATED) {
        act(desk, event);
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct desk *desk = model;
    (void)scenes;
    struct clock clock = clock_system();
    desk->now_ms = clock_now_ms(&clock);
    // With somebody at the desk the seconds run; else the minutes do.
    int64_t step_ms = desk->ticket[0] != '\0' ? 1000 : 60000;
    int64_t second_ms = now_ms + step_ms - desk->now_ms % step_ms;
    desk->ticked_ms = now_ms;
    int64_t form_ms = fill_tick(&desk->form, now_ms);
    return form_ms < second_ms ? form_ms : second_ms;
}

static void leave(void *model)
{
    desk_wipe(model);
}

static bool has_form(const struct desk *desk)
{
    return desk->form_view != DESK_FORM_NONE && desk_current(desk) != NULL;
}

static void build_free(struct parts parts, struct node *pane)
{
    const struct desk *desk = parts.desk;
    const struct counter *own = desk_own(desk);
    bool is_paused = own != NULL && own->state == COUNTER_PAUSED;
    bool nobody = desk_waiting_count(desk) == 0;
    struct node *middle = widget_row(parts.maker, pane, DESK_PX(16));
    middle->box.grow = 1;
    middle->box.across = ALIGN_STRETCH;
    struct node *column = widget_column(parts.maker, middle, DESK_PX(16));
    column->box.grow = 1;
    column->box.across = ALIGN_CENTER;
    column->box.along = ALIGN_CENTER;
    widget_icon(parts.maker, column, "picto-desk2", DESK_PX(120));
    const char *title = is_paused ? "counter.paused" : nobody ? "counter.nobody" : "counter.free";
    struct node *words = parts_words(parts, column, 29, true, parts_phrase(parts, title));
    words->role = ROLE_HEADING;
    words->text_align = ALIGN_CENTER;
    const char *hint = is_paused ? "counter.paused.hint"
                       : nobody  ? "counter.nobody.hint"
                                 : "counter.free.hint";
    struct node *below = parts_words(parts, column, 18, false, parts_phrase(parts, hint));
    below->ink = COLOUR_MUTED;
    below->text_align = ALIGN_CENTER;
    if (desk->sheet == SHEET_WHY) {
        parts_sheet(parts, middle);
    }
    struct node *row = action_row(parts, pane);
    parts_button(
        parts, row,
        (struct parts_button){
            .id = "pause",
            .words = parts_phrase(parts, is_paused ? "counter.resume_work" : "counter.pause"),
            .icon = is_paused ? "icon-check" : "icon-park",
            .cap = "F10",
            .key = KEY_F10,
            .style = is_paused ? STYLE_BUTTON_FILLED : STYLE_BUTTON_SERVICE,
            .height_px = 66});
    action(parts, row, 66,
           (struct action){"sign_out", "counter.sign_out", "icon-stop", "F12", KEY_F12});
}

static void build_visitor(struct parts parts, struct node *pane)
{
    const struct desk *desk = parts.desk;
    parts_person(parts, pane);
    if (desk->sheet == SHEET_NONE) {
        parts_needs(parts, pane);
    }
    struct node *middle = widget_row(parts.maker, pane, DESK_PX(14));
    middle->box.grow = 1;
    middle->box.across = ALIGN_STRETCH;
    parts_request(parts, middle);
    if (desk->sheet == SHEET_NONE) {
        parts_others(parts, middle);
    } else {
        parts_sheet(parts, middle);
    }
    if (desk->sheet == SHEET_FINISH) {
        finish_actions(parts, pane);
    } else if (desk_current(desk)->state == TICKET_SERVING) {
        serving_actions(parts, pane);
    } else {
        called_actions(parts, pane);
    }
}

static void called_actions(struct parts parts, struct node *pane)
{
    struct node *first = action_row(parts, pane);
    parts_button(parts, first,
                 (struct parts_button){.id = "arrived",
                                       .words = parts_phrase(parts, "counter.arrived"),
                                       .icon = "icon-check",
                                       .cap = "Enter",
                                       .key = KEY_ENTER,
                                       .style = STYLE_BUTTON_FILLED,
                                       .height_px = 64});
    action(parts, first, 64,
           (struct action){"recall", "counter.recall", "icon-bell", "F4", KEY_F4});
    action(parts, first, 64,
           (struct action){"absent", "counter.absent", "icon-absent", "F9", KEY_F9});
    struct node *second = action_row(parts, pane);
    move_actions(parts, second);
    action(parts, second, 52,
           (struct action){"requeue", "counter.requeue", "icon-retry", "F8", KEY_F8});
}

static void serving_actions(struct parts parts, struct node *pane)
{
    struct node *first = action_row(parts, pane);
    parts_button(parts, first,
                 (struct parts_button){.id = "finish",
                                       .words = parts_phrase(parts, "counter.finish"),
                                       .icon = "icon-check",
                                       .cap = "Enter",
                                       .key = KEY_ENTER,
                                       .style = STYLE_BUTTON_FILLED,
                                       .height_px = 64});
    if (desk_current(parts.desk)->level < LEVEL_3) {
        action(parts, first, 64,
               (struct action){"document", "counter.document_seen", "icon-shield", "F5", KEY_F5});
    }
    struct node *second = action_row(parts, pane);
    move_actions(parts, second);
}

static void finish_actions(struct parts parts, struct node *pane)
{
    const struct ticket *next = desk_waiting(parts.desk, 0);
    struct node *row = action_row(parts, pane);
    struct node *only = parts_button(
        parts, row,
        (struct parts_button){.id = "finish_only",
                              .words = parts_phrase(parts, next == NULL ? "counter.finish.done"
                                                                        : "counter.finish.pause"),
                              .icon = next == NULL ? "icon-check" : "icon-park",
                              .cap = next == NULL ? "Enter" : "F10",
                              .key = next == NULL ? KEY_ENTER : KEY_F10,
                              .style = next == NULL ? STYLE_BUTTON_FILLED : STYLE_BUTTON_SERVICE,
                              .height_px = 64});
    only->box.grow = 1;
    if (next != NULL) {
        struct node *both =
            parts_button(parts, row,
                         (struct parts_button){.id = "finish_next",
                                               .words = parts_filled(parts, "counter.finish.next",
                                                                     "number", next->number),
                                               .icon = "icon-check",
                                               .cap = "Enter",
                                               .key = KEY_ENTER,
                                               .style = STYLE_BUTTON_FILLED,
                                               .height_px = 64});
        both->box.grow = 2;
    }
}

static struct node *action_row(struct parts parts, struct node *pane)
{
    struct node *row = widget_row(parts.maker, pane, DESK_PX(10));
    row->box.across = ALIGN_STRETCH;
    return row;
}

// For a visitor who is better helped elsewhere, or later.
static void move_actions(struct parts parts, struct node *row)
{
    action(parts, row, 52,
           (struct action){"transfer", "counter.transfer", "icon-send", "F6", KEY_F6});
    action(parts, row, 52, (struct action){"park", "counter.park", "icon-park", "F7", KEY_F7});
}

static void action(struct parts parts, struct node *row, float height_px, struct action action)
{
    parts_button(parts, row,
                 (struct parts_button){.id = action.id,
                                       .words = parts_phrase(parts, action.phrase),
                                       .icon = action.icon,
                                       .cap = action.cap,
                                       .key = action.key,
                                       .style = STYLE_BUTTON_SERVICE,
                                       .height_px = height_px});
}

static void act(struct desk *desk, const struct scene_event *event)
{
    size_t index = 0;
    if (scene_event_is(event, "next")) {
        desk_next(desk);
    } else if (scene_event_is(event, "why")) {
        desk_ask_why(desk);
    } else if (scene_event_is(event, "close")) {
        desk->sheet = SHEET_NONE;
    } else if (scene_event_is(event, "pause")) {
        const struct counter *own = desk_own(desk);
        desk_pause(desk, own == NULL || own->state != COUNTER_PAUSED);
    } else if (scene_event_is(event, "sign_out")) {
        desk_sign_out(desk);
    } else if (scene_event_item(event, "aside", &index)) {
        const struct ticket *aside = desk_aside(desk, index);
        desk_pick(desk, aside == NULL ? "" : aside->id);
    } else if (scene_event_item(event, "outcome", &index) && index < 4) {
        desk->outcome = (enum finish_outcome)index;
    } else if (scene_event_item(event, "service", &index) && index < desk->state.services_count) {
        desk_transfer(desk, desk->state.services[index].letter);
    } else {
        act_on_ticket(desk, event);
    }
}

static void act_on_ticket(struct desk *desk, const struct scene_event *event)
{
    static const struct {
        const char *id;
        enum hall_event_kind action;
    } table[] = {
        {"arrived", HALL_ARRIVED}, {"recall", HALL_RECALL},   {"absent", HALL_ABSENT},
        {"park", HALL_PARK},       {"requeue", HALL_REQUEUE}, {"document", HALL_DOCUMENT_SEEN},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (scene_event_is(event, table[i].id)) {
            desk_do(desk, table[i].action);
            return;
        }
    }
    if (scene_event_is(event, "form.fill")) {
        desk_fill(desk);
    } else if (scene_event_is(event, "transfer")) {
        desk->sheet = SHEET_TRANSFER;
    } else if (scene_event_is(event, "finish")) {
        desk->sheet = SHEET_FINISH;
        desk->outcome = FINISH_DONE;
    } else if (scene_event_is(event, "finish_only")) {
        desk_finish(desk, false);
    } else if (scene_event_is(event, "finish_next")) {
        desk_finish(desk, true);
    }
}
