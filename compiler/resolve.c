/* SPDX-License-Identifier: Apache-2.0
 *
 * resolve.c - look-ups in the schema on behalf of rules, and the edit distance behind "did you
 * mean". The distance is Damerau's restricted form over at most 64 bytes: names are short, and
 * hostile ones must not cost more than a table of fixed size.
 */
#include "compiler/resolve.h"

enum { MAX_NAME = 64 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t resolve_distance(struct str a, struct str b, size_t limit)
{
    size_t gap = a.len > b.len ? a.len - b.len : b.len - a.len;
    if (a.len > MAX_NAME || b.len > MAX_NAME || gap > limit) {
        return limit + 1;
    }
    size_t rows[3][MAX_NAME + 1] = {{0}};
    for (size_t j = 0; j <= b.len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t *now = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        const size_t *two_above = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t cost = a.ptr[i - 1] == b.ptr[j - 1] ? 0 : 1;
            now[j] = smaller(above[j - 1] + cost, smaller(above[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1]) {
                now[j] = smaller(now[j], two_above[j - 2] + 1);
            }
        }
    }
    return smaller(rows[a.len % 3][b.len], limit + 1);
}

struct resolve_guess resolve_guess(struct str name)
{
    /* A third of the letters may be wrong, else the guess is noise. */
    size_t limit = name.len < 3 ? 1 : smaller(name.len / 3 + 1, 3);
    return (struct resolve_guess){.name = name, .best = STR(""), .distance = limit + 1};
}

void resolve_consider(struct resolve_guess *guess, struct str candidate)
{
    if (guess->distance == 0 || candidate.len == 0) {
        return;
    }
    size_t distance = resolve_distance(guess->name, candidate, guess->distance - 1);
    if (distance < guess->distance && distance < candidate.len) {
        guess->distance = distance;
        guess->best = candidate;
    }
}

void resolve_consider_fields(struct resolve_guess *guess, uint64_t kinds)
{
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        if ((kinds & type_kind_bit((enum fact_kind)i)) == 0) {
            continue;
        }
        for (enum fact_kind k = (enum fact_kind)i; k != FACT_KIND_none;
             k = schema_kind(k)->parent) {
            const struct fact_kind_info *info = schema_kind(k);
            for (unsigned f = 0; f < info->field_count; f++) {
                resolve_consider(guess, info->fields[f].name);
            }
        }
    }
}

void resolve_consider_kinds(struct resolve_guess *guess)
{
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        resolve_consider(guess, schema_kind((enum fact_kind)i)->name);
    }
    for (int i = 0; i < FACT_VIEW_COUNT; i++) {
        resolve_consider(guess, schema_view((enum fact_view)i)->name);
    }
    for (size_t i = 0; i < schema_group_count(); i++) {
        resolve_consider(guess, schema_group(i)->name);
    }
}

void resolve_consider_members(struct resolve_guess *guess, enum fact_enum id)
{
    const struct fact_enum_info *info = schema_enum(id);
    for (unsigned i = 0; i < info->member_count; i++) {
        resolve_consider(guess, info->members[i]);
    }
}

static const struct str builtin_names[] = {
#define BUILTIN(id, name, result, arguments, cost, doc) {.ptr = name, .len = sizeof(name) - 1},
#include "runtime/builtins.def"
#undef BUILTIN
};

void resolve_consider_builtins(struct resolve_guess *guess)
{
    for (size_t i = 0; i < sizeof builtin_names / sizeof builtin_names[0]; i++) {
        resolve_consider(guess, builtin_names[i]);
    }
    resolve_consider(guess, STR("count"));
    resolve_consider(guess, STR("first"));
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
