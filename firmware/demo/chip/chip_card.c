// SPDX-License-Identifier: EUPL-1.2
//
// Reads a card from its folder.
#include "demo/chip/chip_card.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_BYTES_MAX = 4096, HEAD_BYTES = 5 };

struct place {
    unsigned id;
    const char *name;
    bool must_be;
};

static enum err read_words(struct chip_card *card, const char *folder, struct fault *fault);
static enum err read_uid(struct chip_card *card, const char *words);
static enum err read_document(struct chip_card *card, const struct json *words);
static enum err read_file(struct chip_card *card, const char *folder, const struct place *place,
                          struct fault *fault);
static EVP_PKEY *read_key(const char *folder, const char *name);
static void copy_key(EVP_PKEY **key, const struct chip_card *card);
static void tamper(struct chip_card *card, enum chip_lie lie);

enum err chip_card_open(struct chip_card *card, const char *folder, const char *id,
                        enum chip_lie lie, struct fault *fault)
{
    *card = (struct chip_card){0};
    char path[CHIP_PATH_BYTES];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/%s", folder, id);
    enum err err = text.is_cut ? fault_set(fault, ERR_TOO_BIG, "the folder's name is too long")
                               : read_words(card, path, fault);
    if (err != OK || card->is_pass) {
        return err;
    }
    const bool is_silent = lie == CHIP_SILENT;
    const struct place places[] = {
        {CHIP_EF_CARD_ACCESS, "card-access", card->has_pace},
        {CHIP_EF_CARD_SECURITY, "card-security", card->has_mapping},
        {CHIP_EF_ATR_INFO, "atr-info", false},
        {CHIP_EF_COM, is_silent ? "com.silent" : "com", true},
        {CHIP_EF_SOD,
         is_silent                    ? "sod.silent"
         : lie == CHIP_UNKNOWN_SIGNER ? "sod.unknown"
         : lie == CHIP_EXPIRED_SIGNER ? "sod.expired"
                                      : "sod",
         true},
        {CHIP_EF_DG1, "dg1", true},
        {CHIP_EF_DG2, "dg2", true},
        {CHIP_EF_DG14, "dg14", false},
        {CHIP_EF_DG15, "dg15", false},
    };
    for (size_t i = 0; err == OK && i < sizeof places / sizeof places[0]; i++) {
        bool proves = places[i].id == CHIP_EF_DG14 || places[i].id == CHIP_EF_DG15;
        err = is_silent && proves ? OK : read_file(card, path, &places[i], fault);
    }
    card->chip_key = read_key(path, "chip.key");
    card->active_key = read_key(path, "active.key");
    if (lie == CHIP_CLONED) {
        copy_key(&card->chip_key, card);
        copy_key(&card->active_key, card);
    }
    tamper(card, lie);
    return err;
}

void chip_card_close(struct chip_card *card)
{
    for (size_t i = 0; i < card->files_count; i++) {
        wipe(card->files[i].bytes, card->files[i].len);
        free(card->files[i].bytes);
    }
    EVP_PKEY_free(card->chip_key);
    EVP_PKEY_free(card->active_key);
    wipe(card, sizeof *card);
}

const struct chip_file *chip_card_file(const struct chip_card *card, unsigned id)
{
    for (size_t i = 0; i < card->files_count; i++) {
        if (card->files[i].id == id) {
            return &card->files[i];
        }
    }
    return NULL;
}

static enum err read_whole(const char *folder, const char *name, size_t most, char **bytes,
                           size_t *len)
{
    char path[CHIP_PATH_BYTES + 32];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/%s", folder, name);
    return file_read(path, most, bytes, len);
}

static enum err read_words(struct chip_card *card, const char *folder, struct fault *fault)
{
    char *bytes = NULL;
    size_t len = 0;
    struct json *words = NULL;
    enum err err = read_whole(folder, "card.json", WORDS_BYTES_MAX, &bytes, &len);
    if (err == OK) {
        err = json_parse(bytes, len, &words);
        free(bytes);
    }
    if (err != OK) {
        return fault_set(fault, err, "%s: no such card; --make makes them", folder);
    }
    const char *uid = json_get_text(words, "number"); // of a pass
    const char *kind = json_get_text(words, "kind");
    card->is_pass = kind != NULL && text_equal(kind, "pass");
    if (card->is_pass) {
        err = read_uid(card, uid);
    } else {
        err = read_document(card, words);
    }
    json_free(words);
    return err == OK ? OK : fault_set(fault, err, "%s/card.json: broken", folder);
}

