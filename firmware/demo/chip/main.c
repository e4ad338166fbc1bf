// SPDX-License-Identifier: EUPL-1.2
//
// inloop-chip: makes the fictional residents' cards, or lays one on a reader. For a desk only.
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "demo/chip/chip_lay.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

enum { RESIDENTS_BYTES_MAX = 1024 * 1024 };

struct options {
    const char *make;
    const char *data;
    const char *folder;
    const char *card;
    const char *lay;
    enum chip_lie lie;
    int64_t after;
    bool is_with_parent; // lifted when the one who laid it is no more
};

static bool read_options(int argc, char **argv, struct options *options);
static enum err make_all(const struct options *options, struct fault *fault);
static enum err write_trust(const struct chip_signers *signers, const char *folder,
                            struct fault *fault);
static enum err lay(const struct options *options, struct fault *fault);

int main(int argc, char **argv)
{
    struct options options = {.data = "assets/demo/townhall"};
    struct fault fault = {0};
    if (!read_options(argc, argv, &options)) {
        fprintf(stderr, "usage: inloop-chip --make FOLDER [--data FOLDER]\n"
                        "       inloop-chip --folder FOLDER --card NAME --lay ADDRESS"
                        " [--lie STEP [--after COMMANDS]]\n"
                        "           [--with-parent]\nSTEP is one of:\n");
        for (size_t i = 1; i < CHIP_LIES_COUNT; i++) {
            fprintf(stderr, "    %s\n", chip_lie_name((enum chip_lie)i));
        }
        return 2;
    }
    const enum err err = options.make != NULL ? make_all(&options, &fault) : lay(&options, &fault);
    if (err != OK) {
        log_error("chip", "%s", fault.text);
    }
    return err == OK ? 0 : 1;
}

static bool read_options(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {{"make", required_argument, NULL, 'm'},
                                          {"data", required_argument, NULL, 'd'},
                                          {"folder", required_argument, NULL, 'f'},
                                          {"card", required_argument, NULL, 'c'},
                                          {"lay", required_argument, NULL, 'l'},
                                          {"lie", required_argument, NULL, 'i'},
                                          {"after", required_argument, NULL, 'a'},
                                          {"with-parent", no_argument, NULL, 'p'},
                                          {NULL, 0, NULL, 0}};
    const char *lie = "none";
    const char *after = "9";
    for (int letter = getopt_long(argc, argv, "", known, NULL); letter != -1;
         letter = getopt_long(argc, argv, "", known, NULL)) {
        if (letter == 'p') {
            options->is_with_parent = true;
            continue;
        }
        const char **word = letter == 'm'   ? &options->make
                            : letter == 'd' ? &options->data
                            : letter == 'f' ? &options->folder
                            : letter == 'c' ? &options->card
                            : letter == 'l' ? &options->lay
                            : letter == 'i' ? &lie
                            : letter == 'a' ? &after
                                            : NULL;
        if (word == NULL) {
            return false;
        }
        *word = optarg;
    }
    const bool lays = options->folder != NULL && options->card != NULL && options->lay != NULL;
    return optind == argc && lays != (options->make != NULL) &&
           chip_lie_from_name(lie, &options->lie) == OK &&
           text_to_int64(after, 0, 100000, &options->after) == OK;
}

static enum err make_all(const struct options *options, struct fault *fault)
{
    char path[CHIP_PATH_BYTES];
    struct text text;
    text_init(&text, path, sizeof path);
    text_format(&text, "%s/residents.json", options->data);
    char *bytes = NULL;
    size_t len = 0;
    struct json *town = NULL;
    enum err err = file_read(path, RESIDENTS_BYTES_MAX, &bytes, &len);
    if (err == OK) {
        err = json_parse(bytes, len, &town);
        free(bytes);
    }
    if (err != OK) {
        return fault_set(fault, err, "%s: not to be read", path);
    }
    if (mkdir(options->make, 0700) != 0 && errno != EEXIST) {
        json_free(town);
        return fault_set(fault, ERR_IO, "%s: %s", options->make, strerror(errno));
    }
    static struct chip_signers signers; // large
    const struct clock clock = clock_system();
    chip_signers_open(&signers);
    const struct json *residents = json_get(town, "residents");
    for (size_t i = 0; err == OK && i < json_len(residents); i++) {
        err = chip_card_make(json_at(residents, i), &signers, options->make,
                             clock_now_ms(&clock) / 1000, fault);
        err = err == ERR_NOT_FOUND ? OK : err;
    }
    if (err == OK) {
        err = write_trust(&signers, options->make, fault); // last: who finds it finds all
    }
    chip_signers_close(&signers);
    json_free(town);
    return err;
}

static enum err write_trust(const struct chip_signers *signers, const char *folder,
                            struct fault *fault)
{
    static struct chip_der list; // large
    uint8_t *root = NULL;
    const int root_len = i2d_X509(signers->authority.certificate, &root);
    CHECK(root_len > 0);
    chip_sign_list(signers, &list);
    enum err err = chip_write(folder, "root.der", root, (size_t)root_len, fault);
    OPENSSL_free(root);
    return err == OK ? chip_write(folder, "signers.ml", list.bytes, list.len, fault) : err;
}

static enum err lay(const struct options *options, struct fault *fault)
{
    struct chip_card card;
    static struct chip chip; // large
    if (options->is_with_parent && prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) {
        return fault_set(fault, ERR_UNSUPPORTED, "--with-parent: %s", strerror(errno));
    }
    enum err err = chip_card_open(&card, options->folder, options->card, options->lie, fault);
    if (err == OK) {
        chip_open(&chip, &card, options->lie);
        chip.pulled_after = (size_t)options->after;
        err = chip_lay(&chip, options->lay, fault);
        chip_close(&chip);
    }
    chip_card_close(&card);
    return err;
}
