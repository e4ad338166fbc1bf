// SPDX-License-Identifier: EUPL-1.2
//
// Names of error codes, faults as prefixed sentences, and the stop on our own mistakes.
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *err_name(enum err err)
{
    switch (err) {
    case OK:
        return "ok";
    case ERR_FULL:
        return "full";
    case ERR_EMPTY:
        return "empty";
    case ERR_TOO_BIG:
        return "too big";
    case ERR_MALFORMED:
        return "malformed";
    case ERR_NOT_FOUND:
        return "not found";
    case ERR_REFUSED:
        return "refused";
    case ERR_STATE:
        return "wrong state";
    case ERR_TIMEOUT:
        return "timeout";
    case ERR_GONE:
        return "gone";
    case ERR_IO:
        return "input or output failed";
    case ERR_UNAVAILABLE:
        return "unavailable";
    case ERR_UNKNOWN:
        return "outcome unknown";
    case ERR_UNSUPPORTED:
        return "unsupported";
    case ERR_DUPLICATE:
        return "same key, other content";
    case ERR_EXPIRED:
        return "expired";
    case ERR_CRYPTO:
        return "does not verify";
    }
    return "unnamed";
}

_Noreturn void check_failed(const char *cond, const char *file, int line)
{
    fprintf(stderr, "CHECK failed: %s (%s:%d)\n", cond, file, line);
    abort();
}

enum err fault_set(struct fault *fault, enum err err, const char *format, ...)
{
    if (fault != NULL) {
        va_list args;
        va_start(args, format);
        fault->err = err;
        (void)vsnprintf(fault->text, sizeof fault->text, format,
                        args); // a cut sentence still helps
        va_end(args);
    }
    return err;
}

enum err fault_prefix(struct fault *fault, const char *prefix)
{
    CHECK(prefix != NULL);

    if (fault == NULL) {
        return ERR_UNKNOWN;
    }
    char text[FAULT_TEXT_BYTES];
    memcpy(text, fault->text, sizeof text);
    text[sizeof text - 1] = '\0';
    (void)snprintf(fault->text, sizeof fault->text, "%s: %.*s", prefix,
                   (int)(sizeof fault->text / 2), text); // cut, see above
    return fault->err;
}
