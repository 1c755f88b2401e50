/* SPDX-License-Identifier: Apache-2.0
 *
 * test_sh_parse.c - trees of shell text in their golden form, gaps, places, depth, hostile texts
 * and failing allocations: facts/shell/sh_{lex,word,redir,build,parse,dump}.c and sh_grammar.y.
 */
#include "facts/shell/sh_parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "facts/shell/sh_dump.h"
#include "tests/unit/fault_alloc.h"

/* Text and its tree; a gap is followed by its place. */
static const struct {
    const char *text;
    const char *tree;
} trees[] = {
    /* words and quoting */
    {"echo hello", "(list (simple \"echo\" \"hello\"))"},
    {"echo 'it'\"'\"'s' \"a b\" \\$x a\\ b \"\"",
     "(list (simple \"echo\" \"it's\"q \"a b\"q \"$x\"q \"a b\"q \"\"q))"},
    {"echo \"$HOME\" $HOME ${HOME} ${x:-y} ${#x} ${!x} ${x%%.*} ${x/a/b} \"${a:+\"$b\"}\"",
     "(list (simple \"echo\" \"$HOME\"q$\"HOME \"$HOME\"$HOME \"${HOME}\"$HOME "
     "\"${x:-y}\"$x: \"${#x}\"$x# \"${!x}\"$x! \"${x%%.*}\"$x% \"${x/a/b}\"$x/ "
     "\"${a:+\\\"$b\\\"}\"q$\"a:$\"b))"},
    {"echo $1 $@ $# $? $$ $! $- $10 \"$*\" $ \"$\" a$",
     "(list (simple \"echo\" \"$1\"$1 \"$@\"$@ \"$#\"$# \"$?\"$? \"$$\"$$ \"$!\"$! \"$-\"$- "
     "\"$10\"$1 \"$*\"q$\"* \"$\" \"$\"q \"a$\"))"},
    {"echo $'tab\\tquote\\'' $\"tr\"", "(list (simple \"echo\" \"tab\tquote'\"q \"tr\"q))"},
    {"echo *.c a? [ab]* ~ ~/x a~b {a,b} {1..3} {a} {}",
     "(list (simple \"echo\" \"*.c\"g \"a?\"g \"[ab]*\"g \"~\"t \"~/x\"t \"a~b\" \"{a,b}\"b "
     "\"{1..3}\"b \"{a}\" \"{}\"))"},
    {"echo @(a|b) !(x) +(y)z", "(list (simple \"echo\" \"@(a|b)\"g \"!(x)\"g \"+(y)z\"g))"},
    {"a\\\\nb echo x\\\\ny", "(list (simple \"a\\\\nb\"q \"echo\" \"x\\\\ny\"q))"},
    {"echo \"a\\\\nb\" \"\\$x \\\\ \\\" \\q\"",
     "(list (simple \"echo\" \"a\\\\nb\"q \"$x \\\\ \\\" \\\\q\"q))"},
    {"echo a#b # comment", "(list (simple \"echo\" \"a#b\"))"},
    {"# only comment", "(list)"},
    {"x=1", "(list (simple =\"x=1\"))"},
    {"A=1 B=\"$C\" cmd D=2 e+=3",
     "(list (simple =\"A=1\" =\"B=$C\"q$\"C \"cmd\" \"D=2\" \"e+=3\"))"},
    {"arr=(a \"b c\" $(d)) arr+=(x)",
     "(list (simple =\"arr=(a \\\"b c\\\" $(d))\"cA =\"arr+=(x)\"A $(list (simple \"d\"))))"},
    {"declare -a list=(1 2)", "(list (simple \"declare\" \"-a\" \"list=(1 2)\"A))"},
    {"export A=b; env | grep A",
     "(list (simple \"export\" \"A=b\") ; (pipe (simple \"env\") (simple \"grep\" \"A\")))"},
    /* expansions with commands */
    {"x=$(date) y=`id -u`",
     "(list (simple =\"x=$(date)\"c =\"y=`id -u`\"c $(list (simple \"date\")) $(list (simple "
     "\"id\" \"-u\"))))"},
    {"echo \"$(echo \"$(echo \"deep\")\")\"",
     "(list (simple \"echo\" \"$(echo \\\"$(echo \\\"deep\\\")\\\")\"qc $(list (simple "
     "\"echo\" \"$(echo \\\"deep\\\")\"qc $(list (simple \"echo\" \"deep\"q))))))"},
    {"echo `a \\`b\\` c`",
     "(list (simple \"echo\" \"`a \\\\`b\\\\` c`\"c $(list (simple \"a\" \"\\\\`b\\\\`\"c "
     "\"c\" $(list (simple \"b\"))))))"},
    {"echo $((1 + (2 * $x))) $(( $(n) ))",
     "(list (simple \"echo\" \"$((1 + (2 * $x)))\"a$x \"$(( $(n) ))\"ac $(list (simple "
     "\"n\"))))"},
    {"echo $((a); (b))",
     "(list (simple \"echo\" \"$((a); (b))\"c $(list (subshell (list (simple \"a\"))) ; "
     "(subshell (list (simple \"b\"))))))"},
    {"diff <(sort a) <(sort b) >(tee c)",
     "(list (simple \"diff\" \"<(sort a)\"c \"<(sort b)\"c \">(tee c)\"c <(list (simple "
     "\"sort\" \"a\")) <(list (simple \"sort\" \"b\")) <(list (simple \"tee\" \"c\"))))"},
    {"echo ${x:-$(y \"}\" z)}",
     "(list (simple \"echo\" \"${x:-$(y \\\"}\\\" z)}\"c$x: $(list (simple \"y\" \"}\"q "
     "\"z\"))))"},
    /* redirections */
    {"a > b 2>&1 < c >> d 3<> e >| f",
     "(list (simple \"a\" (1> \"b\") (2>& \"1\") (0< \"c\") (1>> \"d\") (3<> \"e\") (1> "
     "\"f\")))"},
    {"a &> all &>> more 2>/dev/null >&2 <&- 2> err",
     "(list (simple \"a\" (1&> \"all\") (1&> \"more\") (2> \"/dev/null\") (1>& \"2\") (0<& "
     "\"-\") (2> \"err\")))"},
    {"> empty", "(list (simple (1> \"empty\")))"},
    {"{ a; } > out 2>&1", "(list (group (list (simple \"a\")) (1> \"out\") (2>& \"1\")))"},
    {"cat <<< \"here $x\"", "(list (simple \"cat\" (0<<< \"here $x\"q$\"x)))"},
    {"cat <<A <<-'B' > x && y\na $(date)\nA\n\tb\n\tB\nz",
     "(list (simple \"cat\" (0<< \"A\" \"a $(date)\\n\") (0<< \"B\"q literal \"\tb\\n\") (1> "
     "\"x\")) && (simple \"y\") ; (simple \"z\"))"},
    {"cat <<\\E\n$x\nE", "(list (simple \"cat\" (0<< \"E\"q literal \"$x\\n\")))"},
    /* lists and pipelines */
    {"a && b || c; d & e",
     "(list (simple \"a\") && (simple \"b\") || (simple \"c\") ; (simple \"d\")& ; (simple "
     "\"e\"))"},
    {"a | b |& c | d",
     "(list (pipe (simple \"a\") (simple \"b\") & (simple \"c\") (simple \"d\")))"},
    {"! a | b; time c | d; time -p e",
     "(list !(pipe (simple \"a\") (simple \"b\")) ; time (pipe (simple \"c\") (simple "
     "\"d\")) ; (simple \"time\" \"-p\" \"e\"))"},
    {"a &&\nb ||\n\nc |\nd",
     "(list (simple \"a\") && (simple \"b\") || (pipe (simple \"c\") (simple \"d\")))"},
    {"a;b\nc;\n\n;d", "(list (simple \"a\") ; (simple \"b\") ; (simple \"c\") ; (simple \"d\"))"},
    /* compounds */
    {"if a; then b; elif c; then d; else e; fi",
     "(list (if ?(list (simple \"a\")) (list (simple \"b\")) ?(list (simple \"c\")) (list "
     "(simple \"d\")) else (list (simple \"e\"))))"},
    {"if a; then b; fi | c && d",
     "(list (pipe (if ?(list (simple \"a\")) (list (simple \"b\"))) (simple \"c\")) && "
     "(simple \"d\"))"},
    {"while read -r l; do x \"$l\"; done < f",
     "(list (loop ?(list (simple \"read\" \"-r\" \"l\")) (list (simple \"x\" \"$l\"q$\"l)) "
     "(0< \"f\")))"},
    {"until a; do b; done", "(list (loop ?(list (simple \"a\")) (list (simple \"b\"))))"},
    {"for i in 1 2 \"$3\"; do echo $i; done",
     "(list (for \"i\" \"in\" \"1\" \"2\" \"$3\"q$\"3 (list (simple \"echo\" \"$i\"$i))))"},
    {"for i do a; done", "(list (for \"i\" (list (simple \"a\"))))"},
    {"for i; do a; done", "(list (for \"i\" (list (simple \"a\"))))"},
    {"for ((i=0; i<3; i++)); do a; done",
     "(list (for \"((i=0; i<3; i++))\"a (list (simple \"a\"))))"},
    {"for i in a b; { c; }", "(list (for \"i\" \"in\" \"a\" \"b\" (list (simple \"c\"))))"},
    {"select x in a b; do c; done", "(list (for \"x\" \"in\" \"a\" \"b\" (list (simple \"c\"))))"},
    {"case $x in a|b) c;; (d) e ;& *) f; esac",
     "(list (case \"$x\"$x (list \"a\" \"b\" (simple \"c\")) (list \"d\" (simple \"e\")) "
     "(list \"*\"g (simple \"f\"))))"},
    {"case \"$(uname -m)\" in x86_64) A=1;; *) ;; esac",
     "(list (case \"$(uname -m)\"qc $(list (simple \"uname\" \"-m\")) (list \"x86_64\" "
     "(simple =\"A=1\")) (list \"*\"g)))"},
    {"case x in esac", "(list (case \"x\"))"},
    {"( a; b ) && { c; d; }",
     "(list (subshell (list (simple \"a\") ; (simple \"b\"))) && (group (list (simple \"c\") "
     "; (simple \"d\"))))"},
    {"f() { a; }; function g { b; }; function h() ( c )",
     "(list (function \"f\" (group (list (simple \"a\")))) ; (function \"g\" (group (list "
     "(simple \"b\")))) ; (function \"h\" (subshell (list (simple \"c\")))))"},
    {"f ()\n{ a; } > out", "(list (function \"f\" (group (list (simple \"a\")) (1> \"out\"))))"},
    {"[[ -f x && ( $a =~ ^(foo|bar)$ || $b < c ) ]] && d",
     "(list (test \"-f\" \"x\" \"&&\" \"(\" \"$a\"$a \"=~\" \"^(foo|bar)$\" \"||\" \"$b\"$b "
     "\"<\" \"c\" \")\") && (simple \"d\"))"},
    {"((i++)) && echo $i", "(list (arith \"((i++))\"a) && (simple \"echo\" \"$i\"$i))"},
    {"[ -n \"$x\" -a ! -f y ] || exit 1",
     "(list (simple \"[\"g \"-n\" \"$x\"q$\"x \"-a\" \"!\" \"-f\" \"y\" \"]\") || (simple "
     "\"exit\" \"1\"))"},
    /* reserved words as arguments */
    {"echo if then fi do done { } ! case esac in",
     "(list (simple \"echo\" \"if\" \"then\" \"fi\" \"do\" \"done\" \"{\" \"}\" \"!\" "
     "\"case\" \"esac\" \"in\"))"},
    {"\"if\" a; \\if b", "(list (simple \"if\"q \"a\") ; (simple \"if\"q \"b\"))"},
    {"if if a; then b; fi; then c; fi",
     "(list (if ?(list (if ?(list (simple \"a\")) (list (simple \"b\")))) (list (simple "
     "\"c\"))))"},
    {"{ { a; }; }", "(list (group (list (group (list (simple \"a\"))))))"},
    /* broken text */
    {"foo ) bar; baz; fi; qux",
     "(list (unparsed (simple \"foo\") (simple \"bar\")) ; (simple \"baz\") ; (unparsed) ; "
     "(simple \"qux\")) !syntax @4-5"},
    {"if x; then (y; fi; z",
     "(list (unparsed (if ?(list (simple \"x\")) (list (subshell (list (simple \"y\") ; "
     "(unparsed) ; (simple \"z\"))))))) !syntax @15-17"},
    {"if x; then y; z",
     "(list (unparsed (if ?(list (simple \"x\")) (list (simple \"y\") ; (simple \"z\"))))) "
     "!syntax @15-15"},
    {"a; if b; then c; done; d; fi; e",
     "(list (simple \"a\") ; (if ?(list (simple \"b\")) (list (simple \"c\") ; (unparsed) ; "
     "(simple \"d\"))) ; (simple \"e\")) !syntax @17-21"},
    {"a && ; b | | c; d",
     "(list (unparsed (simple \"a\")) ; (unparsed (simple \"b\") (simple \"c\")) ; (simple "
     "\"d\")) !syntax @5-6"},
    {"for x in a b; foo; done; z",
     "(list (unparsed (simple \"foo\")) ; (unparsed) ; (simple \"z\")) !syntax @14-17"},
    {"case x in a) b;; ;; c) d;; esac; e",
     "(list (unparsed (case (list \"a\" (simple \"b\")))) ; (unparsed (simple \"c\") (simple "
     "\"d\")) ; (unparsed) ; (simple \"e\")) !syntax @17-18"},
    {"$(a; if b) c; d",
     "(list (simple \"$(a; if b)\"c \"c\" $(list (simple \"a\") ; (unparsed (list (simple "
     "\"b\"))))) ; (simple \"d\")) !syntax @9-10"},
    {"(a; b", "(list (subshell (list (simple \"a\") ; (simple \"b\")))) !unterminated @0-5"},
    {"{ a; b; } c; d",
     "(list (unparsed (group (list (simple \"a\") ; (simple \"b\"))) (simple \"c\")) ; "
     "(simple \"d\")) !syntax @10-11"},
    {"[[ a ; b; c", "(list (test \"a\") ; (simple \"b\") ; (simple \"c\")) !syntax @0-4"},
    {"echo \"abc", "(list (simple \"echo\" \"abc\"q)) !unterminated @5-9"},
    {"echo 'abc", "(list (simple \"echo\" \"abc\"q)) !unterminated @5-9"},
    {"echo $(a", "(list (simple \"echo\" \"$(a\"c $(list (simple \"a\")))) !unterminated @5-8"},
    {"echo `a", "(list (simple \"echo\" \"`a\"c $(list (simple \"a\")))) !unterminated @5-7"},
    {"echo ${a", "(list (simple \"echo\" \"${a\"$a)) !unterminated @5-8"},
    {"echo $((1", "(list (simple \"echo\" \"$((1\"a)) !unterminated @5-9"},
    {"x=(a b", "(list (simple =\"x=(a b\"A)) !unterminated @2-6"},
    {"cat <<E\nbody", "(list (simple \"cat\" (0<< \"E\" \"body\"))) !heredoc @4-7"},
    {"a > ; b", "(list (simple \"a\") ; (simple \"b\")) !syntax @2-3"},
    {"> > x", "(list (simple (1> \"x\"))) !syntax @0-2"},
    {";;", "(list (unparsed)) !syntax @0-2"},
    {"&&", "(list (unparsed)) !syntax @0-2"},
    {"done", "(list (unparsed)) !syntax @0-4"},
    {"}", "(list (unparsed)) !syntax @0-1"},
    {")", "(list (unparsed)) !syntax @0-1"},
    {"function", "(list (unparsed)) !syntax @8-8"},
    {"case", "(list (unparsed)) !syntax @0-4"},
    {"case x", "(list (unparsed)) !syntax @0-6"},
    {"for", "(list (unparsed)) !syntax @3-3"},
    {"if", "(list (unparsed)) !syntax @2-2"},
    {"while", "(list (unparsed)) !syntax @5-5"},
    {"a | ", "(list (unparsed (simple \"a\"))) !syntax @4-4"},
    {"! ", "(list (unparsed)) !syntax @2-2"},
    /* the edges */
    {"\\", "(list (simple \"\\\\\"))"},
    {"a \\\nb", "(list (simple \"a\" \"b\"))"},
    {"a\\\nb", "(list (simple \"ab\"))"},
    {"\ta\t b \n", "(list (simple \"a\" \"b\"))"},
    {"a\r\nb \r\n", "(list (simple \"a\") ; (simple \"b\"))"},
};

