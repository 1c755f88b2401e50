/* SPDX-License-Identifier: Apache-2.0
 *
 * df_expand.c - the word processor of the frontend. See df_expand.h.
 *
 * The scratch buffer is used as a stack: the word of a ${NAME:-word} is expanded at its end, and
 * is then kept, replaced or dropped. Text is copied byte by byte; every special character is
 * ASCII, so UTF-8 passes unharmed.
 */
#include "facts/dockerfile/df_expand.h"

#include <string.h>

#include "core/utf8.h"
#include "facts/dockerfile/df_lex.h"
#include "facts/dockerfile/df_pattern.h"

/* What is not known about the text that is being built. `at` is an offset of the scratch. */
struct taint {
    bool unknown;
    const struct df_cause *cause;
    size_t at;
};

/* Words of the splitting mode, as offsets of the scratch. */
struct word_list {
    size_t *starts; /* each word ends where the next one starts */
    size_t count;
    size_t capacity;
    size_t open; /* start of the word that is being built */
    bool in_word;
};

struct reader {
    struct df_expander *expander;
    struct str text;
    size_t at;
    struct df_expand_mode mode;
    unsigned depth;
    enum df_expand_error error;
    struct str message;
};

enum { STOP_AT_END = -1 };

void df_expander_init(struct df_expander *expander, struct arena *arena, df_lookup_fn *lookup,
                      void *user, char escape)
{
    *expander =
        (struct df_expander){.arena = arena, .lookup = lookup, .user = user, .escape = escape};
    buf_init(&expander->scratch, arena->allocator, (size_t)DF_EXPAND_MAX_BYTES * 2);
}

void df_expander_release(struct df_expander *expander)
{
    buf_release(&expander->scratch);
}

bool df_expander_spend(struct df_expander *expander, size_t steps)
{
    expander->work += steps;
    return expander->work <= DF_EXPAND_MAX_WORK;
}

struct str df_expand_error_text(enum df_expand_error error)
{
    static const struct str texts[] = {
#define DF_EXPAND_ERROR_TEXT(name, text) {"" text "", sizeof(text) - 1},
        DF_EXPAND_ERROR_LIST(DF_EXPAND_ERROR_TEXT)
#undef DF_EXPAND_ERROR_TEXT
    };
    return (size_t)error < sizeof texts / sizeof texts[0] ? texts[error] : STR("");
}

static bool fail(struct reader *reader, enum df_expand_error error)
{
    reader->error = error;
    return false;
}

static bool at_end(const struct reader *reader)
{
    return reader->at >= reader->text.len;
}

/* The next byte, or NUL at the end; callers that care ask at_end first. */
static char peek(const struct reader *reader)
{
    return at_end(reader) ? '\0' : reader->text.ptr[reader->at];
}

static struct buf *scratch_of(struct reader *reader)
{
    return &reader->expander->scratch;
}

static void truncate_to(struct buf *scratch, size_t length)
{
    if (length < scratch->len) {
        scratch->len = length;
        scratch->data[length] = '\0';
    }
}

static void taint_with(struct taint *taint, const struct df_cause *cause, size_t at)
{
    if (!taint->unknown) {
        *taint = (struct taint){.unknown = true, .cause = cause, .at = at};
    }
}

static bool is_special_parameter(char c)
{
    return c != '\0' && strchr("@*#?-$!0", c) != NULL;
}

/* Whether the character at `at` may stand in a name; `*length` is its size in bytes. */
static bool is_name_char(struct str text, size_t at, size_t *length)
{
    unsigned char c = (unsigned char)text.ptr[at];
    *length = 1;
    if (c < 0x80) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
               (c >= 'A' && c <= 'Z');
    }
    size_t next = at;
    uint32_t code = utf8_next(text, &next);
    *length = next - at;
    return code != UTF8_INVALID && utf8_is_letter(code);
}

/* Length of the name at `at`: letters, digits and _; a run of digits; or one special character. */
static size_t name_length(struct str text, size_t at)
{
    size_t from = at;
    if (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
        while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
            at++;
        }
        return at - from;
    }
    if (at < text.len && is_special_parameter(text.ptr[at])) {
        return 1;
    }
    size_t length = 0;
    while (at < text.len && is_name_char(text, at, &length)) {
        at += length;
    }
    return at - from;
}

