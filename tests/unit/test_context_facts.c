/* SPDX-License-Identifier: Apache-2.0
 *
 * test_context_facts.c - which files of a build context become rows, which source takes them, what
 * the ignore file does, and where the walk ends.
 */
#include "facts/context/context_facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/alloc.h"
#include "facts/context/context_walk.h"
#include "facts/dockerfile/df_facts.h"
#include "fake_files.h"
#include "fault_alloc.h"

#define KEY_TEXT "-----BEGIN PRIVATE KEY-----\nAAAA\n"

struct run {
    struct facts *facts;
    struct arena arena;
    struct fake_files files;
    fact_row dockerfile;
    plim_status status;
};

static plim_status read_all(struct run *r, const plim_allocator *allocator, const char *dockerfile,
                            bool assumed)
{
    struct df_facts reader = {0};
    source_id source = 0;
    arena_init(&r->arena, allocator, 0);
    plim_status status = facts_new(&r->facts, allocator, 0, 7);
    if (status != PLIM_STATUS_OK) {
        r->facts = NULL;
        return status;
    }
    status = df_facts_init(&reader, r->facts, allocator, NULL);
    if (status == PLIM_STATUS_OK) {
        status = source_add(&r->facts->sources, &source, STR("app/Dockerfile"),
                            str_from_cstr(dockerfile));
    }
    if (status == PLIM_STATUS_OK) {
        status = df_facts_add(&reader, source, NULL, &r->dockerfile);
    }
    df_facts_release(&reader);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    struct context_request request = {.files = &r->files.files,
                                      .dockerfile = r->dockerfile,
                                      .directory = STR("app"),
                                      .assumed = assumed};
    return context_facts_add(r->facts, &r->arena, &request);
}

static void begin(struct run *r, const struct fake_file *items, size_t count,
                  const char *dockerfile, bool assumed)
{
    fake_files_init(&r->files, items, count);
    assert_int_equal(read_all(r, alloc_or_default(NULL), dockerfile, assumed), PLIM_STATUS_OK);
}

static void end(struct run *r)
{
    arena_release(&r->arena);
    facts_free(r->facts);
}

/* Paths of the rows, joined by blanks. */
static void assert_files(const struct run *r, const char *expected)
{
    char text[1024] = "";
    for (fact_row row = 0; row < r->facts->tables[FACT_KIND_context_file].count; row++) {
        struct str path =
            facts_get_str(r->facts, FACT_KIND_context_file, row, FIELD_context_file_path);
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, "%s%.*s", used > 0 ? " " : "",
                       STR_FMT(path));
    }
    assert_string_equal(text, expected);
}

static uint32_t rows(const struct run *r, enum fact_kind kind)
{
    return r->facts->tables[kind].count;
}

static void test_finds_what_a_whole_copy_takes(void **state)
{
    (void)state;
    static const struct fake_file items[] = {
        {"app/Dockerfile", "", 0},
        {"app/.env", "PASSWORD=x\n", 0600},
        {"app/.env.example", "PASSWORD=\n", 0},
        {"app/certs/ca.pem", "-----BEGIN CERTIFICATE-----\n", 0},
        {"app/certs/server.pem", KEY_TEXT, 0},
        {"app/.git/config", "[remote]\n", 0},
        {"app/src/main.go", "package main\n", 0},
        {"app/home/.aws/credentials", "aws_secret_access_key = x\n", 0},
        {"app/home/credentials", "aws_secret_access_key = x\n", 0},
        {"app/node_modules/x/id_rsa", KEY_TEXT, 0},
    };
    struct run r;
    begin(&r, items, sizeof items / sizeof items[0], "FROM alpine\nCOPY . /app\n", true);
    assert_files(&r, ".env .git Dockerfile certs/server.pem home/.aws/credentials node_modules");
    struct fact_cell copies =
        facts_get(r.facts, FACT_KIND_context_file, 0, FIELD_context_file_copies);
    assert_int_equal(fact_list_count(copies.value), 1);
    assert_int_equal(
        facts_get(r.facts, FACT_KIND_context_file, 0, FIELD_context_file_world_readable).value, 0);
    assert_int_equal(
        facts_get(r.facts, FACT_KIND_context_file, 3, FIELD_context_file_world_readable).value, 1);
    assert_int_equal(facts_get(r.facts, FACT_KIND_context_file, 0, FIELD_context_file_size).value,
                     11);
    assert_int_equal(
        facts_get(r.facts, FACT_KIND_context_file, 0, FIELD_context_file_shipped_copy).state,
        FACT_PRESENT);
    assert_int_equal(facts_get(r.facts, FACT_KIND_context, 0, FIELD_context_whole_copy).state,
                     FACT_PRESENT);
    assert_int_equal(facts_get(r.facts, FACT_KIND_context, 0, FIELD_context_ignore_file).state,
                     FACT_ABSENT);
    end(&r);
}

