// SPDX-License-Identifier: EUPL-1.2
//
// Scanner, card reader, printer and chime, a page each: how it is, what to do, how it went. Of what
// is read only that it was read is shown.
#include "apps/technician/screen_face.h"

#include "base/text.h"

#include <stdio.h>

// How the part is now.
struct part_state {
    enum tone tone;
    const char *icon;
    const char *key;
};

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms);
static void leave(void *model);
static struct part_state scanner_state(const struct technician *screen);
static struct part_state card_state(const struct technician *screen);
static struct part_state printer_state(const struct technician *screen);
static void build_scanner(struct face *face);
static void build_printer(struct face *face);
static void build_chime(struct face *face);
static void add_part(struct face *face, struct part_state is);

const struct scene technician_scene_test = {
    .id = "test", .build = build, .event = event, .tick = tick, .leave = leave};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct technician *screen = model;
    char key[TECHNICIAN_KEY_BYTES];
    struct face face = face_open(screen, look, tree, FACE_PAGE, "test");
    (void)snprintf(key, sizeof key, "tech.test.%s",
                   technician_test_name(screen->test)); // always fits
    face_title(&face, face_say(&face, key));
    switch (screen->test) {
    case TECHNICIAN_SCANNER:
        build_scanner(&face);
        break;
    case TECHNICIAN_CARD:
        face_lead(&face, face_say(&face, "tech.card.do"));
        add_part(&face, card_state(screen));
        break;
    case TECHNICIAN_PRINTER:
        build_printer(&face);
        break;
    case TECHNICIAN_CHIME:
        build_chime(&face);
        break;
    case TECHNICIAN_TOUCH:
    case TECHNICIAN_PICTURE:
    case TECHNICIAN_TESTS_COUNT:
        CHECK(false); // have scenes of their own
    }
    face_close(&face, true);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct technician *screen = model;
    if (technician_common_event(screen, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_is(event, "good") || scene_event_is(event, "bad")) {
        technician_keep(screen, screen->test,
                        scene_event_is(event, "good") ? OUTCOME_GOOD : OUTCOME_BAD);
        scenes_pop(scenes);
    } else if (scene_event_is(event, "print") && screen->slip != SLIP_PRINTS) {
        screen->slip = SLIP_PRINTS;
        if (screen->wishes.print != NULL) {
            screen->wishes.print(screen->wishes.ctx);
        }
    } else if (scene_event_is(event, "play")) {
        sound_chime(&screen->sound, 80);
        screen->chimes_until_ms = event->now_ms + TECHNICIAN_CHIME_MS;
    }
}

static int64_t tick(void *model, struct scenes *scenes, int64_t now_ms)
{
    struct technician *screen = model;
    int64_t next_ms = technician_clock_tick(model, scenes, now_ms);
    if (screen->chimes_until_ms == 0) {
        return next_ms;
    }
    if (now_ms >= screen->chimes_until_ms) {
        screen->chimes_until_ms = 0;
        sound_stop(&screen->sound);
        return next_ms;
    }
    return screen->chimes_until_ms;
}

static void leave(void *model)
{
    struct technician *screen = model;
    screen->chimes_until_ms = 0;
    sound_stop(&screen->sound);
}

static struct part_state scanner_state(const struct technician *screen)
{
    if (screen->scanned_len > 0) {
        return (struct part_state){TONE_GOOD, "icon-done",
                                   screen->scanned_own ? "tech.scanner.own" : "tech.scanner.read"};
    }
    switch (screen->scanner) {
    case CABLE_READY:
        return (struct part_state){TONE_IDLE, "icon-down", "tech.scanner.ready"};
    case CABLE_REFUSED:
        return (struct part_state){TONE_STOP, "icon-warn", "tech.scanner.refused"};
    case CABLE_UNKNOWN:
    case CABLE_MISSING:
        break;
    }
    return (struct part_state){TONE_TODO, "icon-warn", "tech.scanner.missing"};
}

