/* SPDX-License-Identifier: Apache-2.0
 *
 * test_sh_command.c - rows of shell texts: joins, conditions, options in force, programs that run
 * others, places in nested texts, dialects, exec form, and failing allocations.
 */
#include "facts/shell/sh_command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/fault_alloc.h"
#include "tests/unit/sh_show.h"

static void assert_rows(const char *text, const char *rows)
{
    struct sh_script script;
    struct arena arena;
    struct buf out;
    struct sh_text input = {.bytes = str_from_cstr(text)};
    assert_int_equal(sh_script_init(&script, NULL), PLIM_STATUS_OK);
    arena_init(&arena, NULL, 0);
    buf_init(&out, NULL, 1 << 20);
    assert_int_equal(
        sh_script_read(&script, &arena, &input, (struct sh_shell){.dialect = SH_DIALECT_POSIX}),
        PLIM_STATUS_OK);
    sh_show_script(&out, &script);
    assert_string_equal(out.data, rows);
    buf_release(&out);
    arena_release(&arena);
    sh_script_release(&script);
}

/* Text and its rows as sh_show.h prints them. */
static const struct {
    const char *text;
    const char *rows;
} cases[] = {
    /* how commands are joined */
    {"a && b || c; d & e | f", "a | | none..and-if\n"
                               "b | | and-if..or-if\n"
                               "c | | or-if..sequence conditional\n"
                               "d | | sequence..background\n"
                               "e | | background..pipe >5\n"
                               "f | | pipe..none <4\n"},
    {"set -eux; a; set +e -o pipefail; b | c",
     "set -e -u -x | | none..sequence\n"
     "a | | sequence..sequence errexit xtrace\n"
     "set -o | +e pipefail | sequence..sequence errexit xtrace\n"
     "b | | sequence..pipe pipefail xtrace >4\n"
     "c | | pipe..none pipefail xtrace <3\n"},
    {"set -euo pipefail\na | b", "set -e -u -o | pipefail | none..sequence\n"
                                 "a | | sequence..pipe pipefail errexit >2\n"
                                 "b | | pipe..none pipefail errexit <1\n"},
    {"(set -e; a) && b", "set -e | | none..sequence subshell\n"
                         "a | | sequence..none subshell errexit\n"
                         "b | | and-if..none\n"},
    {"if a; then b; elif c; then d; else e; fi; f", "a | | none..none condition\n"
                                                    "b | | none..none conditional\n"
                                                    "c | | none..none conditional condition\n"
                                                    "d | | none..none conditional\n"
                                                    "e | | none..none conditional\n"
                                                    "f | | sequence..none\n"},
    {"while a; do b; done; until c; do d; done; for x in $(ls); do e; done",
     "a | | none..none condition\n"
     "b | | none..none conditional\n"
     "c | | none..none condition\n"
     "d | | none..none conditional\n"
     "ls | | none..none subshell substitution\n"
     "e | | none..none conditional\n"},
    {"case $(uname -m) in x) a;; *) b;; esac", "uname -m | | none..none subshell substitution\n"
                                               "a | | none..none conditional\n"
                                               "b | | none..none conditional\n"},
    {"f() { set -e; a; }; f; b", "set -e | | none..sequence conditional function\n"
                                 "a | | sequence..none conditional errexit function\n"
                                 "f | | sequence..sequence\n"
                                 "b | | sequence..none\n"},
    {"! a | b; x=1; y=2 z", "a | | none..pipe negated >1\n"
                            "b | | pipe..sequence negated <0\n"
                            "z =y=2 | | sequence..none\n"
                            "=x=1\n"},
    {"[[ -f a ]] && (( 1 )) && [ b ]", "[[ -f | a | none..and-if\n"
                                       "(( | (( 1 )) | and-if..and-if\n"
                                       "[ | b ] | and-if..none\n"},
    {"> out; 2>err a", " | | none..sequence\n"
                       "a | | sequence..none\n"},
    {"a | { b; c; } | (d; e)", "a | | none..pipe >1\n"
                               "b | | none..sequence subshell <0\n"
                               "c | | sequence..none subshell >3\n"
                               "d | | none..sequence subshell <2\n"
                               "e | | sequence..none subshell\n"},
    {"a $(b | c) `d` | e", "a | $(b | c) `d` | none..pipe >4\n"
                           "b | | none..pipe subshell substitution >2 ^0\n"
                           "c | | pipe..none subshell substitution <1 ^0\n"
                           "d | | none..none subshell substitution ^0\n"
                           "e | | pipe..none <0\n"},
    {"cat <<E | f\n$(g) `h`\nE", "cat | | none..pipe >3\n"
                                 "g | | none..none subshell substitution ^0\n"
                                 "h | | none..none subshell substitution ^0\n"
                                 "f | | pipe..none <0\n"},
    {"cat <<'E' | f\n$(g)\nE", "cat | | none..pipe >1\n"
                               "f | | pipe..none <0\n"},
    {"a ) b; c", "a | | none..none unparsed\n"
                 "b | | none..none unparsed\n"
                 "c | | sequence..none\n"
                 "!no shell construct fits here @2-3\n"},
    /* programs that run others */
    {"sudo -E -u app FOO=1 /usr/bin/env BAR=2 nice -n 5 apt-get update",
     "sudo -E -u=<app> | FOO=1 /usr/bin/env BAR=2 nice -n 5 apt-get update | none..none\n"
     "env =FOO=1 | BAR=2 nice -n 5 apt-get update | none..none inline via:0\n"
     "nice =BAR=2 -n=<5> | apt-get update | none..none inline via:1\n"
     "apt-get | update | none..none inline via:2 [apt update]\n"},
    {"sh -c 'a && b' | bash -exc \"c\" x", "sh -c | a && b | none..pipe >3\n"
                                           "a | | none..and-if via:0\n"
                                           "b | | and-if..none via:0\n"
                                           "bash -e -x -c | c x | pipe..none <0\n"
                                           "c | | none..none errexit xtrace via:3\n"},
    {"bash -euo pipefail -c 'a | b'", "bash -e -u -o=<pipefail> -c | a | b | none..none\n"
                                      "a | | none..pipe pipefail errexit via:0 >2\n"
                                      "b | | pipe..none pipefail errexit via:0 <1\n"},
    {"bash <<E\napk add x\nE",
     "bash | | none..none\n"
     "apk | add x | none..none yes via:0 [apk install] {x registry no}\n"},
    {"bash -s <<< 'a b'", "bash -s | | none..none\n"
                          "a | b | none..none via:0\n"},
    {"eval \"a $x\" ; eval a b", "eval | a $x | none..sequence\n"
                                 "a | $x | none..none via:0\n"
                                 "eval | a b | sequence..none\n"
                                 "a | b | none..none via:2\n"},
    {"sudo sh -c \"echo 1 > /x && sudo bash -c 'apt-get install -y y'\"",
     "sudo | sh -c echo 1 > /x && sudo bash -c 'apt-get install -y y' | none..none\n"
     "sh -c | echo 1 > /x && sudo bash -c 'apt-get install -y y' | none..none inline via:0\n"
     "echo | 1 | none..and-if via:1\n"
     "sudo | bash -c apt-get install -y y | and-if..none via:1\n"
     "bash -c | apt-get install -y y | and-if..none inline via:3\n"
     "apt-get -y | install y | none..none yes via:4 [apt install] {y registry no}\n"},
    {"find . -name '*.a' -exec rm -f {} \\; -o -exec sh -c 'ls $1' {} +",
     "find -name=<*.a> -exec -f -o -exec -c | . rm {} ; sh ls $1 {} + | none..none\n"
     "rm -f | {} | none..none conditional inline via:0\n"
     "sh -c | ls $1 {} | none..none conditional inline via:0\n"
     "ls | $1 | none..none via:2\n"},
    {"su - app -c 'npm ci' && su -c id && gosu app:app whoami && runuser -u app -- make && "
     "runuser -c id app",
     "su -c=<npm ci> | - app | none..and-if\n"
     "npm | ci | none..none yes via:0 [npm install]\n"
     "su -c=<id> | | and-if..and-if\n"
     "id | | none..none via:2\n"
     "gosu | app:app whoami | and-if..and-if\n"
     "whoami | | and-if..and-if inline via:4\n"
     "runuser -u=<app> | make | and-if..and-if\n"
     "make | | and-if..and-if inline via:6\n"
     "runuser -c=<id> | app | and-if..none\n"
     "id | | none..none via:8\n"},
    {"xargs -0 -n 1 rm -f < list; timeout -k 5 10s curl x; time -p make; nohup a & exec "
     "\"$@\"",
     "xargs -0 -n=<1> | rm -f | none..sequence\n"
     "rm -f | | none..sequence inline via:0\n"
     "timeout -k=<5> | 10s curl x | sequence..sequence\n"
     "curl | x | sequence..sequence inline via:2\n"
     "time -p | make | sequence..sequence\n"
     "make | | sequence..sequence inline via:4\n"
     "nohup | a | sequence..background\n"
     "a | | sequence..background inline via:6\n"
     "exec | $@ | background..none\n"
     "$@ | | background..none unknown-name inline via:8\n"},
    {"command -v x || command y -z", "command -v | x | none..or-if\n"
                                     "command | y -z | or-if..none conditional\n"
                                     "y -z | | or-if..none conditional inline via:1\n"},
    {"env -i A=b; env; exec", "env -i | A=b | none..sequence\n"
                              "env | | sequence..sequence\n"
                              "exec | | sequence..none\n"},
    {"python3 -m pip install -U x; python -c 'import x' y; python3.11 -m venv /v; uv pip "
     "install z; uv sync",
     "python3 -m=<pip> | install -U x | none..sequence\n"
     "pip -U | install x | none..sequence yes inline via:0 [pip install] {x registry no}\n"
     "python -c=<import x> | y | sequence..sequence\n"
     "python3.11 -m=<venv> | /v | sequence..sequence\n"
     "uv | pip install z | sequence..sequence\n"
     "pip | install z | sequence..sequence yes inline via:4 [pip install] {z registry no}\n"
     "uv | sync | sequence..none\n"},
    {"busybox wget -q x; chroot /mnt apt-get clean; exec gosu app tini -- node server.js",
     "busybox | wget -q x | none..sequence\n"
     "wget -q | x | none..sequence inline via:0\n"
     "chroot | /mnt apt-get clean | sequence..sequence\n"
     "apt-get | clean | sequence..sequence inline via:2 [apt clean]\n"
     "exec | gosu app tini -- node server.js | sequence..none\n"
     "gosu | app tini -- node server.js | sequence..none inline via:4\n"
     "tini | node server.js | sequence..none inline via:5\n"
     "node | server.js | sequence..none inline via:6\n"},
    {"ENV=x sudo -n true", "sudo =ENV=x -n | true | none..none\n"
                           "true | | none..none inline via:0\n"},
    {"bash -c \"$(curl -fsSL u)\" x; sudo sh <(wget -qO- v); eval `c $(d)`; x=$(e) f=$(g) h; "
     "sh -c \"a $(b) \\$(c)\"",
     "bash -c | $(curl -fsSL u) x | none..sequence\n"
     "$(curl -fsSL u) | | none..none unknown-name via:0\n"
     "curl -f -s -S -L | u | none..none subshell substitution ^0\n"
     "sudo | sh <(wget -qO- v) | sequence..sequence\n"
     "sh | <(wget -qO- v) | sequence..sequence inline via:3\n"
     "wget -q -O=<-> | v | none..none subshell substitution ^4\n"
     "eval | `c $(d)` | sequence..sequence\n"
     "`c $(d)` | | none..none unknown-name via:6\n"
     "c | $(d) | none..none subshell substitution ^6\n"
     "d | | none..none subshell substitution ^8\n"
     "h =x=$(e) =f=$(g) | | sequence..sequence\n"
     "e | | none..none subshell substitution ^10\n"
     "g | | none..none subshell substitution ^10\n"
     "sh -c | a $(b) $(c) | sequence..none\n"
     "a | $(b) $(c) | none..none via:13\n"
     "b | | none..none subshell substitution ^13\n"},
    /* options and operands */
    {"tar xzf a.tgz -C /opt --strip-components=1; tar -xJf b; tar --extract --file c; tar cf "
     "- .",
     "tar -x -z -f=<a.tgz> -C=</opt> --strip-components=<1> | | none..sequence\n"
     "tar -x -J -f=<b> | | sequence..sequence\n"
     "tar --extract --file=<c> | | sequence..sequence\n"
     "tar -c -f=<-> | . | sequence..none\n"},
    {"curl -fsSLo /tmp/a -H 'X: y' --retry 3 https://a | tar -xz",
     "curl -f -s -S -L -o=</tmp/a> -H=<X: y> --retry=<3> | https://a | none..pipe >1\n"
     "tar -x -z | | pipe..none <0\n"},
    {"wget -qO- https://x; wget -O /f -nv --no-check-certificate u; wget --quiet u",
     "wget -q -O=<-> | https://x | none..sequence\n"
     "wget -O=</f> -nv --no-check-certificate | u | sequence..sequence unverified\n"
     "wget --quiet | u | sequence..none\n"},
    {"git -c http.sslVerify=false clone -b main --depth 1 https://h/x.git d; git config "
     "--global a b",
     "git -c=<http.sslVerify=false> -b=<main> --depth=<1> | clone https://h/x.git d | "
     "none..sequence unverified\n"
     "git --global | config a b | sequence..none\n"},
    {"useradd -u 1000 -g app -ms /bin/sh app; adduser -D -u 10 app; usermod -aG sudo app",
     "useradd -u=<1000> -g=<app> -m -s=</bin/sh> | app | none..sequence\n"
     "adduser -D -u=<10> | app | sequence..sequence\n"
     "usermod -a -G=<sudo> | app | sequence..none\n"},
    {"chmod -R 0777 /x; chmod u+s,g=r f; chown -R a:b /c; ln -sf a b; install -Dm755 a b",
     "chmod -R | 0777 /x | none..sequence\n"
     "chmod | u+s,g=r f | sequence..sequence\n"
     "chown -R | a:b /c | sequence..sequence\n"
     "ln -s -f | a b | sequence..sequence\n"
     "install -D -m=<755> | a b | sequence..none\n"},
    {"docker run --rm -v a:b -e X img sh -c y; make -j4 -C /src all; make -j",
     "docker --rm -v=<a:b> -e=<X> | run img sh -c y | none..sequence\n"
     "make -j=<4> -C=</src> | all | sequence..sequence\n"
     "make -j | | sequence..none\n"},
    {"java -Xmx1g -cp a.jar Main -x; go build -ldflags \"-s -w\" -o /a ./cmd; node --eval "
     "'x' y",
     "java -Xmx1g -cp=<a.jar> | Main -x | none..sequence\n"
     "go -ldflags=<-s -w> -o=</a> | build ./cmd | sequence..sequence yes [go other]\n"
     "node --eval=<x> | y | sequence..none\n"},
    {"rm -- -f; head -20 f; kill -9 1; sort -k2,2n; grep -qE '^a' f; sed -i -e 's/a/b/' f",
     "rm | -f | none..sequence\n"
     "head -20 | f | sequence..sequence\n"
     "kill -9 | 1 | sequence..sequence\n"
     "sort -k=<2,2n> | | sequence..sequence\n"
     "grep -q -E | ^a f | sequence..sequence\n"
     "sed -i -e=<s/a/b/> | f | sequence..none\n"},
    {"\"$JAVA_HOME/bin/java\" -v; $CMD a; ${X}y b; \"/a b/c d\" e; $(which x) y; $A/bin/${B} "
     "c",
     "java -v | | none..sequence\n"
     "$CMD | a | sequence..sequence unknown-name\n"
     "${X}y | b | sequence..sequence unknown-name\n"
     "c d | e | sequence..sequence\n"
     "$(which x) | y | sequence..sequence unknown-name\n"
     "which | x | none..none subshell substitution ^4\n"
     "${B} | c | sequence..none unknown-name\n"},
    {"apt-get $OPTS install \"$P\" \"-y\"; a -$x -b$y --c=\"$z\"",
     "apt-get $OPTS -y | install $P | none..sequence yes cut [apt install] {$P registry ?}\n"
     "a -$x -b -$ --c=<$z> | | sequence..none cut\n"},
    {"ls -l -- -x; echo -; echo --", "ls -l | -x | none..sequence\n"
                                     "echo | - | sequence..sequence\n"
                                     "echo | | sequence..none\n"},
};

