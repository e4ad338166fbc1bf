// SPDX-License-Identifier: EUPL-1.2
//
// The logs of this machine's programs: a folder in memory, one file a program. They are kept short,
// and leave the machine redacted only (base/redact.h).
#ifndef INLOOP_APPS_TECHNICIAN_AGENT_LOG_H
#define INLOOP_APPS_TECHNICIAN_AGENT_LOG_H

#include "link/api_fleet.h"

enum {
    AGENT_LOG_FILE_BYTES_MAX = 64 * 1024, // then the older half goes
    AGENT_LOG_FILES_MAX = 16,
};

// Cuts files that have grown too long. Programs that write at the same time may lose a line.
void agent_log_keep_short(const char *folder);
// The last errors of all, newest last.
void agent_log_faults(const char *folder, struct api_report *report);
// The ends of all, each under its name; as much as API_LOG_BYTES_MAX takes. Fills and terminates.
void agent_log_collect(const char *folder, char *out, size_t out_bytes);

#endif
