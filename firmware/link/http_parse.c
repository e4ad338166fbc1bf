// SPDX-License-Identifier: EUPL-1.2
//
// Strict HTTP/1.1 heads, URLs and query strings.
#include "link/http_parse.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_token_char(char c);
static enum err begin(const char **at, size_t len, struct http_head *head, const char **line,
                      size_t *line_len);
static enum err next_line(const char **at, const char *end, const char **line, size_t *line_len);
static enum err parse_headers(const char *at, const char *end, struct http_head *head);
static enum err parse_header(const char *line, size_t len, struct http_head *head);
static enum err judge_headers(struct http_head *head, bool is_request);
static enum err parse_length(const struct http_header *header, struct http_head *head);
static bool name_is(const struct http_header *header, const char *name);
static bool value_is(const struct http_header *header, const char *value);
static int hex_value(char c);

size_t http_head_len(const char *bytes, size_t len)
{
    const char *end = memmem(bytes, len, "\r\n\r\n", 4);
    return end == NULL ? 0 : (size_t)(end - bytes) + 4;
}

enum err http_parse_request(const char *bytes, size_t len, struct http_head *head)
{
    const char *at = bytes;
    const char *line = NULL;
    size_t line_len = 0;
    enum err err = begin(&at, len, head, &line, &line_len);
    if (err != OK) {
        return err;
    }
    const char *blank = memchr(line, ' ', line_len);
    size_t method_len = blank == NULL ? 0 : (size_t)(blank - line);
    if (method_len == 0 || method_len >= sizeof head->method) {
        return ERR_MALFORMED;
    }
    for (size_t i = 0; i < method_len; i++) {
        if (line[i] < 'A' || line[i] > 'Z') {
            return ERR_MALFORMED;
        }
    }
    memcpy(head->method, line, method_len);
    static const char version[] = " HTTP/1.1";
    size_t rest_len = line_len - method_len - 1;
    size_t tail_len = sizeof version - 1;
    const char *target = blank + 1;
    if (rest_len <= tail_len || memcmp(target + rest_len - tail_len, version, tail_len) != 0) {
        return ERR_MALFORMED;
    }
    size_t target_len = rest_len - tail_len;
    if (target_len >= sizeof head->target) {
        return ERR_TOO_BIG;
    }
    for (size_t i = 0; i < target_len; i++) {
        if (target[i] <= ' ' || target[i] >= 0x7f || target[i] == '#') {
            return ERR_MALFORMED;
        }
    }
    if (target[0] != '/') {
        return ERR_MALFORMED;
    }
    memcpy(head->target, target, target_len);
    err = parse_headers(at, bytes + len, head);
    return err == OK ? judge_headers(head, true) : err;
}

enum err http_parse_response(const char *bytes, size_t len, struct http_head *head)
{
    const char *at = bytes;
    const char *line = NULL;
    size_t line_len = 0;
    enum err err = begin(&at, len, head, &line, &line_len);
    if (err != OK) {
        return err;
    }
    if (line_len < 12 || memcmp(line, "HTTP/1.", 7) != 0 || (line[7] != '0' && line[7] != '1') ||
        line[8] != ' ' || (line_len > 12 && line[12] != ' ')) {
        return ERR_MALFORMED;
    }
    for (size_t i = 9; i < 12; i++) {
        if (line[i] < '0' || line[i] > '9') {
            return ERR_MALFORMED;
        }
        head->status = head->status * 10 + (line[i] - '0');
    }
    if (head->status < 100 || head->status > 599) {
        return ERR_MALFORMED; // RFC 9110 section 15 knows no other classes
    }
    head->keeps_alive = line[7] == '1';
    err = parse_headers(at, bytes + len, head);
    return err == OK ? judge_headers(head, false) : err;
}

enum err http_header_copy(const struct http_head *head, const char *name, char *out,
                          size_t out_bytes)
{
    CHECK(out_bytes > 0);

    out[0] = '\0';
    for (size_t i = 0; i < head->headers_count; i++) {
        const struct http_header *header = &head->headers[i];
        if (!name_is(header, name)) {
            continue;
        }
        if (header->value_len >= out_bytes) {
            return ERR_TOO_BIG;
        }
        memcpy(out, header->value, header->value_len);
        out[header->value_len] = '\0';
        return OK;
    }
    return ERR_NOT_FOUND;
}

