// SPDX-License-Identifier: EUPL-1.2
//
// Everything a hand needs to answer a question, each on a page as a question has it, in every
// language and mode: keyboards, several lines, dates, lists, a signature. And the way there by
// touch, by holding and by keypad.
#include "tests/fakes/stage.h"
#include "ui/keyboard.h"
#include "ui/pick_date.h"
#include "ui/pick_list.h"
#include "ui/sign.h"
#include "ui/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

enum part { PART_KEYS, PART_DATE, PART_LIST, PART_SIGN };

// One question and everything it may be answered with.
struct page {
    enum part part;
    struct edit_private edit;
    struct keyboard keyboard;
    enum privacy privacy;
    bool is_plate;
    bool is_long;
    unsigned lines;
    struct pick_date_private date;
    struct pick_list_private list;
    size_t choices_count;
    struct sign_private sign;
    enum keyboard_result result;
};

// What stands on keys and buttons, in the three languages of the stage.
struct said {
    struct keyboard_words keys;
    struct pick_date_words date;
    struct pick_list_words list;
    struct sign_words sign;
    const char *question;
    const char *hint;
    const char *step;
    const char *next;
    const char *desk;
    const char *bar[7];
};

static const struct said dutch = {
    .keys = {"Wis", "Spatie", "Hoofdletter", "Hoofdletters vast", "Leestekens", "Letters",
             "Letter met teken", "Andere letters", "Sluit", "Nieuwe regel", "Naar links",
             "Naar rechts", NULL},
    .date = {.labels = {"Dag", "Maand", "Jaar", "Uur", "Minuut"},
             .months = {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
                        "september", "oktober", "november", "december"},
             .erase = "Wis",
             .privacy = PRIVACY_PRIVATE},
    .list = {.search = "Zoek",
             .done = "Klaar",
             .more = "Meer",
             .before = "Terug",
             .none = "Niets gevonden. Typ andere letters."},
    .sign = {.pad = "Zet hier uw handtekening",
             .empty = "Nog leeg",
             .done = "Er staat een handtekening",
             .erase = "Wis"},
    .question = "Wat is het antwoord op deze vraag?",
    .hint = "U vindt het in uw brief.",
    .step = "Stap 2 van 4",
    .next = "Verder",
    .desk = "Vraag de balie",
    .bar = {"Terug", "Nederlands", "Stoppen", "Groter", "Contrast", "Lager", "Hulp"},
};

static const struct said english = {
    .keys = {"Clear", "Space", "Capital letter", "Capitals on", "Signs", "Letters",
             "Letter with accent", "Other letters", "Close", "New line", "To the left",
             "To the right", NULL},
    .date = {.labels = {"Day", "Month", "Year", "Hour", "Minute"},
             .months = {"January", "February", "March", "April", "May", "June", "July", "August",
                        "September", "October", "November", "December"},
             .erase = "Clear",
             .privacy = PRIVACY_PRIVATE},
    .list = {.search = "Search",
             .done = "Done",
             .more = "More",
             .before = "Back",
             .none = "Nothing found. Type other letters."},
    .sign = {.pad = "Put your signature here",
             .empty = "Still empty",
             .done = "There is a signature",
             .erase = "Clear"},
    .question = "What is the answer to this question?",
    .hint = "You find it in your letter.",
    .step = "Step 2 of 4",
    .next = "Continue",
    .desk = "Ask the counter",
    .bar = {"Back", "English", "Stop", "Larger", "Contrast", "Lower", "Help"},
};

