// SPDX-License-Identifier: EUPL-1.2
//
// The kiosk round a form: which scene stands for it, its slip, and the way to the counter.
#include "apps/kiosk/kiosk.h"

#include "base/bytes.h"
#include "base/text.h"

static uint32_t ask_hub(void *ctx);
static void on_step(void *ctx, enum fill_step step);
static void on_code(void *ctx, const char *url);
static const struct scene *scene_of_page(const struct kiosk *kiosk);
static void show_sent(struct kiosk *kiosk);

void kiosk_form_init(struct kiosk *kiosk)
{
    kiosk->form_host = (struct fill_host){
        .open = ask_hub,
        .tell = on_step,
        .show_code = on_code,
        .ctx = kiosk,
        .client = &kiosk->client,
        .look = kiosk->look,
        .clock = &kiosk->clock,
        .now_ms = &kiosk->now_ms,
        .waits_for = &kiosk->waits_for,
        .waits_since_ms = &kiosk->waits_since_ms,
        .has_news = &kiosk->has_news,
        .commands_count = &kiosk->commands_count,
    };
}

void kiosk_form_ask_counter(struct kiosk *kiosk)
{
    fill_keep(&kiosk->visit.form);
    scenes_push(kiosk->scenes, &kiosk_scene_consent);
}

static uint32_t ask_hub(void *ctx)
{
    struct kiosk *kiosk = ctx;
    struct api_form_open open = {0};
    CHECK(text_copy(open.request, sizeof open.request, kiosk->visit.request) == OK);
    return kiosk->client == NULL ? 1 : hub_form_open(kiosk->client, kiosk->visit.visit.id, &open);
}

static void on_step(void *ctx, enum fill_step step)
{
    struct kiosk *kiosk = ctx;
    switch (step) {
    case FILL_WAITS:
        scenes_replace(kiosk->scenes, &kiosk_scene_wait);
        break;
    case FILL_RESUMES:
        scenes_replace(kiosk->scenes, &kiosk_scene_form_resume);
        break;
    case FILL_PAGE:
        scenes_replace(kiosk->scenes, scene_of_page(kiosk));
        break;
    case FILL_SENDING:
        if (scenes_top(kiosk->scenes) != &kiosk_scene_form_done) {
            scenes_replace(kiosk->scenes, &kiosk_scene_form_done);
        }
        break;
    case FILL_SENT:
        show_sent(kiosk);
        break;
    case FILL_TROUBLE:
        scenes_replace(kiosk->scenes, &kiosk_scene_form_trouble);
        break;
    case FILL_LEFT:
        scenes_reset(kiosk->scenes, &kiosk_scene_requests);
        break;
    case FILL_VISIT_GONE:
        kiosk_message(kiosk, "message.visit_gone");
        break;
    }
}

static void on_code(void *ctx, const char *url)
{
    struct qr *code = &((struct kiosk *)ctx)->visit.file_code;
    wipe(code, sizeof *code);
    if (url[0] != '\0' && qr_make(code, url) != OK) {
        code->modules_count = 0; // an address of a kilobyte: the page says so
    }
}

static const struct scene *scene_of_page(const struct kiosk *kiosk)
{
    switch (kiosk->visit.form.page.kind) {
    case WALK_ITEMS:
        return &kiosk_scene_form_items;
    case WALK_CHECK:
        return &kiosk_scene_form_check;
    case WALK_QUESTION:
    case WALK_READ:
    case WALK_HAND_OVER:
        break;
    }
    return &kiosk_scene_question;
}

static void show_sent(struct kiosk *kiosk)
{
    bool has_paper = kiosk->visit.form.reference[0] != '\0' && kiosk->printer_ok;
    if (has_paper && kiosk->print != NULL) {
        kiosk->visit.slip = SLIP_PRINTING;
        kiosk->print(kiosk->print_ctx);
    }
    scenes_replace(kiosk->scenes, &kiosk_scene_form_done);
}
