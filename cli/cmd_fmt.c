/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_fmt.c - `plimsoll fmt`: the canonical layout of policy files, printed, compared, or written.
 */
#include <string.h>

#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/mem.h"
#include "cli/out.h"

enum { CONTEXT = 3 };

/* A text cut into lines, line ends included. */
struct lines {
    const char **starts; /* one more than there are lines */
    size_t count;
    size_t capacity;
};

static struct lines split(const char *text, size_t size)
{
    struct lines lines = {0};
    size_t at = 0;
    for (;;) {
        lines.starts =
            mem_grow(lines.starts, &lines.capacity, lines.count + 1, sizeof *lines.starts);
        lines.starts[lines.count] = text + at;
        if (at == size) {
            return lines;
        }
        const char *end = memchr(text + at, '\n', size - at);
        at = end != NULL ? (size_t)(end - text) + 1 : size;
        lines.count++;
    }
}

static size_t line_size(const struct lines *lines, size_t index)
{
    return (size_t)(lines->starts[index + 1] - lines->starts[index]);
}

static bool same_line(const struct lines *a, size_t i, const struct lines *b, size_t j)
{
    return line_size(a, i) == line_size(b, j) &&
           memcmp(a->starts[i], b->starts[j], line_size(a, i)) == 0;
}

static void add_lines(struct bytes *out, char mark, const struct lines *lines, size_t from,
                      size_t to)
{
    for (size_t i = from; i < to; i++) {
        bytes_add(out, &mark, 1);
        bytes_add(out, lines->starts[i], line_size(lines, i));
        if (lines->starts[i + 1][-1] != '\n') {
            bytes_add_text(out, "\n\\ No newline at end of file\n");
        }
    }
}

/* A unified diff of one hunk: all between the first and the last changed line. */
static void add_diff(struct bytes *out, const char *name, const plim_source *old,
                     const plim_text *new)
{
    struct lines a = split(old->text, old->size);
    struct lines b = split(new->data, new->size);
    size_t head = 0;
    while (head < a.count && head < b.count && same_line(&a, head, &b, head)) {
        head++;
    }
    size_t tail = 0;
    while (tail < a.count - head && tail < b.count - head &&
           same_line(&a, a.count - 1 - tail, &b, b.count - 1 - tail)) {
        tail++;
    }
    size_t before = head < CONTEXT ? head : CONTEXT;
    size_t after = tail < CONTEXT ? tail : CONTEXT;
    size_t from = head - before;
    size_t old_count = a.count - tail - head + before + after;
    size_t new_count = b.count - tail - head + before + after;
    bytes_printf(out, "--- a/%s\n+++ b/%s\n@@ -%zu,%zu +%zu,%zu @@\n", name, name,
                 old_count > 0 ? from + 1 : from, old_count, new_count > 0 ? from + 1 : from,
                 new_count);
    add_lines(out, ' ', &a, from, head);
    add_lines(out, '-', &a, head, a.count - tail);
    add_lines(out, '+', &b, head, b.count - tail);
    add_lines(out, ' ', &a, a.count - tail, a.count - tail + after);
    mem_free(a.starts);
    mem_free(b.starts);
}

/* Formats one file; what is to be printed is appended to `out`. */
static int format_file(const struct options *options, const plim_source *source, plim_diags *diags,
                       struct bytes *out)
{
    plim_text text = PLIM_TEXT_INIT;
    plim_status status = plim_format(source, NULL, &text, diags);
    if (status != PLIM_STATUS_OK) {
        return plim_status_exit_code(status);
    }
    bool same = text.size == source->size && memcmp(text.data, source->text, text.size) == 0;
    int code = 0;
    if (opt_given(options, OPT_write)) {
        code = same ? 0 : out_file(source->name, text.data, text.size);
    } else if (opt_given(options, OPT_diff)) {
        if (!same) {
            add_diff(out, source->name, source, &text);
            code = EXIT_FINDINGS;
        }
    } else if (opt_given(options, OPT_check)) {
        if (!same) {
            out_say("%s: would change", source->name);
            code = EXIT_FINDINGS;
        }
    } else {
        bytes_add(out, text.data, text.size);
    }
    plim_text_release(&text);
    return code;
}

static int format_all(const struct options *options, const struct policy_files *files)
{
    plim_diags *diags = NULL;
    plim_status status = plim_diags_new(&diags, NULL);
    if (status != PLIM_STATUS_OK) {
        return out_fail(status, NULL);
    }
    struct bytes out = {0};
    int code = 0;
    for (size_t i = 0; i < files->count; i++) {
        int one = format_file(options, &files->items[i], diags, &out);
        code = one > code ? one : code;
    }
    show_diags(diags, opt_value(options, OPT_color, "auto"));
    plim_diags_free(diags);
    if (out.size > 0) {
        int failed = out_stdout(out.data, out.size);
        code = failed > code ? failed : code;
    }
    bytes_release(&out);
    return code;
}

/* Standard input as a policy file. */
static int read_stdin(struct policy_files *files, struct input *input)
{
    if (!input_read_stdin(input)) {
        out_say("standard input: %s", input->problem);
        return EXIT_INPUT;
    }
    files->items = mem_grow(files->items, &files->capacity, files->count + 1, sizeof *files->items);
    files->items[files->count] =
        (plim_source){.name = "-", .text = input->data.data, .size = input->data.size};
    files->count++;
    return 0;
}

int cmd_fmt(const struct options *options)
{
    struct policy_files files = {0};
    struct input input = {0};
    int code = 0;
    for (size_t i = 0; i < options->arguments.count && code == 0; i++) {
        const char *path = options->arguments.items[i];
        if (strcmp(path, "-") != 0) {
            code = policy_files_read(&files, path);
        } else if (input.data.data == NULL) {
            code = read_stdin(&files, &input);
        }
    }
    if (code == 0 && files.count == 0) {
        out_say("no .plim file was found");
        code = EXIT_INPUT;
    }
    if (code == 0) {
        code = format_all(options, &files);
    }
    policy_files_release(&files);
    bytes_release(&input.data);
    return code;
}
