/* SPDX-License-Identifier: Apache-2.0
 *
 * df_ast.h - what a Dockerfile says, before any variable is expanded.
 *
 * The parser's result: directives, comments, instructions, and the problems found on the way.
 * Everything lives in the arena given to df_parse or points into the text given to it, so the text
 * must outlive the tree. Offsets are bytes of that text, a byte order mark included. Nothing here
 * knows stages (df_stage.h) or the fact store (df_facts.h). Thread rule: immutable once parsed.
 *
 *     text      RUN apt-get update \      one logical line; its segments lead from the joined text
 *                 && apt-get install x    back to the file
 *               ^^^ name  ^^^^^^... args
 */
#ifndef FACTS_DOCKERFILE_DF_AST_H
#define FACTS_DOCKERFILE_DF_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/diag.h"
#include "core/str.h"
#include "facts/shell/sh_text.h"

enum df_keyword {
#define DF_KEYWORD(id, name, arguments, least, exact) DF_##id,
#define DF_FLAG(keyword, name, type)
#include "facts/dockerfile/df_keywords.def"
#undef DF_KEYWORD
#undef DF_FLAG
    DF_KEYWORD_COUNT
};

/* The layer of the frontend that refuses, in the order in which a build meets them. */
enum df_layer {
    DF_LAYER_PARSE,       /* text to tree: the frontend has no result at all */
    DF_LAYER_INSTRUCTION, /* tree to commands: one problem refuses the file */
    DF_LAYER_STAGES,      /* checked for every stage, reachable or not */
    DF_LAYER_DISPATCH,    /* checked only when the stage is built */
    DF_LAYER_ADVICE       /* the build goes on */
};

/* One thing refused or not known. */
struct df_problem {
    struct df_problem *next;
    enum diag_id id;
    enum df_layer layer;
    uint32_t start;
    uint32_t end;
    uint32_t line;  /* physical line the frontend names, from 1; 0 when it names none */
    uint32_t stage; /* index of the stage for DF_LAYER_DISPATCH, else UINT32_MAX */
    struct str message;
};

/* A piece of text as the frontend sees it, and where it stands. */
struct df_word {
    struct str text;
    uint32_t start;
    uint32_t end;
};

/* One whole-line comment, also inside continuations. */
struct df_comment {
    struct df_comment *next;
    struct str text; /* behind the #, trimmed */
    struct str doc;  /* the same as the frontend keeps it: an indented comment keeps its # */
    uint32_t start;  /* of the # */
    uint32_t end;
    bool directive; /* it is a parser directive and no comment for the frontend */
};

/* A parser directive: `# escape=...` at the top of the file. */
struct df_directive {
    struct df_directive *next;
    struct df_word name; /* as written */
    struct df_word value;
};

/* A logical line: physical lines joined, in the file's own bytes when there is only one. */
struct df_line {
    struct sh_text text;
    uint32_t start;      /* first byte of the first physical line, blanks left out */
    uint32_t end;        /* behind the last byte of the last one, line end left out */
    uint32_t first_line; /* from 1 */
    uint32_t last_line;  /* heredoc bodies left out */
    uint32_t empty_line; /* offset of the first blank line inside a continuation; UINT32_MAX none */
};

struct df_flag {
    struct df_word name;  /* without the dashes */
    struct df_word value; /* quotes removed */
    bool has_value;       /* an = was written */
    bool known;
};

/* One entry of ENV, LABEL or ARG, quotes kept. */
struct df_pair {
    struct df_word name;
    struct df_word value;
    bool has_value; /* false only for ARG NAME */
};

struct df_heredoc {
    struct str name;     /* delimiter without quotes */
    struct df_word body; /* the file's own bytes; leading tabs of <<- are still there */
    uint32_t fd;
    bool expand;
    bool chomp; /* <<- */
    bool terminated;
};

struct df_instruction {
    struct df_instruction *next;
    enum df_keyword keyword;
    bool json;      /* exec form */
    bool malformed; /* starts like a JSON array but is none */
    bool legacy;    /* ENV NAME value, LABEL NAME value */
    bool refused;   /* a PARSE or INSTRUCTION problem is about it; what could be read is here */
    struct df_word name; /* as written */
    struct df_word rest; /* text behind the flags, trimmed */
    const struct df_line *line;
    struct df_flag *flags;
    const struct df_word *args;  /* split by instruction; empty for ENV, LABEL, ARG */
    const struct df_pair *pairs; /* ENV, LABEL, ARG */
    const struct df_heredoc *heredocs;
    struct df_instruction *sub;        /* ONBUILD; it has the heredocs of its line, too */
    const struct df_comment *comments; /* doc comments above it: `comment_count` along ->next, */
    uint32_t comment_count;            /* those of continuations never among them */
    uint32_t flag_count;
    uint32_t arg_count;
    uint32_t pair_count;
    uint32_t heredoc_count;
    uint32_t index;     /* position in the file, from 0; that of its ONBUILD for a `sub` */
    uint32_t slot;      /* number among all instructions, those behind ONBUILD included */
    uint32_t start;     /* = line->start */
    uint32_t end;       /* behind the last heredoc's terminator */
    uint32_t last_line; /* physical, terminator included */
};

struct df_file {
    struct str text;
    char escape;
    struct df_directive *directives;
    struct df_comment *comments;
    struct df_instruction *instructions;
    struct df_problem *problems; /* in order of discovery; layers mixed */
    struct df_problem **problems_tail;
    uint32_t instruction_count;
    uint32_t slot_count;
    uint32_t line_count;          /* physical lines */
    uint32_t empty_continuations; /* instructions with a blank line inside a continuation */
};

/* Keyword of a name, any case; DF_UNKNOWN for others. Pure. */
enum df_keyword df_keyword_find(struct str name);

/* Upper-case name; "" for DF_UNKNOWN. Pure. */
struct str df_keyword_name(enum df_keyword keyword);

/* The flag of an instruction by exact name, the last one when it stands twice; NULL: not given. */
const struct df_flag *df_flag_find(const struct df_instruction *instruction, struct str name);

/* First problem of a layer, or NULL. Problems of the layers before it are not looked at. */
const struct df_problem *df_problem_first(const struct df_file *file, enum df_layer layer);

#endif
