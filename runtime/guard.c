/* SPDX-License-Identifier: Apache-2.0
 *
 * guard.c - see guard.h. Groups are walked by recursion, whose depth the verifier bounds; only
 * preparing walks them: a prepared guard says for each test where to go on after it.
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
    case PROGRAM_SAME:
        return value == operand;
    case PROGRAM_IS_NOT:
    case PROGRAM_OTHER:
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
static uint64_t operand_of(const struct link *link, const struct program_guard *node)
{
    bool text = node->test == PROGRAM_SAME || node->test == PROGRAM_OTHER;
    return text ? link->text_classes[node->operand] : node->operand;
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
    for (uint32_t i = 0; i < count; i++) {
        const struct program_guard *node = &nodes[i];
        bool may = true;
        if (is_group(node->test)) {
            may = keys_may(link, node + 1, node->operand, keyed, node->test == PROGRAM_ALL);
            i += node->operand;
        } else if (node->field == keyed->field && guard_is_keyed(node, keyed->kind)) {
            may = keyed->key == GUARD_KEY_ABSENT
                      ? node->test != PROGRAM_HAS
                      : named_may(link, node->test, operand_of(link, node), keyed->key - 1);
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

/* A present cell passes when the value, masked, is in the range. */
static void set_range(struct guard_test *test, uint64_t mask, uint64_t low, uint64_t high)
{
    test->mask = mask;
    test->low = low;
    test->span = high - low;
}

static struct guard_test make_test(const struct link *link, const struct program_guard *node,
                                   enum fact_kind kind)
{
    if (node->via != PROGRAM_NO_VIA) {
        kind = (enum fact_kind)schema_kind(kind)->fields[node->via].argument;
    }
    struct guard_test test = {.look = GUARD_RANGE,
                              .via = node->via,
                              .field = node->field,
                              .wanted = node->test != PROGRAM_IS_NOT &&
                                        node->test != PROGRAM_OTHER &&
                                        node->test != PROGRAM_NOT_IN && node->test != PROGRAM_LACKS,
                              .absent = node->test != PROGRAM_HAS && node->test != PROGRAM_SOME,
                              .table = &link->facts->tables[kind],
                              .low = operand_of(link, node)};
    switch ((int)node->test) {
    case PROGRAM_TRUE:
        set_range(&test, UINT64_MAX, 1, UINT64_MAX);
        break;
    case PROGRAM_FALSE:
        set_range(&test, UINT64_MAX, 0, 0);
        break;
    case PROGRAM_SOME:
        set_range(&test, UINT32_MAX, 1, UINT32_MAX); /* fact_list_count */
        break;
    case PROGRAM_IS:
    case PROGRAM_IS_NOT:
        set_range(&test, UINT64_MAX, node->operand, node->operand);
        break;
    case PROGRAM_SAME:
    case PROGRAM_OTHER:
        test.look = GUARD_CLASS;
        break;
    case PROGRAM_IN:
    case PROGRAM_NOT_IN:
        test.look = GUARD_SET;
        break;
    case PROGRAM_LIKE:
        test.look = GUARD_SCAN;
        test.low = link_scan_bit(link, node->operand);
        break;
    default: /* PROGRAM_HAS, PROGRAM_LACKS: any value */
        set_range(&test, 0, 0, 0);
        break;
    }
    return test;
}

/* Where tests are written to. */
struct tests {
    const struct link *link;
    enum fact_kind kind;
    struct guard_test *items;
    uint32_t count;
};

/* Where to go on, as long as it is not known: behind the member of the group at this depth. */
enum { BEHIND = 0x80 };
_Static_assert((int)PROGRAM_MAX_GUARD < (int)BEHIND &&
                   (int)BEHIND + (int)PROGRAM_MAX_GUARD_DEPTH < (int)GUARD_PASS,
               "numbers of tests, places that are not known yet and ends are apart");

/* In an `or` all patterns that one text is asked for are one test. */
static bool joins_last(const struct tests *tests, const struct guard_test *test, uint32_t group)
{
    const struct guard_test *last = &tests->items[tests->count - 1];
    return tests->count > group && test->look == GUARD_SCAN && last->look == GUARD_SCAN &&
           last->via == test->via && last->field == test->field;
}

/* Lets the tests from `first` on that go on behind a member go on with the next test. */
static void bind(struct tests *tests, uint32_t first, uint8_t behind)
{
    for (uint32_t i = first; i < tests->count; i++) {
        struct guard_test *test = &tests->items[i];
        test->yes = test->yes == behind ? (uint8_t)tests->count : test->yes;
        test->no = test->no == behind ? (uint8_t)tests->count : test->no;
    }
}

