// SPDX-License-Identifier: EUPL-1.2
//
// BAC's two steps.
#include "drivers/document/bac.h"

#include "base/bytes.h"
#include "base/entropy.h"

#include <string.h>

enum { SEALED_BYTES = 2 * BAC_CHALLENGE_BYTES + BAC_KEY_BYTES };

void bac_begin(struct bac_private *bac, const struct password_private *password)
{
    CHECK(!password->is_can && password->len >= PASSWORD_SEED_BYTES);

    wipe(bac, sizeof *bac);
    cipher_derive(CIPHER_3DES, CIPHER_ENCRYPT, password->bytes, PASSWORD_SEED_BYTES, &bac->encrypt);
    cipher_derive(CIPHER_3DES, CIPHER_AUTHENTICATE, password->bytes, PASSWORD_SEED_BYTES,
                  &bac->authenticate);
}

void bac_ask_challenge(struct apdu *apdu)
{
    *apdu = (struct apdu){.cla = 0x00, .ins = 0x84, .answer_bytes = BAC_CHALLENGE_BYTES};
}

enum err bac_take_challenge(struct bac_private *bac, const uint8_t *answer, size_t len,
                            struct fault *fault)
{
    if (len != BAC_CHALLENGE_BYTES) {
        return fault_set(fault, ERR_MALFORMED, "no challenge of eight bytes");
    }
    memcpy(bac->chip_challenge, answer, len);
    return OK;
}

void bac_ask_authenticate(struct bac_private *bac, const struct bac_choice_private *given,
                          struct apdu *apdu)
{
    *apdu =
        (struct apdu){.cla = 0x00, .ins = 0x82, .answer_bytes = SEALED_BYTES + CIPHER_MAC_BYTES};
    if (given != NULL) {
        bac->ours = *given;
    } else {
        entropy_fill(&bac->ours, sizeof bac->ours);
    }
    uint8_t plain[SEALED_BYTES];
    memcpy(plain, bac->ours.challenge, BAC_CHALLENGE_BYTES);
    memcpy(plain + BAC_CHALLENGE_BYTES, bac->chip_challenge, BAC_CHALLENGE_BYTES);
    memcpy(plain + 2 * BAC_CHALLENGE_BYTES, bac->ours.key, BAC_KEY_BYTES);
    cipher_encrypt(&bac->encrypt, NULL, plain, sizeof plain, apdu->data);
    cipher_mac(&bac->authenticate, apdu->data, sizeof plain, false, apdu->data + sizeof plain);
    apdu->len = sizeof plain + CIPHER_MAC_BYTES;
    wipe(plain, sizeof plain);
}

enum err bac_take_authenticate(struct bac_private *bac, const uint8_t *answer, size_t len,
                               struct fault *fault)
{
    uint8_t mac[CIPHER_MAC_BYTES];
    uint8_t plain[SEALED_BYTES];
    if (len != SEALED_BYTES + CIPHER_MAC_BYTES) {
        return fault_set(fault, ERR_MALFORMED, "an answer of another length");
    }
    cipher_mac(&bac->authenticate, answer, SEALED_BYTES, false, mac);
    if (!bytes_equal_secret(mac, answer + SEALED_BYTES, sizeof mac)) {
        return fault_set(fault, ERR_CRYPTO, "the answer's code of authenticity is wrong");
    }
    cipher_decrypt(&bac->encrypt, NULL, answer, SEALED_BYTES, plain);
    const bool is_ours =
        bytes_equal_secret(plain, bac->chip_challenge, BAC_CHALLENGE_BYTES) &&
        bytes_equal_secret(plain + BAC_CHALLENGE_BYTES, bac->ours.challenge, BAC_CHALLENGE_BYTES);
    if (is_ours) {
        for (size_t i = 0; i < BAC_KEY_BYTES; i++) {
            bac->seed[i] = bac->ours.key[i] ^ plain[2 * BAC_CHALLENGE_BYTES + i];
        }
        memcpy(bac->counter, bac->chip_challenge + 4, 4);
        memcpy(bac->counter + 4, bac->ours.challenge + 4, 4);
    }
    wipe(plain, sizeof plain);
    return is_ours ? OK : fault_set(fault, ERR_CRYPTO, "the answer is to another question");
}
