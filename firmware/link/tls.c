// SPDX-License-Identifier: EUPL-1.2
//
// mbedtls on a non-blocking socket. Differences between 2.28 and 3.6 are resolved here, by
// MBEDTLS_VERSION_NUMBER.
#include "link/tls.h"

#include "base/bytes.h"
#include "base/entropy.h"
#include "link/crypto.h"

#include <mbedtls/version.h>

#include <mbedtls/error.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

#if MBEDTLS_VERSION_NUMBER >= 0x03000000
#include <psa/crypto.h>
#endif

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { ARRIVED_BYTES = 4096 };

struct tls_config {
    mbedtls_ssl_config ssl;
    mbedtls_x509_crt ca;
    mbedtls_x509_crt certificate;
    mbedtls_pk_context key;
};

struct tls {
    mbedtls_ssl_context ssl;
    int fd;
    size_t begun_bytes; // of a write that is encrypted but not all sent; 0: none
    bool wants_write;
    bool is_server;
    bool has_fingerprint;
    uint8_t fingerprint[TLS_FINGERPRINT_BYTES]; // of the peer's certificate
    // Off the socket in one call, while mbedtls asks for a record's head and its rest apart.
    uint8_t arrived[ARRIVED_BYTES];
    size_t arrived_start;
    size_t arrived_len;
    bool is_drained; // the last call got less than it had room for
};

static int random_bytes(void *ctx, unsigned char *out, size_t len);
static int send_bytes(void *ctx, const unsigned char *data, size_t len);
static int receive_bytes(void *ctx, unsigned char *buf, size_t size);
static enum err read_files(struct tls_config *config, const struct tls_options *options,
                           struct fault *fault);
static void keep_fingerprint(struct tls *tls);
static int parse_key(mbedtls_pk_context *key, const char *path);
static enum err outcome(struct tls *tls, int result);

// ECDHE with AEAD only; the order is ours.
static const int suites[] = {
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    MBEDTLS_TLS1_3_AES_128_GCM_SHA256,
    MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
#endif
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    0,
};

enum err tls_config_new(struct tls_config **config, const struct tls_options *options,
                        struct fault *fault)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    CHECK(psa_crypto_init() == PSA_SUCCESS);
#endif
    struct tls_config *made = calloc(1, sizeof *made);
    CHECK(made != NULL);
    mbedtls_ssl_config_init(&made->ssl);
    mbedtls_x509_crt_init(&made->ca);
    mbedtls_x509_crt_init(&made->certificate);
    mbedtls_pk_init(&made->key);
    enum err err = read_files(made, options, fault);
    if (err != OK) {
        tls_config_free(made);
        return err;
    }
    int endpoint = options->is_server ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT;
    CHECK(mbedtls_ssl_config_defaults(&made->ssl, endpoint, MBEDTLS_SSL_TRANSPORT_STREAM,
                                      MBEDTLS_SSL_PRESET_DEFAULT) == 0);
#if MBEDTLS_VERSION_NUMBER >= 0x03020000
    mbedtls_ssl_conf_min_tls_version(&made->ssl, MBEDTLS_SSL_VERSION_TLS1_2);
#else
    mbedtls_ssl_conf_min_version(&made->ssl, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_3);
#endif
    mbedtls_ssl_conf_rng(&made->ssl, random_bytes, NULL);
    mbedtls_ssl_conf_ciphersuites(&made->ssl, suites);
    mbedtls_ssl_conf_renegotiation(&made->ssl, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
    bool checks_peer =
        options->is_server ? options->wants_peer_certificate : options->ca_file != NULL;
    mbedtls_ssl_conf_authmode(&made->ssl,
                              checks_peer ? MBEDTLS_SSL_VERIFY_REQUIRED : MBEDTLS_SSL_VERIFY_NONE);
    if (options->ca_file != NULL) {
        mbedtls_ssl_conf_ca_chain(&made->ssl, &made->ca, NULL);
    }
    if (options->certificate_file != NULL) {
        CHECK(mbedtls_ssl_conf_own_cert(&made->ssl, &made->certificate, &made->key) == 0);
    }
    *config = made;
    return OK;
}

void tls_config_free(struct tls_config *config)
{
    if (config == NULL) {
        return;
    }
    mbedtls_ssl_config_free(&config->ssl);
    mbedtls_x509_crt_free(&config->ca);
    mbedtls_x509_crt_free(&config->certificate);
    mbedtls_pk_free(&config->key);
    free(config);
}

enum err tls_new(struct tls **tls, struct tls_config *config, int fd, const char *hostname)
{
    struct tls *made = calloc(1, sizeof *made);
    CHECK(made != NULL);
    made->fd = fd;
    made->is_server = hostname == NULL;
    mbedtls_ssl_init(&made->ssl);
    if (mbedtls_ssl_setup(&made->ssl, &config->ssl) != 0 ||
        (hostname != NULL && mbedtls_ssl_set_hostname(&made->ssl, hostname) != 0)) {
        tls_free(made);
        return ERR_CRYPTO;
    }
    mbedtls_ssl_set_bio(&made->ssl, made, send_bytes, receive_bytes, NULL);
    *tls = made;
    return OK;
}

void tls_free(struct tls *tls)
{
    if (tls != NULL) {
        mbedtls_ssl_free(&tls->ssl);
        free(tls);
    }
}

