// SPDX-License-Identifier: EUPL-1.2
//
// The laptop's commands about devices and who works at them: devices, code, revoke, service-code,
// log, staff.
#include "apps/technician/laptop.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LOG_WAIT_S = 150, LOG_WAIT_S_MAX = 3600, LOG_EVERY_S = 2 };

static int show_devices(const struct laptop *laptop);
static void add_device(struct table *table, const struct json *device, int64_t now_ms);
static void state_cell(const struct json *device, char *out, size_t out_bytes);
static void update_cell(const struct json *device, char *out, size_t out_bytes);
static bool needs_cell(const struct json *device, char *out, size_t out_bytes);
static const char *part(const struct json *device, const char *name);
static const char *or_dash(const char *words);
static bool is_true(const struct json *json, const char *name);
static int code_of(int argc, char **argv, const char *path_end, struct json *wish, bool has_hub);
static bool is_sure(const char *device);
static int wait_for_log(struct laptop *laptop, const char *path, int64_t wait_s);
static void device_path(const char *device, const char *end, char path[COMMAND_PATH_BYTES]);

int devices_command(int argc, char **argv)
{
    struct laptop laptop;
    int code = laptop_open(&laptop, argc, argv);
    code = code != 0 ? code : laptop_ask(&laptop, "/devices", NULL);
    if (code == 0 && !laptop_is_told(&laptop)) {
        code = show_devices(&laptop);
    }
    laptop_close(&laptop);
    return code;
}

int code_command(int argc, char **argv)
{
    const char *role = command_option(argc, argv, "--role");
    const char *desk = command_option(argc, argv, "--desk");
    if (role == NULL) {
        return COMMAND_USAGE;
    }
    struct json *wish = json_new_object();
    json_set_text(wish, "role", role);
    if (desk != NULL) {
        json_set_text(wish, "desk", desk);
    }
    return code_of(argc, argv, "codes", wish, true);
}

int service_code_command(int argc, char **argv)
{
    return code_of(argc, argv, "service-codes", json_new_object(), false);
}

int revoke_command(int argc, char **argv)
{
    struct laptop laptop;
    char path[COMMAND_PATH_BYTES];
    const char *device = laptop_word(argc, argv, 0);
    if (device == NULL) {
        return COMMAND_USAGE;
    }
    if (!laptop_has(argc, argv, "--yes") && !is_sure(device)) {
        return LAPTOP_REFUSED;
    }
    device_path(device, "revoke", path);
    int code = laptop_open(&laptop, argc, argv);
    code = code != 0 ? code : laptop_ask(&laptop, path, json_new_object());
    if (code == 0 && !laptop_is_told(&laptop)) {
        printf("%s is revoked: the hub lets it in no more. To use it again, give it a new code.\n",
               device);
    }
    laptop_close(&laptop);
    return code;
}

int log_command(int argc, char **argv)
{
    struct laptop laptop;
    char path[COMMAND_PATH_BYTES];
    int64_t wait_s = LOG_WAIT_S;
    const char *device = laptop_word(argc, argv, 0);
    const char *wait = command_option(argc, argv, "--wait");
    if (device == NULL || (wait != NULL && text_to_int64(wait, 0, LOG_WAIT_S_MAX, &wait_s) != OK)) {
        return COMMAND_USAGE;
    }
    int code = laptop_open(&laptop, argc, argv);
    if (code == 0 && !laptop_has(argc, argv, "--last")) {
        device_path(device, "log-requests", path);
        code = laptop_ask(&laptop, path, json_new_object());
        device_path(device, "log", path);
        code = code != 0 ? code : wait_for_log(&laptop, path, wait_s);
    } else if (code == 0) {
        device_path(device, "log", path);
        code = laptop_ask(&laptop, path, NULL);
    }
    if (code == 0 && !laptop_is_told(&laptop)) {
        printf("%s", or_dash(json_get_text(laptop.body, "log")));
    }
    laptop_close(&laptop);
    return code;
}

