// SPDX-License-Identifier: EUPL-1.2
//
// What will do as an answer and what will not, kind by kind.
#include "form_samples.h"

static int tear_down(void **state)
{
    (void)state;
    walk_close(&samples_walk);
    return 0;
}

// The fault of one component with one answer.
static struct check_result result_of(const char *component, const char *value)
{
    char components[2048];
    (void)snprintf(components, sizeof components, "[%s]", component);
    walk_close(&samples_walk);
    struct walk *walk = samples_open(components, NULL, NULL);
    samples_answer(walk, "a", value);
    return check_place(&walk->form, &walk->answers, &walk->logic, samples_place(walk, "a"),
                       walk->today);
}

static void the_eleven_test_knows_a_bsn(void **state)
{
    (void)state;
    static const char *const good[] = {"123456782", "111222333", "999990019", "10464554"};
    static const char *const bad[] = {"123456789",  "000000000", "00000000", "12345678",
                                      "1234567820", "12345678a", ""};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(check_bsn(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(check_bsn(bad[i]));
    }
}

static void an_iban_has_remainder_one(void **state)
{
    (void)state;
    char out[64];
    assert_true(check_iban("NL91 ABNA 0417 1643 00"));
    assert_true(check_iban("nl91abna0417164300"));
    assert_true(check_iban("RO09 BCYP 0000 0012 3456 7890"));
    assert_false(check_iban("NL91 ABNA 0417 1643 01"));
    assert_false(check_iban("NL91 ABNA 0417 1643"));
    assert_false(check_iban("NL91-ABNA-0417"));
    assert_false(check_iban(""));
    assert_int_equal(check_write_iban("nl91abna0417164300", out, sizeof out), OK);
    assert_string_equal(out, "NL91 ABNA 0417 1643 00");
    assert_int_equal(check_write_iban("nl91abna0417164300", out, 8), ERR_MALFORMED);
}

static void a_postcode_has_no_leading_zero_and_no_forbidden_letters(void **state)
{
    (void)state;
    char out[16];
    assert_true(check_postcode("1234 AB"));
    assert_true(check_postcode("1234ab"));
    assert_false(check_postcode("0234 AB"));
    assert_false(check_postcode("1234 SA"));
    assert_false(check_postcode("1234 ss"));
    assert_false(check_postcode("12345 A"));
    assert_false(check_postcode("1234 A1"));
    assert_int_equal(check_write_postcode("2511cs", out, sizeof out), OK);
    assert_string_equal(out, "2511 CS");
}

static void every_side_code_of_a_plate_is_known_and_written(void **state)
{
    (void)state;
    static const char *const plates[][2] = {
        {"gv27xk", "GV-27-XK"}, {"AB1234", "AB-12-34"}, {"1234ab", "12-34-AB"},
        {"12ab34", "12-AB-34"}, {"abcd12", "AB-CD-12"}, {"12abcd", "12-AB-CD"},
        {"12abc3", "12-ABC-3"}, {"1kbb00", "1-KBB-00"}, {"ab123c", "AB-123-C"},
        {"a123bc", "A-123-BC"}, {"abc12d", "ABC-12-D"}, {"a12bcd", "A-12-BCD"},
        {"1ab234", "1-AB-234"}, {"123ab4", "123-AB-4"}, {"1-AAA-BB", "1-AAA-BB"},
    };
    for (size_t i = 0; i < sizeof plates / sizeof plates[0]; i++) {
        char out[16];
        assert_int_equal(check_write_plate(plates[i][0], out, sizeof out), OK);
        assert_string_equal(out, plates[i][1]);
    }
    char out[16];
    assert_true(check_plate("GV-27-XK"));
    assert_false(check_plate("1-AAA-BB"));
    assert_int_equal(check_write_plate("123456", out, sizeof out), ERR_MALFORMED);
    assert_int_equal(check_write_plate("-A-A", out, sizeof out), ERR_MALFORMED);
    assert_int_equal(check_write_plate("ABCD-E-F", out, sizeof out), ERR_MALFORMED);
    assert_int_equal(result_of("{'type':'licenseplate','key':'a'}", "'1-AAA-BB'").fault,
                     CHECK_NO_PLATE);
}

static void mail_and_phone_have_their_shape(void **state)
{
    (void)state;
    assert_true(check_email("anna.de-vries+x@voorbeeld.example.nl"));
    static const char *const bad[] = {"anna",     "@b.nl",   "a@",       "a@b",     "a..b@c.nl",
                                      ".a@c.nl",  "a.@c.nl", "a@-b.nl",  "a@b-.nl", "a@b..nl",
                                      "a b@c.nl", "a@b.1",   "a@b@c.nl", ""};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(check_email(bad[i]));
    }
    assert_true(check_phone("06 12345678"));
    assert_true(check_phone("+31 (6) 12345678"));
    assert_true(check_phone("+31633924456"));
    assert_true(check_phone("0031612345678"));
    assert_false(check_phone("0612345"));
    assert_false(check_phone("61234567890"));
    assert_false(check_phone("+0612345678"));
    assert_false(check_phone("06x2345678"));
}

