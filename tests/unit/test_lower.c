/* SPDX-License-Identifier: Apache-2.0
 *
 * test_lower.c - the code of each construct, guards of units, limits: compiler/lower_*.c, emit.c.
 * What the code does is tested where it runs; here its shape is pinned, so that a change of it is
 * seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/disasm.h"
#include "tests/unit/compile_help.h"

/* Parameters and a helper for the cases, and the head of their rule. */
#define PREFIX                                                                                     \
    "param p : list<string> = [\"x\"]\n"                                                           \
    "param q : int = 3\n"                                                                          \
    "def is-x(n: string, f: bool) = n == \"x\" and f\n"                                            \
    "def is-a(n: string) = n == \"a\"\n"                                                           \
    "def both(a: bool, b: bool) = a and b\n"
#define RULE(body) PREFIX COMPILE_RULE("for s in stage\n" body)

static void check_codes(const struct compile_case *cases, size_t count)
{
    struct buf code;
    buf_init(&code, NULL, 1 << 16);
    for (size_t i = 0; i < count; i++) {
        compile_help_code(&code, cases[i].text);
        assert_string_equal(code.data, cases[i].summary);
    }
    buf_release(&code);
}

static void values_and_conditions(void **state)
{
    (void)state;
    static const struct compile_case cases[] = {
        {RULE("deny when s.is-final at s message \"{s.label}\""),
         "FIELD JF ROWLOC AT UNDEC JNT TEXT FIELD PUT EMIT END"},
        {RULE("deny when s.is-final and s.reachable at s message \"x\""),
         "FIELD JF FIELD JF AND3 ROWLOC AT UNDEC JNT TEXT PUTK EMIT END"},
        {RULE("deny when s.is-final or s.reachable at s message \"x\""),
         "FIELD JT FIELD OR3 JF ROWLOC AT UNDEC JNT TEXT PUTK EMIT END"},
        {RULE("deny when not (s.is-final and s.reachable) at s message \"x\""),
         "FIELD JF FIELD AND3 NOT3 JF ROWLOC AT UNDEC JNT TEXT PUTK EMIT END"},
        {RULE("deny when s.index != 3 and 5 >= s.index at s message \"x\""),
         "FIELD KINT EQI NOT3 JF FIELD KINT LEI JF AND3 ROWLOC AT UNDEC JNT TEXT PUTK "
         "EMIT END"},
        {RULE("deny when s.label == \"a\" and s.label in [\"b\"] and s.label in s.shell at s "
              "message \"x\""),
         "FIELD KSTR EQ JF FIELD KSET INSET JF AND3 FIELD FIELD INLIST JF AND3 ROWLOC AT "
         "UNDEC JNT TEXT PUTK EMIT END"},
        {RULE("deny when s.label matches \"a\" or s.label like \"b\" at s message \"x\""),
         "FIELD KPAT MATCH JT FIELD KPAT MATCH OR3 JF ROWLOC AT UNDEC JNT TEXT PUTK EMIT "
         "END"},
        {RULE("deny when has s.base-image.tag and (s.name default \"\") == \"x\" at s message "
              "\"x\""),
         "FIELD HAS JF FIELD KSTR DEFAULT KSTR EQ JF AND3 ROWLOC AT UNDEC JNT TEXT PUTK "
         "EMIT END"},
        {RULE("deny when count(s.runs) > s.index at s message \"{first(s.runs)}\""),
         "FIELD I2C FIELD COUNT LTC JF ROWLOC AT UNDEC JNT TEXT FIELD FIRST PUT EMIT END"},
        {RULE("deny when starts-with(lower(s.label), \"a\") at s message \"x\""),
         "FIELD CALL KSTR CALL JF ROWLOC AT UNDEC JNT TEXT PUTK EMIT END"},
        {RULE("deny when is-x(s.label, s.is-final) at s message \"x\""),
         "FIELD FIELD KSTR EQ JF AND3 JF ROWLOC AT UNDEC JNT TEXT PUTK EMIT END"},
        {RULE("deny when s.label in p and s.index < q and count(p) > 0 at s message \"{p}\""),
         "FIELD KPARAM INSET JF FIELD KPARAM LTI JF AND3 KINT I2C KPARAM SETSIZE LTC JF "
         "AND3 ROWLOC AT UNDEC JNT TEXT KPARAM PUT EMIT END"},
        {RULE("let n = s.name deny when has n and n == \"x\" at n message \"x\""),
         "FIELD ISSET JF KSTR EQ JF AND3 FIELDLOC AT UNDEC JNT TEXT PUTK EMIT END"},
    };
    check_codes(cases, sizeof cases / sizeof cases[0]);
}

