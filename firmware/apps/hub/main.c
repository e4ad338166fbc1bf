// SPDX-License-Identifier: EUPL-1.2
//
// The hub's command line: serve, or one of the small tasks beside a serving hub.
#include "adapters/backoffice.h"
#include "adapters/store_sqlite.h"
#include "apps/hub/hub.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "base/watchdog.h"

#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static const char usage[] =
    "usage: inloop-hub --config FILE [serve]\n"
    "       inloop-hub --config FILE enrol-code --device ID --role ROLE [--desk N]\n"
    "       inloop-hub --config FILE staff-add --id ID --name NAME\n"
    "       inloop-hub --config FILE revoke --device ID\n"
    "       inloop-hub --config FILE audit-check\n";

struct program {
    struct config config;
    struct store_sqlite store;
    struct hub hub;
    struct loop *loop;
    struct watchdog watchdog;
    struct loop_timer *feeding;
};

static void keep_more_blocks(char **argv);
static void no_core_dumps(void);
static enum err serve(struct program *program, struct fault *fault);
static enum err run_aside(struct program *program, int argc, char **argv, struct fault *fault);
static enum err check_audit(struct program *program, struct fault *fault);
static const char *option(int argc, char **argv, const char *name, const char *fallback);
static void on_stop(void *ctx);
static void start_feeding(struct program *program);

int main(int argc, char **argv)
{
    static struct program program;
    struct fault fault = {0};
    keep_more_blocks(argv);
    heap_forgets();
    const char *path = option(argc, argv, "--config", NULL);
    if (path == NULL) {
        (void)fputs(usage, stderr);
        return 2;
    }
    no_core_dumps();
    // Batches come and go by the thousand: giving their memory back to the kernel each time would
    // cost more than the work itself.
    (void)mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024); // only speed: another allocator may refuse
    (void)mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
    (void)signal(SIGPIPE, SIG_IGN);
    const char *task = argc > 3 ? argv[3] : "serve";
    enum err err = config_read_file(&program.config, path, &fault);
    if (err == OK) {
        char file[512];
        struct text text;
        text_init(&text, file, sizeof file);
        text_format(&text, "%s/hub.db", config_get(&program.config, "data.dir", "data"));
        bool is_aside = !text_equal(task, "serve");
        err = store_sqlite_init(&program.store, file, is_aside);
        err = err != OK   ? fault_set(&fault, err, "data.dir is too long")
              : !is_aside ? serve(&program, &fault)
                          : run_aside(&program, argc, argv, &fault);
    }
    if (err != OK) {
        log_error("hub", "%s", fault.text);
    }
    program.store.port.ops->close(&program.store.port);
    return err == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

// Of what a thread frees, glibc keeps seven blocks of a size at hand. The messages about one ticket
// are some thirty small ones: with room for them a ticket costs a tenth less. The setting is only
// read when a program starts.
static void keep_more_blocks(char **argv)
{
    if (getenv("GLIBC_TUNABLES") == NULL) {
        CHECK(setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=120", 1) == 0);
        char own[PATH_MAX];
        ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);
        if (len > 0) {
            own[len] = '\0';
            (void)execv(own, argv); // comes back only when it failed: then it stays as it was
        }
    }
}

// A core file would hold the personal data of everybody in the hall.
static void no_core_dumps(void)
{
    struct rlimit none = {0};
    CHECK(prctl(PR_SET_DUMPABLE, 0) == 0);
    CHECK(setrlimit(RLIMIT_CORE, &none) == 0);
}

