// SPDX-License-Identifier: EUPL-1.2
//
// The hub's own certificate authority, one-time codes, and the enrolment port in the shape of EST
// (RFC 7030): cacerts and simpleenroll, with PEM for the answers.
#include "apps/hub/hub_fleet.h"

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    CODE_RAW_BYTES = 12, // 96 bits
    CODE_MS_MAX = 15 * 60000,
    CODE_TRIES = 5,
    CERTIFICATE_DAYS = 90,
    AUTHORITY_DAYS = 3650,
    PIN_DIGITS = 6,
    PIN_ROUNDS = 20000,
};

static enum err make_staff(struct store_staff *staff, const char *id, const char *name, char *pin);
static const char authority_name[] = "Inloop hub authority";
static const char *const role_names[] = {"none",       "kiosk",      "counter", "display",
                                         "technician", "integrator", "hub"};

struct code_search {
    struct hub *hub;
    const uint8_t *hash;
    const char *device;
    struct store_code code;
    bool is_found;
    bool is_exact;
};

struct registry {
    struct store_device devices[HUB_DEVICES_MAX];
    size_t devices_count;
    struct store_staff staff[HUB_STAFF_MAX];
    size_t staff_count;
};

static const char *path_in(const struct hub *hub, const char *name, char *out, size_t out_bytes);
static enum err write_file(const char *path, const char *words, struct fault *fault);
static bool file_exists(const char *path);
static enum err make_server_certificate(struct hub *hub, const char *key_path, const char *pem_path,
                                        struct fault *fault);
static void enrol(struct hub *hub, struct http_request *request);
static void revoke_older(struct hub *hub, struct hub_work *work, const char *device);
static bool read_credentials(struct http_request *request, char *device, size_t device_bytes,
                             uint8_t hash[STORE_HASH_BYTES]);
static void find_code(struct hub *hub, struct code_search *search);
static struct json *enrolled_json(const struct hub *hub, const struct store_device *made,
                                  const char *pem);
static void make_code(const struct hub *hub, struct store_code *code, const char *device,
                      enum store_role role, const char *desk, char words[HUB_CODE_TEXT_BYTES]);
static void put_code(struct hub *hub, struct hub_work *work, const struct store_code *code);
static struct store_code *known_code(struct hub *hub, const uint8_t hash[STORE_HASH_BYTES]);
static void on_code(void *ctx, const struct store_code *code);
static bool code_is_open(const struct hub *hub, const struct store_code *code);
static void on_device(void *ctx, const struct store_device *device);
static void on_staff(void *ctx, const struct store_staff *staff);
static void hash_code(const char *device, const char *code, uint8_t hash[STORE_HASH_BYTES]);

enum err hub_authority_open(struct hub *hub, struct fault *fault)
{
    char key_path[HUB_PATH_BYTES + 32];
    char pem_path[HUB_PATH_BYTES + 32];
    enum err err = crypto_key_ensure(&hub->authority,
                                     path_in(hub, "ca.key", key_path, sizeof key_path), fault);
    if (err != OK) {
        return err;
    }
    if (!file_exists(path_in(hub, "ca.pem", pem_path, sizeof pem_path))) {
        int64_t now_s = hub_now_ms(hub) / 1000;
        struct crypto_subject subject = {.name = authority_name,
                                         .is_authority = true,
                                         .from_s = now_s - 3600,
                                         .to_s = now_s + AUTHORITY_DAYS * 86400LL};
        char pem[CRYPTO_PEM_BYTES];
        err = crypto_certify(hub->authority, &subject, hub->authority, authority_name, pem);
        if (err == OK) {
            err = write_file(pem_path, pem, fault);
        }
        if (err != OK) {
            return err;
        }
    }
    path_in(hub, "hub.key", key_path, sizeof key_path);
    path_in(hub, "hub.pem", pem_path, sizeof pem_path);
    return file_exists(pem_path) ? OK : make_server_certificate(hub, key_path, pem_path, fault);
}

void hub_handle_enrolment(void *ctx, struct http_request *request)
{
    struct hub *hub = ctx;
    const char *path = http_request_path(request);
    if (text_equal(path, "/.well-known/est/cacerts") &&
        text_equal(http_request_method(request), "GET")) {
        char name[HUB_PATH_BYTES + 32];
        char pem[CRYPTO_PEM_BYTES];
        FILE *file = fopen(path_in(hub, "ca.pem", name, sizeof name), "rb");
        size_t len = file == NULL ? 0 : fread(pem, 1, sizeof pem, file);
        if (file != NULL) {
            (void)fclose(file); // only read from
        }
        http_reply(request, &(struct http_answer){.status = 200,
                                                  .content_type = "application/x-pem-file",
                                                  .body = pem,
                                                  .body_len = len,
                                                  .closes = true});
        return;
    }
    if (text_equal(path, "/.well-known/est/simpleenroll") &&
        text_equal(http_request_method(request), "POST")) {
        enrol(hub, request);
        return;
    }
    http_reply_problem(request, 404, "not_found", NULL);
}

