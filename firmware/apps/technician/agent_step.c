// SPDX-License-Identifier: EUPL-1.2
//
// The decision, from the strongest fact down: what runs against what memory says was tried, then
// the trial, then the hub's orders.
#include "apps/technician/agent_step.h"

#include "base/text.h"
#include "update/bundle.h"

#include <string.h>

static void go_on(struct agent_memory *memory, enum agent_action action);
static void begin_try(const struct agent_known *known, struct agent_memory *memory);
static enum agent_action step_trial(const struct agent_known *known, struct agent_memory *memory);
static enum agent_stage stage_now(const struct agent_known *known,
                                  const struct agent_memory *memory);
static int lost_part(const struct agent_known *known, const struct agent_memory *memory);
static void say_stage(const struct agent_known *known, struct agent_memory *memory,
                      enum agent_stage stage);
static void say_cut(struct agent_memory *memory);
static enum agent_action step_old(const struct agent_known *known, struct agent_memory *memory);
static enum agent_action step_orders(const struct agent_known *known, struct agent_memory *memory);
static bool is_settled(const struct agent_known *known, const struct agent_memory *memory);
static void take_order(const struct agent_known *known, struct agent_memory *memory);
static enum agent_action step_file(const struct agent_known *known, struct agent_memory *memory);
static bool may_install(const struct agent_known *known);
static void refuse(struct agent_memory *memory, const char *why);
static int minute_of(const char *clock);

const char *agent_action_name(enum agent_action action)
{
    static const char *const names[AGENT_ACTIONS_COUNT] = {"rest",    "drop",   "fetch", "check",
                                                           "install", "reboot", "bless", "forget"};
    CHECK(action < AGENT_ACTIONS_COUNT);
    return names[action];
}

enum agent_action agent_step(const struct agent_known *known, struct agent_memory *memory)
{
    CHECK(bundle_version_is(known->version));

    if (known->is_counted) {
        begin_try(known, memory);
        return step_trial(known, memory);
    }
    if (memory->update.state == API_UPDATE_TRYING ||
        memory->update.state == API_UPDATE_INSTALLING) {
        return step_old(known, memory);
    }
    if (memory->update.state == API_UPDATE_FELL_BACK && known->has_slot && !known->is_paused) {
        return AGENT_FORGET; // it would be started again
    }
    return step_orders(known, memory);
}

bool agent_did(struct agent_memory *memory, enum agent_action action, enum err err, const char *why)
{
    bool is_of_order = action == AGENT_FETCH || action == AGENT_CHECK || action == AGENT_INSTALL;
    bool may_pass = err == ERR_FULL || err == ERR_IO || err == ERR_UNAVAILABLE ||
                    err == ERR_TIMEOUT || err == ERR_UNKNOWN;
    if (err == OK) {
        go_on(memory, action);
        return false;
    }
    if (err == ERR_DUPLICATE) {
        memory->mismatches += 1;
        if (memory->mismatches < AGENT_MISMATCHES_MAX) {
            return false; // once more, from the beginning
        }
    }
    if (is_of_order && may_pass) {
        // What boots was not touched.
        memory->update.state =
            action == AGENT_INSTALL ? API_UPDATE_WAITING : API_UPDATE_DOWNLOADING;
        text_copy_cut(memory->update.reason, sizeof memory->update.reason, why);
    } else if (is_of_order) {
        refuse(memory, why);
    }
    return may_pass;
}

bool agent_is_in_window(const char *from, const char *to, int minute)
{
    int begin = minute_of(from);
    int end = minute_of(to);
    if (begin == end) {
        return true;
    }
    return begin < end ? minute >= begin && minute < end : minute >= begin || minute < end;
}

// A counter in the name of what runs is a trial even when nothing remembers one: the data partition
// may be new.
static void begin_try(const struct agent_known *known, struct agent_memory *memory)
{
    if (!text_equal(memory->update.version, known->version)) {
        *memory = (struct agent_memory){0};
        text_copy_cut(memory->update.version, sizeof memory->update.version, known->version);
    }
    if (memory->update.state != API_UPDATE_TRYING || !text_equal(memory->boot, known->boot)) {
        memory->update.state = API_UPDATE_TRYING;
        text_copy_cut(memory->boot, sizeof memory->boot, known->boot);
        memory->tries += 1;
    }
}

