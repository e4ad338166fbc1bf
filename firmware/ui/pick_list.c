// SPDX-License-Identifier: EUPL-1.2
//
// How many rows fit is reckoned from the labels' lengths before anything is laid out, rather too
// few than too many: build and event must come to the same page.
#include "ui/pick_list.h"

#include "base/bytes.h"
#include "base/err.h"
#include "base/text.h"
#include "ui/text.h"

#include <math.h>
#include <string.h>

enum { FOLDED_MAX = 512 };

#define GAP_MM DRAWN(14)
#define MORE_MM DRAWN(96)
#define LETTER_WIDTH 0.60F          // of the size, on average, rather more
#define ROW_PADS_MM DRAWN(132 + 96) // sign, gaps and the margins of the page

// A page of what was found.
struct page {
    size_t found[PICK_LIST_MAX]; // indexes in the choices
    size_t found_count;
    size_t from; // positions in `found`
    size_t to;
    size_t before; // where the page before begins
    bool is_whole; // everything fits: no search, no "more"
};

struct list {
    const struct pick_list_private *pick;
    const struct look *look;
    const struct pick_list_choices *choices;
    float room_mm;
};

static void find_page(const struct list *list, struct page *page);
static void add_rows(struct maker maker, struct node *column, const struct list *list,
                     const struct page *page);
static void add_ends(struct maker maker, struct node *column, const struct page *page,
                     const struct pick_list_words *words);
static void add_search(struct maker maker, struct node *column,
                       const struct pick_list_private *pick, const struct pick_list_words *words);
static enum keyboard_result press(struct pick_list_private *pick, const struct list *list,
                                  const char *id);
static enum keyboard_result toggle(struct pick_list_private *pick, size_t index);

void pick_list_init(struct pick_list_private *pick, bool takes_several, const char *language)
{
    *pick = (struct pick_list_private){.takes_several = takes_several};
    const struct edit_rules rules = {.kind = EDIT_FREE, .chars_max = 60};
    edit_init(&pick->search, rules);
    struct keyboard_setup setup = keyboard_setup_for(&rules, language);
    setup.begins_shifted = false;
    setup.begins_arabic = false; // the municipality's words are Dutch
    keyboard_init(&pick->keyboard, setup);
}

void pick_list_finish(struct pick_list_private *pick)
{
    wipe(pick, sizeof *pick);
}

void pick_list_choose(struct pick_list_private *pick, size_t index, bool is_chosen)
{
    CHECK(index < PICK_LIST_MAX);
    if (is_chosen && !pick->takes_several) {
        wipe(pick->chosen, sizeof pick->chosen);
    }
    uint8_t bit = (uint8_t)(1U << index % 8);
    pick->chosen[index / 8] =
        (uint8_t)(is_chosen ? pick->chosen[index / 8] | bit : pick->chosen[index / 8] & ~bit);
}

bool pick_list_is_chosen(const struct pick_list_private *pick, size_t index)
{
    return index < PICK_LIST_MAX && (pick->chosen[index / 8] >> index % 8 & 1) != 0;
}

size_t pick_list_chosen_count(const struct pick_list_private *pick)
{
    size_t count = 0;
    for (size_t i = 0; i < PICK_LIST_MAX; i++) {
        count += pick_list_is_chosen(pick, i) ? 1 : 0;
    }
    return count;
}

void pick_list_show_chosen(struct pick_list_private *pick, const struct look *look,
                           const struct pick_list_choices *choices, float room_mm)
{
    const struct list list = {pick, look, choices, room_mm};
    pick->first = 0;
    struct page page;
    for (find_page(&list, &page); page.to < page.found_count; find_page(&list, &page)) {
        for (size_t i = page.from; i < page.to; i++) {
            if (pick_list_is_chosen(pick, page.found[i])) {
                return;
            }
        }
        pick->first = page.to;
    }
}

