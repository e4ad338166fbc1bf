// SPDX-License-Identifier: EUPL-1.2
//
// The agent of a device: looks after updates, USB and logs, and tells the hub how the machine does.
// One loop that ticks: gather what is known, let agent_step decide, keep the memory, do the one
// thing. It is respawned, and may stop anywhere.
#include "apps/technician/agent_log.h"
#include "apps/technician/agent_memory.h"
#include "apps/technician/agent_parts.h"
#include "base/log.h"
#include "base/text.h"
#include "update/slots.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    TICK_MS = 1000,
    REPORT_S_DEFAULT = 60,
    TRIAL_S_DEFAULT = 120,
    SECONDS_MAX = 24 * 60 * 60,
    DAY_MINUTES = 24 * 60,
};

static enum err agent_open(struct agent *agent, struct fault *fault);
static enum err read_config(struct agent *agent, struct fault *fault);
static enum err read_own_file(struct agent *agent, struct fault *fault);
static void take_paths(struct agent *agent);
static void take_path(char path[COMMAND_PATH_BYTES], const struct config *config, const char *key,
                      const char *fallback);
static void take_below(char path[COMMAND_PATH_BYTES], const char *folder, const char *name);
static enum err read_image(struct agent *agent, struct fault *fault);
static enum err open_machine(struct agent *agent, struct fault *fault);
static void read_memory(struct agent *agent);
static void open_line(struct agent *agent);
static void agent_close(struct agent *agent);
static void on_orders(void *ctx, const struct api_orders *orders);
static void on_silent(void *ctx, const char *why);
static void on_fetched(void *ctx, enum err err, const char *why);
static void on_end(void *ctx);
static void on_tick(void *ctx);
static void gather(struct agent *agent, struct agent_known *known);
static void gather_slots(struct agent *agent, struct agent_known *known);
static bool keep_memory(struct agent *agent);
static bool has_new_config(const struct agent *agent);
static void send_log(struct agent *agent);

int agent_command(int argc, char **argv)
{
    static struct agent agent;
    struct fault fault = {0};
    agent.config_path = command_option(argc, argv, "--config");
    if (agent.config_path == NULL) {
        return COMMAND_USAGE;
    }
    // Again with each new configuration: a device is enrolled while its agent runs.
    while (!agent.is_over) {
        enum err err = agent_open(&agent, &fault);
        if (err != OK) {
            log_error("agent", "%s", fault.text);
            return EXIT_FAILURE;
        }
        loop_run(agent.loop);
        agent_close(&agent);
    }
    return EXIT_SUCCESS;
}

static enum err agent_open(struct agent *agent, struct fault *fault)
{
    const char *path = agent->config_path;
    *agent = (struct agent){.config_path = path, .clock = clock_system()};
    enum err err = read_config(agent, fault);
    err = err == OK ? read_image(agent, fault) : err;
    err = err == OK ? open_machine(agent, fault) : err;
    if (err != OK) {
        return err;
    }
    read_memory(agent);
    agent->loop = loop_new();
    loop_on_signal(agent->loop, SIGTERM, on_end, agent);
    agent->tick = loop_timer_new(agent->loop, on_tick, agent);
    loop_timer_start(agent->tick, 0);
    open_line(agent);
    agent_usb_open(&agent->usb, agent->loop, &agent->config, agent->paths.sysfs, agent->paths.usb);
    (void)agent_usb_walk(&agent->usb, clock_now_ms(&agent->clock)); // each it lets in is logged
    return OK;
}

static enum err read_config(struct agent *agent, struct fault *fault)
{
    enum err err = read_own_file(agent, fault);
    if (err != OK) {
        return err;
    }
    int64_t report_s = REPORT_S_DEFAULT;
    int64_t trial_s = TRIAL_S_DEFAULT;
    if (config_get_int(&agent->config, "update.report_s", 1, SECONDS_MAX, &report_s) ==
            ERR_MALFORMED ||
        config_get_int(&agent->config, "update.trial_s", 1, SECONDS_MAX, &trial_s) ==
            ERR_MALFORMED) {
        return fault_set(fault, ERR_MALFORMED, "update.report_s or update.trial_s: not seconds");
    }
    agent->report_ms = report_s * 1000;
    agent->trial_ms = trial_s * 1000;
    // The window is of the hall's own clock.
    const char *zone = config_get(&agent->config, "timezone", NULL);
    if (zone != NULL) {
        CHECK(setenv("TZ", zone, 1) == 0);
    }
    take_paths(agent);
    return OK;
}

