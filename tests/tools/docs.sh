#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# docs.sh write|check: runs every tests/tools/docs_X.sh, which prints the page docs/X.md, and writes
# the page or reports that the committed one is not current.
set -u
mode=$1
stale=0
work=$(mktemp) || exit 1
trap 'rm -f "$work"' EXIT
for script in tests/tools/docs_*.sh; do
    page=${script##*/docs_}
    page=docs/${page%.sh}.md
    if ! sh "$script" > "$work"; then
        echo "$script failed"
        stale=$((stale + 1))
    elif [ "$mode" = write ]; then
        cmp -s "$work" "$page" || cp "$work" "$page"
    elif ! cmp -s "$work" "$page"; then
        echo "$page is not current: run make docs"
        stale=$((stale + 1))
    fi
done
[ "$stale" -eq 0 ]
