/* SPDX-License-Identifier: Apache-2.0
 *
 * co_template.c - see co_template.h.
 *
 * Compose finds templates with a regular expression, and its habits are kept: a `${` form needs its
 * last `}` on the same line; it ends at the first balanced one, where any `{` counts and the byte
 * behind a `{` is never looked at; when none is balanced it ends at the last one of the line.
 */
#include "facts/compose/co_template.h"

#include <string.h>

/* State of one expansion. */
struct run {
    struct co_template *state;
    struct co_expansion *out;
    const struct co_scope *scope;
    struct str text;
    struct co_dollars dollars;
    const struct tree_variable **tail;
};

/* The line around the present position, within the part that is being expanded. */
struct line {
    size_t end;   /* of the line or of the part */
    size_t brace; /* the last '}' before the end; `end` when there is none */
};

/* One ${NAME op word}. */
struct form {
    size_t start; /* of the "$" */
    struct str name;
    bool colon;
    char op; /* '-', '+', '?', or 0 for $NAME and ${NAME} */
    size_t word_start;
    size_t word_end;
    size_t end; /* behind the whole use */
};

void co_template_init(struct co_template *state, struct arena *arena, enum co_unset unset)
{
    *state = (struct co_template){.arena = arena, .unset = unset};
    buf_init(&state->scratch, arena->allocator, CO_TEMPLATE_MAX_BYTES);
}

void co_template_release(struct co_template *state)
{
    buf_release(&state->scratch);
}

