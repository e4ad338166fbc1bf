// SPDX-License-Identifier: EUPL-1.2
//
// The parts of the visual direction as nodes. Measures are its drawn pixels.
#include "ui/widget.h"

#include "base/bytes.h"
#include "base/err.h"
#include "base/text.h"
#include "ui/canvas.h"
#include "ui/text.h"

#include <string.h>

enum { NAME_BYTES = 1024, MASKED_MAX = 128 };

static struct node *plain_card(struct maker maker, struct node *card, const struct widget_card *is);
static struct node *large_card(struct maker maker, struct node *card, const struct widget_card *is);
static void draw_mark(const struct node *node, struct canvas *canvas, const struct look *look);

struct node *widget_page(struct maker maker, const char *id, const char *name)
{
    struct node *page = tree_add(maker.tree, NULL, id, ROLE_SCREEN, name);
    page->has_text = false;
    page->style = STYLE_PAGE;
    return page;
}

struct node *widget_column(struct maker maker, struct node *parent, float gap_mm)
{
    struct node *column = tree_add(maker.tree, parent, NULL, ROLE_GROUP, NULL);
    column->box.gap_mm = gap_mm;
    return column;
}

struct node *widget_row(struct maker maker, struct node *parent, float gap_mm)
{
    struct node *row = tree_add(maker.tree, parent, NULL, ROLE_GROUP, NULL);
    row->box.flow = FLOW_ROW;
    row->box.gap_mm = gap_mm;
    return row;
}

struct node *widget_grid(struct maker maker, struct node *parent, unsigned columns, float gap_mm)
{
    CHECK(columns > 0);
    struct node *grid = tree_add(maker.tree, parent, NULL, ROLE_GROUP, NULL);
    grid->box.flow = FLOW_GRID;
    grid->box.columns = columns;
    grid->box.gap_mm = gap_mm;
    return grid;
}

struct node *widget_space(struct maker maker, struct node *parent, float height_mm)
{
    struct node *space = tree_add(maker.tree, parent, NULL, ROLE_GROUP, NULL);
    space->box.height_mm = height_mm;
    space->box.grow = height_mm > 0 ? 0.0f : 1.0f;
    return space;
}

struct node *widget_text(struct maker maker, struct node *parent, const char *id, enum type type,
                         const char *words)
{
    struct node *text = tree_add(maker.tree, parent, id, ROLE_TEXT, words);
    text->type = type;
    return text;
}

struct node *widget_heading(struct maker maker, struct node *parent, const char *id, enum type type,
                            const char *words)
{
    struct node *heading = tree_add(maker.tree, parent, id, ROLE_HEADING, words);
    heading->type = type;
    return heading;
}

struct node *widget_icon(struct maker maker, struct node *parent, const char *icon, float icon_mm)
{
    struct node *node = tree_add(maker.tree, parent, NULL, ROLE_ICON, NULL);
    tree_set_icon(maker.tree, node, icon, icon_mm);
    node->box.width_mm = icon_mm;
    node->box.height_mm = icon_mm;
    node->box.self = ALIGN_CENTER;
    return node;
}

const char *widget_foreign(struct maker maker, const char *words)
{
    if (!maker.look->is_mirrored || words[0] == '\0') {
        return words;
    }
    char isolated[NAME_BYTES];
    struct text text;
    text_init(&text, isolated, sizeof isolated);
    // The mark keeps the full stop on its side when the words take two lines: each line is laid
    // out by itself.
    text_format(&text, "\u2068%s\u200e\u2069", words);
    const char *kept = tree_words(maker.tree, isolated);
    wipe(isolated, sizeof isolated); // it may be somebody's
    return kept;
}

static float button_height(enum style style)
{
    if (style == STYLE_BUTTON_FILLED) {
        return DRAWN(140);
    }
    return style == STYLE_BUTTON_OUTLINED || style == STYLE_BUTTON_STOP ? DRAWN(130) : DRAWN(96);
}

