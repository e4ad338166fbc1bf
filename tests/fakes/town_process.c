// SPDX-License-Identifier: EUPL-1.2
//
// Starting, killing and asking the fictional town hall.
#include "tests/fakes/town_process.h"

#include "adapters/backoffice.h"
#include "link/http_client.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct exchange {
    struct loop *loop;
    struct json *json;
    int status;
};

static void launch(struct town_process *town, const char *port);
static void on_answer(void *ctx, const struct http_result *result);

void town_process_start(struct town_process *town)
{
    (void)snprintf(town->dir, sizeof town->dir, "/tmp/inloop-town-XXXXXX");
    CHECK(mkdtemp(town->dir) != NULL);
    launch(town, "0");
}

static void launch(struct town_process *town, const char *port)
{
    int pipes[2];
    CHECK(pipe(pipes) == 0);
    const char *build = getenv("INLOOP_BUILD");
    const char *root = getenv("INLOOP_ROOT");
    const char *transcript = getenv("INLOOP_TRANSCRIPT");
    char program[512];
    char data[512];
    char keep[128];
    (void)snprintf(program, sizeof program, "%s/inloop-townhall", build == NULL ? "build" : build);
    (void)snprintf(data, sizeof data, "%s/assets/demo/townhall", root == NULL ? "." : root);
    (void)snprintf(keep, sizeof keep, "%s/kept.json", town->dir);
    town->pid = fork();
    if (town->pid == 0) {
        (void)dup2(pipes[1], 1);
        (void)close(pipes[0]);
        (void)execl(program, program, "--data", data, "--dir", town->dir, "--keep", keep, "--port",
                    port, transcript == NULL ? NULL : "--transcript", transcript, (char *)NULL);
        _exit(127);
    }
    (void)close(pipes[1]);
    FILE *said = fdopen(pipes[0], "r");
    CHECK(said != NULL && fscanf(said, "townhall: %63s", town->url) == 1);
    (void)fclose(said);
}

void town_process_kill(struct town_process *town)
{
    (void)kill(town->pid, SIGKILL);
    town_process_reap(town);
}

void town_process_reap(struct town_process *town)
{
    int status = 0;
    CHECK(waitpid(town->pid, &status, 0) == town->pid);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

void town_process_again(struct town_process *town)
{
    char port[16];
    (void)snprintf(port, sizeof port, "%s", strrchr(town->url, ':') + 1);
    launch(town, port);
}

bool town_process_stop(struct town_process *town)
{
    static const char *const files[] = {"portal.key", "portal.jwks", "contacts.jsonl", "kept.json"};
    int status = 0;
    (void)kill(town->pid, SIGTERM);
    (void)waitpid(town->pid, &status, 0);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/%s", town->dir, files[i]);
        (void)unlink(path);
    }
    (void)rmdir(town->dir);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void town_process_config(const struct town_process *town, const char *more, struct config *config)
{
    char lines[4096];
    struct fault fault = {0};
    const int len =
        snprintf(lines, sizeof lines,
                 "portal.url = %s/inloop/v1\nportal.token = voorbeeld-portal\n"
                 "klantinteracties.url = %s/klantinteracties/api/v1\n"
                 "klantinteracties.token = voorbeeld-klant\n"
                 "brp.url = %s/haalcentraal/api/brp\nbrp.key = voorbeeld-brp\n"
                 "taken.url = %s/taken/api/v1\ntaken.token = voorbeeld-taken\n"
                 "zaken.url = %s/zaken/api/v1\nzaken.client_id = inloop\n"
                 "zaken.secret = voorbeeld-zaken\n"
                 "objecten.url = %s/objecten/api/v2\nobjecten.token = voorbeeld-objecten\n"
                 "objecten.type = %s/objecttypes/api/v2/objecttypes/%s\n"
                 "mijntaken.url = %s/mijntaken/v1\nmijntaken.token = voorbeeld-mijntaken\n"
                 "open_forms.url = %s/openforms\nopen_forms.token = voorbeeld-formulieren\n"
                 "documenten.url = %s/documenten/api/v1\ndocumenten.client_id = inloop\n"
                 "documenten.secret = voorbeeld-documenten\n"
                 "documenten.organisation = 123456782\n"
                 "documenten.type = %s/catalogi/api/v1/informatieobjecttypen/%s\n%s",
                 town->url, town->url, town->url, town->url, town->url, town->url, town->url,
                 "5f0b6a1c-9a5e-4d0b-8a35-6a2b1a2f7c10", town->url, town->url, town->url, town->url,
                 "b1b0f3a2-6f0a-4c36-9d0c-6d4d3e1f9a10", more);
    CHECK(len > 0 && (size_t)len < sizeof lines);
    CHECK(config_parse(config, lines, (size_t)len, &fault) == OK);
}

struct backoffice *town_process_backoffice(struct loop *loop, const struct clock *clock,
                                           const struct config *config)
{
    struct backoffice *backoffice = NULL;
    struct fault fault = {0};
    CHECK(backoffice_open(&backoffice, loop, clock, config, &fault) == OK);
    return backoffice;
}

struct json *town_process_ask(const struct town_process *town, struct loop *loop,
                              const char *method, const char *target, const char *headers,
                              const char *body, int *status)
{
    struct http_client *client = NULL;
    struct fault fault = {0};
    const struct http_client_options options = {.loop = loop, .origin = town->url};
    CHECK(http_client_open(&client, &options, &fault) == OK);
    struct exchange exchange = {.loop = loop};
    const struct http_call call = {.method = method,
                                   .target = target,
                                   .headers = headers,
                                   .body = body,
                                   .body_len = body == NULL ? 0 : strlen(body),
                                   .timeout_ms = 10000,
                                   .done = on_answer,
                                   .ctx = &exchange};
    (void)http_client_call(client, &call); // never cancelled
    loop_run(loop);
    http_client_close(client);
    *status = exchange.status;
    return exchange.json;
}

static void on_answer(void *ctx, const struct http_result *result)
{
    struct exchange *exchange = ctx;
    CHECK(result->err == OK);
    exchange->status = result->status;
    CHECK(json_parse(result->body, result->body_len, &exchange->json) == OK);
    loop_stop(exchange->loop);
}