static void trees_of_texts(void **state)
{
    struct sh_parser parser;
    struct arena arena;
    struct buf out;
    (void)state;
    assert_int_equal(sh_parser_init(&parser, NULL), PLIM_STATUS_OK);
    arena_init(&arena, NULL, 0);
    buf_init(&out, NULL, 1 << 20);
    for (size_t i = 0; i < sizeof trees / sizeof trees[0]; i++) {
        struct sh_tree tree;
        arena_clear(&arena);
        buf_clear(&out);
        assert_int_equal(sh_parse_script(&parser, &tree, &arena, str_from_cstr(trees[i].text)),
                         PLIM_STATUS_OK);
        sh_dump_tree(&out, &tree);
        if (tree.gap != SH_GAP_NONE) {
            buf_printf(&out, " @%u-%u", tree.gap_start, tree.gap_end);
        }
        assert_string_equal(out.data, trees[i].tree);
    }
    buf_release(&out);
    arena_release(&arena);
    sh_parser_free(&parser);
}

/* Parses `text`; the caller clears the arena. */
static struct sh_tree parse(struct sh_parser *parser, struct arena *arena, struct str text)
{
    struct sh_tree tree;
    assert_int_equal(sh_parse_script(parser, &tree, arena, text), PLIM_STATUS_OK);
    assert_non_null(tree.root);
    return tree;
}

