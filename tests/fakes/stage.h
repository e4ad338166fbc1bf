// SPDX-License-Identifier: EUPL-1.2
//
// A stage for screen tests: builds a scene's tree, lays it out, draws it on a surface, audits it,
// and compares it with the golden picture.
#ifndef INLOOP_TESTS_STAGE_H
#define INLOOP_TESTS_STAGE_H

#include "ui/audit.h"
#include "ui/canvas.h"
#include "ui/phrases.h"
#include "ui/scene.h"

#include <stdbool.h>

enum stage_mode {
    STAGE_NORMAL,
    STAGE_LARGE,
    STAGE_CONTRAST,
    STAGE_LARGE_CONTRAST,
    STAGE_LOW,
    STAGE_LARGE_LOW,
    STAGE_OTHER_TOWN, // the example theme: purple, round, serif headings
    STAGE_MODES_COUNT,
};

struct stage {
    struct look look;
    struct tree tree;
    struct canvas canvas;
    struct canvas_icons *icons;
    struct text_shaper *shaper;
    struct theme themes[2]; // The Hague's, the example's
    enum stage_mode mode;
};

extern const char *const stage_mode_names[STAGE_MODES_COUNT];
enum { STAGE_LANGUAGES_COUNT = 3 };
extern const char *const stage_languages[STAGE_LANGUAGES_COUNT];

// A panel in The Hague's colours. Fails the test when fonts or icons are missing.
void stage_open(struct stage *stage, int width_px, int height_px, float px_per_mm);
void stage_close(struct stage *stage);
void stage_set(struct stage *stage, const char *language, enum stage_mode mode);
// The compiled phrases of the build under test.
void stage_phrases(struct phrases *phrases, const char *language);
// Builds, lays out and draws.
void stage_show(struct stage *stage, const struct scene *scene, const void *model);
// Builds and lays out, for the audit. With INLOOP_SCREENS in the environment it also draws and
// writes build/screens/`name`-`language`-`mode`.png, to be looked at.
void stage_lay(struct stage *stage, const struct scene *scene, const void *model, const char *name);
// Prints every finding of the audit; gives their count.
size_t stage_audit(struct stage *stage, const char *name, const struct audit_profile *profile);
// Both of these: every finding of that scene under that name.
size_t stage_findings(struct stage *stage, const struct scene *scene, const void *model,
                      const char *name, const struct audit_profile *profile);
// The findings of `show` in every language and mode.
size_t stage_every(size_t (*show)(const char *language, enum stage_mode mode));
// True when the picture equals tests/screens/golden/`name`.png in every pixel. With
// INLOOP_GOLDEN=write in the environment the golden picture is made anew instead: do so only to
// commit it after looking at it beside the drawn design.
bool stage_is_golden(struct stage *stage, const char *name);
// 0 when the scene looks as it did when somebody last looked at it, else 1.
size_t stage_differs(struct stage *stage, const struct scene *scene, const void *model,
                     const char *name);
// The same for a slip as the printer gets it.
struct raster;
bool stage_is_golden_slip(const struct raster *raster, const char *name);

#endif
