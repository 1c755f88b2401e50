/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_lex.h - the shell tokeniser: its state, shared by sh_lex.c (tokens), sh_word.c (words) and
 * sh_redir.c (redirections).
 *
 * Written by hand, not with flex: POSIX tokenisation is recursive (a word may hold `$(` with whole
 * scripts inside double quotes inside `${...}`), depends on what the grammar expects (reserved
 * words only in command position, patterns behind `in`), and reads here-document bodies at the
 * next line feed. Here all of that is one explicit stack of frames, so depth is bounded and
 * nothing recurses. A simple command is one token: the grammar sees about twenty tokens per KiB.
 * Substitutions are emitted before the token that holds them: `a $(b)` gives OPEN b CLOSE a.
 * Memory: nodes in the caller's arena, working stacks here, kept between texts; the owner calls
 * sh_lexer_release. Thread rule: one thread at a time.
 */
#ifndef FACTS_SHELL_SH_LEX_H
#define FACTS_SHELL_SH_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/shell/sh_ast.h"

enum sh_frame_kind {
    /* inside one word */
    SH_FRAME_DQUOTE,  /* "..." */
    SH_FRAME_BRACE,   /* ${...} */
    SH_FRAME_ARITH,   /* $((...)) */
    SH_FRAME_ARRAY,   /* name=(...) */
    SH_FRAME_EXTGLOB, /* @(a|b) */
    /* with commands inside, a word waiting outside */
    SH_FRAME_SUBST,        /* $(...) */
    SH_FRAME_PROCESS,      /* <(...) or >(...) */
    SH_FRAME_BACKTICK,     /* `...` */
    SH_FRAME_BACKTICK_ESC, /* \`...\` inside `...` */
    /* compound commands */
    SH_FRAME_PAREN,
    SH_FRAME_GROUP,
    SH_FRAME_IF,
    SH_FRAME_LOOP,
    SH_FRAME_CASE,
};

/* The word under construction. */
struct sh_word_state {
    struct sh_part *first_part;
    struct sh_part *last_part;
    size_t chars_at; /* where its text begins in the working bytes */
    uint32_t start;
    uint32_t text_start; /* input offset of its first text byte, once there is one */
    uint32_t equals;
    uint32_t flags;
    uint32_t raw_depth; /* open ${, $((, array frames: their text is taken as written */
    bool active;
    bool copied; /* text is gathered in the working bytes, not a slice of the input */
    bool broken; /* gathered text is no longer contiguous in the input */
};

enum sh_build_kind {
    SH_BUILD_SIMPLE,
    SH_BUILD_TEST,     /* between [[ and ]] */
    SH_BUILD_TEST_END, /* behind ]] */
    SH_BUILD_ARITH,    /* (( ... )) */
    SH_BUILD_FOR,
    SH_BUILD_CASE,    /* up to `in` */
    SH_BUILD_CASE_IN, /* with it */
    SH_BUILD_PATTERN,
    SH_BUILD_FUNCTION,
};

/* The command under construction. */
struct sh_build {
    struct sh_redir *pending; /* redirection that waits for its target */
    struct sh_subst *substs;
    struct sh_subst *last_subst;
    size_t words_at; /* its first word on the working stack */
    size_t redirs_at;
    uint32_t assigns; /* leading words that are assignments */
    uint32_t start;
    uint32_t end;
    uint8_t kind;
    bool open;           /* something was read */
    bool after_compound; /* only redirections may follow */
    bool expect_pattern; /* in a `case`, where a pattern list or `esac` must stand */
    bool paren;          /* the pattern list was opened with ( */
};

struct sh_frame {
    struct sh_word_state word; /* the word that waits outside a substitution */
    struct sh_build build;
    struct sh_subst *subst;
    struct sh_part *part;
    uint32_t start;
    uint32_t parens; /* open ( inside ARITH, ARRAY, EXTGLOB */
    uint8_t kind;
    uint8_t outer_subst; /* `in_subst` to restore */
};

/* What a token carries besides its kind. */
struct sh_token {
    uint32_t start;
    uint32_t end;
    struct sh_simple *simple; /* words of the token, when it has some */
    struct sh_subst *subst;   /* SUBST_OPEN: the substitution, its body still to be set */
};

struct sh_lexer {
    const plim_allocator *allocator;
    struct arena *arena; /* of the current text */
    const char *text;
    uint32_t len;
    uint32_t at;
    struct sh_token token; /* of the last sh_lexer_next */

    struct sh_word *words; /* working stacks, owned */
    size_t word_count;
    size_t word_capacity;
    struct sh_redir **redirs;
    size_t redir_count;
    size_t redir_capacity;
    char *chars;
    size_t char_count;
    size_t char_capacity;

