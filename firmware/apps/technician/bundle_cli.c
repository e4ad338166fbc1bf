// SPDX-License-Identifier: EUPL-1.2
//
// Bundles by hand, on a machine that is on no network: a key, a bundle, what one says.
#include "apps/technician/command.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "update/bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PUBLIC_FILE = 0644, DAY_MS = 24 * 60 * 60 * 1000 };

static int make(int argc, char **argv);
static bool take_payloads(int argc, char **argv, struct bundle *bundle,
                          char paths[BUNDLE_PAYLOADS_MAX][COMMAND_PATH_BYTES]);
static bool take_words(int argc, char **argv, struct bundle *bundle);
static bool take_word(int argc, char **argv, const char *name, char *out, size_t out_bytes);
static int show(int argc, char **argv);
static void print_bundle(const struct bundle *bundle);
static int key(int argc, char **argv);
static int failed(const struct fault *fault);

int bundle_command(int argc, char **argv)
{
    static const struct command tasks[] = {{.name = "make", .run = make},
                                           {.name = "show", .run = show},
                                           {.name = "key", .run = key},
                                           {.name = "add", .run = bundle_add_command},
                                           {.name = "list", .run = bundle_list_command}};
    for (size_t i = 0; argc > 0 && i < sizeof tasks / sizeof tasks[0]; i++) {
        if (text_equal(argv[0], tasks[i].name)) {
            return tasks[i].run(argc - 1, argv + 1);
        }
    }
    return COMMAND_USAGE;
}

static int make(int argc, char **argv)
{
    struct fault fault = {0};
    struct bundle bundle = {0};
    char paths[BUNDLE_PAYLOADS_MAX][COMMAND_PATH_BYTES];
    const char *key_path = command_option(argc, argv, "--key");
    const char *out = command_option(argc, argv, "--out");
    if (key_path == NULL || out == NULL || !take_words(argc, argv, &bundle) ||
        !take_payloads(argc, argv, &bundle, paths)) {
        return COMMAND_USAGE;
    }
    struct crypto_key *signer = NULL;
    if (crypto_key_read(&signer, key_path, &fault) != OK) {
        return failed(&fault);
    }
    const char *list[BUNDLE_PAYLOADS_MAX];
    for (size_t i = 0; i < BUNDLE_PAYLOADS_MAX; i++) {
        list[i] = paths[i];
    }
    enum err err = bundle_make(&bundle, list, signer, out, &fault);
    crypto_key_free(signer);
    if (err != OK) {
        return failed(&fault);
    }
    printf("%s\n", out);
    return EXIT_SUCCESS;
}

// Every word "<name>=<file>" is a payload, in the order they are given.
static bool take_payloads(int argc, char **argv, struct bundle *bundle,
                          char paths[BUNDLE_PAYLOADS_MAX][COMMAND_PATH_BYTES])
{
    for (int i = 0; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        if (text_starts_with(argv[i], "--")) {
            i += 1; // and its word
        } else if (equals == NULL || bundle->payloads_count == BUNDLE_PAYLOADS_MAX) {
            return false;
        } else {
            struct bundle_payload *payload = &bundle->payloads[bundle->payloads_count];
            struct text name;
            text_init(&name, payload->name, sizeof payload->name);
            text_add_bytes(&name, argv[i], (size_t)(equals - argv[i]));
            if (name.is_cut ||
                text_copy(paths[bundle->payloads_count], COMMAND_PATH_BYTES, equals + 1) != OK) {
                return false;
            }
            bundle->payloads_count += 1;
        }
    }
    return bundle->payloads_count > 0;
}

static bool take_words(int argc, char **argv, struct bundle *bundle)
{
    struct clock clock = clock_system();
    date_to_text(date_from_days(clock_now_ms(&clock) / DAY_MS), bundle->made);
    bool has_date = command_option(argc, argv, "--made") == NULL ||
                    take_word(argc, argv, "--made", bundle->made, sizeof bundle->made);
    return has_date &&
           take_word(argc, argv, "--version", bundle->version, sizeof bundle->version) &&
           take_word(argc, argv, "--minimum", bundle->minimum, sizeof bundle->minimum) &&
           take_word(argc, argv, "--board", bundle->board, sizeof bundle->board) &&
           take_word(argc, argv, "--town", bundle->town, sizeof bundle->town);
}

static bool take_word(int argc, char **argv, const char *name, char *out, size_t out_bytes)
{
    const char *word = command_option(argc, argv, name);
    return word != NULL && text_copy(out, out_bytes, word) == OK;
}

static int show(int argc, char **argv)
{
    const char *keys_path = command_option(argc, argv, "--keys");
    if (argc < 1 || keys_path == NULL) {
        return COMMAND_USAGE;
    }
    struct fault fault = {0};
    struct bundle_keys keys;
    struct bundle bundle;
    if (bundle_keys_read(&keys, keys_path, &fault) != OK ||
        bundle_check_file(&bundle, argv[0], &keys, &fault) != OK) {
        return failed(&fault);
    }
    print_bundle(&bundle);
    return EXIT_SUCCESS;
}

static void print_bundle(const struct bundle *bundle)
{
    printf("version %s\nminimum %s\nboard %s\ntown %s\nmade %s\nbytes %llu\n", bundle->version,
           bundle->minimum, bundle->board, bundle->town, bundle->made,
           (unsigned long long)bundle->bytes_count);
    for (size_t i = 0; i < bundle->payloads_count; i++) {
        printf("payload %s, %llu bytes\n", bundle->payloads[i].name,
               (unsigned long long)bundle->payloads[i].bytes_count);
    }
}

static int key(int argc, char **argv)
{
    char public_path[COMMAND_PATH_BYTES];
    if (argc != 1) {
        return COMMAND_USAGE;
    }
    struct fault fault = {0};
    struct text text;
    size_t len = strlen(argv[0]);
    bool has_end = len > 4 && text_equal(argv[0] + len - 4, ".pem");
    text_init(&text, public_path, sizeof public_path);
    text_add_bytes(&text, argv[0], has_end ? len - 4 : len);
    text_add(&text, ".pub.pem");
    if (text.is_cut || access(argv[0], F_OK) == 0) {
        (void)fault_set(&fault, ERR_STATE, "%s: is there already", argv[0]); // said below
        return failed(&fault);
    }
    struct crypto_key *made = crypto_key_new();
    char pem[CRYPTO_PEM_BYTES];
    crypto_public_write(made, pem);
    enum err err = crypto_key_write(made, argv[0], &fault);
    crypto_key_free(made);
    if (err != OK || file_write(public_path, PUBLIC_FILE, pem, strlen(pem), &fault) != OK) {
        return failed(&fault);
    }
    printf("%s\n%s\n", argv[0], public_path);
    return EXIT_SUCCESS;
}

static int failed(const struct fault *fault)
{
    log_error("technician", "bundle: %s", fault->text);
    return EXIT_FAILURE;
}
