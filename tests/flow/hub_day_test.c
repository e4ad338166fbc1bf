// SPDX-License-Identifier: EUPL-1.2
//
// Midnight, with the hub awake and with the hub off: yesterday's queue and desks are closed,
// numbers start again, and a contact the register could not take is still delivered. A clock that
// stands before the store's last day is told, not obeyed.
#include "apps/hub/hub.h"

#include "adapters/store_sqlite.h"
#include "base/text.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY_MS (24 * 3600 * 1000LL)
#define FIRST_MS 1795000000000LL // a Tuesday in November 2026

// What the register is asked; whether it works today.
struct register_fake {
    struct backoffice port;
    struct loop *loop;
    bool is_up;
    unsigned asked_count;
    char key[UUID_TEXT_BYTES];
};

struct place {
    char folder[64];
    char conf[2048];
    struct config config;
    int64_t now_ms;
    struct loop *loop;
    struct store_sqlite store;
    struct register_fake registry;
};

static struct hub hub; // large
static struct place place;

static int64_t now_ms(void *ctx)
{
    return *(int64_t *)ctx;
}

static void ask_nothing(struct backoffice *port, const char *party, backoffice_person_fn done,
                        void *ctx)
{
    (void)port;
    (void)party;
    (void)done;
    (void)ctx;
    fail_msg("nobody visits at midnight");
}

static void take_contact(struct backoffice *port, const struct contact_private *contact,
                         backoffice_contact_fn done, void *ctx)
{
    struct register_fake *registry = (struct register_fake *)port;
    struct fault fault = {0};
    registry->asked_count += 1;
    memcpy(registry->key, contact->key, sizeof registry->key);
    enum err err = registry->is_up ? OK : fault_set(&fault, ERR_UNAVAILABLE, "register: closed");
    done(ctx, err, registry->is_up ? contact->key : NULL, &fault);
    loop_stop(registry->loop);
}

static const struct backoffice_ops register_ops = {.person = ask_nothing, .contact = take_contact};

static void open_hub(void)
{
    char file[96];
    struct fault fault = {0};
    struct hub_options options = {
        .config = &place.config,
        .clock = {.now_ms = now_ms, .monotonic_ms = now_ms, .ctx = &place.now_ms},
        .store = &place.store.port,
        .backoffice = &place.registry.port,
    };
    place.loop = loop_new();
    place.registry.loop = place.loop;
    options.loop = place.loop;
    (void)snprintf(file, sizeof file, "%s/hub.db", place.folder);
    assert_int_equal(store_sqlite_init(&place.store, file, false), OK);
    if (hub_open(&hub, &options, &fault) != OK) {
        fail_msg("%s", fault.text);
    }
}

static void close_hub(void)
{
    hub_close(&hub);
    place.store.port.ops->close(&place.store.port);
    loop_free(place.loop);
}

// Decides as a handler would and waits until it is on the disk.
static void apply(const struct hall_event *event, struct json *contact)
{
    struct hall_effects effects;
    assert_int_equal(hall_apply(&hub.hall, event, &effects), OK);
    struct hub_work *work = hub_work_new(&hub);
    hub_work_effects(work, &effects, NULL, contact);
    hub_work_commit(work);
}

static struct hall_event event_at_desk(enum hall_event_kind kind, const char *ticket)
{
    struct hall_event event = {.kind = kind, .now_ms = place.now_ms, .actor = "counter-1"};
    memcpy(event.call.desk, "1", 2);
    (void)snprintf(event.call.ticket, sizeof event.call.ticket, "%s", ticket);
    return event;
}

static void open_desk(void)
{
    struct hall_event event = {.kind = HALL_COUNTER_OPEN, .now_ms = place.now_ms};
    memcpy(event.counter.desk, "1", 2);
    memcpy(event.counter.staff, "s1", 3);
    event.counter.services = 1;
    apply(&event, NULL);
}

static void issue(const char *id)
{
    struct hall_event event = {.kind = HALL_ISSUE, .now_ms = place.now_ms, .actor = "kiosk-1"};
    (void)snprintf(event.issue.id, sizeof event.issue.id, "%s", id);
    event.issue.service = 'A';
    memcpy(event.issue.language, "nl", 3);
    apply(&event, NULL);
}

static const char *const tickets[] = {"00000000-0000-4000-8000-000000000001",
                                      "00000000-0000-4000-8000-000000000002",
                                      "00000000-0000-4000-8000-000000000003"};

// One ticket finished with work left to do, a second one at the desk, a third one waiting.
static void busy_day(void)
{
    open_desk();
    for (size_t i = 0; i < 3; i++) {
        issue(tickets[i]);
    }
    struct hall_event event = event_at_desk(HALL_CALL_NEXT, "");
    apply(&event, NULL);
    event = event_at_desk(HALL_ARRIVED, tickets[0]);
    apply(&event, NULL);
    const struct ticket *ticket = hall_find_ticket(&hub.hall, tickets[0]);
    struct json *contact = hub_contact_json(&hub, ticket, FINISH_PASSED_ON, "s1");
    assert_non_null(contact);
    event = event_at_desk(HALL_FINISH, tickets[0]);
    event.finish.outcome = FINISH_PASSED_ON;
    apply(&event, contact);
    event = event_at_desk(HALL_CALL_NEXT, "");
    apply(&event, NULL);
    loop_run(place.loop); // until the register said no
    assert_int_equal(place.registry.asked_count, 1);
}

