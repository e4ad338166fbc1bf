// SPDX-License-Identifier: EUPL-1.2
//
// A graphics card as the kernel offers it (KMS): one screen in its own best mode, two buffers of
// plain memory, shown by page flips, or one where the card wants to hear what changed. No
// acceleration, no Mesa.
#ifndef INLOOP_UI_KMS_H
#define INLOOP_UI_KMS_H

#include "base/err.h"
#include "ui/canvas.h"
#include "ui/rotate.h"

#include <stdbool.h>
#include <stddef.h>

struct kms;

struct kms_screen {
    bool is_connected;
    int width_px; // of the picture, turned as it is
    int height_px;
    float px_per_mm; // 0: the screen does not say
};

// Keeps `card` ("/dev/dri/card0"; NULL: the first with a screen, else the first). A card without a
// screen is OK. ERR_UNAVAILABLE: no such card, or one that cannot do this.
MUST_USE enum err kms_open(struct kms **kms, const char *card, int rotation_degrees,
                           struct fault *fault);
void kms_close(struct kms *kms); // NULL allowed; overwrites what was shown
struct kms_screen kms_screen(const struct kms *kms);
// Looks at the connectors anew. True: another screen or none; the next picture is shown whole.
bool kms_probe(struct kms *kms);
// Shows these parts of a picture of the screen's size. Keeps the picture until the next one: a part
// that has to wait for the last flip is copied by kms_read. Nothing happens without a screen.
void kms_present(struct kms *kms, const struct pixels *picture, const struct rect_px *rects,
                 size_t count);
// Readable when a flip is done; then call kms_read. Changes with kms_probe.
int kms_fd(const struct kms *kms);
void kms_read(struct kms *kms);

#endif
