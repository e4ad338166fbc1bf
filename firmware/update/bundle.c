// SPDX-License-Identifier: EUPL-1.2
//
// Bundles read, held against this machine, and made. Nothing of a manifest is looked at before its
// signature holds: the parser of its lines is never the first to meet a stranger's bytes.
#include "update/bundle.h"

#include "base/bytes.h"
#include "base/config.h"
#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MAGIC_BYTES = 8,
    LENGTH_BYTES = 4,
    PIECE_BYTES = 64 * 1024,
    NUMBERS_COUNT = 3,
    NUMBER_MAX = 999999,
    KEYS_FILE_BYTES_MAX = 16 * 1024,
};

static const char magic[MAGIC_BYTES] = {'I', 'N', 'L', 'B', 'N', 'D', 'L', '1'};
static const char pem_begin[] = "-----BEGIN PUBLIC KEY-----";
static const char pem_end[] = "-----END PUBLIC KEY-----";

static bool read_numbers(const char *text, int64_t numbers[NUMBERS_COUNT]);
static bool is_signed(const uint8_t *head, const uint8_t *manifest, size_t manifest_len,
                      const struct bundle_keys *keys);
static void signed_bytes(const uint8_t *head, const uint8_t *manifest, size_t manifest_len,
                         uint8_t *out);
static enum err read_manifest(struct bundle *bundle, const struct config *config,
                              struct fault *fault);
static bool copy_word(const struct config *config, const char *key, char *out, size_t out_bytes);
static enum err read_payload(struct bundle *bundle, const struct config *config, size_t index,
                             struct fault *fault);
static const char *payload_key(size_t index, const char *what, char key[CONFIG_KEY_BYTES]);
static enum err check_payload(const struct bundle_payload *payload, int fd, uint8_t *piece,
                              struct fault *fault);
static enum err check_end(const struct bundle *bundle, int fd, struct fault *fault);
static enum err measure(struct bundle_payload *payload, const char *path, struct fault *fault);
static bool is_whole(const struct bundle *bundle);
static size_t write_manifest(const struct bundle *bundle, char *out, size_t out_bytes);
static enum err write_bundle(const struct bundle *bundle, const char *const *paths,
                             const struct crypto_key *key, FILE *file, struct fault *fault);
static enum err copy_file(const struct bundle_payload *payload, const char *path, FILE *file,
                          struct fault *fault);

enum err bundle_keys_read(struct bundle_keys *keys, const char *path, struct fault *fault)
{
    *keys = (struct bundle_keys){0};
    char *bytes = NULL;
    size_t len = 0;
    enum err err = file_read(path, KEYS_FILE_BYTES_MAX, &bytes, &len);
    if (err != OK) {
        return fault_set(fault, err, "%s: %s", path, strerror(errno));
    }
    if (len > KEYS_FILE_BYTES_MAX) {
        err = fault_set(fault, ERR_MALFORMED, "%s: too long", path);
    }
    const char *at = bytes;
    const char *limit = bytes + len;
    while (err == OK && (at = memmem(at, (size_t)(limit - at), pem_begin, strlen(pem_begin)))) {
        const char *end = memmem(at, (size_t)(limit - at), pem_end, strlen(pem_end));
        size_t key_len = end == NULL ? 0 : (size_t)(end - at) + strlen(pem_end);
        if (keys->keys_count == BUNDLE_KEYS_MAX) {
            err = fault_set(fault, ERR_FULL, "%s: more than %d keys", path, BUNDLE_KEYS_MAX);
        } else if (crypto_public_read(at, key_len, keys->keys[keys->keys_count].x,
                                      keys->keys[keys->keys_count].y) != OK) {
            err = fault_set(fault, ERR_MALFORMED, "%s: not a P-256 key", path);
        } else {
            keys->keys_count += 1;
            at += key_len;
        }
    }
    free(bytes);
    return err == OK && keys->keys_count == 0
               ? fault_set(fault, ERR_MALFORMED, "%s: no public key", path)
               : err;
}

int bundle_version_compare(const char *a, const char *b)
{
    int64_t left[NUMBERS_COUNT];
    int64_t right[NUMBERS_COUNT];
    CHECK(read_numbers(a, left));
    CHECK(read_numbers(b, right));
    for (size_t i = 0; i < NUMBERS_COUNT; i++) {
        if (left[i] != right[i]) {
            return left[i] < right[i] ? -1 : 1;
        }
    }
    return 0;
}

