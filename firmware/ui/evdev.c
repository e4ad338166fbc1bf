// SPDX-License-Identifier: EUPL-1.2
//
// One descriptor for all of them: an epoll of the devices and of the folder's changes. A device's
// file may appear before we may open it; the change of its rights tells us to try again.
#include "ui/evdev.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "ui/evdev_events.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h> // last: its key names are other numbers than ours
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { DEVICES_MAX = 16, EVENTS_AT_ONCE = 64, NODE_BYTES = 16, PATH_BYTES = 300, NAME_BYTES = 128 };
enum { LONG_BITS = 8 * sizeof(unsigned long) };
#define BITS(count) ((count) / LONG_BITS + 1)

struct entry {
    int fd; // -1: none
    char name[NODE_BYTES];
    struct evdev_device device;
};

struct evdev {
    struct evdev_options options;
    struct evdev_target target;
    struct entry entries[DEVICES_MAX];
    int epoll;
    int changes; // of the folder: an inotify
};

static void look_for_devices(struct evdev *evdev);
static void watch_folder(struct evdev *evdev);
static void open_entry(struct evdev *evdev, const char *name);
static void close_entry(struct evdev *evdev, struct entry *entry);
static void read_changes(struct evdev *evdev);
static void read_entry(struct evdev *evdev, struct entry *entry);

enum err evdev_open(struct evdev **evdev, const struct evdev_options *options, struct fault *fault)
{
    CHECK(options->input != NULL);
    struct evdev *opened = calloc(1, sizeof *opened);
    CHECK(opened != NULL);
    opened->options = *options;
    opened->target.rotation_degrees = options->rotation_degrees;
    memcpy(opened->target.calibration, options->calibration, sizeof options->calibration);
    for (size_t i = 0; i < DEVICES_MAX; i++) {
        opened->entries[i].fd = -1;
    }
    opened->epoll = epoll_create1(EPOLL_CLOEXEC);
    opened->changes = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (opened->epoll < 0 || opened->changes < 0 ||
        epoll_ctl(opened->epoll, EPOLL_CTL_ADD, opened->changes, &event) != 0) {
        enum err err = fault_set(fault, ERR_IO, "input: %s", strerror(errno));
        evdev_close(opened);
        return err;
    }
    watch_folder(opened); // before looking: what comes in between is seen twice, never missed
    look_for_devices(opened);
    *evdev = opened;
    return OK;
}

void evdev_close(struct evdev *evdev)
{
    if (evdev == NULL) {
        return;
    }
    for (size_t i = 0; i < DEVICES_MAX; i++) {
        if (evdev->entries[i].fd >= 0) {
            (void)close(evdev->entries[i].fd); // and is everybody's again
        }
    }
    if (evdev->changes >= 0) {
        (void)close(evdev->changes); // only read from
    }
    if (evdev->epoll >= 0) {
        (void)close(evdev->epoll); // holds nothing
    }
    free(evdev);
}

void evdev_fit(struct evdev *evdev, int width_px, int height_px)
{
    evdev->target.width_px = width_px;
    evdev->target.height_px = height_px;
}

int evdev_fd(const struct evdev *evdev)
{
    return evdev->epoll;
}

void evdev_read(struct evdev *evdev)
{
    struct epoll_event events[DEVICES_MAX + 1];
    int count = epoll_wait(evdev->epoll, events, DEVICES_MAX + 1, 0);
    for (int i = 0; i < count; i++) {
        struct entry *entry = events[i].data.ptr;
        if (entry == NULL) {
            read_changes(evdev);
        } else if (entry->fd >= 0) {
            read_entry(evdev, entry);
        }
    }
}

// The folder comes with a machine's first device and goes with its last: its own folder is watched
// for that. Watching what is watched already changes nothing.
static void watch_folder(struct evdev *evdev)
{
    char parent[PATH_BYTES];
    text_copy_cut(parent, sizeof parent, evdev->options.folder);
    char *slash = strrchr(parent, '/');
    CHECK(slash != NULL && slash != parent);
    *slash = '\0';
    // Without a watch what is there now is all there is.
    (void)inotify_add_watch(evdev->changes, parent, IN_CREATE);
    (void)inotify_add_watch(evdev->changes, evdev->options.folder, IN_CREATE | IN_ATTRIB);
}

static void look_for_devices(struct evdev *evdev)
{
    DIR *folder = opendir(evdev->options.folder);
    if (folder == NULL) {
        return; // it comes with the first device
    }
    for (struct dirent *file = readdir(folder); file != NULL; file = readdir(folder)) {
        open_entry(evdev, file->d_name);
    }
    (void)closedir(folder); // only read from
}

static void read_changes(struct evdev *evdev)
{
    _Alignas(struct inotify_event) char buffer[4096];
    ssize_t len = read(evdev->changes, buffer, sizeof buffer);
    // Which file it was does not matter: those that are open are passed over.
    if (len > 0) {
        watch_folder(evdev);
        look_for_devices(evdev);
    }
}

static bool has_bit(const unsigned long *bits, unsigned bit)
{
    return (bits[bit / LONG_BITS] >> (bit % LONG_BITS) & 1) != 0;
}

