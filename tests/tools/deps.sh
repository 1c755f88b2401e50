#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# deps.sh [dev]: installs the Debian packages that the build and the tests need and that are missing;
# with `dev` also those of `make fuzz`, `lint` and `cov`. Without root or sudo it prints the command.
set -u
packages='gcc g++ make binutils pkg-config flex bison libjansson-dev libsodium-dev libpcre2-dev libyaml-dev
    libcmocka-dev zlib1g-dev jq patch'
if [ "${1:-}" = dev ]; then
    packages="$packages clang-14 clang-format-14 llvm-14 libclang-rt-14-dev"
fi

if ! command -v dpkg-query > /dev/null 2>&1; then
    echo 'not a Debian system: please install the equivalents of' $packages
    exit 0
fi

missing=
for package in $packages; do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)
    if [ "$state" != installed ]; then
        missing="$missing $package"
    fi
done
if [ "$missing" = " pkg-config" ] && command -v pkg-config > /dev/null 2>&1; then
    missing= # another implementation provides it
fi
if [ -z "$missing" ]; then
    exit 0
fi

install="apt-get update && apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" -eq 0 ]; then
    run=sh
elif command -v sudo > /dev/null 2>&1 && sudo -n true 2>/dev/null; then
    run='sudo sh'
else
    echo "packages are missing; please run as root: $install" >&2
    exit 1
fi
echo "installing:$missing"
DEBIAN_FRONTEND=noninteractive $run -c "$install" > /tmp/plimsoll-deps.$$ 2>&1
code=$?
if [ $code -ne 0 ]; then
    tail -n 20 /tmp/plimsoll-deps.$$ >&2
    echo "could not install; please run as root: $install" >&2
fi
rm -f /tmp/plimsoll-deps.$$
exit $code
