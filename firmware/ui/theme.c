// SPDX-License-Identifier: EUPL-1.2
//
// Roles from tokens: first token of a chain that exists and is legible, else computed.
#include "ui/theme.h"

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHAIN_MAX = 6 };

#define FIELD_RATIO 6.0
#define TEXT_RATIO 4.5
#define INK_RATIO 7.0
#define CONTROL_RATIO 3.0

static const struct rgb white = {255, 255, 255};
static const struct rgb black = {0, 0, 0};

// Where a role's colour comes from, in order of preference, and what it must reach against another
// role (which stands earlier in the table) to be taken.
struct chain {
    enum colour role;
    const char *tokens[CHAIN_MAX];
    enum colour against; // COLOUR_NONE: anything goes
    double ratio_min;
};
static const struct chain chains[] = {
    {COLOUR_PAPER,
     {"basis.color.default.bg-document", "ams.color.background.body"},
     COLOUR_BLACK,
     15},
    {COLOUR_PAGE,
     {"basis.color.default.bg-subtle", "denhaag.color.warmgrey.1",
      "utrecht.document.background-color", "ams.color.background.body"},
     COLOUR_BLACK,
     15},
    {COLOUR_INK,
     {"basis.color.default.color-document", "denhaag.color.grey.5", "utrecht.document.color",
      "ams.color.text.default"},
     COLOUR_PAGE,
     INK_RATIO},
    {COLOUR_MUTED,
     {"basis.color.default.color-default", "denhaag.color.grey.4", "ams.color.text.secondary"},
     COLOUR_PAGE,
     TEXT_RATIO},
    {COLOUR_LINE,
     {"basis.color.default.border-subtle", "denhaag.color.grey.2", "utrecht.separator.color"},
     COLOUR_NONE,
     0},
    {COLOUR_CONTROL,
     {"basis.color.default.border-default", "denhaag.color.grey.3",
      "basis.form-control.border-color", "utrecht.form-control.border-color"},
     COLOUR_PAPER,
     CONTROL_RATIO},
    {COLOUR_ACTION,
     {"denhaag.button.primary-action.background-color",
      "utrecht.button.primary-action.background-color", "nl.button.primary.background-color",
      "ams.button.primary.background-color", "ams.color.interactive.default",
      "basis.color.accent-1.color-default"},
     COLOUR_PAPER,
     CONTROL_RATIO},
    {COLOUR_ACTION_PRESSED,
     {"utrecht.button.primary-action.active.background-color",
      "denhaag.button.primary-action.hover.background-color",
      "utrecht.button.primary-action.hover.background-color",
      "ams.button.primary.hover.background-color"},
     COLOUR_WHITE,
     TEXT_RATIO},
    {COLOUR_FIELD,
     {"basis.color.accent-1.color-hover", "denhaag.color.green.4"},
     COLOUR_WHITE,
     FIELD_RATIO},
    {COLOUR_LIGHT,
     {"denhaag.color.ocher.3", "basis.focus.background-color"},
     COLOUR_FIELD,
     CONTROL_RATIO},
    {COLOUR_TINT,
     {"basis.color.accent-1.bg-default", "denhaag.color.green.1"},
     COLOUR_INK,
     INK_RATIO},
    {COLOUR_ON_TINT,
     {"basis.color.accent-1.color-hover", "denhaag.color.green.4"},
     COLOUR_TINT,
     TEXT_RATIO},
    {COLOUR_TODO_GROUND,
     {"basis.color.warning.bg-hover", "denhaag.color.orange.1"},
     COLOUR_INK,
     INK_RATIO},
    {COLOUR_TODO_INK,
     {"basis.color.warning.color-active", "denhaag.color.orange.5"},
     COLOUR_TODO_GROUND,
     TEXT_RATIO},
    {COLOUR_TODO_EDGE,
     {"basis.color.warning.color-subtle", "denhaag.color.orange.4"},
     COLOUR_PAPER,
     CONTROL_RATIO},
    {COLOUR_ASK_GROUND,
     {"basis.color.info.bg-default", "denhaag.color.blue.1"},
     COLOUR_INK,
     INK_RATIO},
    {COLOUR_ASK_INK,
     {"basis.color.info.color-active", "denhaag.color.blue.4"},
     COLOUR_ASK_GROUND,
     TEXT_RATIO},
    {COLOUR_GOOD_GROUND,
     {"basis.color.positive.bg-default", "denhaag.color.green.1"},
     COLOUR_INK,
     INK_RATIO},
    {COLOUR_GOOD_INK,
     {"basis.color.positive.color-active", "denhaag.color.green.4"},
     COLOUR_GOOD_GROUND,
     TEXT_RATIO},
    {COLOUR_IDLE_GROUND,
     {"basis.color.default.bg-default", "denhaag.color.grey.1"},
     COLOUR_INK,
     INK_RATIO},
    {COLOUR_IDLE_INK,
     {"basis.color.default.color-default", "denhaag.color.grey.4"},
     COLOUR_IDLE_GROUND,
     TEXT_RATIO},
    {COLOUR_STOP_GROUND,
     {"basis.color.negative.bg-default", "denhaag.color.red.1"},
     COLOUR_INK,
     INK_RATIO},
    {COLOUR_STOP_INK,
     {"basis.color.negative.color-default", "denhaag.color.red.4"},
     COLOUR_PAPER,
     TEXT_RATIO},
    {COLOUR_FOCUS_OUTER, {"basis.focus.color"}, COLOUR_PAGE, INK_RATIO},
    {COLOUR_FOCUS_INNER,
     {"denhaag.color.ocher.3", "basis.focus.background-color"},
     COLOUR_FOCUS_OUTER,
     TEXT_RATIO},
    {COLOUR_PICTURE_LINE,
     {"denhaag.color.green.5", "basis.color.accent-1.color-document"},
     COLOUR_TINT,
     INK_RATIO},
    {COLOUR_PICTURE_TINT,
     {"denhaag.color.green.2", "basis.color.accent-1.border-subtle"},
     COLOUR_NONE,
     0},
    {COLOUR_PICTURE_ACCENT,
     {"denhaag.color.green.3", "basis.color.accent-1.color-default"},
     COLOUR_NONE,
     0},
};

