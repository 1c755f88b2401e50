/* SPDX-License-Identifier: Apache-2.0
 *
 * test_df_facts.c - rows of a Dockerfile: what they say, where they point, and that every row is
 * whole whatever the file holds.
 */
#include "facts/dockerfile/df_facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "fault_alloc.h"

struct read {
    struct facts *facts;
    struct df_facts reader;
    struct diag_list diags;
    fact_row row;
    plim_status status;
};

static void read_file(struct read *out, const char *text)
{
    source_id source = 0;
    assert_int_equal(facts_new(&out->facts, NULL, 0, 7), PLIM_STATUS_OK);
    diag_list_init(&out->diags, NULL);
    assert_int_equal(df_facts_init(&out->reader, out->facts, NULL, NULL), PLIM_STATUS_OK);
    assert_int_equal(
        source_add(&out->facts->sources, &source, STR("dir/Dockerfile"), str_from_cstr(text)),
        PLIM_STATUS_OK);
    out->status = df_facts_add(&out->reader, source, &out->diags, &out->row);
}

static void release(struct read *out)
{
    df_facts_release(&out->reader);
    diag_list_release(&out->diags);
    facts_free(out->facts);
}

/* The text a place shows. */
static struct str text_at(const struct read *read, fact_loc loc)
{
    struct span span = facts_span(read->facts, loc);
    const struct source *source = source_get(&read->facts->sources, span.source);
    return source != NULL ? str_slice(source->text, span.start, span.end) : STR("");
}

static void assert_str(const struct read *read, enum fact_kind kind, fact_row row, unsigned field,
                       const char *value, const char *place)
{
    struct fact_cell cell = facts_get(read->facts, kind, row, field);
    assert_int_equal(cell.state, FACT_PRESENT);
    assert_true(str_eq(facts_get_str(read->facts, kind, row, field), str_from_cstr(value)));
    assert_true(str_eq(text_at(read, cell.loc), str_from_cstr(place)));
}

static void assert_unknown(const struct read *read, enum fact_kind kind, fact_row row,
                           unsigned field, const char *cause, const char *decided_at)
{
    struct fact_cell cell = facts_get(read->facts, kind, row, field);
    assert_int_equal(cell.state, FACT_UNKNOWN);
    struct fact_cause_info info = read->facts->causes[cell.value];
    assert_true(str_eq(intern_view(&read->facts->strings, info.text), str_from_cstr(cause)));
    assert_true(str_eq(text_at(read, info.loc), str_from_cstr(decided_at)));
}

/* Row an element of a list refers to. */
static fact_row element(const struct read *read, enum fact_kind kind, fact_row row, unsigned field,
                        uint32_t index)
{
    struct fact_cell list = facts_get(read->facts, kind, row, field);
    assert_true(index < fact_list_count(list.value));
    return (fact_row)facts_list_at(read->facts, list.value, index).value;
}

static void an_unknown_user_names_its_argument(void **state)
{
    struct read read;
    (void)state;
    read_file(&read, "FROM alpine:3.20\nARG APP_USER\nUSER $APP_USER\n");
    assert_int_equal(read.status, PLIM_STATUS_OK);
    assert_unknown(&read, FACT_KIND_user, 0, FIELD_user_uid, "APP_USER has no default", "APP_USER");
    assert_unknown(&read, FACT_KIND_user, 0, FIELD_user_is_root, "APP_USER has no default",
                   "APP_USER");
    struct fact_cell user = facts_get(read.facts, FACT_KIND_stage, 0, FIELD_stage_user);
    assert_int_equal(user.state, FACT_PRESENT);
    assert_true(str_eq(text_at(&read, user.loc), STR("USER $APP_USER")));
    assert_unknown(&read, FACT_KIND_stage, 0, FIELD_stage_cmd, "only the base image can tell",
                   "FROM alpine:3.20");
    assert_str(&read, FACT_KIND_image_ref, 0, FIELD_image_ref_tag, "3.20", "alpine:3.20");
    assert_str(&read, FACT_KIND_image_ref, 0, FIELD_image_ref_repository, "library/alpine",
               "alpine:3.20");
    release(&read);
}

