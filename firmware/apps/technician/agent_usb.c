// SPDX-License-Identifier: EUPL-1.2
//
// sysfs and the kernel's events about USB. The kernel says only that something changed: what there
// is, the walk finds.
#include "apps/technician/agent_usb.h"

#include "apps/technician/command.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "base/uevents.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WALK_MS = 10000, SOON_MS = 20, LINE_BYTES = 64 };

static void listen_to_kernel(struct agent_usb *usb, struct loop *loop);
static void on_event(void *ctx, bool can_read, bool can_write);
static void on_walk(void *ctx);
static bool look_at(struct agent_usb *usb, const char *name, int64_t now_ms);
static bool is_shut_out(struct agent_usb *usb, const char *name);
static enum err read_facts(struct agent_usb *usb, const char *name, struct usb_facts *facts);
static size_t read_attribute(struct agent_usb *usb, const char *name, const char *attribute,
                             char *out, size_t out_bytes);
static bool let_in(struct agent_usb *usb, const char *name);
static bool note(struct agent_usb *usb, const char *name, const struct usb_facts *facts,
                 int64_t now_ms);
static void write_notes(const struct agent_usb *usb);

void agent_usb_open(struct agent_usb *usb, struct loop *loop, const struct config *config,
                    const char *sysfs, const char *path)
{
    *usb = (struct agent_usb){.sysfs = sysfs, .path = path, .fd = -1};
    struct fault fault = {0};
    if (usb_gate_init(&usb->gate, config, &fault) != OK) {
        log_error("usb", "%s", fault.text);
    }
    usb->walk = loop_timer_new(loop, on_walk, usb);
    loop_timer_repeat(usb->walk, WALK_MS);
    listen_to_kernel(usb, loop);
}

void agent_usb_close(struct agent_usb *usb)
{
    loop_watch_free(usb->watch);
    loop_timer_free(usb->walk);
    if (usb->sysfs != NULL && usb->fd >= 0) {
        (void)close(usb->fd); // only listened to
    }
    *usb = (struct agent_usb){.fd = -1};
}

size_t agent_usb_walk(struct agent_usb *usb, int64_t now_ms)
{
    size_t let_in_count = 0;
    usb->walks_count += 1;
    usb->is_new = false;
    DIR *names = opendir(usb->sysfs);
    const struct dirent *entry = NULL;
    while (names != NULL && (entry = readdir(names)) != NULL) {
        let_in_count += look_at(usb, entry->d_name, now_ms) ? 1 : 0;
    }
    if (names != NULL) {
        (void)closedir(names); // only read from
    }
    if (usb->is_new) {
        write_notes(usb);
    }
    return let_in_count;
}

void agent_usb_tell(const struct agent_usb *usb, struct api_report *report)
{
    report->usb_refused_count = usb->refused_count;
    for (size_t i = 0; i < usb->refused_count; i++) {
        report->usb_refused[i] = usb->refused[i].told;
    }
}

// The kernel's own events need no rights to hear. Where there are none the walk finds it later.
static void listen_to_kernel(struct agent_usb *usb, struct loop *loop)
{
    usb->fd = uevents_open();
    if (usb->fd < 0) {
        log_warn("usb", "no word from the kernel: %s", strerror(errno));
        return;
    }
    usb->watch = loop_watch_new(loop, usb->fd, on_event, usb);
    loop_watch_set(usb->watch, true, false);
}

static void on_event(void *ctx, bool can_read, bool can_write)
{
    struct agent_usb *usb = ctx;
    (void)can_read;
    (void)can_write;
    if (uevents_take(usb->fd, "usb")) {
        loop_timer_repeat(usb->walk, SOON_MS);
    }
}

static void on_walk(void *ctx)
{
    struct agent_usb *usb = ctx;
    struct clock clock = clock_system();
    (void)agent_usb_walk(usb, clock_now_ms(&clock)); // each it lets in is logged
    loop_timer_repeat(usb->walk, WALK_MS);
}

static bool look_at(struct agent_usb *usb, const char *name, int64_t now_ms)
{
    // "1-2.3" is a device; "1-2.3:1.0" an interface, "usb1" a root hub, which is let in always.
    if (name[0] < '0' || name[0] > '9' || strchr(name, ':') != NULL ||
        strlen(name) >= USB_PORT_BYTES || !is_shut_out(usb, name)) {
        return false;
    }
    struct usb_facts facts;
    enum err err = read_facts(usb, name, &facts);
    if (err == OK && usb_gate_lets_in(&usb->gate, &facts)) {
        return let_in(usb, name);
    }
    if (note(usb, name, &facts, now_ms)) {
        log_warn("usb", "%s at %s is refused: %s", usb->refused[0].told.usb, name,
                 err == OK ? usb_facts_kind(&facts) : "its descriptors cannot be read");
    }
    return false;
}

