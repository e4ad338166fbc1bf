// SPDX-License-Identifier: EUPL-1.2
//
// Small files and the kernel's tables, turned into words.
#include "apps/technician/screen_facts.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>

enum { PATH_BYTES = 600, SMALL_BYTES_MAX = 8 * 1024, LOG_BYTES_MAX = 64 * 1024 };

static void read_own(struct facts *facts, const struct config *config);
static void read_image(struct facts *facts, const struct config *config);
static void read_serial(struct facts *facts, const struct config *config);
static void read_network(struct facts *facts, const struct config *config);
static void read_address(struct facts *facts);
static void read_hub_code(struct facts *facts, const struct config *config);
static bool read_first_line(const char *path, char *out, size_t out_bytes);
static void path_of(const struct config *config, const char *key, const char *fallback,
                    const char *name, char path[PATH_BYTES]);
static void root_path(const struct config *config, const char *name, char path[PATH_BYTES]);
static void read_update(struct report *report, const struct config *config);
static void read_refused(struct report *report, const struct config *config);
static void read_logs(struct report *report, const struct config *config);
static void read_log(struct report *report, const char *path);
static void keep_newest(struct report *report, const char *line);

void facts_read(struct facts *facts, const struct config *config)
{
    memset(facts, 0, sizeof *facts); // compared byte by byte with what was told
    read_own(facts, config);
    read_image(facts, config);
    read_serial(facts, config);
    read_network(facts, config);
    read_hub_code(facts, config);
    struct timex kernel = {0};
    facts->is_synchronised = adjtimex(&kernel) != TIME_ERROR && (kernel.status & STA_UNSYNC) == 0;
}

void report_read(struct report *report, const struct config *config)
{
    memset(report, 0, sizeof *report);
    char path[PATH_BYTES];
    path_of(config, "run.dir", "/run/inloop", "/health", path);
    struct fault fault = {0};
    report->has_health = health_read(path, &report->health, &fault) == OK;
    read_update(report, config);
    read_refused(report, config);
    read_logs(report, config);
}

// What enrolling wrote counts more than what we were started with: it may be a minute old.
static void read_own(struct facts *facts, const struct config *config)
{
    const struct {
        const char *key;
        char *out;
        size_t out_bytes;
    } words[] = {
        {"id", facts->device, sizeof facts->device},
        {"role", facts->role, sizeof facts->role},
        {"location", facts->location, sizeof facts->location},
        {"town", facts->town, sizeof facts->town},
        {"hub.url", facts->hub_url, sizeof facts->hub_url},
        {"hub.fingerprint", facts->hub_fingerprint, sizeof facts->hub_fingerprint},
    };
    char path[PATH_BYTES];
    struct stat file;
    struct fault fault = {0};
    struct config *own = calloc(1, sizeof *own);
    CHECK(own != NULL);
    path_of(config, "device.dir", "/data/device", "/device.pem", path);
    facts->is_enrolled = stat(path, &file) == 0;
    path_of(config, "device.dir", "/data/device", "/device.conf", path);
    if (!facts->is_enrolled || config_read_file(own, path, &fault) != OK) {
        own->entries_count = 0;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *before = config_get(config, words[i].key, "");
        text_copy_cut(words[i].out, words[i].out_bytes, config_get(own, words[i].key, before));
    }
    free(own);
}

// Board and version, and whether the clock can be right: no version is older than itself.
static void read_image(struct facts *facts, const struct config *config)
{
    char made_path[PATH_BYTES];
    path_of(config, "image.file", "/etc/inloop/image.conf", "", made_path);
    struct config *image = calloc(1, sizeof *image);
    CHECK(image != NULL);
    struct fault fault = {0};
    struct date made = {0};
    if (config_read_file(image, made_path, &fault) == OK) {
        text_copy_cut(facts->board, sizeof facts->board, config_get(image, "board", ""));
        text_copy_cut(facts->version, sizeof facts->version, config_get(image, "version", ""));
        char day[DATE_TEXT_BYTES];
        text_copy_cut(day, sizeof day, config_get(image, "made", ""));
        struct clock clock = clock_system();
        facts->is_clock_wrong = date_from_text(day, &made) == OK &&
                                clock_now_ms(&clock) / 86400000 < date_to_days(made) - 1;
    }
    free(image);
}

