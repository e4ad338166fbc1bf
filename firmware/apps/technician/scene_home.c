// SPDX-License-Identifier: EUPL-1.2
//
// Who this device is, what stands in its way, and what can be done here.
#include "apps/technician/screen_face.h"

#include "base/text.h"

#include <stdio.h>

// One of the ways on.
struct way {
    const char *id;
    const char *picture;
    const char *title;
    const char *detail;
    bool is_first; // the one most come for
};

static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static void build_identity(struct face *face);
static void build_trouble(struct face *face);
static void add_way(struct face *face, struct node *choices, struct way way);
static const char *network_words(const struct face *face);
static const char *tests_words(const struct face *face);
static const char *state_words(const struct face *face);

const struct scene technician_scene_home = {
    .id = "home", .build = build, .event = event, .tick = technician_clock_tick};

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct technician *screen = model;
    bool is_hub = technician_is_hub(screen);
    bool is_new = !screen->facts.is_enrolled && !is_hub;
    bool has_code = is_hub && screen->facts.hub_code[0] != '\0';
    struct face face = face_open(screen, look, tree, FACE_PAGE, "home");
    build_identity(&face);
    build_trouble(&face);
    struct node *choices = face_choices(&face);
    if (is_new) {
        add_way(&face, choices,
                (struct way){"enrol", "picto-codes", "tech.home.enrol",
                             face_say(&face, "tech.home.enrol.detail"), true});
    }
    if (is_hub) {
        add_way(
            &face, choices,
            (struct way){"hub", "picto-house", "tech.home.hub",
                         face_say(&face, has_code ? "tech.home.hub.code" : "tech.home.hub.runs"),
                         has_code});
    }
    add_way(
        &face, choices,
        (struct way){"device", "picto-device", "tech.home.device", network_words(&face), false});
    add_way(&face, choices,
            (struct way){"tests", "picto-check", "tech.home.tests", tests_words(&face), false});
    add_way(&face, choices,
            (struct way){"state", "picto-log", "tech.home.state", state_words(&face), false});
    if (!is_new) {
        add_way(&face, choices,
                (struct way){"done", "picto-desk2", "tech.home.done",
                             face_say(&face, "tech.home.done.detail"), !has_code});
    }
    face_close(&face, false);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct technician *screen = model;
    if (technician_common_event(screen, scenes, event) || event->kind != SCENE_ACTIVATED) {
        return;
    }
    if (scene_event_is(event, "enrol")) {
        technician_enrol_begin(screen);
        scenes_push(scenes, &technician_scene_enrol);
    } else if (scene_event_is(event, "hub")) {
        scenes_push(scenes, &technician_scene_hub);
    } else if (scene_event_is(event, "device")) {
        scenes_push(scenes, &technician_scene_device);
    } else if (scene_event_is(event, "tests")) {
        scenes_push(scenes, &technician_scene_tests);
    } else if (scene_event_is(event, "state")) {
        scenes_push(scenes, &technician_scene_state);
    } else if (scene_event_is(event, "done")) {
        scenes_quit(scenes);
    }
}

// Its name as large as a name gets; board, version and number below.
static void build_identity(struct face *face)
{
    const struct facts *facts = &face->screen->facts;
    bool is_known = facts->device[0] != '\0';
    bool is_hub = technician_is_hub(face->screen);
    const char *name = face_say(face, is_hub ? "tech.home.hub" : "tech.home.new");
    face_title(face, is_known ? widget_foreign(face->maker, facts->device) : name);
    if (is_known || !is_hub) {
        face_lead(face, is_known ? face_place(face) : face_say(face, "tech.home.not_enrolled"));
    }
    const struct phrases_value made[2] = {{"board", facts->board}, {"version", facts->version}};
    face_lead(face, face_fill_two(face, "tech.home.made", made));
    if (!face->maker.look->is_large && facts->serial[0] != '\0') {
        face_lead(face, face_fill(face, "tech.home.serial", "serial", facts->serial));
    }
}

static void build_trouble(struct face *face)
{
    const struct technician *screen = face->screen;
    const char *network = technician_trouble(screen);
    const char *stem = screen->is_trouble ? "tech.trouble" : network;
    if (stem == NULL && text_equal(screen->report.update_state, "fell_back")) {
        stem = "tech.fell_back";
    }
    if (stem == NULL) {
        return;
    }
    bool is_large = face->maker.look->is_large;
    widget_notice(face->maker, face->content,
                  (struct widget_notice){.id = "trouble",
                                         .tone = TONE_TODO,
                                         .icon = stem == network ? "icon-nolink" : "icon-warn",
                                         .cause = face_say(face, stem),
                                         .consequence = is_large ? NULL : face_so(face, stem)});
}

// Large words beside each other: the title alone, the page behind it says the rest.
static void add_way(struct face *face, struct node *choices, struct way way)
{
    bool is_tight = face->is_wide && face->maker.look->is_large;
    struct node *card =
        widget_card(face->maker, choices,
                    (struct widget_card){
                        .kind = way.is_first ? WIDGET_CARD_FILLED : WIDGET_CARD_PLAIN,
                        .id = way.id,
                        .title = face_say(face, way.title),
                        .detail = is_tight ? NULL : way.detail,
                        .picture = way.picture,
                    });
    card->box.min_height_mm = DRAWN(150);
}

static const char *network_words(const struct face *face)
{
    const char *trouble = technician_trouble(face->screen);
    if (trouble != NULL) {
        return face_say(face, trouble);
    }
    return face_say(face, face->screen->hub == HUB_REACHED ? "tech.net.reached" : "tech.net.up");
}

static const char *tests_words(const struct face *face)
{
    unsigned good = 0;
    unsigned all = 0;
    for (unsigned i = 0; i < TECHNICIAN_TESTS_COUNT; i++) {
        bool is_ours = technician_has_test(face->screen, (enum technician_test)i);
        all += is_ours ? 1 : 0;
        good += is_ours && face->screen->results[i].outcome == OUTCOME_GOOD ? 1 : 0;
    }
    char good_text[12];
    char all_text[12];
    (void)snprintf(good_text, sizeof good_text, "%u", good); // always fits
    (void)snprintf(all_text, sizeof all_text, "%u", all);    // likewise
    const struct phrases_value values[2] = {{"good", good_text}, {"all", all_text}};
    return face_fill_two(face, "tech.home.tests.good", values);
}

static const char *state_words(const struct face *face)
{
    const char *state = face->screen->report.update_state;
    bool is_calm = state[0] == '\0' || text_equal(state, "none");
    return is_calm ? face_say(face, "tech.home.state.detail") : face_update(face);
}
