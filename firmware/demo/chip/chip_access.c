// SPDX-License-Identifier: EUPL-1.2
//
// What opens the chip: PACE with elliptic curves (ICAO Doc 9303-11 section 4.4) and BAC (4.3).
#include "base/bytes.h"
#include "base/entropy.h"
#include "demo/chip/chip.h"

#include <stdlib.h>
#include <string.h>

enum { SW_OK = 0x9000, SW_WRONG = 0x6300, SW_DATA = 0x6a80, SW_STATE = 0x6985 };
enum { PASSWORD_MRZ = 1, PASSWORD_CAN = 2, BAC_SECRET = 16, BAC_DATA = 32, BAC_SENT = 40 };

static void give_nonce(struct chip *chip, struct chip_reply *reply);
static void map(struct chip *chip, const struct chip_tlv *peer, struct chip_reply *reply);
static void agree(struct chip *chip, const struct chip_tlv *peer, struct chip_reply *reply);
static void finish(struct chip *chip, const struct chip_tlv *token, struct chip_reply *reply);
static void add_mapping_proof(struct chip *chip, struct chip_der *inside);
static void make_token(const struct chip *chip, const EC_POINT *point, uint8_t *token);
static void say_inside(unsigned tag, const void *value, size_t len, struct chip_reply *reply);
static void say(const struct chip_der *inside, struct chip_reply *reply);

static const char *mechanism(const struct chip_card *card)
{
    static const char *const names[2][CHIP_CIPHERS_COUNT] = {
        {"0.4.0.127.0.7.2.2.4.2.1", "0.4.0.127.0.7.2.2.4.2.2", "0.4.0.127.0.7.2.2.4.2.3",
         "0.4.0.127.0.7.2.2.4.2.4"},
        {"0.4.0.127.0.7.2.2.4.6.1", "0.4.0.127.0.7.2.2.4.6.2", "0.4.0.127.0.7.2.2.4.6.3",
         "0.4.0.127.0.7.2.2.4.6.4"}};
    return names[card->has_mapping ? 1 : 0][card->cipher];
}

void chip_pace_set(struct chip *chip, const struct chip_command *command, struct chip_reply *reply)
{
    const struct chip_card *card = chip->card;
    struct chip_der oid = {0};
    struct chip_tlv part;
    chip_pace_forget(&chip->pace);
    chip_der_add_oid(&oid, 0x80, mechanism(card));
    const bool is_ours = chip_tlv_find(command->data, command->len, 0x80, &part) &&
                         part.whole_len == oid.len &&
                         memcmp(part.value, oid.bytes + 2, part.len) == 0;
    if (!is_ours || !chip_tlv_find(command->data, command->len, 0x83, &part) || part.len != 1) {
        reply->status = SW_DATA;
        return;
    }
    if (part.value[0] == PASSWORD_CAN) {
        chip_derive(card->cipher, (const uint8_t *)card->can, strlen(card->can), CHIP_KEY_PASSWORD,
                    &chip->pace.password);
    } else if (part.value[0] == PASSWORD_MRZ) {
        uint8_t hash[CHIP_HASH_BYTES];
        const size_t len = chip_hash("SHA1", card->zone_key, strlen(card->zone_key), hash);
        chip_derive(card->cipher, hash, len, CHIP_KEY_PASSWORD, &chip->pace.password);
    } else {
        reply->status = 0x6a88;
        return;
    }
    if (chip_tlv_find(command->data, command->len, 0x84, &part) &&
        (part.len != 1 || part.value[0] != card->curve->parameter)) {
        reply->status = SW_DATA;
        return;
    }
    chip->pace.group = chip_group(card->curve);
    chip->pace.step = CHIP_PACE_SET;
}

