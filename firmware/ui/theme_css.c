// SPDX-License-Identifier: EUPL-1.2
//
// The few CSS value forms that token files hold: colours and lengths. Bounded by the string itself;
// what is not understood is refused, never guessed.
#include "ui/theme.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CSS_BYTES_MAX = 96, REM_PX = 16 };

static enum err parse_hex(const char *digits, struct rgb *colour);
static enum err parse_function(const char *words, struct rgb *colour);

enum err theme_colour_parse(const char *words, struct rgb *colour)
{
    CHECK(words != NULL && colour != NULL);

    if (strlen(words) > CSS_BYTES_MAX) {
        return ERR_TOO_BIG;
    }
    if (words[0] == '#') {
        return parse_hex(words + 1, colour);
    }
    if (text_equal(words, "white")) {
        *colour = (struct rgb){255, 255, 255};
        return OK;
    }
    if (text_equal(words, "black")) {
        *colour = (struct rgb){0, 0, 0};
        return OK;
    }
    return parse_function(words, colour);
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    if (digit >= 'A' && digit <= 'F') {
        return digit - 'A' + 10;
    }
    return -1;
}

static enum err parse_hex(const char *digits, struct rgb *colour)
{
    size_t len = strlen(digits);
    if (len != 3 && len != 6 && len != 8) {
        return ERR_MALFORMED;
    }
    int values[8] = {0};
    for (size_t i = 0; i < len; i++) {
        values[i] = hex_value(digits[i]);
        if (values[i] < 0) {
            return ERR_MALFORMED;
        }
    }
    if (len == 3) {
        *colour = (struct rgb){(uint8_t)(values[0] * 17), (uint8_t)(values[1] * 17),
                               (uint8_t)(values[2] * 17)};
        return OK;
    }
    if (len == 8 && (values[6] != 15 || values[7] != 15)) {
        return ERR_UNSUPPORTED; // see-through colours have no fixed contrast
    }
    *colour =
        (struct rgb){(uint8_t)(values[0] * 16 + values[1]), (uint8_t)(values[2] * 16 + values[3]),
                     (uint8_t)(values[4] * 16 + values[5])};
    return OK;
}

// Reads an unsigned decimal number at `*at`. Own code because strtod follows the locale.
static bool read_number(const char **at, double *number)
{
    const char *c = *at;
    double value = 0;
    double scale = 1;
    bool has_digit = false;
    bool after_point = false;
    for (; (*c >= '0' && *c <= '9') || (*c == '.' && !after_point); c++) {
        if (*c == '.') {
            after_point = true;
            continue;
        }
        has_digit = true;
        value = value * 10 + (*c - '0');
        scale = after_point ? scale * 10 : scale;
    }
    *at = c;
    *number = value / scale;
    return has_digit && isfinite(*number);
}

// Old and new syntax: "rgba(0, 0, 0, 0)", "hsl(138 58% 33% / 1)". Gives up to four numbers.
static size_t read_arguments(const char *at, double numbers[4])
{
    size_t count = 0;
    while (*at != '\0' && *at != ')' && count < 4) {
        if (*at == ' ' || *at == ',' || *at == '/') {
            at++;
            continue;
        }
        if (!read_number(&at, &numbers[count])) {
            return 0;
        }
        if (*at == '%') {
            at++;
            // Only an alpha of "100%" is worth understanding; others end up refused.
            numbers[count] = count == 3 ? numbers[count] / 100 : numbers[count];
        } else if (strncmp(at, "deg", 3) == 0) {
            at += 3;
        }
        count++;
    }
    return *at == ')' && at[1] == '\0' ? count : 0;
}

static uint8_t to_byte(double part)
{
    double scaled = part * 255.0;
    return (uint8_t)lround(fmin(fmax(scaled, 0.0), 255.0));
}

// CSS Color 4, section 7.1: one channel of an HSL colour.
static double hsl_channel(double n, double hue, double saturation, double light)
{
    double k = fmod(n + hue / 30.0, 12.0);
    double a = saturation * fmin(light, 1.0 - light);
    return light - a * fmax(-1.0, fmin(fmin(k - 3.0, 9.0 - k), 1.0));
}

static struct rgb from_hsl(const double numbers[4])
{
    double hue = fmod(numbers[0], 360.0);
    double saturation = fmin(numbers[1] / 100.0, 1.0);
    double light = fmin(numbers[2] / 100.0, 1.0);
    return (struct rgb){to_byte(hsl_channel(0, hue, saturation, light)),
                        to_byte(hsl_channel(8, hue, saturation, light)),
                        to_byte(hsl_channel(4, hue, saturation, light))};
}

static enum err parse_function(const char *words, struct rgb *colour)
{
    bool is_hsl = text_starts_with(words, "hsl");
    bool is_rgb = text_starts_with(words, "rgb");
    const char *open = strchr(words, '(');
    if ((!is_hsl && !is_rgb) || open == NULL || open - words > 4) {
        return ERR_MALFORMED;
    }
    double numbers[4] = {0, 0, 0, 1};
    size_t count = read_arguments(open + 1, numbers);
    if (count < 3) {
        return ERR_MALFORMED;
    }
    if (numbers[3] < 1.0) {
        return ERR_UNSUPPORTED;
    }
    *colour = is_hsl ? from_hsl(numbers)
                     : (struct rgb){to_byte(numbers[0] / 255.0), to_byte(numbers[1] / 255.0),
                                    to_byte(numbers[2] / 255.0)};
    return OK;
}

static enum err parse_simple_length(const char *words, size_t len, float *length_px)
{
    const char *at = words;
    double number = 0;
    if (!read_number(&at, &number) || number > 10000.0) {
        return ERR_MALFORMED;
    }
    size_t unit_len = len - (size_t)(at - words);
    if (unit_len == 3 && strncmp(at, "rem", 3) == 0) {
        number *= REM_PX;
    } else if (unit_len == 2 && strncmp(at, "em", 2) == 0) {
        number *= REM_PX;
    } else if (unit_len != 0 && !(unit_len == 2 && strncmp(at, "px", 2) == 0)) {
        return ERR_MALFORMED;
    }
    *length_px = (float)number;
    return OK;
}

// clamp(smallest, by window width, largest): our panels have one width, so the middle of the ends.
static enum err parse_clamp(const char *words, float *length_px)
{
    const char *first = words + strlen("clamp(");
    const char *first_end = strchr(first, ',');
    const char *last = strrchr(words, ',');
    const char *last_end = strrchr(words, ')');
    if (first_end == NULL || last <= first_end || last_end == NULL || last_end[1] != '\0') {
        return ERR_MALFORMED;
    }
    last += 1;
    while (*last == ' ') {
        last++;
    }
    float low = 0;
    float high = 0;
    if (parse_simple_length(first, (size_t)(first_end - first), &low) != OK || last > last_end ||
        parse_simple_length(last, (size_t)(last_end - last), &high) != OK) {
        return ERR_MALFORMED;
    }
    *length_px = (low + high) / 2;
    return OK;
}

enum err theme_length_parse(const char *words, float *length_px)
{
    CHECK(words != NULL && length_px != NULL);

    if (strlen(words) > CSS_BYTES_MAX) {
        return ERR_TOO_BIG;
    }
    if (text_starts_with(words, "clamp(")) {
        return parse_clamp(words, length_px);
    }
    return parse_simple_length(words, strlen(words), length_px);
}
