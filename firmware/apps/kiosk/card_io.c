// SPDX-License-Identifier: EUPL-1.2
//
// Which kind of card lies there is asked with three commands that any card may refuse: the file
// that announces PACE, the application of travel documents, and the number a contactless reader
// knows of its card (PC/SC part 3, section 3.2.2.1.3).
#include "apps/kiosk/card_io.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
    ALARM_LOAD_MS = 1,
    PROBE_FAILURES_MAX = 2, // a card that is still being put down
    STATUS_OK = 0x9000,
    STATUS_DENIED = 0x6982, // the application is there, but closed: ICAO Doc 9303-11 section 4.2
    RANDOM_NUMBER = 0x08,   // ISO/IEC 14443-3 section 6.5.4: the chip makes up another each time
    RANDOM_NUMBER_BYTES = 4,
};

enum probe { PROBE_ROOT, PROBE_ACCESS, PROBE_APPLICATION, PROBE_NUMBER, PROBES_COUNT };

struct command {
    uint8_t bytes[12];
    size_t len;
};

static void on_reader(const struct card_reader_event *event, void *ctx);
static void laid(struct card_io *card, const struct card_reader_event *event);
static void answered(struct card_io *card, const uint8_t *answer, size_t len);
static void failed(struct card_io *card, const struct fault *fault);
static void send_probe(struct card_io *card);
static void take_probe(struct card_io *card, const uint8_t *answer, size_t len);
static void take_number(struct card_io *card, const uint8_t *answer, size_t len);
static void begin(struct card_io *card);
static void go_on(struct card_io *card);
static void tell_step(struct card_io *card);
static void end(struct card_io *card, enum document_end how, const struct fault *fault);
static void slip(struct card_io *card, const char *why);
static void drop(struct card_io *card);
static void load_signers(struct card_io *card);
static enum err load_list(struct card_io *card, size_t *added, struct fault *fault);
static enum err load_withdrawn(struct card_io *card, struct fault *fault);
static void look_at_clock(struct card_io *card);
static void set_alarm(struct card_io *card, int64_t in_ms);
static void say(struct card_io *card, enum card_news_kind kind);
static void say_ready(struct card_io *card);

void card_io_init(struct card_io *card, const struct config *config, struct clock clock)
{
    card->clock = clock;
    text_copy_cut(card->list_path, sizeof card->list_path,
                  config_get(config, "document.master_list", ""));
    text_copy_cut(card->root_path, sizeof card->root_path,
                  config_get(config, "document.master_list_root", ""));
    text_copy_cut(card->withdrawn_paths, sizeof card->withdrawn_paths,
                  config_get(config, "document.withdrawn", ""));
}

void card_io_start(struct card_io *card, struct card_reader *reader, card_news_fn tell, void *ctx)
{
    struct fault fault = {0};
    card->tell = tell;
    card->ctx = ctx;
    card->alarm = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (reader == NULL || card->alarm < 0) {
        say(card, CARD_NEWS_GONE);
        return;
    }
    card->trust = trust_new();
    card->document = document_new(card->trust);
    if (reader->ops->open(reader, on_reader, card, &fault) != OK) {
        log_warn("kiosk", "%s", fault.text);
        say(card, CARD_NEWS_GONE);
        return;
    }
    card->reader = reader;
    set_alarm(card, ALARM_LOAD_MS);
}

size_t card_io_fds(struct card_io *card, int *fds, size_t fds_max)
{
    if (card->reader == NULL || fds_max == 0) {
        return 0;
    }
    fds[0] = card->alarm;
    return 1 + card->reader->ops->fds(card->reader, fds + 1, fds_max - 1);
}

void card_io_poll(struct card_io *card)
{
    if (card->reader == NULL) {
        return;
    }
    uint64_t expired = 0;
    if (read(card->alarm, &expired, sizeof expired) == (ssize_t)sizeof expired &&
        !card->has_loaded) {
        load_signers(card);
    }
    card->reader->ops->poll(card->reader);
    look_at_clock(card);
}