static void words_know_their_places(void **state)
{
    static const char text[] = "A=1 run 'x y' \"a b\"c >out";
    struct sh_parser parser;
    struct arena arena;
    (void)state;
    assert_int_equal(sh_parser_init(&parser, NULL), PLIM_STATUS_OK);
    arena_init(&arena, NULL, 0);
    struct sh_tree tree = parse(&parser, &arena, str_from_cstr(text));
    const struct sh_simple *simple = tree.root->first->simple;
    assert_int_equal(simple->start, 0);
    assert_int_equal(simple->end, sizeof text - 1);
    assert_int_equal(simple->assigns[0].equals, 1);
    assert_int_equal(simple->words[0].start, 4);
    assert_int_equal(simple->words[0].end, 7);
    assert_int_equal(simple->words[1].start, 8);
    assert_int_equal(simple->words[1].text_start, 9); /* inside the quotes */
    assert_true((simple->words[1].flags & SH_WORD_CONTIGUOUS) != 0);
    assert_int_equal(simple->words[2].end, 20);
    assert_true((simple->words[2].flags & SH_WORD_CONTIGUOUS) == 0); /* a b, then c */
    assert_int_equal(simple->redirs[0]->start, 21);
    assert_int_equal(simple->redirs[0]->end, 25);
    arena_release(&arena);
    sh_parser_free(&parser);
}

