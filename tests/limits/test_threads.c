/* SPDX-License-Identifier: Apache-2.0
 *
 * test_threads.c - several threads with one policy, on documents of their own and on shared facts;
 * a cancel from another thread. Results must equal those of one thread. The build with
 * VARIANT=tsan looks for races.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <plimsoll/plimsoll.h>

enum { THREADS = 8, ROUNDS = 20, TEXT_BYTES = 4096 };

static const char policy_text[] =
    "rule user-root {\n"
    "  id \"PL5001\"\n"
    "  title \"The container runs as root\"\n"
    "  why \"\"\"uid 0\"\"\"\n"
    "  remedy \"\"\"End with USER name.\"\"\"\n"
    "  severity high\n"
    "  section least-privilege\n"
    "  since \"0.1.0\"\n"
    "  unknown report\n"
    "  for w in final-stage\n"
    "  where has w.user\n"
    "  deny when w.user.is-root or (w.user.name default \"\") matches \"^r..t$\"\n"
    "    at w.user\n"
    "    message \"{w.label} runs as root\"\n"
    "}\n";

static plim_policy *compile_policy(void)
{
    plim_source source = {"user.plim", policy_text, strlen(policy_text)};
    plim_policy *policy = NULL;
    plim_error error = {0};
    plim_status status = plim_policy_compile(&policy, &source, 1, NULL, NULL, &error);
    if (status != PLIM_STATUS_OK) {
        print_message("%s\n", error.message);
    }
    assert_int_equal(status, PLIM_STATUS_OK);
    return policy;
}

/* Facts of a document that differs for each number; NULL on failure, which threads report. */
static plim_facts *make_facts(unsigned number)
{
    char text[TEXT_BYTES];
    int len = snprintf(text, sizeof(text),
                       "FROM alpine:3.%u AS s%u\nRUN echo %u && true\nUSER %s\nCMD [\"a\"]\n",
                       number, number, number, number % 2 == 0 ? "root" : "app");
    plim_facts *facts = NULL;
    plim_error error;
    if (plim_facts_new(&facts, NULL, &error) != PLIM_STATUS_OK) {
        return NULL;
    }
    if (plim_facts_add(facts, PLIM_INPUT_DOCKERFILE, "Dockerfile", text, (size_t)len, NULL,
                       &error) != PLIM_STATUS_OK ||
        plim_facts_freeze(facts, &error) != PLIM_STATUS_OK) {
        plim_facts_free(facts);
        return NULL;
    }
    return facts;
}

/* Number of findings and the first fingerprint. */
struct outcome {
    bool ok;
    size_t count;
    char fingerprint[33];
};

static struct outcome evaluate(plim_policy *policy, plim_facts *facts)
{
    struct outcome outcome = {0};
    plim_result *result = NULL;
    plim_error error;
    if (facts == NULL || plim_eval(&result, &policy, 1, facts, NULL, &error) != PLIM_STATUS_OK) {
        return outcome;
    }
    plim_finding finding = {.struct_size = sizeof(finding)};
    outcome.ok = true;
    outcome.count = plim_result_count(result);
    if (outcome.count > 0) {
        outcome.ok = plim_result_finding(result, 0, &finding) == PLIM_STATUS_OK;
        memcpy(outcome.fingerprint, finding.fingerprint, sizeof(outcome.fingerprint));
    }
    plim_result_free(result);
    return outcome;
}

static bool same_outcome(const struct outcome *a, const struct outcome *b)
{
    return a->ok && b->ok && a->count == b->count && strcmp(a->fingerprint, b->fingerprint) == 0;
}

struct worker {
    pthread_t thread;
    unsigned number;
    plim_policy *policy;
    plim_facts *shared;
    struct outcome expected_own;
    struct outcome expected_shared;
    bool ok;
};

/* cmocka's assertions belong to the main thread, so a worker only notes what it saw. */
static void *work(void *argument)
{
    struct worker *worker = argument;
    plim_policy *policy = plim_policy_retain(worker->policy);
    worker->ok = true;
    for (int round = 0; round < ROUNDS; round++) {
        plim_facts *facts = make_facts(worker->number);
        struct outcome own = evaluate(policy, facts);
        struct outcome shared = evaluate(policy, worker->shared);
        plim_facts_free(facts);
        worker->ok = worker->ok && same_outcome(&own, &worker->expected_own) &&
                     same_outcome(&shared, &worker->expected_shared);
    }
    plim_policy_release(policy);
    return NULL;
}

static void threads_agree_with_one_thread(void **state)
{
    (void)state;
    static struct worker workers[THREADS];
    plim_policy *policy = compile_policy();
    plim_facts *shared = make_facts(100);
    struct outcome expected_shared = evaluate(policy, shared);
    assert_true(expected_shared.ok);
    assert_int_equal(expected_shared.count, 1);
    for (unsigned i = 0; i < THREADS; i++) {
        plim_facts *facts = make_facts(i);
        workers[i] = (struct worker){.number = i, .policy = policy, .shared = shared};
        workers[i].expected_shared = expected_shared;
        workers[i].expected_own = evaluate(policy, facts);
        plim_facts_free(facts);
        assert_int_equal(workers[i].expected_own.count, i % 2 == 0 ? 1 : 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        assert_true(workers[i].ok);
    }
    plim_facts_free(shared);
    plim_policy_release(policy);
}

/* Asked by the evaluation in the main thread, set by another. */
struct cancel {
    atomic_bool wanted;
    atomic_bool asked;
};

static int is_cancelled(void *user)
{
    struct cancel *cancel = user;
    atomic_store(&cancel->asked, true);
    /* Waits for the other thread, so that the outcome does not depend on who is faster. */
    while (!atomic_load(&cancel->wanted)) {
        sched_yield();
    }
    return 1;
}

static void *cancel_when_asked(void *argument)
{
    struct cancel *cancel = argument;
    while (!atomic_load(&cancel->asked)) {
        sched_yield();
    }
    atomic_store(&cancel->wanted, true);
    return NULL;
}

static void another_thread_can_cancel(void **state)
{
    (void)state;
    plim_policy *policy = compile_policy();
    plim_facts *facts = make_facts(0);
    struct cancel cancel = {0};
    plim_eval_options options = PLIM_EVAL_OPTIONS_INIT;
    options.cancelled = is_cancelled;
    options.user = &cancel;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_when_asked, &cancel), 0);
    plim_result *result = NULL;
    plim_error error;
    plim_status status = plim_eval(&result, &policy, 1, facts, &options, &error);
    /* An evaluation that ended before it asked leaves the other thread waiting. */
    bool was_asked = atomic_exchange(&cancel.asked, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(was_asked);
    assert_int_equal(status, PLIM_STATUS_STOPPED);
    assert_non_null(result);
    plim_result_free(result);
    plim_facts_free(facts);
    plim_policy_release(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_agree_with_one_thread),
        cmocka_unit_test(another_thread_can_cancel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
