/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_run.c - a whole run: the first two bytes choose the fuel and the allocation that fails, then
 * come a policy and a Dockerfile, parted by the first NUL byte. Nothing may leak, whatever fails.
 */
#include <plimsoll/plimsoll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Fails once, at the chosen call. */
struct failing {
    size_t calls_left; /* 0: never fails */
    size_t live_bytes;
};

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void *failing_resize(void *user, void *ptr, size_t old_size, size_t new_size)
{
    struct failing *failing = user;
    if (new_size > 0 && failing->calls_left > 0 && --failing->calls_left == 0) {
        return NULL;
    }
    if (new_size == 0) {
        free(ptr);
        failing->live_bytes -= old_size;
        return NULL;
    }
    void *moved = realloc(ptr, new_size);
    if (moved != NULL) {
        failing->live_bytes += new_size - old_size;
    }
    return moved;
}

static void evaluate(plim_policy *policy, const plim_allocator *allocator, const char *text,
                     size_t size, uint64_t fuel)
{
    plim_facts_options facts_options = PLIM_FACTS_OPTIONS_INIT;
    facts_options.allocator = allocator;
    plim_budget budget = PLIM_BUDGET_INIT;
    budget.fuel = fuel;
    plim_eval_options options = PLIM_EVAL_OPTIONS_INIT;
    options.allocator = allocator;
    options.budget = &budget;
    plim_report_options report = PLIM_REPORT_OPTIONS_INIT;
    report.allocator = allocator;
    plim_facts *facts = NULL;
    plim_result *result = NULL;
    plim_text out = PLIM_TEXT_INIT;
    plim_error error;
    plim_status status = plim_facts_new(&facts, &facts_options, &error);
    if (status == PLIM_STATUS_OK) {
        status =
            plim_facts_add(facts, PLIM_INPUT_DOCKERFILE, "Dockerfile", text, size, NULL, &error);
    }
    if (status == PLIM_STATUS_OK || status == PLIM_STATUS_INPUT) {
        status = plim_facts_freeze(facts, &error);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_json(facts, &out);
        plim_text_release(&out);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_eval(&result, &policy, 1, facts, &options, &error);
    }
    if (result != NULL) {
        require(plim_report(PLIM_REPORT_JSON, result, &report, &out) != PLIM_STATUS_INTERNAL);
        plim_text_release(&out);
    }
    require(status != PLIM_STATUS_INTERNAL);
    plim_result_free(result);
    plim_facts_free(facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    struct failing failing = {.calls_left = data[1]};
    plim_allocator allocator = {failing_resize, &failing};
    uint64_t fuel = (uint64_t)data[0] * data[0] + 1;
    const char *text = (const char *)data + 2;
    const char *nul = memchr(text, '\0', size - 2);
    size_t policy_size = nul != NULL ? (size_t)(nul - text) : size - 2;
    plim_compile_options options = PLIM_COMPILE_OPTIONS_INIT;
    options.allocator = &allocator;
    plim_source source = {"fuzz.plim", text, policy_size};
    plim_policy *policy = NULL;
    plim_error error;
    plim_status status = plim_policy_compile(&policy, &source, 1, &options, NULL, &error);
    require(status != PLIM_STATUS_INTERNAL);
    if (policy != NULL && nul != NULL) {
        evaluate(policy, &allocator, nul + 1, size - 3 - policy_size, fuel);
    }
    plim_policy_release(policy);
    require(failing.live_bytes == 0);
    return 0;
}