bool bundle_version_is(const char *text)
{
    int64_t numbers[NUMBERS_COUNT];
    return strlen(text) < BUNDLE_VERSION_BYTES && read_numbers(text, numbers);
}

bool bundle_word_is(const char *text)
{
    return text[0] != '\0' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(text);
}

const struct bundle_payload *bundle_payload_find(const struct bundle *bundle, const char *name)
{
    for (size_t i = 0; i < bundle->payloads_count; i++) {
        if (text_equal(bundle->payloads[i].name, name)) {
            return &bundle->payloads[i];
        }
    }
    return NULL;
}

enum err bundle_parse(struct bundle *bundle, const uint8_t *bytes, size_t len,
                      const struct bundle_keys *keys, struct fault *fault)
{
    *bundle = (struct bundle){0};
    if (len < BUNDLE_HEAD_BYTES) {
        return fault_set(fault, ERR_NOT_FOUND, "shorter than a bundle's head");
    }
    if (memcmp(bytes, magic, MAGIC_BYTES) != 0) {
        return fault_set(fault, ERR_MALFORMED, "not a bundle");
    }
    struct bytes_in in;
    bytes_in_init(&in, bytes + MAGIC_BYTES, LENGTH_BYTES);
    size_t manifest_len = (size_t)bytes_in_u16be(&in) << 16;
    manifest_len |= bytes_in_u16be(&in);
    if (manifest_len == 0 || manifest_len > BUNDLE_MANIFEST_BYTES_MAX) {
        return fault_set(fault, ERR_MALFORMED, "a manifest of %zu bytes", manifest_len);
    }
    if (len < BUNDLE_HEAD_BYTES + manifest_len) {
        return fault_set(fault, ERR_NOT_FOUND, "shorter than its manifest");
    }
    const uint8_t *manifest = bytes + BUNDLE_HEAD_BYTES;
    if (!is_signed(bytes, manifest, manifest_len, keys)) {
        return fault_set(fault, ERR_CRYPTO, "not signed by a key we believe");
    }
    return bundle_manifest_read(bundle, (const char *)manifest, manifest_len, fault);
}

enum err bundle_manifest_read(struct bundle *bundle, const char *words, size_t len,
                              struct fault *fault)
{
    *bundle = (struct bundle){.bytes_count = BUNDLE_HEAD_BYTES + len};
    struct config *config = calloc(1, sizeof *config);
    CHECK(config != NULL);
    enum err err = config_parse(config, words, len, fault);
    if (err == OK) {
        err = read_manifest(bundle, config, fault);
    }
    free(config);
    if (err != OK) {
        *bundle = (struct bundle){0};
        (void)fault_prefix(fault, "manifest"); // the code travels in err
        return ERR_MALFORMED;
    }
    return OK;
}

enum err bundle_fits(const struct bundle *bundle, const struct bundle_here *here,
                     struct fault *fault)
{
    CHECK(bundle_version_is(here->version));
    if (!text_equal(bundle->board, here->board)) {
        return fault_set(fault, ERR_REFUSED, "made for board %s, this is %s", bundle->board,
                         here->board);
    }
    const char *town = here->town == NULL ? "" : here->town;
    if (!text_equal(bundle->town, "*") && !text_equal(bundle->town, town)) {
        return fault_set(fault, ERR_REFUSED, "made for town %s, this is %s", bundle->town,
                         town[0] == '\0' ? "not set" : town);
    }
    int order = bundle_version_compare(bundle->version, here->version);
    if (order <= 0) {
        return fault_set(fault, ERR_REFUSED, "version %s is %s %s, which runs here",
                         bundle->version, order == 0 ? "the same as" : "older than", here->version);
    }
    if (bundle_version_compare(here->version, bundle->minimum) < 0) {
        return fault_set(fault, ERR_REFUSED, "needs version %s first, this is %s", bundle->minimum,
                         here->version);
    }
    return OK;
}

