// SPDX-License-Identifier: EUPL-1.2
//
// The hub as it is, with a source of forms whose moods a test decides: what stands there is
// FOLDER/source.json, its mood is the word in FOLDER/mood, and FOLDER/heard.jsonl says what it was
// asked. Everything else, the catalogue too, is asked of the municipality as ever.
#include "adapters/backoffice.h"
#include "adapters/store_sqlite.h"
#include "apps/hub/hub.h"
#include "base/bytes.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_MS = 10, FILE_BYTES_MAX = 4 << 20, MOOD_BYTES = 16 };

struct script {
    struct backoffice port;
    struct backoffice *real;
    struct loop *loop;
    const char *folder;
};

enum errand_kind { ERRAND_BEGIN, ERRAND_OPEN, ERRAND_SAVE, ERRAND_SEND, ERRAND_UPLOAD };

// What a form that is begun here is called at its source, and the secret it is found by.
#define BEGUN "forms:6a8c0a52-0000-4000-8000-00000000000c"
#define BEGUN_LINK "begun-5ecre7"

// One question, answered when the mood is no longer "held".
struct errand {
    struct script *script;
    enum errand_kind kind;
    bool may_be_sent;
    struct json *base;
    struct json *data;
    const struct backoffice_file_private *file; // kept until `done`
    backoffice_form_fn done;
    void *ctx;
    struct loop_timer *timer;
};

static void path_of(const struct script *script, const char *name, char *path, size_t path_bytes)
{
    (void)snprintf(path, path_bytes, "%s/%s", script->folder, name);
}

static size_t read_file(const struct script *script, const char *name, char *bytes, size_t size)
{
    char path[512];
    path_of(script, name, path, sizeof path);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    size_t len = fread(bytes, 1, size - 1, file);
    (void)fclose(file); // only read from
    bytes[len] = '\0';
    return len;
}

static struct json *read_source(const struct script *script)
{
    static char bytes[FILE_BYTES_MAX];
    struct json *source = NULL;
    size_t len = read_file(script, "source.json", bytes, sizeof bytes);
    CHECK(json_parse(bytes, len, &source) == OK);
    return source;
}

static void write_source(const struct script *script, const struct json *source)
{
    char path[512];
    char fresh[512];
    path_of(script, "source.json", path, sizeof path);
    path_of(script, "source.new", fresh, sizeof fresh);
    FILE *file = fopen(fresh, "wb");
    CHECK(file != NULL);
    char *words = json_write_new(source);
    CHECK(fputs(words, file) >= 0 && fclose(file) == 0 && rename(fresh, path) == 0);
    free(words);
}

static void note(const struct errand *errand, const char *mood)
{
    static const char *const names[] = {"begin", "open", "save", "send", "upload"};
    char path[512];
    path_of(errand->script, "heard.jsonl", path, sizeof path);
    FILE *file = fopen(path, "ab");
    CHECK(file != NULL);
    struct json *line = json_new_object();
    json_set_text(line, "question", names[errand->kind]);
    json_set_text(line, "mood", mood);
    json_set_bool(line, "may_be_sent", errand->may_be_sent);
    if (errand->data != NULL) {
        json_set(line, "data", json_clone(errand->data));
    }
    char *words = json_write_new(line);
    CHECK(fprintf(file, "%s\n", words) > 0 && fclose(file) == 0);
    free(words);
    json_free(line);
}

static void finish(struct errand *errand, enum err err, struct json *told, const char *why)
{
    struct fault fault = {0};
    if (err != OK) {
        (void)fault_set(&fault, err, "source: %s", why);
    }
    errand->done(errand->ctx, err, told, &fault);
    json_free(told);
    json_free(errand->base);
    json_free(errand->data);
    loop_timer_free(errand->timer);
    free(errand);
}

static struct json *with_data(const struct json *source)
{
    struct json *told = json_new_object();
    json_set(told, "data", json_clone(json_get(source, "data")));
    return told;
}

static struct json *invalid(void)
{
    struct json *list = json_new_array();
    struct json *one = json_new_object();
    json_set_text(one, "key", "kenteken");
    json_set_text(one, "reason", "invalid");
    json_append(list, one);
    struct json *told = json_new_object();
    json_set(told, "invalid", list);
    return told;
}

