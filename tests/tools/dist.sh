#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# dist.sh VERSION GENERATED...: writes build/plimsoll-VERSION.tar.gz from the committed files and the
# generated parsers. The same commit gives the same bytes: names sorted, owner and times fixed, no
# name or time in the gzip header.
set -eu
version=$1
shift
name=plimsoll-$version
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
git archive --prefix="$name/" HEAD | tar -x -C "$stage"
for file in "$@"; do
    mkdir -p "$stage/$name/$(dirname "$file")"
    cp "$file" "$stage/$name/$file"
done
tar -C "$stage" --sort=name --format=ustar --mtime="@$epoch" --owner=0 --group=0 --numeric-owner \
    --mode=u+rwX,go+rX,go-w -cf - "$name" | gzip -n -9 > "build/$name.tar.gz"
sha256sum "build/$name.tar.gz"
