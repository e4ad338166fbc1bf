// SPDX-License-Identifier: EUPL-1.2
//
// The state and the events of the stream: full and empty ones come back as they were written, wrong
// ones are refused whole.
#include "tests/unit/api_expect.h"

#define UUID_1 "0b6ffb5c-7c1c-4f0e-9d53-1f6b3d0a6a01"

static const struct api_state_service parking = {
    .letter = 'P',
    .id = "parking",
    .names = {"Parkeren", "Parking", "\xd9\x85\xd9\x88\xd9\x82\xd9\x81"},
    .subject = SUBJECT_PARKING,
    .wait = {.is_known = true, .minutes_min = 0, .minutes_max = 5, .likely_ms = 1795528400000},
    .waiting = 3,
};
static const struct api_state_call called = {
    .number = "P017", .desk = "3", .called_ms = 1795528327123, .calls_count = 2};
static const struct counter desk_three = {
    .desk = "3", .state = COUNTER_FREE, .services = 5, .staff = "m.dekker"};
static const struct ticket waiting = {
    .id = UUID_1, .service = 'P', .number = "P018", .seq = 18, .issued_ms = 1, .language = "nl"};

static void full_state_comes_back(void **state)
{
    (void)state;
    static struct api_state in;
    static struct api_state out;
    in.seq = INT64_MAX;
    in.now_ms = 1795528327123;
    strcpy(in.location, "voorbeeld-stadhuis");
    strcpy(in.town, "Voorbeeld");
    in.has_catalogue = true;
    in.services_count = HALL_SERVICES_MAX;
    for (size_t i = 0; i < HALL_SERVICES_MAX; i++) {
        memcpy(&in.services[i], &parking, sizeof parking);
    }
    in.counters_count = HALL_COUNTERS_MAX;
    for (size_t i = 0; i < HALL_COUNTERS_MAX; i++) {
        memcpy(&in.counters[i], &desk_three, sizeof desk_three);
    }
    strcpy(in.counter_staff_name[2], "Mirjam Dekker");
    in.tickets_count = API_TICKETS_MAX;
    for (size_t i = 0; i < API_TICKETS_MAX; i++) {
        memcpy(&in.tickets[i], &waiting, sizeof waiting);
    }
    in.calls_count = API_CALLS_MAX;
    for (size_t i = 0; i < API_CALLS_MAX; i++) {
        memcpy(&in.calls[i], &called, sizeof called);
    }

    EXPECT_ROUND_TRIP(api_state_write, api_state_read, &in, &out);
}

static void empty_state_comes_back(void **state)
{
    (void)state;
    static const struct api_state in = {.now_ms = 1000, .location = "a"};
    static struct api_state out;

    EXPECT_ROUND_TRIP(api_state_write, api_state_read, &in, &out);
}

static void broken_state_is_refused(void **state)
{
    (void)state;
#define STATE "\"seq\":0,\"now\":\"2026-11-23T13:52:07+01:00\",\"location\":\"a\""
#define SERVICE "\"letter\":\"P\",\"id\":\"parking\",\"subject\":\"parking\""
    static const struct refusal refusals[] = {
        {"7", "must be an object"},
        {"{\"seq\":0}", "now: is missing"},
        {"{\"seq\":-1}", "seq: "},
        {"{\"seq\":0,\"now\":\"2026-11-23\"}", "now: "},
        {"{" STATE ",\"services\":7}", "services: must be a list"},
        {"{" STATE ",\"services\":[{" SERVICE "}]}", "services: wait: "},
        {"{" STATE ",\"services\":[{" SERVICE ",\"names\":[]}]}", "services: names: "},
        {"{" STATE ",\"services\":[{" SERVICE ",\"names\":{\"nl\":7}}]}", "services: names: "},
        {"{" STATE ",\"counters\":[{\"desk\":\"3\"}]}", "counters: state: is missing"},
        {"{" STATE ",\"counters\":[{\"desk\":\"3\",\"state\":\"free\",\"staff_name\":7}]}",
         "counters: staff_name: "},
        {"{" STATE ",\"tickets\":[null]}", "tickets: ticket: must be an object"},
        {"{" STATE ",\"calls\":[{\"number\":\"P017\",\"desk\":\"3\"}]}",
         "calls: called_at: is missing"},
    };
    static struct api_state out;

    EXPECT_REFUSED(api_state_read, &out, refusals);
}

