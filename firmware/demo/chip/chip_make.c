// SPDX-License-Identifier: EUPL-1.2
//
// Makes a resident's card: the files of ICAO Doc 9303-10 and the keys that go with them.
#include "base/text.h"
#include "demo/chip/chip_card.h"
#include "demo/chip/chip_zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ACTIVE_RSA_BITS = 1536, PORTRAIT_BYTES = 2000 };

#define OID_PACE "0.4.0.127.0.7.2.2.4"
#define OID_CHIP "0.4.0.127.0.7.2.2.3.2"
#define OID_CHIP_KEY "0.4.0.127.0.7.2.2.1.2"

struct making {
    const struct json *card;
    const struct chip_signers *signers;
    char folder[CHIP_PATH_BYTES];
    struct chip_zone zone;
    enum chip_signer_kind signer;
    const struct chip_curve *curve;
    enum chip_cipher cipher;
    bool has_pace;
    bool has_bac;
    bool has_mapping;
    EVP_PKEY *chip_key;
    EVP_PKEY *active_key;
    struct chip_der dg1;
    struct chip_der dg2;
    struct chip_der dg14;
    struct chip_der dg15;
    struct fault *fault;
};

static enum err read_wishes(struct making *making);
static enum err make_pass(struct making *making);
static enum err make_document(struct making *making);
static void make_groups(struct making *making);
static void add_infos(const struct making *making, bool has_chip, struct chip_der *out);
static void add_key(EVP_PKEY *key, struct chip_der *out);
static enum err write_access(struct making *making);
static enum err write_object(struct making *making, enum chip_signer_kind signer, bool is_silent,
                             const char *name);
static enum err write_com(struct making *making, bool is_silent, const char *name);
static enum err write_key(struct making *making, const char *name, EVP_PKEY *key);
static enum err write_card(struct making *making);
static bool has_proof(const struct json *card, const char *name);
static enum err write_der(struct making *making, const char *name, const struct chip_der *der);

enum err chip_card_make(const struct json *resident, const struct chip_signers *signers,
                        const char *folder, int64_t now_s, struct fault *fault)
{
    static struct making making; // large
    making =
        (struct making){.card = json_get(resident, "card"), .signers = signers, .fault = fault};
    const char *id = json_get_text(resident, "id");
    struct text path;
    text_init(&path, making.folder, sizeof making.folder);
    text_format(&path, "%s/%s", folder, id == NULL ? "" : id);
    if (json_is_absent(making.card)) {
        return ERR_NOT_FOUND;
    }
    if (path.is_cut || id == NULL || (mkdir(making.folder, 0700) != 0 && errno != EEXIST)) {
        return fault_set(fault, ERR_IO, "%s: %s", id == NULL ? "a resident" : id, strerror(errno));
    }
    enum err err = OK;
    const char *kind = json_get_text(making.card, "kind");
    if (kind != NULL && text_equal(kind, "pass")) {
        err = make_pass(&making);
    } else {
        err = chip_zone_make(resident, now_s, &making.zone);
        if (err == OK) {
            err = read_wishes(&making);
        }
        err = err == OK ? make_document(&making)
                        : fault_set(fault, err, "%s: the card's words make no document", id);
    }
    EVP_PKEY_free(making.chip_key);
    EVP_PKEY_free(making.active_key);
    return err;
}

enum err chip_write(const char *folder, const char *name, const void *bytes, size_t len,
                    struct fault *fault)
{
    char path[CHIP_PATH_BYTES];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/%s", folder, name);
    const int fd = text.is_cut ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno));
    }
    const bool is_written = write(fd, bytes, len) == (ssize_t)len;
    return close(fd) == 0 && is_written ? OK : fault_set(fault, ERR_IO, "%s: not written", path);
}

