// SPDX-License-Identifier: EUPL-1.2
//
// The toolkit draws one page as the visual direction does, in every mode; the pictures stay in the
// build folder for the eye. Pictures are compared with themselves (partial against whole drawing),
// never with a stored file: those belong to the screens.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "ui/audit.h"
#include "ui/draw.h"
#include "ui/layout.h"
#include "ui/widget.h"
#include "ui/window.h"

#include <SDL2/SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LANGUAGES = 2, WORDS = 24 };

// Words of the demonstration page; screens take theirs from the phrases.
static const char *const words[LANGUAGES][WORDS] = {
    {"Gemeente Voorbeeldstad",
     "13.52 uur",
     "Uw aanvragen",
     "N. H., geboren in 1984",
     "Rijbewijs ophalen",
     "Vandaag om 14.20",
     "Afspraak over 28 minuten",
     "Ik ben er",
     "Parkeervergunning",
     "Kenteken ontbreekt",
     "Vóór 30 november: nog 7 dagen",
     "Verhuizing doorgeven",
     "Nog 1 vraag",
     "Begonnen op 12 november",
     "Neem een nummer",
     "Voor iets anders: 10 tot 15 minuten",
     "Niet u?",
     "Nederlands",
     "Stoppen",
     "Luister",
     "Groter",
     "Contrast",
     "Lager",
     "Hulp"},
    {"بلدية Voorbeeldstad",
     "13.52",
     "طلباتك",
     "\u2068N. H.\u2069، سنة الميلاد 1984",
     "استلام رخصة القيادة",
     "اليوم الساعة 14.20",
     "موعدك بعد 28 دقيقة",
     "أنا هنا",
     "تصريح وقوف السيارة",
     "رقم لوحة السيارة ناقص",
     "قبل 30 نوفمبر: باقي 7 أيام",
     "تغيير عنوان السكن",
     "باقي سؤال واحد",
     "بدأت يوم 12 نوفمبر",
     "خذ رقمًا",
     "لأمر آخر. الانتظار من 10 إلى 15 دقيقة.",
     "لست أنت؟",
     "العربية",
     "إنهاء",
     "استمع",
     "أكبر",
     "التباين",
     "أسفل",
     "مساعدة"},
};

struct page {
    int language;
    int tapped_count;
    char last_id[TREE_ID_BYTES];
};

static void build_cards(struct maker maker, struct node *content, const char *const *say)
{
    (void)widget_card(maker, content,
                      (struct widget_card){.kind = WIDGET_CARD_FIRST,
                                           .id = "request.0",
                                           .title = say[4],
                                           .badge = say[5],
                                           .badge_icon = "icon-cal",
                                           .badge_tone = TONE_GOOD,
                                           .detail = say[6],
                                           .picture = "picto-licence",
                                           .stub = say[7]});
    (void)widget_card(maker, content,
                      (struct widget_card){.id = "request.1",
                                           .title = say[8],
                                           .badge = say[9],
                                           .badge_icon = "icon-warn",
                                           .badge_tone = TONE_TODO,
                                           .detail = say[10],
                                           .picture = "picto-car"});
    if (maker.look->is_large) {
        return;
    }
    (void)widget_card(maker, content,
                      (struct widget_card){.id = "request.2",
                                           .title = say[11],
                                           .badge = say[12],
                                           .badge_icon = "icon-ask",
                                           .badge_tone = TONE_ASK,
                                           .detail = say[13],
                                           .picture = "picto-house"});
    (void)widget_card(maker, content,
                      (struct widget_card){.kind = WIDGET_CARD_TICKET,
                                           .id = "ticket",
                                           .title = say[14],
                                           .detail = say[15],
                                           .picture = "picto-slip"});
}

