/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_parse.h - shell text to tree.
 *
 * Never fails on bad text: the tree holds what was understood and says where the first gap is.
 * A parser is reused for many texts, so its working stacks are allocated once.
 * Memory: trees in the caller's arena; the owner of the parser calls sh_parser_free.
 * Thread rule: one thread at a time.
 */
#ifndef FACTS_SHELL_SH_PARSE_H
#define FACTS_SHELL_SH_PARSE_H

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>
#include <plimsoll/version.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/shell/sh_ast.h"

struct sh_lexer;

struct sh_parser {
    const plim_allocator *allocator;
    struct sh_lexer *lexer;
};

/* Prepares a parser; NOMEM when there is no memory for it. */
plim_status sh_parser_init(struct sh_parser *parser,
                           const plim_allocator *allocator) PLIM_MUST_CHECK;

/* Safe on a zeroed struct and twice. */
void sh_parser_free(struct sh_parser *parser);

/* Parses a script. `text` is borrowed: it and `arena` must outlive the tree. NOMEM, or LIMIT when
 * the arena's cap is reached or the text has 4 GiB or more; bad shell text is no failure. */
plim_status sh_parse_script(struct sh_parser *parser, struct sh_tree *out, struct arena *arena,
                            struct str text) PLIM_MUST_CHECK;

/* Parses the body of a here-document whose delimiter is not quoted: a list of one command of one
 * word, for the substitutions in it. Fails like sh_parse_script. */
plim_status sh_parse_body(struct sh_parser *parser, struct sh_tree *out, struct arena *arena,
                          struct str text) PLIM_MUST_CHECK;

/* One line for people about a gap: "unterminated quote or bracket". Static text. Pure. */
const char *sh_gap_text(enum sh_gap gap);

#endif
