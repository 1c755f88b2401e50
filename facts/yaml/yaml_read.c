/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml_read.c - builds trees from events in one pass, without recursion. Entries wait on one stack
 * until their list or mapping ends and then move to an array of the right size.
 *
 * Nodes are counted twice: as written, and as they would be if each alias were replaced by what it
 * names. The second count is kept for every anchor, so no alias is ever followed to count.
 */
#include "facts/yaml/yaml_read.h"

#include <stdint.h>

#include "core/intern.h"
#include "core/utf8.h"
#include "facts/yaml/yaml_events.h"
#include "facts/yaml/yaml_merge.h"
#include "facts/yaml/yaml_scalar.h"

enum { FIRST_WAITING = 64, FIRST_ANCHORS = 64, NO_MERGE = -1 };

/* A list or mapping that has not ended. */
struct frame {
    bool map;
    bool has_key;          /* `key` waits for its value */
    struct tree_entry key; /* without a value */
    unsigned flags;
    struct span span; /* .end: of the last thing in it */
    size_t base;      /* its first entry on the stack */
    size_t nodes;     /* itself and what it holds, aliases replaced */
    size_t height;    /* lists and mappings inside each other, itself included, aliases replaced */
    ptrdiff_t merge;  /* entry of `<<` counted from base, or NO_MERGE */
    intern_id anchor; /* INTERN_EMPTY: none */
    uint32_t anchor_at; /* which definition of the anchor this is */
};

struct anchor {
    const struct tree_node *node; /* NULL while it has not ended */
    size_t nodes;
    size_t height;       /* 0: a scalar */
    uint32_t defined_at; /* 0: never */
};

struct reader {
    struct arena *arena;
    struct diag_list *diags;
    source_id source;
    struct interner names; /* of anchors; unused until there is one */
    struct anchor *anchors;
    size_t anchor_capacity;
    uint32_t definitions;
    struct tree_entry *waiting;
    size_t waiting_count;
    size_t waiting_capacity;
    struct frame *frames; /* YAML_MAX_DEPTH of them */
    size_t depth;
    struct tree_gather documents;
    const struct tree_node *root;
    size_t values;  /* written, without keys */
    size_t aliases; /* written */
    size_t nodes;   /* written, with keys */
    size_t aliased; /* that aliases stand for */
    bool refused;   /* an error was reported after which reading goes on */
};

static struct span span_of(const struct reader *reader, const struct yaml_step *step)
{
    return (struct span){reader->source, step->start, step->end};
}

static plim_status exceeds(struct reader *reader, struct span span, size_t limit, const char *what)
{
    diag_report(reader->diags, DIAG_yaml_limit, span, "more than %zu %s", limit, what);
    return PLIM_STATUS_LIMIT;
}

static plim_status arena_or_ok(const struct reader *reader)
{
    return arena_status(reader->arena);
}

/* ---- anchors -----------------------------------------------------------------------------------
 */

static plim_status grow_anchors(struct reader *reader, size_t count)
{
    size_t capacity = reader->anchor_capacity == 0 ? FIRST_ANCHORS : reader->anchor_capacity;
    while (capacity < count) {
        capacity *= 2;
    }
    if (capacity == reader->anchor_capacity) {
        return PLIM_STATUS_OK;
    }
    struct anchor *anchors = ARENA_ARRAY(reader->arena, struct anchor, capacity);
    if (anchors == NULL) {
        return arena_or_ok(reader);
    }
    if (reader->anchor_capacity > 0) {
        memcpy(anchors, reader->anchors, reader->anchor_capacity * sizeof *anchors);
    }
    reader->anchors = anchors;
    reader->anchor_capacity = capacity;
    return PLIM_STATUS_OK;
}

/* Opens a definition; a name may be defined again, which hides the earlier one. */
static plim_status define_anchor(struct reader *reader, struct str name, intern_id *id,
                                 uint32_t *defined_at)
{
    if (reader->names.slots == NULL) {
        plim_status status = intern_init(&reader->names, reader->arena->allocator, 0, 0);
        if (status != PLIM_STATUS_OK) {
            return status;
        }
    }
    *id = intern_add(&reader->names, name);
    if (*id == INTERN_NONE) {
        return intern_status(&reader->names);
    }
    plim_status status = grow_anchors(reader, (size_t)*id + 1);
    if (status == PLIM_STATUS_OK) {
        reader->definitions++;
        *defined_at = reader->definitions;
        reader->anchors[*id] = (struct anchor){.defined_at = *defined_at};
    }
    return status;
}

