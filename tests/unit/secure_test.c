// SPDX-License-Identifier: EUPL-1.2
//
// Secure messaging: what a chip seals is opened, and whatever is not exactly as agreed ends the
// session. The standard's own messages are in icao9303_test.c.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "drivers/document/secure.h"
#include "tests/fakes/sealed_answer.h"

#include <string.h>

static const enum cipher ciphers[] = {CIPHER_3DES, CIPHER_AES128, CIPHER_AES192, CIPHER_AES256};

struct session {
    struct secure_private secure;
    struct cipher_key_private encrypt;
    struct cipher_key_private authenticate;
    uint8_t counter[CIPHER_BLOCK_BYTES_MAX];
    uint8_t plain[SECURE_ANSWER_BYTES_MAX];
    size_t plain_len;
    uint16_t status;
    struct fault fault;
};

// With one command sent.
static void begin(struct session *session, enum cipher cipher)
{
    static const uint8_t secret[] = "a secret of nobody";
    const struct apdu apdu = {.ins = 0xb0, .answer_bytes = 100};
    uint8_t sealed[APDU_BYTES_MAX];
    *session = (struct session){.plain_len = 0};
    cipher_derive(cipher, CIPHER_ENCRYPT, secret, sizeof secret, &session->encrypt);
    cipher_derive(cipher, CIPHER_AUTHENTICATE, secret, sizeof secret, &session->authenticate);
    secure_open_secret(&session->secure, cipher, secret, sizeof secret);
    assert_true(secure_command(&session->secure, &apdu, sealed) > 0);
    memcpy(session->counter, session->secure.counter, sizeof session->counter);
}

static struct sealed_answer answer_of(const struct session *session)
{
    return (struct sealed_answer){.encrypt = &session->encrypt,
                                  .authenticate = &session->authenticate,
                                  .counter = session->counter,
                                  .status = 0x9000};
}

static enum err open_it(struct session *session, const uint8_t *answer, size_t len,
                        size_t plain_bytes)
{
    return secure_answer(&session->secure, answer, len, session->plain, plain_bytes,
                         &session->plain_len, &session->status, &session->fault);
}

static void expect_end(struct session *session, enum err err)
{
    static const struct secure_private nothing;
    assert_int_equal(session->fault.err, err);
    assert_false(session->secure.is_open);
    assert_memory_equal(&session->secure, &nothing, sizeof nothing);
}

static void answers_of_every_length_are_opened(void **state)
{
    (void)state;
    static struct session session;
    static const size_t lengths[] = {1, 7, 8, 15, 16, 17, 200, 231, 4000};
    static uint8_t data[4000];
    static uint8_t answer[SEALED_ANSWER_BYTES];
    memset(data, 0x80, sizeof data);
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < sizeof lengths / sizeof lengths[0]; j++) {
            begin(&session, ciphers[i]);
            struct sealed_answer sealed = answer_of(&session);
            sealed.plain = data;
            sealed.plain_len = lengths[j];
            sealed.status = 0x6282;
            const size_t len = sealed_answer_write(&sealed, answer);

            assert_int_equal(open_it(&session, answer, len, sizeof session.plain), OK);

            assert_int_equal(session.plain_len, lengths[j]);
            assert_memory_equal(session.plain, data, lengths[j]);
            assert_int_equal(session.status, 0x6282);
        }
    }
}

static void a_status_alone_is_opened_when_it_is_sealed(void **state)
{
    (void)state;
    static struct session session;
    static uint8_t answer[SEALED_ANSWER_BYTES];
    begin(&session, CIPHER_AES128);
    struct sealed_answer sealed = answer_of(&session);
    sealed.status = 0x6a82;
    const size_t len = sealed_answer_write(&sealed, answer);

    assert_int_equal(open_it(&session, answer, len, 0), OK);

    assert_int_equal(session.status, 0x6a82);
    assert_int_equal(session.plain_len, 0);
    assert_true(session.secure.is_open);
}