struct node *pick_list_build(struct maker maker, struct node *parent,
                             const struct pick_list_private *pick,
                             const struct pick_list_choices *choices,
                             const struct pick_list_words *words, float room_mm)
{
    CHECK(choices->count <= PICK_LIST_MAX);
    const struct list list = {pick, maker.look, choices, room_mm};
    struct page page;
    find_page(&list, &page);
    struct node *column = tree_add(maker.tree, parent, NULL, ROLE_LIST, NULL);
    column->box.gap_mm = GAP_MM;
    if (!page.is_whole) {
        add_search(maker, column, pick, words);
    }
    if (page.found_count == 0) {
        struct node *none = widget_text(maker, column, "list.none", TYPE_BODY, words->none);
        none->states |= NODE_LIVE;
    }
    add_rows(maker, column, &list, &page);
    if (pick->is_searching) {
        // The first ones found; whoever types more letters needs no pages.
        (void)keyboard_build(maker, column, &pick->keyboard, &words->keyboard, 0);
    } else if (!page.is_whole) {
        add_ends(maker, column, &page, words);
    }
    return column;
}

enum keyboard_result pick_list_event(struct pick_list_private *pick, const struct look *look,
                                     const struct pick_list_choices *choices, float room_mm,
                                     const struct scene_event *event)
{
    const struct list list = {pick, look, choices, room_mm};
    size_t index = 0;
    if (scene_event_item(event, "choice", &index) && index < choices->count) {
        return toggle(pick, index);
    }
    enum keyboard_result result =
        event->kind == SCENE_ACTIVATED ? press(pick, &list, event->id) : KEYBOARD_NOT_OURS;
    struct page page;
    find_page(&list, &page);
    bool may_type = pick->is_searching || (event->kind == SCENE_TYPED && !page.is_whole);
    if (result != KEYBOARD_NOT_OURS || !may_type) {
        return result;
    }
    result = keyboard_event(&pick->keyboard, &pick->search, event);
    if (result == KEYBOARD_CHANGED) {
        pick->first = 0;
        pick->is_searching = true;
        return KEYBOARD_SHOWN; // the choice is what it was
    }
    if (result == KEYBOARD_NEXT) {
        pick->is_searching = false;
        return KEYBOARD_SHOWN;
    }
    return result;
}

// Small letters without accents, so that "ijsselstein" finds "IJsselstein" and "cafe" the "Café".
static size_t fold(const char *words, uint32_t folded[FOLDED_MAX])
{
    size_t len = strlen(words);
    size_t pos = 0;
    size_t count = 0;
    while (pos < len && count < FOLDED_MAX) {
        folded[count] = keyboard_base(utf8_next(words, len, &pos));
        count += 1;
    }
    return count;
}

static bool has_found(const char *label, const uint32_t *wanted, size_t wanted_count)
{
    uint32_t folded[FOLDED_MAX];
    size_t count = fold(label, folded);
    for (size_t from = 0; from + wanted_count <= count; from++) {
        if (memcmp(folded + from, wanted, wanted_count * sizeof wanted[0]) == 0) {
            return true;
        }
    }
    return false;
}

size_t pick_list_found(const struct pick_list_private *pick,
                       const struct pick_list_choices *choices, size_t found[PICK_LIST_MAX])
{
    uint32_t wanted[FOLDED_MAX];
    size_t count = 0;
    size_t wanted_count = fold(pick->search.text, wanted);
    while (wanted_count > 0 && wanted[wanted_count - 1] == ' ') {
        wanted_count -= 1;
    }
    for (size_t i = 0; i < choices->count; i++) {
        if (has_found(choices->label(choices->ctx, i), wanted, wanted_count)) {
            found[count++] = i;
        }
    }
    wipe(wanted, sizeof wanted);
    return count;
}

static float row_least_mm(const struct look *look)
{
    return look->is_low ? DRAWN(73) : DRAWN(104);
}

