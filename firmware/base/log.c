// SPDX-License-Identifier: EUPL-1.2
//
// Log lines: one write(2) each, so that lines of several threads and processes never mix.
#include "base/log.h"

#include "base/clock.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE_BYTES = 500 };

void log_line(enum log_level level, const char *area, const char *format, ...)
{
    static const char *const names[] = {
        [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"};
    char words[LINE_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof words, format, args); // a cut line still helps
    va_end(args);

    char when[TIME_TEXT_BYTES];
    struct clock clock = clock_system();
    time_to_text(clock_now_ms(&clock), when);
    char buf[LINE_BYTES];
    struct text line;
    text_init(&line, buf, sizeof buf - 1);
    text_format(&line, "%s %s %s: %s", when, names[level], area, words);
    for (size_t i = 0; i < line.len; i++) {
        if ((unsigned char)buf[i] < 0x20 || buf[i] == 0x7f) {
            buf[i] = '?';
        }
    }
    buf[line.len] = '\n';
    ssize_t written = write(STDERR_FILENO, buf, line.len + 1);
    (void)written; // there is nowhere left to say that the log is full
}
