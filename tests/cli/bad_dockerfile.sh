#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bad_dockerfile.sh: hostile Dockerfiles (inputs 29, 30, 35). Located diagnostics, facts for what was
# understood, exit code 4 when nothing is usable; nothing untrusted reaches a terminal raw.
. tests/cli/bad.inc

# try NAME CODES: $work/Dockerfile checked, printed as facts and as JSON
try() {
    expect "$1" "$2" "$PLIMSOLL" check --fail-on never "$work/Dockerfile"
    is_clean
    expect "$1-facts" '0 4 5' "$PLIMSOLL" facts "$work/Dockerfile"
    is_clean
    expect "$1-json" "$2" "$PLIMSOLL" check --fail-on never --format json "$work/Dockerfile"
    is_clean
    # The text run is what callers look at next.
    timeout 60 "$PLIMSOLL" check --fail-on never "$work/Dockerfile" > "$work/out" 2> "$work/err" < /dev/null
}

# 29: form
printf 'FROM a\nRUN <<EOF\nnever ends\n' > "$work/Dockerfile"
try 29-heredoc '0 4'
shows 'Dockerfile:2'
printf 'FROM a\nRUN x \\' > "$work/Dockerfile"
try 29-backslash 0
printf '# escape=`\n# escape=`\nFROM a\n' > "$work/Dockerfile"
try 29-escape-twice '0 4'
shows 'Dockerfile:2'
printf 'FROM a\r\nRUN x \\\r\n  y\r\nUSER b\r\n' > "$work/Dockerfile"
try 29-crlf 0
printf '' > "$work/Dockerfile"
try 29-empty 4
printf '\n# only a comment\n' > "$work/Dockerfile"
try 29-comment 4
printf 'RUN x\n' > "$work/Dockerfile"
try 29-no-from '0 4'
printf 'ARG A=b\n' > "$work/Dockerfile"
try 29-only-args '0 4'
printf 'FROM a\nNOSUCH thing\nUSER b\n' > "$work/Dockerfile"
try 29-unknown 0
shows 'Dockerfile:2'
printf 'FROM a\nCOPY --no-such-flag=1 a b\nUSER b\n' > "$work/Dockerfile"
try 29-unknown-flag 0
repeat 1000000 'RUN x
' > "$work/Dockerfile"
try 29-million-lines '0 4 5'
{
    printf 'FROM a\n'
    repeat 999999 '#
'
} > "$work/Dockerfile"
try 29-million-comments '0 4 5'
{
    printf 'FROM a\nRUN x'
    repeat 200000 ' \
 y'
} > "$work/Dockerfile"
try 29-long-join '0 4 5'
{
    printf 'FROM a\nRUN '
    repeat 70000 x
    printf '\n'
} > "$work/Dockerfile"
try 29-long-line '0 4 5'
printf 'FROM a\nRUN a\0b\nUSER c\n' > "$work/Dockerfile"
try 29-nul '0 4'
printf 'FROM a\nRUN a\377b\nUSER c\n' > "$work/Dockerfile"
try 29-utf8 '0 4'
printf '\377\376F\0R\0O\0M\0' > "$work/Dockerfile"
try 29-utf16 4
head -c 20971520 /dev/zero | tr '\0' x > "$work/Dockerfile"
try 29-huge '4 5'
{
    printf 'FROM a\nRUN '
    repeat 5000 '$('
    printf '\n'
} > "$work/Dockerfile"
try 29-shell-nesting '0 4 5'
{
    printf 'FROM a\nRUN '
    repeat 5000 'sh -c "'
    printf '\n'
} > "$work/Dockerfile"
try 29-sh-c '0 4 5'
{
    printf 'FROM a\n'
    repeat 5000 'ONBUILD '
    printf 'RUN x\n'
} > "$work/Dockerfile"
try 29-onbuild '0 4 5'

# 30: what refers to something
{
    printf 'ARG A0=xxxxxxxxxxxxxxxx\n'
    awk 'BEGIN { for (i = 1; i < 60; i++) printf "ARG A%d=${A%d}${A%d}\n", i, i - 1, i - 1 }'
    printf 'FROM ${A59}\n'
} > "$work/Dockerfile"
try 30-growing '0 4 5'
{
    printf 'FROM a\nENV A='
    repeat 3000 '${A:-'
    repeat 3000 '}'
    printf '\n'
} > "$work/Dockerfile"
try 30-nested-defaults '0 4 5'
printf 'FROM b AS a\nFROM a AS b\n' > "$work/Dockerfile"
try 30-two-stages 0
printf 'FROM a AS s\nCOPY --from=s x y\n' > "$work/Dockerfile"
try 30-own-copy '0 4'
shows 'Dockerfile:2'
printf 'FROM a AS b\nCOPY --from=c x y\nFROM a AS c\nCOPY --from=b x y\n' > "$work/Dockerfile"
try 30-cycle '0 4'
printf 'FROM a\nCOPY --from=99 x y\n' > "$work/Dockerfile"
try 30-index '0 4'
printf 'FROM a\nCOPY --from=99999999999999999999 x y\n' > "$work/Dockerfile"
try 30-large-index '0 4'
awk 'BEGIN { print "FROM a AS s0"; for (i = 1; i < 5000; i++) printf "FROM s%d AS s%d\n", i - 1, i }' > "$work/Dockerfile"
try 30-long-chain '0 4 5'
awk 'BEGIN { for (i = 0; i < 3000; i++) { printf "FROM a AS s%d\n", i; if (i > 0) printf "COPY --from=s%d a b\n", i - 1 } }' > "$work/Dockerfile"
try 30-long-copies '0 4 5'

# 35: attacks on the terminal and on what reads the output
printf 'FROM a\nLABEL x="\033[31mred\033]0;title\007\033]52;c;AAAA\007"\nENV SECRET_TOKEN="\033[2Jabc"\nUSER root\033[1m\n' > "$work/Dockerfile"
try 35-escapes '0 4'
printf 'FROM a\nUSER root\r::error::owned\n' > "$work/Dockerfile"
try 35-carriage-return '0 4'
printf 'FROM a\nENV API_TOKEN="\302\233\302\205\342\200\256txt"\n' > "$work/Dockerfile"
try 35-c1-and-bidi '0 4'
{
    printf 'FROM a\nENV API_TOKEN="e'
    repeat 10000 "$(printf '\314\201')"
    printf '"\n'
} > "$work/Dockerfile"
try 35-combining '0 4'
odd=$(printf '%s/new\nline::set-output name=a::b\033[31m' "$work")
mkdir -p "$odd"
printf 'FROM a:latest\nUSER root\n' > "$odd/Dockerfile"
expect 35-file-name 0 "$PLIMSOLL" check --fail-on never "$odd"
is_clean
name=35-commands
if grep -qaE '^::' "$work/out" "$work/err"; then fail 'prints a workflow command'; else pass; fi
expect 35-file-name-json 0 "$PLIMSOLL" check --fail-on never --format json "$odd"
is_clean
finish
