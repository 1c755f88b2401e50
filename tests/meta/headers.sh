#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# headers.sh: public headers compile alone as C11 and C++17 without a warning, the others as C11.
. tests/meta/files.inc

strict='-Wall -Wextra -Wpedantic -Wconversion -Werror -fsyntax-only'

# compile COMPILER HEADER FLAGS...
compile() {
    compiler=$1
    header=$2
    shift 2
    if ! "$compiler" "$@" -include "$header" "$meta_work/empty.c" 2> "$meta_work/log"; then
        echo "$header: does not compile alone with $compiler $1"
        head -n 3 "$meta_work/log"
    fi
}

printf 'int headers_probe(void);\n' > "$meta_work/empty.c"
for header in $(find include -name '*.h' | sort); do
    # shellcheck disable=SC2086 # a list of flags
    compile "${CC:-gcc}" "$header" -std=c11 $strict -Iinclude
    if command -v "${CXX_CHECK:-g++}" > /dev/null 2>&1; then
        # shellcheck disable=SC2086
        compile "${CXX_CHECK:-g++}" "$header" -std=c++17 -x c++ $strict -Iinclude
    fi
done | report
for header in $(find core facts runtime compiler api cli -name '*.h' 2>/dev/null | sort); do
    compile "${CC:-gcc}" "$header" -std=c11 -Wall -Wextra -Werror -fsyntax-only -D_GNU_SOURCE \
        -I. -Iinclude -Ibuild/gen
done | report
finish
