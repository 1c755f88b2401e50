/* SPDX-License-Identifier: Apache-2.0
 *
 * df_expose.h - one word of EXPOSE: [[ip:]host:]port[-port][/protocol].
 *
 * Ranges stay ranges. Thread rule: pure.
 */
#ifndef FACTS_DOCKERFILE_DF_EXPOSE_H
#define FACTS_DOCKERFILE_DF_EXPOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

enum df_protocol { DF_PROTOCOL_TCP, DF_PROTOCOL_UDP, DF_PROTOCOL_SCTP };

/* Why a word is no port. X(name, text) */
#define DF_PORT_ERROR_LIST(X)                                                                      \
    X(NONE, "")                                                                                    \
    X(EMPTY, "no port specified")                                                                  \
    X(PROTOCOL, "invalid protocol")                                                                \
    X(ADDRESS, "invalid IP address")                                                               \
    X(CONTAINER, "invalid container port")                                                         \
    X(HOST, "invalid host port")                                                                   \
    X(RANGES, "ranges of container and host ports differ in length")

enum df_port_error {
#define DF_PORT_ERROR_ENUM(name, text) DF_PORT_ERROR_##name,
    DF_PORT_ERROR_LIST(DF_PORT_ERROR_ENUM)
#undef DF_PORT_ERROR_ENUM
};

struct df_port {
    uint16_t first;
    uint16_t last;
    enum df_protocol protocol;
    struct str protocol_text; /* as written, empty when none was */
    bool maps_host;           /* an address or host port is given; it has no effect in EXPOSE */
};

/* Parses an expanded word. `maps_host` and `protocol_text` are set in any case, the rest only when
 * the result is DF_PORT_ERROR_NONE. */
enum df_port_error df_port_parse(struct df_port *out, struct str word);

/* Static text of an error. */
struct str df_port_error_text(enum df_port_error error);

/* Name of a protocol in lower case. */
struct str df_protocol_name(enum df_protocol protocol);

#endif
