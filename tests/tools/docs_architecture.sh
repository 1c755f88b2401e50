#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# docs_architecture.sh: prints docs/architecture.md with its include graph drawn anew from the tree.
set -u
LC_ALL=C
export LC_ALL
graph=$(mktemp) || exit 1
trap 'rm -f "$graph"' EXIT
{
    echo '| from | includes |'
    echo '|---|---|'
    find api cli compiler core facts include runtime -name '*.[chly]' -type f 2>/dev/null | sort |
        xargs awk -f tests/meta/include_graph.awk | awk '
        function folder(path) {
            sub(/\/[^\/]*$/, "", path)
            return path
        }
        folder($1) != folder($3) { seen[folder($1) " " folder($3)] = 1 }
        END { for (edge in seen) { print edge } }' | sort | awk '
        $1 != last { if (last != "") { print "" } printf "| `%s` | ", $1; last = $1; comma = "" }
        { printf "%s`%s`", comma, $2; comma = ", " }
        END { print "" }' | sed 's/$/ |/'
} > "$graph"
awk -v graph="$graph" '
    /<!-- include graph: begin -->/ {
        print
        while ((getline line < graph) > 0) { print line }
        skip = 1
    }
    /<!-- include graph: end -->/ { skip = 0 }
    !skip' docs/architecture.md