static void lists(void **state)
{
    (void)state;
    static const struct compile_case cases[] = {
        {RULE("deny when any r in s.runs: r.posix at s message \"x\""),
         "FIELD ISUNK ITER FOR SKIP FIELD OR3 JT LOOP JF ROWLOC AT UNDEC JNT TEXT PUTK EMIT END"},
        {RULE("deny when all r in s.runs: r.posix at s message \"x\""),
         "FIELD ISUNK NOT3 ITER FOR SKIP FIELD AND3 JF LOOP JF ROWLOC AT UNDEC JNT TEXT PUTK EMIT "
         "END"},
        {RULE("deny when no r in s.runs: r.posix at s message \"x\""),
         "FIELD ISUNK ITER FOR SKIP FIELD OR3 JT LOOP NOT3 JF ROWLOC AT UNDEC JNT TEXT PUTK EMIT "
         "END"},
        {RULE("deny when one r in s.runs: r.posix at s message \"x\""),
         "FIELD NEWLIST ITER FOR SKIP FIELD PUSH LOOP COUNT KINT I2C EQC JF ROWLOC AT UNDEC JNT "
         "TEXT PUTK EMIT END"},
        {RULE("deny when any r in (filter t in s.runs: t.parsed): r.posix at s message \"x\""),
         "FIELD NEWLIST ITER FOR SKIP FIELD PUSH LOOP ISUNK ITER FOR SKIP FIELD AND3 OR3 JT LOOP "
         "JF ROWLOC AT UNDEC JNT TEXT PUTK EMIT END"},
        {RULE("deny when count(filter t in s.runs: t.parsed) > 1 at s message \"x\""),
         "KINT I2C FIELD NEWLIST ITER FOR SKIP FIELD PUSH LOOP COUNT LTC JF ROWLOC AT UNDEC JNT "
         "TEXT PUTK EMIT END"},
        {RULE("deny when any w in [\"a\", \"b\"]: w == s.label at s message \"x\""),
         "KBOOL KSTR FIELD EQ OR3 JT KSTR FIELD EQ OR3 JT JF ROWLOC AT UNDEC JNT TEXT "
         "PUTK EMIT END"},
        {RULE("deny when all w in [\"a\"]: w == s.label at s message \"x\""),
         "KBOOL KSTR FIELD EQ AND3 JF JF ROWLOC AT UNDEC JNT TEXT PUTK EMIT END"},
    };
    check_codes(cases, sizeof cases / sizeof cases[0]);
}

