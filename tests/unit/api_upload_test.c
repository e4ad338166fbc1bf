// SPDX-License-Identifier: EUPL-1.2
//
// The messages about a document from a phone: they come back as they were written and refuse what
// is wrong.
#include "tests/unit/api_expect.h"

#define UUID_1 "0b6ffb5c-7c1c-4f0e-9d53-1f6b3d0a6a01"

static void a_question_is_named_with_its_item_or_without(void **state)
{
    (void)state;
    static const struct api_upload_open whole = {.key = "bewijs", .item = 3};
    static const struct api_upload_open bare = {.key = "bewijs", .item = -1};
    static const struct refusal refusals[] = {
        {"{}", "key: is missing"},
        {"{\"key\":\"a\",\"item\":-2}", "item: "},
        {"{\"key\":\"a\",\"item\":\"1\"}", "item: "},
        {"[]", "must be an object"},
    };
    static struct api_upload_open out;

    EXPECT_ROUND_TRIP(api_upload_open_write, api_upload_open_read, &whole, &out);
    EXPECT_ROUND_TRIP(api_upload_open_write, api_upload_open_read, &bare, &out);
    EXPECT_REFUSED(api_upload_open_read, &out, refusals);
}

static void an_address_comes_back_with_its_end(void **state)
{
    (void)state;
    static const struct api_upload_private in = {
        .url = "https://hal.example.test:8444/u/AAAAAAAAAAAAAAAAAAAAAA",
        .expires_ms = 1795733445000};
    static const struct refusal refusals[] = {
        {"{\"url\":\"https://x\"}", "expires_at: is missing"},
        {"{\"expires_at\":\"2026-11-26T22:10:45Z\"}", "url: is missing"},
    };
    static struct api_upload_private out;

    EXPECT_ROUND_TRIP(api_upload_write, api_upload_read, &in, &out);
    EXPECT_REFUSED(api_upload_read, &out, refusals);
}

static void a_list_comes_back_with_the_sources_values(void **state)
{
    (void)state;
    static struct api_uploads_private in;
    static struct api_uploads_private out;
    struct fault fault = {0};
    in.uploads_count = 2;
    in.uploads[0] = (struct api_uploaded_private){.key = "bewijs",
                                                  .item = 1,
                                                  .name = "trouwakte.pdf",
                                                  .bytes = 4711,
                                                  .value = parsed("{\"url\":\"https://x/1\"}")};
    in.uploads[1] = (struct api_uploaded_private){
        .key = "foto", .item = -1, .name = "foto.jpg", .bytes = 9, .value = parsed("{}")};

    struct json *trip = sent("api_uploads_write", api_uploads_write(&in));
    assert_int_equal(api_uploads_read(trip, &out, &fault), OK);
    json_wipe_free(trip);

    assert_int_equal(out.uploads_count, 2);
    assert_string_equal(out.uploads[0].name, "trouwakte.pdf");
    assert_int_equal(out.uploads[0].item, 1);
    assert_int_equal(out.uploads[1].item, -1);
    assert_true(json_same(out.uploads[0].value, in.uploads[0].value));
    api_uploads_free(&in);
    api_uploads_free(&out);
}

static void a_broken_list_is_refused_and_leaves_nothing(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"{\"uploads\":7}", "uploads: "},
        {"{\"uploads\":[{\"key\":\"a\",\"value\":7}]}", "uploads: value: "},
        {"{\"uploads\":[{\"value\":{}}]}", "uploads: key: "},
        {"[]", "must be an object"},
    };
    static const struct api_uploads_private nothing;
    static struct api_uploads_private out;

    EXPECT_REFUSED(api_uploads_read, &out, refusals);
    assert_memory_equal(&out, &nothing, sizeof out);
}

static void the_event_says_what_became_of_it(void **state)
{
    (void)state;
    static struct api_event in = {.seq = 7,
                                  .kind = API_EVENT_UPLOAD,
                                  .upload = {.form = UUID_1,
                                             .key = "bewijs",
                                             .item = 2,
                                             .state = API_UPLOAD_REFUSED,
                                             .reason = API_UPLOAD_LIES,
                                             .bytes = 12}};
    static struct api_event out;
    const char *name = NULL;
    struct fault fault = {0};

    struct json *json = sent("upload", api_event_write(&in, &name));
    assert_string_equal(name, "upload");
    assert_int_equal(api_event_read(name, json, &out, &fault), OK);
    json_free(json);

    assert_memory_equal(&in.upload, &out.upload, sizeof in.upload);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_named_with_its_item_or_without),
        cmocka_unit_test(an_address_comes_back_with_its_end),
        cmocka_unit_test(a_list_comes_back_with_the_sources_values),
        cmocka_unit_test(a_broken_list_is_refused_and_leaves_nothing),
        cmocka_unit_test(the_event_says_what_became_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
