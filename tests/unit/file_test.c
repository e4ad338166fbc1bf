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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_comes_whole_and_one_that_is_too_long_says_so),
        cmocka_unit_test(what_is_no_file_is_not_read),
        cmocka_unit_test(what_has_no_size_is_read_as_far_as_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
