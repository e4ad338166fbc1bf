// SPDX-License-Identifier: EUPL-1.2
//
// FriBidi's levels, a font per character, runs of equal level and font, reordered by rule L2 of
// the bidirectional algorithm (UAX #9).
#include "ui/text_runs.h"

#include "base/bytes.h"
#include "base/text.h"

#include <fribidi.h>
#include <string.h>

// One line, character by character. Static because it is large and there is one UI thread; wiped
// after use because a line may hold a name.
static struct {
    FriBidiChar characters[TEXT_WORDS_BYTES_MAX];
    FriBidiCharType types[TEXT_WORDS_BYTES_MAX];
    FriBidiBracketType brackets[TEXT_WORDS_BYTES_MAX];
    FriBidiLevel levels[TEXT_WORDS_BYTES_MAX];
    size_t starts[TEXT_WORDS_BYTES_MAX + 1];
    enum font_face faces[TEXT_WORDS_BYTES_MAX];
    size_t count;
} line;

static void pick_faces(struct fonts *fonts, const struct text_setting *setting);
static void reorder(struct text_runs *runs, FriBidiLevel levels[TEXT_RUNS_MAX]);

enum text_direction text_direction_of(uint32_t character)
{
    FriBidiCharType type = fribidi_get_bidi_type(character);
    if (type == FRIBIDI_TYPE_LTR) {
        return TEXT_FORWARD;
    }
    bool is_backward = type == FRIBIDI_TYPE_RTL || type == FRIBIDI_TYPE_AL;
    return is_backward ? TEXT_BACKWARD : TEXT_NEUTRAL;
}

static bool is_plain(const char *words, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)words[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static void read_line(const char *words, size_t len)
{
    line.count = 0;
    size_t pos = 0;
    while (pos < len && line.count < TEXT_WORDS_BYTES_MAX) {
        line.starts[line.count] = pos;
        line.characters[line.count] = utf8_next(words, len, &pos);
        line.count += 1;
    }
    line.starts[line.count] = pos;
}

static void find_levels(bool is_mirrored)
{
    FriBidiStrIndex count = (FriBidiStrIndex)line.count;
    FriBidiParType direction = is_mirrored ? FRIBIDI_PAR_RTL : FRIBIDI_PAR_LTR;
    fribidi_get_bidi_types(line.characters, count, line.types);
    fribidi_get_bracket_types(line.characters, count, line.types, line.brackets);
    if (fribidi_get_par_embedding_levels_ex(line.types, line.brackets, count, &direction,
                                            line.levels) == 0) {
        // Only when it runs out of memory: everything then goes the line's own way.
        memset(line.levels, is_mirrored ? 1 : 0, line.count * sizeof line.levels[0]);
    }
}

static void collect(struct text_runs *runs, FriBidiLevel levels[TEXT_RUNS_MAX])
{
    size_t from = 0;
    for (size_t i = 1; i <= line.count; i++) {
        bool goes_on = i < line.count && line.levels[i] == line.levels[from] &&
                       line.faces[i] == line.faces[from];
        if (goes_on || runs->count == TEXT_RUNS_MAX) {
            continue;
        }
        levels[runs->count] = line.levels[from];
        runs->runs[runs->count] =
            (struct text_run){line.starts[from], line.starts[i] - line.starts[from],
                              line.faces[from], (line.levels[from] & 1) != 0};
        runs->count += 1;
        from = i;
    }
}

void text_runs_find(struct fonts *fonts, const struct text_setting *setting, const char *words,
                    size_t len, struct text_runs *runs)
{
    CHECK(len <= TEXT_WORDS_BYTES_MAX);

    runs->count = 0;
    if (len == 0) {
        return;
    }
    if (!setting->is_mirrored && is_plain(words, len)) {
        runs->runs[0] =
            (struct text_run){0, len, setting->is_serif ? FACE_SERIF : FACE_SANS, false};
        runs->count = 1;
        return;
    }
    read_line(words, len);
    find_levels(setting->is_mirrored);
    pick_faces(fonts, setting);
    FriBidiLevel levels[TEXT_RUNS_MAX] = {0};
    collect(runs, levels);
    reorder(runs, levels);
    wipe(&line, sizeof line);
}

static enum font_face face_with_glyph(struct fonts *fonts, const struct text_setting *setting,
                                      uint32_t character, enum font_face wanted)
{
    const enum font_face order[] = {wanted, FACE_SANS, FACE_ARABIC, FACE_ETHIOPIC, FACE_DEVANAGARI};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        TTF_Font *font = fonts_get(fonts, order[i], setting->is_bold, setting->size_px);
        if (font != NULL && TTF_GlyphIsProvided32(font, character) != 0) {
            return order[i];
        }
    }
    return FACE_SANS;
}

static void pick_faces(struct fonts *fonts, const struct text_setting *setting)
{
    enum font_face latin = setting->is_serif ? FACE_SERIF : FACE_SANS;
    enum font_face before = FACES_COUNT;
    for (size_t i = 0; i < line.count; i++) {
        uint32_t character = line.characters[i];
        enum font_face face = font_face_of(character);
        if (face == FACES_COUNT) {
            face = before == FACES_COUNT ? latin : before;
        } else if (face == FACE_SANS) {
            face = latin;
        }
        // ASCII is in every Latin face; only the rest is worth asking for.
        if (character >= 0x80 && font_face_of(character) != FACES_COUNT) {
            face = face_with_glyph(fonts, setting, character, face);
        }
        line.faces[i] = face;
        before = face;
    }
}

static void turn(struct text_runs *runs, FriBidiLevel *levels, size_t from, size_t to)
{
    while (from + 1 < to) {
        to -= 1;
        struct text_run run = runs->runs[from];
        runs->runs[from] = runs->runs[to];
        runs->runs[to] = run;
        FriBidiLevel level = levels[from];
        levels[from] = levels[to];
        levels[to] = level;
        from += 1;
    }
}

// From the highest level down to the lowest odd one, every stretch of that level or more is turned.
static void reorder(struct text_runs *runs, FriBidiLevel levels[TEXT_RUNS_MAX])
{
    FriBidiLevel highest = 0;
    for (size_t i = 0; i < runs->count; i++) {
        highest = levels[i] > highest ? levels[i] : highest;
    }
    for (FriBidiLevel level = highest; level > 0; level--) {
        size_t from = 0;
        while (from < runs->count) {
            size_t to = from;
            while (to < runs->count && levels[to] >= level) {
                to += 1;
            }
            turn(runs, levels, from, to);
            from = to + 1;
        }
    }
}
