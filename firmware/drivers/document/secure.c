// SPDX-License-Identifier: EUPL-1.2
//
// Seals commands and opens answers. What is authenticated begins with the counter, so that neither
// an old answer nor one out of order is ever taken.
#include "drivers/document/secure.h"

#include "base/bytes.h"
#include "drivers/document/ber.h"

#include <string.h>

enum {
    TAG_SEALED = 0x87,
    TAG_LENGTH = 0x97,
    TAG_STATUS = 0x99,
    TAG_CODE = 0x8e,
    CLASS_SECURE = 0x0c,
    PADDED_NOT_SECRET = 0x01, // says: padding by method 2 (ISO/IEC 7816-4 section 6.3)
};

// The three elements of an answer, in this order; the first may be absent.
struct elements {
    struct ber sealed;
    struct ber status;
    struct ber code;
    size_t authenticated_len; // of the answer, from its start
};

static void count(struct secure_private *secure);
static size_t pad(uint8_t *data, size_t len, size_t block);
static void first_block(const struct secure_private *secure, uint8_t iv[CIPHER_BLOCK_BYTES_MAX]);
static void put_sealed(const struct secure_private *secure, const struct apdu *plain,
                       struct apdu *sealed);
static void put_length(const struct apdu *plain, struct apdu *sealed);
static void put_code(struct secure_private *secure, struct apdu *sealed);
static enum err open_answer(struct secure_private *secure, const uint8_t *answer, size_t len,
                            struct elements *elements, struct fault *fault);
static bool read_elements(const uint8_t *answer, size_t len, struct elements *elements);
static bool is_authentic(struct secure_private *secure, const uint8_t *answer,
                         const struct elements *elements);
static enum err unseal(struct secure_private *secure, const struct ber *sealed, uint8_t *plain,
                       size_t plain_bytes, size_t *plain_len, struct fault *fault);

void secure_open(struct secure_private *secure, const struct cipher_key_private *encrypt,
                 const struct cipher_key_private *authenticate, const uint8_t *counter)
{
    CHECK(encrypt->cipher == authenticate->cipher);

    wipe(secure, sizeof *secure);
    secure->encrypt = *encrypt;
    secure->authenticate = *authenticate;
    if (counter != NULL) {
        memcpy(secure->counter, counter, cipher_block_bytes(encrypt->cipher));
    }
    secure->is_open = true;
}

void secure_open_secret(struct secure_private *secure, enum cipher cipher, const uint8_t *secret,
                        size_t len)
{
    struct cipher_key_private encrypt;
    struct cipher_key_private authenticate;
    cipher_derive(cipher, CIPHER_ENCRYPT, secret, len, &encrypt);
    cipher_derive(cipher, CIPHER_AUTHENTICATE, secret, len, &authenticate);
    secure_open(secure, &encrypt, &authenticate, NULL);
    wipe(&encrypt, sizeof encrypt);
    wipe(&authenticate, sizeof authenticate);
}

void secure_close(struct secure_private *secure)
{
    wipe(secure, sizeof *secure);
}

size_t secure_room(enum cipher cipher, size_t answer_bytes)
{
    const size_t block = cipher_block_bytes(cipher);
    const size_t status_and_code = 4 + 10;
    const size_t head = 1 + (answer_bytes <= APDU_SHORT_ANSWER ? 2 : 3) + 1;
    CHECK(answer_bytes >= status_and_code + head + block);

    return (answer_bytes - status_and_code - head) / block * block - 1;
}

size_t secure_command(struct secure_private *secure, const struct apdu *plain,
                      uint8_t out[APDU_BYTES_MAX])
{
    CHECK(secure->is_open);

    count(secure);
    struct apdu sealed = {
        .cla = plain->cla | CLASS_SECURE, .ins = plain->ins, .p1 = plain->p1, .p2 = plain->p2};
    if (plain->len > 0) {
        put_sealed(secure, plain, &sealed);
    }
    if (plain->answer_bytes > 0) {
        put_length(plain, &sealed);
    }
    put_code(secure, &sealed);
    const bool is_extended = sealed.len > 0xff || plain->answer_bytes > APDU_SHORT_ANSWER;
    sealed.answer_bytes = is_extended ? 0x10000 : APDU_SHORT_ANSWER;
    const size_t len = apdu_write(&sealed, out);
    wipe(&sealed, sizeof sealed);
    return len;
}

