// SPDX-License-Identifier: EUPL-1.2
//
// Fonts by script and size. One FreeType face a size: changing sizes would throw glyphs away.
#include "ui/font.h"

#include "base/text.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FONT_FILE_BYTES_MAX = 64 * 1024 * 1024 };

struct face_files {
    const char *regular;
    const char *bold;
    const char *script;
};
static const struct face_files files[FACES_COUNT] = {
    [FACE_SANS] = {"NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "Latn"},
    [FACE_SERIF] = {"NotoSerif-Bold.ttf", "NotoSerif-Bold.ttf", "Latn"},
    [FACE_ARABIC] = {"NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf", "Arab"},
    [FACE_ETHIOPIC] = {"NotoSansEthiopic-Regular.ttf", "NotoSansEthiopic-Bold.ttf", "Ethi"},
    [FACE_DEVANAGARI] = {"NotoSansDevanagari-Regular.ttf", "NotoSansDevanagari-Bold.ttf", "Deva"},
};

static const char *const built_in_dirs[] = {
    "/usr/share/fonts/truetype/noto",
    "/usr/share/fonts/noto",
    "/usr/local/share/fonts/noto",
    NULL,
};

static bool find_file(const struct fonts *fonts, const char *name, char path[FONT_PATH_BYTES]);
static const struct font_file *get_file(struct fonts *fonts, enum font_face face, bool is_bold);
static bool map_file(struct font_file *file, const char *path);
static void unmap_file(struct font_file *file);
static struct font_open *free_slot(struct fonts *fonts);

enum err fonts_open(struct fonts *fonts, const char *const *dirs, struct fault *fault)
{
    *fonts = (struct fonts){0};
    const char *const *list = dirs != NULL ? dirs : built_in_dirs;
    for (size_t i = 0; list[i] != NULL && fonts->dirs_count < FONT_DIRS_MAX; i++) {
        if (text_copy(fonts->dirs[fonts->dirs_count], FONT_PATH_BYTES, list[i]) == OK) {
            fonts->dirs_count += 1;
        }
    }
    char path[FONT_PATH_BYTES];
    if (!find_file(fonts, files[FACE_SANS].regular, path) ||
        !find_file(fonts, files[FACE_SANS].bold, path)) {
        return fault_set(fault, ERR_NOT_FOUND, "font: no Noto Sans in %s%s", list[0],
                         list[0] != NULL && list[1] != NULL ? " or the other folders" : "");
    }
    if (TTF_Init() != 0) {
        return fault_set(fault, ERR_UNAVAILABLE, "font: %s", TTF_GetError());
    }
    return OK;
}

void fonts_close(struct fonts *fonts)
{
    for (size_t i = 0; i < fonts->open_count; i++) {
        TTF_CloseFont(fonts->open[i].font);
    }
    for (size_t i = 0; i < FACES_COUNT; i++) {
        unmap_file(&fonts->files[i][false]);
        unmap_file(&fonts->files[i][true]);
    }
    if (fonts->dirs_count > 0) {
        TTF_Quit();
    }
    *fonts = (struct fonts){0};
}

TTF_Font *fonts_get(struct fonts *fonts, enum font_face face, bool is_bold, int size_px)
{
    CHECK((size_t)face < FACES_COUNT && size_px > 0);

    fonts->uses += 1;
    for (size_t i = 0; i < fonts->open_count; i++) {
        struct font_open *open = &fonts->open[i];
        if (open->face == face && open->is_bold == is_bold && open->size_px == size_px) {
            open->used_at = fonts->uses;
            return open->font;
        }
    }
    const struct font_file *file = get_file(fonts, face, is_bold);
    if (file->is_missing) {
        return NULL;
    }
    TTF_Font *font =
        TTF_OpenFontRW(SDL_RWFromConstMem(file->bytes, (int)file->len), SDL_TRUE, size_px);
    if (font == NULL) {
        fonts->files[face][is_bold].is_missing = true; // a file, but no font
        return NULL;
    }
    TTF_SetFontHinting(font, TTF_HINTING_LIGHT);
    (void)TTF_SetFontScriptName(font, files[face].script); // fails without HarfBuzz: then unshaped
    struct font_open *slot = free_slot(fonts);
    *slot = (struct font_open){face, is_bold, size_px, fonts->uses, font};
    return font;
}

enum font_face font_face_of(uint32_t character)
{
    static const struct {
        uint32_t from;
        uint32_t to;
        enum font_face face;
    } blocks[] = {
        {0x0020, 0x0020, FACES_COUNT},     {0x00A0, 0x00A0, FACES_COUNT},
        {0x0300, 0x036F, FACES_COUNT},     {0x0600, 0x06FF, FACE_ARABIC},
        {0x0750, 0x077F, FACE_ARABIC},     {0x08A0, 0x08FF, FACE_ARABIC},
        {0x0900, 0x097F, FACE_DEVANAGARI}, {0x1200, 0x139F, FACE_ETHIOPIC},
        {0x200B, 0x200F, FACES_COUNT},     {0x2066, 0x2069, FACES_COUNT},
        {0x2D80, 0x2DDF, FACE_ETHIOPIC},   {0xA8E0, 0xA8FF, FACE_DEVANAGARI},
        {0xAB00, 0xAB2F, FACE_ETHIOPIC},   {0xFB50, 0xFDFF, FACE_ARABIC},
        {0xFE70, 0xFEFE, FACE_ARABIC},
    };
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        if (character >= blocks[i].from && character <= blocks[i].to) {
            return blocks[i].face;
        }
    }
    return FACE_SANS;
}

