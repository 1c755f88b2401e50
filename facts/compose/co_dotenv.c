/* SPDX-License-Identifier: Apache-2.0
 *
 * co_dotenv.c - see co_dotenv.h. The habits of compose-go's parser are kept, the odd ones, too:
 * text behind a closing quote is the next statement, and a last line without "=" sets the empty
 * name.
 */
#include "facts/compose/co_dotenv.h"

#include <string.h>

#include "core/utf8.h"

struct file {
    struct co_dotenv *reader;
    source_id source;
    struct str text;
    size_t at;
};

/* One statement while it is read. */
struct statement {
    size_t start;
    struct str name;
    size_t value_start;
    size_t value_end;
    size_t end; /* of what was written: behind the closing quote */
};

static struct span span_of(const struct file *file, size_t from, size_t to)
{
    return (struct span){file->source, (uint32_t)from, (uint32_t)to};
}

static struct arena *arena_of(const struct file *file)
{
    return file->reader->state->arena;
}

static void add_problem(struct file *file, struct str message, struct span place, bool limit)
{
    struct co_dotenv *reader = file->reader;
    if (reader->problem_count < CO_DOTENV_MAX_PROBLEMS) {
        reader->problems[reader->problem_count++] =
            (struct co_dotenv_problem){.message = message, .place = place, .limit = limit};
    }
}

/* ---- characters -------------------------------------------------------------------------- */

/* White space that does not end a line. */
static bool is_inline_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r' || c == 0x85 || c == 0xA0;
}

static size_t skip_inline_space(struct str text, size_t at)
{
    size_t next = at;
    while (at < text.len && is_inline_space(utf8_next(text, &next))) {
        at = next;
    }
    return at;
}

static size_t skip_space(struct str text, size_t at)
{
    size_t next = at;
    while (at < text.len && utf8_is_space(utf8_next(text, &next))) {
        at = next;
    }
    return at;
}

/* End of text[from, to) without white space at the end. */
static size_t trim_end(struct str text, size_t from, size_t to)
{
    while (to > from) {
        size_t at = to - 1;
        while (at > from && to - at < 4 && ((unsigned char)text.ptr[at] & 0xC0) == 0x80) {
            at--;
        }
        size_t next = at;
        if (!utf8_is_space(utf8_next(text, &next)) || next != to) {
            break;
        }
        to = at;
    }
    return to;
}

static bool is_name_char(uint32_t c)
{
    return c == '_' || c == '.' || c == '-' || c == '[' || c == ']' ||
           (c != UTF8_INVALID && (utf8_is_letter(c) || utf8_is_number(c)));
}

static void skip_line(struct file *file, size_t from)
{
    file->at = str_find_char(file->text, '\n', from);
}

/* ---- values ------------------------------------------------------------------------------ */

static void put(struct file *file, const struct statement *statement, struct str value,
                const struct tree_variable *variables)
{
    struct co_variable variable = {
        .name = statement->name,
        .value = value,
        .set = span_of(file, statement->start, statement->end),
        .value_at = span_of(file, statement->value_start, statement->value_end),
        .rank = file->reader->rank,
        .variables = variables,
    };
    co_env_put(file->reader->env, &variable);
}

/* Expands the variables of a value and puts it. */
static void put_expanded(struct file *file, const struct statement *statement, struct str value)
{
    struct co_dotenv *reader = file->reader;
    struct co_written written = {
        .span = span_of(file, statement->value_start, statement->value_end),
        .raw = str_slice(file->text, statement->value_start, statement->value_end),
    };
    struct co_expansion out;
    co_template_expand(reader->state, &out, value, &written, reader->scope);
    if (out.error != CO_TEMPLATE_NONE) {
        add_problem(file, out.message, out.place, out.error == CO_TEMPLATE_LIMIT);
    }
    put(file, statement, out.text, out.variables);
}

/* KEY alone: the value it has in scope, if any. */
static void put_inherited(struct file *file, struct str name)
{
    const struct co_variable *found = co_scope_find(file->reader->scope, name);
    if (found != NULL) {
        struct co_variable copy = *found;
        copy.name = name;
        copy.rank = file->reader->rank;
        co_env_put(file->reader->env, &copy);
    }
}

/* Up to the end of the line or to " #". */
static void read_plain(struct file *file, struct statement *statement)
{
    size_t end = str_find_char(file->text, '\n', statement->value_start);
    file->at = end + 1;
    struct str line = str_slice(file->text, 0, end);
    for (size_t hash = str_find_char(line, '#', statement->value_start); hash < end;
         hash = str_find_char(line, '#', hash + 1)) {
        if (hash > statement->value_start && line.ptr[hash - 1] == ' ') {
            end = hash - 1;
            break;
        }
    }
    statement->value_end = trim_end(file->text, statement->value_start, end);
    statement->end = statement->value_end;
    put_expanded(file, statement,
                 str_slice(file->text, statement->value_start, statement->value_end));
}

