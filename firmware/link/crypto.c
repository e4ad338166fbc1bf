// SPDX-License-Identifier: EUPL-1.2
//
// mbedtls' primitives behind our names. Differences between 2.28 and 3.6 are resolved here.
#include "link/crypto.h"

#include "base/bytes.h"
#include "base/entropy.h"
#include "base/text.h"

#include <mbedtls/version.h>

#include <mbedtls/asn1write.h>
#include <mbedtls/base64.h>
#include <mbedtls/bignum.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/gcm.h>
#include <mbedtls/md.h>
#include <mbedtls/oid.h>
#include <mbedtls/pem.h>
#include <mbedtls/pk.h>
#include <mbedtls/pkcs5.h>
#include <mbedtls/x509_crt.h>
#include <mbedtls/x509_csr.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// The signature of a request has no reader in either version, and 3.6 hides the members.
#ifndef MBEDTLS_PRIVATE
#define MBEDTLS_PRIVATE(member) member
#endif

enum { NAMES_BYTES = 1024, DER_BYTES_MAX = 2048 };

struct crypto_key {
    mbedtls_pk_context pk;
};

struct crypto_digest {
    mbedtls_md_context_t md;
};

static void key_point(mbedtls_pk_context *pk, uint8_t x[CRYPTO_POINT_BYTES],
                      uint8_t y[CRYPTO_POINT_BYTES]);
static int random_bytes(void *ctx, unsigned char *out, size_t len);
static const mbedtls_md_info_t *sha256(void);
static enum err certify(mbedtls_pk_context *subject_key, const struct crypto_subject *subject,
                        const struct crypto_key *authority, const char *authority_name,
                        char pem[CRYPTO_PEM_BYTES]);
static int fill_certificate(mbedtls_x509write_cert *certificate,
                            const struct crypto_subject *subject, const char *issuer);
static int set_serial(mbedtls_x509write_cert *certificate);
static int set_names(mbedtls_x509write_cert *certificate, const struct crypto_subject *subject);
static int set_use(mbedtls_x509write_cert *certificate, const struct crypto_subject *subject);
static bool is_address(const char *host, uint8_t bytes[4]);
static void time_words(int64_t time_s, char words[16]);
static int write_certificate(mbedtls_x509write_cert *certificate, char pem[CRYPTO_PEM_BYTES]);
static int key_pem(const struct crypto_key *key, unsigned char *pem, size_t pem_bytes);
static int parse_key(mbedtls_pk_context *pk, const char *path);
static bool is_p256(const mbedtls_pk_context *pk);
static enum err write_secret_file(const char *path, const char *words, struct fault *fault);

void crypto_sha256(const void *data, size_t len, uint8_t hash[CRYPTO_HASH_BYTES])
{
    CHECK(mbedtls_md(sha256(), data, len, hash) == 0);
}

struct crypto_digest *crypto_digest_new(void)
{
    struct crypto_digest *digest = calloc(1, sizeof *digest);
    CHECK(digest != NULL);
    mbedtls_md_init(&digest->md);
    CHECK(mbedtls_md_setup(&digest->md, sha256(), 0) == 0);
    CHECK(mbedtls_md_starts(&digest->md) == 0);
    return digest;
}

void crypto_digest_free(struct crypto_digest *digest)
{
    if (digest != NULL) {
        mbedtls_md_free(&digest->md);
        free(digest);
    }
}

void crypto_digest_add(struct crypto_digest *digest, const void *data, size_t len)
{
    CHECK(mbedtls_md_update(&digest->md, data, len) == 0);
}

void crypto_digest_end(struct crypto_digest *digest, uint8_t hash[CRYPTO_HASH_BYTES])
{
    CHECK(mbedtls_md_finish(&digest->md, hash) == 0);
}

