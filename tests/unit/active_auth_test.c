// SPDX-License-Identifier: EUPL-1.2
//
// Active authentication: RSA signatures by ISO/IEC 9796-2 with every trailer, made by a key of
// nobody's, and what is almost one. Whole chips are in tests/flow/emrtd_test.c.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "drivers/document/active_auth.h"
#include "drivers/document/ber.h"

#include <string.h>

enum { FILE_BYTES = 256, SIGNATURE_BYTES = 128 };

static const char key_hex[] =
    "30819f300d06092a864886f70d010101050003818d0030818902818100c514104a5d7d99d06bad0cfcec78"
    "0576bd03b6479a332ca28c3f4b4ba080b2376a9870ff2e86ab1fd4cc051107c7bb5c19f54c37b023699845"
    "d84596c2b235acf65d621ed84e2e2b5e09c020a31a5703c500d2469e1e0168028fa03e2f8bb3aa1b6ec525"
    "979157d66cb51d4a8e1bd5d69313ddc6c4655c0a425c101fa12e07670203010001";

// Over the challenge 01 02 .. 08; all but the last five are right: another head, another challenge,
// a trailer that names another hash, none, one that is not known.
static const struct {
    const char *hex;
    bool is_right;
} signatures[] = {
    {"bae1e9ef4a4635624436d4a17540ba1c8f8438b6b35330a5afaffe4e72615ca0789166fd4c820cb193eb8b"
     "9f57b15fca10a5b4d2209b404d531680d469acd3c33fe9689eddaf19ce6f5ade18d85460b25a5d305e6e78"
     "01ab6ab615e0c648e76836d5810119effa06ec3e21c5b0f7ccd578c05313b1cdaf85f6699b637fcd2ceb",
     true},
    {"158b2a3581c07a66ab07a8a9fea1e2804e8c63a5372483be7d807476b748e7e2343a11e4c5eef81923dabe"
     "b1eed1e16703992b459d103ae42937690a65cb07acaea2fedf2359972a3f0d77643d2c9313b54d06477dc7"
     "e04a439e46d3fbaedfe8d6262bf54c974e57a9716c373e12c9402eb0901121844fe939ab758e6118cb50",
     true},
    {"78f69c61e739bf4010e5740367d87d4f53b0e4f79fbf8c49424c423053229840f24cd8fcec3ad7882d9089"
     "f43415ad6bd53ef85440c0f593f2dacaf3a638cdefb18b11908816dc81c0165dd32b4e809475e0f4e290e8"
     "4de86c47e38adc4d5c48ecae2fb8a23e70109d6c2fca3f6dabf23f2134fbad34b126e5be424aac10d383",
     true},
    {"1d8bb0b453eddaf9b361f2c8d94c43fed4d69ed0d7194fb52c7c0c4cd26c3a1d73764147b1891304776de5"
     "1d1525d576c36a52d04305f2f4afc859852631b75247f99decd01c652b1f05797beefcacd25cc15ed7a653"
     "2a5a3ee03d4e5a0b3591eeb99537c1fd4213e8bd3bdd8536d0cf26257e5180e41bb47e8f03a6b02e58a2",
     true},
    {"0cd5cdc49b4e220206306529b83fa5daa6096e3c93e5cc8f6d0d288efd82400293d6781d55d8f0ce5c8bf5"
     "9a270378bdd2d50795e7b8841e27c5e4a06c3c4d4ec47b25d3e685894ff4038636ecf79a29e6834b2a23b2"
     "bc886da1820a07532904b7f4bd5462a01f45479647dbece67136b0b3c4fd5bb6ce14bc1f8510b29a3cd9",
     true},
    {"b223f4bf29831d183b6daf32a05d442070af78736adad599f1d634ee38cc2f106b708bfd6f88b60eeb8538"
     "740af6544f42c628cd3a720366bd092e3b2186248cc8e53f8b2cdaed4fc77bdd886f71d490fa894edd86ed"
     "6982cd835ed407f0cc40742f3b96761e8a4078102ee4551c38ff1e4c594e57720dc2c8f7fa43d6f68aa8",
     true},
    {"302624226c29e0e4347e3aad00d742b002a9c20ee6d53cda80d7211e58733041b1f1405dcaee5ddfab48ce"
     "ffe10132c0e1f56be0d7182db6cfa5eaa60adeac9a968c116f2136c9f0ae1c0366d3a6989f1f4105cb5f3c"
     "c053d623ccd480c206e9a9ef2406568a0837fababab3bf029a98dd9042c5a5cba80b4aa3a602ab669dd4",
     false},
    {"4c9b80afbc2a854373458b26664b0871e75ee545c8bbaece43e9526020391ef3cb9d9f2e0a60a493d017fb"
     "d92aa8030564ec843c3cd773111696805ca4a0b4043a07d8410dc65e30c06d355c297139e8c2ec26118cde"
     "9d38b1632340503fc7b7f9c39d75ebdc37419167d5838a95464d1cb798f80576ad6d4c1fac6b8ab0769f",
     false},
    {"c0fab104e661f81242f52d972e9b0fd3db5faf7a30370fd3956decfbacc87c82452476e10d99987dda8f8c"
     "e7cf403925ef59cdbcdfd4f85d1ac12561944b2977843ef892f803c1b1a273159da5fe7efb22b67a0189b7"
     "297e28fbb05fdd02940f2c05973595bc50b351a33e2a8a20dcbd837c7f92459cb706deb615ca0235f4fc",
     false},
    {"5082e8e62e0deaef87addba6d8ecbaf8fa67e4a212a032d2f70ca87432c678e16e5ea315631b072848d2bd"
     "8dc50556873651a9caceba18f54fed678954c7a2cd599cbc593ad3a2f3e937b48b529a6e9307f6eba177c2"
     "c05475db3b50ddc4780660c775285cd9696b4e509629908b8fe33cd9605a30247bfcf91696d0cd18ea94",
     false},
    {"bb0e2045008241019fa7af90f32b01bc84d1ac551148a675edd16c803c2ca87e8ca0ba405bf043440ad6b9"
     "8bb51a3d31222c88aabe92b107d68ea4283b36c5c4c5cd7fe0f2885bd9ddf4ec0d09023693f92c7f67ece5"
     "d918f69d53770b96464b51727b585d584d519e036f47606314684724144266adf8d32e182027992e7f40",
     false},
};

