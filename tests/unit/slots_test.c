// SPDX-License-Identifier: EUPL-1.2
//
// The files on the boot partition: what is a slot, what makes room, and that a write broken off at
// any system call leaves what boots as it was. On a folder; names are told apart as FAT does.
#include "update/slots.h"

#include "base/file.h"
#include "tests/fakes/bundles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { STOPS_MAX = 1000, FILE_BYTES_MAX = 1024 * 1024 };

static struct bundles made;
static struct fault fault;
static char esp[128];
static char bundle_path[BUNDLES_PATH_BYTES];
static struct bundle bundle;

static const char *slot_path(const char *name)
{
    static char path[256];
    (void)snprintf(path, sizeof path, "%s/EFI/Linux/%s", esp, name); // short names of ours
    return path;
}

static void put(const char *name)
{
    assert_int_equal(file_write(slot_path(name), 0644, name, strlen(name), &fault), OK);
}

// Holds what `put` wrote there.
static bool is_as_put(const char *name)
{
    char *bytes = NULL;
    size_t len = 0;
    bool is_same = file_read(slot_path(name), FILE_BYTES_MAX, &bytes, &len) == OK &&
                   len == strlen(name) && memcmp(bytes, name, len) == 0;
    free(bytes);
    return is_same;
}

static bool is_there(const char *name)
{
    return access(slot_path(name), F_OK) == 0;
}

// The names of all slots, newest first.
static const char *slots_words(void)
{
    static char words[SLOTS_MAX * SLOTS_NAME_BYTES];
    struct slots slots;
    words[0] = '\0';
    assert_int_equal(slots_read(&slots, esp, &fault), OK);
    for (size_t i = 0; i < slots.slots_count; i++) {
        (void)strcat(strcat(words, i == 0 ? "" : " "), slots.slots[i].file);
    }
    return words;
}

static void empty_esp(void)
{
    char command[400];
    (void)snprintf(command, sizeof command, "rm -rf %s && mkdir -p %s/EFI/Linux", esp, esp);
    assert_int_equal(system(command), 0);
}

static void names_are_read_and_put_in_order(void **state)
{
    (void)state;
    empty_esp();
    put("inloop_1.9.efi");
    put("inloop_1.10+2-1.efi");
    put("INLOOP_1.2.EFI");
    put("inloop_2+0-3.efi");
    static const char *const others[] = {"debian_3.efi",   "inloop.new",      "inloop_.efi",
                                         "inloop_x.efi",   "inloop_1.+3.efi", "inloop_1+.efi",
                                         "inloop_1+x.efi", "inloop_1+3-.efi", "inloop_1+100.efi",
                                         "inloop_1.efi2",  "inloop_1+-1.efi", "inloop_1.2.3.4.efi",
                                         "inloop_1",       "xinloop_1+3.efi", "inloop_01.efi"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        put(others[i]);
    }
    struct slots slots;

    assert_int_equal(slots_read(&slots, esp, &fault), OK);

    assert_string_equal(slots_words(),
                        "inloop_2+0-3.efi inloop_1.10+2-1.efi inloop_1.9.efi INLOOP_1.2.EFI");
    assert_true(slots.slots[1].is_counted);
    assert_int_equal(slots.slots[1].tries_left, 2);
    assert_int_equal(slots.slots[1].tries_done, 1);
    assert_false(slots.slots[2].is_counted);
    assert_string_equal(slots_find(&slots, "1.2")->file, "INLOOP_1.2.EFI");
    assert_null(slots_find(&slots, "1.3"));
    assert_string_equal(slots_older(&slots, "1.9")->version, "1.2");
    assert_string_equal(slots_older(&slots, "2")->version, "1.9");
}

static void a_new_version_is_written_beside_the_running_one(void **state)
{
    (void)state;
    empty_esp();
    put("inloop_1.2.efi");
    put("inloop_1.1.efi");

    assert_int_equal(slots_write(esp, bundle_path, &bundle, "1.2", &fault), OK);

    assert_string_equal(slots_words(), "inloop_2+3.efi inloop_1.2.efi inloop_1.1.efi");
    assert_true(is_as_put("inloop_1.2.efi") && is_as_put("inloop_1.1.efi"));
    assert_false(is_there("inloop.new"));
    char *bytes = NULL;
    size_t len = 0;
    uint8_t hash[CRYPTO_HASH_BYTES];
    assert_int_equal(file_read(slot_path("inloop_2+3.efi"), FILE_BYTES_MAX, &bytes, &len), OK);
    crypto_sha256(bytes, len, hash);
    assert_memory_equal(hash, bundle.payloads[0].sha256, sizeof hash);
    free(bytes);
}

