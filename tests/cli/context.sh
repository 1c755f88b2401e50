# SPDX-License-Identifier: Apache-2.0
#
# context.sh: files beside a Dockerfile: what the build context holds, which directory is the context,
# and that nothing outside of the checked tree is opened.
. tests/cli/cli.inc

facts() {
    "$PLIMSOLL" facts "$@" 2> /dev/null
}
# equals NAME EXPECTED ACTUAL
equals() {
    what=$1
    : > "$work/.err"
    printf '%s\n%s\n' "$2" "$3" > "$work/.out"
    [ "$2" = "$3" ]
    verdict $? 'these differ:'
}
paths() {
    jq -r '[.facts["context-file"][]?.path] | join(" ")'
}

mkdir -p "$work/app/certs" "$work/outside" "$work/repo/.git" "$work/repo/sub/app"
cd "$work" || exit 1
printf 'FROM alpine\nCOPY . .\n' > app/Dockerfile
echo 'PASSWORD=x' > app/.env
echo '-----BEGIN RSA PRIVATE KEY-----' > app/certs/tls.key
echo '-----BEGIN RSA PRIVATE KEY-----' > outside/secret.key
echo '-----BEGIN CERTIFICATE-----' > app/certs/ca.key
ln -s ../outside app/link
ln -s ../../outside/secret.key app/certs/link.key

equals 'the directory of the Dockerfile is its context' '.env Dockerfile certs/tls.key' "$(facts app | paths)"
equals 'the same from inside' '.env Dockerfile certs/tls.key' "$(cd app && facts . | paths)"
equals 'a named context' '.env certs/tls.key' "$(printf 'FROM alpine\nCOPY .env certs /\n' |
    facts --context app - | paths)"
equals 'standard input has no context' '' "$(printf 'FROM alpine\nCOPY . .\n' | facts - | paths)"
echo '.env' > app/.dockerignore
equals 'the ignore file counts' '.dockerignore Dockerfile certs/tls.key' "$(facts app | paths)"

# Nothing outside is opened, whatever path a document or a link names.
ln -s ../outside/ignore app/Dockerfile.dockerignore
echo 'certs' > outside/ignore
cd app || exit 1
equals 'a link out of the tree is not followed' '.dockerignore Dockerfile certs/tls.key' \
    "$(facts Dockerfile | paths)"
cd "$work/repo/sub/app" || exit 1
printf 'FROM alpine\nCOPY sub/app/.env /\n' > Dockerfile
echo 'A=1' > .env
equals 'the repository around is part of the tree' 'sub/app/.env' "$(facts --context ../.. Dockerfile | paths)"
cd "$work/app" || exit 1
equals 'a context outside must be named' 'secret.key' "$(printf 'FROM alpine\nCOPY . .\n' |
    facts --context ../outside - | paths)"

# Directories of arguments are opened when needed, a few at a time.
cd "$work" || exit 1
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
    mkdir -p "many/$i"
    printf 'FROM alpine\nCOPY . .\n' > "many/$i/Dockerfile"
    echo 'A=1' > "many/$i/.env"
done
equals 'more arguments than files can be open' 60 "$(ulimit -n 28
    facts "$work"/many/*/Dockerfile "$work"/many/1 | paths | wc -w | tr -d ' ')"
finish