static enum err serve(struct program *program, struct fault *fault)
{
    struct backoffice *backoffice = NULL;
    static struct clock clock;
    clock = clock_system();
    program->loop = loop_new();
    enum err err = backoffice_open(&backoffice, program->loop, &clock, &program->config, fault);
    if (err == OK) {
        struct hub_options options = {.config = &program->config,
                                      .loop = program->loop,
                                      .clock = clock,
                                      .store = &program->store.port,
                                      .backoffice = backoffice};
        err = hub_open(&program->hub, &options, fault);
    }
    if (err == OK) {
        loop_on_signal(program->loop, SIGTERM, on_stop, program->loop);
        loop_on_signal(program->loop, SIGINT, on_stop, program->loop);
        printf("port %u\nenrolment %u\n", http_server_port(program->hub.server),
               http_server_port(program->hub.enrolment));
        if (hub_uploads_port(&program->hub) != 0) {
            printf("public %u\n", hub_uploads_port(&program->hub));
        }
        (void)fflush(stdout); // whoever started us waits for these lines
        log_info("hub", "serving %s on port %u", program->hub.hall.location,
                 http_server_port(program->hub.server));
        start_feeding(program);
        loop_run(program->loop);
        loop_timer_free(program->feeding);
        watchdog_close(&program->watchdog, false); // whoever runs next feeds it
        if (program->hub.has_failed) {
            *fault = program->hub.fault;
            err = fault->err;
        }
        hub_close(&program->hub);
    }
    backoffice_close(backoffice);
    loop_free(program->loop);
    return err;
}

static enum err run_aside(struct program *program, int argc, char **argv, struct fault *fault)
{
    const char *task = argv[3];
    struct hub *hub = &program->hub;
    struct hub_options options = {
        .config = &program->config, .clock = clock_system(), .store = &program->store.port};
    enum err err = hub_open_aside(hub, &options, fault);
    if (err != OK) {
        return err;
    }
    if (text_equal(task, "enrol-code")) {
        err = hub_print_code(hub, option(argc, argv, "--device", ""),
                             option(argc, argv, "--role", ""), option(argc, argv, "--desk", ""),
                             fault);
    } else if (text_equal(task, "staff-add")) {
        err = hub_print_staff(hub, option(argc, argv, "--id", ""), option(argc, argv, "--name", ""),
                              fault);
    } else if (text_equal(task, "revoke")) {
        err = hub_revoke(hub, option(argc, argv, "--device", ""), fault);
    } else if (text_equal(task, "audit-check")) {
        err = check_audit(program, fault);
    } else {
        (void)fputs(usage, stderr);
        err = fault_set(fault, ERR_UNSUPPORTED, "%s: no such task", task);
    }
    crypto_key_free(hub->authority);
    return err;
}

static enum err check_audit(struct program *program, struct fault *fault)
{
    uint64_t rows_count = 0;
    uint64_t bad_row = 0;
    enum err err =
        program->store.port.ops->audit_check(&program->store.port, &rows_count, &bad_row, fault);
    if (err == OK) {
        printf("%llu rows, the chain holds\n", (unsigned long long)rows_count);
    }
    return err;
}

static const char *option(int argc, char **argv, const char *name, const char *fallback)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (text_equal(argv[i], name)) {
            return argv[i + 1];
        }
    }
    return fallback;
}

static void on_stop(void *ctx)
{
    loop_stop(ctx);
}

// On the loop that serves: one that stands still feeds nobody.
static void feed(void *ctx)
{
    struct program *program = ctx;
    const struct clock clock = clock_system();
    int64_t now_ms = clock_monotonic_ms(&clock);
    watchdog_feed(&program->watchdog, now_ms);
    int64_t next_ms = watchdog_next_ms(&program->watchdog);
    if (next_ms != INT64_MAX) {
        loop_timer_start(program->feeding, next_ms - now_ms);
    }
}

// Without the watchdog the hall is served all the same.
static void start_feeding(struct program *program)
{
    struct fault fault;
    const struct clock clock = clock_system();
    if (watchdog_open_by(&program->watchdog, &program->config, clock_monotonic_ms(&clock),
                         &fault) != OK) {
        log_error("hub", "%s", fault.text);
    }
    program->feeding = loop_timer_new(program->loop, feed, program);
    feed(program);
}
