#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# install.sh: an installation below DESTDIR can be compiled against through pkg-config, statically and
# shared, and uninstall leaves no file.
. tests/meta/files.inc

case $BUILD in
*/release) ;;
*) skip 'only the release build is installed' ;;
esac
root=$meta_work/root
make -s --no-print-directory install DESTDIR="$root" prefix=/usr > "$meta_work/log" 2>&1 || {
    tail -n 5 "$meta_work/log"
    echo 'make install failed'
} | report
for file in bin/plimsoll lib/libplimsoll.a lib/libplimsoll.so lib/pkgconfig/plimsoll.pc \
    include/plimsoll/plimsoll.h share/man/man1/plimsoll.1 share/plimsoll/policies \
    share/bash-completion/completions/plimsoll; do
    [ -s "$root/usr/$file" ] || echo "$file is not installed"
done | report

cat > "$meta_work/user.c" << 'END'
#include <plimsoll/plimsoll.h>
#include <stdio.h>
#include <string.h>
int main(void)
{
    puts(plim_status_text(PLIM_STATUS_OK));
    return strcmp(plim_status_name(PLIM_STATUS_OK), "OK") == 0 ? 0 : 1;
}
END
export PKG_CONFIG_PATH="$root/usr/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$root"
flags=$(pkg-config --cflags --libs plimsoll 2>&1)
# shellcheck disable=SC2086 # a list of flags
if ! ${CC:-gcc} "$meta_work/user.c" $flags -o "$meta_work/user" 2> "$meta_work/log"; then
    head -n 5 "$meta_work/log"
    echo 'cannot link with the shared library'
elif ! LD_LIBRARY_PATH=$root/usr/lib "$meta_work/user" > /dev/null; then
    echo 'the program linked with the shared library fails'
fi | report
libraries=$(pkg-config --libs jansson libsodium libpcre2-8 yaml-0.1)
# shellcheck disable=SC2086
if ! ${CC:-gcc} "$meta_work/user.c" -I"$root/usr/include" "$root/usr/lib/libplimsoll.a" $libraries \
    -o "$meta_work/user" 2> "$meta_work/log" || ! "$meta_work/user" > /dev/null; then
    head -n 5 "$meta_work/log"
    echo 'the program linked with the static library fails'
fi | report
unset PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR

make -s --no-print-directory uninstall DESTDIR="$root" prefix=/usr
find "$root" -type f -o -type l | sed "s|^$root||; s/\$/: left by uninstall/" | report
finish