static void go_on(struct agent_memory *memory, enum agent_action action)
{
    if (action == AGENT_FETCH) {
        memory->update.reason[0] = '\0';
    } else if (action == AGENT_CHECK) {
        memory->update.state = API_UPDATE_WAITING;
    } else if (action == AGENT_INSTALL) {
        memory->update.state = API_UPDATE_TRYING;
    } else if (action == AGENT_BLESS) {
        memory->update.state = API_UPDATE_BLESSED;
        memory->update.reason[0] = '\0';
    }
}

static enum agent_action step_trial(const struct agent_known *known, struct agent_memory *memory)
{
    enum agent_stage stage = stage_now(known, memory);
    if (stage > memory->stage) {
        memory->stage = stage;
    }
    if (stage == AGENT_STAGE_PARTS && !known->is_paused) {
        return AGENT_BLESS;
    }
    if (known->up_ms < known->trial_ms) {
        return AGENT_REST;
    }
    say_stage(known, memory, stage);
    return AGENT_REBOOT;
}

static enum agent_stage stage_now(const struct agent_known *known,
                                  const struct agent_memory *memory)
{
    if (!known->has_health || !known->health.is_drawn) {
        return AGENT_STAGE_STARTED;
    }
    if (!known->health.is_connected || !known->has_orders) {
        return AGENT_STAGE_DRAWN; // the program that serves, and this one
    }
    return lost_part(known, memory) >= 0 ? AGENT_STAGE_CONNECTED : AGENT_STAGE_PARTS;
}

// A part that worked before the trial and does not now; -1: none.
static int lost_part(const struct agent_known *known, const struct agent_memory *memory)
{
    for (int i = 0; memory->has_parts && i < HEALTH_PARTS_COUNT; i++) {
        enum health_state before = memory->parts[i];
        enum health_state now = known->health.parts[i];
        bool worked = before == HEALTH_OK || before == HEALTH_LOW || before == HEALTH_OUT;
        bool works = now == HEALTH_OK || now == HEALTH_LOW || now == HEALTH_OUT;
        if (worked && !works) {
            return i;
        }
    }
    return -1;
}

static void say_stage(const struct agent_known *known, struct agent_memory *memory,
                      enum agent_stage stage)
{
    static const char *const reasons[AGENT_STAGES_COUNT] = {
        [AGENT_STAGE_STARTED] = "started, but drew nothing",
        [AGENT_STAGE_DRAWN] = "drew, but did not reach the hub",
        [AGENT_STAGE_PARTS] = "worked, but could not be kept",
    };
    int part = stage == AGENT_STAGE_CONNECTED ? lost_part(known, memory) : -1;
    if (part < 0) {
        text_copy_cut(memory->update.reason, sizeof memory->update.reason, reasons[stage]);
        return;
    }
    struct text text;
    text_init(&text, memory->update.reason, sizeof memory->update.reason);
    text_format(&text, "%s is %s since", health_part_name((enum health_part)part),
                known->health.parts[part] == HEALTH_FAULT ? "at fault" : "missing");
}

// Memory speaks of a version that was written, and what runs is not on trial.
static enum agent_action step_old(const struct agent_known *known, struct agent_memory *memory)
{
    if (text_equal(memory->update.version, known->version)) {
        // It lost its counter, and then the power before that was noted.
        go_on(memory, AGENT_BLESS);
        return AGENT_REST;
    }
    bool is_same_boot = text_equal(memory->boot, known->boot);
    if (is_same_boot && memory->update.state == API_UPDATE_TRYING) {
        return AGENT_REBOOT; // written, and not started yet
    }
    if (memory->update.state == API_UPDATE_INSTALLING && (is_same_boot || !known->has_slot)) {
        memory->update.state = API_UPDATE_WAITING; // broken off in the middle: once more
        return AGENT_REST;
    }
    if (memory->update.reason[0] == '\0') {
        say_cut(memory); // no try came to the end of its time
    }
    memory->update.state = API_UPDATE_FELL_BACK;
    return known->has_slot ? AGENT_FORGET : AGENT_REST;
}