struct node *widget_button(struct maker maker, struct node *parent, struct widget_button button)
{
    struct node *node = tree_add(maker.tree, parent, button.id, ROLE_BUTTON, button.words);
    node->style = button.style;
    node->key = button.key;
    node->type = button.style == STYLE_BUTTON_SERVICE ? TYPE_BODY : TYPE_BUTTON;
    if (button.style == STYLE_BUTTON_OUTLINED || button.style == STYLE_BUTTON_STOP) {
        node->type = TYPE_STUB; // one step smaller: they stand beside the filled one
    }
    if (button.icon != NULL) {
        bool is_filled = button.style == STYLE_BUTTON_FILLED;
        tree_set_icon(maker.tree, node, button.icon, is_filled ? DRAWN(72) : DRAWN(56));
    } else if (button.arrow != NULL) {
        tree_set_icon(maker.tree, node, button.arrow, DRAWN(60));
        node->icon_is_last = true;
    }
    node->box.min_height_mm = button.height_mm > 0 ? button.height_mm : button_height(button.style);
    node->box.pad = (struct edges){DRAWN(24), DRAWN(12), DRAWN(24), DRAWN(12)};
    return node;
}

struct node *widget_service(struct maker maker, struct node *parent, const char *id,
                            const char *icon, const char *words)
{
    struct node *node = tree_add(maker.tree, parent, id, ROLE_BUTTON, words);
    node->style = STYLE_BUTTON_SERVICE;
    node->type = TYPE_SERVICE;
    tree_set_icon(maker.tree, node, icon, DRAWN(52));
    node->icon_above = true;
    node->box.min_height_mm = DRAWN(132);
    node->box.pad = (struct edges){DRAWN(6), DRAWN(6), DRAWN(6), DRAWN(6)};
    return node;
}

struct node *widget_service_wide(struct maker maker, struct node *parent, const char *id,
                                 const char *icon, const char *words)
{
    bool is_stop = text_equal(icon, "icon-stop");
    struct node *node = tree_add(maker.tree, parent, id, ROLE_BUTTON, words);
    node->style = is_stop ? STYLE_BUTTON_STOP : STYLE_BUTTON_SERVICE;
    node->type = is_stop ? TYPE_BADGE : TYPE_SERVICE;
    tree_set_icon(maker.tree, node, icon, DRAWN(44));
    node->cap_mm = DRAWN_CAP(40); // one size in every mode
    node->box.min_height_mm = DRAWN(108);
    node->box.pad = (struct edges){DRAWN(12), DRAWN(6), DRAWN(12), DRAWN(6)};
    return node;
}

struct node *widget_badge(struct maker maker, struct node *parent, struct widget_badge badge)
{
    bool is_large = maker.look->is_large;
    struct node *node = tree_add(maker.tree, parent, badge.id, ROLE_BADGE, badge.words);
    node->style = STYLE_BADGE;
    node->tone = badge.tone;
    node->type = TYPE_BADGE;
    node->icon_gap_mm = DRAWN(14);
    tree_set_icon(maker.tree, node, badge.icon, is_large ? DRAWN(60) : DRAWN(44));
    node->box.min_height_mm = is_large ? DRAWN(80) : DRAWN(60);
    node->box.self = ALIGN_START;
    // High contrast has no grounds: the words then stand in line with the others.
    float pad_mm = maker.look->is_contrast ? 0 : DRAWN(16);
    node->box.pad = (struct edges){pad_mm, 0, maker.look->is_contrast ? 0 : DRAWN(20), 0};
    return node;
}

struct node *widget_tile(struct maker maker, struct node *parent, const char *picture,
                         float tile_mm, float picture_mm)
{
    struct node *tile = tree_add(maker.tree, parent, NULL, ROLE_ICON, NULL);
    tile->style = STYLE_TILE;
    tree_set_icon(maker.tree, tile, picture, picture_mm);
    tile->text_align = ALIGN_CENTER;
    tile->box.width_mm = tile_mm;
    tile->box.height_mm = tile_mm;
    tile->box.self = ALIGN_CENTER;
    return tile;
}

static enum style card_style(enum widget_card_kind kind)
{
    switch (kind) {
    case WIDGET_CARD_PLAIN:
    case WIDGET_CARD_ROW:
        return STYLE_CARD;
    case WIDGET_CARD_FIRST:
        return STYLE_CARD_FIRST;
    case WIDGET_CARD_STRONG:
        return STYLE_CARD_STRONG;
    case WIDGET_CARD_FILLED:
        return STYLE_CARD_FILLED;
    case WIDGET_CARD_TICKET:
        return STYLE_CARD_TICKET;
    }
    CHECK(false);
    return STYLE_CARD;
}

