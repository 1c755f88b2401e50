/* SPDX-License-Identifier: Apache-2.0
 *
 * df_copy.c - COPY and ADD: the fields both rows share, and one copied-file row per source.
 */
#include "facts/dockerfile/df_writer.h"

#include "facts/dockerfile/df_heredoc.h"
#include "facts/dockerfile/df_path.h"
#include "facts/pathname.h"

/* The fields of `copy` and `add` that mean the same. */
struct copy_fields {
    enum fact_kind kind;
    unsigned sources;
    unsigned destination;
    unsigned chown;
    unsigned chmod;
    unsigned link;
};

static const struct copy_fields copy_fields = {FACT_KIND_copy,         FIELD_copy_sources,
                                               FIELD_copy_destination, FIELD_copy_chown,
                                               FIELD_copy_chmod,       FIELD_copy_link};
static const struct copy_fields add_fields = {FACT_KIND_add,         FIELD_add_sources,
                                              FIELD_add_destination, FIELD_add_chown,
                                              FIELD_add_chmod,       FIELD_add_link};

static bool flag_is_true(const struct df_instruction *in, struct str name)
{
    const struct df_flag *flag = df_flag_find(in, name);
    return flag != NULL && (!flag->has_value || str_eq_nocase(flag->value.text, STR("true")));
}

static struct str clean_path(struct df_writer *writer, struct str path)
{
    char *clean = arena_alloc(writer->arena, path.len + 2);
    return clean != NULL ? str_make(clean, pathname_clean(clean, path)) : STR("");
}

/* The heredoc a source word announces, or NULL. */
static const struct df_heredoc *find_heredoc(struct df_writer *writer,
                                             const struct df_instruction *in, struct str text)
{
    struct df_heredoc announced;
    if (in->heredoc_count == 0 || str_find(text, STR("<<")) == text.len ||
        !df_heredoc_parse(writer->arena, text, &announced)) {
        return NULL;
    }
    /* Of several with one name the builder takes the last. */
    for (uint32_t i = in->heredoc_count; i-- > 0;) {
        if (str_eq(in->heredocs[i].name, announced.name)) {
            return &in->heredocs[i];
        }
    }
    return NULL;
}

static unsigned source_kind_of(struct str expanded)
{
    switch (df_path_classify(expanded)) {
    case DF_PATH_URL:
        return MEMBER_source_kind_url;
    case DF_PATH_GIT:
        return MEMBER_source_kind_git;
    case DF_PATH_LOCAL:
    default:
        return MEMBER_source_kind_path;
    }
}

static fact_row write_source(struct df_writer *writer, const struct df_instruction *in, uint32_t i)
{
    enum fact_kind kind = FACT_KIND_copied_file;
    struct facts *facts = writer->facts;
    struct df_value path = df_writer_arg(writer, in, i);
    const struct df_heredoc *heredoc = find_heredoc(writer, in, in->args[i].text);
    unsigned source = heredoc != NULL ? MEMBER_source_kind_heredoc : source_kind_of(path.text);
    if (heredoc != NULL) {
        path = (struct df_value){.state = DF_VALUE_KNOWN,
                                 .text = heredoc->name,
                                 .start = in->args[i].start,
                                 .end = in->args[i].end};
    }
    fact_row row = facts_add_row(facts, kind, df_writer_word_loc(writer, in->args[i]));
    facts_set_row(facts, kind, row, FIELD_copied_file_instruction,
                  writer->slots[in->slot].instruction, FACT_NO_LOC);
    df_writer_set_word(writer, kind, row, FIELD_copied_file_text, in->args[i]);
    const struct fact_items none = {0};
    facts_set_list(facts, kind, row, FIELD_copied_file_files, &none, FACT_NO_LOC);
    bool local = source == MEMBER_source_kind_path;
    bool known = path.state == DF_VALUE_KNOWN;
    /* What stands before the first unknown piece tells an address from a path. */
    bool kind_known = known || !local || path.text.len > sizeof "https://";
    if (kind_known) {
        facts_set_enum(facts, kind, row, FIELD_copied_file_kind, source, FACT_NO_LOC);
    } else {
        df_writer_set_unknown(writer, kind, row, FIELD_copied_file_kind, &path);
    }
    if (!known) {
        df_writer_set(writer, kind, row, FIELD_copied_file_path, &path);
        df_writer_set_unknown(writer, kind, row, FIELD_copied_file_is_archive, &path);
        df_writer_set_unknown(writer, kind, row, FIELD_copied_file_has_wildcard, &path);
        df_writer_set_unknown(writer, kind, row, FIELD_copied_file_leaves_context, &path);
        return row;
    }
    bool leaves = local && df_path_leaves_root(path.text);
    facts_set_bool(facts, kind, row, FIELD_copied_file_is_archive,
                   local && df_path_is_archive(path.text), FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_copied_file_has_wildcard,
                   local && df_path_has_wildcard(path.text), FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_copied_file_leaves_context, leaves, FACT_NO_LOC);
    path.text = local ? clean_path(writer, path.text) : path.text;
    df_writer_set(writer, kind, row, FIELD_copied_file_path, &path);
    return row;
}

