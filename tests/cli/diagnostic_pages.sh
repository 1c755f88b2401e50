#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# diagnostic_pages.sh: the examples of docs/diagnostics/ do what their pages say: each block marked
# `wrong` is reported with the code of its page, each `right` is not reported with it. A block marked
# `clauses` is the inside of a rule.
set -u
if [ ! -x "$PLIMSOLL" ]; then
    echo 'skipped: no program yet'
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
fi
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
                print "rule example {\n  id \"XX0001\"\n  title \"Example\"" > file
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

# Whether the program reports code $2 for the block file $1.
reports() {
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
    grep -q " $2:" "$work/output"
}

for page in docs/diagnostics/[A-Z]*.md; do
    code=${page##*/}
    code=${code%.md}
    split_page "$page"
    for block in "$work"/blocks/*; do
        [ -f "$block" ] || continue
        if reports "$block" "$code"; then found=wrong; else found=right; fi
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