static void add_sentence(struct text *text, const char *words)
{
    if (words != NULL && words[0] != '\0') {
        text_add(text, text->len > 0 ? ". " : "");
        text_add(text, words);
    }
}

struct node *widget_card(struct maker maker, struct node *parent, struct widget_card card)
{
    char name[NAME_BYTES];
    struct text text;
    text_init(&text, name, sizeof name);
    add_sentence(&text, card.title);
    add_sentence(&text, card.badge);
    add_sentence(&text, card.detail);
    add_sentence(&text, card.kind == WIDGET_CARD_FIRST ? card.stub : NULL);

    struct node *node = tree_add(maker.tree, parent, card.id, ROLE_CARD, name);
    node->style = card_style(card.kind);
    node->states = NODE_ACTIONABLE;
    node->privacy = card.privacy;
    wipe(name, sizeof name);
    return maker.look->is_large ? large_card(maker, node, &card) : plain_card(maker, node, &card);
}

static bool is_on_action(struct maker maker, const struct widget_card *card)
{
    bool is_first = card->kind == WIDGET_CARD_FIRST && maker.look->is_contrast;
    return card->kind == WIDGET_CARD_FILLED || is_first;
}

static enum colour detail_ink(struct maker maker, const struct widget_card *card)
{
    return is_on_action(maker, card) ? COLOUR_ON_ACTION : COLOUR_MUTED;
}

static enum type title_type(const struct widget_card *card)
{
    return card->is_big ? TYPE_SECTION : TYPE_CARD;
}

static void add_card_words(struct maker maker, struct node *column, const struct widget_card *card)
{
    if (card->badge != NULL) {
        struct node *badge = widget_badge(
            maker, column,
            (struct widget_badge){NULL, card->badge_tone, card->badge_icon, card->badge});
        badge->privacy = card->privacy;
    }
    if (card->detail != NULL) {
        struct node *detail = widget_text(maker, column, NULL, TYPE_DETAIL, card->detail);
        detail->cap_mm = card->is_big && !maker.look->is_large ? DRAWN_CAP(41) : 0;
        detail->ink = detail_ink(maker, card);
        detail->privacy = card->privacy;
    }
}

static void add_card_tile(struct maker maker, struct node *row, const struct widget_card *card)
{
    float scale = maker.look->is_large            ? 0.75f
                  : card->is_big                  ? 1.25f
                  : card->kind == WIDGET_CARD_ROW ? 0.82f
                                                  : 1.0f;
    // Without a tinted ground the line picture takes its room too.
    float picture_mm = maker.look->is_contrast ? DRAWN(136) * scale : DRAWN(106) * scale;
    struct node *tile = widget_tile(maker, row, card->picture, DRAWN(136) * scale, picture_mm);
    if (card->kind == WIDGET_CARD_TICKET || card->kind == WIDGET_CARD_FILLED) {
        tile->style = STYLE_TILE_PAPER;
    }
}

static void add_card_end(struct maker maker, struct node *row, const struct widget_card *card)
{
    const char *icon = card->end_icon == NULL ? "icon-chev" : card->end_icon;
    bool is_act = card->end_icon != NULL;
    struct node *end = widget_icon(maker, row, icon, is_act ? DRAWN(84) : DRAWN(60));
    end->ink = is_on_action(maker, card) ? COLOUR_ON_ACTION : COLOUR_ON_TINT;
}

// Tile, words one below another, chevron or stub at the end.
static struct node *plain_card(struct maker maker, struct node *card, const struct widget_card *is)
{
    bool is_first = is->kind == WIDGET_CARD_FIRST;
    float height_mm = is_first ? DRAWN(264) : DRAWN(226);
    height_mm = is->is_big ? DRAWN(240) : height_mm;
    height_mm = is->kind == WIDGET_CARD_TICKET && !is->is_big ? DRAWN(184) : height_mm;
    if (maker.look->is_low && !is->is_big) {
        height_mm = is_first ? DRAWN(206) : DRAWN(168); // the words decide
    }
    height_mm = is->kind == WIDGET_CARD_ROW ? DRAWN(144) : height_mm;
    card->box.flow = FLOW_ROW;
    card->box.min_height_mm = height_mm;