static struct str read_name(struct reader *reader)
{
    size_t length = name_length(reader->text, reader->at);
    struct str name = str_slice(reader->text, reader->at, reader->at + length);
    reader->at += length;
    return name;
}

static struct df_variable_value look_up(struct reader *reader, struct str name)
{
    struct df_expander *expander = reader->expander;
    if (expander->lookup == NULL) {
        return (struct df_variable_value){.state = DF_VARIABLE_UNSET, .text = STR("")};
    }
    struct df_variable_value value = expander->lookup(expander->user, name);
    if (value.state != DF_VARIABLE_SET) {
        value.text = STR("");
    }
    return value;
}

static bool is_unknown(struct df_variable_value value)
{
    return value.state == DF_VARIABLE_NO_VALUE || value.state == DF_VARIABLE_UNKNOWN;
}

/* Appends a variable's value, or nothing and a taint when nobody knows it. */
static void append_value(struct reader *reader, struct df_variable_value value, struct taint *taint)
{
    struct buf *scratch = scratch_of(reader);
    if (is_unknown(value)) {
        taint_with(taint, value.cause, scratch->len);
    } else {
        buf_append(scratch, value.text);
    }
}

static bool expand_until(struct reader *reader, int stop, struct taint *taint,
                         struct word_list *words);

/* ${NAME-w} ${NAME:-w} and the same with + and ?. The word is in the scratch from `mark` on. */
static bool apply_test(struct reader *reader, struct str name, char form, bool null_is_unset,
                       size_t mark, const struct taint *word_taint, struct taint *taint)
{
    struct buf *scratch = scratch_of(reader);
    struct df_variable_value value = look_up(reader, name);
    bool missing = value.state == DF_VARIABLE_UNSET || value.state == DF_VARIABLE_NO_VALUE ||
                   (value.state == DF_VARIABLE_SET && null_is_unset && value.text.len == 0);
    if (form == '?' && missing && value.state != DF_VARIABLE_NO_VALUE) {
        struct str reason = str_slice(buf_view(scratch), mark, scratch->len);
        if (scratch->len == mark) {
            reason = value.state == DF_VARIABLE_SET ? STR("is not allowed to be empty")
                                                    : STR("is not allowed to be unset");
        }
        char *message = arena_alloc(reader->expander->arena, name.len + 2 + reason.len + 1);
        if (message != NULL) {
            memcpy(message, name.ptr, name.len);
            memcpy(message + name.len, ": ", 2);
            memcpy(message + name.len + 2, reason.ptr, reason.len);
            reader->message = str_make(message, name.len + 2 + reason.len);
        }
        return fail(reader, DF_EXPAND_ERROR_REQUIRED);
    }
    bool keeps_word =
        form == '+' ? !missing && value.state == DF_VARIABLE_SET : form == '-' && missing;
    if (keeps_word) {
        if (word_taint->unknown) {
            taint_with(taint, word_taint->cause, word_taint->at);
        }
        return true;
    }
    truncate_to(scratch, mark);
    if (form == '+') {
        if (value.state == DF_VARIABLE_UNKNOWN) {
            taint_with(taint, value.cause, mark);
        }
        return true;
    }
    append_value(reader, value, taint);
    return true;
}

/* Copies the scratch from `mark` on to the arena and cuts it off. */
static struct str take_scratch(struct reader *reader, size_t mark)
{
    struct buf *scratch = scratch_of(reader);
    struct str text = scratch->len > mark
                          ? arena_copy_str(reader->expander->arena,
                                           str_slice(buf_view(scratch), mark, scratch->len))
                          : STR("");
    truncate_to(scratch, mark);
    return text;
}

static bool check_pattern(struct reader *reader, enum df_pattern_status status)
{
    switch (status) {
    case DF_PATTERN_INVALID:
        return fail(reader, DF_EXPAND_ERROR_PATTERN);
    case DF_PATTERN_BUDGET:
        return fail(reader, DF_EXPAND_ERROR_BUDGET);
    case DF_PATTERN_OK:
    default:
        return true;
    }
}

static struct df_pattern_work pattern_work(struct reader *reader)
{
    return (struct df_pattern_work){.arena = reader->expander->arena,
                                    .used = &reader->expander->work,
                                    .limit = DF_EXPAND_MAX_WORK};
}

