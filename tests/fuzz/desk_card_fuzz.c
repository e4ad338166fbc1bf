// SPDX-License-Identifier: EUPL-1.2
//
// A virtual card nobody knows on the desk's socket: its bytes come in pieces (a byte of length
// each), with a command, a restart, a release or some time between them. Events come in an order
// that can be, and nothing is kept after closing.
#include "base/bytes.h"
#include "drivers/desk_card.h"
#include "tests/fakes/hand_clock.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ROUNDS_MAX = 400 };
enum act { SAYS, COMMANDS, RESTARTS, RELEASES, WAITS, LEAVES };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct desk_card card;
    struct sockaddr_un address;
    int64_t now_ms;
    int fd;
    bool lies;
    bool has_command;
};

static void on_event(const struct card_reader_event *event, void *ctx)
{
    struct run *run = ctx;
    switch (event->kind) {
    case CARD_READER_READY:
        break;
    case CARD_READER_LAID:
        CHECK(event->len >= 2 && event->len <= CARD_ATR_BYTES);
        run->lies = true;
        break;
    case CARD_READER_MUTE:
        CHECK(event->fault.text[0] != '\0');
        run->lies = true;
        break;
    case CARD_READER_LIFTED:
        run->lies = false;
        run->has_command = false;
        break;
    case CARD_READER_ANSWER:
        CHECK(run->has_command && event->len >= 2 && event->len <= CARD_ANSWER_BYTES);
        run->has_command = false;
        break;
    case CARD_READER_FAILED:
        CHECK(run->has_command && event->fault.text[0] != '\0');
        run->has_command = false;
        break;
    case CARD_READER_GONE:
    case CARD_READER_REFUSED:
        CHECK(false);
    }
}

static void join(struct run *run)
{
    run->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(run->fd > 0);
    CHECK(connect(run->fd, (struct sockaddr *)&run->address, sizeof run->address) == 0);
}

static void act(struct run *run, uint8_t byte, struct bytes_in *in)
{
    static const uint8_t apdu[] = {0x00, 0xB0, 0x00, 0x00, 0x08};
    struct card_reader *port = &run->card.port;
    size_t len = byte >> 3;
    switch ((enum act)((byte & 7U) % (LEAVES + 1U))) {
    case SAYS:
        len = len * 8 < bytes_in_left(in) ? len * 8 : bytes_in_left(in);
        if (len > 0) {
            // Said to a reader that has turned it away, it is lost.
            (void)send(run->fd, bytes_in_take(in, len), len, MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        break;
    case COMMANDS:
        if (port->ops->transmit(port, apdu, sizeof apdu) == OK) {
            CHECK(run->lies && !run->has_command);
            run->has_command = true;
        }
        break;
    case RESTARTS:
        port->ops->restart(port);
        run->has_command = false;
        break;
    case RELEASES:
        port->ops->release(port);
        run->has_command = false;
        break;
    case WAITS:
        run->now_ms += (int64_t)len * 400;
        break;
    case LEAVES:
        CHECK(close(run->fd) == 0);
        join(run);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct run run;
    static const uint8_t wiped[sizeof run.card.in_private];
    struct bytes_in in;
    bytes_in_init(&in, data, size);
    memset(&run, 0, sizeof run);
    run.now_ms = 1000000;
    run.address.sun_family = AF_UNIX;
    (void)snprintf(run.address.sun_path, DESK_CARD_PATH_BYTES, "/tmp/inloop-card-fuzz-%d",
                   (int)getpid());
    struct card_reader *port = &run.card.port;
    CHECK(desk_card_init(&run.card, run.address.sun_path, hand_clock(&run.now_ms)) == OK);
    CHECK(port->ops->open(port, on_event, &run, NULL) == OK);
    join(&run);
    for (int i = 0; i < ROUNDS_MAX && bytes_in_left(&in) > 0; i++) {
        port->ops->poll(port);
        act(&run, bytes_in_u8(&in), &in);
        port->ops->poll(port);
    }
    run.now_ms += DESK_CARD_ANSWER_WAIT_MS;
    port->ops->poll(port);
    CHECK(!run.has_command);
    port->ops->close(port);
    CHECK(close(run.fd) == 0);
    CHECK(memcmp(run.card.in_private, wiped, sizeof wiped) == 0);
    return 0;
}