enum err bundle_check_file(struct bundle *bundle, const char *path, const struct bundle_keys *keys,
                           struct fault *fault)
{
    *bundle = (struct bundle){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fault_set(fault, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", path,
                         strerror(errno));
    }
    uint8_t *piece = malloc(PIECE_BYTES);
    CHECK(piece != NULL);
    ssize_t got = file_take(fd, piece, BUNDLE_HEAD_BYTES + BUNDLE_MANIFEST_BYTES_MAX);
    enum err err = got < 0 ? fault_set(fault, ERR_IO, "%s", strerror(errno))
                           : bundle_parse(bundle, piece, (size_t)got, keys, fault);
    if (err == ERR_NOT_FOUND) {
        err = ERR_MALFORMED; // there are no more bytes to come
    }
    if (err == OK && bundle->payloads_count > 0 &&
        lseek(fd, (off_t)bundle->payloads[0].offset, SEEK_SET) < 0) {
        err = fault_set(fault, ERR_IO, "%s", strerror(errno));
    }
    for (size_t i = 0; err == OK && i < bundle->payloads_count; i++) {
        err = check_payload(&bundle->payloads[i], fd, piece, fault);
    }
    err = err == OK ? check_end(bundle, fd, fault) : err;
    (void)close(fd); // only read from
    free(piece);
    if (err != OK) {
        *bundle = (struct bundle){0};
        (void)fault_prefix(fault, "bundle"); // the code travels in err
    }
    return err;
}

enum err bundle_make(const struct bundle *made, const char *const *paths,
                     const struct crypto_key *key, const char *out, struct fault *fault)
{
    struct bundle bundle = *made;
    enum err err = OK;
    for (size_t i = 0; err == OK && i < bundle.payloads_count; i++) {
        err = measure(&bundle.payloads[i], paths[i], fault);
    }
    if (err != OK) {
        return err;
    }
    if (!is_whole(&bundle)) {
        return fault_set(fault, ERR_MALFORMED, "version, board, town, date or a name is not one");
    }
    char part[512];
    struct text text;
    text_init(&text, part, sizeof part);
    text_format(&text, "%s.part", out);
    FILE *file = text.is_cut ? NULL : fopen(part, "wb");
    if (file == NULL) {
        return fault_set(fault, ERR_IO, "%s: %s", out, strerror(errno));
    }
    err = write_bundle(&bundle, paths, key, file, fault);
    if (fclose(file) != 0 && err == OK) {
        err = fault_set(fault, ERR_IO, "%s: %s", out, strerror(errno));
    }
    if (err == OK && rename(part, out) != 0) {
        err = fault_set(fault, ERR_IO, "%s: %s", out, strerror(errno));
    }
    if (err != OK) {
        (void)unlink(part); // of no use to anyone
    }
    return err;
}

static bool read_numbers(const char *text, int64_t numbers[NUMBERS_COUNT])
{
    size_t count = 0;
    memset(numbers, 0, NUMBERS_COUNT * sizeof numbers[0]);
    for (;;) {
        char digits[8] = {0};
        size_t len = strspn(text, "0123456789");
        if (len == 0 || len >= sizeof digits || count == NUMBERS_COUNT ||
            (len > 1 && text[0] == '0')) {
            return false;
        }
        memcpy(digits, text, len);
        if (text_to_int64(digits, 0, NUMBER_MAX, &numbers[count]) != OK) {
            return false;
        }
        count += 1;
        if (text[len] == '\0') {
            return true;
        }
        if (text[len] != '.') {
            return false;
        }
        text += len + 1;
    }
}

static bool is_signed(const uint8_t *head, const uint8_t *manifest, size_t manifest_len,
                      const struct bundle_keys *keys)
{
    uint8_t covered[MAGIC_BYTES + LENGTH_BYTES + BUNDLE_MANIFEST_BYTES_MAX];
    size_t covered_len = MAGIC_BYTES + LENGTH_BYTES + manifest_len;
    signed_bytes(head, manifest, manifest_len, covered);
    for (size_t i = 0; i < keys->keys_count; i++) {
        if (crypto_verify(keys->keys[i].x, keys->keys[i].y, covered, covered_len,
                          head + MAGIC_BYTES + LENGTH_BYTES) == OK) {
            return true;
        }
    }
    return false;
}

// What a signature is over: all of head and manifest but itself.
static void signed_bytes(const uint8_t *head, const uint8_t *manifest, size_t manifest_len,
                         uint8_t *out)
{
    memcpy(out, head, MAGIC_BYTES + LENGTH_BYTES);
    memcpy(out + MAGIC_BYTES + LENGTH_BYTES, manifest, manifest_len);
}

static enum err read_manifest(struct bundle *bundle, const struct config *config,
                              struct fault *fault)
{
    int64_t count = 0;
    if (!copy_word(config, "version", bundle->version, sizeof bundle->version) ||
        !copy_word(config, "minimum", bundle->minimum, sizeof bundle->minimum) ||
        !copy_word(config, "board", bundle->board, sizeof bundle->board) ||
        !copy_word(config, "town", bundle->town, sizeof bundle->town) ||
        !copy_word(config, "made", bundle->made, sizeof bundle->made) ||
        config_get_int(config, "payloads", 1, BUNDLE_PAYLOADS_MAX, &count) != OK) {
        return fault_set(fault, ERR_MALFORMED, "a line is missing or too long");
    }
    for (size_t i = 0; i < (size_t)count; i++) {
        enum err err = read_payload(bundle, config, i, fault);
        if (err != OK) {
            return err;
        }
    }
    return is_whole(bundle)
               ? OK
               : fault_set(fault, ERR_MALFORMED, "version, board, town, date or a name is not one");
}