// Of a version whose tries all ended before they could say why.
static void say_cut(struct agent_memory *memory)
{
    static const char *const reasons[AGENT_STAGES_COUNT] = {
        [AGENT_STAGE_NONE] = "never started",
        [AGENT_STAGE_STARTED] = "started, then stopped before it drew anything",
        [AGENT_STAGE_DRAWN] = "drew, then stopped before it reached the hub",
        [AGENT_STAGE_CONNECTED] = "reached the hub, then stopped",
        [AGENT_STAGE_PARTS] = "worked, then stopped before it was kept",
    };
    text_copy_cut(memory->update.reason, sizeof memory->update.reason, reasons[memory->stage]);
}

static enum agent_action step_orders(const struct agent_known *known, struct agent_memory *memory)
{
    if (!known->has_orders || known->orders_age_ms > AGENT_ORDERS_MS) {
        return AGENT_REST; // a hub that is silent may have taken its orders back
    }
    if (!known->orders.has_run || text_equal(known->orders.run.version, known->version)) {
        if (memory->update.state == API_UPDATE_DOWNLOADING ||
            memory->update.state == API_UPDATE_WAITING) {
            memory->update = (struct api_update){.state = API_UPDATE_NONE};
            memory->sha256[0] = '\0';
        }
        return known->have_bytes > 0 ? AGENT_DROP : AGENT_REST;
    }
    if (is_settled(known, memory)) {
        return known->have_bytes > 0 ? AGENT_DROP : AGENT_REST;
    }
    if (!text_equal(memory->sha256, known->orders.run.sha256)) {
        take_order(known, memory);
        if (memory->update.state == API_UPDATE_REFUSED || known->have_bytes > 0) {
            return known->have_bytes > 0 ? AGENT_DROP : AGENT_REST;
        }
    }
    return known->is_paused ? AGENT_REST : step_file(known, memory);
}

// These very bytes were refused, or have failed: the same again would end the same.
static bool is_settled(const struct agent_known *known, const struct agent_memory *memory)
{
    return (memory->update.state == API_UPDATE_REFUSED ||
            memory->update.state == API_UPDATE_FELL_BACK) &&
           text_equal(memory->sha256, known->orders.run.sha256);
}

static void take_order(const struct agent_known *known, struct agent_memory *memory)
{
    memory->update = (struct api_update){.state = API_UPDATE_DOWNLOADING};
    text_copy_cut(memory->update.version, sizeof memory->update.version, known->orders.run.version);
    text_copy_cut(memory->sha256, sizeof memory->sha256, known->orders.run.sha256);
    memory->mismatches = 0;
    if (!bundle_version_is(known->orders.run.version)) {
        memory->update.version[0] = '\0'; // not a word to pass on
        refuse(memory, "the hub names no version");
    } else if (bundle_version_compare(known->orders.run.version, known->version) <= 0) {
        refuse(memory, "older than what runs here");
    }
}

static enum agent_action step_file(const struct agent_known *known, struct agent_memory *memory)
{
    if (known->have_bytes > known->orders.run.bytes) {
        return AGENT_DROP;
    }
    if (known->have_bytes < known->orders.run.bytes) {
        memory->update.state = API_UPDATE_DOWNLOADING;
        return AGENT_FETCH;
    }
    if (!known->is_checked) {
        return AGENT_CHECK;
    }
    memory->update.state = API_UPDATE_WAITING;
    if (!may_install(known)) {
        return AGENT_REST;
    }
    memory->update.state = API_UPDATE_INSTALLING;
    memory->update.reason[0] = '\0';
    memory->stage = AGENT_STAGE_NONE;
    memory->tries = 0;
    text_copy_cut(memory->boot, sizeof memory->boot, known->boot);
    memory->has_parts = known->has_health;
    memcpy(memory->parts, known->health.parts, sizeof memory->parts);
    return AGENT_INSTALL;
}

// Without a word of the program that serves nobody is being served.
static bool may_install(const struct agent_known *known)
{
    bool is_busy = known->has_health && known->health.is_busy;
    return !is_busy &&
           agent_is_in_window(known->orders.run.from, known->orders.run.to, known->minute);
}

static void refuse(struct agent_memory *memory, const char *why)
{
    memory->update.state = API_UPDATE_REFUSED;
    text_copy_cut(memory->update.reason, sizeof memory->update.reason, why);
}

static int minute_of(const char *clock)
{
    CHECK(api_clock_is(clock));
    return ((clock[0] - '0') * 10 + (clock[1] - '0')) * 60 + (clock[3] - '0') * 10 + clock[4] - '0';
}
