/* SPDX-License-Identifier: Apache-2.0
 *
 * test_df_path.c - what words of COPY, ADD, WORKDIR, STOPSIGNAL and --chmod denote.
 */
#include "facts/dockerfile/df_path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void sources_are_told_apart(void **state)
{
    static const struct {
        const char *in;
        enum df_path_kind kind;
    } cases[] = {
        {"a/b", DF_PATH_LOCAL},
        {"", DF_PATH_LOCAL},
        {"http:/x", DF_PATH_LOCAL},
        {"ftp://x/y", DF_PATH_LOCAL},
        {"github.com/a/b.git", DF_PATH_LOCAL},
        {"http://x/y", DF_PATH_URL},
        {"HTTPS://x/y?a=.git", DF_PATH_URL},
        {"https://x/y.git", DF_PATH_GIT},
        {"https://x/y.git#main:sub", DF_PATH_GIT},
        {"https://x/y.git?ref=main", DF_PATH_GIT},
        {"git@github.com:a/b", DF_PATH_GIT},
        {"git://x/y", DF_PATH_GIT},
        {"ssh://git@x/y", DF_PATH_GIT},
        {"git@nothing", DF_PATH_LOCAL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(df_path_classify(str_from_cstr(cases[i].in)), cases[i].kind);
    }
}

typedef bool question(struct str text);

/* Asks for every text of the list, which ends with NULL. */
static void expect_all(question *ask, const char *const *texts, bool answer)
{
    for (; *texts != NULL; texts++) {
        if (ask(str_from_cstr(*texts)) != answer) {
            fail_msg("%s", *texts);
        }
    }
}

static void questions_about_paths(void **state)
{
    static const char *const absolute[] = {"/", "/a", "C:\\x", "c:/x", "\\x", NULL};
    static const char *const relative[] = {"", "a", "./a", ":a", "1:", NULL};
    static const char *const wild[] = {"*", "a?b", "[a]", "x/*.c", NULL};
    static const char *const tame[] = {"", "a", "\\*", "a]", NULL};
    static const char *const archives[] = {"a.tar", "x/a.tar.gz", "a.TGZ", "a.tar.zst", NULL};
    static const char *const others[] = {"a.zip", ".tar", "tar", "a.gz", "a.tar.gz.sig", NULL};
    static const char *const leaving[] = {"..", "../a", "a/../../b", "/../a", NULL};
    static const char *const staying[] = {"", ".", "a/..", "a/../b", "..a", "/a/./b", NULL};
    (void)state;
    expect_all(df_path_is_absolute, absolute, true);
    expect_all(df_path_is_absolute, relative, false);
    expect_all(df_path_has_wildcard, wild, true);
    expect_all(df_path_has_wildcard, tame, false);
    expect_all(df_path_is_archive, archives, true);
    expect_all(df_path_is_archive, others, false);
    expect_all(df_path_leaves_root, leaving, true);
    expect_all(df_path_leaves_root, staying, false);
}

static void signals_and_modes_are_checked(void **state)
{
    static const char *const signals[] = {"9",     "SIGTERM",    "term",        "Sigquit",
                                          "RTMIN", "SIGRTMIN+3", "SIGRTMAX-14", "RTMAX",
                                          "64",    "WINCH",      NULL};
    static const char *const no_signals[] = {"",   "0",          "SIG",         "SIGFOO",
                                             "-9", "RTMIN+16",   "RTMAX-15",    "RTMIN-1",
                                             "9 ", "SIGSIGTERM", "99999999999", NULL};
    static const char *const modes[] = {"0",   "755", "07777",     "u+x", "u=rwX,go=rX",
                                        "a-w", "+x",  "u+r-w,o=g", NULL};
    static const char *const no_modes[] = {"",     "8",  "010000", "rwx",  "u",
                                           "u+x,", ",u", "u+xz",   "755 ", NULL};
    (void)state;
    expect_all(df_signal_is_valid, signals, true);
    expect_all(df_signal_is_valid, no_signals, false);
    expect_all(df_mode_is_valid, modes, true);
    expect_all(df_mode_is_valid, no_modes, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_are_told_apart),
        cmocka_unit_test(questions_about_paths),
        cmocka_unit_test(signals_and_modes_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
