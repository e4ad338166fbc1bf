// SPDX-License-Identifier: EUPL-1.2
//
// What the agent of a device does next, decided in one pure place: what is known in, one thing to
// do out. No clock, no file, no line to the hub; agent.c gathers, does, and says how it went.
//
// States are those the hub is told (link/api_fleet.h). A new version is on trial from the moment it
// was written until it is blessed: it must have drawn, reached the hub, and found the parts that
// worked before it. When it has not within `trial_ms` the machine starts again; after three such
// starts the boot loader takes the old version, which finds the trial in its memory and says why.
#ifndef INLOOP_APPS_TECHNICIAN_AGENT_STEP_H
#define INLOOP_APPS_TECHNICIAN_AGENT_STEP_H

#include "link/api_fleet.h"

enum {
    AGENT_BOOT_BYTES = 40,           // the kernel's name of this start
    AGENT_ORDERS_MS = 5 * 60 * 1000, // older ones may have been taken back
    AGENT_RETRY_MS = 60 * 60 * 1000, // after a disk that was full, or could not be read
    AGENT_MISMATCHES_MAX = 2,        // a cut may spoil one download; the second is the hub's word
};

// How far a version on trial has come; each includes those before it.
enum agent_stage {
    AGENT_STAGE_NONE,
    AGENT_STAGE_STARTED, // this program ran
    AGENT_STAGE_DRAWN,
    AGENT_STAGE_CONNECTED,
    AGENT_STAGE_PARTS, // all that worked before works
    AGENT_STAGES_COUNT,
};

// What is kept over a restart.
struct agent_memory {
    struct api_update update;           // state, version, reason: as the hub is told
    char sha256[API_SHA256_TEXT_BYTES]; // of the bundle the above is about
    char boot[AGENT_BOOT_BYTES];        // in which the trial was written, or its last try began
    enum agent_stage stage;             // furthest in any try
    unsigned tries;                     // starts of the version on trial that came to this program
    unsigned mismatches;
    bool has_parts;
    enum health_state parts[HEALTH_PARTS_COUNT]; // before the trial
};

struct agent_known {
    const char *version;
    const char *boot;
    int64_t up_ms;    // since the machine started
    int64_t trial_ms; // how long a trial may take
    bool is_counted;  // what runs has a counter in its name
    bool has_slot;    // a slot of memory's version stands there
    bool has_health;
    struct health health;
    bool has_orders;
    struct api_orders orders;
    int64_t orders_age_ms;
    int minute;          // of the day in the hall, by the hub's clock
    uint64_t have_bytes; // of the download
    bool is_checked;     // the download is whole, signed and fits
    bool is_paused;      // something failed that may pass; it is tried again later
};

enum agent_action {
    AGENT_REST,
    AGENT_DROP,    // what was downloaded is of no use
    AGENT_FETCH,   // from have_bytes on
    AGENT_CHECK,   // hash, signatures, whether it fits
    AGENT_INSTALL, // write the slot
    AGENT_REBOOT,
    AGENT_BLESS,
    AGENT_FORGET, // remove the slot of memory's version: it has failed
    AGENT_ACTIONS_COUNT,
};
const char *agent_action_name(enum agent_action action);

// Decides, and moves `memory` along; when that changed it is kept before the action is done. The
// same again when nothing has happened.
enum agent_action agent_step(const struct agent_known *known, struct agent_memory *memory);

// How an action went. `err` other than OK: `why` for a technician; ERR_DUPLICATE: the download is
// not what the hub said it was, and is gone. True: it may pass, and is worth another try later.
bool agent_did(struct agent_memory *memory, enum agent_action action, enum err err,
               const char *why);

// Within [from, to) over midnight; the same hour twice: always. Both "HH:MM".
bool agent_is_in_window(const char *from, const char *to, int minute);

#endif
