/* SPDX-License-Identifier: Apache-2.0
 *
 * guard.c - see guard.h. Groups are walked by recursion: the verifier bounds their depth.
 */
#include "runtime/guard.h"

static bool is_group(unsigned test)
{
    return test <= PROGRAM_ANY;
}

/* ---- by key -------------------------------------------------------------------------------- */

bool guard_is_keyed(const struct program_guard *node, enum fact_kind kind)
{
    if (is_group(node->test) || node->via != PROGRAM_NO_VIA) {
        return false;
    }
    const struct fact_field_info *field = &schema_kind(kind)->fields[node->field];
    return field->cardinality != FACT_LIST && node->test != PROGRAM_LIKE &&
           (field->type == FACT_STR || field->type == FACT_ENUM);
}

uint32_t guard_key_count(const struct link *link, enum fact_kind kind, unsigned field)
{
    const struct fact_field_info *info = &schema_kind(kind)->fields[field];
    return 1 + (info->type == FACT_STR ? link_class_count(link)
                                       : schema_enum((enum fact_enum)info->argument)->member_count);
}

/* A test about a class or member that is there. */
static bool named_may(const struct link *link, unsigned test, uint64_t operand, uint64_t value)
{
    switch ((int)test) {
    case PROGRAM_LACKS:
        return false;
    case PROGRAM_IS:
        return value == operand;
    case PROGRAM_IS_NOT:
        return value != operand;
    case PROGRAM_IN:
        return link_set_has_key(link, (uint32_t)operand, value);
    case PROGRAM_NOT_IN:
        return !link_set_has_key(link, (uint32_t)operand, value);
    default:
        return true;
    }
}

/* Class, member or set that a node asks for. */
static uint64_t operand_of(const struct link *link, const struct program_guard *node, bool text)
{
    bool constant = node->test == PROGRAM_IS || node->test == PROGRAM_IS_NOT;
    return text && constant ? link->text_classes[node->operand] : node->operand;
}

/* A field of a kind and a key that its cell has. */
struct keyed {
    enum fact_kind kind;
    unsigned field;
    uint32_t key;
};

/* Whether all nodes, or one of them, may hold. */
static bool keys_may(const struct link *link, const struct program_guard *nodes, uint32_t count,
                     const struct keyed *keyed, bool all)
{
    bool text = schema_kind(keyed->kind)->fields[keyed->field].type == FACT_STR;
    for (uint32_t i = 0; i < count; i++) {
        const struct program_guard *node = &nodes[i];
        bool may = true;
        if (is_group(node->test)) {
            may = keys_may(link, node + 1, node->operand, keyed, node->test == PROGRAM_ALL);
            i += node->operand;
        } else if (node->field == keyed->field && guard_is_keyed(node, keyed->kind)) {
            may = keyed->key == GUARD_KEY_ABSENT
                      ? node->test != PROGRAM_HAS
                      : named_may(link, node->test, operand_of(link, node, text), keyed->key - 1);
        }
        if (may != all) {
            return may;
        }
    }
    return all;
}

bool guard_allows_key(const struct link *link, const struct program_unit *unit, unsigned field,
                      uint32_t key)
{
    struct keyed keyed = {.kind = (enum fact_kind)unit->kind, .field = field, .key = key};
    return keys_may(link, link->program->guards + unit->first_guard, unit->guard_count, &keyed,
                    true);
}

/* ---- by row -------------------------------------------------------------------------------- */

static struct guard_test make_test(const struct link *link, const struct program_guard *node,
                                   enum fact_kind kind)
{
    if (node->via != PROGRAM_NO_VIA) {
        kind = (enum fact_kind)schema_kind(kind)->fields[node->via].argument;
    }
    bool text = schema_kind(kind)->fields[node->field].type == FACT_STR;
    bool like = node->test == PROGRAM_LIKE;
    return (struct guard_test){.test = node->test,
                               .text = text,
                               .via = node->via,
                               .field = node->field,
                               .operand = like ? link_scan_bit(link, node->operand)
                                               : operand_of(link, node, text),
                               .table = &link->facts->tables[kind]};
}

/* Where tests are written to. */
struct tests {
    const struct link *link;
    enum fact_kind kind;
    struct guard_test *items;
    uint32_t count;
};

