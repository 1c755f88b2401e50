#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh: the figures of docs/performance.md. Environment: BUILD, PLIMSOLL; RUNS (default 21).
# The corpus is unpacked from ../shared/reference/corpus where that exists and generated elsewhere.
set -u
runs=${RUNS:-21}
tools=$BUILD/tests/bench
corpus=build/corpus
reference=${PLIM_REFERENCE:-../shared/reference}/corpus/dockerfiles.jsonl.gz

rm -rf "$corpus"
mkdir -p build
"$tools/corpus" "$corpus" "$reference" || exit 1
small=$(find "$corpus" -name Dockerfile -size -2 | sort | head -n 1)

echo
echo "Whole run with all rules against opening, reading and closing the same files ($runs runs, median):"
"$tools/compare" "$runs" 'open, read, close' "$tools/read_all $corpus" \
    'plimsoll check' "$PLIMSOLL check --fail-on never $corpus" \
    'plimsoll check, JSON' "$PLIMSOLL check --fail-on never --format json $corpus" || exit 1
echo
echo "Start-up on one small file against true ($runs runs, median):"
"$tools/compare" "$runs" 'true' 'true' 'plimsoll version' "$PLIMSOLL version" \
    'plimsoll check, one file' "$PLIMSOLL check --fail-on never $small" || exit 1
if [ -x "$tools/phases" ]; then
    echo
    echo 'Inside one process:'
    "$tools/phases" "$corpus" policies || exit 1
fi
