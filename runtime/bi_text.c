/* SPDX-License-Identifier: Apache-2.0
 *
 * bi_text.c - builtins on texts and lists of texts. ASCII only where letters matter: names in
 * container files are. See builtins.def for what each does.
 */
#include "runtime/bi.h"

#include <limits.h>
#include <string.h>

static char upper_char(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Makes the text built in vm->made the result. */
static enum vm_exit take_made(struct vm *vm, struct value *out)
{
    if (buf_status(&vm->made) != PLIM_STATUS_OK) {
        return buf_status(&vm->made) == PLIM_STATUS_NOMEM ? VM_NOMEM : VM_TEXT;
    }
    intern_id id = link_intern(vm->link, buf_view(&vm->made));
    if (id == INTERN_NONE) {
        return intern_status(&vm->link->extra) == PLIM_STATUS_NOMEM ? VM_NOMEM : VM_MEMORY;
    }
    *out = value_present(id);
    return VM_DONE;
}

/* A part of a text as the result. */
static enum vm_exit take_part(struct vm *vm, struct value *out, struct str part)
{
    buf_clear(&vm->made);
    buf_append(&vm->made, part);
    return take_made(vm, out);
}

enum vm_exit bi_starts_with(struct vm *vm, struct value *out, const struct value *arguments)
{
    *out = value_bool(str_starts_with(bi_text(vm, arguments[0]), bi_text(vm, arguments[1])));
    return VM_DONE;
}

enum vm_exit bi_ends_with(struct vm *vm, struct value *out, const struct value *arguments)
{
    *out = value_bool(str_ends_with(bi_text(vm, arguments[0]), bi_text(vm, arguments[1])));
    return VM_DONE;
}

enum vm_exit bi_contains(struct vm *vm, struct value *out, const struct value *arguments)
{
    struct str text = bi_text(vm, arguments[0]);
    struct str part = bi_text(vm, arguments[1]);
    *out = value_bool(part.len == 0 || memmem(text.ptr, text.len, part.ptr, part.len) != NULL);
    return VM_DONE;
}

static enum vm_exit map_text(struct vm *vm, struct value *out, struct value argument,
                             char (*map)(char))
{
    struct str text = bi_text(vm, argument);
    size_t at = 0;
    while (at < text.len && map(text.ptr[at]) == text.ptr[at]) {
        at++;
    }
    if (at == text.len) {
        *out = argument;
        return VM_DONE;
    }
    buf_clear(&vm->made);
    char *bytes = buf_reserve(&vm->made, text.len);
    if (bytes != NULL) {
        for (size_t i = 0; i < text.len; i++) {
            bytes[i] = map(text.ptr[i]);
        }
        buf_commit(&vm->made, text.len);
    }
    return take_made(vm, out);
}

enum vm_exit bi_lower(struct vm *vm, struct value *out, const struct value *arguments)
{
    return map_text(vm, out, arguments[0], str_lower_char);
}

enum vm_exit bi_upper(struct vm *vm, struct value *out, const struct value *arguments)
{
    return map_text(vm, out, arguments[0], upper_char);
}

enum vm_exit bi_length(struct vm *vm, struct value *out, const struct value *arguments)
{
    *out = value_present(bi_text(vm, arguments[0]).len);
    return VM_DONE;
}

static bool skip_digits(struct str text, size_t *at)
{
    size_t from = *at;
    while (*at < text.len && is_digit(text.ptr[*at])) {
        (*at)++;
    }
    return *at > from;
}

enum vm_exit bi_is_number(struct vm *vm, struct value *out, const struct value *arguments)
{
    struct str text = bi_text(vm, arguments[0]);
    size_t at = text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+') ? 1 : 0;
    bool number = skip_digits(text, &at);
    if (number && at < text.len && text.ptr[at] == '.') {
        at++;
        number = skip_digits(text, &at);
    }
    *out = value_bool(number && at == text.len);
    return VM_DONE;
}

enum vm_exit bi_to_int(struct vm *vm, struct value *out, const struct value *arguments)
{
    struct str text = bi_text(vm, arguments[0]);
    bool negative = text.len > 0 && text.ptr[0] == '-';
    unsigned long long magnitude = 0;
    bool number = str_to_u64(str_slice(text, negative ? 1 : 0, text.len), &magnitude);
    if (!number || magnitude > (unsigned long long)INT64_MAX) {
        *out = value_absent();
        return VM_DONE;
    }
    *out = value_present(negative ? (uint64_t) - (int64_t)magnitude : magnitude);
    return VM_DONE;
}

enum { LOG2_BITS = 16 };

/* Logarithm to base 2 of x > 0, in 2^-16: the same on every machine, without floating point. */
static uint64_t log2_fixed(uint64_t x)
{
    unsigned exponent = 0;
    while (x >> (exponent + 1) != 0) {
        exponent++;
    }
    uint64_t result = (uint64_t)exponent << LOG2_BITS;
    uint64_t square = exponent > LOG2_BITS ? x >> (exponent - LOG2_BITS)
                                           : x << (LOG2_BITS - exponent); /* 1 <= square < 2 */
    for (unsigned bit = LOG2_BITS; bit-- > 0;) {
        square = square * square >> LOG2_BITS;
        if (square >> (LOG2_BITS + 1) != 0) {
            square >>= 1;
            result |= (uint64_t)1 << bit;
        }
    }
    return result;
}

/* Shannon's entropy of the bytes: log2 n - sum(c * log2 c) / n. */
enum vm_exit bi_entropy(struct vm *vm, struct value *out, const struct value *arguments)
{
    struct str text = bi_text(vm, arguments[0]);
    uint32_t counts[UCHAR_MAX + 1] = {0};
    for (size_t i = 0; i < text.len; i++) {
        counts[(unsigned char)text.ptr[i]]++;
    }
    uint64_t sum = 0;
    for (size_t i = 0; i <= UCHAR_MAX; i++) {
        sum += counts[i] > 0 ? counts[i] * log2_fixed(counts[i]) : 0;
    }
    uint64_t bits = text.len > 0 ? log2_fixed(text.len) - sum / text.len : 0;
    *out = value_present(bits * 100 >> LOG2_BITS);
    return VM_DONE;
}

enum vm_exit bi_age(struct vm *vm, struct value *out, const struct value *arguments)
{
    int64_t now = vm->options->now_ns;
    int64_t age;
    if (now == 0) {
        *out = value_unknown(vm->facts->cause_count + VM_CAUSE_NO_TIME);
        return VM_DONE;
    }
    if (__builtin_sub_overflow(now, (int64_t)arguments[0].bits, &age)) {
        age = now > 0 ? INT64_MAX : INT64_MIN;
    }
    *out = value_present((uint64_t)age);
    return VM_DONE;
}

enum vm_exit bi_join(struct vm *vm, struct value *out, const struct value *arguments)
{
    struct value list = arguments[0];
    struct str between = bi_text(vm, arguments[1]);
    uint32_t length = value_is_present(list) ? vm_list_length(vm, list) : 0;
    buf_clear(&vm->made);
    for (uint32_t i = 0; i < length; i++) {
        fact_cause doubt;
        struct fact_cell cell = vm_list_at(vm, list, i, &doubt);
        if (cell.state != FACT_PRESENT || doubt != VM_CERTAIN) {
            fact_cause cause = cell.state == FACT_UNKNOWN ? (fact_cause)cell.value : 0;
            *out = value_unknown(doubt != VM_CERTAIN ? doubt : cause);
            return VM_DONE;
        }
        buf_append(&vm->made, i > 0 ? between : STR(""));
        buf_append(&vm->made, link_text(vm->link, (intern_id)cell.value));
    }
    vm->fuel -= (int64_t)(length + vm->made.len / 16);
    return take_made(vm, out);
}

/* End of the word that begins at `from`: before a separator, a lower-to-upper change, or the last
 * capital of a run that begins a new word (APIKey: API, Key). */
static size_t word_end(struct str text, size_t from)
{
    size_t at = from + 1;
    for (; at < text.len; at++) {
        char before = text.ptr[at - 1];
        char c = text.ptr[at];
        bool next_lower = at + 1 < text.len && is_lower(text.ptr[at + 1]);
        if (!is_upper(c) && !is_lower(c) && !is_digit(c)) {
            break;
        }
        if (is_upper(c) && (!is_upper(before) || next_lower)) {
            break;
        }
    }
    return at;
}

enum vm_exit bi_word_in(struct vm *vm, struct value *out, const struct value *arguments)
{
    enum { MAX_WORD = 128 };
    struct str text = bi_text(vm, arguments[0]);
    uint32_t set = (uint32_t)arguments[1].bits;
    bool found = false;
    for (size_t at = 0; at < text.len && !found;) {
        char c = text.ptr[at];
        if (!is_upper(c) && !is_lower(c) && !is_digit(c)) {
            at++;
            continue;
        }
        char word[MAX_WORD];
        size_t end = word_end(text, at);
        size_t length = end - at;
        for (size_t i = 0; i < length && length <= MAX_WORD; i++) {
            word[i] = str_lower_char(text.ptr[at + i]);
        }
        if (length <= MAX_WORD) {
            found = link_set_has_text(vm->link, set, str_make(word, length));
        }
        at = end;
    }
    *out = value_bool(found);
    return VM_DONE;
}

/* ---- paths --------------------------------------------------------------------------------- */

static struct str without_slashes(struct str path)
{
    while (path.len > 1 && path.ptr[path.len - 1] == '/') {
        path.len--;
    }
    return path;
}

static size_t last_slash(struct str path)
{
    size_t at = path.len;
    while (at > 0 && path.ptr[at - 1] != '/') {
        at--;
    }
    return at;
}

enum vm_exit bi_basename(struct vm *vm, struct value *out, const struct value *arguments)
{
    struct str path = without_slashes(bi_text(vm, arguments[0]));
    struct str name = path.len == 1 ? path : str_slice(path, last_slash(path), path.len);
    return take_part(vm, out, name);
}

enum vm_exit bi_dirname(struct vm *vm, struct value *out, const struct value *arguments)
{
    struct str path = without_slashes(bi_text(vm, arguments[0]));
    size_t end = last_slash(path);
    return take_part(vm, out, end == 0 ? STR(".") : without_slashes(str_slice(path, 0, end)));
}

enum vm_exit bi_path_within(struct vm *vm, struct value *out, const struct value *arguments)
{
    struct str path = without_slashes(bi_text(vm, arguments[0]));
    struct str root = without_slashes(bi_text(vm, arguments[1]));
    bool below =
        root.len > 0 && str_starts_with(path, root) &&
        (path.len == root.len || root.ptr[root.len - 1] == '/' || path.ptr[root.len] == '/');
    *out = value_bool(below);
    return VM_DONE;
}

enum vm_exit bi_any_within(struct vm *vm, struct value *out, const struct value *arguments)
{
    enum { MAX_PATH = 4096 };
    struct str path = bi_text(vm, arguments[0]);
    uint32_t set = (uint32_t)arguments[1].bits;
    bool found = link_set_has_text(vm->link, set, path);
    /* Every leading part that ends before or behind a slash; longer paths exist nowhere. */
    for (size_t at = 0; at < path.len && at < MAX_PATH && !found; at++) {
        if (path.ptr[at] == '/') {
            vm->fuel -= 1;
            found = link_set_has_text(vm->link, set, str_slice(path, 0, at + 1)) ||
                    (at > 0 && link_set_has_text(vm->link, set, str_slice(path, 0, at)));
        }
    }
    *out = value_bool(found);
    return VM_DONE;
}

static bool octal_mode_allows(struct str mode)
{
    for (size_t i = 0; i < mode.len; i++) {
        if (mode.ptr[i] < '0' || mode.ptr[i] > '7') {
            return false;
        }
    }
    return mode.len > 0 && ((mode.ptr[mode.len - 1] - '0') & 2) != 0;
}

/* One clause such as "o+w", "a=rw" or "+w". */
static bool clause_allows(struct str clause)
{
    bool others = true;
    size_t at = 0;
    for (; at < clause.len && strchr("ugoa", clause.ptr[at]) != NULL; at++) {
        others = (at > 0 && others) || clause.ptr[at] == 'o' || clause.ptr[at] == 'a';
    }
    if (at >= clause.len || (clause.ptr[at] != '+' && clause.ptr[at] != '=')) {
        return false;
    }
    return others && str_find_char(clause, 'w', at) < clause.len;
}

enum vm_exit bi_mode_bits(struct vm *vm, struct value *out, const struct value *arguments)
{
    struct str mode = bi_text(vm, arguments[0]);
    bool allows = octal_mode_allows(mode);
    for (size_t at = 0; at < mode.len && !allows;) {
        size_t end = str_find_char(mode, ',', at);
        allows = clause_allows(str_slice(mode, at, end));
        at = end + 1;
    }
    *out = value_bool(allows);
    return VM_DONE;
}
