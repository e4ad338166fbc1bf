// SPDX-License-Identifier: EUPL-1.2
//
// HTTP/1.1 heads (RFC 9112), strict: the subset we speak and nothing that two readers could read in
// two ways. Pure; works on bytes that have already arrived.
#ifndef INLOOP_LINK_HTTP_PARSE_H
#define INLOOP_LINK_HTTP_PARSE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HTTP_HEAD_BYTES_MAX = 8 * 1024,
    HTTP_HEADERS_MAX = 48,
    HTTP_METHOD_BYTES = 12,
    HTTP_TARGET_BYTES = 2048,
};

// Borrowed from the buffer that was parsed; names and values are not terminated.
struct http_header {
    const char *name;
    size_t name_len;
    const char *value; // without blanks around it
    size_t value_len;
};

struct http_head {
    char method[HTTP_METHOD_BYTES]; // of a request
    char target[HTTP_TARGET_BYTES]; // path and query as sent, percent signs kept
    int status;                     // of a response
    struct http_header headers[HTTP_HEADERS_MAX];
    size_t headers_count;
    bool has_length;
    uint64_t content_length;
    bool is_chunked; // responses only; a request that is chunked is refused
    bool keeps_alive;
};

// Length of the head up to and with its empty line, or 0 when it is not complete yet.
size_t http_head_len(const char *bytes, size_t len);
// Parses exactly one complete head. ERR_MALFORMED: bare line feeds, folded lines, blanks before a
// colon, NUL or control characters, two lengths, a length that is not plain digits, any
// Transfer-Encoding in a request, no or two Hosts, another version than 1.1, a target that does not
// begin with '/'. ERR_TOO_BIG: a limit above.
MUST_USE enum err http_parse_request(const char *bytes, size_t len, struct http_head *head);
// Responses may be HTTP/1.0 or 1.1 and chunked; their status is 100 to 599.
MUST_USE enum err http_parse_response(const char *bytes, size_t len, struct http_head *head);
// Case does not matter in names. Copies the value, terminated. ERR_NOT_FOUND; ERR_TOO_BIG.
MUST_USE enum err http_header_copy(const struct http_head *head, const char *name, char *out,
                                   size_t out_bytes);

// "https://host:port/path?query" into its parts. Plain host names and IPv4 addresses.
struct http_url {
    bool is_tls;
    char host[128];
    uint16_t port;
    char target[HTTP_TARGET_BYTES]; // path and query; "/" when there is none
};
MUST_USE enum err http_url_parse(const char *words, struct http_url *url);
// Percent-encodes all but unreserved characters (RFC 3986 section 2.3).
MUST_USE enum err http_url_encode(const char *words, char *out, size_t out_bytes);
// Decodes; ERR_MALFORMED for a bad escape, NUL or text that is not UTF-8.
MUST_USE enum err http_url_decode(const char *words, size_t len, char *out, size_t out_bytes);
// A query parameter, decoded. ERR_NOT_FOUND; ERR_MALFORMED.
MUST_USE enum err http_query_get(const char *query, const char *name, char *out, size_t out_bytes);

#endif
