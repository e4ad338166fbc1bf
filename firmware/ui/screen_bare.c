// SPDX-License-Identifier: EUPL-1.2
//
// The screen of a machine without a desk: a surface in plain memory, the graphics card (kms.c), the
// input devices (evdev.c), and the kernel's word when a screen is plugged in. One poll for all of
// them; nothing in it comes by itself.
#include "ui/screen.h"

#include "base/bytes.h"
#include "base/uevents.h"
#include "ui/evdev.h"
#include "ui/kms.h"

#include <SDL2/SDL_surface.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kd.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WAIT_MS_MAX = 60 * 60 * 1000 };

struct bare_screen {
    struct screen_port screen; // first: the two are cast into each other
    struct clock clock;
    struct kms *kms;
    struct evdev *evdev;
    int bell;    // an eventfd: other threads and signals
    int uevents; // -1: this kernel tells nobody
    int console; // -1: there is none
    struct sigaction on_term;
    struct sigaction on_int;
};

// What a signal may do: note it and ring.
static volatile sig_atomic_t is_ended;
static volatile sig_atomic_t ended_bell = -1;

static const struct screen_ops bare_ops;
static enum err open_parts(struct bare_screen *bare, const struct screen_options *options,
                           struct fault *fault);
static void fit_surface(struct bare_screen *bare, int width_px, int height_px);
static void take_over_console(struct bare_screen *bare);
static void on_end(int signal);

static struct bare_screen *bare_of(struct screen_port *screen)
{
    return (struct bare_screen *)screen;
}

enum err screen_bare_open(struct screen_port **screen, const struct screen_options *options,
                          const struct screen_hooks *hooks, struct fault *fault)
{
    struct bare_screen *bare = calloc(1, sizeof *bare);
    CHECK(bare != NULL);
    *bare = (struct bare_screen){.screen = {.ops = &bare_ops, .hooks = *hooks},
                                 .clock = options->clock,
                                 .bell = -1,
                                 .uevents = -1,
                                 .console = -1};
    enum err err = open_parts(bare, options, fault);
    if (err != OK) {
        screen_close(&bare->screen);
        return err;
    }
    *screen = &bare->screen;
    return OK;
}

static enum err open_parts(struct bare_screen *bare, const struct screen_options *options,
                           struct fault *fault)
{
    bare->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    CHECK(bare->bell >= 0);
    is_ended = 0;
    ended_bell = bare->bell;
    const struct sigaction end = {.sa_handler = on_end};
    CHECK(sigaction(SIGTERM, &end, &bare->on_term) == 0);
    CHECK(sigaction(SIGINT, &end, &bare->on_int) == 0);
    bare->uevents = uevents_open(); // before the card is looked at: nothing is missed
    enum err err = kms_open(&bare->kms, options->card, options->rotation_degrees, fault);
    if (err != OK) {
        return err;
    }
    struct evdev_options input = {.folder = "/dev/input",
                                  .touch = options->touch,
                                  .rotation_degrees = options->rotation_degrees,
                                  .calibration = {1, 0, 0, 0, 1, 0},
                                  .input = bare->screen.hooks.input,
                                  .ctx = bare->screen.hooks.ctx};
    if (options->has_calibration) {
        memcpy(input.calibration, options->calibration, sizeof input.calibration);
    }
    err = evdev_open(&bare->evdev, &input, fault);
    if (err != OK) {
        return err;
    }
    struct kms_screen found = kms_screen(bare->kms);
    fit_surface(bare, found.is_connected ? found.width_px : options->width_px,
                found.is_connected ? found.height_px : options->height_px);
    bare->screen.px_per_mm = found.px_per_mm;
    take_over_console(bare);
    return OK;
}

static void free_surface(struct bare_screen *bare)
{
    struct SDL_Surface *surface = bare->screen.surface;
    if (surface != NULL) {
        wipe(surface->pixels, (size_t)surface->pitch * (size_t)surface->h);
        SDL_FreeSurface(surface);
        bare->screen.surface = NULL;
    }
}