    struct node *body = widget_row(maker, card, DRAWN(32));
    body->box.grow = 1;
    float start_mm = is_first ? DRAWN(38) : DRAWN(36);
    body->box.pad =
        (struct edges){start_mm, DRAWN(16), is_first ? DRAWN(16) : DRAWN(28), DRAWN(16)};
    add_card_tile(maker, body, is);
    struct node *words = widget_column(maker, body, is->badge == NULL ? DRAWN(3) : DRAWN(11));
    words->box.grow = 1;
    words->box.along = ALIGN_CENTER;
    struct node *title = widget_text(maker, words, NULL, title_type(is), is->title);
    title->privacy = is->privacy;
    add_card_words(maker, words, is);
    if (!is_first) {
        add_card_end(maker, body, is);
        return card;
    }
    struct node *stub = tree_add(maker.tree, card, NULL, ROLE_TEXT, is->stub);
    stub->style = STYLE_STUB;
    stub->type = TYPE_STUB;
    stub->text_align = ALIGN_CENTER;
    tree_set_icon(maker.tree, stub, "icon-next", DRAWN(80));
    stub->icon_above = true;
    stub->icon_gap_mm = DRAWN(14);
    stub->box.width_mm = DRAWN(240);
    stub->box.pad = (struct edges){DRAWN(12), DRAWN(12), DRAWN(12), DRAWN(12)};
    return card;
}

// Large type: picture and title in one row, the rest below at full width, the stub as a strip.
static struct node *large_card(struct maker maker, struct node *card, const struct widget_card *is)
{
    struct node *body = widget_column(maker, card, DRAWN(10));
    body->box.grow = 1;
    body->box.along = ALIGN_CENTER;
    body->box.pad = (struct edges){DRAWN(40), DRAWN(20), DRAWN(40), DRAWN(18)};
    struct node *head = widget_row(maker, body, DRAWN(28));
    add_card_tile(maker, head, is);
    struct node *title = widget_text(maker, head, NULL, title_type(is), is->title);
    title->privacy = is->privacy;
    title->box.grow = 1;
    title->box.self = ALIGN_CENTER;
    if (is->kind != WIDGET_CARD_FIRST) {
        add_card_end(maker, head, is);
    }
    add_card_words(maker, body, is);
    if (is->kind != WIDGET_CARD_FIRST) {
        return card;
    }
    struct node *stub = tree_add(maker.tree, card, NULL, ROLE_GROUP, NULL);
    stub->style = STYLE_STUB;
    stub->box.flow = FLOW_ROW;
    stub->box.across = ALIGN_CENTER;
    stub->box.min_height_mm = DRAWN(132);
    stub->box.pad = (struct edges){DRAWN(40), DRAWN(12), DRAWN(40), DRAWN(12)};
    struct node *words = widget_text(maker, stub, NULL, TYPE_STUB, is->stub);
    words->box.grow = 1;
    (void)widget_icon(maker, stub, "icon-next", DRAWN(80));
    return card;
}

struct node *widget_check(struct maker maker, struct node *parent, struct widget_check check)
{
    struct node *row = tree_add(maker.tree, parent, check.id, ROLE_ROW, check.words);
    row->states = check.is_done ? NODE_CHECKED : 0;
    tree_set_description(maker.tree, row, check.status);
    row->box.flow = FLOW_ROW;
    row->box.gap_mm = DRAWN(24);
    row->box.across = ALIGN_CENTER;
    row->box.min_height_mm = DRAWN(80);
    struct node *icon =
        widget_icon(maker, row, check.is_done ? "icon-done" : "icon-empty", DRAWN(52));
    icon->ink = check.is_done ? COLOUR_ACTION : COLOUR_TODO_EDGE;
    struct node *text =
        widget_text(maker, row, NULL, check.is_done ? TYPE_BODY : TYPE_BODY_BOLD, check.words);
    text->box.grow = 1;
    if (check.status[0] != '\0') {
        struct node *end =
            widget_text(maker, row, NULL, check.is_done ? TYPE_DETAIL : TYPE_BADGE, check.status);
        end->ink = check.is_done ? COLOUR_MUTED : COLOUR_TODO_INK;
    }
    return row;
}