static void bodies_are_read_for_their_substitutions(void **state)
{
    struct sh_parser parser;
    struct arena arena;
    struct sh_tree tree;
    (void)state;
    assert_int_equal(sh_parser_init(&parser, NULL), PLIM_STATUS_OK);
    arena_init(&arena, NULL, 0);
    assert_int_equal(sh_parse_body(&parser, &tree, &arena, STR("it's \"$(date)\" `id`\n")),
                     PLIM_STATUS_OK);
    assert_int_equal(tree.gap, SH_GAP_NONE);
    const struct sh_subst *subst = tree.root->first->simple->substs;
    assert_true(str_eq(subst->body->first->simple->words[0].text, STR("date")));
    assert_true(str_eq(subst->next->body->first->simple->words[0].text, STR("id")));
    assert_null(subst->next->next);
    arena_release(&arena);
    sh_parser_free(&parser);
}

/* `count` times `open`, then `count` times `close`. */
static char *nested(const char *open, const char *close, size_t count, size_t *length)
{
    size_t open_length = strlen(open);
    size_t close_length = strlen(close);
    *length = count * (open_length + close_length);
    char *text = malloc(*length + 1);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++) {
        memcpy(text + i * open_length, open, open_length);
        memcpy(text + count * open_length + i * close_length, close, close_length);
    }
    text[*length] = '\0';
    return text;
}