/* Offset of the quote that closes the one before `from`, or the length of the text. */
static size_t find_quote(struct str text, size_t from, char quote, bool *escapes)
{
    bool escaped = false;
    size_t at = from;
    for (; at < text.len && (escaped || text.ptr[at] != quote); at++) {
        escaped = !escaped && text.ptr[at] == '\\';
        *escapes |= escaped;
    }
    return at;
}

/* The byte that \c stands for in double quotes, or 0 when it stands for itself. */
static char plain_escape(char c)
{
    static const char names[] = "abfnrtv\\";
    static const char bytes[] = "\a\b\f\n\r\t\v\\";
    const char *hit = c != '\0' ? strchr(names, c) : NULL;
    return hit != NULL ? bytes[hit - names] : '\0';
}

static bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

/* \0NNN at `at`: a code point below 256, as UTF-8. Fewer or other digits lose the 0 and stay.
 * Returns the bytes read. */
static size_t read_octal(struct str in, size_t at, char *out, size_t *length)
{
    size_t digits = at + 2;
    while (digits < in.len && digits < at + 5 && in.ptr[digits] >= '0' && in.ptr[digits] <= '9') {
        digits++;
    }
    const char *d = in.ptr + at + 2;
    bool valid = digits == at + 5 && d[0] <= '3' && is_octal(d[1]) && is_octal(d[2]);
    if (!valid) {
        out[(*length)++] = '\\';
        memmove(out + *length, d, digits - at - 2);
        *length += digits - at - 2;
        return digits - at;
    }
    unsigned value =
        (unsigned)(d[0] - '0') * 64 + (unsigned)(d[1] - '0') * 8 + (unsigned)(d[2] - '0');
    if (value < 0x80) {
        out[(*length)++] = (char)value;
    } else {
        out[(*length)++] = (char)(0xC0 | value >> 6);
        out[(*length)++] = (char)(0x80 | (value & 0x3F));
    }
    return digits - at;
}

/* Escapes of double quotes, in place; never longer than before. `\$` becomes `$$`, which the
 * expansion of variables reads as a literal `$`. */
static struct str expand_escapes(char *text, size_t len)
{
    struct str in = str_make(text, len);
    size_t length = 0;
    for (size_t at = 0; at < len;) {
        char next = at + 1 < len ? text[at + 1] : '\0';
        if (text[at] != '\\') {
            text[length++] = text[at++];
        } else if (next == '0') {
            at += read_octal(in, at, text, &length);
        } else if (next == '$') {
            text[length++] = '$';
            text[length++] = '$';
            at += 2;
        } else if (plain_escape(next) != '\0') {
            text[length++] = plain_escape(next);
            at += 2;
        } else {
            text[length++] = text[at++];
        }
    }
    return str_make(text, length);
}

/* The value between quotes without the backslashes before the quote character. */
static struct str unquote(struct file *file, const struct statement *statement, char quote)
{
    struct str raw = str_slice(file->text, statement->value_start, statement->value_end);
    char *text = arena_alloc(arena_of(file), raw.len + 1);
    if (text == NULL) {
        return STR("");
    }
    size_t length = 0;
    for (size_t at = 0; at < raw.len; at++) {
        if (raw.ptr[at] == '\\' && at + 1 < raw.len) {
            at++;
            if (raw.ptr[at] != quote) {
                text[length++] = '\\';
            }
        }
        text[length++] = raw.ptr[at];
    }
    return quote == '"' ? expand_escapes(text, length) : str_make(text, length);
}

/* False when the quote is never closed. */
static bool read_quoted(struct file *file, struct statement *statement)
{
    char quote = file->text.ptr[statement->value_start];
    bool escapes = false;
    size_t close = find_quote(file->text, statement->value_start + 1, quote, &escapes);
    if (close == file->text.len) {
        return false;
    }
    statement->value_start++;
    statement->value_end = close;
    statement->end = close + 1;
    file->at = close + 1;
    struct str value = escapes
                           ? unquote(file, statement, quote)
                           : str_slice(file->text, statement->value_start, statement->value_end);
    if (quote == '"') {
        put_expanded(file, statement, value);
    } else {
        put(file, statement, value, NULL);
    }
    return true;
}

/* ---- statements -------------------------------------------------------------------------- */

/* Behind "export" and blanks, if they stand at `at`. */
static size_t skip_export(struct str text, size_t at)
{
    static const char blanks[] = {' ', '\t', '\n', '\f', '\r'};
    bool exported = str_starts_with(str_slice(text, at, text.len), STR("export")) &&
                    at + 6 < text.len && memchr(blanks, text.ptr[at + 6], sizeof blanks) != NULL;
    return exported ? skip_inline_space(text, at + 6) : at;
}