static struct evdev_range range_of(int fd, unsigned axis)
{
    struct input_absinfo told = {0};
    if (ioctl(fd, EVIOCGABS(axis), &told) != 0) {
        return (struct evdev_range){0};
    }
    return (struct evdev_range){told.minimum, told.maximum};
}

// A touchpad's fingers do not point at what lies under them; a joystick has axes and other buttons.
static void find_pointer(int fd, const unsigned long *keys, struct evdev_kind *kind)
{
    unsigned long axes[BITS(ABS_MAX)] = {0};
    unsigned long properties[BITS(INPUT_PROP_MAX)] = {0};
    if (ioctl(fd, EVIOCGBIT(EV_ABS, sizeof axes), axes) < 0 ||
        ioctl(fd, EVIOCGPROP(sizeof properties), properties) < 0) {
        return;
    }
    bool is_touchpad = has_bit(keys, BTN_TOOL_FINGER) && !has_bit(properties, INPUT_PROP_DIRECT);
    kind->has_slots = has_bit(axes, ABS_MT_SLOT) && has_bit(axes, ABS_MT_POSITION_X) &&
                      has_bit(axes, ABS_MT_POSITION_Y);
    bool is_single = has_bit(axes, ABS_X) && has_bit(axes, ABS_Y) &&
                     (has_bit(keys, BTN_TOUCH) || has_bit(keys, BTN_LEFT));
    kind->has_pointer = !is_touchpad && (kind->has_slots || is_single);
    kind->x = range_of(fd, kind->has_slots ? ABS_MT_POSITION_X : ABS_X);
    kind->y = range_of(fd, kind->has_slots ? ABS_MT_POSITION_Y : ABS_Y);
}

static struct evdev_kind kind_of(const struct evdev *evdev, int fd, const char *name)
{
    struct evdev_kind kind = {0};
    unsigned long keys[BITS(KEY_MAX)] = {0};
    if (ioctl(fd, EVIOCGBIT(EV_KEY, sizeof keys), keys) < 0) {
        return kind;
    }
    for (unsigned code = 1; code < BTN_MISC; code++) {
        kind.has_keys = kind.has_keys || has_bit(keys, code);
    }
    find_pointer(fd, keys, &kind);
    const char *touch = evdev->options.touch;
    kind.has_pointer = kind.has_pointer && (touch == NULL || text_equal(touch, name));
    return kind;
}

static struct entry *free_entry(struct evdev *evdev, const char *name)
{
    struct entry *unused = NULL;
    for (size_t i = 0; i < DEVICES_MAX; i++) {
        struct entry *entry = &evdev->entries[i];
        if (entry->fd < 0) {
            unused = unused == NULL ? entry : unused;
        } else if (text_equal(entry->name, name)) {
            return NULL; // open already
        }
    }
    return unused;
}

static void open_entry(struct evdev *evdev, const char *name)
{
    struct entry *entry = strncmp(name, "event", 5) == 0 ? free_entry(evdev, name) : NULL;
    char path[PATH_BYTES];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/%s", evdev->options.folder, name);
    if (entry == NULL || text.is_cut || text_copy(entry->name, sizeof entry->name, name) != OK) {
        return;
    }
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return; // its rights come later
    }
    char told[NAME_BYTES] = {0};
    if (ioctl(fd, EVIOCGNAME(sizeof told - 1), told) < 0) {
        told[0] = '\0'; // a device without a name
    }
    struct evdev_kind kind = kind_of(evdev, fd, told);
    int clock = CLOCK_MONOTONIC;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = entry};
    bool is_ours = (kind.has_keys || kind.has_pointer) && ioctl(fd, EVIOCSCLOCKID, &clock) == 0 &&
                   ioctl(fd, EVIOCGRAB, 1) == 0 &&
                   epoll_ctl(evdev->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
    if (!is_ours) {
        (void)close(fd); // a mouse, a lid, or somebody else's
        return;
    }
    entry->fd = fd;
    evdev_device_init(&entry->device, &kind);
    log_info("input", "%s:%s%s", told, kind.has_keys ? " keys" : "",
             kind.has_pointer ? kind.has_slots ? " fingers" : " pointer" : "");
}

static void close_entry(struct evdev *evdev, struct entry *entry)
{
    const struct clock clock = clock_system();
    (void)close(entry->fd); // it went
    entry->fd = -1;
    evdev_forget(&entry->device, &evdev->target, clock_monotonic_ms(&clock), evdev->options.input,
                 evdev->options.ctx);
}

static void read_entry(struct evdev *evdev, struct entry *entry)
{
    struct input_event events[EVENTS_AT_ONCE];
    ssize_t len = read(entry->fd, events, sizeof events);
    if (len < 0) {
        if (errno != EAGAIN && errno != EINTR) {
            close_entry(evdev, entry);
        }
        return;
    }
    for (size_t i = 0; i < (size_t)len / sizeof events[0]; i++) {
        const struct evdev_event event = {
            .type = events[i].type,
            .code = events[i].code,
            .value = events[i].value,
            .at_ms = (int64_t)events[i].input_event_sec * 1000 + events[i].input_event_usec / 1000,
        };
        evdev_take(&entry->device, &evdev->target, &event, evdev->options.input,
                   evdev->options.ctx);
    }
}
