// SPDX-License-Identifier: EUPL-1.2
//
// Beginning something new: the list of forms, a visit when there is none, and the form itself.
#include "apps/kiosk/kiosk.h"

#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

void kiosk_ask_catalogue(struct kiosk *kiosk)
{
    kiosk->visit.catalogue_first = 0;
    kiosk->visit.wants_catalogue = true;
    kiosk_wait(kiosk, kiosk->client == NULL ? 1 : hub_catalogue(kiosk->client));
    scenes_push(kiosk->scenes, &kiosk_scene_wait);
}

void kiosk_take_catalogue(struct kiosk *kiosk, const struct catalogue *catalogue)
{
    kiosk->catalogue = *catalogue;
    kiosk->visit.wants_catalogue = false;
    scenes_replace(kiosk->scenes, &kiosk_scene_catalogue);
}

void kiosk_begin(struct kiosk *kiosk, const struct published *form)
{
    struct kiosk_visit_private *visit = &kiosk->visit;
    memcpy(visit->begins, form->id, sizeof visit->begins);
    scenes_push(kiosk->scenes, &kiosk_scene_wait);
    kiosk_begin_on(kiosk);
}

void kiosk_begin_on(struct kiosk *kiosk)
{
    struct kiosk_visit_private *visit = &kiosk->visit;
    if (visit->has_visit) {
        struct api_begin begin = {0};
        memcpy(begin.form, visit->begins, sizeof begin.form);
        kiosk_wait(kiosk,
                   kiosk->client == NULL ? 1 : hub_begin(kiosk->client, visit->visit.id, &begin));
        return;
    }
    struct api_visit_open_private open = {.is_anonymous = true};
    CHECK(text_copy(open.language, sizeof open.language, kiosk->look->language) == OK);
    kiosk_wait(kiosk, kiosk->client == NULL ? 1 : hub_visit_open(kiosk->client, &open));
}

bool kiosk_show_phone(struct kiosk *kiosk, const char *url)
{
    if (url[0] == '\0' || qr_make(&kiosk->visit.phone, url) != OK) {
        return false;
    }
    scenes_push(kiosk->scenes, &kiosk_scene_phone);
    return true;
}
