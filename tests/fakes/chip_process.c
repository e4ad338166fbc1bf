// SPDX-License-Identifier: EUPL-1.2
//
// Starting and ending inloop-chip.
#include "tests/fakes/chip_process.h"

#include "base/file.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 65536, FOLDERS_MAX = 8 };

static pid_t launch(char *const *words, int *said);
static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place);

void chip_process_start(struct chip_process *chip)
{
    const char *root = getenv("INLOOP_ROOT");
    char data[512];
    *chip = (struct chip_process){0};
    (void)snprintf(chip->dir, sizeof chip->dir, "/tmp/inloop-chip-XXXXXX");
    CHECK(mkdtemp(chip->dir) != NULL);
    (void)snprintf(chip->folder, sizeof chip->folder, "%s/cards", chip->dir);
    (void)snprintf(chip->address, sizeof chip->address, "%s/card.sock", chip->dir);
    (void)snprintf(data, sizeof data, "%s/tests/fakes/cards", root == NULL ? "." : root);
    char *const words[] = {"--make", chip->folder, "--data", data, NULL};
    int status = 0;
    const pid_t pid = launch(words, NULL);
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void chip_process_stop(struct chip_process *chip)
{
    if (chip->pid != 0) {
        (void)chip_process_lift(chip, NULL, 0);
    }
    (void)nftw(chip->dir, remove_one, FOLDERS_MAX, FTW_DEPTH | FTW_PHYS); // a leftover in /tmp
}

void chip_process_lay(struct chip_process *chip, const char *card, const char *lie,
                      const char *after)
{
    CHECK(chip->pid == 0);
    char *const words[] = {"--folder", chip->folder,
                           "--card",   (char *)card,
                           "--lay",    chip->address,
                           "--lie",    (char *)(lie == NULL ? "none" : lie),
                           "--after",  (char *)(after == NULL ? "9" : after),
                           NULL};
    chip->pid = launch(words, &chip->said);
}

bool chip_process_lift(struct chip_process *chip, char *said, size_t said_bytes)
{
    int status = 0;
    CHECK(chip->pid != 0);
    (void)kill(chip->pid, SIGTERM);
    CHECK(waitpid(chip->pid, &status, 0) == chip->pid);
    if (said != NULL) {
        const ssize_t len = read(chip->said, said, said_bytes - 1);
        said[len < 0 ? 0 : len] = '\0';
    }
    (void)close(chip->said);
    chip->pid = 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

char *chip_process_read(const struct chip_process *chip, const char *card, const char *name,
                        size_t *len)
{
    char path[256];
    char *bytes = NULL;
    (void)snprintf(path, sizeof path, "%s/%s/%s", chip->folder, card == NULL ? "." : card, name);
    CHECK(file_read(path, FILE_BYTES_MAX, &bytes, len) == OK);
    return bytes;
}

struct json *chip_process_words(const struct chip_process *chip, const char *card)
{
    size_t len = 0;
    struct json *words = NULL;
    char *bytes = chip_process_read(chip, card, "card.json", &len);
    CHECK(json_parse(bytes, len, &words) == OK);
    free(bytes);
    return words;
}

static pid_t launch(char *const *words, int *said)
{
    const char *build = getenv("INLOOP_BUILD");
    char program[512];
    char *all[16] = {program};
    int pipes[2] = {-1, -1};
    (void)snprintf(program, sizeof program, "%s/inloop-chip", build == NULL ? "build" : build);
    for (size_t i = 0; words[i] != NULL; i++) {
        all[i + 1] = words[i];
    }
    CHECK(said == NULL || pipe2(pipes, O_CLOEXEC) == 0);
    // Not fork: a test under the sanitizers is slow to copy.
    posix_spawn_file_actions_t actions;
    CHECK(posix_spawn_file_actions_init(&actions) == 0);
    CHECK(said == NULL || posix_spawn_file_actions_adddup2(&actions, pipes[1], 1) == 0);
    pid_t pid = 0;
    CHECK(posix_spawn(&pid, program, &actions, NULL, all, environ) == 0);
    (void)posix_spawn_file_actions_destroy(&actions); // nothing is held in them
    if (said != NULL) {
        (void)close(pipes[1]);
        *said = pipes[0];
    }
    return pid;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}
