// SPDX-License-Identifier: EUPL-1.2
//
// Reads a stream of ESC/POS byte by byte; knows nothing of our own encoder.
#include "tests/fakes/usb_paper.h"

#include "base/text.h"

#include <stdint.h>
#include <string.h>

static const struct {
    const char *name;
    uint8_t head[4];
    size_t head_len;
    size_t len; // of the whole command, before a raster's dots
} commands[] = {
    {"ask1", {0x10, 0x04, 1}, 3, 3}, {"ask2", {0x10, 0x04, 2}, 3, 3},
    {"ask3", {0x10, 0x04, 3}, 3, 3}, {"ask4", {0x10, 0x04, 4}, 3, 3},
    {"init", {0x1B, '@'}, 2, 2},     {"band", {0x1D, 'v', '0', 0}, 4, 8},
    {"cut", {0x1D, 'V', 66}, 3, 4},  {"echo", {0x1D, 'r', 1}, 3, 3},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void note(struct usb_paper *paper, const char *name)
{
    size_t len = strlen(paper->talk);
    struct text text;
    text_init(&text, paper->talk + len, sizeof paper->talk - len);
    text_add(&text, name);
    text_add(&text, " ");
}

static void answer(struct usb_paper *paper, uint8_t byte)
{
    if (!paper->is_silent && byte != 0) {
        usb_script_say(paper->script, &byte, 1);
    }
}

static void obey(struct usb_paper *paper, const char *name)
{
    const uint8_t *command = paper->command;
    note(paper, name);
    if (command[0] == 0x10) {
        answer(paper, paper->answers[command[2]]);
    } else if (text_equal(name, "band")) {
        size_t row_bytes = command[4] + 256U * command[5];
        CHECK(row_bytes == PRINTER_WIDTH_DOTS / 8);
        paper->raster_left = row_bytes * (command[6] + 256U * command[7]);
    } else if (text_equal(name, "cut")) {
        paper->cuts_count++;
        memcpy(paper->slip, paper->rows, paper->rows_bytes);
        paper->slip_bytes = paper->rows_bytes;
        paper->rows_bytes = 0;
    } else if (text_equal(name, "echo") && paper->echoes && !paper->holds_echo) {
        usb_script_say(paper->script, "\0", 1);
    }
}

static void take_byte(struct usb_paper *paper, uint8_t byte)
{
    if (paper->raster_left > 0) {
        CHECK(paper->rows_bytes < sizeof paper->rows);
        paper->rows[paper->rows_bytes++] = byte;
        paper->raster_left--;
        return;
    }
    if (paper->command_len == 0 && byte == 0) {
        return; // NUL is no command and prints nothing
    }
    paper->command[paper->command_len++] = byte;
    for (size_t i = 0; i < COMMANDS; i++) {
        size_t known =
            paper->command_len < commands[i].head_len ? paper->command_len : commands[i].head_len;
        if (memcmp(paper->command, commands[i].head, known) == 0) {
            if (paper->command_len == commands[i].len) {
                paper->command_len = 0;
                obey(paper, commands[i].name);
            }
            return; // or more of it has to come
        }
    }
    paper->strange_count += (unsigned)paper->command_len;
    paper->command_len = 0;
}

static size_t take(void *ctx, const uint8_t *data, size_t len)
{
    struct usb_paper *paper = ctx;
    size_t taken = len < paper->takes_bytes ? len : paper->takes_bytes;
    paper->takes_bytes -= paper->takes_bytes == SIZE_MAX ? 0 : taken;
    for (size_t i = 0; i < taken; i++) {
        take_byte(paper, data[i]);
    }
    return taken;
}

static void reset(void *ctx)
{
    struct usb_paper *paper = ctx;
    paper->resets_count++;
    if (paper->heeds_reset) {
        paper->command_len = 0;
        paper->raster_left = 0;
    }
}

static bool port_status(void *ctx, uint8_t *to)
{
    const struct usb_paper *paper = ctx;
    *to = paper->port_status;
    return paper->has_port_status;
}

void usb_paper_plug(struct usb_paper *paper, struct usb_script *script, const char *port)
{
    struct usb_device about = {.vendor = 0x0DD4, .product = 0x0205, .serial = "P1"};
    CHECK(text_copy(about.port, sizeof about.port, port) == OK);
    memset(paper, 0, sizeof *paper);
    paper->script = script;
    paper->device = usb_script_plug(script, USB_CLASS_PRINTER, &about);
    paper->device->ops = (struct usb_script_device_ops){
        .take = take, .reset = reset, .port_status = port_status, .ctx = paper};
    memset(paper->answers, 0x12, sizeof paper->answers);
    paper->echoes = true;
    paper->takes_bytes = SIZE_MAX;
    paper->has_port_status = true;
    paper->port_status = 0x18;
}

void usb_paper_hush(struct usb_paper *paper)
{
    paper->talk[0] = '\0';
}
