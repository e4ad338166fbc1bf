// SPDX-License-Identifier: EUPL-1.2
//
// From a card on the reader to a visit, and back to nothing. What is read belongs to the reading
// the screens asked for last; everything older is dropped unseen.
#include "apps/kiosk/card.h"

#include "apps/kiosk/kiosk.h"
#include "base/bytes.h"
#include "base/text.h"

#include <string.h>

static void laid(struct kiosk *kiosk, const char *pass);
static void lifted(struct kiosk *kiosk);
static void reader_gone(struct kiosk *kiosk);
static void slipped(struct kiosk *kiosk);
static void ended(struct kiosk *kiosk, const struct card_news_private *news);
static void verified(struct kiosk *kiosk, const struct card_news_private *news);
static void wrong_password(struct kiosk *kiosk);
static void to_counter(struct kiosk *kiosk, enum document_reason reason);
static void begin(struct kiosk *kiosk, const char *pass);
static void go_by_pass(struct kiosk *kiosk, const char *pass);
static void show(struct kiosk *kiosk, const struct scene *scene);
static void read_card(struct kiosk *kiosk);
static void open_with_card(struct kiosk *kiosk);
static void give_up(struct kiosk *kiosk, const char *stem);
static void order(struct kiosk *kiosk, enum card_order_kind kind);
static bool is_same_holder(const struct document_holder_private *left,
                           const struct document_holder_private *right);
static void unlock(struct kiosk *kiosk);
static bool is_to_be_locked(const struct kiosk *kiosk);
static bool is_covered(const struct kiosk *kiosk);
static void put_date(struct date date, char out[DOCUMENT_DATE_BYTES]);
static const char *check_zone(struct card_private *card);

void kiosk_card_news(struct kiosk *kiosk, const struct card_news_private *news)
{
    struct card_private *card = &kiosk->visit.card;
    static const enum card_lies lies[] = {
        [CARD_NEWS_LAID] = CARD_LIES_ASKED,        [CARD_NEWS_MUTE] = CARD_LIES_MUTE,
        [CARD_NEWS_DOCUMENT] = CARD_LIES_DOCUMENT, [CARD_NEWS_OLD] = CARD_LIES_OLD,
        [CARD_NEWS_PASS] = CARD_LIES_PASS,         [CARD_NEWS_OTHER] = CARD_LIES_OTHER,
    };
    bool is_awaited = card->reading != 0 && news->reading == card->reading;
    switch (news->kind) {
    case CARD_NEWS_READY:
        kiosk->card.has_reader = true;
        break;
    case CARD_NEWS_GONE:
        kiosk->card = (struct card_place){.readings_count = kiosk->card.readings_count};
        reader_gone(kiosk);
        break;
    case CARD_NEWS_LAID:
    case CARD_NEWS_MUTE:
    case CARD_NEWS_DOCUMENT:
    case CARD_NEWS_OLD:
    case CARD_NEWS_PASS:
    case CARD_NEWS_OTHER:
        kiosk->card.lies = lies[news->kind];
        laid(kiosk, news->pass);
        break;
    case CARD_NEWS_LIFTED:
        lifted(kiosk);
        break;
    case CARD_NEWS_STEP:
        card->step = is_awaited ? news->step : card->step;
        kiosk->has_news = kiosk->has_news || is_awaited;
        break;
    case CARD_NEWS_SLIPPED:
        if (is_awaited) {
            slipped(kiosk);
        }
        break;
    case CARD_NEWS_END:
        if (is_awaited) {
            ended(kiosk, news);
        }
        break;
    }
}

void kiosk_card_ask(struct kiosk *kiosk)
{
    enum card_lies lies = kiosk->card.lies;
    bool is_known = lies != CARD_LIES_NOTHING && lies != CARD_LIES_ASKED;
    if (is_known && !kiosk->card.is_left) {
        begin(kiosk, "");
        return;
    }
    kiosk_forget(kiosk);
    kiosk->visit.card.stage = CARD_ASKS;
    order(kiosk, CARD_ORDER_LAY);
    show(kiosk, &kiosk_scene_card_lay);
}

