/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml_events.h - the parser library behind a small door: a text as a row of events.
 *
 * Only yaml_events.c knows the library. What it says is put into our own words, so that messages do
 * not change with its version. Trees and meanings belong in yaml_read.c.
 * Memory: texts of an event live until the sink returns, unless they are views of the source.
 * Thread rule: pure but for the sink and the diagnostics.
 */
#ifndef FACTS_YAML_YAML_EVENTS_H
#define FACTS_YAML_YAML_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include <plimsoll/status.h>

#include "core/diag.h"
#include "core/source.h"
#include "core/str.h"

enum yaml_event {
    EVENT_DOCUMENT_START,
    EVENT_DOCUMENT_END,
    EVENT_ALIAS,
    EVENT_SCALAR,
    EVENT_LIST_START,
    EVENT_LIST_END,
    EVENT_MAP_START,
    EVENT_MAP_END
};

enum yaml_style { STYLE_PLAIN, STYLE_QUOTED, STYLE_BLOCK, STYLE_FLOW };

struct yaml_step {
    enum yaml_event event;
    enum yaml_style style; /* of a scalar; FLOW or BLOCK of a list or mapping and of its end */
    struct str anchor;     /* of what starts, or named by an alias; may be empty */
    struct str tag;        /* resolved by the directives; may be empty */
    struct str value;      /* of a scalar: decoded */
    bool in_source;        /* `value` is a view of the source */
    bool behind_indicator; /* of an empty scalar: right behind its `:`, `-` or property */
    uint32_t start;        /* of the content, behind anchor and tag */
    uint32_t end;          /* of block lists and mappings unknown: equal to start */
};

/* Takes one event, which it may change; anything but OK ends the run and is returned. */
typedef plim_status yaml_sink(void *user, struct yaml_step *step);

/* Hands the events of a text to the sink. INPUT with a diagnostic when it is no YAML, LIMIT for
 * oversized heads of documents, NOMEM when the library has no memory. */
plim_status yaml_events(source_id source, struct str text, struct diag_list *diags, yaml_sink *sink,
                        void *user) PLIM_MUST_CHECK;

#endif
