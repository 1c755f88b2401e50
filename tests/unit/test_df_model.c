/* SPDX-License-Identifier: Apache-2.0
 *
 * test_df_model.c - stages: bases, inheritance, scopes, references, reachability, triggers.
 */
#include "facts/dockerfile/df_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/buf.h"
#include "facts/dockerfile/df_parse.h"
#include "facts/dockerfile/df_problem.h"
#include "fault_alloc.h"

struct built {
    struct arena arena;
    struct df_file file;
    struct df_model model;
    struct df_build_options options;
};

static void build_with(struct built *out, const char *text, struct df_build_options options)
{
    arena_init(&out->arena, NULL, 0);
    out->options = options;
    assert_int_equal(df_parse(&out->file, &out->arena, str_from_cstr(text)), PLIM_STATUS_OK);
    assert_int_equal(df_model_build(&out->model, &out->arena, &out->file, &out->options),
                     PLIM_STATUS_OK);
}

static void build(struct built *out, const char *text)
{
    build_with(out, text, (struct df_build_options){0});
}

static void release(struct built *out)
{
    arena_release(&out->arena);
}

static const struct df_stage *final_stage(const struct built *built)
{
    static const struct df_stage none;
    const struct df_stage *final = df_model_final(&built->model);
    assert_non_null(final);
    return final != NULL ? final : &none;
}

static bool reports(const struct built *built, const char *start)
{
    for (const struct df_problem *at = built->file.problems; at != NULL; at = at->next) {
        if (str_starts_with(at->message, str_from_cstr(start))) {
            return true;
        }
    }
    return false;
}

/* Result of the last instruction of the file. */
static const struct df_result *last_result(const struct built *built)
{
    uint32_t slot = 0;
    for (const struct df_instruction *at = built->file.instructions; at != NULL; at = at->next) {
        slot = at->slot;
    }
    return &built->model.results[slot];
}