static void bare_close(struct screen_port *screen)
{
    struct bare_screen *bare = bare_of(screen);
    evdev_close(bare->evdev);
    kms_close(bare->kms);
    free_surface(bare);
    if (bare->console >= 0) {
        (void)ioctl(bare->console, KDSETMODE, KD_TEXT); // a console that went needs none
        (void)close(bare->console);                     // nothing was written
    }
    if (bare->uevents >= 0) {
        (void)close(bare->uevents); // only read from
    }
    CHECK(sigaction(SIGTERM, &bare->on_term, NULL) == 0);
    CHECK(sigaction(SIGINT, &bare->on_int, NULL) == 0);
    ended_bell = -1;
    (void)close(bare->bell); // holds nothing
    free(bare);
}

// The surface stays as it is when the screen goes: what is drawn then is seen when it comes back.
static void take_screen(struct bare_screen *bare)
{
    struct kms_screen found = kms_screen(bare->kms);
    if (!found.is_connected) {
        return;
    }
    screen_begin_drawing(&bare->screen);
    if (found.width_px != bare->screen.surface->w || found.height_px != bare->screen.surface->h) {
        fit_surface(bare, found.width_px, found.height_px);
    }
    bare->screen.px_per_mm = found.px_per_mm;
    bare->screen.hooks.changed(bare->screen.hooks.ctx, SCREEN_RESIZED);
}

static void bare_wait(struct screen_port *screen, int64_t until_ms)
{
    struct bare_screen *bare = bare_of(screen);
    int64_t left_ms = -1;
    if (until_ms != INT64_MAX) {
        left_ms = until_ms - clock_monotonic_ms(&bare->clock);
        left_ms = left_ms < 0 ? 0 : left_ms > WAIT_MS_MAX ? WAIT_MS_MAX : left_ms;
    }
    struct pollfd fds[] = {{.fd = bare->bell, .events = POLLIN},
                           {.fd = evdev_fd(bare->evdev), .events = POLLIN},
                           {.fd = kms_fd(bare->kms), .events = POLLIN},
                           {.fd = bare->uevents, .events = POLLIN}};
    if (poll(fds, sizeof fds / sizeof fds[0], (int)left_ms) < 0) {
        CHECK(errno == EINTR || errno == ENOMEM);
        return;
    }
    uint64_t rings = 0;
    if (fds[0].revents != 0 && read(bare->bell, &rings, sizeof rings) > 0 && is_ended != 0) {
        bare->screen.hooks.changed(bare->screen.hooks.ctx, SCREEN_CLOSED);
        return;
    }
    if (fds[2].revents != 0) {
        kms_read(bare->kms);
    }
    if (fds[3].revents != 0 && uevents_take(bare->uevents, "drm") && kms_probe(bare->kms)) {
        take_screen(bare);
    }
    if (fds[1].revents != 0) {
        evdev_read(bare->evdev);
    }
}

static void bare_present(struct screen_port *screen, const struct rect_px *rects, size_t count)
{
    struct bare_screen *bare = bare_of(screen);
    const struct pixels picture = {.bytes = screen->surface->pixels,
                                   .pitch = (size_t)screen->surface->pitch,
                                   .width_px = screen->surface->w,
                                   .height_px = screen->surface->h};
    kms_present(bare->kms, &picture, rects, count);
}

static void bare_wake(struct screen_port *screen)
{
    const uint64_t one = 1;
    (void)!write(bare_of(screen)->bell, &one, sizeof one); // a full one rings already
}

static const struct screen_ops bare_ops = {
    .wait = bare_wait, .present = bare_present, .wake = bare_wake, .close = bare_close};

static void fit_surface(struct bare_screen *bare, int width_px, int height_px)
{
    free_surface(bare);
    bare->screen.surface =
        SDL_CreateRGBSurfaceWithFormat(0, width_px, height_px, 32, SDL_PIXELFORMAT_RGB888);
    CHECK(bare->screen.surface != NULL);
    evdev_fit(bare->evdev, width_px, height_px);
    screen_populate(&bare->screen);
}

// Its text would be written over our picture, its cursor blink in it. Without the right to, or
// without a console, nothing is lost: the kernel leaves the card to whoever shows pictures.
static void take_over_console(struct bare_screen *bare)
{
    bare->console = open("/dev/tty0", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (bare->console >= 0 && ioctl(bare->console, KDSETMODE, KD_GRAPHICS) != 0) {
        (void)close(bare->console); // it stays in text mode
        bare->console = -1;
    }
}

static void on_end(int signal)
{
    (void)signal;
    int saved = errno;
    const uint64_t one = 1;
    is_ended = 1;
    (void)!write((int)ended_bell, &one, sizeof one); // a full one rings already
    errno = saved;
}
