// SPDX-License-Identifier: EUPL-1.2
//
// The other parts of the toolkit, each on a page like the one it is meant for: question with
// keyboard, date with keypad, check list with notice, ticket with its code, display rows.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/text.h"
#include "ui/audit.h"
#include "ui/keyboard.h"
#include "ui/widget.h"
#include "ui/window.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MODULES = 29 };

static struct look look;
static struct scenes scenes;
static struct window window;
static uint8_t modules[MODULES * MODULES];

static struct node *begin(struct maker maker, const char *chip, struct node **field)
{
    struct node *screen = tree_add(maker.tree, NULL, "screen", ROLE_SCREEN, "Voorbeeld");
    screen->style = STYLE_PAGE;
    *field = widget_field(maker, screen,
                          (struct widget_field){.town = "Gemeente Voorbeeldstad",
                                                .time = "13.52 uur",
                                                .chip = chip,
                                                .height_mm = DRAWN(330)});
    struct node *content = widget_column(maker, screen, DRAWN(28));
    content->box.pad = (struct edges){DRAWN(48), DRAWN(32), DRAWN(48), DRAWN(28)};
    content->box.grow = 1;
    return content;
}

static void build_question(const void *model, const struct look *shown, struct tree *tree)
{
    (void)model;
    struct maker maker = {tree, shown};
    struct node *field = NULL;
    struct node *content = begin(maker, "N. H.", &field);
    (void)widget_steps(maker, field, "Stap 2 van 4", 2, 4);
    (void)widget_heading(maker, field, "title", TYPE_QUESTION, "Wat is het kenteken van uw auto?");
    struct node *hint =
        widget_text(maker, content, "hint", TYPE_BODY, "U vindt het op de gele plaat van uw auto.");
    hint->ink = COLOUR_MUTED;
    (void)widget_input(
        maker, content,
        (struct widget_input){
            .id = "plate", .label = "", .value = "GV-27-", .is_active = true, .is_plate = true});
    tree_set_name(tree, tree_find(tree, "plate"), "Kenteken");
    (void)keyboard_build(maker, content, &(struct keyboard){.setup = {.layout = KEYBOARD_CODE}},
                         &(struct keyboard_words){.erase = "Wis"}, 0);
    struct node *row = widget_grid(maker, content, 2, DRAWN(20));
    (void)widget_button(maker, row,
                        (struct widget_button){.id = "desk",
                                               .words = "Vraag de balie",
                                               .icon = "icon-desk",
                                               .style = STYLE_BUTTON_OUTLINED});
    (void)widget_button(
        maker, row,
        (struct widget_button){
            .id = "next", .words = "Verder", .arrow = "icon-next", .style = STYLE_BUTTON_FILLED});
}

static void build_date(const void *model, const struct look *shown, struct tree *tree)
{
    (void)model;
    struct maker maker = {tree, shown};
    struct node *field = NULL;
    struct node *content = begin(maker, NULL, &field);
    (void)widget_heading(maker, field, "title", TYPE_QUESTION, "Wat is uw\ngeboortedatum?");
    struct node *row = widget_row(maker, content, DRAWN(36));
    (void)widget_input(maker, row,
                       (struct widget_input){.id = "day",
                                             .label = "Dag",
                                             .value = "17",
                                             .privacy = PRIVACY_PRIVATE,
                                             .width_mm = DRAWN(226)});
    (void)widget_input(maker, row,
                       (struct widget_input){.id = "month",
                                             .label = "Maand",
                                             .value = "05",
                                             .privacy = PRIVACY_MASKED,
                                             .width_mm = DRAWN(226)});
    (void)widget_input(maker, row,
                       (struct widget_input){.id = "year",
                                             .label = "Jaar",
                                             .value = "198",
                                             .privacy = PRIVACY_PRIVATE,
                                             .is_active = true,
                                             .is_invalid = true});
    (void)keyboard_build(maker, content, &(struct keyboard){.setup = {.layout = KEYBOARD_NUMBERS}},
                         &(struct keyboard_words){.erase = "Wis", .next = "Verder"}, 0);
    (void)widget_notice(maker, content,
                        (struct widget_notice){.id = "error",
                                               .tone = TONE_STOP,
                                               .icon = "icon-warn",
                                               .cause = "Dit jaar klopt niet.",
                                               .consequence = "Typ 4 cijfers."});
}