static struct part_state card_state(const struct technician *screen)
{
    if (screen->reader == CABLE_REFUSED) {
        return (struct part_state){TONE_STOP, "icon-warn", "tech.card.refused"};
    }
    if (screen->reader != CABLE_READY) {
        return (struct part_state){TONE_TODO, "icon-warn", "tech.card.missing"};
    }
    switch (screen->card) {
    case CARD_LIES:
        return (struct part_state){TONE_GOOD, "icon-done", "tech.card.lies"};
    case CARD_SAYS_NOTHING:
        return (struct part_state){TONE_TODO, "icon-warn", "tech.card.mute"};
    case CARD_NONE:
        break;
    }
    return (struct part_state){TONE_IDLE, "icon-down", "tech.card.ready"};
}

// The worst first: what keeps it from printing, then what soon will.
static struct part_state printer_state(const struct technician *screen)
{
    const struct printer_status *is = &screen->printer;
    const struct {
        bool is_so;
        const char *key;
    } states[] = {
        {!screen->knows_printer || is->is_offline, "tech.printer.missing"},
        {is->cover_open, "tech.printer.cover"},
        {is->paper_out, "tech.printer.out"},
        {is->cutter_error, "tech.printer.cutter"},
        {is->other_error, "tech.printer.fault"},
        {is->slip_in_mouth, "tech.printer.mouth"},
        {is->paper_low, "tech.printer.low"},
    };
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (states[i].is_so) {
            return (struct part_state){TONE_TODO, "icon-warn", states[i].key};
        }
    }
    return (struct part_state){TONE_GOOD, "icon-done", "tech.printer.good"};
}

// The code on the screen is for a scanner that can be taken in the hand; the printed one for every
// other.
static void build_scanner(struct face *face)
{
    const struct technician *screen = face->screen;
    face_lead(face, face_say(face, "tech.scanner.do"));
    add_part(face, scanner_state(screen));
    if (face->maker.look->is_large && face->is_wide) {
        return; // no room: the printer's page has the code too
    }
    struct node *card = widget_row(face->maker, face->content, DRAWN(36));
    card->style = STYLE_CARD;
    card->box.across = ALIGN_CENTER;
    card->box.pad = (struct edges){DRAWN(36), DRAWN(20), DRAWN(36), DRAWN(20)};
    tree_set_name(face->maker.tree, face_code(face, card, "test.code", &screen->test_qr, 200),
                  face_say(face, "tech.scanner.code"));
    widget_text(face->maker, card, NULL, TYPE_DETAIL, face_say(face, "tech.scanner.code"))
        ->box.grow = 1;
}

static void build_printer(struct face *face)
{
    const struct technician *screen = face->screen;
    bool can_print = screen->knows_printer && printer_can_print(screen->printer);
    bool is_out = screen->slip == SLIP_IS_OUT;
    face_lead(face, face_say(face, "tech.printer.do"));
    add_part(face, screen->slip == SLIP_FAILS
                       ? (struct part_state){TONE_STOP, "icon-warn", "tech.printer.fails"}
                   : screen->slip == SLIP_PRINTS
                       ? (struct part_state){TONE_IDLE, "icon-busy", "tech.printer.prints"}
                   : is_out ? (struct part_state){TONE_ASK, "icon-printer", "tech.printer.look"}
                            : printer_state(screen));
    if (can_print && screen->slip != SLIP_PRINTS) {
        widget_button(
            face->maker, face->content,
            (struct widget_button){.id = "print",
                                   .words = face_say(face, "tech.printer.print"),
                                   .icon = "icon-printer",
                                   .style = is_out ? STYLE_BUTTON_OUTLINED : STYLE_BUTTON_FILLED});
    }
    face_verdict(face);
}

static void build_chime(struct face *face)
{
    face_lead(face, face_say(face, "tech.chime.do"));
    bool is_silent = face->screen->sound.device == 0;
    add_part(face, is_silent ? (struct part_state){TONE_TODO, "icon-warn", "tech.chime.silent"}
                             : (struct part_state){TONE_ASK, "icon-ear", "tech.chime.hear"});
    widget_button(face->maker, face->content,
                  (struct widget_button){.id = "play",
                                         .words = face_say(face, "tech.chime.play"),
                                         .icon = "icon-speak",
                                         .style = STYLE_BUTTON_FILLED});
    face_verdict(face);
}

static void add_part(struct face *face, struct part_state is)
{
    face_notice(face, "part", is.tone, is.icon, is.key)->states |= NODE_LIVE;
}