enum err tls_handshake(struct tls *tls)
{
    int result = mbedtls_ssl_handshake(&tls->ssl);
    if (result == MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE) {
        // 2.28 says nothing to a client without a certificate; a bare cut would leave it guessing.
        (void)mbedtls_ssl_send_alert_message(&tls->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
                                             MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE); // then cut
    }
    if (result == 0) {
        keep_fingerprint(tls);
    }
    enum err err = outcome(tls, result);
    return err == ERR_GONE ? ERR_IO : err;
}

bool tls_wants_write(const struct tls *tls)
{
    return tls->wants_write;
}

enum err tls_read(struct tls *tls, void *buf, size_t size, size_t *got)
{
    int result = mbedtls_ssl_read(&tls->ssl, buf, size);
    *got = result > 0 ? (size_t)result : 0;
    return result == 0 ? ERR_GONE : outcome(tls, result);
}

enum err tls_write(struct tls *tls, const void *data, size_t len, size_t *put)
{
    // What mbedtls has encrypted already it only sends on, and then says that all it was given now
    // is written: more than before would be lost without a word.
    size_t bytes = tls->begun_bytes > 0 ? tls->begun_bytes : len;
    CHECK(len >= bytes);
    int result = mbedtls_ssl_write(&tls->ssl, data, bytes);
    bool is_begun = result == MBEDTLS_ERR_SSL_WANT_WRITE || result == MBEDTLS_ERR_SSL_WANT_READ;
    tls->begun_bytes = is_begun ? bytes : 0;
    *put = result > 0 ? (size_t)result : 0;
    return outcome(tls, result);
}

void tls_close(struct tls *tls)
{
    (void)mbedtls_ssl_close_notify(&tls->ssl); // the peer may be gone already
}

bool tls_peer_fingerprint(const struct tls *tls, uint8_t fingerprint[TLS_FINGERPRINT_BYTES])
{
    if (tls->has_fingerprint) {
        memcpy(fingerprint, tls->fingerprint, TLS_FINGERPRINT_BYTES);
    }
    return tls->has_fingerprint;
}

static void keep_fingerprint(struct tls *tls)
{
    const mbedtls_x509_crt *peer = mbedtls_ssl_get_peer_cert(&tls->ssl);
    if (peer != NULL) {
        crypto_sha256(peer->raw.p, peer->raw.len, tls->fingerprint);
        tls->has_fingerprint = true;
    }
}

static int random_bytes(void *ctx, unsigned char *out, size_t len)
{
    (void)ctx;
    entropy_fill(out, len);
    return 0;
}

static int send_bytes(void *ctx, const unsigned char *data, size_t len)
{
    struct tls *tls = ctx;
    ssize_t sent = send(tls->fd, data, len, MSG_NOSIGNAL);
    if (sent >= 0) {
        return (int)sent;
    }
    return errno == EAGAIN || errno == EINTR ? MBEDTLS_ERR_SSL_WANT_WRITE
                                             : MBEDTLS_ERR_SSL_CONN_EOF;
}

static int receive_bytes(void *ctx, unsigned char *buf, size_t size)
{
    struct tls *tls = ctx;
    if (tls->arrived_start == tls->arrived_len) {
        if (tls->is_drained) {
            tls->is_drained = false; // nothing can be there; what comes later wakes the loop
            return MBEDTLS_ERR_SSL_WANT_READ;
        }
        ssize_t got = recv(tls->fd, tls->arrived, sizeof tls->arrived, 0);
        if (got < 0) {
            return errno == EAGAIN || errno == EINTR ? MBEDTLS_ERR_SSL_WANT_READ
                                                     : MBEDTLS_ERR_SSL_CONN_EOF;
        }
        tls->arrived_start = 0;
        tls->arrived_len = (size_t)got;
        tls->is_drained = got > 0 && (size_t)got < sizeof tls->arrived;
    }
    size_t len = tls->arrived_len - tls->arrived_start;
    len = len < size ? len : size;
    memcpy(buf, tls->arrived + tls->arrived_start, len);
    tls->arrived_start += len;
    return (int)len;
}

static enum err read_files(struct tls_config *config, const struct tls_options *options,
                           struct fault *fault)
{
    if (options->ca_file != NULL &&
        mbedtls_x509_crt_parse_file(&config->ca, options->ca_file) != 0) {
        return fault_set(fault, ERR_CRYPTO, "%s: no certificates", options->ca_file);
    }
    if (options->certificate_file == NULL) {
        return OK;
    }
    if (mbedtls_x509_crt_parse_file(&config->certificate, options->certificate_file) != 0) {
        return fault_set(fault, ERR_CRYPTO, "%s: no certificate", options->certificate_file);
    }
    if (options->key_file == NULL || parse_key(&config->key, options->key_file) != 0) {
        return fault_set(fault, ERR_CRYPTO, "%s: no key",
                         options->key_file == NULL ? "key" : options->key_file);
    }
    return OK;
}

static int parse_key(mbedtls_pk_context *key, const char *path)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    return mbedtls_pk_parse_keyfile(key, path, NULL, random_bytes, NULL);
#else
    return mbedtls_pk_parse_keyfile(key, path, NULL);
#endif
}

static enum err outcome(struct tls *tls, int result)
{
    if (result >= 0) {
        return OK;
    }
    switch (result) {
    case MBEDTLS_ERR_SSL_WANT_READ:
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    case MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET:
#endif
        tls->wants_write = false;
        return ERR_EMPTY;
    case MBEDTLS_ERR_SSL_WANT_WRITE:
        tls->wants_write = true;
        return ERR_EMPTY;
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY:
        return ERR_GONE;
    case MBEDTLS_ERR_SSL_CONN_EOF:
        return ERR_IO;
    default:
        return ERR_CRYPTO;
    }
}