enum err http_url_parse(const char *words, struct http_url *url)
{
    memset(url, 0, sizeof *url);
    const char *at = words;
    if (text_starts_with(at, "https://")) {
        url->is_tls = true;
        at += 8;
    } else if (text_starts_with(at, "http://")) {
        at += 7;
    } else {
        return ERR_MALFORMED;
    }
    size_t host_len =
        strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
    if (host_len == 0 || host_len >= sizeof url->host) {
        return ERR_MALFORMED;
    }
    memcpy(url->host, at, host_len);
    at += host_len;
    url->port = url->is_tls ? 443 : 80;
    if (*at == ':') {
        size_t digits = strspn(at + 1, "0123456789");
        char number[8] = {0};
        int64_t port = 0;
        if (digits == 0 || digits >= sizeof number) {
            return ERR_MALFORMED;
        }
        memcpy(number, at + 1, digits);
        if (text_to_int64(number, 1, 65535, &port) != OK) {
            return ERR_MALFORMED;
        }
        url->port = (uint16_t)port;
        at += 1 + digits;
    }
    if (*at != '\0' && *at != '/' && *at != '?') {
        return ERR_MALFORMED;
    }
    int len = snprintf(url->target, sizeof url->target, "%s%s", *at == '/' ? "" : "/", at);
    if (len < 0 || (size_t)len >= sizeof url->target) {
        return ERR_TOO_BIG;
    }
    for (const char *c = url->target; *c != '\0'; c++) {
        if (*c <= ' ' || *c >= 0x7f || *c == '#') {
            return ERR_MALFORMED;
        }
    }
    return OK;
}

enum err http_url_encode(const char *words, char *out, size_t out_bytes)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t at = 0;
    for (const char *c = words; *c != '\0'; c++) {
        bool is_plain = (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') ||
                        (*c >= 'A' && *c <= 'Z') || strchr("-._~", *c) != NULL;
        if (at + 4 > out_bytes) {
            return ERR_TOO_BIG;
        }
        if (is_plain) {
            out[at++] = *c;
        } else {
            out[at++] = '%';
            out[at++] = digits[(unsigned char)*c >> 4];
            out[at++] = digits[(unsigned char)*c & 15];
        }
    }
    if (at >= out_bytes) {
        return ERR_TOO_BIG;
    }
    out[at] = '\0';
    return OK;
}