bool kiosk_card_send(struct kiosk *kiosk)
{
    struct card_private *card = &kiosk->visit.card;
    const char *error = NULL;
    wipe(&card->password, sizeof card->password);
    if (card->is_by_zone) {
        error = check_zone(card);
    } else if (strlen(card->digits) < DOCUMENT_CAN_BYTES - 1) {
        error = "card.code.short";
    } else {
        memcpy(card->password.can, card->digits, sizeof card->password.can);
    }
    text_copy_cut(card->error, sizeof card->error, error == NULL ? "" : error);
    if (error != NULL) {
        return false;
    }
    card->stage = CARD_READS;
    card->is_broken = false;
    read_card(kiosk);
    show(kiosk, &kiosk_scene_card_read);
    return true;
}

void kiosk_card_by_zone(struct kiosk *kiosk)
{
    struct card_private *card = &kiosk->visit.card;
    card->is_by_zone = true;
    card->is_old = kiosk->card.lies == CARD_LIES_OLD;
    card->zone_page = 0;
    wipe(card->error, sizeof card->error);
    wipe(card->digits, sizeof card->digits);
    const struct edit_rules rules = {.kind = EDIT_CODE, .chars_max = CARD_NUMBER_CHARS_MAX};
    edit_init(&card->number, rules);
    keyboard_init(&card->keyboard, (struct keyboard_setup){.layout = KEYBOARD_CODE});
    pick_date_init(&card->birth, PICK_DATE);
    pick_date_init(&card->expiry, PICK_DATE);
    show(kiosk, &kiosk_scene_card_zone);
}

void kiosk_card_by_digits(struct kiosk *kiosk)
{
    kiosk->visit.card.is_by_zone = false;
    show(kiosk, &kiosk_scene_card_code);
}

void kiosk_card_fill(const struct kiosk *kiosk, struct api_visit_open_private *open)
{
    const struct card_private *card = &kiosk->visit.card;
    if (card->stage != CARD_OPENS) {
        return;
    }
    memcpy(open->pass, card->pass, sizeof open->pass);
    if (!card->has_holder) {
        return;
    }
    static const enum api_not_cloned not_cloned[] = {
        [DOCUMENT_CLONE_NONE] = API_NOT_CLONED_NONE,
        [DOCUMENT_CLONE_CHIP] = API_NOT_CLONED_CHIP,
        [DOCUMENT_CLONE_MAPPING] = API_NOT_CLONED_MAPPING,
        [DOCUMENT_CLONE_ACTIVE] = API_NOT_CLONED_ACTIVE,
    };
    struct api_document_private *document = &open->document;
    open->has_document = true;
    memcpy(document->kind, card->holder.kind, sizeof document->kind);
    memcpy(document->issuer, card->holder.issuer, sizeof document->issuer);
    memcpy(document->surname, card->holder.surname, sizeof document->surname);
    memcpy(document->given, card->holder.given, sizeof document->given);
    document->is_name_cut = card->holder.is_name_cut;
    document->is_pace = card->checks.is_pace;
    document->is_genuine = card->checks.is_genuine;
    document->not_cloned = not_cloned[card->checks.not_cloned];
    // Not whole (month or day unknown): told as none, and the hub says that it is not sure.
    if (date_from_text(card->holder.birth_iso, &document->birth_date) != OK) {
        document->birth_date = (struct date){0};
    }
}

void kiosk_card_watch(struct kiosk *kiosk)
{
    struct card_private *card = &kiosk->visit.card;
    bool is_to_be = is_to_be_locked(kiosk);
    if (is_to_be && !card->is_locked) {
        card->is_locked = true;
        card->locked_ms = 0;
        card->lifted_ms = 0;
    }
    const struct scene *top = scenes_top(kiosk->scenes);
    if (!card->is_locked || is_covered(kiosk)) {
        return;
    }
    if (top == &kiosk_scene_timeout) {
        scenes_replace(kiosk->scenes, &kiosk_scene_card_locked); // one clock at a time
    } else {
        scenes_push(kiosk->scenes, &kiosk_scene_card_locked);
    }
}

void kiosk_card_step_aside(struct kiosk *kiosk)
{
    if (scenes_top(kiosk->scenes) == &kiosk_scene_card_locked) {
        scenes_pop(kiosk->scenes);
    }
}

void kiosk_card_drop(struct kiosk *kiosk)
{
    if (kiosk->visit.card.stage == CARD_NOT_USED) {
        return;
    }
    wipe(&kiosk->visit.card, sizeof kiosk->visit.card);
    kiosk->card.is_left = kiosk_card_lies(kiosk);
    order(kiosk, CARD_ORDER_FORGET);
}

