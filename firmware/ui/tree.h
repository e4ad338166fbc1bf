// SPDX-License-Identifier: EUPL-1.2
//
// The retained tree of one screen: the one truth for drawing, touch, keypad, speech and tests.
// Fixed memory; wiped when cleared, because names and values may be private.
#ifndef INLOOP_UI_TREE_H
#define INLOOP_UI_TREE_H

#include "base/err.h"
#include "ui/look.h"
#include "ui/style.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TREE_NODES_MAX = 640,
    TREE_TEXT_BYTES = 48 * 1024,
    TREE_ID_BYTES = 48, // terminator included
};

// What a node is, for people who do not see it and for tests. The role decides nothing about looks
// except that BUTTON, CARD (when NODE_ACTIONABLE), KEY, FIELD, CHOICE and CHECK take focus.
enum role {
    ROLE_GROUP = 0,
    ROLE_SCREEN,
    ROLE_HEADING,
    ROLE_TEXT,
    ROLE_BUTTON,
    ROLE_CARD,
    ROLE_BADGE,
    ROLE_ICON,  // decoration unless it has a name
    ROLE_IMAGE, // drawn by the node's `draw` function
    ROLE_FIELD,
    ROLE_KEY,
    ROLE_LIST,
    ROLE_ROW,
    ROLE_NOTICE,
    ROLE_TICKET,
    ROLE_PROGRESS,
    ROLE_ALERT, // spoken at once when it appears
    ROLE_CLOCK,
    ROLE_QR,
    ROLE_CHOICE, // one of several, NODE_CHECKED when chosen
    ROLE_CHECK,  // to be ticked, NODE_CHECKED when it is
    ROLES_COUNT,
};
const char *tree_role_name(enum role role); // "button"; never NULL

// State bits.
enum {
    NODE_DISABLED = 1U << 0,
    NODE_FOCUSED = 1U << 1, // has the ring
    NODE_PRESSED = 1U << 2,
    NODE_CHECKED = 1U << 3, // chosen, lit, done
    NODE_INVALID = 1U << 4,
    NODE_LIVE = 1U << 5,       // changes are spoken
    NODE_ACTIONABLE = 1U << 6, // can be activated by touch and keypad
    NODE_HIDDEN = 1U << 7,     // keeps its place, is neither drawn nor touched
    NODE_REPEATS = 1U << 8,    // keys: may be pressed again at once (no double-press filter)
    NODE_HOLDS = 1U << 9,      // pressed for long means something of its own: SCENE_HELD
    NODE_TYPING = 1U << 11,    // of a FIELD: typing goes here; has the caret, not always the ring
    NODE_STROKES = 1U << 10,   // drawn upon with the finger: SCENE_STROKE
};

enum privacy { PRIVACY_PUBLIC = 0, PRIVACY_PRIVATE, PRIVACY_MASKED };

// A physical key that activates a node directly, whatever has the focus.
enum tree_key {
    KEY_NONE = 0,
    KEY_F1,
    KEY_F2,
    KEY_F3,
    KEY_F4,
    KEY_F5,
    KEY_F6,
    KEY_F7,
    KEY_F8,
    KEY_F9,
    KEY_F10,
    KEY_F11,
    KEY_F12,
    KEY_ENTER, // only when nothing else has the keyboard's focus
    KEY_ESCAPE,
    KEY_BACKSPACE,
    KEY_1, // digits and letters, as typed characters
    KEY_2,
    KEY_3,
    KEY_4,
    KEY_5,
    KEY_6,
    KEY_7,
    KEY_8,
    KEY_9,
    KEY_0,
};

enum flow { FLOW_COLUMN = 0, FLOW_ROW, FLOW_GRID, FLOW_STACK };
// Of children in their parent. AUTO: stretched across the flow, at the start along it.
enum align { ALIGN_AUTO = 0, ALIGN_START, ALIGN_CENTER, ALIGN_END, ALIGN_STRETCH, ALIGN_SPREAD };

struct edges {
    float start_mm;
    float top_mm;
    float end_mm;
    float bottom_mm;
};

// Layout of a node and of its children. Zero means: as large as the content needs.
struct box {
    enum flow flow;
    enum align along;  // where children stand along the flow (START, CENTER, END, SPREAD)
    enum align across; // where they stand across it
    enum align self;   // overrides the parent's `across` for this node
    float gap_mm;      // between children; in a grid both ways
    struct edges pad;
    float width_mm; // fixed
    float height_mm;
    float min_width_mm;
    float min_height_mm;
    float grow;            // share of free room along the parent's flow
    unsigned columns;      // of a GRID; equal widths
    unsigned span;         // columns this node takes in its parent's grid; 0 is 1
    bool is_left_to_right; // children are never mirrored: keypads, plates
    bool is_placed;        // taken out of the flow and put at `start_mm`, `top_mm` of the parent
    float start_mm;        // negative: measured from the end edge (-0.001 is flush)
    float top_mm;          // negative: from the bottom edge
};