/* End of the name that begins at `from`: the place of "=", ":" or a line end. The end of the text
 * when there is none. False at a character that no name may have, whose place is then `*end`. */
static bool find_name_end(struct str text, size_t from, size_t *end)
{
    size_t at = from;
    while (at < text.len) {
        size_t next = at;
        uint32_t c = utf8_next(text, &next);
        if (c == '=' || c == ':' || c == '\n') {
            break;
        }
        if (!is_inline_space(c) && !is_name_char(c)) {
            *end = at;
            return false;
        }
        at = next;
    }
    *end = at;
    return true;
}

static void read_statement(struct file *file)
{
    struct str text = file->text;
    struct statement statement = {.start = skip_export(text, file->at)};
    size_t end;
    if (!find_name_end(text, statement.start, &end)) {
        size_t next = end;
        utf8_next(text, &next);
        add_problem(file,
                    co_quote(arena_of(file), "the name of a variable cannot have ",
                             str_slice(text, end, next), ""),
                    span_of(file, end, next), false);
        skip_line(file, end);
        return;
    }
    if (statement.start == text.len) {
        add_problem(file, STR("export names no variable"), span_of(file, file->at, text.len),
                    false);
        file->at = text.len;
        return;
    }
    size_t name_end = trim_end(text, statement.start, end);
    statement.name = str_slice(text, statement.start, end < text.len ? name_end : statement.start);
    if (str_find_char(statement.name, ' ', 0) < statement.name.len) {
        add_problem(file,
                    co_quote(arena_of(file),
                             "the name of a variable cannot have blanks: ", statement.name, ""),
                    span_of(file, statement.start, name_end), false);
        skip_line(file, end);
        return;
    }
    if (end < text.len && text.ptr[end] == '\n') {
        put_inherited(file, statement.name);
        file->at = end;
        return;
    }
    statement.value_start = skip_inline_space(text, end < text.len ? end + 1 : statement.start);
    bool quoted = statement.value_start < text.len && (text.ptr[statement.value_start] == '"' ||
                                                       text.ptr[statement.value_start] == '\'');
    if (!quoted) {
        read_plain(file, &statement);
    } else if (!read_quoted(file, &statement)) {
        add_problem(file, STR("the quotation mark is never closed"),
                    span_of(file, statement.value_start, statement.value_start + 1), false);
        skip_line(file, statement.value_start);
    }
}

/* The file behind its byte order mark. */
static struct file open_file(struct co_dotenv *reader, source_id source, struct str text)
{
    return (struct file){
        .reader = reader,
        .source = source,
        .text = text,
        .at = str_starts_with(text, STR("\xEF\xBB\xBF")) ? 3 : 0,
    };
}

void co_dotenv_read(struct co_dotenv *reader, source_id source, struct str text)
{
    struct file file = open_file(reader, source, text);
    while (arena_status(arena_of(&file)) == PLIM_STATUS_OK) {
        file.at = skip_space(text, file.at);
        if (file.at >= text.len) {
            return;
        }
        if (text.ptr[file.at] == '#') {
            skip_line(&file, file.at);
        } else {
            read_statement(&file);
        }
    }
}

static void read_raw_line(struct file *file, size_t start, size_t end)
{
    struct str line = str_slice(file->text, 0, end);
    start = skip_space(line, start);
    if (start == end || line.ptr[start] == '#') {
        return;
    }
    size_t equals = str_find_char(line, '=', start);
    struct statement statement = {
        .start = start,
        .name = str_slice(line, start, equals),
        .value_start = equals + 1,
        .value_end = end,
        .end = end,
    };
    struct str name = statement.name;
    bool blank = str_find_char(name, ' ', 0) < name.len || str_find_char(name, '\t', 0) < name.len;
    if (name.len == 0) {
        add_problem(file, STR("a line needs the name of a variable before \"=\""),
                    span_of(file, start, start + 1), false);
    } else if (blank) {
        add_problem(
            file, co_quote(arena_of(file), "the name of a variable cannot have blanks: ", name, ""),
            span_of(file, start, equals), false);
    } else if (equals == end) {
        put_inherited(file, name);
    } else {
        put(file, &statement, str_slice(line, statement.value_start, end), NULL);
    }
}

void co_dotenv_read_raw(struct co_dotenv *reader, source_id source, struct str text)
{
    struct file file = open_file(reader, source, text);
    while (file.at < text.len && arena_status(arena_of(&file)) == PLIM_STATUS_OK) {
        size_t end = str_find_char(text, '\n', file.at);
        size_t cut = end > file.at && text.ptr[end - 1] == '\r' ? end - 1 : end;
        read_raw_line(&file, file.at, cut);
        file.at = end + 1;
    }
}
