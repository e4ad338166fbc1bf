// SPDX-License-Identifier: EUPL-1.2
//
// The second look before a log leaves its device, and the third before a technician reads it: our
// programs write nothing personal (base/log.h), a library below them might.
#ifndef INLOOP_BASE_REDACT_H
#define INLOOP_BASE_REDACT_H

#include "base/text.h"

// Puts the log's lines into `out`, each word that might name somebody or open something as what it
// was: <number> (six digits or more, as in 999990019 or 999.990.019), <date> (1984-05-17, but not
// the time a line begins with), <code> (KR1:..., a token, a key, a UUID), <address> (with an @).
// Control characters but line feeds leave as '?', bytes that are no UTF-8 likewise. A byte becomes
// ten at most. Borrows `log`.
void redact(const char *log, size_t len, struct text *out);

#endif
