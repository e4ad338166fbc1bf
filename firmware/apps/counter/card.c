// SPDX-License-Identifier: EUPL-1.2
//
// The context card: who, how verified, what about, how far, what is missing, what else is open.
#include "apps/counter/parts.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>

static void person_stub(struct parts parts, struct node *card, const struct ticket *ticket);
static void person_words(struct parts parts, struct node *card, const struct ticket *ticket);
static void person_promise(struct parts parts, struct node *card, const struct ticket *ticket);
static void assurance_badge(struct parts parts, struct node *row, const struct ticket *ticket);
static const char *assurance_phrase(const struct desk *desk);
static void need_badge(struct parts parts, struct node *row, const char *icon, const char *words);
static void request_title(struct parts parts, struct node *card);
static void request_progress(struct parts parts, struct node *card);
static void request_stuck(struct parts parts, struct node *card);
static bool is_stuck(struct parts parts);
static const char *stuck_words(struct parts parts, const struct context_form_private *form);
static void request_facts(struct parts parts, struct node *card);
static const char *date_words(struct parts parts, struct date date);
static const char *day_words(struct parts parts, int64_t time_ms);
static const char *state_phrase(enum request_state state);
static void others_in_brief(struct parts parts, struct node *card);

void parts_person(struct parts parts, struct node *parent)
{
    const struct ticket *ticket = desk_current(parts.desk);
    CHECK(ticket != NULL);
    struct node *card = widget_row(parts.maker, parent, DESK_PX(24));
    card->style = STYLE_CARD_STRONG; // the visitor is a ticket
    card->box.height_mm = DESK_PX(116);
    card->box.across = ALIGN_STRETCH;
    person_stub(parts, card, ticket);
    person_words(parts, card, ticket);
    person_promise(parts, card, ticket);
}

void parts_needs(struct parts parts, struct node *parent)
{
    static const struct {
        enum need need;
        const char *icon;
        const char *phrase;
    } table[] = {
        {NEED_WHEELCHAIR, "icon-wheel", "counter.need.wheelchair"},
        {NEED_HEARING, "icon-ear", "counter.need.hearing"},
        {NEED_SEEING, "icon-eye", "counter.need.seeing"},
        {NEED_CALM, "icon-person", "counter.need.calm"},
        {NEED_INTERPRETER, "icon-speak", "counter.need.interpreter"},
    };
    const struct ticket *ticket = desk_current(parts.desk);
    CHECK(ticket != NULL);
    bool speaks_other = ticket->language[0] != '\0' && !text_equal(ticket->language, "nl");
    if (ticket->needs == 0 && !speaks_other) {
        return;
    }
    struct node *row = widget_row(parts.maker, parent, DESK_PX(12));
    row->box.across = ALIGN_CENTER;
    if (speaks_other) {
        bool is_arabic = text_equal(ticket->language, "ar");
        need_badge(parts, row, "icon-globe",
                   parts_phrase(parts, is_arabic ? "counter.language.ar" : "counter.language.en"));
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if ((ticket->needs & table[i].need) != 0) {
            need_badge(parts, row, table[i].icon, parts_phrase(parts, table[i].phrase));
        }
    }
    struct node *said = parts_words(parts, row, 15, false, parts_phrase(parts, "counter.said_so"));
    said->ink = COLOUR_MUTED;
    said->box.grow = 1;
    said->text_align = ALIGN_END;
}

