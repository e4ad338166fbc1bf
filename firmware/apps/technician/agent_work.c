// SPDX-License-Identifier: EUPL-1.2
//
// Does what was decided. Checking and writing an image take some seconds in which nothing else of
// the agent moves; nobody waits for it on a screen.
#include "apps/technician/agent_parts.h"
#include "base/bytes.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "update/slots.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LINE_RETRY_MS = 15000, // a hub that did not answer
    RESTART_MS = 2000,     // in which the hub still hears why
    PIECE_BYTES = 64 * 1024,
};

static void drop(struct agent *agent);
static void fetch(struct agent *agent);
static enum err check(struct agent *agent, struct fault *fault);
static enum err check_hash(struct agent *agent, struct fault *fault);
static enum err install(struct agent *agent, struct fault *fault);
static enum err bless(struct agent *agent, struct fault *fault);
static enum err forget(struct agent *agent, struct fault *fault);
static enum err writable(struct agent *agent, enum err (*work)(struct agent *, struct fault *),
                         struct fault *fault);
static void restart(struct agent *agent);

void agent_work(struct agent *agent, enum agent_action action)
{
    struct fault fault = {0};
    enum err err = OK;
    if (action != AGENT_FETCH && agent->line != NULL && agent_line_is_fetching(agent->line)) {
        agent_line_stop(agent->line); // nobody wants it any more
    }
    switch (action) {
    case AGENT_REST:
        return;
    case AGENT_DROP:
        drop(agent);
        return;
    case AGENT_FETCH:
        fetch(agent);
        return;
    case AGENT_REBOOT:
        restart(agent);
        return;
    case AGENT_CHECK:
        err = check(agent, &fault);
        break;
    case AGENT_INSTALL:
        err = writable(agent, install, &fault);
        break;
    case AGENT_BLESS:
        err = writable(agent, bless, &fault);
        break;
    case AGENT_FORGET:
        err = writable(agent, forget, &fault);
        break;
    case AGENT_ACTIONS_COUNT:
        break;
    }
    agent_went(agent, action, err, fault.text);
}

void agent_went(struct agent *agent, enum agent_action action, enum err err, const char *why)
{
    bool is_of_line = err == ERR_UNAVAILABLE || err == ERR_TIMEOUT || err == ERR_UNKNOWN;
    if (err == OK) {
        log_info("agent", "%s: done, version %s", agent_action_name(action),
                 agent->memory.update.version);
    } else {
        log_error("agent", "%s: %s", agent_action_name(action), why);
    }
    if (agent_did(&agent->memory, action, err, why)) {
        agent->paused_until_ms =
            agent_now_ms(agent) + (is_of_line ? LINE_RETRY_MS : AGENT_RETRY_MS);
    }
}

int64_t agent_now_ms(const struct agent *agent)
{
    return clock_monotonic_ms(&agent->clock);
}

static void drop(struct agent *agent)
{
    agent->is_checked = false;
    (void)unlink(agent->paths.bundle); // its size is asked for again
}

static void fetch(struct agent *agent)
{
    if (agent->line != NULL && !agent_line_is_fetching(agent->line)) {
        agent->is_checked = false;
        agent_line_fetch(agent->line, &agent->orders, agent->paths.bundle);
    }
}

// The hub's word of it, then our own: signature, hashes, whether it is for this machine.
static enum err check(struct agent *agent, struct fault *fault)
{
    static struct bundle_keys keys;
    const struct bundle_here here = {.version = agent->version,
                                     .board = agent->board,
                                     .town = config_get(&agent->config, "town", NULL)};
    enum err err = check_hash(agent, fault);
    if (err == OK) {
        err = bundle_keys_read(&keys, agent->paths.keys, fault);
    }
    if (err == OK) {
        err = bundle_check_file(&agent->bundle, agent->paths.bundle, &keys, fault);
    }
    if (err == OK && !text_equal(agent->bundle.version, agent->orders.run.version)) {
        err = fault_set(fault, ERR_REFUSED, "the hub said version %s, it is %s",
                        agent->orders.run.version, agent->bundle.version);
    }
    if (err == OK) {
        err = bundle_fits(&agent->bundle, &here, fault);
    }
    agent->is_checked = err == OK;
    if (err != OK && err != ERR_IO) {
        drop(agent);
    }
    return err;
}

static enum err check_hash(struct agent *agent, struct fault *fault)
{
    int fd = open(agent->paths.bundle, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fault_set(fault, ERR_IO, "%s: cannot be opened", agent->paths.bundle);
    }
    uint8_t *piece = malloc(PIECE_BYTES);
    CHECK(piece != NULL);
    struct crypto_digest *digest = crypto_digest_new();
    ssize_t got = 0;
    while ((got = file_take(fd, piece, PIECE_BYTES)) > 0) {
        crypto_digest_add(digest, piece, (size_t)got);
    }
    uint8_t hash[CRYPTO_HASH_BYTES];
    char words[CRYPTO_HASH_BYTES * 2 + 1];
    crypto_digest_end(digest, hash);
    crypto_digest_free(digest);
    free(piece);
    (void)close(fd); // only read from
    if (got < 0) {
        return fault_set(fault, ERR_IO, "%s: cannot be read", agent->paths.bundle);
    }
    CHECK(hex_encode(hash, sizeof hash, words, sizeof words) == OK);
    return text_equal(words, agent->orders.run.sha256)
               ? OK
               : fault_set(fault, ERR_DUPLICATE, "what came is not what the hub said it is");
}

static enum err install(struct agent *agent, struct fault *fault)
{
    return slots_write(agent->paths.esp, agent->paths.bundle, &agent->bundle, agent->version,
                       fault);
}

static enum err bless(struct agent *agent, struct fault *fault)
{
    enum err err = slots_bless(agent->paths.esp, agent->version, fault);
    return err == OK ? slots_tidy(agent->paths.esp, agent->version, fault) : err;
}

static enum err forget(struct agent *agent, struct fault *fault)
{
    return slots_forget(agent->paths.esp, agent->memory.update.version, fault);
}

// The boot partition is open for writing only meanwhile.
static enum err writable(struct agent *agent, enum err (*work)(struct agent *, struct fault *),
                         struct fault *fault)
{
    enum err err = agent->machine.remount(agent->machine.ctx, true, fault);
    if (err != OK) {
        return err;
    }
    err = work(agent, fault);
    struct fault closing = {0};
    if (agent->machine.remount(agent->machine.ctx, false, &closing) != OK) {
        log_error("agent", "the boot partition stays open: %s", closing.text);
    }
    return err;
}

static void restart(struct agent *agent)
{
    int64_t now_ms = agent_now_ms(agent);
    if (agent->restart_ms == 0) {
        log_warn("agent", "starting again for version %s", agent->memory.update.version);
        agent->restart_ms = now_ms + RESTART_MS;
        agent->report_next_ms = 0;
    }
    if (now_ms >= agent->restart_ms) {
        sync();
        agent->machine.reboot(agent->machine.ctx);
        agent->restart_ms = 0;
    }
}
