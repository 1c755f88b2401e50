/* SPDX-License-Identifier: Apache-2.0
 *
 * co_volume_text.h - the short syntax of volumes: [SOURCE:]TARGET[:OPTION,...].
 *
 * Pieces whose text has a hole are unknown, not wrong. Paths are neither cleaned nor resolved; the
 * long syntax is a mapping and does not belong here.
 * Memory: views of the text; messages are static. Thread rule: pure.
 */
#ifndef FACTS_COMPOSE_CO_VOLUME_TEXT_H
#define FACTS_COMPOSE_CO_VOLUME_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/version.h>

#include "core/str.h"
#include "facts/compose/co_text.h"

enum co_volume_type {
    CO_VOLUME_VOLUME, /* named, or anonymous without source */
    CO_VOLUME_BIND    /* of a path of the host, which is created where it lacks */
};

/* SOURCE or TARGET. */
struct co_volume_piece {
    enum co_state state;
    struct str text; /* with its holes */
    size_t start;    /* bytes of the text */
    size_t end;
};

struct co_volume_text {
    enum co_state type_state; /* CO_KNOWN or CO_UNKNOWN */
    enum co_volume_type type;
    struct co_volume_piece source; /* CO_ABSENT: an anonymous volume */
    struct co_volume_piece target; /* CO_ABSENT only behind an unclosed "${", as in Compose */
    enum co_state options_state;   /* CO_UNKNOWN: the options below may be more or others */
    bool read_only;
    bool nocopy;
    struct str propagation; /* rshared, slave, ...; empty: none */
    struct str selinux;     /* z or Z; empty: none */
    size_t options_start;   /* bytes of the text */
    size_t options_end;
};

/* Reads `text`. False with a fault when Compose would refuse it; `*out` is then untouched. A text
 * with holes that cannot be read as it stands is unknown altogether. Options that Compose ignores
 * are ignored. */
bool co_volume_text_parse(struct str text, struct co_volume_text *out,
                          struct co_fault *fault) PLIM_MUST_CHECK;

/* Whether Compose takes this source for a path of the host: it begins with . / ~ or \\ or a drive
 * letter and a colon. */
bool co_is_host_path(struct str source);

#endif