static void rows_of_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_rows(cases[i].text, cases[i].rows);
    }
}

static plim_status read_all(const plim_allocator *allocator, void *user)
{
    struct sh_script script = {0};
    struct arena arena;
    (void)user;
    arena_init(&arena, allocator, 0);
    plim_status status = sh_script_init(&script, allocator);
    for (size_t i = 0; status == PLIM_STATUS_OK && i < sizeof cases / sizeof cases[0]; i++) {
        struct sh_text input = {.bytes = str_from_cstr(cases[i].text)};
        status =
            sh_script_read(&script, &arena, &input, (struct sh_shell){.dialect = SH_DIALECT_POSIX});
    }
    sh_script_release(&script);
    arena_release(&arena);
    return status;
}

static void allocations_may_fail(void **state)
{
    (void)state;
    fault_alloc_run(read_all, NULL);
}

/* Reads `text` into a fresh script; the caller releases both. */
static void read_text(struct sh_script *script, struct arena *arena, const struct sh_text *text)
{
    assert_int_equal(sh_script_init(script, NULL), PLIM_STATUS_OK);
    arena_init(arena, NULL, 0);
    assert_int_equal(
        sh_script_read(script, arena, text, (struct sh_shell){.dialect = SH_DIALECT_POSIX}),
        PLIM_STATUS_OK);
}