/* ${NAME#p} ${NAME##p} ${NAME%p} ${NAME%%p}. The pattern is in the scratch from `mark` on. */
static bool apply_trim(struct reader *reader, struct str name, char form, size_t mark,
                       const struct taint *word_taint, struct taint *taint)
{
    struct str pattern = take_scratch(reader, mark);
    struct df_variable_value value = look_up(reader, name);
    if (is_unknown(value) || word_taint->unknown) {
        taint_with(taint, is_unknown(value) ? value.cause : word_taint->cause, mark);
        return true;
    }
    bool longest = pattern.len > 0 && pattern.ptr[0] == form;
    if (longest) {
        pattern = str_slice(pattern, 1, pattern.len);
    }
    struct df_pattern_work work = pattern_work(reader);
    struct str rest = STR("");
    if (!check_pattern(reader,
                       df_pattern_trim(&work, &rest, pattern, value.text, form == '%', longest))) {
        return false;
    }
    buf_append(scratch_of(reader), rest);
    return true;
}

/* ${NAME/p/r} and ${NAME//p/r}; the reader stands behind the first slash. */
static bool expand_replace(struct reader *reader, struct str name, struct taint *taint)
{
    struct buf *scratch = scratch_of(reader);
    size_t mark = scratch->len;
    bool all = peek(reader) == '/';
    reader->at += all ? 1 : 0;
    bool outer_escapes = reader->mode.raw_escapes;
    struct taint inner = {0};
    reader->mode.raw_escapes = true;
    bool good = expand_until(reader, '/', &inner, NULL);
    if (!good && at_end(reader)) {
        reader->error = DF_EXPAND_ERROR_MISSING_SLASH;
    }
    struct str pattern = good ? take_scratch(reader, mark) : STR("");
    if (good && !expand_until(reader, '}', &inner, NULL)) {
        good = false;
        if (at_end(reader)) {
            reader->error = DF_EXPAND_ERROR_MISSING_BRACE;
        }
    }
    reader->mode.raw_escapes = outer_escapes;
    if (!good) {
        return false;
    }
    struct str replacement = take_scratch(reader, mark);
    struct df_variable_value value = look_up(reader, name);
    if (is_unknown(value) || inner.unknown) {
        taint_with(taint, is_unknown(value) ? value.cause : inner.cause, mark);
        return true;
    }
    struct df_pattern_work work = pattern_work(reader);
    return check_pattern(reader,
                         df_pattern_replace(&work, scratch, pattern, value.text, replacement, all));
}

/* Expands the word of a form up to the closing brace. */
static bool expand_form_word(struct reader *reader, bool raw_escapes, struct taint *taint)
{
    bool outer_escapes = reader->mode.raw_escapes;
    reader->mode.raw_escapes = raw_escapes;
    bool good = expand_until(reader, '}', taint, NULL);
    reader->mode.raw_escapes = outer_escapes;
    if (!good && at_end(reader)) {
        reader->error = DF_EXPAND_ERROR_MISSING_BRACE;
    }
    return good;
}

/* ${...}, the reader stands behind the opening brace. */
static bool expand_braced(struct reader *reader, struct taint *taint)
{
    struct buf *scratch = scratch_of(reader);
    if (at_end(reader)) {
        return fail(reader, DF_EXPAND_ERROR_MISSING_BRACE);
    }
    if (peek(reader) == '{' || peek(reader) == '}' || peek(reader) == ':') {
        return fail(reader, DF_EXPAND_ERROR_BAD_SUBSTITUTION);
    }
    size_t from = reader->at - 2;
    struct str name = read_name(reader);
    char form = peek(reader);
    reader->at++;
    if (form == '}') {
        if (reader->mode.keep_unset) {
            buf_append(scratch, str_slice(reader->text, from, reader->at));
        } else {
            append_value(reader, look_up(reader, name), taint);
        }
        return true;
    }
    if (form == '/' && !reader->mode.keep_unset) {
        return expand_replace(reader, name, taint);
    }
    bool null_is_unset = form == ':';
    if (null_is_unset) {
        form = peek(reader);
        reader->at++;
    }
    bool trims = form == '#' || form == '%';
    bool tests = form == '-' || form == '+' || form == '?';
    if ((trims && null_is_unset) || (!null_is_unset && !trims && !tests && form != '/')) {
        return fail(reader, DF_EXPAND_ERROR_MODIFIER);
    }
    if (reader->mode.keep_unset) {
        buf_append(scratch, str_slice(reader->text, from, reader->at));
        bool kept = expand_form_word(reader, reader->mode.raw_escapes, taint);
        buf_append_char(scratch, '}');
        return kept;
    }
    size_t mark = scratch->len;
    struct taint inner = {0};
    if (!expand_form_word(reader, trims, &inner)) {
        return false;
    }
    if (trims) {
        return apply_trim(reader, name, form, mark, &inner, taint);
    }
    if (!tests) {
        (void)look_up(reader, name);
        return fail(reader, DF_EXPAND_ERROR_MODIFIER);
    }
    return apply_test(reader, name, form, null_is_unset, mark, &inner, taint);
}

