// SPDX-License-Identifier: EUPL-1.2
//
// mbedtls' curve arithmetic behind our names; alike in 2.28 and 3.6, and gone from the public
// interface in 4. Every scalar that is secret goes through mbedtls_ecp_mul, which blinds and takes
// the same time; only points are added here, never secrets with them.
#include "drivers/document/curve.h"

#include "base/bytes.h"
#include "base/entropy.h"

#include <mbedtls/version.h>

#include <mbedtls/bignum.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/ecp.h>

#include <string.h>

struct curve_row {
    mbedtls_ecp_group_id id;
    unsigned parameter;
    size_t bytes;
    uint8_t oid[9];
    size_t oid_len;
};

static const struct curve_row curve_rows[CURVES_COUNT] = {
    [CURVE_P256] =
        {MBEDTLS_ECP_DP_SECP256R1, 12, 32, {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07}, 8},
    [CURVE_P384] = {MBEDTLS_ECP_DP_SECP384R1, 15, 48, {0x2b, 0x81, 0x04, 0x00, 0x22}, 5},
    [CURVE_P521] = {MBEDTLS_ECP_DP_SECP521R1, 18, 66, {0x2b, 0x81, 0x04, 0x00, 0x23}, 5},
    [CURVE_BRAINPOOL256] =
        {MBEDTLS_ECP_DP_BP256R1, 13, 32, {0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07}, 9},
    [CURVE_BRAINPOOL384] =
        {MBEDTLS_ECP_DP_BP384R1, 16, 48, {0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b}, 9},
    [CURVE_BRAINPOOL512] =
        {MBEDTLS_ECP_DP_BP512R1, 17, 64, {0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d}, 9},
};

// What one calculation needs; all of it is overwritten when it is given back.
struct work {
    mbedtls_ecp_group group;
    mbedtls_ecp_point point;
    mbedtls_ecp_point sum;
    mbedtls_mpi scalar;
    mbedtls_mpi other;
};

static void work_open(struct work *work, enum curve curve);
static void work_close(struct work *work);
static int random_bytes(void *ctx, unsigned char *out, size_t len);
static bool read_point(const struct work *work, const struct curve_point *point,
                       mbedtls_ecp_point *out);
static bool write_point(const struct work *work, const mbedtls_ecp_point *point,
                        struct curve_point *out);
static bool multiply(struct work *work, const struct curve_point *point);
static bool finish_pair(enum curve curve, struct work *work, const struct curve_point *base,
                        struct curve_pair_private *pair);
static bool add_nonce(struct work *work, const uint8_t *nonce, size_t nonce_len);
static bool is_same(const mbedtls_mpi *ours, const uint8_t *bytes, size_t len);
static bool has_parameters(enum curve curve, const struct curve_parameters *parameters);

size_t curve_bytes(enum curve curve)
{
    CHECK(curve < CURVES_COUNT);

    return curve_rows[curve].bytes;
}

enum err curve_from_parameter(unsigned parameter, enum curve *curve)
{
    for (size_t i = 0; i < CURVES_COUNT; i++) {
        if (curve_rows[i].parameter == parameter) {
            *curve = (enum curve)i;
            return OK;
        }
    }
    return ERR_UNSUPPORTED;
}

enum err curve_from_oid(const uint8_t *oid, size_t len, enum curve *curve)
{
    for (size_t i = 0; i < CURVES_COUNT; i++) {
        if (curve_rows[i].oid_len == len && memcmp(curve_rows[i].oid, oid, len) == 0) {
            *curve = (enum curve)i;
            return OK;
        }
    }
    return ERR_UNSUPPORTED;
}

enum err curve_from_parameters(const struct curve_parameters *parameters, enum curve *curve)
{
    for (size_t i = 0; i < CURVES_COUNT; i++) {
        if (has_parameters((enum curve)i, parameters)) {
            *curve = (enum curve)i;
            return OK;
        }
    }
    return ERR_UNSUPPORTED;
}

enum err curve_pair(enum curve curve, const struct curve_point *base,
                    struct curve_pair_private *pair)
{
    struct work work;
    work_open(&work, curve);
    const bool is_done =
        mbedtls_ecp_gen_privkey(&work.group, &work.scalar, random_bytes, NULL) == 0 &&
        finish_pair(curve, &work, base, pair);
    work_close(&work);
    return is_done ? OK : ERR_CRYPTO;
}

