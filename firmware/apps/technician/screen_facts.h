// SPDX-License-Identifier: EUPL-1.2
//
// Who this device is and how it does, as the files and the kernel tell it. Reads only; talks to
// nobody. Everything read is bounded, and what is missing stays empty.
#ifndef INLOOP_APPS_TECHNICIAN_SCREEN_FACTS_H
#define INLOOP_APPS_TECHNICIAN_SCREEN_FACTS_H

#include "base/config.h"
#include "base/health.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FACTS_WORD_BYTES = 64,
    FACTS_URL_BYTES = 256,
    FACTS_ADDRESS_BYTES = 46, // INET6_ADDRSTRLEN
    FACTS_REASON_BYTES = 200,
    FACTS_LINE_BYTES = 160,
    FACTS_ERRORS_MAX = 4,
    FACTS_REFUSED_MAX = 4,
    FACTS_CODE_BYTES = 512,
};

struct facts {
    char board[FACTS_WORD_BYTES];
    char version[FACTS_WORD_BYTES];
    char serial[FACTS_WORD_BYTES]; // the maker's, else the first eight of the machine's own id
    char device[FACTS_WORD_BYTES]; // its name; empty: not enrolled
    char role[FACTS_WORD_BYTES];
    char location[FACTS_WORD_BYTES];
    char town[FACTS_WORD_BYTES];
    bool is_enrolled;
    char hub_url[FACTS_URL_BYTES];
    char hub_fingerprint[FACTS_WORD_BYTES + 1];
    char interface[FACTS_WORD_BYTES]; // the one with a link, else the first
    bool has_link;
    char address[FACTS_ADDRESS_BYTES]; // empty: none
    bool is_synchronised;              // the kernel's clock follows the hub's
    bool is_clock_wrong;               // it says a day before this version was made
    char hub_code[FACTS_CODE_BYTES];   // of a hub's box: the first technician's code
};

struct report {
    char update_state[FACTS_WORD_BYTES]; // "none", "fell_back"; empty: the agent says nothing
    char update_version[FACTS_WORD_BYTES];
    char update_reason[FACTS_REASON_BYTES];
    char refused[FACTS_REFUSED_MAX][FACTS_LINE_BYTES]; // USB devices, newest first
    size_t refused_count;
    char errors[FACTS_ERRORS_MAX][FACTS_LINE_BYTES]; // log lines, newest first
    size_t errors_count;
    bool has_health;
    struct health health; // of the role program, when it last ran
};

// Both read the keys role, id, location, town, device.dir (/data/device), image.file
// (/etc/inloop/image.conf), run.dir (/run/inloop), hub.url, hub.fingerprint and hub.box_dir of
// `config`; facts.root (empty) stands before /sys, /proc and /etc, for tests.
void facts_read(struct facts *facts, const struct config *config);
void report_read(struct report *report, const struct config *config);

#endif
