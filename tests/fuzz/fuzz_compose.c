/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_compose.c - any bytes as a compose project: a file, its override file, a Dockerfile, an
 * ignore file and a .env file, one behind the other with %%% lines between. Loaded and written to
 * the fact store, which must then be whole: every cell that is always there is there, every place
 * lies in its file.
 */
#include <stdint.h>
#include <stdlib.h>

#include "api/test_given.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES = 5 };

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check_place(const struct facts *facts, fact_loc loc)
{
    struct span span = facts_span(facts, loc);
    const struct source *source = source_get(&facts->sources, span.source);
    require(source != NULL);
    require(span.start <= span.end && span.end <= source->text.len);
}

static void check_list(const struct facts *facts, const struct fact_field_info *info,
                       struct fact_cell list)
{
    for (uint32_t i = 0; i < fact_list_count(list.value); i++) {
        struct fact_cell cell = facts_list_at(facts, list.value, i);
        check_place(facts, cell.loc);
        require(cell.state != FACT_PRESENT || info->type != FACT_ROW ||
                cell.value < facts->tables[(enum fact_kind)info->argument].count);
    }
}

static void check_row(const struct facts *facts, enum fact_kind kind, fact_row row)
{
    const struct fact_kind_info *info = schema_kind(kind);
    check_place(facts, facts_row_loc(facts, kind, row));
    for (unsigned field = 0; field < info->field_count; field++) {
        const struct fact_field_info *field_info = &info->fields[field];
        struct fact_cell cell = facts_get(facts, kind, row, field);
        require(cell.state != FACT_ABSENT || field_info->cardinality == FACT_OPT);
        if (cell.state == FACT_ABSENT) {
            continue;
        }
        check_place(facts, cell.loc);
        if (cell.state == FACT_UNKNOWN) {
            require(cell.value < facts->cause_count);
        } else if (field_info->cardinality == FACT_LIST) {
            check_list(facts, field_info, cell);
        } else if (field_info->type == FACT_ROW) {
            require(cell.value < facts->tables[(enum fact_kind)field_info->argument].count);
        }
    }
}

/* Rows of build contexts have places of their own kind: fuzz_dockerfile.c is not about them. */
static bool is_about_context(enum fact_kind kind)
{
    return kind == FACT_KIND_context || kind == FACT_KIND_context_file ||
           kind == FACT_KIND_ignore_pattern;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        enum ast_given_kind kind;
        const char *name;
    } files[FILES] = {{AST_GIVEN_COMPOSE, "compose.yaml"},
                      {AST_GIVEN_COMPOSE, "compose.override.yaml"},
                      {AST_GIVEN_DOCKERFILE, "Dockerfile"},
                      {AST_GIVEN_FILE, ".dockerignore"},
                      {AST_GIVEN_FILE, ".env"}};
    struct ast_given givens[FILES] = {0};
    struct str rest = str_make((const char *)data, size);
    for (size_t i = 0; i < FILES; i++) {
        size_t end = i + 1 < FILES ? str_find(rest, STR("%%%\n")) : rest.len;
        givens[i] =
            (struct ast_given){.kind = files[i].kind,
                               .name = str_from_cstr(files[i].name),
                               .text = str_slice(rest, 0, end),
                               .next = i + 1 < FILES && end < rest.len ? &givens[i + 1] : NULL};
        rest = str_slice(rest, end + 4, rest.len);
        if (givens[i].next == NULL) {
            break;
        }
    }
    struct facts *facts = NULL;
    struct diag_list failures;
    bool failed = false;
    diag_list_init(&failures, NULL);
    require(facts_new(&facts, NULL, 0, 1) == PLIM_STATUS_OK);
    plim_status status = test_given_read(facts, givens, &failures, &failed);
    require(status == PLIM_STATUS_OK || status == PLIM_STATUS_LIMIT);
    if (status == PLIM_STATUS_OK) {
        require(facts_freeze(facts) == PLIM_STATUS_OK);
        for (int kind = FACT_KIND_project + 1; kind < FACT_KIND_COUNT; kind++) {
            for (fact_row row = 0; row < facts->tables[kind].count; row++) {
                if (!is_about_context((enum fact_kind)kind)) {
                    check_row(facts, (enum fact_kind)kind, row);
                }
            }
        }
    }
    diag_list_release(&failures);
    facts_free(facts);
    return 0;
}