/* Nodes of a group, and where to go on when it may hold and when not. */
struct members {
    const struct program_guard *nodes;
    uint32_t count;
    bool any;
    uint8_t yes, no;
    uint8_t behind; /* BEHIND + depth */
};

static void add_tests(struct tests *tests, const struct members *group)
{
    uint32_t start = tests->count;
    for (uint32_t i = 0; i < group->count;) {
        const struct program_guard *node = &group->nodes[i];
        uint32_t first = tests->count;
        uint32_t inside = is_group(node->test) ? node->operand : 0;
        bool last = i + 1 + inside == group->count;
        uint8_t yes = last || group->any ? group->yes : group->behind;
        uint8_t no = last || !group->any ? group->no : group->behind;
        if (is_group(node->test)) {
            const struct members members = {.nodes = node + 1,
                                            .count = inside,
                                            .any = node->test == PROGRAM_ANY,
                                            .yes = yes,
                                            .no = no,
                                            .behind = (uint8_t)(group->behind + 1)};
            add_tests(tests, &members);
        } else {
            struct guard_test test = make_test(tests->link, node, tests->kind);
            if (group->any && joins_last(tests, &test, start)) {
                first = tests->count - 1;
                test.low |= tests->items[first].low;
                tests->count--;
            }
            test.yes = yes;
            test.no = no;
            tests->items[tests->count++] = test;
        }
        bind(tests, first, group->behind);
        i += 1 + inside;
    }
}

/* The nodes of a guard that keys do not decide: outside of groups a key decides by itself. */
static uint32_t open_nodes(struct program_guard out[PROGRAM_MAX_GUARD],
                           const struct program *program, const struct program_unit *unit)
{
    uint32_t count = 0;
    uint32_t group_end = 0;
    for (uint32_t i = 0; i < unit->guard_count; i++) {
        const struct program_guard *node = &program->guards[unit->first_guard + i];
        if (i >= group_end && is_group(node->test)) {
            group_end = i + 1 + node->operand;
        }
        if (i < group_end || !guard_is_keyed(node, (enum fact_kind)unit->kind)) {
            out[count++] = *node;
        }
    }
    return count;
}

bool guard_prepare_nodes(struct guard *out, struct link *link, enum fact_kind kind,
                         const struct program_guard *nodes, uint32_t count)
{
    const struct members all = {
        .nodes = nodes, .count = count, .yes = GUARD_PASS, .no = GUARD_STOP, .behind = BEHIND};
    struct tests tests = {
        .link = link, .kind = kind, .items = ARENA_ARRAY(&link->kept, struct guard_test, count)};
    if (tests.items != NULL) {
        add_tests(&tests, &all);
    }
    *out = (struct guard){.tests = tests.items, .count = tests.count};
    return tests.items != NULL;
}

bool guard_prepare(struct guard *out, struct link *link, const struct program_unit *unit)
{
    struct program_guard nodes[PROGRAM_MAX_GUARD];
    uint32_t count = open_nodes(nodes, link->program, unit);
    return guard_prepare_nodes(out, link, (enum fact_kind)unit->kind, nodes, count);
}

static bool look_up(struct link *link, const struct guard_test *test, uint64_t value)
{
    switch ((enum guard_look)test->look) {
    case GUARD_CLASS:
        return link_class(link, (intern_id)value) == test->low;
    case GUARD_SET:
        return link_set_has(link, (uint32_t)test->low, value);
    case GUARD_SCAN:
        return (link_scan(link, (intern_id)value) & test->low) != 0;
    case GUARD_RANGE:
        break;
    }
    return true;
}

static inline bool test_may(struct link *link, const struct guard_test *test,
                            const struct fact_cell *cells)
{
    const struct fact_cell *cell = &cells[test->field];
    if (test->via != PROGRAM_NO_VIA) {
        const struct fact_cell *target = &cells[test->via];
        const struct fact_table *table = test->table;
        if (target->state != FACT_PRESENT || target->value >= table->count) {
            return target->state == FACT_UNKNOWN || test->absent;
        }
        cell = &table->cells[target->value * table->field_count + test->field];
    }
    if (cell->state != FACT_PRESENT) {
        return cell->state == FACT_UNKNOWN || test->absent;
    }
    bool holds = test->look == GUARD_RANGE ? (cell->value & test->mask) - test->low <= test->span
                                           : look_up(link, test, cell->value);
    return holds == test->wanted;
}

bool guard_allows_row(struct link *link, const struct guard *guard, const struct fact_cell *cells)
{
    unsigned next = guard->count > 0 ? 0 : GUARD_PASS;
    while (next < BEHIND) {
        const struct guard_test *test = &guard->tests[next];
        next = test_may(link, test, cells) ? test->yes : test->no;
    }
    return next == GUARD_PASS;
}
