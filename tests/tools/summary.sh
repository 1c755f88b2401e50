#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# summary.sh CODE LOGDIR: adds up the tallies of all suites into the closing line of `make check`.
# CODE is the exit code of the make that ran them: a suite that could not even be built is a failure.
set -u
code=$1
sums=$(cat "$2"/*.tally 2>/dev/null | awk '
    { passed += $1; failed += $2; skipped += $3 }
    END { print passed + 0, failed + 0, skipped + 0 }')
# shellcheck disable=SC2086 # three numbers
set -- $sums
failed=$2
if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
    echo 'a suite could not be built'
    failed=1
fi
if [ "$1" -eq 0 ] && [ "$failed" -eq 0 ]; then
    echo 'no test was run'
    failed=1
fi
echo "$1 passed, $failed failed, $3 skipped"
[ "$failed" -eq 0 ]