static void build_bar(struct maker maker, struct node *screen, const char *const *say)
{
    struct node *bar = tree_add(maker.tree, screen, "bar", ROLE_GROUP, NULL);
    bar->style = STYLE_BAR;
    bar->box.gap_mm = DRAWN(16);
    bar->box.pad = (struct edges){DRAWN(48), DRAWN(22), DRAWN(48), DRAWN(24)};
    struct node *first = widget_grid(maker, bar, 3, DRAWN(15));
    (void)widget_service_wide(maker, first, "bar.not_you", "icon-absent", say[16]);
    (void)widget_service_wide(maker, first, "bar.language", "icon-globe", say[17]);
    (void)widget_service_wide(maker, first, "bar.stop", "icon-stop", say[18]);
    struct node *second = widget_grid(maker, bar, 5, DRAWN(12));
    (void)widget_service(maker, second, "bar.listen", "icon-speak", say[19]);
    struct node *larger = widget_service(maker, second, "bar.larger", "icon-larger", say[20]);
    larger->states |= maker.look->is_large ? NODE_CHECKED : 0U;
    struct node *contrast = widget_service(maker, second, "bar.contrast", "icon-contrast", say[21]);
    contrast->states |= maker.look->is_contrast ? NODE_CHECKED : 0U;
    (void)widget_service(maker, second, "bar.lower", "icon-lower", say[22]);
    (void)widget_service(maker, second, "bar.help", "icon-help", say[23]);
}

static void build(const void *model, const struct look *look, struct tree *tree)
{
    const struct page *page = model;
    const char *const *say = words[page->language];
    struct maker maker = {tree, look};
    struct node *screen = tree_add(tree, NULL, "screen", ROLE_SCREEN, say[2]);
    screen->style = STYLE_PAGE;
    struct node *field = widget_field(
        maker, screen, (struct widget_field){.town = say[0], .time = say[1], .height_mm = 0});
    (void)widget_heading(maker, field, "title", TYPE_TITLE, say[2]);
    (void)widget_chip(maker, field, "person", say[3]);
    struct node *content = widget_column(maker, screen, DRAWN(20));
    content->box.pad = (struct edges){DRAWN(48), DRAWN(28), DRAWN(48), DRAWN(28)};
    content->box.grow = 1;
    build_cards(maker, content, say);
    build_bar(maker, screen, say);
}

static void note_event(void *model, struct scenes *scenes, const struct scene_event *event)
{
    (void)scenes;
    struct page *page = model;
    if (event->kind == SCENE_ACTIVATED) {
        page->tapped_count += 1;
        text_copy_cut(page->last_id, sizeof page->last_id, event->id);
    }
}

static const struct scene scene = {.id = "page", .build = build, .event = note_event};

static struct page page;
static struct look look;
static struct scenes scenes;
static struct window window;

static int open_page(void **state)
{
    (void)state;
    page = (struct page){0};
    look_init(&look, 1080, 1920, 3.61f);
    struct theme theme;
    if (theme_read_file(&theme, "assets/themes/denhaag.tokens.json", NULL) != OK) {
        return -1;
    }
    look_set_theme(&look, &theme);
    scenes_init(&scenes, &page, &look);
    scenes_reset(&scenes, &scene);
    const struct window_options options = {.surface_only = true, .icons_dir = "assets/icons"};
    return window_open(&window, &look, &scenes, &options, NULL) == OK ? 0 : -1;
}

static int close_page(void **state)
{
    (void)state;
    window_close(&window);
    return 0;
}

static void save(const char *name)
{
    const char *build_dir = getenv("INLOOP_BUILD");
    char path[512];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/pictures", build_dir == NULL ? "build" : build_dir);
    (void)mkdir(path, 0777);
    text_format(&text, "/%s.png", name);
    assert_int_equal(window_save_png(&window, path, NULL), OK);
}

static void refuse_findings(void)
{
    struct audit_finding findings[16];
    size_t count = audit_tree(&window.tree, &look, window.shaper, &audit_kiosk, findings, 16);
    for (size_t i = 0; i < count && i < 16; i++) {
        print_message("%s: %s: %s\n", findings[i].id, audit_kind_name(findings[i].kind),
                      findings[i].text);
    }
    assert_int_equal(count, 0);
}

static void page_fits_as_drawn(void **state)
{
    (void)state;
    assert_true(window_refresh(&window));
    save("toolkit");
    refuse_findings();
}

static void page_fits_in_arabic_and_turns_round(void **state)
{
    (void)state;
    page.language = 1;
    look_set_language(&look, "ar");

    assert_true(window_refresh(&window));

    save("toolkit-arabic");
    const struct node *stop = tree_find(&window.tree, "bar.stop");
    const struct node *back = tree_find(&window.tree, "bar.not_you");
    assert_true(stop->area.x_mm < back->area.x_mm);
    refuse_findings();
}

