// SPDX-License-Identifier: EUPL-1.2
//
// Whom to believe. The states' signers lie here as bytes with an index; a certificate is read again
// when a document asks for it, and no signature is checked before one does.
#include "drivers/document/trust.h"

#include "drivers/document/certificate.h"
#include "drivers/document/crl.h"
#include "drivers/document/signed_data.h"
#include "drivers/document/sod.h"

#include <stdlib.h>
#include <string.h>

// Clocks differ: a document signed this far ahead of ours is not from the future.
enum { DAY_S = 24 * 60 * 60 };

struct signer {
    const uint8_t *der;
    size_t len;
    struct ber subject;
    struct ber key; // its identifier; no length: none
    char state[CERTIFICATE_STATE_BYTES];
};

struct withdrawn {
    char state[CERTIFICATE_STATE_BYTES];
    struct ber serial;
};

struct trust {
    size_t signers_count;
    size_t withdrawn_count;
    size_t bytes_len;
    struct signer signers[TRUST_SIGNERS_MAX];
    struct withdrawn withdrawn[TRUST_WITHDRAWN_MAX];
    uint8_t bytes[TRUST_LIST_BYTES_MAX];
};

// Whose signature is looked for, when it was given, and what else the key must be allowed.
struct claim {
    const char *state;
    const struct ber *issuer;
    const struct ber *authority_key;
    const struct ber *signed_part;
    const struct ber *algorithm;
    const struct ber *signature;
    unsigned usage;
    bool has_moment;
    int64_t moment_s;
};

typedef bool (*fits_fn)(const struct signer *signer, const struct claim *claim);

static const uint8_t oid_master_list[] = {0x67, 0x81, 0x08, 0x01, 0x01, 0x02};

// What a security object may call its content, and whose (empty: anybody's). The Dutch one is that
// of the printer of its documents.
static const struct {
    char state[CERTIFICATE_STATE_BYTES];
    uint8_t oid[10];
    size_t oid_len;
} content_types[] = {
    {"", {0x67, 0x81, 0x08, 0x01, 0x01, 0x01}, 6},
    {"NL", {0x2a, 0x84, 0x10, 0x01, 0x87, 0x6e, 0x01, 0x14, 0x01}, 9},
};

static enum err read_list(const uint8_t *list, size_t len, struct signed_data *data,
                          struct ber *certificates, struct fault *fault);
static enum err check_list(const struct signed_data *data, const struct certificate *root,
                           int64_t now_s, struct fault *fault);
static enum err add_certificates(struct trust *trust, const struct ber *certificates, size_t *added,
                                 size_t *left_out);
static enum err add_certificate(struct trust *trust, const uint8_t *der, size_t len);
static enum err add_withdrawn(struct trust *trust, const struct crl *crl);
static const uint8_t *keep(struct trust *trust, const uint8_t *bytes, size_t len);
static enum err read_document(const uint8_t *sod, size_t len, struct signed_data *data,
                              struct certificate *signer, struct fault *fault);
static enum document_reason check_signer(const struct trust *trust, const struct signed_data *data,
                                         const struct certificate *signer, int64_t now_s,
                                         struct fault *fault);
static bool is_known_state(const struct trust *trust, const char *state);
static bool is_content_type(const struct ber *oid, const char *state);
static bool is_document_signer(const struct certificate *signer);
static enum err find_authority(const struct trust *trust, const struct claim *claim);
static enum err find_by(const struct trust *trust, const struct claim *claim, fits_fn fits);
static bool has_key(const struct signer *signer, const struct claim *claim);
static bool has_name(const struct signer *signer, const struct claim *claim);
static enum err try_authority(const struct trust *trust, const struct signer *signer,
                              const struct claim *claim);
static bool may_sign(const struct certificate *authority, unsigned usage);
static bool is_valid(const struct certificate *certificate, int64_t moment_s);
static bool is_withdrawn(const struct trust *trust, const char *state, const struct ber *serial);
static enum document_reason fail(struct fault *fault, enum document_reason reason,
                                 const char *words);

struct trust *trust_new(void)
{
    struct trust *trust = calloc(1, sizeof *trust);
    CHECK(trust != NULL);
    return trust;
}

void trust_free(struct trust *trust)
{
    free(trust);
}