static void room_is_made_but_never_of_what_may_have_to_boot(void **state)
{
    (void)state;
    empty_esp();
    put("inloop_1.2.efi");     // runs
    put("inloop_1.1.efi");     // worked before
    put("inloop_1.0.efi");     // older than needed
    put("inloop_1.3+0-3.efi"); // failed
    put("inloop_2+1-2.efi");   // a former try of the same version
    put("inloop.new");         // a write that was broken off
    put("debian_3.efi");       // another's

    assert_int_equal(slots_write(esp, bundle_path, &bundle, "1.2", &fault), OK);

    assert_string_equal(slots_words(), "inloop_2+3.efi inloop_1.2.efi inloop_1.1.efi");
    assert_true(is_as_put("debian_3.efi"));
    assert_false(is_there("inloop.new"));
}

static void the_running_version_is_never_written_over(void **state)
{
    (void)state;
    empty_esp();
    put("inloop_2.efi");

    assert_int_equal(slots_write(esp, bundle_path, &bundle, "2", &fault), ERR_STATE);
    assert_int_equal(slots_write(esp, bundle_path, &bundle, "2.0", &fault), ERR_STATE);

    assert_true(is_as_put("inloop_2.efi"));
}

static void a_file_changed_after_its_check_is_refused_and_not_kept(void **state)
{
    (void)state;
    empty_esp();
    put("inloop_1.2.efi");
    char path[BUNDLES_PATH_BYTES];
    char *bytes = NULL;
    size_t len = 0;
    assert_int_equal(file_read(bundle_path, FILE_BYTES_MAX, &bytes, &len), OK);
    bytes[len - 1] ^= 1;
    bundles_put(&made, "changed", bytes, len);
    bundles_put(&made, "shorter", bytes, len - 1);
    free(bytes);

    assert_int_equal(slots_write(esp, bundles_path(&made, "changed", path), &bundle, "1.2", &fault),
                     ERR_CRYPTO);
    assert_int_equal(slots_write(esp, bundles_path(&made, "shorter", path), &bundle, "1.2", &fault),
                     ERR_CRYPTO);

    assert_string_equal(slots_words(), "inloop_1.2.efi");
    assert_false(is_there("inloop.new"));
}

static void a_bundle_without_an_image_is_refused(void **state)
{
    (void)state;
    empty_esp();
    struct bundle other = bundle;
    other.payloads[0].name[0] = 'x';

    assert_int_equal(slots_write(esp, bundle_path, &other, "1.2", &fault), ERR_NOT_FOUND);
}

static void no_boot_partition_is_said(void **state)
{
    (void)state;
    struct slots slots;
    assert_int_equal(slots_read(&slots, "/nonexistent", &fault), ERR_IO);
    assert_int_equal(slots_write("/nonexistent", bundle_path, &bundle, "1.2", &fault), ERR_IO);
    assert_int_equal(slots_bless("/nonexistent", "1.2", &fault), ERR_IO);
    assert_int_equal(slots_tidy("/nonexistent", "1.2", &fault), ERR_IO);
}

// The disk takes no more than this of a file: what a full partition does in the middle of a write.
static void a_partition_that_fills_up_leaves_what_boots(void **state)
{
    (void)state;
    empty_esp();
    put("inloop_1.2.efi");
    put("inloop_1.1.efi");
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, SIG_IGN);

    struct rlimit little = {.rlim_cur = BUNDLES_UKI_BYTES / 2, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    enum err err = slots_write(esp, bundle_path, &bundle, "1.2", &fault);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);

    assert_int_equal(err, ERR_FULL);
    assert_string_equal(slots_words(), "inloop_1.2.efi inloop_1.1.efi");
    assert_false(is_there("inloop.new"));
}

static void more_than_the_partition_has_is_not_begun(void **state)
{
    (void)state;
    empty_esp();
    put("inloop_1.2.efi");
    struct bundle huge = bundle;
    huge.payloads[0].bytes_count = UINT64_MAX / 2;

    assert_int_equal(slots_write(esp, bundle_path, &huge, "1.2", &fault), ERR_FULL);

    assert_non_null(strstr(fault.text, "KiB left"));
}

