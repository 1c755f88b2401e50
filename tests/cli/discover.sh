#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# discover.sh: which files a search finds.
. tests/cli/cli.inc

write_policy
own='--no-builtin --policy own.plim --fail-on never --rule own-root'

# A tree of names: each holds a finding.
for path in Dockerfile Dockerfile.prod web.Dockerfile api.dockerfile Containerfile Containerfile.arm \
    .devcontainer/Dockerfile a/b/c/Dockerfile .git/Dockerfile a/node_modules/Dockerfile \
    Dockerfile.dockerignore Dockerfile.md Dockerfile.swp Dockerfiles.list \
    Dockerfile.tmpl a/Dockerfile.j2 a/b/Dockerfile/Containerfile; do
    mkdir -p "$work/tree/$(dirname "$path")"
    printf 'FROM a\nUSER 0\n' > "$work/tree/$path"
done
mkfifo "$work/tree/a/pipe.Dockerfile"
ln -s ../Dockerfile "$work/tree/a/link.Dockerfile"
ln -s .. "$work/tree/a/b/up"
ln -s /dev/zero "$work/tree/a/zero.Dockerfile"

# shellcheck disable=SC2086
run 4 check $own --quiet tree # the link to a device cannot be read
cut -d: -f1 "$work/.out" | grep '^tree' | sort > "$work/found"
sort > "$work/expected" << 'END'
tree/.devcontainer/Dockerfile
tree/Containerfile
tree/Containerfile.arm
tree/Dockerfile
tree/Dockerfile.prod
tree/a/b/Dockerfile/Containerfile
tree/a/b/c/Dockerfile
tree/a/link.Dockerfile
tree/api.dockerfile
tree/web.Dockerfile
END
same "$work/expected" "$work/found"
err 'tree/a/zero.Dockerfile'
rm "$work/tree/a/zero.Dockerfile"
# shellcheck disable=SC2086
run 0 check $own tree
err 'tree/Dockerfile.tmpl:1:1: note I0105'
err 'tree/a/Dockerfile.j2'
# Named files are judged whatever their name.
# shellcheck disable=SC2086
run 0 check $own tree/Dockerfile.tmpl tree/Dockerfile.md
out 'tree/Dockerfile.tmpl:2:1'
out 'tree/Dockerfile.md:2:1'

# .gitignore
mkdir -p "$work/git/out/x" "$work/git/keep" "$work/git/deep/er"
for path in Dockerfile out/Dockerfile out/x/Dockerfile keep/Dockerfile keep/old.Dockerfile \
    deep/er/Dockerfile deep/Dockerfile.tmp1 deep/Dockerfile.tmp2; do
    printf 'FROM a\nUSER 0\n' > "$work/git/$path"
done
printf '# comment\n/out/\n*.tmp?\n!*.tmp2\nold.*\n\\#x\n[\n' > "$work/git/.gitignore"
printf 'er\n' > "$work/git/deep/.gitignore"
# shellcheck disable=SC2086
run 0 check $own --quiet git
cut -d: -f1 "$work/.out" | grep '^git' | sort > "$work/found"
printf 'git/Dockerfile\ngit/deep/Dockerfile.tmp2\ngit/keep/Dockerfile\n' > "$work/expected"
same "$work/expected" "$work/found"
# shellcheck disable=SC2086
run 0 check $own --quiet --no-ignore git
[ "$(grep -c '^git' "$work/.out")" -eq 8 ]
verdict $? 'not all files were found'
# Patterns made to take long: everything is judged, soon.
mkdir "$work/slow"
awk 'BEGIN {
    for (i = 0; i < 2000; i++) {
        printf "**/"
        for (j = 0; j < 100; j++) printf "*a"
        print "b" i
    }
}' > "$work/slow/.gitignore"
name=$(printf '%0230d' 0 | tr 0 a)
i=0
while [ $i -lt 20 ]; do
    printf 'FROM a\nUSER 0\n' > "$work/slow/$name$i.Dockerfile"
    i=$((i + 1))
done
# shellcheck disable=SC2086
run 0 check $own --summary slow
out ' in 20 files'

# A file that is named is judged although it is excluded.
# shellcheck disable=SC2086
run 0 check $own git/out/Dockerfile
out 'git/out/Dockerfile:2:1'

# Nothing found is no pass.
mkdir "$work/none"
# shellcheck disable=SC2086
run 4 check $own none
err 'nothing was checked: no Dockerfile, Containerfile or compose file was found'
touch "$work/none/Dockerfile.tmpl"
# shellcheck disable=SC2086
run 4 check $own none
err 'only templates'
printf '*\n' > "$work/none/.gitignore"
rm "$work/none/Dockerfile.tmpl"
touch "$work/none/Dockerfile"
# shellcheck disable=SC2086
run 4 check $own none
err '--no-ignore'

# A deep tree ends with a message instead of running out of descriptors or stack.
deep=$work/deep
i=0
while [ $i -lt 140 ]; do
    deep=$deep/d
    i=$((i + 1))
done
mkdir -p "$deep"
# shellcheck disable=SC2086
run 4 check $own deep
err 'is nested too deeply'

# A file that is met twice is judged once.
mkdir "$work/twice"
printf 'FROM a\nUSER 0\n' > "$work/twice/Dockerfile"
# shellcheck disable=SC2086
run 0 check $own twice twice/ ./twice twice/Dockerfile ./twice/Dockerfile
out ' in 1 file: 1 finding'
# More paths than a small table holds.
i=0
while [ $i -lt 200 ]; do
    printf 'FROM a\nUSER 0\n' > "$work/twice/$i.Dockerfile"
    i=$((i + 1))
done
# shellcheck disable=SC2086
run 0 check $own --summary twice twice
out ' in 201 files: 201 findings'

# Paths are shown as given, without a leading ./
(cd "$work/git" && "$PLIMSOLL" check --no-builtin --policy ../own.plim --fail-on never) \
    > "$work/.out" 2> "$work/.err"
what='check without arguments'
grep -q '^Dockerfile:2:1: ' "$work/.out"
verdict $? 'the current directory is not searched'
finish
