// SPDX-License-Identifier: EUPL-1.2
//
// Asks the hub now and again whether it is there: before enrolling whether it is the one whose
// fingerprint was configured, afterwards by our own certificate.
#ifndef INLOOP_APPS_TECHNICIAN_SCREEN_PROBE_H
#define INLOOP_APPS_TECHNICIAN_SCREEN_PROBE_H

#include "apps/technician/screen.h"
#include "link/loop.h"

struct technician_probe;
typedef void (*technician_probe_fn)(void *ctx, enum technician_hub hub);

// Keeps all. `tell` is called from the loop, when the answer is another than last.
struct technician_probe *technician_probe_new(struct loop *loop, const struct config *config,
                                              technician_probe_fn tell, void *ctx);
void technician_probe_free(struct technician_probe *probe);
// About once a second; borrows the facts of now. Asks when it is time.
void technician_probe_turn(struct technician_probe *probe, const struct facts *facts);

#endif
