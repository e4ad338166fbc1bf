// SPDX-License-Identifier: EUPL-1.2
//
// The one scene: what kind of code or a card, whose pocket, and the codes the world is full of.
#include "base/text.h"
#include "demo/pocket/pocket.h"
#include "ui/widget.h"

// 96 dots an inch: a window on a desk.
#define POCKET_PX(px) ((float)(px) / 3.78F)

static const struct {
    const char *phrase;
    const char *icon;
    const char *picture; // on the residents' cards
} kinds[POCKET_KINDS] = {
    {"pocket.kind.live", "icon-phone", "picto-phoneqr"},
    {"pocket.kind.paper", "icon-list", "picto-letterqr"},
    {"pocket.kind.draft", "icon-ask", "picto-touch"},
    {"pocket.kind.expired", "icon-busy", "picto-clock"},
    {"pocket.kind.other_hall", "icon-desk", "picto-desk2"},
    [POCKET_KIND_CARD] = {"pocket.kind.card", "icon-person", "picto-cardread"},
};
const char *const pocket_kinds[POCKET_KINDS] = {"live",    "paper",      "draft",
                                                "expired", "other_hall", "card"};

// Codes that are not ours, or not any more. The number passes the check of eleven and is nobody's.
static const struct {
    const char *phrase;
    const char *icon;
    const char *text;
} others[POCKET_OTHERS] = {
    {"pocket.other.web", "icon-globe", "https://voorbeeldstad.example/afval"},
    {"pocket.other.card", "icon-person", "MECARD:N:Denkbeeld,Verzonnen;TEL:+31000000000;;"},
    {"pocket.other.number", "icon-shield", "999999990"},
    {"pocket.other.ticket", "icon-ticket", "KQ1:B007:BB8BB8BB8BB8BB8BB8BB8BB8"},
};

static void take_laid(struct pocket *pocket, const struct pocket_answer *answer);
static void build(const void *model, const struct look *look, struct tree *tree);
static void event(void *model, struct scenes *scenes, const struct scene_event *event);
static struct node *words(struct maker maker, struct node *parent, float size_px, bool is_bold,
                          const char *says);
static struct node *button(struct maker maker, struct node *parent, const char *stem, size_t index,
                           const char *says);
static void build_head(const struct pocket *pocket, struct maker maker, struct node *page);
static void build_residents(const struct pocket *pocket, struct maker maker, struct node *page);
static bool is_shown(const struct pocket *pocket, size_t index);
static void build_resident(const struct pocket *pocket, struct maker maker, struct node *grid,
                           size_t index);
static void build_drawing(const struct pocket *pocket, struct maker maker, struct node *tile,
                          const struct pocket_card *card);
static void build_birth(const struct pocket *pocket, struct maker maker, struct node *column,
                        const struct pocket_resident *resident);
static void build_others(const struct pocket *pocket, struct maker maker, struct node *page);
static void build_said(const struct pocket *pocket, struct maker maker, struct node *page);
static void hold(struct pocket *pocket, const struct pocket_command *command, const char *name);

const struct scene pocket_scene = {.id = "pocket", .build = build, .event = event};

void pocket_take(struct pocket *pocket, const struct pocket_answer *answer)
{
    if (answer->kind == POCKET_LIST) {
        pocket->residents_count = answer->residents_count;
        for (size_t i = 0; i < answer->residents_count; i++) {
            pocket->residents[i] = answer->residents[i];
        }
        return;
    }
    if (answer->kind == POCKET_LAID) {
        take_laid(pocket, answer);
        return;
    }
    pocket->said = answer->err == OK       ? "pocket.held"
                   : answer->err == ERR_IO ? "pocket.no_scanner"
                                           : "pocket.no_town";
}

static void take_laid(struct pocket *pocket, const struct pocket_answer *answer)
{
    for (size_t i = 0; i < pocket->residents_count; i++) {
        if (text_equal(pocket->residents[i].id, answer->laid)) {
            pocket->named = pocket->residents[i].name;
        }
    }
    text_copy_cut(pocket->laid, sizeof pocket->laid, answer->is_laid ? answer->laid : "");
    pocket->said = answer->err != OK ? "pocket.no_reader"
                   : answer->is_laid ? "pocket.laid"
                                     : "pocket.lifted";
}

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct pocket *pocket = model;
    struct maker maker = {.tree = tree, .look = look};
    struct node *page = tree_add(tree, NULL, "pocket", ROLE_SCREEN, NULL);
    page->style = STYLE_PAGE;
    build_head(pocket, maker, page);
    struct node *body = widget_column(maker, page, POCKET_PX(10));
    body->box.grow = 1;
    body->box.pad = (struct edges){POCKET_PX(16), POCKET_PX(14), POCKET_PX(16), POCKET_PX(10)};
    struct node *row = widget_grid(maker, body, POCKET_KINDS, POCKET_PX(8));
    for (size_t i = 0; i < POCKET_KINDS; i++) {
        struct node *kind =
            button(maker, row, "kind", i, phrases_get(&pocket->phrases, kinds[i].phrase));
        kind->states |= i == pocket->kind ? NODE_CHECKED : 0U;
        kind->icon_above = true;
        kind->icon_gap_mm = POCKET_PX(2);
        kind->box.height_mm = POCKET_PX(62);
        tree_set_icon(tree, kind, kinds[i].icon, POCKET_PX(28));
    }
    build_residents(pocket, maker, body);
    build_others(pocket, maker, body);
    build_said(pocket, maker, body);
}

