/* SPDX-License-Identifier: Apache-2.0
 *
 * diag_page.c - looks a page up in the generated table. Thread rule: pure.
 */
#include "core/diag_page.h"

struct page {
    const char *code;
    const char *text;
    size_t len;
};

/* Ends with a row without code, so that it is no error to have no pages yet. */
static const struct page pages[] = {
#define PAGE(code, text) {code, text, sizeof(text) - 1},
#include "core/diag_pages.inc"
#undef PAGE
    {NULL, NULL, 0},
};

bool diag_page_find(struct str code, struct str *out)
{
    for (const struct page *page = pages; page->code != NULL; page++) {
        if (str_eq_nocase(code, str_from_cstr(page->code))) {
            *out = str_make(page->text, page->len);
            return true;
        }
    }
    return false;
}
