/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_compile.c - any bytes as policy text: compile, format, save, load and run. A text that
 * compiles must still compile when it is formatted, and formatting it again must change nothing;
 * the image of a program must load.
 */
#include <plimsoll/plimsoll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUEL = 100000 };

static const char document[] =
    "FROM alpine:3.20 AS b\nARG A=1\nENV T=$A S=\nRUN apk add x && y | z\n"
    "FROM scratch\nCOPY --from=b /a /b\nUSER root\nCMD [\"a\"]\n";

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static plim_status compile(plim_policy **out, const char *text, size_t size, plim_diags *diags)
{
    plim_source source = {"fuzz.plim", text, size};
    plim_error error;
    return plim_policy_compile(out, &source, 1, NULL, diags, &error);
}

static void run_policy(plim_policy *policy)
{
    plim_facts *facts = NULL;
    plim_result *result = NULL;
    plim_text text = PLIM_TEXT_INIT;
    plim_error error;
    plim_budget budget = PLIM_BUDGET_INIT;
    budget.fuel = FUEL;
    plim_eval_options options = PLIM_EVAL_OPTIONS_INIT;
    options.budget = &budget;
    require(plim_facts_new(&facts, NULL, &error) == PLIM_STATUS_OK);
    require(plim_facts_add(facts, PLIM_INPUT_DOCKERFILE, "Dockerfile", document,
                           sizeof(document) - 1, NULL, &error) == PLIM_STATUS_OK);
    require(plim_facts_freeze(facts, &error) == PLIM_STATUS_OK);
    plim_status status = plim_eval(&result, &policy, 1, facts, &options, &error);
    require(status != PLIM_STATUS_INTERNAL);
    if (result != NULL) {
        require(plim_report(PLIM_REPORT_TEXT, result, NULL, &text) == PLIM_STATUS_OK);
    }
    plim_text_release(&text);
    plim_result_free(result);
    plim_facts_free(facts);
}

static void reload(const plim_policy *policy)
{
    plim_text image = PLIM_TEXT_INIT;
    plim_policy *loaded = NULL;
    plim_error error;
    require(plim_policy_save(policy, &image) == PLIM_STATUS_OK);
    require(plim_policy_load(&loaded, image.data, image.size, 0, NULL, &error) == PLIM_STATUS_OK);
    require(plim_policy_rule_count(loaded) == plim_policy_rule_count(policy));
    plim_policy_release(loaded);
    plim_text_release(&image);
}

/* Formats a text that parses; `compiles` says whether it does more than that. */
static void format(const char *data, size_t size, bool compiles)
{
    plim_source source = {"fuzz.plim", data, size};
    plim_text once = PLIM_TEXT_INIT;
    plim_text twice = PLIM_TEXT_INIT;
    if (plim_format(&source, NULL, &once, NULL) == PLIM_STATUS_OK) {
        plim_source again = {"fuzz.plim", once.data, once.size};
        plim_policy *policy = NULL;
        require(plim_format(&again, NULL, &twice, NULL) == PLIM_STATUS_OK);
        require(once.size == twice.size && memcmp(once.data, twice.data, once.size) == 0);
        require(!compiles || compile(&policy, once.data, once.size, NULL) == PLIM_STATUS_OK);
        plim_policy_release(policy);
    } else {
        require(!compiles);
    }
    plim_text_release(&twice);
    plim_text_release(&once);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    plim_policy *policy = NULL;
    plim_diags *diags = NULL;
    plim_text text = PLIM_TEXT_INIT;
    require(plim_diags_new(&diags, NULL) == PLIM_STATUS_OK);
    plim_status status = compile(&policy, (const char *)data, size, diags);
    require(status == PLIM_STATUS_OK || plim_diags_errors(diags) > 0 ||
            status == PLIM_STATUS_LIMIT);
    require(status != PLIM_STATUS_INTERNAL);
    require(plim_diags_text(diags, 0, 0, &text) == PLIM_STATUS_OK);
    plim_text_release(&text);
    plim_diags_free(diags);
    if (policy != NULL) {
        reload(policy);
        run_policy(policy);
    }
    format((const char *)data, size, policy != NULL);
    plim_policy_release(policy);
    return 0;
}