struct area {
    float x_mm; // from the panel's left edge, mirroring done
    float y_mm;
    float width_mm;
    float height_mm;
};

struct node;
struct canvas;
// Draws an image node's own content; `area` is its place. Borrows all.
typedef void (*node_draw_fn)(const struct node *node, struct canvas *canvas,
                             const struct look *look);

struct node {
    // What it is. Set the strings with the tree_set functions, the rest directly.
    const char *id;
    enum role role;
    const char *name;        // the words: drawn (by TEXT, HEADING, BUTTON, BADGE...) and spoken
    const char *description; // spoken only
    const char *value;       // of a FIELD: drawn and spoken (masked: dots)
    unsigned states;
    enum privacy privacy;
    enum tree_key key;
    // How it looks.
    enum style style;
    enum tone tone;
    enum type type;
    enum colour ground; // override of the class
    enum colour ink;
    enum align text_align; // START, CENTER, END
    float cap_mm;          // override of the type's capital height; 0 is none
    bool has_text;         // `name` is drawn; false for containers whose name is only spoken
    bool is_nowrap;
    const char *icon; // file stem in the icon folder: "icon-warn", "picto-car"
    float icon_mm;
    bool icon_mirrors;      // arrows and chevrons turn round right to left
    bool icon_is_last;      // after the words instead of before them
    bool icon_above;        // above the words, centred
    float icon_gap_mm;      // between icon and words; 0 is the usual
    const uint8_t *modules; // of a QR: rows of bytes, 1 is dark; borrowed until clear
    unsigned modules_count; // a side
    node_draw_fn draw;
    int draw_value;    // for `draw`; changing it redraws the node
    const void *drawn; // for `draw`; borrowed until clear
    bool scrolls;      // of a FIELD: words longer than its room are shown round the caret
    size_t behind;     // of a FIELD: bytes of `value` after the caret
    struct box box;
    // Filled by layout.
    struct area area;
    enum colour seen_ground; // what is behind its words, for drawing and audit
    enum colour seen_ink;
    float wanted_width_mm;
    float wanted_height_mm;
    uint64_t digest; // of everything visible; equal digests look equal
    // Links, by position; -1 is none.
    int16_t parent;
    int16_t first_child;
    int16_t last_child;
    int16_t next;
};

struct tree {
    struct node nodes[TREE_NODES_MAX]; // parents stand before their children
    size_t nodes_count;
    char text[TREE_TEXT_BYTES];
    size_t text_len;
};

// Forgets everything and wipes it. Also right for zeroed memory.
void tree_clear(struct tree *tree);
// Adds a node at the end of `parent`'s children; the first has parent NULL. Copies the strings.
// `id` names it for tests and diffs and must be unique in the tree; NULL makes one from the
// parent's and the position. `name` may be NULL. Text, headings, buttons, badges and keys draw
// their name (has_text). Running out of nodes or text is our mistake (CHECK).
struct node *tree_add(struct tree *tree, struct node *parent, const char *id, enum role role,
                      const char *name);
// Id "`stem`.`index`" for items of lists.
struct node *tree_add_item(struct tree *tree, struct node *parent, const char *stem, size_t index,
                           enum role role, const char *name);
void tree_set_name(struct tree *tree, struct node *node, const char *words);
void tree_set_description(struct tree *tree, struct node *node, const char *words);
void tree_set_value(struct tree *tree, struct node *node, const char *words);
void tree_set_icon(struct tree *tree, struct node *node, const char *icon, float icon_mm);
// A borrowed copy of the words in the tree's memory, for as long as the tree is not cleared.
const char *tree_words(struct tree *tree, const char *words);

struct node *tree_find(struct tree *tree, const char *id); // NULL when absent
struct node *tree_parent(const struct tree *tree, const struct node *node);
bool tree_is_within(const struct tree *tree, const struct node *node, const struct node *parent);
bool tree_takes_focus(const struct node *node);
// The actionable node at a place on the panel, or NULL; the last drawn wins.
struct node *tree_at(struct tree *tree, float x_mm, float y_mm);

// Nodes in the order of the tree, parent before child: reading order, because layout puts children
// from start to end and from top to bottom. NULL after the last; the first node is nodes[0].
const struct node *tree_after(const struct tree *tree, const struct node *node);
// Focusable nodes in reading order. Gives their count.
size_t tree_focus_order(const struct tree *tree, int16_t *order, size_t order_max);

// The tree as JSON for scripts: [{id, role, name, value, x, y, width, height (px), focusable,
// states: []}]. Private names and values are left out unless `with_private`. Caller frees.
char *tree_export(const struct tree *tree, const struct look *look, bool with_private);

#endif
