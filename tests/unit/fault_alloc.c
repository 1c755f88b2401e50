/* SPDX-License-Identifier: Apache-2.0
 *
 * fault_alloc.c - see fault_alloc.h. Each block carries its size in a header of its own, which is
 * how a wrong old_size is noticed. Growth always moves, so that stale pointers are caught.
 */
#include "tests/unit/fault_alloc.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct header {
    alignas(max_align_t) size_t size;
};

static bool must_fail(struct fault_alloc *fault)
{
    fault->calls++;
    if (fault->fail_at == 0 || fault->calls < fault->fail_at) {
        return false;
    }
    return fault->sticky || fault->calls == fault->fail_at;
}

static void free_block(struct fault_alloc *fault, void *ptr, size_t old_size)
{
    struct header *header = (struct header *)ptr - 1;
    if (header->size != old_size) {
        fault->size_errors++;
    }
    fault->live_blocks--;
    fault->live_bytes -= header->size;
    memset(ptr, 0x5A, header->size);
    free(header);
}

static void *fault_resize(void *user, void *ptr, size_t old_size, size_t new_size)
{
    struct fault_alloc *fault = user;
    if (new_size == 0) {
        if (ptr != NULL) {
            free_block(fault, ptr, old_size);
        }
        return NULL;
    }
    if (must_fail(fault)) {
        fault->failures++;
        return NULL;
    }
    struct header *header = malloc(sizeof *header + new_size);
    if (header == NULL) {
        return NULL;
    }
    header->size = new_size;
    void *fresh = header + 1;
    memset(fresh, 0xA5, new_size);
    fault->live_blocks++;
    fault->live_bytes += new_size;
    if (fault->live_bytes > fault->peak_bytes) {
        fault->peak_bytes = fault->live_bytes;
    }
    if (ptr != NULL) {
        memcpy(fresh, ptr, old_size < new_size ? old_size : new_size);
        free_block(fault, ptr, old_size);
    }
    return fresh;
}

void fault_alloc_init(struct fault_alloc *fault, size_t fail_at, bool sticky)
{
    *fault = (struct fault_alloc){.fail_at = fail_at, .sticky = sticky};
    fault->allocator.resize = fault_resize;
    fault->allocator.user = fault;
}

/* One run; true while the requested failure was met. */
static bool run_once(fault_scenario *scenario, void *user, size_t fail_at, bool sticky)
{
    struct fault_alloc fault;
    fault_alloc_init(&fault, fail_at, sticky);
    plim_status status = scenario(&fault.allocator, user);
    if (fault.size_errors != 0 || fault.live_blocks != 0) {
        fail_msg("failing call %zu (%s): %zu blocks of %zu bytes leaked, %zu wrong sizes", fail_at,
                 sticky ? "sticky" : "once", fault.live_blocks, fault.live_bytes,
                 fault.size_errors);
    }
    if (status != PLIM_STATUS_OK && (status != PLIM_STATUS_NOMEM || fault.failures == 0)) {
        fail_msg("failing call %zu (%s): status %s after %zu failures", fail_at,
                 sticky ? "sticky" : "once", plim_status_name(status), fault.failures);
    }
    return fault.failures > 0;
}

void fault_alloc_run_max(fault_scenario *scenario, void *user, size_t max_calls)
{
    run_once(scenario, user, 0, false);
    for (int sticky = 0; sticky <= 1; sticky++) {
        size_t last = max_calls > 0 ? max_calls : SIZE_MAX - 1;
        for (size_t k = 1; k <= last; k++) {
            if (!run_once(scenario, user, k, sticky == 1)) {
                break;
            }
        }
    }
}

void fault_alloc_run(fault_scenario *scenario, void *user)
{
    fault_alloc_run_max(scenario, user, 0);
}
