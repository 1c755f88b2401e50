#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bad_image.sh: damaged program images at the door of the program (inputs 15 to 19): refused with exit
# code 3 and a reason. The exhaustive changes are in tests/mutate.
. tests/cli/bad.inc

printf '  for w in final-stage\n  deny when true\n    at w\n    message "{w.label}"' | rule good
printf 'FROM alpine:3.20\n' > "$work/Dockerfile"
"$PLIMSOLL" compile -o "$work/good.plimc" "$work/good.plim" > "$work/out" 2> "$work/err"
size=$(wc -c < "$work/good.plimc")

check() {
    expect "$1" "$2" "$PLIMSOLL" check --no-builtin --policy "$3" "$work/Dockerfile"
}

check sound 1 "$work/good.plimc"

for length in 0 1 7 8 16 40 72 $((size / 2)) $((size - 8)) $((size - 1)); do
    head -c "$length" "$work/good.plimc" > "$work/cut.plimc"
    check "15-cut-$length" 3 "$work/cut.plimc"
    is_clean
done

# change OFFSET OCTAL: a copy with that byte replaced
change() {
    cp "$work/good.plimc" "$work/changed.plimc"
    # shellcheck disable=SC2059 # the byte is an escape
    printf "\\$2" | dd of="$work/changed.plimc" bs=1 seek="$1" conv=notrunc 2> "$work/err"
}

for offset in 0 3 8 12 16 24 32 40 50 80 100 $((size / 2)) $((size - 1)); do
    change "$offset" 252
    check "16-byte-$offset" 3 "$work/changed.plimc"
    is_clean
done

{
    cat "$work/good.plimc"
    printf 'more'
} > "$work/longer.plimc"
check 17-trailing 3 "$work/longer.plimc"

# The format version stands behind magic and byte order mark.
change 12 377
check 19-version 3 "$work/changed.plimc"
shows '255'
change 8 001
check 19-byte-order 3 "$work/changed.plimc"

head -c 100000 /dev/urandom > "$work/noise.plimc"
check noise 3 "$work/noise.plimc"
head -c 40000000 /dev/zero > "$work/zeros.plimc"
check zeros '3 5' "$work/zeros.plimc"
ln -s /dev/zero "$work/endless.plimc"
check endless '3 4' "$work/endless.plimc"
mkfifo "$work/pipe.plimc"
check pipe '3 4' "$work/pipe.plimc"
finish