// As the contract of ports/backoffice.h says, on one file.
static void write_answers(struct errand *errand, struct json *source, bool is_lost)
{
    const char *state = json_get_text(source, "state");
    bool is_sent = text_equal(state, "sent");
    bool is_same = json_same(json_get(source, "data"), errand->data);
    bool is_send = errand->kind == ERRAND_SEND;
    int64_t writes_count = 0;
    CHECK(json_get_int(source, "writes", &writes_count) == OK);
    if (is_sent && !(is_send && is_same)) {
        finish(errand, ERR_GONE, NULL, "done already");
        return;
    }
    if (!is_same && !json_same(json_get(source, "data"), errand->base)) {
        finish(errand, ERR_STATE, with_data(source), "changed elsewhere");
        return;
    }
    if (!is_same || (is_send && !is_sent)) {
        json_set(source, "data", json_clone(errand->data));
        json_set_int(source, "writes", writes_count + 1);
        json_set_text(source, "state", is_send ? "sent" : "open");
        write_source(errand->script, source);
    }
    if (is_lost) {
        finish(errand, ERR_UNKNOWN, NULL, "no answer");
        return;
    }
    struct json *told = with_data(source);
    if (is_send) {
        json_set_text(told, "state", "sent");
        json_set_text(told, "reference", "Z-2026-7");
    } else {
        json_set(told, "steps", json_clone(json_get(source, "steps")));
    }
    finish(errand, OK, told, "");
}

// form.io's value of one file, and a copy for the test to compare with what it sent.
static struct json *take_file(const struct errand *errand)
{
    char path[512];
    const struct backoffice_file_private *file = errand->file;
    path_of(errand->script, "file", path, sizeof path);
    FILE *copy = fopen(path, "wb");
    CHECK(copy != NULL);
    CHECK(fwrite(file->bytes, 1, file->len, copy) == file->len && fclose(copy) == 0);
    struct json *told = json_new_object();
    json_set_text(told, "name", "9f3a.bin");
    json_set_text(told, "originalName", file->name);
    json_set_text(told, "type", file->type);
    json_set_int(told, "size", (int64_t)file->len);
    json_set_text(told, "storage", "url");
    json_set_text(told, "url", "https://forms.example.test/files/9f3a");
    return told;
}

// As it stands there. In the mood "forgets" nothing stands there any more, and it is begun anew.
static struct json *whole_form(const struct errand *errand, struct json *source, const char *mood)
{
    bool is_anew = errand->kind == ERRAND_OPEN && text_equal(mood, "forgets");
    if (is_anew) {
        json_set(source, "data", json_new_object());
        write_source(errand->script, source);
    }
    struct json *told = json_clone(source);
    json_set_bool(told, "is_anew", is_anew);
    if (errand->kind == ERRAND_BEGIN) {
        json_set_text(told, "request", BEGUN);
        json_set_text(told, "link", BEGUN_LINK);
    }
    return told;
}

static void on_look(void *ctx)
{
    struct errand *errand = ctx;
    char mood[MOOD_BYTES];
    (void)read_file(errand->script, "mood", mood, sizeof mood);
    if (text_equal(mood, "held")) {
        loop_timer_start(errand->timer, LOOK_MS);
        return;
    }
    note(errand, mood);
    struct json *source = read_source(errand->script);
    if (text_equal(mood, "down")) {
        finish(errand, ERR_UNAVAILABLE, NULL, "down");
    } else if (text_equal(mood, "login")) {
        struct json *told = json_new_object();
        json_set_text(told, "login_url", "https://forms.example.test/login");
        finish(errand, ERR_UNSUPPORTED, told, "wants a login");
    } else if (text_equal(mood, "lies")) {
        finish(errand, ERR_MALFORMED, NULL, "breaks its API");
    } else if (text_equal(mood, "gone")) {
        finish(errand, ERR_GONE, NULL, "cancelled");
    } else if (errand->kind == ERRAND_OPEN || errand->kind == ERRAND_BEGIN) {
        finish(errand, OK, whole_form(errand, source, mood), "");
    } else if (errand->kind == ERRAND_UPLOAD) {
        bool is_refused = text_equal(mood, "refuses");
        finish(errand, is_refused ? ERR_REFUSED : OK, is_refused ? NULL : take_file(errand),
               "takes no such file");
    } else if (text_equal(mood, "refuses")) {
        finish(errand, ERR_REFUSED, invalid(), "refuses answers");
    } else {
        write_answers(errand, source, text_equal(mood, "lost"));
    }
    json_free(source);
}

static struct errand *begin(struct backoffice *port, enum errand_kind kind, const struct json *base,
                            const struct json *data, backoffice_form_fn done, void *ctx)
{
    struct script *script = (struct script *)port;
    struct errand *errand = calloc(1, sizeof *errand);
    CHECK(errand != NULL);
    *errand = (struct errand){.script = script, .kind = kind, .done = done, .ctx = ctx};
    errand->base = base == NULL ? NULL : json_clone(base);
    errand->data = data == NULL ? NULL : json_clone(data);
    errand->timer = loop_timer_new(script->loop, on_look, errand);
    loop_timer_start(errand->timer, 0);
    return errand;
}

static void form_begin(struct backoffice *port, const struct backoffice_form_private *form,
                       const char *id, backoffice_form_fn done, void *ctx)
{
    (void)form;
    (void)id;
    (void)begin(port, ERRAND_BEGIN, NULL, NULL, done, ctx);
}