static enum err read_wishes(struct making *making)
{
    const struct json *card = making->card;
    const char *access = json_get_text(card, "access");
    making->has_pace = access == NULL || !text_equal(access, "bac");
    making->has_bac = access != NULL && !text_equal(access, "pace");
    making->has_mapping = has_proof(card, "mapping");
    const char *curve = json_get_text(card, "curve");
    making->curve = chip_curve_find(curve == NULL ? "brainpool256" : curve);
    const char *cipher = json_get_text(card, "cipher");
    const char *signer = json_get_text(card, "signer");
    if (making->curve == NULL ||
        chip_cipher_from_name(cipher == NULL ? "aes128" : cipher, &making->cipher) != OK ||
        chip_signer_from_name(signer == NULL ? "rsa" : signer, &making->signer) != OK) {
        return ERR_MALFORMED;
    }
    bool is_explicit = false;
    if (json_get_bool(card, "explicit", &is_explicit) != OK) {
        is_explicit = false;
    }
    if (making->has_mapping || has_proof(card, "chip")) {
        making->chip_key = chip_curve_key(making->curve->group_name, is_explicit);
    }
    if (has_proof(card, "active-rsa")) {
        making->active_key = chip_rsa_key(ACTIVE_RSA_BITS);
    } else if (has_proof(card, "active-ecdsa")) {
        making->active_key = chip_curve_key(making->curve->group_name, is_explicit);
    }
    return OK;
}

static bool has_proof(const struct json *card, const char *name)
{
    const struct json *list = json_get(card, "proof");
    for (size_t i = 0; i < json_len(list); i++) {
        const char *proof = json_text(json_at(list, i));
        if (proof != NULL && text_equal(proof, name)) {
            return true;
        }
    }
    return false;
}

static enum err make_pass(struct making *making)
{
    struct json *words = json_new_object();
    json_set_text(words, "kind", "pass");
    json_set_text(words, "number", json_get_text(making->card, "number"));
    char *text = json_write_new(words);
    json_free(words);
    const enum err err = chip_write(making->folder, "card.json", text, strlen(text), making->fault);
    free(text);
    return err;
}

static enum err make_document(struct making *making)
{
    static const struct {
        const char *object;
        const char *com;
        enum chip_signer_kind signer; // CHIP_SIGNERS_COUNT: the document's own
        bool is_silent;
    } variants[] = {
        {"sod", "com", CHIP_SIGNERS_COUNT, false},
        {"sod.silent", "com.silent", CHIP_SIGNERS_COUNT, true},
        {"sod.unknown", NULL, CHIP_SIGNER_UNKNOWN, false},
        {"sod.expired", NULL, CHIP_SIGNER_EXPIRED, false},
    };
    make_groups(making);
    enum err err = write_card(making);
    for (size_t i = 0; err == OK && i < sizeof variants / sizeof variants[0]; i++) {
        const enum chip_signer_kind signer =
            variants[i].signer == CHIP_SIGNERS_COUNT ? making->signer : variants[i].signer;
        err = write_object(making, signer, variants[i].is_silent, variants[i].object);
        if (err == OK && variants[i].com != NULL) {
            err = write_com(making, variants[i].is_silent, variants[i].com);
        }
    }
    if (err == OK && making->has_pace) {
        err = write_access(making);
    }
    if (err == OK) {
        err = write_key(making, "chip.key", making->chip_key);
    }
    return err == OK ? write_key(making, "active.key", making->active_key) : err;
}

static void make_groups(struct making *making)
{
    struct chip_der inside = {0};
    chip_der_add(&inside, 0x5f1f, making->zone.lines, strlen(making->zone.lines));
    chip_der_add_inside(&making->dg1, 0x61, &inside);
    // No face: nobody may ask for it. It is there so that it can be seen that nobody does.
    static const uint8_t portrait[PORTRAIT_BYTES];
    inside.len = 0;
    chip_der_add(&inside, 0x7f61, portrait, sizeof portrait);
    chip_der_add_inside(&making->dg2, 0x75, &inside);
    if (making->chip_key != NULL || making->active_key != NULL) {
        inside.len = 0;
        add_infos(making, true, &inside);
        chip_der_add_inside(&making->dg14, 0x6e, &inside);
    }
    if (making->active_key != NULL) {
        inside.len = 0;
        add_key(making->active_key, &inside);
        chip_der_add_inside(&making->dg15, 0x6f, &inside);
    }
}

