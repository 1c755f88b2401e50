/* SPDX-License-Identifier: Apache-2.0
 *
 * stage_compose.c - rows of a compose project as JSON. A file holds compose.yaml, its override file
 * and app/Dockerfile with %%% lines between.
 */
#include "api/api.h"
#include "api/test_given.h"
#include "tests/golden/golden.h"

enum { FILES = 3 };

static plim_status write_rows(struct buf *out, struct ast_given *givens)
{
    plim_facts *facts = NULL;
    plim_text json = PLIM_TEXT_INIT;
    struct diag_list failures;
    bool failed = false;
    diag_list_init(&failures, NULL);
    plim_status status = plim_facts_new(&facts, NULL, NULL);
    if (status == PLIM_STATUS_OK) {
        status = test_given_read(facts->store, givens, &failures, &failed);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_freeze(facts, NULL);
    }
    if (status == PLIM_STATUS_OK) {
        status = plim_facts_json(facts, &json);
    }
    if (status == PLIM_STATUS_OK) {
        buf_append(out, str_make(json.data, json.size));
    }
    plim_text_release(&json);
    plim_facts_free(facts);
    diag_list_release(&failures);
    return status;
}

void golden_compose(struct buf *out, struct str name, struct str text)
{
    static const struct {
        enum ast_given_kind kind;
        const char *name;
    } files[FILES] = {{AST_GIVEN_COMPOSE, "compose.yaml"},
                      {AST_GIVEN_COMPOSE, "compose.override.yaml"},
                      {AST_GIVEN_DOCKERFILE, "app/Dockerfile"}};
    struct ast_given givens[FILES] = {0};
    (void)name;
    for (size_t i = 0; i < FILES; i++) {
        size_t end = str_find(text, STR("%%%\n"));
        givens[i] = (struct ast_given){.kind = files[i].kind,
                                       .name = str_from_cstr(files[i].name),
                                       .text = str_slice(text, 0, end),
                                       .next = i + 1 < FILES ? &givens[i + 1] : NULL};
        text = str_slice(text, end + 4, text.len);
    }
    plim_status status = write_rows(out, givens);
    if (status != PLIM_STATUS_OK) {
        buf_printf(out, "%s\n", plim_status_text(status));
    }
}