/* What only one of the two has. */
static void write_own(struct df_writer *writer, const struct df_instruction *in,
                      const struct df_copied *copied, fact_row row)
{
    struct facts *facts = writer->facts;
    if (in->keyword == DF_COPY) {
        const struct df_source *from = &copied->from;
        df_writer_set_source(writer, FACT_KIND_copy, row, FIELD_copy_from, FIELD_copy_from_stage,
                             FIELD_copy_from_image, from);
        if (from->text.state != DF_VALUE_ABSENT && from->index >= 0) {
            facts_set_int(facts, FACT_KIND_copy, row, FIELD_copy_from_index, from->index,
                          df_writer_loc(writer, from->text.start, from->text.end));
        }
        return;
    }
    df_writer_set(writer, FACT_KIND_add, row, FIELD_add_checksum, &copied->checksum);
    const struct df_flag *unpack = df_flag_find(in, STR("unpack"));
    if (unpack != NULL) {
        facts_set_bool(facts, FACT_KIND_add, row, FIELD_add_unpack, flag_is_true(in, STR("unpack")),
                       df_writer_word_loc(writer, unpack->name));
    }
}

void df_copy_write(struct df_writer *writer, const struct df_instruction *instruction)
{
    const struct df_instruction *in = instruction;
    const struct copy_fields *fields = in->keyword == DF_COPY ? &copy_fields : &add_fields;
    static const struct df_copied none = {.chown = {.state = DF_VALUE_ABSENT}};
    const struct df_result *result = &writer->model->results[in->slot];
    const struct df_copied *copied = result->copied != NULL ? result->copied : &none;
    struct facts *facts = writer->facts;
    fact_row row = writer->slots[in->slot].member;
    struct fact_items sources = {0};
    for (uint32_t i = 0; i + 1 < in->arg_count; i++) {
        fact_items_add_row(&sources, writer->arena, write_source(writer, in, i), FACT_NO_LOC);
    }
    facts_set_list(facts, fields->kind, row, fields->sources, &sources, FACT_NO_LOC);
    struct df_value destination = df_writer_arg(writer, in, in->arg_count - 1);
    if (in->arg_count == 0) {
        destination = df_writer_arg(writer, in, 0);
    }
    df_writer_set(writer, fields->kind, row, fields->destination, &destination);
    df_writer_set(writer, fields->kind, row, fields->chown, &copied->chown);
    df_writer_set(writer, fields->kind, row, fields->chmod, &copied->chmod);
    facts_set_bool(facts, fields->kind, row, fields->link, flag_is_true(in, STR("link")),
                   FACT_NO_LOC);
    write_own(writer, in, copied, row);
}
