/* SPDX-License-Identifier: Apache-2.0
 *
 * compile.c - the phases in order. Each phase reports all it can find; the first phase that must
 * not run after errors is lowering. The verifier's refusal of a program made here is a defect of
 * the compiler and says so.
 */
#include "compiler/compile.h"

#include "compiler/compile_state.h"
#include "compiler/lower.h"
#include "core/alloc.h"
#include "runtime/verify.h"

enum { MAX_BYTES = 256 << 20 };

static struct checked_rule *new_rule(struct compile *compile, const struct ast_rule *ast,
                                     struct checked_rule ***end)
{
    struct checked_rule *rule = ARENA_NEW(&compile->arena, struct checked_rule);
    if (rule == NULL) {
        return NULL;
    }
    rule->ast = ast;
    rule->index = compile->rule_count++;
    **end = rule;
    *end = &rule->next;
    return rule;
}

/* Names of all definitions and rules, before anything refers to them. */
static void declare(struct compile *compile)
{
    struct checked_rule **end = &compile->rules;
    struct scope *scope = &compile->scope;
    for (struct ast_module *m = compile->modules; m != NULL; m = m->next) {
        (void)scope_add_module(scope, m);
        for (const struct ast_rule *r = m->rules; r != NULL; r = r->next) {
            struct checked_rule *rule = new_rule(compile, r, &end);
            const struct checked_rule *twin =
                rule == NULL ? NULL : scope_enter(scope, SCOPE_RULES, r->name.text, rule);
            if (twin != NULL) {
                struct diag *diag =
                    diag_report(compile->request->diags, DIAG_duplicate_name, r->name.span,
                                "two rules are named `%.*s`", STR_FMT(r->name.text));
                diag_add_label(compile->request->diags, diag, twin->ast->name.span, "the first");
            }
        }
    }
    scope_find_clashes(scope);
}

static void check_all(struct compile *compile)
{
    struct scope *scope = &compile->scope;
    struct check *check = &compile->check;
    *check = (struct check){.arena = &compile->arena,
                            .diags = compile->request->diags,
                            .sources = compile->request->sources,
                            .scope = scope,
                            .partial = compile->request->diags->errors != compile->errors_before};
    uint32_t params = 0;
    for (struct symbol *s = scope->symbols; s != NULL; s = s->next) {
        s->index = s->kind == SYMBOL_PARAM ? params++ : 0;
        s->set = UINT32_MAX;
        check->module = s->module;
        check_symbol(check, s);
    }
    struct checked_rule *rule = compile->rules;
    for (const struct scope_module *m = scope->modules; m != NULL; m = m->next) {
        check->module = m;
        for (const struct ast_rule *r = m->ast->rules; r != NULL && rule != NULL; r = r->next) {
            (void)check_rule(check, rule);
            rule = rule->next;
        }
    }
}

/* Warnings that need the whole pack. */
static void warn_unused(struct compile *compile)
{
    static const char *const names[] = {
        [SYMBOL_PARAM] = "param", [SYMBOL_LIST] = "list", [SYMBOL_DEF] = "helper"};
    struct diag_list *diags = compile->request->diags;
    for (const struct symbol *s = compile->scope.symbols; s != NULL; s = s->next) {
        if (!s->used && !compile->check.partial) {
            diag_report(diags, DIAG_unused_definition, s->span, "%s `%.*s` is never used",
                        names[s->kind], STR_FMT(s->name));
        }
    }
    for (const struct checked_rule *r = compile->rules; r != NULL; r = r->next) {
        if (!r->tested && !compile->check.partial) {
            diag_report(diags, DIAG_untested_rule, r->ast->name.span, "rule `%.*s` has no test",
                        STR_FMT(r->ast->name.text));
        }
    }
}

static plim_status load_and_check(struct compile *compile)
{
    const struct compile_request *request = compile->request;
    compile->errors_before = request->diags->errors;
    struct module_request load = {.arena = &compile->arena,
                                  .sources = request->sources,
                                  .diags = request->diags,
                                  .inputs = request->inputs,
                                  .input_count = request->input_count,
                                  .read = request->read,
                                  .user = request->user};
    plim_status status = module_load(&compile->modules, &load);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    status = scope_init(&compile->scope, &compile->arena, request->diags, request->seed);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    declare(compile);
    check_all(compile);
    status = scope_status(&compile->scope);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    compile_tests(compile);
    warn_unused(compile);
    status = scope_status(&compile->scope);
    if (status != PLIM_STATUS_OK || diag_list_status(request->diags) != PLIM_STATUS_OK) {
        return status != PLIM_STATUS_OK ? status : diag_list_status(request->diags);
    }
    return request->diags->errors == compile->errors_before ? PLIM_STATUS_OK : PLIM_STATUS_POLICY;
}

/* ---- lowering ---- */

