/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_ast.h - the tree of one shell text: words, simple commands, pipelines, lists, compounds.
 *
 * Only shapes; sh_lex.c makes the words, sh_grammar.y the nodes, sh_dump.c prints them, and
 * sh_command.c flattens them. Offsets are offsets in the shell text (sh_text.h maps them to the
 * file). Everything lives in the arena given to the parser and may point into the text itself.
 * Thread rule: immutable after parsing.
 */
#ifndef FACTS_SHELL_SH_AST_H
#define FACTS_SHELL_SH_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

/* What a word is made of. A word with none of the dynamic bits is known completely. */
enum sh_word_flag {
    SH_WORD_QUOTED = 1 << 0,   /* some part was quoted or escaped: never a reserved word */
    SH_WORD_VARIABLE = 1 << 1, /* $x or ${x...}: the text shows it as written */
    SH_WORD_COMMAND = 1 << 2,  /* $(...), `...` or <(...): shown as written */
    SH_WORD_ARITH = 1 << 3,    /* $((...)): shown as written */
    SH_WORD_GLOB = 1 << 4,     /* unquoted *, ? or [ */
    SH_WORD_TILDE = 1 << 5,    /* unquoted ~ in front */
    SH_WORD_BRACE = 1 << 6,    /* unquoted { with , or .. */
    SH_WORD_ASSIGN = 1 << 7,   /* name=value; `equals` is the offset of = in the text */
    SH_WORD_ARRAY = 1 << 8,    /* name=(...) */
    SH_WORD_UNQUOTED_EXPANSION = 1 << 9, /* an expansion outside double quotes: it may split */
    SH_WORD_CONTIGUOUS = 1 << 10, /* text byte i stands at offset text_start + i of the input */
    SH_WORD_DYNAMIC = SH_WORD_VARIABLE | SH_WORD_COMMAND | SH_WORD_ARITH,
};

enum sh_part_kind { SH_PART_VARIABLE, SH_PART_COMMAND, SH_PART_ARITH, SH_PART_PROCESS };

struct sh_subst;

/* One expansion inside a word. */
struct sh_part {
    struct sh_part *next;
    struct str name;        /* variable name; empty for the other kinds */
    struct sh_subst *subst; /* the commands of SH_PART_COMMAND and SH_PART_PROCESS */
    uint32_t start;         /* of the $ or ` */
    uint32_t end;
    uint8_t kind;
    bool quoted; /* inside double quotes */
    char op;     /* first operator byte behind the name in ${...}, '#' for ${#x}, or 0 */
};

struct sh_word {
    struct str text; /* quotes and escapes removed, expansions kept as written */
    struct sh_part *parts;
    uint32_t start;
    uint32_t end;
    uint32_t text_start; /* see SH_WORD_CONTIGUOUS */
    uint32_t equals;     /* see SH_WORD_ASSIGN */
    uint32_t flags;
};

enum sh_redir_kind {
    SH_REDIR_IN,      /* <  */
    SH_REDIR_OUT,     /* >  and >| */
    SH_REDIR_APPEND,  /* >> */
    SH_REDIR_INOUT,   /* <> */
    SH_REDIR_DUP_IN,  /* <& */
    SH_REDIR_DUP_OUT, /* >& */
    SH_REDIR_BOTH,    /* &> and &>> */
    SH_REDIR_HEREDOC, /* << and <<- */
    SH_REDIR_STRING,  /* <<< */
};

struct sh_redir {
    struct sh_redir *next_pending; /* here-documents whose body is still to come; parser only */
    struct sh_word target;         /* file, descriptor, or delimiter of a here-document */
    struct str body;               /* here-document: raw lines, terminator left out */
    uint32_t body_start;           /* offset of the body in the shell text */
    uint32_t start;
    uint32_t end;
    int fd; /* as written or the operator's default */
    uint8_t kind;
    bool fd_written; /* digits stood in front of the operator */
    bool strip_tabs; /* <<- */
    bool literal;    /* quoted delimiter: no expansion in the body */
};

/* Words and redirections that belong together: a simple command, the header of a `for`, the
 * subject of a `case`, the name of a function, or the redirections behind a compound command. */
struct sh_simple {
    struct sh_word *assigns;
    struct sh_word *words;
    struct sh_redir **redirs;
    struct sh_subst *substs; /* command substitutions in these words, in order */
    uint32_t assign_count;
    uint32_t word_count;
    uint32_t redir_count;
    uint32_t start;
    uint32_t end;
};

enum sh_node_kind {
    SH_NODE_LIST, /* children run in order, joined by their `op` */
    SH_NODE_SIMPLE,
    SH_NODE_TEST,     /* [[ ... ]] */
    SH_NODE_ARITH,    /* (( ... )) */
    SH_NODE_PIPELINE, /* two or more children */
    SH_NODE_SUBSHELL, /* ( list ) */
    SH_NODE_GROUP,    /* { list } */
    SH_NODE_IF,       /* condition, body, [condition, body]..., [else] by `role` */
    SH_NODE_LOOP,     /* while, until: condition, body */
    SH_NODE_FOR,      /* for, select: header in `simple`, body */
    SH_NODE_CASE,     /* subject in `simple`, one list per arm, its patterns in `simple` */
    SH_NODE_FUNCTION, /* name in `simple`, body */
    SH_NODE_UNPARSED, /* what no rule fits; children are the commands saved from it */
};

/* How a child of a list is joined to the one before it. */
enum sh_op { SH_OP_NONE, SH_OP_SEQ, SH_OP_AND, SH_OP_OR };

enum sh_role { SH_ROLE_BODY, SH_ROLE_CONDITION, SH_ROLE_ELSE };

enum sh_node_flag {
    SH_NODE_NEGATED = 1 << 0,     /* ! in front of the pipeline */
    SH_NODE_BACKGROUND = 1 << 1,  /* & behind */
    SH_NODE_TIMED = 1 << 2,       /* `time` in front */
    SH_NODE_PIPE_STDERR = 1 << 3, /* joined to its left neighbour by |& */
};

struct sh_node {
    struct sh_node *next;  /* sibling */
    struct sh_node *first; /* children */
    struct sh_node *last;
    struct sh_simple *simple; /* see the kinds; redirections behind a compound command: `trailer` */
    struct sh_simple *trailer;
    uint32_t start;
    uint32_t end;
    uint8_t kind;
    uint8_t op;
    uint8_t role;
    uint8_t flags;
};

/* The commands inside $(...), `...`, <(...) or >(...). */
struct sh_subst {
    struct sh_subst *next;
    struct sh_node *body; /* SH_NODE_LIST; NULL when nothing could be parsed */
    uint32_t start;
    uint32_t end;
    bool process; /* <(...) or >(...) */
};

/* Why a text is not understood completely; the worst place is reported. */
enum sh_gap {
    SH_GAP_NONE,
    SH_GAP_SYNTAX,       /* no grammar rule fits */
    SH_GAP_UNTERMINATED, /* quote, bracket or substitution still open at the end */
    SH_GAP_HEREDOC,      /* here-document without its terminator */
    SH_GAP_TOO_DEEP,     /* nesting deeper than SH_MAX_DEPTH */
    SH_GAP_TOO_LARGE,    /* the tree does not fit its memory cap */
};

/* Result of a parse. */
struct sh_tree {
    struct sh_node *root; /* SH_NODE_LIST */
    uint32_t gap_start;   /* of the first gap */
    uint32_t gap_end;
    uint8_t gap; /* enum sh_gap */
};

enum { SH_MAX_DEPTH = 200 };

#endif
