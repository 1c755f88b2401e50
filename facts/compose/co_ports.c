/* SPDX-License-Identifier: Apache-2.0
 *
 * co_ports.c - see co_ports.h. The rules are those of docker/go-connections 0.4.0: an IPv6 address
 * needs brackets, and of "1-2-3" only "1-2" is read.
 */
#include "facts/compose/co_ports.h"

#include <arpa/inet.h>

/* Where the pieces of a text are: ip [0, ip_end), published and target behind one colon each. */
struct pieces {
    size_t ip_end;
    size_t published_start;
    size_t published_end;
    size_t target_start;
    bool has_published;
};

static const char *const protocols[] = {"tcp", "udp", "sctp"};

bool co_protocol_parse(struct str text, enum co_protocol *out)
{
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++) {
        if (str_eq_nocase(text, str_from_cstr(protocols[i]))) {
            *out = (enum co_protocol)i;
            return true;
        }
    }
    return false;
}

const char *co_protocol_text(enum co_protocol protocol)
{
    return protocols[protocol];
}

bool co_is_ip(struct str text)
{
    char copy[64];
    unsigned char address[16];
    if (text.len >= sizeof copy || memchr(text.ptr, '\0', text.len) != NULL) {
        return false;
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return inet_pton(AF_INET, copy, address) == 1 || inet_pton(AF_INET6, copy, address) == 1;
}

static bool fail(struct co_fault *fault, struct str message, size_t start, size_t end)
{
    *fault = (struct co_fault){.message = message, .start = start, .end = end};
    return false;
}

static bool read_port(struct arena *arena, struct str text, uint16_t *out, struct co_fault *fault)
{
    unsigned long long value = 0;
    bool digits = text.len > 0;
    for (size_t i = 0; i < text.len; i++) {
        digits = digits && text.ptr[i] >= '0' && text.ptr[i] <= '9';
    }
    if (!str_to_u64(text, &value) || value > UINT16_MAX) {
        const char *why = digits ? " is not a port: the highest is 65535" : " is not a port";
        return fail(fault, co_quote(arena, "", text, why), 0, text.len);
    }
    *out = (uint16_t)value;
    return true;
}

bool co_port_range_parse(struct arena *arena, struct str text, struct co_port_range *out,
                         struct co_fault *fault)
{
    struct co_port_range range = {.state = CO_KNOWN, .end = text.len};
    if (text.len == 0 || co_has_hole(text)) {
        range.state = text.len == 0 ? CO_ABSENT : CO_UNKNOWN;
        *out = range;
        return true;
    }
    size_t dash = str_find_char(text, '-', 0);
    size_t second = str_find_char(text, '-', dash + 1);
    bool single = dash == text.len;
    /* A text such as "-80" is no range, and quoting a part of it would not help. */
    bool whole = !single && (dash == 0 || dash + 1 == second);
    if (whole || !read_port(arena, str_slice(text, 0, dash), &range.first, fault)) {
        return whole ? fail(fault, co_quote(arena, "", text, " is not a port"), 0, text.len)
                     : false;
    }
    range.last = range.first;
    if (!single && !read_port(arena, str_slice(text, dash + 1, second), &range.last, fault)) {
        fault->start += dash + 1;
        fault->end += dash + 1;
        return false;
    }
    if (range.last < range.first) {
        return fail(fault, co_quote(arena, "", text, " is no range: it ends before it begins"), 0,
                    text.len);
    }
    *out = range;
    return true;
}

static size_t find_last(struct str text, char c)
{
    size_t at = text.len;
    while (at > 0 && text.ptr[at - 1] != c) {
        at--;
    }
    return at > 0 ? at - 1 : text.len;
}

static struct pieces split(struct str text)
{
    size_t last = find_last(text, ':');
    if (last == text.len) {
        return (struct pieces){0};
    }
    struct str head = str_slice(text, 0, last);
    size_t colon = find_last(head, ':');
    bool has_ip = colon < head.len;
    return (struct pieces){
        .ip_end = has_ip ? colon : 0,
        .published_start = has_ip ? colon + 1 : 0,
        .published_end = last,
        .target_start = last + 1,
        .has_published = true,
    };
}

/* Takes the brackets off; they must stand around the whole text if anywhere. */
static bool read_ip(struct arena *arena, struct str text, struct co_ports *out,
                    struct co_fault *fault)
{
    bool brackets = text.len >= 2 && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']';
    struct str ip = brackets ? str_slice(text, 1, text.len - 1) : text;
    out->ip_end = text.len;
    if (co_has_hole(text)) {
        out->ip_state = CO_UNKNOWN;
        return true;
    }
    if (ip.len == 0) {
        return true;
    }
    if (!co_is_ip(ip)) {
        return fail(fault, co_quote(arena, "", text, " is no IP address"), 0, text.len);
    }
    if (!brackets && str_find_char(ip, ':', 0) < ip.len) {
        return fail(fault, co_quote(arena, "", text, " must stand in brackets, as in [::1]:80:80"),
                    0, text.len);
    }
    out->ip_state = CO_KNOWN;
    out->ip = ip;
    return true;
}

/* TARGET[/PROTOCOL] from `start` on. */
static bool read_target(struct arena *arena, struct str text, size_t start, struct co_ports *out,
                        struct co_fault *fault)
{
    size_t slash = str_find_char(text, '/', start);
    size_t end = str_find_char(text, '/', slash + 1);
    struct str target = str_slice(text, start, slash);
    struct str protocol = str_slice(text, slash + 1, end);
    if (target.len == 0) {
        return fail(fault, STR("the port of the container is missing"), start, text.len);
    }
    if (!co_port_range_parse(arena, target, &out->target, fault)) {
        fault->start += start;
        fault->end += start;
        return false;
    }
    out->target.start = start;
    out->target.end = slash;
    out->protocol_start = slash < text.len ? slash + 1 : slash;
    out->protocol_end = end;
    if (co_has_hole(protocol) || (slash == text.len && out->target.state == CO_UNKNOWN)) {
        out->protocol_state = CO_UNKNOWN;
    } else if (protocol.len > 0) {
        out->protocol_state = CO_KNOWN;
        if (!co_protocol_parse(protocol, &out->protocol)) {
            return fail(fault,
                        co_quote(arena, "", protocol, " is no protocol: it is tcp, udp or sctp"),
                        slash + 1, end);
        }
    }
    return true;
}

/* [IP:]PUBLISHED before the target. */
static bool read_host(struct arena *arena, struct str text, const struct pieces *pieces,
                      struct co_ports *out, struct co_fault *fault)
{
    struct str published = str_slice(text, pieces->published_start, pieces->published_end);
    if (!co_port_range_parse(arena, published, &out->published, fault)) {
        fault->start += pieces->published_start;
        fault->end += pieces->published_start;
        return false;
    }
    out->published.start = pieces->published_start;
    out->published.end = pieces->published_end;
    return read_ip(arena, str_slice(text, 0, pieces->ip_end), out, fault);
}

static bool lengths_differ(const struct co_ports *ports)
{
    unsigned targets = (unsigned)ports->target.last - ports->target.first;
    unsigned published = (unsigned)ports->published.last - ports->published.first;
    return ports->target.state == CO_KNOWN && ports->published.state == CO_KNOWN && targets > 0 &&
           targets != published;
}

bool co_ports_parse(struct arena *arena, struct str text, struct co_ports *out,
                    struct co_fault *fault)
{
    struct pieces pieces = split(text);
    struct co_ports ports = {.protocol = CO_PROTOCOL_TCP};
    *fault = (struct co_fault){.start = 0};
    if (!read_target(arena, text, pieces.target_start, &ports, fault)) {
        return false;
    }
    /* A hole at the end may hold colons itself, and then what stands before it is something else.
     */
    bool shifting = ports.target.state == CO_UNKNOWN;
    if (!pieces.has_published && shifting) {
        ports.ip_state = CO_UNKNOWN;
        ports.published.state = CO_UNKNOWN;
    } else if (!read_host(arena, text, &pieces, &ports, fault)) {
        if (!shifting) {
            return false;
        }
        ports.ip_state = CO_UNKNOWN;
        ports.published.state = CO_UNKNOWN;
        *fault = (struct co_fault){.start = 0};
    }
    if (lengths_differ(&ports)) {
        return fail(fault, co_quote(arena, "", text, " pairs ranges of different lengths"), 0,
                    text.len);
    }
    *out = ports;
    return arena_status(arena) == PLIM_STATUS_OK;
}

size_t co_ports_count(const struct co_ports *ports)
{
    return (size_t)(ports->target.last - ports->target.first) + 1;
}

struct co_port_pair co_ports_pair(const struct co_ports *ports, size_t index)
{
    struct co_port_pair pair = {
        .target = (uint16_t)(ports->target.first + index),
        .published_first = ports->published.first,
        .published_last = ports->published.last,
    };
    if (ports->published.state == CO_KNOWN && co_ports_count(ports) > 1) {
        pair.published_first = (uint16_t)(ports->published.first + index);
        pair.published_last = pair.published_first;
    }
    return pair;
}