static void clauses_and_arms(void **state)
{
    (void)state;
    static const struct compile_case cases[] = {
        {RULE("each r in s.runs deny when r.posix at r message \"x\""),
         "FIELD ISUNK JF FIELDLOC AT UNDEC ITER FOR SKIP FIELD JF AT UNDEC JNT TEXT PUTK EMIT LOOP "
         "END"},
        {RULE("where s.is-final each r in s.runs where r.posix deny when r.parsed at r message "
              "\"x\""),
         "FIELD JF FIELD ISUNK JF FIELDLOC AT UNDEC ITER FOR SKIP FIELD JF AND3 FIELD JF AND3 AT "
         "UNDEC JNT TEXT PUTK EMIT LOOP END"},
        {RULE("each r in (filter t in s.runs: t.posix) deny when r.parsed at r.network message "
              "\"x\""),
         "FIELD NEWLIST ITER FOR SKIP FIELD PUSH LOOP ISUNK JF ROWLOC AT UNDEC ITER FOR SKIP FIELD "
         "JF AND3 FIELDLOC AT UNDEC JNT TEXT PUTK EMIT LOOP END"},
        {RULE("deny a when s.is-final at s message \"x\" deny b when s.reachable at s message "
              "\"y\""),
         "FIELD JF ROWLOC AT UNDEC JNT TEXT PUTK EMIT FIELD JF ROWLOC AT UNDEC JNT TEXT "
         "PUTK EMIT END"},
        {RULE("where s.is-final deny when true at s.runs also at s \"l\" also at s also at s "
              "\"l{s.label}\" message \"x\" fix safe replace s.label with \"y{s.label}\" fix "
              "unsafe delete s fix safe insert before s \"z\""),
         "FIELD JF FIELDLOC AT UNDEC JNT ROWLOC ALSO ROWLOC ALSO TEXT PUTK FIELD PUT "
         "ROWLOC ALSO TEXT PUTK FIELD PUT FIELDLOC FIX TEXT ROWLOC FIX TEXT PUTK ROWLOC "
         "FIX TEXT PUTK EMIT END"},
        {RULE("deny c when false at s message \"x\" deny b when s.is-final at s message \"y\""),
         "FIELD JF ROWLOC AT UNDEC JNT TEXT PUTK EMIT END"},
    };
    check_codes(cases, sizeof cases / sizeof cases[0]);
}

/* A rule and its guard as the disassembler shows it, or an empty text. */
static const struct {
    const char *body;
    const char *guard;
} guards[] = {
    {"deny when s.label == \"a\" at s message \"x\"", ".label == \"a\""},
    {"deny when \"a\" == s.label at s message \"x\"", ".label == \"a\""},
    {"deny when s.label != \"a\" at s message \"x\"", ".label != \"a\""},
    {"where s.label in [\"a\", \"b\"] deny when s.is-final at s message \"x\"",
     ".label in set#2 [\"a\", \"b\"] and .is-final"},
    {"deny when not s.is-final and s.label == \"a\" at s message \"x\"",
     "not .is-final and .label == \"a\""},
    {"deny when s.label == \"a\" or s.label == \"b\" at s message \"x\"",
     "(.label == \"a\" or .label == \"b\")"},
    {"deny when not (s.label == \"a\" or s.is-final) at s message \"x\"",
     ".label != \"a\" and not .is-final"},
    {"deny when not (s.label == \"a\" and (s.is-final or s.shipped)) at s message \"x\"",
     "(.label != \"a\" or (not .is-final and not .shipped))"},
    {"deny a when s.label == \"a\" at s message \"x\" deny b when s.is-final at s message \"x\"",
     "(.label == \"a\" or .is-final)"},
    {"deny a when s.label == \"a\" and s.is-final at s message \"x\" deny b when s.shipped at s "
     "message \"x\"",
     "((.label == \"a\" and .is-final) or .shipped)"},
    {"deny a when s.label == \"a\" at s message \"x\" deny b when s.index == 1 at s message "
     "\"x\"",
     ""},
    {"let n = s.label where has s.name and s.name == \"a\" deny when n == \"b\" at s message \"x\"",
     "has .name and .name == \"a\" and .label == \"b\""},
    {"deny when s.label in p at s message \"x\"", ".label in set#0 [\"x\"]"},
    {"deny when not s.label in p at s message \"x\"", ".label not in set#0 [\"x\"]"},
    {"deny when s.label matches \"abc\" at s message \"x\"", ".label like regex \"abc\""},
    {"deny when not s.label like \"*abc*\" at s message \"x\"", ""},
    {"deny when s.label matches \"abc\" or s.index == 1 at s message \"x\"", ""},
    {"deny when any r in s.runs: r.posix at s message \"x\"", "some .runs"},
    {"deny when one r in s.runs: r.posix at s message \"x\"", "some .runs"},
    {"deny when not (all r in s.runs: r.posix) at s message \"x\"", "some .runs"},
    {"deny when all r in s.runs: r.posix at s message \"x\"", ""},
    {"deny when no r in s.runs: r.posix at s message \"x\"", ""},
    {"deny when not (one r in s.runs: r.posix) at s message \"x\"", ""},
    {"each r in s.runs deny when s.label == \"a\" at r message \"x\"", "some .runs"},
    {"where s.is-final each r in (filter q in s.runs: q.posix) deny when r.parsed at r message "
     "\"x\"",
     ".is-final and some .runs"},
    {"deny when s.index == 3 at s message \"x\"", ""},
    {"deny when s.dockerfile.label == \"a\" at s message \"x\"", ".dockerfile.label == \"a\""},
    {"deny when has s.base-stage and has s.base-stage.base-stage and "
     "s.base-stage.base-stage.is-final at s message \"x\"",
     "has .base-stage and has .base-stage.base-stage"},
    {"deny when is-a(s.label) and not both(s.is-final, s.shipped) at s message \"x\"",
     ".label == \"a\" and (not .is-final or not .shipped)"},
};

