/* SPDX-License-Identifier: Apache-2.0
 *
 * test_api_files.c - the questions the library asks about files beside a document, and what its
 * caller's answers do.
 */
#include <plimsoll/plimsoll.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "api/api.h"

struct caller {
    char asked[FILES_MAX_PATH + 8]; /* path of the last question */
    size_t questions;
    plim_status answer;
};

static plim_status inspect(void *user, const char *path, plim_file_status *status)
{
    struct caller *caller = user;
    caller->questions++;
    (void)strncpy(caller->asked, path, sizeof caller->asked - 1);
    *status = (plim_file_status){.kind = PLIM_FILE_REGULAR, .mode = 0644, .size = 4};
    return caller->answer;
}

static plim_status read_file(void *user, const char *path, const char **data, size_t *size)
{
    (void)user;
    *data = "*.key\n";
    *size = 6;
    return strcmp(path, "ctx/.dockerignore") == 0 ? PLIM_STATUS_OK : PLIM_STATUS_NOT_FOUND;
}

static plim_status head(void *user, const char *path, char *buffer, size_t size, size_t *got)
{
    (void)user;
    (void)path;
    memset(buffer, '=', size);
    *got = size;
    return PLIM_STATUS_OK;
}

static plim_status list(void *user, const char *path, plim_file_entry *entry, void *entry_user)
{
    (void)user;
    (void)path;
    return entry(entry_user, ".env", PLIM_FILE_REGULAR) != 0 &&
                   entry(entry_user, "link.env", PLIM_FILE_LINK) != 0 &&
                   entry(entry_user, "pipe.env", PLIM_FILE_OTHER) != 0 &&
                   entry(entry_user, ".git", PLIM_FILE_DIRECTORY) != 0 &&
                   entry(entry_user, "x.key", PLIM_FILE_REGULAR) != 0
               ? PLIM_STATUS_OK
               : PLIM_STATUS_INTERNAL;
}

static plim_facts *read_with(struct caller *caller, const char *context, const char *text,
                             plim_status expected)
{
    plim_files files = PLIM_FILES_INIT;
    files.user = caller;
    files.read = read_file;
    files.head = head;
    files.list = list;
    files.inspect = inspect;
    plim_facts_options options = PLIM_FACTS_OPTIONS_INIT;
    options.files = &files;
    options.context = context;
    plim_facts *facts = NULL;
    assert_int_equal(plim_facts_new(&facts, &options, NULL), PLIM_STATUS_OK);
    assert_int_equal(
        plim_facts_add(facts, PLIM_INPUT_DOCKERFILE, "Dockerfile", text, strlen(text), NULL, NULL),
        expected);
    return facts;
}

static void only_regular_files_are_of_interest(void **state)
{
    (void)state;
    struct caller caller = {0};
    plim_text json = PLIM_TEXT_INIT;
    plim_facts *facts =
        read_with(&caller, "ctx", "FROM alpine\nCOPY . .\nCOPY a.txt /\n", PLIM_STATUS_OK);
    assert_int_equal(plim_facts_freeze(facts, NULL), PLIM_STATUS_OK);
    assert_int_equal(plim_facts_json(facts, &json), PLIM_STATUS_OK);
    assert_non_null(strstr(json.data, "\"ctx/.env\""));
    assert_non_null(strstr(json.data, "\"ctx/.git\""));
    assert_non_null(strstr(json.data, "\"ctx/.dockerignore\""));
    assert_null(strstr(json.data, "link.env"));
    assert_null(strstr(json.data, "pipe.env"));
    assert_null(strstr(json.data, "ctx/x.key"));
    plim_text_release(&json);
    plim_facts_free(facts);
}

static void paths_are_bounded(void **state)
{
    (void)state;
    static char text[FILES_MAX_PATH + 64];
    for (int more = -1; more <= 1; more++) {
        size_t name = (size_t)(FILES_MAX_PATH + more) - strlen("c/");
        memcpy(text, "FROM a\nCOPY ", 12);
        memset(text + 12, 'x', name);
        memcpy(text + 12 + name, " /\n", 4);
        struct caller caller = {0};
        plim_facts_free(read_with(&caller, "c", text, PLIM_STATUS_OK));
        assert_int_equal(strlen(caller.asked), more <= 0 ? (size_t)(FILES_MAX_PATH + more) : 0);
    }
}

static void a_file_that_cannot_be_inspected_is_none(void **state)
{
    (void)state;
    struct caller caller = {.answer = PLIM_STATUS_INPUT};
    plim_facts_free(read_with(&caller, "ctx", "FROM a\nCOPY a /\n", PLIM_STATUS_OK));
    assert_int_equal(caller.questions, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_regular_files_are_of_interest),
        cmocka_unit_test(paths_are_bounded),
        cmocka_unit_test(a_file_that_cannot_be_inspected_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