enum err hub_print_code(struct hub *hub, const char *device, const char *role, const char *desk,
                        struct fault *fault)
{
    struct store_change change = {.kind = STORE_CODE};
    enum store_role known = ROLE_NONE;
    if (!hub_role_find(role, &known) || strlen(device) >= DEVICE_ID_BYTES ||
        strlen(desk) >= DESK_BYTES) {
        return fault_set(fault, ERR_MALFORMED, "no such role, or a name is too long");
    }
    char words[HUB_CODE_TEXT_BYTES];
    char print[CRYPTO_HASH_BYTES * 2 + 1];
    make_code(hub, &change.code, device, known, desk, words);
    enum err err = hub->store->ops->apply(hub->store, &change, 1, fault);
    err = err != OK ? err : hub_authority_fingerprint(hub, print, fault);
    if (err == OK) {
        printf("code %s\nfingerprint %s\n", words, print);
    }
    wipe(words, sizeof words);
    return err;
}

void hub_code_make(struct hub *hub, struct hub_work *work, const char *device, enum store_role role,
                   const char *desk, char code[HUB_CODE_TEXT_BYTES], int64_t *expires_ms)
{
    struct store_code made = {0};
    make_code(hub, &made, device, role, desk, code);
    put_code(hub, work, &made);
    *expires_ms = made.expires_ms;
}

enum err hub_print_staff(struct hub *hub, const char *id, const char *name, struct fault *fault)
{
    struct store_change change = {.kind = STORE_STAFF};
    char pin[PIN_DIGITS + 1];
    enum err err = make_staff(&change.staff, id, name, pin);
    if (err != OK) {
        return fault_set(fault, err, "id or name is empty or too long");
    }
    err = hub->store->ops->apply(hub->store, &change, 1, fault);
    if (err == OK) {
        printf("pin %s\n", pin);
    }
    wipe(pin, sizeof pin);
    return err;
}

// The same for a hub that no console stands beside.
void hub_post_staff(struct hub_call *call)
{
    struct hub *hub = call->hub;
    const char *id = json_get_text(call->body, "id");
    const char *name = json_get_text(call->body, "name");
    struct store_staff staff = {0};
    char pin[PIN_DIGITS + 1];
    if (make_staff(&staff, id == NULL ? "" : id, name == NULL ? "" : name, pin) != OK) {
        hub_refuse_words(call, 400, "bad_request", "id or name is empty or too long");
        return;
    }
    size_t at = 0;
    while (at < hub->staff_count && !text_equal(hub->staff[at].id, staff.id)) {
        at++;
    }
    if (at == HUB_STAFF_MAX) {
        hub_refuse_words(call, 409, "full", "no more staff fit");
        return;
    }
    hub->staff_count += at == hub->staff_count ? 1 : 0;
    hub->staff[at] = staff;
    struct hub_work *work = hub_work_new(hub);
    hub_work_change(work, STORE_STAFF)->staff = staff;
    hub_work_audit(work, "add_staff", staff.id, "made", call->device->id, call->device->id);
    struct json *body = json_new_object();
    json_set_text(body, "pin", pin);
    hub_work_answer(work, call->request, NULL, 201, body);
    hub_work_commit(work);
    wipe(pin, sizeof pin);
}

static enum err make_staff(struct store_staff *staff, const char *id, const char *name, char *pin)
{
    if (text_copy(staff->id, sizeof staff->id, id) != OK ||
        text_copy(staff->name, sizeof staff->name, name) != OK || id[0] == '\0' ||
        name[0] == '\0') {
        return ERR_MALFORMED;
    }
    uint32_t number = 0;
    entropy_fill(&number, sizeof number);
    (void)snprintf(pin, PIN_DIGITS + 1, "%06u", number % 1000000); // always six digits
    entropy_fill(staff->salt, sizeof staff->salt);
    crypto_stretch(pin, staff->salt, PIN_ROUNDS, staff->pin_hash);
    return OK;
}

