// SPDX-License-Identifier: EUPL-1.2
//
// The focus goes the shorter way round, as a person's would.
#include "tests/fakes/keypad.h"

#include "base/text.h"

#include <stdio.h>

static size_t position_of(const struct window *window, const int16_t *order, size_t count,
                          const char *id);
static void name_key(char character, char *id, size_t id_bytes);

bool keypad_press(struct window *window, const char *id, int64_t *now_ms)
{
    int16_t order[WINDOW_FOCUSABLES_MAX];
    size_t count = tree_focus_order(&window->tree, order, WINDOW_FOCUSABLES_MAX);
    size_t wanted = position_of(window, order, count, id);
    size_t at = position_of(window, order, count, window->focus_id);
    size_t ahead = at == count ? 0 : (wanted + count - at) % count;
    enum window_move move = ahead <= count / 2 ? WINDOW_NEXT : WINDOW_PREVIOUS;
    for (size_t i = 0; i < count && !text_equal(window->focus_id, id); i++) {
        window_move_focus(window, move, *now_ms);
    }
    if (!text_equal(window->focus_id, id)) {
        return false;
    }
    *now_ms += 1000;
    window_press_key(window, KEY_ENTER, *now_ms);
    (void)window_refresh(window);
    return true;
}

bool keypad_has(struct window *window, const char *id)
{
    return tree_find(&window->tree, id) != NULL;
}

bool keypad_type(struct window *window, const char *words, int64_t *now_ms)
{
    for (const char *at = words; *at != '\0'; at++) {
        char id[TREE_ID_BYTES];
        name_key(*at, id, sizeof id);
        bool is_blank = *at == ' ' || *at == '-';
        if (is_blank && !keypad_has(window, id)) {
            continue;
        }
        if (!keypad_press(window, id, now_ms)) {
            return false;
        }
    }
    return true;
}

static size_t position_of(const struct window *window, const int16_t *order, size_t count,
                          const char *id)
{
    size_t position = 0;
    while (position < count && !text_equal(window->tree.nodes[order[position]].id, id)) {
        position += 1;
    }
    return position;
}

static void name_key(char character, char *id, size_t id_bytes)
{
    static const struct {
        char character;
        const char *name;
    } others[] = {{' ', "space"}, {'.', "dot"},  {',', "comma"},
                  {'@', "at"},    {'-', "dash"}, {'+', "plus"}};
    char small = character >= 'A' && character <= 'Z' ? (char)(character - 'A' + 'a') : character;
    (void)snprintf(id, id_bytes, "key.%c", small); // always fits
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (others[i].character == character) {
            (void)snprintf(id, id_bytes, "key.%s", others[i].name); // as above
        }
    }
}
