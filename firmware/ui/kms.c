// SPDX-License-Identifier: EUPL-1.2
//
// Each buffer has its own list of what it still lacks. A flip takes until the next frame of the
// screen; what comes meanwhile waits in the lists.
#include "ui/kms.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"
#include "ui/edid.h"
#include "ui/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

enum { CARDS_MAX = 8, CARD_BYTES = 32, BUFFERS = 2, BITS_A_PIXEL = 32, DEPTH = 24 };

struct buffer {
    uint32_t handle;
    uint32_t id; // 0: none
    struct pixels panel;
    uint64_t bytes;
    struct rect_px lacks[SCREEN_RECTS_MAX]; // of the picture
    size_t lacks_count;
};

struct kms {
    const char *card; // NULL: any
    int rotation_degrees;
    int fd;
    uint32_t connector; // 0: no screen
    uint32_t crtc;
    drmModeModeInfo mode;
    float px_per_mm;
    struct buffer buffers[BUFFERS];
    int shown;
    bool is_lit;        // the screen shows a buffer of ours
    bool hears_changes; // one buffer, and DirtyFB after each change
    bool is_flipping;   // to the other buffer
    bool waits;         // a picture came meanwhile
    struct pixels picture;
};

// Found on a card: not yet taken over.
struct found {
    uint32_t connector;
    uint32_t crtc;
    drmModeModeInfo mode;
    float px_per_mm;
};

static enum err open_card(struct kms *kms, struct fault *fault);
static bool find_screen(int fd, bool asks_anew, struct found *found);
static void take_screen(struct kms *kms, const struct found *found);
static void drop_screen(struct kms *kms);
static void light(struct kms *kms);
static void push(struct kms *kms);

enum err kms_open(struct kms **kms, const char *card, int rotation_degrees, struct fault *fault)
{
    struct kms *opened = calloc(1, sizeof *opened);
    CHECK(opened != NULL);
    *opened = (struct kms){.card = card, .rotation_degrees = rotation_degrees, .fd = -1};
    enum err err = open_card(opened, fault);
    if (err != OK) {
        kms_close(opened);
        return err;
    }
    *kms = opened;
    return OK;
}

void kms_close(struct kms *kms)
{
    if (kms == NULL) {
        return;
    }
    drop_screen(kms);
    if (kms->fd >= 0) {
        (void)close(kms->fd); // nothing is written through it
    }
    free(kms);
}

struct kms_screen kms_screen(const struct kms *kms)
{
    if (kms->connector == 0) {
        return (struct kms_screen){0};
    }
    bool is_upright = kms->rotation_degrees % 180 == 0;
    return (struct kms_screen){.is_connected = true,
                               .width_px = is_upright ? kms->mode.hdisplay : kms->mode.vdisplay,
                               .height_px = is_upright ? kms->mode.vdisplay : kms->mode.hdisplay,
                               .px_per_mm = kms->px_per_mm};
}

bool kms_probe(struct kms *kms)
{
    struct found found;
    if (!find_screen(kms->fd, true, &found)) {
        bool was_connected = kms->connector != 0;
        if (was_connected) {
            log_info("screen", "no screen");
        }
        drop_screen(kms);
        if (kms->card == NULL) {
            struct fault silent;
            (void)close(kms->fd); // another card may have one now
            kms->fd = -1;
            (void)open_card(kms, &silent); // none at all any more: as without a screen
        }
        return was_connected || kms->connector != 0;
    }
    bool is_same = found.connector == kms->connector && found.crtc == kms->crtc &&
                   memcmp(&found.mode, &kms->mode, sizeof found.mode) == 0 &&
                   found.px_per_mm == kms->px_per_mm;
    if (is_same && kms->is_lit) {
        light(kms); // plugged out and in again meanwhile, or its cable needs another try
        return false;
    }
    drop_screen(kms);
    take_screen(kms, &found);
    return true;
}

int kms_fd(const struct kms *kms)
{
    return kms->fd;
}

static void add_lack(struct buffer *buffer, struct rect_px rect)
{
    if (buffer->lacks_count < SCREEN_RECTS_MAX) {
        buffer->lacks[buffer->lacks_count] = rect;
        buffer->lacks_count += 1;
    } else {
        buffer->lacks[0] = rect_px_union(buffer->lacks[0], rect);
    }
}