/* `$` and what belongs to it; the reader stands on the `$`. */
static bool expand_dollar(struct reader *reader, struct taint *taint)
{
    reader->at++;
    if (peek(reader) == '{' && !at_end(reader)) {
        reader->at++;
        if (reader->depth == DF_EXPAND_MAX_DEPTH) {
            return fail(reader, DF_EXPAND_ERROR_TOO_DEEP);
        }
        reader->depth++;
        bool good = expand_braced(reader, taint);
        reader->depth--;
        return good;
    }
    struct str name = read_name(reader);
    if (name.len == 0 || reader->mode.keep_unset) {
        buf_append_char(scratch_of(reader), '$');
        buf_append(scratch_of(reader), name);
    } else {
        append_value(reader, look_up(reader, name), taint);
    }
    return true;
}

static bool read_single_quotes(struct reader *reader)
{
    struct buf *scratch = scratch_of(reader);
    size_t from = reader->at + 1;
    size_t end = str_find_char(reader->text, '\'', from);
    if (end == reader->text.len) {
        reader->at = reader->text.len;
        return fail(reader, DF_EXPAND_ERROR_SINGLE_QUOTE);
    }
    reader->at = end + 1;
    if (reader->mode.raw_quotes) {
        buf_append(scratch, str_slice(reader->text, from - 1, end + 1));
    } else {
        buf_append(scratch, str_slice(reader->text, from, end));
    }
    return true;
}

/* Whether a byte may mean more than itself, inside quotes or outside. */
static bool is_special(char c, char escape)
{
    return c == '$' || c == '"' || c == '\'' || c == '<' || c == escape;
}

static bool read_double_quotes(struct reader *reader, struct taint *taint)
{
    struct buf *scratch = scratch_of(reader);
    char escape = reader->expander->escape;
    if (reader->mode.raw_quotes) {
        buf_append_char(scratch, '"');
    }
    reader->at++;
    while (!at_end(reader)) {
        char c = peek(reader);
        if (c == '$') {
            if (!expand_dollar(reader, taint)) {
                return false;
            }
            continue;
        }
        size_t from = reader->at++;
        if (c != '"' && c != escape) {
            while (!at_end(reader) && !is_special(reader->text.ptr[reader->at], escape)) {
                reader->at++;
            }
            buf_append(scratch, str_slice(reader->text, from, reader->at));
            continue;
        }
        if (c == '"') {
            if (reader->mode.raw_quotes) {
                buf_append_char(scratch, c);
            }
            return true;
        }
        if (reader->mode.raw_escapes) {
            buf_append_char(scratch, c);
        }
        char next = peek(reader);
        if (at_end(reader)) {
            continue;
        }
        if (next == '"' || next == '$' || next == escape) {
            c = next;
            reader->at++;
        }
        buf_append_char(scratch, c);
    }
    return fail(reader, DF_EXPAND_ERROR_DOUBLE_QUOTE);
}

/* `<`, or `<<` with the blanks behind it, which keep a heredoc operator and its word together. */
static void read_less(struct reader *reader)
{
    size_t from = reader->at++;
    if (peek(reader) == '<') {
        reader->at++;
        while (peek(reader) == ' ' || peek(reader) == '\t') {
            reader->at++;
        }
    }
    buf_append(scratch_of(reader), str_slice(reader->text, from, reader->at));
}

static void end_word(struct reader *reader, struct word_list *words, size_t end)
{
    if (words->count + 1 >= words->capacity) {
        size_t capacity = words->capacity > 0 ? words->capacity * 2 : 16;
        size_t *grown = ARENA_ARRAY(reader->expander->arena, size_t, capacity);
        if (grown == NULL) {
            return;
        }
        if (words->count > 0) {
            memcpy(grown, words->starts, (words->count + 1) * sizeof *grown);
        }
        words->starts = grown;
        words->capacity = capacity;
    }
    words->starts[words->count] = words->open;
    words->starts[++words->count] = end;
    words->open = end;
    words->in_word = false;
}

