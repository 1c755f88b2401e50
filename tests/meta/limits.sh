#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# limits.sh: every limit that a header of the library names (X_MAX..., MAX_X) is named by a test, which
# is expected to try it at one below, at, and one above.
. tests/meta/files.inc

# Too large to try: one text of 1 GiB.
untried='API_MAX_TEXT'

library_files | grep '\.h$' | stripped |
    grep -oE '^[^:]*:|(^|[^A-Za-z0-9_])[A-Z][A-Z0-9_]*_MAX(_[A-Z_]+)? *=' | tr -d ' =,{\t' | awk '
        /:$/ { file = substr($0, 1, length($0) - 1); next }
        { print $0, file }' | sort -u | while read -r name file; do
    [ "$name" = "$untried" ] && continue
    grep -rqw --include='*.c' --include='*.sh' "$name" tests || echo "$file: $name is in no test"
done | report
finish