static void close_anchor(struct reader *reader, intern_id id, uint32_t defined_at,
                         const struct anchor *named)
{
    if (id != INTERN_EMPTY && reader->anchors[id].defined_at == defined_at) {
        reader->anchors[id] = *named;
        reader->anchors[id].defined_at = defined_at;
    }
}

/* ---- values ------------------------------------------------------------------------------------
 */

static plim_status push_entry(struct reader *reader, const struct tree_entry *entry)
{
    if (reader->waiting_count == reader->waiting_capacity) {
        size_t capacity =
            reader->waiting_capacity == 0 ? FIRST_WAITING : reader->waiting_capacity * 2;
        struct tree_entry *waiting = ARENA_ARRAY(reader->arena, struct tree_entry, capacity);
        if (waiting == NULL) {
            return arena_or_ok(reader);
        }
        if (reader->waiting_count > 0) {
            memcpy(waiting, reader->waiting, reader->waiting_count * sizeof *waiting);
        }
        reader->waiting = waiting;
        reader->waiting_capacity = capacity;
    }
    reader->waiting[reader->waiting_count] = *entry;
    reader->waiting_count++;
    return PLIM_STATUS_OK;
}

static bool wants_key(const struct reader *reader)
{
    return reader->depth > 0 && reader->frames[reader->depth - 1].map &&
           !reader->frames[reader->depth - 1].has_key;
}

/* Puts a value where it belongs. `end` is where it ends in the text: for an alias not the end of
 * the node. */
static plim_status place_value(struct reader *reader, const struct anchor *value, uint32_t end)
{
    const struct tree_node *node = value->node;
    reader->values++;
    if (reader->values > YAML_MAX_VALUES) {
        return exceeds(reader, (struct span){reader->source, end, end}, YAML_MAX_VALUES, "values");
    }
    if (reader->depth == 0) {
        reader->root = node;
        return PLIM_STATUS_OK;
    }
    struct frame *frame = &reader->frames[reader->depth - 1];
    frame->span.end = end > frame->span.end ? end : frame->span.end;
    frame->nodes += value->nodes;
    frame->height = value->height >= frame->height ? value->height + 1 : frame->height;
    struct tree_entry entry = {.value = node};
    if (frame->map) {
        entry = frame->key;
        entry.value = node;
        frame->has_key = false;
    }
    return push_entry(reader, &entry);
}

static plim_status complex_key(struct reader *reader, struct span span)
{
    diag_report(reader->diags, DIAG_yaml_key, span, "a list or mapping cannot be a key");
    return PLIM_STATUS_INPUT;
}

/* Remembers a scalar as the key of the value that follows. */
static plim_status place_key(struct reader *reader, const struct tree_node *node, struct span span,
                             bool merge)
{
    struct frame *frame = &reader->frames[reader->depth - 1];
    if (node->kind == TREE_LIST || node->kind == TREE_MAP) {
        return complex_key(reader, span);
    }
    frame->key = (struct tree_entry){
        .key = node->text, .key_span = span, .not_string = node->kind != TREE_STRING};
    frame->has_key = true;
    frame->span.end = span.end > frame->span.end ? span.end : frame->span.end;
    frame->nodes++;
    if (merge && frame->merge == NO_MERGE) {
        frame->merge = (ptrdiff_t)(reader->waiting_count - frame->base);
    }
    return PLIM_STATUS_OK;
}

/* ---- scalars -----------------------------------------------------------------------------------
 */

static const char *tag_text(enum yaml_tag tag)
{
    switch (tag) {
    case YAML_TAG_BOOL:
        return "a boolean";
    case YAML_TAG_INT:
        return "an integer";
    case YAML_TAG_FLOAT:
        return "a number";
    case YAML_TAG_NULL:
        return "null";
    case YAML_TAG_TIME:
        return "a date";
    case YAML_TAG_BINARY:
        return "base64 of a text";
    case YAML_TAG_NONE:
    case YAML_TAG_STR:
    case YAML_TAG_MERGE:
    case YAML_TAG_RESET:
    case YAML_TAG_OVERRIDE:
    case YAML_TAG_OTHER:
        break;
    }
    return "that";
}

