// SPDX-License-Identifier: EUPL-1.2
//
// The laptop's commands about updates: bundle add, bundle list, rollout start, list, stop.
#include "apps/technician/laptop.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static int bundle_list(int argc, char **argv);
static int rollout_start(int argc, char **argv);
static int rollout_list(int argc, char **argv);
static int rollout_stop(int argc, char **argv);
static int stop_named(struct laptop *laptop, const char *name);
static void show_rollouts(const struct laptop *laptop);
static void add_rollout(struct table *table, const struct json *rollout, int64_t now_ms);
static const char *words_of(const struct json *json, const char *name);
static int64_t number_of(const struct json *json, const char *name);

int bundle_add_command(int argc, char **argv)
{
    struct laptop laptop;
    const char *file = laptop_word(argc, argv, 0);
    if (file == NULL) {
        return COMMAND_USAGE;
    }
    int code = laptop_open(&laptop, argc, argv);
    code = code != 0 ? code : laptop_send_file(&laptop, "/bundles", file);
    if (code == 0 && !laptop_is_told(&laptop)) {
        printf("The hub holds %s (%.1f MB). It runs nowhere before a rollout.\n",
               words_of(laptop.body, "bundle"), (double)number_of(laptop.body, "bytes") / 1e6);
    }
    laptop_close(&laptop);
    return code;
}

int bundle_list_command(int argc, char **argv)
{
    return bundle_list(argc, argv);
}

int rollout_command(int argc, char **argv)
{
    static const struct command tasks[] = {{.name = "start", .run = rollout_start},
                                           {.name = "list", .run = rollout_list},
                                           {.name = "stop", .run = rollout_stop}};
    for (size_t i = 0; argc > 0 && i < sizeof tasks / sizeof tasks[0]; i++) {
        if (text_equal(argv[0], tasks[i].name)) {
            return tasks[i].run(argc - 1, argv + 1);
        }
    }
    return COMMAND_USAGE;
}

static int bundle_list(int argc, char **argv)
{
    static const char *const heads[] = {"BUNDLE", "VERSION", "BOARD", "NEEDS",
                                        "TOWN",   "SIZE",    "MADE",  "ADDED"};
    struct laptop laptop;
    int code = laptop_open(&laptop, argc, argv);
    code = code != 0 ? code : laptop_ask(&laptop, "/bundles", NULL);
    if (code == 0 && !laptop_is_told(&laptop)) {
        const struct json *list = json_get(laptop.body, "bundles");
        const struct clock clock = clock_system();
        struct table table;
        table_open(&table, heads, sizeof heads / sizeof heads[0]);
        for (size_t i = 0; i < json_len(list); i++) {
            const struct json *bundle = json_at(list, i);
            char added[TABLE_CELL_BYTES];
            table_time(json_get_text(bundle, "added_at"), clock_now_ms(&clock), added);
            table_row(&table);
            table_cell(&table, 0, "%s", words_of(bundle, "bundle"));
            table_cell(&table, 1, "%s", words_of(bundle, "version"));
            table_cell(&table, 2, "%s", words_of(bundle, "board"));
            table_cell(&table, 3, "%s", words_of(bundle, "minimum"));
            table_cell(&table, 4, "%s",
                       text_equal(words_of(bundle, "town"), "*") ? "every town"
                                                                 : words_of(bundle, "town"));
            table_cell(&table, 5, "%.1f MB", (double)number_of(bundle, "bytes") / 1e6);
            table_cell(&table, 6, "%s", words_of(bundle, "made"));
            table_cell(&table, 7, "%s by %s", added, words_of(bundle, "added_by"));
        }
        table_close(&table);
    }
    laptop_close(&laptop);
    return code;
}

static int rollout_start(int argc, char **argv)
{
    static const char *const options[][2] = {
        {"--ring", "ring"}, {"--device", "device"}, {"--from", "from"}, {"--to", "to"}};
    const char *bundle = laptop_word(argc, argv, 0);
    if (bundle == NULL || command_option(argc, argv, "--ring") == NULL) {
        return COMMAND_USAGE;
    }
    struct laptop laptop;
    int code = laptop_open(&laptop, argc, argv);
    if (code == 0) {
        struct json *wish = json_new_object();
        json_set_text(wish, "bundle", bundle);
        for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
            const char *words = command_option(argc, argv, options[i][0]);
            if (words != NULL) {
                json_set_text(wish, options[i][1], words);
            }
        }
        code = laptop_ask(&laptop, "/rollouts", wish);
    }
    if (code == 0 && !laptop_is_told(&laptop)) {
        printf("%s goes to %lld devices, between %s and %s of their own clock.\n"
               "The first that falls back stops it. Its name: %s\n",
               words_of(laptop.body, "bundle"), (long long)number_of(laptop.body, "devices"),
               words_of(laptop.body, "from"), words_of(laptop.body, "to"),
               words_of(laptop.body, "id"));
    }
    laptop_close(&laptop);
    return code;
}

