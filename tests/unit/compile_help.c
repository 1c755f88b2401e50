/* SPDX-License-Identifier: Apache-2.0
 *
 * compile_help.c - see compile_help.h.
 */
#include "tests/unit/compile_help.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/bytecode.h"

static void add_line(struct compile_help *help, const struct diag *diag)
{
    if (diag->id == DIAG_untested_rule) {
        return;
    }
    struct source_position at = source_locate(&help->sources, diag->span.source, diag->span.start);
    buf_printf(&help->summary, "%s %u:%u %.*s", diag_code(diag->id), at.line, at.column,
               STR_FMT(diag->message));
    if (diag->caret_text.len > 0) {
        buf_printf(&help->summary, " | %.*s", STR_FMT(diag->caret_text));
    }
    buf_append_char(&help->summary, '\n');
}

void compile_help_init(struct compile_help *help, const plim_allocator *allocator, const char *text)
{
    *help = (struct compile_help){0};
    source_set_init(&help->sources, allocator);
    diag_list_init(&help->diags, allocator);
    diag_list_set_sources(&help->diags, &help->sources);
    buf_init(&help->summary, NULL, 1 << 20);
    const struct module_input input = {.name = STR("t.plim"), .text = str_from_cstr(text)};
    const struct compile_request request = {.allocator = allocator,
                                            .sources = &help->sources,
                                            .diags = &help->diags,
                                            .inputs = &input,
                                            .input_count = 1,
                                            .keep_source = true,
                                            .seed = 42};
    help->status = compile_pack(&help->compiled, &request);
    diag_list_sort(&help->diags);
    for (size_t i = 0; i < help->diags.count; i++) {
        add_line(help, help->diags.items[i]);
    }
    buf_append_cstr(&help->summary, "");
}

void compile_help_release(struct compile_help *help)
{
    compiled_free(help->compiled);
    buf_release(&help->summary);
    diag_list_release(&help->diags);
    source_set_release(&help->sources);
}

void compile_help_check(const struct compile_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct compile_help help;
        compile_help_init(&help, NULL, cases[i].text);
        if (strcmp(help.summary.data, cases[i].summary) != 0) {
            print_error("case %zu:\n%s\nexpected:\n%s\nfound:\n%s\n", i, cases[i].text,
                        cases[i].summary, help.summary.data);
            fail();
        }
        bool errors = help.diags.errors > 0;
        assert_int_equal(help.status, errors ? PLIM_STATUS_POLICY : PLIM_STATUS_OK);
        assert_true(errors == (help.compiled == NULL));
        compile_help_release(&help);
    }
}

void compile_help_code(struct buf *out, const char *text)
{
    struct compile_help help;
    compile_help_init(&help, NULL, text);
    if (help.compiled == NULL) {
        fail_msg("%s\n%s", text, help.summary.data);
    }
    const struct program *program = help.compiled->program;
    assert_true(program->verified);
    buf_clear(out);
    buf_append_cstr(out, "");
    for (uint32_t i = 0; program->unit_count > 0 && i < program->units[0].code_count; i++) {
        unsigned op = bytecode_op(program->code[i]);
        buf_printf(out, "%s%s", i > 0 ? " " : "", bytecode_info((enum opcode)op)->name);
    }
    compile_help_release(&help);
}
