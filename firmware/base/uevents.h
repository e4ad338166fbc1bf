// SPDX-License-Identifier: EUPL-1.2
//
// What the kernel says of devices that come, change and go (lib/kobject_uevent.c): read without
// rights, and without udev, which a device of ours has none of.
#ifndef INLOOP_BASE_UEVENTS_H
#define INLOOP_BASE_UEVENTS_H

#include <stdbool.h>
#include <stddef.h>

enum { UEVENT_BYTES_MAX = 8192 };

// Never waits; close(2) ends it. -1: this kernel tells nobody.
int uevents_open(void);
// Takes all that was said by now. True: some of it was about `subsystem` ("usb", "drm"), or some of
// it was missed and may have been.
bool uevents_take(int fd, const char *subsystem);

// One message: "add@/devices/...", then words that each end in NUL.
bool uevent_is_about(const char *words, size_t len, const char *subsystem);

#endif
