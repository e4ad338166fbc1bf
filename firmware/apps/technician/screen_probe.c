// SPDX-License-Identifier: EUPL-1.2
//
// One small question on a fresh connection.
#include "apps/technician/screen_probe.h"

#include "base/bytes.h"
#include "base/text.h"
#include "link/crypto.h"
#include "link/http_client.h"

#include <stdlib.h>
#include <string.h>

enum { EVERY_MS = 10000, PATIENCE_MS = 6000, PATH_BYTES = 600 };

struct technician_probe {
    struct loop *loop;
    const struct config *config;
    technician_probe_fn tell;
    void *ctx;
    struct clock clock;
    enum technician_hub told;
    int64_t asked_ms; // monotonic; 0: never
    bool is_asking;
    bool was_enrolled; // as it was asked
    char url[FACTS_URL_BYTES];
    char fingerprint[FACTS_WORD_BYTES + 1];
    struct tls_config *tls;
    struct http_client *client;
};

static void ask(struct technician_probe *probe);
static enum err open_tls(struct technician_probe *probe);
static void on_answer(void *ctx, const struct http_result *result);
static void hang_up(struct technician_probe *probe);
static void say(struct technician_probe *probe, enum technician_hub hub);

struct technician_probe *technician_probe_new(struct loop *loop, const struct config *config,
                                              technician_probe_fn tell, void *ctx)
{
    struct technician_probe *probe = calloc(1, sizeof *probe);
    CHECK(probe != NULL);
    *probe = (struct technician_probe){
        .loop = loop, .config = config, .tell = tell, .ctx = ctx, .clock = clock_system()};
    return probe;
}

void technician_probe_free(struct technician_probe *probe)
{
    hang_up(probe);
    free(probe);
}

void technician_probe_turn(struct technician_probe *probe, const struct facts *facts)
{
    int64_t now_ms = clock_monotonic_ms(&probe->clock);
    bool is_new =
        facts->is_enrolled != probe->was_enrolled || !text_equal(facts->hub_url, probe->url);
    if (probe->is_asking && now_ms - probe->asked_ms < PATIENCE_MS + 1000 && !is_new) {
        return; // its own patience ends it
    }
    hang_up(probe); // what has answered, and what was asked of another hub
    if (!is_new && probe->asked_ms != 0 && now_ms - probe->asked_ms < EVERY_MS) {
        return;
    }
    probe->asked_ms = now_ms;
    probe->was_enrolled = facts->is_enrolled;
    memcpy(probe->url, facts->hub_url, sizeof probe->url);
    memcpy(probe->fingerprint, facts->hub_fingerprint, sizeof probe->fingerprint);
    if (probe->url[0] == '\0') {
        say(probe, HUB_NOT_KNOWN);
    } else if (facts->address[0] != '\0' || text_starts_with(probe->url, "https://127.")) {
        ask(probe);
    }
}

static void ask(struct technician_probe *probe)
{
    struct fault fault = {0};
    struct http_client_options options = {.loop = probe->loop, .origin = probe->url};
    enum err err = open_tls(probe);
    options.tls = probe->tls;
    if (err == OK) {
        err = http_client_open(&probe->client, &options, &fault);
    }
    if (err != OK) {
        say(probe, HUB_SILENT);
        return;
    }
    struct http_call call = {.method = "GET",
                             .target = "/.well-known/est/cacerts",
                             .timeout_ms = PATIENCE_MS,
                             .answer_bytes_max = CRYPTO_PEM_BYTES,
                             .done = on_answer,
                             .ctx = probe};
    probe->is_asking = true;
    (void)http_client_call(probe->client, &call);
}

// Enrolled, the hub is whom our authority signed; before that nobody vouches for it yet.
static enum err open_tls(struct technician_probe *probe)
{
    const char *folder = config_get(probe->config, "device.dir", "/data/device");
    char paths[3][PATH_BYTES];
    static const char *const names[3] = {"ca.pem", "device.pem", "device.key"};
    for (size_t i = 0; i < 3; i++) {
        struct text text;
        text_init(&text, paths[i], sizeof paths[i]);
        text_format(&text, "%s/%s", folder, names[i]);
    }
    struct tls_options options = {0};
    if (probe->was_enrolled) {
        options = (struct tls_options){
            .ca_file = paths[0], .certificate_file = paths[1], .key_file = paths[2]};
    }
    struct fault fault = {0};
    return tls_config_new(&probe->tls, &options, &fault);
}

static void on_answer(void *ctx, const struct http_result *result)
{
    struct technician_probe *probe = ctx;
    probe->is_asking = false; // closed at the next turn: not from within its own call
    if (result->err != OK) {
        say(probe, result->err == ERR_CRYPTO ? HUB_IS_OTHER : HUB_SILENT);
        return;
    }
    uint8_t print[CRYPTO_HASH_BYTES];
    char words[CRYPTO_HASH_BYTES * 2 + 1];
    bool is_checked = !probe->was_enrolled && probe->fingerprint[0] != '\0';
    bool is_ours = !is_checked || (crypto_fingerprint(result->body, print) == OK &&
                                   hex_encode(print, sizeof print, words, sizeof words) == OK &&
                                   text_equal(words, probe->fingerprint));
    say(probe, is_ours ? HUB_REACHED : HUB_IS_OTHER);
}

static void hang_up(struct technician_probe *probe)
{
    http_client_close(probe->client);
    tls_config_free(probe->tls);
    probe->client = NULL;
    probe->tls = NULL;
    probe->is_asking = false;
}

static void say(struct technician_probe *probe, enum technician_hub hub)
{
    if (probe->told != hub) {
        probe->told = hub;
        probe->tell(probe->ctx, hub);
    }
}
