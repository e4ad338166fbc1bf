// SPDX-License-Identifier: EUPL-1.2
//
// The pocket's second thread: asks the fictional town for residents and codes, writes a code to the
// scanner's local socket, lays cards. Nothing is kept; codes are wiped when written.
#include "base/bytes.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "demo/pocket/pocket.h"
#include "link/http_client.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { COMMANDS_MAX = 8, CALL_MS = 5000, AGAIN_MS = 1000, ANSWER_BYTES_MAX = 64 * 1024 };

struct pocket_io {
    struct loop *loop;
    struct loop_bell *bell;
    struct loop_timer *again;
    struct http_client *town;
    struct pocket_cards *cards;
    struct mailbox commands;
    struct pocket_command slots[COMMANDS_MAX];
    struct mailbox *answers;
    struct sockaddr_un scanner;
    pthread_t thread;
    atomic_bool is_closing;
};

static enum err read_birth(const char *words, char *out, size_t out_bytes);
static void *run(void *ctx);
static void ask_list(void *ctx);
static void take_list(void *ctx, const struct http_result *result);
static void take_commands(void *ctx);
static void ask_code(struct pocket_io *io, const struct pocket_command *command);
static void take_code(void *ctx, const struct http_result *result);
static enum err hold_up(const struct pocket_io *io, const char *text);
static void tell_held(struct pocket_io *io, enum err err);
static void tell_laid(void *ctx, const char *id, bool is_laid, enum err err);
static void tell(struct pocket_io *io, const struct pocket_answer *answer);

enum err pocket_read_residents(const char *body, size_t len, struct pocket_answer *answer)
{
    struct json *list = NULL;
    answer->residents_count = 0;
    enum err err = json_parse(body, len, &list);
    if (err != OK) {
        return err;
    }
    err = json_is_list(list) ? OK : ERR_MALFORMED;
    for (size_t i = 0; err == OK && i < json_len(list) && i < POCKET_RESIDENTS_MAX; i++) {
        struct pocket_resident *resident = &answer->residents[answer->residents_count];
        const struct json *from = json_at(list, i);
        const char *id = json_get_text(from, "id");
        const char *first = json_get_text(from, "voornamen");
        const char *prefix = json_get_text(from, "voorvoegsel");
        const char *last = json_get_text(from, "geslachtsnaam");
        const char *birth = json_get_text(from, "birth");
        if (id == NULL || first == NULL || last == NULL || birth == NULL) {
            err = ERR_MALFORMED;
            break;
        }
        struct text name;
        text_init(&name, resident->name, sizeof resident->name);
        text_format(&name, "%s %s%s%s", first, prefix == NULL ? "" : prefix,
                    prefix == NULL ? "" : " ", last);
        if (json_get_bool(from, "has_phone", &resident->has_phone) != OK) {
            resident->has_phone = true;
        }
        bool is_whole = !name.is_cut && text_is_printable(resident->name) &&
                        text_copy(resident->id, sizeof resident->id, id) == OK &&
                        read_birth(birth, resident->birth, sizeof resident->birth) == OK;
        err = is_whole ? OK : ERR_MALFORMED;
        answer->residents_count += is_whole ? 1 : 0;
    }
    json_free(list);
    return err;
}

enum err pocket_read_code(const char *body, size_t len, char text[POCKET_TEXT_BYTES])
{
    struct json *made = NULL;
    text[0] = '\0';
    enum err err = json_parse(body, len, &made);
    if (err != OK) {
        return err;
    }
    const char *code = json_get_text(made, "code");
    bool is_code = code != NULL && code[0] != '\0' && text_is_printable(code) &&
                   text_copy(text, POCKET_TEXT_BYTES, code) == OK;
    json_wipe_free(made);
    return is_code ? OK : ERR_MALFORMED;
}

enum err pocket_io_open(struct pocket_io **io, const struct config *config, struct mailbox *answers,
                        bool asks_list, struct fault *fault)
{
    struct pocket_io *made = calloc(1, sizeof *made);
    CHECK(made != NULL);
    made->answers = answers;
    made->scanner.sun_family = AF_UNIX;
    const char *town = config_get(config, "pocket.townhall", "");
    if (text_copy(made->scanner.sun_path, sizeof made->scanner.sun_path,
                  config_get(config, "pocket.socket", "")) != OK ||
        made->scanner.sun_path[0] == '\0') {
        free(made);
        return fault_set(fault, ERR_NOT_FOUND, "pocket.socket: the scanner's socket is needed");
    }
    made->loop = loop_new();
    struct http_client_options options = {.loop = made->loop, .origin = town};
    enum err err = http_client_open(&made->town, &options, fault);
    if (err != OK) {
        loop_free(made->loop);
        free(made);
        return fault_prefix(fault, "pocket.townhall");
    }
    made->cards = pocket_cards_new(made->loop, config, tell_laid, made);
    made->again = loop_timer_new(made->loop, ask_list, made);
    made->bell = loop_bell_new(made->loop, take_commands, made);
    mailbox_init(&made->commands, made->slots, sizeof made->slots[0], COMMANDS_MAX, loop_bell_ring,
                 made->bell);
    if (asks_list) {
        loop_timer_start(made->again, 0);
    }
    CHECK(pthread_create(&made->thread, NULL, run, made) == 0);
    *io = made;
    return OK;
}

