/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_rows.c - see shared_rows.h.
 */
#include "facts/shared_rows.h"

#include "facts/imgref.h"

/* Sets a name or, for digits, a number; root is both. */
static void set_identity(struct facts *facts, fact_row row, struct str text, fact_loc loc,
                         unsigned name_field, unsigned number_field)
{
    unsigned long long number = 0;
    if (str_to_u64(text, &number) && number <= INT64_MAX) {
        facts_set_int(facts, FACT_KIND_user, row, number_field, (int64_t)number, loc);
        return;
    }
    facts_set_str(facts, FACT_KIND_user, row, name_field, text, loc);
    if (str_eq(text, STR("root"))) {
        facts_set_int(facts, FACT_KIND_user, row, number_field, 0, loc);
    }
}

void shared_rows_group(struct facts *facts, fact_row user, struct str group, fact_loc loc)
{
    set_identity(facts, user, group, loc, FIELD_user_group, FIELD_user_gid);
}

void shared_rows_user(struct facts *facts, fact_row user, struct str name, fact_loc loc)
{
    /* An empty user is the image's default, and that of no image: root. */
    set_identity(facts, user, name.len > 0 ? name : STR("0"), loc, FIELD_user_name, FIELD_user_uid);
    struct fact_cell uid = facts_get(facts, FACT_KIND_user, user, FIELD_user_uid);
    facts_set_bool(facts, FACT_KIND_user, user, FIELD_user_is_root,
                   uid.state == FACT_PRESENT && uid.value == 0, loc);
}

/* One written form of a reference, interned. */
static void set_form(struct facts *facts, struct buf *scratch, fact_row row, unsigned field,
                     const struct imgref *ref, enum imgref_form form)
{
    buf_clear(scratch);
    imgref_append(scratch, ref, form);
    facts_set_str(facts, FACT_KIND_image_ref, row, field, buf_view(scratch), FACT_NO_LOC);
}

fact_row shared_rows_image(struct facts *facts, struct buf *scratch, struct str text,
                           bool from_variable, fact_loc loc)
{
    enum fact_kind kind = FACT_KIND_image_ref;
    fact_row row = facts_add_row(facts, kind, loc);
    struct imgref ref;
    bool valid = imgref_parse(&ref, text) == IMGREF_FAULT_NONE;
    facts_set_str(facts, kind, row, FIELD_image_ref_text, text, FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_image_ref_valid, valid, FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_image_ref_from_variable, from_variable, FACT_NO_LOC);
    if (!valid) {
        fact_cause cause =
            facts_add_cause(facts, STR("the text is not a valid reference"), FACT_NO_LOC);
        facts_set_str(facts, kind, row, FIELD_image_ref_label, text, FACT_NO_LOC);
        facts_set_unknown(facts, kind, row, FIELD_image_ref_registry, cause, FACT_NO_LOC);
        facts_set_unknown(facts, kind, row, FIELD_image_ref_repository, cause, FACT_NO_LOC);
        facts_set_unknown(facts, kind, row, FIELD_image_ref_name, cause, FACT_NO_LOC);
        return row;
    }
    set_form(facts, scratch, row, FIELD_image_ref_label, &ref, IMGREF_FORM_FAMILIAR);
    set_form(facts, scratch, row, FIELD_image_ref_repository, &ref, IMGREF_FORM_PATH);
    facts_set_str(facts, kind, row, FIELD_image_ref_registry, ref.domain, FACT_NO_LOC);
    if (imgref_has_tag(&ref)) {
        facts_set_str(facts, kind, row, FIELD_image_ref_tag, ref.tag, FACT_NO_LOC);
    }
    if (imgref_has_digest(&ref)) {
        facts_set_str(facts, kind, row, FIELD_image_ref_digest, ref.digest, FACT_NO_LOC);
    }
    ref.tag = STR("");
    ref.digest = STR("");
    set_form(facts, scratch, row, FIELD_image_ref_name, &ref, IMGREF_FORM_FAMILIAR);
    return row;
}
