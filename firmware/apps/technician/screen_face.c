// SPDX-License-Identifier: EUPL-1.2
//
// Field, paper and bar, for an upright panel and for a wide one.
#include "apps/technician/screen_face.h"

#include "base/clock.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>

#define FIELD_MM DRAWN(330)
#define SMALL_HEIGHT_MM 250.0f // of a wide panel: a desk's monitor, not a wall's screen
#define SMALL_SCALE 0.65f      // beside the finger's targets a desk has the counter's sizes
#define TARGET_MM 20.0f
#define TARGETS_APART_MM 3.3f

static void open_upright(struct face *face);
static void open_wide(struct face *face);
static void open_typing(struct face *face);
static void add_head(struct face *face, struct node *field, bool is_narrow);
static void service(struct face *face, struct node *row, const char *id, const char *icon,
                    const char *words);
static void shrink(struct face *face);

struct face face_open(const struct technician *screen, const struct look *look, struct tree *tree,
                      enum face_kind kind, const char *id)
{
    struct face face = {.screen = screen,
                        .maker = {.tree = tree, .look = look},
                        .is_wide = look->width_mm > look->height_mm};
    face.is_small = face.is_wide && look->height_mm < SMALL_HEIGHT_MM;
    face.page = widget_page(face.maker, id, face_say(&face, "tech.title"));
    if (kind == FACE_TYPING) {
        open_typing(&face);
    } else if (face.is_wide) {
        open_wide(&face);
    } else {
        open_upright(&face);
    }
    float air_mm = kind == FACE_TYPING && face.is_wide ? DRAWN(12) : DRAWN(28);
    face.content = widget_column(face.maker, face.side, DRAWN(20));
    face.content->box.pad = (struct edges){DRAWN(48), air_mm, DRAWN(48), air_mm};
    face.content->box.grow = 1;
    return face;
}

struct node *face_title(struct face *face, const char *words)
{
    struct node *title = widget_heading(face->maker, face->field, "title", TYPE_QUESTION, words);
    tree_set_name(face->maker.tree, face->page, words);
    return title;
}

struct node *face_lead(struct face *face, const char *words)
{
    return widget_text(face->maker, face->field, NULL, TYPE_BODY, words);
}

void face_close(struct face *face, bool has_back)
{
    const struct look *look = face->maker.look;
    struct node *bar = tree_add(face->maker.tree, face->side, "bar", ROLE_GROUP, NULL);
    bar->style = STYLE_BAR;
    bar->box.pad = (struct edges){DRAWN(48), DRAWN(20), DRAWN(48), DRAWN(20)};
    struct node *row = widget_grid(face->maker, bar, 4, DRAWN(14));
    if (has_back) {
        service(face, row, "bar.back", "icon-back", face_say(face, "common.back"));
    } else {
        (void)widget_space(face->maker, row, DRAWN(100));
    }
    service(face, row, "bar.language", "icon-globe", face_say(face, "common.language_name"));
    service(face, row, "bar.larger", "icon-larger", face_say(face, "common.larger"));
    service(face, row, "bar.contrast", "icon-contrast", face_say(face, "common.contrast"));
    tree_find(face->maker.tree, "bar.larger")->states |= look->is_large ? NODE_CHECKED : 0U;
    tree_find(face->maker.tree, "bar.contrast")->states |= look->is_contrast ? NODE_CHECKED : 0U;
    if (face->is_small) {
        shrink(face);
    }
}

struct node *face_choices(struct face *face)
{
    return widget_grid(face->maker, face->content, face->is_wide ? 2 : 1, DRAWN(20));
}

struct node *face_facts(struct face *face)
{
    struct node *card = widget_column(face->maker, face->content, 0);
    card->style = STYLE_CARD;
    card->role = ROLE_LIST;
    card->box.pad = (struct edges){DRAWN(36), DRAWN(10), DRAWN(36), DRAWN(10)};
    return card;
}

