// SPDX-License-Identifier: EUPL-1.2
//
// Digits as they were typed: a wrong day is shown and said, never made another day.
#include "ui/pick_date.h"

#include "base/bytes.h"
#include "base/err.h"
#include "ui/keyboard_keys.h"

#include <stdio.h>
#include <string.h>

enum { YEAR_DIGITS = 4 };

static const struct {
    const char *id;
    size_t digits_count;
    int64_t max;
} parts[PICK_PARTS_COUNT] = {
    [PICK_DAY] = {"date.day", 2, 31},
    [PICK_MONTH] = {"date.month", 2, 12},
    [PICK_YEAR] = {"date.year", YEAR_DIGITS, 9999},
    [PICK_HOUR] = {"date.hour", 2, 23},
    [PICK_MINUTE] = {"date.minute", 2, 59},
};

static bool has_part(const struct pick_date_private *pick, enum pick_date_part part);
static enum pick_date_part first_part(const struct pick_date_private *pick);
static void add_months(struct maker maker, struct node *parent,
                       const struct pick_date_private *pick, const struct pick_date_words *words);
static enum keyboard_result press(struct pick_date_private *pick, const struct scene_event *event);
static enum keyboard_result type(struct pick_date_private *pick, uint32_t character);
static enum keyboard_result erase(struct pick_date_private *pick);

void pick_date_init(struct pick_date_private *pick, enum pick_date_kind kind)
{
    *pick = (struct pick_date_private){.kind = kind};
    pick->active = first_part(pick);
}

void pick_date_finish(struct pick_date_private *pick)
{
    wipe(pick, sizeof *pick);
}

void pick_date_set(struct pick_date_private *pick, struct pick_date_value value)
{
    pick_date_clear(pick);
    const unsigned numbers[PICK_PARTS_COUNT] = {value.date.day, value.date.month,
                                                (unsigned)value.date.year % 10000u, value.hour,
                                                value.minute};
    for (int i = 0; i < PICK_PARTS_COUNT; i++) {
        if (!has_part(pick, (enum pick_date_part)i)) {
            continue;
        }
        const char *format = i == PICK_YEAR ? "%04u" : i >= PICK_HOUR ? "%02u" : "%u";
        (void)snprintf(pick->digits[i], sizeof pick->digits[i], format,
                       numbers[i] % 10000u); // always fits
    }
}

void pick_date_clear(struct pick_date_private *pick)
{
    wipe(pick->digits, sizeof pick->digits);
    pick->active = first_part(pick);
}

static int64_t number_of(const struct pick_date_private *pick, enum pick_date_part part)
{
    int64_t number = 0;
    return text_to_int64(pick->digits[part], 0, 9999, &number) == OK ? number : 0;
}

enum pick_date_state pick_date_get(const struct pick_date_private *pick,
                                   struct pick_date_value *value)
{
    *value = (struct pick_date_value){0};
    size_t filled = 0;
    size_t asked = 0;
    bool is_possible = true;
    for (int i = 0; i < PICK_PARTS_COUNT; i++) {
        enum pick_date_part part = (enum pick_date_part)i;
        asked += has_part(pick, part) ? 1 : 0;
        bool is_short = part == PICK_YEAR && strlen(pick->digits[i]) < YEAR_DIGITS;
        filled += has_part(pick, part) && pick->digits[i][0] != '\0' && !is_short ? 1 : 0;
        is_possible = is_possible && number_of(pick, part) <= parts[i].max;
    }
    value->date =
        (struct date){(int16_t)number_of(pick, PICK_YEAR), (uint8_t)number_of(pick, PICK_MONTH),
                      (uint8_t)number_of(pick, PICK_DAY)};
    value->hour = (uint8_t)number_of(pick, PICK_HOUR);
    value->minute = (uint8_t)number_of(pick, PICK_MINUTE);
    if (filled < asked) {
        bool is_begun = false;
        for (int i = 0; i < PICK_PARTS_COUNT; i++) {
            is_begun = is_begun || pick->digits[i][0] != '\0';
        }
        return is_begun ? PICK_DATE_HALF : PICK_DATE_EMPTY;
    }
    is_possible = is_possible && (pick->kind == PICK_TIME || date_is_valid(value->date));
    return is_possible ? PICK_DATE_WHOLE : PICK_DATE_IMPOSSIBLE;
}

