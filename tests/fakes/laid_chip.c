// SPDX-License-Identifier: EUPL-1.2
//
// Cards are made by inloop-chip as a process and read here.
#include "tests/fakes/laid_chip.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMAND_BYTES = 1024, FILE_BYTES_MAX = 1 << 20 };

static uint8_t *read_file(const struct laid_chips *chips, const char *name, size_t *len);
static void run(const char *command);

void laid_chips_make(struct laid_chips *chips)
{
    const char *build = getenv("INLOOP_BUILD");
    const struct clock clock = clock_system();
    char command[COMMAND_BYTES];
    size_t list_len = 0;
    size_t root_len = 0;
    size_t added = 0;
    size_t left_out = 0;
    (void)strcpy(chips->folder, "/tmp/inloop-chips-XXXXXX");
    CHECK(mkdtemp(chips->folder) != NULL);
    (void)snprintf(command, sizeof command, "%s/inloop-chip --make %s --data tests/fakes/cards",
                   build == NULL ? "build/release" : build, chips->folder);
    run(command);
    uint8_t *list = read_file(chips, "signers.ml", &list_len);
    uint8_t *root = read_file(chips, "root.der", &root_len);
    chips->trust = trust_new();
    CHECK(trust_add_list(chips->trust, list, list_len, root, root_len, clock_now_ms(&clock) / 1000,
                         &added, &left_out, NULL) == OK);
    CHECK(added > 0);
    free(list);
    free(root);
}

void laid_chips_remove(struct laid_chips *chips)
{
    char command[COMMAND_BYTES];
    (void)snprintf(command, sizeof command, "rm -rf %s", chips->folder);
    run(command);
    trust_free(chips->trust);
}

void laid_chip_open(struct laid_chip *laid, const struct laid_chips *chips, const char *name,
                    enum chip_lie lie)
{
    CHECK(chip_card_open(&laid->card, chips->folder, name, lie, NULL) == OK);
    chip_open(&laid->chip, &laid->card, lie);
}

void laid_chip_close(struct laid_chip *laid)
{
    chip_close(&laid->chip);
    chip_card_close(&laid->card);
}

void laid_chip_password(const struct laid_chip *laid, bool is_can,
                        struct document_password_private *password)
{
    *password = (struct document_password_private){.can = ""};
    if (is_can) {
        CHECK(text_copy(password->can, sizeof password->can, laid->card.can) == OK);
        return;
    }
    // Number, birth and expiry, a check digit behind each.
    const char *key = laid->card.zone_key;
    const size_t number_len = strlen(key) - 1 - 7 - 7;
    memcpy(password->number, key, number_len);
    memcpy(password->birth, key + number_len + 1, 6);
    memcpy(password->expiry, key + number_len + 8, 6);
}

enum document_end laid_chip_talk(struct laid_chip *laid, struct document *document,
                                 struct fault *fault, laid_chip_hand_fn hand, void *ctx)
{
    static uint8_t answer[CHIP_ANSWER_BYTES];
    const uint8_t *apdu = NULL;
    size_t len = 0;
    while (document_command(document, &apdu, &len)) {
        size_t answer_len = chip_answer(&laid->chip, apdu, len, answer);
        if (hand != NULL) {
            hand(document, answer, &answer_len, ctx);
        }
        (void)document_answer(document, answer, answer_len, fault);
    }
    return document_end(document);
}

static uint8_t *read_file(const struct laid_chips *chips, const char *name, size_t *len)
{
    char path[COMMAND_BYTES];
    char *bytes = NULL;
    (void)snprintf(path, sizeof path, "%s/%s", chips->folder, name);
    CHECK(file_read(path, FILE_BYTES_MAX, &bytes, len) == OK);
    return (uint8_t *)bytes;
}

static void run(const char *command)
{
    CHECK(system(command) == 0);
}