bool kiosk_card_lies(const struct kiosk *kiosk)
{
    return kiosk->card.lies != CARD_LIES_NOTHING;
}

int64_t kiosk_card_grace_ms(const struct kiosk *kiosk)
{
    const struct card_private *card = &kiosk->visit.card;
    if (card->locked_ms == 0) {
        return CARD_GRACE_MS; // no clock was looked at yet
    }
    int64_t all_ms = card->locked_ms + CARD_GRACE_ALL_MS - kiosk->now_ms;
    int64_t left_ms = card->lifted_ms + CARD_GRACE_MS - kiosk->now_ms;
    left_ms = card->reading != 0 || card->lifted_ms == 0 ? CARD_GRACE_MS : left_ms;
    return left_ms < all_ms ? left_ms : all_ms;
}

// What lies there is known now, or may be read again.
static void laid(struct kiosk *kiosk, const char *pass)
{
    struct card_private *card = &kiosk->visit.card;
    enum card_lies lies = kiosk->card.lies;
    if (lies == CARD_LIES_ASKED || kiosk->card.is_left) {
        return;
    }
    kiosk->has_news = true; // somebody's hand
    card->is_broken = false;
    bool is_document = lies == CARD_LIES_DOCUMENT || lies == CARD_LIES_OLD;
    switch (card->stage) {
    case CARD_NOT_USED:
        if (kiosk_is_at_rest(kiosk) && lies != CARD_LIES_MUTE) {
            begin(kiosk, pass);
        }
        break;
    case CARD_ASKS:
        if (lies == CARD_LIES_PASS) {
            go_by_pass(kiosk, pass);
        } else if (lies == CARD_LIES_OTHER) {
            give_up(kiosk, "message.card_other");
        } else if (lies == CARD_LIES_OLD && !card->is_by_zone) {
            kiosk_card_by_zone(kiosk);
        } else if (is_document && scenes_top(kiosk->scenes) == &kiosk_scene_card_lay) {
            show(kiosk, &kiosk_scene_card_code);
        }
        break;
    case CARD_READS:
        if (lies == CARD_LIES_PASS) {
            go_by_pass(kiosk, pass);
        } else if (lies == CARD_LIES_OTHER) {
            give_up(kiosk, "message.card_other");
        } else if (is_document) {
            read_card(kiosk);
        }
        break;
    case CARD_OPENS:
        if (!card->is_locked) {
            break;
        }
        if (card->has_holder && is_document) {
            read_card(kiosk);
        } else if (lies == CARD_LIES_PASS && card->pass[0] != '\0' &&
                   text_equal(card->pass, pass)) {
            unlock(kiosk);
        } else if (lies != CARD_LIES_MUTE) {
            kiosk_end(kiosk); // somebody else's
        }
        break;
    }
}

static void lifted(struct kiosk *kiosk)
{
    struct card_private *card = &kiosk->visit.card;
    kiosk->card.lies = CARD_LIES_NOTHING;
    kiosk->card.is_left = false;
    kiosk->has_news = kiosk->has_news || card->stage != CARD_NOT_USED;
    card->is_broken = false;
    card->reading = 0;
    card->lifted_ms = 0; // the lock's scene knows what time it is
    if (scenes_top(kiosk->scenes) == &kiosk_scene_card_take) {
        scenes_reset(kiosk->scenes, &kiosk_scene_welcome);
    }
}

static void reader_gone(struct kiosk *kiosk)
{
    struct card_private *card = &kiosk->visit.card;
    card->reading = 0;
    card->lifted_ms = 0;
    if (card->stage == CARD_ASKS || card->stage == CARD_READS) {
        give_up(kiosk, "message.card_gone");
    } else if (scenes_top(kiosk->scenes) == &kiosk_scene_card_take) {
        scenes_reset(kiosk->scenes, &kiosk_scene_welcome);
    }
}

// It lies there but does not answer: begins by itself once it does.
static void slipped(struct kiosk *kiosk)
{
    struct card_private *card = &kiosk->visit.card;
    card->reading = 0;
    card->lifted_ms = 0;
    card->slips_count += 1;
    kiosk->card.lies = CARD_LIES_ASKED;
    kiosk->has_news = true;
    if (card->slips_count >= CARD_SLIPS_MAX && card->stage == CARD_READS) {
        give_up(kiosk, "message.card_broken");
    }
}