static void write_guard(struct buf *out, const struct program *program)
{
    struct buf text;
    buf_init(&text, NULL, 1 << 16);
    disasm_program(&text, program, 0);
    const char *where = strstr(text.data, "\n    where ");
    const char *registers = strstr(text.data, "\n    registers");
    buf_append_cstr(out, "");
    if (where != NULL) {
        where += strlen("\n    where ");
        buf_append(out, str_make(where, (size_t)(registers - where)));
    }
    buf_release(&text);
}

static void guards_hold_what_must_be_true(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof guards / sizeof guards[0]; i++) {
        struct buf text;
        buf_init(&text, NULL, 1 << 16);
        buf_printf(&text, "%s%sfor s in stage\n%s\n}\n", PREFIX, COMPILE_HEAD, guards[i].body);
        struct compile_help help;
        compile_help_init(&help, NULL, text.data);
        if (help.compiled == NULL) {
            fail_msg("%s", help.summary.data);
        }
        buf_clear(&text);
        write_guard(&text, help.compiled->program);
        if (strcmp(text.data, guards[i].guard) != 0) {
            fail_msg("%s\nexpected %s\nfound    %s", guards[i].body, guards[i].guard, text.data);
        }
        compile_help_release(&help);
        buf_release(&text);
    }
}

/* Repeats a piece of text, # being its number, between two others; checks what the compiler says.
 */
static void check_repeated(const char *before, const char *piece, const char *after, size_t count,
                           const char *summary)
{
    struct buf text;
    buf_init(&text, NULL, 1 << 20);
    buf_append_cstr(&text, before);
    for (size_t i = 0; i < count; i++) {
        for (const char *c = piece; *c != '\0'; c++) {
            if (*c == '#') {
                buf_append_u64(&text, i);
            } else {
                buf_append_char(&text, *c);
            }
        }
    }
    buf_append_cstr(&text, after);
    struct compile_help help;
    compile_help_init(&help, NULL, text.data);
    if (strstr(help.summary.data, summary) == NULL) {
        fail_msg("expected %s in %s", summary, help.summary.data);
    }
    assert_int_equal(help.compiled == NULL, summary[0] == 'E' || summary[0] == 'n');
    compile_help_release(&help);
    buf_release(&text);
}