static void assert_place(const struct sh_script *script, size_t row, uint32_t start, uint32_t end)
{
    const struct sh_command *command = &script->commands[row];
    uint32_t from;
    uint32_t to;
    size_t near = 0;
    sh_origin_locate(command->origin, command->start, command->end, &from, &to, &near);
    assert_int_equal(from, start);
    assert_int_equal(to, end);
}

static void places_lead_to_the_file(void **state)
{
    /* In the file: RUN a \<lf> && sh -c 'b c' "x y"; joined without the escape. */
    static const struct sh_segment segments[] = {{0, 4}, {2, 8}};
    struct sh_text text = {.bytes = STR("a  && sh -c 'b c' && eval \"d $x\\\"\" e"),
                           .segments = segments,
                           .segment_count = 2};
    struct sh_script script;
    struct arena arena;
    (void)state;
    read_text(&script, &arena, &text);
    assert_int_equal(script.command_count, 5);
    assert_place(&script, 0, 4, 5);
    assert_place(&script, 1, 12, 23);
    assert_place(&script, 2, 19, 22); /* inside the quotes */
    assert_place(&script, 3, 27, 42);
    assert_place(&script, 4, 27, 42); /* joined again by eval: the place of the command */
    arena_release(&arena);
    sh_script_release(&script);
}