static void set_role(struct theme *theme, enum colour role, struct rgb colour, const char *source);
static void compute_from_action(struct theme *theme);
static void keep_legible(struct theme *theme);
static void read_radius(struct theme *theme, const struct json *tokens);
static void read_family(struct theme *theme, const struct json *tokens);

// Relative luminance, WCAG 2.2.
static double luminance(struct rgb colour)
{
    const uint8_t parts[3] = {colour.r, colour.g, colour.b};
    static const double weights[3] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (size_t i = 0; i < 3; i++) {
        double part = parts[i] / 255.0;
        sum += weights[i] * (part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
}

void theme_default(struct theme *theme)
{
    *theme = (struct theme){.control_radius_mm = DRAWN(10), .card_radius_mm = DRAWN(14)};
    static const struct {
        enum colour role;
        struct rgb colour;
    } fixed[] = {
        {COLOUR_PAPER, {255, 255, 255}},
        {COLOUR_PAGE, {248, 248, 247}},
        {COLOUR_INK, {36, 38, 42}},
        {COLOUR_MUTED, {74, 78, 84}},
        {COLOUR_LINE, {206, 208, 212}},
        {COLOUR_CONTROL, {116, 120, 126}},
        {COLOUR_ACTION, {29, 102, 156}},
        {COLOUR_TODO_GROUND, {255, 221, 176}},
        {COLOUR_TODO_INK, {128, 52, 0}},
        {COLOUR_TODO_EDGE, {208, 84, 0}},
        {COLOUR_ASK_GROUND, {220, 236, 250}},
        {COLOUR_ASK_INK, {8, 66, 118}},
        {COLOUR_GOOD_GROUND, {216, 236, 216}},
        {COLOUR_GOOD_INK, {24, 92, 44}},
        {COLOUR_IDLE_GROUND, {241, 241, 242}},
        {COLOUR_IDLE_INK, {74, 78, 84}},
        {COLOUR_STOP_GROUND, {255, 226, 222}},
        {COLOUR_STOP_INK, {152, 12, 12}},
        {COLOUR_LIGHT, {255, 214, 40}},
        {COLOUR_FOCUS_INNER, {255, 221, 0}},
        {COLOUR_FOCUS_OUTER, {0, 0, 0}},
        {COLOUR_PICTURE_PAPER, {255, 255, 255}},
        {COLOUR_BLACK, {0, 0, 0}},
        {COLOUR_WHITE, {255, 255, 255}},
        {COLOUR_PLATE, {249, 215, 43}},
        {COLOUR_PLATE_BLUE, {9, 73, 130}},
    };
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        set_role(theme, fixed[i].role, fixed[i].colour, "default");
    }
    compute_from_action(theme);
}

void theme_contrast(struct theme *theme)
{
    theme_default(theme);
    theme->is_contrast = true;
    theme->control_radius_mm = DRAWN(8);
    theme->card_radius_mm = DRAWN(12);
    static const struct rgb yellow = {255, 221, 0};
    for (int role = COLOUR_FIELD; role < COLOUR_BLACK; role++) {
        set_role(theme, (enum colour)role, white, "contrast");
    }
    static const enum colour blacks[] = {
        COLOUR_FIELD,          COLOUR_PAGE,          COLOUR_PAPER,       COLOUR_TINT,
        COLOUR_ON_ACTION,      COLOUR_TODO_GROUND,   COLOUR_ASK_GROUND,  COLOUR_GOOD_GROUND,
        COLOUR_IDLE_GROUND,    COLOUR_STOP_GROUND,   COLOUR_FOCUS_INNER, COLOUR_PICTURE_TINT,
        COLOUR_PICTURE_ACCENT, COLOUR_PICTURE_PAPER, COLOUR_FIELD_FAR,
    };
    for (size_t i = 0; i < sizeof blacks / sizeof blacks[0]; i++) {
        set_role(theme, blacks[i], black, "contrast");
    }
    static const enum colour yellows[] = {
        COLOUR_LIGHT,    COLOUR_ACTION,    COLOUR_ACTION_PRESSED,
        COLOUR_TODO_INK, COLOUR_TODO_EDGE, COLOUR_STOP_INK,
    };
    for (size_t i = 0; i < sizeof yellows / sizeof yellows[0]; i++) {
        set_role(theme, yellows[i], yellow, "contrast");
    }
    set_role(theme, COLOUR_ACTION_PRESSED, white, "contrast");
    set_role(theme, COLOUR_FIELD_NEAR, (struct rgb){96, 96, 96}, "contrast");
}

static const char *token_text(const struct json *tokens, const char *name)
{
    const struct json *value = json_get(tokens, name);
    const char *words = json_text(value);
    return words != NULL ? words : json_get_text(value, "$value");
}

static bool take_token(struct theme *theme, const struct json *tokens, const struct chain *chain)
{
    for (size_t i = 0; i < CHAIN_MAX && chain->tokens[i] != NULL; i++) {
        const char *words = token_text(tokens, chain->tokens[i]);
        struct rgb colour = {0};
        if (words == NULL || theme_colour_parse(words, &colour) != OK) {
            continue;
        }
        if (chain->against != COLOUR_NONE &&
            theme_ratio(colour, theme->colours[chain->against]) < chain->ratio_min) {
            continue;
        }
        set_role(theme, chain->role, colour, chain->tokens[i]);
        return true;
    }
    return false;
}

// Style Dictionary's list ([{path: [...], value}]) as the flat object the chains look in.
static struct json *flatten_list(const struct json *list)
{
    struct json *flat = json_new_object();
    for (size_t i = 0; i < json_len(list); i++) {
        const struct json *item = json_at(list, i);
        const struct json *path = json_get(item, "path");
        const char *value = json_get_text(item, "value");
        char buf[THEME_SOURCE_BYTES];
        struct text name;
        text_init(&name, buf, sizeof buf);
        for (size_t part = 0; part < json_len(path); part++) {
            const char *words = json_text(json_at(path, part));
            text_add(&name, part == 0 ? "" : ".");
            text_add(&name, words == NULL ? "" : words);
        }
        if (value != NULL && !name.is_cut && name.len > 0) {
            json_set_text(flat, buf, value);
        }
    }
    return flat;
}

static bool read_tokens(struct theme *theme, const struct json *tokens)
{
    bool has_action = false;
    for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++) {
        bool is_taken = take_token(theme, tokens, &chains[i]);
        if (is_taken && chains[i].role == COLOUR_ACTION) {
            has_action = true;
            // What the tokens do not say follows the town's colour, not the neutral one.
            compute_from_action(theme);
        }
    }
    keep_legible(theme);
    read_radius(theme, tokens);
    read_family(theme, tokens);
    return has_action;
}