void crypto_hmac(const void *key, size_t key_len, const void *data, size_t len,
                 uint8_t mac[CRYPTO_HASH_BYTES])
{
    CHECK(mbedtls_md_hmac(sha256(), key, key_len, data, len, mac) == 0);
}

void crypto_stretch(const char *words, const uint8_t salt[16], unsigned rounds,
                    uint8_t out[CRYPTO_HASH_BYTES])
{
    const unsigned char *password = (const unsigned char *)words;
#if MBEDTLS_VERSION_NUMBER >= 0x03030000
    CHECK(mbedtls_pkcs5_pbkdf2_hmac_ext(MBEDTLS_MD_SHA256, password, strlen(words), salt, 16,
                                        rounds, CRYPTO_HASH_BYTES, out) == 0);
#else
    mbedtls_md_context_t md;
    mbedtls_md_init(&md);
    CHECK(mbedtls_md_setup(&md, sha256(), 1) == 0);
    CHECK(mbedtls_pkcs5_pbkdf2_hmac(&md, password, strlen(words), salt, 16, rounds,
                                    CRYPTO_HASH_BYTES, out) == 0);
    mbedtls_md_free(&md);
#endif
}

void crypto_seal(const uint8_t key[CRYPTO_KEY_BYTES], const char *bound_to, const void *data,
                 size_t len, uint8_t *out)
{
    mbedtls_gcm_context gcm;
    mbedtls_gcm_init(&gcm);
    CHECK(mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, key, CRYPTO_KEY_BYTES * 8) == 0);
    entropy_fill(out, CRYPTO_NONCE_BYTES);
    CHECK(mbedtls_gcm_crypt_and_tag(&gcm, MBEDTLS_GCM_ENCRYPT, len, out, CRYPTO_NONCE_BYTES,
                                    (const unsigned char *)bound_to, strlen(bound_to), data,
                                    out + CRYPTO_NONCE_BYTES, CRYPTO_TAG_BYTES,
                                    out + CRYPTO_NONCE_BYTES + len) == 0);
    mbedtls_gcm_free(&gcm);
}

enum err crypto_open(const uint8_t key[CRYPTO_KEY_BYTES], const char *bound_to,
                     const uint8_t *sealed, size_t len, uint8_t *out)
{
    if (len < CRYPTO_SEAL_BYTES) {
        return ERR_MALFORMED;
    }
    size_t plain_len = len - CRYPTO_SEAL_BYTES;
    mbedtls_gcm_context gcm;
    mbedtls_gcm_init(&gcm);
    CHECK(mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, key, CRYPTO_KEY_BYTES * 8) == 0);
    int result = mbedtls_gcm_auth_decrypt(&gcm, plain_len, sealed, CRYPTO_NONCE_BYTES,
                                          (const unsigned char *)bound_to, strlen(bound_to),
                                          sealed + CRYPTO_NONCE_BYTES + plain_len, CRYPTO_TAG_BYTES,
                                          sealed + CRYPTO_NONCE_BYTES, out);
    mbedtls_gcm_free(&gcm);
    return result == 0 ? OK : ERR_CRYPTO;
}

struct crypto_key *crypto_key_new(void)
{
    struct crypto_key *key = calloc(1, sizeof *key);
    CHECK(key != NULL);
    mbedtls_pk_init(&key->pk);
    CHECK(mbedtls_pk_setup(&key->pk, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)) == 0);
    CHECK(mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(key->pk), random_bytes,
                              NULL) == 0);
    return key;
}

void crypto_key_free(struct crypto_key *key)
{
    if (key != NULL) {
        mbedtls_pk_free(&key->pk);
        free(key);
    }
}

enum err crypto_key_write(const struct crypto_key *key, const char *path, struct fault *fault)
{
    unsigned char pem[CRYPTO_PEM_BYTES];
    CHECK(key_pem(key, pem, sizeof pem) == 0);
    enum err err = write_secret_file(path, (const char *)pem, fault);
    wipe(pem, sizeof pem);
    return err;
}