/* A builder stage may take more than what ends in the image; the first copy that ships counts. */
static void test_tells_what_ships(void **state)
{
    (void)state;
    static const struct fake_file items[] = {
        {"app/.env", "TOKEN=hunter2", 0},
        {"app/web/.env", "TOKEN=hunter2", 0},
    };
    struct run r;
    begin(&r, items, sizeof items / sizeof items[0],
          "FROM alpine AS a\nCOPY . /app\nFROM alpine\nCOPY web /web\n", false);
    assert_files(&r, ".env web/.env");
    const unsigned field = FIELD_context_file_shipped_copy;
    assert_int_equal(facts_get(r.facts, FACT_KIND_context_file, 0, field).state, FACT_ABSENT);
    struct fact_cell copy = facts_get(r.facts, FACT_KIND_context_file, 1, field);
    assert_int_equal(copy.state, FACT_PRESENT);
    assert_true(str_eq(
        facts_get_str(r.facts, FACT_KIND_copied_file, (fact_row)copy.value, FIELD_copied_file_text),
        STR("web")));
    end(&r);
}

static void test_takes_only_what_sources_name(void **state)
{
    (void)state;
    static const struct fake_file items[] = {
        {"app/a/.env", "A=1\n", 0},        {"app/ab/.env", "A=1\n", 0},
        {"app/conf/prod.env", "A=1\n", 0}, {"app/conf/deep/prod.env", "A=1\n", 0},
        {"app/other/.env", "A=1\n", 0},
    };
    struct run r;
    begin(&r, items, sizeof items / sizeof items[0],
          "FROM alpine AS b\nCOPY a/ /a\nCOPY conf/*.env /conf\n"
          "FROM scratch\nCOPY --from=b other /other\n",
          true);
    assert_files(&r, "a/.env conf/prod.env");
    struct fact_cell files = facts_get(r.facts, FACT_KIND_copied_file, 1, FIELD_copied_file_files);
    assert_int_equal(fact_list_count(files.value), 1);
    end(&r);
}

static void test_ignore_file_takes_away_and_brings_back(void **state)
{
    (void)state;
    static const struct fake_file items[] = {
        {"app/.dockerignore", "# all\n**/*.env\nsecrets\n!secrets/public.env\n", 0},
        {"app/x.env", "A=1\n", 0},
        {"app/secrets/public.env", "A=1\n", 0},
        {"app/secrets/id_rsa", KEY_TEXT, 0},
    };
    struct run r;
    begin(&r, items, sizeof items / sizeof items[0], "FROM alpine\nCOPY . .\n", true);
    assert_files(&r, ".dockerignore secrets/public.env");
    assert_int_equal(rows(&r, FACT_KIND_ignore_pattern), 3);
    struct fact_cell reopens =
        facts_get(r.facts, FACT_KIND_ignore_pattern, 2, FIELD_ignore_pattern_reopens);
    assert_int_equal(fact_list_count(reopens.value), 1);
    struct span span = facts_span(r.facts, facts_row_loc(r.facts, FACT_KIND_ignore_pattern, 2));
    assert_int_equal(source_line_number(&r.facts->sources, span.source, span.start), 4);
    end(&r);
}

static void test_ignore_file_of_the_dockerfile_goes_first(void **state)
{
    (void)state;
    static const struct fake_file items[] = {
        {"app/Dockerfile.dockerignore", "nothing\n", 0},
        {"app/.dockerignore", ".env\n", 0},
        {"app/.env", "A=1\n", 0},
    };
    struct run r;
    begin(&r, items, sizeof items / sizeof items[0], "FROM alpine\nADD . .\n", true);
    assert_files(&r, ".dockerignore .env Dockerfile.dockerignore");
    assert_true(
        str_eq(facts_get_str(r.facts, FACT_KIND_context, 0, FIELD_context_other_ignore_file),
               STR("app/.dockerignore")));
    end(&r);
}

static void test_an_assumed_context_must_hold_a_source(void **state)
{
    (void)state;
    static const struct fake_file items[] = {{"app/.env", "A=1\n", 0}};
    const char *text = "FROM alpine\nCOPY src/main.c /src/\nCOPY . /all\n";
    struct run r;
    begin(&r, items, 1, text, true);
    assert_int_equal(rows(&r, FACT_KIND_context), 0);
    assert_int_equal(
        facts_get(r.facts, FACT_KIND_dockerfile, r.dockerfile, FIELD_dockerfile_context).state,
        FACT_UNKNOWN);
    assert_int_equal(r.files.lists, 0);
    end(&r);
    begin(&r, items, 1, text, false);
    assert_files(&r, ".env");
    struct fact_cell exists =
        facts_get(r.facts, FACT_KIND_copied_file, 0, FIELD_copied_file_exists);
    assert_int_equal(exists.state, FACT_PRESENT);
    assert_int_equal(exists.value, 0);
    end(&r);
}

