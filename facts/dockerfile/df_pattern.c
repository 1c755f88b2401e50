/* SPDX-License-Identifier: Apache-2.0
 *
 * df_pattern.c - compiles a pattern to tokens and runs it over a value. See df_pattern.h.
 *
 * A suffix is a prefix of the reversed value matched by the reversed pattern; instead of reversing
 * texts the same walk goes from the other end.
 */
#include "facts/dockerfile/df_pattern.h"

#include <stdint.h>
#include <string.h>

#include "core/utf8.h"

enum token_kind { TOKEN_CHAR, TOKEN_ANY, TOKEN_STAR };

struct token {
    uint32_t code;
    uint8_t kind;
};

struct program {
    struct token *tokens;
    size_t count;
    bool *active;   /* by number of tokens passed */
    bool backwards; /* tokens and value are walked from their ends */
};

/* The character that starts (or, backwards, ends) at `at`, which moves behind it. An invalid byte
 * is a character of its own that no other equals. */
static uint32_t next_char(struct str text, size_t *at, bool backwards)
{
    if (!backwards) {
        size_t from = *at;
        uint32_t code = utf8_next(text, at);
        return code != UTF8_INVALID ? code : 0x80000000U | (unsigned char)text.ptr[from];
    }
    size_t end = *at;
    size_t from = end - 1;
    while (from > 0 && end - from < 4 && ((unsigned char)text.ptr[from] & 0xC0) == 0x80) {
        from--;
    }
    size_t next = from;
    uint32_t code = utf8_next(text, &next);
    if (code != UTF8_INVALID && next == end) {
        *at = from;
        return code;
    }
    *at = end - 1;
    return 0x80000000U | (unsigned char)text.ptr[end - 1];
}

/* A pattern's backslash must stand before * ? \ (which it makes ordinary) or } / (which it
 * disappears from). False: invalid. After a failure of the arena there are no tokens. */
static bool compile(struct df_pattern_work *work, struct program *out, struct str pattern)
{
    out->count = 0;
    out->tokens = ARENA_ARRAY(work->arena, struct token, pattern.len + 1);
    out->active = ARENA_ARRAY(work->arena, bool, pattern.len + 1);
    if (out->tokens == NULL || out->active == NULL) {
        return true;
    }
    for (size_t i = 0; i < pattern.len;) {
        struct token token = {.code = next_char(pattern, &i, false), .kind = TOKEN_CHAR};
        if (token.code == '*') {
            token.kind = TOKEN_STAR;
        } else if (token.code == '?') {
            token.kind = TOKEN_ANY;
        } else if (token.code == '\\') {
            if (i == pattern.len || pattern.ptr[i] == '\0' ||
                strchr("*?\\}/", pattern.ptr[i]) == NULL) {
                return false;
            }
            token.code = (unsigned char)pattern.ptr[i++];
        }
        out->tokens[out->count++] = token;
    }
    return true;
}

static const struct token *token_at(const struct program *program, size_t state)
{
    return &program->tokens[program->backwards ? program->count - 1 - state : state];
}

/* Marks a state and, through stars, those behind it; returns whether the end is among them. */
static bool activate(struct program *program, size_t state)
{
    while (state < program->count) {
        program->active[state] = true;
        if (token_at(program, state)->kind != TOKEN_STAR) {
            return false;
        }
        state++;
    }
    return true;
}

/* One character: moves every active state. Going down, a state never sees its own successor's new
 * mark. Returns whether the end was reached; `*alive` whether any state is left. */
static bool step(struct program *program, uint32_t code, bool *alive)
{
    bool accepted = false;
    *alive = false;
    for (size_t i = program->count; i-- > 0;) {
        if (!program->active[i]) {
            continue;
        }
        const struct token *token = token_at(program, i);
        bool matches = token->kind == TOKEN_CHAR ? token->code == code : code != '\n';
        program->active[i] = false;
        if (matches) {
            size_t next = token->kind == TOKEN_STAR ? i : i + 1;
            accepted = activate(program, next) || accepted;
            *alive = true;
        }
    }
    return accepted;
}

/* Runs the program over `value` from its start (or end). `*taken` receives the offset where the
 * shortest or longest match ends. */