enum err curve_pair_of(enum curve curve, const struct curve_point *base, const uint8_t *secret,
                       size_t secret_len, struct curve_pair_private *pair)
{
    struct work work;
    work_open(&work, curve);
    const bool is_done = secret_len <= curve_bytes(curve) &&
                         mbedtls_mpi_read_binary(&work.scalar, secret, secret_len) == 0 &&
                         finish_pair(curve, &work, base, pair);
    work_close(&work);
    return is_done ? OK : ERR_CRYPTO;
}

enum err curve_agree(enum curve curve, const struct curve_pair_private *pair,
                     const struct curve_point *peer, uint8_t shared[CURVE_VALUE_BYTES])
{
    struct work work;
    struct curve_point result = {.len = 0};
    const size_t bytes = curve_bytes(curve);
    work_open(&work, curve);
    const bool is_done = mbedtls_mpi_read_binary(&work.scalar, pair->secret, bytes) == 0 &&
                         multiply(&work, peer) && write_point(&work, &work.point, &result);
    if (is_done) {
        memcpy(shared, result.bytes + 1, bytes);
    }
    wipe(&result, sizeof result);
    work_close(&work);
    return is_done ? OK : ERR_CRYPTO;
}

enum err curve_map(enum curve curve, const struct curve_pair_private *pair,
                   const struct curve_point *peer, const uint8_t *nonce, size_t nonce_len,
                   struct curve_point *base)
{
    struct work work;
    *base = (struct curve_point){.len = 0};
    work_open(&work, curve);
    const bool is_done =
        mbedtls_mpi_read_binary(&work.scalar, pair->secret, curve_bytes(curve)) == 0 &&
        multiply(&work, peer) && add_nonce(&work, nonce, nonce_len) &&
        write_point(&work, &work.sum, base);
    work_close(&work);
    return is_done ? OK : ERR_CRYPTO;
}

enum err curve_verify(enum curve curve, const struct curve_point *key, const uint8_t *hash,
                      size_t hash_len, const uint8_t *r, size_t r_len, const uint8_t *s,
                      size_t s_len)
{
    struct work work;
    const size_t bytes = curve_bytes(curve);
    work_open(&work, curve);
    const bool is_good =
        r_len <= bytes && s_len <= bytes && mbedtls_mpi_read_binary(&work.scalar, r, r_len) == 0 &&
        mbedtls_mpi_read_binary(&work.other, s, s_len) == 0 &&
        read_point(&work, key, &work.point) &&
        mbedtls_ecdsa_verify(&work.group, hash, hash_len, &work.point, &work.scalar, &work.other) ==
            0;
    work_close(&work);
    return is_good ? OK : ERR_CRYPTO;
}

bool curve_has_point(enum curve curve, const struct curve_point *point)
{
    struct work work;
    work_open(&work, curve);
    const bool has = read_point(&work, point, &work.point);
    work_close(&work);
    return has;
}

static void work_open(struct work *work, enum curve curve)
{
    CHECK(curve < CURVES_COUNT);

    mbedtls_ecp_group_init(&work->group);
    mbedtls_ecp_point_init(&work->point);
    mbedtls_ecp_point_init(&work->sum);
    mbedtls_mpi_init(&work->scalar);
    mbedtls_mpi_init(&work->other);
    CHECK(mbedtls_ecp_group_load(&work->group, curve_rows[curve].id) == 0);
}

static void work_close(struct work *work)
{
    mbedtls_mpi_free(&work->other);
    mbedtls_mpi_free(&work->scalar);
    mbedtls_ecp_point_free(&work->sum);
    mbedtls_ecp_point_free(&work->point);
    mbedtls_ecp_group_free(&work->group);
}

static int random_bytes(void *ctx, unsigned char *out, size_t len)
{
    (void)ctx;
    entropy_fill(out, len);
    return 0;
}