static void expect_event(const struct api_event *in, const char *name)
{
    static struct api_event out;
    const char *said = NULL;
    struct json *json = sent(name, api_event_write(in, &said));

    assert_string_equal(said, name);
    assert_int_equal(api_event_read(name, json, &out, NULL), OK);
    assert_memory_equal(in, &out, sizeof out);
    json_free(json);
}

static void every_event_comes_back(void **state)
{
    (void)state;
    static struct api_event event;

    memset(&event, 0, sizeof event);
    event.seq = 41;
    event.kind = API_EVENT_DAY;
    expect_event(&event, "day");
    event.kind = API_EVENT_TICKET;
    memcpy(&event.ticket, &waiting, sizeof waiting);
    expect_event(&event, "ticket");
    memset(&event.ticket, 0, sizeof event.ticket);
    event.kind = API_EVENT_CALL;
    memcpy(&event.call, &called, sizeof called);
    expect_event(&event, "call");
    memset(&event.call, 0, sizeof event.call);
    event.kind = API_EVENT_COUNTER;
    memcpy(&event.counter, &desk_three, sizeof desk_three);
    expect_event(&event, "counter");
    memset(&event.counter, 0, sizeof event.counter);
    event.kind = API_EVENT_SERVICE;
    memcpy(&event.service, &parking, sizeof parking);
    expect_event(&event, "service");
    memset(&event.service, 0, sizeof event.service);
    event.kind = API_EVENT_VISIT;
    strcpy(event.visit, UUID_1);
    expect_event(&event, "visit");
    memset(event.visit, 0, sizeof event.visit);
    event.kind = API_EVENT_FORM;
    event.form = (struct api_form_news){
        .id = UUID_1, .revision = 7, .state = API_FORM_SENDING, .holder = "counter-3"};
    expect_event(&event, "form");
}

static void event_of_another_kind_is_unsupported_not_malformed(void **state)
{
    (void)state;
    struct api_event event;
    struct json *json = parsed("{\"seq\":3}");

    assert_int_equal(api_event_read("weather", json, &event, NULL), ERR_UNSUPPORTED);
    json_free(json);
}

static void broken_events_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *json;
        const char *member;
    } refusals[] = {
        {"day", "{}", "seq: is missing"},
        {"day", "[]", "must be an object"},
        {"visit", "{\"seq\":1}", "visit: is missing"},
        {"visit", "{\"seq\":1,\"visit\":{\"id\":\"" UUID_1 "\"}}", "visit: "},
        {"ticket", "{\"seq\":1}", "ticket: must be an object"},
        {"call", "{\"seq\":1,\"call\":{\"number\":\"17\"}}", "call: number: "},
        {"counter", "{\"seq\":1,\"counter\":[]}", "counter: must be an object"},
        {"service", "{\"seq\":1,\"service\":{}}", "service: letter: is missing"},
    };
    for (size_t i = 0; i < COUNT(refusals); i++) {
        static struct api_event event;
        struct fault fault = {0};
        struct json *json = parsed(refusals[i].json);

        assert_int_equal(api_event_read(refusals[i].name, json, &event, &fault), ERR_MALFORMED);

        if (strncmp(fault.text, refusals[i].member, strlen(refusals[i].member)) != 0) {
            fail_msg("%s: said \"%s\"", refusals[i].json, fault.text);
        }
        json_free(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_state_comes_back),
        cmocka_unit_test(empty_state_comes_back),
        cmocka_unit_test(broken_state_is_refused),
        cmocka_unit_test(every_event_comes_back),
        cmocka_unit_test(event_of_another_kind_is_unsupported_not_malformed),
        cmocka_unit_test(broken_events_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
