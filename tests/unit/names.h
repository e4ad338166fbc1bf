// SPDX-License-Identifier: EUPL-1.2
//
// A family of names: each leads there and back, and nothing else is known.
#ifndef INLOOP_TESTS_NAMES_H
#define INLOOP_TESTS_NAMES_H

#define ASSERT_NAMES(family, type, count)                                                          \
    do {                                                                                           \
        type found = 0;                                                                            \
        for (int i = 0; i < (count); i++) {                                                        \
            assert_int_equal(family##_from_name(family##_name((type)i), &found), OK);              \
            assert_int_equal(found, i);                                                            \
        }                                                                                          \
        assert_int_equal(family##_from_name("no such name", &found), ERR_NOT_FOUND);               \
        assert_int_equal(family##_from_name("", &found), ERR_NOT_FOUND);                           \
        assert_int_equal(found, (count)-1);                                                        \
    } while (0)

#endif
