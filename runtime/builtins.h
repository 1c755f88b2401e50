/* SPDX-License-Identifier: Apache-2.0
 *
 * builtins.h - what is known of each function of the language: signature, cost, doc.
 *
 * Generated from builtins.def. The compiler types calls with it, the verifier checks them; the
 * functions themselves are in builtins.c and bi_*.c. Thread rule: pure.
 */
#ifndef RUNTIME_BUILTINS_H
#define RUNTIME_BUILTINS_H

#include "core/str.h"
#include "runtime/program.h"

/* enum builtin: BUILTIN_starts_with ... */
enum builtin {
#define BUILTIN(id, name, result, arguments, cost, doc) BUILTIN_##id,
#include "runtime/builtins.def"
#undef BUILTIN
    BUILTIN_COUNT
};

struct builtin_info {
    const char *name; /* as rules spell it */
    struct program_type result;
    const char *arguments; /* type letters, see builtins.def */
    unsigned argument_count;
    unsigned cost;
    const char *doc;
};

/* Facts of a builtin below BUILTIN_COUNT. */
const struct builtin_info *builtin_info(enum builtin builtin);

/* Type of argument `index` below argument_count. */
struct program_type builtin_argument_type(const struct builtin_info *info, unsigned index);

#endif
