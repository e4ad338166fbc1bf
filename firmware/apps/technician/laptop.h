// SPDX-License-Identifier: EUPL-1.2
//
// The technician's laptop: asks the hub and shows what it says, as a table for people or as the
// hub's own JSON for scripts. What the commands of laptop_*.c share.
#ifndef INLOOP_APPS_TECHNICIAN_LAPTOP_H
#define INLOOP_APPS_TECHNICIAN_LAPTOP_H

#include "apps/technician/command.h"
#include "base/json.h"
#include "link/hub_address.h"

#include <stdbool.h>
#include <stdint.h>

// The exit codes, beside 0 and COMMAND_USAGE (2).
enum {
    LAPTOP_REFUSED = 1, // the hub said no; its reason is on standard error
    LAPTOP_NO_HUB = 3,  // it did not answer: whether it was done is not known
    LAPTOP_PROFILE = 4, // the profile cannot be read
};

struct laptop {
    struct loop *loop;
    struct hub_address hub;
    bool is_json;
    bool is_quiet;
    int status;        // of the last answer; 0: there was none
    struct json *body; // likewise, or NULL
    char *text;        // as it came
};

// Reads --profile (or INLOOP_PROFILE, or ~/.inloop) and --json. Gives an exit code, 0: go on; says
// itself what is wrong. Close in every case.
int laptop_open(struct laptop *laptop, int argc, char **argv);
void laptop_close(struct laptop *laptop);
// Asks and waits; `body` NULL: GET, else POST; takes `body`. The answer is in `laptop` until the
// next. Gives an exit code; says itself why it is not 0.
int laptop_ask(struct laptop *laptop, const char *path, struct json *body);
// GET without a word when the hub refuses: it may not have it yet.
int laptop_ask_quietly(struct laptop *laptop, const char *path);
// POST of a file as it is.
int laptop_send_file(struct laptop *laptop, const char *path, const char *file);
// With --json the answer goes out as it came, and there is nothing more to show.
bool laptop_is_told(const struct laptop *laptop);
// The `index`th word that is neither an option nor its value; NULL: there is none.
const char *laptop_word(int argc, char **argv, int index);
bool laptop_has(int argc, char **argv, const char *flag);

// --- laptop_table.c
enum { TABLE_COLUMNS_MAX = 10, TABLE_ROWS_MAX = 600, TABLE_CELL_BYTES = 160 };
struct table {
    const char *const *heads;
    size_t columns_count;
    char (*cells)[TABLE_CELL_BYTES]; // row after row
    size_t rows_count;
};
void table_open(struct table *table, const char *const *heads, size_t columns_count);
// The next row, empty; its cells are filled with table_cell. NULL: no more rows fit.
void table_row(struct table *table);
void table_cell(struct table *table, size_t column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// Prints and frees. Columns as wide as their widest word; the last is not padded.
void table_close(struct table *table);
// "14:05" of today, else "2026-11-27 14:05", as the clock on the wall here; "-" for NULL.
void table_time(const char *time, int64_t now_ms, char out[TABLE_CELL_BYTES]);

// --- laptop_code.c
// The code as half blocks, black on white, and below it its text.
void laptop_show_code(const char *text);

#endif
