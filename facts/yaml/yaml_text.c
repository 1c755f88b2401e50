/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml_text.c - the check goes over words of plain ASCII without looking at single bytes.
 */
#include "facts/yaml/yaml_text.h"

#include "core/utf8.h"
#include "facts/yaml/yaml_read.h"

enum { WORD_BYTES = sizeof(uint64_t) };

/* One byte in all bytes of a word. */
#define ALL_BYTES(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether eight bytes are printable ASCII or line feeds. In each byte the highest bit tells. */
static bool is_plain_word(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    uint64_t high = ALL_BYTES(0x80);
    uint64_t low = word & ~high;
    uint64_t below_blank = ~(low + ALL_BYTES(0x60));
    uint64_t not_line_feed = (low ^ ALL_BYTES('\n')) + ALL_BYTES(0x7f);
    uint64_t is_delete = low + ALL_BYTES(1);
    return ((word | (below_blank & not_line_feed) | is_delete) & high) == 0;
}

static bool is_allowed(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0x7e) || c == 0x85 ||
           (c >= 0xa0 && c != 0xfffe && c != 0xffff);
}

static plim_status refuse(struct diag_list *diags, struct span span, uint32_t c)
{
    if (c == UTF8_INVALID) {
        diag_report(diags, DIAG_yaml_text, span, "the text is not valid UTF-8");
    } else {
        struct diag *diag =
            diag_report(diags, DIAG_yaml_text, span, "control character U+%04X", (unsigned)c);
        diag_add_note(diags, diag,
                      "in double quotes it can be written as an escape such as \"\\x%02X\"",
                      (unsigned)c);
    }
    return PLIM_STATUS_INPUT;
}

static plim_status check_characters(struct yaml_text *text, source_id source,
                                    struct diag_list *diags)
{
    struct str body = text->body;
    text->ascii = true;
    for (size_t at = 0; at < body.len;) {
        if (body.len - at >= WORD_BYTES && is_plain_word(body.ptr + at)) {
            at += WORD_BYTES;
            continue;
        }
        size_t end = body.len - at > WORD_BYTES ? at + WORD_BYTES : body.len;
        while (at < end) {
            size_t start = at;
            uint32_t c = utf8_next(body, &at);
            if (c == UTF8_INVALID || !is_allowed(c)) {
                struct span span = {source, text->body_at + (uint32_t)start,
                                    text->body_at + (uint32_t)at};
                return refuse(diags, span, c);
            }
            text->ascii &= c < 0x80;
        }
    }
    return PLIM_STATUS_OK;
}

/* The parser compares each %TAG directive with all others of its document, before it tells of any:
 * so their number is bounded here. Text lines that look like directives are counted, too. */
static plim_status check_directives(const struct yaml_text *text, source_id source,
                                    struct diag_list *diags)
{
    struct str body = text->body;
    size_t count = 0;
    for (size_t at = 0; at < body.len; at = str_find_char(body, '%', at + 1)) {
        /* Some characters beyond ASCII end a line, too; which ones does not matter here. */
        bool line_start = at == 0 || body.ptr[at - 1] == '\n' || body.ptr[at - 1] == '\r' ||
                          (unsigned char)body.ptr[at - 1] >= 0x80;
        if (body.ptr[at] != '%' || !line_start ||
            !str_starts_with(str_slice(body, at, at + 4), STR("%TAG"))) {
            continue;
        }
        count++;
        if (count > YAML_MAX_TAG_PREFIXES) {
            uint32_t start = text->body_at + (uint32_t)at;
            struct span span = {source, start, start + 4};
            diag_report(diags, DIAG_yaml_limit, span, "more than %d lines start with %%TAG",
                        YAML_MAX_TAG_PREFIXES);
            return PLIM_STATUS_LIMIT;
        }
    }
    return PLIM_STATUS_OK;
}

plim_status yaml_text_check(struct yaml_text *out, source_id source, struct str text,
                            struct diag_list *diags)
{
    struct str mark = STR("\xef\xbb\xbf");
    *out = (struct yaml_text){.body = text};
    if (str_starts_with(text, STR("\xff\xfe")) || str_starts_with(text, STR("\xfe\xff"))) {
        struct span span = {source, 0, 2};
        struct diag *diag = diag_report(diags, DIAG_yaml_text, span, "the text is in UTF-16");
        diag_add_note(diags, diag, "save the file as UTF-8");
        return PLIM_STATUS_INPUT;
    }
    if (str_starts_with(text, mark)) {
        out->body = str_slice(text, mark.len, text.len);
        out->body_at = (uint32_t)mark.len;
    }
    plim_status status = check_characters(out, source, diags);
    return status == PLIM_STATUS_OK ? check_directives(out, source, diags) : status;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

uint32_t yaml_text_offset(struct yaml_text *text, size_t index)
{
    struct str body = text->body;
    if (text->ascii) {
        return text->body_at + (uint32_t)(index < body.len ? index : body.len);
    }
    size_t at = text->at_byte;
    while (text->at_char < index && at < body.len) {
        at++;
        while (at < body.len && is_continuation(body.ptr[at])) {
            at++;
        }
        text->at_char++;
    }
    while (text->at_char > index && at > 0) {
        at--;
        while (at > 0 && is_continuation(body.ptr[at])) {
            at--;
        }
        text->at_char--;
    }
    text->at_byte = at;
    return text->body_at + (uint32_t)at;
}