enum err theme_parse(struct theme *theme, const char *bytes, size_t len, struct fault *fault)
{
    CHECK(theme != NULL && bytes != NULL);

    theme_default(theme);
    if (len > THEME_BYTES_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "theme: over %d bytes", THEME_BYTES_MAX);
    }
    struct json *json = NULL;
    enum err err = json_parse(bytes, len, &json);
    if (err != OK) {
        return fault_set(fault, err, "theme: not JSON");
    }
    struct json *flat = json_is_list(json) ? flatten_list(json) : NULL;
    const struct json *tokens = flat != NULL ? flat : json_get(json, "tokens");
    bool has_action = read_tokens(theme, tokens != NULL ? tokens : json);
    json_free(flat);
    json_free(json);
    if (!has_action) {
        theme_default(theme);
        return fault_set(fault, ERR_MALFORMED, "theme: no usable action colour");
    }
    return OK;
}

enum err theme_read_file(struct theme *theme, const char *path, struct fault *fault)
{
    theme_default(theme);
    char *bytes = NULL;
    size_t len = 0;
    if (file_read(path, THEME_BYTES_MAX, &bytes, &len) != OK) {
        return fault_set(fault, ERR_IO, "theme: cannot read %s", path);
    }
    enum err err = theme_parse(theme, bytes, len, fault);
    free(bytes);
    return err;
}

