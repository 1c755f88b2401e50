/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_compile.c - `plimsoll compile`: policy files to one program image. The build uses it, too, to
 * embed the built-in policies.
 */
#include "cli/commands.h"
#include "cli/mem.h"
#include "cli/out.h"

static int compile_files(const struct options *options, const struct policy_files *files)
{
    plim_compile_options compile = policy_compile_options(&options->arguments);
    compile.keep_source = !opt_given(options, OPT_no_source);
    plim_diags *diags = NULL;
    plim_policy *policy = NULL;
    plim_text image = PLIM_TEXT_INIT;
    plim_error error = PLIM_ERROR_INIT;
    plim_status status = plim_diags_new(&diags, NULL);
    if (status == PLIM_STATUS_OK) {
        status = plim_policy_compile(&policy, files->items, files->count, &compile, diags, &error);
        show_diags(diags, opt_value(options, OPT_color, "auto"));
        plim_diags_free(diags);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_policy_save(policy, &image);
    }
    int code = status == PLIM_STATUS_OK
                   ? out_file(opt_value(options, OPT_output, "-"), image.data, image.size)
                   : out_fail(status, &error);
    plim_text_release(&image);
    plim_policy_release(policy);
    return code;
}

int cmd_compile(const struct options *options)
{
    if (options->values[OPT_output].count != 1) {
        out_say("compile needs one --output FILE");
        return EXIT_USAGE;
    }
    struct policy_files files = {0};
    int code = policy_files_gather(&files, &options->arguments, EXIT_POLICY);
    if (code == 0) {
        code = compile_files(options, &files);
    }
    policy_files_release(&files);
    return code;
}
