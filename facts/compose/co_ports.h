/* SPDX-License-Identifier: Apache-2.0
 *
 * co_ports.h - the short syntax of published ports: [[IP:][PUBLISHED]:]TARGET[/PROTOCOL].
 *
 * Ranges stay ranges; who prints them asks for one pair after the other. Pieces whose text has a
 * hole are unknown, not wrong. The long syntax is a mapping and does not belong here.
 * Memory: views of the text; messages in the caller's arena. Thread rule: pure but for the arena.
 */
#ifndef FACTS_COMPOSE_CO_PORTS_H
#define FACTS_COMPOSE_CO_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/version.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/compose/co_text.h"

enum co_protocol { CO_PROTOCOL_TCP, CO_PROTOCOL_UDP, CO_PROTOCOL_SCTP };

/* One port or several in a row; first == last for one. */
struct co_port_range {
    enum co_state state;
    uint16_t first; /* CO_KNOWN */
    uint16_t last;
    size_t start; /* bytes of the text */
    size_t end;
};

struct co_ports {
    enum co_state ip_state; /* CO_ABSENT: all addresses */
    struct str ip;          /* CO_KNOWN: without brackets */
    size_t ip_start;
    size_t ip_end;
    struct co_port_range published; /* CO_ABSENT: any free port */
    struct co_port_range target;    /* never CO_ABSENT */
    enum co_state protocol_state;   /* CO_ABSENT: none was written; `protocol` is tcp */
    enum co_protocol protocol;
    size_t protocol_start;
    size_t protocol_end;
};

/* One pair of ports. A range is published only for a single target: one of its ports is taken. */
struct co_port_pair {
    uint16_t target;
    uint16_t published_first; /* 0 and 0 when absent or unknown: see published.state */
    uint16_t published_last;
};

/* Reads `text`. False with a fault when Compose would refuse it whatever its holes are, and then
 * `*out` is untouched; also after a failure of the arena, whose status tells. */
bool co_ports_parse(struct arena *arena, struct str text, struct co_ports *out,
                    struct co_fault *fault) PLIM_MUST_CHECK;

/* Reads one port or a range, "80" or "80-90"; the same rules hold for `published` of the long
 * syntax. An empty text is CO_ABSENT, one with a hole CO_UNKNOWN. */
bool co_port_range_parse(struct arena *arena, struct str text, struct co_port_range *out,
                         struct co_fault *fault) PLIM_MUST_CHECK;

/* The protocol of a name in any case; false when there is none. */
bool co_protocol_parse(struct str text, enum co_protocol *out);

/* "tcp", "udp", "sctp". Static text. */
const char *co_protocol_text(enum co_protocol protocol);

/* Whether a text is an IPv4 or IPv6 address, without brackets. */
bool co_is_ip(struct str text);

/* How many pairs the ports make: 1 when the target is unknown. */
size_t co_ports_count(const struct co_ports *ports);

/* Pair `index` below co_ports_count, in ascending order of targets. */
struct co_port_pair co_ports_pair(const struct co_ports *ports, size_t index);

#endif
