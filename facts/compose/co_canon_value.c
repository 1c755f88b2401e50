/* SPDX-License-Identifier: Apache-2.0
 *
 * co_canon_value.c - values with units, and commands: from what was written to what Compose prints.
 * A text with an unknown part stays as it is.
 */
#include "facts/compose/co_canon_forms.h"

#include "facts/compose/co_edit.h"
#include "facts/compose/co_piece.h"
#include "facts/compose/co_scalar.h"
#include "facts/compose/co_words.h"
#include "facts/duration.h"
#include "facts/size.h"

/* Reports that a text is not what it should be, such as "no size", with a remedy. */
static void refuse_value(struct co_run *run, const struct tree_node *node, const char *what,
                         const char *remedy)
{
    struct diag *diag = NULL;
    if (node->text.len == 0) {
        diag = co_refuse(run, DIAG_compose_value, node->span, "an empty text is %s", what);
    } else {
        diag = co_refuse(run, DIAG_compose_value, node->span, "`%.*s` is %s", STR_FMT(node->text),
                         what);
    }
    diag_add_note(run->diags, diag, "%s", remedy);
}

/* Another text for a scalar, with all that is known of it. */
static const struct tree_node *with_text(struct co_run *run, const struct tree_node *node,
                                         struct str text)
{
    if (node->kind == TREE_STRING && str_eq(node->text, text)) {
        return node;
    }
    struct tree_node *copy = tree_copy(run->arena, node);
    if (copy != NULL) {
        copy->kind = TREE_STRING;
        copy->text = text;
    }
    return copy;
}

static const struct tree_node *with_number(struct co_run *run, const struct tree_node *node,
                                           int64_t number)
{
    struct tree_node value = {.kind = TREE_INT, .u.integer = number};
    return with_text(run, node, co_scalar_text(run->arena, &value));
}

const struct tree_node *co_form_size(struct co_run *run, const struct tree_node *node)
{
    if (node->kind == TREE_INT) {
        return with_number(run, node, node->u.integer);
    }
    if (node->kind == TREE_FLOAT) { /* Compose overlooks it */
        return with_number(run, node, 0);
    }
    if (node->kind != TREE_STRING || tree_has_holes(node)) {
        return node;
    }
    int64_t bytes = 0;
    enum size_error error = size_parse_compose(node->text, &bytes);
    if (error != SIZE_ERROR_NONE) {
        refuse_value(run, node, "no size", size_error_text(error).ptr);
        return NULL;
    }
    return with_number(run, node, bytes);
}

const struct tree_node *co_form_duration(struct co_run *run, const struct tree_node *node)
{
    if (node->kind != TREE_STRING || tree_has_holes(node)) {
        return node;
    }
    int64_t nanoseconds = 0;
    enum duration_error error = duration_parse_days(node->text, &nanoseconds);
    if (error != DURATION_ERROR_NONE) {
        refuse_value(run, node, "no duration",
                     "a duration is a number with one of the units us, ms, s, m, h, d, w: 1m30s");
        return NULL;
    }
    return with_text(run, node, co_duration_text(run->arena, nanoseconds));
}

/* Octal digits of a number, with a zero before them. */
static struct str octal(struct co_run *run, int64_t mode)
{
    enum { DIGITS = 24 };
    char out[DIGITS];
    size_t at = DIGITS;
    uint64_t rest = mode < 0 ? 0 - (uint64_t)mode : (uint64_t)mode;
    do {
        at--;
        out[at] = (char)('0' + rest % 8);
        rest /= 8;
    } while (rest > 0);
    if (mode < 0) {
        at--;
        out[at] = '-';
    }
    at--;
    out[at] = '0';
    return arena_copy_str(run->arena, str_make(out + at, DIGITS - at));
}

