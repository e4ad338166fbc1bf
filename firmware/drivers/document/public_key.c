// SPDX-License-Identifier: EUPL-1.2
//
// Open keys and the signatures they check.
#include "drivers/document/public_key.h"

#include <string.h>

enum { OID_BYTES_MAX = 9, PSS_SALT_BYTES_DEFAULT = 20, EXPLICIT_VERSION_MAX = 3 };

struct oid {
    uint8_t bytes[OID_BYTES_MAX];
    size_t len;
};

static const struct oid oid_rsa = {{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01}, 9};
static const struct oid oid_mask = {{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08}, 9};
static const struct oid oid_pss = {{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a}, 9};
static const struct oid oid_curve_key = {{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01}, 7};
static const struct oid oid_prime_field = {{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x01}, 7};

// SHA-1 stays: it is collisions it no longer withstands, and a state does not sign what a stranger
// composed. MD5 does not: that has been done to a certificate authority.
static const struct {
    struct oid oid;
    enum signature_kind kind;
    enum hash hash;
} signatures[] = {
    {{{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05}, 9}, SIGNATURE_RSA, HASH_SHA1},
    {{{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0e}, 9}, SIGNATURE_RSA, HASH_SHA224},
    {{{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b}, 9}, SIGNATURE_RSA, HASH_SHA256},
    {{{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c}, 9}, SIGNATURE_RSA, HASH_SHA384},
    {{{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d}, 9}, SIGNATURE_RSA, HASH_SHA512},
    {{{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01}, 7}, SIGNATURE_ECDSA, HASH_SHA1},
    {{{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x01}, 8}, SIGNATURE_ECDSA, HASH_SHA224},
    {{{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02}, 8}, SIGNATURE_ECDSA, HASH_SHA256},
    {{{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03}, 8}, SIGNATURE_ECDSA, HASH_SHA384},
    {{{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04}, 8}, SIGNATURE_ECDSA, HASH_SHA512},
};

// An AlgorithmIdentifier: what, and with what; `has_parameters` is false for none and for NULL.
struct identifier {
    struct ber oid;
    bool has_parameters;
    struct ber parameters;
};

static enum err read_identifier(const struct ber *whole, struct identifier *identifier);
static bool is(const struct ber *ber, const struct oid *oid);
static bool read_bits(struct bytes_in *in, struct ber *bits);
static enum err read_curve_key(const struct identifier *identifier, const struct ber *bits,
                               struct public_key *key);
static enum err read_explicit(const struct ber *sequence, enum curve *curve);
static bool read_parameters(const struct ber *sequence, struct curve_parameters *parameters);
static bool read_field(struct bytes_in *in, struct curve_parameters *parameters);
static void strip(const struct ber *ber, const uint8_t **value, size_t *len);
static enum err read_pss(const struct ber *sequence, struct rsa_pss *pss);
static enum err read_mask(const struct ber *whole, enum hash *hash);
static bool is_within(const struct rsa_pss *pss, const struct rsa_pss *limits);
static enum err verify_curve(const struct public_key *key, const uint8_t *digest, size_t digest_len,
                             const uint8_t *signature, size_t signature_len);

enum err public_key_read(const uint8_t *der, size_t len, struct public_key *key)
{
    CHECK(der != NULL || len == 0);
    *key = (struct public_key){0};
    struct ber whole;
    if (!ber_only(der, len, 0x30, &whole)) {
        return ERR_MALFORMED;
    }
    struct bytes_in inside = ber_inside(&whole);
    struct ber algorithm;
    struct ber bits;
    struct identifier identifier;
    if (!ber_expect(&inside, 0x30, &algorithm) || !read_bits(&inside, &bits) ||
        bytes_in_left(&inside) != 0 || read_identifier(&algorithm, &identifier) != OK) {
        return ERR_MALFORMED;
    }
    if (is(&identifier.oid, &oid_curve_key)) {
        return read_curve_key(&identifier, &bits, key);
    }
    key->kind = PUBLIC_KEY_RSA;
    key->is_pss_only = is(&identifier.oid, &oid_pss);
    key->has_pss_limits = key->is_pss_only && identifier.has_parameters;
    if (!key->is_pss_only && !is(&identifier.oid, &oid_rsa)) {
        return ERR_UNSUPPORTED;
    }
    const enum err err =
        key->has_pss_limits ? read_pss(&identifier.parameters, &key->pss_limits) : OK;
    return err != OK ? err : rsa_key_read(bits.value, bits.len, &key->rsa);
}

