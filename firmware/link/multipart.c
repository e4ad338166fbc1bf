// SPDX-License-Identifier: EUPL-1.2
//
// Cuts a form's parts out of a stream of bytes.
#include "link/multipart.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

static enum err read_boundary(const char *words, char *out, size_t out_bytes);
static size_t take_first(struct multipart *multipart, const char *bytes, size_t len);
static size_t take_behind(struct multipart *multipart, const char *bytes, size_t len);
static size_t take_head(struct multipart *multipart, const char *bytes, size_t len,
                        const struct multipart_events *events);
static size_t take_content(struct multipart *multipart, const char *bytes, size_t len,
                           const struct multipart_events *events);
static size_t take_epilogue(struct multipart *multipart, const char *bytes, size_t len);
static void end_line(struct multipart *multipart, const struct multipart_events *events);
static enum err read_line(const char *line, struct multipart_part *part);
static enum err read_disposition(const char *words, struct multipart_part *part);
static const char *read_parameter(const char *words, char *name, char *value, size_t value_bytes);
static const char *skip_blanks(const char *words);
static void keep_name(char *to, size_t to_bytes, const char *words);

enum { PARAMETER_NAME_BYTES = 32 };

enum err multipart_init(struct multipart *multipart, const char *content_type)
{
    static const char kind[] = "multipart/form-data";
    char boundary[MULTIPART_BOUNDARY_MAX + 1];
    *multipart = (struct multipart){.err = ERR_MALFORMED};
    if (strncasecmp(content_type, kind, sizeof kind - 1) != 0 ||
        read_boundary(content_type + sizeof kind - 1, boundary, sizeof boundary) != OK) {
        return ERR_MALFORMED;
    }
    struct text text;
    text_init(&text, multipart->delimiter, sizeof multipart->delimiter);
    text_add(&text, "\r\n--");
    text_add(&text, boundary);
    multipart->delimiter_len = text.len;
    multipart->matched = 2; // the body begins as if a line had just ended
    multipart->err = OK;
    return OK;
}

enum err multipart_feed(struct multipart *multipart, const char *bytes, size_t len,
                        const struct multipart_events *events)
{
    size_t at = 0;
    while (at < len && multipart->err == OK) {
        const char *next = bytes + at;
        size_t left = len - at;
        switch (multipart->phase) {
        case MULTIPART_FIRST:
            at += take_first(multipart, next, left);
            break;
        case MULTIPART_BEHIND:
            at += take_behind(multipart, next, left);
            break;
        case MULTIPART_HEAD:
            at += take_head(multipart, next, left, events);
            break;
        case MULTIPART_CONTENT:
            at += take_content(multipart, next, left, events);
            break;
        case MULTIPART_EPILOGUE:
            at += take_epilogue(multipart, next, left);
            break;
        }
    }
    return multipart->err;
}

bool multipart_is_whole(const struct multipart *multipart)
{
    return multipart->err == OK && multipart->phase == MULTIPART_EPILOGUE;
}

// RFC 2046 section 5.1.1: which characters a boundary may have, and that it ends with no blank.
static enum err read_boundary(const char *words, char *out, size_t out_bytes)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "'()+_,-./:=? ";
    char name[PARAMETER_NAME_BYTES];
    char value[MULTIPART_BOUNDARY_MAX + 1];
    for (const char *at = words; at != NULL && *skip_blanks(at) != '\0';) {
        at = read_parameter(at, name, value, sizeof value);
        size_t len = at == NULL ? 0 : strlen(value);
        if (at != NULL && strcasecmp(name, "boundary") == 0) {
            bool is_good = len > 0 && strspn(value, allowed) == len && value[len - 1] != ' ';
            return is_good ? text_copy(out, out_bytes, value) : ERR_MALFORMED;
        }
    }
    return ERR_MALFORMED;
}

static size_t take_first(struct multipart *multipart, const char *bytes, size_t len)
{
    size_t at = 0;
    while (at < len && multipart->matched < multipart->delimiter_len) {
        if (bytes[at] != multipart->delimiter[multipart->matched]) {
            multipart->err = ERR_MALFORMED;
            return len;
        }
        at += 1;
        multipart->matched += 1;
    }
    if (multipart->matched == multipart->delimiter_len) {
        multipart->phase = MULTIPART_BEHIND;
        multipart->matched = 0;
    }
    return at;
}

// CR LF: a part follows. "--": that was the last one.
static size_t take_behind(struct multipart *multipart, const char *bytes, size_t len)
{
    (void)len;
    multipart->behind[multipart->matched] = bytes[0];
    multipart->matched += 1;
    if (multipart->matched < sizeof multipart->behind) {
        return 1;
    }
    multipart->matched = 0;
    if (memcmp(multipart->behind, "--", 2) == 0) {
        multipart->phase = MULTIPART_EPILOGUE;
    } else if (memcmp(multipart->behind, "\r\n", 2) != 0) {
        multipart->err = ERR_MALFORMED;
    } else if (multipart->parts_count == MULTIPART_PARTS_MAX) {
        multipart->err = ERR_TOO_BIG;
    } else {
        multipart->phase = MULTIPART_HEAD;
        multipart->parts_count += 1;
        multipart->lines_count = 0;
        multipart->line_len = 0;
        multipart->part = (struct multipart_part){0};
    }
    return 1;
}

