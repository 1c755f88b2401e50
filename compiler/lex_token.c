/* SPDX-License-Identifier: Apache-2.0
 *
 * lex_token.c - see lex_token.h. Texts that are printable ASCII throughout (lexer->plain) skip
 * every look at single characters. One word with several bad characters is one error.
 */
#include "compiler/lex_token.h"

#include "compiler/literal.h"
#include "core/utf8.h"

/* A short view of a token for a message. */
static struct str shorten(struct str text)
{
    return str_slice(text, 0, 40);
}

static struct span part_of(struct span whole, size_t from, size_t to)
{
    return (struct span){.source = whole.source,
                         .start = whole.start + (uint32_t)from,
                         .end = whole.start + (uint32_t)to};
}

static bool is_too_long(struct lexer *lexer, struct str text, size_t max, struct span span)
{
    if (text.len <= max) {
        return false;
    }
    diag_report(lexer->diags, DIAG_token_too_long, part_of(span, 0, 1),
                "a token of %zu bytes is too long: at most %zu are allowed here", text.len, max);
    return true;
}

void lex_set_span(const struct lexer *lexer, const char *text, int length, struct span *span)
{
    uint32_t start = lexer->base + (uint32_t)(text - lexer->copy);
    *span = (struct span){.source = lexer->source, .start = start, .end = start + (uint32_t)length};
}

int lex_end(struct lexer *lexer, struct span *span)
{
    *span = (struct span){.source = lexer->source, .start = lexer->end, .end = lexer->end};
    return TOKEN_END;
}

int lex_done(struct lexer *lexer, int token)
{
    lexer->after_dot = false;
    return token;
}

int lex_dot(struct lexer *lexer)
{
    lexer->after_dot = true;
    return '.';
}

int lex_word(struct lexer *lexer, struct str text, GRAMMAR_STYPE *value, struct span span)
{
    bool after_dot = lexer->after_dot;
    lexer->after_dot = false;
    value->text = text;
    if (is_too_long(lexer, text, LEXER_MAX_WORD, span)) {
        return TOKEN_BAD;
    }
    int token = after_dot ? TOKEN_NAME : lex_keyword(lexer, text);
    if (token == TOKEN_NAME && text.ptr[text.len - 1] == '-') {
        struct diag *diag =
            diag_report(lexer->diags, DIAG_bad_byte, part_of(span, text.len - 1, text.len),
                        "the name `%.*s` ends with a hyphen", STR_FMT(text));
        diag_add_note(lexer->diags, diag, "names may hold hyphens; there is no minus");
    }
    return token;
}

/* Reports one code point that cannot stand in the text outside strings. */
static void report_code_point(struct lexer *lexer, uint32_t code_point, struct span span)
{
    if (code_point == UTF8_INVALID) {
        unsigned byte = (unsigned char)lexer->text.ptr[span.start];
        diag_report(lexer->diags, DIAG_bad_utf8, span,
                    "byte \\x%02X at offset %u is not valid UTF-8", byte, (unsigned)span.start);
        return;
    }
    if (utf8_is_deceptive(code_point)) {
        diag_report(lexer->diags, DIAG_deceptive_text, span,
                    "U+%04X is invisible or changes the direction of text", (unsigned)code_point);
        return;
    }
    struct diag *diag =
        diag_report(lexer->diags, DIAG_bad_byte, span,
                    utf8_is_letter(code_point) ? "the letter U+%04X cannot stand in a name"
                                               : "the character U+%04X has no meaning here",
                    (unsigned)code_point);
    diag_add_note(lexer->diags, diag,
                  "names are ASCII letters, digits, `_` and `-`; other letters may look like them");
}

int lex_foreign(struct lexer *lexer, struct str text, GRAMMAR_STYPE *value, struct span span)
{
    lexer->after_dot = false;
    value->text = text;
    size_t at = 0;
    while (at < text.len && (unsigned char)text.ptr[at] < 0x80) {
        at++;
    }
    size_t next = at;
    uint32_t code_point = utf8_next(text, &next);
    report_code_point(lexer, code_point, part_of(span, at, next));
    return TOKEN_NAME;
}

int lex_number(struct lexer *lexer, struct str text, GRAMMAR_STYPE *value, struct span span)
{
    lexer->after_dot = false;
    value->number = 0;
    if (is_too_long(lexer, text, LEXER_MAX_WORD, span)) {
        return TOKEN_BAD;
    }
    enum literal_kind kind = LITERAL_INT;
    const char *wrong = literal_number(text, &kind, &value->number);
    if (wrong != NULL) {
        diag_report(lexer->diags, DIAG_bad_number, span, "`%.*s`: %s", STR_FMT(shorten(text)),
                    wrong);
        return TOKEN_BAD;
    }
    return kind == LITERAL_INT ? TOKEN_INT : kind == LITERAL_DURATION ? TOKEN_DURATION : TOKEN_SIZE;
}

int lex_version(struct lexer *lexer, struct str text, GRAMMAR_STYPE *value, struct span span)
{
    lexer->after_dot = false;
    value->text = text;
    char last = text.ptr[text.len - 1];
    if (is_too_long(lexer, text, LEXER_MAX_WORD, span)) {
        return TOKEN_BAD;
    }
    if (last == '.' || last == '-' || last == '+') {
        diag_report(lexer->diags, DIAG_bad_number, span, "the version `%.*s` ends with `%c`",
                    STR_FMT(text), last);
    }
    return TOKEN_VERSION;
}