enum err crypto_key_read(struct crypto_key **key, const char *path, struct fault *fault)
{
    if (access(path, F_OK) != 0) {
        return fault_set(fault, ERR_NOT_FOUND, "%s: no such file", path);
    }
    struct crypto_key *made = calloc(1, sizeof *made);
    CHECK(made != NULL);
    mbedtls_pk_init(&made->pk);
    if (parse_key(&made->pk, path) != 0 || !is_p256(&made->pk)) {
        crypto_key_free(made);
        return fault_set(fault, ERR_CRYPTO, "%s: not a P-256 key", path);
    }
    *key = made;
    return OK;
}

enum err crypto_key_ensure(struct crypto_key **key, const char *path, struct fault *fault)
{
    enum err err = crypto_key_read(key, path, fault);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    *key = crypto_key_new();
    err = crypto_key_write(*key, path, fault);
    if (err != OK) {
        crypto_key_free(*key);
        *key = NULL;
    }
    return err;
}

void crypto_key_point(const struct crypto_key *key, uint8_t x[CRYPTO_POINT_BYTES],
                      uint8_t y[CRYPTO_POINT_BYTES])
{
    key_point(&((struct crypto_key *)(uintptr_t)key)->pk, x, y);
}

void crypto_public_write(const struct crypto_key *key, char pem[CRYPTO_PEM_BYTES])
{
    mbedtls_pk_context *pk = &((struct crypto_key *)(uintptr_t)key)->pk;
    CHECK(mbedtls_pk_write_pubkey_pem(pk, (unsigned char *)pem, CRYPTO_PEM_BYTES) == 0);
}

enum err crypto_public_read(const char *pem, size_t len, uint8_t x[CRYPTO_POINT_BYTES],
                            uint8_t y[CRYPTO_POINT_BYTES])
{
    // The library wants a terminated text and counts the terminator.
    char words[CRYPTO_PEM_BYTES];
    if (len >= sizeof words || memchr(pem, '\0', len) != NULL) {
        return ERR_MALFORMED;
    }
    memcpy(words, pem, len);
    words[len] = '\0';
    mbedtls_pk_context pk;
    mbedtls_pk_init(&pk);
    int result = mbedtls_pk_parse_public_key(&pk, (const unsigned char *)words, len + 1);
    enum err err = result == 0 && is_p256(&pk) ? OK : ERR_MALFORMED;
    if (err == OK) {
        key_point(&pk, x, y);
    }
    mbedtls_pk_free(&pk);
    return err;
}

enum err crypto_sign(const struct crypto_key *key, const void *data, size_t len,
                     uint8_t signature[CRYPTO_SIGNATURE_BYTES])
{
    uint8_t hash[CRYPTO_HASH_BYTES];
    crypto_sha256(data, len, hash);
    unsigned char der[MBEDTLS_ECDSA_MAX_LEN];
    size_t der_len = 0;
    mbedtls_pk_context *pk = &((struct crypto_key *)(uintptr_t)key)->pk;
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    int result = mbedtls_pk_sign(pk, MBEDTLS_MD_SHA256, hash, sizeof hash, der, sizeof der,
                                 &der_len, random_bytes, NULL);
#else
    int result = mbedtls_pk_sign(pk, MBEDTLS_MD_SHA256, hash, sizeof hash, der, &der_len,
                                 random_bytes, NULL);
#endif
    if (result != 0) {
        return ERR_CRYPTO;
    }
    // SEQUENCE of two INTEGERs into two numbers of 32 bytes.
    unsigned char *at = der;
    size_t body_len = 0;
    mbedtls_mpi r;
    mbedtls_mpi s;
    mbedtls_mpi_init(&r);
    mbedtls_mpi_init(&s);
    result = mbedtls_asn1_get_tag(&at, der + der_len, &body_len,
                                  MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE);
    result = result != 0 ? result : mbedtls_asn1_get_mpi(&at, der + der_len, &r);
    result = result != 0 ? result : mbedtls_asn1_get_mpi(&at, der + der_len, &s);
    result = result != 0 ? result : mbedtls_mpi_write_binary(&r, signature, 32);
    result = result != 0 ? result : mbedtls_mpi_write_binary(&s, signature + 32, 32);
    mbedtls_mpi_free(&r);
    mbedtls_mpi_free(&s);
    return result == 0 ? OK : ERR_CRYPTO;
}