static void read_serial(struct facts *facts, const struct config *config)
{
    static const char *const makers[] = {"/proc/device-tree/serial-number",
                                         "/sys/class/dmi/id/product_serial"};
    char path[PATH_BYTES];
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        root_path(config, makers[i], path);
        if (read_first_line(path, facts->serial, sizeof facts->serial)) {
            return;
        }
    }
    root_path(config, "/etc/machine-id", path);
    if (read_first_line(path, facts->serial, sizeof facts->serial)) {
        facts->serial[8] = '\0'; // enough to tell two devices on a table apart
    }
}

// The first interface that has a link counts; without any the first there is.
static void read_network(struct facts *facts, const struct config *config)
{
    char path[PATH_BYTES];
    root_path(config, "/sys/class/net", path);
    DIR *folder = opendir(path);
    struct dirent *entry = NULL;
    while (folder != NULL && !facts->has_link && (entry = readdir(folder)) != NULL) {
        char name[FACTS_WORD_BYTES];
        char carrier[8] = "";
        if (entry->d_name[0] == '.' || text_equal(entry->d_name, "lo") ||
            text_copy(name, sizeof name, entry->d_name) != OK) {
            continue;
        }
        struct text text;
        char below[PATH_BYTES];
        text_init(&text, below, sizeof below);
        text_format(&text, "%s/%s/carrier", path, name);
        bool has_link = read_first_line(below, carrier, sizeof carrier) && carrier[0] == '1';
        if (has_link || facts->interface[0] == '\0') {
            memcpy(facts->interface, name, sizeof facts->interface);
            facts->has_link = has_link;
        }
    }
    if (folder != NULL) {
        (void)closedir(folder); // only read from
    }
    read_address(facts);
}

static void read_address(struct facts *facts)
{
    struct ifaddrs *all = NULL;
    if (getifaddrs(&all) != 0) {
        return;
    }
    for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next) {
        bool is_it = one->ifa_addr != NULL && one->ifa_addr->sa_family == AF_INET &&
                     text_equal(one->ifa_name, facts->interface);
        if (is_it) {
            struct sockaddr_in address;
            memcpy(&address, one->ifa_addr, sizeof address);
            if (inet_ntop(AF_INET, &address.sin_addr, facts->address, sizeof facts->address) ==
                NULL) {
                facts->address[0] = '\0';
            }
        }
    }
    freeifaddrs(all);
}

static void read_hub_code(struct facts *facts, const struct config *config)
{
    char path[PATH_BYTES];
    if (config_get(config, "hub.box_dir", NULL) != NULL) {
        path_of(config, "hub.box_dir", "", "/technician-code", path);
        (void)read_first_line(path, facts->hub_code, sizeof facts->hub_code); // empty: none
    }
}

// False: no such file, or nothing in it; `out` is then empty.
static bool read_first_line(const char *path, char *out, size_t out_bytes)
{
    char *bytes = NULL;
    size_t len = 0;
    out[0] = '\0';
    if (file_read(path, SMALL_BYTES_MAX, &bytes, &len) != OK) {
        return false;
    }
    size_t end = 0;
    while (end < len && end + 1 < out_bytes && (unsigned char)bytes[end] >= 0x20) {
        end += 1;
    }
    while (end > 0 && bytes[end - 1] == ' ') {
        end -= 1;
    }
    if (utf8_is_valid(bytes, end)) {
        memcpy(out, bytes, end);
        out[end] = '\0';
    }
    free(bytes);
    return out[0] != '\0';
}

static void path_of(const struct config *config, const char *key, const char *fallback,
                    const char *name, char path[PATH_BYTES])
{
    struct text text;
    text_init(&text, path, PATH_BYTES);
    text_format(&text, "%s%s", config_get(config, key, fallback), name);
}

static void root_path(const struct config *config, const char *name, char path[PATH_BYTES])
{
    path_of(config, "facts.root", "", name, path);
}