void parts_request(struct parts parts, struct node *parent)
{
    const struct desk *desk = parts.desk;
    struct node *card = tree_add(parts.maker.tree, parent, "context.request", ROLE_GROUP, NULL);
    card->box.gap_mm = DESK_PX(12);
    card->style = STYLE_CARD;
    card->box.grow = 2;
    card->box.pad = (struct edges){DESK_PX(20), DESK_PX(16), DESK_PX(20), DESK_PX(14)};
    if (!desk->has_context || !desk->context.has_request) {
        const struct ticket *ticket = desk_current(desk);
        struct node *row = widget_row(parts.maker, card, DESK_PX(16));
        row->box.across = ALIGN_CENTER;
        widget_tile(parts.maker, row, request_subject_picture(ticket->subject), DESK_PX(60),
                    DESK_PX(44));
        parts_words(parts, row, 22, true,
                    desk_service_name(desk, parts.maker.look, ticket->service));
        const char *key = desk->context_refused  ? "counter.context.refused"
                          : !ticket->has_context ? "counter.context.none"
                          : !desk->has_context   ? "counter.context.coming"
                                                 : "counter.context.no_request";
        struct node *words = parts_words(parts, card, 18, false, parts_phrase(parts, key));
        words->ink = COLOUR_MUTED;
        return;
    }
    request_title(parts, card);
    bool is_sent = desk->form_reference[0] != '\0'; // what was missing went with it
    for (size_t i = 0; i < desk->context.request.missing_count && !is_sent; i++) {
        struct node *missing =
            tree_add_item(parts.maker.tree, card, "context.missing", i, ROLE_NOTICE, NULL);
        missing->style = STYLE_BADGE;
        missing->tone = TONE_TODO;
        missing->box.flow = FLOW_ROW;
        missing->box.gap_mm = DESK_PX(14);
        missing->box.across = ALIGN_CENTER;
        missing->box.pad = (struct edges){DESK_PX(18), DESK_PX(12), DESK_PX(18), DESK_PX(12)};
        widget_icon(parts.maker, missing, "icon-warn", DESK_PX(26));
        struct node *words = parts_words(
            parts, missing, 19, true,
            parts_filled(parts, "counter.missing", "item", desk->context.request.missing[i]));
        words->box.grow = 1;
    }
    request_progress(parts, card);
    request_stuck(parts, card);
    if (is_sent) {
        parts_notice(parts, card,
                     (struct parts_notice){.id = "context.sent",
                                           .tone = TONE_GOOD,
                                           .icon = "icon-done",
                                           .title = parts_phrase(parts, "counter.form.sent"),
                                           .below = parts_filled(parts, "counter.form.reference",
                                                                 "number", desk->form_reference)});
    }
    request_facts(parts, card);
    if (desk->sheet == SHEET_FINISH) {
        others_in_brief(parts, card);
    }
}

void parts_others(struct parts parts, struct node *parent)
{
    const struct context_private *context = &parts.desk->context;
    if (!parts.desk->has_context || context->others_count == 0) {
        return;
    }
    struct node *card = widget_column(parts.maker, parent, DESK_PX(10));
    card->style = STYLE_CARD;
    card->box.width_mm = DESK_PX(292);
    card->box.pad = (struct edges){DESK_PX(18), DESK_PX(16), DESK_PX(18), DESK_PX(14)};
    parts_words(parts, card, 18, true,
                parts_count(parts, "counter.also_open", context->others_count));
    struct node *list = widget_column(parts.maker, card, DESK_PX(4));
    size_t rows_max = parts.maker.look->is_large ? 3 : 5;
    for (size_t i = 0; i < context->others_count && i < rows_max; i++) {
        struct node *row = widget_row(parts.maker, list, DESK_PX(14));
        row->box.across = ALIGN_CENTER;
        row->box.min_height_mm = DESK_PX(54);
        widget_icon(parts.maker, row, request_subject_picture(context->others[i].subject),
                    DESK_PX(32));
        struct node *column = widget_column(parts.maker, row, 0);
        column->box.grow = 1;
        parts_words(parts, column, 17, true, context->others[i].title)->privacy = PRIVACY_PRIVATE;
        struct node *state = parts_words(
            parts, column, 15, false, parts_phrase(parts, state_phrase(context->others[i].state)));
        state->ink = COLOUR_MUTED;
        parts_rule(parts, list);
    }
    struct node *consent = widget_row(parts.maker, card, DESK_PX(8));
    consent->box.across = ALIGN_CENTER;
    widget_icon(parts.maker, consent, "icon-eye", DESK_PX(20));
    struct node *words =
        parts_words(parts, consent, 15, false, parts_phrase(parts, "counter.with_consent"));
    words->ink = COLOUR_MUTED;
    words->box.grow = 1;
}

