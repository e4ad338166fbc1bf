// SPDX-License-Identifier: EUPL-1.2
//
// Messages of the I/O thread, as the kiosk's mailbox would hold them.
#include "tests/fakes/told_card.h"

#include "base/text.h"

#include <string.h>

static void tell(struct kiosk *kiosk, const struct card_news_private *news)
{
    static struct hub_message_private message;
    memset(&message, 0, sizeof message);
    message.kind = HUB_IO;
    message.io.kind = IO_CARD;
    message.io.len = sizeof *news;
    memcpy(message.io.data, news, sizeof *news);
    kiosk_take(kiosk, &message);
    memset(&message, 0, sizeof message);
}

void told_card(struct kiosk *kiosk, enum card_news_kind kind)
{
    const struct card_news_private news = {.kind = kind, .reading = kiosk->visit.card.reading};
    tell(kiosk, &news);
}

void told_pass(struct kiosk *kiosk, const char *number)
{
    struct card_news_private news = {.kind = CARD_NEWS_PASS};
    CHECK(text_copy(news.pass, sizeof news.pass, number) == OK);
    tell(kiosk, &news);
}

void told_step(struct kiosk *kiosk, enum document_step step)
{
    const struct card_news_private news = {
        .kind = CARD_NEWS_STEP, .reading = kiosk->visit.card.reading, .step = step};
    tell(kiosk, &news);
}

void told_end(struct kiosk *kiosk, enum document_end end, enum document_reason reason)
{
    const struct card_news_private news = {.kind = CARD_NEWS_END,
                                           .reading = kiosk->visit.card.reading,
                                           .end = end,
                                           .checks = {.reason = reason}};
    tell(kiosk, &news);
}

void told_holder(struct kiosk *kiosk, const char *surname)
{
    struct card_news_private news = {
        .kind = CARD_NEWS_END,
        .reading = kiosk->visit.card.reading,
        .end = DOCUMENT_VERIFIED,
        .checks = {.is_pace = true,
                   .is_genuine = true,
                   .not_cloned = DOCUMENT_CLONE_CHIP,
                   .is_valid = true},
        .holder = {.kind = "I",
                   .issuer = "NLD",
                   .given = "NOOR",
                   .birth = "840517",
                   .birth_iso = "1984-05-17",
                   .expiry_iso = "2031-01-01"},
    };
    CHECK(text_copy(news.holder.surname, sizeof news.holder.surname, surname) == OK);
    tell(kiosk, &news);
    memset(&news, 0, sizeof news);
}
