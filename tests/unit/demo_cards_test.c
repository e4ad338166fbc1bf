// SPDX-License-Identifier: EUPL-1.2
//
// The fictional residents' cards say what the register says of them: the names by the hub's own
// rule, numbers that repeat nowhere, check digits as ICAO's specimens have them.
#include "adapters/zone_name.h"
#include "base/file.h"
#include "base/text.h"
#include "demo/chip/chip_zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct json *town;

static int begin(void **state)
{
    (void)state;
    char path[512];
    char *bytes = NULL;
    size_t len = 0;
    const char *root = getenv("INLOOP_ROOT");
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/assets/demo/townhall/residents.json", root == NULL ? "." : root);
    assert_int_equal(file_read(path, 1 << 20, &bytes, &len), OK);
    assert_int_equal(json_parse(bytes, len, &town), OK);
    free(bytes);
    return 0;
}

static int end(void **state)
{
    (void)state;
    json_free(town);
    return 0;
}

static const char *or_empty(const char *words)
{
    return words == NULL ? "" : words;
}

static void printed_names_are_the_registers(void **state)
{
    (void)state;
    const struct json *residents = json_get(town, "residents");
    size_t documents_count = 0;
    for (size_t i = 0; i < json_len(residents); i++) {
        const struct json *resident = json_at(residents, i);
        const struct json *card = json_get(resident, "card");
        const char *surname = json_get_text(card, "surname");
        if (surname == NULL) {
            continue; // none, or a pass: nothing is printed on it
        }
        documents_count += 1;
        const struct zone_holder zone = {.surname = surname, .given = json_get_text(card, "given")};
        const struct register_name known = {.given = json_get_text(resident, "voornamen"),
                                            .prefix =
                                                or_empty(json_get_text(resident, "voorvoegsel")),
                                            .surname = json_get_text(resident, "geslachtsnaam")};
        if (zone_name_fits(&zone, &known) != ZONE_FITS) {
            fail_msg("%s", json_get_text(resident, "id"));
        }
    }
    assert_true(documents_count >= 8);
}

static void no_two_cards_have_one_number(void **state)
{
    (void)state;
    static const char *const keys[] = {"number", "can"};
    const struct json *residents = json_get(town, "residents");
    for (size_t key = 0; key < 2; key++) {
        for (size_t i = 0; i < json_len(residents); i++) {
            for (size_t j = 0; j < i; j++) {
                const char *one = json_get_text(json_get(json_at(residents, i), "card"), keys[key]);
                const char *other =
                    json_get_text(json_get(json_at(residents, j), "card"), keys[key]);
                assert_false(one != NULL && other != NULL && text_equal(one, other));
            }
        }
    }
}

static void make_zone(const char *body, struct chip_zone *zone)
{
    struct json *resident = NULL;
    assert_int_equal(json_parse(body, strlen(body), &resident), OK);
    assert_int_equal(chip_zone_make(resident, 0, zone), OK);
    json_free(resident);
}

// ICAO Doc 9303-5 appendix B and 9303-4 appendix B: Anna Maria Eriksson of Utopia.
static void zones_are_those_of_the_specimens(void **state)
{
    (void)state;
    struct chip_zone zone;

    make_zone("{\"birth\":\"1974-08-12\",\"card\":{\"kind\":\"id\",\"number\":\"D23145890\","
              "\"issuer\":\"UTO\",\"nationality\":\"UTO\",\"sex\":\"F\",\"expires\":\"2012-04-15\","
              "\"surname\":\"ERIKSSON\",\"given\":\"ANNA MARIA\"}}",
              &zone);
    assert_string_equal(zone.lines, "I<UTOD231458907<<<<<<<<<<<<<<<"
                                    "7408122F1204159UTO<<<<<<<<<<<6"
                                    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<");

    make_zone(
        "{\"birth\":\"1974-08-12\",\"card\":{\"kind\":\"passport\",\"number\":\"L898902C3\","
        "\"issuer\":\"UTO\",\"nationality\":\"UTO\",\"sex\":\"F\",\"expires\":\"2012-04-15\","
        "\"personal_number\":\"ZE184226B\",\"surname\":\"ERIKSSON\",\"given\":\"ANNA MARIA\"}}",
        &zone);
    assert_string_equal(zone.lines, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
                                    "L898902C36UTO7408122F1204159ZE184226B<<<<<10");
}

static void what_is_unknown_of_a_birth_date_is_filler(void **state)
{
    (void)state;
    struct chip_zone zone;

    make_zone("{\"birth\":\"1966\",\"card\":{\"kind\":\"id\",\"number\":\"1\",\"expires\":\"+1d\","
              "\"surname\":\"A\",\"given\":\"\"}}",
              &zone);

    assert_string_equal(zone.birth, "66<<<<");
    assert_string_equal(zone.expiry, "700102");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printed_names_are_the_registers),
        cmocka_unit_test(no_two_cards_have_one_number),
        cmocka_unit_test(zones_are_those_of_the_specimens),
        cmocka_unit_test(what_is_unknown_of_a_birth_date_is_filler),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
