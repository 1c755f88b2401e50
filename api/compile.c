/* SPDX-License-Identifier: Apache-2.0
 *
 * compile.c - policy sources through the compiler: the caller's callback for imports, budgets, and
 * where the diagnostics go.
 */
#include "api/compile.h"

#include "core/alloc.h"

/* The caller's import callback and what it needs. */
struct import_reader {
    const plim_compile_options *options;
    const plim_allocator *allocator;
};

static plim_status read_import(void *user, struct str path, struct buf *out)
{
    const struct import_reader *reader = user;
    struct buf name;
    buf_init(&name, reader->allocator, 1 << 16);
    buf_append(&name, path);
    plim_status status = buf_status(&name);
    if (status == PLIM_STATUS_OK) {
        plim_text text = {.allocator = reader->allocator};
        status = reader->options->read_module(reader->options->user, name.data, &text);
        if (status == PLIM_STATUS_OK) {
            buf_append(out, str_make(text.data, text.size));
            status = buf_status(out);
        }
        plim_text_release(&text);
    }
    buf_release(&name);
    return status;
}

/* Takes warnings and notes out of a list. */
static void keep_errors(struct diag_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i]->severity == DIAG_ERROR) {
            list->items[kept] = list->items[i];
            kept++;
        }
    }
    list->count = kept;
    list->warnings = 0;
    list->notes = 0;
    if (list->errors == 0) {
        list->dropped = 0;
    }
}

static plim_status check_sources(const plim_source *sources, size_t count, size_t most,
                                 plim_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (sources[i].name == NULL || (sources[i].text == NULL && sources[i].size > 0)) {
            return door_status(error, PLIM_STATUS_USAGE);
        }
        if (most > 0 && sources[i].size > most) {
            return door_fail(error, PLIM_STATUS_LIMIT, "%s: larger than the budget of %zu bytes",
                             sources[i].name, most);
        }
    }
    return PLIM_STATUS_OK;
}

static plim_status compile_inputs(struct compilation *c, const plim_source *sources, size_t count,
                                  struct import_reader *reader, struct diag_list *list)
{
    struct arena arena;
    arena_init(&arena, c->allocator, 0);
    struct module_input *inputs = ARENA_ARRAY(&arena, struct module_input, count + 1);
    plim_status status = PLIM_STATUS_NOMEM;
    if (inputs != NULL) {
        for (size_t i = 0; i < count; i++) {
            inputs[i].name = str_from_cstr(sources[i].name);
            inputs[i].text = str_make(sources[i].size > 0 ? sources[i].text : "", sources[i].size);
        }
        struct compile_request request = {
            .allocator = c->allocator,
            .sources = &c->sources,
            .diags = list,
            .inputs = inputs,
            .input_count = count,
            .read = reader->options->read_module != NULL ? read_import : NULL,
            .user = reader,
            .keep_source = reader->options->keep_source != 0,
        };
        status = compile_pack(&c->pack, &request);
    }
    arena_release(&arena);
    return status;
}

plim_status compilation_run(struct compilation *c, const plim_source *sources, size_t count,
                            const plim_compile_options *options, plim_diags *diags,
                            plim_error *error)
{
    plim_compile_options chosen = PLIM_COMPILE_OPTIONS_INIT;
    if ((sources == NULL && count > 0) ||
        door_options(&chosen, sizeof chosen, options) != PLIM_STATUS_OK) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    size_t most = chosen.budget != NULL ? chosen.budget->policy_bytes : 0;
    plim_status status = check_sources(sources, count, most, error);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    c->allocator = alloc_or_default(chosen.allocator);
    source_set_init(&c->sources, c->allocator);
    struct diag_list list;
    struct import_reader reader = {.options = &chosen, .allocator = c->allocator};
    diag_list_init(&list, c->allocator);
    diag_list_set_sources(&list, &c->sources);
    status = compile_inputs(c, sources, count, &reader, &list);
    if (chosen.warn == 0) {
        keep_errors(&list);
    }
    size_t errors = list.errors;
    plim_status told = diags_take(diags, &list, &c->sources);
    if (told != PLIM_STATUS_OK && (status == PLIM_STATUS_OK || status == PLIM_STATUS_POLICY)) {
        return door_status(error, told); /* a refusal without its reasons is none */
    }
    if (status == PLIM_STATUS_POLICY) {
        return door_fail(error, status, "the policies do not compile: %zu error%s", errors,
                         errors == 1 ? "" : "s");
    }
    return door_status(error, status);
}

void compilation_release(struct compilation *c)
{
    compiled_free(c->pack);
    source_set_release(&c->sources);
    *c = (struct compilation){0};
}

plim_status plim_policy_compile(plim_policy **out, const plim_source *sources, size_t count,
                                const plim_compile_options *options, plim_diags *diags,
                                plim_error *error)
{
    if (out == NULL) {
        return door_status(error, PLIM_STATUS_USAGE);
    }
    struct compilation c = {0};
    plim_status status = compilation_run(&c, sources, count, options, diags, error);
    if (status == PLIM_STATUS_OK) {
        status = door_status(error, policy_wrap(out, compiled_take_program(c.pack), c.allocator));
    }
    compilation_release(&c);
    return status;
}
