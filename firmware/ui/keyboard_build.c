// SPDX-License-Identifier: EUPL-1.2
//
// The keys as nodes. Every row is as wide as the content of a page; every key is at least 20 mm
// wide (knowledge of standing users: smaller ones are missed).
#include "ui/keyboard.h"

#include "base/bytes.h"
#include "base/text.h"
#include "ui/keyboard_keys.h"

#include <string.h>

#define GAP_MM DRAWN(12)
#define LETTER_MM DRAWN(87.5f)        // ten in a row
#define ARABIC_LETTER_MM DRAWN(78.5f) // eleven
#define OWN_KEY_MM DRAWN(110)
#define LABEL_CAP_MM DRAWN_CAP(40) // words on keys: one size in every mode

// Of what is typed, around the caret, shown at once. A longer text is cut at both ends.
enum { SHOWN_WHOLE_BYTES = 400, SHOWN_STEP_BYTES = 200, SHOWN_BEHIND_BYTES = 160, SHOWN_ENDS = 8 };

// What the making of keys needs.
struct desk {
    struct maker maker;
    const struct keyboard *keyboard;
    const struct keyboard_words *words;
    struct node *column;
    float key_mm;
    float letter_mm;
};

static void build_numbers(const struct desk *desk);
static void build_letters(const struct desk *desk);
static void build_signs(const struct desk *desk);
static void build_code(const struct desk *desk);
static void build_email(const struct desk *desk);
static const char *shown_part(struct maker maker, const struct edit_private *edit, size_t *behind);

static float height_of(const struct maker *maker, const struct keyboard *keyboard)
{
    bool is_low = maker->look->is_low;
    if (keyboard->setup.layout == KEYBOARD_NUMBERS) {
        return is_low ? DRAWN(80) : DRAWN(150);
    }
    if (is_low) {
        return DRAWN(73); // 20 mm: everything has to be low
    }
    return keyboard->setup.layout == KEYBOARD_CODE ? DRAWN(116) : DRAWN(104);
}

struct node *keyboard_build(struct maker maker, struct node *parent,
                            const struct keyboard *keyboard, const struct keyboard_words *words,
                            float key_mm)
{
    struct desk desk = {.maker = maker, .keyboard = keyboard, .words = words};
    desk.key_mm = key_mm > 0 ? key_mm : height_of(&maker, keyboard);
    desk.letter_mm = keyboard->is_arabic ? ARABIC_LETTER_MM : LETTER_MM;
    bool is_low = maker.look->is_low;
    desk.column = widget_column(maker, parent, is_low ? DRAWN(11) : GAP_MM);
    if (!is_low && keyboard->setup.layout != KEYBOARD_NUMBERS) {
        desk.column->box.pad.top_mm = DRAWN(8); // room for the ring of the field
    }
    switch (keyboard->setup.layout) {
    case KEYBOARD_NUMBERS:
        build_numbers(&desk);
        break;
    case KEYBOARD_LETTERS:
        if (keyboard->has_signs) {
            build_signs(&desk);
        } else {
            build_letters(&desk);
        }
        break;
    case KEYBOARD_CODE:
        build_code(&desk);
        break;
    case KEYBOARD_EMAIL:
        build_email(&desk);
        break;
    }
    return desk.column;
}

unsigned keyboard_lines(const struct look *look)
{
    if (look->is_large) {
        return look->is_low ? 1 : 2;
    }
    return look->is_low ? 2 : 4;
}

struct node *keyboard_field(struct maker maker, struct node *parent, struct widget_input input,
                            const struct edit_private *edit)
{
    input.value = edit->text;
    input.behind = edit_behind(edit);
    if (input.is_long || input.lines > 0) {
        input.value = shown_part(maker, edit, &input.behind);
    }
    return widget_input(maker, parent, input);
}

static struct node *add_key(const struct desk *desk, struct node *row, const char *name,
                            const char *words)
{
    char id[TREE_ID_BYTES];
    struct text text;
    text_init(&text, id, sizeof id);
    text_format(&text, "key.%s", name);
    struct node *key = tree_add(desk->maker.tree, row, id, ROLE_KEY, words);
    key->style = STYLE_KEY;
    key->type = TYPE_BODY;
    key->cap_mm = LABEL_CAP_MM;
    key->box.min_height_mm = desk->key_mm;
    key->box.pad = (struct edges){DRAWN(6), 0, DRAWN(6), 0};
    return key;
}

