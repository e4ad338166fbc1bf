// SPDX-License-Identifier: EUPL-1.2
//
// The box the hub itself runs on (hub.box = 1): its agent is a device too, and gets key and
// certificate without a code, for whoever writes into this folder is the hub already. As long as
// there is no technician, the box shows the first one's code.
#include "apps/hub/hub_fleet.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CODE_EARLY_MS = 60000 };
#define RENEW_MS (60LL * 24 * 3600 * 1000)

static const char box_name[] = "hub";
static const char first_technician[] = "technician-1";

static bool is_enrolled(const struct hub *hub, const char *path);
static enum err enrol_box(struct hub *hub, const char *pem_path, struct fault *fault);
static enum err put(const struct hub *hub, const char *name, const char *words,
                    struct fault *fault);
static const char *path_of(const struct hub *hub, const char *name, char path[HUB_PATH_BYTES + 32]);
static void write_conf(const struct hub *hub, struct text *conf);
static bool has_technician(const struct hub *hub);
static void offer_code(struct hub *hub);

enum err hub_box_open(struct hub *hub, struct fault *fault)
{
    int64_t is_box = 0;
    enum err err = config_get_int(hub->config, "hub.box", 0, 1, &is_box);
    if (err == ERR_MALFORMED) {
        return fault_set(fault, err, "hub.box: 0 or 1");
    }
    struct hub_fleet *fleet = hub->fleet;
    if (is_box == 0) {
        fleet->box_dir[0] = '\0';
        return OK;
    }
    if (fleet->box_dir[0] == '\0') {
        return fault_set(fault, ERR_MALFORMED, "hub.box_dir: where the box's own files go");
    }
    if (mkdir(fleet->box_dir, 0700) != 0 && errno != EEXIST) {
        return fault_set(fault, ERR_IO, "%s: %s", fleet->box_dir, strerror(errno));
    }
    char path[HUB_PATH_BYTES + 32];
    char words[2048];
    struct text conf;
    text_init(&conf, words, sizeof words);
    write_conf(hub, &conf);
    char *authority = NULL;
    size_t len = 0;
    (void)snprintf(path, sizeof path, "%s/ca.pem", hub->data_dir);
    if (file_read(path, CRYPTO_PEM_BYTES, &authority, &len) != OK) {
        return fault_set(fault, ERR_IO, "%s: cannot be read", path);
    }
    err = conf.is_cut ? fault_set(fault, ERR_TOO_BIG, "device.conf: too long")
                      : put(hub, "device.conf", words, fault);
    err = err != OK ? err : file_write(path_of(hub, "ca.pem", path), 0600, authority, len, fault);
    free(authority);
    err = err != OK ? err : put(hub, "service.pem", fleet->service_pem, fault);
    path_of(hub, "device.pem", path);
    if (err == OK && !is_enrolled(hub, path)) {
        err = enrol_box(hub, path, fault);
    }
    if (err == OK) {
        offer_code(hub);
    }
    return err;
}

void hub_box_pass_time(struct hub *hub)
{
    if (hub->fleet->box_dir[0] == '\0') {
        return;
    }
    char path[HUB_PATH_BYTES + 32];
    struct fault fault = {0};
    path_of(hub, "device.pem", path);
    if (!is_enrolled(hub, path) && enrol_box(hub, path, &fault) != OK) {
        log_error("hub", "its own box: %s", fault.text);
    }
    offer_code(hub);
}

// Its certificate is there, the registry trusts it, and it is not near its end.
static bool is_enrolled(const struct hub *hub, const char *path)
{
    char *pem = NULL;
    size_t len = 0;
    uint8_t print[CRYPTO_HASH_BYTES];
    struct store_device device;
    if (file_read(path, CRYPTO_PEM_BYTES, &pem, &len) != OK) {
        return false;
    }
    char *words = strndup(pem, len);
    CHECK(words != NULL);
    const bool is_read = crypto_fingerprint(words, print) == OK;
    free(words);
    free(pem);
    return is_read && hub_find_device(hub, print, &device) && device.role == ROLE_HUB &&
           hub_now_ms(hub) - device.enrolled_ms < RENEW_MS;
}

