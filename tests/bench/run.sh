#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh: the figures of docs/performance.md. Environment: BUILD, PLIMSOLL; RUNS (default 25);
# WRITE=1 replaces the figures in that document. The corpus is unpacked from ../shared/reference/corpus
# where that exists and generated elsewhere.
set -eu
runs=${RUNS:-25}
tools=$BUILD/tests/bench
bench=build/bench
corpus=$bench/corpus
compose=$bench/compose
reference=${PLIM_REFERENCE:-../shared/reference}/corpus

rm -rf "$bench"
mkdir -p "$bench/small"
made=$("$tools/corpus" "$corpus" Dockerfile "$reference/dockerfiles.jsonl.gz")
find "$corpus" -type f | sort > "$bench/list"
made_compose=$("$tools/corpus" "$compose" compose.yaml "$reference/compose.jsonl.gz")
find "$compose" -type f | sort > "$bench/compose-list"
printf 'FROM alpine:3.20\nUSER 1000\nCMD ["true"]\n' > "$bench/small/Dockerfile"

measure() {
    echo "$made"
    echo "Medians of $runs runs, one thread, all rules."
    echo
    echo "Whole run against opening, reading and closing the same files:"
    echo
    "$tools/compare" "$runs" 'open, read, close' "$tools/read_files $bench/list" \
        'the same, found by walking' "$tools/read_all $corpus" \
        'plimsoll check, same list' \
        "$PLIMSOLL check --fail-on never --output text=$bench/findings.txt @$bench/list" \
        'plimsoll check, walking' \
        "$PLIMSOLL check --fail-on never --output text=$bench/findings.txt $corpus" \
        'plimsoll check, JSON' "$PLIMSOLL check --fail-on never --format json $corpus"
    echo
    echo "Start-up against true:"
    echo
    "$tools/compare" "$runs" 'true' 'true' 'plimsoll version' "$PLIMSOLL version" \
        'plimsoll check, three lines' "$PLIMSOLL check --fail-on never $bench/small/Dockerfile"
    echo
    echo "Inside one process, files in memory:"
    echo
    # shellcheck disable=SC2046 # one word each
    "$tools/stages" "$runs" "$bench/list" policies \
        $(find policies -name '*.plim' ! -name '*_test.plim' | sort)
    echo
    echo "$made_compose"
    echo
    echo "YAML: the parser library alone, and document trees made with it:"
    echo
    "$tools/compare" "$runs" 'open, read, close' "$tools/read_files $bench/compose-list" \
        'and the events of libyaml' "$tools/parse_yaml $bench/compose-list"
    "$tools/parse_yaml" "$runs" "$bench/compose-list"
}

measure > "$bench/figures.txt"
cat "$bench/figures.txt"

if [ "${WRITE:-0}" = 1 ]; then
    awk -v figures="$bench/figures.txt" '
        /^<!-- end of figures -->$/ { inside = 0 }
        !inside { print }
        /^<!-- figures -->$/ {
            inside = 1
            print "\n```"
            while ((getline line < figures) > 0) { print line }
            print "```\n"
        }
    ' docs/performance.md > "$bench/performance.md"
    cp "$bench/performance.md" docs/performance.md
    echo "docs/performance.md rewritten"
fi