static void test_nothing_is_looked_at_without_a_source(void **state)
{
    (void)state;
    static const struct fake_file items[] = {{"app/.env", "A=1\n", 0}};
    struct run r;
    begin(&r, items, 1, "FROM alpine AS a\nFROM scratch\nCOPY --from=a / /\nADD https://x.y/z /\n",
          true);
    assert_int_equal(rows(&r, FACT_KIND_context), 0);
    assert_int_equal(
        facts_get(r.facts, FACT_KIND_dockerfile, r.dockerfile, FIELD_dockerfile_context).state,
        FACT_ABSENT);
    assert_int_equal(r.files.lists, 0);
    end(&r);
}

static void test_a_directory_that_cannot_be_read_is_told(void **state)
{
    (void)state;
    static const struct fake_file items[] = {{"app/a/.env", "A=1\n", 0}, {"app/b/x", "", 0}};
    struct run r;
    fake_files_init(&r.files, items, 2);
    r.files.unreadable = "app/b";
    assert_int_equal(read_all(&r, alloc_or_default(NULL), "FROM alpine\nCOPY . .\n", true),
                     PLIM_STATUS_OK);
    assert_files(&r, "a/.env");
    assert_int_equal(facts_get(r.facts, FACT_KIND_context, 0, FIELD_context_truncated).value, 1);
    end(&r);
}

/* ---- limits --------------------------------------------------------------------------------- */

struct many {
    size_t count;
    const char *ending;
    unsigned depth; /* directories one in the other */
};

static plim_status list_many(void *user, struct str path, files_entry_fn *entry, void *entry_user)
{
    const struct many *many = user;
    size_t depth = 0;
    for (size_t i = 0; i < path.len; i++) {
        depth += path.ptr[i] == '/';
    }
    if (depth < many->depth) {
        return entry(entry_user, STR("d"), FILES_DIRECTORY), PLIM_STATUS_OK;
    }
    for (size_t i = 0; i < many->count; i++) {
        char name[32];
        int size = snprintf(name, sizeof name, "%zu%s", i, many->ending);
        if (!entry(entry_user, str_make(name, (size_t)size), FILES_REGULAR)) {
            break;
        }
    }
    return PLIM_STATUS_OK;
}

static struct context_walked walk_many(struct arena *arena, struct many many)
{
    struct facts_files files = {.user = &many, .list = list_many};
    struct ignore_set none = {0};
    struct context_root root = {STR("")};
    struct context_walk walk = {
        .files = &files, .directory = STR("app"), .ignore = &none, .roots = &root, .root_count = 1};
    struct context_walked walked;
    assert_int_equal(context_walk(&walked, arena, &walk), PLIM_STATUS_OK);
    return walked;
}

static void test_bounds_are_told(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), 0);
    struct context_walked walked = walk_many(&arena, (struct many){CONTEXT_MAX_ENTRIES, "", 0});
    assert_false(walked.truncated);
    assert_int_equal(walked.entries, CONTEXT_MAX_ENTRIES);
    assert_true(walk_many(&arena, (struct many){CONTEXT_MAX_ENTRIES + 1, "", 0}).truncated);
    walked = walk_many(&arena, (struct many){CONTEXT_MAX_FILES, ".jks", 0});
    assert_false(walked.truncated);
    assert_int_equal(walked.count, CONTEXT_MAX_FILES);
    walked = walk_many(&arena, (struct many){CONTEXT_MAX_FILES + 1, ".jks", 0});
    assert_true(walked.truncated);
    assert_int_equal(walked.count, CONTEXT_MAX_FILES);
    walked = walk_many(&arena, (struct many){1, ".jks", CONTEXT_MAX_DEPTH});
    assert_false(walked.truncated);
    assert_int_equal(walked.count, 1);
    assert_true(walk_many(&arena, (struct many){1, ".jks", CONTEXT_MAX_DEPTH + 1}).truncated);
    arena_release(&arena);
}

static plim_status scenario(const plim_allocator *allocator, void *user)
{
    static const struct fake_file items[] = {
        {"app/.dockerignore", "*.pem\n!b.pem\n", 0},
        {"app/.env", "A=1\n", 0},
        {"app/b.pem", KEY_TEXT, 0},
        {"app/src/x.env", "A=1\n", 0},
    };
    (void)user;
    struct run r = {0};
    fake_files_init(&r.files, items, 4);
    plim_status status =
        read_all(&r, allocator, "FROM alpine\nCOPY . .\nCOPY src/*.env /x\n", true);
    arena_release(&r.arena);
    facts_free(r.facts);
    return status;
}

static void test_every_failure_is_clean(void **state)
{
    (void)state;
    fault_alloc_run(scenario, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_what_a_whole_copy_takes),
        cmocka_unit_test(test_tells_what_ships),
        cmocka_unit_test(test_takes_only_what_sources_name),
        cmocka_unit_test(test_ignore_file_takes_away_and_brings_back),
        cmocka_unit_test(test_ignore_file_of_the_dockerfile_goes_first),
        cmocka_unit_test(test_an_assumed_context_must_hold_a_source),
        cmocka_unit_test(test_nothing_is_looked_at_without_a_source),
        cmocka_unit_test(test_a_directory_that_cannot_be_read_is_told),
        cmocka_unit_test(test_bounds_are_told),
        cmocka_unit_test(test_every_failure_is_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