enum err hub_revoke(struct hub *hub, const char *device, struct fault *fault)
{
    enum err err = hub_read_registry(hub, fault);
    bool is_found = false;
    for (size_t i = 0; err == OK && i < hub->devices_count; i++) {
        if (text_equal(hub->devices[i].id, device)) {
            struct store_change change = {.kind = STORE_DEVICE, .device = hub->devices[i]};
            change.device.is_revoked = true;
            is_found = true;
            err = hub->store->ops->apply(hub->store, &change, 1, fault);
        }
    }
    return err == OK && !is_found ? fault_set(fault, ERR_NOT_FOUND, "%s: no such device", device)
                                  : err;
}

const char *hub_role_name(enum store_role role)
{
    CHECK(role < sizeof role_names / sizeof role_names[0]);
    return role_names[role];
}

bool hub_role_find(const char *name, enum store_role *role)
{
    size_t index = 0;
    if (text_find(role_names, sizeof role_names / sizeof role_names[0], name, &index) != OK ||
        index == 0) {
        return false; // the first is no role
    }
    *role = (enum store_role)index;
    return true;
}

enum err hub_authority_fingerprint(const struct hub *hub, char out[CRYPTO_HASH_BYTES * 2 + 1],
                                   struct fault *fault)
{
    char path[HUB_PATH_BYTES + 32];
    char pem[CRYPTO_PEM_BYTES] = {0};
    uint8_t print[CRYPTO_HASH_BYTES];
    FILE *file = fopen(path_in(hub, "ca.pem", path, sizeof path), "rb");
    if (file != NULL) {
        size_t len = fread(pem, 1, sizeof pem - 1, file);
        pem[len] = '\0';
        (void)fclose(file); // only read from
    }
    enum err err = crypto_fingerprint(pem, print);
    if (err != OK) {
        return fault_set(fault, err, "ca.pem: no certificate");
    }
    CHECK(hex_encode(print, sizeof print, out, CRYPTO_HASH_BYTES * 2 + 1) == OK);
    return OK;
}

enum err hub_certify(const struct hub *hub, const uint8_t *der, size_t der_len,
                     struct store_device *made, char pem[CRYPTO_PEM_BYTES])
{
    const int64_t now_s = hub_now_ms(hub) / 1000;
    char uri[80];
    (void)snprintf(uri, sizeof uri, "urn:inloop:device:%s", made->id); // ids are short
    const struct crypto_subject subject = {.name = made->id,
                                           .uri = uri,
                                           .from_s = now_s - 3600,
                                           .to_s = now_s + CERTIFICATE_DAYS * 86400LL};
    return crypto_certify_request(der, der_len, &subject, hub->authority, authority_name, pem,
                                  made->fingerprint);
}

void hub_device_add(struct hub *hub, struct hub_work *work, const struct store_device *made)
{
    CHECK(hub->devices_count < HUB_DEVICES_MAX);

    revoke_older(hub, work, made->id);
    hub_work_change(work, STORE_DEVICE)->device = *made;
    hub->devices[hub->devices_count++] = *made;
}

enum err hub_read_registry(struct hub *hub, struct fault *fault)
{
    // Aside first: a store that cannot be read now must not lock the whole hall out.
    struct registry *read = calloc(1, sizeof *read);
    CHECK(read != NULL);
    struct store_loader loader = {.device = on_device, .staff = on_staff, .ctx = read};
    enum err err = hub->store->ops->load(hub->store, -1, &loader, fault);
    if (err == OK) {
        memcpy(hub->devices, read->devices, sizeof hub->devices);
        memcpy(hub->staff, read->staff, sizeof hub->staff);
        hub->devices_count = read->devices_count;
        hub->staff_count = read->staff_count;
        hub_streams_end_revoked(hub);
    }
    free(read);
    return err;
}

static const char *path_in(const struct hub *hub, const char *name, char *out, size_t out_bytes)
{
    struct text text;
    text_init(&text, out, out_bytes);
    text_format(&text, "%s/%s", hub->data_dir, name);
    CHECK(!text.is_cut);
    return out;
}

static enum err write_file(const char *path, const char *words, struct fault *fault)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        return fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno));
    }
    bool is_written = fputs(words, file) >= 0;
    return fclose(file) == 0 && is_written ? OK : fault_set(fault, ERR_IO, "%s: not written", path);
}

static bool file_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

