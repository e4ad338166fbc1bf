// SPDX-License-Identifier: EUPL-1.2
//
// How long drawing takes at 1080 x 1920: a whole screen, one pressed button, and a key of the
// keyboard from the finger to the letter in the field. Prints JSON.
#include "apps/kiosk/kiosk.h"
#include "tests/bench/times.h"
#include "tests/fakes/stage.h"
#include "ui/draw.h"
#include "ui/keyboard.h"
#include "ui/layout.h"
#include "ui/window.h"

#include <stdio.h>
#include <stdlib.h>

enum { RUNS = 300 };

static struct stage stage;
static struct kiosk kiosk;
static struct scenes scenes;

// Builds, lays out and draws within `clip`; gives the median time.
static double redraw_ms(struct rect_px clip)
{
    static double samples[RUNS];
    for (int i = 0; i < RUNS; i++) {
        double start_ms = now_ms();
        kiosk_scene_welcome.build(&kiosk, &stage.look, &stage.tree);
        layout_tree(&stage.tree, &stage.look, stage.shaper);
        canvas_set_clip(&stage.canvas, clip);
        draw_tree(&stage.tree, &stage.look, stage.shaper, &stage.canvas);
        samples[i] = now_ms() - start_ms;
        tree_clear(&stage.tree);
    }
    qsort(samples, RUNS, sizeof samples[0], by_size);
    return samples[RUNS / 2];
}

// A question with a text of several lines: the most that typing has to do.
struct page {
    struct edit_private edit;
    struct keyboard keyboard;
};

static void build_page(const void *model, const struct look *look, struct tree *tree)
{
    const struct page *page = model;
    struct maker maker = {tree, look};
    struct node *screen = tree_add(tree, NULL, "screen", ROLE_SCREEN, "Vraag");
    screen->style = STYLE_PAGE;
    struct node *field =
        widget_field(maker, screen, (struct widget_field){.town = "Gemeente", .time = "13.52"});
    (void)widget_heading(maker, field, "title", TYPE_QUESTION, "Wat wilt u ons vertellen?");
    struct node *content = widget_column(maker, screen, DRAWN(28));
    content->box.pad = (struct edges){DRAWN(48), DRAWN(28), DRAWN(48), DRAWN(28)};
    const struct widget_input input = {
        .id = "answer", .label = "Antwoord", .is_active = true, .lines = keyboard_lines(look)};
    (void)keyboard_field(maker, content, input, &page->edit);
    const struct keyboard_words words = {"Wis",     "Spatie",   "Hoofd",     "Vast",  "Tekens",
                                         "Letters", "Accenten", "Schrift",   "Sluit", "Regel",
                                         "Links",   "Rechts",   .next = NULL};
    (void)keyboard_build(maker, content, &page->keyboard, &words, 0);
}

static void type_on_page(void *model, struct scenes *on, const struct scene_event *event)
{
    struct page *page = model;
    (void)on;
    (void)keyboard_event(&page->keyboard, &page->edit, event);
}

static const struct scene typing = {.id = "typing", .build = build_page, .event = type_on_page};

struct times {
    double median_ms;
    double p99_ms;
};

// Presses and lets go, one letter after another; both draw.
static struct times key_times(void)
{
    static double samples[RUNS];
    static struct window window;
    static struct page page;
    static const char *const keys[] = {"key.e", "key.n", "key.space", "key.i", "key.j"};
    struct scenes pages;
    edit_init(&page.edit, (struct edit_rules){.kind = EDIT_LINES});
    keyboard_init(&page.keyboard, keyboard_setup_for(&page.edit.rules, "nl"));
    scenes_init(&pages, &page, &stage.look);
    scenes_reset(&pages, &typing);
    const struct window_options options = {.surface_only = true, .icons_dir = "assets/icons"};
    CHECK(window_open(&window, &stage.look, &pages, &options, NULL) == OK);
    window_step(&window, 0);
    for (int i = 0; i < RUNS; i++) {
        double start_ms = now_ms();
        CHECK(window_tap(&window, keys[i % 5], 1000 * (i + 1)) == OK);
        samples[i] = now_ms() - start_ms;
    }
    CHECK(page.edit.len == RUNS);
    window_close(&window);
    qsort(samples, RUNS, sizeof samples[0], by_size);
    return (struct times){samples[RUNS / 2], samples[RUNS * 99 / 100]};
}

int main(void)
{
    stage_open(&stage, 1080, 1920, 3.61F);
    stage_phrases(&kiosk.phrases, "nl");
    kiosk_init(&kiosk, &stage.look, &scenes);
    kiosk.is_connected = true;
    (void)redraw_ms((struct rect_px){0, 0, 1080, 1920}); // fonts and icons are warm afterwards
    double full_ms = redraw_ms((struct rect_px){0, 0, 1080, 1920});
    double button_ms = redraw_ms((struct rect_px){48, 1764, 232, 132});
    struct times key = key_times();
    const char *row = "{\"name\":\"%s\",\"unit\":\"%s\",\"ours\":%.3f,\"peers\":{\"%s\":%s}}%s";
    (void)printf("[");
    (void)printf(row, "kiosk.redraw_full", "ms", full_ms, "frame_at_60_hz", "16.7", ",");
    (void)printf(row, "kiosk.redraw_button", "ms", button_ms, "frame_at_60_hz", "16.7", ",");
    (void)printf(row, "kiosk.key_to_glyph", "ms, p99", key.p99_ms, "limit", "16", "");
    (void)printf(",{\"name\":\"kiosk.key_to_glyph_median\",\"unit\":\"ms\",\"ours\":%.3f,"
                 "\"peers\":{\"limit\":16}}]\n",
                 key.median_ms);
    stage_close(&stage);
    return 0;
}
