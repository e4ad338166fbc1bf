// SPDX-License-Identifier: EUPL-1.2
//
// Certificates (ICAO Doc 9303-12 section 7) and what they sign.
#include "demo/chip/chip_signers.h"

#include "base/err.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_S = 24 * 60 * 60, YEAR_S = 365 * DAY_S, RSA_BITS = 2048, SERIAL_BITS = 63 };

struct wish { // for one certificate
    const char *country;
    const char *name;
    EVP_PKEY *key;                    // taken
    const struct chip_signer *issuer; // NULL: itself
    bool is_pss;                      // the issuer signs so
    long from_s;
    long to_s;
    const char *extended_use;
};

static struct chip_signer certify(const struct wish *wish);
static void name_it(X509 *certificate, const struct wish *wish);
static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value);
static void sign_certificate(X509 *certificate, EVP_PKEY *key, bool is_pss);
static void open_documents(struct chip_signers *signers);
static int compare_certificates(const void *left, const void *right);

static const char nl[] = "NL";
static const char list_signing[] = "2.23.136.1.1.3";
static const char brainpool[] = "brainpoolP256r1";

void chip_signers_open(struct chip_signers *signers)
{
    *signers = (struct chip_signers){0};
    signers->authority = certify(&(struct wish){.country = nl,
                                                .name = "CSCA Voorbeeldstad",
                                                .key = chip_rsa_key(RSA_BITS),
                                                .from_s = -5L * YEAR_S,
                                                .to_s = 15L * YEAR_S});
    signers->elsewhere = certify(&(struct wish){.country = "UT",
                                                .name = "CSCA Utopia",
                                                .key = chip_curve_key("P-384", true),
                                                .from_s = -5L * YEAR_S,
                                                .to_s = 15L * YEAR_S});
    signers->hidden = certify(&(struct wish){.country = nl,
                                             .name = "CSCA Voorbeeldstad (onbekend)",
                                             .key = chip_curve_key(brainpool, false),
                                             .from_s = -5L * YEAR_S,
                                             .to_s = 15L * YEAR_S});
    signers->list = certify(&(struct wish){.country = nl,
                                           .name = "Master list signer Voorbeeldstad",
                                           .key = chip_curve_key("P-256", false),
                                           .issuer = &signers->authority,
                                           .from_s = -YEAR_S,
                                           .to_s = 10L * YEAR_S,
                                           .extended_use = list_signing});
    open_documents(signers);
}

void chip_signers_close(struct chip_signers *signers)
{
    struct chip_signer *fixed[] = {&signers->authority, &signers->elsewhere, &signers->hidden,
                                   &signers->list};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        X509_free(fixed[i]->certificate);
        EVP_PKEY_free(fixed[i]->key);
    }
    for (size_t i = 0; i < CHIP_SIGNERS_COUNT; i++) {
        X509_free(signers->documents[i].certificate);
        EVP_PKEY_free(signers->documents[i].key);
    }
    *signers = (struct chip_signers){0};
}

enum err chip_signer_from_name(const char *name, enum chip_signer_kind *kind)
{
    static const char *const names[] = {"rsa", "pss", "ecdsa", "ecdsa-explicit"};
    size_t index = 0;
    enum err err = text_find(names, sizeof names / sizeof names[0], name, &index);
    if (err == OK) {
        *kind = (enum chip_signer_kind)index;
    }
    return err;
}

EVP_PKEY *chip_curve_key(const char *group_name, bool is_explicit)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *key = NULL;
    CHECK(ctx != NULL && EVP_PKEY_keygen_init(ctx) == 1);
    CHECK(EVP_PKEY_CTX_set_group_name(ctx, group_name) == 1);
    CHECK(EVP_PKEY_CTX_set_ec_param_enc(ctx, is_explicit ? OPENSSL_EC_EXPLICIT_CURVE
                                                         : OPENSSL_EC_NAMED_CURVE) == 1);
    CHECK(EVP_PKEY_generate(ctx, &key) == 1);
    EVP_PKEY_CTX_free(ctx);
    return key;
}

EVP_PKEY *chip_rsa_key(unsigned bits)
{
    EVP_PKEY *key = EVP_RSA_gen(bits);
    CHECK(key != NULL);
    return key;
}

void chip_sign(const struct chip_signer *signer, bool is_pss, const char *content_oid,
               const struct chip_der *content, struct chip_der *out)
{
    const unsigned how = CMS_BINARY | CMS_NOSMIMECAP | CMS_PARTIAL;
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, how);
    ASN1_OBJECT *kind = OBJ_txt2obj(content_oid, 1);
    BIO *data = BIO_new_mem_buf(content->bytes, (int)content->len);
    CHECK(cms != NULL && kind != NULL && data != NULL);
    CHECK(CMS_set1_eContentType(cms, kind) == 1);
    CMS_SignerInfo *info = CMS_add1_signer(cms, signer->certificate, signer->key, EVP_sha256(),
                                           how | (is_pss ? CMS_KEY_PARAM : 0U));
    CHECK(info != NULL);
    if (is_pss) {
        EVP_PKEY_CTX *ctx = CMS_SignerInfo_get0_pkey_ctx(info);
        CHECK(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1);
        CHECK(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1);
    }
    CHECK(CMS_final(cms, data, NULL, how) == 1);
    uint8_t *der = NULL;
    const int len = i2d_CMS_ContentInfo(cms, &der);
    CHECK(len > 0);
    chip_der_add_raw(out, der, (size_t)len);
    OPENSSL_free(der);
    BIO_free(data);
    ASN1_OBJECT_free(kind);
    CMS_ContentInfo_free(cms);
}

