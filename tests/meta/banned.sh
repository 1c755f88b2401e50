#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# banned.sh: functions that nobody may call, and those that only the program may.
. tests/meta/files.inc

everywhere='sprintf|vsprintf|strcpy|strcat|strncpy|strncat|stpcpy|gets|strtok|atoi|atol|atoll|atof'
everywhere="$everywhere|alloca|tmpnam|mktemp|asprintf|vasprintf|scanf|sscanf|system|popen"
memory='malloc|calloc|realloc|reallocarray|free|strdup|strndup|aligned_alloc|posix_memalign'
process='printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|perror|exit|_exit|abort|getenv|setenv'
process="$process|setlocale|signal|fopen|localtime|strerror"

calls() {
    grep -E "(^|[^a-zA-Z0-9_.>])($1)[ ]*\(" | sed -E "s/^([^:]*:[0-9]+):.*[^a-zA-Z0-9_]($1)[ ]*\(.*/\1: \2 is banned here/"
}

tree_files c h | grep -v '^tests/' | stripped | calls "$everywhere" | report
library_files | grep -v '^core/alloc\.c$' | stripped | calls "$memory" | report
library_files | stripped | calls "$process" | report
finish
