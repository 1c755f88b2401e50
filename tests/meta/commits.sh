#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# commits.sh: subject `area: imperative summary` of at most 72 columns, an empty line, a body; no
# binaries and no generated files in the tree.
. tests/meta/files.inc

git rev-parse --git-dir > /dev/null 2>&1 || skip 'no git repository'
git log --no-merges --format='%h%x09%s%x09%b%x00' | tr '\n\0' ' \n' | awk -F'\t' '
    { sub(/^ /, "", $1) }
    $1 == "" { next }
    length($2) > 72 { print $1 ": subject longer than 72 columns" }
    $2 !~ /^([a-z0-9_.\/-]+(, )?)+: [a-z0-9`"]/ && $2 !~ /^Revert / {
        print $1 ": subject is not `area: summary`: " $2
    }
    $3 !~ /[a-zA-Z]/ { print $1 ": no body: " $2 }' | report

git ls-files | grep -E '\.(o|a|so|gcda|gcno|tab\.[ch]|lex\.[ch]|plimc|exe|gz|zip)$' |
    sed 's/$/: generated or binary file in git/' | report
finish