struct rgb theme_colour(const struct theme *theme, enum colour role)
{
    CHECK((size_t)role < COLOURS_COUNT);
    return theme->colours[role];
}

double theme_ratio(struct rgb left, struct rgb right)
{
    double one = luminance(left) + 0.05;
    double other = luminance(right) + 0.05;
    return one > other ? one / other : other / one;
}

static void set_role(struct theme *theme, enum colour role, struct rgb colour, const char *source)
{
    theme->colours[role] = colour;
    text_copy_cut(theme->sources[role], sizeof theme->sources[role], source);
}

static uint8_t mix_part(uint8_t from, uint8_t to, double share)
{
    return (uint8_t)lround(from + (to - from) * share);
}

static struct rgb mix(struct rgb from, struct rgb to, double share)
{
    return (struct rgb){mix_part(from.r, to.r, share), mix_part(from.g, to.g, share),
                        mix_part(from.b, to.b, share)};
}

// The colour, darkened in small steps until `other` reads on it.
static struct rgb darken_until(struct rgb colour, struct rgb other, double ratio_min)
{
    struct rgb darker = colour;
    for (int step = 1; step <= 100 && theme_ratio(darker, other) < ratio_min; step++) {
        darker = mix(colour, black, step / 100.0);
    }
    return darker;
}

static void compute_from_action(struct theme *theme)
{
    struct rgb action = theme->colours[COLOUR_ACTION];
    struct rgb field = darken_until(action, white, FIELD_RATIO);
    struct rgb near = mix(action, white, 0.12);
    struct rgb tint = mix(white, action, 0.16);
    const struct {
        enum colour role;
        struct rgb colour;
    } computed[] = {
        {COLOUR_FIELD, field},
        {COLOUR_ON_FIELD, white},
        {COLOUR_FIELD_NEAR, near},
        {COLOUR_FIELD_FAR, mix(field, near, 0.45)},
        {COLOUR_ON_ACTION, theme_ratio(action, white) >= TEXT_RATIO ? white : black},
        {COLOUR_ACTION_PRESSED, darken_until(mix(action, black, 0.2), white, TEXT_RATIO)},
        {COLOUR_TINT, tint},
        {COLOUR_ON_TINT, darken_until(action, tint, TEXT_RATIO + 0.3)},
        {COLOUR_PICTURE_LINE, darken_until(action, tint, 11.0)},
        {COLOUR_PICTURE_TINT, mix(white, action, 0.5)},
        {COLOUR_PICTURE_ACCENT, action},
    };
    for (size_t i = 0; i < sizeof computed / sizeof computed[0]; i++) {
        set_role(theme, computed[i].role, computed[i].colour, "computed");
    }
    if (theme_ratio(theme->colours[COLOUR_LIGHT], field) < CONTROL_RATIO) {
        set_role(theme, COLOUR_LIGHT, white, "computed");
    }
}