// It says whose bundles are believed and what USB lets in, and lies in a folder that others may
// write to: only a file of the agent's own user counts, the very one that was looked at.
static enum err read_own_file(struct agent *agent, struct fault *fault)
{
    char path[40];
    struct text text;
    int fd = open(agent->config_path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &agent->config_facts) != 0) {
        return fault_set(fault, ERR_NOT_FOUND, "%s: cannot be opened", agent->config_path);
    }
    text_init(&text, path, sizeof path);
    text_format(&text, "/proc/self/fd/%d", fd);
    bool is_own = agent->config_facts.st_uid == geteuid() &&
                  (agent->config_facts.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    enum err err = is_own ? config_read_file(&agent->config, path, fault)
                          : fault_set(fault, ERR_REFUSED, "%s: others may have written it",
                                      agent->config_path);
    (void)close(fd); // only read from
    return err;
}

static void take_paths(struct agent *agent)
{
    struct agent_paths *paths = &agent->paths;
    const struct config *config = &agent->config;
    char run[COMMAND_PATH_BYTES];
    char data[COMMAND_PATH_BYTES];
    take_path(run, config, "run.dir", "/run/inloop");
    take_path(data, config, "update.dir", "/data/update");
    (void)mkdir(data, 0700); // there already is fine; writing tells
    take_path(paths->image, config, "image.file", "/etc/inloop/image.conf");
    take_path(paths->keys, config, "update.keys", "/etc/inloop/update.pem");
    take_path(paths->esp, config, "update.esp", "/esp");
    take_path(paths->sysfs, config, "usb.sysfs", "/sys/bus/usb/devices");
    take_below(paths->memory, data, "state.conf");
    take_below(paths->bundle, data, "next.bundle");
    take_below(paths->update, run, "update");
    take_below(paths->usb, run, "usb");
    take_below(paths->logs, run, "log");
    take_below(paths->health, run, "health");
    take_path(paths->health, config, "health.file", paths->health);
}

static void take_path(char path[COMMAND_PATH_BYTES], const struct config *config, const char *key,
                      const char *fallback)
{
    const char *value = config_get(config, key, fallback);
    if (value != path) {
        text_copy_cut(path, COMMAND_PATH_BYTES, value);
    }
}

static void take_below(char path[COMMAND_PATH_BYTES], const char *folder, const char *name)
{
    struct text text;
    text_init(&text, path, COMMAND_PATH_BYTES);
    text_format(&text, "%s/%s", folder, name);
}

static enum err read_image(struct agent *agent, struct fault *fault)
{
    struct config *image = calloc(1, sizeof *image);
    CHECK(image != NULL);
    enum err err = config_read_file(image, agent->paths.image, fault);
    if (err == OK) {
        const char *version = config_get(image, "version", "");
        const char *board = config_get(image, "board", "");
        if (!bundle_version_is(version) || !bundle_word_is(board) ||
            text_copy(agent->version, sizeof agent->version, version) != OK ||
            text_copy(agent->board, sizeof agent->board, board) != OK) {
            err = fault_set(fault, ERR_MALFORMED, "%s: no version or no board", agent->paths.image);
        }
    }
    free(image);
    return err;
}

static enum err open_machine(struct agent *agent, struct fault *fault)
{
#ifdef INLOOP_DESK
    if (config_get(&agent->config, "machine.boot", NULL) != NULL) {
        agent_machine_desk(&agent->machine, &agent->config, agent->paths.esp);
        return OK;
    }
#endif
    return agent_machine_real(&agent->machine, agent->paths.esp, fault);
}

static void read_memory(struct agent *agent)
{
    struct fault fault = {0};
    enum err err = agent_memory_read(&agent->memory, agent->paths.memory, &fault);
    if (err != OK && err != ERR_NOT_FOUND) {
        log_error("agent", "%s", fault.text);
    }
    agent->kept = agent->memory;
    if (agent_update_write(&agent->memory.update, agent->paths.update, &fault) != OK) {
        log_error("agent", "%s", fault.text);
    }
}

static void open_line(struct agent *agent)
{
    const struct agent_line_events events = {
        .orders = on_orders, .silent = on_silent, .fetched = on_fetched, .ctx = agent};
    struct fault fault = {0};
    if (agent_line_open(&agent->line, agent->loop, &agent->config, &events, &fault) != OK) {
        agent->line = NULL;
        log_info("agent", "not enrolled: %s", fault.text);
    }
}

static void agent_close(struct agent *agent)
{
    agent_usb_close(&agent->usb);
    agent_line_close(agent->line);
    loop_timer_free(agent->tick);
    loop_free(agent->loop);
}