static void expect_fresh_day(void)
{
    const struct counter *counter = hall_find_counter(&hub.hall, "1");
    assert_int_equal(counter->state, COUNTER_CLOSED);
    assert_string_equal(counter->ticket, "");
    assert_string_equal(counter->staff, "");
    assert_int_equal(hub.hall.tickets_count, 0);
    open_desk();
    issue("00000000-0000-4000-8000-000000000009");
    assert_string_equal(hall_find_ticket(&hub.hall, "00000000-0000-4000-8000-000000000009")->number,
                        "A001");
    struct hall_event event = event_at_desk(HALL_CALL_NEXT, "");
    apply(&event, NULL);
}

static void expect_delivery(void)
{
    place.registry.is_up = true;
    loop_run(place.loop);
    assert_string_equal(place.registry.key, tickets[0]);
}

static void a_hub_that_was_off_at_midnight_begins_a_fresh_day(void **state)
{
    (void)state;
    open_hub();
    busy_day();
    close_hub();

    place.now_ms += DAY_MS;
    open_hub();

    expect_fresh_day();
    expect_delivery();
    close_hub();
}

static void a_hub_that_is_awake_at_midnight_leaves_nothing_of_yesterday(void **state)
{
    (void)state;
    open_hub();
    busy_day();

    place.now_ms += DAY_MS;
    hub_pass_time(&hub);
    close_hub();
    open_hub();

    expect_fresh_day();
    expect_delivery();
    close_hub();
}

static void a_delivered_contact_is_not_delivered_again(void **state)
{
    (void)state;
    open_hub();
    busy_day();
    expect_delivery();
    close_hub();
    unsigned asked_count = place.registry.asked_count;

    place.now_ms += DAY_MS;
    open_hub();
    hub_pass_time(&hub);
    close_hub();

    assert_int_equal(place.registry.asked_count, asked_count);
}

static void a_clock_before_the_last_day_stops_the_hub(void **state)
{
    (void)state;
    open_hub();
    busy_day();
    close_hub();
    place.now_ms -= DAY_MS;
    struct hub_options options = {
        .config = &place.config,
        .clock = {.now_ms = now_ms, .monotonic_ms = now_ms, .ctx = &place.now_ms},
        .loop = loop_new(),
        .store = &place.store.port,
        .backoffice = &place.registry.port,
    };
    struct fault fault = {0};

    assert_int_equal(hub_open(&hub, &options, &fault), ERR_STATE);

    assert_string_equal(fault.text, "the clock stands before the last day of the store");
    loop_free(options.loop);
    place.store.port.ops->close(&place.store.port);
    place.now_ms += DAY_MS;
    open_hub();
    assert_int_equal(hub.hall.tickets_count, 3);
    close_hub();
}

static int move_in(void **state)
{
    (void)state;
    struct fault fault = {0};
    place = (struct place){.folder = "/tmp/inloop-day-XXXXXX",
                           .now_ms = FIRST_MS,
                           .registry = {.port = {.ops = &register_ops}}};
    assert_non_null(mkdtemp(place.folder));
    int len = snprintf(place.conf, sizeof place.conf,
                       "location = stadhuis\ntown = Voorbeeldstad\ndata.dir = %s\n"
                       "services = passport\nservice.passport.letter = A\n"
                       "counter.1.services = *\n",
                       place.folder);
    assert_int_equal(config_parse(&place.config, place.conf, (size_t)len, &fault), OK);
    return 0;
}

static int move_out(void **state)
{
    (void)state;
    static const char *const names[] = {"hub.db",     "hub.db-wal", "hub.db-shm",
                                        "hub.secret", "ca.key",     "ca.pem",
                                        "hub.key",    "hub.pem",    "service.key"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[96];
        (void)snprintf(path, sizeof path, "%s/%s", place.folder, names[i]);
        (void)unlink(path); // the store's own side files may be gone
    }
    char bundles[96];
    (void)snprintf(bundles, sizeof bundles, "%s/bundles", place.folder);
    (void)rmdir(bundles); // there may be none
    return rmdir(place.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_hub_that_was_off_at_midnight_begins_a_fresh_day, move_in,
                                        move_out),
        cmocka_unit_test_setup_teardown(a_hub_that_is_awake_at_midnight_leaves_nothing_of_yesterday,
                                        move_in, move_out),
        cmocka_unit_test_setup_teardown(a_delivered_contact_is_not_delivered_again, move_in,
                                        move_out),
        cmocka_unit_test_setup_teardown(a_clock_before_the_last_day_stops_the_hub, move_in,
                                        move_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