void kms_present(struct kms *kms, const struct pixels *picture, const struct rect_px *rects,
                 size_t count)
{
    struct kms_screen screen = kms_screen(kms);
    if (picture->width_px != screen.width_px || picture->height_px != screen.height_px) {
        return; // of the screen that went
    }
    kms->picture = *picture;
    for (size_t i = 0; i < count; i++) {
        for (size_t b = 0; b < BUFFERS; b++) {
            add_lack(&kms->buffers[b], rects[i]);
        }
    }
    if (kms->is_flipping) {
        kms->waits = true;
    } else {
        push(kms);
    }
}

static void on_flip(int fd, unsigned frame, unsigned seconds, unsigned micros, void *ctx)
{
    (void)fd;
    (void)frame;
    (void)seconds;
    (void)micros;
    struct kms *kms = ctx;
    if (!kms->is_flipping) {
        return; // of a screen that went
    }
    kms->is_flipping = false;
    kms->shown = 1 - kms->shown;
    if (kms->waits) {
        kms->waits = false;
        push(kms);
    }
}

void kms_read(struct kms *kms)
{
    drmEventContext context = {.version = 2, .page_flip_handler = on_flip};
    if (kms->fd >= 0) {
        (void)drmHandleEvent(kms->fd, &context); // nothing readable: nothing to do
    }
}

// Cards that draw from memory of their own: they must be told what changed, and cost least when it
// is little. The others read our memory all the time, so a change there would be seen half done.
static bool hears_changes(int fd)
{
    static const char *const drivers[] = {"virtio_gpu", "bochs-drm",  "qxl",     "vmwgfx",
                                          "simpledrm",  "cirrus",     "udl",     "mgag200",
                                          "ast",        "hyperv_drm", "gm12u320"};
    drmVersionPtr version = drmGetVersion(fd);
    bool is_one = false;
    for (size_t i = 0; version != NULL && i < sizeof drivers / sizeof drivers[0]; i++) {
        is_one = is_one || text_equal(version->name, drivers[i]);
    }
    drmFreeVersion(version);
    return is_one;
}

static int open_path(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    uint64_t has_dumb = 0;
    if (fd < 0) {
        return -1;
    }
    drmModeResPtr parts = drmModeGetResources(fd);
    bool can_show = parts != NULL && parts->count_connectors > 0 && parts->count_crtcs > 0 &&
                    drmGetCap(fd, DRM_CAP_DUMB_BUFFER, &has_dumb) == 0 && has_dumb != 0;
    drmModeFreeResources(parts);
    if (!can_show) {
        (void)close(fd); // a card that only computes
        return -1;
    }
    return fd;
}

static void use_card(struct kms *kms, int fd, const struct found *found)
{
    kms->fd = fd;
    kms->hears_changes = hears_changes(fd);
    if (found != NULL) {
        take_screen(kms, found);
    }
}

static enum err open_card(struct kms *kms, struct fault *fault)
{
    struct found found;
    if (kms->card != NULL) {
        int fd = open_path(kms->card);
        if (fd < 0) {
            return fault_set(fault, ERR_UNAVAILABLE, "screen: %s: %s", kms->card, strerror(errno));
        }
        use_card(kms, fd, find_screen(fd, false, &found) ? &found : NULL);
        return OK;
    }
    int first = -1;
    for (int i = 0; i < CARDS_MAX; i++) {
        char path[CARD_BYTES];
        struct text text;
        text_init(&text, path, sizeof path);
        text_format(&text, "/dev/dri/card%d", i);
        int fd = open_path(path);
        if (fd >= 0 && find_screen(fd, false, &found)) {
            if (first >= 0) {
                (void)close(first); // it has no screen
            }
            use_card(kms, fd, &found);
            return OK;
        }
        if (first < 0) {
            first = fd;
        } else if (fd >= 0) {
            (void)close(fd); // it has no screen either
        }
    }
    if (first < 0) {
        return fault_set(fault, ERR_UNAVAILABLE, "screen: no graphics card in /dev/dri");
    }
    use_card(kms, first, NULL);
    return OK;
}