void chip_pace_go_on(struct chip *chip, const struct chip_command *command,
                     struct chip_reply *reply)
{
    static const unsigned sent[] = {
        [CHIP_PACE_NONCED] = 0x81, [CHIP_PACE_MAPPED] = 0x83, [CHIP_PACE_AGREED] = 0x85};
    struct chip_tlv outer = {0};
    struct chip_tlv inner = {0};
    const enum chip_pace_step step = chip->pace.step;
    bool is_well = step != CHIP_PACE_NONE && chip_tlv_read(command->data, command->len, &outer) &&
                   outer.tag == 0x7c && outer.whole_len == command->len;
    if (is_well && step != CHIP_PACE_SET) {
        is_well = chip_tlv_read(outer.value, outer.len, &inner) && inner.tag == sent[step];
    }
    if (!is_well) {
        chip_pace_forget(&chip->pace);
        reply->status = step == CHIP_PACE_NONE ? SW_STATE : SW_DATA;
        return;
    }
    switch (step) {
    case CHIP_PACE_NONE:
        break;
    case CHIP_PACE_SET:
        give_nonce(chip, reply);
        break;
    case CHIP_PACE_NONCED:
        map(chip, &inner, reply);
        break;
    case CHIP_PACE_MAPPED:
        agree(chip, &inner, reply);
        break;
    case CHIP_PACE_AGREED:
        finish(chip, &inner, reply);
        break;
    }
}

void chip_pace_forget(struct chip_pace *pace)
{
    EC_GROUP_free(pace->group);
    BN_clear_free(pace->map_secret);
    EC_POINT_clear_free(pace->base);
    wipe(pace, sizeof *pace);
}

static void give_nonce(struct chip *chip, struct chip_reply *reply)
{
    struct chip_pace *pace = &chip->pace;
    uint8_t sealed[CHIP_KEY_BYTES];
    // As long as the key, in whole blocks (section 4.4.3.3).
    pace->nonce_len = chip_cipher_key_bytes(pace->password.cipher) > 16 ? 32 : 16;
    entropy_fill(pace->nonce, pace->nonce_len);
    chip_encrypt(&pace->password, NULL, pace->nonce, pace->nonce_len, sealed);
    say_inside(0x80, sealed, pace->nonce_len, reply);
    pace->step = CHIP_PACE_NONCED;
}

// Generic mapping: nonce * G + H, where H is agreed (section 4.4.3.3.1).
static void map(struct chip *chip, const struct chip_tlv *peer, struct chip_reply *reply)
{
    struct chip_pace *pace = &chip->pace;
    EC_POINT *theirs = chip_point_read(pace->group, peer->value, peer->len);
    if (theirs == NULL) {
        reply->status = SW_DATA;
        return;
    }
    EC_POINT *ours = EC_POINT_new(pace->group);
    EC_POINT *agreed = EC_POINT_new(pace->group);
    BIGNUM *nonce = BN_bin2bn(pace->nonce, (int)pace->nonce_len, NULL);
    pace->base = EC_POINT_new(pace->group);
    pace->map_secret = chip_secret(pace->group);
    CHECK(ours != NULL && agreed != NULL && nonce != NULL && pace->base != NULL);
    CHECK(EC_POINT_mul(pace->group, ours, pace->map_secret, NULL, NULL, NULL) == 1);
    CHECK(EC_POINT_mul(pace->group, agreed, NULL, theirs, pace->map_secret, NULL) == 1);
    CHECK(EC_POINT_mul(pace->group, pace->base, nonce, NULL, NULL, NULL) == 1);
    CHECK(EC_POINT_add(pace->group, pace->base, pace->base, agreed, NULL) == 1);
    uint8_t point[CHIP_POINT_BYTES];
    size_t len = chip_point_write(pace->group, ours, point);
    if (chip->lie == CHIP_WRONG_POINT) {
        point[len - 1] ^= 1;
    } else if (chip->lie == CHIP_INFINITY) {
        len = 1; // one zero (SEC 1 section 2.3.3)
        point[0] = 0;
    }
    say_inside(0x82, point, len, reply);
    pace->step = CHIP_PACE_MAPPED;
    BN_clear_free(nonce);
    EC_POINT_free(theirs);
    EC_POINT_free(ours);
    EC_POINT_clear_free(agreed);
}