// A key that types `character`, in the case the keyboard is in.
static struct node *add_letter(const struct desk *desk, struct node *row, uint32_t character)
{
    const struct keyboard *keyboard = desk->keyboard;
    bool is_code = keyboard->setup.layout == KEYBOARD_CODE;
    bool is_shifted = keyboard->shift != KEYBOARD_SMALL || is_code;
    char shown[UTF8_BYTES];
    (void)utf8_put(is_shifted ? keyboard_keys_capital(character) : character, shown);
    char id[TREE_ID_BYTES];
    keyboard_keys_id(character, id);
    struct node *key = tree_add(desk->maker.tree, row, id, ROLE_KEY, shown);
    key->style = STYLE_KEY;
    key->states |= NODE_REPEATS;
    bool has_more = keyboard->setup.layout == KEYBOARD_LETTERS && keyboard->held == 0 &&
                    keyboard_keys_variants(character) != NULL;
    key->states |= has_more ? NODE_HOLDS : 0U;
    key->type = TYPE_LETTER;
    // Arabic letters are wide, and on low keys tails reach the edge.
    bool is_arabic = character >= 0x600 && character < 0x700;
    key->cap_mm = is_arabic || desk->maker.look->is_low ? DRAWN_CAP(46) : 0;
    key->box.width_mm = desk->letter_mm;
    key->box.height_mm = desk->key_mm;
    return key;
}

static struct node *add_row(const struct desk *desk)
{
    struct node *row = widget_row(desk->maker, desk->column, GAP_MM);
    row->box.along = ALIGN_CENTER;
    row->box.is_left_to_right = true;
    return row;
}

static void add_letters(const struct desk *desk, struct node *row, const char *letters)
{
    size_t len = strlen(letters);
    size_t pos = 0;
    while (pos < len) {
        (void)add_letter(desk, row, utf8_next(letters, len, &pos));
    }
}

static struct node *add_letter_row(const struct desk *desk, const char *letters)
{
    struct node *row = add_row(desk);
    add_letters(desk, row, letters);
    return row;
}

static void add_digits(const struct desk *desk)
{
    struct desk digits = *desk;
    digits.letter_mm = LETTER_MM;
    (void)add_letter_row(&digits, "1234567890");
}

static struct node *add_erase(const struct desk *desk, struct node *row)
{
    struct node *erase = add_key(desk, row, "erase", desk->words->erase);
    erase->states |= NODE_REPEATS;
    erase->key = KEY_BACKSPACE;
    tree_set_icon(desk->maker.tree, erase, "icon-del", DRAWN(56));
    return erase;
}

// The last row of letters begins below the A and ends with the wide erase key at the edge.
static void add_last_row(const struct desk *desk, const char *letters)
{
    struct node *row = add_letter_row(desk, letters);
    row->box.along = ALIGN_START;
    row->box.pad.start_mm = DRAWN(50);
    struct node *erase = add_erase(desk, row);
    erase->box.grow = 1;
    erase->cap_mm = 0;
}

// A key of the keyboard itself: what is drawn on it, and what it is called.
static struct node *add_own(const struct desk *desk, struct node *row, const char *name,
                            const char *drawn, const char *words)
{
    struct node *key = add_key(desk, row, name, drawn);
    tree_set_description(desk->maker.tree, key, words);
    key->box.width_mm = OWN_KEY_MM;
    return key;
}

static struct node *add_icon_key(const struct desk *desk, struct node *row, const char *name,
                                 const char *icon, const char *words)
{
    struct node *key = add_key(desk, row, name, words);
    key->has_text = false;
    tree_set_icon(desk->maker.tree, key, icon, DRAWN(56));
    key->icon_mirrors = false; // left is left
    key->box.width_mm = OWN_KEY_MM;
    return key;
}

static void add_shift(const struct desk *desk, struct node *row)
{
    const struct keyboard_words *words = desk->words;
    struct node *key = desk->keyboard->shift == KEYBOARD_SHIFT_LOCK
                           ? add_own(desk, row, "shift", "ABC", words->lock)
                           : add_icon_key(desk, row, "shift", "icon-shift", words->shift);
    key->states |= desk->keyboard->shift != KEYBOARD_SMALL ? NODE_CHECKED : 0U;
}

static void add_space(const struct desk *desk, struct node *row)
{
    struct node *space = add_key(desk, row, "space", desk->words->space);
    space->states |= NODE_REPEATS;
    space->box.grow = 1;
}

static void add_new_line(const struct desk *desk, struct node *row)
{
    if (desk->keyboard->setup.has_lines) {
        struct node *key =
            add_icon_key(desk, row, "new_line", "icon-new-line", desk->words->new_line);
        key->states |= NODE_REPEATS;
    }
}

// In place of the digits: the variants of the letter that was held, and a way to close them. The
// other keys stay where they are.
static void add_variants(const struct desk *desk)
{
    struct desk small = *desk;
    small.letter_mm = LETTER_MM;
    struct node *row = add_letter_row(&small, keyboard_keys_variants(desk->keyboard->held));
    row->box.along = ALIGN_START;
    struct node *close = add_icon_key(desk, row, "close", "icon-cross", desk->words->close);
    close->box.width_mm = LETTER_MM;
}

