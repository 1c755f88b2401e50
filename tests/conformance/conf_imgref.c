/* SPDX-License-Identifier: Apache-2.0
 *
 * conf_imgref.c - the table image_reference: every written form of every reference.
 */
#include "conformance.h"

#include "facts/imgref.h"

static void expect_form(struct conf_row *row, const char *member, const struct imgref *ref,
                        enum imgref_form form)
{
    struct buf text;
    buf_init(&text, NULL, 4096);
    imgref_append(&text, ref, form);
    conf_expect_text(row, member, buf_view(&text));
    buf_release(&text);
}

/* Absent in the row and empty in the reference mean the same. */
static void expect_optional(struct conf_row *row, const char *member, struct str actual)
{
    conf_expect(row, member, actual.len > 0 ? conf_string(actual) : NULL);
}

void conf_image_reference(struct conf_row *row)
{
    struct imgref ref = {0};
    enum imgref_fault fault = imgref_parse(&ref, conf_text(row, "in"));
    bool refused = fault != IMGREF_FAULT_NONE;
    if (!conf_expect_refusal(row, "error", refused, imgref_fault_text(fault)) || refused) {
        return;
    }
    conf_expect_text(row, "domain", ref.domain);
    expect_form(row, "path", &ref, IMGREF_FORM_PATH);
    expect_form(row, "string", &ref, IMGREF_FORM_NORMAL);
    expect_form(row, "familiar", &ref, IMGREF_FORM_FAMILIAR);
    expect_form(row, "with_default_tag", &ref, IMGREF_FORM_TAGGED);
    expect_optional(row, "tag", ref.tag);
    expect_optional(row, "digest", ref.digest);
}
