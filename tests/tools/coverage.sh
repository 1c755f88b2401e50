#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# coverage.sh BUILD_DIR: prints line and branch coverage of each library file after a VARIANT=cov run.
set -u
build=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
root=$(pwd)
find "$build" -path "*/tests/*" -prune -o -name "*.gcda" -print | sort |
    while read -r data; do
        (cd "$root" && gcov -b -n -r "$data" 2>/dev/null)
    done > "$work/gcov"
awk '
    /^File / { file = $0; gsub(/^File .|.$/, "", file) }
    /^Lines executed:/ { split($0, part, /[:% ]+/); lines[file] = part[3]; of[file] = part[5] }
    /^Branches executed:/ { next }
    /^Taken at least once:/ { split($0, part, /[:% ]+/); taken[file] = part[5] }
    END {
        for (f in lines) {
            if (f !~ /\.c$/ || f ~ /^(\/|build|tests)/) { continue }
            printf "%-40s %6.1f %% of %5d lines, %6.1f %% of branches\n", f, lines[f], of[f], taken[f]
            sum += lines[f] * of[f]; total += of[f]
        }
        if (total > 0) { printf "%-40s %6.1f %% of %5d lines\n", "~ all", sum / total, total }
    }' "$work/gcov" | LC_ALL=C sort