enum err crypto_verify(const uint8_t x[CRYPTO_POINT_BYTES], const uint8_t y[CRYPTO_POINT_BYTES],
                       const void *data, size_t len,
                       const uint8_t signature[CRYPTO_SIGNATURE_BYTES])
{
    uint8_t hash[CRYPTO_HASH_BYTES];
    crypto_sha256(data, len, hash);
    unsigned char encoded[65] = {4};
    memcpy(encoded + 1, x, 32);
    memcpy(encoded + 33, y, 32);
    mbedtls_ecp_group group;
    mbedtls_ecp_point point;
    mbedtls_mpi r;
    mbedtls_mpi s;
    mbedtls_ecp_group_init(&group);
    mbedtls_ecp_point_init(&point);
    mbedtls_mpi_init(&r);
    mbedtls_mpi_init(&s);
    int result = mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP256R1);
    result = result != 0 ? result
                         : mbedtls_ecp_point_read_binary(&group, &point, encoded, sizeof encoded);
    result = result != 0 ? result : mbedtls_ecp_check_pubkey(&group, &point);
    result = result != 0 ? result : mbedtls_mpi_read_binary(&r, signature, 32);
    result = result != 0 ? result : mbedtls_mpi_read_binary(&s, signature + 32, 32);
    result = result != 0 ? result : mbedtls_ecdsa_verify(&group, hash, sizeof hash, &point, &r, &s);
    mbedtls_mpi_free(&s);
    mbedtls_mpi_free(&r);
    mbedtls_ecp_point_free(&point);
    mbedtls_ecp_group_free(&group);
    return result == 0 ? OK : ERR_CRYPTO;
}

enum err crypto_request(const struct crypto_key *key, const char *name, uint8_t *der,
                        size_t der_bytes, size_t *der_len)
{
    char subject[160];
    struct text text;
    text_init(&text, subject, sizeof subject);
    text_format(&text, "CN=%s,O=Inloop", name);
    mbedtls_x509write_csr request;
    mbedtls_x509write_csr_init(&request);
    mbedtls_x509write_csr_set_md_alg(&request, MBEDTLS_MD_SHA256);
    mbedtls_x509write_csr_set_key(&request, &((struct crypto_key *)(uintptr_t)key)->pk);
    int len = text.is_cut ? -1 : mbedtls_x509write_csr_set_subject_name(&request, subject);
    unsigned char buf[DER_BYTES_MAX];
    if (len == 0) {
        len = mbedtls_x509write_csr_der(&request, buf, sizeof buf, random_bytes, NULL);
    }
    mbedtls_x509write_csr_free(&request);
    if (len <= 0) {
        return ERR_CRYPTO;
    }
    if ((size_t)len > der_bytes) {
        return ERR_TOO_BIG;
    }
    memcpy(der, buf + sizeof buf - len, (size_t)len); // the writer fills from the end
    *der_len = (size_t)len;
    return OK;
}

enum err crypto_certify(const struct crypto_key *subject_key, const struct crypto_subject *subject,
                        const struct crypto_key *authority, const char *authority_name,
                        char pem[CRYPTO_PEM_BYTES])
{
    return certify(&((struct crypto_key *)(uintptr_t)subject_key)->pk, subject, authority,
                   authority_name, pem);
}