static void read_update(struct report *report, const struct config *config)
{
    char path[PATH_BYTES];
    path_of(config, "run.dir", "/run/inloop", "/update", path);
    struct config *update = calloc(1, sizeof *update);
    CHECK(update != NULL);
    struct fault fault = {0};
    if (config_read_file(update, path, &fault) == OK) {
        text_copy_cut(report->update_state, sizeof report->update_state,
                      config_get(update, "state", ""));
        text_copy_cut(report->update_version, sizeof report->update_version,
                      config_get(update, "version", ""));
        text_copy_cut(report->update_reason, sizeof report->update_reason,
                      config_get(update, "reason", ""));
    }
    free(update);
}

// Calls `take` with each line of a text, as much of it as is kept.
static void each_line(const char *bytes, size_t len,
                      void (*take)(struct report *report, const char *line), struct report *report)
{
    char line[FACTS_LINE_BYTES];
    size_t start = 0;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && bytes[i] != '\n') {
            continue;
        }
        size_t kept = i - start < sizeof line - 1 ? i - start : sizeof line - 1;
        memcpy(line, bytes + start, kept);
        while (kept > 0 && kept < i - start && !utf8_is_valid(line, kept)) {
            kept -= 1; // never half a character
        }
        line[kept] = '\0';
        take(report, line);
        start = i + 1;
    }
}

static void take_refused(struct report *report, const char *line)
{
    if (line[0] == '\0' || !text_is_printable(line)) {
        return;
    }
    if (report->refused_count == FACTS_REFUSED_MAX) {
        report->refused_count -= 1;
    }
    memmove(report->refused + 1, report->refused,
            report->refused_count * sizeof report->refused[0]);
    text_copy_cut(report->refused[0], sizeof report->refused[0], line);
    report->refused_count += 1;
}

static void read_refused(struct report *report, const struct config *config)
{
    char path[PATH_BYTES];
    path_of(config, "run.dir", "/run/inloop", "/usb", path);
    char *bytes = NULL;
    size_t len = 0;
    if (file_read(path, SMALL_BYTES_MAX, &bytes, &len) == OK && len <= SMALL_BYTES_MAX) {
        each_line(bytes, len, take_refused, report);
    }
    free(bytes);
}

static void read_logs(struct report *report, const struct config *config)
{
    char path[PATH_BYTES];
    path_of(config, "run.dir", "/run/inloop", "/log", path);
    DIR *folder = opendir(path);
    struct dirent *entry = NULL;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.') {
            struct text text;
            char below[PATH_BYTES + 256];
            text_init(&text, below, sizeof below);
            text_format(&text, "%s/%s", path, entry->d_name);
            read_log(report, below);
        }
    }
    if (folder != NULL) {
        (void)closedir(folder); // only read from
    }
}

// "2026-11-23T13:52:07Z warn scanner: unplugged": what is neither a warning nor an error is left.
static void take_log_line(struct report *report, const char *line)
{
    const char *level = strchr(line, ' ');
    bool is_one = level != NULL &&
                  (text_starts_with(level, " warn ") || text_starts_with(level, " error ")) &&
                  text_is_printable(line);
    if (is_one) {
        keep_newest(report, line);
    }
}

static void read_log(struct report *report, const char *path)
{
    char *bytes = NULL;
    size_t len = 0;
    if (file_read(path, LOG_BYTES_MAX, &bytes, &len) == OK) {
        each_line(bytes, len > LOG_BYTES_MAX ? LOG_BYTES_MAX : len, take_log_line, report);
    }
    free(bytes);
}

// Lines begin with their moment, in one form: the later is the greater text.
static void keep_newest(struct report *report, const char *line)
{
    size_t place = 0;
    while (place < report->errors_count && strncmp(report->errors[place], line, 20) > 0) {
        place += 1;
    }
    if (place == FACTS_ERRORS_MAX) {
        return;
    }
    if (report->errors_count == FACTS_ERRORS_MAX) {
        report->errors_count -= 1;
    }
    memmove(report->errors + place + 1, report->errors + place,
            (report->errors_count - place) * sizeof report->errors[0]);
    text_copy_cut(report->errors[place], sizeof report->errors[0], line);
    report->errors_count += 1;
}
