/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_interpolation.c - any bytes as a text with variables. The first byte chooses what unset
 * variables are. Places lie inside the text, holes come from unknown variables only, and a text
 * that expanded without a `$` expands to itself.
 */
#include <stdint.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "facts/compose/co_template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void put(struct co_env *env, struct str name, struct str value)
{
    struct co_variable variable = {.name = name, .value = value};
    co_env_put(env, &variable);
}

static void check(const struct co_expansion *out, struct str text, enum co_unset unset)
{
    bool unknown = co_has_hole(text);
    uint32_t last = 0;
    for (const struct tree_variable *use = out->variables; use != NULL; use = use->next) {
        require(use->use.start >= last && use->use.start < use->use.end);
        require(use->use.end <= text.len && text.ptr[use->use.start] == '$');
        last = use->use.start;
        unknown |= !use->known;
    }
    require(out->holes == co_has_hole(out->text));
    if (out->error != CO_TEMPLATE_NONE) {
        require(out->message.len > 0 && out->place.end <= text.len);
        require(out->error == CO_TEMPLATE_LIMIT || out->place.start < out->place.end);
    } else {
        require(!out->holes || unknown);
        require(unset == CO_UNSET_HOLE || !out->holes || co_has_hole(text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    enum co_unset unset = (data[0] & 1) != 0 ? CO_UNSET_EMPTY : CO_UNSET_HOLE;
    struct str text = str_make((const char *)data + 1, size - 1);
    struct co_written written = {.span = {0, 0, (uint32_t)text.len}, .raw = text};
    struct arena arena;
    struct co_env env;
    struct co_template state;
    arena_init(&arena, alloc_or_default(NULL), (size_t)256 << 20);
    require(co_env_init(&env, alloc_or_default(NULL), 1) == PLIM_STATUS_OK);
    put(&env, STR("A"), STR("value"));
    put(&env, STR("E"), STR(""));
    co_template_init(&state, &arena, unset);
    struct co_scope scope = {.env = &env};
    struct co_expansion out;
    co_template_expand(&state, &out, text, &written, &scope);
    if (arena_status(&arena) == PLIM_STATUS_OK) {
        check(&out, text, unset);
    }
    co_template_release(&state);
    co_env_release(&env);
    arena_release(&arena);
    return 0;
}