/* The program's files, one per module; fills the map from source ids. */
static void lower_files(struct compile *compile, struct lower *lower)
{
    const struct source_set *sources = compile->request->sources;
    uint32_t *map = ARENA_ARRAY(&compile->arena, uint32_t, sources->count + 1);
    if (map == NULL) {
        return;
    }
    for (size_t i = 0; i < sources->count; i++) {
        map[i] = UINT32_MAX;
    }
    uint32_t count = 0;
    for (const struct ast_module *m = compile->modules; m != NULL; m = m->next) {
        const struct source *source = source_get(sources, m->source);
        if (source != NULL) {
            struct str text = compile->request->keep_source ? source->text : STR("");
            struct program_file file = {.path = emit_string(lower->emit, source->name),
                                        .source = emit_string(lower->emit, text)};
            EMIT_RECORD(lower->emit, files, file);
            map[m->source] = count++;
        }
    }
    lower->file_of = map;
    lower->file_of_count = sources->count;
}

static void lower_params(struct compile *compile, struct lower *lower)
{
    for (struct symbol *s = compile->scope.symbols; s != NULL; s = s->next) {
        if (s->kind == SYMBOL_PARAM) {
            s->set = s->type.set ? EMIT_COUNT(lower->emit, sets, struct program_set) : UINT32_MAX;
            lower_param(lower, s);
        }
    }
}

/* An accepted program, or INTERNAL with the verifier's reason. */
static plim_status verify(struct compile *compile, struct program *program)
{
    struct verify_error error = {0};
    plim_status status = verify_program(program, &error);
    if (status != PLIM_STATUS_POLICY) {
        return status;
    }
    struct span nowhere = {.source = SOURCE_NONE};
    struct diag *diag =
        diag_report(compile->request->diags, DIAG_verify_failed, nowhere,
                    "the compiler made a program that does not verify: %s", error.text);
    diag_add_note(compile->request->diags, diag, "unit %lu, instruction %lu; please report this",
                  (unsigned long)error.unit, (unsigned long)error.offset);
    return PLIM_STATUS_INTERNAL;
}

static plim_status lower_all(struct compile *compile, struct emit *emit)
{
    struct lower lower = {.emit = emit, .arena = &compile->arena, .diags = compile->request->diags};
    lower_files(compile, &lower);
    lower_params(compile, &lower);
    for (const struct checked_rule *r = compile->rules; r != NULL; r = r->next) {
        lower_rule(&lower, r);
    }
    if (compile->request->diags->errors != compile->errors_before) {
        return PLIM_STATUS_POLICY;
    }
    if (arena_status(&compile->arena) != PLIM_STATUS_OK) {
        return arena_status(&compile->arena);
    }
    struct program *program = NULL;
    plim_status status = emit_finish(emit, &program);
    if (status == PLIM_STATUS_OK) {
        compile->result->program = program;
        compile->result->subject_count = program->unit_count;
        status = verify(compile, program);
    }
    return status;
}

static plim_status lower_pack(struct compile *compile)
{
    struct emit emit;
    plim_status status = emit_init(&emit, compile->allocator, compile->request->seed);
    if (status == PLIM_STATUS_OK) {
        status = lower_all(compile, &emit);
        emit_release(&emit);
    }
    return status;
}

/* ---- the door ---- */

static plim_status begin(struct compile *compile, const struct compile_request *request)
{
    *compile =
        (struct compile){.request = request, .allocator = alloc_or_default(request->allocator)};
    compile->result = alloc_zeroed(compile->allocator, sizeof *compile->result);
    if (compile->result == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    arena_init(&compile->result->arena, compile->allocator, MAX_BYTES);
    arena_init(&compile->arena, compile->allocator, MAX_BYTES);
    return PLIM_STATUS_OK;
}

static void end(struct compile *compile)
{
    scope_release(&compile->scope);
    arena_release(&compile->arena);
    compiled_free(compile->result);
}

plim_status compile_pack(struct compiled **out, const struct compile_request *request)
{
    struct compile compile;
    plim_status status = begin(&compile, request);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    status = load_and_check(&compile);
    if (status == PLIM_STATUS_OK) {
        status = lower_pack(&compile);
    }
    if (status == PLIM_STATUS_OK) {
        status = arena_status(&compile.result->arena);
    }
    if (status == PLIM_STATUS_OK) {
        compile.result->rule_count = compile.rule_count;
        *out = compile.result;
        compile.result = NULL;
    }
    end(&compile);
    return status;
}

plim_status compile_dump_types(struct buf *out, const struct compile_request *request)
{
    struct compile compile;
    plim_status status = begin(&compile, request);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    status = load_and_check(&compile);
    for (const struct checked_rule *r = compile.rules; status == PLIM_STATUS_OK && r != NULL;
         r = r->next) {
        typed_dump_rule(out, r);
    }
    end(&compile);
    return status == PLIM_STATUS_OK ? buf_status(out) : status;
}

void compiled_free(struct compiled *compiled)
{
    if (compiled != NULL) {
        const plim_allocator *allocator = compiled->arena.allocator;
        program_release(compiled->program);
        arena_release(&compiled->arena);
        alloc_free(allocator, compiled, sizeof *compiled);
    }
}

struct program *compiled_take_program(struct compiled *compiled)
{
    struct program *program = compiled->program;
    compiled->program = NULL;
    return program;
}
