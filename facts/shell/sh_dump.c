/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_dump.c - the golden form of shell trees. Recursion follows the nesting of the text, which the
 * lexer bounds; the counter here is the second guard.
 */
#include "facts/shell/sh_dump.h"

enum { MAX_DEPTH = 2 * SH_MAX_DEPTH + 8 };

static void dump_node(struct buf *out, const struct sh_node *node, unsigned depth);

static void dump_text(struct buf *out, struct str text)
{
    buf_append_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\n') {
            buf_append_cstr(out, "\\n");
            continue;
        }
        if (c == '"' || c == '\\') {
            buf_append_char(out, '\\');
        }
        buf_append_char(out, c);
    }
    buf_append_char(out, '"');
}

static void dump_word(struct buf *out, const struct sh_word *word)
{
    static const struct {
        unsigned flag;
        char letter;
    } marks[] = {{SH_WORD_QUOTED, 'q'}, {SH_WORD_ARITH, 'a'}, {SH_WORD_COMMAND, 'c'},
                 {SH_WORD_GLOB, 'g'},   {SH_WORD_TILDE, 't'}, {SH_WORD_BRACE, 'b'},
                 {SH_WORD_ARRAY, 'A'}};
    dump_text(out, word->text);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if ((word->flags & marks[i].flag) != 0) {
            buf_append_char(out, marks[i].letter);
        }
    }
    for (const struct sh_part *part = word->parts; part != NULL; part = part->next) {
        if (part->kind == SH_PART_VARIABLE) {
            buf_append_cstr(out, part->quoted ? "$\"" : "$");
            buf_append(out, part->name);
            if (part->op != 0) {
                buf_append_char(out, part->op);
            }
        }
    }
}

static void dump_redir(struct buf *out, const struct sh_redir *redir)
{
    static const char *const names[] = {"<", ">", ">>", "<>", "<&", ">&", "&>", "<<", "<<<"};
    buf_printf(out, " (%d%s ", redir->fd, names[redir->kind]);
    dump_word(out, &redir->target);
    if (redir->kind == SH_REDIR_HEREDOC) {
        buf_append_cstr(out, redir->literal ? " literal " : " ");
        dump_text(out, redir->body);
    }
    buf_append_char(out, ')');
}

static void dump_simple(struct buf *out, const struct sh_simple *simple, unsigned depth)
{
    if (simple == NULL) {
        return;
    }
    for (uint32_t i = 0; i < simple->assign_count; i++) {
        buf_append_cstr(out, " =");
        dump_word(out, &simple->assigns[i]);
    }
    for (uint32_t i = 0; i < simple->word_count; i++) {
        buf_append_char(out, ' ');
        dump_word(out, &simple->words[i]);
    }
    for (uint32_t i = 0; i < simple->redir_count; i++) {
        dump_redir(out, simple->redirs[i]);
    }
    for (const struct sh_subst *subst = simple->substs; subst != NULL; subst = subst->next) {
        buf_append_cstr(out, subst->process ? " <" : " $");
        dump_node(out, subst->body, depth + 1);
    }
}

static void dump_node(struct buf *out, const struct sh_node *node, unsigned depth)
{
    static const char *const kinds[] = {"list",     "simple",   "test",    "arith", "pipe",
                                        "subshell", "group",    "if",      "loop",  "for",
                                        "case",     "function", "unparsed"};
    static const char *const ops[] = {"", "; ", "&& ", "|| "};
    static const char *const roles[] = {"", "?", "else "};
    if (node == NULL || depth > MAX_DEPTH) {
        buf_append_cstr(out, "()");
        return;
    }
    buf_append_cstr(out, ops[node->op]);
    buf_append_cstr(out, roles[node->role]);
    buf_append_cstr(out, (node->flags & SH_NODE_PIPE_STDERR) != 0 ? "& " : "");
    buf_append_cstr(out, (node->flags & SH_NODE_NEGATED) != 0 ? "!" : "");
    buf_append_cstr(out, (node->flags & SH_NODE_TIMED) != 0 ? "time " : "");
    buf_append_char(out, '(');
    buf_append_cstr(out, kinds[node->kind]);
    dump_simple(out, node->simple, depth);
    for (const struct sh_node *child = node->first; child != NULL; child = child->next) {
        buf_append_char(out, ' ');
        dump_node(out, child, depth + 1);
    }
    dump_simple(out, node->trailer, depth);
    buf_append_char(out, ')');
    buf_append_cstr(out, (node->flags & SH_NODE_BACKGROUND) != 0 ? "&" : "");
}

void sh_dump_tree(struct buf *out, const struct sh_tree *tree)
{
    static const char *const gaps[] = {"",          " !syntax", " !unterminated",
                                       " !heredoc", " !deep",   " !large"};
    dump_node(out, tree->root, 0);
    buf_append_cstr(out, gaps[tree->gap]);
}
