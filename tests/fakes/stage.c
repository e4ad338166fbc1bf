// SPDX-License-Identifier: EUPL-1.2
//
// Draws scenes without a window and holds them against pictures and rules.
#include "tests/fakes/stage.h"

#include "base/text.h"
#include "ports/printer.h"
#include "ui/draw.h"
#include "ui/layout.h"

#include <SDL.h>
#include <SDL_image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_golden(const struct canvas *canvas, const char *name);
static long pixels_different(const SDL_Surface *golden, const SDL_Surface *drawn);
static const char *folder(const char *variable, const char *fallback);
static void must(enum err err, const struct fault *fault);

const char *const stage_mode_names[STAGE_MODES_COUNT] = {
    "normal", "large", "contrast", "large-contrast", "low", "large-low", "voorbeeld"};
const char *const stage_languages[STAGE_LANGUAGES_COUNT] = {"nl", "en", "ar"};

void stage_open(struct stage *stage, int width_px, int height_px, float px_per_mm)
{
    struct fault fault = {0};
    memset(stage, 0, sizeof *stage);
    look_init(&stage->look, width_px, height_px, px_per_mm);
    static const char *const towns[2] = {"denhaag", "voorbeeld"};
    char path[512];
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof path, "%s/assets/themes/%s.tokens.json",
                       folder("INLOOP_ROOT", "."), towns[i]);
        must(theme_read_file(&stage->themes[i], path, &fault), &fault);
    }
    look_set_theme(&stage->look, &stage->themes[0]);
    SDL_Surface *surface =
        SDL_CreateRGBSurfaceWithFormat(0, width_px, height_px, 32, SDL_PIXELFORMAT_RGB888);
    CHECK(surface != NULL);
    (void)snprintf(path, sizeof path, "%s/assets/icons", folder("INLOOP_ROOT", "."));
    must(canvas_icons_open(&stage->icons, path, &fault), &fault);
    must(text_open(&stage->shaper, NULL, &fault), &fault);
    canvas_init(&stage->canvas, surface, stage->icons);
}

void stage_close(struct stage *stage)
{
    tree_clear(&stage->tree);
    text_close(stage->shaper);
    canvas_icons_close(stage->icons);
    SDL_FreeSurface(stage->canvas.surface);
}

void stage_set(struct stage *stage, const char *language, enum stage_mode mode)
{
    look_reset(&stage->look, language);
    stage->mode = mode;
    stage->look.is_large =
        mode == STAGE_LARGE || mode == STAGE_LARGE_CONTRAST || mode == STAGE_LARGE_LOW;
    stage->look.is_low = mode == STAGE_LOW || mode == STAGE_LARGE_LOW;
    look_set_theme(&stage->look, &stage->themes[mode == STAGE_OTHER_TOWN ? 1 : 0]);
    look_set_contrast(&stage->look, mode == STAGE_CONTRAST || mode == STAGE_LARGE_CONTRAST);
}

void stage_phrases(struct phrases *phrases, const char *language)
{
    struct fault fault = {0};
    char path[512];
    (void)snprintf(path, sizeof path, "%s/strings", folder("INLOOP_BUILD", "build/release"));
    must(phrases_read(phrases, path, language, &fault), &fault);
}

void stage_show(struct stage *stage, const struct scene *scene, const void *model)
{
    tree_clear(&stage->tree);
    scene->build(model, &stage->look, &stage->tree);
    layout_tree(&stage->tree, &stage->look, stage->shaper);
    draw_tree(&stage->tree, &stage->look, stage->shaper, &stage->canvas);
}

void stage_lay(struct stage *stage, const struct scene *scene, const void *model, const char *name)
{
    if (getenv("INLOOP_SCREENS") == NULL) {
        tree_clear(&stage->tree);
        scene->build(model, &stage->look, &stage->tree);
        layout_tree(&stage->tree, &stage->look, stage->shaper);
        return;
    }
    stage_show(stage, scene, model);

    char path[600];
    (void)snprintf(path, sizeof path, "%s/screens", folder("INLOOP_BUILD", "build/release"));
    (void)mkdir(path, 0777); // there already is fine; writing below tells
    (void)snprintf(path, sizeof path, "%s/screens/%s-%s-%s.png",
                   folder("INLOOP_BUILD", "build/release"), name, stage->look.language,
                   stage_mode_names[stage->mode]);
    struct fault fault = {0};
    must(canvas_save_png(&stage->canvas, path, &fault), &fault);
}

