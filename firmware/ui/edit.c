// SPDX-License-Identifier: EUPL-1.2
//
// The caret always stands between two characters and never before a mark that belongs to the
// letter in front of it. Every byte that is no longer text is zero.
#include "ui/edit.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

static uint32_t taken_as(const struct edit_private *edit, uint32_t character);
static bool put(struct edit_private *edit, const char *bytes, size_t len);
static size_t before(const struct edit_private *edit, size_t pos);
static size_t after(const struct edit_private *edit, size_t pos);

void edit_init(struct edit_private *edit, struct edit_rules rules)
{
    *edit = (struct edit_private){.rules = rules};
    if (edit->rules.point == '\0') {
        edit->rules.point = ',';
    }
}

void edit_finish(struct edit_private *edit)
{
    wipe(edit, sizeof *edit);
}

enum err edit_set(struct edit_private *edit, const char *words)
{
    size_t len = strlen(words);
    if (len >= EDIT_BYTES) {
        return ERR_TOO_BIG;
    }
    char plain[EDIT_BYTES];
    memcpy(plain, words, len + 1);
    for (size_t i = 0; i < len && edit->rules.kind == EDIT_LINES; i++) {
        plain[i] = plain[i] == '\n' ? ' ' : plain[i];
    }
    bool is_shown = text_is_printable(plain);
    wipe(plain, sizeof plain);
    if (!is_shown) {
        return ERR_MALFORMED;
    }
    edit_clear(edit);
    memcpy(edit->text, words, len);
    edit->len = len;
    edit->caret = len;
    return OK;
}

bool edit_insert(struct edit_private *edit, uint32_t character)
{
    char bytes[UTF8_BYTES];
    size_t len = utf8_put(taken_as(edit, character), bytes);
    bool is_line_end = character == '\n' && edit->rules.kind == EDIT_LINES;
    bool is_put = len > 0 && (is_line_end || text_is_printable(bytes)) && put(edit, bytes, len);
    wipe(bytes, sizeof bytes);
    return is_put;
}

bool edit_insert_words(struct edit_private *edit, const char *words)
{
    struct edit_private kept = *edit;
    size_t len = strlen(words);
    size_t pos = 0;
    bool is_put = true;
    while (pos < len && is_put) {
        is_put = edit_insert(edit, utf8_next(words, len, &pos));
    }
    if (!is_put) {
        *edit = kept;
    }
    edit_finish(&kept);
    return is_put;
}

bool edit_erase(struct edit_private *edit)
{
    size_t from = before(edit, edit->caret);
    if (from == edit->caret) {
        return false;
    }
    size_t gone = edit->caret - from;
    memmove(edit->text + from, edit->text + edit->caret, edit->len - edit->caret);
    edit->len -= gone;
    wipe(edit->text + edit->len, gone);
    edit->caret = from;
    return true;
}

void edit_clear(struct edit_private *edit)
{
    wipe(edit->text, sizeof edit->text);
    edit->len = 0;
    edit->caret = 0;
}

bool edit_move_back(struct edit_private *edit)
{
    size_t from = edit->caret;
    edit->caret = before(edit, from);
    return edit->caret != from;
}

bool edit_move_forth(struct edit_private *edit)
{
    size_t from = edit->caret;
    edit->caret = after(edit, from);
    return edit->caret != from;
}

void edit_move_to_end(struct edit_private *edit)
{
    edit->caret = edit->len;
}

size_t edit_chars(const struct edit_private *edit)
{
    size_t pos = 0;
    size_t chars = 0;
    while (pos < edit->len) {
        (void)utf8_next(edit->text, edit->len, &pos);
        chars += 1;
    }
    return chars;
}

size_t edit_behind(const struct edit_private *edit)
{
    return edit->len - edit->caret;
}

bool edit_is_empty(const struct edit_private *edit)
{
    return strspn(edit->text, " \n") == edit->len;
}

static bool is_digit(uint32_t character)
{
    return character >= '0' && character <= '9';
}

static bool is_capital(uint32_t character)
{
    return character >= 'A' && character <= 'Z';
}

// The digits of Arabic and Persian keyboards are digits too.
static uint32_t plain_digit(uint32_t character)
{
    if (character >= 0x0660 && character <= 0x0669) {
        return '0' + (character - 0x0660);
    }
    return character >= 0x06f0 && character <= 0x06f9 ? '0' + (character - 0x06f0) : character;
}

static uint32_t if_true(bool is_taken, uint32_t character)
{
    return is_taken ? character : 0;
}

