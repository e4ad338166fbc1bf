// SPDX-License-Identifier: EUPL-1.2
//
// One contract (ports/printer.h) for every printer: the fake, the USB printer on the scripted bus,
// and the desk's pictures. What comes out is a real slip, and its code is read by zbarimg.
#include "ports/printer.h"

#include "base/text.h"
#include "drivers/desk_printer.h"
#include "drivers/printer.h"
#include "drivers/slip.h"
#include "tests/fakes/ears.h"
#include "tests/fakes/fake_printer.h"
#include "tests/fakes/hand_clock.h"
#include "tests/fakes/stage.h"
#include "tests/fakes/usb_paper.h"

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

enum { TURNS = 300, TURN_MS = 200, ROW = PRINTER_WIDTH_DOTS / 8, HEIGHT = 200 };

static const char code[] = "KQ1:B042:%25M7-QW3 $7/R2C5T*N0:8ZA";

// One printer and the hand that tends it.
struct bench {
    struct printer *port;
    void (*set_paper_out)(struct bench *bench, bool is_out);
    // Writes what came out last as a picture that zbarimg can read.
    void (*take_slip)(struct bench *bench, char path[DESK_PRINTER_PATH_BYTES]);
    int64_t now_ms;
    struct printer_ears ears;
    struct fake_printer fake;
    struct usb_script script;
    struct usb_paper paper;
    struct usb_printer usb;
    struct desk_printer desk;
    char folder[100];
    uint8_t bits[SLIP_BYTES];
    struct raster raster;
};

static void save(const struct bench *bench, const uint8_t *bits, size_t rows,
                 char path[DESK_PRINTER_PATH_BYTES])
{
    (void)snprintf(path, DESK_PRINTER_PATH_BYTES, "%s/slip.pbm", bench->folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fprintf(file, "P4\n%d %zu\n", PRINTER_WIDTH_DOTS, rows) > 0);
    assert_int_equal(fwrite(bits, ROW, rows, file), rows);
    assert_int_equal(fclose(file), 0);
}

static void fake_paper_out(struct bench *bench, bool is_out)
{
    bench->fake.next.paper_out = is_out;
}

static void fake_slip(struct bench *bench, char path[DESK_PRINTER_PATH_BYTES])
{
    save(bench, bench->fake.bits, bench->fake.raster.height_dots, path);
}

static void usb_paper_out(struct bench *bench, bool is_out)
{
    bench->paper.answers[4] = is_out ? 0x12 | 0x60 : 0x12;
}

static void usb_slip(struct bench *bench, char path[DESK_PRINTER_PATH_BYTES])
{
    assert_int_equal(bench->paper.strange_count, 0);
    save(bench, bench->paper.slip, bench->paper.slip_bytes / ROW, path);
}