static enum df_pattern_status run(struct df_pattern_work *work, struct program *program,
                                  struct str value, bool longest, bool *found, size_t *taken)
{
    memset(program->active, 0, program->count + 1);
    size_t at = program->backwards ? value.len : 0;
    size_t end = program->backwards ? 0 : value.len;
    bool alive = true;
    *found = activate(program, 0);
    *taken = at;
    while (at != end && alive && (longest || !*found)) {
        *work->used += program->count + 1;
        if (*work->used > work->limit) {
            return DF_PATTERN_BUDGET;
        }
        if (step(program, next_char(value, &at, program->backwards), &alive)) {
            *found = true;
            *taken = at;
        }
    }
    return DF_PATTERN_OK;
}

enum df_pattern_status df_pattern_trim(struct df_pattern_work *work, struct str *out,
                                       struct str pattern, struct str value, bool suffix,
                                       bool longest)
{
    struct program program = {.backwards = suffix};
    if (!compile(work, &program, pattern)) {
        return DF_PATTERN_INVALID;
    }
    bool found = false;
    size_t taken = 0;
    if (arena_status(work->arena) != PLIM_STATUS_OK) {
        return DF_PATTERN_OK;
    }
    enum df_pattern_status status = run(work, &program, value, longest, &found, &taken);
    if (status == DF_PATTERN_OK) {
        *out = !found ? value
                      : (suffix ? str_slice(value, 0, taken) : str_slice(value, taken, value.len));
    }
    return status;
}

/* Reads the name behind a `$` of a template; returns the length of `{name}` or `name`, 0 when it
 * is malformed. */
static size_t template_name(struct str text, struct str *name)
{
    bool brace = text.len > 0 && text.ptr[0] == '{';
    size_t from = brace ? 1 : 0;
    size_t at = from;
    while (at < text.len) {
        size_t next = at;
        uint32_t code = utf8_next(text, &next);
        if (code == UTF8_INVALID ||
            !(code == '_' || (code >= '0' && code <= '9') || utf8_is_letter(code))) {
            break;
        }
        at = next;
    }
    if (at == from || (brace && (at == text.len || text.ptr[at] != '}'))) {
        return 0;
    }
    *name = str_slice(text, from, at);
    return brace ? at + 1 : at;
}

/* Appends a replacement read as a template. */
static void append_template(struct buf *out, struct str replacement, struct str match)
{
    size_t at = 0;
    while (at < replacement.len) {
        size_t dollar = str_find_char(replacement, '$', at);
        buf_append(out, str_slice(replacement, at, dollar));
        at = dollar + 1;
        if (dollar == replacement.len) {
            return;
        }
        struct str rest = str_slice(replacement, at, replacement.len);
        struct str name = STR("");
        if (rest.len > 0 && rest.ptr[0] == '$') {
            buf_append_char(out, '$');
            at++;
            continue;
        }
        size_t length = template_name(rest, &name);
        if (length == 0) {
            buf_append_char(out, '$');
        } else if (str_eq(name, STR("0"))) {
            buf_append(out, match);
        }
        at += length;
    }
}

enum df_pattern_status df_pattern_replace(struct df_pattern_work *work, struct buf *out,
                                          struct str pattern, struct str value,
                                          struct str replacement, bool all)
{
    struct program program = {.backwards = false};
    if (!compile(work, &program, pattern)) {
        return DF_PATTERN_INVALID;
    }
    size_t copied = 0; /* end of the last match */
    bool more = arena_status(work->arena) == PLIM_STATUS_OK;
    for (size_t at = 0; more && at <= value.len;) {
        bool found = false;
        size_t taken = 0;
        struct str rest = str_slice(value, at, value.len);
        enum df_pattern_status status = run(work, &program, rest, true, &found, &taken);
        if (status != DF_PATTERN_OK) {
            return status;
        }
        if (!found) {
            if (at == value.len) {
                break;
            }
            (void)utf8_next(value, &at);
            continue;
        }
        size_t end = at + taken;
        buf_append(out, str_slice(value, copied, at));
        if (!all) {
            buf_append(out, replacement);
        } else if (end > copied || at == 0) {
            /* An empty match right behind another match does not count. */
            append_template(out, replacement, str_slice(value, at, end));
        }
        copied = end;
        if (taken == 0 && at < value.len) {
            (void)utf8_next(value, &end);
        }
        more = all && !(taken == 0 && at == value.len);
        at = end;
    }
    buf_append(out, str_slice(value, copied, value.len));
    return buf_status(out) == PLIM_STATUS_LIMIT ? DF_PATTERN_BUDGET : DF_PATTERN_OK;
}
