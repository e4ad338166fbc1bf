// SPDX-License-Identifier: EUPL-1.2
//
// What the technician's screen reads of a device: small files of a made-up machine, whole, missing
// and hostile.
#include "apps/technician/screen_facts.h"

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
#include <sys/stat.h>
#include <unistd.h>

static char root[] = "/tmp/inloop-facts-XXXXXX";
static struct config config;
static struct facts facts;
static struct report report;

static void put(const char *name, const char *words)
{
    char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", root, name); // always fits
    for (char *at = path + strlen(root) + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        (void)mkdir(path, 0700); // may be there already; opening the file tells
        *at = '/';
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(words, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void read_all(const char *more)
{
    char lines[800];
    struct fault fault = {0};
    (void)snprintf(lines, sizeof lines,
                   "facts.root = %s\ndevice.dir = %s/device\nrun.dir = %s/run\n"
                   "image.file = %s/image.conf\nhub.box_dir = %s/box\n%s",
                   root, root, root, root, root, more);
    assert_int_equal(config_parse(&config, lines, strlen(lines), &fault), OK);
    facts_read(&facts, &config);
    report_read(&report, &config);
}

static void a_device_fresh_from_its_box_knows_its_number_only(void **state)
{
    (void)state;
    put("etc/machine-id", "3f2a91c07d7d4b5f9a0c1d2e3f405162\n");
    read_all("hub.url = https://hub.example:8443\n");

    assert_string_equal(facts.serial, "3f2a91c0");
    assert_string_equal(facts.hub_url, "https://hub.example:8443");
    assert_false(facts.is_enrolled || facts.has_link);
    assert_string_equal(facts.version, "");
    assert_string_equal(report.update_state, "");
    assert_int_equal(report.errors_count, 0);
}

static void what_enrolling_wrote_counts_more_than_the_start(void **state)
{
    (void)state;
    put("device/device.conf", "id = kiosk-3\nrole = kiosk\nhub.url = https://hub.example:443\n");
    read_all("role = technician\nhub.url = https://old.example\n");
    assert_string_equal(facts.role, "technician"); // without a certificate it is not whole
    put("device/device.pem", "-----BEGIN CERTIFICATE-----\n");
    read_all("role = technician\nhub.url = https://old.example\n");

    assert_true(facts.is_enrolled);
    assert_string_equal(facts.device, "kiosk-3");
    assert_string_equal(facts.role, "kiosk");
    assert_string_equal(facts.hub_url, "https://hub.example:443");
}

static void a_link_is_seen_and_a_clock_before_the_image_is_wrong(void **state)
{
    (void)state;
    put("sys/class/net/eth0/carrier", "0\n");
    put("sys/class/net/eth1/carrier", "1\n");
    put("image.conf", "version = 1.4.0\nboard = pc-x86_64\nmade = 2099-01-01\n");
    put("box/technician-code", "KE1:laptop-1:00:11:https://hub.example\n");
    read_all("");

    assert_true(facts.has_link);
    assert_string_equal(facts.interface, "eth1");
    assert_string_equal(facts.board, "pc-x86_64");
    assert_true(facts.is_clock_wrong);
    assert_string_equal(facts.hub_code, "KE1:laptop-1:00:11:https://hub.example");
}

static void the_newest_errors_come_first_and_the_rest_is_left(void **state)
{
    (void)state;
    put("run/log/kiosk.log", "2026-11-23T12:00:01Z warn kiosk: one\n"
                             "2026-11-23T12:00:09Z info kiosk: no error\n"
                             "2026-11-23T12:00:05Z error kiosk: five\n");
    put("run/log/agent.log", "2026-11-23T12:00:03Z warn agent: three\n"
                             "2026-11-23T12:00:02Z warn agent: two\n"
                             "2026-11-23T12:00:04Z warn agent: four\n"
                             "no line of ours warn at all \xff\n"
                             "2026-11-23T12:00:06Z warn agent: \xff\xfe\n");
    put("run/update", "state = fell_back\nversion = 1.5.0\nreason = drew nothing\n");
    put("run/usb", "0781:5567 storage 2026-11-27T14:00:00Z\n046d:c31c keyboard "
                   "2026-11-27T14:01:00Z\n");
    read_all("");

    assert_int_equal(report.errors_count, FACTS_ERRORS_MAX);
    assert_string_equal(report.errors[0], "2026-11-23T12:00:05Z error kiosk: five");
    assert_string_equal(report.errors[1], "2026-11-23T12:00:04Z warn agent: four");
    assert_string_equal(report.errors[3], "2026-11-23T12:00:02Z warn agent: two");
    assert_string_equal(report.update_state, "fell_back");
    assert_string_equal(report.update_reason, "drew nothing");
    assert_int_equal(report.refused_count, 2);
    assert_string_equal(report.refused[0], "046d:c31c keyboard 2026-11-27T14:01:00Z");
}

static void a_line_that_is_far_too_long_is_cut_at_a_whole_character(void **state)
{
    (void)state;
    char line[600] = "2026-11-23T13:00:00Z warn kiosk: ";
    while (strlen(line) < 500) {
        (void)strcat(line, "\u00e9");
    }
    put("run/log/long.log", line);
    read_all("");

    assert_true(strlen(report.errors[0]) >= FACTS_LINE_BYTES - 3);
    assert_memory_equal(report.errors[0], line, strlen(report.errors[0]));
    assert_true((strlen(report.errors[0]) - strlen("2026-11-23T13:00:00Z warn kiosk: ")) % 2 == 0);
}

static int make_root(void **state)
{
    (void)state;
    return mkdtemp(root) == NULL;
}

static int remove_root(void **state)
{
    (void)state;
    char command[64];
    (void)snprintf(command, sizeof command, "rm -r %s", root); // always fits
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_fresh_from_its_box_knows_its_number_only),
        cmocka_unit_test(what_enrolling_wrote_counts_more_than_the_start),
        cmocka_unit_test(a_link_is_seen_and_a_clock_before_the_image_is_wrong),
        cmocka_unit_test(the_newest_errors_come_first_and_the_rest_is_left),
        cmocka_unit_test(a_line_that_is_far_too_long_is_cut_at_a_whole_character),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
