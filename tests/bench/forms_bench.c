// SPDX-License-Identifier: EUPL-1.2
//
// How long an answer takes with the rules of the largest sample and with 500 questions, and what
// 500 questions weigh. Prints JSON. forms_bench <folder of the samples>
#include "forms/walk.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS = 2000, QUESTIONS = 500 };

static struct walk walk;
static char words[2 * 1024 * 1024];

static double now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

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

// From an answer to the next page and its place among all: median and the slowest of a hundred.
static void measure(const char *name, bool is_number)
{
    static double samples[RUNS];
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
    qsort(samples, RUNS, sizeof samples[0], by_size);
    printf("{\"name\":\"%s\",\"unit\":\"ms, p99\",\"ours\":%.3f,\"peers\":{\"limit\":50},\"p50\":"
           "%.3f}",
           name, samples[RUNS * 99 / 100] / 1e3, samples[RUNS / 2] / 1e3);
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
    printf(
        ",{\"name\":\"form.memory_500\",\"unit\":\"MB\",\"ours\":%.2f,\"peers\":{\"limit\":8}}]\n",
        (double)bytes / 1e6);
    walk_close(&walk);
    return 0;
}