void face_fact(struct face *face, struct node *facts, const char *key, const char *value)
{
    bool is_large = face->maker.look->is_large;
    const char *label = face_say(face, key);
    if (facts->last_child >= 0) {
        face->maker.tree->nodes[facts->last_child].style = STYLE_ROW; // a line between two
    }
    struct node *row = tree_add(face->maker.tree, facts, NULL, ROLE_ROW, label);
    row->has_text = false;
    row->box.flow = is_large ? FLOW_COLUMN : FLOW_ROW;
    row->box.across = is_large ? ALIGN_AUTO : ALIGN_CENTER;
    row->box.gap_mm = is_large ? 0 : DRAWN(20);
    row->box.min_height_mm = DRAWN(76);
    row->box.pad = (struct edges){0, DRAWN(8), 0, DRAWN(8)};
    tree_set_description(face->maker.tree, row, value);
    struct node *name = widget_text(face->maker, row, NULL, TYPE_DETAIL, label);
    name->ink = COLOUR_MUTED;
    name->box.width_mm = is_large ? 0 : DRAWN(300);
    struct node *words = widget_text(face->maker, row, NULL, TYPE_BADGE, value);
    words->box.grow = is_large ? 0 : 1;
}

struct node *face_code(struct face *face, struct node *parent, const char *id, const struct qr *qr,
                       unsigned room_px)
{
    const struct look *look = face->maker.look;
    unsigned modules = qr->modules_count == 0 ? 1 : qr->modules_count;
    float room = (float)look_px(look, DRAWN((float)room_px)) * (face->is_small ? 0.8f : 1.0f);
    // In whole dots of this panel, and never so small that a camera gives up.
    float dot_px = fmaxf(floorf(room / (float)modules), 3.0f);
    struct node *quiet = widget_column(face->maker, parent, 0);
    float dot_mm = look_mm(look, dot_px);
    quiet->ground = COLOUR_WHITE;
    quiet->box.self = ALIGN_CENTER;
    quiet->box.width_mm = dot_mm * (float)(modules + 8);
    quiet->box.height_mm = quiet->box.width_mm;
    struct node *code = tree_add(face->maker.tree, quiet, id, ROLE_QR, NULL);
    code->modules = qr->modules;
    code->modules_count = qr->modules_count;
    code->box.is_placed = true;
    code->box.start_mm = dot_mm * 4;
    code->box.top_mm = dot_mm * 4;
    code->box.width_mm = dot_mm * (float)modules;
    code->box.height_mm = code->box.width_mm;
    return code;
}

void face_verdict(struct face *face)
{
    struct node *row = widget_grid(face->maker, face->content, 2, DRAWN(20));
    widget_button(face->maker, row,
                  (struct widget_button){.id = "good",
                                         .words = face_say(face, "tech.good"),
                                         .icon = "icon-check",
                                         .style = STYLE_BUTTON_OUTLINED});
    widget_button(face->maker, row,
                  (struct widget_button){.id = "bad",
                                         .words = face_say(face, "tech.bad"),
                                         .icon = "icon-cross",
                                         .style = STYLE_BUTTON_STOP});
}

struct node *face_notice(struct face *face, const char *id, enum tone tone, const char *icon,
                         const char *stem)
{
    return widget_notice(face->maker, face->content,
                         (struct widget_notice){.id = id,
                                                .tone = tone,
                                                .icon = icon,
                                                .cause = face_say(face, stem),
                                                .consequence = face_so(face, stem)});
}

const char *face_say(const struct face *face, const char *key)
{
    return phrases_get(&face->screen->phrases, key);
}

const char *face_so(const struct face *face, const char *stem)
{
    char key[TECHNICIAN_KEY_BYTES + 4];
    (void)snprintf(key, sizeof key, "%s.so", stem); // room for the three characters more
    const char *words = face_say(face, key);
    // A key nobody wrote words for is shown as it is, and must outlive this function.
    return words == key ? tree_words(face->maker.tree, words) : words;
}

const char *face_fill(const struct face *face, const char *key, const char *name, const char *value)
{
    const struct phrases_value values[2] = {{name, value}, {name, value}};
    return face_fill_two(face, key, values);
}

const char *face_fill_two(const struct face *face, const char *key,
                          const struct phrases_value values[2])
{
    char words[PHRASE_BYTES];
    bool is_filled = phrases_fill(face_say(face, key), values, 2, words, sizeof words) == OK;
    return tree_words(face->maker.tree, is_filled ? words : values[0].words);
}

