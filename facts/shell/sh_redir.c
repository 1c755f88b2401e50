/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_redir.c - redirections of shell text: operators, descriptors, targets, and the bodies of
 * here-documents, which stand behind the next line feed. Part of the tokeniser of sh_lex.h.
 * Thread rule: as the lexer.
 */
#include <string.h>

#include "core/alloc.h"
#include "facts/shell/sh_lex.h"

/* The target of the redirection that waits. */
void sh_redir_take_target(struct sh_lexer *lx, const struct sh_word *word)
{
    struct sh_redir *redir = lx->build.pending;
    lx->build.pending = NULL;
    lx->build.end = word->end;
    redir->target = *word;
    redir->end = word->end;
    if (redir->kind == SH_REDIR_HEREDOC) {
        redir->literal = (word->flags & SH_WORD_QUOTED) != 0;
        if (lx->last_heredoc != NULL) {
            lx->last_heredoc->next_pending = redir;
        } else {
            lx->heredocs = redir;
        }
        lx->last_heredoc = redir;
    }
    void *redirs = lx->redirs;
    if (!alloc_grow(lx->allocator, &redirs, &lx->redir_capacity, lx->redir_count + 1,
                    sizeof(void *))) {
        lx->status = PLIM_STATUS_NOMEM;
        return;
    }
    lx->redirs = redirs;
    lx->redirs[lx->redir_count++] = redir;
}

/* Digits directly in front of < or >: the descriptor, not a word. */
bool sh_redir_take_number(struct sh_lexer *lx, const struct sh_word *word)
{
    char next = lx->at < lx->len ? lx->text[lx->at] : '\0';
    if ((next != '<' && next != '>') || word->text.len > 4 ||
        (word->flags & ~(unsigned)SH_WORD_CONTIGUOUS) != 0) {
        return false;
    }
    unsigned long long number;
    if (!str_to_u64(word->text, &number)) {
        return false;
    }
    lx->io_number = (int)number;
    lx->io_start = word->start;
    return true;
}

/* Reads the bodies of the here-documents that wait; the offset stands at the first body line. */
void sh_redir_read_bodies(struct sh_lexer *lx)
{
    struct sh_redir *redir = lx->heredocs;
    lx->heredocs = lx->last_heredoc = NULL;
    for (; redir != NULL; redir = redir->next_pending) {
        bool closed = false;
        redir->body_start = lx->at;
        uint32_t end = lx->at;
        while (lx->at < lx->len && !closed) {
            const char *line = lx->text + lx->at;
            const char *stop = memchr(line, '\n', lx->len - lx->at);
            uint32_t length = stop != NULL ? (uint32_t)(stop - line) : lx->len - lx->at;
            struct str text = str_make(line, length);
            while (text.len > 0 && text.ptr[text.len - 1] == '\r') {
                text.len--;
            }
            while (redir->strip_tabs && text.len > 0 && text.ptr[0] == '\t') {
                text = str_slice(text, 1, text.len);
            }
            closed = str_eq(text, redir->target.text);
            end = closed ? lx->at : lx->at + length;
            lx->at += length + (stop != NULL ? 1 : 0);
        }
        redir->body = str_make(lx->text + redir->body_start, end - redir->body_start);
        if (!closed) {
            sh_lexer_gap(lx, SH_GAP_HEREDOC, redir->start, redir->end);
        }
    }
}

/* A redirection operator at the current offset. */
void sh_redir_scan(struct sh_lexer *lx)
{
    static const struct {
        const char *text;
        uint8_t kind;
        uint8_t fd;
    } operators[] = {
        {"<<<", SH_REDIR_STRING, 0}, {"<<-", SH_REDIR_HEREDOC, 0}, {"<<", SH_REDIR_HEREDOC, 0},
        {"<&", SH_REDIR_DUP_IN, 0},  {"<>", SH_REDIR_INOUT, 0},    {"<", SH_REDIR_IN, 0},
        {">>", SH_REDIR_APPEND, 1},  {">&", SH_REDIR_DUP_OUT, 1},  {">|", SH_REDIR_OUT, 1},
        {">", SH_REDIR_OUT, 1},      {"&>>", SH_REDIR_BOTH, 1},    {"&>", SH_REDIR_BOTH, 1},
    };
    uint32_t start = lx->io_number >= 0 ? lx->io_start : lx->at;
    sh_lexer_open_build(lx, start);
    if (lx->build.pending != NULL) {
        sh_lexer_gap(lx, SH_GAP_SYNTAX, lx->build.pending->start, lx->at);
    }
    struct sh_redir *redir = ARENA_NEW(lx->arena, struct sh_redir);
    struct str rest = str_make(lx->text + lx->at, lx->len - lx->at);
    size_t i = 0;
    while (!str_starts_with(rest, str_from_cstr(operators[i].text))) {
        i++; /* `<`, `>` and `&>` always fit: the caller looked */
    }
    lx->at += (uint32_t)strlen(operators[i].text);
    lx->build.end = lx->at;
    lx->build.pending = redir;
    if (redir != NULL) {
        redir->kind = operators[i].kind;
        redir->strip_tabs = i == 1;
        redir->fd_written = lx->io_number >= 0;
        redir->fd = lx->io_number >= 0 ? lx->io_number : (int)operators[i].fd;
        redir->start = start;
        redir->end = lx->at;
    }
    lx->io_number = -1;
}
