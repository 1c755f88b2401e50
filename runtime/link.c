/* SPDX-License-Identifier: Apache-2.0
 *
 * link.c - see link.h. Sets cost one look-up per element, once; classes of strings, constants and
 * patterns are resolved when first used, because most runs use few of them.
 */
#include "runtime/link.h"

#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "runtime/params.h"

static plim_status link_status(const struct link *link)
{
    plim_status status = arena_status(&link->arena);
    return status != PLIM_STATUS_OK ? status : intern_status(&link->extra);
}

intern_id link_intern(struct link *link, struct str text)
{
    intern_id id = intern_find(&link->facts->strings, text);
    if (id != INTERN_NONE) {
        return id;
    }
    id = intern_add(&link->extra, text);
    return id < INTERN_NONE - link->store_strings ? link->store_strings + id : INTERN_NONE;
}

struct str link_text(const struct link *link, intern_id id)
{
    return id < link->store_strings ? intern_view(&link->facts->strings, id)
                                    : intern_view(&link->extra, id - link->store_strings);
}

intern_id link_constant(struct link *link, uint32_t index)
{
    if (link->constants[index] == INTERN_NONE) {
        const struct program *program = link->program;
        link->constants[index] = link_intern(link, program_str(program, program->texts[index]));
    }
    return link->constants[index];
}

static bool is_text(struct program_type type)
{
    return type.base == PROGRAM_STR || type.base == PROGRAM_VERSION;
}

static const struct param_value *find_override(const struct eval_options *options, uint32_t param)
{
    /* The last setting wins, as on a command line. */
    for (size_t i = options->param_count; i > 0; i--) {
        if (options->params[i - 1].param == param) {
            return &options->params[i - 1];
        }
    }
    return NULL;
}

/* Class of a text; 0 when it is in no set. */
static uint32_t class_of_text(const struct link *link, struct str text)
{
    intern_id word = intern_find(&link->words, text);
    return word != INTERN_NONE ? word + 1 : 0;
}

uint32_t link_find_class(struct link *link, intern_id id)
{
    uint32_t class = class_of_text(link, link_text(link, id));
    if (id < link->class_strings) {
        link->classes[id] = class + 1;
    }
    return class;
}

static uint64_t add_word(struct link *link, struct str text)
{
    return (uint64_t)intern_add(&link->words, text) + 1;
}

/* Elements of a set as classes or numbers, with the caller's values for its parameter. */
static bool gather_set(struct link *link, uint32_t index, const struct eval_options *options,
                       uint64_t **items, size_t *count)
{
    const struct program *program = link->program;
    const struct program_set *set = &program->sets[index];
    const struct param_value *given =
        set->param != UINT32_MAX ? find_override(options, set->param) : NULL;
    size_t own = given != NULL && !given->extend ? 0 : set->count;
    size_t extra = given != NULL ? given->count : 0;
    uint64_t *values = ARENA_ARRAY(&link->kept, uint64_t, own + extra);
    if (values == NULL) {
        return false;
    }
    for (size_t i = 0; i < own; i++) {
        int64_t item = program->set_items[set->first + i];
        values[i] = is_text(set->type) ? add_word(link, program_str(program, program->texts[item]))
                                       : (uint64_t)item;
    }
    for (size_t i = 0; i < extra; i++) {
        values[own + i] = is_text(set->type) ? add_word(link, given->items[i].text)
                                             : (uint64_t)given->items[i].number;
    }
    *items = values;
    *count = own + extra;
    return intern_status(&link->words) == PLIM_STATUS_OK;
}

static void sift_down(uint64_t *items, size_t root, size_t count)
{
    while (2 * root + 1 < count) {
        size_t child = 2 * root + 1;
        if (child + 1 < count && items[child] < items[child + 1]) {
            child++;
        }
        if (items[root] >= items[child]) {
            return;
        }
        uint64_t moved = items[root];
        items[root] = items[child];
        items[child] = moved;
        root = child;
    }
}

/* Heap sort: no memory of its own and no bad inputs. */
static void sort_items(uint64_t *items, size_t count)
{
    for (size_t i = count / 2; i > 0; i--) {
        sift_down(items, i - 1, count);
    }
    for (size_t end = count; end > 1; end--) {
        uint64_t largest = items[0];
        items[0] = items[end - 1];
        items[end - 1] = largest;
        sift_down(items, 0, end - 1);
    }
}