enum err trust_add_list(struct trust *trust, const uint8_t *list, size_t len, const uint8_t *root,
                        size_t root_len, int64_t now_s, size_t *added, size_t *left_out,
                        struct fault *fault)
{
    *added = 0;
    *left_out = 0;
    struct certificate top;
    if (certificate_read(root, root_len, &top) != OK) {
        return fault_set(fault, ERR_MALFORMED, "the pinned root is no certificate");
    }
    struct signed_data data = {0};
    struct ber certificates;
    enum err err = read_list(list, len, &data, &certificates, fault);
    if (err == OK) {
        err = check_list(&data, &top, now_s, fault);
    }
    if (err != OK) {
        return err;
    }
    const size_t signers_count = trust->signers_count;
    const size_t bytes_len = trust->bytes_len;
    err = add_certificates(trust, &certificates, added, left_out);
    if (err != OK) {
        trust->signers_count = signers_count;
        trust->bytes_len = bytes_len;
        *added = 0;
        return fault_set(fault, err, "the list's certificates");
    }
    return OK;
}

enum err trust_add(struct trust *trust, const uint8_t *certificate, size_t len, struct fault *fault)
{
    const enum err err = add_certificate(trust, certificate, len);
    return err != OK ? fault_set(fault, err, "a state's certificate") : OK;
}

enum err trust_add_crl(struct trust *trust, const uint8_t *der, size_t len, struct fault *fault)
{
    struct crl crl;
    enum err err = crl_read(der, len, &crl);
    if (err != OK) {
        return fault_set(fault, err, "a list of withdrawn signers cannot be read");
    }
    const struct claim claim = {.state = crl.state,
                                .issuer = &crl.issuer,
                                .authority_key = &crl.authority_key,
                                .signed_part = &crl.signed_part,
                                .algorithm = &crl.algorithm,
                                .signature = &crl.signature,
                                .usage = CERTIFICATE_SIGNS_CRLS};
    err = find_authority(trust, &claim);
    if (err != OK) {
        return fault_set(fault, err, "a list of withdrawn signers is not signed by a known state");
    }
    err = add_withdrawn(trust, &crl);
    return err != OK ? fault_set(fault, err, "too many withdrawn signers") : OK;
}

size_t trust_count(const struct trust *trust)
{
    return trust->signers_count;
}

enum document_reason trust_check(const struct trust *trust, const uint8_t *sod, size_t len,
                                 int64_t now_s, struct sod_hashes *hashes, struct fault *fault)
{
    *hashes = (struct sod_hashes){0};
    struct signed_data data = {0};
    struct certificate signer = {0};
    const enum err read = read_document(sod, len, &data, &signer, fault);
    if (read != OK) {
        return read == ERR_NOT_FOUND ? DOCUMENT_UNKNOWN_SIGNER : DOCUMENT_SOD_UNREADABLE;
    }
    const enum document_reason reason = check_signer(trust, &data, &signer, now_s, fault);
    if (reason != DOCUMENT_NO_REASON) {
        return reason;
    }
    const enum err err = signed_data_verify(&data, &signer);
    if (err == ERR_UNSUPPORTED) {
        return fail(fault, DOCUMENT_UNKNOWN_SIGNER,
                    "the document signer's key is of no known kind");
    }
    if (err != OK) {
        return fail(fault, DOCUMENT_SIGNATURE_WRONG, "the security object's signature");
    }
    if (sod_read(data.content.value, data.content.len, hashes) != OK) {
        return fail(fault, DOCUMENT_SOD_UNREADABLE, "the security object's hashes");
    }
    memcpy(hashes->state, signer.state, sizeof hashes->state);
    return DOCUMENT_NO_REASON;
}

