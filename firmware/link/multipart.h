// SPDX-License-Identifier: EUPL-1.2
//
// multipart/form-data (RFC 7578, RFC 2046 section 5.1) as a browser sends it, read as it streams
// in: holds a line of a part's head and a delimiter, never a part's content. Strict: no preamble,
// no blanks behind a delimiter, nothing behind the last one. Pure.
#ifndef INLOOP_LINK_MULTIPART_H
#define INLOOP_LINK_MULTIPART_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    MULTIPART_BOUNDARY_MAX = 70,
    MULTIPART_LINE_BYTES = 1024, // of a part's head
    MULTIPART_LINES_MAX = 16,
    MULTIPART_PARTS_MAX = 8,
    MULTIPART_NAME_BYTES = 64,
    MULTIPART_FILE_NAME_BYTES = 256,
    MULTIPART_TYPE_BYTES = 128,
};

// What a part says of itself; all of it is the sender's claim. Names are UTF-8 without control
// characters; what is not, or does not fit, is empty.
struct multipart_part {
    char name[MULTIPART_NAME_BYTES];
    char file_name[MULTIPART_FILE_NAME_BYTES];
    char type[MULTIPART_TYPE_BYTES]; // as sent, without parameters
    bool is_file;                    // it has a file name, perhaps an empty one
};

struct multipart_events {
    void (*part)(void *ctx, const struct multipart_part *part); // its content follows
    void (*data)(void *ctx, const char *bytes, size_t len);     // borrowed until return
    void *ctx;
};

enum multipart_phase {
    MULTIPART_FIRST,    // the first delimiter
    MULTIPART_BEHIND,   // the two characters behind a delimiter
    MULTIPART_HEAD,     // lines of a part's head
    MULTIPART_CONTENT,  // up to the next delimiter
    MULTIPART_EPILOGUE, // behind the last delimiter
};

struct multipart {
    char delimiter[MULTIPART_BOUNDARY_MAX + 5]; // CR LF "--" boundary
    size_t delimiter_len;
    size_t matched; // of the delimiter, or of what stands behind it
    enum multipart_phase phase;
    char behind[2];
    char line[MULTIPART_LINE_BYTES];
    size_t line_len;
    size_t lines_count;
    size_t parts_count;
    struct multipart_part part;
    enum err err; // sticks
};

// Reads the boundary out of a Content-Type. ERR_MALFORMED: another type, or no boundary that could
// be one.
MUST_USE enum err multipart_init(struct multipart *multipart, const char *content_type);
// Borrows `bytes`. ERR_MALFORMED, ERR_TOO_BIG (a limit above): then and ever after.
MUST_USE enum err multipart_feed(struct multipart *multipart, const char *bytes, size_t len,
                                 const struct multipart_events *events);
// True when the last delimiter has come.
bool multipart_is_whole(const struct multipart *multipart);

#endif
