/* SPDX-License-Identifier: Apache-2.0
 *
 * glob_plan.c - see glob_plan.h.
 */
#include "runtime/glob_plan.h"

#include <string.h>

#include "core/glob.h"

static bool is_wildcard(char c)
{
    return c == '*' || c == '?' || c == '[' || c == ']' || c == '\\';
}

/* Longest run without wildcards in a middle part that has neither classes nor escapes. */
static struct str longest_run(struct str middle)
{
    struct str best = STR("");
    size_t from = 0;
    for (size_t at = 0; at <= middle.len; at++) {
        if (at < middle.len && !is_wildcard(middle.ptr[at])) {
            continue;
        }
        if (at - from > best.len) {
            best = str_slice(middle, from, at);
        }
        from = at + 1;
    }
    return best;
}

struct glob_plan glob_plan_make(struct str glob)
{
    struct glob_plan plan = {.glob = glob, .inner = STR("")};
    size_t from = 0;
    size_t to = glob.len;
    while (from < glob.len && !is_wildcard(glob.ptr[from])) {
        from++;
    }
    /* An escaped byte behind the last wildcard is literal, too. */
    while (to > from && !is_wildcard(glob.ptr[to - 1])) {
        to--;
    }
    plan.prefix = str_slice(glob, 0, from);
    plan.suffix = str_slice(glob, to, glob.len);
    struct str middle = str_slice(glob, from, to);
    bool plain =
        str_find_char(middle, '[', 0) == middle.len && str_find_char(middle, '\\', 0) == middle.len;
    if (plain) {
        plan.inner = longest_run(middle);
    }
    bool framed = plan.inner.len > 0 && middle.len == plan.inner.len + 4 &&
                  str_starts_with(middle, STR("**")) && str_ends_with(middle, STR("**"));
    plan.decided = framed || str_eq(middle, STR("**"));
    return plan;
}

bool glob_plan_match(const struct glob_plan *plan, struct str text)
{
    size_t ends = plan->prefix.len + plan->suffix.len;
    if (text.len < ends || !str_starts_with(text, plan->prefix) ||
        !str_ends_with(text, plan->suffix)) {
        return false;
    }
    if (plan->inner.len > 0 && memmem(text.ptr + plan->prefix.len, text.len - ends, plan->inner.ptr,
                                      plan->inner.len) == NULL) {
        return false;
    }
    return plan->decided || glob_match(plan->glob, text);
}
