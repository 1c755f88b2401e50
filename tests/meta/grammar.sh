#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# grammar.sh: no conflicts, left recursion only, scanners that never back up.
. tests/meta/files.inc

find . -path ./build -prune -o -name '*.y' -print | sort | while read -r grammar; do
    ${BISON:-bison} -Wall -o "$meta_work/grammar.c" "$grammar" 2>&1 | grep -E 'conflict' |
        sed "s|^|$grammar: |"
    # A rule that ends with its own name needs stack for every item of its list. A prefix operator
    # (one token and the operand) is no list.
    awk -v file="$grammar" '
        function check(    n, word, last) {
            if (rule == "" || body == "") { return }
            n = split(body, word, " ")
            last = word[n]
            if (n == 2 && word[1] ~ /^[A-Z_]+$/) { return }
            if (n > 1 && last == rule && word[1] != rule) {
                print file ":" start ": " rule " is right-recursive: " body
            }
        }
        /^%%/ { section++; next }
        section != 1 { next }
        {
            text = $0
            sub(/\/\/.*/, "", text)
            while (match(text, /\/\*[^*]*\*\//)) {
                text = substr(text, 1, RSTART - 1) substr(text, RSTART + RLENGTH)
            }
            if (in_comment) {
                if (text !~ /\*\//) { next }
                sub(/.*\*\//, "", text)
                in_comment = 0
            }
            if (text ~ /\/\*/) { sub(/\/\*.*/, "", text); in_comment = 1 }
            gsub(/\047\{\047|\047\}\047|\047:\047|\047;\047|\047\|\047/, "MARK", text)
            gsub(/"[^"]*"/, "TEXT", text)
            while (text != "") {
                if (depth > 0) {
                    if (!match(text, /[{}]/)) { break }
                    depth += substr(text, RSTART, 1) == "{" ? 1 : -1
                    text = substr(text, RSTART + 1)
                    continue
                }
                if (!match(text, /[{:;|]/)) { body = body " " text; break }
                mark = substr(text, RSTART, 1)
                part = substr(text, 1, RSTART - 1)
                text = substr(text, RSTART + 1)
                if (mark == "{") { depth = 1; body = body " " part; continue }
                if (mark == ":") { rule = part; gsub(/[ \t]/, "", rule); body = ""; start = NR; continue }
                body = body " " part
                check()
                body = ""
                if (mark == ";") { rule = "" }
            }
        }' "$grammar"
done | report

find . -path ./build -prune -o -name '*.l' -print | sort | while read -r scanner; do
    (cd "$meta_work" && ${FLEX:-flex} -b -Cf -o scanner.c "$OLDPWD/$scanner" 2>&1)
    grep -q 'No backing up' "$meta_work/lex.backup" || echo "$scanner: the scanner backs up"
done | report
finish