// The fields take room of the keys.
static float key_height(const struct look *look)
{
    if (look->is_low) {
        return DRAWN(73);
    }
    return look->is_large ? DRAWN(112) : DRAWN(140);
}

static void add_part(struct maker maker, struct node *row, const struct pick_date_private *pick,
                     const struct pick_date_words *words, enum pick_date_part part)
{
    const char *shown = pick->digits[part];
    int64_t month = number_of(pick, PICK_MONTH);
    if (part == PICK_MONTH) {
        shown = month >= 1 && month <= 12 ? words->months[month - 1] : "";
    }
    struct node *field = widget_input(maker, row,
                                      (struct widget_input){.id = parts[part].id,
                                                            .label = words->labels[part],
                                                            .value = shown,
                                                            .privacy = words->privacy,
                                                            .is_active = pick->active == part,
                                                            .is_invalid = words->is_invalid});
    struct node *column = tree_parent(maker.tree, field);
    column->box.grow = part == PICK_MONTH ? 1.6f : 1.0f;
    // A name has to fit where two digits would.
    field->cap_mm = part == PICK_MONTH ? DRAWN_CAP(54) : 0;
    field->type = part == PICK_MONTH ? TYPE_BUTTON : TYPE_INPUT;
}

static void add_parts(struct maker maker, struct node *parent, const struct pick_date_private *pick,
                      const struct pick_date_words *words)
{
    struct node *row = widget_row(maker, parent, DRAWN(28));
    for (int i = 0; i < PICK_PARTS_COUNT; i++) {
        enum pick_date_part part = (enum pick_date_part)i;
        if (part == PICK_HOUR && pick->kind == PICK_DATE_TIME) {
            row = widget_row(maker, parent, DRAWN(28));
        }
        if (has_part(pick, part)) {
            add_part(maker, row, pick, words, part);
        }
    }
}

struct node *pick_date_build(struct maker maker, struct node *parent,
                             const struct pick_date_private *pick,
                             const struct pick_date_words *words)
{
    struct node *column = widget_column(maker, parent, maker.look->is_low ? DRAWN(20) : DRAWN(36));
    add_parts(maker, column, pick, words);
    if (pick->active == PICK_MONTH) {
        add_months(maker, column, pick, words);
        return column;
    }
    const struct keyboard keys = {.setup = {.layout = KEYBOARD_NUMBERS}};
    const struct keyboard_words said = {.erase = words->erase, .next = words->next};
    (void)keyboard_build(maker, column, &keys, &said, key_height(maker.look));
    return column;
}

enum keyboard_result pick_date_event(struct pick_date_private *pick,
                                     const struct scene_event *event)
{
    switch (event->kind) {
    case SCENE_ACTIVATED:
        return press(pick, event);
    case SCENE_TYPED:
        return type(pick, event->character);
    case SCENE_KEY:
        if (event->key == KEY_BACKSPACE) {
            return erase(pick);
        }
        return event->key == KEY_ENTER ? KEYBOARD_NEXT : KEYBOARD_NOT_OURS;
    case SCENE_FOCUSED: // passing over a field on the way to the keys changes nothing
    case SCENE_POSTED:
    case SCENE_HELD:
    case SCENE_STROKE:
        break;
    }
    return KEYBOARD_NOT_OURS;
}

static bool has_part(const struct pick_date_private *pick, enum pick_date_part part)
{
    return part >= PICK_HOUR ? pick->kind != PICK_DATE : pick->kind != PICK_TIME;
}