/* In an `or` all patterns that one text is asked for are one test. */
static bool joins_last(const struct tests *tests, const struct guard_test *test, uint32_t group)
{
    const struct guard_test *last = &tests->items[tests->count - 1];
    return tests->count > group && test->test == PROGRAM_LIKE && last->test == PROGRAM_LIKE &&
           last->via == test->via && last->field == test->field;
}

static void add_tests(struct tests *tests, const struct program_guard *nodes, uint32_t count,
                      bool any)
{
    uint32_t group = tests->count;
    for (uint32_t i = 0; i < count; i++) {
        if (is_group(nodes[i].test)) {
            uint32_t at = tests->count++;
            add_tests(tests, &nodes[i + 1], nodes[i].operand, nodes[i].test == PROGRAM_ANY);
            tests->items[at] =
                (struct guard_test){.test = nodes[i].test, .members = tests->count - at - 1};
            i += nodes[i].operand;
            continue;
        }
        struct guard_test test = make_test(tests->link, &nodes[i], tests->kind);
        if (any && joins_last(tests, &test, group)) {
            tests->items[tests->count - 1].operand |= test.operand;
        } else {
            tests->items[tests->count++] = test;
        }
    }
}

bool guard_prepare(struct guard *out, struct link *link, const struct program_unit *unit)
{
    const struct program_guard *nodes = link->program->guards + unit->first_guard;
    struct tests tests = {.link = link,
                          .kind = (enum fact_kind)unit->kind,
                          .items = ARENA_ARRAY(&link->kept, struct guard_test, unit->guard_count)};
    for (uint32_t i = 0; tests.items != NULL && i < unit->guard_count; i++) {
        uint32_t members = is_group(nodes[i].test) ? nodes[i].operand : 0;
        /* Outside of groups a key decides by itself. */
        if (!guard_is_keyed(&nodes[i], tests.kind)) {
            add_tests(&tests, &nodes[i], 1 + members, false);
        }
        i += members;
    }
    *out = (struct guard){.tests = tests.items, .count = tests.count};
    return tests.items != NULL;
}

/* Whether a test may hold for a cell that is not present, or of a row that is not. */
static bool missing_may(unsigned test, enum fact_state state)
{
    return state == FACT_UNKNOWN || (test != PROGRAM_HAS && test != PROGRAM_SOME);
}

static bool test_may(struct link *link, const struct guard_test *test, enum fact_kind kind,
                     fact_row row)
{
    const struct fact_table *table = test->table;
    if (test->via != PROGRAM_NO_VIA) {
        const struct fact_table *own = &link->facts->tables[kind];
        const struct fact_cell *target = &own->cells[(size_t)row * own->field_count + test->via];
        if (target->state != FACT_PRESENT || target->value >= table->count) {
            return missing_may(test->test, target->state);
        }
        row = (fact_row)target->value;
    }
    const struct fact_cell *cell = &table->cells[(size_t)row * table->field_count + test->field];
    if (cell->state != FACT_PRESENT) {
        return missing_may(test->test, cell->state);
    }
    uint64_t value = cell->value;
    switch ((int)test->test) {
    case PROGRAM_TRUE:
        return value != 0;
    case PROGRAM_FALSE:
        return value == 0;
    case PROGRAM_SOME:
        return fact_list_count(value) > 0;
    case PROGRAM_LIKE:
        return (link_scan(link, (intern_id)value) & test->operand) != 0;
    case PROGRAM_HAS:
        return true;
    default:
        return named_may(link, test->test, test->operand,
                         test->text ? link_class(link, (intern_id)value) : value);
    }
}

/* Whether all tests, or one of them, may hold. */
static bool tests_may(struct link *link, const struct guard_test *tests, uint32_t count,
                      enum fact_kind kind, fact_row row, bool all)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct guard_test *test = &tests[i];
        bool may = is_group(test->test) ? tests_may(link, test + 1, test->members, kind, row,
                                                    test->test == PROGRAM_ALL)
                                        : test_may(link, test, kind, row);
        if (may != all) {
            return may;
        }
        i += test->members;
    }
    return all;
}

bool guard_allows_row(struct link *link, const struct guard *guard, enum fact_kind kind,
                      fact_row row)
{
    return tests_may(link, guard->tests, guard->count, kind, row, true);
}