void card_io_order(struct card_io *card, const struct card_order_private *order)
{
    if (card->reader == NULL) {
        return;
    }
    drop(card);
    switch (order->kind) {
    case CARD_ORDER_LAY:
        card->reader->ops->signal(card->reader, CARD_SIGNAL_LAY);
        break;
    case CARD_ORDER_READ:
        card->order = *order;
        card->has_order = true;
        if (card->phase == CARD_PHASE_READY) {
            begin(card);
        }
        break;
    case CARD_ORDER_FORGET:
        card->reader->ops->signal(card->reader, card->phase == CARD_PHASE_NONE ? CARD_SIGNAL_IDLE
                                                                               : CARD_SIGNAL_TAKE);
        card->phase = CARD_PHASE_NONE;
        card->reader->ops->release(card->reader);
        break;
    }
}

void card_io_stop(struct card_io *card)
{
    if (card->reader != NULL) {
        card->reader->ops->close(card->reader);
    }
    document_free(card->document);
    trust_free(card->trust);
    if (card->alarm > 0) {
        (void)close(card->alarm); // nothing was written to it
    }
    wipe(card, sizeof *card);
}

static void on_reader(const struct card_reader_event *event, void *ctx)
{
    struct card_io *card = ctx;
    switch (event->kind) {
    case CARD_READER_READY:
        card->is_plugged = true;
        say_ready(card);
        break;
    case CARD_READER_GONE:
        log_warn("kiosk", "%s", event->fault.text);
        card->phase = CARD_PHASE_NONE;
        drop(card);
        card->is_plugged = false;
        say_ready(card);
        break;
    case CARD_READER_REFUSED:
        log_warn("kiosk", "%s", event->fault.text);
        break;
    case CARD_READER_LAID:
        laid(card, event);
        break;
    case CARD_READER_MUTE:
        log_warn("kiosk", "%s", event->fault.text);
        if (card->phase == CARD_PHASE_READS) {
            slip(card, "the card fell silent");
        }
        card->phase = CARD_PHASE_NONE;
        drop(card);
        say(card, CARD_NEWS_MUTE);
        break;
    case CARD_READER_LIFTED:
        card->phase = CARD_PHASE_NONE;
        drop(card);
        card->reader->ops->signal(card->reader, CARD_SIGNAL_IDLE);
        say(card, CARD_NEWS_LIFTED);
        break;
    case CARD_READER_ANSWER:
        answered(card, event->bytes_private, event->len);
        break;
    case CARD_READER_FAILED:
        failed(card, &event->fault);
        break;
    }
}

// Powered for the first time, or anew because we or the reader wanted so.
static void laid(struct card_io *card, const struct card_reader_event *event)
{
    card->takes_extended = event->takes_extended;
    if (card->phase == CARD_PHASE_RESTARTS) {
        card->phase = CARD_PHASE_READY;
        say(card, card->kind);
        if (card->has_order) {
            begin(card);
        }
        return;
    }
    if (card->phase == CARD_PHASE_NONE) {
        card->probe_failures = 0;
        say(card, CARD_NEWS_LAID);
    }
    card->phase = CARD_PHASE_PROBE;
    card->probe = PROBE_ROOT;
    send_probe(card);
}

static void answered(struct card_io *card, const uint8_t *answer, size_t len)
{
    if (card->phase == CARD_PHASE_PROBE) {
        take_probe(card, answer, len);
    } else if (card->phase == CARD_PHASE_READS) {
        struct fault fault = {0};
        card->answered_ms = clock_monotonic_ms(&card->clock);
        enum document_end how = document_answer(card->document, answer, len, &fault);
        if (how == DOCUMENT_GOING_ON) {
            go_on(card);
        } else {
            end(card, how, &fault);
        }
    }
}

