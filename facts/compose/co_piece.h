/* SPDX-License-Identifier: Apache-2.0
 *
 * co_piece.h - parts of a scalar as scalars of their own: the `80` of "${IP:-::}:80:8080".
 *
 * A part has the place where it was written and the variables that went into it, as far as both can
 * be told: with one variable, or with unknown ones, always. A part of several variables has all of
 * the scalar. No syntax of any attribute is known here. Memory: nodes are in the caller's arena;
 * texts are views of the scalar. Thread rule: pure but for the arena.
 */
#ifndef FACTS_COMPOSE_CO_PIECE_H
#define FACTS_COMPOSE_CO_PIECE_H

#include <stddef.h>

#include "core/arena.h"
#include "core/source.h"
#include "core/str.h"
#include "facts/tree/tree.h"

/* Uses of variables in one scalar that are told apart; with more of them every part has the place
 * and the variables of the whole. */
enum { CO_PIECE_MAX_USES = 16 };

/* Words of a scalar between variables, found once for all its pieces. */
struct co_pieces {
    struct arena *arena;
    const struct tree_node *node;
    size_t use_count;
    bool aligned; /* the arrays below say where what is */
    struct {
        const struct tree_variable *variable;
        const struct tree_variable *own; /* it and those in its words; NULL for an only use */
        size_t text_start; /* its value in the text */
        size_t text_end;
    } uses[CO_PIECE_MAX_USES];
    uint32_t content; /* offset in the source where the text begins, behind a quote */
    uint32_t content_end;
};

/* Looks at a scalar; `sources` holds the text its span points into. */
void co_pieces_init(struct co_pieces *pieces, struct arena *arena, const struct source_set *sources,
                    const struct tree_node *node);

/* The bytes [from, to) of the scalar's text as a string node. NULL after a failure of the arena. */
struct tree_node *co_piece(const struct co_pieces *pieces, size_t from, size_t to);

/* The same for a view of the scalar's text, such as a parser gives. A view of something else has
 * the place of the whole scalar. */
struct tree_node *co_piece_view(const struct co_pieces *pieces, struct str view);

#endif
