/* SPDX-License-Identifier: Apache-2.0
 *
 * lower_regs.c - registers of one unit. Each keeps the type it was first taken for, so a free one
 * is reused for the same type only; 256 are enough, and the search over them is short.
 */
#include "compiler/lower.h"

struct program_type lower_type(enum program_base base)
{
    return (struct program_type){.base = (uint8_t)base};
}

void lower_regs_reset(struct lower *lower, enum fact_kind kind)
{
    memset(lower->use, LOWER_FREE, sizeof lower->use);
    lower->types[0] = (struct program_type){.base = PROGRAM_ROW, .argument = (uint8_t)kind};
    lower->use[0] = LOWER_KEPT;
    lower->register_count = 1;
    lower->certain = LOWER_ANY;
    lower->loops = 0;
    lower->failed = false;
}

void lower_fail(struct lower *lower, struct span span, const char *reason)
{
    if (!lower->failed) {
        diag_report(lower->diags, DIAG_too_large, span, "rule `%.*s` %s",
                    STR_FMT(lower->rule->ast->name.text), reason);
    }
    lower->failed = true;
}

static bool same_type(struct program_type a, struct program_type b)
{
    return a.base == b.base && a.argument == b.argument && a.list == b.list && a.iter == b.iter;
}

static bool row_fits(const struct lower *lower, unsigned first, const struct program_type *types,
                     unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        unsigned reg = first + i;
        if (reg < lower->register_count &&
            (lower->use[reg] != LOWER_FREE || !same_type(lower->types[reg], types[i]))) {
            return false;
        }
    }
    return true;
}

unsigned lower_take_row(struct lower *lower, const struct program_type *types, unsigned count)
{
    unsigned first = 0;
    while (!row_fits(lower, first, types, count)) {
        first++;
    }
    if (first + count > PROGRAM_MAX_REGISTERS) {
        lower_fail(lower, lower->rule->ast->name.span, "needs more than 256 registers");
        return 0;
    }
    for (unsigned i = 0; i < count; i++) {
        lower->types[first + i] = types[i];
        lower->use[first + i] = LOWER_TEMPORARY;
    }
    if (first + count > lower->register_count) {
        lower->register_count = first + count;
    }
    return first;
}

unsigned lower_take(struct lower *lower, struct program_type type)
{
    return lower_take_row(lower, &type, 1);
}

void lower_drop(struct lower *lower, unsigned reg)
{
    if (lower->use[reg] == LOWER_TEMPORARY) {
        lower->use[reg] = LOWER_FREE;
    }
}

void lower_keep(struct lower *lower, unsigned reg)
{
    lower->use[reg] = LOWER_KEPT;
}

void lower_unkeep(struct lower *lower, unsigned reg)
{
    if (reg != 0) {
        lower->use[reg] = LOWER_TEMPORARY;
    }
}

struct program_span lower_span(const struct lower *lower, struct span span)
{
    uint32_t file = span.source < lower->file_of_count ? lower->file_of[span.source] : UINT32_MAX;
    return (struct program_span){.file = file, .start = span.start, .end = span.end};
}