static const struct {
    const char *component;
    const char *value;
    enum check_fault fault;
    double limit;
} limit_rows[] = {
    {"{'type':'text','key':'a','validate':{'required':true}}", "'  '", CHECK_MISSING, 0},
    {"{'type':'text','key':'a','validate':{'minLength':3}}", "'\xc3\xa9\xc3\xa9'", CHECK_TOO_SHORT,
     3},
    {"{'type':'text','key':'a','validate':{'maxLength':2}}", "'\xc3\xa9\xc3\xa9'", CHECK_OK, 0},
    {"{'type':'text','key':'a','validate':{'maxLength':'2'}}", "'abc'", CHECK_TOO_LONG, 2},
    {"{'type':'textarea','key':'a','validate':{'minWords':2}}", "'een'", CHECK_TOO_FEW_WORDS, 2},
    {"{'type':'textarea','key':'a','validate':{'maxWords':2}}", "'een twee  drie'",
     CHECK_TOO_MANY_WORDS, 2},
    {"{'type':'number','key':'a','validate':{'min':18}}", "17", CHECK_TOO_LOW, 18},
    {"{'type':'number','key':'a','validate':{'max':'18'}}", "'18.5'", CHECK_TOO_HIGH, 18},
    {"{'type':'number','key':'a'}", "'veel'", CHECK_NO_NUMBER, 0},
    {"{'type':'number','key':'a','validate':{'integer':true}}", "1.5", CHECK_NO_NUMBER, 0},
    {"{'type':'date','key':'a'}", "'2026-02-30'", CHECK_NO_DATE, 0},
    {"{'type':'date','key':'a'}", "{'x':1}", CHECK_NO_DATE, 0},
    {"{'type':'time','key':'a'}", "'24:00'", CHECK_NO_TIME, 0},
    {"{'type':'time','key':'a','minTime':'09:00','maxTime':'17:00'}", "'08:59:00'", CHECK_TOO_EARLY,
     540},
    {"{'type':'time','key':'a','minTime':'09:00','maxTime':'17:00'}", "'17:01'", CHECK_TOO_LATE,
     1020},
    {"{'type':'time','key':'a','minTime':'20:00','maxTime':'08:00'}", "'23:00'", CHECK_OK, 0},
    {"{'type':'email','key':'a'}", "'x'", CHECK_NO_EMAIL, 0},
    {"{'type':'phoneNumber','key':'a'}", "'x'", CHECK_NO_PHONE, 0},
    {"{'type':'bsn','key':'a'}", "'123456789'", CHECK_NO_BSN, 0},
    {"{'type':'iban','key':'a'}", "'NL00'", CHECK_NO_IBAN, 0},
    {"{'type':'postcode','key':'a'}", "'0000 AA'", CHECK_NO_POSTCODE, 0},
    {"{'type':'addressNL','key':'a'}", "{'postcode':'1234AA','houseNumber':'12a'}",
     CHECK_NO_ADDRESS, 0},
    {"{'type':'addressNL','key':'a'}",
     "{'postcode':'1234AA','houseNumber':'12',"
     "'houseLetter':'b','houseNumberAddition':'II'}",
     CHECK_OK, 0},
    {"{'type':'radio','key':'a','values':['x','y']}", "'z'", CHECK_NO_CHOICE, 0},
    {"{'type':'selectboxes','key':'a','values':['x','y'],'validate':{'minSelectedCount':2}}",
     "{'x':true,'y':false}", CHECK_TOO_FEW, 2},
    {"{'type':'selectboxes','key':'a','values':['x','y']}", "{'z':true}", CHECK_NO_CHOICE, 0},
    {"{'type':'select','multiple':true,'key':'a','values':['x','y'],'validate':{"
     "'maxSelectedCount':1}}",
     "['x','y']", CHECK_TOO_MANY, 1},
    {"{'type':'file','key':'a','maxNumberOfFiles':1}", "[{'name':'x'},{'name':'y'}]",
     CHECK_TOO_MANY, 1},
    {"{'type':'checkbox','key':'a','validate':{'required':true}}", "false", CHECK_MISSING, 0},
    {"{'type':'checkbox','key':'a','validate':{'required':true}}", "true", CHECK_OK, 0},
    {"{'type':'text','key':'a','validate':{'pattern':'[A-Z]+'}}", "'abc'", CHECK_PATTERN, 0},
    {"{'type':'email','multiple':true,'key':'a'}", "['a@b.nl','x']", CHECK_NO_EMAIL, 0},
    {"{'type':'children','key':'a','enableSelection':true,'validate':{'required':true}}",
     "[{'firstNames':'Pia','selected':false}]", CHECK_MISSING, 0},
    {"{'type':'map','key':'a','validate':{'required':true}}", "null", CHECK_MISSING, 0},
    {"{'type':'map','key':'a','validate':{'required':true}}", "{'type':'Point'}", CHECK_OK, 0},
    {"{'type':'text','key':'a','disabled':true,'validate':{'required':true}}", "''", CHECK_OK, 0},
    {"{'type':'text','key':'a','hidden':true,'validate':{'required':true}}", "''", CHECK_OK, 0},
};

