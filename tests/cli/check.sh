#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check.sh: the options, reports and exit codes of `plimsoll check`.
. tests/cli/cli.inc

write_policy
own='--no-builtin --policy own.plim'
mkdir "$work/p"
printf 'FROM debian:12\nRUN curl https://example.com\nUSER root\n' > "$work/p/Dockerfile"
printf 'FROM debian:12\nRUN true\nUSER 1000\n' > "$work/good.Dockerfile"
printf 'FROM debian:12\nARG WHO\nUSER $WHO\n' > "$work/unknown.Dockerfile"

# The default command, and text for people. shellcheck disable=SC2086 below: $own is two options
# shellcheck disable=SC2086
{
run 1 $own p
out 'p/Dockerfile:3:1: high own-root: '
out '    3 | USER root'
out '      | ^^^^^^^^^'
out '   fix: End it with USER.'
out 'p/Dockerfile:2:5: low own-program: curl is forbidden'
out '2 rules judged '
out ' in 1 file: 2 findings (1 high, 1 low)'
run 1 check $own p
run 0 check $own good.Dockerfile
out ': 0 findings'

# Thresholds
run 1 check $own --fail-on high p
run 0 check $own --fail-on critical p
run 0 check $own --fail-on never p
run 1 check $own --fail-on low --rule own-program p
run 0 check $own --fail-on medium --rule own-program p
run 2 check $own --fail-on hihg p
err 'did you mean `high`?'

# Selection
run 1 check $own --rule own-root p
no_out own-program
run 1 check $own --rule PL5901 p
run 1 check $own --rule 'own-r*' p
run 1 check $own -r own-root,own-program p
run 1 check $own -r own-root -r own-program p
out own-program
run 2 check $own --rule no-such-rule p
err 'no rule `no-such-rule`'
run 2 check $own --rule own-rot p
err 'no rule `own-rot`; did you mean `own-root`?'
run 0 check $own --section infrastructure p
no_out own-root
run 4 check $own --section secrets p
err 'nothing was checked: no rule is selected'
run 2 check $own --section secret p
err 'did you mean `secrets`?'

# Undecided, and what settles it
run 0 check $own unknown.Dockerfile
out 'unknown.Dockerfile:3:1: undecided own-root: '
out '1 undecided'
run 1 check $own --define WHO=0 unknown.Dockerfile
run 0 check $own -DWHO=7 unknown.Dockerfile
no_out undecided
run 2 check $own -D =7 unknown.Dockerfile
err 'is not NAME=VALUE'

# Parameters
run 0 check $own --param 'forbidden=["wget"]' --rule own-program p
out '0 findings'
run 0 check $own --param 'forbidden+=["true"]' --fail-on never p good.Dockerfile
out 'true is forbidden'
out 'curl is forbidden'
run 2 check $own --param nothing=1 p
err 'no parameter `nothing`'
run 2 check $own --param 'forbiden=["x"]' p
err 'did you mean `forbidden`?'
run 2 check $own --param 'forbidden=["a"' p

# Amount of output
run 1 check $own --quiet p
no_out judged
out own-root
run 1 check $own --summary p
no_out 'p/Dockerfile'
out '2 rules judged'

# Colour
run 1 check $own p
no_out "$(printf '\033')"
run 1 check $own --color always p
out "$(printf '\033[')"
CLICOLOR_FORCE=1
export CLICOLOR_FORCE
run 1 check $own p
out "$(printf '\033[')"
NO_COLOR=1
export NO_COLOR
run 1 check $own p
no_out "$(printf '\033')"
unset NO_COLOR CLICOLOR_FORCE
run 2 check $own --color sometimes p

# Standard input
input=$work/p/Dockerfile
run 1 check $own -
out '-:3:1: high own-root'
run 1 check $own --stdin-filename web/Dockerfile - good.Dockerfile
out 'web/Dockerfile:3:1: high own-root'
out ' in 2 files'
input=/dev/null
run 4 check $own -

# JSON, and several outputs at a time
run 1 check $own --format json p
jq -e '.schema == "plimsoll.findings/1" and (.findings | length) == 2' "$work/.out" > "$work/.err"
verdict $? 'JSON is not as expected'
run 1 check $own --output json=report.json -o text=report.txt p
out own-root
[ "$(jq -r '.findings[1].rule' "$work/report.json")" = own-root ]
verdict $? 'the JSON file is not as expected'
same "$work/report.txt" "$work/.out"
run 1 check $own --format json --output json=again.json p
same "$work/again.json" "$work/.out"
run 2 check $own --format yaml p
run 2 check $own --output report.json p
err 'write FORMAT=FILE'
run 2 check $own --output sarif=x p
err 'no output format `sarif`'
[ -z "$(find "$work" -name '*.tmp')" ]
verdict $? 'a temporary file is left'
ln -s report.json "$work/link.json"
run 1 check $own --output json=link.json p
[ -L "$work/link.json" ]
verdict $? 'the link was replaced'

# Trace
run 0 check $own --trace own-root@p/Dockerfile:3 p
out 's.user.uid'
run 0 check $own --trace own-root@p/Dockerfile p
run 0 check $own --trace own-root p
run 4 check $own --trace own-root@p/Dockerfile:9 p
run 4 check $own --trace no-such@p/Dockerfile:1 p
err 'no rule `no-such`'
run 2 check $own --trace @x p

printf 'FROM a\nENV A="\033[31m\302\233"\nRUN "cu\033rl"\n' > "$work/escapes.Dockerfile"
run 0 check $own --trace own-program escapes.Dockerfile
no_out "$(printf '\033')"
no_out "$(printf '\302\233')"

# Policies
run 0 compile own.plim -o own.plimc
run 1 check --no-builtin --policy own.plimc p
out own-root
run 3 check --policy own.plim --policy own.plimc p
err 'two policies define the rule'
run 3 check --policy no-such.plim p
err 'no-such.plim: cannot open'
mkdir "$work/empty"
run 3 check --policy empty p
err 'holds no .plim file'
printf 'rule broken {\n' > "$work/broken.plim"
run 3 check --policy broken.plim p
err 'broken.plim:'
run 4 check --no-builtin p
err 'nothing was checked'

# Problems of one file do not hide the others; what cannot be read decides the exit code
printf 'nothing of this is a Dockerfile\n' > "$work/p/Dockerfile.bad"
run 4 check $own p
out 'p/Dockerfile:3:1: high own-root'
err 'p/Dockerfile.bad:1:1: '
rm "$work/p/Dockerfile.bad"
run 4 check $own no-such-file p
err 'no-such-file:1:1: error I0101: cannot open: No such file or directory'
out own-root
run 4 check $own own.plim
err 'I0102'
}

# Deterministic: twice the same bytes, in any order of arguments
# shellcheck disable=SC2086
run 1 check $own p good.Dockerfile unknown.Dockerfile
cp "$work/.out" "$work/first"
# shellcheck disable=SC2086
run 1 check $own unknown.Dockerfile good.Dockerfile p
same "$work/first" "$work/.out"
finish
