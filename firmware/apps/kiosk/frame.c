// SPDX-License-Identifier: EUPL-1.2
//
// The open door: where you are, who you are, what this screen asks; then the quiet paper.
#include "apps/kiosk/frame.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdio.h>

static void bar_session(struct frame *frame, struct node *bar, enum frame_bar kind);
static void bar_modes(struct frame *frame, struct node *bar);
static void service(struct frame *frame, struct node *row, const char *id, const char *icon,
                    const char *key);

struct frame frame_open(const struct kiosk *kiosk, const struct look *look, struct tree *tree,
                        const char *id, const char *title_key)
{
    struct frame frame = {.kiosk = kiosk, .maker = {.tree = tree, .look = look}};
    frame.screen = tree_add(tree, NULL, id, ROLE_SCREEN, frame_say(&frame, title_key));
    frame.screen->has_text = false;
    frame.screen->style = STYLE_PAGE;
    struct clock clock = clock_system();
    // On the list the chip is complete and stands under the title.
    bool has_chip = kiosk->visit.has_visit && !text_equal(id, "requests");
    const char *initials = has_chip ? kiosk->visit.visit.initials : "";
    frame.field = widget_field(
        frame.maker, frame.screen,
        (struct widget_field){.town = kiosk->state.town,
                              .time = frame_time(&frame, "common.time", clock_now_ms(&clock)),
                              .chip = initials[0] == '\0' ? NULL : initials,
                              .height_mm = look->is_low ? DRAWN(858) : 0});
    frame.content = widget_column(frame.maker, frame.screen, DRAWN(20));
    frame.content->box.pad = (struct edges){DRAWN(48), DRAWN(28), DRAWN(48), DRAWN(28)};
    frame.content->box.grow = 1;
    return frame;
}

void frame_close(struct frame *frame, enum frame_bar kind)
{
    struct node *bar = tree_add(frame->maker.tree, frame->screen, "bar", ROLE_GROUP, NULL);
    bar->style = STYLE_BAR;
    bar->box.gap_mm = DRAWN(16);
    bar->box.pad = (struct edges){DRAWN(48), DRAWN(22), DRAWN(48), DRAWN(24)};
    if (kind != FRAME_BAR_SHORT) {
        bar_session(frame, bar, kind);
    }
    bar_modes(frame, bar);
}

struct node *frame_title(struct frame *frame, const char *words)
{
    return widget_heading(frame->maker, frame->field, "title", TYPE_TITLE, words);
}

struct node *frame_lead(struct frame *frame, const char *words)
{
    return widget_text(frame->maker, frame->field, "lead", TYPE_BODY, words);
}

const char *frame_say(const struct frame *frame, const char *key)
{
    return phrases_get(&frame->kiosk->phrases, key);
}

const char *frame_fill(const struct frame *frame, const char *key, const char *name,
                       const char *value)
{
    char words[PHRASE_BYTES];
    struct phrases_value filling = {name, value};
    if (phrases_fill(frame_say(frame, key), &filling, 1, words, sizeof words) != OK) {
        return value;
    }
    return tree_words(frame->maker.tree, words);
}

const char *frame_count(const struct frame *frame, const char *key, uint64_t count)
{
    char words[PHRASE_BYTES];
    if (phrases_fill_count(&frame->kiosk->phrases, key, count, words, sizeof words) != OK) {
        return "";
    }
    return tree_words(frame->maker.tree, words);
}

const char *frame_date(const struct frame *frame, int64_t time_ms)
{
    struct clock_local at = clock_local(time_ms);
    char key[32];
    char day[8];
    char words[PHRASE_BYTES];
    (void)snprintf(key, sizeof key, "common.month.%u", (unsigned)at.month % 13); // always fits
    (void)snprintf(day, sizeof day, "%u", (unsigned)at.day % 32);                // always fits
    struct phrases_value values[] = {{"day", day}, {"month", frame_say(frame, key)}};
    if (phrases_fill(frame_say(frame, "common.date"), values, 2, words, sizeof words) != OK) {
        return "";
    }
    return tree_words(frame->maker.tree, words);
}

const char *frame_time(const struct frame *frame, const char *key, int64_t time_ms)
{
    struct clock_local at = clock_local(time_ms);
    char hour[8];
    char minute[8];
    char words[PHRASE_BYTES];
    (void)snprintf(hour, sizeof hour, "%u", (unsigned)at.hour % 24);         // always fits
    (void)snprintf(minute, sizeof minute, "%02u", (unsigned)at.minute % 60); // always fits
    struct phrases_value values[] = {{"hour", hour}, {"minute", minute}};
    if (phrases_fill(frame_say(frame, key), values, 2, words, sizeof words) != OK) {
        return "";
    }
    return tree_words(frame->maker.tree, words);
}

const char *frame_wait(const struct frame *frame, const struct wait_band *band)
{
    if (!band->is_known) {
        return frame_say(frame, "wait.unknown");
    }
    char from[12];
    char to[12];
    char words[PHRASE_BYTES];
    (void)snprintf(from, sizeof from, "%u", band->minutes_min); // always fits
    (void)snprintf(to, sizeof to, "%u", band->minutes_max);     // always fits
    struct phrases_value values[] = {{"from", from}, {"to", to}};
    const char *key = band->minutes_min == 0 ? "wait.short" : "common.minutes_range";
    if (phrases_fill(frame_say(frame, key), values, 2, words, sizeof words) != OK) {
        return "";
    }
    return tree_words(frame->maker.tree, words);
}

static void bar_session(struct frame *frame, struct node *bar, enum frame_bar kind)
{
    struct node *row = widget_grid(frame->maker, bar, 3, DRAWN(15));
    if (kind == FRAME_BAR_BACK) {
        struct node *back = widget_service_wide(frame->maker, row, "bar.back", "icon-back",
                                                frame_say(frame, "common.back"));
        back->icon_mirrors = true;
    } else if (kind == FRAME_BAR_NOT_YOU) {
        widget_service_wide(frame->maker, row, "bar.not_you", "icon-absent",
                            frame_say(frame, "common.not_you"));
    } else {
        widget_space(frame->maker, row, DRAWN(108)); // a slot without meaning stays empty
    }
    widget_service_wide(frame->maker, row, "bar.language", "icon-globe",
                        frame_say(frame, "common.language_name"));
    struct node *stop = widget_service_wide(frame->maker, row, "bar.stop", "icon-stop",
                                            frame_say(frame, "common.stop"));
    stop->style = STYLE_BUTTON_STOP;
}

static void bar_modes(struct frame *frame, struct node *bar)
{
    const struct look *look = frame->maker.look;
    struct node *row = widget_grid(frame->maker, bar, 4, DRAWN(12));
    service(frame, row, "bar.larger", "icon-larger", "common.larger");
    service(frame, row, "bar.contrast", "icon-contrast", "common.contrast");
    service(frame, row, "bar.lower", "icon-lower", "common.lower");
    service(frame, row, "bar.help", "icon-help", "common.help");
    tree_find(frame->maker.tree, "bar.larger")->states |= look->is_large ? NODE_CHECKED : 0U;
    tree_find(frame->maker.tree, "bar.contrast")->states |= look->is_contrast ? NODE_CHECKED : 0U;
    tree_find(frame->maker.tree, "bar.lower")->states |= look->is_low ? NODE_CHECKED : 0U;
}

static void service(struct frame *frame, struct node *row, const char *id, const char *icon,
                    const char *key)
{
    widget_service(frame->maker, row, id, icon, frame_say(frame, key));
}
