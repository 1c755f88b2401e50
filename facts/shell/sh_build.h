/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_build.h - tree building for the actions of sh_grammar.y, and the state of one parse.
 *
 * Every function accepts and passes on NULL nodes: after a failed allocation the grammar runs to
 * its end on nothing and sh_parse reports the arena's status. Nodes live in the parse's arena.
 * Only sh_grammar.y and sh_parse.c include this. Thread rule: one thread at a time.
 */
#ifndef FACTS_SHELL_SH_BUILD_H
#define FACTS_SHELL_SH_BUILD_H

#include "core/arena.h"
#include "facts/shell/sh_ast.h"
#include "facts/shell/sh_grammar.tab.h"
#include "facts/shell/sh_lex.h"

/* A token that was read to see how the one before it goes on. */
struct sh_ahead {
    struct sh_token token;
    int kind;
};

enum { SH_AHEAD = 3 };

struct sh_parse {
    struct sh_lexer *lexer;
    struct arena *arena;
    struct sh_ahead ahead[SH_AHEAD]; /* tokens to hand out next, from `ahead_next` on */
    unsigned ahead_next;
    unsigned ahead_count;
    bool single;          /* what was handed out last belongs to one command: no chain may follow */
    struct sh_node *root; /* set when the whole text was reduced */
    struct sh_chain salvage; /* thrown away by error recovery, to be kept */
};

/* Memory for the parser's stack; NULL when the arena is full. */
void *sh_build_stack(struct sh_parse *parse, size_t size);

/* An empty list that begins at `start`. */
struct sh_node *sh_build_list(struct sh_parse *parse, uint32_t start);

/* Adds an and-or chain to a list; `list`. */
struct sh_node *sh_build_append(struct sh_parse *parse, struct sh_node *list,
                                struct sh_chain chain);

/* The same for a chain that ends in `&`. */
struct sh_node *sh_build_background(struct sh_parse *parse, struct sh_node *list,
                                    struct sh_chain chain);

/* Adds an SH_NODE_UNPARSED that holds what was salvaged. */
struct sh_node *sh_build_broken(struct sh_parse *parse, struct sh_node *list,
                                struct sh_range range);

/* Moves the children of `more` to the end of `list`; `list`. */
struct sh_node *sh_build_concat(struct sh_node *list, const struct sh_node *more);

/* A chain of one. */
struct sh_chain sh_build_chain(struct sh_node *node);

/* `left op right`. */
struct sh_chain sh_build_join(struct sh_chain left, enum sh_op op, struct sh_chain right);

/* One more command in a pipeline; `flags` mark how it is joined. */
struct sh_chain sh_build_pipe(struct sh_chain left, unsigned flags, struct sh_node *command);

/* A finished pipeline as a chain of one; a single command stays itself. */
struct sh_chain sh_build_pipeline(struct sh_parse *parse, struct sh_chain commands, unsigned flags);

/* A node for a finished command; NULL for NULL. */
struct sh_node *sh_build_simple(struct sh_parse *parse, enum sh_node_kind kind,
                                struct sh_simple *simple);

/* A compound with a header (may be NULL) and a body (may be NULL). */
struct sh_node *sh_build_compound(struct sh_parse *parse, enum sh_node_kind kind,
                                  struct sh_range range, struct sh_simple *header,
                                  struct sh_node *body);

/* Gives a compound the redirections behind it; the compound. */
struct sh_node *sh_build_trailer(struct sh_node *compound, struct sh_simple *redirs);

/* A while or until loop. */
struct sh_node *sh_build_loop(struct sh_parse *parse, struct sh_range range, struct sh_node *test,
                              struct sh_node *body);

/* Adds condition and body to an SH_NODE_IF; the node. */
struct sh_node *sh_build_branch(struct sh_node *node, struct sh_node *test, struct sh_node *body);

/* Finishes an SH_NODE_IF with its else part (may be NULL). */
struct sh_node *sh_build_if(struct sh_node *node, struct sh_node *otherwise, struct sh_range range);

/* Adds one arm to an SH_NODE_CASE; the node. */
struct sh_node *sh_build_arm(struct sh_node *node, struct sh_simple *patterns,
                             struct sh_node *body);

/* Finishes an SH_NODE_CASE with its subject; the node. */
struct sh_node *sh_build_case(struct sh_node *node, struct sh_simple *subject,
                              struct sh_range range);

/* Gives a substitution its commands. */
void sh_build_subst(struct sh_subst *subst, struct sh_node *body);
/* The list is the whole text. */
void sh_build_root(struct sh_parse *parse, struct sh_node *list);

/* Keeps a node that error recovery discards. */
void sh_build_salvage(struct sh_parse *parse, struct sh_node *node);
/* The same for siblings under construction. */
void sh_build_salvage_chain(struct sh_parse *parse, struct sh_chain chain);
/* The same for a token of several commands. */
void sh_build_salvage_commands(struct sh_parse *parse, struct sh_chain chain);
/* The same for the words of a token. */
void sh_build_salvage_simple(struct sh_parse *parse, struct sh_simple *simple);

#endif
