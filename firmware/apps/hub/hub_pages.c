// SPDX-License-Identifier: EUPL-1.2
//
// What a visitor's own phone shows: plain pages without scripts or anything from elsewhere, in the
// language of the visit and the colours of the screens. Words come from assets/strings.
#include "apps/hub/hub_uploads.h"

#include "ui/theme.h"

#include <stdio.h>
#include <string.h>

// Targets of 15 mm, a focus nobody overlooks, no width that a phone lacks. "$" and a letter stand
// for a value of the theme, see add_value.
static const char style[] =
    "body{margin:0;background:$p;color:$i;font:1.25rem/1.5 'Noto Sans',system-ui,sans-serif}"
    "header{background:$f;color:$o}"
    "header div,main{box-sizing:border-box;max-width:36rem;margin:0 auto;padding:1.25rem}"
    "header div{padding-bottom:2rem}"
    "header p{display:flex;align-items:center;gap:.75rem;margin:0 0 1rem;font-weight:700}"
    "h1{font-size:2.25rem;line-height:1.15;margin:0}"
    "h2{font-size:1.5rem;line-height:1.25;margin:0}"
    "svg{width:2.75rem;height:2.75rem;flex:none}"
    ".card,.fault,.done{border-radius:$r;padding:1.25rem;margin:0 0 1.25rem}"
    ".card{background:$w;border:.125rem solid $l}"
    ".card p{margin:.25rem 0 0}"
    ".card p:first-child{margin:0 0 1rem;font-size:1.375rem;line-height:1.25}"
    "label{display:block;font-weight:700}"
    ".quiet{color:$m}"
    "input,button{box-sizing:border-box;width:100%;font:inherit}"
    "input{margin-top:1rem;padding:0;color:$i}"
    "input::file-selector-button,button{min-height:4.5rem;border-radius:$r;font-weight:700;"
    "font-size:1.375rem;font-family:inherit}"
    "input::file-selector-button{display:block;width:100%;margin:0 0 .75rem;"
    "border:.1875rem solid $a;background:$w;color:$d}"
    "input[aria-invalid]::file-selector-button{border-color:$x;color:$x}"
    "button{margin-top:1.25rem;border:0;background:$a;color:$b}"
    "button:active{background:$h}"
    ":focus-visible,input:focus-visible::file-selector-button{outline:.25rem solid $k;"
    "outline-offset:.25rem;box-shadow:0 0 0 .25rem $y}"
    "input:focus-visible{outline:0;box-shadow:none}"
    ".fault{border:.1875rem solid $x;background:$z;color:$x;font-weight:700}"
    ".done{display:flex;align-items:center;gap:1rem;background:$g;color:$j;font-weight:700}"
    ".light{fill:$n}.leaf{fill:$f}"
    ".part{border-top:.125rem solid $l;margin-top:1.5rem;padding-top:1.5rem}";

// The open door of the screens, ui/widget.c.
static const char mark[] =
    "<svg viewBox=\"0 0 64 64\" aria-hidden=\"true\">"
    "<path fill=\"currentColor\" d=\"M8 59.5v-31a24 24 0 0 1 48 0v31z\"/>"
    "<path class=\"light\" d=\"M17 59.5v-31a15 15 0 0 1 30 0v31z\"/>"
    "<path class=\"leaf\" d=\"M17 59.5v-31a15 15 0 0 1 10-14.1v45.1z\"/></svg>";
static const char tick[] =
    "<svg viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.5\" "
    "stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\">"
    "<path d=\"M4 13l5 5L20 6\"/></svg>";

static const char *const languages[HUB_UPLOAD_LANGUAGES] = {"nl", "en", "ar"};

static enum err read_style(struct hub *hub, struct fault *fault);
static bool add_value(struct text *text, const struct theme *theme, char letter);
static void begin(struct text *page, const struct hub *hub, size_t language, const char *title);
static void add_escaped(struct text *page, const char *words);
static void add_element(struct text *page, const char *open, const char *words, const char *close);
static const char *phrase(const struct hub *hub, size_t language, const char *word);
static void fill_limits(const struct hub_upload_private *upload, const char *word,
                        char out[PHRASE_BYTES]);
static void add_form(struct text *page, const struct hub_upload_private *upload, bool has_fault);
static const char *direction(size_t language);

