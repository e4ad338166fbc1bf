// SPDX-License-Identifier: EUPL-1.2
//
// Configuration keys common to kiosk, counter and display.
#include "ui/setup.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// A panel of which nothing is known: as most are, turned as it hangs.
enum { PANEL_LONG_PX = 1920, PANEL_SHORT_PX = 1080 };

static enum err read_screen(struct screen_options *screen, const struct config *config,
                            struct fault *fault);
static enum err read_number(const struct config *config, const char *key, int64_t least,
                            int64_t *value, struct fault *fault);
static enum err read_theme(struct look *look, const struct config *config, struct fault *fault);

enum err setup_read(struct setup *setup, struct look *look, const struct config *config,
                    struct fault *fault)
{
    *setup = (struct setup){0};
    enum err err = read_screen(&setup->screen, config, fault);
    bool is_bare = setup->screen.driver == SCREEN_KMS;
    bool is_upright = setup->screen.rotation_degrees % 180 == 0;
    int64_t width_px = !is_bare ? 0 : is_upright ? PANEL_LONG_PX : PANEL_SHORT_PX;
    int64_t height_px = !is_bare ? 0 : is_upright ? PANEL_SHORT_PX : PANEL_LONG_PX;
    int64_t px_per_mm_x100 = 361;
    int64_t scale_percent = 100;
    if (err == OK) {
        err = read_number(config, "window.width_px", 320, &width_px, fault);
    }
    if (err == OK) {
        err = read_number(config, "window.height_px", 240, &height_px, fault);
    }
    if (err == OK) {
        err = read_number(config, "window.px_per_mm_x100", 50, &px_per_mm_x100, fault);
    }
    if (err == OK) {
        err = read_number(config, "window.scale_percent", 20, &scale_percent, fault);
    }
    if (err != OK) {
        return err;
    }
    float scale = (float)scale_percent / 100.0F;
    look_init(look, (int)((float)width_px * scale), (int)((float)height_px * scale),
              (float)px_per_mm_x100 / 100.0F * scale);

    const char *assets = config_get(config, "assets.dir", "assets");
    struct text icons;
    text_init(&icons, setup->icons_dir, sizeof setup->icons_dir);
    text_format(&icons, "%s/icons", assets);
    if (icons.is_cut ||
        text_copy(setup->strings_dir, sizeof setup->strings_dir,
                  config_get(config, "strings.dir", "strings")) != OK ||
        text_copy(setup->language, sizeof setup->language, config_get(config, "language", "nl")) !=
            OK) {
        return fault_set(fault, ERR_TOO_BIG, "assets.dir, strings.dir or language is too long");
    }
    look_set_language(look, setup->language);
    return read_theme(look, config, fault);
}

struct window_options setup_window(const struct setup *setup, const struct config *config,
                                   const char *title)
{
    int64_t x_px = 0;
    int64_t y_px = 0;
    struct screen_options screen = setup->screen;
    screen.has_place = config_get_int(config, "window.x_px", 0, 32767, &x_px) == OK &&
                       config_get_int(config, "window.y_px", 0, 32767, &y_px) == OK;
    screen.x_px = (int)x_px;
    screen.y_px = (int)y_px;
    screen.is_fullscreen = text_equal(config_get(config, "window.fullscreen", "0"), "1");
    return (struct window_options){
        .title = title,
        .screen = screen,
        .icons_dir = setup->icons_dir,
    };
}

void setup_watchdog(struct watchdog *watchdog, const struct config *config)
{
    struct fault fault;
    const struct clock clock = clock_system();
    if (watchdog_open_by(watchdog, config, clock_monotonic_ms(&clock), &fault) != OK) {
        log_error("setup", "%s", fault.text);
    }
}

static enum err read_driver(struct screen_options *screen, const struct config *config,
                            struct fault *fault)
{
#ifdef INLOOP_DESK
    const char *usual = "sdl";
#else
    const char *usual = "kms";
#endif
    const char *driver = config_get(config, "window.driver", usual);
    if (!text_equal(driver, "sdl") && !text_equal(driver, "kms")) {
        return fault_set(fault, ERR_MALFORMED, "window.driver: sdl or kms");
    }
    screen->driver = text_equal(driver, "kms") ? SCREEN_KMS : SCREEN_SDL;
    return OK;
}

static enum err read_rotation(struct screen_options *screen, const struct config *config,
                              struct fault *fault)
{
    int64_t degrees = 0;
    enum err err = config_get_int(config, "window.rotation", 0, 270, &degrees);
    if ((err != OK && err != ERR_NOT_FOUND) || degrees % 90 != 0) {
        return fault_set(fault, ERR_MALFORMED, "window.rotation: 0, 90, 180 or 270");
    }
    screen->rotation_degrees = (int)degrees;
    return OK;
}

// Six numbers with blanks between. None moves a touch further than ten screens.
static enum err read_calibration(struct screen_options *screen, const struct config *config,
                                 struct fault *fault)
{
    const char *at = config_get(config, "touch.calibration", NULL);
    if (at == NULL) {
        return OK;
    }
    screen->has_calibration = true;
    for (size_t i = 0; i < 6 && at != NULL; i++) {
        char *rest = NULL;
        screen->calibration[i] = strtof(at, &rest); // no program of ours sets a locale
        bool is_number = rest != at && isfinite(screen->calibration[i]) &&
                         fabsf(screen->calibration[i]) <= 10 && (*rest == ' ' || *rest == '\0');
        at = is_number ? rest : NULL;
    }
    return at != NULL && at[strspn(at, " ")] == '\0'
               ? OK
               : fault_set(fault, ERR_MALFORMED, "touch.calibration: six numbers");
}

static enum err read_screen(struct screen_options *screen, const struct config *config,
                            struct fault *fault)
{
    screen->keeps_density = config_get(config, "window.px_per_mm_x100", NULL) != NULL;
    screen->card = config_get(config, "window.card", NULL);
    screen->touch = config_get(config, "touch.device", NULL);
    enum err err = read_driver(screen, config, fault);
    err = err == OK ? read_rotation(screen, config, fault) : err;
    return err == OK ? read_calibration(screen, config, fault) : err;
}

static enum err read_number(const struct config *config, const char *key, int64_t least,
                            int64_t *value, struct fault *fault)
{
    enum err err = config_get_int(config, key, least, 8192, value);
    if (err == ERR_NOT_FOUND && *value != 0) {
        return OK; // the default stands
    }
    return err == OK ? OK : fault_set(fault, err, "%s: a whole number is needed", key);
}

static enum err read_theme(struct look *look, const struct config *config, struct fault *fault)
{
    const char *path = config_get(config, "theme.file", NULL);
    if (path == NULL) {
        return OK;
    }
    struct theme theme;
    enum err err = theme_read_file(&theme, path, fault);
    if (err != OK) {
        (void)fault_prefix(fault, path); // the code travels in err
        return err;
    }
    look_set_theme(look, &theme);
    return OK;
}