size_t stage_audit(struct stage *stage, const char *name, const struct audit_profile *profile)
{
    struct audit_finding findings[32];
    size_t count = audit_tree(&stage->tree, &stage->look, stage->shaper, profile, findings, 32);
    for (size_t i = 0; i < count && i < 32; i++) {
        printf("%s %s %s: %s: %s %s\n", name, stage->look.language, stage_mode_names[stage->mode],
               findings[i].id, audit_kind_name(findings[i].kind), findings[i].text);
    }
    return count;
}

size_t stage_findings(struct stage *stage, const struct scene *scene, const void *model,
                      const char *name, const struct audit_profile *profile)
{
    stage_lay(stage, scene, model, name);
    return stage_audit(stage, name, profile);
}

size_t stage_every(size_t (*show)(const char *language, enum stage_mode mode))
{
    size_t findings = 0;
    for (size_t i = 0; i < STAGE_LANGUAGES_COUNT; i++) {
        for (enum stage_mode mode = 0; mode < STAGE_MODES_COUNT; mode++) {
            findings += show(stage_languages[i], mode);
        }
    }
    return findings;
}

size_t stage_differs(struct stage *stage, const struct scene *scene, const void *model,
                     const char *name)
{
    stage_show(stage, scene, model);
    return stage_is_golden(stage, name) ? 0 : 1;
}

bool stage_is_golden(struct stage *stage, const char *name)
{
    return is_golden(&stage->canvas, name);
}

bool stage_is_golden_slip(const struct raster *raster, const char *name)
{
    struct SDL_Surface *surface = canvas_surface_new(raster->width_dots, raster->height_dots);
    struct canvas canvas;
    canvas_init(&canvas, surface, NULL);
    for (int y = 0; y < raster->height_dots; y++) {
        for (int x = 0; x < raster->width_dots; x++) {
            bool is_black =
                (raster->bits[y * raster->width_dots / 8 + x / 8] >> (7 - x % 8) & 1) != 0;
            uint8_t tone = is_black ? 0 : 255;
            canvas_fill(&canvas, (struct rect_px){x, y, 1, 1}, (struct rgb){tone, tone, tone});
        }
    }
    bool is_same = is_golden(&canvas, name);
    canvas_surface_free(surface);
    return is_same;
}

static bool is_golden(const struct canvas *canvas, const char *name)
{
    char path[600];
    (void)snprintf(path, sizeof path, "%s/tests/screens/golden/%s.png", folder("INLOOP_ROOT", "."),
                   name);
    const char *wish = getenv("INLOOP_GOLDEN");
    if (wish != NULL && text_equal(wish, "write")) {
        SDL_Surface *few = SDL_ConvertSurfaceFormat(canvas->surface, SDL_PIXELFORMAT_RGB24, 0);
        CHECK(few != NULL && IMG_SavePNG(few, path) == 0);
        SDL_FreeSurface(few);
        return true;
    }
    SDL_Surface *loaded = IMG_Load(path);
    if (loaded == NULL) {
        printf("no golden picture %s\n", path);
        return false;
    }
    SDL_Surface *golden = SDL_ConvertSurfaceFormat(loaded, SDL_PIXELFORMAT_RGB888, 0);
    SDL_FreeSurface(loaded);
    CHECK(golden != NULL);
    long different = pixels_different(golden, canvas->surface);
    SDL_FreeSurface(golden);
    if (different != 0) {
        printf("%s: %ld pixels differ\n", path, different);
    }
    return different == 0;
}

// -1: not of one size.
static long pixels_different(const SDL_Surface *golden, const SDL_Surface *drawn)
{
    long different = golden->w == drawn->w && golden->h == drawn->h ? 0 : -1;
    for (int y = 0; different >= 0 && y < golden->h; y++) {
        const Uint32 *left =
            (const void *)((const Uint8 *)golden->pixels + (ptrdiff_t)y * golden->pitch);
        const Uint32 *right =
            (const void *)((const Uint8 *)drawn->pixels + (ptrdiff_t)y * drawn->pitch);
        for (int x = 0; x < golden->w; x++) {
            different += (left[x] & 0xffffff) != (right[x] & 0xffffff) ? 1 : 0;
        }
    }
    return different;
}

static const char *folder(const char *variable, const char *fallback)
{
    const char *value = getenv(variable);
    return value == NULL ? fallback : value;
}

static void must(enum err err, const struct fault *fault)
{
    if (err != OK) {
        fprintf(stderr, "%s: %s\n", err_name(err), fault->text);
        abort();
    }
}