static void limits_are_located_errors(void **state)
{
    (void)state;
    const char *end = "deny when s.is-final at s message \"{s}\" }\n";
    /* 256 registers: the row, one per let, and those that the arm needs. */
    check_repeated(COMPILE_HEAD "for s in stage\n", "let v# = s.is-final\n", end, 200, "");
    check_repeated(COMPILE_HEAD "for s in stage\n", "let v# = s.is-final\n", end, 254,
                   "E0406 1:6 rule `r` needs more than 256 registers");
    check_repeated(COMPILE_HEAD "for s in stage\n", "let v# = s.base-text\n", end, 254,
                   "E0406 1:6 rule `r` needs more than 256 registers");
    check_repeated(COMPILE_HEAD "for s in stage\n", "let v# = s.base-text\n", end, 256,
                   "E0406 258:1 a rule has at most 256 clauses");
    /* 8 loops inside each other. */
    check_repeated(COMPILE_HEAD "for s in stage\n", "each r# in s.runs\n", end, 8, "W0107");
    check_repeated(COMPILE_HEAD "for s in stage\n", "each r# in s.runs\n", end, 9,
                   "nests loops more than 8 deep");
    /* 64 arms. */
    check_repeated(COMPILE_HEAD "for s in stage\n",
                   "deny a# when s.index == # at s message \"{s}\"\n", "}\n", 64, "");
    check_repeated(COMPILE_HEAD "for s in stage\n",
                   "deny a# when s.index == # at s message \"{s}\"\n", "}\n", 65,
                   "E0406 1:6 a rule has at most 64 arms");
}

/* Doubling helpers: the code ends at its limit instead of filling the memory. */
static void inlining_is_bounded(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, NULL, 1 << 20);
    buf_append_cstr(&text, "def h0(n: string) = n == \"a\"\n");
    for (int i = 1; i < 30; i++) {
        buf_printf(&text, "def h%d(n: string) = h%d(n) or not h%d(n)\n", i, i - 1, i - 1);
    }
    buf_append_cstr(&text, COMPILE_HEAD "for s in stage deny when h29(s.label) at s message "
                                        "\"{s}\" }\n");
    struct compile_help help;
    compile_help_init(&help, NULL, text.data);
    assert_non_null(strstr(help.summary.data, "E0406 31:6 rule `r` needs too much code"));
    compile_help_release(&help);
    buf_clear(&text);
    for (int i = 0; i < 40; i++) {
        buf_printf(&text, "def h%d(n: string) = h%d(n)\n", i, i + 1);
    }
    buf_append_cstr(&text, "def h40(n: string) = n == \"a\"\n");
    compile_help_init(&help, NULL, text.data);
    assert_non_null(strstr(help.summary.data, "helpers use each other more than 32 deep"));
    compile_help_release(&help);
    buf_release(&text);
}

/* A helper within its own arguments, and one that returns its argument. */
static void helpers_keep_their_arguments_apart(void **state)
{
    (void)state;
    struct buf code;
    buf_init(&code, NULL, 1 << 16);
    compile_help_code(
        &code, "def pick(a: string, b: string) = a == b\n"
               "def same(a: string) = a\n" COMPILE_RULE(
                   "for s in stage deny when pick(same(s.label), same(same(s.base-text))) at "
                   "s message \"x\""));
    assert_string_equal(code.data, "FIELD MOVE FIELD MOVE MOVE EQ JF ROWLOC AT UNDEC JNT TEXT PUTK "
                                   "EMIT END");
    buf_release(&code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_conditions),
        cmocka_unit_test(lists),
        cmocka_unit_test(clauses_and_arms),
        cmocka_unit_test(guards_hold_what_must_be_true),
        cmocka_unit_test(limits_are_located_errors),
        cmocka_unit_test(inlining_is_bounded),
        cmocka_unit_test(helpers_keep_their_arguments_apart),
    };
    return cmocka_run_group_tests_name("lower", tests, NULL, NULL);
}