// The reader powered the card anew, and says LAID once it can be spoken to.
static void failed(struct card_io *card, const struct fault *fault)
{
    log_warn("kiosk", "%s", fault->text);
    if (card->phase == CARD_PHASE_READS) {
        slip(card, "no answer");
        card->phase = CARD_PHASE_RESTARTS;
    } else if (card->phase == CARD_PHASE_PROBE && ++card->probe_failures > PROBE_FAILURES_MAX) {
        card->phase = CARD_PHASE_NONE;
        card->reader->ops->release(card->reader);
        say(card, CARD_NEWS_MUTE);
    }
}

static void send_probe(struct card_io *card)
{
    static const struct command commands[PROBES_COUNT] = {
        [PROBE_ROOT] = {{0x00, 0xa4, 0x00, 0x0c, 0x02, 0x3f, 0x00}, 7},
        [PROBE_ACCESS] = {{0x00, 0xa4, 0x02, 0x0c, 0x02, 0x01, 0x1c}, 7},
        [PROBE_APPLICATION] = {{0x00, 0xa4, 0x04, 0x0c, 0x07, 0xa0, 0x00, 0x00, 0x02, 0x47, 0x10,
                                0x01},
                               12},
        [PROBE_NUMBER] = {{0xff, 0xca, 0x00, 0x00, 0x00}, 5},
    };
    const struct command *command = &commands[card->probe];
    if (card->reader->ops->transmit(card->reader, command->bytes, command->len) != OK) {
        card->phase = CARD_PHASE_NONE; // LIFTED or GONE is on its way
    }
}

static void take_probe(struct card_io *card, const uint8_t *answer, size_t len)
{
    CHECK(len >= 2);
    unsigned status = (unsigned)answer[len - 2] << 8 | answer[len - 1];
    bool is_open = status == STATUS_OK;
    bool is_document = (card->probe == PROBE_ACCESS && is_open) ||
                       (card->probe == PROBE_APPLICATION && (is_open || status == STATUS_DENIED));
    if (card->probe == PROBE_NUMBER) {
        take_number(card, answer, is_open ? len - 2 : 0);
    } else if (is_document) {
        // One whose access file was not found, but which is closed all the same, wants PACE.
        bool is_old = card->probe == PROBE_APPLICATION && is_open;
        card->kind = is_old ? CARD_NEWS_OLD : CARD_NEWS_DOCUMENT;
        card->phase = CARD_PHASE_RESTARTS;
        card->reader->ops->restart(card->reader);
    } else {
        card->probe += 1;
        send_probe(card);
    }
}

static void take_number(struct card_io *card, const uint8_t *answer, size_t len)
{
    static const char hex[] = "0123456789ABCDEF";
    struct card_news_private news = {.kind = CARD_NEWS_PASS};
    bool is_number = len == 4 || len == 7 || len == 10;
    if (is_number && len == RANDOM_NUMBER_BYTES && answer[0] == RANDOM_NUMBER) {
        is_number = false; // made up: it would be another person's tomorrow
    }
    for (size_t i = 0; is_number && i < len; i++) {
        news.pass[2 * i] = hex[answer[i] >> 4];
        news.pass[2 * i + 1] = hex[answer[i] & 0x0f];
    }
    news.kind = is_number ? CARD_NEWS_PASS : CARD_NEWS_OTHER;
    card->phase = CARD_PHASE_READY; // nothing more is asked of it
    card->kind = news.kind;
    card->tell(&news, card->ctx);
    wipe(&news, sizeof news);
}

static void begin(struct card_io *card)
{
    if (card->kind != CARD_NEWS_DOCUMENT && card->kind != CARD_NEWS_OLD) {
        return; // it was told what lies there
    }
    if (!card->has_loaded) {
        load_signers(card);
    }
    card->has_order = false;
    card->phase = CARD_PHASE_READS;
    card->begun_ms = clock_monotonic_ms(&card->clock);
    card->answered_ms = card->begun_ms;
    document_begin(card->document, &card->order.password, card->takes_extended,
                   clock_now_ms(&card->clock) / 1000);
    wipe(&card->order.password, sizeof card->order.password);
    card->step = DOCUMENT_STEPS_COUNT;
    card->reader->ops->signal(card->reader, CARD_SIGNAL_READING);
    set_alarm(card, CARD_SILENCE_MS);
    go_on(card);
}