int staff_command(int argc, char **argv)
{
    const char *id = command_option(argc, argv, "--id");
    const char *name = command_option(argc, argv, "--name");
    if (id == NULL || name == NULL) {
        return COMMAND_USAGE;
    }
    struct laptop laptop;
    struct json *wish = json_new_object();
    json_set_text(wish, "id", id);
    json_set_text(wish, "name", name);
    int code = laptop_open(&laptop, argc, argv);
    if (code == 0) {
        code = laptop_ask(&laptop, "/staff", wish);
    } else {
        json_free(wish);
    }
    if (code == 0 && !laptop_is_told(&laptop)) {
        printf("%s may sit behind a counter. The PIN, told once: %s\n", id,
               or_dash(json_get_text(laptop.body, "pin")));
    }
    laptop_close(&laptop);
    return code;
}

static int show_devices(const struct laptop *laptop)
{
    static const char *const heads[] = {"DEVICE",  "ROLE",   "STATE", "SEEN",
                                        "VERSION", "UPDATE", "PAPER", "NEEDS"};
    const struct json *list = json_get(laptop->body, "devices");
    const struct clock clock = clock_system();
    struct table table;
    size_t up_count = 0;
    size_t needy_count = 0;
    table_open(&table, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_len(list); i++) {
        const struct json *device = json_at(list, i);
        char needs[TABLE_CELL_BYTES];
        table_row(&table);
        add_device(&table, device, clock_now_ms(&clock));
        up_count += is_true(device, "is_up") ? 1 : 0;
        needy_count += needs_cell(device, needs, sizeof needs) ? 1 : 0;
    }
    table_close(&table);
    printf("%zu devices, %zu up, %zu in need of somebody\n", json_len(list), up_count, needy_count);
    return 0;
}

static void add_device(struct table *table, const struct json *device, int64_t now_ms)
{
    char words[TABLE_CELL_BYTES];
    const char *desk = json_get_text(device, "desk");
    table_cell(table, 0, "%s", or_dash(json_get_text(device, "id")));
    table_cell(table, 1, "%s%s%s", or_dash(json_get_text(device, "role")), desk == NULL ? "" : " ",
               desk == NULL ? "" : desk);
    state_cell(device, words, sizeof words);
    table_cell(table, 2, "%s", words);
    table_time(json_get_text(device, "last_seen_at"), now_ms, words);
    table_cell(table, 3, "%s", words);
    table_cell(table, 4, "%s", or_dash(json_get_text(device, "version")));
    update_cell(device, words, sizeof words);
    table_cell(table, 5, "%s", words);
    const char *printer = part(device, "printer");
    const bool has_paper =
        text_equal(printer, "low") || text_equal(printer, "out") || text_equal(printer, "ok");
    table_cell(table, 6, "%s", has_paper ? printer : is_true(device, "paper_low") ? "low" : "-");
    (void)needs_cell(device, words, sizeof words); // the count is made beside
    table_cell(table, 7, "%s", words);
}

static void state_cell(const struct json *device, char *out, size_t out_bytes)
{
    const char *state = is_true(device, "is_revoked")                            ? "revoked"
                        : is_true(device, "is_up") && is_true(device, "is_busy") ? "up, busy"
                        : is_true(device, "is_up")                               ? "up"
                        : json_get_text(device, "last_seen_at") == NULL          ? "never seen"
                                                                                 : "down";
    text_copy_cut(out, out_bytes, state);
}

static void update_cell(const struct json *device, char *out, size_t out_bytes)
{
    const struct json *update = json_get(device, "update");
    const char *state = json_get_text(update, "state");
    const char *version = json_get_text(update, "version");
    struct text text;
    text_init(&text, out, out_bytes);
    if (state == NULL || text_equal(state, "none")) {
        text_add(&text, "-");
    } else if (text_equal(state, "fell_back")) {
        text_format(&text, "fell back from %s", or_dash(version));
    } else if (text_equal(state, "blessed")) {
        text_add(&text, "done");
    } else {
        text_format(&text, "%s %s", state, or_dash(version));
    }
}