static void bases_are_resolved(void **state)
{
    static const struct {
        const char *text;
        enum df_base_kind kind;
        const char *base;
        const char *problem;
    } cases[] = {
        {"FROM a:1", DF_BASE_IMAGE, "a:1", NULL},
        {"FROM scratch", DF_BASE_SCRATCH, "scratch", NULL},
        {"FROM Scratch", DF_BASE_IMAGE, "Scratch", "failed to parse stage name"},
        {"FROM a AS Base\nFROM base", DF_BASE_STAGE, "base", NULL},
        {"FROM a AS Base\nFROM Base", DF_BASE_IMAGE, "Base", "failed to parse stage name"},
        {"FROM x AS x", DF_BASE_IMAGE, "x", NULL},
        {"ARG V=1\nFROM a:$V", DF_BASE_IMAGE, "a:1", NULL},
        {"ARG A=1\nARG B=${A}2\nFROM a:$B", DF_BASE_IMAGE, "a:12", NULL},
        {"ARG V\nFROM a:$V", DF_BASE_UNKNOWN, "a:", NULL},
        {"ARG V\nFROM a:${V:-3}", DF_BASE_IMAGE, "a:3", NULL},
        {"FROM $NOPE", DF_BASE_BAD, "", "base name ("},
        {"FROM a:$TARGETARCH", DF_BASE_UNKNOWN, "a:", NULL},
        {"FROM a:$TARGETSTAGE AS end", DF_BASE_IMAGE, "a:end", NULL},
        {"FROM \"a\"", DF_BASE_IMAGE, "a", NULL},
        {"FROM 'a", DF_BASE_UNKNOWN, "", "failed to process"},
        {"FROM", DF_BASE_BAD, "", "FROM requires"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct built built;
        build(&built, cases[i].text);
        const struct df_stage *last = final_stage(&built);
        assert_int_equal(last->base_kind, cases[i].kind);
        if (cases[i].problem != NULL) {
            assert_true(reports(&built, cases[i].problem));
        } else {
            assert_null(built.file.problems);
            assert_true(str_eq(last->base.text, str_from_cstr(cases[i].base)));
        }
        release(&built);
    }
}

static void build_arguments_win(void **state)
{
    static const struct df_build_arg args[] = {{{"V", 1}, {"9", 1}}, {{"U", 1}, {"bob", 3}}};
    struct built built;
    (void)state;
    build_with(&built, "ARG V=1\nFROM a:$V AS first\nARG U=x\nARG V\nUSER $U$V\n",
               (struct df_build_options){.args = args, .arg_count = 2});
    const struct df_stage *last = final_stage(&built);
    assert_true(str_eq(last->base.text, STR("a:9")));
    assert_true(last->default_valid);
    assert_true(str_eq(last_result(&built)->args[0].text, STR("bob9")));
    release(&built);
}

static void the_target_can_be_named(void **state)
{
    struct built built;
    (void)state;
    build_with(&built, "FROM a AS one\nFROM b AS two\n",
               (struct df_build_options){.target = STR("ONE")});
    assert_int_equal(built.model.final, 0);
    assert_true(built.model.stages[0].reachable);
    assert_false(built.model.stages[1].reachable);
    release(&built);
    build_with(&built, "FROM a AS one\n", (struct df_build_options){.target = STR("three")});
    assert_true(reports(&built, "target stage \"three\" could not be found"));
    release(&built);
}

/* What the argument of the last instruction becomes. */
static void variables_follow_the_scopes(void **state)
{
    static const struct {
        const char *text;
        enum df_value_state state;
        const char *out; /* value, or start of the cause */
    } cases[] = {
        {"FROM a\nARG U=x\nUSER $U", DF_VALUE_KNOWN, "x"},
        {"FROM a\nARG U\nUSER $U", DF_VALUE_UNKNOWN, "U has no default"},
        {"FROM a\nARG U\nUSER ${U:-app}", DF_VALUE_KNOWN, "app"},
        {"FROM a\nUSER $U", DF_VALUE_UNKNOWN, "U can only come from the base image"},
        {"FROM scratch\nUSER x$U", DF_VALUE_KNOWN, "x"},
        {"ARG U=g\nFROM a\nUSER $U", DF_VALUE_UNKNOWN, "U is a global ARG that this stage"},
        {"ARG U=g\nFROM a\nARG U\nUSER $U", DF_VALUE_KNOWN, "g"},
        {"ARG U=g\nFROM a\nARG U=s\nUSER $U", DF_VALUE_KNOWN, "s"},
        {"FROM a\nARG TARGETARCH\nUSER $TARGETARCH", DF_VALUE_UNKNOWN, "TARGETARCH is known to"},
        {"FROM a\nENV U=e\nARG U\nUSER $U", DF_VALUE_KNOWN, "e"},
        {"FROM a\nENV U=e\nARG U=d\nUSER $U", DF_VALUE_KNOWN, "d"},
        {"FROM a\nARG U=d\nENV U=e\nUSER $U", DF_VALUE_KNOWN, "e"},
        {"FROM scratch\nENV A=1 B=x$A\nUSER $B", DF_VALUE_KNOWN, "x"},
        {"FROM a\nARG A=1 B=x$A\nUSER $B", DF_VALUE_KNOWN, "x1"},
        {"FROM a AS b\nARG U=x\nFROM b\nUSER $U", DF_VALUE_KNOWN, "x"},
        {"FROM a AS b\nENV U=x\nFROM c\nUSER $U", DF_VALUE_UNKNOWN, "U can only come"},
        {"FROM scratch\nUSER $PATH", DF_VALUE_KNOWN,
         "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
        {"FROM scratch\nENV A='x y' \"B\"=\\$A\nUSER $A$B", DF_VALUE_KNOWN, "x y$A"},
        {"FROM a\nUSER ${U:?needed", DF_VALUE_UNKNOWN, "its expansion fails"},
        {"FROM scratch\nUSER ${U:?needed}", DF_VALUE_UNKNOWN, "its expansion fails: U: needed"},
        {"FROM a AS b\nONBUILD ENV U=t\nFROM b\nUSER $U", DF_VALUE_KNOWN, "t"},
        {"FROM a AS b\nONBUILD ENV U=t\nFROM b AS c\nFROM c\nUSER $U", DF_VALUE_KNOWN, "t"},
        {"FROM a AS b\nONBUILD ENV U=t\nUSER $U", DF_VALUE_UNKNOWN, "U can only come"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct built built;
        build(&built, cases[i].text);
        const struct df_value *value = &last_result(&built)->args[0];
        assert_int_equal(value->state, cases[i].state);
        struct str expected = str_from_cstr(cases[i].out);
        assert_true(value->state == DF_VALUE_KNOWN ? str_eq(value->text, expected)
                                                   : str_starts_with(value->cause, expected));
        release(&built);
    }
}

static void directories_are_joined(void **state)
{
    static const struct {
        const char *text;
        enum df_value_state state;
        const char *out;
        bool after_absolute;
    } cases[] = {
        {"FROM scratch\nWORKDIR a/", DF_VALUE_KNOWN, "/a", false},
        {"FROM scratch\nWORKDIR /a/../b", DF_VALUE_KNOWN, "/a/../b", false},
        {"FROM scratch\nWORKDIR /a\nWORKDIR b/../c", DF_VALUE_KNOWN, "/a/c", true},
        {"FROM a\nWORKDIR b", DF_VALUE_UNKNOWN, "", false},
        {"FROM a\nWORKDIR /x\nWORKDIR b", DF_VALUE_KNOWN, "/x/b", true},
        {"FROM a AS p\nWORKDIR /x\nFROM p\nWORKDIR b", DF_VALUE_KNOWN, "/x/b", true},
        {"FROM a\nWORKDIR /x\nWORKDIR \"\"", DF_VALUE_KNOWN, "/x", true},
        {"FROM a\nWORKDIR C:\\\\x", DF_VALUE_KNOWN, "C:\\x", false},
        {"FROM a\nWORKDIR $D/x", DF_VALUE_UNKNOWN, "", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct built built;
        build(&built, cases[i].text);
        const struct df_result *result = last_result(&built);
        assert_int_equal(result->resolved.state, cases[i].state);
        if (result->resolved.state == DF_VALUE_KNOWN) {
            assert_true(str_eq(result->resolved.text, str_from_cstr(cases[i].out)));
        }
        assert_int_equal(result->after_absolute, cases[i].after_absolute);
        release(&built);
    }
}

static void commands_are_inherited_and_reset(void **state)
{
    static const struct {
        const char *text;
        enum df_value_state cmd;
        enum df_value_state entrypoint;
    } cases[] = {
        {"FROM a", DF_VALUE_UNKNOWN, DF_VALUE_UNKNOWN},
        {"FROM scratch", DF_VALUE_ABSENT, DF_VALUE_ABSENT},
        {"FROM a\nCMD x", DF_VALUE_KNOWN, DF_VALUE_UNKNOWN},
        {"FROM a\nENTRYPOINT x", DF_VALUE_ABSENT, DF_VALUE_KNOWN},
        {"FROM a\nCMD x\nENTRYPOINT x", DF_VALUE_KNOWN, DF_VALUE_KNOWN},
        {"FROM a AS b\nCMD x\nFROM b", DF_VALUE_KNOWN, DF_VALUE_UNKNOWN},
        {"FROM a AS b\nCMD x\nFROM b\nENTRYPOINT []", DF_VALUE_ABSENT, DF_VALUE_KNOWN},
        {"FROM a AS b\nONBUILD CMD x\nFROM b", DF_VALUE_KNOWN, DF_VALUE_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct built built;
        build(&built, cases[i].text);
        const struct df_stage *last = final_stage(&built);
        assert_int_equal(last->cmd.state, cases[i].cmd);
        assert_int_equal(last->entrypoint.state, cases[i].entrypoint);
        release(&built);
    }
}

/* Problems of references, and of what is judged when a stage is built. */
static void bad_references_and_arguments_are_reported(void **state)
{
    static const struct {
        const char *text;
        enum df_layer layer;
        const char *message;
    } cases[] = {
        {"FROM a\nCOPY --from=99 a b", DF_LAYER_STAGES, "invalid stage index 99"},
        {"FROM a\nCOPY --from=-1 a b", DF_LAYER_STAGES, "invalid stage index -1"},
        {"FROM a\nCOPY --from=$x a b", DF_LAYER_STAGES, "variable expansion is not supported"},
        {"FROM a\nCOPY --from=A:B:C a b", DF_LAYER_STAGES, "failed to parse stage name"},
        {"FROM a AS a\nCOPY --from=a a b", DF_LAYER_STAGES, "circular dependency detected"},
        {"FROM x AS a\nCOPY --from=b a b\nFROM x AS b\nCOPY --from=a a b", DF_LAYER_STAGES,
         "circular dependency detected"},
        {"FROM x AS a\nCOPY --from=b a b\nFROM x AS b", DF_LAYER_DISPATCH,
         "cannot copy from stage"},
        {"FROM x AS a\nRUN --mount=from=b,target=/x y\nFROM x AS b", DF_LAYER_DISPATCH,
         "cannot copy from stage"},
        {"FROM --platform= a", DF_LAYER_STAGES, "empty platform value"},
        {"FROM --platform=a/b/c/d a", DF_LAYER_STAGES, "failed to parse platform"},
        {"FROM --platform=nope a", DF_LAYER_STAGES, "failed to parse platform"},
        {"ARG A=1", DF_LAYER_STAGES, "dockerfile contains no stages to build"},
        {"FROM a\nRUN --mount=type=foo x", DF_LAYER_DISPATCH, "unsupported mount type \"foo\""},
        {"FROM a\nRUN --mount=foo=bar x", DF_LAYER_DISPATCH, "unexpected key in mount"},
        {"FROM a\nRUN --mount=target x", DF_LAYER_DISPATCH, "invalid field 'target'"},
        {"FROM a\nRUN --mount=ro=maybe x", DF_LAYER_DISPATCH, "invalid value in mount"},
        {"FROM a\nRUN --mount=required x", DF_LAYER_DISPATCH, "unexpected key for this mount"},
        {"FROM a\nRUN --mount=type=secret x", DF_LAYER_DISPATCH, "invalid secret mount"},
        {"FROM a\nEXPOSE x", DF_LAYER_DISPATCH, "invalid port \"x\""},
        {"FROM a\nSTOPSIGNAL SIGNOPE", DF_LAYER_DISPATCH, "invalid signal: SIGNOPE"},
        {"FROM a\nCOPY http://x/y z", DF_LAYER_DISPATCH, "source can't be a URL for COPY"},
        {"FROM a\nCOPY git@h:p z", DF_LAYER_DISPATCH, "source can't be a git ref for COPY"},
        {"FROM a\nCOPY --chmod=99 y z", DF_LAYER_DISPATCH, "invalid chmod parameter: 99"},
        {"FROM a\nUSER ${A:=x}", DF_LAYER_DISPATCH, "failed to process \"${A:=x}\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct built built;
        build(&built, cases[i].text);
        const struct df_problem *problem = df_problem_first(&built.file, cases[i].layer);
        assert_true(problem != NULL &&
                    str_starts_with(problem->message, str_from_cstr(cases[i].message)));
        release(&built);
    }
}

static void mounts_have_the_builders_defaults(void **state)
{
    struct built built;
    (void)state;
    build(&built, "FROM a AS s\nARG T=/t\nRUN --mount=target=$T --mount=type=cache,dst=/c"
                  " --mount=type=secret,id=k,env=K,required --mount=type=tmpfs,target=/m,ro=1"
                  " --mount=from=S,src=/a,target=/b,rw x\n");
    const struct df_result *run = last_result(&built);
    assert_int_equal(run->mount_count, 5);
    const struct df_mount *mounts = run->mounts;
    assert_int_equal(mounts[0].type, DF_MOUNT_BIND);
    assert_true(mounts[0].read_only);
    assert_true(str_eq(mounts[0].target.text, STR("/t")));
    assert_int_equal(mounts[1].type, DF_MOUNT_CACHE);
    assert_false(mounts[1].read_only);
    assert_true(str_eq(mounts[1].id.text, STR("/c")));
    assert_true(mounts[2].required);
    assert_true(str_eq(mounts[2].env.text, STR("K")));
    assert_true(mounts[3].read_only);
    assert_int_equal(mounts[4].from.kind, DF_SOURCE_STAGE);
    assert_false(mounts[4].read_only);
    release(&built);
}

static void stages_that_are_not_needed_are_told_apart(void **state)
{
    struct built built;
    (void)state;
    build(&built, "FROM a AS base\nFROM b AS unused\nFROM c AS tools\nFROM base\n"
                  "RUN --mount=from=tools,target=/t x\n");
    static const bool reachable[] = {true, false, true, true};
    static const bool shipped[] = {true, false, false, true};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(built.model.stages[i].reachable, reachable[i]);
        assert_int_equal(built.model.stages[i].shipped, shipped[i]);
    }
    release(&built);
}

/* `count` stages, each built on the one before. */
static void build_chain(uint32_t count, bool refused)
{
    struct built built;
    struct buf text;
    buf_init(&text, NULL, 1 << 20);
    buf_append(&text, STR("FROM a AS s0\n"));
    for (uint32_t i = 1; i < count; i++) {
        buf_printf(&text, "FROM s%u AS s%u\n", i - 1, i);
    }
    build(&built, buf_view(&text).ptr);
    assert_int_equal(reports(&built, "more than 2000 stages"), refused);
    assert_int_equal(built.model.stage_count, refused ? DF_STAGES_MAX : count);
    assert_true(built.model.stages[0].shipped);
    release(&built);
    buf_release(&text);
}

static void stages_are_limited(void **state)
{
    (void)state;
    build_chain(DF_STAGES_MAX - 1, false);
    build_chain(DF_STAGES_MAX, false);
    build_chain(DF_STAGES_MAX + 1, true);
}

static void growing_arguments_end_in_one_problem(void **state)
{
    struct built built;
    struct buf text;
    size_t problems = 0;
    (void)state;
    buf_init(&text, NULL, 1 << 20);
    buf_append(&text, STR("FROM scratch\nENV A=0123456789\n"));
    for (int i = 0; i < 500; i++) {
        buf_append(&text, STR("ENV A=$A$A\n"));
    }
    buf_append(&text, STR("USER $A\n"));
    build(&built, buf_view(&text).ptr);
    for (const struct df_problem *at = built.file.problems; at != NULL; at = at->next) {
        assert_true(at->message.len < (size_t)DF_PROBLEM_QUOTE_MAX * 3);
        problems++;
    }
    assert_int_equal(problems, 1);
    assert_int_equal(last_result(&built)->args[0].state, DF_VALUE_UNKNOWN);
    release(&built);
    buf_release(&text);
}

static plim_status build_everything(const plim_allocator *allocator, void *user)
{
    struct arena arena;
    struct df_file file;
    struct df_model model;
    struct df_build_options options = {0};
    (void)user;
    arena_init(&arena, allocator, 0);
    plim_status status = df_parse(
        &file, &arena,
        STR("ARG V=1\nFROM --platform=$BUILDPLATFORM a:$V AS Base\nARG V W=$V\nENV A=$W B=$Q C=x\n"
            "WORKDIR x\nWORKDIR /y\nUSER $A:$Z\nEXPOSE $P 80-82\nVOLUME $A /b\nLABEL a=$A\n"
            "ONBUILD ENV D=$A\nSTOPSIGNAL x\nFROM base\nCOPY --from=0 --chmod=9 $D ${A#x} /\n"
            "COPY --from=base a b\nRUN --mount=type=cache,target=$A,x=y z\nUSER ${Q?x}\n"));
    if (status == PLIM_STATUS_OK) {
        status = df_model_build(&model, &arena, &file, &options);
    }
    if (status == PLIM_STATUS_OK) {
        assert_int_equal(model.stage_count, 2);
        assert_true(model.stages[0].reachable);
    }
    arena_release(&arena);
    return status;
}

static void failing_allocations_end_in_nomem(void **state)
{
    (void)state;
    fault_alloc_run(build_everything, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bases_are_resolved),
        cmocka_unit_test(build_arguments_win),
        cmocka_unit_test(the_target_can_be_named),
        cmocka_unit_test(variables_follow_the_scopes),
        cmocka_unit_test(directories_are_joined),
        cmocka_unit_test(commands_are_inherited_and_reset),
        cmocka_unit_test(bad_references_and_arguments_are_reported),
        cmocka_unit_test(mounts_have_the_builders_defaults),
        cmocka_unit_test(stages_that_are_not_needed_are_told_apart),
        cmocka_unit_test(stages_are_limited),
        cmocka_unit_test(growing_arguments_end_in_one_problem),
        cmocka_unit_test(failing_allocations_end_in_nomem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