static void ended(struct kiosk *kiosk, const struct card_news_private *news)
{
    struct card_private *card = &kiosk->visit.card;
    card->reading = 0;
    card->lifted_ms = 0;
    kiosk->has_news = true;
    bool is_tried_again = news->end == DOCUMENT_WRONG_PASSWORD || news->end == DOCUMENT_NEEDS_ZONE;
    kiosk->card.lies = is_tried_again ? CARD_LIES_ASKED : CARD_LIES_DONE;
    if (card->stage == CARD_OPENS && news->end != DOCUMENT_VERIFIED &&
        news->end != DOCUMENT_NOT_NOW) {
        kiosk_end(kiosk); // laid back was another card
        return;
    }
    switch (news->end) {
    case DOCUMENT_VERIFIED:
        verified(kiosk, news);
        break;
    case DOCUMENT_WRONG_PASSWORD:
        wrong_password(kiosk);
        break;
    case DOCUMENT_NEEDS_ZONE:
        card->stage = CARD_ASKS;
        kiosk_card_by_zone(kiosk);
        card->is_old = true;
        break;
    case DOCUMENT_NOT_NOW:
        card->broken_count += 1;
        card->is_broken = true;
        if (card->broken_count >= CARD_BROKEN_MAX && card->stage == CARD_READS) {
            give_up(kiosk, "message.card_broken");
        }
        break;
    case DOCUMENT_NOT_OURS:
        give_up(kiosk, "message.card_other");
        break;
    case DOCUMENT_TO_COUNTER:
        to_counter(kiosk, news->checks.reason);
        break;
    case DOCUMENT_GOING_ON:
        break;
    }
}

static void verified(struct kiosk *kiosk, const struct card_news_private *news)
{
    struct card_private *card = &kiosk->visit.card;
    if (card->stage == CARD_OPENS) {
        if (is_same_holder(&card->holder, &news->holder)) {
            unlock(kiosk);
        } else {
            kiosk_end(kiosk);
        }
        return;
    }
    card->holder = news->holder;
    card->checks = news->checks;
    card->has_holder = true;
    open_with_card(kiosk);
}

static void wrong_password(struct kiosk *kiosk)
{
    struct card_private *card = &kiosk->visit.card;
    card->wrong_count += 1;
    wipe(&card->password, sizeof card->password);
    wipe(card->digits, sizeof card->digits);
    if (card->wrong_count >= CARD_TRIES_MAX) {
        give_up(kiosk, "message.card_wrong");
        return;
    }
    card->stage = CARD_ASKS;
    card->zone_page = 0; // what was typed stands there to be put right
    text_copy_cut(card->error, sizeof card->error,
                  card->is_by_zone ? "card.zone.wrong" : "card.code.wrong");
    show(kiosk, card->is_by_zone ? &kiosk_scene_card_zone : &kiosk_scene_card_code);
}

// Why is for staff; she hears what she can use. A machine at a door accuses nobody.
static void to_counter(struct kiosk *kiosk, enum document_reason reason)
{
    give_up(kiosk, reason == DOCUMENT_EXPIRED ? "message.card_expired" : "message.card_counter");
}

static void begin(struct kiosk *kiosk, const char *pass)
{
    enum card_lies lies = kiosk->card.lies;
    kiosk_forget(kiosk);
    kiosk->visit.card.stage = CARD_ASKS;
    if (!kiosk->is_connected) {
        give_up(kiosk, "message.no_hub");
    } else if (lies == CARD_LIES_PASS && pass[0] != '\0') {
        go_by_pass(kiosk, pass);
    } else if (lies == CARD_LIES_DOCUMENT) {
        show(kiosk, &kiosk_scene_card_code);
    } else if (lies == CARD_LIES_OLD) {
        kiosk_card_by_zone(kiosk);
    } else if (lies == CARD_LIES_OTHER) {
        give_up(kiosk, "message.card_other");
    } else {
        show(kiosk, &kiosk_scene_card_lay);
    }
}

static void go_by_pass(struct kiosk *kiosk, const char *pass)
{
    memcpy(kiosk->visit.card.pass, pass, sizeof kiosk->visit.card.pass);
    open_with_card(kiosk);
}