static void depth_is_limited(void **state)
{
    static const struct {
        const char *open;
        const char *close;
    } cases[] = {{"( ", "a)"}, {"{ ", "a; };"},         {"$(", "a)"},
                 {"`", "`"},   {"if ", ":;then :;fi;"}, {"${x:-", "}"},
                 {"<(", "a)"}, {"echo $((", "))"}};
    struct sh_parser parser;
    struct arena arena;
    (void)state;
    assert_int_equal(sh_parser_init(&parser, NULL), PLIM_STATUS_OK);
    arena_init(&arena, NULL, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool flat = cases[i].open[0] == '`' || cases[i].open[0] == 'e';
        for (size_t depth = SH_MAX_DEPTH - 1; depth <= SH_MAX_DEPTH + 1; depth++) {
            size_t length;
            char *text = nested(cases[i].open, cases[i].close, depth, &length);
            struct sh_tree tree = parse(&parser, &arena, str_make(text, length));
            if (!flat) {
                assert_int_equal(tree.gap == SH_GAP_TOO_DEEP, depth > SH_MAX_DEPTH);
            }
            arena_clear(&arena);
            free(text);
        }
    }
    arena_release(&arena);
    sh_parser_free(&parser);
}

static void hostile_texts_end(void **state)
{
    static const char *const units[] = {"(",
                                        "$(",
                                        "{ ",
                                        "|",
                                        "a|",
                                        "`",
                                        "cat <<A ",
                                        "if ",
                                        "${x:-",
                                        "$((",
                                        "\"$(",
                                        "fi;",
                                        ")",
                                        "case a in ",
                                        "[[ ",
                                        "a (",
                                        "x=(",
                                        "! ",
                                        "f() ",
                                        "<(",
                                        "; ) } ",
                                        "if $(a; (b; `c ",
                                        "( for a in b; c; done; )\n",
                                        "\\\n",
                                        "\"",
                                        "'",
                                        "a&&",
                                        "<<",
                                        ">",
                                        "$'",
                                        "\\`",
                                        "((",
                                        "&",
                                        ";;",
                                        "do ",
                                        "\r",
                                        "#",
                                        "a) b;; ",
                                        "\xff\x80"};
    struct sh_parser parser;
    struct arena arena;
    (void)state;
    assert_int_equal(sh_parser_init(&parser, NULL), PLIM_STATUS_OK);
    arena_init(&arena, NULL, (size_t)512 << 20);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t length;
        char *text = nested(units[i], "", 100000, &length);
        (void)parse(&parser, &arena, str_make(text, length));
        arena_clear(&arena);
        free(text);
    }
    char *word = nested("a", "b", 1 << 20, &(size_t){0});
    struct sh_tree tree = parse(&parser, &arena, str_from_cstr(word));
    assert_int_equal(tree.root->first->simple->words[0].text.len, 2 << 20);
    free(word);
    arena_release(&arena);
    sh_parser_free(&parser);
}