static void agree(struct chip *chip, const struct chip_tlv *peer, struct chip_reply *reply)
{
    struct chip_pace *pace = &chip->pace;
    EC_POINT *theirs = chip_point_read(pace->group, peer->value, peer->len);
    if (theirs == NULL) {
        reply->status = SW_DATA;
        return;
    }
    EC_POINT *ours = EC_POINT_new(pace->group);
    BIGNUM *secret = chip_secret(pace->group);
    CHECK(ours != NULL && EC_POINT_mul(pace->group, ours, NULL, pace->base, secret, NULL) == 1);
    uint8_t point[CHIP_POINT_BYTES];
    uint8_t shared[CHIP_POINT_BYTES];
    size_t len = chip_point_write(pace->group, ours, point);
    CHECK(chip_agree(pace->group, secret, theirs, shared)); // theirs is on a curve of prime order
    chip_session_new(chip->card->cipher, shared, chip_group_bytes(pace->group), &pace->session);
    make_token(chip, theirs, pace->token);
    make_token(chip, ours, pace->expected);
    if (chip->lie == CHIP_EQUAL_KEYS) {
        memcpy(point, peer->value, peer->len);
        len = peer->len;
    }
    pace->token[0] ^= chip->lie == CHIP_BAD_TOKEN ? 1 : 0;
    say_inside(0x84, point, len, reply);
    pace->step = CHIP_PACE_AGREED;
    wipe(shared, sizeof shared);
    BN_clear_free(secret);
    EC_POINT_free(theirs);
    EC_POINT_free(ours);
}

static void finish(struct chip *chip, const struct chip_tlv *token, struct chip_reply *reply)
{
    struct chip_pace *pace = &chip->pace;
    // The one who is wrong about the keys cannot be told from the one who types a wrong number.
    if (token->len != CHIP_MAC_BYTES ||
        (!bytes_equal_secret(token->value, pace->expected, CHIP_MAC_BYTES) &&
         chip->lie != CHIP_EQUAL_KEYS)) {
        reply->status = SW_WRONG;
        chip_pace_forget(pace);
        return;
    }
    struct chip_der inside = {0};
    chip_der_add(&inside, 0x86, pace->token, CHIP_MAC_BYTES);
    if (chip->card->has_mapping) {
        add_mapping_proof(chip, &inside);
    }
    say(&inside, reply);
    chip->next = pace->session;
    chip->has_next = true;
    chip->is_open = true;
    chip_pace_forget(pace);
}

// CA = SK^-1 * the mapping's secret, sealed (section 4.4.3.5): only who has the chip's key can
// tell.
static void add_mapping_proof(struct chip *chip, struct chip_der *inside)
{
    struct chip_pace *pace = &chip->pace;
    const BIGNUM *order = EC_GROUP_get0_order(pace->group);
    const size_t len = chip_group_bytes(pace->group);
    uint8_t proof[CHIP_POINT_BYTES + CHIP_BLOCK_BYTES];
    uint8_t first[CHIP_BLOCK_BYTES];
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *secret = chip_proof_secret(chip);
    BIGNUM *inverse = BN_mod_inverse(NULL, secret, order, ctx);
    CHECK(ctx != NULL && inverse != NULL);
    CHECK(BN_mod_mul(inverse, inverse, pace->map_secret, order, ctx) == 1);
    CHECK(BN_bn2binpad(inverse, proof, (int)len) > 0);
    proof[0] ^= chip->lie == CHIP_BAD_MAPPING ? 1 : 0;
    memset(first, 0xff, sizeof first);
    chip_encrypt(&pace->session.encrypt, NULL, first, sizeof first, first);
    const size_t padded_len = chip_pad(proof, len, CHIP_BLOCK_BYTES);
    chip_encrypt(&pace->session.encrypt, first, proof, padded_len, proof);
    chip_der_add(inside, 0x8a, proof, padded_len);
    BN_clear_free(secret);
    BN_clear_free(inverse);
    BN_CTX_free(ctx);
}

