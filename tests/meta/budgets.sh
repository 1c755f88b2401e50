#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# budgets.sh: file, function and line length, complexity, parameters, includes per file.
. tests/meta/files.inc

# The one function that may be longer and more complex: the dispatch loop, a single switch.
dispatch_loop='runtime/vm_loop.inc VM_LOOP_NAME'

tree_files c h l y S inc | xargs wc -l | awk '
    $2 != "total" && $1 > 800 { print $2 ": " $1 " lines, budget 800" }' | report

tree_files c h l y S def | xargs awk '
    { width = length($0); n = gsub(/[\200-\277]/, "&"); width -= n }
    width > 100 { print FILENAME ":" FNR ": " width " columns, budget 100" }' | report

tree_files c h inc | stripped | awk -f tests/meta/functions.awk | awk -v loop="$dispatch_loop" '
    $1 " " $3 == loop { next }
    $4 > 60 { print $1 ":" $2 ": " $3 " has " $4 " lines, budget 60" }
    $5 > 25 { print $1 ":" $2 ": " $3 " has complexity " $5 ", budget 25" }
    $6 > 8 { print $1 ":" $2 ": " $3 " has " $6 " parameters, budget 8" }' | report

tree_files c l y | xargs awk '
    FNR == 1 { count = 0 }
    /^#include ("|<plimsoll\/)/ && !/\.def"/ { count++ }
    count == 13 && !told[FILENAME]++ { print FILENAME ": more than 12 project includes" }' | report

finish
