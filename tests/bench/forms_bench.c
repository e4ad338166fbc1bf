// SPDX-License-Identifier: EUPL-1.2
//
// How long an answer takes with the rules of the largest sample and with 500 questions, what 500
// questions weigh, and how long the kiosk's own screen of 1080 x 1920 takes with them: from a key
// to its letter, from page to page, and to all answers at the end. Prints JSON. forms_bench <folder
// of the samples>
#include "apps/kiosk/kiosk.h"
#include "base/text.h"
#include "tests/bench/times.h"
#include "tests/fakes/stage.h"
#include "tests/fakes/told_form.h"
#include "ui/window.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 2000, QUESTIONS = 500 };

static struct walk walk;
static struct stage stage;
static struct kiosk kiosk;
static struct scenes scenes;
static struct window window;
static struct hub_message_private message;
static double samples[RUNS];
static char words[2 * 1024 * 1024];

static struct json *read_sample(const char *folder, const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    const size_t len = fread(words, 1, sizeof words, file);
    (void)fclose(file);
    struct json *json = NULL;
    CHECK(json_parse(words, len, &json) == OK);
    return json;
}

// The sample with rules: its steps and its rules as the hub tells them.
static struct json *largest_rules(const char *folder)
{
    struct json *definitions =
        read_sample(folder, "open-forms-advanced-logic.formDefinitions.json");
    struct json *step = json_new_object();
    json_set(step, "components", json_clone(json_path(definitions, "0.configuration.components")));
    struct json *steps = json_new_array();
    json_append(steps, step);
    struct json *document = json_new_object();
    json_set(document, "steps", steps);
    json_set(document, "rules", read_sample(folder, "open-forms-advanced-logic.formLogic.json"));
    json_free(definitions);
    return document;
}

// Each question looks at the one before it, and a rule at the first.
static struct json *many_questions(void)
{
    struct text text;
    text_init(&text, words, sizeof words);
    text_add(&text, "{\"steps\":[{\"components\":[");
    for (int i = 0; i < QUESTIONS; i++) {
        text_format(&text,
                    "%s{\"type\":\"textfield\",\"key\":\"q%d\",\"label\":\"Vraag %d\",\"description"
                    "\":\"Waarom wij dit vragen, staat in de wet.\",\"validate\":{\"required\":true"
                    ",\"maxLength\":100},\"conditional\":{\"show\":false,\"when\":\"q%d\",\"eq\":"
                    "\"nee\"}}",
                    i == 0 ? "" : ",", i, i, i == 0 ? QUESTIONS - 1 : i - 1);
    }
    text_add(&text,
             "]}],\"rules\":[{\"jsonLogicTrigger\":{\"==\":[{\"var\":\"q0\"},\"nee\"]},"
             "\"actions\":[{\"component\":\"q9\",\"action\":{\"type\":\"property\",\"property"
             "\":{\"value\":\"hidden\"},\"state\":true}}]}]}");
    struct json *json = NULL;
    CHECK(json_parse(text.buf, text.len, &json) == OK);
    return json;
}

static void print_row(const char *name, double *taken_us, size_t count, int limit_ms)
{
    qsort(taken_us, count, sizeof taken_us[0], by_size);
    printf("{\"name\":\"%s\",\"unit\":\"ms, p99\",\"ours\":%.3f,\"peers\":{\"limit\":%d},\"p50\":"
           "%.3f}",
           name, taken_us[count * 99 / 100] / 1e3, limit_ms, taken_us[count / 2] / 1e3);
}

