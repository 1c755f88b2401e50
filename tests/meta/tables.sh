#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# tables.sh: the .def tables agree with the pages and grammar that cannot be generated from them.
. tests/meta/files.inc

# Every diagnostic has a page that opens with its code and title, and every page a diagnostic.
sed -n 's/^DIAG([a-z0-9_]*, *"\([A-Z0-9]*\)", *[A-Z]*, *"\(.*\)")$/\1 \2/p' core/diagnostics.def \
    > "$meta_work/diagnostics"
while read -r code title; do
    page=docs/diagnostics/$code.md
    if [ ! -f "$page" ]; then
        echo "$page: missing"
    elif [ "$(head -n 1 "$page")" != "# $code: $title" ]; then
        echo "$page:1: should be \"# $code: $title\""
    fi
done < "$meta_work/diagnostics" | report
cut -d' ' -f1 "$meta_work/diagnostics" | sort | uniq -d | sed 's/$/: code stands twice/' | report
find docs/diagnostics -name '*.md' 2>/dev/null | sort | while read -r page; do
    code=${page##*/}
    code=${code%.md}
    grep -q "^$code " "$meta_work/diagnostics" || [ "$code" = README ] ||
        echo "$page: no such diagnostic"
done | report

# Keywords of the table are tokens of the grammar.
if [ -f compiler/keywords.def ] && [ -f compiler/grammar.y ]; then
    sed -n 's/^KEYWORD([^,]*, *\([A-Z_0-9]*\).*/\1/p' compiler/keywords.def | while read -r token; do
        grep -qE "(^|[^A-Z_])$token([^A-Z_]|\$)" compiler/grammar.y ||
            echo "compiler/keywords.def: $token is no token of the grammar"
    done | report
fi
finish