/* Splits what stands in the scratch from `mark` on; blanks are taken out. */
static void split_words(struct reader *reader, struct word_list *words, size_t mark)
{
    struct buf *scratch = scratch_of(reader);
    struct str added = str_make(scratch->data, scratch->len);
    size_t to = mark;
    for (size_t at = mark; at < added.len;) {
        size_t space = df_space_length(added, at);
        if (space == 0) {
            scratch->data[to++] = scratch->data[at++];
            words->in_word = true;
            continue;
        }
        at += space;
        if (words->in_word && to > words->open) {
            end_word(reader, words, to);
        }
    }
    truncate_to(scratch, to);
}

/* Ordinary characters up to `stop` (or STOP_AT_END) or one that may be none, or the escape
 * character and what it escapes. `*raw` tells that the text never splits. */
static void read_plain(struct reader *reader, int stop, bool *raw)
{
    struct buf *scratch = scratch_of(reader);
    char escape = reader->expander->escape;
    size_t from = reader->at;
    if (peek(reader) == escape) {
        *raw = true;
        if (reader->mode.raw_escapes) {
            buf_append_char(scratch, escape);
        }
        from = ++reader->at;
        if (at_end(reader)) {
            return;
        }
    }
    reader->at++;
    while (!at_end(reader) && (*raw ? ((unsigned char)peek(reader) & 0xC0) == 0x80
                                    : !is_special(peek(reader), escape) && peek(reader) != stop)) {
        reader->at++;
    }
    buf_append(scratch, str_slice(reader->text, from, reader->at));
}

/* Expands up to an unquoted `stop` (which is consumed) or the end, appending to the scratch. */
static bool expand_until(struct reader *reader, int stop, struct taint *taint,
                         struct word_list *words)
{
    bool quotes = !reader->mode.quotes_literal;
    while (!at_end(reader)) {
        char c = peek(reader);
        size_t mark = scratch_of(reader)->len;
        bool raw = false;
        if (stop != STOP_AT_END && c == (char)stop) {
            reader->at++;
            return true;
        }
        if (c == '$') {
            if (!expand_dollar(reader, taint)) {
                return false;
            }
        } else if (quotes && c == '\'') {
            raw = true;
            if (!read_single_quotes(reader)) {
                return false;
            }
        } else if (quotes && c == '"') {
            raw = true;
            if (!read_double_quotes(reader, taint)) {
                return false;
            }
        } else if (quotes && c == '<') {
            raw = true;
            read_less(reader);
        } else {
            read_plain(reader, stop, &raw);
        }
        if (buf_status(scratch_of(reader)) != PLIM_STATUS_OK) {
            return fail(reader, DF_EXPAND_ERROR_TOO_LONG);
        }
        if (words != NULL) {
            if (raw) {
                words->in_word = true;
            } else {
                split_words(reader, words, mark);
            }
        }
    }
    if (stop != STOP_AT_END) {
        return fail(reader,
                    stop == '/' ? DF_EXPAND_ERROR_MISSING_SLASH : DF_EXPAND_ERROR_MISSING_BRACE);
    }
    return true;
}

/* Whether a text would come out as it is. */
static bool is_plain(const struct df_expander *expander, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '$' || c == '\'' || c == '"' || c == expander->escape) {
            return false;
        }
    }
    return !str_starts_with(text, STR("\xEF\xBB\xBF"));
}

/* Counts a result that needed no reader; false when it is over a limit, which a reader reports. */
static bool spend_bytes(struct df_expander *expander, size_t length)
{
    if (length > DF_EXPAND_MAX_BYTES || expander->total + length > DF_EXPAND_MAX_TOTAL ||
        !df_expander_spend(expander, 1)) {
        return false;
    }
    expander->total += length;
    return true;
}

/* Whether a text is one pair of double quotes around text that comes out as it is. */
static bool is_plain_quoted(const struct df_expander *expander, struct str text,
                            struct df_expand_mode mode)
{
    if (text.len < 2 || text.ptr[0] != '"' || text.ptr[text.len - 1] != '"' || mode.raw_quotes ||
        mode.quotes_literal) {
        return false;
    }
    for (size_t i = 1; i + 1 < text.len; i++) {
        char c = text.ptr[i];
        if (c == '$' || c == '"' || c == expander->escape) {
            return false;
        }
    }
    return true;
}