static void go_on(struct card_io *card)
{
    const uint8_t *apdu = NULL;
    size_t len = 0;
    struct fault fault = {0};
    tell_step(card);
    if (!document_command(card->document, &apdu, &len)) {
        end(card, document_end(card->document), &fault);
    } else if (card->reader->ops->transmit(card->reader, apdu, len) != OK) {
        slip(card, "the reader takes no command");
        card->phase = CARD_PHASE_RESTARTS;
        card->reader->ops->restart(card->reader); // nothing if it is gone: that is told then
    }
}

static void tell_step(struct card_io *card)
{
    enum document_step step = document_step(card->document);
    if (step == card->step) {
        return;
    }
    card->step = step;
    struct card_news_private news = {
        .kind = CARD_NEWS_STEP, .reading = card->order.reading, .step = step};
    card->tell(&news, card->ctx);
}

static void end(struct card_io *card, enum document_end how, const struct fault *fault)
{
    struct card_news_private news = {
        .kind = CARD_NEWS_END, .reading = card->order.reading, .end = how};
    if (how == DOCUMENT_VERIFIED || how == DOCUMENT_TO_COUNTER) {
        news.checks = *document_checks(card->document);
    }
    const struct document_holder_private *holder = document_holder(card->document);
    if (how == DOCUMENT_VERIFIED && holder != NULL) {
        news.holder = *holder;
    }
    if (how == DOCUMENT_TO_COUNTER) {
        log_info("kiosk", "card: to the counter, %s",
                 document_reason_name(news.checks.reason)); // for staff; never what was read
    } else if (how != DOCUMENT_VERIFIED) {
        log_info("kiosk", "card: %s: %s", document_step_name(document_step(card->document)),
                 fault->text[0] == '\0' ? "ended" : fault->text);
    }
    document_forget(card->document);
    card->tell(&news, card->ctx);
    wipe(&news, sizeof news);
    if (how == DOCUMENT_WRONG_PASSWORD || how == DOCUMENT_NEEDS_ZONE) {
        card->kind = how == DOCUMENT_NEEDS_ZONE ? CARD_NEWS_OLD : card->kind;
        card->phase = CARD_PHASE_RESTARTS; // for the next try
        card->reader->ops->restart(card->reader);
        return;
    }
    card->phase = CARD_PHASE_READY;
    card->kind = CARD_NEWS_OTHER; // it has to be laid down anew
    card->reader->ops->signal(card->reader, CARD_SIGNAL_IDLE);
    card->reader->ops->release(card->reader);
}

// The conversation is over, the visitor's patience is not.
static void slip(struct card_io *card, const char *why)
{
    struct card_news_private news = {.kind = CARD_NEWS_SLIPPED, .reading = card->order.reading};
    log_info("kiosk", "card: %s: %s", document_step_name(document_step(card->document)), why);
    document_forget(card->document);
    card->tell(&news, card->ctx);
}

// No news of a reading comes after this.
static void drop(struct card_io *card)
{
    if (card->document != NULL) {
        document_forget(card->document);
    }
    wipe(&card->order, sizeof card->order);
    card->has_order = false;
    if (card->phase == CARD_PHASE_READS) {
        card->phase = CARD_PHASE_RESTARTS; // an answer may be on its way; LAID comes after it
        card->reader->ops->restart(card->reader);
    }
}

