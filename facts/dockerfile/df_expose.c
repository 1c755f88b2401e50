/* SPDX-License-Identifier: Apache-2.0
 *
 * df_expose.c - see df_expose.h.
 */
#include "facts/dockerfile/df_expose.h"

#include <string.h>

#include <arpa/inet.h>

static const struct str protocols[] = {{"tcp", 3}, {"udp", 3}, {"sctp", 4}};

struct str df_protocol_name(enum df_protocol protocol)
{
    return protocols[protocol];
}

struct str df_port_error_text(enum df_port_error error)
{
    static const struct str texts[] = {
#define DF_PORT_ERROR_TEXT(name, text) {"" text "", sizeof(text) - 1},
        DF_PORT_ERROR_LIST(DF_PORT_ERROR_TEXT)
#undef DF_PORT_ERROR_TEXT
    };
    return (size_t)error < sizeof texts / sizeof texts[0] ? texts[error] : STR("");
}

/* `N` or `N-M` with N <= M <= 65535. */
static bool parse_range(struct str text, uint16_t *first, uint16_t *last)
{
    unsigned long long from = 0;
    unsigned long long to = 0;
    size_t dash = str_find_char(text, '-', 0);
    if (!str_to_u64(str_slice(text, 0, dash), &from)) {
        return false;
    }
    to = from;
    if (dash < text.len && !str_to_u64(str_slice(text, dash + 1, text.len), &to)) {
        return false;
    }
    if (to > UINT16_MAX || from > to) {
        return false;
    }
    *first = (uint16_t)from;
    *last = (uint16_t)to;
    return true;
}

static bool is_address(struct str text)
{
    char copy[INET6_ADDRSTRLEN];
    unsigned char parsed[sizeof(struct in6_addr)];
    if (text.len >= 2 && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']') {
        text = str_slice(text, 1, text.len - 1);
    }
    if (text.len == 0 || text.len >= sizeof copy || memchr(text.ptr, '\0', text.len) != NULL) {
        return false;
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return inet_pton(AF_INET, copy, parsed) == 1 || inet_pton(AF_INET6, copy, parsed) == 1;
}

/* Offset of the last colon in s[0, end), or SIZE_MAX. */
static size_t last_colon(struct str s, size_t end)
{
    while (end > 0 && s.ptr[end - 1] != ':') {
        end--;
    }
    return end > 0 ? end - 1 : SIZE_MAX;
}

static bool find_protocol(struct str text, enum df_protocol *out)
{
    for (int i = 0; i < (int)(sizeof protocols / sizeof protocols[0]); i++) {
        if (str_eq_nocase(text, protocols[i])) {
            *out = (enum df_protocol)i;
            return true;
        }
    }
    return false;
}

enum df_port_error df_port_parse(struct df_port *out, struct str word)
{
    struct str address = STR("");
    struct str host = STR("");
    size_t colon = last_colon(word, word.len);
    struct str container = colon == SIZE_MAX ? word : str_slice(word, colon + 1, word.len);
    if (colon != SIZE_MAX) {
        size_t second = last_colon(word, colon);
        host = second == SIZE_MAX ? str_slice(word, 0, colon) : str_slice(word, second + 1, colon);
        address = second == SIZE_MAX ? STR("") : str_slice(word, 0, second);
    }
    size_t slash = str_find_char(container, '/', 0);
    struct str protocol = str_slice(container, slash + 1, container.len);
    container = str_slice(container, 0, slash);
    *out = (struct df_port){.protocol_text = protocol, .maps_host = colon != SIZE_MAX};
    if (container.len == 0) {
        return DF_PORT_ERROR_EMPTY;
    }
    if (protocol.len > 0 && !find_protocol(protocol, &out->protocol)) {
        return DF_PORT_ERROR_PROTOCOL;
    }
    if (address.len > 0 && !is_address(address)) {
        return DF_PORT_ERROR_ADDRESS;
    }
    if (!parse_range(container, &out->first, &out->last)) {
        return DF_PORT_ERROR_CONTAINER;
    }
    uint16_t host_first = 0;
    uint16_t host_last = 0;
    if (host.len > 0) {
        if (!parse_range(host, &host_first, &host_last)) {
            return DF_PORT_ERROR_HOST;
        }
        if (host_last - host_first != out->last - out->first && out->first != out->last) {
            return DF_PORT_ERROR_RANGES;
        }
    }
    return DF_PORT_ERROR_NONE;
}