// How high the row of a label becomes at most.
static float row_mm(const struct list *list, size_t index)
{
    const char *label = list->choices->label(list->choices->ctx, index);
    struct text_setting setting = text_setting(list->look, TYPE_BODY_BOLD, 0);
    float room_px = (float)list->look->width_px - ROW_PADS_MM * list->look->px_per_mm;
    size_t len = strlen(label);
    size_t pos = 0;
    float chars = 0;
    while (pos < len) {
        (void)utf8_next(label, len, &pos);
        chars += 1;
    }
    float lines = ceilf(chars * (float)setting.size_px * LETTER_WIDTH / room_px);
    float words_mm = look_mm(list->look, lines * (float)setting.line_px) + DRAWN(20);
    return fmaxf(words_mm, row_least_mm(list->look));
}

// What a question page of this look has left above a row of buttons.
static float usual_room_mm(const struct look *look)
{
    if (look->is_low) {
        return look->is_large ? DRAWN(540) : DRAWN(600);
    }
    float room_mm = look->is_large ? DRAWN(700) : DRAWN(800);
    return room_mm + (look->height_mm - DRAWN(1920));
}

// Without its hint and its own buttons, while somebody searches.
static float search_room_mm(const struct look *look)
{
    return usual_room_mm(look) + (look->is_low ? DRAWN(120) : DRAWN(200));
}

static float search_gap_mm(const struct look *look)
{
    return look->is_low ? DRAWN(22) : DRAWN(24); // room for the ring of the field
}

// What search box, "more" and keyboard leave for rows.
static float rows_room_mm(const struct list *list, bool has_search)
{
    const struct look *look = list->look;
    bool is_searching = list->pick->is_searching;
    float usual_mm = is_searching ? search_room_mm(look) : usual_room_mm(look);
    float room_mm = list->room_mm > 0 ? list->room_mm : usual_mm;
    if (!has_search) {
        return room_mm;
    }
    room_mm -= search_gap_mm(look) + (look->is_low ? DRAWN(112) : DRAWN(132));
    if (!is_searching) {
        return room_mm - MORE_MM - GAP_MM;
    }
    float keys_mm = look->is_low ? 5 * DRAWN(73) + 4 * DRAWN(11) : 5 * DRAWN(104) + 4 * DRAWN(12);
    return room_mm - keys_mm - GAP_MM - (look->is_low ? 0 : DRAWN(8));
}

// The position after the last row that fits from `from` on; one row always does.
static size_t page_end(const struct list *list, const struct page *page, size_t from, float room_mm)
{
    size_t to = from;
    float used_mm = 0;
    while (to < page->found_count) {
        used_mm += row_mm(list, page->found[to]) + GAP_MM;
        if (used_mm > room_mm + GAP_MM && to > from) {
            break;
        }
        to += 1;
    }
    return to;
}

static void find_page(const struct list *list, struct page *page)
{
    *page = (struct page){0};
    page->found_count = pick_list_found(list->pick, list->choices, page->found);
    bool has_search = list->pick->search.len > 0 || list->pick->is_searching;
    page->is_whole =
        !has_search && page_end(list, page, 0, rows_room_mm(list, false)) == page->found_count;
    if (page->is_whole) {
        page->to = page->found_count;
        return;
    }
    float room_mm = rows_room_mm(list, true);
    for (size_t from = 0; from < page->found_count; from = page->to) {
        page->before = page->from;
        page->from = from;
        page->to = page_end(list, page, from, room_mm);
        if (list->pick->first < page->to) {
            return;
        }
    }
}

static void add_rows(struct maker maker, struct node *column, const struct list *list,
                     const struct page *page)
{
    for (size_t i = page->from; i < page->to; i++) {
        char id[TREE_ID_BYTES];
        struct text text;
        text_init(&text, id, sizeof id);
        text_format(&text, "choice.%zu", page->found[i]);
        const char *label = list->choices->label(list->choices->ctx, page->found[i]);
        (void)widget_choice(
            maker, column,
            (struct widget_choice){.id = id,
                                   .words = widget_foreign(maker, label),
                                   .is_several = list->pick->takes_several,
                                   .is_chosen = pick_list_is_chosen(list->pick, page->found[i]),
                                   .height_mm = row_least_mm(maker.look)});
    }
}

