// SPDX-License-Identifier: EUPL-1.2
//
// Which names of a register are written like a document's zone, and with which spellings they are
// looked for.
#include "adapters/zone_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct pair {
    const char *zone_surname;
    const char *zone_given;
    const char *given;
    const char *prefix;
    const char *surname;
};

static enum zone_fit fit(const struct pair *pair, bool is_name_cut)
{
    const struct zone_holder zone = {
        .surname = pair->zone_surname, .given = pair->zone_given, .is_name_cut = is_name_cut};
    const struct register_name known = {
        .given = pair->given, .prefix = pair->prefix, .surname = pair->surname};
    return zone_name_fits(&zone, &known);
}

static void expect_all(const struct pair *pairs, size_t count, bool is_name_cut,
                       enum zone_fit expected)
{
    for (size_t i = 0; i < count; i++) {
        if (fit(&pairs[i], is_name_cut) != expected) {
            fail_msg("%s, %s: %d", pairs[i].zone_surname, pairs[i].zone_given,
                     (int)fit(&pairs[i], is_name_cut));
        }
    }
}
#define EXPECT_ALL(pairs, is_name_cut, expected)                                                   \
    expect_all(pairs, sizeof(pairs) / sizeof((pairs)[0]), is_name_cut, expected)

static void names_that_are_written_like_the_zone_fit(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"BERG", "SANNE MARIA", "Sanne Maria", "", "Berg"},
        {"VAN DER BERG", "SANNE", "Sanne", "van der", "Berg"},
        {"VAN DER BERG", "SANNE", "Sanne", "", "Van der Berg"},
        {"MUELLER", "JUERGEN", "J\u00fcrgen", "", "M\u00fcller"},
        {"MULLER", "JURGEN", "J\u00fcrgen", "", "M\u00fcller"},
        {"MUXXLLER", "A", "A", "", "M\u00dcLLER"},
        {"SMIT JANSEN", "ANNE MARIE", "Anne-Marie", "", "Smit-Jansen"},
        {"T HART", "DANIEL", "Dani\u00ebl", "'t", "Hart"},
        {"T HART", "DANIEL", "Daniel", "", "'t Hart"},
        {"DHONDT", "RENE", "Ren\u00e9", "d'", "Hondt"},
        {"D HONDT", "RENE", "Ren\u00e9", "d'", "Hondt"},
        {"OBRIEN", "SEAN", "Se\u00e1n", "", "O'Brien"},
        {"SOERENSEN", "AASE", "\u00c5se", "", "S\u00f8rensen"},
        {"GROSS", "AENNE", "\u00c4nne", "", "Gro\u00df"},
        {"IJSSELSTEIN", "TOMASZ", "Tomasz", "", "\u0132sselstein"},
        {"CELIK", "GUELCAN", "G\u00fclcan", "", "\u00c7elik"},
        {"ST JOHN", "", "", "", "St. John"},
        {"LUKASZ", "ZOFIA", "Zofia", "", "\u0141ukasz"},
        {"NUNEZ", "JOSE", "Jose\u0301", "", "Nu\u00f1ez"},
    };

    EXPECT_ALL(pairs, false, ZONE_FITS);
    EXPECT_ALL(pairs, true, ZONE_FITS);
}

static void other_names_differ(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"BERG", "SANNE", "Sanne", "van der", "Berg"},
        {"VAN DER BERG", "SANNE", "Sanne", "", "Berg"},
        {"BERG", "SANNE", "Sanne Maria", "", "Berg"},
        {"BERG", "SANNE MARIA", "Sanne", "", "Berg"},
        {"BERG", "SANNE", "", "", "Berg"},
        {"BERG", "", "Sanne", "", "Berg"},
        {"BERG", "SANNE", "Sanna", "", "Berg"},
        {"BERGEN", "SANNE", "Sanne", "", "Berg"},
        {"BERG", "SANNE", "Sanne", "", "Bergen"},
        {"BERG", "SANNE", "Sanne", "", "Borg"},
        {"SMITJANSEN", "ANNE", "Anne", "", "Smit-Jansen"},
        {"MEULLER", "ANNE", "Anne", "", "M\u00fcller"},
        {"BERG", "SANNE", "Sanne", "", "Berg\xff"},
        {"BERG", "SANNE", "Sanne", "", "\u0411\u0435\u0440\u0433"},
        {"BERG", "SANNE", "Sanne", "", "Berg 2"},
    };

    EXPECT_ALL(pairs, false, ZONE_DIFFERS);
}

static void a_cut_name_fits_when_surname_and_first_name_are_whole(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"PAPANDROPOULOUS", "JONATHON WARREN T", "Jonathon Warren Trevor", "", "Papandropoulous"},
        {"VAN DER BERG", "SANNE", "Sanne Maria Johanna", "van der", "Berg"},
    };

    EXPECT_ALL(pairs, true, ZONE_FITS);
    EXPECT_ALL(pairs, false, ZONE_DIFFERS);
}