/* A text that no tree could hold otherwise is refused: bytes that are not UTF-8. */
static bool decode_binary(struct reader *reader, struct tree_node *node)
{
    struct str decoded;
    if (!yaml_decode_binary(&decoded, reader->arena, node->text) ||
        utf8_first_invalid(decoded) < decoded.len) {
        return false;
    }
    node->text = decoded;
    return true;
}

static unsigned flags_of(enum yaml_tag tag, enum yaml_style style)
{
    unsigned flags = tag == YAML_TAG_RESET      ? TREE_RESET
                     : tag == YAML_TAG_OVERRIDE ? TREE_OVERRIDE
                                                : 0;
    return flags | (style == STYLE_QUOTED ? TREE_QUOTED : style == STYLE_BLOCK ? TREE_BLOCK : 0);
}

/* Fills a node from a scalar; `*merge` tells whether it is `<<` as far as it is a key. */
static plim_status read_scalar(struct reader *reader, struct tree_node *node,
                               const struct yaml_step *step, bool *merge)
{
    enum yaml_tag tag = yaml_tag_of(step->tag);
    *node = (struct tree_node){.kind = TREE_STRING,
                               .flags = flags_of(tag, step->style),
                               .span = span_of(reader, step),
                               .text = step->value};
    if (!step->in_source && step->value.len > 0) {
        node->text = arena_copy_str(reader->arena, step->value);
    }
    *merge = tag == YAML_TAG_MERGE ||
             (tag == YAML_TAG_NONE && step->style == STYLE_PLAIN && str_eq(node->text, STR("<<")));
    bool fits = true;
    if (tag == YAML_TAG_BINARY) {
        fits = decode_binary(reader, node);
    } else if (tag != YAML_TAG_NONE || step->style == STYLE_PLAIN) {
        fits = yaml_resolve(node, tag);
    }
    if (!fits && arena_or_ok(reader) == PLIM_STATUS_OK) {
        diag_report(reader->diags, DIAG_yaml_tag, node->span, "this is not %s, as its tag says",
                    tag_text(tag));
        reader->refused = true;
    }
    return arena_or_ok(reader);
}

static plim_status count_written(struct reader *reader, struct span span)
{
    reader->nodes++;
    return reader->nodes + reader->aliased <= YAML_MAX_NODES
               ? PLIM_STATUS_OK
               : exceeds(reader, span, YAML_MAX_NODES, "keys and values");
}

/* An empty value stands right behind its `:` or `-`; when it has neither, it belongs to the end of
 * what came before, not to the start of what the parser looked at next. */
static void settle_empty(const struct reader *reader, struct yaml_step *step)
{
    const struct frame *frame = reader->depth > 0 ? &reader->frames[reader->depth - 1] : NULL;
    if (frame == NULL || step->start != step->end || step->behind_indicator) {
        return;
    }
    step->start = step->end = frame->span.end;
}

static plim_status take_scalar(struct reader *reader, struct yaml_step *step)
{
    settle_empty(reader, step);
    intern_id anchor = INTERN_EMPTY;
    uint32_t defined_at = 0;
    plim_status status = count_written(reader, span_of(reader, step));
    if (status == PLIM_STATUS_OK && step->anchor.len > 0) {
        status = define_anchor(reader, step->anchor, &anchor, &defined_at);
    }
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    bool merge;
    bool key = wants_key(reader);
    struct tree_node local;
    struct tree_node *node = &local;
    if (!key || anchor != INTERN_EMPTY) {
        node = ARENA_NEW(reader->arena, struct tree_node);
        if (node == NULL) {
            return arena_or_ok(reader);
        }
    }
    status = read_scalar(reader, node, step, &merge);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    struct anchor scalar = {.node = node, .nodes = 1};
    close_anchor(reader, anchor, defined_at, &scalar);
    return key ? place_key(reader, node, node->span, merge)
               : place_value(reader, &scalar, node->span.end);
}

/* ---- lists and mappings ------------------------------------------------------------------------
 */

