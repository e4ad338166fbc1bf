// SPDX-License-Identifier: EUPL-1.2
//
// Pages of a list of choices.
#include "apps/kiosk/list.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

// Drawn px, as the design gives them.
enum {
    ROW_PX = 165,    // the lowest card, and the gap behind it
    MORE_PX = 151,   // the button to the next page likewise
    ROOM_PX = 1216,  // between field and bar
    LARGE_PX = 1000, // there the field is higher, and so are the lines
    LOW_PX = 660,    // below the illustration
    LARGE_LOW_PX = 600,
};

static int room_px(const struct look *look);
static int row_px(const struct look *look, const char *title);
static size_t letters(const char *words);

size_t list_page(const struct kiosk *kiosk, const struct list *list, size_t first)
{
    const struct look *look = kiosk->look;
    int room = room_px(look) - (list->has_head ? ROW_PX : 0);
    int all = 0;
    for (size_t i = 0; i < list->count; i++) {
        all += row_px(look, list->title(kiosk, i));
    }
    room -= all > room ? MORE_PX : 0;
    size_t count = 0;
    while (first + count < list->count) {
        room -= row_px(look, list->title(kiosk, first + count));
        if (room < 0 && count > 0) {
            break;
        }
        count += 1;
    }
    return count;
}

size_t list_next(const struct kiosk *kiosk, const struct list *list, size_t first)
{
    size_t next = first + list_page(kiosk, list, first);
    return next < list->count ? next : 0;
}

struct node *list_card(struct frame *frame, const char *id, size_t index, struct widget_card card)
{
    char name[24];
    (void)snprintf(name, sizeof name, "%.15s.%02u", id, (unsigned)index % 1000); // always fits
    card.id = tree_words(frame->maker.tree, name);
    card.kind = WIDGET_CARD_ROW;
    return widget_card(frame->maker, frame->content, card);
}

void list_more(struct frame *frame, const struct list *list, size_t first, const char *left_key)
{
    size_t shown = list_page(frame->kiosk, list, first);
    size_t left = list->count - first - shown;
    if (first == 0 && left == 0) {
        return;
    }
    widget_button(frame->maker, frame->content,
                  (struct widget_button){.id = "more",
                                         .words = left > 0
                                                      ? frame_count(frame, left_key, left)
                                                      : frame_say(frame, "requests.first_page"),
                                         .icon = "icon-list",
                                         .style = STYLE_BUTTON_SERVICE,
                                         .height_mm = DRAWN(130)})
        ->type = TYPE_STUB;
}

const char *list_title(struct frame *frame, const char *words)
{
    char cut[LIST_TITLE_BYTES];
    char whole[LIST_TITLE_BYTES + 4];
    if (strlen(words) < sizeof cut) {
        return words;
    }
    text_copy_cut(cut, sizeof cut, words);
    (void)snprintf(whole, sizeof whole, "%s…", cut); // always fits
    return tree_words(frame->maker.tree, whole);
}

static int room_px(const struct look *look)
{
    return look->is_low ? (look->is_large ? LARGE_LOW_PX : LOW_PX)
                        : (look->is_large ? LARGE_PX : ROOM_PX);
}

// Words break where they like: so many letters in a line on average.
static int row_px(const struct look *look, const char *title)
{
    size_t count = letters(title);
    count = count > LIST_TITLE_BYTES ? LIST_TITLE_BYTES : count;
    int lines = (int)(look->is_large ? (count + 15) / 16 : (count + 21) / 22);
    int px = look->is_large ? 60 + 74 * lines : 96 + 56 * lines;
    return px < ROW_PX ? ROW_PX : px;
}

static size_t letters(const char *words)
{
    size_t count = 0;
    for (; *words != '\0'; words++) {
        count += ((unsigned char)*words & 0xc0) != 0x80 ? 1 : 0; // not inside a character
    }
    return count;
}
