#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# docs_bytecode.sh: prints docs/bytecode.md: the instruction set from runtime/opcodes.def, the
# functions from runtime/builtins.def, the sections of an image from runtime/image_tables.def.
set -eu
cc=${CC:-cc}

# Rows of a table as "a|b|c": the preprocessor joins the texts, which are then stripped of quotes.
rows() {
    printf '%s\n#include "%s"\n' "$1" "$2" | "$cc" -E -P -I. -x c - |
        awk '{ line = line $0 " " } END { n = split(line, row, "@@"); for (i = 2; i <= n; i++) print row[i] }' |
        sed 's/" *"//g; s/"//g; s/  */ /g; s/ *$//'
}

cat << 'END'
# Bytecode

Generated from `runtime/opcodes.def`, `runtime/builtins.def` and `runtime/image_tables.def`.

A rule compiles to one *unit* for each member of its `for`. A unit has up to 256 typed registers;
register 0 is the judged row. An instruction is one 32-bit word: the opcode in the low byte, then three
operands of a byte (ABC), one of a byte and one of 16 bits (AI), or one of 16 bits (I).

## Trust

Packs carry source; an image is a local artifact. Each program passes the verifier before it runs,
compiled or loaded; no flag skips that. One linear pass checks that every index is in range, every
operand has the type its instruction wants, every register is written on all paths before it is read,
jumps go forward inside the unit and never into a loop, loops close and nest at most 8 deep, the iterator of
an open loop is left alone, findings have a place, and the unit ends. Termination follows: the only
backward jump takes the next element of a list, and lists are finite.

Fuel is charged per instruction and per byte that a function or pattern looks at. A rule that uses up its
share ends with an outcome of its own, never with a pass; the others go on.

## Instructions

`w` and `r` stand for registers written and read; `k` for the index of a constant.

| name | form | a | b | c or immediate | fuel | meaning |
|---|---|---|---|---|---|---|
END
rows '#define OP(name, format, a, b, c, cost, doc) @@name|format|a|b|c|cost|doc' runtime/opcodes.def |
    sed 's/|none/|/g; s/^ *//; s/ *| */ | /g; s/^/| /; s/$/ |/'
cat << 'END'

## Functions

Arguments: `s` string, `i` int, `l` list of strings, `t` time, `d` duration, `v` version, `p` set of strings.

| name | arguments | result | fuel | meaning |
|---|---|---|---|---|
END
rows '#define BUILTIN(id, name, result, arguments, cost, doc) @@name|arguments|result|cost|doc' \
    runtime/builtins.def |
    awk -F'|' '{ printf "| `%s` | %s | %s | %s | %s |\n", $1, $2, tolower($3), $4, $5 }'
cat << 'END'

## Guards

A unit may have a guard: a condition over fields of the judged row, or of a row it refers to, that holds
whenever the unit has an outcome. The compiler takes it from `where` and from the arms; `plimsoll disasm`
shows it. Rows for which it certainly does not hold are judged without entering the unit. A guard says no
only to what is known: an unknown cell passes each test, an absent one all but `has` and `some`. What a
guard does not ask, a part of the condition that is not about single cells, may hold. `like` asks for the
literals of which one stands in each match of a pattern; one pass over a text looks for all of them.
The same is done for elements of lists: behind the FOR of a quantifier, a filter or an `each`, SKIP leaves
out those of which the loop certainly learns nothing. It is left out itself while a rule is traced.
Guards of units take no fuel: their work is bounded by rows and units, that of `like` by the bytes of the input.

## Images

A header (magic, byte order, format version, schema version, number of sections, size, SHA-256 of all the
rest), a table of sections, then the sections, each aligned to 8 bytes. A section is one table of the
program as it stands in memory, so that the embedded policies are used where they lie. The digest guards
against accidents; an image of another format, schema or byte order is refused with both versions named.

| section | table | count | record |
|---|---|---|---|
END
rows '#define TABLE(section, items, number, record) @@section|items|number|record' \
    runtime/image_tables.def |
    awk -F'|' '{ print "| " NR - 1 " | `" $2 "` | `" $3 "` | `" $4 "` |" }'