const char *font_script_name(enum font_face face)
{
    CHECK((size_t)face < FACES_COUNT);
    return files[face].script;
}

static bool find_file(const struct fonts *fonts, const char *name, char path[FONT_PATH_BYTES])
{
    for (size_t i = 0; i < fonts->dirs_count; i++) {
        struct text text;
        text_init(&text, path, FONT_PATH_BYTES);
        text_format(&text, "%s/%s", fonts->dirs[i], name);
        if (!text.is_cut && access(path, R_OK) == 0) {
            return true;
        }
    }
    return false;
}

static const struct font_file *get_file(struct fonts *fonts, enum font_face face, bool is_bold)
{
    struct font_file *file = &fonts->files[face][is_bold];
    if (file->bytes == NULL && !file->is_missing) {
        char path[FONT_PATH_BYTES];
        const char *name = is_bold ? files[face].bold : files[face].regular;
        file->is_missing = !find_file(fonts, name, path) || !map_file(file, path);
    }
    return file;
}

static bool map_file(struct font_file *file, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    struct stat status;
    void *bytes = MAP_FAILED;
    if (fstat(fd, &status) == 0 && status.st_size > 0 && status.st_size <= FONT_FILE_BYTES_MAX) {
        bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    (void)close(fd); // the mapping stays
    if (bytes == MAP_FAILED) {
        return false;
    }
    *file = (struct font_file){.bytes = bytes, .len = (size_t)status.st_size};
    return true;
}

static void unmap_file(struct font_file *file)
{
    if (file->bytes != NULL) {
        CHECK(munmap((void *)(uintptr_t)file->bytes, file->len) == 0);
    }
}

// Room for one more open font; the longest unused one is closed when all are taken.
static struct font_open *free_slot(struct fonts *fonts)
{
    if (fonts->open_count < FONT_OPEN_MAX) {
        fonts->open_count += 1;
        return &fonts->open[fonts->open_count - 1];
    }
    struct font_open *oldest = &fonts->open[0];
    for (size_t i = 1; i < FONT_OPEN_MAX; i++) {
        if (fonts->open[i].used_at < oldest->used_at) {
            oldest = &fonts->open[i];
        }
    }
    TTF_CloseFont(oldest->font);
    return oldest;
}
