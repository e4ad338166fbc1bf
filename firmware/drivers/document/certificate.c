// SPDX-License-Identifier: EUPL-1.2
//
// Reads certificates; keeps nothing.
#include "drivers/document/certificate.h"

#include "base/text.h"

#include <string.h>

// Extensions of the profile for travel documents (ICAO Doc 9303-12 table 5), as the last bytes of
// 2.5.29.x. Those we act on come first; the others change nothing about what a signature means.
enum {
    EXTENSION_SUBJECT_KEY = 14,
    EXTENSION_KEY_USAGE = 15,
    EXTENSION_BASIC_CONSTRAINTS = 19,
    EXTENSION_AUTHORITY_KEY = 35,
    EXTENSION_PURPOSE = 37,
    EXTENSION_KEY_PERIOD = 16,
    EXTENSION_SUBJECT_NAME = 17,
    EXTENSION_ISSUER_NAME = 18,
    EXTENSION_CRL_PLACE = 31,
    EXTENSION_POLICIES = 32,
};

// Seen extensions are remembered by that last byte; none of ours is above this.
enum { EXTENSIONS_COUNT = 64, EXTENSIONS_MAX = 32, UTC_TIME_LEN = 13, GENERAL_TIME_LEN = 15 };

static const uint8_t oid_extension[] = {0x55, 0x1d};
static const uint8_t oid_country[] = {0x55, 0x04, 0x06};
static const uint8_t oid_state_extension[] = {0x67, 0x81, 0x08, 0x01, 0x01, 0x06};
static const uint8_t oid_master_list[] = {0x67, 0x81, 0x08, 0x01, 0x01, 0x03};

static bool read_validity(struct bytes_in *in, struct certificate *certificate);
static bool read_extensions(struct bytes_in *in, struct certificate *certificate);
static bool read_extension(const struct certificate_extension *extension,
                           struct certificate *certificate);
static bool is_standard(const struct ber *oid);
static bool read_constraints(const struct ber *value, struct certificate *certificate);
static bool read_usage(const struct ber *value, struct certificate *certificate);
static bool read_purpose(const struct ber *value, struct certificate *certificate);
static bool read_subject_key(const struct ber *value, struct certificate *certificate);
static bool read_only(const struct ber *whole, uint32_t tag, struct ber *ber);
static bool read_digits(const uint8_t **at, size_t count, int *value);
static char upper(uint8_t letter);

enum err certificate_read(const uint8_t *der, size_t len, struct certificate *certificate)
{
    *certificate = (struct certificate){0};
    struct bytes_in in;
    bytes_in_init(&in, der, len);
    if (!ber_expect(&in, 0x30, &certificate->whole) ||
        !certificate_split(der, len, &certificate->signed_part, &certificate->algorithm,
                           &certificate->signature)) {
        return ERR_MALFORMED;
    }
    struct bytes_in inside = ber_inside(&certificate->signed_part);
    struct ber version;
    struct ber number;
    struct ber algorithm;
    uint32_t value = 0;
    if (!ber_expect(&inside, 0xa0, &version) || !read_only(&version, 0x02, &number) ||
        !ber_number(&number, &value) || value != 2 ||
        !ber_expect(&inside, 0x02, &certificate->serial) ||
        !ber_expect(&inside, 0x30, &algorithm) ||
        !certificate_same(&algorithm, &certificate->algorithm) ||
        !ber_expect(&inside, 0x30, &certificate->issuer) || !read_validity(&inside, certificate) ||
        !ber_expect(&inside, 0x30, &certificate->subject) ||
        !ber_expect(&inside, 0x30, &certificate->key) || !read_extensions(&inside, certificate)) {
        return ERR_MALFORMED;
    }
    certificate_state(&certificate->issuer, certificate->state);
    certificate_state(&certificate->subject, certificate->subject_state);
    return OK;
}

enum err certificate_verify(const struct certificate *certificate,
                            const struct certificate *authority)
{
    return certificate_verify_part(&certificate->signed_part, &certificate->algorithm,
                                   &certificate->signature, authority);
}

bool certificate_split(const uint8_t *der, size_t len, struct ber *signed_part,
                       struct ber *algorithm, struct ber *signature)
{
    CHECK(der != NULL || len == 0);
    struct ber whole;
    if (!ber_only(der, len, 0x30, &whole)) {
        return false;
    }
    struct bytes_in inside = ber_inside(&whole);
    if (!ber_expect(&inside, 0x30, signed_part) || !ber_expect(&inside, 0x30, algorithm) ||
        !ber_expect(&inside, 0x03, signature) || bytes_in_left(&inside) != 0 ||
        signature->len == 0 || signature->value[0] != 0) {
        return false;
    }
    signature->value += 1; // behind the count of unused bits
    signature->len -= 1;
    return true;
}

