// SPDX-License-Identifier: EUPL-1.2
//
// The machine-readable zone: names, dates, long numbers, and every way it can break its own rules.
// The specimens of all sizes are in icao9303_test.c. Nobody here exists.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "drivers/document/ber.h"
#include "drivers/document/password.h"
#include "drivers/document/zone.h"

#include <string.h>

enum { FILE_BYTES = 160 };

static const struct date today = {.year = 2026, .month = 11, .day = 27};

// Where a form has its check digits, and over what.
struct digit {
    size_t at;
    size_t from;
    size_t len;
};

static const char td1[] = "I<NLDSPECI20142999999990<<<<<<"
                          "8403126F3003158NLD<<<<<<<<<<<8"
                          "VAN<DER<BERG<<SANNE<MARIA<<<<<";
static const char td3[] = "P<NLDVAN<DER<BERG<<SANNE<MARIA<<<<<<<<<<<<<<"
                          "SPECI20142NLD8403124F3003150999999990<<<<<84";

static size_t wrap(const char *zone, uint8_t file[FILE_BYTES])
{
    uint8_t inside[FILE_BYTES];
    const size_t len = ber_put(0x5f1f, zone, strlen(zone), inside, sizeof inside);
    return ber_put(0x61, inside, len, file, FILE_BYTES);
}

static enum err read_zone(const char *zone, struct document_holder_private *holder)
{
    uint8_t file[FILE_BYTES];
    const size_t len = wrap(zone, file);
    return zone_read(file, len, today, holder);
}

// Puts a field into a zone of the smallest form and makes its digits right again.
static void put(char zone[sizeof td1], size_t at, const char *field)
{
    static const struct digit digits[] = {{14, 5, 9}, {36, 30, 6}, {44, 38, 6}};
    static const size_t parts[][2] = {{5, 25}, {30, 7}, {38, 7}, {48, 11}};
    char joined[64];
    size_t len = 0;
    memcpy(zone + at, field, strlen(field));
    for (size_t i = 0; i < 3; i++) {
        if (zone[digits[i].at] != '<') {
            zone[digits[i].at] = zone_check_digit(zone + digits[i].from, digits[i].len);
        }
    }
    for (size_t i = 0; i < 4; i++) {
        memcpy(joined + len, zone + parts[i][0], parts[i][1]);
        len += parts[i][1];
    }
    zone[59] = zone_check_digit(joined, len);
}

static void a_name_of_several_parts_has_one_space_between(void **state)
{
    (void)state;
    static const char *const zones[] = {td1, td3};
    for (size_t i = 0; i < 2; i++) {
        char zone[sizeof td1] = "";
        struct document_holder_private holder;
        (void)strcpy(zone, zones[i]);
        if (i == 0) {
            put(zone, 0, "I");
        }

        const enum err err = read_zone(zone, &holder);

        assert_int_equal(err, OK);
        assert_string_equal(holder.surname, "VAN DER BERG");
        assert_string_equal(holder.given, "SANNE MARIA");
        assert_string_equal(holder.birth_iso, "1984-03-12");
        assert_string_equal(holder.expiry_iso, "2030-03-15");
        assert_string_equal(holder.issuer, "NLD");
        assert_false(holder.is_name_cut);
        assert_null(memmem(&holder, sizeof holder, "999999990", 9));
    }
}

static void names_without_given_ones_and_full_lines_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *field;
        const char *surname;
        const char *given;
        bool is_cut;
    } rows[] = {
        {"ARIANTO<<<<<<<<<<<<<<<<<<<<<<<", "ARIANTO", "", false},
        {"BENNELONG<WOOLOOMOOLOO<WARRAND", "BENNELONG WOOLOOMOOLOO WARRAND", "", true},
        {"NILAVADHANANANDA<<CHAYAPA<DEJT", "NILAVADHANANANDA", "CHAYAPA DEJT", true},
        {"NILAVADHANANANDA<<CHAYAPA<DEJ<", "NILAVADHANANANDA", "CHAYAPA DEJ", false},
        {"A<<B<<C<<<<<<<<<<<<<<<<<<<<<<<", "A", "B C", false},
        {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAA<", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char zone[sizeof td1];
        struct document_holder_private holder;
        (void)strcpy(zone, td1);
        put(zone, 60, rows[i].field);

        assert_int_equal(read_zone(zone, &holder), OK);

        assert_string_equal(holder.surname, rows[i].surname);
        assert_string_equal(holder.given, rows[i].given);
        assert_int_equal(holder.is_name_cut, rows[i].is_cut);
    }
}

static void names_no_zone_can_hold_are_refused(void **state)
{
    (void)state;
    static const char *const fields[] = {
        "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "<<SANNE<<<<<<<<<<<<<<<<<<<<<<<",
        "VAN<DER<BERG2<SANNE<<<<<<<<<<<", "van<der<berg<<sanne<<<<<<<<<<<",
        "VAN DER BERG<<SANNE<<<<<<<<<<<",
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        static const struct document_holder_private nobody;
        char zone[sizeof td1];
        struct document_holder_private holder;
        (void)strcpy(zone, td1);
        put(zone, 60, fields[i]);

        assert_int_equal(read_zone(zone, &holder), ERR_MALFORMED);

        assert_memory_equal(&holder, &nobody, sizeof holder);
    }
}