static void build_ticket(const void *model, const struct look *shown, struct tree *tree)
{
    (void)model;
    struct maker maker = {tree, shown};
    struct node *field = NULL;
    struct node *content = begin(maker, "N. H.", &field);
    (void)widget_heading(maker, field, "title", TYPE_QUESTION, "Dit is uw nummer");
    struct node *ticket = tree_add(tree, field, "ticket", ROLE_TICKET, "B042");
    ticket->style = STYLE_TICKET;
    ticket->box.pad = (struct edges){0, DRAWN(20), 0, DRAWN(36)};
    struct node *number = widget_text(maker, ticket, "number", TYPE_NUMBER, "B042");
    number->text_align = ALIGN_CENTER;
    number->ink = COLOUR_PICTURE_LINE;
    struct node *time = tree_add(tree, ticket, "time", ROLE_TEXT, "Rond 14.05 uur");
    time->type = TYPE_TIME;
    time->text_align = ALIGN_CENTER;
    tree_set_icon(tree, time, "picto-clock", DRAWN(84));
    struct node *tear = tree_add(tree, ticket, NULL, ROLE_GROUP, NULL);
    tear->style = STYLE_TEAR;
    tear->box.height_mm = DRAWN(120);
    struct node *below = widget_row(maker, ticket, DRAWN(44));
    below->box.pad = (struct edges){DRAWN(56), 0, DRAWN(56), 0};
    struct node *code = tree_add(tree, below, "code", ROLE_QR, NULL);
    code->modules = modules;
    code->modules_count = MODULES;
    code->box.width_mm = DRAWN(232.1f);
    code->box.height_mm = DRAWN(232.1f);
    struct node *follow = widget_text(maker, below, "follow", TYPE_BODY,
                                      "Scan met uw telefoon. Zo volgt u uw beurt.");
    follow->box.grow = 1;
    struct node *list = tree_add(tree, content, "list", ROLE_LIST, NULL);
    list->style = STYLE_CARD;
    list->box.pad = (struct edges){DRAWN(36), DRAWN(16), DRAWN(36), DRAWN(16)};
    (void)widget_check(maker, list,
                       (struct widget_check){"check.0", true, "Uw naam en adres", "klaar"});
    (void)widget_check(
        maker, list,
        (struct widget_check){"check.1", false, "Het kenteken van uw auto", "nog doen"});
    (void)widget_notice(maker, content,
                        (struct widget_notice){.id = "notice",
                                               .tone = TONE_TODO,
                                               .icon = "picto-plugoff",
                                               .cause = "Een systeem doet het niet.",
                                               .consequence = "Dit ligt niet aan u."});
    (void)widget_button(maker, content,
                        (struct widget_button){.id = "stop",
                                               .words = "Stoppen en wissen",
                                               .icon = "icon-stop",
                                               .style = STYLE_BUTTON_STOP});
}