static size_t unhex(const char *text, uint8_t *out, size_t out_bytes)
{
    size_t len = 0;
    assert_int_equal(hex_decode(text, strlen(text), out, out_bytes, &len), OK);
    return len;
}

static void begin(struct active_auth *auth)
{
    static const uint8_t challenge[ACTIVE_CHALLENGE_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8};
    const struct chip_infos infos = {.keys_count = 0};
    uint8_t key[FILE_BYTES];
    uint8_t file[FILE_BYTES];
    const size_t key_len = unhex(key_hex, key, sizeof key);
    const size_t len = ber_put(0x6f, key, key_len, file, sizeof file);
    assert_int_equal(active_auth_begin(auth, file, len, &infos), OK);
    assert_int_equal(auth->key.kind, PUBLIC_KEY_RSA);
    memcpy(auth->challenge, challenge, sizeof challenge);
}

static void signatures_with_known_trailers_hold_and_others_do_not(void **state)
{
    (void)state;
    static struct active_auth auth;
    begin(&auth);
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        uint8_t signature[SIGNATURE_BYTES];
        const size_t len = unhex(signatures[i].hex, signature, sizeof signature);

        assert_int_equal(active_auth_take(&auth, signature, len),
                         signatures[i].is_right ? OK : ERR_CRYPTO);
    }
}

static void a_signature_is_for_one_challenge_and_of_one_length(void **state)
{
    (void)state;
    static struct active_auth auth;
    static const uint8_t zeros[SIGNATURE_BYTES];
    uint8_t signature[SIGNATURE_BYTES];
    begin(&auth);
    const size_t len = unhex(signatures[0].hex, signature, sizeof signature);

    assert_int_equal(active_auth_take(&auth, signature, len - 1), ERR_CRYPTO);
    assert_int_equal(active_auth_take(&auth, signature, 0), ERR_CRYPTO);
    assert_int_equal(active_auth_take(&auth, zeros, sizeof zeros), ERR_CRYPTO);
    auth.challenge[0] ^= 1;
    assert_int_equal(active_auth_take(&auth, signature, len), ERR_CRYPTO);
}

static void every_challenge_is_a_new_one(void **state)
{
    (void)state;
    static struct active_auth auth;
    struct apdu one;
    struct apdu other;
    begin(&auth);

    active_auth_ask(&auth, false, &one);
    active_auth_ask(&auth, true, &other);

    assert_int_equal(one.len, ACTIVE_CHALLENGE_BYTES);
    assert_memory_not_equal(one.data, other.data, ACTIVE_CHALLENGE_BYTES);
    assert_int_equal(one.answer_bytes, APDU_SHORT_ANSWER);
    assert_true(other.answer_bytes > APDU_SHORT_ANSWER);
}

static void a_file_that_holds_no_key_is_refused(void **state)
{
    (void)state;
    static struct active_auth auth;
    static uint8_t file[ACTIVE_KEY_BYTES_MAX + 16];
    static const uint8_t nothing[ACTIVE_KEY_BYTES_MAX + 1];
    const struct chip_infos infos = {.keys_count = 0};
    const size_t len = ber_put(0x6f, nothing, sizeof nothing, file, sizeof file);

    assert_int_equal(active_auth_begin(&auth, file, len, &infos), ERR_TOO_BIG);
    assert_int_equal(active_auth_begin(&auth, file, len - 1, &infos), ERR_MALFORMED);
    assert_int_equal(active_auth_begin(&auth, file, 0, &infos), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_with_known_trailers_hold_and_others_do_not),
        cmocka_unit_test(a_signature_is_for_one_challenge_and_of_one_length),
        cmocka_unit_test(every_challenge_is_a_new_one),
        cmocka_unit_test(a_file_that_holds_no_key_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
