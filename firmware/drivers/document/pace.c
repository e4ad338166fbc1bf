// SPDX-License-Identifier: EUPL-1.2
//
// PACE's steps. Every point of the chip's is checked before it is used, and its keys must be none
// that were seen before.
#include "drivers/document/pace.h"

#include "base/bytes.h"
#include "drivers/document/ber.h"

#include <string.h>

enum {
    TAG_DYNAMIC = 0x7c,
    TAG_NONCE = 0x80,
    TAG_OUR_MAP = 0x81,
    TAG_CHIP_MAP = 0x82,
    TAG_OUR_OPEN = 0x83,
    TAG_CHIP_OPEN = 0x84,
    TAG_OUR_TOKEN = 0x85,
    TAG_CHIP_TOKEN = 0x86,
    TAG_PROOF = 0x8a,
    TAG_OID = 0x06,
    TAG_POINT = 0x86,
    TAG_PUBLIC_KEY = 0x7f49,
    PASSWORD_ZONE = 1,
    PASSWORD_CAN = 2,
    NONCE_BYTES = 16,
    PROOF_BYTES_MAX = 96, // the widest value and its padding
};

static void ask_step(struct apdu *apdu, bool is_last, uint32_t tag, const uint8_t *value,
                     size_t len);
static bool take_step(const uint8_t *answer, size_t len, uint32_t tag, struct ber *found);
static enum err take_point(const struct pace_private *pace, const uint8_t *answer, size_t len,
                           uint32_t tag, struct curve_point *point, struct fault *fault);
static void make_pair(const struct pace_private *pace, const struct curve_point *base,
                      const struct pace_secret *given, struct curve_pair_private *pair);
static bool is_same(const struct curve_point *left, const struct curve_point *right);
static void make_token(const struct pace_private *pace, const struct curve_point *point,
                       uint8_t token[CIPHER_MAC_BYTES]);
static enum err take_proof(struct pace_private *pace, const uint8_t *answer, size_t len,
                           struct fault *fault);

void pace_begin(struct pace_private *pace, const struct pace_info *info,
                const struct password_private *password)
{
    wipe(pace, sizeof *pace);
    pace->info = *info;
    pace->is_can = password->is_can;
    cipher_derive(info->cipher, CIPHER_PASSWORD, password->bytes, password->len, &pace->password);
}

void pace_ask_set(const struct pace_private *pace, struct apdu *apdu)
{
    const uint8_t password = pace->is_can ? PASSWORD_CAN : PASSWORD_ZONE;
    *apdu = (struct apdu){.cla = 0x00, .ins = 0x22, .p1 = 0xc1, .p2 = 0xa4};
    apdu_put(apdu, 0x80, pace->info.oid, sizeof pace->info.oid);
    apdu_put(apdu, 0x83, &password, 1);
    apdu_put(apdu, 0x84, &pace->info.parameter, 1);
}

void pace_ask_nonce(struct apdu *apdu)
{
    *apdu = (struct apdu){
        .cla = 0x10, .ins = 0x86, .p1 = 0, .p2 = 0, .answer_bytes = APDU_SHORT_ANSWER};
    apdu_wrap(apdu, TAG_DYNAMIC);
}

enum err pace_take_nonce(struct pace_private *pace, const uint8_t *answer, size_t len,
                         struct fault *fault)
{
    struct ber nonce;
    if (!take_step(answer, len, TAG_NONCE, &nonce) ||
        (nonce.len != NONCE_BYTES && nonce.len != PACE_NONCE_BYTES_MAX)) {
        return fault_set(fault, ERR_MALFORMED, "no nonce of a known length");
    }
    pace->nonce_len = nonce.len;
    cipher_decrypt(&pace->password, NULL, nonce.value, nonce.len, pace->nonce);
    return OK;
}

void pace_ask_map(struct pace_private *pace, const struct pace_secret *given, struct apdu *apdu)
{
    make_pair(pace, NULL, given, &pace->map_pair);
    ask_step(apdu, false, TAG_OUR_MAP, pace->map_pair.open.bytes, pace->map_pair.open.len);
}