enum err certificate_verify_part(const struct ber *signed_part, const struct ber *algorithm,
                                 const struct ber *signature, const struct certificate *authority)
{
    struct signature_algorithm how;
    struct public_key key;
    enum err err = signature_algorithm_read(algorithm, &how);
    if (err == OK) {
        err = public_key_read(authority->key.whole, authority->key.whole_len, &key);
    }
    if (err != OK || !how.has_hash) {
        return ERR_UNSUPPORTED;
    }
    return signature_verify(&how, &key, signed_part->whole, signed_part->whole_len,
                            signature->value, signature->len);
}

bool certificate_time(const struct ber *ber, int64_t *time_s)
{
    const bool is_short = ber->tag == 0x17 && ber->len == UTC_TIME_LEN;
    if (!is_short && !(ber->tag == 0x18 && ber->len == GENERAL_TIME_LEN)) {
        return false;
    }
    const uint8_t *at = ber->value;
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!read_digits(&at, is_short ? 2 : 4, &year) || !read_digits(&at, 2, &month) ||
        !read_digits(&at, 2, &day) || !read_digits(&at, 2, &hour) ||
        !read_digits(&at, 2, &minute) || !read_digits(&at, 2, &second) || *at != 'Z' || hour > 23 ||
        minute > 59 || second > 59) {
        return false;
    }
    if (is_short) {
        year += year < 50 ? 2000 : 1900; // RFC 5280 section 4.1.2.5.1
    }
    const struct date date = {(int16_t)year, (uint8_t)month, (uint8_t)day};
    if (!date_is_valid(date)) {
        return false;
    }
    *time_s = ((date_to_days(date) * 24 + hour) * 60 + minute) * 60 + second;
    return true;
}

void certificate_state(const struct ber *name, char state[CERTIFICATE_STATE_BYTES])
{
    memset(state, 0, CERTIFICATE_STATE_BYTES);
    struct bytes_in in = ber_inside(name);
    struct ber set;
    while (ber_expect(&in, 0x31, &set)) {
        struct bytes_in inside = ber_inside(&set);
        struct ber pair;
        while (ber_expect(&inside, 0x30, &pair)) {
            struct bytes_in parts = ber_inside(&pair);
            struct ber oid;
            struct ber value;
            // A few states write theirs in small letters, against ICAO Doc 9303-12 table 6.
            if (ber_expect(&parts, 0x06, &oid) && ber_next(&parts, &value) && value.len == 2 &&
                ber_is_oid(&oid, oid_country, sizeof oid_country) && upper(value.value[0]) != 0 &&
                upper(value.value[1]) != 0 && state[0] == 0) {
                state[0] = upper(value.value[0]);
                state[1] = upper(value.value[1]);
            }
        }
    }
}

bool certificate_next_extension(struct bytes_in *in, struct certificate_extension *extension)
{
    *extension = (struct certificate_extension){0};
    struct ber whole;
    if (bytes_in_left(in) == 0 || !ber_expect(in, 0x30, &whole)) {
        return false;
    }
    struct bytes_in inside = ber_inside(&whole);
    struct ber next = {0};
    bool is_read = ber_expect(&inside, 0x06, &extension->oid) && ber_next(&inside, &next);
    if (is_read && next.tag == 0x01) {
        is_read = next.len == 1 && ber_next(&inside, &extension->value);
        extension->is_critical = is_read && next.value[0] != 0;
    } else {
        extension->value = next;
    }
    is_read = is_read && extension->value.tag == 0x04 && bytes_in_left(&inside) == 0;
    in->failed = in->failed || !is_read;
    return is_read;
}

bool certificate_authority_key(const struct ber *value, struct ber *key)
{
    *key = (struct ber){0};
    struct ber whole;
    if (!read_only(value, 0x30, &whole)) {
        return false;
    }
    struct bytes_in in = ber_inside(&whole);
    struct ber part;
    while (ber_next(&in, &part)) {
        if (part.tag == 0x80) {
            *key = part;
        }
    }
    return !in.failed;
}

bool certificate_same(const struct ber *left, const struct ber *right)
{
    return left->len == right->len && (left->len == 0 || // memcmp takes no NULL
                                       memcmp(left->value, right->value, left->len) == 0);
}

static bool read_validity(struct bytes_in *in, struct certificate *certificate)
{
    struct ber validity;
    if (!ber_expect(in, 0x30, &validity)) {
        return false;
    }
    struct bytes_in inside = ber_inside(&validity);
    struct ber from;
    struct ber to;
    return ber_next(&inside, &from) && ber_next(&inside, &to) && bytes_in_left(&inside) == 0 &&
           certificate_time(&from, &certificate->from_s) &&
           certificate_time(&to, &certificate->to_s);
}