static void desk_paper_out(struct bench *bench, bool is_out)
{
    char path[DESK_PRINTER_PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/paper_out", bench->folder);
    if (!is_out) {
        assert_int_equal(unlink(path), 0);
        return;
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
}

static void desk_slip(struct bench *bench, char path[DESK_PRINTER_PATH_BYTES])
{
    (void)snprintf(path, DESK_PRINTER_PATH_BYTES, "%s/slip.png", bench->folder);
}

static struct bench *new_bench(void)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->now_ms = 1000000;
    (void)snprintf(bench->folder, sizeof bench->folder, "/tmp/inloop-printer-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    for (size_t i = 0; i < (size_t)ROW * HEIGHT; i++) {
        bench->bits[i] = (uint8_t)(i * 7 + i / ROW);
    }
    bench->raster = (struct raster){PRINTER_WIDTH_DOTS, HEIGHT, bench->bits};
    return bench;
}

static int open_bench(struct bench *bench, void **state)
{
    struct fault fault = {0};
    assert_int_equal(bench->port->ops->open(bench->port, printer_ears_hear, &bench->ears, &fault),
                     OK);
    *state = bench;
    return 0;
}

static int set_up_fake(void **state)
{
    struct bench *bench = new_bench();
    fake_printer_init(&bench->fake);
    bench->port = &bench->fake.port;
    bench->set_paper_out = fake_paper_out;
    bench->take_slip = fake_slip;
    return open_bench(bench, state);
}

static int set_up_usb(void **state)
{
    static const struct usb_rule rule;
    struct bench *bench = new_bench();
    usb_script_init(&bench->script);
    usb_paper_plug(&bench->paper, &bench->script, "1-3");
    usb_printer_init(&bench->usb, &bench->script.port, hand_clock(&bench->now_ms), &rule);
    bench->port = &bench->usb.port;
    bench->set_paper_out = usb_paper_out;
    bench->take_slip = usb_slip;
    return open_bench(bench, state);
}

static int set_up_desk(void **state)
{
    struct bench *bench = new_bench();
    assert_int_equal(desk_printer_init(&bench->desk, bench->folder), OK);
    bench->port = &bench->desk.port;
    bench->set_paper_out = desk_paper_out;
    bench->take_slip = desk_slip;
    return open_bench(bench, state);
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    char command[200];
    bench->port->ops->close(bench->port);
    bench->port->ops->close(bench->port); // allowed at any time
    (void)snprintf(command, sizeof command, "rm -r %s", bench->folder);
    assert_int_equal(system(command), 0); // NOLINT(cert-env33-c): a folder of our own making
    free(bench);
    return 0;
}

// A minute passes, as on the I/O thread.
static void pass_a_minute(struct bench *bench)
{
    for (int i = 0; i < TURNS; i++) {
        bench->port->ops->poll(bench->port);
        bench->now_ms += TURN_MS;
    }
}

static enum err print(struct bench *bench, uint32_t job_id)
{
    struct fault fault = {0};
    enum err err = bench->port->ops->print(bench->port, job_id, &bench->raster, &fault);
    assert_true((err == OK) == (fault.text[0] == '\0'));
    return err;
}

static void the_first_poll_tells_the_status(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(bench->ears.statuses_count, 0);
    bench->port->ops->poll(bench->port);
    assert_true(bench->ears.statuses_count > 0);

    pass_a_minute(bench);
    assert_true(printer_can_print(bench->ears.status));
    assert_true(printer_can_print(bench->port->ops->status(bench->port)));
}

static void a_status_is_told_when_it_changes_and_only_then(void **state)
{
    struct bench *bench = *state;
    pass_a_minute(bench);
    size_t told = bench->ears.statuses_count;
    pass_a_minute(bench);
    assert_int_equal(bench->ears.statuses_count, told);

    bench->set_paper_out(bench, true);
    pass_a_minute(bench);
    assert_int_equal(bench->ears.statuses_count, told + 1);
    assert_true(bench->ears.status.paper_out);

    bench->set_paper_out(bench, false);
    pass_a_minute(bench);
    assert_int_equal(bench->ears.statuses_count, told + 2);
    assert_true(printer_can_print(bench->ears.status));
}

static void a_job_ends_once(void **state)
{
    struct bench *bench = *state;
    pass_a_minute(bench);
    assert_int_equal(print(bench, 7), OK);
    assert_int_equal(bench->ears.printed_count, 0); // from within poll only
    pass_a_minute(bench);
    assert_int_equal(bench->ears.printed_count, 1);
    assert_int_equal(bench->ears.failed_count, 0);
    assert_int_equal(bench->ears.job_id, 7);
    pass_a_minute(bench);
    assert_int_equal(bench->ears.printed_count, 1);
}

static void one_job_at_a_time(void **state)
{
    struct bench *bench = *state;
    pass_a_minute(bench);
    assert_int_equal(print(bench, 1), OK);
    assert_int_equal(print(bench, 2), ERR_STATE);
    pass_a_minute(bench);
    assert_int_equal(bench->ears.job_id, 1);
    assert_int_equal(print(bench, 3), OK);
    pass_a_minute(bench);
    assert_int_equal(bench->ears.job_id, 3);
    assert_int_equal(bench->ears.printed_count, 2);
}

static void a_printer_that_cannot_print_takes_no_job(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(print(bench, 1), ERR_UNAVAILABLE); // nobody knows yet whether it can
    bench->set_paper_out(bench, true);
    pass_a_minute(bench);
    assert_int_equal(print(bench, 2), ERR_UNAVAILABLE);
    pass_a_minute(bench);
    assert_int_equal(bench->ears.printed_count + bench->ears.failed_count, 0);
}

static void paper_that_is_gone_when_the_job_comes_fails_it(void **state)
{
    struct bench *bench = *state;
    pass_a_minute(bench);
    bench->set_paper_out(bench, true);
    assert_int_equal(print(bench, 5), OK);
    pass_a_minute(bench);
    assert_int_equal(bench->ears.failed_count, 1);
    assert_int_equal(bench->ears.printed_count, 0);
    assert_int_equal(bench->ears.job_id, 5);
    assert_true(text_starts_with(bench->ears.fault.text, "printer: "));

    bench->set_paper_out(bench, false);
    pass_a_minute(bench);
    assert_int_equal(bench->ears.printed_count, 0); // it is dropped, never retried
    assert_int_equal(print(bench, 6), OK);
    pass_a_minute(bench);
    assert_int_equal(bench->ears.printed_count, 1);
}

static void a_slip_that_is_too_large_is_refused(void **state)
{
    struct bench *bench = *state;
    pass_a_minute(bench);
    bench->raster.height_dots = PRINTER_HEIGHT_DOTS_MAX + 1;
    assert_int_equal(print(bench, 1), ERR_TOO_BIG);
    bench->raster.height_dots = HEIGHT;
    bench->raster.width_dots = PRINTER_WIDTH_DOTS + 8;
    assert_int_equal(print(bench, 1), ERR_TOO_BIG);
}

// Draws as the kiosk does.
static void draw_slip(struct bench *bench)
{
    static struct stage stage;
    stage_open(&stage, 1080, 1920, 3.61F);
    const struct slip slip = {
        .town = "Gemeente Voorbeeldstad",
        .title = "Uw nummer",
        .number = "B042",
        .time = "Rond 14.05 uur",
        .todo = "Kijk en luister in de hal.",
        .subject = "Parkeervergunning",
        .follow = "Volg uw nummer",
        .privacy = "Op dit papier staat geen naam.",
        .code = code,
    };
    assert_int_equal(
        slip_draw(&slip, &stage.look, stage.shaper, stage.icons, bench->bits, &bench->raster), OK);
    stage_close(&stage);
}

static void the_code_on_the_slip_can_be_read(void **state)
{
    struct bench *bench = *state;
    char path[DESK_PRINTER_PATH_BYTES];
    char command[DESK_PRINTER_PATH_BYTES + 40];
    char said[200] = "";
    draw_slip(bench);
    pass_a_minute(bench);
    assert_int_equal(print(bench, 42), OK);
    memset(bench->bits, 0, sizeof bench->bits); // the job has a copy
    pass_a_minute(bench);
    assert_int_equal(bench->ears.printed_count, 1);

    bench->take_slip(bench, path);
    (void)snprintf(command, sizeof command, "zbarimg -q --raw -Sbinary %s", path);
    FILE *reader = popen(command, "r"); // NOLINT(cert-env33-c): a path of our own making
    assert_non_null(reader);
    size_t len = fread(said, 1, sizeof said - 1, reader);
    assert_int_equal(pclose(reader), 0);
    said[len] = '\0';
    assert_string_equal(said, code);
}

#define CONTRACT_TEST(test, set_up) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define CONTRACT(set_up)                                                                           \
    {                                                                                              \
        CONTRACT_TEST(the_first_poll_tells_the_status, set_up),                                    \
            CONTRACT_TEST(a_status_is_told_when_it_changes_and_only_then, set_up),                 \
            CONTRACT_TEST(a_job_ends_once, set_up), CONTRACT_TEST(one_job_at_a_time, set_up),      \
            CONTRACT_TEST(a_printer_that_cannot_print_takes_no_job, set_up),                       \
            CONTRACT_TEST(paper_that_is_gone_when_the_job_comes_fails_it, set_up),                 \
            CONTRACT_TEST(a_slip_that_is_too_large_is_refused, set_up),                            \
            CONTRACT_TEST(the_code_on_the_slip_can_be_read, set_up),                               \
    }

int main(void)
{
    const struct CMUnitTest fake[] = CONTRACT(set_up_fake);
    const struct CMUnitTest usb[] = CONTRACT(set_up_usb);
    const struct CMUnitTest desk[] = CONTRACT(set_up_desk);
    int failed = cmocka_run_group_tests_name("the fake", fake, NULL, NULL);
    failed += cmocka_run_group_tests_name("the USB printer", usb, NULL, NULL);
    failed += cmocka_run_group_tests_name("the desk's pictures", desk, NULL, NULL);
    return failed;
}
