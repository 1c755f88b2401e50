#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# comments.sh: the SPDX line and the opening comment of every file, a contract at every prototype of a
# header, no notes to self, no trailing blanks, no tabs in C.
. tests/meta/files.inc

{ tree_files c h l y S def sh awk pl inc; echo Makefile; } | while read -r file; do
    head -n 2 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' ||
        echo "$file: no SPDX line at the top"
    case $file in
    *.c | *.h | *.l | *.y | *.S | *.def)
        lines=$(awk '/\*\// { print NR; exit }' "$file")
        if [ "${lines:-0}" -lt 3 ]; then
            echo "$file: does not open with a comment that says what it owns"
        elif [ "$lines" -gt 40 ]; then
            echo "$file: opening comment is longer than 40 lines"
        fi ;;
    esac
done | report

words='TO''DO|FIX''ME|XX''X|HA''CK'
# shellcheck disable=SC2046 # file names have no blanks
grep -nE "(^|[^a-zA-Z])($words)([^a-zA-Z]|\$)" \
    $(tree_files c h l y S def sh md plim awk pl inc) Makefile ./*.md |
    sed 's/^\([^:]*:[0-9]*\):.*/\1: note to self/' | report
# shellcheck disable=SC2046
grep -nE ' +$' $(tree_files c h l y S def sh awk pl inc) Makefile |
    sed 's/^\([^:]*:[0-9]*\):.*/\1: trailing blanks/' | report
# shellcheck disable=SC2046
grep -n "$(printf '\t')" $(tree_files c h y S) |
    sed 's/^\([^:]*:[0-9]*\):.*/\1: tab/' | report

# A prototype has a comment above it, or stands directly below one that has.
tree_files h | grep -v '^tests/' | xargs awk '
    FNR == 1 { documented = 0; pending = 0 }
    pending { if (/;[ \t]*$/) { pending = 0 } next }
    /\*\/[ \t]*$/ { documented = 1; next }
    /^[ \t]*$/ { documented = 0; next }
    /^[a-zA-Z_].*\(/ && !/^(#|typedef|struct [a-z_]+ \{|extern "C"|static inline|enum|union)/ {
        if (!documented) { print FILENAME ":" FNR ": prototype without a contract" }
        if (!/;[ \t]*$/) { pending = 1 }
        next
    }' | report
finish
