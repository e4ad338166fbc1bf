// SPDX-License-Identifier: EUPL-1.2
//
// Breaking into lines and drawing them. Line breaks are remembered by a hash of the words, so the
// words themselves are not kept.
#include "ui/text.h"

#include "base/bytes.h"
#include "base/text.h"
#include "ui/canvas.h"
#include "ui/font.h"
#include "ui/hyphen.h"
#include "ui/text_runs.h"

#include <SDL2/SDL.h>
#include <linebreak.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_CACHE_SLOTS = 1024, BALANCED_LINES_MAX = 4 };
#define ARABIC_LINE 1.3f

struct text_cached {
    uint64_t key; // 0: free
    struct text_lines lines;
};

struct text_shaper {
    struct fonts fonts;
    struct hyphens hyphens;
    struct text_cached cache[TEXT_CACHE_SLOTS];
    char line[TEXT_WORDS_BYTES_MAX + 2]; // one run, terminated, for SDL_ttf
    struct text_run run;                 // which one that is
    char breaks[TEXT_WORDS_BYTES_MAX];
    bool has_words; // since text_forget
};

struct draw_spacing {
    SDL_Color colour;
    int space_px;
};

// Words being broken.
struct breaking {
    struct text_shaper *shaper;
    const struct look *look;
    const struct text_setting *setting;
    const char *words;
    size_t len;
    int room_px; // 0: no limit
    struct text_lines *lines;
};

static uint64_t key_of(const struct look *look, const char *words,
                       const struct text_setting *setting);
static int measure(const struct breaking *breaking, size_t from, size_t to, bool has_hyphen);
static void break_all(struct breaking *breaking);
static void balance(struct breaking *breaking);
static void load_run(struct text_shaper *shaper, const char *words, const struct text_run *run,
                     bool has_hyphen);
static int draw_run(struct text_shaper *shaper, struct canvas *canvas,
                    const struct text_setting *setting, SDL_Point pen, struct rgb colour);

enum err text_open(struct text_shaper **shaper, const char *const *font_dirs, struct fault *fault)
{
    *shaper = NULL;
    struct text_shaper *opened = calloc(1, sizeof *opened);
    CHECK(opened != NULL);
    enum err err = fonts_open(&opened->fonts, font_dirs, fault);
    if (err != OK) {
        free(opened);
        return err;
    }
    init_linebreak();
    *shaper = opened;
    return OK;
}

void text_close(struct text_shaper *shaper)
{
    if (shaper == NULL) {
        return;
    }
    hyphens_close(&shaper->hyphens);
    fonts_close(&shaper->fonts);
    wipe(shaper, sizeof *shaper);
    free(shaper);
}

void text_forget(struct text_shaper *shaper)
{
    if (!shaper->has_words) {
        return; // half a megabyte that nobody has touched yet
    }
    shaper->has_words = false;
    wipe(shaper->cache, sizeof shaper->cache);
    wipe(shaper->line, sizeof shaper->line);
}

struct text_setting text_setting(const struct look *look, enum type type, float cap_mm)
{
    const struct type_spec *spec = style_type(type);
    float wanted_mm = cap_mm > 0 ? cap_mm : spec->cap_mm * (look->is_large ? spec->large : 1.0f);
    float size_px = wanted_mm * look->px_per_mm / STYLE_CAP_PER_SIZE;
    bool has_digits = type == TYPE_NUMBER || type == TYPE_KEY; // these are never Arabic
    bool has_marks = look->is_mirrored && !has_digits;
    float line = has_marks ? fmaxf(spec->line, ARABIC_LINE) : spec->line;
    struct text_setting setting = {
        .size_px = (int)fmaxf(roundf(size_px), 6.0f),
        .space_px = look_px(look, spec->space_mm),
        .is_bold = spec->is_bold,
        .is_serif = spec->is_heading && look->theme->heading_is_serif,
        .is_mirrored = look->is_mirrored,
    };
    setting.line_px = (int)lroundf((float)setting.size_px * line);
    return setting;
}

