/* SPDX-License-Identifier: Apache-2.0
 *
 * compose_tree.h - for tests of the steps that make a compose project: YAML to a tree with its
 * variables expanded, and trees as one line of text.
 *
 * In the text a string stands in '', a hole in it is ?, a value that nobody wrote ends with *, null
 * is ~. Thread rule: one thread.
 */
#ifndef TESTS_UNIT_COMPOSE_TREE_H
#define TESTS_UNIT_COMPOSE_TREE_H

#include "core/buf.h"
#include "facts/compose/co_run.h"

struct compose_tree {
    struct arena arena;
    struct source_set sources;
    struct diag_list diags;
    struct co_options options;
    struct co_run run;
    struct str text; /* of the last tree that was read */
};

/* Prepares; must not move afterwards. */
void compose_tree_init(struct compose_tree *tree, const plim_allocator *allocator);

/* Frees everything. */
void compose_tree_release(struct compose_tree *tree);

/* The first document of a text, variables being unknown or what their forms say. NULL when it
 * cannot be read, which fails a test unless memory ran out. */
const struct tree_node *compose_tree_read(struct compose_tree *tree, const char *yaml);

/* Appends a value as one line. `node` may be NULL. */
void compose_tree_show(struct buf *out, const struct tree_node *node);

/* Asserts that a value shows as `expected`. */
void compose_tree_expect(const struct tree_node *node, const char *expected);

/* Asserts that a node's place in the text reads `expected`. */
void compose_tree_expect_place(const struct compose_tree *tree, const struct tree_node *node,
                               const char *expected);

/* Follows keys and positions joined by dots: "services.web.ports.0". NULL when there is none. */
const struct tree_node *compose_tree_at(const struct tree_node *root, const char *path);

/* Codes and messages of the diagnostics, sorted by place, one a line. */
void compose_tree_expect_diags(struct compose_tree *tree, const char *expected);

#endif