static float density_of(int fd, const drmModeConnector *connector, const drmModeModeInfo *mode)
{
    float px_per_mm = 0;
    for (int i = 0; i < connector->count_props; i++) {
        drmModePropertyPtr property = drmModeGetProperty(fd, connector->props[i]);
        bool is_edid = property != NULL && text_equal(property->name, "EDID");
        drmModeFreeProperty(property);
        drmModePropertyBlobPtr blob =
            is_edid ? drmModeGetPropertyBlob(fd, (uint32_t)connector->prop_values[i]) : NULL;
        struct edid edid;
        if (blob != NULL && edid_parse(blob->data, blob->length, &edid) == OK) {
            px_per_mm = edid_px_per_mm(&edid, mode->hdisplay, mode->vdisplay);
        }
        drmModeFreePropertyBlob(blob);
    }
    return px_per_mm;
}

// One that can drive this connector: the one that does already, so that the picture stays steady.
static uint32_t crtc_of(int fd, const drmModeRes *parts, const drmModeConnector *connector)
{
    drmModeEncoderPtr now = drmModeGetEncoder(fd, connector->encoder_id);
    uint32_t crtc = now == NULL ? 0 : now->crtc_id;
    drmModeFreeEncoder(now);
    for (int i = 0; i < connector->count_encoders && crtc == 0; i++) {
        drmModeEncoderPtr encoder = drmModeGetEncoder(fd, connector->encoders[i]);
        for (int c = 0; encoder != NULL && c < parts->count_crtcs && crtc == 0; c++) {
            crtc = (encoder->possible_crtcs >> c & 1) != 0 ? parts->crtcs[c] : 0;
        }
        drmModeFreeEncoder(encoder);
    }
    return crtc;
}

static bool is_usable(int fd, const drmModeRes *parts, const drmModeConnector *connector,
                      struct found *found)
{
    if (connector == NULL || connector->connection != DRM_MODE_CONNECTED ||
        connector->count_modes == 0) {
        return false;
    }
    const drmModeModeInfo *best = &connector->modes[0];
    for (int i = connector->count_modes - 1; i >= 0; i--) {
        best =
            (connector->modes[i].type & DRM_MODE_TYPE_PREFERRED) != 0 ? &connector->modes[i] : best;
    }
    *found = (struct found){.connector = connector->connector_id,
                            .crtc = crtc_of(fd, parts, connector),
                            .mode = *best,
                            .px_per_mm = density_of(fd, connector, best)};
    return found->crtc != 0;
}

// What the kernel knows already costs nothing; asking the screen itself takes up to a second.
static bool find_screen(int fd, bool asks_anew, struct found *found)
{
    drmModeResPtr parts = fd < 0 ? NULL : drmModeGetResources(fd);
    bool is_found = false;
    for (int asks = asks_anew; asks <= 1 && parts != NULL && !is_found; asks++) {
        for (int i = 0; i < parts->count_connectors && !is_found; i++) {
            drmModeConnectorPtr connector =
                asks == 1 ? drmModeGetConnector(fd, parts->connectors[i])
                          : drmModeGetConnectorCurrent(fd, parts->connectors[i]);
            is_found = is_usable(fd, parts, connector, found);
            drmModeFreeConnector(connector);
        }
    }
    drmModeFreeResources(parts);
    return is_found;
}

static bool make_buffer(struct kms *kms, struct buffer *buffer)
{
    uint32_t pitch = 0;
    uint64_t offset = 0;
    uint32_t width_px = kms->mode.hdisplay;
    uint32_t height_px = kms->mode.vdisplay;
    if (drmModeCreateDumbBuffer(kms->fd, width_px, height_px, BITS_A_PIXEL, 0, &buffer->handle,
                                &pitch, &buffer->bytes) != 0 ||
        drmModeAddFB(kms->fd, width_px, height_px, DEPTH, BITS_A_PIXEL, pitch, buffer->handle,
                     &buffer->id) != 0 ||
        drmModeMapDumbBuffer(kms->fd, buffer->handle, &offset) != 0) {
        return false;
    }
    void *bytes =
        mmap(NULL, buffer->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, kms->fd, (off_t)offset);
    if (bytes == MAP_FAILED) {
        return false;
    }
    buffer->panel = (struct pixels){bytes, pitch, (int)width_px, (int)height_px};
    return true;
}

static void free_buffer(struct kms *kms, struct buffer *buffer)
{
    if (buffer->panel.bytes != NULL) {
        wipe(buffer->panel.bytes, buffer->bytes);
        (void)munmap(buffer->panel.bytes, buffer->bytes); // as it was mapped
    }
    if (buffer->id != 0) {
        (void)drmModeRmFB(kms->fd, buffer->id); // a card that went has none
    }
    if (buffer->handle != 0) {
        (void)drmModeDestroyDumbBuffer(kms->fd, buffer->handle); // likewise
    }
    *buffer = (struct buffer){0};
}

