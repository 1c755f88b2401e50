/* SPDX-License-Identifier: Apache-2.0
 *
 * lex_token.h - what the actions of lexer.l do: value, check and diagnostics of one token.
 *
 * Apart from lexer.l so that it is compiled with the full set of warnings and can be read without
 * knowing flex. Only lexer.l and lexer.c include it. `text` is always the slice of the source that
 * the span names; functions that return int return the token. Nothing here allocates except the
 * diagnostics list. Thread rule: one thread at a time per lexer.
 */
#ifndef COMPILER_LEX_TOKEN_H
#define COMPILER_LEX_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "compiler/lexer.h"
#include "core/source.h"
#include "core/str.h"

/* Sets `*span` from flex's view of the token. */
void lex_set_span(const struct lexer *lexer, const char *text, int length, struct span *span);

/* The end of the text: an empty span there. */
int lex_end(struct lexer *lexer, struct span *span);

/* A token without value; every token but a dot ends the state "behind a dot". */
int lex_done(struct lexer *lexer, int token);
int lex_dot(struct lexer *lexer);

/* Token of a keyword, TOKEN_NAME for other words. `text` is not empty. */
int lex_keyword(const struct lexer *lexer, struct str text);

/* Name or keyword; behind a dot always a name. */
int lex_word(struct lexer *lexer, struct str text, GRAMMAR_STYPE *value, struct span span);

/* Word with bytes outside ASCII: reported (E0001, E0002, E0007) and then taken as a name. */
int lex_foreign(struct lexer *lexer, struct str text, GRAMMAR_STYPE *value, struct span span);

/* Integer, duration or size; TOKEN_BAD after E0006. */
int lex_number(struct lexer *lexer, struct str text, GRAMMAR_STYPE *value, struct span span);
int lex_version(struct lexer *lexer, struct str text, GRAMMAR_STYPE *value, struct span span);

/* "..." with escapes; the value is the text between the quotes. E0003 unless `closed`. */
int lex_string(struct lexer *lexer, struct str text, bool closed, GRAMMAR_STYPE *value,
               struct span span);

/* Verbatim text between triple quotes; the value is the text between them. */
int lex_block(struct lexer *lexer, struct str text, bool closed, GRAMMAR_STYPE *value,
              struct span span);

/* '...': reported, then taken as a string. */
int lex_single_quoted(struct lexer *lexer, struct str text, GRAMMAR_STYPE *value, struct span span);

/* The word behind `import`. */
int lex_path(struct lexer *lexer, struct str text, GRAMMAR_STYPE *value, struct span span);

/* A spelling of another language: reported, then taken as `token`. */
int lex_instead(struct lexer *lexer, struct span span, const char *wanted, int token);

/* Things that are skipped once they are reported (a good comment: silently). */
void lex_comment(struct lexer *lexer, struct span span);
void lex_slash_comment(struct lexer *lexer, struct span span);
void lex_semicolon(struct lexer *lexer, struct span span);
void lex_lone_cr(struct lexer *lexer, struct span span);
void lex_bad_byte(struct lexer *lexer, char byte, struct span span);

#endif
