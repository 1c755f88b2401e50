#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# probe_flags.sh CC VARIANT: prints make variables with the hardening and warning flags that this
# compiler and linker accept. Sanitizer and coverage builds get no hardening: fortified calls hide
# overruns from the sanitizer, and automatic initialisation hides reads of unset variables.
set -u
cc=$1
variant=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
printf 'int main(void)\n{\n    return 0;\n}\n' > "$work/probe.c"

accepts() {
    $cc -Werror -O2 "$@" "$work/probe.c" -o "$work/probe" > "$work/log" 2>&1
}

choose() {
    chosen=
    for flag in "$@"; do
        if accepts "$flag"; then
            chosen="$chosen $flag"
        fi
    done
    echo "$chosen"
}

echo "WARNINGS_CC :=$(choose -Wlogical-op -Wduplicated-cond -Wbidi-chars=any)"
case $variant in
release)
    fortify=
    if accepts -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3; then
        fortify=' -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3'
    fi
    echo "HARDEN_C :=$fortify$(choose -fstack-protector-strong -fstack-clash-protection \
        -fcf-protection=full -ftrivial-auto-var-init=zero)"
    echo "HARDEN_LD :=$(choose -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)"
    echo "PIE_LD :=$(choose -pie)"
    ;;
*)
    echo 'HARDEN_C :='
    echo 'HARDEN_LD :='
    echo 'PIE_LD :='
    ;;
esac