static void every_changed_bit_of_an_answer_ends_the_session(void **state)
{
    (void)state;
    static struct session session;
    static uint8_t answer[SEALED_ANSWER_BYTES];
    for (size_t i = 0; i < 2; i++) {
        begin(&session, ciphers[i]);
        struct sealed_answer sealed = answer_of(&session);
        sealed.plain = "twelve bytes";
        sealed.plain_len = 12;
        const size_t len = sealed_answer_write(&sealed, answer);
        for (size_t bit = 0; bit < 8 * len; bit++) {
            begin(&session, ciphers[i]);
            answer[bit / 8] ^= (uint8_t)(1 << bit % 8);

            assert_int_not_equal(open_it(&session, answer, len, 100), OK);

            expect_end(&session, session.fault.err);
            assert_int_equal(session.plain_len, 0);
            answer[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
}

static void an_answer_of_another_turn_ends_the_session(void **state)
{
    (void)state;
    static struct session session;
    static uint8_t answer[SEALED_ANSWER_BYTES];
    for (int turn = -1; turn <= 1; turn += 2) {
        begin(&session, CIPHER_3DES);
        session.counter[7] = (uint8_t)(session.counter[7] + turn);
        const struct sealed_answer sealed = answer_of(&session);
        const size_t len = sealed_answer_write(&sealed, answer);

        assert_int_equal(open_it(&session, answer, len, 0), ERR_CRYPTO);

        expect_end(&session, ERR_CRYPTO);
    }
}

static void a_bare_status_ends_the_session_whatever_it_says(void **state)
{
    (void)state;
    static struct session session;
    static const uint8_t statuses[][2] = {{0x90, 0x00}, {0x69, 0x88}, {0x6a, 0x82}};
    for (size_t i = 0; i < 3; i++) {
        begin(&session, CIPHER_AES256);

        assert_int_equal(open_it(&session, statuses[i], 2, 0), ERR_REFUSED);

        expect_end(&session, ERR_REFUSED);
    }
    begin(&session, CIPHER_AES256);
    assert_int_equal(open_it(&session, statuses[0], 1, 0), ERR_MALFORMED);
    expect_end(&session, ERR_MALFORMED);
}

static void padding_that_is_none_ends_the_session(void **state)
{
    (void)state;
    static struct session session;
    static uint8_t answer[SEALED_ANSWER_BYTES];
    static const uint8_t paddings[][16] = {
        {0},                                                       // none at all
        {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0x81}, // not the mark
        {1, 2, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},       // a block too many
    };
    for (size_t i = 0; i < 3; i++) {
        begin(&session, CIPHER_3DES);
        struct sealed_answer sealed = answer_of(&session);
        sealed.padded = paddings[i];
        sealed.padded_len = 16;
        const size_t len = sealed_answer_write(&sealed, answer);

        assert_int_equal(open_it(&session, answer, len, 100), ERR_MALFORMED);

        expect_end(&session, ERR_MALFORMED);
    }
}

static void more_than_was_asked_for_ends_the_session(void **state)
{
    (void)state;
    static struct session session;
    static uint8_t answer[SEALED_ANSWER_BYTES];
    begin(&session, CIPHER_AES128);
    struct sealed_answer sealed = answer_of(&session);
    sealed.plain = "twelve bytes";
    sealed.plain_len = 12;
    const size_t len = sealed_answer_write(&sealed, answer);

    assert_int_equal(open_it(&session, answer, len, 11), ERR_TOO_BIG);

    expect_end(&session, ERR_TOO_BIG);
}

// Both as another reader writes them: what the sealed answer may hold fits, and one more does not.
static void the_room_of_an_answer_is_used_to_its_last_byte(void **state)
{
    (void)state;
    static struct session session;
    static const size_t answers[] = {256, 1000, 4096};
    static uint8_t data[4200];
    static uint8_t answer[SEALED_ANSWER_BYTES];
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 3; j++) {
            begin(&session, ciphers[i]);
            struct sealed_answer sealed = answer_of(&session);
            sealed.plain = data;
            sealed.plain_len = secure_room(ciphers[i], answers[j]);
            assert_true(sealed_answer_write(&sealed, answer) - 2 <= answers[j]);
            sealed.plain_len += 1;
            assert_true(sealed_answer_write(&sealed, answer) - 2 > answers[j]);
        }
    }
    assert_int_equal(secure_room(CIPHER_3DES, 256), 0xe7);
    assert_int_equal(secure_room(CIPHER_AES128, 256), 0xdf);
}

static void long_answers_are_asked_for_with_long_lengths(void **state)
{
    (void)state;
    static struct session session;
    const struct apdu apdu = {.ins = 0xb0, .answer_bytes = 1000};
    uint8_t sealed[APDU_BYTES_MAX];
    begin(&session, CIPHER_AES128);

    const size_t len = secure_command(&session.secure, &apdu, sealed);

    static const uint8_t head[] = {0x0c, 0xb0, 0, 0, 0, 0, 14, 0x97, 2, 0x03, 0xe8, 0x8e, 8};
    assert_memory_equal(sealed, head, sizeof head);
    assert_int_equal(len, sizeof head + 8 + 2);
    assert_int_equal(sealed[len - 1], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_of_every_length_are_opened),
        cmocka_unit_test(a_status_alone_is_opened_when_it_is_sealed),
        cmocka_unit_test(every_changed_bit_of_an_answer_ends_the_session),
        cmocka_unit_test(an_answer_of_another_turn_ends_the_session),
        cmocka_unit_test(a_bare_status_ends_the_session_whatever_it_says),
        cmocka_unit_test(padding_that_is_none_ends_the_session),
        cmocka_unit_test(more_than_was_asked_for_ends_the_session),
        cmocka_unit_test(the_room_of_an_answer_is_used_to_its_last_byte),
        cmocka_unit_test(long_answers_are_asked_for_with_long_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