void chip_sign_list(const struct chip_signers *signers, struct chip_der *out)
{
    X509 *const listed[] = {signers->authority.certificate, signers->elsewhere.certificate};
    struct chip_der all = {0};
    struct chip_der content = {0};
    struct chip_der body = {0};
    struct chip_der parts[2] = {0};
    for (size_t i = 0; i < 2; i++) {
        uint8_t *der = NULL;
        const int len = i2d_X509(listed[i], &der);
        CHECK(len > 0);
        chip_der_add_raw(&parts[i], der, (size_t)len);
        OPENSSL_free(der);
    }
    qsort(parts, 2, sizeof parts[0], compare_certificates); // a SET OF is in order in DER
    chip_der_add_raw(&all, parts[0].bytes, parts[0].len);
    chip_der_add_raw(&all, parts[1].bytes, parts[1].len);
    chip_der_add_number(&body, 0);
    chip_der_add_inside(&body, 0x31, &all);
    chip_der_add_inside(&content, 0x30, &body);
    chip_sign(&signers->list, false, "2.23.136.1.1.2", &content, out);
}

static struct chip_signer certify(const struct wish *wish)
{
    struct chip_signer made = {.certificate = X509_new(), .key = wish->key};
    X509 *certificate = made.certificate;
    X509 *issuer = wish->issuer == NULL ? certificate : wish->issuer->certificate;
    BIGNUM *serial = BN_new();
    CHECK(certificate != NULL && serial != NULL);
    CHECK(BN_rand(serial, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1);
    CHECK(X509_set_version(certificate, X509_VERSION_3) == 1);
    CHECK(BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate)) != NULL);
    BN_free(serial);
    CHECK(X509_gmtime_adj(X509_getm_notBefore(certificate), wish->from_s) != NULL);
    CHECK(X509_gmtime_adj(X509_getm_notAfter(certificate), wish->to_s) != NULL);
    CHECK(X509_set_pubkey(certificate, made.key) == 1);
    name_it(certificate, wish);
    CHECK(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1);
    add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
    add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
    if (wish->issuer == NULL) {
        add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
        add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature");
    }
    if (wish->extended_use != NULL) {
        add_extension(certificate, issuer, NID_ext_key_usage, wish->extended_use);
    }
    sign_certificate(certificate, wish->issuer == NULL ? made.key : wish->issuer->key,
                     wish->is_pss);
    return made;
}

static void name_it(X509 *certificate, const struct wish *wish)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    CHECK(X509_NAME_add_entry_by_txt(name, "C", MBSTRING_ASC, (const uint8_t *)wish->country, -1,
                                     -1, 0) == 1);
    CHECK(X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC,
                                     (const uint8_t *)"Inloop demo: not a state", -1, -1, 0) == 1);
    CHECK(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)wish->name, -1, -1,
                                     0) == 1);
}

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    CHECK(extension != NULL);
    CHECK(X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

static void sign_certificate(X509 *certificate, EVP_PKEY *key, bool is_pss)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *key_ctx = NULL;
    CHECK(ctx != NULL && EVP_DigestSignInit(ctx, &key_ctx, EVP_sha256(), NULL, key) == 1);
    if (is_pss) {
        CHECK(EVP_PKEY_CTX_set_rsa_padding(key_ctx, RSA_PKCS1_PSS_PADDING) == 1);
        CHECK(EVP_PKEY_CTX_set_rsa_pss_saltlen(key_ctx, RSA_PSS_SALTLEN_DIGEST) == 1);
    }
    CHECK(X509_sign_ctx(certificate, ctx) > 0);
    EVP_MD_CTX_free(ctx);
}

static void open_documents(struct chip_signers *signers)
{
    static const struct {
        const char *name;
        const char *group; // NULL: RSA
        bool is_explicit;
        bool is_pss;
        long to_s;
    } kinds[CHIP_SIGNERS_COUNT] = {
        [CHIP_SIGNER_RSA] = {"Document signer 1", NULL, false, false, 10L * YEAR_S},
        [CHIP_SIGNER_PSS] = {"Document signer 2", NULL, false, true, 10L * YEAR_S},
        [CHIP_SIGNER_ECDSA] = {"Document signer 3", brainpool, false, false, 10L * YEAR_S},
        [CHIP_SIGNER_ECDSA_EXPLICIT] = {"Document signer 4", brainpool, true, false, 10L * YEAR_S},
        [CHIP_SIGNER_EXPIRED] = {"Document signer 5", brainpool, false, false, -YEAR_S},
        [CHIP_SIGNER_UNKNOWN] = {"Document signer 6", brainpool, false, false, 10L * YEAR_S},
    };
    for (size_t i = 0; i < CHIP_SIGNERS_COUNT; i++) {
        EVP_PKEY *key = kinds[i].group == NULL
                            ? chip_rsa_key(RSA_BITS)
                            : chip_curve_key(kinds[i].group, kinds[i].is_explicit);
        signers->documents[i] = certify(&(struct wish){
            .country = nl,
            .name = kinds[i].name,
            .key = key,
            .issuer = i == CHIP_SIGNER_UNKNOWN ? &signers->hidden : &signers->authority,
            .is_pss = kinds[i].is_pss,
            .from_s = -3L * YEAR_S,
            .to_s = kinds[i].to_s});
    }
}

static int compare_certificates(const void *left, const void *right)
{
    const struct chip_der *one = left;
    const struct chip_der *other = right;
    const size_t len = one->len < other->len ? one->len : other->len;
    const int order = memcmp(one->bytes, other->bytes, len);
    return order != 0 ? order : one->len < other->len ? -1 : 1;
}