enum err crypto_certify_request(const uint8_t *der, size_t der_len,
                                const struct crypto_subject *subject,
                                const struct crypto_key *authority, const char *authority_name,
                                char pem[CRYPTO_PEM_BYTES], uint8_t fingerprint[CRYPTO_HASH_BYTES])
{
    mbedtls_x509_csr request;
    mbedtls_x509_csr_init(&request);
    enum err err = ERR_MALFORMED;
    if (mbedtls_x509_csr_parse_der(&request, der, der_len) == 0 && is_p256(&request.pk) &&
        request.MBEDTLS_PRIVATE(sig_md) == MBEDTLS_MD_SHA256) {
        uint8_t hash[CRYPTO_HASH_BYTES];
        crypto_sha256(request.cri.p, request.cri.len, hash);
        const mbedtls_x509_buf *signature = &request.MBEDTLS_PRIVATE(sig);
        err = mbedtls_pk_verify(&request.pk, MBEDTLS_MD_SHA256, hash, sizeof hash, signature->p,
                                signature->len) == 0
                  ? OK
                  : ERR_CRYPTO;
    }
    if (err == OK) {
        err = certify(&request.pk, subject, authority, authority_name, pem);
    }
    mbedtls_x509_csr_free(&request);
    return err == OK ? crypto_fingerprint(pem, fingerprint) : err;
}

enum err crypto_fingerprint(const char *pem, uint8_t fingerprint[CRYPTO_HASH_BYTES])
{
    mbedtls_x509_crt certificate;
    mbedtls_x509_crt_init(&certificate);
    int result = mbedtls_x509_crt_parse(&certificate, (const unsigned char *)pem, strlen(pem) + 1);
    if (result == 0) {
        crypto_sha256(certificate.raw.p, certificate.raw.len, fingerprint);
    }
    mbedtls_x509_crt_free(&certificate);
    return result == 0 ? OK : ERR_MALFORMED;
}

enum err crypto_base64_encode(const void *data, size_t len, char *out, size_t out_bytes)
{
    size_t written = 0;
    if (len == 0 && out_bytes > 0) {
        out[0] = '\0'; // the library writes nothing at all then
        return OK;
    }
    return mbedtls_base64_encode((unsigned char *)out, out_bytes, &written, data, len) == 0
               ? OK
               : ERR_TOO_BIG;
}

enum err crypto_base64_decode(const char *text, size_t len, uint8_t *out, size_t out_bytes,
                              size_t *out_len)
{
    int result = mbedtls_base64_decode(out, out_bytes, out_len, (const unsigned char *)text, len);
    if (result == MBEDTLS_ERR_BASE64_BUFFER_TOO_SMALL) {
        return ERR_TOO_BIG;
    }
    return result == 0 ? OK : ERR_MALFORMED;
}

static void key_point(mbedtls_pk_context *pk, uint8_t x[CRYPTO_POINT_BYTES],
                      uint8_t y[CRYPTO_POINT_BYTES])
{
    // The last 65 bytes of the public key's DER are the uncompressed point: a way into it that both
    // versions of the library offer.
    unsigned char der[256];
    int len = mbedtls_pk_write_pubkey_der(pk, der, sizeof der);
    CHECK(len > 65);
    const unsigned char *point = der + sizeof der - 65;
    CHECK(point[0] == 4);
    memcpy(x, point + 1, CRYPTO_POINT_BYTES);
    memcpy(y, point + 1 + CRYPTO_POINT_BYTES, CRYPTO_POINT_BYTES);
}

static int random_bytes(void *ctx, unsigned char *out, size_t len)
{
    (void)ctx;
    entropy_fill(out, len);
    return 0;
}

static const mbedtls_md_info_t *sha256(void)
{
    const mbedtls_md_info_t *info = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    CHECK(info != NULL);
    return info;
}

