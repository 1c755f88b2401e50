#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# includes.sh: the include directions of docs/architecture.md, no header cycles, own header first, one
# adapter for each library, no header named like a system header.
. tests/meta/files.inc

graph=$meta_work/graph
tree_files c h l y | xargs awk -f tests/meta/include_graph.awk > "$graph"

# Directions. facts: schema and store are what the engine may see of it.
awk '
    function folder(path) { sub(/\/.*/, "", path); return path }
    {
        from = folder($1); to = folder($3); ok = 1
        if (from == "core") { ok = to == "core" || to == "include" }
        if (from == "facts") { ok = to == "facts" || to == "core" || to == "include" }
        if (from == "runtime") {
            ok = to == "runtime" || to == "core" || to == "include" || $3 ~ /^facts\/(schema|store)\./
        }
        if (from == "compiler") {
            ok = to == "compiler" || to == "core" || to == "include" || $3 ~ /^facts\/schema\./ ||
                to == "runtime"
        }
        if (from == "api") { ok = to != "cli" && to != "tests" }
        if (from == "cli") { ok = to == "cli" || to == "include" }
        if (from == "include") { ok = to == "include" }
        if (!ok) { print $1 ":" $2 ": " from " must not include " $3 }
    }' "$graph" | report

# Cycles: take away headers that include no header that is left; what stays is on a cycle.
awk '
    $1 ~ /\.h$/ && $3 ~ /\.h$/ { edge[$1, $3] = 1; node[$1] = 1; node[$3] = 1 }
    END {
        do {
            changed = 0
            for (n in node) {
                has = 0
                for (e in edge) { split(e, p, SUBSEP); if (p[1] == n) { has = 1; break } }
                if (!has) {
                    for (e in edge) { split(e, p, SUBSEP); if (p[2] == n) { delete edge[e] } }
                    delete node[n]
                    changed = 1
                }
            }
        } while (changed)
        for (n in node) { print n ": on an include cycle" }
    }' "$graph" | report

# A .c that has a header of its own includes it before anything else.
for file in $(library_files | grep '\.c$'); do
    own=${file%.c}.h
    [ -f "$own" ] || continue
    first=$(sed -n 's/^#include ["<]\([^">]*\).*/\1/p' "$file" | head -n 1)
    [ "$first" = "$own" ] || echo "$file: includes $first before $own"
done | report

# Types of a library appear in one adapter only, never in a header.
for library in jansson pcre2 sodium yaml curl archive zlib; do
    # shellcheck disable=SC2046 # file names have no blanks
    users=$(grep -l "^#include <$library[^>]*>" $(library_files) /dev/null)
    if [ "$(echo "$users" | wc -w)" -gt 1 ]; then
        echo "$library is included in more than one file:" $users
    fi
    echo "$users" | grep '\.h$' | sed "s/\$/: $library in a header/"
done | report

for file in $(tree_files c h); do
    name=${file##*/}
    case ${name%.*} in
    assert | ctype | errno | fenv | float | inttypes | limits | locale | math | memory | regex | \
        setjmp | signal | stdarg | stdio | stdlib | string | strings | threads | time | hash)
        echo "$file: named like a system header" ;;
    esac
done | report

finish
