/* SPDX-License-Identifier: Apache-2.0
 *
 * stage_compile.c - golden stages of the compiler's back half: diag (every message of a whole
 * compilation), types (checked rules), code (source and instructions side by side).
 */
#include "compiler/compile.h"
#include "runtime/disasm.h"
#include "tests/golden/golden.h"

struct compilation {
    struct source_set sources;
    struct diag_list diags;
    struct module_input input;
    struct compile_request request;
};

static void open_compilation(struct compilation *compilation, struct str name, struct str text)
{
    source_set_init(&compilation->sources, NULL);
    diag_list_init(&compilation->diags, NULL);
    diag_list_set_sources(&compilation->diags, &compilation->sources);
    compilation->input = (struct module_input){.name = name, .text = text};
    compilation->request = (struct compile_request){.sources = &compilation->sources,
                                                    .diags = &compilation->diags,
                                                    .inputs = &compilation->input,
                                                    .input_count = 1,
                                                    .keep_source = true};
}

static void close_compilation(struct compilation *compilation)
{
    diag_list_release(&compilation->diags);
    source_set_release(&compilation->sources);
}

void golden_diag(struct buf *out, struct str name, struct str text)
{
    struct compilation compilation;
    open_compilation(&compilation, name, text);
    struct compiled *compiled = NULL;
    plim_status status = compile_pack(&compiled, &compilation.request);
    golden_put_diags(out, &compilation.sources, &compilation.diags);
    buf_printf(out, "status %s\n", plim_status_name(status));
    compiled_free(compiled);
    close_compilation(&compilation);
}

void golden_types(struct buf *out, struct str name, struct str text)
{
    struct compilation compilation;
    open_compilation(&compilation, name, text);
    plim_status status = compile_dump_types(out, &compilation.request);
    if (status != PLIM_STATUS_OK) {
        golden_put_diags(out, &compilation.sources, &compilation.diags);
        buf_printf(out, "status %s\n", plim_status_name(status));
    }
    close_compilation(&compilation);
}

void golden_code(struct buf *out, struct str name, struct str text)
{
    struct compilation compilation;
    open_compilation(&compilation, name, text);
    struct compiled *compiled = NULL;
    plim_status status = compile_pack(&compiled, &compilation.request);
    if (status == PLIM_STATUS_OK) {
        disasm_program(out, compiled->program, DISASM_ALL_RULES);
    } else {
        golden_put_diags(out, &compilation.sources, &compilation.diags);
        buf_printf(out, "status %s\n", plim_status_name(status));
    }
    compiled_free(compiled);
    close_compilation(&compilation);
}
