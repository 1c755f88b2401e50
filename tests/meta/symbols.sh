#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# symbols.sh: the shared library exports exactly the functions that the public headers declare.
. tests/meta/files.inc

library=$(find "$BUILD" -maxdepth 1 -name 'libplimsoll.so.*.*.*' -type f | head -n 1)
[ -n "$library" ] || skip 'no shared library'
cat include/plimsoll/*.h | tr '\n' ' ' | grep -o 'PLIM_API [^;]*' |
    sed -n 's/^PLIM_API [^(]*[ *]\(plim_[a-z0-9_]*\)(.*/\1/p' | sort -u > "$meta_work/declared"
nm -D --defined-only "$library" | awk '$2 ~ /[TDBRVW]/ { print $3 }' |
    grep -v '^__\(asan\|tsan\|ubsan\|gcov\|sanitizer\)' | sort -u > "$meta_work/exported"
comm -23 "$meta_work/declared" "$meta_work/exported" | sed 's/$/: declared but not exported/' | report
comm -13 "$meta_work/declared" "$meta_work/exported" | sed 's/$/: exported but not declared/' | report
finish
