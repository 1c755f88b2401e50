#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bad_policy.sh: hostile policy text (inputs 1 to 14). A diagnostic with a place and exit code 3; 5
# where a budget ends it; never a crash, a hang, or a pass.
. tests/cli/bad.inc

# refused NAME TEXT: NAME.plim is refused with that diagnostic, and no image is left behind
refused() {
    expect "$1" '3' "$PLIMSOLL" compile -o "$work/image.plimc" "$work/$1.plim"
    shows "$2"
    is_clean
    if [ -e "$work/image.plimc" ]; then
        fail 'leaves an image behind'
        rm -f "$work/image.plimc"
    else
        pass
    fi
}

# $1.plim must compile.
accepted() {
    expect "$1" '0' "$PLIMSOLL" compile -o "$work/image.plimc" "$work/$1.plim"
    is_clean
    rm -f "$work/image.plimc"
}

printf 'FROM alpine:3.20\nENV A=b\nUSER root\n' > "$work/Dockerfile"

# The frame around the clauses below is sound.
printf '  for w in final-stage\n  deny when true\n    at w\n    message "{w.label}"' | rule sound
accepted sound

# 1: nesting
{
    printf '  for w in final-stage\n  deny when '
    repeat 100000 '('
    printf 'true'
    repeat 100000 ')'
    printf '\n    at w\n    message "{w.label}"'
} | rule 1-parentheses
(
    ulimit -s 256
    exec "$PLIMSOLL" compile -o "$work/image.plimc" "$work/1-parentheses.plim"
) > "$work/out" 2> "$work/err"
code=$?
name=1-small-stack
if [ "$code" -eq 3 ]; then pass; else fail "exit code $code, expected 3"; fi
shows 'E0102'
refused 1-parentheses E0102
for word in 'not ' 'any x in [' '-'; do
    {
        printf '  for w in final-stage\n  deny when '
        repeat 100000 "$word"
    } | rule 1-open
    refused 1-open 'error E0'
done
printf 'param a : list<string> = %s' "$(repeat 5000 '[')" > "$work/1-lists.plim"
refused 1-lists E0102

# 2: many errors
repeat 1000 'rule { for for deny ==
' > "$work/2-errors.plim"
refused 2-errors E0101
name=2-cap
count=$(grep -c 'error E' "$work/err")
if [ "$count" -ge 1 ] && [ "$count" -le 50 ]; then pass; else fail "$count diagnostics"; fi
shows 'not shown'

# 3: text that ends too early
printf 'rule a {\n  title "never closed' > "$work/3-string.plim"
refused 3-string E0003
printf 'rule a {\n  why """never closed\n\n' > "$work/3-long-string.plim"
refused 3-long-string E0003
shows '3-long-string.plim:2:'
printf 'rule a {\n  title "x"\n' > "$work/3-rule.plim"
refused 3-rule E0101
printf 'rule a {\n  title "{' > "$work/3-interpolation.plim"
refused 3-interpolation E0003
printf 'test "t" for a {\n  given dockerfile "D" """\nFROM a\n' > "$work/3-test.plim"
refused 3-test E0601

# 4: bytes that are no text
printf 'rule a\0b {\n}\n' > "$work/4-nul.plim"
refused 4-nul E0002
printf 'rule a\377b {\n}\n' > "$work/4-utf8.plim"
refused 4-utf8 E0001
shows '4-utf8.plim:1:7'
printf 'list a = ["x\355\240\200"]\n' > "$work/4-surrogate.plim"
refused 4-surrogate E0001
printf 'list a = ["x"]\nlist \357\273\277b = ["y"]\n' > "$work/4-bom.plim"
refused 4-bom E0007
printf '# one\rlist a = ["x"]\rlist b = [\r' > "$work/4-cr.plim"
refused 4-cr E0002
shows '4-cr.plim:3:'

# 5: text that looks like other text
printf 'list a\342\200\256b = ["x"]\n' > "$work/5-bidi.plim"
refused 5-bidi E0007
shows '202E'
printf 'list \320\260b = ["x"]\n' > "$work/5-homoglyph.plim"
refused 5-homoglyph E0002
printf '# comment \342\200\256 turned\nlist ab = ["x"]\n' > "$work/5-comment.plim"
refused 5-comment E0007

# 6: size
{
    printf 'list a = ["'
    head -c 20971520 /dev/zero | tr '\0' x
    printf '"]\n'
} > "$work/6-token.plim"
expect 6-token '3 5' "$PLIMSOLL" compile -o "$work/image.plimc" "$work/6-token.plim"
printf '%s = ["x"]\n' "list $(repeat 100000 a)" > "$work/6-name.plim"
refused 6-name E0008
{
    printf 'list a = ['
    repeat 20000 '"x", '
    printf '"y" oops]\n'
} > "$work/6-line.plim"
refused 6-line E0101
name=6-window
if [ "$(awk '{ if (length($0) > most) most = length($0) } END { print most }' "$work/err")" -le 400 ]; then
    pass
else
    fail 'prints the whole long line'
fi