static bool is_shut_out(struct agent_usb *usb, const char *name)
{
    char word[4];
    return read_attribute(usb, name, "authorized", word, sizeof word) > 0 && word[0] == '0';
}

static enum err read_facts(struct agent_usb *usb, const char *name, struct usb_facts *facts)
{
    static char bytes[USB_GATE_DESCRIPTORS_MAX + 2];
    char serial[USB_SERIAL_BYTES + 1];
    size_t len = read_attribute(usb, name, "descriptors", bytes, sizeof bytes);
    enum err err = usb_facts_read(facts, (const uint8_t *)bytes, len);
    text_copy_cut(facts->device.port, sizeof facts->device.port, name);
    if (read_attribute(usb, name, "serial", serial, sizeof serial) > 0) {
        serial[strcspn(serial, "\n")] = '\0';
        text_copy_cut(facts->device.serial, sizeof facts->device.serial, serial);
    }
    return err;
}

// Terminated; 0: there is none.
static size_t read_attribute(struct agent_usb *usb, const char *name, const char *attribute,
                             char *out, size_t out_bytes)
{
    char path[COMMAND_PATH_BYTES];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/%s/%s", usb->sysfs, name, attribute);
    int fd = text.is_cut ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : file_take(fd, out, out_bytes - 1);
    if (fd >= 0) {
        (void)close(fd); // only read from
    }
    out[got < 0 ? 0 : got] = '\0';
    return got < 0 ? 0 : (size_t)got;
}

static bool let_in(struct agent_usb *usb, const char *name)
{
    char path[COMMAND_PATH_BYTES];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/%s/authorized", usb->sysfs, name);
    int fd = text.is_cut ? -1 : open(path, O_WRONLY | O_CLOEXEC);
    bool is_in = fd >= 0 && file_put(fd, "1", 1);
    if (!is_in) {
        log_error("usb", "%s: cannot be let in: %s", name, strerror(errno));
    }
    if (fd >= 0) {
        (void)close(fd); // the write told already
    }
    return is_in;
}

// A device that stays is noted once, one that comes again is noted again.
static bool note(struct agent_usb *usb, const char *name, const struct usb_facts *facts,
                 int64_t now_ms)
{
    char id[sizeof usb->refused[0].told.usb];
    struct text text;
    text_init(&text, id, sizeof id);
    text_format(&text, "%04x:%04x", facts->device.vendor, facts->device.product);
    size_t at = 0;
    while (at < usb->refused_count && !(text_equal(usb->refused[at].told.usb, id) &&
                                        text_equal(usb->refused[at].port, name))) {
        at += 1;
    }
    if (at < usb->refused_count && usb->refused[at].walk + 1 >= usb->walks_count) {
        usb->refused[at].walk = usb->walks_count;
        return false;
    }
    if (at == usb->refused_count && usb->refused_count < API_USB_REFUSED_MAX) {
        usb->refused_count += 1;
    }
    at = at < API_USB_REFUSED_MAX ? at : API_USB_REFUSED_MAX - 1;
    memmove(&usb->refused[1], &usb->refused[0], at * sizeof usb->refused[0]);
    usb->refused[0].told = (struct api_usb_refused){.at_ms = now_ms};
    text_copy_cut(usb->refused[0].told.usb, sizeof usb->refused[0].told.usb, id);
    text_copy_cut(usb->refused[0].told.kind, sizeof usb->refused[0].told.kind,
                  usb_facts_kind(facts));
    text_copy_cut(usb->refused[0].port, sizeof usb->refused[0].port, name);
    usb->refused[0].walk = usb->walks_count;
    usb->is_new = true;
    return true;
}

static void write_notes(const struct agent_usb *usb)
{
    char words[API_USB_REFUSED_MAX * LINE_BYTES];
    struct text text;
    struct fault fault = {0};
    text_init(&text, words, sizeof words);
    for (size_t i = 0; i < usb->refused_count; i++) {
        const struct api_usb_refused *told = &usb->refused[i].told;
        char at[TIME_TEXT_BYTES];
        time_to_text(told->at_ms, at);
        text_format(&text, "%s %s %s\n", told->usb, told->kind, at);
    }
    if (usb->path[0] != '\0' && file_write(usb->path, 0644, words, text.len, &fault) != OK) {
        log_error("usb", "%s", fault.text);
    }
}
