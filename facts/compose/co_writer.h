/* SPDX-License-Identifier: Apache-2.0
 *
 * co_writer.h - what the files that write rows of one compose project share.
 *
 * The rows of services and top-level names are made first, so that links can be set in any order;
 * then each is filled. Nothing outside facts/compose includes this. Values come from the tree in
 * long form; whatever else stands there (the project was refused, but is judged all the same) is
 * left out, never guessed. Thread rule: one thread.
 */
#ifndef FACTS_COMPOSE_CO_WRITER_H
#define FACTS_COMPOSE_CO_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "facts/compose/co_facts.h"
#include "facts/store.h"
#include "facts/tree/tree.h"

/* Mappings at the top of a project whose entries are rows. */
enum co_section { CO_SERVICES, CO_NETWORKS, CO_VOLUMES, CO_SECRETS, CO_CONFIGS, CO_SECTION_COUNT };

/* One value that others were replaced by at most this often is shown. */
enum { CO_MAX_EARLIER = 16 };

/* Rows of one section, by position in its mapping. */
struct co_rows {
    const struct tree_node *map; /* NULL: no such section */
    fact_row *rows;
    struct fact_items *uses; /* what uses each of them */
};

/* Rows that belong into lists of other rows, gathered until the project is complete. */
struct co_link {
    fact_row of;
    fact_row user;
    size_t order;
};

/* An env file, by its source. */
struct co_env_source {
    bool is_file;
    fact_row row;                /* of the service that is written; FACT_NO_ROW: it has none */
    struct fact_items variables; /* from this file, of that service */
};

struct co_links {
    struct co_link *items;
    size_t count;
    size_t capacity;
};

struct co_writer {
    struct co_facts *reader;
    struct facts *facts;
    struct arena *arena;
    struct buf *text;
    const struct co_run *run;
    const struct co_project *project;
    fact_row project_row;
    fact_row *files; /* by position in project->documents */
    struct co_rows sections[CO_SECTION_COUNT];
    struct co_env_source *env_of_source; /* by source */
    size_t env_source_count;
    struct fact_items overrides; /* of the project */
    struct co_links built;       /* services by the stage they build */
    struct co_links used;        /* builds by their Dockerfile */
};

/* The service whose rows are being written. */
struct co_service {
    const struct tree_node *node;
    struct str name;
    fact_row row;
    fact_row stage;              /* that it builds, or FACT_NO_ROW */
    fact_cause cause;            /* why effective values are unknown without a stage */
    struct fact_items overrides; /* of the service */
};

/* A cell to be set. */
struct co_cell {
    enum fact_kind kind;
    fact_row row;
    unsigned field;
};

#define CO_CELL(kind_, row_, field_)                                                               \
    ((struct co_cell){FACT_KIND_##kind_, (row_), FIELD_##kind_##_##field_})

/* ---- places ------------------------------------------------------------------------------ */

/* Place of a span. */
fact_loc co_loc(struct co_writer *writer, struct span span);

/* Place of a value, with those of the values it replaced; FACT_NO_LOC for NULL. */
fact_loc co_node_loc(struct co_writer *writer, const struct tree_node *node);

/* Why a text with holes is unknown. */
fact_cause co_cause(struct co_writer *writer, const struct tree_node *node);

/* ---- values ------------------------------------------------------------------------------ */

/* Value of a key, or NULL when it is missing or null. `key` is a literal's text. */
const struct tree_node *co_get(const struct tree_node *map, const char *key);

/* The same through two mappings. */
const struct tree_node *co_get2(const struct tree_node *map, const char *key, const char *inner);

/* The text of a scalar; empty for anything else and for NULL. */
struct str co_text(const struct tree_node *node);

/* Number of items of a list or entries of a mapping; 0 for anything else and for NULL. */
size_t co_count(const struct tree_node *node);

/* Item of a list. */
const struct tree_node *co_item(const struct tree_node *list, size_t index);

/* One name with a value: an entry of a mapping, or an item `name=value` of a list. */
struct co_pair {
    struct str name;
    struct span name_span;
    const struct tree_node *value; /* NULL: there is none */
};

/* Reads a mapping or a list of `name=value` as pairs. An item of a list without `=` has no value.
 */
struct co_pair co_pair_at(struct co_writer *writer, const struct tree_node *node, size_t index);

/* ---- cells ------------------------------------------------------------------------------- */

/* A known text or why there is none; a missing value leaves the cell absent. */
void co_set_str(struct co_writer *writer, struct co_cell cell, const struct tree_node *node);

/* A text that is known whatever the node holds, at the place of the node (may be NULL). */
void co_set_text(struct co_writer *writer, struct co_cell cell, struct str text,
                 const struct tree_node *node);

/* A boolean; `otherwise` when the value is missing. */
void co_set_bool(struct co_writer *writer, struct co_cell cell, const struct tree_node *node,
                 bool otherwise);

/* A fact that is not written as such. `node` (may be NULL) gives the place. */
void co_set_flag(struct co_writer *writer, struct co_cell cell, bool value,
                 const struct tree_node *node);

/* A whole number; nothing when the value is missing or none. */
void co_set_int(struct co_writer *writer, struct co_cell cell, const struct tree_node *node);

/* Bytes and nanoseconds: a number, or a text such as 64m or 1m30s. */
void co_set_size(struct co_writer *writer, struct co_cell cell, const struct tree_node *node);
void co_set_duration(struct co_writer *writer, struct co_cell cell, const struct tree_node *node);

/* Unknown because of the node's holes. */
void co_set_unknown(struct co_writer *writer, struct co_cell cell, const struct tree_node *node);

/* A number that stands in a node; false when there is none or it is unknown. */
bool co_number(const struct tree_node *node, int64_t *out);
bool co_size(const struct tree_node *node, int64_t *out);

/* A list of texts; unknown elements are unknown. */
void co_set_list(struct co_writer *writer, struct co_cell cell, const struct tree_node *list);

/* Appends a text as an element. */
void co_add_text(struct co_writer *writer, struct fact_items *items, const struct tree_node *node);

/* Sets a list of rows. */
void co_set_rows(struct co_writer *writer, struct co_cell cell, const struct fact_items *items);

/* ---- rows -------------------------------------------------------------------------------- */

/* New row at the place of a node. */
fact_row co_add_row(struct co_writer *writer, enum fact_kind kind, const struct tree_node *node);

/* Row of a name in a section, or FACT_NO_ROW. */
fact_row co_find(const struct co_writer *writer, enum co_section section, struct str name);

/* Notes that `user` uses the name; nothing when there is none. */
void co_note_use(struct co_writer *writer, enum co_section section, struct str name, fact_row user);

/* Sets the list `cell` to setting rows made from a mapping or list of pairs. `service` may be
 * FACT_NO_ROW. */
void co_set_settings(struct co_writer *writer, struct co_cell cell, fact_row service,
                     const struct tree_node *pairs);

/* New label rows from a mapping or list, appended to `items`. */
void co_add_labels(struct co_writer *writer, struct fact_items *items, fact_row service,
                   const struct tree_node *pairs);

#endif
