#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# lint.sh CLANG CPPFLAGS WARNINGS FILE...: every file through gcc's analyser and clang's warnings.
set -u
clang=$1
cppflags=$2
warnings=$3
shift 3
failed=0
# gcc 12 takes a struct copied out of a heap array for unset; the sanitizer builds look for real cases.
lost=-Wno-analyzer-use-of-uninitialized-value
for file in "$@"; do
    # shellcheck disable=SC2086 # flags are lists
    gcc -std=c11 -O1 $cppflags $warnings -fanalyzer $lost -c "$file" -o /dev/null ||
        failed=$((failed + 1))
    if command -v "$clang" > /dev/null 2>&1; then
        # shellcheck disable=SC2086
        "$clang" -std=c11 -O1 $cppflags $warnings -c "$file" -o /dev/null || failed=$((failed + 1))
    fi
done
echo "lint: $# files, $failed with findings"
[ "$failed" -eq 0 ]