struct node *widget_notice(struct maker maker, struct node *parent, struct widget_notice notice)
{
    bool is_alert = notice.tone == TONE_STOP;
    struct node *node =
        tree_add(maker.tree, parent, notice.id, is_alert ? ROLE_ALERT : ROLE_NOTICE, notice.cause);
    node->style = STYLE_NOTICE;
    node->tone = notice.tone;
    node->states = is_alert ? NODE_LIVE : 0;
    node->box.flow = FLOW_ROW;
    node->box.gap_mm = DRAWN(28);
    node->box.across = ALIGN_CENTER;
    node->box.pad = (struct edges){DRAWN(36), DRAWN(28), DRAWN(36), DRAWN(28)};
    bool is_picture = text_starts_with(notice.icon, "picto-");
    struct node *icon = widget_icon(maker, node, notice.icon, is_picture ? DRAWN(150) : DRAWN(84));
    icon->ink = style_tone(notice.tone)->ink;
    icon->tone = notice.tone;
    struct node *words = widget_column(maker, node, DRAWN(4));
    words->box.grow = 1;
    struct node *cause = widget_text(maker, words, NULL, TYPE_BUTTON, notice.cause);
    cause->ink = style_tone(notice.tone)->ink;
    if (notice.consequence != NULL) {
        tree_set_description(maker.tree, node, notice.consequence);
        struct node *rest = widget_text(maker, words, NULL, TYPE_BODY, notice.consequence);
        rest->ink = COLOUR_INK;
    }
    return node;
}

struct node *widget_field(struct maker maker, struct node *parent, struct widget_field field)
{
    struct node *node = tree_add(maker.tree, parent, "field", ROLE_GROUP, NULL);
    node->style = STYLE_FIELD;
    node->box.min_height_mm = field.height_mm;
    node->box.pad = (struct edges){DRAWN(48), 0, DRAWN(48), DRAWN(36)};

    struct node *row = widget_row(maker, node, DRAWN(20));
    row->box.across = ALIGN_CENTER;
    row->box.min_height_mm = DRAWN(116);
    (void)widget_mark(maker, row, DRAWN(64));
    struct node *town = widget_text(maker, row, "field.town", TYPE_TOWN, field.town);
    town->box.grow = 1;
    if (field.chip != NULL) {
        struct node *chip = widget_chip(maker, row, "field.chip", field.chip);
        chip->box.self = ALIGN_CENTER;
        chip->box.min_height_mm = maker.look->is_large ? DRAWN(92) : DRAWN(68);
    } else {
        struct node *clock = tree_add(maker.tree, row, "field.time", ROLE_CLOCK, field.time);
        clock->type = TYPE_BODY;
        clock->cap_mm = maker.look->is_large ? DRAWN_CAP(48) : DRAWN_CAP(40);
        clock->is_nowrap = true;
    }
    struct node *rest = widget_column(maker, node, DRAWN(20));
    rest->box.grow = 1;
    return rest;
}

struct node *widget_chip(struct maker maker, struct node *parent, const char *id, const char *words)
{
    struct node *chip = tree_add(maker.tree, parent, id, ROLE_BADGE, words);
    chip->style = STYLE_CHIP;
    chip->type = TYPE_BADGE;
    chip->privacy = PRIVACY_PRIVATE;
    bool is_large = maker.look->is_large;
    tree_set_icon(maker.tree, chip, "icon-person", is_large ? DRAWN(60) : DRAWN(44));
    chip->icon_gap_mm = DRAWN(18);
    chip->box.self = ALIGN_START;
    chip->box.min_height_mm = is_large ? DRAWN(92) : DRAWN(72);
    float pad_mm = maker.look->is_contrast ? 0 : DRAWN(22);
    chip->box.pad = (struct edges){pad_mm, 0, pad_mm, 0};
    return chip;
}