enum err signature_algorithm_read(const struct ber *whole, struct signature_algorithm *algorithm)
{
    *algorithm = (struct signature_algorithm){0};
    struct identifier identifier;
    if (read_identifier(whole, &identifier) != OK) {
        return ERR_MALFORMED;
    }
    if (is(&identifier.oid, &oid_pss)) {
        // Without parameters it would be an algorithm nobody named (RFC 4055 section 3.1).
        if (!identifier.has_parameters) {
            return ERR_MALFORMED;
        }
        algorithm->kind = SIGNATURE_RSA_PSS;
        const enum err err = read_pss(&identifier.parameters, &algorithm->pss);
        algorithm->has_hash = true;
        algorithm->hash = algorithm->pss.hash;
        return err;
    }
    if (identifier.has_parameters) {
        return ERR_UNSUPPORTED;
    }
    if (is(&identifier.oid, &oid_rsa)) {
        algorithm->kind = SIGNATURE_RSA;
        return OK;
    }
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        if (is(&identifier.oid, &signatures[i].oid)) {
            *algorithm = (struct signature_algorithm){
                .kind = signatures[i].kind, .has_hash = true, .hash = signatures[i].hash};
            return OK;
        }
    }
    return ERR_UNSUPPORTED;
}

enum err hash_algorithm_read(const struct ber *whole, enum hash *hash)
{
    struct identifier identifier;
    if (read_identifier(whole, &identifier) != OK) {
        return ERR_MALFORMED;
    }
    if (identifier.has_parameters) {
        return ERR_UNSUPPORTED;
    }
    return hash_from_oid(identifier.oid.value, identifier.oid.len, hash);
}

enum err signature_verify(const struct signature_algorithm *algorithm, const struct public_key *key,
                          const uint8_t *data, size_t len, const uint8_t *signature,
                          size_t signature_len)
{
    CHECK(algorithm->has_hash);
    uint8_t digest[HASH_BYTES_MAX];
    hash_once(algorithm->hash, data, len, digest);
    if (algorithm->kind == SIGNATURE_ECDSA) {
        return key->kind != PUBLIC_KEY_CURVE
                   ? ERR_CRYPTO
                   : verify_curve(key, digest, hash_bytes(algorithm->hash), signature,
                                  signature_len);
    }
    if (key->kind != PUBLIC_KEY_RSA) {
        return ERR_CRYPTO;
    }
    if (algorithm->kind == SIGNATURE_RSA_PSS) {
        return key->has_pss_limits && !is_within(&algorithm->pss, &key->pss_limits)
                   ? ERR_CRYPTO
                   : rsa_verify_pss(&key->rsa, &algorithm->pss, digest, signature, signature_len);
    }
    return key->is_pss_only
               ? ERR_CRYPTO
               : rsa_verify(&key->rsa, algorithm->hash, digest, signature, signature_len);
}

static enum err read_identifier(const struct ber *whole, struct identifier *identifier)
{
    *identifier = (struct identifier){0};
    struct bytes_in in = ber_inside(whole);
    if (!ber_expect(&in, 0x06, &identifier->oid)) {
        return ERR_MALFORMED;
    }
    if (bytes_in_left(&in) == 0) {
        return OK;
    }
    if (!ber_next(&in, &identifier->parameters) || bytes_in_left(&in) != 0) {
        return ERR_MALFORMED;
    }
    identifier->has_parameters = identifier->parameters.tag != 0x05;
    return !identifier->has_parameters && identifier->parameters.len != 0 ? ERR_MALFORMED : OK;
}