static enum err enrol_box(struct hub *hub, const char *pem_path, struct fault *fault)
{
    char key_path[HUB_PATH_BYTES + 32];
    struct crypto_key *key = NULL;
    enum err err = crypto_key_ensure(&key, path_of(hub, "device.key", key_path), fault);
    if (err != OK) {
        return err;
    }
    uint8_t der[2048];
    size_t der_len = 0;
    char pem[CRYPTO_PEM_BYTES];
    struct store_device made = {.role = ROLE_HUB, .enrolled_ms = hub_now_ms(hub)};
    memcpy(made.id, box_name, sizeof box_name);
    err = crypto_request(key, box_name, der, sizeof der, &der_len);
    err = err != OK ? err : hub_certify(hub, der, der_len, &made, pem);
    crypto_key_free(key);
    if (err != OK || hub->devices_count == HUB_DEVICES_MAX) {
        return fault_set(fault, err != OK ? err : ERR_FULL, "the box cannot be enrolled");
    }
    // On the disk before the registry trusts it: else a power cut would leave a certificate that
    // nobody has. The other way round the next start makes another.
    err = file_write(pem_path, 0600, pem, strlen(pem), fault);
    if (err == OK) {
        struct hub_work *work = hub_work_new(hub);
        hub_device_add(hub, work, &made);
        hub_work_audit(work, "enrol", box_name, "hub", "hub", "hub");
        hub_work_commit(work);
    }
    return err;
}

static enum err put(const struct hub *hub, const char *name, const char *words, struct fault *fault)
{
    char path[HUB_PATH_BYTES + 32];
    return file_write(path_of(hub, name, path), 0600, words, strlen(words), fault);
}

static const char *path_of(const struct hub *hub, const char *name, char path[HUB_PATH_BYTES + 32])
{
    (void)snprintf(path, HUB_PATH_BYTES + 32, "%s/%s", hub->fleet->box_dir, name);
    return path;
}

// As the technician's tool writes it for every other device (apps/technician/enrol.h).
static void write_conf(const struct hub *hub, struct text *conf)
{
    const struct hub_fleet *fleet = hub->fleet;
    text_format(conf, "id = %s\nrole = hub\nlocation = %s\nhub.location = %s\n", box_name,
                hub->hall.location, hub->hall.location);
    text_format(conf, "hub.url = %s\nhub.ca = %s/ca.pem\n", fleet->url, fleet->box_dir);
    if (fleet->town[0] != '\0') {
        text_format(conf, "town = %s\n", fleet->town);
    }
    text_format(conf, "device.certificate = %s/device.pem\ndevice.key = %s/device.key\n",
                fleet->box_dir, fleet->box_dir);
}

static bool has_technician(const struct hub *hub)
{
    for (size_t i = 0; i < hub->devices_count; i++) {
        if (hub->devices[i].role == ROLE_TECHNICIAN && !hub->devices[i].is_revoked) {
            return true;
        }
    }
    return false;
}

// The file holds the text of the QR code the box's screen shows.
static void offer_code(struct hub *hub)
{
    struct hub_fleet *fleet = hub->fleet;
    char path[HUB_PATH_BYTES + 32];
    path_of(hub, "technician-code", path);
    if (has_technician(hub)) {
        (void)unlink(path); // may not be there
        fleet->technician_code_ms = 0;
        return;
    }
    if (fleet->technician_code_ms - CODE_EARLY_MS > hub_now_ms(hub)) {
        return;
    }
    char code[HUB_CODE_TEXT_BYTES];
    char qr[HUB_QR_BYTES];
    struct fault fault = {0};
    struct hub_work *work = hub_work_new(hub);
    hub_code_make(hub, work, first_technician, ROLE_TECHNICIAN, "", code,
                  &fleet->technician_code_ms);
    hub_work_audit(work, "issue_code", first_technician, "technician", "hub", "hub");
    hub_work_commit(work);
    hub_code_qr(hub, first_technician, code, qr);
    if (put(hub, "technician-code", qr, &fault) != OK) {
        log_error("hub", "technician-code: %s", fault.text);
    }
    wipe(code, sizeof code);
    wipe(qr, sizeof qr);
}