# 7: imports
mkdir -p "$work/pack"
printf 'import b\nlist a = ["x"]\n' > "$work/pack/a.plim"
printf 'import a\nlist b = ["x"]\n' > "$work/pack/b.plim"
expect 7-cycle 3 "$PLIMSOLL" compile -o "$work/image.plimc" "$work/pack"
shows 'E0502'
rm -rf "$work/pack"
mkdir -p "$work/pack/folder.plim"
printf 'import folder\nimport fifo\nimport zero\nlist a = ["x"]\n' > "$work/pack/a.plim"
mkfifo "$work/pack/fifo.plim"
ln -s /dev/zero "$work/pack/zero.plim"
expect 7-special 3 "$PLIMSOLL" compile -o "$work/image.plimc" "$work/pack/a.plim"
shows E0501
rm -rf "$work/pack"
mkdir -p "$work/pack"
i=0
while [ "$i" -lt 300 ]; do
    printf 'import m%d\nlist l%d = ["x"]\n' "$((i + 1))" "$i" > "$work/pack/m$i.plim"
    i=$((i + 1))
done
printf 'list last = ["x"]\n' > "$work/pack/m300.plim"
expect 7-deep 3 "$PLIMSOLL" compile -o "$work/image.plimc" "$work/pack/m0.plim"
repeat 10000 'import nowhere
' > "$work/7-many.plim"
refused 7-many E0501
printf 'import 7-self\n' > "$work/7-self.plim"
refused 7-self E0502

# 8: imports that leave the pack
mkdir -p "$work/pack"
printf 'secret-content-of-another-place\n' > "$work/outside.plim"
ln -sf ../outside.plim "$work/pack/linked.plim"
for path in ../outside '../../../../../../etc/passwd' /etc/passwd linked; do
    printf 'import %s\nlist a = ["x"]\n' "$path" > "$work/pack/a.plim"
    expect "8-$path" 3 "$PLIMSOLL" compile -o "$work/image.plimc" "$work/pack/a.plim"
    shows 'error E050'
    hides 'secret-content'
    hides 'root:x:0'
done
rm -rf "$work/pack"

# 9: numbers at the ends
for number in 9223372036854775808 99999999999999999999999999999999 99999999999999999d \
    9999999999999TiB 0x1; do
    printf '  for w in final-stage\n  deny when count(w.env) > %s\n    at w\n    message "{w.label}"' \
        "$number" | rule 9-number
    refused 9-number E0006
done

# 10: loops that multiply
{
    printf 'FROM alpine:3.20\n'
    repeat 10000 'ENV A=b
'
} > "$work/large.Dockerfile"
cat <<'CLAUSES' | rule 10-loops
  for d in dockerfile
  deny when any a in d.instructions: any b in d.instructions: any c in d.instructions: a.index == b.index and b.index == c.index and c.keyword == "NONE"
    at d
    message "{d.label}"
CLAUSES
expect 10-loops 5 "$PLIMSOLL" check --no-builtin --policy "$work/10-loops.plim" "$work/large.Dockerfile"
shows 'not evaluated'

# 11: patterns
for pattern in '(a)\\1' 'a{1,65535}{1,65535}' '(((a{1,60}){1,60}){1,60}){1,60}' '(' '[' 'a**' '(?R)' '(?C1)'; do
    printf '  for w in final-stage\n  deny when w.name matches "%s"\n    at w\n    message "{w.label}"' \
        "$pattern" | rule 11-pattern
    expect "11-$pattern" 3 "$PLIMSOLL" compile -o "$work/image.plimc" "$work/11-pattern.plim"
    shows E0305
done
printf '  for v in variable\n  deny when v.value default "" matches "^(a+)+$"\n    at v\n    message "{v.name}"' |
    rule 11-nested
{
    printf 'FROM alpine:3.20\nENV A='
    repeat 10240 a
    printf '!\n'
} > "$work/value.Dockerfile"
expect 11-nested '0 3 5' "$PLIMSOLL" check --no-builtin --policy "$work/11-nested.plim" "$work/value.Dockerfile"

# 12: messages that grow
{
    printf '  for v in variable\n  deny when true\n    at v\n    message "'
    repeat 500 '{v.value}'
    printf '"'
} | rule 12-message
{
    printf 'FROM alpine:3.20\nENV A='
    repeat 60000 a
    printf '\n'
} > "$work/long.Dockerfile"
expect 12-message '1 3 5' "$PLIMSOLL" check --no-builtin --policy "$work/12-message.plim" "$work/long.Dockerfile"

# 13: helpers that call themselves
printf 'def a(n: string) = b(n)\ndef b(n: string) = c(n)\ndef c(n: string) = a(n)\n' > "$work/13-cycle.plim"
refused 13-cycle E0205
shows 'E0205'
printf 'def a(n: string) = a(n)\n' > "$work/13-self.plim"
refused 13-self E0205

# 14: types
while read -r condition; do
    printf '  for w in final-stage\n  deny when %s\n    at w\n    message "{w.label}"' "$condition" |
        rule 14-types
    refused 14-types E0
done <<'CONDITIONS'
w.env == 3
w.nmae == "x"
w.user.uid > "0"
w.stages
w and w
count(w.name) > 1
1 < 2 < 3
w.name = "x"
w.labels in w.labels
no-such-function(w)
w.name matches w.name
CONDITIONS
finish
