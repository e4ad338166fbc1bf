// SPDX-License-Identifier: EUPL-1.2
//
// What the files of the agent share: agent.c (its loop: gathers, decides, keeps), agent_work.c
// (does what was decided), agent_report.c (what the hub is told). For those only.
#ifndef INLOOP_APPS_TECHNICIAN_AGENT_PARTS_H
#define INLOOP_APPS_TECHNICIAN_AGENT_PARTS_H

#include "apps/technician/agent_line.h"
#include "apps/technician/agent_machine.h"
#include "apps/technician/agent_step.h"
#include "apps/technician/agent_usb.h"
#include "apps/technician/command.h"
#include "base/clock.h"
#include "update/bundle.h"

#include <sys/stat.h>

struct agent_paths {
    char image[COMMAND_PATH_BYTES]; // image.conf
    char keys[COMMAND_PATH_BYTES];  // whose bundles are believed
    char esp[COMMAND_PATH_BYTES];
    char memory[COMMAND_PATH_BYTES];
    char bundle[COMMAND_PATH_BYTES]; // the download
    char update[COMMAND_PATH_BYTES]; // for the technician's screen
    char usb[COMMAND_PATH_BYTES];
    char logs[COMMAND_PATH_BYTES]; // a folder
    char health[COMMAND_PATH_BYTES];
    char sysfs[COMMAND_PATH_BYTES]; // ""; not asked
};

struct agent {
    const char *config_path;
    struct stat config_facts; // of the file that was read
    struct config config;
    struct agent_paths paths;
    char version[BUNDLE_VERSION_BYTES]; // what runs
    char board[BUNDLE_BOARD_BYTES];
    int64_t report_ms; // how often
    int64_t trial_ms;
    struct clock clock;
    struct loop *loop;
    struct loop_timer *tick;
    struct agent_machine machine;
    struct agent_line *line; // NULL: not enrolled
    struct agent_usb usb;
    struct agent_memory memory;
    struct agent_memory kept; // as it is on the disk
    bool has_orders;
    struct api_orders orders;
    int64_t orders_ms; // monotonic
    bool is_silent;    // and said so in the log
    bool is_checked;
    struct bundle bundle; // when checked
    int64_t paused_until_ms;
    int64_t restart_ms; // the machine starts again then; 0: it does not
    int64_t report_next_ms;
    uint32_t told; // what a change of is reported at once
    bool is_over;  // ends with it
};

// --- agent_report.c
// Fills `report` with what is known of this machine now.
void agent_report_fill(struct agent *agent, const struct agent_known *known,
                       struct api_report *report);
// Sends one when it is time, or when something changed.
void agent_report_when_due(struct agent *agent, const struct agent_known *known);

// --- agent_work.c
void agent_work(struct agent *agent, enum agent_action action);
// How an action went; memory moves along and the next try waits when that may help.
void agent_went(struct agent *agent, enum agent_action action, enum err err, const char *why);
int64_t agent_now_ms(const struct agent *agent); // monotonic

#endif