static void add_top(const struct desk *desk)
{
    if (desk->keyboard->held != 0) {
        add_variants(desk);
    } else {
        add_digits(desk);
    }
}

static void add_bottom(const struct desk *desk)
{
    const struct keyboard *keyboard = desk->keyboard;
    struct node *row = add_row(desk);
    if (!keyboard->is_arabic) {
        add_shift(desk, row);
    }
    (void)add_own(desk, row, "signs", keyboard->is_arabic ? ".،؟" : ".,?", desk->words->signs);
    struct node *accents =
        add_own(desk, row, "accents", keyboard->is_arabic ? "أ" : "é", desk->words->accents);
    accents->states |= keyboard->is_choosing ? NODE_CHECKED : 0U;
    if (keyboard->setup.has_arabic) {
        (void)add_own(desk, row, "script", keyboard->is_arabic ? "abc" : "ابت",
                      desk->words->script);
    }
    add_space(desk, row);
    if (!keyboard->setup.has_lines || !keyboard->setup.has_arabic) {
        (void)add_letter(desk, row, '-');
    }
    (void)add_letter(desk, row, '.');
    add_new_line(desk, row);
    if (keyboard->is_arabic) {
        struct node *erase = add_erase(desk, row);
        erase->has_text = false;
        erase->box.width_mm = OWN_KEY_MM;
    }
}

static void build_letters(const struct desk *desk)
{
    add_top(desk);
    if (desk->keyboard->is_arabic) {
        // As on every Arabic keyboard; nobody finds a letter twice.
        (void)add_letter_row(desk, "ضصثقفغعهخحج");
        (void)add_letter_row(desk, "شسيبلاتنمكط");
        (void)add_letter_row(desk, "ئءؤرىةوزظذد");
    } else {
        (void)add_letter_row(desk, "qwertyuiop");
        (void)add_letter_row(desk, "asdfghjkl");
        add_last_row(desk, "zxcvbnm");
    }
    add_bottom(desk);
}

static void build_signs(const struct desk *desk)
{
    bool is_arabic = desk->keyboard->is_arabic;
    struct desk wide = *desk;
    wide.letter_mm = LETTER_MM;
    add_digits(&wide);
    (void)add_letter_row(&wide, is_arabic ? ".،؟!:؛'\"()" : ".,?!:;'\"()");
    (void)add_letter_row(&wide, "-_/@&+=%*#");
    add_last_row(&wide, "€<>°~½$");
    struct node *row = add_row(desk);
    (void)add_own(desk, row, "letters", is_arabic ? "ابت" : "abc", desk->words->letters);
    (void)add_icon_key(desk, row, "left", "icon-back", desk->words->left);
    (void)add_icon_key(desk, row, "right", "icon-next", desk->words->right);
    add_space(desk, row);
    add_new_line(desk, row);
}

static void build_code(const struct desk *desk)
{
    const struct keyboard_setup *setup = &desk->keyboard->setup;
    add_digits(desk);
    (void)add_letter_row(desk, "qwertyuiop");
    (void)add_letter_row(desk, "asdfghjkl");
    add_last_row(desk, "zxcvbnm");
    if (!setup->has_dash && !setup->has_space) {
        return;
    }
    struct node *row = add_letter_row(desk, setup->has_dash ? "-" : "");
    if (setup->has_space) {
        add_space(desk, row);
    }
}

static void build_email(const struct desk *desk)
{
    add_digits(desk);
    (void)add_letter_row(desk, "qwertyuiop");
    (void)add_letter_row(desk, "asdfghjkl");
    add_last_row(desk, "zxcvbnm");
    struct desk wide = *desk;
    wide.letter_mm = DRAWN(130);
    struct node *row = add_letter_row(&wide, "@.-_+");
    static const char *const ends[][2] = {{"dot_nl", ".nl"}, {"dot_com", ".com"}};
    for (size_t i = 0; i < 2; i++) {
        struct node *key = add_key(&wide, row, ends[i][0], ends[i][1]);
        key->box.width_mm = DRAWN(130);
    }
}

// Digits of the keypad, as on a telephone.
static struct node *add_number(const struct desk *desk, struct node *grid, char digit)
{
    struct desk wide = *desk;
    wide.letter_mm = 0;
    struct node *key = add_letter(&wide, grid, (unsigned char)digit);
    key->type = TYPE_KEY;
    key->cap_mm = 0;
    key->box.height_mm = 0;
    key->box.min_height_mm = desk->key_mm;
    return key;
}

