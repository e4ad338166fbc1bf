// SPDX-License-Identifier: EUPL-1.2
//
// Reads what is printed on a card; starts and ends inloop-chip by its pid.
#include "demo/pocket/pocket_card.h"

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CARD_BYTES_MAX = 4096, PATH_BYTES = 400 };

struct pocket_cards {
    struct loop *loop;
    const char *folder; // NULL: no cards
    const char *desk;
    const char *program;
    pocket_card_fn told;
    void *ctx;
    pid_t pid; // 0: nothing lies there
    int said;  // what it prints
    struct loop_watch *watch;
    bool is_laid;
    char id[POCKET_CARD_ID_BYTES];
};

static enum err read_expiry(const char *words, char out[11]);
static void lay(struct pocket_cards *cards, const char *id);
static void lift(struct pocket_cards *cards);
static void on_said(void *ctx, bool can_read, bool can_write);

enum err pocket_card_read(const char *body, size_t len, struct pocket_card *card)
{
    static const char *const kinds[] = {
        [POCKET_CARD_ID] = "id", [POCKET_CARD_PASSPORT] = "passport", [POCKET_CARD_PASS] = "pass"};
    struct json *words = NULL;
    *card = (struct pocket_card){0};
    enum err err = json_parse(body, len, &words);
    if (err != OK) {
        return err;
    }
    const char *kind = json_get_text(words, "kind");
    const char *number = json_get_text(words, "number");
    const char *can = json_get_text(words, "can");
    struct pocket_card read = {0};
    for (size_t i = POCKET_CARD_ID; i <= POCKET_CARD_PASS; i++) {
        read.kind =
            kind != NULL && text_equal(kind, kinds[i]) ? (enum pocket_card_kind)i : read.kind;
    }
    const bool is_whole =
        read.kind != POCKET_CARD_NONE && number != NULL && text_is_printable(number) &&
        text_copy(read.number, sizeof read.number, number) == OK &&
        (can == NULL ||
         (text_is_printable(can) && text_copy(read.can, sizeof read.can, can) == OK)) &&
        (read.kind == POCKET_CARD_PASS ||
         read_expiry(json_get_text(words, "expiry"), read.expiry) == OK);
    json_free(words);
    *card = is_whole ? read : *card;
    return is_whole ? OK : ERR_MALFORMED;
}

struct pocket_cards *pocket_cards_new(struct loop *loop, const struct config *config,
                                      pocket_card_fn told, void *ctx)
{
    struct pocket_cards *cards = calloc(1, sizeof *cards);
    CHECK(cards != NULL);
    *cards = (struct pocket_cards){.loop = loop,
                                   .folder = config_get(config, "pocket.cards", NULL),
                                   .desk = config_get(config, "pocket.card_desk", NULL),
                                   .program = config_get(config, "pocket.chip", NULL),
                                   .told = told,
                                   .ctx = ctx};
    if (cards->desk == NULL || cards->program == NULL) {
        cards->folder = NULL;
    }
    return cards;
}

void pocket_cards_free(struct pocket_cards *cards)
{
    if (cards != NULL) {
        lift(cards);
        free(cards);
    }
}

void pocket_cards_find(const struct pocket_cards *cards, const char *id, struct pocket_card *card)
{
    char path[PATH_BYTES];
    struct text text;
    char *bytes = NULL;
    size_t len = 0;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/%s/card.json", cards->folder == NULL ? "" : cards->folder, id);
    // An id is a word of the town's; one with a slash would be a path.
    if (cards->folder == NULL || text.is_cut || strpbrk(id, "/.") != NULL ||
        file_read(path, CARD_BYTES_MAX, &bytes, &len) != OK ||
        pocket_card_read(bytes, len, card) != OK) {
        *card = (struct pocket_card){0};
    }
    free(bytes);
}

void pocket_cards_click(struct pocket_cards *cards, const char *id)
{
    const bool was_there = cards->pid != 0 && text_equal(cards->id, id);
    lift(cards);
    if (was_there) {
        cards->told(cards->ctx, id, false, OK);
    } else if (cards->folder == NULL) {
        cards->told(cards->ctx, id, false, ERR_IO);
    } else {
        lay(cards, id);
    }
}

// "310105" as people write it. Documents end in this century.
static enum err read_expiry(const char *words, char out[11])
{
    if (words == NULL || strlen(words) != 6 || strspn(words, "0123456789") != 6) {
        return ERR_MALFORMED;
    }
    struct text text;
    text_init(&text, out, 11);
    text_format(&text, "%.2s-%.2s-20%.2s", words + 4, words + 2, words);
    return OK;
}

static void lay(struct pocket_cards *cards, const char *id)
{
    char *const words[] = {(char *)cards->program,
                           "--folder",
                           (char *)cards->folder,
                           "--card",
                           (char *)id,
                           "--lay",
                           (char *)cards->desk,
                           "--with-parent",
                           NULL};
    int pipes[2];
    posix_spawn_file_actions_t actions;
    CHECK(pipe2(pipes, O_CLOEXEC) == 0);
    CHECK(posix_spawn_file_actions_init(&actions) == 0);
    CHECK(posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO) == 0);
    const int failed = posix_spawn(&cards->pid, cards->program, &actions, NULL, words, environ);
    (void)posix_spawn_file_actions_destroy(&actions); // nothing is held in them
    (void)close(pipes[1]);                            // the program has its own
    if (failed != 0) {
        cards->pid = 0;
        (void)close(pipes[0]);
        cards->told(cards->ctx, id, false, ERR_IO);
        return;
    }
    text_copy_cut(cards->id, sizeof cards->id, id);
    cards->is_laid = false;
    cards->said = pipes[0];
    cards->watch = loop_watch_new(cards->loop, cards->said, on_said, cards);
    loop_watch_set(cards->watch, true, false);
}

static void lift(struct pocket_cards *cards)
{
    if (cards->pid == 0) {
        return;
    }
    (void)kill(cards->pid, SIGTERM);
    while (waitpid(cards->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    loop_watch_free(cards->watch);
    (void)close(cards->said);
    cards->watch = NULL;
    cards->pid = 0;
}

// "laid", and at its end nothing more: it was taken by nobody, so the kiosk went.
static void on_said(void *ctx, bool can_read, bool can_write)
{
    struct pocket_cards *cards = ctx;
    char words[128];
    (void)can_read;
    (void)can_write;
    const ssize_t len = read(cards->said, words, sizeof words);
    if (len < 0 && (errno == EINTR || errno == EAGAIN)) {
        return;
    }
    if (len > 0 && !cards->is_laid) {
        cards->is_laid = true;
        cards->told(cards->ctx, cards->id, true, OK);
    } else if (len <= 0) {
        const bool was_laid = cards->is_laid;
        lift(cards);
        cards->told(cards->ctx, cards->id, false, was_laid ? OK : ERR_IO);
    }
}