static void other_dialects_have_no_rows(void **state)
{
    struct sh_text text = {.bytes = STR("Write-Host ('x') ; if (a) { b }")};
    struct sh_script script;
    struct arena arena;
    (void)state;
    read_text(&script, &arena, &text);
    assert_int_equal(
        sh_script_read(&script, &arena, &text, (struct sh_shell){.dialect = SH_DIALECT_OTHER}),
        PLIM_STATUS_OK);
    assert_int_equal(script.command_count, 0);
    assert_int_equal(script.gap, SH_GAP_NONE);
    arena_release(&arena);
    sh_script_release(&script);
}

static void exec_form_is_one_command(void **state)
{
    static const char line[] = "[\"/bin/sh\", \"-c\", \"nginx -g x | tee\"]";
    struct sh_text text = {.bytes = str_from_cstr(line)};
    const struct sh_word words[] = {
        {.text = STR("/bin/sh"), .start = 1, .end = 10},
        {.text = STR("-c"), .start = 12, .end = 16},
        {.text = STR("nginx -g x | tee"),
         .start = 18,
         .end = 36,
         .text_start = 19,
         .flags = SH_WORD_CONTIGUOUS},
    };
    struct sh_script script;
    struct arena arena;
    struct buf out;
    (void)state;
    assert_int_equal(sh_script_init(&script, NULL), PLIM_STATUS_OK);
    arena_init(&arena, NULL, 0);
    buf_init(&out, NULL, 4096);
    assert_int_equal(sh_script_read_exec(&script, &arena, &text, words, 3), PLIM_STATUS_OK);
    sh_show_script(&out, &script);
    assert_string_equal(out.data, "sh -c | nginx -g x | tee | none..none\n"
                                  "nginx -g | x | none..pipe via:0 >2\n"
                                  "tee | | pipe..none via:0 <1\n");
    assert_place(&script, 1, 19, 29);
    assert_int_equal(sh_script_read_exec(&script, &arena, &text, NULL, 0), PLIM_STATUS_OK);
    assert_int_equal(script.command_count, 0);
    buf_release(&out);
    arena_release(&arena);
    sh_script_release(&script);
}

