// SPDX-License-Identifier: EUPL-1.2
//
// Word by word: no word is understood, each is judged by its letters.
#include "base/redact.h"

#include <string.h>

enum { DIGITS_MAX = 5, CODE_CHARS_MIN = 16, DATE_CHARS = 10 };

static bool is_blank(char c);
static bool is_code_char(char c);
static bool is_digit(char c);
static void add_word(const char *word, size_t len, struct text *out);
static const char *kind_of(const char *word, size_t len);
static bool begins_as_code(const char *word, size_t len);
static bool holds_number(const char *word, size_t len);
static bool holds_date(const char *word, size_t len);
static bool holds_code(const char *word, size_t len);
static void add_plain(const char *word, size_t len, struct text *out);

void redact(const char *log, size_t len, struct text *out)
{
    bool is_first = true; // of its line: the time stays
    size_t at = 0;
    while (at < len) {
        if (is_blank(log[at])) {
            is_first = log[at] == '\n';
            text_add_bytes(out, log[at] == '\t' || log[at] == '\r' ? " " : &log[at], 1);
            at += 1;
            continue;
        }
        size_t word_len = 0;
        while (at + word_len < len && !is_blank(log[at + word_len])) {
            word_len += 1;
        }
        int64_t time_ms = 0;
        char time[TIME_TEXT_BYTES + 1] = "";
        if (is_first && word_len == TIME_TEXT_BYTES - 1) {
            memcpy(time, log + at, word_len);
        }
        if (time[0] != '\0' && time_from_text(time, &time_ms) == OK) {
            text_add(out, time);
        } else {
            add_word(log + at, word_len, out);
        }
        is_first = false;
        at += word_len;
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_code_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '+' || c == '=';
}

static void add_word(const char *word, size_t len, struct text *out)
{
    const char *kind = kind_of(word, len);
    if (kind != NULL) {
        text_add(out, kind);
    } else {
        add_plain(word, len, out);
    }
}

static const char *kind_of(const char *word, size_t len)
{
    return begins_as_code(word, len)        ? "<code>"
           : memchr(word, '@', len) != NULL ? "<address>"
           : holds_code(word, len)          ? "<code>"
           : holds_date(word, len)          ? "<date>"
           : holds_number(word, len)        ? "<number>"
                                            : NULL;
}

// "KR1:", "KQ1:", "KS1:", "KE1:", also behind a quotation mark or a bracket.
static bool begins_as_code(const char *word, size_t len)
{
    for (size_t i = 0; i + 4 <= len; i++) {
        if (word[i] == 'K' && word[i + 1] >= 'A' && word[i + 1] <= 'Z' && word[i + 2] == '1' &&
            word[i + 3] == ':') {
            return true;
        }
    }
    return false;
}

// Dots, hyphens and the like between digits do not hide a number; letters do: "0c2e:0907:S1@1-2.3".
static bool holds_number(const char *word, size_t len)
{
    size_t digits = 0;
    for (size_t i = 0; i < len; i++) {
        if (is_digit(word[i])) {
            digits += 1;
        } else if (word[i] != '.' && word[i] != '-' && word[i] != '/') {
            digits = 0;
        }
        if (digits > DIGITS_MAX) {
            return true;
        }
    }
    return false;
}

static bool holds_date(const char *word, size_t len)
{
    static const char shape[] = "dddd-dd-dd";
    for (size_t start = 0; start + DATE_CHARS <= len; start++) {
        size_t same = 0;
        while (same < DATE_CHARS &&
               (shape[same] == 'd' ? is_digit(word[start + same]) : word[start + same] == '-')) {
            same += 1;
        }
        if (same == DATE_CHARS) {
            return true;
        }
    }
    return false;
}

// A long run of letters and digits mixed: tokens, keys, UUIDs, hashes.
static bool holds_code(const char *word, size_t len)
{
    size_t run = 0;
    bool has_digit = false;
    bool has_letter = false;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && is_code_char(word[i])) {
            run += 1;
            has_digit = has_digit || is_digit(word[i]);
            has_letter = has_letter || (word[i] | 0x20) >= 'a';
            if (run >= CODE_CHARS_MIN && has_digit && has_letter) {
                return true;
            }
        } else {
            run = 0;
            has_digit = false;
            has_letter = false;
        }
    }
    return false;
}

static void add_plain(const char *word, size_t len, struct text *out)
{
    size_t at = 0;
    while (at < len) {
        const size_t begin = at;
        const uint32_t character = utf8_next(word, len, &at);
        const bool is_shown = character >= 0x20 && character != 0x7f && character != 0xFFFD &&
                              (character < 0x80 || character >= 0xA0);
        if (is_shown) {
            text_add_bytes(out, word + begin, at - begin);
        } else {
            text_add(out, "?");
        }
    }
}
