// SPDX-License-Identifier: EUPL-1.2
//
// What shows that the chip is no copy: chip authentication (ICAO Doc 9303-11 section 6.2) and
// active authentication (6.1).
#include "base/bytes.h"
#include "base/entropy.h"
#include "demo/chip/chip.h"

#include <string.h>

enum { SW_DATA = 0x6a80, SW_STATE = 0x6985, SW_REFERENCE = 0x6a88, CHALLENGE_BYTES = 8 };

static void agree(struct chip *chip, const uint8_t *point, size_t len, struct chip_reply *reply);
static void sign_rsa(const struct chip *chip, const uint8_t *challenge, struct chip_reply *reply);
static void sign_curve(const struct chip *chip, const uint8_t *challenge, struct chip_reply *reply);

void chip_proof_set(struct chip *chip, const struct chip_command *command, struct chip_reply *reply)
{
    struct chip_tlv part;
    const bool is_old_form = command->p2 == 0xa6; // one command, for 3DES alone
    const struct chip_card *card = chip->card;
    if (card->chip_key == NULL || !chip->is_open ||
        is_old_form != (card->cipher == CHIP_3DES && is_old_form)) {
        reply->status = SW_REFERENCE;
        return;
    }
    if (is_old_form) {
        if (chip_tlv_find(command->data, command->len, 0x91, &part)) {
            agree(chip, part.value, part.len, reply);
        } else {
            reply->status = SW_DATA;
        }
        return;
    }
    struct chip_der oid = {0};
    static const char *const names[CHIP_CIPHERS_COUNT] = {
        "0.4.0.127.0.7.2.2.3.2.1", "0.4.0.127.0.7.2.2.3.2.2", "0.4.0.127.0.7.2.2.3.2.3",
        "0.4.0.127.0.7.2.2.3.2.4"};
    chip_der_add_oid(&oid, 0x80, names[card->cipher]);
    chip->is_chip_set = chip_tlv_find(command->data, command->len, 0x80, &part) &&
                        part.whole_len == oid.len &&
                        memcmp(part.value, oid.bytes + 2, part.len) == 0;
    reply->status = chip->is_chip_set ? reply->status : SW_DATA;
}

void chip_proof_agree(struct chip *chip, const struct chip_command *command,
                      struct chip_reply *reply)
{
    struct chip_tlv outer;
    struct chip_tlv inner;
    chip->is_chip_set = false;
    if (!chip_tlv_read(command->data, command->len, &outer) || outer.tag != 0x7c ||
        !chip_tlv_read(outer.value, outer.len, &inner) || inner.tag != 0x80) {
        reply->status = SW_DATA;
        return;
    }
    agree(chip, inner.value, inner.len, reply);
    if (chip->has_next) {
        reply->data[0] = 0x7c; // an empty one
        reply->data[1] = 0x00;
        reply->len = 2;
    }
}

static void agree(struct chip *chip, const uint8_t *point, size_t len, struct chip_reply *reply)
{
    EC_GROUP *group = chip_group(chip->card->curve);
    EC_POINT *theirs = chip_point_read(group, point, len);
    if (theirs == NULL) {
        reply->status = SW_DATA;
    } else {
        uint8_t shared[CHIP_POINT_BYTES];
        BIGNUM *secret = chip_proof_secret(chip);
        CHECK(chip_agree(group, secret, theirs, shared)); // on a curve of prime order
        chip_session_new(chip->card->cipher, shared, chip_group_bytes(group), &chip->next);
        chip->has_next = true;
        wipe(shared, sizeof shared);
        BN_clear_free(secret);
    }
    EC_POINT_free(theirs);
    EC_GROUP_free(group);
}

BIGNUM *chip_proof_secret(const struct chip *chip)
{
    BIGNUM *secret = NULL;
    CHECK(EVP_PKEY_get_bn_param(chip->card->chip_key, OSSL_PKEY_PARAM_PRIV_KEY, &secret) == 1);
    return secret;
}

void chip_proof_sign(struct chip *chip, const struct chip_command *command,
                     struct chip_reply *reply)
{
    if (chip->card->active_key == NULL || !chip->is_open || !chip->is_application) {
        reply->status = SW_STATE;
    } else if (command->len != CHALLENGE_BYTES) {
        reply->status = SW_DATA;
    } else if (EVP_PKEY_is_a(chip->card->active_key, "RSA")) {
        sign_rsa(chip, command->data, reply);
    } else {
        sign_curve(chip, command->data, reply);
    }
}

// ISO/IEC 9796-2 scheme 1 with partial recovery and SHA-256: 6A, our own half, the hash over both
// halves, 34 CC.
static void sign_rsa(const struct chip *chip, const uint8_t *challenge, struct chip_reply *reply)
{
    uint8_t block[512];
    uint8_t covered[512];
    uint8_t hash[CHIP_HASH_BYTES];
    const size_t len = (size_t)EVP_PKEY_get_size(chip->card->active_key);
    CHECK(len <= sizeof block && len > 64);
    const size_t own_len = len - 1 - 32 - 2;
    entropy_fill(block + 1, own_len);
    memcpy(covered, block + 1, own_len);
    memcpy(covered + own_len, challenge, CHALLENGE_BYTES);
    (void)chip_hash("SHA256", covered, own_len + CHALLENGE_BYTES, hash); // 32 bytes
    block[0] = 0x6a;
    memcpy(block + 1 + own_len, hash, 32);
    block[len - 2] = 0x34;
    block[len - 1] = 0xcc;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(chip->card->active_key, NULL);
    reply->len = sizeof reply->data;
    CHECK(ctx != NULL && EVP_PKEY_sign_init(ctx) == 1);
    CHECK(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1);
    CHECK(EVP_PKEY_sign(ctx, reply->data, &reply->len, block, len) == 1);
    EVP_PKEY_CTX_free(ctx);
}

// ECDSA with SHA-256, r and s side by side (BSI TR-03111 section 5.2.1).
static void sign_curve(const struct chip *chip, const uint8_t *challenge, struct chip_reply *reply)
{
    uint8_t hash[CHIP_HASH_BYTES];
    uint8_t der[256];
    size_t der_len = sizeof der;
    const size_t hash_len = chip_hash("SHA256", challenge, CHALLENGE_BYTES, hash);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(chip->card->active_key, NULL);
    CHECK(ctx != NULL && EVP_PKEY_sign_init(ctx) == 1);
    CHECK(EVP_PKEY_sign(ctx, der, &der_len, hash, hash_len) == 1);
    const uint8_t *from = der;
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &from, (long)der_len);
    const int bytes = (EVP_PKEY_get_bits(chip->card->active_key) + 7) / 8;
    CHECK(signature != NULL);
    CHECK(BN_bn2binpad(ECDSA_SIG_get0_r(signature), reply->data, bytes) == bytes);
    CHECK(BN_bn2binpad(ECDSA_SIG_get0_s(signature), reply->data + bytes, bytes) == bytes);
    reply->len = 2 * (size_t)bytes;
    ECDSA_SIG_free(signature);
    EVP_PKEY_CTX_free(ctx);
}
