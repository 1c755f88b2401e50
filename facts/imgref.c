/* SPDX-License-Identifier: Apache-2.0
 *
 * imgref.c - one pass over an image reference, without a regular expression engine.
 *
 *   [domain[:port] "/"] component ("/" component)* [":" tag] ["@" digest]
 *
 * The first component counts as a domain when it is "localhost", or has a dot, a colon or an upper
 * case letter; otherwise the reference lives on Docker Hub. Every scanner below returns the number
 * of bytes it took, 0 for no match; none of them looks back. See imgref.h for the contract.
 */
#include "facts/imgref.h"

enum { MAX_PATH = 255, MAX_TAG = 128, HEX_ID_LENGTH = 64, MIN_DIGEST_HEX = 32 };

static const char default_domain[] = "docker.io";
static const char legacy_domain[] = "index.docker.io";
static const char library_prefix[] = "library/";

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower_alnum(char c)
{
    return is_lower(c) || is_digit(c);
}

static bool is_alnum(char c)
{
    return is_lower_alnum(c) || is_upper(c);
}

static bool is_lower_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool is_hex(char c)
{
    return is_lower_hex(c) || (c >= 'A' && c <= 'F');
}

static bool is_word(char c)
{
    return is_alnum(c) || c == '_';
}

/* Number of bytes from `at` on that satisfy `accept`. */
static size_t run_length(struct str text, size_t at, bool (*accept)(char))
{
    size_t end = at;
    while (end < text.len && accept(text.ptr[end])) {
        end++;
    }
    return end - at;
}

static bool contains_upper(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (is_upper(text.ptr[i])) {
            return true;
        }
    }
    return false;
}

/* Bytes of a separator between the words of a path component: ".", "_", "__" or dashes. */
static size_t scan_separator(struct str text, size_t at)
{
    if (at >= text.len) {
        return 0;
    }
    char c = text.ptr[at];
    if (c == '.') {
        return 1;
    }
    if (c == '_') {
        return at + 1 < text.len && text.ptr[at + 1] == '_' ? 2 : 1;
    }
    size_t dashes = 0;
    while (at + dashes < text.len && text.ptr[at + dashes] == '-') {
        dashes++;
    }
    return dashes;
}

/* Bytes of a path: components of lower case words, parted by "/". A "/" or separator that nothing
 * follows is not taken, so the caller sees it as a leftover. */
static size_t scan_path(struct str text)
{
    size_t end = run_length(text, 0, is_lower_alnum);
    size_t at = end;
    while (at > 0 && at < text.len) {
        size_t between = text.ptr[at] == '/' ? 1 : scan_separator(text, at);
        size_t word = between > 0 ? run_length(text, at + between, is_lower_alnum) : 0;
        if (word == 0) {
            break;
        }
        at += between + word;
        end = at;
    }
    return end;
}

/* Bytes of a host name: labels of letters, digits and inner dashes, parted by dots. */
static size_t scan_host_name(struct str text)
{
    size_t at = 0;
    for (;;) {
        size_t label = at;
        while (at < text.len && (is_alnum(text.ptr[at]) || text.ptr[at] == '-')) {
            at++;
        }
        if (at == label || text.ptr[label] == '-' || text.ptr[at - 1] == '-') {
            return 0;
        }
        if (at == text.len || text.ptr[at] != '.') {
            return at;
        }
        at++;
    }
}

/* Bytes of a bracketed IPv6 address; like the reference, only its alphabet is checked. */
static size_t scan_ipv6(struct str text)
{
    size_t at = 1;
    while (at < text.len && (is_hex(text.ptr[at]) || text.ptr[at] == ':')) {
        at++;
    }
    return at > 1 && at < text.len && text.ptr[at] == ']' ? at + 1 : 0;
}

/* Whether the whole text is a host with an optional port. */
static bool is_domain(struct str text)
{
    size_t at = text.len > 0 && text.ptr[0] == '[' ? scan_ipv6(text) : scan_host_name(text);
    if (at == 0 || at == text.len) {
        return at > 0;
    }
    size_t digits = text.ptr[at] == ':' ? run_length(text, at + 1, is_digit) : 0;
    return digits > 0 && at + 1 + digits == text.len;
}

