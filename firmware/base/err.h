// SPDX-License-Identifier: EUPL-1.2
//
// The three kinds of error (our mistake, the world, a person must read it) and nothing else.
#ifndef INLOOP_BASE_ERR_H
#define INLOOP_BASE_ERR_H

// Codes travel unchanged through every layer; only a port or a wire format translates them.
enum err {
    OK = 0,
    ERR_FULL = -1,         // a named limit is reached; nothing has changed
    ERR_EMPTY = -2,        // nothing is there to give
    ERR_TOO_BIG = -3,      // outside data is longer than its limit
    ERR_MALFORMED = -4,    // outside data breaks its format
    ERR_NOT_FOUND = -5,    // the named thing does not exist
    ERR_REFUSED = -6,      // policy or role says no
    ERR_STATE = -7,        // not possible in the present state
    ERR_TIMEOUT = -8,      // no answer in time
    ERR_GONE = -9,         // existed, exists no more
    ERR_IO = -10,          // disk, cable or socket failed
    ERR_UNAVAILABLE = -11, // the other side is down or says so
    ERR_UNKNOWN = -12,     // the outcome is unknown; ask again with the same key
    ERR_UNSUPPORTED = -13, // valid, but not something we can honour
    ERR_DUPLICATE = -14,   // same key, other content
    ERR_EXPIRED = -15,     // was valid once
    ERR_CRYPTO = -16,      // signature, tag or certificate does not check
};

// A short, constant English name ("full", "timeout"); never NULL. For logs and tests.
const char *err_name(enum err err);

#define MUST_USE __attribute__((warn_unused_result))

// Programmer mistakes stop the process, in release builds too; the supervisor restarts it from the
// store. Never used on outside data.
#define CHECK(cond)                                                                                \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            check_failed(#cond, __FILE__, __LINE__);                                               \
        }                                                                                          \
    } while (0)

_Noreturn void check_failed(const char *cond, const char *file, int line);

enum { FAULT_TEXT_BYTES = 200 };

// A sentence for a person on call. Filled once where it happened, prefixed on the way up, logged
// once at the top. Never holds personal data.
struct fault {
    enum err err;
    char text[FAULT_TEXT_BYTES];
};

// Fills `fault` (NULL allowed: the sentence is dropped) and returns `err`, so that a function can
// say `return fault_set(fault, ERR_IO, "...")`. Too long text is cut.
enum err fault_set(struct fault *fault, enum err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Puts "`prefix`: " before the sentence; returns the fault's own code.
enum err fault_prefix(struct fault *fault, const char *prefix);

#endif
