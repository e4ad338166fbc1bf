// SPDX-License-Identifier: EUPL-1.2
//
// Configuration keys common to kiosk, counter and display.
#include "ui/setup.h"

#include "base/text.h"

static enum err read_number(const struct config *config, const char *key, int64_t least,
                            int64_t *value, struct fault *fault);
static enum err read_theme(struct look *look, const struct config *config, struct fault *fault);

enum err setup_read(struct setup *setup, struct look *look, const struct config *config,
                    struct fault *fault)
{
    *setup = (struct setup){0};
    int64_t width_px = 0;
    int64_t height_px = 0;
    int64_t px_per_mm_x100 = 361;
    int64_t scale_percent = 100;
    enum err err = read_number(config, "window.width_px", 320, &width_px, fault);
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
    bool has_place = config_get_int(config, "window.x_px", 0, 32767, &x_px) == OK &&
                     config_get_int(config, "window.y_px", 0, 32767, &y_px) == OK;
    return (struct window_options){
        .title = title,
        .screen = {.is_fullscreen = text_equal(config_get(config, "window.fullscreen", "0"), "1"),
                   .has_place = has_place,
                   .x_px = (int)x_px,
                   .y_px = (int)y_px},
        .icons_dir = setup->icons_dir,
    };
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
