#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# globals.sh: no mutable global in the objects of the library and the program. Constant tables of
# pointers live in .data.rel.ro, which is read-only once the program runs.
. tests/meta/files.inc

case $BUILD in
*/release | */debug) ;;
*) skip 'instrumented objects have globals of their own' ;;
esac
for folder in core facts runtime compiler api cli gen; do
    [ -d "$BUILD/$folder" ] && find "$BUILD/$folder" -name '*.o'
done | sort | while read -r object; do
    nm -f sysv "$object" | awk -F'|' -v object="$object" '
        $7 ~ /^\.(data|bss|tdata|tbss)/ && $7 !~ /^\.data\.rel\.ro/ && $4 ~ /OBJECT|TLS/ {
            gsub(/ /, "", $1)
            print object ": mutable global " $1 " in " $7
        }
        $7 ~ /COM/ { gsub(/ /, "", $1); print object ": common symbol " $1 }'
done | report
finish