// What somebody must do something about, in words; false: nothing.
static bool needs_cell(const struct json *device, char *out, size_t out_bytes)
{
    static const char *const parts[] = {"scanner", "card", "printer"};
    struct text text;
    text_init(&text, out, out_bytes);
    const bool is_up = is_true(device, "is_up");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *state = part(device, parts[i]);
        if (text_equal(state, "fault") || text_equal(state, "missing")) {
            text_format(&text, "%s%s %s", text.len == 0 ? "" : "; ", parts[i], state);
        } else if (text_equal(state, "out")) {
            text_format(&text, "%sno paper", text.len == 0 ? "" : "; ");
        }
    }
    if (is_up && json_get_text(device, "board") != NULL && !is_true(device, "is_drawn")) {
        text_format(&text, "%sdraws nothing", text.len == 0 ? "" : "; ");
    }
    const struct json *update = json_get(device, "update");
    const char *reason = json_get_text(update, "reason");
    if (reason != NULL) {
        text_format(&text, "%s%s", text.len == 0 ? "" : "; ", reason);
    }
    const size_t refused = json_len(json_get(device, "usb_refused"));
    if (refused > 0) {
        text_format(&text, "%s%zu USB refused", text.len == 0 ? "" : "; ", refused);
    }
    const bool needs = text.len > 0;
    if (!needs) {
        text_add(&text, "-");
    }
    return needs;
}

static const char *part(const struct json *device, const char *name)
{
    return or_dash(json_get_text(json_get(device, "parts"), name));
}

static const char *or_dash(const char *words)
{
    return words == NULL ? "-" : words;
}

static bool is_true(const struct json *json, const char *name)
{
    bool value = false;
    return json_get_bool(json, name, &value) == OK && value;
}

// Asks for a code of the first word's device and shows it. Takes `wish`.
static int code_of(int argc, char **argv, const char *path_end, struct json *wish, bool has_hub)
{
    struct laptop laptop;
    char path[COMMAND_PATH_BYTES];
    char until[TABLE_CELL_BYTES];
    const char *device = laptop_word(argc, argv, 0);
    if (device == NULL) {
        json_free(wish);
        return COMMAND_USAGE;
    }
    device_path(device, path_end, path);
    int code = laptop_open(&laptop, argc, argv);
    if (code != 0) {
        json_free(wish);
    } else {
        code = laptop_ask(&laptop, path, wish);
    }
    if (code == 0 && !laptop_is_told(&laptop)) {
        const struct clock clock = clock_system();
        laptop_show_code(or_dash(json_get_text(laptop.body, "qr")));
        table_time(json_get_text(laptop.body, "expires_at"), clock_now_ms(&clock), until);
        if (has_hub) {
            printf("code         %s\nfingerprint  %s\n",
                   or_dash(json_get_text(laptop.body, "code")),
                   or_dash(json_get_text(laptop.body, "fingerprint")));
        }
        printf("for %s alone, once, until %s\n", device, until);
    }
    laptop_close(&laptop);
    return code;
}

// A script must say --yes; nobody is asked who cannot answer.
static bool is_sure(const char *device)
{
    char answer[16] = "";
    if (isatty(STDIN_FILENO) != 1) {
        log_error("technician", "revoke: say --yes to mean it");
        return false;
    }
    printf("The hub will let %s in no more. Go on? [y/N] ", device);
    (void)fflush(stdout); // a prompt without an end of line
    return fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

static int wait_for_log(struct laptop *laptop, const char *path, int64_t wait_s)
{
    const struct clock clock = clock_system();
    const int64_t end_ms = clock_monotonic_ms(&clock) + wait_s * 1000;
    for (;;) {
        const int code = laptop_ask_quietly(laptop, path);
        if (code == 0 && !is_true(laptop->body, "is_requested")) {
            return 0;
        }
        if (code == LAPTOP_NO_HUB || clock_monotonic_ms(&clock) >= end_ms) {
            log_error("technician",
                      "the device sent no log within %lld s; it comes with its next "
                      "report: try --last later",
                      (long long)wait_s);
            return LAPTOP_REFUSED;
        }
        const struct timespec pause = {.tv_sec = LOG_EVERY_S};
        (void)nanosleep(&pause, NULL); // woken early: asked early
    }
}

static void device_path(const char *device, const char *end, char path[COMMAND_PATH_BYTES])
{
    (void)snprintf(path, COMMAND_PATH_BYTES, "/devices/%s/%s", device, end);
}