static void nul_bytes_are_data(void **state)
{
    struct sh_parser parser;
    struct arena arena;
    (void)state;
    assert_int_equal(sh_parser_init(&parser, NULL), PLIM_STATUS_OK);
    arena_init(&arena, NULL, 0);
    struct sh_tree tree = parse(&parser, &arena, STR("a\0b $\0 ${\0} c"));
    const struct sh_simple *simple = tree.root->first->simple;
    assert_int_equal(simple->word_count, 4);
    assert_int_equal(simple->words[0].text.len, 3);
    tree = parse(&parser, &arena, str_make(NULL, 0));
    assert_null(tree.root->first);
    arena_release(&arena);
    sh_parser_free(&parser);
}

static void a_full_arena_is_a_limit(void **state)
{
    struct sh_parser parser;
    struct arena arena;
    struct sh_tree tree;
    (void)state;
    assert_int_equal(sh_parser_init(&parser, NULL), PLIM_STATUS_OK);
    arena_init(&arena, NULL, 2000);
    size_t length;
    char *text = nested("a b;", "", 1000, &length);
    assert_int_equal(sh_parse_script(&parser, &tree, &arena, str_make(text, length)),
                     PLIM_STATUS_LIMIT);
    free(text);
    arena_release(&arena);
    sh_parser_free(&parser);
}

static plim_status parse_all(const plim_allocator *allocator, void *user)
{
    struct sh_parser parser = {0};
    struct arena arena;
    (void)user;
    arena_init(&arena, allocator, 0);
    plim_status status = sh_parser_init(&parser, allocator);
    for (size_t i = 0; status == PLIM_STATUS_OK && i < sizeof trees / sizeof trees[0]; i++) {
        struct sh_tree tree;
        status = sh_parse_script(&parser, &tree, &arena, str_from_cstr(trees[i].text));
    }
    sh_parser_free(&parser);
    arena_release(&arena);
    return status;
}

static void allocations_may_fail(void **state)
{
    (void)state;
    fault_alloc_run(parse_all, NULL);
}

static void gaps_have_texts(void **state)
{
    (void)state;
    for (unsigned gap = SH_GAP_NONE; gap <= SH_GAP_TOO_LARGE; gap++) {
        assert_true(strlen(sh_gap_text((enum sh_gap)gap)) > 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_of_texts),
        cmocka_unit_test(words_know_their_places),
        cmocka_unit_test(bodies_are_read_for_their_substitutions),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(hostile_texts_end),
        cmocka_unit_test(nul_bytes_are_data),
        cmocka_unit_test(a_full_arena_is_a_limit),
        cmocka_unit_test(allocations_may_fail),
        cmocka_unit_test(gaps_have_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