static void centuries_are_reckoned_from_today(void **state)
{
    (void)state;
    static const struct {
        const char *birth;
        const char *expiry;
        const char *birth_iso;
        const char *expiry_iso;
    } rows[] = {
        {"261127", "261127", "2026-11-27", "2026-11-27"},
        {"261128", "360101", "1926-11-28", "2036-01-01"},
        {"000229", "760101", "2000-02-29", "2076-01-01"},
        {"660000", "770101", "1966-00-00", "1977-01-01"},
        {"840312", "300015", NULL, NULL},
        {"66<<<<", "770101", "1966-00-00", "1977-01-01"},
        {"9903<<", "300315", "1999-03-00", "2030-03-15"},
        {"<<<<<<", "300315", "0000-00-00", "2030-03-15"},
        {"270229", "300315", NULL, NULL}, // neither 2027 nor 1927 had that day
        {"841312", "300315", NULL, NULL},
        {"840312", "30<<15", NULL, NULL},
        {"840312", "300231", NULL, NULL},
        {"8403A2", "300315", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char zone[sizeof td1];
        struct document_holder_private holder;
        (void)strcpy(zone, td1);
        put(zone, 30, rows[i].birth);
        put(zone, 38, rows[i].expiry);

        const enum err err = read_zone(zone, &holder);

        assert_int_equal(err, rows[i].birth_iso == NULL ? ERR_MALFORMED : OK);
        if (err == OK) {
            assert_string_equal(holder.birth_iso, rows[i].birth_iso);
            assert_string_equal(holder.expiry_iso, rows[i].expiry_iso);
            assert_string_equal(holder.birth, rows[i].birth);
        }
    }
}

static void a_long_number_goes_on_in_the_optional_data(void **state)
{
    (void)state;
    char zone[sizeof td1];
    struct document_holder_private holder;
    static const char number[] = "SPECI201499999";
    char rest[7] = "99999?<";
    rest[5] = zone_check_digit(number, strlen(number));
    (void)strcpy(zone, td1);
    put(zone, 5, "SPECI2014<");
    put(zone, 15, "<<<<<<<<<<<<<<<");
    zone[14] = '<';
    memcpy(zone + 15, rest, sizeof rest);
    put(zone, 0, "I<");

    assert_int_equal(read_zone(zone, &holder), OK);

    zone[20] = zone[20] == '9' ? '0' : (char)(zone[20] + 1);
    put(zone, 0, "I<");
    assert_int_equal(read_zone(zone, &holder), ERR_CRYPTO);
    memcpy(zone + 15, "<<<<<<<", 7);
    put(zone, 0, "I<");
    assert_int_equal(read_zone(zone, &holder), ERR_CRYPTO);
}

static void every_wrong_digit_is_found(void **state)
{
    (void)state;
    static const size_t places[] = {53, 63, 71, 86, 87};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        char zone[sizeof td3];
        struct document_holder_private holder;
        (void)strcpy(zone, td3);
        assert_int_equal(read_zone(zone, &holder), OK);
        zone[places[i]] = zone[places[i]] == '0' ? '1' : '0';

        assert_int_equal(read_zone(zone, &holder), ERR_CRYPTO);
    }
}

static void what_is_no_zone_is_refused(void **state)
{
    (void)state;
    struct document_holder_private holder;
    uint8_t file[FILE_BYTES];
    const size_t len = wrap(td3, file);

    assert_int_equal(zone_read(file, len - 1, today, &holder), ERR_MALFORMED);
    assert_int_equal(zone_read(file, len + 1, today, &holder), ERR_MALFORMED);
    assert_int_equal(zone_read(file, 0, today, &holder), ERR_MALFORMED);
    file[0] = 0x62;
    assert_int_equal(zone_read(file, len, today, &holder), ERR_MALFORMED);
    assert_int_equal(read_zone("P<NLD", &holder), ERR_MALFORMED);
}

static void a_long_number_makes_a_password_too(void **state)
{
    (void)state;
    struct document_password_private typed = {
        .number = "SPECI201499999", .birth = "840312", .expiry = "300315"};
    struct password_private password;
    struct password_private other;

    assert_int_equal(password_from_zone(&typed, &password), OK);
    assert_int_equal(password.len, 20);
    typed.number[13] = '8';
    assert_int_equal(password_from_zone(&typed, &other), OK);
    assert_memory_not_equal(password.bytes, other.bytes, 20);
    assert_int_equal(password_from_can(&typed, &other), ERR_EMPTY);
    typed.number[0] = 's';
    assert_int_equal(password_from_zone(&typed, &other), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_of_several_parts_has_one_space_between),
        cmocka_unit_test(names_without_given_ones_and_full_lines_are_told),
        cmocka_unit_test(names_no_zone_can_hold_are_refused),
        cmocka_unit_test(centuries_are_reckoned_from_today),
        cmocka_unit_test(a_long_number_goes_on_in_the_optional_data),
        cmocka_unit_test(every_wrong_digit_is_found),
        cmocka_unit_test(what_is_no_zone_is_refused),
        cmocka_unit_test(a_long_number_makes_a_password_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