// Over the other side's key, named with its mechanism (section 4.4.3.4).
static void make_token(const struct chip *chip, const EC_POINT *point, uint8_t *token)
{
    struct chip_der inside = {0};
    struct chip_der covered = {0};
    uint8_t bytes[CHIP_POINT_BYTES];
    const size_t len = chip_point_write(chip->pace.group, point, bytes);
    chip_der_add_oid(&inside, 0x06, mechanism(chip->card));
    chip_der_add(&inside, 0x86, bytes, len);
    chip_der_add_inside(&covered, 0x7f49, &inside);
    chip_mac(&chip->pace.session.mac, covered.bytes, covered.len, token);
}

static void say_inside(unsigned tag, const void *value, size_t len, struct chip_reply *reply)
{
    struct chip_der inside = {0};
    chip_der_add(&inside, tag, value, len);
    say(&inside, reply);
}

static void say(const struct chip_der *inside, struct chip_reply *reply)
{
    struct chip_der outer = {0};
    chip_der_add_inside(&outer, 0x7c, inside);
    memcpy(reply->data, outer.bytes, outer.len);
    reply->len = outer.len;
}

void chip_bac_challenge(struct chip *chip, struct chip_reply *reply)
{
    entropy_fill(chip->challenge, sizeof chip->challenge);
    chip->has_challenge = true;
    memcpy(reply->data, chip->challenge, sizeof chip->challenge);
    reply->len = sizeof chip->challenge;
}

void chip_bac_authenticate(struct chip *chip, const struct chip_command *command,
                           struct chip_reply *reply)
{
    struct chip_session opener;
    uint8_t hash[CHIP_HASH_BYTES];
    uint8_t plain[BAC_DATA];
    uint8_t mac[CHIP_MAC_BYTES];
    uint8_t secret[BAC_SECRET];
    (void)chip_hash("SHA1", chip->card->zone_key, strlen(chip->card->zone_key), hash); // 20 bytes
    chip_session_new(CHIP_3DES, hash, BAC_SECRET, &opener);
    const bool has_challenge = chip->has_challenge;
    chip->has_challenge = false;
    if (!has_challenge || command->len != BAC_SENT) {
        reply->status = SW_STATE;
        return;
    }
    chip_mac(&opener.mac, command->data, BAC_DATA, mac);
    chip_decrypt(&opener.encrypt, NULL, command->data, BAC_DATA, plain);
    if (!bytes_equal_secret(mac, command->data + BAC_DATA, sizeof mac) ||
        memcmp(plain + 8, chip->challenge, 8) != 0) {
        reply->status = SW_WRONG;
        return;
    }
    // RND.IC, RND.IFD and our half of the secret (section 4.3.2).
    uint8_t said[BAC_DATA];
    memcpy(said, chip->challenge, 8);
    memcpy(said + 8, plain, 8);
    entropy_fill(said + 16, BAC_SECRET);
    for (size_t i = 0; i < BAC_SECRET; i++) {
        secret[i] = plain[16 + i] ^ said[16 + i];
    }
    chip_encrypt(&opener.encrypt, NULL, said, BAC_DATA, reply->data);
    chip_mac(&opener.mac, reply->data, BAC_DATA, reply->data + BAC_DATA);
    reply->len = BAC_SENT;
    chip_session_new(CHIP_3DES, secret, BAC_SECRET, &chip->next);
    memcpy(chip->next.ssc, chip->challenge + 4, 4);
    memcpy(chip->next.ssc + 4, plain + 4, 4);
    chip->has_next = true;
    chip->is_open = true;
    wipe(secret, sizeof secret);
    wipe(plain, sizeof plain);
}
