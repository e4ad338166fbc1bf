// SPDX-License-Identifier: EUPL-1.2
//
// The vocabulary of how things look: colour roles, style classes, tones and the type ladder, with
// the table that says what each class is made of. Knows no theme values and draws nothing.
#ifndef INLOOP_UI_STYLE_H
#define INLOOP_UI_STYLE_H

#include <stdbool.h>

// The visual direction is drawn in pixels of a 24-inch 1080x1920 panel (3.61 px/mm). DRAWN(226) is
// the length in mm of 226 drawn pixels; code stores mm everywhere.
#define STYLE_DRAWN_PX_PER_MM 3.61f
#define DRAWN(px) ((float)(px) / STYLE_DRAWN_PX_PER_MM)
// Capital height is 0.714 of the size of Noto Sans; sizes of text are given as capital height.
#define STYLE_CAP_PER_SIZE 0.714f
#define DRAWN_CAP(px) (DRAWN(px) * STYLE_CAP_PER_SIZE)

// What a colour is for. A theme gives each its value; no code names a colour.
enum colour {
    COLOUR_INHERIT = 0, // of a node: whatever its style class says, else its parent's
    COLOUR_NONE,        // nothing is painted
    COLOUR_FIELD,       // the deep brand ground at the top
    COLOUR_ON_FIELD,
    COLOUR_FIELD_NEAR, // lighter field tones: unlit progress, gables
    COLOUR_FIELD_FAR,
    COLOUR_LIGHT, // door, progress, new call; never text on white
    COLOUR_PAGE,
    COLOUR_PAPER,
    COLOUR_LINE,    // decoration only
    COLOUR_CONTROL, // border of controls, >= 3:1 on paper
    COLOUR_INK,
    COLOUR_MUTED,
    COLOUR_ACTION,
    COLOUR_ON_ACTION,
    COLOUR_ACTION_PRESSED,
    COLOUR_TINT,
    COLOUR_ON_TINT, // also the action's dark tone: outlined buttons, chevrons
    COLOUR_TODO_GROUND,
    COLOUR_TODO_INK,
    COLOUR_TODO_EDGE,
    COLOUR_ASK_GROUND,
    COLOUR_ASK_INK,
    COLOUR_GOOD_GROUND,
    COLOUR_GOOD_INK,
    COLOUR_IDLE_GROUND,
    COLOUR_IDLE_INK,
    COLOUR_STOP_GROUND,
    COLOUR_STOP_INK,
    COLOUR_FOCUS_INNER,
    COLOUR_FOCUS_OUTER,
    COLOUR_PICTURE_LINE, // the four flat colours of pictograms
    COLOUR_PICTURE_TINT,
    COLOUR_PICTURE_ACCENT,
    COLOUR_PICTURE_PAPER,
    COLOUR_BLACK, // QR codes, number plates, slips: the same in every theme
    COLOUR_WHITE,
    COLOUR_PLATE,
    COLOUR_PLATE_BLUE,
    COLOURS_COUNT,
};