static const struct said arabic = {
    .keys = {"مسح", "مسافة", "حرف كبير", "حروف كبيرة", "علامات", "حروف", "حرف بعلامة", "حروف أخرى",
             "إغلاق", "سطر جديد", "إلى اليسار", "إلى اليمين", NULL},
    .date = {.labels = {"اليوم", "الشهر", "السنة", "الساعة", "الدقيقة"},
             .months = {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس",
                        "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
             .erase = "مسح",
             .privacy = PRIVACY_PRIVATE},
    .list = {.search = "بحث",
             .done = "تم",
             .more = "المزيد",
             .before = "رجوع",
             .none = "لم نجد شيئًا. اكتب حروفًا أخرى."},
    .sign = {.pad = "وقّع هنا", .empty = "فارغ", .done = "يوجد توقيع", .erase = "مسح"},
    .question = "ما هو جواب هذا السؤال؟",
    .hint = "تجده في رسالتك.",
    .step = "الخطوة 2 من 4",
    .next = "متابعة",
    .desk = "اسأل الموظف",
    .bar = {"رجوع", "العربية", "إنهاء", "أكبر", "التباين", "أسفل", "مساعدة"},
};

static struct stage stage;
static struct page page;

static const struct said *said_in(const struct look *look)
{
    bool is_english = text_equal(look->language, "en");
    return text_equal(look->language, "ar") ? &arabic : is_english ? &english : &dutch;
}

// Streets of a town that does not exist; one label is longer than a line.
static const char *label(const void *ctx, size_t index)
{
    (void)ctx;
    static const char *const names[] = {
        "Één straat",
        "IJsvogellaan",
        "Café aan het plein",
        "Burgemeester van der Voorbeeldstraat met een heel lange naam tot aan de haven",
        "Molenweg",
        "Kerkplein",
        "Zuidsingel",
    };
    static char name[160];
    const char *stem = names[index % (sizeof names / sizeof names[0])];
    (void)snprintf(name, sizeof name, "%s %zu", stem, index + 1); // cut is fine: a made-up name
    return name;
}

static struct pick_list_choices choices(const struct page *shown)
{
    return (struct pick_list_choices){.count = shown->choices_count, .label = label};
}

static void build_bar(struct maker maker, struct node *screen, const char *const *say)
{
    struct node *bar = tree_add(maker.tree, screen, "bar", ROLE_GROUP, NULL);
    bar->style = STYLE_BAR;
    bar->box.gap_mm = DRAWN(16);
    bar->box.pad = (struct edges){DRAWN(48), DRAWN(22), DRAWN(48), DRAWN(24)};
    struct node *first = widget_grid(maker, bar, 3, DRAWN(15));
    (void)widget_service_wide(maker, first, "bar.back", "icon-back", say[0]);
    (void)widget_service_wide(maker, first, "bar.language", "icon-globe", say[1]);
    (void)widget_service_wide(maker, first, "bar.stop", "icon-stop", say[2]);
    struct node *second = widget_grid(maker, bar, 4, DRAWN(12));
    (void)widget_service(maker, second, "bar.larger", "icon-larger", say[3]);
    (void)widget_service(maker, second, "bar.contrast", "icon-contrast", say[4]);
    (void)widget_service(maker, second, "bar.lower", "icon-lower", say[5]);
    (void)widget_service(maker, second, "bar.help", "icon-help", say[6]);
}

static void build_keys(struct maker maker, struct node *content, const struct page *shown,
                       const struct said *said)
{
    struct node *field = keyboard_field(maker, content,
                                        (struct widget_input){.id = "answer",
                                                              .is_active = true,
                                                              .is_plate = shown->is_plate,
                                                              .is_long = shown->is_long,
                                                              .lines = shown->lines,
                                                              .privacy = shown->privacy},
                                        &shown->edit);
    tree_set_name(maker.tree, field, said->question);
    (void)keyboard_build(maker, content, &shown->keyboard, &said->keys, 0);
}

static void build_part(struct maker maker, struct node *content, const struct page *shown,
                       const struct said *said)
{
    struct pick_list_words words = said->list;
    words.keyboard = said->keys;
    struct pick_list_choices all = choices(shown);
    switch (shown->part) {
    case PART_KEYS:
        build_keys(maker, content, shown, said);
        return;
    case PART_DATE:
        (void)pick_date_build(maker, content, &shown->date, &said->date);
        return;
    case PART_LIST:
        (void)pick_list_build(maker, content, &shown->list, &all, &words, 0);
        return;
    case PART_SIGN:
        (void)sign_build(maker, content, &shown->sign, &said->sign);
        return;
    }
}

static void build_buttons(struct maker maker, struct node *content, const struct said *said)
{
    struct node *row = widget_grid(maker, content, 2, DRAWN(20));
    bool is_low = maker.look->is_low;
    struct node *desk =
        widget_button(maker, row,
                      (struct widget_button){.id = "desk",
                                             .words = said->desk,
                                             .icon = maker.look->is_large ? NULL : "icon-desk",
                                             .style = STYLE_BUTTON_OUTLINED,
                                             .height_mm = is_low ? DRAWN(84) : 0});
    // In one line: the keys need the room.
    desk->cap_mm = is_low && maker.look->is_large ? DRAWN_CAP(48) : 0;
    (void)widget_button(maker, row,
                        (struct widget_button){.id = "next",
                                               .words = said->next,
                                               .arrow = "icon-next",
                                               .style = STYLE_BUTTON_FILLED,
                                               .height_mm = is_low ? DRAWN(84) : 0});
}

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct page *shown = model;
    const struct said *said = said_in(look);
    struct maker maker = {tree, look};
    struct node *screen = tree_add(tree, NULL, "screen", ROLE_SCREEN, said->question);
    screen->style = STYLE_PAGE;
    struct node *field =
        widget_field(maker, screen,
                     (struct widget_field){.town = "Gemeente Voorbeeldstad",
                                           .chip = widget_foreign(maker, "N. H."),
                                           .height_mm = look->is_low     ? DRAWN(858)
                                                        : look->is_large ? 0
                                                                         : DRAWN(330)});
    field->box.along = look->is_low ? ALIGN_END : ALIGN_START;
    (void)widget_steps(maker, field, said->step, 2, 4);
    (void)widget_heading(maker, field, "title", TYPE_QUESTION, said->question);
    struct node *content = widget_column(maker, screen, look->is_low ? DRAWN(20) : DRAWN(28));
    float air_mm = look->is_low ? DRAWN(20) : DRAWN(28);
    content->box.pad = (struct edges){DRAWN(48), air_mm, DRAWN(48), air_mm};
    content->box.grow = 1;
    bool is_searching = shown->part == PART_LIST && shown->list.is_searching;
    if (!look->is_low && !is_searching) {
        struct node *hint = widget_text(maker, content, "hint", TYPE_BODY, said->hint);
        hint->ink = COLOUR_MUTED;
    }
    build_part(maker, content, shown, said);
    if (!is_searching) {
        build_buttons(maker, content, said);
    }
    build_bar(maker, screen, said->bar);
}