/* Runs a reader over a whole text and fills what both modes share. */
static bool expand_text(struct df_expander *expander, struct df_expansion *out,
                        struct reader *reader, struct taint *taint, struct word_list *words)
{
    buf_clear(&expander->scratch);
    if (str_starts_with(reader->text, STR("\xEF\xBB\xBF"))) {
        reader->at = 3;
    }
    bool good = expand_until(reader, STOP_AT_END, taint, words);
    size_t length = expander->scratch.len;
    if (buf_status(&expander->scratch) == PLIM_STATUS_NOMEM) {
        (void)arena_fail(expander->arena, PLIM_STATUS_NOMEM);
    }
    expander->total += length;
    if (good && length > DF_EXPAND_MAX_BYTES) {
        good = fail(reader, DF_EXPAND_ERROR_TOO_LONG);
    } else if (good && (expander->total > DF_EXPAND_MAX_TOTAL || !df_expander_spend(expander, 1))) {
        good = fail(reader, DF_EXPAND_ERROR_BUDGET);
    }
    out->error = reader->error;
    out->message = reader->message;
    out->unknown = good && taint->unknown;
    out->cause = out->unknown ? taint->cause : NULL;
    return good;
}

void df_expand_word(struct df_expander *expander, struct df_expansion *out, struct str text,
                    struct df_expand_mode mode)
{
    *out = (struct df_expansion){.text = STR(""), .message = STR("")};
    if (is_plain(expander, text)) {
        out->text = text;
        out->known = text.len;
        return;
    }
    if (is_plain_quoted(expander, text, mode) && spend_bytes(expander, text.len - 2)) {
        out->text = str_slice(text, 1, text.len - 1);
        out->known = out->text.len;
        return;
    }
    struct reader reader = {.expander = expander, .text = text, .mode = mode, .message = STR("")};
    struct taint taint = {0};
    if (expand_text(expander, out, &reader, &taint, NULL)) {
        out->text = arena_copy_str(expander->arena, buf_view(&expander->scratch));
        out->known = taint.unknown ? taint.at : out->text.len;
    }
}

void df_expand_words(struct df_expander *expander, struct df_expansion *out, struct str **words,
                     size_t *count, struct str text, struct df_expand_mode mode)
{
    *out = (struct df_expansion){.text = STR(""), .message = STR("")};
    *words = NULL;
    *count = 0;
    struct reader reader = {.expander = expander, .text = text, .mode = mode, .message = STR("")};
    struct taint taint = {0};
    struct word_list list = {0};
    if (!expand_text(expander, out, &reader, &taint, &list)) {
        return;
    }
    if (expander->scratch.len > list.open) {
        end_word(&reader, &list, expander->scratch.len);
    }
    struct str all = arena_copy_str(expander->arena, buf_view(&expander->scratch));
    struct str *result = ARENA_ARRAY(expander->arena, struct str, list.count + 1);
    if (result == NULL || arena_status(expander->arena) != PLIM_STATUS_OK) {
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        result[i] = str_slice(all, list.starts[i], list.starts[i + 1]);
    }
    *words = result;
    *count = list.count;
}

bool df_names_next(struct df_names *names, struct str *name, char *form)
{
    struct str text = names->text;
    while (names->at < text.len) {
        char c = text.ptr[names->at++];
        if (c == names->escape) {
            names->at++;
        } else if (c == '"') {
            names->in_double_quotes = !names->in_double_quotes;
        } else if (c == '\'' && !names->in_double_quotes) {
            names->at = str_find_char(text, '\'', names->at) + 1;
        } else if (c == '$') {
            bool brace = names->at < text.len && text.ptr[names->at] == '{';
            size_t from = names->at + (brace ? 1 : 0);
            size_t behind = from + name_length(text, from);
            if (behind == from) {
                continue;
            }
            *name = str_slice(text, from, behind);
            names->at = behind;
            if (brace && behind < text.len && text.ptr[behind] == ':') {
                behind++;
            }
            *form = brace && behind < text.len && text.ptr[behind] != '}' ? text.ptr[behind] : '\0';
            return true;
        }
    }
    return false;
}
