// SPDX-License-Identifier: EUPL-1.2
//
// Lets USB devices in (drivers/usb_gate.h): a walk through sysfs at the start and whenever the
// kernel says that something was plugged in. What is refused is noted for people and the hub.
#ifndef INLOOP_APPS_TECHNICIAN_AGENT_USB_H
#define INLOOP_APPS_TECHNICIAN_AGENT_USB_H

#include "drivers/usb_gate.h"
#include "link/api_fleet.h"
#include "link/loop.h"

struct agent_usb {
    struct usb_gate gate;
    const char *sysfs; // "/sys/bus/usb/devices"
    const char *path;  // where refused devices are noted, one line each; "" : nowhere
    struct {
        struct api_usb_refused told;
        char port[USB_PORT_BYTES];
        unsigned walk;              // it was last there in
    } refused[API_USB_REFUSED_MAX]; // the newest first
    size_t refused_count;
    unsigned walks_count;
    bool is_new; // noted in this walk
    int fd;      // of the kernel's events; -1: none, then the walk comes by time alone
    struct loop_watch *watch;
    struct loop_timer *walk;
};

// Keeps `sysfs` and `path`. A rule that cannot be read leaves hubs and known makers, and is logged.
void agent_usb_open(struct agent_usb *usb, struct loop *loop, const struct config *config,
                    const char *sysfs, const char *path);
void agent_usb_close(struct agent_usb *usb); // zeroed memory allowed
// One walk; open does not walk by itself. `now_ms` is of the wall. Gives how many it let in.
size_t agent_usb_walk(struct agent_usb *usb, int64_t now_ms);
// Fills the report's list.
void agent_usb_tell(const struct agent_usb *usb, struct api_report *report);

#endif