static enum err make_server_certificate(struct hub *hub, const char *key_path, const char *pem_path,
                                        struct fault *fault)
{
    struct crypto_key *key = NULL;
    enum err err = crypto_key_ensure(&key, key_path, fault);
    if (err != OK) {
        return err;
    }
    const char *const hosts[] = {config_get(hub->config, "hub.host", "127.0.0.1"), "localhost",
                                 NULL};
    int64_t now_s = hub_now_ms(hub) / 1000;
    struct crypto_subject subject = {.name = "Inloop hub",
                                     .hosts = hosts,
                                     .is_server = true,
                                     .from_s = now_s - 3600,
                                     .to_s = now_s + AUTHORITY_DAYS * 86400LL};
    char pem[CRYPTO_PEM_BYTES];
    err = crypto_certify(key, &subject, hub->authority, authority_name, pem);
    crypto_key_free(key);
    return err == OK ? write_file(pem_path, pem, fault)
                     : fault_set(fault, err, "the hub's certificate could not be made");
}

// A one-time code and a request for a certificate against a certificate and a place in the
// registry. A wrong code costs a try; the fifth wrong one ends it.
static void enrol(struct hub *hub, struct http_request *request)
{
    char device[DEVICE_ID_BYTES];
    uint8_t hash[STORE_HASH_BYTES];
    if (!read_credentials(request, device, sizeof device, hash)) {
        http_reply_problem(request, 401, "unauthorized", NULL);
        return;
    }
    struct code_search search = {.hub = hub, .hash = hash, .device = device};
    find_code(hub, &search);
    bool is_good = search.is_found && code_is_open(hub, &search.code) &&
                   bytes_equal_secret(search.code.hash, hash, sizeof hash);
    struct hub_work *work = hub_work_new(hub);
    if (!is_good) {
        if (search.is_found && search.code.tries_left > 0) {
            search.code.tries_left -= 1;
            put_code(hub, work, &search.code);
        }
        hub_work_audit(work, "enrol", device, "refused", "enrolment", "unknown");
        hub_work_answer(work, request, NULL, 401, problem_new(401, "unauthorized", NULL));
        hub_work_commit(work);
        return;
    }
    size_t len = 0;
    const char *body = http_request_body(request, &len);
    uint8_t der[4096];
    size_t der_len = 0;
    struct store_device made = {.role = search.code.role, .enrolled_ms = hub_now_ms(hub)};
    memcpy(made.id, device, sizeof made.id);
    memcpy(made.desk, search.code.desk, sizeof made.desk);
    char pem[CRYPTO_PEM_BYTES];
    if (crypto_base64_decode(body, len, der, sizeof der, &der_len) != OK ||
        hub_certify(hub, der, der_len, &made, pem) != OK || hub->devices_count == HUB_DEVICES_MAX) {
        hub_work_audit(work, "enrol", device, "bad request", "enrolment", "unknown");
        hub_work_answer(work, request, NULL, 400, problem_new(400, "bad_request", NULL));
        hub_work_commit(work);
        return;
    }
    search.code.is_used = true;
    put_code(hub, work, &search.code);
    hub_device_add(hub, work, &made);
    hub_work_audit(work, "enrol", device, hub_role_name(made.role), "enrolment", "technician");
    hub_work_answer(work, request, NULL, 200, enrolled_json(hub, &made, pem));
    hub_work_commit(work);
    log_info("hub", "%s enrolled as %s", device, hub_role_name(made.role));
}

static struct json *enrolled_json(const struct hub *hub, const struct store_device *made,
                                  const char *pem)
{
    struct json *answer = json_new_object();
    json_set_text(answer, "certificate", pem);
    json_set_text(answer, "role", hub_role_name(made->role));
    json_set_text(answer, "location", hub->hall.location);
    if (hub->fleet->town[0] != '\0') {
        json_set_text(answer, "town", hub->fleet->town);
    }
    json_set_text(answer, "hub_url", hub->fleet->url);
    json_set_text(answer, "service_key", hub->fleet->service_pem);
    return answer;
}

// One device has one certificate. Usually one older, two when an answer was lost.
static void revoke_older(struct hub *hub, struct hub_work *work, const char *device)
{
    enum { REVOKED_MAX = 8 };
    size_t count = 0;
    for (size_t i = 0; i < hub->devices_count && count < REVOKED_MAX; i++) {
        struct store_device *older = &hub->devices[i];
        if (text_equal(older->id, device) && !older->is_revoked) {
            older->is_revoked = true;
            hub_work_change(work, STORE_DEVICE)->device = *older;
            count++;
        }
    }
    hub_streams_end_revoked(hub);
}

