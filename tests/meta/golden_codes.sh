#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# golden_codes.sh: every diagnostic of the language is exercised: its code stands in an expected file
# of the golden tests, or its id in a unit test.
. tests/meta/files.inc

sed -n 's/^DIAG(\([a-z_0-9]*\), *"\([EW][0-9]*\)".*/\1 \2/p' core/diagnostics.def |
    while read -r id code; do
        grep -qr "$code" --include='*.expected' tests/golden && continue
        grep -qr "DIAG_$id\b" tests/unit && continue
        grep -qr "$code" tests/unit tests/cli && continue
        echo "core/diagnostics.def: $code ($id) is in no golden and no test"
    done | report
finish