static void page_fits_large_and_in_contrast(void **state)
{
    (void)state;
    look.is_large = true;
    (void)window_refresh(&window);
    save("toolkit-large");
    refuse_findings();

    look_set_contrast(&look, true);
    assert_true(window_refresh(&window));

    save("toolkit-contrast-large");
    refuse_findings();
}

static void partial_drawing_equals_drawing_everything(void **state)
{
    (void)state;
    (void)window_refresh(&window);
    window_move_focus(&window, WINDOW_NEXT, 1000);
    window_move_focus(&window, WINDOW_NEXT, 2000);
    const struct node *card = tree_find(&window.tree, "request.0");
    int x_px = look_px(&look, card->area.x_mm) + 40;
    int y_px = look_px(&look, card->area.y_mm) + 40;
    window_pointer(&window, WINDOW_DOWN, x_px, y_px, 3000);
    window_pointer(&window, WINDOW_MOVE, x_px, y_px + 900, 3100);
    window_pointer(&window, WINDOW_UP, x_px, y_px + 900, 3200);
    page.language = 1;
    (void)window_refresh(&window);
    page.language = 0;
    (void)window_refresh(&window);
    size_t bytes = (size_t)window.surface->pitch * (size_t)window.surface->h;
    void *partial = malloc(bytes);
    assert_non_null(partial);
    memcpy(partial, window.surface->pixels, bytes);

    window_refresh_all(&window);
    assert_true(window_refresh(&window));

    assert_memory_equal(partial, window.surface->pixels, bytes);
    free(partial);
}

// A "g" hangs out of a tight line: what is drawn anew must cover it.
static void words_reach_out_of_their_line(void **state)
{
    (void)state;
    (void)window_refresh(&window);
    size_t words_count = 0;
    for (size_t i = 0; i < window.tree.nodes_count; i++) {
        const struct node *node = &window.tree.nodes[i];
        if (layout_words(node)[0] == '\0') {
            continue;
        }
        struct rect_px line = draw_rect(&look, node->area);
        struct rect_px reach = draw_reach(node, &look);
        words_count++;
        assert_true(reach.y < line.y && reach.y + reach.height > line.y + line.height);
    }
    assert_true(words_count > 0);
}

static void nothing_changed_draws_nothing(void **state)
{
    (void)state;
    assert_true(window_refresh(&window));
    assert_false(window_refresh(&window));
}

static void a_tap_acts_once_and_a_trembling_finger_does_not_repeat_it(void **state)
{
    (void)state;
    (void)window_refresh(&window);

    assert_int_equal(window_tap(&window, "bar.help", 1000), OK);
    assert_int_equal(window_tap(&window, "bar.help", 1400), OK);

    assert_int_equal(page.tapped_count, 1);
    assert_string_equal(page.last_id, "bar.help");
    assert_int_equal(window_tap(&window, "bar.help", 1500), OK);
    assert_int_equal(page.tapped_count, 2);
    assert_int_equal(window_tap(&window, "no.such", 1600), ERR_NOT_FOUND);
}

static void sliding_off_cancels_and_sliding_back_does_not(void **state)
{
    (void)state;
    (void)window_refresh(&window);
    const struct node *node = tree_find(&window.tree, "bar.help");
    int x_px = look_px(&look, node->area.x_mm) + 20;
    int y_px = look_px(&look, node->area.y_mm) + 20;

    window_pointer(&window, WINDOW_DOWN, x_px, y_px, 1000);
    assert_true((tree_find(&window.tree, "bar.help")->states & NODE_PRESSED) != 0);
    window_pointer(&window, WINDOW_MOVE, x_px, y_px - 500, 1100);
    assert_true((tree_find(&window.tree, "bar.help")->states & NODE_PRESSED) == 0);
    window_pointer(&window, WINDOW_UP, x_px, y_px - 500, 1200);
    assert_int_equal(page.tapped_count, 0);

    window_pointer(&window, WINDOW_DOWN, x_px, y_px, 2000);
    window_pointer(&window, WINDOW_MOVE, x_px, y_px - 500, 2100);
    window_pointer(&window, WINDOW_MOVE, x_px, y_px, 2200);
    window_pointer(&window, WINDOW_UP, x_px, y_px, 2300);
    assert_int_equal(page.tapped_count, 1);
}

