#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Builds every fuzz target with clang and runs each for the given minutes, two at a time. New
# inputs stay in the build folder; a crash is copied beside the corpus and fails the run.
# run.sh <build folder> <minutes>
set -u
build=$1
seconds=$((${2:-10} * 60))
mkdir -p "$build/fuzz"
cmake -S firmware -B "$build/fuzz" -G Ninja -DCMAKE_C_COMPILER=clang -DINLOOP_FUZZ=ON \
    -DCMAKE_BUILD_TYPE=Debug >"$build/fuzz/cmake.log" 2>&1 && ninja -C "$build/fuzz" --quiet || exit 1

fuzz_one() {
    local build=$1 seconds=$2 name=$3
    local found=$build/fuzz/found/$name
    mkdir -p "$found"
    if "$build/fuzz/tests/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="$found/finding-" -print_final_stats=1 \
        "$found" "tests/fuzz/corpus/$name" >"$build/fuzz/$name.log" 2>&1; then
        echo "$name: $(sed -nE 's/stat::number_of_executed_units: //p' "$build/fuzz/$name.log") runs, no finding"
    else
        echo "$name: FINDING, see $build/fuzz/$name.log"
        return 1
    fi
}
export -f fuzz_one
for target in tests/fuzz/*_fuzz.c; do
    basename "$target" _fuzz.c
done | xargs -P "$(nproc)" -I{} bash -c "fuzz_one '$build' '$seconds' {}"
