// SPDX-License-Identifier: EUPL-1.2
//
// What the arithmetic of one identification takes (PACE, the security object, chip authentication)
// beside the same steps by OpenSSL, and how many commands there are from the card that was laid
// down to the evidence. The card is virtual and in this process; its half is OpenSSL's. Prints
// JSON.
#include "base/clock.h"
#include "demo/chip/chip_openssl.h"
#include "tests/bench/times.h"
#include "tests/fakes/laid_chip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 40, COMMANDS_LIMIT = 14, COMMAND_MS = 40, CERTIFICATE_BYTES_MAX = 8192 };

struct row {
    const char *name;
    const char *card;
    const char *group; // of OpenSSL's own half of chip authentication
};

static struct laid_chips chips;
static struct document *document;
static struct laid_chip laid;
static double ours_ms[RUNS];
static double theirs_ms[RUNS];

static double median(double *values)
{
    qsort(values, RUNS, sizeof values[0], by_size);
    return values[RUNS / 2];
}

static X509 *read_root(void)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/root.der", chips.folder);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    X509 *root = d2i_X509_fp(file, NULL);
    (void)fclose(file);
    CHECK(root != NULL);
    return root;
}

// Passive authentication as OpenSSL's cms does it.
static void check_object(X509 *root)
{
    const struct chip_file *sod = chip_card_file(&laid.card, CHIP_EF_SOD);
    const size_t head = 4; // 77 82 and two bytes of length
    const uint8_t *der = sod->bytes + head;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &der, (long)(sod->len - head));
    X509_STORE *store = X509_STORE_new();
    CHECK(cms != NULL && store != NULL && X509_STORE_add_cert(store, root) == 1);
    CHECK(X509_STORE_set_purpose(store, X509_PURPOSE_ANY) == 1);
    CHECK(CMS_verify(cms, NULL, store, NULL, NULL, CMS_BINARY) == 1);
    X509_STORE_free(store);
    CMS_ContentInfo_free(cms);
}

// The terminal makes a key for chip authentication, the chip does not.
static void make_key(const char *group)
{
    EVP_PKEY *key = EVP_EC_gen(group);
    CHECK(key != NULL);
    EVP_PKEY_free(key);
}

static void identify(const struct row *row, X509 *root, size_t run)
{
    static uint8_t answer[CHIP_ANSWER_BYTES];
    struct document_password_private password;
    struct fault fault = {.err = OK};
    const struct clock clock = clock_system();
    const uint8_t *apdu = NULL;
    size_t len = 0;
    laid_chip_open(&laid, &chips, row->card, CHIP_HONEST);
    laid_chip_password(&laid, true, &password);
    const double start_ms = now_ms();
    double chip_ms = 0;
    document_begin(document, &password, true, clock_now_ms(&clock) / 1000);
    while (document_command(document, &apdu, &len)) {
        const double asked_ms = now_ms();
        const size_t answer_len = chip_answer(&laid.chip, apdu, len, answer);
        chip_ms += now_ms() - asked_ms;
        (void)document_answer(document, answer, answer_len, &fault);
    }
    const double end_ms = now_ms();
    CHECK(document_end(document) == DOCUMENT_VERIFIED);
    check_object(root);
    make_key(row->group);
    ours_ms[run] = end_ms - start_ms - chip_ms;
    theirs_ms[run] = chip_ms + now_ms() - end_ms;
    laid_chip_close(&laid);
}

static void measure(const struct row *row, X509 *root)
{
    for (size_t i = 0; i < RUNS; i++) {
        identify(row, root, i);
    }
    printf("{\"name\":\"identify.crypto.%s\",\"unit\":\"ms\",\"ours\":%.2f,"
           "\"peers\":{\"openssl\":%.2f}},",
           row->name, median(ours_ms), median(theirs_ms));
}

int main(void)
{
    static const struct row rows[] = {
        {"p384", "p384", "P-384"},
        {"brainpool256", "both", "brainpoolP256r1"},
    };
    laid_chips_make(&chips);
    document = document_new(chips.trust);
    X509 *root = read_root();
    printf("[");
    measure(&rows[1], root);
    measure(&rows[0], root);
    const size_t commands = document_apdus(document);
    printf("{\"name\":\"identify.apdus\",\"unit\":\"commands to evidence\",\"ours\":%zu,"
           "\"peers\":{\"limit\":%d}},",
           commands, COMMANDS_LIMIT);
    printf("{\"name\":\"identify.card_time\",\"unit\":\"ms at %d a command\",\"ours\":%zu,"
           "\"peers\":{\"limit\":%d}}]\n",
           COMMAND_MS, commands * COMMAND_MS, COMMANDS_LIMIT * COMMAND_MS);
    X509_free(root);
    document_free(document);
    laid_chips_remove(&chips);
    return 0;
}
