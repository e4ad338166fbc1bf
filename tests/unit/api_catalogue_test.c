// SPDX-License-Identifier: EUPL-1.2
//
// The messages about what may be begun here: they come back as they were written and refuse what is
// wrong.
#include "tests/unit/api_expect.h"

#define UUID_1 "0b6ffb5c-7c1c-4f0e-9d53-1f6b3d0a6a01"
#define UUID_2 "0b6ffb5c-7c1c-4f0e-9d53-1f6b3d0a6a02"

static void a_form_to_begin_is_named(void **state)
{
    (void)state;
    static const struct api_begin in = {.form = UUID_1};
    static const struct refusal refusals[] = {
        {"{}", "form: is missing"},
        {"{\"form\":\"vraag\"}", "form: "},
        {"[]", "must be an object"},
    };
    static struct api_begin out;

    EXPECT_ROUND_TRIP(api_begin_write, api_begin_read, &in, &out);
    EXPECT_REFUSED(api_begin_read, &out, refusals);
}

static void the_catalogue_comes_back_whole_and_empty(void **state)
{
    (void)state;
    static const struct catalogue in = {
        .forms = {{.id = UUID_1,
                   .title = "Kapvergunning",
                   .url = "https://forms.example.test/kap",
                   .subject = SUBJECT_LETTER,
                   .service = 'F'},
                  {.id = UUID_2, .title = "Vraag of klacht", .is_here = true}},
        .forms_count = 2};
    static const struct catalogue empty;
    static struct catalogue out;

    EXPECT_ROUND_TRIP(api_catalogue_write, api_catalogue_read, &in, &out);
    EXPECT_ROUND_TRIP(api_catalogue_write, api_catalogue_read, &empty, &out);
}

static void a_broken_catalogue_is_refused_and_leaves_nothing(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"{\"forms\":7}", "forms: "},
        {"{\"forms\":[{\"title\":\"A\",\"is_here\":true,\"subject\":\"letter\"}]}",
         "forms: id: is missing"},
        {"{\"forms\":[{\"id\":\"" UUID_1 "\",\"title\":\"A\",\"is_here\":1}]}", "forms: is_here: "},
        {"[]", "must be an object"},
    };
    static const struct catalogue nothing;
    static struct catalogue out;

    EXPECT_REFUSED(api_catalogue_read, &out, refusals);
    assert_memory_equal(&out, &nothing, sizeof out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_to_begin_is_named),
        cmocka_unit_test(the_catalogue_comes_back_whole_and_empty),
        cmocka_unit_test(a_broken_catalogue_is_refused_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
