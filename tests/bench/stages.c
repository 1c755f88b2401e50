/* SPDX-License-Identifier: Apache-2.0
 *
 * stages.c - the stages of a run inside one process: compile, load, facts, evaluation.
 *
 * Usage: stages RUNS LIST POLICY-DIRECTORY POLICY-FILE...
 * Files are read before the clock starts. Each stage is measured RUNS times over all files and the
 * median of its processor time is printed, so that other work on the machine does not count.
 * Evaluation time is also given for each judgement: each pair of a rule and a row it judged.
 */
#include <plimsoll/eval.h>
#include <plimsoll/input.h>
#include <plimsoll/policy.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/arena.h"
#include "core/buf.h"

enum { MAX_FILES = 65536, MAX_RUNS = 1000, MAX_BYTES = 1 << 30 };

struct files {
    plim_source *items;
    size_t count;
    size_t bytes;
};

struct stages {
    struct arena arena;
    struct files inputs;
    struct files policies;
    plim_policy *policy;
    double times_ms[MAX_RUNS];
    int runs;
};

static double now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void fail(const char *what, const plim_error *error)
{
    fprintf(stderr, "stages: %s: %s\n", what, error != NULL ? error->message : "failed");
    exit(1);
}

/* Adds the content of a file under `name`. */
static void add_file(struct stages *stages, struct files *files, const char *path, const char *name)
{
    struct buf text;
    buf_init(&text, NULL, MAX_BYTES);
    FILE *file = fopen(path, "rb");
    if (file == NULL || files->count == MAX_FILES) {
        fail(path, NULL);
    }
    char chunk[65536];
    for (size_t got = fread(chunk, 1, sizeof(chunk), file); got > 0;
         got = fread(chunk, 1, sizeof(chunk), file)) {
        buf_append(&text, str_make(chunk, got));
    }
    fclose(file);
    struct str kept = arena_copy_str(&stages->arena, buf_view(&text));
    struct str kept_name = arena_copy_str(&stages->arena, str_from_cstr(name));
    files->items[files->count++] =
        (plim_source){.name = kept_name.ptr, .text = kept.ptr, .size = kept.len};
    files->bytes += kept.len;
    buf_release(&text);
}

