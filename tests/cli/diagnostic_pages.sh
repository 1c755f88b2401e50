#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# diagnostic_pages.sh: the examples of docs/diagnostics/ do what their pages say: each block marked
# `wrong` is reported with the code of its page, each `right` is not, and has no other error. A block
# marked `clauses` is the inside of a rule.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# Writes every block of page $1 to $work/blocks/N.KIND.VERDICT.
split_page() {
    rm -rf "$work/blocks"
    mkdir "$work/blocks"
    awk -v folder="$work/blocks" '
        /^```(plim|dockerfile)/ {
            clauses = $2 == "clauses"
            verdict = $NF
            kind = substr($1, 4)
            file = folder "/" ++count "." kind "." verdict
            if (clauses) {
                print "rule example {\n  id \"PL4999\"\n  title \"Example\"" > file
                print "  why \"Shows a mistake.\"\n  remedy \"Mend it.\"" > file
                print "  severity low\n  section infrastructure\n  since \"0.1.0\"" > file
            }
            inside = 1
            next
        }
        /^```/ && inside {
            if (clauses) { print "}" > file }
            close(file)
            inside = 0
            next
        }
        inside { print > file }' "$1"
}

# Prints what the block file $1 is found to be: `wrong` when code $2 is reported, `broken` when
# another error is, else `right`.
judge() {
    rm -rf "$work/run"
    mkdir "$work/run"
    case $1 in
    *.plim.*)
        cp "$1" "$work/run/page.plim"
        "$PLIMSOLL" compile -o "$work/out.plimc" "$work/run" > "$work/output" 2>&1
        ;;
    *)
        cp "$1" "$work/run/Dockerfile"
        "$PLIMSOLL" check "$work/run/Dockerfile" > "$work/output" 2>&1
        ;;
    esac
    if grep -q " $2:" "$work/output"; then
        echo wrong
    elif grep -q ': error [A-Z][0-9]*:' "$work/output"; then
        echo broken
    else
        echo right
    fi
}

for page in docs/diagnostics/[A-Z]*.md; do
    code=${page##*/}
    code=${code%.md}
    split_page "$page"
    for block in "$work"/blocks/*; do
        [ -f "$block" ] || continue
        found=$(judge "$block" "$code")
        if [ "${block##*.}" = "$found" ]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "$page: the ${block##*.} example is reported as $found:"
            sed 's/^/    /' "$work/output"
        fi
    done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