static enum pick_date_part first_part(const struct pick_date_private *pick)
{
    return pick->kind == PICK_TIME ? PICK_HOUR : PICK_DAY;
}

// Where the keypad was, twelve names in the same grid.
static void add_months(struct maker maker, struct node *parent,
                       const struct pick_date_private *pick, const struct pick_date_words *words)
{
    bool is_low = maker.look->is_low;
    struct node *grid = widget_grid(maker, parent, 3, is_low ? DRAWN(12) : DRAWN(16));
    for (size_t i = 0; i < 12; i++) {
        struct node *month =
            tree_add_item(maker.tree, grid, "month", i + 1, ROLE_KEY, words->months[i]);
        month->style = STYLE_KEY;
        month->type = TYPE_BUTTON;
        month->cap_mm = DRAWN_CAP(48);
        month->states |= number_of(pick, PICK_MONTH) == (int64_t)i + 1 ? NODE_CHECKED : 0U;
        month->box.min_height_mm = key_height(maker.look);
    }
}

static void go_to_next(struct pick_date_private *pick)
{
    for (int i = (int)pick->active + 1; i < PICK_PARTS_COUNT; i++) {
        if (has_part(pick, (enum pick_date_part)i)) {
            pick->active = (enum pick_date_part)i;
            return;
        }
    }
}

static enum keyboard_result choose_month(struct pick_date_private *pick, size_t month)
{
    (void)snprintf(pick->digits[PICK_MONTH], sizeof pick->digits[PICK_MONTH], "%u",
                   (unsigned)month % 100u); // always fits
    pick->active = PICK_MONTH;
    go_to_next(pick);
    return KEYBOARD_CHANGED;
}

static enum keyboard_result press(struct pick_date_private *pick, const struct scene_event *event)
{
    for (int i = 0; i < PICK_PARTS_COUNT; i++) {
        if (text_equal(parts[i].id, event->id) && has_part(pick, (enum pick_date_part)i)) {
            pick->active = (enum pick_date_part)i;
            return KEYBOARD_SHOWN;
        }
    }
    size_t month = 0;
    bool has_month = has_part(pick, PICK_MONTH);
    if (has_month && scene_event_item(event, "month", &month) && month >= 1 && month <= 12) {
        return choose_month(pick, month);
    }
    if (text_equal(event->id, "key.erase")) {
        return erase(pick);
    }
    if (text_equal(event->id, "key.next")) {
        return KEYBOARD_NEXT;
    }
    uint32_t character = keyboard_keys_character(event->id);
    return character == 0 ? KEYBOARD_NOT_OURS : type(pick, character);
}

static enum keyboard_result type(struct pick_date_private *pick, uint32_t character)
{
    char *digits = pick->digits[pick->active];
    size_t len = strlen(digits);
    if (character < '0' || character > '9' || len >= parts[pick->active].digits_count) {
        return KEYBOARD_REFUSED;
    }
    digits[len] = (char)character;
    digits[len + 1] = '\0';
    // A day that begins with 4 has no second digit, nor an hour that begins with 3.
    bool is_full = len + 1 == parts[pick->active].digits_count ||
                   number_of(pick, pick->active) * 10 > parts[pick->active].max;
    if (is_full) {
        go_to_next(pick);
    }
    return KEYBOARD_CHANGED;
}

static enum keyboard_result erase(struct pick_date_private *pick)
{
    char *digits = pick->digits[pick->active];
    size_t len = strlen(digits);
    if (len > 0) {
        bool is_name = pick->active == PICK_MONTH; // goes at once
        digits[is_name ? 0 : len - 1] = '\0';
        return KEYBOARD_CHANGED;
    }
    for (int i = (int)pick->active - 1; i >= 0; i--) {
        if (has_part(pick, (enum pick_date_part)i)) {
            pick->active = (enum pick_date_part)i;
            return KEYBOARD_SHOWN;
        }
    }
    return KEYBOARD_REFUSED;
}