static void add_list(struct stages *stages, const char *path)
{
    char line[4096];
    FILE *list = fopen(path, "r");
    if (list == NULL) {
        fail(path, NULL);
    }
    while (fgets(line, sizeof(line), list) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        add_file(stages, &stages->inputs, line, line);
    }
    fclose(list);
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(struct stages *stages)
{
    qsort(stages->times_ms, (size_t)stages->runs, sizeof(double), compare_doubles);
    return stages->times_ms[stages->runs / 2];
}

static void measure_compile(struct stages *stages)
{
    plim_error error = {0};
    for (int run = 0; run < stages->runs; run++) {
        plim_compile_options options = PLIM_COMPILE_OPTIONS_INIT;
        plim_policy *policy = NULL;
        double start = now_ms();
        if (plim_policy_compile(&policy, stages->policies.items, stages->policies.count, &options,
                                NULL, &error) != PLIM_STATUS_OK) {
            fail("compiling", &error);
        }
        stages->times_ms[run] = now_ms() - start;
        plim_policy_release(policy);
    }
    printf("%9.3f ms  compile all policies (%zu files, %zu bytes)\n", median(stages),
           stages->policies.count, stages->policies.bytes);
}

static void measure_load(struct stages *stages)
{
    plim_error error = {0};
    for (int run = 0; run < stages->runs; run++) {
        plim_policy_release(stages->policy);
        stages->policy = NULL;
        double start = now_ms();
        if (plim_policy_builtin(&stages->policy, NULL, &error) != PLIM_STATUS_OK) {
            fail("loading", &error);
        }
        stages->times_ms[run] = now_ms() - start;
    }
    printf("%9.3f ms  load and verify the embedded policies (%zu rules)\n", median(stages),
           plim_policy_rule_count(stages->policy));
}

/* Facts of the inputs [from, to) in one store, as a run makes them. */
static plim_facts *make_facts(const struct files *inputs, size_t from, size_t to)
{
    plim_error error = {0};
    plim_facts_options options = PLIM_FACTS_OPTIONS_INIT;
    plim_facts *facts = NULL;
    if (plim_facts_new(&facts, &options, &error) != PLIM_STATUS_OK) {
        fail("facts", &error);
    }
    for (size_t i = from; i < to; i++) {
        const plim_source *input = &inputs->items[i];
        /* A refused document is a result; what was understood of it is kept. */
        plim_status added = plim_facts_add(facts, PLIM_INPUT_DOCKERFILE, input->name, input->text,
                                           input->size, NULL, &error);
        if (added == PLIM_STATUS_NOMEM || added == PLIM_STATUS_INTERNAL) {
            fail(input->name, &error);
        }
    }
    if (plim_facts_freeze(facts, &error) != PLIM_STATUS_OK) {
        fail("facts", &error);
    }
    return facts;
}

/* What came out of evaluations. */
struct tally {
    size_t judgements;
    size_t findings;
};

static void evaluate(struct stages *stages, plim_facts *facts, struct tally *tally)
{
    plim_error error = {0};
    plim_eval_options options = PLIM_EVAL_OPTIONS_INIT;
    plim_result *result = NULL;
    plim_summary summary = {.struct_size = sizeof(summary)};
    plim_status status = plim_eval(&result, &stages->policy, 1, facts, &options, &error);
    if (result == NULL || (status != PLIM_STATUS_OK && status != PLIM_STATUS_LIMIT)) {
        fail("evaluating", &error);
    }
    plim_result_summary(result, &summary);
    tally->judgements += summary.judgements;
    tally->findings += plim_result_count(result);
    plim_result_free(result);
}

/* All files in one store: what the program does. */
static void measure_together(struct stages *stages)
{
    size_t count = stages->inputs.count;
    plim_facts *facts = NULL;
    for (int run = 0; run < stages->runs; run++) {
        plim_facts_free(facts);
        double start = now_ms();
        facts = make_facts(&stages->inputs, 0, count);
        stages->times_ms[run] = now_ms() - start;
    }
    double time = median(stages);
    printf("%9.3f ms  facts of %zu files (%zu bytes): %.1f us a file, %.0f MB/s\n", time, count,
           stages->inputs.bytes, time * 1e3 / (double)count,
           (double)stages->inputs.bytes / time / 1e3);
    struct tally tally = {0};
    for (int run = 0; run < stages->runs; run++) {
        tally = (struct tally){0};
        double start = now_ms();
        evaluate(stages, facts, &tally);
        stages->times_ms[run] = now_ms() - start;
    }
    time = median(stages);
    printf("%9.3f ms  evaluation of all rules: %.1f us a file, %.1f ns for each rule and row "
           "(%zu judgements, %zu findings)\n",
           time, time * 1e3 / (double)count,
           tally.judgements > 0 ? time * 1e6 / (double)tally.judgements : 0.0, tally.judgements,
           tally.findings);
    plim_facts_free(facts);
}

/* Each file in a store of its own: what an embedder does that is asked about one file at a time. */
static void measure_apart(struct stages *stages)
{
    size_t count = stages->inputs.count;
    struct tally tally = {0};
    for (int run = 0; run < stages->runs; run++) {
        double start = now_ms();
        for (size_t i = 0; i < count; i++) {
            plim_facts *facts = make_facts(&stages->inputs, i, i + 1);
            evaluate(stages, facts, &tally);
            plim_facts_free(facts);
        }
        stages->times_ms[run] = now_ms() - start;
    }
    double time = median(stages);
    printf("%9.3f ms  facts and evaluation, each file apart: %.1f us a file\n", time,
           time * 1e3 / (double)count);
}

int main(int argc, char **argv)
{
    static struct stages stages;
    stages.runs = argc > 4 ? atoi(argv[1]) : 0;
    if (stages.runs < 1 || stages.runs > MAX_RUNS) {
        fprintf(stderr, "usage: stages RUNS LIST POLICY-DIRECTORY POLICY-FILE...\n");
        return 2;
    }
    arena_init(&stages.arena, NULL, 0);
    stages.inputs.items = ARENA_ARRAY(&stages.arena, plim_source, MAX_FILES);
    stages.policies.items = ARENA_ARRAY(&stages.arena, plim_source, MAX_FILES);
    if (arena_status(&stages.arena) != PLIM_STATUS_OK) {
        return 1;
    }
    add_list(&stages, argv[2]);
    size_t prefix = strlen(argv[3]) + 1;
    for (int i = 4; i < argc; i++) {
        add_file(&stages, &stages.policies, argv[i],
                 strlen(argv[i]) > prefix ? argv[i] + prefix : argv[i]);
    }
    measure_compile(&stages);
    measure_load(&stages);
    measure_together(&stages);
    measure_apart(&stages);
    plim_policy_release(stages.policy);
    arena_release(&stages.arena);
    return 0;
}
