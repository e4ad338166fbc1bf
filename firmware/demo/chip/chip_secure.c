// SPDX-License-Identifier: EUPL-1.2
//
// Secure messaging as the chip does it (ICAO Doc 9303-11 section 9.8).
#include "base/bytes.h"
#include "demo/chip/chip.h"

#include <string.h>

static size_t ssc_bytes(const struct chip_session *session);
static void step_ssc(struct chip_session *session);
static void protect_mac(const struct chip_session *session, const struct chip_der *what,
                        uint8_t mac[CHIP_MAC_BYTES]);
static bool is_genuine(const struct chip *chip, const struct chip_command *command,
                       const struct chip_tlv *mac);
static bool decrypt(const struct chip_session *session, const struct chip_tlv *sent, size_t skip,
                    uint8_t *plain, size_t *plain_len);
static const uint8_t *first_block(const struct chip_session *session, uint8_t *block);

void chip_session_new(enum chip_cipher cipher, const uint8_t *secret, size_t len,
                      struct chip_session *session)
{
    *session = (struct chip_session){0};
    chip_derive(cipher, secret, len, CHIP_KEY_ENCRYPT, &session->encrypt);
    chip_derive(cipher, secret, len, CHIP_KEY_MAC, &session->mac);
}

bool chip_unwrap(struct chip *chip, struct chip_command *command, uint8_t plain[CHIP_DATA_BYTES])
{
    struct chip_tlv part;
    struct chip_tlv mac;
    step_ssc(&chip->session);
    if (!chip_tlv_find(command->data, command->len, 0x8e, &mac) || mac.len != CHIP_MAC_BYTES ||
        !is_genuine(chip, command, &mac)) {
        return false;
    }
    const uint8_t *data = command->data;
    const size_t len = command->len;
    command->len = 0;
    command->wants = 0;
    if (chip_tlv_find(data, len, 0x97, &part)) {
        if (part.len != 1 && part.len != 2) {
            return false;
        }
        command->wants = part.len == 1 ? part.value[0] : (size_t)part.value[0] << 8 | part.value[1];
        command->wants = command->wants != 0 ? command->wants : part.len == 1 ? 256 : 65536;
    }
    const bool is_odd = chip_tlv_find(data, len, 0x85, &part);
    if (is_odd || chip_tlv_find(data, len, 0x87, &part)) {
        command->data = plain;
        return decrypt(&chip->session, &part, is_odd ? 0 : 1, plain, &command->len);
    }
    return true;
}

size_t chip_wrap(struct chip *chip, const struct chip_reply *reply, uint8_t out[CHIP_ANSWER_BYTES])
{
    static struct chip_der answer; // large
    static struct chip_der covered;
    struct chip_session *session = &chip->session;
    uint8_t padded[1 + CHIP_DATA_BYTES + CHIP_BLOCK_BYTES];
    uint8_t block[CHIP_BLOCK_BYTES];
    answer.len = 0;
    covered.len = 0;
    if (chip->lie != CHIP_WRONG_SSC) {
        step_ssc(session);
    }
    if (reply->len > 0) {
        memcpy(padded + 1, reply->data, reply->len);
        const size_t len =
            chip_pad(padded + 1, reply->len, chip_cipher_block_bytes(session->encrypt.cipher));
        padded[0] = 0x01;
        chip_encrypt(&session->encrypt, first_block(session, block), padded + 1, len, padded + 1);
        chip_der_add(&answer, 0x87, padded, len + 1);
    }
    const uint8_t status[2] = {(uint8_t)(reply->status >> 8), (uint8_t)reply->status};
    chip_der_add(&answer, 0x99, status, 2);
    chip_der_add_raw(&covered, session->ssc, ssc_bytes(session));
    chip_der_add_raw(&covered, answer.bytes, answer.len);
    uint8_t mac[CHIP_MAC_BYTES];
    protect_mac(session, &covered, mac);
    mac[0] ^= chip->lie == CHIP_BAD_MAC ? 1 : 0;
    chip_der_add(&answer, 0x8e, mac, sizeof mac);
    chip_der_add_raw(&answer, status, 2);
    CHECK(answer.len <= CHIP_ANSWER_BYTES);
    memcpy(out, answer.bytes, answer.len);
    return answer.len;
}

static size_t ssc_bytes(const struct chip_session *session)
{
    return chip_cipher_block_bytes(session->mac.cipher);
}

static void step_ssc(struct chip_session *session)
{
    for (size_t i = ssc_bytes(session); i > 0; i--) {
        session->ssc[i - 1] += 1;
        if (session->ssc[i - 1] != 0) {
            return;
        }
    }
}

// Retail MAC pads by itself; for CMAC this layer does.
static void protect_mac(const struct chip_session *session, const struct chip_der *what,
                        uint8_t mac[CHIP_MAC_BYTES])
{
    uint8_t padded[CHIP_SM_BYTES];
    CHECK(what->len + CHIP_BLOCK_BYTES <= sizeof padded);
    memcpy(padded, what->bytes, what->len);
    const size_t len = session->mac.cipher == CHIP_3DES
                           ? what->len
                           : chip_pad(padded, what->len, CHIP_BLOCK_BYTES);
    chip_mac(&session->mac, padded, len, mac);
}

static bool is_genuine(const struct chip *chip, const struct chip_command *command,
                       const struct chip_tlv *mac)
{
    static struct chip_der covered; // large
    const struct chip_session *session = &chip->session;
    covered.len = 0;
    uint8_t head[CHIP_BLOCK_BYTES] = {command->cla, command->ins, command->p1, command->p2};
    const size_t before = (size_t)(mac->value - 2 - command->data);
    if (before > CHIP_SM_BYTES - 3 * CHIP_BLOCK_BYTES) {
        return false;
    }
    chip_der_add_raw(&covered, session->ssc, ssc_bytes(session));
    chip_der_add_raw(&covered, head, chip_pad(head, 4, ssc_bytes(session)));
    chip_der_add_raw(&covered, command->data, before);
    uint8_t ours[CHIP_MAC_BYTES];
    if (before > 0) {
        protect_mac(session, &covered, ours);
    } else {
        // Nothing but the head, which is padded already.
        covered.len -= ssc_bytes(session) - 4;
        protect_mac(session, &covered, ours);
    }
    return bytes_equal_secret(ours, mac->value, sizeof ours);
}

static bool decrypt(const struct chip_session *session, const struct chip_tlv *sent, size_t skip,
                    uint8_t *plain, size_t *plain_len)
{
    const size_t block_bytes = chip_cipher_block_bytes(session->encrypt.cipher);
    uint8_t block[CHIP_BLOCK_BYTES];
    if (sent->len <= skip || (skip == 1 && sent->value[0] != 0x01) ||
        sent->len - skip > CHIP_DATA_BYTES || (sent->len - skip) % block_bytes != 0) {
        return false;
    }
    size_t len = sent->len - skip;
    chip_decrypt(&session->encrypt, first_block(session, block), sent->value + skip, len, plain);
    while (len > 0 && plain[len - 1] == 0) {
        len -= 1;
    }
    if (len == 0 || plain[len - 1] != 0x80) {
        return false;
    }
    *plain_len = len - 1;
    return true;
}

// AES: the counter, encrypted; 3DES: zeros.
static const uint8_t *first_block(const struct chip_session *session, uint8_t *block)
{
    if (session->encrypt.cipher == CHIP_3DES) {
        return NULL;
    }
    chip_encrypt(&session->encrypt, NULL, session->ssc, CHIP_BLOCK_BYTES, block);
    return block;
}