enum err http_url_decode(const char *words, size_t len, char *out, size_t out_bytes)
{
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        char c = words[i];
        if (c == '%') {
            int high = i + 2 < len ? hex_value(words[i + 1]) : -1;
            int low = i + 2 < len ? hex_value(words[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return ERR_MALFORMED;
            }
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        if (at + 1 >= out_bytes) {
            return ERR_TOO_BIG;
        }
        out[at++] = c;
    }
    out[at] = '\0';
    return utf8_is_valid(out, at) ? OK : ERR_MALFORMED;
}

enum err http_query_get(const char *query, const char *name, char *out, size_t out_bytes)
{
    size_t name_len = strlen(name);
    const char *at = query;
    while (*at != '\0') {
        size_t len = strcspn(at, "&");
        if (len > name_len && strncmp(at, name, name_len) == 0 && at[name_len] == '=') {
            return http_url_decode(at + name_len + 1, len - name_len - 1, out, out_bytes);
        }
        at += len + (at[len] == '&' ? 1 : 0);
    }
    return ERR_NOT_FOUND;
}

static bool is_token_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

// A line ends with CR LF and holds neither of them.
// Empties `head`, and takes the first line off `len` bytes.
static enum err begin(const char **at, size_t len, struct http_head *head, const char **line,
                      size_t *line_len)
{
    memset(head, 0, sizeof *head);
    if (len > HTTP_HEAD_BYTES_MAX) {
        return ERR_TOO_BIG;
    }
    return next_line(at, *at + len, line, line_len) == OK ? OK : ERR_MALFORMED;
}

static enum err next_line(const char **at, const char *end, const char **line, size_t *line_len)
{
    const char *feed = memchr(*at, '\n', (size_t)(end - *at));
    if (feed == NULL || feed == *at || feed[-1] != '\r') {
        return ERR_MALFORMED;
    }
    *line = *at;
    *line_len = (size_t)(feed - *at) - 1;
    *at = feed + 1;
    return memchr(*line, '\r', *line_len) == NULL ? OK : ERR_MALFORMED;
}

static enum err parse_headers(const char *at, const char *end, struct http_head *head)
{
    for (;;) {
        const char *line = NULL;
        size_t line_len = 0;
        if (at == end || next_line(&at, end, &line, &line_len) != OK) {
            return ERR_MALFORMED;
        }
        if (line_len == 0) {
            return at == end ? OK : ERR_MALFORMED;
        }
        enum err err = parse_header(line, line_len, head);
        if (err != OK) {
            return err;
        }
    }
}

static enum err parse_header(const char *line, size_t len, struct http_head *head)
{
    if (head->headers_count == HTTP_HEADERS_MAX) {
        return ERR_TOO_BIG;
    }
    struct http_header header = {.name = line};
    while (header.name_len < len && is_token_char(line[header.name_len])) {
        header.name_len++;
    }
    if (header.name_len == 0 || header.name_len == len || line[header.name_len] != ':') {
        return ERR_MALFORMED; // also a folded line, which begins with a blank
    }
    header.value = line + header.name_len + 1;
    header.value_len = len - header.name_len - 1;
    while (header.value_len > 0 && (header.value[0] == ' ' || header.value[0] == '\t')) {
        header.value++;
        header.value_len--;
    }
    while (header.value_len > 0 && (header.value[header.value_len - 1] == ' ' ||
                                    header.value[header.value_len - 1] == '\t')) {
        header.value_len--;
    }
    for (size_t i = 0; i < header.value_len; i++) {
        unsigned char c = (unsigned char)header.value[i];
        if ((c < ' ' && c != '\t') || c == 0x7f) {
            return ERR_MALFORMED;
        }
    }
    head->headers[head->headers_count++] = header;
    return OK;
}

static enum err judge_headers(struct http_head *head, bool is_request)
{
    size_t hosts_count = 0;
    if (is_request) {
        head->keeps_alive = true;
    }
    for (size_t i = 0; i < head->headers_count; i++) {
        const struct http_header *header = &head->headers[i];
        if (name_is(header, "host")) {
            hosts_count += 1;
        } else if (name_is(header, "content-length")) {
            enum err err = parse_length(header, head);
            if (err != OK) {
                return err;
            }
        } else if (name_is(header, "transfer-encoding")) {
            if (is_request || head->is_chunked || !value_is(header, "chunked")) {
                return ERR_MALFORMED;
            }
            head->is_chunked = true;
        } else if (name_is(header, "connection") && value_is(header, "close")) {
            head->keeps_alive = false;
        }
    }
    if (is_request && hosts_count != 1) {
        return ERR_MALFORMED;
    }
    return head->is_chunked && head->has_length ? ERR_MALFORMED : OK;
}

static enum err parse_length(const struct http_header *header, struct http_head *head)
{
    char digits[20] = {0};
    int64_t length = 0;
    if (head->has_length || header->value_len >= sizeof digits) {
        return ERR_MALFORMED;
    }
    memcpy(digits, header->value, header->value_len);
    if (text_to_int64(digits, 0, INT64_C(1) << 40, &length) != OK) {
        return ERR_MALFORMED;
    }
    head->has_length = true;
    head->content_length = (uint64_t)length;
    return OK;
}

static bool name_is(const struct http_header *header, const char *name)
{
    return header->name_len == strlen(name) &&
           strncasecmp(header->name, name, header->name_len) == 0;
}

static bool value_is(const struct http_header *header, const char *value)
{
    return header->value_len == strlen(value) &&
           strncasecmp(header->value, value, header->value_len) == 0;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