void text_break(struct text_shaper *shaper, const struct look *look, const char *words,
                const struct text_setting *setting, struct text_lines *lines)
{
    CHECK(setting->size_px > 0);

    uint64_t key = key_of(look, words, setting);
    struct text_cached *cached = &shaper->cache[key % TEXT_CACHE_SLOTS];
    if (cached->key == key) {
        *lines = cached->lines;
        return;
    }
    shaper->has_words = true;
    *lines = (struct text_lines){0};
    size_t len = strlen(words);
    struct breaking breaking = {shaper, look, setting, words, len, setting->room_px, lines};
    if (len > TEXT_WORDS_BYTES_MAX) {
        breaking.len = TEXT_WORDS_BYTES_MAX;
        lines->overflows = true;
    }
    break_all(&breaking);
    if (!setting->fills_lines) {
        balance(&breaking);
    }
    lines->height_px = (int)lines->lines_count * setting->line_px;
    cached->key = key;
    cached->lines = *lines;
}

int text_width(struct text_shaper *shaper, const struct text_setting *setting, const char *words,
               size_t len)
{
    struct breaking breaking = {.shaper = shaper, .setting = setting, .words = words};
    return measure(&breaking, 0, len < TEXT_WORDS_BYTES_MAX ? len : TEXT_WORDS_BYTES_MAX, false);
}

bool text_begins_backward(const char *words)
{
    size_t len = strlen(words);
    size_t pos = 0;
    while (pos < len) {
        enum text_direction direction = text_direction_of(utf8_next(words, len, &pos));
        if (direction != TEXT_NEUTRAL) {
            return direction == TEXT_BACKWARD;
        }
    }
    return false;
}

void text_draw_line(struct text_shaper *shaper, struct canvas *canvas,
                    const struct text_setting *setting, const struct text_piece *piece)
{
    TTF_Font *base = fonts_get(&shaper->fonts, FACE_SANS, setting->is_bold, setting->size_px);
    CHECK(base != NULL);
    const struct text_line *line = &piece->line;
    const struct text_place *place = &piece->place;
    int free_px = place->width_px - line->width_px;
    int height_px = TTF_FontAscent(base) - TTF_FontDescent(base);
    SDL_Point pen = {
        .x = place->x_px + (place->align < 0    ? 0
                            : place->align == 0 ? free_px / 2
                                                : free_px),
        .y = place->y_px + (setting->line_px - height_px) / 2 + TTF_FontAscent(base),
    };
    const char *words = piece->words + line->from;
    struct text_runs runs;
    text_runs_find(&shaper->fonts, setting, words, line->len, &runs);
    for (size_t i = 0; i < runs.count; i++) {
        load_run(shaper, words, &runs.runs[i], line->has_hyphen && i + 1 == runs.count);
        pen.x += draw_run(shaper, canvas, setting, pen, piece->colour);
    }
    wipe(shaper->line, sizeof shaper->line);
}

bool text_covers(struct text_shaper *shaper, const char *words)
{
    size_t len = strlen(words);
    size_t pos = 0;
    while (pos < len) {
        uint32_t character = utf8_next(words, len, &pos);
        bool is_found = character < 0x20 || font_face_of(character) == FACES_COUNT;
        for (int face = 0; face < FACES_COUNT && !is_found; face++) {
            TTF_Font *font = fonts_get(&shaper->fonts, (enum font_face)face, false, 16);
            is_found = font != NULL && TTF_GlyphIsProvided32(font, character) != 0;
        }
        if (!is_found) {
            return false;
        }
    }
    return true;
}

static uint64_t mix_hash(uint64_t hash, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ bytes[i]) * 1099511628211ULL;
    }
    return hash;
}

static uint64_t key_of(const struct look *look, const char *words,
                       const struct text_setting *setting)
{
    const int numbers[] = {setting->size_px,     setting->line_px,    setting->space_px,
                           setting->is_bold,     setting->is_serif,   setting->room_px,
                           setting->is_mirrored, setting->fills_lines};
    uint64_t hash = mix_hash(14695981039346656037ULL, numbers, sizeof numbers);
    hash = mix_hash(hash, look->language, strlen(look->language));
    hash = mix_hash(hash, words, strlen(words));
    hash ^= hash >> 29; // the slot is taken from the low bits
    return hash == 0 ? 1 : hash;
}

static void load_run(struct text_shaper *shaper, const char *words, const struct text_run *run,
                     bool has_hyphen)
{
    memcpy(shaper->line, words + run->from, run->len);
    size_t len = run->len;
    if (has_hyphen) {
        shaper->line[len] = '-';
        len += 1;
    }
    shaper->line[len] = '\0';
    shaper->run = *run;
}