static plim_status start_collection(struct reader *reader, const struct yaml_step *step)
{
    struct span span = span_of(reader, step);
    plim_status status = count_written(reader, span);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    if (wants_key(reader)) {
        return complex_key(reader, span);
    }
    if (reader->depth == YAML_MAX_DEPTH) {
        return exceeds(reader, span, YAML_MAX_DEPTH, "lists and mappings inside each other");
    }
    struct frame *frame = &reader->frames[reader->depth];
    *frame = (struct frame){.map = step->event == EVENT_MAP_START,
                            .flags = flags_of(yaml_tag_of(step->tag), STYLE_PLAIN),
                            .span = span,
                            .base = reader->waiting_count,
                            .nodes = 1,
                            .height = 1,
                            .merge = NO_MERGE,
                            .anchor = INTERN_EMPTY};
    reader->depth++;
    return step->anchor.len > 0
               ? define_anchor(reader, step->anchor, &frame->anchor, &frame->anchor_at)
               : PLIM_STATUS_OK;
}

/* What waits for the end of a list or mapping; NULL when that is empty. */
static struct tree_entry *waiting_for(const struct reader *reader, const struct frame *frame)
{
    return reader->waiting_count > frame->base ? reader->waiting + frame->base : NULL;
}

static struct tree_node *make_list(struct reader *reader, const struct frame *frame)
{
    struct tree_gather gather = {.entries = waiting_for(reader, frame),
                                 .count = reader->waiting_count - frame->base};
    return tree_gather_list(&gather, reader->arena, frame->span);
}

static void report_repeated(struct reader *reader, const struct tree_entry *entry,
                            const struct tree_entry *first)
{
    struct diag *diag =
        diag_report(reader->diags, DIAG_yaml_repeated_key, entry->key_span,
                    "the key `%.*s` stands twice in this mapping",
                    entry->key.len > 200 ? 200 : (int)entry->key.len, entry->key.ptr);
    diag_add_label(reader->diags, diag, first->key_span, "it stands here first");
    if (str_eq(entry->key, STR("<<"))) {
        diag_add_note(reader->diags, diag, "to merge several mappings write a list: <<: [*a, *b]");
    }
    reader->refused = true;
}

static struct tree_node *merge_map(struct reader *reader, const struct frame *frame,
                                   struct tree_entry *entries, size_t count)
{
    struct tree_entry merge = entries[frame->merge];
    if (!yaml_can_merge(merge.value)) {
        diag_report(reader->diags, DIAG_yaml_merge, merge.key_span,
                    "`<<` merges a mapping or a list of mappings, not %s",
                    tree_is(merge.value, TREE_LIST) ? "a list of other things"
                                                    : tree_kind_text(merge.value->kind));
        reader->refused = true;
        return tree_new_map(reader->arena, frame->span, entries, 0);
    }
    size_t behind = count - (size_t)frame->merge - 1;
    memmove(entries + frame->merge, entries + frame->merge + 1, behind * sizeof *entries);
    size_t merged = 0;
    const struct tree_entry *all =
        yaml_merge(reader->arena, entries, count - 1, merge.value, &merged);
    if (all == NULL) {
        return NULL;
    }
    return tree_new_map(reader->arena, frame->span, all, merged);
}

static struct tree_node *make_map(struct reader *reader, const struct frame *frame)
{
    size_t count = reader->waiting_count - frame->base;
    struct tree_entry *waiting = waiting_for(reader, frame);
    size_t first = 0;
    ptrdiff_t repeated = tree_repeated_key(reader->arena, waiting, count, &first);
    if (repeated >= 0) {
        report_repeated(reader, &waiting[repeated], &waiting[first]);
        count = 0;
    } else if (frame->merge != NO_MERGE) {
        return merge_map(reader, frame, waiting, count);
    }
    struct tree_entry *entries = ARENA_ARRAY(reader->arena, struct tree_entry, count + 1);
    if (entries == NULL) {
        return NULL;
    }
    if (count > 0) {
        memcpy(entries, waiting, count * sizeof *entries);
    }
    return tree_new_map(reader->arena, frame->span, entries, count);
}

static plim_status end_collection(struct reader *reader, const struct yaml_step *step)
{
    struct frame *frame = &reader->frames[reader->depth - 1];
    if (step->style == STYLE_FLOW) {
        frame->span.end = step->end;
    }
    struct tree_node *node = frame->map ? make_map(reader, frame) : make_list(reader, frame);
    if (node == NULL) {
        return arena_or_ok(reader);
    }
    node->flags = frame->flags;
    reader->waiting_count = frame->base;
    reader->depth--;
    struct anchor made = {.node = node, .nodes = frame->nodes, .height = frame->height};
    close_anchor(reader, frame->anchor, frame->anchor_at, &made);
    return place_value(reader, &made, frame->span.end);
}