enum err secure_answer(struct secure_private *secure, const uint8_t *answer, size_t len,
                       uint8_t *plain, size_t plain_bytes, size_t *plain_len, uint16_t *status,
                       struct fault *fault)
{
    CHECK(secure->is_open);

    struct elements elements;
    *plain_len = 0;
    *status = 0;
    count(secure);
    enum err err = open_answer(secure, answer, len, &elements, fault);
    if (err == OK && elements.sealed.tag != 0) {
        err = unseal(secure, &elements.sealed, plain, plain_bytes, plain_len, fault);
    }
    if (err != OK) {
        secure_close(secure);
        return err;
    }
    *status = (uint16_t)(elements.status.value[0] << 8 | elements.status.value[1]);
    return OK;
}

static void count(struct secure_private *secure)
{
    for (size_t i = cipher_block_bytes(secure->encrypt.cipher); i > 0; i--) {
        secure->counter[i - 1]++;
        if (secure->counter[i - 1] != 0) {
            return;
        }
    }
}

// Method 2; `data` has room for another block.
static size_t pad(uint8_t *data, size_t len, size_t block)
{
    data[len++] = 0x80;
    while (len % block != 0) {
        data[len++] = 0;
    }
    return len;
}

// Zeros for 3DES, the sealed counter for AES.
static void first_block(const struct secure_private *secure, uint8_t iv[CIPHER_BLOCK_BYTES_MAX])
{
    memset(iv, 0, CIPHER_BLOCK_BYTES_MAX);
    if (secure->encrypt.cipher != CIPHER_3DES) {
        cipher_block(&secure->encrypt, secure->counter, iv);
    }
}

static void put_sealed(const struct secure_private *secure, const struct apdu *plain,
                       struct apdu *sealed)
{
    uint8_t data[1 + APDU_DATA_BYTES + CIPHER_BLOCK_BYTES_MAX];
    uint8_t iv[CIPHER_BLOCK_BYTES_MAX];
    data[0] = PADDED_NOT_SECRET;
    memcpy(data + 1, plain->data, plain->len);
    const size_t len = pad(data + 1, plain->len, cipher_block_bytes(secure->encrypt.cipher));
    first_block(secure, iv);
    cipher_encrypt(&secure->encrypt, iv, data + 1, len, data + 1);
    apdu_put(sealed, TAG_SEALED, data, 1 + len);
    wipe(data, sizeof data);
}

static void put_length(const struct apdu *plain, struct apdu *sealed)
{
    const uint8_t length[2] = {(uint8_t)(plain->answer_bytes >> 8), (uint8_t)plain->answer_bytes};
    const bool is_extended = plain->answer_bytes > APDU_SHORT_ANSWER;
    apdu_put(sealed, TAG_LENGTH, length + !is_extended, 1 + (size_t)is_extended);
}

static void put_code(struct secure_private *secure, struct apdu *sealed)
{
    const size_t block = cipher_block_bytes(secure->encrypt.cipher);
    uint8_t *work = secure->work;
    const uint8_t header[4] = {sealed->cla, sealed->ins, sealed->p1, sealed->p2};
    uint8_t code[CIPHER_MAC_BYTES];
    memcpy(work, secure->counter, block);
    memcpy(work + block, header, sizeof header);
    size_t len = block + pad(work + block, sizeof header, block);
    if (sealed->len > 0) {
        memcpy(work + len, sealed->data, sealed->len);
        len += pad(work + len, sealed->len, block);
    }
    cipher_mac(&secure->authenticate, work, len, true, code);
    apdu_put(sealed, TAG_CODE, code, sizeof code);
    wipe(work, len);
}