static bool read_extensions(struct bytes_in *in, struct certificate *certificate)
{
    struct ber part;
    struct ber list;
    bool has_list = false;
    while (ber_next(in, &part)) {
        // issuerUniqueID and subjectUniqueID may stand before; they name nobody.
        if (part.tag == 0xa3 && !has_list) {
            has_list = read_only(&part, 0x30, &list);
        } else if (has_list || (part.tag != 0x81 && part.tag != 0x82)) {
            return false;
        }
    }
    if (in->failed || !has_list) {
        return false;
    }
    struct bytes_in inside = ber_inside(&list);
    struct certificate_extension extension;
    bool is_seen[EXTENSIONS_COUNT] = {false};
    size_t count = 0;
    while (certificate_next_extension(&inside, &extension)) {
        if (is_standard(&extension.oid)) {
            // Twice the same, and two readers may believe different ones (section 4.2).
            const uint8_t which = extension.oid.value[2];
            if (is_seen[which]) {
                return false;
            }
            is_seen[which] = true;
        }
        count++;
        if (count > EXTENSIONS_MAX || !read_extension(&extension, certificate)) {
            return false;
        }
    }
    return !inside.failed;
}

static bool read_extension(const struct certificate_extension *extension,
                           struct certificate *certificate)
{
    const struct ber *value = &extension->value;
    if (!is_standard(&extension->oid)) {
        // Document types and change of name (ICAO Doc 9303-12): they restrict nothing here.
        const bool is_state =
            extension->oid.len == sizeof oid_state_extension + 1 &&
            memcmp(extension->oid.value, oid_state_extension, sizeof oid_state_extension) == 0;
        certificate->has_unknown_demand |= extension->is_critical && !is_state;
        return true;
    }
    switch (extension->oid.value[2]) {
    case EXTENSION_SUBJECT_KEY:
        return read_subject_key(value, certificate);
    case EXTENSION_KEY_USAGE:
        return read_usage(value, certificate);
    case EXTENSION_BASIC_CONSTRAINTS:
        return read_constraints(value, certificate);
    case EXTENSION_AUTHORITY_KEY:
        return certificate_authority_key(value, &certificate->authority_key);
    case EXTENSION_PURPOSE:
        return read_purpose(value, certificate);
    case EXTENSION_KEY_PERIOD:
    case EXTENSION_SUBJECT_NAME:
    case EXTENSION_ISSUER_NAME:
    case EXTENSION_CRL_PLACE:
    case EXTENSION_POLICIES:
        return true;
    default:
        certificate->has_unknown_demand |= extension->is_critical;
        return true;
    }
}

static bool is_standard(const struct ber *oid)
{
    return oid->len == 3 && memcmp(oid->value, oid_extension, sizeof oid_extension) == 0 &&
           oid->value[2] < EXTENSIONS_COUNT;
}

// BasicConstraints: the length of the path below is not looked at, for nothing of ours goes deeper
// than one step.
static bool read_constraints(const struct ber *value, struct certificate *certificate)
{
    struct ber whole;
    struct ber flag;
    if (!read_only(value, 0x30, &whole)) {
        return false;
    }
    struct bytes_in in = ber_inside(&whole);
    if (ber_next(&in, &flag) && flag.tag == 0x01) {
        certificate->is_authority = flag.len == 1 && flag.value[0] != 0;
    }
    return !in.failed;
}

static bool read_usage(const struct ber *value, struct certificate *certificate)
{
    struct ber bits;
    if (!read_only(value, 0x03, &bits) || bits.len < 2 || bits.value[0] > 7) {
        return false;
    }
    certificate->has_usage = true;
    for (unsigned bit = 0; bit < 8; bit++) {
        certificate->usage |= (bits.value[1] & (0x80u >> bit)) != 0 ? 1u << bit : 0;
    }
    return true;
}

static bool read_purpose(const struct ber *value, struct certificate *certificate)
{
    struct ber whole;
    if (!read_only(value, 0x30, &whole)) {
        return false;
    }
    struct bytes_in in = ber_inside(&whole);
    struct ber oid;
    certificate->purpose = CERTIFICATE_OTHER_PURPOSE;
    while (bytes_in_left(&in) != 0 && ber_expect(&in, 0x06, &oid)) {
        if (ber_is_oid(&oid, oid_master_list, sizeof oid_master_list)) {
            certificate->purpose = CERTIFICATE_MASTER_LIST;
        }
    }
    return !in.failed;
}

static bool read_subject_key(const struct ber *value, struct certificate *certificate)
{
    return read_only(value, 0x04, &certificate->subject_key);
}

// The one element inside another.
static bool read_only(const struct ber *whole, uint32_t tag, struct ber *ber)
{
    struct bytes_in in = ber_inside(whole);
    return ber_expect(&in, tag, ber) && bytes_in_left(&in) == 0;
}

static bool read_digits(const uint8_t **at, size_t count, int *value)
{
    *value = 0;
    for (size_t i = 0; i < count; i++) {
        if (**at < '0' || **at > '9') {
            return false;
        }
        *value = *value * 10 + (**at - '0');
        *at += 1;
    }
    return true;
}

static char upper(uint8_t letter)
{
    if (letter >= 'a' && letter <= 'z') {
        return (char)(letter - 'a' + 'A');
    }
    return letter >= 'A' && letter <= 'Z' ? (char)letter : 0;
}
