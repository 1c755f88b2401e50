/* SPDX-License-Identifier: Apache-2.0
 *
 * resolve.c - look-ups in the schema on behalf of rules.
 */
#include "compiler/resolve.h"

void resolve_consider_fields(struct guess *guess, uint64_t kinds)
{
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        if ((kinds & type_kind_bit((enum fact_kind)i)) == 0) {
            continue;
        }
        for (enum fact_kind k = (enum fact_kind)i; k != FACT_KIND_none;
             k = schema_kind(k)->parent) {
            const struct fact_kind_info *info = schema_kind(k);
            for (unsigned f = 0; f < info->field_count; f++) {
                guess_consider(guess, info->fields[f].name);
            }
        }
    }
}

void resolve_consider_kinds(struct guess *guess)
{
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        guess_consider(guess, schema_kind((enum fact_kind)i)->name);
    }
    for (int i = 0; i < FACT_VIEW_COUNT; i++) {
        guess_consider(guess, schema_view((enum fact_view)i)->name);
    }
    for (size_t i = 0; i < schema_group_count(); i++) {
        guess_consider(guess, schema_group(i)->name);
    }
}

void resolve_consider_members(struct guess *guess, enum fact_enum id)
{
    const struct fact_enum_info *info = schema_enum(id);
    for (unsigned i = 0; i < info->member_count; i++) {
        guess_consider(guess, info->members[i]);
    }
}

static const struct str builtin_names[] = {
#define BUILTIN(id, name, result, arguments, cost, doc) {.ptr = name, .len = sizeof(name) - 1},
#include "runtime/builtins.def"
#undef BUILTIN
};

void resolve_consider_builtins(struct guess *guess)
{
    for (size_t i = 0; i < sizeof builtin_names / sizeof builtin_names[0]; i++) {
        guess_consider(guess, builtin_names[i]);
    }
    guess_consider(guess, STR("count"));
    guess_consider(guess, STR("first"));
}

int resolve_builtin(struct str name)
{
    for (size_t i = 0; i < sizeof builtin_names / sizeof builtin_names[0]; i++) {
        if (str_eq(builtin_names[i], name)) {
            return (int)i;
        }
    }
    return -1;
}

const char *resolve_builtin_name(int builtin)
{
    return builtin_names[builtin].ptr;
}

struct resolved_field resolve_field(enum fact_kind kind, struct str name)
{
    struct resolved_field found = {.kind = kind, .field = -1};
    for (; kind != FACT_KIND_none; kind = schema_kind(kind)->parent) {
        int field = schema_find_field(kind, name);
        if (field >= 0) {
            found.kind = kind;
            found.field = field;
            return found;
        }
        found.hops++;
    }
    return found;
}

uint64_t resolve_kinds_with(uint64_t kinds, struct str name)
{
    uint64_t result = 0;
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        uint64_t bit = type_kind_bit((enum fact_kind)i);
        if ((kinds & bit) != 0 && resolve_field((enum fact_kind)i, name).field >= 0) {
            result |= bit;
        }
    }
    return result;
}

uint64_t resolve_members_with(uint64_t kinds, struct str name)
{
    uint64_t result = 0;
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        enum fact_kind parent = schema_kind((enum fact_kind)i)->parent;
        if (parent != FACT_KIND_none && (kinds & type_kind_bit(parent)) != 0 &&
            schema_find_field((enum fact_kind)i, name) >= 0) {
            result |= type_kind_bit((enum fact_kind)i);
        }
    }
    return result;
}

static bool resolve_one(struct resolved_target *target, struct str name)
{
    enum fact_kind kind = schema_find_kind(name);
    enum fact_view view = schema_find_view(name);
    if (kind != FACT_KIND_none) {
        *target = (struct resolved_target){.kind = kind, .view = FACT_VIEW_none};
        return true;
    }
    if (view != FACT_VIEW_none) {
        *target = (struct resolved_target){.kind = schema_view(view)->kind, .view = view};
        return true;
    }
    return false;
}

size_t resolve_targets(struct resolved_target *targets, struct str name)
{
    if (resolve_one(targets, name)) {
        return 1;
    }
    const struct fact_group_info *group = schema_find_group(name);
    size_t count = 0;
    size_t start = 0;
    while (group != NULL && start < group->members.len && count < RESOLVE_MAX_TARGETS) {
        size_t end = str_find_char(group->members, ',', start);
        if (resolve_one(&targets[count], str_trim(str_slice(group->members, start, end)))) {
            count++;
        }
        start = end + 1;
    }
    return count;
}