// Grounds and inks may come from different places: a ground from a token, its ink computed. Inks
// are darkened until they read, whatever was mixed.
static void keep_legible(struct theme *theme)
{
    static const struct {
        enum colour ink;
        enum colour ground;
        double ratio_min;
    } pairs[] = {
        {COLOUR_INK, COLOUR_PAPER, TEXT_RATIO},
        {COLOUR_MUTED, COLOUR_PAPER, TEXT_RATIO},
        {COLOUR_MUTED, COLOUR_PAGE, TEXT_RATIO},
        {COLOUR_MUTED, COLOUR_TINT, TEXT_RATIO},
        {COLOUR_CONTROL, COLOUR_PAPER, CONTROL_RATIO},
        {COLOUR_ON_TINT, COLOUR_TINT, TEXT_RATIO},
        {COLOUR_ON_TINT, COLOUR_PAPER, TEXT_RATIO},
        {COLOUR_TODO_INK, COLOUR_TODO_GROUND, TEXT_RATIO},
        {COLOUR_ASK_INK, COLOUR_ASK_GROUND, TEXT_RATIO},
        {COLOUR_GOOD_INK, COLOUR_GOOD_GROUND, TEXT_RATIO},
        {COLOUR_IDLE_INK, COLOUR_IDLE_GROUND, TEXT_RATIO},
        {COLOUR_STOP_INK, COLOUR_STOP_GROUND, TEXT_RATIO},
        {COLOUR_STOP_INK, COLOUR_PAPER, TEXT_RATIO},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct rgb ink = theme->colours[pairs[i].ink];
        struct rgb ground = theme->colours[pairs[i].ground];
        if (theme_ratio(ink, ground) < pairs[i].ratio_min) {
            set_role(theme, pairs[i].ink, darken_until(ink, ground, pairs[i].ratio_min),
                     "computed");
        }
    }
    struct rgb on_action = theme->colours[COLOUR_ON_ACTION];
    if (theme_ratio(theme->colours[COLOUR_ACTION_PRESSED], on_action) < TEXT_RATIO) {
        set_role(theme, COLOUR_ACTION_PRESSED, theme->colours[COLOUR_ACTION], "computed");
    }
}

static void read_radius(struct theme *theme, const struct json *tokens)
{
    static const char *const names[] = {"denhaag.button.border-radius",
                                        "utrecht.button.border-radius", "nl.button.border-radius",
                                        "basis.border-radius.md", "ams.border.radius"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *words = token_text(tokens, names[i]);
        float radius_px = 0;
        if (words == NULL || theme_length_parse(words, &radius_px) != OK) {
            continue;
        }
        radius_px = fminf(radius_px, (float)THEME_RADIUS_PX_MAX);
        // Web radii are for text of 16 px; ours is 2.5 times larger.
        theme->control_radius_mm = DRAWN(roundf(radius_px * 2.5f));
        theme->card_radius_mm = theme->control_radius_mm + DRAWN(4);
        return;
    }
}

static void read_family(struct theme *theme, const struct json *tokens)
{
    static const char *const names[] = {"basis.heading.font-family",
                                        "nl.heading.level-1.font-family",
                                        "utrecht.heading-1.font-family"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *words = token_text(tokens, names[i]);
        if (words != NULL) {
            // Of all families only the serif sister of our own is on the device.
            theme->heading_is_serif = strstr(words, "Noto Serif") != NULL;
            return;
        }
    }
}
