// SPDX-License-Identifier: EUPL-1.2
//
// Tables in a terminal: words in columns, widths in characters and not in bytes.
#include "apps/technician/laptop.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BETWEEN = 2 };

static size_t width_of(const char *words);

void table_open(struct table *table, const char *const *heads, size_t columns_count)
{
    CHECK(columns_count > 0 && columns_count <= TABLE_COLUMNS_MAX);

    *table = (struct table){.heads = heads, .columns_count = columns_count};
    table->cells = calloc(TABLE_ROWS_MAX * columns_count, TABLE_CELL_BYTES);
    CHECK(table->cells != NULL);
}

void table_row(struct table *table)
{
    CHECK(table->rows_count < TABLE_ROWS_MAX); // the hub's lists are shorter

    table->rows_count += 1;
}

void table_cell(struct table *table, size_t column, const char *format, ...)
{
    CHECK(table->rows_count > 0 && column < table->columns_count);

    char words[TABLE_CELL_BYTES * 2];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof words, format, args); // cut below, at a whole character
    va_end(args);
    char *cell = table->cells[(table->rows_count - 1) * table->columns_count + column];
    text_copy_cut(cell, TABLE_CELL_BYTES, text_is_printable(words) ? words : "?");
}

void table_close(struct table *table)
{
    size_t widths[TABLE_COLUMNS_MAX];
    for (size_t column = 0; column < table->columns_count; column++) {
        widths[column] = width_of(table->heads[column]);
        for (size_t row = 0; row < table->rows_count; row++) {
            const size_t width = width_of(table->cells[row * table->columns_count + column]);
            widths[column] = width > widths[column] ? width : widths[column];
        }
    }
    for (size_t row = 0; row <= table->rows_count; row++) {
        for (size_t column = 0; column < table->columns_count; column++) {
            const char *words = row == 0 ? table->heads[column]
                                         : table->cells[(row - 1) * table->columns_count + column];
            const bool is_last = column + 1 == table->columns_count;
            const int blanks = is_last ? 0 : (int)(widths[column] - width_of(words)) + BETWEEN;
            printf("%s%*s", words, blanks, "");
        }
        printf("\n");
    }
    free(table->cells);
    *table = (struct table){0};
}

void table_time(const char *time, int64_t now_ms, char out[TABLE_CELL_BYTES])
{
    int64_t time_ms = 0;
    if (time == NULL || time_from_text(time, &time_ms) != OK) {
        text_copy_cut(out, TABLE_CELL_BYTES, "-");
        return;
    }
    const struct clock_local at = clock_local(time_ms);
    if (clock_local_day(time_ms) == clock_local_day(now_ms)) {
        (void)snprintf(out, TABLE_CELL_BYTES, "%02d:%02d", at.hour, at.minute);
    } else {
        (void)snprintf(out, TABLE_CELL_BYTES, "%04d-%02d-%02d %02d:%02d", at.year, at.month, at.day,
                       at.hour, at.minute);
    }
}

static size_t width_of(const char *words)
{
    const size_t len = strlen(words);
    size_t at = 0;
    size_t width = 0;
    while (at < len) {
        (void)utf8_next(words, len, &at);
        width += 1;
    }
    return width;
}