static bool is_name_start(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_byte(char c)
{
    return is_name_start(c) || (c >= '0' && c <= '9');
}

static bool fail(struct run *run, enum co_template_error error, struct str message,
                 struct span place)
{
    run->out->error = error;
    run->out->message = message;
    run->out->place = place;
    return false;
}

static bool fail_limit(struct run *run, struct str message)
{
    return fail(run, CO_TEMPLATE_LIMIT, message, run->dollars.written.span);
}

static bool spend(struct run *run, size_t work)
{
    if (work > CO_TEMPLATE_MAX_WORK - run->state->work) {
        return fail_limit(run, STR("the variables of this project expand to more than 256 MiB"));
    }
    run->state->work += work;
    return true;
}

/* Appends; false with an error when the result grows too long or memory is short. */
static bool append(struct run *run, struct str text)
{
    buf_append(&run->state->scratch, text);
    if (buf_status(&run->state->scratch) == PLIM_STATUS_LIMIT) {
        return fail_limit(run, STR("the text expands to more than 8 MiB"));
    }
    return buf_status(&run->state->scratch) == PLIM_STATUS_OK && spend(run, text.len);
}

static bool append_hole(struct run *run)
{
    static const char hole = TREE_HOLE;
    return append(run, str_make(&hole, 1));
}

static bool only_holes(struct str text)
{
    for (size_t at = 0; at < text.len; at++) {
        if (text.ptr[at] != TREE_HOLE) {
            return false;
        }
    }
    return text.len > 0;
}

/* Notes one use; false when memory is short. */
static bool record(struct run *run, const struct form *form, const struct co_variable *variable,
                   bool known, bool defaulted)
{
    struct tree_variable *use = ARENA_NEW(run->state->arena, struct tree_variable);
    if (use == NULL) {
        return false;
    }
    *use = (struct tree_variable){
        .name = form->name,
        .use = co_dollars_place(&run->dollars, form->start, form->end),
        .set = variable != NULL ? variable->set : (struct span){SOURCE_NONE, 0, 0},
        .known = known,
        .defaulted = defaulted,
    };
    *run->tail = use;
    run->tail = &use->next;
    return true;
}

static bool expand_part(struct run *run, size_t from, size_t to, unsigned depth);

static bool expand_word(struct run *run, const struct form *form, unsigned depth)
{
    if (depth == CO_TEMPLATE_MAX_DEPTH) {
        return fail_limit(run, STR("variables are nested deeper than 100"));
    }
    return expand_part(run, form->word_start, form->word_end, depth + 1);
}

/* A `?` form that fails: its word is the message. */
static bool fail_required(struct run *run, const struct form *form, unsigned depth)
{
    struct buf *scratch = &run->state->scratch;
    size_t mark = scratch->len;
    struct span place = co_dollars_place(&run->dollars, form->start, form->end);
    if (!expand_word(run, form, depth)) {
        return false;
    }
    struct str word = str_slice(buf_view(scratch), mark, scratch->len);
    struct buf message;
    buf_init(&message, run->state->arena->allocator, 4096);
    buf_append_cstr(&message, "the variable ");
    buf_append(&message, str_slice(form->name, 0, CO_QUOTE_MAX));
    buf_append_cstr(&message, " needs a value");
    if (word.len > 0) {
        buf_append_cstr(&message, ": ");
        buf_append(&message, str_slice(word, 0, 4 * CO_QUOTE_MAX));
    }
    struct str text = arena_copy_str(run->state->arena, buf_view(&message));
    bool ok = buf_status(&message) == PLIM_STATUS_OK;
    buf_release(&message);
    if (!ok) {
        run->state->arena->status = PLIM_STATUS_NOMEM;
        return false;
    }
    return fail(run, CO_TEMPLATE_REQUIRED, text, place);
}

/* $NAME and ${NAME}, and the other forms where they come to the value itself. */
static bool use_value(struct run *run, const struct form *form, const struct co_variable *variable)
{
    if (variable != NULL) {
        return record(run, form, variable, !co_has_hole(variable->value), false) &&
               append(run, variable->value);
    }
    return record(run, form, NULL, false, false) &&
           (run->state->unset == CO_UNSET_EMPTY || append_hole(run));
}

static bool apply(struct run *run, const struct form *form, unsigned depth)
{
    const struct co_variable *variable = co_scope_find(run->scope, form->name);
    bool lacking = variable == NULL || (form->colon && variable->value.len == 0);
    switch (form->op) {
    case '-':
        return lacking ? record(run, form, variable, true, true) && expand_word(run, form, depth)
                       : use_value(run, form, variable);
    case '+':
        if (lacking) {
            return record(run, form, variable, true, true);
        }
        if (form->colon && only_holes(variable->value)) {
            return record(run, form, variable, false, false) && append_hole(run);
        }
        return record(run, form, variable, true, false) && expand_word(run, form, depth);
    case '?':
        if (variable == NULL && run->state->unset == CO_UNSET_HOLE) {
            return use_value(run, form, NULL);
        }
        return lacking ? fail_required(run, form, depth) : use_value(run, form, variable);
    default:
        return use_value(run, form, variable);
    }
}

/* Offset of the brace that closes the one at `open`, as Compose counts them; `last` when none is
 * balanced before it. */
static size_t closing_brace(struct str text, size_t open, size_t last)
{
    size_t depth = 0;
    for (size_t at = open; at <= last; at++) {
        if (text.ptr[at] == '{') {
            depth++;
            at++;
        } else if (text.ptr[at] == '}' && --depth == 0) {
            return at;
        }
    }
    return last;
}

/* Why the text behind "${" at `start` is no form. */
static bool fail_format(struct run *run, size_t start, const struct line *line)
{
    struct str text = run->text;
    size_t name_end = start + 2;
    while (name_end < line->end && is_name_byte(text.ptr[name_end])) {
        name_end++;
    }
    size_t brace = str_find_char(str_slice(text, 0, line->end), '}', start);
    bool closed = brace < line->end;
    size_t end = closed ? brace + 1 : name_end;
    struct str quoted = str_slice(text, start, closed ? end : line->end);
    const char *why = " is no variable: a name of letters, digits and _ must follow ${";
    if (!closed) {
        why = " has no closing } on its line";
    } else if (name_end > start + 2 && is_name_start(text.ptr[start + 2])) {
        why = " is no form of a variable: only :- - :+ + :? ? can follow its name";
    }
    struct str message = co_quote(run->state->arena, "", quoted, why);
    return fail(run, CO_TEMPLATE_FORMAT, message, co_dollars_place(&run->dollars, start, end));
}

/* Reads the form whose "${" is at `start`; false when there is none. */
static bool read_form(const struct run *run, struct form *form, size_t start,
                      const struct line *line)
{
    struct str text = run->text;
    size_t at = start + 2;
    if (at >= line->end || !is_name_start(text.ptr[at])) {
        return false;
    }
    while (at < line->end && is_name_byte(text.ptr[at])) {
        at++;
    }
    *form = (struct form){.start = start, .name = str_slice(text, start + 2, at)};
    if (at < line->end && text.ptr[at] == '}') {
        form->end = at + 1;
        return true;
    }
    form->colon = at < line->end && text.ptr[at] == ':';
    at += form->colon ? 1 : 0;
    if (at >= line->end || memchr("-+?", text.ptr[at], 3) == NULL) {
        return false;
    }
    form->op = text.ptr[at];
    form->word_start = at + 1;
    if (line->brace == line->end || line->brace < form->word_start) {
        return false;
    }
    form->word_end = closing_brace(text, start + 1, line->brace);
    form->end = form->word_end + 1;
    return true;
}

/* Finds the end of the line at `at` and its last brace. */
static struct line find_line(struct str text, size_t at, size_t to)
{
    size_t end = str_find_char(str_slice(text, 0, to), '\n', at);
    size_t brace = end;
    while (brace > at && text.ptr[brace - 1] != '}') {
        brace--;
    }
    return (struct line){.end = end, .brace = brace > at ? brace - 1 : end};
}

/* Expands what begins with the "$" at `*at` and advances behind it. */
static bool expand_dollar(struct run *run, size_t *at, size_t to, struct line *line, unsigned depth)
{
    struct str text = run->text;
    size_t start = *at;
    char next = start + 1 < to ? text.ptr[start + 1] : '\0';
    if (is_name_start(next)) {
        size_t end = start + 2;
        while (end < to && is_name_byte(text.ptr[end])) {
            end++;
        }
        struct form form = {.start = start, .name = str_slice(text, start + 1, end), .end = end};
        *at = end;
        return apply(run, &form, depth);
    }
    if (next != '{') {
        *at = start + (next == '$' ? 2 : 1);
        return append(run, STR("$"));
    }
    if (start >= line->end) {
        *line = find_line(text, start, to);
    }
    struct form form;
    if (!read_form(run, &form, start, line)) {
        return fail_format(run, start, line);
    }
    *at = form.end;
    return apply(run, &form, depth);
}

/* Appends the expansion of text[from, to). */
static bool expand_part(struct run *run, size_t from, size_t to, unsigned depth)
{
    struct line line = {.end = from, .brace = from};
    struct str part = str_slice(run->text, 0, to);
    if (!spend(run, to - from)) {
        return false;
    }
    for (size_t at = from; at < to;) {
        size_t dollar = str_find_char(part, '$', at);
        if (!append(run, str_slice(part, at, dollar))) {
            return false;
        }
        at = dollar;
        if (at < to && !expand_dollar(run, &at, to, &line, depth)) {
            return false;
        }
    }
    return true;
}

void co_template_expand(struct co_template *state, struct co_expansion *out, struct str text,
                        const struct co_written *written, const struct co_scope *scope)
{
    static const char hole = TREE_HOLE;
    *out = (struct co_expansion){.text = text};
    if (str_find_char(text, '$', 0) == text.len) {
        out->holes = co_has_hole(text);
        return;
    }
    struct run run = {
        .state = state, .out = out, .scope = scope, .text = text, .tail = &out->variables};
    co_dollars_init(&run.dollars, written, text);
    buf_clear(&state->scratch);
    if (expand_part(&run, 0, text.len, 0)) {
        out->text = arena_copy_str(state->arena, buf_view(&state->scratch));
        out->holes = co_has_hole(out->text);
        return;
    }
    out->text = str_make(&hole, 1);
    out->holes = true;
    if (buf_status(&state->scratch) == PLIM_STATUS_NOMEM &&
        arena_status(state->arena) == PLIM_STATUS_OK) {
        state->arena->status = PLIM_STATUS_NOMEM;
    }
}