/* Keeps one of each of the sorted items; returns how many are left. */
static size_t drop_repeats(uint64_t *items, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || items[kept - 1] != items[i]) {
            items[kept++] = items[i];
        }
    }
    return kept;
}

/* Sets whose bitmap is not much larger than their elements get one; total memory stays linear. */
static void finish_set(struct link *link, struct linked_set *set, uint64_t *items, size_t count,
                       struct program_type type)
{
    sort_items(items, count);
    count = drop_repeats(items, count);
    set->items = items;
    set->count = (uint32_t)count;
    uint64_t largest = count > 0 ? items[count - 1] : 0;
    bool small = (set->strings || type.base == PROGRAM_ENUM) && largest / 64 <= 2 * count + 4;
    if (!small) {
        return;
    }
    uint64_t *bitmap = ARENA_ARRAY(&link->kept, uint64_t, largest / 64 + 1);
    if (bitmap == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        bitmap[items[i] / 64] |= UINT64_C(1) << items[i] % 64;
    }
    set->bitmap = bitmap;
    set->bits = (uint32_t)largest + 1;
}

/* Strings that guards compare with. */
static void add_guard_words(struct link *link)
{
    const struct program *program = link->program;
    link->text_classes = ARENA_ARRAY(&link->kept, uint32_t, program->text_count);
    for (uint32_t i = 0; link->text_classes != NULL && i < program->guard_count; i++) {
        const struct program_guard *node = &program->guards[i];
        if (node->test == PROGRAM_SAME || node->test == PROGRAM_OTHER) {
            link->text_classes[node->operand] =
                (uint32_t)add_word(link, program_str(program, program->texts[node->operand]));
        }
    }
}

static plim_status link_sets(struct link *link, const struct eval_options *options)
{
    uint32_t count = link->program->set_count;
    link->sets = ARENA_ARRAY(&link->kept, struct linked_set, count);
    for (uint32_t i = 0; link->sets != NULL && i < count; i++) {
        struct program_type type = link->program->sets[i].type;
        uint64_t *items;
        size_t item_count;
        if (!gather_set(link, i, options, &items, &item_count)) {
            break;
        }
        link->sets[i].strings = is_text(type);
        finish_set(link, &link->sets[i], items, item_count, type);
    }
    add_guard_words(link);
    plim_status status = arena_status(&link->kept);
    return status != PLIM_STATUS_OK ? status : intern_status(&link->words);
}

static plim_status link_params(struct link *link, const struct eval_options *options)
{
    const struct program *program = link->program;
    link->params = ARENA_ARRAY(&link->arena, struct value, program->param_count);
    if (link->params == NULL) {
        return link_status(link);
    }
    for (uint32_t i = 0; i < program->param_count; i++) {
        const struct program_param *param = &program->params[i];
        const struct param_value *given = find_override(options, i);
        uint64_t bits;
        if (param->type.list != 0) {
            bits = param->set;
        } else if (is_text(param->type)) {
            bits = given != NULL ? link_intern(link, given->items[0].text)
                                 : link_constant(link, (uint32_t)param->value);
        } else {
            bits = (uint64_t)(given != NULL ? given->items[0].number : param->value);
        }
        link->params[i] = value_present(bits);
    }
    return link_status(link);
}

static plim_status check_params(const struct program *program, const struct eval_options *options,
                                plim_error *error)
{
    for (size_t i = 0; i < options->param_count; i++) {
        plim_status status = params_check(program, &options->params[i], error);
        if (status != PLIM_STATUS_OK) {
            return status;
        }
    }
    return PLIM_STATUS_OK;
}

/* Sees to it that a regular expression has its hint. */
static bool find_hint(struct link *link, uint32_t index)
{
    struct linked_pattern *pattern = &link->patterns[index];
    if (pattern->hint == NULL) {
        pattern->hint = ARENA_NEW(&link->kept, struct regexp_hint);
        if (pattern->hint != NULL) {
            regexp_hint_find(pattern->hint,
                             program_str(link->program, link->program->patterns[index].text));
        }
    }
    return pattern->hint != NULL;
}

