// SPDX-License-Identifier: EUPL-1.2
//
// The vpcd side of a socket as a card reader. The protocol numbers nothing: an answer that comes
// after its time is known by its place in the row alone, so those still owed are counted.
#include "drivers/desk_card.h"

#include "base/bytes.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

enum { CARD_OFF = 0, CARD_ON = 1, CARD_RESET = 2, CARD_SAY_ATR = 4 };
enum { BACKLOG = 4, READS_MAX = 16, HEAD_BYTES = 2, ATR_BYTES_MIN = 2 };

static const char here[] = "127.0.0.1:";

static enum err card_open(struct card_reader *port, card_reader_event_fn on_event, void *ctx,
                          struct fault *fault);
static void card_poll(struct card_reader *port);
static size_t card_fds(struct card_reader *port, int *fds, size_t fds_max);
static enum err card_transmit(struct card_reader *port, const uint8_t *apdu, size_t len);
static void card_release(struct card_reader *port);
static void card_restart(struct card_reader *port);
static void card_signal(struct card_reader *port, enum card_signal signal);
static void card_close(struct card_reader *port);
static int new_listener(struct desk_card *card);
static void accept_one(struct desk_card *card);
static void read_client(struct desk_card *card);
static bool take_message(struct desk_card *card);
static void take_answer(struct desk_card *card, const uint8_t *bytes, size_t len);
static void mind_the_time(struct desk_card *card);
static void fail(struct desk_card *card, enum err err, const char *words);
static void give_up_waiting(struct desk_card *card);
static void start(struct desk_card *card, uint8_t how);
static bool send_message(struct desk_card *card, const uint8_t *bytes, size_t len);
static void drop_client(struct desk_card *card);
static void tell(struct desk_card *card, const struct card_reader_event *event);
static void set_alarm(struct desk_card *card);

static const struct card_reader_ops ops = {.open = card_open,
                                           .poll = card_poll,
                                           .fds = card_fds,
                                           .transmit = card_transmit,
                                           .release = card_release,
                                           .restart = card_restart,
                                           .signal = card_signal,
                                           .close = card_close};

enum err desk_card_init(struct desk_card *card, const char *address, struct clock clock)
{
    memset(card, 0, sizeof *card);
    card->port.ops = &ops;
    card->clock = clock;
    if (address[0] == '/' || strchr(address, ':') == NULL) {
        return text_copy(card->path, sizeof card->path, address);
    }
    int64_t tcp_port = 0;
    if (!text_starts_with(address, here) ||
        text_to_int64(address + sizeof here - 1, 1, UINT16_MAX, &tcp_port) != OK) {
        return ERR_MALFORMED;
    }
    card->tcp_port = (uint16_t)tcp_port;
    return OK;
}

static struct desk_card *self(struct card_reader *port)
{
    return (struct desk_card *)port;
}

static enum err card_open(struct card_reader *port, card_reader_event_fn on_event, void *ctx,
                          struct fault *fault)
{
    struct desk_card *card = self(port);
    if (card->on_event != NULL) {
        return fault_set(fault, ERR_STATE, "card reader: open already");
    }
    int fd = new_listener(card);
    if (fd < 0) {
        return fault_set(fault, ERR_IO, "card reader: %s%u: %s",
                         card->path[0] == '\0' ? here : card->path, card->tcp_port,
                         strerror(errno));
    }
    card->listener = fd;
    card->alarm = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    CHECK(card->alarm >= 0);
    card->on_event = on_event;
    card->ctx = ctx;
    card->has_told = false;
    return OK;
}

static void card_poll(struct card_reader *port)
{
    struct desk_card *card = self(port);
    if (card->on_event == NULL) {
        return;
    }
    if (!card->has_told) {
        card->has_told = true;
        tell(card, &(struct card_reader_event){.kind = CARD_READER_READY});
    }
    if (card->client != 0) {
        read_client(card);
    }
    if (card->on_event != NULL) {
        accept_one(card);
        mind_the_time(card);
        set_alarm(card);
    }
}

static size_t card_fds(struct card_reader *port, int *fds, size_t fds_max)
{
    const struct desk_card *card = self(port);
    const int all[] = {card->listener, card->client, card->alarm};
    size_t count = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i] != 0 && count < fds_max) {
            fds[count++] = all[i];
        }
    }
    return count;
}

static enum err card_transmit(struct card_reader *port, const uint8_t *apdu, size_t len)
{
    struct desk_card *card = self(port);
    CHECK(len >= 4);
    if (card->on_event == NULL || card->state != DESK_CARD_ON) {
        return ERR_STATE;
    }
    if (len > CARD_COMMAND_BYTES) {
        return ERR_TOO_BIG;
    }
    card->state = DESK_CARD_ASKED;
    card->asked_ms = clock_monotonic_ms(&card->clock);
    (void)send_message(card, apdu, len); // when it could not be sent, the next poll finds it lifted
    set_alarm(card);
    return OK;
}

