// SPDX-License-Identifier: EUPL-1.2
//
// How long drawing takes at 1080 x 1920: a whole screen, and one pressed button. Prints JSON.
#include "apps/kiosk/kiosk.h"
#include "tests/fakes/stage.h"
#include "ui/draw.h"
#include "ui/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS = 300 };

static struct stage stage;
static struct kiosk kiosk;
static struct scenes scenes;

static double now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

// Builds, lays out and draws within `clip`; gives the median time.
static double redraw_ms(struct rect_px clip)
{
    static double samples[RUNS];
    for (int i = 0; i < RUNS; i++) {
        double start_ms = now_ms();
        kiosk_scene_welcome.build(&kiosk, &stage.look, &stage.tree);
        layout_tree(&stage.tree, &stage.look, stage.shaper);
        canvas_set_clip(&stage.canvas, clip);
        draw_tree(&stage.tree, &stage.look, stage.shaper, &stage.canvas);
        samples[i] = now_ms() - start_ms;
        tree_clear(&stage.tree);
    }
    qsort(samples, RUNS, sizeof samples[0], by_size);
    return samples[RUNS / 2];
}

int main(void)
{
    stage_open(&stage, 1080, 1920, 3.61F);
    stage_phrases(&kiosk.phrases, "nl");
    kiosk_init(&kiosk, &stage.look, &scenes);
    kiosk.is_connected = true;
    (void)redraw_ms((struct rect_px){0, 0, 1080, 1920}); // fonts and icons are warm afterwards
    double full_ms = redraw_ms((struct rect_px){0, 0, 1080, 1920});
    double button_ms = redraw_ms((struct rect_px){48, 1764, 232, 132});
    printf("[{\"name\":\"kiosk.redraw_full\",\"unit\":\"ms\",\"ours\":%.3f,\"peers\":{\"frame_at_"
           "60_hz\":"
           "16.7}},{\"name\":\"kiosk.redraw_button\",\"unit\":\"ms\",\"ours\":%.3f,\"peers\":{"
           "\"frame_at_60_hz\":16.7}}]\n",
           full_ms, button_ms);
    stage_close(&stage);
    return 0;
}
