#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# fuzz.sh SECONDS PROGRAM...: runs each libFuzzer program for that long. The committed corpus is read
# only; what is found goes to build/fuzz/. Ends with `N passed, N failed`.
set -u
seconds=$1
shift
passed=0
failed=0
for program in "$@"; do
    target=${program##*/fuzz_}
    found=build/fuzz/corpus/$target
    mkdir -p "$found" build/fuzz/crashes
    set -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/crashes/$target-"
    if [ -f "tests/fuzz/dict/$target.dict" ]; then
        set -- "$@" -dict="tests/fuzz/dict/$target.dict"
    fi
    set -- "$@" "$found"
    if [ -d "tests/fuzz/corpus/$target" ]; then
        set -- "$@" "tests/fuzz/corpus/$target"
    fi
    if "$program" "$@" > "build/fuzz/$target.log" 2>&1; then
        passed=$((passed + 1))
        echo "$target: no finding;" "$(grep -h 'number_of_executed_units\|Done ' "build/fuzz/$target.log" | tail -n 1)"
    else
        failed=$((failed + 1))
        echo "$target: FOUND"
        tail -n 40 "build/fuzz/$target.log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