static void take(void *model, struct scenes *scenes, const struct scene_event *event)
{
    struct page *shown = model;
    struct pick_list_choices all = choices(shown);
    switch (shown->part) {
    case PART_KEYS:
        shown->result = keyboard_event(&shown->keyboard, &shown->edit, event);
        return;
    case PART_DATE:
        shown->result = pick_date_event(&shown->date, event);
        return;
    case PART_LIST:
        shown->result = pick_list_event(&shown->list, scenes->look, &all, 0, event);
        return;
    case PART_SIGN:
        shown->result = sign_event(&shown->sign, event);
        return;
    }
}

static const struct scene question = {.id = "question", .build = build, .event = take};

static void ask(enum edit_kind kind, const char *language, const char *words)
{
    page.part = PART_KEYS;
    page.privacy = PRIVACY_PRIVATE;
    page.is_plate = kind == EDIT_PLATE;
    page.is_long = kind == EDIT_FREE || kind == EDIT_EMAIL;
    page.lines = kind == EDIT_LINES ? keyboard_lines(&stage.look) : 0;
    struct edit_rules rules = {.kind = kind};
    if (kind == EDIT_NUMBER) {
        rules = (struct edit_rules){.kind = kind, .has_minus = true, .decimals_max = 2};
    }
    edit_init(&page.edit, rules);
    keyboard_init(&page.keyboard, keyboard_setup_for(&rules, language));
    assert_int_equal(edit_set(&page.edit, words), OK);
}

