#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bad_io.sh: files and streams that misbehave (input 37) and environments that do (input 40).
. tests/cli/bad.inc

mkdir "$work/src"
printf 'FROM alpine:latest\nUSER root\n' > "$work/src/Dockerfile"

# 37: reading
expect 37-missing 4 "$PLIMSOLL" check "$work/no-such-file"
mkfifo "$work/pipe"
expect 37-fifo 4 "$PLIMSOLL" check "$work/pipe"
expect 37-device 4 "$PLIMSOLL" check /dev/zero
ln -s loop "$work/loop"
expect 37-link-loop 4 "$PLIMSOLL" check "$work/loop"
mkdir "$work/empty"
expect 37-nothing 4 "$PLIMSOLL" check "$work/empty"
expect 37-directory 4 "$PLIMSOLL" check "$work/empty" "$work/src/Dockerfile/x"
: > "$work/src/unreadable.Dockerfile"
chmod 000 "$work/src/unreadable.Dockerfile"
if [ -r "$work/src/unreadable.Dockerfile" ]; then
    rm -f "$work/src/unreadable.Dockerfile" # root reads everything
else
    expect 37-permission 4 "$PLIMSOLL" check --fail-on never "$work/src"
    shows 'unreadable.Dockerfile'
    shows 'src/Dockerfile'
    rm -f "$work/src/unreadable.Dockerfile"
fi
# One bad file does not hide the others.
expect 37-others '4' "$PLIMSOLL" check --fail-on never "$work/src" "$work/no-such-file"
shows 'src/Dockerfile'

# A file that grows while it is read is an error or read at one of its sizes; never a hang.
(
    end=$(($(date +%s) + 3))
    while [ "$(date +%s)" -lt "$end" ]; do
        printf 'RUN x\n' >> "$work/growing.Dockerfile"
        printf 'FROM a\n' > "$work/growing.Dockerfile"
    done
) &
writer=$!
printf 'FROM a\n' > "$work/growing.Dockerfile"
round=0
while [ "$round" -lt 50 ]; do
    expect 37-changing '0 4' "$PLIMSOLL" check --fail-on never "$work/growing.Dockerfile"
    round=$((round + 1))
done
kill "$writer" 2> "$work/err"
wait "$writer" 2> "$work/err"

# 37: writing
name=37-full-disk
if [ -c /dev/full ]; then
    timeout 60 "$PLIMSOLL" check --fail-on never "$work/src" > /dev/full 2> "$work/err"
    code=$?
    if [ "$code" -eq 4 ]; then pass; else fail "exit code $code, expected 4"; fi
fi
name=37-closed-pipe
{
    timeout 60 "$PLIMSOLL" check --fail-on never "$work/src" 2> "$work/err"
    echo $? > "$work/code"
} | :
code=$(cat "$work/code")
case $code in
0 | 4 | 141) pass ;;
*) fail "exit code $code" ;;
esac
expect 37-no-folder 4 "$PLIMSOLL" check --fail-on never --output "json=$work/no/such/folder/out.json" "$work/src"
mkdir "$work/target"
expect 37-is-folder 4 "$PLIMSOLL" check --fail-on never --output "json=$work/target" "$work/src"
name=37-left-behind
if [ "$(find "$work" -name '*.tmp*' -o -name '.*.??????' | wc -l)" -eq 0 ] && [ -z "$(ls -A "$work/target")" ]; then
    pass
else
    fail 'leaves a temporary file'
fi
# A refused run leaves an older report as it was.
printf 'old' > "$work/report.json"
expect 37-old-report 2 "$PLIMSOLL" check --no-such-option --output "json=$work/report.json" "$work/src"
name=37-old-report-kept
if [ "$(cat "$work/report.json")" = old ]; then pass; else fail 'the older report is gone'; fi

# 40: environment
reference=$work/reference
"$PLIMSOLL" check --fail-on never "$work/src" > "$reference" 2> "$work/err"

same_shell() {
    name=$1
    sh -c "$2" plimsoll "$PLIMSOLL" "$work/src" > "$work/out" 2> "$work/err" < /dev/null
    code=$?
    if [ "$code" -eq 0 ] && cmp -s "$reference" "$work/out"; then
        pass
    else
        fail "exit code $code or another output"
    fi
}
same_shell 40-locale 'LC_ALL=tr_TR.UTF-8 TZ=Asia/Kathmandu exec "$1" check --fail-on never "$2"'
same_shell 40-no-locale 'LC_ALL=no_SUCH.x TZ=:/nonexistent LANG= exec "$1" check --fail-on never "$2"'
same_shell 40-empty-environment 'exec env -i "ASAN_OPTIONS=${ASAN_OPTIONS:-}" "$1" check --fail-on never "$2"'
same_shell 40-small-stack 'ulimit -s 256; exec "$1" check --fail-on never "$2"'
same_shell 40-few-files 'ulimit -n 16; exec "$1" check --fail-on never "$2"'
same_shell 40-closed-input 'exec "$1" check --fail-on never "$2" <&-'
same_shell 40-closed-error 'exec "$1" check --fail-on never "$2" 2>&-'
name=40-closed-output
timeout 60 "$PLIMSOLL" check --fail-on never --output "json=$work/closed.json" "$work/src" >&- 2> "$work/err"
code=$?
case $code in
0 | 4) pass ;;
*) fail "exit code $code" ;;
esac
name=40-closed-all
timeout 60 "$PLIMSOLL" check --fail-on never --output "json=$work/closed.json" "$work/src" <&- >&- 2>&-
code=$?
case $code in
0 | 4) pass ;;
*) fail "exit code $code" ;;
esac
name=40-report-intact
if [ ! -e "$work/closed.json" ] || tail -c 3 "$work/closed.json" | grep -q '}'; then pass; else fail 'half a report'; fi
name=40-little-memory
(
    ulimit -v 40000
    exec "$PLIMSOLL" check --fail-on never "$work/src"
) > "$work/out" 2> "$work/err"
code=$?
case $code in
0 | 5 | 70) pass ;;
*) [ "${ASAN_OPTIONS:-}${TSAN_OPTIONS:-}" != '' ] || fail "exit code $code" ;;
esac

# 100,000 arguments
cd "$work/src" || exit 1
cp Dockerfile d
# shellcheck disable=SC2046 # many words are the point
expect 40-many-arguments '0 2 5' "$PLIMSOLL" check --fail-on never $(repeat 100000 'd ')
cd "$OLDPWD" || exit 1

# The order of output does not depend on the order in which a directory is read.
for file in z a m 10 9 B; do
    cp "$work/src/Dockerfile" "$work/src/$file.Dockerfile"
done
"$PLIMSOLL" check --fail-on never "$work/src" > "$work/first" 2> "$work/err"
mkdir "$work/copy"
for file in B 9 m 10 a z; do
    cp "$work/src/$file.Dockerfile" "$work/copy/"
done
cp "$work/src/Dockerfile" "$work/src/d" "$work/copy/"
rm -rf "$work/src"
mv "$work/copy" "$work/src"
"$PLIMSOLL" check --fail-on never "$work/src" > "$work/second" 2> "$work/err"
name=40-order
if cmp -s "$work/first" "$work/second"; then pass; else fail 'the order differs'; fi
finish