enum err pace_take_map(struct pace_private *pace, const uint8_t *answer, size_t len,
                       struct fault *fault)
{
    const enum err err = take_point(pace, answer, len, TAG_CHIP_MAP, &pace->chip_map, fault);
    if (err != OK) {
        return err;
    }
    if (is_same(&pace->chip_map, &pace->map_pair.open)) {
        return fault_set(fault, ERR_CRYPTO, "the chip's key is our own");
    }
    if (curve_map(pace->info.curve, &pace->map_pair, &pace->chip_map, pace->nonce, pace->nonce_len,
                  &pace->base) != OK) {
        return fault_set(fault, ERR_CRYPTO, "the mapping leads to infinity");
    }
    wipe(pace->nonce, sizeof pace->nonce);
    return OK;
}

void pace_ask_agree(struct pace_private *pace, const struct pace_secret *given, struct apdu *apdu)
{
    make_pair(pace, &pace->base, given, &pace->pair);
    ask_step(apdu, false, TAG_OUR_OPEN, pace->pair.open.bytes, pace->pair.open.len);
}

enum err pace_take_agree(struct pace_private *pace, const uint8_t *answer, size_t len,
                         struct fault *fault)
{
    uint8_t shared[CURVE_VALUE_BYTES];
    const struct pace_info *info = &pace->info;
    const enum err err = take_point(pace, answer, len, TAG_CHIP_OPEN, &pace->chip_open, fault);
    if (err != OK) {
        return err;
    }
    if (is_same(&pace->chip_open, &pace->pair.open) || is_same(&pace->chip_open, &pace->chip_map) ||
        is_same(&pace->chip_open, &pace->map_pair.open)) {
        return fault_set(fault, ERR_CRYPTO, "the chip's key is one that was used before");
    }
    if (curve_agree(info->curve, &pace->pair, &pace->chip_open, shared) != OK) {
        return fault_set(fault, ERR_CRYPTO, "the agreement leads to infinity");
    }
    cipher_derive(info->cipher, CIPHER_ENCRYPT, shared, curve_bytes(info->curve), &pace->encrypt);
    cipher_derive(info->cipher, CIPHER_AUTHENTICATE, shared, curve_bytes(info->curve),
                  &pace->authenticate);
    wipe(shared, sizeof shared);
    return OK;
}

void pace_ask_token(const struct pace_private *pace, struct apdu *apdu)
{
    uint8_t token[CIPHER_MAC_BYTES];
    make_token(pace, &pace->chip_open, token);
    ask_step(apdu, true, TAG_OUR_TOKEN, token, sizeof token);
}

enum err pace_take_token(struct pace_private *pace, const uint8_t *answer, size_t len,
                         struct fault *fault)
{
    struct ber theirs;
    uint8_t token[CIPHER_MAC_BYTES];
    if (!take_step(answer, len, TAG_CHIP_TOKEN, &theirs) || theirs.len != CIPHER_MAC_BYTES) {
        return fault_set(fault, ERR_MALFORMED, "no token");
    }
    make_token(pace, &pace->pair.open, token);
    const bool is_right = bytes_equal_secret(token, theirs.value, sizeof token);
    wipe(token, sizeof token);
    if (!is_right) {
        return fault_set(fault, ERR_CRYPTO, "the chip's token is wrong");
    }
    return pace->info.is_chip_mapping ? take_proof(pace, answer, len, fault) : OK;
}

bool pace_is_proof_of(const struct pace_private *pace, const struct chip_key *key)
{
    struct curve_pair_private proved;
    if (!pace->has_proof || key->curve != pace->info.curve ||
        curve_pair_of(key->curve, &key->point, pace->proof, curve_bytes(key->curve), &proved) !=
            OK) {
        return false;
    }
    const bool is_proof = is_same(&proved.open, &pace->chip_map);
    wipe(&proved, sizeof proved);
    return is_proof;
}

void pace_finish(struct pace_private *pace)
{
    wipe(&pace->password, sizeof pace->password);
    wipe(pace->nonce, sizeof pace->nonce);
    wipe(&pace->map_pair, sizeof pace->map_pair);
    wipe(&pace->pair, sizeof pace->pair);
    wipe(&pace->encrypt, sizeof pace->encrypt);
    wipe(&pace->authenticate, sizeof pace->authenticate);
}

