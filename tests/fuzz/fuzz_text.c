/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_text.c - arbitrary bytes through everything that shows untrusted text: sanitising, carets,
 * JSON. The oracle is more than "no crash": no control byte reaches a terminal, an excerpt is two
 * lines, JSON is valid UTF-8. The first four bytes choose the span and the width.
 */
#include <stdint.h>
#include <stdlib.h>

#include "core/diag_json.h"
#include "core/diag_text.h"
#include "core/sanitize.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

/* Lines in `text`, which must hold nothing but printable characters and line feeds. */
static size_t count_lines(struct str text)
{
    size_t lines = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t c = utf8_next(text, &at);
        require(c != UTF8_INVALID);
        require(c == '\n' || (c >= 0x20 && !utf8_is_control(c) && !utf8_is_deceptive(c)));
        lines += c == '\n';
    }
    return lines;
}

static void check_excerpt(struct str text, struct span span, size_t width)
{
    struct source_set sources;
    source_set_init(&sources, NULL);
    struct buf out;
    buf_init(&out, NULL, 1 << 20);
    if (source_add_view(&sources, &span.source, text, text) == PLIM_STATUS_OK) {
        struct diag_style style = {.width = width};
        diag_text_write_excerpt(&out, &sources, span, '^', text, style);
        require(count_lines(buf_view(&out)) == 2);
        buf_clear(&out);
        struct diag diag = {.id = DIAG_syntax, .span = span, .message = text, .caret_text = text};
        diag_text_write(&out, &sources, &diag, style);
        require(count_lines(buf_view(&out)) == (text.len > 0 ? 3 : 1)); /* empty: no excerpt */
        buf_clear(&out);
        struct jsonw json;
        jsonw_init(&json, &out, true);
        diag_json_write(&json, &sources, &diag);
        count_lines(buf_view(&out));
    }
    buf_release(&out);
    source_set_release(&sources);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4) {
        return 0;
    }
    struct span span = {.start = data[0], .end = (uint32_t)data[0] + data[1]};
    size_t width = data[2];
    struct str text = str_make((const char *)data + 4, size - 4);
    struct buf out;
    buf_init(&out, NULL, 1 << 24);
    sanitize_append_line_start(&out, text, data[3]);
    require(count_lines(buf_view(&out)) == 0);
    require(!str_starts_with(buf_view(&out), STR("::")));
    buf_release(&out);
    check_excerpt(text, span, width);
    return 0;
}
