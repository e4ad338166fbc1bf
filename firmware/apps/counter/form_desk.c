// SPDX-License-Identifier: EUPL-1.2
//
// The counter round a form: it opens at the question where the kiosk's was left, and what is typed
// here is saved as it is there.
#include "apps/counter/desk.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

enum { ROWS_SHOWN = 11, ROWS_SHOWN_LARGE = 8 };

static uint32_t ask_hub(void *ctx);
static void on_step(void *ctx, enum fill_step step);
static void follow_page(struct desk *desk);
static void show_tried(struct desk *desk, enum desk_form_view was);

void desk_form_init(struct desk *desk)
{
    desk->form_host = (struct fill_host){
        .open = ask_hub,
        .tell = on_step,
        .ctx = desk,
        .client = &desk->client,
        .look = desk->look,
        .clock = &desk->clock,
        .now_ms = &desk->ticked_ms,
        .waits_for = &desk->waits_for,
        .waits_since_ms = &desk->waits_since_ms,
        .has_news = &desk->has_news,
        .commands_count = &desk->commands_count,
    };
}

bool desk_may_fill(const struct desk *desk)
{
    const struct ticket *ticket = desk_current(desk);
    return ticket != NULL && ticket->state == TICKET_SERVING && desk->has_context &&
           desk->context.form.id[0] != '\0' && desk->form_reference[0] == '\0';
}

void desk_fill(struct desk *desk)
{
    if (desk_may_fill(desk) && desk->is_connected) {
        desk->form_first = 0;
        fill_open(&desk->form, &desk->form_host);
    }
}

void desk_fill_close(struct desk *desk)
{
    if (desk->form_view == DESK_FORM_SENT) {
        // Nothing is left to go on with; the card says what it is called.
        text_copy_cut(desk->form_reference, sizeof desk->form_reference,
                      desk->form.reference[0] == '\0' ? "\u2013" : desk->form.reference);
        wipe(&desk->context.form, sizeof desk->context.form);
    }
    fill_leave(&desk->form);
}

size_t desk_form_rows(const struct look *look)
{
    return look->is_large ? ROWS_SHOWN_LARGE : ROWS_SHOWN;
}

// The pen goes with the ticket: the hub gives it on.
void desk_form_drop(struct desk *desk)
{
    if (desk->form_view == DESK_FORM_WAITS) {
        desk->waits_for = 0;
    }
    fill_end(&desk->form);
    fill_close(&desk->form);
    wipe(desk->form_reference, sizeof desk->form_reference);
    desk->form_view = DESK_FORM_NONE;
}

static uint32_t ask_hub(void *ctx)
{
    struct desk *desk = ctx;
    return desk->client == NULL ? 1 : hub_ticket_form(desk->client, desk->ticket);
}

static void on_step(void *ctx, enum fill_step step)
{
    static const enum desk_form_view views[] = {
        [FILL_WAITS] = DESK_FORM_WAITS, [FILL_RESUMES] = DESK_FORM_NONE,
        [FILL_PAGE] = DESK_FORM_PAGE,   [FILL_SENDING] = DESK_FORM_SENDING,
        [FILL_SENT] = DESK_FORM_SENT,   [FILL_TROUBLE] = DESK_FORM_TROUBLE,
        [FILL_LEFT] = DESK_FORM_NONE,   [FILL_VISIT_GONE] = DESK_FORM_NONE,
    };
    struct desk *desk = ctx;
    enum desk_form_view was = desk->form_view;
    desk->list_first = 0;
    if (step == FILL_RESUMES) {
        fill_start(&desk->form, false); // nobody begins again at the counter
        return;
    }
    desk->form_view = views[step];
    if (step == FILL_PAGE) {
        follow_page(desk);
        show_tried(desk, was);
    }
}

// The list shows the answer that is being given.
static void follow_page(struct desk *desk)
{
    const struct fill_rows *rows = fill_rows(&desk->form);
    struct form_place place = desk->form.page.place;
    size_t shown = desk_form_rows(desk->look);
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->places[i].field == place.field && rows->places[i].item == place.item) {
            desk->form_first = i / shown * shown;
        }
    }
}

// What the visitor typed and the kiosk could not take is mended here, not typed again.
static void show_tried(struct desk *desk, enum desk_form_view was)
{
    const struct context_form_private *left = &desk->context.form;
    struct form_entry_private *entry = &desk->form.entry;
    char key[CONTEXT_KEY_BYTES];
    int item = 0;
    fill_name(&desk->form, key, sizeof key, &item);
    bool is_there = text_equal(key, left->key) && item == left->item;
    bool is_empty = entry->edits_count == 1 && edit_is_empty(&entry->edits[0]);
    if (was == DESK_FORM_WAITS && is_there && is_empty && left->tried[0] != '\0' &&
        edit_set(&entry->edits[0], left->tried) != OK) {
        edit_clear(&entry->edits[0]); // longer than the question allows: as the card tells it
    }
}