// Runs slots_write in a child and ends it at its `stops`-th system call, entry or exit. False: it
// came to its end before that.
static bool write_until(size_t stops)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        (void)raise(SIGSTOP);
        enum err err = slots_write(esp, bundle_path, &bundle, "1.2", &fault);
        _exit(err == OK ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSTOPPED(status));
    for (size_t i = 0; i < stops; i++) {
        assert_int_equal(ptrace(PTRACE_SYSCALL, child, NULL, NULL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        if (WIFEXITED(status)) {
            assert_int_equal(WEXITSTATUS(status), 0);
            return false;
        }
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    return true;
}

static void a_write_broken_off_at_any_system_call_leaves_what_boots(void **state)
{
    (void)state;
    size_t stops = 1;
    size_t halves_count = 0;
    for (bool is_cut = true; is_cut && stops < STOPS_MAX; stops++) {
        empty_esp();
        put("inloop_1.2.efi");
        put("inloop_1.1.efi");
        put("inloop_1.5+0-3.efi");

        is_cut = write_until(stops);

        assert_true(is_as_put("inloop_1.2.efi") && is_as_put("inloop_1.1.efi"));
        halves_count += is_there("inloop.new") ? 1 : 0;
        if (is_there("inloop_2+3.efi")) { // whole then
            char *bytes = NULL;
            size_t len = 0;
            uint8_t hash[CRYPTO_HASH_BYTES];
            assert_int_equal(file_read(slot_path("inloop_2+3.efi"), FILE_BYTES_MAX, &bytes, &len),
                             OK);
            crypto_sha256(bytes, len, hash);
            assert_memory_equal(hash, bundle.payloads[0].sha256, sizeof hash);
            free(bytes);
        }
        assert_int_equal(slots_tidy(esp, "1.2", &fault), OK);
        assert_false(is_there("inloop.new") || is_there("inloop_1.5+0-3.efi"));
        assert_int_equal(slots_write(esp, bundle_path, &bundle, "1.2", &fault), OK);
        assert_string_equal(slots_words(), "inloop_2+3.efi inloop_1.2.efi inloop_1.1.efi");
    }
    assert_in_range(stops, 40, STOPS_MAX - 1);
    assert_in_range(halves_count, 10, stops); // it was really broken off in the middle
}

static void a_version_that_works_loses_its_counter(void **state)
{
    (void)state;
    empty_esp();
    put("inloop_2+1-2.efi");
    put("inloop_1.2.efi");

    assert_int_equal(slots_bless(esp, "2", &fault), OK);
    assert_int_equal(slots_bless(esp, "2", &fault), OK);
    assert_int_equal(slots_bless(esp, "3", &fault), ERR_NOT_FOUND);

    assert_string_equal(slots_words(), "inloop_2.efi inloop_1.2.efi");
}

static void tidying_takes_failed_versions_and_halves_only(void **state)
{
    (void)state;
    empty_esp();
    put("inloop_3+0-3.efi"); // failed
    put("inloop_2+0-3.efi"); // on its last try, and it runs
    put("inloop_1.5+1-2.efi");
    put("inloop_1.2.efi");
    put("inloop.new");

    assert_int_equal(slots_tidy(esp, "2", &fault), OK);

    assert_string_equal(slots_words(), "inloop_2+0-3.efi inloop_1.5+1-2.efi inloop_1.2.efi");
    assert_false(is_there("inloop.new"));
}

static void a_version_that_failed_is_forgotten_whatever_tries_it_has_left(void **state)
{
    (void)state;
    empty_esp();
    put("inloop_2+2-1.efi");
    put("inloop_1.5+1-2.efi");
    put("inloop_1.2.efi");

    assert_int_equal(slots_forget(esp, "2", &fault), OK);
    assert_int_equal(slots_forget(esp, "1.2", &fault), OK); // it is not on trial
    assert_int_equal(slots_forget(esp, "7", &fault), OK);

    assert_string_equal(slots_words(), "inloop_1.5+1-2.efi inloop_1.2.efi");
}

static int setup(void **state)
{
    (void)state;
    bundles_open(&made);
    (void)snprintf(esp, sizeof esp, "%s/esp", made.folder); // a short name of ours
    return bundle_check_file(&bundle, bundles_make(&made, "2", bundle_path), &made.keys, &fault);
}

static int teardown(void **state)
{
    (void)state;
    bundles_close(&made);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_read_and_put_in_order),
        cmocka_unit_test(a_new_version_is_written_beside_the_running_one),
        cmocka_unit_test(room_is_made_but_never_of_what_may_have_to_boot),
        cmocka_unit_test(the_running_version_is_never_written_over),
        cmocka_unit_test(a_file_changed_after_its_check_is_refused_and_not_kept),
        cmocka_unit_test(a_bundle_without_an_image_is_refused),
        cmocka_unit_test(no_boot_partition_is_said),
        cmocka_unit_test(a_partition_that_fills_up_leaves_what_boots),
        cmocka_unit_test(more_than_the_partition_has_is_not_begun),
        cmocka_unit_test(a_write_broken_off_at_any_system_call_leaves_what_boots),
        cmocka_unit_test(a_version_that_works_loses_its_counter),
        cmocka_unit_test(tidying_takes_failed_versions_and_halves_only),
        cmocka_unit_test(a_version_that_failed_is_forgotten_whatever_tries_it_has_left),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