// Uncompressed, of the curve's own length, on the curve and not infinity: a peer's point is used
// for nothing before.
static bool read_point(const struct work *work, const struct curve_point *point,
                       mbedtls_ecp_point *out)
{
    const size_t bytes = (work->group.pbits + 7) / 8;
    return point->len == 1 + 2 * bytes && point->bytes[0] == 0x04 &&
           mbedtls_ecp_point_read_binary(&work->group, out, point->bytes, point->len) == 0 &&
           mbedtls_ecp_check_pubkey(&work->group, out) == 0;
}

static bool write_point(const struct work *work, const mbedtls_ecp_point *point,
                        struct curve_point *out)
{
    // The order of each of these curves is prime: infinity is the one point that must not be.
    mbedtls_ecp_point copy;
    mbedtls_ecp_point_init(&copy);
    const bool is_written =
        mbedtls_ecp_copy(&copy, point) == 0 && mbedtls_ecp_is_zero(&copy) == 0 &&
        mbedtls_ecp_point_write_binary(&work->group, &copy, MBEDTLS_ECP_PF_UNCOMPRESSED, &out->len,
                                       out->bytes, sizeof out->bytes) == 0;
    mbedtls_ecp_point_free(&copy);
    return is_written;
}

// work->point = work->scalar * point, or times the generator when it is NULL.
static bool multiply(struct work *work, const struct curve_point *point)
{
    if (point != NULL && !read_point(work, point, &work->sum)) {
        return false;
    }
    return mbedtls_ecp_mul(&work->group, &work->point, &work->scalar,
                           point == NULL ? &work->group.G : &work->sum, random_bytes, NULL) == 0;
}

// The scalar is set; mbedtls_ecp_mul refuses it outside 1 .. n - 1.
static bool finish_pair(enum curve curve, struct work *work, const struct curve_point *base,
                        struct curve_pair_private *pair)
{
    *pair = (struct curve_pair_private){.open = {.len = 0}};
    const bool is_done =
        multiply(work, base) && write_point(work, &work->point, &pair->open) &&
        mbedtls_mpi_write_binary(&work->scalar, pair->secret, curve_bytes(curve)) == 0;
    if (!is_done) {
        wipe(pair, sizeof *pair);
    }
    return is_done;
}

// work->sum = nonce * G + work->point. mbedtls adds points only behind two multiplications that
// are not blinded; by 1 they are copies, so that the nonce never goes through them.
static bool add_nonce(struct work *work, const uint8_t *nonce, size_t nonce_len)
{
    return mbedtls_mpi_read_binary(&work->scalar, nonce, nonce_len) == 0 &&
           mbedtls_mpi_mod_mpi(&work->scalar, &work->scalar, &work->group.N) == 0 &&
           mbedtls_ecp_mul(&work->group, &work->sum, &work->scalar, &work->group.G, random_bytes,
                           NULL) == 0 &&
           mbedtls_mpi_lset(&work->other, 1) == 0 &&
           mbedtls_ecp_muladd(&work->group, &work->sum, &work->other, &work->sum, &work->other,
                              &work->point) == 0;
}

static bool is_same(const mbedtls_mpi *ours, const uint8_t *bytes, size_t len)
{
    uint8_t written[CURVE_VALUE_BYTES];
    return len > 0 && len <= sizeof written && mbedtls_mpi_size(ours) == len &&
           mbedtls_mpi_write_binary(ours, written, len) == 0 && memcmp(written, bytes, len) == 0;
}

static bool has_parameters(enum curve curve, const struct curve_parameters *parameters)
{
    struct work work;
    struct curve_point generator = {.len = 0};
    work_open(&work, curve);
    // An empty A stands for p - 3 in mbedtls.
    const mbedtls_mpi *a = &work.group.A;
    bool is_ready = true;
    if (mbedtls_mpi_size(a) == 0) {
        is_ready = mbedtls_mpi_sub_int(&work.scalar, &work.group.P, 3) == 0;
        a = &work.scalar;
    }
    const bool has = is_ready && write_point(&work, &work.group.G, &generator) &&
                     is_same(&work.group.P, parameters->p, parameters->p_len) &&
                     is_same(a, parameters->a, parameters->a_len) &&
                     is_same(&work.group.B, parameters->b, parameters->b_len) &&
                     is_same(&work.group.N, parameters->n, parameters->n_len) &&
                     generator.len == parameters->g_len &&
                     memcmp(generator.bytes, parameters->g, generator.len) == 0;
    work_close(&work);
    return has;
}