static enum err read_list(const uint8_t *list, size_t len, struct signed_data *data,
                          struct ber *certificates, struct fault *fault)
{
    if (len > TRUST_LIST_BYTES_MAX) {
        return fault_set(fault, ERR_TOO_BIG, "the master list is longer than %d bytes",
                         TRUST_LIST_BYTES_MAX);
    }
    const enum err err = signed_data_read(list, len, data, fault);
    if (err != OK) {
        return err;
    }
    struct bytes_in in = ber_inside(&data->content);
    struct ber whole;
    if (!ber_is_oid(&data->content_type, oid_master_list, sizeof oid_master_list) ||
        !ber_expect(&in, 0x30, &whole) || bytes_in_left(&in) != 0) {
        return fault_set(fault, ERR_MALFORMED, "signed data, but no master list");
    }
    in = ber_inside(&whole);
    struct ber version;
    uint32_t number = 0;
    if (!ber_expect(&in, 0x02, &version) || !ber_number(&version, &number) || number != 0 ||
        !ber_expect(&in, 0x31, certificates) || bytes_in_left(&in) != 0) {
        return fault_set(fault, ERR_MALFORMED, "a master list of another version");
    }
    return OK;
}

// The root signs a state's document signers too. A list must come from the one that is for lists
// (ICAO Doc 9303-12 section 7.1.5): else who stole a document signer's key could appoint states.
static enum err check_list(const struct signed_data *data, const struct certificate *root,
                           int64_t now_s, struct fault *fault)
{
    struct certificate signer = {0};
    if (signed_data_signer(data, &signer) != OK) {
        return fault_set(fault, ERR_CRYPTO, "the master list does not bring its signer");
    }
    const int64_t moment_s = data->has_signing_time ? data->signing_time_s : now_s;
    if (!may_sign(root, CERTIFICATE_SIGNS_CERTIFICATES) || signer.has_unknown_demand ||
        signer.purpose != CERTIFICATE_MASTER_LIST ||
        (signer.has_usage && (signer.usage & CERTIFICATE_SIGNS_DATA) == 0)) {
        return fault_set(fault, ERR_CRYPTO, "the master list's signer is no signer of such lists");
    }
    if (!certificate_same(&signer.issuer, &root->subject) ||
        certificate_verify(&signer, root) != OK) {
        return fault_set(fault, ERR_CRYPTO, "the master list's signer is not below the root");
    }
    if (!is_valid(root, moment_s) || !is_valid(&signer, moment_s)) {
        return fault_set(fault, ERR_EXPIRED, "the master list's signer was not valid then");
    }
    if (signed_data_verify(data, &signer) != OK) {
        return fault_set(fault, ERR_CRYPTO, "the master list's signature");
    }
    return OK;
}

static enum err add_certificates(struct trust *trust, const struct ber *certificates, size_t *added,
                                 size_t *left_out)
{
    struct bytes_in in = ber_inside(certificates);
    struct ber one;
    while (ber_next(&in, &one)) {
        const enum err err = add_certificate(trust, one.whole, one.whole_len);
        if (err == ERR_FULL) {
            return err;
        }
        *added += err == OK;
        *left_out += err != OK;
    }
    return in.failed ? ERR_MALFORMED : OK;
}

static enum err add_certificate(struct trust *trust, const uint8_t *der, size_t len)
{
    struct certificate certificate;
    enum err err = certificate_read(der, len, &certificate);
    if (err != OK) {
        return err;
    }
    const uint8_t *kept = keep(trust, der, len);
    if (trust->signers_count == TRUST_SIGNERS_MAX || kept == NULL) {
        return ERR_FULL;
    }
    err = certificate_read(kept, len, &certificate); // again, to point into our own bytes
    CHECK(err == OK);
    struct signer *signer = &trust->signers[trust->signers_count];
    *signer = (struct signer){
        .der = kept, .len = len, .subject = certificate.subject, .key = certificate.subject_key};
    memcpy(signer->state, certificate.subject_state, sizeof signer->state);
    trust->signers_count += 1;
    return OK;
}

static enum err add_withdrawn(struct trust *trust, const struct crl *crl)
{
    const size_t count = trust->withdrawn_count;
    const size_t bytes_len = trust->bytes_len;
    struct bytes_in in = ber_inside(&crl->entries);
    struct ber serial;
    while (crl_next(&in, &serial)) {
        const uint8_t *kept = keep(trust, serial.value, serial.len);
        if (trust->withdrawn_count == TRUST_WITHDRAWN_MAX || kept == NULL) {
            trust->withdrawn_count = count;
            trust->bytes_len = bytes_len;
            return ERR_FULL;
        }
        struct withdrawn *withdrawn = &trust->withdrawn[trust->withdrawn_count];
        *withdrawn = (struct withdrawn){.serial = {.value = kept, .len = serial.len}};
        memcpy(withdrawn->state, crl->state, sizeof withdrawn->state);
        trust->withdrawn_count += 1;
    }
    return OK;
}

