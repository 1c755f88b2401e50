# SPDX-License-Identifier: Apache-2.0
#
# compose.sh: which compose files form a project, what they may read, where values come from, and what a
# finding shows of the files that decided it.
. tests/cli/cli.inc

cat > "$work/own.plim" << 'END'
rule own-privileged {
  id       "PL5901"
  title    "Privileged"
  why      """It is."""
  remedy   """Do not."""
  severity high
  section  least-privilege
  since    "0.1.0"
  unknown  report
  for s in service
  deny when s.privileged
    at s.privileged
    message "{s.name} is privileged"
}
rule own-stage {
  id       "PL2901"
  title    "Stage"
  why      """It is."""
  remedy   """Do not."""
  severity high
  section  stages
  since    "0.1.0"
  unknown  report
  for s in stage
  deny when s.base-text == "bad"
    at s
    message "{s.base-text} is bad"
}
END
own='--no-builtin --policy own.plim --fail-on never'

equals() {
    what=$1
    : > "$work/.err"
    printf '%s\n%s\n' "$2" "$3" > "$work/.out"
    [ "$2" = "$3" ]
    verdict $? 'these differ:'
}
services() {
    (cd "$work" && "$PLIMSOLL" facts "$@" 2> /dev/null) |
        jq -r '[.facts.service[]? | .name + (if .privileged then "!" else "" end)] | sort | join(" ")'
}

mkdir -p "$work/p/sub" "$work/p/api" "$work/q" "$work/outside"
printf 'services:\n  web:\n    image: a\n    privileged: false\n' > "$work/p/compose.yaml"
printf 'services:\n  other:\n    image: a\n' > "$work/p/docker-compose.yml"
printf 'services:\n  web:\n    privileged: true\n' > "$work/p/compose.override.yml"
printf 'services:\n  prod:\n    image: a\n' > "$work/p/compose.prod.yaml"
printf 'services:\n  deep:\n    image: a\n' > "$work/p/sub/docker-compose.yaml"
printf 'services:\n  one:\n    image: a\n' > "$work/q/one.compose.yml"
printf 'services:\n  two:\n    image: a\n' > "$work/q/two.compose.yml"

# Discovery: the first default name with its override file; the rest is told.
equals 'a directory is a project' 'deep web!' "$(services p)"
equals 'without a default name each file is one' 'one two' "$(services q)"
equals 'a named file comes alone' 'web' "$(services p/compose.yaml)"
equals 'base and override by name' 'web!' "$(services p/compose.yaml p/compose.override.yml)"
equals 'files in the order given' 'prod web' "$(services --file p/compose.yaml --file p/compose.prod.yaml)"
# shellcheck disable=SC2086
run 0 check $own p
err 'p/compose.prod.yaml:1:1: note I0106'
out 'p/compose.override.yml:3:17: high own-privileged: web is privileged'
out 'see p/compose.yaml:4:17: overrides the value set here'
# shellcheck disable=SC2086
input=$work/p/compose.override.yml run 4 check $own -
printf 'services:\n  s:\n    image: a\n    privileged: true\n' > "$work/stdin"
# shellcheck disable=SC2086
input=$work/stdin run 0 check $own -
out '-:4:17: high'

# A name that only the directory around could tell is unknown, not a stray character.
what='the name of a project in the current directory'
(cd "$work/q" && "$PLIMSOLL" check --fail-on never one.compose.yml) > "$work/.out" 2> "$work/.err"
out 'the project takes its name from the directory'

# Dockerfiles that a project builds are read once.
printf 'services:\n  web:\n    build: api\n' > "$work/p/compose.yaml"
printf 'FROM bad\n' > "$work/p/api/Dockerfile"
# shellcheck disable=SC2086
run 0 check $own --format json --output json=r.json p
equals 'a Dockerfile is judged once' 1 \
    "$(jq '[.findings[] | select(.rule == "own-stage")] | length' "$work/r.json")"
equals 'and linked' 'bad' "$( (cd "$work" && "$PLIMSOLL" facts p 2> /dev/null) |
    jq -r '.facts as $f | .facts.service[] | select(.name == "web") | .stage | split("/")[1] | tonumber |
        $f.stage[.]["base-text"]')"

# A file that another project includes is no project of its own.
mkdir -p "$work/i/db"
printf 'include: [db/compose.yaml]\n' > "$work/i/compose.yaml"
printf 'services:\n  db:\n    image: a\n    privileged: true\n' > "$work/i/db/compose.yaml"
equals 'an included file is read once' 'db!' "$(services i)"
equals 'unless it is named' 'db! db!' "$(services i/db/compose.yaml i)"

# What several arms of a rule cannot decide for the same reason is said once.
cat > "$work/arms.plim" << 'END'
rule own-arms {
  id       "PL5902"
  title    "Arms"
  why      """It is."""
  remedy   """Do not."""
  severity high
  section  least-privilege
  since    "0.1.0"
  unknown  report
  for s in service
  where has s.hostname
  deny first-name when s.hostname == "a"
    at s.hostname
    message "{s.name} is a"
  deny second-name when s.hostname == "b"
    at s.hostname
    message "{s.name} is b"
}
END
printf 'services:\n  s:\n    image: a\n    hostname: ${H}\n' > "$work/stdin"
input=$work/stdin run 0 check --no-builtin --policy arms.plim -
equals 'one line' 1 "$(grep -c 'undecided own-arms' "$work/.out")"

# Variables.
printf 'services:\n  s:\n    image: a\n    privileged: ${P}\n' > "$work/q/compose.yaml"
# shellcheck disable=SC2086
run 0 check $own q
out 'P'
# shellcheck disable=SC2086
run 0 check $own --env P=true q
out 's is privileged'
echo 'P=true' > "$work/q/.env"
# shellcheck disable=SC2086
run 0 check $own q
out 's is privileged'
# shellcheck disable=SC2086
run 0 check $own --env P=false q
no_out 's is privileged'
echo 'P=no' > "$work/q/other.env"
# shellcheck disable=SC2086
run 0 check $own --env-file q/other.env q
no_out 's is privileged'
rm "$work/q/.env"
# shellcheck disable=SC2086
P=true run 0 check $own q
no_out 's is privileged'
export P=true
# shellcheck disable=SC2086
run 0 check $own --env-from-process q
out 's is privileged'
unset P
# shellcheck disable=SC2086
run 4 check $own --unset empty q
err 'q/compose.yaml:4:17'
run 2 check --env P q
err 'not NAME=VALUE'

# What lies outside of the checked tree is not read.
printf 'services:\n  s:\n    image: a\n    env_file: ../outside/.env\n' > "$work/p/sub/docker-compose.yaml"
echo 'SECRET=1' > "$work/outside/.env"
cd "$work/p/sub" || exit 1
"$PLIMSOLL" facts . > "$work/.out" 2> "$work/.err"
what='an env file outside'
no_out 'SECRET'
finish