struct node *widget_steps(struct maker maker, struct node *parent, const char *words, unsigned step,
                          unsigned steps_count)
{
    struct node *row = tree_add(maker.tree, parent, "field.steps", ROLE_PROGRESS, words);
    row->box.flow = FLOW_ROW;
    row->box.gap_mm = DRAWN(28);
    row->box.across = ALIGN_CENTER;
    struct node *label = widget_text(maker, row, NULL, TYPE_BUTTON, words);
    label->cap_mm = maker.look->is_large ? DRAWN_CAP(54) : DRAWN_CAP(44);
    label->is_nowrap = true;
    struct node *bars = widget_grid(maker, row, steps_count, DRAWN(12));
    bars->box.grow = 1;
    for (unsigned i = 0; i < steps_count; i++) {
        struct node *bar = tree_add(maker.tree, bars, NULL, ROLE_ICON, NULL);
        bar->style = STYLE_STEP;
        bar->states = i < step ? NODE_CHECKED : 0;
        bar->box.height_mm = DRAWN(16);
    }
    return row;
}

struct node *widget_mark(struct maker maker, struct node *parent, float size_mm)
{
    struct node *mark = tree_add(maker.tree, parent, NULL, ROLE_IMAGE, NULL);
    mark->draw = draw_mark;
    mark->box.width_mm = size_mm;
    mark->box.height_mm = size_mm;
    return mark;
}

// The blue strip of a Dutch number plate, at the left in every language.
static void add_plate_country(struct maker maker, struct node *plate)
{
    plate->cap_mm = DRAWN_CAP(104);
    plate->box.is_left_to_right = true;
    float strip_mm = DRAWN(108);
    bool is_mirrored = maker.look->is_mirrored;
    plate->box.pad.start_mm = is_mirrored ? DRAWN(16) : strip_mm;
    plate->box.pad.end_mm = is_mirrored ? strip_mm : DRAWN(16);
    struct node *country = widget_text(maker, plate, NULL, TYPE_BADGE, "NL");
    country->cap_mm = DRAWN_CAP(42);
    country->ground = COLOUR_PLATE_BLUE;
    country->ink = COLOUR_WHITE;
    country->text_align = ALIGN_CENTER;
    country->box.is_placed = true;
    country->box.start_mm = DRAWN(4);
    country->box.top_mm = -DRAWN(16);
    country->box.width_mm = DRAWN(92);
}

// A dot for each character; gives how many bytes of dots stand after the caret.
static size_t mask(const char *value, size_t behind, struct text *dots)
{
    size_t len = strlen(value);
    size_t caret = len - (behind < len ? behind : len);
    size_t before_len = 0;
    for (size_t pos = 0; pos < len;) {
        before_len = pos < caret ? dots->len + strlen("\u2022") : before_len;
        (void)utf8_next(value, len, &pos);
        text_add(dots, "\u2022");
    }
    return dots->len > before_len ? dots->len - before_len : 0;
}

static void shape_input(struct maker maker, struct node *field, const struct widget_input *input)
{
    field->is_nowrap = true;
    field->box.min_height_mm = input->is_plate ? DRAWN(160) : DRAWN(132);
    if (maker.look->is_low) {
        field->box.min_height_mm = DRAWN(112);
    }
    field->box.pad = (struct edges){DRAWN(16), 0, DRAWN(16), 0};
    if (input->is_plate) {
        add_plate_country(maker, field);
    }
    field->scrolls = input->is_long || input->lines > 0;
    if (!field->scrolls) {
        return;
    }
    field->type = TYPE_BUTTON;
    field->text_align = ALIGN_START;
    field->box.pad = (struct edges){DRAWN(24), 0, DRAWN(24), 0};
    if (input->lines > 0) {
        field->type = TYPE_BODY;
        field->is_nowrap = false;
        field->box.pad.top_mm = DRAWN(20);
        field->box.pad.bottom_mm = DRAWN(20);
        struct text_setting setting = text_setting(maker.look, TYPE_BODY, 0);
        float line_mm = look_mm(maker.look, (float)setting.line_px);
        field->box.height_mm = (float)input->lines * line_mm + DRAWN(40);
    }
}

