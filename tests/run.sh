#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Builds twice (with sanitizers and without), runs the tests of both and closes with one line that
# counts them. run.sh <build folder> [part of a test's name]
set -u
build=$1
only=${2:-}
passed=0
failed=0
skipped=0

run_build() { # name, cmake options...
    local folder=$build/$1
    shift
    mkdir -p "$folder"
    if ! { cmake -S firmware -B "$folder" -G Ninja "$@" && ninja -C "$folder" --quiet; } \
        >"$folder.log" 2>&1; then
        cat "$folder.log"
        echo "the build failed: $folder"
        failed=$((failed + 1))
        return
    fi
    # One more than cores, for most of them wait; of those that start whole town halls one at a time
    # (tests/CMakeLists.txt).
    ctest --test-dir "$folder" -j "$(($(nproc) + 1))" --output-on-failure ${only:+-R "$only"} | tee "$folder.ctest.log"
    local total bad left
    total=$(sed -nE 's/.* out of ([0-9]+)$/\1/p' "$folder.ctest.log")
    bad=$(sed -nE 's/.* ([0-9]+) tests? failed out of.*/\1/p' "$folder.ctest.log")
    if [ -z "$total" ]; then
        [ -n "$only" ] || failed=$((failed + 1))
        return
    fi
    # What could not be tried here is neither.
    left=$(grep -cE '^ *[0-9]+/[0-9]+ .*\*\*\*Skipped' "$folder.ctest.log")
    passed=$((passed + total - bad - left))
    failed=$((failed + bad))
    skipped=$((skipped + left))
}

run_build asan -DCMAKE_BUILD_TYPE=Debug -DINLOOP_SANITIZE=ON
run_build release -DCMAKE_BUILD_TYPE=RelWithDebInfo
if [ $((passed + failed + skipped)) -eq 0 ]; then
    echo "no test has '$only' in its name"
    failed=1
fi
[ "$skipped" -eq 0 ] || echo "$skipped skipped: see above what is not here"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
