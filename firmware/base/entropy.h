// SPDX-License-Identifier: EUPL-1.2
//
// Random bytes from the kernel and the identifiers made of them.
#ifndef INLOOP_BASE_ENTROPY_H
#define INLOOP_BASE_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Fills `out`. Stops the process when the kernel has no randomness: nothing safe could follow.
void entropy_fill(void *out, size_t len);

// A random UUID, version 4 (RFC 9562 section 5.4), lower case.
enum { UUID_TEXT_BYTES = 37 };
void entropy_uuid(char out[UUID_TEXT_BYTES]);
// The same for rows of a table: version 7 (section 5.7), which begins with the time, so that new
// rows stand beside each other. Still 74 random bits.
void entropy_uuid_in_order(int64_t now_ms, char out[UUID_TEXT_BYTES]);
// Lower case only, as we write them and every source of ours does.
bool uuid_is_valid(const char *words);

#endif