// The font of the loaded run, set to its direction.
static TTF_Font *run_font(struct text_shaper *shaper, const struct text_setting *setting)
{
    TTF_Font *font =
        fonts_get(&shaper->fonts, shaper->run.face, setting->is_bold, setting->size_px);
    if (font == NULL) {
        font = fonts_get(&shaper->fonts, FACE_SANS, setting->is_bold, setting->size_px);
    }
    CHECK(font != NULL);
    (void)TTF_SetFontDirection(font,
                               shaper->run.is_backward ? TTF_DIRECTION_RTL : TTF_DIRECTION_LTR);
    return font;
}

// Letters of joined scripts cannot stand apart.
static bool is_spaced(const struct text_shaper *shaper, const struct text_setting *setting)
{
    return setting->space_px > 0 && !shaper->run.is_backward && shaper->run.face == FACE_SANS;
}

static int run_width(struct text_shaper *shaper, const struct text_setting *setting)
{
    int width_px = 0;
    TTF_Font *font = run_font(shaper, setting);
    if (TTF_SizeUTF8(font, shaper->line, &width_px, NULL) != 0) {
        return 0;
    }
    if (is_spaced(shaper, setting)) {
        size_t len = strlen(shaper->line);
        size_t pos = 0;
        width_px = 0;
        while (pos < len) {
            int advance_px = 0;
            uint32_t character = utf8_next(shaper->line, len, &pos);
            (void)TTF_GlyphMetrics32(font, character, NULL, NULL, NULL, NULL, &advance_px);
            width_px += advance_px + (pos < len ? setting->space_px : 0);
        }
    }
    return width_px;
}

static int measure(const struct breaking *breaking, size_t from, size_t to, bool has_hyphen)
{
    struct text_shaper *shaper = breaking->shaper;
    struct text_runs runs;
    text_runs_find(&shaper->fonts, breaking->setting, breaking->words + from, to - from, &runs);
    int width_px = 0;
    for (size_t i = 0; i < runs.count; i++) {
        load_run(shaper, breaking->words + from, &runs.runs[i], has_hyphen && i + 1 == runs.count);
        width_px += run_width(shaper, breaking->setting);
    }
    wipe(shaper->line, sizeof shaper->line);
    return width_px;
}

static size_t trim(const struct breaking *breaking, size_t from, size_t to)
{
    while (to > from && (breaking->words[to - 1] == ' ' || breaking->words[to - 1] == '\n')) {
        to -= 1;
    }
    return to;
}

static void emit(struct breaking *breaking, size_t from, size_t to, bool has_hyphen)
{
    struct text_lines *lines = breaking->lines;
    if (lines->lines_count == TEXT_LINES_MAX) {
        lines->overflows = true;
        return;
    }
    to = trim(breaking, from, to);
    int width_px = measure(breaking, from, to, has_hyphen);
    lines->lines[lines->lines_count] = (struct text_line){from, to - from, has_hyphen, width_px};
    lines->lines_count += 1;
    lines->width_px = width_px > lines->width_px ? width_px : lines->width_px;
    if (breaking->room_px > 0 && width_px > breaking->room_px) {
        lines->overflows = true;
    }
}

// The last place in [from, to) where the word may be broken and its front still fits; `from` when
// there is none.
static size_t last_fitting(const struct breaking *breaking, size_t from, size_t to)
{
    bool may_break[HYPHEN_WORD_BYTES_MAX];
    if (!hyphens_find(&breaking->shaper->hyphens, breaking->look->language, breaking->words + from,
                      to - from, may_break)) {
        return from;
    }
    for (size_t at = to - 1; at > from; at--) {
        if (may_break[at - from] && measure(breaking, from, at, true) <= breaking->room_px) {
            return at;
        }
    }
    return from;
}

// A word wider than the whole line: in parts with hyphens, as far as its language knows how. Gives
// where the rest, which fits, begins.
static size_t break_word(struct breaking *breaking, size_t from, size_t to)
{
    while (measure(breaking, from, trim(breaking, from, to), false) > breaking->room_px) {
        size_t at = last_fitting(breaking, from, trim(breaking, from, to));
        if (at == from) {
            emit(breaking, from, to, false);
            return to;
        }
        emit(breaking, from, at, true);
        from = at;
    }
    return from;
}

static bool is_too_wide(const struct breaking *breaking, size_t from, size_t to)
{
    return breaking->room_px > 0 &&
           measure(breaking, from, trim(breaking, from, to), false) > breaking->room_px;
}