// Letters of the Arabic screen where they belong.
static const char *in(const char *language, const char *latin, const char *arabic_words)
{
    return text_equal(language, "ar") ? arabic_words : latin;
}

static void set_name(const char *language)
{
    ask(EDIT_FREE, language, in(language, "Noor Haverkamp", "نور هافركامب"));
    page.keyboard.shift = KEYBOARD_SMALL;
}

static void set_variants(const char *language)
{
    ask(EDIT_FREE, language, in(language, "Zo", "ب"));
    page.keyboard.held = page.keyboard.is_arabic ? 0x0627 : 'e';
    page.keyboard.shift = KEYBOARD_SMALL;
}

static void set_lines(const char *language)
{
    ask(EDIT_LINES, language,
        in(language,
           "De lantaarn voor mijn huis is al drie weken stuk. ’s Avonds zie ik niets.\n"
           "Wilt u hem maken?",
           "المصباح أمام بيتي معطل منذ ثلاثة أسابيع.\nهل يمكنكم إصلاحه؟"));
    page.keyboard.shift = KEYBOARD_SHIFT_LOCK;
    for (int i = 0; i < 6; i++) {
        assert_true(edit_move_back(&page.edit));
    }
}

static void set_signs(const char *language)
{
    ask(EDIT_LINES, language, "");
    page.keyboard.has_signs = true;
    page.keyboard.shift = KEYBOARD_SMALL;
}

static void set_other_script(const char *language)
{
    ask(EDIT_FREE, language, "Molenweg 12 te Voorbeeldstad, naast de oude molen");
    page.keyboard.is_arabic = false;
    page.keyboard.is_choosing = true;
    page.keyboard.shift = KEYBOARD_SHIFT_ONCE;
}

static void set_email(const char *language)
{
    ask(EDIT_EMAIL, language, "noor.haverkamp@voorbeeld.nl");
}

static void set_plate(const char *language)
{
    ask(EDIT_PLATE, language, "GV-27-");
    page.privacy = PRIVACY_PUBLIC;
}

static void set_code(const char *language)
{
    ask(EDIT_CODE, language, "2511 BT");
}

static void set_masked(const char *language)
{
    ask(EDIT_DIGITS, language, "12345678");
    page.privacy = PRIVACY_MASKED;
    assert_true(edit_move_back(&page.edit));
}

static void set_money(const char *language)
{
    ask(EDIT_NUMBER, language, "-12,50");
}

static void set_phone(const char *language)
{
    ask(EDIT_PHONE, language, "+31 6 12");
}

static void set_date(enum pick_date_kind kind, enum pick_date_part part)
{
    page.part = PART_DATE;
    pick_date_init(&page.date, kind);
    pick_date_set(&page.date, (struct pick_date_value){{1984, 9, 17}, 9, 5});
    page.date.active = part;
}

static void set_day(const char *language)
{
    (void)language;
    set_date(PICK_DATE, PICK_DAY);
}

static void set_month(const char *language)
{
    (void)language;
    set_date(PICK_DATE, PICK_MONTH);
}

static void set_time(const char *language)
{
    (void)language;
    set_date(PICK_TIME, PICK_MINUTE);
}

static void set_list(const char *language, size_t count, bool takes_several)
{
    page.part = PART_LIST;
    page.choices_count = count;
    pick_list_init(&page.list, takes_several, language);
    pick_list_choose(&page.list, 1, true);
}

static void set_short_list(const char *language)
{
    set_list(language, 3, false);
}

static void set_long_list(const char *language)
{
    set_list(language, 40, true);
    pick_list_choose(&page.list, 7, true);
    page.list.first = 8;
}

static void set_search(const char *language)
{
    set_list(language, 1000, false);
    page.list.is_searching = true;
    assert_int_equal(edit_set(&page.list.search, "ijsv"), OK);
}

static void set_search_in_vain(const char *language)
{
    set_list(language, 1000, false);
    page.list.is_searching = true;
    assert_int_equal(edit_set(&page.list.search, "xyz"), OK);
}

