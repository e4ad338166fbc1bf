// SPDX-License-Identifier: EUPL-1.2
//
// Reads lists of withdrawn certificates.
#include "drivers/document/crl.h"

static const uint8_t oid_authority_key[] = {0x55, 0x1d, 0x23};

static bool read_head(struct bytes_in *in, struct crl *crl);
static bool is_time(const struct ber *ber);
static enum err read_tail(struct bytes_in *in, struct crl *crl);
static enum err check_entries(const struct crl *crl);
static enum err read_entry(const struct ber *whole, struct ber *serial);

enum err crl_read(const uint8_t *der, size_t len, struct crl *crl)
{
    *crl = (struct crl){0};
    if (!certificate_split(der, len, &crl->signed_part, &crl->algorithm, &crl->signature)) {
        return ERR_MALFORMED;
    }
    struct bytes_in in = ber_inside(&crl->signed_part);
    if (!read_head(&in, crl)) {
        return ERR_MALFORMED;
    }
    certificate_state(&crl->issuer, crl->state);
    const enum err err = read_tail(&in, crl);
    return err != OK ? err : check_entries(crl);
}

bool crl_next(struct bytes_in *in, struct ber *serial)
{
    struct ber whole;
    return ber_next(in, &whole) && read_entry(&whole, serial) == OK;
}

static bool read_head(struct bytes_in *in, struct crl *crl)
{
    struct ber version;
    struct ber algorithm;
    struct ber time;
    uint32_t number = 0;
    return ber_expect(in, 0x02, &version) && ber_number(&version, &number) && number == 1 &&
           ber_expect(in, 0x30, &algorithm) && certificate_same(&algorithm, &crl->algorithm) &&
           ber_expect(in, 0x30, &crl->issuer) && ber_next(in, &time) && is_time(&time);
}

static bool is_time(const struct ber *ber)
{
    int64_t time_s;
    return certificate_time(ber, &time_s);
}

// The next update, the entries and the extensions, each of which may be absent.
static enum err read_tail(struct bytes_in *in, struct crl *crl)
{
    struct ber part = {0};
    bool is_there = ber_next(in, &part);
    if (is_there && is_time(&part)) {
        is_there = ber_next(in, &part);
    }
    if (is_there && part.tag == 0x30) {
        crl->entries = part;
        is_there = ber_next(in, &part);
    }
    if (in->failed || bytes_in_left(in) != 0) {
        return ERR_MALFORMED;
    }
    if (!is_there) {
        return OK;
    }
    struct ber list;
    struct bytes_in inside = ber_inside(&part);
    if (part.tag != 0xa0 || !ber_expect(&inside, 0x30, &list) || bytes_in_left(&inside) != 0) {
        return ERR_MALFORMED;
    }
    inside = ber_inside(&list);
    struct certificate_extension extension;
    while (certificate_next_extension(&inside, &extension)) {
        if (ber_is_oid(&extension.oid, oid_authority_key, sizeof oid_authority_key)) {
            if (!certificate_authority_key(&extension.value, &crl->authority_key)) {
                return ERR_MALFORMED;
            }
        } else if (extension.is_critical) {
            return ERR_UNSUPPORTED; // only what changed, or only some certificates
        }
    }
    return inside.failed ? ERR_MALFORMED : OK;
}

static enum err check_entries(const struct crl *crl)
{
    struct bytes_in in = ber_inside(&crl->entries);
    struct ber whole;
    struct ber serial;
    while (ber_next(&in, &whole)) {
        const enum err err = read_entry(&whole, &serial);
        if (err != OK) {
            return err;
        }
    }
    return in.failed ? ERR_MALFORMED : OK;
}

static enum err read_entry(const struct ber *whole, struct ber *serial)
{
    struct bytes_in in = ber_inside(whole);
    struct ber time;
    if (whole->tag != 0x30 || !ber_expect(&in, 0x02, serial) || serial->len == 0 ||
        !ber_next(&in, &time) || !is_time(&time)) {
        return ERR_MALFORMED;
    }
    struct ber list;
    if (bytes_in_left(&in) == 0) {
        return OK;
    }
    if (!ber_expect(&in, 0x30, &list) || bytes_in_left(&in) != 0) {
        return ERR_MALFORMED;
    }
    struct bytes_in inside = ber_inside(&list);
    struct certificate_extension extension;
    while (certificate_next_extension(&inside, &extension)) {
        if (extension.is_critical) {
            return ERR_UNSUPPORTED; // another issuer's certificate
        }
    }
    return inside.failed ? ERR_MALFORMED : OK;
}