// Beside the sheet only the titles: is there something to send this visitor on to?
static void others_in_brief(struct parts parts, struct node *card)
{
    const struct context_private *context = &parts.desk->context;
    if (context->others_count == 0 || parts.maker.look->is_large ||
        desk_problem(parts.desk)[0] != '\0') {
        return;
    }
    struct node *head = parts_words(parts, card, 17, true,
                                    parts_count(parts, "counter.also_open", context->others_count));
    head->box.pad.top_mm = DESK_PX(4);
    struct node *list = widget_column(parts.maker, card, DESK_PX(6));
    for (size_t i = 0; i < context->others_count && i < 3; i++) {
        struct node *row = widget_row(parts.maker, list, DESK_PX(12));
        row->box.across = ALIGN_CENTER;
        widget_icon(parts.maker, row, request_subject_picture(context->others[i].subject),
                    DESK_PX(24));
        struct node *title = parts_words(parts, row, 16, false, context->others[i].title);
        title->privacy = PRIVACY_PRIVATE;
        title->box.grow = 1;
    }
}

static void person_stub(struct parts parts, struct node *card, const struct ticket *ticket)
{
    bool is_serving = ticket->state == TICKET_SERVING;
    bool is_large = parts.maker.look->is_large;
    struct node *stub = widget_column(parts.maker, card, DESK_PX(4));
    stub->style = STYLE_STUB;
    stub->ground = COLOUR_FIELD;
    stub->ink = COLOUR_ON_FIELD;
    stub->box.width_mm = is_large ? DESK_PX(176) : DESK_PX(200);
    stub->box.along = ALIGN_CENTER;
    struct node *number = parts_words(parts, stub, is_large ? 46 : 55, true, ticket->number);
    number->text_align = ALIGN_CENTER;
    number->is_nowrap = true;
    int64_t since_ms = is_serving ? ticket->serving_ms : ticket->called_ms;
    int64_t seconds = (parts.desk->now_ms - since_ms) / 1000;
    char passed[16];
    (void)snprintf(passed, sizeof passed, "%u.%02u",
                   (unsigned)(seconds < 0 ? 0 : seconds / 60) % 1000,
                   (unsigned)(seconds < 0 ? 0 : seconds % 60)); // "0.20" always fits
    struct node *state = parts_words(
        parts, stub, 16, false,
        parts_filled(parts, is_serving ? "counter.serving" : "counter.called", "time", passed));
    state->text_align = ALIGN_CENTER;
}

static void person_words(struct parts parts, struct node *card, const struct ticket *ticket)
{
    const struct desk *desk = parts.desk;
    const struct person_private *person = &desk->context.person;
    struct node *column =
        widget_column(parts.maker, card, parts.maker.look->is_large ? DESK_PX(4) : DESK_PX(8));
    column->box.grow = 1;
    column->box.along = ALIGN_CENTER;
    bool has_name = desk->has_context && person->name[0] != '\0';
    const char *name = has_name ? person->name
                       : desk->has_context && person->is_secret
                           ? parts_phrase(parts, "counter.secret")
                           : parts_phrase(parts, "counter.unnamed");
    struct node *words = parts_words(parts, column, 29, true, name);
    words->privacy = PRIVACY_PRIVATE;
    tree_set_description(parts.maker.tree, words, name);
    struct node *row = widget_row(parts.maker, column, DESK_PX(14));
    row->box.across = ALIGN_CENTER;
    if (desk->has_context && person->birth_date.year != 0) {
        struct node *born =
            parts_words(parts, row, 17, false, date_words(parts, person->birth_date));
        born->privacy = PRIVACY_PRIVATE;
        born->is_nowrap = true;
    }
    assurance_badge(parts, row, ticket);
}

static void assurance_badge(struct parts parts, struct node *row, const struct ticket *ticket)
{
    const bool is_sure = ticket->level >= LEVEL_3;
    const bool is_large = parts.maker.look->is_large;
    // What a chip proved takes two lines, and in large type so does all that is fairly sure; as
    // wide as they like they would take the promise's room.
    const bool is_long = !is_sure && (evidence_is_document(ticket->evidence) ||
                                      (is_large && ticket->level == LEVEL_2));
    const float pad_mm = is_long && is_large ? DESK_PX(1) : DESK_PX(5);
    struct node *badge = widget_row(parts.maker, row, DESK_PX(8));
    badge->style = STYLE_BADGE;
    badge->tone = is_sure ? TONE_GOOD : ticket->level == LEVEL_0 ? TONE_IDLE : TONE_TODO;
    badge->box.across = ALIGN_CENTER;
    badge->box.pad = (struct edges){DESK_PX(9), pad_mm, DESK_PX(12), pad_mm};
    widget_icon(parts.maker, badge, is_sure ? "icon-shield" : "icon-info", DESK_PX(20));
    struct node *words = parts_named(parts, badge, "context.assurance", is_long ? 15 : 16,
                                     parts_phrase(parts, assurance_phrase(parts.desk)));
    words->box.width_mm = is_long ? DESK_PX(236) * (is_large ? DESK_LARGE : 1.0F) : 0;
}