static void each_limit_gives_its_own_fault_and_says_the_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof limit_rows / sizeof limit_rows[0]; i++) {
        const struct check_result result = result_of(limit_rows[i].component, limit_rows[i].value);
        if (result.fault != limit_rows[i].fault || result.limit != limit_rows[i].limit) {
            fail_msg("%s with %s: %s %g", limit_rows[i].component, limit_rows[i].value,
                     check_fault_name(result.fault), result.limit);
        }
    }
}

static void dates_are_held_to_fixed_and_moving_limits(void **state)
{
    (void)state;
    static const struct {
        const char *limits;
        const char *value;
        enum check_fault fault;
        const char *date;
    } rows[] = {
        {"'datePicker':{'minDate':'2026-01-01T00:00:00+01:00'}", "'2025-12-31'", CHECK_TOO_EARLY,
         "2026-01-01"},
        {"'datePicker':{'maxDate':'2026-01-01'}", "'2026-01-01'", CHECK_OK, ""},
        {"'datePicker':{'maxDate':'2026-01-01'}", "'2026-01-02'", CHECK_TOO_LATE, "2026-01-01"},
        {"'openForms':{'maxDate':{'mode':'past','includeToday':true}}", "'2026-11-26'", CHECK_OK,
         ""},
        {"'openForms':{'maxDate':{'mode':'past','includeToday':false}}", "'2026-11-26'",
         CHECK_TOO_LATE, "2026-11-25"},
        {"'openForms':{'minDate':{'mode':'future','includeToday':false}}", "'2026-11-26'",
         CHECK_TOO_EARLY, "2026-11-27"},
        {"'openForms':{'maxDate':{'mode':'relativeToVariable','variable':'now','operator':"
         "'subtract','delta':{'years':18,'months':null,'days':null}}}",
         "'2008-11-27'", CHECK_TOO_LATE, "2008-11-26"},
        {"'openForms':{'minDate':{'mode':'fixedValue'}}", "'1900-01-01'", CHECK_OK, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char component[512];
        char date[DATE_TEXT_BYTES];
        (void)snprintf(component, sizeof component, "{'type':'date','key':'a',%s}", rows[i].limits);
        const struct check_result result = result_of(component, rows[i].value);
        date_to_text(result.date, date);
        if (result.fault != rows[i].fault ||
            (rows[i].date[0] != '\0' && strcmp(date, rows[i].date) != 0)) {
            fail_msg("%s with %s: %s %s", component, rows[i].value, check_fault_name(result.fault),
                     date);
        }
    }
}

static void the_definition_may_say_it_in_its_own_words(void **state)
{
    (void)state;
    struct check_result result = result_of(
        "{'type':'text','key':'a','validate':{'pattern':'x','customMessage':'Alleen een x.'}}",
        "'y'");
    assert_string_equal(result.words, "Alleen een x.");
    result =
        result_of("{'type':'licenseplate','key':'a','errors':{'pattern':'Geen kenteken.'}}", "'y'");
    assert_string_equal(result.words, "Geen kenteken.");
    result = result_of("{'type':'text','key':'a','validate':{'pattern':'x','customMessage':"
                       "'\\u202eturned'}}",
                       "'y'");
    assert_null(result.words);
}

static void every_fault_has_a_phrase_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < CHECK_FAULTS_COUNT; i++) {
        assert_non_null(check_fault_name((enum check_fault)i));
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(check_fault_name((enum check_fault)i),
                                    check_fault_name((enum check_fault)k));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_eleven_test_knows_a_bsn),
        cmocka_unit_test(an_iban_has_remainder_one),
        cmocka_unit_test(a_postcode_has_no_leading_zero_and_no_forbidden_letters),
        cmocka_unit_test_teardown(every_side_code_of_a_plate_is_known_and_written, tear_down),
        cmocka_unit_test(mail_and_phone_have_their_shape),
        cmocka_unit_test_teardown(each_limit_gives_its_own_fault_and_says_the_limit, tear_down),
        cmocka_unit_test_teardown(dates_are_held_to_fixed_and_moving_limits, tear_down),
        cmocka_unit_test_teardown(the_definition_may_say_it_in_its_own_words, tear_down),
        cmocka_unit_test(every_fault_has_a_phrase_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
