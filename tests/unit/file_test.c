// SPDX-License-Identifier: EUPL-1.2
//
// Files read whole: small ones, long ones, and what is no file.
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST = 10 };

// A file of so many bytes, read and taken away again.
static enum err read_one(size_t size, char **bytes, size_t *len)
{
    char path[] = "/tmp/inloop-file-XXXXXX";
    int handle = mkstemp(path);
    assert_true(handle >= 0);
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(write(handle, "x", 1), 1);
    }
    assert_int_equal(close(handle), 0);
    enum err err = file_read(path, MOST, bytes, len);
    assert_int_equal(unlink(path), 0);
    return err;
}

static void a_file_comes_whole_and_one_that_is_too_long_says_so(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        size_t len;
    } files[] = {{0, 0}, {1, 1}, {9, 9}, {10, 10}, {11, 11}, {500, 11}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char *bytes = NULL;
        size_t len = 99;

        assert_int_equal(read_one(files[i].size, &bytes, &len), OK);

        assert_int_equal(len, files[i].len);
        for (size_t at = 0; at < len; at++) {
            assert_int_equal(bytes[at], 'x');
        }
        free(bytes);
    }
}

static void what_is_no_file_is_not_read(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t len = 0;

    assert_int_equal(file_read("/tmp/inloop/not/there", MOST, &bytes, &len), ERR_NOT_FOUND);
    assert_int_equal(file_read("/tmp", MOST, &bytes, &len), ERR_IO);

    assert_null(bytes);
}

static void what_has_no_size_is_read_as_far_as_it_may(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t len = 0;

    assert_int_equal(file_read("/dev/zero", MOST, &bytes, &len), OK);

    assert_int_equal(len, MOST + 1);
    free(bytes);
}

static void a_written_file_replaces_the_old_one_whole(void **state)
{
    (void)state;
    char path[] = "/tmp/inloop-file-XXXXXX";
    struct fault fault = {0};
    char *bytes = NULL;
    size_t len = 0;
    assert_int_equal(close(mkstemp(path)), 0);

    assert_int_equal(file_write(path, 0640, "first words", 11, &fault), OK);
    assert_int_equal(file_write(path, 0600, "second", 6, &fault), OK);

    struct stat facts;
    assert_int_equal(file_read(path, 100, &bytes, &len), OK);
    assert_int_equal(len, 6);
    assert_memory_equal(bytes, "second", 6);
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    free(bytes);
    assert_int_equal(unlink(path), 0);
}

static void what_cannot_be_written_says_so_and_leaves_nothing(void **state)
{
    (void)state;
    struct fault fault = {0};
    char folder[] = "/tmp/inloop-file-XXXXXX";
    char path[64];
    char beside[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/taken", folder);
    (void)snprintf(beside, sizeof beside, "%s/.taken.new", folder);
    assert_int_equal(mkdir(path, 0700), 0); // a folder is not replaced by a file

    assert_int_equal(file_write(path, 0600, "words", 5, &fault), ERR_IO);
    assert_int_equal(file_write("/nonexistent/file", 0600, "words", 5, &fault), ERR_IO);

    assert_int_equal(access(beside, F_OK), -1);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_comes_whole_and_one_that_is_too_long_says_so),
        cmocka_unit_test(what_is_no_file_is_not_read),
        cmocka_unit_test(what_has_no_size_is_read_as_far_as_it_may),
        cmocka_unit_test(a_written_file_replaces_the_old_one_whole),
        cmocka_unit_test(what_cannot_be_written_says_so_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