static bool copy_word(const struct config *config, const char *key, char *out, size_t out_bytes)
{
    const char *value = config_get(config, key, NULL);
    return value != NULL && text_copy(out, out_bytes, value) == OK;
}

static enum err read_payload(struct bundle *bundle, const struct config *config, size_t index,
                             struct fault *fault)
{
    struct bundle_payload *payload = &bundle->payloads[index];
    char key[CONFIG_KEY_BYTES];
    int64_t bytes_count = 0;
    const char *hash = config_get(config, payload_key(index, "sha256", key), "");
    size_t hash_len = 0;
    if (!copy_word(config, payload_key(index, "name", key), payload->name, sizeof payload->name) ||
        config_get_int(config, payload_key(index, "bytes", key), 1, BUNDLE_PAYLOAD_BYTES_MAX,
                       &bytes_count) != OK ||
        hex_decode(hash, strlen(hash), payload->sha256, sizeof payload->sha256, &hash_len) != OK ||
        hash_len != sizeof payload->sha256) {
        return fault_set(fault, ERR_MALFORMED, "payload %zu: name, bytes or sha256", index + 1);
    }
    payload->bytes_count = (uint64_t)bytes_count;
    payload->offset = bundle->bytes_count;
    bundle->bytes_count += payload->bytes_count;
    bundle->payloads_count += 1;
    return OK;
}

static const char *payload_key(size_t index, const char *what, char key[CONFIG_KEY_BYTES])
{
    (void)snprintf(key, CONFIG_KEY_BYTES, "payload.%zu.%s", index + 1, what); // short words
    return key;
}

static enum err check_payload(const struct bundle_payload *payload, int fd, uint8_t *piece,
                              struct fault *fault)
{
    struct crypto_digest *digest = crypto_digest_new();
    uint64_t left = payload->bytes_count;
    enum err err = OK;
    while (err == OK && left > 0) {
        ssize_t got = file_take(fd, piece, left < PIECE_BYTES ? (size_t)left : PIECE_BYTES);
        if (got < 0) {
            err = fault_set(fault, ERR_IO, "%s", strerror(errno));
        } else if (got == 0) {
            err = fault_set(fault, ERR_MALFORMED, "payload %s: cut short", payload->name);
        } else {
            crypto_digest_add(digest, piece, (size_t)got);
            left -= (uint64_t)got;
        }
    }
    uint8_t hash[CRYPTO_HASH_BYTES];
    crypto_digest_end(digest, hash);
    crypto_digest_free(digest);
    if (err == OK && memcmp(hash, payload->sha256, sizeof hash) != 0) {
        err =
            fault_set(fault, ERR_CRYPTO, "payload %s: not the one that was signed", payload->name);
    }
    return err;
}

static enum err check_end(const struct bundle *bundle, int fd, struct fault *fault)
{
    struct stat facts;
    if (fstat(fd, &facts) != 0) {
        return fault_set(fault, ERR_IO, "%s", strerror(errno));
    }
    return (uint64_t)facts.st_size == bundle->bytes_count
               ? OK
               : fault_set(fault, ERR_MALFORMED, "bytes behind the last payload");
}

static enum err measure(struct bundle_payload *payload, const char *path, struct fault *fault)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return fault_set(fault, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    }
    uint8_t *piece = malloc(PIECE_BYTES);
    CHECK(piece != NULL);
    struct crypto_digest *digest = crypto_digest_new();
    size_t got = 0;
    payload->bytes_count = 0;
    while ((got = fread(piece, 1, PIECE_BYTES, file)) > 0) {
        crypto_digest_add(digest, piece, got);
        payload->bytes_count += got;
    }
    bool is_read = ferror(file) == 0;
    (void)fclose(file); // only read from
    crypto_digest_end(digest, payload->sha256);
    crypto_digest_free(digest);
    free(piece);
    if (!is_read) {
        return fault_set(fault, ERR_IO, "%s: cannot be read", path);
    }
    bool fits = payload->bytes_count > 0 && payload->bytes_count <= BUNDLE_PAYLOAD_BYTES_MAX;
    return fits ? OK : fault_set(fault, ERR_TOO_BIG, "%s: empty, or too big a payload", path);
}