const char *face_place(const struct face *face)
{
    static const char *const roles[] = {"kiosk", "counter", "display", "hub", "technician"};
    const struct facts *facts = &face->screen->facts;
    char key[TECHNICIAN_KEY_BYTES];
    const char *role = facts->role;
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (text_equal(role, roles[i])) {
            (void)snprintf(key, sizeof key, "tech.role.%s", roles[i]); // always fits
            role = face_say(face, key);
            break;
        }
    }
    if (facts->location[0] == '\0') {
        return role == key ? facts->role : role;
    }
    const struct phrases_value values[2] = {{"role", role}, {"location", facts->location}};
    return face_fill_two(face, "tech.home.place", values);
}

const char *face_update(const struct face *face)
{
    static const char *const states[] = {"none",   "downloading", "waiting", "installing",
                                         "trying", "blessed",     "refused", "fell_back"};
    const struct report *report = &face->screen->report;
    char key[TECHNICIAN_KEY_BYTES];
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (text_equal(report->update_state, states[i])) {
            (void)snprintf(key, sizeof key, "tech.update.%s", states[i]); // always fits
            return face_fill(face, tree_words(face->maker.tree, key), "version",
                             report->update_version);
        }
    }
    return face_say(face, "tech.update.unknown");
}

const char *face_moment(const struct face *face, int64_t time_ms)
{
    struct clock_local at = clock_local(time_ms);
    char month[32];
    char day[8];
    char hour[8];
    char minute[8];
    (void)snprintf(month, sizeof month, "common.month.%u", (unsigned)at.month % 13); // always fits
    (void)snprintf(day, sizeof day, "%u", (unsigned)at.day % 32);                    // likewise
    (void)snprintf(hour, sizeof hour, "%u", (unsigned)at.hour % 24);                 // likewise
    (void)snprintf(minute, sizeof minute, "%02u", (unsigned)at.minute % 60);         // likewise
    const struct phrases_value date[2] = {{"day", day}, {"month", face_say(face, month)}};
    const struct phrases_value time[2] = {{"hour", hour}, {"minute", minute}};
    const struct phrases_value both[2] = {{"date", face_fill_two(face, "common.date", date)},
                                          {"time", face_fill_two(face, "common.time", time)}};
    return face_fill_two(face, "tech.moment", both);
}

void face_slip(const struct technician *screen, struct tree *words, struct slip *slip)
{
    const struct face face = {.screen = screen, .maker = {.tree = words, .look = screen->look}};
    bool has_town = screen->facts.town[0] != '\0';
    *slip = (struct slip){
        .town = has_town ? screen->facts.town : face_say(&face, "tech.title"),
        .date = face_moment(&face, clock_now_ms(&screen->clock)),
        .title = face_say(&face, "tech.slip.title"),
        .number = "0Ow1lI", // letters that a worn head runs together
        .todo = face_say(&face, "tech.slip.todo"),
        .follow = face_say(&face, "tech.slip.follow"),
        .help = face_say(&face, "tech.slip.help"),
        .privacy = face_say(&face, "slip.privacy"),
        .code = technician_test_code,
    };
}

static void open_upright(struct face *face)
{
    struct node *field = tree_add(face->maker.tree, face->page, "field", ROLE_GROUP, NULL);
    field->style = STYLE_FIELD;
    field->box.min_height_mm = FIELD_MM;
    field->box.pad = (struct edges){DRAWN(48), 0, DRAWN(48), DRAWN(36)};
    add_head(face, field, false);
    face->side = face->page;
}

static void open_wide(struct face *face)
{
    face->page->box.flow = FLOW_ROW;
    struct node *field = tree_add(face->maker.tree, face->page, "field", ROLE_GROUP, NULL);
    field->style = STYLE_FIELD;
    field->box.width_mm = face->maker.look->width_mm * 0.29f;
    field->box.pad = (struct edges){DRAWN(48), DRAWN(10), DRAWN(36), DRAWN(48)};
    add_head(face, field, true);
    face->side = widget_column(face->maker, face->page, 0);
    face->side->box.grow = 1;
}