static void card_release(struct card_reader *port)
{
    struct desk_card *card = self(port);
    if (card->state == DESK_CARD_NONE) {
        return;
    }
    static const uint8_t off = CARD_OFF;
    give_up_waiting(card);
    card->state = DESK_CARD_OFF;
    (void)send_message(card, &off, 1); // as transmit
}

static void card_restart(struct card_reader *port)
{
    struct desk_card *card = self(port);
    if (card->state == DESK_CARD_NONE) {
        return;
    }
    bool is_off = card->state == DESK_CARD_OFF;
    give_up_waiting(card);
    start(card, is_off ? CARD_ON : CARD_RESET);
    set_alarm(card);
}

static void card_signal(struct card_reader *port, enum card_signal signal)
{
    (void)port;
    (void)signal; // the desk has no lights
}

static void card_close(struct card_reader *port)
{
    struct desk_card *card = self(port);
    card->on_event = NULL;
    if (card->listener != 0) {
        drop_client(card);
        (void)close(card->listener); // nothing is lost with them
        (void)close(card->alarm);
        if (card->path[0] != '\0') {
            (void)unlink(card->path); // may be gone
        }
    }
    card->listener = 0;
    card->alarm = 0;
}

static int new_listener(struct desk_card *card)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct sockaddr_in tcp = {.sin_family = AF_INET,
                              .sin_port = htons(card->tcp_port),
                              .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    bool is_local = card->path[0] != '\0';
    int fd = socket(is_local ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    if (is_local) {
        CHECK(text_copy(local.sun_path, sizeof local.sun_path, card->path) == OK);
        (void)unlink(card->path); // left by an earlier run
    }
    const int yes = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes); // else bind tells
    int bound = is_local ? bind(fd, (struct sockaddr *)&local, sizeof local)
                         : bind(fd, (struct sockaddr *)&tcp, sizeof tcp);
    if (bound != 0 || listen(fd, BACKLOG) != 0) {
        int error = errno;
        (void)close(fd); // never used
        errno = error;
        return -1;
    }
    return fd;
}

// One card at a time: another one is turned away at once.
static void accept_one(struct desk_card *card)
{
    int fd = accept4(card->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        return;
    }
    if (card->client != 0) {
        (void)close(fd); // it sees that it does not lie there
        return;
    }
    card->client = fd;
    start(card, CARD_ON);
}

static void read_client(struct desk_card *card)
{
    for (int i = 0; i < READS_MAX && card->client != 0; i++) {
        ssize_t got = recv(card->client, card->in_private + card->in_len,
                           sizeof card->in_private - card->in_len, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            return;
        }
        if (got <= 0) {
            drop_client(card);
            tell(card, &(struct card_reader_event){.kind = CARD_READER_LIFTED});
            return;
        }
        card->in_len += (size_t)got;
        while (take_message(card)) {
        }
    }
}

// False: nothing whole is there.
static bool take_message(struct desk_card *card)
{
    size_t used = 0;
    if (card->skip_bytes > 0) {
        used = card->skip_bytes < card->in_len ? card->skip_bytes : card->in_len;
        card->skip_bytes -= used;
        if (card->skip_bytes == 0) {
            take_answer(card, NULL, 0);
        }
    } else {
        struct bytes_in in;
        bytes_in_init(&in, card->in_private, card->in_len);
        size_t len = bytes_in_u16be(&in);
        if (in.failed || (len <= CARD_ANSWER_BYTES && bytes_in_left(&in) < len)) {
            return false;
        }
        used = HEAD_BYTES;
        if (len > CARD_ANSWER_BYTES) {
            card->skip_bytes = len;
        } else {
            take_answer(card, bytes_in_take(&in, len), len);
            used += len;
        }
    }
    if (card->in_len < used) {
        return false; // it was closed by who was told, and everything is wiped
    }
    memmove(card->in_private, card->in_private + used, card->in_len - used);
    card->in_len -= used;
    wipe(card->in_private + card->in_len, used);
    return used > 0 && card->in_len > 0;
}

