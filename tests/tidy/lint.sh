#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Layout, clang-tidy, cppcheck and the house's own rules. lint.sh <build folder>
set -u
build=$1
failed=0
mapfile -d '' files < <(find firmware tests -name '*.[ch]' -print0)
mapfile -d '' sources < <(find firmware -name '*.c' -print0)

echo "layout"
clang-format --dry-run --Werror "${files[@]}" || failed=1
echo "cppcheck"
cppcheck --quiet --std=c11 -j"$(nproc)" --enable=warning,portability --inline-suppr \
    --library=tests/tidy/cppcheck.cfg --suppress=missingIncludeSystem --error-exitcode=1 \
    -Ifirmware -DINLOOP_DESK -D_GNU_SOURCE \
    "${sources[@]}" || failed=1
echo "clang-tidy"
cmake -S firmware -B "$build/lint" -G Ninja -DCMAKE_C_COMPILER=clang >"$build.lint.log" 2>&1 \
    || { cat "$build.lint.log"; failed=1; }
rm -f "$build.lint.log"
printf '%s\0' "${sources[@]}" |
    xargs -0 -n 8 -P "$(nproc)" clang-tidy --quiet -p "$build/lint" 2>/dev/null || failed=1
echo "tidy"
/usr/bin/python3 tests/tidy/house_test.py || failed=1
[ "$failed" -eq 0 ] && echo "lint: good"
exit "$failed"
