// SPDX-License-Identifier: EUPL-1.2
//
// Gives every file of a corpus folder to a fuzz target once, so that old findings stay found
// without a fuzzer. An absent or empty folder is a failure.
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int replay_file(const char *path);

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s corpus-folder\n", argv[0]);
        return 2;
    }
    DIR *folder = opendir(argv[1]);
    if (folder == NULL) {
        perror(argv[1]);
        return 1;
    }
    int files_count = 0;
    int failed = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        failed |= replay_file(path);
        files_count++;
    }
    (void)closedir(folder);
    printf("%d files\n", files_count);
    return failed != 0 || files_count == 0;
}

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    enum { LIMIT = 1 << 20 };
    uint8_t *data = malloc(LIMIT);
    size_t len = data == NULL ? 0 : fread(data, 1, LIMIT, file);
    (void)fclose(file);
    // A copy of the exact size lets the address sanitizer see one byte too far.
    uint8_t *exact = malloc(len + (len == 0));
    for (size_t i = 0; exact != NULL && i < len; i++) {
        exact[i] = data[i];
    }
    int result = exact == NULL ? 1 : LLVMFuzzerTestOneInput(exact, len);
    free(exact);
    free(data);
    return result;
}
