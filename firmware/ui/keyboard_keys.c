// SPDX-License-Identifier: EUPL-1.2
//
// The letters of names in the Netherlands and of the languages around it (Latin-1 and Latin
// Extended-A of Unicode), and the Arabic letters that a plain keyboard lacks.
#include "ui/keyboard_keys.h"

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct {
    uint32_t letter;
    const char *variants;
} letters[] = {
    {'a', "áàäâãåæąă"}, {'c', "çćč"},     {'d', "ďđð"},  {'e', "éèëêęěēė"}, {'g', "ğģ"},
    {'i', "íìïîıīĳ"},   {'k', "ķ"},       {'l', "łľļ"},  {'n', "ñńňņ"},     {'o', "óòöôõøœő"},
    {'r', "řŕ"},        {'s', "śšşßș"},   {'t', "ťțþţ"}, {'u', "úùüûůűū"},  {'y', "ýÿ"},
    {'z', "źżž"},       {0x0627, "أإآٱ"}, {0x0628, "پ"}, {0x062c, "چ"},     {0x0632, "ژ"},
    {0x0641, "ڤ"},      {0x0643, "گ"},
};

static const struct {
    char sign;
    const char *name;
} signs[] = {
    {'.', "dot"},     {',', "comma"},     {'?', "question"},    {'!', "exclamation"},
    {':', "colon"},   {';', "semicolon"}, {'\'', "apostrophe"}, {'"', "quote"},
    {'(', "bracket"}, {')', "unbracket"}, {'-', "dash"},        {'_', "underscore"},
    {'/', "slash"},   {'@', "at"},        {'&', "ampersand"},   {'+', "plus"},
    {'=', "equals"},  {'%', "percent"},   {'*', "star"},        {'#', "hash"},
    {'<', "less"},    {'>', "more"},      {'~', "tilde"},       {'$', "dollar"},
    {' ', "space"},
};

const char *keyboard_keys_variants(uint32_t letter)
{
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        if (letters[i].letter == letter) {
            return letters[i].variants;
        }
    }
    return NULL;
}

uint32_t keyboard_keys_plain(uint32_t letter)
{
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        size_t len = strlen(letters[i].variants);
        size_t pos = 0;
        while (pos < len) {
            if (utf8_next(letters[i].variants, len, &pos) == letter) {
                return letters[i].letter;
            }
        }
    }
    return letter;
}

// Latin Extended-A goes in pairs, capital first: in two stretches even and odd, in two odd and
// even. The letters between the stretches have no pair.
static bool is_pair(uint32_t character, bool is_capital)
{
    bool is_even = character % 2 == 0;
    bool even_first = (character >= 0x0100 && character <= 0x0137) ||
                      (character >= 0x014a && character <= 0x0177) ||
                      (character >= 0x0218 && character <= 0x021b);
    bool odd_first = (character >= 0x0139 && character <= 0x0148) ||
                     (character >= 0x0179 && character <= 0x017e);
    bool is_dotless = character == 0x0130 || character == 0x0131;
    return !is_dotless && (even_first ? is_even == is_capital : odd_first && is_even != is_capital);
}

uint32_t keyboard_keys_capital(uint32_t letter)
{
    bool is_latin1 = letter >= 0xe0 && letter <= 0xfe && letter != 0xf7;
    if ((letter >= 'a' && letter <= 'z') || is_latin1) {
        return letter - 0x20;
    }
    if (letter == 0xff) {
        return 0x0178;
    }
    if (letter == 0x0131) {
        return 'I'; // the dotless i of Turkish
    }
    return is_pair(letter, false) ? letter - 1 : letter;
}

uint32_t keyboard_keys_small(uint32_t letter)
{
    bool is_latin1 = letter >= 0xc0 && letter <= 0xde && letter != 0xd7;
    if ((letter >= 'A' && letter <= 'Z') || is_latin1) {
        return letter + 0x20;
    }
    if (letter == 0x0178) {
        return 0xff;
    }
    return is_pair(letter, true) ? letter + 1 : letter;
}

static bool is_plain(uint32_t character)
{
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
}

void keyboard_keys_id(uint32_t character, char id[TREE_ID_BYTES])
{
    uint32_t small = keyboard_keys_small(character);
    struct text text;
    text_init(&text, id, TREE_ID_BYTES);
    if (is_plain(small)) {
        text_format(&text, "key.%c", (int)small);
        return;
    }
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if ((uint32_t)signs[i].sign == small) {
            text_format(&text, "key.%s", signs[i].name);
            return;
        }
    }
    text_format(&text, "key.u%x", (unsigned)small);
}

static uint32_t hex_of(const char *digits)
{
    uint32_t value = 0;
    for (; *digits != '\0' && value < 0x110000; digits++) {
        const char *all = "0123456789abcdef";
        const char *at = strchr(all, *digits);
        if (at == NULL) {
            return 0;
        }
        value = value * 16 + (uint32_t)(at - all);
    }
    return value < 0x110000 ? value : 0;
}

uint32_t keyboard_keys_character(const char *id)
{
    if (!text_starts_with(id, "key.")) {
        return 0;
    }
    const char *name = id + strlen("key.");
    if (is_plain((unsigned char)name[0]) && name[1] == '\0') {
        return (unsigned char)name[0];
    }
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (text_equal(signs[i].name, name)) {
            return (unsigned char)signs[i].sign;
        }
    }
    return name[0] == 'u' ? hex_of(name + 1) : 0;
}
