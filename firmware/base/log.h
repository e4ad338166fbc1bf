// SPDX-License-Identifier: EUPL-1.2
//
// One line per event on standard error, for the person on call. Never personal data, never tokens.
#ifndef INLOOP_BASE_LOG_H
#define INLOOP_BASE_LOG_H

enum log_level { LOG_INFO, LOG_WARN, LOG_ERROR };

// "2026-11-23T13:52:07Z warn scanner: unplugged". `area` is a folder or program name. Control
// characters in the sentence are replaced; a line holds at most 500 bytes. Thread-safe.
void log_line(enum log_level level, const char *area, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define log_info(area, ...) log_line(LOG_INFO, area, __VA_ARGS__)
#define log_warn(area, ...) log_line(LOG_WARN, area, __VA_ARGS__)
#define log_error(area, ...) log_line(LOG_ERROR, area, __VA_ARGS__)

#endif
