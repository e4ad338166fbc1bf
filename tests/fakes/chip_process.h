// SPDX-License-Identifier: EUPL-1.2
//
// The virtual card as a program of its own beside a test: made once, laid and lifted by its pid.
#ifndef INLOOP_TESTS_FAKES_CHIP_PROCESS_H
#define INLOOP_TESTS_FAKES_CHIP_PROCESS_H

#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct chip_process {
    char dir[64];     // temporary; the reader's socket may lie there too
    char folder[80];  // the cards
    char address[80]; // of the reader
    pid_t pid;        // of the card that lies there; 0: none
    int said;         // what it prints
};

// Makes the cards of tests/fakes/cards. Stops the process when it cannot.
void chip_process_start(struct chip_process *chip);
void chip_process_stop(struct chip_process *chip); // lifts, and removes what was made
// `lie` NULL: an honest one. `after` NULL: as the program has it. Somebody must listen.
void chip_process_lay(struct chip_process *chip, const char *card, const char *lie,
                      const char *after);
// Takes it away. `said` is its last words; false: it did not end well.
bool chip_process_lift(struct chip_process *chip, char *said, size_t said_bytes);
// A file of a card, or of the folder when `card` is NULL. Caller frees.
char *chip_process_read(const struct chip_process *chip, const char *card, const char *name,
                        size_t *len);
struct json *chip_process_words(const struct chip_process *chip, const char *card); // caller frees

#endif