static void person_promise(struct parts parts, struct node *card, const struct ticket *ticket)
{
    struct node *column = widget_column(parts.maker, card, DESK_PX(2));
    column->box.along = ALIGN_CENTER;
    column->box.pad.end_mm = DESK_PX(22);
    struct node *label =
        parts_words(parts, column, 15, false, parts_phrase(parts, "counter.promise_label"));
    label->ink = COLOUR_MUTED;
    label->text_align = ALIGN_END;
    char time[DESK_TIME_BYTES];
    desk_time(ticket->due_ms, time);
    parts_named(parts, column, "context.due", 22, time)->text_align = ALIGN_END;
    int64_t waited_ms = ticket->called_ms - ticket->issued_ms;
    struct node *waited = parts_words(
        parts, column, 15, false,
        parts_count(parts, "counter.waited", waited_ms < 0 ? 0 : (uint64_t)(waited_ms / 60000)));
    waited->ink = COLOUR_MUTED;
    waited->is_nowrap = true;
    waited->text_align = ALIGN_END;
}

// In words, the strongest evidence first.
static const char *assurance_phrase(const struct desk *desk)
{
    const struct ticket *ticket = desk_current(desk);
    struct evidence evidence = ticket->evidence;
    if (evidence_has(evidence, EVIDENCE_DOCUMENT_SEEN)) {
        return "counter.assurance.document";
    }
    if (evidence_has(evidence, EVIDENCE_PORTAL_TOKEN)) {
        return evidence_has(evidence, EVIDENCE_BIRTH_DATE) ? "counter.assurance.code_and_date"
                                                           : "counter.assurance.code";
    }
    // What the chip proved and what nobody has looked at yet: whose it is.
    if (evidence_is_document(evidence)) {
        return "counter.assurance.chip";
    }
    if (evidence_has(evidence, EVIDENCE_PAPER_CODE)) {
        return evidence_has(evidence, EVIDENCE_BIRTH_DATE) ? "counter.assurance.letter_and_date"
                                                           : "counter.assurance.letter";
    }
    if (evidence_has(evidence, EVIDENCE_PASS_NUMBER)) {
        return evidence_has(evidence, EVIDENCE_BIRTH_DATE) ? "counter.assurance.pass_and_date"
                                                           : "counter.assurance.pass";
    }
    return evidence_has(evidence, EVIDENCE_RESUME_LINK) ? "counter.assurance.link"
                                                        : "counter.assurance.none";
}

static void need_badge(struct parts parts, struct node *row, const char *icon, const char *words)
{
    struct node *badge = widget_row(parts.maker, row, DESK_PX(10));
    badge->style = STYLE_BADGE;
    badge->tone = TONE_ASK;
    badge->box.across = ALIGN_CENTER;
    badge->box.pad = (struct edges){DESK_PX(12), DESK_PX(9), DESK_PX(14), DESK_PX(9)};
    widget_icon(parts.maker, badge, icon, DESK_PX(22));
    parts_words(parts, badge, 17, true, words)->is_nowrap = true;
}

static void request_title(struct parts parts, struct node *card)
{
    const struct request_private *request = &parts.desk->context.request;
    struct node *row = widget_row(parts.maker, card, DESK_PX(16));
    row->box.across = ALIGN_CENTER;
    widget_tile(parts.maker, row, request_subject_picture(request->subject), DESK_PX(60),
                DESK_PX(44));
    struct node *column = widget_column(parts.maker, row, DESK_PX(2));
    column->box.grow = 1;
    bool is_narrow = parts.desk->sheet != SHEET_NONE;
    struct node *title = parts_words(parts, column, is_narrow ? 20 : 23, true, request->title);
    title->privacy = PRIVACY_PRIVATE;
    char words[PHRASE_BYTES];
    struct text line;
    text_init(&line, words, sizeof words);
    if (request->reference[0] != '\0') {
        text_add(&line, parts_filled(parts, "counter.case", "number", request->reference));
    }
    if (request->started_ms != 0 && !is_narrow && !parts.maker.look->is_large) {
        text_format(
            &line, "%s%s", line.len > 0 ? " · " : "",
            parts_filled(parts, "counter.since", "date", day_words(parts, request->started_ms)));
    }
    if (request->deadline_ms != 0) {
        text_format(
            &line, "%s%s", line.len > 0 ? " · " : "",
            parts_filled(parts, "counter.before", "date", day_words(parts, request->deadline_ms)));
    }
    struct node *below = parts_words(parts, column, 16, false, words);
    below->ink = COLOUR_MUTED;
}