static void add_info(struct chip_der *infos, const char *oid, unsigned version, unsigned more)
{
    struct chip_der info = {0};
    chip_der_add_oid(&info, 0x06, oid);
    chip_der_add_number(&info, version);
    if (more > 0) {
        chip_der_add_number(&info, more);
    }
    chip_der_add_inside(infos, 0x30, &info);
}

// SecurityInfos (ICAO Doc 9303-11 section 9.2).
static void add_infos(const struct making *making, bool has_chip, struct chip_der *out)
{
    struct chip_der infos = {0};
    char oid[40];
    struct text text;
    if (making->has_pace) {
        text_init(&text, oid, sizeof oid);
        text_format(&text, OID_PACE ".%d.%d", making->has_mapping ? 6 : 2, (int)making->cipher + 1);
        add_info(&infos, oid, 2, making->curve->parameter);
    }
    if (has_chip && has_proof(making->card, "chip")) {
        text_init(&text, oid, sizeof oid);
        text_format(&text, OID_CHIP ".%d", (int)making->cipher + 1);
        add_info(&infos, oid, 1, 0);
    }
    if (has_chip && making->chip_key != NULL) {
        struct chip_der info = {0};
        chip_der_add_oid(&info, 0x06, OID_CHIP_KEY);
        add_key(making->chip_key, &info);
        chip_der_add_inside(&infos, 0x30, &info);
    }
    if (has_chip && has_proof(making->card, "active-ecdsa")) {
        struct chip_der info = {0};
        chip_der_add_oid(&info, 0x06, "2.23.136.1.1.5");
        chip_der_add_number(&info, 1);
        chip_der_add_oid(&info, 0x06, "0.4.0.127.0.7.1.1.4.1.3"); // ecdsa-plain-SHA256
        chip_der_add_inside(&infos, 0x30, &info);
    }
    chip_der_add_inside(out, 0x31, &infos);
}

static void add_key(EVP_PKEY *key, struct chip_der *out)
{
    uint8_t *der = NULL;
    const int len = i2d_PUBKEY(key, &der);
    CHECK(len > 0);
    chip_der_add_raw(out, der, (size_t)len);
    OPENSSL_free(der);
}

static enum err write_access(struct making *making)
{
    // EF.ATR/INFO (ICAO Doc 9303-10 section 3.11): commands of 1024 bytes, answers of 2048.
    static const uint8_t lengths[] = {0x7f, 0x66, 0x08, 0x02, 0x02, 0x04,
                                      0x00, 0x02, 0x02, 0x08, 0x00};
    struct chip_der infos = {0};
    add_infos(making, false, &infos);
    enum err err = write_der(making, "card-access", &infos);
    if (err == OK) {
        err = chip_write(making->folder, "atr-info", lengths, sizeof lengths, making->fault);
    }
    if (err == OK && making->has_mapping) {
        struct chip_der signed_infos = {0};
        infos.len = 0;
        add_infos(making, true, &infos);
        chip_sign(&making->signers->documents[making->signer], making->signer == CHIP_SIGNER_PSS,
                  "0.4.0.127.0.7.3.2.1", &infos, &signed_infos);
        err = write_der(making, "card-security", &signed_infos);
    }
    return err;
}

