/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_test.c - `plimsoll test`: run the tests that stand in policy files.
 */
#include "cli/commands.h"
#include "cli/mem.h"
#include "cli/out.h"

static int run_tests(const struct options *options, const struct policy_files *files)
{
    const char *color = opt_value(options, OPT_color, "auto");
    plim_compile_options compile = policy_compile_options(&options->arguments);
    plim_test_options chosen = PLIM_TEST_OPTIONS_INIT;
    chosen.rules = options->values[OPT_rule].items;
    chosen.rule_count = options->values[OPT_rule].count;
    chosen.coverage = opt_given(options, OPT_coverage);
    chosen.verbose = opt_given(options, OPT_verbose);
    chosen.color = out_color(color, 1);
    plim_diags *diags = NULL;
    plim_text text = PLIM_TEXT_INIT;
    plim_error error = PLIM_ERROR_INIT;
    plim_test_summary sum = PLIM_TEST_SUMMARY_INIT;
    plim_status status = plim_diags_new(&diags, NULL);
    if (status == PLIM_STATUS_OK) {
        status =
            plim_test(files->items, files->count, &compile, &chosen, diags, &sum, &text, &error);
        show_diags(diags, color);
        plim_diags_free(diags);
    }
    if (status != PLIM_STATUS_OK) {
        plim_text_release(&text);
        return out_fail(status, &error);
    }
    int code = out_text(&text);
    if (code == 0 && sum.passed + sum.failed == 0) {
        out_say("nothing was tested: no test fits");
        code = EXIT_INPUT;
    }
    return code != 0 ? code : sum.failed > 0 ? EXIT_FINDINGS : 0;
}

int cmd_test(const struct options *options)
{
    struct policy_files files = {0};
    int code = policy_files_gather(&files, &options->arguments, EXIT_INPUT);
    if (code == 0) {
        code = run_tests(options, &files);
    }
    policy_files_release(&files);
    return code;
}