/* Gives a pattern to the scanner, if it has literals to scan for. */
static bool scan_for(struct link *link, uint32_t index)
{
    struct linked_pattern *pattern = &link->patterns[index];
    if (pattern->scanned != 0 || link->scan_count == TEXT_SCAN_MAX) {
        return true;
    }
    bool added = false;
    if (link->program->patterns[index].kind == PROGRAM_GLOB) {
        added =
            text_scan_add(link->scan, &link->kept, link->scan_count, pattern->glob.inner, false);
    } else {
        if (!find_hint(link, index)) {
            return false;
        }
        const struct regexp_hint *hint = pattern->hint;
        size_t from = 0;
        for (unsigned i = 0; i < hint->count && (added || i == 0); i++) {
            struct str literal = str_make(hint->bytes + from, hint->ends[i] - from);
            from = hint->ends[i];
            added = text_scan_add(link->scan, &link->kept, link->scan_count, literal, hint->fold);
        }
    }
    if (added) {
        pattern->scanned = (uint8_t)++link->scan_count;
    }
    return true;
}

/* The scanner for the patterns of all guards. */
static plim_status prepare_scan(struct link *link)
{
    const struct program *program = link->program;
    link->scan = text_scan_new(&link->kept);
    for (uint32_t i = 0; link->scan != NULL && i < program->guard_count; i++) {
        const struct program_guard *node = &program->guards[i];
        if (node->test == PROGRAM_LIKE && !scan_for(link, node->operand)) {
            break;
        }
    }
    return arena_status(&link->kept);
}

static plim_status prepare_patterns(struct link *link)
{
    const struct program *program = link->program;
    link->patterns = ARENA_ARRAY(&link->kept, struct linked_pattern, program->pattern_count);
    if (link->patterns == NULL) {
        return arena_status(&link->kept);
    }
    for (uint32_t i = 0; i < program->pattern_count; i++) {
        if (program->patterns[i].kind == PROGRAM_GLOB) {
            link->patterns[i].glob =
                glob_plan_make(program_str(program, program->patterns[i].text));
        }
    }
    return prepare_scan(link);
}

/* All that depends on the content of the store. */
static plim_status link_content(struct link *link, const struct eval_options *options)
{
    const struct program *program = link->program;
    link->store_strings = link->facts->strings.count;
    link->constants = ARENA_ARRAY(&link->arena, intern_id, program->text_count);
    if (link->constants == NULL) {
        return link_status(link);
    }
    memset(link->constants, 0xFF, program->text_count * sizeof *link->constants);
    plim_status status = link_params(link, options);
    link->class_strings = link->store_strings + link->extra.count;
    link->memo_strings = link->class_strings;
    link->classes = ARENA_ARRAY(&link->arena, uint32_t, link->class_strings);
    link->scans = ARENA_ARRAY(&link->arena, uint64_t, link->memo_strings);
    return status != PLIM_STATUS_OK ? status : link_status(link);
}

plim_status link_init(struct link *link, const struct program *program, const struct facts *facts,
                      const struct eval_options *options, plim_error *error)
{
    *link = (struct link){
        .allocator = alloc_or_default(options->allocator), .program = program, .facts = facts};
    size_t memory = options->memory_bytes > 0 ? options->memory_bytes : (size_t)512 << 20;
    arena_init(&link->arena, link->allocator, memory);
    arena_init(&link->kept, link->allocator, memory);
    plim_status status = check_params(program, options, error);
    if (status == PLIM_STATUS_OK) {
        status = intern_init(&link->extra, link->allocator, memory, facts->strings.seed);
    }
    if (status == PLIM_STATUS_OK) {
        status = intern_init(&link->words, link->allocator, memory, facts->strings.seed);
    }
    if (status == PLIM_STATUS_OK) {
        status = link_sets(link, options);
    }
    if (status == PLIM_STATUS_OK) {
        status = prepare_patterns(link);
    }
    return status == PLIM_STATUS_OK ? link_content(link, options) : status;
}

plim_status link_again(struct link *link, const struct eval_options *options)
{
    arena_clear(&link->arena);
    intern_clear(&link->extra);
    for (uint32_t i = 0; i < link->program->pattern_count; i++) {
        link->patterns[i].memo = NULL;
    }
    return link_content(link, options);
}