// LDSSecurityObject (ICAO Doc 9303-10 section 4.6.2.2).
static enum err write_object(struct making *making, enum chip_signer_kind signer, bool is_silent,
                             const char *name)
{
    const struct {
        unsigned group;
        const struct chip_der *file;
        bool proves;
    } groups[] = {{1, &making->dg1, false},
                  {2, &making->dg2, false},
                  {14, &making->dg14, true},
                  {15, &making->dg15, true}};
    struct chip_der hashes = {0};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (groups[i].file->len == 0 || (is_silent && groups[i].proves)) {
            continue;
        }
        uint8_t hash[CHIP_HASH_BYTES];
        struct chip_der pair = {0};
        const size_t len = chip_hash("SHA256", groups[i].file->bytes, groups[i].file->len, hash);
        chip_der_add_number(&pair, groups[i].group);
        chip_der_add(&pair, 0x04, hash, len);
        chip_der_add_inside(&hashes, 0x30, &pair);
    }
    struct chip_der algorithm = {0};
    struct chip_der body = {0};
    struct chip_der content = {0};
    struct chip_der cms = {0};
    struct chip_der file = {0};
    chip_der_add_oid(&algorithm, 0x06, "2.16.840.1.101.3.4.2.1"); // SHA-256
    chip_der_add_number(&body, 0);
    chip_der_add_inside(&body, 0x30, &algorithm);
    chip_der_add_inside(&body, 0x30, &hashes);
    chip_der_add_inside(&content, 0x30, &body);
    chip_sign(&making->signers->documents[signer], signer == CHIP_SIGNER_PSS, "2.23.136.1.1.1",
              &content, &cms);
    chip_der_add_inside(&file, 0x77, &cms);
    return write_der(making, name, &file);
}

static enum err write_com(struct making *making, bool is_silent, const char *name)
{
    uint8_t tags[4] = {0x61, 0x75};
    size_t tags_len = 2;
    if (!is_silent && making->dg14.len > 0) {
        tags[tags_len++] = 0x6e;
    }
    if (!is_silent && making->dg15.len > 0) {
        tags[tags_len++] = 0x6f;
    }
    struct chip_der inside = {0};
    struct chip_der file = {0};
    chip_der_add(&inside, 0x5f01, "0107", 4);
    chip_der_add(&inside, 0x5f36, "040000", 6);
    chip_der_add(&inside, 0x5c, tags, tags_len);
    chip_der_add_inside(&file, 0x60, &inside);
    return write_der(making, name, &file);
}

static enum err write_key(struct making *making, const char *name, EVP_PKEY *key)
{
    if (key == NULL) {
        return OK;
    }
    BIO *out = BIO_new(BIO_s_secmem());
    char *bytes = NULL;
    CHECK(out != NULL && PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) == 1);
    const long len = BIO_get_mem_data(out, &bytes);
    const enum err err = chip_write(making->folder, name, bytes, (size_t)len, making->fault);
    BIO_free(out);
    return err;
}

static enum err write_card(struct making *making)
{
    struct json *words = json_new_object();
    json_set_text(words, "kind", json_get_text(making->card, "kind"));
    json_set_text(words, "can", making->has_pace ? json_get_text(making->card, "can") : NULL);
    json_set_text(words, "zone_key", making->zone.key);
    json_set_text(words, "number", making->zone.number);
    json_set_text(words, "birth", making->zone.birth);
    json_set_text(words, "expiry", making->zone.expiry);
    json_set_bool(words, "pace", making->has_pace);
    json_set_bool(words, "bac", making->has_bac);
    json_set_bool(words, "mapping", making->has_mapping);
    json_set_text(words, "curve", making->curve->name);
    json_set_int(words, "cipher", (int64_t)making->cipher);
    char *text = json_write_new(words);
    json_free(words);
    enum err err = chip_write(making->folder, "card.json", text, strlen(text), making->fault);
    free(text);
    const struct {
        const char *name;
        const struct chip_der *der;
    } files[] = {{"dg1", &making->dg1},
                 {"dg2", &making->dg2},
                 {"dg14", &making->dg14},
                 {"dg15", &making->dg15}};
    for (size_t i = 0; err == OK && i < sizeof files / sizeof files[0]; i++) {
        err = files[i].der->len == 0 ? OK : write_der(making, files[i].name, files[i].der);
    }
    return err;
}

static enum err write_der(struct making *making, const char *name, const struct chip_der *der)
{
    return chip_write(making->folder, name, der->bytes, der->len, making->fault);
}