// One low line at the top: title, then the clock.
static void open_typing(struct face *face)
{
    if (!face->is_wide) {
        open_upright(face);
        return;
    }
    struct node *field = tree_add(face->maker.tree, face->page, "field", ROLE_GROUP, NULL);
    field->style = STYLE_FIELD;
    field->box.flow = FLOW_ROW;
    field->box.across = ALIGN_CENTER;
    field->box.gap_mm = DRAWN(28);
    field->box.min_height_mm = DRAWN(112);
    field->box.pad = (struct edges){DRAWN(48), 0, DRAWN(48), 0};
    (void)widget_mark(face->maker, field, DRAWN(64));
    face->field = widget_row(face->maker, field, DRAWN(28));
    face->field->box.across = ALIGN_CENTER;
    face->field->box.grow = 1;
    face->side = face->page;
}

static void add_head(struct face *face, struct node *field, bool is_narrow)
{
    const struct technician *screen = face->screen;
    struct clock_local at = clock_local(clock_now_ms(&screen->clock));
    char hour[8];
    char minute[8];
    (void)snprintf(hour, sizeof hour, "%u", (unsigned)at.hour % 24);         // always fits
    (void)snprintf(minute, sizeof minute, "%02u", (unsigned)at.minute % 60); // likewise
    const struct phrases_value time[2] = {{"hour", hour}, {"minute", minute}};
    bool has_town = screen->facts.town[0] != '\0';
    const char *town =
        has_town ? widget_foreign(face->maker, screen->facts.town) : face_say(face, "tech.title");
    struct node *row = widget_row(face->maker, field, DRAWN(20));
    row->box.across = ALIGN_CENTER;
    row->box.min_height_mm = DRAWN(116);
    (void)widget_mark(face->maker, row, DRAWN(64));
    if (is_narrow) {
        widget_space(face->maker, row, 0);
        (void)widget_text(face->maker, field, "field.town", TYPE_TOWN, town);
    } else {
        widget_text(face->maker, row, "field.town", TYPE_TOWN, town)->box.grow = 1;
    }
    struct node *clock = tree_add(face->maker.tree, row, "field.time", ROLE_CLOCK,
                                  face_fill_two(face, "common.time", time));
    clock->type = TYPE_BODY;
    clock->is_nowrap = true;
    face->field = widget_column(face->maker, field, DRAWN(20));
    face->field->box.pad.top_mm = is_narrow ? DRAWN(36) : 0;
}

static void service(struct face *face, struct node *row, const char *id, const char *icon,
                    const char *words)
{
    widget_service(face->maker, row, id, icon, words)->box.min_height_mm = DRAWN(124);
}

// All lengths by one factor, but what is touched keeps the size of a finger.
static void shrink(struct face *face)
{
    const struct look *look = face->maker.look;
    for (size_t i = 1; i < face->maker.tree->nodes_count; i++) {
        struct node *node = &face->maker.tree->nodes[i];
        struct box *box = &node->box;
        bool is_code = node->role == ROLE_QR || node->ground == COLOUR_WHITE;
        bool is_field = text_equal(node->id, "field");
        if (is_code) {
            continue; // in whole dots
        }
        const struct type_spec *type = style_type(node->type);
        float cap_mm = type->cap_mm * (look->is_large ? type->large : 1.0f);
        node->cap_mm = (node->cap_mm > 0 ? node->cap_mm : cap_mm) * SMALL_SCALE;
        node->icon_mm *= SMALL_SCALE;
        node->icon_gap_mm *= SMALL_SCALE;
        box->gap_mm = box->gap_mm >= TARGETS_APART_MM
                          ? fmaxf(box->gap_mm * SMALL_SCALE, TARGETS_APART_MM)
                          : box->gap_mm * SMALL_SCALE;
        box->width_mm *= is_field ? 1.0f : SMALL_SCALE;
        box->height_mm *= SMALL_SCALE;
        box->min_height_mm *= SMALL_SCALE;
        box->min_width_mm *= SMALL_SCALE;
        box->pad.start_mm *= SMALL_SCALE;
        box->pad.top_mm *= SMALL_SCALE;
        box->pad.end_mm *= SMALL_SCALE;
        box->pad.bottom_mm *= SMALL_SCALE;
        if (tree_takes_focus(node)) {
            box->height_mm = box->height_mm > 0 ? fmaxf(box->height_mm, TARGET_MM) : 0;
            box->width_mm = box->width_mm > 0 ? fmaxf(box->width_mm, TARGET_MM) : 0;
            box->min_height_mm = fmaxf(box->min_height_mm, TARGET_MM);
        }
    }
}