struct node *widget_input(struct maker maker, struct node *parent, struct widget_input input)
{
    struct node *column = widget_column(maker, parent, DRAWN(16));
    column->box.width_mm = input.width_mm;
    column->box.grow = input.width_mm > 0 || parent->box.flow != FLOW_ROW ? 0.0f : 1.0f;
    if (input.label != NULL && input.label[0] != '\0') {
        (void)widget_text(maker, column, NULL, TYPE_BADGE, input.label);
    }
    struct node *field = tree_add(maker.tree, column, input.id, ROLE_FIELD, input.label);
    field->style = input.is_plate ? STYLE_PLATE : STYLE_INPUT;
    field->type = TYPE_INPUT;
    field->privacy = input.privacy;
    field->behind = input.behind;
    shape_input(maker, field, &input);
    field->states |= input.is_active ? NODE_FOCUSED | NODE_TYPING : 0U;
    field->states |= input.is_invalid ? NODE_INVALID : 0U;
    if (input.privacy != PRIVACY_MASKED) {
        tree_set_value(maker.tree, field, input.value);
        return field;
    }
    // What is masked never enters the tree: a dot for each character.
    char dots[MASKED_MAX * 3 + 1];
    struct text text;
    text_init(&text, dots, sizeof dots);
    field->behind = mask(input.value, input.behind, &text);
    tree_set_value(maker.tree, field, dots);
    return field;
}

struct node *widget_choice(struct maker maker, struct node *parent, struct widget_choice choice)
{
    bool is_low = maker.look->is_low;
    struct node *node = tree_add(maker.tree, parent, choice.id,
                                 choice.is_several ? ROLE_CHECK : ROLE_CHOICE, choice.words);
    node->style = STYLE_BUTTON_SERVICE;
    node->type = choice.is_chosen ? TYPE_BODY_BOLD : TYPE_BODY;
    node->privacy = choice.privacy;
    node->states |= choice.is_chosen ? NODE_CHECKED : 0U;
    node->text_align = ALIGN_START;
    node->icon_gap_mm = DRAWN(24);
    const char *sign = choice.is_several ? "icon-box" : "icon-ring";
    const char *chosen = choice.is_several ? "icon-box-checked" : "icon-ring-chosen";
    tree_set_icon(maker.tree, node, choice.is_chosen ? chosen : sign, DRAWN(52));
    float height_mm = is_low ? DRAWN(80) : DRAWN(104);
    node->box.min_height_mm = choice.height_mm > 0 ? choice.height_mm : height_mm;
    node->box.pad = (struct edges){DRAWN(28), DRAWN(10), DRAWN(28), DRAWN(10)};
    return node;
}

// One arch: a round top on straight sides, cut off flat at `bottom`.
static void paint_arch(struct canvas *canvas, struct rect_px arch, struct rgb colour)
{
    struct canvas part = *canvas;
    part.clip = rect_px_common(part.clip, arch);
    struct rect_px tall = arch;
    tall.height += arch.width; // the round bottom falls outside the clip
    canvas_round(&part, tall, (float)arch.width / 2.0f, colour);
}

// The open door, on a grid of 64: an arch, behind it light, the door leaf standing at the side.
static void draw_mark(const struct node *node, struct canvas *canvas, const struct look *look)
{
    const float unit_mm = node->area.width_mm / 64.0f;
    const struct area *area = &node->area;
    struct rect_px arch = {
        look_px(look, area->x_mm + 8.0f * unit_mm),
        look_px(look, area->y_mm + 4.5f * unit_mm),
        look_px(look, 48.0f * unit_mm),
        look_px(look, 55.0f * unit_mm),
    };
    struct rect_px hole = {
        look_px(look, area->x_mm + 17.0f * unit_mm),
        look_px(look, area->y_mm + 13.5f * unit_mm),
        look_px(look, 30.0f * unit_mm),
        arch.y + arch.height - look_px(look, area->y_mm + 13.5f * unit_mm),
    };
    const struct theme *theme = look->theme;
    paint_arch(canvas, arch, theme_colour(theme, node->seen_ink));
    paint_arch(canvas, hole, theme_colour(theme, COLOUR_LIGHT));
    struct canvas leaf = *canvas;
    struct rect_px side = hole;
    side.width = hole.width / 3;
    leaf.clip = rect_px_common(leaf.clip, side);
    paint_arch(&leaf, hole, theme_colour(theme, node->seen_ground));
}
