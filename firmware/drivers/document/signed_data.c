// SPDX-License-Identifier: EUPL-1.2
//
// Reads signed data and checks its signature; whom to believe is trust.c.
#include "drivers/document/signed_data.h"

#include <string.h>

// What is signed are a handful of attributes, copied once to be hashed in another guise.
enum { ATTRIBUTES_BYTES_MAX = 4096, ATTRIBUTES_MAX = 16, CERTIFICATES_MAX = 16 };

static const uint8_t oid_signed_data[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};
static const uint8_t oid_content_type[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03};
static const uint8_t oid_digest[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04};
static const uint8_t oid_signing_time[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05};

// Those that must stand there, and when it was signed; what never came has no `whole`.
struct attributes {
    struct ber digest;
    struct ber content_type;
    struct ber signing_time;
};

static bool read_envelope(const uint8_t *der, size_t len, struct ber *inside);
static bool read_content(struct bytes_in *in, struct signed_data *data);
static bool read_one_signer(struct bytes_in *in, struct signed_data *data, struct ber *signer);
static enum err read_signer(const struct ber *signer, struct signed_data *data);
static bool read_name(struct bytes_in *in, struct signed_data *data);
static bool read_attributes(struct signed_data *data);
static bool read_attribute(const struct ber *whole, struct attributes *attributes);
static bool take_once(const struct ber *values, struct ber *value);
static bool is_signer(const struct signed_data *data, const struct certificate *certificate);

enum err signed_data_read(const uint8_t *der, size_t len, struct signed_data *data,
                          struct fault *fault)
{
    *data = (struct signed_data){0};
    struct ber whole;
    if (!read_envelope(der, len, &whole)) {
        return fault_set(fault, ERR_MALFORMED, "no signed data");
    }
    struct bytes_in in = ber_inside(&whole);
    struct ber version;
    struct ber algorithms; // of all signers; the one signer names its own again
    if (!ber_expect(&in, 0x02, &version) || !ber_expect(&in, 0x31, &algorithms) ||
        !read_content(&in, data)) {
        return fault_set(fault, ERR_MALFORMED, "signed data without a content");
    }
    struct ber signer;
    if (!read_one_signer(&in, data, &signer)) {
        return fault_set(fault, ERR_MALFORMED, "signed data with no signer or several");
    }
    const enum err err = read_signer(&signer, data);
    if (err != OK) {
        return fault_set(fault, err, "the signer's part of signed data");
    }
    if (!read_attributes(data)) {
        return fault_set(fault, ERR_MALFORMED, "the signed attributes");
    }
    return OK;
}

// Some states spell the issuer's name here in another way than in the certificate. A lone one is
// the signer's whatever it is called: the signature decides.
enum err signed_data_signer(const struct signed_data *data, struct certificate *signer)
{
    struct bytes_in in = ber_inside(&data->certificates);
    struct ber one = {0};
    bool is_read = false;
    size_t count = 0;
    while (count < CERTIFICATES_MAX && ber_next(&in, &one)) {
        count++;
        is_read = certificate_read(one.whole, one.whole_len, signer) == OK;
        if (is_read && is_signer(data, signer)) {
            return OK;
        }
    }
    return count == 1 && is_read && !in.failed ? OK : ERR_NOT_FOUND;
}

enum err signed_data_verify(const struct signed_data *data, const struct certificate *signer)
{
    uint8_t digest[HASH_BYTES_MAX];
    hash_once(data->digest, data->content.value, data->content.len, digest);
    if (data->message_digest.len != hash_bytes(data->digest) ||
        memcmp(data->message_digest.value, digest, data->message_digest.len) != 0) {
        return ERR_CRYPTO;
    }
    struct public_key key;
    if (public_key_read(signer->key.whole, signer->key.whole_len, &key) != OK) {
        return ERR_UNSUPPORTED;
    }
    // They were signed as the SET they are, and stand here under the tag of their place (RFC 5652
    // section 5.4).
    uint8_t signed_part[ATTRIBUTES_BYTES_MAX];
    CHECK(data->attributes.whole_len <= sizeof signed_part);
    memcpy(signed_part, data->attributes.whole, data->attributes.whole_len);
    signed_part[0] = 0x31;
    return signature_verify(&data->algorithm, &key, signed_part, data->attributes.whole_len,
                            data->signature.value, data->signature.len);
}

static bool read_envelope(const uint8_t *der, size_t len, struct ber *inside)
{
    CHECK(der != NULL || len == 0);
    struct ber whole;
    if (!ber_only(der, len, 0x30, &whole)) {
        return false;
    }
    struct bytes_in in = ber_inside(&whole);
    struct ber oid;
    struct ber outer;
    if (!ber_expect(&in, 0x06, &oid) ||
        !ber_is_oid(&oid, oid_signed_data, sizeof oid_signed_data) ||
        !ber_expect(&in, 0xa0, &outer) || bytes_in_left(&in) != 0) {
        return false;
    }
    in = ber_inside(&outer);
    return ber_expect(&in, 0x30, inside) && bytes_in_left(&in) == 0;
}

