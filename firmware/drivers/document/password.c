// SPDX-License-Identifier: EUPL-1.2
//
// The CAN's digits as they are; the zone's fields with their check digits, hashed.
#include "drivers/document/password.h"

#include "base/bytes.h"
#include "drivers/document/cipher.h"
#include "drivers/document/zone.h"

#include <string.h>

enum { NUMBER_CHARS_MIN = 9, FIELDS_CHARS_MAX = DOCUMENT_NUMBER_BYTES + 2 * DOCUMENT_DATE_BYTES };

static bool add_field(char *fields, size_t *len, const char *field, size_t least);

enum err password_from_can(const struct document_password_private *typed,
                           struct password_private *password)
{
    const size_t len = strnlen(typed->can, sizeof typed->can);
    *password = (struct password_private){.is_can = true};
    if (len == 0) {
        return ERR_EMPTY;
    }
    if (len != DOCUMENT_CAN_BYTES - 1 || strspn(typed->can, "0123456789") != len) {
        return ERR_MALFORMED;
    }
    memcpy(password->bytes, typed->can, len);
    password->len = len;
    return OK;
}

enum err password_from_zone(const struct document_password_private *typed,
                            struct password_private *password)
{
    char fields[FIELDS_CHARS_MAX];
    uint8_t hash[HASH_BYTES_MAX];
    size_t len = 0;
    *password = (struct password_private){.is_can = false};
    if (typed->number[0] == '\0') {
        return ERR_EMPTY;
    }
    const bool is_whole = strnlen(typed->birth, sizeof typed->birth) == 6 &&
                          strnlen(typed->expiry, sizeof typed->expiry) == 6 &&
                          memchr(typed->number, '\0', sizeof typed->number) != NULL &&
                          add_field(fields, &len, typed->number, NUMBER_CHARS_MIN) &&
                          add_field(fields, &len, typed->birth, 0) &&
                          add_field(fields, &len, typed->expiry, 0);
    if (is_whole) {
        hash_once(HASH_SHA1, fields, len, hash);
        password->len = hash_bytes(HASH_SHA1);
        memcpy(password->bytes, hash, password->len);
    }
    wipe(fields, sizeof fields);
    wipe(hash, sizeof hash);
    return is_whole ? OK : ERR_MALFORMED;
}

// The field, filled up with '<', and its check digit.
static bool add_field(char *fields, size_t *len, const char *field, size_t least)
{
    char *start = fields + *len;
    const size_t typed_len = strlen(field);
    size_t at = typed_len;
    memcpy(start, field, typed_len);
    while (at < least) {
        start[at++] = '<';
    }
    start[at] = zone_check_digit(start, at);
    *len += at + 1;
    return start[at] != '\0';
}