    struct sh_redir *heredocs; /* bodies still to come, in order */
    struct sh_redir *last_heredoc;
    struct sh_word_state word;
    struct sh_build build;
    uint32_t depth;
    uint32_t open_parens; /* frames that `)` may close */
    int io_number;        /* digits directly before a redirection, or -1 */
    uint32_t io_start;
    uint8_t in_subst;    /* kind of the innermost substitution frame, 0 when none */
    bool unclosed_arith; /* no `))` follows any more: do not look again */

    uint8_t gap; /* enum sh_gap: the first one */
    uint32_t gap_start;
    uint32_t gap_end;
    plim_status status; /* sticky NOMEM of the working stacks */
    struct sh_frame frames[SH_MAX_DEPTH];
};

/* Prepares an unused tokeniser. Allocates nothing. */
void sh_lexer_init(struct sh_lexer *lexer, const plim_allocator *allocator);

/* Frees the working stacks. Safe on a zeroed struct. */
void sh_lexer_release(struct sh_lexer *lexer);

/* Starts on a text below 4 GiB; `text` and `arena` must outlive the tree. */
void sh_lexer_start(struct sh_lexer *lexer, struct arena *arena, struct str text);

/* Starts inside the body of a here-document: one word, as between double quotes. */
void sh_lexer_start_body(struct sh_lexer *lexer, struct arena *arena, struct str text);

/* Kind of the next token: SH_TOK_... of sh_grammar.y, 0 at the end; the rest of it stands in
 * lexer->token. Always reaches the end: bad text becomes SH_TOK_BAD and a gap. */
int sh_lexer_next(struct sh_lexer *lexer);

/* OK, NOMEM or LIMIT (arena cap). */
plim_status sh_lexer_status(const struct sh_lexer *lexer);

/* Records a place that is not understood; the first one stays. */
void sh_lexer_gap(struct sh_lexer *lexer, enum sh_gap gap, uint32_t start, uint32_t end);

/* ---- for sh_lex.c, sh_word.c and sh_redir.c only ---- */

/* Pushes a frame starting at `start`; NULL when too deep (the rest of the text is given up). */
struct sh_frame *sh_lexer_push(struct sh_lexer *lexer, enum sh_frame_kind kind, uint32_t start);

/* The word at the current offset, when it has nothing to interpret (no quotes, expansions,
 * patterns, and no assignment), in the free slot as of sh_word_finish; most words are like that.
 * Else NULL, and the offset stays. */
const struct sh_word *sh_word_simple(struct sh_lexer *lexer);

/* Starts a word at the current offset. */
void sh_word_begin(struct sh_lexer *lexer);

/* Scans on until the word ends (false) or a substitution with commands begins (true; its frame is
 * pushed and the outer word saved in it). */
bool sh_word_scan(struct sh_lexer *lexer) PLIM_MUST_CHECK;

/* The finished word in the free slot behind lexer->words, to be kept by counting it; NULL when
 * there is no memory. The state is inactive afterwards. */
const struct sh_word *sh_word_finish(struct sh_lexer *lexer);

/* Opens a substitution whose text begins at `start` and whose commands begin at `inside`. */
bool sh_word_open_subst(struct sh_lexer *lexer, enum sh_frame_kind kind, uint32_t start,
                        uint32_t inside);

/* Takes the word back when its substitution ended at the current offset. */
void sh_word_close_subst(struct sh_lexer *lexer, const struct sh_frame *frame);

/* Offset behind the `))` that closes the `((` whose first inner byte is `from`; 0 when there is
 * none or when the two are not adjacent. */
uint32_t sh_word_find_arith_end(struct sh_lexer *lexer, uint32_t from);

/* Marks the command under construction as begun, at `start` when it was not. */
void sh_lexer_open_build(struct sh_lexer *lexer, uint32_t start);

/* A redirection operator at the current offset: the next word is its target. */
void sh_redir_scan(struct sh_lexer *lexer);

/* Gives the redirection that waits its target. */
void sh_redir_take_target(struct sh_lexer *lexer, const struct sh_word *word);

/* Whether the word is digits directly in front of < or >: then it is the descriptor. */
bool sh_redir_take_number(struct sh_lexer *lexer, const struct sh_word *word);

/* Reads the bodies of the here-documents that wait; the offset stands at the first body line. */
void sh_redir_read_bodies(struct sh_lexer *lexer);

/* Whether the text at the offset closes the innermost backtick substitution. */
static inline bool sh_word_at_backtick_close(const struct sh_lexer *lexer)
{
    const char *p = lexer->text + lexer->at;
    if (lexer->in_subst == SH_FRAME_BACKTICK) {
        return p[0] == '`';
    }
    return lexer->in_subst == SH_FRAME_BACKTICK_ESC && p[0] == '\\' && lexer->len - lexer->at > 1 &&
           p[1] == '`';
}

#endif
