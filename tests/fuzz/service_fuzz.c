// SPDX-License-Identifier: EUPL-1.2
//
// Whatever is held under a kiosk's scanner as a service code, and any log that is redacted. The
// first byte chooses: any text; claims which we sign, so that hostile ones get past the signature;
// or a log.
#include "base/bytes.h"
#include "base/json.h"
#include "base/redact.h"
#include "link/jws.h"
#include "link/service.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { NOW_S = 1764000000 };

static struct crypto_key *key;
static struct service_reader reader;

static void make_key(void);
static void try_text(const char *text, size_t len);
static void try_signed(const char *words, size_t len);
static void try_log(const char *words, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (key == NULL) {
        make_key();
    }
    const char *words = (const char *)data + (len > 0);
    size_t words_len = len - (len > 0);
    switch (len == 0 ? 't' : (char)data[0]) {
    case 's':
        try_signed(words, words_len);
        break;
    case 'l':
        try_log(words, words_len);
        break;
    default:
        try_text(words, words_len);
    }
    return 0;
}

static void make_key(void)
{
    key = crypto_key_new();
    crypto_key_point(key, reader.x, reader.y);
    memcpy(reader.audience, "hal/kiosk-1", sizeof "hal/kiosk-1");
}

// Nobody else has the key.
static void try_text(const char *text, size_t len)
{
    CHECK(service_reader_use(&reader, text, len, NOW_S) != OK);
}

// What is taken is taken once, whatever else the claims say.
static void try_signed(const char *words, size_t len)
{
    char code[2048] = "KS1:";
    struct json *json = NULL;
    if (json_parse(words, len, &json) != OK) {
        return;
    }
    if (jws_mint(json, key, "service", code + 4, sizeof code - 4) != OK) {
        return;
    }
    reader.used_count = 0;
    if (service_reader_use(&reader, code, strlen(code), NOW_S) == OK) {
        CHECK(reader.used_count == 1 && uuid_is_valid(reader.used[0].jti));
        CHECK(service_reader_use(&reader, code, strlen(code), NOW_S) == ERR_DUPLICATE);
        CHECK(service_reader_use(&reader, code, strlen(code), NOW_S + 60) == ERR_DUPLICATE);
    }
}

// Twice is once, no control character is left, and no long number.
static void try_log(const char *words, size_t len)
{
    static char once[1 << 16];
    struct text text;
    text_init(&text, once, sizeof once);
    redact(words, len, &text);
    size_t digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        CHECK((unsigned char)once[i] >= 0x20 || once[i] == '\n');
        digits = once[i] >= '0' && once[i] <= '9' ? digits + 1 : 0;
        CHECK(digits <= 5);
    }
    CHECK(utf8_is_valid(once, text.len));
}
