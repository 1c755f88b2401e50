#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# unicode.sh: core/unicode.def is what its generator prints.
. tests/meta/files.inc

here=$(perl -MUnicode::UCD -e 'print Unicode::UCD::UnicodeVersion()' 2>/dev/null) || skip 'no perl'
grep -q "Unicode $here " core/unicode.def || skip "perl has Unicode $here"
perl tests/tools/unicode_tables.pl | cmp - core/unicode.def 2>&1 | report
finish