static bool read_content(struct bytes_in *in, struct signed_data *data)
{
    struct ber whole;
    struct ber outer;
    if (!ber_expect(in, 0x30, &whole)) {
        return false;
    }
    struct bytes_in inside = ber_inside(&whole);
    if (!ber_expect(&inside, 0x06, &data->content_type) || !ber_expect(&inside, 0xa0, &outer) ||
        bytes_in_left(&inside) != 0) {
        return false;
    }
    inside = ber_inside(&outer);
    return ber_expect(&inside, 0x04, &data->content) && bytes_in_left(&inside) == 0;
}

// Behind the content: certificates, lists of withdrawn ones (which we do not take from whom they
// are about), signers.
static bool read_one_signer(struct bytes_in *in, struct signed_data *data, struct ber *signer)
{
    struct ber part;
    uint32_t last = 0;
    while (ber_next(in, &part) && part.tag != 0x31) {
        if ((part.tag != 0xa0 && part.tag != 0xa1) || part.tag <= last) {
            return false;
        }
        last = part.tag;
        if (part.tag == 0xa0) {
            data->certificates = part;
        }
    }
    if (in->failed || part.tag != 0x31 || bytes_in_left(in) != 0) {
        return false;
    }
    struct bytes_in inside = ber_inside(&part);
    return ber_expect(&inside, 0x30, signer) && bytes_in_left(&inside) == 0;
}

static enum err read_signer(const struct ber *signer, struct signed_data *data)
{
    struct bytes_in in = ber_inside(signer);
    struct ber version;
    struct ber digest;
    struct ber algorithm;
    if (!ber_expect(&in, 0x02, &version) || !read_name(&in, data) ||
        !ber_expect(&in, 0x30, &digest) || !ber_expect(&in, 0xa0, &data->attributes) ||
        !ber_expect(&in, 0x30, &algorithm) || !ber_expect(&in, 0x04, &data->signature)) {
        return ERR_MALFORMED; // without signed attributes too: the profile demands them
    }
    struct ber unsigned_attributes;
    if (bytes_in_left(&in) != 0 &&
        (!ber_expect(&in, 0xa1, &unsigned_attributes) || bytes_in_left(&in) != 0)) {
        return ERR_MALFORMED;
    }
    enum err err = hash_algorithm_read(&digest, &data->digest);
    if (err == OK) {
        err = signature_algorithm_read(&algorithm, &data->algorithm);
    }
    if (err == OK && !data->algorithm.has_hash) {
        data->algorithm.has_hash = true;
        data->algorithm.hash = data->digest;
    }
    return err;
}

static bool read_name(struct bytes_in *in, struct signed_data *data)
{
    struct ber name;
    if (!ber_next(in, &name)) {
        return false;
    }
    if (name.tag == 0x80) {
        data->signer_key = name;
        return name.len > 0;
    }
    struct bytes_in inside = ber_inside(&name);
    return name.tag == 0x30 && ber_expect(&inside, 0x30, &data->signer_issuer) &&
           ber_expect(&inside, 0x02, &data->signer_serial) && bytes_in_left(&inside) == 0;
}

static bool read_attributes(struct signed_data *data)
{
    if (data->attributes.whole_len > ATTRIBUTES_BYTES_MAX) {
        return false;
    }
    struct bytes_in in = ber_inside(&data->attributes);
    struct attributes attributes = {0};
    struct ber one;
    size_t count = 0;
    while (ber_next(&in, &one)) {
        count++;
        if (count > ATTRIBUTES_MAX || !read_attribute(&one, &attributes)) {
            return false;
        }
    }
    data->message_digest = attributes.digest;
    data->has_signing_time = attributes.signing_time.whole != NULL;
    return !in.failed && attributes.digest.whole != NULL && attributes.content_type.whole != NULL &&
           certificate_same(&attributes.content_type, &data->content_type) &&
           (!data->has_signing_time ||
            certificate_time(&attributes.signing_time, &data->signing_time_s));
}

static bool read_attribute(const struct ber *whole, struct attributes *attributes)
{
    struct bytes_in in = ber_inside(whole);
    struct ber oid;
    struct ber values;
    if (whole->tag != 0x30 || !ber_expect(&in, 0x06, &oid) || !ber_expect(&in, 0x31, &values) ||
        bytes_in_left(&in) != 0) {
        return false;
    }
    if (ber_is_oid(&oid, oid_digest, sizeof oid_digest)) {
        return take_once(&values, &attributes->digest) && attributes->digest.tag == 0x04;
    }
    if (ber_is_oid(&oid, oid_content_type, sizeof oid_content_type)) {
        return take_once(&values, &attributes->content_type) &&
               attributes->content_type.tag == 0x06;
    }
    if (ber_is_oid(&oid, oid_signing_time, sizeof oid_signing_time)) {
        return take_once(&values, &attributes->signing_time);
    }
    return true;
}

// The one value of an attribute that may stand there once.
static bool take_once(const struct ber *values, struct ber *value)
{
    struct bytes_in in = ber_inside(values);
    return value->whole == NULL && ber_next(&in, value) && bytes_in_left(&in) == 0;
}

static bool is_signer(const struct signed_data *data, const struct certificate *certificate)
{
    if (data->signer_key.len > 0) {
        return certificate_same(&data->signer_key, &certificate->subject_key);
    }
    return certificate_same(&data->signer_issuer, &certificate->issuer) &&
           certificate_same(&data->signer_serial, &certificate->serial);
}