static const uint8_t *keep(struct trust *trust, const uint8_t *bytes, size_t len)
{
    if (len > sizeof trust->bytes - trust->bytes_len) {
        return NULL;
    }
    uint8_t *kept = trust->bytes + trust->bytes_len;
    memcpy(kept, bytes, len);
    trust->bytes_len += len;
    return kept;
}

static enum err read_document(const uint8_t *sod, size_t len, struct signed_data *data,
                              struct certificate *signer, struct fault *fault)
{
    const uint8_t *inside = NULL;
    size_t inside_len = 0;
    enum err err = sod_unwrap(sod, len, &inside, &inside_len);
    if (err != OK) {
        return fault_set(fault, err, "the security object's own tag");
    }
    err = signed_data_read(inside, inside_len, data, fault);
    if (err != OK) {
        return err;
    }
    err = signed_data_signer(data, signer);
    return err != OK ? fault_set(fault, err, "the document does not bring its signer") : OK;
}

// When a document was signed. ICAO Doc 9303-12 section 7.1 has a document signer's certificate
// outlive the last document made with it, so checking it against today would do, if every state had
// kept to that; many end theirs with the use of the key. A signing time inside the signed
// attributes is the signer's own word, as good as the hashes beside it, and then that day counts.
// Whoever holds a stolen key can write any day: withdrawing is what helps against that, not
// expiry. Without a signing time only today is sure, and a signer past its end goes to the counter.
static enum document_reason check_signer(const struct trust *trust, const struct signed_data *data,
                                         const struct certificate *signer, int64_t now_s,
                                         struct fault *fault)
{
    const char *state = signer->state;
    if (!is_content_type(&data->content_type, state)) {
        return fail(fault, DOCUMENT_SOD_UNREADABLE, "the security object's type of content");
    }
    if (!is_known_state(trust, state)) {
        return fail(fault, DOCUMENT_UNKNOWN_STATE, "no signer of that state is known");
    }
    if (!is_document_signer(signer)) {
        return fail(fault, DOCUMENT_UNKNOWN_SIGNER, "the signer is no signer of documents");
    }
    const int64_t moment_s = data->has_signing_time ? data->signing_time_s : now_s;
    const struct claim claim = {.state = state,
                                .issuer = &signer->issuer,
                                .authority_key = &signer->authority_key,
                                .signed_part = &signer->signed_part,
                                .algorithm = &signer->algorithm,
                                .signature = &signer->signature,
                                .usage = CERTIFICATE_SIGNS_CERTIFICATES,
                                .has_moment = true,
                                .moment_s = moment_s};
    const enum err err = find_authority(trust, &claim);
    if (err == ERR_CRYPTO) {
        return fail(fault, DOCUMENT_SIGNATURE_WRONG, "the document signer's certificate");
    }
    if (err == ERR_GONE || (err == OK && is_withdrawn(trust, state, &signer->serial))) {
        return fail(fault, DOCUMENT_WITHDRAWN_SIGNER, "the document signer was withdrawn");
    }
    if (err == ERR_EXPIRED || (err == OK && !is_valid(signer, moment_s))) {
        return fail(fault, DOCUMENT_SIGNER_EXPIRED, "the signer was not valid when it signed");
    }
    if (err != OK) {
        return fail(fault, DOCUMENT_UNKNOWN_SIGNER, "the document signer's issuer is not known");
    }
    if (moment_s > now_s + DAY_S) {
        return fail(fault, DOCUMENT_SIGNER_EXPIRED, "the document was signed in the future");
    }
    return DOCUMENT_NO_REASON;
}