/* Parts `text` into domain and remainder. Returns the remainder. */
static struct str split_domain(struct imgref *ref, struct str text)
{
    size_t slash = str_find_char(text, '/', 0);
    struct str first = str_slice(text, 0, slash);
    struct str rest = str_slice(text, slash + 1, text.len);
    ref->domain = str_from_cstr(default_domain);
    if (slash == text.len) {
        ref->implied_library = true;
        return text;
    }
    bool is_hub = str_eq(first, ref->domain) || str_eq(first, str_from_cstr(legacy_domain));
    if (is_hub) {
        ref->implied_library = str_find_char(rest, '/', 0) == rest.len;
        return rest;
    }
    if (str_eq(first, STR("localhost")) || str_find_char(first, '.', 0) < first.len ||
        str_find_char(first, ':', 0) < first.len || contains_upper(first)) {
        ref->domain = first;
        return rest;
    }
    return text;
}

/* Bytes of a tag at the start of `text`. */
static size_t scan_tag(struct str text)
{
    if (text.len == 0 || !is_word(text.ptr[0])) {
        return 0;
    }
    size_t at = 1;
    while (at < text.len && at < MAX_TAG &&
           (is_word(text.ptr[at]) || text.ptr[at] == '.' || text.ptr[at] == '-')) {
        at++;
    }
    return at;
}

/* Whether `text` has the outer form of a digest: algorithm words, ":", at least 32 hex digits. */
static bool has_digest_form(struct str text)
{
    size_t at = 0;
    for (;;) {
        size_t word = run_length(text, at, is_alnum);
        if (word == 0 || is_digit(text.ptr[at])) {
            return false;
        }
        at += word;
        if (at == text.len) {
            return false;
        }
        char c = text.ptr[at++];
        if (c == ':') {
            break;
        }
        if (c != '-' && c != '_' && c != '+' && c != '.') {
            return false;
        }
    }
    size_t digits = run_length(text, at, is_hex);
    return digits >= MIN_DIGEST_HEX && at + digits == text.len;
}

/* Checks algorithm, length and spelling of a digest that has the outer form. */
static enum imgref_fault check_digest(struct str digest)
{
    static const struct {
        const char *name;
        size_t digits;
    } algorithms[] = {{"sha256", 64}, {"sha384", 96}, {"sha512", 128}};

    size_t colon = str_find_char(digest, ':', 0);
    struct str algorithm = str_slice(digest, 0, colon);
    struct str digits = str_slice(digest, colon + 1, digest.len);
    if (contains_upper(algorithm)) {
        return IMGREF_FAULT_DIGEST_FORMAT;
    }
    for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
        if (!str_eq(algorithm, str_from_cstr(algorithms[i].name))) {
            continue;
        }
        if (digits.len != algorithms[i].digits) {
            return IMGREF_FAULT_DIGEST_LENGTH;
        }
        return contains_upper(digits) ? IMGREF_FAULT_DIGEST_FORMAT : IMGREF_FAULT_NONE;
    }
    return IMGREF_FAULT_DIGEST_ALGORITHM;
}

/* Parses the optional tag and digest that follow the path. */
static enum imgref_fault parse_suffix(struct imgref *ref, struct str text)
{
    if (text.len > 0 && text.ptr[0] == ':') {
        struct str rest = str_slice(text, 1, text.len);
        ref->tag = str_slice(rest, 0, scan_tag(rest));
        text = str_slice(rest, ref->tag.len, rest.len);
        if (ref->tag.len == 0) {
            return IMGREF_FAULT_FORMAT;
        }
    }
    if (text.len == 0) {
        return IMGREF_FAULT_NONE;
    }
    ref->digest = str_slice(text, 1, text.len);
    return text.ptr[0] == '@' && has_digest_form(ref->digest) ? IMGREF_FAULT_NONE
                                                              : IMGREF_FAULT_FORMAT;
}

