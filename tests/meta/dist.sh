#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# dist.sh: the source archive has the same bytes when made twice, at another time and umask.
. tests/meta/files.inc

git rev-parse --git-dir > /dev/null 2>&1 || skip 'no git repository'
first=$(make -s --no-print-directory dist | cut -d' ' -f1)
sleep 1
second=$(umask 077 && TZ=Asia/Tokyo make -s --no-print-directory dist | cut -d' ' -f1)
[ -n "$first" ] && [ "$first" = "$second" ] || echo "archives differ: $first $second" | report
finish
