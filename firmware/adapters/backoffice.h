// SPDX-License-Identifier: EUPL-1.2
//
// The municipality's systems behind one port: portal, klantinteracties, BRP, and the sources of
// requests (taken, objecten, mijntaken, zaken) asked together and answered once. Owns the only BSNs
// of the hub: each lives in the memory of one running question and is wiped with it.
#ifndef INLOOP_ADAPTERS_BACKOFFICE_H
#define INLOOP_ADAPTERS_BACKOFFICE_H

#include "base/clock.h"
#include "base/config.h"

#include "ports/backoffice.h"

struct loop; // link/loop.h

// Reads from `config`:
//   portal.url .token              the two calls of assets/api/portal-1.yaml
//   klantinteracties.url .token    .channel (kanaal, "balie"), .followup_actor (uuid of a
//                                  department; without it follow-up work falls to who served)
//   brp.url .key                   taken.url .token
//   zaken.url .client_id .secret
//   objecten.url .token            an Objects API, .type (URL of the objecttype of its tasks)
//   mijntaken.url .token           a provider of the MijnTaken API that knows people by the UUID of
//                                  their party in klantinteracties (`klantId`)
//   open_forms.url                 where links to continue a form may lead; nowhere else
//   open_forms.token               to list the published forms; without it none is begun here
//   documenten.url .client_id .secret   where documents for a task go, .type (URL of their
//                                  informatieobjecttype), .organisation (RSIN), .author ("Inwoner")
//   <source>.upload_timeout_ms     of open_forms and documenten, for one document; default 60000
//   <source>.ca                    PEM file; without it the system's
//   <source>.timeout_ms            default 3000
//   type.<zaaktype.identificatie>  = subject service class, for instance "parking B ordinary"
//   task.<word of a task's title>  = the same, for tasks that belong to no case
//   form.<short name of a form>    = the same, for forms of Open Forms; others queue at the last
//                                  service
// portal.url, klantinteracties.url and brp.url are needed; taken, zaken, objecten and mijntaken
// each narrow the list when they are absent, and so do taken and open_forms what can be continued
// on the screen. Keeps `loop`, `clock` and `config`. Every answer comes on the loop's thread, never
// inside the call that asked.
MUST_USE enum err backoffice_open(struct backoffice **backoffice, struct loop *loop,
                                  const struct clock *clock, const struct config *config,
                                  struct fault *fault);
// Running questions are dropped without an answer. NULL allowed.
void backoffice_close(struct backoffice *backoffice);

#endif