enum imgref_fault imgref_parse(struct imgref *out, struct str text)
{
    if (text.len == HEX_ID_LENGTH && run_length(text, 0, is_lower_hex) == text.len) {
        return IMGREF_FAULT_HEX_ID;
    }
    struct imgref ref = {0};
    struct str rest = split_domain(&ref, text);
    if (contains_upper(str_slice(rest, 0, str_find_char(rest, ':', 0)))) {
        return IMGREF_FAULT_UPPERCASE;
    }
    if (!is_domain(ref.domain)) {
        /* The reference's grammar then tries the text as a path alone. */
        ref.domain = str_make("", 0);
        rest = text;
    }
    ref.remote = str_slice(rest, 0, scan_path(rest));
    if (ref.remote.len == 0 ||
        (ref.domain.len == 0 && str_find_char(ref.remote, '/', 0) == ref.remote.len)) {
        return IMGREF_FAULT_FORMAT;
    }
    enum imgref_fault fault = parse_suffix(&ref, str_slice(rest, ref.remote.len, rest.len));
    if (fault != IMGREF_FAULT_NONE) {
        return fault;
    }
    if (ref.remote.len + (ref.implied_library ? sizeof(library_prefix) - 1 : 0) > MAX_PATH) {
        return IMGREF_FAULT_TOO_LONG;
    }
    fault = ref.digest.len > 0 ? check_digest(ref.digest) : IMGREF_FAULT_NONE;
    if (fault == IMGREF_FAULT_NONE) {
        *out = ref;
    }
    return fault;
}

struct str imgref_fault_text(enum imgref_fault fault)
{
    switch (fault) {
#define IMGREF_FAULT_CASE(name, text)                                                              \
    case IMGREF_FAULT_##name:                                                                      \
        return STR(text);
        IMGREF_FAULT_LIST(IMGREF_FAULT_CASE)
#undef IMGREF_FAULT_CASE
    }
    return STR("unknown fault");
}

/* Appends the path as it stands after normalisation. */
static void append_path(struct buf *out, const struct imgref *ref)
{
    if (ref->implied_library) {
        buf_append_cstr(out, library_prefix);
    }
    buf_append(out, ref->remote);
}

/* Appends domain and path without what Docker Hub lets one leave out. */
static void append_familiar_name(struct buf *out, const struct imgref *ref)
{
    struct str library = str_from_cstr(library_prefix);
    struct str path = ref->remote;
    if (!str_eq(ref->domain, str_from_cstr(default_domain))) {
        if (ref->domain.len > 0) {
            buf_append(out, ref->domain);
            buf_append_char(out, '/');
        }
    } else if (str_starts_with(path, library) &&
               str_find_char(path, '/', library.len) == path.len) {
        path = str_slice(path, library.len, path.len);
    }
    buf_append(out, path);
}

static void append_suffix(struct buf *out, const struct imgref *ref, bool with_default)
{
    if (imgref_has_tag(ref)) {
        buf_append_char(out, ':');
        buf_append(out, ref->tag);
    } else if (with_default && !imgref_has_digest(ref)) {
        buf_append_cstr(out, ":latest");
    }
    if (imgref_has_digest(ref)) {
        buf_append_char(out, '@');
        buf_append(out, ref->digest);
    }
}

void imgref_append(struct buf *out, const struct imgref *ref, enum imgref_form form)
{
    if (form == IMGREF_FORM_FAMILIAR) {
        append_familiar_name(out, ref);
        append_suffix(out, ref, false);
        return;
    }
    if (form != IMGREF_FORM_PATH && ref->domain.len > 0) {
        buf_append(out, ref->domain);
        buf_append_char(out, '/');
    }
    append_path(out, ref);
    if (form == IMGREF_FORM_NORMAL || form == IMGREF_FORM_TAGGED) {
        append_suffix(out, ref, form == IMGREF_FORM_TAGGED);
    }
}