static void take_screen(struct kms *kms, const struct found *found)
{
    kms->connector = found->connector;
    kms->crtc = found->crtc;
    kms->mode = found->mode;
    kms->px_per_mm = found->px_per_mm;
    struct kms_screen screen = kms_screen(kms);
    for (size_t i = 0; i < (kms->hears_changes ? 1U : BUFFERS); i++) {
        if (!make_buffer(kms, &kms->buffers[i])) {
            log_error("screen", "no memory for a picture of %dx%d: %s", kms->mode.hdisplay,
                      kms->mode.vdisplay, strerror(errno));
            drop_screen(kms);
            return;
        }
        add_lack(&kms->buffers[i], (struct rect_px){0, 0, screen.width_px, screen.height_px});
    }
    log_info("screen", "%dx%d, %.2f pixels a millimetre", kms->mode.hdisplay, kms->mode.vdisplay,
             (double)kms->px_per_mm);
}

static void drop_screen(struct kms *kms)
{
    for (size_t i = 0; i < BUFFERS; i++) {
        free_buffer(kms, &kms->buffers[i]);
    }
    kms->connector = 0;
    kms->px_per_mm = 0;
    kms->shown = 0;
    kms->is_lit = false;
    kms->is_flipping = false;
    kms->waits = false;
    kms->picture = (struct pixels){0};
}

static void complete(const struct kms *kms, struct buffer *buffer)
{
    for (size_t i = 0; i < buffer->lacks_count; i++) {
        rotate_copy(kms->rotation_degrees, &kms->picture, buffer->lacks[i], &buffer->panel);
    }
    buffer->lacks_count = 0;
}

// False: the card wants to hear nothing after all.
static bool tell_changes(struct kms *kms, struct buffer *buffer)
{
    drmModeClip clips[SCREEN_RECTS_MAX];
    size_t count = buffer->lacks_count;
    for (size_t i = 0; i < count; i++) {
        struct rect_px at = rotate_rect(kms->rotation_degrees, kms->picture.width_px,
                                        kms->picture.height_px, buffer->lacks[i]);
        clips[i] = (drmModeClip){.x1 = (uint16_t)at.x,
                                 .y1 = (uint16_t)at.y,
                                 .x2 = (uint16_t)(at.x + at.width),
                                 .y2 = (uint16_t)(at.y + at.height)};
    }
    complete(kms, buffer);
    return count == 0 || drmModeDirtyFB(kms->fd, buffer->id, clips, (uint32_t)count) == 0;
}

static void light(struct kms *kms)
{
    struct buffer *buffer = &kms->buffers[kms->shown];
    complete(kms, buffer);
    (void)drmModeSetCursor(kms->fd, kms->crtc, 0, 0, 0); // a card without one shows none
    kms->is_lit =
        drmModeSetCrtc(kms->fd, kms->crtc, buffer->id, 0, 0, &kms->connector, 1, &kms->mode) == 0;
    if (!kms->is_lit) {
        log_warn("screen", "the card does not show our picture: %s", strerror(errno));
    }
}

static void flip(struct kms *kms)
{
    struct buffer *next = &kms->buffers[1 - kms->shown];
    if (next->id == 0) {
        return;
    }
    complete(kms, next);
    kms->is_flipping =
        drmModePageFlip(kms->fd, kms->crtc, next->id, DRM_MODE_PAGE_FLIP_EVENT, kms) == 0;
    if (!kms->is_flipping) {
        // One that cannot flip is set anew each time, to the buffer that is whole.
        kms->shown = 1 - kms->shown;
        light(kms);
    }
}

static void start_flipping(struct kms *kms)
{
    struct buffer *other = &kms->buffers[1];
    *other = (struct buffer){0};
    if (make_buffer(kms, other)) {
        struct kms_screen screen = kms_screen(kms);
        add_lack(other, (struct rect_px){0, 0, screen.width_px, screen.height_px});
        kms->hears_changes = false;
    } else {
        free_buffer(kms, other); // the one that is shown does
    }
}

static void push(struct kms *kms)
{
    if (kms->connector == 0) {
        return;
    }
    if (!kms->is_lit) {
        light(kms);
    } else if (!kms->hears_changes) {
        flip(kms);
    } else if (!tell_changes(kms, &kms->buffers[0])) {
        start_flipping(kms);
    }
}