static void event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct pocket *pocket = model;
    size_t index = 0;
    (void)scenes;
    if (event->kind != SCENE_ACTIVATED) {
        return;
    }
    struct pocket_command command = {0};
    if (scene_event_item(event, "kind", &index) && index < POCKET_KINDS) {
        pocket->kind = index;
    } else if (scene_event_item(event, "resident", &index) && index < pocket->residents_count) {
        const struct pocket_resident *resident = &pocket->residents[index];
        text_copy_cut(command.resident, sizeof command.resident, resident->id);
        text_copy_cut(command.kind, sizeof command.kind, pocket_kinds[pocket->kind]);
        hold(pocket, &command, resident->name);
    } else if (scene_event_item(event, "other", &index) && index < POCKET_OTHERS) {
        text_copy_cut(command.text, sizeof command.text, others[index].text);
        hold(pocket, &command, phrases_get(&pocket->phrases, others[index].phrase));
    }
}

static struct node *words(struct maker maker, struct node *parent, float size_px, bool is_bold,
                          const char *says)
{
    struct node *node =
        widget_text(maker, parent, NULL, is_bold ? TYPE_BODY_BOLD : TYPE_BODY, says);
    node->cap_mm = POCKET_PX(size_px) * STYLE_CAP_PER_SIZE;
    return node;
}

static struct node *button(struct maker maker, struct node *parent, const char *stem, size_t index,
                           const char *says)
{
    struct node *node = tree_add_item(maker.tree, parent, stem, index, ROLE_BUTTON, says);
    node->style = STYLE_BUTTON_SERVICE;
    node->type = TYPE_BODY;
    node->cap_mm = POCKET_PX(15) * STYLE_CAP_PER_SIZE;
    node->states |= NODE_ACTIONABLE;
    node->icon_gap_mm = POCKET_PX(8);
    return node;
}

static void build_head(const struct pocket *pocket, struct maker maker, struct node *page)
{
    struct node *head = widget_row(maker, page, POCKET_PX(16));
    head->style = STYLE_FIELD;
    head->box.across = ALIGN_CENTER;
    head->box.pad = (struct edges){POCKET_PX(16), POCKET_PX(14), POCKET_PX(16), POCKET_PX(14)};
    widget_mark(maker, head, POCKET_PX(44));
    struct node *column = widget_column(maker, head, 0);
    column->box.grow = 1;
    words(maker, column, 22, true, phrases_get(&pocket->phrases, "pocket.title"));
    words(maker, column, 15, false, phrases_get(&pocket->phrases, "pocket.hint"));
}

static void build_residents(const struct pocket *pocket, struct maker maker, struct node *page)
{
    if (pocket->residents_count == 0) {
        struct node *wait =
            words(maker, page, 18, false, phrases_get(&pocket->phrases, "pocket.wait"));
        wait->ink = COLOUR_MUTED;
    }
    struct node *grid = widget_grid(maker, page, 2, POCKET_PX(8));
    size_t shown_count = 0;
    for (size_t i = 0; i < pocket->residents_count; i++) {
        if (is_shown(pocket, i)) {
            build_resident(pocket, maker, grid, i);
            shown_count += 1;
        }
    }
    if (shown_count == 0 && pocket->residents_count > 0) {
        words(maker, page, 18, false, phrases_get(&pocket->phrases, "pocket.no_cards"));
    }
}

// Of the chosen kind they have something.
static bool is_shown(const struct pocket *pocket, size_t index)
{
    const struct pocket_resident *resident = &pocket->residents[index];
    return pocket->kind == POCKET_KIND_CARD ? resident->card.kind != POCKET_CARD_NONE
                                            : resident->has_phone;
}