// What maker and reader alike hold a bundle to.
static bool is_whole(const struct bundle *bundle)
{
    struct date date;
    bool is_whole_so_far = bundle_version_is(bundle->version) &&
                           bundle_version_is(bundle->minimum) && bundle_word_is(bundle->board) &&
                           (text_equal(bundle->town, "*") || bundle_word_is(bundle->town)) &&
                           date_from_text(bundle->made, &date) == OK &&
                           bundle->payloads_count > 0 &&
                           bundle->payloads_count <= BUNDLE_PAYLOADS_MAX;
    for (size_t i = 0; is_whole_so_far && i < bundle->payloads_count; i++) {
        const struct bundle_payload *payload = &bundle->payloads[i];
        is_whole_so_far = bundle_word_is(payload->name) &&
                          bundle_payload_find(bundle, payload->name) == payload; // no name twice
    }
    return is_whole_so_far;
}

static size_t write_manifest(const struct bundle *bundle, char *out, size_t out_bytes)
{
    struct text text;
    text_init(&text, out, out_bytes);
    text_format(&text, "version = %s\nminimum = %s\nboard = %s\ntown = %s\nmade = %s\n",
                bundle->version, bundle->minimum, bundle->board, bundle->town, bundle->made);
    text_format(&text, "payloads = %zu\n", bundle->payloads_count);
    for (size_t i = 0; i < bundle->payloads_count; i++) {
        const struct bundle_payload *payload = &bundle->payloads[i];
        char hash[CRYPTO_HASH_BYTES * 2 + 1];
        CHECK(hex_encode(payload->sha256, sizeof payload->sha256, hash, sizeof hash) == OK);
        text_format(&text, "payload.%zu.name = %s\n", i + 1, payload->name);
        text_format(&text, "payload.%zu.bytes = %llu\n", i + 1,
                    (unsigned long long)payload->bytes_count);
        text_format(&text, "payload.%zu.sha256 = %s\n", i + 1, hash);
    }
    CHECK(!text.is_cut);
    return text.len;
}

static enum err write_bundle(const struct bundle *bundle, const char *const *paths,
                             const struct crypto_key *key, FILE *file, struct fault *fault)
{
    char manifest[BUNDLE_MANIFEST_BYTES_MAX];
    size_t len = write_manifest(bundle, manifest, sizeof manifest);
    uint8_t head[BUNDLE_HEAD_BYTES] = {0};
    memcpy(head, magic, MAGIC_BYTES);
    head[MAGIC_BYTES + 2] = (uint8_t)(len >> 8); // at most 8 KiB
    head[MAGIC_BYTES + 3] = (uint8_t)len;
    uint8_t covered[MAGIC_BYTES + LENGTH_BYTES + BUNDLE_MANIFEST_BYTES_MAX];
    signed_bytes(head, (const uint8_t *)manifest, len, covered);
    enum err err = crypto_sign(key, covered, MAGIC_BYTES + LENGTH_BYTES + len,
                               head + MAGIC_BYTES + LENGTH_BYTES);
    if (err != OK) {
        return fault_set(fault, err, "cannot sign");
    }
    if (fwrite(head, 1, sizeof head, file) != sizeof head ||
        fwrite(manifest, 1, len, file) != len) {
        return fault_set(fault, ERR_IO, "cannot be written: %s", strerror(errno));
    }
    for (size_t i = 0; err == OK && i < bundle->payloads_count; i++) {
        err = copy_file(&bundle->payloads[i], paths[i], file, fault);
    }
    return err;
}

static enum err copy_file(const struct bundle_payload *payload, const char *path, FILE *file,
                          struct fault *fault)
{
    FILE *from = fopen(path, "rb");
    if (from == NULL) {
        return fault_set(fault, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    }
    uint8_t *piece = malloc(PIECE_BYTES);
    CHECK(piece != NULL);
    uint64_t copied = 0;
    size_t got = 0;
    bool is_written = true;
    while (is_written && (got = fread(piece, 1, PIECE_BYTES, from)) > 0) {
        is_written = fwrite(piece, 1, got, file) == got;
        copied += got;
    }
    (void)fclose(from); // only read from
    free(piece);
    if (!is_written) {
        return fault_set(fault, ERR_IO, "cannot be written: %s", strerror(errno));
    }
    return copied == payload->bytes_count
               ? OK
               : fault_set(fault, ERR_IO, "%s: changed while it was read", path);
}