static void add_nothing(const struct desk *desk, struct node *grid)
{
    (void)tree_add(desk->maker.tree, grid, NULL, ROLE_GROUP, NULL);
}

static void add_next(const struct desk *desk, struct node *grid)
{
    if (desk->words->next == NULL) {
        add_nothing(desk, grid);
        return;
    }
    struct node *next = add_key(desk, grid, "next", desk->words->next);
    next->style = STYLE_BUTTON_FILLED;
    next->type = TYPE_BUTTON;
    next->cap_mm = 0;
    next->key = KEY_ENTER;
    next->box.pad = (struct edges){0};
    tree_set_icon(desk->maker.tree, next, "icon-next", DRAWN(60));
    next->icon_is_last = true;
}

// The signs of the number besides its digits.
static size_t number_signs(const struct keyboard_setup *setup, char signs[4])
{
    size_t count = 0;
    const char wanted[] = {setup->has_minus ? '-' : '\0', setup->has_plus ? '+' : '\0',
                           setup->point};
    for (size_t i = 0; i < sizeof wanted; i++) {
        if (wanted[i] != '\0') {
            signs[count] = wanted[i];
            count += 1;
        }
    }
    return count;
}

static void add_wide_erase(const struct desk *desk, struct node *grid)
{
    struct node *erase = add_erase(desk, grid);
    erase->cap_mm = 0;
    erase->box.pad = (struct edges){0};
}

// Three columns; a fourth for erase, the signs and going on when there is more than one of them.
static void build_numbers(const struct desk *desk)
{
    char signs[4];
    size_t signs_count = number_signs(&desk->keyboard->setup, signs);
    bool is_wide = signs_count > 1 || (signs_count == 1 && desk->words->next != NULL);
    float gap_mm = desk->maker.look->is_low ? DRAWN(14) : DRAWN(16);
    struct node *grid = widget_grid(desk->maker, desk->column, is_wide ? 4 : 3, gap_mm);
    grid->box.is_left_to_right = true;
    for (int number = 1; number <= 9; number++) {
        char digit = (char)('0' + number);
        (void)add_number(desk, grid, digit);
        size_t row = (size_t)(digit - '1') / 3;
        if (!is_wide || (digit - '0') % 3 != 0) {
            continue;
        }
        if (row == 0) {
            add_wide_erase(desk, grid);
        } else if (row <= signs_count) {
            (void)add_number(desk, grid, signs[row - 1]);
        } else {
            add_nothing(desk, grid);
        }
    }
    if (is_wide) {
        add_nothing(desk, grid);
        (void)add_number(desk, grid, '0');
        add_nothing(desk, grid);
        add_next(desk, grid);
        return;
    }
    add_wide_erase(desk, grid);
    (void)add_number(desk, grid, '0');
    if (signs_count == 1) {
        (void)add_number(desk, grid, signs[0]);
    } else {
        add_next(desk, grid);
    }
}

static bool is_inside(const char *text, size_t pos)
{
    return ((unsigned char)text[pos] & 0xc0) == 0x80;
}

// Where the shown part begins: in steps, so that the lines do not jump at every letter.
static size_t shown_from(const struct edit_private *edit)
{
    size_t caret = edit->caret;
    size_t from = 0;
    if (edit->len > SHOWN_WHOLE_BYTES && caret > SHOWN_STEP_BYTES) {
        from = (caret - SHOWN_STEP_BYTES / 2) / SHOWN_STEP_BYTES * SHOWN_STEP_BYTES;
    }
    while (from > 0 && from < edit->len && is_inside(edit->text, from)) {
        from += 1;
    }
    size_t ends = 0;
    for (size_t i = caret; i > from && ends <= SHOWN_ENDS; i--) {
        ends += edit->text[i - 1] == '\n' ? 1 : 0;
        if (ends > SHOWN_ENDS) {
            from = i;
        }
    }
    return from;
}

static const char *shown_part(struct maker maker, const struct edit_private *edit, size_t *behind)
{
    size_t from = shown_from(edit);
    size_t to = edit->len;
    if (to - edit->caret > SHOWN_BEHIND_BYTES && edit->len > SHOWN_WHOLE_BYTES) {
        to = edit->caret + SHOWN_BEHIND_BYTES;
        while (is_inside(edit->text, to)) {
            to -= 1;
        }
    }
    char part[EDIT_BYTES + 8];
    struct text text;
    text_init(&text, part, sizeof part);
    text_add(&text, from > 0 ? "…" : "");
    text_add_bytes(&text, edit->text + from, to - from);
    text_add(&text, to < edit->len ? "…" : "");
    *behind = to - edit->caret + (to < edit->len ? strlen("…") : 0);
    const char *shown = tree_words(maker.tree, part);
    wipe(part, sizeof part);
    return shown;
}
