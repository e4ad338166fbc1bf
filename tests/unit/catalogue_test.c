// SPDX-License-Identifier: EUPL-1.2
//
// The catalogue's order and its end.
#include "core/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void add(struct catalogue *catalogue, const char *title)
{
    struct published form = {0};
    (void)snprintf(form.id, sizeof form.id, "id of %.20s", title); // always fits
    (void)snprintf(form.title, sizeof form.title, "%.60s", title); // likewise
    catalogue_add(catalogue, &form);
}

static void forms_stand_by_title_whatever_their_letters(void **state)
{
    (void)state;
    static struct catalogue catalogue;
    memset(&catalogue, 0, sizeof catalogue);
    static const char *const titles[] = {"kapvergunning", "Vraag", "Bijstand", "Kapvergunning", ""};

    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        add(&catalogue, titles[i]);
    }

    static const char *const sorted[] = {"", "Bijstand", "kapvergunning", "Kapvergunning", "Vraag"};
    assert_int_equal(catalogue.forms_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(catalogue.forms[i].title, sorted[i]);
    }
    assert_string_equal(catalogue_find(&catalogue, "id of Vraag")->title, "Vraag");
    assert_null(catalogue_find(&catalogue, "id of nothing"));
}

static void of_too_many_the_last_titles_fall_out(void **state)
{
    (void)state;
    static struct catalogue catalogue;
    memset(&catalogue, 0, sizeof catalogue);
    char title[16];
    for (unsigned i = 2 * CATALOGUE_MAX; i > 0; i--) {
        (void)snprintf(title, sizeof title, "form %05u", i); // always fits
        add(&catalogue, title);
    }
    add(&catalogue, "zoo");

    assert_int_equal(catalogue.forms_count, CATALOGUE_MAX);
    assert_string_equal(catalogue.forms[0].title, "form 00001");
    (void)snprintf(title, sizeof title, "form %05u", (unsigned)CATALOGUE_MAX); // always fits
    assert_string_equal(catalogue.forms[CATALOGUE_MAX - 1].title, title);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_stand_by_title_whatever_their_letters),
        cmocka_unit_test(of_too_many_the_last_titles_fall_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
