/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_disasm.c - `plimsoll disasm`: source and bytecode of rules side by side.
 */
#include "cli/commands.h"
#include "cli/mem.h"
#include "cli/out.h"

int cmd_disasm(const struct options *options)
{
    const char *rule = options->arguments.count > 0 ? options->arguments.items[0] : NULL;
    struct policies policies = {0};
    int code = policies_load(&policies, options);
    bool found = false;
    for (size_t i = 0; i < policies.count && code == 0; i++) {
        plim_text text = PLIM_TEXT_INIT;
        plim_status status = plim_policy_disasm(policies.items[i], rule, &text);
        if (status == PLIM_STATUS_OK) {
            found = true;
            code = out_text(&text);
        } else if (status != PLIM_STATUS_NOT_FOUND) {
            code = out_fail(status, NULL);
        }
    }
    if (code == 0 && !found) {
        if (rule != NULL) {
            out_say("no rule `%s`; see plimsoll rules", rule);
        } else {
            out_say("there is no rule");
        }
        code = rule != NULL ? EXIT_USAGE : EXIT_INPUT;
    }
    policies_release(&policies);
    return code;
}