void pocket_io_close(struct pocket_io *io)
{
    if (io == NULL) {
        return;
    }
    atomic_store(&io->is_closing, true);
    loop_bell_ring(io->bell);
    CHECK(pthread_join(io->thread, NULL) == 0);
    pocket_cards_free(io->cards);
    http_client_close(io->town);
    loop_timer_free(io->again);
    loop_bell_free(io->bell);
    mailbox_finish(&io->commands);
    loop_free(io->loop);
    free(io);
}

enum err pocket_io_send(struct pocket_io *io, const struct pocket_command *command)
{
    return mailbox_send(&io->commands, command);
}

// The register knows "1951-02-03", "1951-02", "1951" or nothing; people type the day first.
static enum err read_birth(const char *words, char *out, size_t out_bytes)
{
    struct date date;
    if (date_from_text(words, &date) != OK) {
        return text_is_printable(words) ? text_copy(out, out_bytes, words) : ERR_MALFORMED;
    }
    struct text text;
    text_init(&text, out, out_bytes);
    text_format(&text, "%02u-%02u-%04d", date.day, date.month, date.year);
    return OK;
}

static void *run(void *ctx)
{
    struct pocket_io *io = ctx;
    loop_run(io->loop);
    return NULL;
}

static void ask_list(void *ctx)
{
    struct pocket_io *io = ctx;
    struct http_call call = {.method = "GET",
                             .target = "/demo/residents",
                             .timeout_ms = CALL_MS,
                             .answer_bytes_max = ANSWER_BYTES_MAX,
                             .may_repeat = true,
                             .done = take_list,
                             .ctx = io};
    (void)http_client_call(io->town, &call); // never cancelled
}

static void take_list(void *ctx, const struct http_result *result)
{
    struct pocket_io *io = ctx;
    struct pocket_answer answer = {.kind = POCKET_LIST, .err = ERR_UNAVAILABLE};
    if (result->err == OK && result->status == 200) {
        answer.err = pocket_read_residents(result->body, result->body_len, &answer);
    }
    for (size_t i = 0; answer.err == OK && i < answer.residents_count; i++) {
        pocket_cards_find(io->cards, answer.residents[i].id, &answer.residents[i].card);
    }
    if (answer.err != OK || mailbox_send(io->answers, &answer) != OK) {
        loop_timer_start(io->again, AGAIN_MS);
    }
}

static void take_commands(void *ctx)
{
    struct pocket_io *io = ctx;
    struct pocket_command command;
    while (mailbox_take(&io->commands, &command) == OK) {
        if (text_equal(command.kind, pocket_kinds[POCKET_KIND_CARD])) {
            pocket_cards_click(io->cards, command.resident);
        } else if (command.resident[0] != '\0') {
            ask_code(io, &command);
        } else {
            tell_held(io, hold_up(io, command.text));
        }
    }
    if (atomic_load(&io->is_closing)) {
        loop_stop(io->loop);
    }
}

static void ask_code(struct pocket_io *io, const struct pocket_command *command)
{
    struct json *wish = json_new_object();
    json_set_text(wish, "resident", command->resident);
    json_set_text(wish, "kind", command->kind);
    char body[256];
    size_t len = 0;
    CHECK(json_write(wish, body, sizeof body, &len) == OK); // two short names
    json_free(wish);
    struct http_call call = {.method = "POST",
                             .target = "/demo/tokens",
                             .body = body,
                             .body_len = len,
                             .timeout_ms = CALL_MS,
                             .answer_bytes_max = ANSWER_BYTES_MAX,
                             .done = take_code,
                             .ctx = io};
    (void)http_client_call(io->town, &call); // never cancelled
}

static void take_code(void *ctx, const struct http_result *result)
{
    struct pocket_io *io = ctx;
    char text[POCKET_TEXT_BYTES] = "";
    enum err err = ERR_UNAVAILABLE;
    if (result->err == OK && result->status >= 400 && result->status < 500) {
        err = ERR_NOT_FOUND;
    } else if (result->err == OK && result->status == 201) {
        err = pocket_read_code(result->body, result->body_len, text);
    }
    tell_held(io, err == OK ? hold_up(io, text) : err);
    wipe(text, sizeof text);
}

// One message a connection: two bytes of length, high byte first, then the text.
static enum err hold_up(const struct pocket_io *io, const char *text)
{
    uint8_t message[2 + POCKET_TEXT_BYTES];
    size_t len = strlen(text);
    message[0] = (uint8_t)(len >> 8);
    message[1] = (uint8_t)(len & 0xff);
    memcpy(message + 2, text, len);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    enum err err = ERR_IO;
    if (fd >= 0) {
        bool is_sent =
            connect(fd, (const struct sockaddr *)&io->scanner, sizeof io->scanner) == 0 &&
            send(fd, message, len + 2, MSG_NOSIGNAL) == (ssize_t)(len + 2);
        err = is_sent ? OK : ERR_IO;
        (void)close(fd); // the scanner reads what was sent, or nobody listens
    }
    wipe(message, sizeof message);
    return err;
}

static void tell_held(struct pocket_io *io, enum err err)
{
    struct pocket_answer answer = {.kind = POCKET_HELD, .err = err};
    tell(io, &answer);
}

static void tell_laid(void *ctx, const char *id, bool is_laid, enum err err)
{
    struct pocket_answer answer = {.kind = POCKET_LAID, .err = err, .is_laid = is_laid};
    text_copy_cut(answer.laid, sizeof answer.laid, id);
    tell(ctx, &answer);
}

static void tell(struct pocket_io *io, const struct pocket_answer *answer)
{
    if (mailbox_send(io->answers, answer) != OK) {
        log_warn("pocket", "the window does not keep up");
    }
}