enum err hub_pages_open(struct hub *hub, struct fault *fault)
{
    struct hub_uploads *uploads = hub->uploads;
    const char *dir = config_get(hub->config, "strings.dir", "strings");
    for (size_t i = 0; i < HUB_UPLOAD_LANGUAGES; i++) {
        enum err err = phrases_read(&uploads->phrases[i], dir, languages[i], fault);
        if (err != OK) {
            return err;
        }
    }
    enum err err = read_style(hub, fault);
    if (err != OK) {
        return err;
    }
    uint8_t hash[CRYPTO_HASH_BYTES];
    char encoded[64];
    crypto_sha256(uploads->style, strlen(uploads->style), hash);
    CHECK(crypto_base64_encode(hash, sizeof hash, encoded, sizeof encoded) == OK);
    struct text text;
    text_init(&text, uploads->policy, sizeof uploads->policy);
    text_format(&text,
                "default-src 'none'; style-src 'sha256-%s'; form-action 'self'; "
                "base-uri 'none'; frame-ancestors 'none'",
                encoded);
    CHECK(!text.is_cut);
    return OK;
}

static enum err read_style(struct hub *hub, struct fault *fault)
{
    struct theme theme;
    struct text text;
    const char *file = config_get(hub->config, "theme.file", NULL);
    theme_default(&theme);
    enum err err = file == NULL ? OK : theme_read_file(&theme, file, fault);
    if (err != OK) {
        return err;
    }
    text_init(&text, hub->uploads->style, sizeof hub->uploads->style);
    for (const char *at = style; *at != '\0'; at++) {
        if (*at == '$') {
            at++;
            CHECK(add_value(&text, &theme, *at));
        } else {
            text_add_bytes(&text, at, 1);
        }
    }
    CHECK(!text.is_cut);
    return OK;
}

static bool add_value(struct text *text, const struct theme *theme, char letter)
{
    static const struct {
        char letter;
        enum colour role;
    } table[] = {
        {'p', COLOUR_PAGE},           {'i', COLOUR_INK},
        {'f', COLOUR_FIELD},          {'o', COLOUR_ON_FIELD},
        {'n', COLOUR_LIGHT},          {'w', COLOUR_PAPER},
        {'l', COLOUR_LINE},           {'m', COLOUR_MUTED},
        {'a', COLOUR_ACTION},         {'b', COLOUR_ON_ACTION},
        {'h', COLOUR_ACTION_PRESSED}, {'d', COLOUR_ON_TINT},
        {'x', COLOUR_STOP_INK},       {'z', COLOUR_STOP_GROUND},
        {'g', COLOUR_GOOD_GROUND},    {'j', COLOUR_GOOD_INK},
        {'y', COLOUR_FOCUS_INNER},    {'k', COLOUR_FOCUS_OUTER},
    };
    if (letter == 'r') {
        // The kiosk's radius is the token's x 2.5; a phone is nearer by.
        text_format(text, "%.0fpx",
                    (double)(theme->control_radius_mm * STYLE_DRAWN_PX_PER_MM * 0.6F));
        return true;
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].letter == letter) {
            struct rgb colour = theme_colour(theme, table[i].role);
            text_format(text, "#%02x%02x%02x", colour.r, colour.g, colour.b);
            return true;
        }
    }
    return false;
}

const char *hub_page_language(const struct hub_upload_private *upload)
{
    return languages[upload->language];
}

void hub_page_ask(struct text *page, const struct hub_upload_private *upload,
                  enum api_upload_reason reason)
{
    static const char *const words[] = {
        [API_UPLOAD_NO_REASON] = "",
        [API_UPLOAD_EMPTY] = "empty",
        [API_UPLOAD_TOO_BIG] = "too_big",
        [API_UPLOAD_WRONG_KIND] = "wrong_kind",
        [API_UPLOAD_LIES] = "lies",
        [API_UPLOAD_BROKEN] = "broken",
        [API_UPLOAD_BUSY] = "busy",
        [API_UPLOAD_SOURCE_DOWN] = "source_down",
        [API_UPLOAD_SOURCE_SAYS_NO] = "source_says_no",
    };
    const struct hub *hub = upload->hub;
    begin(page, hub, upload->language, phrase(hub, upload->language, "title"));
    if (reason != API_UPLOAD_NO_REASON) {
        char filled[PHRASE_BYTES];
        fill_limits(upload, words[reason], filled);
        add_element(page, "<p class=\"fault\" id=\"fault\" role=\"alert\">", filled, "</p>");
    }
    add_form(page, upload, reason != API_UPLOAD_NO_REASON);
    add_element(page, "<p class=\"quiet\">", phrase(hub, upload->language, "wait"), "</p>");
    add_element(page, "<p class=\"quiet\">", phrase(hub, upload->language, "where"), "</p>");
    text_add(page, "</main></body></html>\n");
}