static void add_end(struct maker maker, struct node *row, const char *id, const char *icon,
                    const char *words)
{
    bool is_back = text_equal(icon, "icon-back");
    struct node *end = widget_button(maker, row,
                                     (struct widget_button){.id = id,
                                                            .words = words,
                                                            .icon = is_back ? icon : NULL,
                                                            .arrow = is_back ? NULL : icon,
                                                            .style = STYLE_BUTTON_SERVICE,
                                                            .height_mm = MORE_MM});
    end->cap_mm = DRAWN_CAP(40); // one size in every mode
}

// Back, where we are, on.
static void add_ends(struct maker maker, struct node *column, const struct page *page,
                     const struct pick_list_words *words)
{
    struct node *row = widget_grid(maker, column, 3, DRAWN(15));
    if (page->from > 0) {
        add_end(maker, row, "list.before", "icon-back", words->before);
    } else {
        (void)widget_space(maker, row, MORE_MM); // a slot without meaning stays empty
    }
    char place[48];
    struct text text;
    text_init(&text, place, sizeof place);
    text_format(&text, "%zu–%zu / %zu", page->found_count == 0 ? 0 : page->from + 1, page->to,
                page->found_count);
    struct node *middle = widget_column(maker, row, 0);
    middle->box.along = ALIGN_CENTER;
    struct node *where =
        widget_text(maker, middle, "list.place", TYPE_BODY, widget_foreign(maker, place));
    where->cap_mm = DRAWN_CAP(40);
    where->text_align = ALIGN_CENTER;
    if (page->to < page->found_count) {
        add_end(maker, row, "list.more", "icon-next", words->more);
    } else {
        (void)widget_space(maker, row, MORE_MM);
    }
}

static void add_search(struct maker maker, struct node *column,
                       const struct pick_list_private *pick, const struct pick_list_words *words)
{
    struct node *row = widget_row(maker, column, DRAWN(20));
    row->box.pad.bottom_mm = search_gap_mm(maker.look) - GAP_MM;
    struct node *field =
        keyboard_field(maker, row,
                       (struct widget_input){
                           .id = "list.search", .is_active = pick->is_searching, .is_long = true},
                       &pick->search);
    tree_set_name(maker.tree, field, words->search);
    struct node *button = widget_button(
        maker, row,
        (struct widget_button){.id = pick->is_searching ? "list.done" : "list.open",
                               .words = pick->is_searching ? words->done : words->search,
                               .icon = pick->is_searching ? "icon-check" : "icon-search",
                               .style = STYLE_BUTTON_SERVICE});
    button->cap_mm = DRAWN_CAP(40);
}

static enum keyboard_result toggle(struct pick_list_private *pick, size_t index)
{
    bool is_chosen = pick_list_is_chosen(pick, index);
    if (is_chosen && !pick->takes_several) {
        return KEYBOARD_SHOWN; // pressing it again does not take the answer away
    }
    pick_list_choose(pick, index, !is_chosen);
    return KEYBOARD_CHANGED;
}

static enum keyboard_result press(struct pick_list_private *pick, const struct list *list,
                                  const char *id)
{
    if (text_equal(id, "list.search") || text_equal(id, "list.open")) {
        pick->is_searching = true;
        return KEYBOARD_SHOWN;
    }
    if (text_equal(id, "list.done")) {
        pick->is_searching = false;
        return KEYBOARD_SHOWN;
    }
    bool is_more = text_equal(id, "list.more");
    if (!is_more && !text_equal(id, "list.before")) {
        return KEYBOARD_NOT_OURS;
    }
    struct page page;
    find_page(list, &page);
    pick->first = is_more ? page.to : page.before;
    return KEYBOARD_SHOWN;
}