static void stroke_at(enum scene_stroke part, float x_mm, float y_mm)
{
    const struct scene_event event = {.kind = SCENE_STROKE,
                                      .id = "sign.pad",
                                      .stroke = part,
                                      .x_mm = x_mm,
                                      .y_mm = y_mm,
                                      .height_mm = 100};
    page.result = sign_event(&page.sign, &event);
}

static void set_signature(const char *language)
{
    (void)language;
    page.part = PART_SIGN;
    sign_init(&page.sign);
    stroke_at(STROKE_BEGIN, 40, 70);
    for (int i = 0; i < 12; i++) {
        stroke_at(STROKE_MOVE, 50.0F + 8.0F * (float)i, i % 2 == 0 ? 25 : 68);
    }
    stroke_at(STROKE_END, 160, 60);
    stroke_at(STROKE_BEGIN, 60, 80);
    stroke_at(STROKE_END, 170, 78);
}

static const struct {
    const char *name;
    void (*set)(const char *language);
} gallery[] = {
    {"input-name", set_name},           {"input-variants", set_variants},
    {"input-lines", set_lines},         {"input-signs", set_signs},
    {"input-script", set_other_script}, {"input-email", set_email},
    {"input-plate", set_plate},         {"input-code", set_code},
    {"input-masked", set_masked},       {"input-money", set_money},
    {"input-phone", set_phone},         {"input-day", set_day},
    {"input-month", set_month},         {"input-time", set_time},
    {"input-few", set_short_list},      {"input-many", set_long_list},
    {"input-search", set_search},       {"input-vain", set_search_in_vain},
    {"input-signature", set_signature},
};
enum { GALLERY = sizeof gallery / sizeof gallery[0] };

static void every_input_fits_in_every_language_and_mode(void **state)
{
    (void)state;
    size_t findings = 0;
    for (size_t i = 0; i < GALLERY; i++) {
        for (size_t l = 0; l < STAGE_LANGUAGES_COUNT; l++) {
            for (int mode = 0; mode < STAGE_MODES_COUNT; mode++) {
                stage_set(&stage, stage_languages[l], (enum stage_mode)mode);
                gallery[i].set(stage_languages[l]);
                stage_lay(&stage, &question, &page, gallery[i].name);
                findings += stage_audit(&stage, gallery[i].name, &audit_kiosk);
            }
        }
    }
    assert_int_equal(findings, 0);
}

static bool is_golden(size_t i, const char *language, enum stage_mode mode, const char *name)
{
    stage_set(&stage, language, mode);
    gallery[i].set(language);
    stage_show(&stage, &question, &page);
    return stage_is_golden(&stage, name);
}

static void every_input_looks_as_it_was_approved(void **state)
{
    (void)state;
    bool is_same = true;
    for (size_t i = 0; i < GALLERY; i++) {
        is_same = is_golden(i, "nl", STAGE_NORMAL, gallery[i].name) && is_same;
    }
    is_same = is_golden(0, "ar", STAGE_NORMAL, "input-name-ar") && is_same;
    is_same = is_golden(0, "nl", STAGE_LARGE_CONTRAST, "input-name-large-contrast") && is_same;
    is_same = is_golden(2, "nl", STAGE_LOW, "input-lines-low") && is_same;
    assert_true(is_same);
}

static struct scenes scenes;
static struct window window;

// A page on a window without a screen: the same pipeline as on a device.
static void open_page(void (*set)(const char *language))
{
    stage_set(&stage, "nl", STAGE_NORMAL);
    set("nl");
    scenes_init(&scenes, &page, &stage.look);
    scenes_reset(&scenes, &question);
    const struct window_options options = {.surface_only = true, .icons_dir = "assets/icons"};
    assert_int_equal(window_open(&window, &stage.look, &scenes, &options, NULL), OK);
    window_step(&window, 0);
}

static void point(enum window_pointer kind, const char *id, int64_t now_ms)
{
    const struct area *area = &tree_find(&window.tree, id)->area;
    window_pointer(&window, kind, look_px(&stage.look, area->x_mm + area->width_mm / 2),
                   look_px(&stage.look, area->y_mm + area->height_mm / 2), now_ms);
}

