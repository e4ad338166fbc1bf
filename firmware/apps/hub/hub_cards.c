// SPDX-License-Identifier: EUPL-1.2
//
// Visits by a card: a document whose chip the kiosk verified, and the number of a municipal pass.
// The hub cannot see a card. It believes an enrolled kiosk, and gives each so many cards a minute
// that a stolen one could not walk a register.
#include "apps/hub/hub.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    CARD_MS = 15000,      // of a kiosk's time for one card, unless it is told else
    CARDS_AT_ONCE = 12,   // so many may come in a row
    CARDS_FOR_A_MISS = 2, // whoever finds nobody has used up these as well
};

static void on_identified(void *ctx, enum err err, const struct person_private *person,
                          const struct fault *fault);
static void on_listed(void *ctx, const struct request_list_private *list,
                      const struct fault *fault);
static struct hub_cards_of *cards_of(struct hub *hub, const char *device);

void hub_post_visit_document(struct hub_call *call, const struct api_visit_open_private *open)
{
    const struct api_document_private *document = &open->document;
    struct hub *hub = call->hub;
    // The chip's data alone can be copied to another chip; the visitor goes to the counter.
    if (!document->is_genuine || document->not_cloned == API_NOT_CLONED_NONE) {
        hub_card_refused(hub, call->device->id, "document_unproven");
        hub_refuse(call, 422, "document_unproven");
        return;
    }
    // A register searches by whole dates only.
    if (!date_is_valid(document->birth_date)) {
        hub_card_refused(hub, call->device->id, "person_unsure");
        hub_refuse(call, 422, "person_unsure");
        return;
    }
    if (!hub_cards_take(call)) {
        return;
    }
    struct hub_opening_private *opening = hub_opening_new(call, open->language);
    opening->way = HUB_BY_DOCUMENT;
    evidence_add(&opening->evidence, EVIDENCE_CHIP_GENUINE);
    evidence_add(&opening->evidence, EVIDENCE_CHIP_NOT_CLONED);
    struct backoffice_document_private asked = {.is_name_cut = document->is_name_cut,
                                                .birth_date = document->birth_date};
    CHECK(text_copy(asked.surname, sizeof asked.surname, document->surname) == OK);
    CHECK(text_copy(asked.given, sizeof asked.given, document->given) == OK);
    hub->backoffice->ops->identify(hub->backoffice, &asked, on_identified, on_listed, opening);
    wipe(&asked, sizeof asked);
}

static void on_identified(void *ctx, enum err err, const struct person_private *person,
                          const struct fault *fault)
{
    struct hub_opening_private *opening = ctx;
    if (err == OK) {
        memcpy(opening->visit->party, person->party, sizeof opening->visit->party);
        opening->is_listing = person->party[0] == '\0';
        hub_opening_person(opening, person);
    } else {
        hub_opening_give_up(opening, err, fault);
    }
}

// Whoever has no party is known to this question alone.
static void on_listed(void *ctx, const struct request_list_private *list, const struct fault *fault)
{
    struct hub_opening_private *opening = ctx;
    hub_visit_listed(opening->hub, opening->id, list, fault);
    wipe(opening, sizeof *opening);
    free(opening);
}

void hub_card_refused(struct hub *hub, const char *device, const char *why)
{
    struct hub_work *work = hub_work_new(hub);
    hub_work_audit(work, "card_refused", "card", why, device, "visitor");
    hub_work_commit(work);
}

bool hub_cards_take(struct hub_call *call)
{
    struct hub *hub = call->hub;
    struct hub_cards_of *cards = cards_of(hub, call->device->id);
    const int64_t now_ms = clock_monotonic_ms(&hub->clock);
    if (cards->spent_ms - now_ms > (CARDS_AT_ONCE - 1) * hub->card_ms) {
        if (!cards->is_slowed) {
            cards->is_slowed = true; // once, or the log would be walked too
            log_warn("hub", "%s reads more cards than people come by", call->device->id);
            hub_card_refused(hub, call->device->id, "too_many");
        }
        hub_refuse(call, 429, "too_many");
        return false;
    }
    cards->is_slowed = false;
    hub_cards_charge(hub, call->device->id, 1);
    return true;
}

void hub_cards_miss(struct hub *hub, const char *device, const char *why)
{
    hub_card_refused(hub, device, why);
    hub_cards_charge(hub, device, CARDS_FOR_A_MISS);
}

void hub_cards_charge(struct hub *hub, const char *device, int cards_count)
{
    struct hub_cards_of *cards = cards_of(hub, device);
    const int64_t now_ms = clock_monotonic_ms(&hub->clock);
    cards->spent_ms =
        (cards->spent_ms > now_ms ? cards->spent_ms : now_ms) + cards_count * hub->card_ms;
}

void hub_cards_open(struct hub *hub)
{
    if (config_get_int(hub->config, "hub.card_ms", 1, 600000, &hub->card_ms) != OK) {
        hub->card_ms = CARD_MS;
    }
}

// One for each device there can be; the registry bounds them.
static struct hub_cards_of *cards_of(struct hub *hub, const char *device)
{
    struct hub_cards_of *longest_ago = &hub->cards[0];
    for (size_t i = 0; i < HUB_DEVICES_MAX; i++) {
        struct hub_cards_of *cards = &hub->cards[i];
        if (text_equal(cards->device, device)) {
            return cards;
        }
        longest_ago = cards->spent_ms < longest_ago->spent_ms ? cards : longest_ago;
    }
    *longest_ago = (struct hub_cards_of){0};
    CHECK(text_copy(longest_ago->device, sizeof longest_ago->device, device) == OK);
    return longest_ago;
}