static bool is(const struct ber *ber, const struct oid *oid)
{
    return ber_is_oid(ber, oid->bytes, oid->len);
}

// A BIT STRING of whole bytes: `bits` is what follows its count of unused bits.
static bool read_bits(struct bytes_in *in, struct ber *bits)
{
    if (!ber_expect(in, 0x03, bits) || bits->len == 0 || bits->value[0] != 0) {
        return false;
    }
    bits->value += 1;
    bits->len -= 1;
    return true;
}

static enum err read_curve_key(const struct identifier *identifier, const struct ber *bits,
                               struct public_key *key)
{
    key->kind = PUBLIC_KEY_CURVE;
    enum err err = ERR_MALFORMED;
    if (identifier->has_parameters && identifier->parameters.tag == 0x06) {
        err = curve_from_oid(identifier->parameters.value, identifier->parameters.len, &key->curve);
    } else if (identifier->has_parameters && identifier->parameters.tag == 0x30) {
        err = read_explicit(&identifier->parameters, &key->curve);
    }
    if (err != OK) {
        return err;
    }
    if (bits->len != 1 + 2 * curve_bytes(key->curve) || bits->value[0] != 0x04) {
        return ERR_UNSUPPORTED; // a compressed point, which travel documents do not have
    }
    memcpy(key->point.bytes, bits->value, bits->len);
    key->point.len = bits->len;
    return OK;
}

static enum err read_explicit(const struct ber *sequence, enum curve *curve)
{
    struct curve_parameters parameters = {0};
    return read_parameters(sequence, &parameters) ? curve_from_parameters(&parameters, curve)
                                                  : ERR_MALFORMED;
}

// SpecifiedECDomain (BSI TR-03111 section 4.1.1; SEC 1 appendix C.2).
static bool read_parameters(const struct ber *sequence, struct curve_parameters *parameters)
{
    struct bytes_in in = ber_inside(sequence);
    struct ber version;
    uint32_t number = 0;
    if (!ber_expect(&in, 0x02, &version) || !ber_number(&version, &number) || number == 0 ||
        number > EXPLICIT_VERSION_MAX || !read_field(&in, parameters)) {
        return false;
    }
    struct ber base;
    struct ber order;
    if (!ber_expect(&in, 0x04, &base) || !ber_expect(&in, 0x02, &order) ||
        !ber_magnitude(&order, &parameters->n, &parameters->n_len)) {
        return false;
    }
    parameters->g = base.value;
    parameters->g_len = base.len;
    if (bytes_in_left(&in) == 0) {
        return true;
    }
    // All our curves have this cofactor; another one is another curve.
    struct ber cofactor;
    return ber_expect(&in, 0x02, &cofactor) && ber_number(&cofactor, &number) && number == 1 &&
           bytes_in_left(&in) == 0;
}

static bool read_field(struct bytes_in *in, struct curve_parameters *parameters)
{
    struct ber field;
    struct ber curve;
    if (!ber_expect(in, 0x30, &field) || !ber_expect(in, 0x30, &curve)) {
        return false;
    }
    struct bytes_in inside = ber_inside(&field);
    struct ber oid;
    struct ber prime;
    if (!ber_expect(&inside, 0x06, &oid) || !is(&oid, &oid_prime_field) ||
        !ber_expect(&inside, 0x02, &prime) || bytes_in_left(&inside) != 0 ||
        !ber_magnitude(&prime, &parameters->p, &parameters->p_len)) {
        return false;
    }
    struct bytes_in coefficients = ber_inside(&curve);
    struct ber a;
    struct ber b;
    if (!ber_expect(&coefficients, 0x04, &a) || !ber_expect(&coefficients, 0x04, &b)) {
        return false;
    }
    strip(&a, &parameters->a, &parameters->a_len);
    strip(&b, &parameters->b, &parameters->b_len);
    // How the curve was found may follow; it changes nothing about which one it is.
    struct ber seed;
    return bytes_in_left(&coefficients) == 0 ||
           (ber_expect(&coefficients, 0x03, &seed) && bytes_in_left(&coefficients) == 0);
}

