/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_imgref.c - any bytes as an image reference. What is accepted must be accepted again in its
 * normal and tagged forms and come out the same. (Its familiar form need not: "docker.io/a.b/c" is
 * written "a.b/c", which names another registry. The reference has that trap, too.)
 */
#include <stdint.h>
#include <stdlib.h>

#include "facts/imgref.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

/* Parses the form and compares its normal form with `normal`. */
static void check_form(const struct imgref *ref, enum imgref_form form, struct str normal)
{
    struct buf text;
    struct buf again;
    buf_init(&text, NULL, 1 << 20);
    buf_init(&again, NULL, 1 << 20);
    imgref_append(&text, ref, form);
    struct imgref other = {0};
    require(imgref_parse(&other, buf_view(&text)) == IMGREF_FAULT_NONE);
    if (form != IMGREF_FORM_TAGGED) {
        imgref_append(&again, &other, IMGREF_FORM_NORMAL);
        require(str_eq(buf_view(&again), normal));
    }
    require(imgref_has_digest(&other) == imgref_has_digest(ref));
    buf_release(&again);
    buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct imgref ref = {0};
    if (imgref_parse(&ref, str_make((const char *)data, size)) != IMGREF_FAULT_NONE) {
        return 0;
    }
    struct buf normal;
    buf_init(&normal, NULL, 1 << 20);
    imgref_append(&normal, &ref, IMGREF_FORM_NORMAL);
    check_form(&ref, IMGREF_FORM_NORMAL, buf_view(&normal));
    check_form(&ref, IMGREF_FORM_TAGGED, buf_view(&normal));
    buf_release(&normal);
    return 0;
}
