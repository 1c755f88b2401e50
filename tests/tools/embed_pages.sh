#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# embed_pages.sh PAGE...: prints a row PAGE("code", "text") for each Markdown page, for
# core/diag_page.c.
set -u
echo '/* Written by tests/tools/embed_pages.sh. */'
for page in "$@"; do
    code=${page##*/}
    printf 'PAGE("%s",\n' "${code%.md}"
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/?/\\?/g' -e 's/^/    "/' -e 's/$/\\n"/' "$page"
    echo ')'
done
