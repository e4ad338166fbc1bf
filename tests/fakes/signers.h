// SPDX-License-Identifier: EUPL-1.2
//
// Made-up states, their signers and documents, good and bad, as tests/tools/signers.py makes them
// with OpenSSL: files of a folder that goes with the test.
#ifndef INLOOP_TESTS_FAKES_SIGNERS_H
#define INLOOP_TESTS_FAKES_SIGNERS_H

#include <stddef.h>
#include <stdint.h>

// Stops the process when they cannot be made or removed. Once at a time.
void signers_make(void);
void signers_remove(void);
// The caller frees.
uint8_t *signers_read(const char *name, const char *ending, size_t *len);

#endif