/* ---- aliases and documents ---------------------------------------------------------------------
 */

static plim_status refuse_alias(struct reader *reader, const struct yaml_step *step,
                                const char *reason)
{
    diag_report(reader->diags, DIAG_yaml_alias, span_of(reader, step), "%s", reason);
    return PLIM_STATUS_INPUT;
}

/* Counts what an alias stands for. */
static plim_status count_alias(struct reader *reader, struct span span, size_t nodes)
{
    plim_status status = count_written(reader, span);
    reader->aliases++;
    reader->aliased += nodes;
    size_t all = reader->nodes + reader->aliased;
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    if (reader->aliases > YAML_MAX_ALIASES) {
        return exceeds(reader, span, YAML_MAX_ALIASES, "aliases");
    }
    if (all > YAML_MAX_NODES) {
        return exceeds(reader, span, YAML_MAX_NODES,
                       "keys and values when aliases are replaced by what they name");
    }
    if (all > YAML_FEW_NODES && all > YAML_MAX_ALIAS_RATIO * reader->nodes) {
        diag_report(reader->diags, DIAG_yaml_limit, span,
                    "aliases stand for more than %d times what is written", YAML_MAX_ALIAS_RATIO);
        return PLIM_STATUS_LIMIT;
    }
    return PLIM_STATUS_OK;
}

static plim_status take_alias(struct reader *reader, const struct yaml_step *step)
{
    intern_id id =
        reader->names.slots != NULL ? intern_find(&reader->names, step->anchor) : INTERN_NONE;
    if (id == INTERN_NONE) {
        return refuse_alias(reader, step, "no anchor of this name stands before");
    }
    const struct anchor *anchor = &reader->anchors[id];
    if (anchor->node == NULL) {
        return refuse_alias(reader, step, "the alias stands inside of what it names");
    }
    struct span span = span_of(reader, step);
    plim_status status = count_alias(reader, span, anchor->nodes);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    if (wants_key(reader)) {
        return place_key(reader, anchor->node, span, false);
    }
    if (reader->depth + anchor->height > YAML_MAX_DEPTH) {
        return exceeds(reader, span, YAML_MAX_DEPTH, "lists and mappings inside each other");
    }
    struct anchor value = *anchor;
    value.nodes++;
    return place_value(reader, &value, span.end);
}

static plim_status end_document(struct reader *reader, struct span span)
{
    if (reader->documents.count == YAML_MAX_DOCUMENTS) {
        return exceeds(reader, span, YAML_MAX_DOCUMENTS, "documents");
    }
    tree_gather_add(&reader->documents, reader->arena, (struct tree_entry){.value = reader->root});
    return arena_or_ok(reader);
}

static plim_status take_step(void *user, struct yaml_step *step)
{
    struct reader *reader = user;
    switch (step->event) {
    case EVENT_DOCUMENT_START:
        return PLIM_STATUS_OK;
    case EVENT_DOCUMENT_END:
        return end_document(reader, span_of(reader, step));
    case EVENT_ALIAS:
        return take_alias(reader, step);
    case EVENT_SCALAR:
        return take_scalar(reader, step);
    case EVENT_LIST_START:
    case EVENT_MAP_START:
        return start_collection(reader, step);
    case EVENT_LIST_END:
    case EVENT_MAP_END:
        return end_collection(reader, step);
    }
    return PLIM_STATUS_INTERNAL;
}

plim_status yaml_read(struct yaml_documents *out, struct arena *arena, source_id source,
                      struct str text, struct diag_list *diags)
{
    *out = (struct yaml_documents){.count = 0};
    struct frame frames[YAML_MAX_DEPTH]; /* filled as they are needed */
    struct reader reader = {.arena = arena, .diags = diags, .source = source, .frames = frames};
    plim_status status = yaml_events(source, text, diags, take_step, &reader);
    intern_release(&reader.names);
    if (status == PLIM_STATUS_OK && reader.refused) {
        status = PLIM_STATUS_INPUT;
    }
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    const struct tree_node *roots =
        tree_gather_list(&reader.documents, arena, (struct span){source, 0, 0});
    if (roots == NULL) {
        return arena_status(arena);
    }
    out->items = roots->u.list.items;
    out->count = roots->u.list.count;
    return PLIM_STATUS_OK;
}
