// SPDX-License-Identifier: EUPL-1.2
//
// What both kinds of screen share: choosing, and bringing the surface's memory in.
#include "ui/screen.h"

#include <SDL2/SDL.h>
#include <sys/mman.h>
#include <unistd.h>

enum err screen_open(struct screen_port **screen, const struct screen_options *options,
                     const struct screen_hooks *hooks, struct fault *fault)
{
    CHECK(hooks->input != NULL && hooks->changed != NULL);
    *screen = NULL;
    switch (options->driver) {
    case SCREEN_SDL:
        return screen_sdl_open(screen, options, hooks, fault);
    case SCREEN_KMS:
        return screen_bare_open(screen, options, hooks, fault);
    }
    return fault_set(fault, ERR_UNSUPPORTED, "window: no such driver");
}

void screen_close(struct screen_port *screen)
{
    if (screen != NULL) {
        screen_begin_drawing(screen);
        screen->ops->close(screen);
    }
}

// All its pages at once and beside the words, which are laid out meanwhile: one by one, at the
// first touch, they cost more than the picture. A virtual machine knows them only when they were
// read.
static void *populate(void *ctx)
{
    const struct SDL_Surface *surface = ctx;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = (uintptr_t)surface->pixels & ~(page - 1);
    uintptr_t end = (uintptr_t)surface->pixels + (size_t)surface->pitch * (size_t)surface->h;
    (void)madvise((void *)start, end - start, MADV_POPULATE_WRITE); // older kernels: as before
    for (uintptr_t at = (uintptr_t)surface->pixels; at < end; at += page) {
        (void)*(const volatile uint8_t *)at;
    }
    return NULL;
}

void screen_populate(struct screen_port *screen)
{
    screen->is_populating =
        pthread_create(&screen->populating, NULL, populate, screen->surface) == 0;
}

void screen_begin_drawing(struct screen_port *screen)
{
    if (screen->is_populating) {
        CHECK(pthread_join(screen->populating, NULL) == 0);
        screen->is_populating = false;
    }
}