// As it is printed: in capitals.
static enum err read_uid(struct chip_card *card, const char *words)
{
    char small[2 * CHIP_UID_BYTES + 1];
    if (words == NULL || text_copy(small, sizeof small, words) != OK) {
        return ERR_MALFORMED;
    }
    for (char *letter = small; *letter != '\0'; letter++) {
        *letter = *letter >= 'A' && *letter <= 'F' ? (char)(*letter - 'A' + 'a') : *letter;
    }
    return hex_decode(small, strlen(small), card->uid, sizeof card->uid, &card->uid_len);
}

static enum err read_document(struct chip_card *card, const struct json *words)
{
    int64_t cipher = 0;
    const char *can = json_get_text(words, "can");
    const char *key = json_get_text(words, "zone_key");
    const char *curve = json_get_text(words, "curve");
    card->curve = curve == NULL ? NULL : chip_curve_find(curve);
    if (card->curve == NULL || key == NULL ||
        text_copy(card->zone_key, sizeof card->zone_key, key) != OK ||
        text_copy(card->can, sizeof card->can, can == NULL ? "" : can) != OK ||
        json_get_bool(words, "pace", &card->has_pace) != OK ||
        json_get_bool(words, "bac", &card->has_bac) != OK ||
        json_get_bool(words, "mapping", &card->has_mapping) != OK ||
        json_get_int(words, "cipher", &cipher) != OK || cipher < 0 ||
        cipher >= CHIP_CIPHERS_COUNT) {
        return ERR_MALFORMED;
    }
    card->cipher = (enum chip_cipher)cipher;
    return OK;
}

static enum err read_file(struct chip_card *card, const char *folder, const struct place *place,
                          struct fault *fault)
{
    char *bytes = NULL;
    size_t len = 0;
    const enum err err = read_whole(folder, place->name, CHIP_DER_BYTES, &bytes, &len);
    if (err != OK) {
        return place->must_be ? fault_set(fault, err, "%s/%s: not there", folder, place->name) : OK;
    }
    card->files[card->files_count++] =
        (struct chip_file){.id = place->id, .bytes = (uint8_t *)bytes, .len = len};
    return OK;
}

static EVP_PKEY *read_key(const char *folder, const char *name)
{
    char *bytes = NULL;
    size_t len = 0;
    if (read_whole(folder, name, CHIP_DER_BYTES, &bytes, &len) != OK) {
        return NULL;
    }
    BIO *in = BIO_new_mem_buf(bytes, (int)len);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
    BIO_free(in);
    wipe(bytes, len);
    free(bytes);
    return key;
}

// Another key of the same kind: whoever copies a document's files has to make one of his own.
static void copy_key(EVP_PKEY **key, const struct chip_card *card)
{
    if (*key != NULL) {
        const bool is_rsa = EVP_PKEY_is_a(*key, "RSA") != 0;
        CHECK(is_rsa || card->curve != NULL);
        EVP_PKEY *other = is_rsa ? chip_rsa_key((unsigned)EVP_PKEY_get_bits(*key))
                                 : chip_curve_key(card->curve->group_name, false);
        EVP_PKEY_free(*key);
        *key = other;
    }
}

static void tamper(struct chip_card *card, enum chip_lie lie)
{
    if (lie != CHIP_TAMPERED_DG1 && lie != CHIP_TAMPERED_SOD) {
        return;
    }
    struct chip_file *file = NULL;
    const unsigned id = lie == CHIP_TAMPERED_DG1 ? CHIP_EF_DG1 : CHIP_EF_SOD;
    for (size_t i = 0; i < card->files_count; i++) {
        file = card->files[i].id == id ? &card->files[i] : file;
    }
    if (file == NULL) {
        return;
    }
    if (id == CHIP_EF_DG1) {
        // A letter of the name, which no check digit guards: the third line of three begins with
        // it, or it begins at the sixth place of the first of two.
        uint8_t *letter = file->bytes + HEAD_BYTES + (file->len == HEAD_BYTES + 90 ? 60 : 5);
        *letter = *letter == 'Q' ? 'X' : 'Q';
    } else {
        file->bytes[file->len - 1] ^= 1;
    }
}