static void request_progress(struct parts parts, struct node *card)
{
    const struct request_private *request = &parts.desk->context.request;
    if (request->steps_count == 0 || request->steps_count > 12 || is_stuck(parts)) {
        return; // where the form was left says it in words
    }
    bool has_problem = desk_problem(parts.desk)[0] != '\0';
    if (parts.maker.look->is_large && (parts.desk->sheet != SHEET_NONE || has_problem)) {
        return;
    }
    struct node *row = widget_row(parts.maker, card, DESK_PX(6));
    row->box.across = ALIGN_CENTER;
    for (unsigned i = 0; i < request->steps_count; i++) {
        struct node *step = widget_space(parts.maker, row, DESK_PX(8));
        step->style = STYLE_STEP_PAPER;
        step->box.grow = 1;
        step->states |= i < request->steps_done ? NODE_CHECKED : 0;
    }
    char done[8];
    char count[8];
    (void)snprintf(done, sizeof done, "%u", (unsigned)request->steps_done);    // always fits
    (void)snprintf(count, sizeof count, "%u", (unsigned)request->steps_count); // always fits
    struct phrases_value values[] = {{"done", done}, {"count", count}};
    char words[PHRASE_BYTES];
    if (phrases_fill(parts_phrase(parts, "counter.progress"), values, 2, words, sizeof words) ==
        OK) {
        struct node *text = parts_words(parts, row, 16, false, words);
        text->ink = COLOUR_MUTED;
        text->is_nowrap = true;
    }
}

// Where the kiosk's form was left: the first thing to talk about.
static void request_stuck(struct parts parts, struct node *card)
{
    if (!is_stuck(parts)) {
        return;
    }
    const struct context_form_private *form = &parts.desk->context.form;
    const char *label = widget_foreign(parts.maker, form->label);
    const char *title = form->label[0] == '\0'
                            ? parts_phrase(parts, "counter.stuck.check")
                            : parts_filled(parts, "counter.stuck", "question", label);
    bool may_fill =
        desk_may_fill(parts.desk) && parts.desk->is_connected && parts.desk->sheet == SHEET_NONE;
    bool is_tight = parts.desk->sheet != SHEET_NONE && desk_problem(parts.desk)[0] != '\0';
    bool has_room = !parts.maker.look->is_large || (!may_fill && !is_tight);
    const char *words = stuck_words(parts, form);
    struct node *row = parts_notice(parts, card,
                                    (struct parts_notice){.id = "context.stuck",
                                                          .tone = TONE_ASK,
                                                          .icon = "icon-ask",
                                                          .title = title,
                                                          .below = has_room ? words : NULL});
    if (may_fill) {
        struct node *fill =
            parts_button(parts, row,
                         (struct parts_button){.id = "form.fill",
                                               .words = parts_phrase(parts, "counter.form.open"),
                                               .cap = "F3",
                                               .key = KEY_F3,
                                               .style = STYLE_BUTTON_OUTLINED,
                                               .height_px = 48});
        fill->box.grow = 0;
        fill->box.width_mm = parts.maker.look->is_large ? DESK_PX(250) : DESK_PX(214);
    }
}

static bool is_stuck(struct parts parts)
{
    return parts.desk->context.form.id[0] != '\0';
}