static bool is_known_state(const struct trust *trust, const char *state)
{
    for (size_t i = 0; state[0] != '\0' && i < trust->signers_count; i++) {
        if (memcmp(trust->signers[i].state, state, CERTIFICATE_STATE_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_content_type(const struct ber *oid, const char *state)
{
    for (size_t i = 0; i < sizeof content_types / sizeof content_types[0]; i++) {
        if (ber_is_oid(oid, content_types[i].oid, content_types[i].oid_len) &&
            (content_types[i].state[0] == '\0' ||
             memcmp(content_types[i].state, state, CERTIFICATE_STATE_BYTES) == 0)) {
            return true;
        }
    }
    return false;
}

// A state issues other certificates as well: for master lists, stamps, its own machines. Those name
// a purpose; a document signer's names none (ICAO Doc 9303-12 table 5).
static bool is_document_signer(const struct certificate *signer)
{
    return !signer->is_authority && !signer->has_unknown_demand &&
           signer->purpose == CERTIFICATE_NO_PURPOSE &&
           (!signer->has_usage || (signer->usage & CERTIFICATE_SIGNS_DATA) != 0) &&
           memcmp(signer->subject_state, signer->state, sizeof signer->state) == 0;
}

// By key identifier, and by name when nobody has that key or none is given. A state that takes a
// new key keeps its name, or takes another name and links the old key to it by a certificate of its
// own; each of those is on the list.
static enum err find_authority(const struct trust *trust, const struct claim *claim)
{
    const enum err err = find_by(trust, claim, has_key);
    return err == ERR_NOT_FOUND ? find_by(trust, claim, has_name) : err;
}

// OK: a signer of that state signed it. Otherwise the reason that says most: ERR_CRYPTO when one
// that fits did not sign it, ERR_GONE or ERR_EXPIRED when only such ones fit, ERR_NOT_FOUND.
static enum err find_by(const struct trust *trust, const struct claim *claim, fits_fn fits)
{
    enum err err = ERR_NOT_FOUND;
    for (size_t i = 0; claim->state[0] != '\0' && i < trust->signers_count; i++) {
        const struct signer *signer = &trust->signers[i];
        if (memcmp(signer->state, claim->state, CERTIFICATE_STATE_BYTES) != 0 ||
            !fits(signer, claim)) {
            continue;
        }
        const enum err tried = try_authority(trust, signer, claim);
        if (tried == OK) {
            return OK;
        }
        err = err == ERR_CRYPTO || tried == ERR_NOT_FOUND ? err : tried;
    }
    return err;
}

static bool has_key(const struct signer *signer, const struct claim *claim)
{
    return signer->key.len > 0 && certificate_same(&signer->key, claim->authority_key);
}

static bool has_name(const struct signer *signer, const struct claim *claim)
{
    return certificate_same(&signer->subject, claim->issuer);
}

static enum err try_authority(const struct trust *trust, const struct signer *signer,
                              const struct claim *claim)
{
    struct certificate authority;
    const enum err err = certificate_read(signer->der, signer->len, &authority);
    CHECK(err == OK);
    if (!may_sign(&authority, claim->usage)) {
        return ERR_NOT_FOUND;
    }
    if (claim->has_moment && !is_valid(&authority, claim->moment_s)) {
        return ERR_EXPIRED;
    }
    if (is_withdrawn(trust, authority.state, &authority.serial)) {
        return ERR_GONE;
    }
    return certificate_verify_part(claim->signed_part, claim->algorithm, claim->signature,
                                   &authority);
}

static bool may_sign(const struct certificate *authority, unsigned usage)
{
    return authority->is_authority && !authority->has_unknown_demand &&
           (!authority->has_usage || (authority->usage & usage) != 0);
}

static bool is_valid(const struct certificate *certificate, int64_t moment_s)
{
    return certificate->from_s <= moment_s && moment_s <= certificate->to_s;
}

// By state and serial number, not by the issuer's name: a state signs its list with its newest key
// and name, and it covers what the older ones issued (ICAO Doc 9303-12 section 7.2). Should two of
// a state's names have given one number twice, an honest document goes to the counter; the other
// choice would let a withdrawn one through.
static bool is_withdrawn(const struct trust *trust, const char *state, const struct ber *serial)
{
    for (size_t i = 0; i < trust->withdrawn_count; i++) {
        const struct withdrawn *withdrawn = &trust->withdrawn[i];
        if (memcmp(withdrawn->state, state, CERTIFICATE_STATE_BYTES) == 0 &&
            certificate_same(&withdrawn->serial, serial)) {
            return true;
        }
    }
    return false;
}

static enum document_reason fail(struct fault *fault, enum document_reason reason,
                                 const char *words)
{
    (void)fault_set(fault, ERR_CRYPTO, "%s", words); // the reason says what to do
    return reason;
}
