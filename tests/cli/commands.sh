#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# commands.sh: every command but check; what the program says about itself; wrong usage.
. tests/cli/cli.inc

write_policy
printf 'FROM debian:12\nUSER root\n' > "$work/Dockerfile"

# help, version, completions
run 0 help
out 'usage: plimsoll [COMMAND]'
cp "$work/.out" "$work/help"
run 0 --help
same "$work/help" "$work/.out"
for command in check test fmt explain rules facts compile disasm version help completions; do
    run 0 help "$command"
    out "usage: plimsoll $command"
    cp "$work/.out" "$work/one"
    run 0 "$command" --help
    same "$work/one" "$work/.out"
    grep -q "^  $command" "$work/help"
    verdict $? "general help lacks $command"
done
run 2 help chekc
err 'did you mean `check`?'
run 0 help --format man
out '.TH PLIMSOLL 1'
out 'plimsoll check'
run 0 help --format markdown
cp "$work/.out" "$work/cli.md"
same "$top/docs/cli.md" "$work/cli.md"
run 0 version
out 'plimsoll '
run 0 --version
run 0 version --verbose
out 'libsodium '
out 'pcre2 '
out 'fact schema '
for shell in bash zsh fish; do
    run 0 completions $shell
    out 'fail-on'
    out 'explain'
done
run 0 completions bash
bash -n "$work/.out"
verdict $? 'bash cannot read its completion'
if command -v zsh > /dev/null; then
    run 0 completions zsh
    zsh -n "$work/.out"
    verdict $? 'zsh cannot read its completion'
fi
run 2 completions powershell

# Wrong usage
run 2 check --no-such-option
err 'unknown option `--no-such-option`'
run 2 check --fail-onn high
err 'did you mean `--fail-on`?'
run 2 check -Z
err 'unknown option `-Z`'
run 2 check --format
err '--format needs a value'
run 2 check --quiet=yes
err '--quiet takes no value'
run 2 check --rule=
err 'the value is empty'
run 2 compile --fail-on high own.plim
err '`--fail-on` is no option of `compile`'
run 2 explain
err 'usage: plimsoll explain'
run 2 explain a b
run 4 tset own.plim
err '`tset` is neither a file nor a command; did you mean `test`?'
run 4 check -- --quiet
err -- '--quiet:1:1: error I0101'

# rules and explain
own='--no-builtin --policy own.plim'
# shellcheck disable=SC2086
{
run 0 rules $own
out 'PL5901   high      least-privilege  own-root'
out own-program
run 0 rules list $own --section infrastructure
no_out own-root
run 0 rules search DL3002 $own
out own-root
no_out own-program
run 4 rules search nothing-like-it $own
run 2 rules find x $own
run 2 rules search $own
run 0 rules --format json $own
[ "$(jq -r '.[0].covers[0]' "$work/.out")" = hadolint:DL3002 ]
verdict $? 'JSON of the rules is not as expected'
run 2 rules --format yaml $own
run 0 explain own-root $own
out 'Runs as root'
out 'End it with USER.'
run 0 explain pl5901 $own
run 0 explain DL3002 $own
run 2 explain no-such $own
err 'no rule or diagnostic `no-such`'
run 2 explain own-roto $own
err 'did you mean `own-root`?'
run 0 explain E0201
out '# E0201'
run 0 explain d0101

# compile and disasm
run 0 compile -o own.plimc own.plim
run 0 compile -o again.plimc own.plim
same "$work/own.plimc" "$work/again.plimc"
run 0 compile --no-source -o small.plimc own.plim
[ "$(wc -c < "$work/small.plimc")" -lt "$(wc -c < "$work/own.plimc")" ]
verdict $? 'the image without source is not smaller'
run 2 compile own.plim
err 'compile needs one --output FILE'
run 3 compile -o x.plimc no-such.plim
[ ! -e "$work/x.plimc" ]
verdict $? 'a failed compilation left a file'
run 0 disasm own-root $own
out 'final-stage'
out 'EMIT'
no_out own-program
run 0 disasm --no-builtin --policy own.plimc
out own-program
run 2 disasm no-such $own

# facts
run 0 facts Dockerfile
[ "$(jq -r '.facts.user[0]["spec"]' "$work/.out")" = root ]
verdict $? 'JSON of the facts is not as expected'
run 4 facts no-such
run 4 facts own.plim
for format in text json json-schema markdown; do
    run 0 facts schema --format $format
    out final-stage
done
run 0 facts schema --format json-schema
jq -e '."$defs".row' "$work/.out" > "$work/.err"
verdict $? 'the schema is no JSON'
run 2 facts schema --format yaml
run 2 facts Dockerfile --format text

# test
run 0 test own.plim
out '2 passed, 0 failed'
run 0 test own.plim --verbose
out 'ok: root is reported on its line'
run 0 test own.plim --rule own-program
out '1 passed, 0 failed'
run 0 test own.plim --coverage
out 's.user.uid'
run 4 test own.plim --rule no-such
err 'no test fits'
sed 's/line 2/line 1/' "$work/own.plim" > "$work/wrong.plim"
run 1 test wrong.plim
out 'error E0602'
out 'got finding own-root at "Dockerfile" line 2'
out '1 passed, 1 failed'
out 's.user.uid'
run 3 test no-such.plim
run 3 test "$work/broken.plim"
mkdir "$work/nothing"
run 4 test nothing

# fmt
run 0 fmt own.plim
cp "$work/.out" "$work/laid-out.plim"
run 0 fmt --check laid-out.plim
sed 's/^  /      /' "$work/laid-out.plim" > "$work/wide.plim"
run 1 fmt --check wide.plim
err 'wide.plim: would change'
run 1 fmt --diff wide.plim
(cd "$work" && patch -s -p1 -o patched.plim < .out) > "$work/.err" 2>&1
same "$work/patched.plim" "$work/laid-out.plim"
run 0 fmt -w wide.plim
same "$work/wide.plim" "$work/laid-out.plim"
input=$work/own.plim
run 0 fmt -
same "$work/.out" "$work/laid-out.plim"
input=/dev/null
printf 'rule {\n' > "$work/broken.plim"
run 3 fmt broken.plim
err 'broken.plim:1:'
run 3 fmt -w broken.plim
[ "$(cat "$work/broken.plim")" = 'rule {' ]
verdict $? 'a file that does not parse was rewritten'
}

# Imports stay below the directory that was given.
mkdir -p "$work/pack/lib"
printf 'list banned = ["curl"]\n' > "$work/pack/lib/names.plim"
{
    echo 'import lib/names'
    sed -n '/^rule own-program/,/^}/p' "$work/own.plim" | sed 's/forbidden$/banned/; s/in forbidden/in banned/'
} > "$work/pack/main.plim"
printf 'FROM a\nRUN curl x\n' > "$work/curl.Dockerfile"
run 1 check --no-builtin --policy pack/main.plim --fail-on low curl.Dockerfile
out 'curl is forbidden'
run 1 check --no-builtin --policy pack --fail-on low curl.Dockerfile
printf 'import ../own\n' > "$work/pack/out.plim"
run 3 compile -o x.plimc pack/out.plim
ln -s ../own.plim "$work/pack/leave.plim"
printf 'import leave\n' > "$work/pack/main2.plim"
run 3 compile -o x.plimc pack/main2.plim
no_err 'programs nobody may run'
finish
