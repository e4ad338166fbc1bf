// SPDX-License-Identifier: EUPL-1.2
//
// What devices say of themselves, and what a technician asks of them.
#include "apps/hub/hub_fleet.h"

static void later(struct hub_call *call)
{
    hub_refuse(call, 409, "not_now");
}

void hub_post_log(struct hub_call *call)
{
    later(call);
}

void hub_get_devices(struct hub_call *call)
{
    later(call);
}

void hub_post_codes(struct hub_call *call)
{
    later(call);
}

void hub_post_revoke(struct hub_call *call)
{
    later(call);
}

void hub_post_service_codes(struct hub_call *call)
{
    later(call);
}

void hub_post_log_requests(struct hub_call *call)
{
    later(call);
}

void hub_get_log(struct hub_call *call)
{
    later(call);
}

void hub_get_bundles(struct hub_call *call)
{
    later(call);
}

void hub_post_bundles(struct hub_call *call)
{
    later(call);
}

void hub_get_bundle(struct hub_call *call)
{
    later(call);
}

void hub_get_rollouts(struct hub_call *call)
{
    later(call);
}

void hub_post_rollouts(struct hub_call *call)
{
    later(call);
}

void hub_post_rollout_stop(struct hub_call *call)
{
    later(call);
}

void hub_get_metrics(struct hub_call *call)
{
    later(call);
}
