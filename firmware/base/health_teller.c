// SPDX-License-Identifier: EUPL-1.2
//
// Compares, waits out the second, writes.
#include "base/health_teller.h"

#include "base/log.h"
#include "base/text.h"

enum { EVERY_MS = 1000 };

static bool is_same(const struct health *left, const struct health *right);

int64_t health_tell(struct health_teller *teller, const struct health *health, int64_t at_ms,
                    int64_t now_ms)
{
    if (teller->path == NULL || (teller->has_told && is_same(&teller->told, health))) {
        return INT64_MAX;
    }
    if (teller->has_told && now_ms - teller->told_ms < EVERY_MS) {
        return teller->told_ms + EVERY_MS;
    }
    teller->told = *health;
    teller->told.at_ms = at_ms;
    teller->has_told = true;
    teller->told_ms = now_ms;
    struct fault fault = {0};
    if (health_write(teller->path, &teller->told, &fault) != OK) {
        log_warn("health", "%s", fault.text);
    }
    return INT64_MAX;
}

static bool is_same(const struct health *left, const struct health *right)
{
    bool is_so = text_equal(left->role, right->role) && left->is_drawn == right->is_drawn &&
                 left->is_connected == right->is_connected && left->is_busy == right->is_busy;
    for (size_t i = 0; i < HEALTH_PARTS_COUNT; i++) {
        is_so = is_so && left->parts[i] == right->parts[i];
    }
    return is_so;
}
