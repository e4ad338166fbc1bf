// SPDX-License-Identifier: EUPL-1.2
//
// Memory that forgets. What anybody in this process gives back to the heap (we, JSON, HTTP, TLS,
// the text shaper, the X client) is overwritten first, so that nothing of a visitor outlives the
// visit in freed memory. Live memory is its owner's to wipe.
#ifndef INLOOP_BASE_HEAP_H
#define INLOOP_BASE_HEAP_H

// From here on freed memory is zeros. First thing in a program that sees personal data.
void heap_forgets(void);

#endif