static void a_cut_name_only_resembles_when_surname_or_first_name_went_on(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"NILAVADHANANANDA", "CHAYAPA DEJ", "Chayapa Dejthamrong", "", "Nilavadhanananda Krai"},
        {"BENNELONG WOOLOOMOO", "DI", "Dingo Potoroo", "", "Bennelong-Wooloomooloo"},
        {"VAN DER BERG", "SAN", "Sanne Maria", "van der", "Berg"},
        {"VAN DER BERGHEIDE", "", "Sanne", "van der", "Bergheide"},
    };

    EXPECT_ALL(pairs, true, ZONE_RESEMBLES);
    EXPECT_ALL(pairs, false, ZONE_DIFFERS);
}

static void a_cut_name_that_says_otherwise_differs(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"VAN DER BERG", "SANNE JO", "Sanne Maria", "van der", "Berg"},
        {"VAN DER BERGH", "SANNE", "Sanne Maria", "van der", "Berg"},
        {"VAN DER BERG", "SANNE MARIA", "Sanne", "van der", "Berg"},
    };

    EXPECT_ALL(pairs, true, ZONE_DIFFERS);
}

static void expect_spellings(const char *surname, bool is_cut, size_t plain_count,
                             const char *const *expected, size_t count)
{
    struct zone_spellings_private list;
    zone_spellings(surname, is_cut, &list);
    assert_int_equal(list.count, count);
    assert_int_equal(list.plain_count, plain_count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(list.words[i], expected[i]);
    }
    assert_false(list.is_incomplete);
}
#define EXPECT_SPELLINGS(surname, is_cut, plain_count, ...)                                        \
    expect_spellings(surname, is_cut, plain_count, (const char *const[]){__VA_ARGS__},             \
                     sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void a_name_is_looked_for_as_the_rules_may_have_written_it(void **state)
{
    (void)state;
    EXPECT_SPELLINGS("BERG", false, 1, "BERG");
    EXPECT_SPELLINGS("VAN DER BERG", false, 2, "BERG", "VAN DER BERG");
    EXPECT_SPELLINGS("VAN BERG DIJK", false, 4, "BERG DIJK", "BERG-DIJK", "VAN BERG DIJK",
                     "VAN BERG-DIJK");
    EXPECT_SPELLINGS("SMIT JANSEN", false, 2, "SMIT JANSEN", "SMIT-JANSEN");
    EXPECT_SPELLINGS("MUELLER", false, 1, "MUELLER", "MULLER");
    EXPECT_SPELLINGS("MUELLER SMIT", false, 2, "MUELLER SMIT", "MUELLER-SMIT", "MULLER SMIT",
                     "MULLER-SMIT");
    EXPECT_SPELLINGS("GROSS", false, 1, "GROSS", "GRO\u00df");
    EXPECT_SPELLINGS("T HART", false, 2, "HART", "T HART");
    EXPECT_SPELLINGS("DHONDT", false, 1, "DHONDT", "D'HONDT", "HONDT");
    EXPECT_SPELLINGS("OBRIEN", false, 1, "OBRIEN", "O'BRIEN");
}

static void a_cut_name_is_looked_for_by_its_beginning(void **state)
{
    (void)state;
    EXPECT_SPELLINGS("VERKRUIJSSEN", true, 1, "VERKRUIJSSEN*", "VERKRUIJ\u00dfEN*");
    EXPECT_SPELLINGS("OS", true, 1, "OS", "O'S*");
}

static void a_name_of_prefixes_alone_stays_whole(void **state)
{
    (void)state;
    EXPECT_SPELLINGS("VAN", false, 1, "VAN");
    EXPECT_SPELLINGS("DE LA", false, 2, "LA", "DE LA", "L'A", "A");
}

static void more_spellings_than_are_tried_are_said(void **state)
{
    (void)state;
    struct zone_spellings_private list;
    zone_spellings("A B C D E F G H", false, &list);
    assert_true(list.is_incomplete);
    zone_spellings("AEAEAEAEAEAEAEAEAEAEAEAEAEAEAEAEAEAEAEA", false, &list);
    assert_true(list.is_incomplete);
    assert_true(list.count <= ZONE_SPELLINGS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_are_written_like_the_zone_fit),
        cmocka_unit_test(other_names_differ),
        cmocka_unit_test(a_cut_name_fits_when_surname_and_first_name_are_whole),
        cmocka_unit_test(a_cut_name_only_resembles_when_surname_or_first_name_went_on),
        cmocka_unit_test(a_cut_name_that_says_otherwise_differs),
        cmocka_unit_test(a_name_is_looked_for_as_the_rules_may_have_written_it),
        cmocka_unit_test(a_cut_name_is_looked_for_by_its_beginning),
        cmocka_unit_test(a_name_of_prefixes_alone_stays_whole),
        cmocka_unit_test(more_spellings_than_are_tried_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