static void form_open(struct backoffice *port, const struct backoffice_form_private *form,
                      backoffice_form_fn done, void *ctx)
{
    (void)form;
    (void)begin(port, ERRAND_OPEN, NULL, NULL, done, ctx);
}

static void form_save(struct backoffice *port, const struct backoffice_form_private *form,
                      const struct json *base, const struct json *data, backoffice_form_fn done,
                      void *ctx)
{
    (void)form;
    (void)begin(port, ERRAND_SAVE, base, data, done, ctx);
}

static void form_send(struct backoffice *port, const struct backoffice_form_private *form,
                      const struct json *base, const struct json *data,
                      struct backoffice_consent consent, backoffice_form_fn done, void *ctx)
{
    (void)consent;
    begin(port, ERRAND_SEND, base, data, done, ctx)->may_be_sent = form->may_be_sent;
}

static void form_upload(struct backoffice *port, const struct backoffice_form_private *form,
                        const char *key, const struct backoffice_file_private *file,
                        backoffice_form_fn done, void *ctx)
{
    (void)form;
    struct json *named = json_new_object();
    json_set_text(named, "key", key);
    struct errand *errand = begin(port, ERRAND_UPLOAD, NULL, named, done, ctx);
    errand->file = file;
    json_free(named);
}

static struct backoffice *real_of(struct backoffice *port)
{
    return ((struct script *)port)->real;
}

static void redeem(struct backoffice *port, const struct backoffice_code_private *code,
                   backoffice_redeemed_fn done, void *ctx)
{
    real_of(port)->ops->redeem(real_of(port), code, done, ctx);
}

static void identify(struct backoffice *port, const struct backoffice_document_private *document,
                     backoffice_identified_fn done, backoffice_requests_fn listed, void *ctx)
{
    real_of(port)->ops->identify(real_of(port), document, done, listed, ctx);
}

static void person(struct backoffice *port, const char *party, backoffice_person_fn done, void *ctx)
{
    real_of(port)->ops->person(real_of(port), party, done, ctx);
}

static void requests(struct backoffice *port, const char *party, backoffice_requests_fn done,
                     void *ctx)
{
    real_of(port)->ops->requests(real_of(port), party, done, ctx);
}

static void contact(struct backoffice *port, const struct contact_private *told,
                    backoffice_contact_fn done, void *ctx)
{
    real_of(port)->ops->contact(real_of(port), told, done, ctx);
}

static void catalogue(struct backoffice *port, backoffice_catalogue_fn done, void *ctx)
{
    real_of(port)->ops->catalogue(real_of(port), done, ctx);
}

static const struct backoffice_ops script_ops = {
    .redeem = redeem,
    .identify = identify,
    .person = person,
    .requests = requests,
    .contact = contact,
    .catalogue = catalogue,
    .form_begin = form_begin,
    .form_open = form_open,
    .form_save = form_save,
    .form_send = form_send,
    .form_upload = form_upload,
};

static void on_stop(void *ctx)
{
    loop_stop(ctx);
}

int main(int argc, char **argv)
{
    static struct config config;
    static struct store_sqlite store;
    static struct hub hub; // large
    static struct script script;
    static struct clock clock;
    struct fault fault = {0};
    char file[512];
    CHECK(argc == 4 && text_equal(argv[1], "--config"));
    heap_forgets();
    (void)signal(SIGPIPE, SIG_IGN);
    clock = clock_system();
    script = (struct script){.port = {.ops = &script_ops}, .loop = loop_new(), .folder = argv[3]};
    enum err err = config_read_file(&config, argv[2], &fault);
    (void)snprintf(file, sizeof file, "%s/hub.db", config_get(&config, "data.dir", "data"));
    err = err != OK ? err : store_sqlite_init(&store, file, false);
    err = err != OK ? err : backoffice_open(&script.real, script.loop, &clock, &config, &fault);
    const struct hub_options options = {.config = &config,
                                        .loop = script.loop,
                                        .clock = clock,
                                        .store = &store.port,
                                        .backoffice = &script.port};
    err = err != OK ? err : hub_open(&hub, &options, &fault);
    if (err != OK) {
        log_error("hub", "%s", fault.text);
        return EXIT_FAILURE;
    }
    printf("port %u\nenrolment %u\n", http_server_port(hub.server),
           http_server_port(hub.enrolment));
    if (hub_uploads_port(&hub) != 0) {
        printf("public %u\n", hub_uploads_port(&hub));
    }
    (void)fflush(stdout); // whoever started us waits for these lines
    loop_on_signal(script.loop, SIGTERM, on_stop, script.loop);
    loop_run(script.loop);
    bool has_failed = hub.has_failed;
    hub_close(&hub);
    backoffice_close(script.real);
    store.port.ops->close(&store.port);
    loop_free(script.loop);
    return has_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