// "Step 3 of 7 · This is no plate · typed: GV-27"
static const char *stuck_words(struct parts parts, const struct context_form_private *form)
{
    char words[PHRASE_BYTES];
    struct text line;
    text_init(&line, words, sizeof words);
    if (form->steps > 0) {
        char step[8];
        char steps[8];
        (void)snprintf(step, sizeof step, "%u", (unsigned)form->step);    // always fits
        (void)snprintf(steps, sizeof steps, "%u", (unsigned)form->steps); // always fits
        struct phrases_value values[] = {{"step", step}, {"steps", steps}};
        char filled[PHRASE_BYTES];
        if (phrases_fill(parts_phrase(parts, "form.step"), values, 2, filled, sizeof filled) ==
            OK) {
            text_add(&line, filled);
        }
    }
    if (form->error[0] != '\0') {
        char key[CONTEXT_ERROR_BYTES + 16];
        (void)snprintf(key, sizeof key, "form.error.%s", form->error); // always fits
        text_format(&line, "%s%s", line.len > 0 ? " · " : "", parts_phrase(parts, key));
    }
    if (form->tried[0] != '\0') {
        text_format(&line, "%s%s", line.len > 0 ? " · " : "",
                    parts_filled(parts, "counter.stuck.tried", "typed",
                                 widget_foreign(parts.maker, form->tried)));
    }
    return tree_words(parts.maker.tree, words);
}

static void request_facts(struct parts parts, struct node *card)
{
    const struct request_private *request = &parts.desk->context.request;
    struct node *column = widget_column(parts.maker, card, 0);
    bool is_narrow = parts.desk->sheet != SHEET_NONE;
    bool has_problem = desk_problem(parts.desk)[0] != '\0';
    bool is_tight = parts.desk->sheet == SHEET_TRANSFER || has_problem;
    bool is_tightest = has_problem && parts.desk->sheet == SHEET_NONE; // the needs stand there too
    size_t rows_max = is_tightest ? 3 : 6;
    if (parts.maker.look->is_large) {
        rows_max = is_tightest ? 1 : is_tight ? 2 : 4;
    }
    if (is_stuck(parts)) {
        rows_max = parts.maker.look->is_large || is_tight ? 0 : 2; // it takes the room of two
    }
    if (parts.desk->form_reference[0] != '\0' && parts.maker.look->is_large) {
        rows_max = rows_max < 2 ? rows_max : 2;
    }
    for (size_t i = 0; i < request->facts_count && i < rows_max; i++) {
        struct node *row = widget_row(parts.maker, column, DESK_PX(12));
        row->box.across = ALIGN_CENTER;
        row->box.min_height_mm = is_narrow ? DESK_PX(35) : DESK_PX(39);
        widget_icon(parts.maker, row, "icon-done", DESK_PX(22))->ink = COLOUR_GOOD_INK;
        struct node *label = parts_words(parts, row, 18, false,
                                         widget_foreign(parts.maker, request->facts[i].label));
        label->ink = COLOUR_MUTED;
        label->box.width_mm = is_narrow ? DESK_PX(92) : DESK_PX(120);
        struct node *value =
            parts_words(parts, row, 18, true, widget_foreign(parts.maker, request->facts[i].value));
        value->privacy = PRIVACY_PRIVATE;
        value->box.grow = 1;
        parts_rule(parts, column);
    }
}

// "17 mei 1984"; months and days the register does not know are left out.
static const char *date_words(struct parts parts, struct date date)
{
    char words[64];
    struct text line;
    text_init(&line, words, sizeof words);
    if (date.month >= 1 && date.month <= 12) {
        char key[32];
        (void)snprintf(key, sizeof key, "common.month.%u", date.month % 100u); // always fits
        if (date.day != 0) {
            text_format(&line, "%u ", date.day);
        }
        text_add(&line, parts_phrase(parts, key));
    }
    if (date.year != 0) {
        text_format(&line, "%s%d", line.len > 0 ? " " : "", date.year);
    }
    return tree_words(parts.maker.tree, words);
}

// "30 november"; with its year when that is another one.
static const char *day_words(struct parts parts, int64_t time_ms)
{
    struct date day = date_from_days(clock_local_day(time_ms));
    if (day.year == clock_local(parts.desk->now_ms).year) {
        day.year = 0;
    }
    return date_words(parts, day);
}

static const char *state_phrase(enum request_state state)
{
    switch (state) {
    case REQUEST_MISSING:
        return "counter.state.missing";
    case REQUEST_QUESTION:
        return "counter.state.question";
    case REQUEST_BUSY:
        return "counter.state.busy";
    case REQUEST_DONE:
        return "counter.state.done";
    }
    return "counter.state.busy";
}
