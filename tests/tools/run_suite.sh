#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run_suite.sh NAME ITEM...: runs each item (program or .sh file), adds up what they report and prints
# one line. Full output goes to $BUILD/log/NAME.log, the sums to $BUILD/log/NAME.tally; the output of
# a failing item is shown. SHOW=1 shows all output. An item counts by the lines it prints
# (`N passed, N failed[, N skipped]`, or the closing lines of cmocka); one that prints no count is one
# test by its exit code; one that exits non-zero without a counted failure is one failure more.
set -u
name=$1
shift
logs=$BUILD/log
mkdir -p "$logs"
log=$logs/$name.log
: > "$log"
passed=0
failed=0
skipped=0
started=$(date +%s)

# Prints "PASSED FAILED SKIPPED" for the output file and exit code given.
count() {
    awk -v code="$2" '
        /^\[  PASSED  \] [0-9]+ test/ { passed += $4; seen = 1 }
        /^\[  FAILED  \] [0-9]+ test/ { failed += $4; seen = 1 }
        /^\[  SKIPPED \] [0-9]+ test/ { skipped += $4; seen = 1 }
        /^([a-z-]+: )?[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ {
            sub(/^[a-z-]+: /, "")
            passed += $1; failed += $3; skipped += $5; seen = 1
        }
        END {
            if (code != 0 && failed == 0) { failed = 1; seen = 1 }
            if (!seen) { passed = 1 }
            print passed + 0, failed + 0, skipped + 0
        }' "$1"
}

for item in "$@"; do
    out=$logs/$name.item
    case $item in
    *.sh) timeout "${TEST_TIMEOUT:-300}" sh "$item" > "$out" 2>&1 < /dev/null ;;
    *) timeout "${TEST_TIMEOUT:-300}" "$item" > "$out" 2>&1 < /dev/null ;;
    esac
    code=$?
    echo "==== $item: exit code $code" >> "$log"
    cat "$out" >> "$log"
    # shellcheck disable=SC2046 # three numbers
    set -- $(count "$out" "$code")
    passed=$((passed + $1))
    failed=$((failed + $2))
    skipped=$((skipped + $3))
    if [ "$2" -gt 0 ]; then
        echo "---- $item: exit code $code, $2 failed"
        grep -v '^\[ RUN      \]\|^\[       OK \]' "$out" | tail -n 60
    elif [ "${SHOW:-0}" = 1 ]; then
        cat "$out"
    fi
done
rm -f "$logs/$name.item"
echo "$passed $failed $skipped" > "$logs/$name.tally"
echo "$name: $passed passed, $failed failed, $skipped skipped ($(($(date +%s) - started)) s)"
[ "$failed" -eq 0 ]