// The welcome is always what lies below: whatever stood above it is answered.
static void show(struct kiosk *kiosk, const struct scene *scene)
{
    scenes_reset(kiosk->scenes, &kiosk_scene_welcome);
    scenes_push(kiosk->scenes, scene);
}

// With what is kept; nothing while no card can be read.
static void read_card(struct kiosk *kiosk)
{
    struct card_private *card = &kiosk->visit.card;
    enum card_lies lies = kiosk->card.lies;
    if (lies != CARD_LIES_DOCUMENT && lies != CARD_LIES_OLD) {
        return;
    }
    kiosk->card.readings_count += 1;
    card->reading = kiosk->card.readings_count;
    card->step = DOCUMENT_STEP_ACCESS;
    order(kiosk, CARD_ORDER_READ);
}

static void open_with_card(struct kiosk *kiosk)
{
    kiosk->visit.card.stage = CARD_OPENS;
    kiosk_open_visit(kiosk);
}

static void give_up(struct kiosk *kiosk, const char *stem)
{
    kiosk_message(kiosk, stem); // drops the card too
}

static void order(struct kiosk *kiosk, enum card_order_kind kind)
{
    if (kiosk->order == NULL) {
        return;
    }
    struct card_order_private told = {.kind = kind};
    if (kind == CARD_ORDER_READ) {
        told.reading = kiosk->visit.card.reading;
        told.password = kiosk->visit.card.password;
    }
    kiosk->order(kiosk->order_ctx, &told);
    wipe(&told, sizeof told);
}

static bool is_same_holder(const struct document_holder_private *left,
                           const struct document_holder_private *right)
{
    return text_equal(left->kind, right->kind) && text_equal(left->issuer, right->issuer) &&
           text_equal(left->surname, right->surname) && text_equal(left->given, right->given) &&
           text_equal(left->birth_iso, right->birth_iso) &&
           text_equal(left->expiry_iso, right->expiry_iso);
}

// `kiosk_card_watch` does the rest: the scene below comes back.
static void unlock(struct kiosk *kiosk)
{
    kiosk->visit.card.is_locked = false;
    kiosk_touch(kiosk, kiosk->now_ms);
}

// With the number in her hand she may take the card, and go.
static bool is_to_be_locked(const struct kiosk *kiosk)
{
    const struct kiosk_visit_private *visit = &kiosk->visit;
    bool is_open = visit->card.stage == CARD_OPENS && (visit->has_visit || kiosk->waits_for != 0);
    return is_open && !kiosk_card_lies(kiosk) && !visit->has_ticket;
}

// Help and languages may stand over the lock: they show nothing of her.
static bool is_covered(const struct kiosk *kiosk)
{
    const struct scenes *scenes = kiosk->scenes;
    const struct scene *top = scenes_top(scenes);
    bool is_plain = top == &kiosk_scene_help || top == &kiosk_scene_language;
    return top == &kiosk_scene_card_locked ||
           (is_plain && scenes->depth > 1 &&
            scenes->stack[scenes->depth - 2] == &kiosk_scene_card_locked);
}

// Two digits of each, as the zone has it.
static void put_date(struct date date, char out[DOCUMENT_DATE_BYTES])
{
    text_put_digits(out, 2, (unsigned)date.year);
    text_put_digits(out + 2, 2, date.month);
    text_put_digits(out + 4, 2, date.day);
    out[DOCUMENT_DATE_BYTES - 1] = '\0';
}

// The first page that is not right is shown; NULL when all are.
static const char *check_zone(struct card_private *card)
{
    struct pick_date_value value;
    static const char *const errors[CARD_ZONE_PAGES] = {"card.zone.short", "card.zone.no_date",
                                                        "card.zone.no_date"};
    bool is_right[CARD_ZONE_PAGES] = {false};
    is_right[0] =
        !edit_is_empty(&card->number) &&
        text_copy(card->password.number, sizeof card->password.number, card->number.text) == OK;
    is_right[1] = pick_date_get(&card->birth, &value) == PICK_DATE_WHOLE;
    put_date(value.date, card->password.birth);
    is_right[2] = pick_date_get(&card->expiry, &value) == PICK_DATE_WHOLE;
    put_date(value.date, card->password.expiry);
    for (unsigned page = 0; page < CARD_ZONE_PAGES; page++) {
        if (!is_right[page]) {
            card->zone_page = page;
            wipe(&card->password, sizeof card->password);
            return errors[page];
        }
    }
    return NULL;
}