void link_release(struct link *link)
{
    for (uint32_t i = 0; link->patterns != NULL && i < link->program->pattern_count; i++) {
        regexp_free(link->patterns[i].regex);
    }
    intern_release(&link->extra);
    intern_release(&link->words);
    arena_release(&link->arena);
    arena_release(&link->kept);
    link->patterns = NULL;
}

static bool search_items(const struct linked_set *set, uint64_t wanted)
{
    size_t low = 0;
    size_t high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (set->items[middle] < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < set->count && set->items[low] == wanted;
}

bool link_set_has_key(const struct link *link, uint32_t index, uint64_t key)
{
    const struct linked_set *set = &link->sets[index];
    if (set->bitmap != NULL) {
        return key < set->bits && (set->bitmap[key / 64] >> key % 64 & 1) != 0;
    }
    return search_items(set, key);
}

bool link_set_has_text(const struct link *link, uint32_t index, struct str text)
{
    return link_set_has_key(link, index, class_of_text(link, text));
}

bool link_set_has(struct link *link, uint32_t index, uint64_t value)
{
    bool strings = link->sets[index].strings;
    return link_set_has_key(link, index, strings ? link_class(link, (intern_id)value) : value);
}

static enum link_match run_pattern(struct link *link, uint32_t index, intern_id id)
{
    struct str text = link_text(link, id);
    struct linked_pattern *pattern = &link->patterns[index];
    const struct program_pattern *source = &link->program->patterns[index];
    if (source->kind == PROGRAM_GLOB) {
        return glob_plan_match(&pattern->glob, text) ? LINK_MATCH : LINK_NO_MATCH;
    }
    struct str regex = program_str(link->program, source->text);
    if (!find_hint(link, index)) {
        return LINK_MATCH_NOMEM;
    }
    if (!regexp_hint_allows(pattern->hint, text)) {
        return LINK_NO_MATCH;
    }
    if (pattern->regex == NULL) {
        plim_status status = regexp_new(&pattern->regex, link->allocator, regex, NULL);
        if (status != PLIM_STATUS_OK) {
            return status == PLIM_STATUS_NOMEM ? LINK_MATCH_NOMEM : LINK_MATCH_LIMIT;
        }
    }
    switch (regexp_match(pattern->regex, text)) {
    case REGEXP_MATCH:
        return LINK_MATCH;
    case REGEXP_NO_MATCH:
        return LINK_NO_MATCH;
    case REGEXP_LIMIT:
        break;
    }
    return LINK_MATCH_LIMIT;
}

/* Behind those of the scanner: always there. */
static const uint64_t unscanned = UINT64_C(1) << TEXT_SCAN_MAX;

uint64_t link_scan_bit(const struct link *link, uint32_t index)
{
    unsigned scanned = link->patterns[index].scanned;
    return scanned > 0 ? UINT64_C(1) << (scanned - 1) : unscanned;
}

uint64_t link_scan_text(struct link *link, intern_id id)
{
    uint64_t found = unscanned | text_scan_find(link->scan, link_text(link, id));
    if (id < link->memo_strings) {
        link->scans[id] = found;
    }
    return found;
}

enum link_match link_pattern_match(struct link *link, uint32_t index, intern_id id)
{
    struct linked_pattern *pattern = &link->patterns[index];
    if (id >= link->memo_strings) {
        return run_pattern(link, index, id);
    }
    if (pattern->memo == NULL) {
        pattern->memo = arena_alloc(&link->arena, link->memo_strings / 4 + 1);
        if (pattern->memo == NULL) {
            return LINK_MATCH_NOMEM;
        }
    }
    unsigned shift = id % 4 * 2;
    unsigned known = pattern->memo[id / 4] >> shift & 3;
    if (known != 0) {
        return known == 2 ? LINK_MATCH : LINK_NO_MATCH;
    }
    enum link_match match = run_pattern(link, index, id);
    if (match == LINK_MATCH || match == LINK_NO_MATCH) {
        unsigned bits = match == LINK_MATCH ? 2 : 1;
        pattern->memo[id / 4] = (uint8_t)(pattern->memo[id / 4] | bits << shift);
    }
    return match;
}