static void shells_by_argument_vector(void **state)
{
    static const struct {
        const char *words; /* separated by one blank */
        const char *shell; /* p: POSIX, o: other; then e x P for options in force */
    } argvs[] = {
        {"/bin/sh -c", "p"},
        {"/bin/bash -o pipefail -c", "pP"},
        {"/bin/bash -euxo pipefail -c", "pexP"},
        {"/bin/ash -eo pipefail -c", "peP"},
        {"/usr/bin/env bash -c", "p"},
        {"/bin/busybox sh -c", "p"},
        {"bash -o errexit -o xtrace -c", "pex"},
        {"bash --login -c", "p"},
        {"powershell -Command", "o"},
        {"C:\\Windows\\System32\\cmd /S /C", "o"},
        {"pwsh -NoLogo -Command $ErrorActionPreference", "o"},
        {"/usr/bin/python3 -c", "o"},
        {"", "p"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof argvs / sizeof argvs[0]; i++) {
        struct str words[8];
        size_t count = 0;
        struct str all = str_from_cstr(argvs[i].words);
        for (size_t at = 0; at < all.len;) {
            size_t end = str_find_char(all, ' ', at);
            words[count++] = str_slice(all, at, end);
            at = end + 1;
        }
        struct sh_shell shell = sh_shell_of(words, count);
        char text[8] = {shell.dialect == SH_DIALECT_POSIX ? 'p' : 'o'};
        size_t n = 1;
        text[n] = 'e';
        n += shell.dialect == SH_DIALECT_POSIX && shell.errexit ? 1 : 0;
        text[n] = 'x';
        n += shell.dialect == SH_DIALECT_POSIX && shell.xtrace ? 1 : 0;
        text[n] = 'P';
        n += shell.dialect == SH_DIALECT_POSIX && shell.pipefail ? 1 : 0;
        text[n] = '\0';
        assert_string_equal(text, argvs[i].shell);
    }
}

static void shells_by_first_line(void **state)
{
    struct sh_shell fallback = {.dialect = SH_DIALECT_POSIX, .pipefail = true};
    (void)state;
    assert_true(sh_shell_of_script(STR("echo a"), fallback).pipefail);
    struct sh_shell shell = sh_shell_of_script(STR("#!/bin/bash -e\na"), fallback);
    assert_true(shell.errexit && !shell.pipefail);
    assert_int_equal(shell.dialect, SH_DIALECT_POSIX);
    assert_int_equal(sh_shell_of_script(STR("#! /usr/bin/env python3\r\na"), fallback).dialect,
                     SH_DIALECT_OTHER);
    assert_int_equal(sh_shell_of_script(STR("#!/usr/bin/env -S bash -x\n"), fallback).dialect,
                     SH_DIALECT_POSIX);
    assert_true(sh_shell_of_script(STR("#!\n"), fallback).pipefail);
}

static void texts_in_texts_end(void **state)
{
    struct buf text;
    struct sh_script script;
    struct arena arena;
    (void)state;
    buf_init(&text, NULL, 1 << 22);
    for (size_t i = 0; i < 20000; i++) {
        buf_append_cstr(&text, i % 2 == 0 ? "sudo env " : "sh -c \"eval $(");
    }
    struct sh_text input = {.bytes = buf_view(&text)};
    read_text(&script, &arena, &input);
    assert_true(script.command_count > 0);
    arena_release(&arena);
    sh_script_release(&script);
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_texts),
        cmocka_unit_test(places_lead_to_the_file),
        cmocka_unit_test(other_dialects_have_no_rows),
        cmocka_unit_test(exec_form_is_one_command),
        cmocka_unit_test(shells_by_argument_vector),
        cmocka_unit_test(shells_by_first_line),
        cmocka_unit_test(texts_in_texts_end),
        cmocka_unit_test(allocations_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