static enum err certify(mbedtls_pk_context *subject_key, const struct crypto_subject *subject,
                        const struct crypto_key *authority, const char *authority_name,
                        char pem[CRYPTO_PEM_BYTES])
{
    char issuer[160];
    struct text text;
    text_init(&text, issuer, sizeof issuer);
    text_format(&text, "CN=%s,O=Inloop", authority_name);
    mbedtls_x509write_cert certificate;
    mbedtls_x509write_crt_init(&certificate);
    mbedtls_x509write_crt_set_version(&certificate, MBEDTLS_X509_CRT_VERSION_3);
    mbedtls_x509write_crt_set_md_alg(&certificate, MBEDTLS_MD_SHA256);
    mbedtls_x509write_crt_set_subject_key(&certificate, subject_key);
    mbedtls_x509write_crt_set_issuer_key(&certificate,
                                         &((struct crypto_key *)(uintptr_t)authority)->pk);
    int result = text.is_cut ? -1 : fill_certificate(&certificate, subject, issuer);
    result = result != 0 ? result : write_certificate(&certificate, pem);
    mbedtls_x509write_crt_free(&certificate);
    return result == 0 ? OK : ERR_CRYPTO;
}

static int fill_certificate(mbedtls_x509write_cert *certificate,
                            const struct crypto_subject *subject, const char *issuer)
{
    char name[160];
    char from[16];
    char to[16];
    struct text text;
    text_init(&text, name, sizeof name);
    text_format(&text, "CN=%s,O=Inloop", subject->name);
    time_words(subject->from_s, from);
    time_words(subject->to_s, to);
    int result = text.is_cut ? -1 : mbedtls_x509write_crt_set_subject_name(certificate, name);
    result = result != 0 ? result : mbedtls_x509write_crt_set_issuer_name(certificate, issuer);
    result = result != 0 ? result : mbedtls_x509write_crt_set_validity(certificate, from, to);
    result = result != 0 ? result
                         : mbedtls_x509write_crt_set_basic_constraints(
                               certificate, subject->is_authority, subject->is_authority ? 0 : -1);
    result = result != 0 ? result : set_serial(certificate);
    // RFC 5280 sections 4.2.1.1 and 4.2.1.2 want both; strict readers refuse what lacks them.
    result = result != 0 ? result : mbedtls_x509write_crt_set_subject_key_identifier(certificate);
    result = result != 0 ? result : mbedtls_x509write_crt_set_authority_key_identifier(certificate);
    result = result != 0 ? result : set_use(certificate, subject);
    return result != 0 ? result : set_names(certificate, subject);
}

static int set_serial(mbedtls_x509write_cert *certificate)
{
    unsigned char serial[16];
    entropy_fill(serial, sizeof serial);
    serial[0] &= 0x7f; // positive
#if MBEDTLS_VERSION_NUMBER >= 0x03040000
    return mbedtls_x509write_crt_set_serial_raw(certificate, serial, sizeof serial);
#else
    mbedtls_mpi number;
    mbedtls_mpi_init(&number);
    int result = mbedtls_mpi_read_binary(&number, serial, sizeof serial);
    result = result != 0 ? result : mbedtls_x509write_crt_set_serial(certificate, &number);
    mbedtls_mpi_free(&number);
    return result;
#endif
}