static void take_answer(struct desk_card *card, const uint8_t *bytes, size_t len)
{
    if (card->late_count > 0) {
        card->late_count--;
        return;
    }
    if (card->state == DESK_CARD_STARTS) {
        bool is_atr = len >= ATR_BYTES_MIN && len <= CARD_ATR_BYTES;
        struct card_reader_event event = {.kind = is_atr ? CARD_READER_LAID : CARD_READER_MUTE,
                                          .bytes_private = is_atr ? bytes : NULL,
                                          .len = is_atr ? len : 0,
                                          .is_contactless = true,
                                          .takes_extended = true};
        if (!is_atr) {
            (void)fault_set(&event.fault, ERR_MALFORMED, "card reader: the card says no ATR");
        }
        card->state = is_atr ? DESK_CARD_ON : DESK_CARD_MUTE;
        tell(card, &event);
    } else if (card->state == DESK_CARD_ASKED && len >= 2) {
        card->state = DESK_CARD_ON;
        tell(card, &(struct card_reader_event){
                       .kind = CARD_READER_ANSWER, .bytes_private = bytes, .len = len});
    } else if (card->state == DESK_CARD_ASKED) {
        fail(card, ERR_MALFORMED, "the card's answer has no status");
    }
}

static void mind_the_time(struct desk_card *card)
{
    int64_t waited_ms = clock_monotonic_ms(&card->clock) - card->asked_ms;
    if (card->state == DESK_CARD_STARTS && waited_ms >= DESK_CARD_ATR_WAIT_MS) {
        struct card_reader_event event = {.kind = CARD_READER_MUTE};
        (void)fault_set(&event.fault, ERR_TIMEOUT, "card reader: the card says no ATR");
        give_up_waiting(card);
        card->state = DESK_CARD_MUTE;
        tell(card, &event);
    } else if (card->state == DESK_CARD_ASKED && waited_ms >= DESK_CARD_ANSWER_WAIT_MS) {
        give_up_waiting(card);
        fail(card, ERR_TIMEOUT, "the card does not answer");
    }
}

static void fail(struct desk_card *card, enum err err, const char *words)
{
    struct card_reader_event event = {.kind = CARD_READER_FAILED};
    (void)fault_set(&event.fault, err, "card reader: %s", words);
    start(card, CARD_RESET);
    tell(card, &event);
}

// Whatever it still owes will come first.
static void give_up_waiting(struct desk_card *card)
{
    if (card->state == DESK_CARD_STARTS || card->state == DESK_CARD_ASKED) {
        card->late_count++;
    }
}

static void start(struct desk_card *card, uint8_t how)
{
    static const uint8_t ask = CARD_SAY_ATR;
    card->state = DESK_CARD_STARTS;
    card->asked_ms = clock_monotonic_ms(&card->clock);
    if (send_message(card, &how, 1)) {
        (void)send_message(card, &ask, 1); // as transmit
    }
}

// A card that does not take what it is sent, or owes too much, is as good as lifted: the next poll
// finds the end of its connection.
static bool send_message(struct desk_card *card, const uint8_t *bytes, size_t len)
{
    uint8_t message_private[HEAD_BYTES + CARD_COMMAND_BYTES] = {(uint8_t)(len >> 8), (uint8_t)len};
    memcpy(message_private + HEAD_BYTES, bytes, len);
    ssize_t sent = send(card->client, message_private, HEAD_BYTES + len, MSG_NOSIGNAL);
    wipe(message_private, sizeof message_private);
    bool is_sent = sent == (ssize_t)(HEAD_BYTES + len) && card->late_count <= DESK_CARD_LATE_MAX;
    if (!is_sent) {
        (void)shutdown(card->client, SHUT_RDWR); // gone already is as good
    }
    return is_sent;
}

static void drop_client(struct desk_card *card)
{
    if (card->client != 0) {
        (void)close(card->client); // nothing more is wanted of it
    }
    card->client = 0;
    card->state = DESK_CARD_NONE;
    card->late_count = 0;
    card->skip_bytes = 0;
    card->in_len = 0;
    wipe(card->in_private, sizeof card->in_private);
}

static void tell(struct desk_card *card, const struct card_reader_event *event)
{
    if (card->on_event != NULL) {
        card->on_event(event, card->ctx);
    }
}

// Wakes us when a wait is over; setting it also takes a ring away.
static void set_alarm(struct desk_card *card)
{
    if (card->alarm == 0) {
        return;
    }
    bool is_waiting = card->state == DESK_CARD_STARTS || card->state == DESK_CARD_ASKED;
    int64_t limit_ms =
        card->state == DESK_CARD_STARTS ? DESK_CARD_ATR_WAIT_MS : DESK_CARD_ANSWER_WAIT_MS;
    int64_t in_ms = card->asked_ms + limit_ms - clock_monotonic_ms(&card->clock);
    in_ms = in_ms < 1 ? 1 : in_ms;
    const struct itimerspec when = {
        .it_value = {.tv_sec = is_waiting ? in_ms / 1000 : 0,
                     .tv_nsec = is_waiting ? in_ms % 1000 * 1000000 : 0}};
    CHECK(timerfd_settime(card->alarm, 0, &when, NULL) == 0);
}