static void users_are_split(void **state)
{
    static const struct {
        const char *user;
        enum fact_state uid;
        uint64_t number;
        bool root;
    } cases[] = {
        {"root", FACT_PRESENT, 0, true},         {"0:0", FACT_PRESENT, 0, true},
        {"00", FACT_PRESENT, 0, true},           {"app", FACT_ABSENT, 0, false},
        {"1000:app", FACT_PRESENT, 1000, false}, {"1000:$G", FACT_PRESENT, 1000, false},
        {"\"\"", FACT_PRESENT, 0, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct read read;
        struct buf text;
        buf_init(&text, NULL, 1000);
        buf_printf(&text, "FROM a\nUSER %s\n", cases[i].user);
        read_file(&read, buf_view(&text).ptr);
        struct fact_cell uid = facts_get(read.facts, FACT_KIND_user, 0, FIELD_user_uid);
        assert_int_equal(uid.state, cases[i].uid);
        assert_int_equal(uid.value, cases[i].number);
        assert_int_equal(facts_get(read.facts, FACT_KIND_user, 0, FIELD_user_is_root).value,
                         cases[i].root);
        release(&read);
        buf_release(&text);
    }
}

static void words_of_joined_lines_have_exact_places(void **state)
{
    struct read read;
    (void)state;
    read_file(&read, "FROM a\nRUN apt-get update && \\\n    # why\n    apt-get install \\\n"
                     "      curl=1.2\nCMD [\"a\", \"b\\u0063\"]\n");
    assert_int_equal(read.facts->tables[FACT_KIND_command].count, 3);
    fact_row install = element(&read, FACT_KIND_run, 0, FIELD_run_commands, 1);
    assert_str(&read, FACT_KIND_command, install, FIELD_command_name, "apt-get", "apt-get");
    fact_row package = element(&read, FACT_KIND_command, install, FIELD_command_packages, 0);
    assert_str(&read, FACT_KIND_package, package, FIELD_package_name, "curl", "curl=1.2");
    assert_str(&read, FACT_KIND_command, 2, FIELD_command_name, "a", "a");
    assert_str(&read, FACT_KIND_comment, 0, FIELD_comment_text, "why", "# why");
    release(&read);
}

static void heredocs_are_scripts(void **state)
{
    struct read read;
    (void)state;
    read_file(&read, "FROM a\nRUN <<-EOF\n\tcurl x\n\tEOF\nRUN cat <<X && true\nbody\nX\n"
                     "RUN <<P\n#!/usr/bin/env python3\nprint(1)\nP\n");
    fact_row curl = element(&read, FACT_KIND_run, 0, FIELD_run_commands, 0);
    assert_str(&read, FACT_KIND_command, curl, FIELD_command_name, "curl", "curl");
    struct fact_cell second = facts_get(read.facts, FACT_KIND_run, 1, FIELD_run_commands);
    assert_int_equal(fact_list_count(second.value), 2);
    assert_int_equal(facts_get(read.facts, FACT_KIND_run, 1, FIELD_run_parsed).value, 1);
    assert_int_equal(facts_get(read.facts, FACT_KIND_run, 2, FIELD_run_posix).value, 0);
    assert_str(&read, FACT_KIND_heredoc, 2, FIELD_heredoc_interpreter, "python3",
               "#!/usr/bin/env python3\nprint(1)\n");
    release(&read);
}

static void heredocs_are_sources_and_triggers(void **state)
{
    struct read read;
    (void)state;
    read_file(&read, "FROM a\nCOPY <<'ab' x /d\nbody\nab\nONBUILD RUN <<E\nls\nE\n");
    assert_str(&read, FACT_KIND_copied_file, 0, FIELD_copied_file_path, "ab", "<<'ab'");
    assert_int_equal(facts_get(read.facts, FACT_KIND_copied_file, 0, FIELD_copied_file_kind).value,
                     MEMBER_source_kind_heredoc);
    assert_int_equal(facts_get(read.facts, FACT_KIND_copied_file, 1, FIELD_copied_file_kind).value,
                     MEMBER_source_kind_path);
    assert_str(&read, FACT_KIND_command, 0, FIELD_command_name, "ls", "ls");
    assert_int_equal(read.facts->tables[FACT_KIND_heredoc].count, 2);
    release(&read);
}

static void inherited_state_keeps_its_place(void **state)
{
    struct read read;
    (void)state;
    read_file(&read, "FROM a AS base\nENV K=v\nLABEL l=m\nEXPOSE 80\nUSER bob\nWORKDIR /w\n"
                     "FROM base\nENV K=w\n");
    struct fact_cell user = facts_get(read.facts, FACT_KIND_stage, 1, FIELD_stage_user);
    assert_true(str_eq(text_at(&read, user.loc), STR("USER bob")));
    assert_str(&read, FACT_KIND_stage, 1, FIELD_stage_workdir, "/w", "/w");
    fact_row label = element(&read, FACT_KIND_stage, 1, FIELD_stage_labels, 0);
    assert_str(&read, FACT_KIND_label, label, FIELD_label_value, "m", "m");
    fact_row variable = element(&read, FACT_KIND_stage, 1, FIELD_stage_env, 0);
    assert_str(&read, FACT_KIND_variable, variable, FIELD_variable_value, "w", "w");
    struct fact_cell base = facts_get(read.facts, FACT_KIND_stage, 1, FIELD_stage_base_stage);
    assert_int_equal(base.value, 0);
    struct fact_cell image = facts_get(read.facts, FACT_KIND_stage, 1, FIELD_stage_root_image);
    assert_int_equal(image.state, FACT_PRESENT);
    release(&read);
}

static void problems_are_rows_and_diagnostics(void **state)
{
    struct read read;
    (void)state;
    read_file(&read, "FROM a\nFOO x\nRUN --nope x\nCOPY --from=7 a b\nFROM b\n");
    assert_int_equal(read.status, PLIM_STATUS_OK);
    assert_int_equal(read.facts->tables[FACT_KIND_problem].count, 3);
    assert_int_equal(read.diags.count, 3);
    assert_str(&read, FACT_KIND_problem, 0, FIELD_problem_code, "D0201", "FOO");
    assert_str(&read, FACT_KIND_problem, 1, FIELD_problem_code, "D0202", "--nope");
    assert_str(&read, FACT_KIND_problem, 2, FIELD_problem_message, "invalid stage index 7", "7");
    assert_int_equal(facts_get(read.facts, FACT_KIND_instruction, 1, FIELD_instruction_known).value,
                     0);
    release(&read);
}

static void dispatch_problems_of_unneeded_stages_do_not_stop_a_build(void **state)
{
    struct read read;
    (void)state;
    read_file(&read, "FROM a AS unused\nEXPOSE x\nFROM b\nEXPOSE y\n");
    assert_int_equal(facts_get(read.facts, FACT_KIND_problem, 0, FIELD_problem_fatal).value, 0);
    assert_int_equal(facts_get(read.facts, FACT_KIND_problem, 1, FIELD_problem_fatal).value, 1);
    release(&read);
}

static void what_is_no_dockerfile_is_refused(void **state)
{
    static const char *const cases[] = {"", "# only\n", "package main\nfunc x\n", "\xFF\xFE\x00"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct read read;
        read_file(&read, cases[i]);
        assert_int_equal(read.status, PLIM_STATUS_INPUT);
        assert_true(read.diags.errors + read.diags.warnings > 0);
        release(&read);
    }
}

/* Cells that are always there must be there, and places must lie in the file. */
static void check_row(const struct read *read, enum fact_kind kind, fact_row row, size_t size)
{
    const struct fact_kind_info *info = schema_kind(kind);
    for (unsigned field = 0; field < info->field_count; field++) {
        struct fact_cell cell = facts_get(read->facts, kind, row, field);
        bool optional = info->fields[field].cardinality == FACT_OPT;
        if (cell.state == FACT_ABSENT && !optional) {
            fail_msg("%.*s.%.*s is absent", STR_FMT(info->name), STR_FMT(info->fields[field].name));
        }
        struct span span = facts_span(read->facts, cell.loc);
        assert_true(cell.state == FACT_ABSENT || (span.start <= span.end && span.end <= size));
    }
}

static void rows_are_whole_whatever_the_file_holds(void **state)
{
    static const char *const cases[] = {
        "FROM\nUSER\nWORKDIR\nCOPY\nADD x\nEXPOSE\nVOLUME\nENV\nENV A\nLABEL\nARG\nHEALTHCHECK\n"
        "SHELL\nSHELL x\nONBUILD\nSTOPSIGNAL\nMAINTAINER\nRUN\nCMD\nENTRYPOINT\n",
        "USER x\nWORKDIR y\nCOPY a b\nRUN z\nENV A=b\nEXPOSE 80\nLABEL a=b\nVOLUME x\nCMD x\n",
        "FROM $A AS x\nFROM --platform=$X ${B} AS y\nCOPY --from=x $A ${B:-http://x} $C\n"
        "ADD --unpack=no git@h:x/y.git http://h/x.git#a ../up /abs *.tar.gz d\n"
        "EXPOSE $P 1-2/udp x [::1]:1:1\nVOLUME $V [\"a\"]\nUSER $U:g\nWORKDIR $W\n",
        "FROM a\nONBUILD USER x\nONBUILD ENV A=b\nONBUILD ONBUILD RUN x\nONBUILD COPY a b\n"
        "ONBUILD EXPOSE 80\nONBUILD HEALTHCHECK CMD [\"x\"]\nONBUILD VOLUME [\"/x\"]\n",
        "FROM a\nRUN <<A <<B\n1\nA\n2\nRUN x\n",
        "FROM a\nHEALTHCHECK --retries=x --interval=1d CMD\nHEALTHCHECK NONE\nHEALTHCHECK FOO x\n"
        "CMD [\"unterminated\nENTRYPOINT ['a']\nSHELL [\"powershell\", \"-c\"]\nRUN Get-X | Y\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct read read;
        read_file(&read, cases[i]);
        assert_int_equal(read.status, PLIM_STATUS_OK);
        for (int kind = FACT_KIND_project + 1; kind < FACT_KIND_COUNT; kind++) {
            for (fact_row row = 0; row < read.facts->tables[kind].count; row++) {
                check_row(&read, (enum fact_kind)kind, row, strlen(cases[i]));
            }
        }
        release(&read);
    }
}

static plim_status read_everything(const plim_allocator *allocator, void *user)
{
    struct facts *facts = NULL;
    struct df_facts reader = {0};
    source_id source = 0;
    fact_row row = 0;
    (void)user;
    plim_status status = facts_new(&facts, allocator, 0, 7);
    if (status == PLIM_STATUS_OK) {
        status = df_facts_init(&reader, facts, allocator, NULL);
    }
    if (status == PLIM_STATUS_OK) {
        status = source_add(
            &facts->sources, &source, STR("Dockerfile"),
            STR("# syntax=a/b\nARG V=1\nFROM a:$V AS s\nENV A=1 B=$A\nLABEL l=m\nEXPOSE 80\n"
                "RUN apt-get update && \\\n apt-get install x\nRUN <<E\nls\nE\nFROM s\n"
                "COPY --from=s a b\nUSER $U\nCMD [\"a\"]\nFOO\nHEALTHCHECK CMD curl x\n"));
    }
    if (status == PLIM_STATUS_OK) {
        status = df_facts_add(&reader, source, NULL, &row);
    }
    df_facts_release(&reader);
    facts_free(facts);
    return status;
}

static void failing_allocations_end_in_nomem(void **state)
{
    (void)state;
    fault_alloc_run(read_everything, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_user_names_its_argument),
        cmocka_unit_test(users_are_split),
        cmocka_unit_test(words_of_joined_lines_have_exact_places),
        cmocka_unit_test(heredocs_are_scripts),
        cmocka_unit_test(heredocs_are_sources_and_triggers),
        cmocka_unit_test(inherited_state_keeps_its_place),
        cmocka_unit_test(problems_are_rows_and_diagnostics),
        cmocka_unit_test(dispatch_problems_of_unneeded_stages_do_not_stop_a_build),
        cmocka_unit_test(what_is_no_dockerfile_is_refused),
        cmocka_unit_test(rows_are_whole_whatever_the_file_holds),
        cmocka_unit_test(failing_allocations_end_in_nomem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
