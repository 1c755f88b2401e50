/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_facts.c - `plimsoll facts`: what rules can see of files, and the schema of it.
 */
#include <string.h>

#include "cli/commands.h"
#include "cli/mem.h"
#include "cli/out.h"

static int print_schema(const char *format)
{
    static const char *const names[] = {[PLIM_SCHEMA_TEXT] = "text",
                                        [PLIM_SCHEMA_JSON] = "json",
                                        [PLIM_SCHEMA_JSON_SCHEMA] = "json-schema",
                                        [PLIM_SCHEMA_MARKDOWN] = "markdown"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], format) == 0) {
            plim_text text = PLIM_TEXT_INIT;
            plim_status status = plim_schema((plim_schema_format)i, &text);
            return status == PLIM_STATUS_OK ? out_text(&text) : out_fail(status, NULL);
        }
    }
    out_say("no format `%s` of the schema; there are text, json, json-schema and markdown", format);
    return EXIT_USAGE;
}

static int print_facts(struct documents *documents)
{
    plim_error error = PLIM_ERROR_INIT;
    plim_text text = PLIM_TEXT_INIT;
    if (!documents_read(documents)) {
        return documents->code;
    }
    show_diags(documents->diags, "auto");
    plim_status status = plim_facts_freeze(documents->facts, &error);
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_json(documents->facts, &text);
    }
    if (status != PLIM_STATUS_OK) {
        return out_fail(status, &error);
    }
    int code = out_text(&text);
    if (code == 0 && documents->count == 0 && documents->failed == 0) {
        out_say("no Dockerfile, Containerfile or compose file was found");
        code = EXIT_INPUT;
    }
    if (code == 0 && documents->failed > 0) {
        code = documents->limited > 0 ? EXIT_LIMIT : EXIT_INPUT;
    }
    return code;
}

int cmd_facts(const struct options *options)
{
    const struct names *arguments = &options->arguments;
    bool schema = arguments->count > 0 && strcmp(arguments->items[0], "schema") == 0;
    const char *format = opt_value(options, OPT_format, schema ? "text" : "json");
    if (schema) {
        return print_schema(format);
    }
    if (strcmp(format, "json") != 0) {
        out_say("facts are printed as json only");
        return EXIT_USAGE;
    }
    struct documents documents = {.options = options};
    int code = documents_open(&documents) ? print_facts(&documents) : documents.code;
    documents_close(&documents);
    return code;
}