static size_t take_head(struct multipart *multipart, const char *bytes, size_t len,
                        const struct multipart_events *events)
{
    size_t at = 0;
    while (at < len && multipart->phase == MULTIPART_HEAD && multipart->err == OK) {
        char byte = bytes[at];
        size_t line_len = multipart->line_len;
        bool follows_cr = line_len > 0 && multipart->line[line_len - 1] == '\r';
        at += 1;
        if (byte == '\0' || follows_cr != (byte == '\n')) {
            multipart->err = ERR_MALFORMED; // a line ends with CR LF and with nothing else
        } else if (byte == '\n') {
            multipart->line[line_len - 1] = '\0';
            end_line(multipart, events);
        } else if (line_len + 1 == sizeof multipart->line) {
            multipart->err = ERR_TOO_BIG;
        } else {
            multipart->line[line_len] = byte;
            multipart->line_len += 1;
        }
    }
    return at;
}

// CR stands in a delimiter only at its start (a boundary has none), so a match that fails can begin
// anew at the byte that broke it and nowhere before.
static size_t take_content(struct multipart *multipart, const char *bytes, size_t len,
                           const struct multipart_events *events)
{
    if (multipart->matched == 0) {
        const char *cr = memchr(bytes, '\r', len);
        size_t plain = cr == NULL ? len : (size_t)(cr - bytes);
        if (plain > 0) {
            events->data(events->ctx, bytes, plain);
        }
        multipart->matched = cr == NULL ? 0 : 1;
        return plain + multipart->matched;
    }
    if (bytes[0] != multipart->delimiter[multipart->matched]) {
        events->data(events->ctx, multipart->delimiter, multipart->matched);
        multipart->matched = 0;
        return 0;
    }
    multipart->matched += 1;
    if (multipart->matched == multipart->delimiter_len) {
        multipart->phase = MULTIPART_BEHIND;
        multipart->matched = 0;
    }
    return 1;
}

static size_t take_epilogue(struct multipart *multipart, const char *bytes, size_t len)
{
    static const char end[] = "\r\n";
    (void)len;
    if (multipart->matched == 2 || bytes[0] != end[multipart->matched]) {
        multipart->err = ERR_MALFORMED;
    }
    multipart->matched += 1;
    return 1;
}

static void end_line(struct multipart *multipart, const struct multipart_events *events)
{
    size_t line_len = multipart->line_len - 1; // without the CR
    multipart->line_len = 0;
    if (line_len == 0) {
        bool is_named = multipart->part.name[0] != '\0';
        multipart->err = is_named ? OK : ERR_MALFORMED;
        multipart->phase = MULTIPART_CONTENT;
        multipart->matched = 0;
        if (is_named) {
            events->part(events->ctx, &multipart->part);
        }
        return;
    }
    multipart->lines_count += 1;
    multipart->err = multipart->lines_count > MULTIPART_LINES_MAX
                         ? ERR_TOO_BIG
                         : read_line(multipart->line, &multipart->part);
}

static enum err read_line(const char *line, struct multipart_part *part)
{
    static const char disposition[] = "content-disposition:";
    static const char type[] = "content-type:";
    if (strncasecmp(line, disposition, sizeof disposition - 1) == 0) {
        return read_disposition(skip_blanks(line + sizeof disposition - 1), part);
    }
    if (strncasecmp(line, type, sizeof type - 1) == 0) {
        const char *words = skip_blanks(line + sizeof type - 1);
        char said[MULTIPART_LINE_BYTES];
        struct text text;
        text_init(&text, said, sizeof said);
        text_add_bytes(&text, words, strcspn(words, "; \t"));
        keep_name(part->type, sizeof part->type, said);
        return OK;
    }
    return line[strcspn(line, ": \t")] == ':' ? OK : ERR_MALFORMED; // others do not matter
}

static enum err read_disposition(const char *words, struct multipart_part *part)
{
    static const char kind[] = "form-data";
    char name[PARAMETER_NAME_BYTES];
    char value[MULTIPART_LINE_BYTES];
    if (part->name[0] != '\0' || strncasecmp(words, kind, sizeof kind - 1) != 0) {
        return ERR_MALFORMED;
    }
    for (const char *at = words + sizeof kind - 1; *skip_blanks(at) != '\0';) {
        at = read_parameter(at, name, value, sizeof value);
        if (at == NULL) {
            return ERR_MALFORMED;
        }
        if (strcasecmp(name, "name") == 0) {
            keep_name(part->name, sizeof part->name, value);
        } else if (strcasecmp(name, "filename") == 0) {
            part->is_file = true;
            keep_name(part->file_name, sizeof part->file_name, value);
        }
    }
    return OK;
}

// `; name=value` or `; name="value"`; where it ends, or NULL when it is neither. In quotes only a
// quote is escaped by a backslash: browsers write the path of a file with plain ones.
static const char *read_parameter(const char *words, char *name, char *value, size_t value_bytes)
{
    struct text said;
    struct text text;
    const char *at = skip_blanks(words);
    if (*at != ';') {
        return NULL;
    }
    at = skip_blanks(at + 1);
    size_t len = strcspn(at, "=; \t\"");
    text_init(&said, name, PARAMETER_NAME_BYTES);
    text_add_bytes(&said, at, len);
    text_init(&text, value, value_bytes);
    if (len == 0 || at[len] != '=' || said.is_cut) {
        return NULL;
    }
    at += len + 1;
    if (*at != '"') {
        len = strcspn(at, "; \t\"");
        text_add_bytes(&text, at, len);
        return text.is_cut ? NULL : at + len;
    }
    for (at += 1; *at != '"'; at++) {
        if (*at == '\0') {
            return NULL;
        }
        at += at[0] == '\\' && at[1] == '"' ? 1 : 0;
        text_add_bytes(&text, at, 1);
    }
    return text.is_cut ? NULL : at + 1;
}

static const char *skip_blanks(const char *words)
{
    return words + strspn(words, " \t");
}

static void keep_name(char *to, size_t to_bytes, const char *words)
{
    if (!text_is_printable(words) || text_copy(to, to_bytes, words) != OK) {
        to[0] = '\0';
    }
}