/* A number in a file is the mode itself (0440 was octal there already); a text is octal. */
const struct tree_node *co_form_mode(struct co_run *run, const struct tree_node *node)
{
    enum { MOST_DIGITS = 20 };
    if (node->kind == TREE_INT) {
        return with_text(run, node, octal(run, node->u.integer));
    }
    if (node->kind != TREE_STRING || tree_has_holes(node)) {
        return node;
    }
    int64_t mode = 0;
    size_t digits = 0;
    for (; digits < node->text.len && node->text.ptr[digits] >= '0' &&
           node->text.ptr[digits] <= '7' && digits < MOST_DIGITS;
         digits++) {
        mode = mode * 8 + (node->text.ptr[digits] - '0');
    }
    if (digits == 0 || digits < node->text.len) {
        refuse_value(run, node, "no mode of a file", "a mode is an octal number such as \"0440\"");
        return NULL;
    }
    return with_text(run, node, octal(run, mode));
}

/* A number as Go converts it to an integer; what does not fit stays. */
const struct tree_node *co_form_whole(struct co_run *run, const struct tree_node *node)
{
    bool fits = node->kind == TREE_FLOAT && node->u.real > -0x1p63 && node->u.real < 0x1p63;
    struct tree_node *copy = fits ? tree_copy(run->arena, node) : NULL;
    if (copy == NULL) {
        return node;
    }
    copy->kind = TREE_INT;
    copy->u.integer = (int64_t)node->u.real;
    return copy;
}

/* Number of devices; `all` is -1. */
const struct tree_node *co_form_count(struct co_run *run, const struct tree_node *node)
{
    if (node->kind != TREE_STRING || tree_has_holes(node)) {
        return node;
    }
    unsigned long long number = 0;
    int64_t count = -1;
    if (!str_eq_nocase(node->text, STR("all"))) {
        if (!str_to_u64(node->text, &number) || number > INT64_MAX) {
            refuse_value(run, node, "no number of devices", "write `all` or a whole number");
            return NULL;
        }
        count = (int64_t)number;
    }
    struct tree_node *copy = tree_copy(run->arena, node);
    if (copy != NULL) {
        copy->kind = TREE_INT;
        copy->u.integer = count;
    }
    return copy;
}

/* What stands for words that an unknown part may hide. */
static const struct tree_node *unknown_words(struct co_run *run, const struct tree_node *node)
{
    static const char hole[] = {TREE_HOLE};
    struct tree_node *copy = tree_copy(run->arena, node);
    if (copy != NULL) {
        copy->text = str_make(hole, sizeof hole);
        copy->over = NULL;
    }
    return copy;
}

const struct tree_node *co_form_command(struct co_run *run, const struct tree_node *node)
{
    if (node->kind != TREE_STRING) {
        return node;
    }
    struct co_words words;
    struct co_fault fault = {.message = STR("")};
    if (!co_words_split(run->arena, node->text, &words, &fault)) {
        if (arena_status(run->arena) == PLIM_STATUS_OK) {
            co_refuse(run, DIAG_compose_value, node->span, "%.*s", STR_FMT(fault.message));
        }
        return NULL;
    }
    struct co_pieces pieces;
    co_pieces_init(&pieces, run->arena, run->sources, node);
    struct tree_gather list = {0};
    for (size_t i = 0; i < words.count; i++) {
        co_put(&list, run->arena, STR(""), co_piece_view(&pieces, words.items[i]));
    }
    if (tree_has_holes(node) && words.count == words.sure) {
        co_put(&list, run->arena, STR(""), unknown_words(run, node));
    }
    return co_list_from(run->arena, node, &list);
}

/* Even the text NONE is a command: only the list [NONE] switches the check off. */
const struct tree_node *co_form_test(struct co_run *run, const struct tree_node *node)
{
    if (node->kind != TREE_STRING) {
        return node;
    }
    struct tree_gather list = {0};
    struct tree_node *copy = tree_copy(run->arena, node);
    if (copy != NULL) {
        copy->over = NULL;
    }
    co_put(&list, run->arena, STR(""),
           co_text_at(run->arena, node, STR("CMD-SHELL"), TREE_DEFAULT));
    co_put(&list, run->arena, STR(""), copy);
    return co_list_from(run->arena, node, &list);
}