static void break_all(struct breaking *breaking)
{
    char *breaks = breaking->shaper->breaks;
    set_linebreaks_utf8((const utf8_t *)breaking->words, breaking->len, breaking->look->language,
                        breaks);
    size_t from = 0; // where the present line begins
    size_t fits = 0; // how far it may go so far
    for (size_t i = 0; i < breaking->len; i++) {
        bool is_last = i + 1 == breaking->len;
        if (!is_last && breaks[i] != LINEBREAK_ALLOWBREAK && breaks[i] != LINEBREAK_MUSTBREAK) {
            continue;
        }
        if (is_too_wide(breaking, from, i + 1)) {
            if (fits > from) {
                emit(breaking, from, fits, false);
                from = fits;
            }
            if (is_too_wide(breaking, from, i + 1)) {
                from = break_word(breaking, from, i + 1);
            }
        }
        fits = i + 1;
        if (!is_last && breaks[i] == LINEBREAK_MUSTBREAK) {
            emit(breaking, from, fits, false);
            from = fits;
        }
    }
    if (from < breaking->len) {
        emit(breaking, from, breaking->len, false);
    }
}

static bool is_broken_as(const struct text_lines *lines, size_t lines_count)
{
    bool has_hyphen = false;
    for (size_t i = 0; i < lines->lines_count; i++) {
        has_hyphen = has_hyphen || lines->lines[i].has_hyphen;
    }
    return lines->lines_count == lines_count && !lines->overflows && !has_hyphen;
}

// Lines of about the same length: no last word stands alone. The same number of lines in the
// narrowest room that holds them.
static void balance(struct breaking *breaking)
{
    struct text_lines *best = breaking->lines;
    size_t lines_count = best->lines_count;
    bool has_choice =
        lines_count > 1 && lines_count <= BALANCED_LINES_MAX && is_broken_as(best, lines_count);
    int least_px = 0;
    int most_px = best->width_px;
    while (has_choice && most_px - least_px > 4) {
        struct text_lines tried = {0};
        struct breaking narrower = *breaking;
        narrower.room_px = least_px + (most_px - least_px) / 2;
        narrower.lines = &tried;
        break_all(&narrower);
        if (is_broken_as(&tried, lines_count)) {
            *best = tried;
            most_px = narrower.room_px;
        } else {
            least_px = narrower.room_px;
        }
    }
}

// Blits a rendered piece of text and wipes it: it may show a name.
static int show(struct canvas *canvas, SDL_Surface *piece, SDL_Rect at)
{
    if (piece == NULL) {
        return 0;
    }
    const SDL_Rect clip = {canvas->clip.x, canvas->clip.y, canvas->clip.width, canvas->clip.height};
    (void)SDL_SetClipRect(canvas->surface, &clip);            // false: nothing of it is visible
    (void)SDL_BlitSurface(piece, NULL, canvas->surface, &at); // fails for lost surfaces only
    int width_px = piece->w;
    wipe(piece->pixels, (size_t)piece->pitch * (size_t)piece->h);
    SDL_FreeSurface(piece);
    return width_px;
}

static int draw_spaced(struct text_shaper *shaper, struct canvas *canvas, TTF_Font *font,
                       SDL_Rect at, struct draw_spacing spacing)
{
    int start_px = at.x;
    size_t len = strlen(shaper->line);
    size_t pos = 0;
    while (pos < len) {
        int left_px = 0;
        int advance_px = 0;
        uint32_t character = utf8_next(shaper->line, len, &pos);
        (void)TTF_GlyphMetrics32(font, character, &left_px, NULL, NULL, NULL, &advance_px);
        SDL_Rect glyph = at;
        glyph.x += left_px < 0 ? left_px : 0; // SDL_ttf cuts the overhang off the surface
        (void)show(canvas, TTF_RenderGlyph32_Blended(font, character, spacing.colour), glyph);
        at.x += advance_px + spacing.space_px;
    }
    return at.x - start_px;
}

static int draw_run(struct text_shaper *shaper, struct canvas *canvas,
                    const struct text_setting *setting, SDL_Point pen, struct rgb colour)
{
    TTF_Font *font = run_font(shaper, setting);
    SDL_Rect at = {.x = pen.x, .y = pen.y - TTF_FontAscent(font)};
    SDL_Color ink = {colour.r, colour.g, colour.b, 255};
    if (is_spaced(shaper, setting)) {
        return draw_spaced(shaper, canvas, font, at, (struct draw_spacing){ink, setting->space_px});
    }
    return show(canvas, TTF_RenderUTF8_Blended(font, shaper->line, ink), at);
}
