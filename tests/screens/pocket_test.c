// SPDX-License-Identifier: EUPL-1.2
//
// The pocket's one screen in every language and mode, and what it says of what happened.
#include "base/text.h"
#include "demo/pocket/pocket.h"
#include "tests/fakes/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { SHOWN = 12 };

static struct stage stage;
static struct pocket pocket;

static void fill(void)
{
    static const char body[] =
        "[{\"id\":\"nadia\",\"voornamen\":\"Nadia\",\"geslachtsnaam\":\"Haddad\","
        "\"birth\":\"1984-05-17\"},"
        "{\"id\":\"pieter\",\"voornamen\":\"Pieter Jan\",\"geslachtsnaam\":\"Voorbeeld\","
        "\"birth\":\"1951-02-03\"},"
        "{\"id\":\"sanne\",\"voornamen\":\"Sanne\",\"geslachtsnaam\":\"Proefman\","
        "\"birth\":\"1992-11-30\"},"
        "{\"id\":\"oud\",\"voornamen\":\"Cornelia\",\"geslachtsnaam\":\"Oudewater\","
        "\"birth\":\"1934\"}]";
    struct pocket_answer answer = {.kind = POCKET_LIST};
    assert_int_equal(pocket_read_residents(body, sizeof body - 1, &answer), OK);
    for (size_t i = answer.residents_count; i < SHOWN; i++) {
        answer.residents[i] = answer.residents[i % 4]; // as many as the town has
    }
    answer.residents_count = SHOWN;
    pocket.kind = 0;
    pocket_take(&pocket, &answer);
    pocket.named = pocket.residents[0].name;
    answer = (struct pocket_answer){.kind = POCKET_HELD};
    pocket_take(&pocket, &answer);
}

static void expect_audit(void (*fill_in)(void), const char *name)
{
    size_t findings = 0;
    for (size_t i = 0; i < STAGE_LANGUAGES_COUNT; i++) {
        for (enum stage_mode mode = 0; mode < STAGE_MODES_COUNT; mode++) {
            stage_set(&stage, stage_languages[i], mode);
            stage_phrases(&pocket.phrases, stage_languages[i]);
            fill_in();
            stage_lay(&stage, &pocket_scene, &pocket, name);
            findings += stage_audit(&stage, name, &audit_counter);
        }
    }
    assert_int_equal(findings, 0);
}

static void expect_golden(void (*fill_in)(void), const char *name)
{
    stage_set(&stage, "nl", STAGE_NORMAL);
    stage_phrases(&pocket.phrases, "nl");
    fill_in();
    stage_show(&stage, &pocket_scene, &pocket);
    assert_true(stage_is_golden(&stage, name));
}

static void every_language_and_mode_passes_the_audit(void **state)
{
    (void)state;
    expect_audit(fill, "pocket");
}

static void the_scene_equals_its_golden_picture(void **state)
{
    (void)state;
    expect_golden(fill, "pocket");
}

static struct pocket_card card_of(const char *body)
{
    struct pocket_card card;
    assert_int_equal(pocket_card_read(body, strlen(body), &card), OK);
    return card;
}

static void fill_cards(void)
{
    fill();
    const struct pocket_card cards[] = {
        card_of(
            "{\"kind\":\"id\",\"number\":\"SPECI0001\",\"can\":\"248613\",\"expiry\":\"320105\"}"),
        card_of("{\"kind\":\"passport\",\"number\":\"SPECI0002\",\"expiry\":\"271231\"}"),
        card_of("{\"kind\":\"pass\",\"number\":\"04A2B3C4D5E680\"}"),
        {.kind = POCKET_CARD_NONE},
    };
    for (size_t i = 0; i < pocket.residents_count; i++) {
        pocket.residents[i].card = cards[i % 4];
        pocket.residents[i].has_phone = i % 2 == 0;
    }
    pocket.kind = POCKET_KIND_CARD;
    struct pocket_answer answer = {.kind = POCKET_LAID, .laid = "nadia", .is_laid = true};
    pocket_take(&pocket, &answer);
}

static void cards_pass_the_audit_in_every_language_and_mode(void **state)
{
    (void)state;
    expect_audit(fill_cards, "pocket-cards");
}

static void the_cards_equal_their_golden_picture(void **state)
{
    (void)state;
    expect_golden(fill_cards, "pocket-cards");
}

static void a_card_shows_what_opens_it(void **state)
{
    (void)state;
    fill_cards();

    assert_string_equal(pocket.residents[0].card.can, "248613");
    assert_string_equal(pocket.residents[1].card.can, "");
    assert_string_equal(pocket.residents[1].card.expiry, "31-12-2027");
}

static void the_card_that_lies_there_is_the_last_one_laid(void **state)
{
    (void)state;
    fill_cards();
    assert_string_equal(pocket.laid, "nadia");
    struct pocket_answer answer = {.kind = POCKET_LAID, .laid = "nadia", .is_laid = false};

    pocket_take(&pocket, &answer);

    assert_string_equal(pocket.laid, "");
    assert_string_equal(pocket.said, "pocket.lifted");
    answer.err = ERR_IO;
    pocket_take(&pocket, &answer);
    assert_string_equal(pocket.said, "pocket.no_reader");
}

static void what_is_no_card_is_none(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "{}",
        "{\"kind\":\"id\"}",
        "{\"kind\":\"wallet\",\"number\":\"1\",\"expiry\":\"310101\"}",
        "{\"kind\":\"id\",\"number\":\"1\",\"expiry\":\"3101\"}",
        "{\"kind\":\"pass\",\"number\":\"\u202e\"}"};
    struct pocket_card card;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        assert_int_equal(pocket_card_read(bodies[i], strlen(bodies[i]), &card), ERR_MALFORMED);
        assert_int_equal(card.kind, POCKET_CARD_NONE);
    }
}

static void a_scanner_that_is_not_there_is_said(void **state)
{
    (void)state;
    struct pocket_answer answer = {.kind = POCKET_HELD, .err = ERR_IO};

    pocket_take(&pocket, &answer);

    assert_string_equal(pocket.said, "pocket.no_scanner");
}

static void birth_dates_are_shown_as_they_are_typed(void **state)
{
    (void)state;
    fill();

    assert_string_equal(pocket.residents[0].birth, "17-05-1984");
    assert_string_equal(pocket.residents[3].birth, "1934");
}

static void an_answer_without_a_code_gives_none(void **state)
{
    (void)state;
    static const char body[] = "{\"kind\":\"live\"}";
    static char text[POCKET_TEXT_BYTES];

    assert_int_equal(pocket_read_code(body, sizeof body - 1, text), ERR_MALFORMED);
    assert_string_equal(text, "");
}

static int open_stage(void **state)
{
    (void)state;
    stage_open(&stage, 640, 840, 3.78F);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&stage);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_language_and_mode_passes_the_audit),
        cmocka_unit_test(the_scene_equals_its_golden_picture),
        cmocka_unit_test(cards_pass_the_audit_in_every_language_and_mode),
        cmocka_unit_test(the_cards_equal_their_golden_picture),
        cmocka_unit_test(a_card_shows_what_opens_it),
        cmocka_unit_test(the_card_that_lies_there_is_the_last_one_laid),
        cmocka_unit_test(what_is_no_card_is_none),
        cmocka_unit_test(a_scanner_that_is_not_there_is_said),
        cmocka_unit_test(birth_dates_are_shown_as_they_are_typed),
        cmocka_unit_test(an_answer_without_a_code_gives_none),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