// From an answer to the next page and its place among all: median and the slowest of a hundred.
static void measure(const char *name, bool is_number)
{
    struct walk_page page = walk_first(&walk);
    for (int i = 0; i < RUNS; i++) {
        size_t step = 0;
        size_t steps = 0;
        const double start_us = now_us();
        struct json *value = is_number && i % 4 != 0 ? json_new_int(i) : json_new_text("m");
        CHECK(walk_answer(&walk, page.place, value, NULL) == OK);
        page = walk_next(&walk, page);
        walk_position(&walk, page, &step, &steps);
        samples[i] = now_us() - start_us;
        page = page.kind == WALK_CHECK ? walk_first(&walk) : page;
        page = page.kind == WALK_READ ? walk_first(&walk) : page;
    }
    print_row(name, samples, RUNS, 50);
}

// The form with the hub that says yes to every save.
static void open_on_kiosk(void)
{
    struct window_options options = {.surface_only = true, .icons_dir = "assets/icons"};
    struct json *document = many_questions();
    char *told = json_write_new(document);
    json_free(document);
    stage_open(&stage, 1080, 1920, 3.61F);
    stage_phrases(&kiosk.phrases, "nl");
    kiosk_init(&kiosk, &stage.look, &scenes);
    CHECK(text_copy(kiosk.setup.language, sizeof kiosk.setup.language, "nl") == OK);
    kiosk.is_connected = true;
    kiosk.visit.has_visit = true;
    kiosk.now_ms = 1000;
    scenes_init(&scenes, &kiosk, &stage.look);
    scenes_reset(&scenes, &kiosk_scene_requests);
    CHECK(window_open(&window, &stage.look, &scenes, &options, NULL) == OK);
    fill_open(&kiosk.visit.form, &kiosk.form_host);
    told_form(&message, kiosk.waits_for, told);
    kiosk_take(&kiosk, &message);
    api_form_free(&message.form);
    free(told);
}

// A finger on a node, until everything it changes is drawn.
static double tap_us(const char *id)
{
    kiosk.now_ms += 1000;
    const double start_us = now_us();
    CHECK(window_tap(&window, id, kiosk.now_ms) == OK);
    return now_us() - start_us;
}

static void take_saved(void)
{
    told_saved(&message, kiosk.visit.form.save_id, kiosk.visit.form.revision + 1, true);
    kiosk_take(&kiosk, &message);
    (void)window_refresh(&window);
}

// Every question typed and left, then the check page as often as it takes to know its time.
static void measure_screen(void)
{
    static double keys[QUESTIONS];
    static double pages[QUESTIONS];
    enum { CHECKS = 100 };
    struct fill_private *form = &kiosk.visit.form;
    open_on_kiosk();
    (void)window_refresh(&window);
    for (int i = 0; i < QUESTIONS; i++) {
        CHECK(form->page.kind == WALK_QUESTION);
        keys[i] = tap_us("key.m");
        pages[i] = tap_us("next");
        take_saved();
    }
    CHECK(form->page.kind == WALK_CHECK);
    for (int i = 0; i < CHECKS; i++) {
        samples[i] = tap_us("more");
    }
    print_row("form.screen_key_to_glyph", keys, QUESTIONS, 16);
    printf(",");
    print_row("form.screen_next_of_500", pages, QUESTIONS, 50);
    printf(",");
    print_row("form.screen_check_of_500", samples, CHECKS, 50);
    kiosk_forget(&kiosk);
    window_close(&window);
    stage_close(&stage);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    const struct date today = {2026, 11, 26};
    CHECK(walk_open(&walk, largest_rules(argv[1]), today, NULL) == OK);
    printf("[");
    measure("form.logic_largest", true);
    walk_close(&walk);
    const size_t before = mallinfo2().uordblks;
    CHECK(walk_open(&walk, many_questions(), today, NULL) == OK);
    const size_t bytes = mallinfo2().uordblks - before + sizeof walk;
    printf(",");
    measure("form.next_of_500", false);
    printf(",{\"name\":\"form.memory_500\",\"unit\":\"MB\",\"ours\":%.2f,\"peers\":{\"limit\":8}},",
           (double)bytes / 1e6);
    walk_close(&walk);
    measure_screen();
    printf("]\n");
    return 0;
}