static void keys_reach_every_part_in_reading_order_and_wrap(void **state)
{
    (void)state;
    (void)window_refresh(&window);
    static const char *const order[] = {"request.0",   "request.1",    "request.2", "ticket",
                                        "bar.not_you", "bar.language", "bar.stop",  "bar.listen",
                                        "bar.larger",  "bar.contrast", "bar.lower", "bar.help",
                                        "request.0"};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        window_move_focus(&window, WINDOW_NEXT, (int64_t)i * 1000);
        assert_string_equal(window.focus_id, order[i]);
    }
    window_press_key(&window, KEY_ENTER, 20000);
    assert_string_equal(page.last_id, "request.0");
}

static void arrows_go_where_they_point_right_to_left_too(void **state)
{
    (void)state;
    (void)window_refresh(&window);
    window_focus(&window, "bar.language");
    (void)window_refresh(&window);
    window_move_focus(&window, WINDOW_RIGHT, 1000);
    assert_string_equal(window.focus_id, "bar.stop");
    window_move_focus(&window, WINDOW_DOWNWARD, 2000);
    assert_string_equal(window.focus_id, "bar.help");

    look_set_language(&look, "ar");
    window_focus(&window, "bar.language");
    (void)window_refresh(&window);
    window_move_focus(&window, WINDOW_LEFT, 3000);
    assert_string_equal(window.focus_id, "bar.stop");
}

static void the_focus_ring_is_two_toned_and_outside_its_part(void **state)
{
    (void)state;
    (void)window_refresh(&window);
    window_focus(&window, "request.1");
    (void)window_refresh(&window);
    save("toolkit-focus");
    const struct node *node = tree_find(&window.tree, "request.1");
    struct rect_px rect = draw_rect(&look, node->area);
    const uint8_t *row = (const uint8_t *)window.surface->pixels +
                         (rect.y + rect.height / 2) * window.surface->pitch;
    const uint32_t *pixels = (const uint32_t *)(const void *)row;
    struct rgb seen[2] = {0};
    for (size_t i = 0; i < 2; i++) {
        SDL_GetRGB(pixels[rect.x - (i == 0 ? 3 : 9)], window.surface->format, &seen[i].r,
                   &seen[i].g, &seen[i].b);
    }
    assert_true(theme_ratio(seen[0], seen[1]) >= 10.0);
}

static void scripts_find_parts_in_the_exported_tree_but_no_private_words(void **state)
{
    (void)state;
    (void)window_refresh(&window);

    char *json = tree_export(&window.tree, &look, false);

    assert_non_null(strstr(json, "\"id\":\"bar.help\""));
    assert_non_null(strstr(json, "Kenteken ontbreekt"));
    assert_null(strstr(json, "1984"));
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(page_fits_as_drawn, open_page, close_page),
        cmocka_unit_test_setup_teardown(page_fits_in_arabic_and_turns_round, open_page, close_page),
        cmocka_unit_test_setup_teardown(page_fits_large_and_in_contrast, open_page, close_page),
        cmocka_unit_test_setup_teardown(partial_drawing_equals_drawing_everything, open_page,
                                        close_page),
        cmocka_unit_test_setup_teardown(words_reach_out_of_their_line, open_page, close_page),
        cmocka_unit_test_setup_teardown(nothing_changed_draws_nothing, open_page, close_page),
        cmocka_unit_test_setup_teardown(a_tap_acts_once_and_a_trembling_finger_does_not_repeat_it,
                                        open_page, close_page),
        cmocka_unit_test_setup_teardown(sliding_off_cancels_and_sliding_back_does_not, open_page,
                                        close_page),
        cmocka_unit_test_setup_teardown(keys_reach_every_part_in_reading_order_and_wrap, open_page,
                                        close_page),
        cmocka_unit_test_setup_teardown(arrows_go_where_they_point_right_to_left_too, open_page,
                                        close_page),
        cmocka_unit_test_setup_teardown(the_focus_ring_is_two_toned_and_outside_its_part, open_page,
                                        close_page),
        cmocka_unit_test_setup_teardown(
            scripts_find_parts_in_the_exported_tree_but_no_private_words, open_page, close_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
