// SPDX-License-Identifier: EUPL-1.2
//
// Chip authentication's steps.
#include "drivers/document/chip_auth.h"

#include "base/bytes.h"

#include <string.h>

enum { TAG_DYNAMIC = 0x7c, TAG_OUR_OPEN = 0x80, TAG_KEY_OPEN = 0x91, TAG_KEY_ID = 0x84 };

static const struct chip_key *find_key(const struct chip_infos *infos,
                                       const struct chip_info *info);

enum err chip_auth_begin(struct chip_auth_private *auth, const struct chip_infos *infos)
{
    wipe(auth, sizeof *auth);
    for (size_t i = 0; i < infos->infos_count; i++) {
        const struct chip_info *info = &infos->infos[i];
        const struct chip_key *key = find_key(infos, info);
        if (key != NULL && (!auth->is_named || info->cipher > auth->info.cipher)) {
            auth->is_named = true;
            auth->info = *info;
            auth->key = *key;
        }
    }
    if (!auth->is_named) {
        if (infos->infos_count > 0 || infos->keys_count == 0) {
            return ERR_NOT_FOUND;
        }
        auth->key = infos->keys[0];
        auth->info = (struct chip_info){
            .cipher = CIPHER_3DES, .has_id = auth->key.has_id, .id = auth->key.id};
    }
    return curve_has_point(auth->key.curve, &auth->key.point)
               ? curve_pair(auth->key.curve, NULL, &auth->pair)
               : ERR_CRYPTO;
}

bool chip_auth_has_second(const struct chip_auth_private *auth)
{
    return auth->info.cipher != CIPHER_3DES;
}

void chip_auth_ask_set(const struct chip_auth_private *auth, struct apdu *apdu)
{
    const bool is_all = !chip_auth_has_second(auth);
    *apdu = (struct apdu){.cla = 0x00, .ins = 0x22, .p1 = 0x41, .p2 = is_all ? 0xa6 : 0xa4};
    if (is_all) {
        apdu_put(apdu, TAG_KEY_OPEN, auth->pair.open.bytes, auth->pair.open.len);
    } else {
        apdu_put(apdu, 0x80, auth->info.oid, sizeof auth->info.oid);
    }
    if (auth->info.has_id) {
        apdu_put(apdu, TAG_KEY_ID, &auth->info.id, 1);
    }
}

void chip_auth_ask_agree(const struct chip_auth_private *auth, struct apdu *apdu)
{
    *apdu = (struct apdu){.cla = 0x00, .ins = 0x86, .answer_bytes = APDU_SHORT_ANSWER};
    apdu_put(apdu, TAG_OUR_OPEN, auth->pair.open.bytes, auth->pair.open.len);
    apdu_wrap(apdu, TAG_DYNAMIC);
}

enum err chip_auth_restart(const struct chip_auth_private *auth, struct secure_private *secure)
{
    uint8_t shared[CURVE_VALUE_BYTES];
    const enum err err = curve_agree(auth->key.curve, &auth->pair, &auth->key.point, shared);
    if (err == OK) {
        secure_open_secret(secure, auth->info.cipher, shared, curve_bytes(auth->key.curve));
    }
    wipe(shared, sizeof shared);
    return err;
}

// By its number; without one on either side there is no choice to make.
static const struct chip_key *find_key(const struct chip_infos *infos, const struct chip_info *info)
{
    for (size_t i = 0; i < infos->keys_count; i++) {
        const struct chip_key *key = &infos->keys[i];
        if (!key->has_id || !info->has_id || key->id == info->id) {
            return key;
        }
    }
    return NULL;
}