static void build_calls(const void *model, const struct look *shown, struct tree *tree)
{
    (void)model;
    struct maker maker = {tree, shown};
    struct node *screen = tree_add(tree, NULL, "screen", ROLE_SCREEN, "Oproepen");
    screen->style = STYLE_PAGE;
    screen->box.pad = (struct edges){DRAWN(48), DRAWN(48), DRAWN(48), DRAWN(48)};
    screen->box.gap_mm = DRAWN(20);
    static const char *const numbers[] = {"B042", "C017", "A101"};
    static const char *const desks[] = {"3", "1", "12"};
    for (size_t i = 0; i < 3; i++) {
        struct node *row = tree_add_item(tree, screen, "call", i, ROLE_ROW, numbers[i]);
        row->style = i == 0 ? STYLE_CALL_NEW : STYLE_CALL;
        row->box.flow = FLOW_ROW;
        row->box.height_mm = DRAWN(290);
        row->box.across = ALIGN_CENTER;
        row->box.pad = (struct edges){DRAWN(80), 0, DRAWN(40), 0};
        struct node *number = widget_text(maker, row, NULL, TYPE_NUMBER, numbers[i]);
        number->cap_mm = DRAWN_CAP(140);
        number->box.grow = 1;
        (void)widget_icon(maker, row, "icon-next", DRAWN(120));
        struct node *tear = tree_add(tree, row, NULL, ROLE_GROUP, NULL);
        tear->style = STYLE_TEAR_DOWN;
        tear->box.width_mm = DRAWN(60);
        tear->box.self = ALIGN_STRETCH;
        struct node *desk = widget_text(maker, row, NULL, TYPE_NUMBER, desks[i]);
        desk->cap_mm = DRAWN_CAP(140);
        desk->ink = i == 0 ? COLOUR_LIGHT : COLOUR_INHERIT;
        desk->box.width_mm = DRAWN(280);
    }
}

static const struct scene question = {.id = "question", .build = build_question};
static const struct scene date = {.id = "date", .build = build_date};
static const struct scene ticket = {.id = "ticket", .build = build_ticket};
static const struct scene calls = {.id = "calls", .build = build_calls};

static int open_stage(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof modules; i++) {
        modules[i] = (uint8_t)((i * i * 7 + i / MODULES * 5) % 11 < 5);
    }
    look_init(&look, 1080, 1920, 3.61f);
    struct theme theme;
    if (theme_read_file(&theme, "assets/themes/denhaag.tokens.json", NULL) != OK) {
        return -1;
    }
    look_set_theme(&look, &theme);
    scenes_init(&scenes, NULL, &look);
    scenes_reset(&scenes, &question);
    const struct window_options options = {.surface_only = true, .icons_dir = "assets/icons"};
    return window_open(&window, &look, &scenes, &options, NULL) == OK ? 0 : -1;
}

static int close_stage(void **state)
{
    (void)state;
    window_close(&window);
    return 0;
}

static void show(const struct scene *scene, const char *name)
{
    scenes_reset(&scenes, scene);
    assert_true(window_refresh(&window));
    const char *build = getenv("INLOOP_BUILD");
    char path[512];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/pictures", build == NULL ? "build" : build);
    (void)mkdir(path, 0777);
    text_format(&text, "/%s.png", name);
    assert_int_equal(window_save_png(&window, path, NULL), OK);
}

static void refuse_findings(const struct audit_profile *profile)
{
    struct audit_finding findings[16];
    size_t count = audit_tree(&window.tree, &look, window.shaper, profile, findings, 16);
    for (size_t i = 0; i < count && i < 16; i++) {
        print_message("%s: %s: %s\n", findings[i].id, audit_kind_name(findings[i].kind),
                      findings[i].text);
    }
    assert_int_equal(count, 0);
}

static void the_letter_keyboard_fits_its_question(void **state)
{
    (void)state;
    show(&question, "widgets-question");
    refuse_findings(&audit_kiosk);
}

static void the_keypad_fits_and_masked_digits_never_enter_the_tree(void **state)
{
    (void)state;
    show(&date, "widgets-date");
    refuse_findings(&audit_kiosk);
    assert_null(strstr(tree_find(&window.tree, "month")->value, "5"));
}

static void the_ticket_its_code_and_the_list_fit(void **state)
{
    (void)state;
    show(&ticket, "widgets-ticket");
    refuse_findings(&audit_kiosk);
    look_set_contrast(&look, true);
    show(&ticket, "widgets-ticket-contrast");
    refuse_findings(&audit_kiosk);
}

static void called_numbers_fit_their_rows(void **state)
{
    (void)state;
    look_reset(&look, "nl");
    show(&calls, "widgets-calls");
    refuse_findings(&audit_display);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_letter_keyboard_fits_its_question),
        cmocka_unit_test(the_keypad_fits_and_masked_digits_never_enter_the_tree),
        cmocka_unit_test(the_ticket_its_code_and_the_list_fit),
        cmocka_unit_test(called_numbers_fit_their_rows),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
