/* SPDX-License-Identifier: Apache-2.0
 *
 * co_run.c - what ends or marks a run: refusals and limits.
 */
#include "facts/compose/co_run.h"

#include <stdarg.h>

struct diag *co_refuse(struct co_run *run, enum diag_id id, struct span span, const char *format,
                       ...)
{
    va_list args;
    va_start(args, format);
    struct diag *diag = diag_vreport(run->diags, id, span, format, args);
    va_end(args);
    run->refused = true;
    return diag;
}

void co_limit(struct co_run *run, struct span span, const char *format, ...)
{
    if (!co_alive(run)) {
        return; /* said already, or out of memory */
    }
    va_list args;
    va_start(args, format);
    (void)diag_vreport(run->diags, DIAG_compose_limit, span, format, args);
    va_end(args);
    run->arena->status = PLIM_STATUS_LIMIT;
}

bool co_visit(struct co_run *run, size_t nodes)
{
    if (nodes > CO_MAX_VISITS - run->visits) {
        run->visits = CO_MAX_VISITS;
        co_limit(run, co_nowhere(),
                 "the project holds more than %d values once files, anchors and extended services "
                 "are put together",
                 CO_MAX_VISITS);
        return false;
    }
    run->visits += nodes;
    return co_alive(run);
}