static void a_letter_held_for_600_ms_shows_its_variants_and_types_nothing(void **state)
{
    (void)state;
    open_page(set_name);
    edit_clear(&page.edit);

    point(WINDOW_DOWN, "key.e", 1000);
    assert_int_equal(window_next_ms(&window), 1600);
    window_step(&window, 1599);
    assert_int_equal(page.keyboard.held, 0);
    window_step(&window, 1600);
    assert_int_equal(page.keyboard.held, 'e');
    assert_int_equal(window_next_ms(&window), SCENE_NEVER);
    point(WINDOW_UP, "key.e", 3000);

    assert_int_equal(page.edit.len, 0);
    assert_int_equal(window_tap(&window, "key.ueb", 4000), OK);
    assert_string_equal(page.edit.text, "ë");
    assert_null(tree_find(&window.tree, "key.ueb"));
    window_close(&window);
}

static void letting_go_or_sliding_off_before_is_no_hold(void **state)
{
    (void)state;
    open_page(set_name);
    edit_clear(&page.edit);

    point(WINDOW_DOWN, "key.e", 1000);
    point(WINDOW_UP, "key.e", 1500);
    window_step(&window, 2000);
    assert_int_equal(page.keyboard.held, 0);
    assert_string_equal(page.edit.text, "e");

    point(WINDOW_DOWN, "key.e", 3000);
    point(WINDOW_MOVE, "key.s", 3100);
    window_step(&window, 4000);
    point(WINDOW_UP, "key.s", 4100);
    assert_int_equal(page.keyboard.held, 0);
    assert_string_equal(page.edit.text, "e");
    window_close(&window);
}

static void the_same_key_may_be_pressed_again_at_once_but_holding_never_repeats(void **state)
{
    (void)state;
    open_page(set_name);
    edit_clear(&page.edit);

    assert_int_equal(window_tap(&window, "key.o", 1000), OK);
    assert_int_equal(window_tap(&window, "key.o", 1100), OK);
    assert_string_equal(page.edit.text, "oo");

    window_key_down(&window, false);
    window_type(&window, 'x', 2000);
    for (int i = 1; i <= 40; i++) {
        window_key_down(&window, true);
        window_type(&window, 'x', 2000 + i * 30);
    }
    window_key_down(&window, false);
    window_type(&window, 'y', 4000);
    assert_string_equal(page.edit.text, "ooxy");
    window_close(&window);
}

static void the_keypad_alone_types_and_the_caret_stays_in_the_field(void **state)
{
    (void)state;
    open_page(set_name);
    edit_clear(&page.edit);
    int64_t now_ms = 1000;
    static const char *const wanted[] = {"key.accents", "key.e", "key.ueb", "key.n"};
    for (size_t i = 0; i < 4; i++) {
        for (int step = 0; step < 100 && !text_equal(window.focus_id, wanted[i]); step++) {
            window_move_focus(&window, WINDOW_NEXT, now_ms += 1000);
        }
        assert_string_equal(window.focus_id, wanted[i]);
        window_press_key(&window, KEY_ENTER, now_ms += 1000);
    }
    assert_string_equal(page.edit.text, "ën");

    // Another layer: the focus goes on from the key that came in this one's place.
    while (!text_equal(window.focus_id, "key.signs")) {
        window_move_focus(&window, WINDOW_NEXT, now_ms += 1000);
    }
    window_press_key(&window, KEY_ENTER, now_ms += 1000);
    assert_true(text_starts_with(window.focus_id, "key."));
    const struct node *field = tree_find(&window.tree, "answer");
    assert_true((field->states & NODE_TYPING) != 0);
    assert_true((field->states & NODE_FOCUSED) == 0);
    window_close(&window);
}

static void what_is_masked_never_enters_the_tree(void **state)
{
    (void)state;
    open_page(set_masked);
    const struct node *field = tree_find(&window.tree, "answer");
    assert_string_equal(field->value, "••••••••");
    assert_int_equal(field->behind, strlen("•"));
    char *json = tree_export(&window.tree, &stage.look, true);
    assert_null(strstr(json, "12345678"));
    free(json);
    window_close(&window);
}