// Basic authentication (RFC 7617) as EST has it: the device's name and its one-time code.
static bool read_credentials(struct http_request *request, char *device, size_t device_bytes,
                             uint8_t hash[STORE_HASH_BYTES])
{
    char header[300];
    uint8_t plain[200];
    size_t len = 0;
    if (http_request_header(request, "Authorization", header, sizeof header) != OK ||
        !text_starts_with(header, "Basic ") ||
        crypto_base64_decode(header + 6, strlen(header + 6), plain, sizeof plain - 1, &len) != OK) {
        return false;
    }
    plain[len] = '\0';
    char *colon = strchr((char *)plain, ':');
    bool is_whole = colon != NULL && strlen((char *)plain) == len;
    if (is_whole) {
        *colon = '\0';
        is_whole = text_copy(device, device_bytes, (char *)plain) == OK;
        hash_code((char *)plain, colon + 1, hash);
    }
    wipe(plain, sizeof plain);
    wipe(header, sizeof header);
    return is_whole;
}

// Codes are made beside us, by the command line: the store is asked anew each time.
static void find_code(struct hub *hub, struct code_search *search)
{
    struct store_loader loader = {.code = on_code, .ctx = search};
    struct fault fault = {0};
    if (hub->store->ops->load(hub->store, -1, &loader, &fault) != OK) {
        log_error("hub", "codes: %s", fault.text);
    }
}

static void make_code(const struct hub *hub, struct store_code *code, const char *device,
                      enum store_role role, const char *desk, char words[HUB_CODE_TEXT_BYTES])
{
    uint8_t raw[CODE_RAW_BYTES];
    *code = (struct store_code){
        .role = role, .expires_ms = hub_now_ms(hub) + CODE_MS_MAX, .tries_left = CODE_TRIES};
    CHECK(text_copy(code->device, sizeof code->device, device) == OK);
    CHECK(text_copy(code->desk, sizeof code->desk, desk) == OK);
    entropy_fill(raw, sizeof raw);
    CHECK(hex_encode(raw, sizeof raw, words, HUB_CODE_TEXT_BYTES) == OK);
    hash_code(device, words, code->hash);
    wipe(raw, sizeof raw);
}

// What became of a code is remembered before it is on the disk: the next asker may be here already.
static void put_code(struct hub *hub, struct hub_work *work, const struct store_code *code)
{
    hub_work_change(work, STORE_CODE)->code = *code;
    struct store_code *known = known_code(hub, code->hash);
    if (known == NULL) {
        known = &hub->codes[hub->codes_count % HUB_CODES_MAX];
        hub->codes_count += 1;
    }
    *known = *code;
}

static struct store_code *known_code(struct hub *hub, const uint8_t hash[STORE_HASH_BYTES])
{
    for (size_t i = 0; i < HUB_CODES_MAX && i < hub->codes_count; i++) {
        if (memcmp(hub->codes[i].hash, hash, sizeof hub->codes[i].hash) == 0) {
            return &hub->codes[i];
        }
    }
    return NULL;
}

// The code with this hash; else the newest of this device that still opens, so that a wrong try is
// counted where it matters and not on a code that was used up long ago.
static void on_code(void *ctx, const struct store_code *code)
{
    struct code_search *search = ctx;
    if (!text_equal(code->device, search->device) || search->is_exact) {
        return;
    }
    const struct store_code *known = known_code(search->hub, code->hash);
    code = known == NULL ? code : known;
    search->is_exact = memcmp(code->hash, search->hash, STORE_HASH_BYTES) == 0;
    if (search->is_exact || (code_is_open(search->hub, code) &&
                             (!search->is_found || code->expires_ms > search->code.expires_ms))) {
        search->code = *code;
        search->is_found = true;
    }
}

static bool code_is_open(const struct hub *hub, const struct store_code *code)
{
    return !code->is_used && code->tries_left > 0 && code->expires_ms > hub_now_ms(hub);
}

// A revoked certificate of a device that has another one need not be kept at hand: who is not here
// is refused all the same, and the table would fill with them.
static void on_device(void *ctx, const struct store_device *device)
{
    struct registry *read = ctx;
    for (size_t i = 0; i < read->devices_count; i++) {
        struct store_device *other = &read->devices[i];
        if (text_equal(other->id, device->id) && (other->is_revoked || device->is_revoked)) {
            const bool is_better = other->is_revoked && (!device->is_revoked ||
                                                         device->enrolled_ms > other->enrolled_ms);
            *other = is_better ? *device : *other;
            return;
        }
    }
    if (read->devices_count < HUB_DEVICES_MAX) {
        read->devices[read->devices_count++] = *device;
    }
}

static void on_staff(void *ctx, const struct store_staff *staff)
{
    struct registry *read = ctx;
    if (read->staff_count < HUB_STAFF_MAX) {
        read->staff[read->staff_count++] = *staff;
    }
}

static void hash_code(const char *device, const char *code, uint8_t hash[STORE_HASH_BYTES])
{
    crypto_hmac(device, strlen(device), code, strlen(code), hash);
}