static void on_orders(void *ctx, const struct api_orders *orders)
{
    struct agent *agent = ctx;
    agent->has_orders = true;
    agent->orders = *orders;
    agent->orders_ms = agent_now_ms(agent);
    if (agent->is_silent) {
        agent->is_silent = false;
        log_info("agent", "the hub answers again");
    }
    if (orders->wants_log) {
        send_log(agent);
    }
    loop_timer_start(agent->tick, 0);
}

static void on_silent(void *ctx, const char *why)
{
    struct agent *agent = ctx;
    if (!agent->is_silent) {
        agent->is_silent = true;
        log_warn("agent", "%s", why);
    }
}

static void on_fetched(void *ctx, enum err err, const char *why)
{
    struct agent *agent = ctx;
    agent_went(agent, AGENT_FETCH, err, why);
}

static void on_end(void *ctx)
{
    struct agent *agent = ctx;
    agent->is_over = true;
    loop_stop(agent->loop);
}

static void on_tick(void *ctx)
{
    struct agent *agent = ctx;
    static struct agent_known known;
    loop_timer_start(agent->tick, TICK_MS);
    if (has_new_config(agent)) {
        loop_stop(agent->loop);
        return;
    }
    agent_log_keep_short(agent->paths.logs);
    gather(agent, &known);
    enum agent_action action = agent_step(&known, &agent->memory);
    // What is not on the disk would not be known after the restart that this may lead to.
    if (keep_memory(agent)) {
        agent_work(agent, action);
        (void)keep_memory(agent); // the next tick tries again
    }
    agent_report_when_due(agent, &known);
}

static void gather(struct agent *agent, struct agent_known *known)
{
    struct fault fault = {0};
    int64_t now_ms = agent_now_ms(agent);
    *known = (struct agent_known){.version = agent->version,
                                  .boot = agent->machine.boot,
                                  .up_ms = agent->machine.up_ms(agent->machine.ctx),
                                  .trial_ms = agent->trial_ms,
                                  .has_orders = agent->has_orders,
                                  .orders = agent->orders,
                                  .orders_age_ms = now_ms - agent->orders_ms,
                                  .is_checked = agent->is_checked,
                                  .is_paused = now_ms < agent->paused_until_ms};
    known->has_health = health_read(agent->paths.health, &known->health, &fault) == OK;
    // The hub's clock: this machine's own may not have been set yet.
    struct clock_local local = clock_local(agent->orders.now_ms + known->orders_age_ms);
    known->minute = (local.hour * 60 + local.minute) % DAY_MINUTES;
    struct stat facts;
    known->have_bytes =
        stat(agent->paths.bundle, &facts) == 0 ? (uint64_t)facts.st_size : (uint64_t)0;
    gather_slots(agent, known);
}

static void gather_slots(struct agent *agent, struct agent_known *known)
{
    struct slots slots;
    struct fault fault = {0};
    if (slots_read(&slots, agent->paths.esp, &fault) != OK) {
        return; // none is on trial then, and none is forgotten
    }
    const struct slot *running = slots_find(&slots, agent->version);
    const char *remembered = agent->memory.update.version;
    const struct slot *slot = remembered[0] == '\0' ? NULL : slots_find(&slots, remembered);
    known->is_counted = running != NULL && running->is_counted;
    known->has_slot = slot != NULL && slot->is_counted && !text_equal(remembered, agent->version);
}

static bool keep_memory(struct agent *agent)
{
    struct fault fault = {0};
    if (agent_memory_equal(&agent->memory, &agent->kept)) {
        return true;
    }
    if (agent_memory_write(&agent->memory, agent->paths.memory, &fault) != OK) {
        log_error("agent", "%s", fault.text);
        return false;
    }
    agent->kept = agent->memory;
    if (agent_update_write(&agent->memory.update, agent->paths.update, &fault) != OK) {
        log_error("agent", "%s", fault.text);
    }
    return true;
}

static bool has_new_config(const struct agent *agent)
{
    struct stat facts;
    return stat(agent->config_path, &facts) == 0 &&
           (facts.st_ino != agent->config_facts.st_ino ||
            facts.st_mtim.tv_sec != agent->config_facts.st_mtim.tv_sec ||
            facts.st_mtim.tv_nsec != agent->config_facts.st_mtim.tv_nsec);
}

static void send_log(struct agent *agent)
{
    static char log[API_LOG_BYTES_MAX];
    agent_log_collect(agent->paths.logs, log, sizeof log);
    agent_line_log(agent->line, log);
}
