/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml_scalar.h - what a scalar's text means: null, boolean, number, date or string.
 *
 * The rules are go-yaml's, a mixture of YAML 1.1 and 1.2. Where scalars stand and how they are
 * written is not known here. Owns nothing. Thread rule: pure; independent of the locale.
 */
#ifndef FACTS_YAML_YAML_SCALAR_H
#define FACTS_YAML_YAML_SCALAR_H

#include <stdbool.h>

#include "core/str.h"
#include "facts/tree/tree.h"

/* Tags that change what a scalar means. */
enum yaml_tag {
    YAML_TAG_NONE, /* no tag, or `!` */
    YAML_TAG_STR,
    YAML_TAG_BOOL,
    YAML_TAG_INT,
    YAML_TAG_FLOAT,
    YAML_TAG_NULL,
    YAML_TAG_TIME,
    YAML_TAG_BINARY,
    YAML_TAG_MERGE,
    YAML_TAG_RESET,
    YAML_TAG_OVERRIDE,
    YAML_TAG_OTHER
};

/* A date with time. */
struct yaml_time {
    int year, month, day, hour, minute, second, nanosecond;
    int offset; /* seconds east of Greenwich */
};

/* Class of a full tag such as "tag:yaml.org,2002:int". */
enum yaml_tag yaml_tag_of(struct str tag);

/* Gives `node` the kind and value its text has under a tag; the text is not changed. False when it
 * has no such value. YAML_TAG_BINARY counts as a string: see yaml_decode_binary. */
bool yaml_resolve(struct tree_node *node, enum yaml_tag tag);

/* Parts of a date as YAML writes it; false when the text is none. */
bool yaml_parse_time(struct yaml_time *out, struct str text);

/* Decodes base64, ignoring line ends. False when malformed. `*out` is in the arena, empty after a
 * failure of the arena. */
bool yaml_decode_binary(struct str *out, struct arena *arena, struct str text);

#endif