// subjectAltName (RFC 5280 section 4.2.1.6): uniformResourceIdentifier, dNSName, iPAddress. 2.28
// compares only dNSName, so an address stands there as well.
static int set_names(mbedtls_x509write_cert *certificate, const struct crypto_subject *subject)
{
    unsigned char buf[NAMES_BYTES];
    unsigned char *at = buf + sizeof buf; // ASN.1 is written from the end
    int len = 0;
    size_t hosts_count = 0;
    while (subject->hosts != NULL && subject->hosts[hosts_count] != NULL) {
        hosts_count++;
    }
    for (size_t i = 0; i < hosts_count; i++) {
        const char *host = subject->hosts[i];
        uint8_t address[4];
        if (is_address(host, address)) {
            len += mbedtls_asn1_write_tagged_string(&at, buf, MBEDTLS_ASN1_CONTEXT_SPECIFIC | 7,
                                                    (const char *)address, sizeof address);
        }
        len += mbedtls_asn1_write_tagged_string(&at, buf, MBEDTLS_ASN1_CONTEXT_SPECIFIC | 2, host,
                                                strlen(host));
    }
    if (subject->uri != NULL) {
        len += mbedtls_asn1_write_tagged_string(&at, buf, MBEDTLS_ASN1_CONTEXT_SPECIFIC | 6,
                                                subject->uri, strlen(subject->uri));
    }
    if (len == 0) {
        return 0;
    }
    int more = mbedtls_asn1_write_len(&at, buf, (size_t)len);
    more += more < 0 ? 0
                     : mbedtls_asn1_write_tag(&at, buf,
                                              MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE);
    if (len < 0 || more < 0) {
        return -1;
    }
    return mbedtls_x509write_crt_set_extension(certificate, MBEDTLS_OID_SUBJECT_ALT_NAME,
                                               MBEDTLS_OID_SIZE(MBEDTLS_OID_SUBJECT_ALT_NAME), 0,
                                               at, (size_t)len + (size_t)more);
}

static int set_use(mbedtls_x509write_cert *certificate, const struct crypto_subject *subject)
{
    unsigned use = subject->is_authority ? MBEDTLS_X509_KU_KEY_CERT_SIGN | MBEDTLS_X509_KU_CRL_SIGN
                                         : MBEDTLS_X509_KU_DIGITAL_SIGNATURE;
    return mbedtls_x509write_crt_set_key_usage(certificate, use);
}

static bool is_address(const char *host, uint8_t bytes[4])
{
    return inet_pton(AF_INET, host, bytes) == 1;
}

// "20261123135207", as the certificate writer wants it.
static void time_words(int64_t time_s, char words[16])
{
    time_t seconds = (time_t)time_s;
    struct tm tm;
    CHECK(gmtime_r(&seconds, &tm) != NULL);
    CHECK(strftime(words, 16, "%Y%m%d%H%M%S", &tm) == 14);
}

static int write_certificate(mbedtls_x509write_cert *certificate, char pem[CRYPTO_PEM_BYTES])
{
    return mbedtls_x509write_crt_pem(certificate, (unsigned char *)pem, CRYPTO_PEM_BYTES,
                                     random_bytes, NULL);
}

static int key_pem(const struct crypto_key *key, unsigned char *pem, size_t pem_bytes)
{
    return mbedtls_pk_write_key_pem(&((struct crypto_key *)(uintptr_t)key)->pk, pem, pem_bytes);
}

static int parse_key(mbedtls_pk_context *pk, const char *path)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    return mbedtls_pk_parse_keyfile(pk, path, NULL, random_bytes, NULL);
#else
    return mbedtls_pk_parse_keyfile(pk, path, NULL);
#endif
}

static bool is_p256(const mbedtls_pk_context *pk)
{
    // Other curves have 256 bits too.
    return mbedtls_pk_can_do(pk, MBEDTLS_PK_ECDSA) &&
           mbedtls_pk_ec(*pk)->MBEDTLS_PRIVATE(grp).id == MBEDTLS_ECP_DP_SECP256R1;
}

static enum err write_secret_file(const char *path, const char *words, struct fault *fault)
{
    char part[512];
    struct text text;
    text_init(&text, part, sizeof part);
    text_format(&text, "%s.part", path);
    int fd = text.is_cut ? -1 : open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno));
    }
    size_t len = strlen(words);
    bool is_written = write(fd, words, len) == (ssize_t)len && fsync(fd) == 0;
    bool is_closed = close(fd) == 0;
    if (!is_written || !is_closed || rename(part, path) != 0) {
        return fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno));
    }
    return OK;
}