static void build_resident(const struct pocket *pocket, struct maker maker, struct node *grid,
                           size_t index)
{
    const struct pocket_resident *resident = &pocket->residents[index];
    const bool is_card = pocket->kind == POCKET_KIND_CARD;
    struct node *card = button(maker, grid, "resident", index, resident->name);
    card->has_text = false;
    card->style = STYLE_CARD;
    card->box.flow = FLOW_ROW;
    card->box.across = ALIGN_CENTER;
    card->box.gap_mm = POCKET_PX(is_card ? 8 : 12);
    card->box.pad = (struct edges){POCKET_PX(10), 0, POCKET_PX(10), 0};
    card->box.height_mm = POCKET_PX(66);
    if (is_card) {
        build_drawing(pocket, maker, card, &resident->card);
        card->states |= text_equal(pocket->laid, resident->id) ? NODE_CHECKED : 0U;
    } else {
        widget_tile(maker, card, kinds[pocket->kind].picture, POCKET_PX(48), POCKET_PX(38));
    }
    struct node *column = widget_column(maker, card, 0);
    column->box.grow = 1;
    words(maker, column, 17, true, resident->name);
    build_birth(pocket, maker, column, resident);
}

// What one reads off a card to type it: its six digits, or its number where it has none.
static void build_drawing(const struct pocket *pocket, struct maker maker, struct node *tile,
                          const struct pocket_card *card)
{
    static const char *const names[] = {[POCKET_CARD_ID] = "card.lay.id",
                                        [POCKET_CARD_PASSPORT] = "card.lay.passport",
                                        [POCKET_CARD_PASS] = "card.lay.pass"};
    struct node *drawing = widget_column(maker, tile, POCKET_PX(2));
    drawing->style = STYLE_TILE;
    drawing->box.width_mm = POCKET_PX(96);
    drawing->box.height_mm = POCKET_PX(54);
    drawing->box.along = ALIGN_CENTER;
    drawing->box.across = ALIGN_CENTER;
    words(maker, drawing, 12, false, phrases_get(&pocket->phrases, names[card->kind]));
    if (card->kind != POCKET_CARD_PASS) {
        const bool has_can = card->can[0] != '\0';
        words(maker, drawing, has_can ? 20 : 14, true, has_can ? card->can : card->number);
    }
}

// With a card without six digits also the day it ends, for that is asked then.
static void build_birth(const struct pocket *pocket, struct maker maker, struct node *column,
                        const struct pocket_resident *resident)
{
    char line[PHRASE_BYTES];
    const struct phrases_value values[] = {{"birth", resident->birth},
                                           {"expiry", resident->card.expiry}};
    const bool is_needed = pocket->kind == POCKET_KIND_CARD && resident->card.can[0] == '\0' &&
                           resident->card.kind == POCKET_CARD_PASSPORT;
    const bool is_filled = is_needed && phrases_fill(phrases_get(&pocket->phrases, "pocket.until"),
                                                     values, 2, line, sizeof line) == OK;
    words(maker, column, 14, false, is_filled ? line : resident->birth)->ink = COLOUR_MUTED;
}

static void build_others(const struct pocket *pocket, struct maker maker, struct node *page)
{
    words(maker, page, 16, true, phrases_get(&pocket->phrases, "pocket.others"));
    struct node *grid = widget_grid(maker, page, 2, POCKET_PX(8));
    for (size_t i = 0; i < POCKET_OTHERS; i++) {
        struct node *other =
            button(maker, grid, "other", i, phrases_get(&pocket->phrases, others[i].phrase));
        other->box.height_mm = POCKET_PX(42);
        tree_set_icon(maker.tree, other, others[i].icon, POCKET_PX(22));
    }
}

static void build_said(const struct pocket *pocket, struct maker maker, struct node *page)
{
    struct node *room = widget_space(maker, page, 0);
    room->box.grow = 1;
    if (pocket->said == NULL) {
        return;
    }
    char line[PHRASE_BYTES];
    struct phrases_value value = {"name", pocket->named == NULL ? "" : pocket->named};
    if (phrases_fill(phrases_get(&pocket->phrases, pocket->said), &value, 1, line, sizeof line) !=
        OK) {
        line[0] = '\0';
    }
    struct node *said = words(maker, page, 16, true, line);
    said->role = ROLE_ALERT;
    bool is_held = text_equal(pocket->said, "pocket.held") ||
                   text_equal(pocket->said, "pocket.laid") ||
                   text_equal(pocket->said, "pocket.lifted");
    said->style = STYLE_BADGE;
    said->tone = is_held                                   ? TONE_GOOD
                 : text_equal(pocket->said, "pocket.asks") ? TONE_IDLE
                                                           : TONE_TODO;
    said->box.height_mm = POCKET_PX(40);
    said->box.pad = (struct edges){POCKET_PX(14), 0, POCKET_PX(14), 0};
    said->icon_gap_mm = POCKET_PX(10);
    said->text_align = ALIGN_START;
    tree_set_icon(maker.tree, said, is_held ? "icon-done" : "icon-info", POCKET_PX(22));
}

static void hold(struct pocket *pocket, const struct pocket_command *command, const char *name)
{
    pocket->named = name;
    pocket->said = "pocket.asks";
    if (pocket->io != NULL && pocket_io_send(pocket->io, command) != OK) {
        pocket->said = "pocket.no_town"; // eight wishes wait for an answer already
    }
}