// What the number would be afterwards: a minus, digits, a point, at most so many decimals.
static bool is_number_with(const struct edit_private *edit, uint32_t character)
{
    const struct edit_rules *rules = &edit->rules;
    unsigned points = 0;
    unsigned decimals = 0;
    for (size_t i = 0; i <= edit->len; i++) {
        size_t at = i < edit->caret ? i : i - 1;
        uint32_t read = i == edit->caret ? character : (unsigned char)edit->text[at];
        bool is_point = read == (uint32_t)rules->point;
        bool is_minus = read == '-' && rules->has_minus && i == 0;
        if (!is_point && !is_minus && !is_digit(read)) {
            return false;
        }
        decimals += points > 0 && !is_point ? 1 : 0;
        points += is_point ? 1 : 0;
    }
    return points <= (rules->decimals_max > 0 ? 1 : 0) && decimals <= rules->decimals_max;
}

static uint32_t taken_by_code(const struct edit_private *edit, uint32_t character)
{
    bool is_small = character >= 'a' && character <= 'z';
    uint32_t capital = is_small ? character - 'a' + 'A' : character;
    bool is_plate = edit->rules.kind == EDIT_PLATE;
    bool parts = capital == (is_plate ? '-' : ' ') && edit->caret > 0;
    return if_true(is_capital(capital) || is_digit(capital) || parts, capital);
}

static bool is_of_phone(const struct edit_private *edit, uint32_t character)
{
    bool is_sign = character > 0 && character < 0x80 && strchr("-() ", (int)character) != NULL;
    return is_digit(character) || is_sign || (character == '+' && edit->caret == 0);
}

// RFC 5321 without quoted parts: nobody has those, and they look like mistakes.
static bool is_of_email(const struct edit_private *edit, uint32_t character)
{
    if (character <= 0x20 || character >= 0x7f || strchr("\"(),:;<>[\\]", (int)character) != NULL) {
        return false;
    }
    return character != '@' || strchr(edit->text, '@') == NULL;
}

// The character that is typed for this one; 0: none.
static uint32_t taken_as(const struct edit_private *edit, uint32_t character)
{
    uint32_t plain = plain_digit(character);
    switch (edit->rules.kind) {
    case EDIT_FREE:
        return if_true(character != '\n', character);
    case EDIT_LINES:
        return character;
    case EDIT_DIGITS:
        return if_true(is_digit(plain), plain);
    case EDIT_NUMBER:
        plain = plain == ',' || plain == '.' ? (uint32_t)edit->rules.point : plain;
        return if_true(is_number_with(edit, plain), plain);
    case EDIT_PHONE:
        return if_true(is_of_phone(edit, plain), plain);
    case EDIT_CODE:
    case EDIT_PLATE:
        return taken_by_code(edit, plain);
    case EDIT_EMAIL:
        return if_true(is_of_email(edit, plain), plain);
    }
    CHECK(false);
    return 0;
}

static bool put(struct edit_private *edit, const char *bytes, size_t len)
{
    size_t chars_max = edit->rules.chars_max;
    if (len >= EDIT_BYTES - edit->len || (chars_max > 0 && edit_chars(edit) >= chars_max)) {
        return false;
    }
    char *at = edit->text + edit->caret;
    memmove(at + len, at, edit->len - edit->caret);
    memcpy(at, bytes, len);
    edit->len += len;
    edit->caret += len;
    return true;
}

// Marks stand on the letter before them: accents, and the vowel signs of Arabic.
static bool is_mark(uint32_t character)
{
    return (character >= 0x0300 && character <= 0x036f) ||
           (character >= 0x064b && character <= 0x065f) || character == 0x0670;
}

static uint32_t character_at(const struct edit_private *edit, size_t pos)
{
    return utf8_next(edit->text, edit->len, &pos);
}

static size_t before(const struct edit_private *edit, size_t pos)
{
    while (pos > 0) {
        pos -= 1;
        bool is_inside = ((unsigned char)edit->text[pos] & 0xc0) == 0x80;
        if (!is_inside && !is_mark(character_at(edit, pos))) {
            break;
        }
    }
    return pos;
}

static size_t after(const struct edit_private *edit, size_t pos)
{
    if (pos < edit->len) {
        (void)utf8_next(edit->text, edit->len, &pos);
    }
    while (pos < edit->len && is_mark(character_at(edit, pos))) {
        (void)utf8_next(edit->text, edit->len, &pos);
    }
    return pos;
}
