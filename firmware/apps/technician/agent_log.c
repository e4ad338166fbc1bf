// SPDX-License-Identifier: EUPL-1.2
//
// Log files: `<program>.log` in one folder.
#include "apps/technician/agent_log.h"

#include "apps/technician/command.h"
#include "base/file.h"
#include "base/redact.h"
#include "base/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_NAME_BYTES = 64, FAULT_LINE_BYTES = 512, NAME_LINE_BYTES = FILE_NAME_BYTES + 8 };

struct names {
    char names[AGENT_LOG_FILES_MAX][FILE_NAME_BYTES];
    size_t count;
};

// Errors in the order of their times: lines begin with one.
struct errors {
    char lines[API_FAULTS_MAX][FAULT_LINE_BYTES];
    size_t count;
};

static void read_names(const char *folder, struct names *names);
static bool is_log(const char *name);
static const char *path_in(const char *folder, const char *name, char path[COMMAND_PATH_BYTES]);
static void cut_file(const char *path);
static char *read_end(const char *path, size_t most, size_t *len);
static void find_errors(const char *bytes, size_t len, struct errors *errors);
static void put_error(struct errors *errors, const char *line, size_t len);

void agent_log_keep_short(const char *folder)
{
    struct names names;
    read_names(folder, &names);
    for (size_t i = 0; i < names.count; i++) {
        char path[COMMAND_PATH_BYTES];
        struct stat facts;
        if (lstat(path_in(folder, names.names[i], path), &facts) == 0 &&
            facts.st_size > AGENT_LOG_FILE_BYTES_MAX) {
            cut_file(path);
        }
    }
}

void agent_log_faults(const char *folder, struct api_report *report)
{
    struct names names;
    static struct errors errors;
    errors.count = 0;
    read_names(folder, &names);
    for (size_t i = 0; i < names.count; i++) {
        char path[COMMAND_PATH_BYTES];
        size_t len = 0;
        char *bytes =
            read_end(path_in(folder, names.names[i], path), AGENT_LOG_FILE_BYTES_MAX, &len);
        if (bytes != NULL) {
            find_errors(bytes, len, &errors);
            free(bytes);
        }
    }
    report->faults_count = 0;
    for (size_t i = 0; i < errors.count; i++) {
        char words[FAULT_LINE_BYTES * 2];
        struct text text;
        text_init(&text, words, sizeof words);
        redact(errors.lines[i], strlen(errors.lines[i]), &text);
        text_copy_cut(report->faults[report->faults_count], API_FAULT_BYTES, words);
        report->faults_count += report->faults[report->faults_count][0] == '\0' ? 0 : 1;
    }
}

void agent_log_collect(const char *folder, char *out, size_t out_bytes)
{
    struct names names;
    struct text text;
    text_init(&text, out, out_bytes);
    read_names(folder, &names);
    for (size_t i = 0; i < names.count; i++) {
        char path[COMMAND_PATH_BYTES];
        size_t len = 0;
        // What is left is shared by those that are still to come.
        size_t room = (out_bytes - text.len) / (names.count - i);
        if (room <= NAME_LINE_BYTES) {
            return;
        }
        char *bytes = read_end(path_in(folder, names.names[i], path), room - NAME_LINE_BYTES, &len);
        if (bytes != NULL) {
            text_format(&text, "== %s\n", names.names[i]);
            struct text part; // redacted words may be longer: cut at this one's share
            text_init(&part, out + text.len, room - NAME_LINE_BYTES);
            redact(bytes, len, &part);
            text.len += part.len;
            free(bytes);
        }
    }
}

static void read_names(const char *folder, struct names *names)
{
    names->count = 0;
    DIR *files = opendir(folder);
    const struct dirent *entry = NULL;
    while (files != NULL && (entry = readdir(files)) != NULL) {
        if (is_log(entry->d_name) && names->count < AGENT_LOG_FILES_MAX) {
            text_copy_cut(names->names[names->count], FILE_NAME_BYTES, entry->d_name);
            names->count += 1;
        }
    }
    if (files != NULL) {
        (void)closedir(files); // only read from
    }
}

static bool is_log(const char *name)
{
    size_t len = strlen(name);
    return len > 4 && len < FILE_NAME_BYTES && text_equal(name + len - 4, ".log");
}

static const char *path_in(const char *folder, const char *name, char path[COMMAND_PATH_BYTES])
{
    struct text text;
    text_init(&text, path, COMMAND_PATH_BYTES);
    text_format(&text, "%s/%s", folder, name);
    return path;
}

// In place: the program has it open and goes on at its end (O_APPEND).
static void cut_file(const char *path)
{
    size_t len = 0;
    char *bytes = read_end(path, AGENT_LOG_FILE_BYTES_MAX / 2, &len);
    int fd = bytes == NULL ? -1 : open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) {
        if (ftruncate(fd, 0) == 0) {
            (void)!file_put(fd, bytes, len); // a log that is lost is not worth a log line
        }
        (void)close(fd); // as above
    }
    free(bytes);
}

// The last `most` bytes from the begin of a line on; NULL: there are none. Caller frees.
static char *read_end(const char *path, size_t most, size_t *len)
{
    // Those who write here are not root, and must not have root read another file for them.
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return NULL;
    }
    off_t size = lseek(fd, 0, SEEK_END);
    off_t from = size > (off_t)most ? size - (off_t)most : 0;
    char *bytes = malloc(most + 1);
    CHECK(bytes != NULL);
    ssize_t got = lseek(fd, from, SEEK_SET) < 0 ? -1 : file_take(fd, bytes, most);
    (void)close(fd); // only read from
    if (got <= 0) {
        free(bytes);
        return NULL;
    }
    *len = (size_t)got;
    const char *feed = from == 0 ? NULL : memchr(bytes, '\n', *len);
    if (feed != NULL) {
        size_t cut = (size_t)(feed - bytes) + 1;
        *len -= cut;
        memmove(bytes, bytes + cut, *len);
    }
    bytes[*len] = '\0';
    return bytes;
}

static void find_errors(const char *bytes, size_t len, struct errors *errors)
{
    size_t at = 0;
    while (at < len) {
        const char *end = memchr(bytes + at, '\n', len - at);
        size_t line_len = end == NULL ? len - at : (size_t)(end - (bytes + at));
        // "2026-11-23T13:52:07Z error scanner: unplugged"
        if (line_len > TIME_TEXT_BYTES + 6 &&
            memcmp(bytes + at + TIME_TEXT_BYTES - 1, " error ", 7) == 0) {
            put_error(errors, bytes + at, line_len);
        }
        at += line_len + 1;
    }
}

// Keeps the newest; times sort as words do.
static void put_error(struct errors *errors, const char *line, size_t len)
{
    char words[FAULT_LINE_BYTES] = {0};
    memcpy(words, line, len < sizeof words ? len : sizeof words - 1);
    size_t at = errors->count;
    while (at > 0 && strncmp(errors->lines[at - 1], words, TIME_TEXT_BYTES - 1) > 0) {
        at -= 1;
    }
    if (errors->count < API_FAULTS_MAX) {
        memmove(errors->lines + at + 1, errors->lines + at,
                (errors->count - at) * sizeof errors->lines[0]);
        errors->count += 1;
    } else if (at == 0) {
        return; // older than all we keep
    } else {
        at -= 1;
        memmove(errors->lines, errors->lines + 1, at * sizeof errors->lines[0]);
    }
    memcpy(errors->lines[at], words, sizeof words);
}
