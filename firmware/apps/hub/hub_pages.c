// SPDX-License-Identifier: EUPL-1.2
//
// What a visitor's own phone shows: plain pages without scripts or anything from elsewhere, in the
// language of the visit. Words come from assets/strings.
#include "apps/hub/hub_uploads.h"

#include <stdio.h>
#include <string.h>

// Targets of 15 mm, contrast above 7:1, a focus nobody overlooks, and no width that a phone lacks.
static const char style[] =
    "body{margin:0;background:#fff;color:#14181f;font:1.25rem/1.5 'Noto Sans',system-ui,sans-serif}"
    "main{max-width:34rem;margin:0 auto;padding:1.5rem}"
    "h1,h2{font-size:1.75rem;line-height:1.25;margin:.5rem 0 1rem}"
    "h2{font-size:1.375rem}"
    "label{display:block;font-weight:700;margin:1.5rem 0 .5rem}"
    "input,button{box-sizing:border-box;width:100%;min-height:4rem;font:inherit;border-radius:."
    "5rem}"
    "input{padding:.75rem;border:.125rem solid #14181f;background:#fff;color:#14181f}"
    "input::file-selector-button{font:inherit;min-height:2.5rem;margin-inline-end:.75rem}"
    "button{margin-top:1.5rem;border:0;background:#0b4a2f;color:#fff;font-weight:700}"
    ":focus-visible{outline:.25rem solid #14181f;outline-offset:.25rem}"
    ".fault{margin:1rem 0;padding:1rem;border:.125rem solid #a30f1c;"
    "border-inline-start-width:.75rem;background:#fdf1f2}"
    ".part{border-top:.0625rem solid #5b6472;margin-top:1.5rem;padding-top:.5rem}";

static const char *const languages[HUB_UPLOAD_LANGUAGES] = {"nl", "en", "ar"};

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
    uint8_t hash[CRYPTO_HASH_BYTES];
    char encoded[64];
    crypto_sha256(style, sizeof style - 1, hash);
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
    if (upload->label[0] != '\0') {
        add_element(page, "<p><strong id=\"question\" dir=\"auto\">", upload->label,
                    "</strong></p>");
    }
    if (reason != API_UPLOAD_NO_REASON) {
        char filled[PHRASE_BYTES];
        fill_limits(upload, words[reason], filled);
        add_element(page, "<p class=\"fault\" id=\"fault\" role=\"alert\">", filled, "</p>");
    }
    add_form(page, upload, reason != API_UPLOAD_NO_REASON);
    add_element(page, "<p>", phrase(hub, upload->language, "where"), "</p>");
    text_add(page, "</main></body></html>\n");
}

void hub_page_done(struct text *page, const struct hub_upload_private *upload)
{
    const struct hub *hub = upload->hub;
    begin(page, hub, upload->language, phrase(hub, upload->language, "done_title"));
    add_element(page, "<p role=\"status\">", phrase(hub, upload->language, "done"), "</p>");
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
    text_format(page, "</title><style>%s</style></head><body><main>", style);
    add_element(page, "<h1>", title, "</h1>");
}

static void add_form(struct text *page, const struct hub_upload_private *upload, bool has_fault)
{
    char accept[UPLOAD_ACCEPT_BYTES];
    char filled[PHRASE_BYTES];
    const struct hub *hub = upload->hub;
    upload_accept(upload->rule.kinds, accept);
    text_add(page, "<form method=\"post\" enctype=\"multipart/form-data\">");
    add_element(page, "<label for=\"file\">", phrase(hub, upload->language, "choose"), "</label>");
    fill_limits(upload, "limits", filled);
    add_element(page, "<p id=\"limits\">", filled, "</p>");
    text_format(page,
                "<input type=\"file\" id=\"file\" name=\"file\" required accept=\"%s\" "
                "aria-describedby=\"%s%slimits\"%s>",
                accept, has_fault ? "fault " : "", upload->label[0] != '\0' ? "question " : "",
                has_fault ? " aria-invalid=\"true\"" : "");
    add_element(page, "<button type=\"submit\">", phrase(hub, upload->language, "send"),
                "</button>");
    add_element(page, "<p>", phrase(hub, upload->language, "wait"), "</p></form>");
}

// "upload.<word>" with {kinds} and {size} put in.
static void fill_limits(const struct hub_upload_private *upload, const char *word,
                        char out[PHRASE_BYTES])
{
    static const char *const names[UPLOAD_KINDS_COUNT] = {"JPEG", "PNG", "PDF", "HEIC"};
    char kinds[64];
    char size[32];
    struct text text;
    text_init(&text, kinds, sizeof kinds);
    for (size_t i = 0; i < UPLOAD_KINDS_COUNT; i++) {
        if ((upload->rule.kinds & (1U << i)) != 0) {
            text_format(&text, "%s%s", text.len == 0 ? "" : ", ", names[i]);
        }
    }
    size_t megabytes = upload->rule.bytes_max / (1024 * 1024);
    size_t kilobytes = upload->rule.bytes_max / 1024;
    (void)snprintf(size, sizeof size, "%zu %s",
                   megabytes > 0   ? megabytes
                   : kilobytes > 0 ? kilobytes
                                   : upload->rule.bytes_max,
                   megabytes > 0   ? "MB"
                   : kilobytes > 0 ? "kB"
                                   : "bytes");
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