static void load_signers(struct card_io *card)
{
    struct fault fault = {0};
    size_t added = 0;
    int64_t from_ms = clock_monotonic_ms(&card->clock);
    if (card->list_path[0] == '\0') {
        log_info("kiosk", "card: no document.master_list, so no card is asked for");
    } else if (load_list(card, &added, &fault) != OK || load_withdrawn(card, &fault) != OK) {
        log_error("kiosk", "card: %s", fault.text);
    } else {
        card->has_loaded = true;
        log_info("kiosk", "card: %zu signers in %lld ms", added,
                 (long long)(clock_monotonic_ms(&card->clock) - from_ms));
    }
    say_ready(card);
}

static enum err load_list(struct card_io *card, size_t *added, struct fault *fault)
{
    char *list = NULL;
    char *root = NULL;
    size_t list_len = 0;
    size_t root_len = 0;
    size_t left_out = 0;
    enum err err = file_read(card->list_path, TRUST_LIST_BYTES_MAX, &list, &list_len);
    if (err != OK) {
        return fault_set(fault, err, "document.master_list: %s", strerror(errno));
    }
    err = file_read(card->root_path, TRUST_LIST_BYTES_MAX, &root, &root_len);
    if (err != OK) {
        err = fault_set(fault, err, "document.master_list_root: %s", strerror(errno));
    } else {
        err = trust_add_list(card->trust, (const uint8_t *)list, list_len, (const uint8_t *)root,
                             root_len, clock_now_ms(&card->clock) / 1000, added, &left_out, fault);
    }
    free(root);
    free(list);
    return err;
}

// Lists of withdrawn signers, a blank between two. One that cannot be read stops it all: a signer
// it names would be believed.
static enum err load_withdrawn(struct card_io *card, struct fault *fault)
{
    enum err err = OK;
    const char *at = card->withdrawn_paths + strspn(card->withdrawn_paths, " ");
    while (err == OK && *at != '\0') {
        char path[CONFIG_VALUE_BYTES] = "";
        size_t path_len = strcspn(at, " ");
        memcpy(path, at, path_len);
        at += path_len + strspn(at + path_len, " ");
        char *crl = NULL;
        size_t len = 0;
        err = file_read(path, TRUST_LIST_BYTES_MAX, &crl, &len);
        err = err != OK ? fault_set(fault, err, "%s", strerror(errno))
                        : trust_add_crl(card->trust, (const uint8_t *)crl, len, fault);
        free(crl);
    }
    return err == OK ? OK : fault_prefix(fault, "document.withdrawn");
}

static void look_at_clock(struct card_io *card)
{
    if (card->phase != CARD_PHASE_READS) {
        return;
    }
    int64_t now_ms = clock_monotonic_ms(&card->clock);
    int64_t until_ms = card->answered_ms + CARD_SILENCE_MS;
    if (card->begun_ms + CARD_WHOLE_MS < until_ms) {
        until_ms = card->begun_ms + CARD_WHOLE_MS;
    }
    if (now_ms < until_ms) {
        set_alarm(card, until_ms - now_ms);
        return;
    }
    slip(card, "took too long");
    card->phase = CARD_PHASE_RESTARTS;
    card->reader->ops->restart(card->reader);
}

static void set_alarm(struct card_io *card, int64_t in_ms)
{
    struct itimerspec spec = {
        .it_value = {.tv_sec = (time_t)(in_ms / 1000), .tv_nsec = (long)(in_ms % 1000) * 1000000}};
    CHECK(timerfd_settime(card->alarm, 0, &spec, NULL) == 0);
}

static void say(struct card_io *card, enum card_news_kind kind)
{
    struct card_news_private news = {.kind = kind};
    card->tell(&news, card->ctx);
}

// A document could not be held against anything without signers: then no card is asked for.
static void say_ready(struct card_io *card)
{
    bool is_ready = card->is_plugged && card->has_loaded && trust_count(card->trust) > 0;
    if (is_ready != card->is_told_ready || !is_ready) {
        say(card, is_ready ? CARD_NEWS_READY : CARD_NEWS_GONE);
    }
    card->is_told_ready = is_ready;
}