// Style classes: what a node is painted as. PLAIN paints only its own words or icon.
enum style {
    STYLE_PLAIN = 0,
    STYLE_PAGE,
    STYLE_FIELD,         // brand ground; high contrast: black with a white line below
    STYLE_BAR,           // service bar: paper with a line above
    STYLE_CARD,          // paper, thin line; as a button: tint when pressed
    STYLE_CARD_STRONG,   // paper, action border (big choice that is not the filled one)
    STYLE_CARD_FIRST,    // action border; its STYLE_STUB child is filled, with two bites
    STYLE_CARD_FILLED,   // the one filled choice
    STYLE_CARD_TICKET,   // "take a number": tint ground, action border
    STYLE_STUB,          // filled end of a first card (or strip below it in large mode)
    STYLE_TICKET,        // white ticket with a dotted tear line; bites in the ground behind it
    STYLE_TEAR,          // inside a TICKET: the place of the dotted line and its bites
    STYLE_BUTTON_FILLED, // one a screen
    STYLE_BUTTON_OUTLINED,
    STYLE_BUTTON_STOP,
    STYLE_BUTTON_SERVICE, // thin control border; checked: inverted
    STYLE_BUTTON_TEXT,    // no border until pressed
    STYLE_KEY,            // keypad and letter keys
    STYLE_KEYCAP,         // small label of a physical key ("F4"), its line in its ink
    STYLE_BADGE,          // ground and ink by tone
    STYLE_TILE,           // tint square behind a pictogram
    STYLE_TILE_PAPER,     // the same in white, on tint or filled grounds
    STYLE_CHIP,           // white pill of the person
    STYLE_NOTICE,         // ground, edge and ink by tone
    STYLE_HEAD,           // the top of a card or notice, filled in the card's own shape
    STYLE_INPUT,          // a field one types in; invalid: thick red border
    STYLE_PLATE,          // the number-plate field
    STYLE_ROW,            // list row with a thin line below
    STYLE_ROW_MARKED,     // tint row with an action edge at the start
    STYLE_RULE,           // a thin line by itself
    STYLE_STEP,           // progress: checked is lit
    STYLE_STEP_PAPER,     // the same on paper: checked is the field colour
    STYLE_CALL,           // display row: paper, control line, bites and dots at its STYLE_TEAR_DOWN
    STYLE_CALL_NEW,       // display row of a new call: field ground, light edge at the start
    STYLE_TEAR_DOWN,      // inside a CALL or a ticket card: vertical dotted line with bites
    STYLE_SLIP_BAR,       // black bar with white words, slips only
    STYLES_COUNT,
};

// What a badge, notice or row says; always together with an icon and words.
enum tone { TONE_NONE = 0, TONE_TODO, TONE_ASK, TONE_GOOD, TONE_IDLE, TONE_STOP, TONES_COUNT };

// The type ladder. In large mode all but TYPE_SERVICE grow by half (titles by less).
enum type {
    TYPE_BODY = 0, // 42
    TYPE_DETAIL,   // 38 regular: the minimum at 600 mm
    TYPE_BADGE,    // 38 bold
    TYPE_SERVICE,  // 38 regular, never grows
    TYPE_BODY_BOLD,
    TYPE_BUTTON,   // 48 bold
    TYPE_STUB,     // 42 bold
    TYPE_CARD,     // 46 bold
    TYPE_SECTION,  // 54 bold
    TYPE_TITLE,    // 84 bold
    TYPE_QUESTION, // 72 bold
    TYPE_WELCOME,  // 116 bold
    TYPE_TOWN,     // 40 bold
    TYPE_KEY,      // 72 bold
    TYPE_LETTER,   // 54 bold
    TYPE_INPUT,    // 72 bold, spaced
    TYPE_TIME,     // 58 bold
    TYPE_NUMBER,   // 300 bold
    TYPES_COUNT,
};

struct type_spec {
    float cap_mm;   // capital height
    float line;     // line height as a multiple of the size; Arabic never below 1.3
    float large;    // factor in large mode
    float space_mm; // letter spacing, digits and capitals only
    bool is_bold;
    bool is_heading; // may follow the theme's heading family
};
const struct type_spec *style_type(enum type type);

enum style_radius { RADIUS_NONE, RADIUS_CONTROL, RADIUS_CARD, RADIUS_PILL, RADIUS_TICKET };

// What a class is made of. A border of 0 mm is none. `pressed_*` COLOUR_INHERIT: unchanged.
struct style_spec {
    enum colour ground;
    enum colour ink;
    enum colour border;
    float border_mm;
    enum style_radius radius;
    enum colour pressed_ground;
    enum colour pressed_border;
};
const struct style_spec *style_spec(enum style style);
// Ground, ink and edge of a tone.
struct tone_spec {
    enum colour ground;
    enum colour ink;
    enum colour edge;
};
const struct tone_spec *style_tone(enum tone tone);

#endif