static enum err open_answer(struct secure_private *secure, const uint8_t *answer, size_t len,
                            struct elements *elements, struct fault *fault)
{
    if (len < 2) {
        return fault_set(fault, ERR_MALFORMED, "an answer without a status");
    }
    if (len > SECURE_ANSWER_BYTES_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "an answer longer than any we asked for");
    }
    if (len == 2) {
        return fault_set(fault, ERR_REFUSED, "status %02x%02x without protection", answer[0],
                         answer[1]);
    }
    if (!read_elements(answer, len - 2, elements)) {
        return fault_set(fault, ERR_MALFORMED, "an answer that is not protected as agreed");
    }
    if (!is_authentic(secure, answer, elements)) {
        return fault_set(fault, ERR_CRYPTO, "the answer's code of authenticity is wrong");
    }
    if (memcmp(elements->status.value, answer + len - 2, 2) != 0) {
        return fault_set(fault, ERR_CRYPTO, "one status inside and another outside");
    }
    return OK;
}

static bool read_elements(const uint8_t *answer, size_t len, struct elements *elements)
{
    struct bytes_in in;
    *elements = (struct elements){.authenticated_len = 0};
    bytes_in_init(&in, answer, len);
    if (!ber_next(&in, &elements->status)) {
        return false;
    }
    if (elements->status.tag == TAG_SEALED) {
        elements->sealed = elements->status;
        (void)ber_next(&in, &elements->status); // its tag says what came of it
    }
    if (elements->status.tag != TAG_STATUS || elements->status.len != 2) {
        return false;
    }
    elements->authenticated_len = in.pos;
    return ber_expect(&in, TAG_CODE, &elements->code) && elements->code.len == CIPHER_MAC_BYTES &&
           bytes_in_left(&in) == 0;
}

static bool is_authentic(struct secure_private *secure, const uint8_t *answer,
                         const struct elements *elements)
{
    const size_t block = cipher_block_bytes(secure->encrypt.cipher);
    uint8_t *work = secure->work;
    uint8_t code[CIPHER_MAC_BYTES];
    memcpy(work, secure->counter, block);
    memcpy(work + block, answer, elements->authenticated_len);
    const size_t len = block + pad(work + block, elements->authenticated_len, block);
    cipher_mac(&secure->authenticate, work, len, true, code);
    const bool is_equal = bytes_equal_secret(code, elements->code.value, sizeof code);
    wipe(code, sizeof code);
    return is_equal;
}

static enum err unseal(struct secure_private *secure, const struct ber *sealed, uint8_t *plain,
                       size_t plain_bytes, size_t *plain_len, struct fault *fault)
{
    const size_t block = cipher_block_bytes(secure->encrypt.cipher);
    uint8_t iv[CIPHER_BLOCK_BYTES_MAX];
    if (sealed->len < 1 + block || (sealed->len - 1) % block != 0 ||
        sealed->value[0] != PADDED_NOT_SECRET) {
        return fault_set(fault, ERR_MALFORMED, "sealed data of no whole blocks");
    }
    size_t len = sealed->len - 1;
    first_block(secure, iv);
    cipher_decrypt(&secure->encrypt, iv, sealed->value + 1, len, secure->work);
    while (len > 0 && secure->work[len - 1] == 0) {
        len -= 1;
    }
    if (len == 0 || secure->work[len - 1] != 0x80 || sealed->len - 1 - (len - 1) > block) {
        return fault_set(fault, ERR_MALFORMED, "sealed data without its padding");
    }
    len -= 1;
    if (len > plain_bytes) {
        return fault_set(fault, ERR_TOO_BIG, "more data than was asked for");
    }
    memcpy(plain, secure->work, len);
    *plain_len = len;
    wipe(secure->work, sizeof secure->work);
    return OK;
}
