/* SPDX-License-Identifier: Apache-2.0
 *
 * parse_arm.c - the parts of a deny arm: each once (also and fix: any number), in the order at,
 * also, message, fix. The grammar takes them flat so that an error in one part leaves the
 * others readable; order and completeness are seen to here, as syntax errors. An arm in which
 * something was wrong already is not told to be incomplete as well.
 */
#include "compiler/ast_build.h"
#include "compiler/parse_state.h"

#include <string.h>

static const char *const part_texts[PART_COUNT] = {"at", "also", "message", "fix"};

static bool has_part(const struct parse *p, enum parse_part part)
{
    return (p->arm_parts >> part & 1) != 0;
}

const char *parse_missing_part(const struct parse *p)
{
    static const enum parse_part required[] = {PART_AT, PART_MESSAGE};
    for (size_t i = 0; p->arm_open && i < sizeof required / sizeof *required; i++) {
        if (!has_part(p, required[i])) {
            return part_texts[required[i]];
        }
    }
    return NULL;
}

void parse_break_arm(struct parse *p)
{
    p->arm_broken = true;
}

void parse_end_arm(struct parse *p)
{
    const char *missing = parse_missing_part(p);
    if (missing != NULL && !p->arm_broken) {
        struct span keyword = p->arm->span;
        keyword.end = keyword.start + (uint32_t)strlen("deny");
        struct diag *diag =
            diag_report(p->diags, DIAG_syntax, keyword, "this arm has no `%s`", missing);
        diag_add_note(p->diags, diag,
                      "an arm is `deny NAME when CONDITION at PATH message \"TEXT\"`");
    }
    p->arm_open = false;
    p->arm_broken = false;
}

void parse_begin_arm(struct parse *p, struct ast_name name, struct ast_name severity,
                     struct span span)
{
    parse_end_arm(p);
    p->arm = ast_add_arm(p, name, severity, span);
    p->arm_parts = 0;
    p->arm_open = true;
}

/* A part without its arm: later actions get one that is in no tree. */
static void report_stray(struct parse *p, enum parse_part part, struct span keyword)
{
    if (!p->arm_broken) {
        diag_report(p->diags, DIAG_syntax, keyword, "`%s` stands outside a `deny` arm",
                    part_texts[part]);
    }
    struct ast_arm **tail = p->tails.arms;
    struct ast_name none = name_at(STR(""), keyword);
    p->arm = ast_add_arm(p, none, none, keyword);
    *tail = NULL;
    p->tails.arms = tail;
    p->arm_broken = true;
}

void parse_part(struct parse *p, enum parse_part part, struct span keyword)
{
    if (!p->arm_open) {
        report_stray(p, part, keyword);
        return;
    }
    bool repeats = part == PART_ALSO || part == PART_FIX;
    const char *later = NULL;
    for (unsigned other = part + 1U; other < PART_COUNT; other++) {
        later = has_part(p, (enum parse_part)other) ? part_texts[other] : later;
    }
    const char *missing = parse_missing_part(p);
    bool early = missing != NULL && missing != part_texts[part] &&
                 (part != PART_ALSO || !has_part(p, PART_AT));
    if (!p->arm_broken && has_part(p, part) && !repeats) {
        diag_report(p->diags, DIAG_syntax, keyword, "`%s` stands twice in this arm",
                    part_texts[part]);
        p->arm_broken = true;
    } else if (!p->arm_broken && later != NULL) {
        diag_report(p->diags, DIAG_syntax, keyword, "`%s` must stand before `%s`", part_texts[part],
                    later);
        p->arm_broken = true;
    } else if (!p->arm_broken && early) {
        diag_report(p->diags, DIAG_syntax, keyword, "expected `%s`, found `%s`", missing,
                    part_texts[part]);
        p->arm_broken = true;
    }
    p->arm_parts |= 1U << part;
}
