#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# documents.sh: the documents every reader expects, the form of CHANGELOG.md, links that lead
# somewhere, generated pages that are current, shell scripts that parse.
. tests/meta/files.inc

for file in README.md LICENSE CHANGELOG.md CONTRIBUTING.md SECURITY.md .editorconfig .clang-format \
    docs/architecture.md; do
    [ -s "$file" ] || echo "$file: missing"
done | report
for folder in core facts runtime compiler api cli policies tests docs; do
    [ -d "$folder" ] || continue
    [ -s "$folder/README.md" ] || echo "$folder/README.md: missing"
done | report

# A release heading, known section names below it, and a named test for everything fixed.
awk '
    /^## / && !/^## (\[?[0-9]+\.[0-9]+\.[0-9]+\]?|Unreleased)( - [0-9-]+)?$/ {
        print "CHANGELOG.md:" FNR ": heading is no release"
    }
    /^### / {
        section = $2
        if (section !~ /^(Added|Changed|Fixed|Security|Deprecated|Removed)$/) {
            print "CHANGELOG.md:" FNR ": unknown section " section
        }
    }
    /^- / { entry = FNR; text = $0 }
    /^  / { text = text $0 }
    /^$/ || /^- / || /^#/ {
        if (section == "Fixed" && last != "" && last !~ /tests\//) {
            print "CHANGELOG.md: fix without its test: " last
        }
        last = ""
    }
    { if (/^[- ] /) { last = text } }' CHANGELOG.md 2>/dev/null | report

# Relative links.
for file in ./*.md $(find docs core facts runtime compiler api cli policies tests -name '*.md' 2>/dev/null); do
    [ -f "$file" ] || continue
    grep -o '](\([^)#]*\)[^)]*)' "$file" | sed 's/^](//; s/[#)].*//' | grep -v '^[a-z]*:' | grep . |
        while read -r target; do
            [ -e "$(dirname "$file")/$target" ] || echo "$file: broken link $target"
        done
done | report

sh tests/tools/docs.sh check | report
for script in $(find tests -name '*.sh' | sort); do
    sh -n "$script" 2>&1
done | report
bash -n .ci/run 2>&1 | report
finish
