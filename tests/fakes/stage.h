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

struct stage {
    struct look look;
    struct tree tree;
    struct canvas canvas;
    struct canvas_icons *icons;
    struct text_shaper *shaper;
};

enum stage_mode { STAGE_NORMAL, STAGE_LARGE, STAGE_CONTRAST, STAGE_MODES_COUNT };
extern const char *const stage_mode_names[STAGE_MODES_COUNT];
enum { STAGE_LANGUAGES_COUNT = 3 };
extern const char *const stage_languages[STAGE_LANGUAGES_COUNT];

// A panel in The Hague's colours. Fails the test when fonts or icons are missing.
void stage_open(struct stage *stage, int width_px, int height_px, float px_per_mm);
void stage_close(struct stage *stage);
void stage_set(struct stage *stage, const char *language, enum stage_mode mode);
// The compiled phrases of the build under test.
void stage_phrases(struct phrases *phrases, const char *language);
// Builds and draws; writes build/screens/`name`-`language`-`mode`.png.
void stage_show(struct stage *stage, const struct scene *scene, const void *model,
                const char *name);
// Prints every finding of the audit; gives their count.
size_t stage_audit(struct stage *stage, const char *name, const struct audit_profile *profile);
// True when the picture equals tests/screens/golden/`name`.png in every pixel. With
// INLOOP_GOLDEN=write in the environment the golden picture is made anew instead.
bool stage_is_golden(struct stage *stage, const char *name);

#endif
