// SPDX-License-Identifier: EUPL-1.2
//
// What the hub is told of this machine: once a minute, and at once when something changed that a
// technician would want to know.
#include "apps/technician/agent_log.h"
#include "apps/technician/agent_parts.h"
#include "base/text.h"

#include <string.h>

static void fill_program(struct api_report *report, const struct health *health);
static uint32_t fingerprint(const struct api_report *report);

void agent_report_fill(struct agent *agent, const struct agent_known *known,
                       struct api_report *report)
{
    memset(report, 0, sizeof *report);
    text_copy_cut(report->health.version, sizeof report->health.version, agent->version);
    text_copy_cut(report->board, sizeof report->board, agent->board);
    report->uptime_s = (uint32_t)(agent->machine.up_ms(agent->machine.ctx) / 1000);
    if (known->has_health) {
        fill_program(report, &known->health);
    }
    report->update = agent->memory.update;
    agent_usb_tell(&agent->usb, report);
    agent_log_faults(agent->paths.logs, report);
}

void agent_report_when_due(struct agent *agent, const struct agent_known *known)
{
    static struct api_report report;
    if (agent->line == NULL) {
        return;
    }
    agent_report_fill(agent, known, &report);
    uint32_t told = fingerprint(&report);
    int64_t now_ms = agent_now_ms(agent);
    if (now_ms < agent->report_next_ms && told == agent->told) {
        return;
    }
    agent->told = told;
    agent->report_next_ms = now_ms + agent->report_ms;
    agent_line_report(agent->line, &report);
}

static void fill_program(struct api_report *report, const struct health *health)
{
    report->is_drawn = health->is_drawn;
    report->is_connected = health->is_connected;
    report->is_busy = health->is_busy;
    memcpy(report->parts, health->parts, sizeof report->parts);
    enum health_state printer = health->parts[HEALTH_PRINTER];
    report->health.printer_ok = printer == HEALTH_OK || printer == HEALTH_LOW;
    report->health.paper_low = printer == HEALTH_LOW;
    report->health.scanner_ok = health->parts[HEALTH_SCANNER] == HEALTH_OK;
}

// Of what is worth a report by itself; whether somebody is being served is not.
static uint32_t fingerprint(const struct api_report *report)
{
    uint32_t sum = 2166136261U;
    const uint32_t facts[] = {
        (uint32_t)report->update.state,
        (uint32_t)strlen(report->update.reason),
        report->is_drawn,
        report->is_connected,
        (uint32_t)report->parts[HEALTH_SCANNER],
        (uint32_t)report->parts[HEALTH_CARD],
        (uint32_t)report->parts[HEALTH_PRINTER],
        (uint32_t)report->usb_refused_count,
        report->usb_refused_count == 0 ? 0 : (uint32_t)report->usb_refused[0].at_ms};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        sum = (sum ^ facts[i]) * 16777619U;
    }
    return sum;
}
