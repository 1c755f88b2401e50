/* SPDX-License-Identifier: Apache-2.0
 *
 * compare.c - times commands against each other: compare RUNS LABEL COMMAND [LABEL COMMAND]...
 *
 * A COMMAND is one argument, split at blanks; a word @FILE stands for the lines of that file. It
 * runs with its output thrown away. All commands run in turn, RUNS times after one warm-up, so
 * that a machine that changes its speed changes it for all. Prints for each the median wall and
 * processor time, the peak memory, and the median of the ratios to the first command, taken run by
 * run.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

enum { MAX_COMMANDS = 8, MAX_RUNS = 1001, MAX_WORDS = 4096, LINE_BYTES = 4096 };

struct command {
    const char *label;
    char *words[MAX_WORDS + 1];
    double wall[MAX_RUNS];
    double processor[MAX_RUNS];
    long peak_kib;
};

static double seconds(struct timespec from, struct timespec to)
{
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

static double timeval_seconds(struct timeval value)
{
    return (double)value.tv_sec + (double)value.tv_usec / 1e6;
}

/* One run; false when it could not be started or was killed. */
static bool run_once(struct command *command, double *wall, double *processor)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return false;
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    struct timespec start;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    pid_t child;
    int failed = posix_spawnp(&child, command->words[0], &actions, NULL, command->words, environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    struct rusage usage;
    if (failed != 0 || wait4(child, &status, 0, &usage) != child || !WIFEXITED(status)) {
        return false;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    *wall = seconds(start, end);
    *processor = timeval_seconds(usage.ru_utime) + timeval_seconds(usage.ru_stime);
    command->peak_kib = usage.ru_maxrss > command->peak_kib ? usage.ru_maxrss : command->peak_kib;
    /* A usage or policy error, or an internal one, must not pass for a fast run. */
    int code = WEXITSTATUS(status);
    return code <= 5 && code != 2 && code != 3;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values, size_t count)
{
    static double sorted[MAX_RUNS];
    memcpy(sorted, values, count * sizeof *values);
    qsort(sorted, count, sizeof *sorted, compare_doubles);
    return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

static double median_ratio(const struct command *command, const struct command *base, size_t runs)
{
    static double ratios[MAX_RUNS];
    for (size_t i = 0; i < runs; i++) {
        ratios[i] = command->wall[i] / base->wall[i];
    }
    return median(ratios, runs);
}

/* Appends the lines of a file as words; they live until the process ends. */
static size_t add_lines(struct command *command, size_t count, const char *path)
{
    char line[LINE_BYTES];
    FILE *file = fopen(path, "r");
    while (file != NULL && count < MAX_WORDS && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        command->words[count++] = strdup(line);
    }
    if (file != NULL) {
        fclose(file);
    }
    return count;
}

static void split_words(struct command *command, char *text)
{
    size_t count = 0;
    char *rest = text;
    while (count < MAX_WORDS) {
        rest += strspn(rest, " ");
        if (*rest == '\0') {
            break;
        }
        char *word = rest;
        rest += strcspn(rest, " ");
        if (*rest != '\0') {
            *rest++ = '\0';
        }
        if (*word == '@') {
            count = add_lines(command, count, word + 1);
        } else {
            command->words[count++] = word;
        }
    }
}

int main(int argc, char **argv)
{
    size_t runs = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    size_t count = argc > 3 ? (size_t)(argc - 2) / 2 : 0;
    if (runs == 0 || runs > MAX_RUNS || count == 0 || count > MAX_COMMANDS || argc % 2 != 0) {
        fprintf(stderr, "usage: compare RUNS LABEL COMMAND [LABEL COMMAND]...\n");
        return 2;
    }
    struct command *commands = calloc(count, sizeof *commands);
    for (size_t i = 0; commands != NULL && i < count; i++) {
        commands[i].label = argv[2 + 2 * i];
        split_words(&commands[i], argv[3 + 2 * i]);
    }
    for (size_t run = 0; commands != NULL && run <= runs; run++) {
        for (size_t i = 0; i < count; i++) {
            double wall;
            double processor;
            if (commands[i].words[0] == NULL || !run_once(&commands[i], &wall, &processor)) {
                fprintf(stderr, "%s: cannot be run\n", commands[i].label);
                free(commands);
                return 1;
            }
            if (run > 0) { /* the first one warms up */
                commands[i].wall[run - 1] = wall;
                commands[i].processor[run - 1] = processor;
            }
        }
    }
    for (size_t i = 0; commands != NULL && i < count; i++) {
        printf("%-28s %9.2f ms  %9.2f ms cpu  %7ld KiB  %6.2fx\n", commands[i].label,
               median(commands[i].wall, runs) * 1e3, median(commands[i].processor, runs) * 1e3,
               commands[i].peak_kib, median_ratio(&commands[i], &commands[0], runs));
    }
    free(commands);
    return 0;
}