static void a_finger_signs_and_what_leaves_the_pad_stays_on_it(void **state)
{
    (void)state;
    static char url[SIGN_URL_BYTES];
    open_page(set_signature);
    sign_clear(&page.sign);
    (void)window_refresh(&window);
    const struct area pad = tree_find(&window.tree, "sign.pad")->area;
    int x_px = look_px(&stage.look, pad.x_mm) + 60;
    int y_px = look_px(&stage.look, pad.y_mm) + 60;
    struct fault fault = {0};
    assert_int_equal(sign_data_url(&page.sign, url, sizeof url, &fault), ERR_STATE);

    window_pointer(&window, WINDOW_DOWN, x_px, y_px, 1000);
    for (int i = 0; i < 30; i++) {
        window_pointer(&window, WINDOW_MOVE, x_px + 10 * i, y_px + (i % 5) * 30, 1010 + i);
    }
    window_pointer(&window, WINDOW_MOVE, x_px, 5, 1100);
    window_pointer(&window, WINDOW_UP, x_px, 5, 1110);

    assert_false(sign_is_empty(&page.sign));
    assert_false(page.sign.is_down);
    for (size_t i = 0; i < page.sign.points_count; i++) {
        assert_in_range(page.sign.points[i].y, 0, 100);
    }
    assert_string_equal(tree_find(&window.tree, "sign.pad")->value, dutch.sign.done);
    assert_int_equal(sign_data_url(&page.sign, url, sizeof url, &fault), OK);
    assert_true(text_starts_with(url, "data:image/png;base64,iVBORw0KGgo"));
    assert_int_equal((strlen(url) - strlen("data:image/png;base64,")) % 4, 0);
    assert_int_equal(window_tap(&window, "sign.erase", 3000), OK);
    assert_true(sign_is_empty(&page.sign));
    window_close(&window);
}

static void a_list_is_searched_and_paged_by_touch(void **state)
{
    (void)state;
    open_page(set_long_list);
    page.list.first = 0;
    (void)window_refresh(&window);

    assert_null(tree_find(&window.tree, "list.before"));
    assert_int_equal(window_tap(&window, "list.more", 1000), OK);
    assert_null(tree_find(&window.tree, "choice.0"));
    assert_int_equal(window_tap(&window, "list.before", 2000), OK);
    assert_non_null(tree_find(&window.tree, "choice.0"));

    assert_int_equal(window_tap(&window, "list.search", 3000), OK);
    static const char *const letters[] = {"key.c", "key.a", "key.f", "key.e"};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(window_tap(&window, letters[i], 4000 + (int64_t)i * 1000), OK);
    }
    assert_int_equal(window_tap(&window, "choice.2", 9000), OK);
    assert_int_equal(page.result, KEYBOARD_CHANGED);
    assert_true(pick_list_is_chosen(&page.list, 2));
    assert_int_equal(window_tap(&window, "list.done", 10000), OK);
    assert_null(tree_find(&window.tree, "key.c"));
    window_close(&window);
}

static int open_all(void **state)
{
    (void)state;
    stage_open(&stage, 1080, 1920, 3.61F);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    stage_close(&stage);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_input_fits_in_every_language_and_mode),
        cmocka_unit_test(every_input_looks_as_it_was_approved),
        cmocka_unit_test(a_letter_held_for_600_ms_shows_its_variants_and_types_nothing),
        cmocka_unit_test(letting_go_or_sliding_off_before_is_no_hold),
        cmocka_unit_test(the_same_key_may_be_pressed_again_at_once_but_holding_never_repeats),
        cmocka_unit_test(the_keypad_alone_types_and_the_caret_stays_in_the_field),
        cmocka_unit_test(what_is_masked_never_enters_the_tree),
        cmocka_unit_test(a_finger_signs_and_what_leaves_the_pad_stays_on_it),
        cmocka_unit_test(a_list_is_searched_and_paged_by_touch),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