static void ask_step(struct apdu *apdu, bool is_last, uint32_t tag, const uint8_t *value,
                     size_t len)
{
    *apdu =
        (struct apdu){.cla = is_last ? 0x00 : 0x10, .ins = 0x86, .answer_bytes = APDU_SHORT_ANSWER};
    apdu_put(apdu, tag, value, len);
    apdu_wrap(apdu, TAG_DYNAMIC);
}

static bool take_step(const uint8_t *answer, size_t len, uint32_t tag, struct ber *found)
{
    struct ber dynamic;
    if (!ber_only(answer, len, TAG_DYNAMIC, &dynamic)) {
        return false;
    }
    struct bytes_in in = ber_inside(&dynamic);
    return ber_expect(&in, tag, found);
}

static enum err take_point(const struct pace_private *pace, const uint8_t *answer, size_t len,
                           uint32_t tag, struct curve_point *point, struct fault *fault)
{
    struct ber ber;
    if (!take_step(answer, len, tag, &ber)) {
        return fault_set(fault, ERR_MALFORMED, "no point");
    }
    if (ber.len > sizeof point->bytes) {
        return fault_set(fault, ERR_TOO_BIG, "a point longer than any");
    }
    point->len = ber.len;
    memcpy(point->bytes, ber.value, ber.len);
    if (!curve_has_point(pace->info.curve, point)) {
        return fault_set(fault, ERR_CRYPTO, "the chip's point is not on the curve");
    }
    return OK;
}

// Nothing of this is the chip's doing: the generator was checked when it was mapped.
static void make_pair(const struct pace_private *pace, const struct curve_point *base,
                      const struct pace_secret *given, struct curve_pair_private *pair)
{
    const enum err err =
        given == NULL ? curve_pair(pace->info.curve, base, pair)
                      : curve_pair_of(pace->info.curve, base, given->bytes, given->len, pair);
    CHECK(err == OK);
}

static bool is_same(const struct curve_point *left, const struct curve_point *right)
{
    return left->len == right->len && bytes_equal_secret(left->bytes, right->bytes, left->len);
}

// Over the other side's key with its protocol (section 4.4.3.4).
static void make_token(const struct pace_private *pace, const struct curve_point *point,
                       uint8_t token[CIPHER_MAC_BYTES])
{
    struct apdu key = {.len = 0};
    apdu_put(&key, TAG_OID, pace->info.oid, sizeof pace->info.oid);
    apdu_put(&key, TAG_POINT, point->bytes, point->len);
    apdu_wrap(&key, TAG_PUBLIC_KEY);
    cipher_mac(&pace->authenticate, key.data, key.len, false, token);
}

// Section 4.4.3.5.3: sealed with the session's key under an IV that seals all ones.
static enum err take_proof(struct pace_private *pace, const uint8_t *answer, size_t len,
                           struct fault *fault)
{
    uint8_t ones[CIPHER_BLOCK_BYTES_MAX];
    uint8_t iv[CIPHER_BLOCK_BYTES_MAX];
    uint8_t plain[PROOF_BYTES_MAX];
    struct bytes_in in;
    struct ber ber;
    bytes_in_init(&in, answer, len);
    (void)ber_expect(&in, TAG_DYNAMIC, &ber); // was so for the token
    in = ber_inside(&ber);
    const size_t block = cipher_block_bytes(pace->info.cipher);
    const size_t value_len = curve_bytes(pace->info.curve);
    if (!ber_find(&in, TAG_PROOF, &ber) || ber.len > sizeof plain || ber.len % block != 0 ||
        ber.len <= value_len) {
        return fault_set(fault, ERR_MALFORMED, "no proof of the chip's mapping");
    }
    memset(ones, 0xff, sizeof ones);
    cipher_block(&pace->encrypt, ones, iv);
    cipher_decrypt(&pace->encrypt, iv, ber.value, ber.len, plain);
    bool is_padded = plain[value_len] == 0x80;
    for (size_t i = value_len + 1; i < ber.len; i++) {
        is_padded = is_padded && plain[i] == 0;
    }
    pace->has_proof = is_padded;
    memcpy(pace->proof, plain, value_len);
    wipe(plain, sizeof plain);
    return is_padded ? OK : fault_set(fault, ERR_MALFORMED, "a proof without its padding");
}
