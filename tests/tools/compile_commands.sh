#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# compile_commands.sh COMMAND FILE...: prints a compilation database.
set -u
command=$1
shift
here=$(pwd)
separator='['
for file in "$@"; do
    printf '%s\n  {"directory": "%s", "file": "%s", "command": "%s -c %s"}' \
        "$separator" "$here" "$file" "$(printf '%s' "$command" | sed 's/["\\]/\\&/g')" "$file"
    separator=','
done
printf '\n]\n'