static void strip(const struct ber *ber, const uint8_t **value, size_t *len)
{
    size_t zeros = 0;
    while (zeros < ber->len && ber->value[zeros] == 0) {
        zeros++;
    }
    *value = ber->value + zeros;
    *len = ber->len - zeros;
}

// RSASSA-PSS-params (RFC 4055 section 3.1); every part may be left to its default.
static enum err read_pss(const struct ber *sequence, struct rsa_pss *pss)
{
    *pss = (struct rsa_pss){HASH_SHA1, PSS_SALT_BYTES_DEFAULT};
    enum hash mask = HASH_SHA1;
    if (sequence->tag != 0x30) {
        return ERR_MALFORMED;
    }
    struct bytes_in in = ber_inside(sequence);
    struct ber part;
    uint32_t last = 0;
    while (ber_next(&in, &part)) {
        if (part.tag < 0xa0 || part.tag > 0xa3 || part.tag <= last) {
            return ERR_MALFORMED;
        }
        last = part.tag;
        struct bytes_in inside = ber_inside(&part);
        struct ber value;
        uint32_t number = 0;
        const bool is_number = part.tag >= 0xa2;
        if (!ber_expect(&inside, is_number ? 0x02 : 0x30, &value) || bytes_in_left(&inside) != 0 ||
            (is_number && !ber_number(&value, &number))) {
            return ERR_MALFORMED;
        }
        enum err err = OK;
        if (part.tag == 0xa0) {
            err = hash_algorithm_read(&value, &pss->hash);
        } else if (part.tag == 0xa1) {
            err = read_mask(&value, &mask);
        } else if (part.tag == 0xa2) {
            pss->salt_bytes = number;
            err = number > RSA_BYTES_MAX ? ERR_UNSUPPORTED : OK;
        } else {
            err = number != 1 ? ERR_UNSUPPORTED : OK; // the trailer 0xbc
        }
        if (err != OK) {
            return err;
        }
    }
    if (in.failed) {
        return ERR_MALFORMED;
    }
    // mbedtls makes mask and message with one hash; nobody on the master list asks for two.
    return mask == pss->hash ? OK : ERR_UNSUPPORTED;
}

static enum err read_mask(const struct ber *whole, enum hash *hash)
{
    struct identifier identifier;
    if (read_identifier(whole, &identifier) != OK) {
        return ERR_MALFORMED;
    }
    if (!is(&identifier.oid, &oid_mask) || !identifier.has_parameters ||
        identifier.parameters.tag != 0x30) {
        return ERR_UNSUPPORTED;
    }
    return hash_algorithm_read(&identifier.parameters, hash);
}

static bool is_within(const struct rsa_pss *pss, const struct rsa_pss *limits)
{
    return pss->hash == limits->hash && pss->salt_bytes >= limits->salt_bytes;
}

static enum err verify_curve(const struct public_key *key, const uint8_t *digest, size_t digest_len,
                             const uint8_t *signature, size_t signature_len)
{
    struct ber whole;
    if (!ber_only(signature, signature_len, 0x30, &whole)) {
        return ERR_CRYPTO;
    }
    struct bytes_in inside = ber_inside(&whole);
    struct ber first;
    struct ber second;
    const uint8_t *r;
    const uint8_t *s;
    size_t r_len;
    size_t s_len;
    if (!ber_expect(&inside, 0x02, &first) || !ber_expect(&inside, 0x02, &second) ||
        bytes_in_left(&inside) != 0 || !ber_magnitude(&first, &r, &r_len) ||
        !ber_magnitude(&second, &s, &s_len)) {
        return ERR_CRYPTO;
    }
    return curve_verify(key->curve, &key->point, digest, digest_len, r, r_len, s, s_len);
}