/* Looks at the bytes of a string or comment that are not plain. */
static void check_text(struct lexer *lexer, struct str text, struct span span, bool in_string)
{
    if (lexer->plain) {
        return;
    }
    bool warned = false;
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        uint32_t c = utf8_next(text, &at);
        struct span place = part_of(span, from, at);
        bool line_end = c == '\r' && at < text.len && text.ptr[at] == '\n';
        if (c == UTF8_INVALID || (!in_string && utf8_is_deceptive(c))) {
            report_code_point(lexer, c, place);
            return;
        }
        if (utf8_is_deceptive(c) && !warned) {
            warned = true;
            diag_report(lexer->diags, DIAG_deceptive_string, place,
                        "this string holds U+%04X, which is invisible or changes the direction of "
                        "text",
                        (unsigned)c);
        } else if (c < 0xA0 && utf8_is_control(c) && c != '\n' && !line_end) {
            diag_report(lexer->diags, DIAG_bad_byte, place,
                        "the control character U+%04X cannot stand in a %s", (unsigned)c,
                        in_string ? "string: write an escape" : "comment");
            return;
        }
    }
}

int lex_string(struct lexer *lexer, struct str text, bool closed, GRAMMAR_STYPE *value,
               struct span span)
{
    lexer->after_dot = false;
    struct str body = str_slice(text, 1, closed ? text.len - 1 : text.len);
    value->text = body;
    if (is_too_long(lexer, text, LEXER_MAX_STRING, span)) {
        return TOKEN_BAD;
    }
    if (!closed) {
        struct diag *diag = diag_report(lexer->diags, DIAG_unterminated_string, part_of(span, 0, 1),
                                        "this string is not closed on its line");
        diag_set_caret(lexer->diags, diag, "opened here");
        diag_add_label(lexer->diags, diag, part_of(span, text.len, text.len),
                       "`\"` missing; text over several lines stands in `\"\"\"`");
    }
    check_text(lexer, body, part_of(span, 1, text.len), true);
    size_t length = 0;
    size_t bad = literal_bad_escape(body, &length);
    if (bad < body.len && closed) {
        struct str escape = str_slice(body, bad, bad + length);
        struct diag *diag =
            diag_report(lexer->diags, DIAG_bad_escape, part_of(span, 1 + bad, 1 + bad + length),
                        "unknown escape `%.*s`", STR_FMT(escape));
        diag_set_caret(lexer->diags, diag, "for a backslash write `\\\\`, or use `\"\"\"` text");
        diag_add_note(lexer->diags, diag, "escapes are \\n \\t \\r \\\" \\\\ and \\u{1F600}");
    }
    return TOKEN_STRING;
}

int lex_block(struct lexer *lexer, struct str text, bool closed, GRAMMAR_STYPE *value,
              struct span span)
{
    lexer->after_dot = false;
    struct str body = str_slice(text, 3, closed ? text.len - 3 : text.len);
    value->text = body;
    if (is_too_long(lexer, text, LEXER_MAX_STRING, span)) {
        return TOKEN_BAD;
    }
    if (!closed) {
        lexer->unclosed = true;
        struct diag *diag = diag_report(lexer->diags, DIAG_unterminated_string, part_of(span, 0, 3),
                                        "this `\"\"\"` text is not closed");
        diag_set_caret(lexer->diags, diag, "opened here");
        diag_add_label(lexer->diags, diag, part_of(span, text.len, text.len), "the file ends here");
    }
    check_text(lexer, body, part_of(span, 3, text.len), true);
    return TOKEN_BLOCK;
}

int lex_single_quoted(struct lexer *lexer, struct str text, GRAMMAR_STYPE *value, struct span span)
{
    lexer->after_dot = false;
    value->text = str_slice(text, 1, text.len);
    diag_report(lexer->diags, DIAG_bad_byte, part_of(span, 0, 1),
                "strings stand in double quotes: `\"...\"`");
    return TOKEN_STRING;
}

int lex_path(struct lexer *lexer, struct str text, GRAMMAR_STYPE *value, struct span span)
{
    value->text = text;
    if (is_too_long(lexer, text, LEXER_MAX_WORD, span)) {
        value->text = str_slice(text, 0, LEXER_MAX_WORD);
    }
    return TOKEN_PATH;
}

int lex_instead(struct lexer *lexer, struct span span, const char *wanted, int token)
{
    lexer->after_dot = false;
    struct str text = str_slice(lexer->text, span.start, span.end);
    diag_report(lexer->diags, DIAG_bad_byte, span, "`%.*s` is written `%s`", STR_FMT(text), wanted);
    return token;
}

void lex_comment(struct lexer *lexer, struct span span)
{
    check_text(lexer, str_slice(lexer->text, span.start, span.end), span, false);
}

void lex_slash_comment(struct lexer *lexer, struct span span)
{
    diag_report(lexer->diags, DIAG_bad_byte, part_of(span, 0, 2), "comments begin with `#`");
}

void lex_semicolon(struct lexer *lexer, struct span span)
{
    diag_report(lexer->diags, DIAG_bad_byte, span, "`;` is not needed: clauses end by themselves");
}

void lex_lone_cr(struct lexer *lexer, struct span span)
{
    diag_report(lexer->diags, DIAG_bad_byte, span, "carriage return without line feed at offset %u",
                (unsigned)span.start);
}

void lex_bad_byte(struct lexer *lexer, char byte, struct span span)
{
    unsigned value = (unsigned char)byte;
    if (value > 0x20 && value < 0x7f) {
        diag_report(lexer->diags, DIAG_bad_byte, span, "the character `%c` has no meaning here",
                    byte);
        return;
    }
    diag_report(lexer->diags, DIAG_bad_byte, span, "byte \\x%02X at offset %u has no meaning here",
                value, (unsigned)span.start);
}
