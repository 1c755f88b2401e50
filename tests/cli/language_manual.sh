#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# language_manual.sh: every example of docs/language.md is compiled, and its tests are run. A block
#   ```plim                 is a whole file            ```plim file PATH    is imported by later ones
#   ```plim clauses         the inside of a rule; declarations may follow behind a blank line
#   ```plim conditions      one condition per line, on a stage `s`
# must compile and pass its tests; with `error CODE` behind, it must give that error and no other.
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
mkdir -p "$work/blocks" "$work/library/lib"

# Writes block N to blocks/NNN.plim and what is expected of it to blocks/NNN.want.
awk -v folder="$work/blocks" -v library="$work/library" '
    function head(name) {
        print "rule " name " {\n  id \"PL5999\"\n  title \"Example\"\n  why \"An example.\"" > file
        print "  remedy \"None.\"\n  severity low\n  section least-privilege" > file
        print "  since \"0.1.0\"" > file
    }
    /^```plim/ {
        base = sprintf("%s/%03d", folder, ++count)
        file = base ".plim"
        mode = $2 == "clauses" || $2 == "conditions" ? $2 : "file"
        want = "ok"
        for (i = 2; i < NF; i++) { if ($i == "error") { want = $(i + 1) } }
        if ($2 == "file") { file = library "/" $3 ".plim"; want = "library" }
        print want " " FILENAME ":" FNR > (base ".want")
        close(base ".want")
        inside = 1
        open = 0
        if (mode == "clauses") { head("example"); open = 1 }
        if (mode == "conditions") {
            head("example")
            print "  for s in stage" > file
            open = 1
        }
        next
    }
    /^```/ && inside {
        if (mode == "conditions") {
            print "  deny when s.reachable\n    at s\n    message \"{s.label}\"" > file
        }
        if (open) { print "}" > file }
        close(file)
        inside = 0
        next
    }
    !inside { next }
    mode == "conditions" { print "  where " $0 > file; next }
    mode == "clauses" && open && $0 == "" { print "}" > file; open = 0 }
    { print > file }' docs/language.md

for want_file in "$work"/blocks/*.want; do
    read -r want place < "$want_file"
    block=${want_file%.want}.plim
    [ "$want" = library ] && continue
    rm -rf "$work/run"
    mkdir "$work/run"
    cp "$block" "$work/run/page.plim"
    if grep -q '^import lib/' "$block"; then cp -R "$work/library/lib" "$work/run/"; fi
    "$PLIMSOLL" compile -o "$work/out.plimc" "$work/run" > "$work/output" 2>&1
    code=$?
    found=$(grep -o ': error [A-Z][0-9]*:' "$work/output" | sort -u | tr -d ':' |
        sed 's/ error //' | tr '\n' ' ')
    if [ "$want" != ok ]; then
        [ "$code" -eq 3 ] && [ "$found" = "$want " ]
    elif [ "$code" -eq 0 ] && grep -q '^test ' "$block"; then
        "$PLIMSOLL" test "$work/run" > "$work/output" 2>&1
    else
        [ "$code" -eq 0 ]
    fi
    # shellcheck disable=SC2181 # the status of whichever check ran
    if [ $? -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$place: expected $want, exit code $code, errors: ${found:-none}"
        sed 's/^/    /' "$work/output" | head -n 20
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
