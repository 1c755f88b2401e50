/* SPDX-License-Identifier: Apache-2.0
 *
 * program.c - life of a program and the names of its small enumerations.
 */
#include "runtime/program.h"

#include "core/alloc.h"

plim_status program_new(struct program **out, const plim_allocator *allocator)
{
    const plim_allocator *used = alloc_or_default(allocator);
    struct program *program = alloc_zeroed(used, sizeof *program);
    if (program == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    program->allocator = used;
    program->references = 1;
    program->strings = "";
    arena_init(&program->arena, used, 0);
    *out = program;
    return PLIM_STATUS_OK;
}

struct program *program_retain(struct program *program)
{
    __atomic_add_fetch(&program->references, 1, __ATOMIC_RELAXED);
    return program;
}

void program_release(struct program *program)
{
    if (program == NULL || __atomic_sub_fetch(&program->references, 1, __ATOMIC_ACQ_REL) > 0) {
        return;
    }
    arena_release(&program->arena);
    alloc_free(program->allocator, program, sizeof *program);
}

const char *program_section_name(enum program_section section)
{
    static const char *const names[PROGRAM_SECTION_COUNT] = {
        [PROGRAM_SECRETS] = "secrets",
        [PROGRAM_STAGES] = "stages",
        [PROGRAM_SCANNING] = "scanning",
        [PROGRAM_INFRASTRUCTURE] = "infrastructure",
        [PROGRAM_LEAST_PRIVILEGE] = "least-privilege",
        [PROGRAM_STYLE] = "style"};
    return (unsigned)section < PROGRAM_SECTION_COUNT ? names[section] : "unknown";
}

const char *program_unknown_name(enum program_unknown unknown)
{
    static const char *const names[] = {[PROGRAM_UNKNOWN_PASS] = "pass",
                                        [PROGRAM_UNKNOWN_REPORT] = "report",
                                        [PROGRAM_UNKNOWN_DENY] = "deny"};
    return (unsigned)unknown <= PROGRAM_UNKNOWN_DENY ? names[unknown] : "unknown";
}