static int rollout_list(int argc, char **argv)
{
    struct laptop laptop;
    int code = laptop_open(&laptop, argc, argv);
    code = code != 0 ? code : laptop_ask(&laptop, "/rollouts", NULL);
    if (code == 0 && !laptop_is_told(&laptop)) {
        show_rollouts(&laptop);
    }
    laptop_close(&laptop);
    return code;
}

static int rollout_stop(int argc, char **argv)
{
    struct laptop laptop;
    const char *name = laptop_word(argc, argv, 0);
    if (name == NULL) {
        return COMMAND_USAGE;
    }
    int code = laptop_open(&laptop, argc, argv);
    code = code != 0 ? code : laptop_ask(&laptop, "/rollouts", NULL);
    code = code != 0 ? code : stop_named(&laptop, name);
    laptop_close(&laptop);
    return code;
}

// One by its own name, or all that run of a bundle.
static int stop_named(struct laptop *laptop, const char *name)
{
    struct json *all = json_clone(laptop->body);
    const struct json *list = json_get(all, "rollouts");
    size_t count = 0;
    int code = 0;
    for (size_t i = 0; code == 0 && i < json_len(list); i++) {
        const struct json *rollout = json_at(list, i);
        const bool is_it = text_equal(words_of(rollout, "id"), name) ||
                           (text_equal(words_of(rollout, "bundle"), name) &&
                            text_equal(words_of(rollout, "state"), "running"));
        char path[COMMAND_PATH_BYTES];
        if (!is_it) {
            continue;
        }
        (void)snprintf(path, sizeof path, "/rollouts/%s/stop", words_of(rollout, "id"));
        code = laptop_ask(laptop, path, json_new_object());
        if (code == 0 && !laptop_is_told(laptop)) {
            printf("Stopped: %s to %s. Who has it keeps it.\n", words_of(rollout, "bundle"),
                   words_of(rollout, "ring"));
        }
        count += 1;
    }
    json_free(all);
    if (code == 0 && count == 0) {
        log_error("technician", "%s: no rollout of that name runs", name);
        return LAPTOP_REFUSED;
    }
    return code;
}

static void show_rollouts(const struct laptop *laptop)
{
    static const char *const heads[] = {"BUNDLE", "TO",      "WINDOW", "STATE",
                                        "DONE",   "STARTED", "WHY",    "NAME"};
    const struct json *list = json_get(laptop->body, "rollouts");
    const struct clock clock = clock_system();
    struct table table;
    table_open(&table, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_len(list); i++) {
        table_row(&table);
        add_rollout(&table, json_at(list, i), clock_now_ms(&clock));
    }
    table_close(&table);
}

static void add_rollout(struct table *table, const struct json *rollout, int64_t now_ms)
{
    char started[TABLE_CELL_BYTES];
    const char *device = json_get_text(rollout, "device");
    const char *ring = words_of(rollout, "ring");
    table_time(json_get_text(rollout, "started_at"), now_ms, started);
    table_cell(table, 0, "%s", words_of(rollout, "bundle"));
    table_cell(table, 1, "%s",
               device != NULL              ? device
               : text_equal(ring, "tenth") ? "a tenth"
                                           : ring);
    table_cell(table, 2, "%s-%s", words_of(rollout, "from"), words_of(rollout, "to"));
    table_cell(table, 3, "%s", words_of(rollout, "state"));
    table_cell(table, 4, "%lld of %lld", (long long)number_of(rollout, "updated"),
               (long long)number_of(rollout, "devices"));
    table_cell(table, 5, "%s by %s", started, words_of(rollout, "started_by"));
    table_cell(table, 6, "%s", words_of(rollout, "reason"));
    table_cell(table, 7, "%s", words_of(rollout, "id"));
}

static const char *words_of(const struct json *json, const char *name)
{
    const char *words = json_get_text(json, name);
    return words == NULL ? "-" : words;
}

static int64_t number_of(const struct json *json, const char *name)
{
    int64_t number = 0;
    return json_get_int(json, name, &number) == OK ? number : 0;
}