void hub_page_done(struct text *page, const struct hub_upload_private *upload)
{
    const struct hub *hub = upload->hub;
    begin(page, hub, upload->language, phrase(hub, upload->language, "done_title"));
    text_format(page, "<div class=\"done\" role=\"status\">%s", tick);
    add_element(page, "<span>", phrase(hub, upload->language, "done"), "</span></div>");
    text_add(page, "</main></body></html>\n");
}

void hub_page_dead(struct text *page, const struct hub *hub, const char *word)
{
    char title[32];
    (void)snprintf(title, sizeof title, "%s_title", word);
    begin(page, hub, 0, phrase(hub, 0, title));
    add_element(page, "<p>", phrase(hub, 0, word), "</p>");
    for (size_t i = 1; i < HUB_UPLOAD_LANGUAGES; i++) {
        text_format(page, "<section class=\"part\" lang=\"%s\" dir=\"%s\">", languages[i],
                    direction(i));
        add_element(page, "<h2>", phrase(hub, i, title), "</h2>");
        add_element(page, "<p>", phrase(hub, i, word), "</p>");
        text_add(page, "</section>");
    }
    text_add(page, "</main></body></html>\n");
}

static void begin(struct text *page, const struct hub *hub, size_t language, const char *title)
{
    text_format(page,
                "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\"><head><meta charset=\"utf-8\">",
                languages[language], direction(language));
    text_add(page, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    text_add(page, "<title>");
    add_escaped(page, title);
    if (hub->town[0] != '\0') {
        add_element(page, " - ", hub->town, "");
    }
    text_format(page, "</title><style>%s</style></head><body><header><div><p>%s",
                hub->uploads->style, mark);
    add_element(page, "<span>", hub->town, "</span></p>");
    add_element(page, "<h1>", title, "</h1></div></header><main>");
}

static void add_form(struct text *page, const struct hub_upload_private *upload, bool has_fault)
{
    char accept[UPLOAD_ACCEPT_BYTES];
    char filled[PHRASE_BYTES];
    const struct hub *hub = upload->hub;
    upload_accept(upload->rule.kinds, accept);
    text_add(page, "<form class=\"card\" method=\"post\" enctype=\"multipart/form-data\">");
    if (upload->label[0] != '\0') {
        add_element(page, "<p><strong id=\"question\" dir=\"auto\">", upload->label,
                    "</strong></p>");
    }
    add_element(page, "<label for=\"file\">", phrase(hub, upload->language, "choose"), "</label>");
    fill_limits(upload, "limits", filled);
    add_element(page, "<p id=\"limits\" class=\"quiet\">", filled, "</p>");
    text_format(page,
                "<input type=\"file\" id=\"file\" name=\"file\" required accept=\"%s\" "
                "aria-describedby=\"%s%slimits\"%s>",
                accept, has_fault ? "fault " : "", upload->label[0] != '\0' ? "question " : "",
                has_fault ? " aria-invalid=\"true\"" : "");
    add_element(page, "<button type=\"submit\">", phrase(hub, upload->language, "send"),
                "</button></form>");
}

// "upload.<word>" with {kinds} and {size} put in.
static void fill_limits(const struct hub_upload_private *upload, const char *word,
                        char out[PHRASE_BYTES])
{
    char kinds[UPLOAD_KINDS_BYTES];
    char size[UPLOAD_SIZE_BYTES];
    upload_kinds_words(upload->rule.kinds, kinds);
    upload_size_words(upload->rule.bytes_max, size);
    const struct phrases_value values[] = {{"kinds", kinds}, {"size", size}};
    if (phrases_fill(phrase(upload->hub, upload->language, word), values,
                     sizeof values / sizeof values[0], out, PHRASE_BYTES) != OK) {
        out[0] = '\0'; // a translation that long was refused when it was compiled
    }
}

static void add_element(struct text *page, const char *open, const char *words, const char *close)
{
    text_add(page, open);
    add_escaped(page, words);
    text_add(page, close);
}

// Text and attribute values alike (HTML, section 13.3).
static void add_escaped(struct text *page, const char *words)
{
    static const struct {
        char byte;
        const char *entity;
    } table[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    for (const char *at = words; *at != '\0'; at++) {
        const char *entity = NULL;
        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
            entity = table[i].byte == *at ? table[i].entity : entity;
        }
        if (entity != NULL) {
            text_add(page, entity);
        } else {
            text_add_bytes(page, at, 1);
        }
    }
}

static const char *phrase(const struct hub *hub, size_t language, const char *word)
{
    char key[48];
    (void)snprintf(key, sizeof key, "upload.%s", word);
    return phrases_get(&hub->uploads->phrases[language], key);
}

static const char *direction(size_t language)
{
    return language == HUB_UPLOAD_LANGUAGES - 1 ? "rtl" : "ltr";
}
